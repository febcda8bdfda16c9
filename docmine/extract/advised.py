"""Find things to be done that no noun of theirs labels: recommendations, improvements, programmes, lists that "i uppdrag att" opens."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import regex

from docmine.extract.infinitives import infinitive_at
from docmine.extract.items import LONGEST_ITEM, Item, cell_wording, effect_pattern, item_end
from docmine.extract.spans import BULLET, SENTENCE_END, letters, sentence_end, skip, tidy
from docmine.extract.status import cell_verdict, clause_verdict
from docmine.records import Action, Cell, Report, Table
from docmine.vocabulary import Vocabulary

__all__ = ["advised", "advised_cells", "charged", "decided", "mandated", "programmes", "valued"]

#: how far before its list the sentence may stand that announces it
_LEAD, _SHORTEST_LETTERS = 250, 8
#: a line's beginning, where a list lost its bullets
_TRAILING = regex.compile(r"(?:[,;]|\s(?:och|samt)|[,;]\s(?:och|samt))?$")
_NEW_LINE = regex.compile(r"\s*\n\s*")
_NUMBER = regex.compile(r"\d{1,2}[.)]\s+(?=\p{Lu})")
#: what leads in the first of several things, what stands before the next, and what ends what is told of one
_LEADS_IN = regex.compile(r":\s+|\bska(?:ll)?\s+")
_JOIN = regex.compile(r"[\s,;)]*(?:(?:samt|och)\s+)?")
_NEXT = regex.compile(r"[,;)]\s|\s(?:och|samt)\s")
#: a measure of a programme with what is told of it: "Färre vikarier (1,2 mnkr) - pågår."
_PART = regex.compile(r"(?P<what>\p{Lu}[^.:;()\n]{8,180}?)(?:\s\([^()\n]{2,60}\))?\s[-–]\s(?P<told>[^\n]{3,200}?)(?:\.(?=\s|$)|$)\s*")
#: how far before a programme the noun may stand that tells what it holds
_NOUN = 400


@lru_cache(maxsize=4)
def _announcing(vocabulary: Vocabulary) -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    """What opens an assignment behind a colon ("ett uppdrag till nämnden: att …"), and a programme ("följande åtgärder: …")."""
    words = vocabulary["actions", "announcing"]
    charge, to, follows = ("|".join(map(regex.escape, words[code])) for code in ("charge", "to", "follows"))
    return (
        regex.compile(rf"(?<!\p{{L}})(?:{charge})(?:\s(?:{to})\s\p{{L}}{{3,40}})?\s?:\s+(?=att\s)"),
        regex.compile(rf"(?<!\p{{L}})(?:{follows})(?:\s\p{{Ll}}{{3,30}}){{0,2}}:\s+(?=\p{{Lu}})"),
    )


def advised(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Items of a list of recommendations, with or without bullets, each of which opens with what to do: "• Säkerställ att …"."""
    text = report.text
    for _, _, b in vocabulary["actions", "advising"].finditer(text):
        stop = sentence_end(text, b, b + _LEAD)
        colon = text.find(":", b, stop)
        at = skip(text, colon + 1) if colon >= 0 else len(text)
        found: list[Item] = []
        while at < len(text):
            mark = BULLET.match(text, at) or _NUMBER.match(text, at)
            start = mark.end() if mark is not None else at
            if not _advises(text, start, vocabulary) or (mark is None and "\n" not in text[max(0, at - 2) : at]):
                break
            stop = sentence_end(text, start, start + LONGEST_ITEM)
            following = BULLET.search(text, start, stop)
            end = item_end(report, start, following.start() if following is not None else stop, vocabulary)
            if letters(text[start:end]) < _SHORTEST_LETTERS:
                break
            found.append(Item(start, end, "other", confidence=0.7))
            at = skip(text, end)
        yield from found


def _advises(text: str, at: int, vocabulary: Vocabulary) -> bool:
    """Whether a wording opens with what to do, as an imperative or an infinitive."""
    forms = (vocabulary["actions", "imperative"], vocabulary["actions", "doing"])
    return any(terms.pattern.match(text, at) is not None for terms in forms)


def advised_cells(report: Report, table: Table, vocabulary: Vocabulary) -> Iterator[Action]:
    """The cells of a table of recommendations, and those that describe possible improvements in a table without a head for actions."""
    text = report.text
    lead = text[max(0, table.start - _LEAD) : table.start].rstrip()
    announced = lead.endswith(":") and vocabulary["actions", "advising"].search(lead[lead.rfind(". ") + 1 :]) is not None
    cells = [c for c in table.cells if c.value is None and letters(c.text) >= _SHORTEST_LETTERS]
    chosen = [c for c in cells if _advises(c.text, 0, vocabulary)] if announced else _described(report, table, cells, vocabulary)
    for cell in chosen if len(chosen) > 1 else ():
        noun = vocabulary["actions", "noun"].search(cell.text)
        yield Action(
            start=cell.start,
            end=cell.end,
            method="table",
            confidence=0.7,
            rule="column",
            text=cell_wording(cell.text),
            type=noun[0] if noun is not None else "other",
        )


def _described(report: Report, table: Table, cells: list[Cell], vocabulary: Vocabulary) -> list[Cell]:
    """The cells of the column that describes improvements, where a head or a title names such and most say what to do."""
    heads = [c.head for c in table.columns]
    section = report.sections.at(table.start)
    named = [*heads, *(s.title for s in report.sections.path(section))] if section is not None else heads
    if not any(vocabulary["actions", "improving"].search(words) for words in named):
        return []
    col = next((i for i, head in enumerate(heads) if vocabulary["actions", "describing"].code(head) is not None), None)
    chosen = [c for c in cells if c.col == col and c.row >= table.head_rows and not c.header]
    to_do = sum(
        infinitive_at(c.text, 0, vocabulary) is not None or vocabulary["actions", "planned"].search(c.text, 0, 60) is not None
        for c in chosen
    )
    return chosen if 2 * to_do > len(chosen) else []


def mandated(text: str, at: int, vocabulary: Vocabulary) -> list[tuple[int, int]]:
    """The items on lines of their own that "i uppdrag att" opens at the end of its line; none where its sentence goes on."""
    found: list[tuple[int, int]] = []
    gap = _NEW_LINE.match(text, at)
    while gap is not None:
        start = gap.end()
        stop = text.find("\n", start)
        stop = stop if stop >= 0 else len(text)
        end = tidy(text, start, stop)
        if not text[start : start + 1].islower() or SENTENCE_END.search(text, start, end - 1) is not None:
            break
        if infinitive_at(text, start, vocabulary) is not None:
            found.append((start, _TRAILING.search(text, start, end).start()))  # type: ignore[union-attr]
        elif found:
            found[-1] = (found[-1][0], end)  # a line that goes on
        else:
            break
        gap = _NEW_LINE.match(text, end) if text[end - 1] != "." else None
    return found if len(found) > 1 else []


def decided(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """What a body has decided to do, on lines of their own that a sentence opens: "har därför beslutat att", then one thing a line."""
    for code, _, b in vocabulary["actions", "decided"].finditer(report.text):
        yield from (Item(start, end, code, confidence=0.6) for start, end in mandated(report.text, b, vocabulary))


def valued(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Things that a sentence under a heading of such counts up, each with the money that it gives: "köpstopp (200 tkr) och … (1 mnkr)"."""
    text, effect = report.text, effect_pattern(vocabulary)
    for section in report.sections:
        named = vocabulary["actions", "noun"].search(section.title) if section.type == "measures" else None
        if named is None:
            continue
        at = section.body_start
        while at < section.end:
            stop = sentence_end(text, at, section.end)
            told = list(effect.finditer(text, at, stop))
            lead = max((m.end() for m in _LEADS_IN.finditer(text, at, told[0].start())), default=None) if len(told) > 1 else None
            parts: list[tuple[int, int]] = []
            for money in told if lead is not None else ():
                join = _JOIN.match(text, lead or at)
                start = join.end() if join is not None else lead or at
                parts.append((start, tidy(text, start, money.start())))
                after = _NEXT.search(text, money.end(), stop)
                lead = after.start() if after is not None else stop
            if all(letters(text[a:b]) >= _SHORTEST_LETTERS and len(text[a:b].split()) > 1 for a, b in parts):
                yield from (Item(a, b, named[0], confidence=0.6) for a, b in parts)
            at = stop


def charged(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """What a colon tells of an assignment that a sentence names: "ett uppdrag till nämnden: att utreda …"."""
    text = report.text
    for mark in _announcing(vocabulary)[0].finditer(text):
        end = sentence_end(text, mark.end(), mark.end() + LONGEST_ITEM)
        if text[end - 1] == "." and vocabulary["actions", "foreign"].search(text, max(0, mark.start() - 60), mark.start()) is None:
            yield Item(mark.end(), end - 1, "assignment", confidence=0.6)


def programmes(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Measures that follow one another in running text, a dash before what is told of each: "Färre vikarier (1,2 mnkr) - pågår."."""
    text = report.text
    for lead in _announcing(vocabulary)[1].finditer(text):
        nouns = list(vocabulary["actions", "noun"].finditer(text, max(0, lead.start() - _NOUN), lead.end()))
        if not nouns:
            continue
        items: list[Item] = []
        part = _PART.match(text, lead.end(), min(len(text), lead.end() + LONGEST_ITEM))
        while part is not None:
            told = cell_verdict(part["told"], vocabulary)
            told = told or clause_verdict(text, *part.span("told"), vocabulary, "action")
            effect = effect_pattern(vocabulary).search(text, part.start() + _SHORTEST_LETTERS, part.end("what"))
            end = effect.start() if effect is not None else part.end("what")
            items.append(Item(part.start(), end, nouns[-1][0], verdict=told, confidence=0.65))
            part = _PART.match(text, part.end(), min(len(text), part.end() + LONGEST_ITEM))
        if len(items) > 1:
            yield from items
