"""The sample reports and the program that makes them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

CORPUS = Path(__file__).parent.parent / "corpus"
sys.path.insert(0, str(CORPUS))
pytest.importorskip("reportlab")
pytest.importorskip("fpdf")

from generator import FORMS, KINDS, Made, make_report  # noqa: E402

SEEDS = range(300, 340)
RECORD_KEYS = {
    "document": {"kommun", "kommun_code", "body", "doc_type", "year", "period"},
    "section": {"title", "type", "page"},
    "goal": {"text", "level", "status", "page", "quote"},
    "action": {"text", "type", "number", "status", "page", "quote"},
    "indicator": {"name", "measure", "year", "period", "value", "unit", "comparator", "page", "quote"},
    "amount": {"source", "label", "kind", "year", "period", "value", "unit", "value_sek", "page", "quote"},
}
SCALE = {"kr": 1, "tkr": 10**3, "mnkr": 10**6, "mdkr": 10**9}


@pytest.fixture(scope="module")
def made() -> list[Made]:
    return [make_report(seed, KINDS[seed % 4], FORMS[seed % 5]) for seed in SEEDS]


def pages_of(report: Made) -> dict[int | None, str]:
    """The text of each page by the number that the answers use."""
    if report.suffix == ".pdf":
        document = pypdfium2.PdfDocument(report.data)
        pages = {i: page.get_textpage().get_text_bounded() for i, page in enumerate(document, 1)}
        document.close()
        return pages
    text = report.data.decode()
    form = report.name.rsplit("-", 2)[1]
    if form == "c":
        return {None: text}
    if form == "b":
        return {int(m[1]): m[0] for m in re.finditer(r"^(\d+) .*$", text.split("Transkript\n", 1)[1], re.M)}
    return {int(m[1]): m[0] for m in re.finditer(r"^.* (\d+)$", text.split("Transkript:", 1)[1], re.M)}


def packed(text: str) -> str:
    """The text without white space and hyphens, which the line ends of a PDF bring."""
    return re.sub(r"[\s\ufffe\u0002-]+", "", text)


def test_the_same_seed_gives_the_same_bytes() -> None:
    for form in FORMS:
        one, other = make_report(5, form=form), make_report(5, form=form)
        assert one.data == other.data
        assert one.gold == other.gold
        assert one.tables == other.tables
        assert one.data != make_report(6, form=form).data


def test_committed_samples_are_what_the_program_makes() -> None:
    done = subprocess.run([sys.executable, str(CORPUS / "make.py"), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_committed_samples_cover_kinds_and_forms_and_stay_small() -> None:
    names = [path.name for path in (CORPUS / "reports").iterdir()]
    assert len(names) >= 8
    for part in ("annual", "interim", "budget", "plan"):
        assert any(f"-{part}-" in name for name in names)
    for form in FORMS:
        assert any(f"-{form}-" in name for name in names)
    size = sum(path.stat().st_size for folder in ("reports", "gold", "tables") for path in (CORPUS / folder).iterdir())
    assert size < 1_500_000


def test_records_have_the_keys_and_codes_of_the_contract(made: list[Made]) -> None:
    codes = {name: set(codes) for name, codes in _groups().items()}
    for report in made:
        for record in report.gold:
            assert set(record) - {"record", "optional"} == RECORD_KEYS[record["record"]], record
            for field, group in codes.items():
                value = record.get(field)
                if value is not None and not (field == "type" and record["record"] == "action"):
                    assert value in group, (field, value)
            if record["record"] == "amount":
                assert record["value_sek"] == pytest.approx(record["value"] * SCALE[record["unit"]])


def _groups() -> dict[str, set[str]]:
    return {
        "kind": {"outcome", "budget", "forecast", "plan", "deviation", "forecast_deviation", "change", "effect", "request", "other"},
        "measure": {"outcome", "target", "forecast", "budget", "plan", "benchmark", "change"},
        "level": {"vision", "council", "focus_area", "board", "sub_goal", "milestone", "other"},
        "status": {
            "achieved",
            "partly_achieved",
            "not_achieved",
            "on_track",
            "off_track",
            "completed",
            "in_progress",
            "not_started",
            "discontinued",
        },
        "doc_type": {"annual_report", "interim_report", "budget", "plan"},
        "comparator": {">=", "<=", ">", "<", "="},
    }


def test_quotes_stand_on_their_pages(made: list[Made]) -> None:
    for report in made:
        pages = pages_of(report)
        for record in report.gold:
            quote, page = record.get("quote"), record.get("page")
            if not quote:
                continue
            assert page in pages, (report.name, record)
            if report.suffix == ".txt":
                assert quote in pages[page], (report.name, record)
            elif packed(quote) not in packed(pages[page]):
                # a table row whose cells wrap stands in pieces
                assert all(packed(word) in packed(pages[page]) for word in quote.split()), (report.name, record)


def test_headings_stand_on_their_pages(made: list[Made]) -> None:
    for report in made:
        pages = pages_of(report)
        for record in report.gold:
            if record["record"] == "section" and record["page"] in pages:
                assert packed(record["title"]) in packed(pages[record["page"]]), (report.name, record)


def test_quoted_figures_are_the_values(made: list[Made]) -> None:
    """Digits of the value stand in the quote, in order."""
    for report in made:
        for record in report.gold:
            if record["record"] in ("amount", "indicator"):
                digits = re.sub(r"\D", "", f"{abs(record['value']):.1f}").removesuffix("0").lstrip("0") or "0"
                assert digits in re.sub(r"\D", "", record["quote"]), (report.name, record)


def test_sums_and_differences_of_tables_hold(made: list[Made]) -> None:
    """Sum rows of area tables add up column by column, and deviations are outcome against budget."""
    seen = 0
    for report in made:
        for table in report.tables:
            grid = {(c["row"], c["col"]): c for c in table["cells"]}
            last = table["n_rows"] - 1
            labels = {r: grid[r, 0]["text"] for r in range(table["head_rows"], table["n_rows"]) if (r, 0) in grid}
            if not labels.get(last, "").startswith(("Summa nämnden", "Totalt")) or labels[last] == "Totala utgifter":
                continue
            for col in range(1, table["n_cols"]):
                parts = [grid[r, col]["value"] for r in range(table["head_rows"], last) if (r, col) in grid]
                assert sum(parts) == pytest.approx(grid[last, col]["value"], abs=0.01), (report.name, table["title"])
                seen += 1
    assert seen > 20


def test_a_deviation_is_negative_where_costs_pass_the_budget() -> None:
    for seed in range(20):
        report = make_report(seed, "annual_report", "c")
        for table in report.tables:
            means = [c["measure"] for c in table["columns"]]
            if not {"budget", "outcome", "deviation"} <= set(means) or any("subject" in c for c in table["columns"]):
                continue
            year = max(c["year"] for c in table["columns"] if c["measure"] == "outcome")
            outcome = next(i for i, c in enumerate(table["columns"]) if c["measure"] == "outcome" and c["year"] == year)
            grid = {(c["row"], c["col"]): c["value"] for c in table["cells"]}
            for row in range(table["head_rows"], table["n_rows"]):
                values = [grid.get((row, i)) for i in (means.index("budget"), outcome, means.index("deviation"))]
                if None not in values:
                    budget, spent, deviation = values
                    assert abs(abs(spent) - abs(budget)) == pytest.approx(abs(deviation), abs=0.01) or spent * budget < 0


def test_lost_years_are_null() -> None:
    for seed in range(5):
        report = make_report(seed, "annual_report", "b", lost_years=True)
        cells = [r for r in report.gold if r.get("source") == "table"]
        assert cells and all(r["year"] is None for r in cells if r["kind"] != "effect")


def test_glued_columns_are_glued() -> None:
    report = make_report(3, "annual_report", "a", glue="all", empty_cells=False, minus="-", money="mnkr", one_cell_a_line=False)
    quotes = [r["quote"] for r in report.gold if r["record"] == "amount" and r["source"] == "table" and r["kind"] != "effect"]
    assert quotes and all(re.search(r"[^\d\s]-?\d[\d ]*,\d(?:-?\d[\d ]*,\d)+$", q) for q in quotes)


@pytest.mark.parametrize("form", FORMS)
def test_docmine_reads_what_is_made(form: str, tmp_path: Path) -> None:
    """The whole flow runs and finds a good part of the answers; how many is the accuracy test's matter."""
    import docmine

    plain = {"glue": "no", "minus": "-", "mixed_grouping": False, "mixed_points": False, "one_cell_a_line": False}
    report = make_report(21, "annual_report", form, **plain)  # type: ignore[arg-type]
    path = tmp_path / (report.name + report.suffix)
    path.write_bytes(report.data)
    result = docmine.mine(path)
    assert set(result.documents["doc_type"]) == {"annual_report"}
    found = {round(v) for v in result.amounts["value_sek"].dropna()}
    wanted = {round(r["value_sek"]) for r in report.gold if r["record"] == "amount"}
    assert len(found & wanted) >= 0.5 * len(wanted)


def test_made_records_are_json_lines() -> None:
    report = make_report(1)
    assert [json.loads(line) for line in report.gold_lines.splitlines()] == report.gold
    assert json.loads(report.table_json) == report.tables
