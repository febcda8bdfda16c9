"""Findings → tidy tables in the contract's columns: ids, sections, pages, boxes, quotes, kronor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from docmine.accounts import line_codes
from docmine.errors import SchemaError
from docmine.load.repair import REPAIRED
from docmine.records import Action, Amount, Cell, Check, Facts, Finding, Goal, Indicator, Report, fold
from docmine.schema import MONEY_UNITS, TABLES
from docmine.vocabulary import Vocabulary

__all__ = ["Rows", "failed", "frames", "normalize", "typed"]

#: the values of a row in the order of its table's columns; a report has many rows, and a tuple is a fifth of a dict
Row = tuple[Any, ...]
Rows = dict[str, list[Row]]

#: Arrow checks the type of every value; the arrays are then made column by column, which costs a third of `to_pandas`
_ARROW = {"string": pa.large_string(), "Int64": pa.int64(), "Float64": pa.float64(), "boolean": pa.bool_()}
_PANDAS: dict[str, Any] = {"string": pd.StringDtype(), "Int64": pd.Int64Dtype(), "Float64": pd.Float64Dtype(), "boolean": pd.BooleanDtype()}
_NUMBERS: dict[str, tuple[type, Any]] = {"Int64": (np.int64, pd.arrays.IntegerArray), "Float64": (np.float64, pd.arrays.FloatingArray)}
_NO_BOX = (None, None, None, None)


def typed(name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as a frame with the columns and dtypes of the contract.

    Raises
    ------
    SchemaError
        If a value does not fit its column's type or its closed list of codes.
    """
    return _frame(name, [_ordered(name, row) for row in rows])


def _ordered(name: str, row: Mapping[str, Any]) -> Row:
    return tuple(row.get(field.name) for field in TABLES[name])


def _frame(name: str, rows: list[Row]) -> pd.DataFrame:
    if not rows:
        return _empty(name).copy(deep=False)
    columns: dict[str, Any] = {}
    for field, values in zip(TABLES[name], zip(*rows, strict=True), strict=True):
        try:
            columns[field.name] = _column(values, field.dtype)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise SchemaError(f"{name}.{field.name}: {error}") from error
        odd = set(values).difference(field.codes, (None,)) if field.codes else ()
        if odd:
            raise SchemaError(f"{name}.{field.name} has the unknown code {min(odd)!r}", f"known are {', '.join(field.codes)}")
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)), copy=False)


@lru_cache(maxsize=len(TABLES))
def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame({field.name: _column((), field.dtype) for field in TABLES[name]}, copy=False)


def _column(values: Sequence[Any], dtype: str) -> Any:
    array = pa.array(values, type=_ARROW[dtype])
    if dtype not in _NUMBERS or not values:
        return _PANDAS[dtype].__from_arrow__(array)
    kind, masked = _NUMBERS[dtype]
    missing = array.is_null().to_numpy(zero_copy_only=False) if array.null_count else np.zeros(len(values), bool)
    return masked(np.frombuffer(array.buffers()[1], kind, len(values)).copy(), missing)


def failed(source: str, sha256: str | None, error: str) -> Rows:
    """The rows of a file that could not be read: one in ``documents``."""
    doc = {"doc_id": sha256[:16] if sha256 else None, "source": source, "sha256": sha256, "state": "failed", "error": error}
    return {"documents": [_ordered("documents", doc)]}


def frames(parts: Iterable[Rows]) -> dict[str, pd.DataFrame]:
    """The rows of several documents as frames, ordered by doc_id, so that the order of the files does not matter.

    A document that comes twice, as the same file under two names, keeps both rows in ``documents`` and its other rows once.
    """
    rows = _merged(parts)
    # what is typed need not be kept as rows: of long reports both together fill much memory
    return {name: _frame(name, rows.pop(name)) for name in TABLES}


def _merged(parts: Iterable[Rows]) -> Rows:
    rows: Rows = {name: [] for name in TABLES}
    seen: set[str] = set()
    for part in sorted(parts, key=_identity):
        doc_id, _ = _identity(part)
        for name in part if doc_id == "None" or doc_id not in seen else ("documents",):
            rows[name] += part[name]
        seen.add(doc_id)
    return rows


def _identity(part: Rows) -> tuple[str, str]:
    """The doc_id and the source of a document's rows."""
    doc_id, source, *_ = part["documents"][0]
    return str(doc_id), str(source)


def normalize(report: Report, facts: Facts, findings: Iterable[Finding], checks: Iterable[Check], vocabulary: Vocabulary) -> Rows:
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
    vocabulary : Vocabulary
        With the lines of the statements.

    Returns
    -------
    dict of str to list of tuple
        The rows of each table in `docmine.schema.TABLES`, each with its values in the order of the columns; `frames` types them.
    """
    doc, text = report.doc_id, report.text
    section_ids: dict[int | None, str] = {s.index: f"{doc}-s{s.index:04d}" for s in report.sections if s.rule != "preamble"}
    table_ids: dict[int | None, str] = {t.index: f"{doc}-t{t.index:04d}" for t in report.tables}

    def source(start: int, end: int, method: str, confidence: float) -> Row:
        """The columns that all tables but ``documents`` begin with."""
        page = report.page_at(start)
        number, confidence = None, min(max(confidence, 0.0), 1.0)
        box: Row = _NO_BOX
        if page is not None:
            number = page.number
            if page.words and (found := report.box(start, end)) is not None:
                x0, top, x1, bottom = found
                box = round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2)
            if page.confidences:
                confidence *= report.certainty(start, end)
        return doc, number, start, end, *box, text[start:end], method, round(confidence, 4)

    def section_id(offset: int) -> str | None:
        section = report.sections.at(offset)
        return section_ids.get(section.index) if section else None

    rows: Rows = {name: [] for name in TABLES}
    rows["documents"].append(_ordered("documents", _document(report, facts)))
    for s in report.sections:
        if s.rule == "preamble":  # text before the first heading: a section of the report, but nobody's heading
            continue
        heading_end = s.start + len(text[s.start : s.body_start].rstrip())
        first, last = report.page_at(s.start), report.page_at(max(s.start, s.subtree_end - 1))
        rows["sections"].append((
            *source(s.start, heading_end, "rule", s.confidence), section_ids[s.index], section_ids.get(s.parent), s.index, s.level,
            s.number, s.title, s.type, first.number if first else None, last.number if last else None, s.note,
        ))  # fmt: skip
    lines = {t.index: line_codes(report, t, vocabulary) for t in report.tables}
    runners_up: dict[tuple[int | None, ...], str] = {
        (t.index, c.row, c.col): c.alternative for t in report.tables for c in t.cells if c.alternative is not None
    }
    findings = list(findings)
    goal_ids: dict[int | None, str] = {}
    for finding in findings:
        if isinstance(finding, Goal):
            goal_ids.setdefault(finding.start, f"{doc}-g{len(goal_ids):04d}")
    indicator_ids: dict[tuple[str, str | None, str | None], str] = {}
    for f in findings:
        found, section = source(f.start, f.end, f.method, f.confidence), section_id(f.start)
        match f:
            case Goal():
                rows["goals"].append((
                    *found, goal_ids[f.start], goal_ids.get(f.parent), section, f.text, f.level, f.level_text, f.status, f.status_text,
                ))  # fmt: skip
            case Action():
                rows["actions"].append((
                    *found, f"{doc}-a{len(rows['actions']):04d}", goal_ids.get(f.goal), section, f.number, f.text, f.type, f.status,
                    f.status_text, f.responsible,
                ))  # fmt: skip
            case Indicator():
                goal = goal_ids.get(f.goal)
                same = indicator_ids.setdefault((fold(f.name), f.unit, goal), f"{doc}-i{len(indicator_ids):04d}")
                rows["indicators"].append((
                    *found, same, goal, section, table_ids.get(f.table), f.name, f.measure, f.year, f.period, f.value, f.value_text,
                    f.unit, f.comparator, f.status, f.status_text, runners_up.get((f.table, f.row, f.col)),
                ))  # fmt: skip
            case Amount():
                line = lines[f.table].get(f.row) if f.table is not None and f.row is not None else None
                rows["amounts"].append((
                    *found, f"{doc}-m{len(rows['amounts']):04d}", section, table_ids.get(f.table), f.row, f.col, f.label, f.kind, f.year,
                    f.period, f.value, f.unit, round(f.value * MONEY_UNITS[f.unit], 2), f.approximate, line,
                    runners_up.get((f.table, f.row, f.col)),
                ))  # fmt: skip
            case _:
                raise SchemaError(f"{type(f).__name__} is no kind of finding that has a table")
    for t in report.tables:
        table, codes = table_ids[t.index], lines[t.index]
        rows["tables"].append((
            *source(t.start, t.end, "table", t.confidence), table, section_id(t.start), t.title, t.unit, t.n_rows, t.n_cols, t.origin,
        ))  # fmt: skip
        for c in t.cells:
            rows["cells"].append((
                *source(c.start, c.end, "table", min(t.confidence, c.confidence)), table, c.row, c.col, t.rows[c.row] or None,
                t.columns[c.col].head or None, c.text, c.value, c.alternative, codes.get(c.row),
            ))  # fmt: skip
    places: dict[int, dict[tuple[int, int], Cell]] = {}
    for check in checks:
        at = report.tables[check.table]
        if check.table not in places:  # of cells that share a place the first holds the figure
            places[check.table] = {(c.row, c.col): c for c in reversed(at.cells)}
        place = places[check.table][check.row, check.col]
        rows["checks"].append((
            *source(place.start, place.end, "table", at.confidence), table_ids[check.table], check.rule, check.row, check.col,
            check.expected, check.found, round(check.found - check.expected, 6), check.passed,
        ))  # fmt: skip
    return rows


def _document(report: Report, facts: Facts) -> dict[str, Any]:
    numbered = [p.number for p in report.pages if p.number is not None]
    # of a file that had to be mended something may be lost though no page is
    partial = any(p.state not in ("ok", "empty") for p in report.pages) or any(note.startswith(REPAIRED) for note in report.notes)
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
