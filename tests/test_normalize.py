"""Findings become typed rows, and a value that breaks the contract is refused."""

from __future__ import annotations

import pandas as pd
import pytest

from docmine.errors import SchemaError
from docmine.normalize import failed, frames, normalize, typed
from docmine.records import Amount, Facts, Goal, Indicator, Page, Report
from docmine.schema import TABLES

TEXT = "Nämnden redovisar ett underskott på 1,5 mnkr. Målet är god vård. Nöjdheten var 80 procent."
REPORT = Report("exby.txt", "ab" * 32, TEXT, (Page(3, 0, len(TEXT)),))


def at(words: str) -> dict[str, int]:
    return {"start": TEXT.index(words), "end": TEXT.index(words) + len(words)}


def test_an_amount_gets_kronor_page_and_quote() -> None:
    amount = Amount(**at("underskott på 1,5 mnkr"), label="underskott", kind="deviation", value=-1.5, unit="mnkr", year=2020)
    row = frames([normalize(REPORT, Facts(), [amount])])["amounts"].iloc[0]
    assert (row["value_sek"], row["page"], row["quote"], row["approximate"]) == (-1_500_000.0, 3, "underskott på 1,5 mnkr", False)
    assert pd.isna(row["table_id"]) and pd.isna(row["x0"]) and row["doc_id"] == "ab" * 8


def test_rows_of_one_indicator_share_an_id_and_point_at_their_goal() -> None:
    goal = Goal(**at("god vård"), text="god vård", level="board")
    values = [
        Indicator(**at("80 procent"), name=name, measure=measure, value=80.0, value_text="80", unit="percent", goal=goal.start)
        for name, measure in (("Nöjdhet", "outcome"), ("nöjdhet ", "target"), ("Trygghet", "outcome"))
    ]
    tables = frames([normalize(REPORT, Facts(), [goal, *values])])
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
