"""Which of Kolada's key figures a printed name means, if it is clear enough.

The key figures (id, title, unit, area, kind of municipality; "Källa: Kolada") ship as ``docmine/data/kolada.csv.gz``. A link is made only
where name and title share nearly all their telling words, say the same numbers in the same unit, and no other title is nearly as close.
"""

from __future__ import annotations

import gzip
import math
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz

from docmine.compare.names import Name, Weights, coverage, named, parallel
from docmine.errors import UsageError
from docmine.records import fold
from docmine.vocabulary import load_vocabulary

__all__ = ["KOLADA", "Candidate", "Linker", "key_figures", "linker"]

#: what must be named with the key figures, and when they were fetched
KOLADA = "Källa: Kolada, 2026-03-23"
_GRAMS, _CANDIDATES = (3, 4, 5), 30
#: a link needs this much of both names' words, this much more than the runner-up, and so many telling words or numbers; regions have
#: titles of their own
_LEAST, _AHEAD, _FEWEST, _REGION = 0.82, 0.05, 2, "L"


@dataclass(frozen=True)
class Candidate:
    """A key figure that a name may mean.

    ``score`` orders candidates; ``coverage`` is the share of the weight of both names' words that the other has, too (0 to 1); ``fits``
    says that unit, numbers, sense and choice are the same.
    """

    id: str
    title: str
    score: float
    coverage: float
    fits: bool


@lru_cache(maxsize=1)
def key_figures() -> pd.DataFrame:
    """Kolada's key figures: ``id``, ``title``, ``unit``, ``area``, ``municipality_type`` (K kommuner, L regions, A both)."""
    with (files("docmine") / "data" / "kolada.csv.gz").open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as file:
        return pd.read_csv(file, dtype="string")


@lru_cache(maxsize=1)
def linker() -> Linker:
    """The linker over the key figures that ship."""
    return Linker(key_figures())


class Linker:
    """Finds titles by their letters, orders them by their words.

    Parameters
    ----------
    figures : pandas.DataFrame
        As `key_figures`.
    """

    def __init__(self, figures: pd.DataFrame) -> None:
        units = load_vocabulary()["compare", "kolada_unit"]
        self.ids: list[str] = figures["id"].tolist()
        self.titles: list[str] = figures["title"].tolist()
        self._regional = (figures["municipality_type"] == _REGION).to_numpy(bool)
        codes = [units.code(unit) if isinstance(unit, str) else None for unit in figures["unit"]]
        self._names = [named(title, code) for title, code in zip(self.titles, codes, strict=True)]
        self.weights = Weights(self._names)
        self._by_id = dict(zip(self.ids, self.titles, strict=True))
        self._index()

    def _index(self) -> None:
        """For each piece of letters the titles that have it."""
        places: dict[str, list[int]] = defaultdict(list)
        for i, title in enumerate(self.titles):
            for gram in _grams(title):
                places[gram].append(i)
        self._places = {gram: np.array(where, np.int32) for gram, where in places.items()}
        norms = np.zeros(len(self.titles))
        for gram, where in self._places.items():
            norms[where] += self._idf(gram) ** 2
        self._lengths = np.sqrt(norms)

    def _idf(self, gram: str) -> float:
        return math.log(len(self.titles) / len(self._places.get(gram, "?"))) + 1

    def likeness(self, text: str) -> npt.NDArray[np.float64]:
        """Cosine of the weighted pieces of letters of a text and of each title."""
        scores = np.zeros(len(self.titles))
        norm = 0.0
        for gram in _grams(text):
            weight = self._idf(gram) ** 2
            norm += weight
            if gram in self._places:
                scores[self._places[gram]] += weight
        return scores / (self._lengths * math.sqrt(norm)) if norm else scores

    def candidates(self, text: str, unit: str | None = None, *, regions: bool = False) -> list[Candidate]:
        """The key figures that a name may mean, the likeliest first.

        Parameters
        ----------
        text : str
            The name as printed.
        unit : str, optional
            The code of its unit, as in `docmine.schema.UNITS`.
        regions : bool
            Whether figures that only regions have are among them.
        """
        name = named(text, unit)
        likeness = self.likeness(text)
        if not regions:
            likeness = np.where(self._regional, 0.0, likeness)
        best = np.argsort(-likeness, kind="stable")[:_CANDIDATES]
        found = []
        for i in best:
            if not likeness[i]:
                continue
            other = self._names[i]
            shared, alike = coverage(name, other, self.weights), parallel(replace(name, group=other.group), other)
            closeness = fuzz.token_sort_ratio(fold(text), fold(self.titles[i])) / 100
            score = (2 * shared + float(likeness[i]) + 0.5 * closeness) / 3.5 - (0.0 if alike else 0.15)
            found.append(Candidate(self.ids[i], self.titles[i], round(score, 4), round(shared, 4), alike and _of_the_same(name, other)))
        return sorted(found, key=lambda c: (-c.score, c.id))

    def link(self, text: str, unit: str | None = None, *, regions: bool = False) -> Candidate | None:
        """The key figure that a name means; None where none is good or another is nearly as good."""
        found = self.candidates(text, unit, regions=regions)
        if not found or not found[0].fits or found[0].coverage < _LEAST:
            return None
        rivals = [other.coverage for other in found[1:] if other.fits and other.title != found[0].title]
        return found[0] if found[0].coverage - max(rivals, default=0.0) >= _AHEAD else None

    def title(self, id: str) -> str:
        """The title of a key figure.

        Raises
        ------
        UsageError
            If there is none of that id.
        """
        if id not in self._by_id:
            raise UsageError(f"Kolada has no key figure {id!r}", "ids look like N15507; write none for no link")
        return self._by_id[id]


def _of_the_same(name: Name, title: Name) -> bool:
    """Whether a title is of those whom the name is of; what holds for all holds for women and men. A single word says too little."""
    telling = len(name.words) + len(name.numbers)
    return name.chosen == title.chosen and title.group in (None, name.group) and telling >= _FEWEST


def _grams(text: str) -> set[str]:
    """The pieces of letters of the words of a text."""
    words = [f" {word} " for word in fold(text).split()]
    return {word[i : i + size] for word in words for size in _GRAMS for i in range(max(1, len(word) - size + 1))}
