"""Make sample reports with their true answers.

    python corpus/make.py --seed 1 --count 12 --out DIR     DIR/texts, DIR/gold and DIR/tables, as the judge wants them
    python corpus/make.py --write                           the committed samples: corpus/reports, corpus/gold, corpus/tables
    python corpus/make.py --check                           whether the committed samples are what this program makes

Needs reportlab and fpdf2 (``pip install ".[test]"``).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from generator import FORMS, KINDS, Made, make_report

HERE = Path(__file__).resolve().parent
# the committed samples: seed, kind, form; all about made-up kommuner
SAMPLES = (
    (101, "annual_report", "reportlab"),
    (102, "interim_report", "fpdf2"),
    (103, "budget", "reportlab"),
    (104, "plan", "fpdf2"),
    (105, "annual_report", "a"),
    (104, "interim_report", "b"),
    (120, "annual_report", "c"),
    (117, "interim_report", "a"),
    (103, "budget", "c"),
    (118, "plan", "b"),
    (115, "interim_report", "c"),
)


def samples() -> Iterator[Made]:
    """The committed samples, made anew."""
    for seed, kind, form in SAMPLES:
        yield make_report(seed, kind, form, real=False)  # type: ignore[arg-type]


def write(made: Made, texts: Path, gold: Path, tables: Path) -> None:
    """The three files of a report."""
    for folder in (texts, gold, tables):
        folder.mkdir(parents=True, exist_ok=True)
    (texts / (made.name + made.suffix)).write_bytes(made.data)
    (gold / f"{made.name}.jsonl").write_bytes(made.gold_lines.encode())
    (tables / f"{made.name}.json").write_bytes(made.table_json.encode())


def differences(made: Made) -> list[str]:
    """The committed files of a report that are not what the program makes.

    PDFs are compared by the text of their pages, since other versions of the producers write other bytes.
    """
    wanted = {
        HERE / "reports" / (made.name + made.suffix): made.data,
        HERE / "gold" / f"{made.name}.jsonl": made.gold_lines.encode(),
        HERE / "tables" / f"{made.name}.json": made.table_json.encode(),
    }
    return [str(path.relative_to(HERE)) for path, data in wanted.items() if not path.exists() or not _same(path.read_bytes(), data)]


def _same(one: bytes, other: bytes) -> bool:
    if one == other:
        return True
    if one.startswith(b"%PDF") and other.startswith(b"%PDF"):
        return _page_texts(one) == _page_texts(other)
    return one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")


def _page_texts(data: bytes) -> list[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="the first seed (default 1)")
    parser.add_argument("--count", type=int, default=12, help="how many reports (default 12)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write them here")
    parser.add_argument("--kind", choices=KINDS, help="only this kind of document")
    parser.add_argument("--form", choices=FORMS, help="only this form")
    parser.add_argument("--write", action="store_true", help="write the committed samples")
    parser.add_argument("--check", action="store_true", help="compare the committed samples with what the program makes")
    args = parser.parse_args()
    if args.write:
        for made in samples():
            write(made, HERE / "reports", HERE / "gold", HERE / "tables")
    if args.check:
        wrong = [path for made in samples() for path in differences(made)]
        print("\n".join(f"differs: {path}" for path in wrong) or f"{len(SAMPLES)} samples as made")
        return int(bool(wrong))
    if args.out:
        for i in range(args.count):
            seed = args.seed + i
            kind, form = args.kind or KINDS[seed % len(KINDS)], args.form or FORMS[seed % len(FORMS)]
            write(make_report(seed, kind, form), args.out / "texts", args.out / "gold", args.out / "tables")
    elif not args.write:
        parser.error("say --out DIR, --write or --check")
    return 0


if __name__ == "__main__":
    sys.exit(main())
