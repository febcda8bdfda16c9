"""Feed numbers and tables with what atheris thinks up: ``python benchmarks/fuzz.py --seconds 300``.

Coverage guides it. It stops at the first exception that is not a DocmineError, or that breaks a promise below, and writes the input
into the folder of ``--keep``. Needs the extra: ``pip install "docmine[fuzz]"`` (Linux).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

try:
    import atheris
except ImportError:  # the tests need the targets only
    atheris = None

# only docmine is watched: to watch all that is imported takes minutes, and leads to the libraries
with atheris.instrument_imports(include=["docmine"]) if atheris and __name__ == "__main__" else nullcontext():
    from docmine.errors import DocmineError
    from docmine.records import Page, Report
    from docmine.swedish import find_comparator, find_numbers, find_period, find_periods, find_years, format_number, parse_number
    from docmine.tables import check_tables, find_tables
    from docmine.tables.readings import lex, readings
    from docmine.vocabulary import load_vocabulary

__all__ = ["TARGETS", "Target", "main"]

Target = Callable[[str], None]

_SEEDS = [
    "Netto\t-7 106\t-7 060\t-46\nSumma\t1 204\t1 190\t14\n",
    "Intäkter -189 857-179 773-10 084 Personalkostnader 616 086 600 058 16 028",
    "Belopp i tkr Utfall 2021 Budget 2021 Avvikelse Netto -71,3-74,8-74,8",
    "cirka 3,2 mnkr per den 31 augusti 2021, 70–80 procent, ±0, sex procent, 1.234.567,8",
]


def numbers(text: str) -> None:
    """Numbers stand where they say, have finite values, and come back from their own print."""
    parse_number(text)
    parse_number(text, percent=True)
    for words in (False, True):
        for number in find_numbers(text, words=words):
            assert 0 <= number.start < number.end <= len(text)
            assert number.value == number.value and abs(number.value) != float("inf")
            if number.value == round(number.value) and abs(number.value) < 1e12:
                assert parse_number(format_number(number.value)) == number.value


def periods(text: str) -> None:
    """Years, periods and comparators are found in any text."""
    for year in find_years(text):
        assert 0 <= year.start < year.end <= len(text)
    find_comparator(text)
    find_period(text)
    find_period(text, default_year=2021)
    list(find_periods(text))


def rows(text: str) -> None:
    """Every reading of a row takes its figures from the text in their order."""
    for run in lex(text, 0, len(text)):
        for found in readings(text, run).values():
            for reading in found:
                assert all(a.end <= b.start for a, b in zip(reading.figures, reading.figures[1:], strict=False))


def tables(text: str) -> None:
    """Cells stand where they say, inside the grid, and every check names a cell that is there."""
    report = Report("exby.txt", "0" * 64, text, (Page(1, 0, len(text)),))
    vocabulary = load_vocabulary()
    found = find_tables(report, vocabulary)
    for table in found:
        assert 0 <= table.start < table.end <= len(text)
        for cell in table.cells:
            assert 0 <= cell.start < cell.end <= len(text) and cell.row < table.n_rows and cell.col < table.n_cols
    places = {(t.index, c.row, c.col) for t in found for c in t.cells}
    for check in check_tables(Report("exby.txt", "0" * 64, text, report.pages, tables=found), vocabulary):
        assert (check.table, check.row, check.col) in places


TARGETS: tuple[Target, ...] = (numbers, periods, rows, tables)


def main() -> int:
    """Run until the time is up or something breaks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=120, help="time budget (default: 120)")
    parser.add_argument("--target", choices=[t.__name__ for t in TARGETS], help="only this one")
    parser.add_argument("--keep", type=Path, default=Path("fuzz"), help="folder for the inputs that were found (default: fuzz)")
    args = parser.parse_args()
    if atheris is None:
        print('atheris is not installed: pip install "docmine[fuzz]" (it has wheels for Linux)', file=sys.stderr)
        return 2
    wanted = [t for t in TARGETS if args.target in (None, t.__name__)]

    def one(data: bytes) -> None:
        text = data.decode("utf-8", "ignore")
        for target in wanted:
            try:
                target(text)
            except DocmineError:
                continue

    corpus = args.keep / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for n, seed in enumerate(_SEEDS):
        (corpus / f"seed{n}").write_text(seed, encoding="utf-8")
    flags = [f"-max_total_time={args.seconds}", "-max_len=400", "-timeout=10", f"-artifact_prefix={args.keep}/", str(corpus)]
    atheris.Setup([sys.argv[0], *flags], one)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
