"""Find amounts of money in running text.

An amount is a figure with a unit of money; its clause tells what it is about (`Amount.label`), what it is (`Amount.kind`), of which
year, and on which side of the budget. Figures that share a later unit count (``12,1 och 13,4 mnkr``); money per something
(``30 kr/dygn``) does not.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import regex

from docmine.extract.dating import years_between
from docmine.extract.money import Money, find_money, find_price
from docmine.extract.signs import signs_of
from docmine.extract.spans import BULLET
from docmine.records import Amount, Facts, Report, Section
from docmine.schema import MONEY_UNITS
from docmine.sentences import Sentence, sentences
from docmine.swedish import Period, find_periods
from docmine.vocabulary import Vocabulary

__all__ = ["find_amounts"]

_LONGEST_QUOTE = 200
_LONGEST_LABEL = 110
_LONGEST_CLAUSE = 300
_LONGEST_LIST = 1500
_NEAR = 3  # characters between a sentence and the next of the same paragraph
_NEAR_BEHIND = 30  # characters behind an amount in which "ökade" is said of it
_DEVIATIONS = ("deviation", "forecast_deviation")
_FORECASTS = ("forecast", "forecast_deviation")
_BRACKET = regex.compile(r"\s*\(\s*")
_BREAK = regex.compile(
    r"[;:.(!?]|,\s(?!jämfört|mot\s|gentemot)|\s[–-]\s|\s(?:och|men|samt|där|vilket|vilka|varav|medan|samtidigt|eller)\s|\s•\s",
    regex.IGNORECASE,
)
_CLAUSE = regex.compile(
    r"[;•]\s|\.\s+(?=\p{Lu})|(?i:,?\s(?:men|medan|vilket|samtidigt\ssom|varav|där|eftersom|varför|då(?!\s(?:till|på|med|att|är|blir)\s))\s)"
)
_FAR = regex.compile(r"[,;:.()]|(?:\w+\s+){4}|\soch\s+med\s")
_BESIDE = regex.compile(r"\s*+(?:(?:för|under|år|i)\s++){0,9}+", regex.IGNORECASE)
_FROM = regex.compile(r"\bfrån(?:\s+\p{L}[\p{L}.]*){0,2}\s*$", regex.IGNORECASE)
_TO = regex.compile(r"\s*till(?:\s+\p{L}[\p{L}.]*){0,2}\s*", regex.IGNORECASE)
_MEETING_DAY = regex.compile(r"-\d\d-(?:[01]\d|2[0-7])$")
_CAPITAL = regex.compile(r"[\p{Ll}\d-]\s+(?P<word>\p{Lu}\p{Ll}*)")
_FOR = regex.compile(r"\sför\s(?:\w+\s)?$", regex.IGNORECASE)
_ENDS_ITEM = regex.compile(r",(?:\s+\p{L}++){0,2}\s*$")
_RESULT = regex.compile(r"(?<!\w)(?:positivt|negativt)\sresultat\s(?:om|på)(?:\s\w+)?$", regex.IGNORECASE)
_PLUS = regex.compile(r"\s(?:plus|minus|back)(?!\w)", regex.IGNORECASE)
_NOW = regex.compile(r"\b(?:perioden|hittills|utfall\w*)\b", regex.IGNORECASE)
_LEVEL = regex.compile(r"\b(?:till|från)(?:\s+\w+)?$", regex.IGNORECASE)
_JOINT = regex.compile(r"\s(?:samt|och)\s", regex.IGNORECASE)
_ASIDE = regex.compile(r"\s\([^()]*\)")
_FROM_WHERE = r"(?:från|för|till\s+följd\s+av|på\s+grund\s+av|genom|via|i\s+form\s+av)"
_SOURCE = regex.compile(
    rf"\s+{_FROM_WHERE}\s(?P<thing>[^;:.()\d]{{1,160}}?)(?P<and>,?\s+(?:och|samt)|,)\s+(?:(?:cirka|ca|drygt|knappt|ytterligare|dels)\s+){{0,2}}",
    regex.IGNORECASE,
)
_SOURCE_OPENS = regex.compile(rf"\s*{_FROM_WHERE}\s", regex.IGNORECASE)
_GOES_ON = regex.compile(r"\)\s+(?:på|om|med)\s+[\d+–-]", regex.IGNORECASE)
_DIGIT = re.compile(r"\d")
_RANGE = regex.compile(r"\s?[–-]?\s?")
_THAN = regex.compile(r"\w+\s+än\b", regex.IGNORECASE)
_OF_BUDGET = regex.compile(r"\s(?:mot|av)\s(?:\w+\s){0,3}?\w*budget(?:en)?(?:\s(?:på|om))?\s*$", regex.IGNORECASE)
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}\d-]*(?:/\p{L}+)?|\d[\d,.]*%?")
_PIECE = re.compile(r"[,;:()•]|\s[–-]\s|\s(?:men|medan|vilket|(?:för\s)?att)\s", re.IGNORECASE)


def find_amounts(report: Report, facts: Facts, vocabulary: Vocabulary) -> Iterator[Amount]:
    """Yield the amounts of money in running text, in reading order."""
    topic, money = _Topic(), signs_of(report.text, vocabulary).money
    for sentence in sentences(report):
        if topic.section is not sentence.section:
            topic = _Topic(sentence.section)
        if not money.meet(sentence.start, sentence.end):
            continue
        text = sentence.text.replace("\n", " ").replace("\t", " ")
        found = find_money(text, vocabulary)
        price = find_price(text, vocabulary) if found else None
        if price is not None:  # "kostnaden per invånare är 8 100 kr"
            found = [m for m in found if not price.covers(m.start, m.value * MONEY_UNITS[m.unit], MONEY_UNITS[m.unit])]
        if found:
            topic.above = _above(report.text, sentence)
            yield from _read(sentence, text, found, topic, facts, vocabulary)


@dataclass(slots=True)
class _Topic:
    """What earlier sentences of a section were about, for those that only go on."""

    section: Section | None = None
    above: str = ""  # what the sentence, an item of a list, stands under
    subject: str = ""
    lead: str = ""  # the label of the sentence's first amount
    kind: str | None = None
    told: tuple[str, ...] = ()  # the kinds of the sentence's earlier amounts
    sign: int = 0
    spending: bool = False  # the last deviation was told as more or less spent, which is what signs in a list below it then tell
    forecast: bool = False
    foretold: bool = False  # the sentence before told a forecast
    end: int = 0


class _Clause(NamedTuple):
    """An amount with the text that belongs to it: up to the amount before, and up to the next break or amount.

    ``listed`` marks one of an enumeration whose words stand behind their amounts.
    """

    money: Money
    left: int
    right: int
    listed: bool = False


def _read(sentence: Sentence, text: str, found: list[Money], topic: _Topic, facts: Facts, vocabulary: Vocabulary) -> Iterator[Amount]:
    periods = _periods(text, found, facts)
    plain = _without(text, [*periods, *found])
    dating = _Dating(text, found, periods, facts, vocabulary)
    near = sentence.start - topic.end <= _NEAR
    topic.foretold, topic.forecast = near and topic.forecast and not dating.periods, False
    if not near:
        topic.subject = ""
    topic.told = ()
    for i, clause in enumerate(_clauses(text, found, vocabulary)):
        money = clause.money
        label = _label(plain, clause, i == 0, topic, vocabulary)
        kind, sure = _kind(text, clause, i == 0, topic, vocabulary)
        value = money.value
        if kind in _DEVIATIONS:
            sign = _side(text, clause, label, vocabulary)
            if sure is not None:
                topic.spending = _of_spending(text, clause, sign, vocabulary)
            elif not sign:
                sign = topic.sign
            elif topic.spending and i == 0:
                sign = -sign
            value = abs(value) * (sign or (-1 if value < 0 else 1))
            topic.sign = -1 if value < 0 else 1
        year, period = dating.of(clause, kind, bracketed_year=i > 0 and _BRACKET.fullmatch(text, found[i - 1].end, money.start) is not None)
        if kind == "forecast" and year is not None and facts.year is not None and year < facts.year:
            kind = "outcome"  # with which the forecast is compared
        kind = _in_plan(kind, year, facts)
        topic.kind, topic.end = kind, sentence.end
        topic.told += (kind,)
        topic.forecast |= kind in _FORECASTS
        start, end = _quote(text, clause)
        yield Amount(
            start=sentence.start + start,
            end=sentence.start + end,
            confidence=0.6 if sure is None else 0.9 if sure else 0.8,
            rule="prose",
            label=label,
            kind=kind,
            value=value,
            unit=money.unit,
            year=year,
            period=period,
            approximate=money.approximate,
        )


def _in_plan(kind: str, year: int | None, facts: Facts) -> str:
    """The kind in a document that plans: what it says of its own year is budget, of later years plan."""
    if facts.doc_type not in ("budget", "plan") or year is None or facts.year is None or year < facts.year:
        return kind
    if year > facts.year:
        return "plan" if kind in ("outcome", "budget", "forecast") else kind
    return "budget" if kind in ("outcome", "budget", "forecast") and facts.doc_type == "budget" else kind


def _without(text: str, spans: list[Period | Money]) -> str:
    """The text with some spans blanked, so that no label takes them for words."""
    parts, at = [], 0
    for p in sorted(spans, key=lambda p: p.start):
        parts += [text[at : p.start], " " * (p.end - p.start)]
        at = p.end
    return "".join([*parts, text[at:]])


def _clauses(text: str, found: list[Money], vocabulary: Vocabulary) -> Iterator[_Clause]:
    left, last, listed = 0, 0, False
    for i, money in enumerate(found):
        last = max(last, i)
        while last + 1 < len(found) and _RANGE.fullmatch(text, found[last].end, found[last + 1].start):
            last += 1  # both ends of a range share what is said behind it
        at = found[last].end
        stop = found[last + 1].start if last + 1 < len(found) else len(text)
        cut = _BREAK.search(text, at, stop) or None
        right = cut.start() if cut else stop
        fresh = _fresh(text, at, right, vocabulary)
        if fresh is not None:
            cut, right = fresh, fresh.start("word")
        if cut is None and stop < len(text):  # the last word belongs to the next amount: "12 mnkr av budgeterade 14 mnkr"
            right = at + max(0, text[at:stop].rstrip(" (").rfind(" "))
            named = _OF_BUDGET.search(text, at, stop)  # "12 mnkr mot en budget på 14 mnkr"
            right = min(right, named.start()) if named else right
        item = _item(text, at, stop) if stop < len(text) else None
        if item is not None:
            cut, right = item, item.start("and")
        start = max(left, money.start - _LONGEST_CLAUSE)
        for mark in _CLAUSE.finditer(text, start, money.start):
            if _WORD.search(text, mark.end(), money.start):
                start = mark.end()
        start = _run_in(text, start, money.start, vocabulary)
        yield _Clause(money, start, min(right, money.end + _LONGEST_CLAUSE), listed or item is not None)
        listed = item is not None
        if (cut and last == i) or not money.bracketed:  # what stands around a parenthesis belongs together
            left = right if cut and last == i else money.end


def _item(text: str, start: int, end: int) -> regex.Match[str] | None:
    """The words of an enumeration that stand behind their amount: "15 mnkr från ökade intäkter och bidrag samt 10 mnkr från …"."""
    found = _SOURCE.fullmatch(text, start, end)
    return found if found is not None and found["thing"].strip() and _CLAUSE.search(found["thing"]) is None else None


def _fresh(text: str, start: int, end: int, vocabulary: Vocabulary) -> regex.Match[str] | None:
    """Where a new sentence begins behind an amount without a full stop before it."""
    for mark in _CAPITAL.finditer(text, start - 1, end):
        if mark.start() < start or any(vocabulary["money", group].code(mark["word"]) for group in ("filler", "generic")):
            return mark
    return None


def _run_in(text: str, start: int, end: int, vocabulary: Vocabulary) -> int:
    """Where the last sentence begins whose capital alone tells it from a heading or a sentence that lost its full stop."""
    for mark in _CAPITAL.finditer(text, start, end):
        if any(vocabulary["money", group].code(mark["word"]) for group in ("filler", "generic")):
            start = mark.start("word")
    return start


def _kind(text: str, clause: _Clause, first: bool, topic: _Topic, vocabulary: Vocabulary) -> tuple[str, bool | None]:
    """The kind of an amount and whether its own words leave no doubt; None where they do not tell and it was inherited."""
    money = clause.money
    found = list(vocabulary["money", "cue"].finditer(text, clause.left, clause.right))
    cues = {code: end for code, start, end in found if code != "change" or _is_change(text, start, money)}
    before = text[clause.left : money.start].rstrip(" (")
    if first:
        whole = {code for code, _, _ in vocabulary["money", "cue"].finditer(text, max(0, money.start - _LONGEST_CLAUSE), clause.left)}
    else:
        whole = set()
    forecast = "forecast" in cues or ("forecast" in whole and "deviation" not in whole)
    if topic.forecast and _NOW.search(before) is None:
        forecast = True
    breakdown = vocabulary["money", "breakdown"].search(text, clause.left, money.start)
    if breakdown and breakdown[0] == "object" and not _WORD.search(text, breakdown[2], money.start):
        breakdown = None
    if breakdown or (not first and not _has_verb(before, vocabulary)):
        told = {c for c, end in cues.items() if end <= money.start} if breakdown else cues.keys()  # behind it the reason is told
        parted = not {"against_budget", "against_year", "budget", "request"} & told
        own = cues.get("deviation", -1) > (breakdown[1] if breakdown else -1)
        if topic.kind in _DEVIATIONS and parted and not own:
            return topic.kind, None
    off_budget = "deviation" in cues or "against_budget" in cues or (forecast and _PLUS.match(text, money.end) is not None)
    if "request" in cues:
        return "request", True
    if _of_remedy(text, clause, topic if not first else None, vocabulary):
        return "effect", False
    if "effect" in cues and not off_budget:
        return "effect", True
    if first and not off_budget and _under_remedies(text, before, topic, vocabulary):
        return "effect", False
    beside = " (" if _GOES_ON.match(text, money.end) else ""  # "avvikelse mot budget (9,2 mnkr) om 0,1 mnkr"
    if any(c in ("budget", "against_budget") and e <= money.start and not text[e : money.start].strip().strip(beside) for c, _, e in found):
        return "budget", True
    if "against_year" in cues and ({"change", "deviation"} & cues.keys() or _compares(text[money.end : clause.right], vocabulary)):
        return "change", True
    if topic.foretold and not money.bracketed and "deviation" in cues and not {"against_budget", "outcome"} & cues.keys():
        return "forecast_deviation", False
    if forecast and not off_budget and _RESULT.search(before):
        return "forecast", False
    if off_budget or (forecast and (money.signed or _good_or_bad(before, vocabulary))):
        return ("forecast_deviation" if forecast else "deviation"), True
    if _LEVEL.search(before) and "budget" not in cues:
        if not first and topic.kind in ("budget", "plan"):
            return topic.kind, None
        return ("forecast" if forecast or (topic.kind in _FORECASTS and "outcome" not in cues) else "outcome"), False
    if not off_budget and _is_granted(text, clause, vocabulary):
        return "budget", False
    if "change" in cues:
        before_it = {"forecast", "outcome"}.intersection(topic.told)
        if before_it and "budget" in topic.told:  # "3 mnkr mot budgeterade 4, en minskning på 1"
            return ("forecast_deviation" if "forecast" in before_it else "deviation"), False
        return "change", False
    if not forecast and _is_spent(text, clause, vocabulary):
        return "outcome", False
    if "budget" in cues and "plan" not in cues:
        return "budget", not forecast
    if forecast:
        return "forecast", True
    if "plan" in cues:
        return "plan", False
    if "outcome" in cues and not (not first and topic.kind):
        return "outcome", False
    if "outcome" in cues and topic.kind == "request":  # of what was asked for this was given
        return "outcome", False
    if topic.kind and (not first or (topic.kind in (*_DEVIATIONS, "effect") and not _has_verb(before, vocabulary))):
        return topic.kind, None
    if "outcome" in cues:
        return "outcome", False
    item = first and not _has_verb(before, vocabulary)
    above = {code for code, _, _ in vocabulary["money", "cue"].finditer(topic.above)} if item else set()
    if money.signed or {"deviation", "against_budget"} & above:
        return ("forecast_deviation" if "forecast" in above else "deviation"), None
    return next((kind for kind in ("request", "effect", "budget", "change", "forecast", "plan") if kind in above), "outcome"), None


def _above(text: str, sentence: Sentence) -> str:
    """The line that brings in the list of which a sentence is an item, or else the title of its section."""
    title = _title(sentence.section)
    if not BULLET.match(sentence.text):
        return title
    first = max(sentence.section.body_start if sentence.section else 0, sentence.start - _LONGEST_LIST)
    for line in reversed(text[first : sentence.start].splitlines()):
        line = line.strip()
        if line.endswith(":") or (BULLET.match(line) and not _DIGIT.search(line)):
            return f"{title} {line}"
    return title


def _of_remedy(text: str, clause: _Clause, topic: _Topic | None, vocabulary: Vocabulary) -> bool:
    """Whether an amount is what a measure gives: "åtgärder: vakanser (700 tkr)", "åtgärder motsvarande 2 mnkr"."""
    money = clause.money
    equals = vocabulary["money", "equals"].code(text[clause.left : money.start].rpartition(" ")[0].rsplit(" ", 1)[-1]) is not None
    if equals and topic is not None and topic.kind == "effect":
        return True
    return (money.bracketed or equals) and vocabulary["money", "remedy"].search(text, 0, money.start) is not None


def _under_remedies(text: str, before: str, topic: _Topic, vocabulary: Vocabulary) -> bool:
    """Whether an amount is what an item of a list gives that stands under a line on what is done for a better economy.

    Without a bullet the amount ends the item, behind a comma ("Två lokaler sägs upp, 450 tkr").
    """
    if vocabulary["money", "remedy"].search(topic.above) is None:
        return False
    if not BULLET.match(text):
        return topic.section is not None and topic.section.type == "measures" and _ENDS_ITEM.search(before) is not None
    words = before.split(maxsplit=2)  # behind the bullet "minskade" is no verb
    return not (words[2:] and _has_verb(words[2], vocabulary))


def _is_change(text: str, start: int, money: Money) -> bool:
    """Whether a word of change is said of the amount: not far behind it, and not of what it is for ("9 mnkr för ökat antal elever")."""
    return start < money.end or (start < money.end + _NEAR_BEHIND and _FOR.search(text, money.end, start) is None)


def _is_granted(text: str, clause: _Clause, vocabulary: Vocabulary) -> bool:
    """Whether the last word that tells what the amount is gives it: "har kompenserats med 2 mnkr"."""
    granted = _last_at(text[clause.left : clause.money.start], "granted", vocabulary)
    if granted < 0:
        return False
    return all(code != "change" for code, *_ in vocabulary["money", "cue"].finditer(text, clause.left + granted, clause.money.start))


def _is_spent(text: str, clause: _Clause, vocabulary: Vocabulary) -> bool:
    """Whether the verb that has the amount as its object says that it is spent: "har 2 mnkr förbrukats"."""
    behind = text[clause.money.end : clause.right].split(maxsplit=2)[:2]  # "3 mnkr hade upparbetats"
    before = text[clause.left : clause.money.start].split()[-2:]
    return any(vocabulary["money", "spent"].code(word.strip(".,;")) is not None for word in (*before, *behind))


def _compares(behind: str, vocabulary: Vocabulary) -> bool:
    """Whether the amount is how much more or less something is: "12 mnkr lägre än budget"."""
    return any(vocabulary["money", g].pattern.match(behind.lstrip()) for g in ("more", "less"))


def _has_verb(text: str, vocabulary: Vocabulary) -> bool:
    return vocabulary["money", "verb"].pattern.search(text) is not None


def _good_or_bad(text: str, vocabulary: Vocabulary) -> int:
    """1 where the words say better, -1 worse, 0 neither or both."""
    good, bad = (vocabulary["money", g].pattern.search(text) is not None for g in ("good", "bad"))
    return good - bad


def _side(text: str, clause: _Clause, label: str, vocabulary: Vocabulary) -> int:
    """1 where the words say better than budget, -1 worse, 0 where they say neither."""
    money, own = clause.money, text[clause.left : clause.right]
    behind = text[money.end : clause.right].lstrip()
    compares = _compares(behind, vocabulary)
    told = _good_or_bad(own, vocabulary)
    if told and not compares:
        return told
    more, less = (vocabulary["money", g].pattern.search(behind if compares else own) is not None for g in ("more", "less"))
    if more != less:
        for subject in (text[clause.left : money.start], label, own):
            cost, revenue = (_last_at(subject, g, vocabulary) for g in ("cost", "revenue"))
            if cost != revenue:
                return 1 if more == (revenue > cost) else -1
        if not told and not money.signed and "against_budget" in (c for c, *_ in vocabulary["money", "cue"].finditer(own)):
            return -1 if more else 1  # a nämnd's budget is one of costs
    return told or ((-1 if money.value < 0 else 1) if money.signed else 0)


def _of_spending(text: str, clause: _Clause, sign: int, vocabulary: Vocabulary) -> bool:
    """Whether a deviation is told as more or less spent: "prognosen är 3 mnkr lägre än budget"."""
    own = text[clause.left : clause.right]
    if clause.money.signed or _good_or_bad(own, vocabulary):
        return False
    more, less = (vocabulary["money", g].pattern.search(own) is not None for g in ("more", "less"))
    return more != less and sign == (-1 if more else 1)


def _last_at(text: str, group: str, vocabulary: Vocabulary) -> int:
    """Where the last word of a group begins; -1 where there is none."""
    return max((at for _, at, _ in vocabulary["money", group].finditer(text)), default=-1)


class _Dating:
    """Which year and period the amounts of a sentence are about."""

    def __init__(self, text: str, found: list[Money], periods: list[Period], facts: Facts, vocabulary: Vocabulary) -> None:
        comparing = vocabulary["money", "comparing"].pattern
        self.periods = [p for p in periods if p.year is not None]
        self.starts = [p.start for p in self.periods]
        self.beside = self._beside(text, found)
        owner = {p.start: start for start, p in self.beside.items()}
        self.compared = set()
        for p in self.periods:
            at = owner.get(p.start, p.start)
            if any(not _FAR.search(text, m.end(), at) for m in comparing.finditer(text, max(0, at - 40), at)):
                self.compared.add(p.start)
        several = len({p.year for p in self.periods}) > 1
        inside = {m.start for m in found if m.bracketed}  # "6 120 tkr (7 430 tkr 2017)"
        self.tied = self.compared | {p.start for start, p in self.beside.items() if several or start in inside}  # they date no other amount
        self.claimed: set[int] = set()
        self.last = found[-1].start
        self.facts = facts
        self.pairs = dict(self._pairs(text, found))

    def _beside(self, text: str, found: list[Money]) -> dict[int, Period]:
        """The periods that stand right behind an amount, by the amount's start: "28,7 mnkr 2014"."""
        beside = {}
        for money in found:
            i = bisect_left(self.starts, money.end)
            if i < len(self.periods) and _BESIDE.fullmatch(text, money.end, self.starts[i]):
                beside[money.start] = self.periods[i]
        return beside

    def _pairs(self, text: str, found: list[Money]) -> Iterator[tuple[int, int]]:
        """The years of "från 3,1 till 3,4 mnkr mellan 2016 och 2017", by the amounts' starts."""
        years = years_between(text)
        for first, second in pairwise(found):
            if years and _TO.fullmatch(text, first.end, second.start) and _FROM.search(text, max(0, first.start - 30), first.start):
                yield from ((first.start, years[0]), (second.start, years[1]))

    def of(self, clause: _Clause, kind: str, *, bracketed_year: bool) -> tuple[int | None, str | None]:
        """Year and period that the amount's own clause tells, else its sentence, else the document."""
        money, facts = clause.money, self.facts
        if money.start in self.pairs:
            return self.pairs[money.start], str(self.pairs[money.start])
        differs = kind in ("change", *_DEVIATIONS)
        near = self.periods[bisect_left(self.starts, clause.left) : bisect_left(self.starts, clause.right)]
        around = [p for p in near if p.start not in self.claimed]
        beside = None if differs and self._is_compared(money) else self.beside.get(money.start)
        behind = beside or next((p for p in around if p.start >= money.end and p.start not in self.compared), None)
        against = [p for p in around if p.start < money.start and p.start in self.compared and not differs]
        before = [p for p in around if p.start < money.start and p.start not in self.compared]
        own = behind or next(reversed(against or before), None) or self._of_all(money)
        year, period = (own.year, own.period) if own else (facts.year, facts.period)
        if own is None and kind in (*_FORECASTS, "budget"):
            period = None if year is None else str(year)
        if behind is not None:  # said of this amount alone
            self.claimed.add(behind.start)
        elif bracketed_year and year is not None:
            return year - 1, _last_year(year, period)
        return year, period

    def _is_compared(self, money: Money) -> bool:
        beside = self.beside.get(money.start)
        return beside is not None and beside.start in self.compared

    def _of_all(self, money: Money) -> Period | None:
        """The first period that the sentence tells for all its amounts: before this one, or behind the last."""
        free = (p for p in self.periods if p.start not in self.tied and p.start not in self.claimed)
        return next((p for p in free if p.start < money.start or p.start > self.last), None)


def _last_year(year: int, period: str | None) -> str | None:
    return None if period is None else period.replace(str(year), str(year - 1))


def _label(text: str, clause: _Clause, first: bool, topic: _Topic, vocabulary: Vocabulary) -> str:
    money = clause.money
    left = _ASIDE.sub(" ", text[clause.left : money.start]).rstrip(" (")
    verbs = list(vocabulary["money", "verb"].pattern.finditer(left))
    behind = _behind(text[money.end : clause.right], vocabulary)
    parts: list[str] = []
    pieces = [t for p in _PIECE.split(left) if (t := _trim(p, vocabulary))]
    if verbs and not (money.bracketed and pieces and _trim(_PIECE.split(left)[-1], vocabulary) and not first):
        before, after = left[: verbs[-1].start()], left[verbs[-1].end() :]
        thing = _last(after, vocabulary)
        if _THAN.match(thing):
            thing = ""
        if behind and _WORD.search(after) is None:  # the verb's object: "avser 12 mnkr högre kostnader"
            parts = [behind]
        elif thing and after.split()[:1] == ["att"]:  # the verb only reports
            parts = [thing]
        else:
            subject = next((t for p in reversed(_PIECE.split(before)) if (t := _subject(p, vocabulary))), "")
            if vocabulary["money", "asks"].code(verbs[-1].group()):  # who asks is not what is asked for
                purpose = _trim(text[money.end : clause.right], vocabulary)
                subject, thing = (thing, purpose) if thing or purpose else (subject, "")
            parts = [subject, thing]
    elif pieces:
        parts = pieces[-2:] if first else [_last(left, vocabulary)]
    parts = [p for p in parts if p]
    if behind and not _told(parts, vocabulary):
        parts.append(behind)
    if first and clause.left > 0 and not _told(parts, vocabulary):
        parts.append(_opening(text[: min(clause.left, _LONGEST_CLAUSE)], vocabulary))
    label = ", ".join(p for p in dict.fromkeys(parts) if p)
    if _told(parts, vocabulary):
        topic.subject = label
    elif topic.subject or not first:
        label = ", ".join(p for p in (label, topic.subject or topic.lead) if p)
    if first:
        topic.lead = label
    opening = _SOURCE_OPENS.match(text, money.end, clause.right) if clause.listed else None
    if opening is not None and (source := _trim(text[opening.end() : clause.right], vocabulary)):
        label = ", ".join(p for p in (source, label) if p)
    if not label:
        rest = _trim(text[money.end : clause.right], vocabulary)
        label = rest or _title(topic.section) or " ".join(text[max(0, money.end - 80) : money.end].split()[-8:]) or money.unit
    return label if len(label) <= _LONGEST_LABEL else label[:_LONGEST_LABEL].rsplit(" ", 1)[0]


def _opening(text: str, vocabulary: Vocabulary) -> str:
    """The subject that a sentence opens with."""
    verb = vocabulary["money", "verb"].pattern.search(text)
    return _subject(_PIECE.split(text[: verb.start()])[-1], vocabulary) if verb else ""


def _subject(piece: str, vocabulary: Vocabulary) -> str:
    """What a sentence is about, from the words before its verb; empty where they are an aside."""
    verb = next(reversed(list(vocabulary["money", "verb"].pattern.finditer(piece))), None)
    if verb is not None:  # two clauses joined, or an aside before the verb: the subject stands last
        return _trim(_JOINT.split(piece[verb.end() :])[-1], vocabulary)
    aside = vocabulary["money", "aside"].search(piece)
    return "" if aside is not None and not _trim(piece[: aside[1]], vocabulary) else _trim(piece, vocabulary)


def _behind(text: str, vocabulary: Vocabulary) -> str:
    """The noun phrase right behind an amount (``12 mnkr i statsbidrag``); empty where something else follows."""
    words = text.split(maxsplit=1)
    idle = ("more", "less", "good", "bad", "verb", "aside", "filler")
    if not words or any(vocabulary["money", g].code(words[0]) for g in idle):
        return ""
    verb = vocabulary["money", "verb"].pattern.search(text)
    return _trim(text[: verb.start()] if verb else text, vocabulary)


def _last(text: str, vocabulary: Vocabulary) -> str:
    """The last part of a list of things, the one that the amount stands with."""
    last = next((t for p in reversed(_PIECE.split(text)) if (t := _trim(p, vocabulary))), "")
    return _trim(_JOINT.split(last)[-1], vocabulary) if len(last) > _LONGEST_LABEL // 2 else last


def _title(section: Section | None) -> str:
    return section.title if section is not None and section.rule != "preamble" else ""


def _told(parts: list[str], vocabulary: Vocabulary) -> bool:
    """Whether the parts of a label say more than that something is a forecast, a deviation, an effect."""
    generic, filler = vocabulary["money", "generic"], vocabulary["money", "filler"]
    return any(generic.code(word) is None and filler.code(word) is None for part in parts for word in part.split())


def _trim(piece: str, vocabulary: Vocabulary) -> str:
    """A piece of text without the function words, years and figures at its ends."""
    filler, tail = vocabulary["money", "filler"], vocabulary["money", "verb_tail"]
    words = list(_WORD.finditer(piece))

    def idle(word: str) -> bool:
        return word[0].isdigit() or filler.code(word) is not None or tail.code(word) is not None

    first = 0
    while first < len(words) and (idle(words[first].group()) or vocabulary["money", "verb"].code(words[first].group())):
        first += 1
    words = words[first:]
    while words and idle(words[-1].group()):
        words.pop()
    return " ".join(piece[words[0].start() : words[-1].end()].split()) if words else ""


def _quote(text: str, clause: _Clause) -> tuple[int, int]:
    """The part of the sentence to quote: all of it where it is short, else the amount's clause."""
    if len(text) <= _LONGEST_QUOTE:
        return 0, len(text)
    end = max(clause.money.end, min(clause.right, clause.money.end + _LONGEST_QUOTE // 2))
    start = max(clause.left, end - _LONGEST_QUOTE)
    while 0 < start < clause.money.start and text[start - 1].isalnum():
        start += 1
    while start < clause.money.start and not text[start].isalnum() and text[start] not in "+-–−(":
        start += 1
    while end > clause.money.end and text[end - 1].isspace():
        end -= 1
    return start, end


def _periods(text: str, found: list[Money], facts: Facts) -> list[Period]:
    """The periods of a sentence that are no part of an amount; the day of a decision dates none, the last of a month does."""
    ends = [m.end for m in found]
    periods = []
    for p in find_periods(text, default_year=facts.year):
        i = bisect_right(ends, p.start)
        if (i == len(found) or found[i].start >= p.end) and not _MEETING_DAY.search(p.period or ""):
            periods.append(p)
    return periods
