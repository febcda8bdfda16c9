"""From what a block states to the lines of the gold: page and quote are added where the block came to stand."""

from __future__ import annotations

from typing import Any

from .model import Grid, GridRow, Record

QUOTE = 155  # characters of a quote at most


def quoted(text: str, focus: str = "") -> str:
    """The text, or a piece of it, cut between words, that holds the focus."""
    if len(text) <= QUOTE:
        return text
    at = max(text.find(focus), 0) if focus else 0
    start = max(0, min(at - QUOTE // 2, len(text) - QUOTE))
    if start:
        start = text.find(" ", start) + 1
    end = min(len(text), start + QUOTE)
    if end < len(text):
        end = text.rfind(" ", start, end)
    return text[start:end]


def answer(record: Record, page: int | None, quote: str) -> Record:
    """A line of the gold."""
    if record["record"] == "section":
        return {k: v for k, v in {**record, "page": page}.items() if k != "optional"} | (
            {"optional": True} if record.get("optional") else {}
        )
    line = {k: v for k, v in record.items() if k != "optional"} | {"page": page, "quote": quote}
    return line | ({"optional": True} if record.get("optional") else {})


def focus_of(record: Record, row: GridRow) -> str:
    """What a shortened quote of a row must hold for that record."""
    return str(record["text"]) if "text" in record else row.label


def forget(record: Record, *fields: str) -> Record:
    """The record without what the print no longer shows."""
    return record | {field: None for field in fields if field in record}


def with_marks(row: GridRow) -> list[str]:
    """The row's cells with footnote marks stuck to them, as a flat page has them."""
    return [cell + row.marks.get(i, "") for i, cell in enumerate(row.cells)]


def table_truth(grid: Grid, page: int | None, origin: str) -> dict[str, Any]:
    """The table as it truly is: every cell that is not empty, head rows first."""
    heads = len(grid.head)
    labels = [" ".join(filter(None, (_over(grid, i), *(h[i] for h in grid.head[1:])))) for i in range(len(grid.head[0]))]
    cells: list[dict[str, Any]] = []
    for r, head in enumerate(grid.head):
        cells += [
            {"row": r, "col": c, "row_label": None, "col_label": None, "text": text, "value": None} for c, text in enumerate(head) if text
        ]
    for r, row in enumerate(grid.rows, heads):
        for c, text in enumerate(row.cells):
            if text:
                cell = {"row": r, "col": c, "row_label": row.label, "col_label": labels[c], "text": text, "value": row.values[c]}
                cells.append(cell | ({"mark": row.marks[c]} if c in row.marks else {}))
    return {
        "title": grid.title or None,
        "page": page,
        "unit": grid.unit,
        "origin": origin,
        "head_rows": heads,
        "n_rows": heads + len(grid.rows),
        "n_cols": len(grid.head[0]),
        "columns": list(grid.columns),
        "cells": cells,
    }


def _over(grid: Grid, column: int) -> str:
    """The first head row's text over a column, spans included."""
    for first, last in grid.spans:
        if first <= column < last:
            return grid.head[0][first]
    return grid.head[0][column]
