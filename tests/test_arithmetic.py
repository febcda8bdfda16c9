from __future__ import annotations

import random
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docmine.records import Cell, Check, Column, Page, Report, Table
from docmine.swedish import format_number, parse_number
from docmine.tables import find_tables
from docmine.tables.arithmetic import check_tables
from docmine.vocabulary import load_vocabulary

CASES = tomllib.loads((Path(__file__).parent / "cases" / "arithmetic.toml").read_text(encoding="utf-8"))["case"]


def table_of(columns: list[str], rows: list[list[str]]) -> Table:
    cells = tuple(
        Cell(r, c, text, 0, 0, parse_number(text.rstrip("*"), percent=True) if c else None)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if text
    )
    heads = tuple(Column("", measure or None) for measure in columns)
    labels = tuple(row[0] for row in rows)
    return Table(0, 1, 0, 0, None, "tkr", "ruled", len(rows), len(columns), 0, heads, labels, cells, 1.0)


def checks_of(table: Table) -> tuple[Check, ...]:
    return check_tables(Report("invented.txt", "0" * 64, "", (), tables=(table,)), load_vocabulary())


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["why"])
def test_relations(case: dict[str, Any]) -> None:
    checks = checks_of(table_of(case["columns"], case["rows"]))
    assert [[c.row, c.col] for c in checks if not c.passed] == case["failed"]
    assert len(checks) == case["checks"]


def test_what_fails_says_by_how_much() -> None:
    rows = [["Skola", "40", "30"], ["Kultur", "10", "12"], ["Summa", "50", "45"]]
    (failed,) = (c for c in checks_of(table_of(["label", "outcome", "outcome"], rows)) if not c.passed)
    assert (failed.rule, failed.expected, failed.found) == ("row_sum", 42.0, 45.0)


def _lawful(rng: random.Random) -> tuple[list[str], list[list[float]], list[str], int]:
    decimals = rng.choice([0, 1])
    labels, rows = [], []
    for block in range(rng.randint(1, 3)):
        start = len(rows)
        for i in range(rng.randint(3, 9)):
            budget, outcome = (round(rng.uniform(20, 900), decimals) for _ in range(2))
            labels.append(f"Verksamhet {block}{i}")
            rows.append([budget, outcome, round(budget - outcome, decimals)])
        labels.append(f"Summa {block}")
        rows.append([round(sum(column), decimals) for column in zip(*rows[start:], strict=True)])
    return ["label", "budget", "outcome", "deviation"], rows, labels, decimals


def _printed(labels: list[str], rows: list[list[float]], decimals: int) -> list[list[str]]:
    return [[label, *(format_number(v, decimals) for v in row)] for label, row in zip(labels, rows, strict=True)]


def test_every_alteration_is_flagged_and_no_lawful_table() -> None:
    rng = random.Random(2)
    false_alarms = 0
    for _ in range(200):
        columns, rows, labels, decimals = _lawful(rng)
        false_alarms += any(not c.passed for c in checks_of(table_of(columns, _printed(labels, rows, decimals))))
        r, c = rng.randrange(len(rows)), rng.randrange(3)
        rows[r][c] = round(rows[r][c] + rng.choice([-1, 1]) * rng.uniform(15, 400), decimals)
        assert any(not check.passed for check in checks_of(table_of(columns, _printed(labels, rows, decimals))))
    assert false_alarms <= 4


def _told_again(text: str) -> list[tuple[float, float, bool]]:
    report = Report("made-up.txt", "0" * 64, text, (Page(None, 0, len(text)),))
    report = replace(report, tables=find_tables(report, load_vocabulary()))
    return [(c.expected, c.found, c.passed) for c in check_tables(report, load_vocabulary()) if c.rule == "restated"]


def test_a_table_that_restates_another_is_checked_against_it() -> None:
    first = "Belopp i tkr\tUtfall 2020\tBudget 2020\nIntäkter\t412\t400\nPersonal\t-977\t-900\nLokaler\t-230\t-231\n"
    again = first.replace("-230", "-250")
    assert _told_again(f"{first}\nText däremellan.\n\n{first}") == [(v, v, True) for v in (412.0, 400.0, -977.0, -900.0, -230.0, -231.0)]
    assert [c for c in _told_again(f"{first}\nText däremellan.\n\n{again}") if not c[2]] == [(-230.0, -250.0, False)]
    other = "Belopp i tkr\tUtfall 2020\tBudget 2020\nIntäkter\t17\t18\nPersonal\t-31\t-900\nLokaler\t-5\t-6\n"
    assert _told_again(f"{first}\nText däremellan.\n\n{other}") == []


def test_a_figure_told_again_is_compared_once_with_its_first_statement() -> None:
    table = "Belopp i tkr\tUtfall 2020\tBudget 2020\nIntäkter\t412\t400\nPersonal\t-977\t-900\nLokaler\t-230\t-231\n"
    wider, last = f"{table}Material\t-35\t-30\n", f"{table}Material\t-36\t-30\n"
    pause = "\nText däremellan.\n\n"
    assert len(_told_again(pause.join([table] * 5))) == 4 * 6
    told = _told_again(pause.join([table, wider, last]))
    assert len(told) == 6 + 8 and [c for c in told if not c[2]] == [(-35.0, -36.0, False)]
    others = [table.replace("-977", f"-{n}77").replace("412", f"{n}12").replace("-230", f"-{n}30") for n in range(1, 4)]
    assert len(_told_again(pause.join([*others, others[1]]))) == 6


def test_prose_restates_a_figure_behind_its_label() -> None:
    table = "Belopp i tkr\tUtfall 2020\tBudget 2020\nIntäkter\t18 412\t17 000\nPersonal\t-21 377\t-20 000\n"
    assert _told_again(f"{table}\nKostnaderna för personal blev 21,4 mnkr.\n") == [(-21400.0, -21377.0, True)]
    assert _told_again(f"{table}\nKostnaderna för personal blev 22,9 mnkr, och för material 18,4 mnkr.\n") == []


def _run_together(columns: list[str], rows: list[list[str]]) -> Table:
    """A table read from running text: rows that lack figures have those that they have at the left."""
    return replace(table_of(columns, rows), origin="flattened")


PLANS = [
    ["Skola", "41 210", "42 360", "43 120", "43 900"],
    ["Kultur", "9 040", "9 315", "9 405"],  # of the first three years …
    ["Fritid", "12 630", "12 811", "13 002"],  # … and of the last three
    ["Vatten", "3 305", "3 410", "3 377", "3 521"],
    ["Summa", "53 555", "67 715", "68 713", "60 423"],
]


def test_figures_that_may_stand_in_other_columns_are_no_error_of_a_total() -> None:
    assert all(c.passed for c in checks_of(_run_together(["label", "budget", "plan", "plan", "plan"], PLANS)))


@pytest.mark.parametrize(("row", "false"), [(0, "48 210"), (2, "12 130"), (3, "3 905"), (4, "50 555")])
def test_a_total_fails_wherever_the_figures_stand(row: int, false: str) -> None:
    rows = [list(r) for r in PLANS]
    rows[row][1] = false
    failed = [c for c in checks_of(_run_together(["label", "budget", "plan", "plan", "plan"], rows)) if not c.passed]
    assert {c.row for c in failed} == {4}


def test_small_totals_of_columns_that_are_alike_prove_no_sum() -> None:
    rows = [["Hamn", "1,2", "1,3", "1,2"], ["Skog", "0,9", "0,8", "0,9"], ["Park", "2,1", "2,1", "2,1"], ["Kansli", "0,7", "0,7", "0,6"]]
    assert not checks_of(table_of(["label", "outcome", "outcome", "outcome"], rows))


def test_a_row_that_fails_in_whichever_columns_its_figures_stand_is_flagged() -> None:
    columns = ["label", "outcome", "outcome", "budget", "deviation"]
    rows = [["Skola", "40,1", "41,3", "43,0", "1,7"], ["Vatten", "9,1", "9,4", "9,0", "-0,4"], ["Park", "5,2", "4,1", "0,3"]]
    assert [(c.row, c.passed) for c in checks_of(_run_together(columns, rows))] == [(0, True), (1, True), (2, False)]
    rows[2] = ["Park", "5,2", "4,1", "1,1"]
    assert all(c.passed for c in checks_of(_run_together(columns, rows)))


def test_two_columns_under_a_head_make_the_third_that_sums_them_up() -> None:
    table = table_of(
        ["label", "outcome", "outcome", "outcome"], [["Norr", "6", "9", "17"], ["Syd", "4", "3", "7"], ["Mitt", "5", "6", "11"]]
    )
    heads = (
        table.columns[0],
        *(c._replace(head=f"2031 / {h}") for c, h in zip(table.columns[1:], ("Flickor", "Pojkar", "Totalt"), strict=True)),
    )
    assert [(c.row, c.passed) for c in checks_of(replace(table, columns=heads))] == [(0, False), (1, True), (2, True)]
    assert not checks_of(table)  # so small figures prove nothing without
