"""What tests share: where the reports are, and skips that say why."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
for folder in ("corpus", "benchmarks"):
    sys.path.insert(0, str(ROOT / folder))


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared_corpus() -> Path:
    """The real reports with hand-made answers; they are not part of the repository."""
    corpus = SHARED / "corpus"
    if not corpus.is_dir():
        pytest.skip("the real reports (../shared/corpus) are not here")
    return corpus


@pytest.fixture(scope="session")
def samples() -> list[Path]:
    """The sample reports of our own making."""
    return sorted(p for p in (ROOT / "corpus" / "reports").iterdir() if p.suffix in (".pdf", ".txt"))
