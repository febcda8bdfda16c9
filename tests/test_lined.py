"""Goals and actions on lines of their own: labels, lists under a label, titles under a label."""

from __future__ import annotations

from pathlib import Path

import pytest

import docmine

HEAD = "Årsrapport 2022\nSocialnämnden i Exby kommun\n\nMåluppföljning\n"
CASES = {
    "label and wording": (
        "Nämndmål: Alla barn ska ha en trygg skolväg\nMålet är uppfyllt.",
        [("Alla barn ska ha en trygg skolväg", "board", "achieved")],
    ),
    "list under a label": (
        "Nämndmål\n- Alla barn ska ha en trygg skolväg\n- Fler elever ska nå målen\n\nEkonomi\nBudgeten är i balans.",
        [("Alla barn ska ha en trygg skolväg", "board", None), ("Fler elever ska nå målen", "board", None)],
    ),
    "numbered labels with a verdict each": (
        "Mål 1: Invånarna ska känna sig trygga\nMålet bedöms vara delvis uppfyllt.\n"
        "Mål 2: Brukarna ska ha inflytande\nMålet är inte uppfyllt.",
        [("Invånarna ska känna sig trygga", "board", "partly_achieved"), ("Brukarna ska ha inflytande", "board", "not_achieved")],
    ),
    "numbered list after a sentence": (
        "Kommunfullmäktige har fastställt följande finansiella mål:\n1. Soliditeten ska vara minst 40 procent. Målet uppnås ej.\n"
        "2. Skulden ska minska varje år. Målet uppnås.",
        [("Soliditeten ska vara minst 40 procent", "council", "not_achieved"), ("Skulden ska minska varje år", "council", "achieved")],
    ),
    "titles under a label, up to the next label": (
        "Verksamhetens fokus (BUN)\nAlla barn möts av behöriga lärare\nSkolor och förskolor som håller över tid\n"
        "Indikatorer\nAndel behöriga lärare",
        [("Alla barn möts av behöriga lärare", "focus_area", None), ("Skolor och förskolor som håller över tid", "focus_area", None)],
    ),
    "wording over two lines": (
        "Nämndens mål 3: Den som söker stöd ska få besked\ninom tre arbetsdagar\nÅtgärder:\n• Ny e-tjänst för ansökan",
        [("Den som söker stöd ska få besked inom tre arbetsdagar", "board", None)],
    ),
    "the name of an area is no goal": (
        "Fokusområde: Barn och unga\nNämndens mål: Fler unga ska lämna skolan med behörighet.",
        [("Fler unga ska lämna skolan med behörighet", "board", None)],
    ),
    "a list that only serves the goals": ("För att nå målen:\n- Utökad bemanning på kvällar\n- Utbildning av chefer", []),
}  # fmt: skip


@pytest.mark.parametrize(("body", "want"), CASES.values(), ids=CASES)
def test_goals_on_lines(tmp_path: Path, body: str, want: list[tuple[str, str, str | None]]) -> None:
    (tmp_path / "exby.txt").write_text(f"{HEAD}{body}\n", encoding="utf-8")
    goals = docmine.mine(tmp_path / "exby.txt").goals
    got = [(row.text.rstrip("."), row.level, row.status if isinstance(row.status, str) else None) for row in goals.itertuples()]
    assert got == want
