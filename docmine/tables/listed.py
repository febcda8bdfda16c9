"""Tables of one column that have run into the text: a caption that tells kind and unit, then name and figure by turns.

Avvikelse per verksamhet, mnkr Förskola 1,2 Grundskola -3,4 Summa -2,2
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from docmine.records import Cell, Column, Page, Report, Table
from docmine.schema import MONEY_UNITS
from docmine.swedish import parse_number
from docmine.tables.meaning import WORDS_ONLY, clean_label, read_head
from docmine.vocabulary import Vocabulary

__all__ = ["find_listed"]

_FEWEST = 3
_LONGEST_CAPTION = 90
_MOST_WORDS = 9
_ADDS_UP, _ALONE = 0.95, 0.75  # how sure the figures are where a total is the sum of those above, and elsewhere
#: a unit behind a comma, in parentheses or after "i", and then the first name
_UNIT = regex.compile(r"(?:,\s?|\(|\bi\s)(?P<unit>\p{L}{2,8}\.?+)\)?:?(?=\s+\p{Lu})")
_YEAR = regex.compile(r"(?:19|20)\d\d")  # the heads of columns are followed by years
_SENTENCE_END = regex.compile(r"[.!?:;]\s+(?=\p{Lu})|\n")
_PAIR = regex.compile(
    r"\s+(?P<label>\p{Lu}[^\d\n\t.:;!?()]{1,60}?)\s+"
    r"(?P<figure>[-+±\u2212\u2013]?\s?(?:\d{1,3}(?:[ \u00a0]\d{3})++|\d++)(?:,\d++)?)(?=\s+\p{Lu}|\s*$|\s*\n)"
)


class _Pair(NamedTuple):
    label: tuple[int, int]
    figure: tuple[int, int]
    value: float


def find_listed(report: Report, vocabulary: Vocabulary) -> tuple[Table, ...]:
    """The tables of one column inside the running text of a report, in reading order, each with index 0."""
    pages = report.pages or (Page(None, 0, len(report.text)),)
    return tuple(table for page in pages if not page.words for table in _on_page(report.text, page, vocabulary))


def _on_page(text: str, page: Page, vocabulary: Vocabulary) -> Iterator[Table]:
    at = page.start
    for found in _UNIT.finditer(text, page.start, page.end):
        if found.start() < at or vocabulary["columns", "unit"].code(found["unit"].rstrip(".")) not in MONEY_UNITS:
            continue
        start, head = _caption(text, at, found.start(), found.end(), vocabulary)
        if head is None:
            continue
        pairs = list(_pairs(text, found.end(), page.end, vocabulary))
        if len(pairs) >= _FEWEST:
            at = pairs[-1].figure[1]
            yield _table(text, page.number, (start, found.end()), head, pairs, vocabulary)


def _caption(text: str, since: int, unit: int, end: int, vocabulary: Vocabulary) -> tuple[int, Column | None]:
    """Where the caption begins that tells kind and unit, and what it says of the column."""
    start = max(since, unit - _LONGEST_CAPTION)
    for mark in _SENTENCE_END.finditer(text, start, unit):
        start = mark.end()
    head = read_head(text[start:end].rstrip(":"), vocabulary)
    told = head.measure is not None and head.measure not in WORDS_ONLY and head.unit in MONEY_UNITS
    if not told or len(text[start:end].split()) > _MOST_WORDS or not text[start : start + 1].isupper():
        return start, None
    return start, None if vocabulary["flattened", "prose"].search(text[start:unit]) is not None else head


def _pairs(text: str, start: int, end: int, vocabulary: Vocabulary) -> Iterator[_Pair]:
    while (found := _PAIR.match(text, start, end)) is not None:
        value = parse_number(found["figure"])
        if value is None or _YEAR.fullmatch(found["figure"]) or vocabulary["flattened", "prose"].search(found["label"]) is not None:
            return
        yield _Pair(found.span("label"), found.span("figure"), value)
        start = found.end()


def _table(text: str, page: int | None, caption: tuple[int, int], head: Column, pairs: list[_Pair], vocabulary: Vocabulary) -> Table:
    confidence = _ADDS_UP if _adds_up(text, pairs, vocabulary) else _ALONE
    cells = []
    for r, (label, figure, value) in enumerate(pairs):
        cells.append(Cell(r, 0, text[slice(*label)], *label))
        cells.append(Cell(r, 1, text[slice(*figure)], *figure, value, False, confidence))
    title = " ".join(text[slice(*caption)].split())
    return Table(
        index=0,
        page=page,
        start=pairs[0].label[0],
        end=pairs[-1].figure[1],
        title=title,
        unit=head.unit,
        origin="flattened",
        n_rows=len(pairs),
        n_cols=2,
        head_rows=0,
        columns=(Column(title, "label"), head),
        rows=tuple(clean_label(text[slice(*pair.label)]) for pair in pairs),
        cells=tuple(cells),
        confidence=confidence,
    )


def _adds_up(text: str, pairs: list[_Pair], vocabulary: Vocabulary) -> bool:
    """Whether a total among the rows is the sum of those above it."""
    total = vocabulary["columns", "total"]
    for n, pair in enumerate(pairs[2:], 2):
        if total.search(text[slice(*pair.label)]) is not None:
            decimals = max(len(text[slice(*p.figure)].partition(",")[2]) for p in pairs)
            return abs(sum(p.value for p in pairs[:n]) - pair.value) <= 0.51 * n * 10.0**-decimals
    return False
