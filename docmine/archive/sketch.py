"""A sketch of a text by which the same report is known again, as PDF and as transcript: MinHash over runs of words (Broder 1997)."""

from __future__ import annotations

import re
import zlib

import numpy as np

__all__ = ["SIZE", "likeness", "sketch_of"]

#: numbers in a sketch; the likeness of two texts is told within about a tenth
SIZE = 128
_WORDS = 4
_WORD = re.compile(r"[^\W\d_]+|\d+")
_PRIME = np.uint64((1 << 61) - 1)
_MOST = 200_000


def _factors() -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.Generator(np.random.PCG64(2017))
    return draw.integers(1, 1 << 31, SIZE, dtype=np.uint64), draw.integers(0, 1 << 31, SIZE, dtype=np.uint64)


_TIMES, _PLUS = _factors()


def sketch_of(text: str) -> list[int]:
    """The sketch of a text; empty if it has too few words to be compared."""
    words = _WORD.findall(text.casefold())[:_MOST]
    runs = {zlib.crc32(" ".join(words[i : i + _WORDS]).encode()) for i in range(len(words) - _WORDS + 1)}
    if len(runs) < SIZE:
        return []
    hashes = np.fromiter(runs, np.uint64, len(runs))
    # one factor after the other: all at once would take a kilobyte for each run of words
    return [int(((hashes * a + b) % _PRIME & np.uint64(0xFFFFFFFF)).min()) for a, b in zip(_TIMES, _PLUS, strict=True)]


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """The share of runs of words that two texts have in common (Jaccard), as their sketches tell it."""
    return float(np.mean(one == other))
