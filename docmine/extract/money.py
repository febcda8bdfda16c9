"""Figures of money in text: which numbers a unit of money makes one, and which of them are prices, counted by something."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import regex

from docmine.swedish import Number, find_numbers
from docmine.vocabulary import Terms, Vocabulary, either_of, pattern_of

__all__ = ["Money", "Price", "find_money", "find_price"]

_RANGE = regex.compile(r"\s*(?:[-–]|till|och|eller|respektive|resp\.?)\s*", regex.IGNORECASE)
_SERIES = regex.compile(r"(?:\s*,|\s+(?:och|samt|till))\s+(?:\p{L}[\p{L}-]*\s+){0,6}", regex.IGNORECASE)
_OPEN = re.compile(r"\(\s*$")
_LOOSE_MINUS = regex.compile(r"(?:\b(?:på|om|med|till|är|blev|blir|av)|:)\s+[-–−]\s+$", regex.IGNORECASE)
_PER = re.compile(r"[pP][eE][rR]\s|för\s(?:en|ett|varje)\s")
_BRACKET = regex.compile(r"\s*\(\s*")
_HIGHEST_PRICE = 5e6  # kronor; no unit of a service costs more


class Money(NamedTuple):
    """A figure of money at ``start:end`` of a text, its unit included."""

    start: int
    end: int
    value: float
    unit: str
    approximate: bool
    signed: bool
    bracketed: bool


def find_money(text: str, vocabulary: Vocabulary) -> list[Money]:
    """The figures of money in a text, in order.

    Examples
    --------
    >>> from docmine.vocabulary import load_vocabulary
    >>> text = "steg från 3,5 till drygt 4,2 miljoner kronor, taxan är 30 kr/dygn"
    >>> [(m.value, m.unit) for m in find_money(text, load_vocabulary())]
    [(3.5, 'mnkr'), (4.2, 'mnkr')]
    """
    words = _words(vocabulary)
    numbers = list(find_numbers(text, words=True))
    found: list[Money] = []
    after: tuple[Number, str] | None = None  # the next figure to the right that has a unit, and its unit
    for number in reversed(numbers):
        bracketed = _OPEN.search(text, max(0, number.start - 4), number.start) is not None
        hit = _unit_after(text, number.end, bracketed, vocabulary)
        if hit is not None:
            unit, end = hit
            if not unit:  # money per something
                after = None
                continue
        elif after is not None and _shares_unit(text, number, after[0]):
            unit, end = after[1], number.end
        else:
            after = None
            continue
        value = number.value
        if value > 0 and not _signed(number) and _LOOSE_MINUS.search(text, max(0, number.start - 12), number.start):
            value = -value
        approximate = words.approximate.search(text, max(0, number.start - 24), number.start) is not None
        found.append(Money(number.start, end, value, unit, approximate, _signed(number) or value < 0, bracketed))
        after = (number, unit)
    return found[::-1]


def _signed(number: Number) -> bool:
    return not (number.text[0].isdigit() or number.text[0].isalpha()) or number.text[:4].casefold() in ("minu", "plus")


def _shares_unit(text: str, number: Number, other: Number) -> bool:
    """Whether a bare figure takes the unit of the next one: a range, a series, or last year's figure in parentheses."""
    if not any(c.isdigit() for c in number.text) or (number.decimals == 0 and 1990 <= number.value <= 2060 and len(number.text) == 4):
        return False
    gap = text[number.end : other.start]
    if _BRACKET.fullmatch(gap):
        return True
    if _RANGE.fullmatch(gap):
        return other.decimals == number.decimals or number.decimals == 0
    return number.decimals > 0 and other.decimals > 0 and _SERIES.fullmatch(gap) is not None


class Price(NamedTuple):
    """What the text before a figure says that money is counted by: a unit of the tables.

    ``end`` is where it has been said; ``noun`` marks that it is said of a cost or the like, not only somewhere in the sentence.
    """

    unit: str
    end: int
    noun: bool

    def covers(self, start: int, value: float, scale: float) -> bool:
        """Whether money at ``start``, of so many kronor and printed in units of ``scale``, can be counted so."""
        return start >= self.end and abs(value) < _HIGHEST_PRICE and (self.noun or scale == 1)


def find_price(text: str, vocabulary: Vocabulary) -> Price | None:
    """What the first sum of a text is counted by, where its words say so before the figure.

    Examples
    --------
    >>> from docmine.vocabulary import load_vocabulary
    >>> find_price("Kostnaden per elev uppgick till 98 400 kr", load_vocabulary())
    Price(unit='SEK/person', end=18, noun=True)
    """
    found = _words(vocabulary).price.search(text) if _PER.search(text) else None
    unit = vocabulary["units", "per"].code(found["per"]) if found is not None else None
    return Price(unit, found.end(), found["noun"] is not None) if found is not None and unit else None


class _Words(NamedTuple):
    """Patterns made once from the vocabulary."""

    unit: re.Pattern[str]
    bare: re.Pattern[str]
    per: regex.Pattern[str]
    price: regex.Pattern[str]
    approximate: re.Pattern[str]


@lru_cache(maxsize=4)
def _words(vocabulary: Vocabulary) -> _Words:
    def forms(terms: Terms) -> str:
        return either_of(f for forms in terms.values() for f in forms)

    unit, bare = forms(vocabulary["money", "unit"]), forms(vocabulary["money", "bare_unit"])
    after, no_price = forms(vocabulary["money", "after_bare_unit"]), forms(vocabulary["money", "not_per"])
    per = rf"(?<!\w)per\s+(?:år\s+och\s+)?(?P<per>{vocabulary['units', 'per'].pattern.pattern})"
    one = pattern_of(*vocabulary["units", "per"]["SEK/person"])
    noun = rf"(?P<noun>{vocabulary['money', 'priced'].pattern.pattern})\s+(?:\w+\s+){{0,3}}?"
    return _Words(
        re.compile(rf"\s{{0,2}}(?:(?P<unit>{unit}|:-)|(?P<bare>{bare}))(?!\w)", re.I),
        re.compile(rf"\s*(?:$|[.,;:!?()–-]|(?:{after})(?!\w)|\d)", re.I),
        regex.compile(rf"\s?/\s?(?!(?:{no_price})(?!\w))\p{{L}}|\s+(?:i\s+snitt\s+)?{per}", regex.I),
        regex.compile(rf"(?:{noun})?+{per}|{noun}för\s+(?:en|ett|varje)\s+(?P<per>{one})", regex.I),
        re.compile(rf"(?<!\w)(?:{forms(vocabulary['money', 'approximate'])})\s*$", re.I),
    )


def _unit_after(text: str, at: int, bracketed: bool, vocabulary: Vocabulary) -> tuple[str, int] | None:
    """Unit and its end right after a figure; an empty unit where it is money per something; None where there is none."""
    words = _words(vocabulary)
    found = words.unit.match(text, at + 1 if bracketed and text[at : at + 1] == ")" else at)
    if found is None or (found["bare"] and not words.bare.match(text, found.end())):
        return None
    if words.per.match(text, found.end()):
        return "", found.end()
    if found["bare"]:
        return vocabulary["money", "bare_unit"].code(found["bare"]) or "", found.end()
    return vocabulary["money", "unit"].code(found["unit"]) or "kr", found.end()
