"""Find things to be done: undertakings, assignments, activities, measures.

They stand in four forms: rows of a table with a column for them, items of a list under a word such as "Åtgärder" (on lines of their own or
run together), numbered titles with a verdict each, and sentences that name one ("uppdraget att …"). What is met twice is recorded once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice, pairwise

import regex

from docmine.extract.advised import advised, advised_cells, charged, decided, mandated, programmes, valued
from docmine.extract.grades import flat_rows, of_sign, row_verdicts, table_heads, told_after
from docmine.extract.infinitives import infinitive_at
from docmine.extract.items import (
    FOLLOW,
    LONGEST_ITEM,
    LONGEST_TITLE,
    Item,
    cell_wording,
    effect_pattern,
    item_end,
    responsible_after,
    without_tail,
)
from docmine.extract.labels import find_labels, number_run
from docmine.extract.lined import lined_items
from docmine.extract.listed import NEAR, SHORTEST_LETTERS, TOLD, WHEN, listed, verdict_after
from docmine.extract.numbered import lettered, numbered, responsible_last
from docmine.extract.spans import BULLET, CAPITAL, SENTENCE_END, Spans, letters, runs_on, sentence_end, skip, tidy, wording
from docmine.extract.status import Verdict, cell_verdict, opened, stated, verdict, verdicts
from docmine.records import Action, Cell, Facts, Report, Table
from docmine.vocabulary import Vocabulary

__all__ = ["find_actions"]

#: what a title goes on with: "aktivitet för …", "åtgärd som …"
_FOR = regex.compile(r"\s+(?:som|för|om|med|till|kopplad|inom)\s")
_IN_ORDER_TO = regex.compile(r"\s+för\s+att\s")
#: a figure that opens a sentence right after a title
_FIGURE = regex.compile(r"(?<=\p{Ll}{3})\s+(?=\d+\s\p{Ll}{4})")
#: the words before the noun of a heading: "Vidtagna åtgärder"
_HEADING = regex.compile(r"(?:[.!?]\s|\n|^)\s*\p{Lu}\p{Ll}+(?:-\p{Ll}+)?\s(?:\p{Ll}+\s)?$")
#: the stop of an item that begins with a small letter, where the next one does, too
_SMALL_STOP = regex.compile(r"[.;](?=\s+\p{Ll})")
#: a word before an infinitive that is part of the item: "ta fram och införa"
_PART = regex.compile(r"(?<!\p{L})(?:att|och|eller|samt|kan|ska|om|för)\s+$|[,–-]\s*$")
#: what may stand between such a heading and its list: "under året", "för 2024"
#: a part of an enumeration in a sentence
_PARTS = regex.compile(
    r"(?:(?:samt|och)\s+)?(?P<part>(?:[^,()]|\([^()]*\))+?)(?=,\s|$|\s(?:samt|och)\s+(?=(?:\p{L}+(?:ning|[^aeiouyåäö\W]a)|ta|se|ge|få|gå)\s))"
)
_SHORT, _BEFORE = 30, 40
_STOPS = (".", ";", ",")
#: a title that the next line judges, without its number
_TO_DO = regex.compile(r"\s*(?:(?P<number>\d{1,3})[.)]?\s+)?(?:[-–•]\s+)?(?P<text>\p{Lu}[^\n]+)")
_LONGEST_JUDGED = 30
#: what a heading goes on with: "Åtgärder för att klara ramen 1. …"
_PURPOSE = regex.compile(r"(?:\s\p{Ll}+){1,8}\s+(?=1[.)]\s)")
#: the code of an item: "A1 …"
_CODE = regex.compile(r"\s*(?P<code>\p{Lu}\d{1,2})[.:)]?\s+(?=[\p{Lu}\d])")


def find_actions(report: Report, facts: Facts, vocabulary: Vocabulary) -> Iterator[Action]:
    """Yield the things to be done, each once.

    Parameters
    ----------
    report : Report
        With its sections and tables.
    facts : Facts
        Not needed here; every extractor takes the same three.
    vocabulary : Vocabulary
        With the files ``actions`` and ``status``.

    Yields
    ------
    Action
        In reading order.
    """
    in_tables = [action for table in report.tables for action in _from_table(report, table, vocabulary)]
    taken = Spans((a.start, a.end) for a in in_tables)
    sure = [*lettered(report, vocabulary), *numbered(report, vocabulary), *listed(report, vocabulary)]
    known = Spans((i.start, i.end) for i in sure)
    lined = [i for i in _lined(report, vocabulary) if not known.meet(i.start, i.end)]
    covered = Spans((i.start, i.end) for i in lined)
    others = [
        *_flat(report, vocabulary),
        *_run_in(report, vocabulary),
        *_counted(report, vocabulary),
        *_enumerated(report, vocabulary),
        *_labelled(report, vocabulary),
        *_judged_titles(report, vocabulary),
        *_titled(report, vocabulary),
        *_reported(report, vocabulary),
        *_told(report, vocabulary),
        *advised(report, vocabulary),
        *charged(report, vocabulary),
        *decided(report, vocabulary),
        *programmes(report, vocabulary),
    ]
    met = Spans((i.start, i.end) for i in (*sure, *lined, *others))
    others += [i for i in valued(report, vocabulary) if not met.meet(i.start, i.end)]
    items = [*sure, *lined, *(i for i in others if not covered.meet(i.start, i.end))]
    free = [i for i in items if not taken.meet(i.start, i.end)]
    yield from _once([*in_tables, *(_action(report, item) for item in free)])


def _action(report: Report, item: Item) -> Action:
    start = skip(report.text, item.start)
    end = max(start, tidy(report.text, item.start, item.end))
    return Action(
        start=start,
        end=end,
        method="rule",
        confidence=item.confidence,
        rule="action",
        text=" ".join(report.text[start:end].split()).rstrip(" ,;:-–"),
        type=item.type,
        number=item.number,
        status=item.verdict.code if item.verdict else None,
        status_text=" ".join(item.verdict.text.split()) or None if item.verdict else None,
        responsible=" ".join(item.responsible.split()) if item.responsible else None,
    )


def _once(actions: Iterable[Action]) -> list[Action]:
    """Each action once: where it has a verdict, else where it stands first; what the other places know is kept.

    Two of one type and number are one, too, where the wording of one is cut short.
    """
    best: dict[str, Action] = {}
    numbered: dict[tuple[str, str], str] = {}
    for action in sorted(actions, key=lambda a: (a.start, -a.end)):
        key = wording(action.text)
        if len(key) < 6:
            continue
        if action.number is not None:
            same = numbered.setdefault((action.type, action.number), key)
            if same != key and (same.startswith(key) or key.startswith(same)):
                known = best.pop(same)
                longer = known if len(same) >= len(key) else action
                key = max(same, key, key=len)
                told = known if known.status is not None else action
                action = replace(longer, status=told.status, status_text=told.status_text)
                numbered[action.type, action.number or ""] = key
        known_here = best.get(key)
        if known_here is None:
            best[key] = action
            continue
        kept, other = (action, known_here) if known_here.status is None and action.status is not None else (known_here, action)
        best[key] = replace(kept, number=kept.number or other.number, responsible=kept.responsible or other.responsible)
    return sorted(best.values(), key=lambda a: (a.start, a.end))


# --- tables


def _from_table(report: Report, table: Table, vocabulary: Vocabulary) -> Iterator[Action]:
    heads, first = table_heads(table, vocabulary)
    kinds = vocabulary["actions", "column"]
    col = next((i for i, head in enumerate(heads) if kinds.code(head) is not None), None)
    if col is None:
        yield from advised_cells(report, table, vocabulary)
        return
    kind = kinds.code(heads[col]) or "other"
    verdicts = row_verdicts(report, table, vocabulary)
    who = next((i for i, c in enumerate(table.columns) if c.measure == "responsible"), None)
    number = next((i for i, head in enumerate(heads) if vocabulary["actions", "numbering"].code(head)), None)
    headings = {s.start for s in report.sections}
    rows: dict[int, dict[int, Cell]] = {}
    for cell in table.cells:
        if cell.row >= first:
            rows.setdefault(cell.row, {})[cell.col] = cell
    for i, row in rows.items():
        if col not in row or row[col].value is not None or letters(row[col].text) < SHORTEST_LETTERS:
            continue
        if row[col].start in headings:
            continue  # the table was read on over the next heading
        cell, found = row[col], verdicts.get(i)
        yield Action(
            start=cell.start,
            end=cell.end,
            method="table",
            confidence=0.75,
            rule="column",
            text=cell_wording(cell.text),
            type=kind,
            number=row[number].text.strip(" .") if number is not None and number in row else None,
            status=found.code if found else None,
            status_text=" ".join(found.text.split()) or None if found else None,
            responsible=" ".join(row[who].text.split()) if who is not None and who in row else None,
        )


# --- lists


def _lined(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Items on lines of their own, after a label or in a list under one."""
    text = report.text
    others = (vocabulary["goals", "noun"], vocabulary["goals", "measure"])
    run: list[Item] = []  # the items of a list of which nothing is told so far
    for item in lined_items(report, vocabulary["actions", "noun"], others, vocabulary):
        if vocabulary["actions", "not_list"].search(item.label) or vocabulary["actions", "foreign"].search(item.label):
            continue
        told = told_after(report, item.end, item.stop, vocabulary) or opened(text, item.end, item.stop, "action", vocabulary)
        told = told or of_sign(report, item.sign, item.start, vocabulary)
        if told is not None and told.text == item.sign and told.code == "achieved":
            told = told._replace(code="completed")
        if run and (item.rule == "label" or item.begin - run[-1].end > TOLD):
            yield from run
            run = []
        end = without_tail(text, item.start, item.end, vocabulary)
        who = responsible_after(text, end, item.stop, vocabulary)
        found = Item(item.start, end, item.code, item.number, told, who, confidence=0.8)
        if told is None:
            about = ("action", "plan")
            told = next(
                (v for *_, v in islice(verdicts(text, item.end, min(item.stop, item.end + FOLLOW), vocabulary), 3) if v.about in about),
                None,
            )
            if told is None and item.rule != "label":
                run.append(found)
                continue
            run = [one._replace(verdict=told) for one in run]  # what follows a list is told of all of it
        yield from run
        run = []
        yield found._replace(verdict=told)
    yield from run


def _flat(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    for row in flat_rows(report.text, "actions", vocabulary):
        who = responsible_last(report.text, row.start, row.end, vocabulary)
        end = row.end if who is None else tidy(report.text, row.start, who)
        yield Item(row.start, end, row.code, None, row.verdict, report.text[who : row.end] if who is not None else None, 0.7)


def _run_in(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Items in running text that have lost their bullets: infinitives one after the other, right after a heading that names actions."""
    text = report.text
    for kind, a, b in vocabulary["actions", "noun"].finditer(text):
        when = WHEN.match(text, skip(text, b))
        if when is None or not (text[a].isupper() or _HEADING.search(text, max(0, a - _BEFORE), a)):
            continue
        at = skip(text, when.end())
        if text[at : at + 1].islower() and text[at - 2 : at].startswith(":"):
            continue  # a sentence counts them up
        spans: list[tuple[int, int]] = []
        own: dict[tuple[int, int], Verdict] = {}
        while (first := infinitive_at(text, at, vocabulary)) is not None:
            stop = sentence_end(text, at, at + LONGEST_ITEM)
            small = _SMALL_STOP.search(text, at, stop) if text[at].islower() else None
            stop = small.end() if small is not None else stop
            end = next((g.start() for g in CAPITAL.finditer(text, first, stop) if not runs_on(text, at, g.start())), None)
            if end is None and text[stop - 1] in ".;\n":
                end = tidy(text, at, stop)
            if end is None or vocabulary["actions", "finite"].search(text, at, end) is not None:
                break
            spans += _infinitives(text, at, end, vocabulary)
            at = skip(text, end)
            told = stated(text, end, min(len(text), end + _SHORT), vocabulary)
            if told is not None:  # one after the other with its status: "Utreda behovet Pågår. Se över reglerna Klart."
                own[spans[-1]] = told
                at = skip(text, told.end + (text[told.end : told.end + 1] in _STOPS))
        shared = verdict_after(report, spans[-1][1], vocabulary) if spans and not own else None
        for span in spans:
            yield Item(*span, kind, verdict=own.get(span, shared), confidence=0.55)


def _infinitives(text: str, start: int, end: int, vocabulary: Vocabulary) -> list[tuple[int, int]]:
    """The items of a list that lost its lines and stops, where each begins with a verb in small letters; else the one item."""
    starts = [start]
    for _, a, _ in vocabulary["actions", "doing"].finditer(text, start + 1, end) if text[start].islower() else ():
        if text[a].islower() and _PART.search(text, max(start, a - 8), a) is None and len(text[starts[-1] : a].split()) > 1:
            starts.append(a)
    return [(a, tidy(text, a, b)) for a, b in pairwise([*starts, end])]


def _counted(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Numbered items that run on in one line after a word that names actions: "Vidtagna åtgärder 1. Köpstopp. 2. Färre vikarier."."""
    text = report.text
    for kind, at in _openings(report, vocabulary):
        for item in number_run(text, at):
            end = item_end(report, item.start, item.end, vocabulary)
            if letters(text[item.start : end]) >= SHORTEST_LETTERS:
                who = responsible_after(text, end, item.stop, vocabulary)
                yield Item(item.start, end, kind, item.number, told_after(report, end, item.stop, vocabulary), who, 0.7)


def _openings(report: Report, vocabulary: Vocabulary) -> Iterator[tuple[str, int]]:
    """Where a list of things to be done may begin that runs on: after their noun, after the colon of its sentence, under its heading."""
    text = report.text
    headed = {s.start: s for s in report.sections if s.type == "measures"}
    for section in headed.values():
        named = vocabulary["actions", "noun"].search(section.title)
        if named is not None and vocabulary["actions", "not_list"].search(section.title) is None and number_run(text, section.body_start):
            yield named[0], section.body_start
    for kind, a, b in vocabulary["actions", "noun"].finditer(text):
        if vocabulary["actions", "not_list"].search(text, max(0, a - 25), b):
            continue
        when = WHEN.match(text, skip(text, b))
        at = when.end() if when is not None else b
        after = skip(text, b)
        heads = text[a].isupper() or _HEADING.search(text, max(0, a - _BEFORE), a) or text[after : after + 1] == ":"
        if heads and len(number_run(text, at)) > 1:
            yield kind, at
            continue
        purpose = _PURPOSE.match(text, b) if text[a].isupper() else None
        if purpose is not None and len(number_run(text, purpose.end())) > 1:
            yield kind, purpose.end()
            continue
        stop = sentence_end(text, b, b + NEAR)
        colon = text.find(":", b, stop)
        if colon > b and len(number_run(text, colon + 1)) > 1:
            yield kind, colon + 1


def _enumerated(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Items that a sentence counts up after a colon: "… följande åtgärder: köpstopp (200 tkr), genomfört, och färre vikarier, pågår."."""
    text = report.text
    for kind, _, b in vocabulary["actions", "noun"].finditer(text):
        when = WHEN.match(text, skip(text, b))
        colon = when.end() if when is not None and when.group() else b + 1
        start = skip(text, colon)
        if text[colon - 1 : colon] != ":" or not text[start : start + 1].islower():
            continue
        stop = sentence_end(text, start, start + 2 * LONGEST_ITEM)
        parts: list[Item] = []
        for part in _PARTS.finditer(text, start, stop - 1):
            told = cell_verdict(part["part"], vocabulary) if len(part.group()) < _SHORT else None
            if told is not None and parts:
                parts[-1] = parts[-1]._replace(verdict=told)
                continue
            start = skip(text, part.start("part"))
            effect = effect_pattern(vocabulary).search(text, start, part.end())
            end = effect.start() if effect is not None else part.end()
            if letters(text[start:end]) >= SHORTEST_LETTERS and vocabulary["actions", "finite"].search(part.group()) is None:
                parts.append(Item(start, end, kind, confidence=0.6))
        if len(parts) > 1 and not any(_names_only(text[part.start : part.end], vocabulary) for part in parts):
            yield from parts


def _names_only(words: str, vocabulary: Vocabulary) -> bool:
    """Whether a part of an enumeration is but the name of goals or things to be done: "nämndens åtaganden"."""
    return any(b == len(words) for key in ("goals", "actions") for _, _, b in vocabulary[key, "noun"].finditer(words))


def _judged_titles(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Titles on lines of their own, of which the next line says how "uppdraget" or "åtgärden" fares."""
    text = report.text
    for kind, a, _ in vocabulary["actions", "judged"].finditer(text):
        close = tidy(text, 0, a) if a and text[a - 1] == "\n" else 0
        if not close or text[close - 1] in ".:;!?," or not text[a].isupper():
            continue
        begin = text.rfind("\n", 0, close) + 1
        told = verdict(text[a : sentence_end(text, a, a + LONGEST_ITEM)], vocabulary)
        title = _TO_DO.match(text, begin, close)
        if told is None or told.about not in ("action", "plan") or title is None or "\t" in title.group():
            continue
        if 3 <= len(title.group().split()) <= _LONGEST_JUDGED and vocabulary["actions", "noun"].search(title.group()) is None:
            yield Item(title.start("text"), close, kind, title["number"], told, confidence=0.65)


def _labelled(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Actions after a label with a colon ("Uppdrag 2: …"), and items that lost their bullets but kept "Status: …"."""
    text = report.text
    for label in find_labels(text, vocabulary):
        if vocabulary["actions", "noun"].pattern.match(text, label.end) is not None:
            continue  # "Uppdrag 3.1 Uppdrag från …": the number is that of a heading
        if label.group == "actions" and (label.number is not None or text[label.begin : label.end].rstrip()[-1] not in "-–"):
            if len(number_run(text, label.end)) > 1:
                continue  # a list that runs on
            code = _CODE.match(text, label.end)
            start = code.end() if code is not None else label.end
            end = item_end(report, start, min(len(text), start + LONGEST_ITEM), vocabulary)
            told = told_after(report, end, end + 80, vocabulary) or opened(text, end, min(len(text), end + FOLLOW), "action", vocabulary)
            told = told or verdict_after(report, end, vocabulary)
            who = responsible_after(text, end, end + LONGEST_TITLE, vocabulary)
            yield Item(start, end, label.code, label.number or (code["code"] if code is not None else None), told, who, 0.7)
    nouns = [
        n
        for n in vocabulary["actions", "noun"].finditer(text)
        if text[n[1]].isupper() or _HEADING.search(text, max(0, n[1] - _BEFORE), n[1])
    ]
    starts = [n[1] for n in nouns]
    for _, a, b in vocabulary["status", "lead"].finditer(text):
        i = bisect_right(starts, a) - 1
        if text[b : b + 1] != ":" or not text[a].isupper() or i < 0 or a - nouns[i][2] > 400:
            continue
        kind, _, floor = nouns[i]
        close = tidy(text, floor, a)
        begin = max((m.end() for m in SENTENCE_END.finditer(text, floor, max(floor, close - 1))), default=floor)
        begin = max([begin, *(m.end() for m in BULLET.finditer(text, begin, close))])
        begin = max(
            [begin, *(n for _, _, n in vocabulary["actions", "noun"].finditer(text, begin, close) if text[skip(text, n)].isupper())]
        )
        begin = skip(text, begin)
        head = CAPITAL.search(text, begin, close) if begin == skip(text, floor) else None
        begin = head.end() if head is not None and text[begin].islower() else begin  # "Aktiviteter under året Minska …"
        told = stated(text, a, a + 80, vocabulary)
        if told is not None and 2 <= len(text[begin:close].split()) <= 20 and ":" not in text[begin:close]:
            yield Item(begin, close, kind, verdict=told, confidence=0.6)


# --- sentences and titles


def _titled(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Titles without a verb, as planning systems print them: whose activity it is, and what it is for."""
    text = report.text
    for _, start, owner in vocabulary["actions", "owner"].finditer(text):
        noun = vocabulary["actions", "titled"].pattern.match(text, skip(text, owner)) if text[start].isupper() else None
        code = vocabulary["actions", "titled"].code(noun.group()) if noun else None
        if noun is None or code is None or _FOR.match(text, noun.end()) is None:
            continue
        stop = min(len(text), noun.end() + LONGEST_TITLE)
        gaps = [g.start() for g in CAPITAL.finditer(text, noun.end(), stop) if not runs_on(text, start, g.start())]
        gaps += [g.start() for g in _FIGURE.finditer(text, noun.end(), stop)]
        sentence = next((m.end() for m in SENTENCE_END.finditer(text, noun.end(), stop) if text[m.end() : m.end() + 1] not in "-–"), stop)
        end = min([sentence, *(g for g in gaps if text.count('"', start, g) % 2 == 0)])
        if end < stop and vocabulary["actions", "finite"].search(text, noun.end(), end) is None:
            yield Item(start, tidy(text, start, end), code, confidence=0.65)


def _reported(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Bullets that tell how the things done for a purpose fare: "• Aktiviteter för att nå fler läsare har genomförts."."""
    text = report.text
    for purpose in _IN_ORDER_TO.finditer(text):
        line = text.rfind("\n", 0, purpose.start()) + 1
        mark = BULLET.match(text, line)
        noun = vocabulary["actions", "noun"].pattern.match(text, mark.end()) if mark is not None else None
        code = vocabulary["actions", "noun"].code(noun.group()) if noun is not None else None
        if noun is None or code is None or noun.end() != purpose.start():
            continue
        stop = sentence_end(text, noun.start(), noun.start() + LONGEST_ITEM)
        found = verdict(text[noun.start() : stop], vocabulary)
        if found is not None and found.about in ("action", "plan"):
            verbs = vocabulary["actions", "ending"].finditer(text, purpose.end(), noun.start() + found.end)
            end = next((a for _, a, _ in reversed(list(verbs))), stop)
            yield Item(noun.start(), tidy(text, noun.start(), end), code, verdict=found, confidence=0.65)


def _told(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Actions that a sentence names: "uppdraget att … löper enligt plan", "nämnden får i uppdrag att …"."""
    text = report.text
    for code, a, b in vocabulary["actions", "told"].finditer(text):
        begin = max((m.end() for m in SENTENCE_END.finditer(text, max(0, a - 300), a)), default=max(0, a - 300))
        begin = max([begin, *(g.end() for g in CAPITAL.finditer(text, begin, a))])
        begin = skip(text, begin)
        if lines := mandated(text, b, vocabulary):
            yield from (Item(start, end, code, confidence=0.65) for start, end in lines)
            continue
        close = SENTENCE_END.search(text, b, min(len(text), b + 500))
        if close is None or vocabulary["actions", "foreign"].search(text, begin, a):
            continue
        stop = close.end()
        found = verdict(text[begin:stop], vocabulary)
        found = found if found is not None and found.about != "goal" else None
        start, end = b + 1, stop
        mandates = {m for m, *_ in vocabulary["actions", "mandate"].finditer(text, begin, b)}
        if "given" in mandates:
            start = begin
        elif not mandates and found is None:
            continue  # "uppdraget att …" that is not followed up only tells what the body is there for
        else:
            ending = next((e for e in vocabulary["actions", "ending"].finditer(text, b + 10, stop)), None)
            comma = text.find(", v", b, stop)
            end = min([stop] + ([ending[1]] if ending else []) + ([comma] if comma > 0 else []))
        if found is None:
            found = verdict_after(report, stop, vocabulary)
        if letters(text[start:end]) >= 8 and end - start < LONGEST_ITEM:
            yield Item(start, tidy(text, start, end), code, verdict=found, confidence=0.6)
