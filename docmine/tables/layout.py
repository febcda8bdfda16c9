"""Decide for the rows of a flattened table together how many columns there are and how each row is read.

`settle` weighs, for every admissible number of columns, the readings of all rows against the head, against what the columns
have in common (decimals, percent signs, signs, magnitudes) and against the sums and differences that the figures should make.
What arithmetic may add is bounded, so that it chooses between readings that the columns leave open and never bends a clear
reading of a wrong source until it adds up.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from itertools import combinations, product
from math import comb, exp, log10, prod
from statistics import median
from typing import NamedTuple

from docmine.tables.readings import Figure, Reading

__all__ = ["Layout", "Row", "settle"]

_MISSING_ROW, _MISSING_CELL, _SHIFTED = 0.9, 0.35, 0.6  # a row with too few figures; more so if they do not stand at the left
_JOINED_UP = 0.4  # for each missing cell, where the row can be read without missing any
_UNFIT = 6.0  # a row that cannot be read with so many columns
_HEAD = 1.2  # what it is worth for a row that the head has as many columns
_CODED = 2.4  # labels begin with codes, which stand right after the figures of the row before
_NOTED = 1.0  # a number before the figures, where the head tells a column of notes
_UNCODED = 1.5  # no label begins with a code, yet a figure is left over
_DECIMALS, _WHOLE, _PERCENT, _SIGN, _NEGATIVE, _EMPTY = 0.9, 0.4, 0.9, 0.5, 3.0, 0.3
_MAGNITUDE, _MAGNITUDE_CAP = 0.6, 2.0
_BEYOND = 1.0  # powers of ten by which a total may exceed all other figures of its column
_HOLDS, _FAILS = 1.6, 0.8
_SUM, _SUMS = 1.2, 6.0  # a total that is the sum of the rows above, in one column and in all
_BLANK = 0.5  # a dash in a column that the head does not tell and that holds hardly anything else
_CANDIDATES = 40
_HOPELESS = 5.0  # a reading that costs so much more than another is not weighed
_ROUGHLY = 8.0
_SWEEPS = 3
_SURE = 0.975  # the confidence of a cell that all readings have
_AGREED = 0.92  # the confidence of a row whose figures the totals of all columns put in their places
_UNPROVED = 0.89  # the most for a cell that can be read otherwise, where no total or difference proves how
_POOR, _CLOSE = 2.4, 1.5  # for each row: what speaks against a layout that fits badly, and by how much it must excel the next best
_DOUBTED = 0.8  # the most for a cell of a layout that fits badly or hardly better than another
_MOST_WAYS = 4096  # in which the figures of rows that lack some are tried
_TELLING = 1000  # steps of its last digit that make a total too large to hold by chance
_MANY = 40  # rows from which on a row may weigh in what it is compared with

Cells = tuple[Figure | None, ...]


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


class _Candidate(NamedTuple):
    cells: Cells
    cost: float
    reading: Reading
    offsets: tuple[tuple[int, float], ...] = ()


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
    largest: float | None


def settle(
    options: Sequence[Mapping[int, Sequence[Reading]]],
    heads: Sequence[Sequence[str | None]],
    totals: Sequence[bool],
    *,
    nonnegative: bool = False,
    coded: bool = False,
    noted: bool = False,
    counted: Container[int] = (),
) -> Layout | None:
    """The reading of all rows that agrees best; None where no row has two columns.

    Parameters
    ----------
    options : sequence of mappings
        The readings of each row by their number of cells.
    heads : sequence of sequences of str or None
        The measure of each column as far as the head tells, in each way in which the head can be read, the most likely first.
    totals : sequence of bool
        Which rows sum up others.
    nonnegative : bool
        Whether the figures are shares, counts or indexes, which are hardly ever negative.
    coded : bool
        Whether labels begin with a code of digits.
    noted : bool
        Whether the head tells a column of note numbers before the figures.
    counted : container of int
        The rows that begin with a number which counts them or their notes.
    """
    counts = {k for option in options for k in option if k >= 2}
    told = {len(measures): measures for measures in reversed(heads)}
    counts |= {n for n in told if n >= 2 and counts and max(counts) < n}
    if not counts:
        return None
    rough = {k: sum(_rough(option, k) for option in options) - _bonus(k, told, options) for k in counts}
    layouts: list[Layout] = []
    least = min(rough.values())
    likely = sorted((c for c in counts if rough[c] <= least + _ROUGHLY), key=lambda c: (rough[c], c))[:3]
    likely += [n for n in told if n in counts and n not in likely and 2 * sum(n in option for option in options) >= len(options)]
    for k in likely:
        layout = _fit(options, k, told.get(k, ()), totals, nonnegative, coded, noted, counted)
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
    return min(found, default=_UNFIT)


def _bonus(k: int, told: Container[int], options: Sequence[Mapping[int, Sequence[Reading]]]) -> float:
    return _HEAD * min(len(options), 5) + 1.0 if k in told else 0.0


def _fit(
    options: Sequence[Mapping[int, Sequence[Reading]]],
    n_cols: int,
    heads: Sequence[str | None],
    totals: Sequence[bool],
    nonnegative: bool,
    coded: bool,
    noted: bool,
    counted: Container[int],
) -> Layout:
    changes = {c for c, kind in enumerate(heads) if kind in ("deviation", "forecast_deviation", "change", "effect")}
    candidates = [_candidates(option, n_cols, coded and r < len(options) - 1, noted, r in counted) for r, option in enumerate(options)]
    chosen = [found[0] if found else None for found in candidates]
    relations = _relations(candidates, n_cols, heads)
    related = [[sum([_weight(relation, c.cells) for relation in relations]) for c in found] for found in candidates]
    weighed: list[list[float]] = [[] for _ in options]
    alone = [0.0] * len(options)  # what speaks against each row's reading, the sums of its columns apart
    blocks = _blocks(totals)
    tallies = [_Tally() for _ in range(n_cols)]
    for pick in chosen:
        _count(tallies, pick, 1)
    sums = {block: _Sums(block, chosen, n_cols) for block in set(blocks) if block is not None}
    for sweep in range(_SWEEPS):
        before = list(chosen)
        common = [tally.profile() for tally in tallies] if len(options) > _MANY else None
        for r, found in enumerate(candidates):
            if not found or (sweep and len(found) == 1):
                continue
            _count(tallies, chosen[r], -1)
            profile = common or [tally.profile() for tally in tallies]
            block = blocks[r] if sweep and len(found) > 1 else None
            added = [min(_SUM * len(sums[block].held(r, c.cells, chosen)), _SUMS) if block is not None else 0.0 for c in found]
            weighed[r] = [
                c.cost + _mismatch(c, profile, nonnegative, changes) + held - sum_
                for c, held, sum_ in zip(found, related[r], added, strict=True)
            ]
            best = min(range(len(found)), key=weighed[r].__getitem__)
            pick, alone[r] = found[best], weighed[r][best] + added[best]
            if (changed := blocks[r]) is not None:
                sums[changed].replace(r, _cells(chosen[r]), pick.cells)
            chosen[r] = pick
            _count(tallies, pick, 1)
        if sweep and chosen == before:
            break
    agreed = _place_together(candidates, chosen, blocks, n_cols)
    proved = {block: frozenset(_adds_up(chosen, block, n_cols)) for block in sums}
    rows: list[Row | None] = []
    score = 0.0
    for r, pick in enumerate(chosen):
        if pick is None:
            rows.append(None)
            score += _UNFIT
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
        added_up = proved[block] if (block := blocks[r]) is not None else frozenset()
        whole = _filled(pick.cells) == n_cols
        unnoted = noted and pick.reading.start == min([c.reading.start for c in candidates[r]])  # the first figure may be a note's
        told = added_up | related_here if whole else added_up
        rows.append(Row(pick.cells, pick.reading.start, pick.reading.end, confidence, others, frozenset(told), loose=unnoted or not whole))
    score -= _SUM * sum(len(columns) for columns in proved.values())
    held = sum(_holds(relation, c.cells) is True for relation in relations for c in chosen if c is not None)
    return Layout(n_cols, tuple(rows), held, score)


def _others(pick: _Candidate, least: float, weighed: Sequence[tuple[float, _Candidate]]) -> tuple[Other | None, ...]:
    """For each cell the best reading that has something else there."""
    found: list[Other | None] = [None] * len(pick.cells)
    open_cells = set(range(len(pick.cells)))
    for weight, candidate in sorted(weighed, key=lambda w: w[0]):
        for c in sorted(open_cells):
            if _value(candidate.cells, c) != _value(pick.cells, c):
                found[c] = Other(candidate.cells[c], round(0.98 / (1 + exp(-1.3 * (weight - least))), 3))
                open_cells.discard(c)
    return tuple(found)


def _candidates(option: Mapping[int, Sequence[Reading]], n_cols: int, coded: bool, noted: bool, counted: bool) -> list[_Candidate]:
    found: list[_Candidate] = []
    first = min((reading.start for choices in option.values() for reading in choices), default=0)
    for k, choices in option.items():
        if k > n_cols:
            continue
        short = 0.0 if k == n_cols else _MISSING_ROW + (_MISSING_CELL + _JOINED_UP * (n_cols in option)) * (n_cols - k)
        tried = {True: 0, False: 0}  # readings with and without a code whose figures are tried in other places
        for reading in choices:
            led = reading.start > first
            cost = reading.cost + short - (_CODED if counted and led else _NOTED if noted and led else 0.0)
            if coded:
                cost += -_CODED if reading.coded else _CODED / 2
            elif reading.coded:
                cost += _UNCODED
            if k == n_cols:
                found.append(_Candidate(reading.figures, cost, reading))
                continue
            tried[reading.coded] += 1
            several = tried[reading.coded] <= 2 and comb(n_cols, k) <= 36
            places = combinations(range(n_cols), k) if several else iter([tuple(range(k))])
            for place in places:
                cells: list[Figure | None] = [None] * n_cols
                for c, figure in zip(place, reading.figures, strict=True):
                    cells[c] = figure
                found.append(_Candidate(tuple(cells), cost + (_SHIFTED if place != tuple(range(k)) else 0.0), reading))
    found.sort(key=lambda c: c.cost)
    likely = [c for c in found[:_CANDIDATES] if c.cost <= found[0].cost + _HOPELESS]
    return [_Candidate(c.cells, c.cost, c.reading, _offsets(c.cells)) for c in likely]


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
            log10(self.sizes[-1]) if nonzero > 2 else None,
        )


def _keep(ordered: list[float], value: float, by: int) -> None:
    if by > 0:
        insort(ordered, value)
    else:
        del ordered[bisect_left(ordered, value)]


def _count(tallies: Sequence[_Tally], candidate: _Candidate | None, by: int) -> None:
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


def _mismatch(candidate: _Candidate, profile: Sequence[_Profile], nonnegative: bool, changes: set[int]) -> float:
    cost = 0.0
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
        if column.largest is not None and figure.value:
            cost += min(max(log10(abs(figure.value)) - column.largest - _BEYOND, 0.0), _MAGNITUDE_CAP)
        if column.negative is not None and figure.value and (figure.value < 0) != column.negative:
            cost += _SIGN
    known = any(p.offset is not None for p in profile)
    for c, offset in candidate.offsets:
        expected = profile[c].offset
        weight = _MAGNITUDE if expected is not None else 0.0 if known else _MAGNITUDE / 2
        if c in changes:
            weight /= 2
        cost += weight * min(abs(offset - (expected or 0.0)), _MAGNITUDE_CAP)
    return cost


def _relations(candidates: Sequence[Sequence[_Candidate]], n_cols: int, heads: Sequence[str | None]) -> list[_Relation]:
    """Sums and differences over columns that most rows can satisfy."""
    announced = {c for c, kind in enumerate(heads) if kind in ("deviation", "forecast_deviation", "change")}
    found = []
    for k in range(2, n_cols):
        for i, j in combinations(range(max(0, k - 4), k), 2):
            possible = 0
            held = {1: 0, -1: 0, 0: 0}
            for row in candidates:
                terms = [t for c in row if (t := _terms(c.cells, i, j, k)) is not None]
                possible += bool(terms)
                for sign in held:
                    held[sign] += any(abs(c - _expected(a, b, sign)) <= step for a, b, c, step in terms)
            for sign, rows in held.items():
                enough = 1 if k in announced and sign else 2
                if rows >= enough and rows >= 0.6 * possible:
                    found.append((rows, _Relation(i, j, k, sign)))
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


def _expected(a: float, b: float, sign: int) -> float:
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
        if any(f is not None and f.kind not in ("empty", "value") for f in (a, b)):
            return 0.0
        x, y = (0.0 if f is None or f.value is None else f.value for f in (a, b))
        holds = abs(c.value - _expected(x, y, relation.sign)) <= 1.01 * 10.0**-c.decimals
    return -_HOLDS if holds else _FAILS


def _missing(figure: Figure | None) -> bool:
    return figure is None or figure.kind == "empty"


def _blocks(totals: Sequence[bool]) -> list[tuple[int, int] | None]:
    """For each row the first row and the total of the sum that it belongs to; None where it belongs to none."""
    blocks: list[tuple[int, int] | None] = [None] * len(totals)
    first = 0
    for t, is_total in enumerate(totals):
        if is_total:
            if t - first > 1:
                blocks[first : t + 1] = [(first, t)] * (t + 1 - first)
            first = t + 1
    return blocks


class _Sums:
    """The sums of the rows of a block by column, kept up to date as rows are read anew."""

    def __init__(self, block: tuple[int, int], chosen: Sequence[_Candidate | None], n_cols: int) -> None:
        self.first, self.total = block
        self.sums = [0.0] * n_cols
        self.decimals: list[Counter[int]] = [Counter() for _ in range(n_cols)]
        for r in range(self.first, self.total):
            self.replace(r, (), _cells(chosen[r]))

    def replace(self, r: int, old: Cells, new: Cells) -> None:
        """Row r is read anew."""
        if r == self.total:
            return
        for cells, by in ((old, -1), (new, 1)):
            for c in range(len(cells)):
                if (part := _value(cells, c)) is not None:
                    self.sums[c] += by * part[0]
                    self.decimals[c][part[1]] += by

    def held(self, r: int, cells: Cells, chosen: Sequence[_Candidate | None]) -> list[int]:
        """The columns in which the total of the block is the sum of its other rows, with these cells in row r."""
        good: list[int] = []
        for c in range(len(cells)):
            total = _value(cells if r == self.total else _cells(chosen[self.total]), c)
            if total is None or total[0] == 0:
                continue
            decimals, expected = +self.decimals[c], self.sums[c]
            if r != self.total:
                if (old := _value(_cells(chosen[r]), c)) is not None:
                    expected -= old[0]
                    decimals[old[1]] -= 1
                if (new := _value(cells, c)) is not None:
                    expected += new[0]
                    decimals[new[1]] += 1
            known = decimals.total()
            unit = 10.0 ** -min([total[1], *(d for d, n in decimals.items() if n)])
            if known > 1 and abs(total[0] - expected) <= unit * (0.51 + 0.5 * known**0.5):
                good.append(c)
        return good


def _cells(candidate: _Candidate | None) -> Cells:
    return candidate.cells if candidate is not None else ()


def _place_together(
    candidates: Sequence[Sequence[_Candidate]], chosen: list[_Candidate | None], blocks: Sequence[tuple[int, int] | None], n_cols: int
) -> set[int]:
    """Move the figures of rows that lack some into the columns in which the totals then hold; the rows so settled.

    The rows of a block lack the same columns more often than not (things that were begun this year), so they move together.
    """
    settled: set[int] = set()
    for block in sorted({b for b in blocks if b is not None}):
        first, t = block
        short: dict[int, dict[tuple[int, ...], _Candidate]] = {}
        for r in range(first, t):
            if (pick := chosen[r]) is None or _filled(pick.cells) == n_cols:
                continue
            for candidate in reversed(candidates[r]):
                if _filled(candidate.cells) < n_cols:
                    short.setdefault(r, {})[tuple(c for c, f in enumerate(candidate.cells) if f is not None)] = candidate
        places = sorted({place for found in short.values() for place in found})
        best = len(_adds_up(chosen, block, n_cols))
        for place in places:
            trial = list(chosen)
            moved = {r: found[place] for r, found in short.items() if place in found}
            for r, candidate in moved.items():
                trial[r] = candidate
            held = len(_adds_up(trial, block, n_cols))
            if held > best:
                best = held
                chosen[:] = trial
                settled = (settled - set(short)) | (set(moved) if held == n_cols else set())
        if short and best < n_cols:
            held, placed = _place_each(short, chosen, block, n_cols)
            for r, candidate in placed.items():
                chosen[r] = candidate
            settled |= set(placed) if held == n_cols else set()
    return settled


def _place_each(
    short: Mapping[int, Mapping[tuple[int, ...], _Candidate]], chosen: Sequence[_Candidate | None], block: tuple[int, int], n_cols: int
) -> tuple[int, dict[int, _Candidate]]:
    """The places of the figures of rows that lack some, each row its own, with which all totals hold, and how many do.

    Where totals are too large to hold by chance, one may fail, for the source may have an error; else there are no such places.
    """
    if prod(len(found) for found in short.values()) > _MOST_WAYS:
        return 0, {}
    trial = list(chosen)
    for r in short:
        trial[r] = None
    sums = _Sums(block, trial, n_cols)
    totals = [_value(_cells(chosen[block[1]]), c) for c in range(n_cols)]
    wanted = [None if total is None else total[0] - sum_ for total, sum_ in zip(totals, sums.sums, strict=True)]
    units = [10.0 ** -max((d for d, n in decimals.items() if n), default=0) for decimals in sums.decimals]
    slack = [unit * (0.51 + 0.5 * (block[1] - block[0]) ** 0.5) for unit in units]
    telling = n_cols > 2 and all(t is not None and abs(t[0]) >= _TELLING * u for t, u in zip(totals, units, strict=True))
    best: tuple[int, tuple[_Candidate, ...]] = (n_cols - 2 if telling else n_cols - 1, ())
    for way in product(*(found.values() for found in short.values())):
        added = [sum(v[0] for pick in way if (v := _value(pick.cells, c)) is not None) for c in range(n_cols)]
        held = sum(w is not None and abs(w - a) <= s for w, a, s in zip(wanted, added, slack, strict=True))
        if held > best[0]:
            best = held, way
    return best[0], dict(zip(short, best[1], strict=True)) if best[1] else {}


def _filled(cells: Cells) -> int:
    return sum(f is not None for f in cells)


def _adds_up(chosen: Sequence[_Candidate | None], block: tuple[int, int], n_cols: int) -> list[int]:
    """The columns in which the total of a block is the sum of its rows."""
    return _Sums(block, chosen, n_cols).held(block[1], _cells(chosen[block[1]]), chosen)


def _value(cells: Cells, c: int) -> tuple[float, int] | None:
    figure = cells[c] if c < len(cells) else None
    return None if figure is None or figure.value is None else (figure.value, figure.decimals)
