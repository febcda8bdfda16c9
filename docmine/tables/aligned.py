"""Tables without lines: runs of text lines whose figures stand under one another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from docmine.records import Box, Word
from docmine.tables.lines import Chunk, Line, Row, cell_of, figure_like, rows_of
from docmine.tables.meaning import RawCell, read_head, read_unit, reads_as_head
from docmine.vocabulary import Vocabulary

__all__ = ["AlignedGrid", "find_aligned"]

_YEAR = regex.compile(r"(?:19|20)\d\d")
_LEADER = regex.compile(r"(?:[.…_]\s?){4}")
_HEAD_LINES = 6

Band = tuple[float, float]


class AlignedGrid(NamedTuple):
    """A grid read from alignment: its cells, the same with spanning heads repeated, the head rows, its place, label edges."""

    grid: list[list[RawCell | None]]
    heads: list[str]
    head_rows: int
    box: Box
    edges: list[float]


def find_aligned(text: str, lines: Sequence[Line], vocabulary: Vocabulary, *, framed: bool = False) -> list[AlignedGrid]:
    """The aligned tables among a page's lines, from top to bottom; ``framed`` where rulings already say that it is one."""
    figures = [_figures(line) for line in lines]
    found = []
    for first, last in _runs(lines, figures, vocabulary, framed):
        grid = _grid(text, lines, figures, first, last, vocabulary, framed)
        if grid is not None:
            found.append(grid)
    return found


def _figures(line: Line) -> list[Chunk]:
    """The chunks of a line that are figures in columns: not its first where that is all it has, and not bare years alone."""
    if not line.may_hold_figures():
        return []
    found = [c for c in line.chunks[1:] if figure_like(c.text)]
    if all(len(c.text) == 4 and _YEAR.fullmatch(c.text) for c in found) or _LEADER.search(line.text):
        return []
    return found


def _runs(lines: Sequence[Line], figures: Sequence[list[Chunk]], vocabulary: Vocabulary, framed: bool) -> list[tuple[int, int]]:
    """Stretches of lines, half open, that begin and end with figures in columns."""
    runs: list[tuple[int, int]] = []
    first = last = None
    count = 0

    def enough(first: int, last: int) -> bool:
        """A single line with figures is a table under a head or a frame, or a row of one that the page break cuts."""
        if count != 1 or framed:
            return count > 0
        heads = [[c.text for c in line.chunks[1:]] for line in lines[max(first - 3, 0) : first]]
        headed = any(texts and reads_as_head(texts, vocabulary) for texts in heads)
        return len(figures[first]) > 1 and (headed or first < 2 or last > len(lines) - 3)

    for i, line in enumerate(lines):
        if figures[i] and len(line.chunks) > 1:
            if last is not None and not _goes_on(lines[last : i + 1], min(c.x0 for c in figures[last]), vocabulary, framed):
                if first is not None and enough(first, last):
                    runs.append((first, last + 1))
                first, count = i, 0
            first = i if first is None else first
            last, count = i, count + 1
    if first is not None and last is not None and enough(first, last):
        runs.append((first, last + 1))
    return runs


def _goes_on(lines: Sequence[Line], left: float, vocabulary: Vocabulary, framed: bool) -> bool:
    """Whether the lines between two lines with figures, which begin at ``left``, belong to one table with them."""
    if framed:
        return True
    between = lines[1:-1]
    if len(between) > 4:
        return False
    for a, b in pairwise(lines):
        if b.top - a.bottom > 2.6 * max(a.height, b.height):
            return False
    for line in between:
        if any(c.x0 < left - 20 and c.x1 > left + 30 and len(c.text) > 60 for c in line.chunks):
            return False
        later = [c.text for c in line.chunks[1:]]
        if later and reads_as_head(later, vocabulary) and not any(figure_like(t) and not _YEAR.fullmatch(t) for t in later):
            return False
    return True


def _bands(chunks: Sequence[Chunk]) -> list[Band]:
    """Columns as unions of the overlapping widths of chunks."""
    bands: list[Band] = []
    for x0, x1 in sorted((c.x0, c.x1) for c in chunks):
        if bands and x0 <= bands[-1][1] + 0.5:
            bands[-1] = (bands[-1][0], max(bands[-1][1], x1))
        else:
            bands.append((x0, x1))
    return bands


def _grid(
    text: str, lines: Sequence[Line], figures: Sequence[list[Chunk]], first: int, last: int, vocabulary: Vocabulary, framed: bool
) -> AlignedGrid | None:
    body = lines[first:last]
    bands = _bands([c for found in figures[first:last] for c in found])
    if len(bands) > 1 and any(len(found) > len(bands) for found in figures[first:last]):
        return None
    left, right = bands[0][0], bands[-1][1]
    words_left = [c for line in body for i, c in enumerate(line.chunks) if (i == 0 or not figure_like(c.text)) and c.x1 <= left + 2]
    words_right = [c for line in body for c in line.chunks if c.x0 >= right + 2 and not figure_like(c.text)]
    labels = _bands(words_left) or [(min(c.x0 for line in body for c in line.chunks), left)]
    columns = [*labels, *bands, *_bands(words_right)]
    starts = _boundaries(columns)
    figure_cols = set(range(len(labels), len(labels) + len(bands)))
    top, first = _head_lines(lines, first, labels, bands, vocabulary, framed)
    body = lines[first:last]
    placed: list[tuple[float, float, Row]] = []
    for line in body:
        row: Row = {}
        for chunk in line.chunks:
            at = (chunk.x0 + chunk.x1) / 2 if figure_like(chunk.text) else chunk.x0 + 1
            row.setdefault(bisect_right(starts, at), []).extend(chunk.words)
        placed.append((line.top, line.bottom, row))
    rows = rows_of(text, placed, figure_cols)
    head_grid, heads = _heads(text, lines[top:first], columns, starts, len(labels), vocabulary)
    n = len(columns)
    grid = head_grid + [[cell_of(text, row[c]) if c in row else None for c in range(n)] for row in rows]
    box_lines = lines[top:last]
    box = Box(
        min(line.chunks[0].x0 for line in box_lines),
        min(line.top for line in box_lines),
        max(line.chunks[-1].x1 for line in box_lines),
        max(line.bottom for line in box_lines),
    )
    edges = [band[0] if c < len(labels) else band[1] for c, band in enumerate(columns)]  # the sides on which columns are flush
    return AlignedGrid(grid, heads, len(head_grid), box, edges)


def _boundaries(columns: Sequence[Band]) -> list[float]:
    """Where one column ends and the next begins: the middle of the gap between them."""
    return [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]


def _head_lines(
    lines: Sequence[Line], first: int, labels: Sequence[Band], bands: Sequence[Band], vocabulary: Vocabulary, framed: bool
) -> tuple[int, int]:
    """The lines above the figures that are the head, half open; lines with a label only may stand between head and figures."""
    left = bands[0][0]
    label_right = max((b[1] for b in labels if b[1] < left), default=labels[0][0])
    indent = labels[0][0] + 15
    top = end = first
    for i in range(first - 1, max(first - 1 - _HEAD_LINES, -1), -1):
        line = lines[i]
        if lines[i + 1].top - line.bottom > (4.0 if framed else 1.9) * line.height or (len(line.text) > 110 and not framed):
            break
        over = [c for c in line.chunks if c.x1 > min(left, label_right + 12) and c.x0 > indent]
        if any(c.x0 <= indent and c.x1 > left + 10 and not (len(c.words) < 10 and _told(c, vocabulary)) for c in line.chunks):
            break
        if over:
            if not any(ch.isalnum() or ch == "%" for c in over for ch in c.text) or any(len(c.text) > 60 for c in over):
                break
            if top == first:
                end = i + 1
            top = i
        elif not _between(line, first - i, top < first, vocabulary):
            break
    if top < first and top > 0 and _corner(lines[top - 1], lines[top], vocabulary):
        top -= 1
    return top, end


def _between(line: Line, steps: int, headed: bool, vocabulary: Vocabulary) -> bool:
    """Whether a line of labels only belongs to the table: a row without figures under the head, or the corner inside the head."""
    if headed:
        return len(line.text) < 40 and reads_as_head([line.text], vocabulary)
    return len(line.text) <= 80 and steps <= _HEAD_LINES // 2


def _corner(line: Line, below: Line, vocabulary: Vocabulary) -> bool:
    """Whether a line above the head is the head of the labels, set higher than the others."""
    near = below.top - line.bottom <= 0.6 * line.height
    return near and len(line.chunks) == 1 and len(line.text) < 40 and read_unit(line.text, vocabulary) is not None


def _told(chunk: Chunk, vocabulary: Vocabulary) -> bool:
    """Whether a chunk that runs from the labels over the figures is several heads set close to one another."""
    measures = {code for code, _, _ in vocabulary["columns", "measure"].finditer(chunk.text)}
    return len(measures) > 1


class _Head(NamedTuple):
    """A piece of the head: the columns that it stands over, first and last, and its words."""

    first: int
    last: int
    words: tuple[Word, ...]
    text: str


def _heads(
    text: str, lines: Sequence[Line], columns: Sequence[Band], starts: Sequence[float], n_labels: int, vocabulary: Vocabulary
) -> tuple[list[list[RawCell | None]], list[str]]:
    """The head rows as cells and the head path of each column, spanning heads repeated over the columns that they span."""
    rows = [[head for chunk in line.chunks for head in _place(text, chunk, columns, starts, n_labels)] for line in lines]
    top = next((r for r, row in enumerate(rows) if any(h.first >= n_labels for h in row)), len(rows))
    for r in range(top, len(rows) - 1):
        above = rows[r - 1] if r > top else None
        rows[r] = _stretch(rows[r], above, rows[r + 1 :], columns, n_labels, vocabulary)
    grid: list[list[RawCell | None]] = []
    for row in rows:
        cells: list[RawCell | None] = [None] * len(columns)
        for first in {h.first for h in row}:
            cells[first] = cell_of(text, [w for h in row if h.first == first for w in h.words])
        grid.append(cells)
    return grid, [_path([h for row in rows for h in row if h.first <= c <= h.last]) for c in range(len(columns))]


def _path(heads: Sequence[_Head]) -> str:
    """The head path of a column: pieces over the same columns are one head wrapped over lines."""
    parts: list[str] = []
    before: _Head | None = None
    for head in heads:
        if before is not None and (before.first, before.last) == (head.first, head.last):
            parts[-1] += f" {head.text}"
        else:
            parts.append(head.text)
        before = head
    return " / ".join(parts)


def _stretch(
    row: list[_Head],
    above: list[_Head] | None,
    below: Sequence[list[_Head]],
    columns: Sequence[Band],
    n_labels: int,
    vocabulary: Vocabulary,
) -> list[_Head]:
    """A head line in which the heads that span columns cover them: those that only lower heads fill, and these do not tell their kind."""
    tops = sorted(h for h in row if h.first >= n_labels)
    lower = {c: " ".join(h.text for line in below for h in line if h.first <= c <= h.last) for c in range(n_labels, len(columns))}
    if not tops or len(lower) < 3 or not all(lower.values()):
        return row
    if above is not None:  # the second line of a head that spans columns spans them too
        wide = [h for h in above if h.last > h.first]
        alone = {h: [t for t in tops if h.first <= t.first and t.last <= h.last] for h in wide}
        moved = {inner[0]: outer for outer, inner in alone.items() if len(inner) == 1}
        return [h._replace(first=moved[h].first, last=moved[h].last) if h in moved else h for h in row]
    open_cols = [
        c for c, said in lower.items() if not any(t.first <= c <= t.last for t in tops) and read_head(said, vocabulary).measure is None
    ]
    ends = [t.words[-1].x1 for t in tops]
    flush = all(min(abs(end - band[1]) for band in columns) < 2.5 for end in ends)
    reach = {t: [t.first, t.last] for t in tops}
    for c in open_cols:
        middle = (columns[c][0] + columns[c][1]) / 2
        right = next((t for t in tops if t.first > c), None)
        near = right if flush and right is not None else min(tops, key=lambda t: abs((t.words[0].x0 + t.words[-1].x1) / 2 - middle))
        reach[near].append(c)
    return [h._replace(first=min(reach[h]), last=max(reach[h])) if h in reach else h for h in row]


def _place(text: str, chunk: Chunk, columns: Sequence[Band], starts: Sequence[float], n_labels: int) -> list[_Head]:
    """The column or columns that a chunk of a head stands over."""
    over = [c for c in range(len(columns)) if columns[c][0] < chunk.x1 - 2 and columns[c][1] > chunk.x0 + 2]
    if over and over[0] < n_labels and (len(over) < 3 or chunk.x0 > columns[n_labels - 1][0] + 15):
        over = [c for c in over if c >= n_labels]
    if len(over) < 2:
        middle = bisect_right(starts, (chunk.x0 + chunk.x1) / 2)
        col = over[0] if over and chunk.x0 > columns[n_labels - 1][0] + 15 else middle
        return [_Head(col, col, chunk.words, chunk.text)]
    groups: dict[int, list[Word]] = {}
    for word in chunk.words:
        near = min(over, key=lambda c: abs((columns[c][0] + columns[c][1]) / 2 - (word.x0 + word.x1) / 2))
        groups.setdefault(near, []).append(word)
    if len(groups) == len(over) and _gaps_part([groups[c] for c in sorted(groups)], chunk.words):
        return [_Head(c, c, tuple(words), " ".join(text[w.start : w.end] for w in words)) for c, words in sorted(groups.items())]
    return [_Head(over[0], over[-1], chunk.words, chunk.text)]


def _gaps_part(groups: Sequence[Sequence[Word]], words: Sequence[Word]) -> bool:
    """Whether the gaps between groups of words are the widest gaps between the words."""
    gaps = sorted(b.x0 - a.x1 for a, b in pairwise(words))
    between = [b[0].x0 - a[-1].x1 for a, b in pairwise(groups)]
    return len(gaps) == len(between) or min(between) > 1.25 * gaps[len(gaps) - len(between) - 1]
