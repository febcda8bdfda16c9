"""Goals, actions and their verdicts in passages as reports of many kommuner write them: every row of cases/passages.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import docmine

CASES = tomllib.loads((Path(__file__).parent / "cases" / "passages.toml").read_text(encoding="utf-8"))["case"]


def rows(frame: pd.DataFrame, kind: str) -> list[tuple[str, str, str]]:
    return sorted((r["text"].rstrip(". "), r[kind], r["status"] if isinstance(r["status"], str) else "") for r in frame.to_dict("records"))


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_passages(tmp_path: Path, case: dict[str, Any]) -> None:
    path = tmp_path / "report.txt"
    path.write_text(case["text"], encoding="utf-8")
    result = docmine.mine(path)
    for found, kind, wanted in ((result.goals, "level", case["goals"]), (result.actions, "type", case["actions"])):
        got = rows(found, kind)
        left_open = {text for text, code, _ in wanted if not code}
        assert [(text, "" if text in left_open else code, status) for text, code, status in got] == sorted(map(tuple, wanted))
