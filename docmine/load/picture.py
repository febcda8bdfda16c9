"""The picture of a page made fit for reading: dark signs on white, level, its rulings taken out and kept.

A slant of one degree puts the ends of a line a line apart, and a ruling that touches a letter makes another letter of it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium

from docmine.records import Rule

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Picture", "is_paper", "picture_of"]

_DPI = 300
#: the longest side of a picture in pixels; a poster is read at a lower resolution
_MOST = 6_000
#: a glance at a page: its resolution, and from which grey on it is light
_GLANCE, _LIGHT = 20, 190
#: slants that are looked for, in degrees
_SLANT, _STEP = 3.0, 0.1
#: as shares of the greatest distance from the ground: what is still ground, and what is fully black
_PALE, _FULL = 0.15, 0.75
#: no stroke of a letter is as wide as this many pixels
_STROKE = 27
#: what is lighter than this is paper with dark signs on it
_PAPER = 170
#: a ruling is not white on the whole over this many pixels, so many times in a row; no stroke of a letter is as long
_BLOCK, _BLOCKS, _FAINT = 4, 28, 215
_LONG = 240
_THICK = 16
#: a band is this much off the paper's tone, and so many squares of so many pixels wide and high
_TONE, _COARSE, _WIDE, _HIGH = 15, 8, 30, 4


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


def is_paper(document: pdfium.PdfDocument, index: int) -> bool:
    """Whether most of a page is light, as paper is and photos are not."""
    pixels: Any = np.asarray(document[index].render(scale=_GLANCE / 72, grayscale=True).to_pil().convert("L"))
    return bool((pixels > _LIGHT).mean() > 0.6)


def picture_of(document: pdfium.PdfDocument, index: int) -> Picture | None:
    """The picture of a page, as it is seen, made level; None if it cannot be drawn."""
    from PIL import Image, ImageFilter

    try:
        page = document[index]
        width, height = page.get_size()
        scale = min(_DPI / 72, _MOST / max(width, height, 1.0))
        image = page.render(scale=scale, grayscale=True).to_pil().convert("L")
    except (pdfium.PdfiumError, ValueError, MemoryError):
        return None
    clear: Any = np.array(image.filter(ImageFilter.MedianFilter(3)))
    angle = _slant(_signs(clear, _ground(clear)))
    # what takes specks out takes thin rulings too, so that these are looked for in the picture as it was
    clear, lined = (np.array(_turned(im, angle)) for im in (Image.fromarray(clear), image))
    bands = _bands(_ground(clear), clear)
    for x0, y0, x1, y1, _ in bands:
        if _has_light_signs(clear[y0:y1, x0:x1]):
            for pixels in (clear, lined):
                pixels[y0:y1, x0:x1] = 255 - pixels[y0:y1, x0:x1]
    ground = _widest(_widest(clear, np.maximum), np.minimum)
    signs = np.array(_signs(clear, ground))
    found = [(*box, None) for box in _rulings(np.asarray(_signs(lined, ground)), signs)] + bands
    rules = [Rule(x0 / scale, top / scale, x1 / scale, bottom / scale, fill) for x0, top, x1, bottom, fill in found]
    return Picture(Image.fromarray(signs), rules, angle, scale, width, height)


def _turned(image: Image, angle: float) -> Image:
    from PIL import Image

    return image.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255) if angle else image


def _signs(pixels: Any, ground: Any) -> Image:
    """The picture as dark signs on white: how far each pixel is from the ground it stands on, either way."""
    from PIL import Image

    distance = np.abs(pixels.astype(np.int16) - ground)
    reach = np.maximum(ground, 255 - ground).astype(np.float32)
    return Image.fromarray((255 * (1 - np.clip((distance / reach - _PALE) / (_FULL - _PALE), 0, 1))).astype(np.uint8))


def _ground(pixels: Any) -> Any:
    """What the signs stand on: paper, a grey band, a dark table head."""
    from PIL import Image, ImageFilter

    least, most = _widest(pixels, np.minimum), _widest(pixels, np.maximum)
    mean: Any = np.asarray(Image.fromarray(pixels).filter(ImageFilter.BoxBlur(_STROKE)))
    # signs cover less than what they stand on, so that the mean is nearer to that
    light_signs = (mean < _PAPER) & (2 * mean.astype(np.int16) < least.astype(np.int16) + most)
    return np.where(light_signs, _widest(least, np.maximum), _widest(most, np.minimum))


def _widest(pixels: Any, choose: Any) -> Any:
    """The least or greatest pixel of each square as wide as a stroke can be."""
    for axis in (0, 1):
        reach = 1
        while reach < _STROKE:
            step = min(reach, _STROKE - reach)
            moved = np.roll(pixels, -step, axis=axis)
            # what comes round from the other side of the page is left out
            edge = (slice(None),) * axis + (slice(-step, None),)
            moved[edge] = pixels[edge]
            pixels = choose(pixels, moved)
            reach += step
        pixels = np.roll(pixels, _STROKE // 2, axis=axis)
    return pixels


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


def _rulings(lined: Any, pixels: Any) -> list[tuple[int, int, int, int]]:
    """The rulings of a level picture as boxes in pixels; they are whitened in ``pixels``."""
    found: list[tuple[int, int, int, int]] = []
    for across in (True, False):
        for x0, y0, x1, y1 in _lines(lined if across else lined.T):
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
            box = (_edge(across, x0), _edge(down, y0), _edge(across, x1), _edge(down, y1))
            found.append((*box, f"#{grey:02x}{grey:02x}{grey:02x}"))
    return found


def _edge(profile: Any, near: int) -> int:
    """Where a tone changes most, near a place."""
    first = max(near - 2 * _COARSE, 0)
    steps = np.abs(np.diff(profile[first : near + 2 * _COARSE + 1]))
    return first + int(steps.argmax()) + 1 if len(steps) else near


def _has_light_signs(pixels: Any) -> bool:
    """Whether what stands out from a band is lighter than it: signs cover less than what they stand on."""
    least, middle, most = (int(v) for v in np.percentile(pixels, (2, 50, 98)))
    return middle < _PAPER and most - middle > middle - least


def _lines(pixels: Any) -> list[tuple[int, int, int, int]]:
    """Rulings from side to side; what is thicker than a ruling is a bar or a band."""
    rows, columns = pixels.shape
    wide = columns // _BLOCK
    blocks = pixels[:, : wide * _BLOCK].reshape(rows, wide, _BLOCK).mean(axis=2) < _FAINT
    found = [(a * _BLOCK, y0, b * _BLOCK, y1) for a, y0, b, y1 in _runs(blocks, _BLOCKS) if y1 - y0 <= _THICK]
    # the serifs of a word make a run too; a piece of a ruling has a longer one beside it
    long = [line for line in found if line[2] - line[0] >= _LONG]
    return [line for line in found if any(abs(line[1] - other[1]) <= _BLOCK for other in long)]


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
