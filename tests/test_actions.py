"""Actions: every row of cases/actions.toml, tables, and what must hold of any text."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import made

from docmine.extract.actions import find_actions
from docmine.records import Action, Cell, Column, Facts, Report, Table
from docmine.schema import ACTION_TYPES, STATUSES
from docmine.vocabulary import load_vocabulary

CASES = tomllib.loads((Path(__file__).parent / "cases" / "actions.toml").read_text(encoding="utf-8"))["case"]
VOCABULARY = load_vocabulary()
WORDS = [
    "Åtgärder",
    "åtgärd",
    "Uppdrag",
    "1",
    "2",
    "3",
    "a)",
    "b)",
    "-",
    "•",
    ":",
    ".",
    ",",
    "nr",
    "Status",
    "Enligt",
    "plan",
    "Genomfört",
    "X",
    "starta",
    "bygga",
    "Nämnden",
    "får",
    "i",
    "uppdrag",
    "att",
    "uppdraget",
    "löper",
    "Uppföljning",
    "aktivitet",
    "för",
    "Kulturnämndens",
    "\n",
    "\n\n",
]


def actions(report: Report) -> list[Action]:
    return list(find_actions(report, Facts(), VOCABULARY))


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_cases(case: dict[str, Any]) -> None:
    found = actions(made(case["text"]))
    assert [[a.text, a.type, a.status or "", *([a.number] if a.number else [])] for a in found] == case["actions"]
    assert all((a.status is None) == (a.status_text is None) for a in found)


def test_who_is_responsible() -> None:
    text = "Nr Åtgärd Ansvarig Status 1 Byta elavtal Fastighetschef Klart 2 Måla skolan Driftledare Pågår"
    assert [(a.text, a.responsible) for a in actions(made(text))] == [("Byta elavtal", "Fastighetschef"), ("Måla skolan", "Driftledare")]


def test_a_column_of_actions() -> None:
    rows = [
        ["Nr", "Uppdrag", "Ansvarig", "Status"],
        ["1", "Utreda en ny simhall", "Fritidschef", "Pågår"],
        ["2", "Ta fram en cykelplan", "Trafikenheten", "Avslutad"],
        ["3", "Se över taxorna", "", ""],
    ]
    text = "\n".join("\t".join(r) for r in rows)
    at, cells = 0, []
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if cell:
                at = text.index(cell, at)
                cells.append(Cell(i, j, cell, at, at + len(cell), header=i == 0))
                at += len(cell)
    columns = (Column("Nr", "note"), Column("Uppdrag", "text"), Column("Ansvarig", "responsible"), Column("Status", "status"))
    table = Table(0, 1, 0, len(text), None, None, "ruled", 4, 4, 1, columns, ("",) * 4, tuple(cells), 0.9)
    found = actions(made(text, tables=(table,)))
    assert [(a.number, a.text, a.type, a.responsible, a.status, a.method) for a in found] == [
        ("1", "Utreda en ny simhall", "assignment", "Fritidschef", "in_progress", "table"),
        ("2", "Ta fram en cykelplan", "assignment", "Trafikenheten", "completed", "table"),
        ("3", "Se över taxorna", "assignment", None, None, "table"),
    ]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=60).map(" ".join))
def test_any_text(text: str) -> None:
    report = made(text.replace("#", "") or "-")
    found = actions(report)
    assert [a.start for a in found] == sorted(a.start for a in found)
    for action in found:
        assert report.text[action.start : action.end].strip() != ""
        assert action.type in ACTION_TYPES
        assert action.status is None or action.status in STATUSES
        assert 0 < action.confidence < 1


@pytest.mark.parametrize(
    "piece",
    [
        "- ",
        "Åtgärder - a ",
        "1 a) Ab ",
        "nr Åtgärd ",
        "Nummer Åtgärd 1 Abcd efgh X ",
        "uppdraget att ",
        "Aktiviteter starta ",
        "Status: klar. ",
        "a",
    ],
)
def test_adversarial_text_takes_linear_time(piece: str) -> None:
    report = made((piece * 100_000)[:100_000])
    begin = time.process_time()
    actions(report)
    assert time.process_time() - begin < 60
