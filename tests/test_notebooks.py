"""Every notebook runs from start to end, and what it keeps is what it prints."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))
#: what the cell on real reports keeps, which are not part of the repository
_ABSENT = "no real reports here"


def told(cell: Any) -> list[str]:
    """What a cell prints and shows, as text; warnings apart."""
    outputs = [output for output in cell.get("outputs", []) if output.get("name") != "stderr"]
    return [output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_runs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    kept = copy.deepcopy(notebook)
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("image/png" in output.get("data", {}) for output in outputs), "no plot was drawn"
    assert any("text/html" in output.get("data", {}) for output in outputs), "nothing shows itself as HTML"
    for now, before in zip(notebook.cells, kept.cells, strict=True):
        if _ABSENT not in "".join(told(before)):
            assert told(now) == told(before), "run the notebook anew and keep what it prints"
