"""Which amounts are figures of a whole body, which are of a part of it, and on which line of the accounts they stand.

The rules know no report: a row counts by its canonical line, else as the total of a table of operations; a sentence counts where it
names the body or its result and nothing narrower. Where a document has several statements that differ, the one that adds up the others
is the whole body's; if none does, each is of a part, called after the heading that tells them apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pandas as pd

from docmine.records import fold
from docmine.result import Result
from docmine.titles import section_type
from docmine.vocabulary import load_vocabulary

__all__ = ["Figure", "Headings", "figures", "records"]

_WORDS = re.compile(r"\w+")
_SUMMED = ("net_cost", "result")
_TELLING = 2  # lines, or kinds of figure, that a table of operations has at least
_OVERALL = frozenset({"summary", "finance", "operating_statement", "income_statement"})
_COMPARED = frozenset({"outcome", "budget", "forecast", "deviation", "forecast_deviation"})
_SAID = {"deviation", "forecast_deviation"}


@dataclass(frozen=True)
class Figure:
    """An amount with its place in the accounts.

    Attributes
    ----------
    row : mapping
        The row of ``amounts`` that it is.
    line, kind, year, period : str, str, int, str or None
        Where it belongs; ``period`` is the year itself for a whole year.
    part : str or None
        The heading or parent label of the part of the body that it is about; None for the whole body.
    rank : int
        Which of several rows for one cell is shown: totals before plain rows before sentences.
    slack : float
        Half the last digit that was printed, in kronor.
    """

    row: dict[str, Any]
    line: str
    kind: str
    year: int
    period: str | None
    part: str | None
    rank: int
    slack: float

    @property
    def cell(self) -> tuple[str, str, int, str | None]:
        """Line, kind, year and period."""
        return self.line, self.kind, self.year, self.period

    @property
    def value(self) -> float:
        """In kronor."""
        return float(self.row["value_sek"])

    def agrees(self, other: Figure) -> bool:
        """Whether both say the same, each as exactly as it is printed."""
        return abs(self.value - other.value) <= max(self.slack, other.slack, 0.5)


def figures(tables: Result) -> Iterator[tuple[dict[str, Any], list[Figure]]]:
    """The figures of each document that can be read, document by document."""
    amounts = tables.amounts[tables.amounts["value_sek"].notna() & tables.amounts["year"].notna()]
    by_document = dict(tuple(amounts.groupby("doc_id", sort=False)))
    headings = Headings(tables)
    for document in records(tables.documents[tables.documents["state"] != "failed"]):
        rows = by_document.get(document["doc_id"])
        if rows is not None:
            yield document, _Document(document, records(rows), headings).figures()


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame, with None where a value is missing."""
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)
    return [dict(zip(frame.columns, row, strict=True)) for row in rows]


class Headings:
    """What stands above a table or a sentence: its title, then the headings, from the nearest to the chapter's."""

    def __init__(self, tables: Result) -> None:
        self._titles = {row["table_id"]: row["title"] for row in records(tables.tables[["table_id", "title"]])}
        self._sections = {row["section_id"]: row for row in records(tables.sections[["section_id", "parent_id", "title", "type"]])}

    def above(self, row: dict[str, Any]) -> list[str]:
        """From the nearest outwards."""
        titles = [self._titles.get(row["table_id"])]
        section = self._sections.get(row["section_id"])
        while section is not None:
            titles.append(section["title"])
            section = self._sections.get(section["parent_id"])
        return list(dict.fromkeys(filter(None, titles)))

    def types(self, row: dict[str, Any]) -> set[str]:
        """The type of the section and that of the table's title."""
        section = self._sections.get(row["section_id"])
        title = self._titles.get(row["table_id"])
        return {section["type"] if section else "other", section_type(title or "", load_vocabulary())}

    def told_apart(self, rows: dict[str, dict[str, Any]]) -> dict[str, str]:
        """For each table the nearest heading that no other of the tables has above it, else its id."""
        above = {table: self.above(row) for table, row in rows.items()}
        shared = [title for titles in above.values() for title in titles]
        return {table: next((title for title in titles if shared.count(title) == 1), table) for table, titles in above.items()}


class _Document:
    """The figures of one document."""

    def __init__(self, document: dict[str, Any], rows: list[dict[str, Any]], headings: Headings) -> None:
        self.document, self.headings = document, headings
        self.rows: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            self.rows[row["table_id"]].append(row)
        self.own = _own_words(document["body"] or "")

    def figures(self) -> list[Figure]:
        """All of them."""
        statements = {table: found for table, rows in self.rows.items() if table is not None and (found := self.statement(rows))}
        stated = [figure for found in self.parted(statements) for figure in found]
        summed = {table: found for table, rows in self.rows.items() if table is not None and (found := self.totals(rows))}
        whole = [figure for figure in stated if figure.part is None and figure.line in _SUMMED]
        if any(figure.line in _SUMMED for figure in stated):  # then a total that does not say the same sums up something else
            summed = {table: found for table, found in summed.items() if _restates(found, whole)}
        found = stated + [figure for group in self.parted(summed) for figure in group]
        return found + list(self.said([figure for figure in found if figure.part is None]))

    def statement(self, rows: list[dict[str, Any]]) -> list[Figure]:
        """The rows of a table that have a canonical line."""
        invested = self.invested(rows)
        found = []
        for row in rows:
            parent = row["label"].rpartition(", ")[0]
            if row["line"] is None or (invested and "invest" not in row["line"]) or _contradicts(parent, row["kind"]):
                continue
            rank = 1 if _first(row["label"], "total") is None else 0
            found.append(self.figure(row, row["line"], part=parent if self.is_part(parent, row["label"]) else None, rank=rank))
        return _totals_first(found)

    def is_part(self, parent: str, label: str) -> bool:
        """Whether what stands before a row's own words is a part of the body, and no line, no statement's title and no name of the body."""
        vocabulary = load_vocabulary()
        lines = vocabulary["lines", "line"]
        if not parent or lines.code(parent) is not None or lines.code(label) is not None or section_type(parent, vocabulary) != "other":
            return False
        return self.narrower(parent)

    def invested(self, rows: list[dict[str, Any]]) -> bool:
        return "investments" in self.headings.types(rows[0]) or any("invest" in (row["line"] or "") for row in rows)

    def totals(self, rows: list[dict[str, Any]]) -> list[Figure]:
        """The total of a table of operations whose rows are the body's parts."""
        if self.invested(rows) or any(row["line"] in _SUMMED for row in rows):
            return []
        found = []
        for row in rows:
            name, _, subject = row["label"].rpartition(", ")
            line = load_vocabulary()["compare", "subject"].code(subject) if name else None
            name = name if line else row["label"]
            if _first(name, "total") is not None and not self.narrower(name):
                found.append(self.figure(row, line or "net_cost", part=None, rank=2))
        return found if len({figure.kind for figure in found} & _COMPARED) >= _TELLING else []

    def said(self, known: list[Figure]) -> Iterator[Figure]:
        """What sentences say of the net of the whole body."""
        for row in self.rows.get(None, ()):
            line = _net(row["label"])
            if row["kind"] not in _COMPARED or self.narrower(row["label"]) or (line is None and row["kind"] not in _SAID):
                continue
            if line is None and not self.names_body(row["label"]):
                continue
            figure = self.figure(row, line or "result", part=None, rank=3)
            rivals = [other for other in known if other.line in _SUMMED and other.cell[1:] == figure.cell[1:]]
            same = [other for other in rivals if figure.agrees(other)]
            # a deviation is one and the same, whether a sentence calls it the body's or that of its result
            if same or (rivals and line is None):
                figure = replace(figure, line=(same or rivals)[0].line)
            if same or not rivals or self.headings.types(row) & _OVERALL:
                yield figure

    def narrower(self, label: str) -> bool:
        """Whether a label has words beyond those for the body, its net and its totals."""
        return any(not (_neutral(word) or self.is_body(word)) for word in _words(label))

    def names_body(self, label: str) -> bool:
        return any(map(self.is_body, _words(label)))

    def is_body(self, word: str) -> bool:
        return load_vocabulary()["compare", "whole"].code(word) is not None or word in self.own

    def figure(self, row: dict[str, Any], line: str, *, part: str | None, rank: int) -> Figure:
        period = _period(row["period"], row["year"], self.document)
        return Figure(row, line, row["kind"], int(row["year"]), period, part, rank, _slack(row))

    def parted(self, groups: dict[str, list[Figure]]) -> Iterable[list[Figure]]:
        """The figures of tables, those of parts of the body marked as such."""
        rivals = [table for table in groups if any(_differ(groups[table], groups[other]) for other in groups if other != table)]
        whole = _sum_of_others([groups[table] for table in rivals])
        names = self.headings.told_apart({table: groups[table][0].row for table in rivals})
        marked = []
        for table, found in groups.items():
            of_part = table in rivals and found is not whole
            marked.append([replace(f, part=f.part or names[table]) for f in found] if of_part else found)
        return marked


def _close(one: float, other: float) -> bool:
    """Equal but for the rounding of the parts."""
    return abs(one - other) <= 1e-4 * abs(one) + 1e3


def _stated(figure: Figure, known: list[Figure]) -> bool:
    """Whether one of the known says the same of the same time."""
    return any(other.cell[1:] == figure.cell[1:] and figure.agrees(other) for other in known)


def _restates(found: list[Figure], known: list[Figure]) -> bool:
    """Whether a total says again what is known, and nothing else of it."""
    shared = [figure for figure in found if figure.line in _SUMMED and any(other.cell[1:] == figure.cell[1:] for other in known)]
    return bool(shared) and all(_stated(figure, known) for figure in shared)


def _totals_first(found: list[Figure]) -> list[Figure]:
    """Without the rows of a table that a total on the same line sums up."""
    best: dict[tuple[Any, ...], int] = {}
    for figure in found:
        place = (figure.cell, figure.part)
        best[place] = min(best.get(place, figure.rank), figure.rank)
    return [figure for figure in found if figure.rank == best[figure.cell, figure.part]]


def _differ(one: list[Figure], other: list[Figure]) -> bool:
    """Whether two tables give another value for the same cell."""
    known = {figure.cell: figure for figure in one if figure.part is None}
    return any(figure.cell in known and not figure.agrees(known[figure.cell]) for figure in other if figure.part is None)


def _sum_of_others(groups: list[list[Figure]]) -> list[Figure] | None:
    """The table whose figures are the sums of those of all others; None if there is none."""
    if len(groups) <= _TELLING:
        return None
    values = [{f.cell: f.value for f in group if f.part is None and f.kind in _COMPARED} for group in groups]
    for i, own in enumerate(values):
        rest = [other for j, other in enumerate(values) if j != i]
        shared = [cell for cell in own if own[cell] and all(cell in other for other in rest)]
        if len(shared) >= _TELLING and all(_close(own[cell], sum(other[cell] for other in rest)) for cell in shared):
            return groups[i]
    return None


@lru_cache(maxsize=65536)
def _neutral(word: str) -> bool:
    vocabulary = load_vocabulary()
    return any(vocabulary["compare", group].code(word) is not None for group in ("neutral", "total", "net"))


def _words(label: str) -> list[str]:
    return _WORDS.findall(fold(label))


def _first(label: str, group: str) -> str | None:
    """The first word of a label where it belongs to a group."""
    words = _words(label)[:1]
    return words[0] if words and load_vocabulary()["compare", group].code(words[0]) is not None else None


def _net(label: str) -> str | None:
    """The line of the net that a label names."""
    return next((code for word in _words(label) if (code := load_vocabulary()["compare", "net"].code(word)) is not None), None)


def _contradicts(parent: str, kind: str) -> bool:
    """Whether the words before a row's own say that it is another kind of figure than its column."""
    told = load_vocabulary()["columns", "measure"].code(parent) if parent else None
    return told in _COMPARED and told != kind


def _own_words(body: str) -> frozenset[str]:
    """The words of a body's name, and the names that its office has of the same stem."""
    words = _words(body)
    endings = load_vocabulary()["compare", "ending"]["words"]
    stems = {word.removesuffix(ending) for word in words for ending in endings if word.endswith(ending)} - {""}
    genitives = {word + "s" for word in words}
    return frozenset([*words, *genitives, *(stem + ending for stem in stems for ending in endings)])


def _period(period: str | None, year: int, document: dict[str, Any]) -> str | None:
    """The period, the year itself where it is the whole year; a bare month is the last of the report's own period."""
    if period is None:
        return None if document["doc_type"] == "interim_report" else str(year)
    if period in (f"{year}-12", f"{year}-12-31", f"{year}-01/{year}-12"):
        return str(year)
    month = (document["period"] or "")[-3:]
    return f"{year}-01/{year}{month}" if "/" in (document["period"] or "") and period == f"{year}{month}" else period


def _slack(row: dict[str, Any]) -> float:
    """Half the last digit that was printed, in kronor; of a rounded figure, half its last digit that is not zero."""
    value, scale = abs(row["value"] or 0.0), {"kr": 1.0, "tkr": 1e3, "mnkr": 1e6, "mdkr": 1e9}.get(row["unit"] or "kr", 1.0)
    squeezed = re.sub(r"\s", "", row["quote"])
    decimals = next((d for d in (3, 2, 1) if re.search(rf"(?<!\d){f'{value:.{d}f}'.replace('.', '[.,]')}(?!\d)", squeezed)), 0)
    step = 10.0**-decimals
    if row["approximate"] and not decimals and value:
        whole = str(round(value))
        step = 10.0 ** (len(whole) - len(whole.rstrip("0")))
    return 0.5 * step * scale
