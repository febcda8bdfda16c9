"""The labels of the rows of a flattened table: where they stand before their figures, and with which names above them they are whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from docmine.tables.edges import TREND_SIGNS, is_marked
from docmine.tables.forms import Form
from docmine.tables.heads import Head
from docmine.tables.meaning import clean_label, read_unit
from docmine.tables.readings import Run
from docmine.vocabulary import Vocabulary

__all__ = ["LONG", "Name", "divides", "is_prose", "labels_of", "names_of", "strip"]

LONG = 8  # words of a label that is likely several labels
_NEXT_WORD = regex.compile(r"\s*([\p{L}§]+)")
_CLAUSE = regex.compile(r"\bsom\s+(?:inte\s+)?\w+(?:\s+\w+t\b)?")  # "elever som är behöriga" may well be a label
_BESIDE = regex.compile(r"\([^()]*\)|%|(?<!\d)\d++\s*$|^\s*[-–•]|^\s*\d{1,3}+(?:\s?[-–]\s?\d{1,3}+)?(?=\s)")
_WORD = regex.compile(r"\S+")
_CONTINUES = regex.compile(r"\s*(\p{Ll}[\p{Ll}\s,-]*?)\s+(?=\p{Lu})")


class Name(NamedTuple):
    """A row's own label at ``start:end`` and the label with the parents that it needs."""

    start: int
    end: int
    full: str


def is_prose(words: str, vocabulary: Vocabulary) -> bool:
    """Whether words of a sentence, as no label has them, are among some words."""
    return vocabulary["flattened", "prose"].search(_CLAUSE.sub(" ", words)) is not None


def divides(label: str, vocabulary: Vocabulary) -> bool:
    """Whether a label is a word such as "Totalt" or "Kvinnor (%)" that needs the name of what it divides."""
    return vocabulary["flattened", "divides"].code(_BESIDE.sub(" ", label)) is not None


def _is_total(label: str, vocabulary: Vocabulary) -> bool:
    found = vocabulary["columns", "total"].search(label)
    return found is not None and found[1] == 0


def _measures(label: str, vocabulary: Vocabulary) -> bool:
    """Whether a label begins with a word such as "Andel" that begins the name of an indicator."""
    found = vocabulary["columns", "name_unit"].search(label)
    return found is not None and found[1] == 0


def labels_of(
    text: str, opens: int, heads: Sequence[Head], runs: Sequence[Run], form: Form, begins: int, vocabulary: Vocabulary
) -> list[tuple[int, int]]:
    """The span of each row's label: after the head or the last row's figures, before its own figures.

    Where rows or cells stand on lines of their own, the label is the last line, with the one before where it goes on from it.
    None begins before ``begins``.
    """
    first = heads[-1].end if heads else opens
    if heads and is_marked(text, runs) and (word := _NEXT_WORD.match(text, first, runs[0].start)) is not None:
        first = word.end() if vocabulary["columns", "head"].code(word.group(1)) == "status" else first
    starts = [max(first, begins), *(run.end for run in runs[:-1])]
    spans = [strip(text, a, run.start) for a, run in zip(starts, runs, strict=True)]
    return spans if form == "running" else [_last_line(text, a, b) for a, b in spans]


def _last_line(text: str, start: int, end: int) -> tuple[int, int]:
    line = max(text.rfind("\n", start, end) + 1, start)
    while line > start and text[line].islower():
        line = max(text.rfind("\n", start, line - 1) + 1, start)
    return strip(text, line, end)


def strip(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch of text without the white space and the signs of a trend at its ends."""
    while start < end and (text[start].isspace() or text[start] in TREND_SIGNS):
        start += 1
    while end > start and (text[end - 1].isspace()):
        end -= 1
    return start, end


def segments(text: str, start: int, end: int, vocabulary: Vocabulary) -> list[tuple[int, int]]:
    """Where labels may begin in words that stand together without a mark between them: at capitals that nothing leads up to.

    A capital after a small word ("i Exby", "och Norrvik"), a comma or a dash goes on with the label before it.
    """
    joins = vocabulary["flattened", "joins"]
    opening = vocabulary["columns", "name_unit"]
    starts: list[int] = []
    before = ""
    for word in _WORD.finditer(text, start, end):
        capital = word.group()[:1].isupper() and not before.isdigit() and not before.endswith((",", "-", "–", "/", "&", "("))
        if not starts or (capital and (joins.code(before) is None or opening.code(word.group()) is not None)):
            starts.append(word.start())
        before = word.group()
    return [strip(text, a, b) for a, b in zip(starts, [*starts[1:], end][: len(starts)], strict=True)]


def names_of(
    text: str, titled: int, heads: Sequence[Head], labels: Sequence[tuple[int, int]], form: Form, vocabulary: Vocabulary
) -> tuple[str | None, list[Name]]:
    """The table's title and each row's label, with the parents that it needs."""
    joins = vocabulary["flattened", "joins"]
    start, end = labels[0]
    above = _before_colon(text, titled, heads[0].start if heads[0].over is None else heads[0].over, vocabulary) if heads else []
    parts = segments(text, start, end, vocabulary) if form == "running" else [labels[0]]
    last = text[slice(*parts[-1])] if len(parts) > 1 else ""
    if (not heads and form == "running") or (
        last
        and (
            divides(last, vocabulary)
            or _measures(last, vocabulary)
            or is_prose(text[start:end], vocabulary)
            or len(text[start:end].split()) > LONG
        )
    ):
        lead, parts = parts[:-1], parts[-1:]
    else:
        lead = []
    while len(above) > 1 and _heads_labels(text[slice(*above[-1])], vocabulary):
        above = above[:-1]
    title = next((" ".join(text[slice(*found[-1])].split()) for found in (above, lead) if found), None)
    group = clean_label(text[slice(*lead[-1])]) if lead else clean_label(title or "")
    names: list[Name] = []
    whole = ""
    for r, (a, b) in enumerate(labels):
        if r == 0:
            a = parts[0][0] if parts else a
        elif form == "running":
            goes_on = _CONTINUES.match(text, a, b)
            words = names[-1].full.split()
            if goes_on and words and joins.code(words[-1]) is not None:
                names[-1] = names[-1]._replace(full=f"{names[-1].full} {goes_on.group(1)}")
                a = goes_on.end()
            found = segments(text, a, b, vocabulary)
            if len(found) > 1 and divides(text[slice(*found[-1])], vocabulary):
                group, whole, a = clean_label(text[slice(*found[-2])]), "", found[-1][0]
            elif len(found) > 1 and (
                len(text[a:b].split()) > LONG or _measures(text[slice(*found[-1])], vocabulary) or is_prose(text[a:b], vocabulary)
            ):
                a = found[-1][0]
        own = clean_label(text[a:b])
        if divides(own, vocabulary):
            above_all = bool(whole) and _is_total(own, vocabulary)  # the total of the rows above, not of a group
            over, _, sibling = group.rpartition(", ")
            apart = vocabulary["columns", "group"]
            over = over if apart.code(sibling) is not None and apart.code(own) is not None else group  # "Elever, flickor" and then "pojkar"
            full = f"{over}, {own}" if over and not above_all else own
        elif own[:1].islower() and whole:
            parted = whole.split()
            part = vocabulary["columns", "part"].code(parted[0]) is None and vocabulary["columns", "part"].search(own) is not None
            full = f"{whole if part or len(parted) < 2 or not parted[-1][0].islower() else ' '.join(parted[:-1])}, {own}"
        else:
            full = whole = group = own
        names.append(Name(a, b, full))
    return title, names


def _heads_labels(words: str, vocabulary: Vocabulary) -> bool:
    """Whether the last words before the heads are the head of the labels' own column ("Verksamhet", "Belopp i tkr")."""
    plain = words.strip(" ()")
    heads = vocabulary["columns", "head"]
    return heads.code(plain) is not None or (read_unit(plain, vocabulary) is not None and heads.code(plain.split()[0]) is not None)


def _before_colon(text: str, start: int, end: int, vocabulary: Vocabulary) -> list[tuple[int, int]]:
    """The labels that stand before a remark ("Riktvärde: snittet i länet; 80") or, without one, before the end."""
    colon = text.find(":", start, end)
    found = segments(text, start, end if colon < 0 else colon, vocabulary)
    return found if colon < 0 else found[:-1] or found
