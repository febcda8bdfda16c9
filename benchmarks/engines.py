"""Both engines against each other, and against what the generator drew.

    python benchmarks/engines.py                          200 made PDFs, and those of ../shared/corpus where they are
    python benchmarks/engines.py --seed 5000 --count 20

Of made PDFs it is known what stands where and how it is set: each piece is noted as the pen draws it. A PDF agrees when both
engines give the same words in the same order; its figures are the words with a digit.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from accuracy import SHARED

from docmine.load import load
from docmine.records import Line, Page, Report, Word

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "corpus"))
from generator import KINDS, make_report, pens
from generator.pens import Type

ENGINES = ("pdfium", "pdfplumber")
FORMS = ("reportlab", "fpdf2")
AGREED = ("words", "figures", "order")
LEADER = re.compile(r"\.+|…+")
#: raised figures are set apart where they are drawn
RAISED = str.maketrans({raised: f" {figure}" for figure, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")})
#: points by which a word may stand off its place, and by which a box of one engine may differ from the other's
NEAR = 1.5


class Piece(NamedTuple):
    """What a pen drew in one go: where it begins, its baseline, how it is set, and where each of its words begins and ends."""

    text: str
    y: float
    type: Type
    words: tuple[tuple[str, float, float], ...]


def recorded(seed: int, form: str) -> tuple[bytes, list[list[Piece]]]:
    """A made report, and what was drawn on each of its pages."""
    pages: list[list[Piece]] = []

    def watched(stack: ExitStack, pen: Any) -> None:
        page, text = pen.page, pen.text

        def new_page(self: Any) -> None:
            pages.append([])
            page(self)

        def write(self: Any, x: float, y: float, words: str, type_: Type) -> None:
            spans = [(m[0], *(x + self.width(words[:at], type_) for at in m.span())) for m in re.finditer(r"\S+", words)]
            pages[-1].append(Piece(words, y, type_, tuple(spans)))  # type: ignore[arg-type]
            text(self, x, y, words, type_)

        stack.enter_context(patch.object(pen, "page", new_page))
        stack.enter_context(patch.object(pen, "text", write))

    with ExitStack() as stack:
        watched(stack, pens.ReportlabPen)
        watched(stack, pens.FpdfPen)
        made = make_report(seed, KINDS[seed // 2 % len(KINDS)], form)  # type: ignore[arg-type]
    # a contents list is set with the pages that a first setting gave
    return made.data, pages[-len(load(io.BytesIO(made.data), ocr=False).pages) :]


def words_of(report: Report) -> list[str]:
    """The words in reading order, without the dots that lead to page numbers: one engine takes them for a tab where the file says so."""
    return [w for w in report.text.split() if not LEADER.fullmatch(w)]


def figures_of(words: list[str]) -> list[str]:
    """Those of the words that hold a digit."""
    return [w for w in words if any(map(str.isdigit, w))]


def agreement(first: Report, second: Report) -> Counter[str]:
    """What two engines have in common: 1 for each thing that is wholly the same, and how many boxes are, page by page where they can
    be compared.
    """
    a, b = words_of(first), words_of(second)
    found = Counter(words=int(Counter(a) == Counter(b)), figures=int(figures_of(a) == figures_of(b)), order=int(a == b))
    for one, other in zip(first.pages, second.pages, strict=True):
        if len(one.words) == len(other.words):
            found["boxes"] += len(one.words)
            found["boxes wrong"] += sum(not _is_near(*pair) for pair in zip(one.words, other.words, strict=True))
    return found


def _is_near(a: Word, b: Word) -> bool:
    """Whether two boxes are the same; engines differ in how far a font reaches above and below its letters."""
    return abs(a.x0 - b.x0) <= NEAR and abs(a.x1 - b.x1) <= NEAR and a.top < b.bottom and b.top < a.bottom


def truth(report: Report, drawn: list[list[Piece]]) -> Counter[str]:
    """How much of what was drawn came back, page by page, as counts of right and of all."""
    found: Counter[str] = Counter()
    for page, pieces in zip(report.pages, drawn, strict=True):
        runs = [report.text[w.start : w.end] for w in page.words] + [f.text for f in page.furniture]
        said, read = " ".join(piece.text for piece in pieces), " ".join(runs).translate(RAISED)
        characters, given = Counter("".join(said.split())), Counter("".join(read.split()))
        lost, added = characters - given, given - characters
        # the hyphen that parts a word at a line's end is taken out
        del lost["-"]
        found["characters"] += characters.total()
        found["characters wrong"] += max(lost.total(), added.total())
        want, have = Counter(figures_of(_bare(said))), Counter(figures_of(_bare(read)))
        found["figures"] += want.total()
        found["figures wrong"] += max((want - have).total(), (have - want).total())
        found["digits wrong"] += sum(n for c, n in (lost + added).items() if c.isdigit())
        _styles(report, page, pieces, found)
        found["words"] += len(page.words)
        found["words off"] += sum(not _is_there(report.text[w.start : w.end].translate(RAISED).split()[0], w, pieces) for w in page.words)
    found["offsets"] = sum(map(len, report.text.split()))
    found["offsets without a word"] = found["offsets"] - sum(w.end - w.start for page in report.pages for w in page.words)
    found["offsets without a word"] += sum(a.end > b.start for page in report.pages for a, b in pairwise(page.words))
    return found


def _bare(text: str) -> list[str]:
    """Words without the hyphens at their ends, which line ends take, and without leading dots."""
    return [w.strip("-") for w in re.sub(r"\.{4,}|…{2,}", " ", text).split()]


def _styles(report: Report, page: Page, pieces: list[Piece], found: Counter[str]) -> None:
    """Count the lines drawn in one go whose size and weight came back, those of headings apart too."""
    usual = Counter(round(piece.type.size, 1) for piece in pieces).most_common(1)
    lines: dict[str, list[Line]] = {}
    for line in page.lines:
        lines.setdefault(report.text[line.start : line.end], []).append(line)
    for piece in pieces:
        for line in lines.get(piece.text, []):
            if line.box is not None and line.style is not None and line.box.top <= piece.y <= line.box.bottom:
                style = report.styles[line.style]
                right = (style.size, style.bold) == (round(piece.type.size, 1), piece.type.bold)
                for kind in ("lines", "headings")[: 1 + (piece.type.size > usual[0][0] + 0.5)]:
                    found[kind] += 1
                    found[f"{kind} wrong"] += not right


def _is_there(word: str, place: Word, pieces: list[Piece]) -> bool:
    """Whether a word was drawn where its box is."""
    for piece in pieces:
        if place.top <= piece.y <= place.bottom:
            for text, x0, x1 in piece.words:
                if word in text and x0 - NEAR <= place.x0 and place.x1 <= x1 + NEAR:
                    return True
                # what is drawn in pieces without a space between them is one word
                if word.startswith(text) and abs(place.x0 - x0) <= NEAR:
                    return True
    return False


def made(seed: int, count: int) -> Iterator[tuple[str, bytes, list[list[Piece]]]]:
    """Made PDFs of both producers and all kinds."""
    for n in range(seed, seed + count):
        form = FORMS[n % len(FORMS)]
        yield f"{form}-{n}", *recorded(n, form)


def share(found: Counter[str], right: str, wrong: str) -> str:
    """A share in words."""
    return f"{1 - found[wrong] / max(found[right], 1):8.3%} of {found[right]:,}"


def main() -> None:
    """Print the figures, and for every PDF what is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=5000)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--made-only", action="store_true", help="leave the shared PDFs out")
    args = parser.parse_args()
    real = [(path.name, path.read_bytes()) for path in sorted(SHARED.glob("corpus/*/*.pdf")) if path.parent.name != "scanned"]
    real = [] if args.made_only else real
    for name, files in (("shared", real), ("made", made(args.seed, args.count))):
        agree: Counter[str] = Counter()
        against: dict[str, Counter[str]] = {engine: Counter() for engine in ENGINES}
        for file, data, *drawn in files:
            reports = {engine: load(io.BytesIO(data), engine=engine, ocr=False) for engine in ENGINES}
            same = agreement(*reports.values())
            agree.update(same, PDFs=1, pages=len(reports["pdfium"].pages))
            odd = [what for what in AGREED if not same[what]]
            for engine, report in reports.items():
                if drawn:
                    found = truth(report, drawn[0])
                    against[engine].update(found)
                    odd += [f"{engine}: {n} {what}" for what, n in found.items() if n and what.endswith(("wrong", "off", "without a word"))]
            if odd:
                print(f"  {file}: {', '.join(odd)}")
        print(f"{name}: {agree['PDFs']} PDFs, {agree['pages']:,} pages. The engines agree on")
        print(
            "  "
            + ", ".join(f"{what} in {agree[what]}" for what in AGREED)
            + f"; boxes alike: {share(agree, 'boxes', 'boxes wrong').strip()}"
        )
        for engine, found in against.items():
            if found:
                print(f"  {engine} against what was drawn:")
                print(f"    characters right      {share(found, 'characters', 'characters wrong')}, {found['digits wrong']} digits wrong")
                print(f"    figures right         {share(found, 'figures', 'figures wrong')}")
                print(f"    lines: size, weight   {share(found, 'lines', 'lines wrong')}")
                print(f"    headings: the same    {share(found, 'headings', 'headings wrong')}")
                print(f"    words where drawn     {share(found, 'words', 'words off')}")
                print(f"    offsets with a box    {share(found, 'offsets', 'offsets without a word')}")


if __name__ == "__main__":
    main()
