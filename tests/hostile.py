"""Makes hostile files: broken, lying, endless, and named to do harm. A seed decides; ``python tests/hostile.py FOLDER`` makes them all."""

from __future__ import annotations

import io
import os
import random
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from docx import Document
from reportlab.pdfgen.canvas import Canvas

__all__ = ["LIMITS", "canvas_pdf", "make", "pdf", "report_docx", "report_html", "report_pdf", "report_text"]

#: with these limits the bombs can be small, and are made in no time
LIMITS = {"bytes": 20_000_000, "stream_bytes": 30_000_000, "archive_bytes": 60_000_000, "members": 500, "pages": 2_000, "seconds": 20}

COUNT = 310
_ROWS = [("Intäkter", "1 204", "1 190", "14"), ("Personal", "-8 310", "-8 250", "-60"), ("Netto", "-7 106", "-7 060", "-46")]
_PROSE = "Nämnden i Exby redovisar ett underskott om 46 tkr mot budget. Målet att minst 95 procent ska vara nöjda är delvis uppfyllt."


# ------------------------------------------------------------------------------------------------------------ sound reports


def report_text() -> str:
    """A short report with a section, a goal and a table."""
    table = "\n".join("\t".join(row) for row in [("Belopp i tkr", "Utfall 2021", "Budget 2021", "Avvikelse"), *_ROWS])
    return f"Årsrapport 2021\n\nSocialnämnden, Exby kommun\n\nEkonomi\n\n{_PROSE}\n\n{table}\n\nMåluppföljning\n\n{_PROSE}\n"


def report_html() -> str:
    """The same as a web page with menus around it."""
    rows = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in _ROWS)
    head = "<tr><th>Belopp i tkr</th><th>Utfall 2021</th><th>Budget 2021</th><th>Avvikelse</th></tr>"
    return (
        '<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>Årsrapport 2021 - Exby kommun</title></head><body>'
        "<header><nav><ul><li>Start</li><li>Kontakt</li></ul></nav></header><main><h1>Årsrapport 2021</h1><p>Socialnämnden, Exby kommun</p>"
        f"<h2>Ekonomi</h2><p>{_PROSE}</p><table>{head}{rows}</table><h2>Måluppföljning</h2><p>{_PROSE}</p></main>"
        "<footer>Exby kommun, Storgatan 1</footer></body></html>"
    )


def report_docx() -> bytes:
    """The same as a Word document."""
    document = Document()
    document.add_heading("Årsrapport 2021", 1)
    document.add_paragraph("Socialnämnden, Exby kommun")
    document.add_heading("Ekonomi", 2)
    document.add_paragraph(_PROSE)
    rows = [("Belopp i tkr", "Utfall 2021", "Budget 2021", "Avvikelse"), *_ROWS]
    table = document.add_table(rows=len(rows), cols=4)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_heading("Måluppföljning", 2)
    document.add_paragraph(_PROSE, style="List Bullet")
    return _saved(document.save)


def canvas_pdf(draw: Callable[[Canvas], None], **options: object) -> bytes:
    """A PDF of one page that is drawn by a function."""

    def save(file: io.BytesIO) -> None:
        canvas = Canvas(file, invariant=True, **options)
        draw(canvas)
        canvas.showPage()
        canvas.save()

    return _saved(save)


def report_pdf(**options: object) -> bytes:
    """The same as a PDF."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(72, 770, "Årsrapport 2021")
        canvas.setFont("Helvetica", 10)
        canvas.drawString(72, 740, "Socialnämnden, Exby kommun")
        canvas.drawString(72, 715, _PROSE)
        rows = [("Belopp i tkr", "Utfall 2021", "Budget 2021", "Avvikelse"), *_ROWS]
        for n, row in enumerate(rows):
            for x, text in zip((72, 240, 340, 440), row, strict=True):
                canvas.drawString(x, 680 - 14 * n, text)

    return canvas_pdf(draw, **options)


def _saved(save: Callable[[io.BytesIO], None]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


# ------------------------------------------------------------------------------------------------------------ PDFs by hand


def pdf(objects: dict[int, bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of objects by their numbers, with its cross-references in order."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    out += b"".join(b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(1, size))
    return bytes(out + b"trailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start))


def _stream(data: bytes, dictionary: bytes = b"") -> bytes:
    return b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(data), dictionary, data)


def _flate(data: bytes, dictionary: bytes = b"", layers: int = 1) -> bytes:
    for _ in range(layers):
        data = zlib.compress(data, 9)
    return _stream(data, b"/Filter [%s] %s" % (b"/FlateDecode " * layers, dictionary))


_TEXT = b"BT /F1 11 Tf 72 700 Td (Resultatet i Exby blev 12,5 mnkr) Tj ET\n"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def _page(**changes: bytes) -> dict[int, bytes]:
    """The objects of a PDF of one page; ``page``, ``content``, ``font``, ``pages``, ``root`` or ``resources`` replace a part."""
    resources = changes.get("resources", b"/Font<</F1 5 0 R>>")
    page = b"/Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<%s>>" % resources
    return {
        1: changes.get("root", b"<</Type/Catalog/Pages 2 0 R>>"),
        2: changes.get("pages", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        3: b"<<%s %s>>" % (page, changes.get("page", b"/MediaBox[0 0 595 842]")),
        4: changes.get("content", _stream(_TEXT)),
        5: changes.get("font", _FONT),
    }


_ZEROS = 40_000_000


def _bombs() -> Iterator[tuple[str, bytes]]:
    blank, ops = b" " * _ZEROS, b"q Q " * (_ZEROS // 4)
    yield "content", pdf(_page(content=_flate(blank + _TEXT)))
    yield "content of operators", pdf(_page(content=_flate(ops)))
    yield "content in two layers", pdf(_page(content=_flate(blank, layers=2)))
    yield "content in four layers", pdf(_page(content=_flate(b" " * 100_000_000, layers=4)))
    yield "content that lies about its length", pdf(_page(content=_flate(blank))).replace(b"/Length", b"/Length 9 /L")
    yield (
        "font file",
        pdf(
            _page(font=b"<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor 6 0 R>>")
            | {6: b"<</Type/FontDescriptor/FontName/A/Flags 4/FontFile2 7 0 R>>", 7: _flate(blank)}
        ),
    )
    yield "character map", pdf(_page(font=_FONT[:-2] + b"/ToUnicode 6 0 R>>") | {6: _flate(blank)})
    yield (
        "object stream",
        pdf(_page(root=b"<</Type/Catalog/Pages 2 0 R/Names 9 0 R>>") | {8: _flate(blank, b"/Type/ObjStm/N 1000000/First 9000000")}),
    )
    image = b"/Type/XObject/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 8/ColorSpace/DeviceGray"
    drawn = _page(content=_stream(b"q 500 0 0 500 0 0 cm /I1 Do Q " + _TEXT), resources=b"/Font<</F1 5 0 R>>/XObject<</I1 6 0 R>>")
    yield "picture", pdf(drawn | {6: _flate(bytes(1_000_000), image)})
    yield "many operators", pdf(_page(content=_flate(b"0 0 m 9 9 l S " * 400_000)))
    yield "much text", pdf(_page(content=_flate(b"BT /F1 8 Tf " + b"1 0 0 1 9 9 Tm (Exby) Tj " * 60_000 + b"ET")))
    yield "many pages", pdf(_page(pages=b"<</Type/Pages/Kids[%s]/Count 100000>>" % (b"3 0 R " * 100_000)))
    yield "pages in a tree of tens", pdf(_tree())


def _tree() -> dict[int, bytes]:
    """A hundred thousand pages out of five objects: every level holds the one below ten times."""
    objects = _page(pages=b"<</Type/Pages/Kids[%s]/Count 100000>>" % (b"10 0 R " * 10))
    for level in range(4):
        kid = b"%d 0 R " % (11 + level) if level < 3 else b"3 0 R "
        objects[10 + level] = b"<</Type/Pages/Parent 2 0 R/Kids[%s]/Count %d>>" % (kid * 10, 10 ** (4 - level))
    return objects


def _loops() -> Iterator[tuple[str, bytes]]:
    yield "page tree in itself", pdf(_page(pages=b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"))
    yield (
        "page tree in a ring",
        pdf(_page(pages=b"<</Type/Pages/Kids[6 0 R 3 0 R]/Count 2>>") | {6: b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 1>>"}),
    )
    yield "page that is its own parent", pdf(_page(page=b"/Parent 3 0 R"))
    yield (
        "deep page tree",
        pdf(
            _page(pages=b"<</Type/Pages/Kids[10 0 R]/Count 1>>")
            | {n: b"<</Type/Pages/Parent %d 0 R/Kids[%d 0 R]/Count 1>>" % (n - 1, n + 1 if n < 3000 else 3) for n in range(10, 3001)}
        ),
    )
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<</Font<</F1 5 0 R>>/XObject<</X1 %d 0 R/X2 %d 0 R>>>>"
    draws = _page(content=_stream(b"/X1 Do"), resources=b"/XObject<</X1 6 0 R>>")
    yield "form in itself", pdf(draws | {6: _stream(b"/X1 Do /X1 Do " + _TEXT, form % (6, 6))})
    yield "forms in a ring", pdf(draws | {6: _stream(b"/X1 Do /X2 Do", form % (7, 7)), 7: _stream(b"/X1 Do " + _TEXT, form % (6, 7))})
    laughs = {n: _stream(b"/X1 Do " * 10 if n < 14 else _TEXT, form % (n + 1, n + 1)) for n in range(6, 15)}
    yield "forms that multiply", pdf(draws | laughs)
    type3 = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/CharProcs<</a 6 0 R>>/FirstChar 97/LastChar 97/Widths[9]"
        b"/Encoding<</Type/Encoding/Differences[97/a]>>/Resources<</Font<</F1 5 0 R>>>>>>"
    )
    yield (
        "font of itself",
        pdf(_page(font=type3, content=_stream(b"BT /F1 9 Tf (aaaa) Tj ET")) | {6: _stream(b"9 0 d0 BT /F1 9 Tf (aaaa) Tj ET")}),
    )
    yield (
        "descendant font of itself",
        pdf(_page(font=b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[5 0 R]>>")),
    )
    yield "reference to itself", pdf(_page(font=b"5 0 R"))
    yield "references in a ring", pdf(_page(font=b"6 0 R") | {6: b"7 0 R", 7: b"5 0 R"})
    yield "contents of itself", pdf(_page(content=b"[4 0 R 4 0 R]"))
    yield "length of itself", pdf(_page(content=_stream(_TEXT).replace(b"/Length 68", b"/Length 4 0 R")))
    cmap = (
        b"begincmap /A usecmap 1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange "
        b"<00000000> <FFFFFFFF> <0041> endbfrange endcmap"
    )
    yield "endless character map", pdf(_page(font=_FONT[:-2] + b"/ToUnicode 6 0 R>>") | {6: _stream(cmap, b"/UseCMap 6 0 R")})
    outline = {
        6: b"<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 9>>",
        7: b"<</Title(Ring)/Parent 6 0 R/Next 7 0 R/First 7 0 R/Dest[3 0 R/Fit]>>",
    }
    yield "bookmarks in a ring", pdf(_page(root=b"<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R>>") | outline)
    whole = pdf(_page())
    yield "cross-references in a ring", whole.replace(b"trailer\n<<", b"trailer\n<</Prev %d " % whole.rfind(b"xref\n0"))
    yield "deep arrays", pdf(_page(page=b"/X " + b"[" * 50_000 + b"]" * 50_000))
    yield "deep dictionaries", pdf(_page(page=b"/X " + b"<</X" * 20_000 + b" 1" + b">>" * 20_000))


def _lies() -> Iterator[tuple[str, bytes]]:
    boxes = {"huge": b"[0 0 1e9 1e9]", "endless": b"[0 0 1e39 1e39]", "negative": b"[595 842 0 0]", "flat": b"[0 0 595 0]", "empty": b"[]"}
    boxes |= {"of words": b"[(a) /b null true]", "one-sided": b"[-1e9 -1e9 1e9 842]", "dot": b"[9 9 9 9]"}
    for name, box in boxes.items():
        yield f"{name} box", pdf(_page(page=b"/MediaBox" + box))
        yield f"{name} crop box", pdf(_page(page=b"/MediaBox[0 0 595 842]/CropBox" + box))
    for name, value in {"rotation": b"/Rotate 37", "rotation of millions": b"/Rotate 900000000", "unit": b"/UserUnit 1e9"}.items():
        yield f"odd {name}", pdf(_page(page=b"/MediaBox[0 0 595 842]" + value))
    counts = {
        "zero pages": b"/Kids[]/Count 0",
        "less than no pages": b"/Kids[]/Count -9",
        "pages that are not there": b"/Kids[8 0 R 9 0 R]/Count 2",
    }
    counts |= {"a billion pages": b"/Kids[3 0 R]/Count 1000000000", "no kids": b"/Count 1", "kids of words": b"/Kids[(a) 1 null]/Count 3"}
    for name, count in counts.items():
        yield name, pdf(_page(pages=b"<</Type/Pages%s>>" % count))
    for name, font in {
        "missing": b"null",
        "empty": b"<<>>",
        "of a number": b"7",
        "without a name": b"<</Type/Font/Subtype/TrueType>>",
    }.items():
        yield f"{name} font", pdf(_page(font=font))
    yield "no resources", pdf(_page(resources=b""))
    yield "no content", pdf(_page(content=b"null"))
    yield "no catalogue", pdf(_page(root=b"null"))
    yield "no trailer", pdf(_page()).partition(b"trailer")[0]
    yield "header only", b"%PDF-1.7\n"
    yield "wrong cross-references", pdf(_page()).replace(b"00000 n", b"00001 n").replace(b"0000000", b"9999999")
    locks = {
        "of nothing": b"<<>>",
        "of another make": b"<</Filter/Exby/V 9/R 9>>",
        "without keys": b"<</Filter/Standard/V 5/R 6/O()/U()/P 0>>",
    }
    locks |= {"of a huge key": b"<</Filter/Standard/V 2/R 3/Length 99999999/O(%s)/U(%s)/P -4>>" % (b"a" * 32, b"b" * 32)}
    for name, lock in locks.items():
        yield f"encryption {name}", pdf(_page(), b"/Root 1 0 R/ID[(a)(b)]/Encrypt" + lock)
    yield "encryption", report_pdf(encrypt="hemligt")
    strange = {"half a pair": b"<FEFFD800>", "no letters": b"<FEFFFFFEFFFF0000>", "odd bytes": b"<FEFF00>", "markup": b"([/red] <script>)"}
    for name, title in strange.items():
        yield f"title of {name}", pdf(_page() | {6: b"<</Title %s>>" % title}, b"/Root 1 0 R/Info 6 0 R")
    pairs = b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <20> <7E> <D800> endbfrange endcmap"
    yield "letters of half pairs", pdf(_page(font=_FONT[:-2] + b"/ToUnicode 6 0 R>>") | {6: _stream(pairs)})
    for name, ops in {
        "sizes beyond reason": b"BT /F1 1e30 Tf 1e30 0 0 1e30 1e30 1e30 Tm (Exby 1 234) Tj ET",
        "sizes of nothing": b"BT /F1 0 Tf 0 0 0 0 0 0 Tm (Exby 1 234) Tj ET",
        "unbalanced states": b"q " * 90_000 + _TEXT,
        "restores without saves": b"Q " * 90_000 + _TEXT,
        "operands without end": b"1 " * 300_000 + _TEXT,
        "a string without end": b"BT /F1 9 Tf (" + b"(" * 90_000,
        "rulings beyond reason": b"0 0 1e30 1e30 re f 1e38 1e38 -1e38 1 re S " * 5_000 + _TEXT,
        "letters on one spot": b"BT /F1 9 Tf " + b"1 0 0 1 72 700 Tm (x) Tj " * 20_000 + b"ET",
        "a cloud of letters": b"BT /F1 2 Tf "
        + b"".join(b"1 0 0 1 %d %d Tm (x) Tj " % (i * 37 % 590, i * 91 % 840) for i in range(9_000))
        + b"ET",
        "a lattice of rulings": b"".join(b"%d 0 m %d 842 l S 0 %d m 595 %d l S " % (i, i, i, i) for i in range(0, 595, 1)) + _TEXT,
    }.items():
        yield name, pdf(_page(content=_flate(ops)))


# ------------------------------------------------------------------------------------------------------------ other inputs


def _package(parts: dict[str, bytes]) -> bytes:
    def save(file: io.BytesIO) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
            for name, data in parts.items():
                package.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)

    return _saved(save)


def _docx(body: bytes, **parts: bytes) -> bytes:
    """A Word document whose main part is given whole, or as the content of its body."""
    with zipfile.ZipFile(io.BytesIO(report_docx())) as package:
        whole = {name: package.read(name) for name in package.namelist()}
    if not body.startswith(b"<?xml"):
        space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        body = b'<?xml version="1.0"?><w:document xmlns:w="%s"><w:body>%s</w:body></w:document>' % (space, body)
    return _package(whole | {"word/document.xml": body} | {name.replace("__", "/"): data for name, data in parts.items()})


def _laughs(root: str) -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY a0 "ha">{entities}]><{root}>&a9;</{root}>'.encode()


def _others() -> Iterator[tuple[str, bytes]]:
    said = b"<w:p><w:r><w:t>Exby 1 234 tkr</w:t></w:r></w:p>"
    yield "bomb.docx", _docx(b" " * _ZEROS + said)
    yield "bomb in a picture.docx", _docx(said, word__media__a=bytes(_ZEROS))
    yield "laughs.docx", _docx(_laughs("document"))
    yield "deep.docx", _docx(b"<w:sdt><w:sdtContent>" * 20_000 + said + b"</w:sdtContent></w:sdt>" * 20_000)
    nest = b"<w:tbl><w:tr><w:tc>"
    yield "tables in tables.docx", _docx(nest * 60 + said + b"</w:tc></w:tr></w:tbl>" * 60)
    yield (
        "wide.docx",
        _docx(b'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999"/></w:tcPr>%s</w:tc><w:tc>%s</w:tc></w:tr></w:tbl>' % (said, said)),
    )
    yield "ring of styles.docx", _docx(said, word__styles__xml=b"")
    yield "no body.docx", _docx(b'<?xml version="1.0"?><a/>')
    yield "not xml.docx", _docx(b'<?xml version="1.0"?><<<')
    yield "no content types.docx", _package({"word/document.xml": said})
    yield "spreadsheet.docx", _package({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a/>"})
    yield "many parts.docx", _docx(said, **{f"word__a{n}": b"" for n in range(1_000)})
    yield "bomb.zip", _package({"bomb.txt": bytes(_ZEROS * 2)})
    yield "bomb within limits.zip", _package({"bomb.txt": b"1 234 tkr " * 5_000_000})
    yield "nested.zip", _package({"inner.zip": _package({"rapport.txt": report_text().encode()})})
    yield "many.zip", _package({f"{n}.txt": b"" for n in range(1_000)})
    yield "climbing.zip", _package({"../../../climbed.txt": report_text().encode(), "/climbed.txt": b"x", "C:\\climbed.txt": b"x"})
    yield "twice.zip", _twice()
    yield "of no reports.zip", _package({"a.exe": b"MZ"})
    yield "empty.zip", _package({})
    yield "not at all.zip", b"Exby"
    yield "deep.html", b"<div>" * 100_000 + b"Exby" + b"</div>" * 100_000
    yield "deep lists.html", b"<html><ul>" + b"<li><ul>" * 50_000 + b"Exby"
    yield "tables in tables.html", b"<html>" + b"<table><tr><td>1<td>" * 3_000 + b"Exby"
    yield "wide.html", b"<html><table>" + b'<tr><td colspan=999999999 rowspan=999999999>1<td colspan="-1">2</tr>' * 3_000
    yield "laughs.html", b"<!DOCTYPE html>" + _laughs("html")
    yield "unclosed.html", b"<html" + b" a=" * 200_000
    yield "attributes.html", b"<html><p " + b"a='b' " * 200_000 + b">Exby"
    yield "comments.html", b"<!--" * 100_000
    yield "tags.html", b"<html>" + b"<" * 60_000
    yield "lying charset.html", b'<html><meta charset="utf-16"><p>Exby \xc3\xa5r 2021'
    yield "no text.html", b"<html><script>" + b"x" * 100_000 + b"</script>"
    for name, unit in {
        "brackets": "[",
        "images": "![](",
        "quotes": "> ",
        "stars": "**a ",
        "ticks": "`a``",
        "links": "[a](<b",
        "pipes": "|",
        "tables": "a|b\n-|-\n",
    }.items():
        yield f"{name}.md", (unit * (10_000 // len(unit))).encode()


def _twice() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for _ in range(2):
            with package.open(zipfile.ZipInfo(f"rapport{_}.txt"), "w") as member:
                member.write(report_text().encode())
    return file.getvalue().replace(b"rapport1.txt", b"rapport0.txt")


def _texts() -> Iterator[tuple[str, bytes]]:
    size = 15_000
    units = {
        "letters": "a",
        "digits": "1 ",
        "figures": "1 234 ",
        "dashes": "- ",
        "tabs": "\t",
        "lines": "\n",
        "capitals": "Exby ",
        "dots": ".",
        "open": "(",
    }
    units |= {
        "marks": "a\u0301\u0323\u0316",
        "turns": "\u202e1 ",
        "percent": "1 % ",
        "kronor": "1 tkr ",
        "rows": "Netto 1-2-3 ",
        "nulls": "1\0 ",
        "heads": "Mål\n\n",
    }
    for name, unit in units.items():
        yield name, (unit * (size // len(unit)) + "Exby").encode()
    yield "one line", (_PROSE * 300).encode()
    yield "controls", bytes(range(1, 32)) * 40 + report_text().encode()
    yield "half letters", report_text().encode()[:-1].replace(b"\xc3\xa4", b"\xc3", 2)
    yield "wrong order", report_text().encode("utf-16-le")[1:]
    yield "half pairs", b"\xff\xfe" + b"\x00\xd8E\x00" * 400
    yield "mixed", report_text().encode() + report_text().encode("cp1252")
    for magic in (
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n",
        b"GIF89a",
        b"II*\0",
        b"\x1f\x8b\x08",
        b"7z\xbc\xaf\x27\x1c",
        b"Rar!\x1a",
        b"{\\rtf1",
        b"\x7fELF",
        b"MZ\x90",
    ):
        yield f"picture or program {magic[1:3].hex()}", magic + bytes(range(256)) * 9


NAMES = [
    "; rm -rf x.pdf", "..%2f.pdf", "..%2f..%2fclimbed.txt", "$(touch climbed).txt", "`touch climbed`.txt", "| touch climbed.txt",
    "& climbed &.txt", "-o.txt",
    "--format.txt", "a\nfailed: b.txt", "a\r\tb.txt", "\x1b[31mred.txt", "[bold]a.txt", "[/red].pdf", "[link=x]a.txt", "%s%n%d.txt",
    "{0.__class__}.txt", "~.txt",
    "*.txt", "a?.txt", "...txt", " .txt", "a'b\".txt", "CON.txt", "nul.txt", "a\\b.txt", "å" * 120 + ".txt", "x" * 250 + ".txt",
    "\u202etxt.exe.txt", "\ufeff.txt",
    "=1+1.txt", "@SUM(1).txt", "a!b.zip!c.txt", ".zip!.txt", "https:.txt", "😀.txt",
]  # fmt: skip
RAW_NAMES = [b"\xff\xfe.txt", b"\xc3.pdf", b"\xed\xa0\x80.txt"]


# ------------------------------------------------------------------------------------------------------------ all of them


def _cut(whole: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, data in whole.items():
        for tenth in range(1, 10):
            yield f"cut at {tenth} of ten.{name}", data[: len(data) * tenth // 10]


def _flipped(whole: dict[str, bytes], rng: random.Random) -> Iterator[tuple[str, bytes]]:
    kinds = list(whole)
    n = 0
    while True:
        kind = kinds[n % len(kinds)]
        data = bytearray(whole[kind])
        for _ in range(rng.choice((1, 3, 10, 100))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        yield f"flipped {n}.{kind}", bytes(data)
        n += 1


def make(folder: Path, seed: int = 0, count: int = COUNT) -> list[Path]:
    """Make hostile files in a folder; those of chance fill up the count.

    Returns
    -------
    list of Path
        The files. Names that the system does not allow are left out.
    """
    rng = random.Random(seed)
    whole = {
        "pdf": report_pdf(),
        "docx": report_docx(),
        "zip": _package({"rapport.pdf": report_pdf(), "rapport.txt": report_text().encode()}),
        "html": report_html().encode("cp1252"),
        "txt": report_text().encode("utf-16"),
    }
    files = [(f"{name}.pdf", data) for part in (_bombs, _loops, _lies) for name, data in part()]
    files += [*_others(), *((f"{name}.txt", data) for name, data in _texts()), *_cut(whole)]
    files += [
        ("empty.pdf", b""),
        ("empty.txt", b""),
        ("white.txt", b" \n\t"),
        ("chance.pdf", b"%PDF-1.4\n" + rng.randbytes(9_000)),
        ("chance.txt", rng.randbytes(9_000)),
    ]
    sound = report_text().encode()
    # every name has a text of its own, so that no file is the copy of another
    named = [(os.fsencode(name), sound + b"Bilaga %d" % n) for n, name in enumerate(NAMES)]
    named += [(name, sound + b"Bilaga %d" % n) for n, name in enumerate(RAW_NAMES, len(NAMES))]
    more = _flipped(whole, rng)
    while len(files) + len(named) < count:
        files.append(next(more))
    made = []
    for raw, data in [*((os.fsencode(name), data) for name, data in files), *named]:
        path = folder / os.fsdecode(raw)
        try:
            path.write_bytes(data)
        except (OSError, ValueError):
            continue
        made.append(path)
    return made


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    print(len(make(target, int(sys.argv[2]) if len(sys.argv) > 2 else 0)), "files")
