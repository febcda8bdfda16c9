"""Decide for the rows of a flattened table together how many columns there are and how each row is read.

`settle` weighs, for every admissible number of columns, the readings of all rows against the head, against what the columns
have in common (decimals, percent signs, signs, magnitudes) and against the sums and differences that the figures should make.
What arithmetic may add is bounded, so that it chooses between readings that the columns leave open and never bends a clear
reading of a wrong source until it adds up.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from math import comb, exp, log10
from statistics import median
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from docmine.tables.readings import Figure, Reading
from docmine.tables.sums import Block, Cells, Gap, Sums, find_blocks, value_of
from docmine.tables.together import Candidate, adds_up, cells_of, filled, mend, place_together

__all__ = ["Layout", "Row", "settle"]

_MISSING_ROW, _MISSING_CELL, _SHIFTED = 0.9, 0.35, 0.6  # a row with too few figures; more so if they do not stand at the left
_JOINED_UP = 0.4  # for each missing cell, where the row can be read without missing any
_UNFIT = 6.0  # a row that cannot be read with so many columns …
_OVERFULL = 9.0  # … because it has more cells, which a table with a missing cell explains and a row of words does not
_HEAD, _LIKELIEST = 1.2, 0.8  # what it is worth for a row that the head has as many columns, and in the likeliest way to read it
_CODED, _COUNTS_ON = 2.4, 4.8  # labels begin with codes, which stand right after the figures of the row before; they count up
_UNCOUNTED = 1.0  # against a number that does not count up with those of the other rows
_NOTED = 1.0  # a number before the figures, where the head tells a column of notes
_UNCODED = 1.5  # no label begins with a code, yet a figure is left over
_DECIMALS, _WHOLE, _PERCENT, _SIGN, _NEGATIVE, _EMPTY = 0.9, 0.4, 0.9, 0.5, 3.0, 0.3
_MAGNITUDE, _MAGNITUDE_CAP = 0.6, 2.0
_BEYOND = 1.0  # powers of ten by which a total may exceed all other figures of its column, and a figure fall short of them
_HOLDS, _FAILS = 1.6, 0.8
_SUM, _SUMS = 1.2, 6.0  # a total that is the sum of the rows above, in one column and in all
_BLANK = 0.5  # a dash in a column that the head does not tell and that holds hardly anything else
_CANDIDATES, _CANDIDATES_SHORT = 40, 120  # readings of a row that are weighed, and of one that surely lacks figures
_HOPELESS = 5.0  # a reading that costs so much more than another is not weighed
_ROUGHLY = 8.0
_SWEEPS = 3
_SURE = 0.975  # the confidence of a cell that all readings have
_AGREED = 0.92  # the confidence of a row whose figures the totals of all columns put in their places
_UNPROVED = 0.89  # the most for a cell that can be read otherwise, where no total or difference proves how
_POOR, _CLOSE = 2.4, 1.5  # for each row: what speaks against a layout that fits badly, and by how much it must excel the next best
_DOUBTED = 0.8  # the most for a cell of a layout that fits badly or hardly better than another
_MANY = 40  # rows from which on a row may weigh in what it is compared with

_Terms = TypeVar("_Terms", float, NDArray[np.float64])


class Other(NamedTuple):
    """The best reading of a row that has something else in a cell: what it has there, and how surely it is not so."""

    figure: Figure | None
    confidence: float


class Row(NamedTuple):
    """A row as read: a figure or None for each column, the span of the figures, how surely it is read so, and what else it may be.

    ``others`` has None where no other reading of the row has anything else in the cell; no cell is surer than ``most``, or than
    `_UNPROVED` where it is not among the ``proved`` and can be read otherwise, or the whole row may stand in other columns (``loose``).
    """

    cells: Cells
    start: int
    end: int
    confidence: float
    others: tuple[Other | None, ...] = ()
    proved: frozenset[int] = frozenset()
    loose: bool = False
    most: float = 1.0

    def sure(self, c: int) -> float:
        """How surely a cell is read so."""
        if not self.others:
            return min(self.confidence, self.most)
        other = self.others[c]
        sure = _SURE if other is None else other.confidence
        open_ = c not in self.proved and (other is not None or self.loose)
        return min(sure, self.most, _UNPROVED if open_ else 1.0)


class Layout(NamedTuple):
    """The rows of a table of ``n_cols`` columns; a row that could not be read is None. ``score`` is what speaks against it."""

    n_cols: int
    rows: tuple[Row | None, ...]
    relations: int
    score: float


class _Relation(NamedTuple):
    """Column k is i - j (sign 1), j - i (sign -1) or i + j (sign 0)."""

    i: int
    j: int
    k: int
    sign: int


class _Profile(NamedTuple):
    """What the figures of a column have in common in the other rows."""

    decimals: int | None
    percent: bool | None
    negative: bool | None
    empties: float
    offset: float | None
    smallest: float | None
    largest: float | None


def settle(
    options: Sequence[Mapping[int, Sequence[Reading]]],
    heads: Sequence[Sequence[str | None]],
    totals: Sequence[bool | None],
    *,
    nonnegative: bool = False,
    coded: bool = False,
    codes: Collection[int] = (),
    noted: bool = False,
    counted: Sequence[int | None] = (),
) -> Layout | None:
    """The reading of all rows that agrees best; None where no row has two columns.

    Parameters
    ----------
    options : sequence of mappings
        The readings of each row by their number of cells.
    heads : sequence of sequences of str or None
        The measure of each column as far as the head tells, in each way in which the head can be read, the most likely first.
    totals : sequence of bool or None
        Which rows sum up others; None for one that is only a part of the row before.
    nonnegative : bool
        Whether the figures are shares, counts or indexes, which are hardly ever negative.
    coded : bool
        Whether labels begin with a code of digits.
    codes : collection of int
        The rows after which such codes stand, as far as they are known because they count up.
    noted : bool
        Whether the head tells a column of note numbers before the figures.
    counted : sequence of int or None
        Where the figures of each row begin after a number that counts it or its note; -1 where no number stands before them, None
        where that is not known.
    """
    counts = {k for option in options for k in option if k >= 2}
    told: dict[int, Sequence[str | None]] = {}  # by the number of columns, the likeliest first
    for measures in heads:
        told.setdefault(len(measures), measures)
    counts |= {n for n in told if n >= 2 and counts and max(counts) < n}
    if not counts:
        return None
    rough = {k: sum(_rough(option, k) for option in options) - _bonus(k, told, options) for k in counts}
    layouts: list[Layout] = []
    coding = [_COUNTS_ON if r in codes else _CODED if coded else 0.0 for r in range(len(options) - 1)]
    least = min(rough.values())
    likely = sorted((c for c in counts if rough[c] <= least + _ROUGHLY), key=lambda c: (rough[c], c))[:3]
    likely += [n for n in told if n in counts and n not in likely and 2 * sum(n in option for option in options) >= len(options)]
    for k in likely:
        layout = _fit(options, k, told.get(k, ()), totals, nonnegative, coding, noted, counted)
        layout = layout._replace(score=layout.score - _bonus(k, told, options) + (0.0 if k in told else _BLANK * _blank(layout)))
        layouts.append(layout)
    best, *rest = sorted(layouts, key=lambda layout: layout.score)
    close = bool(rest) and rest[0].score - best.score < _CLOSE * len(options)
    unlike = bool(told) and best.n_cols not in told  # the head tells another number of columns
    return _doubted(best) if close or unlike or best.score > _POOR * len(options) else best


def _doubted(layout: Layout) -> Layout:
    """A layout that may well be wrong as a whole: none of its cells is sure."""
    rows = [row and row._replace(confidence=min(row.confidence, _DOUBTED), most=_DOUBTED) for row in layout.rows]
    return layout._replace(rows=tuple(rows))


def _blank(layout: Layout) -> float:
    """How many dashes stand in columns that hold hardly anything else: they are rather the minus signs of the next column."""
    blank = 0
    for c in range(layout.n_cols):
        cells = [row.cells[c] for row in layout.rows if row is not None]
        empty = sum(f is not None and f.kind == "empty" for f in cells)
        blank += empty if 5 * empty >= 4 * len(cells) - 5 * sum(f is None for f in cells) else 0
    return blank


def _rough(option: Mapping[int, Sequence[Reading]], k: int) -> float:
    found = [
        option[c][0].cost + _UNCODED * option[c][0].coded + (0 if c == k else _MISSING_ROW + _MISSING_CELL * (k - c))
        for c in option
        if c <= k
    ]
    return min(found, default=_OVERFULL if option else _UNFIT)


def _bonus(k: int, told: Mapping[int, Sequence[str | None]], options: Sequence[Mapping[int, Sequence[Reading]]]) -> float:
    rows = min(len(options), 5)
    return _HEAD * rows + 1.0 + _LIKELIEST * rows * (k == next(iter(told))) if k in told else 0.0


def _fit(
    options: Sequence[Mapping[int, Sequence[Reading]]],
    n_cols: int,
    heads: Sequence[str | None],
    totals: Sequence[bool | None],
    nonnegative: bool,
    coding: Sequence[float],
    noted: bool,
    counted: Sequence[int | None],
) -> Layout:
    changes = {c for c, kind in enumerate(heads) if kind in ("deviation", "forecast_deviation", "change", "effect")}
    candidates = [
        _candidates(option, n_cols, code, noted, number)
        for option, code, number in zip(options, [*coding, 0.0], counted or [None] * len(options), strict=True)
    ]
    chosen = [found[0] if found else None for found in candidates]
    relations = _relations(candidates, n_cols, heads)
    related = [[sum([_weight(relation, c.cells) for relation in relations]) for c in found] for found in candidates]
    weighed: list[list[float]] = [[] for _ in options]
    alone = [0.0] * len(options)  # what speaks against each row's reading, the sums of its columns apart
    rows_read = [cells_of(pick) for pick in chosen]
    blocks: list[Block] = []
    sums: dict[int, list[Sums]] = {}  # by row
    tallies = [_Tally() for _ in range(n_cols)]
    for pick in chosen:
        _count(tallies, pick, 1)
    for sweep in range(_SWEEPS):
        before = list(chosen)
        if sweep:
            blocks = find_blocks(totals, rows_read, n_cols)
            sums = _by_row(blocks, rows_read, n_cols)
        common = [tally.profile() for tally in tallies] if len(options) > _MANY else None
        for r, found in enumerate(candidates):
            if not found or (sweep and len(found) == 1):
                continue
            _count(tallies, chosen[r], -1)
            profile = common or [tally.profile() for tally in tallies]
            gaps = [each.without(r, rows_read) for each in sums.get(r, ())] if len(found) > 1 else []
            added = [sum([min(_SUM * n, _SUMS) for n in held]) for held in zip(*(_closing(found, each) for each in gaps), strict=True)]
            added = added or [0.0] * len(found)
            weighed[r] = [
                c.cost + _mismatch(c, profile, nonnegative, changes) + held - sum_
                for c, held, sum_ in zip(found, related[r], added, strict=True)
            ]
            best = min(range(len(found)), key=weighed[r].__getitem__)
            pick, alone[r] = found[best], weighed[r][best] + added[best]
            for each in sums.get(r, ()):
                each.replace(r, rows_read[r], pick.cells)
            chosen[r], rows_read[r] = pick, pick.cells
            _count(tallies, pick, 1)
        if sweep and chosen == before:
            break
    agreed = place_together(candidates, weighed, chosen, blocks, n_cols)
    agreed |= mend(candidates, weighed, chosen, blocks, n_cols, _SUM)
    proved: dict[int, set[int]] = {}  # by row
    held_sums = 0
    for block in blocks:
        columns = adds_up(chosen, block, n_cols)
        held_sums += len(columns)
        for r in (*block.parts, block.total):
            proved.setdefault(r, set()).update(columns)
    rows: list[Row | None] = []
    score = 0.0
    for r, pick in enumerate(chosen):
        if pick is None:
            rows.append(None)
            score += _OVERFULL if min(options[r], default=0) > n_cols else _UNFIT
            continue
        if r in agreed:
            rows.append(Row(pick.cells, pick.reading.start, pick.reading.end, _AGREED))
            score += pick.cost
            continue
        least = min(weighed[r])
        others = _others(pick, least, list(zip(weighed[r], candidates[r], strict=True)))
        score += alone[r]
        confidence = min((o.confidence for o in others if o is not None), default=_SURE)
        related_here = {c for relation in relations if _holds(relation, pick.cells) for c in (relation.i, relation.j, relation.k)}
        added_up = proved.get(r, set())
        whole = filled(pick.cells) == n_cols
        unnoted = noted and pick.reading.start == min([c.reading.start for c in candidates[r]])  # the first figure may be a note's
        told = added_up | related_here if whole else added_up
        rows.append(Row(pick.cells, pick.reading.start, pick.reading.end, confidence, others, frozenset(told), loose=unnoted or not whole))
    score -= _SUM * held_sums
    held = sum(_holds(relation, c.cells) is True for relation in relations for c in chosen if c is not None)
    return Layout(n_cols, tuple(rows), held, score)


def _others(pick: Candidate, least: float, weighed: Sequence[tuple[float, Candidate]]) -> tuple[Other | None, ...]:
    """For each cell the best reading that has something else there."""
    found: list[Other | None] = [None] * len(pick.cells)
    open_cells = set(range(len(pick.cells)))
    for weight, candidate in sorted(weighed, key=lambda w: w[0]):
        for c in sorted(open_cells):
            if value_of(candidate.cells, c) != value_of(pick.cells, c):
                found[c] = Other(candidate.cells[c], round(0.98 / (1 + exp(-1.3 * (weight - least))), 3))
                open_cells.discard(c)
    return tuple(found)


def _candidates(option: Mapping[int, Sequence[Reading]], n_cols: int, code: float, noted: bool, counted: int | None) -> list[Candidate]:
    first = min((reading.start for choices in option.values() for reading in choices), default=0)

    def against(reading: Reading) -> float:
        """What speaks against a reading, how many figures it lacks apart."""
        led = reading.start > first
        cost = reading.cost
        if led and counted is not None:
            cost += -_CODED if reading.start == counted else _UNCOUNTED
        elif led and noted:
            cost -= _NOTED
        elif noted and counted is not None and counted > reading.start:  # the number is known to stand there
            cost += _UNCOUNTED
        if code:
            return cost + (-code if reading.coded else code / 2)
        return cost + _UNCODED * reading.coded

    costs = [(k, reading, against(reading)) for k, choices in option.items() if k <= n_cols for reading in choices]
    likeliest = min(costs, key=lambda c: c[2])[1] if costs else None
    found: list[Candidate] = []
    moved: list[Candidate] = []  # the likeliest reading of a row, with its figures in all columns in which they may stand
    tried: Counter[tuple[int, bool, int]] = Counter()  # readings whose figures are tried in other places, by what they leave to labels
    for k, reading, cost in costs:
        if k == n_cols:
            found.append(Candidate(reading.figures, cost, reading))
            continue
        cost += _MISSING_ROW + (_MISSING_CELL + _JOINED_UP * (n_cols in option)) * (n_cols - k)
        tried[k, reading.coded, reading.start] += 1
        several = tried[k, reading.coded, reading.start] <= 2 and comb(n_cols, k) <= 36
        places = combinations(range(n_cols), k) if several else iter([tuple(range(k))])
        for place in places:
            cells: list[Figure | None] = [None] * n_cols
            for c, figure in zip(place, reading.figures, strict=True):
                cells[c] = figure
            shifted = _SHIFTED if place != tuple(range(k)) else 0.0
            (moved if reading is likeliest else found).append(Candidate(tuple(cells), cost + shifted, reading))
    found.sort(key=lambda c: c.cost)
    most = _CANDIDATES if n_cols in option else _CANDIDATES_SHORT
    likely = sorted([*found[: max(most - len(moved), most // 2)], *moved], key=lambda c: c.cost)
    likely = [c for c in likely if c.cost <= likely[0].cost + _HOPELESS]
    return [Candidate(c.cells, c.cost, c.reading, _offsets(c.cells)) for c in likely]


class _Tally:
    """What the figures of one column are, kept up to date as rows are read anew."""

    def __init__(self) -> None:
        self.rows = self.values = self.percents = self.negatives = self.empties = 0
        self.decimals: Counter[int] = Counter()
        self.sizes: list[float] = []  # of the figures that are not nought, in order
        self.offsets: list[float] = []  # in order

    def count(self, figure: Figure | None, by: int) -> None:
        """Add a figure, or take it away."""
        self.rows += by
        if figure is None:
            return
        self.empties += by * (figure.kind == "empty")
        if figure.kind == "value" and figure.value is not None:
            self.values += by
            self.decimals[figure.decimals] += by
            self.percents += by * figure.percent
            if figure.value:
                self.negatives += by * (figure.value < 0)
                _keep(self.sizes, abs(figure.value), by)

    def profile(self) -> _Profile:
        """What the figures have in common."""
        n, nonzero = self.values, len(self.sizes)
        decimals = max(self.decimals, key=self.decimals.__getitem__) if n else None
        return _Profile(
            decimals if decimals is not None and self.decimals[decimals] >= 0.6 * n else None,
            None if not n else True if self.percents > 0.6 * n else False if self.percents < 0.4 * n else None,
            None if nonzero < 3 else True if self.negatives == nonzero else False if self.negatives == 0 else None,
            self.empties / self.rows if self.rows else 0.0,
            median(self.offsets) if self.offsets else None,
            log10(self.sizes[0]) if nonzero > 2 else None,
            log10(self.sizes[-1]) if nonzero > 2 else None,
        )


def _keep(ordered: list[float], value: float, by: int) -> None:
    if by > 0:
        insort(ordered, value)
    else:
        del ordered[bisect_left(ordered, value)]


def _count(tallies: Sequence[_Tally], candidate: Candidate | None, by: int) -> None:
    """Add a row to the tallies of the columns, or take it away."""
    if candidate is None:
        return
    for tally, figure in zip(tallies, candidate.cells, strict=True):
        tally.count(figure, by)
    for c, offset in candidate.offsets:
        _keep(tallies[c].offsets, offset, by)


def _offsets(cells: Cells) -> tuple[tuple[int, float], ...]:
    """How many powers of ten each figure of a row lies above their middle."""
    logs = [(c, log10(abs(f.value) + 0.05)) for c, f in enumerate(cells) if f is not None and f.value is not None]
    middle = median([x for _, x in logs]) if logs else 0.0
    return tuple([(c, x - middle) for c, x in logs]) if len(logs) > 1 else ()


def _mismatch(candidate: Candidate, profile: Sequence[_Profile], nonnegative: bool, changes: set[int]) -> float:
    cost = beyond = 0.0
    short: list[float] = []
    cells = candidate.cells
    ratios = any(f is not None and f.kind == "ratio" for f in cells)
    for c, (figure, column) in enumerate(zip(cells, profile, strict=True)):
        if figure is None:
            continue
        if figure.kind == "empty":
            cost += _EMPTY * (1 - 2 * column.empties)
        elif column.empties == 1.0:
            cost += 2 * _EMPTY
        if figure.kind == "value" and figure.decimals == 0 and ratios:
            cost += _DECIMALS
        if figure.kind != "value" or figure.value is None:
            continue
        if column.decimals is not None and figure.decimals != column.decimals:
            cost += _WHOLE if figure.decimals == 0 and abs(figure.value) < 1000 else _DECIMALS
        if column.percent is not None and figure.percent != column.percent:
            cost += _PERCENT
        if figure.value < 0 and nonnegative and c not in changes and not figure.percent:
            cost += _NEGATIVE
        if column.largest is not None and column.smallest is not None and figure.value:
            size = log10(abs(figure.value))
            beyond = max(beyond, size - column.largest - _BEYOND)
            short.append(max(column.smallest - size - _BEYOND, 0.0))
        if column.negative is not None and figure.value and (figure.value < 0) != column.negative:
            cost += _SIGN
    # once a row, and only where its figures differ in how far they fall short: all of it may be in another unit
    cost += min(beyond, _MAGNITUDE_CAP) + min(max(short, default=0.0) - min(short, default=0.0), _MAGNITUDE_CAP)
    known = any(p.offset is not None for p in profile)
    for c, offset in candidate.offsets:
        expected = profile[c].offset
        weight = _MAGNITUDE if expected is not None else 0.0 if known else _MAGNITUDE / 2
        if c in changes:
            weight /= 2
        cost += weight * min(abs(offset - (expected or 0.0)), _MAGNITUDE_CAP)
    return cost


def _relations(candidates: Sequence[Sequence[Candidate]], n_cols: int, heads: Sequence[str | None]) -> list[_Relation]:
    """Sums and differences over columns that most rows can satisfy."""
    announced = {c for c, kind in enumerate(heads) if kind in ("deviation", "forecast_deviation", "change")}
    rows = [row for row in candidates if row]
    starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
    every = [c.cells for row in rows for c in row]
    values = np.array([[f.value if f is not None and f.value is not None and not f.percent else np.nan for f in cells] for cells in every])
    steps = np.array([[1.01 * 10.0**-f.decimals if f is not None else 0.0 for f in cells] for cells in every])
    found = []
    for k in range(2, n_cols if rows else 0):
        for i, j in combinations(range(max(0, k - 4), k), 2):
            a, b, c = values[:, i], values[:, j], values[:, k]
            known = (a * b != 0) & ~np.isnan(a + b + c)  # a nought proves nothing
            possible = np.logical_or.reduceat(known, starts).sum()
            step = np.maximum(np.maximum(steps[:, i], steps[:, j]), steps[:, k])
            for sign in (1, -1, 0):
                holds = known & (np.abs(c - _expected(a, b, sign)) <= step)
                held = int(np.logical_or.reduceat(holds, starts).sum())
                told = k in announced if sign else list(heads[k : k + 1]) == ["total"] and (i, j) == (k - 2, k - 1)
                if held >= (1 if told else 2) and held >= (0.5 if told else 0.6) * possible:
                    likely = int(holds[starts].sum())  # rows whose most likely reading, not just any, satisfies it
                    found.append((held + likely, _Relation(i, j, k, sign)))
    taken: set[int] = set()
    kept = []
    for _, relation in sorted(found, key=lambda f: (-f[0], f[1])):
        if relation.k not in taken:
            taken.add(relation.k)
            kept.append(relation)
    return kept


def _terms(cells: Cells, i: int, j: int, k: int) -> tuple[float, float, float, float] | None:
    """The three figures of a relation and how far they may miss it; None where one is lacking or all may be nought."""
    a, b, c = cells[i], cells[j], cells[k]
    if a is None or b is None or c is None or a.value is None or b.value is None or c.value is None:
        return None
    if a.percent or b.percent or c.percent or not (a.value and b.value):
        return None
    return a.value, b.value, c.value, 1.01 * 10.0 ** -min(a.decimals, b.decimals, c.decimals)


def _expected(a: _Terms, b: _Terms, sign: int) -> _Terms:
    return a + b if sign == 0 else sign * (a - b)


def _holds(relation: _Relation, cells: Cells) -> bool | None:
    """Whether a row satisfies a relation; None where it lacks a figure or all are equal or nought."""
    terms = _terms(cells, relation.i, relation.j, relation.k)
    return None if terms is None else abs(terms[2] - _expected(terms[0], terms[1], relation.sign)) <= terms[3]


def _weight(relation: _Relation, cells: Cells) -> float:
    """What a relation says of a reading; a figure that is missing counts as nought beside one that is not."""
    holds = _holds(relation, cells)
    if holds is None:
        a, b, c = cells[relation.i], cells[relation.j], cells[relation.k]
        if any(f is not None and f.percent for f in (a, b, c)):
            return 0.0
        if c is None and a is not None and b is not None and a.value and b.value:
            return _FAILS if _expected(a.value, b.value, relation.sign) else 0.0
        if c is None or c.value is None or not (_missing(a) or _missing(b)):
            return 0.0
        if _missing(a) and _missing(b):  # nothing is made of nothing
            return _FAILS if c.value else 0.0
        if any(f is not None and f.kind not in ("empty", "value") for f in (a, b)):
            return 0.0
        x, y = (0.0 if f is None or f.value is None else f.value for f in (a, b))
        holds = abs(c.value - _expected(x, y, relation.sign)) <= 1.01 * 10.0**-c.decimals
    return -_HOLDS if holds else _FAILS


def _missing(figure: Figure | None) -> bool:
    return figure is None or figure.kind == "empty"


def _closing(found: Sequence[Candidate], gaps: Sequence[Gap]) -> list[int]:
    """In how many columns each reading of a row makes a total the sum of its parts."""
    held = [0] * len(found)
    for n, gap in enumerate(gaps):
        known: dict[tuple[float, int] | None, bool] = {}  # most readings of a row have one of a few figures in a column
        for i, candidate in enumerate(found):
            value = value_of(candidate.cells, n)
            if value not in known:
                known[value] = gap.closes(value)
            held[i] += known[value]
    return held


def _by_row(blocks: Sequence[Block], rows: Sequence[Cells], n_cols: int) -> dict[int, list[Sums]]:
    """The sums to which each row belongs."""
    found: dict[int, list[Sums]] = {}
    for block in blocks:
        sums = Sums(block, rows, n_cols)
        for r in (*block.parts, block.total):
            found.setdefault(r, []).append(sums)
    return found
