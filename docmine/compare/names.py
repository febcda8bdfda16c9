"""When two names mean the same indicator: by the weight of the words they share, and the same unit, numbers and sense."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from docmine.records import fold
from docmine.vocabulary import load_vocabulary

__all__ = ["Name", "Weights", "coverage", "named", "parallel"]

_WORD = re.compile(r"[^\W\d_]+|%")
_NUMBER = re.compile(r"\d+")
#: since when, until when and how a series is kept, which says nothing of what it measures
_KEPT = re.compile(r"\(\s*-?\s*(?:19|20)\d\d\s*-?\s*\)|\b(?:19|20)\d\d(?:\s*[-–/]\s*(?:19|20)?\d\d)?\b|\bto\.? ?m\.? |(?<=\d) (?=\d{3}\b)")
_RATE = re.compile(r"\bkr(?:onor)?\s*/|\bper\b")
_PER_INHABITANT = re.compile(r"(?:/|\bper\b)\s*(?:\d[\d ]*)?inv")
_ENDING = re.compile(r"(?:arnas|ernas|ornas|arna|erna|orna|ens|ets|ar|er|or|en|et|na|as|a|e|n|s|t)$")
_SHORTEST, _LONG, _TAIL = 4, 8, 3


@dataclass(frozen=True)
class Name:
    """A name taken apart.

    Attributes
    ----------
    text : str
        As printed.
    words : tuple of str
        Its telling words without endings.
    numbers : frozenset of str
        Ages, years of school, days: all that must be the same.
    turned : frozenset of str
        The words that turn its sense round.
    chosen : frozenset of str
        Which of several figures of the same thing it says: of those who live here or go to school here, mean or median, per inhabitant …
    group, unit : str or None
        Women, men, girls or boys; the unit that the row or the name itself gives.
    """

    text: str
    words: tuple[str, ...]
    numbers: frozenset[str]
    turned: frozenset[str]
    chosen: frozenset[str]
    group: str | None
    unit: str | None

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for names that differ in order, endings and signs only."""
        return tuple(sorted(self.words)), self.numbers, self.turned, self.chosen, self.group, self.unit


@lru_cache(maxsize=65536)
def named(text: str, unit: str | None = None) -> Name:
    """A printed name taken apart; ``unit`` is the code of its rows, if known."""
    plain = _KEPT.sub(" ", fold(text))
    words, said, group, turned, chosen = [], None, None, set(), set()
    for word in _WORD.findall(plain):
        role, value = _role(word)
        if role == "unit":
            said = said or value
        elif role == "turning":
            turned.add(value)
        elif role == "choosing":
            chosen.add(value)
        elif role == "group" and group is None:
            group = value
        elif role != "filling":
            words.append(value)
    kind = _kind(unit) or said
    if kind == "SEK" and ((unit or "").startswith("SEK/") or _RATE.search(plain)):
        chosen.add("rate")  # a cost per something is no total
    if unit == "SEK/inhabitant" or _PER_INHABITANT.search(plain):
        chosen.add("inhabitant")
    numbers = frozenset(_NUMBER.findall(plain))
    return Name(text, tuple(dict.fromkeys(words)), numbers, frozenset(turned), frozenset(chosen), group, kind)


@lru_cache(maxsize=65536)
def _role(word: str) -> tuple[str, str]:
    """What a word does in a name, and its code or its bare form."""
    vocabulary = load_vocabulary()
    word = vocabulary["compare", "short"].code(word) or word
    for role in ("unit", "turning", "choosing", "group", "filling"):
        code = vocabulary["compare", role].code(word)
        if code is not None:
            return role, word if role == "turning" else code
    return "word", _bare(word)


def _kind(unit: str | None) -> str | None:
    """A unit code as names tell it: whatever money is per, it is money."""
    return None if unit is None else "SEK" if unit.startswith("SEK") else "percent" if unit == "percentage_points" else unit


@lru_cache(maxsize=65536)
def _bare(word: str) -> str:
    bare = _ENDING.sub("", word)
    return bare if len(bare) >= _SHORTEST else word


class Weights:
    """How telling words are: the rarer among many names, the more.

    Parameters
    ----------
    names : iterable of Name
        The names to count in.
    """

    def __init__(self, names: Iterable[Name]) -> None:
        counts: Counter[str] = Counter()
        total = 0
        for name in names:
            counts.update(name.words)
            total += 1
        self._most = math.log(1 + total)
        self._known = {word: math.log((1 + total) / (1 + count)) + 0.3 for word, count in counts.items()}

    def __call__(self, word: str) -> float:
        """The weight of a bare word; that of one never seen is the greatest."""
        return self._known.get(word, self._most)


def coverage(one: Name, other: Name, weight: Weights) -> float:
    """The share of the weight of both names' words that the other name has, too; 0 to 1."""
    pairs = _pairs(one.words, other.words)
    whole = shared = 0.0
    for words, mates in ((one.words, pairs), (other.words, {mate: word for word, mate in pairs.items()})):
        for word in words:
            own = weight(word) if word not in mates else min(weight(word), weight(mates[word]))
            whole += own
            shared += own if word in mates else 0.0
    return shared / whole if whole else 0.0


def _pairs(one: tuple[str, ...], other: tuple[str, ...]) -> dict[str, str]:
    """Which word of one name is which of the other."""
    pairs = {word: word for word in one if word in other}
    left = [word for word in other if word not in pairs]
    for word in one:
        if word not in pairs and (mate := next((mate for mate in left if _same(word, mate)), None)) is not None:
            pairs[word] = mate
            left.remove(mate)
    return pairs


@lru_cache(maxsize=262144)
def _same(one: str, other: str) -> bool:
    """Forms of one word, or one of them misspelt in a letter."""
    shorter = min(len(one), len(other))
    if shorter < _SHORTEST or one[:_SHORTEST] != other[:_SHORTEST]:
        return False
    start = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    if start >= _SHORTEST and max(len(one), len(other)) - start <= _TAIL:
        return True
    return shorter >= _LONG and OSA.distance(one, other, score_cutoff=1) <= 1


def parallel(one: Name, other: Name) -> bool:
    """Whether nothing in the build of two names keeps them apart: unit, numbers, sense, group."""
    if one.unit is not None and other.unit is not None and one.unit != other.unit:
        return False
    return one.numbers == other.numbers and one.turned == other.turned and one.group == other.group
