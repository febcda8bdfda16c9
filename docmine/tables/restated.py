"""Figures that a report tells twice: in a table and in its prose, or in two tables.

Prose tells its unit ("10,4 miljoner kronor"), so it can prove that of a table which prints none; and where the same thing is told
twice, the two can be compared.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from docmine.records import Check, Report, Table, fold
from docmine.schema import MONEY_UNITS
from docmine.swedish import parse_number
from docmine.vocabulary import Vocabulary, pattern_of

__all__ = ["Said", "check_restated", "find_said", "unit_told"]

_NEAR = 3000  # characters between a table and the prose that goes with it
_PROOF = 2  # what the figures told again must weigh for a unit …
_MARGIN = 2  # … and how many times as much as for any other
_APART = regex.compile(r"[.!?:]\s|\n\s*\n|\t")  # what parts sentences, paragraphs and cells
_BEFORE = 160  # characters before money in prose in which the label of its row may stand
_SAME, _AGREE = 4, 0.75  # how many figures two tables must share, and what part must agree, for one to restate the other


class Said(NamedTuple):
    """Money in prose at ``start:end``: its kronor without sign, the step of its last printed digit, its leading digits, its unit."""

    start: int
    end: int
    kronor: float
    step: float
    digits: int
    unit: str


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
    for money in said:
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
    yield from _in_tables(report)
    said = [money for money in find_said(report, vocabulary) if money.digits > 2]
    before = [fold(_APART.split(report.text[max(0, m.start - _BEFORE) : m.start])[-1]) for m in said]
    for table in report.tables if said else ():
        scale = MONEY_UNITS.get(table.unit or "", 0.0)
        cells = sorted((abs(c.value), c.row, c.col, c.value) for c in table.cells if c.value and scale and not c.header)
        for money, words in zip(said, before, strict=True) if cells else ():
            low, high = (money.kronor - money.step / 2) / scale, (money.kronor + money.step / 2) / scale
            near = cells[bisect_left(cells, (low * (1 - 1e-9),)) : bisect_left(cells, (high * (1 + 1e-9),))]
            match = [c for c in near if len(label := fold(table.rows[c[1]])) > 4 and label in words]
            if len(match) == 1:
                told = money.kronor / scale
                yield Check(table.index, "restated", match[0][1], match[0][2], -told if match[0][3] < 0 else told, match[0][3], True)


def _in_tables(report: Report) -> Iterator[Check]:
    kept: list[tuple[Table, dict[tuple[str, str, int | None, str | None], tuple[int, int, float, float]]]] = []
    for table in report.tables:
        figures = _figures(table) if table.unit in MONEY_UNITS else {}
        for other, earlier in kept:
            both = [key for key in figures if key in earlier]
            pairs = [(figures[key], earlier[key]) for key in both]
            held = [abs(a[2] - b[2]) <= 0.51 * max(a[3], b[3]) for a, b in pairs]
            if len(held) >= _SAME and sum(held) >= _AGREE * len(held) and other.unit is not None:
                scale = MONEY_UNITS[table.unit or "kr"]
                for (a, b), passed in zip(pairs, held, strict=True):
                    yield Check(table.index, "restated", a[0], a[1], b[2] / scale, a[2] / scale, passed)
        if figures:
            kept.append((table, figures))


def _figures(table: Table) -> dict[tuple[str, str, int | None, str | None], tuple[int, int, float, float]]:
    """Row, column, kronor and step of the figures that only one cell of a table can mean, by label, kind, year and subject."""
    found: dict[tuple[str, str, int | None, str | None], tuple[int, int, float, float]] = {}
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
        found[key] = (cell.row, cell.col, cell.value * scale, scale * 10.0**-decimals)
    return {key: figure for key, figure in found.items() if key not in twice}
