import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docmine.extract.figures import Figure, find_figures
from docmine.extract.indicators import find_indicators
from docmine.records import Facts, Indicator, Page, Report, Section, Sections, Table
from docmine.schema import COMPARATORS, MEASURES, UNITS
from docmine.vocabulary import load_vocabulary

CASES = tomllib.loads((Path(__file__).parent / "cases" / "indicators.toml").read_text(encoding="utf-8"))["case"]
WORDS = (
    "målvärdet resultatet är var blev från till procent % 7 6,9 2029 ( ) , . ; att och men antalet andelen sjukfrånvaron av för inom "
    "riket minst under dagar kr/dygn tkr har ökat med som vilket motsvarande siffra 80 index tio enkäten mellan 60–65 både samt"
)
PIECES = st.lists(st.sampled_from(WORDS.split(" ")) | st.text(max_size=3)).map(" ".join)


def report(text: str, *, titles: tuple[tuple[int, str], ...] = (), tables: tuple[Table, ...] = ()) -> Report:
    n = len(text)
    starts = [*titles, (n, "")]
    sections = [
        Section(i, None, 1, None, title, "other", start, start, starts[i + 1][0], starts[i + 1][0], "style", 1.0)
        for i, (start, title) in enumerate(titles)
    ]
    return Report("exby.txt", "0" * 64, text, (Page(1, 0, n),), sections=Sections(tuple(sections)), tables=tables)


def indicators(text: str, *, year: int | None = 2030) -> list[Indicator]:
    return list(find_indicators(report(text), Facts(year=year), load_vocabulary()))


def words(text: str) -> set[str]:
    return set(text.casefold().replace(",", " ").split())


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["text"][:60])
def test_cases(case: dict) -> None:
    found = indicators(case["text"])
    told = [(f.value, f.unit or "-", f.measure, f.comparator or "=", f.year or 0) for f in found]
    assert told == [tuple(value[:5]) for value in case["values"]], [f.name for f in found]
    for value, wanted in zip(found, case["values"], strict=True):
        assert words(wanted[5]) <= words(value.name), value.name


def test_rows_quote_the_piece_of_the_sentence_with_the_figure() -> None:
    text = "Inledning. Målvärdet för tidig hjälp är 90 procent men utfallet blev 84 procent. Slut."
    target, outcome = indicators(text)
    assert text[target.start : target.end] == "Målvärdet för tidig hjälp är 90 procent"
    assert text[outcome.start : outcome.end] == "men utfallet blev 84 procent."
    assert target.name == outcome.name and target.value_text == "90"


def test_a_value_told_of_two_things_gives_two_rows() -> None:
    found = indicators("Målvärdet är för både olyckor på badplatser samt olyckor i simhallar är 0.")
    assert [(f.name, f.value) for f in found] == [("olyckor på badplatser", 0.0), ("olyckor i simhallar", 0.0)]


def test_names_are_not_carried_into_another_section() -> None:
    text = "Trivseln har målvärdet 80 procent.\n\nUtfallet är 77 procent."
    together = list(find_indicators(report(text, titles=((0, "Mål"),)), Facts(year=2030), load_vocabulary()))
    apart = list(find_indicators(report(text, titles=((0, "Mål"), (36, "Annat"))), Facts(year=2030), load_vocabulary()))
    assert [f.name for f in together] == ["Trivseln", "Trivseln"]
    assert [f.name for f in apart] == ["Trivseln"]


def test_tables_are_left_to_others() -> None:
    text = "Trivseln var 81 procent."
    table = Table(0, 1, 0, len(text), None, None, "flattened", 1, 2, 0, (), ("",), (), 0.9)
    assert list(find_indicators(report(text, tables=(table,)), Facts(year=2030), load_vocabulary())) == []
    assert len(indicators(text)) == 1


def test_without_a_year_of_the_report_none_is_guessed() -> None:
    assert [f.year for f in indicators("Trivseln var 81 procent.", year=None)] == [None]
    assert [f.year for f in indicators("Trivseln var 81 procent 2027.", year=None)] == [2027]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("minst 80 %", [(80, "percent", ">=")]),
        ("högst två månader", [(2, "months", "<=")]),
        ("färre än tre", [(3, None, "<")]),
        ("<7,2", [(7.2, None, "<")]),
        ("90 procent eller mer", [(90, "percent", ">=")]),
        ("6-8 personer", [(6, "count", ">="), (8, "count", "<=")]),
        ("mellan 10 14 platser", [(10, "count", ">="), (14, "count", "<=")]),
        ("inom gruppen 78 procent", [(78, "percent", None)]),
        ("inom 14 dagar", [(14, "days", "<=")]),
        ("1 250 kr/dygn", [(1250, "SEK/day", None)]),
        ("120 tkr per månad", [(120000, "SEK", None)]),
        ("en procentenhet", [(1, "percentage_points", None)]),
        ("en bra skola", []),
        ("under 2029", []),
        ("uppgick till 41 år 2029", [(41, None, None)]),
    ],
)
def test_figures(text: str, expected: list[tuple[float, str | None, str | None]]) -> None:
    found = find_figures(text, load_vocabulary())
    assert [(f.value, f.unit, f.comparator) for f in found] == expected
    assert all(text[f.start : f.number_end] == f.text for f in found)


def test_plain_money_is_marked() -> None:
    assert [(f.value, f.money) for f in find_figures("1,4 miljoner kronor", load_vocabulary())] == [(1.4e6, True)]


@given(PIECES)
def test_rows_keep_the_contract_on_any_text(text: str) -> None:
    for found in indicators(text):
        assert 0 <= found.start < found.end <= len(text)
        assert found.value_text in text[found.start : found.end]
        assert found.measure in MEASURES and found.comparator in (None, *COMPARATORS) and found.unit in (None, *UNITS)
        assert found.name == found.name.strip() and found.name and "\n" not in found.name
        assert 0 <= found.confidence <= 1


@given(st.integers(1, 99), st.sampled_from(["procent", "%"]), st.sampled_from(["är", "var", "blev", "uppgick till", "ligger på"]))
def test_a_plain_statement_is_read(value: int, unit: str, verb: str) -> None:
    (found,) = indicators(f"Svarsfrekvensen {verb} {value} {unit}.")
    assert (found.name, found.value, found.unit, found.measure) == ("Svarsfrekvensen", value, "percent", "outcome")


@pytest.mark.parametrize("piece", ["7 procent ", "från ", "(snitt ", "målvärdet att ", "1 ", ", ", "och till ", "mellan 1 och ", "a"])
def test_time_grows_with_the_text(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    indicators(text)
    assert time.process_time() - start < 40


def test_figure_is_a_plain_value() -> None:
    (found,) = find_figures("78 procent", load_vocabulary())
    assert found == Figure(0, 10, "78", 78.0, "percent", None, False, False, 2)


@pytest.mark.parametrize(("doc_type", "years"), [("needs", [2027, 2027]), ("plan", [2027, 2027]), ("annual_report", [2027, 2030])])
def test_a_plan_tells_of_years_behind_it(doc_type: str, years: list[int]) -> None:
    text = "Av de sökande fick 64 procent arbete under 2027. Andelen som studerade vidare uppgick till 21 procent."
    found = list(find_indicators(report(text), Facts(year=2030, doc_type=doc_type), load_vocabulary()))
    assert [f.year for f in found] == years


def test_a_report_on_needs_has_no_outcome_of_the_year_that_it_is_for() -> None:
    text = "Andelen som studerade vidare uppgick till 21 procent."
    (found,) = find_indicators(report(text), Facts(year=2030, doc_type="needs"), load_vocabulary())
    assert found.year is None
