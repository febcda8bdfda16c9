"""What a PDF's compressed parts would unpack to, asked before an engine unpacks them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator

from docmine.errors import LimitError
from docmine.load.limits import Limits

__all__ = ["check_streams"]

_STREAM = re.compile(rb"\bstream\r?\n")
_FILTERS = re.compile(rb"/(?:Filter|F)\s*(\[[^\]]{0,200}\]|/\w+)")
_NAME = re.compile(rb"/(\w+)")
_SIZE = re.compile(rb"/(Width|Height|W|H)\s+(\d{1,12})(?!\s+\d+\s+R)")
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_FLATE = (b"FlateDecode", b"Fl")
#: the most that zlib can make of a byte
_RATIO = 1032
_DICTIONARY = 2_000
_BLOCK, _CHUNK = 1 << 16, 1 << 20


def check_streams(data: bytes, name: str, limits: Limits) -> None:
    """Raise a `LimitError` if a stream of a PDF unpacks to more than the limit, or a picture has more pixels.

    Dictionaries of streams always stand in the file in the clear, so that no PDF engine is needed to find them. Streams that
    are too small to unpack to the limit are passed over: a report costs a look at each of its streams' dictionaries.
    """
    last = 0
    for found in _STREAM.finditer(data):
        before = data[max(last, found.start() - _DICTIONARY) : found.start()]
        before = before[max(before.rfind(b" obj"), 0) :]
        last = found.end()
        if _PICTURE.search(before):
            _check_picture(before, name, limits)
            continue
        named = _FILTERS.search(before)
        layers = sum(n in _FLATE for n in _NAME.findall(named[1])) if named else 0
        if not layers:
            continue
        end = data.find(b"endstream", last)
        end = len(data) if end < 0 else end
        if (end - last) * _RATIO**layers > limits.stream_bytes and _unpacked(data, last, end, layers, limits.stream_bytes):
            raise LimitError(
                f"{name}: a part of {end - last:,} bytes unpacks to more than {limits.stream_bytes:,}",
                "raise the limit stream_bytes if the file is to be trusted",
            )


def _check_picture(dictionary: bytes, name: str, limits: Limits) -> None:
    sides = {key[:1]: int(value) for key, value in _SIZE.findall(dictionary)}
    pixels = sides.get(b"W", 0) * sides.get(b"H", 0)
    if pixels > limits.pixels:
        raise LimitError(
            f"{name}: a picture of {pixels:,} pixels, more than {limits.pixels:,}", "raise the limit pixels if the file is to be trusted"
        )


def _unpacked(data: bytes, start: int, end: int, layers: int, most: int) -> bool:
    """Whether a stream, or what one of its layers gives, is larger than ``most``; what cannot be unpacked is as large as it got."""
    blocks: Iterator[bytes] = (data[at : min(at + _BLOCK, end)] for at in range(start, end, _BLOCK))
    for _ in range(layers):
        blocks = _inflated(blocks, most)
    try:
        for _ in blocks:
            pass
    except OverflowError:
        return True
    except zlib.error:
        pass
    return False


def _inflated(blocks: Iterable[bytes], most: int) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    made = 0
    for block in blocks:
        while block and not unpacker.eof:
            piece = unpacker.decompress(block, _CHUNK)
            block = unpacker.unconsumed_tail
            made += len(piece)
            if made > most:
                raise OverflowError
            yield piece
