"""Tables of money whose sums and differences hold, with the true meaning of each cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from .dice import Dice
from .layout import Layout
from .model import DocType, Grid, GridRow, Record, RowKind
from .swedish import figure

SCALE = {"tkr": 1_000, "mnkr": 1_000_000, "kr": 1}


@dataclass(frozen=True)
class Column:
    """A money column: its head of one or two rows, its meaning, and the series (or the difference) that it shows."""

    head: str
    kind: str
    year: int
    series: str
    minus: str = ""  # the series that is subtracted, for deviations and changes
    period: str = ""

    @property
    def meaning(self) -> dict[str, Any]:
        return {"head": self.head, "measure": self.kind, "year": self.year, "period": self.period or str(self.year)}


@dataclass(frozen=True)
class Line:
    """A line of a statement; ``series`` holds magnitudes in whole printed steps (tkr, or tenths of mnkr)."""

    label: str
    role: str  # revenue, cost
    series: dict[str, int]

    def good(self, series: str) -> int:
        """The line's share of the result: revenue adds, costs take away."""
        return self.series[series] * (1 if self.role == "revenue" else -1)


def total(label: str, role: str, lines: list[Line]) -> Line:
    """The sum of some lines."""
    keys = lines[0].series
    sign = 1 if role == "revenue" else -1
    return Line(label, role, {k: sign * sum(line.good(k) for line in lines) for k in keys})


def draw_columns(dice: Dice, doc_type: DocType, year: int) -> tuple[Column, ...]:
    """The columns of a money table for that kind of document."""
    y, p, q = year, year - 1, year - 2
    span, last = f"{y}-01/{y}-08", f"{p}-01/{p}-08"
    forecast = Column(dice.pick((f"Prognos helår {y}", f"Helårsprognos {y}", f"Prognos {y}")), "forecast", y, "forecast")
    year_budget = Column(dice.pick((f"Budget helår {y}", f"Årsbudget {y}", f"Budget {y}")), "budget", y, "budget")
    forecast_deviation = Column(
        dice.pick((f"Avvikelse prognos/budget {y}", f"Prognosavvikelse {y}", f"Avv. prognos/budget {y}")),
        "forecast_deviation",
        y,
        "forecast",
        "budget",
    )
    word = dice.pick(("jan–aug", "jan-aug", "aug"))
    so_far = Column(f"Utfall {word} {y}", "outcome", y, "so_far", period=span)
    budget = Column(dice.pick((f"Budget {y}", f"Internbudget {y}", f"Budget {y}")), "budget", y, "budget")
    outcome = Column(dice.pick((f"Utfall {y}", f"Bokslut {y}")), "outcome", y, "outcome")
    before = replace(outcome, head=outcome.head.replace(str(y), str(p)), year=p, series="before")
    before2 = replace(outcome, head=outcome.head.replace(str(y), str(q)), year=q, series="before2")
    deviation = Column(
        dice.pick(("Avvikelse", f"Avvikelse {y}", "Avvikelse mot budget", "Budgetavvikelse")), "deviation", y, "outcome", "budget"
    )
    families: dict[str, list[tuple[Column, ...]]] = {
        "annual_report": [
            (before, budget, outcome, deviation),
            (budget, outcome, deviation),
            (before2, before, budget, outcome),
            (outcome, budget, deviation, before),
        ],
        "interim_report": [
            (
                replace(so_far, head=f"Utfall {word} {p}", year=p, series="so_far_before", period=last),
                so_far,
                Column(f"Budget {word} {y}", "budget", y, "so_far_budget", period=span),
                Column("Avvikelse", "deviation", y, "so_far", "so_far_budget", period=span),
            ),
            (year_budget, forecast, forecast_deviation),
            (so_far, year_budget, forecast, forecast_deviation),
            (replace(before, head=f"Bokslut {p}"), so_far, year_budget, forecast, forecast_deviation),
        ],
        "budget": [
            (
                Column(f"Bokslut {q}", "outcome", q, "before2"),
                Column(f"Budget {p}", "budget", p, "before"),
                Column(f"Budget {y}", "budget", y, "budget"),
            ),
            (
                Column(f"Budget {y}", "budget", y, "budget"),
                Column(f"Plan {y + 1}", "plan", y + 1, "plan1"),
                Column(f"Plan {y + 2}", "plan", y + 2, "plan2"),
            ),
            (
                Column(f"Budget {p}", "budget", p, "before"),
                Column(f"Budget {y}", "budget", y, "budget"),
                Column("Förändring", "change", y, "budget", "before"),
            ),
        ],
        "plan": [
            (
                Column(f"Budget {y}", "budget", y, "budget"),
                Column(f"Plan {y + 1}", "plan", y + 1, "plan1"),
                Column(f"Plan {y + 2}", "plan", y + 2, "plan2"),
            ),
            (
                Column(f"Bokslut {q}", "outcome", q, "before2"),
                Column(f"Budget {y}", "budget", y, "budget"),
                Column(f"Plan {y + 1}", "plan", y + 1, "plan1"),
            ),
        ],
    }
    return dice.pick(families[doc_type])


def draw_series(dice: Dice, size: int) -> dict[str, int]:
    """Figures of one line over the years, near each other as real ones are."""

    def near(value: int, share: float) -> int:
        return max(0, round(value * (1 + (dice.number() * 2 - 1) * share)))

    budget = size
    outcome = near(budget, 0.06)
    so_far_budget = round(budget * 2 / 3)
    return {
        "budget": budget,
        "outcome": outcome,
        "before": near(budget, 0.08),
        "before2": near(budget, 0.12),
        "forecast": near(outcome, 0.02),
        "so_far": near(so_far_budget, 0.05),
        "so_far_before": near(so_far_budget, 0.09),
        "so_far_budget": so_far_budget,
        "plan1": near(budget, 0.04),
        "plan2": near(budget, 0.06),
    }


def deviations(line: Line, doc_type: DocType) -> dict[str, int]:
    """What the line deviates from its budget, so far and as forecast, in steps, worse as negative."""
    if doc_type == "annual_report":
        return {"deviation": line.good("outcome") - line.good("budget")}
    return {
        "deviation": line.good("so_far") - line.good("so_far_budget"),
        "forecast_deviation": line.good("forecast") - line.good("budget"),
    }


def share_out(dice: Dice, areas: list[str], net: Line) -> list[Line]:
    """Lines of the areas that sum to the net; some of them had no figure in the earlier years (a new activity)."""
    shares = [dice.between(0.5, 2.2, 2) for _ in areas]
    begun = [i == 0 or not dice.chance(0.12) for i in range(len(areas))]
    series: list[dict[str, int]] = [{} for _ in areas]
    for key, value in net.series.items():
        active = [i for i in range(len(areas)) if begun[i] or key not in ("before", "before2", "so_far_before")]
        whole = sum(shares[i] for i in active)
        for i in range(1, len(areas)):
            series[i][key] = round(value * shares[i] / whole * (1 + (dice.number() - 0.5) * 0.08)) if i in active else 0
        series[0][key] = value - sum(one[key] for one in series[1:])
    return [Line(area, "cost", one) for area, one in zip(areas, series, strict=True)]


def merge(lines: list[Line], dice: Dice, share: float) -> list[Line]:
    """Lines of which some had no figure in the earlier years."""
    return [
        replace(line, series={**line.series, "before": 0, "before2": 0, "so_far_before": 0}) if dice.chance(share) else line
        for line in lines
    ]


class Printer:
    """Prints figures in the layout's way and notes what they mean."""

    def __init__(self, dice: Dice, layout: Layout) -> None:
        self.dice, self.layout = dice, layout

    def money(self, steps: int) -> tuple[str, float]:
        """A money cell: its text and its value in the table's unit."""
        decimals = 1 if self.layout.money == "mnkr" else 0
        value = steps / 10 if decimals else float(steps)
        return self.cell(value, decimals), value

    def cell(self, value: float, decimals: int) -> str:
        """A figure as a table cell prints it."""
        layout, dice = self.layout, self.dice
        group = "" if layout.mixed_grouping and dice.chance(0.4) else " "
        point = "." if layout.mixed_points and decimals and dice.chance(0.35) else ","
        return figure(value, decimals, group=group, point=point, minus=layout.minus)

    def printed_sign(self, line: Line, column: Column) -> int:
        """What a cell of the line shows, in steps: differences with worse as negative, else signed as the layout has costs."""
        if column.kind in ("deviation", "forecast_deviation"):
            return line.good(column.series) - line.good(column.minus)
        shown = self._shown(line, column.series)
        return shown - self._shown(line, column.minus) if column.minus else shown

    def _shown(self, line: Line, series: str) -> int:
        value = line.series[series]
        if self.layout.costs == "unsigned":
            return value
        positive = "revenue" if self.layout.costs == "negative" else "cost"
        return value if line.role == positive else -value

    def row(
        self, line: Line, columns: tuple[Column, ...], *, parent: str = "", kind: RowKind = "row", indent: int = 0, blank: bool = False
    ) -> GridRow:
        """A row of money with its records."""
        cells, records, where = [line.label], [], []
        values: list[float | None] = [None]
        for i, column in enumerate(columns, 1):
            steps = self.printed_sign(line, column)
            text, value = self.money(steps)
            if blank and steps == 0 and not column.minus and self.layout.empty_cells:
                cells.append("")
                values.append(None)
                continue
            cells.append(text)
            values.append(value)
            records.append(amount(", ".join(filter(None, (parent, line.label))), column, value, self.layout.money))
            where.append(i)
        return GridRow(
            tuple(cells),
            tuple(values),
            tuple(records),
            kind,
            indent,
            ", ".join(filter(None, (parent, line.label))),
            tuple(where),
        )


def amount(label: str, column: Column, value: float, unit: str) -> Record:
    """The gold's record of a money cell."""
    return {
        "record": "amount",
        "source": "table",
        "label": label,
        "kind": column.kind,
        "year": column.year,
        "period": column.period or str(column.year),
        "value": value,
        "unit": unit,
        "value_sek": round(value * SCALE[unit]),
    }


def money_heads(columns: tuple[Column, ...], first: str, layout: Layout) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[int, int], ...]]:
    """Head rows (one, or words over years where all heads end in a year) and the spans of the first."""
    heads = [c.head for c in columns]
    if not layout.two_row_heads or not all(h[-4:].isdigit() and " " in h for h in heads):
        return ((first, *heads),), ()
    top = [h[:-5] for h in heads]
    spans, start = [], 0
    for i in range(1, len(top) + 1):
        if i == len(top) or top[i] != top[start]:
            if i - start > 1:
                spans.append((start + 1, i + 1))
            start = i
    shown = [t if i == 0 or t != top[i - 1] else "" for i, t in enumerate(top)]
    return ((first, *shown), ("", *(h[-4:] for h in heads))), tuple(spans)


def statement(dice: Dice, layout: Layout, doc_type: DocType, year: int, title: str, size: int) -> tuple[Grid, Line]:
    """A statement by kind of cost, with sums and net; also the net, which other tables restate."""
    columns = draw_columns(dice, doc_type, year)
    printer = Printer(dice, layout)
    revenue_labels = dice.pick(
        (["Intäkter"], ["Avgifter", "Statsbidrag", "Övriga intäkter"], ["Taxor och avgifter", "Hyror och arrenden", "Bidrag"])
    )
    cost_labels = dice.pick(
        (
            ["Personalkostnader", "Lokalkostnader", "Kapitalkostnader", "Övriga kostnader"],
            ["Personal", "Lokalhyror", "Köp av verksamhet", "Avskrivningar", "Övrigt"],
            ["Personalkostnader", "Lokalhyror", "Köp av tjänster", "Material", "Övriga kostnader"],
        )
    )
    shares = [dice.between(0.5, 1.6, 2) for _ in revenue_labels]
    revenue = [
        Line(label, "revenue", draw_series(dice, max(20, int(size * 0.16 * s / sum(shares)))))
        for label, s in zip(revenue_labels, shares, strict=True)
    ]
    weights = [6.0] + [dice.between(0.3, 1.8, 2) for _ in cost_labels[1:]]
    costs = [
        Line(label, "cost", draw_series(dice, max(15, int(size * w / sum(weights))))) for label, w in zip(cost_labels, weights, strict=True)
    ]
    rows = [printer.row(line, columns) for line in revenue]
    if len(revenue) > 1:
        rows.append(printer.row(total(dice.pick(("Summa intäkter", "Verksamhetens intäkter")), "revenue", revenue), columns, kind="sum"))
    rows += [printer.row(line, columns) for line in costs]
    rows.append(printer.row(total(dice.pick(("Summa kostnader", "Verksamhetens kostnader")), "cost", costs), columns, kind="sum"))
    everything = revenue + costs
    net = total(dice.pick(("Nettokostnad", "Verksamhetens nettokostnad", "Nettokostnader")), "cost", everything)
    rows.append(printer.row(net, columns, kind="sum"))
    if layout.costs == "negative" and doc_type != "plan" and dice.chance(0.5):
        keys = net.series
        share = Line("Kommunbidrag", "revenue", {k: net.series["so_far_budget" if k.startswith("so_far") else "budget"] for k in keys})
        rows.append(printer.row(share, columns))
        rows.append(printer.row(total(dice.pick(("Årets resultat", "Resultat")), "revenue", [*everything, share]), columns, kind="sum"))
    return finish(title, rows, columns, layout, dice), net


def by_area(
    dice: Dice, layout: Layout, doc_type: DocType, year: int, title: str, areas: list[str], net: Line
) -> tuple[Grid, dict[str, dict[str, int]]]:
    """Net cost by area, which sums to the net of the statement; also the deviations of each area in steps."""
    printer = Printer(dice, layout)
    lines = share_out(dice, areas, net)
    total_label = dice.pick(("Summa", "Totalt", "Summa nämnden", "Totalt nämnden"))
    if doc_type == "annual_report" and dice.chance(0.25):
        return subject_columns(dice, printer, year, title, lines, total_label)
    columns = draw_columns(dice, doc_type, year)
    whole = total(total_label, "cost", lines)
    rows = [printer.row(line, columns, blank=True) for line in lines] + [printer.row(whole, columns, kind="sum")]
    spread = {line.label: deviations(line, doc_type) for line in [*lines, replace(whole, label="")]}
    return finish(title, rows, columns, layout, dice), spread


def subject_columns(
    dice: Dice, printer: Printer, year: int, title: str, lines: list[Line], total_label: str
) -> tuple[Grid, dict[str, dict[str, int]]]:
    """Outcome as revenue, costs and net under one head, then the net budget and the deviation."""
    outcome = Column(f"Utfall {year}", "outcome", year, "outcome")
    budget = Column(f"Budget {year}", "budget", year, "budget")
    deviation = Column("Avvikelse", "deviation", year, "outcome", "budget")
    table: list[tuple[str, int, int, int, RowKind]] = []  # label, revenue, cost, budgeted net, kind
    for line in lines:
        revenue = round(line.series["outcome"] * dice.between(0.05, 0.3, 2))
        table.append((line.label, revenue, line.series["outcome"] + revenue, line.series["budget"], "row"))
    table.append((total_label, sum(t[1] for t in table), sum(t[2] for t in table), sum(t[3] for t in table), "sum"))
    costs = -1 if printer.layout.costs == "negative" else 1
    income = -1 if printer.layout.costs == "positive" else 1
    rows, spread = [], {}
    for label, revenue, cost, planned, kind in table:
        net = cost - revenue
        shown = (
            (outcome, "Intäkter", income * revenue),
            (outcome, "Kostnader", costs * cost),
            (outcome, "Netto", costs * net),
            (budget, "Netto", costs * planned),
            (deviation, "", planned - net),
        )
        texts, records = [label], []
        values: list[float | None] = [None]
        for column, subject, steps in shown:
            text, value = printer.money(steps)
            texts.append(text)
            values.append(value)
            records.append(amount(", ".join(filter(None, (label, subject))), column, value, printer.layout.money))
        rows.append(GridRow(tuple(texts), tuple(values), tuple(records), kind, 0, label, (1, 2, 3, 4, 5)))
        spread["" if kind == "sum" else label] = {"deviation": planned - net}
    heads = (("Verksamhet", outcome.head, "", "", budget.head, deviation.head), ("", "Intäkter", "Kostnader", "Netto", "Netto", ""))
    meanings = tuple(
        c.meaning | ({"subject": s} if s else {})
        for c, s in zip((outcome,) * 3 + (budget, deviation), ("Intäkter", "Kostnader", "Netto", "Netto", ""), strict=True)
    )
    grid = Grid(title, heads, tuple(rows), ({"measure": "label"}, *meanings), printer.layout.money, 1, ((1, 4),))
    return place_unit(grid, replace(printer.layout, unit_place="title")), spread


def investments(
    dice: Dice, layout: Layout, doc_type: DocType, year: int, title: str, projects: list[str], size: int
) -> tuple[Grid, dict[str, int]]:
    """Investment projects, in groups or not, with a total; costs are printed without sign."""
    plain = replace(layout, costs="positive")
    printer = Printer(dice, plain)
    columns = draw_columns(dice, doc_type, year)
    lines = merge(
        [Line(name, "cost", draw_series(dice, max(3, int(size * dice.between(0.2, 2, 2) / len(projects))))) for name in projects], dice, 0.1
    )
    rows: list[GridRow] = []
    if len(lines) >= 5 and dice.chance(0.5):
        cut = dice.integer(2, len(lines) - 2)
        names = dice.sample(("Reinvestering", "Nyinvestering", "Expansionsinvestering", "Anpassningsinvestering"), 2)
        with_sums = dice.chance(0.5)
        for name, part in zip(names, (lines[:cut], lines[cut:]), strict=True):
            if with_sums:
                rows.append(replace(printer.row(total(name, "cost", part), columns), kind="sum"))
            else:
                rows.append(GridRow((name, *[""] * len(columns)), (None,) * (len(columns) + 1), (), "group", 0, name))
            rows += [printer.row(line, columns, parent=name, indent=1) for line in part]
    else:
        rows = [printer.row(line, columns, blank=True) for line in lines]
    whole = total(dice.pick(("Summa investeringar", "Totala utgifter", "Summa")), "cost", lines)
    rows.append(printer.row(whole, columns, kind="sum"))
    return finish(title, rows, columns, plain, dice), whole.series


def finish(title: str, rows: list[GridRow], columns: tuple[Column, ...], layout: Layout, dice: Dice) -> Grid:
    """A money table with its head and its unit."""
    first = dice.pick(("", "Verksamhet", "Post")) if layout.unit_place != "head" else ""
    head, spans = money_heads(columns, first, layout)
    grid = Grid(title, head, tuple(rows), ({"measure": "label"}, *(c.meaning for c in columns)), layout.money, 1, spans)
    return place_unit(footnote(dice, grid) if layout.footnotes else grid, layout)


def place_unit(grid: Grid, layout: Layout) -> Grid:
    """The table with its unit in the title, in the first head cell, or on a line of its own."""
    unit = grid.unit or ""
    if layout.unit_place == "head":
        text = f"Belopp i {unit}"
        return replace(grid, head=((text, *grid.head[0][1:]), *grid.head[1:]))
    if layout.unit_place == "above":
        return replace(grid, title=f"{grid.title} (belopp i {unit})")
    return replace(grid, title=f"{grid.title}, {unit}")


def footnote(dice: Dice, grid: Grid) -> Grid:
    """The table with a footnote mark at one of its figures."""
    places = [(i, j) for i, row in enumerate(grid.rows) for j in row.columns if "," in row.cells[j] and row.kind == "row"]
    if not places:
        return grid
    at, col = dice.pick(places)
    rows = tuple(replace(row, marks={col: "1"}) if i == at else row for i, row in enumerate(grid.rows))
    return replace(grid, rows=rows, footnotes=(dice.pick(("1 Preliminär uppgift.", "1 Ändrad beräkningsgrund.", "1 Avser egen regi.")),))
