import re
import time
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docmine.extract.amounts import find_amounts, find_money
from docmine.records import Amount, Facts, Page, Report, Section, Sections, Table
from docmine.schema import AMOUNT_KINDS, MONEY_UNITS
from docmine.swedish import format_number
from docmine.vocabulary import load_vocabulary

CASES = tomllib.loads((Path(__file__).parent / "cases" / "amounts.toml").read_text(encoding="utf-8"))["case"]
SPELLINGS = {
    "kr": ["kr", "kronor", "SEK"],
    "tkr": ["tkr", "kkr", "tusen kronor"],
    "mnkr": ["mnkr", "mkr", "miljoner kronor"],
    "mdkr": ["miljarder kronor"],
}
WORDS = (
    "underskott avvikelse budget prognosen är 2017 12,5 3 ( ) , . : - – mnkr tkr kr miljoner per invånare och till från beror på "
    "jämfört med föregående år lägre kostnader högre Intäkterna • vilket att"
)
PIECES = st.lists(st.sampled_from(WORDS.split(" ")) | st.text(max_size=2)).map(" ".join)


def report(text: str, *, title: str = "", tables: tuple[Table, ...] = ()) -> Report:
    n = len(text)
    section = Section(0, None, 1, None, title, "other", 0, 0, n, n, "style" if title else "preamble", 1.0)
    return Report("exby.txt", "0" * 64, text, (Page(1, 0, n),), sections=Sections((section,)), tables=tables)


def amounts(text: str, *, year: int | None = 2018, doc_type: str = "annual_report") -> list[Amount]:
    return list(find_amounts(report(text), Facts(year=year, period=str(year), doc_type=doc_type), load_vocabulary()))


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["text"][:60])
def test_amounts(case: dict) -> None:
    found = amounts(case["text"], year=case.get("year", 2018), doc_type=case.get("doc_type", "annual_report"))
    assert [[a.value, a.unit, a.kind, a.year] for a in found] == [row[:4] for row in case["amounts"]]
    for a, row in zip(found, case["amounts"], strict=True):
        assert words(row[4]) <= words(a.label)
        assert a.approximate == (len(row) > 5)


def test_the_quote_holds_label_and_amount() -> None:
    lead = "Verksamheten har haft ett år med många nya uppdrag och stora förändringar i hela organisationen, " * 3
    text = f"{lead}men kulturskolan redovisar ett överskott på 1,4 mnkr till följd av vakanser."
    (amount,) = amounts(text)
    quote = text[amount.start : amount.end]
    assert len(quote) <= 200
    assert "kulturskolan redovisar ett överskott på 1,4 mnkr" in quote


def test_a_line_break_in_a_sentence_changes_nothing() -> None:
    flat = "Parkenheten gör ett underskott på 12 500 tusen kronor till följd av stormen i mars."
    for at in (i for i, c in enumerate(flat) if c == " "):
        broken = flat[:at] + "\n" + flat[at + 1 :]
        assert [(a.value, a.unit, a.kind) for a in amounts(broken)] == [(-12500, "tkr", "deviation")]


def test_the_period_of_the_sentence_comes_before_the_documents() -> None:
    (amount,) = amounts("Parkenheten gör ett underskott på 5 mnkr för januari till augusti.", year=2017)
    assert amount.period == "2017-01/2017-08"
    (amount,) = amounts("Prognosen är ett underskott på 5 mnkr.", year=2017)
    assert amount.period == "2017"


def test_no_year_is_guessed_where_the_document_has_none() -> None:
    (amount,) = amounts("Parkenheten gör ett underskott på 5 mnkr.", year=None)
    assert amount.year is None


def test_words_that_tell_a_kind_are_surer_than_none() -> None:
    (told,) = amounts("Parkenheten gör ett underskott på 5 mnkr.")
    (guessed,) = amounts("Flyttbilar 5 mnkr.")
    assert told.confidence > guessed.confidence


def test_a_label_of_nothing_but_a_common_word_takes_what_the_sentence_before_was_about() -> None:
    _, second = amounts("Hemtjänsten redovisar ett underskott på 5 mnkr. Prognosen är ett underskott på 7 mnkr.")
    assert "Hemtjänsten" in second.label


def test_tables_are_left_to_others() -> None:
    text = "Nämnden fick 5 mnkr. Hyror 7 mnkr 8 mnkr"
    table = Table(0, 1, 21, len(text), None, None, "flattened", 1, 3, 0, (), (), (), 1.0)
    found = find_amounts(report(text, tables=(table,)), Facts(year=2018), load_vocabulary())
    assert [a.value for a in found] == [5]


@given(st.integers(-(10**8), 10**8), st.integers(0, 2), st.sampled_from(sorted(MONEY_UNITS)), st.data())
def test_every_printed_amount_comes_back(digits: int, decimals: int, unit: str, data: st.DataObject) -> None:
    printed = format_number(digits / 10**decimals, decimals)
    spelling = data.draw(st.sampled_from(SPELLINGS[unit]))
    (money,) = find_money(f"I Exby uppgick utfallet till {printed} {spelling} under året.", load_vocabulary())
    assert money.value == pytest.approx(digits / 10**decimals)
    assert money.unit == unit


@given(PIECES)
def test_nothing_raises_and_places_hold(text: str) -> None:
    for amount in amounts(text):
        assert 0 <= amount.start < amount.end <= len(text)
        assert amount.kind in AMOUNT_KINDS
        assert amount.unit in MONEY_UNITS
        assert amount.label
        assert any(c.isdigit() for c in text[amount.start : amount.end])


@pytest.mark.parametrize("piece", ["3 mnkr (", "är 3 mnkr 2017 ", "underskott ", "12,1 och ", " "])
def test_long_odd_text_takes_linear_time(piece: str) -> None:
    amounts("Det kostade 3 mnkr.")  # compiles the patterns
    began = time.process_time()
    amounts((piece * 100_000)[:100_000])
    assert time.process_time() - began < 40


def test_a_sentence_of_many_dated_amounts_takes_no_more_than_quadratic_time() -> None:
    def seconds(n: int) -> float:
        began = time.process_time()
        assert len(amounts("Kostnaden i Exby ökade med 12,5 mnkr jämfört med 2017, " * n)) == n
        return time.process_time() - began

    assert seconds(800) < max(2.0, 25 * seconds(200))


def test_measures_without_bullets_give_effects() -> None:
    text = "Två lokaler sägs upp, 450 tkr. Städningen läggs om, lägre kostnad 300 tkr. Under året kostade flytten 120 tkr."
    listed = report(text, title="Åtgärder för att klara ramen")
    section = replace(listed.sections[0], type="measures")
    found = find_amounts(
        replace(listed, sections=Sections((section,))), Facts(year=2018, period="2018", doc_type="annual_report"), load_vocabulary()
    )
    assert [(a.value, a.kind) for a in found] == [(450, "effect"), (300, "effect"), (120, "outcome")]
