"""The order of the stages: load → segment → extract → normalize."""

from __future__ import annotations

import pandas as pd

from docmine.extract import extract
from docmine.facts import find_facts
from docmine.load import Source, load
from docmine.normalize import normalize
from docmine.records import Report
from docmine.segment import segment
from docmine.tables import check_tables
from docmine.vocabulary import load_vocabulary

__all__ = ["mine_report", "read"]


def read(source: Source) -> Report:
    """Read one report: its text, pages, lines, tables and sections, with the place of every character."""
    return segment(load(source), load_vocabulary())


def mine_report(report: Report) -> dict[str, pd.DataFrame]:
    """The tables of a report that has been read."""
    vocabulary = load_vocabulary()
    facts = find_facts(report, vocabulary)
    return normalize(report, facts, extract(report, facts, vocabulary), check_tables(report, vocabulary))
