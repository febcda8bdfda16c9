"""Grades that a PDF gives by colour alone: filled cells, dots, signs beside goals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import docmine
from docmine.extract.marks import colour_code

pytest.importorskip("reportlab")
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

GREEN, YELLOW, RED, BLUE = "#00a651", "#ffd400", "#e2001a", "#0055a4"
GOALS = ("Gatubelysningen ska vara energieffektiv", "Lekplatserna ska vara trygga", "Andelen fossilfria fordon ska öka")
WANTED = ["achieved", "partly_achieved", "not_achieved"]


def cell(canvas: Canvas, x: float, y: float) -> None:
    canvas.rect(x, y, 90, 20, stroke=0, fill=1)


def dot(canvas: Canvas, x: float, y: float) -> None:
    canvas.circle(x + 45, y + 10, 5, stroke=0, fill=1)


def report(path: Path, marks: Sequence[str], shape: Callable[[Canvas, float, float], None], head: str) -> Path:
    """A page with a ruled table: a column of goals, one that holds nothing but a coloured shape a row, one of comments."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(60, 780, "Tekniska nämnden i Exby, årsrapport 2020")
    canvas.setFont("Helvetica", 9)
    rows = [("Nämndens mål", head, "Kommentar"), *((goal, "", "Arbetet redovisas i bilagan.") for goal in GOALS)]
    for i, row in enumerate(rows):
        y = 700 - 20 * i
        for x, width, text in zip((60, 280, 370), (220, 90, 160), row, strict=True):
            if i and x == 280:
                canvas.setFillColor(colors.HexColor(marks[i - 1]))
                shape(canvas, x, y)
            canvas.setFillColor(colors.black)
            canvas.rect(x, y, width, 20, stroke=1, fill=0)
            canvas.drawString(x + 4, y + 7, text)
    canvas.save()
    return path


@pytest.mark.parametrize("shape", [cell, dot])
@pytest.mark.parametrize("head", ["Måluppfyllelse", "Läge"])
def test_colours_of_a_table(tmp_path: Path, shape: Callable[[Canvas, float, float], None], head: str) -> None:
    goals = docmine.mine(report(tmp_path / "exby.pdf", (GREEN, YELLOW, RED), shape, head)).goals
    assert list(goals.text) == list(GOALS)
    assert list(goals.status) == WANTED
    assert goals.status_text.isna().all()


def test_other_colours_are_no_grades(tmp_path: Path) -> None:
    goals = docmine.mine(report(tmp_path / "exby.pdf", (BLUE, BLUE, BLUE), cell, "Måluppfyllelse")).goals
    assert list(goals.text) == list(GOALS)
    assert goals.status.isna().all()


def test_one_colour_in_a_column_of_no_grades_is_decoration(tmp_path: Path) -> None:
    goals = docmine.mine(report(tmp_path / "exby.pdf", (GREEN, GREEN, GREEN), cell, "Område")).goals
    assert goals.status.isna().all()


def test_signs_beside_labels(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "exby.pdf"), pagesize=A4)
    canvas.setFont("Helvetica", 11)
    for i, (goal, colour) in enumerate(zip(GOALS, (GREEN, YELLOW, RED), strict=True)):
        y = 700 - 60 * i
        canvas.setFillColor(colors.HexColor(colour))
        canvas.circle(500, y + 4, 6, stroke=0, fill=1)
        canvas.setFillColor(colors.black)
        canvas.drawString(60, y, f"Nämndens mål {i + 1}: {goal}")
        canvas.drawString(60, y - 20, "Arbetet fortsätter under nästa år.")
    canvas.save()
    goals = docmine.mine(tmp_path / "exby.pdf").goals
    assert list(goals.text) == list(GOALS)
    assert list(goals.status) == WANTED


@pytest.mark.parametrize(
    ("colour", "code"),
    [
        (GREEN, "achieved"),
        (YELLOW, "partly_achieved"),
        (RED, "not_achieved"),
        (BLUE, None),
        ("#808080", None),
        ("#e2efda", None),
        (None, None),
    ],
)
def test_colours(colour: str | None, code: str | None) -> None:
    assert colour_code(colour) == code
