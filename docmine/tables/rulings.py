"""Ruled lattices: rulings and filled cells of a PDF page as grids of lines, with the cells that they merge."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docmine.records import Box, Rule

__all__ = ["Lattice", "find_lattices"]

_THIN = 3.0  # a rectangle thinner than this is a line
_SNAP = 3.0  # lines closer than this are one
_REACH = 4.5  # lines that miss each other by this still meet
_MOST = 1500  # a page with more separate lines than this is a drawing

Segment = tuple[float, float, float]  # position, from, to


@dataclass(frozen=True)
class Lattice:
    """Lines that meet: column edges ``xs``, row edges ``ys``, and the segments that are really drawn on them."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    across: dict[float, list[tuple[float, float]]]
    down: dict[float, list[tuple[float, float]]]

    @property
    def box(self) -> Box:
        """The frame of the lattice."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def wall_right(self, row: int, col: int) -> bool:
        """Whether a line parts the cell from its right neighbour."""
        return _covers(self.down.get(self.xs[col + 1], ()), (self.ys[row] + self.ys[row + 1]) / 2)

    def wall_below(self, row: int, col: int) -> bool:
        """Whether a line parts the cell from the one below."""
        return _covers(self.across.get(self.ys[row + 1], ()), (self.xs[col] + self.xs[col + 1]) / 2)


def _covers(spans: Iterable[tuple[float, float]], at: float) -> bool:
    return any(a <= at <= b for a, b in spans)


def find_lattices(rules: Sequence[Rule], width: float, height: float) -> list[Lattice]:
    """The lattices of a page, from top to bottom."""
    across: list[Segment] = []
    down: list[Segment] = []
    areas: list[Rule] = []
    for rule in rules:
        w, h = rule.x1 - rule.x0, rule.bottom - rule.top
        if h <= _THIN < w:
            across.append(((rule.top + rule.bottom) / 2, rule.x0, rule.x1))
        elif w <= _THIN < h:
            down.append(((rule.x0 + rule.x1) / 2, rule.top, rule.bottom))
        elif w > 8 and h > 6 and w * h < 0.6 * width * height and rule.fill != "#ffffff":
            areas.append(rule)
    for area in _outermost(areas):
        across += [(area.top, area.x0, area.x1), (area.bottom, area.x0, area.x1)]
        down += [(area.x0, area.top, area.bottom), (area.x1, area.top, area.bottom)]
    rows, cols = _joined(across), _joined(down)
    if not rows or not cols or len(rows) + len(cols) > _MOST:
        return []
    return sorted(_components(rows, cols), key=lambda lattice: lattice.ys[0])


def _outermost(areas: list[Rule]) -> list[Rule]:
    """Filled areas without those that lie within another of the same colour: the shading of paragraphs in shaded cells."""
    if len(areas) > _MOST:
        return []
    kept: list[Rule] = []
    for area in sorted(areas, key=lambda a: (a.x0 - a.x1) * (a.bottom - a.top)):
        if not any(
            a.fill == area.fill and a.x0 - 1 <= area.x0 and area.x1 <= a.x1 + 1 and a.top - 1 <= area.top and area.bottom <= a.bottom + 1
            for a in kept
        ):
            kept.append(area)
    return kept


def _joined(segments: list[Segment]) -> list[Segment]:
    """Segments snapped to common positions, those on one line that touch joined."""
    segments.sort()
    lines: list[list[Segment]] = []
    for segment in segments:
        if lines and segment[0] - lines[-1][0][0] <= _SNAP:
            lines[-1].append(segment)
        else:
            lines.append([segment])
    joined: list[Segment] = []
    for line in lines:
        at = sum(s[0] for s in line) / len(line)
        spans = sorted((a, b) for _, a, b in line)
        begin, end = spans[0]
        for a, b in spans[1:]:
            if a <= end + _REACH:
                end = max(end, b)
            else:
                joined.append((at, begin, end))
                begin, end = a, b
        joined.append((at, begin, end))
    return joined


def _components(rows: list[Segment], cols: list[Segment]) -> Iterable[Lattice]:
    """Groups of rows and columns that meet, each as a lattice of at least two rows or columns of cells."""
    parent = list(range(len(rows) + len(cols)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    positions = [y for y, _, _ in rows]
    for j, (x, top, bottom) in enumerate(cols):
        for i in range(bisect_left(positions, top - _REACH), len(rows)):
            y, x0, x1 = rows[i]
            if y > bottom + _REACH:
                break
            if x0 - _REACH <= x <= x1 + _REACH:
                parent[root(i)] = root(len(rows) + j)
    groups: dict[int, tuple[list[Segment], list[Segment]]] = {}
    for i, segment in enumerate(rows):
        groups.setdefault(root(i), ([], []))[0].append(segment)
    for j, segment in enumerate(cols):
        groups.setdefault(root(len(rows) + j), ([], []))[1].append(segment)
    for across, down in groups.values():
        xs, ys = sorted({s[0] for s in down}), sorted({s[0] for s in across})
        if len(xs) < 2 or len(ys) < 2 or len(xs) + len(ys) < 5:
            continue
        if xs[-1] - xs[0] < 60 or ys[-1] - ys[0] < 12:
            continue
        yield Lattice(tuple(xs), tuple(ys), _by_position(across), _by_position(down))


def _by_position(segments: list[Segment]) -> dict[float, list[tuple[float, float]]]:
    found: dict[float, list[tuple[float, float]]] = {}
    for at, a, b in segments:
        found.setdefault(at, []).append((a - _REACH, b + _REACH))
    return found
