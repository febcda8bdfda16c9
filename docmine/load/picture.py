"""The picture of a page made fit for reading: dark signs on white, level, its rulings taken out and kept.

A slant of one degree puts the ends of a line a line apart, and a ruling that touches a letter makes another letter of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium

from docmine.records import Rule

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Picture", "is_paper", "is_photo", "picture_of"]

_DPI = 300
#: the longest side of a picture in pixels; a poster is read at a lower resolution
_MOST = 6_000
#: a glance at a page: its resolution, and from which grey on it is light
_GLANCE, _LIGHT = 20, 190
#: how much of paper is light or, where it is dark, of tones no further apart than this
_MOSTLY, _SPREAD = 0.6, 64
#: slants that are looked for, in degrees
_SLANT, _STEP = 3.0, 0.1
#: as shares of the greatest distance from the ground: what is still ground, and what is fully black
_PALE, _FULL = 0.15, 0.75
#: no stroke of a letter is as wide as this many pixels
_STROKE = 27
#: what is lighter than this is paper with dark signs on it
_PAPER = 170
#: a ruling is not white on the whole over this many pixels, so many times in a row; no stroke of a letter is as long
_BLOCK, _BLOCKS, _FAINT = 4, 28, 236
_LONG = 240
_THICK = 16
#: what is darker belongs to a sign
_DARK = 128
#: a band is this much off the paper's tone, and so many squares of so many pixels wide and high
_TONE, _COARSE, _WIDE, _HIGH = 15, 8, 30, 4
#: pixels: a band's edge, how near it a ruling ends that goes on in it, and the room between words of two columns
_EDGE, _MEETS, _GAP = 6, 24, 3
#: over how many pixels a band's edge is spread
_SOFT = 5
#: paper whose tones differ by less is evenly lit; what is darker is no paper
_EVEN, _DIM = 8, 60
#: slants are looked for in a picture so many times smaller
_SMALL = 4
#: a picture with text is light for more than this share of it, and dark for more than that
_HALF, _WRITTEN = 0.5, 0.015


class Picture(NamedTuple):
    """A page as dark signs on white, turned level by ``angle`` degrees; ``scale`` is pixels a point.

    ``rules`` are its rulings, in points of the level page.
    """

    image: Image
    rules: list[Rule]
    angle: float
    scale: float
    width: float
    height: float

    def within(self, boxes: Iterable[tuple[float, float, float, float]]) -> Picture:
        """The picture with nothing but what lies within the boxes."""
        image = self.image.copy()
        image.paste(255, (0, 0, *image.size))
        for box in boxes:
            x0, top, x1, bottom = (round(v * self.scale) for v in box)
            image.paste(self.image.crop((x0, top, x1, bottom)), (x0, top))
        return self._replace(image=image)


def is_paper(document: pdfium.PdfDocument, index: int) -> bool:
    """Whether most of a page is light, as paper is and photos are not."""
    return _light(_tones(document, index)) > _MOSTLY


def is_photo(document: pdfium.PdfDocument, index: int) -> bool:
    """Whether a page is neither light nor, as dark paper is, mostly of one tone."""
    tones = _tones(document, index)
    shares = np.bincount(tones.ravel(), minlength=256) / max(tones.size, 1)
    return _light(tones) < _MOSTLY and float(np.convolve(shares, np.ones(_SPREAD), "same").max()) < _MOSTLY


def may_hold_text(document: pdfium.PdfDocument, index: int, box: tuple[float, float, float, float]) -> bool:
    """Whether what a page shows within a box is dark signs on a light ground, as text is and photos, drawings and logos are not."""
    x0, top, x1, bottom = (max(round(v), 0) for v in box)
    tones = _tones(document, index, 1.0)[top:bottom, x0:x1]
    return bool(tones.size) and float((tones > _LIGHT).mean()) > _HALF and float((tones < _DARK).mean()) > _WRITTEN


def _tones(document: pdfium.PdfDocument, index: int, scale: float = _GLANCE / 72) -> Any:
    """The page's greys at a glance; white if it cannot be drawn."""
    try:
        return np.asarray(document[index].render(scale=scale, grayscale=True).to_pil().convert("L"))
    except (pdfium.PdfiumError, ValueError, MemoryError):
        return np.full((1, 1), 255, dtype=np.uint8)


def _light(tones: Any) -> float:
    return float((tones > _LIGHT).mean())


def picture_of(document: pdfium.PdfDocument, index: int, *, level: bool = False) -> Picture | None:
    """The picture of a page, as it is seen, made level if it is not ``level`` yet; None if it cannot be drawn."""
    from PIL import Image

    try:
        page = document[index]
        width, height = page.get_size()
        scale = min(_DPI / 72, _MOST / max(width, height, 1.0))
        image = page.render(scale=scale, grayscale=True).to_pil().convert("L")
    except (pdfium.PdfiumError, ValueError, MemoryError):
        return None
    image = _evened(image)
    angle = 0.0 if level else _slant(image)
    lined: Any = np.array(image.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255) if angle else image)
    # what takes specks out takes thin rulings too, so that these are looked for in the picture as it was
    clear = _without_specks(lined)
    bands = _bands(_ground(clear, _STROKE), clear)
    for x0, y0, x1, y1, _ in bands:
        if _has_light_signs(clear[y0:y1, x0:x1]):
            for pixels in (clear, lined):
                pixels[y0:y1, x0:x1] = 255 - pixels[y0:y1, x0:x1]
    ground = _spread(_widest(_widest(_halved(clear, np.maximum), np.maximum, _STROKE // 2), np.minimum, _STROKE // 2), clear.shape)
    signs = _signs(clear, ground)
    rulings = _rulings(_signs(lined, ground), signs)
    rulings += _through(bands, rulings, signs)
    found = [*((*box, None) for box in rulings), *bands]
    rules = [Rule(x0 / scale, top / scale, x1 / scale, bottom / scale, fill) for x0, top, x1, bottom, fill in found]
    return Picture(Image.fromarray(signs), rules, angle, scale, width, height)


def _evened(image: Image) -> Image:
    """The picture as if its light fell evenly: scanners shade the paper, and open books more so."""
    from PIL import Image, ImageFilter

    # what is lightest nearby is paper, or a band that is wider than that
    coarse: Any = np.asarray(image.reduce(_COARSE).filter(ImageFilter.MaxFilter(7)), dtype=np.float32)
    tone = _smooth(coarse)
    if tone is None or tone.max() - tone.min() < _EVEN:
        return image
    spread: Any = np.asarray(Image.fromarray(tone).resize(image.size, Image.Resampling.BILINEAR))
    return Image.fromarray(np.minimum(np.asarray(image) * (float(tone.max()) / spread), 255).astype(np.uint8))


def _smooth(coarse: Any) -> Any:
    """The surface of the second degree through the paper's tones; None where too little of the page is like it."""
    y, x = (side.ravel() for side in np.mgrid[-1 : 1 : 1j * coarse.shape[0], -1 : 1 : 1j * coarse.shape[1]])
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)
    tones = coarse.ravel()
    # dark bands are left out, more strictly each time
    kept = tones > np.median(tones) - 4 * _TONE
    for reach in (2 * _TONE, _TONE, _TONE):
        if kept.mean() < 0.5:
            return None
        surface = terms @ np.linalg.lstsq(terms[kept], tones[kept], rcond=None)[0]
        kept = np.abs(tones - surface) < reach
    return surface.reshape(coarse.shape).astype(np.float32) if surface.min() > _DIM else None


def _without_specks(pixels: Any) -> Any:
    """The middle one of each nine pixels; columns of three are put in order first, which all who share them use."""
    padded = np.pad(pixels, 1, mode="edge")
    a, b, c = padded[:-2], padded[1:-1], padded[2:]
    low, high = np.minimum(a, b), np.maximum(a, b)
    middle, high = np.minimum(high, c), np.maximum(high, c)
    low, middle = np.minimum(low, middle), np.maximum(low, middle)
    most_low = np.maximum(np.maximum(low[:, :-2], low[:, 1:-1]), low[:, 2:])
    least_high = np.minimum(np.minimum(high[:, :-2], high[:, 1:-1]), high[:, 2:])
    return _middle(most_low, _middle(middle[:, :-2], middle[:, 1:-1], middle[:, 2:]), least_high)


def _middle(a: Any, b: Any, c: Any) -> Any:
    return np.maximum(np.minimum(a, b), np.minimum(np.maximum(a, b), c))


def _signs(pixels: Any, ground: Any) -> Any:
    """The picture as dark signs on white: how far each pixel is from the ground it stands on, either way."""
    return _SIGN[(ground.astype(np.uint16) << 8) | pixels]


def _sign_table() -> Any:
    ground, pixels = np.divmod(np.arange(65_536), 256)
    distance = np.abs(pixels - ground) / np.maximum(ground, 255 - ground)
    return (255 * (1 - np.clip((distance - _PALE) / (_FULL - _PALE), 0, 1))).astype(np.uint8)


_SIGN = _sign_table()


def _ground(pixels: Any, stroke: int) -> Any:
    """What the signs stand on: paper, a grey band, a dark table head."""
    from PIL import Image, ImageFilter

    half = stroke // 2
    least = _widest(_halved(pixels, np.minimum), np.minimum, half)
    most = _widest(_halved(pixels, np.maximum), np.maximum, half)
    mean: Any = np.asarray(Image.fromarray(pixels).reduce(2).filter(ImageFilter.BoxBlur(half)))[: least.shape[0], : least.shape[1]]
    # signs cover less than what they stand on, so that the mean is nearer to that
    light_signs = (mean < _PAPER) & (2 * mean.astype(np.int16) < least.astype(np.int16) + most)
    return _spread(np.where(light_signs, _widest(least, np.maximum, half), _widest(most, np.minimum, half)), pixels.shape)


def _halved(pixels: Any, choose: Any) -> Any:
    """The picture at half its size, of each four pixels the least or greatest: what is looked for is wide."""
    rows, columns = (side // 2 * 2 for side in pixels.shape)
    pixels = choose(pixels[0:rows:2], pixels[1:rows:2])
    return choose(pixels[:, 0:columns:2], pixels[:, 1:columns:2])


def _spread(pixels: Any, shape: tuple[int, int]) -> Any:
    """A picture of half the size at full size again."""
    doubled = pixels.repeat(2, axis=0).repeat(2, axis=1)
    return np.pad(doubled, [(0, whole - side) for whole, side in zip(shape, doubled.shape, strict=True)], mode="edge")


def _widest(pixels: Any, choose: Any, stroke: int) -> Any:
    """The least or greatest pixel of each square as wide as a stroke can be."""
    for axis in (0, 1):
        reach = 1
        while reach < stroke:
            step = min(reach, stroke - reach)
            moved = np.roll(pixels, -step, axis=axis)
            # what comes round from the other side of the page is left out
            edge = (slice(None),) * axis + (slice(-step, None),)
            moved[edge] = pixels[edge]
            pixels = choose(pixels, moved)
            reach += step
        pixels = np.roll(pixels, stroke // 2, axis=axis)
    return pixels


def _slant(image: Image) -> float:
    """The degrees by which a page is to be turned counterclockwise so that its lines are level."""
    small: Any = np.asarray(image.reduce(_SMALL))
    pixels = _signs(small, _ground(small, _STROKE // _SMALL))
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

    best = 0.0
    for reach, step in ((_SLANT, _STEP), (_STEP, _STEP / 5)):
        angles = [best + step * n for n in range(-round(reach / step), round(reach / step) + 1)]
        best = max(angles, key=lambda a: (sharpness(a), -abs(a)))
    return round(best, 3)


def _rulings(lined: Any, pixels: Any) -> list[tuple[int, int, int, int]]:
    """The rulings of a level picture as boxes in pixels; they are whitened in ``pixels``."""
    found: list[tuple[int, int, int, int]] = []
    for across in (True, False):
        for x0, y0, x1, y1 in _lines(lined) if across else _lines(lined.T, [(y0, x0, y1, x1) for x0, y0, x1, y1 in found]):
            # the pale edge of a ruling goes with it
            box = (x0, max(y0 - 2, 0), x1, y1 + 2) if across else (max(y0 - 2, 0), x0, y1 + 2, x1)
            pixels[box[1] : box[3], box[0] : box[2]] = 255
            found.append((x0, y0, x1, y1) if across else (y0, x0, y1, x1))
    return found


def _bands(ground: Any, pixels: Any) -> list[tuple[int, int, int, int, str]]:
    """Filled rectangles, such as the head of a table, as boxes in pixels with their grey as a colour."""
    rows, columns = (side // _COARSE * _COARSE for side in ground.shape)
    small = ground[_COARSE // 2 : rows : _COARSE, _COARSE // 2 : columns : _COARSE].astype(np.int16)
    filled = np.abs(small - int(np.median(small))) > _TONE
    found: list[tuple[int, int, int, int, str]] = []
    for x0, y0, x1, y1 in _runs(filled, _WIDE, alike=2):
        if y1 - y0 >= _HIGH:
            grey = int(np.median(small[y0:y1, x0:x1]))
            x0, y0, x1, y1 = (v * _COARSE for v in (x0, y0, x1, y1))
            across, down = np.median(pixels[y0:y1], axis=0), np.median(pixels[:, x0:x1], axis=1)
            box = (_edge(across, x0, -1), _edge(down, y0, -1), _edge(across, x1, 1), _edge(down, y1, 1))
            found.append((*box, f"#{grey:02x}{grey:02x}{grey:02x}"))
    return found


def _through(
    bands: list[tuple[int, int, int, int, str]], rulings: list[tuple[int, int, int, int]], signs: Any
) -> list[tuple[int, int, int, int]]:
    """How rulings that end at a dark band go on in it, where they are as dark as it is: between its words."""
    found: list[tuple[int, int, int, int]] = []
    for left, top, right, bottom, _ in bands:
        empty = (signs[top + _EDGE : bottom - _EDGE] > _DARK).all(axis=0)
        for x0, y0, x1, y1 in rulings:
            down = y1 - y0 > x1 - x0 and left < x0 and x1 < right
            if down and (top < y0 <= bottom + _MEETS or top - _MEETS <= y1 < bottom) and empty[max(x0 - _GAP, 0) : x1 + _GAP].all():
                found.append((x0, top, x1, bottom))
    return found


def _edge(profile: Any, near: int, out: int) -> int:
    """Where a tone changes most, near a place and rather outside it (-1: before it, 1: behind it)."""
    first, last = sorted((near - out * _COARSE, near + 3 * out * _COARSE))
    first = max(first, 0)
    near_by = profile[first : last + _SOFT].astype(np.float32)
    steps = np.abs(near_by[_SOFT:] - near_by[:-_SOFT])
    return first + int(steps.argmax()) + (_SOFT + 1) // 2 if len(steps) else near


def _has_light_signs(pixels: Any) -> bool:
    """Whether what stands out from a band is lighter than it: signs cover less than what they stand on."""
    least, middle, most = (int(v) for v in np.percentile(pixels, (2, 50, 98)))
    return middle < _PAPER and most - middle > middle - least


def _lines(pixels: Any, crossing: Sequence[tuple[int, int, int, int]] = ()) -> list[tuple[int, int, int, int]]:
    """Rulings from side to side; what is thicker than a ruling is a bar or a band."""
    rows, columns = pixels.shape
    wide = columns // _BLOCK
    blocks = pixels[:, : wide * _BLOCK].reshape(rows, wide, _BLOCK).mean(axis=2) < _FAINT
    found = [(a * _BLOCK, y0, b * _BLOCK, y1) for a, y0, b, y1 in _runs(blocks, _BLOCKS) if y1 - y0 <= _THICK]
    # the serifs of a word make a run too; a piece of a ruling has a longer one beside it, or ends at one that crosses it
    long = [line for line in found if line[2] - line[0] >= _LONG]
    return [line for line in found if any(abs(line[1] - other[1]) <= _BLOCK for other in long) or any(_meet(line, c) for c in crossing)]


def _meet(line: tuple[int, int, int, int], crossing: tuple[int, int, int, int]) -> bool:
    """Whether a line ends at one that crosses it."""
    ends = any(crossing[0] - 2 * _BLOCK <= end <= crossing[2] + 2 * _BLOCK for end in (line[0], line[2]))
    return ends and crossing[1] - _BLOCK <= line[1] <= crossing[3] + _BLOCK


def _runs(cells: Any, least: int, alike: int | None = None) -> list[tuple[int, int, int, int]]:
    """Runs of true cells of at least that length, put together with those that touch them in the next row.

    With ``alike``, only with those that begin and end in the same place give or take so many cells.
    """
    edges = np.diff(np.pad(cells.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    (rows, starts), (_, ends) = np.nonzero(edges == 1), np.nonzero(edges == -1)
    long = ends - starts >= least
    running: list[list[int]] = []
    done: list[list[int]] = []
    for y, a, b in zip(rows[long].tolist(), starts[long].tolist(), ends[long].tolist(), strict=True):
        done += [run for run in running if run[3] < y - 1]
        running = [run for run in running if run[3] >= y - 1]
        for run in running:
            if (a <= run[2] and b >= run[0]) if alike is None else (abs(a - run[0]) <= alike and abs(b - run[2]) <= alike):
                run[0], run[2], run[3] = min(run[0], a), max(run[2], b), y
                break
        else:
            running.append([a, y, b, y])
    return [(a, y0, b, y1 + 1) for a, y0, b, y1 in sorted(done + running)]
