"""Find values of indicators in running text.

Notes for a newcomer
--------------------
A sentence is cut at its figures: the *head* is what stands before a figure, the *tail* what follows it up to the next clause
(`docmine.extract.phrases` reads both). Names that are not said again ("Resultatet blev …", "78 procent för …") are carried from
figure to figure and, inside a section, from sentence to sentence (`_Context`). Read `find_indicators`, then `_read`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from docmine.extract.figures import Figure, find_figures
from docmine.extract.phrases import Phrase, Tail, Words, clean, read_head, read_tail, words_of
from docmine.records import Facts, Indicator, Report
from docmine.sentences import sentences
from docmine.swedish import Period, find_periods
from docmine.vocabulary import Vocabulary

__all__ = ["find_indicators"]

_I = regex.IGNORECASE
_LENGTHS = frozenset({"days", "weeks", "hours", "months", "years"})
_LONGEST_HEAD, _LONGEST_TAIL, _LONGEST_NAME = 320, 160, 140
_ABOUT = (
    r"(?:\s+(?:cirka|ca\.?|drygt|knappt|närmare|nästan|runt|omkring|ungefär|hela|totalt|motsvarande|högst|minst|max|mer\s+än|mindre\s+än"
    r"|färre\s+än|fler\s+än|under|över|i\s+genomsnitt|i\s+snitt|mellan|strax|att))*\s*$"
)
_FROM = regex.compile(rf"(?<!\w)från{_ABOUT}", _I)
_TO = regex.compile(rf"(?<!\w)till{_ABOUT}", _I)
_WITH = regex.compile(rf"(?<!\w)(?:med|på|om){_ABOUT}", _I)
_LINK = regex.compile(
    rf"(?<!\w)(?:till|från|på|om|är|var|blev|blir|vara|varit|mot|fanns|med|har|hade|understiga|överstiga|understiger|överstiger){_ABOUT}",
    _I,
)
_BOUNDARY = regex.compile(
    r"[,;:]\s+|\s+(?=(?:och|men|medan|samt|resp(?:ektive|\.)?|jämfört\s+med|mot|att\s+jämföra|vilket|till|utan|varav|eller)(?!\w))", _I
)
_END = regex.compile(
    r"[;:]\s|,?\s+(?=(?:men|medan|jämfört\s+med|att\s+jämföra|vilket|utan|varav|samtidigt)(?!\w))|,\s+(?=(?:och|en|ett|där|som|så|vilket)(?!\w))",
    _I,
)
_STRONG = regex.compile(
    r"[;:]\s+|,\s+(?=(?:medan|men|varav|samtidigt\s+som|eftersom|vilket|utifrån)(?!\w))|\s+(?=(?:eftersom|medan)(?!\w))", _I
)
_CONNECTED = regex.compile(r"\s*(?:,|(?<!\w)(?:och|samt|resp\.?|respektive|till))\s*$", _I)
_COMPARED = regex.compile(r"\W*(?:jämfört\s+med|mot|att\s+jämföra)(?!\w)", _I)
_BOTH = regex.compile(r"^(?:för\s+)?både\s+(.+?)\s+(?:samt|och)\s+(.+)$", _I | regex.DOTALL)
_COUNTED = regex.compile(r"(?<!\w)(?:antal|antalet|motsvarande\s+(?:siffra|antal))(?!\w)", _I)
_PREVIOUS = regex.compile(r"(?<!\w)(?:föregående|förra|fjol\w*|jämfört\s+med|i\s+jämförelse\s+med)(?!\w)", _I)
_NAMED = regex.compile(r"(?<!\w)(?:andel|antal)(?:en|et)?\s+(?=\w)", _I)


class _Context(NamedTuple):
    """What the sentences before have named: the measure and its unit."""

    topic: str | None = None
    unit: str | None = None


class _Cut(NamedTuple):
    """A figure and the text that belongs to it; ``start:end`` is the piece of the sentence that holds them.

    ``lead`` is the clause before that of the head, where the figure's clause is subordinate.
    """

    figure: Figure
    lead: str
    head: str
    tail: str
    start: int
    end: int


def find_indicators(report: Report, facts: Facts, vocabulary: Vocabulary) -> Iterator[Indicator]:
    """Yield the values of indicators in running text."""
    words = words_of(vocabulary)
    context, section = _Context(), -1
    for sentence in sentences(report):
        here = sentence.section.index if sentence.section else -1
        if here != section:
            context, section = _Context(), here
        found: list[Indicator] = []
        cuts = _cut(sentence.text, words, vocabulary)
        if cuts:
            found, context = _read(cuts, sentence.start, context, facts.year, words)
            yield from found
        if not found:
            context = _named(sentence.text, context, words)


def _cut(text: str, words: Words, vocabulary: Vocabulary) -> list[_Cut]:
    """The figures of a sentence that may be values, each with the text that belongs to it."""
    figures: list[Figure] = []
    for figure in find_figures(text, vocabulary):
        if _may_be_value(text, figure, figures[-1] if figures else None, words):
            figures.append(figure)
    cuts, at = [], 0
    for i, figure in enumerate(figures):
        start = max(at, figure.start - _LONGEST_HEAD)
        strong = [m.end() for m in _STRONG.finditer(text, start, figure.start) if text[m.end() : figure.start].strip()]
        split = strong[-1] if strong else start
        if i + 1 < len(figures):
            at = figure.end + _divide(text[figure.end : figures[i + 1].start], words)
            tail = text[figure.end : at]
        else:
            stop = _END.search(text, figure.end)
            tail = text[figure.end : stop.start() if stop else len(text)]
        tail = tail[:_LONGEST_TAIL].rstrip()
        first = start + len(text[start : figure.start]) - len(text[start : figure.start].lstrip(" ,;:\n\t"))
        cuts.append(_Cut(figure, text[start:split], text[split : figure.start], tail, first, figure.end + len(tail)))
    return cuts


def _may_be_value(text: str, figure: Figure, before: Figure | None, words: Words) -> bool:
    """Whether a figure can be a value at all, so that others do not cut the sentence: bare numbers and times need a link."""
    if figure.money:
        return True
    if figure.unit is not None and figure.unit != "count" and figure.unit not in _LENGTHS:
        return words.story.match(text, figure.end) is None
    head = text[max(0, figure.start - 60) : figure.start]
    if words.label_before.search(head) or (figure.word and figure.unit is None and before is None and not _ends_with_cue(head, words)):
        return False
    if _LINK.search(head) or _ends_with_cue(head, words):
        return True
    return before is not None and figure.start - before.end < 60 and figure.unit is not None


def _ends_with_cue(head: str, words: Words) -> bool:
    """Whether target, outcome or index stands right before the figure (``målvärdet om``, ``resultatet (snitt) var``, ``index``)."""
    last = None
    for last in words.cue.finditer(head):
        pass
    if last is not None and clean(head[last[2] :], words) is None:
        return True
    noun = words.unit_noun.search(head)
    return noun is not None and not head[noun[2] :].strip()


def _divide(between: str, words: Words) -> int:
    """Where, between two figures, the tail of the first ends and the head of the second begins."""
    if not between.strip():
        return 0
    connected = _CONNECTED.search(between)
    if connected is not None and between[: connected.start()].strip():
        return connected.start()
    marks = list(_BOUNDARY.finditer(between))
    for mark in marks:
        rest = between[mark.end() :]
        if _COMPARED.match(between, mark.start()) and any(_BOUNDARY.finditer(rest)):
            continue
        if words.verb.search(rest) or words.cue.search(rest):
            return mark.start()
    return marks[0].start() if marks else 0


def _read(cuts: list[_Cut], offset: int, context: _Context, year: int | None, words: Words) -> tuple[list[Indicator], _Context]:
    """The values of one sentence, and what the next may point back to."""
    found: list[Indicator] = []
    base: str | None = None
    frame: str | None = None
    measure: str | None = None
    period: Period | None = None
    for i, cut in enumerate(cuts):
        figure = cut.figure
        head, tail = _heads(cut, words), read_tail(cut.tail, words)
        period = _period(cut, year) or period
        if figure.money:
            per_unit = words.per_noun.search(cut.head)
            if per_unit is None:
                base = head.name or base
                continue
            figure = figure._replace(unit=per_unit[0])
        base, group, frame = _name(head, tail, base, frame, context, words)
        if base is None:
            continue
        before = found[-1] if found else None
        measure, told = _measure(cut, head, tail, measure, i, words)
        if not _is_value(figure, cut, head, tail, base, measure, told, before, words):
            continue
        pair = _FROM.search(cut.head) is not None and i + 1 < len(cuts) and _TO.search(cuts[i + 1].head) is not None
        unit = figure.unit or (cuts[i + 1].figure.unit if pair else None) or _unit(base, cut, before, context, words)
        when = _year(cut, period, year, pair, i, cuts)
        names = [f"{base}, {group}" if group else base]
        both = _BOTH.match(names[0]) or (_BOTH.match(group) if group else None)
        if both is not None:
            names = [both[1], both[2]]
        for name in names:
            found.append(
                Indicator(
                    start=offset + cut.start,
                    end=offset + cut.end,
                    name=name[:_LONGEST_NAME],
                    measure="outcome" if pair else measure,
                    value=figure.value,
                    value_text=figure.text,
                    unit=unit,
                    comparator=figure.comparator,
                    year=when,
                    period=period.period if period and period.year == when else None,
                    confidence=0.75 if told else 0.6,
                    rule="prose",
                )
            )
    if not found:
        return found, context
    return found, _Context(base or context.topic, found[-1].unit or context.unit)


def _heads(cut: _Cut, words: Words) -> Phrase:
    """The head, completed by the clause before it where it does not stand on its own."""
    head = read_head(cut.head, words)
    if not cut.lead:
        return head
    lead = read_head(cut.lead, words)
    if head.name is not None and not head.predicated and (lead.predicated or lead.cue):
        return Phrase(lead.name, head.name, head.cue or lead.cue, lead.back or lead.name is None, True)
    if head.name is None:
        return Phrase(lead.name, head.group or lead.group, head.cue or lead.cue, lead.name is None, head.predicated or lead.predicated)
    return head


def _name(
    head: Phrase, tail: Tail, base: str | None, frame: str | None, context: _Context, words: Words
) -> tuple[str | None, str | None, str | None]:
    """The measure's name, its group, and the part of the name that later figures of the sentence share."""
    name, group = head.name, head.group or tail.group
    first = base is None
    if tail.measure is not None and (name is None or not words.measure.search(name)):
        frame = name or frame
        return (f"{tail.measure}, {frame}" if frame else tail.measure), group, frame
    if name is None:
        if not first and not (tail.part and not head.back and not head.cue):
            return base, group, frame
        if tail.part is not None and not (head.back and context.topic):
            return f"andel av {tail.part}", group if group != tail.part else None, frame
        if tail.predicate is not None:
            return (f"{context.topic}, {tail.predicate}" if context.topic and head.back else tail.predicate), group, frame
        if group is not None and not head.predicated and first:
            return None, None, frame
        return context.topic, group, frame
    is_group = not words.measure.search(name) and words.group.match(name) is not None
    if is_group and (base or context.topic):
        return base or context.topic, name, frame
    if not first and not head.predicated and head.cue is None:
        if words.measure.search(name):
            return (f"{name}, {frame}" if frame else name), group, frame
        return base, name, frame
    if frame and words.measure.search(name) and len(name.split()) == 1:
        return f"{name}, {frame}", group, frame
    return name, group, frame


def _measure(cut: _Cut, head: Phrase, tail: Tail, before: str | None, i: int, words: Words) -> tuple[str, bool]:
    """What the value is, and whether a word tells it."""
    near = cut.head[-70:]
    benchmark = words.benchmark.search(cut.tail)
    if benchmark is not None and not cut.tail[: benchmark[1]].strip(" förhosi("):
        return "benchmark", True
    last = None
    for last in words.verb.finditer(near):
        pass
    benchmark = words.benchmark.search(near, last.end() if last else 0)
    if benchmark is not None and head.cue != "target":
        return "benchmark", True
    if _WITH.search(near) and words.change.search(near) and head.cue is None:
        return "change", True
    if head.cue is not None:
        return head.cue, True
    if words.modal.search(cut.head[-50:]) or words.modal.match(cut.tail):
        return "target", True
    if before not in (None, "change", "benchmark") and not head.predicated:
        return before, False
    return "outcome", False


def _is_value(
    figure: Figure,
    cut: _Cut,
    head: Phrase,
    tail: Tail,
    base: str,
    measure: str,
    told: bool,
    before: Indicator | None,
    words: Words,
) -> bool:
    """Whether the figure is said of a measure, by what its unit asks for."""
    predicated = head.predicated or head.cue is not None or measure in ("change", "benchmark") or before is not None
    if figure.unit is not None and figure.unit != "count" and figure.unit not in _LENGTHS:
        if figure.unit == "fte":
            return head.predicated
        return predicated or tail.part is not None
    if measure == "target" and told and head.cue == "target":
        return True
    if figure.unit in _LENGTHS:
        return predicated and (
            words.length.search(base) is not None or (before is not None and before.unit == figure.unit) or head.cue is not None
        )
    if before is not None and before.measure == "target" and before.unit in (None, "count"):
        return True
    if head.cue == "outcome" and _ends_with_cue(cut.head, words):
        return True
    if _FROM.search(cut.head) or _TO.search(cut.head):
        return (
            words.change.search(cut.head) is not None
            or (before is not None and before.unit in (None, "count"))
            or bool(_COUNTED.search(cut.head))
        )
    return (
        head.predicated
        and (_COUNTED.search(cut.head) is not None or words.unit_noun.search(base) is not None)
        and _LINK.search(cut.head) is not None
    )


def _unit(base: str, cut: _Cut, before: Indicator | None, context: _Context, words: Words) -> str | None:
    """The unit of a figure that has none of its own."""
    noun = words.unit_noun.search(base) or words.unit_noun.search(cut.head)
    if noun is not None:
        return noun[0]
    if _COUNTED.search(base):
        return "count"
    if before is not None:
        return before.unit
    if context.topic == base and context.unit:
        return context.unit
    return None if "," in cut.figure.text or "." in cut.figure.text else "count"


def _period(cut: _Cut, year: int | None) -> Period | None:
    """The period told nearest to the figure: the last of its head, else the first of its tail."""
    told = None
    for told in find_periods(cut.lead + cut.head, default_year=year):
        pass
    after = next(find_periods(cut.tail, default_year=year), None)
    return after or told


def _year(cut: _Cut, period: Period | None, year: int | None, pair: bool, i: int, cuts: list[_Cut]) -> int | None:
    if pair:
        after = next(find_periods(cut.tail, default_year=year), None)
        if after is not None:
            return after.year
        told = period.year if period is not None else None
        if _PREVIOUS.search(cut.head) or told is not None:
            return told - 1 if told is not None and told == year else told if told is not None else (year - 1 if year else None)
        return None
    if period is not None and period.year is not None:
        return period.year
    return year


def _named(text: str, context: _Context, words: Words) -> _Context:
    """The measure that a sentence without values names, if it names one."""
    named = _NAMED.search(text)
    if named is not None:
        rest = text[named.start() : named.start() + _LONGEST_NAME]
        name = clean(regex.split(r"[.;]|\s(?:är|var|har|ska|visar)\s", rest, maxsplit=1)[0], words)
        if name:
            return _Context(name, None)
    survey = words.survey.search(text)
    if survey is not None:
        rest = regex.split(r"[.;,]", text[survey.start() : survey.start() + _LONGEST_NAME], maxsplit=1)[0]
        name = clean(regex.split(r"\s(?:är|var|har|ska|visar)\s", rest, maxsplit=1)[0], words)
        if name:
            return _Context(name, None)
    return context
