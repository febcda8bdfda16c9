"""A store that has been mined: its tables, SQL over them, and other formats."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.dataset as ds

from docmine.archive.dataset import MANIFEST, PARTITION
from docmine.errors import UsageError
from docmine.publish import About, Table, write_package
from docmine.result import FORMATS, Result
from docmine.schema import TABLES

__all__ = ["EXPORTS", "Store", "is_store", "open_store"]

_PARTITIONING = ds.partitioning(pa.schema([(PARTITION, pa.int64())]), flavor="hive")


def open_store(path: str | os.PathLike[str]) -> Store:
    """Open a store that `mine_archive` wrote.

    Raises
    ------
    UsageError
        If there is none.
    """
    return Store(Path(path))


def is_store(path: str | os.PathLike[str]) -> bool:
    """Whether a folder is a store."""
    return (Path(path) / MANIFEST).is_file()


class Store:
    """The tables of an archive.

    Parameters
    ----------
    path : Path
        The store's folder.

    Raises
    ------
    UsageError
        If it holds no store.
    """

    def __init__(self, path: Path) -> None:
        if not is_store(path):
            raise UsageError(f"{path}: holds no store", "make one with docmine archive")
        self.path = path
        self.manifest: dict[str, Any] = json.loads((path / MANIFEST).read_text(encoding="utf-8"))

    def table(self, name: str, *, duplicates: bool = False, columns: list[str] | None = None) -> pd.DataFrame:
        """A table as a frame, in the contract's columns and `report_year`.

        Parameters
        ----------
        name : str
            One of `docmine.schema.TABLES`.
        duplicates : bool
            Whether reports that repeat another are counted, too.
        columns : list of str, optional
            Only these.
        """
        table = pa.Table.from_batches(self.batches(name, duplicates=duplicates, columns=columns), self._schema(name, columns))
        frame: pd.DataFrame = table.to_pandas(types_mapper=_TYPES.get)
        return frame

    def batches(self, name: str, *, duplicates: bool = False, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The same piece by piece, for tables that do not fit into memory."""
        if name not in TABLES:
            raise UsageError(f"no table is called {name!r}", f"known are {', '.join(TABLES)}")
        yield from self._dataset(name).to_batches(columns=columns, filter=None if duplicates else self._once(name))

    def query(self, sql: str, *, duplicates: bool = False) -> pd.DataFrame:
        """Run SQL over the tables with DuckDB (the extra ``archive``)."""
        with self._duckdb(":memory:", duplicates) as database:
            try:
                frame: pd.DataFrame = database.sql(sql).df()
            except Exception as error:
                raise UsageError(f"the query fails: {error}", "tables are " + ", ".join(TABLES)) from None
        return frame

    def export(self, folder: str | os.PathLike[str], *, format: str, duplicates: bool = False, about: About | None = None) -> list[Path]:
        """Write all tables in another format.

        Parameters
        ----------
        folder : str or path
            Where to write; made if need be.
        format : {"csv", "xlsx", "duckdb", "sqlite", "stata", "datapackage"}
            One file a table, or one file with all tables; a data package (frictionlessdata.io) has CSV files and says what they hold.
        duplicates : bool
            Whether reports that repeat another are counted, too.
        about : About, optional
            Title, licence and authors of a data package.

        Raises
        ------
        UsageError
            If the format is unknown, needs an extra, or cannot hold the tables.
        """
        if format not in EXPORTS:
            raise UsageError(f"unknown format {format!r}", f"known are {', '.join(EXPORTS)}")
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        if format == "datapackage":
            return _datapackage(self, target, duplicates, about)
        return EXPORTS[format](self, target, duplicates)

    def _dataset(self, name: str) -> ds.Dataset:
        return ds.dataset(self.path / name, format="parquet", partitioning=_PARTITIONING)

    def _schema(self, name: str, columns: list[str] | None) -> pa.Schema:
        schema = self._dataset(name).schema
        return schema if columns is None else pa.schema([schema.field(column) for column in columns])

    def _once(self, name: str) -> pc.Expression:
        """Leaves out what belongs to a report that repeats another."""
        if name == "documents":
            return pc.field("duplicate_of").is_null()
        documents = self._dataset("documents").to_table(columns=["doc_id", "duplicate_of"], filter=pc.field("duplicate_of").is_valid())
        again = [doc for doc, of in zip(documents["doc_id"].to_pylist(), documents["duplicate_of"].to_pylist(), strict=True) if doc != of]
        return ~pc.field("doc_id").isin(pa.array(again, pa.string()))

    def _duckdb(self, path: str, duplicates: bool, *, views: bool = True) -> Any:
        try:
            import duckdb
        except ImportError:
            raise UsageError("DuckDB is not installed", 'pip install "docmine[archive]"') from None
        database = duckdb.connect(path)
        for name in TABLES:
            files = str(self.path / name / "*" / "*.parquet").replace("'", "''")
            read = f"select * from read_parquet('{files}', hive_partitioning = true)"
            if not duplicates and name == "documents":
                read += " where duplicate_of is null"
            elif not duplicates:
                files = str(self.path / "documents" / "*" / "*.parquet").replace("'", "''")
                again = f"select doc_id from read_parquet('{files}') where duplicate_of is not null and duplicate_of != doc_id"
                read += f" where doc_id not in ({again})"
            database.execute(f"create {'view' if views else 'table'} {name} as {read}")
        return database


_TYPES = {pa.string(): pd.StringDtype(), pa.int64(): pd.Int64Dtype(), pa.float64(): pd.Float64Dtype(), pa.bool_(): pd.BooleanDtype()}


def _csv(store: Store, folder: Path, duplicates: bool) -> list[Path]:
    paths = []
    for name in TABLES:
        paths.append(folder / f"{name}.csv")
        with pa.csv.CSVWriter(paths[-1], store._schema(name, None)) as writer:
            for batch in store.batches(name, duplicates=duplicates):
                writer.write_batch(batch)
    return paths


def _xlsx(store: Store, folder: Path, duplicates: bool) -> list[Path]:
    return FORMATS["xlsx"](Result({name: store.table(name, duplicates=duplicates) for name in TABLES}).frames, folder)


def _duckdb(store: Store, folder: Path, duplicates: bool) -> list[Path]:
    path = _fresh(folder / "docmine.duckdb")
    store._duckdb(str(path), duplicates, views=False).close()
    return [path]


def _sqlite(store: Store, folder: Path, duplicates: bool) -> list[Path]:
    path = _fresh(folder / "docmine.sqlite")
    database = sqlite3.connect(path)
    for name in TABLES:
        fields = store._schema(name, None).names
        quoted = ", ".join(f'"{field}"' for field in fields)
        database.execute(f"create table {name} ({quoted})")
        for batch in store.batches(name, duplicates=duplicates):
            rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            database.executemany(f"insert into {name} values ({', '.join('?' * len(fields))})", rows)
    database.commit()
    database.close()
    return [path]


def _stata(store: Store, folder: Path, duplicates: bool) -> list[Path]:
    paths = []
    for name in TABLES:
        frame = store.table(name, duplicates=duplicates).rename(columns={"end": "end_"})  # a word of Stata's own
        for column in frame.columns:
            if isinstance(frame[column].dtype, pd.StringDtype):
                frame[column] = frame[column].astype(object).where(frame[column].notna(), "")
            else:  # Stata has one kind of missing number, and no truth values
                frame[column] = frame[column].astype("Float64").astype(float)
        paths.append(folder / f"{name}.dta")
        text = [c for c in frame.columns if frame[c].dtype == object]
        frame.to_stata(paths[-1], write_index=False, version=118, convert_strl=text)
    return paths


def _datapackage(store: Store, folder: Path, duplicates: bool, about: About | None = None) -> list[Path]:
    tables = {name: Table(store._schema(name, None), store.batches(name, duplicates=duplicates)) for name in TABLES}
    return write_package(tables, store.table("documents", duplicates=duplicates), folder, about, version=store.manifest["docmine"])


def _fresh(path: Path) -> Path:
    path.unlink(missing_ok=True)
    return path


EXPORTS: dict[str, Callable[[Store, Path, bool], list[Path]]] = {
    "csv": _csv, "xlsx": _xlsx, "duckdb": _duckdb, "sqlite": _sqlite, "stata": _stata, "datapackage": _datapackage,
}  # fmt: skip
