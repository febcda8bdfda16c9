r"""The values that flow from stage to stage: Report, Page, Line, Word, Section, Table, Finding.

Frozen, without behaviour beyond looking things up. One coordinate system holds throughout: character offsets into the
one immutable ``Report.text``; page and box are looked up from them, so ``report.text[start:end]`` is always the quote.

Notes for a newcomer
--------------------
* ``load`` makes a `Report` of text, pages, lines and words. Running headers, footers and page numbers are *not* part of
  ``Report.text``; they are kept in ``Page.furniture``. Words hyphenated over a line end are joined in the text.
* In the text of a PDF a line break inside a paragraph is ``"\n"``, between paragraphs ``"\n\n"``; a page ends with a break.
* ``segment`` returns the same report with ``tables`` and ``sections`` filled in; sections tile the text.
* ``extract`` yields `Finding` values; ``normalize`` turns them into tidy frames.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from html import escape
from typing import Any, Literal, NamedTuple, Protocol, overload

from docmine import markup
from docmine.errors import SectionError, UsageError

__all__ = [
    "Action",
    "Amount",
    "Box",
    "Cell",
    "Check",
    "Column",
    "Facts",
    "Finding",
    "Furniture",
    "Goal",
    "Handle",
    "Indicator",
    "Line",
    "Page",
    "Report",
    "Rule",
    "Section",
    "Sections",
    "Style",
    "Table",
    "Word",
]

Method = Literal["table", "rule", "model"]


def fold(text: str) -> str:
    """Casefolded, with runs of white space as one space: the form in which titles and terms are compared."""
    return " ".join(text.split()).casefold()


def _span(pages: tuple[int, ...]) -> str:
    return "–" if not pages else str(pages[0]) if pages[0] == pages[-1] else f"{pages[0]}–{pages[-1]}"


class Box(NamedTuple):
    """A rectangle on a page in PDF points, origin top left."""

    x0: float
    top: float
    x1: float
    bottom: float


class Style(NamedTuple):
    """How a word is set: font name without its subset tag, size in points, bold, italic, colour ``#rrggbb``."""

    font: str
    size: float
    bold: bool
    italic: bool
    color: str


class Word(NamedTuple):
    """A word of a PDF page: its place in ``Report.text``, its box, and its style as an index into ``Report.styles``."""

    start: int
    end: int
    x0: float
    top: float
    x1: float
    bottom: float
    style: int


class Line(NamedTuple):
    """A line of text. Boxes and style are None for plain text; ``style`` is that of most of its characters.

    ``words`` are indices ``first, last`` (half open) into ``Page.words``.
    """

    start: int
    end: int
    box: Box | None
    style: int | None
    words: tuple[int, int]


class Rule(NamedTuple):
    """A ruling line or a filled rectangle of a PDF page; ``fill`` is its colour ``#rrggbb``, None where only stroked."""

    x0: float
    top: float
    x1: float
    bottom: float
    fill: str | None


class Furniture(NamedTuple):
    """Page furniture that is no part of the text: a running header, a footer, a page number."""

    role: Literal["header", "footer", "page_number"]
    text: str
    box: Box | None


class Handle(Protocol):
    """The way back from a page to the file that it was read from; the loader of that kind of file gives it."""

    def plumb(self, page: Page) -> Any:
        """The page as pdfplumber has it."""

    def draw(self, page: Page, result: Any, scale: float) -> Any:
        """The picture of the page with boxes around what was found on it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its half-open span in ``Report.text`` and what stands on it.

    ``number`` is the 1-based page of the file, or the transcript's own number; None where a transcript has no page marks.
    ``label`` is the number that is printed on the page. ``state`` tells how it was read: wholly (``ok``), without a picture beside
    its text that may hold a table (``pictured``), not at all (``scanned``), or as far as its letters could be known (``damaged``);
    an ``empty`` one has nothing to read. ``confidences`` says of each word how surely it was read from a
    picture; it is empty where the characters come from the file. ``slant`` is by how many degrees a scanned page was turned
    counterclockwise about its middle to be level; boxes are those of the level page. ``handle`` leads back to the file of a
    PDF; it is no part of the value.
    """

    number: int | None
    start: int
    end: int
    width: float = 0.0
    height: float = 0.0
    label: str | None = None
    state: Literal["ok", "empty", "pictured", "scanned", "damaged"] = "ok"
    lines: tuple[Line, ...] = ()
    words: tuple[Word, ...] = ()
    rules: tuple[Rule, ...] = ()
    furniture: tuple[Furniture, ...] = ()
    confidences: tuple[float, ...] = ()
    slant: float = 0.0
    handle: Handle | None = field(default=None, repr=False, compare=False)

    def plumb(self) -> Any:
        """The `pdfplumber.page.Page` of this page, opened when asked for; ``page.plumb().pdf.close()`` lets go of the file.

        Raises
        ------
        UsageError
            If the report is no PDF, or its file is gone or has changed.
        """
        return self._opened().plumb(self)

    def draw(self, result: Any = None, *, scale: float = 2.0) -> Any:
        """The picture of this page with boxes around its words and lines and the rows found on it.

        Parameters
        ----------
        result : Result or mapping of str to pandas.DataFrame, optional
            What was mined from the report: its sections, tables, goals, actions, indicators and amounts are drawn.
        scale : float
            Pixels a PDF point.

        Returns
        -------
        PIL.Image.Image

        Raises
        ------
        UsageError
            If the report is no PDF, or its file is gone or has changed.
        """
        return self._opened().draw(self, result, scale)

    def _opened(self) -> Handle:
        if self.handle is None:
            raise UsageError(f"page {self.number} is no page of a PDF", "only those can be drawn or handed to pdfplumber")
        return self.handle


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text under it up to the next heading.

    ``start`` is where the heading begins, ``body_start`` where its body begins, ``end`` where the next section begins: the
    sections of a report tile its text. The text before the first heading is a section too (``rule`` = "preamble").
    ``subtree_end`` is where the last of its descendants ends. ``parent`` is an index into the report's sections. ``text`` is
    the body with that of its subsections; ``pages`` are the first and last page. ``note`` says of a section with a type that
    its size is unlikely: "empty", or "most of the document" beside others of its level.
    """

    index: int
    parent: int | None
    level: int
    number: str | None
    title: str
    type: str
    start: int
    body_start: int
    end: int
    subtree_end: int
    rule: str
    confidence: float
    text: str = ""
    pages: tuple[int, ...] = ()
    note: str | None = None

    def _repr_html_(self) -> str:
        return markup.card(f"{self.title} ({self.type})", f"<p>pages {_span(self.pages)}</p>", f"<p>{escape(self.text[:1500])}</p>")


@dataclass(frozen=True)
class Sections(Sequence[Section]):
    """The sections of a report in reading order; look one up by position, by offset, by heading or by type."""

    items: tuple[Section, ...] = ()

    @cached_property
    def _starts(self) -> list[int]:
        return [s.start for s in self.items]

    @overload
    def __getitem__(self, key: int | str) -> Section: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Section, ...]: ...
    def __getitem__(self, key: int | str | slice) -> Section | tuple[Section, ...]:
        if not isinstance(key, str):
            return self.items[key]
        wanted = fold(key)
        for same in (lambda s: fold(s.title), lambda s: s.type):
            for section in self.items:
                if section.rule != "preamble" and same(section) == wanted:
                    return section
        close = get_close_matches(wanted, [fold(s.title) for s in self.items], 3, 0.5)
        hint = f"nearest: {', '.join(close)}" if close else "see [s.title for s in report.sections]"
        raise SectionError(f"no section has the heading or type {key!r}", hint)

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Section]:
        return iter(self.items)

    def _repr_html_(self) -> str:
        return markup.tree((s.level, f"{s.number or ''} {s.title}", f"{s.type}, p. {_span(s.pages)}") for s in self.items if s.title)

    def at(self, offset: int) -> Section | None:
        """The innermost section that holds the offset; None where there are no sections."""
        i = bisect_right(self._starts, offset) - 1
        return self.items[max(i, 0)] if self.items else None

    def path(self, section: Section) -> tuple[Section, ...]:
        """The section and its ancestors, outermost first."""
        found = [section]
        while found[-1].parent is not None:
            found.append(self.items[found[-1].parent])
        return tuple(reversed(found))


class Column(NamedTuple):
    """What a table column means, read from its head. All but ``head`` may be unknown (None).

    ``measure`` is a kind of amount or a measure of an indicator (``outcome``, ``budget``, ``target``, ``deviation`` …),
    or ``label``, ``goal``, ``status``, ``note``, ``responsible``, ``text`` for columns that hold no figures.
    ``subject`` is what the head says beyond kind and year (``Intäkter``, ``Kvinnor``).
    """

    head: str
    measure: str | None = None
    year: int | None = None
    period: str | None = None
    unit: str | None = None
    subject: str | None = None


class Cell(NamedTuple):
    """A cell: its place in the grid and in the text. Empty cells are left out of ``Table.cells``.

    ``confidence`` says how surely the text was cut into this figure in this column: 1 where the layout decides.
    ``alternative`` is the cell's text in the next best reading, ``–`` where that leaves it empty; None where no other has it.
    """

    row: int
    col: int
    text: str
    start: int
    end: int
    value: float | None = None
    header: bool = False
    confidence: float = 1.0
    alternative: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table found in the text; ``rows`` holds the label of each grid row with the parent labels that it needs.

    ``unit`` is the contract's unit that holds for the whole table (``tkr``, ``mnkr``, ``percent`` …), None where the cells
    or columns say. ``columns`` has one entry a grid column, the label column included. ``head_rows`` rows come first.
    """

    index: int
    page: int | None
    start: int
    end: int
    title: str | None
    unit: str | None
    origin: Literal["ruled", "aligned", "tabbed", "flattened"]
    n_rows: int
    n_cols: int
    head_rows: int
    columns: tuple[Column, ...]
    rows: tuple[str, ...]
    cells: tuple[Cell, ...]
    confidence: float


class Check(NamedTuple):
    """A relation that a table's figures should satisfy, recomputed."""

    table: int
    rule: Literal["row_sum", "column_difference", "restated"]
    row: int
    col: int
    expected: float
    found: float
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something found in the text at ``start:end``; the base of what extractors yield."""

    start: int
    end: int
    method: Method = "rule"
    confidence: float = 0.5
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal(Finding):
    """A stated goal; ``text`` is its wording without label, bullet or number; ``level`` and ``status`` are the contract's.

    ``parent`` is the start offset of the parent goal's finding.
    """

    text: str
    level: str = "other"
    level_text: str | None = None
    status: str | None = None
    status_text: str | None = None
    parent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Finding):
    """A thing to be done; ``goal`` is the start offset of the finding of the goal that it serves."""

    text: str
    type: str = "other"
    number: str | None = None
    status: str | None = None
    status_text: str | None = None
    responsible: str | None = None
    goal: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Finding):
    """One value of an indicator, in the contract's codes. ``table``, ``row``, ``col`` say where in the grid it stands."""

    name: str
    measure: str | None
    value: float | None
    value_text: str
    unit: str | None = None
    comparator: str | None = None
    year: int | None = None
    period: str | None = None
    status: str | None = None
    status_text: str | None = None
    goal: int | None = None
    table: int | None = None
    row: int | None = None
    col: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Finding):
    """One amount of money; ``value`` is as printed in ``unit`` (``kr``, ``tkr``, ``mnkr``, ``mdkr``), signs after the contract."""

    label: str
    kind: str
    value: float
    unit: str
    year: int | None = None
    period: str | None = None
    approximate: bool = False
    table: int | None = None
    row: int | None = None
    col: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the document as a whole says of itself; None where it does not say."""

    kommun: str | None = None
    kommun_code: str | None = None
    body: str | None = None
    doc_type: str = "other"
    year: int | None = None
    period: str | None = None
    title: str | None = None


@dataclass(frozen=True)
class Report:
    """A report as one immutable text with the place of every character.

    Parameters
    ----------
    source : str
        The path as given.
    sha256 : str
        Of the file's bytes, in hex.
    text : str
        NFC; offsets in all other values count characters of it.
    pages : tuple of Page
        They tile the text.
    text_layer : {"digital", "ocr", "text"}
        Where the characters come from.
    styles : tuple of Style
        What ``Word.style`` and ``Line.style`` point at.
    notes : tuple of str
        What the loader cut away or could not read, each one line; they become the document's ``error``.
    bookmarks : tuple of (level, title, page number)
        The PDF's outline.
    metadata : dict
        The PDF's title, author, producer … as far as given.
    sections, tables
        Filled in by the segmenter.
    """

    source: str
    sha256: str
    text: str
    pages: tuple[Page, ...]
    text_layer: Literal["digital", "ocr", "text"] = "text"
    styles: tuple[Style, ...] = ()
    notes: tuple[str, ...] = ()
    bookmarks: tuple[tuple[int, str, int | None], ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    sections: Sections = field(default_factory=Sections)
    tables: tuple[Table, ...] = ()

    @property
    def doc_id(self) -> str:
        """First 16 hex digits of the SHA-256."""
        return self.sha256[:16]

    @cached_property
    def _page_starts(self) -> list[int]:
        return [p.start for p in self.pages]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all pages, in reading order."""
        return tuple(line for page in self.pages for line in page.lines)

    def page_at(self, offset: int) -> Page | None:
        """The page that holds the offset; None in a report without pages."""
        i = bisect_right(self._page_starts, offset)
        return self.pages[i - 1 if i else 0] if self.pages else None

    @cached_property
    def _word_spans(self) -> dict[int, tuple[list[int], list[int]]]:
        """Where the words of a page start and end, filled in when a page is first asked for."""
        return {}

    def _overlap(self, page: Page, start: int, end: int) -> slice:
        """Which words of a page overlap ``start:end``."""
        spans = self._word_spans.get(page.start)
        if spans is None:
            spans = self._word_spans[page.start] = [w.start for w in page.words], [w.end for w in page.words]
        starts, ends = spans
        first = bisect_right(ends, start)
        return slice(first, bisect_left(starts, end, lo=first))

    def words_in(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that overlap ``start:end`` on the page of ``start``; empty for plain text."""
        page = self.page_at(start)
        return () if page is None or not page.words else page.words[self._overlap(page, start, end)]

    def box(self, start: int, end: int) -> Box | None:
        """The box around ``start:end`` on the page where it starts; None for plain text."""
        words = self.words_in(start, end)
        if not words:
            return None
        if len(words) == 1:
            return Box(*words[0][2:6])
        _, _, x0, top, x1, bottom, _ = zip(*words, strict=True)
        return Box(min(x0), min(top), max(x1), max(bottom))

    def certainty(self, start: int, end: int) -> float:
        """How surely ``start:end`` was read: 1 but where a page was read from its picture.

        Of a span with figures the least sure word with a figure counts, of others the mean.
        """
        page = self.page_at(start)
        if page is None or not page.confidences:
            return 1.0
        inside = self._overlap(page, start, end)
        here = page.confidences[inside]
        if not here:
            return 1.0
        figures = [sure for w, sure in zip(page.words[inside], here, strict=True) if any(map(str.isdigit, self.text[w.start : w.end]))]
        return min(figures) if figures else sum(here) / len(here)

    def _repr_html_(self) -> str:
        facts = f"{len(self.pages)} pages, {len(self.text):,} characters, {len(self.tables)} tables, {len(self.sections)} sections"
        return markup.card(self.source, f"<p>{facts}</p>", self.sections._repr_html_())
