"""From the journal to Parquet: a folder a table, partitioned by the year of the report, the same bytes for the same files."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from docmine.archive.files import hidden, write_whole
from docmine.archive.journal import Journal
from docmine.archive.packing import FORM, SCHEMAS, unpack
from docmine.schema import TABLES

__all__ = ["MANIFEST", "PARTITION", "publish"]

#: not `year`, which is a column of several tables: there a figure's own year
PARTITION = "report_year"
MANIFEST = "manifest.json"
#: the name that Hive, and so every reader, gives to a partition of no value
_NONE = "__HIVE_DEFAULT_PARTITION__"
_FILE = "part-0.parquet"
#: rows are written together as soon as they take so many bytes
_TOGETHER = 1_000_000
#: so many small tables are made one meanwhile: each takes thirty times the room of a row
_APART = 64
_COPY = pa.field("duplicate_of", pa.string())
_PUBLISHED = SCHEMAS | {"documents": SCHEMAS["documents"].append(_COPY)}


def publish(journal: Journal, store: Path) -> None:
    """Write the partitions whose files have changed, each of them whole or not at all, and the manifest."""
    years = journal.years()
    for year in years:
        digest = _digest(journal, year)
        if digest != journal.digest(year) or not all(_path(store, name, year).exists() for name in TABLES):
            _write(journal, store, year)
            journal.published(year, digest)
    for year in journal.published_years():
        if year not in years:
            for name in TABLES:
                shutil.rmtree(_path(store, name, year).parent, ignore_errors=True)
            journal.published(year, None)
    _write_manifest(journal, store)


def _path(store: Path, table: str, year: int | None) -> Path:
    return store / table / f"{PARTITION}={_NONE if year is None else year}" / _FILE


def _digest(journal: Journal, year: int | None) -> str:
    """Stands for the rows of a year: it changes when they do."""
    digest = hashlib.sha256(f"{version('docmine')} {FORM}".encode())
    for source, _, copy_of, packed in journal.of_year(year):
        digest.update(repr((source, copy_of)).encode())
        digest.update(hashlib.sha256(packed).digest())
    return digest.hexdigest()


def _write(journal: Journal, store: Path, year: int | None) -> None:
    done: list[Path] = []
    with ExitStack() as stack:
        writers = {}
        for name in TABLES:
            path = _path(store, name, year)
            path.parent.mkdir(parents=True, exist_ok=True)
            done.append(path)
            writers[name] = stack.enter_context(pq.ParquetWriter(hidden(path), _PUBLISHED[name], compression="zstd"))
        waiting: dict[str, list[pa.Table]] = {name: [] for name in TABLES}
        size = dict.fromkeys(TABLES, 0)

        def flush(name: str) -> None:
            if waiting[name]:
                writers[name].write_table(pa.concat_tables(waiting[name]))
            waiting[name], size[name] = [], 0

        for tables in _documents(journal, year):
            for name, table in tables.items():
                waiting[name].append(table)
                size[name] += table.nbytes
                if size[name] > _TOGETHER:
                    flush(name)
                elif len(waiting[name]) >= _APART:
                    waiting[name] = [pa.concat_tables(waiting[name]).combine_chunks()]
        for name in TABLES:
            flush(name)
    for path in done:
        hidden(path).replace(path)


def _documents(journal: Journal, year: int | None) -> Iterator[Mapping[str, pa.Table]]:
    """The tables of each file; of files with the same bytes the rows come once, but each has its row in ``documents``."""
    for _, doc_id, copy_of, packed in journal.of_year(year):
        tables = dict(unpack(packed))
        documents = tables["documents"]
        tables["documents"] = documents.append_column(_COPY, pa.array([copy_of], pa.string()))
        yield {"documents": tables["documents"]} if doc_id is not None and doc_id == copy_of else tables


def _write_manifest(journal: Journal, store: Path) -> None:
    rows = dict.fromkeys(TABLES, 0)
    files: dict[str, str] = {}
    for name in TABLES:
        for year in journal.years():
            path = _path(store, name, year)
            rows[name] += pq.read_metadata(path).num_rows
            files[path.relative_to(store).as_posix()] = _sha256(path)
    text = json.dumps({"docmine": version("docmine"), "partitioned_by": PARTITION, "rows": rows, "files": files}, indent=1)
    write_whole(store / MANIFEST, text)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
