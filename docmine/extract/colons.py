"""Lines that name a measure and, behind a colon, its figures: ``Antal barn i förskola: 212 st (april), 198 (oktober)``.

They have no verb; what stands beside a figure, in parentheses or not, is only its period or the group that it is told of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import regex

from docmine.extract.figures import Figure, find_figures
from docmine.extract.phrases import Words, clean, timeless
from docmine.records import Indicator
from docmine.swedish import Period, find_periods
from docmine.vocabulary import Vocabulary

__all__ = ["find_behind_colons"]

_T = TypeVar("_T")

_LINE = regex.compile(
    r"^[ \t]*(?:[-–•*▪][ \t]+)?(?P<name>\p{L}[^:\n]{3,110}):(?P<figures>[ \t]+[^\n]{0,40}?\d[^\n]{0,160})$",
    regex.MULTILINE,
)
_COUNTED = regex.compile(r"(?<!\w)\w*?antal(?:et|en)?(?!\w)", regex.IGNORECASE)
_JOINED = regex.compile(r"(?<!\w)(?:och|samt|varav|respektive|resp|för|i|under|per|den|år|totalt)(?!\w)|[\W_]", regex.IGNORECASE)


def find_behind_colons(text: str, offset: int, year: int | None, words: Words, vocabulary: Vocabulary) -> Iterator[Indicator]:
    """The values of all such lines of a text that stands at `offset`; lines that say more are left to others."""
    for line in _LINE.finditer(text):
        told, printed = line["name"], line["figures"]
        if words.verb.search(told) or words.cue.search(told) or not (words.measure.search(told) or words.unit_noun.search(told)):
            continue
        name = clean(timeless(told), words)
        periods = list(find_periods(printed, default_year=year))
        figures = [f for f in find_figures(printed, vocabulary, words=False) if not any(p.start <= f.start < p.end for p in periods)]
        if name is None or not figures or any(f.money or f.value < 0 for f in figures) or _says_more(printed, [*figures, *periods], words):
            continue
        when = _beside(figures, [(p.start, p) for p in periods])
        groups = _beside(figures, [(g.start(), g.group()) for g in words.group.finditer(printed)])
        common = next(iter(find_periods(told, default_year=year)), None)
        for figure in figures:
            period, group = when.get(figure.start, common), groups.get(figure.start)
            yield Indicator(
                start=offset + line.start(),
                end=offset + line.end(),
                name=f"{name}, {group}" if group else name,
                measure="outcome",
                value=figure.value,
                value_text=figure.text,
                unit=figure.unit or _unit(name, figures, words),
                comparator=figure.comparator,
                year=period.year if period is not None and period.year is not None else year,
                period=period.period if period is not None else None,
                confidence=0.8,
                rule="prose",
            )


def _says_more(printed: str, known: Sequence[Figure | Period], words: Words) -> bool:
    """Whether there are more words than figures, their periods and groups."""
    at, rest = 0, []
    for part in sorted(known, key=lambda k: k.start):
        rest.append(printed[at : part.start])
        at = max(at, part.end)
    return _JOINED.sub("", words.group.sub(" ", " ".join([*rest, printed[at:]]))) != ""


def _beside(figures: list[Figure], marks: list[tuple[int, _T]]) -> dict[int, _T]:
    """What stands beside each figure, by its start: behind it where something stands behind the last, else before it."""
    behind = any(at > figures[-1].start for at, _ in marks)
    beside = {}
    for at, mark in marks:
        near = [f.start for f in figures if (f.start < at) == behind]
        if near:
            beside[near[-1] if behind else near[0]] = mark
    return beside


def _unit(name: str, figures: list[Figure], words: Words) -> str | None:
    """The unit of a figure that has none of its own: that of the line's other figures, or the measure's."""
    told = next((f.unit for f in figures if f.unit), None)
    noun = words.unit_noun.search(name)
    return told or (noun[0] if noun else "count" if _COUNTED.search(name) else None)
