"""PDF pages read through PDFium's C API with as few calls as the page allows.

The text of a page comes in one call; a box is asked for the first and last character of each word only; font, size and
colour once for each text object. Coordinates leave this module as they are seen on the page: origin top left, CropBox and
rotation applied.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as c
import regex

from docmine.errors import DamagedError, EncryptedError, LimitError, NoTextError
from docmine.load.compose import compose
from docmine.load.glyphs import LINE_HYPHEN, clean
from docmine.load.layout import RawPage, RawWord
from docmine.load.limits import Limits
from docmine.records import Report, Rule, Style

__all__ = ["load_pdf"]

_TOKEN = regex.compile(r"[^\s\u200b]+")
_SUBSET = regex.compile(r"^[A-Z]{6}\+")
_BOLD = regex.compile(r"bold|black|heavy|semib|demi|\bbd\b|-bd", regex.IGNORECASE)
_ITALIC = regex.compile(r"italic|oblique|kursiv|\bit\b|-it$", regex.IGNORECASE)
_FORM_DEPTH = 4
_PASSWORD, _SECURITY = 4, 5
_DEFAULT = Style("", 10.0, False, False, "#000000")


class _Placed(NamedTuple):
    """A text object's style as an index, and the direction that its text runs in, in quarter turns."""

    style: int
    turn: int


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
        self._f = [ctypes.c_float() for _ in range(4)]
        self._rgba = [ctypes.c_uint() for _ in range(4)]
        self._size = ctypes.c_float()
        self._mode, self._stroke = ctypes.c_int(), ctypes.c_int()
        self._name = ctypes.create_string_buffer(256)

    def page(self, document: pdfium.PdfDocument, index: int) -> RawPage:
        """Words, rules and pictures of the page with this 0-based index; an unreadable page is an empty one with a note."""
        raw = c.FPDF_LoadPage(document.raw, index)
        if not raw:
            self.notes.append(f"page {index + 1} is damaged and could not be read")
            return RawPage(index + 1, 0.0, 0.0, [], [], 0, damaged=True)
        try:
            width, height = c.FPDF_GetPageWidthF(raw), c.FPDF_GetPageHeightF(raw)
            place = self._placer(raw)
            self._fonts.clear()
            rules: list[Rule] = []
            pictures = self._objects(raw, place, rules)
            words = self._words(raw, index, place)
            rules = [r for r in rules if r.x1 >= 0 and r.bottom >= 0 and r.x0 <= width and r.top <= height]
            return RawPage(index + 1, width, height, words, rules, pictures)
        finally:
            c.FPDF_ClosePage(raw)

    def _placer(self, page: Any) -> Callable[[float, float], tuple[float, float]]:
        """The function that takes a point of PDF user space to where it is seen on the page."""
        box = self._box
        if not c.FPDF_GetPageBoundingBox(page, box):
            box.left, box.bottom, box.right, box.top = 0.0, 0.0, c.FPDF_GetPageWidthF(page), c.FPDF_GetPageHeightF(page)
        left, bottom, right, top = box.left, box.bottom, box.right, box.top
        turn = c.FPDFPage_GetRotation(page)
        if turn == 1:
            return lambda x, y: (y - bottom, x - left)
        if turn == 2:
            return lambda x, y: (right - x, y - bottom)
        if turn == 3:
            return lambda x, y: (top - y, right - x)
        return lambda x, y: (x - left, top - y)

    def _words(self, page: Any, index: int, place: Callable[[float, float], tuple[float, float]]) -> list[RawWord]:
        layer = c.FPDFText_LoadPage(page)
        if not layer:
            return []
        try:
            text, at = self._text(layer, index)
            placed: dict[int, _Placed] = {}
            words: list[RawWord] = []
            for token in _TOKEN.finditer(text):
                first = token.start()
                pieces = token.group().split(LINE_HYPHEN)
                for k, piece in enumerate(pieces):
                    hyphen = k < len(pieces) - 1
                    last = first + len(piece) - (0 if hyphen else 1)
                    if piece:
                        word = self._word(layer, piece, at(first), at(last), hyphen, placed, place)
                        if word is not None:
                            words.append(word)
                    first = last + 1
            return words
        finally:
            c.FPDFText_ClosePage(layer)

    def _text(self, layer: Any, index: int) -> tuple[str, Callable[[int], int]]:
        """The page's text and the function from an index in it to PDFium's index of the character."""
        count = c.FPDFText_CountChars(layer)
        if count > self.limits.page_characters:
            self.notes.append(f"page {index + 1} has {count:,} characters; only the first {self.limits.page_characters:,} were read")
            count = self.limits.page_characters
        if count <= 0:
            return "", int
        buffer = (ctypes.c_ushort * (2 * count + 2))()
        written = c.FPDFText_GetText(layer, 0, count, buffer)
        text = bytes(memoryview(buffer).cast("B")[: 2 * max(written - 1, 0)]).decode("utf-16-le", "replace")
        if len(text) == count:
            return text.replace("\x02", LINE_HYPHEN), int
        # some characters are missing from the text or count double in it: ask for each
        codes = (c.FPDFText_GetUnicode(layer, i) for i in range(count))
        return "".join(chr(u) if u < 0x110000 and not 0xD800 <= u < 0xE000 else " " for u in codes).replace("\x02", LINE_HYPHEN), int

    def _word(
        self,
        layer: Any,
        text: str,
        first: int,
        last: int,
        hyphen: bool,
        placed: dict[int, _Placed],
        place: Callable[[float, float], tuple[float, float]],
    ) -> RawWord | None:
        target = c.FPDFText_GetTextObject(layer, first)
        key = ctypes.cast(target, ctypes.c_void_p).value or 0
        known = placed.get(key)
        if known is None:
            known = placed[key] = self._placed(target, place)
        style = self.styles[known.style]
        text = clean(text, style.font)
        if not text or text.isspace():
            return None
        box = self._box
        c.FPDFText_GetLooseCharBox(layer, first, box)
        ax, ay = place(box.left, box.top)
        bx, by = place(box.right, box.bottom)
        if last != first:
            c.FPDFText_GetLooseCharBox(layer, last, box)
            cx, cy = place(box.left, box.top)
            dx, dy = place(box.right, box.bottom)
            x0, x1 = min(ax, bx, cx, dx), max(ax, bx, cx, dx)
            top, bottom = min(ay, by, cy, dy), max(ay, by, cy, dy)
        else:
            x0, x1, top, bottom = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
        c.FPDFText_GetCharOrigin(layer, first, self._x, self._y)
        ox, oy = place(self._x.value, self._y.value)
        base = oy if known.turn % 2 == 0 else ox
        return RawWord(text + "-" * hyphen, x0, top, x1, bottom, base, known.style, style.size, known.turn, (x0, top, x1, bottom))

    def _placed(self, target: Any, place: Callable[[float, float], tuple[float, float]]) -> _Placed:
        if not target:
            return _Placed(self._style(_DEFAULT), 0)
        size, matrix = self._size, self._matrix
        c.FPDFTextObj_GetFontSize(target, size)
        points = abs(size.value)
        turn = 0
        if c.FPDFPageObj_GetMatrix(target, matrix):
            points *= (matrix.c**2 + matrix.d**2) ** 0.5
            (zx, zy), (ux, uy) = place(0.0, 0.0), place(matrix.a, matrix.b)
            x, y = ux - zx, uy - zy
            turn = (0 if x >= 0 else 2) if abs(x) >= abs(y) else (1 if y > 0 else 3)
        font = self._font(c.FPDFTextObj_GetFont(target))
        red, green, blue, alpha = self._rgba
        color = "#000000"
        if c.FPDFPageObj_GetFillColor(target, red, green, blue, alpha):
            color = f"#{red.value:02x}{green.value:02x}{blue.value:02x}"
        style = Style(font, round(points, 1), _BOLD.search(font) is not None, _ITALIC.search(font) is not None, color)
        return _Placed(self._style(style), turn)

    def _style(self, style: Style) -> int:
        index = self._style_index.get(style)
        if index is None:
            index = self._style_index[style] = len(self.styles)
            self.styles.append(style)
        return index

    def _font(self, font: Any) -> str:
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        name = self._fonts.get(key)
        if name is None:
            length = c.FPDFFont_GetBaseFontName(font, self._name, len(self._name)) if font else 0
            given = self._name.raw[: max(min(length, len(self._name)) - 1, 0)].decode("utf-8", "replace")
            name = self._fonts[key] = _SUBSET.sub("", given)
        return name

    def _objects(self, page: Any, place: Callable[[float, float], tuple[float, float]], rules: list[Rule]) -> int:
        """Add the page's rulings and filled rectangles to ``rules``; return how many pictures it has."""
        pictures = 0
        for target, kind, bounds in self._walk(page):
            if kind == c.FPDF_PAGEOBJ_IMAGE:
                pictures += 1
                continue
            (ax, ay), (bx, by) = place(bounds[0], bounds[1]), place(bounds[2], bounds[3])
            fill = self._fill(target)
            rules.append(Rule(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by), fill))
        return pictures

    def _fill(self, target: Any) -> str | None:
        if not c.FPDFPath_GetDrawMode(target, self._mode, self._stroke) or not self._mode.value:
            return None
        red, green, blue, alpha = self._rgba
        if not c.FPDFPageObj_GetFillColor(target, red, green, blue, alpha):
            return None
        return f"#{red.value:02x}{green.value:02x}{blue.value:02x}"

    def _walk(self, page: Any) -> Iterator[tuple[Any, int, tuple[float, float, float, float]]]:
        """Path and picture objects of the page and of the forms on it, with their bounds in user space."""
        left = self.limits.page_objects
        # a form's objects are bounded in the form's own space, so its matrix goes with them
        todo: list[tuple[Any, int, tuple[float, ...]]] = [(page, -1, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0))]
        a, b, d, e = self._f
        while todo and left > 0:
            holder, depth, m = todo.pop()
            count = c.FPDFPage_CountObjects(page) if depth < 0 else c.FPDFFormObj_CountObjects(holder)
            for i in range(min(count, left)):
                target = c.FPDFPage_GetObject(page, i) if depth < 0 else c.FPDFFormObj_GetObject(holder, i)
                kind = c.FPDFPageObj_GetType(target)
                left -= 1
                if kind == c.FPDF_PAGEOBJ_FORM and depth < _FORM_DEPTH:
                    matrix = self._matrix
                    if c.FPDFPageObj_GetMatrix(target, matrix):
                        n = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
                        todo.append((target, depth + 1, _product(n, m)))
                elif kind in (c.FPDF_PAGEOBJ_PATH, c.FPDF_PAGEOBJ_IMAGE) and c.FPDFPageObj_GetBounds(target, a, b, d, e):
                    yield target, kind, _moved((a.value, b.value, d.value, e.value), m)


def _product(n: tuple[float, ...], m: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c_, d, e, f = n
    p, q, r, s, t, u = m
    return (a * p + b * r, a * q + b * s, c_ * p + d * r, c_ * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _moved(box: tuple[float, float, float, float], m: tuple[float, ...]) -> tuple[float, float, float, float]:
    a, b, c_, d, e, f = m
    xs = [a * x + c_ * y + e for x in (box[0], box[2]) for y in (box[1], box[3])]
    ys = [b * x + d * y + f for x in (box[0], box[2]) for y in (box[1], box[3])]
    return min(xs), min(ys), max(xs), max(ys)
