"""Running headers, footers and page numbers: found by their repetition and their place, and taken out of the blocks."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import Literal, NamedTuple

from docmine.load.layout import Block, RawLine, RawPage
from docmine.records import Box, Furniture
from docmine.vocabulary import load_vocabulary

__all__ = ["Taken", "take_furniture"]

# "7", "- 7 -", "7 (12)", "7(12)", "7/12", "Sida 7", "Sida 7 av 12", "s. 7"
_OF = r"(?:\s?(?:\(\s?(\d{1,4})\s?\)|/\s?(\d{1,4})|av\s(\d{1,4})))?"
_PAGE = r"(?:(?:sida|sidan|sid|page|s)\b[.:]?\s?)?"
_ALONE = re.compile(rf"{_PAGE}[-–|]?\s?(\d{{1,4}}){_OF}\s?[-–|]?", re.IGNORECASE)
_LAST = re.compile(rf"\s{_PAGE}(\d{{1,4}}){_OF}$", re.IGNORECASE)
_FIRST = re.compile(rf"^{_PAGE}(\d{{1,4}}){_OF}\s", re.IGNORECASE)
_ANYWHERE = re.compile(
    r"(?:\b(?:sida|sidan|sid|page)\b[.:]?\s?|\b(?=\d{1,4}(?:\s?\(\d|\sav\s\d)))(\d{1,4})(?:\s?\(\d{1,4}\)|\sav\s\d{1,4})?", re.IGNORECASE
)
_FIGURE = re.compile(r"\d")
#: how much of the page's height at either end may hold furniture
_MARGIN = 0.16
#: how far apart in points the same line may stand on different pages
_HEIGHT = 6.0
#: a line with this many labels of an address is one
_LABELS = 3


class Taken(NamedTuple):
    """What was taken from a page, and the number printed on it."""

    furniture: tuple[Furniture, ...]
    label: str | None


class _Candidate(NamedTuple):
    """A line near the upper or lower end of a page; ``numbers`` are the page numbers that it may hold."""

    page: int
    line: RawLine
    role: Literal["header", "footer"]
    key: str
    numbers: tuple[int, ...]
    alone: bool
    of: bool

    @property
    def height(self) -> float:
        """Where it stands on the page."""
        return self.line.words[0].box[3]


def take_furniture(raw: list[RawPage], laid: list[list[Block]]) -> list[Taken]:
    """Remove furniture from ``laid`` in place and return it page by page."""
    candidates = [c for i, (page, blocks) in enumerate(zip(raw, laid, strict=True)) for c in _candidates(i, page, blocks)]
    # the same words on each page, or the same but for a number that counts with the pages
    found: dict[tuple[str, str, int | None], list[_Candidate]] = defaultdict(list)
    for c in candidates:
        found[c.role, c.line.text.casefold(), None].append(c)
        for offset in {number - c.page for number in c.numbers}:
            found[c.role, c.key, offset].append(c)
    pages = sum(1 for page in raw if page.words)
    picked = {id(c.line): c for group in found.values() for c in _repeated(group, pages)}
    picked |= {id(c.line): c for c in _addresses(candidates)}
    numbers = _numbers(candidates, picked)
    picked |= {id(c.line): c for c, _ in numbers.values()}
    taken: list[Taken] = []
    for i, blocks in enumerate(laid):
        furniture: list[Furniture] = []
        for block in blocks:
            for line in block.lines:
                if id(line) in picked:
                    c = picked[id(line)]
                    x0s, tops, x1s, bottoms = zip(*[w.box for w in line.words], strict=True)
                    role = "page_number" if c.alone and i in numbers and numbers[i][0] is c else c.role
                    furniture.append(Furniture(role, line.text, Box(min(x0s), min(tops), max(x1s), max(bottoms))))
            block.lines[:] = [line for line in block.lines if id(line) not in picked]
        blocks[:] = [b for b in blocks if b.lines]
        taken.append(Taken(tuple(furniture), str(numbers[i][1]) if i in numbers else None))
    return taken


def _candidates(index: int, page: RawPage, blocks: list[Block]) -> list[_Candidate]:
    found: list[_Candidate] = []
    body = _tables_of_body(page, blocks)
    for block in blocks:
        if block.turned or block.table in body:
            continue
        for line in block.lines:
            _, top, _, bottom = line.words[0].box
            if bottom <= _MARGIN * page.height:
                role: Literal["header", "footer"] = "header"
            elif top >= (1 - _MARGIN) * page.height:
                role = "footer"
            else:
                continue
            text = line.text
            if _FIGURE.search(text) is None:
                found.append(_Candidate(index, line, role, text.strip("# ").casefold(), (), False, False))
                continue
            alone = _ALONE.fullmatch(text)
            matches = [alone] if alone else [m for m in (_LAST.search(text[-40:]), _FIRST.match(text[:40])) if m]
            of = any(int(m[1]) <= int(m[2] or m[3] or m[4] or 0) for m in matches)
            numbers = tuple(int(m[1]) for m in matches or _ANYWHERE.finditer(text))
            found.append(_Candidate(index, line, role, _key(text), numbers, alone is not None, of))
    return found


def _key(text: str) -> str:
    """What a running line has in common from page to page: its text without what counts the pages."""
    text = _ANYWHERE.sub("#", text)
    return _FIRST.sub("# ", _LAST.sub(" #", text)).strip("# ").casefold()


def _tables_of_body(page: RawPage, blocks: list[Block]) -> set[int]:
    """Tables that reach into the body of the page: their heads may come again on each page, but are no furniture."""
    low, high = _MARGIN * page.height, (1 - _MARGIN) * page.height
    return {b.table for b in blocks if b.table is not None for line in b.lines if low < line.words[0].box[3] < high}


def _numbers(candidates: list[_Candidate], picked: dict[int, _Candidate]) -> dict[int, tuple[_Candidate, int]]:
    """The page number of each page that prints one: figures that count on with the pages, alone or in a running line."""
    by_offset: dict[int, list[tuple[_Candidate, int]]] = defaultdict(list)
    for c in candidates:
        if c.alone or id(c.line) in picked or c.of:
            for number in filter(None, c.numbers):
                by_offset[number - c.page].append((c, number))
    found: dict[int, tuple[_Candidate, int]] = {}
    ranked = sorted(by_offset.items(), key=lambda item: (-len({c.page for c, _ in item[1]}), item[0]))
    for _, group in ranked:
        # a single figure says nothing, unless it says "1 (3)"
        if len({c.page for c, _ in group}) >= 2:
            for c, number in group:
                found.setdefault(c.page, (c, number))
        elif group[0][0].of and len(group[0][0].line.words) <= 8:
            found.setdefault(group[0][0].page, group[0])
    return found


def _addresses(candidates: list[_Candidate]) -> list[_Candidate]:
    """The sender's address at the foot of a letter: a line of its labels, and what stands below it."""
    labels = load_vocabulary()["layout", "address"]
    found: list[_Candidate] = []
    reached: dict[int, float] = {}
    for c in sorted((c for c in candidates if c.role == "footer"), key=lambda c: (c.page, c.height)):
        if c.page in reached or len({start for _, start, _ in labels.finditer(c.line.text)}) >= _LABELS:
            reached.setdefault(c.page, c.height)
            found.append(c)
    return found


def _repeated(group: list[_Candidate], pages: int) -> list[_Candidate]:
    """The members of a group of equal lines that stand at the same height on enough pages."""
    if len({c.page for c in group}) < 2 or not any(ch.isalpha() for ch in group[0].key):
        return []
    enough = max(2, min(3, pages // 3))
    group = sorted(group, key=lambda c: (c.height, c.page))
    found: list[_Candidate] = []
    first = 0
    for i in range(1, len(group) + 1):
        if i == len(group) or group[i].height - group[i - 1].height > _HEIGHT:
            members = sorted(group[first:i], key=lambda c: c.page)
            # what comes again here and there is a word of the text; furniture runs from page to page, or each second one
            neighbours = {c.page for a, b in pairwise(members) if 0 < b.page - a.page <= 2 for c in (a, b)}
            if len(neighbours) >= enough:
                found += members
            first = i
    return found
