"""Reading order: the words of a page as blocks of lines.

A page is cut first by its ruled tables, whose rows come from top to bottom and, where a row's cells hold several lines, cell
by cell from left to right; what stands outside is cut at the gutters between text columns. What is left is read line by line.

Notes for a newcomer: `blocks` is the way in; `_Grid` knows the rulings, `_columns` the gutters, `_lines` the baselines.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from operator import attrgetter, sub
from typing import Literal, NamedTuple

import regex

from docmine.records import Rule

__all__ = ["SLANTING", "Block", "RawLine", "RawPage", "RawWord", "blocks", "turned_box"]


class RawWord(NamedTuple):
    """A word as it is read, in the coordinates in which it is read; ``box`` is where it stands on the page.

    ``base`` is the height of the baseline, ``turn`` the direction of the text in quarter turns clockwise, or `SLANTING`;
    ``confidence`` is below 1 where the word was read from a picture.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    style: int
    size: float
    turn: int
    box: tuple[float, float, float, float]
    confidence: float = 1.0


#: the turn of text that runs neither along nor across the page, such as the labels of a chart
SLANTING = 4


@dataclass(slots=True)
class RawPage:
    """A page before its words have an order.

    ``pictures`` are the boxes of its pictures, ``covered`` the share of it that they cover, ``unmapped`` how many characters were
    left out because nothing says what they mean, ``slant`` by how many degrees its picture was turned; ``damaged`` where it could
    not be read at all. ``state`` is what `docmine.load.damage.judge` makes of these.
    """

    number: int
    width: float
    height: float
    words: list[RawWord]
    rules: list[Rule]
    covered: float
    pictures: list[tuple[float, float, float, float]] = field(default_factory=list)
    damaged: bool = False
    unmapped: int = 0
    slant: float = 0.0
    state: Literal["ok", "empty", "pictured", "scanned", "damaged"] = "ok"


class RawLine(NamedTuple):
    """Words of one line, left to right."""

    words: tuple[RawWord, ...]

    @property
    def x0(self) -> float:
        """Left edge."""
        return min(w.x0 for w in self.words)

    @property
    def x1(self) -> float:
        """Right edge."""
        return max(w.x1 for w in self.words)

    @property
    def top(self) -> float:
        """Upper edge."""
        return min(w.top for w in self.words)

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return max(w.bottom for w in self.words)

    @property
    def base(self) -> float:
        """The baseline of its largest type."""
        return max((w.size, w.base) for w in self.words)[1]

    @property
    def text(self) -> str:
        """The words with a space between them."""
        return " ".join(w.text for w in self.words)


@dataclass(slots=True)
class Block:
    """Lines that belong together: running text of one column, or one cell or row of a table (``table`` says which table)."""

    lines: list[RawLine]
    table: int | None = None
    row: int | None = None
    turned: bool = False


#: two words stand on one line when their baselines differ by less than this share of the smaller type size
_SAME_LINE = 0.55
#: a rectangle thinner than this many points is a ruling line
_THIN = 3.0
#: rulings that come this close touch
_TOUCH = 3.0
#: columns of text are parted by at least this many points, and run on for this many lines
_MIN_GUTTER = 9.0
_PROSE_LINES = 5
_LEFT, _RIGHT, _BASE, _TURN = attrgetter("x0"), attrgetter("x1"), attrgetter("base"), attrgetter("turn")
_AT, _BEGIN = attrgetter("at"), attrgetter("a")
_new = tuple.__new__
_FIGURE = regex.compile(r"[-–−+±]?\d[\d.,]*%?")


def blocks(page: RawPage) -> list[Block]:
    """The blocks of a page in reading order."""
    if not page.words:
        return []
    by_turn: dict[int, list[RawWord]] = {}
    if any(map(_TURN, page.words)):
        for word in page.words:
            by_turn.setdefault(word.turn, []).append(word)
    else:
        by_turn[0] = page.words
    slanting = by_turn.pop(SLANTING, [])
    # no line holds together words of different slants: they stay in the order in which they were drawn
    labels = [Block([RawLine((w,)) for w in slanting], turned=True)] if slanting else []
    if not by_turn:
        return labels
    main = max(by_turn, key=lambda t: (len(by_turn[t]), -t))
    rules = [_turned_rule(r, main, page) for r in page.rules] if main else page.rules
    found = _upright(_seen(by_turn[main], main, page), _Grid(rules))
    for turn in sorted(by_turn):
        if turn != main:
            found += [Block(_lines(_seen(by_turn[turn], turn, page)), turned=True)]
    return found + labels


def _seen(words: list[RawWord], turn: int, page: RawPage) -> list[RawWord]:
    """The words in the coordinates of a reader who has turned the page so that they stand upright."""
    if turn == 0:
        return words
    seen = []
    for w in words:
        x0, top, x1, bottom = turned_box((w.x0, w.top, w.x1, w.bottom), turn, page)
        base = {1: page.width - w.base, 2: page.height - w.base, 3: w.base}[turn]
        seen.append(w._replace(x0=x0, top=top, x1=x1, bottom=bottom, base=base))
    return seen


def turned_box(box: tuple[float, float, float, float], turn: int, page: RawPage) -> tuple[float, float, float, float]:
    """A box on a page in the coordinates of a reader for whom text in direction ``turn`` stands upright."""
    x0, top, x1, bottom = box
    if turn == 1:
        return top, page.width - x1, bottom, page.width - x0
    if turn == 2:
        return page.width - x1, page.height - bottom, page.width - x0, page.height - top
    if turn == 3:
        return page.height - bottom, x0, page.height - top, x1
    return box


def _turned_rule(rule: Rule, turn: int, page: RawPage) -> Rule:
    return Rule(*turned_box(rule[:4], turn, page), rule.fill)


class _Edge(NamedTuple):
    """A ruling: its place across (``at``) and its extent along (``a`` to ``b``)."""

    at: float
    a: float
    b: float


@dataclass(slots=True)
class _Frame:
    """A ruled table: its rulings and their extent."""

    across: list[_Edge] = field(default_factory=list)
    down: list[_Edge] = field(default_factory=list)
    x0: float = 0.0
    top: float = 0.0
    x1: float = 0.0
    bottom: float = 0.0


class _Grid:
    """The ruled tables of a page."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        across: list[_Edge] = []
        down: list[_Edge] = []
        for x0, top, x1, bottom, fill in rules:
            wide, high = x1 - x0, bottom - top
            if high <= _THIN and wide > 2 * _THIN:
                across.append(_new(_Edge, ((top + bottom) / 2, x0, x1)))
            elif wide <= _THIN and high > 2 * _THIN:
                down.append(_new(_Edge, ((x0 + x1) / 2, top, bottom)))
            elif wide > 2 * _THIN and high > 2 * _THIN and fill != "#ffffff":
                across += [_new(_Edge, (top, x0, x1)), _new(_Edge, (bottom, x0, x1))]
                down += [_new(_Edge, (x0, top, bottom)), _new(_Edge, (x1, top, bottom))]
        self.frames = _frames(_merged(across), _merged(down))


def _merged(edges: list[_Edge]) -> list[_Edge]:
    """Pieces of one ruling put together."""
    edges.sort()
    groups: list[list[_Edge]] = []
    for edge in edges:
        if groups and edge.at - groups[-1][0].at <= 1.5:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    found: list[_Edge] = []
    for group in groups:
        if len(group) == 1:
            found += group
            continue
        at = sum([e.at for e in group]) / len(group)
        a = b = None
        for e in sorted(group, key=_BEGIN):
            if b is not None and a is not None and e.a <= b + _TOUCH:
                b = max(b, e.b)
                continue
            if a is not None and b is not None:
                found.append(_new(_Edge, (at, a, b)))
            a, b = e.a, e.b
        if a is not None and b is not None:
            found.append(_new(_Edge, (at, a, b)))
    return found


def _frames(across: list[_Edge], down: list[_Edge]) -> list[_Frame]:
    """Rulings that touch or lie over one another with the same extent, put together as tables of at least two rows."""
    frames: list[_Frame] = []
    owner = list(range(len(across)))

    def root(i: int) -> int:
        while owner[i] != i:
            owner[i] = owner[owner[i]]
            i = owner[i]
        return i

    met: dict[int, list[_Edge]] = {}
    heights = list(map(_AT, across))
    for d in down:
        near = range(bisect_left(heights, d.a - _TOUCH), bisect_right(heights, d.b + _TOUCH))
        touched = [i for i in near if across[i].a - _TOUCH <= d.at <= across[i].b + _TOUCH]
        for i in touched[1:]:
            owner[root(i)] = root(touched[0])
        if touched:
            met.setdefault(touched[0], []).append(d)
    # rows ruled only from side to side: neighbours of one extent
    for i in range(1, len(across)):
        for k in range(i - 1, max(i - 4, -1), -1):
            same = abs(across[i].a - across[k].a) <= _TOUCH and abs(across[i].b - across[k].b) <= _TOUCH
            if same and across[i].at - across[k].at < 60:
                owner[root(i)] = root(k)
                break
    groups: dict[int, _Frame] = {}
    for i, h in enumerate(across):
        groups.setdefault(root(i), _Frame()).across.append(h)
    for i, ds in met.items():
        groups[root(i)].down += ds
    for frame in groups.values():
        if len(frame.across) < 2:
            continue
        frame.x0 = min(e.a for e in frame.across)
        frame.x1 = max(e.b for e in frame.across)
        frame.top = min([e.at for e in frame.across] + [e.a for e in frame.down])
        frame.bottom = max([e.at for e in frame.across] + [e.b for e in frame.down])
        frame.down.sort()
        frames.append(frame)
    frames.sort(key=lambda f: (f.top, f.x0))
    return [f for f in frames if not any(g is not f and _inside(f, g) for g in frames)]


def _inside(f: _Frame, g: _Frame) -> bool:
    return (
        f.x0 >= g.x0 - 1
        and f.x1 <= g.x1 + 1
        and f.top >= g.top - 1
        and f.bottom <= g.bottom + 1
        and (f.x1 - f.x0, f.bottom - f.top)
        != (
            g.x1 - g.x0,
            g.bottom - g.top,
        )
    )


def _upright(words: list[RawWord], grid: _Grid) -> list[Block]:
    """Blocks of upright words: zones between tables, and tables, from top to bottom."""
    frames = grid.frames
    if not frames:
        return _columns(_rows(words))
    inside: dict[int, list[RawWord]] = {}
    free: list[RawWord] = []
    sides = [(i, f.x0 - 2, f.top, f.x1 + 2, f.bottom) for i, f in enumerate(frames)]
    for word in words:
        x, y = (word.x0 + word.x1) / 2, word.base - 0.3 * word.size
        for i, x0, top, x1, bottom in sides:
            if top <= y <= bottom and x0 <= x <= x1:
                inside.setdefault(i, []).append(word)
                break
        else:
            free.append(word)
    # what stands beside a table at its height is read before it when to its left, after it when to its right
    tables = sorted(inside)
    zones: dict[int, list[RawWord]] = {}
    for word in free:
        y = word.base - 0.3 * word.size
        above = 0
        for k, i in enumerate(tables, 1):
            f = frames[i]
            if f.top >= y:
                break
            if f.bottom <= y or word.x0 >= f.x1 - 2:
                above = k
        zones.setdefault(above, []).append(word)
    found: list[Block] = []
    for k in range(len(tables) + 1):
        if k in zones:
            found += _columns(_rows(zones[k]))
        if k < len(tables):
            found += _table(inside[tables[k]], frames[tables[k]], tables[k])
    return found


def _rows(words: Iterable[RawWord]) -> list[list[RawWord]]:
    """Words grouped by baseline, each group from left to right, groups from top to bottom."""
    rows: list[list[RawWord]] = []
    anchor, size = 0.0, 0.0
    row: list[RawWord] = []
    # by the left edge among equals, since the second sort keeps the order of the first
    for word in sorted(sorted(words, key=_LEFT), key=_BASE):
        base, own = word.base, word.size
        # most words stand on the very line of the word before
        if row and (base == anchor or base - anchor <= _SAME_LINE * min(size, own)):
            row.append(word)
            if own > size:
                anchor, size = base, own
        else:
            row = [word]
            rows.append(row)
            anchor, size = base, own
    for row in rows:
        # words on the very same line are in order already
        if row[0].base != row[-1].base:
            row.sort(key=_LEFT)
    return rows


def _lines(words: Iterable[RawWord]) -> list[RawLine]:
    return _as_lines(_rows(words))


def _as_lines(rows: Iterable[Sequence[RawWord]]) -> list[RawLine]:
    return [_new(RawLine, (tuple(row),)) for row in rows]


def _wordy(words: Sequence[RawWord]) -> int:
    """How many of the words are made of letters."""
    return sum(1 for w in words if len(w.text) > 1 and w.text[:2].isalpha())


def _columns(rows: list[list[RawWord]], depth: int = 0) -> list[Block]:
    """Rows of words outside tables as blocks, columns of running text one after the other."""
    if not rows:
        return []
    cut = _gutter(rows) if depth < 4 and len(rows) >= _PROSE_LINES else None
    if cut is None:
        return [Block(_as_lines(rows))]
    first, last, x = cut
    left = [w for row in rows[first:last] for w in row if w.x1 <= x]
    right = [w for row in rows[first:last] for w in row if w.x1 > x]
    return [
        *_columns(rows[:first], depth + 1),
        *_columns(_rows(left), depth + 1),
        *_columns(_rows(right), depth + 1),
        *_columns(rows[last:], depth + 1),
    ]


def _gutter(rows: list[list[RawWord]]) -> tuple[int, int, float] | None:
    """First and last (half open) row and the place of a strip that stays empty between running text on both sides."""
    tried: list[tuple[int, float]] = []
    for i, row in enumerate(rows):
        # most rows have no gap at all
        if max(map(sub, map(_LEFT, row[1:]), map(_RIGHT, row)), default=0.0) < _MIN_GUTTER:
            continue
        for k, (before, after) in enumerate(pairwise(row), 1):
            a, b = before.x1, after.x0
            if b - a < _MIN_GUTTER or _wordy(row[:k]) < 3 or _wordy(row[k:]) < 2:
                continue
            if any(end > i and a < x < b for end, x in tried):
                continue
            found = _run(rows, i, a, b)
            tried.append((found[1], (found[2] + found[3]) / 2))
            first, last, g0, g1 = found
            if _is_prose(rows[first:last], (g0 + g1) / 2):
                return first, last, (g0 + g1) / 2
    return None


def _run(rows: list[list[RawWord]], start: int, g0: float, g1: float) -> tuple[int, int, float, float]:
    """How far up and down from a row the strip between ``g0`` and ``g1``, narrowed as needed, stays empty."""

    def narrowed(row: list[RawWord], g0: float, g1: float) -> tuple[float, float] | None:
        left = max((w.x1 for w in row if (w.x0 + w.x1) / 2 < (g0 + g1) / 2), default=g0)
        right = min((w.x0 for w in row if (w.x0 + w.x1) / 2 >= (g0 + g1) / 2), default=g1)
        a, b = max(g0, left), min(g1, right)
        return (a, b) if b - a >= _MIN_GUTTER else None

    first, last = start, start + 1
    while last < len(rows) and (new := narrowed(rows[last], g0, g1)):
        g0, g1 = new
        last += 1
    while first > 0 and (new := narrowed(rows[first - 1], g0, g1)):
        g0, g1 = new
        first -= 1
    # rows at either end that stand on one side only belong to what is above or below, unless they are of a column's width
    return first, last, g0, g1


def _is_prose(rows: list[list[RawWord]], x: float) -> bool:
    """Whether the rows are two columns of running text on the two sides of ``x`` rather than cells of a table."""
    left = [part for row in rows if (part := [w for w in row if w.x1 <= x])]
    right = [part for row in rows if (part := [w for w in row if w.x1 > x])]
    if min(len(left), len(right)) < _PROSE_LINES:
        return False
    for column in (left, right):
        words = sum(map(len, column))
        if words < 3.2 * len(column) or sum(map(_wordy, column)) < 0.6 * words:
            return False
        width = max(line[-1].x1 for line in column) - min(line[0].x0 for line in column)
        full = sum(1 for line in column if line[-1].x1 - line[0].x0 > 0.7 * width)
        if full < 0.4 * len(column):
            return False
    return True


def _table(words: list[RawWord], frame: _Frame, index: int) -> list[Block]:
    """The rows of a ruled table as blocks: cut at the rulings that go all through, across before down."""
    found: list[Block] = []
    todo: list[tuple[list[RawWord], float, float, float, float]] = [(words, frame.x0, frame.top, frame.x1, frame.bottom)]
    row = 0
    while todo:
        words, x0, top, x1, bottom = todo.pop()
        if not words:
            continue
        within = _between(frame.across, top + _TOUCH, bottom - _TOUCH)
        across = [e for e in within if e.a < x1 - _TOUCH and e.b > x0 + _TOUCH]
        ys = [e.at for e in across if e.a <= x0 + _TOUCH and e.b >= x1 - _TOUCH]
        xs: list[float] = []
        if not ys:
            within = _between(frame.down, x0 + _TOUCH, x1 - _TOUCH)
            xs = [e.at for e in within if e.a <= top + _TOUCH and e.b >= bottom - _TOUCH]
            groups = _alike(across, [x0, *xs, x1]) if xs and across else []
            if len(groups) > 2:
                todo += [(ws, a, top, b, bottom) for ws, a, b in reversed(_split(words, groups, lambda w: (w.x0 + w.x1) / 2))]
                continue
            # a ruling with a piece missing further right still parts rows
            ys = [e.at for e in across if e.a <= x0 + _TOUCH and e.b - x0 >= 0.5 * (x1 - x0)]
        if ys:
            todo += [(ws, x0, a, x1, b) for ws, a, b in reversed(_split(words, [top, *ys, bottom], lambda w: w.base - 0.3 * w.size))]
            continue
        for lines in _cells(words, xs):
            before = found[-1].lines if found else []
            if len(before) == len(lines) == 1 and _beside(before[0].words[-1], lines[0].words[0]):
                # cells of one line each stand on one line
                before[0] = RawLine((*before[0].words, *lines[0].words))
            else:
                found.append(Block(lines, index, row))
        row += 1
    return found


def _between(edges: list[_Edge], low: float, high: float) -> list[_Edge]:
    """The edges between two places; they are in order."""
    return edges[bisect_right(edges, low, key=_AT) : bisect_left(edges, high, key=_AT)]


def _beside(left: RawWord, right: RawWord) -> bool:
    return right.x0 >= left.x1 - 1 and abs(right.base - left.base) <= _SAME_LINE * min(left.size, right.size)


def _split(words: list[RawWord], at: list[float], place: Callable[[RawWord], float]) -> list[tuple[list[RawWord], float, float]]:
    """The words between each two of the places ``at``, those outside with the nearest."""
    parts: list[list[RawWord]] = [[] for _ in at[1:]]
    # what is outside the first or the last edge is with the nearest part
    inner = at[1:-1]
    for word in words:
        parts[bisect_right(inner, place(word))].append(word)
    return list(zip(parts, at, at[1:], strict=False))


def _alike(across: list[_Edge], xs: list[float]) -> list[float]:
    """The edges of groups of neighbouring columns that are ruled at (mostly) the same heights."""
    edges = [xs[0]]
    before: list[float] | None = None
    for a, b in pairwise(xs):
        ruled = [e.at for e in across if e.a <= a + _TOUCH and e.b >= b - _TOUCH]
        if before is not None and 2 * sum(1 for at in ruled if at in before) < max(len(ruled), len(before)):
            edges.append(a)
        before = ruled
    return [*edges, xs[-1]]


def _cells(words: list[RawWord], xs: list[float]) -> list[list[RawLine]]:
    """A table row's lines: as they stand where each cell holds one, else cell by cell."""
    rows = _rows(words)
    if len(rows) == 1:
        return [_as_lines(rows)]
    edges = [-inf, *(xs or _gaps(rows)), inf]
    columns = [_rows(ws) for ws, _, _ in _split(words, edges, lambda w: (w.x0 + w.x1) / 2) if ws]
    if len(columns) == 1 or any(_figures(column) for column in columns[1:]):
        return [_as_lines(rows)]
    return list(map(_as_lines, columns))


def _figures(column: list[list[RawWord]]) -> bool:
    """Whether a column holds a whole figure on several lines: then its lines are rows of their own."""
    return sum(1 for row in column if _FIGURE.fullmatch("".join(w.text for w in row))) >= 2


def _gaps(rows: list[list[RawWord]]) -> list[float]:
    """Where all rows leave a strip empty."""
    spans = sorted((w.x0, w.x1) for row in rows for w in row)
    size = rows[0][0].size
    found: list[float] = []
    reach = spans[0][1]
    for x0, x1 in spans:
        if x0 - reach > 0.9 * size:
            found.append((reach + x0) / 2)
        reach = max(reach, x1)
    return found
