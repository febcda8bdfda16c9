"""Sample reports of our own making, with their true answers.

One seed gives one report: what it says (`story`, `money`, `measures`), how it is printed (`layout`), and the file (`transcript` for
the three forms of text, `typeset` for PDF). Whatever states a fact carries the fact's record; the printer adds the page and
the quote, so the answers are true by construction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .dice import Dice
from .layout import Layout, draw_layout
from .made import Made, ascii_name, printed
from .model import DocType, Form
from .series import Series, make_series
from .story import write_story

__all__ = ["FORMS", "KINDS", "Layout", "Made", "Series", "make_report", "make_series"]

KINDS: tuple[DocType, ...] = ("annual_report", "interim_report", "budget", "plan")
FORMS: tuple[Form, ...] = ("reportlab", "a", "fpdf2", "c", "b")


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
    return printed(story, layout, form, dice, f"{ascii_name(story.kommun)}-{kind.removesuffix('_report')}-{story.year}-{form}-{seed}")
