"""Words of one's own: a TOML file that adds to the vocabulary of the package, for all reports or for those of one kommun.

The groups are those of the package, named ``file.group``; what stands under ``kommun`` holds for reports of that kommun only::

    [sections.name]
    goals = ["så gick det"]

    [kommun."Sjöholma".status.cell]
    partly_achieved = ["halvvägs"]

A form of one's own goes before the same form of the package. Nothing is passed over: what has no effect is a `VocabularyError`.
"""

from __future__ import annotations

import os
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from docmine.errors import VocabularyError
from docmine.records import fold
from docmine.vocabulary import CODES, Terms, Vocabulary, load_vocabulary

__all__ = ["ADDABLE", "open_vocabulary", "parse_vocabulary", "synonym"]

Key = tuple[str, str]

#: the groups that can be added to, and what their words are
ADDABLE: dict[Key, str] = {
    ("sections", "name"): "whole headings, by the type of their section",
    ("sections", "word"): "words in headings, by the type of the section",
    ("status", "cell"): "verdicts: cells of a column of status, signs, what legends say",
    ("status", "grade"): "grades, as in “måluppfyllelsen är god”",
    ("status", "opening"): "words of status that open what is said of a thing to be done",
    ("status", "lead"): "words before the colon that leads in a verdict",
    ("status", "column"): "heads of columns of verdicts",
    ("columns", "measure"): "what heads of columns say that the figures are",
    ("columns", "head"): "heads of columns of words",
    ("columns", "unit"): "units in heads, captions and labels of tables",
    ("columns", "name_unit"): "words in names of indicators that tell a unit",
    ("columns", "total"): "labels of rows that sum up others",
    ("units", "unit"): "units of indicators in running text",
    ("units", "money"): "units of money that values of indicators have in running text",
    ("units", "per"): "what money is counted by",
    ("units", "noun"): "nouns whose figures are of a unit when none is printed",
    ("money", "unit"): "units of money in running text",
    ("goals", "noun"): "nouns that label goals, by their level",
    ("goals", "measure"): "nouns that label indicators",
    ("goals", "column"): "heads of columns of goals",
    ("actions", "noun"): "nouns that label things to be done, by their type",
    ("actions", "column"): "heads of columns of things to be done",
    ("indicators", "noun"): "nouns that names of indicators have in running text",
    ("indicators", "synonym"): "other names of an indicator, by the name under which it is compared",
    ("bodies", "base"): "last parts of the names of bodies, by their base form",
    ("bodies", "adjective"): "words that stand before nämnden as part of its name",
    ("bodies", "common"): "bodies that every report mentions, and that issue only those whose title says so",
    ("kommuner", "kommun"): "kommuner, by their four digits",
    ("documents", "type"): "kinds of documents, by the words of their titles",
    ("lines", "line"): "lines of the statements",
}
#: groups in which a code may be new
_OPEN = frozenset({("indicators", "synonym"), ("bodies", "base"), ("kommuner", "kommun")})
#: groups whose forms are looked up as they stand, so that a star would be looked up, too
_PLAIN = frozenset({
    ("sections", "name"), ("units", "unit"), ("units", "money"), ("money", "unit"), ("bodies", "base"), ("bodies", "adjective"),
    ("bodies", "common"), ("kommuner", "kommun"), ("documents", "type"),
})  # fmt: skip
#: groups by which the kommun itself is found
_BEFORE = frozenset({"kommuner"})
_KOMMUN, _KOMMUNER = "kommun", ("kommuner", "kommun")
_KOMMUN_CODE = re.compile(r"\d{4}")
_STAR = re.compile(r"\*?[^*]*\*?")
_TABLE = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?$")
_ENTRY = re.compile(r"\s*([^=#\[\]]+?)\s*=")
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def open_vocabulary(given: str | os.PathLike[str] | Vocabulary | None = None) -> Vocabulary:
    """The vocabulary of the package, with what a file of one's own adds.

    Parameters
    ----------
    given : str, path or Vocabulary, optional
        The TOML file; a vocabulary that is open already is given back. The package's own if left out.

    Raises
    ------
    VocabularyError
        If the file cannot be read, or has a file, group, code or kommun that is not known, a form that is empty or stands under
        two codes, or no TOML at all; the message names file and line.
    """
    if given is None or isinstance(given, Vocabulary):
        return given or load_vocabulary()
    name = os.fspath(given)
    try:
        text = Path(name).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise VocabularyError(f"{name}: is not UTF-8 (byte {error.start})", "save it with that encoding") from None
    except (OSError, ValueError) as error:
        raise VocabularyError(f"{name}: cannot be opened: {getattr(error, 'strerror', None) or error}", "check the path") from None
    return parse_vocabulary(text, name)


@lru_cache(maxsize=8)  # so that what was compiled for it serves the next call, too
def parse_vocabulary(text: str, name: str = "vocabulary") -> Vocabulary:
    """As `open_vocabulary`, from the text of a file; ``name`` is what errors call it."""
    text = unicodedata.normalize("NFC", text)  # as reports are
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = at[1] if at and at[1] else len(text.splitlines())
        complaint = f"{name}, line {line}: is no TOML: {_AT_LINE.sub('', str(error))}"
        hint = 'lists look like goals = ["så gick det"]; a name with å, ä, ö or a space stands in quotation marks, too'
        raise VocabularyError(complaint, hint) from None
    file = _File(name, text)
    parts = dict(_tables(data, file, ()))
    scoped = parts.pop(_KOMMUN, {})
    groups = _joined(load_vocabulary().groups, parts, file, ())
    kommuner: dict[str, Vocabulary] = {}
    for kommun, inner in _tables(scoped, file, (_KOMMUN,)):
        place = (_KOMMUN, kommun)
        words = Vocabulary(_joined(groups, dict(_tables(inner, file, place)), file, place))
        for known in _named(kommun, groups[_KOMMUNER], file, place):
            if kommuner.setdefault(known, words) is not words:
                raise file.error(place, f"{kommun!r} is a kommun that stands here under another name", "put its words together")
    return Vocabulary(groups, kommuner, text)


def synonym(name: str, vocabulary: Vocabulary, kommun: str | None = None) -> str | None:
    r"""The name under which an indicator is compared, as ``indicators.synonym`` tells; None where it does not.

    >>> words = parse_vocabulary('[indicators.synonym]\n"Sjukfrånvaro" = ["Sjukskrivningstal*"]')
    >>> synonym("sjukskrivningstalet", words), synonym("sjukfrånvaro", words), synonym("Väntetid", words)
    ('Sjukfrånvaro', 'Sjukfrånvaro', None)
    """
    known = vocabulary.of_kommun(kommun).groups.get(("indicators", "synonym"))
    if known is None:
        return None
    return known.code(name) or next((common for common in known if fold(common) == fold(name)), None)


class _File(NamedTuple):
    """A file of one's own, for what is said of its errors."""

    name: str
    text: str

    def error(self, path: tuple[str, ...], message: str, hint: str, form: str | None = None) -> VocabularyError:
        """An error of a table, a key or a form, with the line on which it stands."""
        return VocabularyError(f"{self.name}, line {self._line(path, form)}: {message}", hint)

    def _line(self, path: tuple[str, ...], form: str | None) -> int:
        places = _places(self.text)
        line = next((places[path[:n]] for n in range(len(path), 0, -1) if path[:n] in places), 1)
        following = enumerate(self.text.splitlines()[line - 1 :], line)
        return next((n for n, words in following if form in words), line) if form else line


def _places(text: str) -> dict[tuple[str, ...], int]:
    """The lines on which the tables and keys of a TOML text begin, which its parser does not tell."""
    places: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if (head := _TABLE.match(line)) is not None:
            table = path = _path(head[1])
        else:
            entry = _ENTRY.match(line)
            path = (*table, *_path(entry[1])) if entry is not None else ()
        for n in range(1, len(path) + 1):
            places.setdefault(path[:n], number)
    return places


def _path(words: str) -> tuple[str, ...]:
    """The parts of a dotted key; none where it is only the beginning of a value."""
    try:
        inner: Any = tomllib.loads(f"{words} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    path = []
    while isinstance(inner, dict):
        ((key, inner),) = inner.items()
        path.append(key)
    return tuple(path)


def _tables(data: dict[str, Any], file: _File, path: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tables in a table, in which nothing else may stand."""
    for key, inner in data.items():
        if not isinstance(inner, dict) or not inner:
            place = (*path, key)
            raise file.error(place, f"[{'.'.join(place)}] is empty or no table", "words stand under [file.group], as in [sections.name]")
        yield key, inner


def _named(kommun: str, known: Terms, file: _File, path: tuple[str, ...]) -> list[str]:
    """The folded names of a kommun, given by one of them or by its code."""
    names = known.get(kommun) or next((forms for forms in known.values() if fold(kommun) in map(fold, forms)), None)
    if names is None:
        near = _near(kommun, [form for forms in known.values() for form in forms])
        raise file.error(path, f"no kommun is called {kommun!r}", f'{near}add it as [kommuner.kommun] "9901" = ["{kommun}"]')
    return [fold(name) for name in names]


def _near(word: str, known: list[str]) -> str:
    close = get_close_matches(word, known, 1)
    return f"did you mean {close[0]!r}? " if close else ""


def _joined(shipped: Mapping[Key, Terms], data: dict[str, Any], file: _File, path: tuple[str, ...]) -> dict[Key, Terms]:
    """The groups with what is added to some of them; the others are the same objects, so that nothing is compiled twice."""
    groups = dict(shipped)
    for part, inner in data.items():
        for group, codes in _tables(inner, file, (*path, part)):
            key, place = (part, group), (*path, part, group)
            _check_group(key, file, place)
            groups[key] = _added(key, shipped.get(key) or Terms(".".join(key), {}), codes, file, place)
    return groups


def _check_group(key: Key, file: _File, path: tuple[str, ...]) -> None:
    if key in ADDABLE and not (path[0] == _KOMMUN and key[0] in _BEFORE):
        return
    said = f"[{'.'.join(path)}]"
    if key in ADDABLE:
        raise file.error(path, f"{said} tells which kommun a report is of, and cannot depend on it", f"put it under [{'.'.join(key)}]")
    files = list(dict.fromkeys(file for file, _ in ADDABLE))
    if key[0] not in files:
        raise file.error(path, f"{said}: {key[0]!r} has no words to add to", f"{_near(key[0], files)}files are {', '.join(files)}")
    inside = [group for file, group in ADDABLE if file == key[0]]
    raise file.error(path, f"{said}: {key[1]!r} cannot be added to", f"{_near(key[1], inside)}in {key[0]} these can: {', '.join(inside)}")


def _added(key: Key, terms: Terms, given: dict[str, Any], file: _File, path: tuple[str, ...]) -> Terms:
    """A group with forms of one's own; where the package has one of them under another code, it has it no longer."""
    allowed = CODES.get(key, frozenset(terms))
    own: dict[str, str] = {}
    forms = {}
    for code, words in given.items():
        here = (*path, code)
        if code not in allowed and key not in _OPEN:
            known = sorted(allowed)
            raise file.error(here, f"[{'.'.join(path)}] has no code {code!r}", f"{_near(code, known)}known are {', '.join(known)}")
        if key == _KOMMUNER and not _KOMMUN_CODE.fullmatch(code):
            raise file.error(here, f"the code of a kommun has four digits, not {code!r}", "take one from 9900 on for one that has none")
        if not isinstance(words, list) or not words:
            raise file.error(here, f"[{'.'.join(path)}] {code} must be a list of words that is not empty", f'write {code} = ["…"]')
        forms[code] = tuple(_form(word, key, file, here) for word in words)
        for form in forms[code]:
            if own.setdefault(fold(form), code) != code:
                raise file.error(here, f"{form!r} stands under {own[fold(form)]} and {code}", "keep one of them", form)
    joined = {code: tuple(form for form in there if own.get(fold(form), code) == code) for code, there in terms.items()}
    for code in load_vocabulary().groups.get(key, ()):
        if not joined[code]:  # its readers count on some
            lost = terms[code][0]
            raise file.error((*path, own[fold(lost)]), f"{lost!r} is all that [{'.'.join(key)}] {code} has", "leave it there", lost)
    for code, added in forms.items():
        joined[code] = (*joined.get(code, ()), *(form for form in added if form not in joined.get(code, ())))
    return Terms(terms.name, joined)


def _form(word: Any, key: Key, file: _File, path: tuple[str, ...]) -> str:
    if not isinstance(word, str):
        raise file.error(path, f"{word!r} is no word", "put it in quotation marks", str(word))
    form = " ".join(word.split())
    if not form.strip("* "):
        raise file.error(path, f"{word!r} is an empty form", "take it out", f'"{word}"')
    if "*" in form and (key in _PLAIN or not _STAR.fullmatch(form)):
        where = f"forms of {'.'.join(key)} stand for themselves" if key in _PLAIN else "a star stands at either end of a form"
        raise file.error(path, f"the star in {word!r} cannot be understood: {where}", "write each form out", word)
    return form
