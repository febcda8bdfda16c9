"""How much a file may ask for before it is refused."""

from __future__ import annotations

import time
from dataclasses import dataclass, fields

from docmine.errors import LimitError, UsageError

__all__ = ["Clock", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds on what is loaded; beyond them a file is refused with a `LimitError`.

    The defaults are several times what the largest real reports need.

    Parameters
    ----------
    bytes : int
        Size of the file, or of one file in an archive.
    stream_bytes : int
        What one compressed part of a PDF or of a Word document may unpack to.
    archive_bytes : int
        What all files of an archive may unpack to.
    members : int
        Files in an archive.
    pages : int
        Pages of a PDF.
    characters : int
        Characters of the whole text.
    page_characters : int
        Characters of one PDF page; what is beyond is left out, with a note.
    page_objects : int
        Drawn objects of one PDF page that are looked at for ruling lines and fills.
    pixels : int
        Pixels of one picture in a PDF.
    seconds : float
        Time for one document, looked at between its pages and between the stages.

    Raises
    ------
    UsageError
        If a bound is not a number above zero.
    """

    bytes: int = 200_000_000
    stream_bytes: int = 250_000_000
    archive_bytes: int = 2_000_000_000
    members: int = 2_000
    pages: int = 5_000
    characters: int = 20_000_000
    page_characters: int = 100_000
    page_objects: int = 20_000
    pixels: int = 400_000_000
    seconds: float = 300.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
                raise UsageError(f"the limit {field.name} is {value!r}", "give a number above zero")


class Clock:
    """Runs from when a document is begun; `check` ends a document that has had its time."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.seconds = limits.seconds
        self.ends = time.monotonic() + limits.seconds

    def left(self) -> float:
        """Seconds until the time is up."""
        return self.ends - time.monotonic()

    def check(self) -> None:
        """Go on, or raise a `LimitError` if the time is up."""
        if time.monotonic() > self.ends:
            raise LimitError(f"{self.name}: not done within {self.seconds:g} seconds", "raise the limit seconds if it may take longer")
