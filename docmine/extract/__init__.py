"""The extractors, one visible list. Each is a plain function from a segmented report to findings; none changes anything.

To add one: write a module with such a function, add it to `EXTRACTORS`, add its words to the vocabulary and its cases to the tests.
One of your own needs no place in the list: ``docmine.mine(…, extractors=[mine])``.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from docmine.extract.actions import find_actions
from docmine.extract.amounts import find_amounts
from docmine.extract.goals import find_goals
from docmine.extract.indicators import find_indicators
from docmine.extract.own import Extractor, checked
from docmine.extract.table_rows import find_table_rows
from docmine.link import link
from docmine.records import Facts, Finding, Report
from docmine.vocabulary import Vocabulary

__all__ = ["EXTRACTORS", "Extractor", "extract"]

EXTRACTORS: tuple[Extractor, ...] = (
    find_goals,
    find_actions,
    find_table_rows,
    find_amounts,
    find_indicators,
)


def extract(report: Report, facts: Facts, vocabulary: Vocabulary, more: Iterable[Extractor] = ()) -> tuple[Finding, ...]:
    """All findings of all extractors and some more, in reading order, goals tied to the actions and indicators that serve them."""
    found = (finding for extractor in EXTRACTORS for finding in extractor(report, facts, vocabulary))
    own = (checked(finding, extractor, report) for extractor in more for finding in extractor(report, facts, vocabulary))
    return link(chain(found, own), report)
