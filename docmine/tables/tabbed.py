"""Tables whose cells are parted by tab characters, as transcripts of word processor files keep them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import regex

from docmine.records import Report, Table
from docmine.tables.meaning import RawCell, build_table, is_figure, reads_as_head
from docmine.vocabulary import Vocabulary

__all__ = ["find_tabbed"]

_LINE = regex.compile(r"[^\n]+")
_LIST_MARK = regex.compile(r"\W*|\W?(?:\d{1,2}(?:\.\d{1,2})*|[a-zåäö])[.):]?")
_PAGE = regex.compile(r"\d{1,3}")
_LEADER = regex.compile(r"(?:[.…_]\s?){3}")

Row = list[RawCell | None]


def find_tabbed(report: Report, vocabulary: Vocabulary) -> Iterator[Table]:
    """Yield the tables of tab-separated lines, in reading order; lists and tables of contents are left out."""
    if "\t" not in report.text:
        return
    for lines in _blocks(report.text):
        rows = [_cells(report.text, start, end) for start, end in lines]
        for first, last in _split(rows, vocabulary):
            part = rows[first:last]
            if not _is_table(part, vocabulary):
                continue
            width = max(map(len, part))
            grid = [row + [None] * (width - len(row)) for row in part]
            begin = lines[first][0]
            before = _before(report.text, begin)
            page = report.page_at(begin)
            title = before[-1] if before and len(before[-1]) <= 120 and not before[-1].endswith((".", ":", ",")) else None
            table = build_table(
                grid,
                vocabulary,
                page=page.number if page else None,
                origin="tabbed",
                title=title,
                before="\n".join(before),
                confidence=0.95,
            )
            yield replace(table, start=begin, end=lines[last - 1][1])


def _blocks(text: str) -> Iterator[list[tuple[int, int]]]:
    """Runs of lines with tabs; a short line without tabs between two of the same width is a row with a label only."""
    block: list[tuple[int, int]] = []
    for found in _LINE.finditer(text):
        line = found.group()
        if "\t" in line.strip(" ") and line.strip():
            if block and text.count("\n", block[-1][1], found.start()) > 2:
                yield block
                block = []
            block.append(found.span())
        elif line.strip():
            if (
                block
                and len(line) <= 60
                and not line.rstrip().endswith((".", ":"))
                and text[found.end() + 1 : found.end() + 400].partition("\n")[0].count("\t") > 1
            ):
                block.append(found.span())
                continue
            if block:
                yield block
            block = []
    if block:
        yield block


def _cells(text: str, start: int, end: int) -> Row:
    row: Row = []
    at = start
    for piece in text[start:end].split("\t"):
        core = piece.strip()
        begin = at + len(piece) - len(piece.lstrip())
        row.append(RawCell(core, begin, begin + len(core)) if core else None)
        at += len(piece) + 1
    return row


def _split(rows: list[Row], vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """Part a block where a new head begins under rows with figures."""
    first, figures = 0, False
    for r, row in enumerate(rows):
        texts = [c.text for c in row[1:] if c is not None]
        headlike = reads_as_head(texts, vocabulary)
        if figures and len(texts) > 1 and headlike:
            yield first, r
            first, figures = r, False
        figures = figures or (not headlike and any(map(is_figure, texts)))
    yield first, len(rows)


def _is_table(rows: list[Row], vocabulary: Vocabulary) -> bool:
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return False
    if all(row[0] is None or _LIST_MARK.fullmatch(row[0].text) for row in rows) and max(map(len, rows)) == 2:
        return False
    lasts = [row[-1].text for row in rows if len(row) > 1 and row[-1] is not None]
    head = [c.text for c in rows[0][1:] if c is not None]
    headed = bool(head) and reads_as_head(head, vocabulary)
    pages = sum(_PAGE.fullmatch(t) is not None for t in lasts)
    if not headed and lasts and pages * 4 >= len(lasts) * 3 and all(len([c for c in row if c is not None]) <= 3 for row in rows):
        numbers = [int(t) for t in lasts if _PAGE.fullmatch(t)]
        leaders = any(c is not None and _LEADER.search(c.text) for row in rows for c in row)
        if leaders or (numbers == sorted(numbers) and len(numbers) > 2):
            return False
    figures = sum(c is not None and is_figure(c.text) for row in rows for c in row[1:])
    return headed or figures > 1 or (max(map(len, rows)) > 2 and len(rows) > 2)


def _before(text: str, start: int) -> list[str]:
    """The last two lines of text before an offset."""
    lines = [line.strip() for line in text[max(0, start - 400) : start].split("\n")]
    return [line for line in lines if line][-2:]
