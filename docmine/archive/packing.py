"""The rows of one file as bytes, which its worker hands over and the journal keeps: the same rows give the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import pyarrow as pa

from docmine.normalize import Rows
from docmine.schema import TABLES

__all__ = ["FORM", "SCHEMAS", "Summary", "pack", "summary_of", "unpack"]

_ARROW = {"string": pa.string(), "Int64": pa.int64(), "Float64": pa.float64(), "boolean": pa.bool_()}
#: the columns of each table in a store; a document also says which other it repeats
SCHEMAS = {name: pa.schema([(f.name, _ARROW[f.dtype]) for f in fields]) for name, fields in TABLES.items()}
#: stands for the tables' columns: rows that were packed in others are mined anew
FORM = hashlib.sha256(repr(SCHEMAS).encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Summary:
    """What is told of a file without looking at its rows."""

    doc_id: str | None
    state: str
    error: str | None
    year: int | None
    kommun: str | None
    pages: int
    rows: dict[str, int]
    failed_checks: int
    sketch: list[int] = field(default_factory=list)


def pack(rows: Rows, sketch: list[int] | None = None) -> bytes:
    """The rows of one file, with a summary of them in front."""
    document = dict(zip(SCHEMAS["documents"].names, rows["documents"][0], strict=True))
    passed = SCHEMAS["checks"].get_field_index("passed")
    summary = Summary(
        document["doc_id"],
        document["state"],
        document["error"],
        document["year"],
        document["kommun"],
        document["pages"] or 0,
        {name: len(rows[name]) for name in TABLES if rows.get(name)},
        sum(row[passed] is False for row in rows.get("checks", ())),
        sketch or [],
    )
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        for name in summary.rows:
            columns = zip(zip(*rows[name], strict=True), SCHEMAS[name].types, strict=True)
            batch = pa.record_batch([pa.array(values, kind) for values, kind in columns], SCHEMAS[name])
            with pa.ipc.new_stream(out, SCHEMAS[name]) as stream:
                stream.write_batch(batch)
    body: bytes = sink.getvalue().to_pybytes()
    return json.dumps(asdict(summary)).encode() + b"\n" + body


def summary_of(packed: bytes) -> Summary:
    """What stands in front of packed rows."""
    return Summary(**json.loads(packed[: packed.index(b"\n")]))


def unpack(packed: bytes) -> Mapping[str, pa.Table]:
    """The rows of a file by table; tables without rows are left out, and columns that docmine did not have then are empty."""
    at = packed.index(b"\n")
    names = json.loads(packed[:at])["rows"]
    source = pa.CompressedInputStream(pa.BufferReader(memoryview(packed)[at + 1 :]), "zstd")
    tables = ((name, pa.ipc.open_stream(source).read_all()) for name in names)
    return {name: table if table.schema.equals(SCHEMAS[name]) else _in_form(table, SCHEMAS[name]) for name, table in tables}


def _in_form(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """A table in today's columns, with nothing in those that it lacks."""
    known = set(table.schema.names)
    columns = [table[f.name].cast(f.type) if f.name in known else pa.nulls(len(table), f.type) for f in schema]
    return pa.table(columns, schema=schema)
