"""What a PDF would cost to open, asked before an engine opens it: how far its parts unpack, and whether they draw without end.

PDF engines unpack a stream whole, and follow a form into the forms that it draws, before anybody can stop them. Both can be seen
from outside: dictionaries of streams always stand in the file in the clear.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from docmine.errors import DamagedError, LimitError
from docmine.load.limits import Limits

__all__ = ["check_streams", "objects_of"]

# the literal comes first, so that it is searched for as such
_STREAM = re.compile(rb"stream(?<!\wstream)\r?\n")
_OBJECT = re.compile(rb"(?<!\d)(\d{1,10})\s+\d{1,5}\s+obj\b")
_FILTERS = re.compile(rb"/(?:Filter|F)\s*(\[[^\]]{0,200}\]|/\w+)")
_NAME = re.compile(rb"/(\w+)")
_SIZE = re.compile(rb"/(Width|Height|W|H)\s+(\d{1,12})(?!\s+\d+\s+R)")
_PICTURE, _FORM = re.compile(rb"/Subtype\s*/Image\b"), re.compile(rb"/Subtype\s*/Form\b")
_PACK = re.compile(rb"/Type\s*/ObjStm\b")
_RESOURCES = re.compile(rb"/Resources\s+(\d{1,10})\s+\d{1,5}\s+R")
_XOBJECTS = re.compile(rb"/XObject\s+(\d{1,10})\s+\d{1,5}\s+R")
_NAMED = re.compile(rb"/([^\s/<>\[\]()%]{1,127})\s+(\d{1,10})\s+\d{1,5}\s+R")
_DRAWS = re.compile(rb"/([^\s/<>\[\]()%]{1,127})\s+Do\b")
_FLATE = (b"FlateDecode", b"Fl")
#: the most that zlib can make of a byte
_RATIO = 1032
_DICTIONARY, _NEAR = 4_000, 300
_BLOCK, _CHUNK = 1 << 16, 1 << 20
#: what the drawing of a form costs beyond its own bytes, in bytes
_DRAWING = 100


class _Stream(NamedTuple):
    """A stream: the number of its object, its dictionary, where its bytes stand and how often they are deflated."""

    number: int
    dictionary: bytes
    start: int
    end: int
    layers: int


def check_streams(data: bytes, name: str, limits: Limits) -> None:
    """Refuse a PDF that costs more than the limits.

    Streams that are too small to unpack to the limit are not unpacked: a report costs a look at each of its dictionaries. What an
    encrypted file holds cannot be seen from outside.

    Raises
    ------
    LimitError
        If a stream unpacks to more than the limit, a picture has more pixels, or forms draw forms too often.
    DamagedError
        If a form draws itself.
    """
    streams = list(_streams(data))
    for stream in streams:
        size = stream.end - stream.start
        if _PICTURE.search(stream.dictionary):
            _check_picture(stream.dictionary, name, limits)
        elif stream.layers and size * _RATIO**stream.layers > limits.stream_bytes and _unpacked(data, stream, limits.stream_bytes) is None:
            raise LimitError(
                f"{name}: a part of {size:,} bytes unpacks to more than {limits.stream_bytes:,}",
                "raise the limit stream_bytes if the file is to be trusted",
            )
    if b"/Form" in data:
        _check_forms(data, streams, name, limits)


def objects_of(data: bytes, limits: Limits) -> dict[int, bytes]:
    """The beginnings of all objects of a file by number, those that are packed in streams too, without looking at its tables."""
    return _objects(data, list(_streams(data)), limits)


def _streams(data: bytes) -> Iterator[_Stream]:
    last = 0
    while found := _STREAM.search(data, last):
        before = data[max(last, found.start() - _DICTIONARY) : found.start()]
        objects = list(_OBJECT.finditer(before, max(len(before) - _NEAR, 0))) or list(_OBJECT.finditer(before))
        number = int(objects[-1][1]) if objects else -1
        dictionary = before[objects[-1].end() if objects else 0 :]
        named = _FILTERS.search(dictionary)
        layers = sum(n in _FLATE for n in _NAME.findall(named[1])) if named else 0
        end = data.find(b"endstream", found.end())
        last = len(data) if end < 0 else end
        yield _Stream(number, dictionary, found.end(), last, layers)


def _check_picture(dictionary: bytes, name: str, limits: Limits) -> None:
    sides = {key[:1]: int(value) for key, value in _SIZE.findall(dictionary)}
    pixels = sides.get(b"W", 0) * sides.get(b"H", 0)
    if pixels > limits.pixels:
        raise LimitError(
            f"{name}: a picture of {pixels:,} pixels, more than {limits.pixels:,}", "raise the limit pixels if the file is to be trusted"
        )


def _unpacked(data: bytes, stream: _Stream, most: int) -> bytes | None:
    """What a stream unpacks to, as far as it can be unpacked; None if it, or what one of its layers gives, is larger than ``most``."""
    blocks: Iterator[bytes] = (data[at : min(at + _BLOCK, stream.end)] for at in range(stream.start, stream.end, _BLOCK))
    for _ in range(stream.layers):
        blocks = _inflated(blocks, most)
    parts: list[bytes] = []
    try:
        parts.extend(blocks)
    except OverflowError:
        return None
    except zlib.error:
        pass
    return b"".join(parts)


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


# ------------------------------------------------------------------------------------------------------------------- forms


def _check_forms(data: bytes, streams: list[_Stream], name: str, limits: Limits) -> None:
    forms = {s.number: s for s in streams if s.number >= 0 and _FORM.search(s.dictionary)}
    drawn: dict[int, dict[int, int]] = {}
    costs: dict[int, int] = {}
    objects: dict[int, bytes] | None = None
    for number, form in forms.items():
        content = _unpacked(data, form, limits.stream_bytes) or b""
        counts: dict[bytes, int] = {}
        for found in _DRAWS.finditer(content):
            counts[found[1]] = counts.get(found[1], 0) + 1
        if not counts:
            costs[number] = _DRAWING + len(content)
            continue
        if objects is None and (_RESOURCES.search(form.dictionary) or _XOBJECTS.search(form.dictionary)):
            objects = _objects(data, streams, limits)
        named = _resources(form.dictionary, objects or {})
        drawn[number] = {named[n]: times for n, times in counts.items() if named.get(n) in forms}
    for number in drawn:
        if _cost(number, drawn, costs, name) > limits.stream_bytes:
            raise LimitError(f"{name}: a form of the PDF draws others too often", "print the file to a new PDF if it is to be trusted")


def _resources(dictionary: bytes, objects: Mapping[int, bytes]) -> dict[bytes, int]:
    """What the names in a form stand for: object numbers by name."""
    said = dictionary
    for pattern in (_RESOURCES, _XOBJECTS):
        found = pattern.search(said)
        said += objects.get(int(found[1]), b"") if found else b""
    return {n: int(number) for n, number in _NAMED.findall(said)}


def _objects(data: bytes, streams: list[_Stream], limits: Limits) -> dict[int, bytes]:
    """The beginnings of all objects by number, those that are packed in streams too."""
    marks = list(_OBJECT.finditer(data))
    found = {int(m[1]): data[m.end() : m.end() + _DICTIONARY].partition(b"endobj")[0] for m in marks}
    for stream in streams:
        if _PACK.search(stream.dictionary):
            held = _unpacked(data, stream, limits.stream_bytes) or b""
            first = re.search(rb"/First\s+(\d{1,9})", stream.dictionary)
            at = int(first[1]) if first else 0
            numbers = [int(n) for n in held[:at].split() if n.isdigit()]
            for number, offset in zip(numbers[::2], numbers[1::2], strict=False):
                found[number] = held[at + offset : at + offset + _DICTIONARY]
    return found


def _cost(number: int, drawn: Mapping[int, Mapping[int, int]], costs: dict[int, int], name: str) -> int:
    """What a form costs in bytes that are read, those of the forms that it draws counted each time; without recursion."""
    stack = [(number, False)]
    above: set[int] = set()
    while stack:
        at, done = stack.pop()
        if done:
            above.discard(at)
            costs[at] = _DRAWING + sum(times * costs[k] for k, times in drawn[at].items())
        elif at in above:
            raise DamagedError(f"{name}: a form of the PDF draws itself without end", "print the file to a new PDF if it is to be trusted")
        elif at not in costs:
            above.add(at)
            stack.append((at, True))
            stack.extend((k, False) for k in drawn[at])
    return costs[number]
