"""Panels of indicators under one name for all kommuner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pandas as pd

from docmine.compare.figures import Headings, records
from docmine.compare.harmonise import Overrides, matches_of
from docmine.compare.panel import frame_of, merged
from docmine.desk import Source
from docmine.pipeline import Words

__all__ = ["INDICATORS", "indicators"]

#: the columns of a panel of indicators and their types
INDICATORS = {
    "kommun": "string", "kommun_code": "string", "body": "string", "part": "string", "year": "Int64", "period": "string", "name": "string",
    "group": "string", "measure": "string", "comparator": "string", "value": "Float64", "unit": "string", "original_name": "string",
    "match_score": "Float64", "kolada_id": "string", "kolada_title": "string", "kolada_score": "Float64", "kolada_source": "string",
    "indicator_id": "string", "doc_id": "string", "doc_type": "string", "page": "Int64", "quote": "string", "confidence": "Float64",
    "restated": "Int64", "conflict": "boolean",
}  # fmt: skip
_CELL = ("kommun", "kommun_code", "body", "part", "year", "period", "name", "group", "measure", "comparator", "unit")
_MATCH = ("name", "group", "match_score", "kolada_id", "kolada_title", "kolada_score", "kolada_source")


def indicators(
    source: Source | Iterable[Source], *, overrides: Overrides | None = None, kolada: bool = True, vocabulary: Words | None = None
) -> pd.DataFrame:
    """A panel of indicators: kommun × body × year × name × measure, one row a value.

    Parameters
    ----------
    source : Result, Store, path, or several of them
        Anything `docmine.desk.tables_of` takes.
    overrides : pandas.DataFrame or path, optional
        The table of `matches`, corrected.
    kolada : bool
        Whether names are linked to Kolada.
    vocabulary : str, path or Vocabulary, optional
        Words of one's own (``docs/vocabulary.md``), of which ``indicators.synonym`` counts here; ``overrides`` go before them.

    Returns
    -------
    pandas.DataFrame
        ``kommun``, ``kommun_code``, ``body``, ``part`` (the heading that tells tables apart where several of one report have the same
        name with other values), ``year`` (null where the report does not say), ``period``; ``name`` (harmonised), ``group``
        (women, men, girls or boys), ``measure`` (as in `docmine.schema.MEASURES`), ``comparator``, ``value``, ``unit`` (as in
        `docmine.schema.UNITS`); ``original_name`` and ``match_score``; ``kolada_id``, ``kolada_title``, ``kolada_score`` and
        ``kolada_source``, null where no link is good; ``indicator_id``, ``doc_id``, ``doc_type``, ``page``, ``quote``, ``confidence``;
        ``restated`` (how many other rows say the same) and ``conflict`` (true where rows say something else of the same year and
        measure; each value then has a row of its own).

    Raises
    ------
    UsageError
        If a source or the table of overrides is not there.
    """
    tables = merged(source)
    found = matches_of(tables, overrides=overrides, kolada=kolada, vocabulary=vocabulary)
    matched = {(row["kommun"], row["original_name"], row["unit"]): row for row in records(found)}
    documents = {row["doc_id"]: row for row in records(tables.documents)}
    cells: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in records(tables.indicators[tables.indicators["value"].notna()]):
        document = documents[row["doc_id"]]
        match = matched[document["kommun"], row["name"], row["unit"]]
        told = row | {name: document[name] for name in ("kommun", "kommun_code", "body", "doc_type")}
        told |= {name: match[name] for name in _MATCH} | {"original_name": row["name"]}
        told["part"] = None
        told["own_year"] = document["year"] == row["year"]
        if row["year"] is not None and row["period"] is None:
            told["period"] = str(row["year"])
        undated = row["doc_id"] if row["year"] is None else None  # what two reports say of no year is not of the same
        cells[(undated, *(told[name] for name in _CELL))].append(told)
    cells = _parted(cells, Headings(tables))
    panel = frame_of([row for stated in cells.values() for row in _distinct(stated)], INDICATORS)
    order = ["name", "group", "kommun", "body", "year", "period"]
    return panel.sort_values(order, kind="stable", na_position="first", ignore_index=True)


def _parted(cells: dict[tuple[Any, ...], list[dict[str, Any]]], headings: Headings) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    """The same cells, but those parted in which tables of one report say different things: their rows are of what stands above each."""
    parted: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for cell, stated in cells.items():
        tables = {row["table_id"]: row for row in stated if row["table_id"] is not None}
        differ = len({row["value"] for row in stated}) > 1 and len(tables) > 1 and len({row["doc_id"] for row in stated}) == 1
        names = headings.told_apart(tables) if differ else {}
        for row in stated:
            row["part"] = names.get(row["table_id"])
            parted[(*cell, row["part"])].append(row)
    return parted


def _distinct(stated: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The different values that are stated for one cell, each by its best row: the year's own report first, exact before rounded."""
    shown: list[dict[str, Any]] = []
    for row in sorted(stated, key=lambda r: (not r["own_year"], _slack(r), -(r["confidence"] or 0.0), r["doc_id"], r["start"])):
        known = next((other for other in shown if abs(other["value"] - row["value"]) <= max(_slack(other), _slack(row)) + 1e-9), None)
        if known is None:
            shown.append(row | {"restated": 0})
        else:
            known["restated"] += 1
    told = stated[0]["year"] is not None and stated[0]["measure"] is not None  # else they may be of different years, or things
    return [row | {"conflict": told and len(shown) > 1} for row in shown]


def _slack(row: dict[str, Any]) -> float:
    """Half the last digit that was printed where there are decimals; a whole number stands for itself."""
    decimals = (row["value_text"] or "").replace(".", ",").partition(",")[2]
    digits = len(decimals) - len(decimals.lstrip("0123456789"))
    return 0.5 * 10.0**-digits if digits else 0.0
