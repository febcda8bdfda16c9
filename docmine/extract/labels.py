"""Labels that bring in goals and things to be done, and what is told of them: "Nämndmål: …", "Delmål 1.1 …", "Ansvarig: …".

Reports with lines print a label at the beginning of one; in reports whose lines are lost one label follows upon another, and what a
label brings in ends where the next one begins.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import regex

from docmine.vocabulary import Vocabulary

__all__ = ["SIGN", "Label", "find_labels", "label_after"]

#: what makes a label of a noun: its number, whose it is, a year, then its mark; a number will do before a capitalised word
_TAIL = regex.compile(
    r"(?:\s+(?:för|inom)\s+\p{Ll}+(?=\s+\d))?(?:\s+(?P<number>\d{1,2}(?:\.\d{1,2})*))?(?:\s*\([^()\n]{1,40}\))?"
    r"(?:\s+(?:(?:för|inför|under)\s+)?(?:år\s+)?(?:19|20)\d\d(?:\s?[-–]\s?(?:20)?\d\d)?)?"
    r"(?:(?:\s+är)?\s*:|\s+–|\s-(?=\s)|(?<=\s\d)[.-]|(?<=\d\d|\.\d)\.)?(?P<gap>\s*)(?=[\p{Lu}\d”\"“»])"
)
_MARKED = regex.compile(r"[:.–-]\s*$")
#: what stands before a noun within its label: "Kommunfullmäktiges mål: …", "Nämndens prioriterade mål: …"
_LEAD = regex.compile(r"(?P<edge>(?:^|[.!?:;\n)\d])\s*|\s)(?P<first>\p{Lu}[\p{L}:-]*)\s+(?:\p{Ll}+\s+)?$")
_LONGEST_LEAD = 50
_COLON = regex.compile(r":(?=\s)")
_BEFORE_COLON = regex.compile(r"(?<!\w)\p{Lu}\p{Ll}+(?:\s\p{Ll}+){0,3}$")
_EDGE = regex.compile(r"(?:[.!?)]\s|\n)$")
_LEADS = (("actions", "after"), ("goals", "measure"), ("status", "lead"))
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
    for group in ("goals", "actions"):
        for code, a, b in vocabulary[group, "noun"].finditer(text):
            label = _label(text, group, code, a, b, vocabulary)
            if label is not None:
                found[label.begin] = label
    for begin, end in _told(text, vocabulary):
        found.setdefault(begin, Label(begin, end, "told", "other", begin, text[begin : end - 1], None))
    return tuple(found[begin] for begin in sorted(found))


def _told(text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """What leads in what is told: a word of the vocabulary before a colon, or any capitalised one that begins a line or sentence."""
    for colon in _COLON.finditer(text):
        words = _BEFORE_COLON.search(text, max(0, colon.start() - _LONGEST_LEAD), colon.start())
        if words is None:
            continue
        known = any(vocabulary[key].code(words.group()) is not None for key in _LEADS)
        if known or (len(words.group().split()) <= 2 and _EDGE.search(text, max(0, words.start() - 3), words.start())):
            yield words.start(), colon.end()


def _label(text: str, group: str, code: str, a: int, b: int, vocabulary: Vocabulary) -> Label | None:
    tail = _TAIL.match(text, b)
    if tail is None:
        return None
    marked = _MARKED.search(text, b, tail.end()) is not None
    number = tail["number"]
    if not marked and (number is None or not tail["gap"] or not text[tail.end()].isupper() or (code == "other" and "." not in number)):
        return None
    begin = a
    if not text[a].isupper():
        lead = _LEAD.search(text, max(0, a - _LONGEST_LEAD), a)
        if lead is None or (
            not lead["edge"].strip() and "\n" not in lead["edge"] and vocabulary["goals", "owner"].code(lead["first"]) is None
        ):
            return None
        begin = lead.start("first")
    return Label(begin, tail.end(), group, code, a, text[begin:b], number)


def label_after(labels: tuple[Label, ...], at: int, stop: int, group: str | None = None) -> int:
    """Where the first label after an offset begins, of a group or of any; `stop` where none does before."""
    for label in islice(labels, bisect_right(labels, at, key=lambda label: label.begin), None):
        if label.begin >= stop:
            break
        if group in (None, label.group):
            return label.begin
    return stop
