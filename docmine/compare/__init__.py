"""Panels over kommuner and years, from a store or from results.

`amounts` by canonical line, `indicators` under one name for all kommuner, `goals` with their verdicts, and `overview` with the net
cost, deviation and goal attainment of each report. `matches` shows which printed names were taken for the same indicator and for
which of Kolada's key figures; edited, it goes back in. Every figure leads to its row; nothing is averaged, and what is missing stays so.
"""

from __future__ import annotations

from docmine.compare.files import write
from docmine.compare.goals import goals
from docmine.compare.harmonise import matches
from docmine.compare.indicators import indicators
from docmine.compare.overview import overview
from docmine.compare.panel import amounts, wide

__all__ = ["amounts", "goals", "indicators", "matches", "overview", "wide", "write"]
