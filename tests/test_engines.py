"""Two engines that share nothing below the words: they agree with each other, and with what was drawn."""

from __future__ import annotations

import hashlib
import io
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import reportlab
from engines import AGREED, ENGINES, agreement, recorded, truth
from fpdf import FPDF

import docmine
from docmine.errors import UsageError
from docmine.load import load


def assert_agree(path: Path) -> None:
    first, second = (load(path, engine=engine) for engine in ENGINES)
    same = agreement(first, second)
    assert all(same[what] for what in AGREED)
    assert [p.state for p in first.pages] == [p.state for p in second.pages]
    styles = [
        (first.styles[a.style].size, first.styles[a.style].bold) == (second.styles[b.style].size, second.styles[b.style].bold)
        for a, b in zip(first.lines, second.lines, strict=True)
        if a.style is not None and b.style is not None
    ]
    assert sum(styles) >= 0.99 * len(styles)


def test_engines_agree_on_the_samples(samples: list[Path]) -> None:
    paths = [p for p in samples if p.suffix == ".pdf"]
    assert len(paths) >= 4
    for path in paths:
        assert_agree(path)


@pytest.mark.parametrize("name", ["nacka-styrkort-2018", "nacka-arsbokslut-2018", "alingsas-tn-2026-04"])
def test_engines_agree_on_real_reports(shared_corpus: Path, name: str) -> None:
    assert_agree(shared_corpus / "texts" / f"{name}.pdf")


@pytest.mark.parametrize(("seed", "form"), [(31, "reportlab"), (32, "fpdf2"), (41, "reportlab"), (42, "fpdf2")])
def test_what_is_drawn_comes_back(seed: int, form: str) -> None:
    data, drawn = recorded(seed, form)
    for engine in ENGINES:
        found = truth(load(io.BytesIO(data), engine=engine), drawn)
        assert found["characters wrong"] <= 0.001 * found["characters"]
        assert found["digits wrong"] == found["figures wrong"] == found["offsets without a word"] == 0
        assert found["lines wrong"] <= 0.01 * found["lines"]
        assert found["headings wrong"] <= 0.01 * found["headings"] > 0


@pytest.mark.parametrize("engine", ENGINES)
def test_raised_figures_are_no_part_of_the_number(engine: str) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    pdf.text(20, 40, "Bygglov 31,7")
    x = 20 + pdf.get_string_width("Bygglov 31,7")
    pdf.set_font("helvetica", size=6)
    pdf.text(x, 38.5, "1")
    assert load(io.BytesIO(bytes(pdf.output())), engine=engine).text == "Bygglov 31,7¹\n"


def test_leading_dots_are_words_of_their_own() -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    pdf.text(20, 40, "Ekonomi........................7")
    data = bytes(pdf.output())
    for engine in ENGINES:
        assert load(io.BytesIO(data), engine=engine).text.split()[::2] == ["Ekonomi", "7"]


def test_unknown_engine(samples: list[Path]) -> None:
    with pytest.raises(UsageError, match=r"unknown engine 'mupdf'.*pdfplumber"):
        load(next(p for p in samples if p.suffix == ".pdf"), engine="mupdf")


# Fonts that do not say, or say wrongly, what their glyphs mean

LINES = [
    "Nämnden ansvarar för vård och omsorg i hela Exby och arbetar",
    "med stöd till barn, unga och vuxna som behöver det under",
    "kortare eller längre tid i livet 12 345",
] * 2


def own_font(lines: list[str]) -> bytes:
    pdf = FPDF()
    pdf.set_compression(False)
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    pdf.cell(0, 8, "Rubriken har en annan font", new_x="LMARGIN", new_y="NEXT")
    pdf.add_font("Vera", "", str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"))
    pdf.set_font("Vera", size=11)
    for line in lines:
        pdf.cell(0, 8, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def test_what_pdfminer_says_of_damaged_files_is_not_printed() -> None:
    code = "import io, sys, docmine; docmine.read(io.BytesIO(sys.stdin.buffer.read()), engine='pdfplumber')"
    data = own_font(LINES).replace(b"0.57 w", b"/abc w")
    done = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=True)
    assert done.stderr == b""


def moved(found: re.Match[bytes]) -> bytes:
    code = int(found[2], 16)
    return found[1] + (b"%04X" % (code + 3 if chr(code).isalpha() else code)) + b">"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("damage", ["no map", "wrong map"])
def test_letters_that_are_not_what_is_seen_are_not_passed_on(engine: str, damage: str) -> None:
    data = own_font(LINES)
    assert load(io.BytesIO(data), engine=engine).pages[0].state == "ok"
    without_map = data.replace(b"/ToUnicode", b"/ToUnicodX")
    data = without_map if damage == "no map" else re.sub(rb"(<[0-9A-F]{4}> <)([0-9A-F]{4})>", moved, data)
    report = load(io.BytesIO(data), engine=engine, ocr=False)
    assert report.pages[0].state == "damaged"
    assert report.text == "Rubriken har en annan font\n"
    assert report.notes == ("page 1 whose letters are not what is seen: ocr is turned off",)
    (row,) = docmine.mine(io.BytesIO(data), engine=engine, ocr=False).documents.itertuples()
    assert row.state == "partial"


# The way back to the file


def test_a_page_hands_out_its_pdfplumber_page_and_its_picture(samples: list[Path], tmp_path: Path) -> None:
    given = next(p for p in samples if p.suffix == ".pdf").read_bytes()
    path = tmp_path / "rapport.pdf"
    path.write_bytes(given)
    for source in (path, io.BytesIO(given)):
        report = docmine.read(source)
        page = report.pages[1]
        plumbed = page.plumb()
        assert plumbed.page_number == 2
        assert {w["text"] for w in plumbed.extract_words()} & set(report.text.split())
        plumbed.pdf.close()
        plain, drawn = page.draw(), page.draw(docmine.mine(path), scale=1.0)
        assert plain.size == (round(2 * page.width), round(2 * page.height))
        assert drawn.size == (round(page.width), round(page.height))
        assert len(set(drawn.get_flattened_data() if hasattr(drawn, "get_flattened_data") else drawn.getdata())) > 10
        again = pickle.loads(pickle.dumps(report))
        assert again == report
        assert again.pages[1].draw(scale=0.5).size[0] > 100
    assert "handle" not in repr(page)


def test_pages_without_a_file_say_so(samples: list[Path], tmp_path: Path) -> None:
    text = docmine.read(next(p for p in samples if p.suffix == ".txt"))
    with pytest.raises(UsageError, match="no page of a PDF"):
        text.pages[0].draw()
    path = tmp_path / "rapport.pdf"
    path.write_bytes(next(p for p in samples if p.suffix == ".pdf").read_bytes())
    page = load(path).pages[0]
    with path.open("ab") as file:
        file.write(b"\n")
    with pytest.raises(UsageError, match="has changed"):
        page.plumb()
    path.unlink()
    with pytest.raises(UsageError, match="cannot be opened again"):
        page.draw()


def test_the_handle_keeps_bytes_only_where_no_file_holds_them(samples: list[Path]) -> None:
    path = next(p for p in samples if p.suffix == ".pdf")
    handle: Any = load(path).pages[0].handle
    assert handle.data is None
    assert handle.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
