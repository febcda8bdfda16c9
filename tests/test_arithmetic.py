from __future__ import annotations

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest

from docmine.records import Cell, Check, Column, Report, Table
from docmine.swedish import format_number, parse_number
from docmine.tables.arithmetic import check_tables
from docmine.vocabulary import load_vocabulary

CASES = tomllib.loads((Path(__file__).parent / "cases" / "arithmetic.toml").read_text(encoding="utf-8"))["case"]


def table_of(columns: list[str], rows: list[list[str]]) -> Table:
    cells = tuple(
        Cell(r, c, text, 0, 0, parse_number(text, percent=True) if c else None)
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
