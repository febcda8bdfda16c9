"""A report that is made: its file and its answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .dice import Dice
from .layout import Layout
from .model import Form, Record, Story
from .transcript import print_text
from .typeset import print_pdf


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


def printed(story: Story, layout: Layout, form: Form, dice: Dice, name: str) -> Made:
    """The story as a file of the form, with its answers."""
    text = form in ("a", "b", "c")
    data, gold, tables = print_text(story, layout, form, dice) if text else print_pdf(story, layout, form, dice)
    return Made(name, ".txt" if text else ".pdf", data, [story.document, *gold], tables, layout)


def ascii_name(name: str) -> str:
    """A name that every file system takes."""
    return name.lower().translate(str.maketrans("åäö", "aao"))
