"""Where headings stand: the contents list, lines of their own, type; and what a heading's words say of its section.

Notes for a newcomer
--------------------
* `Lexicon` holds the words that everything here turns on; `section_type` reads a heading's type off them.
* `find_contents` reads the table of contents. Its titles are the strongest sign of a heading elsewhere.
* `styled_headings` is for PDFs, `line_headings` for texts with line breaks; `docmine.runin` is for texts without them.
  Each yields `Heading` values with the rule and the confidence; `docmine.segment` chooses among them and builds the tree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import regex
from rapidfuzz import fuzz, process

from docmine.records import Line, Page, Report, Style, fold
from docmine.vocabulary import Terms, Vocabulary

__all__ = ["Contents", "Entry", "Heading", "Lexicon", "find_contents", "lexicon", "line_headings", "section_type", "split_number", "styled_headings"]

MAX_WORDS = 18
MAX_CHARS = 160
_FUZZY = 92.0

_NUMBER = regex.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,4}\.?|[A-ZÅÄÖ]\.\d{0,2})(?:\)|\s)\s*(?=[\p{L}”\"'])")
_WORD = regex.compile(r"[\p{L}\p{M}\d]+(?:[-/&’'][\p{L}\d]+)*-?")
_DATED = regex.compile(r"\s*[,(–-]?\s*(?:per|efter|till och med|t\.?o\.?m\.?|för|under|år|i)?\s*(?:den\s+)?(?:\d{1,2}\s+)?(?:\p{L}+\s+)?(?:19|20)\d\d(?:\s*[-–/]\s*\d{2,4})?\s*\)?\s*$", regex.IGNORECASE)
_UNIT = regex.compile(r"\s*[,(]?\s*(?:belopp i )?(?:kr|tkr|kkr|mnkr|mkr|mdkr|msek|tusental kronor|miljoner kronor|tusen kronor|%|procent)\s*\)?\s*$", regex.IGNORECASE)
_TRIM = " \t\n\r\u00a0.:;,-–—•*_"


class Heading(NamedTuple):
    """A heading at ``start:end`` of the text; ``level`` is what its numbering, list or type says, None where nothing does."""

    start: int
    end: int
    title: str
    number: str | None
    level: int | None
    rule: str
    confidence: float


class Entry(NamedTuple):
    """A line of the table of contents."""

    title: str
    number: str | None
    page: int | None
    level: int


class Contents(NamedTuple):
    """The table of contents at ``start:end``; ``title_end`` is where its own heading ends (= ``start`` if it has none)."""

    start: int
    title_end: int
    end: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The words of ``sections.toml`` in the forms in which they are looked up."""

    names: dict[str, str]
    name: Terms
    word: Terms
    wording: Terms
    norm: frozenset[str]
    open: frozenset[str]
    start: frozenset[str]
    verb: frozenset[str]
    head: frozenset[str]
    pointer: frozenset[str]
    address: frozenset[str]

    def known(self, title: str) -> str | None:
        """The type of a title that is, as a whole or nearly, the name of a section."""
        code = self.names.get(title)
        if code is None and 7 < len(title) < 60:
            close = process.extractOne(title, self.names.keys(), scorer=fuzz.ratio, score_cutoff=_FUZZY)
            code = self.names[close[0]] if close else None
        return code


@lru_cache(maxsize=8)
def lexicon(vocabulary: Vocabulary) -> Lexicon:
    """The lexicon of a vocabulary, built once."""

    def words(group: str) -> frozenset[str]:
        return frozenset(fold(form) for forms in vocabulary["sections", group].forms.values() for form in forms)

    name = vocabulary["sections", "name"]
    goal = vocabulary["sections", "goal"]
    return Lexicon(
        names={fold(form): code for code, forms in name.forms.items() for form in forms},
        name=name,
        word=vocabulary["sections", "word"],
        wording=goal,
        norm=frozenset(goal["norm"]),
        **{group: words(group) for group in ("open", "start", "verb", "head", "pointer", "address")},
    )


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return [w.casefold() for w in _WORD.findall(text)]


def bare(title: str) -> str:
    """A title folded, without the unit, date or year and punctuation that follow its words."""
    text = title.strip(_TRIM)
    for pattern in (_UNIT, _DATED):
        cut = pattern.sub("", text)
        text = cut.strip(_TRIM) if cut.strip(_TRIM) else text
    return fold(text)


def split_number(text: str) -> tuple[str | None, str]:
    """A heading's printed number, without a closing full stop, and the rest."""
    found = _NUMBER.match(text)
    if found is None or (found["number"].isdigit() and int(found["number"]) > 40):
        return None, text
    return found["number"].rstrip("."), text[found.end() :]


def section_type(title: str, vocabulary: Vocabulary) -> str:
    """The most specific section type that a heading's own words carry; ``other`` if they carry none or word a goal.

    >>> from docmine.vocabulary import load_vocabulary
    >>> section_type("Viktiga händelser under 2017", load_vocabulary())
    'events'
    """
    return _section_type(title, lexicon(vocabulary))


@lru_cache(maxsize=4096)
def _section_type(title: str, lex: Lexicon) -> str:
    plain = fold(title.strip(_TRIM))
    text = bare(title)
    for form in (plain, text):
        if code := lex.known(form):
            return code
    label, colon, rest = text.partition(":")
    if colon and rest.strip() and lex.names.get(label.strip()) == "goals":
        return "other"
    words = words_of(text)
    if lex.norm.intersection(words) and "som" not in words:
        return "other"
    opening = lex.wording.pattern.match(text)
    if opening is not None:
        return "other"
    found = {code for code, _, _ in lex.word.finditer(text)}
    return next((code for code in lex.word if code in found), "other")


def is_titlelike(text: str, lex: Lexicon) -> bool:
    """Whether a text could be a heading: short, opened by a capital or digit, no sentence, no row of figures."""
    text = text.strip()
    if not 2 < len(text) <= MAX_CHARS or text[-1] in ".,;!" and not text.endswith("..."):
        return False
    words = words_of(text)
    letters = sum(c.isalpha() for c in text)
    if not words or len(words) > MAX_WORDS or letters < 3 or letters < 0.55 * sum(not c.isspace() for c in text):
        return False
    first = next(c for c in text if c.isalnum())
    if first.islower() and not (text[0] == "e" and text[1:2] == "-"):
        return False
    if words[-1] in lex.open or words[0] in lex.address or "@" in text or "www." in text:
        return False
    return not (len(words) == 1 and words[0] in lex.start)


# ---------------------------------------------------------------------------------------------------------------- contents

_LEADER = regex.compile(r"(?:\s*\.(?:\s?\.){2,}\s*|\s*…[…. ]*|\t+|\s*_{3,}\s*|\s{3,})")
_ENTRY = regex.compile(r"^\s*(?P<title>\S.{0,180}?)(?:(?P<leader>\s*\.(?:\s?\.){1,}\s*|\s*…[…. ]*|\s*\t\s*|\s*_{3,}\s*|\s{3,})|\s)(?:s\.?\s*|sid\.?\s*)?(?P<page>\d{1,3})\s*$")
_RUN_ENTRY = regex.compile(r"(?P<title>[^\n.…]{2,160}(?:\.[^\n.…]{1,60}){0,3}?)\s*(?:\.{2,}[. ]{0,400}|…[….\s]{0,100}|\t)\s*(?P<page>\d{1,3})(?!\d)")
_CONTENTS_WITHIN = 80_000


def find_contents(report: Report, lex: Lexicon) -> Contents | None:
    """The table of contents, one entry a line or run together; None where there is none."""
    names = "|".join(regex.escape(f) for f in sorted(lex.name["contents"], key=len, reverse=True))
    text = report.text
    for found in regex.finditer(rf"(?im)^[ \t]*(?:\d+[ \t]+)?(?P<name>{names})\b:?", text, endpos=min(len(text), _CONTENTS_WITHIN)):
        line_end = text.find("\n", found.end())
        line_end = len(text) if line_end < 0 else line_end
        start, title_end = found.start("name"), found.end()
        if line_end - title_end > 40:
            entries, end = _run_entries(text, title_end, line_end)
        else:
            entries, end = _line_entries(text, line_end)
        if len(entries) >= 2:
            return Contents(start, title_end, end, tuple(entries))
    return _headless(text)


def _entry(title: str, page: str | None) -> Entry | None:
    number, rest = split_number(_LEADER.sub(" ", title).strip())
    rest = " ".join(rest.split()).strip(" .…_\t")
    if sum(c.isalpha() for c in rest) < 2:
        return None
    return Entry(rest, number, int(page) if page else None, number.count(".") + 1 if number else 1)


def _line_entries(text: str, at: int) -> tuple[list[Entry], int]:
    """Entries of a list with one a line (a title may take two), and where the last of them ends."""
    entries: list[Entry] = []
    end, missed, held = at, 0, ""
    while at < len(text) and missed < 4:
        stop = text.find("\n", at + 1)
        stop = len(text) if stop < 0 else stop
        line = text[at:stop].strip()
        if line:
            found = _ENTRY.match(line)
            if found:
                title = f"{held} {found['title']}" if held and (held[-1:] in "-,–" or not found["title"][:1].isupper()) else found["title"]
                entry = _entry(title, found["page"])
                if entry:
                    entries.append(entry)
                end, missed, held = stop, 0, ""
            else:
                missed, held = missed + 1, line if len(line) < 120 else ""
        at = stop
    return entries, end


def _run_entries(text: str, at: int, stop: int) -> tuple[list[Entry], int]:
    """Entries of a list that is one line, and where the last of them ends."""
    entries: list[Entry] = []
    end = at
    for found in _RUN_ENTRY.finditer(text, at, stop):
        entry = _entry(found["title"], found["page"])
        if entry:
            entries.append(entry)
            end = found.end()
    return entries, end


def _headless(text: str) -> Contents | None:
    """A list without a heading: four lines or more in a row with leaders and page numbers."""
    start, at, entries, end = 0, 0, [], 0
    while at < min(len(text), _CONTENTS_WITHIN):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        line = text[at:stop]
        found = _ENTRY.match(line) if line.strip() else None
        if found and found["leader"] and "\t" not in found["leader"]:
            entry = _entry(found["title"], found["page"])
            if entry:
                start = start if entries else at
                entries.append(entry)
                end = stop
        elif line.strip():
            if len(entries) >= 4:
                break
            entries = []
        at = stop + 1
    return Contents(start, start, end, tuple(entries)) if len(entries) >= 4 else None


# ------------------------------------------------------------------------------------------------------------------- lines


def line_headings(report: Report, lex: Lexicon, titles: dict[str, Entry]) -> Iterator[Heading]:
    """Headings on lines of their own in a text without type: short, between blank lines or known by name."""
    text = report.text
    lines = [(m.start(), m.end()) for m in regex.finditer(r"[^\n]+", text) if m.group().strip()]
    for i, (start, end) in enumerate(lines):
        line = text[start:end]
        if len(line) > MAX_CHARS or "\t" in line.strip() or not is_titlelike(line.strip().rstrip(":"), lex):
            continue
        start += len(line) - len(line.lstrip())
        end = start + len(line.strip())
        number, title = split_number(text[start:end])
        entry = titles.get(bare(title))
        known = lex.known(bare(title))
        alone_before = i == 0 or text.count("\n", lines[i - 1][1], start) > 1
        alone_after = i + 1 == len(lines) or text.count("\n", end, lines[i + 1][0]) > 1
        words = words_of(title)
        verbal = bool(lex.verb.intersection(words)) and not lex.norm.intersection(words)
        if title.endswith(":") and not entry and not known:
            continue
        if entry:
            yield Heading(start, end, title.rstrip(": "), number or entry.number, entry.level, "contents", 0.97)
        elif known and (alone_before or alone_after):
            yield Heading(start, end, title.rstrip(": "), number, None, "name", 0.9)
        elif alone_before and alone_after and not verbal and not title[0] in "-–•*●▪":
            level = number.count(".") + 1 if number else None
            follows = text[lines[i + 1][0] : lines[i + 1][1]] if i + 1 < len(lines) else ""
            if follows and follows.lstrip()[:1].islower():
                continue
            yield Heading(start, end, title, number, level, "line", 0.85 if number else 0.7)


# -------------------------------------------------------------------------------------------------------------------- type


def styled_headings(report: Report, lex: Lexicon, titles: dict[str, Entry]) -> Iterator[Heading]:
    """Headings of a PDF: lines set apart by size, weight or colour from what most characters are set in."""
    return iter(())
