"""Files mined in processes of their own, each with a limit on its time and memory, on this machine or on a cluster."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import NamedTuple

from docmine.archive.packing import pack
from docmine.archive.worker import HEADER, Options
from docmine.errors import WorkerError
from docmine.load import fingerprint, shown
from docmine.normalize import failed

__all__ = ["Answer", "answers", "end_workers"]

#: how often a file is tried whose worker ends: by its own fault, or killed from outside, as where the machine lacks memory
_TRIES, _TRIES_KILLED = 2, 6
#: and how often a worker is started that is killed before it is ready, which on a busy machine takes seconds
_STARTS = 20
_KILLED = -getattr(signal, "SIGKILL", 9)
_CALL = "from docmine.archive.worker import main; main()"
#: one thread each, as workers share the cores and threads take address space; and memory that a file gave back is kept for the
#: next (names of glibc), which saves a twentieth of the time to load a PDF. They go before what stands in the environment, where a
#: Dask worker finds that all memory is to be given back at once.
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_TRIM_THRESHOLD_": "268435456",
    "MALLOC_TOP_PAD_": "33554432",
    "MALLOC_MMAP_THRESHOLD_": "33554432",
}
#: seconds that a worker has to start
_START = 120.0
#: tasks handed out ahead, so that no worker waits for the next; and how many each worker has at the least where files share one
_AHEAD, _TASKS = 3, 8

_all: weakref.WeakSet[_Worker] = weakref.WeakSet()
_own = threading.local()


class Answer(NamedTuple):
    """What mining a file gave: packed rows, of a row that says what failed at the least."""

    source: str
    sha256: str | None
    packed: bytes
    seconds: float


class _Worker:
    """A process that mines, started anew whenever it has ended."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.closed = False
        self._process: subprocess.Popen[bytes] | None = None
        _all.add(self)

    def mine(self, source: str, sha256: str | None) -> bytes:
        """The packed rows of a file; if its worker hangs or ends, of the row that says so."""
        ended = 0
        while True:
            if self.closed:
                raise WorkerError(f"{shown(source)}: the run was stopped")
            code, packed = self._ask(source)
            if packed is not None:
                return packed
            ended += 1
            if code is None:
                reason = f"not done within {self.options.patience:g} seconds, and stopped (raise the limit seconds if it may take longer)"
                break
            if ended >= (_TRIES_KILLED if code == _KILLED else _TRIES):
                reason = f"the process that read it ended with {_named(code)} (please report this with the file)"
                break
        return pack(failed(shown(source), sha256, f"{shown(source)}: {reason}"))

    def _ask(self, source: str) -> tuple[int | None, bytes | None]:
        """The answer of the process, or how it ended; no code where it had to be stopped."""
        process = self.start()
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            process.kill()

        timer = threading.Timer(self.options.patience, stop)
        timer.daemon = True
        timer.start()
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps(source).encode() + b"\n")
            process.stdin.flush()
            packed, worn = _answer_of(process)
        except (OSError, EOFError):
            self.end()
            return (None if stopped.is_set() else process.returncode), None
        finally:
            timer.cancel()
        if worn or stopped.is_set():
            self.end()
        return 0, packed

    def start(self) -> subprocess.Popen[bytes]:
        """The process, which is started unless it is there; what it takes to start is not the time of a file."""
        if self._process is not None:
            return self._process
        for _ in range(_STARTS):
            process, last = _started(self.options)
            if last is None:
                self._process = process
                return process
            if process.returncode != _KILLED:
                break
        raise WorkerError(f"no worker can be started: {last or _named(process.returncode)}", "check the memory limit")

    def end(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _started(options: Options) -> tuple[subprocess.Popen[bytes], str | None]:
    """A process that is ready, or one that has ended and its last words."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-c", _CALL],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said,
            env=os.environ | _ENVIRONMENT,
        )  # fmt: skip
        timer = threading.Timer(_START, process.kill)
        timer.daemon = True
        timer.start()
        try:
            assert process.stdin is not None
            process.stdin.write(options.to_json().encode() + b"\n")
            process.stdin.flush()
            _answer_of(process)
        except (OSError, EOFError):
            process.communicate()
            said.seek(0)
            return process, said.read().decode(errors="replace").strip().rpartition("\n")[2]
        finally:
            timer.cancel()
    return process, None


def _answer_of(process: subprocess.Popen[bytes]) -> tuple[bytes, bool]:
    assert process.stdout is not None
    head = process.stdout.read(HEADER.size)
    if len(head) < HEADER.size:
        raise EOFError
    size, worn = HEADER.unpack(head)
    packed = process.stdout.read(size)
    if len(packed) < size:
        raise EOFError
    return packed, worn


def _named(code: int) -> str:
    try:
        return signal.Signals(-code).name if code < 0 else f"exit status {code}"
    except ValueError:
        return f"signal {-code}"


def mine_isolated(sources: Sequence[str], options: Options) -> list[Answer]:
    """Mine files in the process that belongs to this thread."""
    worker: _Worker | None = getattr(_own, "worker", None)
    if worker is None or worker.closed or worker.options != options:
        if worker is not None:
            worker.end()
        worker = _own.worker = _Worker(options)
    done = []
    for source in sources:
        worker.start()
        begun = time.perf_counter()
        sha256 = fingerprint(source)
        packed = worker.mine(source, sha256)
        done.append(Answer(source, sha256, packed, time.perf_counter() - begun))
    return done


def end_workers() -> None:
    """End the processes of all threads, which a later run starts anew."""
    for worker in list(_all):
        worker.closed = True
        worker.end()


def answers(executor: Executor, sources: Sequence[str], options: Options, workers: int, together: int = 1) -> Iterator[Answer]:
    """The answers of files in the order in which they are done; only a few files are handed out ahead.

    On a cluster a task has its price: up to ``together`` files make one, as long as each worker has several.
    """
    together = min(together, max(1, len(sources) // (_TASKS * workers)))
    waiting: set[Future[list[Answer]]] = set()
    for at in range(0, len(sources), together):
        waiting.add(executor.submit(mine_isolated, sources[at : at + together], options))
        if len(waiting) >= workers * _AHEAD:
            yield from _done(waiting)
    while waiting:
        yield from _done(waiting)


def _done(waiting: set[Future[list[Answer]]]) -> Iterator[Answer]:
    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
        waiting.remove(future)
        yield from future.result()
