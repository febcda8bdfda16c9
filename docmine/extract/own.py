"""Extractors of one's own: found by name where they run in another process, and what they yield is looked over."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from docmine.errors import UsageError
from docmine.records import Amount, Facts, Finding, Report
from docmine.schema import MONEY_UNITS
from docmine.vocabulary import Vocabulary

__all__ = ["Extractor", "checked", "named", "place_of"]

Extractor = Callable[[Report, Facts, Vocabulary], Iterable[Finding]]


def place_of(extractor: Extractor | str) -> str:
    """Where another process finds an extractor, as ``module:function``.

    Raises
    ------
    UsageError
        If there is none: it was made inside a function, or in a notebook or script.
    """
    if isinstance(extractor, str):
        named(extractor)
        return extractor
    module, name = getattr(extractor, "__module__", "?"), getattr(extractor, "__qualname__", repr(extractor))
    if module == "__main__" or not name.isidentifier():
        raise UsageError(f"no other process finds the extractor {name}", "put it into a file of its own and import it from there")
    return f"{module}:{name}"


def named(place: str) -> Extractor:
    """The extractor at ``module:function``; modules of the working folder count.

    Raises
    ------
    UsageError
        If there is none.
    """
    module, _, name = place.partition(":")
    here = str(Path.cwd())
    if here not in sys.path and "" not in sys.path:
        sys.path.append(here)
    try:
        found: Extractor = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(f"there is no extractor {place!r} ({error})", "name it as module:function") from None
    return found


def checked(finding: Finding, extractor: Extractor, report: Report) -> Finding:
    """What an extractor that is not docmine's own has found; it has a place in the text, and a unit that can be reckoned with."""
    name = getattr(extractor, "__name__", repr(extractor))
    if not isinstance(finding, Finding):
        raise UsageError(f"{name} yields a {type(finding).__name__}", "yield findings of docmine.records: Goal, Action, Indicator, Amount")
    if not 0 <= finding.start < finding.end <= len(report.text):
        place = f"{type(finding).__name__} at {finding.start}:{finding.end}"
        raise UsageError(
            f"{name} yields a {place} of a text of {len(report.text)} characters", "start and end count characters of report.text"
        )
    if isinstance(finding, Amount) and finding.unit not in MONEY_UNITS:
        raise UsageError(f"{name} yields an Amount in the unit {finding.unit!r}", f"known are {', '.join(MONEY_UNITS)}")
    return finding
