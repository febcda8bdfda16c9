"""PDFs: words with their places, reading order, furniture, hyphens, and files that are broken."""

from __future__ import annotations

import gc
import io
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

import docmine
from docmine.errors import DamagedError, EncryptedError, InputError, LimitError, NoTextError, UsageError
from docmine.load import Limits, load
from docmine.records import Report

WIDTH, HEIGHT = 595.0, 842.0
SHARED = Path(__file__).parents[2] / "shared" / "corpus"


def drawn(*pages: Callable[[Canvas], None], size: tuple[float, float] = (WIDTH, HEIGHT), rotate: int = 0) -> Report:
    """The report of a PDF whose pages these functions draw."""
    return load(io.BytesIO(bytes_of(*pages, size=size, rotate=rotate)))


def bytes_of(*pages: Callable[[Canvas], None], size: tuple[float, float] = (WIDTH, HEIGHT), rotate: int = 0) -> bytes:
    buffer = io.BytesIO()
    # reportlab swaps the sides of a page that it turns; here ``size`` is that of the page before it is turned
    canvas = Canvas(buffer, pagesize=size[::-1] if rotate in (90, 270) else size, invariant=1)
    for page in pages:
        canvas.setFont("Helvetica", 11)
        if rotate:
            canvas.setPageRotation(rotate)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def column(canvas: Canvas, x: float, top: float, lines: Sequence[str], leading: float = 14) -> None:
    for i, line in enumerate(lines):
        canvas.drawString(x, HEIGHT - top - i * leading, line)


def check(report: Report) -> None:
    """What holds for every report of a PDF."""
    assert report.pages[0].start == 0
    assert report.pages[-1].end == len(report.text)
    assert all(a.end == b.start for a, b in pairwise(report.pages))
    for page in report.pages:
        assert all(page.start <= w.start < w.end <= page.end for w in page.words)
        assert all(a.end <= b.start for a, b in pairwise(page.words))
        assert all(report.text[w.start : w.end].split() == [report.text[w.start : w.end]] for w in page.words)
        assert all(w.x0 <= w.x1 and w.top <= w.bottom for w in page.words)
        assert [w for line in page.lines for w in page.words[slice(*line.words)]] == list(page.words)
        for line in page.lines:
            first, last = page.words[line.words[0]], page.words[line.words[1] - 1]
            assert (line.start, line.end) == (first.start, last.end)
        assert report.text[page.start : page.end].split() == report.text[page.start : page.end].strip().split()


PROSE = [
    "Nämnden ansvarar för vård och omsorg",
    "i hela Exby och arbetar med stöd till",
    "barn, unga och vuxna som behöver det",
    "under kortare eller längre tid i livet",
    "tillsammans med regionen och skolan",
    "samt föreningar i hela kommunen där",
    "många frivilliga gör stora insatser",
]


def test_words_have_places_and_styles() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(72, HEIGHT - 100, "Årets resultat")
        canvas.setFont("Helvetica-Oblique", 10)
        canvas.setFillColor(HexColor("#c00000"))
        canvas.drawString(72, HEIGHT - 130, "minus 1 234,5 tkr")

    report = drawn(page)
    check(report)
    assert report.text == "Årets resultat\n\nminus 1 234,5 tkr\n"
    heading, figure = report.lines
    assert heading.style is not None
    assert figure.style is not None
    bold, italic = report.styles[heading.style], report.styles[figure.style]
    assert (bold.font, bold.size, bold.bold, bold.italic) == ("Helvetica-Bold", 16.0, True, False)
    assert (italic.size, italic.bold, italic.italic, italic.color) == (10.0, False, True, "#c00000")
    start = report.text.index("1 234,5")
    box = report.box(start, start + 7)
    assert box is not None
    assert 100 < box.x0 < 105
    assert box.x1 < 140
    assert box.top < 130 < box.bottom
    assert report.text_layer == "digital"


def test_the_matrix_counts_in_the_type_size() -> None:
    def page(canvas: Canvas) -> None:
        canvas.scale(2, 2)
        canvas.setFont("Helvetica", 7)
        canvas.drawString(30, 300, "Stor text")

    report = drawn(page)
    assert report.styles[report.pages[0].words[0].style].size == 14.0


def test_paragraphs_are_parted_by_space_and_by_type() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 11)
        canvas.drawString(72, HEIGHT - 186, "Ekonomi")
        canvas.setFont("Helvetica", 11)
        column(canvas, 72, 200, PROSE[:3])
        column(canvas, 72, 260, PROSE[3:6])

    report = drawn(page)
    check(report)
    assert report.text == "Ekonomi\n\n" + "\n".join(PROSE[:3]) + "\n\n" + "\n".join(PROSE[3:6]) + "\n"


def test_columns_of_text_come_one_after_the_other() -> None:
    def page(canvas: Canvas) -> None:
        canvas.drawString(72, HEIGHT - 150, "En rubrik över hela sidan och dess båda spalter av text i denna rapport")
        column(canvas, 72, 200, PROSE)
        column(canvas, 310, 200, [line.upper() for line in PROSE])

    report = drawn(page)
    check(report)
    left, right = report.text.index(PROSE[-1]), report.text.index(PROSE[0].upper())
    assert report.text.startswith("En rubrik")
    assert left < right


def test_unruled_table_rows_stay_one_line() -> None:
    rows = [("Intäkter", "34 956", "37 201"), ("Personal", "-57 455", "-56 595"), ("Lokaler", "-5 333", "-5 153"), ("Summa", "0", "0")] * 3

    def page(canvas: Canvas) -> None:
        for i, row in enumerate(rows):
            canvas.drawString(72, HEIGHT - 200 - 14 * i, row[0])
            canvas.drawRightString(300, HEIGHT - 200 - 14 * i, row[1])
            canvas.drawRightString(420, HEIGHT - 200 - 14 * i, row[2])

    assert drawn(page).text == "\n".join(" ".join(row) for row in rows) + "\n"


def grid(canvas: Canvas, xs: Sequence[float], ys: Sequence[float]) -> None:
    for y in ys:
        canvas.line(xs[0], HEIGHT - y, xs[-1], HEIGHT - y)
    for x in xs:
        canvas.line(x, HEIGHT - ys[0], x, HEIGHT - ys[-1])


def test_ruled_rows_come_cell_by_cell_where_cells_wrap() -> None:
    def page(canvas: Canvas) -> None:
        grid(canvas, [70, 250, 320, 400], [200, 240, 260])
        column(canvas, 75, 215, ["Alla barn i Exby ska", "känna sig trygga"])
        column(canvas, 255, 222, ["90 %"])
        column(canvas, 325, 215, ["85 %", "(82 %)"])
        column(canvas, 75, 254, ["Sjukfrånvaro"])
        column(canvas, 255, 254, ["6,1 %"])

    report = drawn(page)
    check(report)
    assert report.text == "Alla barn i Exby ska\nkänna sig trygga\n90 %\n85 %\n(82 %)\nSjukfrånvaro 6,1 %\n"
    assert len(report.pages[0].rules) == 7


def test_rows_without_rulings_between_them_stay_rows() -> None:
    def page(canvas: Canvas) -> None:
        grid(canvas, [70, 250, 320], [200, 260])
        column(canvas, 75, 215, ["Intäkter", "Kostnader", "Netto"])
        column(canvas, 255, 215, ["120", "-118", "2"])

    assert drawn(page).text == "Intäkter 120\nKostnader -118\nNetto 2\n"


def test_a_cell_over_several_rows_comes_before_them() -> None:
    def page(canvas: Canvas) -> None:
        grid(canvas, [70, 180], [200, 260])
        grid(canvas, [180, 300, 360], [200, 230, 260])
        column(canvas, 75, 220, ["Trygga barn", "i hela Norrvik"])
        column(canvas, 185, 220, ["Elever"])
        column(canvas, 305, 220, ["90"])
        column(canvas, 185, 250, ["Föräldrar"])
        column(canvas, 305, 250, ["85"])

    assert drawn(page).text == "Trygga barn\ni hela Norrvik\nElever 90\nFöräldrar 85\n"


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("förbätt-", "ring", "förbättring"),
        ("förbätt\u00ad", "ring", "förbättring"),
        ("hälso-", "och sjukvård", "hälso-\noch sjukvård"),
        ("VA-", "taxa", "VA-taxa"),
        ("2018-", "2019", "2018-2019"),
        ("Nord-", "Sydbanan", "Nord-Sydbanan"),
        ("e-", "tjänst", "e-tjänst"),
        ("avsnitt -", "ring", "avsnitt -\nring"),
    ],
)
def test_hyphens_at_line_ends(before: str, after: str, text: str) -> None:
    def page(canvas: Canvas) -> None:
        column(canvas, 72, 200, [f"Det gäller den {before}", f"{after} av allt"])

    report = drawn(page)
    check(report)
    assert report.text == f"Det gäller den {text} av allt\n"


def test_a_word_over_two_lines_has_both_places() -> None:
    def page(canvas: Canvas) -> None:
        column(canvas, 300, 200, ["en stor förbätt-"])
        column(canvas, 72, 214, ["ring av vården och omsorgen"])

    report = drawn(lambda c: column(c, 72, 200, ["en stor förbätt-", "ring av vården"]))
    start = report.text.index("förbättring")
    box = report.box(start, start + len("förbättring"))
    assert box is not None
    assert box.bottom - box.top > 20
    assert len(report.lines) == 2
    assert report.lines[0].end == report.lines[1].start
    check(drawn(page))


def test_the_documents_own_hyphens_stay() -> None:
    report = drawn(lambda c: column(c, 72, 200, ["Stadens kommun-stat samverkan är en", "viktig del och dess kommun-", "stat är det"]))
    assert "kommun-stat är det" in report.text


def running(number: int, of: str = "") -> Callable[[Canvas], None]:
    def page(canvas: Canvas) -> None:
        canvas.drawString(72, HEIGHT - 40, "Exby kommun, årsrapport 2024")
        column(canvas, 72, 120 + number, [f"Sidan handlar om ämne {number * 17}", "och om mycket annat"])
        canvas.drawRightString(520, 40, f"{number}{of}")

    return page


@pytest.mark.parametrize("of", ["", " (4)", "/4", " av 4"])
def test_running_lines_and_page_numbers_are_furniture(of: str) -> None:
    report = drawn(*(running(n, of) for n in range(1, 5)))
    check(report)
    assert "årsrapport" not in report.text
    assert [p.label for p in report.pages] == ["1", "2", "3", "4"]
    for n, page in enumerate(report.pages, 1):
        assert [(f.role, f.text) for f in page.furniture] == [
            ("header", "Exby kommun, årsrapport 2024"),
            ("page_number", f"{n}{of}"),
        ]
        assert page.furniture[0].box is not None
        assert report.text[page.start : page.end].startswith(f"Sidan handlar om ämne {n * 17}")


def test_labels_differ_from_page_numbers_and_stand_in_running_lines() -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            column(canvas, 72, 120, [f"Text nummer {number * 31}"])
            canvas.drawString(72, 40, f"Norrviks plan 2025 {number}")

        return draw

    report = drawn(lambda c: column(c, 72, 300, ["Framsida"]), *(page(n) for n in range(1, 5)))
    assert [p.label for p in report.pages] == [None, "1", "2", "3", "4"]
    assert "plan 2025" not in report.text


def test_what_looks_alike_but_counts_otherwise_stays() -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        return lambda c: column(c, 72, 60, [f"Enhet {number * number} redovisar {number * 7} tkr", "och mer därtill"])

    report = drawn(*(page(n) for n in range(1, 5)))
    assert [f"Enhet {n * n} redovisar" in report.text for n in range(1, 5)] == [True] * 4


def test_a_repeated_table_head_stays() -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            ys = [60 + 20 * i for i in range(20)]
            grid(canvas, [70, 250, 320], ys)
            column(canvas, 75, 74, ["Verksamhet"])
            column(canvas, 255, 74, ["Utfall"])
            for i, y in enumerate(ys[1:-1]):
                column(canvas, 75, y + 14, [f"Enhet {number}-{i * 3}"])
                column(canvas, 255, y + 14, [f"{i * number}"])

        return draw

    assert drawn(page(1), page(2), page(3)).text.count("Verksamhet Utfall") == 3


def test_the_address_at_a_letters_foot_is_furniture() -> None:
    def page(canvas: Canvas) -> None:
        column(canvas, 72, 300, PROSE)
        column(canvas, 72, 780, ["POSTADRESS BESÖKSADRESS TELEFON E-POST", "100 00 Exby Stora torget 1 010-00 00 00 exby@exby.example"])

    report = drawn(page)
    assert report.text == "\n".join(PROSE) + "\n"
    assert [f.role for f in report.pages[0].furniture] == ["footer", "footer"]


def test_a_paragraph_runs_over_the_page_break() -> None:
    report = drawn(
        lambda c: column(c, 72, 700, [*PROSE[:2], "och en längre förbätt-"]), lambda c: column(c, 72, 72, ["ring som", *PROSE[4:]])
    )
    check(report)
    assert "en längre förbättring som" in report.text
    report = drawn(lambda c: column(c, 72, 700, PROSE[:2]), lambda c: column(c, 72, 72, PROSE[2:]))
    assert f"{PROSE[1]}\n{PROSE[2]}" in report.text
    report = drawn(lambda c: column(c, 72, 700, ["Här slutar det."]), lambda c: column(c, 72, 72, PROSE[2:]))
    assert f"slutar det.\n\n{PROSE[2]}" in report.text


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_rotated_pages_read_alike_and_boxes_are_as_seen(rotate: int) -> None:
    # text drawn so that it stands upright on the rotated page
    def page(canvas: Canvas) -> None:
        wide, high = (HEIGHT, WIDTH) if rotate in (90, 270) else (WIDTH, HEIGHT)
        if rotate == 90:
            canvas.translate(WIDTH, 0)
        elif rotate == 180:
            canvas.translate(WIDTH, HEIGHT)
        elif rotate == 270:
            canvas.translate(0, HEIGHT)
        canvas.rotate(rotate)
        for i, line in enumerate(PROSE):
            canvas.drawString(50, high - 100 - 14 * i, line)
        canvas.rect(50, high - 300, wide / 2, 40, fill=1)

    report = drawn(page, rotate=rotate)
    check(report)
    assert report.text == "\n".join(PROSE) + "\n"
    assert (report.pages[0].width, report.pages[0].height) == ((HEIGHT, WIDTH) if rotate in (90, 270) else (WIDTH, HEIGHT))
    first = report.pages[0].words[0]
    assert (first.x0, first.x1 > first.x0 + 20, first.top < 100 < first.bottom) == (pytest.approx(50, abs=1), True, True)
    rule = report.pages[0].rules[0]
    assert (rule.x0, rule.top, rule.fill) == (pytest.approx(50, abs=1), pytest.approx(260, abs=1), "#000000")


@pytest.mark.parametrize("turn", [90, 270])
def test_text_turned_on_an_upright_page_reads_line_by_line(turn: int) -> None:
    def page(canvas: Canvas) -> None:
        canvas.translate(*((WIDTH, 0) if turn == 90 else (0, HEIGHT)))
        canvas.rotate(turn)
        for i, line in enumerate(PROSE):
            canvas.drawString(100, 400 - 14 * i, line)

    report = drawn(page)
    check(report)
    assert report.text == "\n".join(PROSE) + "\n"
    assert report.pages[0].words[0].bottom - report.pages[0].words[0].top > 20


def test_crop_boxes_move_the_origin() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setCropBox((50, 100, 500, 800))
        canvas.drawString(72, 700, "Exby")

    word = drawn(page).pages[0].words[0]
    assert word.x0 == pytest.approx(22, abs=1)
    assert word.top < 100 < word.bottom


def test_bullets_and_symbols_have_meaning() -> None:
    def page(canvas: Canvas) -> None:
        for i, line in enumerate(PROSE[:3]):
            canvas.setFont("Symbol", 11)
            canvas.drawString(72, HEIGHT - 200 - 14 * i, "\u2022")
            canvas.setFont("Helvetica", 11)
            canvas.drawString(90, HEIGHT - 200 - 14 * i, line)

    lines = drawn(page).text.splitlines()
    assert [line.partition(" ")[2] for line in lines] == PROSE[:3]
    assert {line[0] for line in lines} <= {"•"}


def test_bookmarks_and_metadata() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setTitle("Årsrapport för Exby")
        canvas.bookmarkPage("a")
        canvas.addOutlineEntry("Ekonomi", "a", 0)
        canvas.bookmarkPage("b")
        canvas.addOutlineEntry("Drift", "b", 1)
        canvas.drawString(72, 700, "Text")

    report = drawn(page)
    assert report.bookmarks == ((1, "Ekonomi", 1), (2, "Drift", 1))
    assert report.metadata["title"] == "Årsrapport för Exby"


def picture(canvas: Canvas) -> None:
    canvas.drawInlineImage(_image(), 0, 0, WIDTH, HEIGHT)


def _image() -> object:
    from PIL import Image

    return Image.new("RGB", (8, 8), "grey")


def test_pictures_among_pages_are_told() -> None:
    pages = [lambda c: column(c, 72, 100, PROSE), picture, picture, lambda c: column(c, 72, 100, PROSE[::-1]), lambda c: None]
    report = load(io.BytesIO(bytes_of(*pages)), ocr=False)
    check(report)
    assert [p.state for p in report.pages] == ["ok", "scanned", "scanned", "ok", "empty"]
    assert report.notes == ("pages 2–3 without text: ocr is turned off",)


def photo(canvas: Canvas) -> None:
    from PIL import Image

    canvas.drawInlineImage(Image.radial_gradient("L").convert("RGB").point(lambda v: v * 3 // 4), 0, 0, WIDTH, HEIGHT)


def cover(canvas: Canvas) -> None:
    photo(canvas)
    canvas.setFont("Helvetica", 30)
    canvas.drawString(72, 500, "Verksamhetsberättelse 2023")


def stamped(canvas: Canvas) -> None:
    photo(canvas)
    canvas.drawString(430, 810, "Dnr 2023/117")


def headed(draw: Callable[[Canvas], None]) -> Callable[[Canvas], None]:
    def page(canvas: Canvas) -> None:
        draw(canvas)
        canvas.drawString(72, HEIGHT - 30, "Exby kommun")

    return page


def text_page(canvas: Canvas) -> None:
    column(canvas, 72, 100, PROSE)


@pytest.mark.parametrize("ocr", [False, "auto"])
def test_photos_are_no_scans_and_are_not_drawn_where_nothing_can_be_read(
    monkeypatch: pytest.MonkeyPatch, ocr: Literal["auto"] | bool
) -> None:
    monkeypatch.setattr("docmine.load.ocr.missing", lambda: "install it")
    monkeypatch.setattr("pypdfium2.PdfPage.render", lambda *_, **__: pytest.fail("drawn"))
    data = bytes_of(cover, headed(text_page), headed(photo), text_page, stamped)
    report = load(io.BytesIO(data), ocr=ocr)
    assert [p.state for p in report.pages] == ["ok", "ok", "ok", "ok", "scanned"]
    assert report.notes[0].startswith("page 5 without text: ")


def test_photos_are_not_given_to_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docmine.load.ocr.missing", lambda: None)
    monkeypatch.setattr("docmine.load.ocr._hocr", lambda _: pytest.fail("read"))
    report = load(io.BytesIO(bytes_of(cover, text_page, photo, stamped)))
    assert [p.state for p in report.pages] == ["ok", "ok", "empty", "ok"]
    assert report.notes == ()


def test_scans_without_text_say_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "skannad.pdf"
    path.write_bytes(bytes_of(picture))
    (row,) = docmine.mine(path).documents.itertuples()
    assert (row.state, row.pages) == ("partial", 1)
    assert "tesseract-ocr-swe" in row.error
    assert "docmine[ocr]" in row.error
    with pytest.raises(UsageError, match="docmine"):
        load(path, ocr=True)


def test_pages_with_nothing_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "tom.pdf"
    path.write_bytes(bytes_of(lambda c: None))
    with pytest.raises(NoTextError, match=r"tom\.pdf: its pages have no text"):
        load(path)


def fpdf(pages: int = 5, password: str | None = None) -> bytes:
    pdf = FPDF()
    for n in range(pages):
        pdf.add_page()
        pdf.set_font("helvetica", size=11)
        for i in range(20):
            pdf.cell(0, 8, f"Rad {i * 3} om ekonomin i Exby {n * i}", new_x="LMARGIN", new_y="NEXT")
    if password:
        pdf.set_encryption(owner_password="ägare", user_password=password)
    return bytes(pdf.output())


def test_encrypted_files_open_with_their_password_only(tmp_path: Path) -> None:
    path = tmp_path / "låst.pdf"
    path.write_bytes(fpdf(2, "hemligt"))
    assert "ekonomin i Exby" in load(path, password="hemligt").text
    for password in (None, "fel"):
        with pytest.raises(EncryptedError, match=r"låst\.pdf.*password="):
            load(path, password=password)


@pytest.mark.parametrize("tenth", range(1, 10))
def test_truncated_files_load_in_part_or_say_so(tmp_path: Path, tenth: int) -> None:
    path = tmp_path / "halv.pdf"
    for data in (fpdf(), bytes_of(*(running(n) for n in range(1, 5)))):
        path.write_bytes(data[: len(data) * tenth // 10])
        try:
            check(load(path))
        except (DamagedError, NoTextError) as error:
            assert "halv.pdf" in error.message
            assert error.hint


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(20, 4000), st.integers(0, 255)), min_size=1, max_size=30))
def test_flipped_bytes_never_break_more_than_the_file(flips: list[tuple[int, int]]) -> None:
    data = bytearray(_SMALL)
    for place, value in flips:
        data[place % len(data)] = value
    try:
        check(load(io.BytesIO(bytes(data))))
    except InputError as error:
        assert "\n" not in str(error)


_SMALL = bytes_of(*(running(n) for n in range(1, 4)))


def test_page_limits() -> None:
    with pytest.raises(LimitError, match="pages"):
        load(io.BytesIO(fpdf(3)), limits=Limits(pages=2))
    report = load(io.BytesIO(fpdf(1)), limits=Limits(page_characters=100))
    assert "only the first 100 were read" in report.notes[0]
    assert len(report.text) < 120


@pytest.mark.parametrize("engine", ["pdfium", "pdfplumber"])
def test_words_that_no_language_has_are_cut(engine: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 4)
        canvas.drawString(10, 700, "anden" * 500)

    given = bytes_of(draw, size=(9_000, HEIGHT))
    report = load(io.BytesIO(given), engine=engine)
    assert list(map(len, report.text.split())) == [1_000, 1_000, 500]
    check(report)


def test_loading_leaves_the_search_for_cycles_as_it_was() -> None:
    given = bytes_of(lambda canvas: canvas.drawString(100, 700, "Exby"))
    for wanted in (True, False):
        (gc.enable if wanted else gc.disable)()
        try:
            load(io.BytesIO(given))
            with pytest.raises(DamagedError):
                load(io.BytesIO(given[:200]))
            assert gc.isenabled() is wanted
        finally:
            gc.enable()


def test_two_loads_are_equal() -> None:
    data = fpdf(3)
    assert load(io.BytesIO(data)) == load(io.BytesIO(data))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 560), st.integers(0, 830), st.integers(5, 30), st.text(alphabet="aåÖ 1-.,()\u00ad", max_size=14)),
            max_size=25,
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([0, 90, 180, 270]),
)
def test_words_tile_any_page(pages: list[list[tuple[int, int, int, str]]], rotate: int) -> None:
    def page(items: list[tuple[int, int, int, str]]) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            for x, y, size, text in items:
                canvas.setFont("Helvetica", size)
                canvas.drawString(x, y, text)
                if size > 20:
                    canvas.rect(x, y, 100, size)

        return draw

    try:
        report = drawn(*map(page, pages), rotate=rotate)
    except NoTextError:
        assert not any(text.strip(" \u00ad") for items in pages for *_, text in items)
    else:
        check(report)


@pytest.mark.skipif(not (SHARED / "texts").is_dir(), reason="the shared corpus is not at hand")
def test_real_reports_hold_what_all_reports_hold() -> None:
    paths = sorted((SHARED / "texts").glob("*.pdf"))
    assert paths
    for path in paths:
        check(load(path))
