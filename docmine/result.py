"""What mining gives: the tables, how to write them, how they show themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from docmine import markup
from docmine.errors import UsageError
from docmine.publish import About, package_of_frames
from docmine.schema import TABLES

__all__ = ["FORMATS", "Result"]

_XLSX_ROWS, _XLSX_CHARACTERS = 1_048_575, 32_767


class Result:
    """The tables mined from one or more reports, each a tidy frame in the contract's columns.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        One frame for each name in `docmine.schema.TABLES`.

    Attributes
    ----------
    documents, sections, goals, actions, indicators, amounts, tables, cells, checks : pandas.DataFrame
        The tables themselves.
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self.frames = {name: frames[name] for name in TABLES}

    documents = property(lambda self: self.frames["documents"], doc="One row per file.")
    sections = property(lambda self: self.frames["sections"], doc="One row per heading's section.")
    goals = property(lambda self: self.frames["goals"], doc="One row per stated goal.")
    actions = property(lambda self: self.frames["actions"], doc="One row per thing to be done.")
    indicators = property(lambda self: self.frames["indicators"], doc="One row per value of an indicator.")
    amounts = property(lambda self: self.frames["amounts"], doc="One row per amount of money.")
    tables = property(lambda self: self.frames["tables"], doc="One row per table found.")
    cells = property(lambda self: self.frames["cells"], doc="One row per filled table cell.")
    checks = property(lambda self: self.frames["checks"], doc="One row per recomputed relation between figures.")

    @property
    def failed(self) -> pd.DataFrame:
        """The rows of ``documents`` that could not be read, with the reason in ``error``."""
        documents = self.frames["documents"]
        return documents[documents["state"] == "failed"]

    def write(self, folder: str | Path, *, format: str = "parquet", about: About | None = None) -> list[Path]:
        """Write every table into a folder, which is made if need be; the rows are the same in each format.

        Parameters
        ----------
        folder : str or Path
            Where to write.
        format : {"parquet", "csv", "xlsx", "datapackage"}
            One Parquet or CSV (UTF-8) file a table; one workbook ``docmine.xlsx`` with a sheet a table; or a data package
            (frictionlessdata.io), CSV files with ``datapackage.json``, which says what they hold.
        about : About, optional
            Title, licence and authors of a data package.

        Returns
        -------
        list of Path
            The files written.

        Raises
        ------
        UsageError
            If the format is unknown, or a table has more rows than a sheet can hold.
        """
        if format not in FORMATS:
            raise UsageError(f"unknown format {format!r}", f"known are {', '.join(FORMATS)}")
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if format == "datapackage":
            return package_of_frames(self.frames, folder, about)
        return FORMATS[format](self.frames, folder)

    def __repr__(self) -> str:
        return "Result(" + ", ".join(f"{name}: {len(frame)}" for name, frame in self.frames.items()) + ")"

    def _repr_html_(self) -> str:
        counts = markup.table(["table", "rows"], [(name, len(frame)) for name, frame in self.frames.items()])
        columns = ["kommun", "body", "doc_type", "year", "pages", "state", "source"]
        shown = self.documents[columns].head(10).astype(object).where(self.documents[columns].head(10).notna(), "–")
        return markup.card("docmine result", counts, markup.table(columns, shown.to_numpy().tolist()))


def _parquet(frames: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    paths = [folder / f"{name}.parquet" for name in frames]
    for path, frame in zip(paths, frames.values(), strict=True):
        frame.to_parquet(path, index=False, engine="pyarrow")
    return paths


def _csv(frames: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    paths = [folder / f"{name}.csv" for name in frames]
    for path, frame in zip(paths, frames.values(), strict=True):
        frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    return paths


def _xlsx(frames: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    path = folder / "docmine.xlsx"
    for name, frame in frames.items():
        if len(frame) > _XLSX_ROWS:
            raise UsageError(f"{name} has {len(frame)} rows, a sheet holds {_XLSX_ROWS}", "write parquet or csv instead")
    # a cell's text is never a formula or a link, and the file does not carry the time it was written
    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs=options) as writer:
        writer.book.set_properties({"created": pd.Timestamp(2000, 1, 1).to_pydatetime()})
        for name, frame in frames.items():
            cut = {f.name: frame[f.name].str.slice(0, _XLSX_CHARACTERS) for f in TABLES[name] if f.dtype == "string"}
            frame.assign(**cut).to_excel(writer, sheet_name=name, index=False)
    return [path]


FORMATS: dict[str, Callable[[Mapping[str, pd.DataFrame], Path], list[Path]]] = {
    "parquet": _parquet,
    "csv": _csv,
    "xlsx": _xlsx,
    "datapackage": package_of_frames,
}
