"""What a heading's words say: whether a text reads like a title, its number, the section type that it names.

Notes for a newcomer
--------------------
* `Lexicon` holds the words of ``vocabulary/sections.toml`` in the forms in which they are looked up.
* `section_type` reads a heading's type off its words; `is_titlelike` says whether a text could be a heading at all.
* `Heading` is what the finders yield: `docmine.headings` for PDFs and texts with line breaks, `docmine.runin` for texts without.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from unicodedata import category

import regex
from rapidfuzz import fuzz, process

from docmine.records import fold
from docmine.search import stems
from docmine.vocabulary import Terms, Vocabulary

__all__ = [
    "CAPITAL",
    "LETTERS",
    "MAX_CHARS",
    "SMALL",
    "Entry",
    "Heading",
    "Lexicon",
    "is_titlelike",
    "lexicon",
    "section_type",
    "section_type_of",
    "split_number",
    "words_of",
]

MAX_WORDS = 18
MAX_CHARS = 160
_FUZZY = 92.0

_NUMBER = regex.compile(
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){1,4}\.?(?=\p{L})|(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?|[A-ZÅÄÖ]\.\d{0,2})(?=[)\s]))\)?\s*(?=[\p{L}”\"'])"
)
#: letters and marks as they stand in a class of `re`, which reads a text twice as fast as `regex` does but has no \\p{L}
LETTERS = "A-Za-zªµºÀ-ÖØ-öø-\u02c1\u0300-\u0374\u0376-\u037d\u0386\u0388-\u0481\u0483-\u1fff\u2c00-\u2dff\ufe00-\ufe0f"
#: the small and capital letters of the Latin alphabets, for the same use
SMALL, CAPITAL = ("".join(c for c in map(chr, range(0x250)) if category(c) == kind) for kind in ("Ll", "Lu"))
_WORD = re.compile(rf"[{LETTERS}0-9]+(?:[-/&’'][{LETTERS}0-9]+)*-?")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[-–/]\d{2,4})*")
_INNER_STOP = regex.compile(r"\p{Ll}{3}[.!?]\s+\p{Lu}")
_ITEM_MARK = regex.compile(r"(?:^|\s)\d{0,2}\s?[a-zåäö]\)\s*:?$")
_COUNTED = re.compile(r"(?P<noun>[^\d\n]{3,60}?)\s?\d{1,2}(?:\.\d{1,2}){0,3}[.:]?")
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


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The words of ``sections.toml`` in the forms in which they are looked up."""

    names: dict[str, str]
    by_letter: dict[str, tuple[str, ...]]
    contents: re.Pattern[str]
    contents_stems: tuple[str, ...]
    name: Terms
    word: Terms
    wording: Terms
    norm: frozenset[str]
    adjectives: frozenset[str]
    open: frozenset[str]
    closing: frozenset[str]
    start: frozenset[str]
    verb: frozenset[str]
    head: frozenset[str]
    pointer: frozenset[str]
    address: frozenset[str]
    date: frozenset[str]
    unit: frozenset[str]
    mark: frozenset[str]
    short: frozenset[str]
    common_endings: tuple[str, ...]
    verb_endings: tuple[str, ...]
    participle_endings: tuple[str, ...]
    apposition: frozenset[str]
    label: frozenset[str]
    things: tuple[Terms, ...]

    def counts(self, title: str) -> bool:
        """Whether a title is but the noun of a goal, a measure or a thing to be done with its number: "Verksamhetsmål 2"."""
        found = _COUNTED.fullmatch(title)
        return found is not None and self.is_thing(found["noun"])

    def is_thing(self, words: str) -> bool:
        """Whether words are the noun of goals, of their measures or of things to be done."""
        return any(terms.code(words) is not None for terms in self.things)

    @lru_cache(maxsize=4096)  # noqa: B019 -- there is one lexicon, kept as long as its vocabulary
    def bare(self, title: str) -> str:
        """A title folded, without the date, year, unit and punctuation that follow its words."""
        parts = title.casefold().split()
        if not parts:
            return ""
        last = parts[-1].strip(_TRIM + "()")
        if last and last not in self.unit and not last[-1].isdigit():
            return " ".join(parts).strip(_TRIM)
        words = [w.strip(_TRIM + "()") for w in parts]
        keep = len(words)
        while keep and (not words[keep - 1] or words[keep - 1] in self.unit):
            keep -= 1
        while keep and (not words[keep - 1] or _YEAR.fullmatch(words[keep - 1])):
            keep -= 1
        if keep < len(words):
            while keep and (words[keep - 1] in self.date or (words[keep - 1].isdigit() and len(words[keep - 1]) < 3)):
                keep -= 1
        return " ".join(parts[:keep]).strip(_TRIM + "(") if keep else " ".join(words)

    @lru_cache(maxsize=4096)  # noqa: B019
    def known(self, title: str) -> str | None:
        """The type of a title that is, as a whole or nearly, the name of a section."""
        code = self.names.get(title)
        if code is None and 7 < len(title) < 60:
            close = process.extractOne(title, self.by_letter.get(title[0], ()), scorer=fuzz.ratio, score_cutoff=_FUZZY)
            code = self.names[close[0]] if close else None
        return code


@lru_cache(maxsize=8)
def lexicon(vocabulary: Vocabulary) -> Lexicon:
    """The lexicon of a vocabulary, built once."""

    def words(group: str) -> frozenset[str]:
        return frozenset(fold(form) for forms in vocabulary["sections", group].forms.values() for form in forms)

    name = vocabulary["sections", "name"]
    goal = vocabulary["sections", "goal"]
    names = {fold(form): code for code, forms in name.forms.items() for form in forms}
    listed = "|".join(re.escape(form) for form in sorted(name["contents"], key=len, reverse=True))
    return Lexicon(
        names=names,
        by_letter={letter: tuple(n for n in names if n[0] == letter) for letter in {n[0] for n in names}},
        contents=re.compile(rf"[ \t]*(?:\d+[ \t]+)?(?P<name>{listed})\b:?", re.IGNORECASE),
        contents_stems=stems(fold(form) for form in name["contents"]),
        name=name,
        word=vocabulary["sections", "word"],
        wording=goal,
        norm=frozenset(goal["norm"]),
        closing=frozenset((*vocabulary["sections", "open"]["closing"], *vocabulary["sections", "open"]["phrase"])),
        adjectives=frozenset(form.split()[0].strip("*") for form in goal["wording"]),
        common_endings=vocabulary["sections", "ending"]["common"],
        verb_endings=vocabulary["sections", "ending"]["verb"],
        participle_endings=vocabulary["sections", "ending"]["participle"],
        apposition=frozenset(vocabulary["sections", "ending"]["apposition"]),
        things=(vocabulary["goals", "noun"], vocabulary["goals", "measure"], vocabulary["actions", "noun"]),
        mark=words("mark") | {fold(form) for forms in vocabulary["status", "cell"].forms.values() for form in forms},
        **{group: words(group) for group in ("open", "start", "verb", "head", "pointer", "address", "date", "unit", "short", "label")},
    )


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return _WORD.findall(text.casefold())


def split_number(text: str) -> tuple[str | None, str]:
    """A heading's printed number, without a closing full stop, and the rest."""
    found = _NUMBER.match(text) if text[:1].isdigit() or text[1:2] == "." else None
    if found is None or (found["number"].isdigit() and int(found["number"]) > 40):
        return None, text
    return found["number"].rstrip("."), text[found.end() :]


def depth(number: str | None) -> int | None:
    """The level that a printed number tells: ``4.1`` the second; None without a number, or where it is a letter."""
    return number.count(".") + 1 if number and number[0].isdigit() else None


def section_type(title: str, vocabulary: Vocabulary) -> str:
    """The most specific section type that a heading's own words carry; ``other`` if they carry none or word a goal.

    >>> from docmine.vocabulary import load_vocabulary
    >>> section_type("Viktiga händelser under 2017", load_vocabulary())
    'events'
    """
    return section_type_of(title, lexicon(vocabulary))


@lru_cache(maxsize=4096)
def section_type_of(title: str, lex: Lexicon) -> str:
    """`section_type` with the words at hand."""
    plain = fold(title.strip(_TRIM))
    text = lex.bare(title)
    for form in (plain, text):
        if code := lex.known(form):
            return code
    label, colon, rest = text.partition(":")
    if colon and rest.strip() and lex.names.get(label.strip()) == "goals":
        return "other"
    if colon and rest.strip() and " ".join(label.split()[:-1]) in lex.label:
        title = title.partition(":")[2]  # "Fokusområde 2: …": what it is about
        text = lex.bare(title)
    words = words_of(text)
    if lex.norm.intersection(words) and "som" not in words:
        return "other"
    opening = lex.wording.pattern.match(text)
    if opening is not None:
        return "other"
    parts = title.split()  # a later word with a capital is a name, unless all of weight have one
    named = {w for w in parts[1:] if w[0].isupper()}
    if named and any(w[0].islower() and w not in lex.open for w in parts):
        text = " ".join(w for i, w in enumerate(parts) if not i or w not in named)
    found = {code for code, _, _ in lex.word.finditer(text)}
    return "other" if not found else next((code for code in lex.word if code in found), "other")


def is_titlelike(text: str, lex: Lexicon) -> bool:
    """Whether a text could be a heading: short, opened by a capital or digit, no sentence, no row of figures."""
    text = split_number(text.strip())[1]
    if not 2 < len(text) <= MAX_CHARS or text[-1] in ".,;!":
        return False
    first = text[0] if text[0].isalpha() else next((c for c in text if c.isalnum()), "a")
    if first.islower() and not (text[0] == "e" and text[1:2] == "-"):
        return False
    parts = text.split()
    signs = "".join(parts)
    plain = signs.isalpha()
    words = [part.casefold() for part in parts] if plain else words_of(text)
    letters = len(signs) if plain else sum(map(str.isalpha, signs))
    if not words or len(words) > MAX_WORDS or letters < 3:
        return False
    if letters < 0.55 * len(signs) and letters < 0.55 * len("".join(_YEAR.sub("", text).split())):
        return False
    if (len(words) > 6 and _INNER_STOP.search(text, 30)) or (text[-1] in "):" and _ITEM_MARK.search(text)):
        return False
    ended = not lex.norm.isdisjoint(words) and not lex.closing.isdisjoint((words[-1], " ".join(words[-2:])))
    if (words[-1] in lex.open and not ended) or words[0] in lex.address or "@" in text or "www." in text:
        return False
    return " ".join(parts).casefold() not in lex.mark
