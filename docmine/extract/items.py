"""One thing to be done as it is found in the text: its span and what is known of it, and where its wording ends."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import regex

from docmine.extract.labels import SIGN, find_labels, label_after
from docmine.extract.spans import CAPITAL, SENTENCE_END, runs_on, sentence_begins, skip, tidy
from docmine.extract.status import Verdict, opening_at, unstated
from docmine.records import Report
from docmine.vocabulary import Vocabulary

__all__ = [
    "FOLLOW",
    "LONGEST_ITEM",
    "LONGEST_TITLE",
    "Item",
    "cell_wording",
    "effect_pattern",
    "item_end",
    "responsible_after",
    "without_tail",
]

#: how far from a list its verdict may stand, and how long a title or an item may be
FOLLOW, LONGEST_TITLE, LONGEST_ITEM = 420, 170, 420
_SHORTEST = 8
#: the money that a measure gives or costs
_MONEY = r":?\s{0,3}[-–]?\d[\d\s.,]{0,15}(?:tkr|kkr|mnkr|mkr|msek|kr\b|kronor|miljon|tusen)"


class Item(NamedTuple):
    """A candidate: its span, wording, type and what is known of it."""

    start: int
    end: int
    type: str
    number: str | None = None
    verdict: Verdict | None = None
    responsible: str | None = None
    confidence: float = 0.7


@lru_cache(maxsize=4)
def effect_pattern(vocabulary: Vocabulary) -> regex.Pattern[str]:
    """What tells after the wording of a measure what it gives or costs: ", beräknad effekt 1,8 mnkr", " (700 tkr)"."""
    told = vocabulary["actions", "effect"]
    lead, noun, after = ("|".join(regex.escape(f).replace(r"\*", r"\p{L}*") for f in told[code]) for code in ("lead", "noun", "after"))
    return regex.compile(rf"[,;–]?\s{{1,4}}[–(]?\s?(?:(?:{lead})\s){{0,3}}(?:{noun})?(?:\s(?:{after})){{0,3}}{_MONEY}")


@lru_cache(maxsize=4)
def _tail_pattern(vocabulary: Vocabulary) -> regex.Pattern[str]:
    """What tells after a comma or a full stop who sees to a thing and when it is to be ready: ", ansvarig rektor, klart i maj"."""
    told = vocabulary["actions", "tail"]
    who, when = ("|".join(map(regex.escape, told[code])) for code in ("who", "when"))
    return regex.compile(rf"(?i:[,;.(–]\s{{0,3}}(?:(?P<who>(?:{who}))(?:\s(?:är|för))?:?\s+(?P<name>[^,;.()\n]{{2,80}})|(?:{when})\b))")


def responsible_after(text: str, end: int, stop: int, vocabulary: Vocabulary) -> str | None:
    """Who sees to a thing to be done, by what follows its wording."""
    told = _tail_pattern(vocabulary).match(text, skip(text, max(0, end - 1)), stop) or _tail_pattern(vocabulary).match(text, end, stop)
    return told["name"] if told is not None else None


def cell_wording(text: str) -> str:
    """What is to be done by the text of a table's cell: in one line, without the bullet that may open it."""
    return " ".join(text.split()).lstrip("-–•*▪● ")


def item_end(report: Report, start: int, stop: int, vocabulary: Vocabulary) -> int:
    """Where an item ends: at its sentence's end, at a word that opens its follow-up, at a blank line, at the next section."""
    text = report.text
    ends = [stop, label_after(find_labels(text, vocabulary), start, stop)]
    sign = SIGN.search(text, start + 8, stop)
    if sign is not None:
        ends.append(sign.start())
    sentence = SENTENCE_END.search(text, start, stop)
    if sentence is not None:
        ends.append(sentence.end())
    blank = text.find("\n\n", start, stop)
    if blank >= 0:
        ends.append(blank)
    for code, a, _ in vocabulary["actions", "after"].finditer(text, start, stop):
        if code and a > start + 8 and text[a].isupper():
            ends.append(a)
            break
    section = report.sections.at(start)
    if section is not None and section.end > start:
        ends.append(section.end)
    end = min(ends)
    for gap in islice(CAPITAL.finditer(text, start, end), 8):
        if runs_on(text, start, gap.start()) or len(text[start : gap.start()].split()) < 2:
            continue
        if opening_at(text, gap.end(), end, vocabulary) is not None:
            end = gap.start()  # the clause that tells how it fares
            break
        if "\n" in gap.group() or sentence_begins(text, gap.end(), end, vocabulary):
            if vocabulary["actions", "finite"].search(text, start, gap.start()) is None:
                end = gap.start()  # an item without a stop ran into the sentence after the list
            break
    return tidy(text, start, unstated(text, start, without_tail(text, start, end, vocabulary), vocabulary))


def without_tail(text: str, start: int, end: int, vocabulary: Vocabulary) -> int:
    """Where a wording ends without what is told behind it: what it gives or costs, who sees to it, when it is to be ready."""
    for pattern in (effect_pattern(vocabulary), _tail_pattern(vocabulary)):
        told = pattern.search(text, start + _SHORTEST, end)
        if told is not None:
            end = told.start()
    return end
