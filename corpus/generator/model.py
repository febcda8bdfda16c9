"""What a report is made of before it is printed: blocks that carry their own true answers.

A story (see `story`) is a list of blocks. A record is a line of the gold, without page and quote: the printer that sets
the block adds them, because only it knows where the words came to stand and what they came to look like.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Record = dict[str, Any]

DocType = Literal["annual_report", "interim_report", "budget", "plan"]
Form = Literal["reportlab", "fpdf2", "a", "b", "c"]
RowKind = Literal["row", "sum", "group"]


@dataclass(frozen=True)
class Sentence:
    """A sentence and what it truly says; ``focus`` is the part that a shortened quote must hold."""

    text: str
    records: tuple[Record, ...] = ()
    focus: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading; ``records`` holds its section and, where the heading words a goal, the goal."""

    text: str
    level: int
    records: tuple[Record, ...]
    number: str = ""

    @property
    def printed(self) -> str:
        return f"{self.number} {self.text}" if self.number else self.text


@dataclass(frozen=True)
class Paragraph:
    """Running text, a bullet (``kind`` "bullet") or a line that leads in a list (``kind`` "lead")."""

    sentences: tuple[Sentence, ...]
    kind: Literal["body", "bullet", "lead"] = "body"


@dataclass(frozen=True)
class GridRow:
    """A row: the texts of its cells as printed ("" is an empty cell), their values, and the records that it states.

    ``marks`` holds footnote marks by column, which stick to the figure where the page is flattened.
    """

    cells: tuple[str, ...]
    values: tuple[float | None, ...]
    records: tuple[Record, ...] = ()
    kind: RowKind = "row"
    indent: int = 0
    label: str = ""
    columns: tuple[int, ...] = ()
    marks: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Grid:
    """A table: one or two head rows, then rows. ``texts`` columns hold words, the others figures.

    ``columns`` says what each column means: measure, year, period, unit, subject. ``row.columns`` gives the grid column of
    each record. ``spans`` are the head cells of the first head row that cover several columns: first, last (half open).
    """

    title: str
    head: tuple[tuple[str, ...], ...]
    rows: tuple[GridRow, ...]
    columns: tuple[dict[str, Any], ...]
    unit: str | None = None
    texts: int = 1
    spans: tuple[tuple[int, int], ...] = ()
    footnotes: tuple[str, ...] = ()
    title_records: tuple[Record, ...] = ()


@dataclass(frozen=True)
class Break:
    """A new page."""


Block = Heading | Paragraph | Grid | Break


@dataclass
class Story:
    """A whole report: its facts and its blocks. ``cover`` are the lines of the first page, the title first."""

    kommun: str
    kommun_code: str | None
    body: str
    administration: str
    doc_type: DocType
    year: int
    title: str
    cover: list[str]
    contents_title: str
    blocks: list[Block]

    @property
    def document(self) -> Record:
        """The gold's document record."""
        period = str(self.year) if self.doc_type in ("annual_report", "budget") else None
        return {
            "record": "document",
            "kommun": self.kommun,
            "kommun_code": self.kommun_code,
            "body": self.body,
            "doc_type": self.doc_type,
            "year": self.year,
            "period": period,
        }
