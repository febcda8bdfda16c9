"""The order of the stages: load → segment → extract → normalize, for one report and for many."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Literal

import pandas as pd

from docmine import normalize
from docmine.additions import open_vocabulary
from docmine.errors import InputError
from docmine.extract import Extractor, extract
from docmine.facts import find_facts, vocabulary_for
from docmine.load import ARCHIVE, SUFFIXES, Clock, Limits, Source, fingerprint, load, members, shown
from docmine.records import Report
from docmine.result import Result
from docmine.segment import segment
from docmine.tables import check_tables
from docmine.vocabulary import Vocabulary

__all__ = ["Words", "find_files", "mine", "mine_any", "mine_one", "mine_report", "read"]

#: words of one's own: a file of them, or what `docmine.additions.open_vocabulary` gave
Words = str | os.PathLike[str] | Vocabulary


def read(
    source: Source,
    *,
    password: str | None = None,
    limits: Limits | None = None,
    engine: str = "pdfium",
    ocr: bool | Literal["auto"] = "auto",
    vocabulary: Words | None = None,
) -> Report:
    """Read one report: its text, pages, lines, tables and sections, with the place of every character.

    Parameters
    ----------
    source : str, path or open binary file
        A PDF, a text, a Word document, a saved web page or Markdown; ``archive.zip!member.pdf`` is a file in an archive.
    password : str, optional
        For an encrypted PDF.
    limits : Limits, optional
        Upper bounds on size and time, beyond which a file is refused.
    engine : {"pdfium", "pdfplumber"}
        What reads PDFs; the second takes twenty times as long and gives the same words.
    ocr : bool or "auto"
        Whether pages of PDFs that are pictures, or whose letters are not what is seen, are read with Tesseract, at some seconds
        a page. "auto" does so where it is installed with the extra ``ocr``; True is an error where it is not.
    vocabulary : str, path or Vocabulary, optional
        A TOML file with words of one's own (``docs/vocabulary.md``).

    Returns
    -------
    Report
        ``report.text[start:end]`` is the quote of every row that is mined from it.

    Raises
    ------
    InputError
        If the file cannot be read; its subclasses say why, its message names the file and what to do.
    VocabularyError
        If the words of one's own are not as they must be; the message names file and line.
    """
    words = open_vocabulary(vocabulary)
    report = load(source, password=password, limits=limits, engine=engine, ocr=ocr)
    return segment(report, vocabulary_for(report, words))


def mine_one(
    source: Source, loader: Callable[[Source], Report], limits: Limits, vocabulary: Vocabulary, extractors: Iterable[Extractor] = ()
) -> tuple[Report, normalize.Rows]:
    """One file's report and the rows that it gives; whatever goes wrong is raised."""
    clock = Clock(_name(source), limits)
    report = loader(source)
    clock.check()
    vocabulary = vocabulary_for(report, vocabulary)
    report = segment(report, vocabulary)
    clock.check()
    return report, _rows(report, vocabulary, extractors)


def mine_any(
    source: Source, loader: Callable[[Source], Report], limits: Limits, vocabulary: Vocabulary, extractors: Iterable[Extractor] = ()
) -> tuple[Report | None, normalize.Rows]:
    """The same of a file among many: one that cannot be read becomes a row that says why, and there is no report."""
    try:
        return mine_one(source, loader, limits, vocabulary, extractors)
    except InputError as error:
        reason = str(error)
    except Exception as error:  # a fault of ours must not cost the user the other files
        reason = f"{_name(source)}: {type(error).__name__}: {shown(str(error))} (please report this with the file)"
    return None, normalize.failed(_name(source), fingerprint(source), reason)


def _rows(report: Report, vocabulary: Vocabulary, extractors: Iterable[Extractor]) -> normalize.Rows:
    facts = find_facts(report, vocabulary)
    findings = extract(report, facts, vocabulary, extractors)
    return normalize.normalize(report, facts, findings, check_tables(report, vocabulary), vocabulary)


def mine_report(report: Report, *, vocabulary: Words | None = None, extractors: Iterable[Extractor] = ()) -> dict[str, pd.DataFrame]:
    """The tables of one report that has been read; ``vocabulary`` is that with which it was."""
    return normalize.frames([_rows(report, vocabulary_for(report, open_vocabulary(vocabulary)), extractors)])


def mine(
    source: Source | Iterable[Source],
    *,
    password: str | None = None,
    limits: Limits | None = None,
    engine: str = "pdfium",
    ocr: bool | Literal["auto"] = "auto",
    vocabulary: Words | None = None,
    extractors: Iterable[Extractor] = (),
    progress: Callable[[int, int, str], None] | None = None,
) -> Result:
    """Mine reports into tidy tables.

    Parameters
    ----------
    source : str, path, open binary file, or an iterable of these
        A PDF, a text, a Word document, a saved web page or Markdown; or a folder, which is searched for them with its
        subfolders, or a zip archive of them.
    password : str, optional
        For encrypted PDFs.
    limits : Limits, optional
        Upper bounds on size and time, beyond which a file is refused.
    engine : {"pdfium", "pdfplumber"}
        What reads PDFs; the second takes twenty times as long and gives the same words.
    ocr : bool or "auto"
        Whether pages of PDFs that are pictures, or whose letters are not what is seen, are read with Tesseract, at some seconds
        a page. "auto" does so where it is installed with the extra ``ocr``; True is an error where it is not.
    vocabulary : str, path or Vocabulary, optional
        A TOML file with words of one's own (``docs/vocabulary.md``).
    extractors : iterable of callable, optional
        Functions that find more, beside docmine's own: each is called with the `Report`, its `docmine.records.Facts` and the
        `Vocabulary`, and yields findings (`docmine.records.Goal`, ``Action``, ``Indicator``, ``Amount``) by their offsets.
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
        If ``source`` is a single file that cannot be read. In a folder, an archive or an iterable such a file becomes a row of
        ``documents`` with ``state`` "failed" and the reason in ``error``, and the others are mined.
    VocabularyError
        If the words of one's own are not as they must be; the message names file and line.
    """
    words, extractors = open_vocabulary(vocabulary), tuple(extractors)
    limits = limits or Limits()
    loader = partial(load, password=password, limits=limits, engine=engine, ocr=ocr)
    single = isinstance(source, str | os.PathLike) or hasattr(source, "read")
    sources: list[Source] = [source] if single else list(source)  # type: ignore[list-item, arg-type]
    files = list(find_files(sources, limits=limits))
    if single and files == sources:
        return Result(normalize.frames(mine_one(file, loader, limits, words, extractors)[1] for file in files))
    miner = partial(mine_any, loader=loader, limits=limits, vocabulary=words, extractors=extractors)
    return Result(normalize.frames(_mine_each(files, miner, progress)))


def find_files(sources: Iterable[Source], *, limits: Limits | None = None) -> Iterator[Source]:
    """The files among the sources, folders and archives searched in the order of names.

    Hidden files and files of other kinds than docmine reads are passed over in folders, not where they are named. A file in an
    archive has the name ``archive.zip!member.pdf``.
    """
    for source in sources:
        if hasattr(source, "read"):
            yield source
            continue
        path = Path(os.fspath(source))
        if not _is_folder(path):
            yield from _unpacked(source, limits)
            continue
        for inner in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in inner.relative_to(path).parts)
            if inner.suffix.lower() in SUFFIXES and not hidden and inner.is_file():
                yield from _unpacked(inner, limits)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # no file can have such a name
        return False


def _unpacked(source: Source, limits: Limits | None) -> list[Source]:
    """The files in an archive that can be used, or the source itself."""
    name = os.fspath(source)  # type: ignore[arg-type]
    inside = members(name, limits or Limits()) if name.lower().endswith(ARCHIVE) else []
    return [*inside] or [source]


def _mine_each(
    files: list[Source],
    miner: Callable[[Source], tuple[Report | None, normalize.Rows]],
    progress: Callable[[int, int, str], None] | None,
) -> Iterator[normalize.Rows]:
    for done, file in enumerate(files):
        if progress:
            progress(done, len(files), _name(file))
        yield miner(file)[1]
    if progress:
        progress(len(files), len(files), "")


def _name(file: Source) -> str:
    return shown(str(getattr(file, "name", "<file>")) if hasattr(file, "read") else os.fspath(file))
