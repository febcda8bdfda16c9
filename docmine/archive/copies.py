"""The same report more than once: the same bytes under two names, or the same text as PDF and as transcript."""

from __future__ import annotations

import numpy as np

from docmine.archive.journal import Journal
from docmine.archive.sketch import SIZE, likeness

__all__ = ["find_copies"]

#: reports of two months by the same hand share six tenths of their runs of words, a PDF and its transcript more than nine
_ALIKE = 0.8
#: texts that are so alike share one of these parts of their sketches but once in thousands of times
_BANDS = 16


def find_copies(journal: Journal) -> dict[str, str]:
    """By name, the files that repeat another, with the doc_id of that other.

    Of files with the same bytes the first by name is kept. Of nearly the same text, with years and kommuner that do not differ,
    a PDF is kept before a transcript and a whole one before a part.
    """
    names, docs, years, kommuner, sketches = [], [], [], [], []
    copies = dict(journal.doubles())
    for source, doc_id, year, kommun, sketch in journal.sketches():
        if source not in copies:
            names.append(source)
            docs.append(doc_id)
            years.append(year)
            kommuner.append(kommun)
            sketches.append(np.frombuffer(sketch, np.uint32))
    table = np.array(sketches, np.uint32).reshape(-1, SIZE)
    for later, earlier in sorted(_pairs(table)):
        told = ((years[later], years[earlier]), (kommuner[later], kommuner[earlier]))
        differ = any(one is not None and other is not None and one != other for one, other in told)
        if not differ and names[earlier] not in copies and likeness(table[later], table[earlier]) >= _ALIKE:
            copies.setdefault(names[later], docs[earlier])
    return copies


def _pairs(table: np.ndarray) -> set[tuple[int, int]]:
    """Pairs of rows that share a part, the later of a part with its first; one part at a time, which keeps memory small."""
    pairs: set[tuple[int, int]] = set()
    width = SIZE // _BANDS
    for at in range(0, SIZE, width):
        part = np.ascontiguousarray(table[:, at : at + width]).view(np.dtype((np.void, 4 * width))).ravel()
        _, first, which = np.unique(part, return_index=True, return_inverse=True)
        for later in np.flatnonzero(first[which] != np.arange(len(part))):
            pairs.add((int(later), int(first[which[later]])))
    return pairs
