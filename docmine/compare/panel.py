"""One figure for each cell of a panel, with the row that it comes from; what contradicts itself is shown, never averaged."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Any

import pandas as pd

from docmine.archive.store import Store
from docmine.compare.figures import Figure, figures
from docmine.compare.population import Population, PopulationTable
from docmine.desk import Source, tables_of
from docmine.errors import UsageError
from docmine.result import Result

__all__ = ["AMOUNTS", "SIGNS", "amounts", "distinct", "frame_of", "merged", "wide"]

#: the columns of a panel of amounts and their types
AMOUNTS = {
    "kommun": "string", "kommun_code": "string", "body": "string", "part": "string", "year": "Int64", "period": "string", "line": "string",
    "kind": "string", "value_sek": "Float64", "per_inhabitant": "Float64", "population": "Int64", "population_year": "Int64",
    "population_source": "string", "label": "string", "doc_id": "string", "doc_type": "string", "amount_id": "string", "table_id": "string",
    "page": "Int64", "quote": "string", "confidence": "Float64", "restated": "Int64", "conflict": "boolean",
}  # fmt: skip
_COSTS = frozenset(
    {"staff_cost", "premises_cost", "capital_cost", "purchases", "other_cost", "depreciation", "total_cost", "financial_cost"}
)
_INCOMES = frozenset({"revenue", "fees", "grants", "appropriation", "tax_revenue"})
_PRINTED = frozenset({"outcome", "budget", "forecast", "plan"})
SIGNS = ("printed", "uniform")


def amounts(source: Source | Iterable[Source], *, population: PopulationTable | None = None, signs: str = "printed") -> pd.DataFrame:
    """A panel of amounts: kommun × body × year × line × kind, one row a figure.

    Parameters
    ----------
    source : Result, Store, path, or several of them
        Anything `docmine.desk.tables_of` takes.
    population : pandas.DataFrame or path, optional
        A table of one's own: ``kommun_code`` (or ``kommun``), ``year``, ``population``.
    signs : {"printed", "uniform"}
        Statements print costs as negative, as positive, or all without sign. ``uniform`` shows costs and net costs as positive, income
        as positive and a surplus as positive, wherever the statement itself tells how it prints them; a deviation is worse as
        negative in either case.

    Returns
    -------
    pandas.DataFrame
        ``kommun``, ``kommun_code``, ``body``; ``part`` (the part of the body, null for the whole of it); ``year``, ``period`` (the year
        itself for a whole year); ``line`` (as in `docmine.schema.LINES`), ``kind`` (as in `docmine.schema.AMOUNT_KINDS`);
        ``value_sek`` (kronor); ``per_inhabitant`` (kronor) with the ``population`` it was divided by, its ``population_year`` and
        ``population_source``; where it stands: ``label``, ``doc_id``, ``doc_type``, ``amount_id``, ``table_id`` (null in prose), ``page``,
        ``quote``, ``confidence``; ``restated`` (how many other rows say the same) and ``conflict`` (true where rows say something else:
        then each value has a row of its own).

    Raises
    ------
    UsageError
        If a source or the table of population is not there, or ``signs`` is unknown.
    """
    if signs not in SIGNS:
        raise UsageError(f"unknown signs {signs!r}", f"known are {', '.join(SIGNS)}")
    people = Population(population)
    cells: dict[tuple[Hashable, ...], list[tuple[dict[str, Any], Figure]]] = defaultdict(list)
    for document, found in figures(merged(source)):
        who = document["kommun"], document["kommun_code"], document["body"]
        for figure in found:
            cells[(*who, figure.part, figure.year, figure.period, figure.line, figure.kind)].append((document, figure))
    rows = []
    for place, stated in cells.items():
        shown = distinct(stated)
        for document, figure, again in shown:
            inhabitants = people.of(document["kommun_code"], document["kommun"], figure.year)
            rows.append(
                dict(zip(AMOUNTS, place, strict=False))
                | {
                    "value_sek": figure.value,
                    "doc_type": document["doc_type"],
                    "restated": again,
                    "conflict": len(shown) > 1,
                    "population": inhabitants and inhabitants[0],
                    "population_year": inhabitants and inhabitants[1],
                    "population_source": inhabitants and inhabitants[2],
                    **{name: figure.row[name] for name in ("label", "doc_id", "amount_id", "table_id", "page", "quote", "confidence")},
                }
            )
    panel = frame_of(rows, AMOUNTS)
    if signs == "uniform":
        panel["value_sek"] *= _flips(panel)
    panel["per_inhabitant"] = panel["value_sek"] / panel["population"]
    return panel.sort_values(["kommun", "body", "part", "year", "period"], kind="stable", na_position="first", ignore_index=True)


def distinct(stated: list[tuple[dict[str, Any], Figure]]) -> list[tuple[dict[str, Any], Figure, int]]:
    """The different values that are stated for one cell, each by its best row, and how many others say the same."""
    shown: list[tuple[dict[str, Any], Figure, int]] = []
    for document, figure in sorted(stated, key=_best):
        for i, (source, known, again) in enumerate(shown):
            if figure.agrees(known):
                shown[i] = (source, known, again + 1)
                break
        else:
            shown.append((document, figure, 0))
    return shown


def _best(stated: tuple[dict[str, Any], Figure]) -> tuple[Any, ...]:
    """The year's own report before later ones, totals and tables before sentences, exact before rounded, surer before doubtful."""
    document, figure = stated
    row = figure.row
    own_year = document["year"] == figure.year
    return not own_year, figure.rank, figure.slack, -(row["confidence"] or 0.0), row["doc_id"], row["start"]


def merged(source: Source | Iterable[Source]) -> Result:
    """The tables of one source, or of several one after the other."""
    if isinstance(source, Result | Store | str | os.PathLike):
        return tables_of(source)
    results = [tables_of(one) for one in source]
    if not results:
        raise UsageError("there is no source", "name a store, a folder of tables or a report")
    return Result({name: pd.concat([r.frames[name] for r in results], ignore_index=True) for name in results[0].frames})


def frame_of(rows: list[dict[str, Any]], columns: dict[str, str]) -> pd.DataFrame:
    """A frame of just these columns in their types; what a row lacks is missing."""
    frame = pd.DataFrame(rows, columns=list(columns), dtype=object)
    return frame.astype(columns)


def _flips(panel: pd.DataFrame) -> pd.Series:
    """1 or -1 for each row: what turns the sign that its statement prints into the uniform one."""
    flips = pd.Series(1.0, index=panel.index, dtype="Float64")
    for _, rows in panel[panel["kind"].isin(_PRINTED)].groupby(["doc_id", "table_id"]):
        costs, incomes = (_sign(rows[rows["line"].isin(lines)]["value_sek"]) for lines in (_COSTS, _INCOMES))
        if costs < 0:
            flips[rows.index[rows["line"].isin(_COSTS | {"net_cost"})]] = -1.0
        elif incomes < 0 < costs:
            flips[rows.index[rows["line"].isin(_INCOMES | {"result"})]] = -1.0
    return flips


def _sign(values: pd.Series) -> int:
    """Of most of the values."""
    return int(((values > 0).sum() > (values < 0).sum()) * 2 - 1) if (values != 0).any() else 0


def wide(panel: pd.DataFrame, *, value: str | None = None) -> pd.DataFrame:
    """A panel of amounts or of indicators with a column for each measure: one row a kommun, body, (part,) year and period.

    Parameters
    ----------
    panel : pandas.DataFrame
        As `amounts` or `indicators` gives it.
    value : str, optional
        The column that fills the cells: ``value_sek`` or ``per_inhabitant`` of amounts, ``value`` of indicators.

    Returns
    -------
    pandas.DataFrame
        The columns of the row's place; a column ``LINE_KIND`` (or ``NAME, GROUP, MEASURE, UNIT``) each, missing where no report says it or
        where reports contradict each other; and ``conflicts``, which names such cells with all their values.

    Raises
    ------
    UsageError
        If the panel has no such column.
    """
    money = "line" in panel
    value = value or ("value_sek" if money else "value")
    if value not in panel or not pd.api.types.is_float_dtype(panel[value]):
        raise UsageError(f"the panel has no figures {value!r}", "known are value_sek and per_inhabitant of amounts, value of indicators")
    place = [name for name in ("kommun", "kommun_code", "body", "part", "year", "period") if name in panel]
    heads = panel["line"] + "_" + panel["kind"] if money else _heads(panel)
    rows = []
    for key, group in panel.groupby(place, dropna=False, sort=False):
        cells: dict[str, list[float]] = {}
        for head, figure in zip(heads[group.index], group[value].astype(object), strict=True):
            cells.setdefault(head, []).append(figure)
        told = [f"{head}: " + " | ".join(f"{v:.10g}" for v in these if pd.notna(v)) for head, these in cells.items() if len(these) > 1]
        single = {head: these[0] for head, these in cells.items() if len(these) == 1}
        rows.append(dict(zip(place, key, strict=True)) | single | {"conflicts": "; ".join(told) or None})
    types = {name: AMOUNTS[name] for name in place} | dict.fromkeys(dict.fromkeys(heads), "Float64") | {"conflicts": "string"}
    return frame_of(rows, types)


def _heads(panel: pd.DataFrame) -> pd.Series:
    """What tells the columns of indicators apart."""
    parts = panel[["name", "group", "measure", "comparator", "unit"]].astype(object)
    return parts.apply(lambda row: ", ".join(part for part in row if isinstance(part, str)), axis=1).astype("string")
