"""What a plot shows and says, before it is drawn: its values, and the words of its title, labels and sources."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from docmine.errors import UsageError
from docmine.publish import references
from docmine.swedish import format_number
from docmine.wording import wording

__all__ = [
    "LINE",
    "NONE",
    "PLACE",
    "Point",
    "check",
    "counted",
    "decimals",
    "first",
    "flagged",
    "known",
    "money",
    "need",
    "number",
    "placed",
    "points",
    "sources",
    "texts",
    "titled",
    "varying",
]

#: what tells bars apart, and lines
PLACE, LINE = ("kommun", "body", "part", "when"), ("kommun", "body", "part", "group", "span")
#: stands for what is not known, and is not shown
NONE = "–"
_MOST, _REPORTS = 60, 30


class Point(NamedTuple):
    """What is drawn at one place: the value with the highest confidence, and all that are given."""

    place: tuple[str, ...]
    series: str
    at: int
    value: float
    values: tuple[float, ...]
    conflict: bool


def points(rows: pd.DataFrame, place: list[str], series: str, value: str, *, by: str | None = None) -> list[Point]:
    """The values to draw, one for each place, series (a column) and, as far as ``by`` names a column, number in it."""
    rows = rows[rows[value].notna()]
    sure = rows["confidence"].astype("Float64").fillna(0) if "confidence" in rows else pd.Series(1.0, rows.index)
    columns = [rows[c] for c in (*place, series)] + [rows[by] if by else pd.Series(0, rows.index), rows[value], sure, flagged(rows)]
    found: dict[tuple[Any, ...], list[tuple[float, float, bool]]] = {}
    for *key, given, confidence, conflict in zip(*columns, strict=True):
        found.setdefault((tuple(texts(key[:-2])), str(key[-2]), int(key[-1])), []).append((float(given), float(confidence), bool(conflict)))
    found_points = []
    for (names, kind, at), given in found.items():
        best = max(given, key=lambda g: g[1])[0]
        values = tuple(dict.fromkeys(v for v, *_ in given))
        found_points.append(Point(names, kind, at, best, values, len(values) > 1 or any(c for *_, c in given)))
    return found_points


def placed(frame: pd.DataFrame, documents: pd.DataFrame | None) -> pd.DataFrame:
    """The rows with what the documents know of them, and with two columns that say when.

    ``when`` is the period or the year; ``span`` what a period is within its year, as 01–08, and nothing for the whole of it.
    """
    if documents is not None and "doc_id" in frame:
        facts = documents.dropna(subset=["doc_id"]).drop_duplicates("doc_id").set_index("doc_id")
        wanted = [c for c in ("kommun", "body", "year", "period") if c not in frame and not (c == "period" and "year" in frame)]
        frame = frame.assign(**{column: frame["doc_id"].map(facts[column]) for column in wanted})
    if "year" not in frame:
        return frame
    year = frame["year"].astype("Int64").astype("string")
    period = frame["period"].astype("string").fillna(year) if "period" in frame else year
    span = period.str.replace(r"\d{4}-?", "", regex=True).str.replace("/", "–")
    return frame.assign(when=period, span=span.mask(span == ""))


def counted(goals: pd.DataFrame, documents: pd.DataFrame | None) -> pd.DataFrame:
    """The table ``goals`` as numbers of verdicts, a row for each report."""
    counts = pd.crosstab(goals["doc_id"], goals["status"].astype("string").fillna("no_status"))
    frame = counts.assign(goals=counts.sum(axis=1)).reset_index()
    rows = placed(frame, documents)
    return rows if "kommun" in rows else rows.assign(kommun=rows["doc_id"])


def flagged(frame: pd.DataFrame) -> pd.Series:
    """Whether each row is marked as one that others contradict."""
    return frame["conflict"].fillna(False).astype(bool) if "conflict" in frame else pd.Series(False, frame.index)


def first(frame: pd.DataFrame, *columns: str) -> pd.Series:
    """The first of the columns that has a value."""
    found = [frame[column].astype("string") for column in columns if column in frame]
    if not found:
        raise UsageError(f"the frame has no column {' or '.join(columns)}", "a panel of docmine.compare or the table amounts is wanted")
    return found[0] if len(found) == 1 else found[0].fillna(found[1])


def need(frame: pd.DataFrame, *columns: str) -> None:
    """Raise `UsageError` for columns that are not there."""
    if lacking := [column for column in columns if column not in frame]:
        raise UsageError(f"the frame has no column {', '.join(lacking)}", f"it has {', '.join(map(str, frame.columns))}")


def check(number: int, rows: pd.DataFrame, what: str, most: int | None = _MOST) -> None:
    """Raise `UsageError` where there is nothing to draw, or more than can be read."""
    if not number:
        raise UsageError(f"no {what} among the rows", "nothing to draw; look whether a filter took all away")
    if most is not None and number > most:
        spread = ", ".join(f"{rows[c].nunique()} of {c}" for c in ("kommun", "body", "part", "year") if c in rows)
        raise UsageError(f"{number} bars are too many to read ({spread})", f"keep at most {most}, as one kommun or one year")


def varying(rows: pd.DataFrame, place: Sequence[str]) -> list[str]:
    """Those of the columns in which the rows differ."""
    return [column for column in place if column in rows and rows[column].nunique(dropna=False) > 1]


def texts(values: Iterable[Any]) -> list[str]:
    """Each value as a text, `NONE` for what is missing."""
    return [NONE if pd.isna(v) else str(int(v)) if isinstance(v, float) and v.is_integer() else str(v) for v in values]


def known(text: str) -> bool:
    """Whether a text of `texts` stands for a value."""
    return text != NONE


def titled(text: str, rows: pd.DataFrame, place: Sequence[str]) -> str:
    """The title, with the kommun, body and time that all rows share."""
    several = varying(rows, place)
    shared = texts(rows[column].iloc[0] for column in place if column in rows and column not in several)
    return ", ".join([text, *filter(known, shared)])


def money(values: Iterable[float], language: str) -> tuple[float, str]:
    """How many kronor the largest unit has that the figures fill, and its name."""
    most = max(map(abs, values), default=0)
    code, scale = ("mnkr", 1e6) if most >= 1e6 else ("tkr", 1e3) if most >= 1e3 else ("kr", 1.0)
    return scale, wording("unit", language)[code]


def number(value: float, decimals: int, language: str) -> str:
    """A number in the way of the language: 1 234,5 or 1,234.5, with a minus sign."""
    if language == "sv":
        return format_number(value, decimals, group="\u2009", minus="−")
    return f"{value:,.{decimals}f}".replace("-", "−")


def decimals(value: float, scale: float) -> int:
    """One for a figure in mnkr or tkr, and as many more as a small one needs."""
    return 0 if scale == 1 else 1 if not value or abs(value) >= 0.1 else min(3, 1 - math.floor(math.log10(abs(value))))


def sources(rows: pd.DataFrame, documents: pd.DataFrame | None, words: Mapping[str, str], per_inhabitant: bool = False) -> str:
    """Which reports the rows are from, with pages."""
    reports = {} if documents is None else {report.doc_id: report for report in references(documents)}
    told: dict[str, list[str]] = {}
    keys = [column for column in ("doc_id", "kommun", "body") if column in rows]
    ordered = rows.sort_values("year", kind="stable") if "year" in rows else rows
    for key, part in ordered.groupby(keys, sort=False, dropna=False) if keys else ():
        place = {column: text for column, text in zip(keys, texts(key), strict=True) if known(text)}
        report = reports.get(place.pop("doc_id", None))
        years = sorted({int(year) for year in part["year"].dropna()}) if "year" in part else []
        name = report.name if report else "–".join(str(year) for year in dict.fromkeys((*years[:1], *years[-1:])))
        listed = part["pages"].dropna().str.split(", ").explode() if "pages" in part else part["page"].dropna() if "page" in part else ()
        pages = _runs({int(page) for page in listed})
        parts = told.setdefault((report.author if report else None) or ", ".join(place.values()) or str(key[0]), [])
        parts.append(", ".join(filter(None, (name, f"{words['page']}\u00a0{pages}" if pages else ""))))
    issuers, left = [], _REPORTS
    for issuer, parts in told.items():
        if shown := "; ".join(filter(None, parts[:left])):
            issuers.append(f"{issuer}: {shown}")
        elif left > 0:
            issuers.append(issuer)
        left -= len(parts)
    more = [words["and_more"].format(-left)] if left < 0 else []
    note = f"{words['source']}: {'; '.join(['. '.join(issuers), *more])}." if issuers else ""
    if per_inhabitant and "population_source" in rows:
        pairs = rows[["population_source", "population_year"]].dropna().drop_duplicates().itertuples(index=False)
        people = "; ".join(sorted(" ".join(texts(pair)) for pair in pairs))
        note += f" {words['population']}: {people}." if people else ""
    return note


def _runs(pages: Iterable[int]) -> str:
    """Page numbers in order, with runs drawn together: 3–5, 8."""
    runs: list[list[int]] = []
    for page in sorted(pages):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
