"""PDF pages read through pdfplumber: a second engine that shares no code with the first below `RawPage`.

It costs twenty times as much. It is there for users who trust pdfminer's reading more, and to check the first.
"""

from __future__ import annotations

import io
import logging
import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from docmine.errors import DamagedError, EncryptedError
from docmine.load.glyphs import LEADERS, RAISED, clean, is_plain, is_symbolic
from docmine.load.layout import SLANTING, RawPage, RawWord
from docmine.load.limits import Limits
from docmine.load.styles import Styles
from docmine.records import Rule

__all__ = ["PlumberReader"]

#: a gap wider than this share of the type size parts words
_GAP = 0.18
#: a step back, or off the baseline, of more than this share parts them too
_BACK, _OFF = 0.35, 0.5
#: raised figures are smaller than this share of the word's size and stand higher by more than this share
_SMALL, _HIGH = 0.8, 0.15
_PUNCTUATION = frozenset(".,:;)")
_CID = re.compile(r"\(cid:(\d+)\)")
_FREE = frozenset((127, 129, 141, 143, 144, 157))

# what pdfminer has to say of damaged files goes where the user sends it, and nowhere else
logging.getLogger("pdfminer").addHandler(logging.NullHandler())

Char = Mapping[str, Any]


class PlumberReader:
    """Reads the pages of one document; keeps the styles met so far."""

    def __init__(self, data: bytes, name: str, password: str | None, limits: Limits) -> None:
        try:
            self.document = pdfplumber.open(io.BytesIO(data), password=password, raise_unicode_errors=False)
            self.pages = self.document.pages
        except PdfminerException as error:
            if isinstance(error.args[0], PDFPasswordIncorrect):
                what = "the password does not open it" if password else "is encrypted"
                raise EncryptedError(f"{name}: {what}", "give the right one as password=") from None
            raise DamagedError(
                f"{name}: the PDF is truncated or damaged", "fetch it again, or repair it with a PDF tool such as qpdf"
            ) from None
        self.limits = limits
        self.styles = Styles()
        self.notes: list[str] = []
        self._unmapped = 0

    def __len__(self) -> int:
        return len(self.pages)

    def close(self) -> None:
        """Let go of the document."""
        self.document.close()

    def metadata(self) -> dict[str, str]:
        """The document's own facts, by their names in lower case."""
        given = {str(k).lower(): " ".join(v.replace("\0", "").split()) for k, v in self.document.metadata.items() if isinstance(v, str)}
        return {key: value for key, value in given.items() if value}

    def bookmarks(self) -> tuple[tuple[int, str, int | None], ...]:
        """Left to the other engine: what is compared is the reading of pages."""
        return ()

    def page(self, index: int) -> RawPage:
        """Words, rules and pictures of the page with this 0-based index; an unreadable page is an empty one with a note."""
        page = self.pages[index]
        try:
            place = _Place(page)
            self._unmapped = 0
            words = self._words(page.chars, place)
            covered = min(sum(item["width"] * item["height"] for item in page.images) / max(place.width * place.height, 1.0), 1.0)
            pictures = [place.box(item) for item in page.images]
            rules = list(_rules(page, place))
            return RawPage(index + 1, place.width, place.height, words, rules, covered, pictures, unmapped=self._unmapped)
        except Exception:  # pdfminer fails on odd pages in as many ways as there are
            self.notes.append(f"page {index + 1} is damaged and could not be read")
            return RawPage(index + 1, 0.0, 0.0, [], [], 0.0, damaged=True)
        finally:
            page.close()

    def _words(self, chars: Iterable[Char], place: _Place) -> list[RawWord]:
        words: list[RawWord] = []
        pending: list[Char] = []
        last: _Set | None = None
        for char in chars:
            # a control character that is drawn takes room and shows nothing, as a space does
            if char["text"] <= " " or char["text"].isspace():
                if pending and last:
                    words += self._word(pending, place)
                pending, last = [], None
                continue
            here = _Set(char)
            if last is not None and last.parts(here):
                words += self._word(pending, place)
                pending = []
            pending.append(char)
            last = here
        if pending:
            words += self._word(pending, place)
        return words

    def _word(self, chars: list[Char], place: _Place) -> Iterator[RawWord]:
        """The word that the characters make, parted at leading dots."""
        texts = [_meaning(c["text"]) for c in chars]
        if any(_CID.fullmatch(text) for text in texts):
            self._unmapped += len(chars)
            return
        _raise(texts, [_Set(c) for c in chars])
        text, at = "".join(texts), 0
        starts = [0, *accumulate(map(len, texts))]
        for cut in [*(at for m in LEADERS.finditer(text) for at in m.span()), len(text)]:
            part = chars[bisect_left(starts, at) : bisect_left(starts, cut)]
            if part and cut > at:
                yield from self._made(text[at:cut], part, place)
            at = cut

    def _made(self, text: str, chars: list[Char], place: _Place) -> Iterator[RawWord]:
        first = _Set(chars[0])
        style = self.styles.of(chars[0]["fontname"], first.size, _color(chars[0]["non_stroking_color"]))
        font = self.styles.items[style].font
        if is_symbolic(font) or not is_plain(text):
            text = clean(text, font)
        if not text or text.isspace():
            return
        boxes = [place.box(c) for c in chars]
        x0s, tops, x1s, bottoms = zip(*boxes, strict=True)
        box = (min(x0s), min(tops), max(x1s), max(bottoms))
        x, y = place.point(chars[0]["matrix"][4], chars[0]["matrix"][5])
        base = y if first.turn % 2 == 0 else x
        yield RawWord(text, *box, base, style, self.styles.items[style].size, SLANTING if first.slanting else first.turn, box)


def _meaning(text: str) -> str:
    """A character's text; codes that the Windows encoding leaves free stand for the bullet, as PDF has it."""
    code = _CID.fullmatch(text)
    return "•" if code and int(code[1]) in _FREE else text


def _raise(texts: list[str], sets: list[_Set]) -> None:
    """Write the small high figures at a word's end as such; they are no part of the number that they stick to."""
    at = len(texts)
    while at > 0 and texts[at - 1] in _PUNCTUATION:
        at -= 1
    size, base, turn = sets[0].size, sets[0].across, sets[0].turn
    while at > 1 and texts[at - 1].isdecimal() and turn == 0:
        if not (sets[at - 1].size <= _SMALL * size and sets[at - 1].across - base > _HIGH * size):
            break
        at -= 1
        texts[at] = texts[at].translate(RAISED)


class _Place:
    """Where the page as it is seen lies in pdfplumber's coordinates: CropBox and rotation."""

    def __init__(self, page: Page) -> None:
        x0, y0, x1, y1 = (float(v) for v in page.page_obj.mediabox)
        crop = [float(v) for v in page.page_obj.cropbox or page.page_obj.mediabox]
        a0, b0, a1, b1 = max(crop[0], x0), max(crop[1], y0), min(crop[2], x1), min(crop[3], y1)
        match page.page_obj.rotate % 360:
            case 90:
                left, low, right, high = b0 - y0, x1 - a1, b1 - y0, x1 - a0
            case 180:
                left, low, right, high = x1 - a1, y1 - b1, x1 - a0, y1 - b0
            case 270:
                left, low, right, high = y1 - b1, a0 - x0, y1 - b0, a1 - x0
            case _:
                left, low, right, high = a0 - x0, b0 - y0, a1 - x0, b1 - y0
        self.left, self.high = left, high
        self.width, self.height = right - left, high - low
        # pdfplumber adds the MediaBox's corner to x only
        self.moved = float(page.mediabox[0])

    def point(self, x: float, y: float) -> tuple[float, float]:
        return x - self.left, self.high - y

    def box(self, item: Mapping[str, Any]) -> tuple[float, float, float, float]:
        x0, x1 = item["x0"] - self.moved - self.left, item["x1"] - self.moved - self.left
        return x0, self.high - item["y1"], x1, self.high - item["y0"]


class _Set:
    """How a character is set: direction in quarter turns clockwise, size, and its place along and across the line."""

    __slots__ = ("across", "begin", "end", "size", "slanting", "turn")

    def __init__(self, char: Char) -> None:
        a, b, _, _, x, y = char["matrix"]
        scale = math.hypot(a, b) or 1.0
        cos, sin = a / scale, b / scale
        self.turn = (0 if a >= 0 else 2) if abs(a) >= abs(b) else (3 if b > 0 else 1)
        self.slanting = min(abs(a), abs(b)) > 0.02 * max(abs(a), abs(b))
        wide = char["adv"] * scale
        if self.turn % 2 == 0:
            self.size = (char["y1"] - char["y0"] - wide * abs(sin)) / abs(cos)
        else:
            self.size = (char["x1"] - char["x0"] - wide * abs(cos)) / abs(sin)
        self.across = y * cos - x * sin
        self.begin = x * cos + y * sin
        self.end = self.begin + wide

    def parts(self, after: _Set) -> bool:
        """Whether the next character begins a word of its own."""
        if self.turn != after.turn:
            return True
        size = max(self.size, after.size)
        gap = after.begin - self.end
        return bool(gap > _GAP * size or gap < -_BACK * size or abs(after.across - self.across) > _OFF * size)


def _rules(page: Page, place: _Place) -> Iterable[Rule]:
    for kind in (page.rects, page.lines, page.curves):
        for item in kind:
            filled = item["fill"] and kind is not page.lines
            x0, top, x1, bottom = place.box(item)
            if x1 >= 0 and bottom >= 0 and x0 <= place.width and top <= place.height:
                yield Rule(x0, top, x1, bottom, _color(item["non_stroking_color"]) if filled else None)


def _color(given: Any) -> str:
    """A colour as ``#rrggbb``; patterns and colour spaces of other sizes show as black."""
    values = given if isinstance(given, tuple | list) else (given,)
    try:
        parts = [min(max(float(v), 0.0), 1.0) for v in values]
    except (TypeError, ValueError):
        return "#000000"
    match parts:
        case [grey]:
            red = green = blue = grey
        case [red, green, blue]:
            pass
        case [cyan, magenta, yellow, black]:
            red, green, blue = (1 - min(1.0, v + black) for v in (cyan, magenta, yellow))
        case _:
            return "#000000"
    return "#" + "".join(f"{math.floor(255 * v + 0.5):02x}" for v in (red, green, blue))
