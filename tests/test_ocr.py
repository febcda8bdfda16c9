"""Scanned pages: made level and clean, read with Tesseract where it is installed, and told where it is not."""

from __future__ import annotations

import io
import itertools
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
import reportlab
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab.pdfgen.canvas import Canvas

import docmine
from docmine.errors import NoTextError, UsageError
from docmine.load import Limits, load
from docmine.load.ocr import _bold, _has_minus, missing
from docmine.load.picture import picture_of
from docmine.pipeline import mine_report

needs_tesseract = pytest.mark.skipif(missing() is not None, reason="Tesseract with Swedish is not installed")

FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
WIDTH, HEIGHT = 595, 842
ROWS = [
    ("Intäkter", "-31 450", "-32 118", "668"),
    ("Personalkostnader", "216 086", "210 904", "5 182"),
    ("Lokalkostnader", "27 315", "27 642", "-327"),
    ("Köp av tjänster", "48 730", "47 986", "744"),
    ("Nettokostnad", "260 681", "254 414", "6 267"),
]
HEAD = ("Belopp i tkr", "Budget 2023", "Utfall 2023", "Avvikelse")


def printed(rows: Sequence[tuple[str, ...]] = ROWS) -> bytes:
    """A page with a heading, a sentence and a ruled table under a dark head."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(70, 740, "Ekonomiskt utfall")
    canvas.setFont("Helvetica", 11)
    for i, line in enumerate(
        [
            "Omsorgsnämnden i Norrvik redovisar ett överskott på 6,3 mnkr för helåret 2023.",
            "Det beror på lägre kostnader för personal än budgeterat och på att flera tjänster",
            "har varit vakanta under en stor del av året. Arbetet med scheman fortsätter.",
        ]
    ):
        canvas.drawString(70, 710 - 15 * i, line)
    xs, top, high = (70, 260, 340, 420, 500), 640, 20
    canvas.setFillColorRGB(0.1, 0.2, 0.35)
    canvas.rect(xs[0], top - high, xs[-1] - xs[0], high, stroke=0, fill=1)
    canvas.setLineWidth(0.6)
    for r, row in enumerate([HEAD, *rows]):
        canvas.setFillGray(1 if r == 0 else 0)
        canvas.setFont("Helvetica-Bold" if r in (0, len(rows)) else "Helvetica", 9.5)
        y = top - high * (r + 1) + 6
        canvas.drawString(xs[0] + 4, y, row[0])
        for x, text in zip(xs[2:], row[1:], strict=True):
            canvas.drawRightString(x - 4, y, text)
        canvas.line(xs[0], top - high * (r + 1), xs[-1], top - high * (r + 1))
    for x in xs:
        canvas.line(x, top, x, top - high * (len(rows) + 1))
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def scanned(data: bytes, angle: float, *, noise: float = 8.0, dpi: int = 200) -> Image.Image:
    """The first page as a scanner gives it: skewed, noisy, a little soft."""
    with pdfium.PdfDocument(data) as document:
        image = document[0].render(scale=dpi / 72).to_pil().convert("L")
    image = image.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
    rng = np.random.default_rng(7)
    pixels = 0.93 * np.asarray(image, dtype=np.float32) + 10
    pixels += rng.normal(0, noise, pixels.shape).astype(np.float32)
    specks = rng.random(pixels.shape) < 0.0003
    pixels[specks] = rng.integers(0, 255, int(specks.sum()))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.5))


def pdf_of(*images: Image.Image) -> bytes:
    buffer = io.BytesIO()
    images[0].save(buffer, "PDF", save_all=True, append_images=images[1:], resolution=200, quality=80)
    return buffer.getvalue()


@pytest.mark.parametrize("angle", [-1.9, 0.0, 0.7])
def test_pictures_are_made_level_and_clean(angle: float) -> None:
    with pdfium.PdfDocument(pdf_of(scanned(printed(), angle))) as document:
        picture = picture_of(document, 0)
    assert picture is not None
    assert picture.angle == pytest.approx(-angle, abs=0.11)
    across = sorted({round(r.top) for r in picture.rules if r.fill is None and r.x1 - r.x0 > 100})
    assert [b - a for a, b in itertools.pairwise(across) if b - a > 3] == pytest.approx([20] * 6, abs=1.5)
    (band,) = (r for r in picture.rules if r.fill)
    assert (band.x0, band.x1, band.bottom - band.top) == (pytest.approx(70, abs=3), pytest.approx(500, abs=3), pytest.approx(20, abs=2))
    # the letters of the dark head are dark on white now
    scale = picture.scale
    head = np.asarray(picture.image)[round(band.top * scale) + 8 : round(band.bottom * scale) - 8, round(75 * scale) : round(490 * scale)]
    assert np.median(head) > 240
    assert head.min() < 60


@pytest.mark.parametrize(
    ("text", "minus"), [("-12", True), ("−47", True), ("–3", True), ("47", False), ("12", False), ("+12", False), ("7-9", False)]
)
def test_a_minus_is_seen_in_the_picture(text: str, minus: bool) -> None:
    image = Image.new("L", (300, 80), 255)
    ImageDraw.Draw(image).text((100, 10), text, fill=0, font=ImageFont.truetype(FONT, 40))
    ink = np.asarray(image) < 215
    rows, columns = ink.any(axis=1).nonzero()[0], ink.any(axis=0).nonzero()[0]
    assert _has_minus(ink, int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1) is minus


def test_heavy_strokes_are_bold() -> None:
    assert _bold([(0.11, 900), (0.12, 80), (0.17, 40), (0.0, 0)]) == [False, False, True, False]
    assert _bold([]) == []


@needs_tesseract
def test_a_scan_gives_the_rows_of_its_print(tmp_path: Path) -> None:
    path = tmp_path / "skannad.pdf"
    path.write_bytes(pdf_of(scanned(printed(), 0.8)))
    report = docmine.read(path, ocr=True)
    assert report.text_layer == "ocr"
    assert report.notes == ("page 1 read from the picture",)
    assert "Ekonomiskt utfall" in report.text
    (page,) = report.pages
    assert page.slant == pytest.approx(-0.8, abs=0.11)
    assert len(page.confidences) == len(page.words)
    assert all(0 <= c <= 0.9 for c in page.confidences)
    bold = {report.text[w.start : w.end] for w in page.words if report.styles[w.style].bold}
    assert {"Ekonomiskt", "Nettokostnad"} <= bold
    assert not {"Omsorgsnämnden", "Lokalkostnader"} & bold
    frames = mine_report(report)
    assert frames["documents"]["state"].tolist() == ["ok"]
    assert frames["sections"]["title"].tolist()[:1] == ["Ekonomiskt utfall"]
    want = {float(re.sub(r"\s", "", cell)) for row in ROWS for cell in row[1:]} | {6.3}
    amounts = frames["amounts"]
    assert set(amounts["value"]) == want
    assert set(amounts["kind"]) == {"budget", "outcome", "deviation"}
    assert (amounts["confidence"] < 0.9).all()
    box = amounts[amounts["value"] == 216086].iloc[0]
    assert (box["x0"], box["top"]) == (pytest.approx(74, abs=8), pytest.approx(HEIGHT - 600, abs=12))
    assert page.draw(frames).size == pytest.approx((2 * WIDTH, 2 * HEIGHT), abs=1)


@needs_tesseract
def test_pictures_among_digital_pages_are_read(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
    for n in range(2):
        canvas.setFont("Helvetica", 11)
        for i in range(20):
            canvas.drawString(70, 740 - 15 * i, f"Rad {i + 20 * n} handlar om verksamheten i Norrviks kommun under hela året.")
        canvas.showPage()
    scan = tmp_path / "scan.png"
    scanned(printed(), 0.0).save(scan)
    canvas.drawImage(str(scan), 0, 0, WIDTH, HEIGHT)
    # a stamp on the scan is no reason to leave it unread
    canvas.drawString(430, 810, "Dnr 2023/117")
    canvas.showPage()
    canvas.save()
    data = buffer.getvalue()
    without = load(io.BytesIO(data), ocr=False)
    assert [p.state for p in without.pages] == ["ok", "ok", "scanned"]
    assert without.notes == ("page 3 without text: ocr is turned off",)
    report = load(io.BytesIO(data))
    assert [p.state for p in report.pages] == ["ok", "ok", "ok"]
    assert report.text_layer == "digital"
    assert report.text.startswith(without.text.split("Dnr")[0].rstrip())
    assert report.text.count("2023/117") == 1
    assert re.search("216 ?086 210 ?904 5 ?182", report.text)
    assert [bool(p.confidences) for p in report.pages] == [False, False, True]
    assert report.certainty(0, 50) == 1.0
    at = report.text.index("216")
    assert 0.3 < report.certainty(at, at + 7) <= 0.9


def inlaid(*pictures: Image.Image) -> bytes:
    """A page of text for each picture, which stands between its lines."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
    for n, picture in enumerate(pictures):
        canvas.setFont("Helvetica", 11)
        for y in (740, 725, 710, 340, 325):
            said = ("Nämndens arbete under året är beskrivet på rad", "Vad förvaltningen gör står utförligare att läsa på rad")[n]
            canvas.drawString(70, y, f"{said} {y} i rapporten.")
        canvas.drawInlineImage(picture, 60, 400, 470, 470 * picture.height / picture.width)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def table_as_picture(rows: Sequence[tuple[str, ...]] = ROWS) -> Image.Image:
    scale = 200 / 72
    whole = scanned(printed(rows), 0.0, noise=0.0)
    return whole.crop((round(60 * scale), round((HEIGHT - 650) * scale), round(510 * scale), round((HEIGHT - 510) * scale)))


@pytest.mark.parametrize("engine", ["pdfium", "pdfplumber"])
@needs_tesseract
def test_a_table_that_is_a_picture_beside_text_is_read(engine: str) -> None:
    photo = Image.fromarray(np.random.default_rng(3).integers(0, 255, (300, 900), dtype=np.uint8))
    data = inlaid(table_as_picture(), photo)
    without = load(io.BytesIO(data), engine=engine, ocr=False)
    assert [p.state for p in without.pages] == ["ok", "ok"]
    report = docmine.read(io.BytesIO(data), engine=engine)
    assert report.notes == ("page 1 read from the picture",)
    assert [p.state for p in report.pages] == ["ok", "ok"]
    page, other = report.pages
    assert page.slant == 0.0
    assert report.text[other.start :] == without.text[without.pages[1].start :]
    certain = [report.text[w.start : w.end] for w, sure in zip(page.words, page.confidences, strict=True) if sure == 1.0]
    assert certain == without.text[: without.pages[0].end].split()
    # it stands between the lines that it stood between
    assert report.text.index("710") < report.text.index("Personalkostnader") < report.text.index("340")
    amounts = mine_report(report)["amounts"]
    assert set(amounts["value"]) == {float(re.sub(r"\s", "", cell)) for row in ROWS for cell in row[1:]}
    assert set(amounts["kind"]) == {"budget", "outcome", "deviation"}
    assert (amounts["confidence"] < 0.9).all()


@needs_tesseract
def test_figures_of_one_digit_that_stand_alone_are_read() -> None:
    rows = [("Intäkter", "-11 250", "-11 253", "3"), ("Lokaler", "8 904", "8 900", "4"), ("Bidrag", "310", "310", "0")]
    rows += [("Personal", "41 207", "41 202", "5"), ("Tjänster", "5 600", "5 593", "7")]
    amounts = mine_report(docmine.read(io.BytesIO(inlaid(table_as_picture(rows)))))["amounts"]
    assert amounts.loc[amounts["kind"] == "deviation", "value"].tolist() == [3.0, 4.0, 0.0, 5.0, 7.0]


def test_without_tesseract_a_table_that_is_a_picture_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_: None)
    data = inlaid(table_as_picture(), Image.new("L", (900, 300), 120))
    report = load(io.BytesIO(data))
    assert [p.state for p in report.pages] == ["pictured", "ok"]
    assert report.notes[0].startswith("page 1 with a picture that may hold a table: install Tesseract")
    (row,) = docmine.mine(io.BytesIO(data)).documents.to_dict("records")
    assert row["state"] == "partial"
    assert docmine.mine(io.BytesIO(data), ocr=False).documents["state"].tolist() == ["ok"]


@needs_tesseract
def test_the_time_of_a_document_bounds_its_reading() -> None:
    late = load(io.BytesIO(pdf_of(*[scanned(printed(), 0.0)] * 6)), limits=Limits(seconds=2.0))
    assert late.pages[-1].state == "scanned"
    assert "there was no time to read it" in late.notes[-1]


@needs_tesseract
def test_a_blank_page_that_was_scanned_is_no_report() -> None:
    with pytest.raises(NoTextError):
        load(io.BytesIO(pdf_of(Image.new("L", (1654, 2339), 255))))


def test_without_tesseract_the_user_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_: None)
    data = pdf_of(scanned(printed(), 0.0))
    report = load(io.BytesIO(data))
    assert [p.state for p in report.pages] == ["scanned"]
    assert "tesseract-ocr-swe" in report.notes[0]
    with pytest.raises(UsageError, match=r"docmine\[ocr\]"):
        load(io.BytesIO(data), ocr=True)
    path = tmp_path / "skannad.pdf"
    path.write_bytes(data)
    (row,) = docmine.mine(path).documents.to_dict("records")
    assert row["state"] == "partial"
    assert "tesseract-ocr-swe" in row["error"]


@needs_tesseract
def test_a_layer_of_wrong_letters_is_read_from_the_picture(tmp_path: Path) -> None:
    scan = tmp_path / "scan.png"
    scanned(printed(), 0.0).save(scan)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.drawImage(str(scan), 0, 0, WIDTH, HEIGHT)
    hidden = canvas.beginText(70, 740)
    hidden.setTextRenderMode(3)
    for line in [
        "Omsorgsnämnden i Norrvik redovisar ett överskott för helåret",
        "Det beror på lägre kostnader för personal än budgeterat",
    ] * 6:
        hidden.textLine("".join(chr(ord(c) + 3) if c.isascii() and c.isalpha() else c for c in line))
    canvas.drawText(hidden)
    canvas.showPage()
    canvas.save()
    data = buffer.getvalue()
    assert [p.state for p in load(io.BytesIO(data), ocr=False).pages] == ["damaged"]
    report = load(io.BytesIO(data))
    assert [p.state for p in report.pages] == ["ok"]
    assert report.text.count("Omsorgsnämnden") == 1
    assert "Rpvr" not in report.text


@needs_tesseract
def test_a_real_scan_gives_sections_and_sentences(shared_corpus: Path) -> None:
    report = docmine.read(shared_corpus / "scanned" / "internkontroll-2025.pdf")
    assert report.text_layer == "ocr"
    assert len(report.sections) >= 6
    assert len(re.findall(r"[A-ZÅÄÖ]\w+(?:\s[\w,]+){4,}\.", report.text)) >= 4
