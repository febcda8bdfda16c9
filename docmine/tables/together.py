"""Readings of several rows of a flattened table that are changed together, where the totals then hold.

One row alone may not tell: two figures in the wrong column, or two notes that have run into figures, spoil a sum until both are read
otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import log10, prod
from typing import NamedTuple

import numpy as np

from docmine.tables.readings import Reading
from docmine.tables.sums import Block, Cells, Sums, slack_of, value_of

__all__ = ["Candidate", "adds_up", "cells_of", "filled", "mend", "place_together"]

_MANY_WAYS, _MOST_WAYS = 4096, 65_536  # in which the figures of rows that lack some are tried; the most where totals prove much
_TELLING = 2.0  # powers of ten by which totals must be too large to hold by chance in one of the ways that are tried
_SPOILT = 2  # columns that a figure in a wrong place spoils
_MOST_CHANGES, _ROWS_AT_ONCE = 24, 3  # other readings that are tried, and how many of them together


class Candidate(NamedTuple):
    """A way to read a row: its cells, what speaks against it, and how many powers of ten its figures lie above their middle."""

    cells: Cells
    cost: float
    reading: Reading
    offsets: tuple[tuple[int, float], ...] = ()


def cells_of(candidate: Candidate | None) -> Cells:
    """The cells of a reading, none where there is none."""
    return candidate.cells if candidate is not None else ()


def place_together(
    candidates: Sequence[Sequence[Candidate]],
    weighed: Sequence[Sequence[float]],
    chosen: list[Candidate | None],
    blocks: Sequence[Block],
    n_cols: int,
) -> set[int]:
    """Move the figures of rows that lack some into the columns in which the totals then hold; the rows so settled.

    The rows of a block lack the same columns more often than not (things that were begun this year), so they move together.
    """
    settled: set[int] = set()
    for block in blocks:
        short: dict[int, dict[tuple[int, ...], Candidate]] = {}
        for r in block.parts:
            if (pick := chosen[r]) is None or filled(pick.cells) == n_cols:
                continue
            for _, candidate in sorted(zip(weighed[r], candidates[r], strict=True), key=lambda w: w[0]):
                if filled(candidate.cells) < n_cols:
                    short.setdefault(r, {}).setdefault(tuple([c for c, f in enumerate(candidate.cells) if f is not None]), candidate)
        places = sorted({place for found in short.values() for place in found})
        best = len(adds_up(chosen, block, n_cols))
        rows = [cells_of(pick) for pick in chosen]
        sums = Sums(block, rows, n_cols)
        for place in places:
            moved = {r: found[place] for r, found in short.items() if place in found}
            for r, candidate in moved.items():
                sums.replace(r, rows[r], candidate.cells)
            held = len(sums.held(block.total, rows[block.total], rows))
            if held > best:
                best = held
                for r, candidate in moved.items():
                    chosen[r], rows[r] = candidate, candidate.cells
                settled = (settled - set(short)) | (set(moved) if held == n_cols else set())
            else:
                for r, candidate in moved.items():
                    sums.replace(r, candidate.cells, rows[r])
        if short and best < n_cols:
            held, placed = _place_each(short, chosen, block, n_cols)
            for r, candidate in placed.items():
                chosen[r] = candidate
            settled |= set(placed) if held == n_cols else set()
    return settled


def _place_each(
    short: Mapping[int, Mapping[tuple[int, ...], Candidate]], chosen: Sequence[Candidate | None], block: Block, n_cols: int
) -> tuple[int, dict[int, Candidate]]:
    """The places of the figures of rows that lack some, each row its own, with which all totals hold, and how many do.

    Where the others hardly hold by chance, one total may fail, for the source may have an error; else there are no such places.
    """
    if prod(len(found) for found in short.values()) > _MOST_WAYS:
        return 0, {}
    trial = list(chosen)
    for r in short:
        trial[r] = None
    sums = Sums(block, [cells_of(pick) for pick in trial], n_cols)
    totals = [value_of(cells_of(chosen[block.total]), c) for c in range(n_cols)]
    wanted = [None if total is None else total[0] - sum_ for total, sum_ in zip(totals, sums.sums, strict=True)]
    decimals = [max((d for d, n in counts.items() if n), default=0) for counts in sums.decimals]
    slack = [slack_of(len(block.parts), d) for d in decimals]
    proofs = [0.0 if t is None else log10(1 + abs(t[0]) / (2 * s)) for t, s in zip(totals, slack, strict=True)]
    by_chance = log10(prod(len(found) for found in short.values()))
    telling = n_cols > 2 and sum(proofs) - max(proofs) - by_chance >= _TELLING
    if by_chance > log10(_MANY_WAYS) and not telling:
        return 0, {}
    added = np.zeros((1, n_cols))  # what each way adds to the columns, the last row's places changing first
    for found in short.values():
        more = [[v[0] if (v := value_of(pick.cells, c)) is not None else 0.0 for c in range(n_cols)] for pick in found.values()]
        added = (added[:, None, :] + np.array(more)).reshape(-1, n_cols)
    missed = np.abs(np.array([np.nan if w is None else w for w in wanted]) - added)
    held = (missed <= np.array(slack)).sum(axis=1)
    way = int(held.argmax())
    if held[way] <= (n_cols - 2 if telling else n_cols - 1):
        return 0, {}
    at = np.unravel_index(way, [len(found) for found in short.values()])
    return int(held[way]), {r: list(found.values())[int(n)] for (r, found), n in zip(short.items(), at, strict=True)}


def mend(
    candidates: Sequence[Sequence[Candidate]],
    weighed: Sequence[Sequence[float]],
    chosen: list[Candidate | None],
    blocks: Sequence[Block],
    n_cols: int,
    worth: float,
) -> set[int]:
    """Read up to three rows otherwise where two totals more of a block then hold and none less; the rows of which then all totals hold.

    An error of the source spoils one column, a figure in a wrong place two: so none is read away. Each total more is ``worth`` what
    speaks against the readings, so that no clear one is bent.
    """
    settled: set[int] = set()
    for block in blocks:
        held = adds_up(chosen, block, n_cols)
        rows = [cells_of(pick) for pick in chosen]
        open_ = [c for c in range(n_cols) if c not in held and value_of(rows[block.total], c) is not None]
        if len(open_) < _SPOILT or not held:
            continue
        changes = sorted(_changes(candidates, weighed, chosen, block, worth * len(open_)), key=lambda change: change[0])[:_MOST_CHANGES]
        sums = Sums(block, rows, n_cols)
        best: tuple[float, tuple[tuple[int, Candidate], ...]] = (0.0, ())
        for n in range(1, _ROWS_AT_ONCE + 1):
            for some in combinations(changes, n):
                if len({r for _, r, _ in some}) < n:
                    continue
                against = sum(more for more, _, _ in some)
                if worth * len(open_) - against <= best[0]:
                    continue
                gained = _gained(sums, rows, [(r, pick.cells) for _, r, pick in some], held, open_)
                gain = worth * gained - against
                if gained >= _SPOILT and gain > best[0]:
                    best = gain, tuple((r, pick) for _, r, pick in some)
        for r, pick in best[1]:
            chosen[r] = pick
        if best[1] and len(adds_up(chosen, block, n_cols)) == n_cols:
            settled |= {r for r, _ in best[1]}
    return settled


def _changes(
    candidates: Sequence[Sequence[Candidate]],
    weighed: Sequence[Sequence[float]],
    chosen: Sequence[Candidate | None],
    block: Block,
    most: float,
) -> Iterator[tuple[float, int, Candidate]]:
    """The other readings of the parts of a block, and how much more than against the chosen one speaks against each."""
    for r in block.parts:
        if (pick := chosen[r]) is None or len(candidates[r]) < 2:
            continue
        mine = next((w for w, c in zip(weighed[r], candidates[r], strict=True) if c is pick), None)
        for weight, candidate in zip(weighed[r], candidates[r], strict=True):
            if candidate is not pick and mine is not None and weight - mine < most:
                yield weight - mine, r, candidate


def _gained(sums: Sums, rows: Sequence[Cells], changed: Sequence[tuple[int, Cells]], held: Sequence[int], open_: Sequence[int]) -> int:
    """In how many more columns a total holds with some rows changed; 0 where it no longer holds in another."""
    total = rows[sums.block.total]
    gained = 0
    for c in (*open_, *held):
        printed = value_of(total, c)
        expected, known = sums.sums[c], sums.decimals[c].total()
        for r, cells in changed:
            old, new = value_of(rows[r], c), value_of(cells, c)
            expected += (new[0] if new else 0.0) - (old[0] if old else 0.0)
            known += bool(new) - bool(old)
        if printed is None or abs(printed[0] - expected) > slack_of(max(known, 1), printed[1]):
            if c in held:
                return 0
        elif c in open_:
            gained += 1
    return gained


def filled(cells: Cells) -> int:
    """How many columns of a row have a figure or a dash."""
    return sum(f is not None for f in cells)


def adds_up(chosen: Sequence[Candidate | None], block: Block, n_cols: int) -> list[int]:
    """The columns in which the total of a block is the sum of its rows."""
    rows = [cells_of(pick) for pick in chosen]
    return Sums(block, rows, n_cols).held(block.total, rows[block.total], rows)
