"""Annual reports of several made-up kommuner over several years that tell one story: what a report says of last year is what that year's
report said. The figures come from ledgers, and the ledgers are the answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from . import measures, money
from .dice import Dice
from .layout import Layout, draw_layout
from .made import Made, ascii_name, printed
from .model import Form, Grid, Story
from .phrases import bank
from .story import Writer

__all__ = ["Series", "make_series"]

_FORMS: tuple[Form, ...] = ("reportlab", "c", "fpdf2", "a")
#: each line's code, side of the ledger, share of the net cost, and what kommuner call it
_LINES: tuple[tuple[str, str, float, tuple[str, ...]], ...] = (
    ("fees", "revenue", 0.06, ("Avgifter", "Taxor och avgifter")),
    ("grants", "revenue", 0.09, ("Statsbidrag", "Bidrag")),
    ("staff_cost", "cost", 0.72, ("Personalkostnader", "Personal", "Kostnader för personal")),
    ("premises_cost", "cost", 0.14, ("Lokalkostnader", "Lokalhyror")),
    ("purchases", "cost", 0.21, ("Köp av verksamhet", "Köp av tjänster")),
    ("other_cost", "cost", 0.08, ("Övriga kostnader", "Övrigt")),
)
_TOTALS = {
    "revenue": ("Summa intäkter", "Verksamhetens intäkter"),
    "total_cost": ("Summa kostnader", "Verksamhetens kostnader"),
    "net_cost": ("Nettokostnad", "Verksamhetens nettokostnad", "Nettokostnader"),
}
_STATUSES = {"achieved": 0.45, "partly_achieved": 0.35, "not_achieved": 0.2}

Ledger = dict[str, dict[int, tuple[int, int]]]  # by line: for each year the budget and the outcome, in printed steps, as magnitudes


@dataclass(frozen=True)
class Series:
    """The reports, and the truth in tidy rows.

    ``amounts``: kommun, body, year, line, kind, value_sek (costs, income and net cost as positive, a deviation worse as negative).
    ``indicators``: kommun, body, year, name (the same for all), original_name, measure, value, unit.
    ``goals``: kommun, body, year and a count for each status. ``population``: kommun, year, population.
    """

    reports: tuple[Made, ...]
    amounts: list[dict[str, Any]]
    indicators: list[dict[str, Any]]
    goals: list[dict[str, Any]]
    population: list[dict[str, Any]]


def make_series(seed: int, kommuner: int = 3, years: int = 4, *, first: int = 2019) -> Series:
    """Annual reports of the same body of several kommuner, year after year.

    Parameters
    ----------
    seed : int
        Decides everything that is not given.
    kommuner, years : int
        How many of each.
    first : int
        The year of the first reports.
    """
    dice = Dice(f"docmine series {seed}")
    body = dice.pick(bank("bodies")["body"])
    specs = dice.sample(body["indicators"], 5)
    made = Series((), [], [], [], [])
    reports = []
    for k, kommun in enumerate(dice.sample(bank("common")["kommuner"], kommuner)):
        form = _FORMS[k % len(_FORMS)]
        teller = _Teller(Dice(f"docmine series {seed} {kommun}"), kommun, body, specs, form, k, range(first, first + years))
        reports += [teller.report(year, seed, made) for year in teller.years]
    return replace(made, reports=tuple(reports))


class _Teller:
    """One kommun: its ledger, the words it uses, the way it prints."""

    def __init__(self, dice: Dice, kommun: str, body: dict[str, Any], specs: list[Any], form: Form, style: int, years: range) -> None:
        self.dice, self.kommun, self.body, self.form, self.years = dice, kommun, body, form, years
        drawn = draw_layout(dice, form)  # but nothing that takes a figure off the page, or sets another's mark beside it
        self.layout: Layout = replace(drawn, lost_years=False, empty_cells=False, footnotes=False, glue="no", goals_as="heading")
        self.labels = {code: dice.pick(names) for code, _, _, names in _LINES} | {code: dice.pick(names) for code, names in _TOTALS.items()}
        self.areas = dice.sample(body["areas"], 5)
        self.people = dice.integer(8, 90) * 1000 + dice.integer(0, 999)
        size = self.people * dice.integer(6, 12) // (1 if self.layout.money == "tkr" else 100)
        self.ledger: Ledger = {code: self._history(size * share) for code, _, share, _ in _LINES}
        self.known = {spec[0]: self._measured(spec) for spec in specs}
        self.specs = [[_reworded(spec[0], style), *spec[1:]] for spec in specs]
        self.names = {printed[0]: spec[0] for printed, spec in zip(self.specs, specs, strict=True)}

    def _history(self, size: float) -> dict[int, tuple[int, int]]:
        history = {}
        for year in range(self.years.start - 1, self.years.stop):
            size *= self.dice.between(1.0, 1.06, 3)
            history[year] = max(3, round(size)), max(2, round(size * self.dice.between(0.95, 1.06, 3)))
        return history

    def _measured(self, spec: list[Any]) -> dict[int, float]:
        _, _, unit, low, high, decimals, _ = spec
        value = self.dice.between(low, high, decimals)
        history = {}
        for year in range(self.years.start - 2, self.years.stop):
            value = round(max(1, value + (self.dice.number() - 0.5) * 0.12 * (high - low)), decimals)
            history[year] = min(value, 100) if unit == "percent" else value
        return history

    def report(self, year: int, seed: int, truth: Series) -> Made:
        """The report of a year; what it says is added to the truth."""
        dice, layout = Dice(f"docmine series {seed} {self.kommun} {year}"), self.layout
        writer = Writer(dice, layout, "annual_report", year, self.body, self.kommun)
        statement, net = self._statement(writer, year, truth)
        writer.net = net.series
        writer.summary(money.deviations(net, "annual_report"))
        writer.mission()
        self._goals(writer, year, truth)
        writer.heading("finance", 1)
        writer.say(*writer.filler(2))
        writer.title("Driftredovisning", 2, "operating_statement")
        writer.grid(statement)
        writer.say(*writer.filler(2))
        writer.grid(self._by_area(writer, net, year))
        writer.say(*writer.filler(2))
        self._key_figures(writer, year, truth)
        writer.plain("outlook", "outlook")
        truth.population.append({"kommun": self.kommun, "year": year, "population": self._people(year)})
        title = f"Årsredovisning {year}"
        story = Story(
            self.kommun, None, self.body["name"], self.body["administration"], "annual_report", year, title,
            [title, self.body["name"], f"{self.kommun} kommun"], "Innehåll", writer.blocks,
        )  # fmt: skip
        return printed(story, layout, self.form, dice, f"{ascii_name(self.kommun)}-series-{year}-{self.form}-{seed}")

    def _people(self, year: int) -> int:
        return round(self.people * 1.01 ** (year - self.years.start))

    def _columns(self, year: int) -> tuple[money.Column, ...]:
        before = money.Column(f"Utfall {year - 1}", "outcome", year - 1, "before")
        budget = money.Column(f"Budget {year}", "budget", year, "budget")
        outcome = money.Column(f"Utfall {year}", "outcome", year, "outcome")
        return before, budget, outcome, money.Column("Avvikelse", "deviation", year, "outcome", "budget")

    def _by_area(self, writer: Writer, net: money.Line, year: int) -> Grid:
        """The net cost again, by area."""
        printer = money.Printer(writer.dice, self.layout)
        lines = money.share_out(writer.dice, self.areas, net)
        rows = [printer.row(line, self._columns(year)) for line in lines]
        rows.append(printer.row(money.total("Summa nämnden", "cost", lines), self._columns(year), kind="sum"))
        return money.finish("Nettokostnad per verksamhet", rows, self._columns(year), self.layout, writer.dice)

    def _statement(self, writer: Writer, year: int, truth: Series) -> tuple[Grid, money.Line]:
        """The statement of operations, line by line, with its totals."""
        columns = self._columns(year)
        lines = {code: money.Line(self.labels[code], role, self._steps(code, year)) for code, role, _, _ in _LINES}
        by_role = {role: [line for line in lines.values() if line.role == role] for role in ("revenue", "cost")}
        lines["revenue"] = money.total(self.labels["revenue"], "revenue", by_role["revenue"])
        lines["total_cost"] = money.total(self.labels["total_cost"], "cost", by_role["cost"])
        net = lines["net_cost"] = money.total(self.labels["net_cost"], "cost", [*by_role["revenue"], *by_role["cost"]])
        order = ("fees", "grants", "revenue", "staff_cost", "premises_cost", "purchases", "other_cost", "total_cost", "net_cost")
        printer = money.Printer(writer.dice, self.layout)
        rows = [printer.row(lines[code], columns, kind="sum" if code in _TOTALS else "row") for code in order]
        for code in order:
            self._note(truth, code, lines[code], year)
        return money.finish("Driftredovisning", rows, columns, self.layout, writer.dice), net

    def _steps(self, code: str, year: int) -> dict[str, int]:
        budget, outcome = self.ledger[code][year]
        return {"before": self.ledger[code][year - 1][1], "budget": budget, "outcome": outcome}

    def _note(self, truth: Series, code: str, line: money.Line, year: int) -> None:
        """The truth on a line: budget, outcome and deviation of the year, and in the first report the outcome of the year before."""
        step = money.SCALE[self.layout.money] // (10 if self.layout.money == "mnkr" else 1)
        told = [("budget", year, line.series["budget"]), ("outcome", year, line.series["outcome"])]
        told.append(("deviation", year, line.good("outcome") - line.good("budget")))
        if year == self.years.start:
            told.append(("outcome", year - 1, line.series["before"]))
        for kind, of, steps in told:
            place = {"kommun": self.kommun, "body": self.body["name"], "year": of, "line": code, "kind": kind}
            truth.amounts.append(place | {"value_sek": float(steps * step)})

    def _goals(self, writer: Writer, year: int, truth: Series) -> None:
        dice = writer.dice
        writer.heading("goals", 1)
        writer.say(*writer.filler(2))
        writer.heading("board_goals", 2)
        counts = dict.fromkeys(_STATUSES, 0)
        for goal in dice.sample(self.body["goals"], 5):
            status = dice.weighted(_STATUSES)
            counts[status] += 1
            writer.title(goal, 3, "other", (writer.goal(goal, "board", status),))
            writer.say(*writer.filler(2), *writer.verdict(status))
        truth.goals.append({"kommun": self.kommun, "body": self.body["name"], "year": year} | counts)

    def _key_figures(self, writer: Writer, year: int, truth: Series) -> None:
        known = {}
        for spec in self.specs:
            history = self.known[self.names[spec[0]]]
            known[spec[0]] = {"value": history[year], "previous": history[year - 1], "before2": history[year - 2], "target": history[year]}
        writer.heading("key_figures", 1)
        grid = measures.indicator_table(writer.dice, self.layout, "annual_report", year, known, "", self.specs)
        for row in grid.rows:
            for record in row.records:
                name = self.names[record["name"]]
                place = {
                    "kommun": self.kommun,
                    "body": self.body["name"],
                    "year": record["year"],
                    "name": name,
                    "original_name": record["name"],
                }
                told = place | {key: record[key] for key in ("measure", "value", "unit")}
                if told not in truth.indicators:
                    truth.indicators.append(told)
        writer.grid(grid)
        writer.say(*writer.filler(2))


def _reworded(name: str, style: int) -> str:
    """The same indicator as another kommun would name it."""
    first, _, rest = name.partition(" ")
    if style % 3 == 0 or first not in ("Andel", "Antal"):
        return name
    rest = rest[:1].upper() + rest[1:]
    return f"{rest}, {first.lower()}" if style % 3 == 1 else f"{rest} ({first.lower()})"
