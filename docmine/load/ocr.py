"""Pages that are pictures, read with Tesseract (the extra ``ocr``): words with boxes and confidences.

Words come back in the coordinates of the page made level, in which they can be put in order and in tables; the page keeps its slant.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pypdfium2 as pdfium

from docmine.errors import UsageError
from docmine.load.glyphs import clean
from docmine.load.layout import RawPage, RawWord
from docmine.load.limits import Clock
from docmine.load.picture import Picture, is_paper, is_photo, may_hold_text, picture_of
from docmine.load.styles import Styles
from docmine.records import Style

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["missing", "read_pictures"]

_SECONDS = 120
_WORKERS = 4
#: pages are read until this share of the document's time is left
_SHARE_LEFT = 0.2
#: a stamp on a scan is set smaller than a title; what stands in so many words on one of so many pages nearby runs through the document
_TITLE, _RUNNING, _NEIGHBOURS = 16.0, 2, 4
_LINE = re.compile(
    r"<span class='ocr_(?:line|textfloat|header|caption)'[^>]*?bbox (\d+) (\d+) (\d+) (\d+); baseline (\S+) (\S+);[^>]*?x_size ([\d.]+)"
)
_WORD = re.compile(r"<span class='ocrx_word'[^>]*?bbox (\d+) (\d+) (\d+) (\d+); x_wconf (\d+)[^>]*>(.*?)</span>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
#: a figure of one digit, and how sure it must be where only the second reading has it
_LONE, _SURE = re.compile(r"-?\d"), 0.72
_STROKES = frozenset("|[]{}_—–-~=.,:;'\"`´’‘°*/\\!()<>«»^+")
#: below these confidences a mark without letters or figures, and a word without figures, is none
_STROKE, _BLOT = 60, 25
#: what a minus before a figure, and a bullet before a line, are read as
_DASHES, _BULLETS = frozenset("-–—−=~"), frozenset("•·*°«»¢©®")
#: a minus, as shares of a figure's height: how thin it is, where it lies, how short and long, the room before and after it
_DASH_THIN, _DASH_TOP, _DASH_FOOT, _DASH_SHORT, _DASH_LONG, _DASH_ROOM, _DASH_NEAR = 0.3, 0.35, 0.85, 0.2, 0.9, 0.25, 0.5
#: what is darker than this is ink, and what is darker still is the middle of a stroke
_INK, _DARK = 215, 128
#: no upright stroke is as wide as this share of the type size; strokes so many times the usual are bold; fewer than so many say nothing
_BAR, _HEAVY, _STROKES_NEEDED = 0.3, 1.25, 30
#: line sizes that differ by less than this share are one
_ALIKE = 0.15
#: signs that reach below the baseline
_DESCENDS = frozenset("gjpqyQ,;()[]{}/|_§@-–—=~*'\"•«»")
#: the room that fonts leave beside, above and below their letters, as shares of the type size
_BEARING, _ABOVE, _BELOW = 0.04, 0.75, 0.22
#: Tesseract's confidence is of what it saw; what was lost before, such as a pale comma, it does not know
_TRUST = 0.9
#: the states of pages that are not read yet, and what they are
_UNREAD = {
    "scanned": "without text",
    "damaged": "whose letters are not what is seen",
    "pictured": "with a picture that may hold a table",
}
#: a picture beside a page's text is looked at if it has more than this share of the page and of its width, and no more of its words
_LEAST_AREA, _LEAST_WIDE, _CAPTIONED = 0.05, 0.25, 3
#: a table has at least so many rows with words of so many figures
_ROWS, _FIGURES = 3, 2
_MISSING = "install Tesseract with Swedish (Debian: tesseract-ocr, tesseract-ocr-swe) and pip install docmine[ocr]"


def read_pictures(
    pages: list[RawPage], data: bytes, password: str | None, styles: Styles, *, ocr: bool | Literal["auto"], clock: Clock
) -> list[str]:
    """Add to pages that are pictures, whose text is damaged, or that show a table as a picture, the words that are seen on them.

    Returns
    -------
    list of str
        Notes on what was read so, and what could not be read and why.
    """
    todo = [p for p in pages if p.state in _UNREAD]
    beside = [] if ocr is False else [(p, inlaid) for p in pages if p.state == "ok" and (inlaid := _inlaid(p))]
    if not todo and not beside:
        return []
    lacking = "ocr is turned off" if ocr is False else missing()
    if ocr is True and lacking:
        raise UsageError("pages that are pictures cannot be read here", lacking)
    if lacking:
        _let_covers(todo, pages)
        if not beside:
            return _notes(pages, [], lacking)
    try:
        document = pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError:  # what only the other engine opens cannot be drawn
        return _notes(pages, [], lacking or "cannot be drawn")
    with document:
        for page, inlaid in beside:
            page.pictures = [box for box in inlaid if may_hold_text(document, page.number - 1, box)]
            page.state = "pictured" if page.pictures else "ok"
        if lacking:
            return _notes(pages, [], lacking)
        for page in todo:
            if page.state == "scanned" and (page.words or len(todo) < len(pages)):
                _glance(document, page)
        read = _read_all(document, [p for p in pages if p.state in _UNREAD], styles, clock)
    return _notes(pages, read, None)


def _inlaid(page: RawPage) -> list[tuple[float, float, float, float]]:
    """The boxes of large pictures beside a page's text, with none of it on them."""
    found = []
    for x0, top, x1, bottom in page.pictures:
        box = max(x0, 0.0), max(top, 0.0), min(x1, page.width), min(bottom, page.height)
        wide, high = box[2] - box[0], box[3] - box[1]
        large = wide > _LEAST_WIDE * page.width and high > 0 and wide * high > _LEAST_AREA * page.width * page.height
        if large and sum(_lies_on(w.box, box) for w in page.words) <= _CAPTIONED:
            found.append(box)
    return found


def _let_covers(todo: Iterable[RawPage], pages: Sequence[RawPage]) -> None:
    """Tell pages of a layout that have a few words on a picture from scans with a stamp, without a look at the picture."""
    for page in todo:
        if page.state != "scanned" or not page.words:
            continue
        near = sorted((p for p in pages if p.state == "ok"), key=lambda p: abs(p.number - page.number))[:_NEIGHBOURS]
        running = {(w.text, round(w.base)) for p in near for w in p.words}
        if max(w.size for w in page.words) >= _TITLE or sum((w.text, round(w.base)) in running for w in page.words) >= _RUNNING:
            page.state = "ok"


def _glance(document: pdfium.PdfDocument, page: RawPage) -> None:
    """Let go of pages that are photos; of pages without words only what can hardly be paper, however dark."""
    if page.words:
        if not is_paper(document, page.number - 1):
            page.state = "ok"
    elif is_photo(document, page.number - 1):
        page.state = "empty"


def _read_all(document: pdfium.PdfDocument, todo: list[RawPage], styles: Styles, clock: Clock) -> list[int]:
    """Read pages side by side and give their numbers; PDFium draws one after the other, since it knows no threads."""
    read: list[int] = []
    if not todo:
        return read
    workers = min(len(todo), os.cpu_count() or 1, _WORKERS)
    running: deque[tuple[RawPage, Picture, Future[tuple[str, str] | None]]] = deque()

    def finish() -> None:
        page, picture, future = running.popleft()
        hocr = future.result()
        if hocr is not None:
            sparse, block = hocr
            words = list(_words(sparse, picture, styles))
            if block:  # the strokes of a picture without a table are not measured again
                words += [w for w in _words(block, picture, styles) if _is_lone(w, words)]
            if page.state != "pictured":
                page.rules += picture.rules
                page.slant = picture.angle
            elif _is_table(words):
                page.rules += [r for r in picture.rules if any(_lies_on(r[:4], box) for box in page.pictures)]
            else:
                page.state = "ok"
                return
            _add(page, words)
            read.append(page.number)

    with _one_thread(), ThreadPoolExecutor(workers) as pool:
        for page in todo:
            if clock.left() < _SHARE_LEFT * clock.seconds:
                break
            picture = picture_of(document, page.number - 1, level=page.state == "pictured")
            if picture is not None and page.state == "pictured":
                picture = picture.within(page.pictures)
            if picture is not None:
                running.append((page, picture, pool.submit(_hocr, picture.image)))
            if len(running) > workers:
                finish()
        while running:
            finish()
    return read


def _add(page: RawPage, words: Iterable[RawWord]) -> None:
    """Give a page the words that were seen on it where it has none yet."""
    known = [w.box for w in page.words]
    for word in words:
        if not any(_lies_on(word.box, box) for box in known):
            page.words.append(word)
    page.state = "ok" if page.words else "empty"


def _is_table(words: Iterable[RawWord]) -> bool:
    """Whether what was read from a picture stands in rows, each a label and figures; charts and organisations do not."""
    lines: list[list[RawWord]] = []
    for word in sorted(words, key=lambda w: w.base):
        if not lines or word.base - lines[-1][0].base > 0.5 * word.size:
            lines.append([])
        lines[-1].append(word)
    rows = 0
    for line in lines:
        first, *others = sorted(line, key=lambda w: w.x0)
        rows += any(map(str.isalpha, first.text)) and sum(any(map(str.isdigit, w.text)) for w in others) >= _FIGURES
    return rows >= _ROWS


def _lies_on(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    """Whether the middle of one box lies within another."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _notes(pages: list[RawPage], read: list[int], lacking: str | None) -> list[str]:
    notes = []
    if read:
        notes.append(f"{_numbers(read)} read from the picture")
    why = lacking or "there was no time to read it"
    for state, what in _UNREAD.items():
        left = [p.number for p in pages if p.state == state and not p.damaged]
        if left:
            notes.append(f"{_numbers(left)} {what}: {why}")
    return notes


def _numbers(numbers: list[int]) -> str:
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return ("page " if len(numbers) == 1 else "pages ") + ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def missing() -> str | None:
    """What is to be installed before pages can be read; None if nothing is."""
    if find_spec("pytesseract") is None or shutil.which("tesseract") is None:
        return _MISSING
    import pytesseract

    return None if "swe" in pytesseract.get_languages() else _MISSING


def _hocr(image: Image) -> tuple[str, str] | None:
    """What Tesseract reads as sparse text, and where that has figures of a table also as one block; None if it fails or takes too long."""
    # Tesseract's own idea of columns leaves figures of tables out, and ours is made for them; but in sparse text it passes over
    # figures of one digit that stand alone
    sparse = _tesseract(image, "--psm 11")
    if sparse is None:
        return None
    figures = sum(any(map(str.isdigit, _TAG.sub("", word[6]))) for word in _WORD.finditer(sparse))
    return sparse, (_tesseract(image, "--psm 6") if figures >= _ROWS * _FIGURES else None) or ""


def _tesseract(image: Image, config: str) -> str | None:
    import pytesseract

    try:
        given: bytes = pytesseract.image_to_pdf_or_hocr(image, lang="swe", config=config, extension="hocr", timeout=_SECONDS)
    except (RuntimeError, OSError):  # Tesseract's own errors and its time running out are RuntimeErrors
        return None
    return given.decode("utf-8", "replace")


def _is_lone(word: RawWord, words: Iterable[RawWord]) -> bool:
    """Whether a word is a figure of one digit, surely read, where no other word was seen."""
    if not _LONE.fullmatch(word.text) or word.confidence < _SURE:
        return False
    x0, top, x1, bottom = word.box
    return not any(x0 < w.box[2] and w.box[0] < x1 and top < w.box[3] and w.box[1] < bottom for w in words)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Tesseract's own threads take twice the work for no less time; pages are read side by side instead."""
    name = "OMP_THREAD_LIMIT"
    given = os.environ.get(name)
    os.environ[name] = given or "1"
    try:
        yield
    finally:
        if given is None:
            os.environ.pop(name, None)


def _words(hocr: str, picture: Picture, styles: Styles) -> Iterator[RawWord]:
    pixels: Any = np.asarray(picture.image)
    signs, dark = pixels < _INK, pixels < _DARK
    lines = list(_LINE.finditer(hocr))
    ranked = sorted(float(line[7]) for line in lines)
    usual = ranked[len(ranked) // 2] if ranked else 0.0
    # sizes are measured line by line; what is nearly the page's usual size is just that
    sizes = [usual if abs(float(line[7]) - usual) < _ALIKE * usual else float(line[7]) for line in lines]
    bold = _bold([_strokes(dark, line, size) for line, size in zip(lines, sizes, strict=True)])
    ends = [*(following.start() for following in lines[1:]), len(hocr)][: len(lines)]
    for line, end, size, heavy in zip(lines, ends, sizes, bold, strict=True):
        left, _, _, bottom = (float(v) for v in line.groups()[:4])
        slope, offset = float(line[5]), float(line[6])
        points = round(2 * size / picture.scale) / 2
        style = styles.index(Style("", points, heavy, False, "#000000"))
        found_here = [(m, clean(unescape(_TAG.sub("", m[6])).strip(), "")) for m in _WORD.finditer(hocr, line.end(), end)]
        for k, (found, text) in enumerate(found_here):
            x0, x1 = int(found[1]) / picture.scale, int(found[3]) / picture.scale
            # a word's box that reaches below its line's reaches too far
            y1 = min(int(found[4]), bottom) / picture.scale
            sure = int(found[5])
            following = found_here[k + 1][1] if k + 1 < len(found_here) else ""
            if set(text) <= _DASHES and following[:1].isdigit():
                text = "-"
            elif text[:1].isdigit() and _has_minus(signs, *(int(v) for v in found.groups()[:4])):
                text = "-" + text
            elif k == 0 and text in _BULLETS and following:
                text = "•"
            elif not text or _is_speck(text, sure):
                continue
            # the line's baseline is a guess across its words; the foot of a word that does not reach below it is none
            level = bottom + offset + slope * (int(found[1]) - left)
            base = level / picture.scale if _DESCENDS & set(text) else y1
            # boxes as fonts give them, which leave room around the ink
            box = (x0 - _BEARING * points, base - _ABOVE * points, x1 + _BEARING * points, base + _BELOW * points)
            yield RawWord(text, *box, base, style, points, 0, box, _TRUST * sure / 100)


def _strokes(dark: Any, line: re.Match[str], size: float) -> tuple[float, int]:
    """How wide the strokes of a line are, as a share of its type size, and how many there are."""
    x0, y0, x1, y1 = (int(v) for v in line.groups()[:4])
    edges = np.diff(np.pad(dark[y0:y1, x0:x1].astype(np.int8), ((0, 0), (1, 1))), axis=1).ravel()
    widths = np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)
    widths = widths[widths <= _BAR * size]  # what is wider is a stroke across
    return (float(widths.mean()) / size, len(widths)) if len(widths) >= _STROKES_NEEDED else (0.0, 0)


def _bold(strokes: list[tuple[float, int]]) -> list[bool]:
    """Which lines are heavier than those that most of the page is set in."""
    ranked = sorted(strokes)
    half, reached, usual = sum(n for _, n in ranked) / 2, 0, 0.0
    for width, n in ranked:
        reached += n
        if reached >= half:
            usual = width
            break
    return [n > 0 and width > _HEAVY * usual for width, n in strokes]


def _has_minus(signs: Any, x0: int, y0: int, x1: int, y1: int) -> bool:
    """Whether a minus stands before a figure; Tesseract counts it into the word's box and then often leaves it out."""
    height = y1 - y0
    first = max(x0 - height, 0)
    ink = signs[y0:y1, first : min(x1, x0 + 2 * height)]
    columns = ink.any(axis=0)
    top, bottom = ink.argmax(axis=0), height - ink[::-1].argmax(axis=0)
    # a dash is thin, and in the middle of the line or a little below
    thin = columns & (bottom - top <= _DASH_THIN * height) & (top >= _DASH_TOP * height) & (bottom <= _DASH_FOOT * height)
    for start in np.flatnonzero(thin & ~np.roll(columns, 1)).tolist():
        rest = np.flatnonzero(~thin[start:])
        end = start + int(rest[0]) if len(rest) else len(thin)
        before, after = columns[max(start - round(_DASH_ROOM * height), 0) : start], columns[end : end + round(_DASH_NEAR * height)]
        if _DASH_SHORT * height <= end - start <= _DASH_LONG * height and not before.any() and after.any():
            stem = np.flatnonzero(thin[end:] | ~columns[end:])  # a plus has another arm behind its stem
            narrow = len(stem) > 0 and columns[end] and stem[0] <= _DASH_SHORT * height and thin[end + int(stem[0])]
            return not narrow
    return False


def _is_speck(text: str, sure: int) -> bool:
    """Whether a word is a speck or a piece of a ruling; a figure is kept, however unsure, since its column would miss it."""
    return sure < (_STROKE if set(text) <= _STROKES else 0 if any(map(str.isdigit, text)) else _BLOT)
