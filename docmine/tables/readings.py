"""How a run of figures can be read: which digit groups, signs and gaps make which cells.

In running text the columns of a row stand close together (``-189 120-179 773-9 347``, ``61 240 61 240 61 240``). `lex` cuts a
text into runs of atoms (digit groups, signs, decimals); `readings` lists, for each number of cells, the cheapest ways to
group the atoms of a run into cells. Cost is evidence against a reading, about that of a factor of e for each 1.0. Which of
them is right is decided by the whole table (`docmine.tables.flattened`), never by one row alone.
"""

from __future__ import annotations

import re
from bisect import insort
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import log10
from operator import attrgetter, itemgetter
from typing import NamedTuple

import regex

from docmine.swedish import parse_number
from docmine.vocabulary import load_vocabulary

__all__ = [
    "MAX_CELLS",
    "Atom",
    "Figure",
    "Partial",
    "Reading",
    "Run",
    "Style",
    "figures_of",
    "lengthen",
    "lex",
    "named_by_number",
    "readings",
    "size_of",
    "style_of",
]

MAX_CELLS = 14
_MAX_ATOMS = 48
_BEAM = 6

# costs
_JOIN = 0.1  # "61 240" as one figure …
_JOIN_ODD = 2.5  # … where thousands are told otherwise
_HUGE = 2.0  # … but hardly a thousand millions of thousands
_SPLIT = 0.6  # "61 240" as two figures
_SPLIT_DECIMAL = 2.0  # "1 204,5" as two figures
_UNSPACED = 0.3  # "1204" where thousands are mostly grouped
_DASH_MINUS = {"glued": 0.1, "prefix": 0.0, "spaced": 0.6, "suffix": 0.7}
_DASH_EMPTY = {"glued": 2.2, "prefix": 2.5, "spaced": 0.4, "suffix": 1.2}
_MINUS_ODD = 0.8  # a minus sign apart from its digits, where others are not
_RUN_ON, _RUN_ON_AGAIN = 1.0, 0.4  # "17 1236 431" for "17 123" and "6 431"; less where the same row shows more of it
_LEAD = 1.5  # a figure before the cells belongs to the label (a note number)
_LEAD_WHOLE = 1.0  # the more so where the cells have decimals and it has none
_LEAD_YEAR = 0.5
_LEAD_RANGE = 0.5
_LEAD_NAMED = 2.5  # the more so after a word that a number follows
_LEAD_CUT = 1.2  # "4-6 594" is rather a number before a figure with a minus
_TRAIL = 2.5  # a figure after the cells belongs to the next label (a code)
_TRAIL_DASH = 0.7  # a dash after the cells is the bullet of the next label
_NOTE = 0.8  # the last decimal is the mark of a footnote
_LOST = 0.5
_UNEVEN = 0.08  # for each power of ten between neighbours

_ODD = 2  # figures whose thousands are told otherwise than by a plain space
_FIXED = ("\u00a0", "\u2007", "\u2009", "\u202f")

_MINUS = "-\u2010\u2011\u2212\u2013\u2014"
_FIGURE = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\d)|\d+[.,]\d+(?![.,]?\d)|\d+)(?:\s?%)?"


#: finds where an atom may begin, ten times as fast as `_ATOM`
_MAY_BEGIN = re.compile(rf"[{_MINUS}0-9±<>≤≥+(,](?:(?<=[{_MINUS}0-9±<>≤≥+])|(?<=,)(?=[0-9])|(?<=\()(?=\s?[-\u2212\u2013+]?[0-9]))")
_ATOM = regex.compile(
    r"(?P<date>\d{4}-\d\d-\d\d(?!\d)|\d{1,2}/\d{1,2}/\d{2,4}|\d+(?:[:/]\d+){2,})"
    r"|(?P<ratio>\d{1,4}/\d{1,4}(?![\d/.,]))"
    r"|(?P<chain>\d{1,5}(?:,\d{2,5})+,\d{1,2}(?!\d(?!\)))(?:\s?%)?"
    r"|\d{1,6}(?:\.\d{3,6})*\.\d{4,6}(?:\.\d{3,6})*\.\d{3}(?!\d)|\d{1,3}(?:\.\d{3},\d{2,4})+\.\d{3},\d{1,2}(?!\d))"
    r"|(?P<cut>\d{1,3},(?=\s{1,2},\d))"
    r"|(?P<paren>\(\s?[-\u2212\u2013+]?\d{1,3}(?:\s?\d{3})*(?:[.,]\d+)?\s?%?\))"
    rf"|(?P<number>(?:[<>≤≥]=?\s?)?(?:±\s?|\+/[-\u2212\u2013]\s?)?{_FIGURE})"
    r"|(?P<lost>(?<![\w,]),\d{1,2}(?!\d)(?:\s?%)?)"
    rf"|(?P<empty>--(?!\d)|[{_MINUS}](?=\s[{_MINUS}](?:\s|$)))"
    rf"|(?P<sign>[{_MINUS}+])"
)


@lru_cache(maxsize=1)
def _comparing() -> frozenset[str]:
    """Words before a figure that belong to its cell ("Högst 50")."""
    return frozenset(form for forms in load_vocabulary()["numbers", "comparator"].values() for form in forms if form.isalpha())


def _compared(text: str, start: int, at: int) -> int:
    """Where a figure at ``at`` begins with the word that compares with it."""
    if at - 1 <= start or text[at - 1] != " ":
        return at
    word = text[max(start, at - 14) : at - 1].rpartition(" ")[2]
    return at - 1 - len(word) if word.casefold() in _comparing() else at


@lru_cache(maxsize=1)
def _numbered() -> frozenset[str]:
    """Words that a number follows ("Etapp 2")."""
    return frozenset(load_vocabulary()["flattened", "numbered"]["any"])


def named_by_number(text: str, start: int) -> bool:
    """Whether the word before an offset is one that a number follows."""
    return text[max(0, start - 14) : start].rstrip().rpartition(" ")[2].casefold() in _numbered()


_COMPARES = regex.compile(r"^[<>≤≥=\p{L}\s]+")
_NOTED = regex.compile(r"[<>≤≥=\s]*\d+[.,]\d+[1-9]")
_REMARK = regex.compile(r"\d\)\s+\p{L}")  # a footnote under the table
_MARK = regex.compile(r"\d(?:\*{1,3}|\d?\))")
_CELL_MARK = regex.compile(r"\*+$|(?<=\d)\d\)$")
_GROUP = regex.compile(r"\d{3}(?!\d)")
_POINTED = regex.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_RAN_IN = regex.compile(r"(?:\p{Ll}{4}|\p{Lu}{6})$")  # the end of a word into whose figures a label may run
_UNIT_WITH_DIGIT = regex.compile(r"(?<!\p{L})(?:[kcd]?m[23]|CO2|NO2)$", regex.IGNORECASE)
_RUN_ON_GROUP = regex.compile(r"\d{3}[1-9]\d{0,2}(?:,\d+)?(?:\s?%)?")
_DECIMAL = regex.compile(r"\d+,(\d+)(?:\s?%)?")
_SHARE = regex.compile(r"(\d+),\d+\s?%")
_TOO_LARGE = regex.compile(r"(?:\d{4,}|0\d+),\d+\s?%")
_THOUSANDS = regex.compile(r"\d{1,3}[ \u00a0\u2009\u202f]\d{3}")
_ORDER = attrgetter("cost", "start", "end")
_SPACES = " \u00a0\u2007\u2009\u202f\t\n"


class Atom(NamedTuple):
    """A piece of a run that is never divided; ``before`` is the white space before it. A ``cell`` has a line to itself."""

    kind: str
    start: int
    end: int
    before: str

    @property
    def spaced(self) -> bool:
        """Whether white space stands before it."""
        return bool(self.before)


class Run(NamedTuple):
    """Atoms with nothing but white space between them; ``glued`` says that it begins right after a letter."""

    start: int
    end: int
    atoms: tuple[Atom, ...]
    glued: bool


class Figure(NamedTuple):
    """A cell as read. ``kind`` is ``value``, ``empty`` (a dash), ``lost`` (only part of the figure is left) or ``ratio``."""

    kind: str
    start: int
    end: int
    value: float | None
    decimals: int
    percent: bool
    signed: bool


class Reading(NamedTuple):
    """A way to read a run: its cells, what speaks against it, and how much at its ends is no cell of it."""

    figures: tuple[Figure, ...]
    cost: float
    start: int
    end: int
    coded: bool = False


#: the beginning of a reading: what speaks against it, the size of its last figure, that figure and what stands before it
Partial = tuple[float, float | None, Figure | None, "Partial | None"]
_COST = itemgetter(0)


def lex(text: str, start: int, end: int) -> Iterator[Run]:
    """Yield the runs of figures in ``text[start:end]``, from left to right; dates and digits inside words are none."""
    atoms: list[Atom] = []
    glued = False
    last = -1
    spoiled = -9  # where a telephone number or a date ended: what follows belongs to it
    for found in _atoms(text, start, end):
        kind, a, b = found.lastgroup or "", found.start(), found.end()
        if kind == "number":
            a = _compared(text, max(start, last), a)
        gap = text[last:a] if atoms else ""
        joined = bool(atoms) and not gap.strip(_SPACES) and len(gap) <= 3 and gap.count("\n") < 2
        if atoms and not joined:
            yield from _run(atoms, glued)
            atoms = []
        if not _stands_free(text, kind, a, b, end, joined) or (not atoms and a - spoiled <= 1 and not text[spoiled:a].strip(_SPACES)):
            yield from _run(atoms, glued)
            atoms = []
            if text[a] == "0" or kind == "date" or a - spoiled <= 1:
                spoiled = b
            continue
        if not atoms:
            glued = a > start and text[a - 1].isalpha()
        last = b
        if kind in ("number", "chain") and (mark := _MARK.match(text, b - 1, end)) is not None:  # a footnote's
            last = mark.end()
            b = b - 1 if text[b] == ")" and b - a > 1 else b
        before = gap if atoms else " "
        atoms += _links(text, a, b, before, atoms) if kind == "chain" else [Atom(kind, a, b, before)]
    if atoms:
        yield from _run(atoms, glued)


def _atoms(text: str, start: int, end: int) -> Iterator[regex.Match[str]]:
    may_begin, match = _MAY_BEGIN.search, _ATOM.match
    while (place := may_begin(text, start, end)) is not None:
        found = match(text, place.start(), end)
        if found is not None:
            yield found
            start = found.end()
        else:
            start = place.start() + 1


def _links(text: str, start: int, end: int, before: str, atoms: list[Atom]) -> Iterator[Atom]:
    """The figures of a chain ("4,0912,38", "19.7771.590"): all have as many decimals as the figure before it or, without one, as the last.

    The last may have fewer, as shares do beside amounts.
    """
    point = text.find(".", start, end) if "," not in text[start:end] else -1
    while point >= 0:
        stop = point + 4
        yield Atom("number", start, stop, before)
        start, before = stop, ""
        point = text.find(".", start, end)
    if start == end:
        return
    told = (_DECIMAL.fullmatch(text, a.start, a.end) for a in reversed(atoms))
    decimals = next((len(found.group(1)) for found in told if found is not None), len(text[start:end].rpartition(",")[2].rstrip("% ")))
    while (comma := text.find(",", start, end)) >= 0:
        stop = comma + 1 + decimals if text.find(",", comma + 1, end) >= 0 else end
        yield Atom("number", start, stop, before)
        start, before = stop, ""


def _run(atoms: list[Atom], glued: bool) -> Iterator[Run]:
    """The atoms as a run if there is a figure among them, without signs that end it although nothing stands between."""
    while atoms and atoms[-1].kind in ("sign", "empty") and not atoms[-1].spaced:
        atoms = atoms[:-1]
    dashes = len(atoms) > 1 and all(a.spaced for a in atoms)  # a row without figures
    if any(a.kind not in ("sign", "empty") for a in atoms) or dashes:
        yield Run(atoms[0].start, atoms[-1].end, tuple(atoms), glued)


def _stands_free(text: str, kind: str, a: int, b: int, end: int, joined: bool) -> bool:
    if kind == "date":
        return False
    after = text[b] if b < end else " "
    before = text[a - 1] if a else " "
    if kind in ("sign", "empty"):
        return before in _SPACES or before in "%)*" or (joined and (before.isdigit() or before in _MINUS))
    if after.isalpha() or after in "_§:" or (after == ")" and _REMARK.match(text, a, end) is not None):
        return False
    if text[a] == "0" and b - a > 1 and text[a + 1].isdigit() and not joined:
        return False  # a telephone number, an account
    if joined or before in _SPACES or before in _MINUS + "+":
        return True
    if before.isalpha() and _UNIT_WITH_DIGIT.search(text, max(0, a - 3), a + 1) is not None:
        return False  # "m3 742"
    if before.isalpha():  # "intäkter17 1236": the label ran into its figures
        return kind == "chain" or (kind == "number" and (_RAN_IN.search(text, max(0, a - 6), a) or _THOUSANDS.match(text, a)) is not None)
    return before in ")%*"


class Style(NamedTuple):
    """How a table tells its figures.

    Where thousands are told otherwise than by a plain space, by a point, a fixed space or none (``odd``), such a space parts
    cells; where minus signs stand close to their digits (``close``), a dash that does not is an empty cell, and where they stand
    ``apart`` one that does rather is none. Where only the last figure of a row has decimals, it is a ``share`` by itself; where shares
    are larger than any is ("4010,9 %"), the figures before them have ``run`` into them. A figure with more than the usual ``decimals``
    may end in the mark of a footnote.
    """

    odd: bool = False
    close: bool = False
    decimals: int = 0
    apart: bool = False
    share: bool = False
    run: bool = False


_PLAIN = Style()


def style_of(text: str, runs: Sequence[Run]) -> Style:
    """The style of most figures of some runs."""
    points = fixed = bare = plain = close = apart = 0
    decimals: Counter[int] = Counter()
    for run in runs:
        for a, after in zip(run.atoms, (*run.atoms[1:], None), strict=True):
            if a.kind == "sign" and after is not None and after.kind == "number":
                close += not after.spaced
                apart += after.spaced
            if a.kind not in ("number", "cell"):
                continue
            digits = text[a.start : a.end]
            points += _POINTED.fullmatch(digits) is not None
            if (tail := _DECIMAL.fullmatch(digits)) is not None:
                decimals[len(tail.group(1))] += 1
            if _GROUP.match(digits) is not None:
                fixed += a.before in _FIXED
                plain += a.before == " "
            bare += len(digits) in (4, 5, 6) and digits.isdigit()
    told = max(points, fixed, bare if bare > plain else 0)
    rows = [[_DECIMAL.fullmatch(text, a.start, a.end) is not None for a in run.atoms if a.kind == "number"] for run in runs]
    share = sum(len(row) > 2 and row[-1] and not any(row[:-1]) for row in rows)
    usual = max(decimals, key=decimals.__getitem__, default=0)
    large = sum(_TOO_LARGE.fullmatch(text, a.start, a.end) is not None for run in runs for a in run.atoms if a.kind == "number")
    odd = told >= _ODD and 2 * told > len(runs)
    return Style(odd, close > apart, usual, apart > max(close, _ODD), 3 * share > 2 * len(runs), large >= _ODD)


def readings(text: str, run: Run, style: Style = _PLAIN) -> dict[int, list[Reading]]:
    """The cheapest readings of a run for each number of cells that it can have, best first."""
    atoms = run.atoms[:_MAX_ATOMS]
    if style.apart:
        atoms = tuple([part for atom in atoms for part in _signs(text, atom)])
    found: dict[int, list[Reading]] = {}
    for lead, cost in ((0, 0.0), *_leads(text, run, atoms)):
        parted = tuple(_part(text, atoms[lead:]))
        more = lead + len(parted) - len(atoms)
        ways = [(cost, atoms[lead:]), *([(cost + _RUN_ON + _RUN_ON_AGAIN * (more - 1), parted)] if more else [])]
        ways += [(cost + _RUN_ON, some) for some in _shares(text, atoms[lead:])] if style.run else []
        for against, some in ways:
            for k, readings_ in _readings(text, some, style).items():
                # the best of each way are kept: which is right may show only in the table as a whole
                best = _best(readings_)
                found.setdefault(k, []).extend([r._replace(cost=r.cost + against) for r in best] if against else best)
    return {k: sorted(found[k], key=_ORDER) for k in sorted(found)}


def _signs(text: str, atom: Atom) -> tuple[Atom, ...]:
    """The dash of an empty cell and the minus of the next ("--" before a figure)."""
    if atom.kind != "empty" or text[atom.start : atom.end] != "--":
        return (atom,)
    return atom._replace(kind="sign", end=atom.start + 1), Atom("sign", atom.start + 1, atom.end, "")


def _part(text: str, atoms: tuple[Atom, ...]) -> Iterator[Atom]:
    """The atoms taken apart where a figure may have run into the next: groups of four to six digits, decimals more than the last has."""
    last = _DECIMAL.fullmatch(text, atoms[-1].start, atoms[-1].end) if atoms[-1].kind == "number" else None
    decimals = len(last.group(1)) if last else 0
    for i, atom in enumerate(atoms):
        digits = text[atom.start : atom.end]
        if decimals and atom.kind == "number" and i + 1 < len(atoms) and (long := _DECIMAL.fullmatch(digits)) is not None:
            rest = long.group(1)[decimals:]
            if 1 <= len(rest) <= 3 and rest[0] != "0" and atoms[i + 1].kind == "number":
                yield atom._replace(end=atom.end - len(rest))
                yield Atom("number", atom.end - len(rest), atom.end, "")
                continue
        grouped = i > 0 and atoms[i - 1].kind == "number" and text[atoms[i - 1].start : atoms[i - 1].end].lstrip("<>").isdigit()
        if atom.kind == "number" and grouped and atom.before not in ("", "\n") and _RUN_ON_GROUP.fullmatch(digits) is not None:
            yield atom._replace(end=atom.start + 3)
            yield Atom("number", atom.start + 3, atom.end, "")
        elif atom.kind == "empty" and digits == "--" and i + 1 < len(atoms) and atoms[i + 1].kind == "number":  # a dash and "- 6"
            yield Atom("sign", atom.start, atom.start + 1, atom.before)
            yield Atom("sign", atom.start + 1, atom.end, "")
        else:
            yield atom


def _shares(text: str, atoms: tuple[Atom, ...]) -> Iterator[tuple[Atom, ...]]:
    """The atoms with the last share taken apart where a figure may have run into it ("132,5 %": 13 and 2,5 %, or 1 and 32,5 %)."""
    last = atoms[-1]
    found = _SHARE.fullmatch(text, last.start, last.end) if last.kind == "number" else None
    whole = len(found[1]) if found is not None else 0
    for n in range(1, min(whole, 3 + 1)):
        cut = last.start + whole - n
        if (n == 1 or text[cut] != "0") and (text[last.start] != "0" or cut == last.start + 1):
            yield *atoms[:-1], last._replace(end=cut), Atom("number", cut, last.end, "")


def _readings(text: str, atoms: tuple[Atom, ...], style: Style) -> dict[int, list[Reading]]:
    n = len(atoms)
    # best[i][k]: the cheapest readings of the first i atoms as k cells, the cheapest first
    best: list[dict[int, list[Partial]]] = [{} for _ in range(n + 1)]
    best[0][0] = [(0.0, None, None, None)]
    for i in range(n):
        for j, figure, cost in _steps(text, atoms, i, style) if best[i] else ():
            size = None if figure.value is None else size_of(figure.value)
            for k, partial in best[i].items():
                if k < MAX_CELLS:
                    lengthen(best[j].setdefault(k + 1, []), partial, figure, size, cost, _BEAM)
    start = atoms[0].start
    whole = {k: [Reading(figures_of(p), p[0], start, atoms[-1].end) for p in found] for k, found in best[n].items() if k}
    for cut, cost, coded in _tails(text, atoms):
        for k, found in best[cut].items():
            if k:
                cut_off = [Reading(figures_of(p), p[0] + cost, start, atoms[cut - 1].end, coded) for p in found]
                whole.setdefault(k, []).extend(cut_off)
    return whole


def lengthen(into: list[Partial], partial: Sequence[Partial], figure: Figure, size: float | None, cost: float, room: int) -> None:
    """Add a figure to the beginnings of readings, of which no more than so many are kept, the cheapest first.

    A little speaks against figures of different size beside each other, so that of many readings the even ones are kept.
    """
    for before in partial:
        against = before[0] + cost
        if size is not None and before[1] is not None:
            against += _UNEVEN * abs(size - before[1])
        if len(into) < room or against < into[-1][0]:
            insort(into, (against, size, figure, before), key=_COST)
            del into[room:]


def figures_of(partial: Partial) -> tuple[Figure, ...]:
    """The figures of the beginning of a reading."""
    figures: list[Figure] = []
    rest: Partial | None = partial
    while rest is not None and rest[2] is not None:
        figures.append(rest[2])
        rest = rest[3]
    return tuple(reversed(figures))


def _leads(text: str, run: Run, atoms: tuple[Atom, ...]) -> Iterator[tuple[int, float]]:
    """How many atoms at the beginning of a run may belong to the label, and what that costs: a number, a year, "7–9"."""
    if len(atoms) < 2 or run.glued or atoms[0].kind not in ("number", "cell") or atoms[1].kind == "paren":
        return
    first = text[atoms[0].start : atoms[0].end]
    if not first.isdigit() or len(first) > 4:
        return
    named = _LEAD_NAMED if len(first) <= 2 and named_by_number(text, run.start) else 0.0
    if len(atoms) > 3 and atoms[1].kind == "sign" and not atoms[1].spaced and not atoms[2].spaced:
        last = text[atoms[2].start : atoms[2].end]
        if last.isdigit() and len(last) <= 2 and len(first) <= 2 and int(first) < int(last):
            yield 3, _LEAD_RANGE - named + (_LEAD_CUT if atoms[3].spaced and _GROUP.match(text, atoms[3].start) else 0.0)
    if len(first) == 4 and first[:2] in ("19", "20"):
        yield 1, _LEAD_YEAR
    elif len(first) <= 2:
        yield 1, (_LEAD if all("," not in text[a.start : a.end] for a in atoms[1:]) else _LEAD_WHOLE) - named


def _best(found: list[Reading]) -> list[Reading]:
    """The cheapest readings, apart from those that leave a code to the next label: what codes there are shows only in the whole table."""
    found.sort(key=_ORDER)
    return [*[r for r in found if not r.coded][:_BEAM], *[r for r in found if r.coded][:_BEAM]]


@lru_cache(maxsize=4096)
def size_of(value: float) -> float:
    """The power of ten of a figure."""
    return log10(abs(value) + 1)


def _tails(text: str, atoms: tuple[Atom, ...]) -> Iterator[tuple[int, float, bool]]:
    """Ends of a run that may belong to the next label: how many atoms stay, what it costs, whether it is a code."""
    n = len(atoms)
    if n > 1 and atoms[-1].kind in ("sign", "empty"):
        yield n - 1, _TRAIL_DASH, False
    elif n > 1 and atoms[-1].kind == "number" and atoms[-1].spaced:
        tail = text[atoms[-1].start : atoms[-1].end]
        if tail.isdigit() and len(tail) <= 5 and not tail.startswith("0"):
            yield n - 1, _TRAIL, True


def _steps(text: str, atoms: tuple[Atom, ...], i: int, style: Style) -> Iterator[tuple[int, Figure, float]]:
    """The cells that can begin at atom i: where they end, what they are, what they cost."""
    atom = atoms[i]
    n = len(atoms)
    if atom.kind == "empty":
        yield i + 1, Figure("empty", atom.start, atom.end, None, 0, False, False), 0.0
    elif atom.kind == "sign":
        follows = i + 1 < n and atoms[i + 1].kind == "number"
        if i + 1 < n and atoms[i + 1].kind in ("lost", "cut") and not atoms[i + 1].spaced:
            yield i + 2, Figure("lost", atom.start, atoms[i + 1].end, None, 0, False, True), _LOST
        glued_right = i + 1 < n and not atoms[i + 1].spaced
        place = ("prefix" if glued_right else "spaced") if atom.spaced else ("glued" if glued_right else "suffix")
        if text[atom.start] != "+":
            before_sign = i + 1 < n and atoms[i + 1].kind == "sign"
            empty = 0.0 if before_sign else _DASH_EMPTY[place] + (_MINUS_ODD if style.apart and follows else 0.0)
            yield i + 1, Figure("empty", atom.start, atom.end, None, 0, False, False), empty
        if follows and text[atoms[i + 1].start].isdigit():
            minus = _DASH_MINUS[place] + (_MINUS_ODD if style.close and atoms[i + 1].spaced else 0.0)
            for j, figure, cost in _numbers(text, atoms, i + 1, style):
                value = figure.value
                if value and text[atom.start] != "+":
                    value = -value
                yield j, figure._replace(start=atom.start, value=value, signed=True), cost + minus
    elif atom.kind == "number":
        yield from _numbers(text, atoms, i, style)
    elif atom.kind == "ratio":
        value = float(text[atom.start : atom.end].split("/")[0])
        yield i + 1, Figure("ratio", atom.start, atom.end, value, 0, False, False), 0.0
    elif atom.kind == "cell":
        shown = _CELL_MARK.sub("", text[atom.start : atom.end])
        end = atom.start + len(shown)
        if shown in _MINUS:
            yield i + 1, Figure("empty", atom.start, end, None, 0, False, False), 0.0
        else:
            yield i + 1, _figure(shown, atom.start, end), 0.0
            if _NOTED.fullmatch(shown) and len(shown.rpartition(",")[2]) > style.decimals:
                yield i + 1, _figure(shown[:-1], atom.start, end - 1), _NOTE
    elif atom.kind == "paren":
        inner = text[atom.start + 1 : atom.end - 1].strip()
        yield i + 1, _figure(inner, atom.start, atom.end), 0.0
    else:  # lost, cut
        yield i + 1, Figure("lost", atom.start, atom.end, None, 0, False, False), _LOST


def _numbers(text: str, atoms: tuple[Atom, ...], i: int, style: Style) -> Iterator[tuple[int, Figure, float]]:
    """The numbers that can begin at atom i: it alone, or with the groups of three digits that follow it."""
    start = atoms[i].start
    head = text[start : atoms[i].end]
    leading_zero = len(head) > 1 and head[0] == "0" and head[1].isdigit()
    if leading_zero:
        return  # only ever a group inside a number
    digits = _COMPARES.sub("", head)
    groupable = digits.isdigit() and len(digits) <= 3 and digits != "0"
    cost = _UNSPACED if digits.isdigit() and len(digits) > 3 else 0.0
    groups = 0
    j = i + 1
    while True:
        group = text[atoms[j].start : atoms[j].end] if j < len(atoms) else ""
        whole = _GROUP.match(group)
        can_join = groupable and whole is not None and atoms[j].kind == "number" and atoms[j].before not in ("", "\n") and "." not in group
        apart = 0.0
        if can_join:
            apart = 0.0 if style.odd and atoms[j].before == " " else _SPLIT if group.isdigit() else 0.0 if style.share else _SPLIT_DECIMAL
        figure = _figure(text[start : atoms[j - 1].end], start, atoms[j - 1].end)
        yield j, figure, cost + apart + (_HUGE if groups and figure.percent else 0.0)
        if figure.decimals > style.decimals and _NOTED.fullmatch(text, atoms[j - 1].start, atoms[j - 1].end):
            end = atoms[j - 1].end - 1
            yield j, _figure(text[start:end], start, end), cost + _NOTE
        if not can_join:
            return
        groups += 1
        odd = (style.odd and atoms[j].before == " ") or (style.share and not group.isdigit())
        cost += (_JOIN_ODD if odd else _JOIN) + (_HUGE if groups > 2 else 0.0)
        groupable = group.isdigit()
        j += 1


def _figure(text: str, start: int, end: int) -> Figure:
    kind, value, decimals, percent, signed = _meaning(text)
    return Figure(kind, start, end, value, decimals, percent, signed)


@lru_cache(maxsize=4096)
def _meaning(text: str) -> tuple[str, float | None, int, bool, bool]:
    plain = _COMPARES.sub("", text)
    behind = plain[-1:] in _MINUS and len(plain) > 1
    plain = plain.rstrip(_MINUS) if behind else plain
    value = parse_number(plain, percent=True)
    value = -value if behind and value else value
    percent = plain.endswith("%")
    digits = plain.rstrip("% ")
    _, mark, decimals = digits.rpartition(",")
    if not mark and digits.count(".") == 1 and len(digits.rpartition(".")[2]) != 3:
        _, mark, decimals = digits.rpartition(".")
    return "value" if value is not None else "lost", value, len(decimals) if mark else 0, percent, behind or plain[:1] in "-+±"
