"""What the figures of a table say about each other: sums over rows, differences over columns, recomputed.

Only relations that the source means are asserted: a total is said to be the sum of certain rows, a deviation the difference of
certain columns, where that holds for most of the table. Then every figure that the relation covers is checked, and what fails
is kept as printed and flagged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from docmine.records import Check, Report, Table, fold
from docmine.tables.restated import check_restated
from docmine.vocabulary import Vocabulary

__all__ = ["check_tables"]

_DIFFERENCES = ("deviation", "forecast_deviation", "change", "difference")
_SHARES = ("percent", "percentage_points", "index", "ratio")
_MAX_COLUMNS = 24
_ANNOUNCED, _UNANNOUNCED = 0.6, 0.8  # the share of rows for which a difference must hold to be meant


class _Value(NamedTuple):
    value: float
    decimals: int


_Grid = Mapping[tuple[int, int], _Value]


class _Sum(NamedTuple):
    """A total in row t as a signed sum of other rows; ``certain`` where its label says so."""

    t: int
    parts: tuple[tuple[int, int], ...]
    certain: bool


def check_tables(report: Report, vocabulary: Vocabulary) -> tuple[Check, ...]:
    """The relations that the figures of the report's tables should satisfy, recomputed.

    Parameters
    ----------
    report : Report
        With its tables, whatever their origin.
    vocabulary : Vocabulary
        With the file ``columns``.

    Returns
    -------
    tuple of Check
        In the order of tables, rows and columns; passed or not. The tolerance follows from the printed decimals.
    """
    checks: list[Check] = []
    restated: dict[int, list[Check]] = {}
    for check in check_restated(report, vocabulary):
        restated.setdefault(check.table, []).append(check)
    for table in report.tables:
        grid = _grid(table)
        found = [*_column_differences(table, grid), *_row_sums(table, grid, vocabulary), *restated.get(table.index, ())]
        checks += sorted(found, key=lambda c: (c.row, c.col, c.rule))
    return tuple(checks)


def _grid(table: Table) -> dict[tuple[int, int], _Value]:
    """The figures by row and column; shares do not add up and are left out."""
    shares = {c for c, column in enumerate(table.columns) if column.unit in _SHARES}
    shares |= {cell.col for cell in table.cells if cell.value is not None and cell.text.rstrip().endswith("%")}
    if table.unit in _SHARES:
        return {}
    return {
        (cell.row, cell.col): _Value(cell.value, _decimals(cell.text))
        for cell in table.cells
        if cell.value is not None and not cell.header and cell.col not in shares
    }


def _decimals(text: str) -> int:
    digits = text.strip().rstrip("% )")
    _, mark, tail = digits.rpartition(",")
    if not mark:
        _, mark, tail = digits.rpartition(".")
        if len(tail) == 3:
            return 0
    return len(tail) if mark and tail.isdigit() else 0


def _column_differences(table: Table, grid: _Grid) -> Iterator[Check]:
    columns = sorted({c for _, c in grid})
    rows = sorted({r for r, _ in grid})
    if not 3 <= len(columns) <= _MAX_COLUMNS:
        return
    for k in columns:
        measure = table.columns[k].measure
        announced = measure in _DIFFERENCES
        if not announced and measure is not None:
            continue
        best: tuple[int, int, int] | None = None
        for i, j in combinations([c for c in columns if c != k and table.columns[c].measure not in _DIFFERENCES], 2):
            if not announced and k < j:
                continue
            held = possible = 0
            for r in rows:
                told = _difference(grid, r, i, j, k)
                if told is not None and (grid[r, i].value and grid[r, j].value):
                    possible += 1
                    held += told[1]
            enough = (2, _ANNOUNCED) if announced else (3, _UNANNOUNCED)
            if held >= enough[0] and held >= enough[1] * possible and (best is None or held > best[0]):
                best = (held, i, j)
        if best is None:
            continue
        _, i, j = best
        for r in rows:
            told = _difference(grid, r, i, j, k)
            if told is not None:
                yield Check(table.index, "column_difference", r, k, round(told[0], 6), grid[r, k].value, told[1])


def _difference(grid: _Grid, r: int, i: int, j: int, k: int) -> tuple[float, bool] | None:
    """The difference of two figures of a row with the sign of the third, and whether it is that; None where one is missing."""
    a, b, c = grid.get((r, i)), grid.get((r, j)), grid.get((r, k))
    if a is None or b is None or c is None:
        return None
    expected = a.value - b.value
    if abs(-expected - c.value) < abs(expected - c.value):
        expected = -expected
    unit = 10.0 ** -min(a.decimals, b.decimals, c.decimals)
    return expected, abs(expected - c.value) <= 1.01 * unit


def _row_sums(table: Table, grid: _Grid, vocabulary: Vocabulary) -> Iterator[Check]:
    rows = sorted({r for r, _ in grid})
    columns = sorted({c for _, c in grid})
    own = {r: fold(table.rows[r].rpartition(", ")[2]) for r in rows}
    total, part = vocabulary["columns", "total"], vocabulary["columns", "part"]

    def begins(label: str) -> bool:
        found = total.search(label)
        return found is not None and (found[1] == 0 or found[2] == len(label))

    totals = [r for r in rows if begins(own[r])]
    parts = {r for r in rows if part.search(own[r]) is not None}
    certain = {r for r in totals if own[r].startswith(("summa", "total", "delsumma", "sammanlagt"))}
    asserted: list[_Sum] = []
    doubtful: list[_Sum] = []
    for t in totals:
        best: tuple[float, int, _Sum] | None = None
        for meant in _meanings(t, rows, totals, parts, t in certain):
            verdicts = [v for c in columns if (v := _verdict(grid, meant, c)) is not None]
            held = sum(v[2] for v in verdicts)
            share = held / len(verdicts) if verdicts else 0.0
            if held and (best is None or (share, held) > best[:2]):
                best = (share, held, meant)
        if best is not None and (best[0] >= 0.5 if t in certain else best[0] >= 0.75 and (best[1] > 1 or len(columns) == 1)):
            asserted.append(best[2])
        elif best is None and t in certain:
            doubtful.append(next(_meanings(t, rows, totals, parts, True), _Sum(t, (), True)))
    if asserted:  # a total that holds nowhere is an error where the table's other totals do hold
        asserted += [meant for meant in doubtful if len(meant.parts) > 1 and len(columns) == 1]
    for meant in asserted:
        for c in columns:
            verdict = _verdict(grid, meant, c)
            if verdict is None or (not verdict[2] and _averages(grid, meant, c)):
                continue
            yield Check(table.index, "row_sum", meant.t, c, round(verdict[0], 6), verdict[1], verdict[2])


def _meanings(t: int, rows: Sequence[int], totals: Sequence[int], parts: set[int], certain: bool) -> Iterator[_Sum]:
    """The sums that a total may be, the likeliest first."""
    before = [q for q in totals if q < t]
    last = before[-1] if before else -1
    plain = [r for r in rows if r < t and r not in totals and r not in parts]
    fresh = [r for r in plain if r > last]

    def of(members: Sequence[int], sign: Callable[[int], int] = lambda _: 1) -> _Sum:
        return _Sum(t, tuple((r, sign(r)) for r in members), certain)

    if len(fresh) > 1:
        yield of(fresh)
    if len(plain) > 1 and plain != fresh:
        yield of(plain)
    if before and fresh:
        yield of([last, *fresh])
    for n in range(2, min(len(before), 8) + 1):
        yield of(before[-n:])
    for a, b in combinations(before[-4:], 2):
        yield _Sum(t, ((a, 1), (b, -1)), certain)
        yield _Sum(t, ((b, 1), (a, -1)), certain)
    if fresh and before:
        yield _Sum(t, ((last, 1), *((r, -1) for r in fresh)), certain)
        yield _Sum(t, (*((r, 1) for r in fresh), (last, -1)), certain)
    if not certain and len(plain) >= 2:
        yield _Sum(t, ((plain[-2], 1), (plain[-1], -1)), certain)
        yield _Sum(t, ((plain[-1], 1), (plain[-2], -1)), certain)
        yield of(plain[-2:])


def _verdict(grid: _Grid, meant: _Sum, c: int) -> tuple[float, float, bool] | None:
    """What a total should be in a column, what it is, and whether they agree; None where too little is printed."""
    printed = grid.get((meant.t, c))
    known = [(v, sign) for r, sign in meant.parts if (v := grid.get((r, c))) is not None]
    if printed is None or len(known) < 2 or sum(v.value != 0 for v, _ in known) < 1:
        return None
    unit = 10.0 ** -min(printed.decimals, *(v.decimals for v, _ in known))
    expected = sum(sign * v.value for v, sign in known)
    return expected, printed.value, abs(printed.value - expected) <= unit * (0.51 + 0.5 * len(known) ** 0.5)


def _averages(grid: _Grid, meant: _Sum, c: int) -> bool:
    """Whether the figures of a column look like prices or shares, whose total lies among its parts."""
    values = [grid[r, c].value for r, _ in meant.parts if (r, c) in grid]
    return min(values) > 0 and min(values) <= grid[meant.t, c].value <= max(values)
