"""Of a PDF that was cut short the pages that are left are read, and what was lost is said."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hostile import report_pdf

import docmine
from docmine.load import Limits, load
from docmine.load.repair import repair


def test_more_of_a_file_gives_more_of_its_pages(samples: list[Path]) -> None:
    data = next(p for p in samples if p.name.startswith("exby") and p.suffix == ".pdf").read_bytes()
    whole = load(io.BytesIO(data))
    words = set(whole.text.split())
    read = []
    for tenth in range(3, 10):
        cut = data[: len(data) * tenth // 10]
        with pytest.raises(pdfium.PdfiumError):
            pdfium.PdfDocument(cut)
        try:
            report = load(io.BytesIO(cut))
        except docmine.DocmineError:
            read.append(0)
            continue
        assert "damaged" in report.notes[0] and "pages could be recovered" in report.notes[0]
        found = report.text.split()
        assert sum(w in words for w in found) >= 0.95 * len(found)
        read.append(len(found))
    assert read == sorted(read)
    assert read[-1] > 0.5 * len(whole.text.split())


def test_lost_pages_make_the_document_partial() -> None:
    data = report_pdf()
    # the tree promises three pages and holds one
    broken = data.replace(b"/Count 1", b"/Count 3")
    broken = broken[: broken.rindex(b"startxref")].replace(b"/Root", b"/Rxxt").replace(b"/Catalog", b"/Catalxg")
    row = docmine.mine([io.BytesIO(broken)]).documents.iloc[0]
    assert (row["state"], row["pages"]) == ("partial", 3)
    assert "1 of 3 pages" in row["error"]


def test_a_mended_file_is_partial_though_all_its_pages_are_found() -> None:
    data = report_pdf().replace(b"/Catalog", b"/Catalxg").replace(b"startxref", b"startxxxx").replace(b"/Root", b"/Rxxt")
    row = docmine.mine([io.BytesIO(data)]).documents.iloc[0]
    assert (row["state"], row["pages"]) == ("partial", 1)
    assert "1 of 1 pages" in row["error"]


def test_the_mended_page_can_be_drawn() -> None:
    data = report_pdf().replace(b"/Catalog", b"/Catalxg").replace(b"startxref", b"startxxxx").replace(b"/Root", b"/Rxxt")
    report = load(io.BytesIO(data))
    assert "Ekonomi" in report.text or "redovisar" in report.text
    assert report.pages[0].draw(scale=0.5).size[0] > 100
    assert report.pages[0].plumb().page_number == 1


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(range(256)) * 40, b"%PDF-1.7\n1 0 obj\n<</Type/Page>>\nendobj\n"])
def test_nothing_is_made_of_nothing(data: bytes) -> None:
    assert repair(data, None, Limits()) is None
