"""Find tables in a report, whatever their origin, and read what their columns and rows mean."""

from __future__ import annotations

from dataclasses import replace

from docmine.records import Report, Table
from docmine.tables.arithmetic import check_tables
from docmine.tables.flattened import find_flattened
from docmine.tables.listed import find_listed
from docmine.tables.pdf import find_pdf
from docmine.tables.spaced import spread_out
from docmine.tables.tabbed import find_tabbed
from docmine.vocabulary import Vocabulary

__all__ = ["check_tables", "find_tables"]


def find_tables(report: Report, vocabulary: Vocabulary) -> tuple[Table, ...]:
    """The tables of a report in reading order; one that was told by its lines, tabs or boxes outweighs one read from running text."""
    told = [*find_pdf(spread_out(report), vocabulary), *find_tabbed(report, vocabulary)]
    for run_in in (find_listed(report, vocabulary), find_flattened(report, vocabulary)):
        told += [t for t in run_in if not any(t.start < o.end and o.start < t.end for o in told)]
    return tuple(replace(table, index=i) for i, table in enumerate(sorted(told, key=lambda t: (t.start, t.end))))
