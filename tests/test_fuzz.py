"""Whatever is written: nothing fails but on purpose, sections tile the text, and every row stands where it says."""

from __future__ import annotations

import io
from itertools import pairwise

import fuzz as targets
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docmine.errors import DocmineError
from docmine.pipeline import mine_report, read

#: pieces of reports, in any order and number, with anything between them
PIECES = [
    "Belopp i tkr\tUtfall 2021\tBudget 2021\tAvvikelse\n", "Netto\t-7 106\t-7 060\t-46\n", "Summa 1 204 1 190 14 ", "-71,3-74,8-74,8",
    "1 234,5", "±0", "2021-08-31",
    "Måluppföljning\n\n", "Ekonomi\n\n", "Innehåll\n\nEkonomi ..... 3\nMål ..... 4\n", "Mål: ",
    "Målet är att minst 95 procent ska vara nöjda. ", "uppfyllt", "• ", "- ", "Nämndmål ",
    "Nämnden får i uppdrag att ", "Exby kommun", "Underskottet blev 3,2 mnkr. ", "cirka ", "70–80 procent", " % ", "tkr", "\t", "\n",
    "\n\n", "\f", "(", ")", "Transkript:\n\n", "1 ", "12",
]  # fmt: skip
WRITTEN = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=40).map("".join)


def hold(data: bytes) -> None:
    try:
        report = read(io.BytesIO(data))
    except DocmineError:
        return
    for parts in (list(report.pages), list(report.sections)):
        assert parts[0].start == 0 and parts[-1].end == len(report.text)
        assert all(a.end == b.start for a, b in pairwise(parts))
    for name, frame in mine_report(report).items():
        if name != "documents":
            for start, end, quote in frame[["start", "end", "quote"]].itertuples(index=False):
                assert report.text[start:end] == quote != ""


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(WRITTEN)
def test_any_text_is_mined(text: str) -> None:
    hold(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    hold(data)


@pytest.mark.parametrize("target", targets.TARGETS, ids=lambda t: t.__name__)
@settings(max_examples=150, deadline=None, derandomize=True)
@given(text=WRITTEN)
def test_numbers_and_tables_take_any_text(target: targets.Target, text: str) -> None:
    target(text)
