"""Measure how rightly names of indicators are linked to Kolada's key figures.

    python benchmarks/kolada.py             the figures
    python benchmarks/kolada.py --show 20   and the links that are wrong

Two sets of answers: titles that Kolada has since changed, with the figure whose title they were (``../shared``, 1,017), and invented
names as municipalities print them, with the figure that they mean, or none (``tests/cases/kolada.toml``). *First* is the share whose
figure stands first among the candidates; *linked* how many names are linked at all, and *right* the share of these that are right.
Titles that Kolada has given to another figure since count as wrong links. The anchor is the cosine of the letters alone, which picks
the candidates that words then put in order.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from docmine.compare.kolada import linker

ROOT = Path(__file__).resolve().parent.parent
CHANGES = ROOT.parent / "shared" / "corpus" / "data" / "kolada" / "kpi_title_changes.csv"
CASES = ROOT / "tests" / "cases" / "kolada.toml"
NONE = "none"


@dataclass
class Measured:
    """Counts over names: those with a figure, those found first (by the linker, by letters alone), links and right links."""

    named: int = 0
    first: int = 0
    letters: int = 0
    linked: int = 0
    right: int = 0
    wrong: list[tuple[str, str, str]] = field(default_factory=list)  # name, the truth, the link

    @property
    def recall_at_1(self) -> float:
        return self.first / self.named

    @property
    def anchor(self) -> float:
        return self.letters / self.named

    @property
    def precision(self) -> float:
        return self.right / self.linked


def measure(names: Iterable[tuple[str, str | None, str]], *, regions: bool) -> Measured:
    """Name, unit and the id of its figure (or ``none``); figures of one title are one."""
    found, links = Measured(), linker()
    title = {**dict(zip(links.ids, links.titles, strict=True)), NONE: NONE}
    for name, unit, truth in names:
        candidates = links.candidates(name, unit, regions=regions)
        if truth != NONE:
            found.named += 1
            found.first += bool(candidates) and candidates[0].title == title[truth]
            found.letters += links.titles[int(np.argmax(links.likeness(name)))] == title[truth]
        link = links.link(name, unit, regions=regions)
        if link is not None:
            found.linked += 1
            found.right += link.title == title[truth]
            if link.title != title[truth]:
                found.wrong.append((name, title[truth], link.title))
    return found


def changed_titles(path: Path = CHANGES) -> Measured:
    """Old titles, with the figures that bore them."""
    changes = pd.read_csv(path, dtype=str)
    return measure(((row.old_title, None, row.id) for row in changes.itertuples()), regions=True)


def printed_names(path: Path = CASES) -> Measured:
    """Names as municipalities print them."""
    cases = tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    return measure(((case["name"], case.get("unit"), case["id"]) for case in cases), regions=False)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N wrong links of each set")
    args = parser.parse_args()
    sets = {"printed names": printed_names()} | ({"changed titles": changed_titles()} if CHANGES.is_file() else {})
    print("| names | with a figure | first | first by letters alone | linked | right |\n| --- | --- | --- | --- | --- | --- |")
    for name, found in sets.items():
        shares = f"{found.recall_at_1:.3f} | {found.anchor:.3f} | {found.linked} | {found.precision:.3f}"
        print(f"| {name} | {found.named} | {shares} |")
    for name, found in sets.items():
        for printed, truth, link in found.wrong[: args.show]:
            print(f"{name}: {printed}\n    is      {truth}\n    linked  {link}")


if __name__ == "__main__":
    main()
