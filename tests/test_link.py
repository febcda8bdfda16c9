"""Which goal an action, an indicator or another goal belongs to."""

from __future__ import annotations

from docmine.link import link
from docmine.records import Action, Cell, Column, Goal, Indicator, Page, Report, Section, Sections, Table

TEXT = "Mål\nVår skola ska vara trygg\nAlla elever ska lyckas. Eleverna ska trivas. Utbilda fler. Nöjdhet 80.\nÖvrigt\nTvätta bilar."


def section(index: int, title: str, level: int, end: str, parent: int | None = None) -> Section:
    start = TEXT.index(title)
    stop = TEXT.index(end) if end else len(TEXT)
    return Section(index, parent, level, None, title, "goals", start, start + len(title) + 1, stop, stop, "line", 1.0)


SECTIONS = Sections((section(0, "Mål", 1, "Vår"), section(1, "Vår skola ska vara trygg", 2, "Övrigt", 0), section(2, "Övrigt", 1, "")))
REPORT = Report("x", "0" * 64, TEXT, (Page(1, 0, len(TEXT)),), sections=SECTIONS)


def at(words: str) -> dict[str, int]:
    return {"start": TEXT.index(words), "end": TEXT.index(words) + len(words)}


HEADING = Goal(**at("Vår skola ska vara trygg"), text="Vår skola ska vara trygg", level="council")
BOARD = Goal(**at("Alla elever ska lyckas"), text="Alla elever ska lyckas", level="board")
SUB = Goal(**at("Eleverna ska trivas"), text="Eleverna ska trivas", level="sub_goal")
ACTION = Action(**at("Utbilda fler"), text="Utbilda fler")
VALUE = Indicator(**at("Nöjdhet 80"), name="Nöjdhet", measure="outcome", value=80.0, value_text="80")
ELSEWHERE = Action(**at("Tvätta bilar"), text="Tvätta bilar")


def test_goals_under_a_heading_that_is_a_goal_belong_to_it() -> None:
    linked = {f.start: f for f in link([SUB, BOARD, HEADING], REPORT)}
    assert [linked[g.start].parent for g in (HEADING, BOARD, SUB)] == [None, HEADING.start, HEADING.start]  # type: ignore[attr-defined]


def test_without_such_a_heading_the_last_higher_goal_of_the_section_is_the_parent() -> None:
    linked = {f.start: f for f in link([SUB, BOARD], REPORT)}
    assert linked[SUB.start].parent == BOARD.start and linked[BOARD.start].parent is None  # type: ignore[attr-defined]


def test_actions_and_values_belong_to_the_goal_stated_last_in_their_section() -> None:
    linked = {f.start: f for f in link([HEADING, BOARD, ACTION, VALUE, ELSEWHERE], REPORT)}
    assert [linked[f.start].goal for f in (ACTION, VALUE, ELSEWHERE)] == [BOARD.start, BOARD.start, None]  # type: ignore[attr-defined]


def test_in_a_table_the_goal_cell_of_the_row_or_the_last_one_above_it_counts() -> None:
    text = "Mål Mått Utfall Trygg skola Trivsel 80 Ro 70 God mat Nöjdhet 60"
    words = [("Mål", 0, 0), ("Mått", 0, 1), ("Utfall", 0, 2), ("Trygg skola", 1, 0), ("Trivsel", 1, 1), ("80", 1, 2)]
    words += [("Ro", 2, 1), ("70", 2, 2), ("God mat", 3, 0), ("Nöjdhet", 3, 1), ("60", 3, 2)]
    cells = tuple(Cell(r, c, w, text.index(w), text.index(w) + len(w)) for w, r, c in words)
    heads = (Column("Mål", "goal"), Column("Mått", "label"), Column("Utfall", "outcome"))
    table = Table(0, 1, 0, len(text), None, None, "tabbed", 4, 3, 1, heads, ("", "Trivsel", "Ro", "Nöjdhet"), cells, 1.0)
    report = Report("x", "0" * 64, text, (Page(1, 0, len(text)),), tables=(table,))
    goals = [Goal(start=c.start, end=c.end, text=c.text, method="table") for c in cells if c.col == 0 and c.row]
    values = [
        Indicator(start=c.start, end=c.end, name="x", measure="outcome", value=1.0, value_text=c.text, table=0, row=c.row, col=c.col)
        for c in cells
        if c.col == 2 and c.row
    ]
    linked = [f for f in link([*goals, *values], report) if isinstance(f, Indicator)]
    assert [f.goal for f in linked] == [goals[0].start, goals[0].start, goals[1].start]
