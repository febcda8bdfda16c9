"""The extractors, one visible list. Each is a plain function from a segmented report to findings; none changes anything.

To add one: write a module with such a function, add it to `EXTRACTORS`, add its words to the vocabulary and its cases to the tests.
One of your own needs no place in the list: ``docmine.mine(…, extractors=[mine])``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

from docmine.errors import UsageError
from docmine.extract.actions import find_actions
from docmine.extract.amounts import find_amounts
from docmine.extract.goals import find_goals
from docmine.extract.indicators import find_indicators
from docmine.extract.table_rows import find_table_rows
from docmine.link import link
from docmine.records import Amount, Facts, Finding, Report
from docmine.schema import MONEY_UNITS
from docmine.vocabulary import Vocabulary

__all__ = ["EXTRACTORS", "Extractor", "extract"]

Extractor = Callable[[Report, Facts, Vocabulary], Iterable[Finding]]

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
    own = (_checked(finding, extractor, report) for extractor in more for finding in extractor(report, facts, vocabulary))
    return link(chain(found, own), report)


def _checked(finding: Finding, extractor: Extractor, report: Report) -> Finding:
    """What an extractor that is not docmine's own has found; it has a place in the text, and a unit that can be reckoned with."""
    name = getattr(extractor, "__name__", repr(extractor))
    if not isinstance(finding, Finding):
        raise UsageError(f"{name} yields a {type(finding).__name__}", "yield findings of docmine.records: Goal, Action, Indicator, Amount")
    if not 0 <= finding.start < finding.end <= len(report.text):
        place = f"{type(finding).__name__} at {finding.start}:{finding.end}"
        raise UsageError(
            f"{name} yields a {place} of a text of {len(report.text)} characters", "start and end count characters of report.text"
        )
    if isinstance(finding, Amount) and finding.unit not in MONEY_UNITS:
        raise UsageError(f"{name} yields an Amount in the unit {finding.unit!r}", f"known are {', '.join(MONEY_UNITS)}")
    return finding
