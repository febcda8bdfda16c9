"""How long it takes to find and read one table that has run into the text, by how it is printed and by its columns.

    python benchmarks/sixty.py                       tables of 60 rows, milliseconds of processor time
    python benchmarks/sixty.py --rows 30 --missing 0.1
    python benchmarks/sixty.py --profile packed 6    where the time goes

The tables are lawful ones (`corpus/generator`): groups of units with their totals, budgets, outcomes and deviations. Each is printed
several times with other figures, and read in turn with the others, so that a busy machine slows all alike; the best time counts.
Beside it stand the times of a table of half as many rows, and the share of the figures that are read as printed.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import pstats
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from docmine.pipeline import read
from docmine.records import Report, Table
from docmine.tables import check_tables, find_tables
from docmine.vocabulary import load_vocabulary

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "corpus")]

from generator.dice import Dice  # noqa: E402
from generator.lawful import Lawful, Place  # noqa: E402
from generator.lawful_print import FLAT, Form, print_table  # noqa: E402
from generator.phrases import bank  # noqa: E402
from generator.swedish import figure  # noqa: E402

COLUMNS = range(2, 9)
GROUP = 11  # units under a total
YEAR = 2021
#: the heads of the last columns of a table; the deviation is what the outcome leaves of the budget
HEADS = (
    f"Utfall {YEAR - 2}",
    f"Utfall {YEAR - 1}",
    f"Budget {YEAR}",
    f"Utfall {YEAR}",
    f"Avvikelse {YEAR}",
    f"Budget {YEAR + 1}",
    f"Plan {YEAR + 2}",
    f"Plan {YEAR + 3}",
)
FIRST = {2: 2, 3: 2, 4: 1, 5: 1, 6: 1, 7: 1, 8: 0}  # the first head of tables of so many columns


def draw(n_rows: int, n_cols: int, missing: float, seed: str) -> Lawful:
    """A table of ``n_rows`` rows, their totals among them; a share of the figures is not printed."""
    dice = Dice(f"sixty {n_rows} {n_cols} {seed}")
    heads = HEADS[FIRST[n_cols] : FIRST[n_cols] + n_cols]
    names = bank("lawful")["names"]
    pool = [f"{kind} {place}" for kind in names["unit_kinds"] for place in names["unit_places"]]
    labels: list[str] = []
    values: dict[Place, float] = {}
    groups = dice.sample(names["groups"], n_rows // (GROUP + 1) + 1)
    open_: list[int] = []
    for r, name in enumerate(dice.sample(pool, n_rows)):
        total = len(open_) == GROUP or r == n_rows - 1
        group = groups[r // (GROUP + 1)]
        labels.append(f"Summa {group[0].lower()}{group[1:]}" if total else name)
        size = dice.between(2.6, 4.6, 2)
        for c in range(n_cols):
            known = [values[part, c] for part in open_ if (part, c) in values]
            if total and known:
                values[r, c] = sum(known)
            elif not total and not dice.chance(missing):
                values[r, c] = float(round(10**size * dice.between(0.9, 1.1, 3)))
        if (deviation := next((c for c, head in enumerate(heads) if head.startswith("Avvikelse")), None)) is not None:
            values[r, deviation] = values.get((r, deviation - 2), 0.0) - values.get((r, deviation - 1), 0.0)
        open_ = [] if total else [*open_, r]
    texts = tuple(tuple(figure(values[r, c], 0) if (r, c) in values else "" for c in range(n_cols)) for r in range(n_rows))
    kinds = tuple("sum" if label.startswith("Summa") else "row" for label in labels)
    return Lawful(
        seed, "Driftredovisning", "Driftredovisning per enhet", "tkr", "Belopp i tkr", "Enhet", (heads,), tuple(labels), kinds,
        (0,) * n_rows, texts, values, (), dict.fromkeys(values, 0), YEAR,
    )  # fmt: skip


def report_of(table: Lawful, form: Form) -> Report:
    """A short report with the table."""
    printed = print_table(table, form, lose=False)
    source = io.BytesIO(printed.data)
    source.name = f"exby{printed.suffix}"
    return read(source)


class Timed(NamedTuple):
    """How many milliseconds a table takes, and the share of its figures that are read as printed."""

    ms: float
    exact: float


def read_tables(report: Report) -> tuple[Table, ...]:
    """The tables of a report: found, read and checked."""
    tables = find_tables(report, load_vocabulary())
    check_tables(replace(report, tables=tables), load_vocabulary())
    return tables


def exact(table: Lawful, found: Sequence[Table]) -> float:
    """The share of the figures that are read as printed, in the row with their label and in their column."""
    rows = {label: r for r, label in enumerate(table.labels)}
    read: dict[Place, float] = {}
    for one in found:
        for cell in one.cells:
            label = " ".join(one.rows[cell.row].rpartition(", ")[2].split())
            if cell.value is not None and label in rows:
                read[rows[label], cell.col - 1] = cell.value
    return sum(read.get(place) == value for place, value in table.values.items()) / len(table.values)


def timed(tables: Sequence[tuple[Lawful, Report]], rounds: int) -> Timed:
    """The mean over tables of the best time of each."""
    best = []
    for _, report in tables:
        times = []
        for _ in range(rounds):
            begun = time.process_time()
            read_tables(report)
            times.append(time.process_time() - begun)
        best.append(1000 * min(times))
    return Timed(mean(best), mean(exact(table, read_tables(report)) for table, report in tables))


def profile(form: Form, n_cols: int, args: argparse.Namespace) -> str:
    """Where the time goes."""
    reports = [report_of(draw(args.rows, n_cols, args.missing, str(i)), form) for i in range(args.tables)]
    for report in reports:
        read_tables(report)
    profiler = cProfile.Profile()
    for report in reports:
        profiler.runcall(read_tables, report)
    told = io.StringIO()
    pstats.Stats(profiler, stream=told).sort_stats("tottime").print_stats(30)
    return told.getvalue()


def main() -> int:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=60)
    parser.add_argument("--missing", type=float, default=0.04, help="share of the figures that are not printed")
    parser.add_argument("--tables", type=int, default=3, help="of each kind")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--columns", type=int, nargs="*", default=list(COLUMNS))
    parser.add_argument("--profile", nargs=2, metavar=("FORM", "COLUMNS"))
    args = parser.parse_args()
    if args.profile:
        print(profile(args.profile[0], int(args.profile[1]), args))
        return 0
    print(f"| form | {' | '.join(f'{c} columns' for c in args.columns)} | growth from {args.rows // 2} rows | exact |")
    print(f"| --- |{' --- |' * len(args.columns)} --- | --- |")
    for form in FLAT:
        whole, half = (
            [
                timed([(t, report_of(t, form)) for i in range(args.tables) for t in [draw(rows, c, args.missing, str(i))]], args.rounds)
                for c in args.columns
            ]
            for rows in (args.rows, args.rows // 2)
        )
        growth = sum(t.ms for t in whole) / sum(t.ms for t in half)
        told = [*(f"{t.ms:.0f}" for t in whole), f"{growth:.1f}", f"{mean(t.exact for t in whole):.3f}"]
        print(f"| {form} | {' | '.join(told)} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
