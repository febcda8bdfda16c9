"""Find amounts and indicator values in the report's tables."""

from __future__ import annotations

from collections.abc import Iterator

from docmine.records import Amount, Facts, Indicator, Report
from docmine.vocabulary import Vocabulary

__all__ = ["find_table_rows"]


def find_table_rows(report: Report, facts: Facts, vocabulary: Vocabulary) -> Iterator[Amount | Indicator]:
    """Yield the amounts and indicator values in the report's tables."""
    return iter(())
