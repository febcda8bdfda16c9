"""Which rows of a flattened table a total sums up, and in which columns it does as the rows are read.

Figures may be read in several ways here, so a sum is what a total most likely means, not what it must be: that is asked in
`docmine.tables.arithmetic` once all is read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from math import log10, sqrt
from typing import NamedTuple

from docmine.tables.readings import Figure

__all__ = ["Block", "Cells", "Gap", "Sums", "find_blocks", "slack_of", "value_of"]

Cells = tuple[Figure | None, ...]
_DIGITS = 4.0  # that one column proves at most, in powers of ten
_TELLING = 1000  # steps of its last digit from which on a total that equals its only part is that
_MANY_DECIMALS = 9
_UNUSUAL = 2.5  # what must be proved for a sum of other rows than those since the total before


class Block(NamedTuple):
    """A total and the rows that it sums up."""

    parts: tuple[int, ...]
    total: int


def find_blocks(totals: Sequence[bool | None], rows: Sequence[Cells], n_cols: int) -> list[Block]:
    """The sums of a table: of the rows since the total before, unless others add up better, such as that total with them.

    Parameters
    ----------
    totals : sequence of bool or None
        Which rows sum up others; None for one that is only a part of the row before.
    rows : sequence of cells
        The rows as they are read so far.
    n_cols : int
        The number of columns.
    """
    blocks: list[Block] = []
    units: list[int] = []  # rows that no total has summed up yet
    fresh = 0  # how many of them no total stands after
    for t, is_total in enumerate(totals):
        if is_total is None:
            continue
        n = _most_likely(rows, units, t, fresh, n_cols) if is_total and units else 0
        if is_total and not n and len(units) > 1 and fresh < 2 and _sums_up_moved(rows, units[-2:], t, n_cols):
            n = 2
        closes = n > 0 or (is_total and bool(units) and fresh == 0)
        if n:
            blocks.append(Block(tuple(units[-n:]), t))
            del units[-n:]
        units.append(t)
        fresh = 0 if closes else fresh + 1
    return blocks


def _most_likely(rows: Sequence[Cells], units: Sequence[int], t: int, fresh: int, n_cols: int) -> int:
    """How many of the last units a total most likely sums up; 0 where it is not plain."""
    proofs: defaultdict[int, float] = defaultdict(float)
    held: Counter[int] = Counter()  # in how many columns, and in how many not
    failed: Counter[int] = Counter()
    for c in range(n_cols):
        total = value_of(rows[t], c)
        if total is None or not total[0]:
            continue
        sum_, known, decimals = 0.0, 0, total[1]
        for n, r in enumerate(reversed(units), 1):
            if (part := value_of(rows[r], c)) is not None:
                sum_ += part[0]
                known += 1
                decimals = min(decimals, part[1])
            if known and (known > 1 or n == 1) and abs(total[0] - sum_) <= slack_of(known, decimals):
                proofs[n] += min(log10(abs(total[0]) * 10**decimals + 1), _DIGITS)
                held[n] += 1
            else:
                failed[n] += 1
    usual = fresh if fresh > 1 else 0
    tried = log10(len(units))
    # a total of fewer rows than stand before it holds in more columns than not: one in which a figure is missing proves nothing
    likely = [n for n in proofs if n > max(fresh - 1, 1) or held[n] > failed[n]]
    best = max(likely, key=lambda n: (proofs[n], -n), default=0)
    return best if best and proofs[best] - tried - proofs[usual] >= _UNUSUAL else usual


def _sums_up_moved(rows: Sequence[Cells], parts: Sequence[int], t: int, n_cols: int) -> bool:
    """Whether a total sums up two rows, one of which lacks figures, with those in other columns: in most that have both."""
    short = [r for r in parts if sum(figure is not None for figure in rows[r]) < n_cols]
    if len(short) != 1:
        return False
    figures = [figure for figure in rows[short[0]] if figure is not None]
    other = rows[parts[0] if short[0] == parts[1] else parts[1]]
    for places in combinations(range(n_cols), len(figures)):
        held = failed = 0
        for figure, c in zip(figures, places, strict=True):
            part, total = value_of(other, c), value_of(rows[t], c)
            if figure.value is not None and part is not None and total is not None:
                off = abs(total[0] - part[0] - figure.value)
                sums = off <= slack_of(2, min(total[1], part[1], figure.decimals))
                held, failed = held + sums, failed + (not sums)
        if held > max(failed, 1):
            return True
    return False


class Sums:
    """The sums of the parts of a block by column, kept up to date as rows are read anew."""

    def __init__(self, block: Block, rows: Sequence[Cells], n_cols: int) -> None:
        self.block = block
        self.sums = [0.0] * n_cols
        self.decimals: list[Counter[int]] = [Counter() for _ in range(n_cols)]
        for r in block.parts:
            self.replace(r, (), rows[r])

    def replace(self, r: int, old: Cells, new: Cells) -> None:
        """Row r is read anew."""
        if r == self.block.total:
            return
        for cells, by in ((old, -1), (new, 1)):
            for c in range(len(cells)):
                if (part := value_of(cells, c)) is not None:
                    self.sums[c] += by * part[0]
                    self.decimals[c][part[1]] += by

    def without(self, r: int, rows: Sequence[Cells]) -> list[Gap]:
        """What each column of the block holds without row r."""
        gaps: list[Gap] = []
        is_total, only = r == self.block.total, len(self.block.parts) == 1
        for c, (sum_, decimals) in enumerate(zip(self.sums, self.decimals, strict=True)):
            mine = None if is_total else value_of(rows[r], c)
            known = decimals.total() - (mine is not None)
            left = [d for d, n in decimals.items() if n > (mine is not None and d == mine[1])]
            total = None if is_total else value_of(rows[self.block.total], c)
            gaps.append(Gap(is_total, only, total, sum_ - (mine[0] if mine else 0.0), known, min(left, default=_MANY_DECIMALS)))
        return gaps

    def held(self, r: int, cells: Cells, rows: Sequence[Cells]) -> list[int]:
        """The columns in which the total of the block is the sum of its parts, with these cells in row r."""
        return [c for c, gap in enumerate(self.without(r, rows)) if gap.closes(value_of(cells, c))]


class Gap(NamedTuple):
    """A column of a block without one row: the total, unless that is the row, and the sum, number and decimals of the other parts."""

    for_total: bool
    only: bool
    total: tuple[float, int] | None
    sum: float
    known: int
    fewest: int

    def closes(self, value: tuple[float, int] | None) -> bool:
        """Whether the total is the sum of its parts with this figure in the row that was left out."""
        total = value if self.for_total else self.total
        if total is None or total[0] == 0:
            return False
        expected, known, fewest = self.sum, self.known, min(self.fewest, total[1])
        if value is not None and not self.for_total:
            expected, known, fewest = expected + value[0], known + 1, min(fewest, value[1])
        off = abs(total[0] - expected)
        alone = known == 1 and (self.only or (not off and abs(expected) >= _TELLING * 10.0**-fewest))
        return (known > 1 or alone) and off <= slack_of(known, fewest)


def slack_of(known: int, decimals: int) -> float:
    """By how much a sum of so many rounded figures may be off."""
    return float(10.0**-decimals * (0.51 + 0.5 * sqrt(known)))


def value_of(cells: Cells, c: int) -> tuple[float, int] | None:
    """The figure in a column and its decimals; None where there is none."""
    figure = cells[c] if c < len(cells) else None
    return None if figure is None or figure.value is None else (figure.value, figure.decimals)
