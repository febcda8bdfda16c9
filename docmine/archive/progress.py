"""How far a run is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from pathlib import PurePath
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

if TYPE_CHECKING:
    from docmine.archive.packing import Summary
    from docmine.archive.run_report import Run

__all__ = ["ConsoleProgress", "Progress"]

#: seconds between two lines where there is no terminal
_EVERY = 30.0


class Progress:
    """Is told how a run goes; this one says nothing."""

    def start(self, files: int, skipped: int) -> None:
        """A run begins with so many files to mine, and so many that have not changed."""

    def file(self, source: str, summary: Summary) -> None:
        """A file is done."""

    def end(self, run: Run) -> None:
        """The run is over."""


class ConsoleProgress(Progress):
    """Files done and failed, pages a second and the time left, on the console."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._files = self._done = self._failed = self._pages = 0
        self._begun = self._told = time.monotonic()
        self._bar: Bar | None = None

    def start(self, files: int, skipped: int) -> None:
        """Say what is to be done, and show the bar."""
        self._files, self._begun, self._told = files, time.monotonic(), time.monotonic()
        if skipped:
            self._line(f"{skipped:,} files have not changed and are skipped")
        if self._console.is_terminal and files:
            speed, name = TextColumn("{task.fields[speed]}"), TextColumn("{task.description}")
            self._bar = Bar(BarColumn(), MofNCompleteColumn(), speed, TimeRemainingColumn(), name, console=self._console, transient=True)
            self._bar.add_task("", total=files, speed="")
            self._bar.start()

    def file(self, source: str, summary: Summary) -> None:
        """Count a file."""
        self._done += 1
        self._failed += summary.state == "failed"
        self._pages += summary.pages
        now = time.monotonic()
        if self._bar is not None:
            name = escape(PurePath(source).name[:40])
            self._bar.update(self._bar.task_ids[0], completed=self._done, speed=self._speed(now), description=name)
        elif now - self._told > _EVERY:
            self._told = now
            left = (now - self._begun) / self._done * (self._files - self._done)
            self._line(f"{self._done:,} of {self._files:,} files, {self._speed(now)}, about {left / 60:.0f} min left")

    def end(self, run: Run) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def _speed(self, now: float) -> str:
        failed = f"{self._failed:,} failed, " if self._failed else ""
        return f"{failed}{self._pages / max(now - self._begun, 0.001):.0f} pages/s"

    def _line(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)
