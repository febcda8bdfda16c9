"""Tie verdicts to goals: the one in the goal's own part of the text, after it or in the section that bears its name."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

import regex

from docmine.extract.marks import colour_beside
from docmine.extract.norms import has_modal, judges
from docmine.extract.recalled import by_figures, places, right_after
from docmine.extract.spans import BULLET, SENTENCE_END, sentence_end, wording
from docmine.extract.status import Verdict, answered, clause_verdict, verdicts
from docmine.records import Goal, Report, Section
from docmine.vocabulary import Vocabulary, fold

__all__ = ["CLOSING", "first_verdict", "judged", "with_verdict"]

#: how near the end of its part a verdict without a lead stands
CLOSING = 300

#: "Båda målen är uppfyllda." right after the goals
_EVERY = regex.compile(r"\s*[.]?\s*(?:Båda|Samtliga|Alla)\s")
#: how goals are brought in that sentences then count up
_IN_ORDER = ("sentence", "list", "announced")
#: where what is said of one of several goals ends
_PART_END = regex.compile(r"[.;]\s|\s(?:medan|men|och)\s")
#: the capitalised word before the noun of a heading: "Planerade aktiviteter"
_PLANNED = regex.compile(r"(?:^|[.!?:]\s|\n)\s*\p{Lu}\p{Ll}+\s(?:\p{Ll}+\s)?$")
_SHORT_LEAD = 40
#: what is said of things to be done; a project that goes on says nothing of its goal
_OF_DEEDS = frozenset({"completed", "in_progress", "not_started", "discontinued"})
#: how far what is told of a goal may reach
_LONGEST_PART = 6000
#: how many words lead in a goal where nothing else is said: "Nämndens mål är att"
_MOST_LEADING = 6
_LONG_WORD = regex.compile(r"\p{L}{6,}")


def judged(report: Report, goals: list[Goal], vocabulary: Vocabulary) -> Iterator[Goal]:
    """The goals, each with the verdict in its own part of the text: after the goal, or in the section that bears its name."""
    named = {wording(s.title): s for s in report.sections}
    keys = {wording(g.text) for g in goals} & set(named)
    length = len(report.text)
    met = places(report.text, goals, vocabulary)
    starts = sorted(at for found in met.values() for at in found)
    peers = {level: sorted(at for g in goals if g.level == level for at in met[g.start]) for level in {g.level for g in goals}}
    told = _told_in_order(report.text, goals, vocabulary)
    coloured = _coloured(report, goals)
    named_by = by_figures(report.text, goals, vocabulary)
    taken = sorted(begin for begin, _ in named_by.values())
    for goal in goals:
        own = report.sections.at(goal.start)
        section = named.get(wording(goal.text))
        following = _next(starts, goal.end, length)
        if goal.start in told:
            goal, found = replace(goal, status=None), told[goal.start]
        elif goal.status is None and goal.start in named_by:
            found = named_by[goal.start][1]
        elif goal.status is not None:
            found = None
        elif section is not None:
            stop = min(_own_end(report, section, keys), _next(peers[goal.level], section.body_start, length))
            if goal.rule in ("norm", "label", "column"):
                found = _told_of(report.text, section.body_start, stop, goal.text, vocabulary)
            else:
                found = _closing(report.text, section.body_start, stop, goal.text, vocabulary)
        elif goal.rule in ("norm", "heading", "label"):
            stop = min(following, goal.end + _LONGEST_PART, own.subtree_end if own and own.subtree_end > goal.end else length)
            found = _told_of(report.text, goal.end, stop, goal.text, vocabulary)
        elif goal.rule == "priority":  # followed up before the list of what is done for it
            bullet = BULLET.search(report.text, goal.end, min(length, goal.end + 1000))
            stop = min(following, goal.end + 1000, bullet.start() if bullet else length)
            found = _followed_up(report.text, goal.end, stop, vocabulary)
        elif goal.rule == "sentence":
            stop = min(following, own.subtree_end if own and own.subtree_end > goal.end else length)
            near = min(stop, goal.end + CLOSING, _next(taken, goal.end, length))
            found = first_verdict(report.text, goal.end, near, ("goal",), vocabulary)
            if found is None and _opens(report.text, own.body_start if own else 0, goal.start):
                found = _told_of(report.text, goal.end, min(stop, goal.end + _LONGEST_PART), goal.text, vocabulary)
        else:
            found = None
        if found is None and goal.status is None and goal.start not in told:
            found = _said_again(report.text, goal, met[goal.start][1:], starts, vocabulary)
        if found is None and goal.start in coloured:
            found = Verdict(coloured[goal.start], goal.end, goal.end, "", "goal", 0.65)
        yield with_verdict(goal, found)


def _said_again(text: str, goal: Goal, again: list[int], starts: list[int], vocabulary: Vocabulary) -> Verdict | None:
    """The verdict on a goal where its words are said again."""
    for at in (at + len(goal.text.rstrip(".")) for at in again):
        stop = min(_next(starts, at, len(text)), at + _LONGEST_PART)
        found = _told_of(text, at, stop, goal.text, vocabulary) or right_after(text, at, stop, vocabulary)
        if found is not None:
            return found
    return None


def _next(starts: list[int], at: int, length: int) -> int:
    """Where the next goal after an offset begins."""
    i = bisect_right(starts, at)
    return starts[i] if i < len(starts) else length


def _opens(text: str, floor: int, at: int) -> bool:
    """Whether the sentence that brings in the goal at an offset begins a paragraph or says no more: "Nämndens mål är att …"."""
    floor = max(floor, at - CLOSING)
    begin = max((m.end() for m in SENTENCE_END.finditer(text, floor, at)), default=floor)
    return len(text[begin:at].split()) <= _MOST_LEADING


def _told_of(text: str, start: int, stop: int, goal: str, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict on a goal in its part of the text: the answer right after it, or one on itself or on the work towards it."""
    answer = answered(text, start, stop, vocabulary)
    if answer is not None:
        return answer if answer.code != "open" else None
    return _closing(text, start, stop, goal, vocabulary) or _followed(text, start, stop, vocabulary)


def _coloured(report: Report, goals: list[Goal]) -> dict[int, str]:
    """The status that coloured signs beside goals give them, by where a goal begins: one sign alone is no grade."""
    found = {g.start: code for g in goals if g.method == "rule" and (code := colour_beside(report, g.start, g.end)) is not None}
    return found if len(found) > 1 else {}


def with_verdict(goal: Goal, found: Verdict | None) -> Goal:
    """The goal with a verdict, if it has none yet."""
    if found is None or goal.status is not None:
        return goal
    return replace(goal, status=found.code, status_text=" ".join(found.text.split()) or None)


def _told_in_order(text: str, goals: list[Goal], vocabulary: Vocabulary) -> dict[int, Verdict]:
    """The verdicts on goals that sentences count up, by where a goal begins: "det första är uppfyllt medan det andra …"."""
    told: dict[int, Verdict] = {}
    runs: list[list[Goal]] = []
    for goal in goals:
        if goal.rule in _IN_ORDER and runs and goal.rule == runs[-1][-1].rule and goal.start - runs[-1][-1].end < CLOSING:
            runs[-1].append(goal)
        elif goal.rule in _IN_ORDER:
            runs.append([goal])
    for run in (r for r in runs if len(r) > 1):
        last = run[-1].end
        stop = min(len(text), sentence_end(text, last, last + CLOSING) + CLOSING)
        for part in vocabulary["goals", "ordinal"].finditer(text, last, stop):
            number = int(part[0])
            end = next((m.start() for m in _PART_END.finditer(text, part[2], stop)), stop)
            found = clause_verdict(text, part[1], end, vocabulary)
            if found is not None and number <= len(run):
                told.setdefault(run[number - 1].start, found)
        every = _EVERY.match(text, last)
        of_all = clause_verdict(text, every.end(), sentence_end(text, every.end(), stop), vocabulary) if every is not None else None
        if of_all is not None:
            for goal in run:
                told.setdefault(goal.start, of_all)
    return told


def _own_end(report: Report, section: Section, keys: set[str]) -> int:
    """Where the part of the text about a goal ends that has a section of its own: at the next goal's section, or one of a higher level."""
    for other in report.sections[section.index + 1 :]:
        if other.level < section.level or wording(other.title) in keys:
            return other.start
    return len(report.text)


def first_verdict(text: str, start: int, stop: int, about: tuple[str, ...], vocabulary: Vocabulary) -> Verdict | None:
    """The first sure verdict of some kinds in a part of the text; what a state leads in that is told of a deed is none on a goal."""
    done = _deeds_at(text, start, stop, vocabulary) if "goal" in about else stop
    for begin, end, found in verdicts(text, start, stop, vocabulary):
        if found.about in about and found.confidence >= 0.8 and not (begin >= done and _lead(text[begin:end], vocabulary) == "part"):
            return found
    return None


def _followed_up(text: str, start: int, stop: int, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict on the work towards a priority; "arbetet med ovanstående" is on what shall be done, where that stands in between."""
    for begin, end, found in verdicts(text, start, stop, vocabulary):
        if found.about in ("action", "plan") and found.confidence >= 0.8:
            above = vocabulary["status", "above"].search(text, begin, end) is not None
            return None if above and has_modal(text, start, begin, vocabulary) else found
    return None


def _deeds_at(text: str, start: int, stop: int, vocabulary: Vocabulary) -> int:
    """Where the list of what is done for a goal begins in its part of the text."""
    for _, a, _ in vocabulary["actions", "noun"].finditer(text, start, stop):
        if text[a].isupper() or _PLANNED.search(text, max(0, a - _SHORT_LEAD), a) is not None:
            return a
    return stop


def _lead(sentence: str, vocabulary: Vocabulary) -> str | None:
    """What the words that lead in a verdict before a colon are said of: the whole, or the part that they stand in."""
    lead = vocabulary["status", "lead"].search(sentence) if ":" in sentence else None
    return None if lead is None else lead[0]


def _closing(text: str, start: int, stop: int, goal: str, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict on a goal in its part of the text.

    The one that "Samlad bedömning" leads in, or whose sentence repeats the goal's last word; else the one with which the part closes.
    """
    last = None
    words = _LONG_WORD.findall(fold(goal))
    stem = words[-1][:7] if words else None
    done = _deeds_at(text, start, stop, vocabulary)
    for begin, end, found in verdicts(text, start, stop, vocabulary):
        if found.about != "goal" or found.confidence < 0.8:
            continue
        sentence = text[begin:end].strip()
        own = judges(sentence, vocabulary)
        lead = _lead(sentence, vocabulary)
        if lead == "part" and begin >= done:
            continue
        if lead is not None or (own and stem is not None and stem in fold(sentence)):
            return found
        if own and stop - end < CLOSING and len(sentence) < 160:
            last = found
    return last


def _followed(text: str, start: int, stop: int, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict on the work towards a goal, told before the list of what is done for it: "Arbetet med målet löper enligt plan"."""
    for begin, end, found in verdicts(text, start, _deeds_at(text, start, stop, vocabulary), vocabulary):
        sentence = text[begin:end].lstrip()
        lead = vocabulary["status", "lead"].pattern.match(sentence)
        goal = vocabulary["goals", "noun"].search(sentence, 0, 60)
        if found.about != "indicator" and (lead is not None or goal is not None):
            return found if found.code not in _OF_DEEDS else None
    return None
