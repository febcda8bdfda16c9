"""Random tables whose figures obey the laws of accounts: totals are sums, deviations differences, changes shares.

`draw_table` makes one from a seed, with every relation between its figures; `alter` falsifies one figure of it. How a table is
printed as a page of a report is the matter of `lawful_print`.

Figures are first drawn as signed whole numbers in thousandths of the last printed digit, revenue and surplus positive; what is
printed is rounded from them, with the signs of the table's own convention. In an exact table they are whole printed digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import log10
from typing import Any, Literal, NamedTuple

from .dice import Dice
from .phrases import bank
from .swedish import figure

__all__ = ["Lawful", "Place", "Relation", "alter", "draw_table"]

Place = tuple[int, int]  # row of the body, figure column
FINE = 1000
SPACES = {" ": 0.62, "\u00a0": 0.14, "\u2009": 0.07, "\u202f": 0.07, "": 0.06, ".": 0.04}


class Relation(NamedTuple):
    """A figure that others make.

    ``sum``: the signed sum of the parts; ``difference``: of two figures of its row; ``share``: the first less the second as per
    cent of the second; ``ratio``: the first as per cent of the second. ``slack`` is by how much rounding may spoil it at most, for a
    reader does not know whether the figures were rounded.
    """

    rule: Literal["sum", "difference", "share", "ratio"]
    target: Place
    parts: tuple[tuple[Place, int], ...]
    slack: float

    @property
    def places(self) -> tuple[Place, ...]:
        """All figures that it is about."""
        return (self.target, *(place for place, _ in self.parts))

    def off(self, values: Mapping[Place, float]) -> float | None:
        """How far the printed figures are from obeying it; None where too little of it is printed."""
        if self.target not in values:
            return None
        known = [(values[place], sign) for place, sign in self.parts if place in values]
        if len(known) < 2 or (self.rule != "sum" and len(known) < len(self.parts)):
            return None
        if self.rule in ("sum", "difference"):
            expected = sum(sign * value for value, sign in known)
        else:
            (a, _), (b, _) = known
            if not b:
                return None
            expected = 100 * (a - b) / abs(b) if self.rule == "share" else 100 * a / b
        return abs(values[self.target] - expected)

    def broken(self, values: Mapping[Place, float]) -> bool:
        """Whether the printed figures cannot obey it, whatever was rounded."""
        off = self.off(values)
        return off is not None and off > self.slack + 1e-6


@dataclass(frozen=True)
class Col:
    """A figure column: its head from top to bottom, and how it comes from other columns (``of``), if it does."""

    head: tuple[str, ...]
    scale: float = 1.0
    rule: Literal["", "sum", "difference", "share", "ratio"] = ""
    of: tuple[int, ...] = ()
    side: int = 1  # the sign of a subject's figures: revenue 1, cost -1
    sign: int = 1  # the sign with which its figures are printed
    better: bool = False  # a difference of which surplus is positive, whatever the signs of the other figures


@dataclass(frozen=True)
class Line:
    """A row: a plain one, a sum of others, a part of the one before, or a group's name without figures."""

    label: str
    kind: Literal["row", "sum", "part", "group"] = "row"
    size: float = 3.0
    side: int = 1  # 1 revenue, -1 cost, 0 either
    parts: tuple[int, ...] = ()
    indent: int = 0
    sign: int = 1  # the sign with which its figures are printed


@dataclass(frozen=True)
class Lawful:
    """A table as it is printed and as it is meant.

    Figure columns count from 0; before them stand the labels and, where ``notes`` are given, the column of notes. ``values`` lacks
    the places where no figure is given; ``texts`` has what is printed there.
    """

    seed: str
    genre: str
    caption: str
    unit: str | None
    unit_line: str
    corner: str
    head: tuple[tuple[str, ...], ...]
    labels: tuple[str, ...]
    kinds: tuple[str, ...]
    indents: tuple[int, ...]
    texts: tuple[tuple[str, ...], ...]
    values: dict[Place, float]
    relations: tuple[Relation, ...]
    decimals: dict[Place, int]
    year: int
    notes: tuple[str, ...] = ()
    marks: dict[Place, str] = field(default_factory=dict)
    footnotes: tuple[str, ...] = ()
    altered: Place | None = None

    @property
    def n_cols(self) -> int:
        """The number of its figure columns."""
        return len(self.head[0])

    @property
    def lead(self) -> int:
        """The number of columns before the figures."""
        return 2 if self.notes else 1

    def paths(self) -> list[str]:
        """The head path of each figure column."""
        return [" ".join(part for part in parts if part) for parts in zip(*self.head, strict=True)]

    def of(self, place: Place) -> list[Relation]:
        """The relations that cover a figure and of which enough is printed."""
        return [r for r in self.relations if place in r.places and r.off(self.values) is not None]


def draw_table(seed: int | str) -> Lawful:
    """A random table; the same seed gives the same table."""
    dice = Dice(f"lawful {seed}")
    words = bank("lawful")
    kind = dice.weighted({"statement": 0.38, "listing": 0.42, "measures": 0.13, "groupings": 0.07})
    made = _Maker(dice, str(seed), dice.pick(words[kind]), words)
    return made.measures() if kind == "measures" else made.money(kind)


def alter(table: Lawful, dice: Dice) -> Lawful | None:
    """The table with one figure falsified so that some relation cannot hold; None where it has no relation."""
    covered = [p for p in sorted(table.values) if table.of(p)]
    for _ in range(200 if covered else 0):
        place = dice.pick(covered)
        value, decimals = table.values[place], table.decimals[place]
        digits = f"{abs(value):.{decimals}f}"
        spots = [i for i, ch in enumerate(digits) if ch.isdigit()]
        at = dice.pick(spots)
        digit = str((int(digits[at]) + dice.integer(1, 9)) % 10)
        if at == 0 and digit == "0" and len(digits) > 1 and digits[1] != ".":
            continue
        changed = float(digits[:at] + digit + digits[at + 1 :]) * (-1 if value < 0 else 1)
        values = table.values | {place: changed}
        if changed == value or not changed or not any(r.broken(values) for r in table.of(place)):
            continue
        old = figure(abs(value), decimals, group="")
        text = table.texts[place[0]][place[1]]
        shown = _reprinted(text, old, figure(abs(changed), decimals, group=""))
        if shown is None:
            continue
        row = tuple(shown if c == place[1] else t for c, t in enumerate(table.texts[place[0]]))
        texts = (*table.texts[: place[0]], row, *table.texts[place[0] + 1 :])
        return replace(table, values=values, texts=texts, altered=place)
    return None


def _reprinted(text: str, old: str, new: str) -> str | None:
    """A printed figure with its digits replaced by as many others."""
    fresh = iter(ch for ch in new if ch.isdigit())
    if sum(ch.isdigit() for ch in text) != sum(ch.isdigit() for ch in new) or len(old) != len(new):
        return None
    return "".join(next(fresh) if ch.isdigit() else ch for ch in text)


class _Maker:
    """Draws one table."""

    def __init__(self, dice: Dice, seed: str, spec: Mapping[str, Any], words: Mapping[str, Any]) -> None:
        self.dice, self.seed, self.spec, self.words = dice, seed, spec, words
        self.year = dice.integer(2015, 2027)
        self.space = dice.weighted(SPACES)
        self.mixed = dice.chance(0.05)  # thousands both grouped and not
        self.minus = dice.weighted({"-": 0.8, "–": 0.1, "−": 0.06, "- ": 0.04})
        self.missing = dice.weighted({"": 0.5, "-": 0.35, "–": 0.15})
        self.percent = dice.pick(("", "%", " %"))

    # Rows

    def statement(self) -> list[Line]:
        """The rows of a statement, some left out."""
        dice, kept, lines = self.dice, {}, []
        for i, (label, *rest) in enumerate(self.spec["lines"]):
            optional = label.startswith("?")
            if optional and dice.chance(0.4):
                continue
            label = dice.pick(label.removeprefix("?").split("|"))
            if rest and rest[0] == "=":
                parts = tuple(kept[j] for j in rest[1] if j in kept)
                sides = {lines[j].side for j in parts}
                lines.append(Line(label, "sum", side=sides.pop() if len(sides) == 1 else 0, parts=parts))
            elif rest:
                lines.append(Line(label, "row", rest[1] + dice.between(-0.4, 0.4, 2), {"+": 1, "-": -1, "±": 0}[rest[0]], indent=0))
            else:
                lines.append(Line(label, "group"))
            kept[i] = len(lines) - 1
        return self._signed(lines)

    def _signed(self, lines: list[Line]) -> list[Line]:
        """The lines with the signs of a convention: revenue positive, costs positive, or both without signs."""
        style = self.dice.weighted({"revenue": 0.45, "cost": 0.3, "bare": 0.25}) if self.spec.get("convention") else "revenue"
        if style == "revenue":
            return lines
        if style == "cost":
            return [replace(line, sign=-1) for line in lines]
        net = self.dice.pick((1, -1))
        return [replace(line, sign=line.side or net) for line in lines]

    def listing(self) -> list[Line]:
        """Rows of one kind with their total, in groups with totals of their own where there are many."""
        dice, spec = self.dice, self.spec
        counts = dice.weighted({(3, 12): 0.5, (13, 30): 0.3, (31, 55): 0.13, (56, 78): 0.07})
        names = self._names(spec["names"], dice.integer(*counts))
        low, high = spec["size"]
        middle = dice.between(low + 0.5, high - 0.5, 2)
        totals = spec.get("totals", ["Summa", "Totalt"])
        odd = dice.chance(0.3)

        def row(label: str, indent: int) -> Line:
            side = 1 if odd and dice.chance(0.1) else -1
            return Line(label, "row", max(0.7, middle + dice.between(-0.9, 0.9, 2)), side, indent=indent)

        lines: list[Line] = []
        if len(names) > 9 and dice.chance(0.55):
            groups = dice.sample(self.words["names"]["groups"], min(dice.integer(2, 5), len(names) // 3))
            headed, indent = dice.chance(0.5), dice.pick((0, 1))
            sums = []
            for g, group in enumerate(groups):
                mine = names[g * len(names) // len(groups) : (g + 1) * len(names) // len(groups)]
                if headed:
                    lines.append(Line(group, "group"))
                first = len(lines)
                lines += [row(name, indent) for name in mine]
                sums.append(len(lines))
                lines.append(Line(f"Summa {group[0].lower()}{group[1:]}", "sum", side=0, parts=tuple(range(first, len(lines)))))
            lines.append(Line(dice.pick(totals), "sum", side=0, parts=tuple(sums)))
        else:
            varav = dice.chance(0.12)
            for name in names:
                lines.append(row(name, 0))
                if varav and dice.chance(0.25):
                    lines.append(Line(dice.pick(self.words["names"]["parts"]), "part", lines[-1].size - 0.5, lines[-1].side, indent=1))
            if dice.chance(0.87):
                lines.append(Line(dice.pick(totals), "sum", side=0, parts=tuple(i for i, line in enumerate(lines) if line.kind == "row")))
        positive = spec["names"] == "projects" or dice.chance(0.7)
        return [replace(line, sign=-1 if positive else 1) for line in lines]

    def _names(self, source: str, count: int) -> list[str]:
        dice, names = self.dice, self.words["names"]
        if source in names:
            return dice.sample(names[source], count)
        kinds, places = ("unit_kinds", "unit_places") if source == "units" else ("project_works", "project_things")
        one = dice.pick(names[kinds])
        pool = [
            f"{kind} {place}"
            for kind in ([one] if count <= len(names[places]) and dice.chance(0.5) else names[kinds])
            for place in names[places]
        ]
        drawn = dice.sample(pool, count)
        code = dice.weighted({"": 0.6, "before": 0.25, "after": 0.15})
        if code == "before":
            start = dice.integer(101, 800)
            return [f"{start + 3 * i} {name}" for i, name in enumerate(drawn)]
        return [f"{name} {i}" for i, name in enumerate(drawn, 1)] if code else drawn

    # Columns

    def columns(self) -> list[Col]:
        """The figure columns."""
        dice, y = self.dice, self.year
        if self.spec.get("dated") and dice.chance(0.6):
            return [Col((f"{y - i}-12-31",)) for i in range(dice.integer(2, 3))]
        family = self.spec.get("family") if dice.chance(0.7) else None
        statement = "lines" in self.spec
        weights = {"follow": 0.34, "interim": 0.22, "years": 0.16, "plan": 0.16, "subjects": 0.0 if statement else 0.12}
        if self.spec.get("dated"):
            weights = {"years": 1.0}
        build = {
            "follow": self._follow,
            "interim": self._interim,
            "years": self._years,
            "plan": self._plan,
            "subjects": self._subjects,
            "investment": self._investment,
        }
        return build[family or dice.weighted(weights)]()

    def _deviation(self, cols: list[Col], of: tuple[int, int], head: tuple[str, ...], share: float = 0.18) -> None:
        """A difference of two columns at the end, sometimes also in per cent."""
        cols.append(Col(head, rule="difference", of=of, sign=self.dice.weighted({1: 0.85, -1: 0.15}), better=True))
        if self.dice.chance(share):
            if self.dice.chance(0.5):
                cols.append(Col((f"{head[0]} %",), rule="share", of=of))
            else:
                cols.append(Col((self.dice.pick(("Förbrukat %", "Andel av budget, %")),), rule="ratio", of=of))

    def _follow(self) -> list[Col]:
        dice, y = self.dice, self.year
        outcome, budget = Col((dice.pick(("Utfall", "Bokslut", "Redovisat")), f"{y}")), Col(("Budget", f"{y}"))
        cols = [budget, outcome] if dice.chance(0.7) else [outcome, budget]
        if dice.chance(0.5):
            cols.insert(0, Col((outcome.head[0], f"{y - 1}"), scale=0.95))
        a = next(i for i, c in enumerate(cols) if c.head == outcome.head)
        b = next(i for i, c in enumerate(cols) if c.head == budget.head)
        self._deviation(cols, (a, b), (dice.pick(("Avvikelse", "Budgetavvikelse", "Avvikelse mot budget")),))
        if dice.chance(0.12):
            cols.append(Col((outcome.head[0], f"{y - 2}"), scale=0.92))
        return cols

    def _interim(self) -> list[Col]:
        dice, y = self.dice, self.year
        months = dice.pick(("jan–aug", "jan-aug", "jan-apr"))
        part = 2 / 3 if "aug" in months else 1 / 3
        cols: list[Col] = []
        if dice.chance(0.45):
            cols.append(Col(("Utfall", months, f"{y - 1}"), scale=part * 0.95))
        if dice.chance(0.85):
            cols.append(Col(("Utfall", months, f"{y}"), scale=part))
            if dice.chance(0.4):
                cols.append(Col(("Budget", months, f"{y}"), scale=part))
                self._deviation(cols, (len(cols) - 2, len(cols) - 1), ("Avvikelse", months), share=0)
        cols += [Col((dice.pick(("Budget", "Årsbudget")), "helår", f"{y}")), Col(("Prognos", "helår", f"{y}"))]
        self._deviation(cols, (len(cols) - 1, len(cols) - 2), (dice.pick(("Avvikelse", "Prognosavvikelse")), "helår"))
        return cols

    def _years(self) -> list[Col]:
        dice, y = self.dice, self.year
        word, count = dice.pick(("Utfall", "Bokslut")), dice.integer(2, 3 if self.spec.get("dated") else 5)
        years = range(y - count + 1, y + 1)
        cols = [Col((word, f"{one}"), scale=1 - 0.03 * (y - one)) for one in (years if dice.chance(0.6) else reversed(years))]
        if dice.chance(0.4):
            late = 0 if cols[0].head[1] == str(y) else count - 1
            before = 1 if late == 0 else count - 2
            cols.append(Col(("Förändring",), rule="difference", of=(late, before)))
            if dice.chance(0.5):
                cols.append(Col(("Förändring %",), rule="share", of=(late, before)))
        return cols

    def _plan(self) -> list[Col]:
        dice, y = self.dice, self.year
        cols = [Col(("Bokslut", f"{y - 2}"), scale=0.93)] if dice.chance(0.5) else []
        cols += [Col(("Budget", f"{y - 1}"), scale=0.97), Col(("Budget", f"{y}"))]
        if dice.chance(0.3):
            cols.append(Col(("Förändring",), rule="difference", of=(len(cols) - 1, len(cols) - 2)))
        return [*cols, *(Col(("Plan", f"{y + i}"), scale=1 + 0.02 * i) for i in range(1, dice.integer(2, 4)))]

    def _subjects(self) -> list[Col]:
        dice, y = self.dice, self.year
        style = dice.pick(("signed", "bare", "bare"))
        net = dice.pick((1, -1)) if style == "bare" else 1
        cols: list[Col] = []
        for word in ("Budget", dice.pick(("Utfall", "Bokslut"))):
            at = len(cols)
            over = f"{word} {y}"
            cols += [
                Col((over, "Intäkter"), scale=dice.between(0.2, 0.5, 2)),
                Col((over, "Kostnader"), scale=1.2, side=-1, sign=-1 if style == "bare" else 1),
                Col((over, "Netto"), rule="sum", of=(at, at + 1), sign=net),
            ]
        self._deviation(cols, (5, 2), ("Avvikelse", "Netto"))
        return cols

    def _investment(self) -> list[Col]:
        dice, y = self.dice, self.year
        if dice.chance(0.4):
            return self._follow()
        total = dice.pick(("Totalt", "Hela projektet", "Projektet"))
        cols = [Col((total, "Budget"), scale=2.6), Col((total, "Utfall"), scale=1.7), Col((total, "Prognos"), scale=2.6)]
        self._deviation(cols, (2, 0), (total, "Avvikelse"), share=0)
        year = f"{y}"
        if dice.chance(0.7):
            at = len(cols)
            cols += [Col((year, "Budget")), Col((year, "Utfall"), scale=0.8)]
            self._deviation(cols, (at + 1, at), (year, "Avvikelse"), share=0)
        return cols

    # Tables

    def money(self, kind: str) -> Lawful:
        """A table of money, or of people that are counted."""
        dice = self.dice
        if kind == "groupings":
            lines = [replace(line, side=1, sign=1) if line.kind != "sum" else replace(line, sign=1) for line in self.listing()]
            unit, decimals = None, 0
            cols = self._genders()
            exact, missing = True, 0.02
        else:
            lines = self.statement() if kind == "statement" else self.listing()
            cols = self.columns()
            if any(col.side < 0 for col in cols):  # there the columns have the signs
                lines = [replace(line, sign=1) for line in lines]
            unit = dice.weighted({"tkr": 0.62, "mnkr": 0.32, "kr": 0.06 if len(cols) < 5 else 0.0})
            decimals = {"tkr": 0, "mnkr": dice.weighted({1: 0.75, 2: 0.15, 0: 0.1}), "kr": 0}[unit]
            exact = dice.chance(0.75)
            missing = dice.weighted({0.0: 0.45, 0.04: 0.4, 0.12: 0.15}) if kind == "listing" else dice.weighted({0.0: 0.7, 0.04: 0.3})
            shift = {"tkr": 0.0, "mnkr": decimals - 3.0, "kr": 3.0}[unit]
            lines = [replace(line, size=max(line.size + shift, 0.6)) for line in lines]
        fine = self._fine(lines, cols, missing, exact)
        relations = list(self._relations(lines, cols, 10.0**-decimals))
        return self._finished(lines, cols, fine, relations, decimals, unit)

    def _genders(self) -> list[Col]:
        dice, y = self.dice, self.year
        pair = dice.pick((("Kvinnor", "Män"), ("Flickor", "Pojkar")))
        cols: list[Col] = []
        for one in [y - 1, y] if dice.chance(0.5) else [y]:
            at = len(cols)
            cols += [Col((f"{one}", pair[0]), scale=1.1), Col((f"{one}", pair[1])), Col((f"{one}", "Totalt"), rule="sum", of=(at, at + 1))]
        return cols

    def _fine(self, lines: list[Line], cols: list[Col], missing: float, exact: bool) -> dict[Place, int]:
        """Signed figures in thousandths of the last printed digit; a share has no such figure."""
        dice = self.dice
        fine: dict[Place, int] = {}
        for r, line in enumerate(lines):
            if line.kind in ("row", "part"):
                side = line.side or dice.pick((1, -1))
                base = 10**line.size
                for c, col in enumerate(cols):
                    if col.rule or dice.chance(missing):
                        continue
                    spread = 0.35 if line.side == 0 else 0.08
                    value = base * col.scale * (1 + spread * (2 * dice.number() - 1))
                    sign = col.side if any(other.side < 0 for other in cols) else side if line.side else dice.pick((1, -1))
                    fine[r, c] = sign * (round(value) * FINE if exact else round(value * FINE))
            elif line.kind == "sum":
                for c, col in enumerate(cols):
                    known = [fine[p, c] for p in line.parts if (p, c) in fine]
                    if not col.rule and known:
                        fine[r, c] = sum(known)
            for c, col in enumerate(cols):
                known = [fine[r, o] for o in col.of if (r, o) in fine]
                if col.rule in ("sum", "difference") and known:
                    first, second = (fine.get((r, o), 0) for o in col.of)
                    fine[r, c] = first + second if col.rule == "sum" else first - second
        return fine

    def _relations(self, lines: list[Line], cols: list[Col], step: float) -> Iterator[Relation]:
        def slack(parts: int) -> float:
            return 0.5 * step * (parts + 1)

        def sign(r: int, c: int) -> int:
            col = cols[c]
            return col.sign if col.better else col.sign * lines[r].sign

        for r, line in enumerate(lines):
            for c, col in enumerate(cols):
                if line.kind == "sum" and col.rule not in ("share", "ratio") and len(line.parts) > 1:
                    parts = tuple(((p, c), sign(r, c) * sign(p, c)) for p in line.parts)
                    yield Relation("sum", (r, c), parts, slack(len(parts)))
                if line.kind == "group" or not col.rule:
                    continue
                (a, b), own = col.of, sign(r, c)
                if col.rule == "sum":
                    yield Relation("sum", (r, c), (((r, a), own * sign(r, a)), ((r, b), own * sign(r, b))), slack(2))
                elif col.rule == "difference":
                    yield Relation("difference", (r, c), (((r, a), own * sign(r, a)), ((r, b), -own * sign(r, b))), slack(2))
                else:
                    yield Relation(col.rule, (r, c), (((r, a), 1), ((r, b), -1)), 0.0)  # its slack follows from its figures

    def _finished(
        self, lines: list[Line], cols: list[Col], fine: dict[Place, int], relations: list[Relation], decimals: int, unit: str | None
    ) -> Lawful:
        dice = self.dice
        values: dict[Place, float] = {}
        for (r, c), value in fine.items():
            col = cols[c]
            sign = col.sign if col.better else col.sign * lines[r].sign
            whole = (abs(value) + FINE // 2) // FINE
            values[r, c] = sign * (1 if value > 0 else -1) * whole / 10**decimals if whole else 0.0
        places = dict.fromkeys(values, decimals)
        shown = dice.pick((0, 1, 1))
        for i, relation in enumerate(relations):
            if relation.rule not in ("share", "ratio"):
                continue
            (a, _), (b, _) = relation.parts
            share = _share(relation.rule, values.get(a), values.get(b))
            if share is not None and abs(share) < 1000:
                values[relation.target], places[relation.target] = round(share, shown) + 0.0, shown
                x, y, half = abs(values[a]), abs(values[b]), 0.5 * 10.0**-decimals
                relations[i] = relation._replace(slack=0.5 * 10.0**-shown + 100 * half * (1 + x / y) / max(y - half, half))
        texts = tuple(
            tuple(self._text(values.get((r, c)), places.get((r, c), 0), cols[c], line.kind) for c in range(len(cols)))
            for r, line in enumerate(lines)
        )
        return self._titled(lines, self._heads(cols), texts, values, places, relations, unit)

    def _text(self, value: float | None, decimals: int, col: Col, kind: str) -> str:
        if kind == "group":
            return ""
        if value is None:
            return self.missing
        group = "" if self.mixed and self.dice.chance(0.4) else self.space
        text = figure(value, decimals, group=group, minus=self.minus)
        return text + self.percent if col.rule in ("share", "ratio") else text

    def _heads(self, cols: list[Col]) -> tuple[tuple[str, ...], ...]:
        """Heads of one to three rows; a year or month under its kind, or all in one."""
        rows = max(len(col.head) for col in cols)
        wanted = self.dice.weighted({1: 0.45, 2: 0.25, 3: 0.3})
        if {"Netto", "Totalt"} & {col.head[-1] for col in cols} or cols[0].head[0] == cols[-1].head[0]:
            wanted = max(wanted, 2)  # a subject stands under its year
        rows = min(rows, wanted)

        def folded(head: tuple[str, ...]) -> tuple[str, ...]:
            kept = (*head[: rows - 1], " ".join(head[rows - 1 :]))
            return kept + ("",) * (rows - len(kept))

        return tuple(zip(*(folded(col.head) for col in cols), strict=True))

    def _titled(
        self,
        lines: list[Line],
        head: tuple[tuple[str, ...], ...],
        texts: tuple[tuple[str, ...], ...],
        values: dict[Place, float],
        places: dict[Place, int],
        relations: list[Relation],
        unit: str | None,
    ) -> Lawful:
        dice, spec = self.dice, self.spec
        corner = dice.pick(spec["heads"])
        caption = dice.pick(spec["captions"])
        told = "{unit}" in corner or "{Unit}" in corner
        unit_line = ""
        if unit and not told:
            if dice.chance(0.6):
                caption += dice.pick((f", {unit}", f" ({unit})", f", belopp i {unit}"))
            else:
                unit_line = dice.pick((f"Belopp i {unit}", f"({unit})"))
        notes: tuple[str, ...] = ()
        if spec.get("notes") and dice.chance(0.45):
            number, notes = dice.integer(1, 3), ()
            for line in lines:
                given = line.kind == "row" and dice.chance(0.7)
                notes += (str(number) if given else "",)
                number += given
        marks, footnotes = self._marks(values, places)
        return Lawful(
            seed=self.seed,
            genre=spec.get("genre", "Nyckeltal"),
            caption=caption,
            unit=unit,
            unit_line=unit_line,
            corner=corner.format(unit=unit, Unit=(unit or "").capitalize()),
            head=head,
            labels=tuple(line.label for line in lines),
            kinds=tuple(line.kind for line in lines),
            indents=tuple(line.indent for line in lines),
            texts=texts,
            values=values,
            relations=tuple(relations),
            decimals=places,
            year=self.year,
            notes=notes if any(notes) else (),
            marks=marks,
            footnotes=footnotes,
        )

    def _marks(self, values: dict[Place, float], places: dict[Place, int]) -> tuple[dict[Place, str], tuple[str, ...]]:
        """Footnote marks on a figure or two; a mere digit only where decimals part it from the figure."""
        dice = self.dice
        if not dice.chance(0.13):
            return {}, ()
        style = dice.pick(("{n})", "*", "{n}"))
        fit = [p for p in sorted(values) if style != "{n}" or (places[p] == 1 and not self.percent)]
        marks: dict[Place, str] = {}
        notes: list[str] = []
        for n, place in enumerate(dice.sample(fit, dice.integer(1, 2)), 1):
            marks[place] = style.format(n=n) if style != "*" else "*" * n
            notes.append(dice.pick(self.words["around"]["footnote"]).format(mark=marks[place]))
        return marks, tuple(notes)

    def measures(self) -> Lawful:
        """A table of indicators: each row has its own unit, and nothing adds up but a change."""
        dice, y = self.dice, self.year
        rows = dice.sample(self.spec["rows"], dice.integer(3, 16))
        count = dice.integer(1, 4)
        cols = [Col(("Utfall", f"{y - count + 1 + i}")) for i in range(count)]
        if dice.chance(0.6) or count == 1:
            cols.append(Col((dice.pick(("Mål", "Målvärde")), f"{y}")))
        if count > 1 and dice.chance(0.3):
            cols.append(Col(("Förändring",), rule="difference", of=(count - 1, count - 2)))
        signs = dice.chance(0.4)  # the percent sign stands in the cells
        lines, values, places, texts = [], {}, {}, []
        relations: list[Relation] = []
        gaps = dice.pick((0.0, 0.06, 0.15))
        for r, (label, unit, low, high, decimals) in enumerate(rows):
            bare = signs and unit == "percent"
            lines.append(Line(label.removesuffix(", %") if bare else label))
            base = 10 ** dice.between(log10(low), log10(high), 3)
            printed = []
            for c, col in enumerate(cols):
                value: float | None = round(min(max(base * (1 + 0.12 * (2 * dice.number() - 1)), low), high), decimals)
                if col.rule:
                    a, b = (values.get((r, o)) for o in col.of)
                    value = None if a is None or b is None else round(a - b, decimals) + 0.0
                    relations.append(Relation("difference", (r, c), (((r, col.of[0]), 1), ((r, col.of[1]), -1)), 1.5 * 10.0**-decimals))
                elif dice.chance(gaps):
                    value = None
                if value is not None:
                    values[r, c], places[r, c] = value, decimals
                shown = self._text(value, decimals, col, "row")
                printed.append(shown + (self.percent or " %") if bare and value is not None and not col.rule else shown)
            texts.append(tuple(printed))
        return self._titled(lines, self._heads(cols), tuple(texts), values, places, relations, None)


def _share(rule: str, a: float | None, b: float | None) -> float | None:
    if a is None or not b:
        return None
    return 100 * (a - b) / abs(b) if rule == "share" else 100 * a / b
