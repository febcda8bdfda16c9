"""PDF pages read through PDFium's C API with as few calls as the page allows.

The text of a page comes in one call; a box is asked for the first and last character of each word only; font, size and
colour once for each text object. Coordinates leave this module as they are seen on the page: origin top left, CropBox and
rotation applied.
"""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from ctypes import addressof, c_int, c_void_p
from itertools import compress, pairwise, repeat
from struct import Struct
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as c

from docmine.errors import DamagedError, EncryptedError
from docmine.load.glyphs import LEADERS, LINE_HYPHEN, ODD, RAISED, clean, is_symbolic
from docmine.load.layout import SLANTING, RawPage, RawWord, turned_box
from docmine.load.limits import Limits
from docmine.load.styles import DEFAULT, Styles
from docmine.records import Rule

__all__ = ["PdfiumReader"]

# where PDFium may have missed a space: after a number's or a sentence's stop, and beside leading dots
_STOP = re.compile(r"[.,:;)](?=[^\W\d_])")
_GAP = 0.045
_AFTER_RAISED = frozenset("0123456789.,:;)")
_FIGURE_LAST = re.compile(r"(.+)\d[.,:;)]*\Z", re.DOTALL)
#: raised figures are smaller than this share of the word's size and stand higher by more than this share
_SMALL, _HIGH = 0.8, 0.15
_PIECE, _HYPHEN = re.compile(f"[^{LINE_HYPHEN}]+"), re.compile(LINE_HYPHEN)
#: type size, colour and matrix of a text object: what it looks like, then where it stands
_STYLE, _SETTING = Struct("f4I4f"), Struct("f4I6f")
_PLACE = _STYLE.size
#: a path with more segments than a rectangle may draw several figures
_ONE_FIGURE = 6
_FORM_DEPTH = 4
_DRAWN = (c.FPDF_PAGEOBJ_PATH, c.FPDF_PAGEOBJ_IMAGE)
_PASSWORD, _SECURITY = 4, 5
_new = tuple.__new__


def _bound(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A C function that takes addresses as plain numbers, which costs a third of a typed pointer."""
    address = ctypes.cast(getattr(c, name), c_void_p).value or 0
    function: Callable[..., Any] = ctypes.PYFUNCTYPE(result, *arguments)(address)
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
    """How a text object is set: style as an index, type size, direction of the text in quarter turns, whether its letters are
    pictures; its baseline (None where each word has its own, as in slanting text); whether anything says what its codes mean.
    """

    style: int
    size: float
    turn: int
    symbolic: bool
    base: float | None
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
        self._settings: dict[tuple[str, bytes], tuple[int, float, int, bool]] = {}
        self._box, self._matrix = c.FS_RECTF(), (ctypes.c_float * 6)()
        self._origin = (ctypes.c_double * 2)()
        self._origin_at = (addressof(self._origin), addressof(self._origin) + 8)
        self._rgba = (ctypes.c_uint * 4)()
        self._rgba_at = tuple(range(addressof(self._rgba), addressof(self._rgba) + 16, 4))
        self._sides = (ctypes.c_float * 4)()
        self._sides_at = tuple(range(addressof(self._sides), addressof(self._sides) + 16, 4))
        self._mode, self._stroke = c_int(), c_int()
        self._room = (ctypes.c_char * 65_536)()
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
            return self._columns(self._text(layer, index), ctypes.cast(layer, c_void_p).value, left, top)
        finally:
            c.FPDFText_ClosePage(layer)

    def _columns(self, text: str, layer: int | None, left: float, top: float) -> tuple[list[RawWord], int]:
        """What `_words` gives, made column by column: most pages have few words that need a look of their own."""
        odd = [m.start() for m in ODD.finditer(text)]
        tokens, firsts, hyphens = self._tokens(text, bool(odd), layer)
        if not tokens:
            return [], 0
        targets = list(map(_text_object, repeat(layer), firsts))
        placed = self._placed(layer, targets, firsts, left, top)
        styles, sizes, turns, symbolic, baselines, mapped = zip(*[placed[target] for target in targets], strict=True)
        bases = list(baselines)
        edges = self._edges(layer, tokens, firsts)
        x0s, tops = [x - left for x in edges[::8]], [top - y for y in edges[1::8]]
        x1s, bottoms = [x - left for x in edges[6::8]], [top - y for y in edges[3::8]]
        for i in [i for i, turn in enumerate(turns) if turn] if any(turns) else ():
            a, b = edges[8 * i : 8 * i + 4], edges[8 * i + 4 : 8 * i + 8]
            x0s[i], x1s[i] = min(a[0], b[0]) - left, max(a[2], b[2]) - left
            tops[i], bottoms[i] = top - max(a[1], b[1]), top - min(a[3], b[3])
            if bases[i] is None:
                bases[i] = self._base(layer, firsts[i], turns[i], left, top)
        unmapped = 0 if all(mapped) else sum(len(word) for word, known in zip(tokens, mapped, strict=True) if not known)
        ends = [
            (i, firsts[i] + len(m[1])) for i, word in enumerate(tokens) if word[-1] in _AFTER_RAISED and (m := _FIGURE_LAST.match(word))
        ]
        for (i, at), over in zip(ends, map(_text_object, repeat(layer), [at for _, at in ends]), strict=True):
            if over != targets[i]:
                tokens[i] = self._raised(tokens[i], firsts[i], at, layer, placed, (sizes[i], bases[i]), left, top)
        unclean = {bisect_right(firsts, at) - 1 for at in odd}
        if any(symbolic):
            unclean.update(i for i, pictures in enumerate(symbolic) if pictures)
        for i in unclean:
            tokens[i] = clean(tokens[i], self.styles.items[styles[i]].font).strip()
        for i in hyphens:
            tokens[i] += "-" if tokens[i] else ""
        boxes = list(zip(x0s, tops, x1s, bottoms, strict=True))
        rows = zip(tokens, x0s, tops, x1s, bottoms, bases, styles, sizes, turns, boxes, repeat(1.0), strict=False)
        words: list[RawWord] = list(map(_new, repeat(RawWord), rows))
        begins = [text[first - 1] == "\n" for first in firsts]
        if unmapped or "" in tokens:
            # PDFium hands over the codes of glyphs without a meaning as if they were letters
            kept = [known and token != "" for known, token in zip(mapped, tokens, strict=True)]
            words, begins = list(compress(words, kept)), list(compress(begins, kept))
        going = [i for i, first in enumerate(begins) if first and i and _goes_on(words[i - 1], words[i])]
        for i in going:
            # what follows a raised figure is no new line
            words[i] = _merged(words[i - 1], words[i])
        for i in reversed(going):
            del words[i - 1]
        return words, unmapped

    def _tokens(self, text: str, odd: bool, layer: int | None) -> tuple[list[str], list[int], set[int]]:
        """Words, where they begin, and which of them have lost a hyphen at their end because PDFium joins the lines that it parts."""
        words = (text.replace("\u200b", " ") if odd else text).split()
        firsts: list[int] = []
        at = 0
        for word in words:
            at = text.find(word, at)
            firsts.append(at)
            at += len(word)
        marks = [m.start() for m in _STOP.finditer(text)]
        if "..." in text or "……" in text:
            marks += [m.start() for m in LEADERS.finditer(text)]
        if odd and LINE_HYPHEN in text:
            marks += [m.start() for m in _HYPHEN.finditer(text)]
        hyphens: set[int] = set()
        # from the end, so that what is still to be cut keeps its place
        for k in sorted({bisect_right(firsts, at) - 1 for at in marks}, reverse=True):
            word, first = words[k], firsts[k]
            pieces = self._pieces(word, first, layer)
            words[k : k + 1] = [word[begin:end] for begin, end in pieces]
            firsts[k : k + 1] = [first + begin for begin, _ in pieces]
            hyphens = {i + len(pieces) - 1 for i in hyphens}
            hyphens |= {k + i for i, (_, end) in enumerate(pieces) if word[end : end + 1] == LINE_HYPHEN}
        return words, firsts, hyphens

    def _pieces(self, word: str, first: int, layer: int | None) -> list[tuple[int, int]]:
        """Where the words lie in what stands without a space."""
        if LINE_HYPHEN in word:
            return [m.span() for m in _PIECE.finditer(word)]
        if len(word) <= 3:
            return [(0, len(word))]
        cuts = {0, len(word)}.union(*[m.span() for m in LEADERS.finditer(word)])
        cuts |= {at for m in _STOP.finditer(word) if self._gap(layer, first + (at := m.end()), first)}
        return list(pairwise(sorted(cuts)))

    def _gap(self, layer: int | None, index: int, first: int) -> bool:
        """Whether a space is hidden before a character: there is more room than between the two characters before it."""
        box = self._box
        edges: list[float] = []
        for i in range(max(index - 2, 0), index + 1):
            _char_box(layer, i, addressof(box))
            edges += (box.left, box.right)
        spaced = edges[-4] - edges[-5] if len(edges) == 6 else 0.0
        target = _text_object(layer, first)
        size = self._placed(layer, [target], [first], 0.0, 0.0)[target].size
        return edges[-2] - edges[-3] - max(spaced, 0.0) > _GAP * size

    def _space(self, size: int) -> tuple[memoryview, int, int]:
        """Room for what many calls give, emptied; where it begins and ends."""
        if size > len(self._room):
            self._room = (ctypes.c_char * (2 * size))()
        start = addressof(self._room)
        ctypes.memset(start, 0, size)
        return memoryview(self._room).cast("B")[:size], start, start + size

    def _edges(self, layer: int | None, words: list[str], firsts: list[int]) -> list[float]:
        """Left, top, right and bottom of the first and of the last character of each word, one after the other."""
        room, start, end = self._space(32 * len(words))
        lasts = [first + len(word) - 1 for first, word in zip(firsts, words, strict=True)]
        # a map runs the calls without a step of Python between them
        deque(map(_char_box, repeat(layer), firsts, range(start, end, 32)), 0)
        deque(map(_char_box, repeat(layer), lasts, range(start + 16, end, 32)), 0)
        edges: list[float] = room.cast("f").tolist()  # type: ignore[assignment]
        return edges

    def _text(self, layer: Any, index: int) -> str:
        """The page's text, one character for each that PDFium counts."""
        count = c.FPDFText_CountChars(layer)
        if count > self.limits.page_characters:
            self.notes.append(f"page {index + 1} has {count:,} characters; only the first {self.limits.page_characters:,} were read")
            count = self.limits.page_characters
        if count <= 0:
            return ""
        room, start, _ = self._space(4 * count + 4)
        written = c.FPDFText_GetText(layer, 0, count, ctypes.cast(start, ctypes.POINTER(ctypes.c_ushort)))
        text = room[: 2 * max(written - 1, 0)].tobytes().decode("utf-16-le", "replace")
        if len(text) != count:
            # some characters are missing from the text or count double in it: ask for each
            codes = (c.FPDFText_GetUnicode(layer, i) for i in range(count))
            text = "".join(chr(u) if u < 0x110000 and not 0xD800 <= u < 0xE000 else " " for u in codes)
        return text.replace("\x02", LINE_HYPHEN)

    def _placed(
        self, layer: int | None, targets: list[int | None], firsts: list[int], left: float, top: float
    ) -> dict[int | None, _Placed]:
        """How text objects are set, by their addresses; ``firsts`` are characters of theirs, of which each object's first counts."""
        first_of = dict(zip(reversed(targets), reversed(firsts), strict=True))
        known = list(dict.fromkeys(targets))
        placed: dict[int | None, _Placed] = {}
        if None in first_of:
            placed[None] = _Placed(self.styles.index(DEFAULT), DEFAULT.size, 0, False, 0.0, True)
            known.remove(None)
        stride = _SETTING.size
        room, start, end = self._space(len(known) * stride)
        at = [first_of[target] for target in known]
        deque(map(_font_size, known, range(start, end, stride)), 0)
        # an object without a colour leaves the noughts, which are black
        deque(map(_fill_color, known, *(range(start + k, end, stride) for k in (4, 8, 12, 16))), 0)
        deque(map(_char_matrix, repeat(layer), at, range(start + 20, end, stride)), 0)
        lost = list(map(_has_no_meaning, repeat(layer), at))
        fonts = [self._fonts.get(font) or self._font(font) for font in map(_font_of, known)]
        given = room.tobytes()
        # the bytes before the place of the text say how it is set
        keys = [(font, given[k : k + _PLACE]) for font, k in zip(fonts, range(0, len(given), stride), strict=True)]
        floats = room.cast("f").tolist()
        settings = self._settings
        for target, key, first, unmapped, b, f in zip(known, keys, at, lost, floats[6::11], floats[10::11], strict=True):
            setting = settings.get(key) or self._set(*key)
            turn = setting[2]
            base = None if turn == SLANTING else top - f if turn == 0 and b == 0.0 else self._base(layer, first, turn, left, top)
            placed[target] = _new(_Placed, (*setting, base, not unmapped))
        return placed

    def _set(self, font: str, given: bytes) -> tuple[int, float, int, bool]:
        """The first four of `_Placed`."""
        points, red, green, blue, _, a, b, c_, d = _STYLE.unpack(given)
        turn = (0 if a >= 0 else 2) if abs(a) >= abs(b) else (3 if b > 0 else 1)
        if min(abs(a), abs(b)) > 0.02 * max(abs(a), abs(b)):
            turn = SLANTING
        style = self.styles.of(font, abs(points) * (c_**2 + d**2) ** 0.5, f"#{red:02x}{green:02x}{blue:02x}")
        setting = self._settings[font, given] = (style, self.styles.items[style].size, turn, is_symbolic(font))
        return setting

    def _base(self, layer: int | None, index: int, turn: int, left: float, top: float) -> float:
        _char_origin(layer, index, *self._origin_at)
        x, y = self._origin
        return top - y if turn % 2 == 0 else x - left

    def _raised(
        self,
        word: str,
        first: int,
        last: int,
        layer: int | None,
        placed: dict[int | None, _Placed],
        stem: tuple[float, float | None],
        left: float,
        top: float,
    ) -> str:
        """The word with the small high figures at its end, up to the character ``last``, as such: they are no part of the number
        that they stick to, which has the size and baseline ``stem``.
        """
        begin = last - first + 1
        while begin > 1 and word[begin - 1].isdecimal():
            over = _text_object(layer, first + begin - 1)
            if over not in placed:
                placed |= self._placed(layer, [over], [first + begin - 1], left, top)
            if not _is_raised(placed[over], stem[0], stem[1] or 0.0):
                break
            begin -= 1
        return word[:begin] + word[begin:].translate(RAISED)

    def _color(self, target: int) -> str | None:
        if not _fill_color(target, *self._rgba_at):
            return None
        red, green, blue, _ = self._rgba
        return f"#{red:02x}{green:02x}{blue:02x}"

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
        mode, mode_at, stroke_at = self._mode, addressof(self._mode), addressof(self._stroke)
        for target, kind, (x0, y0, x1, y1) in self._walk(page):
            if kind == c.FPDF_PAGEOBJ_IMAGE:
                pictured += (x1 - x0) * (y1 - y0)
                continue
            filled = _draw_mode(target, mode_at, stroke_at) and mode.value
            rules.append(_new(Rule, (x0 - left, top - y1, x1 - left, top - y0, self._color(target) if filled else None)))
        return rules, pictured

    def _walk(self, page: Any) -> Iterator[tuple[int, int, Sequence[float]]]:
        """Path and picture objects of the page and of the forms on it, with their bounds in user space."""
        left = self.limits.page_objects
        # a form's objects are bounded in the form's own space, so its matrix goes with them
        todo: list[tuple[int | None, int, tuple[float, ...] | None]] = [(ctypes.cast(page, c_void_p).value, 0, None)]
        sides, sides_at = self._sides, self._sides_at
        while todo and left > 0:
            holder, depth, moved = todo.pop()
            count, get = (_form_count(holder), _form_object) if depth else (c.FPDFPage_CountObjects(page), _page_object)
            targets = list(map(get, repeat(holder), range(min(count, left))))
            for target, kind in zip(targets, list(map(_kind, targets)), strict=True):
                left -= 1
                if kind == c.FPDF_PAGEOBJ_TEXT:
                    continue
                if kind == c.FPDF_PAGEOBJ_FORM and depth < _FORM_DEPTH:
                    if _object_matrix(target, addressof(self._matrix)):
                        own = tuple(self._matrix)
                        todo.append((target, depth + 1, own if moved is None else _product(own, moved)))
                elif kind == c.FPDF_PAGEOBJ_PATH and _ONE_FIGURE < (count := _segment_count(target)) <= left:
                    left -= count
                    for bounds in self._figures(target):
                        yield target, kind, bounds if moved is None else _moved(bounds, moved)
                elif kind in _DRAWN and _bounds(target, *sides_at):
                    yield target, kind, sides[:] if moved is None else _moved(sides, moved)

    def _figures(self, path: int) -> Iterator[tuple[float, ...]]:
        """The bounds of each figure of a path that draws several, as tables do whose rulings are drawn in one stroke."""
        if not _object_matrix(path, addressof(self._matrix)):
            return
        own = tuple(self._matrix)
        sides, point_at = self._sides, self._sides_at[:2]
        xs: list[float] = []
        ys: list[float] = []
        for i in range(_segment_count(path)):
            segment = _segment(path, i)
            if _segment_kind(segment) == c.FPDF_SEGMENT_MOVETO and xs:
                yield _moved((min(xs), min(ys), max(xs), max(ys)), own)
                xs, ys = [], []
            _segment_point(segment, *point_at)
            xs.append(sides[0])
            ys.append(sides[1])
        if xs:
            yield _moved((min(xs), min(ys), max(xs), max(ys)), own)


def _goes_on(a: RawWord, b: RawWord) -> bool:
    size = b.size
    return -0.1 * size < b.x0 - a.x1 < 0.1 * size and abs(b.base - a.base) < 0.1 * size and a.turn == b.turn == 0


def _merged(a: RawWord, b: RawWord) -> RawWord:
    top, bottom = min(a.top, b.top), max(a.bottom, b.bottom)
    return a._replace(text=a.text + b.text, top=top, x1=b.x1, bottom=bottom, box=(a.x0, top, b.x1, bottom))


def _is_raised(placed: _Placed, size: float, base: float) -> bool:
    return placed.turn == 0 and placed.base is not None and placed.size <= _SMALL * size and _HIGH * size < base - placed.base


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


def _moved(box: Any, m: tuple[float, ...]) -> tuple[float, float, float, float]:
    a, b, c_, d, e, f = m
    xs = [a * x + c_ * y + e for x in (box[0], box[2]) for y in (box[1], box[3])]
    ys = [b * x + d * y + f for x in (box[0], box[2]) for y in (box[1], box[3])]
    return min(xs), min(ys), max(xs), max(ys)
