"""Find amounts of money in running text.

An amount is a figure with a unit of money; its clause tells what it is about (`Amount.label`), what it is (`Amount.kind`), of which
year, and on which side of the budget. Figures that share a later unit count (``12,1 och 13,4 mnkr``); money per something
(``30 kr/dygn``) does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import regex

from docmine.records import Amount, Facts, Report, Section
from docmine.sentences import Sentence, sentences
from docmine.swedish import Number, Period, find_numbers, find_periods
from docmine.vocabulary import Terms, Vocabulary, load_vocabulary

__all__ = ["Money", "find_amounts", "find_money"]

_LONGEST_QUOTE = 200
_LONGEST_LABEL = 110
_RANGE = regex.compile(r"\s*(?:[-–]|till|och|eller|respektive|resp\.?)\s*", regex.IGNORECASE)
_SERIES = regex.compile(r"(?:\s*,|\s+(?:och|samt|till))\s+(?:\p{L}[\p{L}-]*\s+){0,6}", regex.IGNORECASE)
_BRACKET = regex.compile(r"\s*\(\s*")
_LOOSE_MINUS = regex.compile(r"(?:\b(?:på|om|med|till|är|blev|blir|av)|:)\s+[-–−]\s+$", regex.IGNORECASE)
_BREAK = regex.compile(r"[;:.(!?]|,\s|\s[–-]\s|\s(?:och|men|samt|där|vilket|vilka|varav|medan|samtidigt|eller)\s|\s•\s", regex.IGNORECASE)
_CLAUSE = regex.compile(r"[;:•]\s|\.\s+(?=\p{Lu})|,?\s(?:men|medan|vilket|samtidigt\ssom|varav|där)\s", regex.IGNORECASE)
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}\d-]*(?:/\p{L}+)?|\d[\d,.]*%?")
_PIECE = regex.compile(r"[,;:()•]|\s[–-]\s|\s(?:men|medan|vilket)\s", regex.IGNORECASE)


class Money(NamedTuple):
    """A figure of money at ``start:end`` of a text, its unit included."""

    start: int
    end: int
    value: float
    unit: str
    approximate: bool
    signed: bool
    bracketed: bool


def find_money(text: str) -> list[Money]:
    """The figures of money in a text, in order.

    Examples
    --------
    >>> [(m.value, m.unit) for m in find_money("steg från 3,5 till drygt 4,2 miljoner kronor, taxan är 30 kr/dygn")]
    [(3.5, 'mnkr'), (4.2, 'mnkr')]
    """
    words = _words()
    if words.unit.search(text) is None:
        return []
    numbers = list(find_numbers(text, words=True))
    found: list[Money] = []
    after: tuple[Number, str] | None = None  # the next figure to the right that has a unit, and its unit
    for number in reversed(numbers):
        bracketed = text[: number.start].rstrip()[-1:] == "("
        hit = _unit_after(text, number.end, bracketed)
        if hit is not None and hit[0] is None:  # money per something
            after = None
            continue
        if hit is not None and hit[0] is not None:
            unit, end = hit
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
        after = number, unit
    return found[::-1]


def find_amounts(report: Report, facts: Facts, vocabulary: Vocabulary) -> Iterator[Amount]:
    """Yield the amounts of money in running text, in reading order."""
    topic = _Topic()
    for sentence in sentences(report):
        if topic.section is not sentence.section:
            topic = _Topic(sentence.section)
        text = sentence.text.replace("\n", " ").replace("\t", " ")
        found = find_money(text)
        if found:
            yield from _read(sentence, text, found, topic, facts, vocabulary)


@dataclass(slots=True)
class _Topic:
    """What earlier sentences of a section were about, for those that only go on."""

    section: Section | None = None
    subject: str = ""
    kind: str | None = None
    sign: int = 0
    year: int | None = None
    period: str | None = None


class _Clause(NamedTuple):
    """An amount with the text that belongs to it: up to the amount before, and up to the next break or amount."""

    money: Money
    left: int
    right: int


def _read(sentence: Sentence, text: str, found: list[Money], topic: _Topic, facts: Facts, vocabulary: Vocabulary) -> Iterator[Amount]:
    periods = [p for p in find_periods(text, default_year=facts.year) if not _inside_money(p, found)]
    first = True
    for clause in _clauses(text, found):
        money = clause.money
        own = _cues(text, clause.left, clause.right, vocabulary)
        kind, sure = _kind(own, money)
        told = kind is not None
        if kind is None:
            whole = _cues(text, 0, clause.right, vocabulary) if first else {}
            kind = topic.kind if not first and topic.kind else _kind(whole, money)[0]
            kind = kind or ("deviation" if money.signed else "other")
        label = _label(text, clause, first, topic, vocabulary)
        value = money.value
        if kind in ("deviation", "forecast_deviation"):
            sign = _side(text, clause, label, money, vocabulary) or (topic.sign if not told and not first else 0)
            value = abs(value) * (sign or (-1 if value < 0 else 1))
            topic.sign = -1 if value < 0 else 1
        year, period = _when(text, clause, periods, kind, facts)
        topic.kind = kind
        start, end = _quote(text, clause, label_at=clause.left)
        yield Amount(
            start=sentence.start + start,
            end=sentence.start + end,
            confidence=(0.85 if sure else 0.7) if told else 0.45,
            rule="prose" if told else "prose-inherited",
            label=label,
            kind=kind,
            value=value,
            unit=money.unit,
            year=year,
            period=period,
            approximate=money.approximate,
        )
        first = False


def _clauses(text: str, found: list[Money]) -> Iterator[_Clause]:
    left = 0
    for i, money in enumerate(found):
        stop = found[i + 1].start if i + 1 < len(found) else len(text)
        cut = _BREAK.search(text, money.end, stop)
        right = cut.start() if cut else stop
        start = left
        for mark in _CLAUSE.finditer(text, left, money.start):
            if _WORD.search(text, mark.end(), money.start):
                start = mark.end()
        yield _Clause(money, start, right)
        left = right if cut else money.end


def _cues(text: str, start: int, end: int, vocabulary: Vocabulary) -> dict[str, int]:
    """The cues of a stretch of text, each with its last place."""
    return {code: at for code, at, _ in vocabulary["money", "cue"].finditer(text, start, end)}


def _kind(cues: dict[str, int], money: Money) -> tuple[str | None, bool]:
    """The kind that the cues tell, and whether they leave no doubt."""
    off_budget = "deviation" in cues or "against_budget" in cues
    if "request" in cues:
        return "request", True
    if "effect" in cues and not off_budget:
        return "effect", True
    if "against_year" in cues and ("change" in cues or "deviation" in cues):
        return "change", True
    if off_budget or ("forecast" in cues and money.signed):
        return ("forecast_deviation" if "forecast" in cues else "deviation"), True
    if "budget" in cues and not {"forecast", "change"} & cues.keys():
        return "budget", True
    if "change" in cues:
        return "change", False
    if "forecast" in cues:
        return "forecast", True
    if "budget" in cues:
        return "budget", False
    if "plan" in cues:
        return "plan", False
    if "outcome" in cues:
        return "outcome", False
    return None, False


def _side(text: str, clause: _Clause, label: str, money: Money, vocabulary: Vocabulary) -> int:
    """1 where the words say better than budget, -1 worse, 0 where they say neither."""
    own = text[clause.left : clause.right]
    good, bad = (vocabulary["money", g].pattern.search(own) is not None for g in ("good", "bad"))
    if good != bad:
        return 1 if good else -1
    more, less = (vocabulary["money", g].pattern.search(own) is not None for g in ("more", "less"))
    if more != less:
        subject = own if not label else label
        cost, revenue = (vocabulary["money", g].pattern.search(subject) is not None for g in ("cost", "revenue"))
        if cost == revenue:
            cost, revenue = (vocabulary["money", g].pattern.search(own) is not None for g in ("cost", "revenue"))
        if revenue and not cost:
            return 1 if more else -1
        if cost or not money.signed:
            return -1 if more else 1
    if money.signed:
        return -1 if money.value < 0 else 1
    return 0


def _when(text: str, clause: _Clause, periods: list[Period], kind: str, facts: Facts) -> tuple[int | None, str | None]:
    """Year and period: what the amount's own clause tells first, then its sentence, then the document."""
    against = [at for code, at, _ in load_vocabulary()["money", "cue"].finditer(text) if code == "against_year"]
    compared = [p for p in periods if any(at <= p.start < at + 60 for at in against)]
    open_ones = [p for p in periods if p not in compared and p.year is not None]
    behind = [p for p in open_ones if clause.money.end <= p.start < clause.right]
    before = [p for p in open_ones if clause.left <= p.start < clause.money.start]
    own = behind[:1] or before[-1:] or open_ones[:1]
    if own:
        year, period = own[0].year, own[0].period
        return year, period
    if kind in ("forecast", "forecast_deviation", "budget"):
        return facts.year, None if facts.year is None else str(facts.year)
    return facts.year, facts.period


def _label(text: str, clause: _Clause, first: bool, topic: _Topic, vocabulary: Vocabulary) -> str:
    money = clause.money
    left = text[clause.left : money.start]
    parts: list[str] = []
    if money.bracketed:
        piece = _PIECE.split(left.rstrip(" ("))[-1]
        piece = regex.split(r"\s(?:och|samt)\s", piece)[-1] if not first else piece
        head = _trim(piece, vocabulary)
        if head and not head[0].isdigit():
            left = piece
    verbs = list(vocabulary["money", "verb"].pattern.finditer(left))
    if verbs:
        verb = verbs[-1]
        before = _PIECE.split(left[: verb.start()])
        subject = _trim(next((p for p in reversed(before) if _trim(p, vocabulary)), ""), vocabulary)
        thing = _trim(left[verb.end() :], vocabulary)
        parts = [subject, thing]
    else:
        pieces = [t for p in _PIECE.split(left) if (t := _trim(p, vocabulary))]
        parts = pieces[-1:] if not first else pieces[-2:]
    parts = [p for p in parts if p]
    if not parts or not _told(parts, vocabulary):
        behind = _trim(text[money.end : clause.right], vocabulary)
        if behind and not first:
            parts.append(behind)
        elif behind and not parts:
            parts.append(behind)
    if parts and _told(parts, vocabulary):
        topic.subject = ", ".join(parts)
    else:
        context = topic.subject if not first and topic.subject else _title(topic.section) or topic.subject
        if context:
            parts.append(context)
    label = ", ".join(parts)
    return label if len(label) <= _LONGEST_LABEL else label[:_LONGEST_LABEL].rsplit(" ", 1)[0]


def _title(section: Section | None) -> str:
    return section.title if section is not None and section.rule != "preamble" else ""


def _told(parts: list[str], vocabulary: Vocabulary) -> bool:
    """Whether the parts of a label say more than that something is a forecast, a deviation, an effect."""
    generic = vocabulary["money", "generic"]
    return any(generic.code(word) is None for part in parts for word in part.split())


def _trim(piece: str, vocabulary: Vocabulary) -> str:
    """A piece of text without the function words, years and figures at its ends."""
    filler, tail = vocabulary["money", "filler"], vocabulary["money", "verb_tail"]
    words = list(_WORD.finditer(piece))
    while words and (words[0].group()[0].isdigit() or filler.code(words[0].group()) or tail.code(words[0].group())):
        words.pop(0)
    while words and (words[-1].group()[0].isdigit() or filler.code(words[-1].group()) or tail.code(words[-1].group())):
        words.pop()
    return " ".join(piece[words[0].start() : words[-1].end()].split()) if words else ""


def _quote(text: str, clause: _Clause, *, label_at: int) -> tuple[int, int]:
    """The part of the sentence to quote: all of it where it is short, else the amount's clause."""
    if len(text) <= _LONGEST_QUOTE:
        return 0, len(text)
    start, end = label_at, max(clause.money.end, min(clause.right, clause.money.end + _LONGEST_QUOTE // 2))
    start = max(start, end - _LONGEST_QUOTE)
    while 0 < start < clause.money.start and text[start - 1].isalnum():
        start += 1
    while start < clause.money.start and not text[start].isalnum() and text[start] not in "+-–−(":
        start += 1
    while end > clause.money.end and text[end - 1].isspace():
        end -= 1
    return start, end


def _inside_money(period: Period, found: list[Money]) -> bool:
    return any(m.start < period.end and period.start < m.end for m in found)


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


class _Words(NamedTuple):
    """Patterns made once from the vocabulary."""

    unit: regex.Pattern[str]
    bare: regex.Pattern[str]
    per: regex.Pattern[str]
    approximate: regex.Pattern[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    vocabulary = load_vocabulary()

    def forms(terms: Terms) -> str:
        every = sorted((f for fs in terms.values() for f in fs), key=len, reverse=True)
        return "|".join(r"\s+".join(map(regex.escape, f.split())) for f in every)

    return _Words(
        regex.compile(rf"\s{{0,2}}(?:(?P<unit>{forms(vocabulary['money', 'unit'])}|:-)(?!\w)|(?P<bare>{forms(vocabulary['money', 'bare_unit'])})(?!\w))", regex.I),
        regex.compile(rf"\s*(?:$|[.,;:!?()–-]|(?:{forms(vocabulary['money', 'after_bare_unit'])})(?!\w)|\d)", regex.I),
        regex.compile(rf"\s?(?:/|\bper\s+|\bi\s+snitt\s+per\s+)\s?(?!(?:{forms(vocabulary['money', 'not_per'])}|\d)(?!\w))\p{{L}}", regex.I),
        regex.compile(rf"(?<!\w)(?:{forms(vocabulary['money', 'approximate'])})\s*$", regex.I),
    )


def _unit_after(text: str, at: int, bracketed: bool) -> tuple[str | None, int] | None:
    """Unit and its end right after a figure; (None, end) where it is money per something; None where there is none."""
    words, vocabulary = _words(), load_vocabulary()
    found = words.unit.match(text, at + 1 if bracketed and text[at : at + 1] == ")" else at)
    if found is None or (found["bare"] and not words.bare.match(text, found.end())):
        return None
    if words.per.match(text, found.end()):
        return None, found.end()
    if found["bare"]:
        return vocabulary["money", "bare_unit"].code(found["bare"]), found.end()
    return ("kr" if found["unit"] == ":-" else vocabulary["money", "unit"].code(found["unit"])), found.end()
