"""Swedish spelling of figures, and small help with words."""

from __future__ import annotations

import re

UNIT_WORDS = {
    "percent": ("procent", "%", " %"),
    "days": ("dagar",),
    "weeks": ("veckor",),
    "months": ("månader",),
    "hours": ("timmar",),
    "years": ("år",),
    "SEK/day": ("kr per dygn", "kr/dygn"),
    "SEK/inhabitant": ("kr per invånare", "kr/inv"),
    "SEK/person": ("kr",),
}


def figure(value: float, decimals: int = 0, *, group: str = " ", point: str = ",", minus: str = "-", plus: bool = False) -> str:
    """A number as reports print it.

    >>> figure(-1234.5, 1)
    '-1 234,5'
    """
    whole, _, part = f"{abs(value):.{decimals}f}".partition(".")
    whole = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", group, whole)
    sign = minus if round(value, decimals) < 0 else "+" if plus and value > 0 else ""
    return sign + whole + (point + part if part else "")


def genitive(name: str) -> str:
    """The genitive of a name: Exby → Exbys, Emmaboda → Emmabodas, Gränges → Gränges."""
    return name if name[-1] in "sxz" else name + "s"


def upper_first(text: str) -> str:
    """The text with a capital first letter and the rest as it is."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """The text with a small first letter and the rest as it is."""
    return text[:1].lower() + text[1:]


def squeeze(text: str) -> str:
    """Runs of white space as one space."""
    return " ".join(text.split())


def break_points(word: str) -> list[int]:
    """Where a word may be broken at a line's end: before a consonant that a vowel follows, three letters from either end.

    >>> break_points("verksamheten")
    [6, 8]
    """
    vowels = "aeiouyåäöAEIOUYÅÄÖ"
    if len(word) < 8 or not word.isalpha():
        return []
    return [i for i in range(4, len(word) - 2) if word[i] not in vowels and word[i + 1] in vowels and any(v in vowels for v in word[:i])]
