"""What the model looks at: the signs by which a reader tells a heading that runs into its sentence.

A cue is a short code (``next.verb=2``: the third word of what follows is a verb), never a word of the text. A piece of text
becomes a bag of cues, from which a bag-of-words classifier of spaCy learns; see `docmine.model` and ``models/README.md``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from docmine.titles import CAPITAL, SMALL, Lexicon, is_titlelike, section_type_of, split_number

__all__ = ["HeadingCues", "Piece", "Scorer"]

_STEPS = (0, 1, 2, 3, 5, 8, 13, 21, 34)
_SIZES = (*_STEPS, 99)
_MARKS = (-2.0, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)
_FAR = 12
_CAPITAL = re.compile(rf"[{CAPITAL}](?<=[{SMALL}] .)[{SMALL}][{SMALL}-]*")  # capitals are looked for first: there are few


class Piece(NamedTuple):
    """A stretch of text between two cuts; ``before`` and ``after`` say what cuts it: block, stop, colon, bullet or capital."""

    start: int
    end: int
    words: tuple[str, ...]
    before: str
    after: str


class Scorer(Protocol):
    """What the rules know of a text and its pieces; see `docmine.runin`."""

    text: str
    lex: Lexicon

    @property
    def titles(self) -> Collection[str]:
        """The titles of the contents list, bare."""

    @property
    def written(self) -> Mapping[str, int]:
        """The words that the text writes small, and how often."""

    @property
    def recurring(self) -> Mapping[str, int]:
        """How often each short piece stands in the text."""

    def plain(self, piece: Piece) -> str:
        """The text of a piece without the marks around it."""

    def verbs(self, words: Sequence[str]) -> int:
        """How many words after the first are verbs."""

    def dangles(self, piece: Piece, low: list[str]) -> bool:
        """Whether the last word wants another after it."""

    def is_sentence(self, block: Sequence[Piece], i: int) -> bool:
        """Whether a sentence begins with a piece."""

    def row(self, block: Sequence[Piece], i: int) -> int:
        """How many short pieces in a row stand here."""


def _size(n: int) -> int:
    """The number as one of few sizes."""
    return _SIZES[bisect_left(_STEPS, n)]


def _over(name: str, value: float) -> list[str]:
    """One cue for each mark that a value reaches, so that a weight can be learnt for every step."""
    return _reached(name)[: bisect_right(_MARKS, value)]


@lru_cache(maxsize=8)
def _reached(name: str) -> list[str]:
    return [f"{name}>{mark}" for mark in _MARKS]


class HeadingCues:
    """The cues of the pieces of a flattened text; counts once how the document writes its capitals."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer, self.lex, self.text = scorer, scorer.lex, scorer.text
        self.capital = Counter(_CAPITAL.findall(self.text))

    def of(self, block: Sequence[Piece], i: int, scores: Sequence[float]) -> list[str]:
        """The cues of a piece between its neighbours, whose scores by rule are given."""
        cues = [*self._own(block[i], scores[i]), f"row={self.scorer.row(block, i)}"]
        cues.extend(self._before(block[i], block[i - 1], scores[i - 1]) if i else ["opens"])
        if i + 1 < len(block):
            cues.extend(self._after(block, i, scores[i + 1]))
        else:
            cues.append("closes")
        return cues

    def _own(self, piece: Piece, score: float) -> Iterator[str]:
        lex, scorer = self.lex, self.scorer
        raw = self.text[piece.start : piece.end]
        number, title = split_number(raw)
        plain = lex.bare(title)
        low = [w.casefold() for w in piece.words[1 if number else 0 :]] or [""]
        last = piece.words[-1]
        kind = section_type_of(plain, lex)
        yield from (f"before={piece.before}", f"after={piece.after}", f"size={_size(len(low))}", f"verb={self._verb(piece.words)}")
        yield from (f"verbs={min(scorer.verbs(piece.words), 3)}", f"capitals={min(sum(w[0].isupper() for w in piece.words[1:]), 3)}")
        yield f"recurs={min(scorer.recurring[scorer.plain(piece)], 5)}"
        yield from (f"number={'dotted' if '.' in number else 'plain'}" if number else "no_number", f"last={self._kind(last)}")
        yield from _over("score", score)
        signs = {
            "starts": low[0] in lex.start,
            "opens_small": low[0] in lex.open,
            "head": low[0] in lex.head,
            "listed": plain in scorer.titles,
            "known": lex.known(plain) is not None,
            "typed": kind != "other",
            "wording": lex.wording.pattern.match(plain) is not None,
            "norm": not lex.norm.isdisjoint(low),
            "digits": any(c.isdigit() for c in title),
            "year": title[-4:].isdigit(),
            "acronym": len(last) > 1 and last.isupper(),
            "upper": raw.isupper(),
            "dash": raw[0] in "-–*•",
            "half_open": raw.count("(") != raw.count(")"),
            "comma": "," in raw,
            "dangles": scorer.dangles(piece, low),
            "no_title": not is_titlelike(raw.rstrip(":"), lex),
        }
        yield from (name for name, there in signs.items() if there)

    def _after(self, block: Sequence[Piece], i: int, score: float) -> Iterator[str]:
        lex, piece, ahead = self.lex, block[i], block[i + 1]
        low = [w.casefold() for w in ahead.words] or [""]
        raw = self.text[piece.start : piece.end]
        yield from (f"next.size={_size(len(low))}", f"next.after={ahead.after}", f"next.verb={self._verb(ahead.words)}")
        yield f"next={self._kind(ahead.words[0]) if ahead.words else 'sign'}"
        yield f"sign={self.text[piece.end : ahead.start].strip()[:1]}"
        yield from _over("next.score", score)
        signs = {
            "next_sentence": self.scorer.is_sentence(block, i + 1),
            "next_starts": low[0] in lex.start,
            "next_head": low[0] in lex.head,
            "next_verb": low[0] in lex.verb,
            "again": self.text.startswith(raw, ahead.start),
            "same_word": bool(piece.words) and low[0] == piece.words[0].casefold(),
        }
        yield from (name for name, there in signs.items() if there)
        if i + 2 < len(block):
            yield f"then={_size(len(block[i + 2].words))}/{block[i + 2].after}"

    def _before(self, piece: Piece, previous: Piece, score: float) -> Iterator[str]:
        yield from (f"last.size={_size(len(previous.words))}", f"last.before={previous.before}", f"last.verb={self._verb(previous.words)}")
        tail = self.text[max(0, piece.start - 12) : piece.start].rstrip()[-1:]
        yield f"tail={'letter' if tail.isalpha() else 'digit' if tail.isdigit() else tail}"
        yield from _over("last.score", score)
        if previous.words and previous.words[-1].isdigit():
            yield "last_figure"

    def _verb(self, words: Sequence[str]) -> int:
        """Where among the first words a verb stands; 0 where there is none."""
        lex = self.lex
        return _size(next((k for k, w in enumerate(words[1:_FAR], 1) if w.casefold() in lex.verb or w.endswith(lex.verb_endings)), 0))

    def _kind(self, word: str) -> str:
        """What a capital says of a word: nothing where the document writes it small, a name where never."""
        if not word[0].isupper():
            return "digit" if word[0].isdigit() else "small"
        small, capital = self.scorer.written.get(word.casefold(), 0), self.capital[word]
        return "mixed" if 0 < small < capital else "common" if small else "name" if capital > 2 else "rare"
