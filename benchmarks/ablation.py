"""Say what rules and model each add: the judge's scores with the rules alone, the model alone, both, and a trivial guess.

    python benchmarks/ablation.py             print the table
    python benchmarks/ablation.py --readme    write it into README.md, between the marks ``ablation``

The model only speaks of headings in flattened transcripts: *model alone* takes every piece of text that it finds likelier than
not to be a heading, *trivial* every piece of at most four words that a sentence follows. The other kinds change only with the
sections in which they stand. The model has not learnt from these reports.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import accuracy

import docmine
import docmine.runin as runin
from docmine.cues import HeadingCues
from docmine.model import score_headings
from docmine.records import Report
from docmine.titles import Entry, Heading, Lexicon

Finder = Callable[[Report, Lexicon, dict[str, Entry], list[tuple[int, int]]], Iterator[Heading]]
LONGEST = 20


def rules(report: Report, lex: Lexicon, titles: dict[str, Entry], barriers: list[tuple[int, int]]) -> Iterator[Heading]:
    """What the rules propose, without asking the model."""
    scorer, blocks = runin.weigh(report, lex, titles, barriers)
    for block in blocks:
        pairs = zip(block.pieces, block.scores, strict=True)
        yield from (scorer.heading(piece, score) for piece, score in pairs if score >= runin.THRESHOLD)


def model(report: Report, lex: Lexicon, titles: dict[str, Entry], barriers: list[tuple[int, int]]) -> Iterator[Heading]:
    """What the model finds likelier than not, without asking the rules."""
    scorer, blocks = runin.weigh(report, lex, titles, barriers)
    cues = HeadingCues(scorer)
    asked = [(b, i) for b in blocks for i, p in enumerate(b.pieces) if p.after != "stop" and 0 < len(p.words) <= LONGEST]
    chances = score_headings([cues.of(b.pieces, i, b.scores) for b, i in asked])
    for (block, i), chance in zip(asked, chances, strict=True):
        if chance >= 0.5:
            yield scorer.heading(block.pieces[i], block.scores[i])


def trivial(report: Report, lex: Lexicon, titles: dict[str, Entry], barriers: list[tuple[int, int]]) -> Iterator[Heading]:
    """Every short piece of text before a sentence."""
    scorer, blocks = runin.weigh(report, lex, titles, barriers)
    for block in blocks:
        for piece, following in zip(block.pieces, block.pieces[1:], strict=False):
            if piece.after == "capital" and 0 < len(piece.words) <= 4 and following.after == "stop":
                yield scorer.heading(piece, 0.0)


def scores(corpus: Path, finder: Finder | None) -> dict[str, Any]:
    """The judge's scores with a finder of run-in headings in place of docmine's own."""
    with tempfile.TemporaryDirectory() as folder, mock.patch("docmine.segment.runin_headings", finder or runin.runin_headings):
        docmine.mine(corpus / "texts").write(folder)
        return accuracy.judge(Path(folder), corpus)


def table(measured: dict[str, dict[str, Any]]) -> str:
    """A row a kind, a column a system: found / exact F1."""
    lines = ["| found / exact F1 | " + " | ".join(measured) + " |", "| --- |" + " --- |" * len(measured)]

    def cells(kind: str, pick: Callable[[dict[str, Any]], dict[str, Any] | None]) -> str:
        rows = [pick(m) for m in measured.values()]
        return f"| {kind} | " + " | ".join(f"{r['found_F1']:.3f} / {r['exact_F1']:.3f}" if r else "–" for r in rows) + " |"

    lines += [cells(kind, lambda m, kind=kind: m["total"].get(kind)) for kind in accuracy.KINDS]  # type: ignore[misc]
    first = next(iter(measured.values()))
    flat = [name for name in first["documents"] if (accuracy.SHARED / "corpus" / "texts" / f"{name}.txt").exists()]
    lines += [cells(f"section, {name}", lambda m, name=name: m["documents"][name].get("section")) for name in flat]  # type: ignore[misc]
    return "\n".join(lines)


def main() -> int:
    """Measure the four systems and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readme", action="store_true")
    args = parser.parse_args()
    corpus = accuracy.SHARED / "corpus"
    if not corpus.is_dir():
        print("the real reports (../shared/corpus) are not here: nothing to measure")
        return 0
    systems: dict[str, Finder | None] = {"rules": rules, "model": model, "both": None, "trivial": trivial}
    shown = table({name: scores(corpus, finder) for name, finder in systems.items()})
    print(shown)
    if args.readme:
        accuracy.write_between(accuracy.ROOT / "README.md", "ablation", shown)
    return 0


if __name__ == "__main__":
    sys.exit(main())
