"""Labels that bring in goals and things to be done, and what is told of them: "Nämndmål: …", "Delmål 1.1 …", "Ansvarig: …".

Reports with lines print a label at the beginning of one; in reports whose lines are lost one label follows upon another, and what a
label brings in ends where the next one begins.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import regex

from docmine.extract.infinitives import infinitive_at
from docmine.extract.spans import CAPITAL, SENTENCE_END
from docmine.vocabulary import Vocabulary

__all__ = ["SIGN", "Label", "Numbered", "find_labels", "label_after", "number_run"]

#: what makes a label of a noun: its number, whose it is, a year, then its mark; a number will do before a capitalised word
_TAIL = regex.compile(
    r"(?:\s+(?:för|inom)\s+\p{Ll}+(?=\s+\d))?(?:\s+(?P<number>\d{1,2}(?:\.\d{1,2})*))?(?:\s*\([^()\n]{1,40}\))?"
    r"(?:\s+(?:under|för|inför)\s+(?:året|perioden|mandatperioden|hösten|våren)(?=\s?:))?"
    r"(?:\s+(?:(?:för|inför|under)\s+)?(?:år\s+)?(?:19|20)\d\d(?:\s?[-–]\s?(?:20)?\d\d)?)?"
    r"(?:(?:\s+är)?\s*:|[ \t]+–|[ \t]-(?=\s)|(?<=\s\d)[.-]|(?<=\d\d|\.\d)\.)?(?P<gap>\s*)(?=[\p{Lu}\d”\"“»])"
)
_MARKED = regex.compile(r"[:.–-]\s*$")
#: what stands before a noun within its label: "Kommunfullmäktiges mål: …", "Nämndens prioriterade mål: …"
_LEAD = regex.compile(r"(?P<edge>(?:^|[.!?:;\n)\d])\s*|\s)(?P<first>\p{Lu}[\p{L}:-]*)\s+(?:\p{Ll}+\s+)?$")
_LONGEST_LEAD = 50
#: the gap after a label that lost its mark; how often such a label is met at least, and how long a title after it may be
_GAP = regex.compile(r"[ \t]+(?=\p{Lu}\p{Ll})")
_REPEATED, _LONGEST_TITLE = 2, 200
#: the code of the words that lead in a measure
_MEASURE = "noun"
_DIGIT = regex.compile(r"\d")
_COLON = regex.compile(r":(?=\s)")
_BEFORE_COLON = regex.compile(r"(?<!\w)\p{Lu}\p{Ll}+(?:\s\p{Ll}+){0,3}$")
_EDGE = regex.compile(r"(?:[.!?)]\s|\n)$")
_LEADS = (("actions", "after"), ("goals", "measure"), ("status", "lead"))
#: the number of an item of a list that runs on: "1. …", or its code "A1 …"
_RUN = regex.compile(
    r"\s*[:.]?\s*(?:(?<![\d.,§])(?P<number>\d{1,2})[.)]\s+(?=\p{Lu})|(?<![\p{L}\d.,-])(?P<letter>\p{Lu})(?P<part>\d{1,2})[.:)]?\s+(?=[\p{Lu}\d]))"
)
#: "Kommentar till mål 2" heads what is said of a goal
_OF = regex.compile(r"\s(?:till|för|om|av|mot|från|med)\s+$")
#: what tells a label from others with the same noun: a number or a letter that counts on, "Resultatmål A … Resultatmål B"
_ORDINAL = regex.compile(r"[ \t]+(?:(?P<number>\d{1,2})|(?P<letter>\p{Lu}))(?:[.:)]|[ \t][–-])?(?:[ \t]+|[ \t]*\n)(?=[\p{Lu}\d”\"“])")
_LONGEST_RUN, _TOLD_SENTENCES = 500, 4
#: a sign that stands for a grade: no letter, no mark of a sentence and no bullet of a list of words
SIGN = regex.compile(r"(?<=\s)[\u25a0-\u25ff\u2600-\u27bf\U0001f300-\U0001faff\u2b1b-\u2b55](?=\s|$)")


class Label(NamedTuple):
    """A label at ``begin:end``: what it labels begins at ``end``.

    ``group`` is the vocabulary file of its noun (``goals``, ``actions``), or ``told`` where it leads in what is said of one of them;
    ``noun`` is where the noun begins, ``code`` what it stands for.
    """

    begin: int
    end: int
    group: str
    code: str
    noun: int
    words: str
    number: str | None


@lru_cache(maxsize=2)  # goals and actions ask for the same report
def find_labels(text: str, vocabulary: Vocabulary) -> tuple[Label, ...]:
    """The labels of a text, in reading order.

    Parameters
    ----------
    text : str
        The report's text.
    vocabulary : Vocabulary
        With the files ``goals``, ``actions`` and ``status``.

    Returns
    -------
    tuple of Label
        In reading order; no two begin at the same place.
    """
    found: dict[int, Label] = {}
    nouns = [(group, *noun) for group in ("goals", "actions") for noun in vocabulary[group, "noun"].finditer(text)]
    for group, code, a, b in nouns:
        label = _label(text, group, code, a, b, vocabulary)
        if label is not None:
            found[label.begin] = label
    for code, a, b in vocabulary["goals", "chain"].finditer(text):
        link = _label(text, "told", code, a, b, vocabulary) if text[a].isupper() else None
        if link is not None and link.number is not None:
            found.setdefault(link.begin, link)
    for serial in _serial(text, nouns, vocabulary):
        found.setdefault(serial.begin, serial)
    for bare in _bare(text, nouns, vocabulary):
        found.setdefault(bare.begin, bare)
    for begin, end in _told(text, vocabulary):
        found.setdefault(begin, Label(begin, end, "told", "other", begin, text[begin : end - 1], None))
    return tuple(found[begin] for begin in sorted(found))


def _serial(text: str, nouns: list[tuple[str, str, int, int]], vocabulary: Vocabulary) -> Iterator[Label]:
    """Labels that a number or a letter counts, whatever their mark: the same noun with 1, 2, 3 or A, B, C."""
    series: dict[str, list[tuple[int, Label]]] = {}
    for group, code, a, b in nouns:
        ordinal = _ORDINAL.match(text, b)
        begin = _begin(text, a, vocabulary) if ordinal is not None else None
        if ordinal is None or begin is None or _OF.search(text, begin, a) is not None:
            continue
        number = ordinal["number"] or ordinal["letter"]
        value = int(number) if number.isdigit() else ord(number) - ord("A") + 1
        series.setdefault(text[a:b].casefold(), []).append((value, Label(begin, ordinal.end(), group, code, a, text[begin:b], number)))
    for members in series.values():
        last = 0
        counted = []
        for value, label in members:
            if value in (last, last + 1) and value:
                counted.append(label)
                last = value
        if last > 1:
            yield from counted


def _bare(text: str, nouns: list[tuple[str, str, int, int]], vocabulary: Vocabulary) -> Iterator[Label]:
    """Labels that lost their marks with their lines: the same words again and again, a title after each, then the next label."""
    found: list[Label] = []
    for group, code, a, b in nouns:
        gap = _GAP.match(text, b)
        if gap is None or text[a:b].isupper():
            continue
        lead = None if text[a].isupper() else _LEAD.search(text, max(0, a - _LONGEST_LEAD), a)
        if lead is not None and vocabulary["goals", "owner"].code(lead["first"]) is not None:
            found.append(Label(lead.start("first"), gap.end(), group, code, a, text[lead.start("first") : b], None))
        elif text[a].isupper():
            found.append(Label(a, gap.end(), group, code, a, text[a:b], None))
    led = [
        label for label in found if label.group == "goals" and label.code not in ("other", "focus_area") and _leads(text, label, vocabulary)
    ]
    counts = Counter(label.words for label in found)
    found = [label for label in found if counts[label.words] >= _REPEATED]
    for key in _LEADS:
        for code, a, b in vocabulary[key].finditer(text) if found else ():
            gap = _GAP.match(text, b)
            if gap is not None and text[a].isupper():
                found.append(Label(a, gap.end(), "told", code, a, text[a:b], None))
    found.sort()
    for label in led:
        yield label
    for label, following in pairwise(found):
        words = text[label.end : following.begin]
        if label.group == "told" or len(words) > _LONGEST_TITLE or not len(words.split()) >= 2:
            continue
        if label.group == "goals" and label.code == "other" and following.code != _MEASURE:
            continue  # "Mål" alone is the head of many a column
        if SENTENCE_END.search(text, label.end, following.begin - 1) is None and _titles(text, label, following, vocabulary):
            yield label
            if following.group == "told":
                yield following


def _leads(text: str, label: Label, vocabulary: Vocabulary) -> bool:
    """Whether a whole norm follows a bare label, up to its full stop."""
    stop = SENTENCE_END.search(text, label.end, label.end + _LONGEST_TITLE)
    if stop is None or CAPITAL.search(text, label.end, stop.start()) is not None:
        return False
    return any(code == "modal" for code, *_ in vocabulary["goals", "norm"].finditer(text, label.end, stop.start()))


def _titles(text: str, label: Label, following: Label, vocabulary: Vocabulary) -> bool:
    """Whether what follows a bare label is worded as a goal or as a thing to be done, not the next head of a table."""
    if label.group == "goals" and following.code == _MEASURE and _DIGIT.search(text, label.end, following.begin) is None:
        return True
    if label.group == "actions":
        return infinitive_at(text, label.end, vocabulary) is not None
    if vocabulary["goals", "value"].pattern.match(text, label.end):
        return True
    return any(code == "modal" for code, *_ in vocabulary["goals", "norm"].finditer(text, label.end, following.begin))


def _told(text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """What leads in what is told: a word of the vocabulary before a colon, or any capitalised one that begins a line or sentence."""
    for colon in _COLON.finditer(text):
        words = _BEFORE_COLON.search(text, max(0, colon.start() - _LONGEST_LEAD), colon.start())
        if words is None:
            continue
        noun = words.group().split()[0]
        known = (
            any(vocabulary[key].code(words.group()) is not None for key in _LEADS) or vocabulary["actions", "noun"].code(noun) is not None
        )
        if known or (len(words.group().split()) <= 2 and _EDGE.search(text, max(0, words.start() - 3), words.start())):
            yield words.start(), colon.end()


def _label(text: str, group: str, code: str, a: int, b: int, vocabulary: Vocabulary) -> Label | None:
    tail = _TAIL.match(text, b)
    if tail is None:
        return None
    marked = _MARKED.search(text, b, tail.end()) is not None
    number = tail["number"]
    if not marked and (
        number is None
        or not tail["gap"]
        or any(mark in tail.group() for mark in "\n\t")
        or not text[tail.end()].isupper()
        or (code == "other" and "." not in number)
    ):
        return None
    begin = _begin(text, a, vocabulary)
    return None if begin is None else Label(begin, tail.end(), group, code, a, text[begin:b], number)


def _begin(text: str, noun: int, vocabulary: Vocabulary) -> int | None:
    """Where the label begins that has its noun at an offset: there, or at who has such goals; None where the noun stands in a sentence."""
    if text[noun].isupper():
        return noun
    lead = _LEAD.search(text, max(0, noun - _LONGEST_LEAD), noun)
    if lead is None or (not lead["edge"].strip() and "\n" not in lead["edge"] and vocabulary["goals", "owner"].code(lead["first"]) is None):
        return None
    return lead.start("first")


class Numbered(NamedTuple):
    """An item of a list that runs on: its number, its wording at ``start:end``, and where what is told of it ends."""

    number: str
    start: int
    end: int
    stop: int


def number_run(text: str, at: int) -> list[Numbered]:
    """The items that run on from an offset: "1. … 2. … 3. …" or "A1 … A2 … B1 …"; none where they are a list of contents."""
    found: list[Numbered] = []
    mark = _RUN.match(text, at)
    while mark is not None:
        limit = min(len(text), mark.end() + _LONGEST_RUN)
        following = next((m for m in _RUN.finditer(text, mark.end(), limit) if _counts_on(mark, m)), None)
        stop = following.start() if following is not None else limit
        sentence = SENTENCE_END.search(text, mark.end(), stop)
        end = sentence.end() if sentence is not None else stop if following is not None else mark.end()
        if following is not None and text[end:stop].count(". ") > _TOLD_SENTENCES:
            following = None
        found.append(Numbered(mark["number"] or mark["letter"] + mark["part"], mark.end(), end, stop))
        mark = following
    paged = sum(text[item.start : item.end].rstrip()[-1:].isdigit() for item in found)
    return [] if paged * 2 >= len(found) else found


def _counts_on(mark: regex.Match[str], other: regex.Match[str]) -> bool:
    """Whether the mark of an item is the next one after another: 3 after 2, B2 after B1, C1 after B2."""
    if mark["number"] is not None or other["number"] is not None:
        return mark["number"] is not None and other["number"] is not None and int(other["number"]) == int(mark["number"]) + 1
    if other["letter"] == mark["letter"]:
        return int(other["part"]) == int(mark["part"]) + 1
    return ord(other["letter"]) == ord(mark["letter"]) + 1 and other["part"] == "1"


def label_after(labels: tuple[Label, ...], at: int, stop: int, group: str | None = None) -> int:
    """Where the first label after an offset begins, of a group or of any; `stop` where none does before."""
    for i in range(bisect_right(labels, at, key=lambda label: label.begin), len(labels)):
        if labels[i].begin >= stop:
            break
        if group in (None, labels[i].group):
            return labels[i].begin
    return stop
