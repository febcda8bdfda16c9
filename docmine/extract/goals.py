"""Find stated goals: the norm itself, whose goal it is, and the verdict on it.

A goal is told from description by how it is brought in: a column of goals, a label with a colon, a list after a sentence that announces it,
"målet är att …", a heading that is itself a norm. A sentence that merely says what the organisation shall do is none. A goal met twice is
recorded once.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice, pairwise

import regex

from docmine.extract.brought import brought, level_before, overall, told_off
from docmine.extract.goal_tables import goals_of_rows, goals_of_table
from docmine.extract.grades import heads_at, of_sign, told_after
from docmine.extract.judged import first_verdict, judged
from docmine.extract.labels import SIGN, Label, Numbered, find_labels, label_after, number_run
from docmine.extract.lined import lined_items
from docmine.extract.norms import (
    FINITE,
    LIST_END,
    LONGEST,
    SHORTEST_LETTERS,
    Candidate,
    find_norms,
    has_modal,
    is_measure,
    level_told,
    norm_wording,
    norms_in_a_row,
    section_level,
)
from docmine.extract.owners import SETTING, own, owned
from docmine.extract.paired import paired
from docmine.extract.spans import BULLET, CAPITAL, SENTENCE_END, Spans, letters, runs_on, sentence_end, skip, tidy, wording
from docmine.extract.status import Verdict, opened, opening_at
from docmine.records import Facts, Goal, Report
from docmine.vocabulary import Vocabulary

__all__ = ["find_goals"]

_YEAR = regex.compile(r"\s*(?:(?:för|under|inför|år|till)\s+)?(?:19|20)\d\d(?:\s?[-–]\s?(?:20)?\d\d)?")
_QUOTED = regex.compile(r"\s*[”\"“»]([^”\"“«\n]{4,200})[”\"«]")
_LIST_MARK = regex.compile(r"\s*,\s*(?:samt|och)\s+|\s*,\s*|\s+(?:samt|och)\s+(?=\p{Lu})")
_PURPOSE = regex.compile(r"\b(?:nå|uppnå|uppfylla|mot|till|för|om|med)\s+(?:\p{L}+\s)?$")
_IN_ORDER_TO = re.compile(r"(?:^|\n)\s*För att [^\n]*$")

#: a focus area with fewer words is named, not worded as a goal
_AREA_WORDS = 5
#: "En kommun att lita på" names an area
_ARTICLE = regex.compile(r"E(?:n|tt)\s")
_STOP = regex.compile(r"[.:;]")
#: a line after which another thing may begin
_LINE = regex.compile(r"(?<=\S)[ \t]*\n(?=\s*\p{Lu})")
#: the verb of a clause soon after its beginning, before the next capital
_MAIN_VERB = regex.compile(r"\b(?:är|har|ska|var|kan|innebär|handlar)\b")
_NEXT_CAPITAL = regex.compile(r"\p{Lu}")
_NEAR_VERB = 90
#: a bullet that ends a wording before it; "Exby – en levande kommun" goes on
_NEXT_ITEM = regex.compile(r"\s(?:[•*▪●◦·\ue000-\uf8ff]\s|[-–]\s(?=\p{Lu}))")
#: the number that a wording begins with: "1.1.1 Förskolorna erbjuder …"
_OWN_NUMBER = regex.compile(r"\d{1,2}(?:\.\d{1,2})*\.?\s+(?=\p{Lu})")
#: a list of such things announced in the sentence after the noun's own
_FOLLOWING = regex.compile(r"(?:Dessa|De|Målen|Områdena)\s(?:\p{L}+\s)?är(?:\sföljande)?:\s*")
_NEXT_SENTENCE = 300
_FOLLOWS = regex.compile(r"\bföljande\s(?:\p{L}+\s)?$")
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
    in_tables = [goal for table in report.tables for goal in goals_of_table(report, table, vocabulary)]
    taken = [(t.start, t.end) for t in report.tables if any(t.start <= g.start < t.end for g in in_tables)]
    labelled = list(_labelled(report, vocabulary))
    known = Spans((i.start, i.end) for i in labelled if i.rule != "list")
    labels = {label.begin for label in find_labels(report.text, vocabulary)}
    signed = list(_signed(report, vocabulary))
    graded = Spans((i.start, i.end) for i in signed)
    norms = [
        i
        for i in find_norms(report, facts, vocabulary)
        if not (i.start in labels and known.meet(i.start, i.end)) and not graded.meet(i.start, i.end)
    ]
    printed = _lined(report, sorted(i.start for i in norms), vocabulary)
    lined = [(begin, i) for begin, i in printed if not (i.rule == "announced" and known.meet(i.start, i.end))]
    covered = Spans([*taken, *((begin, i.end) for begin, i in lined)])
    others = [
        *goals_of_rows(report, vocabulary),
        *labelled,
        *brought(report, vocabulary),
        *overall(report, vocabulary),
        *told_off(report, vocabulary),
        *signed,
        *norms,
    ]
    free = [
        i
        for i in others
        if not covered.meet(i.start, i.end) and not (i.rule == "heading" and (_holds(report, i, covered) or _holds(report, i, known)))
    ]
    met = Spans([*taken, *((begin, i.end) for begin, i in lined), *((i.start, i.end) for i in others)])
    free += [i for i in paired(report, vocabulary) if not met.meet(i.start, i.end)]
    found = [_goal(report, i) for i in (*(i for _, i in lined), *free)]
    goals = owned(report.text, _once([*in_tables, *found]), vocabulary)
    yield from judged(report, own(goals, facts, vocabulary), vocabulary)


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
        text=norm_wording(report.text[start:end]),
        level=item.level,
        level_text=" ".join(item.level_text.split()) if item.level_text else None,
        status=item.verdict.code if item.verdict else None,
        status_text=" ".join(item.verdict.text.split()) if item.verdict else None,
    )


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
    keys = sorted(best)
    for key, longer in pairwise(keys):  # a cell that was cut, known whole from elsewhere
        if longer.startswith(key) and runs_on(best[key].text, 0, len(best[key].text)):
            del best[key]
    return sorted(best.values(), key=lambda g: (g.start, g.end))


# --- tables


# --- labels and lists


def _lined(report: Report, norms: list[int], vocabulary: Vocabulary) -> Iterator[tuple[int, Candidate]]:
    """Goals on lines of their own, under or after a label, each with the offset where its label or list begins.

    What is told of one ends where the next goal begins, with a label or as a norm without one.
    """
    text = report.text
    others = (vocabulary["actions", "noun"], vocabulary["goals", "measure"])
    marks = find_labels(text, vocabulary)
    for item in lined_items(report, vocabulary["goals", "noun"], others, vocabulary):
        level = level_told(item.code, item.label, vocabulary)
        if vocabulary["goals", "foreign"].search(item.label) or is_measure(text, item.start, item.end, vocabulary):
            continue
        if level == "focus_area" and not _is_worded(text, item.start, item.end, vocabulary):
            continue
        stop = label_after(marks, item.end, item.stop, "goals")
        told = told_after(report, item.end, stop, vocabulary) or opened(text, item.end, stop, "goal", vocabulary)
        told = told or of_sign(report, item.sign, item.start, vocabulary)
        following = bisect_right(norms, item.end)
        stop = min([stop, *norms[following : following + 1]])
        told = told or first_verdict(text, item.end, stop, ("goal",), vocabulary)
        yield item.begin, Candidate(item.start, item.end, level, item.label, 0.8, item.rule, told)


def _is_worded(text: str, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Whether an area is worded as a goal ("Attraktiv arbetsgivare"), not just named ("Barn och unga")."""
    return (
        has_modal(text, start, end, vocabulary)
        or len(text[start:end].split()) >= _AREA_WORDS
        or vocabulary["goals", "value"].pattern.match(text, start, end) is not None
    )


def _heads_chain(text: str, item: Candidate, labels: tuple[Label, ...], vocabulary: Vocabulary) -> bool:
    """Whether the next level of a chain follows a wording at once, as it follows a heading: "Trygga barn Strategi 1.1 …"."""
    at = skip(text, item.end)
    follows = vocabulary["goals", "chain"].pattern.match(text, at) is not None
    if not follows and label_after(labels, at - 1, at + 1, "goals") == at:
        follows = _ARTICLE.match(text, item.start) is not None or vocabulary["goals", "value"].pattern.match(text, item.start) is None
    return follows and not has_modal(text, item.start, item.end, vocabulary)


def _labelled(report: Report, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """Goals after a label (``Vision: …``, ``Särskilt prioriterat 2017: …``, ``Delmål ”…”``), and lists that a goal noun announces."""
    text = report.text
    for code, a, b in vocabulary["goals", "priority"].finditer(text):
        year = _YEAR.match(text, b)
        colon = year.end() if year else b
        if text[colon : colon + 1] == ":" and text[a].isupper():
            yield from _one(report, colon + 1, code, text[a:colon], 0.8, "priority", vocabulary)
    marks = find_labels(text, vocabulary)
    labels = {label.noun: label for label in marks if label.group == "goals"}
    following = [m.span() for m in _FOLLOWING.finditer(text) if BULLET.match(text, m.end())]
    listed = 0  # where the last list ends: the nouns in it bring in nothing
    for code, a, b in vocabulary["goals", "noun"].finditer(text):
        level = level_before(text, a, b, code, vocabulary)
        label = text[a:b]
        quoted = _QUOTED.match(text, b)
        if quoted is not None:
            if len(quoted[1].split()) > 1 and vocabulary["goals", "noun"].search(quoted[1]) is None:
                yield Candidate(quoted.start(1), quoted.end(1), level, label, 0.8, "quoted")
            continue
        stop = sentence_end(text, b, b + 600)
        counted = _count(text, a, vocabulary)
        these = _THESE.match(text, stop)
        reach = min(stop + 1, b + 120)
        colon = text.find(":", b, min(reach, label_after(marks, b - 1, reach)))
        if a < listed:
            continue
        i = bisect_left(following, (stop,))
        if i < len(following) and following[i][0] < stop + _NEXT_SENTENCE:
            items, listed = _bullets(text, following[i][1], level, label, vocabulary)
            yield from items
        elif colon >= 0 and BULLET.match(text, skip(text, colon + 1)):
            items, listed = _bullets(text, colon + 1, level, label, vocabulary)
            if not _serves(text, a, vocabulary):
                yield from items
        elif len(run := number_run(text, colon + 1 if colon >= 0 else stop if counted is not None else b)) > 1:
            yield from _numbered(report, run, level, label, vocabulary)
            listed = run[-1].end
        elif _FOLLOWS.search(text, max(0, a - 40), a) and len(norms := norms_in_a_row(text, stop, len(text), vocabulary)) > 1:
            yield from (Candidate(s, e, level, label, 0.7, "list") for s, e in norms)
            listed = norms[-1][1]
        elif counted is not None:
            yield from _counted(text, b, stop, counted, level, label)
        elif these is not None and not text[b:stop].strip(" ."):
            parts = _parts(text, these.end(), sentence_end(text, these.end(), these.end() + 600) - 1)
            if len(parts) >= 2 and all(text[s].isupper() for s, _ in parts):
                yield from (Candidate(s, e, level, label, 0.8, "counted") for s, e in parts)
        elif (brings := labels.get(a)) is not None:
            for item in _one(report, brings.end, level, brings.words, 0.75, "label", vocabulary):
                if level != "focus_area" or (
                    _is_worded(text, item.start, item.end, vocabulary) and not _heads_chain(text, item, marks, vocabulary)
                ):
                    yield item
        elif colon < 0:
            yield from _enumerated(text, b, stop, level, label)


def _signed(report: Report, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """Norms that a sign and its grade follow, in a text that lost its lines: "Alla barn ska lära sig simma ● Bedöms uppfyllas helt"."""
    text = report.text
    found: list[Candidate] = []
    for sign in SIGN.finditer(text):
        at = skip(text, sign.end())
        grade = vocabulary["status", "cell"].pattern.match(text, at)
        code = vocabulary["status", "cell"].code(grade.group()) if grade is not None and text[at].isupper() else None
        end = tidy(text, 0, sign.start()) if code is not None else 0
        floor = max(0, end - LONGEST)
        modal = next((a for c, a, _ in reversed(list(vocabulary["goals", "norm"].finditer(text, floor, end))) if c == "modal"), None)
        if grade is None or code is None or modal is None:
            continue
        start = max([floor, *(m.end() for m in SENTENCE_END.finditer(text, floor, end - 1))])
        section = report.sections.at(end - 1)
        start = max([start, *(s.body_start for s in report.sections.path(section) if s.body_start <= modal)] if section else [start])
        if modal < start or SIGN.search(text, start, end) is not None:
            continue
        level, words = section_level(report, section, vocabulary) if section is not None else ("other", None)
        told = Verdict(code, at, grade.end(), grade.group(), "goal", 0.8)
        found.append(Candidate(skip(text, start), end, level, words, 0.7, "norm", told))
    if len(found) > 1:
        board = _announced_owner(report, found[0].start, vocabulary)
        yield from (item if item.level != "other" or board is None else item._replace(level=board) for item in found)


def _announced_owner(report: Report, at: int, vocabulary: Vocabulary) -> str | None:
    """Whose goals the words say that stand between the heading of a part on goals and the first of them: "Nedan följer nämndens mål …"."""
    chapter = next((s for s in reversed(report.sections) if s.type == "goals" and at - SETTING < s.start <= at), None)
    if chapter is None:
        return None
    found = (code for code, *_ in vocabulary["goals", "noun"].finditer(report.text, chapter.start, at) if code in ("board", "council"))
    return next(found, None)


def _numbered(report: Report, run: list[Numbered], level: str, label: str, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """Goals that run on in one line under numbers."""
    for item in run:
        end = tidy(report.text, item.start, item.end)
        if letters(report.text[item.start : end]) >= 2 * SHORTEST_LETTERS:
            told = told_after(report, end, item.stop, vocabulary) or first_verdict(report.text, end, item.stop, ("goal",), vocabulary)
            yield Candidate(item.start, end, level, label, 0.75, "list", told)


def _serves(text: str, at: int, vocabulary: Vocabulary) -> bool:
    """Whether the goal noun at an offset only tells what a list of actions serves: "åtgärder för att nå målen:"."""
    floor = max(0, at - 150)
    begin = max((m.end() for m in SENTENCE_END.finditer(text, floor, at)), default=floor)
    action = vocabulary["actions", "noun"].search(text, begin, at)
    return (action is not None or _IN_ORDER_TO.search(text[begin:at]) is not None) and _PURPOSE.search(text[begin:at]) is not None


def _one(report: Report, at: int, level: str, label: str, confidence: float, rule: str, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """The norm that follows a label.

    It goes to the end of its sentence, or to where something else begins without a stop: the next label, a bullet, a sign, a sentence.
    """
    text = report.text
    start = skip(text, at)
    number = _OWN_NUMBER.match(text, start)
    start = number.end() if number else start
    limit = min(len(text), start + LONGEST)
    stop = SENTENCE_END.search(text, start, limit)
    cuts = [stop.end()] if stop else []
    following = label_after(find_labels(text, vocabulary), start - 1, limit)
    cuts += [following] if following < limit else []
    lines = (m.start() for m in _LINE.finditer(text, start, limit))
    cuts += [at for at in islice(lines, 3) if not runs_on(text, start, at)][:1]
    cuts += [m.start() for m in (_NEXT_ITEM.search(text, start, limit), SIGN.search(text, start, limit)) if m is not None]
    title = _title_cut(text, start, min(cuts, default=limit), vocabulary)
    cuts += [title] if title is not None else []
    end = tidy(text, start, min(cuts, default=limit))
    if letters(text[start:end]) >= 2 * SHORTEST_LETTERS and cuts:
        reach = following if following > end else limit
        told = (_told_of(report, end, reach, vocabulary) or opened(text, end, reach, "goal", vocabulary)) if rule == "label" else None
        yield Candidate(start, end, level, label.strip(), confidence, rule, told)


def _told_of(report: Report, end: int, stop: int, vocabulary: Vocabulary) -> Verdict | None:
    """The grade right after a wording, or the one that a word such as "Måluppfyllelse" leads in before the next goal."""
    found = told_after(report, end, stop, vocabulary)
    if found is not None:
        return found
    limit = label_after(find_labels(report.text, vocabulary), end, min(len(report.text), end + LONGEST), "goals")
    limit = label_after(find_labels(report.text, vocabulary), end, limit, "actions")
    for _, a, b in vocabulary["status", "lead"].finditer(report.text, end, limit):
        at = skip(report.text, b + (report.text[b : b + 1] == ":"))
        grade = vocabulary["status", "cell"].pattern.match(report.text, at, limit)
        code = vocabulary["status", "cell"].code(grade.group()) if grade is not None else None
        if grade is not None and code is not None and report.text[a].isupper() and report.text[at].isupper():
            return Verdict(code, at, grade.end(), grade.group(), "goal", 0.75)
    return None


def _title_cut(text: str, start: int, end: int, vocabulary: Vocabulary) -> int | None:
    """Where a title without a stop runs into its sentence (a small word, then a capitalised one that has a verb soon after) or a table."""
    for gap in CAPITAL.finditer(text, start, end):
        if gap.start() - start > 15 and (heads_at(text, gap.end(), vocabulary) or _clause_begins(text, start, gap, end, vocabulary)):
            return gap.start()
    return None


def _clause_begins(text: str, start: int, gap: regex.Match[str], end: int, vocabulary: Vocabulary) -> bool:
    """Whether a clause begins after a gap: a verb stands in it before the next capital, any finite one where the title has its "ska"."""
    if runs_on(text, start, gap.start()):
        return False
    if opening_at(text, gap.end(), end, vocabulary) is not None:
        return True
    stop = min(end, gap.end() + _NEAR_VERB)
    capital = _NEXT_CAPITAL.search(text, gap.end() + 1, stop)
    stop = capital.start() if capital is not None else stop
    if _MAIN_VERB.search(text, gap.end() + 1, stop) is not None:
        return True
    return has_modal(text, start, gap.start(), vocabulary) and vocabulary["actions", "finite"].search(text, gap.end() + 1, stop) is not None


def _bullets(text: str, at: int, level: str, label: str, vocabulary: Vocabulary) -> tuple[list[Candidate], int]:
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
        if letters(text[begin:end]) >= SHORTEST_LETTERS and vocabulary["status", "cell"].code(text[begin:end]) is None:
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
    if "\n\n" in text[start:end]:
        return
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


def _count(text: str, a: int, vocabulary: Vocabulary) -> int | None:
    """The number word right before a goal noun, an adjective between them allowed."""
    found = None
    for code, _, end in vocabulary["goals", "count"].finditer(text, max(0, a - 30), a):
        if len(text[end:a].split()) <= 1 and not _STOP.search(text, end, a):
            found = int(code)
    return found
