"""Whatever a researcher holds in hand, as tables: a result, a store, a folder of tables, a report."""

from __future__ import annotations

import os
from pathlib import Path

from docmine.archive.store import Store, is_store
from docmine.errors import UsageError
from docmine.evaluate import read_tables
from docmine.pipeline import mine
from docmine.result import Result
from docmine.schema import TABLES

__all__ = ["Source", "opened", "tables_of"]

Source = Result | Store | str | os.PathLike[str]


def tables_of(source: Source, *, duplicates: bool = False) -> Result:
    """The tables of a result, a store, a folder of tables, or a report that is mined for them.

    Parameters
    ----------
    source : Result, Store, str or path
        What `docmine.mine` or `docmine.open_store` gave; the folder of a store; a folder that ``docmine mine`` wrote as Parquet or
        CSV; a report, or a folder of reports.
    duplicates : bool
        Whether reports of a store that repeat another are counted, too.

    Raises
    ------
    UsageError
        If there is no such file or folder.
    """
    held = opened(source)
    return held if isinstance(held, Result) else Result({name: held.table(name, duplicates=duplicates) for name in TABLES})


def opened(source: Source) -> Result | Store:
    """The same, but a store as it is: its tables may not fit into memory."""
    if isinstance(source, Result | Store):
        return source
    path = Path(source)
    if is_store(path):
        return Store(path)
    if any((path / f"documents.{suffix}").is_file() for suffix in ("parquet", "csv")):
        return Result(read_tables(path))
    if not path.exists():
        raise UsageError(f"{path}: there is no such file or folder", "name a store, a folder of tables or a report")
    return mine(path)
