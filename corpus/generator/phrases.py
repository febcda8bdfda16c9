"""The phrase banks beside this file."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def bank(name: str) -> dict[str, Any]:
    """The phrase bank of that name: ``common``, ``bodies`` or ``headings``."""
    return tomllib.loads((Path(__file__).parent / "phrases" / f"{name}.toml").read_text(encoding="utf-8"))


HEADING_TYPES = {
    "goals_plan": "goals",
    "council_goals": "goals",
    "board_goals": "goals",
    "finance_plan": "finance",
    "income_budget": "income_statement",
    "investments_plan": "investments",
    "assignments": "measures",
}


def heading_type(group: str) -> str:
    """The contract's section type of a group of headings."""
    return HEADING_TYPES.get(group, group)
