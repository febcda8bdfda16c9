"""Blocks of lines become one text: furniture taken out, hyphens joined, paragraphs kept apart, the place of every word noted."""

from __future__ import annotations

from collections import Counter
from statistics import median

import regex

from docmine.load.furniture import Taken, take_furniture
from docmine.load.glyphs import SOFT_HYPHEN
from docmine.load.layout import Block, RawLine, RawPage, RawWord, blocks
from docmine.records import Box, Line, Page, Style, Word
from docmine.vocabulary import load_vocabulary

__all__ = ["compose"]

#: a gap between baselines beyond this share of the usual one parts paragraphs
_PARAGRAPH = 1.28
_ENDS = regex.compile(r"[.!?:;][\"”’)\]]*$")
_BULLET = regex.compile(r"^(?:[•▪●○■□◆❖➢✔–—\-*·o]|\d{1,2}[.)])$")


def compose(raw: list[RawPage], styles: list[Style]) -> tuple[str, tuple[Page, ...], list[str]]:
    """The text of the pages, the pages laid out over it, and notes on what could not be read."""
    laid = [blocks(page) for page in raw]
    taken = take_furniture(raw, laid)
    writer = _Writer(styles, _hyphenated(laid))
    pages = [
        writer.page(page, found, furniture, last=i == len(raw) - 1)
        for i, (page, found, furniture) in enumerate(zip(raw, laid, taken, strict=True))
    ]
    scanned = [p.number for p in pages if p.state == "scanned" and p.number]
    notes = []
    if scanned:
        which = f"page {scanned[0]} is a picture" if len(scanned) == 1 else f"pages {_ranges(scanned)} are pictures"
        notes.append(f"{which} without text; pip install docmine[ocr] reads such pages")
    return "".join(writer.parts), tuple(pages), notes


def _ranges(numbers: list[int]) -> str:
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def _hyphenated(laid: list[list[Block]]) -> frozenset[str]:
    """The document's own words with a hyphen inside, which a line's end does not take from them."""
    return frozenset(
        w.text.strip(".,;:()").casefold() for bs in laid for b in bs for line in b.lines for w in line.words if "-" in w.text[1:-1]
    )


class _Writer:
    """Writes page after page; ``at`` is the length of the text so far."""

    def __init__(self, styles: list[Style], hyphenated: frozenset[str]) -> None:
        self.styles = styles
        self.hyphenated = hyphenated
        self.keep = load_vocabulary()["layout", "hyphen"]
        self.parts: list[str] = []
        self.at = 0

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.at += len(text)

    def page(self, raw: RawPage, found: list[Block], taken: Taken, *, last: bool) -> Page:
        start = self.at
        lines: list[Line] = []
        words: list[Word] = []
        previous: tuple[Block, RawLine] | None = None
        leading = _leading(found)
        for block in found:
            for i, line in enumerate(block.lines):
                if previous is not None:
                    self._between(previous, (block, line), leading, lines, words)
                self._line(line, lines, words)
                previous = (block, line)
                del i
        if words:
            self._put("\n\n" if not last else "\n")
        state = "ok" if raw.words else "damaged" if raw.damaged else "scanned" if raw.pictures else "empty"
        return Page(
            number=raw.number,
            start=start,
            end=self.at,
            width=raw.width,
            height=raw.height,
            label=taken.label,
            state=state,  # type: ignore[arg-type]
            lines=tuple(lines),
            words=tuple(words),
            rules=tuple(raw.rules),
            furniture=taken.furniture,
        )

    def _line(self, line: RawLine, lines: list[Line], words: list[Word]) -> None:
        start, first = self.at, len(words)
        weight: Counter[int] = Counter()
        for k, word in enumerate(line.words):
            if k:
                self._put(" ")
            words.append(Word(self.at, self.at + len(word.text), *word.box, word.style))
            weight[word.style] += len(word.text)
            self._put(word.text)
        boxes = [w.box for w in line.words]
        box = Box(min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
        lines.append(Line(start, self.at, box, weight.most_common(1)[0][0], (first, len(words))))

    def _between(
        self, before: tuple[Block, RawLine], after: tuple[Block, RawLine], leading: float, lines: list[Line], words: list[Word]
    ) -> None:
        """Write what parts two lines, or take the hyphen back that parts a word."""
        (b0, l0), (b1, l1) = before, after
        if self._new_paragraph(b0, l0, b1, l1, leading):
            self._put("\n\n")
            return
        cut = self._joined(l0.words[-1].text, l1.words[0].text) if b0 is b1 else None
        if cut is None:
            self._put("\n")
            return
        if cut:
            text = self.parts.pop()
            self.parts.append(text[:-cut])
            self.at -= cut
            words[-1] = words[-1]._replace(end=words[-1].end - cut)
            lines[-1] = lines[-1]._replace(end=lines[-1].end - cut)

    def _new_paragraph(self, b0: Block, l0: RawLine, b1: Block, l1: RawLine, leading: float) -> bool:
        if b0.table != b1.table:
            return True
        if b0.table is not None:
            return False
        if b0 is not b1:
            return True
        size0, size1 = _size(l0), _size(l1)
        if abs(size0 - size1) > 0.8:
            return True
        s0, s1 = self.styles[_style(l0)], self.styles[_style(l1)]
        if s0.bold != s1.bold and not _mixed(l0, self.styles) and not _mixed(l1, self.styles):
            return True
        gap = l1.base - l0.base
        return gap > _PARAGRAPH * max(leading / 10.0 * size1 if leading else 0.0, 1.12 * size1) or gap < -size1

    def _joined(self, before: str, after: str) -> int | None:
        """How many characters to take from the end of ``before`` so that ``after`` goes straight on; None where a break stays."""
        if before.endswith(SOFT_HYPHEN):
            return 1
        if not before.endswith("-") or len(before) < 2 or not before[-2].isalnum() or not after[0].isalnum():
            return None
        if self.keep.code(after.strip(".,;:()")) is not None:
            return None
        stem = before[:-1].lstrip("(\"”'")
        if not after[0].islower() or stem.isupper() or len(stem) < 2 or any(c.isdigit() for c in stem):
            return 0
        return 0 if f"{stem}-{after.strip('.,;:()')}".casefold() in self.hyphenated else 1


def _leading(found: list[Block]) -> float:
    """The usual distance between baselines on a page, for type of ten points."""
    gaps = [
        (b.base - a.base) / _size(b) * 10.0
        for block in found
        if block.table is None
        for a, b in zip(block.lines, block.lines[1:], strict=False)
        if 0.9 <= (b.base - a.base) / max(_size(b), 1.0) <= 2.2
    ]
    gaps.sort()
    # paragraph gaps pull the median up on a page of headings and lists; the lower third is the leading inside paragraphs
    return gaps[len(gaps) // 3] if len(gaps) >= 3 else 0.0


def _size(line: RawLine) -> float:
    return median(w.size for w in line.words)


def _style(line: RawLine) -> int:
    return line.words[0].style


def _mixed(line: RawLine, styles: list[Style]) -> bool:
    return len({styles[w.style].bold for w in line.words}) > 1


def _first(word: RawWord) -> str:
    return word.text[:1]
