"""From file to tables: what holds for every report, whatever stands in it."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

import docmine
from docmine.errors import DocmineError, EmptyFileError, NotFoundError
from docmine.pipeline import mine_report
from docmine.schema import TABLES


def reports(root: Path) -> list[Path]:
    folders = [root / "corpus" / "reports", root.parent / "shared" / "corpus" / "texts", root.parent / "shared" / "corpus" / "more"]
    return [p for folder in folders if folder.is_dir() for p in sorted(folder.iterdir()) if p.suffix in (".pdf", ".txt")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "path" in metafunc.fixturenames:
        paths = reports(Path(__file__).resolve().parent.parent)
        metafunc.parametrize("path", paths, ids=[p.name for p in paths])


def test_every_row_stands_where_it_says(path: Path) -> None:
    report = docmine.read(path)
    frames = mine_report(report)
    assert set(frames) == set(TABLES)
    for name, frame in frames.items():
        assert list(frame.columns) == [f.name for f in TABLES[name]]
        if name == "documents":
            continue
        assert frame["confidence"].between(0, 1).all()
        for row in frame[["start", "end", "quote", "page", "x0"]].itertuples(index=False):
            assert report.text[row.start : row.end] == row.quote != ""
            page = report.page_at(row.start)
            assert page is not None and (page.number is None) == pd.isna(row.page) and (pd.isna(row.page) or page.number == row.page)
            assert (report.text_layer != "text") == (not pd.isna(row.x0)), f"{name}: a PDF's row has a box, a text's has none: {row}"


def test_sections_and_pages_tile_the_text(path: Path) -> None:
    report = docmine.read(path)
    for parts in (list(report.pages), list(report.sections)):
        assert parts[0].start == 0 and parts[-1].end == len(report.text)
        assert all(a.end == b.start for a, b in pairwise(parts))
    for section in report.sections:
        assert section.start <= section.body_start <= section.end <= section.subtree_end
        if section.parent is not None:
            parent = report.sections[section.parent]
            assert parent.index < section.index and parent.level < section.level and section.subtree_end <= parent.subtree_end


def test_the_same_tables_whatever_the_order_of_the_files(samples: list[Path], tmp_path: Path) -> None:
    some = samples[:4]
    for name, files in {"once": some, "again": some, "reversed": some[::-1]}.items():
        docmine.mine(files).write(tmp_path / name)
    for table in TABLES:
        first = (tmp_path / "once" / f"{table}.parquet").read_bytes()
        assert first == (tmp_path / "again" / f"{table}.parquet").read_bytes() == (tmp_path / "reversed" / f"{table}.parquet").read_bytes()


def test_a_file_gives_the_same_rows_alone_and_among_others(samples: list[Path]) -> None:
    alone, together = docmine.mine(samples[0]), docmine.mine(samples[:3])
    doc_id = alone.documents["doc_id"][0]
    for name, frame in alone.frames.items():
        among = together.frames[name]
        pd.testing.assert_frame_equal(frame, among[among["doc_id"] == doc_id].reset_index(drop=True))


@pytest.mark.parametrize("format", ["parquet", "csv", "xlsx"])
def test_every_format_holds_the_same_rows(samples: list[Path], tmp_path: Path, format: str) -> None:
    result = docmine.mine(samples[0])
    paths = result.write(tmp_path, format=format)
    for name, frame in result.frames.items():
        if format == "parquet":
            back = pd.read_parquet(tmp_path / f"{name}.parquet")
            pd.testing.assert_frame_equal(frame, back)
        elif format == "csv":
            assert len(pd.read_csv(tmp_path / f"{name}.csv", dtype=str)) == len(frame)
        else:
            back = pd.read_excel(paths[0], sheet_name=name, dtype=str)
            assert len(back) == len(frame) and list(back.columns) == list(frame.columns)
    before = [p.read_bytes() for p in paths]
    result.write(tmp_path, format=format)
    assert before == [p.read_bytes() for p in paths]


def test_an_open_file_a_path_and_a_name_are_the_same(samples: list[Path]) -> None:
    by_path, by_name = docmine.mine(samples[0]), docmine.mine(str(samples[0]))
    with samples[0].open("rb") as stream:
        by_stream = docmine.mine(stream)
    by_bytes = docmine.mine(io.BytesIO(samples[0].read_bytes()))
    for name in ("sections", "amounts", "cells"):
        for other in (by_name, by_stream, by_bytes):
            pd.testing.assert_frame_equal(by_path.frames[name], other.frames[name])


def test_a_single_bad_file_raises_and_a_batch_goes_on(samples: list[Path], tmp_path: Path) -> None:
    empty, missing = tmp_path / "empty.pdf", tmp_path / "missing.pdf"
    empty.write_bytes(b"")
    with pytest.raises(EmptyFileError, match=r"empty\.pdf"):
        docmine.mine(empty)
    with pytest.raises(NotFoundError, match=r"missing\.pdf"):
        docmine.mine(missing)
    result = docmine.mine([empty, samples[0], missing])
    assert sorted(result.documents["state"]) == ["failed", "failed", "ok"]
    assert set(result.failed["source"]) == {str(empty), str(missing)}
    assert result.failed["error"].str.contains("pdf").all()
    pd.testing.assert_frame_equal(result.amounts, docmine.mine(samples[0]).amounts)


def test_a_copy_counts_once(samples: list[Path], tmp_path: Path) -> None:
    copy = tmp_path / ("copy" + samples[0].suffix)
    copy.write_bytes(samples[0].read_bytes())
    result = docmine.mine([copy, samples[0]])
    assert len(result.documents) == 2
    assert len(result.sections) == len(docmine.mine(samples[0]).sections)


def test_folders_are_searched_with_their_subfolders_and_hidden_files_passed_over(samples: list[Path], tmp_path: Path) -> None:
    text = next(p for p in samples if p.suffix == ".txt")
    (tmp_path / "2018" / "nämnd").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    for name in ("2018/nämnd/åre rapport.txt", ".git/x.txt", "note.docm"):
        (tmp_path / name).write_bytes(text.read_bytes())
    result = docmine.mine(tmp_path)
    assert [Path(s).name for s in result.documents["source"]] == ["åre rapport.txt"]


def test_sections_by_heading_and_by_type(samples: list[Path]) -> None:
    report = docmine.read(samples[0])
    section = next(s for s in report.sections if s.rule != "preamble")
    found = report.sections[section.title.upper()]
    assert found == section and found.text == report.text[section.body_start : section.subtree_end]
    assert report.sections[section.type].type == section.type
    with pytest.raises(DocmineError, match="qwerty"):
        report.sections["qwerty"]


def test_notebook_views_show_text_escaped(samples: list[Path]) -> None:
    report, result = docmine.read(samples[0]), docmine.mine(samples[0])
    for shown in (report._repr_html_(), result._repr_html_(), report.sections._repr_html_(), report.sections[0]._repr_html_()):
        assert shown.startswith("<div") and "<script" not in shown
    assert str(len(result.amounts)) in result._repr_html_()
