"""The way back from a page to the PDF that it was read from."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium

from docmine.draw import draw_boxes
from docmine.errors import UsageError
from docmine.records import Page

if TYPE_CHECKING:
    from pdfplumber.page import Page as PlumberPage
    from PIL.Image import Image

__all__ = ["PdfHandle", "handle_of"]


@dataclass(frozen=True, slots=True)
class PdfHandle:
    """Where the bytes of a PDF are: in a file that still stands, or here."""

    source: str
    sha256: str
    data: bytes | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    def read(self) -> bytes:
        """The bytes of the PDF."""
        if self.data is not None:
            return self.data
        try:
            data = Path(self.source).read_bytes()
        except OSError as error:
            raise UsageError(f"{self.source}: cannot be opened again: {error.strerror}", "read the report anew") from None
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise UsageError(f"{self.source}: has changed since it was read", "read the report anew")
        return data

    def plumb(self, page: Page) -> PlumberPage:
        """The page as pdfplumber has it."""
        import pdfplumber  # heavy, and only those who ask for it need it

        document = pdfplumber.open(io.BytesIO(self.read()), pages=[page.number or 1], password=self.password)
        return document.pages[0]

    def draw(self, page: Page, result: Any, scale: float) -> Image:
        """The picture of the page with boxes around what was found on it."""
        with pdfium.PdfDocument(self.read(), password=self.password) as document:
            image: Image = document[(page.number or 1) - 1].render(scale=scale).to_pil()
        if page.slant:
            from PIL.Image import Resampling

            image = image.convert("RGB").rotate(page.slant, resample=Resampling.BICUBIC, fillcolor="white")
        return draw_boxes(image, page, result, self.sha256[:16])


def handle_of(source: str, sha256: str, data: bytes, password: str | None) -> PdfHandle:
    """The handle of a PDF; its bytes are kept only where no file holds them."""
    return PdfHandle(source, sha256, None if os.path.isfile(source) else data, password)  # noqa: PTH113 (odd names raise in Path)
