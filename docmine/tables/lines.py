"""Words of a PDF page as visual lines, chunks and rows: what ruled and aligned tables are put together from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

import regex

from docmine.records import Word
from docmine.swedish import parse_number
from docmine.tables.meaning import RawCell, cell_value

__all__ = ["Chunk", "Line", "Row", "cell_of", "figure_like", "join_cells", "rows_of", "visual_lines"]

_DASHES = frozenset("-–—−")
_FIGURE_PART = regex.compile(r"[-–−+±]?\(?\d[\d.,]*%?\)?")
_GROUP = regex.compile(r"\d{3}(?:[.,]\d+)?%?\)?")
_CONTINUES = regex.compile(r"[\p{Ll}\d(&/+]|[-–](?=\p{L})")
_OPEN_END = regex.compile(r"(?:[-–,/&(]|\b(?:och|eller|samt|för|med|av|i|på|till|som|per|inom|under|från|att|den|det))$")
_NEAR = 1.7  # lines of one cell are at most this many line heights apart

Row = dict[int, list[Word]]  # the words of a row by column


class Chunk(NamedTuple):
    """Words of one line that no gap between columns parts."""

    words: tuple[Word, ...]
    text: str

    @property
    def x0(self) -> float:
        """Left edge."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Right edge."""
        return self.words[-1].x1


@dataclass(frozen=True)
class Line:
    """A visual line: its chunks from left to right."""

    top: float
    bottom: float
    chunks: tuple[Chunk, ...]

    @property
    def height(self) -> float:
        """From top to bottom."""
        return max(self.bottom - self.top, 4.0)

    @property
    def text(self) -> str:
        """All chunks, parted by spaces."""
        return " ".join(c.text for c in self.chunks)


def visual_lines(text: str, words: Sequence[Word]) -> list[Line]:
    """Words grouped by their baselines from top to bottom, each line cut into chunks at gaps wider than a word space."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.bottom, w.x0)):
        if lines and word.bottom - lines[-1][0].bottom <= 0.3 * (word.bottom - word.top):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [Line(min(w.top for w in line), max(w.bottom for w in line), _chunks(text, sorted(line, key=lambda w: w.x0))) for line in lines]


def _chunks(text: str, line: Sequence[Word]) -> tuple[Chunk, ...]:
    chunks: list[list[Word]] = []
    for word in line:
        if chunks and not _parted(text, chunks[-1], word):
            chunks[-1].append(word)
        else:
            chunks.append([word])
    return tuple(Chunk(tuple(c), " ".join(text[w.start : w.end] for w in c)) for c in chunks)


def _parted(text: str, before: list[Word], word: Word) -> bool:
    """Whether the gap before a word is one between columns."""
    last = before[-1]
    size = max(min(word.bottom - word.top, last.bottom - last.top), 4.0)
    gap = word.x0 - last.x1
    a, b = text[last.start : last.end], text[word.start : word.end]
    if _FIGURE_PART.fullmatch(a) and _FIGURE_PART.fullmatch(b) and not b.startswith("("):
        figure: list[str] = []
        for w in reversed(before):
            piece = text[w.start : w.end]
            if not _FIGURE_PART.fullmatch(piece) and piece not in _DASHES:
                break
            figure.append(piece)
        whole = " ".join([*reversed(figure), b])
        return gap > 0.62 * size or _GROUP.fullmatch(b) is None or parse_number(whole, percent=True) is None
    if a in _DASHES or b in _DASHES:
        return gap > 0.7 * size
    return gap > 0.95 * size


def figure_like(text: str) -> bool:
    """Whether a chunk reads as a whole as a figure, or as the dash that stands for none."""
    return text in _DASHES or (len(text) <= 24 and text.count("(") == text.count(")") and cell_value(text) is not None)


def _pure_figure(text: str) -> bool:
    return text in _DASHES or parse_number(text, percent=True) is not None


def cell_of(text: str, words: Sequence[Word]) -> RawCell:
    """A cell of words in their order on the page; its text is the report's own where the words are one stretch of it."""
    start, end = min(w.start for w in words), max(w.end for w in words)
    stretch = text[start:end]
    if sum(w.end - w.start for w in words) >= sum(not ch.isspace() for ch in stretch):
        return RawCell(" ".join(stretch.split()), start, end) if "\n" in stretch else RawCell(stretch, start, end)
    return RawCell(" ".join(text[w.start : w.end] for w in words), start, end)


def join_cells(a: RawCell | None, b: RawCell | None) -> RawCell | None:
    """One cell of two that belong together."""
    if a is None or b is None:
        return a or b
    return RawCell(f"{a.text} {b.text}", min(a.start, b.start), max(a.end, b.end))


def rows_of(text: str, lines: Sequence[tuple[float, float, Row]], figure_cols: Collection[int]) -> list[Row]:
    """Lines put together to rows: each line with figures is one, lines of words join the row whose label or text they go on.

    Parameters
    ----------
    text : str
        The report's text.
    lines : sequence of (top, bottom, words by column)
        From top to bottom.
    figure_cols : collection of int
        The columns that hold figures.
    """

    def words_text(row: Mapping[int, list[Word]], wanted: bool) -> str:
        return " ".join(text[w.start : w.end] for c in sorted(row) if (c in figure_cols) is wanted for w in row[c])

    numbered = [
        any(_pure_figure(" ".join(text[w.start : w.end] for w in row[c])) or _has_digit(text, row[c]) for c in figure_cols if c in row)
        for _, _, row in lines
    ]
    label_col = min((c for _, _, row in lines for c in row), default=0)
    steps = [b[1] - a[1] for a, b, na, nb in zip(lines, lines[1:], numbered, numbered[1:], strict=False) if na and nb]
    pitch = median(steps) if steps else 0.0
    rows: list[Row] = []
    last_bottom = 0.0
    pending: Row | None = None
    for i, (top, bottom, row) in enumerate(lines):
        height = max(bottom - top, 4.0)
        here = words_text(row, False)
        if numbered[i]:
            if pending is not None:
                row = _together(pending, row)
                pending = None
            rows.append(dict(row))
            last_bottom = bottom
            continue
        if pending is not None:
            row = _together(pending, row)
            pending = None
        following = lines[i + 1] if i + 1 < len(lines) else None
        step_back, step_on = bottom - last_bottom if rows else 1e9, following[1] - bottom if following else 1e9
        before = words_text(rows[-1], False) if rows else ""
        after = words_text(following[2], False) if following else ""
        near_back, near_on = step_back <= _NEAR * height, step_on <= _NEAR * height
        following_numbered = following is not None and numbered[i + 1]
        tight = 0.85 * pitch if pitch > 1.3 * height else 0.9 * height
        if rows and near_back and label_col not in row:
            rows[-1] = _together(rows[-1], row)
            last_bottom = bottom
        elif rows and near_back and (_CONTINUES.match(here) or _OPEN_END.search(before) or step_back < min(tight, step_on)):
            rows[-1] = _together(rows[-1], row)
            last_bottom = bottom
        elif following_numbered and near_on and (not after or label_col not in following[2] or _CONTINUES.match(after) or step_on < tight):  # type: ignore[index]
            pending = dict(row)
        elif following is not None and not following_numbered and near_on and after and (_CONTINUES.match(after) or _OPEN_END.search(here)):
            pending = dict(row)
        elif following_numbered and near_on and _OPEN_END.search(here):
            pending = dict(row)
        else:
            rows.append(dict(row))
            last_bottom = bottom
    if pending is not None:
        rows.append(pending)
    return rows


def _has_digit(text: str, words: Sequence[Word]) -> bool:
    return any(figure_like(text[w.start : w.end]) for w in words)


def _together(a: Row, b: Row) -> Row:
    return {c: [*a.get(c, []), *b.get(c, [])] for c in sorted({*a, *b})}
