"""Cut a sentence at its figures: which of them may be values, and the text before and after each that belongs to it."""

from __future__ import annotations

import re
from bisect import bisect_right

import regex

from docmine.extract.figures import Cut, Figure, counted_by, find_unit, in_row
from docmine.extract.phrases import Words, clean, cues_in, timeless
from docmine.extract.references import heads, openings, refers
from docmine.vocabulary import Vocabulary

__all__ = [
    "AGAINST",
    "BOUNDARY",
    "COMPARED",
    "COUNTS",
    "IN_YEAR",
    "LENGTHS",
    "LINK",
    "LONGEST_NAME",
    "OF_THE",
    "RATIO",
    "ROUGHLY",
    "THE",
    "TO",
    "cut_at_figures",
    "ends_with_cue",
    "volume_of",
]

_I = re.IGNORECASE
LENGTHS = frozenset({"days", "weeks", "hours", "months", "years"})
COUNTS = frozenset({None, "count"})
_LONGEST_HEAD, _LONGEST_TAIL, LONGEST_NAME = 320, 160, 140
ROUGHLY = (
    r"(?:\s+(?:cirka|ca\.?|drygt|knappt|närmare|nästan|runt|omkring|ungefär|hela|totalt|motsvarande|högst|lägst|minst|max|mer\s+än|mindre\s+än"
    r"|färre\s+än|fler\s+än|under|över|i\s+genomsnitt|i\s+snitt|i\s+medeltal|mellan|strax|att)){0,6}\s*$"
)
TO = re.compile(rf"(?<!\w)till{ROUGHLY}", _I)
LINK = re.compile(
    r"(?<!\w)(?:till|från|på|om|är|var|blev|blir|tar|tog|vara|varit|mot|fanns|med|har|hade|understiga|överstiga|understiger|överstiger|(?:har|hade)\s+(?:\w+\s+){0,4}?\w+(?:at|it|tt))"
    rf"{ROUGHLY}",
    _I,
)
BOUNDARY = regex.compile(
    r"[,;:]\s+|\s+(?=(?:och(?!\s+med)|men|medan|samt|resp(?:ektive|\.)?|jämfört\s+med|mot|att\s+jämföra|vilket|till|utan|varav|eller)(?!\w))",
    _I,
)
COMPARED = re.compile(r"\W{0,20}(?:jämfört\s+med|mot|att\s+jämföra)(?!\w)", _I)
THE = regex.compile(r"(?<!\w)(?:de|den|det)\s*$", _I)
IN_YEAR = regex.compile(r"\s+(?:år\s+)?(?:19|20)\d\d(?!\d)", _I)
AGAINST = re.compile(
    rf"(?<!\w)(?:jämfört\s+med|jämföra(?:s)?\s+med|jämförelse\s+med|mot|gentemot|(?:föregående|förra|fjol\w*|innan)\s*(?:års?|året)?(?:\s+(?:var|blev|låg)(?:\s+(?:den|det|de|andelen|på|till))*)?){ROUGHLY}",
    _I,
)
OF_THE = regex.compile(r"\W{0,20}av\s+(?=\S)", _I)
RATIO = regex.compile(r"\s+per\s+(?!(?:dag|dygn|vecka|månad|kvartal|år|termin)(?!\w))", _I)

_LEAST_VOLUME = 100  # fewer only tell a story
_FROM = re.compile(rf"(?<!\w)från{ROUGHLY}", _I)
_END = regex.compile(
    r"[;:]\s|\s+(?=\p{So})|,?\s+(?=(?:men|medan|jämfört\s+med|att\s+jämföra|vilket|utan|varav|samtidigt)(?!\w))|,\s+(?=(?:och|en|ett|där|som|så|vilket)(?!\w))",
    _I,
)
_STRONG = re.compile(
    r"[;:]\s+|,\s+(?=(?:medan|men|varav|samtidigt\s+som|eftersom|vilket|utifrån|där)(?!\w))|\s+(?=(?:eftersom|medan|vilket|där)(?!\w))", _I
)
_AND = re.compile(r",?\s+(?:och|men)\s+", _I)
_CONNECTED = re.compile(r"[\s,]*(?:,|(?<!\w)(?:och|samt|resp\.?|respektive|till|jämfört\s+med|mot|att\s+jämföra\s+med))\s*$", _I)
_FOLLOWED = re.compile(r",?\s+följ(?:t|d|da)\s+av\s", _I)
_DEBRIS = regex.compile(r"(?:(?<!\w)[-–±<>]?\d[\d.,/%]{0,40}+\s++(?:[-–]\s)?){2,12}+(?=\D)|\d\s*\t|\.{3,}")
_NO_LINK = regex.compile(r"[.\t\n/]|(?<!\w)(?:från|och|totalt)(?!\w)", _I)
_ONWARD = regex.compile(r"\s*(?:på|om|av)\s+(?:cirka\s+|ca\s+)?\d", _I)
_PARENTHESIS = regex.compile(
    r"\s*\(\s*(?:(?:föregående\s+års?|föreg\.?\s+år|fg\.?\s+år|förra\s+året|fjolåret|i\s+fjol|(?:år\s+)?(?:19|20)\d\d)(?:\s+(?:var|cirka|ca))?\s*:?\s*)?$",
    _I,
)
_KINDS = regex.compile(r"\s+olika(?!\w)", _I)
_THAT = regex.compile(r"(?<!\w)att\s", _I)
_AGE = regex.compile(r"\s*(?:och|eller)\s+(?:äldre|yngre|uppåt)(?!\w)", _I)
_WITH_LIMIT = regex.compile(rf"\w\s+med{ROUGHLY}", _I)
_INVERTED = regex.compile(
    rf"(?:^|[.:;]\s)\W{{0,9}}(?:år|under|i|vid|för|den|efter|per)\s[^,.;:]{{0,40}}\s(?:var|är|blev)\s(?P<what>[^,.;:\d]{{3,80}}?){ROUGHLY}",
    _I,
)


def cut_at_figures(text: str, found: list[Figure], words: Words, vocabulary: Vocabulary) -> list[Cut]:
    """The figures of a sentence that may be values, each with the text that belongs to it."""
    figures: list[Figure] = []
    opened = openings(text, words)
    for figure in counted_by(text, found, vocabulary):
        before = figures[-1] if figures else None
        if refers(text, figure, before, words):
            opened += [figure.end] if heads(text, figure) else []
        elif _may_be_value(text, figure, before, words):
            figures.append(figure)
    opened.sort()
    cuts: list[Cut] = []
    at = 0
    for i, figure in enumerate(figures):
        start = max(at, figure.start - _LONGEST_HEAD, _last(opened, figure.start))
        for mess in _DEBRIS.finditer(text, start, figure.start):
            start = mess.end()
        split = _split(text, start, figure.start, words)
        end = figures[i + 1].start if i + 1 < len(figures) else len(text)
        here = bisect_right(opened, figure.end)
        runs_on = here < len(opened) and opened[here] <= end
        if i + 1 < len(figures) and not runs_on:
            at = end = figure.end + _divide(text[figure.end : end], words)
        else:
            at = opened[here] if runs_on else end
            stop = _END.search(text, figure.end, at)
            end = stop.start() if stop else at
        tail = text[figure.end : end]
        tail = tail[:_LONGEST_TAIL].rstrip()
        if figure.unit == "count" and RATIO.match(text, figure.end):  # "12,1 elever per lärare" is no number of elever
            figure = figure._replace(unit=None)
        first = figure.start - len(text[start : figure.start].lstrip(" ,;:\n\t"))
        head = text[split : figure.start]
        paired = ""
        inside = bool(cuts) and _PARENTHESIS.fullmatch(head) is not None
        if inside and figure.unit is None and text[figure.end : figure.end + 1] == ")":
            unit = find_unit(text, figure.end + 1, vocabulary)
            figure = figure._replace(unit=(unit[0] if unit and not unit[2] else None) or cuts[-1].figure.unit)
            if cuts[-1].figure.unit is None:
                cuts[-1] = cuts[-1]._replace(figure=cuts[-1].figure._replace(unit=figure.unit))
        if cuts and figure.unit is None and AGAINST.search(head):
            figure = figure._replace(unit=cuts[-1].figure.unit)
        if cuts and TO.search(head) and _FROM.search(cuts[-1].head):
            cuts[-1] = cuts[-1]._replace(paired="from")
            paired = "to"
        noun = text[figure.number_end : figure.end]
        cuts.append(Cut(figure, text[start:split], head, tail, noun, first, figure.end + len(tail), paired, inside))
    return cuts


def _last(places: list[int], end: int) -> int:
    """The last of some places that is not behind another; 0 where there is none."""
    i = bisect_right(places, end)
    return places[i - 1] if i else 0


def _split(text: str, start: int, end: int, words: Words) -> int:
    """Where the figure's own clause begins: after a conjunction that joins two clauses with a subject and a verb each."""
    for mark in _STRONG.finditer(text, start, end):
        if clean(text[mark.end() : end], words) is not None or words.cue.search(text, mark.end(), end):
            start = mark.end()
    for mark in _AND.finditer(text, start, end):
        verb = words.verb.search(text, mark.end(), end)
        clause = max((m.end() for m in _THAT.finditer(text, start, mark.start())), default=start)
        if verb and clean(text[mark.end() : verb.start()], words) and words.verb.search(text, clause, mark.start()):
            start = mark.end()
    return start


def _may_be_value(text: str, figure: Figure, before: Figure | None, words: Words) -> bool:
    """Whether a figure can be a value at all, so that others do not cut the sentence: bare numbers and times need a link."""
    if figure.money:
        return True
    if figure.comparator is None and in_row(text, figure):
        return False
    if before is not None and _PARENTHESIS.fullmatch(text, before.end, figure.start):
        return True
    if figure.unit == "percent":
        if THE.search(text, max(0, figure.start - 12), figure.start) and OF_THE.match(text, figure.end):  # "de 25 procent av …" are a group
            return False
        near = text[max(0, figure.start - 120) : figure.start]
        if words.rank.search(near) or words.weigh.search(near):
            return False
    if figure.unit not in COUNTS and figure.unit not in LENGTHS:
        return words.story.match(text, figure.end) is None
    if figure.unit == "years" and _AGE.match(text, figure.end):
        return False
    head = text[max(0, figure.start - 60) : figure.start]
    if words.label_before.search(head) or (figure.word and _KINDS.match(text, figure.end)):
        return False
    if figure.comparator and _WITH_LIMIT.search(head) and not words.verb.search(head):  # "medarbetare med högst fem sjukdagar" are a group
        return False
    if volume_of(head, text[figure.number_end : figure.end + 30], figure, words):
        return True
    if figure.unit is None and _ONWARD.match(text, figure.end):
        return False
    if figure.unit is None and figure.word and not (before or figure.comparator):
        return ends_with_cue(head, words)
    if LINK.search(head) or ends_with_cue(head, words):
        return True
    if before is not None and figure.unit is None and not before.money:
        near = text[max(before.end, figure.start - 60) : figure.start]
        if AGAINST.search(near) or words.among.search(near) or _ends_with_peer(near, words):
            return True
    if words.verb.search(head) and LINK.search(timeless(head)):  # "och var i augusti 512"
        return True
    inverted = _INVERTED.search(text, max(0, figure.start - 140), figure.start)
    if inverted is not None and words.measure.search(inverted["what"]):
        return True
    alike = before is not None and before.unit == figure.unit and figure.start - before.end < 60
    return alike and (figure.unit is not None or "," in figure.text or IN_YEAR.match(text, figure.end) is not None)


def volume_of(head: str, after: str, figure: Figure, words: Words) -> str | None:
    """What a large number counts that the sentence reports: ``haft 118 430 besök``."""
    if figure.word or figure.money or figure.value < _LEAST_VOLUME:
        return None
    noun = words.volume.match(after)
    return noun["noun"] if noun is not None and words.reported.search(head) else None


def _ends_with_peer(head: str, words: Words) -> bool:
    """Whether others to compare with stand right before a figure: ``och snittet för jämförbara kommuner 61``."""
    found = list(words.benchmark.finditer(head))
    return bool(found) and not head[found[-1][2] :].strip()


def ends_with_cue(head: str, words: Words) -> bool:
    """Whether target, outcome or index stands right before the figure (``målvärdet om``, ``resultatet (snitt) var``, ``index``)."""
    cues = cues_in(head, words)
    if cues:
        between = head[cues[-1][2] :]
        direct = not between.strip() and cues[-1][0] != "target"
        if not direct and clean(between, words) is None and not _NO_LINK.search(between):
            return True
    noun = words.unit_noun.search(head)
    return noun is not None and not head[noun[2] :].strip()


def _divide(between: str, words: Words) -> int:
    """Where, between two figures, the tail of the first ends and the head of the second begins."""
    if not between.strip() or _PARENTHESIS.fullmatch(between):
        return 0
    followed = _FOLLOWED.search(between)
    if followed is not None:
        return followed.start()
    connected = _CONNECTED.search(between)
    if connected is not None and between[: connected.start()].strip(" ,"):
        return connected.start()
    marks = list(BOUNDARY.finditer(between))
    for mark in marks:
        rest = between[mark.end() :]
        if COMPARED.match(between, mark.start()) and BOUNDARY.search(rest):
            continue
        if words.verb.search(rest) or words.cue.search(rest):
            return mark.start()
    return marks[0].start() if marks else 0
