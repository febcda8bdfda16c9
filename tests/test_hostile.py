"""What users have in their folders beside good reports: each file has its row and its reason, and the others are mined."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hostile import LIMITS, canvas_pdf, make, pdf, report_pdf, report_text
from PIL import Image

import docmine
from docmine import Limits
from docmine.errors import InputError
from docmine.load import load

NOVEL = "Det var en mulen dag i november. Karin gick ned till sjön med tre äpplen och en bok, och ingen sade något på hela vägen.\n\n" * 30
PROGRAM = 'class Counter:\n    """Counts to 12."""\n\n    def __init__(self) -> None:\n        self.value = 12  # percent\n\n' * 20


def picture_pdf() -> bytes:
    """A PDF of one page that is a picture, as scanners make them."""
    return canvas_pdf(lambda canvas: canvas.drawInlineImage(Image.new("L", (300, 400), 200), 0, 0, 500, 800))


def jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("L", (60, 80), 200).save(file, "JPEG")
    return file.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "tom.pdf": (lambda: b"", "empty"),
    "halv.pdf": (lambda: report_pdf()[: len(report_pdf()) // 2], "truncated"),
    "låst.pdf": (lambda: report_pdf(encrypt="hemligt"), "password="),
    "bild.pdf": (jpeg, "JPEG"),
    "lång.txt": (lambda: b"Resultatet blev 12,5 mnkr och det var bra. " * 1_200_000, "characters"),
    "kalkyl.pdf": (lambda: b"PK\x03\x04" + bytes(range(256)) * 20, "damaged"),
    "utan.pdf": (lambda: pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"}), "damaged"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_says_why_and_costs_the_others_nothing(tmp_path: Path, name: str) -> None:
    build, says = BAD[name]
    bad, good = tmp_path / name, tmp_path / "bra.txt"
    bad.write_bytes(build())
    good.write_text(report_text(), encoding="utf-8")
    with pytest.raises(InputError, match=says) as caught:
        docmine.mine(bad)
    assert caught.value.hint and name in caught.value.message and "\n" not in str(caught.value)
    result = docmine.mine([bad, good])
    row = result.failed.iloc[0]
    assert (row["source"], row["error"]) == (str(bad), str(caught.value))
    alone = docmine.mine(good)
    for table in ("sections", "goals", "amounts", "cells"):
        pd.testing.assert_frame_equal(result.frames[table], alone.frames[table])
    assert len(alone.amounts)


def test_a_scan_is_partial_and_says_what_to_install(tmp_path: Path) -> None:
    scan = tmp_path / "inläst.pdf"
    scan.write_bytes(picture_pdf())
    row = docmine.mine(scan, ocr=False).documents.iloc[0]
    assert row["state"] == "partial"
    assert "page 1" in row["error"] and "ocr" in row["error"]
    assert row["pages"] == 1


@pytest.mark.parametrize("text", [NOVEL, PROGRAM], ids=["novel", "program"])
def test_what_is_no_report_gives_few_rows_or_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "annat.txt"
    path.write_text(text, encoding="utf-8")
    result = docmine.mine(path)
    assert result.documents["state"].item() == "ok"
    assert result.documents["kommun"].isna().all()
    for table in ("goals", "actions", "indicators", "amounts", "tables"):
        assert len(result.frames[table]) <= 2, table


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for source, says in [
        (tmp_path / "saknas.pdf", "no such file"),
        ("https://exby.example/rapport.pdf", "download"),
        ("a\0b.pdf", "cannot be opened"),
        ("x" * 5_000, "cannot be opened"),
    ]:
        with pytest.raises(InputError, match=says):
            docmine.mine(source)
        assert docmine.mine([source]).documents["state"].item() == "failed"
    with pytest.raises(InputError, match="folder"):
        load(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_never_ends_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rör.pdf")
    assert "pipe" in docmine.mine([tmp_path / "rör.pdf"]).documents["error"].item()
    assert "pipe" in docmine.mine(["/dev/zero"]).documents["error"].item()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="for this user no file is unreadable")
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stängd.txt"
    path.write_text(report_text(), encoding="utf-8")
    path.chmod(0)
    with pytest.raises(InputError, match="permission"):
        docmine.mine(path)


def test_limits_are_kept_and_can_be_set(tmp_path: Path) -> None:
    path = tmp_path / "rapport.pdf"
    path.write_bytes(report_pdf())
    for limit, value in {"bytes": 100, "characters": 20, "seconds": 1e-9}.items():
        with pytest.raises(InputError, match=limit):
            docmine.mine(path, limits=Limits(**{limit: value}))
    for odd in (0, -1, True, "many"):
        with pytest.raises(docmine.DocmineError, match="pages"):
            Limits(pages=odd)  # type: ignore[arg-type]


def test_time_is_up_between_the_stages(tmp_path: Path) -> None:
    path = tmp_path / "rapport.txt"
    path.write_text(report_text(), encoding="utf-8")
    row = docmine.mine([path], limits=Limits(seconds=1e-9)).documents.iloc[0]
    assert row["state"] == "failed" and "seconds" in row["error"]


REFUSED = {
    "content.pdf": "stream_bytes",
    "picture.pdf": "pixels",
    "many pages.pdf": "pages",
    "form in itself.pdf": "itself",
    "forms that multiply.pdf": "too often",
    "bomb.zip": "archive_bytes",
    "bomb.docx": "stream_bytes",
    "header only.pdf": "damaged",
    "encryption.pdf": "password",
    "many.zip": "members",
    "nested.zip!inner.zip": "archive",
}


def tree(folder: Path) -> set[Path]:
    return {p for p in folder.rglob("*") if not p.is_relative_to(folder / "out")}


def test_hostile_files_do_no_harm(tmp_path: Path) -> None:
    """One run over all of them: it ends in time, writes where it should, and has a row and a reason for each."""
    folder = tmp_path / "in"
    folder.mkdir()
    files = make(folder)
    assert len(files) >= 290
    before = tree(tmp_path)
    limits = [f"--limit={name}={value}" for name, value in LIMITS.items()]
    environment = {**os.environ, "HOME": str(tmp_path), "TMPDIR": str(tmp_path), "COLUMNS": "80"}
    command = [sys.executable, "-m", "docmine", "mine", *map(str, files), "-o", str(tmp_path / "out"), *limits]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=300, check=False)
    assert done.returncode == 1, done.stderr[-2_000:]
    assert b"Traceback" not in done.stderr
    assert tree(tmp_path) == before

    documents = pd.read_parquet(tmp_path / "out" / "documents.parquet")
    faults = documents[documents["error"].str.contains("please report").fillna(value=False)]
    assert faults["error"].tolist() == []
    sources = set(documents["source"])
    for file in files:
        name = docmine.load.shown(str(file))
        assert name in sources or any(s.startswith(f"{name}!") for s in sources), name
    unread = documents[documents["state"] != "ok"]
    assert unread["error"].str.len().gt(20).all() and not unread["error"].str.contains("[\n\r]").any()
    assert {"ok", "failed"} <= set(documents["state"])
    for kind, says in REFUSED.items():
        row = documents[documents["source"].str.endswith(os.sep + kind)]
        assert len(row) == 1 and row["state"].item() == "failed" and says in row["error"].item(), (kind, row["error"].tolist())


def test_members_of_an_archive_cannot_climb_out(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    with zipfile.ZipFile(inside / "a.zip", "w") as archive:
        archive.writestr("../climbed.txt", report_text())
    result = docmine.mine(inside / "a.zip")
    assert result.documents["source"].item().endswith("a.zip!../climbed.txt")
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.zip", "in"]
