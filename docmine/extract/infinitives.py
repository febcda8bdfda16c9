"""Whether an infinitive opens a wording: "Ta fram …", "utreda …". Many other words end on -a, so that the vocabulary names those."""

from __future__ import annotations

from functools import lru_cache

import regex

from docmine.vocabulary import Vocabulary

__all__ = ["infinitive_at", "infinitive_pattern"]


@lru_cache(maxsize=4)
def infinitive_pattern(vocabulary: Vocabulary) -> regex.Pattern[str]:
    """What matches an infinitive before white space or the end."""
    words = vocabulary["actions", "infinitive"]
    short, no, endings = ("|".join(map(regex.escape, words[code])) for code in ("short", "no", "no_ending"))
    return regex.compile(rf"(?i:(?!(?:{no})\b)(?:\p{{L}}{{2,30}}a(?<!{endings})|{short})(?=\s|$))")


def infinitive_at(text: str, at: int, vocabulary: Vocabulary, stop: int | None = None) -> int | None:
    """Where the infinitive ends that opens a wording at an offset; None where no infinitive does."""
    found = infinitive_pattern(vocabulary).match(text, at, len(text) if stop is None else stop)
    return found.end() if found is not None else None
