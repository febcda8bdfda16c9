"""Where a report's text has the signs of what extractors look for: number words, money, measures that are named.

They are looked for once in the whole text, so that the many sentences without them are passed over at once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from docmine.extract.spans import Spans
from docmine.swedish import ARTICLES, number_words
from docmine.vocabulary import Terms, Vocabulary

__all__ = ["Signs", "signs_of"]

_ARTICLES = ("en procent*", "en %", "en vecka*", "en månad*", "en timme*", "en dag*")  # before these they are numbers
_GLUED = ("*kr", "*msek")  # units that may stand right behind the last digit
_KRONOR = re.compile(":-")
_MEASURES = ("andel*", "antal*")


class Signs(NamedTuple):
    """Where number words, units of money and the names of measures and surveys stand in a text; digits are found as fast without."""

    numbers: Spans
    money: Spans
    measures: Spans


@lru_cache(maxsize=2)  # every extractor asks for those of the report
def signs_of(text: str, vocabulary: Vocabulary) -> Signs:
    """The signs of a text."""
    found: dict[str, list[tuple[int, int]]] = {code: [] for code in Signs._fields}
    found["money"] += (m.span() for m in _KRONOR.finditer(text))
    for code, start, end in _words(vocabulary).finditer(text):
        found[code].append((start, end))
    return Signs(**{code: Spans(spans) for code, spans in found.items()})


@lru_cache(maxsize=4)
def _words(vocabulary: Vocabulary) -> Terms:
    """The signs that are words, as one group, so that one walk through the text finds them all."""
    units = (form for group in ("unit", "bare_unit") for forms in vocabulary["money", group].values() for form in forms)
    return Terms(
        "signs",
        {
            "numbers": (*_ARTICLES, *(word for word in number_words() if word not in ARTICLES)),
            "money": (*_GLUED, *units),
            "measures": (*_MEASURES, *vocabulary["indicators", "noun"]["survey"]),
        },
    )
