"""Text files and transcripts: the encoding found, what is not the report cut away, pages found by their running count.

Three forms of transcript are known. In two of them each paragraph is a page, whose number stands at its beginning or at its
end, among titles of other documents; in the third the text simply runs. What decides is not the site's wording but whether
a count runs through the paragraphs.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from typing import NamedTuple

import regex

from docmine.errors import EmptyFileError, LimitError, UnsupportedError
from docmine.load.hyphens import joined
from docmine.load.limits import Limits
from docmine.records import Furniture, Line, Page, Report
from docmine.vocabulary import load_vocabulary

__all__ = ["decode", "load_text"]

_MAGIC = {
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x89PNG": "a PNG picture",
    b"GIF8": "a GIF picture",
    b"II*\0": "a TIFF picture",
    b"MM\0*": "a TIFF picture",
    b"PK\x03\x04": "a zip file or an Office document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x1f\x8b": "a gzip file",
    b"7z\xbc\xaf": "a 7z file",
    b"Rar!": "a RAR file",
    b"{\\rtf": "a rich-text file",
    b"PAR1": "a Parquet file",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"SQLite format": "a database",
}
_BINARY = regex.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_NEWLINES = regex.compile(r"\r\n?|[\u0085\u2028\u2029\v]")
_NOTHING = dict.fromkeys([*range(0x00, 0x09), *range(0x0E, 0x20), 0x7F, 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF])
_PARAGRAPH = regex.compile(r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*")
_FIRST = regex.compile(r"(\d{1,4})(?=\s|$)")
_LAST = regex.compile(r"(?:^|(?<=\s))(\d{1,4})$")
# "2 (13)" at either end of a page: its number within the paper that it belongs to
_OF_FIRST = regex.compile(r"(\d{1,3})\s?\((\d{1,3})\)(?=\s|$)")
_OF_LAST = regex.compile(r"(?<=\s)(\d{1,3})\s?\((\d{1,3})\)$")
_LINE = regex.compile(r"[^\n]*\S[^\n]*")
_ENDS = ".!?:;"
_FEW = 3


def load_text(data: bytes, name: str, sha: str, *, limits: Limits) -> Report:
    """Load a text file or a transcript from its bytes; see `docmine.load.load`."""
    text = decode(data, name)
    if len(text) > limits.characters:
        raise LimitError(f"{name}: more than {limits.characters:,} characters", "raise Limits.characters if that is meant")
    if not text.strip():
        raise EmptyFileError(f"{name}: the file holds white space only", "fetch it again from where it came")
    draft = _form_feeds(text) if "\f" in text else _transcript(text)
    return draft.report(name, sha)


def decode(data: bytes, name: str) -> str:
    """The text of a file in UTF-8, UTF-16 or Latin-1, with line feeds at line ends and in NFC."""
    kind = next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), None)
    if kind is not None:
        raise UnsupportedError(f"{name}: is {kind}, not a PDF or a text", "save it as PDF or plain text")
    text = _decoded(data)
    if text is None:
        raise UnsupportedError(f"{name}: is not a PDF, and not a text in UTF-8, UTF-16 or Latin-1", "save it as PDF or plain text")
    return unicodedata.normalize("NFC", _NEWLINES.sub("\n", text).translate(_NOTHING))


def _decoded(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16")
    sample = data[:65536]
    nulls = sample.count(0)
    if nulls > len(sample) // 5:
        # every other byte of Western text in UTF-16 is zero, always on the same side
        return _strict(data, "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be")
    if len(_BINARY.findall(sample)) > len(sample) // 200:
        return None
    text = _strict(data, "utf-8-sig")
    if text is not None:
        return text
    # Western text has few letters outside ASCII; packed data has them everywhere
    if sum(sample.count(bytes([b])) for b in range(0x80, 0x100)) > len(sample) // 4:
        return None
    return _strict(data, "cp1252") or data.decode("latin-1")


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    if encoding.startswith("utf-16"):
        sample = text[:4096]
        strange = sum(1 for c in sample if unicodedata.category(c) in ("Cn", "Co", "Cc") and c not in "\t\n\r\f")
        return None if strange > len(sample) // 50 else text
    return text


class _Piece(NamedTuple):
    """A page before it is written: its number, the text, and what was printed at its ends."""

    number: int | None
    text: str
    furniture: tuple[Furniture, ...] = ()
    label: str | None = None


@dataclass(slots=True)
class _Draft:
    pieces: list[_Piece]
    notes: list[str] = field(default_factory=list)
    title: str | None = None

    def report(self, name: str, sha: str) -> Report:
        parts: list[str] = []
        pages: list[Page] = []
        at = 0
        for piece, following in zip_longest(self.pieces, self.pieces[1:]):
            text = piece.text if following is None or not piece.text else _before(piece.text, following.text)
            lines = tuple(Line(at + m.start(), at + m.end(), None, None, (0, 0)) for m in _LINE.finditer(text))
            state = "ok" if lines else "empty"
            pages.append(
                Page(piece.number, at, at + len(text), label=piece.label, state=state, lines=lines, furniture=piece.furniture)  # type: ignore[arg-type]
            )
            parts.append(text)
            at += len(text)
        metadata = {"title": self.title} if self.title else {}
        return Report(name, sha, "".join(parts), tuple(pages), "text", notes=tuple(self.notes), metadata=metadata)


def _before(text: str, following: str) -> str:
    """The text of a page with what parts it from the next: nothing inside a word, a line break inside a sentence."""
    if following[:1].islower() and text[-1] not in _ENDS:
        last, first = text[-40:].split(), following[:60].split()
        cut = joined(last[-1], first[0]) if last and first else None
        return text + "\n" if cut is None else text[: len(text) - cut]
    return text + "\n\n"


def _form_feeds(text: str) -> _Draft:
    pieces = text.split("\f")
    if not pieces[-1].strip():
        pieces.pop()
    return _Draft([_Piece(n, piece.strip("\n")) for n, piece in enumerate(pieces, 1)])


class _Paragraph(NamedTuple):
    start: int
    end: int
    text: str


def _paragraphs(text: str, start: int = 0) -> list[_Paragraph]:
    return [_Paragraph(m.start(), m.end(), m.group()) for m in _PARAGRAPH.finditer(text, start) if not m.group().isspace()]


def _transcript(text: str) -> _Draft:
    words = load_vocabulary()["layout", "transcript"]
    everything = _paragraphs(text)
    codes = [words.code(p.text.rstrip(" :")) if len(p.text) < 40 else None for p in everything]
    first = next((i + 1 for i, code in enumerate(codes) if code == "begins"), 0)
    if everything[first - 1].start > len(text) // 2 if first else False:
        first = 0
    paragraphs = everything[first:]
    teasers = [i for i, code in enumerate(codes[first:]) if code == "teaser"]
    marked = first > 0 or len(teasers) >= 2
    pages, stop = _pages(paragraphs, marked)
    draft = _Draft([])
    if first:
        draft.title = " ".join(everything[0].text.split("\n")[0].split())
        titles = sum(len(p.text.split("\n")) for p in everything[1 : first - 1])
        if titles:
            lines = "line" if titles == 1 else "lines"
            draft.notes.append(f"cut {titles} {lines} before the transcript: the web page and titles of other documents")
    if pages is None:
        stop = max(teasers[0] - 2, 0) if len(teasers) >= 2 else len(paragraphs)
        begin = paragraphs[0].start if first and paragraphs else 0
        end = len(text) if stop == len(paragraphs) else paragraphs[stop].start
        body = text[begin:end]
        draft.pieces.append(_Piece(None, body if end == len(text) and not first else body.strip("\n")))
    else:
        if not any(i >= stop for i in teasers):
            # nothing says that what follows the last number is not the report
            pages[-1][1].extend(paragraphs[stop:])
            stop = len(paragraphs)
        draft.pieces = _numbered(text, pages)
    if stop < len(paragraphs):
        count = sum(1 for i in teasers if i >= stop) or len(paragraphs) - stop
        draft.notes.append(f"cut {count} {'title' if count == 1 else 'titles'} of other documents after the last page")
    return draft


class _Count(NamedTuple):
    """A paragraph that may be a page: where it stands among them and the number at its beginning or end."""

    at: int
    number: int


def _pages(paragraphs: Sequence[_Paragraph], marked: bool) -> tuple[list[tuple[int, list[_Paragraph], bool]] | None, int]:
    """Pages as number, paragraphs and whether the number stands first; and the index of the first paragraph after them."""
    starts = _chain([_Count(i, int(m[1])) for i, p in enumerate(paragraphs) if (m := _FIRST.match(p.text))])
    ends = _chain([_Count(i, int(m[1])) for i, p in enumerate(paragraphs) if (m := _LAST.search(p.text[-12:]))])
    chain, leading = (starts, True) if _weight(starts, paragraphs) >= _weight(ends, paragraphs) else (ends, False)
    if not _is_count(chain, paragraphs, marked):
        return None, len(paragraphs)
    pages: list[tuple[int, list[_Paragraph], bool]] = []
    if leading:
        stop = chain[-1].at + 1
        for here, there in zip(chain, [*chain[1:], None], strict=True):
            until = there.at if there else stop
            pages.append((here.number, list(paragraphs[here.at : until]), True))
        if chain[0].at:
            pages[0] = (pages[0][0], [*paragraphs[: chain[0].at], *pages[0][1]], False)
        return pages, stop
    at, last = 0, None
    for here in chain:
        between = list(paragraphs[at : here.at + 1])
        if last is not None and len(between) == here.number - last > 1:
            # each of the paragraphs between is a page whose number was lost
            pages += [(last + 1 + k, [p], False) for k, p in enumerate(between)]
        else:
            pages.append((here.number, between, False))
        at, last = here.at + 1, here.number
    return pages, at


def _chain(counts: Sequence[_Count]) -> list[_Count]:
    """The longest run of numbers that grow with the paragraphs, allowing for some that are missing or odd."""
    best: list[tuple[int, int]] = []
    for j, (index, number) in enumerate(counts):
        score, link = (2 if number == 1 else 1), -1
        for i in range(max(0, j - 40), j):
            step = number - counts[i].number
            if 0 < step <= index - counts[i].at + 1:
                reached = best[i][0] + (3 if step == 1 else 1)
                if reached > score:
                    score, link = reached, i
        best.append((score, link))
    chain: list[_Count] = []
    j = max(range(len(best)), key=lambda k: best[k][0], default=-1)
    while j >= 0:
        chain.append(counts[j])
        j = best[j][1]
    return chain[::-1]


def _weight(chain: Sequence[_Count], paragraphs: Sequence[_Paragraph]) -> int:
    return sum(1 for a, b in pairwise(chain) if b.number == a.number + 1)


def _is_count(chain: Sequence[_Count], paragraphs: Sequence[_Paragraph], marked: bool) -> bool:
    """Whether a chain of numbers is a page count: nearly every paragraph has its number, and it begins near one."""
    if len(chain) < (2 if marked else _FEW) or chain[0].number > 12:
        return False
    within = chain[-1].at - chain[0].at + 1
    if len(chain) < 0.5 * within or chain[-1].number - chain[0].number + 1 > 2 * len(chain):
        return False
    if marked:
        return True
    # numbered headings and lists count too, but a page holds more than a heading
    lengths = sorted(len(paragraphs[c.at].text) for c in chain)
    return lengths[len(lengths) // 2] >= 400


def _numbered(text: str, pages: Sequence[tuple[int, list[_Paragraph], bool]]) -> list[_Piece]:
    """The pages with their numbers taken out of the text."""
    bodies: list[tuple[int, str, list[str]]] = []
    for number, paragraphs, leading in pages:
        body = text[paragraphs[0].start : paragraphs[-1].end].strip()
        taken: list[str] = []
        if leading and (m := _FIRST.match(body)) and int(m[1]) == number:
            taken.append(m[1])
            body = body[m.end() :].lstrip()
        elif not leading and (m := _LAST.search(body[-12:])) and int(m[1]) == number:
            taken.append(m[1])
            body = body[: len(body) - len(m[1])].rstrip()
        bodies.append((number, body, taken))
    labels = _labels(bodies) if any(leading for _, _, leading in pages) else {}
    pieces: list[_Piece] = []
    for i, (number, body, taken) in enumerate(bodies):
        # a number at the end is the printed one; one at the beginning is the transcript's own
        label = str(number) if taken and not pages[i][2] else None
        if i in labels:
            label, body, mark = labels[i]
            taken = [*taken, mark]
        pieces.append(_Piece(number, body, tuple(Furniture("page_number", t, None) for t in taken), label))
    return pieces


def _labels(bodies: Sequence[tuple[int, str, list[str]]]) -> dict[int, tuple[str, str, str]]:
    """Printed page numbers beside the transcript's own count: page index → label, text without it, what was taken."""
    found: dict[int, tuple[str, str, str]] = {}
    plain = [(int(m[1]) if (m := _LAST.search(body[-12:])) else None) for _, body, _ in bodies]
    for i, (number, body, _) in enumerate(bodies):
        here = plain[i]
        if here is None:
            continue
        near = [k for k in range(max(0, i - 4), min(len(bodies), i + 5)) if k != i and plain[k] is not None]
        if sum(1 for k in near if plain[k] == here + bodies[k][0] - number) >= 2:
            found[i] = (str(here), body[: len(body) - len(str(here))].rstrip(), str(here))
    for at_end in (False, True):
        marks = [(_OF_LAST.search(body[-16:]) if at_end else _OF_FIRST.match(body)) for _, body, _ in bodies]
        for i, mark in enumerate(marks):
            if mark is None or i in found or int(mark[1]) > int(mark[2]):
                continue
            neighbours = [m for k in (i - 1, i + 1) if 0 <= k < len(marks) and (m := marks[k]) is not None]
            if any(m[2] == mark[2] and abs(int(m[1]) - int(mark[1])) == 1 for m in neighbours):
                body = bodies[i][1]
                rest = body[: len(body) - len(mark[0])].rstrip() if at_end else body[mark.end() :].lstrip()
                found[i] = (mark[1], rest, mark[0])
    return found
