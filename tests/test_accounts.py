"""The canonical line codes of statements, and the readings that a cell might have had instead."""

from __future__ import annotations

import pytest

from docmine.accounts import line_codes
from docmine.pipeline import mine_report
from docmine.records import Page, Report
from docmine.segment import segment
from docmine.vocabulary import load_vocabulary

V = load_vocabulary()


def report(text: str) -> Report:
    return segment(Report("exby.txt", "ab" * 32, text, (Page(None, 0, len(text)),)), V)


def codes(text: str) -> list[str | None]:
    told = report(text)
    (table,) = told.tables
    found = line_codes(told, table, V)
    return [found.get(r) for r in range(table.head_rows, table.n_rows)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Driftredovisning, tkr\tBokslut 2020\tBudget 2021\nVerksamhetens intäkter\t3 100\t3 250\nPersonalkostnader\t-21 400\t-22 050\n"
            "Lokalhyror\t-4 020\t-4 100\nKapitaltjänst\t-310\t-290\nÖvriga kostnader\t-2 900\t-3 010\nSumma kostnader\t-28 630\t-29 450\n"
            "Verksamhetens nettokostnad\t-25 530\t-26 200",
            ["revenue", "staff_cost", "premises_cost", "capital_cost", "other_cost", "total_cost", "net_cost"],
        ),
        (
            "Balansräkning, mnkr\t2020\t2021\nSumma anläggningstillgångar\t810,2\t822,4\nKassa och bank\t41,0\t39,5\n"
            "Summa tillgångar\t851,2\t861,9\nEget kapital\t512,0\t520,3\nLångfristiga skulder (not 7)\t339,2\t341,6",
            ["fixed_assets", "cash", "total_assets", "equity", "long_term_debt"],
        ),
        (
            "Tkr\tBudget 2021\tUtfall 2021\nIntäkter\t120\t131\n- varav avgifter\t20\t22\nPersonal\t-840\t-850\nNorrviks skola\t5\t6",
            ["revenue", "fees", "staff_cost", None],
        ),
        (
            "Enhet\tUtfall 2020\tUtfall 2021\nNorrviks skola\t120\t131\nSjöholma skola\t87\t90\nPersonal\t12\t14",
            [None, None, None],
        ),
    ],
    ids=["operating statement", "balance sheet", "no title but lines enough", "no statement"],
)
def test_line_codes(text: str, expected: list[str | None]) -> None:
    assert codes(text) == expected


def test_amounts_and_cells_carry_the_line() -> None:
    text = "Resultaträkning, tkr\tUtfall 2021\tBudget 2021\nIntäkter\t3 100\t3 250\nKostnader\t-2 900\t-3 000\nÅrets resultat\t200\t250"
    frames = mine_report(report(text))
    assert list(frames["amounts"].groupby("row")["line"].first()) == ["revenue", "total_cost", "result"]
    assert set(frames["cells"].query("row == 3")["line"]) == {"result"}


def test_a_reading_that_is_not_decided_keeps_the_runner_up() -> None:
    text = "Utfall 2020 Utfall 2021 Sjöholma 412 318 Norrvik 402 311 Exby 3 409 Hedaryd 380 299 Lunda 377 305"
    (table,) = report(text).tables
    first = [c for c in table.cells if c.value is not None and c.row == 1]
    doubtful = [c for c in table.cells if c.alternative is not None]
    assert [c.value for c in first] == [412.0, 318.0]
    assert doubtful and all(c.confidence < 0.98 and c.alternative != c.text for c in doubtful)


@pytest.mark.parametrize(("unit", "name"), [("Belopp i tkr", "amounts"), ("Antal besökare", "indicators")])
def test_what_stands_in_such_a_cell_keeps_its_runner_up(unit: str, name: str) -> None:
    text = f"{unit} Utfall 2020 Utfall 2021 Sjöholma 412 318 Norrvik 402 311 Exby 3 409 Hedaryd 380 299 Lunda 377 305"
    frames = mine_report(report(text))
    told, cells = frames[name], frames["cells"]
    figures = cells[cells["value"].notna()]
    assert told["value"].tolist() == figures["value"].tolist() == [412, 318, 402, 311, 3409, 380, 299, 377, 305]
    assert told["alternative"].fillna("").tolist() == figures["alternative"].fillna("").tolist()
    assert told["alternative"][4] == "–" and told["confidence"][4] < 0.9


def test_layout_that_decides_keeps_no_runner_up() -> None:
    (table,) = report("Tkr\tBudget 2021\tUtfall 2021\nIntäkter\t120\t131\nPersonal\t-840\t-850").tables
    assert all(c.alternative is None for c in table.cells)
