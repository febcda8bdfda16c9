"""Find stated goals: the norm itself, whose goal it is, and the verdict on it.

A goal is told from description by how it is brought in: a column of goals, a label with a colon, a list after a sentence that announces it,
"målet är att …", a heading that is itself a norm. A sentence that merely says what the organisation shall do is none. A goal met twice is
recorded once.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace

import regex

from docmine.extract.grades import flat_rows, row_verdicts, table_heads
from docmine.extract.lined import lined_items
from docmine.extract.norms import FINITE, LIST_END, LONGEST, Candidate, clause_end, find_norms, judges, owner_of
from docmine.extract.spans import BULLET, CAPITAL, SENTENCE_END, Spans, letters, runs_on, sentence_end, skip, tidy, wording
from docmine.extract.status import Verdict, clause_verdict, stated, verdicts
from docmine.records import Facts, Goal, Report, Section, Table
from docmine.vocabulary import Vocabulary, fold

__all__ = ["find_goals"]

_YEAR = regex.compile(r"\s*(?:(?:för|under|inför|år|till)\s+)?(?:19|20)\d\d(?:\s?[-–]\s?(?:20)?\d\d)?")
_QUOTED = regex.compile(r"\s*[”\"“»]([^”\"“«\n]{4,200})[”\"«]")
_LIST_MARK = regex.compile(r"\s*,\s*(?:samt|och)\s+|\s*,\s*|\s+(?:samt|och)\s+(?=\p{Lu})")
_LONG_WORD = regex.compile(r"\p{L}{6,}")
_PURPOSE = regex.compile(r"\b(?:nå|uppnå|uppfylla|mot|till|för|om|med)\s+(?:\p{L}+\s)?$")
_IN_ORDER_TO = re.compile(r"(?:^|\n)\s*För att [^\n]*$")
_SUBORDINATE = regex.compile(r"\b(?:att|om|som)\b")
_NUMBERING = regex.compile(
    r"^(?:[-–•*▪●◦·\uf0b7\uf0a7]\s*|\d+[.)]\s+|\d+(?:\.\d+)*[.)]?\s+(?=\p{Lu})|(?:[Mm]ål|[Dd]elmål)\s*\d*\s*[:.–-]\s*)+"
)

_SHORTEST_LETTERS = 6
#: a focus area with fewer words is named, not worded as a goal
_AREA_WORDS = 5
#: how near the end of its part a verdict without a lead stands
_CLOSING = 300

#: where what is said of one of several goals ends
_PART_END = regex.compile(r"[.;]\s|\s(?:medan|men|och)\s")
#: what makes a label of a noun: a colon, or its number and a mark
_LABEL_END = regex.compile(r"(?:\s*:|\s+–|\s+\d{1,2}(?:\.\d{1,2})?\s*[:.–-])\s*(?=\p{Lu}|”)")
#: what stands before a noun within its label: "Kommunfullmäktiges mål: …"
_LABEL_LEAD = regex.compile(r"(?:^|[.!?:\n]\s*)\p{Lu}[\p{L}:-]*\s+(?:\p{Ll}+\s+)?$")
#: a list of such things announced in the sentence after the noun's own
_FOLLOWING = regex.compile(r"(?:Dessa|De|Målen|Områdena)\s(?:\p{L}+\s)?är(?:\sföljande)?:\s*")
_THESE = regex.compile(r"\s*(?:Dessa|De|Målen)\s+är:?\s+")


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
    labelled = list(_labelled(report, vocabulary))
    known = Spans((i.start, i.end) for i in labelled)
    lined = [(begin, i) for begin, i in _lined(report, vocabulary) if not (i.rule == "announced" and known.meet(i.start, i.end))]
    covered = Spans([*taken, *((begin, i.end) for begin, i in lined)])
    others = [*_flat(report, vocabulary), *labelled, *_brought(report, vocabulary), *find_norms(report, facts, vocabulary)]
    free = [i for i in others if not covered.meet(i.start, i.end) and not (i.rule == "heading" and _holds(report, i, covered))]
    found = [_goal(report, i) for i in (*(i for _, i in lined), *free)]
    yield from _judged(report, _once([*in_tables, *found]), vocabulary)


def _holds(report: Report, item: Candidate, goals: Spans) -> bool:
    """Whether a section holds labelled goals: its heading is that of an area, then."""
    section = report.sections.at(item.start)
    return section is not None and goals.meet(section.body_start, section.subtree_end)


def _goal(report: Report, item: Candidate) -> Goal:
    start = skip(report.text, item.start)
    end = max(start, tidy(report.text, item.start, item.end))
    return Goal(
        start=start,
        end=end,
        method="rule",
        confidence=item.confidence,
        rule=item.rule,
        text=_wording(report.text[start:end]),
        level=item.level,
        level_text=" ".join(item.level_text.split()) if item.level_text else None,
        status=item.verdict.code if item.verdict else None,
        status_text=" ".join(item.verdict.text.split()) if item.verdict else None,
    )


def _wording(text: str) -> str:
    """The norm itself: in one line, without bullet, number, label and quotation marks."""
    return _NUMBERING.sub("", " ".join(text.split())).strip(' ,;:–”"“»«')


def _key_words(text: str) -> list[str]:
    """The stems of the longer words."""
    return [w[:7] for w in regex.findall(r"\p{L}{6,}", fold(text))]


def _once(goals: Iterable[Goal]) -> list[Goal]:
    """Each goal once: tables first, then the surest, then the first place; what the other places know is kept."""
    best: dict[str, Goal] = {}
    for goal in sorted(goals, key=lambda g: (g.method != "table", -g.confidence, g.start)):
        key = wording(goal.text)
        known = best.get(key)
        if not key:
            continue
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
    named = vocabulary["goals", "column"]
    heads, first = table_heads(table, vocabulary)
    levels = {i: code for i, head in enumerate(heads) if (code := named.code(head)) is not None}
    columns = [i for i in levels if table.columns[i].measure in (None, "goal", "label", "text", "target")]
    columns += [i for i, c in enumerate(table.columns) if c.measure == "goal" and i not in columns]
    if not columns:
        return
    col = columns[0]
    level = levels.get(col, "other")
    if level == "other":
        level = owner_of(heads[col], vocabulary) or "other"
    between = list(_between_rows(report, table, first, col, level, heads[col], vocabulary)) if table.origin == "flattened" else []
    if between:
        yield from between
        return
    # beside an action, a status is the action's
    verdicts = {} if any(vocabulary["actions", "column"].code(head) for head in heads) else row_verdicts(report, table, vocabulary)
    found: list[Goal] = []
    for cell in table.cells:
        if cell.col != col or cell.row < first or cell.header or cell.value is not None or cell.text.isupper():
            continue
        text = _wording(cell.text)
        told = verdicts.get(cell.row)
        if found and text[:1].islower() and not found[-1].text.endswith("."):
            found[-1] = _told(replace(found[-1], text=f"{found[-1].text} {text}"), told)  # a cell that the page or the row cut
            continue
        if (
            letters(text) < _SHORTEST_LETTERS
            or vocabulary["goals", "measured"].pattern.match(text)
            or named.code(text) is not None
            or len(text) > LONGEST
        ):
            continue
        goal = Goal(
            start=cell.start,
            end=cell.end,
            method="table",
            confidence=0.85 if level != "other" else 0.7,
            rule="column",
            text=text,
            level=level,
            level_text=heads[col] or None,
        )
        found.append(_told(goal, told))
    yield from found


def _between_rows(report: Report, table: Table, first: int, col: int, level: str, head: str, vocabulary: Vocabulary) -> Iterator[Goal]:
    """The norms that a flattened table keeps out of its cells: they stand before the names of the measures of a goal."""
    ends = sorted(c.end for c in table.cells)
    for cell in table.cells:
        before = bisect_left(ends, cell.start + 1)
        if cell.col != col or cell.row < first or not before:
            continue
        start = skip(report.text, ends[before - 1])
        end = tidy(report.text, start, cell.start)
        norm = next((n for n in vocabulary["goals", "norm"].finditer(report.text, start, end) if n[0] == "modal"), None)
        if norm is None or end - start > LONGEST or SENTENCE_END.search(report.text, start, end) is not None:
            continue
        text = _wording(report.text[start:end])
        yield Goal(start=start, end=end, method="table", confidence=0.7, rule="column", text=text, level=level, level_text=head or None)


def _told(goal: Goal, found: Verdict | None) -> Goal:
    """The goal with a verdict, if it has none yet."""
    if found is None or goal.status is not None:
        return goal
    return replace(goal, status=found.code, status_text=" ".join(found.text.split()))


def _flat(report: Report, vocabulary: Vocabulary) -> Iterator[Candidate]:
    for row in flat_rows(report.text, "goals", vocabulary):
        level = row.code if row.code != "other" else owner_of(row.head, vocabulary) or "other"
        yield Candidate(row.start, row.end, level, row.head, 0.75, "flat", row.verdict)


# --- labels and lists


def _lined(report: Report, vocabulary: Vocabulary) -> Iterator[tuple[int, Candidate]]:
    """Goals on lines of their own, under or after a label, each with the offset where its label or list begins."""
    text = report.text
    others = (vocabulary["actions", "noun"], vocabulary["goals", "measure"])
    for item in lined_items(report, vocabulary["goals", "noun"], others, vocabulary):
        level = item.code if item.code != "other" else (owner_of(item.label, vocabulary) or "other")
        if vocabulary["goals", "foreign"].search(item.label) or vocabulary["goals", "measured"].pattern.match(text, item.start, item.end):
            continue
        norm = vocabulary["goals", "norm"].search(text, item.start, item.end)
        words = len(text[item.start : item.end].split())
        if level == "focus_area" and (norm is None or norm[0] != "modal") and words < _AREA_WORDS:
            continue
        told = stated(text, item.end, item.stop, vocabulary) or _first(text, item.end, item.stop, ("goal",), vocabulary)
        yield item.begin, Candidate(item.start, item.end, level, item.label, 0.8, item.rule, told)


def _labelled(report: Report, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """Goals after a label (``Vision: …``, ``Särskilt prioriterat 2017: …``, ``Delmål ”…”``), and lists that a goal noun announces."""
    text = report.text
    for code, a, b in vocabulary["goals", "priority"].finditer(text):
        year = _YEAR.match(text, b)
        colon = year.end() if year else b
        if text[colon : colon + 1] == ":" and text[a].isupper():
            yield from _one(text, colon + 1, code, text[a:colon], 0.8, "priority")
    listed = 0  # where the last list ends: the nouns in it bring in nothing
    for code, a, b in vocabulary["goals", "noun"].finditer(text):
        level = _level(text, a, b, code, vocabulary)
        label = text[a:b]
        quoted = _QUOTED.match(text, b)
        if quoted is not None:
            if len(quoted[1].split()) > 1 and vocabulary["goals", "noun"].search(quoted[1]) is None:
                yield Candidate(quoted.start(1), quoted.end(1), level, label, 0.8, "quoted")
            continue
        stop = sentence_end(text, b, b + 600)
        counted = _count(text, a, vocabulary)
        these = _THESE.match(text, stop)
        colon = text.find(":", b, min(stop + 1, b + 120))
        if a < listed:
            continue
        following = next((m for m in _FOLLOWING.finditer(text, stop, min(len(text), stop + 300))), None)
        if following is not None and BULLET.match(text, following.end()):
            items, listed = _bullets(text, following.end(), level, label)
            yield from items
        elif colon >= 0 and BULLET.match(text, skip(text, colon + 1)):
            items, listed = _bullets(text, colon + 1, level, label)
            if not _serves(text, a, vocabulary):
                yield from items
        elif counted is not None:
            yield from _counted(text, b, stop, counted, level, label)
        elif these is not None and not text[b:stop].strip(" ."):
            parts = _parts(text, these.end(), sentence_end(text, these.end(), these.end() + 600) - 1)
            if len(parts) >= 2 and all(text[s].isupper() for s, _ in parts):
                yield from (Candidate(s, e, level, label, 0.8, "counted") for s, e in parts)
        elif (mark := _LABEL_END.match(text, b)) is not None and (text[a].isupper() or _LABEL_LEAD.search(text, max(0, a - 45), a)):
            yield from _one(text, mark.end(), level, label, 0.75, "label")
        elif colon < 0:
            yield from _enumerated(text, b, stop, level, label)


def _serves(text: str, at: int, vocabulary: Vocabulary) -> bool:
    """Whether the goal noun at an offset only tells what a list of actions serves: "åtgärder för att nå målen:"."""
    floor = max(0, at - 150)
    begin = max((m.end() for m in SENTENCE_END.finditer(text, floor, at)), default=floor)
    action = vocabulary["actions", "noun"].search(text, begin, at)
    return (action is not None or _IN_ORDER_TO.search(text[begin:at]) is not None) and _PURPOSE.search(text[begin:at]) is not None


def _one(text: str, at: int, level: str, label: str, confidence: float, rule: str) -> Iterator[Candidate]:
    """The norm that follows a label: to the end of its sentence, of its line, or to where the next sentence begins without a stop."""
    start = skip(text, at)
    stop = SENTENCE_END.search(text, start, min(len(text), start + LONGEST))
    end = stop.end() if stop else min(len(text), start + LONGEST)
    cut = _title_cut(text, start, end)
    end = cut if cut is not None else end
    end = tidy(text, start, end)
    if letters(text[start:end]) >= 2 * _SHORTEST_LETTERS and (stop is not None or cut is not None):
        yield Candidate(start, end, level, label.strip(), confidence, rule)


def _title_cut(text: str, start: int, end: int) -> int | None:
    """Where a title without a stop runs into its sentence: a small word, then a capitalised one that has a verb soon after; only titles."""
    for gap in CAPITAL.finditer(text, start, end):
        rest = text[gap.end() : end]
        if regex.match(r"\P{Lu}*?\b(?:är|har|ska|var|kan|innebär|handlar)\b", rest[1:90]) and gap.start() - start > 15:
            return gap.start()
    return None


def _bullets(text: str, at: int, level: str, label: str) -> tuple[list[Candidate], int]:
    """The items of a list, as long as nothing but the next one follows an item, and where the list ends."""
    found: list[Candidate] = []
    mark = BULLET.match(text, skip(text, at))
    sign, end = (text[mark.start()], mark.end()) if mark else ("", at)
    while mark is not None:
        begin, limit = mark.end(), min(len(text), mark.end() + LONGEST)
        following = next((m for m in BULLET.finditer(text, begin, limit) if text[m.start()] == sign), None)
        stop = following.start() if following else limit
        close = LIST_END.search(text, begin, stop)
        # a line that begins with a capital goes on with something else
        lines = (g for g in CAPITAL.finditer(text, begin, stop) if "\n" in g.group() and not runs_on(text, begin, g.start()))
        line = next(lines, None)
        if line is not None and (close is None or line.start() < close.start()):
            close = line
        if close is None and following is None:
            stop = text.find("\n", begin, limit)
            stop = stop if stop > 0 else limit
        end = tidy(text, begin, close.start() if close else stop)
        if letters(text[begin:end]) >= _SHORTEST_LETTERS:
            found.append(Candidate(begin, end, level, label, 0.75, "list"))
        mark = None if close is not None and text[close.end() : stop].strip() else following
    return found, end


def _counted(text: str, b: int, stop: int, count: int, level: str, label: str) -> Iterator[Candidate]:
    """As many titles as announced ("fem övergripande mål …"): set off by commas after a colon or "Dessa är", else one after the other."""
    colon = text.find(":", b, stop + 1)
    start = colon + 1 if colon >= 0 else stop
    these = _THESE.match(text, start)
    if these is not None:
        start = these.end()
    start = skip(text, start)
    end = sentence_end(text, start, start + 600)
    parts = _parts(text, start, end - 1 if text[end - 1 : end] in (".", "!") else end)
    if len(parts) == count and all(text[s].isupper() or these for s, _ in parts):
        for s, e in parts:
            yield Candidate(s, e, level, label, 0.85, "counted")
        return
    cuts = list(CAPITAL.finditer(text, start, min(len(text), start + 120 * count)))[:count]
    if len(cuts) < count or not text[start : start + 1].isupper() or colon >= 0:
        return
    starts = [start, *(c.end() for c in cuts[:-1])]
    spans = list(zip(starts, (c.start() for c in cuts), strict=True))
    if all(3 < e - s < 110 and not SENTENCE_END.search(text, s, e) and "," not in text[s:e] for s, e in spans):
        for s, e in spans:
            yield Candidate(s, e, level, label, 0.75, "counted")


def _enumerated(text: str, b: int, stop: int, level: str, label: str) -> Iterator[Candidate]:
    """Titles with capitals right after the noun: "fullmäktiges delmål Ökad trygghet, Bättre hälsa samt Fler i arbete"."""
    start = skip(text, b)
    if start == b or not regex.match(r"\p{Lu}\p{Ll}", text[start : start + 2]) or "\n\n" in text[b:start]:
        return
    end = stop - 1 if text[stop - 1 : stop] in (".", "!") else stop
    parts = _parts(text, start, end)
    if len(parts) >= 3 and all(text[s].isupper() and e - s < 120 and not FINITE.search(text, s, e) for s, e in parts):
        for s, e in parts:
            yield Candidate(s, e, level, label, 0.75, "enumerated")


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
    r"(?P<gap>[^.:;?!]{0,110}?)\s(?:är|var|har\s+varit|blir|har\s+som\s+mål|som\s+mål)(?:\s+(?:vidare|därför|också|även))?\s+(?:att|av\s+att)\s+"
    r"|(?:\s+(?:för|inför|under|till)\s+(?:år\s+)?20\d\d)?\s+(?:[–-]\s+)?att\s+"
)


#: "målet med enkäten är att": what something is for
_PURPOSE_OF = regex.compile(r"\s+(?:med|bakom)\s|\s+för\s+(?:den\s+|det\s+)?\p{Ll}+(?:en|et)$")
_AND_THE_NEXT = regex.compile(r",?\s+(?:och|samt|medan)\s+(?:det|den)\s+\p{L}+\s+(?:målet\s+)?är\s+att\s+")


def _brought(report: Report, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """Sentences that bring in a goal: "målet är att …", "har som mål att …", "etappmålet att …"."""
    text = report.text
    for code, a, b in vocabulary["goals", "noun"].finditer(text):
        bring = _BRING.match(text, b)
        if bring is None or (bring["gap"] and (_SUBORDINATE.search(bring["gap"]) or _PURPOSE_OF.match(bring["gap"]))):
            continue
        start = bring.end()
        if text[a:b].casefold() in ("målen", "mål") and bring["gap"] is None and not regex.search(r"\bsom\s+$", text[max(0, a - 6) : a]):
            continue
        stop = SENTENCE_END.search(text, start, min(len(text), start + LONGEST))
        if stop is None:
            continue
        end = stop.start()
        level = _level(text, a, b, code, vocabulary)
        for following in _AND_THE_NEXT.finditer(text, start, end):
            yield Candidate(start, following.start(), level, text[a:b], 0.65, "sentence")
            start = following.end()
        end = clause_end(text, start, end, vocabulary)
        if letters(text[start:end]) >= 12 and not regex.match(r"(?:nå|uppnå|följa|mäta)\b", text[start:end]):
            yield Candidate(start, end, level, text[a:b], 0.65, "sentence")


# --- verdicts


def _judged(report: Report, goals: list[Goal], vocabulary: Vocabulary) -> Iterator[Goal]:
    """The goals, each with the verdict in its own part of the text: after the goal, or in the section that bears its name."""
    named = {wording(s.title): s for s in report.sections}
    keys = {wording(g.text) for g in goals} & set(named)
    length = len(report.text)
    told = _told_in_order(report.text, goals, vocabulary)
    for i, goal in enumerate(goals):
        section = named.get(wording(goal.text))
        following = next((g.start for g in goals[i + 1 : i + 3] if g.start > goal.end), length)
        if goal.status is not None or goal.start in told:
            found = told.get(goal.start)
        elif section is not None:
            stop = _own_end(report, section, keys)
            found = _closing(report.text, section.body_start, stop, goal.text, vocabulary)
            if found is None and goal.rule in ("norm", "label", "column"):
                found = _followed(report.text, section.body_start, stop, vocabulary)
        elif goal.rule in ("norm", "heading", "label"):
            own = report.sections.at(goal.start)
            stop = min(following, goal.end + 6000, own.subtree_end if own and own.subtree_end > goal.end else length)
            found = _closing(report.text, goal.end, stop, goal.text, vocabulary) or _followed(report.text, goal.end, stop, vocabulary)
        elif goal.rule == "priority":  # followed up before the list of what is done for it
            bullet = BULLET.search(report.text, goal.end, min(length, goal.end + 1000))
            stop = min(following, goal.end + 1000, bullet.start() if bullet else length)
            found = _first(report.text, goal.end, stop, ("action", "plan"), vocabulary)
        elif goal.rule == "sentence":
            found = _first(report.text, goal.end, min(length, goal.end + _CLOSING), ("goal",), vocabulary)
        else:
            found = None
        yield _told(goal, found)


def _told_in_order(text: str, goals: list[Goal], vocabulary: Vocabulary) -> dict[int, Verdict]:
    """The verdicts on goals that sentences count up, by where a goal begins: "det första är uppfyllt medan det andra …"."""
    told: dict[int, Verdict] = {}
    runs: list[list[Goal]] = []
    for goal in goals:
        if goal.rule == "sentence" and runs and goal.start - runs[-1][-1].end < _CLOSING:
            runs[-1].append(goal)
        elif goal.rule == "sentence":
            runs.append([goal])
    for run in (r for r in runs if len(r) > 1):
        last = run[-1].end
        stop = min(len(text), sentence_end(text, last, last + _CLOSING) + _CLOSING)
        for part in vocabulary["goals", "ordinal"].finditer(text, last, stop):
            number = int(part[0])
            end = next((m.start() for m in _PART_END.finditer(text, part[2], stop)), stop)
            found = clause_verdict(text, part[1], end, vocabulary)
            if found is not None and number <= len(run):
                told.setdefault(run[number - 1].start, found)
    return told


def _own_end(report: Report, section: Section, keys: set[str]) -> int:
    """Where the part of the text about a goal ends that has a section of its own: at the next goal's section, or one of a higher level."""
    for other in report.sections[section.index + 1 :]:
        if other.level < section.level or wording(other.title) in keys:
            return other.start
    return len(report.text)


def _first(text: str, start: int, stop: int, about: tuple[str, ...], vocabulary: Vocabulary) -> Verdict | None:
    """The first sure verdict of some kinds in a part of the text."""
    return next((v for *_, v in verdicts(text, start, stop, vocabulary) if v.about in about and v.confidence >= 0.8), None)


def _closing(text: str, start: int, stop: int, goal: str, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict on a goal in its part of the text.

    The one that "Samlad bedömning" leads in, or whose sentence repeats the goal's last word; else the one with which the part closes.
    """
    last = None
    words = _LONG_WORD.findall(fold(goal))
    stem = words[-1][:7] if words else None
    for begin, end, found in verdicts(text, start, stop, vocabulary):
        if found.about != "goal" or found.confidence < 0.8:
            continue
        sentence = text[begin:end].strip()
        own = judges(sentence, vocabulary)
        if (":" in sentence and vocabulary["status", "lead"].search(sentence)) or (own and stem is not None and stem in fold(sentence)):
            return found
        if own and stop - end < _CLOSING and len(sentence) < 160:
            last = found
    return last


def _followed(text: str, start: int, stop: int, vocabulary: Vocabulary) -> Verdict | None:
    """The verdict on the work towards a goal, told before the list of what is done for it: "Arbetet med målet löper enligt plan"."""
    head = next((a for _, a, _ in vocabulary["actions", "noun"].finditer(text, start, stop) if text[a].isupper()), stop)
    for begin, end, found in verdicts(text, start, min(head, stop), vocabulary):
        sentence = text[begin:end].lstrip()
        lead = vocabulary["status", "lead"].pattern.match(sentence)
        goal = vocabulary["goals", "noun"].search(sentence, 0, 60)
        if found.about != "indicator" and (lead is not None or goal is not None):
            return found
    return None


# --- words


def _level(text: str, a: int, b: int, code: str, vocabulary: Vocabulary) -> str:
    """The level that a goal noun tells, or else the words around it that say whose goal it is."""
    if code != "other":
        return code
    return owner_of(text[max(0, a - 45) : a], vocabulary) or "other"


def _count(text: str, a: int, vocabulary: Vocabulary) -> int | None:
    """The number word right before a goal noun, an adjective between them allowed."""
    found = None
    for code, _, end in vocabulary["goals", "count"].finditer(text, max(0, a - 30), a):
        if len(text[end:a].split()) <= 1:
            found = int(code)
    return found
