"""Goals and actions in the forms in which kommuner print them: every row of cases/forms.toml is a report of its own."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import docmine

CASES = tomllib.loads((Path(__file__).parent / "cases" / "forms.toml").read_text(encoding="utf-8"))["case"]
HEAD = "Årsrapport 2022\nSocialnämnden i Exby kommun\n"


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_forms(tmp_path: Path, case: dict[str, Any]) -> None:
    (tmp_path / "exby.txt").write_text(f"{HEAD}{case['text']}\n", encoding="utf-8")
    mined = docmine.mine(tmp_path / "exby.txt")
    goals = [[g.text.rstrip("."), g.level, g.status if isinstance(g.status, str) else ""] for g in mined.goals.itertuples()]
    actions = [[a.text.rstrip("."), a.type, a.status if isinstance(a.status, str) else ""] for a in mined.actions.itertuples()]
    open_levels = [row[1] == "*" for row in case.get("goals", [])]
    if len(open_levels) == len(goals):
        goals = [[text, "*" if is_open else level, status] for (text, level, status), is_open in zip(goals, open_levels, strict=True)]
    assert goals == case.get("goals", [])
    assert actions == case.get("actions", [])
