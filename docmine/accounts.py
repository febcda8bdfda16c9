"""The canonical line codes of the rows of operating, income and cash flow statements, balance sheets and investment accounts.

With them kommuner can be compared line by line, whatever they call the line.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from docmine.records import Report, Table, fold
from docmine.titles import section_type
from docmine.vocabulary import Vocabulary

__all__ = ["line_code", "line_codes"]

_STATEMENTS = frozenset({"operating_statement", "income_statement", "balance_sheet", "cash_flow", "investments"})
_TELLING = 2  # so many different lines make a statement of a table whose title does not say that it is one
_BESIDE = regex.compile(r"\([^()]*\)|^[\s\W\d]+|[\s\d*:.]+$|,?\s*\b(?:tkr|mnkr|mkr|kkr|kr)\b", regex.IGNORECASE)


def line_codes(report: Report, table: Table, vocabulary: Vocabulary) -> dict[int, str]:
    """The code of each row of a table that is a line of a statement; empty where the table is none.

    Parameters
    ----------
    report : Report
        With its sections.
    table : Table
        One of its tables.
    vocabulary : Vocabulary
        With the file ``lines``.
    """
    found = {r: code for r, label in enumerate(table.rows) if r >= table.head_rows and (code := line_code(label, vocabulary)) is not None}
    if not found:
        return {}
    section = report.sections.at(table.start)
    said = {section_type(table.title or "", vocabulary), section.type if section is not None else "other"}
    return found if said & _STATEMENTS or len(set(found.values())) >= _TELLING else {}


@lru_cache(maxsize=4096)
def line_code(label: str, vocabulary: Vocabulary) -> str | None:
    """The code of a label: of the whole of it, or of what stands after its parents."""
    lines, part = vocabulary["lines", "line"], vocabulary["columns", "part"]
    for text in (label, label.rpartition(", ")[2]):
        words = fold(_BESIDE.sub(" ", text)).split()
        if words and part.code(words[0]) is not None:
            words = words[1:]
        if (code := lines.code(" ".join(words))) is not None:
            return code
    return None
