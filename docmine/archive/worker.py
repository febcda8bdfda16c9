"""A process of its own that mines one file after another, so that what a file does to it costs that file alone.

It reads its options and then names of files, one a line in JSON, and answers each with its packed rows.
"""

from __future__ import annotations

import ctypes
import importlib
import io
import json
import os
import signal
import struct
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Literal

from docmine.load import Limits

__all__ = ["HEADER", "Options", "main"]

#: before an answer: how many bytes it has, and whether the worker ends after it
HEADER = struct.Struct(">Q?")
#: a worker makes room for another before its memory grows
_MOST_FILES, _MOST_MEMORY = 500, 1_000_000_000
_PR_SET_PDEATHSIG = 1
_FIRST = "Årsrapport\n\nMål\nAndelen ska öka till 5 procent.\n\nEkonomi\nHyran var 5 tkr.\n".encode()


@dataclass(frozen=True)
class Options:
    """How every file of a run is mined.

    Parameters
    ----------
    limits : Limits
        Bounds on what is loaded.
    memory : int
        Bytes of address space that a worker may take; on Linux and macOS.
    password, engine, ocr
        As for `docmine.mine`.
    loader : str
        Where the function is that reads a file, ``module:function``.
    vocabulary : str
        The text of the file of one's own words, not its name, as a worker may be on another machine; empty where there is none.
    extractors : tuple of str
        Where the functions are that find more, each ``module:function``.
    """

    limits: Limits = field(default_factory=Limits)
    memory: int = 4_000_000_000
    password: str | None = None
    engine: str = "pdfium"
    ocr: bool | Literal["auto"] = "auto"
    loader: str = "docmine.load:load"
    vocabulary: str = ""
    extractors: tuple[str, ...] = ()

    @property
    def patience(self) -> float:
        """Seconds after which a worker is killed that did not end a file by itself."""
        return 1.2 * self.limits.seconds + 5

    def to_json(self) -> str:
        """For the first line that a worker reads."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Options:
        """The options that `to_json` wrote."""
        given: dict[str, Any] = json.loads(text)
        return cls(limits=Limits(**given.pop("limits")), extractors=tuple(given.pop("extractors")), **given)


def main() -> None:
    """Answer until nobody asks."""
    options = Options.from_json(sys.stdin.readline())
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    _end_with_parent()
    from docmine.additions import parse_vocabulary
    from docmine.archive.packing import pack
    from docmine.archive.sketch import sketch_of
    from docmine.extract.own import named
    from docmine.load import load
    from docmine.pipeline import mine_any

    module, _, name = options.loader.partition(":")
    loader: Callable[..., Any] = getattr(importlib.import_module(module), name)
    loader = partial(loader, password=options.password, limits=options.limits, engine=options.engine, ocr=options.ocr)
    words = parse_vocabulary(options.vocabulary)
    extractors = [named(place) for place in options.extractors]
    _limit_memory(options.memory)
    mine_any(io.BytesIO(_FIRST), load, Limits(), words)  # the vocabulary is compiled as it is used, which no file's time should pay for
    _answer(answers, b"", worn=False)  # ready
    for count, line in enumerate(sys.stdin, 1):
        report, rows = mine_any(json.loads(line), loader, options.limits, words, extractors)
        packed = pack(rows, sketch_of(report.text) if report is not None else None)
        worn = count >= _MOST_FILES or _memory() > _MOST_MEMORY
        _answer(answers, packed, worn)
        if worn:
            return


def _answer(answers: BinaryIO, packed: bytes, worn: bool) -> None:
    answers.write(HEADER.pack(len(packed), worn) + packed)
    answers.flush()


def _end_with_parent() -> None:
    """On Linux a worker that hangs does not outlive a run that is killed; elsewhere it ends after its file."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run itself ends its workers
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_memory(most: int) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _memory() -> int:
    """Bytes that are held now; 0 where the system does not tell."""
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if told.exists() else 0
