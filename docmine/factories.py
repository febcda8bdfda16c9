"""docmine's rules as components of a spaCy pipeline of one's own.

    >>> import spacy
    >>> nlp = spacy.blank("sv")
    >>> _ = nlp.add_pipe("docmine_amounts")
    >>> doc = nlp("Nämnden redovisar ett underskott om 3,5 miljoner kronor.")
    >>> [(span._.docmine["value"], span._.docmine["unit"]) for span in doc.spans["docmine_amounts"]]
    [(-3.5, 'mnkr')]

Each component reads the text of a doc as a report, without its other papers, pages or layout, and puts what it finds into
``doc.spans``; ``span._.docmine`` holds the values by the names of the columns of docmine's tables. A span
is widened to whole tokens. The name of the spans is that of the component. ``config={"vocabulary": "words.toml"}`` adds words of
one's own (``docs/vocabulary.md``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import lru_cache
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from docmine.additions import open_vocabulary
from docmine.extract.actions import find_actions
from docmine.extract.amounts import find_amounts
from docmine.extract.goals import find_goals
from docmine.extract.indicators import find_indicators
from docmine.extract.status import verdicts
from docmine.facts import find_facts, vocabulary_for
from docmine.load.pieces import Draft, Piece
from docmine.records import Facts, Finding, Report
from docmine.segment import segment
from docmine.vocabulary import Vocabulary

__all__ = ["make_actions", "make_amounts", "make_goals", "make_indicators", "make_status"]

Find = Callable[[Report, Facts, Vocabulary], Iterable[Finding]]

_PLACE = {"start", "end"}
_CONFIG = {"vocabulary": None}

if not Span.has_extension("docmine"):
    Span.set_extension("docmine", default=None)


@lru_cache(maxsize=1)
def _report(text: str, vocabulary: Vocabulary) -> tuple[Report, Facts, Vocabulary]:
    """A text as a report of one page, its facts and its words; the components of one pipeline share them."""
    report = Draft([Piece(None, text)]).report("doc", "")
    vocabulary = vocabulary_for(report, vocabulary)
    report = segment(report, vocabulary)
    return report, find_facts(report, vocabulary), vocabulary


def _span(doc: Doc, start: int, end: int, values: dict[str, Any]) -> Span | None:
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is not None:
        span._.docmine = values
    return span


def _component(name: str, find: Find, words: str | None) -> Callable[[Doc], Doc]:
    vocabulary = open_vocabulary(words)

    def component(doc: Doc) -> Doc:
        found = find(*_report(doc.text, vocabulary))
        spans = (_span(doc, f.start, f.end, _values(f)) for f in found)
        doc.spans[name] = [s for s in spans if s is not None]
        return doc

    return component


def _values(finding: Finding) -> dict[str, Any]:
    return {f.name: getattr(finding, f.name) for f in fields(finding) if f.name not in _PLACE}


@Language.factory("docmine_amounts", default_config=_CONFIG)
def make_amounts(nlp: Language, name: str, vocabulary: str | None) -> Callable[[Doc], Doc]:
    """Amounts of money in prose: ``label``, ``kind``, ``value``, ``unit``, ``year`` …"""
    return _component(name, find_amounts, vocabulary)


@Language.factory("docmine_indicators", default_config=_CONFIG)
def make_indicators(nlp: Language, name: str, vocabulary: str | None) -> Callable[[Doc], Doc]:
    """Values of indicators: ``name``, ``measure``, ``value``, ``unit``, ``comparator``, ``year`` …"""
    return _component(name, find_indicators, vocabulary)


@Language.factory("docmine_goals", default_config=_CONFIG)
def make_goals(nlp: Language, name: str, vocabulary: str | None) -> Callable[[Doc], Doc]:
    """Stated goals: ``text``, ``level``, ``status`` …"""
    return _component(name, find_goals, vocabulary)


@Language.factory("docmine_actions", default_config=_CONFIG)
def make_actions(nlp: Language, name: str, vocabulary: str | None) -> Callable[[Doc], Doc]:
    """Things to be done: ``text``, ``type``, ``status``, ``responsible`` …"""
    return _component(name, find_actions, vocabulary)


@Language.factory("docmine_status", default_config=_CONFIG)
def make_status(nlp: Language, name: str, vocabulary: str | None) -> Callable[[Doc], Doc]:
    """Sentences that judge: ``status``, ``about`` and the words that say it."""
    words = open_vocabulary(vocabulary)

    def component(doc: Doc) -> Doc:
        found = verdicts(doc.text, 0, len(doc.text), words)
        spans = (
            _span(doc, start, end, {"status": v.code, "about": v.about, "status_text": v.text, "confidence": v.confidence})
            for start, end, v in found
        )
        doc.spans[name] = [s for s in spans if s is not None]
        return doc

    return component
