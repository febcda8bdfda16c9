"""PDF pages read through PDFium's C API with as few calls as the page allows.

The text of a page comes in one call; a box is asked for the first and last character of each word only; font, size and
colour once for each text object. Coordinates leave this module as they are seen on the page: origin top left, CropBox and
rotation applied.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from ctypes import addressof, c_int, c_void_p
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as c

from docmine.errors import DamagedError, EncryptedError, LimitError, NoTextError
from docmine.load.compose import compose
from docmine.load.glyphs import LINE_HYPHEN, clean, is_plain, is_symbolic
from docmine.load.layout import RawPage, RawWord, turned_box
from docmine.load.limits import Limits
from docmine.records import Report, Rule, Style

__all__ = ["load_pdf"]

_TOKEN = re.compile(r"[^\s\u200b]+")
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_BOLD = re.compile(r"bold|black|heavy|semib|demi|\bbd\b|-bd", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique|kursiv|\bit\b|-it$", re.IGNORECASE)
_FORM_DEPTH = 4
_DRAWN = (c.FPDF_PAGEOBJ_PATH, c.FPDF_PAGEOBJ_IMAGE)
_PASSWORD, _SECURITY = 4, 5
_DEFAULT = Style("", 10.0, False, False, "#000000")


def _bound(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A C function that takes addresses as plain numbers, which costs a third of a typed pointer."""
    address = ctypes.cast(getattr(c, name), c_void_p).value or 0
    function: Callable[..., Any] = ctypes.CFUNCTYPE(result, *arguments)(address)
    return function


_text_object = _bound("FPDFText_GetTextObject", c_void_p, c_void_p, c_int)
_char_box = _bound("FPDFText_GetLooseCharBox", c_int, c_void_p, c_int, c_void_p)
_char_origin = _bound("FPDFText_GetCharOrigin", c_int, c_void_p, c_int, c_void_p, c_void_p)
_char_matrix = _bound("FPDFText_GetMatrix", c_int, c_void_p, c_int, c_void_p)
_font_size = _bound("FPDFTextObj_GetFontSize", c_int, c_void_p, c_void_p)
_font_of = _bound("FPDFTextObj_GetFont", c_void_p, c_void_p)
_font_name = _bound("FPDFFont_GetBaseFontName", ctypes.c_size_t, c_void_p, c_void_p, ctypes.c_size_t)
_fill_color = _bound("FPDFPageObj_GetFillColor", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
_draw_mode = _bound("FPDFPath_GetDrawMode", c_int, c_void_p, c_void_p, c_void_p)
_bounds = _bound("FPDFPageObj_GetBounds", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
_kind = _bound("FPDFPageObj_GetType", c_int, c_void_p)
_page_object = _bound("FPDFPage_GetObject", c_void_p, c_void_p, c_int)
_form_object = _bound("FPDFFormObj_GetObject", c_void_p, c_void_p, ctypes.c_ulong)
_form_count = _bound("FPDFFormObj_CountObjects", c_int, c_void_p)
_object_matrix = _bound("FPDFPageObj_GetMatrix", c_int, c_void_p, c_void_p)


class _Placed(NamedTuple):
    """A text object: its style as an index, its type size, its baseline, the direction of its text in quarter turns."""

    style: int
    size: float
    base: float
    turn: int
    symbolic: bool


def load_pdf(data: bytes, name: str, sha: str, *, password: str | None, limits: Limits) -> Report:
    """Load a PDF from its bytes; see `docmine.load.load`."""
    document = _open(data, name, password)
    try:
        count = len(document)
        if count == 0:
            raise DamagedError(f"{name}: the PDF has no pages", "fetch it again from where it came")
        if count > limits.pages:
            raise LimitError(
                f"{name}: {count:,} pages, more than {limits.pages:,}", "raise Limits.pages if the file is meant to be that long"
            )
        reader = _Reader(limits)
        pages: list[RawPage] = []
        characters = 0
        for index in range(count):
            page = reader.page(document, index)
            characters += sum(len(w.text) + 1 for w in page.words)
            if characters > limits.characters:
                raise LimitError(f"{name}: more than {limits.characters:,} characters", "raise Limits.characters if that is meant")
            pages.append(page)
        if not any(p.words for p in pages):
            what = "pages are pictures without a text layer" if any(p.pictures for p in pages) else "pages have no text"
            raise NoTextError(f"{name}: its {what}", "read it with the extra: pip install docmine[ocr]")
        text, laid, notes = compose(pages, reader.styles)
        return Report(
            source=name,
            sha256=sha,
            text=text,
            pages=laid,
            text_layer="digital",
            styles=tuple(reader.styles),
            notes=(*reader.notes, *notes),
            bookmarks=_bookmarks(document),
            metadata=_metadata(document),
        )
    finally:
        document.close()


def _open(data: bytes, name: str, password: str | None) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None) or c.FPDF_GetLastError()
        if code in (_PASSWORD, _SECURITY):
            what = "the password does not open it" if password else "is encrypted"
            raise EncryptedError(f"{name}: {what}", "give the right one as password=") from None
        raise DamagedError(
            f"{name}: the PDF is truncated or damaged", "fetch it again, or repair it with a PDF tool such as qpdf"
        ) from None


def _metadata(document: pdfium.PdfDocument) -> dict[str, str]:
    try:
        given: dict[str, str] = document.get_metadata_dict(skip_empty=True)
    except (pdfium.PdfiumError, UnicodeError):
        return {}
    return {key.lower(): " ".join(value.replace("\0", "").split()) for key, value in given.items() if value.strip("\0 ")}


def _bookmarks(document: pdfium.PdfDocument) -> tuple[tuple[int, str, int | None], ...]:
    found: list[tuple[int, str, int | None]] = []
    try:
        for mark in document.get_toc(max_depth=8):
            title = " ".join(clean(mark.get_title(), "").split())
            target = mark.get_dest()
            index = None if target is None else target.get_index()
            if title:
                found.append((mark.level + 1, title, None if index is None else index + 1))
            if len(found) >= 5_000:
                break
    except (pdfium.PdfiumError, UnicodeError, ValueError):
        return tuple(found)
    return tuple(found)


class _Reader:
    """Reads the pages of one document; keeps the styles met so far and the C buffers that every call fills."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.styles: list[Style] = []
        self.notes: list[str] = []
        self._style_index: dict[Style, int] = {}
        self._fonts: dict[int, str] = {}
        self._box = c.FS_RECTF()
        self._matrix = c.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._floats = [ctypes.c_float() for _ in range(4)]
        self._rgba = [ctypes.c_uint() for _ in range(4)]
        self._float_at = [addressof(f) for f in self._floats]
        self._rgba_at = [addressof(v) for v in self._rgba]
        self._mode, self._stroke = c_int(), c_int()
        self._name = ctypes.create_string_buffer(256)

    def page(self, document: pdfium.PdfDocument, index: int) -> RawPage:
        """Words, rules and pictures of the page with this 0-based index; an unreadable page is an empty one with a note."""
        raw = c.FPDF_LoadPage(document.raw, index)
        if not raw:
            self.notes.append(f"page {index + 1} is damaged and could not be read")
            return RawPage(index + 1, 0.0, 0.0, [], [], 0, damaged=True)
        try:
            width, height = c.FPDF_GetPageWidthF(raw), c.FPDF_GetPageHeightF(raw)
            box = self._box
            if c.FPDF_GetPageBoundingBox(raw, box):
                left, top = box.left, box.top
            else:
                left, top = 0.0, height
            self._fonts.clear()
            rules, pictures = self._rules(raw, left, top)
            words = self._words(raw, index, left, top)
            page = RawPage(index + 1, width, height, words, rules, pictures)
            turn = c.FPDFPage_GetRotation(raw)
            if turn:
                _turn(page, turn)
            page.rules = [r for r in page.rules if r.x1 >= 0 and r.bottom >= 0 and r.x0 <= width and r.top <= height]
            return page
        finally:
            c.FPDF_ClosePage(raw)

    def _words(self, page: Any, index: int, left: float, top: float) -> list[RawWord]:
        """The page's words, as if it were not rotated."""
        layer = c.FPDFText_LoadPage(page)
        if not layer:
            return []
        try:
            text = self._text(layer, index)
            address = ctypes.cast(layer, c_void_p).value
            plain = is_plain(text)
            box, box_at = self._box, addressof(self._box)
            placed: dict[int | None, _Placed] = {}
            words: list[RawWord] = []
            for word, first, hyphen in _tokens(text, plain):
                target = _text_object(address, first)
                known = placed.get(target)
                if known is None:
                    known = placed[target] = self._placed(address, first, target, left, top)
                style, size, base, turn, symbolic = known
                last = first + len(word) - 1
                if symbolic or not (plain or is_plain(word)):
                    word = clean(word, self.styles[style].font)
                    if not word or word.isspace():
                        continue
                _char_box(address, first, box_at)
                x0, y0, x1, y1 = box.left - left, top - box.top, box.right - left, top - box.bottom
                if last != first:
                    _char_box(address, last, box_at)
                    if turn == 0:
                        x1 = box.right - left
                    else:
                        x0, x1 = min(x0, box.left - left), max(x1, box.right - left)
                        y0, y1 = min(y0, top - box.top), max(y1, top - box.bottom)
                if hyphen:
                    word += "-"
                words.append(RawWord(word, x0, y0, x1, y1, base, style, size, turn, (x0, y0, x1, y1)))
            return words
        finally:
            c.FPDFText_ClosePage(layer)

    def _text(self, layer: Any, index: int) -> str:
        """The page's text, one character for each that PDFium counts."""
        count = c.FPDFText_CountChars(layer)
        if count > self.limits.page_characters:
            self.notes.append(f"page {index + 1} has {count:,} characters; only the first {self.limits.page_characters:,} were read")
            count = self.limits.page_characters
        if count <= 0:
            return ""
        buffer = (ctypes.c_ushort * (2 * count + 2))()
        written = c.FPDFText_GetText(layer, 0, count, buffer)
        text = bytes(memoryview(buffer).cast("B")[: 2 * max(written - 1, 0)]).decode("utf-16-le", "replace")
        if len(text) != count:
            # some characters are missing from the text or count double in it: ask for each
            codes = (c.FPDFText_GetUnicode(layer, i) for i in range(count))
            text = "".join(chr(u) if u < 0x110000 and not 0xD800 <= u < 0xE000 else " " for u in codes)
        return text.replace("\x02", LINE_HYPHEN)

    def _placed(self, layer: int | None, first: int, target: int | None, left: float, top: float) -> _Placed:
        if not target:
            return _Placed(self._style(_DEFAULT), _DEFAULT.size, 0.0, 0, False)
        _font_size(target, self._float_at[0])
        size = abs(self._floats[0].value)
        turn = 0
        matrix = self._matrix
        if _char_matrix(layer, first, addressof(matrix)):
            size *= (matrix.c**2 + matrix.d**2) ** 0.5
            a, b = matrix.a, matrix.b
            turn = (0 if a >= 0 else 2) if abs(a) >= abs(b) else (3 if b > 0 else 1)
        _char_origin(layer, first, addressof(self._x), addressof(self._y))
        base = top - self._y.value if turn % 2 == 0 else self._x.value - left
        font = self._font(_font_of(target))
        style = Style(
            font, round(size, 1), _BOLD.search(font) is not None, _ITALIC.search(font) is not None, self._color(target) or "#000000"
        )
        return _Placed(self._style(style), style.size, base, turn, is_symbolic(font))

    def _color(self, target: int) -> str | None:
        if not _fill_color(target, *self._rgba_at):
            return None
        red, green, blue, _ = self._rgba
        return f"#{red.value:02x}{green.value:02x}{blue.value:02x}"

    def _style(self, style: Style) -> int:
        index = self._style_index.get(style)
        if index is None:
            index = self._style_index[style] = len(self.styles)
            self.styles.append(style)
        return index

    def _font(self, font: int | None) -> str:
        name = self._fonts.get(font or 0)
        if name is None:
            length = _font_name(font, addressof(self._name), len(self._name)) if font else 0
            given = self._name.raw[: max(min(length, len(self._name)) - 1, 0)].decode("utf-8", "replace")
            name = self._fonts[font or 0] = _SUBSET.sub("", given)
        return name

    def _rules(self, page: Any, left: float, top: float) -> tuple[list[Rule], int]:
        """The page's rulings and filled rectangles, as if it were not rotated, and how many pictures it has."""
        pictures = 0
        rules: list[Rule] = []
        for target, kind, (x0, y0, x1, y1) in self._walk(page):
            if kind == c.FPDF_PAGEOBJ_IMAGE:
                pictures += 1
                continue
            filled = _draw_mode(target, addressof(self._mode), addressof(self._stroke)) and self._mode.value
            rules.append(Rule(x0 - left, top - y1, x1 - left, top - y0, self._color(target) if filled else None))
        return rules, pictures

    def _walk(self, page: Any) -> Iterator[tuple[int, int, tuple[float, ...]]]:
        """Path and picture objects of the page and of the forms on it, with their bounds in user space."""
        left = self.limits.page_objects
        # a form's objects are bounded in the form's own space, so its matrix goes with them
        todo: list[tuple[int | None, int, tuple[float, ...] | None]] = [(ctypes.cast(page, c_void_p).value, 0, None)]
        a, b, d, e = self._floats
        while todo and left > 0:
            holder, depth, moved = todo.pop()
            count, get = (_form_count(holder), _form_object) if depth else (c.FPDFPage_CountObjects(page), _page_object)
            for i in range(min(count, left)):
                target = get(holder, i)
                kind = _kind(target)
                left -= 1
                if kind == c.FPDF_PAGEOBJ_FORM and depth < _FORM_DEPTH:
                    matrix = self._matrix
                    if _object_matrix(target, addressof(matrix)):
                        own = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
                        todo.append((target, depth + 1, own if moved is None else _product(own, moved)))
                elif kind in _DRAWN and _bounds(target, *self._float_at):
                    bounds = (a.value, b.value, d.value, e.value)
                    yield target, kind, bounds if moved is None else _moved(bounds, moved)


def _tokens(text: str, plain: bool) -> Iterator[tuple[str, int, bool]]:
    """Words, where they begin, and whether PDFium has taken a hyphen from their end to join two lines."""
    for token in _TOKEN.finditer(text):
        word, first = token.group(), token.start()
        if plain or LINE_HYPHEN not in word:
            yield word, first, False
            continue
        pieces = word.split(LINE_HYPHEN)
        for k, piece in enumerate(pieces):
            if piece:
                yield piece, first, k < len(pieces) - 1
            first += len(piece) + 1


def _turn(page: RawPage, turn: int) -> None:
    """Take an upright page to how it is seen when rotated by quarter turns clockwise."""
    # seen from the rotated page, the upright one is turned the other way
    wide, high = (page.height, page.width) if turn % 2 else (page.width, page.height)
    upright = RawPage(page.number, wide, high, [], [], 0)
    back = 4 - turn
    words: list[RawWord] = []
    for w in page.words:
        box = turned_box((w.x0, w.top, w.x1, w.bottom), back, upright)
        point = (0.0, w.base) if w.turn % 2 == 0 else (w.base, 0.0)
        x, y, _, _ = turned_box((*point, *point), back, upright)
        now = (w.turn + turn) % 4
        words.append(w._replace(x0=box[0], top=box[1], x1=box[2], bottom=box[3], base=y if now % 2 == 0 else x, turn=now, box=box))
    page.words = words
    page.rules = [Rule(*turned_box(r[:4], back, upright), r.fill) for r in page.rules]


def _product(n: tuple[float, ...], m: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c_, d, e, f = n
    p, q, r, s, t, u = m
    return (a * p + b * r, a * q + b * s, c_ * p + d * r, c_ * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _moved(box: tuple[float, ...], m: tuple[float, ...]) -> tuple[float, float, float, float]:
    a, b, c_, d, e, f = m
    xs = [a * x + c_ * y + e for x in (box[0], box[2]) for y in (box[1], box[3])]
    ys = [b * x + d * y + f for x in (box[0], box[2]) for y in (box[1], box[3])]
    return min(xs), min(ys), max(xs), max(ys)
