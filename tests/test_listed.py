"""Tables of one column that have run into the text."""

from __future__ import annotations

import pytest

from docmine.records import Page, Report, Table
from docmine.tables.listed import find_listed
from docmine.vocabulary import load_vocabulary


def tables_of(text: str) -> tuple[Table, ...]:
    return find_listed(Report("invented.txt", "0" * 64, text, (Page(1, 0, len(text)),)), load_vocabulary())


LISTED = (
    "Läget är stabilt. Prognostiserad avvikelse per nämnd, mnkr Kommunstyrelsen 1,4 Barn- och skolnämnden -3,5 Omsorgsnämnden – 12,0 "
    "Kultur- och miljönämnden 0 Summa nämnder -14,1 Omsorgsnämndens underskott beror på fler placeringar."
)


def test_a_caption_tells_the_kind_of_a_list() -> None:
    (table,) = tables_of(LISTED)
    assert table.title == "Prognostiserad avvikelse per nämnd, mnkr" and table.unit == "mnkr"
    assert (table.columns[1].measure, table.columns[1].year) == ("forecast_deviation", None)
    assert table.rows == ("Kommunstyrelsen", "Barn- och skolnämnden", "Omsorgsnämnden", "Kultur- och miljönämnden", "Summa nämnder")
    assert [cell.value for cell in table.cells if cell.col == 1] == [1.4, -3.5, -12.0, 0.0, -14.1]
    assert all(LISTED[cell.start : cell.end] == cell.text for cell in table.cells)


def test_a_total_that_adds_up_makes_a_list_sure() -> None:
    (right,), (wrong,) = tables_of(LISTED), tables_of(LISTED.replace("-14,1", "-15,1"))
    assert wrong.confidence < 0.9 < right.confidence


@pytest.mark.parametrize(
    "text",
    [
        "Resultaträkning, tkr Utfall 2019 Utfall 2020 Budget 2020 Budget 2021 Taxor 120 130 140 150",  # heads and their years
        "Nettokostnaden var 4,2 mnkr. Skola 3 Förskola 2 Kultur 1 Fritid 2",  # no caption
        "Avvikelse per nämnd, mnkr Skolan redovisar 1,4 Kulturen redovisar 2,0 Fritiden redovisar 3,0",  # sentences
        "Avvikelse per nämnd, mnkr Kommunstyrelsen 1,4 Skolnämnden 2,0",  # too few
    ],
)
def test_what_is_no_list(text: str) -> None:
    assert tables_of(text) == ()
