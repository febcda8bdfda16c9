"""Read grades that stand beside goals and actions: words, signs and crosses of tables, legends, colours of a page."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import regex

from docmine.extract.labels import SIGN
from docmine.extract.marks import colour_code, row_colours
from docmine.extract.spans import SENTENCE_END, runs_on, sentence_end, skip
from docmine.extract.status import Verdict, cell_verdict, stated, verdict
from docmine.records import Cell, Page, Report, Table, Word
from docmine.vocabulary import Vocabulary

__all__ = [
    "FlatRow",
    "colour_code",
    "find_legend",
    "flat_rows",
    "head_of",
    "heads_at",
    "of_sign",
    "row_verdicts",
    "table_heads",
    "told_after",
]

#: the year or the period that closes the head of a column
_PERIOD = re.compile(r"(?:(?:per|för|år|helår)\s{1,4})?(?:\d|helår|delår|tertial|kvartal|jan|apr|aug|dec|t[123]\b|q[1-4]\b)", re.IGNORECASE)
_CROSS = re.compile(r"[xX×✓✔☒☑●•■✕]")
#: a figure and the grade that it stands for; it needs a mark between the two, as figures stand everywhere
_FIGURE = re.compile(r"[0-5]\s*[=:–-]\s*(?=\w)")
#: marks that are no signs of a grade
_MARKS = frozenset(".,;:()\"”'/=%–+*-_")
#: what a sign of a legend stands for, where it is a sentence: "Målet är delvis uppnått"
_SENTENCE = re.compile(r"[Mm]ål(?:et|en)?\s[^\W\d][\w ]{3,40}\w(?=\s+[^\w\s]|\s*[\n.,;]|\s*$)")
#: the grades of a legend stand so near each other
_NEAR, _SHORTEST_NAME = 120, 2
_FEWEST = 2
#: how long the wording in a row of a flattened table may be
_LONGEST_WORDING, _SHORTEST_WORDING = 220, 10
_MOST_HEADS, _FEWEST_HEADS = 8, 3
#: how many sentences a comment may have that stands between two rows
_MOST_COMMENTS = 3
_WHEN = re.compile(r"(?:\s{1,4}(?:\d{4}-\d\d(?:-\d\d)?|[QTKqtk][1-4](?:[\s/-]{1,3}\d{4})?|(?:19|20)\d\d|[-–])){1,8}\s{0,4}$")
#: the period under the head of a column of figures
_HEAD_PERIOD = re.compile(r"(?:[\s,(]+(?:[QTKqtk][1-4]|jan\w*[-–]\w+|(?:19|20)\d\d(?:-\d\d)?|helår|per|%|tkr|mnkr)\b\)?)+")
#: the gap before a cell that begins with a capital
_CELL = regex.compile(r"(?<=[\p{Ll}\d)”\"%]|\p{Lu}{2})\s+(?=\p{Lu}\p{Ll}|\p{Lu}-\p{Ll})")
_DIGIT = re.compile(r"\d")
#: how long a table may be that lost its lines
_LONGEST_TABLE = 6000
_INNER_NUMBER = regex.compile(r"(?<=\p{Ll}\s)\d{1,3}[.)]?\s+(?=\p{Lu}\p{Ll})")
_NUMBER = re.compile(r"\s*(?:\d{1,3}(?:\.\d{1,2})*[.)]?\s+)?")


@lru_cache(maxsize=2)
def find_legend(text: str, vocabulary: Vocabulary) -> dict[str, str]:
    """What the signs of a report stand for, where it says so: ``3 = uppfyllt``, ``◐ Delvis uppfyllt``.

    Parameters
    ----------
    text : str
        The report's text.
    vocabulary : Vocabulary
        With the file ``status``.

    Returns
    -------
    dict of str to str
        Status by sign; empty where fewer than two signs with two grades stand near each other.
    """
    grades = vocabulary["status", "cell"].pattern
    found: dict[str, str] = {}
    last = -_NEAR
    for start, end, sign in _signs(text):
        grade = _SENTENCE.match(text, end) or grades.match(text, end)
        code = vocabulary["status", "cell"].code(grade.group()) if grade else None
        if grade is not None and code is None and (told := verdict(grade.group(), vocabulary)) is not None:
            code = told.code
        if grade is None or code is None or len(grade.group()) < _SHORTEST_NAME:
            continue
        if start - last > _NEAR:
            if len(set(found.values())) >= _FEWEST:
                break
            found = {}
        found.setdefault(sign, code)
        last = grade.end()
    return found if len(found) >= _FEWEST and len(set(found.values())) >= _FEWEST else {}


def _signs(text: str) -> list[tuple[int, int, str]]:
    """Start and end of the signs and figures before which or after which a grade may stand, each with the sign itself."""
    found = [
        (m.start(), m.end(), text[m.start()])
        for m in _FIGURE.finditer(text)
        if not (m.start() and (text[m.start() - 1].isalnum() or text[m.start() - 1] in ".,_"))
    ]
    # few texts hold any sign, and to look for known ones is faster than for whatever is none of the marks
    signs = "".join(sorted(sign for sign in set(text) - _MARKS if not (sign.isalnum() or sign.isspace())))
    if signs:
        found += [(m.start(), m.end(), m.group()[0]) for m in re.finditer(rf"[{re.escape(signs)}]\s*[=:–-]?\s*(?=\w)", text)]
    return sorted(found)


def told_after(report: Report, start: int, stop: int, vocabulary: Vocabulary) -> Verdict | None:
    """The grade that stands right after a wording: in words ("Status: pågår", "Uppfyllt") or as a sign that the legend or everybody knows.

    Parameters
    ----------
    report : Report
        That holds the wording.
    start, stop : int
        Where the wording ends, and where what is said of it ends at the latest.
    vocabulary : Vocabulary
        With the file ``status``.

    Returns
    -------
    Verdict or None
        Its offsets are those of the report's text.
    """
    text = report.text
    at = skip(text, start)
    if at < stop and SIGN.match(text, at):
        sign = text[at]
        code = find_legend(text, vocabulary).get(sign) or vocabulary["status", "cell"].code(sign) or _colour_at(report, at)
        if code is not None:
            return Verdict(code, at, at + 1, sign, "plan", 0.8)
    return stated(text, start, stop, vocabulary)


def head_of(head: str) -> str:
    """The head of a column without its period and marks."""
    period = _PERIOD.search(head)
    return (head[: period.start()].rstrip(" \t\n,(") if period else head).strip(" .:*")


def table_heads(table: Table, vocabulary: Vocabulary) -> tuple[list[str], int]:
    """The heads of a table's columns and its first row of content; a first row whose cells are heads is one, though it was not told."""
    heads = [head_of(c.head) for c in table.columns]
    if table.head_rows or any(heads):
        return heads, table.head_rows
    first = {c.col: head_of(c.text) for c in table.cells if c.row == 0}
    named = [vocabulary[file, "column"].code(head) for file in ("goals", "actions") for head in first.values()]
    return ([first.get(i, "") for i in range(table.n_cols)], 1) if any(named) else (heads, 0)


def row_verdicts(report: Report, table: Table, vocabulary: Vocabulary) -> dict[int, Verdict]:
    """The verdict of each row of a table: from crosses under grades, from a column of grades, from coloured cells.

    Parameters
    ----------
    report : Report
        That holds the table; its legend tells what signs stand for, its pages the colours.
    table : Table
        The table.
    vocabulary : Vocabulary
        With the file ``status``.

    Returns
    -------
    dict of int to Verdict
        By row; offsets of verdicts are those of `Report.text`.
    """
    heads, first = table_heads(table, vocabulary)
    body = [c for c in table.cells if c.row >= first and not c.header]
    graded = {i: code for i, head in enumerate(heads) if (code := vocabulary["status", "cell"].code(head)) is not None}
    if len(set(graded.values())) >= _FEWEST:
        crosses = [c for c in body if c.col in graded and _CROSS.fullmatch(c.text)]
        return {c.row: Verdict(graded[c.col], c.start, c.end, heads[c.col], "plan", 0.85) for c in crosses}
    legend = find_legend(report.text, vocabulary)
    columns = sorted({c.col for c in body} - {0}, reverse=True)
    named = [i for i in range(table.n_cols - 1, 0, -1) if i < len(heads) and _is_status(table, i, heads[i], vocabulary)]
    for col in [*named, *(i for i in columns if i not in named)]:
        cells = [c for c in body if c.col == col]
        found = {c.row: v for c in cells if (v := _graded(report, c, legend, col in named, vocabulary)) is not None}
        if found and (col in named or (len(found) >= _FEWEST and len(found) * 5 >= len(cells) * 4)):
            return found
    ends = {c.row: c.end for c in body}
    colours = row_colours(report, table, first, named)
    return {row: Verdict(code, ends[row], ends[row], "", "plan", 0.65) for row, code in colours.items() if row in ends}


def _is_status(table: Table, col: int, head: str, vocabulary: Vocabulary) -> bool:
    return table.columns[col].measure == "status" or vocabulary["status", "column"].code(head) is not None


def _graded(report: Report, cell: Cell, legend: dict[str, str], named: bool, vocabulary: Vocabulary) -> Verdict | None:
    sign = cell.text.strip(" .")
    if sign in legend:
        return Verdict(legend[sign], cell.start, cell.end, sign, "plan", 0.8)
    if named:
        found = cell_verdict(cell.text, vocabulary)
        grade = vocabulary["status", "grade"].code(sign) if found is None else None
        found = Verdict(grade, 0, len(cell.text), sign, "plan", 0.7) if grade is not None else found
    else:  # nothing but a grade is one in a column that no head calls so
        code = vocabulary["status", "cell"].code(sign) if len(sign) > _SHORTEST_NAME else None
        found = Verdict(code, 0, len(sign), sign, "plan", 0.7) if code is not None else None
    if found is not None:
        return found._replace(start=cell.start + found.start, end=cell.start + found.end)
    coloured = _colour_at(report, cell.start) if len(sign) == 1 and not sign.isalnum() else None
    return Verdict(coloured, cell.start, cell.end, sign, "plan", 0.65) if coloured is not None else None


def of_sign(report: Report, sign: str, at: int, vocabulary: Vocabulary) -> Verdict | None:
    """What the bullet of an item says of it, as the legend tells or as everybody knows: a tick is done."""
    code = find_legend(report.text, vocabulary).get(sign) or vocabulary["status", "cell"].code(sign)
    return None if code is None else Verdict(code, at, at, sign, "plan", 0.7)


def _colour_at(report: Report, at: int) -> str | None:
    """The status that the colour of the word at an offset stands for."""
    page = report.page_at(at)
    word = _word_at(page, at) if page is not None else None
    return colour_code(report.styles[word.style].color) if word is not None else None


def _word_at(page: Page, offset: int) -> Word | None:
    i = bisect_right(page.words, offset, key=lambda w: w.start) - 1
    return page.words[i] if i >= 0 and offset < page.words[i].end else None


class FlatRow(NamedTuple):
    """A row of a table that lost its lines: its wording at ``start:end``, the code of its noun, the head, and its grade, if it has one."""

    code: str
    head: str
    start: int
    end: int
    verdict: Verdict | None


def flat_rows(text: str, file: str, vocabulary: Vocabulary) -> Iterator[FlatRow]:
    """Yield the rows of tables that lost their lines, where a head of things and one of grades stand over wordings that end with a grade.

    Parameters
    ----------
    text : str
        The report's text.
    file : str
        Whose heads: ``goals`` or ``actions``.
    vocabulary : Vocabulary
        With that file and ``status``.

    Yields
    ------
    FlatRow
        Of two or more rows under one head.
    """
    read = 0
    for code, a, b in vocabulary[file, "column"].finditer(text):
        if a < read or not text[a].isupper():
            continue
        at, _, graded, measured = _heads(text, b, vocabulary)
        read = at
        if measured and file == "goals":
            yield from _measured_rows(text, at, code, text[a:b], vocabulary)
            continue
        rows: list[FlatRow] = []
        while graded and (row := _next_row(text, at, code, text[a:b], vocabulary, bool(rows))) is not None and row.verdict is not None:
            rows.append(row)
            at = row.verdict.end
        if len(rows) >= _FEWEST:
            yield from rows


def heads_at(text: str, at: int, vocabulary: Vocabulary) -> bool:
    """Whether the heads of a table that lost its lines begin at an offset."""
    return _heads(text, at, vocabulary)[1] >= _FEWEST_HEADS


def _heads(text: str, at: int, vocabulary: Vocabulary) -> tuple[int, int, bool, bool]:
    """Where the heads end that begin at an offset, how many they are, whether one is of grades, and whether one is of measures."""
    graded = measured = False
    count = 0
    while count < _MOST_HEADS:
        start = skip(text, at)
        found = (
            [m for key in _HEADS if (m := vocabulary[key].pattern.match(text, start)) is not None]
            if text[start : start + 1].isupper()
            else []
        )
        if not found:
            break
        longest = max(found, key=lambda m: m.end())
        graded = graded or vocabulary["status", "column"].code(longest.group()) is not None
        measured = measured or vocabulary["goals", "measure"].code(longest.group()) is not None
        when = _HEAD_PERIOD.match(text, longest.end())
        at = when.end() if when else longest.end()
        count += 1
    return at, count, graded, measured


_HEADS = (("status", "column"), ("goals", "head"), ("columns", "head"), ("goals", "column"))


def _measured_rows(text: str, at: int, code: str, head: str, vocabulary: Vocabulary) -> Iterator[FlatRow]:
    """The goals of a table with their measures beside them: "Köerna ska minska Väntetid, dagar 40 35 Uppfyllt Alla elever ska …".

    A cell begins with a capital; a goal is a cell with "ska" that figures follow.
    """
    limit = min(len(text), at + _LONGEST_TABLE)
    stop = SENTENCE_END.search(text, at, limit)
    limit = stop.start() if stop is not None else limit
    starts = [skip(text, at), *(gap.end() for gap in _CELL.finditer(text, at, limit) if not runs_on(text, at, gap.start()))]
    goals = []
    for start, end in pairwise([*starts, limit]):
        modal = next((m for m in vocabulary["goals", "norm"].finditer(text, start, end) if m[0] == "modal"), None)
        if modal is not None and modal[1] > start and end < limit and end - start <= _LONGEST_WORDING:
            goals.append((start, start + len(text[start:end].rstrip())))
    for (start, end), (following, _) in pairwise([*goals, (limit, limit)]):
        if _DIGIT.search(text, end, following) is None:
            return
        told = {
            c: Verdict(c, a, b, text[a:b], "plan", 0.75)
            for c, a, b in vocabulary["status", "cell"].finditer(text, end, following)
            if text[a].isupper() and not text[b : b + 2].lstrip()[:1].islower()
        }
        yield FlatRow(code, head, start, end, next(iter(told.values())) if len(told) == 1 else None)


def _next_row(text: str, at: int, code: str, head: str, vocabulary: Vocabulary, commented: bool) -> FlatRow | None:
    """The row that begins at an offset, or after the sentences of a comment on the row before."""
    row = _flat_row(text, at, code, head, vocabulary)
    if row is not None and commented and _DIGIT.search(text, at, row.start) is None:
        marks = list(_INNER_NUMBER.finditer(text, row.start, row.end - _SHORTEST_WORDING))
        return row._replace(start=marks[-1].end()) if marks else row  # the comment on the row before has no stop
    for _ in range(_MOST_COMMENTS if commented else 0):
        stop = sentence_end(text, at, at + _LONGEST_WORDING)
        if row is not None or text[stop - 1 : stop] != ".":
            break
        at = stop
        row = _flat_row(text, skip(text, at), code, head, vocabulary)
    return row


def _flat_row(text: str, at: int, code: str, head: str, vocabulary: Vocabulary) -> FlatRow | None:
    number = _NUMBER.match(text, at)
    start = number.end() if number else at
    if not text[start : start + 1].isalpha():
        return None
    for grade, a, b in vocabulary["status", "cell"].finditer(text, start, start + _LONGEST_WORDING):
        after = text[b : b + 2].lstrip()
        if not text[a].isupper() or (after and not (after[0].isupper() or after[0].isdigit())) or a - start < _SHORTEST_WORDING:
            continue
        end = start + len(_WHEN.sub("", text[start:a]).rstrip())
        if SENTENCE_END.search(text, start, end) is not None:
            return None
        return FlatRow(code, head, start, end, Verdict(grade, a, b, text[a:b], "plan", 0.75))
    return None
