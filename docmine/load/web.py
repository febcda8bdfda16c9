"""Saved web pages and Markdown become a `Report`, through lxml and markdown-it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import regex
from lxml import etree

from docmine.errors import EmptyFileError
from docmine.load.limits import Clock, Limits
from docmine.load.pieces import Writer
from docmine.load.text import tidy
from docmine.records import Report

__all__ = ["load_html", "load_markdown"]

_DECLARED = regex.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "header", "hr", "legend", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_NEVER = frozenset((
    "script", "style", "template", "noscript", "svg", "math", "iframe", "object", "embed", "video", "audio", "canvas", "button",
    "select", "input", "textarea", "dialog", "head",
))  # fmt: skip
_AROUND = frozenset(("nav", "header", "footer", "aside", "form"))
_AROUND_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "complementary"))
_HIDDEN = regex.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", regex.IGNORECASE)
_MAIN = ".//main | .//*[@role='main'] | .//article"
_ENOUGH = 200
_MOST_COLUMNS, _MOST_ROWS = 200, 1_000
_WHITE = regex.compile(r"\s+")


def load_html(text: str, name: str, sha: str, *, notes: Sequence[str] = (), limits: Limits) -> Report:
    """Load a web page; see `docmine.load.load`. What surrounds its main text is left out."""
    clock = Clock(name, limits)
    # a page that declares another encoding than the one in which its text has been read must not be believed
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(_DECLARED.sub("", text).encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        root = None
    if root is None:
        raise EmptyFileError(f"{name}: the web page holds no text", "open it in a browser and save it as PDF")
    body = root.find(".//body")
    body = root if body is None else body
    main = max(body.xpath(_MAIN), key=_length, default=None)
    chosen = main if main is not None and _length(main) >= _ENOUGH else body
    writer = Writer()
    left_out = _write(chosen, writer, clock) or chosen is not body
    title = root.find(".//title")
    named = " ".join(tidy("".join(title.itertext())).split()) if title is not None else ""
    around = ["left out what surrounds the main text of the web page"] if left_out else []
    report = writer.draft(named or None, [*notes, *around]).report(name, sha)
    if not report.text.strip():
        raise EmptyFileError(f"{name}: the web page holds no text", "open it in a browser and save it as PDF")
    return report


def load_markdown(text: str, name: str, sha: str, *, notes: Sequence[str] = (), limits: Limits) -> Report:
    """Load a text in Markdown; see `docmine.load.load`."""
    from markdown_it import MarkdownIt  # few files need it

    clock = Clock(name, limits)
    made = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    clock.check()
    return load_html(f"<html><body>{made}</body></html>", name, sha, notes=notes, limits=limits)


def _length(element: Any) -> int:
    return sum(len(text) for text in element.itertext())


def _write(root: Any, writer: Writer, clock: Clock) -> bool:
    """Write the blocks of an element; returns whether menus and the like were left out."""
    left_out = False
    pen = _Pen(writer)
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            clock.check()
            around = tag in _AROUND or element.get("role") in _AROUND_ROLES
            if element is not root and (around or tag in _NEVER or _is_hidden(element)):
                left_out = left_out or (around and any(text.strip() for text in element.itertext()))
                walk.skip_subtree()
            elif tag == "table" and _is_table(element):
                pen.flush()
                writer.table(_rows(element))
                walk.skip_subtree()
            else:
                pen.start(tag, element.text or "")
        else:
            if tag in _HEADINGS or tag in _BLOCKS or tag == "li":
                pen.flush()
            if element is not root and element.tail:
                pen.add(element.tail)
    pen.flush()
    return left_out


class _Pen:
    """Gathers the words of a block until the next begins."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.parts: list[str] = []
        self.kind = ""
        self.pre = False

    def start(self, tag: str, text: str) -> None:
        """Begin an element."""
        if tag == "br":
            self.parts.append("\n")
        elif tag in _HEADINGS or tag in _BLOCKS or tag == "li":
            item = self.kind == "li" and not "".join(self.parts).strip() and tag == "p"
            self.flush()
            self.kind = "li" if item else tag
            self.pre = tag == "pre"
        self.add(text)

    def add(self, text: str) -> None:
        """Add words to the block."""
        self.parts.append(text if self.pre else _WHITE.sub(" ", text))

    def flush(self) -> None:
        """Write the block."""
        text = tidy("".join(self.parts)).strip(" \n\t").replace("\f", " ")
        if text:
            if self.kind in _HEADINGS:
                self.writer.heading(_HEADINGS[self.kind], text)
            elif self.kind == "li":
                self.writer.item(text)
            else:
                self.writer.paragraph(text)
        self.parts, self.kind, self.pre = [], "", False


def _is_hidden(element: Any) -> bool:
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    return hidden or _HIDDEN.search(element.get("style", "")) is not None


def _is_table(table: Any) -> bool:
    """Whether a table holds rows of cells, and is not a frame for the layout of the page."""
    if next(table.iterdescendants("table", *_HEADINGS), None) is not None:
        return False
    return any(len(row) > 1 for row in table.iter("tr"))


def _rows(table: Any) -> Iterator[list[str]]:
    """The rows of a table as texts, a cell that spans several columns or rows in the first of them."""
    for caption in table.iter("caption"):
        yield [_said(caption)]
    below: dict[int, int] = {}
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while below.get(len(cells), 0) and len(cells) < _MOST_COLUMNS:
                cells.append("")
            if len(cells) >= _MOST_COLUMNS:
                break
            first, wide, high = len(cells), _span(cell, "colspan", _MOST_COLUMNS), _span(cell, "rowspan", _MOST_ROWS)
            cells += [_said(cell), *[""] * (wide - 1)]
            for column in range(first, min(len(cells), _MOST_COLUMNS)):
                below[column] = high
        below = {column: left - 1 for column, left in below.items() if left > 1}
        yield cells[:_MOST_COLUMNS]


def _span(cell: Any, key: str, most: int) -> int:
    value = cell.get(key, "")
    return min(max(int(value), 1), most) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def _said(cell: Any) -> str:
    parts: list[str] = []
    walk = etree.iterwalk(cell, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            if element is not cell:
                parts.append(element.tail or "")
        elif element is not cell and (element.tag in _NEVER or _is_hidden(element)):
            walk.skip_subtree()
        else:
            parts += [" " if element.tag == "br" or element.tag in _BLOCKS or element.tag == "li" else "", element.text or ""]
    return tidy(" ".join("".join(parts).split()))
