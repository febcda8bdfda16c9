"""Blocks of lines become one text: furniture taken out, hyphens joined, paragraphs kept apart, the place of every word noted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter

from docmine.load.furniture import Taken, take_furniture
from docmine.load.hyphens import joined
from docmine.load.layout import Block, RawLine, RawPage, blocks
from docmine.records import Box, Handle, Line, Page, Style, Word

__all__ = ["compose"]

#: a gap between baselines beyond this share of the usual one parts paragraphs
_PARAGRAPH = 1.28
_ENDS = re.compile(r"[.!?:;][\"”’)\]]*$")
_new = tuple.__new__
_CONFIDENCE, _WRITTEN = attrgetter("confidence"), attrgetter("text", "box", "style")


def compose(raw: list[RawPage], styles: list[Style], handle: Handle | None = None) -> tuple[str, tuple[Page, ...]]:
    """The text of the pages, and the pages laid out over it; takes the words from ``raw``."""
    laid = [blocks(page) for page in raw]
    taken = take_furniture(raw, laid)
    writer = _Writer(styles, _hyphenated(laid), handle)
    pages = writer.document(raw, laid, taken)
    return "".join(writer.parts), pages


def _hyphenated(laid: list[list[Block]]) -> frozenset[str]:
    """The document's own words with a hyphen inside, which a line's end does not take from them."""
    return frozenset(
        w.text.strip(".,;:()").casefold()
        for bs in laid
        for b in bs
        for line in b.lines
        for w in line.words
        if "-" in w.text and "-" in w.text[1:-1]
    )


class _Writer:
    """Writes page after page; ``at`` is the length of the text so far."""

    def __init__(self, styles: list[Style], hyphenated: frozenset[str], handle: Handle | None) -> None:
        self.styles = styles
        self.handle = handle
        self.hyphenated = hyphenated
        self.parts: list[str] = []
        self.at = 0

    def document(self, raw: list[RawPage], laid: list[list[Block]], taken: list[Taken]) -> tuple[Page, ...]:
        """Write all pages; what parts two of them belongs to the first."""
        pages: list[Page] = []
        draft: _Draft | None = None
        for page, found, furniture in zip(raw, laid, taken, strict=True):
            begins = found[0] if found else None
            if draft is not None:
                self._close(draft, begins)
                pages.append(draft.page(self.at, self.handle))
            draft = self._page(page, found, furniture)
            # the words as they were read are not needed again, and of a long report they fill much memory
            page.words = []
            found.clear()
        if draft is not None:
            if draft.words:
                self._put("\n")
            pages.append(draft.page(self.at, self.handle))
        return tuple(pages)

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.at += len(text)

    def _page(self, raw: RawPage, found: list[Block], taken: Taken) -> _Draft:
        draft = _Draft(raw, taken, self.at)
        lines = [(b, [_Set(line, self.styles) for line in b.lines]) for b in found]
        leading = _leading(lines)
        read = min(map(_CONFIDENCE, raw.words), default=1.0) < 1.0
        block: Block | None = None
        line: _Set | None = None
        for b, sets in lines:
            for following in sets:
                if line is not None and block is not None:
                    self._part(draft, (block, line), (b, following), leading)
                self._line(following, draft)
                if read:
                    draft.confidences += [w.confidence for w in following.line.words]
                block, line = b, following
        draft.last = None if block is None or line is None else (block, line)
        return draft

    def _close(self, draft: _Draft, following: Block | None) -> None:
        """Write what stands between a page and the next."""
        if draft.last is None:
            return
        if following is not None and self._goes_on(draft.last, (following, _Set(following.lines[0], self.styles))):
            self._break(draft, draft.last[1].line, following.lines[0])
        else:
            self._put("\n\n")

    def _line(self, line: _Set, draft: _Draft) -> None:
        words, first, start = draft.words, len(draft.words), self.at
        at, texts, boxes = start, [], []
        for text, box, style in map(_WRITTEN, line.line.words):
            end = at + len(text)
            words.append(_new(Word, (at, end, *box, style)))
            texts.append(text)
            boxes.append(box)
            at = end + 1
        self._put(" ".join(texts))
        if len(boxes) > 1:
            x0s, tops, x1s, bottoms = zip(*boxes, strict=True)
            box = Box(min(x0s), min(tops), max(x1s), max(bottoms))
        else:
            box = Box(*boxes[0])
        draft.lines.append(_new(Line, (start, self.at, box, line.style, (first, len(words)))))

    def _part(self, draft: _Draft, before: tuple[Block, _Set], after: tuple[Block, _Set], leading: float) -> None:
        """Write what stands between two lines of a page."""
        (b0, l0), (b1, l1) = before, after
        if b0 is b1:
            together = b0.table is not None or not _parts_paragraphs(l0, l1, leading)
        else:
            together = b0.table == b1.table if b0.table is not None else self._goes_on(before, after)
        if not together:
            self._put("\n\n")
        elif b0 is b1 or b0.table is None:
            self._break(draft, l0.line, l1.line)
        else:
            self._put("\n")

    def _goes_on(self, before: tuple[Block, _Set], after: tuple[Block, _Set]) -> bool:
        """Whether a paragraph runs on from the end of a column or page into the next."""
        (b0, l0), (b1, l1) = before, after
        if b0.table is not None or b1.table is not None or b0.turned or b1.turned:
            return False
        if l0.bold != l1.bold or abs(l0.size - l1.size) > 0.8 or _ENDS.search(l0.line.words[-1].text):
            return False
        return l1.line.words[0].text[0].islower() and len(l0.line.words) > 2

    def _break(self, draft: _Draft, before: RawLine, after: RawLine) -> None:
        """Write a line break, or take the hyphen back that parts a word."""
        cut = joined(before.words[-1].text, after.words[0].text, self.hyphenated)
        if cut is None:
            self._put("\n")
        elif cut:
            self.parts.append(self.parts.pop()[:-cut])
            self.at -= cut
            draft.words[-1] = draft.words[-1]._replace(end=self.at)
            draft.lines[-1] = draft.lines[-1]._replace(end=self.at)


@dataclass(slots=True)
class _Draft:
    """A page being written."""

    raw: RawPage
    taken: Taken
    start: int
    lines: list[Line] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    confidences: list[float] = field(default_factory=list)
    last: tuple[Block, _Set] | None = None

    def page(self, end: int, handle: Handle | None) -> Page:
        raw = self.raw
        return Page(
            number=raw.number,
            start=self.start,
            end=end,
            width=raw.width,
            height=raw.height,
            label=self.taken.label,
            state=raw.state,
            lines=tuple(self.lines),
            words=tuple(self.words),
            rules=tuple(raw.rules),
            furniture=self.taken.furniture,
            confidences=tuple(self.confidences) if min(self.confidences, default=1.0) < 1.0 else (),
            slant=raw.slant,
            handle=handle,
        )


class _Set:
    """How a line is set: type size, baseline, whether it is bold (None where only some of it is), and its main style."""

    __slots__ = ("base", "bold", "line", "size", "style")

    def __init__(self, line: RawLine, styles: list[Style]) -> None:
        words = line.words
        self.line = line
        self.style = words[0].style
        self.bold: bool | None = styles[self.style].bold
        sizes = [w.size for w in words]
        if sizes.count(sizes[0]) == len(sizes):
            self.size, self.base = sizes[0], max([w.base for w in words])
        else:
            self.size, self.base = sorted(sizes)[len(sizes) // 2], line.base
        if len({w.style for w in words}) > 1:
            self.style = _main_style(line)
            self.bold = None if len({styles[w.style].bold for w in words}) > 1 else self.bold


def _parts_paragraphs(l0: _Set, l1: _Set, leading: float) -> bool:
    """Whether two lines of running text, one under the other, belong to different paragraphs."""
    if abs(l0.size - l1.size) > 0.8:
        return True
    if l0.bold is not None and l1.bold is not None and l0.bold != l1.bold:
        return True
    gap = l1.base - l0.base
    return gap > _PARAGRAPH * max(leading * l1.size, 1.12 * l1.size) or gap < -l1.size


def _leading(found: list[tuple[Block, list[_Set]]]) -> float:
    """The usual distance between baselines on a page, as a share of the type size; 0 where there is none."""
    gaps: list[float] = []
    for block, lines in found:
        if block.table is None:
            gaps += [g for a, b in pairwise(lines) if b.size and 0.9 <= (g := (b.base - a.base) / b.size) <= 2.2]
    gaps.sort()
    # paragraph gaps pull the median up on a page of headings and lists; the lower third is the leading inside paragraphs
    return gaps[len(gaps) // 3] if len(gaps) >= 3 else 0.0


def _main_style(line: RawLine) -> int:
    weight: dict[int, int] = {}
    for word in line.words:
        weight[word.style] = weight.get(word.style, 0) + len(word.text)
    return max(weight, key=lambda s: weight[s])
