"""The files of an archive: in folders, in zip files, by pattern, or named in a list; and files that are written whole or not at all."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from docmine.errors import UsageError
from docmine.load import Limits
from docmine.pipeline import find_files

__all__ = ["archive_files", "hidden", "write_whole"]

_LIST = "@"


def archive_files(inputs: Iterable[str | os.PathLike[str]], limits: Limits) -> list[str]:
    """The names of the files among the inputs, each once, in the order of names.

    Parameters
    ----------
    inputs : iterable of str or path
        Files, folders, zip archives, patterns (``archive/**/*.pdf``), and lists of these, one a line: ``@list.txt``.
    limits : Limits
        Bounds on archives.

    Raises
    ------
    UsageError
        If an input is no file and fits none, or a list cannot be read.
    """
    return sorted({os.fspath(file) for file in find_files(_expanded(inputs), limits=limits)})  # type: ignore[arg-type]


def _expanded(inputs: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    for given in [os.fspath(each) for each in inputs]:
        if os.path.lexists(given) or ".zip!" in given.lower():
            yield given
        elif given.startswith(_LIST):
            yield from _listed(Path(given[len(_LIST) :]))
        elif found := glob.glob(given, recursive=True):  # noqa: PTH207 (patterns may be absolute)
            yield from found
        else:
            raise UsageError(f"{given}: no such file or folder, and no file that it fits as a pattern", "check the path")


def _listed(path: Path) -> Iterator[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: the list cannot be read: {error}", "give a text in UTF-8 with a name a line") from None
    # what a list names and is not there gets its row: it must not be lost
    return (line.strip() for line in lines if line.strip())


def hidden(path: Path) -> Path:
    """The name under which a file is written before it takes its own: one that readers of the folder pass over."""
    return path.with_name(f".{path.name}.new")


def write_whole(path: Path, text: str) -> None:
    """Write a text so that nobody ever sees a part of it."""
    hidden(path).write_text(text, encoding="utf-8")
    hidden(path).replace(path)
