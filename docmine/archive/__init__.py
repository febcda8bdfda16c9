"""Archives of tens of thousands of reports: mined in processes of their own into a store that any run can take up again.

files → workers → journal → Parquet. The journal (SQLite) has a row for every file; the store's Parquet files are made from it.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from docmine.additions import open_vocabulary
from docmine.archive.copies import find_copies
from docmine.archive.dataset import publish
from docmine.archive.files import archive_files
from docmine.archive.isolated import answers, end_workers
from docmine.archive.journal import Journal
from docmine.archive.packing import FORM
from docmine.archive.progress import Progress
from docmine.archive.run_report import Run, write_report
from docmine.archive.store import Store, open_store
from docmine.archive.worker import Options
from docmine.errors import UsageError
from docmine.extract.own import Extractor, place_of
from docmine.load import Limits, fingerprint
from docmine.pipeline import Words

__all__ = ["Options", "Run", "Store", "mine_archive", "open_store"]

JOURNAL = "journal.sqlite"
#: files that make one task on a cluster, where the scheduler takes a tenth of a file's time for each task
_TOGETHER = 4


def mine_archive(
    inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    store: str | os.PathLike[str],
    *,
    workers: int | None = None,
    dask: Any = None,
    limits: Limits | None = None,
    memory: int = 4_000_000_000,
    password: str | None = None,
    engine: str = "pdfium",
    ocr: bool | Literal["auto"] = "auto",
    vocabulary: Words | None = None,
    extractors: Iterable[Extractor | str] = (),
    force: bool = False,
    retry: bool = False,
    prune: bool = False,
    loader: str = "docmine.load:load",
    progress: Progress | None = None,
) -> Run:
    """Mine an archive of reports into a store; what is there already and has not changed is not mined again.

    Parameters
    ----------
    inputs : str, path or iterable of these
        Files, folders, zip archives, patterns, and lists of names (``@list.txt``).
    store : str or path
        Folder of the store; made if need be.
    workers : int, optional
        Processes that mine at a time; as many as the machine has cores if left out.
    dask : str or dask.distributed.Client, optional
        A Dask cluster that does the work instead: its scheduler's address, or a client. Its workers must see the files under the
        same names.
    limits : Limits, optional
        Bounds on each file. A worker that does not end a file by itself is stopped a fifth after ``limits.seconds``.
    memory : int
        Bytes of address space that a worker may take (not on Windows).
    password, engine, ocr, vocabulary
        As for `docmine.mine`. Files that were mined with other words are mined again.
    extractors : iterable of callable or str, optional
        As for `docmine.mine`, or where they are, ``module:function``. Each worker imports them, so that they stand in a module, on a
        cluster in one that all its machines have. Files that were mined with others are mined again; after a change inside of one use
        ``force``.
    force : bool
        Mine all files again.
    retry : bool
        Mine those again that failed.
    prune : bool
        Take files out of the store that are no longer among the inputs; they are only told of otherwise.
    loader : str
        Where the function is that reads a file, ``module:function``.
    progress : Progress, optional
        Told of each file.

    Returns
    -------
    Run
        What was done, skipped, failed; it also stands in the store's ``run.json`` and ``run.html``.

    Raises
    ------
    UsageError
        If another run is at work on the store, an input fits no file, or there is none at all; if an extractor stands in no module.
    VocabularyError
        If the words of one's own are not as they must be; the message names file and line.
    WorkerError
        If no worker can be started.
    """
    words = open_vocabulary(vocabulary).source
    folder = Path(store)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file", "name a folder for the store")
    limits = limits or Limits()
    places = tuple(place_of(extractor) for extractor in extractors)
    options = Options(limits, memory, password, engine, ocr, loader, words, places)
    sources = archive_files([inputs] if isinstance(inputs, str | os.PathLike) else inputs, limits)
    if not sources:
        raise UsageError("nothing that docmine reads among the inputs", "name a file or a folder that holds some")
    folder.mkdir(parents=True, exist_ok=True)
    settings = f"{version('docmine')} {FORM} {engine} {ocr}{_mark_of(words, *places)}"
    progress = progress or Progress()
    begun, done, pages = time.time(), 0, 0
    with Journal(folder / JOURNAL) as journal, _executor(dask, workers or os.cpu_count() or 1) as (executor, count):
        wanted = [source for source in sources if force or _is_new(journal, source, settings, retry)]
        progress.start(len(wanted), len(sources) - len(wanted))
        for answer in answers(executor, wanted, options, count, 1 if dask is None else _TOGETHER):
            summary = journal.record(answer, settings)
            done += 1
            pages += summary.pages
            progress.file(answer.source, summary)
        here = set(sources)
        gone = [source for source in journal.sources() if source not in here]
        for source in gone if prune else ():
            journal.remove(source)
        journal.set_copies(find_copies(journal))
        publish(journal, folder)
        run = Run.of(journal, gone=gone, mined=done, mined_pages=pages, seconds=time.time() - begun)
    write_report(run, folder)
    progress.end(run)
    return run


def _mark_of(*own: str) -> str:
    """What stands for words and extractors of one's own; nothing where there are none."""
    return f" {hashlib.sha256(repr(own).encode()).hexdigest()[:16]}" if any(own) else ""


def _is_new(journal: Journal, source: str, settings: str, retry: bool) -> bool:
    known = journal.known(source)
    if known is None or known[1] != settings or (retry and known[2] == "failed"):
        return True
    return known[0] != fingerprint(source)


@contextmanager
def _executor(dask: Any, workers: int) -> Iterator[tuple[Executor, int]]:
    """What files are handed to, and how many it works on at a time."""
    if dask is None:
        pool = ThreadPoolExecutor(workers)
        try:
            yield pool, workers
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            end_workers()
        return
    from docmine.archive.cluster import cluster

    with cluster(dask) as found:
        yield found
