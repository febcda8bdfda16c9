"""Running headers, footers and page numbers: found by their repetition and their place, and taken out of the blocks."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal, NamedTuple

import regex

from docmine.load.layout import Block, RawLine, RawPage
from docmine.records import Box, Furniture

__all__ = ["Taken", "take_furniture"]

_DIGITS = regex.compile(r"\d+")
# "7", "- 7 -", "7 (12)", "7(12)", "7/12", "Sida 7", "Sida 7 av 12", "s. 7"
_NUMBER = regex.compile(
    r"(?:(?:sida|sid|page|s)\.?:?\s?)?[-–|]?\s?(\d{1,4})(?:\s?(?:\(\d{1,4}\)|/\s?\d{1,4}|av\s\d{1,4}|of\s\d{1,4}))?\s?[-–|]?",
    regex.IGNORECASE,
)
#: how much of the page's height at either end may hold furniture
_MARGIN = 0.16
_DEEPEST = 8


class Taken(NamedTuple):
    """What was taken from a page, and the number printed on it."""

    furniture: tuple[Furniture, ...]
    label: str | None


class _Candidate(NamedTuple):
    page: int
    block: int
    line: RawLine
    role: Literal["header", "footer"]
    key: str
    number: int | None


def take_furniture(raw: list[RawPage], laid: list[list[Block]]) -> list[Taken]:
    """Remove furniture from ``laid`` in place and return it page by page."""
    found: dict[tuple[str, str], list[_Candidate]] = defaultdict(list)
    for i, (page, blocks) in enumerate(zip(raw, laid, strict=True)):
        for candidate in _candidates(i, page, blocks):
            found[candidate.role, candidate.key].append(candidate)
    with_words = sum(1 for page in raw if page.words)
    numbers = _numbers([c for cs in found.values() for c in cs])
    chosen: list[_Candidate] = []
    for group in found.values():
        chosen += _repeated(group, with_words)
    picked = {id(c.line): c for c in [*chosen, *numbers]}
    taken: list[Taken] = []
    for i, blocks in enumerate(laid):
        furniture: list[Furniture] = []
        label = next((str(c.number) for c in numbers if c.page == i), None)
        for block in blocks:
            for line in block.lines:
                c = picked.get(id(line))
                if c is not None:
                    role: Literal["header", "footer", "page_number"] = (
                        "page_number" if _NUMBER.fullmatch(line.text) and c.number else c.role
                    )
                    boxes = [w.box for w in line.words]
                    box = Box(min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
                    furniture.append(Furniture(role, line.text, box))
            block.lines[:] = [line for line in block.lines if id(line) not in picked]
        blocks[:] = [b for b in blocks if b.lines]
        taken.append(Taken(tuple(furniture), label))
    return taken


def _candidates(index: int, page: RawPage, blocks: list[Block]) -> list[_Candidate]:
    """Lines near the upper and lower end of a page."""
    found: list[_Candidate] = []
    for b, block in enumerate(blocks):
        if block.turned:
            continue
        for line in block.lines:
            top, bottom = line.words[0].box[1], line.words[0].box[3]
            if bottom <= _MARGIN * page.height:
                role: Literal["header", "footer"] = "header"
            elif top >= (1 - _MARGIN) * page.height:
                role = "footer"
            else:
                continue
            text = line.text
            match = _NUMBER.fullmatch(text)
            found.append(_Candidate(index, b, line, role, _DIGITS.sub("#", text).casefold(), int(match[1]) if match else None))
    return found


def _numbers(candidates: list[_Candidate]) -> list[_Candidate]:
    """Page numbers: figures on their own, or after a running text, that count on with the pages."""
    by_offset: dict[int, list[_Candidate]] = defaultdict(list)
    for c in candidates:
        if c.number is not None:
            by_offset[c.number - c.page].append(c)
    found: dict[int, _Candidate] = {}
    for _offset, group in sorted(by_offset.items(), key=lambda item: -len(item[1])):
        if len({c.page for c in group}) >= 2 or len(by_offset) == 1:
            for c in group:
                found.setdefault(c.page, c)
    return list(found.values())


def _repeated(group: list[_Candidate], pages: int) -> list[_Candidate]:
    """The members of a group of equal lines that stand at the same height on enough pages."""
    if len({c.page for c in group}) < 2 or pages < 2:
        return []
    by_height: dict[int, list[_Candidate]] = defaultdict(list)
    for c in group:
        by_height[round(c.line.words[0].box[3] / 6)].append(c)
    found: list[_Candidate] = []
    for height, members in by_height.items():
        near = {c.page for c in [*members, *by_height.get(height - 1, []), *by_height.get(height + 1, [])]}
        if len(near) >= max(2, min(3, pages // 3)):
            found += members
    return found
