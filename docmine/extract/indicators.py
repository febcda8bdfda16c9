"""Find values of indicators in running text."""

from __future__ import annotations

from collections.abc import Iterator

from docmine.records import Facts, Indicator, Report
from docmine.vocabulary import Vocabulary

__all__ = ["find_indicators"]


def find_indicators(report: Report, facts: Facts, vocabulary: Vocabulary) -> Iterator[Indicator]:
    """Yield the values of indicators in running text."""
    return iter(())
