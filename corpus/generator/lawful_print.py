"""The random tables as pages of small reports, printed in each form in which real tables are met.

| form | what |
| --- | --- |
| `ruled`, `unruled` | PDF, by two producers: with all lines drawn; with few (under the head), bands of colour, or none |
| `tabbed` | text with a tab between cells |
| `cells` | text with a cell a line |
| `rows` | text with a row a line, its cells parted by spaces |
| `running` | the rows follow each other in one line |
| `glued` | the same, and a figure with a minus sign stands close to the one before it |
| `packed` | the same, and a figure that fills its column, of five characters or more, stands close to what is before it, its label too |
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal, NamedTuple

from .dice import Dice
from .lawful import Lawful, Place
from .layout import Layout
from .model import Block, Grid, GridRow, Heading, Paragraph, RowKind, Sentence, Story
from .phrases import bank
from .typeset import print_pdf

__all__ = ["FLAT", "FORMS", "PDF", "Form", "Print", "Stretch", "print_table"]

Form = Literal["ruled", "unruled", "tabbed", "cells", "rows", "running", "glued", "packed"]
PDF: tuple[Form, ...] = ("ruled", "unruled")
FLAT: tuple[Form, ...] = ("cells", "rows", "running", "glued", "packed")
FORMS: tuple[Form, ...] = (*PDF, "tabbed", *FLAT)
_FILLS = 5  # characters of a figure that leave no room in its column


class Stretch(NamedTuple):
    """The figures of a row as running text shows them, without footnote marks: ``lead`` are digits before them that end the label,
    ``tail`` digits after them that begin the next."""

    lead: str
    figures: str
    tail: str


class Print(NamedTuple):
    """A printed report: its file, the figures that can be read there, and in running text the stretch of each row."""

    suffix: str
    data: bytes
    values: dict[Place, float]
    stretches: tuple[Stretch, ...]


def print_table(table: Lawful, form: Form, *, lose: bool = True) -> Print:
    """The table on a page of a report.

    Parameters
    ----------
    table : Lawful
        What is printed; its seed decides all else.
    form : Form
        How.
    lose : bool
        Whether running text may have lost a figure, or all of it but the decimals.
    """
    dice = Dice(f"print {table.seed} {form}")
    if form in PDF:
        return Print(".pdf", _pdf(table, form, dice), dict(table.values), ())
    values, texts = dict(table.values), [list(row) for row in table.texts]
    if lose and form in FLAT and form != "cells" and dice.chance(0.12):
        for place in dice.sample(sorted(values), dice.integer(1, 2)):
            r, c = place
            del values[place]
            texts[r][c] = "," + texts[r][c].rpartition(",")[2] if "," in texts[r][c] and dice.chance(0.7) else ""
    if form == "packed":  # without groups of thousands such figures would be a mere string of digits
        texts = [[re.sub(r"(?<=\d)(?=(?:\d{3})+(?!\d))", " ", t) if re.search(r"\d{4}", t) else t for t in row] for row in texts]
    bare = [_row(table, r, row, form)[1] for r, row in enumerate(texts)]
    for (r, c), mark in table.marks.items():
        if (r, c) in values:
            texts[r][c] += mark
    rows = [_row(table, r, row, form)[0] for r, row in enumerate(texts)]
    data = _around(table, _heads(table, form), rows, form, dice)
    ends = [_digits_after(table.labels[r]) for r in range(len(rows))]
    begins = [*(_digits_before(label) if form in ("running", "glued", "packed") else "" for label in table.labels[1:]), ""]
    stretches = [Stretch(*each) for each in zip(ends, bare, begins, strict=True)]
    return Print(".txt", data.encode(), values, tuple(stretches) if form in FLAT else ())


def _digits_after(label: str) -> str:
    word = label.rpartition(" ")[2]
    return word if word.isdigit() else ""


def _digits_before(label: str) -> str:
    word = label.partition(" ")[0]
    return word if word.isdigit() else ""


def _heads(table: Lawful, form: Form) -> list[str]:
    """The lines of the head: the corner and each head row, spanning heads once."""
    apart = {"tabbed": "\t", "cells": "\n"}.get(form, " ")
    lines = []
    for i, row in enumerate(table.head):
        first = [table.corner if i == 0 else "", *(["Not" if i == 0 else ""] if table.notes else [])]
        told = [text if c == 0 or i + 1 == len(table.head) or text != row[c - 1] else "" for c, text in enumerate(row)]
        cells = [*first, *told]
        lines.append(apart.join(cells if form == "tabbed" else [c for c in cells if c]))
    return [line for line in lines if line]


def _row(table: Lawful, r: int, texts: list[str], form: Form) -> tuple[str, str]:
    """A row as a line, and its figures alone."""
    cells = [*([table.notes[r]] if table.notes else []), *texts]
    if form == "tabbed":
        return "\t".join([table.labels[r], *cells]), ""
    shown = [c for c in cells if c]
    apart = "\n" if form == "cells" else " "
    if form in ("cells", "rows", "running"):
        figures = apart.join(shown)
        return apart.join([table.labels[r], *shown]), figures
    figures = ""
    for cell in shown:
        sign = cell[0] in "-–−" and len(cell) > 1
        close = figures and (sign or (form == "packed" and len(cell) >= _FILLS and figures[-1] not in "-–"))
        figures += cell if close or not figures else f" {cell}"
    close = form == "packed" and figures[:1].isdigit() and len(shown[0]) >= _FILLS and table.labels[r][-1].isalpha()
    return f"{table.labels[r]}{'' if close or not figures else ' '}{figures}", figures


class _Words(NamedTuple):
    title: str
    board: str
    kommun: str
    heading: str
    before: list[str]
    after: list[str]


def _words(table: Lawful, dice: Dice) -> _Words:
    around, names = bank("lawful")["around"], bank("lawful")["names"]
    return _Words(
        dice.pick(around["titles"]).format(year=table.year),
        dice.pick(names["boards"]),
        dice.pick(around["kommuner"]),
        dice.pick(around["headings"]),
        dice.sample(around["before"], dice.integer(1, 2)),
        dice.sample(around["after"], dice.integer(1, 2)),
    )


def _around(table: Lawful, heads: list[str], rows: list[str], form: Form, dice: Dice) -> str:
    """The text of the report: the table under its caption, between sentences."""
    words = _words(table, dice)
    over = [line for line in (table.caption, table.unit_line) if line]
    whole = form in ("running", "glued", "packed")
    lines = [*over, *heads, *rows, *table.footnotes]
    cover = f"{words.title}\n\n{words.board}\n{words.kommun} kommun\n\n"
    before, after = " ".join(words.before), " ".join(words.after)
    if whole and dice.chance(0.5):  # headings and all in one line
        return cover + " ".join([words.heading, before, *lines, after]) + "\n"
    table_text = " ".join(lines) if whole else "\n".join(lines)
    return cover + "\n\n".join([words.heading, before, table_text, after]) + "\n"


def _pdf(table: Lawful, form: Form, dice: Dice) -> bytes:
    words = _words(table, dice)
    width = table.n_cols + table.lead - 1
    longest = max(len(t) for row in table.texts for t in row)
    size = (11.0 if width < 4 else 10.0 if width < 5 else 9.0 if width < 7 else 8.0) - (1.0 if longest > 11 and width > 4 else 0.0)
    layout = Layout(
        symbols=False,
        contents=False,
        cover=False,
        font=dice.pick(("sans", "serif", "vera")) if width < 6 else dice.pick(("sans", "serif")),
        size=size - dice.pick((0.0, 0.5)),
        table="ruled" if form == "ruled" else dice.pick(("lined", "banded", "plain")),
        accent=dice.pick(("#1f4e79", "#2e6b3a", "#444444", "#c58b00")),
        header=dice.pick(("none", "left", "logo", "right")),
        footer=dice.pick(("number", "text", "none")),
        justify=dice.chance(0.3),
        repeat_head=dice.chance(0.6),
    )
    blocks: list[Block] = [Heading(words.heading, 1, ()), Paragraph(tuple(Sentence(s) for s in words.before))]
    if table.unit_line:
        blocks += [Paragraph((Sentence(table.caption),), "lead"), Paragraph((Sentence(table.unit_line),))]
    blocks += [_grid(table), Paragraph(tuple(Sentence(s) for s in words.after))]
    story = Story(
        kommun=words.kommun,
        kommun_code=None,
        body=words.board,
        administration="",
        doc_type="annual_report",
        year=table.year,
        title=words.title,
        cover=[words.title, words.board, f"{words.kommun} kommun"],
        contents_title="",
        blocks=blocks,
    )
    return print_pdf(story, layout, dice.pick(("reportlab", "fpdf2")), dice)[0]


def _plain(text: str) -> str:
    """Without the characters that the standard fonts of PDF lack."""
    return text.translate({0x2009: "\u00a0", 0x202F: "\u00a0", 0x2212: "-"})


def _grid(table: Lawful) -> Grid:
    first = [[table.corner, *(["Not"] if table.notes else [])], *[[""] * table.lead] * (len(table.head) - 1)]
    head = [(*lead, *row) for lead, row in zip(first, table.head, strict=True)]
    spans = []
    if len(head) > 1:
        at = table.lead
        while at < len(head[0]):
            end = at + 1
            while end < len(head[0]) and head[0][end] == head[0][at]:
                end += 1
            if end > at + 1:
                spans.append((at, end))
                head[0] = (*head[0][: at + 1], *[""] * (end - at - 1), *head[0][end:])
            at = end
    rows = []
    for r, label in enumerate(table.labels):
        kind: RowKind = "sum" if table.kinds[r] == "sum" else "group" if table.kinds[r] == "group" else "row"
        cells = (label, *([table.notes[r]] if table.notes else []), *map(_plain, table.texts[r]))
        marks = {c + table.lead: mark for (row, c), mark in table.marks.items() if row == r}
        rows.append(GridRow(cells, (None,) * len(cells), kind=kind, indent=table.indents[r], label=label, marks=marks))
    title = "" if table.unit_line else table.caption
    grid = Grid(title, tuple(head), tuple(rows), (), table.unit, spans=tuple(spans), footnotes=table.footnotes)
    return replace(grid, columns=({},) * len(head[0]))
