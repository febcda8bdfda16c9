"""Tables from whatever a researcher holds in hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import docmine
from docmine.desk import tables_of
from docmine.errors import UsageError

REPORT = Path(__file__).parents[1] / "corpus" / "reports" / "exby-annual-2015-reportlab-101.pdf"


@pytest.mark.parametrize("held", ["result", "report", "parquet", "csv", "store", "store folder"])
def test_each_source_gives_the_same_rows(held: str, tmp_path: Path) -> None:
    result = docmine.mine(REPORT)
    assert len(result.amounts)
    if held in ("parquet", "csv"):
        result.write(tmp_path, format=held)
    elif held.startswith("store"):
        docmine.mine_archive([REPORT], tmp_path / "store", workers=1)
    source = {
        "result": result, "report": REPORT, "parquet": tmp_path, "csv": str(tmp_path),
        "store": docmine.open_store(tmp_path / "store") if held == "store" else None, "store folder": tmp_path / "store",
    }[held]  # fmt: skip
    tables = tables_of(source)  # type: ignore[arg-type]
    for name in ("amounts", "goals", "indicators"):
        columns = [c for c in result.frames[name].columns if c != "source"]
        pd.testing.assert_frame_equal(tables.frames[name][columns], result.frames[name][columns], check_dtype=False)


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        tables_of(tmp_path / "nowhere")
