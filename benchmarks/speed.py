"""Pages a second of the whole of docmine beside other tools, all in one process and one run; and memory.

    python benchmarks/speed.py                          a table of speeds and memory
    python benchmarks/speed.py --readme                 also write it into README.md
    python benchmarks/speed.py --seed 900 --count 60    other reports are generated

The reports are those of corpus/reports, some made anew by corpus/make.py and, where they are, those of ../shared/corpus. The tools
take turns, so that a machine that slows down slows them all. CPU seconds are counted, and the best of the rounds. Memory is the
most that a process of its own has held at once, imports and all.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import pdfplumber
import pypdfium2 as pdfium
from accuracy import ROOT, SHARED, write_between

import docmine
from docmine.load import load

MIB = 2**20
#: after so many files it is the next tool's turn
TOGETHER = 4
#: what counts as a page of a transcript that has no marks of pages
PAGE = 2_500
#: pages of the report whose memory is measured
LONG = 500

Tool = Callable[[Sequence[Path]], None]


def pdfium_text(paths: Sequence[Path]) -> None:
    for path in paths:
        with pdfium.PdfDocument(path) as document:
            for page in document:
                page.get_textpage().get_text_bounded()


def docmine_load(paths: Sequence[Path]) -> None:
    for path in paths:
        load(path, ocr=False)


def docmine_mine(paths: Sequence[Path]) -> None:
    docmine.mine(paths, ocr=False)


def plumber_words(paths: Sequence[Path]) -> None:
    for path in paths:
        with pdfplumber.open(path) as document:
            for page in document.pages:
                page.extract_words(extra_attrs=["fontname", "size"])
                page.close()


def plumber_tables(paths: Sequence[Path]) -> None:
    for path in paths:
        with pdfplumber.open(path) as document:
            for page in document.pages:
                page.extract_text()
                page.find_tables()
                page.close()


def camelot_stream(paths: Sequence[Path]) -> None:
    import camelot

    for path in paths:
        camelot.read_pdf(str(path), pages="all", flavor="stream", suppress_stdout=True)  # type: ignore[attr-defined]


FLOOR, LOAD, MINE = "PDFium, text only (the floor)", "docmine, `load()`", "docmine, the whole of `mine()`"
WORDS, TABLES = "pdfplumber `extract_words`", "pdfplumber `extract_text` + `find_tables`"
TOOLS: dict[str, Tool] = {FLOOR: pdfium_text, LOAD: docmine_load, MINE: docmine_mine, WORDS: plumber_words, TABLES: plumber_tables}


def peers() -> tuple[dict[str, Tool], list[str]]:
    """The optional tools that can run here, and why others cannot."""
    notes = [
        "Pages that are pictures are not read (`ocr=False`)",
        "docling is not in the table: it downloads its models when it first runs",
    ]
    try:
        import camelot  # noqa: F401
    except ImportError:
        return {}, [*notes, "camelot is not installed (`pip install camelot-py`)"]
    return {"camelot `stream` (tables only)": camelot_stream}, notes


def best(tools: dict[str, Tool], paths: Sequence[Path], rounds: int) -> dict[str, float]:
    """CPU seconds of each tool over all the files, each handful of files in the best of the rounds."""
    seconds = dict.fromkeys(tools, 0.0)
    for at in range(0, len(paths), TOGETHER):
        fastest = dict.fromkeys(tools, float("inf"))
        for _ in range(rounds):
            for name, tool in tools.items():
                gc.collect()
                start = time.process_time()
                tool(paths[at : at + TOGETHER])
                fastest[name] = min(fastest[name], time.process_time() - start)
        seconds = {name: seconds[name] + fastest[name] for name in tools}
    return seconds


def pages_of(path: Path) -> float:
    """Pages of a PDF, or of a transcript."""
    if path.suffix == ".pdf":
        with pdfium.PdfDocument(path) as document:
            return len(document)
    report = load(path)
    return max(len(report.pages), len(report.text) / PAGE) if report.pages[0].number is None else len(report.pages)


def make(folder: Path, seed: int, count: int, *options: str) -> Path:
    """Generate reports; the folder that holds them."""
    call = [sys.executable, str(ROOT / "corpus" / "make.py"), "--seed", str(seed), "--count", str(count), "--out", str(folder), *options]
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL)
    return folder / "texts"


def corpora(made: Path, seed: int, count: int) -> dict[str, list[Path]]:
    """The files of each corpus."""
    folders = {"real": SHARED / "corpus", "samples": ROOT / "corpus" / "reports", f"generated (seed {seed})": make(made, seed, count)}
    found = {}
    for name, folder in folders.items():
        texts = (folder / "texts" if name == "real" else folder).glob("*.txt")
        pdfs = (path for path in folder.rglob("*.pdf") if "scanned" not in path.parts)
        if folder.is_dir():
            found[name] = sorted([*texts, *pdfs])
    return found


@dataclass
class Column:
    """The pages of a corpus, and the seconds that each tool took over them."""

    pages: float
    seconds: dict[str, float]

    def speed(self, tool: str) -> float:
        """Pages a second."""
        return self.pages / self.seconds[tool]


def together(columns: Sequence[Column]) -> Column:
    """Several corpora as one: all their pages in all their seconds."""
    return Column(sum(c.pages for c in columns), {tool: sum(c.seconds[tool] for c in columns) for tool in columns[0].seconds})


def table(files: dict[str, list[Path]], rounds: int) -> str:
    """A Markdown table of pages a second."""
    optional, notes = peers()
    tools = TOOLS | optional
    docmine.mine(files["samples"], ocr=False)  # imports and reads the vocabulary before the clock starts
    heads = [*files, "all"]
    pdfs: list[Column] = []
    texts: list[Column] = []
    for paths in files.values():
        for columns, suffix, measured in ((pdfs, ".pdf", tools), (texts, ".txt", {MINE: docmine_mine})):
            some = [path for path in paths if path.suffix == suffix]
            columns.append(Column(sum(map(pages_of, some)), best(measured, some, rounds)))
    reports = sum(path.suffix == ".pdf" for paths in files.values() for path in paths)
    for columns in (pdfs, texts):
        columns.append(together(columns))
    shown = [f"{name}: {column.pages:.0f} pages" for name, column in zip(heads, pdfs, strict=True)]
    lines = [f"| pages a second of CPU, one process | {' | '.join(shown)} |", "| --- |" + " ---: |" * len(heads)]
    lines += [f"| {tool} | {' | '.join(f'{column.speed(tool):.0f}' for column in pdfs)} |" for tool in tools]
    for other in (WORDS, TABLES):
        lines.append(f"| *`mine()` against {other}* | {' | '.join(f'{c.speed(MINE) / c.speed(other):.1f} ×' for c in pdfs)} |")
    lines.append(f"| `mine()` on transcripts | {' | '.join(f'{column.speed(MINE):.0f}' for column in texts)} |")
    notes.append(f"A transcript without marks of pages counts {PAGE:,} characters as one; a PDF has {pdfs[-1].pages / reports:.0f} pages")
    return "\n".join([*lines, "", f"{'. '.join(notes)}."])


# what Linux tells of a process by `getrusage` begins with the memory of the process that started it
_PEAK = """
import resource, sys, docmine
from pathlib import Path
def peak():
    told = Path("/proc/self/status")
    if told.exists():
        print(next(int(line.split()[1]) * 1024 for line in told.open() if line.startswith("VmHWM")))
    else:
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""


def peaks(code: str) -> list[float]:
    """Peak memory in MiB that a program prints of itself, one figure a line."""
    done = subprocess.run([sys.executable, "-c", _PEAK + code], capture_output=True, text=True, check=True)
    return [float(line) / MIB for line in done.stdout.split()]


def long_report(path: Path, parts: Sequence[Path]) -> Path:
    """A PDF of 500 pages: those of the parts, over and over if need be."""
    with pdfium.PdfDocument.new() as target:
        for part in cycle(parts):
            with pdfium.PdfDocument(part) as source:
                target.import_pages(source, pages=range(min(len(source), LONG - len(target))))
            if len(target) == LONG:
                break
        target.save(path)
    return path


def memory(folder: Path, seed: int) -> str:
    """Peak memory on reports of 500 pages, and after 1, 10 and 100 reports in one process."""
    made = sorted(make(folder / "long", seed, 100, "--form", "reportlab").glob("*.pdf"))
    sample = min((ROOT / "corpus" / "reports").glob("*.pdf"))
    figures = []
    for name, parts in (("different", made), ("same", [sample])):
        path = long_report(folder / f"{name}.pdf", parts)
        figures += peaks(f"docmine.mine({str(path)!r}, ocr=False); peak()")
    figures += peaks(
        f"for i, path in enumerate({[str(path) for path in made]!r}, 1):\n"
        "    docmine.mine(path, ocr=False)\n    if i in (1, 10, 100): peak()"
    )
    figures += peaks("peak()")
    different, same, one, ten, hundred, imports = (f"{figure:.0f}" for figure in figures)
    return (
        f"Peak memory: {different} MiB on a report of {LONG} pages that all differ, {same} MiB on one of the same few pages over and over; "
        f"{one}, {ten} and {hundred} MiB after 1, 10 and 100 generated reports. The imports alone take {imports} MiB."
    )


def main() -> int:
    """Print the figures, and write them into the README if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=900)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--readme", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        text = f"{table(corpora(made, args.seed, args.count), args.rounds)}\n\n{memory(made, args.seed)}"
    print(text)
    if args.readme:
        write_between(ROOT / "README.md", "speed", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
