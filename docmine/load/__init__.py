"""A file becomes a `Report`: one type whatever the source."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from pathlib import Path
from typing import BinaryIO

import pypdfium2 as pdfium

from docmine.records import Page, Report

__all__ = ["Source", "load"]

Source = str | os.PathLike[str] | BinaryIO


def load(source: Source) -> Report:
    """Load one PDF or text file."""
    path = Path(os.fspath(source))  # type: ignore[arg-type]
    data = path.read_bytes()
    sha = hashlib.sha256(data).hexdigest()
    if not data.startswith(b"%PDF"):
        text = unicodedata.normalize("NFC", data.decode("utf-8-sig"))
        return Report(str(path), sha, text, (Page(None, 0, len(text)),))
    pages, parts, at = [], [], 0
    for n, page in enumerate(pdfium.PdfDocument(data), 1):
        text = unicodedata.normalize("NFC", page.get_textpage().get_text_bounded()).replace("\r\n", "\n") + "\n\n"
        pages.append(Page(n, at, at + len(text), *page.get_size()))
        parts.append(text)
        at += len(text)
    return Report(str(path), sha, "".join(parts), tuple(pages), "digital")
