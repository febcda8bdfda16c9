"""Find goals by what follows them: norms that the same words judge or measure again and again.

"Alla barn ska lära sig simma. Måluppfyllelse: Delvis. … Köerna ska bli kortare. Måluppfyllelse: Nej." needs no word that says
"goal": where the same lead, or a sentence about "målet", follows one norm after the other, these are the goals.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

import regex

from docmine.extract.labels import find_labels
from docmine.extract.norms import LONGEST, Candidate, is_plain_norm, section_level
from docmine.extract.spans import CAPITAL, SENTENCE_END, runs_on, sentence_end, skip, tidy
from docmine.extract.status import Verdict, clause_verdict, stated
from docmine.records import Report
from docmine.vocabulary import Vocabulary

__all__ = ["paired"]

#: so many norms before the same lead are goals
_USUAL = 2
#: a line that does not go on with the one before
_STOPPED = regex.compile(r"[.!?]\s*$")
_LINE = regex.compile(r"\n(?=\s*[^\p{Ll}\s])")


def paired(report: Report, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """Norms that stand before the same lead, one after the other: what judges them ("Måluppfyllelse: …", "Målet är …") or measures them."""
    text = report.text
    ends = sorted(label.end for label in find_labels(text, vocabulary))
    found: dict[str, list[Candidate]] = defaultdict(list)
    for key, at, told in chain(_leads(text, vocabulary), _judgements(text, vocabulary)):
        start = _wording_start(report, at, ends, vocabulary)
        if start is None or not is_plain_norm(text, start, end := tidy(text, start, at), vocabulary):
            continue
        section = report.sections.at(start)
        level, words = section_level(report, section, vocabulary) if section is not None else ("other", None)
        found[key].append(Candidate(start, end, level, words or "mål", 0.65, "norm", told))
    for norms in found.values():
        if len({norm.start for norm in norms}) >= _USUAL:
            yield from norms


def _leads(text: str, vocabulary: Vocabulary) -> Iterator[tuple[str, int, Verdict | None]]:
    """Words before a colon that lead in a verdict or a measure, each with its offset and the verdict."""
    for _, a, b in vocabulary["goals", "measure"].finditer(text):
        if text[a].isupper() and text[b : b + 1] == ":":
            yield text[a:b].casefold(), a, None
    for _, a, b in vocabulary["status", "lead"].finditer(text):
        if text[a].isupper() and text[b : b + 1] == ":":
            stop = sentence_end(text, b + 1, b + LONGEST)
            yield text[a:b].casefold(), a, stated(text, a, stop, vocabulary) or clause_verdict(text, b + 1, stop, vocabulary)


def _judgements(text: str, vocabulary: Vocabulary) -> Iterator[tuple[str, int, Verdict | None]]:
    """Sentences that begin with "Målet" and judge it."""
    for _, a, b in vocabulary["goals", "noun"].finditer(text):
        if not text[a].isupper() or text[b - 2 : b] != "et" or _STOPPED.search(text, max(0, a - 4), a) is None:
            continue
        told = clause_verdict(text, a, sentence_end(text, a, a + LONGEST), vocabulary)
        if told is not None:
            yield text[a:b].casefold(), a, told


def _wording_start(report: Report, at: int, labels: list[int], vocabulary: Vocabulary) -> int | None:
    """Where the wording begins that ends before an offset: after the sentence, the label, the heading or the line before it."""
    text = report.text
    floor = max(0, at - LONGEST)
    end = tidy(text, floor, at)
    modals = [a for code, a, _ in vocabulary["goals", "norm"].finditer(text, floor, end) if code == "modal"]
    if not modals:
        return None
    section = report.sections.at(end - 1)
    starts = [
        floor,
        *(m.end() for m in SENTENCE_END.finditer(text, floor, end - 1)),
        *(m.end() for m in _LINE.finditer(text, floor, end - 1)),
    ]
    starts += labels[bisect_left(labels, floor) : bisect_left(labels, modals[-1])]
    if section is not None:
        starts += [s.body_start for s in report.sections.path(section) if s.body_start < modals[-1]]
    start = skip(text, max(starts))
    gaps = [gap.end() for gap in CAPITAL.finditer(text, start, modals[-1]) if not runs_on(text, start, gap.start())]
    return gaps[-1] if gaps else start
