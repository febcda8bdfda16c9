"""What a document says of itself: kommun, issuing body, kind, year, period, title."""

from __future__ import annotations

from docmine.records import Facts, Report
from docmine.vocabulary import Vocabulary

__all__ = ["find_facts"]


def find_facts(report: Report, vocabulary: Vocabulary) -> Facts:
    """Facts of a segmented report; a field that the document does not support is None."""
    return Facts()
