"""Headings that run straight into their sentence, in transcripts without line breaks.

``… blev klar. Ökad trygghet De nya vägarna har fått …`` has no mark between heading and sentence but the capital of a
word that is otherwise written small. The text is cut at full stops, at such capitals, and around the titles that the contents
list or the vocabulary name. A piece that reads like a title, stands where a sentence has ended and before one that begins is a
heading; phrases that recur make it more likely, verbs, table heads and long rows of short pieces less. What comes out so is shown to the
trained model, which knows such signs in combination.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from docmine.cues import HeadingCues, Piece
from docmine.model import score_headings
from docmine.records import Report, fold
from docmine.titles import LETTERS, MAX_CHARS, Entry, Heading, Lexicon, depth, is_titlelike, section_type_of, split_number

__all__ = ["LIKELY", "THRESHOLD", "Block", "Scorer", "is_flattened", "opening_names", "pages_start", "runin_headings", "weigh"]

#: a text is flattened if most of its characters stand in lines longer than this
_LONG_LINE = 1000
_SHORT_LINE, _PARAGRAPH = 120, 250
_MAX_WORDS = 13
_STRETCH = 20_000  # a longer line is read in parts, so that memory stays small
THRESHOLD = 2.5
LIKELY = 0.25  # chance below which the model denies a heading
_AHEAD = 25  # words in which a sentence shows its verb

_TOKEN = re.compile(rf"[{LETTERS}][{LETTERS}0-9]*(?:[-/&’'.:][{LETTERS}0-9]+)*-?|[0-9]+(?:[.,:/–-][0-9]+)*|\S")
_NUMBERING = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?")
_DOTTED = re.compile(r"\d{1,2}(?:\.\d{1,2})+")
_WORD = re.compile(rf"(?<![{LETTERS}0-9@./])[{LETTERS}][{LETTERS}-]+")
_SMALL = regex.compile(r"(?<!\p{L})\p{Ll}[\p{Ll}-]+")
_PLACED = regex.compile(r"(?<=\b(?:i|från|till)\s)\p{Lu}\p{Ll}+")
_BEFORE, _AFTER = '("”', '.,;:!?)"”'  # what a word may have around it
_LINE = re.compile(r"[^\n]+")
_STOPS = frozenset(".!?")
_DASHES = frozenset("-–*")
_BULLETS = frozenset("•●▪■□○◦➢►")
_MARKS = _DASHES | _BULLETS
_HEADER_WORDS = 16  # so long may a running header be
_HEADER_LINE = 100  # characters of a line that may be a page's text under its running header
_NUMBER = regex.compile(r"\d{1,3}\s+(?=\p{L})")
_INERT = frozenset("abcdefghijklmnopqrstuvwxyzåäöé.,:;!?()/%&+=”\"'’")  # a token that begins so cuts nothing


class Block(NamedTuple):
    """The pieces of a stretch of text, their scores, and whether a table follows."""

    pieces: list[Piece]
    scores: list[float]
    table: bool


_TABLE = Piece(-1, -1, (), "", "")


def _small_words(text: str) -> dict[str, int]:
    """The words that a text writes small, and how often."""
    found: dict[str, int] = defaultdict(int)
    for token, times in Counter(text.split()).items():
        word = token.lstrip(_BEFORE).rstrip(_AFTER)
        if word.isalpha() and (word.islower() or word[1:].islower()):  # nearly all are spared the patterns
            if word.islower():
                found[word] += times
            continue
        for word in _WORD.findall(token):
            for part in (word,) if word.islower() else _SMALL.findall(word):
                found[part] += times
    return {word: times for word, times in found.items() if len(word) > 1}


def is_flattened(report: Report) -> bool:
    """Whether most of a text stands in lines so long that headings cannot be on lines of their own."""
    if report.text_layer == "digital" or not report.text:
        return False
    sizes = [m.end() - m.start() for m in _LINE.finditer(report.text)]
    if len(report.pages) > 1 and len(sizes) <= 1.5 * len(report.pages):
        return True
    if sum(s for s in sizes if s > _LONG_LINE) > 0.6 * sum(sizes):
        return True
    short = sum(s < _SHORT_LINE for s in sizes)  # an excerpt: paragraphs of a page each, hardly a line that could be a heading
    return short * 4 <= len(sizes) and sum(s for s in sizes if s > _PARAGRAPH) > 0.8 * sum(sizes)


def pages_start(report: Report) -> int:
    """Where the first long line of a flattened text begins; what stands before it names the document."""
    return next((m.start() for m in _LINE.finditer(report.text) if m.end() - m.start() > _LONG_LINE // 2), 0)


def _by_opening(titles: Iterable[str]) -> dict[str, list[list[str]]]:
    """Titles as their words in small letters, by the first of these."""
    found: dict[str, list[list[str]]] = {}
    for title in titles:
        words = _TOKEN.findall(title.casefold())
        if words:
            found.setdefault(words[0], []).append(words)
    return found


@lru_cache(maxsize=8)
def _names(lex: Lexicon) -> dict[str, list[list[str]]]:
    """The names of sections by their first words, the longest first."""
    return {opening: sorted(names, key=len, reverse=True) for opening, names in _by_opening(lex.names).items()}


class _Answers(dict[str, bool]):
    """The answers to a question about single words, each asked once: a document uses its words again and again."""

    def __init__(self, ask: Callable[[str], bool]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, word: str) -> bool:
        answer = self[word] = self._ask(word)
        return answer


class _Cutter:
    """Cuts text into pieces; knows which words the document writes small and which titles it may hold.

    ``common`` says whether a capitalised word is an ordinary one, no name.
    """

    def __init__(self, text: str, lex: Lexicon, titles: Iterable[str]) -> None:
        self.written = small = _small_words(text)
        placed = Counter(_PLACED.findall(text))
        self.places = {w for w, n in placed.items() if n > 1 and w.casefold() not in small}
        self.text, self.lex = text, lex
        self.small = lex.start | lex.adjectives | small.keys()
        self.stems = {w[:7] for w in small if len(w) >= 8}
        self.common = _Answers(self._is_common)
        self.names = dict(_names(lex))
        for opening, own in _by_opening(titles).items():
            self.names[opening] = sorted([*own, *self.names.get(opening, ())], key=len, reverse=True)

    def _is_common(self, word: str) -> bool:
        if "-" not in word and any(map(str.isupper, word[1:])) and not (len(word) > 4 and word.isupper()):
            return False
        if word in self.places or (word.endswith("s") and word[:-1] in self.places):
            return False
        low = word.casefold()
        return low in self.small or (len(low) >= 8 and low[:7] in self.stems) or (len(low) >= 6 and low.endswith(self.lex.common_endings))

    def named(self, tokens: Sequence[str], at: int, first: int) -> tuple[int, int]:
        """How many tokens from here on are a known title after which something new begins, and how many hold no cut then."""
        if tokens[at] in tokens[at + 1 : at + 8]:  # a phrase said twice: the heading, and the sentence or table
            for size in range(1, min(8, (len(tokens) - at) // 2 + 1)):
                twice = tokens[at + size] == tokens[at] and tokens[at : at + size] == tokens[at + size : at + 2 * size]
                if twice and (size > 1 or (at == first and len(tokens[at]) > 3)):
                    return size, size
        known = self.names.get(tokens[at].casefold(), ())
        ahead = [token.casefold() for token in tokens[at : at + len(known[0])]] if known else []
        for words in known:
            end = at + len(words)
            if end < len(tokens) and ahead[: len(words)] == words:
                following = tokens[end]
                if (following[0].isupper() and not following[1:].isupper()) or (
                    following[0].isdigit() and end + 1 < len(tokens) and tokens[end + 1] == "."
                ):
                    return len(words), 0
        return 0, 0

    def pieces(self, start: int, end: int) -> list[Piece]:
        """The pieces of a stretch of text."""
        text, lex = self.text, self.lex
        matches = list(_TOKEN.finditer(text, start, end))
        tokens = [m[0] for m in matches]
        found: list[Piece] = []
        first, before, until, quiet = 0, "block", 0, 0

        def close(upto: int, after: str) -> None:
            nonlocal first, before
            if upto > first:
                words = tuple([t for t in tokens[first:upto] if t[0].isalnum()])
                found.append(Piece(matches[first].start(), matches[upto - 1].end(), words, before, after))
            first, before = upto, after

        for i in [i for i, token in enumerate(tokens) if token[0] not in _INERT]:
            sign = tokens[i]
            cut = self._cut(tokens, i, first, matches[i].start()) if i > first else ""
            if i == until and until:
                cut = cut or "capital"
            elif i < quiet and cut == "capital":
                cut = ""
            if sign[0].isupper() and i >= quiet and (cut or i == first or tokens[i - 1].casefold() not in lex.open):
                size, more = self.named(tokens, i, first if not cut else i)
                if size:
                    until, quiet = i + size, i + size + more
                    cut = cut or ("capital" if i > first and not _is_number(tokens[first:i]) else "")
            if cut:
                close(i, cut)
        close(len(tokens), "block")
        return found

    def is_label(self, tokens: Sequence[str], first: int, upto: int) -> bool:
        """Whether some tokens are a label with its number (``Fokusområde 2``), after which the title of a section stands."""
        last = tokens[upto - 1] if upto - first > 1 else ""
        numbered = (len(last) < 3 and (last.isdigit() or (len(last) == 1 and last.isupper()))) or bool(_DOTTED.fullmatch(last))
        return numbered and " ".join(tokens[first : upto - 1]).casefold() in self.lex.label

    def _cut(self, tokens: Sequence[str], i: int, first: int, at: int) -> str:
        """What cuts the text before a token, which stands at ``at``; empty if nothing does."""
        text, lex = self.text, self.lex
        sign, previous = tokens[i], tokens[i - 1]
        end = at + len(sign)
        if sign in _BULLETS:
            return "bullet"
        if previous in _STOPS and (sign[0].isalnum() or sign in _DASHES):
            word = tokens[i - 2] if i >= 2 else ""
            listed = i - 2 == first and ((word.isdigit() and len(word) < 3) or bool(_DOTTED.fullmatch(word)))
            short = previous == "." and (word.casefold() in lex.short or (len(word) == 1 and word.isupper()) or listed)
            short = short or (previous == "." and self.is_label(tokens, first, i - 1))
            return "" if sign[0].islower() or short else "stop"
        if sign in _DASHES and text[at - 1].isspace() and text[end : end + 1].isspace():
            following = tokens[i + 1] if i + 1 < len(tokens) else ""
            return "bullet" if following[:1].islower() or previous == ":" else ""
        if sign[0].isdigit() and _DOTTED.fullmatch(sign) and i + 1 < len(tokens):
            if self.is_label(tokens, first, i + 1):
                return ""
            following = tokens[i + 2 if tokens[i + 1] == "." and i + 2 < len(tokens) else i + 1]
            return "capital" if following[0].isupper() and previous.casefold() not in lex.open else ""
        if (
            sign == "1"
            and previous[-1].isalpha()
            and tokens[i + 1 : i + 2] == ["."]
            and tokens[i + 2 : i + 3]
            and tokens[i + 2][0].isupper()
        ):
            return "capital"  # the first of a list: "… klara ramen 1. Städningen …"
        if sign.isdigit() and len(sign) < 3 and previous[-1].isalpha() and i + 1 < len(tokens):
            following = tokens[i + 1]  # the number of an item: "… arbete 4 Se över avtalen"
            return "capital" if following[0].isupper() and previous.casefold() not in lex.open and self.common[following] else ""
        if not sign[0].isupper():
            return ""
        if self.is_label(tokens, first, i - 1 if previous in ":." else i):
            return ""
        if i + 2 < len(tokens) and tokens[i + 1][0].isdigit() and tokens[i + 2][0].isupper() and self.is_label(tokens, i, i + 2):
            return "capital"
        if previous == ":":  # "4.1 Målområde: Trygg skola" is one title
            label = " ".join(tokens[first + 1 : i - 1]).casefold()
            return "" if label in self.lex.label and _DOTTED.fullmatch(tokens[first]) is not None else "colon"
        if not text[at - 1].isspace() or not (previous[-1].isalnum() or previous in ')”"%?!'):
            return ""
        low = previous.casefold()
        if len(sign) > 1 and sign.isupper() and previous.isupper():
            return ""
        if self.common[sign] or low == sign.casefold() or text[end : end + 1] == ":":
            numbered = i - 1 == first and ((previous.isdigit() and len(previous) < 3) or _DOTTED.fullmatch(previous))
            return "" if numbered else "capital"
        if low in lex.open or not previous[0].islower():
            return ""
        # a name opens the sentence: "… ekonomin Exby har …", "… hälsa Exby kommun ska …", "… mål Exbys vision är …"
        ahead = tokens[i + 1 : i + 3]
        verb = bool(ahead) and ahead[0] in lex.verb
        second = len(ahead) == 2 and ahead[1] in lex.verb and ahead[0] not in lex.open and ahead[0].islower()
        return "capital" if verb or second else ""


def runin_headings(report: Report, lex: Lexicon, titles: dict[str, Entry], barriers: list[tuple[int, int]]) -> Iterator[Heading]:
    """Headings within the lines of a flattened text; ``barriers`` are spans in which none are looked for.

    The rules propose them, and the model may deny them. It proposes none itself: that made transcripts worse.
    """
    scorer, blocks = weigh(report, lex, titles, barriers)
    found = [(b, i) for b in blocks for i, score in enumerate(b.scores) if score >= THRESHOLD]
    cues = HeadingCues(scorer)
    likely = score_headings([cues.of(b.pieces, i, b.scores) for b, i in found])
    for (block, i), chance in zip(found, likely, strict=True):
        if chance >= LIKELY:
            yield scorer.heading(block.pieces[i], block.scores[i])


def opening_names(report: Report, lex: Lexicon, titles: dict[str, Entry], barriers: list[tuple[int, int]]) -> Iterator[Heading]:
    """Names of sections that run into the paragraph which they open, in a text that has kept its other lines."""
    text, names = report.text, _names(lex)
    lines = [m.span() for m in _LINE.finditer(text) if m.end() - m.start() > MAX_CHARS]
    first = [text[a : a + MAX_CHARS].split() for a, _ in lines]
    times = Counter(words[0] for words in first)  # what opens several lines is the label of rows
    opened = [span for span, words in zip(lines, first, strict=True) if times[words[0]] == 1 and _opens_with_name(words, names)]
    if not opened:
        return
    at, others = 0, list(barriers)
    for start, end in [*opened, (len(text), len(text))]:
        others.append((at, start))
        at = end
    starts = {start for start, _ in opened}
    for heading in runin_headings(report, lex, titles, sorted(others)):
        bare = lex.bare(heading.title)
        if heading.start in starts and (lex.known(bare) or bare in titles):
            yield heading


def _opens_with_name(words: list[str], names: dict[str, list[list[str]]]) -> bool:
    """Whether words begin with the name of a section after which a capitalised word follows."""
    low = [word.casefold() for word in words]
    sizes = [len(name) for name in names.get(low[0], ()) if low[: len(name)] == name and len(name) < len(words)]
    return any(words[size][0].isupper() for size in sizes)


def weigh(report: Report, lex: Lexicon, titles: dict[str, Entry], barriers: list[tuple[int, int]]) -> tuple[Scorer, list[Block]]:
    """The pieces of a flattened text outside the barriers, each with its score, and what scored them."""
    cutter = _Cutter(report.text, lex, [e.title for e in titles.values()])
    stretches = [(cutter.pieces(a, b), fresh, table) for a, b, fresh, table in _stretches(report.text, barriers, lex)]
    scorer = Scorer(cutter, titles, [pieces for pieces, _, _ in stretches])
    return scorer, [Block(pieces, scorer.scores(pieces, fresh, table), table) for pieces, fresh, table in stretches]


def _header(text: str, lex: Lexicon) -> list[str]:
    """The words with which most lines begin, as pages begin with the header that runs through a document."""
    lines = [text[m.start() : m.start() + 20 * _HEADER_WORDS] for m in _LINE.finditer(text) if m.end() - m.start() > _HEADER_LINE]
    openings = [line[_number_end(line, 0) :].split()[:_HEADER_WORDS] for line in lines]
    header: list[str] = []
    most = max(len(openings) // 2 + 1, 3)  # lines that begin so
    while openings:
        following = Counter(words[len(header)] for words in openings if len(words) > len(header))
        word, times = following.most_common(1)[0] if following else ("", 0)
        if times < most or word.casefold() in lex.label:
            break
        header.append(word)
        openings = [words for words in openings if words[: len(header)] == header]
        most = max(most, round(0.8 * len(openings)))
    return header if len(header) > 1 else []


def _number_end(text: str, at: int) -> int:
    """Where a page's number ends that stands here; ``at`` if there is none."""
    found = _NUMBER.match(text, at)
    return found.end() if found else at


def _stretches(text: str, barriers: list[tuple[int, int]], lex: Lexicon) -> Iterator[tuple[int, int, bool, bool]]:
    """The lines of a text without the barriers in them: start, end, whether a line begins here, whether a barrier follows.

    The running header is not part of its line.
    """
    header = re.compile(r"\s+".join(map(re.escape, _header(text, lex))) + r"(?!\S)\s*")
    at = 0
    for found in _LINE.finditer(text):
        start, end = found.span()
        running = header.match(text, _number_end(text, start), end)
        start = running.end() if running else start
        while at < len(barriers) and barriers[at][1] <= start:
            at += 1
        k, fresh = at, True
        while k < len(barriers) and barriers[k][0] < end:
            a, b = barriers[k]
            if a > start:
                yield start, a, fresh, True
            start, fresh, k = max(start, b), False, k + 1
        while end - start > _STRETCH:
            stop = text.rfind(" ", start, start + _STRETCH)
            stop = stop if stop > start else start + _STRETCH
            yield start, stop, fresh, False
            start, fresh = stop, False
        if start < end:
            yield start, end, fresh, False


def _is_number(tokens: Sequence[str]) -> bool:
    """Whether the tokens are the number of a heading."""
    return len(tokens) <= 2 and bool(_NUMBERING.fullmatch("".join(tokens)))


class Scorer:
    """Weighs the signs for and against each piece being a heading."""

    def __init__(self, cutter: _Cutter, titles: dict[str, Entry], blocks: list[list[Piece]]) -> None:
        self.cutter, self.text, self.lex, self.titles = cutter, cutter.text, cutter.lex, titles
        self.written = cutter.written
        text = cutter.text
        self.verbal = _Answers(lambda word: word.casefold() in self.lex.verb or word.endswith(self.lex.verb_endings))
        self.local: Counter[str] = Counter()
        short = [p for block in blocks for p in block if len(p.words) <= _MAX_WORDS]
        self.recurring = Counter([text[p.start : p.end].strip(" :.,") for p in short])
        self.title_openings = {title.partition(" ")[0] for title in titles}
        self.openings = Counter([p.words[:3] for p in short if p.after == "capital" and len(p.words) > 3])

    def scores(self, block: list[Piece], fresh: bool, table: bool) -> list[float]:
        """The score of each piece of one stretch; ``fresh`` if a line begins with it, ``table`` if a table follows."""
        n = len(block)
        self.local = Counter([self.plain(p) for p in block if len(p.words) <= 2 and p.after != "stop"])
        inner = [0.0] * (n + 1)  # the score but for what stands before
        for i in range(n - 1, -1, -1):
            inner[i] = self._inner(block, i, inner[i + 1], fresh, table)
        for a, b in _lists(inner):
            named = [i for i in range(a, b) if inner[i] > 3.0]
            for i in named if len(named) >= 3 else ():
                inner[i] = 0.0
        ended = 1.0
        for i, piece in enumerate(block):
            inner[i] += ended + (0.5 if i == 0 and fresh else 0.0) if inner[i] else 0.0
            over = inner[i] >= THRESHOLD or piece.after in ("stop", "block")
            # a sentence may have lost its end, with a year or a figure that stood there; a row of cells has none
            ended = 1.0 if over else 0.5 if self.verbs(piece.words) else -1.0
        return inner[:n]

    def row(self, block: Sequence[Piece], i: int) -> int:
        """How many short pieces in a row, cut by capitals alone, stand at and after this one."""
        n = 0
        while i + n < len(block) and block[i + n].after == "capital" and len(block[i + n].words) <= 6 and n < 6:
            n += 1
        return n

    def heading(self, piece: Piece, score: float) -> Heading:
        """The heading that a piece is."""
        number, title = split_number(self.text[piece.start : piece.end])
        entry = self.titles.get(self.lex.bare(title))
        level = entry.level if entry else depth(number)
        rule = "contents" if entry else "run-in"
        return Heading(piece.start, piece.end, title.rstrip(" :"), number, level, rule, min(0.95, 0.35 + 0.1 * score))

    def plain(self, piece: Piece) -> str:
        """The text of a piece without the marks around it."""
        return self.text[piece.start : piece.end].strip(" :.,")

    def verbs(self, words: Sequence[str]) -> int:
        """How many words after the first are verbs."""
        return sum(map(self.verbal.__getitem__, words[1:]))

    def _inner(self, block: list[Piece], i: int, following: float, fresh: bool, table: bool) -> float:
        """The score of a piece as a heading, apart from what stands before it; 0 if it cannot be one."""
        piece, lex = block[i], self.lex
        if piece.after == "stop" or not 0 < len(piece.words) <= _MAX_WORDS:
            return 0.0
        last = i + 1 == len(block)
        if last and not table:
            return 0.0
        ahead = _TABLE if last else block[i + 1]
        after = [w.casefold() for w in ahead.words[:2]]
        raw = self.text[piece.start : piece.end]
        if (
            (after and after[0] in lex.pointer)
            or raw[0] in _MARKS
            or raw.count("(") != raw.count(")")
            or not is_titlelike(raw.rstrip(":"), lex)
        ):
            return 0.0
        number, title = split_number(raw)
        plain = lex.bare(title)
        low = [w.casefold() for w in piece.words[1 if number else 0 :]]
        if not low or self.dangles(piece, low):
            return 0.0
        entry, known = plain in self.titles, lex.known(plain)
        recurs = self.recurring[self.plain(piece)]
        if recurs > 1 and not entry and lex.is_thing(plain):
            return 0.0  # a label: "Nämndens mål …" before each of them
        listed = not last and self.text[ahead.start] in _BULLETS
        if piece.after == "bullet" and not (listed and (entry or known) and piece.before != "bullet" and recurs < 3):
            return 0.0  # what is said before one list after another is a label
        opens = fresh and i == 0
        if last and not opens and self.has_unit(raw):
            return 0.0  # the corner of a table's head, or its caption
        sentence = not last and self.is_sentence(block, i + 1)
        if low[0] in lex.head and not entry and not number and not ((sentence or opens) and (known or (sentence and len(low) > 2))):
            return 0.0
        label = self.is_labelled(piece)
        score = (
            0.01
            + 1.5 * bool(number and "." in number)
            + 3.0 * entry
            + (1.5 if len(low) > 1 else 1.0) * bool(known)
            - 2.0 * (piece.after == "colon")
            + 2.5 * label
            + self._likeness(piece, low, plain, entry or bool(known), label)
        )
        if listed:
            return score + 1.0
        if recurs > 1 and len(low) > 1:
            score += 0.5
        again = ahead.start >= 0 and self.text.startswith(raw, ahead.start)
        if len(low) == 1 and low[0] in lex.start and not number:
            return 0.0
        if len(low) == 1 and not (entry or known or again or self.cutter.common[piece.words[-1]]):
            return 0.0  # a name that the words after it go on
        if not entry:  # said again and again: a label
            score -= 2.0 * (self.local[self.plain(piece)] > 1 + again) or 1.0 * (recurs > 4)
        if last:
            return score - 0.5 * (not entry and not known)
        return score + self._outlook(block, i, again or (len(low) > 1 and low[:2] == after), sentence, following, entry or bool(known))

    def is_labelled(self, piece: Piece) -> bool:
        """Whether a title follows a label and its number."""
        words = piece.words
        return any(self.cutter.is_label(words, 0, k) for k in (2, 3) if k < len(words))

    def has_unit(self, raw: str) -> bool:
        """Whether a title ends with the unit of figures, set apart from it: ``Verksamhet (tkr)``."""
        words = raw.rsplit(None, 1)
        return len(words) == 2 and (words[1][0] == "(" or words[0][-1] == ",") and words[1].strip("():").casefold() in self.lex.unit

    def dangles(self, piece: Piece, low: list[str]) -> bool:
        """Whether the last word wants a name or noun after it: a genitive, or a noun that a name explains."""
        last = piece.words[-1]
        if len(last) > 4 and last[-1] == "s" and (low[-1][:-1] in self.cutter.small or (len(low) > 1 and last[0].isupper())):
            return True
        return low[-1] in self.lex.apposition

    def _likeness(self, piece: Piece, low: list[str], plain: str, named: bool, label: bool) -> float:
        """How much a piece's own words make a title of it."""
        lex = self.lex
        verbs = self.verbs(piece.words)
        score = 0.5 if not verbs else 0.0 if verbs == 1 and lex.norm.intersection(low) else -1.5
        if verbs and lex.norm.intersection(low) and self.openings[piece.words[:3]] > 2:
            score += 1.0
        if not named:
            if low[0] in lex.start or low[0] in lex.open:
                score -= 0.0 if low[0] == "att" else 0.5 if low[0] in ("en", "ett") else 1.0
            if section_type_of(plain, lex) != "other":
                score += 0.5
            elif lex.wording.pattern.match(plain):
                score += 0.25
        if len(piece.words[-1]) > 1 and piece.words[-1].isupper():
            score -= 0.75
        if not label and any(w[0].isdigit() for w in low if not (len(w) == 4 and w[:2] in ("19", "20"))):
            score -= 1.0
        return score

    def _outlook(self, block: list[Piece], i: int, again: bool, sentence: bool, following: float, named: bool) -> float:
        """How much what follows a piece makes a heading of it."""
        lex, ahead = self.lex, block[i + 1]
        first = (ahead.words[:1] or ("",))[0].casefold()
        second = (block[i + 2].words[:1] or ("",))[0].casefold() if i + 2 < len(block) else ""
        if again:
            return 1.5
        if first in lex.head and not (ahead.after == "stop" and self.verbs(ahead.words[:8])):
            return 0.0 if named else -1.0 - (self.row(block, i) >= 4)
        if ahead.after == "block" and self.has_unit(self.text[ahead.start : ahead.end]):
            return 1.0  # heading, title of a table
        if sentence:
            return 0.5 if self._opens_with_title(ahead) else 1.5
        if ahead.after == "capital" and second in lex.head:
            return 1.0  # heading, title of a table, its head
        if ahead.after == "colon" or self.text[ahead.start + len(first) : ahead.start + len(first) + 1] == ":":
            return 1.0
        if fold(self.text[ahead.start : ahead.end]) in lex.mark:
            return 1.0
        _, title = split_number(self.text[ahead.start : ahead.end])
        plain = lex.bare(title)
        if following >= 1.0 and (plain in self.titles or plain in lex.names or title != self.text[ahead.start : ahead.end]):
            return 1.0
        if following >= 1.5:
            return 0.75
        return -1.5 if self.row(block, i) >= 4 and not named else -0.5 * (self.row(block, i) >= 4)

    def _opens_with_title(self, piece: Piece) -> bool:
        """Whether a sentence begins with a title of the contents list, whose kind the words before it may name."""
        words = [w.casefold() for w in piece.words[:8]]
        return words[:1] != [] and words[0] in self.title_openings and any(" ".join(words[:k]) in self.titles for k in range(2, len(words)))

    def is_sentence(self, block: Sequence[Piece], i: int) -> bool:
        """Whether a sentence begins with this piece: it has a verb soon and is no title itself."""
        words = block[i].words[1:] if block[i].words and block[i].words[0].isdigit() else block[i].words
        while (
            block[i].after == "capital" and i + 1 < len(block) and len(words) < _AHEAD and words and words[-1].casefold() in self.lex.open
        ):
            i += 1
            words += block[i].words
        if block[i].after == "stop" and len(words) > 6:
            return True
        verbal, participles = self.verbal, self.lex.participle_endings
        return len(words) >= 4 and any(verbal[w] or w.endswith(participles) for w in words[1:_AHEAD])


def _lists(inner: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Runs of four pieces or more that could all be headings: they list titles."""
    start = 0
    for i, value in enumerate(inner):
        if value <= 0.0:
            if i - start >= 4:
                yield start, i
            start = i + 1
