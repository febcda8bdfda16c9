"""Accuracy on the real reports never falls below what was reached."""

from __future__ import annotations

import json
from pathlib import Path

import accuracy
import pytest


@pytest.fixture(scope="module")
def figures(shared_corpus: Path) -> dict[str, float]:
    return accuracy.flat(accuracy.measure(shared_corpus))


def test_floors_belong_to_these_answers(shared_corpus: Path) -> None:
    floors = json.loads(accuracy.FLOORS.read_text(encoding="utf-8"))
    assert floors["fingerprint"] == accuracy.fingerprint(shared_corpus), (
        "answers or inputs changed: pin anew with benchmarks/accuracy.py --pin"
    )


def test_no_figure_is_below_its_floor(figures: dict[str, float]) -> None:
    floors = json.loads(accuracy.FLOORS.read_text(encoding="utf-8"))["floors"]
    assert {name: (figures.get(name), floor) for name, floor in floors.items() if figures.get(name, 0.0) < floor} == {}
