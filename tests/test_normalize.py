"""Findings become typed rows, and a value that breaks the contract is refused."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from docmine.errors import SchemaError
from docmine.normalize import failed, frames, normalize, typed
from docmine.records import Amount, Box, Facts, Goal, Indicator, Page, Report, Word
from docmine.schema import TABLES
from docmine.vocabulary import load_vocabulary

TEXT = "Nämnden redovisar ett underskott på 1,5 mnkr. Målet är god vård. Nöjdheten var 80 procent."
REPORT = Report("exby.txt", "ab" * 32, TEXT, (Page(3, 0, len(TEXT)),))


def at(words: str) -> dict[str, int]:
    return {"start": TEXT.index(words), "end": TEXT.index(words) + len(words)}


def test_an_amount_gets_kronor_page_and_quote() -> None:
    amount = Amount(**at("underskott på 1,5 mnkr"), label="underskott", kind="deviation", value=-1.5, unit="mnkr", year=2020)
    row = frames([normalize(REPORT, Facts(), [amount], (), load_vocabulary())])["amounts"].iloc[0]
    assert (row["value_sek"], row["page"], row["quote"], row["approximate"]) == (-1_500_000.0, 3, "underskott på 1,5 mnkr", False)
    assert pd.isna(row["table_id"]) and pd.isna(row["x0"]) and row["doc_id"] == "ab" * 8


def test_rows_of_one_indicator_share_an_id_and_point_at_their_goal() -> None:
    goal = Goal(**at("god vård"), text="god vård", level="board")
    values = [
        Indicator(**at("80 procent"), name=name, measure=measure, value=80.0, value_text="80", unit="percent", goal=goal.start)
        for name, measure in (("Nöjdhet", "outcome"), ("nöjdhet ", "target"), ("Trygghet", "outcome"))
    ]
    tables = frames([normalize(REPORT, Facts(), [goal, *values], (), load_vocabulary())])
    ids = tables["indicators"]["indicator_id"].tolist()
    assert ids[0] == ids[1] != ids[2]
    assert set(tables["indicators"]["goal_id"]) == {tables["goals"]["goal_id"].item()}


@pytest.mark.parametrize(("column", "value"), [("kind", "guess"), ("unit", "öre"), ("year", "tjugo"), ("value", "1,5")])
def test_what_breaks_the_contract_is_refused(column: str, value: str) -> None:
    with pytest.raises(SchemaError, match=f"amounts.{column}"):
        typed("amounts", [{column: value}])


def test_missing_is_null_in_every_type() -> None:
    for name, fields in TABLES.items():
        frame = typed(name, [{}])
        assert frame.isna().all(axis=None) and [str(t) for t in frame.dtypes] == [f.dtype for f in fields]


def test_joined_tables_do_not_depend_on_the_order() -> None:
    one, two = (failed(f"{n}.pdf", n * 64, "broken") for n in "ab")
    assert frames([one, two])["documents"].equals(frames([two, one])["documents"])
    assert frames([])["amounts"].empty


def test_boxes_of_one_word_and_of_several() -> None:
    words = (Word(0, 7, 70.0, 60.0, 110.0, 71.0, 0), Word(8, 17, 113.0, 59.5, 160.0, 70.5, 0), Word(18, 21, 40.0, 80.0, 58.0, 91.0, 0))
    report = replace(REPORT, pages=(Page(1, 0, len(TEXT), words=words),))
    assert report.box(0, 7) == Box(70.0, 60.0, 110.0, 71.0) == report.box(3, 5)
    assert report.box(0, 17) == Box(70.0, 59.5, 160.0, 71.0)
    assert report.box(7, 21) == Box(40.0, 59.5, 160.0, 91.0)
    assert report.box(7, 8) is None and report.box(30, 40) is None


def test_figures_of_every_size_survive_the_frame() -> None:
    frame = typed("amounts", [{"value": 1e12, "year": 2020, "approximate": True}, {}, {"value": -0.5, "year": 1999, "approximate": False}])
    assert frame["value"].tolist() == [1e12, pd.NA, -0.5]
    assert frame["year"].tolist() == [2020, pd.NA, 1999]
    assert frame["approximate"].tolist() == [True, pd.NA, False]
    frame.loc[0, "value"] = 2.0
    assert typed("amounts", []).empty and frame["value"].iloc[0] == 2.0
