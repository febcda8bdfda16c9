"""What a sentence holds besides its statement: numbers that only refer (``(mål 1 och 4)``, ``strategi 2.1``), and headings and
verdicts that ran into it without a full stop (``Nämndens mål 3: …``, ``Uppfyllt Andelen …``).
"""

from __future__ import annotations

import regex

from docmine.extract.figures import Figure
from docmine.extract.phrases import Words

__all__ = ["heads", "openings", "refers"]

_NEAR = 70  # characters before a number in which the noun it belongs to stands
_HIGHEST = 99  # nothing is numbered higher
_GOES_ON = regex.compile(r"\s?(?:,|och|samt|eller|[-–])\s?\d{1,2}(?![\d,]|\s?(?:%|procent))", regex.IGNORECASE)
_HEADS = regex.compile(r"[ \t]?(?::\s|[.)]?\s+(?=\p{Lu}))")
_ENDS = regex.compile(r"\s?\)")
_OPENS = regex.compile(r"(?:^|\n|[.:;!?]\s)[ \t]*$")
_CAPITAL = regex.compile(r"(?P<word>[\p{Ll}-]++)\)?[ \t\n\p{So}]{1,9}(?P<next>\p{Lu}\p{L}*+)")
_DEFINITE = ("en", "et", "an", "on", "rna", "ten")
_WHOSE = regex.compile(r"(?<!\w)\p{L}{3,}s\s+$")


def refers(text: str, figure: Figure, before: Figure | None, words: Words) -> bool:
    """Whether a figure is the number of something, not a value; a goal's number is told from its value by what stands around it."""
    if figure.unit or figure.word or figure.comparator or not 0 <= figure.value <= _HIGHEST or "," in figure.text:
        return False
    first = max(0, figure.start - _NEAR)
    near = text[first : figure.start]
    found = words.numbered.search(near)
    if found is None:
        return False
    if found["kind"] or "." in figure.text or found["also"] or _GOES_ON.match(text, figure.end):
        return True
    at = first + found.start()
    if before is not None and not text[before.end : at].strip(" (,;"):  # "84 (mål 85)"
        return False
    if text[max(0, at - 1) : at] == "(" and _ENDS.match(text, figure.end):
        return True
    if not _HEADS.match(text, figure.end):
        return False
    return text[figure.end : figure.end + 1] == ":" or any(p.search(text, max(0, at - _NEAR), at) for p in (_OPENS, _WHOSE))


def heads(text: str, figure: Figure) -> bool:
    """Whether what a referring number is the label of follows it."""
    return _HEADS.match(text, figure.end) is not None


def openings(text: str, words: Words) -> list[int]:
    """Where sentences begin that only their capital tells from the heading or verdict before them."""
    return [m.start("next") for m in _CAPITAL.finditer(text) if _opens(m["next"], words) and not words.before_title.fullmatch(m["word"])]


def _opens(word: str, words: Words) -> bool:
    """Whether a word with a capital opens a sentence; titles of measures have no article."""
    return words.opening.fullmatch(word) is not None or (word.endswith(_DEFINITE) and words.measure.fullmatch(word) is not None)
