"""Find goals that a sentence brings in: "målet är att …", "har som mål att …", "det första är att …"."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from docmine.extract.judged import CLOSING
from docmine.extract.norms import LONGEST, Candidate, clause_end, level_told, owner_of
from docmine.extract.spans import SENTENCE_END, letters
from docmine.extract.status import clause_verdict
from docmine.records import Report
from docmine.vocabulary import Vocabulary

__all__ = ["brought", "level_before", "overall", "told_off"]

_BRING = regex.compile(
    r"(?P<gap>[^.:;?!]{0,110}?)\s(?:är|var|har\s+varit|blir|har\s+som\s+mål|som\s+mål)(?:\s+(?:vidare|därför|också|även))?\s+(?:att|av\s+att)\s+"
    r"|(?P<stated>[^.:;?!]{0,60}?)\sär\s+(?=(?:en|ett|minst|högst|lägst)\s)"
    r"|(?P<reads>(?:\s(?:för|till)\s(?:år\s)?\d{4})?\slyder(?:\s(?:så\shär|som\sföljer|följande))?\s?:?\s+)"
    r"|(?P<direct>(?:\s+(?:för|inför|under|till)\s+(?:år\s+)?20\d\d)?\s+(?:[–-]\s+)?att\s+)"
)
#: "målet med enkäten är att": what something is for
_PURPOSE_OF = regex.compile(r"\s+(?:med|bakom)\s|\s+för\s+(?:den\s+|det\s+)?\p{Ll}+(?:en|et)$")
_AND_THE_NEXT = regex.compile(r",?\s+(?:och|samt|medan)\s+(?:det|den)\s+\p{L}+\s+(?:målet\s+)?är\s+att\s+")
#: "bidraget till målet är att": what is done for a goal
_SERVES = regex.compile(r"\b(?:till|mot|nå|uppnå|uppfylla)\s(?:\p{L}+\s)?$")
_OVERALL = regex.compile(r"(?<!\p{L})(?:en|ett)\s(?P<noun>övergripande\s(?:mål|målsättning|ambition))\som\satt\s+")
#: one of several goals that sentences tell off
_FIRST = regex.compile(r"(?<!\p{L})De[nt]\s(?:första|andra|tredje|fjärde|femte)\s(?:är|handlar\som)\satt\s+")
#: the verb of the main clause, and what may stand between it and its predicate
_FINITE_BEFORE = regex.compile(r"\s(?:är|har|blev|var|bedöms|anses|kommer|beräknas|väntas|förväntas|kunde|kan|når)\s(?:\p{Ll}+\s){0,5}$")
_MODAL_BEFORE = regex.compile(r"\s(?:ska|skall|att|kan|bör|som)\s(?:\p{Ll}+\s){0,2}$")
_SUBORDINATE = regex.compile(r"\b(?:att|om|som)\b")


def brought(report: Report, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """Sentences that bring in a goal: "målet är att …", "har som mål att …", "etappmålet att …"."""
    text = report.text
    for code, a, b in vocabulary["goals", "noun"].finditer(text):
        bring = _BRING.match(text, b)
        if bring is not None and bring["stated"] is not None and not _is_stated(text, a, b, bring.end(), vocabulary):
            bring = None
        if bring is None or (bring["gap"] and (_SUBORDINATE.search(bring["gap"]) or _PURPOSE_OF.match(bring["gap"]))):
            continue
        if vocabulary["goals", "noun"].pattern.match(text, bring.end()):
            continue  # "bedömningen är att målet är uppnått" judges
        if bring["direct"] is None and bring["reads"] is None and _SERVES.search(text, max(0, a - 30), a):
            continue
        start = bring.end()
        if (
            text[a:b].casefold() in ("målen", "mål")
            and bring["direct"] is not None
            and not regex.search(r"\bsom\s+$", text[max(0, a - 6) : a])
        ):
            continue
        stop = SENTENCE_END.search(text, start, min(len(text), start + LONGEST))
        if stop is None:
            continue
        end = stop.start()
        level = level_before(text, a, b, code, vocabulary)
        for following in _AND_THE_NEXT.finditer(text, start, end):
            yield Candidate(start, following.start(), level, text[a:b], 0.65, "sentence")
            start = following.end()
        verb = _predicate(text, start, end, vocabulary) if bring["direct"] is not None else None
        told = clause_verdict(text, verb, stop.end(), vocabulary) if verb is not None else None
        end = clause_end(text, start, verb or end, vocabulary)
        if letters(text[start:end]) >= 12 and not regex.match(r"(?:nå|uppnå|följa|mäta)\b", text[start:end]):
            yield Candidate(start, end, level, text[a:b], 0.65, "sentence", told)


def overall(report: Report, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """The overall aims that a clause brings in: "en övergripande målsättning om att …"; without that word such clauses tell of anything."""
    text = report.text
    for mark in _OVERALL.finditer(text):
        stop = SENTENCE_END.search(text, mark.end(), min(len(text), mark.end() + LONGEST))
        if stop is None:
            continue
        level = owner_of(text[max(0, mark.start() - 90) : mark.start()], vocabulary) or "council"
        end = clause_end(text, mark.end(), stop.start(), vocabulary)
        if letters(text[mark.end() : end]) >= 12:
            yield Candidate(mark.end(), end, level, mark["noun"], 0.65, "sentence")


def told_off(report: Report, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """Goals that sentences tell off after one that counts them: "Det första är att …"."""
    text = report.text
    for mark in _FIRST.finditer(text):
        floor = max(0, mark.start() - 2 * CLOSING)
        noun = next(iter(reversed(list(vocabulary["goals", "noun"].finditer(text, floor, mark.start())))), None)
        stop = SENTENCE_END.search(text, mark.end(), min(len(text), mark.end() + LONGEST))
        if noun is None or stop is None or vocabulary["goals", "noun"].pattern.match(text, mark.end()):
            continue
        level = level_before(text, noun[1], noun[2], noun[0], vocabulary)
        yield Candidate(mark.end(), clause_end(text, mark.end(), stop.start(), vocabulary), level, text[noun[1] : noun[2]], 0.6, "sentence")


def _predicate(text: str, start: int, end: int, vocabulary: Vocabulary) -> int | None:
    """Where the main clause goes on after "målet att …" and says how the goal fares: "… har inte uppnåtts", "… nåddes"."""
    for code, a, b in vocabulary["status", "predicate"].finditer(text, start, end):
        if code not in ("reached", "reach", "plan"):
            continue
        verb = _FINITE_BEFORE.search(text, max(start, a - 60), a)
        if verb is not None:
            return verb.start()
        if text[b - 1] in "s" or text[a:b].endswith("des"):
            wished = _MODAL_BEFORE.search(text, max(start, a - 30), a)
            return None if wished else a
    return None


def _is_stated(text: str, noun: int, stop: int, start: int, vocabulary: Vocabulary) -> bool:
    """Whether what follows "målet är" is the goal itself ("en ekonomi i balans"), not what it is like ("en utmaning")."""
    if owner_of(text[max(0, noun - 45) : noun], vocabulary) is None and not (text[noun].isupper() or " " in text[noun:stop]):
        return False
    return vocabulary["goals", "likeness"].search(text, start, start + 45) is None


def level_before(text: str, a: int, b: int, code: str, vocabulary: Vocabulary) -> str:
    """The level that a goal noun tells, or else the words before it that say whose goal it is."""
    return (
        level_told(code, text[max(0, a - 45) : a], vocabulary)
        if code == "other"
        else level_told(code, text[max(0, a - 20) : a], vocabulary)
    )
