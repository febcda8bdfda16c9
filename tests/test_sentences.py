"""Where sentences end, and where they do not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docmine.records import Page, Report
from docmine.sentences import sentences


def split(text: str) -> list[str]:
    return [s.text for s in sentences(Report("x", "0" * 64, text, (Page(None, 0, len(text)),)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Målet nåddes. Resultatet blev 80 procent!", ["Målet nåddes.", "Resultatet blev 80 procent!"]),
        ("Insatser, t.ex. Aktiv fritid, fortsätter. De pågår.", ["Insatser, t.ex. Aktiv fritid, fortsätter.", "De pågår."]),
        ("Det kostade ca. 30 mnkr. nämnden följer", ["Det kostade ca. 30 mnkr. nämnden följer"]),
        ("Första stycket\n\nAndra stycket", ["Första stycket", "Andra stycket"]),
        ("Vi ska\n- bygga\n- riva", ["Vi ska", "- bygga", "- riva"]),
        ("Ökningen var 2,5 procent. 2019 var den 3.", ["Ökningen var 2,5 procent.", "2019 var den 3."]),
        ("Hon sa ”det är klart.” Sedan gick hon.", ["Hon sa ”det är klart.”", "Sedan gick hon."]),
        ("Väntan … Till slut", ["Väntan … Till slut"]),
        ("", []),
    ],
)
def test_split(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@given(st.text(alphabet='Aa1 .!?\n-–"”(', max_size=200))
def test_pieces_stand_in_order_and_lose_only_white_space(text: str) -> None:
    found = list(sentences(Report("x", "0" * 64, text, (Page(None, 0, len(text)),))))
    at = 0
    for s in found:
        assert text[s.start : s.end] == s.text == s.text.strip() != ""
        assert text[at : s.start].strip() == ""
        at = s.end
    assert text[at:].strip() == ""


@pytest.mark.parametrize("piece", [".", ". ", "- ", "\n- ", "a. ", "!?", '."'])
def test_long_runs_take_linear_time(piece: str) -> None:
    def seconds(n: int) -> float:
        start = time.process_time()
        split(piece * (n // len(piece)))
        return time.process_time() - start

    assert seconds(100_000) < max(1.0, 25 * seconds(10_000))
