"""What a run did and what its store holds: as JSON for programs, as a page for people."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from heapq import nlargest
from pathlib import Path
from typing import Self

from docmine import markup
from docmine.archive.files import write_whole
from docmine.archive.journal import Entry, Journal
from docmine.schema import TABLES

__all__ = ["Run", "write_report"]

_SHOWN = 20
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 70em; margin: 2em auto; padding: 0 1em }
table { border-collapse: collapse; margin: .3em 0 2em } th { color: #666; font-weight: 500 }
th, td { text-align: left; padding: .2em 1.5em .2em 0; border-bottom: 1px solid #e4e4e4; overflow-wrap: anywhere; vertical-align: top }
th + th, td + td { text-align: right; font-variant-numeric: tabular-nums } th + th + th, td + td + td { text-align: left }
"""
#: what differs between two failures of one cause
_OWN = re.compile(r"\d[\d,. ]*|'[^']*'")


@dataclass(frozen=True)
class Run:
    """What a run did, and what its store holds after it.

    Parameters
    ----------
    files, ok, partial, failed, copies : int
        Files in the store, by state, and those that repeat another.
    mined, mined_pages : int
        Files that this run mined, and their pages; the others had not changed.
    gone : list of str
        Files in the store, or till now, that are no longer among the inputs.
    pages : int
        Pages of all files.
    seconds : float
        How long the run took.
    rows : dict of str to int
        Rows a table.
    causes : list of (str, int, list of str)
        Why files failed, how many, and some of them.
    slowest : list of (str, float, int)
        Files that took longest: name, seconds, pages.
    failed_checks : list of (str, int)
        Files with the most figures that do not add up.
    """

    files: int
    ok: int
    partial: int
    failed: int
    copies: int
    mined: int
    mined_pages: int
    gone: list[str]
    pages: int
    seconds: float
    rows: dict[str, int]
    causes: list[tuple[str, int, list[str]]]
    slowest: list[tuple[str, float, int]]
    failed_checks: list[tuple[str, int]]

    @classmethod
    def of(cls, journal: Journal, *, gone: list[str], mined: int, mined_pages: int, seconds: float) -> Self:
        """The run that has just been written to a journal."""
        states: Counter[str] = Counter()
        rows = dict.fromkeys(TABLES, 0)
        causes: dict[str, list[str]] = defaultdict(list)
        counts: Counter[str] = Counter()
        pages = copies = 0
        for entry in journal.entries():
            states[entry.state] += 1
            pages += entry.pages
            copies += entry.copy_of is not None
            for name, number in entry.rows.items():
                rows[name] += number if name == "documents" or entry.copy_of != entry.doc_id or entry.doc_id is None else 0
            if entry.state == "failed":
                cause = _cause(entry)
                counts[cause] += 1
                if counts[cause] <= _SHOWN:
                    causes[cause].append(entry.source)
        return cls(
            sum(states.values()), states["ok"], states["partial"], states["failed"], copies, mined, mined_pages, gone, pages,
            round(seconds, 1), rows,
            [(cause, number, causes[cause]) for cause, number in counts.most_common()],
            [(e.source, round(e.seconds, 2), e.pages) for e in nlargest(_SHOWN, journal.entries(), key=lambda e: e.seconds)],
            [(e.source, e.failed_checks) for e in nlargest(_SHOWN, journal.entries(), key=lambda e: e.failed_checks) if e.failed_checks],
        )  # fmt: skip


def _cause(entry: Entry) -> str:
    """The reason without the file's name, its figures and its quotes, so that the same cause reads the same."""
    reason = (entry.error or "").removeprefix(f"{entry.source}: ")
    return _OWN.sub("…", reason)


def write_report(run: Run, folder: Path) -> None:
    """Write ``run.json`` and ``run.html``."""
    write_whole(folder / "run.json", json.dumps(asdict(run), indent=1, ensure_ascii=False))
    write_whole(folder / "run.html", _page(run))


def _page(run: Run) -> str:
    speed = f"{run.mined_pages / run.seconds:.0f} pages a second" if run.mined and run.seconds else ""
    facts: Sequence[tuple[str, object]] = [
        ("files", f"{run.files:,}"), ("ok", f"{run.ok:,}"), ("partial", f"{run.partial:,}"), ("failed", f"{run.failed:,}"),
        ("repeat another", f"{run.copies:,}"), ("mined in this run", f"{run.mined:,}"), ("no longer there", f"{len(run.gone):,}"),
        ("pages", f"{run.pages:,}"), ("minutes", f"{run.seconds / 60:.1f}"), ("speed", speed),
    ]  # fmt: skip
    parts: tuple[tuple[str, list[str], Sequence[Sequence[object]]], ...] = (
        ("Run", [], facts),
        ("Rows", ["table", "rows"], [(name, f"{number:,}") for name, number in run.rows.items()]),
        ("Why files failed", ["cause", "files", "such as"], [(cause, n, ", ".join(e[:3])) for cause, n, e in run.causes]),
        ("Slowest files", ["file", "seconds", "pages"], run.slowest),
        ("Figures that do not add up", ["file", "failed checks"], run.failed_checks),
        ("No longer there", ["file"], [(source,) for source in run.gone[:_SHOWN]]),
    )
    cards = "".join(markup.card(title, markup.table(head, rows)) for title, head, rows in parts if rows)
    title = f"docmine: {run.files:,} files"
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>{cards}</html>\n'
