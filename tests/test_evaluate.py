"""Scoring against answers made by hand, and the sample to check."""

from __future__ import annotations

import json
from pathlib import Path

import accuracy
import pandas as pd
import pytest

import docmine
from docmine.__main__ import main
from docmine.errors import UsageError
from docmine.evaluate import evaluate, read_gold
from docmine.sample import checked, draw_sample

TEXT = """Årsrapport 2022
Socialnämnden i Exby kommun

Ekonomi
Nämndens nettokostnader uppgick till 812,4 mnkr 2022. Budgeten för 2022 var 800,0 mnkr.

Måluppföljning
Nämnden har följande mål:
- Alla barn ska ha en trygg skolväg
- Alla elever ska nå målen i skolan
"""
ANSWERS = [
    {"record": "section", "title": "Ekonomi", "type": "finance"},
    {"record": "section", "title": "Måluppföljning", "type": "goals"},
    {"record": "amount", "label": "nettokostnader", "kind": "outcome", "year": 2022, "value": 812.4, "value_sek": 812.4e6},
    {"record": "amount", "label": "Budgeten", "kind": "budget", "year": 2022, "value": 800.0, "value_sek": 800.0e6},
    {"record": "goal", "text": "Alla barn ska ha en trygg skolväg", "level": "board"},
    {"record": "goal", "text": "Alla elever ska nå målen i skolan", "level": "board"},
]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluate")
    (folder / "exby.txt").write_text(TEXT, encoding="utf-8")
    docmine.mine(folder / "exby.txt").write(folder / "tables", format="csv")
    return folder / "tables"


def write(path: Path, answers: list[dict[str, object]]) -> Path:
    path.write_text("\n".join(json.dumps(answer) for answer in answers), encoding="utf-8")
    return path


def scores(tables: Path, gold: Path) -> pd.DataFrame:
    frame = evaluate(tables, gold).scores
    return frame[frame["document"] == "all"].set_index("kind")


def test_right_answers_score_one(tables: Path, tmp_path: Path) -> None:
    found = scores(tables, write(tmp_path / "exby.jsonl", ANSWERS))
    assert found.loc["amount", ["support", "mined", "soft_f1", "strict_f1"]].tolist() == [2, 2, 1.0, 1.0]
    assert found.loc["goal", "strict_f1"] == 1.0
    assert found.loc["section", "strict_recall"] == 1.0


def test_what_is_wrong_is_told_apart(tables: Path, tmp_path: Path) -> None:
    answers = [dict(a) for a in ANSWERS if a["record"] == "amount"]
    answers[0]["kind"] = "forecast"  # seen, but not as the answer says
    answers[1] |= {"value": 999.0, "value_sek": 999.0e6}  # not seen; its row is then one too many
    outcome = evaluate(tables, write(tmp_path / "exby.jsonl", answers))
    row = outcome.scores.set_index(["document", "kind"]).loc[("all", "amount")]
    assert (row["soft_f1"], row["strict_f1"]) == (0.5, 0.0)
    misses = outcome.misses[outcome.misses["kind"] == "amount"]
    assert sorted(misses["what"]) == ["false", "inexact", "missed"]


def test_optional_answers_are_neither_asked_for_nor_held_against(tables: Path, tmp_path: Path) -> None:
    amounts = [a for a in ANSWERS if a["record"] == "amount"]
    absent = {"record": "amount", "label": "ram", "value": 1.0, "value_sek": 1.0, "optional": True}
    found = scores(tables, write(tmp_path / "exby.jsonl", [amounts[0], {**amounts[1], "optional": True}, absent]))
    assert found.loc["amount", ["support", "mined", "strict_f1"]].tolist() == [1, 1, 1.0]


def test_scope_limits_the_kinds(tables: Path, tmp_path: Path) -> None:
    scope = {"record": "scope", "records": ["amount"]}
    assert list(scores(tables, write(tmp_path / "exby.jsonl", [*ANSWERS, scope])).index) == ["amount"]


def test_csv_and_doc_id_do_as_well(tables: Path, tmp_path: Path) -> None:
    doc_id = docmine.evaluate.read_tables(tables)["documents"]["doc_id"].iloc[0]
    pd.DataFrame([{**a, "doc_id": doc_id} for a in ANSWERS]).to_csv(tmp_path / "mine.csv", index=False)
    assert scores(tables, tmp_path / "mine.csv").loc["amount", "strict_f1"] == 1.0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1"),
        ("[1]", "not a JSON object"),
        ('{"record": "amuont"}', "'amuont'"),
        ('{"record": "amount", "label": "x"}', "needs value"),
        ('{"record": "section", "title": "x", "document": "norrvik"}', "norrvik"),
    ],
)
def test_odd_answers_are_named(tables: Path, tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "exby.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        evaluate(tables, tmp_path / "exby.jsonl")


def test_the_judge_of_the_real_reports_says_the_same(shared_corpus: Path, tmp_path: Path) -> None:
    docmine.mine(shared_corpus / "texts").write(tmp_path)
    judged = accuracy.judge(tmp_path, shared_corpus)["total"]
    ours = scores(tmp_path, shared_corpus / "gold")
    for kind, row in judged.items():
        got = ours.loc[kind, ["soft_f1", "strict_f1"]].tolist()
        assert got == pytest.approx([row["found_F1"], row["exact_F1"]], abs=0.005), kind


def test_sample_is_spread_over_strata_and_weighs_up_to_all_rows(tables: Path) -> None:
    frames = docmine.evaluate.read_tables(tables)
    rows = sum(len(frames[t]) for t in ("sections", "goals", "actions", "indicators", "amounts"))
    every, few = draw_sample(tables, 1000), draw_sample(tables, 4, seed=3)
    assert (len(every), every["weight"].unique().tolist()) == (rows, [1.0])
    assert len(few) == 4
    assert few["record"].nunique() >= 3
    assert few.equals(draw_sample(tables, 4, seed=3))
    with pytest.raises(UsageError, match="amuont"):
        draw_sample(tables, 4, kinds=["amuont"])


def test_checked_sample_gives_the_weighted_share(tmp_path: Path) -> None:
    filled = pd.DataFrame(
        {"record": ["goal", "goal", "amount", "amount"], "weight": [1.0, 3.0, 2.0, 2.0], "right": ["ja", "no", "yes", ""]}
    )
    filled.to_csv(tmp_path / "filled.csv", index=False)
    got = checked(tmp_path / "filled.csv").set_index("kind")
    assert got.loc["goal", "right"] == 0.25
    assert got.loc["amount", ["checked", "right"]].tolist() == [1, 1.0]
    assert got.loc["all", "right"] == 0.5
    assert (got["low"] <= got["right"]).all()
    assert (got["right"] <= got["high"]).all()
    with pytest.raises(UsageError, match="perhaps"):
        checked(filled.assign(right="perhaps"))


def test_command_line(tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = write(tmp_path / "exby.jsonl", ANSWERS[:-1])
    assert main(["evaluate", str(tables), str(gold), "--show", "2", "--json", str(tmp_path / "out.json")]) == 0
    printed = capsys.readouterr().out
    assert "mean F1" in printed
    assert "misses, goal" in printed
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["headline"]["strict"] > 0.5
    sample = tmp_path / "sample.csv"
    assert main(["sample", str(tables), "-n", "5", "-o", str(sample), "--kind", "amount"]) == 0
    pd.read_csv(sample).assign(right="yes").to_csv(sample, index=False)
    assert main(["evaluate", str(sample)]) == 0
    assert "checked" in capsys.readouterr().out
    assert main(["evaluate", str(tables), str(tmp_path / "none.jsonl")]) == 2


def test_answers_of_the_samples_are_read(tmp_path: Path) -> None:
    assert len(read_gold(accuracy.ROOT / "corpus" / "gold")) > 500
