"""Verdicts: every row of cases/status.toml, and what must hold of any text."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docmine.extract.status import cell_verdict, verdict, verdicts
from docmine.schema import STATUSES
from docmine.vocabulary import load_vocabulary

CASES = tomllib.loads((Path(__file__).parent / "cases" / "status.toml").read_text(encoding="utf-8"))
VOCABULARY = load_vocabulary()
WORDS = [
    "målet",
    "målvärdet",
    "åtgärden",
    "uppdraget",
    "arbetet",
    "är",
    "inte",
    "ej",
    "helt",
    "delvis",
    "uppfyllt",
    "uppnås",
    "når",
    "genomförd",
    "påbörjats",
    "pågår",
    "enligt",
    "plan",
    "avviker",
    "från",
    "bedöms",
    "ska",
    "för",
    "att",
    "även",
    "om",
    "men",
    ",",
    ".",
    ":",
    "status",
    "✔",
    "2017",
]


@pytest.mark.parametrize("case", CASES["sentence"], ids=lambda c: c["text"])
def test_sentences(case: dict[str, str]) -> None:
    found = verdict(case["text"], VOCABULARY)
    assert (found.code if found else None) == case.get("status")
    if found is not None:
        assert found.about == case.get("about", found.about)
        assert found.text == case.get("words", found.text)


@pytest.mark.parametrize("case", CASES["cell"], ids=lambda c: c["text"] or "empty")
def test_cells(case: dict[str, str]) -> None:
    found = cell_verdict(case["text"], VOCABULARY)
    assert (found.code if found else None) == case.get("status")


@pytest.mark.parametrize("word", ["bra", "klar", "pågår", "ja", "helt", "grön", "hög"])
def test_bare_words_are_verdicts_only_in_a_cell(word: str) -> None:
    assert cell_verdict(word, VOCABULARY) is not None
    assert verdict(f"Stämningen i gruppen var {word}.", VOCABULARY) is None


def test_every_cell_word_means_its_code() -> None:
    terms = VOCABULARY["status", "cell"]
    for code, forms in terms.forms.items():
        assert code in STATUSES
        for form in forms:
            found = cell_verdict(form, VOCABULARY)
            assert found is not None
            assert (form, found.code) == (form, code)


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=25).map(" ".join))
def test_the_words_stand_where_they_are_said_to(text: str) -> None:
    for found in (verdict(text, VOCABULARY), cell_verdict(text, VOCABULARY)):
        if found is not None:
            assert text[found.start : found.end] == found.text
            assert found.code in STATUSES
            assert 0 <= found.confidence <= 1
    assert sum(end - start for start, end, _ in verdicts(text, 0, len(text), VOCABULARY)) <= len(text)


@pytest.mark.parametrize("piece", ["målet ", "inte ", "uppfyllt ", "enligt plan, ", ". ", "a", "Status: "])
def test_adversarial_text_takes_linear_time(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    begin = time.process_time()
    list(verdicts(text, 0, len(text), VOCABULARY))
    cell_verdict(text, VOCABULARY)
    assert time.process_time() - begin < 10
