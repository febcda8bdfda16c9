"""Findings → tidy tables in the contract's columns: ids, sections, pages, boxes, quotes, kronor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from docmine.accounts import line_codes
from docmine.errors import SchemaError
from docmine.load.repair import REPAIRED
from docmine.records import Action, Amount, Cell, Check, Facts, Finding, Goal, Indicator, Report, Section, Table, fold
from docmine.schema import MONEY_UNITS, TABLES
from docmine.vocabulary import load_vocabulary

__all__ = ["Rows", "failed", "frames", "normalize", "typed"]

Row = dict[str, Any]
Rows = dict[str, list[Row]]


#: Arrow checks the type of every value; the arrays are then made column by column, which costs a third of `to_pandas`
_ARROW = {"string": pa.large_string(), "Int64": pa.int64(), "Float64": pa.float64(), "boolean": pa.bool_()}
_PANDAS: dict[str, Any] = {"string": pd.StringDtype(), "Int64": pd.Int64Dtype(), "Float64": pd.Float64Dtype(), "boolean": pd.BooleanDtype()}
_NUMBERS: dict[str, tuple[type, Any]] = {"Int64": (np.int64, pd.arrays.IntegerArray), "Float64": (np.float64, pd.arrays.FloatingArray)}


def typed(name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as a frame with the columns and dtypes of the contract.

    Raises
    ------
    SchemaError
        If a value does not fit its column's type or its closed list of codes.
    """
    rows = list(rows)
    return _frame(name, rows) if rows else _empty(name).copy(deep=False)


@lru_cache(maxsize=len(TABLES))
def _empty(name: str) -> pd.DataFrame:
    return _frame(name, [])


def _frame(name: str, rows: list[Mapping[str, Any]]) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for field in TABLES[name]:
        values = [row.get(field.name) for row in rows]
        try:
            columns[field.name] = _column(values, field.dtype)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise SchemaError(f"{name}.{field.name}: {error}") from error
        odd = sorted({v for v in values if v is not None}.difference(field.codes)) if field.codes else []
        if odd:
            raise SchemaError(f"{name}.{field.name} has the unknown code {odd[0]!r}", f"known are {', '.join(field.codes)}")
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)), copy=False)


def _column(values: list[Any], dtype: str) -> Any:
    array = pa.array(values, type=_ARROW[dtype])
    if dtype not in _NUMBERS or not values:
        return _PANDAS[dtype].__from_arrow__(array)
    kind, masked = _NUMBERS[dtype]
    return masked(np.frombuffer(array.buffers()[1], kind, len(values)).copy(), np.array([v is None for v in values]))


def failed(source: str, sha256: str | None, error: str) -> Rows:
    """The rows of a file that could not be read: one in ``documents``."""
    doc = {"doc_id": sha256[:16] if sha256 else None, "source": source, "sha256": sha256, "state": "failed", "error": error}
    return {"documents": [doc]}


def frames(parts: Iterable[Rows]) -> dict[str, pd.DataFrame]:
    """The rows of several documents as frames, ordered by doc_id, so that the order of the files does not matter.

    A document that comes twice, as the same file under two names, keeps both rows in ``documents`` and its other rows once.
    """
    rows: dict[str, list[Row]] = {name: [] for name in TABLES}
    seen: set[str | None] = set()
    for part in sorted(parts, key=lambda part: tuple(str(part["documents"][0][key]) for key in ("doc_id", "source"))):
        doc_id = part["documents"][0]["doc_id"]
        for name in part if doc_id is None or doc_id not in seen else ("documents",):
            rows[name] += part[name]
        seen.add(doc_id)
    return {name: typed(name, rows[name]) for name in TABLES}


def normalize(report: Report, facts: Facts, findings: Iterable[Finding], checks: Iterable[Check] = ()) -> Rows:
    """The rows of one document's tables.

    Parameters
    ----------
    report : Report
        With its sections and tables.
    facts : Facts
        What the document says of itself.
    findings : iterable of Finding
        In reading order.
    checks : iterable of Check
        Recomputed relations of the report's tables.

    Returns
    -------
    dict of str to list of dict
        The rows of each table in `docmine.schema.TABLES`, keyed by column; `frames` types them.
    """
    doc, text = report.doc_id, report.text
    section_ids: dict[int | None, str] = {s.index: f"{doc}-s{s.index:04d}" for s in report.sections if s.rule != "preamble"}
    table_ids: dict[int | None, str] = {t.index: f"{doc}-t{t.index:04d}" for t in report.tables}

    def source(start: int, end: int, method: str, confidence: float) -> Row:
        page = report.page_at(start)
        box = report.box(start, end) if page and page.words else None
        sure = report.certainty(start, end) if page and page.confidences else 1.0
        x0, top, x1, bottom = map(round, box, (2, 2, 2, 2)) if box else (None, None, None, None)
        return {
            "doc_id": doc,
            "page": page.number if page else None,
            "start": start,
            "end": end,
            "x0": x0,
            "top": top,
            "x1": x1,
            "bottom": bottom,
            "quote": text[start:end],
            "method": method,
            "confidence": round(min(max(confidence, 0.0), 1.0) * sure, 4),
        }

    rows: Rows = {name: [] for name in TABLES}
    rows["documents"].append(_document(report, facts))
    for s in report.sections:
        if s.rule == "preamble":  # text before the first heading: a section of the report, but nobody's heading
            continue
        heading_end = s.start + len(text[s.start : s.body_start].rstrip())
        first, last = report.page_at(s.start), report.page_at(max(s.start, s.subtree_end - 1))
        rows["sections"].append(
            _fields(s)
            | source(s.start, heading_end, "rule", s.confidence)
            | {"section_id": section_ids[s.index], "parent_id": section_ids.get(s.parent), "order": s.index}
            | {"page_start": first.number if first else None, "page_end": last.number if last else None}
        )
    findings = list(findings)
    goal_ids: dict[int | None, str] = {}
    for finding in findings:
        if isinstance(finding, Goal):
            goal_ids.setdefault(finding.start, f"{doc}-g{len(goal_ids):04d}")
    indicator_ids: dict[tuple[str, str | None, str | None], str] = {}
    for f in findings:
        row = _fields(f) | source(f.start, f.end, f.method, f.confidence)
        section = report.sections.at(f.start)
        row["section_id"] = section_ids.get(section.index) if section else None
        match f:
            case Goal():
                row |= {"goal_id": goal_ids[f.start], "parent_id": goal_ids.get(f.parent)}
                rows["goals"].append(row)
            case Action():
                row |= {"action_id": f"{doc}-a{len(rows['actions']):04d}", "goal_id": goal_ids.get(f.goal)}
                rows["actions"].append(row)
            case Indicator():
                goal = goal_ids.get(f.goal)
                same = indicator_ids.setdefault((fold(f.name), f.unit, goal), f"{doc}-i{len(indicator_ids):04d}")
                row |= {"indicator_id": same, "goal_id": goal, "table_id": table_ids.get(f.table)}
                rows["indicators"].append(row)
            case Amount():
                value_sek = round(f.value * MONEY_UNITS[f.unit], 2)
                row |= {"amount_id": f"{doc}-m{len(rows['amounts']):04d}", "table_id": table_ids.get(f.table), "value_sek": value_sek}
                rows["amounts"].append(row)
            case _:
                raise SchemaError(f"{type(f).__name__} is no kind of finding that has a table")
    vocabulary = load_vocabulary()
    lines = {t.index: line_codes(report, t, vocabulary) for t in report.tables}
    for amount in rows["amounts"]:
        amount["line"] = lines.get(amount.pop("table"), {}).get(amount["row"])
    for t in report.tables:
        section = report.sections.at(t.start)
        at = {"table_id": table_ids[t.index], "section_id": section_ids.get(section.index) if section else None}
        rows["tables"].append(_fields(t) | source(t.start, t.end, "table", t.confidence) | at)
        for c in t.cells:
            row = source(c.start, c.end, "table", min(t.confidence, c.confidence))
            row |= {"table_id": at["table_id"], "row": c.row, "col": c.col, "text": c.text, "value": c.value}
            row |= {"alternative": c.alternative, "line": lines[t.index].get(c.row)}
            row["row_label"], row["col_label"] = t.rows[c.row] or None, t.columns[c.col].head or None
            rows["cells"].append(row)
    places: dict[int, dict[tuple[int, int], Cell]] = {}
    for check in checks:
        table = report.tables[check.table]
        if check.table not in places:  # of cells that share a place the first holds the figure
            places[check.table] = {(c.row, c.col): c for c in reversed(table.cells)}
        place = places[check.table][check.row, check.col]
        rows["checks"].append(
            check._asdict()
            | source(place.start, place.end, "table", table.confidence)
            | {"table_id": table_ids[check.table], "difference": round(check.found - check.expected, 6)}
        )
    return rows


@lru_cache(maxsize=32)
def _reader(kind: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = tuple(kind.__dataclass_fields__)
    return names, attrgetter(*names)


def _fields(value: Finding | Section | Table) -> Row:
    kind: Any = type(value)
    names, read = _reader(kind)
    return dict(zip(names, read(value), strict=True))


def _document(report: Report, facts: Facts) -> Row:
    numbered = [p.number for p in report.pages if p.number is not None]
    # of a file that had to be mended something may be lost though no page is
    partial = any(p.state in ("scanned", "damaged") for p in report.pages) or any(note.startswith(REPAIRED) for note in report.notes)
    return {
        "doc_id": report.doc_id,
        "source": report.source,
        "sha256": report.sha256,
        "kommun": facts.kommun,
        "kommun_code": facts.kommun_code,
        "body": facts.body,
        "doc_type": facts.doc_type,
        "year": facts.year,
        "period": facts.period,
        "title": facts.title,
        "pages": len(numbered) or None,
        "text_layer": report.text_layer,
        "state": "partial" if partial else "ok",
        "error": "; ".join(report.notes) or None,
    }
