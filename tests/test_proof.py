"""The random but lawful tables: that they are what they say, and how exactly docmine reads them (`benchmarks/tables.py`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest

pytest.importorskip("reportlab")
pytest.importorskip("fpdf")

from decided import decided
from generator.dice import Dice
from generator.lawful import Lawful, Relation, alter, draw_table
from generator.lawful_print import FLAT, FORMS, PDF, Form, Print, Stretch, print_table
from tables import Tally, check_tables, judge, match, read_tables

SEEDS = [f"proof-{i}" for i in range(120)]

# what is reached at least on the tables of this test: exact, exact where arithmetic decides, and at most silently wrong
FLOORS: dict[Form, tuple[float, float, float]] = {
    "ruled": (0.999, 0.999, 0.0005),
    "unruled": (0.999, 0.999, 0.0005),
    "tabbed": (0.999, 0.999, 0.0005),
    "cells": (0.985, 0.998, 0.001),
    "rows": (0.978, 0.988, 0.001),
    "running": (0.974, 0.986, 0.001),
    "glued": (0.98, 0.996, 0.001),
    "packed": (0.96, 0.972, 0.002),
}


@pytest.fixture(scope="module")
def drawn() -> list[Lawful]:
    return [draw_table(seed) for seed in SEEDS]


# The tables


def test_the_same_seed_gives_the_same_table_and_print() -> None:
    assert draw_table(3) == draw_table(3) != draw_table(4)
    for form in FORMS:
        assert print_table(draw_table(3), form) == print_table(draw_table(3), form)


def test_tables_are_of_every_kind(drawn: list[Lawful]) -> None:
    genres = {"Driftredovisning", "Resultaträkning", "Balansräkning", "Kassaflöde", "Investeringsredovisning", "Nämndbudget", "Nyckeltal"}
    assert {t.genre for t in drawn} == genres
    assert {t.n_cols for t in drawn} >= set(range(2, 8))
    assert min(len(t.labels) for t in drawn) <= 4 and max(len(t.labels) for t in drawn) > 50
    assert {len(t.head) for t in drawn} == {1, 2, 3}
    assert any(t.notes for t in drawn) and any(t.marks for t in drawn) and {"part", "group"} <= {k for t in drawn for k in t.kinds}
    assert {r.rule for t in drawn for r in t.relations} == {"sum", "difference", "share", "ratio"}
    assert any(len(t.values) < t.n_cols * sum(k != "group" for k in t.kinds) for t in drawn)


def test_figures_obey_their_relations(drawn: list[Lawful]) -> None:
    offs = [(r, r.off(t.values)) for t in drawn for r in t.relations]
    assert sum(off is not None for _, off in offs) > 1000
    assert all(off <= relation.slack + 1e-6 for relation, off in offs if off is not None)
    exact = [off for relation, off in offs if off is not None and relation.rule in ("sum", "difference")]
    assert sum(off < 1e-6 for off in exact) > 0.6 * len(exact)  # rounding spoils but some


def test_what_is_printed_is_the_value(drawn: list[Lawful]) -> None:
    for table in drawn:
        for r, row in enumerate(table.texts):
            for c, text in enumerate(row):
                value = table.values.get((r, c))
                digits = re.sub(r"[^\d,]", "", text).replace(",", ".")
                if value is None:
                    assert text in ("", "-", "–")
                else:
                    assert float(digits) == pytest.approx(abs(value))
                    assert (text[0] in "-–−") == (value < 0)


def test_every_form_shows_every_row(drawn: list[Lawful]) -> None:
    for table in drawn[:40]:
        rows = print_table(table, "rows", lose=False).data.decode().split("\n")
        tabbed = print_table(table, "tabbed").data.decode().split("\n")
        for r, label in enumerate(table.labels):
            cells = [t + table.marks.get((r, c), "") for c, t in enumerate(table.texts[r])]
            notes = [table.notes[r]] if table.notes else []
            assert " ".join(filter(None, [label, *notes, *cells])) in rows
            assert "\t".join([label, *notes, *cells]) in tabbed
        for form in ("running", "glued", "packed"):
            text = print_table(table, form, lose=False).data.decode()
            at = 0
            for label in table.labels:
                at = text.index(label, at) + len(label)


def test_glued_figures_stand_close_at_the_sign() -> None:
    glued = "\n".join(print_table(draw_table(seed), "glued").data.decode() for seed in SEEDS[:20])
    assert len(re.findall(r"\d-\d", glued)) > 50


def test_one_altered_figure_breaks_a_relation(drawn: list[Lawful]) -> None:
    seen = 0
    for table in drawn:
        false = alter(table, Dice(table.seed))
        if false is None:
            assert not any(table.of(place) for place in table.values)
            continue
        seen += 1
        assert false.altered is not None
        assert {p for p in table.values if table.values[p] != false.values[p]} == {false.altered}
        assert sum(a != b for a, b in zip(table.texts, false.texts, strict=True)) == 1
        assert any(r.broken(false.values) for r in false.of(false.altered))
    assert seen > 0.8 * len(drawn)


# The measure


def small(texts: tuple[tuple[str, ...], ...], values: dict[tuple[int, int], float], relations: tuple[Relation, ...]) -> Lawful:
    table = replace(draw_table(3), notes=(), marks={}, footnotes=(), texts=texts, values=values, relations=relations)
    labels = ("Barn och unga", "Vuxna", "Summa")[: len(texts)]
    head = (("Budget", "Utfall", "Avvikelse")[: len(texts[0])],)
    kinds = ("row",) * len(texts)
    return replace(table, labels=labels, kinds=kinds, indents=(0,) * len(texts), head=head, decimals=dict.fromkeys(values, 0))


def test_arithmetic_decides_what_only_one_reading_obeys() -> None:
    values = {(0, 0): 61240.0, (0, 1): 240.0, (0, 2): 61000.0}
    difference = Relation("difference", (0, 2), (((0, 0), 1), ((0, 1), -1)), 1.5)
    printed = Print(".txt", b"", values, (Stretch("", "61 240 240 61 000", ""),))
    table = small((("61 240", "240", "61 000"),), values, (difference,))
    assert decided(table, printed) == set(values)
    assert decided(replace(table, relations=()), printed) == set()
    # 3 columns of one figure each, the middle one missing: the difference leaves only one place to the figures that are there
    twice = {(0, 0): 100.0, (0, 2): 100.0}
    total = Relation("sum", (0, 2), (((0, 0), 1), ((0, 1), 1)), 1.5)
    printed = Print(".txt", b"", twice, (Stretch("", "100 100", ""),))
    assert decided(small((("100", "", "100"),), twice, (total,)), printed) == set()


def test_rows_are_decided_by_the_sums_of_their_columns() -> None:
    values = {(0, 0): 1200.0, (0, 1): 300.0, (1, 0): 5.0, (1, 1): 45.0, (2, 0): 1205.0, (2, 1): 345.0}
    sums = tuple(Relation("sum", (2, c), (((0, c), 1), ((1, c), 1)), 1.5) for c in (0, 1))
    texts = (("1 200", "300"), ("5", "45"), ("1 205", "345"))
    stretches = tuple(Stretch("", " ".join(row), "") for row in texts)
    table = small(texts, values, sums)
    assert decided(table, Print(".txt", b"", values, stretches)) == set(values)
    lost = {p: v for p, v in values.items() if p != (1, 1)}
    assert all(c == 0 for _, c in decided(table, Print(".txt", b"", lost, stretches)))


def as_read(table: Lawful) -> Iterator[dict[str, object]]:
    """The cells that a perfect reader would give."""
    for r, label in enumerate(table.labels):
        at = {"table_id": "t", "row": r + 1, "row_label": label, "confidence": 0.95}
        yield at | {"col": 0, "col_label": "", "text": label, "value": None}
        for c in range(table.n_cols):
            if (r, c) in table.values:
                yield at | {"col": c + 1, "col_label": "", "text": table.texts[r][c], "value": table.values[r, c]}


def test_a_wrong_figure_is_counted_as_such() -> None:
    table = next(t for s in SEEDS if not (t := draw_table(s)).notes and len(t.labels) > 8 and t.n_cols > 3)
    printed = print_table(table, "tabbed")
    cells = pd.DataFrame(as_read(table))

    def judged(cells: pd.DataFrame) -> Tally:
        tally = Tally()
        list(judge(table, "tabbed", printed, match(table, cells), tally))
        return tally

    perfect = judged(cells).counts
    assert perfect["exact"] == perfect["cells"] and perfect["labels"] == perfect["rows"] and not perfect["silent"]
    wrong = cells.copy()
    first = wrong.index[wrong["value"].notna()][0]
    wrong.loc[first, "value"] += 1
    assert judged(wrong).counts["silent"] == 1 == perfect["exact"] - judged(wrong).counts["exact"]
    wrong.loc[first, "confidence"] = 0.5
    assert judged(wrong).counts["silent"] == 0 and judged(wrong).counts["doubted wrong"] == 1
    gone = judged(cells[cells["row"] != 2]).counts
    assert gone["silent"] == 0 and gone["missed"] == sum(p[0] == 1 for p in table.values)
    stray = pd.concat([cells, pd.DataFrame([cells.iloc[-1].to_dict() | {"row": 99, "row_label": "Xyz", "value": 0.123}])])
    assert judged(stray).counts["stray"] == 1 == judged(stray).counts["silent"]


# What is reached


@pytest.fixture(scope="module")
def reached() -> dict[str, Tally]:
    text = [form for form in FORMS if form not in PDF]
    return read_tables("proof", 26, text)[0] | read_tables("proof", 14, PDF)[0]


@pytest.mark.parametrize("form", FORMS)
def test_tables_are_read_as_exactly_as_they_were(form: Form, reached: dict[str, Tally]) -> None:
    exact, surely, silent = FLOORS[form]
    tally = reached[form]
    assert tally.counts["cells"] > 800
    assert tally.share("exact", "cells") >= exact
    assert tally.share("decided exact", "decided") >= surely
    assert tally.share("silent", "cells") <= silent


def test_falsified_figures_are_flagged_and_true_ones_are_not() -> None:
    clear: list[Form] = [form for form in FORMS if form not in FLAT]
    altered, untouched = check_tables("proof", 24, clear)
    assert sum(v.read == "right" for v in altered) == 24
    assert sum(v.flagged for v in altered) >= 23
    assert sum(v.any for v in untouched) <= 1
