"""Data packages that validate, citation files, and citations of rows."""

from __future__ import annotations

import configparser
import json
import os
import shutil
from pathlib import Path
from typing import Any

import frictionless
import pandas as pd
import pytest
import yaml

import docmine
from docmine.__main__ import main
from docmine.errors import UsageError
from docmine.normalize import typed
from docmine.publish import LICENSES, About, Reference, references
from docmine.result import Result
from docmine.schema import TABLES

REPORTS = Path(__file__).resolve().parent.parent / "corpus" / "reports"
EXBY = "exby-annual-2015-reportlab-101.pdf"
SOME = [EXBY, "sjoholma-budget-2024-reportlab-103.pdf", "norrvik-plan-2024-b-118.txt", "grankoping-interim-2015-c-115.txt"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of real rows, with a copy under another name, a damaged file and one that is not there."""
    folder = tmp_path_factory.mktemp("archive")
    for name in SOME:
        shutil.copy(REPORTS / name, folder)
    shutil.copy(REPORTS / EXBY, folder / "once again.pdf")
    (folder / "trasig, halv.pdf").write_bytes(b"%PDF-1.7\nnothing more")
    names = [*SOME, "once again.pdf", "trasig, halv.pdf", "borta.pdf"]
    (folder / "list").write_text("\n".join(str(folder / name) for name in names), encoding="utf-8")
    docmine.mine_archive(f"@{folder / 'list'}", folder / "store", workers=1, ocr=False)
    return folder / "store"


@pytest.fixture(scope="module")
def result() -> Result:
    return docmine.mine(REPORTS / EXBY)


def problems(folder: Path) -> list[Any]:
    return list(frictionless.validate(str(folder / "datapackage.json")).flatten(["type", "title", "message"]))


def descriptor(folder: Path) -> dict[str, Any]:
    package: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return package


@pytest.mark.parametrize("duplicates", [False, True])
def test_the_package_of_a_store_validates(store: Path, tmp_path: Path, duplicates: bool) -> None:
    held = docmine.open_store(store)
    held.export(tmp_path, format="datapackage", duplicates=duplicates, about=About(license="CC-BY-4.0", authors=("Institutet för prov",)))
    assert problems(tmp_path) == []
    documents = held.table("documents", duplicates=duplicates)
    assert set(documents["state"]) == {"ok", "failed"} and documents["doc_id"].isna().any()
    assert str(store.parent) not in (tmp_path / "documents.csv").read_text(encoding="utf-8"), "nothing of the machine is told"
    package = frictionless.Package(str(tmp_path / "datapackage.json"))
    for name in TABLES if not duplicates else ["documents"]:
        truth = held.table(name, duplicates=duplicates).replace(f"{store.parent}{os.sep}", "", regex=True)
        found = pd.DataFrame(package.get_resource(name).read_rows(), columns=list(truth.columns))
        assert len(found) == len(truth)
        for column in truth.columns:
            theirs = [None if pd.isna(v) else float(v) if truth[column].dtype == "Float64" else v for v in found[column]]
            assert theirs == [None if pd.isna(v) else v for v in truth[column]], f"{name}.{column}"


def test_a_package_says_what_it_holds(store: Path, tmp_path: Path) -> None:
    docmine.open_store(store).export(tmp_path, format="datapackage", about=About("Prov", "CC0-1.0", ("Anna Prov",)))
    told = descriptor(tmp_path)
    assert told["title"] == "Prov" and told["docmine_version"] == docmine.__version__
    assert told["licenses"] == [{"name": "CC0-1.0", "title": LICENSES["CC0-1.0"][0], "path": LICENSES["CC0-1.0"][1]}]
    assert [c["title"] for c in told["contributors"]] == ["Anna Prov", f"docmine {docmine.__version__}"]
    assert len(told["sources"]) == len(SOME), "one for each report that was read, copies left out"
    source = next(s for s in told["sources"] if s["path"] == EXBY)
    assert source["kommun"] == "Exby" and source["year"] == 2015 and "Verksamhetsberättelse" in source["title"]
    resources = {r["name"]: r for r in told["resources"]}
    fields = {f["name"]: f for f in resources["amounts"]["schema"]["fields"]}
    assert all(field["description"] for resource in resources.values() for field in resource["schema"]["fields"])
    assert fields["value_sek"]["unit"] == "SEK" and fields["value_sek"]["type"] == "number" and fields["x0"]["unit"] == "pt"
    assert fields["kind"]["constraints"]["enum"][0] == "outcome"
    assert resources["cells"]["schema"]["primaryKey"] == ["table_id", "row", "col"]
    assert {k["fields"] for k in resources["indicators"]["schema"]["foreignKeys"]} == {"doc_id", "section_id", "table_id", "goal_id"}
    assert "primaryKey" not in resources["indicators"]["schema"], "several rows share an indicator_id"


def test_validation_would_see_what_is_wrong(result: Result, tmp_path: Path) -> None:
    result.write(tmp_path, format="datapackage")
    assert problems(tmp_path) == []
    path = tmp_path / "amounts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace('"budget"', '"budgit"', 1), encoding="utf-8")
    assert {kind for kind, *_ in problems(tmp_path)} >= {"hash-count", "constraint-error"}


QUOTES = ["rad ett\nrad två", 'sade "ja", sedan nej', " blank först", "semi;kolon\toch, komma", "'", "NA", "-", "åäö € 😀", "a\r\nb"]


def test_quotes_of_any_kind_come_back(tmp_path: Path) -> None:
    frames = {name: typed(name, []) for name in TABLES}
    frames["documents"] = typed("documents", [{"doc_id": "d", "source": "C:\\Users\\anna\\a.pdf", "sha256": "f" * 64, "state": "ok"}])
    rows = [{"doc_id": "d", "goal_id": f"d-g{n}", "text": q, "quote": q, "confidence": 0.5} for n, q in enumerate(QUOTES)]
    frames["goals"] = typed("goals", rows)
    Result(frames).write(tmp_path, format="datapackage")
    assert problems(tmp_path) == []
    found = [row["quote"] for row in frictionless.Package(str(tmp_path / "datapackage.json")).get_resource("goals").read_rows()]
    assert found == QUOTES
    assert descriptor(tmp_path)["sources"][0]["path"] == "a.pdf", "nothing of the machine is told"


def test_keys_that_do_not_hold_are_not_promised(result: Result, tmp_path: Path) -> None:
    goals = result.goals.iloc[1:]
    parents = result.actions.assign(goal_id=result.goals["goal_id"].iloc[0])
    again = pd.concat([result.amounts, result.amounts.iloc[:1]])
    Result({**result.frames, "goals": goals, "actions": parents, "amounts": again}).write(tmp_path, format="datapackage")
    assert problems(tmp_path) == []
    schemas = {r["name"]: r["schema"] for r in descriptor(tmp_path)["resources"]}
    assert "goal_id" not in {k["fields"] for k in schemas["actions"]["foreignKeys"]}
    assert "primaryKey" not in schemas["amounts"] and schemas["goals"]["primaryKey"] == "goal_id"


def test_nothing_found_is_a_package_too(tmp_path: Path) -> None:
    Result({name: typed(name, []) for name in TABLES}).write(tmp_path, format="datapackage")
    assert problems(tmp_path) == []


def test_an_unknown_licence_is_named(result: Result, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'CC-BY-9'.*CC0-1\.0"):
        result.write(tmp_path, format="datapackage", about=About(license="CC-BY-9"))


@pytest.mark.parametrize(
    ("given", "told"),
    [("a/b.pdf", "a/b.pdf"), ("./b.pdf", "b.pdf"), ("/home/anna/b.pdf", "b.pdf"), ("../b.pdf", "b.pdf"), ("C:\\x\\b.pdf", "b.pdf"),
     ("x\\b.pdf", "x/b.pdf"), ("~/b.pdf", "b.pdf")],
)  # fmt: skip
def test_paths_say_nothing_of_the_machine(given: str, told: str) -> None:
    rows = typed("documents", [{"doc_id": "d", "source": given, "state": "ok"}, {"source": "bad.pdf", "state": "failed"}])
    assert references(rows) == [Reference("d", None, None, None, None, None, told, None)]


def test_the_citation_file_names_the_reports(store: Path, tmp_path: Path) -> None:
    docmine.open_store(store).export(tmp_path, format="datapackage", about=About(license="CC0-1.0", authors=("Prov: ett \\ namn",)))
    told = yaml.safe_load((tmp_path / "CITATION.cff").read_text(encoding="utf-8"))
    assert told["cff-version"] == "1.2.0" and told["type"] == "dataset" and told["license"] == "CC0-1.0"
    assert told["authors"] == [{"name": "Prov: ett \\ namn"}] and told["message"] and told["title"]
    assert len(told["references"]) == len(SOME)
    exby = next(r for r in told["references"] if r["filename"] == EXBY)
    assert exby["authors"] == [{"name": "Exby, Tekniska nämnden"}] and exby["year"] == 2015 and exby["type"] == "report"


def test_docmines_own_citation_file(root: Path) -> None:
    told = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    settings = configparser.ConfigParser()
    settings.read(root / "setup.cfg", encoding="utf-8")
    assert {"cff-version", "message", "title", "authors"} <= set(told) and told["type"] == "software"
    assert (told["version"], told["license"]) == (settings["metadata"]["version"], settings["metadata"]["license"])


def test_export_takes_a_report_and_a_folder_of_tables(result: Result, tmp_path: Path) -> None:
    result.write(tmp_path / "tables")
    arguments = ["--format", "datapackage", "--license", "CC0-1.0", "--author", "Anna Prov", "--title", "Prov"]
    for source in (REPORTS / EXBY, tmp_path / "tables"):
        assert main(["export", str(source), "-o", str(tmp_path / "out"), *arguments]) == 0
        assert problems(tmp_path / "out") == [] and descriptor(tmp_path / "out")["title"] == "Prov"
        assert len(pd.read_csv(tmp_path / "out" / "amounts.csv")) == len(result.amounts)
        shutil.rmtree(tmp_path / "out")


def test_a_row_is_cited(store: Path, result: Result) -> None:
    row = result.amounts.iloc[3]
    title = result.documents["title"].iloc[0]
    wanted = f"Exby, Tekniska nämnden (2015). {title}, s. {row['page']}: ”{' '.join(row['quote'].split())}”"
    for source in (result, docmine.open_store(store), store, str(store)):
        assert docmine.cite(source, row["amount_id"]) == wanted
    assert docmine.cite(result, row) == wanted
    assert docmine.cite(result, row["amount_id"], language="en") == wanted.replace(", s. ", ", p. ").replace(": ”", ": “")
    assert docmine.cite(result, row["doc_id"]) == f"Exby, Tekniska nämnden (2015). {title}."


@pytest.mark.parametrize("column", ["section_id", "goal_id", "action_id", "indicator_id", "table_id"])
def test_each_kind_of_id_is_found(store: Path, result: Result, column: str) -> None:
    table = f"{column.removesuffix('_id')}s"
    name = result.frames[table][column].iloc[-1]
    rows = result.frames[table][result.frames[table][column] == name].drop_duplicates(["page", "quote"])
    for source in (result, store):
        cited = json.loads(docmine.cite(source, name, format="json"))
        assert [(c["page"], c["quote"]) for c in cited] == [(r.page, " ".join(r.quote.split())) for r in rows.itertuples()]
        assert {c["id"] for c in cited} == {name} and {c["kommun"] for c in cited} == {"Exby"}


def test_an_id_that_several_rows_share_gives_each(result: Result) -> None:
    counts = result.indicators.drop_duplicates(["indicator_id", "quote"])["indicator_id"].value_counts()
    name = counts.index[0]
    assert counts.iloc[0] > 1
    assert len(docmine.cite(result, name).splitlines()) == counts.iloc[0]
    entries = docmine.cite(result, name, format="bibtex")
    assert f"@techreport{{{name}a," in entries and f"@techreport{{{name}b," in entries


def test_bibtex_is_escaped_and_what_is_unknown_left_out(tmp_path: Path) -> None:
    frames = {name: typed(name, []) for name in TABLES}
    frames["documents"] = typed("documents", [{"doc_id": "d", "source": "a_b.txt", "state": "ok"}])
    frames["goals"] = typed("goals", [{"doc_id": "d", "goal_id": "d-g0", "quote": "90 % {av} 100 & mer_\n\\"}])
    held = Result(frames)
    assert docmine.cite(held, "d-g0") == "a_b.txt (u.å.): ”90 % {av} 100 & mer_ \\”"
    entry = docmine.cite(held, "d-g0", format="bibtex")
    assert r"note = {{“90 \% \{av\} 100 \& mer\_ \textbackslash{}”}}" in entry
    assert "year" not in entry and "pages" not in entry and "author" not in entry


@pytest.mark.parametrize(
    ("row", "options", "named"),
    [("nonsense", {}, "no row 'nonsense'"), ("DOC-m9999", {}, "has no row"), ("DOC-m0000", {"format": "ris"}, "'ris'"),
     ("DOC-m0000", {"language": "fi"}, "'fi'"), ({"doc_id": "x", "page": 1, "quote": "y"}, {}, "'x'")],
)  # fmt: skip
def test_what_cannot_be_cited_is_named(result: Result, row: Any, options: dict[str, str], named: str) -> None:
    wanted = row.replace("DOC", result.documents["doc_id"].iloc[0]) if isinstance(row, str) else row
    with pytest.raises(UsageError, match=named):
        docmine.cite(result, wanted, **options)


def test_cite_on_the_command_line(store: Path, result: Result, capsys: pytest.CaptureFixture[str]) -> None:
    row = result.goals.iloc[0]
    assert main(["cite", str(store), row["goal_id"]]) == 0
    assert row["quote"] in capsys.readouterr().out
    assert main(["cite", str(store), "nonsense"]) == 2
    assert "nonsense" in capsys.readouterr().err
