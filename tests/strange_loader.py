"""Loaders for tests of archives: what a file does to its worker is told by its name."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import docmine.load


def load(source: str, **options: Any) -> Any:
    """Read a file, or hang, eat memory, crash, or end the process."""
    name = Path(source).name
    if "hang" in name:
        while True:
            time.sleep(1)
    if "eat" in name:
        held = []
        while True:
            held.append(bytearray(50_000_000))
    if "crash" in name:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "exit" in name:
        os._exit(3)
    if "slow" in name:
        time.sleep(0.2)
    return docmine.load.load(source, **options)
