"""How many goals were reached, body by body and year by year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from docmine.compare.figures import records
from docmine.compare.panel import frame_of, merged
from docmine.desk import Source
from docmine.errors import UsageError
from docmine.records import fold
from docmine.schema import GOAL_LEVELS, STATUSES

__all__ = ["GOALS", "goals"]

_PLACE = {
    "kommun": "string",
    "kommun_code": "string",
    "body": "string",
    "year": "Int64",
    "period": "string",
    "doc_id": "string",
    "doc_type": "string",
}
#: the columns of the shares and their types
GOALS = {
    **_PLACE, **dict.fromkeys((*STATUSES, "no_status", "contradictory", "goals"), "Int64"), **{f"share_{s}": "Float64" for s in STATUSES},
    "pages": "string", "confidence": "Float64", "conflict": "boolean",
}  # fmt: skip
_ROWS = {
    **_PLACE, "goal_id": "string", "text": "string", "level": "string", "status": "string", "status_text": "string", "page": "Int64",
    "quote": "string", "confidence": "Float64", "restated": "Int64", "conflict": "boolean",
}  # fmt: skip


def goals(source: Source | Iterable[Source], *, levels: Sequence[str] = GOAL_LEVELS, form: str = "shares") -> pd.DataFrame:
    """Goal attainment of each body and year, a row a report.

    Parameters
    ----------
    source : Result, Store, path, or several of them
        Anything `docmine.desk.tables_of` takes.
    levels : sequence of str
        Only goals of these levels.
    form : {"shares", "rows"}
        Counts and shares, or the goals that are counted, each with its page and words.

    Returns
    -------
    pandas.DataFrame
        ``kommun``, ``kommun_code``, ``body``, ``year``, ``period``, ``doc_id``, ``doc_type``; a count for each status of
        `docmine.schema.STATUSES`, ``no_status``, ``contradictory`` (stated twice with different verdicts) and ``goals`` (all of them); a
        ``share_STATUS`` each, of the goals that have one verdict, missing where none has; ``pages``, the lowest ``confidence`` of the
        counted rows, and ``conflict`` where two reports of one body and year tell different counts. Reports are never added up.
        As rows: ``goal_id``, ``text``, ``level``, ``status``, ``status_text``, ``page``, ``quote``, ``confidence``, ``restated`` and
        ``conflict``.

    Raises
    ------
    UsageError
        If a source is not there, or a level or the form is unknown.
    """
    if unknown := set(levels) - set(GOAL_LEVELS):
        raise UsageError(f"unknown levels {', '.join(sorted(unknown))}", f"known are {', '.join(GOAL_LEVELS)}")
    if form not in ("shares", "rows"):
        raise UsageError(f"unknown form {form!r}", "known are shares, rows")
    tables = merged(source)
    wanted = tables.goals[tables.goals["level"].isin(levels)]
    stated: dict[str, list[dict[str, Any]]] = {str(doc): records(rows) for doc, rows in wanted.groupby("doc_id", sort=False)}
    rows: list[dict[str, Any]] = []
    for document in records(tables.documents[tables.documents["state"] != "failed"]):
        place = {name: document[name] for name in _PLACE}
        rows += [place | goal for goal in _distinct(stated.get(document["doc_id"], []))]
    listed = frame_of(rows, _ROWS)
    listed = listed.sort_values(["kommun", "body", "year", "period", "doc_id"], kind="stable", ignore_index=True)
    return listed if form == "rows" else _shares(listed)


def _distinct(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each goal of a document once for each verdict that it is given; the first to say it is kept."""
    found: dict[tuple[str, str | None], dict[str, Any]] = {}
    for row in rows:
        key = fold(row["text"]), row["status"]
        if key in found:
            found[key]["restated"] += 1
        else:
            found[key] = row | {"restated": 0}
    verdicts = Counter(text for text, status in found if status is not None)
    kept = {key: row for key, row in found.items() if key[1] is not None or not verdicts[key[0]]}
    return [row | {"conflict": verdicts[text] > 1} for (text, _), row in kept.items()]


def _shares(listed: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for key, group in listed.groupby(list(_PLACE), dropna=False, sort=False):
        sure = group[~group["conflict"]]
        counts = {status: int((sure["status"] == status).sum()) for status in STATUSES}
        judged = sum(counts.values())
        rows.append(
            dict(zip(_PLACE, key, strict=True))
            | counts
            | {f"share_{status}": count / judged if judged else None for status, count in counts.items()}
            | {
                "no_status": int(sure["status"].isna().sum()),
                "contradictory": group.loc[group["conflict"], "text"].str.casefold().nunique(),
                "pages": ", ".join(str(page) for page in sorted(group["page"].dropna().unique())) or None,
                "confidence": group["confidence"].min(),
            }
            | {"goals": group["text"].str.casefold().nunique()}
        )
    shares = frame_of(rows, GOALS)
    verdicts = shares[shares["share_achieved"].notna()]
    told = verdicts.groupby(["kommun", "body", "year", "period"], dropna=False)[list(STATUSES)].transform("nunique").max(axis=1)
    shares["conflict"] = (told > 1).reindex(shares.index, fill_value=False)
    return shares
