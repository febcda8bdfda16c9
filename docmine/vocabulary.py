"""The Swedish words docmine knows, read from the TOML files in ``docmine/vocabulary/``.

A file is a set of groups; a group maps a code to the surface forms that stand for it::

    [type]
    goals = ["måluppföljning", "mål och resultat", "*styrkort"]

A ``*`` at either end of a form lets the word go on there (compounds and inflections); a space stands for any white space.
Matching ignores case. An unknown file, group or code, an empty group or a form given twice in a group is a `VocabularyError`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

import regex

from docmine.errors import VocabularyError
from docmine.records import fold

__all__ = ["Terms", "Vocabulary", "load_vocabulary"]

#: file → group → the codes allowed there; None allows any code
GROUPS: dict[str, dict[str, frozenset[str] | None]] = {}


def pattern_of(form: str) -> str:
    """The regular expression that matches a form, with its ``*`` and white space understood."""
    left, right = form.startswith("*"), form.endswith("*")
    core = r"\s+".join(regex.escape(w) for w in form.strip("*").split())
    before = r"(?<!\w)\w*" if left else r"(?<!\w)"
    after = r"\w*" if right else r"(?!\w)"
    return f"{before}{core}{after}"


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
    def _exact(self) -> dict[str, str]:
        return {fold(f): code for code, forms in self.forms.items() for f in forms}

    @cached_property
    def pattern(self) -> regex.Pattern[str]:
        """Matches any form anywhere in a text, the longest first; case is ignored."""
        forms = sorted((f for fs in self.forms.values() for f in fs), key=len, reverse=True)
        return regex.compile("|".join(map(pattern_of, forms)), regex.IGNORECASE)

    @cached_property
    def _by_code(self) -> dict[str, regex.Pattern[str]]:
        longest = {c: sorted(fs, key=len, reverse=True) for c, fs in self.forms.items()}
        return {c: regex.compile("|".join(map(pattern_of, fs)), regex.IGNORECASE) for c, fs in longest.items()}

    def code(self, text: str) -> str | None:
        """The code of a text that is, as a whole, one of the forms; None if it is not."""
        found = self._exact.get(fold(text))
        if found is not None:
            return found
        return next((c for c, p in self._by_code.items() if p.fullmatch(text.strip())), None)

    def search(self, text: str, pos: int = 0, endpos: int | None = None) -> tuple[str, int, int] | None:
        """Code, start and end of the first and longest form in the text; None if there is none."""
        found = self.pattern.search(text, pos, endpos)
        if found is None:
            return None
        code = self.code(found.group())
        return None if code is None else (code, found.start(), found.end())

    def finditer(self, text: str, pos: int = 0, endpos: int | None = None) -> Iterator[tuple[str, int, int]]:
        """Code, start and end of every form in the text, from left to right, the longest at each place."""
        for found in self.pattern.finditer(text, pos, endpos):
            code = self.code(found.group())
            if code is not None:
                yield code, found.start(), found.end()


@dataclass(frozen=True)
class Vocabulary:
    """All groups of all files; ``vocabulary["sections", "type"]`` is one of them."""

    groups: dict[tuple[str, str], Terms] = field(default_factory=dict)

    def __getitem__(self, key: tuple[str, str]) -> Terms:
        return self.groups[key]

    def __hash__(self) -> int:
        return id(self)


def _read(name: str, data: Mapping[str, Any]) -> dict[tuple[str, str], Terms]:
    groups: dict[tuple[str, str], Terms] = {}
    for group, codes in data.items():
        if not isinstance(codes, dict) or not codes:
            raise VocabularyError(f"{name}.toml: group [{group}] is empty", "give it at least one code with forms")
        allowed = GROUPS.get(name, {}).get(group, None)
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
