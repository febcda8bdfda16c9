"""Goals: every row of cases/goals.toml, tables, and what must hold of any text."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import made

from docmine.extract.goals import find_goals
from docmine.records import Cell, Column, Facts, Goal, Report, Table
from docmine.schema import GOAL_LEVELS, STATUSES
from docmine.vocabulary import load_vocabulary

CASES = tomllib.loads((Path(__file__).parent / "cases" / "goals.toml").read_text(encoding="utf-8"))["case"]
VOCABULARY = load_vocabulary()
WORDS = [
    "mål",
    "målet",
    "är",
    "att",
    "Nämndens",
    "Fullmäktiges",
    "delmål",
    "två",
    "Vision:",
    "ska",
    "vara",
    "uppfyllt",
    "-",
    "•",
    "”",
    ":",
    ",",
    ".",
    "Exby",
    "barn",
    "fler",
    "Särskilt",
    "prioriterat",
    "2019",
    "vilket",
    "Uppföljning",
    "Samlad",
    "bedömning",
    "\n",
    "\n\n",
]


def goals(report: Report) -> list[Goal]:
    return list(find_goals(report, Facts(kommun="Exby"), VOCABULARY))


def table(text: str, rows: list[list[str]], columns: list[Column]) -> Table:
    """A table whose cells stand in the text in reading order."""
    at, cells = 0, []
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if cell:
                at = text.index(cell, at)
                cells.append(Cell(i, j, cell, at, at + len(cell), header=i == 0))
                at += len(cell)
    n = len(rows)
    return Table(0, 1, 0, len(text), None, None, "ruled", n, len(columns), 1, tuple(columns), ("",) * n, tuple(cells), 0.9)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_cases(case: dict[str, Any]) -> None:
    found = goals(made(case["text"]))
    assert [(g.text, g.level) for g in found] == [tuple(row[:2]) for row in case["goals"]]
    for goal, row in zip(found, case["goals"], strict=True):
        assert goal.status == (row[2] if len(row) > 2 else None)
        assert (goal.status is None) == (goal.status_text is None)


def test_a_column_of_goals() -> None:
    rows = [
        ["Nämndens mål", "Mätetal", "Status"],
        ["Alla ska kunna simma", "Andel simkunniga", "Delvis uppfyllt"],
        ["", "Antal lektioner", ""],
        ["Maten ska vara god och", "Nöjda gäster", "Röd"],
        ["näringsrik", "", ""],
        ["Barnen ska lära sig cykla", "Andel cyklister", ""],
    ]
    text = "\n".join("\t".join(r) for r in rows)
    columns = [Column("Nämndens mål", "goal"), Column("Mätetal", "label"), Column("Status", "status")]
    found = goals(made(text, tables=(table(text, rows, columns),)))
    assert [(g.text, g.level, g.status, g.method) for g in found] == [
        ("Alla ska kunna simma", "board", "partly_achieved", "table"),
        ("Maten ska vara god och näringsrik", "board", "not_achieved", "table"),
        ("Barnen ska lära sig cykla", "board", None, "table"),
    ]


def test_a_column_of_target_figures_holds_no_goals() -> None:
    rows = [["Mått", "Mål"], ["Andel nöjda gäster", "85 %"], ["Antal besök", "1 200"]]
    text = "\n".join("\t".join(r) for r in rows)
    columns = [Column("Mått", "label"), Column("Mål", "target")]
    assert goals(made(text, tables=(table(text, rows, columns),))) == []


def test_the_verdict_of_a_goals_own_section_is_tied_to_it() -> None:
    text = """
Nämndens mål: Köerna ska kortas. Se nedan.
# Måluppföljning | goals
Målen följs upp här.
# Köerna ska kortas | other
Kön är nu tolv barn. Nämnden uppnår sitt mål.
# Ekonomi | finance
Nämnden uppnår inte sitt mål."""
    (goal,) = goals(made(text))
    assert (goal.text, goal.status) == ("Köerna ska kortas", "achieved") or (goal.text, goal.status) == ("Köerna ska kortas.", "achieved")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=60).map(" ".join))
def test_any_text(text: str) -> None:
    report = made("# Mål | goals\n" + text.replace("#", ""))
    found = goals(report)
    assert [g.start for g in found] == sorted(g.start for g in found)
    assert len({g.text.casefold() for g in found}) == len(found)
    for goal in found:
        assert report.text[goal.start : goal.end].strip() == report.text[goal.start : goal.end] != ""
        assert goal.level in GOAL_LEVELS
        assert goal.status is None or goal.status in STATUSES
        assert 0 < goal.confidence < 1


@pytest.mark.parametrize("piece", ["målet är att ", "fem mål A ", "- mål: ", "Nämnden ska ", ". ", "delmål Ab, ", "a"])
def test_adversarial_text_takes_linear_time(piece: str) -> None:
    report = made("# Mål | goals\n" + (piece * 100_000)[:100_000])
    begin = time.process_time()
    goals(report)
    assert time.process_time() - begin < 60
