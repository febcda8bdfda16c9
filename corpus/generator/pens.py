"""Two producers of PDF behind one small interface: where to put which words, lines and rectangles."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

WIDTH, HEIGHT = 595.0, 842.0
FAMILIES = {"sans": "Helvetica", "serif": "Times", "vera": "Vera"}


class Type(NamedTuple):
    """How words are set."""

    size: float
    bold: bool = False
    italic: bool = False
    color: str = "#000000"


class Pen(Protocol):
    """Draws on pages; origin top left, points, y of a text is its baseline."""

    def width(self, text: str, type_: Type) -> float: ...
    def page(self) -> None: ...
    def text(self, x: float, y: float, text: str, type_: Type) -> None: ...
    def line(self, x0: float, y0: float, x1: float, y1: float, color: str, width: float) -> None: ...
    def box(self, x: float, y: float, width: float, height: float, color: str) -> None: ...
    def finish(self, title: str) -> bytes: ...


def _vera(type_: Type) -> str:
    return "Vera" + {(False, False): "", (True, False): "Bd", (False, True): "It", (True, True): "BI"}[type_.bold, type_.italic]


class ReportlabPen:
    """reportlab, in its invariant mode so that the same drawing gives the same bytes."""

    def __init__(self, family: str) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont
        from reportlab.pdfgen.canvas import Canvas

        self._metrics = pdfmetrics
        self._family = FAMILIES[family]
        if self._family == "Vera":
            for name in ("Vera", "VeraBd", "VeraIt", "VeraBI"):
                pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
        self._buffer = io.BytesIO()
        self._canvas = Canvas(self._buffer, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
        self._started = False

    def _font(self, type_: Type) -> str:
        if self._family == "Vera":
            return _vera(type_)
        slant = "Italic" if self._family == "Times" else "Oblique"
        tail = ("Bold" if type_.bold else "") + (slant if type_.italic else "")
        return f"{self._family}-{tail}" if tail else {"Times": "Times-Roman"}.get(self._family, self._family)

    def width(self, text: str, type_: Type) -> float:
        return float(self._metrics.stringWidth(text, self._font(type_), type_.size))

    def page(self) -> None:
        if self._started:
            self._canvas.showPage()
        self._started = True

    def text(self, x: float, y: float, text: str, type_: Type) -> None:
        self._canvas.setFillColor(type_.color)
        self._canvas.setFont(self._font(type_), type_.size)
        self._canvas.drawString(x, HEIGHT - y, text)

    def line(self, x0: float, y0: float, x1: float, y1: float, color: str, width: float) -> None:
        self._canvas.setStrokeColor(color)
        self._canvas.setLineWidth(width)
        self._canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    def box(self, x: float, y: float, width: float, height: float, color: str) -> None:
        self._canvas.setFillColor(color)
        self._canvas.rect(x, HEIGHT - y - height, width, height, stroke=0, fill=1)

    def finish(self, title: str) -> bytes:
        self._canvas.setTitle(title)
        self._canvas.setSubject("Påhittad exempelrapport")
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()


class FpdfPen:
    """fpdf2, with a fixed date."""

    def __init__(self, family: str) -> None:
        from fpdf import FPDF

        self._pdf = FPDF(unit="pt", format=(WIDTH, HEIGHT))
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.c_margin = 0
        self._pdf.set_creation_date(datetime(2024, 1, 2, tzinfo=UTC))
        self._family = FAMILIES[family]
        if self._family == "Vera":
            import reportlab

            fonts = Path(reportlab.__file__).parent / "fonts"
            for style, name in (("", "Vera"), ("B", "VeraBd"), ("I", "VeraIt"), ("BI", "VeraBI")):
                self._pdf.add_font("Vera", style, str(fonts / f"{name}.ttf"))

    def _set(self, text: str, type_: Type) -> str:
        self._pdf.set_font(self._family, ("B" if type_.bold else "") + ("I" if type_.italic else ""), type_.size)
        # the standard fonts take bytes of code page 1252, which fpdf2 spells as the characters of those numbers
        return text if self._family == "Vera" else text.encode("cp1252", "replace").decode("latin-1")

    def width(self, text: str, type_: Type) -> float:
        return float(self._pdf.get_string_width(self._set(text, type_)))

    def page(self) -> None:
        self._pdf.add_page()

    def text(self, x: float, y: float, text: str, type_: Type) -> None:
        text = self._set(text, type_)
        self._pdf.set_text_color(*_rgb(type_.color))
        self._pdf.text(x, y, text)

    def line(self, x0: float, y0: float, x1: float, y1: float, color: str, width: float) -> None:
        self._pdf.set_draw_color(*_rgb(color))
        self._pdf.set_line_width(width)
        self._pdf.line(x0, y0, x1, y1)

    def box(self, x: float, y: float, width: float, height: float, color: str) -> None:
        self._pdf.set_fill_color(*_rgb(color))
        self._pdf.rect(x, y, width, height, style="F")

    def finish(self, title: str) -> bytes:
        self._pdf.set_title(title)
        self._pdf.set_subject("Påhittad exempelrapport")
        return bytes(self._pdf.output())


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
