"""docmine turns Swedish municipal reports into tidy, comparable, checkable tables."""

from __future__ import annotations

from docmine.pipeline import mine_report, read

__all__ = ["mine_report", "read"]
