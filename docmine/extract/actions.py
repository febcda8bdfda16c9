"""Find things to be done (uppdrag, aktivitet, åtgärd, åtagande)."""

from __future__ import annotations

from collections.abc import Iterator

from docmine.records import Action, Facts, Report
from docmine.vocabulary import Vocabulary

__all__ = ["find_actions"]


def find_actions(report: Report, facts: Facts, vocabulary: Vocabulary) -> Iterator[Action]:
    """Yield the things to be done (uppdrag, aktivitet, åtgärd, åtagande)."""
    return iter(())
