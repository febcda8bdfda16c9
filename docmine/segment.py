"""Report → the same report with its tables and its sections: what the text is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from docmine.headings import find_contents, line_headings, styled_headings
from docmine.records import Report, Section, Sections
from docmine.runin import is_flattened, runin_headings
from docmine.tables import find_tables
from docmine.titles import Heading, lexicon, section_type
from docmine.vocabulary import Vocabulary

__all__ = ["find_sections", "segment"]

_LARGE = ("size", "bookmark")
_PREAMBLE = Section(0, None, 1, None, "", "other", 0, 0, 0, 0, "preamble", 1.0)


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
    barriers = sorted([*((min((c.start for c in t.cells), default=t.start), t.end) for t in report.tables), *closed])
    found: list[Heading] = []
    if report.styles:
        found.extend(styled_headings(report, lex, titles))
    else:
        if is_flattened(report):
            found.extend(runin_headings(report, lex, titles, barriers))
        found.extend(line_headings(report, lex, titles, lists[0].start if lists else 0))
    found.sort(key=lambda h: (h.start, -h.confidence))
    # a heading in large type may stand in the first row of the table under it
    first_rows = sorted([*((min((c.start for c in t.cells if c.row), default=t.end), t.end) for t in report.tables), *closed])
    large = _outside([h for h in found if h.rule in _LARGE], first_rows)
    found = _outside(sorted({*large, *_outside([h for h in found if h.rule not in _LARGE], barriers)}), [])
    for contents in lists:
        if contents.title_end > contents.start:
            title = report.text[contents.start : contents.title_end].strip(" :")
            found.append(Heading(contents.start, contents.title_end, title, None, 1, "contents", 0.99))
    return sorted(found)


def _outside(headings: Iterable[Heading], barriers: list[tuple[int, int]]) -> list[Heading]:
    """The headings that overlap neither a barrier nor one another, in order."""
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
    """Sections that tile the text, each with its parent and the end of its subtree."""
    text, n = report.text, len(report.text)
    levels = _levels(headings)
    sections: list[Section] = []
    if not headings or headings[0].start > 0:
        sections.append(_PREAMBLE)
    open_: list[Section] = []
    for heading, level in zip(headings, levels, strict=True):
        body = heading.end
        while body < n and text[body].isspace():
            body += 1
        while open_ and open_[-1].level >= level:
            open_.pop()
        kind = section_type(heading.title, vocabulary)
        section = Section(
            len(sections),
            open_[-1].index if open_ else None,
            level,
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
        open_.append(section)
        sections.append(section)
    return _closed(report, sections)


def _levels(headings: list[Heading]) -> list[int]:
    return [h.level or 2 for h in headings]


def _closed(report: Report, sections: list[Section]) -> tuple[Section, ...]:
    """The sections with their ends, subtree ends, texts and pages filled in."""
    n = len(report.text)
    ends = [*(s.start for s in sections[1:]), n]
    tree_ends = list(ends)
    for i in range(len(sections) - 1, -1, -1):
        parent = sections[i].parent
        if parent is not None:
            tree_ends[parent] = max(tree_ends[parent], tree_ends[i])
    done = []
    for section, end, tree_end in zip(sections, ends, tree_ends, strict=True):
        body = min(section.body_start, end)
        first, last = report.page_at(section.start), report.page_at(max(section.start, tree_end - 1))
        pages = (first.number, last.number) if first and last and first.number is not None and last.number is not None else ()
        done.append(replace(section, body_start=body, end=end, subtree_end=tree_end, text=report.text[body:tree_end], pages=pages))
    return tuple(done)
