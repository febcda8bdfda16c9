"""Which figures of a flattened row the arithmetic decides: those on which all its lawful readings agree.

A reading cuts the stretch of a row into as many cells as the table has columns; cells that left no trace are assumed only where it
cannot be read without. It is lawful where every relation holds with the rest of the table as it truly is.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import sqrt

import regex
from generator.lawful import Lawful, Place, Relation
from generator.lawful_print import Print, Stretch

__all__ = ["decided"]

_STEPS = 20_000  # after which a row counts as undecided
_GROUP = "[ \u00a0\u2009\u202f.]"
_SIGN = regex.compile("[-–−] ?(?=\\d)")
_DASH = regex.compile("[-–](?= |\n|$)")
_LOST = regex.compile(r",\d+\)?")
_RUN_TOGETHER = regex.compile(r"\d[ \u00a0]\d{4}|,\d+,")
_MARKED = regex.compile(r" ?%")

Reading = tuple[float | None, ...]


def decided(table: Lawful, printed: Print) -> set[Place]:
    """The places of the figures that some relation covers and on which all lawful readings of their row agree.

    Where the layout parts the cells (no ``printed.stretches``), these are all that a relation covers.
    """
    lost = set(table.values) - set(printed.values)
    relations = [r for r in table.relations if r.off(printed.values) is not None and not lost & set(r.places)]
    covered = {place for relation in relations for place in relation.places if place in printed.values}
    if not printed.stretches:
        return covered
    found: set[Place] = set()
    for row, stretch in enumerate(printed.stretches):
        places = {p for p in covered if p[0] == row}
        readings = _Row(table, printed, row, relations).readings(stretch) if places else []
        found |= {p for p in places if readings and all(_same(r[p[1]], printed.values[p]) for r in readings)}
    return found


def _same(a: float | None, b: float) -> bool:
    return a is not None and abs(a - b) < 1e-9


class _Row:
    """Searches the readings of one row."""

    def __init__(self, table: Lawful, printed: Print, row: int, relations: list[Relation]) -> None:
        self.row, self.values = row, printed.values
        self.n_cols, self.noted = table.n_cols, bool(table.notes and table.notes[row])
        self.packed = any(_RUN_TOGETHER.search(s.figures) for s in printed.stretches)
        self.decimals = max((d for (r, _), d in table.decimals.items() if r == row), default=0)
        self.step = 10.0**-self.decimals
        within: list[Relation] = []
        self.bounds: dict[int, list[tuple[float, float]]] = {}  # what the rest of the table leaves to each column
        for relation in relations:
            here = [p for p in relation.places if p[0] == row]
            if len(here) == len(relation.places):
                within.append(relation)
            elif len(here) == 1:
                self.bounds.setdefault(here[0][1], []).append(self._bound(relation, here[0]))
        self.checks = {c: [r for r in within if max(p[1] for p in r.places) == c] for c in range(self.n_cols)}
        self.steps = 0

    def _slack(self, relation: Relation) -> float:
        """What a reader allows for rounding: as much as is likely, at least as much as there is."""
        likely = self.step * (0.51 + 0.5 * sqrt(len(relation.parts)))
        return min(relation.slack, max(likely, relation.off(self.values) or 0.0)) + 1e-6

    def _bound(self, relation: Relation, place: Place) -> tuple[float, float]:
        """Between what the rest of a relation leaves to a figure."""
        slack = self._slack(relation)
        others = sum(sign * self.values.get(p, 0.0) for p, sign in relation.parts if p != place)
        if place == relation.target:
            wanted = others
        else:
            sign = dict(relation.parts)[place]
            wanted = sign * (self.values[relation.target] - others)
        return wanted - slack, wanted + slack

    def readings(self, stretch: Stretch) -> list[Reading]:
        """The lawful readings with the fewest missing cells; none where there are too many ways to read."""
        text = stretch.figures
        starts, ends = {0}, {len(text)}
        if self.noted:
            note = regex.match(r"\d{1,2}[ \n]", text)
            starts |= {note.end()} if note else set()
        if stretch.lead:
            text = f"{stretch.lead} {text}"
            starts = {0, *(s + len(stretch.lead) + 1 for s in starts)}
            ends = {len(text)}
        if stretch.tail:
            text = f"{text} {stretch.tail}"
            ends.add(len(text))
        for missing in range(self.n_cols):
            self.steps = 0
            found = {reading for start in sorted(starts) for reading in self._read(text, start, ends, (), missing)}
            if self.steps > _STEPS:
                return []
            if found:
                return sorted(found, key=str)
        return []

    def _read(self, text: str, at: int, ends: set[int], cells: Reading, missing: int) -> Iterator[Reading]:
        self.steps += 1
        if self.steps > _STEPS:
            return
        column = len(cells)
        if column == self.n_cols:
            if at in ends or (at - 1 in ends and text[at - 1 : at] == " "):
                yield cells
            return
        options = list(_figures(text, at, self.packed, self.decimals))
        if missing:
            options.append((at, None))
        for end, value in options:
            more = (*cells, value)
            if self._lawful(more):
                after = end + 1 if end > at and text[end : end + 1] in (" ", "\n") else end
                yield from self._read(text, after, ends, more, missing - (end == at))

    def _lawful(self, cells: Reading) -> bool:
        column = len(cells) - 1
        value = cells[-1]
        if any(not low <= (value or 0.0) <= high for low, high in self.bounds.get(column, ())):
            return False
        if not self.checks[column]:
            return True
        values = {(self.row, c): v for c, v in enumerate(cells) if v is not None}
        return not any((r.off(values) or 0.0) > self._slack(r) for r in self.checks[column])


@lru_cache(maxsize=4096)
def _figures(text: str, at: int, packed: bool, decimals: int) -> tuple[tuple[int, float | None], ...]:
    """The figures, dashes and rests of figures that can begin at an offset: where they end, and their values."""
    matches = (mark.match(text, at) for mark in (_DASH, _LOST))
    found: list[tuple[int, float | None]] = [(m.end(), None) for m in matches if m is not None]
    sign = _SIGN.match(text, at)
    begin = sign.end() if sign else at
    ends = [begin + n for n in (1, 2, 3)] if packed else []
    if not packed and (m := regex.match(r"\d+", text[begin:])) is not None:
        ends = [begin + m.end()]
    for end in ends:
        digits = text[begin:end]
        if not digits.isdigit() or (digits[0] == "0" and len(digits) > 1):
            continue
        while True:
            found += [(stop, -v if sign else v) for stop, v in _whole(text, begin, end, packed, decimals)]
            group = regex.compile(_GROUP + (r"\d{3}" if packed else r"\d{3}(?!\d)")).match(text, end)
            if group is None or len(digits) > 3 or digits == "0":
                break
            end = group.end()
    return tuple(dict.fromkeys(found))


def _whole(text: str, begin: int, end: int, packed: bool, decimals: int) -> Iterator[tuple[int, float]]:
    """A figure whose whole digits end at ``end``, with its decimals and per cent sign."""
    digits = "".join(ch for ch in text[begin:end] if ch.isdigit())
    tail = regex.compile(rf",\d{{{decimals}}}" if packed and decimals else r",\d+").match(text, end)
    if tail is not None:
        digits += "." + tail.group()[1:]
        end = tail.end()
    marked = _MARKED.match(text, end)
    end = marked.end() if marked else end
    if packed or end == len(text) or not (text[end].isdigit() or text[end] in "\u00a0\u2009\u202f"):
        yield end, float(digits)
