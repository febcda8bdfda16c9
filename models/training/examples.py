"""Examples to learn from: pieces of flattened text, told to be headings or not by something surer than the text alone.

Two sources: PDFs, whose headings docmine tells by their type, flattened as the transcripts of reports are; and generated
reports, whose headings are known. An example is a bag of cues and holds no word of a text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from docmine.cues import HeadingCues
from docmine.headings import find_contents
from docmine.load import load
from docmine.load.text import load_text
from docmine.records import Report
from docmine.runin import THRESHOLD, Block, is_flattened, weigh
from docmine.segment import segment
from docmine.tables import find_tables
from docmine.titles import lexicon
from docmine.vocabulary import load_vocabulary

_NUMBER = re.compile(r"[\d.]+\)?\s*")
_LONGEST = 20  # words of a piece that may be a heading
Span = tuple[int, int]


class Example(NamedTuple):
    """A piece as a bag of cues, whether it is a heading, and whether the rules take it for one."""

    cues: list[str]
    heading: bool
    by_rule: bool


class Document(NamedTuple):
    """The examples of a document; ``headings`` counts its headings, found as pieces or not."""

    name: str
    examples: list[Example]
    headings: int


def from_pdf(path: Path) -> Document:
    """The examples of a PDF: its pages run together, and its own headings in them."""
    report = segment(load(path, ocr=False), load_vocabulary())
    text, spans = flatten(report)
    flat = _read(text, path.stem)
    return Document(path.stem, list(examples(flat, moved(text, spans, flat))), len(spans))


def from_answers(name: str, data: bytes, answers: list[dict[str, Any]]) -> Document | None:
    """The examples of a transcript with answers; None where it keeps its line breaks."""
    report = _read(data.decode(), name)
    if not is_flattened(report):
        return None
    ends = {p.end for block, _ in _blocks(report) for p in block.pieces}
    scope = next((a["pages"] for a in answers if a["record"] == "scope" and "section" in a["records"]), None)
    wanted, doubtful, n = [], [], 0
    for answer in (a for a in answers if a["record"] == "section"):
        pages = [p for p in report.pages if p.number == answer["page"]] or report.pages
        words = r"\s+".join(map(re.escape, answer["title"].split()))
        pattern = re.compile(rf"(?<!\w){words}(?!\w)")
        places = [m.span() for p in pages for m in pattern.finditer(report.text, p.start, p.end)]
        if answer.get("optional"):
            doubtful += places
            continue
        n += 1
        places.sort(key=lambda s: not any(e in ends for e in (s[1], s[1] + 1)))
        wanted += places[:1]
        doubtful += places[1:]
    outside = [(p.start, p.end) for p in report.pages if scope and p.number and not scope[0] <= p.number <= scope[1]]
    return Document(name, list(examples(report, wanted, doubtful + outside)), n)


def from_generator(seed: int) -> Document | None:
    """The examples of a generated transcript."""
    from generator import make_report

    made = make_report(seed, None, "ab"[seed % 2])
    return from_answers(made.name, made.data, [json.loads(line) for line in made.gold_lines.splitlines()])


def _read(text: str, name: str) -> Report:
    """A transcript with its tables; sections would need the model that is being made."""
    report = load_text(text, f"{name}.txt", "")
    return replace(report, tables=find_tables(report, load_vocabulary()))


def flatten(report: Report) -> tuple[str, list[Span]]:
    """The pages of a PDF as paragraphs that end with their numbers, and where its headings stand in them."""
    parts: list[str] = []
    spans: list[Span] = []
    size = 0
    for page in report.pages:
        places: dict[int, int] = {}
        signs: list[str] = []
        for at in range(page.start, page.end):
            sign = report.text[at]
            if sign.isspace():
                if signs and signs[-1] != " ":
                    signs.append(" ")
            else:
                places[at] = size + len(signs)
                signs.append(sign)
        if not places:
            continue
        for section in report.sections:
            if section.rule != "preamble" and page.start <= section.start < page.end:
                inside = [places[at] for at in range(section.start, min(section.body_start, page.end)) if at in places]
                spans.append((inside[0], inside[-1] + 1))
        part = f"{''.join(signs).rstrip()} {page.number}\n\n"
        parts.append(part)
        size += len(part)
    return "".join(parts), spans


def moved(text: str, spans: list[Span], report: Report) -> list[Span]:
    """Spans of a flattened text in the report that was read from it, in which pages have lost their numbers."""
    found: list[Span] = []
    at = 0
    for line in re.finditer(r"[^\n]+", text):
        probe = text[line.start() : max(line.start() + 1, min(line.end() - 4, line.start() + 200))].rstrip()
        place = report.text.find(probe, at)
        if place < 0:
            continue
        at, shift = place + len(probe), place - line.start()
        inside = [(a + shift, b + shift) for a, b in spans if line.start() <= a < line.end()]
        found.extend((a, b) for a, b in inside if report.text[a:b] == text[a - shift : b - shift])
    return found


def examples(report: Report, headings: list[Span], doubtful: list[Span] = []) -> Iterator[Example]:  # noqa: B006  never changed
    """The pieces of a flattened report that might be headings, those that meet a doubtful span left out."""
    ends = dict(headings)
    for block, cues in _blocks(report):
        scores = block.scores
        for i, piece in enumerate(block.pieces):
            last = i + 1 == len(block.pieces) and not block.table
            if piece.after == "stop" or last or not 0 < len(piece.words) <= _LONGEST:
                continue
            if any(a < piece.end and piece.start < b for a, b in doubtful):
                continue
            starts = [a for a in range(piece.start, min(piece.start + 10, piece.end)) if a in ends and abs(ends[a] - piece.end) <= 2]
            told = any(a == piece.start or _NUMBER.fullmatch(report.text[piece.start : a]) for a in starts)
            yield Example(cues.of(block.pieces, i, scores), told, scores[i] >= THRESHOLD)


def _blocks(report: Report) -> Iterator[tuple[Block, HeadingCues]]:
    """The weighed pieces of a report, as `docmine.segment` has them made."""
    lex = lexicon(load_vocabulary())
    lists = find_contents(report, lex)
    tables = [(min((c.start for c in t.cells), default=t.start), t.end) for t in report.tables]
    titles = {lex.bare(e.title): e for contents in lists for e in contents.entries}
    scorer, blocks = weigh(report, lex, titles, sorted(tables + [(c.start, c.end) for c in lists]))
    cues = HeadingCues(scorer)
    yield from ((block, cues) for block in blocks)
