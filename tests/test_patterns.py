"""No pattern and no group of words takes longer for each character of a long text than of a short one; see `benchmarks/patterns.py`."""

from __future__ import annotations

import signal

import patterns
import pytest

from docmine.vocabulary import load_vocabulary

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timers of CPU time")


def test_patterns_are_linear() -> None:
    found = patterns.collect()
    assert len(found) > 250
    slow = {f"{f.where} {f.name}": said for f in found if (said := patterns.slow(f, quick=True))}
    assert not slow


def test_groups_of_words_are_linear() -> None:
    slow = {key: said for key, terms in load_vocabulary().groups.items() if (said := patterns.slow_terms(terms, quick=True))}
    assert not slow


@pytest.mark.parametrize(
    ("engine", "pattern", "text"),
    [("re", r"(a|aa)+$", "letter"), ("regex", r"(?:\w+\s+)+x", "words")],
)
def test_a_slow_pattern_is_seen(engine: str, pattern: str, text: str) -> None:
    found = patterns.Found("load/x.py:1", "_X", engine, pattern, 0, False, ())
    assert patterns.growth(patterns.searcher(found), patterns.Adversary("", patterns.UNITS[text]).text)
