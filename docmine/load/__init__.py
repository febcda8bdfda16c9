"""A file becomes a `Report`: one type whatever the source."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from pathlib import Path
from typing import BinaryIO, Literal

from docmine.errors import EmptyFileError, InputError, LimitError, NotFoundError, UnsupportedError
from docmine.load.archive import ARCHIVE, SUFFIXES, is_archive, members, read_member, refuse_archive, split_member
from docmine.load.guard import check_streams
from docmine.load.limits import Clock, Limits
from docmine.load.names import shown
from docmine.load.pdf import load_pdf
from docmine.load.text import decode, is_html, load_text
from docmine.records import Report

__all__ = ["ARCHIVE", "SUFFIXES", "Clock", "Limits", "Source", "fingerprint", "load", "members", "shown"]

Source = str | os.PathLike[str] | BinaryIO

#: how far into a file a PDF's header may stand; readers have always been lenient here
_HEADER_WITHIN = 1024
_WEB = (".html", ".htm", ".xhtml")
_MARKDOWN = (".md", ".markdown")


def load(
    source: Source,
    *,
    password: str | None = None,
    limits: Limits | None = None,
    engine: str = "pdfium",
    ocr: bool | Literal["auto"] = "auto",
) -> Report:
    """Load one file.

    Parameters
    ----------
    source : str, path or open binary file
        A PDF, a text, a Word document (.docx), a saved web page or Markdown; ``archive.zip!member.pdf`` names a file in an
        archive. What a file holds decides what it is read as, not its name, but for Markdown.
    password : str, optional
        Opens an encrypted PDF.
    limits : Limits, optional
        Upper bounds on size and time; the defaults are generous for real reports.
    engine : {"pdfium", "pdfplumber"}
        What reads PDFs; the second takes twenty times as long and gives the same words.
    ocr : bool or "auto"
        Whether pages of PDFs that are pictures, or whose letters are not what is seen, are read with Tesseract, at some seconds
        a page. "auto" does so where it is installed with the extra ``ocr``; True is an error where it is not.

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
    if is_archive(data):
        from docmine.load.office import load_docx  # this library and the next are large, and most files are PDFs

        return load_docx(data, name, sha, limits=limits)
    if b"%PDF-" in data[:_HEADER_WITHIN]:
        check_streams(data, name, limits)
        return load_pdf(data, name, sha, password=password, limits=limits, engine=engine, ocr=ocr)
    text, notes = decode(data, name)
    if len(text) > limits.characters:
        raise LimitError(f"{name}: more than {limits.characters:,} characters", "raise the limit characters if that is meant")
    if not text.strip():
        raise EmptyFileError(f"{name}: the file holds white space only", "fetch it again from where it came")
    suffix = Path(name.rpartition("!")[2]).suffix.lower()
    if is_html(text) or suffix in _WEB or suffix in _MARKDOWN:
        from docmine.load.web import load_html, load_markdown

        read = load_html if is_html(text) or suffix in _WEB else load_markdown
        return read(text, name, sha, notes=notes, limits=limits)
    return load_text(text, name, sha, notes=notes)


def fingerprint(source: Source) -> str | None:
    """The SHA-256 of a file's bytes in hex; None if they cannot be read, or not without reading an open file again."""
    if not isinstance(source, str | os.PathLike):
        return None
    name = os.fspath(source)
    member = _member(name)
    try:
        if member is not None:
            return hashlib.sha256(read_member(*member, Limits())).hexdigest()
        if not stat.S_ISREG(Path(name).stat().st_mode):
            return None
        with Path(name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError, InputError):
        return None


def _member(name: str) -> tuple[str, str] | None:
    """Archive and member, where the name is that of no file itself."""
    return None if os.path.lexists(name) else split_member(name)


def _read(source: Source, limits: Limits) -> tuple[str, bytes]:
    """Name and bytes of the source, read no further than one byte beyond the limit."""
    if not isinstance(source, str | os.PathLike):
        given = getattr(source, "name", None)
        name = shown(given) if isinstance(given, str) and given else "<file>"
        data = b"" if isinstance(source, io.TextIOBase) else source.read(limits.bytes + 1)
        if isinstance(source, io.TextIOBase) or not isinstance(data, bytes):
            raise UnsupportedError(f"{name}: the file is open as text", 'open it with mode "rb"')
        return name, _within(name, data, limits)
    path = os.fspath(source)
    name = shown(path if len(path) <= 4096 else path[:200] + "…")
    if "://" in path[:12] or path.lower().startswith(("www.", "mailto:")):
        raise UnsupportedError(f"{name}: addresses are not fetched", "download the file first and give its path")
    try:
        member = _member(path)
        if member is not None:
            return name, _within(name, read_member(*member, limits), limits)
        mode = Path(path).stat().st_mode
        if stat.S_ISDIR(mode):
            raise UnsupportedError(f"{name}: is a folder", "give the files in it")
        if not stat.S_ISREG(mode):
            # a pipe or a device may give no end of bytes, or none at all and never say so
            raise UnsupportedError(f"{name}: is not a file but a pipe or a device", "save what it gives in a file first")
        if path.lower().endswith(ARCHIVE):
            raise refuse_archive(path, limits)
        with Path(path).open("rb") as file:
            data = file.read(limits.bytes + 1)
    except FileNotFoundError:
        raise NotFoundError(f"{name}: no such file", "check the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or shown(str(error))
        raise NotFoundError(f"{name}: cannot be opened: {reason}", "check the path and its permissions") from None
    return name, _within(name, data, limits)


def _within(name: str, data: bytes, limits: Limits) -> bytes:
    if len(data) > limits.bytes:
        raise LimitError(f"{name}: larger than {limits.bytes:,} bytes", "raise the limit bytes if the file is meant to be that large")
    return data
