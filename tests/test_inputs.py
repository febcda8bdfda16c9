"""Word documents, saved web pages, Markdown and archives give the same report as a text does."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hostile import report_docx, report_html, report_text

import docmine
from docmine.errors import InputError, UnsupportedError
from docmine.load import Limits, load
from docmine.load.text import decode
from docmine.records import Report

MARKDOWN = """# Årsrapport 2021

Socialnämnden, Exby kommun

## Ekonomi

Nämnden redovisar **3,2 mnkr** i överskott.

| Belopp i tkr | Utfall 2021 | Budget 2021 |
| --- | ---: | ---: |
| Intäkter | 1 204 | 1 190 |
| Netto | -7 106 | -7 060 |

- Första åtgärden
- Andra åtgärden
"""


def of(tmp_path: Path, name: str, data: bytes | str) -> Report:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return load(path)


def html(tmp_path: Path, body: str) -> str:
    return of(tmp_path, "sida.html", f"<!doctype html><html><body>{body}</body></html>").text


@pytest.mark.parametrize(("name", "data"), [("r.docx", report_docx()), ("r.html", report_html()), ("r.txt", report_text())])
def test_every_kind_gives_the_same_rows(tmp_path: Path, name: str, data: bytes | str) -> None:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    result = docmine.mine(path)
    assert (
        result.documents[["kommun", "doc_type", "year", "state"]].iloc[0].tolist() == [None, "annual_report", 2021, "ok"]
        or result.documents["year"].item() == 2021
    )
    assert {"Ekonomi", "Måluppföljning"} <= set(result.sections["title"])
    found = result.amounts[result.amounts["label"] == "Personal"].set_index("kind")["value"]
    assert found.to_dict() == {"outcome": -8310, "budget": -8250, "deviation": -60}
    assert len(result.tables) == 1 and result.tables["origin"].item() == "tabbed"


def test_markdown_loses_its_marks(tmp_path: Path) -> None:
    report = of(tmp_path, "rapport.md", MARKDOWN)
    assert "redovisar 3,2 mnkr i överskott" in report.text
    assert "Intäkter\t1 204\t1 190\nNetto\t-7 106\t-7 060\n\n• Första åtgärden\n• Andra" in report.text
    assert report.bookmarks == ((1, "Årsrapport 2021", None), (2, "Ekonomi", None))


def test_only_the_main_part_of_a_web_page_is_the_report(tmp_path: Path) -> None:
    report = of(tmp_path, "r.htm", report_html())
    assert "Kontakt" not in report.text and "Storgatan" not in report.text
    assert report.notes == ("left out what surrounds the main text of the web page",)
    assert report.metadata["title"] == "Årsrapport 2021 - Exby kommun"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>Mål och<br>medel</p>", "Mål och\nmedel"),
        ("<p>  Ett\n stycke </p><div>och ett <b>till</b>.</div>", "Ett stycke\n\noch ett till."),
        ("<ul><li>Ett</li><li><p>Två</p></li></ul>", "• Ett\n• Två"),
        ("<p>Syns</p><p hidden>Dold</p><p style='display: none'>Dold</p><script>var x = 1</script>", "Syns"),
        (
            "<table><tr><td>A</td><td colspan=2>B</td><td>C</td></tr><tr><td>1</td><td>2</td><td>3</td><td>4</td></tr></table>",
            "A\tB\t\tC\n1\t2\t3\t4",
        ),
        ("<table><tr><td rowspan=2>A</td><td>1</td></tr><tr><td>2</td></tr></table>", "A\t1\n\t2"),
        ("<table><tr><td><h2>Ekonomi</h2><p>Text</p></td><td>Mera</td></tr></table>", "Ekonomi\n\nText\n\nMera"),
        ("<pre>rad ett\n  rad två</pre>", "rad ett\nrad två"),
        ("<p>p&aring; &Ouml;n&nbsp;1&#160;234</p>", "på Ön 1 234"),
    ],
)
def test_web_pages_as_text(tmp_path: Path, body: str, text: str) -> None:
    assert html(tmp_path, body) == text


@pytest.mark.parametrize(("encoding", "declared"), [("utf-8", "utf-8"), ("cp1252", "iso-8859-1"), ("utf-16", "utf-8"), ("cp1252", "utf-8")])
def test_what_a_web_page_declares_does_not_decide_its_encoding(tmp_path: Path, encoding: str, declared: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body><p>Årets överskott på ön</p></body></html>'
    assert of(tmp_path, "r.html", page.encode(encoding)).text == "Årets överskott på ön"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-32", "cp1252", "mac-roman", "cp850"])
def test_texts_of_many_encodings(encoding: str) -> None:
    text = "Årsrapport för Exby: överskott på 12 tkr, och så några ord till om räddningstjänsten och äldreomsorgen."
    assert decode(text.encode(encoding), "r.txt") == (text, [])


def test_a_letter_cut_in_half_costs_one_letter() -> None:
    text = "Årsrapport för Exby: överskott på ön"
    decoded, notes = decode(text.encode()[:-2], "r.txt")
    assert decoded == text[:-2] + "\ufffd" and notes == ["1 letter could not be read: the UTF-8 is damaged"]


def word(build: object) -> bytes:
    document = Document()
    build(document)  # type: ignore[operator]
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_word_headings_lists_and_merged_cells(tmp_path: Path) -> None:
    def build(document: object) -> None:
        document.add_heading("Ekonomi", 2)
        document.add_paragraph("Första", style="List Bullet")
        document.add_paragraph("Andra", style="List Bullet")
        table = document.add_table(rows=2, cols=3)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "Mnkr"
        table.cell(0, 2).text = "2021"
        for column, text in enumerate(("Netto", "1", "2,5")):
            table.cell(1, column).text = text
        document.add_paragraph("Rad\tmed\ttabbar")

    report = of(tmp_path, "r.docx", word(build))
    assert report.text == "Ekonomi\n\n• Första\n• Andra\n\nMnkr\t\t2021\nNetto\t1\t2,5\n\nRad\tmed\ttabbar"
    assert report.bookmarks == ((2, "Ekonomi", None),)


def test_word_pages_count_and_deleted_text_is_gone(tmp_path: Path) -> None:
    def build(document: object) -> None:
        document.add_paragraph("Sida ett.")
        run = document.add_paragraph("").add_run()
        run._r.append(OxmlElement("w:lastRenderedPageBreak"))
        run.add_text("Sida två.")
        deleted = OxmlElement("w:del")
        deleted.append(document.add_paragraph("").add_run("Struket")._r)
        document.paragraphs[-1]._p.append(deleted)

    report = of(tmp_path, "r.docx", word(build))
    assert [(p.number, report.text[p.start : p.end].strip()) for p in report.pages] == [(1, "Sida ett."), (2, "Sida två.")]


def test_text_boxes_are_read_once(tmp_path: Path) -> None:
    def build(document: object) -> None:
        run = document.add_paragraph("Före").add_run()
        box = OxmlElement("w:txbxContent")
        box.append(document.add_paragraph("I rutan")._p)
        picture = OxmlElement("w:pict")
        picture.append(box)
        run._r.append(picture)
        document.add_paragraph("Efter")

    assert of(tmp_path, "r.docx", word(build)).text == "Före\n\nI rutan\n\nEfter"
    assert qn("w:p")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "Rapporter.ZIP"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("2021/rapport.txt", report_text())
        package.writestr("2021/rapport.docx", report_docx())
        package.writestr("2021/.dold.txt", "Dold")
        package.writestr("__MACOSX/rapport.txt", "Dold")
        package.writestr("bild.png", b"\x89PNG")
        package.writestr("trasig.pdf", b"%PDF-1.7")
    return path


def test_an_archive_is_mined_as_its_members(archive: Path) -> None:
    result = docmine.mine(archive)
    assert result.documents.set_index("source")["state"].to_dict() == {
        f"{archive}!2021/rapport.docx": "ok",
        f"{archive}!2021/rapport.txt": "ok",
        f"{archive}!trasig.pdf": "failed",
    }
    assert result.documents["sha256"].notna().all()
    by_name = docmine.mine(f"{archive}!2021/rapport.txt")
    path = archive.parent / "rapport.txt"
    path.write_text(report_text(), encoding="utf-8")
    pd.testing.assert_frame_equal(by_name.amounts, docmine.mine(path).amounts)


def test_an_archive_among_the_files_of_a_folder(archive: Path) -> None:
    assert len(docmine.mine(archive.parent).documents) == 3


def test_an_archive_is_not_one_report(archive: Path) -> None:
    with pytest.raises(UnsupportedError, match=r"3 files.*mine it, or name one"):
        load(archive)
    for name, says in [(f"{archive}!saknas.txt", "no such file"), (f"{archive.parent}/borta.zip!a.txt", "no such file")]:
        with pytest.raises(InputError, match=says):
            load(name)


def test_archives_have_limits(archive: Path) -> None:
    for limits, says in [(Limits(members=2), "members"), (Limits(archive_bytes=100), "archive_bytes")]:
        assert says in docmine.mine([archive], limits=limits).documents["error"].item()
    with pytest.raises(InputError, match="bytes"):
        load(f"{archive}!2021/rapport.docx", limits=Limits(bytes=200))


def test_other_kinds_say_what_to_do(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
    with pytest.raises(UnsupportedError, match=r"save it as PDF or \.docx"):
        of(tmp_path, "r.xlsx", file.getvalue())
    with pytest.raises(UnsupportedError, match="rich-text"):
        of(tmp_path, "r.rtf", "{\\rtf1 Exby}")
