"""What the words around a figure say: the name of the measure, a group of it, target or outcome, and whether it points back.

A *head* is the text before a figure, back to the figure or clause before; a *tail* is what follows the figure in its clause.
Read `read_head` first, then `_clause`, which tells subject from object by the verb and by what comes first (Swedish puts the
subject behind the verb where anything else stands in front).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import regex

from docmine.extract.infinitives import infinitive_pattern
from docmine.records import fold
from docmine.swedish import ARTICLES, find_periods, number_words
from docmine.vocabulary import Terms, Vocabulary, pattern_of

__all__ = ["Phrase", "Tail", "Words", "clean", "cues_in", "read_head", "read_tail", "timeless", "words_of"]

_I = re.IGNORECASE
_ABOUT = r"(?:för|av|gällande|avseende|på|kring|inom|i|hos|bland|när\s+det\s+gäller|vad\s+gäller|angående)"
_PREPOSITIONS = r"till|från|på|om|med|av|för|mellan|i|inom|vid|kring|hos|mot|per|sedan|över|under|än|enligt|jämfört|jämföra"
_LOOSE = (
    r"och|men|samt|att|ett|en|den|det|de|nu|upp|ner|ned|ut|sin|sitt|sina|som|vilket|detta|denna|dessa|inte|även|dock|så|då|där|utan"
    r"|därav|eller"
)
_BEFORE_NAME = r"eftersom|till|från|har|ska|skulle|kan|kunna|per|utifrån|förhållande|mot|jämfört|jämföra|med|om|strax|medan|totalt"
_LEADING = f"{_LOOSE}|{_BEFORE_NAME}".split("|")
_TRAILING = f"{_LOOSE}|{_PREPOSITIONS}".split("|")
_MARKS = " ,;:.!?()[]\"”“'–-•*▪/"
_LETTERS = regex.compile(r"\p{L}.*\p{L}", regex.DOTALL)
_THAT = regex.compile(r"\s+att\s+(?P<next>\w+)?", _I)
_WHO_SAYS = regex.compile(r"(?<!\w)som(?:\s+\w+){1,3}$", _I)
_ASIDE = re.compile(r",\s+(?:vilk\w+|som|där)\s.*$", _I | re.DOTALL)
_RELATIVE = re.compile(r"(?<!\w)(?:som|att|där|vilka|vars|hur|vad|när|om)(?:\s+(?:inte|idag|också|även|har|hade|du|de|man|det))?\s*$", _I)
_ADVERBIAL = regex.compile(
    rf"\W*(?:(?:{_LOOSE})\s+)?(?:i|inom|för|på|hos|vid|under|av|per|till\s+och\s+med|t\.?\s?o\.?\s?m\.?|från|efter|bland|enligt|med|utifrån|sedan"
    r"|genom|trots|gällande|avseende|när\s+det\s+gäller|vad\s+gäller|om|hittills)(?!\w)",
    _I,
)
_EACH = re.compile(r"\W*(?:respektive|samtliga|båda|varje)(?!\w)", _I)
_FOR_TO = regex.compile(r"\W*\w+\s+att(?!\w)", _I)
_CONJUNCTION = re.compile(r"\W*(?:och|men|samt|utan|eller|som|vilket|detta|det)(?!\w)", _I)
_ON = re.compile(r"\s(?:på|om|med)(?!\w)", _I)
_ABOUT_CUE = regex.compile(rf"\s+{_ABOUT}(?=\s\S)", _I)
_GROUP = regex.compile(rf"\s*(?:(?<!\w)(?:positiv\w*+\s+sva\w++|nöjd\w*+),?\s*)?(?:{_ABOUT})\s+(?=\S)", _I)
_FOR_WHOM = regex.compile(r"\s*som\s[^,.;]{0,60}?\s(?:för|på|av)\s+(?=\S)", _I)
_OF = re.compile(r"\s*av\s+(?=\S)", _I)
_PLACE = r"(?-i:\p{Lu})[\w-]+\s+(?:kommun|stad)(?!\w)"
_ANTECEDENT = regex.compile(r"(?P<who>\S+)\s+som\s+(?:har|hade|visar|redovisar|uppvisar)(?!\w)", _I)
_BEFORE_TIME = regex.compile(
    r"(?:(?<!\w)(?:under|i|per|för|vid|den|från|sedan|sista|till\s+och\s+med|t\.?o\.?m\.?|år(?:en|et)?|av|(?:slutet|början|mitten|utgången)\s+av|perioden|och|mellan)\s+){1,9}$",
    _I,
)
_CLOSED = regex.compile(r"\s*\((?=[^()]*(?:\d|snitt|genomsnitt))[^()]*\)")
_PARTICIPLE = regex.compile(r"\W{0,20}+\b\w+(?:at|ats|it|its|tt|tts|rt)(?=\s)", _I)
_YIELDS = regex.compile(r"(?<!\w)(?:med|genom|men|och)(?!\w)", _I)
_REACHED = regex.compile(
    r"(?<!\w)som\s+(?:(?:har|inte|ska|hade|också)\s+){0,3}(?:når|nått|nådde|nå|uppnår|uppnått|uppnådde|uppfyller|uppfyllt|klarar|klarat)\s+(?:\w+\s+)?$",
    _I,
)
_ALSO = re.compile(r"\W*även\s", _I)
_SAME_OF = regex.compile(r"\W*(?:\w+\s+)?motsvarande\s+(?:siffra|antal|andel|värde|nivå)\s+(?:inom|för|i|på|bland|hos|vid)\s+(?=\S)", _I)
_SOURCE = re.compile(r"\W*enligt(?!\w)", _I)
_SUBORDINATE = regex.compile(r"\W*(?:eftersom|även\s+om|när|om|då)(?!\w)", _I)


#: what may be cut off a phrase, as lists of words, the longest first, by the word that stands at its very end
_Fillers = dict[str, list[list[str]]]


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The vocabulary of the running text, compiled."""

    cue: Terms
    change: Terms
    benchmark: Terms
    average: Terms
    back: Terms
    unit_noun: Terms
    per_noun: Terms
    unitless: re.Pattern[str]
    verb: re.Pattern[str]
    modal: re.Pattern[str]
    measure: re.Pattern[str]
    measure_on: re.Pattern[str]
    money: re.Pattern[str]
    survey: re.Pattern[str]
    length: re.Pattern[str]
    group: re.Pattern[str]
    story: re.Pattern[str]
    weigh: re.Pattern[str]
    rank: re.Pattern[str]
    label: re.Pattern[str]
    label_before: re.Pattern[str]
    numbered: re.Pattern[str]
    opening: re.Pattern[str]
    counted: re.Pattern[str]
    nothing: re.Pattern[str]
    before_title: re.Pattern[str]
    owner: re.Pattern[str]
    agent: regex.Pattern[str]
    acting: re.Pattern[str]
    filler: re.Pattern[str]
    lead: _Fillers
    trail: _Fillers
    comparing: re.Pattern[str]
    source: re.Pattern[str]
    volume: re.Pattern[str]
    reported: re.Pattern[str]
    planned: re.Pattern[str]
    among: re.Pattern[str]
    whose: re.Pattern[str]
    than: re.Pattern[str]
    infinitive: regex.Pattern[str]
    wish: frozenset[str]


class Phrase(NamedTuple):
    """What a head says.

    ``back`` marks a subject that points to a measure named before, ``predicated`` a head with a verb, ``open`` one that ends
    in "att", so that the name follows the figure.
    """

    name: str | None
    group: str | None
    cue: str | None
    back: bool
    predicated: bool
    open: bool = False


class Tail(NamedTuple):
    """What a tail says: the part of a whole (``av eleverna``), a measure, a group, a predicate."""

    part: str | None = None
    measure: str | None = None
    group: str | None = None
    predicate: str | None = None


class _Clause(NamedTuple):
    name: str | None = None
    group: str | None = None
    back: bool = False
    verb: bool = False


@lru_cache(maxsize=4)
def words_of(vocabulary: Vocabulary) -> Words:
    """The matchers that `read_head` and `read_tail` need, compiled once a vocabulary."""

    def pattern(group: str, *codes: str) -> str:
        return pattern_of(*(form for code in codes for form in vocabulary["indicators", group][code]))

    def fillers(end: int, *codes: tuple[str, str], also: list[str]) -> _Fillers:
        every = {fold(form) for group, code in codes for form in vocabulary["indicators", group][code]}.union(also)
        found: _Fillers = {"": [[""]]}  # a token of marks alone
        for phrase in sorted((form.split() for form in every), key=len, reverse=True):
            found.setdefault(phrase[end], []).append(phrase)
        return found

    filler = pattern("filler", "adverb")
    earlier = rf"(?:{vocabulary['time', 'relative'].pattern.pattern}|(?:år\s+)?(?:19|20)\d\d|tidigare)"
    measure = pattern("noun", "measure", "survey")
    return Words(
        cue=vocabulary["indicators", "cue"],
        change=vocabulary["indicators", "change"],
        benchmark=vocabulary["indicators", "benchmark"],
        average=vocabulary["indicators", "average"],
        back=vocabulary["indicators", "anaphor"],
        unit_noun=vocabulary["units", "noun"],
        per_noun=vocabulary["units", "per_noun"],
        unitless=re.compile(vocabulary["units", "unitless"].pattern.pattern, re.IGNORECASE),
        verb=re.compile(pattern("verb", "state", "modal"), re.IGNORECASE),
        modal=re.compile(pattern("verb", "modal"), re.IGNORECASE),
        measure=re.compile(measure, re.IGNORECASE),
        measure_on=re.compile(rf"(?P<noun>{measure})\s+(?:på|om|(?<=avvikelse\s)med)(?:\W+{filler})*\W*$", re.IGNORECASE),
        money=re.compile(pattern("money", "noun"), re.IGNORECASE),
        survey=re.compile(pattern("noun", "survey"), re.IGNORECASE),
        length=re.compile(pattern("length", "time"), re.IGNORECASE),
        group=re.compile(pattern("group", "people", "part"), re.IGNORECASE),
        story=re.compile(rf"[\s-]{{0,9}}(?:av\s+en\s+)?{pattern('story', 'after')}", re.IGNORECASE),
        weigh=re.compile(pattern("story", "weigh"), re.IGNORECASE),
        rank=re.compile(rf"{pattern('story', 'rank')}(?:\s+{filler})*\s*$", re.IGNORECASE),
        label=re.compile(rf"^\s*{pattern('noun', 'label')}(?:\s+(?:mäter|avser|visar|om))?(?=\s)", re.IGNORECASE),
        label_before=re.compile(rf"{pattern('story', 'before')}\s*$", re.IGNORECASE),
        numbered=re.compile(
            rf"(?:(?P<kind>{pattern('story', 'numbered')})|{pattern('story', 'numbered_goal')})\s{{1,9}}"
            r"(?P<also>(?:\d{1,2}(?:\.\d{1,2})?\s?(?:,|och|samt|eller|[-–])\s?){1,6})?$",
            re.IGNORECASE,
        ),
        opening=re.compile(pattern("opening", "word"), re.IGNORECASE),
        before_title=re.compile(pattern("opening", "title"), re.IGNORECASE),
        counted=re.compile(
            rf"(?:{pattern_of(*(w for w in number_words() if w not in ARTICLES))}|(?:av|s)\s\d{{1,2}})\s+(?:\w+\s+)?$", re.IGNORECASE
        ),
        nothing=re.compile(rf"(?:{pattern('opening', 'nothing')}\s*)+", re.IGNORECASE),
        owner=re.compile(pattern("noun", "owner"), re.IGNORECASE),
        agent=regex.compile(rf"^\W*(?P<who>{pattern('noun', 'agent')}|{_PLACE})(?!\s+(?:för|av|i|inom|på)\s)", _I),
        acting=re.compile(rf"(?P<who>{pattern('noun', 'agent')})", re.IGNORECASE),
        filler=re.compile(rf"^(?:\W++|{filler})+", re.IGNORECASE),
        lead=fillers(0, ("filler", "adverb"), ("verb", "wish"), also=_LEADING),
        trail=fillers(-1, ("filler", "adverb"), ("verb", "state"), ("verb", "modal"), ("verb", "wish"), also=_TRAILING),
        infinitive=infinitive_pattern(vocabulary),
        wish=frozenset(vocabulary["indicators", "verb"]["wish"]),
        than=re.compile(rf"\s*{pattern('than', 'any')}\s+än\s+(?:(?:för|i|vid|under|vad)\s+)?{earlier}", re.IGNORECASE),
        source=re.compile(
            r"\s{0,9}(?:(?:den|årets|vårens|höstens)\s{1,9})?(?:(?:senaste|nya|nationella|årliga)\s{1,9}){0,3}"
            rf"{pattern('noun', 'survey')}[\s:,]{{0,9}}",
            re.IGNORECASE,
        ),
        volume=re.compile(rf"\s*(?P<noun>{pattern('volume', 'noun')})", re.IGNORECASE),
        reported=re.compile(rf"(?:{pattern('volume', 'verb')}|{pattern('volume', 'plan')})(?:\s+\w+)?(?:\W+{filler})*\W*$", re.IGNORECASE),
        planned=re.compile(
            rf"budget\w{{0,30}}\W[^.;:]{{0,120}}?{pattern('volume', 'plan')}(?:\W{{1,9}}{filler}){{0,4}}\W{{0,9}}$", re.IGNORECASE
        ),
        among=re.compile(rf"(?:varav|därav|och|samt|medan)\s+(?:för\s+)?{pattern('group', 'people')}\s*$", re.IGNORECASE),
        whose=re.compile(rf"^{pattern('group', 'whose')}\s+(?=\S)", re.IGNORECASE),
        comparing=re.compile(vocabulary["money", "comparing"].pattern.pattern, re.IGNORECASE),
    )


@lru_cache(maxsize=2048)  # the parts of a sentence are cleaned again and again while it is read
def clean(text: str, words: Words) -> str | None:
    """A noun phrase without times, fillers and the small words around it; None if nothing remains."""
    if "(" in text:
        text = _CLOSED.sub("", text)
    tokens = timeless(_ASIDE.sub("", text)).split()
    folded = [token.casefold().strip(_MARKS) for token in tokens]
    first, last = 0, len(tokens)
    while first < last and (n := _filler(folded[first:last], words.lead, 0)):
        first += n
    while first < last and (n := _filler(folded[first:last], words.trail, -1)):
        last -= n
    name = " ".join(tokens[first:last]).lstrip(_MARKS).rstrip(_MARKS.replace(")", ""))
    return name if _LETTERS.search(name) else None


def _filler(tokens: list[str], fillers: _Fillers, end: int) -> int:
    """How many words at the start (0) or end (-1) are a filler (or no word at all), the longest first."""
    for filler in fillers.get(tokens[end], ()):
        n = len(filler)
        if (tokens[-n:] if end else tokens[:n]) == filler:
            return n
    return 0


def read_head(head: str, words: Words) -> Phrase:
    """Read the text before a figure."""
    cue = _cue(head, words)
    on = words.measure_on.search(head) if _ON.search(head) else None
    if on is not None and words.cue.search(on["noun"]) is None and words.back.code(on["noun"]) is None:
        return _measure_on(head[: on.start()], on["noun"], cue, words)
    cut = _that(head, words)
    if cut is None:
        clause = _clause(head, words)
        return Phrase(clause.name, clause.group, cue, clause.back and clause.name is None, clause.verb)
    pre, post = _clause(head[: cut[0]], words), _clause(head[cut[1] :], words)
    told = _cue(head[: cut[0]], words) is not None
    name, back = post.name, post.back
    if name is None:  # "Målvärdet för X är att tiden …" is said of X, "Detta innebär att …" of what came before
        name = pre.name if told else None
        back = name is None
    return Phrase(name, post.group, cue, back, pre.verb or post.verb, clean(head[cut[1] :], words) is None)


def read_tail(tail: str, words: Words) -> Tail:
    """Read the text after a figure, up to the next clause."""
    of = _OF.match(tail)
    if of is not None:
        return Tail(part=_part(tail[of.end() :], words))
    that = _THAT.match(f" {tail.lstrip()}")
    if that is not None:
        return Tail(predicate=clean(tail.lstrip()[3:], words))
    group = _GROUP.match(tail) or _FOR_WHOM.match(tail)
    if group is not None:
        rest = tail[group.end() :]
        verb = words.verb.search(rest)
        return Tail(group=clean(rest[: verb.start()] if verb else rest, words))
    first = tail.split(maxsplit=1)
    if first and words.measure.fullmatch(first[0].strip(",.;")):
        return Tail(measure=clean(tail, words))
    people = words.group.match(tail.strip())
    if people is not None:
        return Tail(group=people.group())
    if words.verb.match(tail.lstrip()):
        return Tail(predicate=clean(words.verb.sub("", tail), words))
    return Tail()


def _part(text: str, words: Words) -> str | None:
    """``eleverna når målen`` as ``eleverna som når målen``."""
    verb = words.verb.search(text)
    if verb is None or _RELATIVE.search(text, 0, verb.start()):
        return clean(text, words)
    who, does = (
        clean(text[: verb.start()], words),
        clean(text[verb.start() :] if not words.modal.match(verb.group()) else text[verb.end() :], words),
    )
    return f"{who} som {does}" if who and does else who or does


def _measure_on(before: str, noun: str, cue: str | None, words: Words) -> Phrase:
    """``… som har höga sjuktal på``: the noun is the measure, the subject its group."""
    who = _ANTECEDENT.search(before)
    if who is not None:
        return Phrase(noun, clean(who["who"], words), cue, False, True)
    clause = _clause(before, words)
    if clause.name is not None and not clause.verb:
        return Phrase(f"{clause.name} {noun}", None, cue, False, True)
    subject = clause.name if clause.name and not words.agent.match(clause.name) else None
    if subject is not None and words.measure.search(subject):
        return Phrase(subject, clause.group, cue, False, True)
    return Phrase(noun, subject or clause.group, cue, False, True)


def _that(head: str, words: Words) -> tuple[int, int] | None:
    """Where the last "att" that opens a clause stands; before an infinitive it opens none, unless it tells a wish."""
    last = None
    for found in _THAT.finditer(head + " ", overlapped=True):
        following = found["next"] or ""
        doing = following.casefold() not in words.wish and words.infinitive.fullmatch(following) is not None
        if doing or _WHO_SAYS.search(head, 0, found.start()):
            continue
        start = found.start("next") if found["next"] else found.end()
        last = (found.start(), min(start, len(head)))
    return last


def _verb(text: str, words: Words) -> re.Match[str] | None:
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


def cues_in(text: str, words: Words) -> list[tuple[str, int, int]]:
    """The cue words of a text, without goals that are counted or that others have reached: ``av sju mål``, ``elever som nått målen``."""
    return [f for f in words.cue.finditer(text) if not _REACHED.search(text, 0, f[1]) and not words.counted.search(text[: f[1]][-40:])]


def _cue(text: str, words: Words) -> str | None:
    """Target or outcome, by the last word that tells; a result before which a target only stands to be met is an outcome."""
    found = cues_in(text, words)
    if not found:
        return None
    targets = [f for f in found if f[0] == "target"]
    if targets and found[-1][0] == "outcome" and _YIELDS.search(text, targets[-1][2], found[-1][1]):
        return "outcome"
    return "target" if targets else found[-1][0]


def _about(text: str, words: Words) -> tuple[str | None, bool]:
    """The measure that a noun phrase names, and whether it points back instead."""
    if _EACH.match(text):
        return None, True
    cues = cues_in(text, words)
    if cues:
        about = _ABOUT_CUE.match(text, cues[0][2])
        if about is not None and words.source.fullmatch(text[about.end() :]):
            if _ALSO.match(text):  # "även resultatet i brukarenkäten" is another
                return clean(text, words), False
            return None, True  # "utfallet i senaste mätningen" is that of the measure before
        if about is not None and clean(text[about.end() :], words) is not None:
            return _about(text[about.end() :], words)
        left = clean(words.owner.sub("", text[: cues[-1][1]]), words)
        if left is None:
            return None, True
        if len(left.split()) > 1 or words.measure.search(left):
            return clean(words.label.sub("", left), words), False
        return f"{left} {text[cues[-1][1] : cues[-1][2]]}", False
    name = clean(words.label.sub("", text), words)
    if name is None:
        return None, False
    if words.back.code(name) or words.cue.code(name) or name.casefold().startswith("motsvarande") or words.change.code(name):
        return None, True
    return name, False


def _subject(text: str, words: Words) -> tuple[str | None, bool]:
    """As `_about`, but one who only acts ("nämnden", "vi") is no measure."""
    if words.agent.match(text) is not None and words.cue.search(text) is None:
        return None, True
    return _about(text, words)


def _clause(text: str, words: Words) -> _Clause:
    """Subject and group of a clause."""
    verb = _verb(text, words)
    if verb is None:
        if _ADVERBIAL.match(text) and words.cue.search(text) is None:
            return _Clause(group=clean(_GROUP.sub(" ", text, count=1), words))
        name, back = _about(text, words)
        return _Clause(name, None, back)
    before, after = text[: verb.start()], text[verb.end() :]
    cue = words.cue.search(after)
    subject = clean(before, words)
    if subject is None and _CONJUNCTION.match(before):
        return _Clause(verb=True, back=True)  # "och hamnar på": the subject was said before
    if subject is None or (_ADVERBIAL.match(before) and (_SOURCE.match(before) or not cues_in(before, words))):
        return _inverted(before, after, words)
    if _SUBORDINATE.match(before) and clean(after, words) is not None:
        name, back = _about(after, words)
        return _Clause(name, None, back or name is None, True)
    agent = words.agent.match(before) is not None
    name, back = _subject(before, words)
    own = next(iter(cues_in(before, words)), None)
    if cue is not None and name is not None and own is not None and _ABOUT_CUE.match(before, own[2]) is None:
        name = subject  # "Ordning och mål har målvärdet": the first is the measure's own name
    if agent and own is None:
        name, back = _object(after, words)
    same = _SAME_OF.match(before) if back else None
    group = clean(before[same.end() :], words) if same is not None else None
    return _Clause(name, group or _complement(after, cue, words), back, True)


def _inverted(before: str, after: str, words: Words) -> _Clause:
    """Something else than the subject stands first: "Under året uppgick sjukfrånvaron till"."""
    group = clean(_GROUP.sub(" ", before, count=1), words) if _GROUP.match(f" {before}") and not _FOR_TO.match(before) else None
    if words.agent.match(after):
        name, back = _object(after, words)
    else:
        name, back = _about(after, words)
    return _Clause(name, group, back, True)


def _object(text: str, words: Words) -> tuple[str | None, bool]:
    """What an agent has or reaches: "har förvaltningen sänkt dygnspriset till"."""
    rest = _skip(words.agent.sub("", text), words)
    rest = _PARTICIPLE.sub("", rest, count=1) if _PARTICIPLE.match(rest) else rest
    name, back = _about(rest, words)
    return name, back or name is None


def _complement(after: str, cue: tuple[str, int, int] | None, words: Words) -> str | None:
    """The group that follows the verb: "blev inom gruppbostad", "är för kvinnor"."""
    if cue is not None:
        about = _ABOUT_CUE.match(after, cue[2])
        after = after[cue[2] :] if about else ""
    rest = _skip(after, words)
    if not _GROUP.match(rest):
        name = clean(rest, words)
        return name if name and words.group.fullmatch(name) else None
    name = clean(_GROUP.sub(" ", rest, count=1), words)
    return name if name and len(name.split()) <= 16 and words.cue.search(name) is None and not words.change.search(name) else None


def _skip(text: str, words: Words) -> str:
    """A text without times and without the fillers at its start, but with its preposition."""
    return f" {words.filler.sub('', timeless(text))}"


@lru_cache(maxsize=2048)  # the parts of a sentence are cleaned again and again while it is read
def timeless(text: str) -> str:
    """The text without the times it tells: ``och var i augusti`` as ``och var``."""
    for period in reversed(list(find_periods(text))):
        text = f"{_BEFORE_TIME.sub('', text[: period.start])} {text[period.end :]}"
    return text
