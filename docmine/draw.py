"""What was found on a page as boxes on its picture: it settles more than a log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from docmine.records import Box, Page

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["COLORS", "Frames", "draw_boxes"]

#: what is drawn, in this order, and in which colour
COLORS: dict[str, tuple[int, int, int]] = {
    "words": (190, 190, 190),
    "lines": (150, 170, 205),
    "tables": (0, 130, 60),
    "sections": (30, 90, 200),
    "goals": (140, 40, 170),
    "actions": (0, 140, 150),
    "indicators": (230, 120, 0),
    "amounts": (200, 20, 30),
}
_FAINT = ("words", "lines")


class Frames(Protocol):
    """What holds the mined tables by name, as a `docmine.Result` does."""

    frames: dict[str, pd.DataFrame]


def draw_boxes(image: Image, page: Page, result: Frames | Mapping[str, pd.DataFrame] | None, doc_id: str) -> Image:
    """A copy of a page's picture with boxes around its words and lines and, if given, around the rows mined from it."""
    from PIL import ImageDraw  # only those who draw need it

    frames = {} if result is None else result if isinstance(result, Mapping) else result.frames
    boxes: dict[str, list[Box]] = {
        "words": [Box(w.x0, w.top, w.x1, w.bottom) for w in page.words],
        "lines": [line.box for line in page.lines if line.box is not None],
    }
    for name in COLORS:
        if name in frames:
            frame = frames[name]
            here = frame[(frame["doc_id"] == doc_id) & (frame["page"] == page.number)]
            # several rows may come from one sentence or table row
            boxes[name] = list(dict.fromkeys(Box(*row) for row in here[list(Box._fields)].dropna().itertuples(index=False)))
    image = image.convert("RGB")
    across, down = image.width / (page.width or 1.0), image.height / (page.height or 1.0)
    draw = ImageDraw.Draw(image, "RGBA")
    for name, color in COLORS.items():
        faint = name in _FAINT
        for box in boxes.get(name, ()):
            edges = (box.x0 * across - 2, box.top * down - 2, box.x1 * across + 2, box.bottom * down + 2)
            draw.rectangle(edges, outline=(*color, 255), width=1 if faint else 2, fill=None if faint else (*color, 18))
    return image
