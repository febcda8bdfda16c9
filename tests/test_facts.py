"""What a document says of itself, from invented reports that name it in the ways real ones do."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from docmine.facts import find_facts
from docmine.load import load
from docmine.records import Facts
from docmine.search import places, stems
from docmine.segment import segment
from docmine.vocabulary import load_vocabulary

BODY = "\n\nNämnden har under året haft en ekonomi i balans. Arbetet fortsätter i Hedemora kommun.\n\n"


def facts(text: str) -> Facts:
    vocabulary = load_vocabulary()
    return find_facts(segment(load(io.BytesIO(text.encode())), vocabulary), vocabulary)


@pytest.mark.parametrize(
    ("title", "doc_type", "year", "period", "body"),
    [
        ("Årsredovisning 2019\n\nKultur- och fritidsnämnden", "annual_report", 2019, "2019", "Kultur- och fritidsnämnden"),
        ("Delårsrapport per 31 augusti 2021 för tekniska nämnden", "interim_report", 2021, "2021-01/2021-08", "Tekniska nämnden"),
        ("Månadsuppföljning maj 2026\n\nSocialnämnden", "interim_report", 2026, "2026-05", "Socialnämnden"),
        ("Tertialrapport 2 2020 Miljö- och byggnämnden", "interim_report", 2020, "2020-01/2020-08", "Miljö- och byggnämnden"),
        ("Årsrapport 2021 Miljöoch byggnämnden", "annual_report", 2021, "2021", "Miljö- och byggnämnden"),
        ("Socialnämndens internbudget 2024", "budget", 2024, "2024", "Socialnämnden"),
        ("VERKSAMHETSPLAN 2022-2024\n\nOmsorgsnämnden", "plan", 2022, "2022", "Omsorgsnämnden"),
        ("Års bokslut mål och ekonomi 2016\n\nOmsorgsnämnden", "annual_report", 2016, "2016", "Omsorgsnämnden"),
        ("Kvalitetsberättelse 2018 Vård- och äldrenämnden", "quality_report", 2018, "2018", "Vård- och äldrenämnden"),
    ],
)
def test_title_names_kind_year_and_body(title: str, doc_type: str, year: int, period: str | None, body: str) -> None:
    found = facts(title + BODY * 3)
    assert (found.doc_type, found.year, found.period, found.body) == (doc_type, year, period, body)
    assert (found.kommun, found.kommun_code) == ("Hedemora", "2083")
    assert found.title is not None and str(year) in found.title


def test_a_bundle_is_what_its_report_is() -> None:
    pages = [
        "KALLELSE Omsorgsnämnden kallas till sammanträde. Ärenden 1 Val av justerare 2 Delårsrapport",
        "TJÄNSTEUTLÅTANDE Förslag till beslut Nämnden godkänner rapporten. Budget och personal har beaktats.",
        "Delårsrapport per 30 april 2020 Omsorgsnämnden",
        "Sammanfattning Nämnden redovisar ett överskott. Delårsrapport 2020 för Hedemora kommun.",
    ]
    found = facts("\f".join(pages))
    assert (found.doc_type, found.year, found.period) == ("interim_report", 2020, "2020-01/2020-04")


def test_a_kommun_that_is_an_everyday_word_needs_the_word_kommun() -> None:
    assert facts("Årsrapport 2019. Målet ska Vara nått. Mark har köpts. Vara goda exempel.").kommun is None
    assert facts("Årsrapport 2019 för Vara kommun. Marks bibliotek.").kommun_code == "1470"


def test_a_web_address_names_the_kommun() -> None:
    assert facts("Årsrapport 2019 Socialnämnden\n\nwww.ornskoldsvik.se").kommun == "Örnsköldsvik"


def test_a_kommun_of_no_list_is_named_without_a_code() -> None:
    found = facts("Årsrapport 2019 för Exby kommun.\n\nExby växer. Exby kommuns nämnder följer planen. Varje kommun ansvarar. Exby kommun.")
    assert (found.kommun, found.kommun_code) == ("Exby", None)
    assert facts("NORRVIK KOMMUN\n\nÅrsrapport 2019").kommun == "Norrvik"


def test_what_is_not_said_is_none() -> None:
    assert facts("Hon såg ut över havet och tänkte på resan.") == Facts()


def test_plain_search_finds_what_longer_words_hold() -> None:
    assert stems(["nämnden", "nämnd", "kontor", "nämnds"]) == ("nämnd", "kontor")
    text = "NÄMNDEN, Socialnämnd och kontorets nämnd"
    assert [text[at : at + 4].lower() for at in places(text, ["kontor", "nämnd"])] == ["nämn", "nämn", "kont", "nämn"]
    assert places("", ["nämnd"]) == places("Exby", ["nämnd"]) == []


@pytest.mark.parametrize(
    ("text", "kommun"),
    [
        ("Exby kommun växer. Exby kommun bygger.", "Exby"),
        ("EXBY KOMMUN. Exby kommuns ekonomi. Exby kommun", "Exby"),
        ("Vår kommun växer, och en kommun bygger.", None),
        ("Nya-Exby kommun, i-Exby kommun", None),
        ("exby kommun exby kommun exby kommun", None),
    ],
)
def test_a_name_before_the_word_kommun(text: str, kommun: str | None) -> None:
    assert facts(text + "\n\nNämnden har en ekonomi i balans.").kommun == kommun


@pytest.mark.parametrize(
    ("file", "kommun"),
    [
        ("hedemora-sn-2023.txt", "Hedemora"),
        ("Årsrapport_Upplands_Väsby 2021.txt", "Upplands Väsby"),
        ("mark-sn-2023.txt", None),  # an everyday word
        ("hedemora-avesta-2023.txt", None),  # which of them?
        ("rapport.txt", None),
    ],
)
def test_the_name_of_the_file_tells_the_kommun_where_the_text_does_not(file: str, kommun: str | None, tmp_path: Path) -> None:
    path = tmp_path / file
    vocabulary = load_vocabulary()
    path.write_text("Årsrapport 2023\n\nNämnden har haft en ekonomi i balans under hela året.\n", encoding="utf-8")
    assert find_facts(segment(load(path), vocabulary), vocabulary).kommun == kommun
    path.write_text("Årsrapport 2023\n\nNämnden i Säters kommun har haft en ekonomi i balans.\n", encoding="utf-8")
    assert find_facts(segment(load(path), vocabulary), vocabulary).kommun == "Säter"


def test_an_audit_is_of_its_auditors_and_of_no_nämnd() -> None:
    said = "\n\nSocialnämnden har brutit mot lagen. Socialnämnden svarar. Vi ser brister i Socialnämnden och hos Socialnämnden." * 3
    assert facts(f"Grundläggande granskning 2021{said}").body is None
    assert facts(f"Granskningsrapport 2021\n\nStadsrevisionen{said}\nStadsrevisionen har granskat.").body == "Stadsrevisionen"


def test_the_name_of_the_file_tells_of_which_of_two_kommuner_a_report_is(tmp_path: Path) -> None:
    path = tmp_path / "hedemora-2021.txt"
    path.write_text("Årsrapport 2021\n\nVi samverkar med Avesta och Hedemora om räddningstjänst.\n", encoding="utf-8")
    vocabulary = load_vocabulary()
    assert find_facts(segment(load(path), vocabulary), vocabulary).kommun == "Hedemora"


def test_a_report_on_all_nämnder_is_of_none_of_them() -> None:
    all_of_them = "Socialnämnden visar ett överskott. Tekniska nämnden visar ett underskott. Kulturnämnden håller budgeten. " * 4
    assert facts(f"Månadsuppföljning maj 2026{BODY}{all_of_them}").body is None
    assert facts(f"Månadsuppföljning maj 2026{BODY}{all_of_them}{'Socialnämnden ansvarar. ' * 4}").body == "Socialnämnden"


@pytest.mark.parametrize(
    ("file", "text", "doc_type", "year", "period"),
    [
        ("hedemora-tn-2016.txt", "Bad och fritid\n\nBadhuset öppnade igen.", "other", 2016, "2016"),
        (
            "hedemora-arsredovisning-2021.txt",
            "Överförmyndarna\n\nVerksamheten delas sedan 2015. Under 2021 var läget lugnt.",
            "annual_report",
            2021,
            "2021",
        ),
        ("hedemora-2017-2018.txt", "Bad och fritid\n\nBadhuset öppnade igen.", "other", None, None),  # which of them?
        ("hedemora-bun-2017-08.txt", "Delårsrapport 2017\n\nBarn- och utbildningsnämnden", "interim_report", 2017, "2017-01/2017-08"),
        ("hedemora.txt", "Tertialuppföljning 2 2019\n\nByggnadsnämnden", "interim_report", 2019, "2019-01/2019-08"),
        (
            "x.txt",
            "Delårsrapport 2020\n\nUtfallet per den 30 april var lågt. Perioden januari–april var lugn.",
            "interim_report",
            2020,
            "2020-01/2020-04",
        ),
    ],
)
def test_the_file_and_the_text_tell_what_the_title_does_not(
    file: str, text: str, doc_type: str, year: int | None, period: str | None, tmp_path: Path
) -> None:
    path = tmp_path / file
    path.write_text(text + BODY, encoding="utf-8")
    vocabulary = load_vocabulary()
    found = find_facts(segment(load(path), vocabulary), vocabulary)
    assert (found.doc_type, found.year, found.period) == (doc_type, year, period)


def test_a_boards_own_office_does_not_speak_against_it() -> None:
    text = "Årsredovisning 2019\n\nOmsorgsnämnden\n\nEXBY KOMMUN\n\nLedning\n\nOmsorgsförvaltningen leds av en direktör."
    assert facts(text).body == "Omsorgsnämnden"
    assert facts(text.replace("Omsorgsförvaltningen", "Skolförvaltningen")).body is None
