"""What docmine says to a reader in Swedish or English: labels of plots and citations, read from ``wording.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from docmine.errors import UsageError

__all__ = ["LANGUAGES", "wording"]

LANGUAGES = ("sv", "en")


@cache
def wording(group: str, language: str) -> Mapping[str, str]:
    """The words of a group of ``wording.toml`` by their codes.

    Raises
    ------
    UsageError
        If the language is neither Swedish nor English.
    """
    if language not in LANGUAGES:
        raise UsageError(f"unknown language {language!r}", f"known are {', '.join(LANGUAGES)}")
    return {code: words[language] for code, words in _read()[group].items()}


@cache
def _read() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((files("docmine") / "wording.toml").read_text(encoding="utf-8"))
