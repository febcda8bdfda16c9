"""Read the columns of a flattened table from the words before its first row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from docmine.records import Column
from docmine.swedish import find_periods
from docmine.tables.meaning import read_head
from docmine.vocabulary import Vocabulary

__all__ = ["Head", "read_heads", "settle_years"]

_WORD = regex.compile(r"[^\s,;()/]+")
_MODIFIES = regex.compile(r"\s*(?:mot|jmf|jämfört\s+med|/|-|–|av|mellan|och|vs\.?|enl\.?)?\s*")
_JOINED = regex.compile(r"\s*(?:mot|jmf\.?|jämfört\s+med|av|mellan|vs\.?|enl\.?)\s*|\s?[/–-]\s?")


class Head(NamedTuple):
    """The head of a column at ``start:end`` and what it means."""

    start: int
    end: int
    column: Column


class _Item(NamedTuple):
    kind: str  # measure, period or subject
    start: int
    end: int


def read_heads(text: str, start: int, end: int, vocabulary: Vocabulary) -> tuple[Head, ...]:
    """The heads that stand one after another at the end of ``text[start:end]``, before the label of the first row.

    Kinds (``Utfall``), years and months make columns; a kind that is told once for several years holds for them all, and a
    row of kinds over a row of years is read together.
    """
    items = _zone(text, start, end, vocabulary)
    cells = _cells(text, items)
    spans = [(group[0].start, _tail(text, group[-1].end, cells[n + 1][0].start if n + 1 < len(cells) else None, end, vocabulary)) for n, group in enumerate(cells)]
    kinds = [n for n, group in enumerate(cells) if any(i.kind == "measure" for i in group)]
    bare = [n for n, group in enumerate(cells) if not any(i.kind == "measure" for i in group)]
    told = [" ".join(text[a:b].split()) for a, b in spans]
    if bare and kinds and kinds == list(range(len(kinds))) and len(bare) == len(kinds) - 1 and len(kinds) > 1:
        # a row of kinds over a row of years: the first year stands in the last kind's cell
        *_, last = cells[kinds[-1]]
        if last.kind == "period":
            kind_texts = [" ".join(text[cells[n][0].start : cells[n][0].end].split()) for n in kinds]
            years = [text[last.start : last.end], *(told[n] for n in bare)]
            return tuple(
                Head(cells[n][0].start, spans[-1][1] if n == kinds[-1] else cells[n][0].end, read_head(f"{k} {y}", vocabulary))
                for n, k, y in zip(kinds, kind_texts, years, strict=True)
            )
    heads = []
    kind = ""
    for n, (a, b) in enumerate(spans):
        column = read_head(told[n], vocabulary)
        if column.measure is not None and n in kinds:
            kind = text[cells[n][0].start : cells[n][0].end] if cells[n][0].kind == "measure" else ""
        elif kind and kinds and kinds[0] == 0:
            column = read_head(f"{kind} {told[n]}", vocabulary)
        heads.append(Head(a, b, column))
    return tuple(heads)


def _zone(text: str, start: int, end: int, vocabulary: Vocabulary) -> list[_Item]:
    """Kinds and periods at the end of a text with nothing but small words of heads between them."""
    window = text[start:end]
    items = [_Item("measure", start + a, start + b) for _, a, b in vocabulary["columns", "measure"].finditer(window)]
    periods = [_Item("period", start + p.start, start + p.end) for p in find_periods(window)]
    items = sorted([*(i for i in items if not any(p.start < i.end and i.start < p.end for p in periods)), *periods], key=lambda i: i.start)
    zone: list[_Item] = []
    for item in reversed(items):
        if zone and not _filler(text[item.end : zone[0].start], vocabulary):
            break
        zone.insert(0, item)
    return zone


def _filler(between: str, vocabulary: Vocabulary) -> bool:
    """Whether the text between two words of a head is no more than small words, units and marks."""
    if any(mark in between for mark in ".;:!?") and not between.strip(" .").isalpha():
        return False
    noise, unit = vocabulary["columns", "noise"], vocabulary["columns", "unit"]
    words = _WORD.findall(between)
    return len(words) <= 4 and all(noise.code(w) is not None or unit.code(w.strip("().")) is not None or not w[0].isalnum() for w in words)


def _cells(text: str, items: Sequence[_Item]) -> list[list[_Item]]:
    cells: list[list[_Item]] = []
    for n, item in enumerate(items):
        if not cells:
            cells.append([item])
            continue
        has = {i.kind for i in cells[-1]}
        between = text[items[n - 1].end : item.start]
        joined = item.kind == "measure" and items[n - 1].kind == "measure" and _JOINED.fullmatch(between) is not None
        leads = (
            item.kind == "measure"
            and has == {"period"}
            and (len(cells) > 1 or (n + 1 < len(items) and items[n + 1].kind == "period"))
        )
        if joined or (item.kind not in has and not leads):
            cells[-1].append(item)
        else:
            cells.append([item])
    return cells


def _tail(text: str, start: int, until: int | None, end: int, vocabulary: Vocabulary) -> int:
    """Where a head ends whose last word of meaning ends at ``start``: after the small words and units that still belong to it."""
    stop = end if until is None else until
    at = start
    for word in _WORD.finditer(text, start, stop):
        plain = word.group().strip("().")
        if word.group()[:1].isupper() and until is None and vocabulary["columns", "unit"].code(plain) is None and vocabulary["columns", "noise"].code(plain) is None:
            break
        if until is None and not (vocabulary["columns", "noise"].code(plain) is not None or vocabulary["columns", "unit"].code(plain) is not None or plain in ("", "%")):
            break
        at = word.end()
    while at < stop and text[at] in "%)":
        at += 1
    return at


def settle_years(columns: Sequence[Column]) -> list[Column]:
    """Columns without a year get that of the others where no other can be meant.

    Budget, forecast and deviations are about the year of the report: the only year of the other heads or the latest of their
    outcomes.
    """
    years = {c.year for c in columns if c.year is not None}
    if not years:
        return list(columns)
    outcomes = {c.year for c in columns if c.year is not None and c.measure == "outcome"}
    main = years.pop() if len(years) == 1 else max(outcomes, default=None)
    inherits = ("budget", "forecast", "deviation", "forecast_deviation", "outcome") if len({c.year for c in columns} - {None}) == 1 else (
        "budget", "forecast", "deviation", "forecast_deviation")
    return [
        c._replace(year=main, period=str(main) if c.measure in ("budget", "forecast", "forecast_deviation") else c.period)
        if c.year is None and c.measure in inherits and main is not None
        else c
        for c in columns
    ]
