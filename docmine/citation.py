"""Where a row comes from, in words that can stand in a footnote: report, page and quote."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
import pyarrow.compute as pc

from docmine.archive.store import Store
from docmine.desk import Source, opened
from docmine.errors import UsageError
from docmine.publish import IDS, Reference, references
from docmine.result import Result
from docmine.wording import wording

__all__ = ["CITATIONS", "cite"]


class Passage(NamedTuple):
    """A place in a report."""

    id: str
    report: Reference
    page: int | None
    quote: str | None


def cite(source: Source, row: str | Mapping[str, Any] | pd.Series, *, format: str = "text", language: str = "sv") -> str:
    """The report, page and quote of a row.

    Parameters
    ----------
    source : Result, Store, str or path
        Where the row is from, as for `docmine.desk.tables_of`.
    row : str or row of a frame
        An id from one of the columns ``goal_id``, ``amount_id`` …, ``doc_id`` for a whole report; or a row of any frame that has
        ``doc_id``, ``page`` and ``quote``, as those of `docmine.compare` have.
    format : {"text", "json", "bibtex"}
        A line each, an array of objects, or entries of BibTeX. An id that several rows share gives one for each.
    language : {"sv", "en"}
        Of the text.

    Raises
    ------
    UsageError
        If there is no such row, format or language.

    Examples
    --------
    >>> result = docmine.mine("report.pdf")  # doctest: +SKIP
    >>> docmine.cite(result, result.amounts["amount_id"].iloc[0])  # doctest: +SKIP
    'Exby, Tekniska nämnden (2015). Verksamhetsberättelse 2015, s. 4: ”Kostnaderna uppgick till 21,9 mnkr.”'
    """
    if format not in CITATIONS:
        raise UsageError(f"unknown format {format!r}", f"known are {', '.join(CITATIONS)}")
    words = wording("citation", language)
    held = opened(source)
    reports = {report.doc_id: report for report in references(_rows(held, "documents"))}
    passages = list(_by_id(held, row.strip(), reports) if isinstance(row, str) else _by_row(row, reports))
    return CITATIONS[format](passages, words)


def _by_row(row: Mapping[str, Any] | pd.Series, reports: Mapping[str | None, Reference]) -> Iterator[Passage]:
    doc_id = str(row["doc_id"])
    if doc_id not in reports:
        raise UsageError(f"no report that was read is called {doc_id!r}", "the row must be from this source")
    name = next((str(row[column]) for column in reversed(IDS.values()) if column in row and not pd.isna(row[column])), doc_id)
    yield _passage(name, reports[doc_id], row["page"], row["quote"])


def _by_id(held: Result | Store, name: str, reports: Mapping[str | None, Reference]) -> Iterator[Passage]:
    if name in reports:
        yield _passage(name, reports[name], None, None)
        return
    doc_id = name.rpartition("-")[0]
    if doc_id in reports:
        for table, column in IDS.items():
            if table != "documents" and len(rows := _rows(held, table, {column: name})):
                for row in rows.drop_duplicates(["page", "quote"]).itertuples():
                    yield _passage(name, reports[doc_id], row.page, row.quote)
                return
        raise UsageError(f"{reports[doc_id].path} has no row {name!r}", f"ids stand in {', '.join(IDS.values())}")
    hint = f"an id begins with one of its doc_ids, as {next(iter(reports), None)}; ids stand in {', '.join(IDS.values())}"
    raise UsageError(f"the source holds no row {name!r}", hint)


def _passage(name: str, report: Reference, page: Any, quote: Any) -> Passage:
    known = None if pd.isna(quote) else " ".join(str(quote).split())
    return Passage(name, report, None if pd.isna(page) else int(page), known)


def _rows(held: Result | Store, table: str, where: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Rows of a table, of a store without holding the whole table in memory."""
    if isinstance(held, Result):
        frame = held.frames[table]
        for column, value in (where or {}).items():
            frame = frame[frame[column] == value]
        return frame
    if not where:
        return held.table(table, duplicates=True)
    columns = [*where, "page", "quote"]
    parts = []
    for batch in held.batches(table, duplicates=True, columns=columns):
        kept = batch
        for column, value in where.items():
            kept = kept.filter(pc.equal(kept[column], value))
        parts.append(kept.to_pandas())
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _text(passages: Sequence[Passage], words: Mapping[str, str]) -> str:
    lines = []
    for passage in passages:
        report = passage.report
        year = words["no_year"] if report.year is None else report.year
        line = f"{report.author} ({year}). {report.name}" if report.author else f"{report.name} ({year})"
        if passage.page is not None:
            line += f", {words['page']} {passage.page}"
        lines.append(f"{line}: {words['opening']}{passage.quote}{words['closing']}" if passage.quote else f"{line}.")
    return "\n".join(lines)


def _json(passages: Sequence[Passage], _: Mapping[str, str]) -> str:
    told = [{"id": p.id, **p.report._asdict(), "page": p.page, "quote": p.quote} for p in passages]
    return json.dumps(told, indent=1, ensure_ascii=False)


def _bibtex(passages: Sequence[Passage], _: Mapping[str, str]) -> str:
    entries = []
    for at, passage in enumerate(passages):
        report = passage.report
        fields = {
            "author": report.author, "title": report.name, "institution": report.kommun or report.author or report.name,
            "year": report.year, "pages": passage.page,
            "note": passage.quote and f"“{passage.quote}”", "file": report.path, "langid": "swedish",
        }  # fmt: skip
        lines = [f"  {name} = {{{{{_escaped(value)}}}}}" for name, value in fields.items() if value is not None]
        mark = chr(ord("a") + at % 26) * (at // 26 + 1) if len(passages) > 1 else ""
        entries.append(f"@techreport{{{passage.id}{mark},\n" + ",\n".join(lines) + "\n}")
    return "\n\n".join(entries)


def _escaped(value: object) -> str:
    return "".join(_TEX.get(letter, letter) for letter in str(value))


_TEX = {letter: f"\\{letter}" for letter in "{}%&#$_"} | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip

CITATIONS: dict[str, Callable[[Sequence[Passage], Mapping[str, str]], str]] = {"text": _text, "json": _json, "bibtex": _bibtex}
