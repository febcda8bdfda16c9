"""What the columns and rows of a grid mean: from raw cells to a finished `Table`, whatever the grid's origin.

Notes for a newcomer
--------------------
`build_table` is the way in: it finds the head rows, reads each column's head with `read_head`, parses the cells, finds the unit
and gives every row its label with the parents that it needs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

import regex

from docmine.records import Cell, Column, Table, fold
from docmine.schema import MONEY_UNITS
from docmine.swedish import find_comparator, find_numbers, find_periods, parse_number
from docmine.vocabulary import Terms, Vocabulary, load_vocabulary

__all__ = [
    "Grid",
    "RawCell",
    "build_table",
    "cell_value",
    "is_figure",
    "read_head",
    "read_unit",
    "reads_as_head",
    "settle_kinds",
    "table_unit",
]

_DAY = regex.compile(r"\s*\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s*")
WORDS_ONLY = frozenset({"label", "goal", "status", "responsible", "note", "text"})  # measures of columns without figures
_MEASURE_ORDER = ("forecast_deviation", "deviation", "change", "difference", "effect", "request", "forecast")  # beats the first word
_INDENT = 3.5  # labels set in by less than this stand at the same place
_LETTER = re.compile(r"[^\W\d_]")
_LEFTOVER = regex.compile(r"[^\p{L}\p{N}%&]+")
_YEAR = regex.compile(r"\s*(?:19|20)\d\d\s*")
_PAREN = regex.compile(r"\([^()]{0,60}\)?")
_MARKS = regex.compile(r"[*¹²³†]+$")
_UNIT_PAREN = regex.compile(r"\((?:%|\p{L}{1,5})\)")
_INCLUDING = regex.compile(r"(?<=\S)\s+(?:inkl|exkl)\b", regex.IGNORECASE)
_CLOSING = regex.compile(r"(?<=[\d%])\s?[\d¹²³*]?\)$")
_LEADER = regex.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}")
_BROKEN = regex.compile(r"(?<=\p{L}\p{Ll})-\s+(?=\p{Ll})(?!(?:och|eller|samt|resp)\b)")
_ORIGIN = regex.compile(r"\bfrån\s(?:år\s)?(?=(?:19|20)\d\d$)", regex.IGNORECASE)  # whence money came, not what it is for
_SIGN_BEHIND = regex.compile(r"(\d[\d\s.,]{0,20}(?<=\d))[-\u2010\u2011\u2212\u2013]")  # "1 120-", as ledgers print it
_BULLET = regex.compile(r"^[\s\uf000-\uf0ff•●▪◦·*–-]+(?=\S)")


class RawCell(NamedTuple):
    """The text of a cell and its place in ``Report.text``."""

    text: str
    start: int
    end: int


Grid = Sequence[Sequence[RawCell | None]]


def read_unit(text: str, vocabulary: Vocabulary) -> str | None:
    """The unit that a caption, head or label tells (``tkr``, ``mnkr``, ``percent`` …); None where it tells none."""
    found = [code for code, _, _ in vocabulary["columns", "unit"].finditer(text)]
    return next((code for code in found if code in MONEY_UNITS), found[0] if found else None)


@lru_cache(maxsize=2048)
def read_head(head: str, vocabulary: Vocabulary, default_year: int | None = None) -> Column:
    """What a column means, from its head.

    Parameters
    ----------
    head : str
        The head's text; the path of spanning heads is joined with `` / ``, the outermost first.
    vocabulary : Vocabulary
        With the file ``columns``.
    default_year : int, optional
        The year that months and "föregående år" without a year of their own are counted from.

    Returns
    -------
    Column
        With None for what the head does not tell.
    """
    printed = " ".join(head.split())
    head = _BROKEN.sub("", printed)
    parts = [p.strip() for p in head.split(" / ")] if head else []
    whole = vocabulary["columns", "head"].code(parts[-1].rstrip(":")) if parts else None
    measure, subjects = None, []
    for i, part in enumerate(reversed(parts)):
        kind = _measure(part, vocabulary)
        if measure in (None, "result"):
            measure = kind or measure
        elif kind == "forecast" and measure == "deviation":
            measure = "forecast_deviation"
        subject = _subject(part, vocabulary, telling=kind is None, outer=i > 0)
        if subject:
            subjects.append(subject)
    if whole is not None and len(parts) == 1:
        subjects = []
    year = period = None
    origin = _ORIGIN.search(head)
    for told in find_periods(head if origin is None else head[: origin.start()], default_year=default_year):
        year, period = (told.year, told.period) if told.year is not None or year is None else (year, period)
    measure = "outcome" if measure == "result" else measure
    return Column(printed, measure or whole, year, period, read_unit(head, vocabulary), ", ".join(reversed(subjects)) or None)


def _measure(part: str, vocabulary: Vocabulary) -> str | None:
    part = _INCLUDING.split(_PAREN.sub(" ", part))[0]
    found = [code for code, _, _ in vocabulary["columns", "measure"].finditer(part)]
    if not found:
        return None
    if "forecast" in found and "deviation" in found:
        return "forecast_deviation"
    return next((m for m in _MEASURE_ORDER if m in found), next((m for m in found if m != "result"), found[0]))


def _subject(part: str, vocabulary: Vocabulary, *, telling: bool, outer: bool) -> str | None:
    """What a part of a head says besides kind, year and unit; ``telling`` where it says nothing else."""
    keep = list(part)
    for group in ("measure", "unit"):
        for _, start, end in vocabulary["columns", group].finditer(part):
            keep[start:end] = " " * (end - start)
    for told in find_periods(part):
        keep[told.start : told.end] = " " * (told.end - told.start)
    noise = vocabulary["columns", "noise"]
    words = [w for w in _LEFTOVER.split("".join(keep)) if w and not w.isdigit() and noise.code(w) is None]
    if not words:
        return None
    rest = " ".join(words)
    if telling and keep == list(part):
        return None if outer and vocabulary["columns", "head"].code(part) else part
    if vocabulary["columns", "subject"].search(rest) is not None:
        return _UNIT_PAREN.sub("", part).strip(" ,") if not outer and not any(c.isdigit() for c in part) else rest
    return rest if telling and len(rest) > 3 else None


@lru_cache(maxsize=8192)
def cell_value(text: str) -> float | None:
    """The figure of a cell: the only one outside parentheses, with no other words than units and comparisons beside it.

    Examples
    --------
    >>> cell_value("- 4 321"), cell_value("96 (93,7)"), cell_value("Minst 76 %"), cell_value("–")
    (-4321.0, 96.0, 76.0, None)
    >>> cell_value("1 120-"), cell_value("12 -")
    (-1120.0, 12.0)
    >>> cell_value("910 Norra skolan"), cell_value("VT 18")
    (None, None)
    """
    text = text.strip()
    value = parse_number(_unmarked(text) or text, percent=True)
    if value is not None:
        return value
    if (behind := _SIGN_BEHIND.fullmatch(text)) is not None and (value := parse_number(behind[1])) is not None:
        return -value if value else value
    if len(text) > 48 or not any(c.isdigit() for c in text):
        return None
    bare = _PAREN.sub(" ", text)
    numbers = list(find_numbers(bare))
    if len(numbers) != 1:
        return parse_number(bare, percent=True)
    number = numbers[0]
    if bare[: number.start].strip() and _YEAR.fullmatch(number.text):
        return None
    return number.value if _only_qualified(bare[: number.start], bare[number.end :]) else None


def _only_qualified(before: str, after: str) -> bool:
    """Whether the words around a cell's only figure do no more than qualify it: a unit, a comparison, an acronym, one noun."""
    vocabulary = load_vocabulary()
    if vocabulary["columns", "term"].search(before) is not None:
        return False
    said = f"{before} # {after}"
    told = find_comparator(said)
    keep = list(said)
    if told is not None:
        keep[told[1] : told[2]] = " " * (told[2] - told[1])
    for group in ("unit", "rank", "noise"):
        for _, start, end in vocabulary["columns", group].finditer(said):
            keep[start:end] = " " * (end - start)
    first, _, last = "".join(keep).partition("#")
    left, right = _LEFTOVER.sub(" ", first.replace("%", "")).split(), _LEFTOVER.sub(" ", last.replace("%", "")).split()
    return all(w.isupper() and len(w) < 6 for w in left) and (not right or (len(right) == 1 and right[0].islower()))


def _unmarked(text: str) -> str:
    """A text without the footnote mark at its end."""
    text = _MARKS.sub("", text)
    return text if "(" in text else _CLOSING.sub("", text)


def is_figure(text: str) -> bool:
    """Whether a cell holds a figure and little else."""
    return cell_value(text) is not None


def build_table(
    grid: Grid,
    vocabulary: Vocabulary,
    *,
    page: int | None,
    origin: Literal["ruled", "aligned", "tabbed", "flattened"],
    title: str | None = None,
    before: str = "",
    head_rows: int | None = None,
    heads: Sequence[str] | None = None,
    indents: Sequence[float] | None = None,
    default_year: int | None = None,
    confidence: float = 0.9,
) -> Table:
    """A finished table from a raw grid; its index is 0, to be replaced by the caller.

    Parameters
    ----------
    grid : sequence of rows of RawCell or None
        All rows of the same length; None is an empty cell.
    vocabulary : Vocabulary
        With the file ``columns``.
    page : int or None
        Number of the page where the table begins.
    origin : {"ruled", "aligned", "tabbed", "flattened"}
        How the grid was found.
    title : str, optional
        The caption.
    before : str
        Text just before the table in which a unit may stand ("Belopp i tkr").
    head_rows : int, optional
        How many rows are the head; found from the cells where not given.
    heads : sequence of str, optional
        The head path of each column where the caller knows it better (merged cells); else read from the head rows.
    indents : sequence of float, optional
        How far each row's label is set in, in any unit; rows with a larger indent belong to the row above with a smaller one.
    default_year : int, optional
        The year from the caption or the document.
    confidence : float
        How sure the grid is.
    """
    n_rows, n_cols = len(grid), max(len(row) for row in grid)
    top = find_head_rows(grid, vocabulary) if head_rows is None else head_rows
    paths = list(heads) if heads is not None else _paths(grid[:top], n_cols)
    columns = [read_head(path, vocabulary, default_year) for path in paths]
    body = grid[top:]
    filled = [[row[c].text for row in body if c < len(row) and row[c] is not None] for c in range(n_cols)]  # type: ignore[union-attr]
    missing = vocabulary["columns", "missing"]
    told = [[t for t in texts if t.strip("*") and missing.code(t) is None] for texts in filled]
    figures = [sum(map(is_figure, texts)) for texts in told]
    kinds = _kinds(columns, told, figures, vocabulary)
    columns = settle_kinds(_settle([c._replace(measure=k) for c, k in zip(columns, kinds, strict=True)]), vocabulary)
    labels = _row_labels(grid, top, columns, indents, vocabulary)
    cells = tuple(
        Cell(
            r,
            c,
            cell.text,
            cell.start,
            cell.end,
            cell_value(cell.text) if r >= top and columns[c].measure not in WORDS_ONLY else None,
            r < top,
        )
        for r, row in enumerate(grid)
        for c, cell in enumerate(row)
        if cell is not None and cell.text.strip()
    )
    corner = " ".join(columns[c].head for c in range(n_cols) if kinds[c] == "label")
    units = {columns[c].unit for c in range(n_cols) if figures[c] and kinds[c] not in WORDS_ONLY}
    return Table(
        index=0,
        page=page,
        start=min((c.start for c in cells), default=0),
        end=max((c.end for c in cells), default=0),
        title=title,
        unit=table_unit(corner, title or "", before, units, vocabulary),
        origin=origin,
        n_rows=n_rows,
        n_cols=n_cols,
        head_rows=top,
        columns=tuple(columns),
        rows=tuple(labels),
        cells=cells,
        confidence=confidence,
    )


def table_unit(corner: str, title: str, before: str, units: set[str | None], vocabulary: Vocabulary) -> str | None:
    """The unit of a whole table: money from the first head cell, the caption or the lines before it, else what its columns share."""
    near = [read_unit(corner, vocabulary), read_unit(title, vocabulary)]
    money = next((u for u in near if u in MONEY_UNITS), None) or _unit_before(before, vocabulary)
    if money is not None:
        return money
    return next(iter(units)) if len(units) == 1 and None not in units else ("percent" if "percent" in near else None)


def _unit_before(before: str, vocabulary: Vocabulary) -> str | None:
    """The money unit that the lines before a table tell as its own: in parentheses, at a line's end, or after "belopp i"."""
    for line in reversed(before.split("\n")):
        for code, start, end in vocabulary["columns", "unit"].finditer(line):
            alone = not line[end:].strip(" .:)") and not line[:start].rstrip()[-1:].isdigit()
            if (
                code in MONEY_UNITS
                and len(line) <= 120
                and (alone or line[start - 1 : start] == "(" or vocabulary["columns", "unit_line"].search(line))
            ):
                return code
    return None


def find_head_rows(grid: Grid, vocabulary: Vocabulary) -> int:
    """How many rows at the top of a grid are its head: those before the first with a figure that is no year or date."""
    headed = False
    for r, row in enumerate(grid[:6]):
        texts = [cell.text for cell in row if cell is not None]
        if headed and ((len(texts) == 1 and row[0] is not None) or any(len(t) > 70 for t in texts)):
            return r
        headed = headed or any(cell is not None for cell in row[1:])
        figures = [t for cell in row[1:] if cell is not None and is_figure(t := cell.text) and not _headlike(t, vocabulary)]
        if figures and not (r == 0 and all(_telling(t, vocabulary) for t in texts[1:])):
            return r
        if r and texts and not any(_telling(t, vocabulary) for t in texts[1:] or texts) and _has_figures(grid[r:]):
            return r if not any(_telling(c.text, vocabulary) for later in grid[r + 1 : r + 2] for c in later[1:] if c) else r + 1
    if not _has_figures(grid):
        texts = [cell.text for cell in grid[0] if cell is not None]
        return int(len(texts) > 1 and sum(len(t) <= 60 and _telling(t, vocabulary) for t in texts) * 2 > len(texts))
    return next((r for r, row in enumerate(grid) if any(c is not None and is_figure(c.text) for c in row[1:])), 0)


def reads_as_head(texts: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether the texts of a row read like column heads: kinds, years, units, and no figures."""
    return all(_telling(t, vocabulary) for t in texts) and not any(is_figure(t) and not _headlike(t, vocabulary) for t in texts)


def _has_figures(grid: Grid) -> bool:
    return any(cell is not None and is_figure(cell.text) for row in grid for cell in row[1:])


def _dated(text: str) -> bool:
    text = _PAREN.sub("", text)
    return _YEAR.fullmatch(text) is not None or next(find_periods(text), None) is not None


def _headlike(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a text that holds a number is a year, a date or a school term."""
    return _dated(text) or vocabulary["columns", "term"].search(text) is not None


def _telling(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a text reads like a head: kind, year, unit, or a head's own word."""
    if len(text) > 60:
        return False
    if _LETTER.search(text) is None:
        return _dated(text) or ("%" in text and read_unit(text, vocabulary) is not None)
    return (
        _headlike(text, vocabulary)
        or vocabulary["columns", "head"].code(text) is not None
        or vocabulary["columns", "measure"].search(text) is not None
        or read_unit(text, vocabulary) is not None
        or vocabulary["columns", "subject"].search(text) is not None
    )


def _paths(rows: Grid, n_cols: int) -> list[str]:
    """Head paths from head rows; in all but the last row an empty cell continues the one to its left."""
    paths: list[list[str]] = [[] for _ in range(n_cols)]
    for r, row in enumerate(rows):
        last = None
        for c in range(n_cols):
            cell = row[c] if c < len(row) else None
            text = " ".join(cell.text.split()) if cell is not None else None
            if text is None and c > 1 and r < len(rows) - 1 and any(later[c] is not None for later in rows[r + 1 :] if c < len(later)):
                text = last
            last = text
            if text and text not in paths[c]:
                paths[c].append(text)
    return [" / ".join(path) for path in paths]


def _days(texts: Sequence[str]) -> bool:
    """Whether all cells of a column are days in six digits ("190630")."""
    return len(texts) > 1 and all(_DAY.fullmatch(text) for text in texts)


def _kinds(columns: Sequence[Column], filled: Sequence[Sequence[str]], figures: Sequence[int], vocabulary: Vocabulary) -> list[str | None]:
    """The measure of each column, set right by what stands in it: a "Mål" with words is a goal, one with figures a target."""
    kinds: list[str | None] = []
    figures = [0 if column.measure in WORDS_ONLY | {None} and _days(filled[c]) else figures[c] for c, column in enumerate(columns)]
    first = next((c for c, n in enumerate(figures) if n and 2 * n >= len(filled[c]) and not _codes(c, columns, filled)), len(columns))
    label_known = any(c.measure == "label" for c in columns)
    for c, column in enumerate(columns):
        code = vocabulary["columns", "head"].code(column.head.rstrip(":")) if column.head else None
        holds_figures = figures[c] > 0 and (3 * figures[c] >= len(filled[c]) or column.measure not in WORDS_ONLY | {None})
        if c >= first and holds_figures:
            kinds.append(None if column.measure in WORDS_ONLY - {"note"} else column.measure)
        elif c < first and c > 0 and not filled[c] and column.measure not in WORDS_ONLY | {None}:
            kinds.append(column.measure)
        elif c < first and c > 0 and first == len(columns) and code is None:
            kinds.append("text")
        elif c < first:
            kinds.append(
                code
                if code in WORDS_ONLY and (label_known or first == len(columns) or code in ("note", "status", "responsible"))
                else "label"
            )
        elif not filled[c] and code is None:
            kinds.append(column.measure)
        else:
            kinds.append(code or (column.measure if filled[c] and not _wordy(filled[c]) else "text"))
    if kinds and "label" not in kinds:
        at = next((c for c in range(min(first, len(kinds)) - 1, -1, -1) if kinds[c] in ("goal", "text") and not _days(filled[c])), 0)
        kinds[at] = kinds[at] if kinds[at] == "goal" and first == len(columns) else "label"
    return kinds


def _codes(c: int, columns: Sequence[Column], filled: Sequence[Sequence[str]]) -> bool:
    """Whether the first column holds numbers of projects or units before a column of names."""
    if c > 0 or columns[c].measure not in (None, "label", "note") or len(columns) < 3 or not filled[1]:
        return False
    return all(t.strip().isdigit() for t in filled[0]) and sum(map(is_figure, filled[1])) * 2 < len(filled[1])


def _wordy(texts: Sequence[str]) -> bool:
    return sum(len(t) > 12 and any(ch.isalpha() for ch in t) for t in texts) * 2 > len(texts)


def _settle(columns: Sequence[Column]) -> list[Column]:
    """A "Differens" is a deviation where the table has a budget, else a change."""
    budget = any(c.measure == "budget" for c in columns)
    return [c._replace(measure="deviation" if budget else "change") if c.measure == "difference" else c for c in columns]


def settle_kinds(columns: Sequence[Column], vocabulary: Vocabulary) -> list[Column]:
    """A plain "Avvikelse" right behind a forecast is that of the forecast, unless the forecast was made when the year was over."""
    settled = list(columns)
    for c, (left, column) in enumerate(pairwise(columns), 1):
        over = left.period is not None and left.period.endswith("-12")
        if column.measure == "deviation" and left.measure == "forecast" and not over and not _of_outcome(column.head, vocabulary):
            settled[c] = column._replace(measure="forecast_deviation")
    return settled


def _of_outcome(head: str, vocabulary: Vocabulary) -> bool:
    return any(code == "outcome" for code, _, _ in vocabulary["columns", "measure"].finditer(head))


def _row_labels(grid: Grid, top: int, columns: Sequence[Column], indents: Sequence[float] | None, vocabulary: Vocabulary) -> list[str]:
    total, part, group = vocabulary["columns", "total"], vocabulary["columns", "part"], vocabulary["columns", "group"]
    at = [c for c, column in enumerate(columns) if column.measure == "label"]
    labels = [""] * len(grid)
    repeated = Counter(clean_label(row[at[-1]].text) for row in grid if at and row[at[-1]] is not None)  # type: ignore[union-attr]
    stack: list[tuple[float, str, bool]] = []  # indent, label, whether rows of the same indent belong to it
    values: dict[int, float] = {}
    carried: dict[int, str] = {}
    previous = ""
    for r in range(top, len(grid)):
        row = grid[r]
        own = []
        for i, c in enumerate(at):
            cell = row[c] if c < len(row) else None
            if cell is not None:
                carried[c] = clean_label(cell.text)
                for later in at[i + 1 :]:
                    carried.pop(later, None)
            if c in carried and (cell is not None or i < len(at) - 1):
                own.append(carried[c])
        joined = " ".join(own) if own and own[0].isdigit() else ", ".join(dict.fromkeys(own))
        bare = not any(
            cell is not None and cell.text.strip() for c, cell in enumerate(row) if c not in at and columns[c].measure not in WORDS_ONLY
        )
        indent = indents[r] if indents is not None else 0.0
        if bare and joined and "*" in (row[at[0]].text[:1] if at and row[at[0]] is not None else ""):  # type: ignore[union-attr]
            labels[r] = joined  # a footnote
            continue
        while stack and (stack[-1][0] > indent + _INDENT or (abs(stack[-1][0] - indent) <= _INDENT and (bare or not stack[-1][2]))):
            stack.pop()
        if joined and _begins(total, joined) and not (repeated[joined] > 1 and stack and stack[-1][2]):
            while stack and stack[-1][0] >= indent - _INDENT:
                stack.pop()
        parents = [label for _, label, _ in stack]
        own_values = {c: v for c, cell in enumerate(row) if cell is not None and (v := cell_value(cell.text)) is not None}
        grouped = joined and group.code(joined) is not None and not bare
        if joined and (_begins(part, joined) or grouped):
            if grouped and not any(abs(indent - s[0]) > _INDENT for s in stack[-1:]) and previous:
                parents = parents if previous in parents else [*parents, previous]
            elif previous and previous not in parents and all(abs(v) <= abs(values[c]) for c, v in own_values.items() if c in values):
                parents = [previous]
        elif own_values:
            values = own_values
        labels[r] = ", ".join([*parents, joined]) if joined else ", ".join(parents[-1:])
        if joined and not bare and not grouped and not _begins(part, joined):
            previous = joined
        if joined and (bare or indents is not None) and not _begins(part, joined) and not (_begins(total, joined) and not bare):
            deeper = indents is not None and r + 1 < len(grid) and indents[r + 1] > indent + _INDENT
            stack.append((indent, joined, bare and not deeper))
    return labels


def _begins(terms: Terms, label: str) -> bool:
    found = terms.search(label)
    return found is not None and (found[1] == 0 or found[2] == len(label))


@lru_cache(maxsize=2048)
def clean_label(text: str) -> str:
    """A label without its bullet, line breaks, dot leaders and footnote marks."""
    text = _LEADER.sub(" ", " ".join(text.split()))
    return _unmarked(_BULLET.sub("", text)).rstrip(" :.")


def same_head(a: Sequence[Column], b: Sequence[Column]) -> bool:
    """Whether two tables have the same head."""
    return [fold(c.head) for c in a] == [fold(c.head) for c in b]
