"""A file becomes a `Report`: one type whatever the source."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from typing import BinaryIO

from docmine.errors import EmptyFileError, LimitError, NotFoundError, UnsupportedError
from docmine.load.limits import Limits
from docmine.load.pdf import load_pdf
from docmine.load.text import load_text
from docmine.records import Report

__all__ = ["Limits", "Source", "load"]

Source = str | os.PathLike[str] | BinaryIO

#: how far into a file a PDF's header may stand; readers have always been lenient here
_HEADER_WITHIN = 1024


def load(source: Source, *, password: str | None = None, limits: Limits | None = None) -> Report:
    """Load one PDF or text file.

    Parameters
    ----------
    source : str, path or open binary file
        What to read.
    password : str, optional
        Opens an encrypted PDF.
    limits : Limits, optional
        Upper bounds on size; the defaults are generous for real reports.

    Returns
    -------
    Report
        Text, pages, lines and words; sections and tables are the segmenter's.

    Raises
    ------
    InputError
        The file cannot be read as a report; the message names the file and the hint says what to do.
    """
    limits = limits or Limits()
    name, data = _read(source, limits)
    if not data.strip(b"\0\t\n\r\f "):
        raise EmptyFileError(f"{name}: the file is empty", "fetch it again from where it came")
    sha = hashlib.sha256(data).hexdigest()
    if b"%PDF-" in data[:_HEADER_WITHIN]:
        return load_pdf(data, name, sha, password=password, limits=limits)
    return load_text(data, name, sha, limits=limits)


def _read(source: Source, limits: Limits) -> tuple[str, bytes]:
    """Name and bytes of the source, read no further than one byte beyond the limit."""
    if not isinstance(source, str | os.PathLike):
        given = getattr(source, "name", None)
        name = given if isinstance(given, str) and given else "<file>"
        data = b"" if isinstance(source, io.TextIOBase) else source.read(limits.bytes + 1)
        if isinstance(source, io.TextIOBase) or not isinstance(data, bytes):
            raise UnsupportedError(f"{name}: the file is open as text", 'open it with mode "rb"')
        return name, _within(name, data, limits)
    name = os.fspath(source)
    if "://" in name[:12]:
        raise UnsupportedError(f"{name}: addresses are not fetched", "download the file first")
    try:
        with Path(source).open("rb") as file:
            data = file.read(limits.bytes + 1)
    except FileNotFoundError:
        raise NotFoundError(f"{name}: no such file", "check the path") from None
    except (OSError, ValueError) as error:
        # a folder is an IsADirectoryError on some systems and a PermissionError on others
        if os.path.isdir(name):  # noqa: PTH112 (Path.is_dir raises on names that no file can have)
            raise UnsupportedError(f"{name}: is a folder", "give the files in it") from None
        reason = getattr(error, "strerror", None) or str(error)
        shown = name if len(name) <= 200 else name[:200] + "…"
        raise NotFoundError(f"{shown!a}: cannot be opened: {reason}", "check the path and its permissions") from None
    return name, _within(name, data, limits)


def _within(name: str, data: bytes, limits: Limits) -> bytes:
    if len(data) > limits.bytes:
        raise LimitError(f"{name}: larger than {limits.bytes:,} bytes", "raise Limits.bytes if the file is meant to be that large")
    return data
