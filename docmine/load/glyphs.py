"""What single characters of a PDF's text layer stand for: ligatures, hyphens, bullets and symbol fonts."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np

__all__ = ["LEADERS", "LINE_HYPHEN", "ODD", "RAISED", "SPACE", "clean", "is_plain", "is_symbolic", "kinds"]

#: dots that lead the eye to a page number are no part of the words beside them
LEADERS = re.compile(r"\.{4,}|…{2,}")
#: figures set small and high: a footnote's mark, the power of a unit
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

#: PDFium's marks for a hyphen at the end of a line, whose two lines it joins
LINE_HYPHEN = "\ufffe"

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_HYPHENS = {0x2010: "-", 0x2011: "-", 0x0002: LINE_HYPHEN}
# zero-width characters carry nothing here; a control character is never text
_NOTHING: dict[int, None] = dict.fromkeys(
    [*range(0x00, 0x02), *range(0x03, 0x09), *range(0x0E, 0x20), 0x7F, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFFFF]
)
# the codes of Wingdings that reports use, which Word writes as U+F0xx or as the plain letter in that font
_WINGDINGS = {
    0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x73: "⬧",
    0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA4: "◉", 0xA7: "▪", 0xA8: "□", 0xAB: "★",
    0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE4: "↗", 0xE6: "↘", 0xE8: "➔", 0xEA: "⬇", 0xE9: "⬆",
    0xFB: "✘", 0xFC: "✔", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_SYMBOL = {0xB7: "•", 0xA8: "♦", 0xAE: "→", 0xAC: "←", 0xAD: "↑", 0xAF: "↓", 0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0x2D: "−", 0xD7: "·"}
# without a telling font, a private-use code is read as the symbol font's bullet or else as Wingdings
_PRIVATE = {0xF000 + code: sign for code, sign in (_WINGDINGS | {0xB7: "•", 0x2D: "-"}).items()}
_PLAIN = {**_LIGATURES, **_HYPHENS, **_NOTHING, **_PRIVATE}
_BY_FONT = {"Wingdings": _WINGDINGS, "Symbol": _SYMBOL}


# the letters and signs that stand for themselves: the text of most pages has no others
_PLAIN_SIGNS = r"\s!-~ÅÄÖåäöÉéÜüÆæØøÀ-ÏÑ-ÕÙ-Ýà-ïñ-õù-ý§°±²³´µ·»«½¼¾–—’‘”“…•€−"
_ODD = re.compile(f"[^{_PLAIN_SIGNS}]|¬")
#: the kinds of characters beside those that stand for themselves; a space without width parts words too
SPACE, ODD = 1, 2
_KINDS = np.full(0x10000, ODD, np.uint8)
for _sign in re.findall(f"[{_PLAIN_SIGNS}\u200b]", "".join(map(chr, range(len(_KINDS))))):
    _KINDS[ord(_sign)] = SPACE if _sign.isspace() or _sign == "\u200b" else 0
_NOT_SIGN = re.compile(r"(?<=[^\W\d_])¬(?=[^\W\d_])")


def is_plain(text: str) -> bool:
    """Whether all characters of a text stand for themselves."""
    return _ODD.search(text) is None


def kinds(text: str) -> Any:
    """The kind of each character of a text: `SPACE`, `ODD`, or 0."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return _KINDS[np.minimum(codes, len(_KINDS) - 1)]


def is_symbolic(font: str) -> bool:
    """Whether the letters of a font are pictures."""
    return font.startswith(("Wingdings", "Symbol"))


def clean(text: str, font: str) -> str:
    """The characters that a word's glyphs stand for, in NFC; empty where they stand for nothing."""
    signs = _BY_FONT.get(font.partition("-")[0].partition("MT")[0])
    if signs is not None:
        text = "".join(signs.get(ord(c) & 0xFF, c) if ord(c) < 0x100 or 0xF000 <= ord(c) < 0xF100 else c for c in text)
    # a lost soft hyphen shows as the sign for "not" inside a word
    return unicodedata.normalize("NFC", _NOT_SIGN.sub("", text.translate(_PLAIN)))
