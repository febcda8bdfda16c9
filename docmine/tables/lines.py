"""Words of a PDF page as visual lines, chunks and rows: what ruled and aligned tables are put together from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache
from operator import attrgetter
from statistics import median
from typing import NamedTuple

import regex

from docmine.records import Word
from docmine.swedish import parse_number
from docmine.tables.meaning import RawCell, cell_value

__all__ = ["Chunk", "Line", "Row", "cell_of", "figure_like", "join_cells", "may_hold_figures", "rows_of", "visual_lines"]

_DASHES = frozenset("-–—−")
_FIGURE_END, _FIGURE_START = frozenset("0123456789%)*¹²³"), frozenset("0123456789-–−+±")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")
_DIGIT_OR_DASH = re.compile(r"[\d\-\u2013\u2014\u2212]")
_FIGURE_PART = regex.compile(r"[-–−+±]?\(?\d[\d.,]*+%?(?:[¹²³]?\)?|\*{1,3})")
_GROUP = regex.compile(r"\d{3}(?:[.,]\d+)?%?(?:[¹²³]?\)?|\*{1,3})")
_CONTINUES = regex.compile(r"[\p{Ll}\d(&/+]|[-–](?=\p{L})")
_OPEN_END = regex.compile(r"(?:[-–,/&(]|\b(?:och|eller|samt|för|med|av|i|på|till|som|per|inom|under|från|att|den|det))$")
_BY_BASELINE, _BY_LEFT = attrgetter("bottom", "x0"), attrgetter("x0")
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


class Line:
    """A visual line; what its chunks are is found out when they are asked for, since most lines are prose."""

    __slots__ = ("_chunks", "_source", "_words", "bottom", "top")

    def __init__(self, source: str, words: list[Word], top: float, bottom: float) -> None:
        self._source, self._words = source, words
        self._chunks: tuple[Chunk, ...] | None = None
        self.top, self.bottom = top, bottom

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        """The chunks of the line from left to right."""
        if self._chunks is None:
            self._chunks = _chunks(self._source, self._words)
        return self._chunks

    @property
    def height(self) -> float:
        """From top to bottom."""
        return max(self.bottom - self.top, 4.0)

    @property
    def text(self) -> str:
        """All chunks, parted by spaces."""
        return " ".join(c.text for c in self.chunks)

    def may_hold_figures(self) -> bool:
        """Whether one of the chunks may be a figure."""
        return may_hold_figures(self._source, self._words)


def visual_lines(text: str, words: Sequence[Word]) -> list[Line]:
    """Words grouped by their baselines from top to bottom, each line cut into chunks at gaps wider than a word space."""
    lines: list[Line] = []
    group: list[Word] = []
    base = -1e9
    highest = lowest = 0.0
    for word in sorted(words, key=_BY_BASELINE):
        _, _, _, top, _, bottom, _ = word
        if bottom - base <= 0.3 * (bottom - top):
            group.append(word)
            if top < highest:
                highest = top
        else:
            if group:
                lines.append(Line(text, group, highest, lowest))
            group, base, highest = [word], bottom, top
        lowest = bottom
    if group:
        lines.append(Line(text, group, highest, lowest))
    return lines


def _chunks(text: str, words: list[Word]) -> tuple[Chunk, ...]:
    if len(words) == 1:
        return (_chunk(text, words),)
    words = sorted(words, key=_BY_LEFT)
    last = words[0]
    last_end, last_right, last_height = last.end, last.x1, last.bottom - last.top
    chunk = [last]
    chunks: list[list[Word]] = [chunk]
    for word in words[1:]:
        start, end, left, top, right, bottom, _ = word
        height = bottom - top
        size = height if height < last_height else last_height
        # a gap that is narrower than any between columns needs no closer look, unless it may part two figures
        if left - last_right <= 0.7 * (size if size > 4.0 else 4.0) and (
            text[last_end - 1] not in _FIGURE_END or text[start] not in _FIGURE_START
        ):
            chunk.append(word)
        elif _parted(text, chunk, last, word):
            chunk = [word]
            chunks.append(chunk)
        else:
            chunk.append(word)
        last, last_end, last_right, last_height = word, end, right, height
    return tuple([_chunk(text, c) for c in chunks])


def _chunk(text: str, words: list[Word]) -> Chunk:
    if len(words) == 1:
        return Chunk((words[0],), text[words[0].start : words[0].end])
    return Chunk(tuple(words), " ".join([text[w.start : w.end] for w in words]))


def _parted(text: str, before: Sequence[Word], last: Word, word: Word) -> bool:
    """Whether the gap before a word is one between columns."""
    size = max(min(word.bottom - word.top, last.bottom - last.top), 4.0)
    gap = word.x0 - last.x1
    if gap > 0.95 * size:
        return True
    figures = text[last.end - 1] in _FIGURE_END and text[word.start] in _FIGURE_START
    if not figures and gap <= 0.7 * size:
        return False
    a, b = text[last.start : last.end], text[word.start : word.end]
    if a in _DASHES or b in _DASHES:
        return gap > 0.7 * size
    if figures and a == "%":  # no figure goes on behind its sign
        return gap > 0.62 * size and _FIGURE_PART.fullmatch(b) is not None
    if not (figures and _FIGURE_PART.fullmatch(a) and _FIGURE_PART.fullmatch(b)):
        return False
    if gap > 0.62 * size or _GROUP.fullmatch(b) is None:
        return True
    figure: list[str] = [b]
    for w in reversed(before):
        piece = text[w.start : w.end]
        if not _FIGURE_PART.fullmatch(piece) and piece not in _DASHES:
            break
        figure.insert(0, piece)
    return parse_number(" ".join(figure).rstrip("*¹²³"), percent=True) is None


def figure_like(text: str) -> bool:
    """Whether a chunk reads as a whole as a figure, or as the dash that stands for none."""
    if _DIGIT.search(text) is None:
        return text in _DASHES
    return len(text) <= 24 and text.count("(") == text.count(")") and cell_value(text) is not None


def _pure_figure(text: str) -> bool:
    return text in _DASHES or parse_number(text, percent=True) is not None


def may_hold_figures(text: str, words: Sequence[Word]) -> bool:
    """Whether there is a digit or a dash among words, without which none of their chunks is a figure."""
    start, end = min([w.start for w in words]), max([w.end for w in words])
    return _DIGIT_OR_DASH.search(text, start, end) is not None


def cell_of(text: str, words: Sequence[Word]) -> RawCell:
    """A cell of words in their order on the page; its text is the report's own where the words are one stretch of it."""
    if len(words) == 1:
        return RawCell(text[words[0].start : words[0].end], words[0].start, words[0].end)
    start, end = min([w.start for w in words]), max([w.end for w in words])
    stretch = text[start:end]
    if sum([w.end - w.start for w in words]) >= len("".join(stretch.split())):
        return RawCell(_unbroken(stretch, text), start, end) if "\n" in stretch else RawCell(stretch, start, end)
    return RawCell(" ".join(text[w.start : w.end] for w in words), start, end)


def _unbroken(stretch: str, text: str) -> str:
    """The lines of a cell as one; a word that a narrow column broke without a hyphen is whole where the report has it whole elsewhere."""
    lines = [line.split() for line in stretch.split("\n")]
    words = lines[0]
    for line in lines[1:]:
        if words and line and words[-1].isalpha() and line[0].isalpha() and line[0].islower() and _is_broken(words[-1], line[0], text):
            words, line = [*words[:-1], words[-1] + line[0]], line[1:]
        words = words + line
    return " ".join(words)


def _is_broken(before: str, after: str, text: str) -> bool:
    """Whether two pieces are one word: together they stand in the text at least as often as each by itself."""
    counts = _counts(text)
    whole = counts[before + after]
    return 0 < whole >= counts[before] and (len(after) < 3 or whole >= counts[after])


@lru_cache(maxsize=2)
def _counts(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text))


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

    def said(row: Row) -> str:
        return " ".join(text[w.start : w.end] for c in sorted(row) if c not in figure_cols for w in row[c])

    numbered = [any(c in row and _numbered(text, row[c]) for c in figure_cols) for _, _, row in lines]
    label_col = min((c for _, _, row in lines for c in row), default=0)
    steps = [lines[i + 1][1] - lines[i][1] for i in range(len(lines) - 1) if numbered[i] and numbered[i + 1]]
    pitch = median(steps) if steps else 0.0
    rows: list[Row] = []
    last_bottom = 0.0
    pending: Row = {}
    for i, (top, bottom, row) in enumerate(lines):
        row, pending = _together(pending, row), {}
        height = max(bottom - top, 4.0)
        following = lines[i + 1] if i + 1 < len(lines) else None
        if not numbered[i]:
            here, before = said(row), said(rows[-1]) if rows else ""
            step_back, step_on = bottom - last_bottom if rows else 1e9, following[1] - bottom if following else 1e9
            tight = 0.85 * pitch if pitch > 1.3 * height else 0.9 * height
            goes_on = label_col not in row or _CONTINUES.match(here) or _OPEN_END.search(before) or step_back < min(tight, step_on)
            if step_back <= _NEAR * height and goes_on:
                rows[-1] = _together(rows[-1], row)
                last_bottom = bottom
                continue
            if following is not None and step_on <= _NEAR * height:
                unlabelled = numbered[i + 1] and (label_col not in following[2] or step_on < tight)
                if unlabelled or _CONTINUES.match(said(following[2])) or _OPEN_END.search(here):
                    pending = row
                    continue
        rows.append(row)
        last_bottom = bottom
    return rows


def _numbered(text: str, words: Sequence[Word]) -> bool:
    """Whether the words of a cell are a figure or hold one."""
    return _pure_figure(" ".join(text[w.start : w.end] for w in words)) or any(figure_like(text[w.start : w.end]) for w in words)


def _together(a: Row, b: Row) -> Row:
    return {c: [*a.get(c, []), *b.get(c, [])] for c in sorted({*a, *b})}
