"""Find amounts of money in running text."""

from __future__ import annotations

from collections.abc import Iterator

from docmine.records import Amount, Facts, Report
from docmine.vocabulary import Vocabulary

__all__ = ["find_amounts"]


def find_amounts(report: Report, facts: Facts, vocabulary: Vocabulary) -> Iterator[Amount]:
    """Yield the amounts of money in running text."""
    return iter(())
