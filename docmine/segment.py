"""Report → the same report with its tables and its sections: what the text is made of."""

from __future__ import annotations

from dataclasses import replace

from docmine.records import Report, Section, Sections
from docmine.tables import find_tables
from docmine.vocabulary import Vocabulary

__all__ = ["find_sections", "segment"]


def segment(report: Report, vocabulary: Vocabulary) -> Report:
    """Find the tables, then the headings outside them; sections tile the text."""
    report = replace(report, tables=find_tables(report, vocabulary))
    return replace(report, sections=find_sections(report, vocabulary))


def find_sections(report: Report, vocabulary: Vocabulary) -> Sections:
    """The section tree of a report whose tables are known."""
    n = len(report.text)
    return Sections((Section(0, None, 1, None, "", "other", 0, 0, n, n, "preamble", 1.0),))
