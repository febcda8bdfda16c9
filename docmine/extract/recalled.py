"""Find the verdicts on goals that stand far from them: where the goal's words are said again, or its figure is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import regex

from docmine.extract.norms import has_modal
from docmine.extract.spans import sentence_end, skip
from docmine.extract.status import Verdict, verdicts
from docmine.records import Goal
from docmine.vocabulary import Vocabulary

__all__ = ["by_figures", "places", "right_after"]

#: in how many places a goal's wording is looked for
_MOST_PLACES = 4
#: a figure and what it counts: "60 procent", "1 500 bostäder"
_FIGURE = regex.compile(r"(?<![\d,.])\d{1,3}(?:[  ]?\d{3})*(?:,\d+)?\s?(?:%|\p{L}{2,})")
_SPACE = regex.compile(r"\s")
#: how far from the noun the figure of "ett etappmål för insatsen på 60 procent" stands
_NEAR = 60
#: how far from its goal a figure is looked for, and among how many goals there it may be of another
_FAR, _RIVALS = 2000, 40


def places(text: str, goals: list[Goal], vocabulary: Vocabulary) -> dict[int, list[int]]:
    """Where each goal stands, by where it begins: in its first place and, where it is worded as a norm, in those where it is met again.

    A summary says again inside a sentence what a heading says: the first letter may be of either case, and a full stop lacks.
    """
    found: dict[int, list[int]] = {}
    for goal in goals:
        wording = goal.text.rstrip(".")
        forms = {wording, wording[:1].swapcase() + wording[1:]} if has_modal(wording, 0, len(wording), vocabulary) else ()
        again = (at for form in forms for at in islice(_all(text, form), _MOST_PLACES + 1))  # the goal's own place may be among them
        found[goal.start] = [goal.start, *sorted({*again} - {goal.start})[:_MOST_PLACES]]
    return found


def _all(text: str, wording: str) -> Iterator[int]:
    at = text.find(wording)
    while at >= 0:
        yield at
        at = text.find(wording, at + 1)


def right_after(text: str, end: int, stop: int, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict of the sentence after the one that says a goal again: "Arbetet med åtagandet avviker från plan."

    Its first word is what is judged, in the form that points back: "Arbetet", "Åtagandet", "Målet".
    """
    start = skip(text, sentence_end(text, end, stop))
    pattern = vocabulary["status", "about"].pattern
    if start >= stop or pattern.match(text, start, stop) is None:
        return None
    return next((v for *_, v in verdicts(text, start, sentence_end(text, start, stop), vocabulary)), None)


def by_figures(text: str, goals: list[Goal], vocabulary: Vocabulary) -> dict[int, tuple[int, Verdict]]:
    """The verdicts that name a goal by its figure ("utifrån ett etappmål på 60 procent"), and where their sentences begin.

    By where the goal begins. Of goals with one figure the last before it is meant.
    """
    named: dict[int, tuple[int, Verdict]] = {}
    figures = [(goal, own) for goal in goals if (own := _figures(goal.text))]
    for i, (goal, own) in enumerate(figures):
        rival = next((later.start for later, others in islice(figures, i + 1, i + _RIVALS) if own & others), len(text))
        for begin, end, found in verdicts(text, goal.end, min(rival, goal.end + _FAR), vocabulary):
            nouns = (b for _, _, b in vocabulary["goals", "noun"].finditer(text, begin, end))
            if found.about == "goal" and any(own & _figures(text[b : min(end, b + _NEAR)]) for b in nouns):
                named[goal.start] = begin, found
                break
    return named


def _figures(text: str) -> set[str]:
    """The figures of a text with what they count, written in one way."""
    return {_SPACE.sub("", m.group().casefold()).replace("%", "procent") for m in _FIGURE.finditer(text)}
