"""Whose goals they are, where their own labels do not tell: who is said to have set them, whose heading they stand under, who reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import regex

from docmine.extract.judged import CLOSING
from docmine.extract.norms import (
    owner_of,
)
from docmine.extract.spans import SENTENCE_END, sentence_end
from docmine.records import Facts, Goal
from docmine.vocabulary import Vocabulary

__all__ = ["SETTING", "own", "owned"]

#: how far after the sentence that tells who set them goals may stand
SETTING = 3000

#: nouns that are used of the goals of fullmäktige and of nämnder
_ANYBODYS = regex.compile(r"(?i)(?:verksamhets|inriktnings)mål(?:en|et)?")


#: who has goals, right before the noun
_OWNED = regex.compile(r"(?<!\p{L})(?P<owner>\p{Lu}\p{L}+(?:\s(?:och|samt)\s\p{L}+)?)\s(?:har\s(?:[\p{L}\d]+\s){1,4})?$")


_NEAR = 70


#: so many letters tell a noun in any of its forms
_STEM = 12


def owned(text: str, goals: list[Goal], vocabulary: Vocabulary) -> list[Goal]:
    """The goals, each at the level of whoever a sentence before it says to have set such goals: "Fullmäktige har antagit tre mål"."""
    if not any(_is_open(goal) for goal in goals):
        return goals
    told = [(at, level, set[str]()) for at, level in _headed(text, vocabulary)]
    for _, a, b in vocabulary["goals", "setting"].finditer(text):
        begin = max((m.end() for m in SENTENCE_END.finditer(text, max(0, a - CLOSING), a)), default=max(0, a - CLOSING))
        stop = sentence_end(text, b, b + CLOSING)
        level = owner_of(text[begin:stop], vocabulary)
        nouns = {text[n[1] : n[2]].casefold() for n in vocabulary["goals", "noun"].finditer(text, begin, stop)}
        if level is not None and nouns:
            told.append((begin, level, nouns))
    told.sort(key=lambda t: t[0])
    return [_by_setter(goal, told) if _is_open(goal) else goal for goal in goals]


def own(goals: list[Goal], facts: Facts, vocabulary: Vocabulary) -> list[Goal]:
    """The goals as those of the body that reports, where it is a nämnd and no words tell of anybody else's."""
    if facts.body is None or owner_of(facts.body, vocabulary) != "board" or not {g.level for g in goals} <= {"other", "board"}:
        return goals
    return [replace(goal, level="board") for goal in goals]


def _headed(text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, str]]:
    """Where words that head goals name their owner: "Nämndens mål och resultat", "Socialnämnden har för 2020 tre mål"."""
    for code, a, _ in vocabulary["goals", "noun"].finditer(text):
        if code in ("council", "board") and text[a].isupper():
            yield a, code
        lead = _OWNED.search(text, max(0, a - _NEAR), a)
        level = owner_of(lead["owner"], vocabulary) if lead is not None else None
        if level is not None:
            yield a, level


def _is_open(goal: Goal) -> bool:
    """Whether whose goal it is may be told elsewhere: no word says it, or a noun does that is used of anybody's."""
    return goal.level == "other" or (
        goal.level == "board" and goal.level_text is not None and _ANYBODYS.fullmatch(goal.level_text) is not None
    )


def _by_setter(goal: Goal, told: list[tuple[int, str, set[str]]]) -> Goal:
    label = (goal.level_text or "").casefold()
    for at, level, nouns in reversed(told):
        same = any(noun[:_STEM] == label[:_STEM] for noun in nouns) if nouns else label.startswith("mål") and goal.rule != "sentence"
        if at <= goal.start <= at + SETTING and (same or (goal.level == "other" and nouns)):
            return replace(goal, level=level)
    return goal
