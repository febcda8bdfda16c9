"""How much a file may ask for before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds on what is loaded; beyond them a file is refused with a `LimitError`.

    Parameters
    ----------
    bytes : int
        Size of the file.
    pages : int
        Pages of a PDF.
    characters : int
        Characters of the whole text.
    page_characters : int
        Characters of one PDF page; what is beyond is left out, with a note.
    page_objects : int
        Drawn objects of one PDF page that are looked at for ruling lines and fills.
    """

    bytes: int = 200_000_000
    pages: int = 5_000
    characters: int = 20_000_000
    page_characters: int = 100_000
    page_objects: int = 20_000
