"""A panel as a file."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from docmine.errors import UsageError

__all__ = ["SUFFIXES", "write"]

SUFFIXES = (".csv", ".xlsx", ".parquet")


def write(frame: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a panel as CSV (UTF-8, with the mark by which spreadsheets know it), Excel or Parquet, as the file's name says.

    Raises
    ------
    UsageError
        If the name says none of these.
    """
    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise UsageError(f"{path}: cannot tell the format from its name", f"end it with {', '.join(SUFFIXES)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        frame.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
    elif path.suffix == ".parquet":
        frame.to_parquet(path, index=False, engine="pyarrow")
    else:  # a cell's text is never a formula or a link, and the file does not carry the time it was written
        options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
        with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs=options) as writer:
            writer.book.set_properties({"created": pd.Timestamp(2000, 1, 1).to_pydatetime()})
            frame.to_excel(writer, index=False, sheet_name="panel")
    return path
