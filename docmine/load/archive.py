"""Files in a zip archive: named ``archive.zip!member.pdf``, read into memory, never unpacked to disk."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from docmine.errors import DamagedError, EncryptedError, LimitError, NotFoundError, UnsupportedError
from docmine.load.limits import Limits
from docmine.load.names import shown

__all__ = ["ARCHIVE", "SUFFIXES", "is_archive", "members", "read_member", "refuse_archive", "split_member"]

ARCHIVE = ".zip"
#: the kinds of files that folders and archives are searched for
SUFFIXES = (".pdf", ".txt", ".md", ".html", ".htm", ".docx", ARCHIVE)

_MARK = f"{ARCHIVE}!"
_UTF8, _LOCKED = 0x800, 0x1
#: what zipfile raises on archives that are broken, or of a kind that it does not know
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


def is_archive(data: bytes) -> bool:
    """Whether bytes are those of a zip file, as Word documents are."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


def split_member(name: str) -> tuple[str, str] | None:
    """Archive and member of a name such as ``archive.zip!member.pdf``; None for other names."""
    at = name.lower().find(_MARK)
    return None if at < 0 else (name[: at + len(ARCHIVE)], name[at + len(_MARK) :])


def members(path: str | os.PathLike[str], limits: Limits) -> list[str]:
    """The files of an archive that docmine reads, as names for `docmine.load.load`, in the order of their names.

    Empty if the archive cannot be used; loading the archive itself then says why.
    """
    name = os.fspath(path)
    try:
        with _opened(name, limits) as archive:
            return sorted(f"{name}!{_name(info)}" for info in archive.infolist() if _wanted(info))
    except (DamagedError, LimitError, NotFoundError):
        return []


def read_member(path: str, member: str, limits: Limits) -> bytes:
    """The bytes of one file in an archive, no more than the limit and one."""
    name = shown(f"{path}!{member}")
    with _opened(path, limits) as archive:
        info = next((i for i in archive.infolist() if _name(i) == member and not i.is_dir()), None)
        if info is None:
            raise NotFoundError(f"{name}: the archive has no such file", "check the name after the exclamation mark")
        if info.flag_bits & _LOCKED:
            raise EncryptedError(f"{name}: is encrypted inside its archive", "unpack the archive and give the file")
        if member.lower().endswith(ARCHIVE):
            raise UnsupportedError(f"{name}: is an archive inside an archive", "unpack the outer one and give the inner one")
        try:
            with archive.open(info) as file:
                return file.read(limits.bytes + 1)
        except _BROKEN as error:
            raise DamagedError(f"{name}: is damaged inside its archive ({shown(str(error))})", "fetch the archive again") from None


def refuse_archive(path: str, limits: Limits) -> UnsupportedError:
    """Why an archive as a whole is not one report."""
    with _opened(path, limits) as archive:
        found = sorted(_name(info) for info in archive.infolist() if _wanted(info))
    if not found:
        return UnsupportedError(f"{shown(path)}: the archive holds no file that docmine reads", f"it reads {', '.join(SUFFIXES[:-1])}")
    what = f"is an archive of {len(found)} {'file' if len(found) == 1 else 'files'}, not one report"
    return UnsupportedError(f"{shown(path)}: {what}", f"mine it, or name one of them: {shown(path)}!{shown(found[0])}")


@contextmanager
def _opened(path: str, limits: Limits) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(Path(path))
    except FileNotFoundError:
        raise NotFoundError(f"{shown(path)}: no such file", "check the path") from None
    except _BROKEN as error:
        raise DamagedError(f"{shown(path)}: the archive is damaged ({shown(str(error))})", "fetch it again from where it came") from None
    with archive:
        infos = archive.infolist()
        if len(infos) > limits.members:
            raise LimitError(f"{shown(path)}: {len(infos):,} files in the archive, more than {limits.members:,}", "raise the limit members")
        if sum(info.file_size for info in infos) > limits.archive_bytes:
            raise LimitError(
                f"{shown(path)}: unpacks to more than {limits.archive_bytes:,} bytes", "raise the limit archive_bytes if that is meant"
            )
        yield archive


def _wanted(info: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(_name(info))
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts if part not in (".", ".."))
    return not info.is_dir() and not hidden and path.suffix.lower() in SUFFIXES


def _name(info: zipfile.ZipInfo) -> str:
    """The name of a member; where the archive does not say how names are encoded, zipfile takes them for American."""
    if info.flag_bits & _UTF8 or info.filename.isascii():
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp850")
