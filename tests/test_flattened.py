from __future__ import annotations

import random
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docmine.records import Page, Report, Table
from docmine.swedish import format_number
from docmine.tables.flattened import find_flattened
from docmine.tables.readings import lex, readings
from docmine.vocabulary import load_vocabulary

CASES = tomllib.loads((Path(__file__).parent / "cases" / "flattened.toml").read_text(encoding="utf-8"))


def report_of(text: str) -> Report:
    return Report("invented.txt", "0" * 64, text, (Page(1, 0, len(text)),))


def tables_of(text: str) -> tuple[Table, ...]:
    return find_flattened(report_of(text), load_vocabulary())


def figures(table: Table) -> list[list[Any]]:
    values = {(c.row, c.col): c.value for c in table.cells if not c.header}
    return [
        [table.rows[r], *("" if (v := values.get((r, c))) is None else v for c in range(1, table.n_cols))]
        for r in range(table.head_rows, table.n_rows)
    ]


@pytest.mark.parametrize("case", CASES["case"], ids=lambda c: c["why"])
def test_table(case: dict[str, Any]) -> None:
    (table,) = tables_of(case["text"])
    assert figures(table) == case["rows"]
    assert [f"{c.measure or ''} {c.year or ''}".rstrip() for c in table.columns[1:]] == case["columns"]
    if "subjects" in case:
        assert [c.subject or "" for c in table.columns[1:]] == case["subjects"]
    assert table.origin == "flattened"
    for key in ("title", "unit"):
        if key in case:
            assert getattr(table, key) == case[key]
    assert all(case["text"][c.start : c.end] == c.text for c in table.cells)


@pytest.mark.parametrize("case", CASES["prose"], ids=lambda c: c["text"][:40])
def test_prose_is_no_table(case: dict[str, str]) -> None:
    assert tables_of(case["text"]) == ()


def test_tables_after_one_another() -> None:
    one, two = tables_of(
        "Drift tkr Budget 2020 Utfall 2020 Skola 4 120 4 050 Kultur 1 300 1 410 Verksamheten har under året varit stabil och utfallet "
        "blev som väntat. Personal 2019 2020 Tillsvidare 120,5 118,0 Visstid 14,0 16,5"
    )
    assert [len(figures(t)) for t in (one, two)] == [2, 2]
    assert [c.year for c in two.columns[1:]] == [2019, 2020]


def test_a_table_goes_on_with_the_next_page() -> None:
    first = "Investeringar, tkr Bokslut 2013 Budget 2015 Plan 2016 Vattenverk 4 595 4 327 4 157\n"
    text = first + "Gator 5 897 5 517 5 367 Belysning 2 533 2 758 2 796 Arbetet har gått bra."
    report = Report("invented.txt", "0" * 64, text, (Page(3, 0, len(first)), Page(4, len(first), len(text))))
    one, two = find_flattened(report, load_vocabulary())
    assert (one.page, two.page) == (3, 4)
    assert [(c.measure, c.year) for c in two.columns[1:]] == [("outcome", 2013), ("budget", 2015), ("plan", 2016)]
    assert (two.unit, two.title) == ("tkr", "Investeringar, tkr")


def test_an_undecided_row_is_unsure() -> None:
    """Four figures, five columns: nothing tells which is missing."""
    (table,) = tables_of(
        "Plan mnkr Utfall 2018 Budget 2019 Plan 2020 Plan 2021 Plan 2022 Personal 71,3 74,8 74,8 74,8 74,8 Lokaler 12,1 12,5 12,5 12,5 "
        "Övrigt 3,1 3,4 3,4 3,4 3,4"
    )
    sure = {table.rows[c.row]: c.confidence for c in table.cells if c.col}
    assert sure["Personal"] > 0.9 and sure["Övrigt"] > 0.9
    assert sure["Lokaler"] < 0.75


def read_as(text: str, cells: int) -> list[list[float | None]]:
    (run,) = lex(text, 0, len(text))
    return [[f.value for f in reading.figures] for reading in readings(text, run)[cells]]


def test_figures_with_decimals_that_ran_together_have_as_many_decimals() -> None:
    assert read_as("4,0912,38-8,29", 3)[0] == [4.09, 12.38, -8.29]
    assert read_as("312,2309,4", 2)[0] == [312.2, 309.4]
    assert read_as("5,31 21,86 3,83130,1 %", 4)[0] == [5.31, 21.86, 3.83, 130.1]
    assert [1204.5, 1304.6] in read_as("1 204,51 304,6", 2)


def test_a_note_number_before_a_minus_is_no_range() -> None:
    assert [-6594.0, -3927.0] in read_as("4-6 594-3 927", 2)


def test_arithmetic_does_not_bend_a_wrong_source() -> None:
    (table,) = tables_of(
        "Drift tkr Budget 2020 Utfall 2020 Avvikelse Skola 41 120 40 050 1 070 Kultur 13 300 14 410-1 110 Summa 54 420 55 460-40"
    )
    assert figures(table)[-1] == ["Summa", 54420, 55460, -40]


def test_every_reading_keeps_its_digits() -> None:
    text = "61 240 61 240-8 934 ±0 1,5%"
    (run,) = lex(text, 0, len(text))
    for k, found in readings(text, run).items():
        for reading in found:
            assert len(reading.figures) == k
            read = "".join(text[f.start : f.end] for f in reading.figures)
            assert [c for c in read if c.isdigit()] == [c for c in text[reading.start : reading.end] if c.isdigit()]


# --- generated tables: lawful, random, flattened as transcripts are

_LABELS = [
    "Förskola", "Grundskola", "Gymnasieskola", "Kultur och fritid", "Äldreomsorg", "Hemtjänst", "Gator och vägar", "Lokaler", "Personal",
    "Köp av verksamhet", "Övriga kostnader", "Taxor och avgifter", "Bidrag", "Nämnd och ledning", "Stöd till unga", "Vatten", "Renhållning",
]  # fmt: skip
_HEADS = {
    2: ["Budget 2020", "Utfall 2020"],
    3: ["Budget 2020", "Utfall 2020", "Avvikelse"],
    4: ["Utfall 2019", "Budget 2020", "Utfall 2020", "Avvikelse"],
}


def _generated(seed: int) -> tuple[str, list[list[float]], int]:
    rng = random.Random(seed)
    n_cols, n_rows, decimals = rng.choice([2, 3, 4, 5, 6, 8]), rng.randint(3, 30), rng.choice([0, 0, 1])
    heads = _HEADS.get(n_cols) or ["Utfall 2019", *(f"Plan {2020 + i}" for i in range(n_cols - 1))]
    scale = rng.choice([1e3, 1e4, 1e5]) / 10**decimals / (100 if decimals else 1)
    rows: list[list[float]] = []
    for _ in range(n_rows):
        base = rng.uniform(0.05, 1.0) * scale * rng.choice([1, 1, 1, -1])
        row = [round(base * rng.uniform(0.85, 1.15), decimals) for _ in range(n_cols)]
        if heads[-1] == "Avvikelse":
            row[-1] = round(row[-3] - row[-2], decimals)
        rows.append(row)
    rows.append([round(sum(column), decimals) for column in zip(*rows, strict=True)])
    labels = [rng.choice(_LABELS) for _ in range(n_rows)] + ["Summa"]
    text = "Driftredovisning, tkr " + " ".join(heads)
    for label, row in zip(labels, rows, strict=True):
        text += f" {label} "
        for i, value in enumerate(row):
            text += ("" if i == 0 or value < 0 else " ") + format_number(value, decimals)
    return text + " Nämnden redovisar ett överskott.", rows, n_cols


def test_generated_tables() -> None:
    cells = right = sure_and_wrong = 0
    for seed in range(60):
        text, rows, n_cols = _generated(seed)
        found = tables_of(text)
        wanted = [v for row in rows for v in row]
        cells += len(wanted)
        if len(found) != 1 or found[0].n_cols != n_cols + 1 or found[0].n_rows != len(rows) + 1:
            continue
        values = {(c.row, c.col): c for c in found[0].cells if not c.header}
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                cell = values.get((r, c))
                good = cell is not None and cell.value == value
                right += good
                sure_and_wrong += cell is not None and not good and cell.confidence >= 0.9
    assert right >= 0.985 * cells
    assert sure_and_wrong <= 0.002 * cells


def test_a_long_table_takes_milliseconds() -> None:
    rng = random.Random(7)
    rows = [[rng.randint(1000, 999999) for _ in range(3)] for _ in range(60)]
    text = "Drift tkr Budget 2020 Utfall 2020 Avvikelse " + " ".join(
        f"Enhet {chr(65 + i % 26)}x " + " ".join(format_number(v) for v in row) for i, row in enumerate(rows)
    )
    tables_of(text)
    start = time.process_time()
    tables_of(text)
    assert time.process_time() - start < 2  # some tens of milliseconds on a quiet machine


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "1 234 ",
        "-1",
        "1-",
        "a 1 2 ",
        "Skola 1 234 5 678 ",
        "- ",
        ",8 ",
        "<",
        "(1) ",
        "1/2 ",
        "Budget 2018 ",
        "aaaa1 ",
        "1.234",
        "±0 ",
        "Aa. ",
    ],
)
def test_adversarial_text_is_linear(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    tables_of(text)
    assert time.process_time() - start < 90  # seconds on a quiet machine; a quadratic pass would take minutes


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Skola",
                "Summa",
                "Budget",
                "Utfall",
                "2019",
                "-",
                "–",
                "12",
                "345",
                "1,5",
                "-7",
                "±0",
                "%",
                ",8",
                "28,",
                "(3)",
                "4/9",
                ".",
                "och",
                "\n",
                "<7",
            ]
        ),
        max_size=60,
    ),
    st.sampled_from(["", " "]),
)
def test_any_text_is_read_without_error(words: list[str], glue: str) -> None:
    text = " ".join(words).replace(" -", glue + "-")
    for table in tables_of(text):
        assert len(table.rows) == table.n_rows and len(table.columns) == table.n_cols
        assert all(text[c.start : c.end] == c.text and c.row < table.n_rows and c.col < table.n_cols for c in table.cells)
        assert len({(c.row, c.col) for c in table.cells}) == len(table.cells)


def test_a_head_in_a_label_opens_a_new_table() -> None:
    one, two = tables_of(
        "Mnkr Bokslut 2019 Budget 2020 Avvikelse Intäkter 4,1 4,0 0,1 Kostnader -9,3 -9,0 -0,3 Resultat -5,2 -5,0 -0,2 Utfall per område "
        "Tkr Intäkter Kostnader Netto Budget netto Avvikelse Simhall 3 150 9 470- 6 320- 6 100- 220- Bibliotek 410 7 905- 7 495- 7 500- 5"
    )
    assert [(t.unit, len(figures(t))) for t in (one, two)] == [("mnkr", 3), ("tkr", 2)]


def test_decimals_with_a_point_are_no_numbers_of_headings() -> None:
    (table,) = tables_of(
        "Tkr Budget 2020 Utfall 2020 Avvikelse Skola 4,1 5,6 1.5 Kultur 1,0 2,4 1.4 Fritid 2,2 3,5 1.3 Summa 7,3 11,5 4.2 Arbetet rullar."
    )
    assert [row[3] for row in figures(table)] == [1.5, 1.4, 1.3, 4.2]


def test_a_year_after_thousands_cuts_no_figure() -> None:
    (table,) = tables_of(
        "Tkr Budget 2020 Utfall 2020 Avvikelse Skola 94 120 93 050 1 070 Kultur 31 300 31 410 -110 Summa 125 420 124 460 -19 018 År: 2020"
    )
    assert figures(table)[-1] == ["Summa", 125420, 124460, -19018]


def test_a_head_that_ends_a_page_is_that_of_the_table_on_the_next() -> None:
    first = "Vi planerar om. Investeringar, tkr Budget 2022 Budget 2023 Förändring Nya objekt 4\n\n"
    text = first + "Ishall 2 501 2 374-127 Lekpark 1 034 1 114 80 Bibliotek 343 351 8 Summa 3 878 3 839-39 Planen är stabil."
    pages = (Page(4, 0, len(first)), Page(5, len(first), len(text)))
    (table,) = find_flattened(Report("invented.txt", "0" * 64, text, pages), load_vocabulary())
    assert (table.page, table.title, table.unit) == (5, "Investeringar, tkr", "tkr")
    assert [(c.measure, c.year) for c in table.columns[1:]] == [("budget", 2022), ("budget", 2023), ("change", None)]
    assert figures(table)[0] == ["Ishall", 2501, 2374, -127] and len(figures(table)) == 4
