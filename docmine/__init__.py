"""docmine turns Swedish municipal reports into tidy, comparable, checkable tables."""

from __future__ import annotations

from importlib.metadata import version

from docmine.archive import mine_archive, open_store
from docmine.citation import cite
from docmine.errors import DocmineError
from docmine.load import Limits
from docmine.pipeline import mine, read
from docmine.records import Report
from docmine.result import Result
from docmine.review import apply_decisions, write_review

__version__ = version("docmine")

__all__ = [
    "DocmineError",
    "Limits",
    "Report",
    "Result",
    "__version__",
    "apply_decisions",
    "cite",
    "mine",
    "mine_archive",
    "open_store",
    "read",
    "write_review",
]
