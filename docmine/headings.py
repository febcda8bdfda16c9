"""Where headings stand: the contents list, and the type of a PDF.

Notes for a newcomer
--------------------
* `find_contents` reads the tables of contents. Their titles are the strongest sign of a heading elsewhere.
* `styled_headings` is for PDFs; `docmine.linewise` is for texts with line breaks, `docmine.runin` for texts without.
* Each yields `Heading` values with the rule and the confidence; `docmine.segment` chooses among them and builds the tree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from docmine.records import Line, Page, Report, Style
from docmine.search import places
from docmine.titles import MAX_CHARS, Entry, Heading, Lexicon, depth, is_titlelike, split_number, words_of

__all__ = ["Contents", "find_contents", "styled_headings"]


class Contents(NamedTuple):
    """The table of contents at ``start:end``; ``title_end`` is where its own heading ends (= ``start`` if it has none)."""

    start: int
    title_end: int
    end: int
    entries: tuple[Entry, ...]


# ---------------------------------------------------------------------------------------------------------------- contents

_LEADER = regex.compile(r"(?:\s*\.(?:\s?\.){2,}\s*|\s*…[…. ]*|\t+|\s*_{3,}\s*|\s{3,})")
_ENTRY = regex.compile(
    r"(?P<title>\S.{0,180}?)(?:(?P<leader>\s*\.(?:\s?\.)+\s*|\s*…[…. ]*|\s*\t\s*|\s*_{3,}\s*|\s{3,})|\s)"
    r"(?:s\.?\s*|sid\.?\s*)?(?P<page>\d{1,3})"
)
_RUN_PAGE = regex.compile(r"(?<![\s.…])(?:[^\S\n]*\t\s*|\s*(?:\.{2}|…)[.…\s]{0,400})(?P<page>\d{1,3})(?!\d)")
_LOST = regex.compile(r"(?<=\p{Ll}{2}|\d)\s+(?=\p{Lu}\p{Ll})")
_LEADING = re.compile(r"\.\s?\.|…|___|\s{3}")
_INDENT = 100  # characters that may stand before the name of a contents list in its line
_LONG_ENTRY = 60
_ENTRY_CHARS = 260
_CONTENTS_WITHIN = 80_000


def find_contents(report: Report, lex: Lexicon) -> tuple[Contents, ...]:
    """The tables of contents (a file may bind several papers), one entry a line or run together."""
    text = report.text
    lists: list[Contents] = []
    for found in _contents_lines(text, lex):
        if lists and found.start("name") < lists[-1].end:
            continue
        line_end = text.find("\n", found.end())
        line_end = len(text) if line_end < 0 else line_end
        start, title_end = found.start("name"), found.end()
        run = line_end - title_end > 40
        entries, end = _run_entries(text, title_end, line_end, lex) if run else _line_entries(text, line_end, lex)
        if len(entries) >= 2:
            lists.append(Contents(start, title_end, end, tuple(entries)))
    headless = None if lists else _headless(text)
    return (headless,) if headless else tuple(lists)


def _contents_lines(text: str, lex: Lexicon) -> Iterator[re.Match[str]]:
    """The lines that begin with a name of the table of contents."""
    for at in places(text, lex.contents_stems):
        start = text.rfind("\n", max(0, at - _INDENT), at) + 1
        found = lex.contents.match(text, start) if start or at < _INDENT else None
        if found and found.start("name") == at:
            yield found


def _entry(title: str, page: str | None) -> Entry | None:
    number, rest = split_number(_LEADER.sub(" ", title).strip())
    rest = " ".join(rest.split()).strip(" .…_\t")
    if sum(c.isalpha() for c in rest) < 2:
        return None
    return Entry(rest, number, int(page) if page else None, number.count(".") + 1 if number else 1)


def _line_entry(line: str) -> regex.Match[str] | None:
    """The match of a line that ends on a page's number."""
    return _ENTRY.fullmatch(line) if len(line) < _ENTRY_CHARS and line[-1:].isdigit() else None


def _line_entries(text: str, at: int, lex: Lexicon) -> tuple[list[Entry], int]:
    """Entries of a list with one a line (a title may take two), and where the last of them ends."""
    entries: list[Entry] = []
    end, missed, held, page, leaders = at, 0, "", 0, False
    while at < len(text) and missed < 4:
        stop = text.find("\n", at + 1)
        stop = len(text) if stop < 0 else stop
        line = text[at:stop].strip()
        found = _line_entry(line)
        if found and not found["leader"]:  # in a list with leaders a line without them is text; elsewhere it must read like a title
            found = None if leaders or not is_titlelike(split_number(found["title"])[1], lex) else found
        if found and int(found["page"]) + 1 < page:
            found = None
        if found:
            whole = f"{held} {found['title']}" if held and (held[-1] in "-,–" or not found["title"][0].isupper()) else found["title"]
            entry = _entry(whole, found["page"])
            if entry:
                entries.append(entry)
            end, missed, held, page, leaders = stop, 0, "", int(found["page"]), leaders or bool(found["leader"])
        elif line:
            missed, held = missed + 1, line if len(line) < MAX_CHARS else ""
        at = stop
    return entries, end


def _run_entries(text: str, at: int, stop: int, lex: Lexicon) -> tuple[list[Entry], int]:
    """Entries of a list that is one line, and where the last of them ends.

    Where page numbers are lost several titles run together; they are parted at their capitals.
    """
    entries: list[Entry] = []
    end = at
    for found in _RUN_PAGE.finditer(text, at, stop):
        titles = [text[end : found.start()].strip()]
        if len(titles[0]) > _LONG_ENTRY:
            titles = _parted(titles[0], lex)
        for i, title in enumerate(titles):
            entry = _entry(title, found["page"] if i + 1 == len(titles) else None)
            if entry and len(title) < MAX_CHARS:
                entries.append(entry)
        end = found.end()
    return entries, end


def _parted(text: str, lex: Lexicon) -> list[str]:
    parts, at = [], 0
    for found in _LOST.finditer(text):
        if text[at : found.start()].rsplit(None, 1)[-1].casefold() not in lex.open:
            parts.append(text[at : found.start()])
            at = found.end()
    return [*parts, text[at:]]


def _headless(text: str) -> Contents | None:
    """A list without a heading: four lines or more in a row with leaders and page numbers."""
    entries: list[Entry] = []
    start, at, end = 0, 0, 0
    while at < min(len(text), _CONTENTS_WITHIN):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        line = text[at:stop].strip()
        found = _line_entry(line) if line[-1:].isdigit() and _LEADING.search(line) else None
        if found and found["leader"] and "\t" not in found["leader"]:
            entry = _entry(found["title"], found["page"])
            if entry:
                start = start if entries else at
                entries.append(entry)
                end = stop
        elif line:
            if len(entries) >= 4:
                break
            entries = []
        at = stop + 1
    return Contents(start, start, end, tuple(entries)) if len(entries) >= 4 else None


# -------------------------------------------------------------------------------------------------------------------- type

_LARGER = 1.1  # times the body's size: set larger
_SMALLER = 0.95
_PITCH = 1.4  # times the size from line to line within one heading
_LOOSE_PITCH = 1.8  # the same where the words say that the line goes on
_COVER_CHARS = 500
_COVER_LINE = 70
_PROSE_LINE = 45
_USUAL = 3  # headings of a type without a verb before a sentence in it is one too
_MAX_LINES = 4
_LINK_COLORS = frozenset(("#ffffff", "#0000ff", "#0563c1"))
_FIGURE = regex.compile(r"(?<![\p{L}\d.,–-])[-+–]?(?:\d{1,3}(?:[ \u00a0]\d{3})+|\d+)[\d.,]*")
_DIGIT = re.compile(r"\d")
_OPENING = re.compile(r"[\d.\s)]*([^\s.,:;]+)")
_BULLETS = frozenset("•●▪■□○◦➢✔-–*·►")


def styled_headings(report: Report, lex: Lexicon, titles: dict[str, Entry]) -> Iterator[Heading]:
    """Headings of a PDF: lines set apart by size, weight, font or colour from what most characters are set in.

    Lines that follow closely in the same type are one heading. Bookmarks and the contents list confirm them, and name
    those whose type says nothing. A whole sentence is a heading where its type is otherwise one of headings. The level is
    that of the numbering or the bookmarks where a type has them, otherwise the larger type is the higher.
    """
    body = _body_style(report)
    if body is None:
        return
    marks: dict[int | None, dict[str, int]] = {}
    for level, name, target in report.bookmarks:
        marks.setdefault(target, {}).setdefault(lex.bare(split_number(name)[1]), level)
    openings = {
        title.split(None, 1)[0].strip(".,:;") for title in (*titles, *(name for names in marks.values() for name in names)) if title
    }
    setting = _Setting(body, tuple(_apart(style, body) for style in report.styles), frozenset(openings))
    found: list[_Block] = []
    for page in report.pages:
        if page.number == 1 and len(report.pages) > 1 and _is_cover(page):
            continue  # the document's title, which opens no text
        blocks = list(_blocks(report, page, setting, lex, titles, marks.get(page.number, {})))
        if page.number == 1 and blocks:  # what stands above the document's title is its sender and addressee
            top = max(b.rank[0] for b in blocks)
            first = next(i for i, b in enumerate(blocks) if b.rank[0] == top)
            blocks = blocks[first if top >= _LARGER * max((b.rank[0] for b in blocks[:first]), default=0.0) else 0 :]
        found.extend(_once(report, blocks, lex))
    usual = Counter(b.style for b in found if not b.sentence)
    found = [b for b in found if not b.sentence or usual[b.style] >= _USUAL]
    found = _outlined(found)
    levels = _type_levels(found)
    latest: dict[tuple[float, bool, bool], int] = {}
    for block in found:
        title = " ".join(report.text[block.start : block.end].split())
        number, title = split_number(title)
        told = depth(number) or block.level or latest.get(block.rank) or levels[block.rank]
        if block.level and not number:
            latest[block.rank] = block.level
        yield Heading(block.start, block.end, title.strip(" :"), number, told, block.rule, block.confidence)


class _Block(NamedTuple):
    """Lines that make one heading: their type, how they are set apart, how sure that is, and the level that a list gives them."""

    start: int
    end: int
    rank: tuple[float, bool, bool]
    rule: str
    confidence: float
    depth: int | None
    level: int | None
    style: int
    sentence: bool


def _is_cover(page: Page) -> bool:
    """Whether a page holds titles alone."""
    return page.end - page.start < _COVER_CHARS and not any(ln.end - ln.start > _COVER_LINE for ln in page.lines)


def _once(report: Report, blocks: Sequence[_Block], lex: Lexicon) -> Iterator[_Block]:
    """The headings of a page; of those that share a bookmark's words the one in the largest type has its level."""
    largest: dict[str, tuple[float, bool, bool]] = {}
    names = [lex.bare(split_number(report.text[b.start : b.end])[1]) if b.level else "" for b in blocks]
    for name, block in zip(names, blocks, strict=True):
        largest[name] = max(block.rank, largest.get(name, block.rank))
    for name, block in zip(names, blocks, strict=True):
        yield block if block.rank == largest[name] else block._replace(level=None)


def _outlined(blocks: list[_Block]) -> list[_Block]:
    """The headings with the levels of the bookmarks counted as the numbering counts; without them where few are marked.

    Headings in smaller type than all that are marked may lack marks.
    """
    marked = [b for b in blocks if b.level]
    smallest = min((b.rank for b in marked), default=None)
    if smallest is None or 2 * len(marked) <= sum(b.rank >= smallest for b in blocks):
        return [b._replace(level=None) for b in blocks]
    deeper = sorted((b.level or 0) - b.depth for b in marked if b.depth)
    shift = max(deeper[len(deeper) // 2], 0) if deeper else 0
    return [b._replace(level=max(b.level - shift, 1)) if b.level else b for b in blocks]


def _type_levels(blocks: Sequence[_Block]) -> dict[tuple[float, bool, bool], int]:
    """The level of each type of heading, the largest first."""
    levels: dict[tuple[float, bool, bool], int] = {}
    previous = 0
    for rank in sorted({b.rank for b in blocks}, reverse=True):
        same = [b for b in blocks if b.rank == rank]
        known = sorted(b.depth or b.level or 0 for b in same if b.depth or b.level)
        plain = [b.level for b in same if b.level and not b.depth]  # a numbered chapter may share its type with what is under it
        known = sorted(plain) if plain and 2 * len(known) >= len(same) else known
        previous = known[len(known) // 2] if 2 * len(known) >= len(same) else previous + 1
        levels[rank] = previous
    return levels


def _body_style(report: Report) -> Style | None:
    """The style of most characters, of running text if there is any."""
    prose: Counter[int] = Counter()
    every: Counter[int] = Counter()
    for line in report.lines:
        if line.style is not None:
            size = line.end - line.start
            every[line.style] += size
            if size > _PROSE_LINE and len(_DIGIT.findall(report.text, line.start, line.end)) < 0.15 * size:
                prose[line.style] += size
    counts = prose if prose.total() > 0.2 * every.total() else every
    return report.styles[counts.most_common(1)[0][0]] if counts else None


class _Setting(NamedTuple):
    """How a document is set: its body, how each style is set apart from it, and the first words of the titles in its lists."""

    body: Style
    apart: tuple[tuple[str, float], ...]
    openings: frozenset[str]


def _blocks(
    report: Report, page: Page, setting: _Setting, lex: Lexicon, titles: dict[str, Entry], marks: dict[str, int]
) -> Iterator[_Block]:
    body, set_apart, openings = setting
    text, styles, lines = report.text, report.styles, page.lines
    cover = _is_cover(page) and not any(ln.style is not None and styles[ln.style] == body for ln in lines)
    own = Counter(ln.style for ln in lines if ln.end - ln.start > _PROSE_LINE).most_common(1)
    prose = own[0][0] if own and own[0][1] > _USUAL else None  # a letter bound into a report is set in a type of its own
    largest = max((styles[ln.style].size for ln in lines if ln.style is not None), default=0.0)
    i = 0
    while i < len(lines):
        first = lines[i]
        if first.style is None or first.box is None:
            i += 1
            continue
        style = styles[first.style]
        rule, sure = set_apart[first.style]
        rule = "" if first.style == prose and rule != "size" else rule
        opening = _OPENING.match(text, first.start, first.end)
        listed = opening is not None and opening[1].casefold() in openings
        if not rule and not listed:
            i += 1
            continue
        last = i
        while last + 1 < len(lines) and last - i <= _MAX_LINES and _goes_on(text, first, lines[last], lines[last + 1], styles, cover):
            last += 1
        # the most lines that a list names as a title; all of them if it names none
        plains = [_plain(text, first, lines[k], lex) for k in range(i, last + 1)] if listed else []
        ends = [i + k for k, plain in enumerate(plains) if plain in marks or plain in titles]
        last = ends[-1] if ends else last
        raw, named = " ".join(text[first.start : lines[last].end].split()), bool(ends)
        number, plain = split_number(raw)[0], _plain(text, first, lines[last], lex)
        if named:
            rule, sure = ("bookmark", 0.97) if plain in marks else ("contents", 0.95)
        take = bool(rule) and last - i < _MAX_LINES and raw[0] not in _BULLETS and is_titlelike(raw.rstrip(":"), lex)
        sentence = take and not named and rule != "size" and _is_sentence(raw, lex)
        if take and not named:
            take = style.size >= largest - 0.5 if cover else _uniform(page, lines[i : last + 1], style, styles)
            take = take and (rule == "size" or _alone(text, page, i, last, style, styles, lex, rule))
            take = take and not (sentence and (rule == "color" or not _opens_text(text, lines, i, last, style.size, styles)))
        elif take and rule == "contents":
            entry = titles.get(plain)
            lacking = entry is not None and entry.number and not number
            alone = not lacking and not _is_sentence(raw, lex) and _alone(text, page, i, last, style, styles, lex, "font")
            take = alone or bool(set_apart[first.style][0])
        if take:
            rank = (round(style.size * 2) / 2, style.bold, raw.isupper())
            yield _Block(first.start, lines[last].end, rank, rule, sure, depth(number), marks.get(plain), first.style, sentence)
        i = last + 1 if take else i + 1


def _plain(text: str, first: Line, last: Line, lex: Lexicon) -> str:
    """The bare title that lines hold."""
    return lex.bare(split_number(" ".join(text[first.start : last.end].split()))[1])


def _apart(style: Style, body: Style) -> tuple[str, float]:
    """The rule by which a style is set apart from the body, and how sure it makes a heading; no rule if it is not."""
    ratio = style.size / body.size if body.size else 1.0
    if ratio >= _LARGER * 1.15 or (ratio >= _LARGER and (style.bold or style.color != body.color)):
        return "size", 0.93
    if ratio >= _LARGER:
        return "size", 0.8
    if ratio >= _SMALLER and style.bold and not body.bold:
        return "weight", 0.8
    if ratio >= 1.0 and style.color != body.color and style.color not in _LINK_COLORS:
        return "color", 0.6
    if ratio >= _SMALLER and style.font != body.font and not style.italic and not style.bold:
        return "font", 0.6
    return "", 0.0


def _is_sentence(text: str, lex: Lexicon) -> bool:
    """Whether a text has a finite verb, and is no norm, as goals are."""
    words = words_of(text)
    return bool(lex.verb.intersection(words)) and not lex.norm.intersection(words)


def _opens_text(text: str, lines: Sequence[Line], first: int, last: int, size: float, styles: Sequence[Style]) -> bool:
    """Whether what stands before lines has ended and what follows them begins anew, in another type."""
    below = _gap(lines[last], lines[last + 1] if last + 1 < len(lines) else None, styles)
    if last - first > 2 or last + 1 == len(lines) or below.alike or text[lines[last + 1].start].islower():
        return False
    above = _gap(lines[first - 1] if first else None, lines[first], styles)
    return above.space > 0.5 * size or text[lines[first - 1].end - 1] in '.!?:”"'


def _goes_on(text: str, first: Line, line: Line, following: Line, styles: Sequence[Style], cover: bool) -> bool:
    """Whether the following line continues a heading: same type, close below, in the same column; a cover's title changes its weight."""
    if line.box is None or following.box is None or first.box is None or following.style is None or first.style is None:
        return False
    a, b = styles[first.style], styles[following.style]
    if abs(a.size - b.size) > 0.3 or (a.bold != b.bold and not cover) or a.color != b.color:
        return False
    pitch = following.box.bottom - line.box.bottom
    if not 0 < pitch <= _LOOSE_PITCH * a.size or following.box.x0 > first.box.x1 or following.box.x1 < first.box.x0:
        return False
    head = text[following.start : following.end].lstrip()
    small = head[:1].islower() or text[line.start : line.end].rstrip()[-1:] in "-–,"
    return small or (pitch <= _PITCH * a.size and not split_number(head)[0] and head[:1] not in _BULLETS)


def _uniform(page: Page, lines: Sequence[Line], style: Style, styles: Sequence[Style]) -> bool:
    """Whether nearly all characters of the lines are set alike, so that no label merely opens a paragraph."""
    words = [w for line in lines for w in page.words[line.words[0] : line.words[1]]]
    total = sum(w.end - w.start for w in words)
    alike = sum(w.end - w.start for w in words if styles[w.style].bold == style.bold and abs(styles[w.style].size - style.size) < 0.6)
    return alike >= 0.9 * total


def _alone(text: str, page: Page, first: int, last: int, style: Style, styles: Sequence[Style], lex: Lexicon, rule: str) -> bool:
    """Whether lines no larger than the body stand as a heading: nothing beside them, space above or a new paragraph below."""
    lines, rules = page.lines, page.rules
    top, bottom = lines[first].box, lines[last].box
    assert top is not None and bottom is not None
    raw = text[lines[first].start : lines[last].end]
    words = words_of(raw)
    if len(_FIGURE.findall(raw)) > 1 or (len(words) > 1 and lex.names.get(lex.bare(raw)) is None and _is_name(raw)):
        return False
    for other in (*lines[max(0, first - 6) : first], *lines[last + 1 : last + 7]):
        if other.box is not None and min(other.box.bottom, bottom.bottom) - max(other.box.top, top.top) > 0.5 * style.size:
            return False
    above = _gap(lines[first - 1] if first else None, lines[first], styles)
    below = _gap(lines[last], lines[last + 1] if last + 1 < len(lines) else None, styles)
    if rule in ("font", "color"):
        apart = above.space > 0.5 * style.size and (below.space > 0.3 * style.size or not below.alike)
    else:
        apart = not (above.alike and above.space < 0.25 * style.size) and not (below.alike and below.space < 0.6 * style.size)
    middle = (top.top + bottom.bottom) / 2
    return apart and len({round(r.x0 / 4) for r in rules if r.top <= middle <= r.bottom and r.x1 - r.x0 < 3 and r.bottom - r.top > 8}) < 2


class _Gap(NamedTuple):
    """The space between two lines, and whether they are set alike."""

    space: float
    alike: bool


def _gap(upper: Line | None, lower: Line | None, styles: Sequence[Style]) -> _Gap:
    if upper is None or lower is None or upper.box is None or lower.box is None or upper.style is None or lower.style is None:
        return _Gap(100.0, False)
    a, b = styles[upper.style], styles[lower.style]
    alike = a.bold == b.bold and abs(a.size - b.size) < 0.3 and a.color == b.color and a.font == b.font
    space = lower.box.top - upper.box.bottom
    return _Gap(space if space >= -2.0 else 100.0, alike)


def _is_name(text: str) -> bool:
    """Whether every word has a capital, as in the names of persons and bodies; headings in Swedish have one only at their start."""
    words = [w for w in text.split() if w[0].isalpha()]
    return len(words) > 1 and all(w[0].isupper() for w in words) and not text.isupper()
