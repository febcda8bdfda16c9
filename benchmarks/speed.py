"""Pages a second of the whole of docmine beside other tools, all in one process and one run; and memory.

    python benchmarks/speed.py                          a table of speeds and memory
    python benchmarks/speed.py --readme                 also write it into README.md
    python benchmarks/speed.py --seed 900 --count 24    other reports are generated

The reports are those of corpus/reports, some made anew by corpus/make.py and, where they are, those of ../shared/corpus. The tools
take turns, so that a machine that slows down slows them all. CPU seconds are counted, and the best of the rounds.
"""

from __future__ import annotations

import argparse
import gc
import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pdfplumber
import pypdfium2 as pdfium
from accuracy import ROOT, SHARED, write_between

import docmine
from docmine.load import load

MIB = 2**20
#: what counts as a page of a transcript that has no marks of pages
PAGE = 2_500

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
    """CPU seconds of each tool over all the files, the best of the rounds."""
    seconds = dict.fromkeys(tools, float("inf"))
    for _ in range(rounds):
        for name, tool in tools.items():
            gc.collect()
            start = time.process_time()
            tool(paths)
            seconds[name] = min(seconds[name], time.process_time() - start)
    return seconds


def pages_of(path: Path) -> float:
    """Pages of a PDF, or of a transcript."""
    if path.suffix == ".pdf":
        with pdfium.PdfDocument(path) as document:
            return len(document)
    report = load(path)
    return max(len(report.pages), len(report.text) / PAGE) if report.pages[0].number is None else len(report.pages)


def corpora(made: Path, seed: int, count: int) -> dict[str, list[Path]]:
    """The files of each corpus."""
    make = [sys.executable, str(ROOT / "corpus" / "make.py"), "--seed", str(seed), "--count", str(count), "--out", str(made)]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
    folders = {"real": SHARED / "corpus", "samples": ROOT / "corpus" / "reports", f"generated (seed {seed})": made / "texts"}
    found = {}
    for name, folder in folders.items():
        texts = (folder / "texts" if name == "real" else folder).glob("*.txt")
        pdfs = (path for path in folder.rglob("*.pdf") if "scanned" not in path.parts)
        if folder.is_dir():
            found[name] = sorted([*texts, *pdfs])
    return found


def table(files: dict[str, list[Path]], rounds: int) -> str:
    """A Markdown table of pages a second."""
    optional, notes = peers()
    tools = TOOLS | optional
    docmine.mine(files["samples"], ocr=False)  # imports and reads the vocabulary before the clock starts
    heads: list[str] = []
    columns: list[dict[str, float]] = []
    transcripts: list[float] = []
    for name, paths in files.items():
        pdfs, texts = [p for p in paths if p.suffix == ".pdf"], [p for p in paths if p.suffix == ".txt"]
        pages = sum(map(pages_of, pdfs))
        heads.append(f"{name}: {pages:.0f} pages")
        columns.append({tool: pages / seconds for tool, seconds in best(tools, pdfs, rounds).items()})
        transcripts.append(sum(map(pages_of, texts)) / best({MINE: docmine_mine}, texts, rounds)[MINE])
    lines = [f"| pages a second of CPU, one process | {' | '.join(heads)} |", "| --- |" + " ---: |" * len(heads)]
    lines += [f"| {tool} | {' | '.join(f'{column[tool]:.0f}' for column in columns)} |" for tool in tools]
    for other in (WORDS, TABLES):
        lines.append(f"| *`mine()` against {other}* | {' | '.join(f'{column[MINE] / column[other]:.1f} ×' for column in columns)} |")
    lines.append(f"| `mine()` on transcripts | {' | '.join(f'{speed:.0f}' for speed in transcripts)} |")
    notes.append(f"A transcript without marks of pages counts {PAGE:,} characters as one")
    return "\n".join([*lines, "", f"{'. '.join(notes)}."])


_PEAK = """
import resource, sys, docmine
def peak():
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""


def peaks(code: str) -> list[float]:
    """Peak memory in MiB that a program prints of itself, one figure a line."""
    done = subprocess.run([sys.executable, "-c", _PEAK + code], capture_output=True, text=True, check=True)
    return [float(line) / MIB for line in done.stdout.split()]


def memory(folder: Path) -> str:
    """Peak memory on a report of 500 pages, and after 1, 10 and 100 reports in one process."""
    sample, long = min((ROOT / "corpus" / "reports").glob("*.pdf")), folder / "long.pdf"
    with pdfium.PdfDocument.new() as target, pdfium.PdfDocument(sample) as source:
        while len(target) < 500:
            target.import_pages(source)
        target.save(buffer := io.BytesIO())
    long.write_bytes(buffer.getvalue())
    (one,) = peaks(f"docmine.mine({str(long)!r}, ocr=False); peak()")
    after = peaks(f"for i in range(1, 101):\n    docmine.mine({str(sample)!r}, ocr=False)\n    if i in (1, 10, 100): peak()")
    figures = [f"{m:.0f}" for m in after]
    return (
        f"Peak memory: {one:.0f} MiB on a report of 500 pages; {figures[0]}, {figures[1]} and {figures[2]} MiB after 1, 10 and 100 reports."
    )


def main() -> int:
    """Print the figures, and write them into the README if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=900)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--readme", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        text = f"{table(corpora(made, args.seed, args.count), args.rounds)}\n\n{memory(made)}"
    print(text)
    if args.readme:
        write_between(ROOT / "README.md", "speed", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
