"""Tables of indicators, of goals with their indicators, and of actions, with the true meaning of each cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from .dice import Dice
from .layout import Layout
from .model import DocType, Grid, GridRow, Record
from .money import Column, Printer, amount, footnote
from .phrases import bank
from .swedish import figure


def goal_number(dice: Dice, spec: list[Any], known: dict[str, dict[str, float]]) -> dict[str, float]:
    """Outcome of three years, target and benchmark of an indicator: those known, else drawn and kept."""
    if spec[0] in known:
        return known[spec[0]]
    _, _, unit, low, high, decimals, better = spec
    base = dice.between(low, high, decimals)
    step = (high - low) * 0.08 or 1
    values = {k: round(base + (dice.number() * 2 - 1) * step, decimals) for k in ("value", "previous", "before2", "benchmark", "forecast")}
    values["target"] = round(base + (step if better == "up" else -step) * dice.number(), 0 if unit != "ratio" else decimals)
    if unit == "percent":
        values = {k: min(v, 100) for k, v in values.items()}
    known[spec[0]] = {k: round(max(v, 1), decimals) for k, v in values.items()}
    return known[spec[0]]


def indicator(
    name: str, measure: str | None, year: int | None, value: float, unit: str, comparator: str | None = None, *, period: str | None = None
) -> Record:
    """The gold's record of an indicator's value."""
    return {
        "record": "indicator",
        "name": name,
        "measure": measure,
        "year": year,
        "period": period or (str(year) if year else None),
        "value": value,
        "unit": unit or None,
        "comparator": comparator,
    }


@dataclass(frozen=True)
class Measure:
    """An indicator column: head, measure, year, and which of an indicator's figures it shows."""

    head: str
    measure: str
    year: int | None
    key: str


def target_text(dice: Dice, text: str, better: str, *, symbols: bool) -> tuple[str, str | None]:
    """A target with or without its comparator."""
    forms: tuple[tuple[str, str | None], ...] = (
        (text, None),
        (text, None),
        (f"Minst {text}", ">=") if better == "up" else (f"Högst {text}", "<="),
        (f"≥ {text}", ">=") if better == "up" and symbols else (f"> {text}", ">") if better == "up" else (f"< {text}", "<"),
    )
    return dice.pick(forms)


def show(dice: Dice, printer: Printer, spec: list[Any], value: float) -> str:
    """An indicator's value in a cell: percentages with their sign, others bare (their unit stands in the name)."""
    text = printer.cell(value, spec[5])
    return f"{text} %" if spec[2] == "percent" else text


def goal_table(
    dice: Dice,
    layout: Layout,
    doc_type: DocType,
    year: int,
    known: dict[str, dict[str, float]],
    goals: list[tuple[Record | None, str, list[list[Any]]]],
) -> Grid:
    """Goals with their indicators: one row an indicator, the goal's cell only at its first."""
    y = year
    word = dice.pick(("Utfall", "Utfall", "Resultat"))
    measures = {
        "annual_report": (
            Measure(f"{word} {y - 2}", "outcome", y - 2, "before2"),
            Measure(f"{word} {y - 1}", "outcome", y - 1, "previous"),
            Measure(f"{word} {y}", "outcome", y, "value"),
        ),
        "interim_report": (Measure(f"{word} {y - 1}", "outcome", y - 1, "previous"), Measure(f"Prognos {y}", "forecast", y, "forecast")),
        "budget": (Measure(f"{word} {y - 2}", "outcome", y - 2, "before2"),),
        "plan": (Measure(f"{word} {y - 2}", "outcome", y - 2, "before2"), Measure(f"{word} {y - 1}", "outcome", y - 1, "previous")),
    }[doc_type]
    dated = doc_type in ("budget", "plan") or dice.chance(0.5)
    target = Measure(f"Målvärde {y}" if dated else "Målvärde", "target", y if dated else None, "target")
    columns = (*measures, target)
    printer = Printer(dice, replace(layout, mixed_grouping=False))
    rows = []
    for record, goal, specs in goals:
        for k, spec in enumerate(specs):
            figures = goal_number(dice, spec, known)
            cells, records, where = [goal if k == 0 else "", spec[0]], [], []
            values: list[float | None] = [None, None]
            if k == 0 and record:
                records.append(record)
                where.append(0)
            for j, column in enumerate(columns, 2):
                value = figures[column.key]
                text, comparator = show(dice, printer, spec, value), None
                if column.measure == "target":
                    text, comparator = target_text(dice, text, spec[6], symbols=layout.symbols)
                if layout.empty_cells and column.key == "before2" and dice.chance(0.3):
                    cells.append("")
                    values.append(None)
                    continue
                cells.append(text)
                values.append(value)
                records.append(indicator(spec[0], column.measure, column.year, value, spec[2], comparator))
                where.append(j)
            rows.append(GridRow(tuple(cells), tuple(values), tuple(records), "row", 0, spec[0], tuple(where)))
    head = (
        dice.pick(("Nämndens mål", "Nämndmål", "Verksamhetsmål")),
        dice.pick(("Mätetal", "Mått", "Indikator")),
        *(c.head for c in columns),
    )
    meanings = tuple({"head": c.head, "measure": c.measure, "year": c.year} for c in columns)
    return Grid("", (head,), tuple(rows), ({"measure": "goal"}, {"measure": "label"}, *meanings), None, 2)


def indicator_table(
    dice: Dice, layout: Layout, doc_type: DocType, year: int, known: dict[str, dict[str, float]], title: str, specs: list[list[Any]]
) -> Grid:
    """Key figures: a row each, a column a year."""
    y = year
    columns = {
        "annual_report": dice.pick(
            (
                (
                    Measure(f"Utfall {y - 1}", "outcome", y - 1, "previous"),
                    Measure(f"Budget {y}", "budget", y, "target"),
                    Measure(f"Utfall {y}", "outcome", y, "value"),
                ),
                (
                    Measure(f"Utfall {y - 2}", "outcome", y - 2, "before2"),
                    Measure(f"Utfall {y - 1}", "outcome", y - 1, "previous"),
                    Measure(f"Utfall {y}", "outcome", y, "value"),
                ),
            )
        ),
        "interim_report": (
            Measure(f"Utfall {y - 1}", "outcome", y - 1, "previous"),
            Measure(f"Budget {y}", "budget", y, "target"),
            Measure(f"Prognos {y}", "forecast", y, "forecast"),
        ),
        "budget": (
            Measure(f"Utfall {y - 2}", "outcome", y - 2, "before2"),
            Measure(f"Budget {y}", "budget", y, "target"),
            Measure(f"Plan {y + 1}", "plan", y + 1, "forecast"),
        ),
        "plan": (Measure(f"Utfall {y - 2}", "outcome", y - 2, "before2"), Measure(f"Plan {y}", "plan", y, "target")),
    }[doc_type]
    printer = Printer(dice, layout)
    rows = []
    for spec in specs:
        figures = goal_number(dice, spec, known)
        texts = [show(dice, printer, spec, figures[c.key]) for c in columns]
        records = tuple(indicator(spec[0], c.measure, c.year, figures[c.key], spec[2]) for c in columns)
        rows.append(
            GridRow(
                (spec[0], *texts), (None, *(figures[c.key] for c in columns)), records, "row", 0, spec[0], tuple(range(1, len(columns) + 1))
            )
        )
    head = (dice.pick(("Nyckeltal", "Mått", "")), *(c.head for c in columns))
    meanings = tuple({"head": c.head, "measure": c.measure, "year": c.year} for c in columns)
    grid = Grid(title, (head,), tuple(rows), ({"measure": "label"}, *meanings))
    return footnote(dice, grid) if layout.footnotes else grid


def staff_table(dice: Dice, layout: Layout, doc_type: DocType, year: int, title: str) -> Grid:
    """Staff figures, some with Kvinnor and Män under them."""
    years = (year - 2, year - 1, year) if doc_type == "annual_report" else (year - 1, year)
    bare = dice.chance(0.4)
    heads = [f"{y}" if bare else f"Utfall {y}" for y in years]
    printer = Printer(dice, layout)
    rows: list[GridRow] = []
    for name, unit, low, high, decimals in dice.sample(bank("common")["staff"]["measures"], dice.integer(3, 5)):
        base = dice.between(low, high, decimals)
        spread = (high - low) * 0.06
        split = dice.chance(0.6)
        parts = [("", 0.0), ("Kvinnor", 0.25), ("Män", -0.6)] if split else [("", 0.0)]
        if name.startswith("Antal"):
            parts = [("", 0.0)]
        plain = name.split(",")[0]
        for part, shift in parts:
            values = [round(base + spread * (dice.number() - 0.5 + shift), decimals) for _ in years]
            label = f"{plain}, {part.lower()}" if part else name
            texts = [printer.cell(v, decimals) for v in values]
            records = tuple(indicator(label if part else plain, "outcome", y, v, unit) for y, v in zip(years, values, strict=True))
            rows.append(
                GridRow((part or name, *texts), (None, *values), records, "row", int(bool(part)), label, tuple(range(1, len(years) + 1)))
            )
    meanings = tuple({"head": h, "measure": "outcome", "year": y} for h, y in zip(heads, years, strict=True))
    grid = Grid(title, (("", *heads),), tuple(rows), ({"measure": "label"}, *meanings))
    return footnote(dice, grid) if layout.footnotes else grid


def action_table(
    dice: Dice, layout: Layout, title: str, actions: list[str], action_type: str, status: Callable[[], tuple[str, str]]
) -> Grid:
    """Actions with number, who answers for them, status and effect in tkr."""
    common = bank("common")
    with_effect = dice.chance(0.6)
    rows = []
    for n, text in enumerate(actions, 1):
        code, mark = status()
        words = text[:1].upper() + text[1:]
        record: Record = {"record": "action", "text": words, "type": action_type, "number": str(n), "status": code}
        cells = [str(n), words, dice.pick(common["actions"]["responsible"]), mark]
        values: list[float | None] = [None, None, None, None]
        records, where = [record], [1]
        if with_effect:
            value = dice.integer(2, 40) * 50
            cells.append(figure(value))
            values.append(float(value))
            effect = Column("Effekt, tkr", "effect", 0, "")
            records.append(amount(words, effect, float(value), "tkr") | {"year": None, "period": None})
            where.append(4)
        rows.append(GridRow(tuple(cells), tuple(values), tuple(records), "row", 0, words, tuple(where)))
    label = {"measure": "Åtgärd", "assignment": "Uppdrag", "activity": "Aktivitet", "undertaking": "Åtagande"}[action_type]
    head = ["Nr", label, "Ansvarig", "Status"] + (["Effekt, tkr"] if with_effect else [])
    meanings = [{"measure": "text"}, {"measure": "label"}, {"measure": "responsible"}, {"measure": "status"}] + (
        [{"head": "Effekt, tkr", "measure": "effect"}] if with_effect else []
    )
    return Grid(title, (tuple(head),), tuple(rows), tuple(meanings), "tkr" if with_effect else None, 4)
