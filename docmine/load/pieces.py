"""The text of a report without a page layout, written page by page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

import regex

from docmine.load.hyphens import joined
from docmine.records import Furniture, Line, Page, Report

__all__ = ["Draft", "Piece", "Writer"]

_LINE = regex.compile(r"[^\n]*\S[^\n]*")
_ENDS = ".!?:;"
_SPACES = regex.compile(r"[^\S\n\t\f]+")
_AROUND = regex.compile(r" ?([\n\t\f]) ?")
_BULLET = "• "


class Piece(NamedTuple):
    """A page before it is written: its number, the text, and what was printed at its ends."""

    number: int | None
    text: str
    furniture: tuple[Furniture, ...] = ()
    label: str | None = None


@dataclass(slots=True)
class Draft:
    """A report before it is written; ``headings`` are those that the file itself names, with their levels."""

    pieces: list[Piece]
    notes: list[str] = field(default_factory=list)
    title: str | None = None
    headings: list[tuple[int, str, int | None]] = field(default_factory=list)

    def report(self, name: str, sha: str) -> Report:
        """The report: pieces joined to one text, with pages and lines laid over it."""
        parts: list[str] = []
        pages: list[Page] = []
        at = 0
        for piece, following in zip_longest(self.pieces, self.pieces[1:]):
            text = piece.text if following is None or not piece.text else _before(piece.text, following.text)
            lines = tuple(Line(at + m.start(), at + m.end(), None, None, (0, 0)) for m in _LINE.finditer(text))
            state = "ok" if lines else "empty"
            pages.append(
                Page(piece.number, at, at + len(text), label=piece.label, state=state, lines=lines, furniture=piece.furniture)  # type: ignore[arg-type]
            )
            parts.append(text)
            at += len(text)
        metadata = {"title": self.title} if self.title else {}
        return Report(
            name, sha, "".join(parts), tuple(pages), "text", notes=tuple(self.notes), bookmarks=tuple(self.headings), metadata=metadata
        )


def _before(text: str, following: str) -> str:
    """The text of a page with what parts it from the next: nothing inside a word, a line break inside a sentence."""
    if following[:1].islower() and text[-1] not in _ENDS:
        last, first = text[-40:].split(), following[:60].split()
        cut = joined(last[-1], first[0]) if last and first else None
        return text + "\n" if cut is None else text[: len(text) - cut]
    return text + "\n\n"


class Writer:
    """Writes the blocks of a marked-up document as text.

    A heading and a paragraph stand between blank lines, an item on a line of its own under a bullet, a row of a table on one
    line with tabs between its cells. A form feed inside a text begins a new page.
    """

    def __init__(self) -> None:
        self.pages: list[list[str]] = [[]]
        self.headings: list[tuple[int, str]] = []
        self._last = ""

    def heading(self, level: int, text: str) -> None:
        """Write a heading."""
        title = " ".join(text.replace("\f", " ").split())
        if title:
            self.headings.append((level, title))
            self._put("\f" * text.count("\f") + title, "heading")

    def paragraph(self, text: str) -> None:
        """Write a paragraph; line breaks and tabs inside it stay."""
        self._put(_spaced(text), "paragraph")

    def item(self, text: str) -> None:
        """Write an item of a list."""
        said = _spaced(text)
        if said.strip():
            self._put(_BULLET + said.lstrip(), "item")

    def table(self, rows: Iterable[Iterable[str]]) -> None:
        """Write the rows of a table; empty cells keep their place, rows without a word are left out."""
        kind = "table"
        for row in rows:
            cells = [" ".join(cell.split()) for cell in row]
            if any(cells):
                self._put("\t".join(cells), kind)
                kind = "row"

    def page_break(self) -> None:
        """Begin a new page."""
        self.pages.append([])
        self._last = ""

    def draft(self, title: str | None, notes: Iterable[str]) -> Draft:
        """What was written; its pages are numbered if there are several."""
        texts = ["".join(parts) for parts in self.pages]
        while len(texts) > 1 and not texts[-1].strip():
            texts.pop()
        pieces = [Piece(n if len(texts) > 1 else None, text) for n, text in enumerate(texts, 1)]
        return Draft(pieces, list(notes), title, [(level, name, None) for level, name in self.headings])

    def _put(self, text: str, kind: str) -> None:
        for n, part in enumerate(text.split("\f")):
            if n:
                self.page_break()
            if part.strip():
                close = kind == self._last == "item" or (kind == "row" and self._last in ("table", "row"))
                self.pages[-1] += ["\n" if close else "\n\n"] if self._last else []
                # a cell's place counts in a row, so that only its right end is bare
                self.pages[-1].append(part.rstrip(" \n") if kind in ("table", "row") else part.strip())
                self._last = kind


def _spaced(text: str) -> str:
    return _AROUND.sub(r"\1", _SPACES.sub(" ", text))
