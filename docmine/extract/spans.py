"""Where things begin and end in running text, with or without its lines: bullets, sentences, titles that run into their sentence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

import regex

from docmine.vocabulary import Vocabulary, fold

__all__ = ["BULLET", "CAPITAL", "SENTENCE_END", "Spans", "letters", "runs_on", "sentence_begins", "sentence_end", "skip", "tidy", "wording"]

#: the mark of an item of a list, at the beginning of its line or in the middle of one
BULLET = regex.compile(r"(?:(?<=[\s:])|^)[-–•*▪●◦·\ue000-\uf8ff]\s+(?=[\p{L}\d”\"(])")
#: the stop of a sentence (with the number of its footnote), or a blank line
SENTENCE_END = regex.compile(r"[.!?](?=\s+[\p{Lu}\d–•”\"-]|\s*$|\p{Lu}\p{Ll})|(?<=\p{L}{3})[.!?][\d¹²³⁰⁴-⁹]{1,2}(?=\s+\p{Lu})|\n\s*\n")
#: the gap before a capitalised word that no mark precedes: in running text a title may end there and its sentence begin
CAPITAL = regex.compile(r"(?<=[\p{Ll}\d)”\"]|\p{Lu}{2})\s+(?=\p{Lu}\p{Ll}+\b|\p{Lu}-\p{Ll}|I\s\p{Lu})")
_RUNS_ON = regex.compile(
    r"(?<!\w)(?:i|på|av|för|med|till|från|(?<!året )om|och|samt|eller|en|ett|den|det|de|som|att|hos|vid|inom|under|mot"
    r"|mellan|enligt|ur|per|via|än|är|ska|vår|våra|målet|–|-)$"
)
_LETTER = regex.compile(r"\p{L}")
_OTHER = regex.compile(r"\W+")


class Spans:
    """Parts of a text, asked whether one of them meets another part."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def meet(self, start: int, end: int) -> bool:
        """Whether ``start:end`` and one of the parts have a character in common."""
        i = bisect_left(self._starts, end) - 1
        return i >= 0 and self._ends[i] > start


def skip(text: str, at: int) -> int:
    """The offset of the first character from `at` on that is no white space."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def tidy(text: str, start: int, end: int) -> int:
    """The end of `start:end` without the white space that closes it."""
    return start + len(text[start:end].rstrip())


def sentence_end(text: str, start: int, stop: int) -> int:
    """Where the sentence at `start` ends, its mark included; `stop` where it does not before."""
    found = SENTENCE_END.search(text, start, min(stop, len(text)))
    return found.end() if found is not None else min(stop, len(text))


def runs_on(text: str, start: int, at: int) -> bool:
    """Whether the words of `start:at` end with one that needs another: what follows is a name, not a new sentence."""
    return _RUNS_ON.search(text, max(start, at - 12), at) is not None


def sentence_begins(text: str, start: int, stop: int, vocabulary: Vocabulary) -> bool:
    """Whether a sentence begins at `start`: a finite verb stands in it, before `stop`."""
    return vocabulary["actions", "finite"].search(text, start, sentence_end(text, start, min(stop, start + 250))) is not None


def letters(text: str) -> int:
    """How many letters a text has."""
    return len(_LETTER.findall(text))


def wording(text: str) -> str:
    """The form in which two wordings are the same: without case, marks, white space and a leading "att"."""
    return _OTHER.sub("", fold(text)).removeprefix("att")
