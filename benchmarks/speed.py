"""Pages a second of the whole of docmine beside other tools' text layers, all in one process and one run; and memory.

    python benchmarks/speed.py                 speed on corpus/reports and, where it is, ../shared/corpus
    python benchmarks/speed.py --readme        also write the table into README.md
    python benchmarks/speed.py --memory        peak memory on a 500-page report, and over 100 reports in one process

The tools take turns file by file, so that a machine that slows down slows them all. CPU seconds are counted.
"""

from __future__ import annotations

import argparse
import gc
import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pypdfium2 as pdfium
from accuracy import ROOT, SHARED, write_between

import docmine
from docmine.load import load
from docmine.pipeline import mine_report

MIB = 2**20


def pdfium_text(path: Path) -> None:
    with pdfium.PdfDocument(path) as document:
        for page in document:
            page.get_textpage().get_text_bounded()


def docmine_load(path: Path) -> None:
    load(path)


def docmine_whole(path: Path) -> None:
    mine_report(docmine.read(path))


def plumber_words(path: Path) -> None:
    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_words(extra_attrs=["fontname", "size"])
            page.close()


def plumber_tables(path: Path) -> None:
    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_text()
            page.find_tables()
            page.close()


TOOLS: dict[str, Callable[[Path], None]] = {
    "PDFium, text only (the floor)": pdfium_text,
    "docmine, text layer only": docmine_load,
    "docmine, the whole of `mine()`": docmine_whole,
    "pdfplumber `extract_words`": plumber_words,
    "pdfplumber `extract_text` + `find_tables`": plumber_tables,
}


def camelot_stream(path: Path) -> None:
    import camelot

    camelot.read_pdf(str(path), pages="all", flavor="stream", suppress_stdout=True)


def peers() -> tuple[dict[str, Callable[[Path], None]], list[str]]:
    """The optional tools that can run here, and why others cannot."""
    found, notes = dict[str, Callable[[Path], None]](), []
    try:
        import camelot  # noqa: F401

        found["camelot `stream` (tables only)"] = camelot_stream
    except ImportError:
        notes.append("camelot is not installed (pip install camelot-py)")
    notes.append("docling is left out: it downloads its models when it first runs")
    return found, notes


def pages_of(path: Path) -> int:
    with pdfium.PdfDocument(path) as document:
        return len(document)


def measure(paths: list[Path], tools: dict[str, Callable[[Path], None]], rounds: int) -> dict[str, float]:
    """CPU seconds of each tool over all the files, the better of the rounds for each file."""
    seconds = dict.fromkeys(tools, 0.0)
    for path in paths:
        for name, tool in tools.items():
            best = float("inf")
            for _ in range(rounds):
                gc.collect()
                start = time.process_time()
                tool(path)
                best = min(best, time.process_time() - start)
            seconds[name] += best
    return seconds


def speed(rounds: int) -> str:
    """A Markdown table of pages a second."""
    tools, notes = peers()
    tools = TOOLS | tools
    corpora = {"samples": ROOT / "corpus" / "reports", "real": SHARED / "corpus"}
    lists = {
        name: sorted(p for p in folder.rglob("*.pdf") if "scanned" not in p.parts) for name, folder in corpora.items() if folder.is_dir()
    }
    docmine_whole(next(iter(lists["samples"])))  # read the vocabulary before the clock starts
    columns = {}
    for name, paths in lists.items():
        pages = sum(map(pages_of, paths))
        columns[f"{name} ({pages} pages)"] = {tool: pages / s for tool, s in measure(paths, tools, rounds).items()}
    lines = ["| pages a second of CPU time, one process | " + " | ".join(columns) + " |", "| --- |" + " --- |" * len(columns)]
    lines += [f"| {tool} | " + " | ".join(f"{column[tool]:.0f}" for column in columns.values()) + " |" for tool in tools]
    whole = next(name for name in TOOLS if "whole" in name)
    for other in ("pdfplumber `extract_words`", "pdfplumber `extract_text` + `find_tables`"):
        ratios = " | ".join(f"{column[whole] / column[other]:.1f} ×" for column in columns.values())
        lines.append(f"| *docmine, the whole, against {other}* | {ratios} |")
    texts = {name: sorted((f if name == "samples" else f / "texts").glob("*.txt")) for name, f in corpora.items() if f.is_dir()}
    cells = []
    for paths in texts.values():
        pages = sum(sum(p.number is not None for p in load(path).pages) for path in paths)
        numbered = [p for p in paths if load(p).pages[0].number is not None]
        cells.append(f"{pages / measure(numbered, {'whole': docmine_whole}, rounds)['whole']:.0f}")
    lines.append("| docmine, the whole, on pages of transcripts | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", *(f"{note[0].upper()}{note[1:]}." for note in notes)])


def peak(code: str) -> list[float]:
    """Peak memory in MiB that a program prints of itself, one figure a line."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return [float(line) / MIB for line in done.stdout.split()]


_PEAK = """
import resource, sys
def peak():
    scale = 1 if sys.platform == "darwin" else 1024
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale)
"""


def memory() -> str:
    """Peak memory on a report of 500 pages, and after 1, 10 and 100 reports in one process."""
    sample = next((ROOT / "corpus" / "reports").glob("*.pdf"))
    long = ROOT / "benchmarks" / "long.pdf"
    with pdfium.PdfDocument.new() as target, pdfium.PdfDocument(sample) as source:
        while len(target) < 500:
            target.import_pages(source)
        target.save(buffer := io.BytesIO())
    long.write_bytes(buffer.getvalue())
    try:
        (one,) = peak(f"{_PEAK}\nimport docmine; docmine.mine({str(long)!r}); peak()")
    finally:
        long.unlink()
    loop = f"""{_PEAK}
from docmine.pipeline import mine_report, read
for i in range(100):
    mine_report(read({str(sample)!r}))
    if i + 1 in (1, 10, 100): peak()
"""
    after = peak(loop)
    return f"500 pages: {one:.0f} MiB; after 1, 10 and 100 reports: {', '.join(f'{m:.0f}' for m in after)} MiB"


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--memory", action="store_true")
    args = parser.parse_args()
    if args.memory:
        print(memory())
        return 0
    table = speed(args.rounds)
    print(table)
    if args.readme:
        write_between(ROOT / "README.md", "speed", table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
