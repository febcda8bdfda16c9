"""Pictures of pages, small enough that two hundred of them travel in one file."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2 as pdfium

from docmine.load.handle import PdfHandle
from docmine.records import Page

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["QUALITIES", "Quality", "pictures"]


class Quality(NamedTuple):
    """How pages are drawn: dots an inch, colours of a page of text, and JPEG's quality of a page with photos."""

    dpi: int
    colors: int
    jpeg: int


#: from the best to the last that can be read
QUALITIES = (Quality(110, 32, 55), Quality(92, 16, 40), Quality(76, 16, 30), Quality(62, 8, 25))
#: pixels of the longest side, whatever the size of the paper
_LONGEST = 2_400
#: a PNG larger than this has photos or the grain of a scan, which JPEG tells in fewer bytes
_PHOTO = 70_000


def pictures(handle: PdfHandle, pages: Sequence[Page], quality: Quality) -> Iterator[str | None]:
    """The pages of a PDF as ``data:`` addresses, one after the other; None for one that cannot be drawn."""
    with pdfium.PdfDocument(handle.read(), password=handle.password) as document:
        for page in pages:
            try:
                yield _encoded(_drawn(document, page, quality), quality)
            except (pdfium.PdfiumError, IndexError, ValueError, MemoryError):  # a page that was lost has no picture
                yield None


def _drawn(document: pdfium.PdfDocument, page: Page, quality: Quality) -> Image:
    sheet = document[(page.number or 1) - 1]
    scale = min(quality.dpi / 72, _LONGEST / max(*sheet.get_size(), 1.0))
    image: Image = sheet.render(scale=scale).to_pil().convert("RGB")
    sheet.close()
    if page.slant:  # boxes are those of the level page
        from PIL.Image import Resampling

        image = image.rotate(page.slant, resample=Resampling.BICUBIC, fillcolor="white")
    return image


def _encoded(image: Image, quality: Quality) -> str:
    from PIL.Image import Dither, Quantize  # only those who draw need it

    plain, photo = io.BytesIO(), io.BytesIO()
    image.quantize(quality.colors, method=Quantize.FASTOCTREE, dither=Dither.NONE).save(plain, "PNG")
    kind, data = "png", plain.getvalue()
    if len(data) > _PHOTO:
        image.save(photo, "JPEG", quality=quality.jpeg)
        if photo.tell() < len(data):
            kind, data = "jpeg", photo.getvalue()
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"
