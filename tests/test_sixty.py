"""Long tables in running text: that the work grows with their rows and no faster, and that rows that lack figures find their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from generator.lawful_print import FLAT, Form
from sixty import draw, exact, read_tables, report_of

from docmine.records import Page, Report
from docmine.tables import find_tables, layout, packed, readings
from docmine.vocabulary import load_vocabulary


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many beginnings of readings are lengthened, and how many readings are weighed."""
    counts: Counter[str] = Counter()
    lengthen, candidates = readings.lengthen, layout._candidates

    def lengthened(into: Any, partial: Sequence[Any], *rest: Any) -> None:
        counts["lengthened"] += len(partial)
        lengthen(into, partial, *rest)

    def weighed(*args: Any) -> Any:
        found = candidates(*args)
        counts["weighed"] += len(found)
        return found

    monkeypatch.setattr(readings, "lengthen", lengthened)
    monkeypatch.setattr(packed, "lengthen", lengthened)
    monkeypatch.setattr(layout, "_candidates", weighed)
    return counts


@pytest.mark.parametrize("form", FLAT)
def test_twice_the_rows_are_twice_the_work(form: Form, work: Counter[str]) -> None:
    def tried(rows: int) -> Counter[str]:
        work.clear()
        read_tables(report_of(draw(rows, 4, 0.04, "work"), form))
        return Counter(work)

    half, whole = tried(30), tried(60)
    assert min(half.values()) > 0 and set(half) == {"lengthened", "weighed"}
    for kind in half:
        assert whole[kind] < 3 * half[kind], (kind, half[kind], whole[kind])


@pytest.mark.parametrize("form", FLAT)
def test_long_tables_are_read(form: Form) -> None:
    table = draw(60, 4, 0.0, "read")
    assert exact(table, read_tables(report_of(table, form))) > 0.995


def test_rows_that_lack_figures_are_placed_by_the_totals_however_many_they_are() -> None:
    names = ("Sjöholma", "Norrvik", "Exby", "Hedaryd", "Lunda", "Björkö", "Tallvik", "Ekeby", "Gransta")
    figures = [[10_007 + 3_331 * r + 7_919 * c + 613 * r * c for c in range(4)] for r in range(len(names))]
    printed = {(r, c): v for r, row in enumerate(figures) for c, v in enumerate(row) if r > 6 or c != r % 4}
    totals = [sum(v for (_, at), v in printed.items() if at == c) for c in range(4)]

    def line(label: str, values: Sequence[int]) -> str:
        return f"{label} {' '.join(f'{v:,}'.replace(',', '.') for v in values)}"

    rows = [line(name, [printed[r, c] for c in range(4) if (r, c) in printed]) for r, name in enumerate(names)]
    text = f"Belopp i kr Utfall 2019 Budget 2020 Budget 2021 Plan 2022 {' '.join(rows)} {line('Summa', totals)}"
    (table,) = find_tables(Report("exby.txt", "ab" * 32, text, (Page(None, 0, len(text)),)), load_vocabulary())
    read = {(cell.row - table.head_rows, cell.col - 1): cell.value for cell in table.cells if cell.value is not None}
    assert {place: v for place, v in read.items() if place[0] < len(names)} == printed
