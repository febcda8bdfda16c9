"""Pages that are pictures, read with Tesseract (the extra ``ocr``): words with boxes and confidences.

The picture is first turned upright and level, since a slant of one degree puts the ends of a line a line apart. Words come
back in the coordinates of the level page, in which they are put in order; their boxes are those on the page as it is.
"""

from __future__ import annotations

import math
import os
import re
import shutil
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pypdfium2 as pdfium

from docmine.errors import UsageError
from docmine.load.glyphs import clean
from docmine.load.layout import RawPage, RawWord
from docmine.load.limits import Clock
from docmine.load.styles import Styles

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Picture", "missing", "read_pictures"]

DPI = 300
#: the longest side of a picture in pixels; a poster is read at a lower resolution
_MOST = 6_000
_SECONDS = 120
_WORKERS = 4
#: pages are read until this share of the document's time is left
_SHARE_LEFT = 0.2
_GLANCE, _LIGHT = 20, 190
_SLANT, _STEP = 3.0, 0.1
_LINE = re.compile(
    r"<span class='ocr_(?:line|textfloat|header|caption)'[^>]*?bbox (\d+) (\d+) (\d+) (\d+); baseline (\S+) (\S+);[^>]*?x_size ([\d.]+)"
)
_WORD = re.compile(r"<span class='ocrx_word'[^>]*?bbox (\d+) (\d+) (\d+) (\d+); x_wconf (\d+)[^>]*>(.*?)</span>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_STROKES = frozenset("|[]{}_—–-~=.,:;'\"`´’‘°*/\\!()<>«»^+")
#: below these confidences a mark without letters or figures, and a word without figures, is none
_STROKE, _BLOT = 60, 25
#: line sizes that differ by less than this share are one
_ALIKE = 0.15
#: as shares of the greatest distance from the ground: what is still ground, and what is fully black
_PALE, _FULL = 0.15, 0.75
#: Tesseract's confidence is of what it saw; what was lost before, such as a pale comma, it does not know
_TRUST = 0.9
_MISSING = "install Tesseract with Swedish (Debian: tesseract-ocr, tesseract-ocr-swe) and pip install docmine[ocr]"


class Picture(NamedTuple):
    """A page as dark signs on white, turned level by ``angle`` degrees; ``scale`` is pixels a point."""

    image: Image
    angle: float
    scale: float
    width: float
    height: float


def read_pictures(
    pages: list[RawPage], data: bytes, password: str | None, styles: Styles, *, ocr: bool | Literal["auto"], clock: Clock
) -> list[str]:
    """Add to pages that are pictures, or whose text is damaged, the words that are seen on them.

    Returns
    -------
    list of str
        Notes on what was read so, and what could not be read and why.
    """
    todo = [p for p in pages if p.state in ("scanned", "damaged")]
    if not todo:
        return []
    lacking = "ocr is turned off" if ocr is False else missing()
    if ocr is True and lacking:
        raise UsageError("pages that are pictures cannot be read here", lacking)
    try:
        document = pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError:  # what only the other engine opens cannot be drawn
        return _notes(pages, [], "cannot be drawn")
    with document:
        # a photo behind a few words is no scan
        for page in todo:
            if page.state == "scanned" and page.words and not _is_paper(document, page.number - 1):
                page.state = "ok"
        todo = [p for p in todo if p.state != "ok"]
        read = [] if lacking or not todo else _read_all(document, todo, styles, clock)
    return _notes(pages, read, lacking)


def _read_all(document: pdfium.PdfDocument, todo: list[RawPage], styles: Styles, clock: Clock) -> list[int]:
    """Read pages side by side and give their numbers; PDFium draws one after the other, since it knows no threads."""
    read: list[int] = []
    workers = min(len(todo), os.cpu_count() or 1, _WORKERS)
    running: deque[tuple[RawPage, Picture, Future[str | None]]] = deque()

    def finish() -> None:
        page, picture, future = running.popleft()
        hocr = future.result()
        if hocr is not None:
            _add(page, _words(hocr, picture, styles))
            read.append(page.number)

    with _one_thread(), ThreadPoolExecutor(workers) as pool:
        for page in todo:
            if clock.left() < _SHARE_LEFT * clock.seconds:
                break
            picture = _picture_of(document, page.number - 1)
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
        x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
        if not any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in known):
            page.words.append(word)
    page.state = "ok" if page.words else "empty"


def _notes(pages: list[RawPage], read: list[int], lacking: str | None) -> list[str]:
    notes = []
    if read:
        notes.append(f"{_numbers(read)} read from the picture")
    why = lacking or "there was no time to read it"
    for state, what in (("scanned", "without text"), ("damaged", "whose letters are not what is seen")):
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
    import pytesseract  # type: ignore[import-untyped]

    return None if "swe" in pytesseract.get_languages() else _MISSING


def _is_paper(document: pdfium.PdfDocument, index: int) -> bool:
    """Whether most of a page is light, as paper is and photos are not."""
    pixels: Any = np.asarray(document[index].render(scale=_GLANCE / 72, grayscale=True).to_pil().convert("L"))
    return bool((pixels > _LIGHT).mean() > 0.6)


def _picture_of(document: pdfium.PdfDocument, index: int) -> Picture | None:
    """The picture of a page, as it is seen, made level; None if it cannot be drawn."""
    from PIL import Image

    try:
        page = document[index]
        width, height = page.get_size()
        scale = min(DPI / 72, _MOST / max(width, height, 1.0))
        image = _evened(page.render(scale=scale, grayscale=True).to_pil().convert("L"))
    except (pdfium.PdfiumError, ValueError, MemoryError):
        return None
    angle = _slant(image)
    if angle:
        image = image.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
    return Picture(image, angle, scale, width, height)


def _hocr(image: Image) -> str | None:
    """What Tesseract reads; None if it fails or takes too long."""
    import pytesseract

    try:
        # sparse text: Tesseract's own idea of columns leaves figures of tables out, and ours is made for them
        given: bytes = pytesseract.image_to_pdf_or_hocr(image, lang="swe", config="--psm 11", extension="hocr", timeout=_SECONDS)
    except (RuntimeError, OSError):  # Tesseract's own errors and its time running out are RuntimeErrors
        return None
    return given.decode("utf-8", "replace")


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
    lines = list(_LINE.finditer(hocr))
    sizes = sorted(float(line[7]) for line in lines)
    usual = sizes[len(sizes) // 2] if sizes else 0.0
    for line, end in zip(lines, [*(following.start() for following in lines[1:]), len(hocr)], strict=False):
        left, _, _, bottom = (float(v) for v in line.groups()[:4])
        slope, offset, size = (float(v) for v in line.groups()[4:])
        # sizes are measured line by line; what is nearly the page's usual size is just that
        points = round(2 * (usual if abs(size - usual) < _ALIKE * usual else size) / picture.scale) / 2
        style = styles.of("", points, "#000000")
        for found in _WORD.finditer(hocr, line.end(), end):
            x0, y0, x1, y1 = (int(v) / picture.scale for v in found.groups()[:4])
            text, sure = clean(unescape(_TAG.sub("", found[6])).strip(), ""), int(found[5])
            if not text or _is_speck(text, sure):
                continue
            base = (bottom + offset + slope * (int(found[1]) - left)) / picture.scale
            yield RawWord(text, x0, y0, x1, y1, base, style, points, 0, _back((x0, y0, x1, y1), picture), _TRUST * sure / 100)


def _is_speck(text: str, sure: int) -> bool:
    """Whether a word is a speck or a piece of a ruling; a figure is kept, however unsure, since its column would miss it."""
    return sure < (_STROKE if set(text) <= _STROKES else 0 if any(map(str.isdigit, text)) else _BLOT)


def _back(box: tuple[float, float, float, float], picture: Picture) -> tuple[float, float, float, float]:
    """A box on the level picture as it stands on the page."""
    if not picture.angle:
        return box
    turn = math.radians(picture.angle)
    cos, sin = math.cos(turn), math.sin(turn)
    cx, cy = picture.width / 2, picture.height / 2
    # the middle of the word is turned back; its size stays, since the slant is small
    x, y = (box[0] + box[2]) / 2 - cx, (box[1] + box[3]) / 2 - cy
    mx, my = cx + x * cos - y * sin, cy + x * sin + y * cos
    wide, high = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
    return mx - wide, my - high, mx + wide, my + high


def _evened(image: Image) -> Image:
    """The picture as dark signs on white: how far each pixel is from what is around it, specks left out.

    Light letters on a dark table head become dark ones on white, and a grey band vanishes.
    """
    from PIL import Image, ImageFilter

    around = image.resize((max(image.width // 8, 1), max(image.height // 8, 1)), Image.Resampling.BOX)
    around = around.filter(ImageFilter.MedianFilter(9)).resize(image.size, Image.Resampling.BILINEAR)
    ground: Any = np.asarray(around, dtype=np.float32)
    signs: Any = np.asarray(image.filter(ImageFilter.MedianFilter(3)), dtype=np.float32)
    distance = np.abs(signs - ground) / np.maximum(np.maximum(ground, 255 - ground), 1)
    return Image.fromarray((255 * (1 - np.clip((distance - _PALE) / (_FULL - _PALE), 0, 1))).astype(np.uint8))


def _slant(image: Image) -> float:
    """The degrees by which a page is to be turned counterclockwise so that its lines are level."""
    small = image.resize((max(image.width // 4, 1), max(image.height // 4, 1)))
    pixels: Any = np.asarray(small)
    rows, columns = np.nonzero(pixels < np.minimum(128, pixels.mean() * 0.75))
    if len(rows) < 500:
        return 0.0
    if len(rows) > 60_000:
        keep = np.linspace(0, len(rows) - 1, 60_000).astype(int)
        rows, columns = rows[keep], columns[keep]

    def sharpness(angle: float) -> float:
        # level lines of text leave the rows between them empty
        heights = np.rint(rows - columns * math.tan(math.radians(angle))).astype(int)
        counts = np.bincount(heights - heights.min()).astype(float)
        return float(np.square(np.diff(counts)).sum())

    angles = np.arange(-_SLANT, _SLANT + _STEP / 2, _STEP)
    best = float(max(angles, key=lambda a: (sharpness(a), -abs(a))))
    return best if abs(best) >= _STEP / 2 else 0.0
