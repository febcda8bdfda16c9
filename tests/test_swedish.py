import doctest
import re
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docmine import swedish
from docmine.swedish import find_comparator, find_numbers, find_period, find_periods, find_years, format_number, parse_number

CASES = Path(__file__).parent / "cases"
NUMBERS = tomllib.loads((CASES / "numbers.toml").read_text(encoding="utf-8"))
PERIODS = tomllib.loads((CASES / "periods.toml").read_text(encoding="utf-8"))["case"]
SPACES = [" ", "\u00a0", "\u2009", "\u202f", "."]
NOTATION = re.compile(r"\d{4}|\d{4}-\d\d|\d{4}-\d\d/\d{4}-\d\d|\d{4}-\d\d-\d\d")
WORDS = "2017 1 12 500 , . - – ( ) / + ± % kr tkr mnkr och till minus januari aug tertial 2 minst under år föregående fem § : \n"
PIECES = st.lists(st.sampled_from(WORDS.split(" ")) | st.text(max_size=3)).map(" ".join)


def test_examples() -> None:
    found = doctest.testmod(swedish)
    assert found.attempted > 10
    assert found.failed == 0


@pytest.mark.parametrize("case", NUMBERS["parse"], ids=lambda c: repr(c["text"]))
def test_parse(case: dict) -> None:
    assert ("value" in case) != ("none" in case)
    assert parse_number(case["text"], percent=case.get("percent", False)) == case.get("value")


@pytest.mark.parametrize("case", NUMBERS["find"], ids=lambda c: c["text"])
def test_find(case: dict) -> None:
    assert [n.value for n in find_numbers(case["text"], words=case.get("words", False))] == case["found"]


@pytest.mark.parametrize("case", NUMBERS["compare"], ids=lambda c: c["text"])
def test_comparator(case: dict) -> None:
    found = find_comparator(case["text"])
    assert (found[0] if found else None) == case.get("code")


@pytest.mark.parametrize("case", PERIODS, ids=lambda c: f"{c['text']} {c.get('default', '')}")
def test_period(case: dict) -> None:
    found = find_period(case["text"], default_year=case.get("default"))
    if case.get("none"):
        assert found is None
    else:
        assert found is not None
        assert (found.year, found.period) == (case.get("year"), case.get("period"))
        assert case["text"][found.start : found.end]


def test_a_month_needs_a_year_to_have_a_period() -> None:
    found = find_period("i augusti")
    assert found is not None
    assert (found.year, found.period) == (None, None)


def test_years_are_not_figures_of_other_things() -> None:
    assert [int(y.value) for y in find_years("2016, 2017 och 2018 kr, 2019 procent, 2018-08-31, 12 2020, 1,2021")] == [2016, 2017, 2020]


@given(st.integers(-(10**12), 10**12), st.integers(0, 3), st.sampled_from(SPACES), st.sampled_from(["-", "–", "−", "- ", "minus "]))
def test_what_is_printed_is_read(digits: int, decimals: int, group: str, minus: str) -> None:
    value = digits / 10**decimals
    printed = format_number(value, decimals, group=group, minus=minus)
    assert parse_number(printed) == pytest.approx(value, abs=10**-6)


@given(st.integers(-(10**9), 10**9), st.integers(0, 2), st.sampled_from(SPACES))
def test_a_number_in_prose_is_found_whole(digits: int, decimals: int, group: str) -> None:
    value = digits / 10**decimals
    printed = format_number(value, decimals, group=group)
    text = f"Kostnaden i Sjöholma var {printed} mnkr."
    (number,) = find_numbers(text)
    assert number.value == pytest.approx(value, abs=10**-6)
    assert number.text == printed
    assert number.decimals == decimals


@given(st.integers(1990, 2060), st.integers(1, 999), st.integers(0, 999))
def test_a_year_is_never_glued_to_a_number(year: int, thousands: int, rest: int) -> None:
    assert [n.value for n in find_numbers(f"{year} {thousands} {rest:03d} tkr")] == [year, thousands * 1000 + rest]


@given(PIECES)
def test_offsets_hold_and_nothing_raises(text: str) -> None:
    at = 0
    for number in find_numbers(text, words=True):
        assert text[number.start : number.end] == number.text
        assert number.start >= at
        at = number.end
    for period in find_periods(text, default_year=2018):
        assert 0 <= period.start < period.end <= len(text)
        assert period.period is None or NOTATION.fullmatch(period.period)
    for year in find_years(text):
        assert text[year.start : year.end] == year.text
    found = find_comparator(text)
    assert found is None or text[found[1] : found[2]]
    parse_number(text, percent=True)


@given(PIECES)
def test_a_year_that_is_given_never_comes_back_changed(text: str) -> None:
    for period in find_periods(text):
        if period.year is not None:
            assert str(period.year) in text


@pytest.mark.parametrize(
    "piece", ["1", "1 234 ", "- ", "januari till ", "2017-", "1 januari ", "1,", " ", "under ", "över 1 ", "minus ", "12/"]
)
def test_long_odd_text_takes_linear_time(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    for read in (lambda t: list(find_numbers(t, words=True)), lambda t: list(find_periods(t)), find_comparator, parse_number):
        read(text[:10])  # compiles the patterns
        began = time.process_time()
        read(text)
        assert time.process_time() - began < 15
