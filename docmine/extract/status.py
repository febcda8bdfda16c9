"""Read verdicts: what a sentence or a table cell says of how a goal, an action or a plan fares.

A verdict in a sentence is a predicate ("uppfyllt", "enligt plan", "genomförd") and what the words around it make of it: negation, grade,
forecast, wish. A bare word is a verdict only inside a status cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex

from docmine.extract.spans import sentence_end
from docmine.vocabulary import Vocabulary

__all__ = ["Verdict", "answered", "cell_verdict", "clause_verdict", "opened", "opening_at", "stated", "unstated", "verdict", "verdicts"]

#: a predicate's code without and with negation; ``None`` where the negated predicate says nothing
_PLAIN = {
    "reached": "achieved",
    "plan": "on_track",
    "deviation": "off_track",
    "done": "completed",
    "begun": "in_progress",
    "cancelled": "discontinued",
}
_NEGATED = {
    "reached": "not_achieved",
    "plan": "off_track",
    "deviation": "on_track",
    "done": "not_achieved",
    "begun": "not_started",
    "cancelled": None,
}

_CLAUSE = regex.compile(r"[;:]|,?\s+(?:men|medan)\s|,\s+(?=(?:vilket|varav|vilka|eftersom|där|som|och)\s)")
#: "Om inget görs …" judges nothing yet
_CONDITION = regex.compile(r"\s*Om\s")
#: what is said of an undertaking or an assignment; "nått" is said of anything
_PLEDGE = regex.compile(r"(?i)\p{L}*(?:åtagande|uppdrag)")
_FULFILLED = regex.compile(r"(?i)upp(?:fyll|nå)")
#: "ska redovisa hur målen har uppfyllts" judges nothing
_QUESTION = regex.compile(r"(?i)\b(?:hur|huruvida|i vilken (?:grad|mån|utsträckning))\b")
_WORD = regex.compile(r"[\p{L}\p{N}]+")
_MARKS = regex.compile(r"^[\s.,;:()*●•○\-–]+|[\s.,;:()*●•○\-–]+$")

#: what may stand between an item and the status that is stated of it, and what follows such a status
_BEFORE = regex.compile(r"(?:[\s\-–—]|(?P<open>[(\[]))*")
_AFTER = regex.compile(r"\s*(?:[.;,)\]\n]|$)")
#: what goes on after a status that "Status:" leads in: its reason or its time
_REASON = regex.compile(r"\s+(?:på\s+grund|pga|p\.?g\.?a|då|eftersom|men|i|till|under|inom|från|med|och|–|-)\s")
_IN_BRACKETS = regex.compile(r"\s*[(\[]([^()\[\]]{1,40})[)\]]\s*\.?$")
#: "bedöms målet som uppnått", "bedöms bli"… what follows has come about already
_COME_ABOUT = regex.compile(r"\b(?:som|vara|ha)\s(?:\p{L}+\s){0,2}$")
#: what is counted of those that fared so: "andelen kontroller som genomförts enligt plan"
_OF_WHICH = regex.compile(r"\bsom\s(?:\p{L}+\s){0,3}$")
_COUNTED = 90
#: a sign that closes a wording: a grade, as its legend tells
_SIGN_LAST = regex.compile(r"\s+[\u25a0-\u25ff\u2600-\u27bf\U0001f300-\U0001faff\u2b1b-\u2b55]\s*$")
_ANSWER_END = tuple(".,;!:–-")
#: "för årskurs 6 men knappast för årskurs 9": what is true of one part is not of the other
_BUT_NOT = regex.compile(r"[^.;]{0,60}\bmen\s(?:knappast|inte|ej|troligen\sinte|sannolikt\sinte)\s(?:för|i|inom|bland|på|av|hos)\b")
#: sentences longer than this are lists or tables that ran together, not verdicts
_LONGEST = 700


class Verdict(NamedTuple):
    """A verdict at ``start:end`` of the text that was read.

    ``code`` is the contract's status; ``about`` is what is judged: ``goal``, ``indicator``, ``action``, or ``plan`` where no more is said.
    """

    code: str
    start: int
    end: int
    text: str
    about: str
    confidence: float


def cell_verdict(text: str, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict of a status cell: a word, a colour or a symbol that fills it, else what its sentence says.

    Parameters
    ----------
    text : str
        The cell's text.
    vocabulary : Vocabulary
        With the file ``status``.

    Returns
    -------
    Verdict or None
        None where the cell carries no verdict.
    """
    whole = _told(text, vocabulary)
    if whole is not None:
        return whole
    found = verdict(text, vocabulary)
    if found is not None:
        return found
    lead = vocabulary["status", "cell"].search(text)
    if lead is not None and not text[: lead[1]].strip(" \t.*●•-–") and text[lead[2] :].lstrip()[:1] in ("", ".", ",", ":", ";", "(", "–"):
        return Verdict(lead[0], lead[1], lead[2], text[lead[1] : lead[2]], "plan", 0.7)
    return None


def _told(text: str, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict of a text that as a whole is a form of a status cell."""
    bare = _MARKS.sub("", text)
    code = vocabulary["status", "cell"].code(bare) if bare else None
    if code is None:
        return None
    start = text.index(bare)
    return Verdict(code, start, start + len(bare), bare, "plan", 0.9)


def stated(text: str, start: int, stop: int, vocabulary: Vocabulary) -> Verdict | None:
    """The status that is stated right after a wording: "Status: pågår", "(grön)", "Uppfyllt" on the next line.

    Parameters
    ----------
    text : str
        The report's text.
    start, stop : int
        Where the wording ends, and where what is said of it ends at the latest.
    vocabulary : Vocabulary
        With the file ``status``.

    Returns
    -------
    Verdict or None
        Its offsets are those of the text.
    """
    before = _BEFORE.match(text, start, stop)
    at = before.end() if before else start
    lead = vocabulary["status", "lead"].pattern.match(text, at, stop)
    led = lead is not None and text[lead.end() : lead.end() + 1] == ":"
    if lead is not None and led:
        at = len(text[: lead.end() + 1]) + len(text[lead.end() + 1 : stop]) - len(text[lead.end() + 1 : stop].lstrip())
    told = vocabulary["status", "cell"].pattern.match(text, at, stop)
    code = vocabulary["status", "cell"].code(told.group()) if told is not None else None
    if told is None or code is None:
        return None
    opened = before is not None and before["open"] is not None
    if not (led or opened or not text[at].islower()) or (
        _AFTER.match(text, told.end(), stop) is None
        and not (led and (_sentence_follows(text, told.end()) or _REASON.match(text, told.end(), stop)))
    ):
        return None
    return Verdict(code, at, told.end(), told.group(), "plan", 0.85)


def _sentence_follows(text: str, at: int) -> bool:
    return text[at : at + 1].isspace() and text[at + 1 : at + 2].isupper()


def opening_at(text: str, at: int, stop: int, vocabulary: Vocabulary) -> tuple[str, int] | None:
    """What a capitalised clause at an offset tells by its first words ("Infört i alla grupper", "Så blev det inte"), and where they end.

    The code is ``open`` where they only say that something is told.
    """
    if not text[at : at + 1].isupper():
        return None
    words = vocabulary["status", "opening"].pattern.match(text, at, stop)
    code = vocabulary["status", "opening"].code(words.group()) if words is not None else None
    return None if words is None or code is None else (code, words.end())


def opened(text: str, start: int, stop: int, about: str, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict of the clause that a wording without a stop ran into; what is said there is said of what was named."""
    at = start + len(text[start:stop]) - len(text[start:stop].lstrip())
    found = opening_at(text, at, stop, vocabulary)
    if found is None:
        return None
    code, end = found
    if code != "open":
        return Verdict(code, at, end, text[at:end], about, 0.75)
    return next(iter(_verdicts(text[at : sentence_end(text, at, stop)], vocabulary, about)), None)


def answered(text: str, start: int, stop: int, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict of a sentence after a goal that answers: "Ja, det gjorde de." "Nästan."; its code is ``open`` where nobody knows."""
    at = start + len(text[start:stop]) - len(text[start:stop].lstrip(" \t\n.:"))
    words = vocabulary["status", "answer"].pattern.match(text, at, stop) if text[at : at + 1].isupper() else None
    code = vocabulary["status", "answer"].code(words.group()) if words is not None else None
    if words is None or code is None or text[words.end() : words.end() + 1] not in _ANSWER_END:
        return None
    return Verdict(code, at, words.end(), words.group(), "goal", 0.75)


@lru_cache(maxsize=4)
def _served_pattern(vocabulary: Vocabulary) -> regex.Pattern[str]:
    """The goals that a thing to be done serves, by their numbers, behind its wording: "(mål 1 och 4)"."""
    nouns = "|".join(map(regex.escape, vocabulary["status", "served"]["goal"]))
    return regex.compile(rf"\s{{1,20}}\((?i:{nouns})\s\d[\d ,.]{{0,12}}(?:(?:och|samt)\s\d[\d.]{{0,4}})?\)\.?\s{{0,4}}$")


def unstated(text: str, start: int, end: int, vocabulary: Vocabulary) -> int:
    """Where a wording ends without the status that closes it: "Ny skola (pågår)", "Ny skola – Status: pågår"."""
    sign = _SIGN_LAST.search(text, start, end)
    end = sign.start() if sign is not None else end
    served = _served_pattern(vocabulary).search(text, start, end)
    end = served.start() if served is not None else end
    bracket = _IN_BRACKETS.search(text, start, end)
    if bracket is not None and vocabulary["status", "cell"].code(bracket[1]) is not None:
        return bracket.start()
    for _, a, b in vocabulary["status", "lead"].finditer(text, start + 8, end):
        if text[b : b + 1] == ":" and text[a].isupper():
            return start + len(text[start:a].rstrip(" \t\n-–,;"))
    return end


def verdict(text: str, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict of a sentence.

    A sentence that begins with a concession ("även om …") is decided by its last verdict, any other by its first.

    Parameters
    ----------
    text : str
        One sentence.
    vocabulary : Vocabulary
        With the file ``status``.

    Returns
    -------
    Verdict or None
        None where the sentence judges nothing: it tells, wishes or plans.
    """
    if len(text) > _LONGEST:
        return None
    lead = vocabulary["status", "lead"].pattern.match(text)
    if lead is not None and text[lead.end() : lead.end() + 1] == ":":
        told = _told(text[lead.end() + 1 :], vocabulary)
        if told is not None:
            return told._replace(
                start=told.start + lead.end() + 1, end=told.end + lead.end() + 1, about="goal" if told.about == "plan" else told.about
            )
    found = _verdicts(text, vocabulary) if _CONDITION.match(text) is None else []
    if not found:
        return None
    modifiers = vocabulary["status", "modifier"]
    first = modifiers.search(text)
    conceding = first is not None and first[0] == "although" and not text[: first[1]].strip()
    return found[-1] if conceding else found[0]


def clause_verdict(text: str, start: int, end: int, vocabulary: Vocabulary, about: str = "goal") -> Verdict | None:
    """The verdict of a clause that is known to be about a goal, or about what `about` says, though it may not name it."""
    found = _verdicts(text[start:end], vocabulary, about)
    return found[0] if found else None


def verdicts(text: str, start: int, stop: int, vocabulary: Vocabulary) -> Iterator[tuple[int, int, Verdict]]:
    """Yield the verdicts of the sentences in a part of a text, each with the span of its sentence."""
    while start < stop:
        end = sentence_end(text, start, stop)
        telling = any(vocabulary["status", group].search(text, start, end) for group in ("predicate", "lead"))
        found = _judged(text[start:end].strip(), vocabulary) if telling else None
        if found is not None:
            yield start, end, found
        start = end


#: neighbouring goals and actions ask for the same sentences
_judged = lru_cache(maxsize=2048)(verdict)


def _verdicts(text: str, vocabulary: Vocabulary, known: str | None = None) -> list[Verdict]:
    predicates = list(vocabulary["status", "predicate"].finditer(text))
    if not predicates:
        return []
    about = {code: start for code, start, _ in reversed(list(vocabulary["status", "about"].finditer(text)))}
    if known is not None:
        about.setdefault(known, 0)
    breaks = [m.start() for m in _CLAUSE.finditer(text)]
    found = []
    for i, (kind, start, end) in enumerate(predicates):
        left = max([b for b in breaks if b <= start], default=0)
        right = min([b for b in breaks if b >= end], default=len(text))
        previous = next((p for p in reversed(predicates[:i]) if p[0] != "attainment"), None)
        if previous is not None and kind != "attainment":
            left = max(left, previous[2])
        reading = _read(kind, text, (left, start, end, right), about, vocabulary)
        if reading is not None:
            code, subject, confidence = reading
            found.append(Verdict(code, start, end, text[start:end], subject, confidence))
    return _merge_plan(found)


def _read(
    kind: str, text: str, span: tuple[int, int, int, int], about: dict[str, int], vocabulary: Vocabulary
) -> tuple[str, str, float] | None:
    left, start, end, right = span
    before, after = text[left:start], text[end:right]
    if kind == "attainment":
        return _grade(text, start, end, right, vocabulary)
    modifiers = {c for c, a, b in vocabulary["status", "modifier"].finditer(text, left, right) if b <= start or a - end < 40}
    near = {c for c, a, b in vocabulary["status", "modifier"].finditer(text, max(left, start - 90), min(right, end + 45))}
    negated = "not" in near
    if _QUESTION.search(before) is not None:
        return None
    if kind in ("reached", "reach"):
        if "goal" in about:
            subject = "goal"
        elif "indicator" in about:
            subject = "indicator"
        elif "action" in about and _PLEDGE.match(text, about["action"]) and _FULFILLED.match(text, start):
            subject = "action"
        else:
            return None
        if "risk" in near and before:
            return "off_track", subject, 0.8
        views = [
            (c, text[a:b].casefold())
            for c, a, b in vocabulary["status", "modifier"].finditer(text, left, right)
            if c in ("forecast", "settled") and (b <= start or a - end < 40)
        ]
        forecast = bool(views) and views[-1][0] == "forecast"  # "bedömer att målet är" looks back, "… kommer att" ahead
        if forecast and views[-1][1].startswith("bedöm") and _COME_ABOUT.search(text, left, start):
            forecast = False
        if kind == "reach" and ("forecast" not in modifiers or _wished(before, vocabulary)):
            return None
        if kind == "reached" and _wished(before, vocabulary) and not forecast:
            return None
        if negated:
            return ("partly_achieved" if near & {"wholly", "partly"} else "not_achieved"), subject, 0.85
        if "partly" in near or _BUT_NOT.match(text, end) is not None:
            return "partly_achieved", subject, 0.85
        return ("on_track" if forecast else "achieved"), subject, 0.8 if forecast else 0.85
    if kind in ("plan", "deviation"):
        if _OF_WHICH.search(text, 0, start) is not None and vocabulary["goals", "measured"].search(text, max(0, start - _COUNTED), start):
            return None
        if _wished(before, vocabulary) and not negated and kind == "plan":
            return None
        code = _NEGATED[kind] if negated else _PLAIN[kind]
        subject = "goal" if "goal" in about and "action" not in about else "action" if "action" in about else "plan"
        if code is None or (text[start:end].casefold() == "avviker" and subject == "plan"):
            return None
        return code, subject, 0.85 if subject == "action" or kind == "plan" else 0.75
    alone = not text[:start].strip(" \t\n-–•.,:)0123456789abcdefgh") and not (after.strip(" .")[:1].islower() or text[end : end + 1] == ":")
    if "action" not in about and not alone:
        return None
    if about.get("action", 0) > end or _wished(before, vocabulary):
        return None
    if negated:
        code = _NEGATED[kind]
        return None if code is None else (code, "action", 0.8)
    if kind == "done" and "forecast" in modifiers:
        return "in_progress", "action", 0.6
    if kind == "done" and "partly" in near:
        return "in_progress", "action", 0.7
    return _PLAIN[kind], "action", 0.8 if alone else 0.7


def _grade(text: str, start: int, end: int, right: int, vocabulary: Vocabulary) -> tuple[str, str, float] | None:
    """The grade of "måluppfyllelsen": a word after it, or right before it."""
    if not text[start:end].casefold().startswith("måluppf"):
        return None
    grades = vocabulary["status", "grade"]
    later = grades.search(text, end, min(right, end + 80))
    earlier = [g for g in grades.finditer(text, max(0, start - 25), start) if not text[g[2] : start].strip()]
    found = earlier[-1] if earlier else later
    if found is None:
        return None
    return found[0], "goal", 0.8


def _wished(before: str, vocabulary: Vocabulary) -> bool:
    """Whether the predicate hangs on a purpose, a demand or a wish: one stands before it, and no finite "är" or "har" between the two."""
    codes = [code for code, *_ in vocabulary["status", "modifier"].finditer(before[-80:]) if code in ("wish", "finite")]
    return bool(codes) and codes[-1] == "wish"


def _merge_plan(found: list[Verdict]) -> list[Verdict]:
    """One verdict where two stand side by side: "pågår enligt plan" is of the plan, "genomfört enligt plan" of what is done."""
    merged: list[Verdict] = []
    for v in found:
        if merged and v.start - merged[-1].end <= 2 and v.code == "on_track":
            if merged[-1].code == "in_progress":
                merged[-1] = v
            continue
        merged.append(v)
    return merged
