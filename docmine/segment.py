"""Report → the same report with its tables and its sections: what the text is made of."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from docmine.headings import find_contents, styled_headings
from docmine.linewise import is_marked, line_headings
from docmine.records import Report, Section, Sections, Table, fold
from docmine.runin import is_flattened, opening_names, pages_start, runin_headings
from docmine.tables import find_tables
from docmine.titles import Heading, lexicon, section_type
from docmine.vocabulary import Vocabulary

__all__ = ["find_sections", "segment"]

_DEEPEST = 9
_MOST = 0.6  # of the text: more than one section of several should hold
_UNNAMED = ("size", "weight", "font", "color", "line", "run-in")
_LARGE = ("size", "bookmark")
_PREAMBLE = Section(0, None, 1, None, "", "other", 0, 0, 0, 0, "preamble", 1.0)

#: what stands before the number of a labelled heading
_LABEL = re.compile(r"([^\W\d]+(?: [^\W\d]+)?) \d{1,2}(?:\.\d{1,2})*(?=[\s:.]|$)")

_NORM = re.compile(r"\bska(?:ll)?\b")
#: a list that begins right under a heading
_LISTED = re.compile(r"\s*(?P<mark>(?:[-–•*●▪]|\d{1,2}[.)])\s)?")


def segment(report: Report, vocabulary: Vocabulary) -> Report:
    """Find the tables, then the headings outside them; sections tile the text."""
    report = replace(report, tables=find_tables(report, vocabulary))
    return replace(report, sections=find_sections(report, vocabulary))


def find_sections(report: Report, vocabulary: Vocabulary) -> Sections:
    """The section tree of a report whose tables are known."""
    return Sections(_tree(report, _headings(report, vocabulary), vocabulary))


def _headings(report: Report, vocabulary: Vocabulary) -> list[Heading]:
    """The headings of a report in reading order: those of its kind of text, outside tables and the contents list."""
    lex = lexicon(vocabulary)
    lists = find_contents(report, lex)
    titles = {lex.bare(e.title): e for contents in lists for e in contents.entries}
    closed = [(c.start, c.end) for c in lists]
    tables = [(min((c.start for c in t.cells), default=t.start), t.end) for t in report.tables]
    found: list[Heading] = []
    if report.styles:
        found.extend(styled_headings(report, lex, titles))
    else:
        opening = lists[0].start if lists else 0
        if is_flattened(report) and not is_marked(report):
            found.extend(runin_headings(report, lex, titles, sorted(tables + closed)))
            opening = max(opening, pages_start(report))
        else:
            found.extend(opening_names(report, lex, titles, sorted(tables + closed)))
        found.extend(line_headings(report, lex, titles, opening))
    found.sort(key=lambda h: (h.start, -h.confidence))
    small = _outside([h for h in found if h.rule not in _LARGE], sorted(tables))
    found = _outside(sorted([*small, *_large(report, found)]), closed)
    found = _without_cover(report, found)
    for contents in lists:
        if contents.title_end > contents.start:
            title = report.text[contents.start : contents.title_end].strip(" :")
            found.append(Heading(contents.start, contents.title_end, title, None, 1, "contents", 0.99))
    return sorted(found)


def _without_cover(report: Report, headings: list[Heading]) -> list[Heading]:
    """The headings without those under the document's title that name its sender: the first of a row without text stays."""
    if not headings:
        return headings
    page, end = report.page_at(headings[0].start), 1
    while (
        end < len(headings)
        and not report.text[headings[end - 1].end : headings[end].start].strip()
        and headings[end].rule in _UNNAMED
        and headings[end].number is None
        and report.page_at(headings[end].start) is page
    ):
        end += 1
    followed = end < len(headings) and not report.text[headings[end - 1].end : headings[end].start].strip()
    return [headings[0], *headings[end if followed else max(end - 1, 1) :]]


def _large(report: Report, headings: Iterable[Heading]) -> Iterator[Heading]:
    """The headings in large type outside tables, and those that have a row to themselves, as in the band above a table's head."""
    tables = sorted(report.tables, key=lambda t: t.start)
    starts = [t.start for t in tables]
    for heading in headings:
        if heading.rule in _LARGE:
            i = bisect_left(starts, heading.end) - 1
            if i < 0 or tables[i].end <= heading.start or _has_row(tables[i], heading):
                yield heading


def _has_row(table: Table, heading: Heading) -> bool:
    inside = [c.start < heading.end and c.end > heading.start for c in table.cells]
    rows = {c.row for c, mine in zip(table.cells, inside, strict=True) if mine}
    return not any(c.row in rows and not mine for c, mine in zip(table.cells, inside, strict=True))


def _outside(headings: Iterable[Heading], barriers: list[tuple[int, int]]) -> list[Heading]:
    """The headings that overlap neither one another nor a barrier, in order."""
    kept: list[Heading] = []
    at, end = 0, -1
    for heading in headings:
        while at < len(barriers) and barriers[at][1] <= heading.start:
            at += 1
        if heading.start < end or (at < len(barriers) and barriers[at][0] < heading.end):
            continue
        kept.append(heading)
        end = heading.end
    return kept


def _tree(report: Report, headings: list[Heading], vocabulary: Vocabulary) -> tuple[Section, ...]:
    """Sections that tile the text, each with its parent and the end of its subtree.

    Where a level is left out between a heading and its parent, only one that its own number tells is kept.
    """
    text, n = report.text, len(report.text)
    kinds = _kinds(report, headings, vocabulary)
    levels = _levels(report, headings, kinds)
    sections: list[Section] = []
    if not headings or headings[0].start > 0:
        sections.append(_PREAMBLE)
    open_: list[tuple[int, Section]] = []
    for heading, level, kind in zip(headings, levels, kinds, strict=True):
        body = heading.end
        while body < n and text[body].isspace():
            body += 1
        while open_ and (open_[-1][0] >= level or open_[-1][1].level >= level):
            open_.pop()
        parent = open_[-1][1] if open_ else None
        shown = level if parent is None or heading.number else min(level, parent.level + 1)
        section = Section(
            len(sections),
            parent.index if parent else None,
            shown,
            heading.number,
            heading.title,
            kind,
            heading.start,
            body,
            n,
            n,
            heading.rule,
            heading.confidence,
        )
        open_.append((level, section))
        sections.append(section)
    return _closed(report, sections)


def _kinds(report: Report, headings: list[Heading], vocabulary: Vocabulary) -> list[str]:
    """The type of each heading, told by its own words; where "uppdrag" tells it, by what the report means with the word.

    What the body is there for stands in one section; where another is headed by the same noun, or where a list follows at once, the
    section holds assignments.
    """
    kinds = [section_type(h.title, vocabulary) for h in headings]
    known = False
    for i, (heading, kind) in enumerate(zip(headings, kinds, strict=True)):
        if kind != "mission":
            continue
        noun = vocabulary["actions", "noun"].pattern.match(heading.title)
        if noun is not None and (known or _opens_list(report.text, heading.end, vocabulary)):
            kinds[i] = "measures"
        known = True
    return kinds


def _opens_list(text: str, at: int, vocabulary: Vocabulary) -> bool:
    """Whether a list of things to be done begins at an offset: its mark, or a verb that says what to do."""
    body = _LISTED.match(text, at)
    return body is not None and (body["mark"] is not None or vocabulary["actions", "doing"].pattern.match(text, body.end()) is not None)


def _levels(report: Report, headings: list[Heading], kinds: list[str]) -> list[int]:
    """The level of each heading: its own where something told it, otherwise as its like or its neighbours have it.

    A heading that follows another at once stands under it; a title met before has the level that it had, and so has a label that
    was numbered before (``Fokusområde 2``); others go on at the level of the last, and names of sections begin anew, also those
    that run into their text where what stands before is labelled. A line that is itself a norm stands under the chapter on goals
    before it.
    """
    base = 2 if any(h.level for h in headings) else 1
    known: dict[str, int] = {}
    levels: list[int] = []
    at, labelled, goals = base, False, 0
    for i, (heading, kind) in enumerate(zip(headings, kinds, strict=True)):
        numbered = _LABEL.match(heading.title)
        label = fold(numbered[1]) if numbered else ""
        level = heading.level or known.get(fold(heading.title)) or known.get(label)
        labelled = labelled or bool(label)
        if level is not None and label:
            at = level
        if level is None and goals and heading.rule == "line" and kind == "other" and _NORM.search(heading.title):
            level = goals + 1
        elif level is None:
            if i and not report.text[headings[i - 1].end : heading.start].strip():
                at = min(levels[-1] + 1, base + 2)
            elif kind != "other" and (heading.rule == "name" or labelled):
                at = base
            level = at = min(max(at, base), _DEEPEST)
        known.setdefault(fold(heading.title), level)
        if label:
            known.setdefault(label, level)
        levels.append(level)
        goals = level if kind == "goals" else goals if level > goals else 0
    return levels


def _closed(report: Report, sections: list[Section]) -> tuple[Section, ...]:
    """The sections with their ends, subtree ends, texts and pages filled in."""
    n = len(report.text)
    ends = [*(s.start for s in sections[1:]), n]
    tree_ends = list(ends)
    for i in range(len(sections) - 1, -1, -1):
        parent = sections[i].parent
        if parent is not None:
            tree_ends[parent] = max(tree_ends[parent], tree_ends[i])
    peers = Counter((s.level, s.parent) for s in sections if s.rule != "preamble")
    done = []
    for section, end, tree_end in zip(sections, ends, tree_ends, strict=True):
        body = min(section.body_start, end)
        first, last = report.page_at(section.start), report.page_at(max(section.start, tree_end - 1))
        pages = (first.number, last.number) if first and last and first.number is not None and last.number is not None else ()
        note = None
        if section.type not in ("other", "contents"):
            beside = peers[section.level, section.parent] > 1
            most = beside and tree_end - section.start > _MOST * n
            note = "empty" if body == tree_end else "most of the document" if most else None
        held = report.text[body:tree_end]
        done.append(replace(section, body_start=body, end=end, subtree_end=tree_end, text=held, pages=pages, note=note))
    return tuple(done)
