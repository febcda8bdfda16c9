"""The command line: what it prints, writes and returns."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from docmine.__main__ import main


def test_mine_writes_tables_and_a_summary(samples: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["mine", str(samples[0]), str(samples[1]), "-o", str(tmp_path / "out")])
    shown = capsys.readouterr().out
    assert status == 0
    assert "2 files: 2 ok" in shown and "amounts" in shown
    assert len(pd.read_parquet(tmp_path / "out" / "documents.parquet")) == 2


def test_a_failed_file_is_named_with_its_reason(samples: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "trasig [1].pdf"
    bad.write_bytes(b"%PDF-1.7\nnothing more")
    status = main(["mine", str(bad), str(samples[0]), "-o", str(tmp_path / "out"), "--format", "csv"])
    shown = capsys.readouterr().out
    assert status == 1
    assert "1 ok, 1 failed" in shown and "trasig [1].pdf" in shown
    documents = pd.read_csv(tmp_path / "out" / "documents.csv")
    assert documents.loc[documents["state"] == "failed", "source"].item() == str(bad)


@pytest.mark.parametrize(
    "arguments",
    [["mine"], ["mine", "x.pdf"], [], ["mine", "x.pdf", "-o", "out", "--format", "docx"], ["nonsense"]],
)
def test_wrong_usage_is_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_an_empty_folder_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mine", str(tmp_path), "-o", str(tmp_path / "out")]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_sections_prints_the_tree(samples: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sections", str(samples[0])]) == 0
    assert "finance" in capsys.readouterr().out


def test_show_prints_a_page(samples: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    pdf = next(p for p in samples if p.suffix == ".pdf")
    assert main(["show", str(pdf), "--page", "2"]) == 0
    assert "confidence" in capsys.readouterr().out
    assert main(["show", str(pdf), "--page", "999"]) == 2
    assert "999" in capsys.readouterr().err


def test_a_missing_file_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sections", "finns-inte.pdf"]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "finns-inte.pdf" in error


def test_python_m_docmine_is_the_same_program() -> None:
    done = subprocess.run([sys.executable, "-m", "docmine", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("docmine ")
