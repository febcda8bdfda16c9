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
from collections.abc import Callable, Iterable, Iterator
from ctypes import addressof, byref, c_int, c_void_p
from functools import lru_cache
from itertools import compress, pairwise, repeat
from operator import add, ne, sub
from struct import Struct
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as c

from docmine.errors import DamagedError, EncryptedError
from docmine.load.glyphs import LEADERS, LINE_HYPHEN, ODD, RAISED, SPACE, clean, is_symbolic, kinds
from docmine.load.layout import SLANTING, RawPage, RawWord, turned_box
from docmine.load.limits import Limits
from docmine.load.styles import DEFAULT, Styles
from docmine.records import Rule

__all__ = ["PdfiumReader"]

# where PDFium may have missed a space: after a number's or a sentence's stop, and beside leading dots
_STOP = re.compile(r"[.,:;)](?=[^\W\d_])")
_GAP = 0.045
_STOPS = ".,:;)"
_AFTER_RAISED = frozenset("0123456789" + _STOPS)
#: raised figures are smaller than this share of the word's size and stand higher by more than this share
_SMALL, _HIGH = 0.8, 0.15
_PIECE, _HYPHEN = re.compile(f"[^{LINE_HYPHEN}]+"), re.compile(LINE_HYPHEN)
#: type size, colour and matrix of a text object: what it looks like, then where it stands
_STYLE, _SETTING = Struct("f4I4f"), Struct("f4I6f")
_PLACE = _STYLE.size
#: what bounds a page object; how it is drawn and its colour
_SIDES, _FILL = Struct("4f"), Struct("8x4I")
#: a path with more segments than a rectangle may draw several figures
_ONE_FIGURE = 6
_FORM_DEPTH = 4
_DRAWN = (c.FPDF_PAGEOBJ_PATH, c.FPDF_PAGEOBJ_IMAGE)
_PASSWORD, _SECURITY = 4, 5
_new = tuple.__new__
#: bytes in a room; no usual page needs more
_ROOMY = 1 << 15


#: takes an address through the C call that wants it
_address = c_void_p.from_param


def _bound(name: str, result: Any = None) -> Callable[..., Any]:
    """A C function that takes numbers and what `_address` makes as they are: to have each checked costs more than the call."""
    address = ctypes.cast(getattr(c, name), c_void_p).value or 0
    function: Callable[..., Any] = ctypes.PYFUNCTYPE(result)(address)
    return function


_get_text = _bound("FPDFText_GetText", c_int)
_text_object = _bound("FPDFText_GetTextObject", c_void_p)
_char_box = _bound("FPDFText_GetLooseCharBox")
_char_origin = _bound("FPDFText_GetCharOrigin")
_char_matrix = _bound("FPDFText_GetMatrix")
_has_no_meaning = _bound("FPDFText_HasUnicodeMapError", c_int)
_font_size = _bound("FPDFTextObj_GetFontSize")
_font_of = _bound("FPDFTextObj_GetFont", c_void_p)
_fill_color = _bound("FPDFPageObj_GetFillColor", c_int)
_draw_mode = _bound("FPDFPath_GetDrawMode", c_int)
_bounds = _bound("FPDFPageObj_GetBounds", c_int)
_segment_count = _bound("FPDFPath_CountSegments", c_int)
_segment = _bound("FPDFPath_GetPathSegment", c_void_p)
_segment_kind = _bound("FPDFPathSegment_GetType", c_int)
_segment_point = _bound("FPDFPathSegment_GetPoint")
_kind = _bound("FPDFPageObj_GetType", c_int)
_page_count = _bound("FPDFPage_CountObjects", c_int)
_page_object = _bound("FPDFPage_GetObject", c_void_p)
_form_count = _bound("FPDFFormObj_CountObjects", c_int)
_form_object = _bound("FPDFFormObj_GetObject", c_void_p)
_object_matrix = _bound("FPDFPageObj_GetMatrix", c_int)


def _handle(pointer: Any) -> Any:
    """What a typed pointer points at, as `_address` has it."""
    return _address(ctypes.cast(pointer, c_void_p).value)


class _Room:
    """Room for what many calls give, and the addresses in it: making those anew takes half as long as the calls."""

    def __init__(self, size: int) -> None:
        self._grow(size)

    def _grow(self, size: int) -> None:
        self._bytes = (ctypes.c_char * size)()
        start = addressof(self._bytes)
        self._addresses = list(map(_address, range(start, start + size, 4)))

    def __len__(self) -> int:
        return len(self._bytes)

    def cleared(self, size: int) -> memoryview:
        """The first bytes of the room, which are nought."""
        if size > len(self):
            self._grow(2 * size)
        ctypes.memset(self._bytes, 0, size)
        return memoryview(self._bytes).cast("B")[:size]

    def every(self, stride: int, offset: int, count: int) -> list[Any]:
        """The addresses of ``count`` places that are ``stride`` bytes apart; both numbers of bytes are multiples of four."""
        return self._addresses[offset // 4 : offset // 4 + count * (stride // 4) : stride // 4]


@lru_cache(256)
def _color(given: tuple[int, int, int, int]) -> str:
    red, green, blue, _ = given
    return f"#{red:02x}{green:02x}{blue:02x}"


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


#: PDFium holds on to what it has read of a document, so that a long one is opened anew after so many pages
_TOGETHER = 100

_ROOMS: list[_Room] = []


class PdfiumReader:
    """Reads the pages of one document; keeps the styles met so far and the C buffers that every call fills."""

    def __init__(self, data: bytes, name: str, password: str | None, limits: Limits) -> None:
        self._source = data, name, password
        self.document = _open(*self._source)
        self.limits = limits
        self.styles = Styles()
        self.notes: list[str] = []
        self._fonts: dict[int, str] = {}
        self._settings: dict[tuple[str, bytes], tuple[int, float, int, bool]] = {}
        self._box, self._matrix = c.FS_RECTF(), (ctypes.c_float * 6)()
        self._origin, self._point = (ctypes.c_double * 2)(), (ctypes.c_float * 2)()
        # rooms are handed on from document to document
        self._room = _ROOMS.pop() if _ROOMS else _Room(_ROOMY)
        self._name = ctypes.create_string_buffer(256)

    def __len__(self) -> int:
        return len(self.document)

    def close(self) -> None:
        """Let go of the document."""
        self.document.close()
        if len(self._room) == _ROOMY:
            _ROOMS.append(self._room)

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
        if index and index % _TOGETHER == 0:
            self.document.close()
            self.document = _open(*self._source)
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
            rules, pictures = self._rules(raw, left, top)
            words, unmapped = self._words(raw, index, left, top)
            covered = min(sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in pictures) / max(width * height, 1.0), 1.0)
            page = RawPage(index + 1, width, height, words, rules, covered, pictures, unmapped=unmapped)
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
            return self._columns(self._text(layer, index), _handle(layer), left, top)
        finally:
            c.FPDFText_ClosePage(layer)

    def _columns(self, text: str, layer: Any, left: float, top: float) -> tuple[list[RawWord], int]:
        """What `_words` gives, made column by column: most pages have few words that need a look of their own."""
        known = kinds(f" {text} ")
        odd = np.flatnonzero(known[1:] == ODD).tolist()
        spaces = known == SPACE
        edges = np.flatnonzero(spaces[1:] != spaces[:-1]).tolist()
        tokens, firsts, hyphens = self._tokens(text, edges[::2], edges[1::2], layer)
        if not tokens:
            return [], 0
        targets = list(map(_text_object, repeat(layer), firsts))
        figures = [i for i, word in enumerate(tokens) if word[-1] in _AFTER_RAISED]
        ends = [(i, firsts[i] + at) for i in figures if (at := len(tokens[i].rstrip(_STOPS)) - 1) > 0 and tokens[i][at].isdecimal()]
        lasts = [at for _, at in ends]
        overs = list(map(_text_object, repeat(layer), lasts))
        placed = self._placed(layer, targets + overs, firsts + lasts, left, top)
        styles, sizes, turns, symbolic, baselines, mapped = zip(*map(placed.__getitem__, targets), strict=True)
        bases = list(baselines)
        x0s, tops, x1s, bottoms = self._boxes(layer, tokens, firsts, turns, left, top)
        for i in [i for i, base in enumerate(bases) if base is None] if None in bases else ():
            bases[i] = self._base(layer, firsts[i], turns[i], left, top)
        unmapped = 0 if all(mapped) else sum(len(word) for word, known in zip(tokens, mapped, strict=True) if not known)
        for (i, at), over in zip(ends, overs, strict=True):
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
        if unmapped or "" in tokens:
            # PDFium hands over the codes of glyphs without a meaning as if they were letters
            kept = [known and token != "" for known, token in zip(mapped, tokens, strict=True)]
            words, firsts = list(compress(words, kept)), list(compress(firsts, kept))
        going = [i for i, first in enumerate(firsts) if text[first - 1] == "\n" and i and _goes_on(words[i - 1], words[i])]
        for i in going:
            # what follows a raised figure is no new line
            words[i] = _merged(words[i - 1], words[i])
        for i in reversed(going):
            del words[i - 1]
        return words, unmapped

    def _tokens(self, text: str, firsts: list[int], ends: list[int], layer: Any) -> tuple[list[str], list[int], set[int]]:
        """Words, where they begin, and which of them have lost a hyphen at their end because PDFium joins the lines that it parts."""
        words = [text[first:end] for first, end in zip(firsts, ends, strict=True)]
        marks = [m.start() for m in _STOP.finditer(text)]
        if "..." in text or "……" in text:
            marks += [m.start() for m in LEADERS.finditer(text)]
        if LINE_HYPHEN in text:
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

    def _pieces(self, word: str, first: int, layer: Any) -> list[tuple[int, int]]:
        """Where the words lie in what stands without a space."""
        if LINE_HYPHEN in word:
            return [m.span() for m in _PIECE.finditer(word)]
        if len(word) <= 3:
            return [(0, len(word))]
        cuts = {0, len(word)}.union(*[m.span() for m in LEADERS.finditer(word)])
        cuts |= {at for m in _STOP.finditer(word) if self._gap(layer, first + (at := m.end()), first)}
        return list(pairwise(sorted(cuts)))

    def _gap(self, layer: Any, index: int, first: int) -> bool:
        """Whether a space is hidden before a character: there is more room than between the two characters before it."""
        box = self._box
        edges: list[float] = []
        for i in range(max(index - 2, 0), index + 1):
            _char_box(layer, i, byref(box))
            edges += (box.left, box.right)
        spaced = edges[-4] - edges[-5] if len(edges) == 6 else 0.0
        target = _text_object(layer, first)
        size = self._placed(layer, [target], [first], 0.0, 0.0)[target].size
        return edges[-2] - edges[-3] - max(spaced, 0.0) > _GAP * size

    def _boxes(
        self, layer: Any, words: list[str], firsts: list[int], turns: tuple[int, ...], left: float, top: float
    ) -> tuple[list[float], list[float], list[float], list[float]]:
        """Left, upper, right and lower edges of words."""
        count = len(words)
        room = self._room.cleared(32 * count)
        lasts = map(sub, map(add, firsts, map(len, words)), repeat(1))
        # a map runs the calls without a step of Python between them
        deque(map(_char_box, repeat(layer), [*firsts, *lasts], self._room.every(16, 0, 2 * count)), 0)
        edges = np.frombuffer(room, np.float32).astype(np.float64)
        first, last = edges[: 4 * count], edges[4 * count :]
        x0s, tops = (first[::4] - left).tolist(), (top - first[1::4]).tolist()
        x1s, bottoms = (last[2::4] - left).tolist(), (top - first[3::4]).tolist()
        for i in [i for i, turn in enumerate(turns) if turn] if any(turns) else ():
            a, b = first[4 * i : 4 * i + 4].tolist(), last[4 * i : 4 * i + 4].tolist()
            x0s[i], x1s[i] = min(a[0], b[0]) - left, max(a[2], b[2]) - left
            tops[i], bottoms[i] = top - max(a[1], b[1]), top - min(a[3], b[3])
        return x0s, tops, x1s, bottoms

    def _text(self, layer: Any, index: int) -> str:
        """The page's text, one character for each that PDFium counts."""
        count = c.FPDFText_CountChars(layer)
        if count > self.limits.page_characters:
            self.notes.append(f"page {index + 1} has {count:,} characters; only the first {self.limits.page_characters:,} were read")
            count = self.limits.page_characters
        if count <= 0:
            return ""
        room = self._room.cleared(4 * count + 4)
        written = _get_text(_handle(layer), 0, count, *self._room.every(4, 0, 1))
        text = room[: 2 * max(written - 1, 0)].tobytes().decode("utf-16-le", "replace")
        if len(text) != count:
            # some characters are missing from the text or count double in it: ask for each
            codes = (c.FPDFText_GetUnicode(layer, i) for i in range(count))
            text = "".join(chr(u) if u < 0x110000 and not 0xD800 <= u < 0xE000 else " " for u in codes)
        return text.replace("\x02", LINE_HYPHEN)

    def _placed(self, layer: Any, targets: list[int | None], firsts: list[int], left: float, top: float) -> dict[int | None, _Placed]:
        """How text objects are set, by their addresses; ``firsts`` are characters of theirs, of which each object's first counts."""
        # most objects hold several words that stand together
        begins = list(map(ne, targets, [-1, *targets]))
        at_first, known_first = list(compress(firsts, begins)), list(compress(targets, begins))
        first_of = dict(zip(reversed(known_first), reversed(at_first), strict=True))
        known = list(dict.fromkeys(known_first))
        placed: dict[int | None, _Placed] = {}
        if None in first_of:
            placed[None] = _Placed(self.styles.index(DEFAULT), DEFAULT.size, 0, False, 0.0, True)
            known.remove(None)
        stride = _SETTING.size
        room = self._room.cleared(len(known) * stride)
        sizes, *colors, matrices = [self._room.every(stride, at, len(known)) for at in (0, 4, 8, 12, 16, 20)]
        at = [first_of[target] for target in known]
        objects = list(map(_address, known))
        deque(map(_font_size, objects, sizes), 0)
        # an object without a colour leaves the noughts, which are black
        deque(map(_fill_color, objects, *colors), 0)
        deque(map(_char_matrix, repeat(layer), at, matrices), 0)
        lost = list(map(_has_no_meaning, repeat(layer), at))
        fonts = [self._fonts.get(font) or self._font(font) for font in map(_font_of, objects)]
        given = room.tobytes()
        # the bytes before the place of the text say how it is set
        keys = [(font, given[k : k + _PLACE]) for font, k in zip(fonts, range(0, len(given), stride), strict=True)]
        floats = room.cast("f")
        known_settings = self._settings
        for target, key, first, unmapped, b, f in zip(known, keys, at, lost, floats[6::11], floats[10::11], strict=True):
            setting = known_settings.get(key) or self._set(*key)
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

    def _base(self, layer: Any, index: int, turn: int, left: float, top: float) -> float:
        _char_origin(layer, index, byref(self._origin), byref(self._origin, 8))
        x, y = self._origin
        return top - y if turn % 2 == 0 else x - left

    def _raised(
        self,
        word: str,
        first: int,
        last: int,
        layer: Any,
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

    def _font(self, font: int | None) -> str:
        name = self._fonts.get(font or 0)
        if name is None:
            length = c.FPDFFont_GetBaseFontName(ctypes.cast(font, c.FPDF_FONT), self._name, len(self._name)) if font else 0
            given = self._name.raw[: max(min(length, len(self._name)) - 1, 0)].decode("utf-8", "replace")
            name = self._fonts[font or 0] = given.partition("+")[2] if given[6:7] == "+" else given
        return name

    def _rules(self, page: Any, left: float, top: float) -> tuple[list[Rule], list[tuple[float, float, float, float]]]:
        """The page's rulings and filled rectangles, and the boxes of its pictures, as if it were not rotated."""
        pictures: list[tuple[float, float, float, float]] = []
        rules: list[Rule] = []
        room = self.limits.page_objects
        # a form's objects are bounded in the form's own space, so its matrix goes with them
        todo: list[tuple[Any, int, tuple[float, ...] | None]] = [(_handle(page), 0, None)]
        while todo and room > 0:
            holder, depth, moved = todo.pop()
            targets = _held(holder, depth, room)
            room -= len(targets)
            kinds = list(map(_kind, targets))
            if depth < _FORM_DEPTH and c.FPDF_PAGEOBJ_FORM in kinds:
                for form in compress(targets, [kind == c.FPDF_PAGEOBJ_FORM for kind in kinds]):
                    if _object_matrix(form, byref(self._matrix)):
                        own = tuple(self._matrix)
                        todo.append((form, depth + 1, own if moved is None else _product(own, moved)))
            drawn = list(compress(targets, map(_DRAWN.__contains__, kinds)))
            described = zip(drawn, self._bounds(drawn), map(_segment_count, drawn), self._fills(drawn), strict=True)
            for target, bounds, segments, fill in described:
                figures: Iterable[tuple[float, ...]] = () if bounds is None else (bounds,)
                if _ONE_FIGURE < segments <= room:
                    room -= segments
                    figures = self._figures(target)
                for figure in figures:
                    x0, y0, x1, y1 = figure if moved is None else _moved(figure, moved)
                    if segments < 0:
                        pictures.append((x0 - left, top - y1, x1 - left, top - y0))
                    else:
                        rules.append(_new(Rule, (x0 - left, top - y1, x1 - left, top - y0, fill)))
        return rules, pictures

    def _bounds(self, objects: list[Any]) -> list[tuple[float, ...] | None]:
        """Left, bottom, right and top of page objects; None where they have no extent."""
        room = self._room.cleared(16 * len(objects))
        known = list(map(_bounds, objects, *[self._room.every(16, at, len(objects)) for at in (0, 4, 8, 12)]))
        return [box if there else None for there, box in zip(known, _SIDES.iter_unpack(room), strict=True)]

    def _fills(self, objects: list[Any]) -> list[str | None]:
        """The colours with which page objects are filled; None where they are only stroked."""
        room = self._room.cleared(24 * len(objects))
        modes, strokes, *colors = [self._room.every(24, at, len(objects)) for at in (0, 4, 8, 12, 16, 20)]
        deque(map(_draw_mode, objects, modes, strokes), 0)
        known = list(map(_fill_color, objects, *colors))
        given = zip(known, room.cast("i")[::6].tolist(), _FILL.iter_unpack(room), strict=True)
        return [_color(rgba) if there and mode else None for there, mode, rgba in given]

    def _figures(self, path: Any) -> Iterator[tuple[float, ...]]:
        """The bounds of each figure of a path that draws several, as tables do whose rulings are drawn in one stroke."""
        if not _object_matrix(path, byref(self._matrix)):
            return
        own = tuple(self._matrix)
        point, at = self._point, (byref(self._point), byref(self._point, 4))
        xs: list[float] = []
        ys: list[float] = []
        for segment in map(_address, map(_segment, repeat(path), range(_segment_count(path)))):
            if _segment_kind(segment) == c.FPDF_SEGMENT_MOVETO and xs:
                yield _moved((min(xs), min(ys), max(xs), max(ys)), own)
                xs, ys = [], []
            _segment_point(segment, *at)
            xs.append(point[0])
            ys.append(point[1])
        if xs:
            yield _moved((min(xs), min(ys), max(xs), max(ys)), own)


def _held(holder: Any, depth: int, most: int) -> list[Any]:
    """The addresses of the objects of a page, or of a form where there is a depth, but no more than ``most``."""
    if depth:
        indices = map(ctypes.c_ulong, range(min(_form_count(holder), most)))
        return list(map(_address, map(_form_object, repeat(holder), indices)))
    return list(map(_address, map(_page_object, repeat(holder), range(min(_page_count(holder), most)))))


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
    page.pictures = [turned_box(box, back, upright) for box in page.pictures]


def _product(n: tuple[float, ...], m: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c_, d, e, f = n
    p, q, r, s, t, u = m
    return (a * p + b * r, a * q + b * s, c_ * p + d * r, c_ * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _moved(box: Any, m: tuple[float, ...]) -> tuple[float, float, float, float]:
    a, b, c_, d, e, f = m
    xs = [a * x + c_ * y + e for x in (box[0], box[2]) for y in (box[1], box[3])]
    ys = [b * x + d * y + f for x in (box[0], box[2]) for y in (box[1], box[3])]
    return min(xs), min(ys), max(xs), max(ys)
