"""Find things to be done that stand in numbered lists: ``4 a) …`` with what is told of them later, and titles under "Åtgärd nr Status"."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import regex

from docmine.extract.items import FOLLOW, LONGEST_ITEM, LONGEST_TITLE, Item, item_end
from docmine.extract.spans import CAPITAL, SENTENCE_END, letters, tidy, wording
from docmine.extract.status import Verdict, cell_verdict
from docmine.records import Report
from docmine.vocabulary import Vocabulary

__all__ = ["lettered", "numbered", "responsible_last"]

_LETTERED = regex.compile(r"(?<![\w,.])(?P<number>\d{1,2})\s?(?P<letters>[a-h](?:,\s?[a-h])*)[),]\s+(?=\p{L})")
_NUMBERED = regex.compile(r"(?<![\w.,/(\-–])(?P<number>\d{1,3})[.)]?\s+(?=\p{Lu})")
_CROSS = regex.compile(r"(?<=\s)[Xx](?=\s|$)")

#: how far before a lettered item the heading that names its type may stand
_NOUN = 1500


def lettered(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Items such as ``4 a) …``, their verdicts and who is responsible, told later under the same numbers."""
    text = report.text
    marks = list(_LETTERED.finditer(text))
    nouns = [n for n in vocabulary["actions", "noun"].finditer(text) if text[n[1]].isupper()] if marks else []
    starts = [n[1] for n in nouns]
    items: dict[tuple[str, str], Item] = {}
    groups: dict[str, list[tuple[str, str]]] = {}
    for i, mark in enumerate(marks):
        stop = min(marks[i + 1].start() if i + 1 < len(marks) else len(text), mark.end() + LONGEST_ITEM)
        letters = [c.strip() for c in mark["letters"].split(",")]
        keys = [(mark["number"], c) for c in letters]
        sentence = SENTENCE_END.search(text, mark.end(), stop)
        piece = text[mark.end() : sentence.end() if sentence else stop]
        found = cell_verdict(piece, vocabulary)
        if found is not None and all(k in items for k in keys):
            for key in keys:
                items[key] = items[key]._replace(verdict=found)
        elif all(k in items for k in keys):
            who = " ".join(text[mark.end() : item_end(report, mark.end(), stop, vocabulary)].split())
            for key in keys:
                items[key] = items[key]._replace(responsible=who or None)
        elif len(letters) == 1 and keys[0] not in items:
            before = bisect_right(starts, mark.start()) - 1
            if before < 0 or mark.start() - starts[before] > _NOUN:
                continue
            kind = nouns[before][0]
            end = item_end(report, mark.end(), stop, vocabulary)
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
            shared = _follow_up(text, last.end, min(stop, last.end + 2 * FOLLOW), vocabulary)
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


def responsible_last(text: str, start: int, end: int, vocabulary: Vocabulary) -> int | None:
    """Where the name of who is responsible begins, if a title closes with one."""
    for _, a, b in vocabulary["actions", "responsible"].finditer(text, start + 8, end):
        word = max(text.rfind(space, start, a) for space in " \n\t") + 1
        if b == end and word > start and text[word].isupper():
            return word
    return None


def numbered(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
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
            named = responsible_last(text, mark.end(), end, vocabulary) if judged else None
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
        stops = [i.start for i in items[1:]] + [min(stop, items[-1].end + 2 * LONGEST_TITLE)]
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
            stop = starts[after] if after < len(starts) else again.end() + 2 * LONGEST_TITLE
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
    stop = min(len(text), start + LONGEST_TITLE)
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
