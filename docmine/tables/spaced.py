"""Text in which spaces keep columns apart, as programs give it that print the pages of a PDF as text.

Its words are given the places that they have where all letters are as wide, and its tables are then found as those of a page.
"""

from __future__ import annotations

from dataclasses import replace

import regex

from docmine.records import Page, Report, Word

__all__ = ["spread_out"]

#: the size of a letter and from line to line: to each other about as on a page
_WIDTH, _HEIGHT, _PITCH = 6.0, 10.0, 12.0
#: a gap between columns: two spaces or more behind the beginning of a line, which no full stop goes before
_GAP = regex.compile(r"(?<=[^\s.!?:]) {2,}(?=[^\s.…_])")
#: a gap between two words of a sentence, as in lines that are spaced to be of one width
_IN_SENTENCE = regex.compile(r"(?<=[\p{L},]) {2,}(?=\p{Ll})")
_LINE = regex.compile(r"[^\n]*\n?")
_WORD = regex.compile(r"\S+")
#: a block of lines with gaps, and the head that may stand above
_FEWEST, _ABOVE = 3, 8


def spread_out(report: Report) -> Report:
    """The report with words in places where its text has none but keeps columns apart by spaces; otherwise as it is."""
    if "  " not in report.text or any(page.words for page in report.pages):
        return report
    pages = [_spread(report.text, page) for page in report.pages]
    return replace(report, pages=tuple(pages)) if any(page.words for page in pages) else report


def _spread(text: str, page: Page) -> Page:
    """A page with the words of the lines that may belong to tables."""
    lines = list(_LINE.finditer(text, page.start, page.end))
    parted = [row for row, line in enumerate(lines) if _is_parted(text, *line.span())]
    near = {
        row
        for first, last in zip(parted, parted[_FEWEST - 1 :], strict=False)
        if last - first < 2 * _FEWEST
        for row in range(max(first - _ABOVE, 0), min(last + 2, len(lines)))
    }
    words = [word for row in sorted(near) for word in _words(text, *lines[row].span(), row * _PITCH)]
    return replace(page, words=tuple(words)) if words else page


def _is_parted(text: str, start: int, end: int) -> bool:
    return _GAP.search(text, start, end) is not None and len(_IN_SENTENCE.findall(text, start, end)) < 2


def _words(text: str, start: int, end: int, top: float) -> list[Word]:
    found = []
    for word in _WORD.finditer(text, start, end):
        left = (word.start() - start) * _WIDTH
        found.append(Word(*word.span(), left, top, left + len(word.group()) * _WIDTH, top + _HEIGHT, 0))
    return found
