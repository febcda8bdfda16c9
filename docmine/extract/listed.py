"""Find things to be done in lists: bulleted items after a heading or a sentence that names them, with what came of each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import regex

from docmine.extract.grades import told_after
from docmine.extract.infinitives import infinitive_at
from docmine.extract.items import (
    FOLLOW,
    LONGEST_ITEM,
    Item,
    effect_pattern,
    item_end,
)
from docmine.extract.spans import BULLET, SENTENCE_END, letters, sentence_end, skip, tidy
from docmine.extract.status import Verdict, cell_verdict, clause_verdict, opened, verdicts
from docmine.records import Report
from docmine.vocabulary import Vocabulary

__all__ = ["NEAR", "SHORTEST_LETTERS", "TOLD", "WHEN", "listed", "verdict_after"]

WHEN = regex.compile(r"(?:(?:under|för|inför|till)\s+(?:året|perioden|hösten|våren|(?:år\s+)?20\d\d|kommande\s+år))?\s?:?")
SHORTEST_LETTERS = 8
#: how far after the noun the colon may stand that opens a list
NEAR = 120
#: more letters between two items of a list tell something of the first
TOLD = 25

_SERVED = regex.compile(r"\b(?:nå|uppnå|uppfylla|mot|till|för|om|med)\s+(?:\p{L}+\s)?$")


#: what follows the noun where a goal is brought in: "Delmål: …", "Nämndens mål är att …"
_BRINGS = regex.compile(r"\s?:|\s[–-]\s|\s+är\s+att\s")


#: what parts a thing to be done from what came of it
_DASH = regex.compile(r"\s[–-]\s(?=\p{Ll})")


def listed(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Bulleted items right after a heading or a sentence that names actions."""
    text = report.text
    runs: list[list[regex.Match[str]]] = []
    for mark in BULLET.finditer(text):
        if runs and _goes_on(text, runs[-1][-1], mark):
            continue
        if runs and mark.start() - runs[-1][-1].start() < LONGEST_ITEM and _same_list(text, runs[-1][-1], mark, vocabulary):
            runs[-1].append(mark)
        elif text.count('"', max(0, mark.start() - 80), mark.start()) % 2 == 0:  # a dash inside a quoted title begins no list
            runs.append([mark])
    for run in runs:
        kind = _governing(report, run[0].start(), len(run), vocabulary)
        if kind is None:
            continue
        stops = [m.start() for m in run[1:]] + [min(len(text), run[-1].end() + LONGEST_ITEM)]
        spans = [(m.end(), item_end(report, m.end(), stop, vocabulary)) for m, stop in zip(run, stops, strict=True)]
        own = [told_after(report, end, stop, vocabulary) for (_, end), stop in zip(spans, stops, strict=True)]
        behind = [_DASH.search(text, start + SHORTEST_LETTERS, end) for start, end in spans]
        if sum(dash is not None for dash in behind) > 1:  # each with what came of it behind a dash
            own = [
                _came_of(text, dash.end(), end, vocabulary) if dash else told
                for dash, (_, end), told in zip(behind, spans, own, strict=True)
            ]
            spans = [(start, dash.start() if dash else end) for dash, (start, end) in zip(behind, spans, strict=True)]
            shared = None
        elif any(letters(text[end:stop]) > TOLD for (_, end), stop in zip(spans[:-1], stops, strict=False)):  # something is told of each
            stops[-1] = min(stops[-1], sentence_end(text, spans[-1][1], stops[-1]))
            own = [
                told or opened(text, end, stop, "action", vocabulary) or _own(text, end, stop, vocabulary)
                for told, (_, end), stop in zip(own, spans, stops, strict=True)
            ]
            shared = None
        else:
            effect = effect_pattern(vocabulary).match(text, spans[-1][1])
            shared = None if any(own) else verdict_after(report, effect.end() if effect else spans[-1][1], vocabulary)
        for (start, end), told in zip(spans, own, strict=True):
            if letters(text[start:end]) >= 8:
                yield Item(start, end, kind, verdict=told or shared, confidence=0.8)


def _came_of(text: str, start: int, stop: int, vocabulary: Vocabulary) -> Verdict | None:
    """What a clause says that came of a thing to be done: "inställd", "förslaget antogs i maj"."""
    told = cell_verdict(text[start:stop], vocabulary)
    if told is not None:
        return told._replace(start=start + told.start, end=start + told.end)
    word = vocabulary["status", "opening"].search(text, start, stop)
    if word is not None and word[0] != "open":
        return Verdict(word[0], word[1], word[2], text[word[1] : word[2]], "action", 0.6)
    return clause_verdict(text, start, stop, vocabulary, "action")


def _own(text: str, start: int, stop: int, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict in what is told of one item of a list."""
    return next((v for *_, v in verdicts(text, start, stop, vocabulary) if v.about in ("action", "plan")), None)


def _goes_on(text: str, bullet: regex.Match[str], dash: regex.Match[str]) -> bool:
    """Whether a dash only parts an item from what is told of it, in the line of the item's own bullet: "• Ny taxa – antogs i maj"."""
    return text[dash.start()] in "-–" and text[bullet.start()] not in "-–" and "\n" not in text[bullet.start() : dash.start()]


def _same_list(text: str, one: regex.Match[str], other: regex.Match[str], vocabulary: Vocabulary) -> bool:
    """Two marks are of one list where they are the same sign, no sentence ended between them on one line, and no new list is named."""
    if text[one.start()] != text[other.start()]:
        return False
    lead = text[max(one.end(), other.start() - 30) : other.start()].rstrip(" \n:")
    if any(b == len(lead) and lead[a].isupper() for _, a, b in vocabulary["actions", "noun"].finditer(lead)):
        return False
    between = text[one.end() : other.start()]
    return (
        "\n" in between
        or text[one.start()] not in "-–"
        or not SENTENCE_END.search(text, one.end(), tidy(text, one.end(), other.start()) - 1)
    )


def _governing(report: Report, at: int, count: int, vocabulary: Vocabulary) -> str | None:
    """The type of the actions in a list that begins at an offset, from the words right before it; None where they name no actions."""
    text, nouns = report.text, vocabulary["actions", "noun"]
    section = report.sections.at(at)
    floor = max(0, at - 200, section.start if section else 0)
    lead = text[floor:at].rstrip()
    cut = max((m.end() for m in SENTENCE_END.finditer(lead, 0, max(0, len(lead) - 1))), default=0)
    lead = lead[max(cut, lead.rfind("\n\n") + 1) :]
    if vocabulary["actions", "not_list"].search(lead):
        return None
    found = [(code, b) for code, a, b in nouns.finditer(lead)]
    if found and any(a > found[-1][1] and not _SERVED.search(lead, 0, a) for _, a, _ in vocabulary["goals", "noun"].finditer(lead)):
        return None  # "följande av fullmäktiges mål:"; but "åtgärder för att nå målen:" are actions
    if found and (lead.endswith(":") or (count > 1 and lead.endswith(".") and len(lead[found[-1][1] :].split()) <= 1)):
        return found[-1][0]
    if found and WHEN.fullmatch(lead[found[-1][1] :].strip()):
        inline = (
            "\n" not in text[at - 1 : at] and count == 1
        )  # "Uppdrag - Ny skola" is a title, "Uppdrag - bygga en ny skola" a list of one
        start = skip(text, at + 1)
        return None if inline and text[start].isupper() and infinitive_at(text, start, vocabulary) is None else found[-1][0]
    opens = section is not None and (not text[section.body_start : at].strip() or (bool(found) and at - section.body_start < NEAR))
    if section is not None and count > 1 and opens and not vocabulary["actions", "not_list"].search(section.title):
        named = nouns.search(section.title)
        return named[0] if named else None
    return None


def verdict_after(report: Report, at: int, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict of the sentences that follow a list, in its own section, before the next list and the next goal."""
    text = report.text
    section = report.sections.at(max(0, at - 1))
    stop = min(len(text), at + FOLLOW)
    if section is not None and section.end > at:
        stop = min(stop, max(section.end, at + 1))
    following = BULLET.search(text, at, stop)
    stop = following.start() if following is not None else stop
    stop = next((a for _, a, b in vocabulary["goals", "noun"].finditer(text, at, stop) if _BRINGS.match(text, b)), stop)
    for begin, end, found in islice(verdicts(text, at, stop, vocabulary), 3):
        if found.about in ("action", "plan") and vocabulary["actions", "commission"].search(text, begin, end) is None:
            return found
    return None
