"""Time grows with the text and no faster: patterns, terms and stages against texts made to be slow.

pytest benchmarks/test_linear.py
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from functools import cache

import patterns
import pytest

from docmine import load as loader
from docmine.extract import EXTRACTORS
from docmine.facts import find_facts
from docmine.load.text import tidy
from docmine.normalize import normalize
from docmine.records import Report
from docmine.segment import find_sections, segment
from docmine.tables import check_tables, find_tables
from docmine.vocabulary import Terms, load_vocabulary

UNITS = patterns.UNITS
#: what takes less than this many seconds is not timed: noise would decide
FLOOR = 0.25

FOUND = patterns.collect()


@pytest.mark.parametrize("found", FOUND, ids=lambda f: f"{f.where} {f.name}")
def test_patterns_are_linear(found: patterns.Found) -> None:
    assert not patterns.slow(found), found.pattern


@pytest.mark.parametrize("group", load_vocabulary().groups.values(), ids=lambda terms: terms.name)
def test_groups_of_words_are_linear(group: Terms) -> None:
    assert not patterns.slow_terms(group)


@cache
def text_of(unit: str, size: int) -> str:
    """A text of the unit over and over, as the loader lets it through, that ends as no pattern expects."""
    return tidy((unit * (size // len(unit) + 1))[:size]) + "\u241fx"


def stages(text: str) -> Iterator[tuple[str, float]]:
    """The time of each stage over a text, each given what those before it made."""
    vocabulary = load_vocabulary()
    begun = time.process_time()

    def took() -> float:
        nonlocal begun
        now = time.process_time()
        begun, before = now, begun
        return now - before

    report: Report = loader.load(io.BytesIO(text.encode()))
    yield "load", took()
    tables = find_tables(report, vocabulary)
    yield "tables", took()
    find_sections(report, vocabulary)
    yield "sections", took()
    report = segment(report, vocabulary)
    took()
    facts = find_facts(report, vocabulary)
    yield "facts", took()
    for extractor in EXTRACTORS:
        list(extractor(report, facts, vocabulary))
        yield getattr(extractor, "__name__", str(extractor)), took()
    checks = list(check_tables(report, vocabulary))
    yield "checks", took()
    normalize(report, facts, [], checks, vocabulary)
    yield "normalize", took()
    assert len(tables) == len(report.tables)


SIZES = (4_000, 32_000)


@pytest.mark.parametrize("unit", [u for u in UNITS if UNITS[u].strip()])
def test_stages_are_linear(unit: str) -> None:
    """A stage may take three times as long for each character of the longer text; growth with the square would take eight times."""
    dict(stages(text_of(UNITS[unit], 1_000)))  # what is compiled once is not timed
    ratio = 3 * SIZES[1] / SIZES[0]

    def slow() -> dict[str, str]:
        short, long = (dict(stages(text_of(UNITS[unit], size))) for size in SIZES)
        return {name: f"{short[name]:.3f} s, {long[name]:.3f} s" for name in short if long[name] > max(FLOOR, ratio * short[name])}

    # a busy machine makes one stage or another late, but hardly the same one twice
    first = slow()
    again = slow() if first else {}
    assert not set(first) & set(again), (first, again)
