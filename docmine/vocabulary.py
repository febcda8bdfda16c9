"""The Swedish words docmine knows, read from the TOML files in ``docmine/vocabulary/``.

A file is a set of groups; a group maps a code to the surface forms that stand for it::

    [type]
    goals = ["måluppföljning", "mål och resultat", "*styrkort"]

A ``*`` at either end of a form lets the word go on there (compounds and inflections); a space stands for any white space.
Matching ignores case. An empty group is a `VocabularyError`; so is, in a group whose codes are closed (`CODES`), an unknown
code or a form that stands under two.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any

from docmine import schema
from docmine.errors import VocabularyError
from docmine.records import fold

__all__ = ["Terms", "Vocabulary", "either_of", "fold", "load_vocabulary", "pattern_of"]

#: groups whose codes are closed; in the others a code is whatever its reader asks for
CODES: dict[tuple[str, str], frozenset[str]] = {
    ("actions", "noun"): frozenset(schema.ACTION_TYPES),
    ("actions", "column"): frozenset(schema.ACTION_TYPES),
    ("columns", "unit"): frozenset({*schema.UNITS, *schema.MONEY_UNITS}),
    ("documents", "type"): frozenset(schema.DOC_TYPES),
    ("goals", "noun"): frozenset(schema.GOAL_LEVELS),
    ("goals", "column"): frozenset(schema.GOAL_LEVELS),
    ("lines", "line"): frozenset(schema.LINES),
    ("money", "unit"): frozenset(schema.MONEY_UNITS),
    ("money", "bare_unit"): frozenset(schema.MONEY_UNITS),
    ("numbers", "comparator"): frozenset(schema.COMPARATORS),
    ("sections", "name"): frozenset(schema.SECTION_TYPES),
    ("sections", "word"): frozenset(schema.SECTION_TYPES),
    ("status", "cell"): frozenset(schema.STATUSES),
    ("status", "grade"): frozenset(schema.STATUSES),
    ("units", "unit"): frozenset(schema.UNITS),
    ("units", "money"): frozenset(schema.MONEY_UNITS),
}


def pattern_of(*forms: str) -> str:
    """The regular expression that matches any of the forms, with their ``*`` and white space understood.

    The forms are merged into a tree of their letters, so that a text is matched against all of them at once: a plain
    alternation of some hundred forms costs twenty times as much.
    """
    at_start, inside = (either_of(f.lstrip("*") for f in forms if f.startswith("*") is starred) for starred in (False, True))
    either = "|".join(filter(None, (at_start, inside and rf"\w*?{inside}")))
    return rf"(?<!\w)(?:{either})(?!\w)"


def either_of(forms: Iterable[str]) -> str:
    """As `pattern_of`, for forms that may stand within a word."""
    root: dict[str, Any] = {}
    for form in forms:
        node = root
        for letter in fold(form):
            node = node.setdefault(letter, {})
        node.setdefault("", {})
    return _branches(root)


def _branches(node: dict[str, Any]) -> str:
    branches = []
    for letter, rest in node.items():
        if letter == "*":  # goes on to the end of the word; nothing follows it
            branches.append(r"\w*")
        elif letter:
            branches.append((r"\s+" if letter == " " else re.escape(letter)) + _branches(rest))
    if len(branches) == 1 and "" not in node:  # no group: most of the time of compiling a pattern goes into its groups
        return branches[0]
    return f"(?:{'|'.join(branches)}){'?' if '' in node else ''}" if branches else ""


_WORD = re.compile(r"\w+")
#: the part of a form that lies in its first word
_OPENING = re.compile(r"\*?\w+\*?")
#: a text of so many characters is worth an index of its words once so much of it was asked for
_LONG, _ENOUGH = 2000, 0.25
_MOST_WORDS = 100_000


def _is_letter(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _word_end(text: str, pos: int, end: int) -> int:
    """The end of a part, moved back to the start of the word that it cuts."""
    if end < len(text):
        while pos < end and _is_letter(text[end]) and _is_letter(text[end - 1]):
            end -= 1
    return end


class _Opening:
    """The words with which a form may begin; learnt word by word, as reports share most of their words."""

    def __init__(self, openings: Iterable[str]) -> None:
        self._find = re.compile(rf"\n({pattern_of(*openings)})(?=\n)", re.IGNORECASE).findall
        self._known: set[str] = set()
        self._found: set[str] = set()

    def among(self, words: frozenset[str]) -> Set[str]:
        """Those of the words with which a form may begin, and maybe others."""
        if not words <= self._known:
            new = words - self._known
            if len(self._known) > _MOST_WORDS:
                self._known, self._found, new = set(), set(), words
            self._found.update(self._find("\n{}\n".format("\n\n".join(new))))
            self._known |= new
        return self._found


class _Index:
    """Where the words of a long text stand, so that it is walked through once for all `Terms` together."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: dict[_Opening, list[int]] = {}
        self._asked: dict[_Opening, int] = defaultdict(int)

    @cached_property
    def _starts(self) -> dict[str, list[int]]:
        starts: dict[str, list[int]] = defaultdict(list)
        at = 0
        for word in _WORD.findall(self._text):  # finding them again one by one takes less than a match object for each
            at = self._text.index(word, at)
            starts[word].append(at)
            at += len(word)
        return starts

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(self._starts)

    def places(self, opening: _Opening, pos: int, end: int) -> list[int] | None:
        """Where the words of a part begin with which a form may; None while so little was asked for that looking it through is cheaper."""
        places = self._places.get(opening)
        if places is None:
            self._asked[opening] += end - pos
            if self._asked[opening] < _ENOUGH * len(self._text):
                return None
            words = self._words & opening.among(self._words)
            places = self._places[opening] = sorted(chain.from_iterable(map(self._starts.__getitem__, words)))
        return places[bisect_left(places, pos) : bisect_left(places, end)]


_index = lru_cache(maxsize=2)(_Index)


@lru_cache(maxsize=64)  # a sentence is asked about for one thing after another
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


@dataclass(frozen=True)
class Terms(Mapping[str, tuple[str, ...]]):
    """One group of a vocabulary file: codes and their forms, with the matchers compiled once."""

    name: str
    forms: dict[str, tuple[str, ...]]

    def __getitem__(self, code: str) -> tuple[str, ...]:
        return self.forms[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.forms)

    def __len__(self) -> int:
        return len(self.forms)

    def __hash__(self) -> int:
        return id(self)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches any form anywhere in a text; case is ignored."""
        return re.compile(pattern_of(*(f for forms in self.forms.values() for f in forms)), re.IGNORECASE)

    @cached_property
    def _codes(self) -> Callable[[str], str | None]:
        exact = {fold(f): code for code, forms in reversed(self.forms.items()) for f in reversed(forms)}
        open_ended = {code: [f for f in forms if "*" in f] for code, forms in self.forms.items()}
        patterns = {code: re.compile(pattern_of(*forms), re.IGNORECASE) for code, forms in open_ended.items() if forms}

        @lru_cache(maxsize=4096)
        def code_of(text: str) -> str | None:
            folded = fold(text)
            return exact.get(folded) or next((code for code, pattern in patterns.items() if pattern.fullmatch(folded)), None)

        return code_of

    def code(self, text: str) -> str | None:
        """The code of a text that is, as a whole, one of the forms; None if it is not."""
        return self._codes(text)

    @cached_property
    def _opening(self) -> _Opening | None:
        """The words with which a form may begin; None where one begins with a sign."""
        openings = [_OPENING.match(f) for forms in self.forms.values() for f in forms]
        return _Opening(o.group() for o in openings if o) if all(openings) else None

    def search(self, text: str, pos: int = 0, endpos: int | None = None) -> tuple[str, int, int] | None:
        """Code, start and end of the first and longest form in the text; None if there is none."""
        return next(self.finditer(text, pos, endpos), None)

    def finditer(self, text: str, pos: int = 0, endpos: int | None = None) -> Iterator[tuple[str, int, int]]:
        """Code, start and end of every form in the text, from left to right, the longest at each place; none ends in a word that is cut."""
        end = len(text) if endpos is None else min(endpos, len(text))
        opening = self._opening
        places: list[int] | None = None
        if opening is not None:  # most texts hold no word with which a form may begin
            if len(text) >= _LONG:
                places = _index(text).places(opening, pos, end)
                if places is not None and not places:
                    return iter(())
            elif (words := _words(text)).isdisjoint(opening.among(words)):
                return iter(())
        end = _word_end(text, pos, end)
        return self._coded(self.pattern.finditer(text, pos, end) if places is None else self._matches(text, places, end))

    def _matches(self, text: str, places: Iterable[int], end: int) -> Iterator[re.Match[str]]:
        at = 0
        for place in places:
            found = self.pattern.match(text, place, end) if place >= at else None
            if found is not None:
                yield found
                at = found.end()

    def _coded(self, matches: Iterable[re.Match[str]]) -> Iterator[tuple[str, int, int]]:
        for found in matches:
            code = self.code(found.group())
            if code is not None:
                yield code, found.start(), found.end()


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All groups of all files; ``vocabulary["sections", "type"]`` is one of them.

    A value that is handed down: whatever is compiled from it is kept by it, so that two can be used one after the other.

    Parameters
    ----------
    groups : dict
        By file and group.
    kommuner : dict
        What holds for the reports of a kommun, by its folded name.
    source : str
        The text of the file that was added to the package's words; empty where there is none.
    """

    groups: dict[tuple[str, str], Terms] = field(default_factory=dict)
    kommuner: dict[str, Vocabulary] = field(default_factory=dict)
    source: str = ""

    def __getitem__(self, key: tuple[str, str]) -> Terms:
        return self.groups[key]

    def of_kommun(self, name: str | None) -> Vocabulary:
        """The vocabulary for reports of a kommun: this one, where nothing was added for that kommun alone."""
        return self.kommuner.get(fold(name), self) if name and self.kommuner else self


def _read(name: str, data: Mapping[str, Any]) -> dict[tuple[str, str], Terms]:
    groups: dict[tuple[str, str], Terms] = {}
    for group, codes in data.items():
        if not isinstance(codes, dict) or not codes:
            raise VocabularyError(f"{name}.toml: group [{group}] is empty", "give it at least one code with forms")
        allowed = CODES.get((name, group))
        forms: dict[str, tuple[str, ...]] = {}
        seen: dict[str, str] = {}
        for code, given in codes.items():
            if allowed is not None and code not in allowed:
                raise VocabularyError(f"{name}.toml: [{group}] has the unknown key {code!r}", f"known are {', '.join(sorted(allowed))}")
            if not isinstance(given, list) or not given or not all(isinstance(f, str) and f.strip("* ") for f in given):
                raise VocabularyError(f"{name}.toml: [{group}] {code} must be a list of words that is not empty")
            for form in given:
                if seen.setdefault(fold(form), code) != code and allowed is not None:
                    raise VocabularyError(f"{name}.toml: [{group}] {form!r} stands under {seen[fold(form)]} and {code}")
            forms[code] = tuple(given)
        groups[name, group] = Terms(f"{name}.{group}", forms)
    return groups


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """The vocabulary that ships with the package, read and validated once."""
    groups: dict[tuple[str, str], Terms] = {}
    folder = files("docmine") / "vocabulary"
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            name = path.name.removesuffix(".toml")
            try:
                data = tomllib.loads(path.read_text(encoding="utf-8"))
            except tomllib.TOMLDecodeError as error:
                raise VocabularyError(f"{path.name}: {error}") from error
            groups.update(_read(name, data))
    return Vocabulary(groups)
