"""A PDF becomes a `Report`: read by one of two engines, put in order, written as one text."""

from __future__ import annotations

import gc
from collections.abc import Callable
from operator import attrgetter
from typing import Literal, Protocol

from docmine.errors import DamagedError, LimitError, NoTextError, UsageError
from docmine.load.compose import compose
from docmine.load.damage import judge
from docmine.load.handle import PdfHandle, handle_of
from docmine.load.layout import RawPage, RawWord
from docmine.load.limits import Clock, Limits
from docmine.load.ocr import read_pictures
from docmine.load.pdfium import PdfiumReader
from docmine.load.repair import Repaired, repair
from docmine.load.styles import Styles
from docmine.records import Report

__all__ = ["ENGINES", "load_pdf"]

_TEXT, _CONFIDENCE = attrgetter("text"), attrgetter("confidence")
#: no language has longer words, and searching in them costs the square of their length
_LONGEST = 1_000


class Reader(Protocol):
    """What an engine does: give the words and rules of each page of one document."""

    styles: Styles
    notes: list[str]

    def __len__(self) -> int: ...
    def page(self, index: int) -> RawPage:
        """What stands on the page with this 0-based index; an unreadable page is an empty one with a note."""

    def bookmarks(self) -> tuple[tuple[int, str, int | None], ...]:
        """The document's outline: level, title, page number."""

    def metadata(self) -> dict[str, str]:
        """The document's own facts, by their names in lower case."""

    def close(self) -> None:
        """Let go of the document."""


def _plumber(data: bytes, name: str, password: str | None, limits: Limits) -> Reader:
    from docmine.load.plumber import PlumberReader  # a large library that few ask for

    return PlumberReader(data, name, password, limits)


#: the engines by name; the first is the default
ENGINES: dict[str, Callable[[bytes, str, str | None, Limits], Reader]] = {"pdfium": PdfiumReader, "pdfplumber": _plumber}


def load_pdf(
    data: bytes,
    name: str,
    sha: str,
    *,
    password: str | None,
    limits: Limits,
    engine: str = "pdfium",
    ocr: bool | Literal["auto"] = "auto",
) -> Report:
    """Load a PDF from its bytes; see `docmine.load.load`."""
    if engine not in ENGINES:
        raise UsageError(f"unknown engine {engine!r}", f"known are {', '.join(ENGINES)}")
    clock = Clock(name, limits)
    reader, mended = _opened(engine, data, name, password, limits)
    if mended is not None:
        data = mended.data
    collects = gc.isenabled()
    if engine == "pdfium":
        # a page is some thousand small values and none of them a cycle, so that looking for cycles would cost a tenth of the time
        gc.disable()
    try:
        pages = _pages(reader, name, limits, clock)
        styles = reader.styles.items
        for page in pages:
            judge(page, styles)
        notes = read_pictures(pages, data, password, reader.styles, ocr=ocr, clock=clock)
        if mended is not None:
            _count_lost(pages, mended)
            notes.insert(0, mended.note())
        if not any(p.words or p.state != "empty" for p in pages):
            raise NoTextError(f"{name}: its pages have no text", "read another copy of it")
        sure = sum([list(map(_CONFIDENCE, p.words)).count(1.0) for p in pages])
        words = sum([len(p.words) for p in pages])
        text, laid = compose(pages, styles, PdfHandle(name, sha, data) if mended else handle_of(name, sha, data, password))
        return Report(
            source=name,
            sha256=sha,
            text=text,
            pages=laid,
            text_layer="ocr" if 2 * sure < words else "digital",
            styles=tuple(styles),
            notes=(*reader.notes, *notes),
            bookmarks=reader.bookmarks(),
            metadata=reader.metadata(),
        )
    finally:
        reader.close()
        if collects:
            gc.enable()


def _opened(engine: str, data: bytes, name: str, password: str | None, limits: Limits) -> tuple[Reader, Repaired | None]:
    """The document as an engine opens it, mended first where it must be."""
    try:
        return ENGINES[engine](data, name, password, limits), None
    except DamagedError:
        mended = repair(data, password, limits)
        if mended is None:
            raise
        return ENGINES[engine](mended.data, name, None, limits), mended


def _count_lost(pages: list[RawPage], mended: Repaired) -> None:
    """Let the pages that were lost be seen: they are damaged, and so the document is partial."""
    for index in mended.blank:
        pages[index].state = "damaged"
    for _ in range(mended.gone):
        pages.append(RawPage(len(pages) + 1, 0.0, 0.0, [], [], 0.0, damaged=True, state="damaged"))


def _cut(word: RawWord) -> list[RawWord]:
    """A word in pieces that are not too long; each has the place of the whole."""
    return [word._replace(text=word.text[at : at + _LONGEST]) for at in range(0, len(word.text), _LONGEST)]


def _pages(reader: Reader, name: str, limits: Limits, clock: Clock) -> list[RawPage]:
    count = len(reader)
    if count == 0:
        raise DamagedError(f"{name}: the PDF has no pages", "fetch it again from where it came")
    if count > limits.pages:
        raise LimitError(
            f"{name}: {count:,} pages, more than {limits.pages:,}", "raise the limit pages if the file is meant to be that long"
        )
    pages: list[RawPage] = []
    characters = 0
    for index in range(count):
        clock.check()
        page = reader.page(index)
        lengths = list(map(len, map(_TEXT, page.words)))
        characters += sum(lengths) + len(lengths)
        if max(lengths, default=0) > _LONGEST:
            page.words = [piece for w in page.words for piece in _cut(w)]
        if characters > limits.characters:
            raise LimitError(f"{name}: more than {limits.characters:,} characters", "raise the limit characters if that is meant")
        pages.append(page)
    return pages
