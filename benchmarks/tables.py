"""Measure on random but lawful tables how exactly their figures are read, and whether their arithmetic is checked.

    python benchmarks/tables.py                          500 tables in every form, 200 falsified, 200 untouched
    python benchmarks/tables.py --seed 2 --count 50      other tables, fewer
    python benchmarks/tables.py --forms glued,ruled      these forms only
    python benchmarks/tables.py --show 3                 also the misses by form and cause, with three examples of each
    python benchmarks/tables.py --print 1-17 glued       one printed table beside what is read from it
    python benchmarks/tables.py --readme                 write the table into README.md

A figure is matched by its place: its row by the label, its column by position (by the head where the number of columns differs).
`exact` is what is read as printed, whatever its confidence; `silently wrong` what is not, with a confidence of .9 or more, figures
that stand nowhere in the table included. Arithmetic decides a figure where a relation of its row or column covers it and all
readings of its row that obey the relations agree on it (`decided`).

Figures are falsified in tables that have lost none. A relation covers a figure where enough of it is printed to be recomputed: a
difference or a share with both its figures, a total with two parts at least (what the source leaves empty is nought there). Only an
alteration that breaks such a relation beyond all rounding is made, and it is flagged where a check fails at a figure of a relation
that it breaks, not just anywhere in the table. Running text does not show in which columns the figures of a row stand that lacks
some; that the total can still not hold is known, since its figures of all columns together are those of its parts.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from docmine.pipeline import mine_report, read

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "corpus"), str(ROOT / "benchmarks")]

from accuracy import write_between  # noqa: E402
from decided import decided  # noqa: E402
from generator.dice import Dice  # noqa: E402
from generator.lawful import Lawful, Place, alter, draw_table  # noqa: E402
from generator.lawful_print import FORMS, PDF, Form, Print, print_table  # noqa: E402

SURE = 0.9


class Read(NamedTuple):
    """A figure as read: None where its cell holds none; ``table`` and ``cell`` are its place in what was read."""

    value: float | None
    confidence: float
    table: str
    cell: Place


@dataclass
class Matched:
    """What was read of a table: the figures by their true places, those that belong nowhere, the rows that were found."""

    read: dict[Place, Read] = field(default_factory=dict)
    stray: list[Read] = field(default_factory=list)
    rows: dict[int, str] = field(default_factory=dict)  # true row: the label read
    shown: dict[int, str] = field(default_factory=dict)  # true row: the row read
    widths: set[int] = field(default_factory=set)  # figure columns of the tables read


def mined(printed: Print) -> dict[str, pd.DataFrame]:
    """The frames of a printed report."""
    source = io.BytesIO(printed.data)
    source.name = f"exby{printed.suffix}"
    return mine_report(read(source))


def match(table: Lawful, cells: pd.DataFrame) -> Matched:
    """Match the cells that were read to the places of a table."""
    found = Matched()
    rows: list[tuple[str, int, list[_Cell]]] = [(t, r, list(part)) for (t, r), part in _by_row(cells).items()]
    widths = _widths(rows)
    heads = {t: {c.col: c.col_label for u, _, part in rows if u == t for c in part} for t in widths}
    columns = {t: _columns(table, widths[t], heads[t]) for t in widths}
    pairs = _aligned(table, rows, columns)
    for i, (name, r, part) in enumerate(rows):
        row = pairs.get(i)
        if row is not None:
            found.rows[row] = part[0].row_label
            found.shown[row] = " | ".join(c.text for c in part)
            found.widths.add(widths[name] - 1)
        for cell in part:
            read_ = Read(cell.value, cell.confidence, name, (r, cell.col))
            col = columns[name].get(cell.col)
            if row is not None and col is not None:
                found.read[row, col] = read_
            elif cell.value is not None and not (table.notes and cell.col == 1):
                found.stray.append(read_)
    return found


class _Cell(NamedTuple):
    table: str
    row: int
    col: int
    row_label: str
    col_label: str
    text: str
    value: float | None
    confidence: float


def _by_row(cells: pd.DataFrame) -> dict[tuple[str, int], list[_Cell]]:
    """The cells by table and row, in order."""
    columns = ["table_id", "row", "col", "row_label", "col_label", "text", "value", "confidence"]
    missing = {"row_label": "", "col_label": "", "value": np.nan}
    told = [cells[c].astype(object).fillna(missing[c]) if c in missing else cells[c] for c in columns]
    rows: dict[tuple[str, int], list[_Cell]] = defaultdict(list)
    for table, row, col, label, head, text, value, confidence in sorted(zip(*(c.tolist() for c in told), strict=True)):
        rows[table, row].append(_Cell(table, row, col, label, head, text, None if value != value else float(value), confidence))
    return rows


def _widths(rows: Iterable[tuple[str, int, list[_Cell]]]) -> dict[str, int]:
    widths: dict[str, int] = {}
    for name, _, part in rows:
        widths[name] = max(widths.get(name, 0), 1 + max(c.col for c in part))
    return widths


def _columns(table: Lawful, width: int, heads: Mapping[int, str]) -> dict[int, int]:
    """The figure column that each column read is."""
    for lead in (table.lead, 1):
        if width == table.n_cols + lead:
            return {c + lead: c for c in range(table.n_cols)}
    paths = table.paths()
    mapped: dict[int, int] = {}
    last = -1
    for col in range(1, width):
        close = [c for c in range(last + 1, len(paths)) if heads.get(col) and fuzz.ratio(heads[col].replace(" / ", " "), paths[c]) > 85]
        if close:
            mapped[col] = last = close[0]
    return mapped or {c + width - table.n_cols: c for c in range(table.n_cols) if c + width - table.n_cols > 0}


def _aligned(table: Lawful, rows: Sequence[tuple[str, int, list[_Cell]]], columns: Mapping[str, Mapping[int, int]]) -> dict[int, int]:
    """The true row of each row read, both in order, by label and a little by figures."""
    if not rows:
        return {}
    labels = [" ".join(part[0].row_label.split()) for _, _, part in rows]
    alike = process.cdist(labels, table.labels, scorer=fuzz.ratio) / 100
    for i, label in enumerate(labels):
        for r, true in enumerate(table.labels):
            if label != true and label.endswith(true):
                alike[i, r] = max(alike[i, r], 0.9)
    index: dict[tuple[int, float], list[int]] = defaultdict(list)
    for (r, c), value in table.values.items():
        index[c, round(value, 6)].append(r)
    named = np.array([kind == "group" for kind in table.kinds])
    for i, (name, _, part) in enumerate(rows):
        figures = [(columns[name].get(c.col), c.value) for c in part if c.value is not None]
        if not figures:
            alike[i, ~named] *= 0.5
            continue
        same = Counter(r for col, value in figures if col is not None for r in index.get((col, round(value, 6)), ()))
        for r in range(len(table.labels)):
            if alike[i, r] < 0.55 and (same[r] < 2 or 2 * same[r] <= len(figures)):
                alike[i, r] = 0.0
            else:
                alike[i, r] += 0.3 * same[r] / len(figures)
    n, m = alike.shape
    best = np.zeros((n + 1, m + 1))
    for i in range(n):
        for r in range(m):
            both = best[i, r] + alike[i, r] if alike[i, r] else 0.0
            best[i + 1, r + 1] = max(best[i, r + 1], best[i + 1, r], both)
    pairs: dict[int, int] = {}
    i, r = n, m
    while i and r:
        if best[i, r] == best[i - 1, r]:
            i -= 1
        elif best[i, r] == best[i, r - 1]:
            r -= 1
        else:
            i, r = i - 1, r - 1
            pairs[i] = r
    return pairs


@dataclass
class Tally:
    """Counts of cells of one form."""

    counts: Counter[str] = field(default_factory=Counter)

    def share(self, part: str, whole: str) -> float:
        """One count as a share of another."""
        return self.counts[part] / self.counts[whole] if self.counts[whole] else float("nan")


class Miss(NamedTuple):
    """A figure that was not read as printed."""

    form: str
    cause: str
    silent: bool
    seed: str
    told: str


def judge(table: Lawful, form: str, printed: Print, found: Matched, tally: Tally) -> Iterator[Miss]:
    """Count the cells of a table, and tell what is wrong."""
    count = tally.counts
    sure = decided(table, printed)
    for r, (label, kind) in enumerate(zip(table.labels, table.kinds, strict=True)):
        if kind == "group":
            continue
        count["rows"] += 1
        count["labels"] += r in found.rows and found.rows[r].endswith(label)
        for c in range(table.n_cols):
            place = (r, c)
            true, got = printed.values.get(place), found.read.get(place)
            value = got.value if got else None
            if true is None and r not in found.rows:
                continue
            right = value == true if value is None or true is None else abs(value - true) < 1e-9
            confident = got is not None and got.value is not None and got.confidence >= SURE
            count["cells"] += 1
            count["exact"] += right
            count["decided"] += place in sure
            count["decided exact"] += right and place in sure
            count["doubted right"] += right and got is not None and value is not None and not confident
            count["doubted wrong"] += not right and value is not None and not confident
            count["silent"] += not right and confident
            count["missed"] += not right and value is None
            if not right:
                cause = _cause(table, printed, place, found)
                shown = found.shown.get(r, "–")
                text = f"{_told(table, r)}  column {c}: {true} read {value}   of  {shown}"
                yield Miss(form, cause + (" (decided)" if place in sure else ""), confident, table.seed, text)
    for got in found.stray:
        silent = got.confidence >= SURE
        count["stray"] += 1
        count["silent"] += silent
        yield Miss(form, "belongs nowhere", silent, table.seed, f"{got.value} at {got.cell} of {got.table}")


def _cause(table: Lawful, printed: Print, place: Place, found: Matched) -> str:
    r, c = place
    true, got = printed.values.get(place), found.read.get(place)
    value = got.value if got else None
    if not found.rows:
        return "no table"
    if r not in found.rows:
        return "row not found"
    if found.widths - {table.n_cols, table.n_cols + table.lead - 1}:
        return f"other number of columns ({table.n_cols} read as {'/'.join(map(str, sorted(found.widths)))})"
    if true is None:
        return "a missing cell was filled"
    if value is None:
        return "cell left empty"
    if (r, c) in table.marks:
        return "footnote mark"
    if value == -true:
        return "sign"
    if any(abs(value - printed.values.get((r, d), 1e99)) < 1e-9 for d in range(table.n_cols) if d != c):
        return "shifted to another column"
    a, b = _digits(value), _digits(true)
    if a.startswith(b) or a.endswith(b):
        return "joined with more digits"
    if b.startswith(a) or b.endswith(a):
        return "split"
    return "cut elsewhere"


def _told(table: Lawful, r: int) -> str:
    """A row as it is printed, empty cells as ``_``."""
    return f"{table.labels[r]} :: {' '.join(text or '_' for text in table.texts[r])}"


def _digits(value: float) -> str:
    return f"{abs(value):.2f}".replace(".", "").rstrip("0") or "0"


def read_tables(seed: str, count: int, forms: Sequence[Form]) -> tuple[dict[str, Tally], list[Miss]]:
    """Print and read tables in each form."""
    tallies: dict[str, Tally] = {form: Tally() for form in forms}
    misses: list[Miss] = []
    for i in range(count):
        table = draw_table(f"{seed}-{i}")
        for form in forms:
            printed = print_table(table, form)
            found = match(table, mined(printed)["cells"])
            misses += judge(table, form, printed, found, tallies[form])
    return tallies, misses


class Verdict(NamedTuple):
    """What the checks say of a table: whether a relation that is broken was flagged, whether any was; how the altered figure was read."""

    form: str
    seed: str
    rules: frozenset[str]
    flagged: bool
    any: bool
    read: str
    told: str


def check_tables(seed: str, count: int, forms: Sequence[Form]) -> tuple[list[Verdict], list[Verdict]]:
    """Falsify one figure in each of some tables, and leave as many untouched."""
    altered: list[Verdict] = []
    untouched: list[Verdict] = []
    i = 0
    while len(altered) < count or len(untouched) < count:
        name = f"{seed}-c{i}"
        table, form = draw_table(name), forms[i % len(forms)]
        i += 1
        false = alter(table, Dice(f"alter {name}"))
        if false is not None and len(altered) < count:
            altered.append(_verdict(false, form))
        if len(untouched) < count:
            untouched.append(_verdict(table, form))
    return altered, untouched


def _verdict(table: Lawful, form: Form) -> Verdict:
    printed = print_table(table, form, lose=False)
    frames = mined(printed)
    found = match(table, frames["cells"])
    failed = frames["checks"][~frames["checks"]["passed"].astype(bool)]
    failing = {(c.table_id, (c.row, c.col)) for c in failed.itertuples()}
    broken = [r for r in table.relations if r.broken(table.values)]
    places = {(got.table, got.cell): place for place, got in found.read.items()}
    wrong = {places.get(each) for each in failing}
    flagged = any(place in wrong for r in broken for place in r.places)
    got = found.read.get(table.altered) if table.altered else None
    told, state = "", "right"
    if table.altered:
        true = table.values[table.altered]
        state = "not read" if got is None or got.value is None else "right" if abs(got.value - true) < 1e-9 else "wrong"
        if state == "wrong" and got is not None and got.confidence >= SURE:
            state = "silently wrong"
        r = table.altered[0]
        told = f"{_told(table, r)}  column {table.altered[1]} is {true}; read {found.shown.get(r, '–')}"
    elif failing:
        told = "; ".join(
            f"{c.rule} at {places.get((c.table_id, (c.row, c.col)))}: {c.found}, expected {c.expected}" for c in failed.itertuples()
        )[:400]
    return Verdict(form, table.seed, frozenset(r.rule for r in broken), flagged, bool(failing), state, told)


def cell_table(tallies: Mapping[str, Tally]) -> str:
    """The README's table of cells: a row a form."""
    lines = [
        "| form | cells | exact | where arithmetic decides | in doubt, right / wrong | silently wrong | labels |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    groups: list[tuple[str, Sequence[str]]] = [(form, (form,)) for form in tallies]
    groups += [("**PDF**", [f for f in tallies if f in PDF]), ("**text**", [f for f in tallies if f not in PDF])]
    for name, forms in groups:
        tally = Tally(sum((tallies[f].counts for f in forms), Counter()))
        n = tally.counts
        if not n["cells"]:
            continue
        cells = [
            f"{n['cells']}",
            f"{tally.share('exact', 'cells'):.4f}",
            f"{tally.share('decided exact', 'decided'):.4f} ({n['decided']})",
            f"{n['doubted right']} / {n['doubted wrong']}",
            f"{100 * tally.share('silent', 'cells'):.2f} %",
            f"{tally.share('labels', 'rows'):.3f}",
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def check_table(altered: Sequence[Verdict], untouched: Sequence[Verdict]) -> str:
    """The README's table of checks."""
    lines = ["| form | falsified and flagged | read as printed | untouched and flagged |", "| --- | --- | --- | --- |"]
    for form in [*dict.fromkeys(v.form for v in altered), ""]:
        a = [v for v in altered if form in ("", v.form)]
        u = [v for v in untouched if form in ("", v.form)]
        right = sum(v.read == "right" for v in a)
        lines.append(
            f"| {form or '**all**'} | {sum(v.flagged for v in a)} of {len(a)} | {right} of {len(a)} | {sum(v.any for v in u)} of {len(u)} |"
        )
    return "\n".join(lines)


def show(misses: Sequence[Miss], altered: Sequence[Verdict], untouched: Sequence[Verdict], examples: int) -> str:
    """The misses by form and cause, most first, with examples from different tables."""
    groups: dict[tuple[str, str], list[Miss]] = defaultdict(list)
    for miss in misses:
        groups[miss.form, miss.cause].append(miss)
    lines = []
    for (form, cause), group in sorted(groups.items(), key=lambda g: -len(g[1])):
        seeds = {m.seed for m in group}
        lines.append(f"\n{form}: {cause} – {len(group)} cells in {len(seeds)} tables, {sum(m.silent for m in group)} silently")
        lines += [f"    {m.seed}  {m.told}" for m in {m.seed: m for m in reversed(group)}.values()][:examples]
    lines.append("\nfalsified but not flagged:")
    lines += [f"    {v.form} {v.seed} {'/'.join(sorted(v.rules))} read {v.read}: {v.told}" for v in altered if not v.flagged]
    lines.append("\nuntouched but flagged:")
    lines += [f"    {v.form} {v.seed}: {v.told}" for v in untouched if v.any]
    return "\n".join(lines)


def beside(seed: str, form: Form) -> str:
    """A printed table (text forms: as it stands) and what is read from it."""
    table = draw_table(seed)
    printed = print_table(table, form)
    if printed.suffix == ".pdf":
        Path("table.pdf").write_bytes(printed.data)
    frames = mined(printed)
    lines = ["see table.pdf" if printed.suffix == ".pdf" else printed.data.decode(), f"{table.genre}, columns {table.paths()}"]
    for name, part in frames["cells"].groupby("table_id", sort=True):
        lines.append(f"-- {name} {frames['tables'].set_index('table_id').loc[name, ['origin', 'unit', 'title']].tolist()}")
        for _, row in part.sort_values(["row", "col"]).groupby("row"):
            lines.append(
                "   "
                + " | ".join(f"{c.text}{'' if pd.isna(c.value) else f' = {c.value:g} ({c.confidence:.2f})'}" for c in row.itertuples())
            )
    return "\n".join(lines)


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--checks", type=int, default=200, help="how many tables are falsified, and how many left untouched")
    parser.add_argument("--forms", default=",".join(FORMS))
    parser.add_argument("--show", type=int, default=0, metavar="N")
    parser.add_argument("--print", nargs=2, metavar=("SEED", "FORM"))
    parser.add_argument("--readme", action="store_true")
    args = parser.parse_args()
    if args.print:
        print(beside(args.print[0], args.print[1]))
        return 0
    forms = [form for form in FORMS if form in args.forms.split(",")]
    tallies, misses = read_tables(args.seed, args.count, forms)
    altered, untouched = check_tables(args.seed, args.checks, forms)
    text = f"{cell_table(tallies)}\n\n{check_table(altered, untouched)}"
    print(text)
    if args.show:
        print(show(misses, altered, untouched, args.show))
    if args.readme:
        write_between(ROOT / "README.md", "tables", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
