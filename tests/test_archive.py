"""Archives: every file has its row whatever it does, and what is cut off goes on where it was."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
import strange_loader

import docmine
import docmine.archive
from docmine.__main__ import main
from docmine.archive.packing import unpack
from docmine.errors import UsageError

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "corpus" / "reports"
LIMITS = docmine.Limits(seconds=30)


@pytest.fixture(autouse=True)
def _strange(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers, which are processes of their own, find the strange loader, too."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(ROOT / "tests"), os.environ.get("PYTHONPATH")])))


def make(folder: Path, count: int, name: str = "report") -> Path:
    """An archive of short reports, each a page of a sample with a title of its own."""
    pages = [page for path in sorted(REPORTS.glob("*.txt")) for page in path.read_text(encoding="utf-8").split("\f") if len(page) > 500]
    if len(pages) < 5:
        text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(REPORTS.glob("*.txt")))
        pages = [text[at : at + 2_500] for at in range(0, len(text), 2_500)]
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(count):
        title = f"Exby kommun\nÅrsredovisning {2010 + n % 8}\nRapport {n}\n\n"
        (folder / f"{name}-{n:04d}.txt").write_text(title + pages[n % len(pages)], encoding="utf-8")
    return folder


def contents(store: Path) -> dict[str, bytes]:
    """The published files of a store."""
    return {path.relative_to(store).as_posix(): path.read_bytes() for path in sorted(store.rglob("*.parquet"))} | {
        "manifest.json": (store / "manifest.json").read_bytes()
    }


def test_a_store_holds_what_mine_gives(tmp_path: Path) -> None:
    run = docmine.mine_archive(REPORTS, tmp_path / "store", workers=2, ocr=False)
    direct = docmine.mine(REPORTS, ocr=False)
    store = docmine.open_store(tmp_path / "store")
    assert run.files == run.ok == len(direct.documents)
    for name, frame in direct.frames.items():
        given = store.table(name, duplicates=True)[list(frame.columns)]
        keys = [c for c in ("doc_id", "source", "start", "row", "col", "rule") if c in frame.columns]
        ours, theirs = (f.astype(str).sort_values(list(frame.columns)).reset_index(drop=True) for f in (given, frame))
        assert ours.equals(theirs), (name, keys)


def test_each_bad_file_costs_its_own_row(tmp_path: Path) -> None:
    folder = make(tmp_path / "in", 6)
    for n, bad in enumerate(("hang", "eat", "crash", "exit")):
        shutil.copy(folder / f"report-000{n}.txt", folder / f"{bad}.txt")
    (folder / "empty.txt").write_bytes(b"")
    run = docmine.mine_archive(
        folder, tmp_path / "store", workers=2, limits=docmine.Limits(seconds=8), memory=3_000_000_000, loader="strange_loader:load"
    )
    documents = docmine.open_store(tmp_path / "store").table("documents", duplicates=True).set_index("source")
    errors = {Path(source).stem: error for source, error in documents["error"].items() if isinstance(error, str)}
    assert run.files == len(documents) == 11 and run.failed == 5 and run.ok == 6
    assert "not done within" in errors["hang"] and "MemoryError" in errors["eat"] and "empty" in errors["empty"]
    assert "SIGSEGV" in errors["crash"] and "exit status 3" in errors["exit"]


def test_unchanged_files_are_skipped_and_changes_are_seen(tmp_path: Path) -> None:
    folder, store = make(tmp_path / "in", 8), tmp_path / "store"
    assert docmine.mine_archive(folder, store, workers=1).mined == 8
    before = contents(store)
    assert docmine.mine_archive(folder, store, workers=1).mined == 0
    assert contents(store) == before
    assert docmine.mine_archive(folder, store, workers=1, force=True).mined == 8
    assert contents(store) == before
    (folder / "report-0003.txt").write_text("Exby kommun\nÅrsredovisning 2030\n\nEkonomi\nHyran var 480 tkr.\n", encoding="utf-8")
    (folder / "report-0005.txt").unlink()
    run = docmine.mine_archive(folder, store, workers=1)
    assert run.mined == 1 and [Path(gone).name for gone in run.gone] == ["report-0005.txt"] and run.files == 8
    assert docmine.open_store(store).table("amounts").query("report_year == 2030")["value_sek"].tolist() == [480_000.0]
    assert docmine.mine_archive(folder, store, workers=1, prune=True).files == 7
    fresh = tmp_path / "fresh"
    docmine.mine_archive(folder, fresh, workers=1)
    assert contents(fresh) == contents(store)


def without(column: str, packed: bytes) -> bytes:
    """The rows of a file as a docmine would have packed them that did not have a column yet."""
    tables = unpack(packed)
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        for table in tables.values():
            lacking = table.drop_columns(column) if column in table.column_names else table
            with pa.ipc.new_stream(out, lacking.schema) as stream:
                stream.write_table(lacking)
    return packed[: packed.index(b"\n") + 1] + sink.getvalue().to_pybytes()


def test_a_store_that_lacks_a_column_is_taken_up(tmp_path: Path) -> None:
    folder, store = make(tmp_path / "in", 8), tmp_path / "store"
    docmine.mine_archive(folder, store, workers=1)
    now = docmine.open_store(store).table("amounts")
    with closing(sqlite3.connect(store / "journal.sqlite", isolation_level=None)) as journal:
        for source, packed in journal.execute("select source, packed from files").fetchall():
            journal.execute("update files set packed = ?, settings = '0.1.0' where source = ?", (without("alternative", packed), source))
    gone = str(folder / "report-0003.txt")
    Path(gone).unlink()
    assert docmine.mine_archive(folder, store, workers=1).mined == 7
    opened = docmine.open_store(store)
    documents = opened.table("documents", duplicates=True).set_index("source")
    then = opened.table("amounts")
    assert list(then.columns) == list(now.columns) and len(then) == len(now) > 0
    assert then.loc[then["doc_id"] == documents.loc[gone, "doc_id"], "alternative"].isna().all()


def test_two_runs_at_a_time_are_refused(tmp_path: Path) -> None:
    from docmine.archive.journal import Journal

    store = tmp_path / "store"
    store.mkdir()
    with Journal(store / "journal.sqlite"), pytest.raises(UsageError, match="another run"):
        docmine.mine_archive(REPORTS, store)


def test_a_run_that_is_killed_goes_on(tmp_path: Path) -> None:
    folder = make(tmp_path / "in", 300, "slow")
    call = [
        sys.executable, "-c",
        f"import docmine; docmine.mine_archive({str(folder)!r}, {str(tmp_path / 'store')!r}, workers=2, loader='strange_loader:load')",
    ]  # fmt: skip
    draw = random.Random(6)
    killed = 0
    for whole in (True, True, False):
        process = subprocess.Popen(call)
        ends = time.monotonic() + draw.uniform(6, 9)
        while process.poll() is None and (not whole or time.monotonic() < ends):
            time.sleep(draw.uniform(0.3, 1))
            if killed < 20 and (children := _children(process.pid)):
                os.kill(draw.choice(children), signal.SIGKILL)
                killed += 1
        if whole:
            process.kill()
        process.wait()
    assert killed == 20 and process.returncode == 0
    docmine.mine_archive(folder, tmp_path / "calm", workers=2)
    assert contents(tmp_path / "store") == contents(tmp_path / "calm")


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return []


def test_the_same_report_twice_is_counted_once(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    sample = sorted(REPORTS.glob("*.pdf"))[0]
    shutil.copy(sample, folder / "a.pdf")
    shutil.copy(sample, folder / "b.pdf")
    (folder / "c.txt").write_text(" ".join(docmine.read(sample).text.split()), encoding="utf-8")
    docmine.mine_archive(folder, tmp_path / "store", workers=1, ocr=False)
    store = docmine.open_store(tmp_path / "store")
    documents = store.table("documents", duplicates=True).set_index("source")
    documents.index = [Path(source).name for source in documents.index]
    assert documents.loc["a.pdf":"a.pdf", "duplicate_of"].isna().all()
    assert documents.loc["b.pdf", "duplicate_of"] == documents.loc["c.txt", "duplicate_of"] == documents.loc["a.pdf", "doc_id"]
    assert set(store.table("amounts")["doc_id"]) == {documents.loc["a.pdf", "doc_id"]}
    assert len(store.table("amounts", duplicates=True)) > len(store.table("amounts")) == len(docmine.mine(sample, ocr=False).amounts)


def test_a_cluster_does_the_same_work(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="needs dask")
    folder = make(tmp_path / "in", 20)
    for n, bad in enumerate(("hang", "crash", "exit")):
        shutil.copy(folder / f"report-000{n}.txt", folder / f"{bad}.txt")
    (tmp_path / "words.toml").write_text('[kommuner.kommun]\n"9901" = ["Exby"]\n', encoding="utf-8")
    own = {"vocabulary": tmp_path / "words.toml", "extractors": [strange_loader.find_length]}
    options = {"limits": docmine.Limits(seconds=8), "loader": "strange_loader:load", **own}
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:
        run = docmine.mine_archive(folder, tmp_path / "cluster", dask=cluster.scheduler_address, **options)
        assert run.files == 23 and run.failed == 3
        with cluster.get_client() as client:  # an open client, and nothing new to do
            assert docmine.mine_archive(folder, tmp_path / "cluster", dask=client, **options).mined == 0
    docmine.mine_archive(folder, tmp_path / "here", workers=2, **options)
    assert contents(tmp_path / "cluster") == contents(tmp_path / "here")
    store = docmine.open_store(tmp_path / "cluster")
    assert set(store.table("documents").query("state == 'ok'")["kommun_code"]) >= {"9901"}
    # a file whose copy could not be read keeps its rows
    assert (store.table("indicators", duplicates=True)["name"] == "Tecken").sum() == run.ok


def test_extractors_are_found_by_name_and_count_for_what_is_new(tmp_path: Path) -> None:
    folder, store = make(tmp_path / "in", 3), tmp_path / "store"
    assert docmine.mine_archive(folder, store, workers=1).mined == 3
    assert docmine.mine_archive(folder, store, workers=1, extractors=["strange_loader:find_length"]).mined == 3
    assert docmine.mine_archive(folder, store, workers=1, extractors=[strange_loader.find_length]).mined == 0
    assert (docmine.open_store(store).table("indicators", duplicates=True)["name"] == "Tecken").sum() == 3
    for lost in ("strange_loader:find_nothing", "nowhere:find", "strange_loader", lambda report, facts, vocabulary: ()):
        with pytest.raises(UsageError, match="extractor"):
            docmine.mine_archive(folder, store, workers=1, extractors=[lost])


def test_a_cluster_that_is_not_there_is_named(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="needs dask")
    with pytest.raises(UsageError, match=r"127\.0\.0\.1:9"):
        docmine.mine_archive(make(tmp_path / "in", 1), tmp_path / "store", dask="tcp://127.0.0.1:9")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> docmine.archive.Store:
    """A store of the sample reports, one of them twice."""
    folder = tmp_path_factory.mktemp("archive")
    shutil.copytree(REPORTS, folder / "in")
    first = min((folder / "in").glob("*.txt"))
    shutil.copy(first, folder / "in" / f"{first.stem}-kopia.txt")
    docmine.mine_archive(folder / "in", folder / "store", ocr=False)
    return docmine.open_store(folder / "store")


def test_every_reader_reads_a_store(store: docmine.archive.Store) -> None:
    import pandas as pd

    polars = pytest.importorskip("polars")
    everything = store.table("amounts", duplicates=True)
    assert len(everything) == store.manifest["rows"]["amounts"] > 100
    assert len(pd.read_parquet(store.path / "amounts")) == len(everything)
    found = polars.scan_parquet(store.path / "amounts", hive_partitioning=True).select(polars.col("value_sek").sum()).collect().item()
    assert found == pytest.approx(everything["value_sek"].sum())


def test_sql_counts_a_report_once(store: docmine.archive.Store) -> None:
    pytest.importorskip("duckdb", reason="needs duckdb")
    files = len(list(REPORTS.glob("*.*")))
    assert store.query("select count(*) n from documents")["n"].item() == files
    assert store.query("select count(*) n from documents", duplicates=True)["n"].item() == files + 1
    largest = store.query(
        "select kommun, max(value_sek) most from amounts join documents using (doc_id) group by kommun order by most desc"
    )
    assert largest["most"].iloc[0] == store.table("amounts")["value_sek"].max()
    with pytest.raises(UsageError, match="fails"):
        store.query("select nonsense from amounts")


@pytest.mark.parametrize("duplicates", [False, True])
@pytest.mark.parametrize("format", ["csv", "xlsx", "duckdb", "sqlite", "stata", "datapackage"])
def test_exports_hold_every_row(store: docmine.archive.Store, tmp_path: Path, format: str, duplicates: bool) -> None:
    import pandas as pd

    if format == "duckdb":
        duckdb = pytest.importorskip("duckdb", reason="needs duckdb")
    paths = store.export(tmp_path, format=format, duplicates=duplicates)

    def read(table: str) -> pd.DataFrame:
        match format:
            case "xlsx":
                return pd.read_excel(paths[0], sheet_name=table)
            case "duckdb":
                with duckdb.connect(str(paths[0]), read_only=True) as database:
                    return database.sql(f"from {table}").df()
            case "sqlite":
                with sqlite3.connect(paths[0]) as database:
                    return pd.read_sql(f"select * from {table}", database)
            case "stata":
                return pd.read_stata(tmp_path / f"{table}.dta")
            case _:
                return pd.read_csv(tmp_path / f"{table}.csv", encoding="utf-8")

    for table in ("documents", "goals", "amounts", "checks"):
        truth, found = store.table(table, duplicates=duplicates), read(table)
        assert len(found) == len(truth)
        if table == "amounts":
            assert found["value_sek"].sum() == pytest.approx(truth["value_sek"].sum())
            assert sorted(found["label"].fillna("")) == sorted(truth["label"].fillna(""))
    if format == "datapackage":
        package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
        for resource in package["resources"]:
            assert [field["name"] for field in resource["schema"]["fields"]] == list(read(resource["name"]).columns)


def test_inputs_are_folders_zips_patterns_and_lists(tmp_path: Path) -> None:
    folder = make(tmp_path / "in", 5)
    with zipfile.ZipFile(tmp_path / "zipped.zip", "w") as archive:
        archive.write(folder / "report-0004.txt", "inre/report-0004.txt")
    (tmp_path / "list.txt").write_text(f"{folder / 'report-0002.txt'}\n\n{folder / 'borta.txt'}\n", encoding="utf-8")
    inputs = [str(folder / "report-000[01].txt"), f"@{tmp_path / 'list.txt'}", tmp_path / "zipped.zip"]
    run = docmine.mine_archive(inputs, tmp_path / "store", workers=1)
    documents = docmine.open_store(tmp_path / "store").table("documents", duplicates=True)
    names = {Path(source).name: state for source, state in zip(documents["source"], documents["state"], strict=True)}
    assert {"report-0000.txt", "report-0001.txt", "report-0002.txt", "report-0004.txt"} == {n for n, s in names.items() if s == "ok"}
    assert names["borta.txt"] == "failed" and run.files == 5
    with pytest.raises(UsageError, match="ingenting"):
        docmine.mine_archive(tmp_path / "ingenting*.pdf", tmp_path / "store")


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make(tmp_path / "in", 4)
    (folder / "trasig.pdf").write_bytes(b"%PDF-1.7\nnothing more")
    store = str(tmp_path / "store")
    assert main(["archive", str(folder), "-o", store, "--workers", "1"]) == 1
    shown = capsys.readouterr()
    assert "5 files mined" in shown.out and "4 ok" in shown.out and "trasig.pdf" in shown.out
    assert main(["archive", str(folder), "-o", store]) == 1
    shown = capsys.readouterr()
    assert "0 files mined" in shown.out and "5 files have not changed" in shown.err
    told = json.loads((tmp_path / "store" / "run.json").read_text(encoding="utf-8"))
    assert told["files"] == 5 and told["failed"] == 1 and len(told["causes"]) == 1
    assert "trasig.pdf" in (tmp_path / "store" / "run.html").read_text(encoding="utf-8")
    assert main(["export", store, "-o", str(tmp_path / "out"), "--format", "csv"]) == 0
    assert "amounts.csv" in capsys.readouterr().out
    assert main(["export", str(tmp_path / "nowhere"), "-o", str(tmp_path / "out"), "--format", "csv"]) == 2
    pytest.importorskip("duckdb", reason="needs duckdb")
    capsys.readouterr()
    assert main(["query", store, "select state, count(*) n from documents group by all order by state", "--csv"]) == 0
    assert capsys.readouterr().out.split() == ["state,n", "failed,1", "ok,4"]
