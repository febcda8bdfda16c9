"""What has been mined into a store, file by file, so that a run which is cut off goes on where it was: one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from docmine.archive.isolated import Answer
from docmine.archive.packing import Summary, summary_of
from docmine.errors import UsageError

__all__ = ["Entry", "Journal"]

_TABLES = """
create table if not exists files (
    source text primary key, sha256 text, settings text not null, doc_id text, state text not null, error text, year integer,
    kommun text, pages integer not null, rows text not null, failed_checks integer not null, seconds real not null, sketch blob,
    copy_of text, packed blob not null
);
create table if not exists partitions (year integer, digest text not null);
"""
_ENTRY = "source, sha256, doc_id, state, error, year, kommun, pages, rows, failed_checks, seconds, copy_of"


class Entry(NamedTuple):
    """A file that has been mined, without its rows."""

    source: str
    sha256: str | None
    doc_id: str | None
    state: str
    error: str | None
    year: int | None
    kommun: str | None
    pages: int
    rows: dict[str, int]
    failed_checks: int
    seconds: float
    copy_of: str | None


class Journal:
    """The journal of a store, held by one run at a time.

    Parameters
    ----------
    path : Path
        The SQLite file; made if need be.

    Raises
    ------
    UsageError
        If another run is at work on it, or it is no journal.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = sqlite3.connect(path, timeout=0.5, isolation_level=None)
        try:
            # the lock is the operating system's: it goes with the process, however that ends
            self._db.executescript("pragma locking_mode=exclusive; pragma journal_mode=wal; pragma synchronous=normal")
            self._db.executescript(f"begin exclusive; commit; {_TABLES}")
        except sqlite3.OperationalError:
            self._db.close()
            raise UsageError(f"{path.parent}: another run is at work on this store", "wait until it is done") from None
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise UsageError(f"{path}: is no journal of docmine ({error})", "name another folder for the store") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def known(self, source: str) -> tuple[str | None, str, str] | None:
        """Fingerprint, settings and state of a file as it was mined last; None if it never was."""
        found: tuple[str | None, str, str] | None = self._db.execute(
            "select sha256, settings, state from files where source = ?", (source,)
        ).fetchone()
        return found

    def record(self, answer: Answer, settings: str) -> Summary:
        """Keep what mining a file gave, in place of what was there of it."""
        summary = summary_of(answer.packed)
        sketch = np.array(summary.sketch, np.uint32).tobytes() if summary.sketch else None
        self._db.execute(
            "insert or replace into files values (?,?,?,?,?,?,?,?,?,?,?,?,?,null,?)",
            (
                answer.source, answer.sha256, settings, summary.doc_id, summary.state, summary.error, summary.year, summary.kommun,
                summary.pages, json.dumps(summary.rows), summary.failed_checks, answer.seconds, sketch, answer.packed,
            ),
        )  # fmt: skip
        return summary

    def sources(self) -> Iterator[str]:
        """The names of all files."""
        return (source for (source,) in self._db.execute("select source from files order by source"))

    def remove(self, source: str) -> None:
        """Forget a file."""
        self._db.execute("delete from files where source = ?", (source,))

    def entries(self) -> Iterator[Entry]:
        """All files, in the order of their names."""
        for row in self._db.execute(f"select {_ENTRY} from files order by source"):
            yield Entry._make((*row[:8], json.loads(row[8]), *row[9:]))

    def sketches(self) -> Iterator[tuple[str, str, int | None, str | None, bytes]]:
        """Name, doc_id, year, kommun and sketch of the files that can be compared, PDFs and whole ones first."""
        return self._db.execute(
            "select source, doc_id, year, kommun, sketch from files where sketch is not null"
            " order by state = 'partial', lower(source) not like '%.pdf', source"
        )

    def doubles(self) -> Iterator[tuple[str, str]]:
        """Files with the same bytes as one that was read and whose name comes before: name and doc_id."""
        return self._db.execute(
            "select source, doc_id from files f where doc_id is not null"
            " and exists (select 1 from files g where g.sha256 = f.sha256 and g.state <> 'failed' and g.source < f.source)"
        )

    def set_copies(self, copies: dict[str, str]) -> None:
        """Say of each file which document it repeats, and of all others that they repeat none."""
        self._db.execute("begin")
        self._db.execute("update files set copy_of = null where copy_of is not null")
        self._db.executemany("update files set copy_of = ? where source = ?", ((doc, source) for source, doc in copies.items()))
        self._db.execute("commit")

    def years(self) -> list[int | None]:
        """The years of the files, None among them where one has none."""
        return [year for (year,) in self._db.execute("select distinct year from files order by year")]

    def of_year(self, year: int | None) -> Iterator[tuple[str, str | None, str | None, bytes]]:
        """Name, doc_id, the document that it repeats, and packed rows of the files of a year, in the order in which they are published."""
        return self._db.execute("select source, doc_id, copy_of, packed from files where year is ? order by doc_id, source", (year,))

    def digest(self, year: int | None) -> str | None:
        """What stood for a year's files when they were published last."""
        found = self._db.execute("select digest from partitions where year is ?", (year,)).fetchone()
        return found[0] if found else None

    def published(self, year: int | None, digest: str | None) -> None:
        """Note that a year's files are published; with no digest, that there are none any more."""
        self._db.execute("begin")
        self._db.execute("delete from partitions where year is ?", (year,))
        if digest is not None:
            self._db.execute("insert into partitions values (?, ?)", (year, digest))
        self._db.execute("commit")

    def published_years(self) -> list[int | None]:
        """The years that have been published."""
        return [year for (year,) in self._db.execute("select year from partitions order by year")]
