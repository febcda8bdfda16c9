"""Seeded choice that gives the same draws on every platform and Python version (only ``Random.random`` is promised to)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Dice:
    """Draws that depend on the seed alone."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed)

    def number(self) -> float:
        """A number from 0 up to 1."""
        return self._random.random()

    def chance(self, share: float) -> bool:
        """True in ``share`` of the draws."""
        return self.number() < share

    def integer(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self.number() * (high - low + 1))

    def between(self, low: float, high: float, decimals: int = 0) -> float:
        """A number of that many decimals."""
        scale = 10**decimals
        return float(self.integer(round(low * scale), round(high * scale)) / scale)

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[int(self.number() * len(items))]

    def weighted(self, weights: dict[T, float]) -> T:
        """One of the keys, each as often as its weight says."""
        left = self.number() * sum(weights.values())
        for item, weight in weights.items():
            left -= weight
            if left < 0:
                return item
        return item

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """Some of the items in random order, none twice."""
        pool = list(items)
        return [pool.pop(int(self.number() * len(pool))) for _ in range(min(count, len(pool)))]


class Deck(Generic[T]):
    """Deals from items without repeating one until all have been dealt."""

    def __init__(self, dice: Dice, items: Sequence[T]) -> None:
        self._dice = dice
        self._items = list(items)
        self._left: list[T] = []

    def deal(self) -> T:
        """The next item."""
        if not self._left:
            self._left = self._dice.sample(self._items, len(self._items))
        return self._left.pop()

    def some(self, count: int) -> list[T]:
        """The next items."""
        return [self.deal() for _ in range(count)]
