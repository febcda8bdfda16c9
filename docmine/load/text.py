"""Text files and transcripts: the encoding found, what is not the report cut away, pages found by their running count.

Three forms of transcript are known. In two of them each paragraph is a page, whose number stands at its beginning or at its
end, among titles of other documents; in the third the text simply runs. What decides is not the site's wording but whether
a count runs through the paragraphs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from docmine.errors import UnsupportedError
from docmine.load.pieces import Draft, Piece
from docmine.records import Furniture, Report
from docmine.vocabulary import load_vocabulary

__all__ = ["decode", "is_html", "load_text", "tidy"]

_HTML = regex.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html\b)", regex.IGNORECASE | regex.DOTALL)
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
_HIGH = regex.compile(rb"[\x80-\xff]")
_MULTIBYTE = regex.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
_MARK = regex.compile(r"\p{M}")
_MARKS = regex.compile(r"(\p{M}{8})\p{M}+")
_LONG_GAP = regex.compile(r"([^\S\f]{80})([^\S\f]+)")
_LONG_WORD = regex.compile(r"\S{1000}(?=\S)")
_LONG_RUN = re.compile(r"[^\S\f]{8}|\S{100}")
# Western Windows and Latin-1 first; then Macintosh and DOS, where å, ä and ö have other places
_CODE_PAGES = ("cp1252", "mac-roman", "cp850")
_SWEDISH = regex.compile(r"[åäöÅÄÖéÉ–”]")
_NEWLINES = re.compile(r"\r\n?|[\u0085\u2028\u2029\v]")
_NOTHING = re.compile("[\x00-\x08\x0e-\x1f\x7f\xad\u200b-\u200d\u2060\ufeff\ufffe\uffff]+")
_PARAGRAPH = regex.compile(r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*")
_FIRST = regex.compile(r"(\d{1,4})(?=\s|$)")
_LAST = regex.compile(r"(?:^|(?<=\s))(\d{1,4})$")
# "2 (13)" at either end of a page: its number within the paper that it belongs to
_OF_FIRST = regex.compile(r"(\d{1,3})\s?\((\d{1,3})\)(?=\s|$)")
_OF_LAST = regex.compile(r"(?<=\s)(\d{1,3})\s?\((\d{1,3})\)$")
_FEW = 3


def is_html(text: str) -> bool:
    """Whether a text begins as web pages do."""
    return _HTML.match(text[:4096]) is not None


def load_text(text: str, name: str, sha: str, *, notes: Sequence[str] = ()) -> Report:
    """Load a text or a transcript; see `docmine.load.load`."""
    draft = _form_feeds(text) if "\f" in text else _transcript(text)
    draft.notes[:0] = notes
    return draft.report(name, sha)


def decode(data: bytes, name: str) -> tuple[str, list[str]]:
    """The text of a file with line feeds at line ends and in NFC, and notes on what could not be read.

    UTF-8, UTF-16, UTF-32 and the 8-bit code pages in which Swedish has been written are recognised.
    """
    kind = next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), None)
    if kind is not None:
        raise UnsupportedError(f"{name}: is {kind}, not a PDF or a text", "save it as PDF or plain text")
    text, notes = _decoded(data)
    if text is None:
        raise UnsupportedError(f"{name}: is not a PDF, and not a text in a known encoding", "save it as PDF or as text in UTF-8")
    return tidy(text), notes


def tidy(text: str) -> str:
    """The text in NFC with line feeds at line ends and without characters that mean nothing."""
    # most texts have none of these, which their hundred different characters tell sooner than all of them
    characters = "".join(set(text))
    if _MARK.search(characters):
        # composing is quadratic in the length of a run of marks, and no letter carries more than a few
        text = _MARKS.sub(r"\1", text)
    if _NEWLINES.search(characters):
        text = _NEWLINES.sub("\n", text)
    if _NOTHING.search(characters):
        text = _NOTHING.sub("", text)
    text = unicodedata.normalize("NFC", text)
    # no language has such words or such gaps, and searching in them costs the square of their length;
    # where a tenth of the characters has no long run, the text has none
    if _LONG_RUN.search(text[::10]) is None:
        return text
    return _LONG_WORD.sub("\\g<0>\n", _LONG_GAP.sub(_shortened, text))


def _shortened(gap: regex.Match[str]) -> str:
    breaks = gap[2].count("\n")
    return gap[1] + "\n" * min(breaks, 2)


def _decoded(data: bytes) -> tuple[str | None, list[str]]:
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return _strict(data, "utf-32"), []
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16"), []
    sample = data[:65536]
    nulls = sample.count(0)
    if nulls > len(sample) // 5:
        # every other byte of Western text in UTF-16 is zero, always on the same side
        return _strict(data, "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"), []
    if len(_BINARY.findall(sample)) > len(sample) // 200:
        return None, []
    text = _strict(data, "utf-8-sig")
    if text is not None:
        return text, []
    # a text that was cut inside a letter, or lost a few bytes, is still the text that it was
    lenient = data.decode("utf-8-sig", "replace")
    lost, letters = lenient.count("\ufffd"), len(_MULTIBYTE.findall(data))
    if letters > 2 * lost:
        return lenient, [f"{lost} {'letter' if lost == 1 else 'letters'} could not be read: the UTF-8 is damaged"]
    # Western text has few letters outside ASCII; packed data has them everywhere
    if len(_HIGH.findall(sample)) > len(sample) // 4:
        return None, []
    best = max(_CODE_PAGES, key=lambda page: _swedish(sample, page))
    return data.decode(best, "replace") if best != "cp1252" else _strict(data, "cp1252") or data.decode("latin-1"), []


def _swedish(sample: bytes, code_page: str) -> int:
    """How many letters outside ASCII are Swedish ones when read by a code page."""
    return len(_SWEDISH.findall(sample.decode(code_page, "replace")))


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    if not encoding.startswith("utf-8") and encoding.startswith("utf"):
        sample = text[:4096]
        strange = sum(1 for c in sample if unicodedata.category(c) in ("Cn", "Co", "Cc") and c not in "\t\n\r\f")
        return None if strange > len(sample) // 50 else text
    return text


def _form_feeds(text: str) -> Draft:
    pieces = text.split("\f")
    if not pieces[-1].strip():
        pieces.pop()
    return Draft([Piece(n, piece.strip("\n")) for n, piece in enumerate(pieces, 1)])


class _Paragraph(NamedTuple):
    start: int
    end: int
    text: str


def _paragraphs(text: str, start: int = 0) -> list[_Paragraph]:
    return [_Paragraph(m.start(), m.end(), m.group()) for m in _PARAGRAPH.finditer(text, start) if not m.group().isspace()]


def _transcript(text: str) -> Draft:
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
    draft = Draft([])
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
        draft.pieces.append(Piece(None, body if end == len(text) and not first else body.strip("\n")))
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


def _numbered(text: str, pages: Sequence[tuple[int, list[_Paragraph], bool]]) -> list[Piece]:
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
    pieces: list[Piece] = []
    for i, (number, body, taken) in enumerate(bodies):
        # a number at the end is the printed one; one at the beginning is the transcript's own
        label = str(number) if taken and not pages[i][2] else None
        if i in labels:
            label, body, mark = labels[i]
            taken = [*taken, mark]
        pieces.append(Piece(number, body, tuple(Furniture("page_number", t, None) for t in taken), label))
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
