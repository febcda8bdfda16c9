"""Headings on lines of their own, in texts that have kept their lines.

A line is a heading where the contents list or the vocabulary knows it, where blank lines stand around it, or where it opens a block:
many reports print a heading right above its text, and what tells it from a line of text is that it stops short of where the lines
of its block end, without a full stop.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from docmine.load.hyphens import joined
from docmine.records import Report
from docmine.titles import MAX_CHARS, Entry, Heading, Lexicon, depth, is_titlelike, split_number, words_of

__all__ = ["is_marked", "line_headings"]

_COLUMNS = re.compile(r"\S {3,}\S")
_MARKED = 3  # so many marked headings show that a document marks them
_SKIPPED = 4  # of so many marks the next heading is one: a mark's line may have been lost
_BULLETS = "-–•*●▪"
#: so many lines that open their blocks as headings do show that a document prints its headings so
_USUAL = 2
_STOPS = ".!?:"
_SENDER = re.compile(r"\w+(?:[ -]\w+)?s? kommun", re.IGNORECASE)
#: of the width of the block under it: a title is shorter
_SHORT = 0.8


class _Line(NamedTuple):
    """A line at ``start:end``; ``opens`` and ``closes`` say whether a blank line stands before and after it."""

    start: int
    end: int
    opens: bool
    closes: bool


def is_marked(report: Report) -> bool:
    """Whether a document without type marks its headings, as Word files, web pages and Markdown do: then others are rare."""
    return not report.styles and len(report.bookmarks) >= _MARKED


def line_headings(report: Report, lex: Lexicon, titles: dict[str, Entry], title_page: int = 0) -> Iterator[Heading]:
    """Headings on lines of their own in a text without type: marked as such, between blank lines, opening a block, or known by name.

    Before ``title_page``, where the contents list begins, only names of sections and marked ones count. Where the document
    marks its headings no other line is one for standing alone.
    """
    text, marked = report.text, is_marked(report)
    names, passed, last = [name for _, name, _ in report.bookmarks], 0, -2
    lines = _lines(text)
    labelled = -2  # the last line that is but a label with its number
    topped = {} if marked else _topped(report, lines, lex, title_page)
    for i, (start, end, alone_before, alone_after) in enumerate(lines):
        line = text[start:end]
        ahead = names[passed : passed + _SKIPPED]
        if line in ahead:
            at = passed + ahead.index(line)
            number, title = split_number(names[at])
            yield Heading(start, start + len(names[at]), title.strip(" :") or names[at], number, report.bookmarks[at][0], "bookmark", 0.97)
            passed, last = at + 1, i
            continue
        if i in topped:
            end = lines[topped[i]].end
            line = _in_one(text[start:end])
        elif len(line) > MAX_CHARS or "\t" in line or not is_titlelike(line.rstrip(":"), lex):
            continue
        if lex.counts(line):
            labelled = i
            continue
        if labelled == i - 1 or _SENDER.fullmatch(line):
            continue  # what the label above it brings in; the kommun's name
        number, title = split_number(line)
        entry = titles.get(lex.bare(title))
        known = lex.known(lex.bare(title))
        if (title.endswith(":") or _COLUMNS.search(title)) and not entry and not known:
            continue
        part = number is not None and "." in number.rstrip(".")
        if entry:
            yield Heading(start, end, title.rstrip(": "), number or entry.number, entry.level, "contents", 0.97)
            last = i
        elif known and (alone_before or alone_after or (part and last == i - 1)):
            yield Heading(start, end, title.rstrip(": "), number, depth(number), "name", 0.9)
            last = i
        elif i in topped:
            yield Heading(start, end, title, number, depth(number), "line", 0.7)
            last = topped[i]
        elif marked or start < title_page or _is_sentence(title, lex) or title[0] in _BULLETS:
            continue
        elif alone_before and alone_after:
            follows = text[lines[i + 1].start : lines[i + 1].end] if i + 1 < len(lines) else ""
            if not follows[:1].islower():
                yield Heading(start, end, title, number, depth(number), "line", 0.85 if number else 0.7)
                last = i
        elif part and (alone_before or last == i - 1):  # "3.1 …" needs no blank line behind it, nor before it under its chapter's
            yield Heading(start, end, title, number, depth(number), "line", 0.8)
            last = i


def _lines(text: str) -> list[_Line]:
    """The lines that hold anything, without the white space around it."""
    spans = []
    for found in re.finditer(r"[^\n]+", text):
        line = found.group()
        if stripped := line.strip():
            start = found.start() + len(line) - len(line.lstrip())
            spans.append((start, start + len(stripped)))
    gaps = [True, *(text.count("\n", a, b) > 1 for (_, a), (b, _) in pairwise(spans)), True]
    return [_Line(start, end, gaps[i], gaps[i + 1]) for i, (start, end) in enumerate(spans)]


def _is_sentence(title: str, lex: Lexicon) -> bool:
    words = words_of(title)
    return bool(lex.verb.intersection(words)) and not lex.norm.intersection(words) and (len(words) > 9 or "," in title)


def _in_one(title: str) -> str:
    """A title in one line, with a word put together that the end of a line cut."""
    first, *others = (line.strip() for line in title.split("\n"))
    for other in others:
        cut = joined(first.rpartition(" ")[2], other.split(" ", 1)[0])
        first = f"{first} {other}" if cut is None else first[: len(first) - cut] + other
    return first


def _topped(report: Report, lines: list[_Line], lex: Lexicon, floor: int) -> dict[int, int]:
    """The headings that open their blocks: the index of the last line of each by that of its first; none where there is but one."""
    tables = sorted(min((c.start for c in t.cells), default=t.start) for t in report.tables)
    found: dict[int, int] = {}
    for i, line in enumerate(lines):
        if not line.opens or line.closes or line.start < floor:
            continue
        last = i + (report.text[lines[i + 1].start].islower() and not lines[i + 1].closes)
        words = report.text[line.start : lines[last].end]
        if not _is_top(words, lex) or not _is_body(report.text, lines, last, tables):
            continue
        row = lines[last + 1]  # a head of a table, too, may stand alone in its line where its other heads do
        if words.casefold() not in lex.head or "\t" in report.text[row.start : row.end]:
            found[i] = last
    return found if len(found) >= _USUAL else {}


def _is_top(words: str, lex: Lexicon) -> bool:
    """Whether the words of the lines that open a block could be those of a heading."""
    if len(words) > MAX_CHARS or "\t" in words or words[0] in _BULLETS or words[-1] == ":":
        return False
    title = split_number(_in_one(words))[1]
    label, colon, _ = title.partition(": ")
    labelled = bool(colon) and " ".join(label.casefold().split()[:-1]) not in lex.label  # "Nämndmål: Alla barn …" brings in a goal
    return is_titlelike(title, lex) and not (labelled or _is_sentence(title, lex) or _COLUMNS.search(title))


def _is_body(text: str, lines: list[_Line], title: int, tables: list[int]) -> bool:
    """Whether a table, a list or a paragraph follows the last line of a title in its block, the paragraph with longer lines."""
    first = title + 1
    at = bisect_left(tables, lines[title].end)
    if (at < len(tables) and tables[at] < lines[first].end) or text[lines[first].start] in _BULLETS:
        return True
    if not (text[lines[first].start].isupper() or text[lines[first].start].isdigit()):
        return False
    last = first
    while not lines[last].closes:
        last += 1
    widest = max(line.end - line.start for line in lines[first : last + 1])
    return text[lines[last].end - 1] in _STOPS and lines[title].end - lines[title].start < _SHORT * widest
