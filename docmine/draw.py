"""A page of a PDF as a picture, with boxes around what was found on it: what settles more than a log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd
import pypdfium2 as pdfium

from docmine.errors import UsageError
from docmine.records import Box, Report
from docmine.result import Result

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["COLORS", "draw_page"]

#: what is drawn, in this order, and how: outline, and whether it is filled
COLORS: dict[str, tuple[int, int, int]] = {
    "words": (190, 190, 190),
    "tables": (0, 130, 60),
    "sections": (30, 90, 200),
    "goals": (140, 40, 170),
    "actions": (0, 140, 150),
    "indicators": (230, 120, 0),
    "amounts": (200, 20, 30),
}


def draw_page(
    report: Report,
    number: int,
    result: Result | Mapping[str, pd.DataFrame] | None = None,
    *,
    password: str | None = None,
    scale: float = 2.0,
) -> Image:
    """Draw a page with boxes around its words and, if a result is given, around its sections, tables and rows.

    Parameters
    ----------
    report : Report
        Read from a PDF that still stands at ``report.source``.
    number : int
        1-based page of the file.
    result : Result or mapping of str to pandas.DataFrame, optional
        What was mined from the report.
    password : str, optional
        For an encrypted PDF.
    scale : float
        Pixels a PDF point.

    Returns
    -------
    PIL.Image.Image

    Raises
    ------
    UsageError
        If the report is no PDF or has no such page.
    """
    page = next((p for p in report.pages if p.number == number), None)
    if page is None or report.text_layer == "text":
        raise UsageError(f"{report.source} has no page {number} to draw", "only pages of PDFs are drawn")
    from PIL import ImageDraw  # only this function needs it

    with pdfium.PdfDocument(report.source, password=password) as document:
        image: Image = document[number - 1].render(scale=scale).to_pil().convert("RGB")
    draw = ImageDraw.Draw(image, "RGBA")
    frames = result.frames if isinstance(result, Result) else (result or {})
    boxes: dict[str, list[Box]] = {"words": [Box(w.x0, w.top, w.x1, w.bottom) for w in page.words]}
    for name in COLORS:
        if name in frames:
            frame = frames[name]
            here = frame[(frame["doc_id"] == report.doc_id) & (frame["page"] == number)]
            boxes[name] = [Box(*row) for row in here[list(Box._fields)].dropna().itertuples(index=False)]
    for name, color in COLORS.items():
        for box in boxes.get(name, ()):
            edges = (box.x0 * scale - 2, box.top * scale - 2, box.x1 * scale + 2, box.bottom * scale + 2)
            draw.rectangle(edges, outline=(*color, 255), width=1 if name == "words" else 2, fill=None if name == "words" else (*color, 18))
    return image
