"""Find goals in tables: in columns of goals, in tables that lost their lines, and in norms that stand between the rows of such."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

import regex

from docmine.extract.grades import flat_rows, row_verdicts, table_heads
from docmine.extract.judged import with_verdict
from docmine.extract.norms import (
    LONGEST,
    SHORTEST_LETTERS,
    Candidate,
    is_measure,
    level_told,
    norm_wording,
    section_level,
)
from docmine.extract.spans import SENTENCE_END, Spans, letters, skip, tidy
from docmine.extract.status import Verdict
from docmine.records import Goal, Report, Table
from docmine.vocabulary import Vocabulary

__all__ = ["goals_of_rows", "goals_of_table"]

#: what stands before and after a word that leads in a target, and a target that a sign leads in
_TARGET_BEFORE = regex.compile(r"[\s.(]$")


_TARGET_AFTER = regex.compile(r"\s?:|\s{1,4}[≥≤<>]?\s?\d")


_TARGET_SIGN = regex.compile(r"(?<=[\s.(])[≥≤<>]\s?\d")


def goals_of_table(report: Report, table: Table, vocabulary: Vocabulary) -> Iterator[Goal]:
    """The cells of a column of goals; a cell that goes on in the next row is one goal."""
    named = vocabulary["goals", "column"]
    heads, first = table_heads(table, vocabulary)
    levels = {i: code for i, head in enumerate(heads) if (code := named.code(head)) is not None}
    columns = [i for i in levels if table.columns[i].measure in (None, "goal", "label", "text", "target")]
    columns += [i for i, c in enumerate(table.columns) if c.measure == "goal" and i not in columns]
    if not columns:
        return
    # beside an action, a status is the action's; of two goals in a row, it is the last one's
    verdicts = {} if any(vocabulary["actions", "column"].code(head) for head in heads) else row_verdicts(report, table, vocabulary)
    chain = [i for i in sorted(columns) if levels.get(i, "other") != "other"]
    for col in chain if len({levels[i] for i in chain}) > 1 else columns[:1]:
        told = verdicts if len(chain) < 2 or col == chain[-1] else {}
        yield from _from_column(report, table, col, (levels.get(col, "other"), heads[col]), first, told, vocabulary)


def _from_column(
    report: Report, table: Table, col: int, head: tuple[str, str], first: int, verdicts: dict[int, Verdict], vocabulary: Vocabulary
) -> Iterator[Goal]:
    level = level_told(*head, vocabulary)
    section = report.sections.at(table.start)
    told_by: str | None = head[1] or None
    if level == "other" and section is not None:
        level, words = section_level(report, section, vocabulary)
        told_by = words or told_by
    between = list(_between_rows(report, table, first, col, level, head[1], vocabulary)) if table.origin == "flattened" else []
    if between:
        yield from between
        return
    found: list[Goal] = []
    for cell in table.cells:
        if cell.col != col or cell.row < first or cell.header or cell.value is not None or cell.text.isupper():
            continue
        text = norm_wording(_without_target(cell.text, vocabulary))
        told = verdicts.get(cell.row)
        if found and text[:1].islower() and not found[-1].text.endswith("."):
            found[-1] = with_verdict(replace(found[-1], text=f"{found[-1].text} {text}"), told)  # a cell that the page or the row cut
            continue
        if (
            letters(text) < SHORTEST_LETTERS
            or is_measure(text, 0, len(text), vocabulary)
            or vocabulary["goals", "column"].code(text) is not None
            or len(text) > LONGEST
        ):
            continue
        goal = Goal(
            start=cell.start,
            end=cell.end,
            method="table",
            confidence=0.85 if level != "other" else 0.7,
            rule="column",
            text=text,
            level=level,
            level_text=told_by,
        )
        found.append(with_verdict(goal, told))
    yield from found


def _without_target(text: str, vocabulary: Vocabulary) -> str:
    """The text of a cell without the target that stands after its goal: "… ska öka Minst 80 procent", "… ska öka Indikator: …"."""
    signs = (m.start() for m in _TARGET_SIGN.finditer(text, 2 * SHORTEST_LETTERS))
    words = (
        a
        for _, a, b in vocabulary["goals", "target"].finditer(text, 2 * SHORTEST_LETTERS)
        if text[a].isupper() and _TARGET_BEFORE.search(text, a - 1, a) and _TARGET_AFTER.match(text, b)
    )
    cuts = [*signs, *words]
    return text[: min(cuts)].rstrip(" \n.(") if cuts else text


def _between_rows(report: Report, table: Table, first: int, col: int, level: str, head: str, vocabulary: Vocabulary) -> Iterator[Goal]:
    """The norms that a flattened table keeps out of its cells: they stand before the names of the measures of a goal."""
    ends = sorted(c.end for c in table.cells)
    for cell in table.cells:
        before = bisect_left(ends, cell.start + 1)
        if cell.col != col or cell.row < first or not before:
            continue
        start = skip(report.text, ends[before - 1])
        end = tidy(report.text, start, cell.start)
        norm = next((n for n in vocabulary["goals", "norm"].finditer(report.text, start, end) if n[0] == "modal"), None)
        if norm is None or end - start > LONGEST or SENTENCE_END.search(report.text, start, end) is not None:
            continue
        text = norm_wording(report.text[start:end])
        yield Goal(start=start, end=end, method="table", confidence=0.7, rule="column", text=text, level=level, level_text=head or None)


def goals_of_rows(report: Report, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """The goals in rows of tables that lost their lines, outside the tables that were drawn."""
    drawn = Spans((t.start, t.end) for t in report.tables if t.origin != "flattened")
    for row in flat_rows(report.text, "goals", vocabulary):
        if drawn.meet(row.start, row.end):
            continue
        yield Candidate(row.start, row.end, level_told(row.code, row.head, vocabulary), row.head, 0.75, "flat", row.verdict)
