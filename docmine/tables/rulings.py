"""Ruled lattices: rulings and filled cells of a PDF page as grids of lines, with the cells that they merge."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docmine.records import Box, Rule

__all__ = ["Lattice", "find_lattices"]

_THIN = 3.0  # a rectangle thinner than this is a line
_SNAP = 3.5  # lines closer than this are one
_REACH = 4.5  # lines that miss each other by this still meet
_OVERHANG = 12.0  # lines that go on this far beyond the last one across them leave a column or row open
_SUBHEADING = 28.0  # the height of a row without column lines
_MOST = 1500  # a page with more separate lines than this is a drawing

Segment = tuple[float, float, float]  # position, from, to
Group = tuple[list[Segment], list[Segment]]  # lines across and down that meet


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
        x0, top, x1, bottom, _ = rule
        w, h = x1 - x0, bottom - top
        if h <= _THIN < w:
            across.append(((top + bottom) / 2, x0, x1))
        elif w <= _THIN < h:
            down.append(((x0 + x1) / 2, top, bottom))
        elif w > 8 and h > 6 and w * h < 0.6 * width * height and rule.fill != "#ffffff":
            areas.append(rule)
    for area in _outermost(areas):
        across += [(area.top, area.x0, area.x1), (area.bottom, area.x0, area.x1)]
        down += [(area.x0, area.top, area.bottom), (area.x1, area.top, area.bottom)]
    rows, cols = _joined(across), _joined(down)
    if not rows or not cols or len(rows) + len(cols) > _MOST:
        return []
    return [lattice for group in _stacked(_components(rows, cols)) if (lattice := _lattice(*group)) is not None]


def _outermost(areas: list[Rule]) -> list[Rule]:
    """Filled areas without those that lie within another of the same colour: the shading of paragraphs in shaded cells."""
    if len(areas) > _MOST:
        return []
    kept: list[Rule] = []
    by_fill: dict[str | None, list[Rule]] = {}
    for area in sorted(areas, key=lambda a: (a.x0 - a.x1) * (a.bottom - a.top)):
        same = by_fill.setdefault(area.fill, [])
        for a in same:
            if a.x0 - 1 <= area.x0 and area.x1 <= a.x1 + 1 and a.top - 1 <= area.top and area.bottom <= a.bottom + 1:
                break
        else:
            same.append(area)
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


def _components(rows: list[Segment], cols: list[Segment]) -> list[Group]:
    """Groups of rows and columns that meet."""
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
    groups: dict[int, Group] = {}
    for i, segment in enumerate(rows):
        groups.setdefault(root(i), ([], []))[0].append(segment)
    for j, segment in enumerate(cols):
        groups.setdefault(root(len(rows) + j), ([], []))[1].append(segment)
    return [(across, down) for across, down in groups.values() if across and down]


def _stacked(groups: list[Group]) -> list[Group]:
    """Groups with those joined that a row without column lines parts: a subheading across the table."""
    joined: list[Group] = []
    for across, down in sorted(groups, key=lambda g: min(s[0] for s in g[0])):
        for above in joined:
            gap = min(s[0] for s in across) - max(s[0] for s in above[0])
            if 0 < gap <= _SUBHEADING and _same_columns(above, (across, down)):
                above[0].extend(across)
                above[1].extend(down)
                break
        else:
            joined.append((list(across), list(down)))
    return joined


def _same_columns(a: Group, b: Group) -> bool:
    left, right = min(s[1] for s in a[0]) - min(s[1] for s in b[0]), max(s[2] for s in a[0]) - max(s[2] for s in b[0])
    xs, others = {s[0] for s in a[1]}, {s[0] for s in b[1]}
    common = sum(any(abs(x - other) <= _SNAP for other in others) for x in xs)
    return abs(left) <= 2 * _SNAP and abs(right) <= 2 * _SNAP and 2 * common >= min(len(xs), len(others)) and common > 0


def _lattice(across: list[Segment], down: list[Segment]) -> Lattice | None:
    """The lattice of a group with the outer edges that its lines reach; None where it is no more than a box or a stroke."""
    xs, ys = _snapped(s[0] for s in down), _snapped(s[0] for s in across)
    left, right = min(s[1] for s in across), max(s[2] for s in across)
    top, bottom = min(s[1] for s in down), max(s[2] for s in down)
    xs = [left] * (left < xs[0] - _OVERHANG) + xs + [right] * (right > xs[-1] + _OVERHANG)
    ys = [top] * (top < ys[0] - _OVERHANG) + ys + [bottom] * (bottom > ys[-1] + _OVERHANG)
    if len(xs) < 2 or len(ys) < 2 or len(xs) + len(ys) < 5 or xs[-1] - xs[0] < 60 or ys[-1] - ys[0] < 12:
        return None
    return Lattice(tuple(xs), tuple(ys), _by_position(across, ys), _by_position(down, xs))


def _snapped(positions: Iterable[float]) -> list[float]:
    kept: list[float] = []
    for at in sorted(set(positions)):
        if not kept or at - kept[-1] > _SNAP:
            kept.append(at)
    return kept


def _by_position(segments: list[Segment], edges: list[float]) -> dict[float, list[tuple[float, float]]]:
    found: dict[float, list[tuple[float, float]]] = {}
    for at, a, b in segments:
        i = bisect_left(edges, at)
        near = edges[i - 1] if i == len(edges) or (i and at - edges[i - 1] <= edges[i] - at) else edges[i]
        found.setdefault(near, []).append((a - _REACH, b + _REACH))
    return found
