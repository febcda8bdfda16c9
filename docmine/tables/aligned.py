"""Tables without lines: runs of text lines whose figures stand under one another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import regex

from docmine.records import Box, Word
from docmine.tables.lines import Chunk, Line, Row, cell_of, figure_like, rows_of
from docmine.tables.meaning import RawCell, read_unit, reads_as_head
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
    found = []
    for first, last in _runs(lines, vocabulary, framed):
        grid = _grid(text, lines, first, last, vocabulary, framed)
        if grid is not None:
            found.append(grid)
    return found


def _figures(line: Line) -> list[Chunk]:
    """The chunks of a line that are figures in columns: not its first where that is all it has, and not bare years alone."""
    found = [c for c in line.chunks[1:] if figure_like(c.text)]
    if all(_YEAR.fullmatch(c.text) for c in found) or _LEADER.search(line.text):
        return []
    return found


def _runs(lines: Sequence[Line], vocabulary: Vocabulary, framed: bool) -> list[tuple[int, int]]:
    """Stretches of lines, half open, that begin and end with figures in columns."""
    runs: list[tuple[int, int]] = []
    first = last = None
    count = 0
    least = 1 if framed else 2
    for i, line in enumerate(lines):
        if _figures(line) and len(line.chunks) > 1:
            if last is not None and not _goes_on(lines[last : i + 1], vocabulary, framed):
                if count >= least and first is not None:
                    runs.append((first, last + 1))
                first, count = i, 0
            first = i if first is None else first
            last, count = i, count + 1
    if first is not None and last is not None and count >= least:
        runs.append((first, last + 1))
    return runs


def _goes_on(lines: Sequence[Line], vocabulary: Vocabulary, framed: bool) -> bool:
    """Whether the lines between two lines with figures belong to one table with them."""
    if framed:
        return True
    between = lines[1:-1]
    if len(between) > 4:
        return False
    left = min(c.x0 for c in _figures(lines[0]))
    for a, b in zip(lines, lines[1:], strict=False):
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


def _grid(text: str, lines: Sequence[Line], first: int, last: int, vocabulary: Vocabulary, framed: bool) -> AlignedGrid | None:
    body = lines[first:last]
    figures = [c for line in body for c in _figures(line)]
    bands = _bands(figures)
    if len(bands) > 1 and sum(len(_figures(line)) > len(bands) for line in body) > 0:
        return None
    left, right = bands[0][0], bands[-1][1]
    words_left = [c for line in body for i, c in enumerate(line.chunks) if (i == 0 or not figure_like(c.text)) and c.x1 <= left + 2]
    words_right = [c for line in body for c in line.chunks if c.x0 >= right + 2 and not figure_like(c.text)]
    labels = _bands(words_left) or [(min(c.x0 for line in body for c in line.chunks), left)]
    columns = [*labels, *bands, *_bands(words_right)]
    starts = _boundaries(columns)
    at_label = range(len(labels))
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
    head_grid, heads = _heads(text, lines[top:first], columns, starts, len(at_label))
    n = len(columns)
    grid = head_grid + [[cell_of(text, row[c]) if c in row else None for c in range(n)] for row in rows]
    box_lines = lines[top:last]
    box = Box(
        min(line.chunks[0].x0 for line in box_lines),
        min(line.top for line in box_lines),
        max(line.chunks[-1].x1 for line in box_lines),
        max(line.bottom for line in box_lines),
    )
    return AlignedGrid(grid, heads, len(head_grid), box, [c[0] for c in columns] + [columns[-1][1]])


def _boundaries(columns: Sequence[Band]) -> list[float]:
    """Where one column ends and the next begins: the middle of the gap between them."""
    return [(a[1] + b[0]) / 2 for a, b in zip(columns, columns[1:], strict=False)]


def _head_lines(
    lines: Sequence[Line], first: int, labels: Sequence[Band], bands: Sequence[Band], vocabulary: Vocabulary, framed: bool
) -> tuple[int, int]:
    """The lines above the figures that are the head, half open; lines with a label only may stand between head and figures."""
    left = bands[0][0]
    label_right = max((b[1] for b in labels if b[1] < left), default=labels[0][0])
    top = end = first
    for i in range(first - 1, max(first - 1 - _HEAD_LINES, -1), -1):
        line = lines[i]
        if lines[i + 1].top - line.bottom > (4.0 if framed else 1.9) * line.height or (len(line.text) > 110 and not framed):
            break
        over = [c for c in line.chunks if c.x1 > min(left, label_right + 12) and c.x0 > labels[0][0] + 15]
        if any(c.x0 <= labels[0][0] + 15 and c.x1 > left + 10 and not (len(c.words) < 10 and _told(c, vocabulary)) for c in line.chunks):
            break
        if over:
            if not any(ch.isalnum() for c in over for ch in c.text) or any(len(c.text) > 60 for c in over):
                break
            if top == first:
                end = i + 1
            top = i
        elif top < first and not (reads_as_head([line.text], vocabulary) and len(line.text) < 40):
            break
        elif len(line.text) > 80 or first - i > _HEAD_LINES // 2 and top == first:
            break
    if top < first and top > 0 and _corner(lines[top - 1], lines[top], vocabulary):
        top -= 1
    return top, end


def _corner(line: Line, below: Line, vocabulary: Vocabulary) -> bool:
    """Whether a line above the head is the head of the labels, set higher than the others."""
    near = below.top - line.bottom <= 0.6 * line.height
    return near and len(line.chunks) == 1 and len(line.text) < 40 and read_unit(line.text, vocabulary) is not None


def _told(chunk: Chunk, vocabulary: Vocabulary) -> bool:
    """Whether a chunk that runs from the labels over the figures is several heads set close to one another."""
    measures = {code for code, _, _ in vocabulary["columns", "measure"].finditer(chunk.text)}
    return len(measures) > 1


def _heads(
    text: str, lines: Sequence[Line], columns: Sequence[Band], starts: Sequence[float], n_labels: int
) -> tuple[list[list[RawCell | None]], list[str]]:
    """The head rows as cells and the head path of each column, spanning heads repeated over the columns that they span."""
    n = len(columns)
    grid: list[list[RawCell | None]] = []
    paths: list[list[str]] = [[] for _ in range(n)]
    filled_below = [False] * n
    placed: list[list[tuple[int, int, list[Word], str]]] = []
    for line in lines:
        row: list[tuple[int, int, list[Word], str]] = []
        for chunk in line.chunks:
            row += _place_head(text, chunk, columns, starts, n_labels)
        placed.append(row)
    for r in range(len(placed) - 1, -1, -1):  # an upper head over fewer columns than the one below spans its neighbours
        row = placed[r]
        tops = [entry for entry in row if entry[0] >= n_labels]
        below = [c for c in range(n_labels, n) if filled_below[c]]
        if tops and len(below) == n - n_labels and len(tops) < len(below) and len(below) > 2:
            placed[r] = [e for e in row if e[0] < n_labels] + _spread(tops, columns, below)
        for a, b, _, _ in row:
            for c in range(a, b + 1):
                filled_below[c] = True
    for row in placed:
        cells: list[RawCell | None] = [None] * n
        for a, b, words, said in row:
            if cells[a] is None:
                cells[a] = cell_of(text, words)
            else:
                cells[a] = cell_of(text, [w for e in row if e[0] == a for w in e[2]])
            for c in range(a, b + 1):
                paths[c].append(said)
        grid.append(cells)
    spans = [[(a, b) for a, b, _, _ in row] for row in placed]
    joined = []
    for c in range(n):
        parts: list[str] = []
        wide: list[bool] = []
        for r, row in enumerate(placed):
            for (a, b), (_, _, _, said) in zip(spans[r], row, strict=True):
                if a <= c <= b:
                    if parts and wide[-1] is False and a == b:
                        parts[-1] += f" {said}"  # a head wrapped over lines
                    else:
                        parts.append(said)
                        wide.append(a != b)
        joined.append(" / ".join(parts))
    return grid, joined


def _place_head(
    text: str, chunk: Chunk, columns: Sequence[Band], starts: Sequence[float], n_labels: int
) -> list[tuple[int, int, list[Word], str]]:
    """The column or columns that a chunk of a head stands over."""
    middle = bisect_right(starts, (chunk.x0 + chunk.x1) / 2)
    over = [c for c in range(len(columns)) if columns[c][0] < chunk.x1 - 2 and columns[c][1] > chunk.x0 + 2]
    if over and over[0] < n_labels and (len(over) < 3 or chunk.x0 > columns[n_labels - 1][0] + 15):
        over = [c for c in over if c >= n_labels]
    if len(over) < 2:
        col = over[0] if over and chunk.x0 > columns[n_labels - 1][0] + 15 else middle
        return [(col, col, list(chunk.words), chunk.text)]
    groups: dict[int, list[Word]] = {}
    for word in chunk.words:
        near = min(over, key=lambda c: abs((columns[c][0] + columns[c][1]) / 2 - (word.x0 + word.x1) / 2))
        groups.setdefault(near, []).append(word)
    gaps = [b.x0 - a.x1 for a, b in zip(chunk.words, chunk.words[1:], strict=False)]
    if len(groups) == len(over) and len(gaps) >= len(over) - 1 and _gaps_part(groups, gaps):
        return [(c, c, words, " ".join(text[w.start : w.end] for w in words)) for c, words in sorted(groups.items())]
    return [(over[0], over[-1], list(chunk.words), chunk.text)]


def _gaps_part(groups: dict[int, list[Word]], gaps: Sequence[float]) -> bool:
    """Whether the gaps between the groups of a head's words are the widest of its gaps."""
    ordered = [groups[c] for c in sorted(groups)]
    between = [b[0].x0 - a[-1].x1 for a, b in zip(ordered, ordered[1:], strict=False)]
    return len(gaps) == len(between) or min(between) > 1.25 * sorted(gaps)[max(0, len(gaps) - len(between) - 1)]


def _spread(
    tops: Sequence[tuple[int, int, list[Word], str]], columns: Sequence[Band], below: Sequence[int]
) -> list[tuple[int, int, list[Word], str]]:
    """Heads of an upper line stretched over the columns nearest to each."""
    centres = [(t[2][0].x0 + t[2][-1].x1) / 2 for t in tops]
    reach: dict[int, list[int]] = {}
    for c in below:
        middle = (columns[c][0] + columns[c][1]) / 2
        reach.setdefault(min(range(len(tops)), key=lambda i: abs(centres[i] - middle)), []).append(c)
    return [(cols[0], cols[-1], tops[i][2], tops[i][3]) for i, cols in sorted(reach.items())]
