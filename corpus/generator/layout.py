"""How a report is printed: the switches of the ways in which real reports are ugly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .dice import Dice


@dataclass(frozen=True)
class Layout:
    """One way to print a report. Each switch is a way in which real reports are ugly; the seed decides."""

    # figures
    minus: Literal["-", "– ", "−", "- ", "–"] = "-"
    glue: Literal["no", "sign", "all"] = "no"  # flattened rows whose columns run together: at signs, altogether
    mixed_grouping: bool = False  # thousands both grouped and not in one table
    mixed_points: bool = False  # decimal points and decimal commas in one column
    empty_cells: bool = False  # a cell without figure vanishes
    footnotes: bool = False  # a footnote mark sticks to a figure
    costs: Literal["negative", "positive", "unsigned"] = "negative"  # sign of costs in statements
    money: Literal["tkr", "mnkr"] = "tkr"
    money_words: Literal["mnkr", "miljoner kronor", "Mkr", "tkr"] = "mnkr"
    symbols: bool = True  # ≥ before a target; the standard fonts of PDF lack it
    unit_place: Literal["title", "head", "above"] = "title"
    two_row_heads: bool = False
    bullet_stops: bool = False  # bullets end with a full stop
    # words
    numbered: bool = False
    contents: bool = True
    contents_off: bool = False  # the contents list is a page off
    goals_as: Literal["heading", "lead", "table"] = "heading"
    actions_as: Literal["bullets", "sentences", "table"] = "bullets"
    # transcripts
    kept_hyphens: bool = False  # line-end hyphens kept inside words
    lost_years: bool = False  # the transcription lost years in heads and at the ends of sentences
    one_cell_a_line: bool = False
    page_length: int = 1800
    # PDF pages
    font: Literal["sans", "serif", "vera"] = "sans"
    size: float = 10.0
    table: Literal["ruled", "lined", "banded", "plain"] = "ruled"
    accent: str = "#1f4e79"
    header: Literal["none", "left", "logo", "right"] = "left"
    footer: Literal["none", "number", "text"] = "number"
    justify: bool = False
    hyphenate: bool = False
    repeat_head: bool = True
    cover: bool = True


def draw_layout(dice: Dice, form: str) -> Layout:
    """A layout drawn from the dice, fit for the form."""
    flat = form in ("a", "b")
    chance, pick = dice.chance, dice.pick
    lost_years = form == "b" and chance(0.5)
    money: Literal["tkr", "mnkr"] = "tkr" if chance(0.65) else "mnkr"
    font: Literal["sans", "serif", "vera"] = pick(("sans", "serif", "vera"))
    return Layout(
        minus=dice.weighted({"-": 0.62, "– ": 0.1, "−": 0.1 if form in ("a", "b", "c") else 0.0, "- ": 0.08, "–": 0.1}),
        glue=dice.weighted({"no": 0.55, "sign": 0.42, "all": 0.03}) if flat else "no",
        mixed_grouping=chance(0.15),
        mixed_points=chance(0.1),
        empty_cells=chance(0.3),
        footnotes=chance(0.15),
        costs=dice.weighted({"negative": 0.4, "positive": 0.35, "unsigned": 0.25}),
        money=money,
        money_words=dice.weighted({"mnkr": 0.4, "miljoner kronor": 0.3, "Mkr": 0.1, "tkr": 0.2 if money == "tkr" else 0.0}),
        unit_place=dice.weighted({"title": 0.45, "head": 0.4, "above": 0.15}),
        two_row_heads=chance(0.25) and not lost_years,  # years alone in a head row could not be missed
        bullet_stops=chance(0.4),
        numbered=chance(0.35),
        contents=chance(0.75),
        contents_off=chance(0.2),
        goals_as=pick(("heading", "lead", "table", "heading")),
        actions_as=pick(("bullets", "sentences", "table")),
        kept_hyphens=not form.startswith(("r", "f")) and chance(0.4),
        lost_years=lost_years,
        one_cell_a_line=form == "c" and chance(0.15),
        page_length=dice.integer(1100, 2600),
        font=font,
        symbols=form in ("a", "b", "c") or font == "vera",
        size=pick((9.5, 10.0, 10.5, 11.0)),
        table=pick(("ruled", "lined", "banded", "plain")),
        accent=pick(("#1f4e79", "#2e6b3a", "#7a1f2b", "#444444", "#c58b00")),
        header=pick(("none", "left", "logo", "right")),
        footer=pick(("number", "text", "number", "none")),
        justify=chance(0.35),
        hyphenate=chance(0.4),
        repeat_head=chance(0.6),
        cover=chance(0.7),
    )
