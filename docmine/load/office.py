"""Word documents (.docx) become a `Report`, through python-docx."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from docmine.errors import DamagedError, EmptyFileError, LimitError, UnsupportedError
from docmine.load.limits import Clock, Limits
from docmine.load.pieces import Writer
from docmine.load.text import tidy
from docmine.records import Report

__all__ = ["load_docx"]

_MAIN = "word/document.xml"
_HEADING = re.compile(r"(?:heading|rubrik)\s*([1-9])\b", re.IGNORECASE)
_LIST = re.compile(r"list|lista|punkt|bullet", re.IGNORECASE)
_MOST_COLUMNS = 200

_P, _TBL, _TR, _TC = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_HOLDERS = frozenset(map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:txbxContent")))
_DROPPED = tuple(map(qn, ("w:del", "w:moveFrom", "w:instrText", "w:delText")))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXT, _BREAK, _PAGE = qn("w:t"), qn("w:br"), qn("w:lastRenderedPageBreak")
_SAID = {qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-", qn("w:cr"): "\n", _PAGE: "\f"}


def load_docx(data: bytes, name: str, sha: str, *, limits: Limits) -> Report:
    """Load a Word document from its bytes; see `docmine.load.load`."""
    clock = Clock(name, limits)
    _check(data, name, limits)
    try:
        document = Document(io.BytesIO(data))
        body = document.element.body
        styles = _Styles(document)
    except Exception as error:  # python-docx fails on damaged packages in as many ways as there are
        raise DamagedError(f"{name}: the Word document is damaged ({type(error).__name__})", "open it in Word and save it again") from None
    writer = Writer()
    _prepare(body)
    for block in _blocks(body):
        clock.check()
        if block.tag == _TBL:
            _write_table(block, writer, styles)
        else:
            _write_paragraph(block, writer, styles)
    title = " ".join(tidy(document.core_properties.title or "").split()) or None
    report = writer.draft(title, []).report(name, sha)
    if not report.text.strip():
        raise EmptyFileError(f"{name}: the Word document holds no text", "save it as PDF if it holds pictures of text")
    if len(report.text) > limits.characters:
        raise LimitError(f"{name}: more than {limits.characters:,} characters", "raise the limit characters if that is meant")
    return report


def _check(data: bytes, name: str, limits: Limits) -> None:
    """Refuse what is no Word document, and one that would unpack to more than the limit."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
    except Exception as error:  # zipfile fails on damaged files in as many ways as there are
        raise DamagedError(f"{name}: is a damaged zip file or Office document ({type(error).__name__})", "fetch it again") from None
    names = {info.filename for info in infos}
    if _MAIN not in names:
        office = "[Content_Types].xml" in names or "mimetype" in names
        what = "an Office document of another kind than .docx" if office else "a zip archive"
        todo = "save it as PDF or .docx" if office else "give it a name that ends in .zip, or unpack it"
        raise UnsupportedError(f"{name}: is {what}", todo)
    if len(infos) > limits.members or sum(info.file_size for info in infos) > limits.stream_bytes:
        raise LimitError(
            f"{name}: the Word document unpacks to more than {limits.stream_bytes:,} bytes or {limits.members:,} parts",
            "raise the limits stream_bytes and members if the file is to be trusted",
        )


class _Styles:
    """What the paragraph styles of a document mean: a level for headings, and which are lists."""

    def __init__(self, document: Any) -> None:
        self.levels: dict[str, int] = {}
        self.lists: set[str] = set()
        elements = {s.style_id: s.element for s in document.styles if s.style_id}
        for style_id, element in elements.items():
            for own in _ancestry(style_id, elements):
                name = own.find(qn("w:name"))
                said = _HEADING.match(name.get(qn("w:val"), "")) if name is not None else None
                outline = own.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
                level = int(said[1]) if said else _number(outline, 9) + 1 if outline is not None else 10
                if level <= 9:
                    self.levels[style_id] = level
                    break
            name = element.find(qn("w:name"))
            if name is not None and _LIST.match(name.get(qn("w:val"), "")):
                self.lists.add(style_id)


def _ancestry(style_id: str, elements: dict[str, Any]) -> Iterator[Any]:
    """A style's element and those that it is based on, of which a damaged document may make a ring."""
    seen: set[str] = set()
    at: str | None = style_id
    while at in elements and at not in seen:
        seen.add(at)
        yield elements[at]
        based = elements[at].find(qn("w:basedOn"))
        at = based.get(qn("w:val")) if based is not None else None


def _number(element: Any, default: int) -> int:
    value = element.get(qn("w:val"), "") if element is not None else ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else default


def _prepare(body: Any) -> None:
    """Take out what was deleted, or stands there twice, and put the text of boxes after the paragraphs that anchor them."""
    for element in list(body.iter(*_DROPPED, _FALLBACK)):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    for box in list(body.iter(qn("w:txbxContent"))):
        anchor = next(box.iterancestors(_P), None)
        if anchor is not None:
            box.getparent().remove(box)
            anchor.addnext(box)


def _blocks(holder: Any) -> Iterator[Any]:
    """Paragraphs and tables in their order."""
    stack = [iter(holder)]
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
        elif element.tag in (_P, _TBL):
            yield element
        elif element.tag in _HOLDERS:
            stack.append(iter(element))


def _text(paragraph: Any) -> str:
    parts: list[str] = []
    for element in paragraph.iter(_TEXT, _BREAK, *_SAID):
        if element.tag == _TEXT:
            parts.append(element.text or "")
        elif element.tag == _BREAK:
            parts.append("\n" if element.get(qn("w:type")) != "page" else "")
        elif element.getparent().tag == qn("w:r"):  # tabs stand in a paragraph's properties too
            parts.append(_SAID[element.tag])
    return tidy("".join(parts))


def _write_paragraph(paragraph: Any, writer: Writer, styles: _Styles) -> None:
    text = _text(paragraph)
    if not text.strip(" \n\t"):
        return
    properties = paragraph.find(qn("w:pPr"))
    style = properties.find(qn("w:pStyle")) if properties is not None else None
    style_id = style.get(qn("w:val")) if style is not None else ""
    own = properties.find(qn("w:outlineLvl")) if properties is not None else None
    level = _number(own, 9) + 1 if own is not None else styles.levels.get(style_id, 10)
    if level <= 9:
        writer.heading(level, text)
    elif style_id in styles.lists or (properties is not None and properties.find(qn("w:numPr")) is not None):
        writer.item(text)
    else:
        writer.paragraph(text)


def _write_table(table: Any, writer: Writer, styles: _Styles) -> None:
    rows = [list(_cells(row)) for row in table.iter(_TR) if next(row.iterancestors(_TBL)) is table]
    nested = any(table.iterdescendants(_TBL))
    if nested or all(len(row) < 2 for row in rows):
        # a frame around text, not a table
        for row in rows:
            for cell, _, _ in row:
                for block in _blocks(cell):
                    if block.tag == _TBL:
                        _write_table(block, writer, styles)
                    else:
                        _write_paragraph(block, writer, styles)
        return
    for row in rows:
        if any(next(cell.iter(_PAGE), None) is not None for cell, _, _ in row):
            writer.page_break()
            break
    writer.table(list(_row_texts(row)) for row in rows)


def _cells(row: Any) -> Iterator[tuple[Any, int, bool]]:
    """The cells of a row: element, columns that it spans, and whether it only goes on from the row above."""
    for cell in row.iter(_TC):
        if next(cell.iterancestors(_TR)) is not row:
            continue
        properties = cell.find(qn("w:tcPr"))
        span = _number(properties.find(qn("w:gridSpan")), 1) if properties is not None else 1
        merge = properties.find(qn("w:vMerge")) if properties is not None else None
        yield cell, min(max(span, 1), _MOST_COLUMNS), merge is not None and merge.get(qn("w:val")) != "restart"


def _row_texts(row: list[tuple[Any, int, bool]]) -> Iterator[str]:
    for cell, span, goes_on in row:
        yield "" if goes_on else " ".join(_text(p) for p in cell.iter(_P)).replace("\f", " ")
        yield from [""] * (span - 1)
