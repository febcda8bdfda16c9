"""The same work on a Dask cluster: each of its workers mines in a process of its own, with the same limits."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from docmine.archive.isolated import end_workers
from docmine.errors import UsageError

__all__ = ["cluster"]


@contextmanager
def cluster(dask: Any) -> Iterator[tuple[Executor, int]]:
    """An executor on a cluster, and how many threads its workers have.

    Parameters
    ----------
    dask : str or dask.distributed.Client
        The scheduler's address (``tcp://…``), or a client, which stays open.

    Raises
    ------
    UsageError
        If dask is not installed, or nothing answers at the address.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise UsageError("dask is not installed", 'pip install "docmine[dask]"') from None
    try:
        client = distributed.Client(dask, timeout=10) if isinstance(dask, str) else dask
    except OSError as error:
        raise UsageError(f"{dask}: no Dask scheduler answers ({error})", "check the address") from None
    try:
        threads = sum(client.nthreads().values())
        if not threads:
            raise UsageError(f"{dask}: the cluster has no workers", "start some first")
        with client.get_executor(pure=False, retries=5) as executor:
            yield executor, threads
        client.run(end_workers)
    finally:
        if isinstance(dask, str):
            client.close()
