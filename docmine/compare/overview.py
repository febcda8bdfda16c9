"""Net cost, deviation and goal attainment of each report, with where they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pandas as pd

from docmine.compare.figures import Figure, figures, records
from docmine.compare.goals import goals
from docmine.compare.panel import distinct, frame_of, merged
from docmine.desk import Source

__all__ = ["overview"]

_PLACE = {
    "kommun": "string", "kommun_code": "string", "body": "string", "part": "string", "year": "Int64", "period": "string",
    "doc_id": "string", "doc_type": "string",
}  # fmt: skip
_SAID = {
    "line": "string",
    "kind": "string",
    "sek": "Float64",
    "page": "Int64",
    "quote": "string",
    "confidence": "Float64",
    "amount_id": "string",
}
_GOALS = ("goals", "achieved", "partly_achieved", "not_achieved", "no_status")
_COLUMNS = {
    **_PLACE, **{f"{what}_{name}": dtype for what in ("net", "deviation") for name, dtype in _SAID.items()},
    **dict.fromkeys(_GOALS, "Int64"), "share_achieved": "Float64", "goal_pages": "string", "conflicts": "string",
}  # fmt: skip
_LINES = ("net_cost", "result")
#: the first of these that a report has is its net, or its deviation
_NET = [(kind, line) for kind in ("outcome", "forecast", "budget") for line in _LINES]
_DEVIATION = [(kind, line) for kind in ("deviation", "forecast_deviation") for line in _LINES]

Cells = dict[tuple[str, str], list[tuple[dict[str, Any], Figure, int]]]


def overview(source: Source | Iterable[Source]) -> pd.DataFrame:
    """The table of each report's net cost, deviation and goal attainment; a row a report, or a row a part where it has no net of the whole.

    Parameters
    ----------
    source : Result, Store, path, or several of them
        Anything `docmine.desk.tables_of` takes.

    Returns
    -------
    pandas.DataFrame
        ``kommun``, ``kommun_code``, ``body``, ``part`` (null for the whole body), ``year``, ``period``, ``doc_id``, ``doc_type``; ``net_*``
        and ``deviation_*``: ``line`` (``net_cost`` before ``result``), ``kind`` (outcome before forecast before budget), ``sek``
        (kronor, as printed; a deviation is worse as negative), ``page``, ``quote``, ``confidence``, ``amount_id``; ``goals`` and how many
        have which verdict, ``share_achieved`` (of those with a verdict), ``goal_pages``; ``conflicts`` names a figure that the report
        gives two values for, which is left missing. What a report does not say is missing.
    """
    tables = merged(source)
    reached = {row["doc_id"]: row for row in records(goals(tables))}
    found = {document["doc_id"]: its for document, its in figures(tables)}
    rows = []
    for document in records(tables.documents[tables.documents["state"] != "failed"]):
        place = {name: document.get(name) for name in _PLACE}
        counted = reached.get(document["doc_id"], {})
        told = {name: counted.get(name) for name in (*_GOALS, "share_achieved")} | {"goal_pages": counted.get("pages")}
        nets = [figure for figure in found.get(document["doc_id"], []) if figure.line in _LINES and figure.year == document["year"]]
        rows.append(place | _net(document, [figure for figure in nets if figure.part is None]) | told)
        if rows[-1].get("net_sek") is None and not rows[-1]["conflicts"]:
            parts = dict.fromkeys(figure.part for figure in nets if figure.part is not None)
            rows += [place | {"part": part} | _net(document, [figure for figure in nets if figure.part == part]) for part in parts]
    return frame_of(rows, _COLUMNS).sort_values(["kommun", "body", "year", "period", "doc_id"], kind="stable", ignore_index=True)


def _net(document: dict[str, Any], stated: list[Figure]) -> dict[str, Any]:
    """The net and the deviation among the figures of a body or a part."""
    cells: Cells = defaultdict(list)
    periods = [document["period"], str(document["year"])]
    for period in dict.fromkeys([*filter(None, periods), *(f.period for f in stated)]):  # the report's own period before others
        for kind, line in [*_NET, *_DEVIATION]:
            same = [(document, f) for f in stated if (f.kind, f.line, f.period) == (kind, line, period)]
            if same and (kind, line) not in cells:
                cells[kind, line] = distinct(same)
    row: dict[str, Any] = {}
    conflicts = []
    for what, order in (("net", _NET), ("deviation", _DEVIATION)):
        chosen = next((key for key in order if key in cells), None)
        if chosen is None:
            continue
        if len(cells[chosen]) > 1:
            conflicts.append(f"{what}: " + " | ".join(f"{f.value:.10g} (page {f.row['page']})" for _, f, _ in cells[chosen]))
            continue
        figure = cells[chosen][0][1]
        said = figure.row | {"line": figure.line, "kind": figure.kind, "sek": figure.value}
        row |= {f"{what}_{name}": said[name] for name in _SAID}
    return row | {"conflicts": "; ".join(conflicts) or None}
