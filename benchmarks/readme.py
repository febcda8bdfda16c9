"""Write the README's picture and the table beside it from a sample report.

python benchmarks/readme.py
"""

from __future__ import annotations

from accuracy import ROOT, write_between

import docmine

SAMPLE = ROOT / "corpus" / "reports" / "exby-annual-2015-reportlab-101.pdf"
PAGE = 3


def main() -> None:
    """Draw the page and list some of the rows found on it."""
    report, result = docmine.read(SAMPLE), docmine.mine(SAMPLE)
    (ROOT / "docs").mkdir(exist_ok=True)
    picture = report.pages[PAGE - 1].draw(result, scale=1.2)
    picture.quantize(64).save(ROOT / "docs" / "page.png", optimize=True)
    lines = ["| table | what | kind, measure or level | year | value | quote |", "| --- | --- | --- | --- | --- | --- |"]
    for name, what, kind in (("amounts", "label", "kind"), ("indicators", "name", "measure"), ("goals", "text", "level")):
        frame = getattr(result, name)
        frame = frame[frame["page"] >= PAGE].head(4)
        for row in frame.astype(object).where(frame.notna(), "").to_dict("records"):
            value = f"{row['value']:g} {row['unit']}" if "value" in row else row["status"]
            quote = " ".join(row["quote"].split())
            cells = (name, row[what], row[kind], row.get("year", ""), value, quote if len(quote) <= 70 else quote[:69] + "…")
            lines.append("| " + " | ".join(str(c).replace("|", "/") for c in cells) + " |")
    write_between(ROOT / "README.md", "finds", f"Some of the rows found in `{SAMPLE.relative_to(ROOT).as_posix()}`:\n\n" + "\n".join(lines))


if __name__ == "__main__":
    main()
