"""Read grades that a PDF gives by colour alone: filled cells, dots and squares beside goals and actions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from docmine.records import Page, Report, Rule, Table

__all__ = ["colour_beside", "colour_code", "row_colours"]

#: a colour is told from grey, black and white by how far its channels are apart
_SATURATED = 60
_HUES = ((25, "not_achieved"), (70, "partly_achieved"), (175, "achieved"), (335, None), (360, "not_achieved"))
#: a sign is so small at most, and a fill of a cell so wide of the page
_SIGN, _CELL = 30.0, 0.4
#: rulings are thinner than this
_THIN = 4.0
_FEWEST = 2


def colour_code(colour: str | None) -> str | None:
    """The status that a colour ``#rrggbb`` stands for: green, yellow, red; None for any other."""
    if colour is None or len(colour) != 7:
        return None
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    top, low = max(red, green, blue), min(red, green, blue)
    if top - low < _SATURATED or top < 2 * _SATURATED:
        return None
    span = top - low
    hue = (green - blue) / span if top == red else 2 + (blue - red) / span if top == green else 4 + (red - green) / span
    return next(code for limit, code in _HUES if hue * 60 % 360 < limit)


def _marks(page: Page) -> list[tuple[Rule, str]]:
    """The filled shapes of a page whose colour is a grade."""
    wide = _CELL * page.width
    return [
        (rule, code)
        for rule in page.rules
        if rule.fill is not None
        and rule.x1 - rule.x0 > _THIN
        and rule.bottom - rule.top > _THIN
        and rule.x1 - rule.x0 < wide
        and (code := colour_code(rule.fill)) is not None
    ]


def row_colours(report: Report, table: Table, first: int, status: Sequence[int]) -> dict[int, str]:
    """The status that a colour gives each row of a table: in a column of grades, or in one that has nothing but colours.

    Parameters
    ----------
    report : Report
        That holds the table; its pages know what was drawn.
    table : Table
        The table.
    first : int
        Its first row of content.
    status : sequence of int
        The columns whose heads call them grades.

    Returns
    -------
    dict of int to str
        By row; a row with several colours has none.
    """
    page = report.page_at(table.start)
    marks = _marks(page) if page is not None else []
    if page is None or not marks:
        return {}
    tops: dict[int, float] = {}
    bottoms: dict[int, float] = {}
    heads: dict[int, tuple[float, float]] = {}
    for cell in table.cells:
        box = report.box(cell.start, cell.end) if page.start <= cell.start < page.end else None
        if box is None:
            continue
        if cell.row >= first:
            tops[cell.row] = min(tops.get(cell.row, box.top), box.top)
            bottoms[cell.row] = max(bottoms.get(cell.row, box.bottom), box.bottom)
        else:
            heads[cell.col] = (min(heads.get(cell.col, (box.x0, 0))[0], box.x0), max(heads.get(cell.col, (0, box.x1))[1], box.x1))
    inside = _in_rows(marks, sorted(tops.items()), bottoms)
    named = {heads[col] for col in status if col in heads}
    columns: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row, rule, code in inside:
        under = any(rule.x0 < x1 and rule.x1 > x0 for x0, x1 in named)
        columns[-1 if under else round(rule.x0 / _SIGN)][row].add(code)
    for key in sorted(columns):
        codes = {row: next(iter(found)) for row, found in columns[key].items() if len(found) == 1}
        if key == -1 or (len(set(codes.values())) >= _FEWEST and len(codes) * 2 > len(tops)):
            return codes
    return {}


def _in_rows(marks: Iterable[tuple[Rule, str]], tops: list[tuple[int, float]], bottoms: dict[int, float]) -> list[tuple[int, Rule, str]]:
    """The marks that stand in the rows of a table, each with its row."""
    found = []
    for rule, code in marks:
        middle = (rule.top + rule.bottom) / 2
        for i, (row, top) in enumerate(tops):
            end = tops[i + 1][1] if i + 1 < len(tops) else bottoms[row] + _SIGN / 2
            if top - _THIN <= middle < end - _THIN / 2:
                found.append((row, rule, code))
                break
    return found


def colour_beside(report: Report, start: int, end: int) -> str | None:
    """The status that the one coloured sign beside a wording gives it, on the wording's own lines."""
    page = report.page_at(start)
    box = report.box(start, min(end, page.end)) if page is not None and page.rules else None
    if page is None or box is None:
        return None
    codes = {
        code
        for rule, code in _marks(page)
        if rule.x1 - rule.x0 <= _SIGN
        and rule.bottom - rule.top <= _SIGN
        and box.top - _THIN <= (rule.top + rule.bottom) / 2 <= box.bottom + _THIN
        and (rule.x1 <= box.x0 + _THIN or rule.x0 >= box.x1 - _THIN)
    }
    return next(iter(codes)) if len(codes) == 1 else None
