"""Find stated goals: the norm itself, whose goal it is, and the verdict on it.

A goal is told from description by how it is brought in: a column of goals, a label with a colon, a list after a sentence that announces it, "målet är att …",
a heading that is itself a norm. A sentence that merely says what the organisation shall do is none. A goal met twice is recorded once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

import regex

from docmine.extract.status import Verdict, cell_verdict, verdict
from docmine.records import Facts, Goal, Report, Section, Table
from docmine.vocabulary import Vocabulary, fold

__all__ = ["find_goals"]

_BULLET = regex.compile(r"(?:(?<=[\s:])|^)[-–•*▪●◦·\uf0b7\uf0a7]\s+(?=[\p{L}\d”\"(])")
_SENTENCE_END = regex.compile(r"[.!?](?=\s+[\p{Lu}\d–•”\"-]|\s*$|\p{Lu}\p{Ll})|\n\s*\n")
_CAPITAL = regex.compile(r"(?<=[\p{Ll}\d)”\"])\s+(?=\p{Lu}\p{Ll}+\b|\p{Lu}-\p{Ll}|I\s\p{Lu})")
_LETTER = regex.compile(r"\p{L}")
_YEAR = regex.compile(r"\s*(?:(?:för|under|inför|år|till)\s+)?(?:19|20)\d\d(?:\s?[-–]\s?(?:20)?\d\d)?")
_QUOTED = regex.compile(r"\s*[”\"“»]([^”\"“«\n]{4,200})[”\"«]")
_LIST_MARK = regex.compile(r"\s*,\s*(?:samt|och)\s+|\s*,\s*|\s+(?:samt|och)\s+(?=\p{Lu})")
_CLAUSE = regex.compile(r",\s+(?:vilket|vilka|varför|varav|och\s+detta|där|något\s+som|har|är|ska|kommer|arbetar)\s|\s+\d{1,2}$")
_NUMBERING = regex.compile(r"^(?:[-–•*▪●◦·\uf0b7\uf0a7]\s*|\d+(?:\.\d+)*[.)]\s+|\d+\s+(?=\p{Lu})|(?:[Mm]ål|[Dd]elmål)\s*\d*\s*[:.–-]\s*)+")

#: how long the wording of a goal may be
_LONGEST = 420
_SHORTEST_LETTERS = 6
#: how near the end of its part a verdict without a lead stands
_CLOSING = 300


_THESE = regex.compile(r"\s*(?:Dessa|De|Målen)\s+är:?\s+")


class Item(NamedTuple):
    """A candidate: its span, level, the words that tell it, and how sure it is."""

    start: int
    end: int
    level: str
    level_text: str | None
    confidence: float
    rule: str
    verdict: Verdict | None = None


def find_goals(report: Report, facts: Facts, vocabulary: Vocabulary) -> Iterator[Goal]:
    """Yield the stated goals, each once, with the verdict that belongs to it.

    Parameters
    ----------
    report : Report
        With its sections and tables.
    facts : Facts
        The kommun's name tells norms about it.
    vocabulary : Vocabulary
        With the files ``goals`` and ``status``.

    Yields
    ------
    Goal
        In reading order.
    """
    in_tables = [goal for table in report.tables for goal in _from_table(report, table, vocabulary)]
    taken = [(t.start, t.end) for t in report.tables if any(t.start <= g.start < t.end for g in in_tables)]
    items = [
        *_labelled(report, vocabulary),
        *_brought(report, vocabulary),
        *_norms(report, facts, vocabulary),
    ]
    found = [_goal(report, i) for i in items if not any(a < i.end and i.start < b for a, b in taken)]
    yield from _judged(report, _once([*in_tables, *found]), vocabulary)


def _goal(report: Report, item: Item) -> Goal:
    return Goal(
        start=item.start,
        end=item.end,
        method="rule",
        confidence=item.confidence,
        rule=item.rule,
        text=_wording(report.text[item.start : item.end]),
        level=item.level,
        level_text=item.level_text,
        status=item.verdict.code if item.verdict else None,
        status_text=item.verdict.text if item.verdict else None,
    )


def _wording(text: str) -> str:
    """The norm itself: in one line, without bullet, number, label and quotation marks."""
    return _NUMBERING.sub("", " ".join(text.split())).strip(' ,;:–”"“»«')


def _key_words(text: str) -> list[str]:
    """The stems of the longer words."""
    return [w[:7] for w in regex.findall(r"\p{L}{6,}", fold(text))]


def _key(text: str) -> str:
    key = regex.sub(r"\W+", "", fold(text))
    return key.removeprefix("att")


def _once(goals: Iterable[Goal]) -> list[Goal]:
    """Each goal once: tables first, then the surest, then the first place; what the other places know is kept."""
    best: dict[str, Goal] = {}
    for goal in sorted(goals, key=lambda g: (g.method != "table", -g.confidence, g.start)):
        key = _key(goal.text)
        known = best.get(key)
        if known is None:
            best[key] = goal
        elif (known.level == "other" and goal.level != "other") or (known.status is None and goal.status is not None):
            level = known if known.level != "other" else goal
            told = known if known.status is not None else goal
            best[key] = replace(known, level=level.level, level_text=level.level_text, status=told.status, status_text=told.status_text)
    return sorted(best.values(), key=lambda g: (g.start, g.end))


# --- tables


def _from_table(report: Report, table: Table, vocabulary: Vocabulary) -> Iterator[Goal]:
    """The cells of a column of goals; a cell that goes on in the next row is one goal."""
    heads = vocabulary["goals", "column"]
    levels = {i: code for i, c in enumerate(table.columns) if (code := heads.code(c.head.strip(" .:"))) is not None}
    columns = [i for i in levels if table.columns[i].measure in (None, "goal", "label", "text", "target")]
    columns += [i for i, c in enumerate(table.columns) if c.measure == "goal" and i not in columns]
    if not columns:
        return
    col = columns[0]
    level = levels.get(col, "other")
    head = table.columns[col].head
    if level == "other":
        level = _owner(head, vocabulary) or "other"
    status = next((i for i, c in enumerate(table.columns) if vocabulary["status", "column"].code(c.head) or c.measure == "status"), None)
    by_row = {c.row: c for c in table.cells if c.col == status} if status is not None else {}
    found: list[Goal] = []
    for cell in table.cells:
        if cell.col != col or cell.row < table.head_rows or cell.header or cell.value is not None or cell.text.isupper():
            continue
        text = _wording(cell.text)
        if found and text[:1].islower() and not found[-1].text.endswith("."):
            found[-1] = replace(found[-1], text=f"{found[-1].text} {text}")  # a cell that the page or the row cut
            continue
        if len(_LETTER.findall(text)) < _SHORTEST_LETTERS or heads.code(text) is not None or len(text) > _LONGEST:
            continue
        told = by_row.get(cell.row)
        judged = cell_verdict(told.text, vocabulary) if told is not None else None
        found.append(
            Goal(
                start=cell.start,
                end=cell.end,
                method="table",
                confidence=0.85 if level != "other" else 0.7,
                rule="column",
                text=text,
                level=level,
                level_text=head or None,
                status=judged.code if judged else None,
                status_text=" ".join(told.text.split()) if told is not None and judged else None,
            )
        )
    yield from found


# --- labels and lists


def _labelled(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Goals after a label: ``Vision: …``, ``Särskilt prioriterat 2017: …``, ``Övergripande mål ”…”``, and lists that a goal noun announces."""
    text = report.text
    for code, a, b in vocabulary["goals", "priority"].finditer(text):
        year = _YEAR.match(text, b)
        colon = year.end() if year else b
        if text[colon : colon + 1] == ":" and text[a].isupper():
            yield from _one(text, colon + 1, code, text[a:colon], 0.8, "priority")
    for code, a, b in vocabulary["goals", "noun"].finditer(text):
        level = _level(text, a, b, code, vocabulary)
        label = text[a:b]
        quoted = _QUOTED.match(text, b)
        if quoted is not None:
            if _LETTER.findall(quoted[1]):
                yield Item(quoted.start(1), quoted.end(1), level, label, 0.8, "quoted")
            continue
        stop = _sentence_stop(text, b)
        counted = _count(text, a, vocabulary)
        these = _THESE.match(text, stop)
        colon = text.find(":", b, min(stop + 1, b + 120))
        after = _first_word(text, colon + 1) if colon >= 0 else ""
        if colon >= 0 and _BULLET.match(text, _skip(text, colon + 1)):
            yield from _bullets(text, colon + 1, level, label)
        elif counted is not None:
            yield from _counted(text, b, stop, counted, level, label)
        elif these is not None and not text[b:stop].strip(" ."):
            parts = _parts(text, these.end(), _sentence_stop(text, these.end()) - 1)
            if len(parts) >= 2 and all(text[s].isupper() for s, _ in parts):
                yield from (Item(s, e, level, label, 0.8, "counted") for s, e in parts)
        elif colon == b and text[a].isupper() and after[:1].isupper():
            yield from _one(text, colon + 1, level, label, 0.75, "label")
        elif colon < 0:
            yield from _enumerated(text, b, stop, level, label)


def _one(text: str, at: int, level: str, label: str, confidence: float, rule: str) -> Iterator[Item]:
    """The norm that follows a label: to the end of its sentence, of its line, or to where the next sentence begins without a stop."""
    start = _skip(text, at)
    stop = _SENTENCE_END.search(text, start, min(len(text), start + _LONGEST))
    end = stop.end() if stop else min(len(text), start + _LONGEST)
    cut = _title_cut(text, start, end)
    end = cut if cut is not None else end
    end = start + len(text[start:end].rstrip())
    if len(_LETTER.findall(text[start:end])) >= 2 * _SHORTEST_LETTERS and (stop is not None or cut is not None):
        yield Item(start, end, level, label.strip(), confidence, rule)


def _title_cut(text: str, start: int, end: int) -> int | None:
    """Where a title without a stop runs into its sentence: a small word, then a capitalised one that has a verb soon after; only titles."""
    for gap in _CAPITAL.finditer(text, start, end):
        rest = text[gap.end() : end]
        if regex.match(r"\P{Lu}*?\b(?:är|har|ska|var|kan|innebär|handlar)\b", rest[1:90]) and gap.start() - start > 15:
            return gap.start()
    return None


def _bullets(text: str, at: int, level: str, label: str) -> Iterator[Item]:
    start = _skip(text, at)
    mark = _BULLET.match(text, start)
    sign = text[mark.start()] if mark else ""
    while mark is not None:
        limit = min(len(text), mark.end() + _LONGEST)
        nxt = next((m for m in _BULLET.finditer(text, mark.end(), limit) if text[m.start()] == sign), None)
        blank = regex.compile(r"\n\s*\n|[.!?:](?=\s)").search(text, mark.end(), nxt.start() if nxt else limit)
        end = blank.start() if blank else nxt.start() if nxt else limit
        if nxt is None and blank is None:
            line = text.find("\n", mark.end(), limit)
            end = line if line > 0 else end
        end = mark.end() + len(text[mark.end() : end].rstrip())
        if len(_LETTER.findall(text[mark.end() : end])) >= _SHORTEST_LETTERS:
            yield Item(mark.end(), end, level, label, 0.75, "list")
        if nxt is None or (blank is not None and not text[blank.end() : nxt.start()].isspace() and text[blank.end() : nxt.start()]):
            return
        mark = nxt


def _counted(text: str, b: int, stop: int, count: int, level: str, label: str) -> Iterator[Item]:
    """As many titles as announced ("fem övergripande mål …"): set off by commas after a colon or "Dessa är", else one after the other."""
    colon = text.find(":", b, stop + 1)
    start = colon + 1 if colon >= 0 else stop
    these = _THESE.match(text, start)
    if these is not None:
        start = these.end()
    start = _skip(text, start)
    end = _sentence_stop(text, start)
    parts = _parts(text, start, end - 1 if text[end - 1 : end] in (".", "!") else end)
    if len(parts) == count and all(text[s].isupper() or these for s, _ in parts):
        for s, e in parts:
            yield Item(s, e, level, label, 0.85, "counted")
        return
    cuts = [g for g in _CAPITAL.finditer(text, start, min(len(text), start + 120 * count))][:count]
    if len(cuts) < count or not text[start : start + 1].isupper() or colon >= 0:
        return
    starts = [start, *(c.end() for c in cuts[:-1])]
    spans = list(zip(starts, (c.start() for c in cuts), strict=True))
    if all(3 < e - s < 110 and not _SENTENCE_END.search(text, s, e) and "," not in text[s:e] for s, e in spans):
        for s, e in spans:
            yield Item(s, e, level, label, 0.75, "counted")


def _enumerated(text: str, b: int, stop: int, level: str, label: str) -> Iterator[Item]:
    """Titles with capitals right after the noun: "fullmäktiges delmål Ökad trygghet, Bättre hälsa samt Fler i arbete"."""
    start = _skip(text, b)
    if start == b or not regex.match(r"\p{Lu}\p{Ll}", text[start : start + 2]) or "\n\n" in text[b:start]:
        return
    end = stop - 1 if text[stop - 1 : stop] in (".", "!") else stop
    parts = _parts(text, start, end)
    if len(parts) >= 3 and all(text[s].isupper() and e - s < 120 and not _FINITE.search(text, s, e) for s, e in parts):
        for s, e in parts:
            yield Item(s, e, level, label, 0.75, "enumerated")


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    parts, at = [], start
    for mark in _LIST_MARK.finditer(text, start, end):
        if text[mark.end() : mark.end() + 1].isupper():
            parts.append((at, mark.start()))
            at = mark.end()
    parts.append((at, end))
    return [(s, e) for s, e in parts if e > s]


# --- sentences


_BRING = regex.compile(
    r"(?P<gap>[^.:;?!]{0,110}?)\s(?:är|var|har\s+varit|blir|har\s+som\s+mål|som\s+mål)(?:\s+(?:vidare|därför|också|även|att\s+på\s+sikt))?\s+(?:att|av\s+att)\s+"
    r"|(?:\s+(?:för|inför|under|till)\s+(?:år\s+)?20\d\d)?\s+att\s+"
)


def _brought(report: Report, vocabulary: Vocabulary) -> Iterator[Item]:
    """Sentences that bring in a goal: "målet är att …", "har som mål att …", "etappmålet att …"."""
    text = report.text
    for code, a, b in vocabulary["goals", "noun"].finditer(text):
        bring = _BRING.match(text, b)
        if bring is None or (bring["gap"] and regex.search(r"\b(?:att|om|som)\b", bring["gap"])):
            continue
        start = bring.end()
        if text[a:b].casefold() in ("målen", "mål") and bring["gap"] is None and not regex.search(r"\bsom\s+$", text[max(0, a - 6) : a]):
            continue
        stop = _SENTENCE_END.search(text, start, min(len(text), start + _LONGEST))
        if stop is None:
            continue
        end = stop.start()
        clause = _CLAUSE.search(text, start, end)
        if clause is not None:
            end = clause.start()
        level = _level(text, a, b, code, vocabulary)
        if len(_LETTER.findall(text[start:end])) >= 12 and not regex.match(r"(?:nå|uppnå|följa|mäta)\b", text[start:end]):
            yield Item(start, end, level, text[a:b], 0.65, "sentence")


# --- norms under headings


def _norms(report: Report, facts: Facts, vocabulary: Vocabulary) -> Iterator[Item]:
    """Headings that are norms, and norms that stand right under a heading, in the parts of a report that are about goals."""
    for start, end, section in _goal_parts(report):
        level, label = _section_level(report, section, vocabulary)
        yield from _norms_in(report, facts, start, end, level, label, vocabulary)


def _goal_parts(report: Report) -> Iterator[tuple[int, int, Section]]:
    """The parts of the text that belong to goals: sections of that type with all that is under them, joined."""
    at = -1
    for section in report.sections:
        if section.type == "goals" and section.subtree_end > at:
            start = max(section.start, at)
            yield start, section.subtree_end, section
            at = section.subtree_end


def _section_level(report: Report, section: Section, vocabulary: Vocabulary) -> tuple[str, str | None]:
    for part in reversed(report.sections.path(section)):
        noun = vocabulary["goals", "noun"].search(part.title)
        if noun is not None and noun[0] != "other":
            return noun[0], part.title[noun[1] : noun[2]]
        owner = _owner(part.title, vocabulary)
        if owner is not None:
            return owner, part.title
    return "other", None


def _norms_in(report: Report, facts: Facts, start: int, end: int, level: str, label: str | None, vocabulary: Vocabulary) -> Iterator[Item]:
    text = report.text
    edges = {s.start for s in report.sections if start <= s.start < end} | {
        s.body_start for s in report.sections if start <= s.body_start < end
    }
    edges |= {start, end} | {m.end() for m in _SENTENCE_END.finditer(text, start, end)}
    stops = sorted(edges)
    titled = {s.body_start for s in report.sections} | {s.start for s in report.sections}
    items: list[Item] = []
    for left, right in zip(stops, stops[1:], strict=False):
        begin = _skip(text, left)
        modals = [m for m in vocabulary["goals", "norm"].finditer(text, begin, right) if m[0] == "modal"]
        if not modals:
            items += _plain(report, begin, right, level, label, vocabulary)
            continue
        cuts = [m for m in _CAPITAL.finditer(text, begin, right) if not _FUNCTION.search(text, max(begin, m.start() - 12), m.start())]
        for modal in modals:
            item = _norm(text, (begin, right), modal, cuts, left in titled, facts, vocabulary)
            if item is not None:
                items.append(item)
                break
    for i, item in enumerate(items):
        nxt = items[i + 1].start if i + 1 < len(items) else end
        told, words = _norm_level(report, item, min(nxt, item.end + 700), start, vocabulary)
        yield item._replace(level=told or level, level_text=words or label)


def _norm(
    text: str,
    span: tuple[int, int],
    modal: tuple[str, int, int],
    cuts: list[regex.Match[str]],
    titled: bool,
    facts: Facts,
    vocabulary: Vocabulary,
) -> Item | None:
    """The norm around a "ska": from the heading before it, to where its title or its sentence ends."""
    begin, right = span
    before = [m.end() for m in cuts if m.end() <= modal[1]]
    after = [m.start() for m in cuts if m.start() >= modal[2]]
    clause = _CLAUSE.search(text, modal[2], right)
    at = before[-1] if before else begin
    if not _is_norm(text[at : modal[1]], facts, vocabulary):
        return None
    if after and (clause is None or after[0] < clause.start()) and len(text[modal[2] : after[0]].split()) >= 2:
        stop, sure = after[0], 0.65
    elif before or titled:
        stop, sure = clause.start() if clause else right, 0.6
    else:
        return None
    stop = at + len(text[at:stop].rstrip())
    return Item(at, stop, "other", None, sure, "norm") if stop - at < _LONGEST else None


def _is_norm(subject: str, facts: Facts, vocabulary: Vocabulary) -> bool:
    """Whether what stands before "ska" is someone or something that a goal is set for: the kommun, its people, a measure."""
    if len(subject.split()) > 10 or vocabulary["goals", "doer"].search(subject) or vocabulary["goals", "noun"].search(subject):
        return False
    return bool(vocabulary["goals", "norm"].search(subject)) or bool(facts.kommun and facts.kommun in subject)


def _norm_level(report: Report, item: Item, stop: int, floor: int, vocabulary: Vocabulary) -> tuple[str | None, str | None]:
    """The level of a norm under a heading, and the words that tell it.

    Its subject may tell; a norm that stands over a table of goals is the area that they belong to; else the last heading that names goals and their owner.
    """
    text = report.text
    if _owner(" ".join(text[item.start : item.start + 40].split()[:2]), vocabulary) == "board":
        return "board", None
    cells = list(vocabulary["goals", "head"].finditer(text, item.end, stop))
    area = any(
        not text[one[2] : two[1]].strip() and not text[two[2] : three[1]].strip() and text[one[1]].isupper()
        for one, two, three in zip(cells, cells[1:], cells[2:], strict=False)
    )
    named = vocabulary["goals", "owner"].search(text, item.end, min(stop, item.end + 350))
    if area or (named is not None and named[0] == "focus_area"):
        return "focus_area", None
    for section in reversed([s for s in report.sections if floor <= s.start <= item.start]):
        noun = vocabulary["goals", "noun"].search(section.title)
        owner = vocabulary["goals", "owner"].search(section.title)
        if noun is not None and (owner is not None or noun[0] != "other"):
            return (noun[0] if noun[0] != "other" or owner is None else owner[0]), section.title
    return None, None


def _plain(report: Report, begin: int, right: int, level: str, label: str | None, vocabulary: Vocabulary) -> Iterator[Item]:
    """Goals without a modal: a short sentence that begins with "Öka" or "Minska", and a title whose sentence says that the goal is reached."""
    text = report.text
    sentence = text[begin:right].rstrip()
    words = sentence.split()
    if not words or not sentence.endswith((".", "!")):
        return
    code = vocabulary["goals", "norm"].code(words[0])
    if code == "direction" and 3 <= len(words) <= 16 and not _FINITE.search(sentence):
        yield Item(begin, begin + len(sentence), level, label, 0.55, "norm")
        return
    noun = next((n for n in vocabulary["goals", "noun"].finditer(text, begin, right)), None)
    if noun is None or noun[1] == begin or not text[noun[1]].isupper():
        return
    title = text[begin : noun[1]].strip()
    if vocabulary["status", "lead"].search(title):
        return
    found = verdict(text[noun[1] : right], vocabulary)
    if found is not None and found.about == "goal" and 1 < len(title.split()) <= 10 and not _FINITE.search(title):
        yield Item(begin, begin + len(title), level, label, 0.6, "norm", found)


_FUNCTION = regex.compile(
    r"(?<!\w)(?:i|på|av|för|med|till|från|om|och|samt|eller|en|ett|den|det|de|som|att|hos|vid|inom|under|mot|mellan|enligt|ur|per|via|än|är|ska|vår|våra)$"
)
#: the sentence is about the goal as a whole: it, or who has it, is what the sentence begins with
_JUDGES = regex.compile(
    r"(?:(?:Den|Det|Denna|Detta|Bedömningen\s+är\s+att|Sammantaget|Sammanvägt|Samlat|Totalt\s+sett)\s+)?(?:\p{L}+\s+){0,3}?\p{L}*(?:mål|nämnd|styrelse|målsättning)\p{L}*\b",
    regex.IGNORECASE,
)
_FINITE = regex.compile(r"\b(?:är|har|var|blev|ska|kan|kommer|finns|visar|innebär|får)\b")


# --- verdicts


def _judged(report: Report, goals: list[Goal], vocabulary: Vocabulary) -> Iterator[Goal]:
    """The goals with the verdict that their own part of the text gives: after the goal, or in the section that bears its name."""
    named = {_key(s.title): s for s in report.sections}
    keys = {_key(g.text) for g in goals}
    starts = [g.start for g in goals]
    for i, goal in enumerate(goals):
        if goal.status is not None:
            yield goal
            continue
        section = named.get(_key(goal.text))
        if section is not None:
            span = (section.body_start, _own_end(report, section, set(named) & keys))
        elif goal.rule == "norm":
            own = report.sections.at(goal.start)
            following = [s for s in starts[i + 1 :] if s > goal.end]
            stop = min([following[0] if following else len(report.text), goal.end + 6000])
            span = (goal.end, min(stop, max(own.subtree_end, own.end) if own else stop))
        elif goal.rule == "priority":
            bullet = _BULLET.search(report.text, goal.end, goal.end + 1000)
            stops = [s for s in starts[i + 1 : i + 2]] + [goal.end + 1000] + ([bullet.start()] if bullet else [])
            found = _first_verdict(report.text, goal.end, min(stops), ("action", "plan"), vocabulary)
            yield goal if found is None else replace(goal, status=found.code, status_text=" ".join(found.text.split()))
            continue
        elif goal.rule == "sentence":
            found = _first_verdict(report.text, goal.end, min(len(report.text), goal.end + 300), ("goal",), vocabulary)
            yield goal if found is None else replace(goal, status=found.code, status_text=" ".join(found.text.split()))
            continue
        else:
            yield goal
            continue
        found = _last_verdict(report.text, *span, goal.text, vocabulary)
        yield goal if found is None else replace(goal, status=found.code, status_text=" ".join(found.text.split()))


def _own_end(report: Report, section: Section, keys: set[str]) -> int:
    """Where the part of the text about a goal ends that has a section of its own: at the next goal's section, or one of a higher level."""
    for other in report.sections[section.index + 1 :]:
        if other.level < section.level or _key(other.title) in keys:
            return other.start
    return len(report.text)


def _first_verdict(text: str, start: int, end: int, about: tuple[str, ...], vocabulary: Vocabulary) -> Verdict | None:
    """The first verdict of some kinds in a part of the text."""
    at = start
    while at < end:
        stop = _SENTENCE_END.search(text, at, end)
        right = stop.end() if stop else end
        found = verdict(text[at:right].strip(), vocabulary)
        if found is not None and found.about in about and found.confidence >= 0.8:
            return found
        at = right
    return None


def _last_verdict(text: str, start: int, end: int, goal: str, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict on a goal in its part of the text.

    The one that "Samlad bedömning" leads in, or whose sentence repeats the goal's last word; else the one with which the part closes.
    """
    last = None
    words = _key_words(goal)
    stem = words[-1] if words else None
    at = start
    while at < end:
        stop = _SENTENCE_END.search(text, at, end)
        right = stop.end() if stop else end
        piece = text[at:right].strip()
        if len(piece) < 600:
            found = verdict(piece, vocabulary)
            if found is not None and found.about == "goal" and found.confidence >= 0.8:
                if vocabulary["status", "lead"].search(piece) and ":" in piece:
                    return found
                if stem is not None and stem in fold(piece) and _JUDGES.match(piece):
                    return found
                if end - right < _CLOSING and len(piece) < 160 and _JUDGES.match(piece):
                    last = found
        at = right
    return last


# --- words


def _level(text: str, a: int, b: int, code: str, vocabulary: Vocabulary) -> str:
    """The level that a goal noun tells, or else the words around it that say whose goal it is."""
    if code != "other":
        return code
    return _owner(text[max(0, a - 45) : a], vocabulary) or "other"


def _owner(words: str, vocabulary: Vocabulary) -> str | None:
    found = None
    for code, *_ in vocabulary["goals", "owner"].finditer(words):
        found = code
    return found


def _count(text: str, a: int, vocabulary: Vocabulary) -> int | None:
    """The number word right before a goal noun, an adjective between them allowed."""
    found = None
    for code, _, end in vocabulary["goals", "count"].finditer(text, max(0, a - 30), a):
        if len(text[end:a].split()) <= 1:
            found = int(code)
    return found


def _sentence_stop(text: str, at: int) -> int:
    found = _SENTENCE_END.search(text, at, min(len(text), at + 600))
    return found.end() if found else min(len(text), at + 600)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _first_word(text: str, at: int) -> str:
    at = _skip(text, at)
    return text[at : at + 20]
