"""Reports as PDF: a small typesetter of headings, paragraphs, lists and tables over pages, for two producers.

It places every word itself, so it knows the page of every answer.
"""

from __future__ import annotations

from typing import Any

from .answers import answer, focus_of, quoted, table_truth
from .dice import Dice
from .layout import Layout
from .model import Break, Grid, GridRow, Heading, Paragraph, Record, Story
from .pens import HEIGHT, WIDTH, FpdfPen, Pen, ReportlabPen, Type
from .swedish import break_points

LEFT, RIGHT, TOP, BOTTOM = 70.0, WIDTH - 70.0, 92.0, HEIGHT - 84.0

Printed = tuple[bytes, list[Record], list[dict[str, Any]]]


def print_pdf(story: Story, layout: Layout, form: str, dice: Dice) -> Printed:
    """The report as a PDF; the contents list is set with the pages that a first setting gave."""
    pages: list[int] = []
    for _ in range(2):
        setter = Typesetter(story, layout, FpdfPen(layout.font) if form == "fpdf2" else ReportlabPen(layout.font))
        setter.set(pages)
        pages = setter.heading_pages
    return setter.pen.finish(f"{story.title} {story.body}"), setter.gold, setter.tables


class Typesetter:
    """Sets a story on pages with a pen, and notes the answers as it goes."""

    def __init__(self, story: Story, layout: Layout, pen: Pen) -> None:
        self.story, self.layout, self.pen = story, layout, pen
        self.body = Type(layout.size)
        self.leading = layout.size * 1.32
        self.page, self.y = 0, TOP
        self.gold: list[Record] = []
        self.tables: list[dict[str, Any]] = []
        self.heading_pages: list[int] = []

    # Pages

    def new_page(self, plain: bool = False) -> None:
        self.pen.page()
        self.page += 1
        self.y = TOP
        if not plain:
            self._furniture()

    def _furniture(self) -> None:
        layout, story, pen = self.layout, self.story, self.pen
        small = Type(8, color="#555555")
        name = f"{story.kommun} kommun"
        if layout.header == "left":
            pen.text(LEFT, 48, f"{story.body}, {story.title}", small)
        elif layout.header == "right":
            for i, text in enumerate((name, story.body)):
                pen.text(RIGHT - pen.width(text, small), 42 + 11 * i, text, small)
        elif layout.header == "logo":
            pen.box(LEFT, 34, 22, 26, layout.accent)
            pen.text(LEFT + 28, 52, name.upper(), Type(11, True, color=layout.accent))
        if layout.footer != "none":
            if layout.footer == "text":
                pen.line(LEFT, HEIGHT - 56, RIGHT, HEIGHT - 56, "#999999", 0.5)
                pen.text(LEFT, HEIGHT - 44, story.title, small)
            number = str(self.page)
            pen.text(RIGHT - pen.width(number, small), HEIGHT - 44, number, small)

    def room(self, height: float) -> None:
        """A new page unless there is room for that height."""
        if self.y + height > BOTTOM:
            self.new_page()

    # The parts

    def set(self, pages: list[int]) -> None:
        """The whole report; ``pages`` are the pages of its headings, if known."""
        story, layout = self.story, self.layout
        title: Record = {"record": "section", "title": story.title, "type": None, "optional": True}
        self.new_page(plain=layout.cover)
        self.gold.append(answer(title, 1, ""))
        if layout.cover:
            self.pen.box(0, 250, WIDTH, 50 + 34 * len(story.cover), layout.accent)
            for i, line in enumerate(story.cover):
                self.pen.text(LEFT, 300 + 32 * i, line, Type(24 if i == 0 else 15, i == 0, color="#ffffff"))
            self.new_page()
        else:
            for i, line in enumerate(story.cover):
                self.pen.text(LEFT, self.y, line, Type(18 if i == 0 else 11, i == 0))
                self.y += 26 if i == 0 else 16
            self.y += 18
        if layout.contents:
            self._contents(pages)
        blocks = story.blocks
        for i, block in enumerate(blocks):
            if isinstance(block, Heading):
                self._heading(block, blocks[i + 1] if i + 1 < len(blocks) else None)
            elif isinstance(block, Paragraph):
                after = blocks[i + 1] if i + 1 < len(blocks) else None
                self._paragraph(block, listed=isinstance(after, Paragraph) and after.kind == "bullet")
            elif isinstance(block, Grid):
                self._table(block)
            elif isinstance(block, Break):
                self.new_page()

    def _contents(self, pages: list[int]) -> None:
        headings = [b for b in self.story.blocks if isinstance(b, Heading)]
        self.gold.append(
            answer({"record": "section", "title": self.story.contents_title, "type": "contents", "optional": True}, self.page, "")
        )
        self.pen.text(LEFT, self.y, self.story.contents_title, Type(self.layout.size + 5, True, color=self._ink()))
        self.y += 26
        listed = [(h, p) for h, p in zip(headings, pages or [1] * len(headings), strict=True) if h.level < 3]
        off = 1 if self.layout.contents_off else 0
        dot = self.pen.width(".", self.body)
        for heading, page in listed:
            self.room(self.leading)
            x = LEFT + 14 * (heading.level - 1)
            number = str(max(1, page - off))
            end = RIGHT - self.pen.width(number, self.body)
            start = x + self.pen.width(heading.printed, self.body)
            self.pen.text(x, self.y, heading.printed + " " + "." * max(2, int((end - start - 8) / dot)), self.body)
            self.pen.text(end, self.y, number, self.body)
            self.y += self.leading * 1.15
        self.new_page()

    def _ink(self) -> str:
        return self.layout.accent if self.layout.accent != "#c58b00" else "#000000"

    def _heading(self, heading: Heading, after: Any) -> None:
        sizes = {1: self.layout.size + 6, 2: self.layout.size + 3, 3: self.layout.size + 1}
        type_ = Type(sizes[min(heading.level, 3)], True, color=self._ink())
        lines = self._wrap(heading.printed, type_, RIGHT - LEFT)
        ahead = 40 if not isinstance(after, Grid) else 24 + 16 * min(len(after.rows), 6)
        self.y += 0 if self.y == TOP else 14 if heading.level < 3 else 8
        self.room(len(lines) * type_.size * 1.3 + ahead)
        for line in lines:
            self.pen.text(LEFT, self.y, line, type_)
            self.y += type_.size * 1.3
        self.y += 4
        self.heading_pages.append(self.page)
        self.gold += [answer(r, self.page, heading.text) for r in heading.records]

    def _paragraph(self, paragraph: Paragraph, *, listed: bool) -> None:
        indent = 16.0 if paragraph.kind == "bullet" else 0.0
        type_ = replace_type(self.body, bold=paragraph.kind == "lead")
        lines = self._wrap(" ".join(s.text for s in paragraph.sentences), type_, RIGHT - LEFT - indent, hyphenate=self.layout.hyphenate)
        stated = any(s.records for s in paragraph.sentences)
        # what states a fact is not cut by a page's end, so that its quote stands on one page
        whole = stated or paragraph.kind != "body" or len(lines) < 4
        self.room((len(lines) if whole else 2) * self.leading + (30 if paragraph.kind == "lead" else 0))
        if paragraph.kind == "bullet":
            self.pen.text(LEFT + 4, self.y, "•", self.body)
        for i, line in enumerate(lines):
            self.room(self.leading)
            self._line(LEFT + indent, RIGHT, line, type_, last=i == len(lines) - 1)
            self.y += self.leading
        self.y += 2 if listed else 7
        self.gold += [answer(r, self.page, quoted(s.text, s.focus)) for s in paragraph.sentences for r in s.records]

    def _line(self, x: float, right: float, text: str, type_: Type, *, last: bool) -> None:
        words = text.split(" ")
        if not self.layout.justify or last or len(words) < 4:
            self.pen.text(x, self.y, text, type_)
            return
        gap = (right - x - sum(self.pen.width(w, type_) for w in words)) / (len(words) - 1)
        for word in words:
            self.pen.text(x, self.y, word, type_)
            x += self.pen.width(word, type_) + gap

    def _wrap(self, text: str, type_: Type, width: float, *, hyphenate: bool = False) -> list[str]:
        """The text in lines of at most that width."""
        lines, line = [], ""
        for word in text.split():
            tried = f"{line} {word}" if line else word
            if self.pen.width(tried, type_) <= width:
                line = tried
                continue
            if hyphenate:
                for at in reversed(break_points(word.rstrip(".,"))):
                    head = f"{line} {word[:at]}-" if line else f"{word[:at]}-"
                    if self.pen.width(head, type_) <= width:
                        lines.append(head)
                        line, word = "", word[at:]
                        break
            if line:
                lines.append(line)
            line = word
        return [*lines, line] if line else lines

    # Tables

    def _table(self, grid: Grid) -> None:
        size = self.layout.size - (1.5 if len(grid.head[0]) > 5 or grid.texts > 1 else 1)
        type_ = Type(size)
        widths = self._column_widths(grid, type_)
        head = [self._cells(row, widths, replace_type(type_, bold=True), grid, top=i == 0) for i, row in enumerate(grid.head)]
        first = self._cells(grid.rows[0].cells, widths, type_, grid)
        self.room(30 + self._height(head, size) + 3 * self._height([first], size))
        if grid.title:
            self.pen.text(LEFT, self.y, grid.title, replace_type(self.body, bold=True))
            self.y += self.leading * 1.15
            self.gold += [answer(r, self.page, "") for r in grid.title_records]
        self.tables.append(table_truth(grid, self.page, "ruled" if self.layout.table == "ruled" else "aligned"))
        self._head(head, widths, size, grid)
        for i, row in enumerate(grid.rows):
            bold = row.kind != "row"
            cells = self._cells(row.cells, widths, replace_type(type_, bold=bold), grid, indent=8.0 * row.indent)
            height = self._height([cells], size)
            if self.y + height > BOTTOM:
                self.new_page()
                if self.layout.repeat_head:
                    self._head(head, widths, size, grid)
            self._row(cells, widths, height, replace_type(type_, bold=bold), grid, row, banded=self.layout.table == "banded" and i % 2 == 1)
            text = " ".join(filter(None, row.cells))
            self.gold += [answer(r, self.page, quoted(text, focus_of(r, row))) for r in row.records]
        if self.layout.table == "lined":
            self.pen.line(LEFT, self.y - size, LEFT + sum(widths), self.y - size, "#444444", 0.6)
        self.y += 2
        for note in grid.footnotes:
            self.pen.text(LEFT, self.y, note, Type(7.5))
            self.y += 10
        self.y += 12

    def _column_widths(self, grid: Grid, type_: Type) -> list[float]:
        bold = replace_type(type_, bold=True)
        count = len(grid.head[0])
        figures = [0.0] * count
        for c in range(grid.texts, count):
            words = (
                [w for h in grid.head for w in h[c].replace("/", "/ ").split()]
                if not any(a <= c < b for a, b in grid.spans)
                else [h[c] for h in grid.head[1:]]
            )
            figures[c] = 10 + max([self.pen.width(r.cells[c], bold) for r in grid.rows] + [self.pen.width(w, bold) for w in words] + [30])
        left = RIGHT - LEFT - sum(figures)
        wanted = [
            max([self.pen.width(r.cells[c], bold) + 8 * r.indent for r in grid.rows] + [self.pen.width(grid.head[0][c], bold)]) + 12
            for c in range(grid.texts)
        ]
        if sum(wanted) > left:
            longest = [
                max((self.pen.width(w, bold) for r in (*grid.rows, GridRow(grid.head[0], ())) for w in r.cells[c].split()), default=20.0)
                + 12
                for c in range(grid.texts)
            ]
            spare = max(0.0, left - sum(longest))
            over = [max(0.0, w - low) for w, low in zip(wanted, longest, strict=True)]
            wanted = [low + spare * o / (sum(over) or 1) for low, o in zip(longest, over, strict=True)]
        elif self.layout.table != "plain" or grid.texts == 1:
            wanted[-1] += (left - sum(wanted)) * 0.75
        return wanted + figures[grid.texts :]

    def _cells(
        self, texts: tuple[str, ...], widths: list[float], type_: Type, grid: Grid, *, top: bool = False, indent: float = 0.0
    ) -> list[list[str]]:
        cells = []
        for c, text in enumerate(texts):
            width = widths[c]
            if top:
                for a, b in grid.spans:
                    if c == a:
                        width = sum(widths[a:b])
            wrapping = text.replace("/", "/ ") if top and self.pen.width(text, type_) > width - 8 else text
            cells.append([line.replace("/ ", "/") for line in self._wrap(wrapping, type_, width - 8 - (indent if c == 0 else 0))] or [""])
        return cells

    @staticmethod
    def _height(rows: list[list[list[str]]], size: float) -> float:
        return sum(max(len(cell) for cell in row) * size * 1.2 + size * 0.5 for row in rows)

    def _head(self, head: list[list[list[str]]], widths: list[float], size: float, grid: Grid) -> None:
        style = self.layout.table
        fill = style in ("ruled", "banded")
        light = self.layout.accent != "#c58b00"
        color = ("#ffffff" if light else "#000000") if fill else "#000000"
        for i, row in enumerate(head):
            height = self._height([row], size)
            if fill:
                self.pen.box(LEFT, self.y - size, sum(widths), height, self.layout.accent)
            self._row(row, widths, height, Type(size, True, color=color), grid, None, top=i == 0)
        if style == "lined":
            self.pen.line(LEFT, self.y - size, LEFT + sum(widths), self.y - size, "#444444", 0.6)

    def _row(
        self,
        cells: list[list[str]],
        widths: list[float],
        height: float,
        type_: Type,
        grid: Grid,
        row: GridRow | None,
        *,
        banded: bool = False,
        top: bool = False,
    ) -> None:
        size = type_.size
        if banded:
            self.pen.box(LEFT, self.y - size, sum(widths), height, "#e8eef4")
        x = LEFT
        for c, lines in enumerate(cells):
            right = x + widths[c]
            if top:
                right = next((x + sum(widths[a:b]) for a, b in grid.spans if a == c), right)
            for i, text in enumerate(lines):
                indent = 8.0 * row.indent if row and c == 0 else 0.0
                at = x + 4 + indent if c < grid.texts else right - 4 - self.pen.width(text, type_)
                self.pen.text(at, self.y + i * size * 1.2, text, type_)
            if row and c in row.marks:
                self.pen.text(right - 4, self.y - size * 0.35, row.marks[c], Type(size * 0.6))
            x += widths[c]
        if self.layout.table == "ruled":
            top_y, bottom = self.y - size, self.y - size + height
            self.pen.line(LEFT, top_y, LEFT + sum(widths), top_y, "#888888", 0.5)
            self.pen.line(LEFT, bottom, LEFT + sum(widths), bottom, "#888888", 0.5)
            x = LEFT
            inner = {c for a, b in grid.spans if top for c in range(a + 1, b)}
            for c, width in enumerate([0.0, *widths]):
                x += width
                if c not in inner:
                    self.pen.line(x, top_y, x, bottom, "#888888", 0.5)
        elif self.layout.table == "lined" and row and row.kind == "sum":
            self.pen.line(LEFT, self.y - size, LEFT + sum(widths), self.y - size, "#444444", 0.4)
        self.y += height


def replace_type(type_: Type, *, bold: bool) -> Type:
    """The same type, bold or not."""
    return type_._replace(bold=bold)
