"""What the words around a figure say: the name of the measure, a group of it, target or outcome, and whether it points back.

A *head* is the text before a figure, back to the figure or clause before; a *tail* is what follows the figure in its clause.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import regex

from docmine.records import fold
from docmine.swedish import find_periods
from docmine.vocabulary import Terms, Vocabulary, pattern_of

__all__ = ["Phrase", "Tail", "Words", "read_head", "read_tail", "words_of"]

_I = regex.IGNORECASE
_ABOUT = r"(?:för|av|gällande|avseende|på|kring|inom|i|hos|bland|när\s+det\s+gäller|vad\s+gäller|angående)"
_PREPOSITIONS = r"till|från|på|om|med|av|för|mellan|i|inom|vid|kring|hos|mot|per|sedan|över|under|än"
_LOOSE = r"och|men|samt|att|ett|en|den|det|de|nu|upp|ner|ned|ut|sin|sitt|sina|som|vilket|inte|även|dock|så|då|där|utan"
_THAT = regex.compile(r"(?<!(?<!\w)(?:för|av|till|genom|om|med|utan|efter|på|i|kan|som))\s+att(?!\w)", _I)
_RELATIVE = regex.compile(r"(?<!\w)(?:som|där|vilka|vars|hur|vad|när|om)(?:\s+(?:inte|idag|också|även|har|hade|du|de|man))?\s*$", _I)
_ADVERBIAL = regex.compile(
    rf"\W*(?:(?:{_LOOSE})\s+)?(?:i|inom|för|på|hos|vid|under|av|per|till\s+och\s+med|t\.?\s?o\.?\s?m\.?|från|efter|bland|enligt|med|utifrån|sedan"
    r"|genom|trots|gällande|avseende|när\s+det\s+gäller|vad\s+gäller|om|totalt|sammanvägt|sammantaget)(?!\w)",
    _I,
)
_ABOUT_CUE = regex.compile(rf"\s+{_ABOUT}(?=\s\S)", _I)
_GROUP = regex.compile(rf"\s*(?:positiv\w*\s+sva\w+,?\s*)?(?:{_ABOUT})\s+(?=\S)", _I)
_OF = regex.compile(r"\s*av\s+(?=\S)", _I)
_BEFORE_TIME = regex.compile(
    r"(?:(?<!\w)(?:under|i|per|för|vid|den|från|sedan|sista|till\s+och\s+med|t\.?o\.?m\.?|åren?|av|perioden|och|mellan)\s+)+$", _I
)
_CLOSED = regex.compile(r"\s*\((?=[^()]*(?:\d|snitt|genomsnitt))[^()]*\)")


class Words(NamedTuple):
    """The vocabulary of the running text, compiled."""

    cue: Terms
    change: Terms
    benchmark: Terms
    verb: regex.Pattern[str]
    modal: regex.Pattern[str]
    measure: regex.Pattern[str]
    survey: regex.Pattern[str]
    length: regex.Pattern[str]
    group: regex.Pattern[str]
    story: regex.Pattern[str]
    label: regex.Pattern[str]
    label_before: regex.Pattern[str]
    owner: regex.Pattern[str]
    lead: regex.Pattern[str]
    trail: regex.Pattern[str]
    back: Terms
    unit_noun: Terms
    per_noun: Terms


class Phrase(NamedTuple):
    """What a head says. ``back`` marks a subject that points to a measure named before; ``predicated`` one that has a verb."""

    name: str | None
    group: str | None
    cue: str | None
    back: bool
    predicated: bool


class Tail(NamedTuple):
    """What a tail says: the part of a whole (``av eleverna``), a measure, a group, a predicate; ``end`` is where it ends."""

    part: str | None
    measure: str | None
    group: str | None
    predicate: str | None


def _any(*terms: tuple[str, ...]) -> str:
    forms = sorted({f for fs in terms for f in fs}, key=len, reverse=True)
    return "(?:" + "|".join(map(pattern_of, forms)) + ")"


@lru_cache(maxsize=4)
def words_of(vocabulary: Vocabulary) -> Words:
    """The matchers that `read_head` and `read_tail` need, compiled once a vocabulary."""

    def pattern(group: str, *codes: str) -> str:
        return _any(*(vocabulary["indicators", group][c] for c in codes))

    filler = pattern("filler", "adverb")
    return Words(
        cue=vocabulary["indicators", "cue"],
        change=vocabulary["indicators", "change"],
        benchmark=vocabulary["indicators", "benchmark"],
        verb=regex.compile(pattern("verb", "state", "modal"), _I),
        modal=regex.compile(rf"\s*{pattern('verb', 'modal')}", _I),
        measure=regex.compile(pattern("noun", "measure", "survey"), _I),
        survey=regex.compile(pattern("noun", "survey"), _I),
        length=regex.compile(pattern("length", "time"), _I),
        group=regex.compile(pattern("group", "people", "part"), _I),
        story=regex.compile(rf"[\s-]*(?:av\s+en\s+)?{pattern('story', 'after')}", _I),
        label=regex.compile(rf"^\s*{pattern('noun', 'label')}(?:\s+(?:mäter|avser|visar|om))?(?=\s)", _I),
        label_before=regex.compile(rf"{pattern('story', 'before')}\s*$", _I),
        owner=regex.compile(pattern("noun", "owner"), _I),
        lead=regex.compile(rf"^(?:[^\w%]++|(?<!\w)(?:{_LOOSE}|till|från|har|ska|kan|per)(?!\w)|{filler})+", _I),
        trail=regex.compile(rf"(?:[^\w%)]++|(?<!\w)(?:{_LOOSE}|{_PREPOSITIONS})(?!\w)|{filler}|{pattern('verb', 'state', 'modal')})+$", _I),
        back=vocabulary["indicators", "anaphor"],
        unit_noun=vocabulary["units", "noun"],
        per_noun=vocabulary["units", "per_noun"],
    )


def clean(text: str, words: Words) -> str | None:
    """A noun phrase without times, fillers and the small words around it; None if nothing remains."""
    text = _CLOSED.sub("", text)
    for period in reversed(list(find_periods(text))):
        before = _BEFORE_TIME.sub("", text[: period.start])
        text = f"{before} {text[period.end :]}"
    while True:
        shorter = words.trail.sub("", words.lead.sub("", text))
        if shorter == text:
            break
        text = shorter
    text = " ".join(text.split())
    return text if any(c.isalpha() for c in text) else None


def _verb(text: str, words: Words) -> regex.Match[str] | None:
    """The clause's verb: the one before a cue word if there is such, else the first that is in no relative clause."""
    first = None
    for found in words.verb.finditer(text):
        if _RELATIVE.search(text, 0, found.start()):
            continue
        after = words.cue.search(text, found.end(), found.end() + 40)
        if after is not None and not text[found.end() : after[1]].strip():
            return found
        first = first or found
    return first


def _cue(text: str, words: Words) -> str | None:
    """Target or outcome: the last word that tells, but a target that the result is only held against yields to it."""
    found = list(words.cue.finditer(text))
    if not found:
        return None
    targets = [f for f in found if f[0] == "target"]
    if targets and found[-1][0] == "outcome":
        between = text[targets[-1][2] : found[-1][1]]
        if regex.search(r"(?<!\w)(?:med|genom|men|och)(?!\w)", between):
            return "outcome"
    return "target" if targets else found[-1][0]


def _about(text: str, words: Words) -> tuple[str | None, bool]:
    """The measure that a subject names, and whether the subject is a cue word that points back instead."""
    cue = next((c for c in words.cue.finditer(text)), None)
    if cue is not None:
        last = list(words.cue.finditer(text))[-1]
        about = _ABOUT_CUE.match(text, cue[2])
        if about is not None:
            name = clean(text[about.end() :], words)
            if name is not None:
                return (None, True) if words.back.code(name) else (name, False)
        left = clean(text[: last[1]], words)
        left = clean(words.owner.sub("", left), words) if left else None
        if left is not None and (len(left.split()) > 1 or words.measure.search(left)):
            return left, False
        return None, True
    name = clean(words.label.sub("", text), words)
    if name is None:
        return None, False
    return (None, True) if words.back.code(name) else (name, False)


def read_head(head: str, words: Words) -> Phrase:
    """Read the text before a figure."""
    pre, post = "", head
    cuts = list(_THAT.finditer(head))
    if cuts:
        pre, post = head[: cuts[-1].start()], head[cuts[-1].end() :]
    cue = _cue(head, words)
    name, group, back, predicated = _clause(post, words)
    if pre:
        other, other_group, other_back, other_verb = _clause(pre, words)
        predicated = predicated or other_verb
        if _cue(pre, words) is None and name is None and not other_back:
            other = None  # "Detta innebär att": who says it is not what is measured
            back = True
        if name is None:
            name, back = other, back or other_back
        elif back and other:
            name = other
        group = group or (other_group if _cue(pre, words) else None)
    return Phrase(name, group, cue, back and name is None, predicated)


def _clause(text: str, words: Words) -> tuple[str | None, str | None, bool, bool]:
    """Name, group, points back, has a verb."""
    verb = _verb(text, words)
    if verb is None:
        if _ADVERBIAL.match(text) and words.cue.search(text) is None:
            return None, clean(_GROUP.sub("", text, count=1), words), False, False
        name, back = _about(text, words)
        return name, None, back, False
    before, after = text[: verb.start()], text[verb.end() :]
    group = None
    if _ADVERBIAL.match(before) and words.cue.search(before) is None or clean(before, words) is None:
        group = clean(_ADVERBIAL.sub("", before, count=1), words)
        name, back = _about(after, words)
        return name, group, back, True
    name, back = _about(before, words)
    rest = after
    cue = words.cue.search(after)
    if cue is not None:
        about = _ABOUT_CUE.match(after, cue[2])
        rest = after[about.end() :] if about else ""
    rest_name = clean(rest, words)
    if rest_name and len(rest_name.split()) <= 8 and words.cue.search(rest_name) is None:
        group = clean(_GROUP.sub("", f" {rest_name}", count=1), words)
    return name, group, back, True


def read_tail(tail: str, words: Words) -> Tail:
    """Read the text after a figure, up to the next clause."""
    of = _OF.match(tail)
    if of is not None:
        return Tail(clean(tail[of.end() :], words), None, None, None)
    group = _GROUP.match(tail)
    if group is not None:
        return Tail(None, None, clean(tail[group.end() :], words), None)
    first = tail.split(maxsplit=1)
    if first and words.measure.fullmatch(first[0].strip(",.;")):
        return Tail(None, clean(tail, words), None, None)
    people = words.group.match(tail.strip())
    if people is not None:
        return Tail(None, None, people.group(), None)
    if words.modal.match(tail) or words.verb.match(tail.lstrip()):
        return Tail(None, None, None, clean(words.verb.sub("", tail), words))
    return Tail(None, None, None, None)


def same(a: str, b: str) -> bool:
    """Whether two names are one but for case and white space."""
    return fold(a) == fold(b)
