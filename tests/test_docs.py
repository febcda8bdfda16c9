"""The documentation: its examples run and print what their pages show, and the site is built without a warning.

A page is a sitting. Its blocks run in order in a folder of their own: ``python`` as in a notebook, of ``sh`` the lines that begin with
docmine or frictionless. A block with a ``title`` is written into the file of that name. A ``text`` block is what the one before it prints.
"""

from __future__ import annotations

import ast
import io
import json
import logging
import re
import shlex
import shutil
import subprocess
import sys
import types
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pypdfium2
import pytest

import docmine.factories  # noqa: F401  spaCy does not know of them where an installation is older than they are
from docmine.__main__ import main
from docmine.schema import TABLES

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^( *)```(\w+)([^\n]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r'title="([^"]+)"')
_SCHEDULER = "tcp://scheduler:8786"
#: what a page may take for granted: a folder, an archive, a list, a report
_REPORTS = ("exby-annual-2015-reportlab-101.pdf", "norrvik-interim-2015-b-104.txt")


class Block(NamedTuple):
    language: str
    title: str | None
    code: str
    line: int


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        title = _TITLE.search(match[3])
        code = "".join(line.removeprefix(match[1]) for line in match[4].splitlines(keepends=True))
        found.append(Block(match[2], title[1] if title else None, code, text.count("\n", 0, match.start()) + 1))
    return found


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder in which a page's reader sits."""
    reports = ROOT / "corpus" / "reports"
    shutil.copytree(reports, tmp_path / "corpus" / "reports")
    for folder in ("reports", "archive", "web/2015"):
        (tmp_path / folder).mkdir(parents=True)
    for name in _REPORTS:
        for folder in ("reports", "archive"):
            shutil.copy(reports / name, tmp_path / folder)
    shutil.copy(reports / _REPORTS[0], tmp_path / "report.pdf")
    shutil.copy(reports / "tallnaset-interim-2022-fpdf2-102.pdf", tmp_path / "web" / "2015")
    (tmp_path / "list.txt").write_text("report.pdf\n", encoding="utf-8")
    (tmp_path / "decisions.jsonl").touch()
    (tmp_path / "own.toml").write_text('[sections.name]\ngoals = ["våra löften"]\n', encoding="utf-8")
    answers = (ROOT / "corpus" / "gold" / _REPORTS[1]).with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
    named = (json.dumps({"document": _REPORTS[1], **json.loads(line)}, ensure_ascii=False) for line in answers)
    (tmp_path / "answers.jsonl").write_text("\n".join(named), encoding="utf-8")
    picture = pypdfium2.PdfDocument(reports / _REPORTS[0])[2].render(scale=2).to_pil()
    picture.save(tmp_path / "scan.pdf", "PDF", resolution=144)
    with zipfile.ZipFile(tmp_path / "older.zip", "w") as archive:
        archive.write(reports / "lindasa-annual-2022-a-105.txt", "lindasa.txt")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)  # as where a notebook runs
    monkeypatch.setenv("COLUMNS", "110")
    options = {"width": 110, "max_columns": None, "max_colwidth": 50, "show_dimensions": False}
    with pd.option_context(*(part for name, value in options.items() for part in (f"display.{name}", value))):
        yield tmp_path


def run_python(code: str, names: dict[str, Any]) -> None:
    """Run a block as a notebook does: the value of its last line is shown."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<example>", "exec"), names)
    if last is not None:
        value = eval(compile(ast.Expression(last.value), "<example>", "eval"), names)
        if value is not None:
            print(value if isinstance(value, pd.DataFrame | pd.Series) else repr(value))


def run_shell(code: str, cluster: str | None) -> None:
    for line in code.replace("\\\n", " ").splitlines():
        for command in line.removeprefix("$ ").split("&&"):
            words = shlex.split(command, comments=True)
            if words[:1] == ["docmine"]:
                words = [str(cluster) if word == _SCHEDULER else word for word in words]
                assert main(words[1:]) == 0, f"{command.strip()}: {sys.stderr.getvalue()}"  # type: ignore[attr-defined]
            elif words[:1] == ["frictionless"]:
                subprocess.run([sys.executable, "-m", *words], check=True, capture_output=True)


@contextmanager
def small_cluster() -> Iterator[tuple[str, types.ModuleType]]:
    """A Dask cluster in this process, and a module that gives it to whoever asks SLURM for one."""
    distributed = pytest.importorskip("distributed")

    class Cluster(distributed.LocalCluster):  # type: ignore[misc, name-defined]
        def scale(self, jobs: int) -> None:
            """All workers are there from the first."""

    with Cluster(n_workers=8, threads_per_worker=1, processes=False, dashboard_address=":0") as cluster:
        slurm = types.ModuleType("dask_jobqueue")
        slurm.SLURMCluster = lambda **_: cluster  # type: ignore[attr-defined]
        yield cluster.scheduler_address, slurm


def plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_examples_run_and_print_what_is_shown(page: Path, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "dask_jobqueue" not in page.read_text(encoding="utf-8"):
        sit_through(page, None)
        return
    with small_cluster() as (address, slurm):
        monkeypatch.setitem(sys.modules, "dask_jobqueue", slurm)
        sit_through(page, address)


def sit_through(page: Path, cluster: str | None) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    printed = ""
    for block in blocks(page):
        where = f"{page.name}, line {block.line}"
        if block.title is not None:
            Path(block.title).write_text(block.code, encoding="utf-8")
        elif block.language == "text":
            assert plain(printed) == plain(block.code), f"{where}: the example before prints\n{printed}"
        elif block.language in ("python", "sh", "console"):
            with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()):
                try:
                    run_python(block.code, names) if block.language == "python" else run_shell(block.code, cluster)
                except Exception as error:
                    raise AssertionError(f"{where}: {error!r}") from error
            printed = out.getvalue()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("mkdocs", reason="mkdocs is not installed (the extra docs)")
    pytest.importorskip("material", reason="mkdocs-material is not installed (the extra docs)")
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    folder = tmp_path_factory.mktemp("site")
    heard: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("mkdocs").addHandler(handler)
    try:
        build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=True))
    finally:
        logging.getLogger("mkdocs").removeHandler(handler)
    assert heard == []
    return folder


def test_the_site_has_every_page(site: Path) -> None:
    assert {page.stem for page in PAGES[1:]} <= {page.stem for page in site.glob("*.html")}
    assert not (site / "hooks.py").exists()


def test_the_site_fetches_nothing(site: Path) -> None:
    tag = re.compile(r"<(?:script|img|iframe|source|link)[^>]*>")
    for page in site.rglob("*.html"):
        for found in tag.findall(page.read_text(encoding="utf-8")):
            assert not re.search(r'(?:src|href)="(?:https?:)?//', found), f"{page.name}: {found}"
    for sheet in site.rglob("*.css"):
        assert not re.search(r"@import|url\([\"']?(?:https?:)?//", sheet.read_text(encoding="utf-8")), sheet.name


def test_the_site_describes_every_column_and_code(site: Path) -> None:
    page = unescape((site / "tables.html").read_text(encoding="utf-8"))
    for name, fields in TABLES.items():
        assert f'id="{name}"' in page
        for field in fields:
            assert f"<code>{field.name}</code>" in page and field.meaning in page, (name, field.name)
            assert all(f"<code>{code}</code>" in page for code in field.codes), (name, field.name)


def test_figures_come_from_the_readme(site: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    page = unescape((site / "accuracy.html").read_text(encoding="utf-8"))
    for name in ("accuracy", "reliability", "tables", "ablation"):
        figures = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", readme, re.DOTALL)
        assert figures is not None
        cells = [cell.strip() for row in figures[1].splitlines() if row.startswith("|") for cell in row.split("|")]
        numbers = [cell for cell in cells if re.fullmatch(r"[\d. /()]*\d[\d. /()]*", cell)]
        assert numbers and all(number in page for number in numbers), name
