import doctest
import re
import time
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docmine.records import Line, Page, Report, Rule, Table, Word
from docmine.tables import find_tables, meaning
from docmine.tables.lines import cell_of
from docmine.tables.meaning import RawCell, build_table, cell_value, read_head, read_unit
from docmine.tables.rulings import find_lattices
from docmine.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
CASES = tomllib.loads((Path(__file__).parent / "cases" / "columns.toml").read_text(encoding="utf-8"))
WIDTH = 4.5  # of a letter
HEIGHT = 9.0


def text_report(text: str) -> Report:
    return Report("made-up.txt", "0" * 64, text, (Page(None, 0, len(text)),))


def laid_out(pages: Sequence[Sequence[tuple[float, float, str]]], rules: Sequence[Sequence[Rule]] = ()) -> Report:
    """A report of PDF pages from pieces of text, each with the left edge and top of its first word."""
    text, built = "", []
    for number, pieces in enumerate(pages, 1):
        start, words = len(text), []
        for x, top, piece in pieces:
            for word in piece.split(" "):
                if word:
                    words.append(Word(len(text), len(text) + len(word), x, top, x + len(word) * WIDTH, top + HEIGHT, 0))
                    text += word + " "
                x += (len(word) + 0.6) * WIDTH
            text = text[:-1] + "\n"
        lines = (Line(start, len(text) - 1, None, 0, (0, len(words))),)
        drawn = tuple(rules[number - 1]) if rules else ()
        built.append(Page(number, start, len(text), 595, 842, lines=lines, words=tuple(words), rules=drawn))
    return Report("made-up.pdf", "0" * 64, text, tuple(built), text_layer="digital")


def right(x: float, top: float, piece: str) -> tuple[float, float, str]:
    """A piece that ends at x."""
    n = len(piece.replace(" ", "")) + 0.6 * piece.count(" ")
    return x - n * WIDTH, top, piece


def rows_at(
    top: float, rows: Sequence[Sequence[str]], rights: Sequence[float], left: float = 70.0, step: float = 14.0
) -> list[tuple[float, float, str]]:
    pieces = []
    for i, (label, *figures) in enumerate(rows):
        indent = len(label) - len(label.lstrip())
        if label.strip():
            pieces.append((left + 5.0 * indent, top + i * step, label.strip()))
        pieces += [right(x, top + i * step, f) for x, f in zip(rights, figures, strict=False) if f]
    return pieces


def lattice(xs: Sequence[float], ys: Sequence[float]) -> list[Rule]:
    across = [Rule(xs[0], y - 0.25, xs[-1], y + 0.25, "#000000") for y in ys]
    return across + [Rule(x - 0.25, ys[0], x + 0.25, ys[-1], "#000000") for x in xs]


def grid_of(table: Table) -> list[list[str]]:
    grid = [[""] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        grid[cell.row][cell.col] = cell.text
    return grid


def values(table: Table) -> dict[str, list[float | None]]:
    rows: dict[str, list[float | None]] = {}
    for r in range(table.head_rows, table.n_rows):
        rows[table.rows[r]] = [c.value for c in table.cells if c.row == r and c.value is not None]
    return rows


def raw(rows: Sequence[Sequence[str]]) -> list[list[RawCell | None]]:
    at, grid = 0, []
    for row in rows:
        cells: list[RawCell | None] = []
        for text in row:
            cells.append(RawCell(text, at, at + len(text)) if text else None)
            at += len(text) + 1
        grid.append(cells)
    return grid


def built(rows: Sequence[Sequence[str]], **options: object) -> Table:
    return build_table(raw(rows), VOCABULARY, page=1, origin="ruled", **options)  # type: ignore[arg-type]


# -- columns and cells --------------------------------------------------------------------------------------------------------


def test_examples() -> None:
    found = doctest.testmod(meaning)
    assert found.attempted > 1
    assert found.failed == 0


@pytest.mark.parametrize("case", CASES["head"], ids=lambda c: c["text"])
def test_head(case: dict) -> None:
    column = read_head(case["text"], VOCABULARY)
    assert column._asdict() == {"head": case["text"]} | {k: case.get(k) for k in ("measure", "year", "period", "unit", "subject")}


@pytest.mark.parametrize("case", CASES["cell"], ids=lambda c: c["text"])
def test_cell(case: dict) -> None:
    assert cell_value(case["text"]) == case.get("value")


def test_months_are_counted_from_the_year_given() -> None:
    assert read_head("Utfall jan–aug", VOCABULARY)[2:4] == (None, None)
    assert read_head("Utfall jan–aug", VOCABULARY, 2020)[2:4] == (2020, "2020-01/2020-08")
    assert read_head("Fg år", VOCABULARY, 2020).year == 2019


@pytest.mark.parametrize(
    ("text", "unit"), [("Belopp i tkr", "tkr"), ("(mnkr)", "mnkr"), ("1 000 kr", "tkr"), ("kr/inv", "SEK/inhabitant"), ("Intäkter", None)]
)
def test_unit(text: str, unit: str | None) -> None:
    assert read_unit(text, VOCABULARY) == unit


# -- rows ---------------------------------------------------------------------------------------------------------------------


def test_two_head_rows_and_a_caption_unit() -> None:
    table = built(
        [
            ["Verksamhet, tkr", "Utfall 2019", "", "Budget 2019"],
            ["", "Intäkter", "Kostnader", "Netto"],
            ["Förskola", "12 000", "-11 000", "900"],
        ]
    )
    assert (table.head_rows, table.unit) == (2, "tkr")
    assert [(c.measure, c.subject) for c in table.columns[1:]] == [("outcome", "Intäkter"), ("outcome", "Kostnader"), ("budget", "Netto")]


def test_rows_without_figures_are_parents_until_the_total() -> None:
    table = built([["Belopp i tkr", "Budget 2020"], ["Inkomster", ""], ["Vägar", "5"], ["- varav bidrag", "2"], ["Totala inkomster", "5"]])
    assert list(table.rows[1:]) == ["Inkomster", "Inkomster, Vägar", "Vägar, varav bidrag", "Totala inkomster"]


def test_a_part_larger_than_the_row_before_belongs_to_the_group() -> None:
    table = built([["Belopp i tkr", "Budget 2020"], ["Inkomster", ""], ["Kollektivtrafik", "250"], ["varav exploatering", "6 000"]])
    assert table.rows[3] == "Inkomster, varav exploatering"


def test_group_rows_take_the_row_before() -> None:
    table = built([["", "2019", "2020"], ["Sjukfrånvaro, %", "5,1", "6,2"], ["Kvinnor", "6,0", "7,0"], ["Män", "4,0", "4,1"]])
    assert list(table.rows[1:]) == ["Sjukfrånvaro, %", "Sjukfrånvaro, %, Kvinnor", "Sjukfrånvaro, %, Män"]


def test_indented_rows_take_the_row_that_they_stand_under() -> None:
    rows = [["Belopp i tkr", "Budget 2020"], ["Reinvestering", "30"], ["Parkmiljö", "10"], ["Broar", "20"], ["Imageinvestering", "5"]]
    table = built(rows, indents=[0, 0, 9, 9, 0])
    assert list(table.rows[2:]) == ["Reinvestering, Parkmiljö", "Reinvestering, Broar", "Imageinvestering"]


def test_goal_tables_keep_the_goal_out_of_the_label() -> None:
    table = built(
        [
            ["Nämndens mål", "Mätetal", "Utfall 2020", "Målvärde"],
            ["Alla ska trivas", "Andel nöjda", "81 %", "Minst 85 %"],
            ["", "Antal besök", "12", "15"],
        ]
    )
    assert [c.measure for c in table.columns] == ["goal", "label", "outcome", "target"]
    assert list(table.rows[1:]) == ["Andel nöjda", "Antal besök"]


def test_a_mål_of_words_is_a_goal_and_one_of_figures_a_target() -> None:
    words = built([["Mål", "Status"], ["Fler ska cykla", "Uppnått"], ["Färre ska vänta", "Pågår"]])
    figures = built([["Indikator", "Mål"], ["Andel nöjda", "80"], ["Antal besök", "12"]])
    assert words.columns[0].measure == "goal"
    assert figures.columns[1].measure == "target"


def test_a_difference_is_a_deviation_only_beside_a_budget() -> None:
    assert built([["", "Budget 2020", "Utfall 2020", "Diff"], ["Hyror", "5", "6", "1"]]).columns[3].measure == "deviation"
    assert built([["", "2019", "2020", "Diff"], ["Hyror", "5", "6", "1"]]).columns[3].measure == "change"


# -- tabs ---------------------------------------------------------------------------------------------------------------------

TABBED = (
    "Investeringar 2021\nInvesteringar, mnkr\tBudget 2021\tBokslut 2021\nUtgifter\t3,0\t2,7\nInkomster\t0\t-\nText som följer efteråt.\n"
    "Ordförande\tAnna Ek\nText emellan.\n1.\tFörsta punkten\n2.\tAndra punkten\nText emellan.\n"
    "Inledning\t3\nEkonomi\t5\nPersonal\t9\nBilagor\t12\n"
)


def test_tabbed_tables_but_no_lists_and_no_contents() -> None:
    (table,) = find_tables(text_report(TABBED), VOCABULARY)
    assert (table.title, table.unit, table.origin) == ("Investeringar 2021", "mnkr", "tabbed")
    assert values(table) == {"Utgifter": [3.0, 2.7], "Inkomster": [0.0]}
    for cell in table.cells:
        assert TABBED[cell.start : cell.end] == cell.text


def test_a_new_head_begins_a_new_table() -> None:
    text = "\tBokslut 2019\tBokslut 2020\nA\t1\t2\nB\t3\t4\nVerksamhet\tBudget 2021\tPlan 2022\nC\t5\t6\n"
    tables = find_tables(text_report(text), VOCABULARY)
    assert [[c.measure for c in t.columns[1:]] for t in tables] == [["outcome", "outcome"], ["budget", "plan"]]
    assert [t.index for t in tables] == [0, 1]


# -- PDF ----------------------------------------------------------------------------------------------------------------------

OPERATING = [
    ["Intäkter", "12 500", "-13 000", "500"],
    ["Personalkostnader", "-1 200", "-1 350", "-150"],
    ["Summa", "11 300", "11 650", "350"],
]
RIGHTS = [330.0, 410.0, 490.0]


def test_aligned_table_with_a_wrapped_head() -> None:
    head = [(70.0, 100.0, "Belopp i tkr"), *(right(x, 100.0, h) for x, h in zip(RIGHTS, ["Budget", "Prognos", "Avvikelse"], strict=True))]
    head += [right(RIGHTS[0], 110.0, "2022"), right(RIGHTS[1], 110.0, "2022"), right(RIGHTS[2], 110.0, "prognos/budget")]
    (table,) = find_tables(laid_out([head + rows_at(126.0, OPERATING, RIGHTS)]), VOCABULARY)
    assert table.origin == "aligned"
    assert [c.measure for c in table.columns] == ["label", "budget", "forecast", "forecast_deviation"]
    assert values(table)["Intäkter"] == [12500.0, -13000.0, 500.0]
    assert values(table)["Summa"] == [11300.0, 11650.0, 350.0]


def test_shares_that_stand_close_are_two_figures() -> None:
    rights = [330.0, 400.0, 432.7]  # the last two leave less room between them than a figure is high
    head = [right(x, 100.0, h) for x, h in zip(rights, ["Utfall", "Budget", "Utfall"], strict=True)]
    rows = [["Elever som når målen", "75,7 %", "76,6 %", "77,1 %"], ["Elever", "5 455", "5 324", "5 324"]]
    (table,) = find_tables(laid_out([head + rows_at(114.0, rows, rights)]), VOCABULARY)
    assert values(table)["Elever som når målen"] == [75.7, 76.6, 77.1]


def test_spanning_heads_reach_over_their_columns() -> None:
    rights = [250.0, 320.0, 390.0, 460.0]
    head = [right(320.0, 100.0, "Utfall 2019"), right(460.0, 100.0, "Utfall 2018")]
    head += [right(x, 112.0, h) for x, h in zip(rights, ["Intäkter", "Kostnader"] * 2, strict=True)]
    body = rows_at(128.0, [["Simhall", "10", "20", "30", "40"], ["Museum", "11", "21", "31", "41"]], rights)
    (table,) = find_tables(laid_out([head + body]), VOCABULARY)
    assert [(c.year, c.subject) for c in table.columns[1:]] == [
        (2019, "Intäkter"),
        (2019, "Kostnader"),
        (2018, "Intäkter"),
        (2018, "Kostnader"),
    ]


def test_labels_over_two_lines_and_rows_of_labels_only() -> None:
    rows = [
        ["", "2019", "2020"],
        ["Andel elever som når målen i", "", ""],
        ["alla ämnen", "80", "82"],
        ["Trygghet", "", ""],
        ["Andel trygga", "90", "91"],
    ]
    (table,) = find_tables(laid_out([rows_at(100.0, rows, [330.0, 400.0], step=11.0)]), VOCABULARY)
    assert list(table.rows[1:]) == ["Andel elever som når målen i alla ämnen", "Trygghet", "Trygghet, Andel trygga"]


def test_ruled_table_with_merged_cells() -> None:
    xs, ys = [60.0, 160.0, 300.0, 380.0, 460.0], [90.0, 110.0, 130.0, 150.0]
    rules = [r for r in lattice(xs, ys) if not (r.x1 - r.x0 > 300 and abs(r.top - 129.75) < 1)]
    rules.append(Rule(160.0, 129.75, 460.0, 130.25, "#000000"))  # the first cell goes on over two rows
    pieces = [(65, 95, "Fokusområde"), (165, 95, "Indikator"), (305, 95, "Mål 2021"), (385, 95, "Utfall 2021")]
    pieces += [(65, 115, "Alla ska med"), (165, 115, "Andel nöjda"), (305, 115, "80"), (385, 115, "78")]
    pieces += [(165, 135, "Antal besök"), (305, 135, "1 200"), (385, 135, "1 150")]
    (table,) = find_tables(laid_out([[(float(x), float(y), t) for x, y, t in pieces]], [rules]), VOCABULARY)
    assert [c.measure for c in table.columns] == ["goal", "label", "target", "outcome"]
    assert grid_of(table)[1:] == [["Alla ska med", "Andel nöjda", "80", "78"], ["", "Antal besök", "1 200", "1 150"]]


def test_rulings_without_outer_edges_still_enclose() -> None:
    rules = [Rule(60.0, y, 460.0, y + 0.5, "#000000") for y in (90.0, 110.0, 130.0)] + [Rule(300.0, 90.0, 300.5, 130.0, "#000000")]
    (found,) = find_lattices(rules, 595.0, 842.0)
    assert [round(x) for x in found.xs] == [60, 300, 460]


def test_a_table_goes_on_over_the_page_break() -> None:
    head = [right(x, 100.0, h) for x, h in zip(RIGHTS, ["Budget 2022", "Utfall 2022", "Avvikelse"], strict=True)]
    first = head + rows_at(116.0, OPERATING[:2], RIGHTS)
    for second in (rows_at(60.0, OPERATING[2:], RIGHTS), [(x, y - 40.0, t) for x, y, t in head] + rows_at(76.0, OPERATING[2:], RIGHTS)):
        (table,) = find_tables(laid_out([first, second]), VOCABULARY)
        assert (table.page, table.n_rows) == (1, 4)
        assert values(table)["Summa"] == [11300.0, 11650.0, 350.0]


def at(top: float, *cells: tuple[float, str]) -> list[tuple[float, float, str]]:
    return [(x, top, text) for x, text in cells]


def test_a_money_table_within_a_list_of_questions_is_a_table_of_its_own_also_over_the_page_break() -> None:
    def page(tops: Sequence[float], inner: Sequence[bool]) -> list[Rule]:
        # the upper rows are parted at 300, the inner table at 240 and 380
        rules = [Rule(60.0, y - 0.25, 460.0, y + 0.25, "#000000") for y in tops]
        for (a, b), apart in zip(pairwise(tops), inner, strict=True):
            rules += [Rule(x - 0.25, a, x + 0.25, b, "#000000") for x in (60.0, 460.0, *((240.0, 380.0) if apart else (300.0,)))]
        return rules

    asked = at(95, (65, "Har nämnden beslutat om en budget"), (305, "Ja i december")) + at(
        115, (65, "Har nämnden fått en analys av läget"), (305, "Delvis")
    )
    head = at(135, (65, "Ekonomiskt resultat 2025 (mnkr)"), (245, "Prognos helår"), (385, "Utfall"))
    rows = [("Intäkter", "136", "142"), ("Kostnader", "-1 184", "-1 195"), ("Resultat", "11", "6")]
    below = [piece for i, (label, a, b) in enumerate(rows) for piece in at(155 + 20 * i, (65, label), (245, a), (385, b))]
    one = laid_out([asked + head + below], [page([90, 110, 130, 150, 170, 190, 210], [False, False, True, True, True, True])])
    next_page = [(x, y - 95, text) for x, y, text in below]
    two = laid_out(
        [asked + head, next_page],
        [page([90, 110, 130, 150], [False, False, True]), page([55, 75, 95, 115], [True, True, True])],
    )
    for report in (one, two):
        questions, money = find_tables(report, VOCABULARY)
        assert (questions.n_rows, questions.n_cols) == (2, 2)
        assert (money.unit, [c.measure for c in money.columns[1:]]) == ("mnkr", ["forecast", "outcome"])
        assert values(money) == {"Intäkter": [136.0, 142.0], "Kostnader": [-1184.0, -1195.0], "Resultat": [11.0, 6.0]}


def test_a_group_row_at_the_top_of_a_page_does_not_part_it_from_the_table_above() -> None:
    xs = [60.0, 300.0, 380.0, 460.0]
    head = at(95, (65, "Nyckeltal"), (305, "2024"), (385, "2025"))
    first = head + at(115, (65, "Andel nöjda"), (305, "80"), (385, "82"))
    group = (
        at(61, (65, "Barn"))
        + at(75, (65, "Andel trygga"), (305, "90"), (385, "91"))
        + at(95, (65, "Antal platser"), (305, "40"), (385, "44"))
    )
    rules = [*lattice(xs, [72.0, 90.0, 110.0]), Rule(60.0, 52.0, 460.0, 52.5, "#000000")]
    (table,) = find_tables(laid_out([first, group], [lattice(xs, [90.0, 110.0, 130.0]), rules]), VOCABULARY)
    assert [c.year for c in table.columns[1:]] == [2024, 2025]
    assert list(table.rows[-2:]) == ["Barn, Andel trygga", "Barn, Antal platser"]


PROSE = [f"ord{i}" for i in range(14)]


def test_prose_contents_and_lists_are_no_tables() -> None:
    prose = [(70.0, 80.0 + 14.0 * i, " ".join(PROSE[i:] + PROSE[:i])) for i in range(10)]
    contents = rows_at(100.0, [["Inledning", "3"], ["Ekonomi", "4"], ["Personal", "7"], ["Framtid", "9"], ["Bilagor", "12"]], [500.0])
    bullets = [p for i in range(5) for p in ((70.0, 100.0 + 14.0 * i, "•"), (90.0, 100.0 + 14.0 * i, "Punkt om arbetsmiljön"))]
    assert find_tables(laid_out([prose, contents, bullets]), VOCABULARY) == ()


def test_cells_lead_back_to_the_text() -> None:
    report = laid_out([rows_at(100.0, [["", "Budget 2022", "Utfall 2022", "Avvikelse"], *OPERATING], RIGHTS)])
    (table,) = find_tables(report, VOCABULARY)
    for cell in table.cells:
        assert report.text[cell.start : cell.end].split() == cell.text.split()
        assert report.words_in(cell.start, cell.end)


# -- properties ---------------------------------------------------------------------------------------------------------------

FIGURES = st.integers(-9_999_999, 9_999_999).map(lambda n: f"{n:,}".replace(",", " "))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(FIGURES, min_size=n, max_size=n), min_size=2, max_size=12)))
def test_any_aligned_grid_is_read_cell_by_cell(grid: list[list[str]]) -> None:
    rights = [260.0 + 62.0 * i for i in range(len(grid[0]))]
    rows = [["", *(f"Budget {2020 + i}" for i in range(len(rights)))], *([f"Post {chr(65 + r)}", *row] for r, row in enumerate(grid))]
    (table,) = find_tables(laid_out([rows_at(100.0, rows, rights)]), VOCABULARY)
    found = grid_of(table)[table.head_rows :]
    assert [row[1:] for row in found] == grid
    assert [c.year for c in table.columns[1:]] == [2020 + i for i in range(len(rights))]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab 12,.%-–()\t\n•Åtkr"), max_size=400))
def test_odd_text_gives_cells_that_quote_it(text: str) -> None:
    report = text_report(text)
    for table in find_tables(report, VOCABULARY):
        assert 0 <= table.start <= table.end <= len(text)
        assert len(table.rows) == table.n_rows
        assert len(table.columns) == table.n_cols
        for cell in table.cells:
            assert text[cell.start : cell.end] == cell.text


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 590), st.floats(0, 830), st.floats(0, 300), st.floats(0, 300)), max_size=30))
def test_any_rulings_are_survived(boxes: list[tuple[float, float, float, float]]) -> None:
    rules = [Rule(x, y, x + w, y + h, "#cccccc") for x, y, w, h in boxes]
    report = laid_out([rows_at(100.0, [["", "Budget 2022", "Utfall 2022", "Avvikelse"], *OPERATING], RIGHTS)], [rules])
    for table in find_tables(report, VOCABULARY):
        assert table.n_rows == len(table.rows)
    again = find_tables(replace(report, tables=()), VOCABULARY)
    assert again == find_tables(report, VOCABULARY)


@pytest.mark.parametrize("piece", ["1 ", "12\t", "- ", "(1 ", "a\t1\n", "Budget ", "kr/", "\t", "1,", "… "])
def test_long_adversarial_text_takes_bounded_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    begun = time.process_time()
    read_head(text[:2000], VOCABULARY)
    cell_value(text)
    read_unit(text, VOCABULARY)
    find_tables(text_report(text), VOCABULARY)
    assert time.process_time() - begun < 60


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Sjötorp\net totalt\n\nI Sjötorpet är det lugnt.", "Sjötorpet totalt"),
        ("Plats för\nskola\n\nPlats för förskola, plats för skola och plats för lek.", "Plats för skola"),
        ("Sjötorp\net totalt\n\nDär är det lugnt.", "Sjötorp et totalt"),
    ],
)
def test_a_word_that_a_narrow_cell_breaks_is_whole_where_it_is_whole_elsewhere(text: str, cell: str) -> None:
    end = text.index("\n\n")
    words = [Word(m.start(), m.end(), 0.0, 0.0, 1.0, 1.0, 0) for m in re.finditer(r"\S+", text[:end])]
    found = cell_of(text, words)
    assert (found.text, found.start, found.end) == (cell, 0, end)


def test_days_in_six_digits_are_no_figures() -> None:
    text = (
        "4. Aktiviteter\n\nAktivitet\tAnsvarig\tKlart\tLäge\nNy taxa för vatten\tChefen\t190630\tGenomförd\n"
        "Städa arkivet\tChefen\t201231\tPågår\n"
    )
    (table,) = find_tables(text_report(text), VOCABULARY)
    assert [column.measure for column in table.columns] == ["label", "responsible", "text", "status"]
    assert all(cell.value is None for cell in table.cells)
