"""Find stated goals."""

from __future__ import annotations

from collections.abc import Iterator

from docmine.records import Facts, Goal, Report
from docmine.vocabulary import Vocabulary

__all__ = ["find_goals"]


def find_goals(report: Report, facts: Facts, vocabulary: Vocabulary) -> Iterator[Goal]:
    """Yield the stated goals."""
    return iter(())
