"""Figures in running text: a number with its unit and with the word that compares it (``minst 80 procent``, ``1 350 kr/dygn``)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import regex

from docmine.extract.money import find_money, find_price
from docmine.schema import MONEY_UNITS
from docmine.swedish import ARTICLES, Number, find_comparator, find_numbers, find_years
from docmine.vocabulary import Terms, Vocabulary, either_of

__all__ = ["Cut", "Figure", "counted_by", "find_figures", "find_unit", "in_row"]

_RANGE = regex.compile(r"\s?[-\u2010\u2011\u2012\u2013\u2014]?\s?|\s+(?:till|och|à)\s+", regex.IGNORECASE)
_DASH = regex.compile(r"\s?[-\u2010\u2011\u2012\u2013\u2014]\s?")
_BETWEEN = regex.compile(r"(?<!\w)mellan\s+$", regex.IGNORECASE)
_SERIES = regex.compile(r"\s+(?:och|respektive|resp\.?|samt)\s+(?:\w+\s+)?", regex.IGNORECASE)
_NEAR = 30  # characters before a number in which a word may compare it
_LONGEST_UNIT = 60
_ADJACENT = regex.compile(r"\s*(?:(?:cirka|ca\.?|att|på|till|om|de|den|index|HME|NKI|drygt|knappt)\s+){0,2}", regex.IGNORECASE)
_OR = regex.compile(r"\s(?:eller|och\s+uppåt)(?!\w)", regex.IGNORECASE)
_YEAR_FOLLOWS = regex.compile(r"\W*år\s+(?:19|20)\d\d(?!\d)", regex.IGNORECASE)
_YEARS_SPAN = regex.compile(r"(?<!\d)(?:19|20)\d\d\s?[-\u2010\u2011\u2013/](?P<to>(?:19|20)\d\d)(?!\d)")
_ROW_GOES_ON = regex.compile(r"\s*(?!(?:19|20)\d\d(?!\d))\d")
_TIME_ONLY = frozenset({"inom"})
_TIME_UNITS = frozenset({"days", "weeks", "hours", "months", "years"})
_CLAUSE = regex.compile(r"[,;:.(]|(?<!\w)(?:och|men|att)(?!\w)")


class Figure(NamedTuple):
    """A number and what belongs to it at ``start:end``; ``text`` is the number as printed.

    ``number_end`` is where it ends and
    the unit begins. ``unit`` is the contract's code, None where none is printed; ``money`` marks an amount, which is no indicator.
    ``value`` is in that unit, in kronor where the unit counts money.
    """

    start: int
    end: int
    text: str
    value: float
    unit: str | None
    comparator: str | None = None
    money: bool = False
    word: bool = False
    number_end: int = 0


class Cut(NamedTuple):
    """A figure and the text that belongs to it; ``start:end`` is the piece of the sentence that holds them.

    ``lead`` is the clause before that of the head. ``paired`` says which end of "från … till …" the figure is,
    ``parenthesis`` that it stands in parentheses right after another.
    """

    figure: Figure
    lead: str
    head: str
    tail: str
    noun: str
    start: int
    end: int
    paired: str = ""
    parenthesis: bool = False


@lru_cache(maxsize=4)
def _units(vocabulary: Vocabulary) -> re.Pattern[str]:
    """Matches what follows a number: money, with what it is counted by, or another unit."""

    def any_of(terms: Terms) -> str:
        return either_of(f for forms in terms.values() for f in forms) + r"(?:(?<!\w)|(?!\w))"

    money, unit = (any_of(vocabulary["units", group]) for group in ("money", "unit"))
    per = vocabulary["units", "per"].pattern.pattern
    return re.compile(
        r"(?:\s?\n[ \t]{1,40}|[\s\u00ad-]{0,2})"  # a wrapped line may be indented
        rf"(?:(?P<money>{money})(?:\s?(?:/|(?<!\w)per(?!\w)|(?<!\w)i\s(?=m[åa]nad))\s?(?P<per>{per}))?|(?P<unit>{unit}))",
        re.IGNORECASE,
    )


def find_unit(text: str, pos: int, vocabulary: Vocabulary) -> tuple[str | None, float, bool, int] | None:
    """The unit right after a number: its code, what to multiply by, whether it is plain money, and where it ends."""
    found = _units(vocabulary).match(text, pos, pos + _LONGEST_UNIT)
    if found is None:
        return None
    if found["unit"]:
        code = vocabulary["units", "unit"].code(found["unit"])
        if code == "years" and _YEAR_FOLLOWS.match(text, pos, pos + _LONGEST_UNIT):
            return None
        return code, 1.0, False, found.end()
    factor = MONEY_UNITS[vocabulary["units", "money"].code(found["money"]) or "kr"]
    if found["per"]:
        return vocabulary["units", "per"].code(found["per"]), factor, False, found.end()
    return "SEK", factor, True, found.end()


def find_figures(text: str, vocabulary: Vocabulary, *, words: bool = True) -> list[Figure]:
    """The numbers of a sentence with their units; bare years are left out, and so are articles that no unit follows.

    Number words are looked for if ``words`` says that there may be some.

    Both ends of a range (``70–80 procent``, ``mellan 6 och 8``) are figures of their own, compared ``>=`` and ``<=``.
    """
    numbers = list(find_numbers(text, words=words))
    if not numbers:
        return []
    years = {y.start for y in find_years(text)}
    for span in _YEARS_SPAN.finditer(text):
        years |= {span.start("to"), span.start("to") - 1}  # a hyphen counts as its sign
    found: list[Figure] = []
    taken = -1
    for i, number in enumerate(numbers):
        if i == taken:
            continue
        after = numbers[i + 1] if i + 1 < len(numbers) else None
        unit = find_unit(text, number.end, vocabulary)
        if unit is None and number.start in years:
            continue
        upper = _upper(text, number, after, years) if unit is None or after is not None else None
        if upper is not None and after is not None:
            other = find_unit(text, after.end, vocabulary)
            if other is not None or unit is None:
                taken = i + 1
                high = after._replace(start=upper, value=abs(after.value))
                found += [
                    _figure(text, number, other and (*other[:3], number.end), ">="),
                    _figure(text, high, other, "<="),
                ]
                continue
        if unit is None and number.text.casefold() in ARTICLES:
            continue
        found.append(_figure(text, number, unit, None))
    previous = 0
    compared = []
    for figure in found:
        compared.append(figure if figure.comparator else figure._replace(comparator=_compare(text, previous, figure)))
        previous = figure.end
    return compared


def counted_by(text: str, figures: list[Figure], vocabulary: Vocabulary) -> list[Figure]:
    """The figures, those of money that the sentence says to be a price in its unit, and those that share a later unit of money marked."""
    for i in range(len(figures) - 2, -1, -1):  # "86 respektive 87 procent"
        figure, after = figures[i : i + 2]
        if figure.unit is None and after.unit == "percent" and _SERIES.fullmatch(text, figure.end, after.start):
            figures[i] = figure._replace(unit=after.unit)
    if not any(f.money for f in figures):
        return figures
    price = find_price(text, vocabulary)
    if price is None and all(f.unit is not None for f in figures):
        return figures
    scales = {m.start: MONEY_UNITS[m.unit] for m in find_money(text, vocabulary)}
    read = []
    for figure in figures:
        if figure.unit is None and figure.start in scales:
            figure = figure._replace(unit="SEK", money=True, value=round(figure.value * scales[figure.start], 6))
        if figure.money and price is not None and price.covers(figure.start, figure.value, scales.get(figure.start, 1.0)):
            figure = figure._replace(unit=price.unit, money=False)
        read.append(figure)
    return read


def in_row(text: str, figure: Figure) -> bool:
    """Whether the figure stands among others without a word between, as in a table's row."""
    before = text[max(0, figure.start - 4) : figure.start].rstrip()
    return (
        before[-1:].isdigit()
        or before[-1:] == "%"
        or _ROW_GOES_ON.match(text, figure.end) is not None
        or "\t" in text[figure.end : figure.end + 2]
    )


def _upper(text: str, low: Number, high: Number | None, years: set[int]) -> int | None:
    """Where the upper end of a range begins, if the two numbers are one."""
    if high is None or high.start in years or low.start in years or abs(high.value) <= low.value or low.value < 0:
        return None
    between = text[low.end : high.start]
    start = high.start
    if high.text[:1] in "-\u2010\u2011\u2012\u2013\u2014":
        between, start = between + high.text[0], high.start + 1
    if _DASH.fullmatch(between):
        return start
    told = _BETWEEN.search(text, max(0, low.start - 10), low.start) is not None
    return start if told and _RANGE.fullmatch(between) else None


def _figure(text: str, number: Number, unit: tuple[str | None, float, bool, int] | None, comparator: str | None) -> Figure:
    word = number.text[-1:].isalpha()
    printed = text[number.start : number.end]
    if unit is None:
        return Figure(number.start, number.end, printed, number.value, None, comparator, False, word, number.end)
    code, factor, money, end = unit
    return Figure(number.start, end, printed, round(number.value * factor, 6), code, comparator, money, word, number.end)


def _compare(text: str, previous: int, figure: Figure) -> str | None:
    """The comparison that stands right before or after a figure."""
    start = max(previous, figure.start - _NEAR)
    cut = [m.end() for m in _CLAUSE.finditer(text, start, figure.start)]
    at = cut[-1] if cut else start
    told = None
    while (found := find_comparator(text[at : figure.start] + figure.text)) is not None and at + found[2] <= figure.start:
        told, at = found[0] if _ADJACENT.fullmatch(text, at + found[2], figure.start) else None, at + found[2]
        word = text[at - found[2] + found[1] : at].casefold()
        if word in _TIME_ONLY and figure.unit not in _TIME_UNITS:
            told = None
    if told is not None:
        return told
    if _OR.match(text, figure.end) is None:
        return None
    after = find_comparator(text[figure.end : figure.end + 14].split(",")[0].split(".")[0])
    return after[0] if after is not None and after[1] == 1 else None
