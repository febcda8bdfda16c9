"""Sample reports of our own making, with their true answers.

One seed gives one report: what it says (`story`, `money`, `measures`), how it is printed (`layout`), and the file (`transcript` for
the three forms of text, `typeset` for PDF). Whatever states a fact carries the fact's record; the printer adds the page and
the quote, so the answers are true by construction.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from .dice import Dice
from .layout import Layout, draw_layout
from .model import DocType, Form, Record
from .story import write_story
from .transcript import print_text
from .typeset import print_pdf

__all__ = ["FORMS", "KINDS", "Layout", "Made", "make_report"]

KINDS: tuple[DocType, ...] = ("annual_report", "interim_report", "budget", "plan")
FORMS: tuple[Form, ...] = ("reportlab", "a", "fpdf2", "c", "b")


@dataclass(frozen=True)
class Made:
    """A made report: its file, the gold's records, and its tables as they truly are."""

    name: str
    suffix: str
    data: bytes
    gold: list[Record]
    tables: list[dict[str, Any]]
    layout: Layout

    @property
    def gold_lines(self) -> str:
        """The answers as JSON lines."""
        return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in self.gold)

    @property
    def table_json(self) -> str:
        """The tables as JSON."""
        return json.dumps(self.tables, ensure_ascii=False, indent=1) + "\n"


def make_report(seed: int, kind: DocType | None = None, form: Form | None = None, *, real: bool | None = None, **switches: Any) -> Made:
    """Make one report.

    Parameters
    ----------
    seed : int
        Decides everything that is not given.
    kind : {"annual_report", "interim_report", "budget", "plan"}, optional
        What document it is.
    form : {"reportlab", "fpdf2", "a", "b", "c"}, optional
        A PDF of one of two producers, or a transcript of one of the three forms.
    real : bool, optional
        Whether it bears a real kommun's name (with made-up figures).
    **switches
        Fields of `Layout` to be set rather than drawn.
    """
    dice = Dice(f"docmine {seed}")
    drawn_kind, drawn_form, drawn_real = dice.pick(KINDS), dice.pick(FORMS), dice.chance(0.5)
    kind, form, real = kind or drawn_kind, form or drawn_form, drawn_real if real is None else real
    layout = replace(draw_layout(dice, form), **switches)
    story = write_story(dice, layout, kind, real=real)
    printed = print_text(story, layout, form, dice) if form in ("a", "b", "c") else print_pdf(story, layout, form, dice)
    data, gold, tables = printed
    name = f"{ascii_name(story.kommun)}-{kind.removesuffix('_report')}-{story.year}-{form}-{seed}"
    return Made(name, ".txt" if form in ("a", "b", "c") else ".pdf", data, [story.document, *gold], tables, layout)


def ascii_name(name: str) -> str:
    """A name that every file system takes."""
    return name.lower().translate(str.maketrans("åäö", "aao"))
