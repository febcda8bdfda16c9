"""Which of Kolada's key figures a printed name means, if it is clear enough.

The key figures (id, title, unit, area, kind of municipality; "Källa: Kolada") ship as ``docmine/data/kolada.csv.gz``. A link is made only
where name and title share nearly all their telling words, say the same numbers in the same unit, and no other title is nearly as close.
"""

from __future__ import annotations

import gzip
import math
from collections import defaultdict
from dataclasses import dataclass
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
#: a link needs this much of both names' words, this much more than the runner-up, and titles of kommuner
_LEAST, _AHEAD, _REGION = 0.82, 0.05, "L"


@dataclass(frozen=True)
class Candidate:
    """A key figure that a name may mean.

    ``score`` orders candidates (0 to 1); ``coverage`` is the share of the words that both have; ``good`` says that it may be linked.
    """

    id: str
    title: str
    score: float
    coverage: float
    good: bool


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
        self._names = [_of_either(named(title, code)) for title, code in zip(self.titles, codes, strict=True)]
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
        name = _of_either(named(text, unit))
        likeness = self.likeness(text)
        if not regions:
            likeness = np.where(self._regional, 0.0, likeness)
        best = np.argsort(-likeness, kind="stable")[:_CANDIDATES]
        found = []
        for i in best:
            if not likeness[i]:
                continue
            other = self._names[i]
            shared, fits = coverage(name, other, self.weights), parallel(name, other)
            closeness = fuzz.token_sort_ratio(fold(text), fold(self.titles[i])) / 100
            score = (2 * shared + float(likeness[i]) + 0.5 * closeness) / 3.5 - (0.0 if fits else 0.15)
            found.append(Candidate(self.ids[i], self.titles[i], round(score, 4), round(shared, 4), fits and shared >= _LEAST))
        return sorted(found, key=lambda c: (-c.score, c.id))

    def link(self, text: str, unit: str | None = None, *, regions: bool = False) -> Candidate | None:
        """The key figure that a name means; None where none is good or another is nearly as good."""
        found = self.candidates(text, unit, regions=regions)
        if not found or not found[0].good:
            return None
        first, own = found[0], named(text)
        rivals = [c.coverage for c in found[1:] if c.title != first.title and named(c.title).numbers == own.numbers]
        return first if first.coverage - max(rivals, default=0.0) >= _AHEAD else None

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


def _of_either(name: Name) -> Name:
    """Key figures hold for women and men alike; a name of one group means the same figure."""
    return Name(name.text, name.words, name.numbers, name.turned, None, name.unit)


def _grams(text: str) -> set[str]:
    """The pieces of letters of the words of a text."""
    words = [f" {word} " for word in fold(text).split()]
    return {word[i : i + size] for word in words for size in _GRAMS for i in range(max(1, len(word) - size + 1))}
