"""Find values of indicators in running text.

Notes for a newcomer
--------------------
A sentence is cut at its figures: the *head* is what stands before a figure, the *tail* what follows it up to the next clause
(`docmine.extract.phrases` reads both). Names that are not said again ("Resultatet blev …", "78 procent för …") are carried from
figure to figure and, inside a section, from sentence to sentence (`_Context`). Read `find_indicators`, then `_read`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import regex

from docmine.extract.colons import find_behind_colons
from docmine.extract.cuts import (
    AGAINST,
    BOUNDARY,
    COMPARED,
    COUNTS,
    IN_YEAR,
    LENGTHS,
    LINK,
    LONGEST_NAME,
    OF_THE,
    RATIO,
    ROUGHLY,
    THE,
    TO,
    cut_at_figures,
    ends_with_cue,
    volume_of,
)
from docmine.extract.dating import period_of, year_of
from docmine.extract.figures import Cut, Figure, find_figures
from docmine.extract.phrases import Phrase, Tail, Words, clean, read_head, read_tail, words_of
from docmine.extract.signs import signs_of
from docmine.records import Facts, Indicator, Report
from docmine.sentences import sentences
from docmine.swedish import Period
from docmine.vocabulary import Vocabulary

__all__ = ["find_indicators"]

_I = re.IGNORECASE
_DIGIT = re.compile(r"[0-9]")
_REACHED = frozenset({"outcome", "benchmark"})
_AHEAD = frozenset({"plan", "budget", "needs"})
_HIGHEST_PRICE = 1e5  # kronor a day; what is more is an amount
_ON_AVERAGE = re.compile(r"(?<!\w)(?:i\s+(?:medeltal|genomsnitt|snitt)|genomsnittligt)\s*(?:cirka|ca|drygt|knappt|omkring)?\s*$", _I)
_LEVEL = re.compile(rf"\W*till{ROUGHLY}", _I)
_WITH = re.compile(rf"(?<!\w)(?:med|på|om){ROUGHLY}", _I)
_BOTH = regex.compile(r"^(?:för\s+)?både\s+(.+?)\s+(?:samt|och)\s+(.+)$", _I | re.DOTALL)
_COUNTED = regex.compile(r"(?<!\w)\w*?antal(?:et|en)?(?!\w)", _I)
_SAME = regex.compile(r"(?<!\w)motsvarande\s+(?:siffra|antal|andel|värde|nivå)(?!\w)", _I)
_NAMED = re.compile(r"(?<!\w)(?:andel|antal)(?:en|et)?\s+(?=\w)", _I)
_ENDING = re.compile(r"(?<=\w{7})(?:arna|erna|orna|en|et)$")
_STOP = regex.compile(r"[.;,:]\s|\s(?:är|var|har|ska|visar)\s")
_CLAUSE_STARTS = regex.compile(rf"(?:^|[,;:]|(?<!\w)(?:och|men|där|medan|att))\W{{0,9}}{ROUGHLY}", _I)
_MEASURES = regex.compile(r"(?<!\w)(?:mäter|avser|visar(?:\s+att)?|är|följs\s+genom|mäts\s+genom)\s+$", _I)
_WRAPPED = regex.compile(r"(?<=\D\d{1,3})\n(?=\d{3}(?!\d|[.,:]\d))")
_OF_WHAT = regex.compile(r"\s+(?:för|av|gällande|avseende|på|inom)\s", _I)
_SILENT = Tail()
_BARE = regex.compile(r"\s*(?:$|[.,;:()]|(?:och|men|att|medan|mot|vilket|år|under|i|för|jämfört|per)(?!\w))", _I)
_SHALL_BE = regex.compile(rf"(?<!\w)(?:vara|bli|uppgå\s+till|ligga\s+på|nå|understiga|överstiga|underskrida){ROUGHLY}", _I)
_ROW = regex.compile(r"\d\s+(?:[<>≥≤]|(?:Högst|Minst)\s)|(?<![\d,])(?:\d[\d,]*+\s++){2}\p{Lu}")
_OR = regex.compile(rf"\W*(?:eller|motsvarande|dvs\.?|det\s+vill\s+säga){ROUGHLY}", _I)
_PASSES = regex.compile(rf"(?<!\w)(?:över|under)stiger{ROUGHLY}", _I)
_SUBORDINATE = regex.compile(r"\W{0,20}(?:eftersom|även\s+om|trots|utifrån|när|om|då|genom)(?!\w)", _I)


class _Context(NamedTuple):
    """What the sentences before have named: the measure and its unit; ``fresh`` if no figure was told of it yet."""

    topic: str | None = None
    unit: str | None = None
    fresh: bool = False
    year: int | None = None


class _Said(NamedTuple):
    """A figure's text with what its head and tail say."""

    cut: Cut
    head: Phrase
    tail: Tail


def find_indicators(report: Report, facts: Facts, vocabulary: Vocabulary) -> Iterator[Indicator]:
    """Yield the values of indicators in running text."""
    words, signs = words_of(vocabulary), signs_of(report.text, vocabulary)
    context, section = _Context(), -1
    for sentence in sentences(report):
        here = sentence.section.index if sentence.section else -1
        if here != section:
            context, section = _Context(), here
        found: list[Indicator] = []
        in_words = signs.numbers.meet(sentence.start, sentence.end)
        if in_words or _DIGIT.search(sentence.text):
            text = sentence.text
            for told in find_behind_colons(text, sentence.start, facts.year, words, vocabulary) if ":" in text else ():
                yield told
                start, end = told.start - sentence.start, told.end - sentence.start
                text = text[:start] + " " * (end - start) + text[end:]
            text = _WRAPPED.sub(" ", text)
            if cuts := cut_at_figures(text, find_figures(text, vocabulary, words=in_words), words, vocabulary):
                found, context = _read(cuts, sentence.start, context, facts, words)
                yield from found
        if not found and signs.measures.meet(sentence.start, sentence.end):
            context = _named(sentence.text, context, words)


def _read(cuts: list[Cut], offset: int, context: _Context, facts: Facts, words: Words) -> tuple[list[Indicator], _Context]:
    """The values of one sentence, and what the next may point back to."""
    year = facts.year
    found: list[Indicator] = []
    base: str | None = None
    frame: str | None = None
    measure: str | None = None
    counted: str | None = None
    sentence_period: Period | None = None
    for i, cut in enumerate(cuts):
        said = _Said(cut, _heads(cut, words), read_tail(cut.tail, words))
        when = period_of(cut, year, words) or sentence_period
        if not cut.parenthesis:  # what stands in parentheses is of no other figure
            sentence_period = when
        figure = _priced(said, words)
        if figure.money:
            base = base or said.head.name
            continue
        before, following = found[-1] if found else None, cuts[i + 1 :]
        name, group, frame = _name(said, base, frame, context, words)
        measure, told = _measure(cut, said.head, measure, words)
        again = i > 0 and cuts[i - 1].figure.money and figure.unit == "percent" and _OR.fullmatch(cut.head) is not None
        if again and base and _WITH.search(cuts[i - 1].head) and words.change.search(cuts[i - 1].head):  # "ökade med 58,9 mnkr eller 4,4 %"
            name, measure, told = base, "change", True
        alike = base is None and figure.unit == "count" and _SAME.search("".join(c.head for c in following)) is not None
        if name is None and alike:
            name = clean(cut.noun + cut.tail, words)
        if (
            name is None
            or words.nothing.fullmatch(name)
            or not _is_value(said._replace(cut=cut._replace(figure=figure)), name, measure, before, following, words)
        ):
            if base is None and figure.unit == "count":
                base = counted = clean(cut.noun + cut.tail, words)
            continue
        if alike:
            name = clean(cut.noun + cut.tail, words) or name
        before_told = context.year if base is None and said.head.back and measure != "target" else None
        undated = before_told or (_year_behind(facts, context) if measure in _REACHED else year)
        names = _names(name, _peer(cut, said.head, words) if measure == "benchmark" else group)
        base = words.whose.sub("", name) or name  # "Flickornas meritvärde" is the girls' part of what comes next
        unit = figure.unit or (following[0].figure.unit if cut.paired == "from" else None) or _unit(names[0], cut, before, context, words)
        if unit in LENGTHS and _COUNTED.match(base):
            unit = "count"
        pair = cuts[i - 1 : i + 1] if cut.paired == "to" else cuts[i : i + 2] if cut.paired else []
        told_year = year_of(cut, pair, when, undated)
        value = Indicator(
            start=offset + cut.start,
            end=offset + cut.end,
            name=names[0],
            measure="outcome" if cut.paired == "from" else measure,
            value=figure.value,
            value_text=figure.text,
            unit=unit,
            comparator=figure.comparator,
            year=told_year,
            period=when.period if when and when.year == told_year else None,
            confidence=_sure(told=told, named=said.head.name is not None or said.tail != _SILENT, unit=figure.unit),
            rule="prose",
        )
        found += [value, *(replace(value, name=other) for other in names[1:])]
    if not found:
        return found, _Context(counted) if counted else context
    return found, _Context(base or context.topic, found[-1].unit or context.unit, year=found[-1].year or context.year)


def _year_behind(facts: Facts, context: _Context) -> int | None:
    """The year of what was reached and has none told: the document's, or in one that plans what the sentences before tell."""
    if facts.doc_type not in _AHEAD or facts.year is None:
        return facts.year
    if context.year is not None and context.year < facts.year:
        return context.year
    return None if facts.doc_type == "needs" else facts.year


def _sure(*, told: bool, named: bool, unit: str | None) -> float:
    """The more of a value its own words tell, the surer: what it is, what is measured, in which unit."""
    return round(0.85 - 0.1 * (not told) - 0.15 * (not named) - 0.1 * (unit is None), 2)


def _priced(said: _Said, words: Words) -> Figure:
    """The figure; plain money that a price per day or hour is said to be is counted by it."""
    figure = said.cut.figure
    noun = words.per_noun.search(said.head.name or "") if figure.money and figure.value < _HIGHEST_PRICE else None
    return figure._replace(unit=noun[0], money=False) if noun is not None else figure


def _names(base: str, group: str | None) -> list[str]:
    """The full name; two where the figure is told of both of two things."""
    both = _BOTH.match(group or base)
    names = [both[1], both[2]] if both else [f"{base}, {group}" if group and group not in base else base]
    return [n if len(n) <= LONGEST_NAME else n[:LONGEST_NAME].rsplit(" ", 1)[0] for n in names]


def _heads(cut: Cut, words: Words) -> Phrase:
    """The head, completed by the clause before it where it does not stand on its own."""
    head = read_head(cut.head, words)
    if not cut.lead:
        return head
    lead = read_head(cut.lead, words)
    if head.name is not None and not head.predicated and head.cue is None and (lead.predicated or lead.cue):
        return Phrase(lead.name, head.name, lead.cue, lead.back or lead.name is None, True)
    if head.name is None:
        name = lead.name if (lead.predicated or lead.cue) and not _SUBORDINATE.match(cut.lead) else None
        return Phrase(name, head.group, head.cue or lead.cue, name is None, head.predicated or lead.predicated, head.open)
    return head


def _name(said: _Said, base: str | None, frame: str | None, context: _Context, words: Words) -> tuple[str | None, str | None, str | None]:
    """The measure's name, its group, and the part of the name that later figures of the sentence share."""
    cut, head, tail = said
    volume = volume_of(cut.head, cut.noun + cut.tail, cut.figure, words)
    if volume is not None and (head.name is None or not words.measure.search(head.name)):
        if words.planned.search(cut.head):
            return base or volume, None, frame
        return (f"{head.name}, {volume}" if head.name and not head.back else volume), None, frame
    if cut.figure.unit == "fte" and head.back and base is None:
        if _SAME.search(cut.head):
            return context.topic, None, frame
        agent = words.acting.search(cut.head)
        return clean(cut.noun, words), agent["who"] if agent else None, frame
    if _ON_AVERAGE.search(cut.head) and head.predicated and RATIO.match(cut.tail) and not (head.name and words.measure.search(head.name)):
        counted = clean(cut.noun + cut.tail, words)  # "har i snitt 14,8 barn per avdelning"
        return (f"{counted}, {head.name}" if counted and head.name else counted), head.group, frame
    name, group = head.name, head.group or tail.group
    if name and tail.part and cut.figure.unit == "percent" and base is None and not (head.cue or head.open or words.measure.search(name)):
        return f"{name}, andel av {tail.part}", group, frame
    if (
        tail.part is not None
        and base is None
        and _CLAUSE_STARTS.search(cut.head)
        and (head.predicated or not cut.head.strip())
        and not head.back
    ):
        return f"andel av {tail.part}", None, frame
    whole = OF_THE.match(cut.head) if cut.figure.unit == "percent" and base is None else None
    if (
        whole is not None
        and (verb := words.verb.search(cut.head)) is not None
        and (who := clean(cut.head[whole.end() : verb.start()], words))
    ):
        does = clean(cut.tail, words)
        return (f"andel av {who} som {verb.group()} {does}" if does else f"andel av {who}"), None, frame
    if tail.group and THE.search(cut.head):  # "de 30 kronor per dygn som betalas för en plats"
        return tail.group, None, frame
    if tail.measure is not None and (name is None or not words.measure.search(name)):
        frame = name or frame
        return (f"{tail.measure}, {frame}" if frame else tail.measure), group, frame
    if name is None:
        if base is not None and not (tail.part and not head.back and not head.cue):
            return base, group, frame
        if tail.part is not None and (head.open or not (head.back and context.topic)):
            return f"andel av {tail.part}", group, frame
        if tail.predicate is not None:
            told = context.topic is not None and head.back and words.change.search(cut.head) is None
            return (f"{context.topic}, {tail.predicate}" if told else tail.predicate), group, frame
        if context.topic is None and cut.figure.unit == "count" and head.cue == "target":
            return clean(cut.noun + cut.tail, words), None, frame
        if context.topic is None and cut.figure.unit == "percent" and head.cue == "target" and not words.verb.search(cut.tail):
            return clean(cut.tail, words), None, frame  # "målet, minst 75 procent nöjda besökare, …"
        if context.topic is None and head.cue and head.group:
            return head.group, None, frame
        return context.topic, group, frame
    if head.cue is None and _said_again(name, context.topic):
        return context.topic, group, frame
    if head.open and tail.part is not None:
        return f"andel av {tail.part}, {name}", group, frame
    if base is not None and cut.figure.unit in COUNTS and _goes_on(cut.head, words):
        return base, group, frame
    if _compares(name, words) and (base or context.topic):
        return base or context.topic, name, frame
    measured = words.measure.search(name) is not None
    if not measured and words.group.match(name) is not None and (base or context.topic):
        return base or context.topic, name, frame
    if not measured and head.cue and context.fresh and context.topic and _definite(name):
        return f"{context.topic}, {name}", group, frame
    if base is not None and not head.predicated and head.cue is None:
        if measured:
            return (f"{name}, {frame}" if frame else name), group, frame
        return base, name, frame
    if frame and measured and len(name.split()) == 1:
        return f"{name}, {frame}", group, frame
    return name, group, frame


def _said_again(name: str, topic: str | None) -> bool:
    """Whether one word in the definite form says again what was named with more words: ``olyckorna`` after ``antalet olyckor i halkan``."""
    stem = _ENDING.sub("", name.casefold())
    if topic is None or _NAMED.match(topic) is None or " " in name or stem == name.casefold():
        return False
    return f" {stem}" in topic.casefold()


def _definite(name: str) -> bool:
    """A single word in the definite form points to what was named before."""
    return " " not in name and name.endswith(("en", "et", "in", "an", "on", "na"))


def _measure(cut: Cut, head: Phrase, before: str | None, words: Words) -> tuple[str, bool]:
    """What the value is, and whether a word tells it."""
    if cut.paired == "to" and before is not None:
        return before, True
    near = cut.head[-70:]
    if words.planned.search(near):
        return "budget", True
    if _peer(cut, head, words) is not None:
        return "benchmark", True
    if head.cue is None and _WITH.search(near) and words.change.search(near) and not cut.paired:
        return "change", True
    if cut.figure.unit not in COUNTS and words.than.match(cut.tail):
        return "change", True
    if head.cue == "target":
        return "target", True
    if words.modal.search(cut.head[-60:]) or words.modal.match(cut.tail.lstrip()):
        return "target", True
    if head.cue is not None:
        return head.cue, True
    if OF_THE.match(cut.tail) and words.modal.search(cut.tail):  # "95 procent av ärendena ska …"
        return "target", True
    if before in ("target", "outcome", "forecast") and not head.predicated and not cut.paired:
        return before, False
    return "outcome", False


def _peer(cut: Cut, head: Phrase, words: Words) -> str | None:
    """With whom the figure compares, if it is not the report's own."""
    for subject in (head.name, head.group) if head.cue != "target" else ():
        if subject is not None and _compares(subject, words):
            return subject
    after = words.benchmark.search(cut.tail)
    if after is not None and not cut.tail[: after[1]].strip(" förhosipå("):
        return " ".join(cut.tail[after[1] : after[2]].split())
    if head.cue == "target":
        return None
    verbs = list(words.verb.finditer(cut.head))
    before = list(words.benchmark.finditer(cut.head, verbs[-1].end() if verbs else 0))
    return " ".join(cut.head[before[-1][1] : before[-1][2]].split()) if before else None


def _compares(subject: str, words: Words) -> bool:
    """Whether a phrase names nothing but others to compare with: ``rikets genomsnitt``, ``genomsnittet i länet``."""
    found = words.benchmark.search(subject)
    if found is None:
        return False
    rest = f"{subject[: found[1]]} {subject[found[2] :]}".split()
    return all(words.average.code(word.strip("():,")) is not None for word in rest)


def _is_value(said: _Said, name: str, measure: str, before: Indicator | None, following: list[Cut], words: Words) -> bool:
    """Whether the figure is said of a measure, by what its unit asks for."""
    cut, head, tail = said
    unit = cut.figure.unit
    if _ROW.search(name):
        return False
    if unit in LENGTHS and _COUNTED.match(name):  # a number of hours or days is counted, not measured
        unit = "count"
    if volume_of(cut.head, cut.noun + cut.tail, cut.figure, words):
        return True
    if unit in LENGTHS and head.cue is None and _PASSES.search(cut.head):  # what is over a limit has no value told
        return False
    if before is not None and before.measure == "change" and unit in COUNTS and _COUNTED.match(before.name) and _LEVEL.fullmatch(cut.head):
        return True  # "antalet ärenden ökade med 12 procent till 3 480"
    if before is not None and unit in COUNTS and before.unit in COUNTS and _goes_on(cut.head, words):
        return True
    if before is not None and unit in (None, before.unit) and (words.among.search(cut.head) or measure == "benchmark"):
        return True
    if before is not None and (cut.paired == "to" or cut.parenthesis or (unit in (None, before.unit) and AGAINST.search(cut.head))):
        return True
    if unit == "fte":
        return head.predicated
    if unit not in COUNTS and unit not in LENGTHS:
        told = head.predicated or head.cue is not None or measure in ("change", "benchmark") or before is not None or cut.lead != ""
        inserted = (cut.head.rstrip().endswith("(") and head.back) or (tail.group is not None and not cut.head.strip(" ,och"))
        inserted = inserted or (bool(BOUNDARY.match(cut.head)) and str(unit).startswith("SEK"))
        return told or inserted or tail.part is not None or THE.search(cut.head) is not None
    if unit is None and _ON_AVERAGE.search(cut.head) and RATIO.match(cut.tail):
        return head.predicated
    if head.cue == "target" or (measure == "target" and unit in LENGTHS - {"years"} and _SHALL_BE.search(cut.head)):
        return True
    if unit in LENGTHS:
        alike = before is not None and before.unit == unit
        averaged = words.length.search(name) is not None or _ON_AVERAGE.search(cut.head) is not None
        return alike or head.cue is not None or (head.predicated and averaged)
    if before is not None and unit is None and (IN_YEAR.match(cut.tail) or (measure == "change" and before.unit in COUNTS)):
        return True
    same = _SAME.search(cut.head) is not None
    if before is not None and before.unit in COUNTS and (before.measure == "target" or COMPARED.match(cut.head) or same):
        return True
    if head.cue == "outcome" and ends_with_cue(cut.head, words):
        return True
    counted = _COUNTED.search(cut.head) is not None
    measured = words.measure.search(name) is not None or words.unit_noun.search(name) is not None
    if cut.paired == "from":
        return counted or measured or words.change.search(cut.head) is not None
    if head.predicated and unit is None and _cue_about(cut.head, words) and LINK.search(cut.head) and _BARE.match(cut.tail):
        return True
    if same or (unit == "count" and any(_SAME.search(c.head) for c in following)):
        return head.predicated
    bare = unit is None and not cut.figure.word and words.measure.search(name) is not None and words.money.search(name) is None
    return head.predicated and (counted or bare or words.unit_noun.search(name) is not None) and LINK.search(cut.head) is not None


def _goes_on(head: str, words: Words) -> bool:
    """Whether a figure is what the one before became: ``följt av en ökning till``."""
    return TO.search(head) is not None and words.change.search(head) is not None and words.verb.search(head) is None


def _cue_about(head: str, words: Words) -> bool:
    """Whether a cue tells what it is of: ``utfallet för väntetiden``."""
    return any(_OF_WHAT.match(head, end) for _, _, end in words.cue.finditer(head))


def _unit(base: str, cut: Cut, before: Indicator | None, context: _Context, words: Words) -> str | None:
    """The unit of a figure that has none of its own."""
    noun = words.unit_noun.search(base) or words.unit_noun.search(cut.head)
    if noun is not None:
        return noun[0]
    if _COUNTED.search(base):
        return "count"
    if before is None and words.unitless.search(base):
        return None
    if before is not None:
        return before.unit
    if context.topic and context.unit and base.startswith(context.topic):
        return context.unit
    if context.unit == "index":
        return "index"
    return None if "," in cut.figure.text or "." in cut.figure.text else "count"


def _named(text: str, context: _Context, words: Words) -> _Context:
    """The measure that a sentence without values names, if it names one."""
    named = _NAMED.search(text)
    if named is not None and not _MEASURES.search(text, 0, named.start()) and words.verb.search(text, 0, named.start()):
        named = None
    named = named or words.survey.search(text)
    if named is None or (context.topic and _definite(named.group())):
        return context
    name = clean(_STOP.split(text[named.start() : named.start() + LONGEST_NAME], maxsplit=1)[0], words)
    return _Context(name, None, True) if name and len(name.split()) > 1 else context
