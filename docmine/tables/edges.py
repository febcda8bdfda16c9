"""What stands beside the figures of a row without being one of them: numbers of the next label or heading, signs of a trend.

Notes for a newcomer
--------------------
A run of figures goes on as long as nothing but white space stands between, so that it may hold the number with which the next label
begins ("29 år och yngre") or that of the next heading ("4.2 Prognos"). `cut_run` leaves them out; `signs_behind` gives each figure the
minus sign that stands behind it where the whole table prints its signs so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from docmine.tables.readings import Atom, Run
from docmine.vocabulary import Vocabulary

__all__ = ["TREND_SIGNS", "Cut", "cut_run", "is_marked", "loose_digits", "signs_before", "signs_behind"]

#: arrows and dots that tell a trend or a state at the end of a row
TREND_SIGNS = "→←↑↓↗↘↖↙➔➜➚➘⬆⬇➡⇧⇩⇨●◐◑○◯◔◕▲▼△▽►◄■□◆◇★☆✓✔✗✘☺☹\ufe0f"

_HEADING = regex.compile(r"((?:\d{1,2}\.){0,2})(\d{1,2})\.(\d{1,2})\.?\s+\p{Lu}\p{Ll}")
_POINT = regex.compile(r"\d\.\d{1,2}(?!\d)")
_NEXT_WORD = regex.compile(r"\s+(\p{Ll}+)")
_COUNTED = regex.compile(r"(?<!\d)\d{1,3}+(?:\s\d{3})*+\s+(\p{L}++)")
_OPEN_AGE = regex.compile(r"\+\s+\p{L}")
_MINUS = "-\u2010\u2011\u2212\u2013"
_SIGN_AT_END = regex.compile(rf"(?<=\d)[{_MINUS}](?=\s+\p{{Lu}}|\s*$)")
_MOST_DIGITS = 2  # of a number with which a label begins; three may be the end of a figure
_FAR = 20_000  # characters from one heading to the next at most
_ENOUGH = 3  # minus signs behind figures that show that all stand there


class Cut(NamedTuple):
    """A run without what belongs to the next label; ``headed`` says that the number of a heading follows."""

    run: Run
    headed: bool = False


def cut_run(text: str, run: Run, end: int, vocabulary: Vocabulary) -> Cut | None:
    """A run without the number at its end that begins a heading or the next label; None where nothing else is in it."""
    last = run.atoms[-1]
    if last.kind != "number" or not last.spaced:
        return _cut_range(text, run, end, vocabulary)
    if len(run.atoms) > 2 and _is_heading(text, last.start, end) and not any(_POINT.search(text, a.start, a.end) for a in run.atoms[:-1]):
        return Cut(_without(run, 1), headed=True)
    if not text[last.start : last.end].isdigit() or last.end - last.start > _MOST_DIGITS:
        return Cut(run)
    if _OPEN_AGE.match(text, run.end, end) is not None:  # "80+ med hemtjänst"
        return Cut(_without(run, 1)) if len(run.atoms) > 1 else None
    return Cut(_without(run, 1)) if len(run.atoms) > 2 and _counts(text, run, end, vocabulary) else Cut(run)


def _is_heading(text: str, start: int, end: int) -> bool:
    """Whether the number of a heading stands at ``start``: the heading before it has the number before it."""
    found = _HEADING.match(text, start, end)
    if found is None:
        return False
    outer, chapter, n = found.group(1), found.group(2), int(found.group(3))
    before = f"{outer}{chapter}.{n - 1}" if n > 1 else f"{outer}{chapter}"
    at = text.rfind(f"{before} ", max(0, start - _FAR), start)
    alone = at == 0 or (at > 0 and text[at - 1].isspace())
    return alone and text[at + len(before) + 1].isupper()


def _cut_range(text: str, run: Run, end: int, vocabulary: Vocabulary) -> Cut:
    """A run without the range at its end that begins the next label ("30–49 år")."""
    if len(run.atoms) < 5 or run.atoms[-2].kind != "sign" or not run.atoms[-3].spaced:
        return Cut(run)
    ends = [text[a.start : a.end] for a in (run.atoms[-3], run.atoms[-1])]
    is_range = all(e.isdigit() and len(e) <= _MOST_DIGITS for e in ends) and int(ends[0]) < int(ends[1])
    return Cut(_without(run, 3)) if is_range and _counts(text, run, end, vocabulary) else Cut(run)


def _counts(text: str, run: Run, end: int, vocabulary: Vocabulary) -> bool:
    """Whether the word after a run is one that labels count by ("år")."""
    word = _NEXT_WORD.match(text, run.end, end)
    return word is not None and vocabulary["flattened", "counted"].code(word.group(1)) is not None


def loose_digits(words: str, vocabulary: Vocabulary) -> int:
    """How many digits stand in some words, without the numbers of what labels count by ("per 1 000 invånare")."""
    counted = vocabulary["flattened", "counted"]
    told = sum(_digits(found.group()) for found in _COUNTED.finditer(words) if counted.code(found.group(1)) is not None)
    return _digits(words) - told


def _digits(words: str) -> int:
    return sum(c.isdigit() for c in words)


def _without(run: Run, n: int) -> Run:
    atoms = run.atoms[:-n]
    return run._replace(end=atoms[-1].end, atoms=atoms)


def is_marked(text: str, runs: Sequence[Run]) -> bool:
    """Whether signs of a trend or a state stand after the figures of several rows."""
    return sum(any(sign in TREND_SIGNS for sign in text[run.end : run.end + 3].split()) for run in runs) > 1


def signs_behind(text: str, runs: Sequence[Run]) -> tuple[Run, ...]:
    """The runs with each minus sign as part of the figure before it, if all signs stand so ("1 120- 1 180- 60"); else as they are.

    A sign that has only moved to the figure before it ("29,6– 1,2") never ends a row.
    """
    inside = [(a, after) for run in runs for a, after in zip(run.atoms, run.atoms[1:], strict=False) if a.kind == "sign"]
    ends = [_SIGN_AT_END.match(text, run.end) is not None for run in runs]
    if not any(ends) or sum(ends) + len(inside) < _ENOUGH or any(a.spaced or not after.spaced for a, after in inside):
        return tuple(runs)
    return tuple(_signed(run, sign) for run, sign in zip(runs, ends, strict=True))


def signs_before(text: str, runs: Sequence[Run]) -> tuple[Run, ...]:
    """The runs with the minus sign that stands between a label and the first figure, where minus signs part the figures too.

    "Hyror-301-296" is read so, as its columns have run together from the label on.
    """
    return tuple(_led_by_sign(text, run) for run in runs)


def _led_by_sign(text: str, run: Run) -> Run:
    close = run.start > 1 and text[run.start - 1] in _MINUS and text[run.start - 2].isalpha()
    if not close or run.atoms[0].kind != "number" or not any(a.kind == "sign" and not a.spaced for a in run.atoms):
        return run
    sign = Atom("sign", run.start - 1, run.start, " ")
    return run._replace(start=sign.start, atoms=(sign, run.atoms[0]._replace(before=""), *run.atoms[1:]))


def _signed(run: Run, sign: bool) -> Run:
    atoms: list[Atom] = []
    for atom in run.atoms:
        if atom.kind == "sign" and atoms:
            atoms[-1] = atoms[-1]._replace(end=atom.end)
        else:
            atoms.append(atom)
    if sign:
        atoms[-1] = atoms[-1]._replace(end=run.end + 1)
    return run._replace(end=atoms[-1].end, atoms=tuple(atoms))
