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

from docmine.errors import DamagedError, EncryptedError
from docmine.load.glyphs import LEADERS, LINE_HYPHEN, RAISED, clean, is_plain, is_symbolic
from docmine.load.layout import SLANTING, RawPage, RawWord, turned_box
from docmine.load.limits import Limits
from docmine.load.styles import DEFAULT, Styles
from docmine.records import Rule

__all__ = ["PdfiumReader"]

_TOKEN = re.compile(r"[^\s\u200b]+")
# where PDFium may have missed a space: after a number's or a sentence's stop, and beside leading dots
_STOP = re.compile(r"(?<=[.,:;)])(?=[^\W\d_])")
_DOUBTFUL = re.compile(rf"{_STOP.pattern}|{LEADERS.pattern}")
_GAP = 0.045
_PUNCTUATION = ".,:;)"
_AFTER_RAISED = frozenset("0123456789" + _PUNCTUATION)
#: raised figures are smaller than this share of the word's size and stand higher by more than this share
_SMALL, _HIGH = 0.8, 0.15
#: a path with more segments than a rectangle may draw several figures
_ONE_FIGURE = 6
_FORM_DEPTH = 4
_DRAWN = (c.FPDF_PAGEOBJ_PATH, c.FPDF_PAGEOBJ_IMAGE)
_PASSWORD, _SECURITY = 4, 5


def _bound(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A C function that takes addresses as plain numbers, which costs a third of a typed pointer."""
    address = ctypes.cast(getattr(c, name), c_void_p).value or 0
    function: Callable[..., Any] = ctypes.CFUNCTYPE(result, *arguments)(address)
    return function


_text_object = _bound("FPDFText_GetTextObject", c_void_p, c_void_p, c_int)
_char_box = _bound("FPDFText_GetLooseCharBox", c_int, c_void_p, c_int, c_void_p)
_char_origin = _bound("FPDFText_GetCharOrigin", c_int, c_void_p, c_int, c_void_p, c_void_p)
_char_matrix = _bound("FPDFText_GetMatrix", c_int, c_void_p, c_int, c_void_p)
_has_no_meaning = _bound("FPDFText_HasUnicodeMapError", c_int, c_void_p, c_int)
_font_size = _bound("FPDFTextObj_GetFontSize", c_int, c_void_p, c_void_p)
_font_of = _bound("FPDFTextObj_GetFont", c_void_p, c_void_p)
_font_name = _bound("FPDFFont_GetBaseFontName", ctypes.c_size_t, c_void_p, c_void_p, ctypes.c_size_t)
_fill_color = _bound("FPDFPageObj_GetFillColor", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
_draw_mode = _bound("FPDFPath_GetDrawMode", c_int, c_void_p, c_void_p, c_void_p)
_bounds = _bound("FPDFPageObj_GetBounds", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
_segment_count = _bound("FPDFPath_CountSegments", c_int, c_void_p)
_segment = _bound("FPDFPath_GetPathSegment", c_void_p, c_void_p, c_int)
_segment_kind = _bound("FPDFPathSegment_GetType", c_int, c_void_p)
_segment_point = _bound("FPDFPathSegment_GetPoint", c_int, c_void_p, c_void_p, c_void_p)
_kind = _bound("FPDFPageObj_GetType", c_int, c_void_p)
_page_object = _bound("FPDFPage_GetObject", c_void_p, c_void_p, c_int)
_form_object = _bound("FPDFFormObj_GetObject", c_void_p, c_void_p, ctypes.c_ulong)
_form_count = _bound("FPDFFormObj_CountObjects", c_int, c_void_p)
_object_matrix = _bound("FPDFPageObj_GetMatrix", c_int, c_void_p, c_void_p)


class _Placed(NamedTuple):
    """A text object: its style as an index, its type size, its baseline, the direction of its text in quarter turns.

    The words of slanting text have no baseline in common, so that each has its own.
    """

    style: int
    size: float
    base: float
    turn: int
    symbolic: bool
    mapped: bool


def _open(data: bytes, name: str, password: str | None) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None) or c.FPDF_GetLastError()
        # PDFium may still tell the error of the file before; an encrypted file says so in its trailer, which is never packed
        if code in (_PASSWORD, _SECURITY) and b"/Encrypt" in data:
            what = "the password does not open it" if password else "is encrypted"
            raise EncryptedError(f"{name}: {what}", "give the right one as password=") from None
        raise DamagedError(
            f"{name}: the PDF is truncated or damaged", "fetch it again, or repair it with a PDF tool such as qpdf"
        ) from None


class PdfiumReader:
    """Reads the pages of one document; keeps the styles met so far and the C buffers that every call fills."""

    def __init__(self, data: bytes, name: str, password: str | None, limits: Limits) -> None:
        self.document = _open(data, name, password)
        self.limits = limits
        self.styles = Styles()
        self.notes: list[str] = []
        self._fonts: dict[int, str] = {}
        self._box = c.FS_RECTF()
        self._matrix = c.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._origin_at = (addressof(self._x), addressof(self._y))
        self._floats = [ctypes.c_float() for _ in range(4)]
        self._rgba = [ctypes.c_uint() for _ in range(4)]
        self._float_at = [addressof(f) for f in self._floats]
        self._rgba_at = [addressof(v) for v in self._rgba]
        self._mode, self._stroke = c_int(), c_int()
        self._name = ctypes.create_string_buffer(256)

    def __len__(self) -> int:
        return len(self.document)

    def close(self) -> None:
        """Let go of the document."""
        self.document.close()

    def metadata(self) -> dict[str, str]:
        """The document's own facts, by their names in lower case."""
        try:
            given: dict[str, str] = self.document.get_metadata_dict(skip_empty=True)
        except (pdfium.PdfiumError, UnicodeError):
            return {}
        return {key.lower(): " ".join(value.replace("\0", "").split()) for key, value in given.items() if value.strip("\0 ")}

    def bookmarks(self) -> tuple[tuple[int, str, int | None], ...]:
        """The document's outline: level, title, page number."""
        found: list[tuple[int, str, int | None]] = []
        try:
            for mark in self.document.get_toc(max_depth=8):
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

    def page(self, index: int) -> RawPage:
        """Words, rules and pictures of the page with this 0-based index; an unreadable page is an empty one with a note."""
        raw = c.FPDF_LoadPage(self.document.raw, index)
        if not raw:
            self.notes.append(f"page {index + 1} is damaged and could not be read")
            return RawPage(index + 1, 0.0, 0.0, [], [], 0.0, damaged=True)
        try:
            width, height = c.FPDF_GetPageWidthF(raw), c.FPDF_GetPageHeightF(raw)
            box = self._box
            if c.FPDF_GetPageBoundingBox(raw, box):
                left, top = box.left, box.top
            else:
                left, top = 0.0, height
            self._fonts.clear()
            rules, pictured = self._rules(raw, left, top)
            words, unmapped = self._words(raw, index, left, top)
            covered = min(pictured / max(width * height, 1.0), 1.0)
            page = RawPage(index + 1, width, height, words, rules, covered, unmapped=unmapped)
            turn = c.FPDFPage_GetRotation(raw)
            if turn:
                _turn(page, turn)
            page.rules = [r for r in page.rules if r.x1 >= 0 and r.bottom >= 0 and r.x0 <= width and r.top <= height]
            return page
        finally:
            c.FPDF_ClosePage(raw)

    def _words(self, page: Any, index: int, left: float, top: float) -> tuple[list[RawWord], int]:
        """The page's words, as if it were not rotated, and how many characters were left out because they have no meaning."""
        layer = c.FPDFText_LoadPage(page)
        if not layer:
            return [], 0
        try:
            text = self._text(layer, index)
            address = ctypes.cast(layer, c_void_p).value
            plain = is_plain(text)
            box, box_at = self._box, addressof(self._box)
            placed: dict[int | None, _Placed] = {}
            words: list[RawWord] = []
            unmapped = 0

            def of(index: int) -> _Placed:
                target = _text_object(address, index)
                known = placed.get(target)
                if known is None:
                    known = placed[target] = self._placed(address, index, target, left, top)
                return known

            for word, first, hyphen in self._tokens(text, plain, address, of):
                style, size, base, turn, symbolic, mapped = of(first)
                if not mapped:
                    # PDFium hands over the glyph's code as if it were a letter
                    unmapped += len(word)
                    continue
                if turn == SLANTING:
                    base = self._base(address, first, turn, left, top)
                last = first + len(word) - 1
                if last != first and word[-1] in _AFTER_RAISED:
                    word = _raised(word, first, of)
                if symbolic or not (plain or is_plain(word)):
                    word = clean(word, self.styles.items[style].font)
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
                if words and text[first - 1] == "\n" and turn == 0 and _goes_on(words[-1], x0, base, size):
                    # what follows a raised figure is no new line
                    word, x0, style, size = words[-1].text + word, words[-1].x0, words[-1].style, words[-1].size
                    y0, y1, base = min(words[-1].top, y0), max(words[-1].bottom, y1), words.pop().base
                words.append(RawWord(word, x0, y0, x1, y1, base, style, size, turn, (x0, y0, x1, y1)))
            return words, unmapped
        finally:
            c.FPDFText_ClosePage(layer)

    def _tokens(self, text: str, plain: bool, layer: int | None, of: Callable[[int], _Placed]) -> Iterator[tuple[str, int, bool]]:
        """Words, where they begin, and whether PDFium has taken a hyphen from their end to join two lines."""
        for token in _TOKEN.finditer(text):
            word, first = token.group(), token.start()
            if not plain and LINE_HYPHEN in word:
                pieces = word.split(LINE_HYPHEN)
                for k, piece in enumerate(pieces):
                    if piece:
                        yield piece, first, k < len(pieces) - 1
                    first += len(piece) + 1
            elif len(word) > 3 and _DOUBTFUL.search(word):
                cuts = {at for m in LEADERS.finditer(word) for at in m.span()}
                cuts |= {at for m in _STOP.finditer(word) if self._gap(layer, first + (at := m.end()), of(first).size)}
                begin = 0
                for cut in sorted(cuts - {0, len(word)}):
                    yield word[begin:cut], first + begin, False
                    begin = cut
                yield word[begin:], first + begin, False
            else:
                yield word, first, False

    def _gap(self, layer: int | None, index: int, size: float) -> bool:
        """Whether a space is hidden before a character: there is more room than between the two characters before it."""
        box = self._box
        edges: list[float] = []
        for i in range(max(index - 2, 0), index + 1):
            _char_box(layer, i, addressof(box))
            edges += (box.left, box.right)
        spaced = edges[-4] - edges[-5] if len(edges) == 6 else 0.0
        return edges[-2] - edges[-3] - max(spaced, 0.0) > _GAP * size

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
            return _Placed(self.styles.index(DEFAULT), DEFAULT.size, 0.0, 0, False, True)
        _font_size(target, self._float_at[0])
        size = abs(self._floats[0].value)
        turn = 0
        matrix = self._matrix
        if _char_matrix(layer, first, addressof(matrix)):
            size *= (matrix.c**2 + matrix.d**2) ** 0.5
            a, b = matrix.a, matrix.b
            turn = (0 if a >= 0 else 2) if abs(a) >= abs(b) else (3 if b > 0 else 1)
            if min(abs(a), abs(b)) > 0.02 * max(abs(a), abs(b)):
                turn = SLANTING
        base = self._base(layer, first, turn, left, top)
        font = self._font(_font_of(target))
        style = self.styles.of(font, size, self._color(target) or "#000000")
        return _Placed(style, self.styles.items[style].size, base, turn, is_symbolic(font), not _has_no_meaning(layer, first))

    def _base(self, layer: int | None, index: int, turn: int, left: float, top: float) -> float:
        _char_origin(layer, index, *self._origin_at)
        return top - self._y.value if turn % 2 == 0 else self._x.value - left

    def _color(self, target: int) -> str | None:
        if not _fill_color(target, *self._rgba_at):
            return None
        red, green, blue, _ = self._rgba
        return f"#{red.value:02x}{green.value:02x}{blue.value:02x}"

    def _font(self, font: int | None) -> str:
        name = self._fonts.get(font or 0)
        if name is None:
            length = _font_name(font, addressof(self._name), len(self._name)) if font else 0
            given = self._name.raw[: max(min(length, len(self._name)) - 1, 0)].decode("utf-8", "replace")
            name = self._fonts[font or 0] = given.partition("+")[2] if given[6:7] == "+" else given
        return name

    def _rules(self, page: Any, left: float, top: float) -> tuple[list[Rule], float]:
        """The page's rulings and filled rectangles, as if it were not rotated, and how large its pictures are together."""
        pictured = 0.0
        rules: list[Rule] = []
        for target, kind, (x0, y0, x1, y1) in self._walk(page):
            if kind == c.FPDF_PAGEOBJ_IMAGE:
                pictured += (x1 - x0) * (y1 - y0)
                continue
            filled = _draw_mode(target, addressof(self._mode), addressof(self._stroke)) and self._mode.value
            rules.append(Rule(x0 - left, top - y1, x1 - left, top - y0, self._color(target) if filled else None))
        return rules, pictured

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
                elif kind == c.FPDF_PAGEOBJ_PATH and _ONE_FIGURE < _segment_count(target) <= left:
                    left -= _segment_count(target)
                    for bounds in self._figures(target):
                        yield target, kind, bounds if moved is None else _moved(bounds, moved)
                elif kind in _DRAWN and _bounds(target, *self._float_at):
                    bounds = (a.value, b.value, d.value, e.value)
                    yield target, kind, bounds if moved is None else _moved(bounds, moved)

    def _figures(self, path: int) -> Iterator[tuple[float, ...]]:
        """The bounds of each figure of a path that draws several, as tables do whose rulings are drawn in one stroke."""
        matrix = self._matrix
        if not _object_matrix(path, addressof(matrix)):
            return
        own = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
        x, y = self._floats[:2]
        xs: list[float] = []
        ys: list[float] = []
        for i in range(_segment_count(path)):
            segment = _segment(path, i)
            if _segment_kind(segment) == c.FPDF_SEGMENT_MOVETO and xs:
                yield _moved((min(xs), min(ys), max(xs), max(ys)), own)
                xs, ys = [], []
            _segment_point(segment, *self._float_at[:2])
            xs.append(x.value)
            ys.append(y.value)
        if xs:
            yield _moved((min(xs), min(ys), max(xs), max(ys)), own)


def _goes_on(before: RawWord, x0: float, base: float, size: float) -> bool:
    return -0.1 * size < x0 - before.x1 < 0.1 * size and abs(base - before.base) < 0.1 * size and before.turn == 0


def _raised(word: str, first: int, of: Callable[[int], _Placed]) -> str:
    """The word with the small high figures at its end as such; they are no part of the number that they stick to."""
    stem = word.rstrip(_PUNCTUATION)
    size, base = of(first).size, of(first).base
    begin = len(stem)
    while begin > 0 and stem[begin - 1].isdecimal() and _is_raised(of(first + begin - 1), size, base):
        begin -= 1
    return word[:begin] + word[begin:].translate(RAISED) if begin else word


def _is_raised(placed: _Placed, size: float, base: float) -> bool:
    return placed.size <= _SMALL * size and _HIGH * size < base - placed.base and placed.turn == 0


def _turn(page: RawPage, turn: int) -> None:
    """Take an upright page to how it is seen when rotated by quarter turns clockwise."""
    # seen from the rotated page, the upright one is turned the other way
    wide, high = (page.height, page.width) if turn % 2 else (page.width, page.height)
    upright = RawPage(page.number, wide, high, [], [], 0.0)
    back = 4 - turn
    words: list[RawWord] = []
    for w in page.words:
        box = turned_box((w.x0, w.top, w.x1, w.bottom), back, upright)
        point = (0.0, w.base) if w.turn % 2 == 0 else (w.base, 0.0)
        x, y, _, _ = turned_box((*point, *point), back, upright)
        now = w.turn if w.turn == SLANTING else (w.turn + turn) % 4
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
