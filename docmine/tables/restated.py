"""Figures that a report tells twice: in a table and in its prose, or in two tables.

Prose tells its unit ("10,4 miljoner kronor"), so it can prove that of a table which prints none; and where the same thing is told
twice, the two can be compared.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

import regex

from docmine.records import Check, Report, Table, fold
from docmine.schema import MONEY_UNITS
from docmine.swedish import parse_number
from docmine.vocabulary import Vocabulary, pattern_of

__all__ = ["Said", "check_restated", "find_said", "unit_told"]

_NEAR = 3000  # characters between a table and the prose that goes with it
_FAR = 300_000  # and between it and what is asked at all, so that the work grows with the report and no faster
_PROOF = 2  # what the figures told again must weigh for a unit …
_MARGIN = 2  # … and how many times as much as for any other
_APART = regex.compile(r"[.!?:]\s|\n\s*\n|\t")  # what parts sentences, paragraphs and cells
_BEFORE = 160  # characters before money in prose in which the label of its row may stand
_SAME, _AGREE = 4, 0.75  # how many figures two tables must share, and what part must agree, for one to restate the other
_STATEMENTS = 8  # so many of a name are remembered, so that the work grows with the report and no faster


class Said(NamedTuple):
    """Money in prose at ``start:end``: its kronor without sign, the step of its last printed digit, its leading digits, its unit."""

    start: int
    end: int
    kronor: float
    step: float
    digits: int
    unit: str


_START = attrgetter("start")


@lru_cache(maxsize=2)
def _money(vocabulary: Vocabulary) -> regex.Pattern[str]:
    forms = (form for code, forms in vocabulary["columns", "unit"].items() if code in MONEY_UNITS for form in forms if form[0].isalpha())
    figure = r"(?<![\d.,/])(?P<figure>\d{1,3}(?:[ \u00a0.]\d{3})+|\d+(?:,\d+)?)"
    unit = pattern_of(*forms).removeprefix(r"(?<!\w)")  # a unit may stand right behind its figure
    return regex.compile(rf"{figure}\s?(?P<unit>{unit})(?!\s?(?:/|per\b))", regex.IGNORECASE)


def find_said(report: Report, vocabulary: Vocabulary) -> list[Said]:
    """The money that a report tells with its unit outside its tables, in order."""
    starts = [table.start for table in report.tables]
    found = []
    for m in _money(vocabulary).finditer(report.text):
        i = bisect_left(starts, m.end()) - 1
        unit, value = vocabulary["columns", "unit"].code(m["unit"]), parse_number(m["figure"])
        if unit is None or not value or (i >= 0 and report.tables[i].end > m.start()):
            continue
        plain = "".join(c for c in m["figure"] if c.isdigit()).lstrip("0")
        decimals = len(m["figure"].partition(",")[2])
        scale = MONEY_UNITS[unit]
        found.append(Said(m.start(), m.end(), value * scale, scale * 10.0**-decimals, len(plain if decimals else plain.rstrip("0")), unit))
    return found


def unit_told(figures: Collection[float], start: int, end: int, said: Sequence[Said]) -> str | None:
    """The unit in which prose tells the figures of a table at ``start:end`` again; None where none is proved.

    A figure told again with three digits or more weighs two near the table and one elsewhere, one of two digits one near it:
    so either one exact figure near it or two figures prove a unit. The proof must outweigh that of any other unit, since some
    figures agree by chance.
    """
    ordered = sorted({abs(f) for f in figures if f})
    weights = dict.fromkeys(MONEY_UNITS, 0)
    told: dict[str, set[tuple[float, float]]] = {unit: set() for unit in MONEY_UNITS}
    for money in said[bisect_left(said, start - _FAR, key=_START) : bisect_left(said, end + _FAR, key=_START)]:
        near = start - _NEAR < money.start < end + _NEAR
        weight = (2 if near else 1) if money.digits > 2 else int(near and money.digits > 1)
        if not weight:
            continue
        for unit, scale in MONEY_UNITS.items():
            match = next(_within(ordered, (money.kronor - money.step / 2) / scale, (money.kronor + money.step / 2) / scale), None)
            if match is not None and (match, money.kronor) not in told[unit]:
                told[unit].add((match, money.kronor))
                weights[unit] += weight
    best, *others = sorted(weights, key=lambda u: -weights[u])
    return best if weights[best] >= _PROOF and weights[best] >= _MARGIN * weights[others[0]] else None


def _within(ordered: Sequence[float], low: float, high: float) -> Iterator[float]:
    """The figures from low to high."""
    slack = 1e-9 * max(1.0, high)
    for i in range(bisect_left(ordered, low - slack), len(ordered)):
        if ordered[i] > high + slack:
            return
        yield ordered[i]


def check_restated(report: Report, vocabulary: Vocabulary) -> Iterator[Check]:
    """The figures that a report tells twice.

    In two tables: those of the same line, kind and year, where most that the tables share agree. In prose: those that it tells
    right behind the label of their row, with the precision that it prints; prose that tells another figure may well mean another
    thing, so that it proves no error.
    """
    yield from _in_tables(report.tables)
    said = [money for money in find_said(report, vocabulary) if money.digits > 2]
    yield from _in_prose(report, said) if said else ()


def _in_prose(report: Report, said: Sequence[Said]) -> Iterator[Check]:
    """The figures that prose tells again: of each table the one that has the label, if only one has."""
    cells = sorted(
        (abs(cell.value) * scale, table.index, cell.row, cell.col, cell.value)
        for table in report.tables
        if (scale := MONEY_UNITS.get(table.unit or ""))
        for cell in table.cells
        if cell.value and not cell.header
    )
    for money in said if cells else ():
        low, high = (money.kronor - money.step / 2) * (1 - 1e-9), (money.kronor + money.step / 2) * (1 + 1e-9)
        near = cells[bisect_left(cells, (low,)) : bisect_left(cells, (high,))]
        if not near:
            continue
        words = fold(_APART.split(report.text[max(0, money.start - _BEFORE) : money.start])[-1])
        named: dict[int, list[tuple[int, int, float]]] = {}
        for _, index, row, col, value in near:
            label = fold(report.tables[index].rows[row])
            if len(label) > 4 and label in words:
                named.setdefault(index, []).append((row, col, value))
        for index, places in named.items():
            if len(places) == 1:
                ((row, col, value),) = places
                told = money.kronor / MONEY_UNITS[report.tables[index].unit or "kr"]
                yield Check(index, "restated", row, col, -told if value < 0 else told, value, True)


def _in_tables(tables: Iterable[Table]) -> Iterator[Check]:
    """The figures that tables tell again, each compared once: with its first statement.

    Tables that restate one another make one statement, to which each adds what none before it tells.
    """
    statements: list[dict[_Name, _Figure]] = []
    by_name: dict[_Name, list[int]] = {}
    for table in tables:
        figures = _figures(table) if table.unit in MONEY_UNITS else {}
        shared = Counter(i for name in figures for i in by_name.get(name, ()))
        home, compared = None, set[_Name]()
        for i in sorted(i for i, count in shared.items() if count >= _SAME):
            first = statements[i]
            held = {name: _agrees(figure, first[name]) for name, figure in figures.items() if name in first}
            if sum(held.values()) < _AGREE * len(held):
                continue
            home = i if home is None else home
            scale = MONEY_UNITS[table.unit or "kr"]
            for name, passed in held.items():
                if name not in compared:
                    a, b = figures[name], first[name]
                    yield Check(table.index, "restated", a.row, a.col, b.kronor / scale, a.kronor / scale, passed)
            compared |= held.keys()
        if home is None:
            home = len(statements)
            statements.append({})
        for name, figure in figures.items():
            if name not in compared and len(known := by_name.setdefault(name, [])) < _STATEMENTS:
                known.append(home)
                statements[home][name] = figure


class _Figure(NamedTuple):
    """A figure of a table: its place, its kronor, the step of its last printed digit."""

    row: int
    col: int
    kronor: float
    step: float


#: label, kind with its period, year, subject
_Name = tuple[str, str, int | None, str | None]


def _agrees(one: _Figure, other: _Figure) -> bool:
    return abs(one.kronor - other.kronor) <= 0.51 * max(one.step, other.step)


def _figures(table: Table) -> dict[_Name, _Figure]:
    """The figures that only one cell of a table can mean, by their names."""
    found: dict[_Name, _Figure] = {}
    twice = set()
    scale = MONEY_UNITS[table.unit or "kr"]
    for cell in table.cells:
        column = table.columns[cell.col]
        if not cell.value or cell.header or column.measure is None or column.unit not in (None, table.unit):
            continue
        key = (fold(table.rows[cell.row]), f"{column.measure} {column.period}", column.year, column.subject)
        if key in found:
            twice.add(key)
        decimals = len(cell.text.partition(",")[2].rstrip("% )*"))
        found[key] = _Figure(cell.row, cell.col, cell.value * scale, scale * 10.0**-decimals)
    return {key: figure for key, figure in found.items() if key not in twice}
