"""Find goals that stand without a label, in the parts of a report that are about goals.

They are headings that are themselves norms ("Barns läslust ska öka"), and norms that stand right under a heading.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import NamedTuple

import regex

from docmine.extract.spans import BULLET, CAPITAL, SENTENCE_END, runs_on, sentence_begins, sentence_end, skip, tidy
from docmine.extract.status import Verdict, verdict, verdicts
from docmine.records import Facts, Report, Section
from docmine.vocabulary import Vocabulary

__all__ = [
    "FINITE",
    "LIST_END",
    "LONGEST",
    "SHORTEST_LETTERS",
    "Candidate",
    "clause_end",
    "find_norms",
    "has_modal",
    "is_measure",
    "is_plain_norm",
    "judges",
    "level_told",
    "norm_wording",
    "norms_in_a_row",
    "owner_of",
    "section_level",
]

#: a wording with fewer letters is none
SHORTEST_LETTERS = 6
#: how long the wording of a goal may be
LONGEST = 420
_LONGEST_SENTENCE, _LONGEST_BODY = 2000, 8000
#: words of the title of a goal, of a heading that names goals, of a norm that is a sentence
_LONGEST_TITLE, _HEADING_WORDS, _NORM_WORDS = 16, 4, 18
#: what ends an item of a list, but for the next one
LIST_END = regex.compile(r"\n\s*\n|[.!?:](?=\s)")
_CLAUSE = regex.compile(
    r",\s+(?:(?:vilket|vilka|varför|varav|och\s+detta|där|något\s+som|har|är|ska|kommer)\s|\p{Ll}+\s+(?P<subject>\p{Ll}+))|\s+\d{1,2}$|\s+och\s\p{Ll}+(?:[eoa]t|en|na)\s(?:är|har|var)\b"
)
#: how a sentence begins that tells when, where or why something shall be done
_ADVERBIAL = regex.compile(
    r"(?:Under|I|På|För|När|Om|Med|Vid|Från|Till|Inom|Inför|Efter|Då|Därför|Dessutom|Vidare|"
    r"Det(?! ska)|Detta|Den(?! som)|Denna|Dessa|Där)\b"
)
#: before the "ska" of a clause within the sentence: "vad som ska prioriteras"
_RELATIVE = regex.compile(r"\bsom\s$")
_INDENT = regex.compile(r"(?<=\n) (?=\p{Lu}[^\t\n]{10,300}(?:\n|$))")
#: a line that does not go on with the one before
_NEW_LINE = regex.compile(r"\n(?![ \t]{2,}\p{Ll})")
FINITE = regex.compile(r"\b(?:är|har|var|blev|ska|kan|kommer|finns|visar|innebär|får)\b")
_FIGURE = regex.compile(r"\d|\bprocent\b")


_NUMBERING = regex.compile(
    r"^(?:[-–•*▪●◦·\uf0b7\uf0a7]\s*|\d+[.)]\s+|\d+(?:\.\d+)*[.)]?\s+(?=\p{Lu})|(?:[Mm]ål|[Dd]elmål)\s*\d*\s*[:.–-]\s*)+"
)


class Candidate(NamedTuple):
    """A candidate: its span, level, the words that tell it, and how sure it is."""

    start: int
    end: int
    level: str
    level_text: str | None
    confidence: float
    rule: str
    verdict: Verdict | None = None


def find_norms(report: Report, facts: Facts, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """Headings that are norms, and norms that stand right under a heading, in the parts of a report that are about goals."""
    for start, end, section in _goal_parts(report):
        level, label = section_level(report, section, vocabulary)
        yield from _norms_in(report, facts, start, end, level, label, vocabulary)
        yield from _judged_headings(report, start, end, level, label, vocabulary)
        yield from _norms_in_a_row(report, start, end, vocabulary)
        yield from _listed_norms(report, start, end, vocabulary)


def _goal_parts(report: Report) -> Iterator[tuple[int, int, Section]]:
    """The parts of the text that belong to goals: sections of that type with all that is under them, joined.

    In running text a heading's level is unsure: the sections of no type that follow belong to the part, too.
    """
    at = -1
    for section in report.sections:
        if section.type != "goals" or section.subtree_end <= at:
            continue
        end = section.subtree_end
        for other in islice(report.sections.items, section.index + 1, None):
            if other.start >= end and (other.type not in ("other", "goals") or other.level < section.level or other.rule != "run-in"):
                break
            end = max(end, other.end)
        yield max(section.start, at), end, section
        at = end


def _within(report: Report, start: int, end: int, before: int = 0) -> tuple[Section, ...]:
    """The sections that begin in a part of the text, and as many before them: a report has too many to look at all for each part."""
    items = report.sections.items
    first = bisect_left(items, start, key=lambda s: s.start)
    return items[max(first - before, 0) : bisect_left(items, end, lo=first, key=lambda s: s.start)]


def section_level(report: Report, section: Section, vocabulary: Vocabulary) -> tuple[str, str | None]:
    """The level of the goals in a section, and the words of its heading or of one above it that tell it."""
    for part in reversed(report.sections.path(section)):
        noun = vocabulary["goals", "noun"].search(part.title)
        if noun is not None and noun[0] != "other":
            return level_told(noun[0], part.title, vocabulary), part.title[noun[1] : noun[2]]
        owner = owner_of(part.title, vocabulary)
        if owner is not None:
            return owner, part.title
    return "other", None


def _norms_in(
    report: Report, facts: Facts, start: int, end: int, level: str, label: str | None, vocabulary: Vocabulary
) -> Iterator[Candidate]:
    text = report.text
    near = _within(report, start, end, before=1)
    edges = {s.start for s in near if start <= s.start < end} | {s.body_start for s in near if start <= s.body_start < end}
    edges |= {start, end} | {m.end() for m in SENTENCE_END.finditer(text, start, end)}
    stops = sorted(edges)
    headings = {(s.start, s.body_start) for s in near}
    titled = {at for heading in headings for at in heading}
    items: list[Candidate] = []
    for left, stop in pairwise(stops):
        begin = skip(text, left)
        right = min(stop, begin + _LONGEST_SENTENCE)
        modals = [m for m in vocabulary["goals", "norm"].finditer(text, begin, right) if m[0] == "modal"]
        if not modals:
            items += _plain(report, begin, right, level, label, vocabulary)
            continue
        cuts = [m for m in CAPITAL.finditer(text, begin, right) if not runs_on(text, begin, m.start())]
        for modal in modals:
            line = text[begin:right].strip()
            if (left, right) in headings or (
                text[right - 1] == "\n" and "\n" not in line and line[-1:].isalnum() and len(line.split()) <= 14
            ):
                item = (
                    None
                    if vocabulary["goals", "doer"].search(text, begin, modal[1])
                    else Candidate(begin, tidy(text, begin, right), "other", None, 0.7, "norm")
                )
            else:
                item = _norm(text, (begin, right), modal, cuts, left in titled, facts, vocabulary)
            if item is not None:
                items.append(item)
                break
    for i, item in enumerate(items):
        nxt = items[i + 1].start if i + 1 < len(items) else end
        told, words = _norm_level(report, item, min(nxt, item.end + 700), start, vocabulary)
        yield item._replace(level=told or level, level_text=words or label)


def _judged_headings(report: Report, start: int, end: int, level: str, label: str | None, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """Headings that are short titles of goals, as the text under them tells whether "målet" is reached.

    Under a heading that names goals ("Nämndens mål") the verdict may stand anywhere in the text, elsewhere only at its beginning.
    """
    text = report.text
    for section in _within(report, start, end):
        title_end = section.start + len(text[section.start : section.body_start].rstrip())
        if section.type != "other" or not 2 <= len(section.title.split()) <= _LONGEST_TITLE or section.rule == "preamble":
            continue
        parent = report.sections[section.parent] if section.parent is not None else None
        named = parent is not None and _names_goals(parent.title, vocabulary) and section.rule != "run-in"
        told_level, told_label = section_level(report, section, vocabulary) if named else (level, label)
        body = skip(text, section.body_start)
        stop = min(section.subtree_end, body + _LONGEST_BODY) if named else sentence_end(text, body, min(section.end, body + 200))
        for a, b, found in verdicts(text, body, stop, vocabulary):
            lead = vocabulary["status", "lead"].pattern.match(text, skip(text, a), b)
            if found.about == "goal" and (lead is not None or judges(text[a:b], vocabulary)):
                yield Candidate(section.start, title_end, told_level, told_label, 0.6, "heading", found)
                break


def _names_goals(title: str, vocabulary: Vocabulary) -> bool:
    """Whether a heading is that of goals: the noun with its owner, and nothing else."""
    noun = vocabulary["goals", "noun"].search(title)
    return noun is not None and len(title.split()) <= _HEADING_WORDS and (noun[0] != "other" or owner_of(title, vocabulary) is not None)


def _norms_in_a_row(report: Report, start: int, end: int, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """Sentences one after the other that are norms, under a heading that names goals.

    Those that set figures are goals where they begin a paragraph or a sentence announces them; what a paragraph closes with are targets.
    """
    text = report.text
    for section in _within(report, start, end):
        if not _names_goals(section.title, vocabulary):
            continue
        level, label = section_level(report, section, vocabulary)
        run: list[Candidate] = []
        at = skip(text, section.body_start)
        led = True
        while at < section.end:
            stop = sentence_end(text, at, min(section.end, at + LONGEST))
            item = Candidate(at, tidy(text, at, stop), level, label, 0.6, "norm") if is_plain_norm(text, at, stop, vocabulary) else None
            if item is not None:
                run.append(item)
            else:
                yield from _goals_of(text, run, led)
                run = []
                led = vocabulary["goals", "noun"].search(text, at, stop) is not None
            at = skip(text, stop)
            led = led or (not run and "\n\n" in text[stop - 1 : at])
        yield from _goals_of(text, run, led)


def _goals_of(text: str, run: list[Candidate], led: bool) -> list[Candidate]:
    """The norms of a run that are goals: none where it is one alone, nor targets that nothing led in."""
    return run if len(run) > 1 and (led or not all(_FIGURE.search(text, item.start, item.end) for item in run)) else []


def norms_in_a_row(text: str, start: int, end: int, vocabulary: Vocabulary) -> list[tuple[int, int]]:
    """The sentences from an offset on that are norms, up to the first that is none."""
    found: list[tuple[int, int]] = []
    at = skip(text, start)
    while at < end:
        stop = sentence_end(text, at, min(end, at + LONGEST))
        if text[stop - 1] != "." or not is_plain_norm(text, at, stop, vocabulary):
            break
        found.append((at, tidy(text, at, stop)))
        at = skip(text, stop)
    return found


def is_plain_norm(text: str, start: int, stop: int, vocabulary: Vocabulary) -> bool:
    """Whether a sentence as a whole is a short norm: who or what first, then "ska", then what shall be reached."""
    if len(text[start:stop].split()) > _NORM_WORDS or _ADVERBIAL.match(text, start) or not text[start].isupper():
        return False
    modals = (m for m in vocabulary["goals", "norm"].finditer(text, start, stop) if m[0] == "modal")
    modal = next((m for m in modals if _RELATIVE.search(text, start, m[1]) is None), None)
    if (
        modal is None
        or vocabulary["goals", "doer"].search(text, start, modal[1])
        or vocabulary["goals", "noun"].search(text, start, modal[1])
    ):
        return False
    return vocabulary["goals", "deed"].pattern.match(text, skip(text, modal[2])) is None and CAPITAL.search(text, modal[2], stop) is None


def _listed_norms(report: Report, start: int, end: int, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """Norms in a section whose heading names goals, each with a bullet or the space that a lost one left."""
    text = report.text
    for section in _within(report, start, end):
        noun = vocabulary["goals", "noun"].search(section.title)
        if noun is None:
            continue
        level = level_told(noun[0], section.title, vocabulary)
        for mark in (*BULLET.finditer(text, section.body_start, section.end), *_INDENT.finditer(text, section.body_start, section.end)):
            close = LIST_END.search(text, mark.end(), min(section.end, mark.end() + LONGEST))
            stop = close.start() if close else min(section.end, mark.end() + LONGEST)
            following = BULLET.search(text, mark.end(), stop) or _INDENT.search(text, mark.end(), stop)
            stop = tidy(text, mark.end(), following.start() if following else stop)
            modal = next((m for m in vocabulary["goals", "norm"].finditer(text, mark.end(), stop) if m[0] == "modal"), None)
            if (
                modal is not None
                and not vocabulary["goals", "doer"].search(text, mark.end(), modal[1])
                and not vocabulary["goals", "noun"].search(text, mark.end(), modal[1])
                and vocabulary["actions", "doing"].pattern.match(text, mark.end()) is None
                and _NEW_LINE.search(text, mark.end(), stop) is None
            ):
                yield Candidate(mark.end(), stop, level, section.title, 0.65, "list")


def _norm(
    text: str,
    span: tuple[int, int],
    modal: tuple[str, int, int],
    cuts: list[regex.Match[str]],
    titled: bool,
    facts: Facts,
    vocabulary: Vocabulary,
) -> Candidate | None:
    """The norm around a "ska": from the heading before it, to where its title or its sentence ends."""
    begin, right = span
    before = [m.end() for m in cuts if m.end() <= modal[1]]
    after = [m.start() for m in cuts if m.start() >= modal[2]]
    clause = clause_end(text, modal[2], right, vocabulary)
    at = before[-1] if before else begin
    titled_by_cut = bool(after) and after[0] < clause
    if not _is_norm(text[at : modal[1]], facts, vocabulary) and not (
        titled_by_cut and _is_loose_norm(text, begin, at, modal, after[0], right, vocabulary)
    ):
        return None
    if titled_by_cut:
        if not titled and _FIGURE.search(text, modal[2], after[0]):
            return None  # a target that a paragraph tells of, without its stop
        stop, sure = after[0], 0.65
    elif before or titled:
        stop, sure = clause, 0.6
    else:
        return None
    if vocabulary["goals", "deed"].pattern.match(text, skip(text, modal[2])) is not None:
        return None
    bullet = BULLET.search(text, modal[2], stop)
    stop = tidy(text, at, bullet.start() if bullet else stop)
    return Candidate(at, stop, "other", None, sure, "norm") if stop - at < LONGEST else None


def _is_loose_norm(text: str, begin: int, at: int, modal: tuple[str, int, int], end: int, stop: int, vocabulary: Vocabulary) -> bool:
    """Whether a heading that ran into its sentence is a norm, whatever its subject: short, no adverbial or figure, a sentence after it."""
    if at > begin:  # what stands before it must be a label
        labels = [b for _, _, b in vocabulary["goals", "noun"].finditer(text, begin, at)]
        if not labels or text[labels[-1] : at].strip():
            return False
    if not 4 <= len(text[at:end].split()) <= 14 or _ADVERBIAL.match(text, at) or _FIGURE.search(text, at, end):
        return False
    return vocabulary["goals", "doer"].search(text, at, modal[1]) is None and sentence_begins(text, end, stop, vocabulary)


def _is_norm(subject: str, facts: Facts, vocabulary: Vocabulary) -> bool:
    """Whether what stands before "ska" is someone or something that a goal is set for: the kommun, its people, a measure."""
    if len(subject.split()) > 10 or vocabulary["goals", "doer"].search(subject) or vocabulary["goals", "noun"].search(subject):
        return False
    return bool(vocabulary["goals", "norm"].search(subject)) or bool(facts.kommun and facts.kommun in subject)


def _norm_level(report: Report, item: Candidate, stop: int, floor: int, vocabulary: Vocabulary) -> tuple[str | None, str | None]:
    """The level of a norm under a heading, and the words that tell it.

    Its subject may tell; a norm that stands over a table of goals is the area that they belong to; else the last heading that names goals
    and their owner tells it.
    """
    text = report.text
    if owner_of(" ".join(text[item.start : item.start + 40].split()[:2]), vocabulary) == "board":
        return "board", None
    cells = list(vocabulary["goals", "head"].finditer(text, item.end, stop))
    area = any(
        not text[one[2] : two[1]].strip() and not text[two[2] : three[1]].strip() and text[one[1]].isupper()
        for one, two, three in zip(cells, cells[1:], cells[2:], strict=False)
    )
    named = vocabulary["goals", "owner"].search(text, item.end, min(stop, item.end + 350))
    if area or (named is not None and named[0] == "focus_area"):
        return "focus_area", None
    for section in reversed([s for s in report.sections if floor <= s.start <= item.start]):
        noun = vocabulary["goals", "noun"].search(section.title)
        owner = vocabulary["goals", "owner"].search(section.title)
        if noun is not None and (owner is not None or noun[0] != "other"):
            whose = section.title[owner[1] : owner[2]] if owner is not None else ""  # the first: "Mål som fullmäktige tilldelat nämnden"
            return level_told(noun[0], whose, vocabulary), section.title
    return None, None


def _plain(report: Report, begin: int, right: int, level: str, label: str | None, vocabulary: Vocabulary) -> Iterator[Candidate]:
    """Goals without a modal: a short sentence that begins with "Öka" or "Minska", and a title whose sentence says that it is reached."""
    text = report.text
    sentence = text[begin:right].rstrip()
    words = sentence.split()
    if not words or not sentence.endswith((".", "!")):
        return
    code = vocabulary["goals", "norm"].code(words[0])
    if code == "direction" and 3 <= len(words) <= 16 and not FINITE.search(sentence):
        yield Candidate(begin, begin + len(sentence), level, label, 0.55, "norm")
        return
    noun = next((n for n in vocabulary["goals", "noun"].finditer(text, begin, right)), None)
    if noun is None or noun[1] == begin or not text[noun[1]].isupper():
        return
    title = text[begin : noun[1]].strip()
    if vocabulary["status", "lead"].search(title):
        return
    found = verdict(text[noun[1] : right], vocabulary)
    if found is not None and found.about == "goal" and 1 < len(title.split()) <= 10 and not FINITE.search(title):
        yield Candidate(begin, begin + len(title), level, label, 0.6, "norm", found)


def clause_end(text: str, start: int, stop: int, vocabulary: Vocabulary) -> int:
    """Where the wording of a goal ends within its sentence: before ", vilket …" or ", arbetar förvaltningen …"."""
    for mark in _CLAUSE.finditer(text, start, stop):
        if (
            mark["subject"] is None
            or vocabulary["goals", "doer"].code(mark["subject"])
            or vocabulary["goals", "owner"].code(mark["subject"])
        ):
            return mark.start()
    return stop


def owner_of(words: str, vocabulary: Vocabulary) -> str | None:
    """The level of the last one in some words who can have a goal; None where there is nobody."""
    found = None
    for code, *_ in vocabulary["goals", "owner"].finditer(words):
        found = code
    return found


def level_told(code: str, words: str, vocabulary: Vocabulary) -> str:
    """The level that a goal noun and the words of its label tell: "Kommunfullmäktiges inriktningsmål" are the council's."""
    owner = owner_of(words, vocabulary) if code in ("other", "board") else None
    if code == "other":
        return owner or "other"
    return "council" if owner == "council" else code


def judges(sentence: str, vocabulary: Vocabulary) -> bool:
    """Whether a sentence is about the goal as a whole: it, or who has it, is among its first words."""
    head = " ".join(sentence.split()[:4])
    return vocabulary["goals", "noun"].search(head) is not None or vocabulary["goals", "owner"].search(head) is not None


def has_modal(text: str, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Whether a wording says what shall be."""
    return any(code == "modal" for code, *_ in vocabulary["goals", "norm"].finditer(text, start, end))


def is_measure(text: str, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Whether a wording is the name of a measure: "Andel nöjda elever"; but "Andelen nöjda elever ska öka" is a goal."""
    return vocabulary["goals", "measured"].pattern.match(text, start, end) is not None and not has_modal(text, start, end, vocabulary)


def norm_wording(text: str) -> str:
    """The norm itself: in one line, without bullet, number, label and quotation marks."""
    return _NUMBERING.sub("", " ".join(text.split())).strip(' ,;:–”"“»«')
