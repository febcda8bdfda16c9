"""Find amounts and indicator values in the report's tables: every money cell an amount, every other measuring cell an indicator."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import NamedTuple

import regex

from docmine.records import Amount, Cell, Column, Facts, Indicator, Report, Table, fold
from docmine.schema import AMOUNT_KINDS, MEASURES, MONEY_UNITS, UNITS
from docmine.swedish import find_comparator, find_numbers, find_periods, parse_number
from docmine.tables.meaning import WORDS_ONLY, read_head, read_unit
from docmine.tables.restated import Said, find_said, unit_told
from docmine.vocabulary import Vocabulary

__all__ = ["find_table_rows"]

_PAREN = re.compile(r"\(([^()]{1,40})\)?")
_BROKEN_DECIMAL = re.compile(r"(?<=\d,)\s+(?=\d)")
_RANGE = re.compile(r"(?<![\d,.])(\d+(?:,\d+)?)\s?[-–]\s?(\d+(?:,\d+)?)(?![\d,.])")
_YEAR = regex.compile(r"(?:19|20)\d\d")
_WORDED = re.compile(r"[^0-9\s.,+–−-]")  # most cells have nothing but a number, with no unit and nothing that compares
_COUNTED = ("days", "weeks", "hours", "months", "count")  # units whose words end many a label without being its unit
_SINCE = re.compile(r"\s(?:mot|jämfört|från|sedan)\s")
_ROW_KINDS = ("budget", "outcome", "forecast", "deviation", "forecast_deviation")
_DIFFERS = {"outcome": "deviation", "forecast": "forecast_deviation"}
_MOST_PERCENT = 100  # what is more is no share
_ROUNDED = 0.051  # by which a difference of figures with a decimal may miss
_LONGEST_QUOTE = 400
_PROVED, _USUAL, _ALONE = 0.8, 0.6, 0.5  # the confidence in a unit that is not printed
_FINANCIAL = frozenset({"budget", "deviation", "forecast", "forecast_deviation", "request"})
_MONEY_SECTIONS = frozenset({"finance", "operating_statement", "income_statement", "balance_sheet", "cash_flow", "investments"})
_AS_MEASURE = {"deviation": "change", "forecast_deviation": "change", "effect": "change", "request": "plan"}


class _Reading(NamedTuple):
    """One value of a cell."""

    value: float
    text: str
    comparator: str | None
    column: Column


def find_table_rows(report: Report, facts: Facts, vocabulary: Vocabulary) -> Iterator[Amount | Indicator]:
    """Yield the amounts and indicator values in the report's tables.

    A table of money that prints no unit gets the one that other places of the report prove; without a proof its figures are left
    out, for nothing says whether they are thousands or millions.
    """
    said = None
    for table in report.tables:
        columns = _dated_columns(table, facts, vocabulary)
        unit = _table_unit(report, table, vocabulary)
        sure = 1.0
        if unit is None and _is_money(report, table, columns, vocabulary):
            said = find_said(report, vocabulary) if said is None else said
            unit, sure = _proved_unit(report, table, columns, said)
        yield from _of_table(table, columns, unit, sure, vocabulary)


def _of_table(
    table: Table, columns: list[Column], inherited: str | None, sure: float, vocabulary: Vocabulary
) -> Iterator[Amount | Indicator]:
    rows: dict[int, dict[int, Cell]] = {}
    for cell in table.cells:
        if not cell.header:
            rows.setdefault(cell.row, {})[cell.col] = cell
    topic = _topic(table, vocabulary)
    undecided = inherited is None and sure < 1.0
    for r, cells in rows.items():
        label = table.rows[r]
        if not label:
            continue
        start, end = min(c.start for c in cells.values()), max(c.end for c in cells.values())
        label, dated = _dated_parents(label, vocabulary)
        own = _row_measure(label, vocabulary)
        flip = _flipped(table, columns, cells, label, vocabulary)
        figures = [cell.value for c, cell in cells.items() if cell.value is not None and columns[c].measure not in WORDS_ONLY]
        counted = _counted(label, figures, vocabulary)
        units: dict[str | None, str | None] = {}  # the row's, by the cell's own
        for c, cell in cells.items():
            column = columns[c]
            if own is not None and table.columns[c].measure is None:
                column = column._replace(measure=own)
            if dated is not None and column.measure not in WORDS_ONLY:
                column = column._replace(measure=dated.measure, year=dated.year, period=dated.period)
            if column.measure in WORDS_ONLY or (cell.value is None and _bounds(cell.text) is None):
                continue
            name = f"{label}, {column.subject}" if column.subject else label
            at = (start, end) if end - start <= _LONGEST_QUOTE else (cell.start, cell.end)
            for reading in _readings(cell, column, vocabulary):
                scale = 1.0
                printed = (_printed_unit(cell.text, vocabulary) if _WORDED.search(cell.text) else None) or reading.column.unit
                if printed not in units:
                    units[printed] = _unit(printed, label, table.unit, inherited, topic, vocabulary)
                unit = units[printed]
                if unit is None and undecided:
                    continue
                if unit in MONEY_UNITS and (per := vocabulary["columns", "per"].search(name)) is not None:
                    unit, scale = per[0], MONEY_UNITS[unit]
                if unit in MONEY_UNITS:
                    kind = reading.column.measure if reading.column.measure in AMOUNT_KINDS else "other"
                    kind = _DIFFERS.get(kind, kind) if own == "deviation" else kind  # a row of deviations under what came and will come
                    yield Amount(
                        start=at[0], end=at[1], method="table", rule=table.origin, confidence=sure * table.confidence * cell.confidence,
                        label=name, kind=kind, value=-reading.value if flip and kind == "deviation" else reading.value, unit=unit,
                        year=reading.column.year, period=reading.column.period, table=table.index, row=r, col=c,
                    )  # fmt: skip
                else:
                    measure = reading.column.measure
                    measure = _AS_MEASURE.get(measure or "", measure)
                    full = f"{topic}, {name}" if topic and not name.startswith(topic) else name
                    unit = unit or counted
                    if unit == "percent" and measure == "change" and _is_difference(cell, cells):
                        unit = "percentage_points"
                    yield Indicator(
                        start=at[0], end=at[1], method="table", rule=table.origin, confidence=table.confidence * cell.confidence,
                        name=full, measure=measure if measure in MEASURES else None, value=reading.value * scale, value_text=reading.text,
                        unit=unit if unit in UNITS else None, comparator=reading.comparator, year=reading.column.year,
                        period=reading.column.period, table=table.index, row=r, col=c,
                    )  # fmt: skip


def _printed_unit(text: str, vocabulary: Vocabulary) -> str | None:
    """The unit that a cell prints; a percent sign may stand close to its figure."""
    return read_unit(text, vocabulary) or ("percent" if text.rstrip(" )*").endswith("%") else None)


def _counted(label: str, figures: Sequence[float], vocabulary: Vocabulary) -> str | None:
    """The unit of a row that prints none but begins with what it counts: a count, where its figures are no shares, or a ratio."""
    words = label.rpartition(", ")[2].split()
    if not words or vocabulary["columns", "counted"].code(words[0]) is None:
        return None
    if len(words) > 2 and words[1] == "per":
        return "ratio" if words[2].isalpha() and vocabulary["columns", "per_time"].code(words[2]) is None else None
    whole = bool(figures) and all(f == int(f) for f in figures) and max(figures) > _MOST_PERCENT
    return "count" if whole and "per" not in words else None


def _is_difference(cell: Cell, cells: Mapping[int, Cell]) -> bool:
    """Whether a change of shares is what two others of its row differ by: points rather than percent of either."""
    others = [c.value for c in cells.values() if c is not cell and c.value is not None]
    value, text = cell.value, cell.text
    return value is not None and "%" not in text and any(abs(a - b - value) < _ROUNDED for a, b in permutations(others, 2))


def _dated_columns(table: Table, facts: Facts, vocabulary: Vocabulary) -> list[Column]:
    """The table's columns with the years and kinds that caption, neighbours and document add where nothing else can be meant."""
    named = [(c.measure, c.head) for c in table.columns if c.measure not in WORDS_ONLY and c.year is None]
    repeated = {k for k, n in Counter(named).items() if n > 1 and k[0] not in ("deviation", "forecast_deviation", "change", "target", None)}
    caption = table.title if table.title and len(table.title) <= 80 else ""
    corner = " ".join(c.head for c in table.columns if c.measure == "label")
    cornered = next((p.year for p in find_periods(corner) if p.year is not None), None)
    told = cornered or next((p.year for p in find_periods(table.title or "") if p.year is not None), None)
    compared = any(c.measure == "benchmark" for c in table.columns)
    inherited = told or facts.year
    columns: list[Column] = []
    left: int | None = None
    for column in table.columns:
        if column.measure in WORDS_ONLY:
            columns.append(column)
            continue
        if column.year is None and column.head:
            again = read_head(column.head, vocabulary, inherited)
            column = column._replace(year=again.year, period=again.period)
        dated = column.year is not None
        if column.year is None and ((column.measure, column.head) not in repeated or cornered) and (column.head or column.measure):
            column = column._replace(year=left if left is not None and column.measure not in ("target", "benchmark") else inherited)
        left = column.year or left
        column = _of_kommun(column, facts, vocabulary)
        if column.measure is None and compared:
            column = column._replace(measure="outcome")
        if column.measure is None:
            column = column._replace(measure=_measure_of_year(column, dated, caption, table.unit, facts, vocabulary))
        columns.append(column)
    return columns


def _dated_parents(label: str, vocabulary: Vocabulary) -> tuple[str, Column | None]:
    """A label without a parent row such as "Budget 2028", which tells kind and year of the rows under it, and what it tells."""
    for part in label.split(", ")[:-1]:
        told = read_head(part, vocabulary) if len(part) < 40 else None
        if told is not None and told.measure in AMOUNT_KINDS and told.year is not None and told.subject is None:
            return label.replace(f"{part}, ", "", 1), told
    return label, None


def _row_measure(label: str, vocabulary: Vocabulary) -> str | None:
    """The kind that a row's own first words tell ("Budget, netto" under plain years)."""
    last = label.rpartition(", ")[2]
    for text in (label, last):
        found = vocabulary["columns", "measure"].search(text)
        if found is None or found[1] > 0 or text[found[2] : found[2] + 1] == "-":
            continue
        if found[0] in _ROW_KINDS or (found[0] == "change" and _SINCE.match(text, found[2])):
            return found[0]
    return None


def _of_kommun(column: Column, facts: Facts, vocabulary: Vocabulary) -> Column:
    """A column headed by a kommun's name holds the report's own figures, or those of another to compare with."""
    names = column.subject.split(", ") if column.subject else []
    own = facts.kommun is not None and facts.kommun in names
    if own:
        return column._replace(subject=", ".join(n for n in names if n != facts.kommun) or None)
    other = any(vocabulary["kommuner", "kommun"].code(n) is not None for n in names)
    return column._replace(measure="benchmark") if other and column.measure in (None, "outcome") else column


def _measure_of_year(column: Column, dated: bool, caption: str, unit: str | None, facts: Facts, vocabulary: Vocabulary) -> str | None:
    """What a column that tells only its year holds: what the caption says, else past years outcomes and later years plans.

    A budget is made in the year before, whose money is budgeted still. A report on needs tells how things are in columns that it
    does not date, and what it asks for in those that it does.
    """
    told = read_head(caption, vocabulary).measure if caption else None
    if told in ("outcome", "budget", "forecast", "target", "deviation"):
        return told
    if column.year is None or facts.year is None:
        return None
    if column.year == facts.year:
        planned = facts.doc_type in ("budget", "plan") or (facts.doc_type == "needs" and dated)
        return "budget" if planned else "outcome"
    if column.year == facts.year - 1 and facts.doc_type == "budget" and unit in MONEY_UNITS:
        return "budget"
    return "outcome" if column.year < facts.year else "plan"


def _table_unit(report: Report, table: Table, vocabulary: Vocabulary) -> str | None:
    """The unit that holds where cell, column and row say nothing: the table's, that of a head inside it, its section heading's."""
    if table.unit is not None:
        return table.unit
    figures = {c.row for c in table.cells if c.value is not None}
    # a head inside the table, as in one that goes over from words to figures; a row on how much the others have changed
    for r, label in enumerate(table.rows):
        told = _PAREN.search(label)
        unit = vocabulary["columns", "unit"].code(told[1]) if told is not None else None
        if unit in MONEY_UNITS and (r not in figures or _row_measure(label, vocabulary) == "change"):
            return unit
    section = report.sections.at(table.start)
    for outer in reversed(report.sections.path(section)) if section is not None else ():
        unit = read_unit(outer.title, vocabulary)
        if unit in MONEY_UNITS:
            return unit
    return None


def _is_money(report: Report, table: Table, columns: list[Column], vocabulary: Vocabulary) -> bool:
    """Whether a table without a unit is one of money: by what its columns compare, its rows and its section."""
    if _topic(table, vocabulary) is not None or {c.measure for c in columns} & {"target", "benchmark"}:
        return False
    words = vocabulary["columns", "money_row"]
    labels = table.rows[table.head_rows :]
    if any(_names_unit(label, vocabulary) for label in labels):
        return False  # a table of key figures, of whatever they are
    rows = 3 * sum(words.search(label) is not None for label in labels) >= len(labels)
    kinds = len({c.measure for c in columns} & _FINANCIAL)
    section = report.sections.at(table.start)
    about = section is not None and section.type in _MONEY_SECTIONS
    heads = any(words.search(c.head) is not None for c in columns)
    return (rows and (kinds > 0 or about)) or (kinds > 1 and (about or heads))


def _names_unit(label: str, vocabulary: Vocabulary) -> bool:
    """Whether a label says that its row counts or measures something other than money."""
    last = label.rpartition(", ")[2]
    unit = read_unit(last, vocabulary)
    return vocabulary["columns", "name_unit"].search(last) is not None or (unit is not None and unit not in MONEY_UNITS)


def _proved_unit(report: Report, table: Table, columns: list[Column], said: Sequence[Said]) -> tuple[str | None, float]:
    """The unit that a table of money must have and how sure that is.

    Its figures are told again in prose or in a table with a unit, or a table of the same rows and columns says it; least sure is
    that all tables and nearly all the prose of the report keep to one unit, in which its figures have the form that they have.
    """
    figures = {abs(c.value) for c in table.cells if c.value}
    proved = unit_told(figures, table.start, table.end, said)
    if proved is not None:
        return proved, _PROVED
    labels, kinds = set(map(fold, table.rows)) - {""}, [c.measure for c in columns]
    units = set()
    for other in report.tables:
        if other.unit in MONEY_UNITS:
            alike = [c.measure for c in other.columns] == kinds and 2 * len(labels & set(map(fold, other.rows))) >= max(len(labels), 3)
            shared = {f for f in figures.intersection(abs(c.value) for c in other.cells if c.value) if f >= 100}
            if alike or len(shared) > 1:
                units.add(other.unit)
    if len(units) == 1:
        return units.pop(), _PROVED
    usual, sure = _usual_unit(report, said)
    whole = all(f == int(f) for f in figures)
    fits = (usual == "tkr" and whole and max(figures, default=0.0) >= 1000) or (usual == "mnkr" and not whole)
    return (usual, sure) if fits and not units else (None, sure)


def _usual_unit(report: Report, said: Sequence[Said]) -> tuple[str | None, float]:
    """The unit of all tables of money or, without such, of nearly all amounts in prose; it is less sure where one table tells it."""
    units = Counter(t.unit for t in report.tables if t.unit in MONEY_UNITS)
    if sum(units.values()) == 1:
        return next(iter(units)), _ALONE
    units = units or Counter(s.unit for s in said if s.unit != "kr")
    usual, n = units.most_common(1)[0] if units else (None, 0)
    return usual if n > 1 and 10 * n >= 9 * sum(units.values()) else None, _USUAL


def _topic(table: Table, vocabulary: Vocabulary) -> str | None:
    """What all rows measure, where the head of the label column or the caption says so ("Antal elever")."""
    corner = next((c.head for c in table.columns if c.measure == "label"), "")
    for text in (corner, table.title or ""):
        if (
            text
            and len(text) <= 80
            and vocabulary["columns", "name_unit"].search(text)
            and vocabulary["columns", "head"].code(text) is None
        ):
            return text.rstrip(" :.*")
    return None


def _unit(own: str | None, label: str, stated: str | None, inherited: str | None, topic: str | None, vocabulary: Vocabulary) -> str | None:
    """The unit of a cell: its own, else what the row's label says, else what holds for the table."""
    if own is not None and own != "count":
        return own
    parts = label.split(", ")
    last = parts[-1]
    for i, part in enumerate(reversed(parts)):
        for bracket in _PAREN.finditer(part):
            if (unit := read_unit(bracket[1], vocabulary)) is not None:
                return unit
        if i + 1 < len(parts) and (unit := vocabulary["columns", "unit"].code(part)) is not None:
            return unit
        tail = vocabulary["columns", "unit"].code(part.rsplit(None, 1)[-1])
        if tail is not None and tail not in _COUNTED:
            return tail
    if inherited in MONEY_UNITS and not (stated is None and topic is not None):
        return "count" if own == "count" or vocabulary["columns", "name_unit"].code(last.split(" ")[0]) == "count" else inherited
    for text in (last, label, topic or ""):
        found = vocabulary["columns", "name_unit"].search(text)
        if found is not None:
            return found[0]
    return own or stated


def _readings(cell: Cell, column: Column, vocabulary: Vocabulary) -> Iterator[_Reading]:
    """The values of a cell: the figure itself and, in a column such as "Mål (utfall)", the one in parentheses."""
    text = _BROKEN_DECIMAL.sub("", cell.text)
    bare = _PAREN.sub(" ", text)
    comparator = None
    if _WORDED.search(bare):
        told = find_comparator(bare)
        comparator = told[0] if told else "<=" if vocabulary["columns", "rank"].search(bare) else None
    head, inner = _PAREN.search(column.head), _PAREN.search(text)
    if inner is not None and _YEAR.fullmatch(inner[1].strip()):
        column, inner = column._replace(year=int(inner[1]), period=inner[1].strip()), None
    bounds = _bounds(bare) if column.measure != "deviation" else None
    if bounds is not None:
        yield _Reading(bounds[0], bare.strip(), ">=", column)
        yield _Reading(bounds[1], bare.strip(), "<=", column)
    elif cell.value is not None:
        yield _Reading(cell.value, bare.strip(), comparator, column)
    if head is None or inner is None:
        return
    second = read_head(head[1], vocabulary)
    if second.measure is None and second.year is None:
        return
    value = parse_number(inner[1], percent=True)
    if value is None and len(numbers := list(find_numbers(inner[1]))) == 1:
        value = numbers[0].value
    if value is not None:
        other = column._replace(
            measure=second.measure or column.measure, year=second.year or column.year, period=second.period or column.period
        )
        yield _Reading(value, inner[1].strip(), None, other)


def _bounds(text: str) -> tuple[float, float] | None:
    """Both ends of a range such as ``70–80``."""
    found = _RANGE.search(text)
    low, high = (parse_number(found[1]), parse_number(found[2])) if found else (None, None)
    return (low, high) if low is not None and high is not None and low < high else None


def _flipped(table: Table, columns: list[Column], cells: Mapping[int, Cell], label: str, vocabulary: Vocabulary) -> bool:
    """Whether the row prints a deviation for the worse with a plus: outcome less budget of a cost, or the reverse of revenue."""
    found = vocabulary["columns", "side"].search(label.rpartition(", ")[2])
    by = {columns[c].measure: cell.value for c, cell in cells.items() if cell.value is not None}
    budget, deviation = by.get("budget"), by.get("deviation")
    outcome = by.get("outcome") if by.get("outcome") is not None else by.get("forecast")
    if found is None or budget is None or deviation is None or outcome is None or not deviation:
        return False
    worse_is_more = (found[0] == "cost") == (budget + outcome >= 0)
    better = budget - outcome if worse_is_more else outcome - budget
    return abs(better + deviation) <= 0.011 * abs(deviation) + 1e-6 and abs(better - deviation) > abs(deviation)
