"""Measure accuracy on hand-made answers and hold it to floors that only rise.

    python benchmarks/accuracy.py                      print the scores of the real reports
    python benchmarks/accuracy.py --pin                raise the floors in tests/floors.json to them
    python benchmarks/accuracy.py --pin --allow-lower  also lower them (say why in the commit)
    python benchmarks/accuracy.py --readme             write the table into README.md

The scores are those of the judge that comes with the real reports. The floors are kept beside a fingerprint of inputs and
answers: where these change, the old floors say nothing and must be pinned anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

import docmine
from docmine.evaluate import evaluate

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
FLOORS = ROOT / "tests" / "floors.json"
KINDS = ("section", "goal", "action", "indicator", "amount", "status")


def fingerprint(corpus: Path) -> str:
    """One hash over the inputs and answers of a corpus."""
    digest = hashlib.sha256()
    for path in sorted([*(corpus / "texts").iterdir(), *(corpus / "gold").iterdir()]):
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def measure(corpus: Path) -> dict[str, Any]:
    """The judge's scores of what docmine mines from ``corpus/texts``."""
    with tempfile.TemporaryDirectory() as folder:
        docmine.mine(corpus / "texts").write(folder)
        return judge(Path(folder), corpus) | {"reliability": evaluate(folder, corpus / "gold").reliability}


def judge(tables: Path, corpus: Path) -> dict[str, Any]:
    """The judge's scores of tables that were mined from ``corpus/texts``."""
    script, scores = SHARED / "eval" / "score.py", tables / "scores.json"
    command = [sys.executable, str(script), str(tables), str(corpus), "--json", str(scores)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    judged: dict[str, Any] = json.loads(scores.read_text(encoding="utf-8"))
    return judged


def flat(scores: dict[str, Any]) -> dict[str, float]:
    """The figures that have floors: headline, exact and found F1 of each kind, and the share of document facts right."""
    figures = {f"headline.{name}": value for name, value in scores["headline"].items()}
    for kind in KINDS:
        if kind in scores["total"]:
            figures |= {f"{kind}.{name}": scores["total"][kind][name] for name in ("exact_F1", "found_F1")}
    figures |= {f"document.{field}": right / asked for field, (right, asked) in scores["fields"].items()}
    return {name: round(value, 4) for name, value in figures.items() if value is not None}


def table(scores: dict[str, Any]) -> str:
    """The README's table: a row a kind, a column a document, found / exact F1 and the number of answers."""
    names = {"ALL": scores["total"], **scores["documents"]}
    lines = ["| | " + " | ".join("**all**" if n == "ALL" else n for n in names) + " |", "| --- |" + " --- |" * len(names)]
    for kind in KINDS:
        cells = []
        for rows in names.values():
            row = rows.get(kind)
            shown = row and row["gold"]
            cells.append(f"{row['found_F1']:.2f} / {row['exact_F1']:.2f} ({row['gold']})" if shown else "–")
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    right, asked = (sum(column) for column in zip(*scores["fields"].values(), strict=True))
    head = scores["headline"]
    lines += [
        "",
        f"Mean over the kinds: found {head['found_F1']:.3f}, exact {head['exact_F1']:.3f}. Document facts right: {right} of {asked}.",
    ]
    return "\n".join(lines)


def reliability(bands: pd.DataFrame) -> str:
    """The README's table of how often rows are right that say how sure they are."""
    every = bands[bands["kind"] == "all"]
    lines = ["| confidence | rows | mean confidence | right |", "| --- | --- | --- | --- |"]
    lines += [f"| {b.low:.2f}–{b.high:.2f} | {b.rows} | {b.confidence:.3f} | {b.right:.3f} |" for b in every.itertuples()]
    sure = every[every["low"] >= 0.9]
    share = (sure["right"] * sure["rows"]).sum() / sure["rows"].sum()
    return "\n".join([*lines, "", f"Of the {sure['rows'].sum()} rows that say 0.9 or more, {share:.1%} are right."])


def write_between(path: Path, marker: str, text: str) -> None:
    """Put text between ``<!-- marker -->`` and ``<!-- /marker -->`` of a file."""
    opening, closing = f"<!-- {marker} -->\n", f"<!-- /{marker} -->"
    before, rest = path.read_text(encoding="utf-8").split(opening, 1)
    _, after = rest.split(closing, 1)
    path.write_text(f"{before}{opening}{text}\n{closing}{after}", encoding="utf-8")


def main() -> int:
    """Print the figures; pin them, or write them into the README, if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--allow-lower", action="store_true")
    parser.add_argument("--readme", action="store_true")
    args = parser.parse_args()
    corpus = SHARED / "corpus"
    if not corpus.is_dir():
        print("the real reports (../shared/corpus) are not here: nothing to measure")
        return 0
    scores = measure(corpus)
    figures, mark = flat(scores), fingerprint(corpus)
    if args.readme:
        write_between(ROOT / "README.md", "accuracy", table(scores))
        write_between(ROOT / "README.md", "reliability", reliability(scores["reliability"]))
    floors = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {"fingerprint": mark, "floors": {}}
    same = floors["fingerprint"] == mark
    lower = {n: (f, figures.get(n, 0.0)) for n, f in floors["floors"].items() if same and figures.get(n, 0.0) < f}
    for name, value in figures.items():
        print(f"{name:28}{value:8.4f}   floor {floors['floors'].get(name, 0.0):.4f}{'   LOWER' if name in lower else ''}")
    if args.pin:
        if lower and not args.allow_lower:
            print(f"not pinned: {', '.join(lower)} would fall (--allow-lower)", file=sys.stderr)
            return 1
        FLOORS.write_text(json.dumps({"fingerprint": mark, "floors": figures}, indent=1) + "\n", encoding="utf-8")
    return 1 if lower and not args.pin else 0


if __name__ == "__main__":
    sys.exit(main())
