"""PDFs that PDFium refuses, mended by qpdf as far as they can be.

A file that was cut short has lost its table of objects, and often the tree of its pages. qpdf finds the objects that are left, and
what is missing of the tree is written anew from the pages among them. Where PDFium opens a file it also finds as many of its pages
as qpdf does, so that only refused files come here.
"""

from __future__ import annotations

import io
import re
from typing import NamedTuple

import pypdfium2 as pdfium

from docmine.load.guard import objects_of
from docmine.load.limits import Limits

__all__ = ["REPAIRED", "Repaired", "repair"]

#: how the note on a mended file begins
REPAIRED = "the PDF is damaged"

_PAGE = re.compile(rb"/Type\s*/Page\b")
_PAGES = re.compile(rb"/Type\s*/Pages\b")
_COUNT = re.compile(rb"/Count\s+(\d{1,7})\b")
# a file that is laid out for the web says at its beginning how many pages it has
_LINEARIZED = re.compile(rb"/Linearized\b[^>]{0,400}?/N\s+(\d{1,7})\b|/N\s+(\d{1,7})\b[^>]{0,400}?/Linearized\b")
_BEGINNING = 2_048
_OWN_TREE = re.compile(rb"/Type\s*/XRef\b|\btrailer\b|\bstartxref\b")


class Repaired(NamedTuple):
    """A PDF that opens again; the 0-based places of its pages that lost what was on them; how many pages are gone altogether."""

    data: bytes
    pages: int
    blank: frozenset[int]
    gone: int

    @property
    def left(self) -> int:
        """Pages on which something is left."""
        return self.pages - len(self.blank)

    def note(self) -> str:
        """What to tell the reader."""
        total = self.pages + self.gone
        return f"{REPAIRED}: something of {self.left} of {total} pages could be recovered, as far as their number is known"


def repair(data: bytes, password: str | None, limits: Limits) -> Repaired | None:
    """Mend a PDF that cannot be opened.

    Parameters
    ----------
    data : bytes
        The file, checked by `docmine.load.guard.check_streams`.
    password : str, optional
        For an encrypted file; what is mended is not encrypted.
    limits : Limits
        The most pages that are looked at.

    Returns
    -------
    Repaired or None
        None if nothing of it can be read.
    """
    objects = objects_of(data, limits)
    # a page's own entries stand before any stream of the object
    said = {number: body.partition(b"stream")[0] for number, body in objects.items()}
    found = [number for number, body in said.items() if _PAGE.search(body)][: limits.pages + 1]
    counts = [int(m[1]) for body in said.values() if _PAGES.search(body) for m in _COUNT.finditer(body)]
    named = _LINEARIZED.search(data, 0, _BEGINNING)
    counts += [int(n) for n in named.groups() if n] if named else []
    best: Repaired | None = None
    for candidate in (data, _with_tree(data, found, max(objects, default=0) + 1)):
        mended = _mended(candidate, password, limits)
        if mended is not None and (best is None or mended.left > best.left):
            best = mended
        if best is not None and best.left >= len(found):
            break
    # what says that there are more pages than may be read is not to be believed
    total = max((n for n in counts if n <= limits.pages), default=0)
    return best and best._replace(gone=max(total - best.pages, 0))


def _with_tree(data: bytes, pages: list[int], number: int) -> bytes:
    """The file with a tree of these pages at its end, and without what leads to the tree that it had."""
    hidden = _OWN_TREE.sub(lambda m: m[0][:-1] + b"x", data)
    kids = b" ".join(b"%d 0 R" % n for n in pages)
    tree = b"%d 0 obj\n<</Type/Catalog/Pages %d 0 R>>\nendobj\n%d 0 obj\n<</Type/Pages/Count %d/Kids[%s]>>\nendobj\n"
    trailer = b"trailer\n<</Root %d 0 R/Size %d>>\n" % (number, number + 2)
    # the cut may have left a stream open
    return hidden + b"\nendstream\nendobj\n" + tree % (number, number + 1, number + 1, len(pages), kids) + trailer


def _mended(data: bytes, password: str | None, limits: Limits) -> Repaired | None:
    import pikepdf  # only damaged files need it

    try:
        with pikepdf.open(io.BytesIO(data), password=password or "", suppress_warnings=True) as pdf:
            blank = set()
            if not 0 < len(pdf.pages) <= limits.pages:
                return None
            for index, page in enumerate(pdf.pages):
                try:
                    content = page.obj.get("/Contents")
                    parts = list(content) if isinstance(content, pikepdf.Array) else [content]
                    if not any(isinstance(part, pikepdf.Stream) for part in parts):
                        blank.add(index)
                except (pikepdf.PdfError, ValueError, TypeError):
                    blank.add(index)
            pages = len(pdf.pages)
            if len(blank) == pages:
                return None
            out = io.BytesIO()
            pdf.save(out, encryption=False)
        # the tree may promise pages that PDFium does not find
        with pdfium.PdfDocument(out.getvalue()) as document:
            return Repaired(out.getvalue(), len(document), frozenset(n for n in blank if n < len(document)), max(pages - len(document), 0))
    except Exception:  # what is damaged fails in as many ways as there are
        return None
