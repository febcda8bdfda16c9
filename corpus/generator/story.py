"""From a seed to a report's blocks: what it says in which order, each statement with its true answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import measures, money
from .dice import Deck, Dice
from .layout import Layout
from .model import Block, DocType, Grid, Heading, Paragraph, Record, Sentence, Story
from .phrases import bank, heading_type
from .swedish import UNIT_WORDS, figure, lower_first, upper_first

Spec = list[Any]  # an indicator of the phrase bank
FOLLOWED_UP = ("annual_report", "interim_report")


class Writer:
    """Writes the parts of one report."""

    def __init__(self, dice: Dice, layout: Layout, doc_type: DocType, year: int, body: dict[str, Any], kommun: str) -> None:
        self.dice, self.layout, self.doc_type, self.year, self.body, self.kommun = dice, layout, doc_type, year, body, kommun
        self.common = bank("common")
        self.printer = money.Printer(dice, layout)
        self.fillers = Deck(dice, [*body["filler"], *self.common["filler"]])
        self.actions = Deck(dice, [*body["actions"], *self.common["actions"]["any"]])
        self.measures: list[str] = []  # those listed, whose effects are told
        self.areas = dice.sample(body["areas"], dice.integer(4, min(8, len(body["areas"]))))
        self.size = dice.integer(60, 900) * (1_000 if layout.money == "tkr" else 10)
        self.followed_up = doc_type in FOLLOWED_UP
        self.net: dict[str, int] = {}  # the net cost of the whole body, which the prose restates
        self.known: dict[str, dict[str, float]] = {}  # an indicator's figures are the same wherever it is met
        self.dot = dice.pick(("", "."))  # after the numbers of the chapters
        self.counters: list[int] = []
        self.blocks: list[Block] = []

    # Parts of sentences

    def fill(self, text: str, **more: str) -> str:
        """The phrase with its braces filled in."""
        y = self.year
        return text.format(
            kommun=self.kommun,
            body=self.body["name"],
            administration=self.body["administration"],
            Administration=upper_first(self.body["administration"]),
            year=y,
            before=y - 1,
            next=y + 1,
            last=y + 2,
            span="perioden" if self.doc_type == "interim_report" else "året",
            **more,
        )

    def printed(self, steps: int) -> tuple[str, float, str]:
        """An amount in prose as printed, its value, its unit."""
        words = self.layout.money_words
        if words == "tkr":
            return f"{figure(steps)} tkr", float(steps), "tkr"
        value = round(steps / (1000 if self.layout.money == "tkr" else 10), 1)
        return f"{figure(value, 1)} {words}", value, "mnkr"

    def amount(
        self,
        phrase: dict[str, Any],
        steps: int,
        kind: str,
        *,
        year: int | None,
        period: str | None = None,
        loose: bool = False,
        **more: str,
    ) -> Sentence | None:
        """A sentence that states an amount; None where it would round to nothing."""
        text, value, unit = self.printed(abs(steps))
        if not value:
            return None
        sign = phrase.get("sign", 1)
        about = self.dice.pick(self.common["prose"]["approximate"]) if loose and self.dice.chance(0.15) else ""
        signed = ("-" if sign < 0 else "+") + text
        sentence = self.fill(phrase["text"], money=about + text, minus="minus " if sign < 0 else "", signed=signed, **more)
        record: Record = {
            "record": "amount",
            "source": "prose",
            "label": self.fill(phrase["label"], money="", **more),
            "kind": kind,
            "year": year,
            "period": period or (str(year) if year else None),
            "value": sign * value,
            "unit": unit,
            "value_sek": round(sign * value * money.SCALE[unit]),
        }
        return Sentence(upper_first(sentence), (record,), text)

    def deviation(self, group: str, steps: int, kind: str = "deviation", **more: str) -> list[Sentence]:
        """A sentence on a deviation, with a phrase of the right sign."""
        wanted = [p for p in self.common[group] if p["sign"] == (1 if steps > 0 else -1)]
        year = self.year
        period = f"{year}-01/{year}-08" if self.doc_type == "interim_report" and kind == "deviation" else None
        said = self.amount(self.dice.pick(wanted), steps, kind, year=year, period=period, loose=True, **more) if steps else None
        return [said] if said else []

    def small_amount(self, group: str, **more: str) -> list[Sentence]:
        """A sentence of a group of phrases with an amount of its own: a cost, a change, an effect, a request."""
        phrase = self.dice.pick(self.common[group])
        prose = self.common["prose"]
        more = {
            "cost": self.dice.pick(prose["costs"]),
            "income": self.dice.pick(prose["incomes"]),
            "area": self.dice.pick(self.areas),
            "action": self.dice.pick(self.measures or self.body["actions"]),
        } | more
        kind = phrase.get("kind", {"requirement": "effect"}.get(group, group))
        year = (
            self.year + 1
            if kind == "plan"
            else self.year
            if kind in ("outcome", "change", "budget") or "{year}" in phrase["text"]
            else None
        )
        steps = max(2, round(self.size * self.dice.between(0.004, 0.05, 3)))
        if group in ("budget", "plan") and "{area}" not in phrase["text"]:
            steps = self.net["plan1" if group == "plan" else "budget"]
        said = self.amount(phrase, steps, kind, year=year, loose=kind in ("outcome", "effect"), **more)
        return [said] if said else []

    def because(self, steps: int) -> list[Sentence]:
        """A sentence that parts a deviation into two causes, each with its amount in parentheses."""
        part = round(abs(steps) * self.dice.between(0.5, 0.8, 2))
        (first, value1, unit), (second, value2, _) = self.printed(part), self.printed(abs(steps) - part)
        if not value1 or not value2 or self.dice.chance(0.4):
            return []
        phrase = self.dice.pick([p for p in self.common["because"] if p["sign"] == (1 if steps > 0 else -1)])
        costs = self.dice.sample(self.common["prose"]["costs"], 2)
        column = money.Column("", "deviation", self.year, "")
        records = tuple(
            money.amount(f"kostnader för {cost}", column, phrase["sign"] * value, unit) | {"source": "prose"}
            for cost, value in zip(costs, (value1, value2), strict=True)
        )
        return [Sentence(self.fill(phrase["text"], first_cost=costs[0], second_cost=costs[1], first=first, second=second), records, first)]

    def absence(self) -> Sentence:
        """Sickness absence in all, of women and of men."""
        text, name = self.dice.pick(self.common["staff"]["absence"])
        whole = self.dice.between(4, 10, 1)
        values = {"total": whole, "women": round(whole + 0.7, 1), "men": round(whole - 1.6, 1)}
        parts = {"total": "", "women": ", kvinnor", "men": ", män"}
        records = tuple(measures.indicator(name + parts[k], "outcome", self.year, v, "percent") for k, v in values.items())
        return Sentence(text.format(**{k: figure(v, 1) for k, v in values.items()}), records, figure(whole, 1))

    def from_to(self) -> Sentence:
        """A sentence with the amounts of two years."""
        phrase = self.dice.pick(self.common["from_to"])
        first, second = self.dice.between(2, 40, 1), self.dice.between(2, 40, 1)
        cost = self.dice.pick(self.common["prose"]["costs"])
        texts = figure(min(first, second), 1), figure(max(first, second) + 0.3, 1)
        sentence = self.fill(phrase["text"], cost=cost, first=texts[0], second=texts[1])
        records = []
        for value, year in ((max(first, second) + 0.3, self.year), (min(first, second), self.year - 1)):
            column = money.Column("", "outcome", year, "")
            records.append(money.amount(self.fill(phrase["label"], cost=cost), column, round(value, 1), "mnkr") | {"source": "prose"})
        return Sentence(sentence, tuple(records), "miljoner kronor")

    def unit_text(self, value: float, spec: Spec) -> str:
        """An indicator's value in prose, with its unit."""
        text = figure(value, spec[5])
        words = UNIT_WORDS.get(spec[2])
        if not words:
            return text
        word = words[0] if self.dice.chance(0.7) else self.dice.pick(words)
        return text + word if word.startswith((" ", "%")) else f"{text} {word}"

    def indicator(self, spec: Spec, values: dict[str, float]) -> Sentence:
        """A sentence that states an indicator's money."""
        phrase = self.dice.pick(self.common["indicator"])
        meaning = {
            "value": ("outcome", self.year),
            "previous": ("outcome", self.year - 1),
            "target": ("target", None),
            "benchmark": ("benchmark", None),
        }
        records = tuple(measures.indicator(spec[1], *meaning[key], values[key], spec[2]) for key in phrase["says"])
        texts = {key: self.unit_text(values[key], spec) for key in values}
        sentence = self.fill(phrase["text"], name=spec[1], Name=upper_first(spec[1]), **texts)
        return Sentence(sentence, records, texts["value"])

    def target(self, spec: Spec, values: dict[str, float]) -> Sentence:
        """A sentence that states an indicator's target."""
        phrase = self.dice.pick(self.common["target"])
        word, code = self.dice.pick((("minst ", ">="), ("", None))) if spec[6] == "up" else self.dice.pick((("högst ", "<="), ("", None)))
        year = self.year if "{year}" in phrase["text"] else None
        text = self.unit_text(values["target"], spec)
        sentence = self.fill(phrase["text"], name=spec[1], Name=upper_first(spec[1]), comparator=word, target=text)
        return Sentence(sentence, (measures.indicator(spec[1], "target", year, values["target"], spec[2], code),), text)

    def filler(self, count: int) -> list[Sentence]:
        """Sentences that state nothing to be found."""
        made = self.common["made"]
        pick = self.dice.pick
        return [
            Sentence(
                f"{pick(made['who'])} har {pick(made['did'])} {pick(made['when'])}." if self.dice.chance(0.45) else self.fillers.deal()
            )
            for _ in range(count)
        ]

    def named(self, group: str, count: int) -> list[Sentence]:
        """Sentences of a group of phrases without answers."""
        areas = [lower_first(a) for a in self.dice.sample(self.areas, 3)]
        texts = self.dice.sample(self.common[group], count)
        return [Sentence(self.fill(t, area1=areas[0], area2=areas[1], area3=areas[2])) for t in texts]

    def story_count(self) -> list[Sentence]:
        """A count that only tells a story: optional by the gold's rules."""
        text, name = self.dice.pick(self.common["story_counts"])
        n = self.dice.integer(11, 140)
        record = measures.indicator(name, "outcome", self.year, float(n), "count") | {"optional": True}
        return [Sentence(text.format(n=n), (record,), str(n))]

    # Blocks

    def heading(self, group: str, level: int) -> None:
        """A heading of a type, in one of its wordings."""
        title = self.dice.pick(bank("headings")[group])
        if self.doc_type == "interim_report":
            title = title.replace("under året", "under perioden").replace("Årets viktigaste", "Periodens viktigaste")
        self.title(title, level, heading_type(group))

    def title(self, text: str, level: int, section_type: str | None, extra: tuple[Record, ...] = ()) -> None:
        """A heading of those very words."""
        number = ""
        if self.layout.numbered and level < 4:
            self.counters = self.counters[:level] + [0] * (level - len(self.counters))
            self.counters[level - 1] += 1
            number = ".".join(map(str, self.counters)) + (self.dot if level == 1 else "")
            self.counters = [int(n) for n in number.strip(".").split(".")]
        self.blocks.append(Heading(text, level, ({"record": "section", "title": text, "type": section_type}, *extra), number))

    def say(self, *sentences: Sentence, kind: str = "body") -> None:
        """A paragraph."""
        if sentences:
            self.blocks.append(Paragraph(tuple(sentences), kind))  # type: ignore[arg-type]

    def lead(self, text: str) -> None:
        """A line that leads in a list; readers differ on whether it is a heading."""
        self.say(Sentence(text, ({"record": "section", "title": text, "type": None, "optional": True},), text), kind="lead")

    def grid(self, grid: Grid) -> None:
        """A table; readers differ on whether its title is a heading."""
        records: tuple[Record, ...] = ({"record": "section", "title": grid.title, "type": None, "optional": True},) if grid.title else ()
        self.blocks.append(Grid(**{**grid.__dict__, "title_records": records}))

    # Sections

    def summary(self, deviation: dict[str, int]) -> None:
        self.heading("summary", 1)
        told = self.deviation("total", deviation["deviation"]) if self.followed_up else self.small_amount("budget")
        if "forecast_deviation" in deviation and self.doc_type == "interim_report":
            told += self.deviation("forecast", deviation["forecast_deviation"], "forecast_deviation")
        self.say(*self.filler(2), *told, *self.filler(self.dice.integer(1, 3)))

    def mission(self) -> None:
        self.heading("mission", 1)
        self.say(*self.named("mission", self.dice.integer(3, 5)))

    def events(self) -> None:
        self.heading("events", 1)
        for title in self.dice.sample(self.body["events"], self.dice.integer(2, 3)):
            self.title(title, 2, "other")
            told = self.dice.weighted({"change": 0.3, "outcome": 0.2, "count": 0.2, "none": 0.3})
            more = [] if told == "none" else self.story_count() if told == "count" else self.small_amount(told)
            self.say(*self.filler(self.dice.integer(2, 3)), *more, *self.filler(1))

    def plain(self, group: str, phrases: str) -> None:
        """A section of sentences without answers."""
        self.heading(group, 1)
        self.say(*self.named(phrases, min(len(self.common[phrases]), self.dice.integer(3, 4))), *self.filler(1))

    def goals(self) -> None:
        dice, layout = self.dice, self.layout
        self.heading("goals" if self.followed_up else "goals_plan", 1)
        self.say(*[Sentence(t) for t in dice.sample(self.common["goal_intro" if self.followed_up else "goal_plan_intro"], 2)])
        if dice.chance(0.4):
            self.lead_goal(self.common["vision"], self.common["vision_leads"], "vision")
        if dice.chance(0.55):
            self.council_goals()
        words = dice.sample(self.body["goals"], dice.integer(3, 5))
        specs = dice.sample(self.body["indicators"], len(self.body["indicators"]))
        dealt: list[tuple[str, list[Spec]]] = [
            (goal, [specs.pop() for _ in range(min(len(specs), 1 if i else 2))]) for i, goal in enumerate(words)
        ]
        status = {goal: dice.weighted(self.statuses()) if self.followed_up else None for goal in words}
        self.heading("board_goals", 2)
        followed = layout.goals_as != "table" or dice.chance(0.6)
        sub_goals = dice.sample(self.common["sub_goals"], 3)
        if layout.goals_as == "table":
            table = measures.goal_table(
                dice,
                layout,
                self.doc_type,
                self.year,
                self.known,
                [(self.goal(g, "board", status[g] if followed else None), g, s) for g, s in dealt if s],
            )
            self.grid(table)
            if not followed:
                self.say(*self.filler(3))
        for goal, its in dealt if followed else []:
            in_table = layout.goals_as == "table" and bool(its)
            record = () if in_table else (self.goal(goal, "board", status[goal]),)
            if layout.goals_as == "lead":
                text, _ = dice.pick(self.common["goal_leads"])
                self.say(
                    Sentence(
                        self.fill(text, goal=goal, goal_sub=lower_first(goal)),
                        (self.goal(lower_first(goal) if "{goal_sub}" in text else goal, "board", status[goal]),),
                        goal,
                    ),
                    *self.filler(1),
                )
            else:
                self.title(goal, 3, "other", record)
            told = []
            for spec in its:
                values = measures.goal_number(dice, spec, self.known)
                told.append(self.indicator(spec, values) if self.followed_up else self.target(spec, values))
            verdict = self.verdict(status[goal])
            self.say(*self.filler(dice.integer(1, 3)), *told, *self.filler(dice.integer(0, 2)), *verdict)
            if dice.chance(0.35):
                self.action_list("activity", dice.integer(1, 3))
            if sub_goals and dice.chance(0.35):
                text = sub_goals.pop()
                self.say(
                    Sentence(f"{dice.pick(self.common['sub_goal_leads'])} {text}.", (self.goal(text, "sub_goal"),), text), *self.filler(1)
                )

    def statuses(self) -> dict[str, float]:
        if self.doc_type == "interim_report":
            return {"on_track": 0.6, "off_track": 0.2, "partly_achieved": 0.2}
        return {"achieved": 0.4, "partly_achieved": 0.4, "not_achieved": 0.2}

    def verdict(self, status: str | None) -> list[Sentence]:
        """A sentence that says whether a goal was reached."""
        return [Sentence(self.dice.pick(self.common["verdicts"][status]))] if status else []

    def goal(self, text: str, level: str | None, status: str | None = None) -> Record:
        return {"record": "goal", "text": text, "level": level, "status": status}

    def lead_goal(self, goals: list[str], leads: list[str], level: str) -> None:
        """A goal that a label introduces in a paragraph of its own."""
        text = self.fill(self.dice.pick(goals))
        self.say(Sentence(self.fill(self.dice.pick(leads), goal=text), (self.goal(text, level),), text), *self.filler(1))

    def council_goals(self) -> None:
        dice = self.dice
        goals = [self.fill(g) for g in dice.sample(self.common["council_goals"], dice.integer(2, 4))]
        if dice.chance(0.5):
            self.heading("council_goals", 2)
            self.say(*self.filler(1))
            for goal in goals:
                self.say(Sentence(goal + ("." if self.layout.bullet_stops else ""), (self.goal(goal, "council"),), goal), kind="bullet")
            return
        for goal in goals:
            self.say(
                Sentence(self.fill(dice.pick(self.common["council_leads"]), goal=goal), (self.goal(goal, "council"),), goal),
                *self.filler(1),
            )

    def action_status(self) -> str | None:
        if not self.followed_up:
            return None
        weights = (
            {"completed": 0.4, "in_progress": 0.4, "not_started": 0.2}
            if self.doc_type == "annual_report"
            else {"on_track": 0.6, "off_track": 0.2, "in_progress": 0.2}
        )
        return self.dice.weighted(weights)

    def action_list(self, kind: str, count: int, style: str = "") -> None:
        """Actions as bullets, sentences or a table."""
        dice, said = self.dice, self.common["actions"]
        style = style or ("bullets" if kind == "activity" else self.layout.actions_as)
        things = self.actions.some(count)
        self.measures = things if kind == "measure" else self.measures
        neuter = {"assignment": "Uppdraget", "undertaking": "Åtagandet"}.get(kind, "Arbetet")
        if style == "table":

            def mark() -> tuple[str, str]:
                status = self.action_status() or dice.pick(("in_progress", "not_started"))
                return status, dice.pick(self.common["marks"][status])

            self.grid(measures.action_table(dice, self.layout, "", things, kind, mark))
            return
        if style == "sentences" and kind in ("assignment", "activity"):
            for text in things:
                status = self.action_status()
                decided = kind == "assignment" and dice.chance(0.6)
                if kind == "assignment" and status and not decided:
                    sentence = self.fill(dice.pick(self.common["assignment_told"][status]), action=text)
                    record: Record = {"record": "action", "text": text, "type": kind, "number": None, "status": status}
                    self.say(Sentence(sentence, (record,), text), *self.filler(1))
                    continue
                phrases = said[f"{kind}_decisions" if decided else f"{kind}_sentences"]
                phrase = dice.pick([p for p in phrases if status is None or not p.startswith("Aktivitet:")])
                sentence = self.fill(phrase, action=text, Action=upper_first(text))
                words = sentence if decided else upper_first(text) if "{Action}" in phrase else text
                record = {"record": "action", "text": words, "type": kind, "number": None, "status": status}
                told = [Sentence(dice.pick(self.common["action_verdicts"][status]).format(Thing=neuter))] if status else []
                self.say(Sentence(sentence, (record,), text), *told, *self.filler(1))
            return
        if kind == "assignment":
            for n, text in enumerate(things, 1):
                status = self.action_status()
                phrase = said["assignment_leads"][0]
                record = {"record": "action", "text": upper_first(text), "type": kind, "number": str(n), "status": status}
                told = [Sentence(dice.pick(self.common["action_verdicts"][status]).format(Thing=neuter))] if status else []
                self.say(Sentence(self.fill(phrase, n=str(n), Action=upper_first(text)), (record,), text), *told, *self.filler(1))
            return
        self.lead(dice.pick(said[f"{kind}_leads"]))
        shared = self.action_status() if dice.chance(0.5) else None
        capitals = dice.chance(0.5)
        stop = "." if self.layout.bullet_stops else ""
        for text in things:
            status = shared or self.action_status()
            words = upper_first(text) if capitals else text
            record = {"record": "action", "text": words, "type": kind, "number": None, "status": status}
            if status and not shared:
                said_mark = dice.pick(self.common["marks"][status])
                self.say(Sentence(f"{upper_first(words)}. Status: {lower_first(said_mark)}.", (record,), words), kind="bullet")
            else:
                self.say(Sentence(words + stop, (record,), words), kind="bullet")
        if shared:
            self.say(
                Sentence(
                    dice.pick(
                        [v for v in self.common["action_verdicts"][shared] if "{Thing}" not in v]
                        or [self.common["action_verdicts"][shared][0].format(Thing="Arbetet med samtliga punkter")]
                    )
                )
            )

    def assignments(self) -> None:
        self.heading("assignments", 1)
        self.say(*self.filler(2))
        self.action_list("assignment", self.dice.integer(2, 4))

    def finance(self, statement: Grid, net: money.Line) -> None:
        dice = self.dice
        whole = money.deviations(net, self.doc_type)
        self.heading("finance" if self.followed_up else "finance_plan", 1)
        self.say(
            *self.filler(1),
            *(
                self.deviation("total", whole["deviation"])
                if self.followed_up
                else [*self.small_amount("budget"), *self.small_amount("requirement")]
            ),
            *self.filler(1),
        )
        self.title(
            statement.title.split(" (")[0].split(",")[0],
            2,
            "operating_statement" if statement.title.startswith("Drift") else "income_statement",
        )
        self.grid(statement)
        self.say(*self.filler(2), *([*self.small_amount("change"), self.from_to()] if self.followed_up and dice.chance(0.6) else []))
        title = (
            dice.pick(("Nettokostnad per verksamhet", "Utfall per verksamhet", "Driftredovisning per verksamhetsområde"))
            if self.followed_up
            else dice.pick(("Budget per verksamhet", "Fördelning av ramen"))
        )
        by_area, spread = money.by_area(dice, self.layout, self.doc_type, self.year, title, self.areas, net)
        self.grid(by_area)
        if self.followed_up:
            self.area_comments(spread)
        else:
            self.say(
                *self.filler(1),
                *self.small_amount("budget", area=self.areas[0]),
                *self.small_amount("request"),
                *self.small_amount("plan"),
                *self.filler(1),
            )
        if dice.chance(0.7):
            self.heading("measures", 2)
            self.say(*self.filler(1))
            self.action_list("measure", dice.integer(2, 4), dice.pick(("bullets", "table")))
            self.say(*self.small_amount("effect"), *self.filler(1), *self.small_amount("effect"))
        self.heading("investments" if self.followed_up else "investments_plan", 2)
        grid, series = money.investments(
            dice,
            self.layout,
            self.doc_type,
            self.year,
            "Investeringar",
            self.projects(),
            max(60, self.size // 12),
        )
        phrase = self.common["investment"][1 if self.doc_type == "annual_report" else 0]
        told = self.amount(phrase, series["outcome" if self.doc_type == "annual_report" else "budget"], phrase["kind"], year=self.year)
        self.say(*([told] if told else []), *self.filler(1))
        self.grid(grid)
        self.say(*self.filler(2))

    def projects(self) -> list[str]:
        """Names of investment projects, now and then so many that the table runs over a page."""
        own = self.dice.sample(self.body["investments"], self.dice.integer(3, 6))
        return own + self.dice.sample(self.common["investments"]["any"], self.dice.weighted({0: 0.4, 3: 0.3, 8: 0.2, 16: 0.1}))

    def area_comments(self, spread: dict[str, dict[str, int]]) -> None:
        """What each area says on its deviation, under headings of their own or in one paragraph."""
        dice = self.dice
        under_headings = dice.chance(0.6)
        for area in dice.sample([a for a in self.areas if a in spread], dice.integer(2, 4)):
            told = self.deviation("amount", spread[area]["deviation"], area=area)
            if self.doc_type == "interim_report":
                told += self.deviation("area_forecast", spread[area]["forecast_deviation"], "forecast_deviation", area=area)
            elif told:
                told += self.because(spread[area]["deviation"])
            if under_headings:
                self.title(area, 3, "other")
            self.say(*told, *self.filler(dice.integer(1, 3)))

    def staff(self) -> None:
        self.heading("staff", 1)
        self.say(*[Sentence(t) for t in self.dice.sample(self.common["staff"]["intro"], 2)], *self.filler(1))
        if self.followed_up and self.dice.chance(0.5):
            self.say(self.absence(), *self.filler(1))
        if self.followed_up:
            self.grid(
                measures.staff_table(
                    self.dice, self.layout, self.doc_type, self.year, self.dice.pick(("Personalnyckeltal", "Personalstatistik"))
                )
            )
            self.say(*self.filler(2))

    def key_figures(self) -> None:
        self.heading("key_figures", 1)
        specs = self.dice.sample(self.body["indicators"], self.dice.integer(4, 7))
        self.grid(measures.indicator_table(self.dice, self.layout, self.doc_type, self.year, self.known, "", specs))
        self.say(*self.filler(2))


def write_story(dice: Dice, layout: Layout, doc_type: DocType, *, real: bool = False) -> Story:
    """A report drawn from the dice."""
    common = bank("common")
    kommun, code = dice.pick(common["real_kommuner"]) if real else (dice.pick(common["kommuner"]), None)
    year = dice.integer(2015, 2025)
    body = dice.pick(bank("bodies")["body"])
    writer = Writer(dice, layout, doc_type, year, body, kommun)
    title = writer.fill(dice.pick(bank("headings")["titles"][doc_type]))
    group = dice.pick(("operating_statement", "income_statement")) if writer.followed_up else "income_budget"
    statement, net = money.statement(dice, layout, doc_type, year, dice.pick(bank("headings")[group][:2]).split(" per ")[0], writer.size)
    writer.net = net.series
    if doc_type != "plan" or dice.chance(0.5):
        writer.summary(money.deviations(net, doc_type))
    if dice.chance(0.7) or not writer.followed_up:
        writer.mission()
    if writer.followed_up:
        writer.events()
    if dice.chance(0.3):
        writer.plain("environment", "environment")
    parts: list[Callable[[], None]] = [writer.goals, lambda: writer.finance(statement, net)]
    if doc_type in ("annual_report", "interim_report") and dice.chance(0.3):
        parts.reverse()
    for part in parts[:1] if doc_type == "plan" and dice.chance(0.3) else parts:
        part()
    if dice.chance(0.6):
        writer.assignments()
    if doc_type != "budget":
        writer.staff()
    if dice.chance(0.6):
        writer.key_figures()
    if dice.chance(0.4):
        writer.plain("internal_control", "control")
    writer.plain("outlook", "outlook")
    cover = [title, body["name"], f"{kommun} kommun"]
    if dice.chance(0.4):
        cover.append(dice.pick((f"Dnr {dice.pick(('KS', 'SN', 'NN'))} {year}/{dice.integer(11, 480)}", f"Version {dice.integer(1, 3)}.0")))
    return Story(
        kommun,
        code,
        body["name"],
        body["administration"],
        doc_type,
        year,
        title,
        cover,
        dice.pick(bank("headings")["contents"]),
        writer.blocks,
    )
