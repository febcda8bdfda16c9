"""Accuracy on the real reports never falls below what was reached."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import accuracy
import pytest

import docmine
from docmine.evaluate import evaluate


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


def test_generated_reports_of_a_seed_that_nobody_tunes_on(shared_corpus: Path, tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, str(accuracy.ROOT / "corpus" / "make.py"), "--seed", "515", "--count", "12", "--out", str(tmp_path)], check=False
    )
    assert made.returncode == 0
    scores = accuracy.measure(tmp_path)
    assert min(scores["headline"].values()) >= 0.9
    assert {kind: row["exact_F1"] for kind, row in scores["total"].items() if row["exact_F1"] < 0.8} == {}


def test_rows_that_say_that_they_are_sure_are_right(shared_corpus: Path, tmp_path: Path) -> None:
    """Of the rows with a confidence of 0.9 or more, 95 in 100 are right: on the real reports, and on generated ones."""
    made = [sys.executable, str(accuracy.ROOT / "corpus" / "make.py"), "--seed", "616", "--count", "10", "--out", str(tmp_path / "made")]
    assert subprocess.run(made, check=False).returncode == 0
    for corpus in (shared_corpus, tmp_path / "made"):
        folder = tmp_path / f"tables-{corpus.name}"
        docmine.mine(corpus / "texts").write(folder)
        bands = evaluate(folder, corpus / "gold").reliability
        sure = bands[(bands["kind"] == "all") & (bands["low"] >= 0.9)]
        assert sure["rows"].sum() > 500
        assert (sure["right"] * sure["rows"]).sum() / sure["rows"].sum() >= 0.95
