"""The prose of a report as sentences: what the extractors for running text walk over."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex

from docmine.records import Report, Section

__all__ = ["Sentence", "sentences"]

# A sentence ends at . ! or ? before white space and a capital, digit, quote or dash, at a blank line, or before a bullet.
# Not after a single letter or a usual abbreviation ("t.ex. Kalmar", "ca. 30", "kl. 9").
_END = regex.compile(
    r"(?<!\b(?i:t\.?\s?ex|bl\.?\s?a|d\.?v\.?s|m\.?\s?fl|m\.?\s?m|s\.?\s?k|f\.?\s?n|resp|exkl|inkl|ca|kap|nr|jmf|jfr|f\.?d|p\.?g\.?a|kl|osv|o\.?\s?d|st|tel|sid|avd|\p{L}))"
    r"(?<![.!?])[.!?]++[\"”)]*+(?=\s+[\"”(\p{Lu}\d–-])"
    r"|\n\s*\n|(?=\n\s*[-–•*▪]\s)",
)


class Sentence(NamedTuple):
    """A sentence at ``start:end`` of ``Report.text`` and the section that holds it."""

    start: int
    end: int
    text: str
    section: Section | None


def sentences(report: Report) -> Iterator[Sentence]:
    """Yield the sentences outside tables and headings, in reading order, without white space around them."""
    barriers = sorted([(t.start, t.end) for t in report.tables] + [(s.start, s.body_start) for s in report.sections])
    until, section = -1, None
    for start, end, piece in _pieces(report.text, tuple(barriers)):
        if start >= until:
            section = report.sections.at(start)
            until = section.end if section is not None else len(report.text)
        yield Sentence(start, end, piece, section)


@lru_cache(maxsize=2)  # every extractor asks for the sentences of the report
def _pieces(text: str, barriers: tuple[tuple[int, int], ...]) -> list[tuple[int, int, str]]:
    pieces: list[tuple[int, int, str]] = []
    at = 0
    for stop, resume in [*barriers, (len(text), len(text))]:
        if stop > at:
            pieces += _split(text, at, stop)
        at = max(at, resume)
    return pieces


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    at = start
    for stop in [*(m.end() for m in _END.finditer(text, start, end)), end]:
        piece = text[at:stop]
        a = at + len(piece) - len(piece.lstrip())
        b = at + len(piece.rstrip())
        if a < b:
            yield a, b, text[a:b]
        at = max(at, stop)
