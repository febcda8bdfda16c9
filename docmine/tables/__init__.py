"""Find tables in a report, whatever their origin, and read what their columns and rows mean."""

from __future__ import annotations

from docmine.records import Check, Report, Table
from docmine.vocabulary import Vocabulary

__all__ = ["check_tables", "find_tables"]


def find_tables(report: Report, vocabulary: Vocabulary) -> tuple[Table, ...]:
    """The tables of a report in reading order."""
    return ()


def check_tables(report: Report, vocabulary: Vocabulary) -> tuple[Check, ...]:
    """The relations that the figures of the report's tables should satisfy, recomputed."""
    return ()
