"""What the line breaks of a text say of a table in it: a row a line, a cell a line, or nothing.

`runs_of` cuts a stretch of text into runs of figures accordingly: where rows stand on lines of their own no run goes on over a
line break, and where cells do each line is one figure, however many groups of digits it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import regex

from docmine.schema import MONEY_UNITS
from docmine.tables.readings import Atom, Run, lex
from docmine.vocabulary import Vocabulary

__all__ = ["Form", "form_of", "runs_of", "together"]

Form = Literal["running", "rows", "cells"]

_LINE = regex.compile(r"[^\n]*\S[^\n]*")
_MARK = r"(?:\*{1,3}|(?<=\d)\d\))?"
_FIGURE = (
    r"(?:[<>≤≥]=?\s?)?(?:[-+±\u2010\u2011\u2212\u2013]\s?)?"
    r"(?:\d{1,3}(?:[ .\u00a0\u2007\u2009\u202f]\d{3})++|\d+)(?:[.,]\d+)?\s?%?" + _MARK
)
_CELL = regex.compile(rf"\s*(?:{_FIGURE}|[-–—]|,\d{{1,2}})\s*")
_ROW = regex.compile(rf"\s*(?:[\d.]{{1,7}}\s)?[^\p{{L}}\n]{{0,3}}\p{{L}}[^\n]*?\s(?:{_FIGURE}|[-–—])\s*")
_CODED = regex.compile(r"\s*\d{1,7}\s+\p{L}")
_WORD = regex.compile(r"\p{L}")
_MANY = 3
_YEARS = regex.compile(r"(?:(?:19|20)\d\d\s*+){2,}+")
_SHORT = 60  # characters of a line that is no sentence
_LONGEST = 300  # characters in a line that is a row


def together(text: str, stretches: Iterable[tuple[int, int]], vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """Stretches of text, those joined that are the rows of one table with blank lines between, and the lines of its head before them."""
    waiting: list[tuple[int, int]] = []  # lines that may be a head, then rows
    rows = 0
    for start, end in stretches:
        line = end - start <= _LONGEST and "\n" not in text[start:end].strip()
        row = line and _is_row(text, start, end)
        head = line and not row and _may_head(text[start:end].strip(), vocabulary)
        if not (row or (head and not rows)):
            yield from _joined(waiting, rows)
            waiting, rows = [], 0
        if row or head:
            waiting.append((start, end))
            rows += row
        else:
            yield start, end
    yield from _joined(waiting, rows)


def _may_head(line: str, vocabulary: Vocabulary) -> bool:
    """Whether a line may stand in the head of a table: it tells kinds or years, or is a short one that tells a unit of money."""
    if vocabulary["columns", "measure"].search(line) is not None or _YEARS.fullmatch(line):
        return True
    short = len(line) <= _SHORT and not line.endswith(".")
    return short and any(code in MONEY_UNITS for code, *_ in vocabulary["columns", "unit"].finditer(line))


def _joined(spans: list[tuple[int, int]], rows: int) -> list[tuple[int, int]]:
    return [(spans[0][0], spans[-1][1])] if rows >= _MANY else spans


def _is_row(text: str, start: int, end: int) -> bool:
    """Whether a line is a label and several figures."""
    return _ROW.fullmatch(text, start, end) is not None and any(run.end >= end - 2 and len(run.atoms) > 1 for run in lex(text, start, end))


def form_of(text: str, start: int, end: int) -> Form:
    """Whether most lines of ``text[start:end]`` are rows, or labels and figures by turns."""
    if text.count("\n", start, end) < _MANY:
        return "running"
    lines = cells = rows = 0
    for line in _LINE.finditer(text, start, end):
        lines += 1
        if _CELL.fullmatch(text, line.start(), line.end()):
            cells += 1
        elif line.end() - line.start() <= _LONGEST and _ROW.fullmatch(text, line.start(), line.end()):
            rows += 1
    if cells >= _MANY and 5 * cells >= 2 * lines and cells > rows:
        return "cells"
    return "rows" if rows >= _MANY and 2 * rows >= lines else "running"


def runs_of(text: str, start: int, end: int, form: Form) -> Iterator[Run]:
    """The runs of figures in ``text[start:end]``, from left to right."""
    if form == "running":
        yield from lex(text, start, end)
        return
    cells: list[Atom] = []
    for line in _LINE.finditer(text, start, end):
        a, b = line.span()
        if form == "rows":
            coded = _CODED.match(text, a, b)
            found = [*lex(text, coded.end() - 1 if coded else a, b)]
            for run, after in zip(found, [*found, None][1:], strict=True):
                if after is None or len(run.atoms) > 1 or not _WORD.search(text, run.end, after.start):  # else "Etapp 2 skolan"
                    yield run
            continue
        if _CELL.fullmatch(text, a, b):
            begin, stop = a + len(text[a:b]) - len(text[a:b].lstrip()), a + len(text[a:b].rstrip())
            cells.append(Atom("cell", begin, stop, "\n"))
        elif cells:
            yield Run(cells[0].start, cells[-1].end, tuple(cells), False)
            cells = []
    if cells:
        yield Run(cells[0].start, cells[-1].end, tuple(cells), False)
