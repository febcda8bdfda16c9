"""Inhabitants of the kommuner: the table that ships, or one of the user's own."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

import pandas as pd

from docmine.errors import UsageError

__all__ = ["Population", "PopulationTable"]

PopulationTable = pd.DataFrame | str | os.PathLike[str]

_SOURCE = "Statistics Sweden, 31 December, by way of kommundata (MIT)"


class Population:
    """Looks up inhabitants, of the figure's own year where the table has it, else of the nearest year that it has.

    Parameters
    ----------
    table : pandas.DataFrame or path, optional
        Columns ``kommun_code`` (SCB, 4 digits as text) or ``kommun`` (its name), ``year`` and ``population``; a CSV with these columns.
        Without it the table that ships: all 290 kommuner on 31 December 2016.

    Raises
    ------
    UsageError
        If the table is not there, lacks a column, or gives one kommun two numbers for a year.
    """

    def __init__(self, table: PopulationTable | None = None) -> None:
        if table is None:
            with (files("docmine") / "data" / "population_2016.csv").open(encoding="utf-8") as file:
                frame, self._name = pd.read_csv(file, dtype={"kommun_code": str}), _SOURCE
        elif isinstance(table, pd.DataFrame):
            frame, self._name = table, "the user's table"
        else:
            frame, self._name = _read(Path(table)), Path(table).name
        keys = [column for column in ("kommun_code", "kommun") if column in frame]
        if missing := {"year", "population"} - set(frame.columns) or (set() if keys else {"kommun_code"}):
            raise UsageError(f"the table of population lacks {', '.join(sorted(missing))}", "columns are kommun_code, year, population")
        self._known: dict[str, dict[int, int]] = {}
        for row in frame[frame["population"].notna()].to_dict("records"):
            year, people = int(row["year"]), int(row["population"])
            for key in {str(row[key]) for key in keys if pd.notna(row[key])}:
                years = self._known.setdefault(key.zfill(4) if key.isdigit() else key, {})
                if years.setdefault(year, people) != people:
                    raise UsageError(f"the table of population gives {key} two numbers for {year}", "keep one of them")

    def of(self, kommun_code: str | None, kommun: str | None, year: int) -> tuple[int, int, str] | None:
        """Inhabitants, their year and the source; None for a kommun that the table does not have."""
        years = self._known.get(kommun_code or "") or self._known.get(kommun or "")
        if not years:
            return None
        nearest = min(years, key=lambda known: (abs(known - year), known))
        return years[nearest], nearest, self._name


def _read(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise UsageError(f"{path}: there is no such table of population", "give a CSV with kommun_code, year, population")
    return pd.read_csv(path, dtype={"kommun_code": str})
