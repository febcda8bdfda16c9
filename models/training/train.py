"""Train the pipeline that ships, and say how right it is on documents that it has not seen.

    python models/training/train.py                     make examples, train, write models/docmine_sv
    python models/training/train.py --evaluate          also: train without one kommun at a time and judge on it
    python models/training/train.py --pdfs DIR          real PDFs to learn from (default ../shared/corpus/more)

Real texts stay where they are: examples are bags of cues, which hold no words, and only weights are written. The reports of
``../shared/corpus/gold`` are never learnt from; ``--evaluate`` judges on them.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "corpus")]

import examples as made  # noqa: E402

import docmine.tokens  # noqa: E402, F401  registers the tokenizer
from docmine.runin import LIKELY  # noqa: E402

SHARED = ROOT.parent / "shared" / "corpus"
SEEDS = range(20_000, 20_100)
DEV_SEEDS = range(30_000, 30_012)


def write(documents: Iterable[made.Document], path: Path) -> None:
    """The examples as a file of spaCy docs, whose tokens are cues."""
    vocab = spacy.blank("sv").vocab
    docs = DocBin(attrs=["ORTH"], store_user_data=False)
    for document in documents:
        for example in document.examples:
            doc = Doc(vocab, words=example.cues)
            doc.cats = {"heading": float(example.heading), "text": float(not example.heading)}
            docs.add(doc)
    docs.to_disk(path)


def train(documents: list[made.Document], dev: list[made.Document], out: Path) -> None:
    """Run ``spacy train`` on the documents' examples."""
    with tempfile.TemporaryDirectory() as folder:
        write(documents, Path(folder) / "train.spacy")
        write(dev, Path(folder) / "dev.spacy")
        command = [sys.executable, "-m", "spacy", "train", str(HERE / "headings.cfg"), "--output", folder]
        command += ["--code", str(ROOT / "docmine" / "tokens.py")]
        command += ["--paths.train", f"{folder}/train.spacy", "--paths.dev", f"{folder}/dev.spacy"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(Path(folder) / "model-last", out)
    clean(out)


def clean(pipeline: Path) -> None:
    """Leave out what only training needed, so that what ships is small and names no machine."""
    (pipeline / "vocab" / "strings.json").write_text("[]\n", encoding="utf-8")
    meta = json.loads((pipeline / "meta.json").read_text(encoding="utf-8"))
    meta |= {"name": "docmine", "version": "0.1.0", "license": "MIT", "spacy_version": ">=3.7.4,<4.0.0", "performance": {}}
    meta["description"] = "Tells headings that run into their sentence from other text, by docmine's cues"
    (pipeline / "meta.json").write_text(json.dumps(meta, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    config = (pipeline / "config.cfg").read_text(encoding="utf-8").splitlines()
    config = [f"{line.split(' = ')[0]} = null" if line.startswith(("train = ", "dev = ")) else line for line in config]
    (pipeline / "config.cfg").write_text("\n".join(config) + "\n", encoding="utf-8")


def kommun(document: made.Document) -> str:
    """The kommun that a real document is of: the first word of its name."""
    return document.name.split("-")[0]


def f1(right: int, found: int, wanted: int) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * right / (found + wanted) if found + wanted else 0.0


def evaluate(real: list[made.Document], judged: list[made.Document], generated: list[made.Document], dev: list[made.Document]) -> None:
    """Print the F1 of rules, model and both on each kommun, from a model that saw nothing of it."""
    every = [*real, *judged]
    counts: dict[str, list[int]] = {}
    for name in sorted({kommun(d) for d in every}):
        with tempfile.TemporaryDirectory() as folder:
            train([d for d in real if kommun(d) != name] + generated, dev, Path(folder) / "pipeline")
            nlp = spacy.load(Path(folder) / "pipeline")
            classifier = nlp.get_pipe("headings")
            for document in (d for d in every if kommun(d) == name):
                scores = classifier.predict([Doc(nlp.vocab, words=e.cues) for e in document.examples])  # type: ignore[attr-defined]
                column = classifier.labels.index("heading")  # type: ignore[attr-defined]
                row = counts.setdefault(f"{name}{' (judged)' if document in judged else ''}", [0] * 7)
                row[0] += document.headings
                for example, score in zip(document.examples, scores, strict=True):
                    likely, surely = score[column] >= LIKELY, score[column] >= 0.5
                    for at, told in enumerate((example.by_rule, surely, example.by_rule and likely)):
                        row[1 + 2 * at] += told and example.heading
                        row[2 + 2 * at] += told
    counts["all"] = [sum(column) for column in zip(*counts.values(), strict=True)]
    print("| run-in headings of | headings | rules | model | both |\n| --- | --- | --- | --- | --- |")
    for name, (wanted, *pairs) in counts.items():
        cells = [f"{f1(right, found, wanted):.3f}" for right, found in zip(pairs[::2], pairs[1::2], strict=True)]
        print(f"| {name} | {wanted} | {' | '.join(cells)} |")


def main() -> None:
    """Make examples, train, and judge if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pdfs", type=Path, default=SHARED / "more")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "docmine_sv")
    parser.add_argument("--evaluate", action="store_true")
    args = parser.parse_args()
    real = [made.from_pdf(path) for path in sorted(args.pdfs.glob("*.pdf"))]
    generated, dev = ([d for seed in seeds if (d := made.from_generator(seed))] for seeds in (SEEDS, DEV_SEEDS))
    for name, documents in (("real", real), ("generated", generated)):
        n, headings = sum(len(d.examples) for d in documents), sum(e.heading for d in documents for e in d.examples)
        print(f"{name}: {len(documents)} documents, {n} pieces, {headings} of them headings")
    train([*real, *generated], dev, args.out)
    if args.evaluate:
        judged = []
        for path in sorted((SHARED / "texts").iterdir()):
            answers = [json.loads(line) for line in (SHARED / "gold" / f"{path.stem}.jsonl").read_text(encoding="utf-8").splitlines()]
            document = made.from_answers(path.stem, path.read_bytes(), answers) if path.suffix == ".txt" else made.from_pdf(path)
            judged += [document] if document else []
        evaluate(real, judged, generated, dev)


if __name__ == "__main__":
    main()
