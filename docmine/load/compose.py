"""Blocks of lines become one text: furniture taken out, hyphens joined, paragraphs kept apart, the place of every word noted."""

from __future__ import annotations

import re
from itertools import accumulate, chain, pairwise, repeat
from operator import add
from typing import Any, NamedTuple

from docmine.load.furniture import Taken, take_furniture
from docmine.load.hyphens import joined
from docmine.load.layout import Block, RawPage, blocks
from docmine.records import Box, Handle, Line, Page, Style, Word

__all__ = ["compose"]

#: a gap between baselines beyond this share of the usual one parts paragraphs
_PARAGRAPH = 1.28
_ENDS = re.compile(r"[.!?:;][\"”’)\]]*$")
_new = tuple.__new__


def compose(raw: list[RawPage], styles: list[Style], handle: Handle | None = None) -> tuple[str, tuple[Page, ...]]:
    """The text of the pages, and the pages laid out over it; takes the words from ``raw``."""
    laid = [blocks(page) for page in raw]
    taken = take_furniture(raw, laid)
    writer = _Writer(_hyphenated(laid), handle)
    pages: list[Page] = []
    before: _Draft | None = None
    for page, found, furniture in zip(raw, laid, taken, strict=True):
        draft = _Draft(page, found, furniture, styles)
        # the words as they were read are not needed again, and of a long report they fill much memory
        page.words = []
        found.clear()
        if before is not None:
            pages.append(writer.page(before, draft))
        before = draft
    if before is not None:
        pages.append(writer.page(before, None))
    return "".join(writer.parts), tuple(pages)


def _hyphenated(laid: list[list[Block]]) -> frozenset[str]:
    """The document's own words with a hyphen inside, which a line's end does not take from them."""
    words = [w.text for found in laid for block in found for line in block.lines for w in line.words if "-" in w.text]
    return frozenset([word.strip(".,;:()").casefold() for word in words if "-" in word[1:-1]])


class _Set(NamedTuple):
    """A line of a page and how it is set.

    ``first`` and ``last`` (half open) say which words it has, ``begins`` and ``ends`` are the text of its first and last one;
    ``style`` is that of most of it, ``bold`` is None where only some of it is.
    """

    block: Block
    first: int
    last: int
    begins: str
    ends: str
    style: int
    size: float
    base: float
    bold: bool | None


class _Draft:
    """A page before it is written: its lines, and its words column by column; ``gaps`` holds what is written after each word."""

    def __init__(self, raw: RawPage, found: list[Block], taken: Taken, styles: list[Style]) -> None:
        self.raw, self.taken = raw, taken
        words = [word for block in found for line in block.lines for word in line.words]
        columns: Any = zip(*words, strict=True) if words else [()] * 11
        texts, _, _, _, _, self.bases, self.styles, self.sizes, _, self.boxes, self.confidences = columns
        self.texts = list(texts)
        self.gaps = [" "] * len(words)
        self.lines: list[_Set] = []
        at = 0
        for block in found:
            for line in block.lines:
                first, at = at, at + len(line.words)
                self.lines.append(_new(_Set, (block, first, at, texts[first], texts[at - 1], *self._set(first, at, styles))))

    def _set(self, first: int, last: int, styles: list[Style]) -> tuple[int, float, float, bool | None]:
        """The last four of `_Set`."""
        own, bases = self.styles[first:last], self.bases[first:last]
        style = own[0]
        if own.count(style) == len(own):
            return style, self.sizes[first], max(bases), styles[style].bold
        sizes = self.sizes[first:last]
        bold = None if len({styles[s].bold for s in own}) > 1 else styles[style].bold
        weights: dict[int, int] = {}
        for s, text in zip(own, self.texts[first:last], strict=True):
            weights[s] = weights.get(s, 0) + len(text)
        # the baseline is that of the largest type
        return max(weights, key=lambda s: weights[s]), sorted(sizes)[len(sizes) // 2], max(zip(sizes, bases, strict=True))[1], bold

    def put(self, line: _Set, gap: str, cut: int) -> None:
        """Let ``gap`` follow a line, whose last characters are cut away."""
        self.gaps[line.last - 1] = gap
        if cut:
            self.texts[line.last - 1] = line.ends[:-cut]


class _Writer:
    """Writes page after page; ``at`` is the length of the text so far."""

    def __init__(self, hyphenated: frozenset[str], handle: Handle | None) -> None:
        self.handle = handle
        self.hyphenated = hyphenated
        self.parts: list[str] = []
        self.at = 0

    def page(self, draft: _Draft, following: _Draft | None) -> Page:
        """Write a page; what parts it from the following one belongs to it."""
        lines, texts, gaps = draft.lines, draft.texts, draft.gaps
        leading = _leading(lines)
        for before, after in pairwise(lines):
            draft.put(before, *self._between(before, after, leading))
        if lines:
            draft.put(lines[-1], *self._end(lines[-1], following))
        start = self.at
        self.parts += chain.from_iterable(zip(texts, gaps, strict=True))
        starts = list(accumulate(map(add, map(len, texts), map(len, gaps)), initial=start))
        self.at = starts.pop()
        ends = list(map(add, starts, map(len, texts)))
        x0s, tops, x1s, bottoms = zip(*draft.boxes, strict=True) if lines else [()] * 4
        words = map(_new, repeat(Word), zip(starts, ends, x0s, tops, x1s, bottoms, draft.styles, strict=True))
        written: list[Line] = []
        for _, first, last, _, _, style, _, _, _ in lines:
            box = (min(x0s[first:last]), min(tops[first:last]), max(x1s[first:last]), max(bottoms[first:last]))
            written.append(_new(Line, (starts[first], ends[last - 1], _new(Box, box), style, (first, last))))
        raw = draft.raw
        return Page(
            number=raw.number,
            start=start,
            end=self.at,
            width=raw.width,
            height=raw.height,
            label=draft.taken.label,
            state=raw.state,
            lines=tuple(written),
            words=tuple(words),
            rules=tuple(raw.rules),
            furniture=draft.taken.furniture,
            confidences=draft.confidences if min(draft.confidences, default=1.0) < 1.0 else (),
            slant=raw.slant,
            handle=self.handle,
        )

    def _between(self, before: _Set, after: _Set, leading: float) -> tuple[str, int]:
        """What stands between two lines of a page, and how much of the first one's end it takes away."""
        table = before.block.table
        if before.block is after.block:
            together = table is not None or not _parts_paragraphs(before, after, leading)
        else:
            together = table == after.block.table if table is not None else _goes_on(before, after)
        if not together:
            return "\n\n", 0
        if before.block is after.block or table is None:
            return self._break(before, after)
        return "\n", 0

    def _end(self, last: _Set, following: _Draft | None) -> tuple[str, int]:
        """What stands between the last line of a page and the next page, as `_between`."""
        if following is None:
            return "\n", 0
        if following.lines and _goes_on(last, following.lines[0]):
            return self._break(last, following.lines[0])
        return "\n\n", 0

    def _break(self, before: _Set, after: _Set) -> tuple[str, int]:
        """A line break, or the hyphen that parts a word taken back."""
        cut = joined(before.ends, after.begins, self.hyphenated)
        return ("\n", 0) if cut is None else ("", cut)


def _goes_on(before: _Set, after: _Set) -> bool:
    """Whether a paragraph runs on from the end of a column or page into the next."""
    b0, b1 = before.block, after.block
    if b0.table is not None or b1.table is not None or b0.turned or b1.turned:
        return False
    if before.bold != after.bold or abs(before.size - after.size) > 0.8 or _ENDS.search(before.ends):
        return False
    return after.begins[0].islower() and before.last - before.first > 2


def _parts_paragraphs(l0: _Set, l1: _Set, leading: float) -> bool:
    """Whether two lines of running text, one under the other, belong to different paragraphs."""
    if abs(l0.size - l1.size) > 0.8:
        return True
    if l0.bold is not None and l1.bold is not None and l0.bold != l1.bold:
        return True
    gap = l1.base - l0.base
    return gap > _PARAGRAPH * max(leading * l1.size, 1.12 * l1.size) or gap < -l1.size


def _leading(lines: list[_Set]) -> float:
    """The usual distance between baselines on a page, as a share of the type size; 0 where there is none."""
    gaps = [
        gap
        for a, b in pairwise(lines)
        if a.block is b.block and a.block.table is None and b.size and 0.9 <= (gap := (b.base - a.base) / b.size) <= 2.2
    ]
    gaps.sort()
    # paragraph gaps pull the median up on a page of headings and lists; the lower third is the leading inside paragraphs
    return gaps[len(gaps) // 3] if len(gaps) >= 3 else 0.0
