"""How words are set: the styles of a document, each kept once."""

from __future__ import annotations

import re

from docmine.records import Style

__all__ = ["DEFAULT", "Styles"]

_SUBSET = re.compile(r"^[A-Z]{6}\+")
_BOLD = re.compile(r"bold|black|heavy|semib|demi|\bbd\b|-bd", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique|kursiv|\bit\b|-it$", re.IGNORECASE)

DEFAULT = Style("", 10.0, False, False, "#000000")


class Styles:
    """The styles met so far; a word points at one by its index."""

    def __init__(self) -> None:
        self.items: list[Style] = []
        self._index: dict[Style, int] = {}

    def index(self, style: Style) -> int:
        """The place of a style, which is added if it is new."""
        found = self._index.get(style)
        if found is None:
            found = self._index[style] = len(self.items)
            self.items.append(style)
        return found

    def of(self, font: str, size: float, color: str) -> int:
        """The place of the style of a font; its name tells weight and slant, since PDFs say neither reliably."""
        font = _SUBSET.sub("", font)
        bold, italic = _BOLD.search(font) is not None, _ITALIC.search(font) is not None
        return self.index(Style(font, round(size, 1), bold, italic, color))
