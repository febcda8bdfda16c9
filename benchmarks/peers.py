"""Put the same tables through docmine and the table finders of pdfplumber and camelot, and the same amounts through docmine,
price-parser and quantulum3, in one run.

    python benchmarks/peers.py                 60 tables as ruled and unruled PDF, 300 amounts
    python benchmarks/peers.py --seed 2 --count 20
    python benchmarks/peers.py --readme        write the tables into README.md

It needs ``pip install ".[bench]"``. The other finders give texts of cells; these are read with docmine's own reader of figures, so
that what is compared is where a table and its cells are seen. Their pages are searched with the settings that their manuals give for
tables with lines and without.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from docmine.extract.money import find_money
from docmine.pipeline import mine_report, read
from docmine.schema import MONEY_UNITS
from docmine.tables.meaning import cell_value
from docmine.vocabulary import load_vocabulary

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "corpus"), str(ROOT / "benchmarks")]

from accuracy import write_between  # noqa: E402
from generator.dice import Dice  # noqa: E402
from generator.lawful import draw_table  # noqa: E402
from generator.lawful_print import PDF, print_table  # noqa: E402
from generator.phrases import bank  # noqa: E402
from generator.swedish import figure  # noqa: E402
from tables import match  # noqa: E402

Grid = Sequence[Sequence[str | None]]
Finder = Callable[[bytes], pd.DataFrame]


def _cells(grids: Sequence[Grid]) -> pd.DataFrame:
    """Grids of texts in the form of docmine's cells."""
    rows = [
        {
            "table_id": f"{t:03}",
            "row": r,
            "col": c,
            "row_label": " ".join((row[0] or "").split()),
            "col_label": "",
            "text": text,
            "value": cell_value(" ".join(text.split())) if c else None,
            "confidence": 1.0,
        }
        for t, grid in enumerate(grids)
        for r, row in enumerate(grid)
        for c, text in enumerate(row)
        if text
    ]
    return pd.DataFrame(rows, columns=["table_id", "row", "col", "row_label", "col_label", "text", "value", "confidence"])


def _docmine(data: bytes) -> pd.DataFrame:
    source = io.BytesIO(data)
    source.name = "exby.pdf"
    return mine_report(read(source))["cells"]


def _pdfplumber(**settings: str) -> Finder:
    def find(data: bytes) -> pd.DataFrame:
        import pdfplumber

        with pdfplumber.open(io.BytesIO(data)) as pdf:
            return _cells([grid for page in pdf.pages for grid in page.extract_tables(settings)])

    return find


def _camelot(flavor: str) -> Finder:
    def find(data: bytes) -> pd.DataFrame:
        import camelot

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of pages without tables
            return _cells([t.df.values.tolist() for t in camelot.read_pdf(io.BytesIO(data), pages="all", flavor=flavor)])

    return find


FINDERS: dict[str, Finder] = {
    "docmine, the whole": _docmine,
    "pdfplumber, lines": _pdfplumber(),
    "pdfplumber, text": _pdfplumber(vertical_strategy="text", horizontal_strategy="text"),
    "camelot, lattice": _camelot("lattice"),
    "camelot, stream": _camelot("stream"),
}


def tables(seed: str, count: int) -> str:
    """The share of cells that each finder gets exactly, by form, with what it gets wrong and its time."""
    drawn = [draw_table(f"{seed}-{i}") for i in range(count)]
    printed = {(i, form): print_table(table, form) for i, table in enumerate(drawn) for form in PDF}
    lines = [
        "| tables | " + " | ".join(f"{form}: exact | wrong | ms a table" for form in PDF) + " |",
        "| --- |" + " --- | --- | --- |" * len(PDF),
    ]
    for name, find in FINDERS.items():
        told: list[str] = []
        find(printed[0, PDF[0]].data)  # what is loaded on the first call is not the finder's speed
        for form in PDF:
            counts: Counter[str] = Counter()
            spent = 0.0
            for i, table in enumerate(drawn):
                page = printed[i, form]
                start = time.process_time()
                cells = find(page.data)
                spent += time.process_time() - start
                found = match(table, cells)
                for place, true in page.values.items():
                    got = found.read.get(place)
                    value = got.value if got else None
                    right = value is not None and abs(value - true) < 1e-9
                    counts["cells"] += 1
                    counts["exact"] += right
                    counts["wrong"] += value is not None and not right
            n = counts["cells"]
            told += [f"{counts['exact'] / n:.4f}", f"{counts['wrong'] / n:.4f}", f"{1000 * spent / count:.0f}"]
        lines.append(f"| {name} | {' | '.join(told)} |")
    return "\n".join(lines)


Amount = tuple[str, str, float, float]  # sentence, the amount in it, its figure, kronor


def draw_amounts(seed: str, count: int) -> Iterator[Amount]:
    """Amounts as reports print them, each in a sentence of its own."""
    dice, words = Dice(f"amounts {seed}"), bank("lawful")["amounts"]
    for _ in range(count):
        unit, power = dice.pick(words["units"])
        decimals = dice.pick((0, 1, 1, 2)) if power == 6 else 0
        digits = {6: dice.integer(1, 4), 3: dice.integer(2, 7), 0: dice.integer(3, 9)}[power]
        value = dice.integer(10 ** (digits - 1), 10**digits - 1) + (dice.integer(1, 10**decimals - 1) / 10**decimals if decimals else 0)
        value = -value if dice.chance(0.2) else value
        amount = f"{figure(value, decimals, group=dice.pick((' ', ' ', chr(0xA0))), minus=dice.pick(('-', '–', 'minus ')))} {unit}"
        sentence = dice.pick(words["sentences"]).format(amount=amount, year=dice.integer(2015, 2025))
        yield sentence, amount, round(value, decimals), round(value * 10**power, 2)


def _mined(texts: Sequence[str]) -> list[list[tuple[float, float]]]:
    """What docmine reads in each of some paragraphs: figures and kronor."""
    whole = "\n\n".join(texts) + "\n"
    source = io.BytesIO(whole.encode())
    source.name = "exby.txt"
    report = read(source)
    amounts = mine_report(report)["amounts"]
    found: list[list[tuple[float, float]]] = []
    at = 0
    for text in texts:
        at = report.text.index(text, at)
        here = amounts[(amounts["start"] >= at) & (amounts["end"] <= at + len(text))]
        found.append([(float(v), float(k)) for v, k in zip(here["value"], here["value_sek"], strict=True)])
    return found


def _read(texts: Sequence[str]) -> list[list[tuple[float, float]]]:
    """What docmine's reader of amounts finds in texts that are no paragraphs."""
    return [[(m.value, m.value * MONEY_UNITS[m.unit]) for m in find_money(text, load_vocabulary())] for text in texts]


def _priced(texts: Sequence[str]) -> list[list[tuple[float, float]]]:
    from price_parser import Price

    prices = [Price.fromstring(text).amount_float for text in texts]
    return [[] if price is None else [(price, price)] for price in prices]


def _quantities(texts: Sequence[str]) -> list[list[tuple[float, float]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from quantulum3 import parser

        return [[(q.value, q.value) for q in parser.parse(text)] for text in texts]


# of amounts alone, of amounts in sentences
READERS = {"docmine": (_read, _mined), "price-parser": (_priced, _priced), "quantulum3": (_quantities, _quantities)}


def amounts(seed: str, count: int) -> str:
    """The share of amounts that each reader gets: the figure with its sign, and the kronor; alone and in a sentence."""
    drawn = list(draw_amounts(seed, count))
    lines = [
        "| amounts | alone: figure | kronor | in a sentence: figure, nothing else | kronor | ms an amount |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, (bare, whole) in READERS.items():
        whole([drawn[0][0]])  # what is loaded on the first call is not the reader's speed
        alone = bare([amount for _, amount, _, _ in drawn])
        start = time.process_time()
        told = whole([sentence for sentence, _, _, _ in drawn])
        spent = time.process_time() - start
        shares = []
        for found in (alone, told):
            for which in (0, 1):
                right = sum(len(got) == 1 and abs(got[0][which] - one[2 + which]) < 0.005 for got, one in zip(found, drawn, strict=True))
                shares.append(f"{right / count:.3f}")
        lines.append(f"| {name} | {' | '.join(shares)} | {1000 * spent / count:.1f} |")
    return "\n".join(lines)


def main() -> int:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--amounts", type=int, default=300)
    parser.add_argument("--readme", action="store_true")
    args = parser.parse_args()
    text = f"{tables(args.seed, args.count)}\n\n{amounts(args.seed, args.amounts)}"
    print(text)
    if args.readme:
        write_between(ROOT / "README.md", "peers", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
