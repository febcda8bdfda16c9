"""Find things to be done: undertakings, assignments, activities, measures.

They stand in four forms: rows of a table with a column for them, items of a list under a word such as "Åtgärder" (on lines of their own or
run together), numbered titles with a verdict each, and sentences that name one ("uppdraget att …"). What is met twice is recorded once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

import regex

from docmine.extract.grades import find_legend, flat_rows, row_verdicts, table_heads
from docmine.extract.lined import lined_items
from docmine.extract.spans import BULLET, CAPITAL, SENTENCE_END, Spans, letters, runs_on, sentence_begins, sentence_end, skip, tidy, wording
from docmine.extract.status import Verdict, cell_verdict, stated, unstated, verdict, verdicts
from docmine.records import Action, Cell, Facts, Report, Table
from docmine.vocabulary import Vocabulary

__all__ = ["find_actions"]

_LETTERED = regex.compile(r"(?<![\w,.])(?P<number>\d{1,2})\s?(?P<letters>[a-h](?:,\s?[a-h])*)[),]\s+(?=\p{L})")
_NUMBERED = regex.compile(r"(?<![\w.,/(\-–])(?P<number>\d{1,3})[.)]?\s+(?=\p{Lu})")
_SERVED = regex.compile(r"\b(?:nå|uppnå|uppfylla|mot|till|för|om|med)\s+(?:\p{L}+\s)?$")
#: what a title goes on with: "aktivitet för …", "åtgärd som …"
_FOR = regex.compile(r"\s+(?:som|för|om|med|till|kopplad|inom)\s")
#: a figure that opens a sentence right after a title
_FIGURE = regex.compile(r"(?<=\p{Ll}{3})\s+(?=\d+\s\p{Ll}{4})")
#: what makes a label of a noun: its number or nothing, and a colon
_LABEL = regex.compile(r"(?:\s+(?P<number>\d{1,3}))?:\s+(?=\p{Lu})")
#: the words before the noun of a heading: "Vidtagna åtgärder"
_HEADING = regex.compile(r"(?:[.!?]\s|\n|^)\s*\p{Lu}\p{Ll}+\s(?:\p{Ll}+\s)?$")
#: an infinitive at the beginning of an item
_INFINITIVE = regex.compile(
    r"(?!(?:Alla|Flera|Dessa|Många|Några|Vissa|Samtliga|Våra|Båda|Andra|Olika|Egna|Nya|Bra|Första|Sista|Inga)\b)(?:\p{L}{2,}a(?<![aeo]rna|ena)|[Ss]e|[Tt]a|[Ff]å|[Gg]e|[Gg]å|[Bb]li|[Ss]ke)\s"
)
#: what may stand between such a heading and its list: "under året", "för 2024"
_WHEN = regex.compile(r"(?:(?:under|för|inför|till)\s+(?:året|perioden|hösten|våren|(?:år\s+)?20\d\d|kommande\s+år))?\s?:?")
_CROSS = regex.compile(r"(?<=\s)[Xx](?=\s|$)")

#: how far from a list its verdict may stand, and how long a title or an item may be
_FOLLOW, _TITLE, _ITEM = 420, 170, 420
_SHORTEST_LETTERS = 8
#: how far before a lettered item the heading that names its type may stand
_NOUN = 1500


class Item(NamedTuple):
    """A candidate: its span, wording, type and what is known of it."""

    start: int
    end: int
    type: str
    number: str | None = None
    verdict: Verdict | None = None
    responsible: str | None = None
    confidence: float = 0.7


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
    sure = [*_lettered(report, vocabulary), *_numbered(report, vocabulary), *_listed(report, vocabulary)]
    known = Spans((i.start, i.end) for i in sure)
    lined = [i for i in _lined(report, vocabulary) if not known.meet(i.start, i.end)]
    covered = Spans((i.start, i.end) for i in lined)
    others = [
        *_flat(report, vocabulary),
        *_run_in(report, vocabulary),
        *_labelled(report, vocabulary),
        *_titled(report, vocabulary),
        *_told(report, vocabulary),
    ]
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
        status_text=" ".join(item.verdict.text.split()) if item.verdict else None,
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
        return
    kind = kinds.code(heads[col]) or "other"
    verdicts = row_verdicts(report, table, vocabulary)
    who = next((i for i, c in enumerate(table.columns) if c.measure == "responsible"), None)
    number = next((i for i, head in enumerate(heads) if vocabulary["actions", "numbering"].code(head)), None)
    rows: dict[int, dict[int, Cell]] = {}
    for cell in table.cells:
        if cell.row >= first:
            rows.setdefault(cell.row, {})[cell.col] = cell
    for i, row in rows.items():
        if col not in row or row[col].value is not None or letters(row[col].text) < _SHORTEST_LETTERS:
            continue
        cell, found = row[col], verdicts.get(i)
        yield Action(
            start=cell.start,
            end=cell.end,
            method="table",
            confidence=0.75,
            rule="column",
            text=" ".join(cell.text.split()).lstrip("-–•*▪● "),
            type=kind,
            number=row[number].text.strip(" .") if number is not None and number in row else None,
            status=found.code if found else None,
            status_text=" ".join(found.text.split()) if found else None,
            responsible=" ".join(row[who].text.split()) if who is not None and who in row else None,
        )


# --- lists


def _listed(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Bulleted items right after a heading or a sentence that names actions."""
    text = report.text
    runs: list[list[regex.Match[str]]] = []
    for mark in BULLET.finditer(text):
        if runs and mark.start() - runs[-1][-1].start() < _ITEM and _same_list(text, runs[-1][-1], mark, vocabulary):
            runs[-1].append(mark)
        elif text.count('"', max(0, mark.start() - 80), mark.start()) % 2 == 0:  # a dash inside a quoted title begins no list
            runs.append([mark])
    for run in runs:
        kind = _governing(report, run[0].start(), len(run), vocabulary)
        if kind is None:
            continue
        stops = [m.start() for m in run[1:]] + [min(len(text), run[-1].end() + _ITEM)]
        spans = [(m.end(), _item_end(report, m.end(), stop, vocabulary)) for m, stop in zip(run, stops, strict=True)]
        own = [stated(text, end, stop, vocabulary) for (_, end), stop in zip(spans, stops, strict=True)]
        shared = None if any(own) else _verdict_after(report, spans[-1][1], vocabulary)
        for (start, end), told in zip(spans, own, strict=True):
            if letters(text[start:end]) >= 8:
                yield Item(start, end, kind, verdict=told or shared, confidence=0.8)


def _lined(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Items on lines of their own, after a label or in a list under one."""
    text = report.text
    others = (vocabulary["goals", "noun"], vocabulary["goals", "measure"])
    for item in lined_items(report, vocabulary["actions", "noun"], others, vocabulary):
        if vocabulary["actions", "not_list"].search(item.label) or vocabulary["actions", "foreign"].search(item.label):
            continue
        told = stated(text, item.end, item.stop, vocabulary) or _of_sign(report, item.sign, item.start, vocabulary)
        if told is None:
            about = ("action", "plan")
            told = next(
                (v for *_, v in islice(verdicts(text, item.end, min(item.stop, item.end + _FOLLOW), vocabulary), 3) if v.about in about),
                None,
            )
        yield Item(item.start, item.end, item.code, item.number, told, confidence=0.8)


def _of_sign(report: Report, sign: str, at: int, vocabulary: Vocabulary) -> Verdict | None:
    """What the bullet of an item says of it, as the legend tells or as everybody knows: a tick is done."""
    code = find_legend(report.text, vocabulary).get(sign) or vocabulary["status", "cell"].code(sign)
    return None if code is None else Verdict("completed" if code == "achieved" else code, at, at, sign, "action", 0.7)


def _flat(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    for row in flat_rows(report.text, "actions", vocabulary):
        who = _responsible_last(report.text, row.start, row.end, vocabulary)
        end = row.end if who is None else tidy(report.text, row.start, who)
        yield Item(row.start, end, row.code, None, row.verdict, report.text[who : row.end] if who is not None else None, 0.7)


def _run_in(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Items in running text that have lost their bullets: infinitives one after the other, right after a heading that names actions."""
    text = report.text
    for kind, a, b in vocabulary["actions", "noun"].finditer(text):
        when = _WHEN.match(text, skip(text, b))
        if when is None or not (text[a].isupper() or _HEADING.search(text, max(0, a - 40), a)):
            continue
        at = skip(text, when.end())
        spans = []
        while (first := _INFINITIVE.match(text, at)) is not None:
            stop = sentence_end(text, at, at + _ITEM)
            end = next((g.start() for g in CAPITAL.finditer(text, first.end(), stop) if not runs_on(text, at, g.start())), None)
            if end is None and text[stop - 1] == ".":
                end = stop
            if end is None or vocabulary["actions", "finite"].search(text, at, end) is not None:
                break
            spans.append((at, end))
            at = skip(text, end)
        for start, end in spans:
            yield Item(start, end, kind, verdict=_verdict_after(report, spans[-1][1], vocabulary), confidence=0.55)


def _labelled(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Actions after a label with a colon ("Uppdrag 2: …"), and items that lost their bullets but kept "Status: …"."""
    text = report.text
    nouns = [n for n in vocabulary["actions", "noun"].finditer(text) if text[n[1]].isupper()]
    for kind, _, b in nouns:
        label = _LABEL.match(text, b)
        if label is not None:
            end = _item_end(report, label.end(), min(len(text), label.end() + _ITEM), vocabulary)
            told = stated(text, end, end + 80, vocabulary) or _verdict_after(report, end, vocabulary)
            yield Item(label.end(), end, kind, label["number"], told, None, 0.7)
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


def _same_list(text: str, one: regex.Match[str], other: regex.Match[str], vocabulary: Vocabulary) -> bool:
    """Two marks are of one list where they are the same sign, no sentence ended between them on one line, and no new list is named."""
    if text[one.start()] != text[other.start()]:
        return False
    lead = text[max(one.end(), other.start() - 30) : other.start()].rstrip(" \n:")
    if any(b == len(lead) and lead[a].isupper() for _, a, b in vocabulary["actions", "noun"].finditer(lead)):
        return False
    return "\n" in text[one.end() : other.start()] or not SENTENCE_END.search(text, one.end(), tidy(text, one.end(), other.start()) - 1)


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
    if found and lead.endswith(":"):
        return found[-1][0]
    if found and _WHEN.fullmatch(lead[found[-1][1] :].strip()):
        inline = (
            "\n" not in text[at - 1 : at] and count == 1
        )  # "Uppdrag - Ny skola" is a title, "Uppdrag - bygga en ny skola" a list of one
        start = skip(text, at + 1)
        return None if inline and text[start].isupper() and _INFINITIVE.match(text, start) is None else found[-1][0]
    if (
        section is not None
        and count > 1
        and not text[section.body_start : at].strip()
        and not vocabulary["actions", "not_list"].search(section.title)
    ):
        named = nouns.search(section.title)
        return named[0] if named else None
    return None


def _item_end(report: Report, start: int, stop: int, vocabulary: Vocabulary) -> int:
    """Where an item ends: at its sentence's end, at a word that opens its follow-up, at a blank line, at the next section."""
    text = report.text
    ends = [stop]
    sentence = SENTENCE_END.search(text, start, stop)
    if sentence is not None:
        ends.append(sentence.end())
    blank = text.find("\n\n", start, stop)
    if blank >= 0:
        ends.append(blank)
    for code, a, _ in vocabulary["actions", "after"].finditer(text, start, stop):
        if code and a > start + 8 and text[a].isupper():
            ends.append(a)
            break
    section = report.sections.at(start)
    if section is not None and section.end > start:
        ends.append(section.end)
    end = min(ends)
    for gap in islice(CAPITAL.finditer(text, start, end), 8):
        if runs_on(text, start, gap.start()) or len(text[start : gap.start()].split()) < 2:
            continue
        if "\n" in gap.group() or sentence_begins(text, gap.end(), end, vocabulary):
            if vocabulary["actions", "finite"].search(text, start, gap.start()) is None:
                end = gap.start()  # an item without a stop ran into the sentence after the list
            break
    return tidy(text, start, unstated(text, start, end, vocabulary))


def _verdict_after(report: Report, at: int, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict of the sentences that follow a list, in its own section, before the next list."""
    text = report.text
    section = report.sections.at(max(0, at - 1))
    stop = min(len(text), at + _FOLLOW)
    if section is not None and section.end > at:
        stop = min(stop, max(section.end, at + 1))
    following = BULLET.search(text, at, stop)
    stop = following.start() if following is not None else stop
    return next((v for *_, v in islice(verdicts(text, at, stop, vocabulary), 3) if v.about in ("action", "plan")), None)


# --- numbered items


def _lettered(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Items such as ``4 a) …``, their verdicts and who is responsible, told later under the same numbers."""
    text = report.text
    marks = list(_LETTERED.finditer(text))
    nouns = [n for n in vocabulary["actions", "noun"].finditer(text) if text[n[1]].isupper()] if marks else []
    starts = [n[1] for n in nouns]
    items: dict[tuple[str, str], Item] = {}
    groups: dict[str, list[tuple[str, str]]] = {}
    for i, mark in enumerate(marks):
        stop = min(marks[i + 1].start() if i + 1 < len(marks) else len(text), mark.end() + _ITEM)
        letters = [c.strip() for c in mark["letters"].split(",")]
        keys = [(mark["number"], c) for c in letters]
        sentence = SENTENCE_END.search(text, mark.end(), stop)
        piece = text[mark.end() : sentence.end() if sentence else stop]
        found = cell_verdict(piece, vocabulary)
        if found is not None and all(k in items for k in keys):
            for key in keys:
                items[key] = items[key]._replace(verdict=found)
        elif all(k in items for k in keys):
            who = " ".join(text[mark.end() : _item_end(report, mark.end(), stop, vocabulary)].split())
            for key in keys:
                items[key] = items[key]._replace(responsible=who or None)
        elif len(letters) == 1 and keys[0] not in items:
            before = bisect_right(starts, mark.start()) - 1
            if before < 0 or mark.start() - starts[before] > _NOUN:
                continue
            kind = nouns[before][0]
            end = _item_end(report, mark.end(), stop, vocabulary)
            who_at = _responsible_at(text, mark.end(), end, vocabulary)
            who = None
            if who_at is not None and end == mark.end() + len(text[mark.end() : end].rstrip()):
                who, end = text[who_at:end].strip(), mark.end() + len(text[mark.end() : who_at].rstrip())
            items[keys[0]] = Item(mark.end(), end, kind, f"{mark['number']} {letters[0]}", None, who, 0.8)
            groups.setdefault(mark["number"], []).append(keys[0])
    ordered = list(groups.values())
    for i, keys in enumerate(ordered):
        last = items[keys[-1]]
        stop = items[ordered[i + 1][0]].start if i + 1 < len(ordered) else len(text)
        shared = None
        if all(items[k].verdict is None for k in keys):
            shared = _follow_up(text, last.end, min(stop, last.end + 2 * _FOLLOW), vocabulary)
        for key in keys:
            yield items[key] if items[key].verdict or shared is None else items[key]._replace(verdict=shared)


def _follow_up(text: str, start: int, stop: int, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict that a word such as "Uppföljning" leads in."""
    for _, a, b in vocabulary["actions", "after"].finditer(text, start, stop):
        if not text[a].isupper():
            continue
        end = SENTENCE_END.search(text, b, stop)
        found = cell_verdict(text[b : end.end() if end else stop].strip(), vocabulary)
        if found is not None:
            return found
    return None


def _responsible_at(text: str, start: int, end: int, vocabulary: Vocabulary) -> int | None:
    """Where, after an item that ends without a full stop, the name of who is responsible begins."""
    for gap in CAPITAL.finditer(text, start, end):
        named = vocabulary["actions", "responsible"].search(text, gap.end(), end)
        if named is not None and named[1] - gap.end() < 40:
            return gap.end()
    return None


def _responsible_last(text: str, start: int, end: int, vocabulary: Vocabulary) -> int | None:
    """Where the name of who is responsible begins, if a title closes with one."""
    for _, a, b in vocabulary["actions", "responsible"].finditer(text, start + 8, end):
        word = max(text.rfind(space, start, a) for space in " \n\t") + 1
        if b == end and word > start and text[word].isupper():
            return word
    return None


def _numbered(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Titles in a numbered sequence under a head such as "Åtgärd nr Status"; a cross or a verdict ends a title.

    A list with crosses has lost the columns that they stood in: the verdict is looked for where the same title stands again.
    """
    text = report.text
    heads = list(_numbered_heads(text, vocabulary))
    found: list[Item] = []
    unjudged: list[Item] = []
    for (start, kind), stop in zip(heads, [*(h[0] for h in heads), len(text)][1:], strict=False):
        items: list[Item] = []
        crossed: set[int] = set()
        last, at = 0, start
        while (mark := _next_number(text, at, stop, last, bool(crossed))) is not None:
            end, judged, cross = _title_end(text, mark.end(), vocabulary)
            named = _responsible_last(text, mark.end(), end, vocabulary) if judged else None
            at = end
            end = tidy(text, mark.end(), named) if named is not None else end
            if letters(text[mark.end() : end]) >= 8:
                who = text[named:at].strip() if named is not None else None
                items.append(Item(mark.end(), end, kind, mark["number"], judged, who, 0.8))
                if cross:
                    crossed.add(mark.end())
            last = int(mark["number"])
        if len(items) < 2:
            continue
        stops = [i.start for i in items[1:]] + [min(stop, items[-1].end + 2 * _TITLE)]
        judged_items = [
            item if item.verdict or item.start in crossed else item._replace(verdict=_stray(text, item.end, until, vocabulary))
            for item, until in zip(items, stops, strict=True)
        ]
        while judged_items and judged_items[-1].verdict is None and judged_items[-1].start not in crossed:
            judged_items.pop()  # the sequence ran on into numbers that are none of the list's
        for item in judged_items:
            if item.start in crossed:
                unjudged.append(item)
            else:
                found.append(item)
    known = {wording(text[i.start : i.end]) for i in found if i.verdict}
    starts = sorted(i.start for i in found)
    for item in unjudged:
        if wording(text[item.start : item.end]) not in known:
            item = item._replace(verdict=_judged_elsewhere(text, item, starts, vocabulary))
        found.append(item)
    yield from found


def _judged_elsewhere(text: str, item: Item, starts: list[int], vocabulary: Vocabulary) -> Verdict | None:
    """The verdict that stands after the same title in another place, before the next item there."""
    title = regex.compile(r"\s+".join(map(regex.escape, text[item.start : item.end].split())))
    for again in title.finditer(text):
        if again.start() != item.start:
            after = bisect_right(starts, again.start())
            stop = starts[after] if after < len(starts) else again.end() + 2 * _TITLE
            return _stray(text, again.end(), max(again.end(), min(stop, again.end() + 2500)), vocabulary)
    return None


def _numbered_heads(text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, str]]:
    nouns, numbering = vocabulary["actions", "noun"], vocabulary["actions", "numbering"]
    for _, a, b in numbering.finditer(text):
        around = nouns.search(text, max(0, a - 25), min(len(text), b + 25))
        if around is None:
            continue
        if not text[min(around[2], b) : max(around[1], a)].strip() and text[around[1]].isupper():
            yield max(around[2], b), around[0]


def _next_number(text: str, at: int, stop: int, last: int, crossed: bool) -> regex.Match[str] | None:
    """The mark of the next item: the next number of the sequence, or one that skips up to two."""
    reach = min(stop, at + (400 if crossed else 4500))
    best = None
    for mark in _NUMBERED.finditer(text, at, reach):
        step = int(mark["number"]) - last
        if step == 1:
            return mark
        if best is None and last and 1 < step <= 3:
            best = mark
    return best


def _title_end(text: str, start: int, vocabulary: Vocabulary) -> tuple[int, Verdict | None, bool]:
    """Where a numbered title ends, the verdict that ends it, and whether a cross did."""
    stop = min(len(text), start + _TITLE)
    cross = _CROSS.search(text, start, stop)
    number = _NUMBERED.search(text, start, stop)
    if cross is not None and (number is None or cross.start() < number.start()):
        return tidy(text, start, cross.start()), None, True
    for code, a, b in vocabulary["status", "cell"].finditer(text, start, stop):
        if text[a].isupper() and a > start + 5:
            gap = CAPITAL.search(text, start, a)
            if gap is None or text[gap.end() : a].strip(" ") == "" or not SENTENCE_END.search(text, start, a):
                if gap is not None and gap.end() < a and a - gap.end() > 60:
                    break
                return tidy(text, start, a), Verdict(code, a, b, text[a:b], "action", 0.85), False
    gap = CAPITAL.search(text, start, stop)
    sentence = SENTENCE_END.search(text, start, stop)
    ends = [stop] + ([gap.start()] if gap else []) + ([sentence.start()] if sentence else [])
    return tidy(text, start, min(ends)), None, False


def _stray(text: str, start: int, stop: int, vocabulary: Vocabulary) -> Verdict | None:
    """A status cell that the transcription put somewhere into an item's text: capitalised, not a sentence's beginning that goes on."""
    for code, a, b in vocabulary["status", "cell"].finditer(text, start, stop):
        follows = text[b:stop].lstrip(" ")[:1]
        if text[a].isupper() and (not follows or follows.isupper() or follows.isdigit() or follows in "?\n"):
            return Verdict(code, a, b, text[a:b], "action", 0.7)
    return None


# --- sentences and titles


def _titled(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Titles without a verb, as planning systems print them: whose activity it is, and what it is for."""
    text = report.text
    for _, start, owner in vocabulary["actions", "owner"].finditer(text):
        noun = vocabulary["actions", "titled"].pattern.match(text, skip(text, owner)) if text[start].isupper() else None
        code = vocabulary["actions", "titled"].code(noun.group()) if noun else None
        if noun is None or code is None or _FOR.match(text, noun.end()) is None:
            continue
        stop = min(len(text), noun.end() + _TITLE)
        gaps = [g.start() for g in CAPITAL.finditer(text, noun.end(), stop) if not runs_on(text, start, g.start())]
        gaps += [g.start() for g in _FIGURE.finditer(text, noun.end(), stop)]
        sentence = next((m.end() for m in SENTENCE_END.finditer(text, noun.end(), stop) if text[m.end() : m.end() + 1] not in "-–"), stop)
        end = min([sentence, *(g for g in gaps if text.count('"', start, g) % 2 == 0)])
        if end < stop and vocabulary["actions", "finite"].search(text, noun.end(), end) is None:
            yield Item(start, tidy(text, start, end), code, confidence=0.65)


def _told(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Actions that a sentence names: "uppdraget att … löper enligt plan", "nämnden får i uppdrag att …"."""
    text = report.text
    for code, a, b in vocabulary["actions", "told"].finditer(text):
        begin = max((m.end() for m in SENTENCE_END.finditer(text, max(0, a - 300), a)), default=max(0, a - 300))
        begin = max([begin, *(g.end() for g in CAPITAL.finditer(text, begin, a))])
        begin = skip(text, begin)
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
            found = _verdict_after(report, stop, vocabulary)
        if letters(text[start:end]) >= 8 and end - start < _ITEM:
            yield Item(start, tidy(text, start, end), code, verdict=found, confidence=0.6)
