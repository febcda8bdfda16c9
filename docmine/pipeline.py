"""The order of the stages: load → segment → extract → normalize, for one report and for many."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pandas as pd

from docmine import normalize
from docmine.errors import InputError
from docmine.extract import extract
from docmine.facts import find_facts
from docmine.load import Source, load
from docmine.records import Report
from docmine.result import Result
from docmine.segment import segment
from docmine.tables import check_tables
from docmine.vocabulary import load_vocabulary

__all__ = ["find_files", "mine", "mine_report", "read"]

SUFFIXES = (".pdf", ".txt")


def read(source: Source, *, password: str | None = None) -> Report:
    """Read one report: its text, pages, lines, tables and sections, with the place of every character.

    Parameters
    ----------
    source : str, path or open binary file
        A PDF or a text.
    password : str, optional
        For an encrypted PDF.

    Returns
    -------
    Report
        ``report.text[start:end]`` is the quote of every row that is mined from it.

    Raises
    ------
    InputError
        If the file cannot be read; its subclasses say why, its message names the file and what to do.
    """
    return segment(load(source, password=password), load_vocabulary())


def _rows(report: Report) -> normalize.Rows:
    vocabulary = load_vocabulary()
    facts = find_facts(report, vocabulary)
    findings = extract(report, facts, vocabulary)
    return normalize.normalize(report, facts, findings, check_tables(report, vocabulary))


def mine_report(report: Report) -> dict[str, pd.DataFrame]:
    """The tables of one report that has been read."""
    return normalize.frames([_rows(report)])


def mine(
    source: Source | Iterable[Source],
    *,
    password: str | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Result:
    """Mine reports into tidy tables.

    Parameters
    ----------
    source : str, path, open binary file, or an iterable of these
        A PDF, a text, or a folder, which is searched for them with its subfolders.
    password : str, optional
        For encrypted PDFs.
    progress : callable, optional
        Called with (files done, files in all, name of the next file).

    Returns
    -------
    Result
        Its tables do not depend on the order of the files. A file that is given twice, or in two copies, has a row in
        ``documents`` each time and its other rows once.

    Raises
    ------
    InputError
        If ``source`` is a single file that cannot be read. In a folder or an iterable such a file becomes a row of
        ``documents`` with ``state`` "failed" and the reason in ``error``, and the others are mined.
    """
    many = isinstance(source, Iterable) and not isinstance(source, str) and not hasattr(source, "read")
    if many or (not hasattr(source, "read") and Path(os.fspath(source)).is_dir()):  # type: ignore[arg-type]
        return Result(normalize.frames(_mine_each(list(find_files(source if many else [source])), password, progress)))  # type: ignore[list-item, arg-type]
    return Result(normalize.frames([_rows(read(source, password=password))]))  # type: ignore[arg-type]


def find_files(sources: Iterable[Source]) -> Iterator[Source]:
    """The files among the sources, folders searched with their subfolders in the order of their names.

    Hidden files and files of other kinds than docmine reads are passed over in folders, not where they are named.
    """
    for source in sources:
        if hasattr(source, "read") or not Path(os.fspath(source)).is_dir():
            yield source
            continue
        folder = Path(os.fspath(source))
        for path in sorted(folder.rglob("*")):
            hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if path.suffix.lower() in SUFFIXES and not hidden and path.is_file():
                yield path


def _mine_each(files: list[Source], password: str | None, progress: Callable[[int, int, str], None] | None) -> Iterator[normalize.Rows]:
    for done, file in enumerate(files):
        name = _name(file)
        if progress:
            progress(done, len(files), name)
        try:
            yield _rows(read(file, password=password))
        except InputError as error:
            yield normalize.failed(name, _hash(file), str(error))
        except Exception as error:  # a fault of ours must not cost the user the other files
            yield normalize.failed(name, _hash(file), f"{name}: {type(error).__name__}: {error} (please report this with the file)")
    if progress:
        progress(len(files), len(files), "")


def _name(file: Source) -> str:
    return str(getattr(file, "name", "<file>")) if hasattr(file, "read") else os.fspath(file)


def _hash(file: Source) -> str | None:
    if hasattr(file, "read"):
        return None
    try:
        with Path(file).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
