"""Numbers among the figures of a flattened table that belong to its labels: codes of units, numbers of notes and of rows.

A row alone does not tell them from figures, but from row to row they count up.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import comb, factorial

import regex

from docmine.tables.readings import Run

__all__ = ["codes_after", "numbers_before"]

_SHORTEST, _LONGEST = 3, 5  # digits of a code
_CHANCE = 0.01  # by which numbers may grow so without being codes
_COUNTED, _NOTES = 4, 3  # rows that count up, where the head tells of no notes and where it does
_FIRST = 3  # the highest number with which they begin
_SKIPPED, _RAN_IN = 0.5, 0.3  # against a number that is left out, and against one with which a figure has run together
_NUMBER = regex.compile(r"[1-9]\d?(?=\s)")
_JOINS = regex.compile(r"\d{3}(?!\d)")
_RUN_IN = (regex.compile(r"[1-9](?=[-–−]?[1-9])"), regex.compile(r"[1-9]\d(?=[-–−]?[1-9])"))


def codes_after(text: str, runs: Sequence[Run], first: int | None = None) -> list[int]:
    """The rows of which most end in numbers that grow from row to row, the codes of the labels after them; empty where they do not.

    They grow from the code of the ``first`` label, where that is known.
    """
    codes = [] if first is None else [(-1, first)]
    for r, run in enumerate(runs):
        digits = text[run.atoms[-1].start : run.end]
        if run.atoms[-1].spaced and digits.isdigit() and digits[0] != "0" and _SHORTEST <= len(digits) <= _LONGEST:
            codes.append((r, int(digits)))
    growing = _growing([code for _, code in codes])
    n, k = len(codes), len(growing)
    if 2 * k <= len(runs) or comb(n, k) >= _CHANCE * factorial(k):
        return []
    return [codes[i][0] for i in growing if codes[i][0] >= 0]


def _growing(numbers: Sequence[int]) -> list[int]:
    """The indexes of the most numbers of which each is larger than the one before."""
    least: list[int] = []  # the least last number of each length …
    ends: list[int] = []  # … and its index
    before: list[int] = []
    for i, number in enumerate(numbers):
        at = bisect_left(least, number)
        least[at : at + 1] = [number]
        ends[at : at + 1] = [i]
        before.append(ends[at - 1] if at else -1)
    found = []
    i = ends[-1] if ends else -1
    while i >= 0:
        found.append(i)
        i = before[i]
    return found[::-1]


def numbers_before(text: str, runs: Sequence[Run], sums: Sequence[bool], *, noted: bool) -> list[int | None]:
    """Where the figures of each row begin after a number that counts the rows or their notes (1, 2, 3 …).

    -1 stands where a row has no such number, as sums never do, None where it is not known: where two rows may have the same number,
    or too few count up. Where the head tells a column of notes (``noted``), the number may have run into the first figure.
    """
    numbers = [[] if sum_ else _numbers(text, run, noted) for run, sum_ in zip(runs, sums, strict=True)]
    best: dict[int, tuple[float, tuple[tuple[int, int, int], ...]]] = {}  # by the last number: what rows that count up to it are worth
    for r, some in enumerate(numbers):
        found = {}
        for number, at, against in some:
            before = [best[number - step] for step in (1, 2) if number - step in best]
            chains = [(worth - _SKIPPED * n, rows) for n, (worth, rows) in enumerate(before)]
            worth, rows = max([(0.0, ()), *chains] if number <= _FIRST else chains, key=lambda c: c[0], default=(-1.0, ()))
            if worth >= 0:
                found[number] = (worth + 1 - against, (*rows, (r, number, at)))
        for number, chain in found.items():
            if number not in best or chain[0] > best[number][0]:
                best[number] = chain
    worth, rows = max(best.values(), key=lambda c: c[0], default=(0.0, ()))
    few_rows = 3 * len(rows) < 2 * sum(not sum_ for sum_ in sums)
    if not noted and few_rows and 2 * sum(_JOINS.match(text, at) is None for _, _, at in rows) < len(rows):
        rows = ()  # they are rather the thousands of the first figures
    few = len(rows) == _NOTES and 4 * len(rows) >= 3 * len(runs)
    if not (worth >= _NOTES * (1 - _RAN_IN) if noted else few or (len(rows) >= _COUNTED and 3 * len(rows) >= len(runs))):
        return [-1 if sum_ else None for sum_ in sums]
    counted: list[int | None] = [-1] * len(runs)
    ends = [-1, *(r for r, _, _ in rows), len(runs)]
    for (r, number, at), last, after in zip(rows, ends, ends[2:], strict=False):
        rivals = [other for other in range(last + 1, after) if other != r and any(n == number for n, *_ in numbers[other])]
        counted[r] = None if rivals else at
        for other in rivals:
            counted[other] = None
    return counted


def _numbers(text: str, run: Run, noted: bool) -> list[tuple[int, int, float]]:
    """The numbers with which a run may begin, where its figures begin then, and what speaks against it."""
    found = []
    if (number := _NUMBER.match(text, run.start, run.end)) is not None:
        at = number.end()
        while text[at].isspace():
            at += 1
        found.append((int(number.group()), at, 0.0))
    if noted:
        run_in = (pattern.match(text, run.start, run.end) for pattern in _RUN_IN)
        found += [(int(m.group()), m.end(), _RAN_IN) for m in run_in if m is not None]
    return found
