from __future__ import annotations

import pytest

from docmine.tables.codes import codes_after, numbers_before
from docmine.tables.readings import Figure, lex
from docmine.tables.sums import Block, find_blocks

CODED = "Eken 3 264 2 669 149 Boken 50 45 152 Linden 74 73 155 Åsen 61 56 158 Viken 83 84 161 Ängen 56 25 Summa 3 688 3 052"


def test_codes_grow_from_row_to_row() -> None:
    assert codes_after(CODED, list(lex(CODED, 0, len(CODED)))) == [0, 1, 2, 3, 4]


def test_figures_that_grow_by_chance_are_no_codes() -> None:
    text = CODED.replace("152", "148").replace("158", "117")
    assert codes_after(text, list(lex(text, 0, len(text)))) == []


@pytest.mark.parametrize(
    ("text", "noted", "starts"),
    [
        ("Mark 2 3 522 3 487 Hus 770 418 719 814 Bilar 3 67 786 72 311 Lager 4 2 776 2 542", True, ["3 522", -1, "67 786", "2 776"]),
        ("Mark 23 5223 487 Hus 770 418719 814 Bilar 367 78672 311 Lager 42 7762 542", True, ["3 522", -1, "67 786", "2 776"]),
        ("Mark 23 5223 487 Hus 770 418719 814 Bilar 367 78672 311 Lager 42 7762 542", False, [None, None, None, None]),
        ("Mark 1 522 487 Hus 2 418 814 Bilar 2 786 311 Lager 3 776 542 Skog 4 117 205", True, ["522", None, None, "776", "117"]),
    ],
    ids=["apart", "run together", "no notes in the head", "two of one number"],
)
def test_notes_count_up(text: str, noted: bool, starts: list[str | int | None]) -> None:
    runs = list(lex(text, 0, len(text)))
    found = numbers_before(text, runs, [False] * len(runs), noted=noted)
    assert len(found) == len(starts)
    for at, start in zip(found, starts, strict=True):
        assert at == start if not isinstance(start, str) else at is not None and text.startswith(start, at)


def test_a_sum_has_no_note() -> None:
    text = "Mark 1 522 487 Hus 2 418 814 Bilar 3 786 311 Summa 4 776 542"
    runs = list(lex(text, 0, len(text)))
    assert numbers_before(text, runs, [False, False, False, True], noted=True)[3] == -1


def cells(*values: float | None) -> tuple[Figure | None, ...]:
    return tuple(None if v is None else Figure("value", 0, 0, v, 0, False, False) for v in values)


@pytest.mark.parametrize(
    ("totals", "rows", "blocks"),
    [
        ([False, False, True], [cells(1200), cells(340), cells(1540)], [Block((0, 1), 2)]),
        ([False, False, False, True], [cells(96, 80), cells(1200, 1100), cells(340, 350), cells(1540, 1450)], [Block((1, 2), 3)]),
        (
            [False, False, True, False, True],
            [cells(9000), cells(1200), cells(10200), cells(-3050), cells(7150)],
            [Block((0, 1), 2), Block((2, 3), 4)],
        ),
        ([True, False, None, True], [cells(8120), cells(1305), cells(900), cells(9425)], [Block((0, 1), 3)]),
    ],
    ids=["the rows before", "not the first of them", "the total before and a row", "a total of nothing is a row, a part none"],
)
def test_what_a_total_sums_up(totals: list[bool | None], rows: list[tuple[Figure | None, ...]], blocks: list[Block]) -> None:
    assert find_blocks(totals, rows, len(rows[0])) == blocks
