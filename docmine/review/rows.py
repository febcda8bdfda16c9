"""The rows that are reviewed, which of their columns may be corrected, and the key by which a decision finds its row again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from typing import Any, NamedTuple

import pandas as pd

from docmine.schema import MONEY_UNITS, TABLES, Field

__all__ = ["DECISIONS", "REVIEWED", "Correctable", "row_keys"]

DECISIONS = ("accept", "correct", "reject")


class Correctable(NamedTuple):
    """A table that is reviewed: the column of its ids, what may be corrected, and what of that is never empty."""

    id: str
    columns: tuple[str, ...]
    required: frozenset[str]

    def fields(self, table: str) -> list[Field]:
        """The columns that may be corrected, with the codes that may be given for them."""
        known = {field.name: field for field in TABLES[table]}
        fields = [known[name] for name in self.columns]
        if table == "indicators":  # what is told in tkr or mnkr is given so, and kept in SEK
            fields = [f._replace(codes=f.codes + tuple(MONEY_UNITS)) if f.name == "unit" else f for f in fields]
        return fields


REVIEWED: dict[str, Correctable] = {
    "amounts": Correctable(
        "amount_id", ("label", "kind", "year", "period", "value", "unit"), frozenset({"label", "kind", "value", "unit"})
    ),
    "indicators": Correctable(
        "indicator_id", ("name", "measure", "year", "period", "value", "unit", "comparator", "status"), frozenset({"name", "measure"})
    ),
    "goals": Correctable("goal_id", ("text", "level", "status"), frozenset({"text", "level"})),
    "actions": Correctable("action_id", ("text", "type", "status", "responsible"), frozenset({"text", "type"})),
    "sections": Correctable("section_id", ("title", "type"), frozenset({"title", "type"})),
    # of the cells only those are shown whose figure fails a check and is no row of another table
    "cells": Correctable("table_id", ("value",), frozenset()),
}


def row_keys(table: str, frame: pd.DataFrame, gone: Container[str] = ()) -> list[str]:
    """The key of each row: document, table, characters, and a number that tells rows at the same place apart.

    Parameters
    ----------
    table : str
        Name of the table.
    frame : pandas.DataFrame
        The table; rows at the same place must be in the order in which they were mined.
    gone : container of str
        Keys of rows that were rejected from it before, so that those left keep theirs.
    """
    taken: Counter[Any] = Counter()
    keys = []
    for place in zip(frame["doc_id"], frame["start"], frame["end"], strict=True):
        doc_id, start, end = place
        while (key := f"{doc_id}:{table}:{start}-{end}:{taken[place]}") in gone:
            taken[place] += 1
        taken[place] += 1
        keys.append(key)
    return keys
