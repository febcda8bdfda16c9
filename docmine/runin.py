"""Headings that run straight into their sentence, in transcripts without line breaks.

``… enligt plan. Ökad delaktighet De förtroendevalda ska ges …`` has no mark between heading and sentence but the capital of a
word that is otherwise written small. The text is cut at full stops and at such capitals; a piece that reads like a title,
stands after a finished sentence and before one that begins is a heading. Titles of the contents list, names of sections and
phrases that recur make it more likely; verbs, table heads and long rows of such pieces less.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import regex

from docmine.headings import Entry, Heading, Lexicon, is_titlelike, split_number
from docmine.records import Report

__all__ = ["is_flattened", "runin_headings"]

#: a text is flattened if most of its characters stand in lines longer than this
_LONG_LINE = 1000
_MAX_WORDS = 13
_THRESHOLD = 2.5

_TOKEN = regex.compile(r"[\p{L}\p{M}\d]+(?:[-/&’'.:,][\p{L}\d]+)*-?|\S")
_STOPS = frozenset(".!?")
_ABBREVIATIONS = frozenset("bl ca dvs d.v.s ex etc exkl f.d fr inkl jfr kap kl mfl m.fl mm m.m nr osv p.g.a resp s.k st t.ex t tf tfn tom t.o.m fr.o.m f.n bl.a p.g o.s.v".split())
_BULLETS = frozenset("-–•*●▪")


class Piece(NamedTuple):
    """A stretch of text between two cuts; ``before`` and ``after`` say what cuts it: a stop, a capital, a colon or a bullet."""

    start: int
    end: int
    words: tuple[str, ...]
    before: str
    after: str


def is_flattened(report: Report) -> bool:
    """Whether most of a text stands in lines so long that headings cannot be on lines of their own."""
    if report.text_layer == "digital" or not report.text:
        return False
    long = total = 0
    for found in regex.finditer(r"[^\n]+", report.text):
        size = found.end() - found.start()
        total += size
        long += size if size > _LONG_LINE else 0
    return long > 0.6 * total


class _Words:
    """Which words the document writes small: what is written so elsewhere is no name when it has a capital."""

    def __init__(self, text: str, lex: Lexicon) -> None:
        small = regex.findall(r"(?<![\p{L}\d@./])\p{Ll}[\p{Ll}-]+", text)
        self.small = set(small) | lex.start
        self.stems = {w[:7] for w in small if len(w) >= 8}
        self.lex = lex

    def common(self, word: str) -> bool:
        """Whether a capitalised word is an ordinary one."""
        if len(word) > 1 and any(c.isupper() for c in word[1:]) and "-" not in word:
            return False
        low = word.casefold()
        return low in self.small or (len(low) >= 8 and low[:7] in self.stems)


def pieces(text: str, start: int, end: int, words: _Words) -> list[Piece]:
    """Cut a stretch of text at stops, colons, bullets and the capitals of ordinary words."""
    lex = words.lex
    tokens = [(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(text, start, end)]
    found: list[Piece] = []
    first, before = 0, "block"

    def close(upto: int, after: str) -> None:
        nonlocal first, before
        if upto > first:
            span = tokens[first:upto]
            found.append(Piece(span[0][0], span[-1][1], tuple(t[2] for t in span if t[2][0].isalnum()), before, after))
        first, before = upto, after

    for i, (a, _, token) in enumerate(tokens):
        if i == first:
            continue
        previous = tokens[i - 1][2]
        if previous in _STOPS and token[0].isalnum() or previous in _STOPS and token in _BULLETS:
            word = tokens[i - 2][2].casefold() if i >= 2 else ""
            if not token[0].islower() and not (previous == "." and (word in _ABBREVIATIONS or len(word) == 1 and word.isalpha())):
                close(i, "stop")
                continue
        if token in _BULLETS and text[a - 1 : a].isspace() and text[a + 1 : a + 2].isspace():
            following = tokens[i + 1][2] if i + 1 < len(tokens) else ""
            if following[:1].islower() or previous == ":":
                close(i, "bullet")
                continue
        if previous == ":" and token[0].isupper():
            close(i, "colon")
            continue
        if not token[0].isupper() or not text[a - 1].isspace() or not (previous[-1].isalnum() or previous in ")”\"%?!"):
            continue
        low = previous.casefold()
        if words.common(token) or low == token.casefold():
            close(i, "capital")
        elif low not in lex.open and previous[0].islower() and i + 1 < len(tokens):
            following = tokens[i + 1][2].casefold()
            third = tokens[i + 2][2].casefold() if i + 2 < len(tokens) else ""
            if following in lex.verb or (token.endswith("s") and third in lex.verb):
                close(i, "capital")
    close(len(tokens), "block")
    return found


def runin_headings(report: Report, lex: Lexicon, titles: dict[str, Entry], barriers: list[tuple[int, int]]) -> Iterator[Heading]:
    """Headings within the lines of a flattened text; ``barriers`` are spans in which none are looked for."""
    text = report.text
    words = _Words(text, lex)
    blocks = [_narrowed(text, m.start(), m.end(), barriers) for m in regex.finditer(r"[^\n]+", text)]
    cut = [pieces(text, a, b, words) for a, b in blocks if b > a]
    wanted = {text[p.start : p.end] for block in cut for p in block if len(p.words) <= _MAX_WORDS}
    recurring = Counter(text[p.start : p.end].rstrip(":") for block in cut for p in block if text[p.start : p.end] in wanted)
    for block in cut:
        yield from _headings(text, block, lex, titles, recurring)


def _narrowed(text: str, start: int, end: int, barriers: list[tuple[int, int]]) -> tuple[int, int]:
    for a, b in barriers:
        if a <= start < b:
            start = min(b, end)
    return start, end


def _headings(text: str, block: list[Piece], lex: Lexicon, titles: dict[str, Entry], recurring: Counter[str]) -> Iterator[Heading]:
    last_end, done = -1, True  # whether the text so far has come to an end
    chain = 0
    i = 0
    while i < len(block):
        piece = block[i]
        ahead = block[i + 1] if i + 1 < len(block) else None
        score = _score(text, piece, ahead, block, i, lex, titles, recurring, done, chain)
        if score >= _THRESHOLD:
            raw = text[piece.start : piece.end]
            number, title = split_number(raw)
            entry = titles.get(lex.bare(title))
            level = entry.level if entry else number.count(".") + 1 if number else None
            yield Heading(piece.start, piece.end, title.rstrip(" :"), number, level, "contents" if entry else "run-in", min(0.95, 0.4 + 0.1 * score))
            done, chain = True, chain + 1
        else:
            done = piece.after in ("stop", "block")
            chain = 0
        i += 1


def _score(
    text: str, piece: Piece, ahead: Piece | None, block: list[Piece], i: int, lex: Lexicon, titles: dict[str, Entry], recurring: Counter[str], done: bool, chain: int
) -> float:
    raw = text[piece.start : piece.end]
    if piece.after in ("stop", "bullet") or not piece.words or len(piece.words) > _MAX_WORDS or not is_titlelike(raw.rstrip(":"), lex):
        return 0.0
    number, title = split_number(raw)
    plain = lex.bare(title)
    low = [w.casefold() for w in piece.words]
    entry, known = titles.get(plain), lex.known(plain)
    score = 0.0
    if entry:
        score += 3.0
    if known:
        score += 1.0
    if piece.after == "colon":
        score -= 2.0
    if ahead is None:
        return score
    if low[0] in lex.head and not known:
        return 0.0
    # what stands before
    score += 1.0 if done else -1.0
    if i == 0:
        score += 0.5
    # what it is made of
    verbs = sum(w in lex.verb for w in low)
    score += 0.5 if not verbs else -1.5
    if any(w[0].isdigit() for w in low[1:] if not (len(w) == 4 and w[:2] in ("19", "20"))):
        score -= 1.0
    if recurring[raw] > 1 and len(low) > 1:
        score += 0.5
    # what follows
    after = [w.casefold() for w in ahead.words]
    if after and after[0] in lex.pointer:
        return 0.0
    if text.startswith(raw, ahead.start):
        score += 1.5
    elif _is_sentence(ahead, after, lex):
        score += 1.0
    elif after and after[0] in lex.head:
        score -= 1.0
    elif ahead.after == "capital" and i + 2 < len(block) and (block[i + 2].words[:1] or ("",))[0].casefold() in lex.head:
        score += 0.5
    run = _run(block, i)
    if run >= 4 and not entry:
        score -= 1.5
    return score


def _run(block: list[Piece], i: int) -> int:
    """How many short pieces in a row, cut by capitals alone, stand at and after this one."""
    n = 0
    while i + n < len(block) and block[i + n].after == "capital" and len(block[i + n].words) <= 6 and n < 6:
        n += 1
    return n


def _is_sentence(piece: Piece, low: list[str], lex: Lexicon) -> bool:
    return any(w in lex.verb for w in low[:25]) and len(low) >= 4 and piece.after != "capital" or (bool(low) and low[0] in lex.start and len(low) > 6)
