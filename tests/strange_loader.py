"""What workers import in tests of archives: a loader to which a file's name tells what to do, and an extractor."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docmine.load
from docmine.records import Facts, Indicator, Report
from docmine.vocabulary import Vocabulary


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


def find_length(report: Report, facts: Facts, vocabulary: Vocabulary) -> Iterator[Indicator]:
    """How many characters a report has."""
    length = len(report.text)
    yield Indicator(start=0, end=length, name="Tecken", measure="outcome", value=length, value_text=str(length), unit="count")
