"""The shape of the package: imports go downward only, and ``__all__`` is what is public."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

import docmine

PACKAGE = Path(docmine.__file__).parent
LAYERS = [
    "errors", "wording", "search", "markup", "records", "schema", "vocabulary", "additions", "swedish", "sentences", "draw", "load",
    "tables", "titles", "tokens", "model", "headings", "linewise", "cues", "runin", "segment", "facts", "accounts", "link", "extract",
    "factories", "normalize", "publish", "result", "pipeline", "archive", "evaluate", "sample", "desk", "compare", "plotted", "plots",
    "citation", "review", "__init__", "__main__",
]  # fmt: skip


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def layer(module: str) -> int:
    parts = module.split(".")
    return LAYERS.index(parts[1] if len(parts) > 1 else "__init__")


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_downward(path: Path) -> None:
    here = ["docmine", *path.relative_to(PACKAGE).with_suffix("").parts]
    if here[-1] == "__init__" and len(here) > 2:
        here.pop()
    mine = layer(".".join(here))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = (
            [f"{node.module}.{a.name}" if node.module == "docmine" else node.module for a in node.names]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            if name and name.split(".")[0] == "docmine":
                target = name if name.split(".")[1:2] and name.split(".")[1] in LAYERS else "docmine"
                assert layer(target) <= mine, f"{path.name} imports {name} from a layer above it"


@pytest.mark.parametrize("path", [p for p in modules() if p.stem != "__main__"], ids=lambda p: str(p.relative_to(PACKAGE)))
def test_all_names_exist(path: Path) -> None:
    name = ".".join(["docmine", *path.relative_to(PACKAGE).with_suffix("").parts]).removesuffix(".__init__")
    module = importlib.import_module(name)
    assert sorted(module.__all__) == sorted(set(module.__all__))
    assert [n for n in module.__all__ if not hasattr(module, n)] == []
