"""What the review page shows: the reports chosen, their pages, and the rows found on each with the checks that they fail."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from docmine.archive.store import Store
from docmine.desk import Source, opened
from docmine.errors import InputError, UsageError
from docmine.load import ARCHIVE, fingerprint, load
from docmine.load.handle import PdfHandle
from docmine.pipeline import mine_report, read
from docmine.records import Page, Report
from docmine.result import Result
from docmine.review.rows import REVIEWED, row_keys

__all__ = ["Shown", "gather"]

#: characters of a text that are shown at a time where it has no marks of pages, or few
_PART = 6_000
#: columns that are shown beside those that can be corrected
_BESIDE = ("value_sek", "value_text", "status_text", "level_text", "number", "row_label", "col_label")
_PLACE = ("page", "start", "end", "quote", "method", "confidence")
_BOX = ("x0", "top", "x1", "bottom")


class Shown(NamedTuple):
    """A report as the page holds it: plain values for its script, and the PDF's own pages where it has pictures."""

    data: dict[str, Any]
    handle: PdfHandle | None
    pages: Sequence[Page]


class _Leaf(NamedTuple):
    """A page as it is shown; ``text`` is None where there is a picture of it, or nothing but quotes."""

    number: int | None
    start: int
    end: int
    width: float
    height: float
    text: str | None


def gather(
    source: Source, *, doc_ids: Collection[str] = (), documents: int | None = None, password: str | None = None, gone: Collection[str] = ()
) -> list[Shown]:
    """The reports to review; `docmine.review.write_review` says what the parameters mean, ``gone`` are keys of rows rejected before."""
    frames, known = _frames(source, doc_ids, documents, password)
    shown = []
    for row in _records(frames["documents"]):
        own = {name: frame[frame["doc_id"] == row["doc_id"]] for name, frame in frames.items()}
        report, note = (known, None) if known is not None else _report(row, password)
        shown.append(_shown(row, own, report, note, frozenset(gone)))
    return shown


def _frames(
    source: Source, doc_ids: Collection[str], count: int | None, password: str | None
) -> tuple[dict[str, pd.DataFrame], Report | None]:
    """The tables of the reports chosen, and the report where it had to be read for them."""
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        if path.is_file() and path.suffix.lower() != ARCHIVE:
            report = read(path, password=password)
            return mine_report(report), report
    result = opened(source)
    listed = result.table("documents") if isinstance(result, Store) else result.documents
    chosen = _chosen(listed[listed["state"] != "failed"].drop_duplicates("doc_id"), doc_ids, count)
    ids = chosen["doc_id"].tolist()
    if isinstance(result, Result):
        return {name: frame[frame["doc_id"].isin(ids)] for name, frame in result.frames.items()} | {"documents": chosen}, None
    wanted = pa.array(ids, pa.string())  # an archive's tables may not fit into memory, those of some reports do
    frames = {"documents": chosen}
    for name in (*REVIEWED, "checks"):
        # years and pages stay whole numbers where some are missing
        batches = [batch.filter(pc.is_in(batch["doc_id"], wanted)) for batch in result.batches(name)]
        frames[name] = pa.Table.from_batches(batches).to_pandas(types_mapper=pd.ArrowDtype) if batches else result.table(name)
    return frames, None


def _chosen(listed: pd.DataFrame, doc_ids: Collection[str], count: int | None) -> pd.DataFrame:
    names = {str(doc): {str(doc), Path(str(source)).name} for doc, source in zip(listed["doc_id"], listed["source"], strict=True)}
    for wanted in doc_ids:
        if not any(wanted in own for own in names.values()):
            raise UsageError(f"no report {wanted!r} among the {len(names)} that could be read", "give its doc_id or the name of its file")
    if doc_ids:
        listed = listed[[not names[str(doc)].isdisjoint(doc_ids) for doc in listed["doc_id"]]]
    if count is not None and count < 1:
        raise UsageError(f"{count} reports are none", "give a number above zero")
    if not len(listed):
        raise UsageError("no report to review", "docmine mine says in documents why files could not be read")
    return listed.head(count) if count is not None else listed


def _report(document: dict[str, Any], password: str | None) -> tuple[Report | None, str | None]:
    """The report read again, or the reason why it cannot be: a code, or an error's own words."""
    source = str(document["source"])
    found = fingerprint(source)
    if found != document["sha256"]:
        return None, "gone" if found is None else "changed"
    try:
        return load(source, password=password), None
    except InputError as error:
        return None, str(error)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain values, missing ones None."""
    plain = frame.astype(object)
    return [{str(k): v for k, v in row.items()} for row in plain.where(plain.notna(), None).to_dict("records")]


def _shown(
    document: dict[str, Any], frames: dict[str, pd.DataFrame], report: Report | None, note: str | None, gone: Collection[str]
) -> Shown:
    rows = [row for name in REVIEWED for row in _rows(name, frames, gone)]
    leaves = list(_leaves(report, rows))
    first: dict[int | None, int] = {}
    for i, leaf in enumerate(leaves):
        first.setdefault(leaf.number, i)
    for row in rows:
        start = row["start"]
        at = first.get(row["page"], 0)
        while report is not None and leaves[at].text is not None and start >= leaves[at].end and at + 1 < len(leaves):
            at += 1
        row["leaf"] = at
        row["places"] = _places(row["start"], row["end"], row.pop("box"), row["quote"], leaves[at], report)
        spot = row.pop("cell")
        row["spot"] = _places(spot["start"], spot["end"], _box(spot), spot["quote"], leaves[at], report) if spot else []
    rows.sort(key=lambda row: (row["leaf"], row["start"], row["end"]))
    handle = next((page.handle for page in report.pages if isinstance(page.handle, PdfHandle)), None) if report else None
    about = {name: document[name] for name in ("doc_id", "kommun", "body", "year", "title")}
    pages = [{"number": leaf.number, "width": leaf.width, "height": leaf.height, "text": leaf.text} for leaf in leaves]
    data = about | {"name": Path(str(document["source"])).name, "note": note, "pages": pages, "rows": rows}
    return Shown(data, handle, report.pages if report is not None and handle is not None else ())


def _leaves(report: Report | None, rows: Sequence[dict[str, Any]]) -> Iterator[_Leaf]:
    """The pages: those of the report, long texts in parts; of a report that is not there, those that have rows."""
    if report is None:
        for number in sorted({row["page"] for row in rows}, key=lambda n: n or 0) or [None]:
            yield _Leaf(number, 0, 0, 0.0, 0.0, None)
        return
    for page in report.pages:
        if page.handle is not None:
            yield _Leaf(page.number, page.start, page.end, page.width, page.height, None)
            continue
        start = page.start
        while start < page.end or start == page.start:
            end = min(start + _PART, page.end)
            if end < page.end:
                cuts = (report.text.rfind(sign, start + _PART // 2, end) for sign in ("\n\n", "\n", ". ", " "))
                end = next((cut + 1 for cut in cuts if cut > 0), end)
            yield _Leaf(page.number, start, end, 0.0, 0.0, report.text[start:end])
            if end == start:
                break
            start = end


def _places(start: int, end: int, box: list[float], quote: str, leaf: _Leaf, report: Report | None) -> list[list[float]]:
    """Where words stand on their page: boxes, one a line, or first and last character as scripts count; none where it is not known.

    What a report says is only used where it says the same as when it was mined.
    """
    same = report is not None and report.text[start:end] == quote
    if report is None or leaf.text is None:
        return (_lines(report, start, end) if report is not None and same else []) or ([box] if box else [])
    ends = (max(start, leaf.start) - leaf.start, min(end, leaf.end) - leaf.start)
    return [[len(leaf.text[:at].encode("utf-16-le", "surrogatepass")) // 2 for at in ends]] if same and ends[0] < ends[1] else []


def _lines(report: Report, start: int, end: int) -> list[list[float]]:
    """A box around the words of each line."""
    boxes: list[list[float]] = []
    for _, _, x0, top, x1, bottom, _ in report.words_in(start, end):
        if boxes and x0 >= boxes[-1][0] and top < (boxes[-1][1] + boxes[-1][3]) / 2 < bottom:
            last = boxes[-1]
            boxes[-1] = [last[0], min(top, last[1]), max(x1, last[2]), max(bottom, last[3])]
        else:
            boxes.append([x0, top, x1, bottom])
    return [[round(edge, 1) for edge in box] for box in boxes]


def _box(row: dict[str, Any]) -> list[float]:
    return [] if row["x0"] is None else [row[edge] for edge in _BOX]


def _rows(table: str, frames: dict[str, pd.DataFrame], gone: Collection[str]) -> Iterator[dict[str, Any]]:
    """The rows of a table, each with its key, its place, its values and the checks that it fails."""
    frame = frames[table]
    checks = frames["checks"]
    failed = _records(checks[checks["passed"].eq(False).fillna(False).astype(bool)])
    if table == "cells":
        failed = [check for check in failed if not _covered(check, frames)]
    by_table: dict[Any, list[dict[str, Any]]] = {}
    for check in failed:
        by_table.setdefault(check["table_id"], []).append(check)
    columns = [*REVIEWED[table].columns, *(c for c in _BESIDE if c in frame)]
    cells = _cells(frame, frames["cells"])
    for key, row in zip(row_keys(table, frame, gone), _records(frame), strict=True):
        own = [_told(check) for check in by_table.get(row.get("table_id"), ()) if _concerns(check, row)]
        if table == "cells" and not own:
            continue
        place = {name: row[name] for name in _PLACE}
        values = {name: row[name] for name in columns}
        found = {"box": _box(row), "cell": next((cell for cell in cells.get(row.get("table_id"), ()) if _holds(cell, row)), None)}
        yield {"key": key, "table": table, "id": row[REVIEWED[table].id], **place, **found, "values": values, "checks": own}


def _concerns(check: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether a check of a row's table is about the row: by its place in the grid or, where it has none, in the text."""
    if "row" in row:
        return bool(check["row"] == row["row"] and check["col"] == row["col"])
    return bool(row["start"] <= check["start"] < row["end"])


def _cells(frame: pd.DataFrame, cells: pd.DataFrame) -> dict[Any, list[dict[str, Any]]]:
    """The cells with figures of the tables that rows of a frame stand in."""
    found: dict[Any, list[dict[str, Any]]] = {}
    if "table_id" in frame:
        for cell in _records(cells[cells["table_id"].isin(frame["table_id"].dropna()) & cells["value"].notna()]):
            found.setdefault(cell["table_id"], []).append(cell)
    return found


def _holds(cell: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether a cell of a row's table holds the row's figure."""
    if "row" in row:
        return bool(cell["row"] == row["row"] and cell["col"] == row["col"])
    return bool(row["start"] <= cell["start"] < row["end"] and cell["text"] == row["value_text"])


def _covered(check: dict[str, Any], frames: dict[str, pd.DataFrame]) -> bool:
    """Whether an amount or a value of an indicator is the figure that was checked."""
    amounts, indicators = frames["amounts"], frames["indicators"]
    here = (amounts["table_id"] == check["table_id"]) & (amounts["row"] == check["row"]) & (amounts["col"] == check["col"])
    there = (indicators["table_id"] == check["table_id"]) & (indicators["start"] <= check["start"]) & (indicators["end"] > check["start"])
    return bool(here.fillna(False).any() or there.fillna(False).any())


def _told(check: dict[str, Any]) -> dict[str, Any]:
    return {name: check[name] for name in ("rule", "expected", "found", "difference")}
