"""Time grows with the text and no faster: patterns, terms and stages against texts made to be slow.

pytest benchmarks/test_linear.py
"""

from __future__ import annotations

import io
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
import regex

import docmine
from docmine import load as loader
from docmine.extract import EXTRACTORS
from docmine.facts import find_facts
from docmine.load.text import tidy
from docmine.normalize import normalize
from docmine.records import Report
from docmine.segment import find_sections, segment
from docmine.tables import check_tables, find_tables
from docmine.vocabulary import Terms, load_vocabulary

LONG, FACTOR = 20_000, 10
#: ten times the text may take this many times as long; twice the slope of straight growth would be a hundred
MOST = 25
#: what takes less than this many seconds is not timed: noise would decide
FLOOR = 0.25

UNITS = {
    "letter": "a", "capital": "A", "digit": "1", "digits": "1 ", "thousands": "1 234 ", "commas": "1,", "points": "1.", "dashes": "- ",
    "minus": "-1",
    "tabs": "\t", "cells": "1\t", "lines": "\n", "spaces": " ", "capitals": "Exby ", "open": "(", "closed": ")", "dots": ".",
    "ellipsis": "…", "quote": '"',
    "percent": "1 % ", "money": "1 tkr ", "year": "2021 ", "range": "1–2 ", "row": "Netto 1-2-3 ", "heading": "Mål\n\n",
    "bullet": "- Mål\n", "comma": "mål, ",
}  # fmt: skip


@cache
def text_of(unit: str, size: int) -> str:
    """A text of the unit over and over, as the loader lets it through, that ends as no pattern expects."""
    return tidy((unit * (size // len(unit) + 1))[:size]) + "\u241fx"


def patterns() -> dict[str, re.Pattern[str] | regex.Pattern[str]]:
    """Every compiled pattern of text that a module holds, by itself or in a container, each once."""
    found: dict[tuple[str, int], tuple[str, re.Pattern[str] | regex.Pattern[str]]] = {}

    def look(value: object, name: str, depth: int = 0) -> None:
        if isinstance(value, re.Pattern | regex.Pattern):
            if isinstance(value.pattern, str):
                found.setdefault((value.pattern, value.flags), (name, value))
        elif isinstance(value, dict) and depth < 3:
            for key, item in value.items():
                look(item, f"{name}[{key!r}]", depth + 1)
        elif isinstance(value, list | tuple | set | frozenset) and depth < 3:
            for n, item in enumerate(value):
                look(item, f"{name}[{n}]", depth + 1)

    for module in pkgutil.walk_packages(docmine.__path__, "docmine."):
        if not module.name.endswith("__main__"):
            for name, value in vars(import_module(module.name)).items():
                look(value, f"{module.name}.{name}")
    return dict(found.values())


PATTERNS = patterns()
TERMS = {".".join(key): terms for key, terms in load_vocabulary().groups.items()}


def growth(run: Callable[[str], object], unit: str) -> str | None:
    """What to say if the time of a run grows faster than its text; None if all is well."""

    def took(size: int) -> float:
        text = text_of(unit, size)
        begun = time.perf_counter()
        run(text)
        return time.perf_counter() - begun

    # a tenth of the text first: what is slow there already would take hours on all of it
    short = took(LONG // FACTOR)
    if short > FLOOR * 4:
        tiny = took(LONG // FACTOR // FACTOR)
        return f"{tiny:.3f} s, {short:.3f} s for ten times the text" if short > MOST * tiny else None
    if short * FACTOR**2 < FLOOR:
        return None  # not even the square would be slow
    long = took(LONG)
    if long < FLOOR or long < MOST * short:
        return None
    short, long = max(short, took(LONG // FACTOR)), min(long, took(LONG))
    return f"{short:.3f} s, {long:.3f} s for ten times the text" if long > MOST * short else None


SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(Path(docmine.__file__).parent.rglob("*.py")))


def as_used(name: str) -> Callable[[str], object]:
    """Run a pattern as the package does: from one place on where nothing searches with it, everywhere otherwise."""
    pattern = PATTERNS[name]
    ways = set(re.findall(rf"\b{re.escape(name.rpartition('.')[2])}\.(\w+)\b", SOURCE))
    if ways and ways <= {"match", "fullmatch"}:
        return lambda text: (pattern.match(text), pattern.fullmatch(text))
    return lambda text: sum(1 for _ in pattern.finditer(text))


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns_are_linear(name: str) -> None:
    slow = {unit: said for unit in UNITS if (said := growth(as_used(name), UNITS[unit]))}
    assert not slow, f"{name} = {PATTERNS[name].pattern!r}"


def terms_run(terms: Terms) -> Callable[[str], None]:
    def run(text: str) -> None:
        for _ in terms.finditer(text):
            pass

    return run


def test_terms_are_linear() -> None:
    slow = {(name, unit): said for name, terms in TERMS.items() for unit in UNITS if (said := growth(terms_run(terms), UNITS[unit]))}
    assert not slow


def stages(text: str) -> Iterator[tuple[str, float]]:
    """The time of each stage over a text, each given what those before it made."""
    vocabulary = load_vocabulary()
    begun = time.perf_counter()

    def took() -> float:
        nonlocal begun
        now = time.perf_counter()
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
    normalize(report, facts, [], checks)
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
