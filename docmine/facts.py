"""What a document says of itself: kommun, issuing body, kind, year, period, title.

Evidence is counted, weighted by where it stands: the first lines of the first pages are titles, running headers name the
issuer, a web or mail address names the kommun. A bundle (kallelse, tjänsteutlåtande, then the report) is what its report is:
wrapping papers count only where nothing else is found.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePath
from typing import NamedTuple

import regex
from rapidfuzz import fuzz

from docmine.records import Facts, Report, fold
from docmine.search import places, stems
from docmine.swedish import find_period, find_periods, find_years
from docmine.vocabulary import Terms, Vocabulary

__all__ = ["find_facts", "vocabulary_for"]

_FIRST_PAGES = 10  # where titles are looked for
_TITLE_ZONE = 320  # characters at the top of a page that may hold its title
_WRAPPER = "minutes"
_NEAR = 88  # percent of likeness from which a word is another misspelt
_NAME_WITHIN = 140  # characters before a year in which the name of a kind stands as a whole
_YEAR_WITHIN = 40  # characters after a name in which its year stands
#: what a title counts that names the body; how much must speak for another, and how many times as much as for the next
_NAMED, _SPOKEN_OF, _LEADS = 40.0, 3.0, 1.2
_IN_FILE_NAME = 4  # mentions of a year that the file's name is worth
_SHORT_NAME = 7  # letters of a kind's name that may as well be another word in the name of a file
_READ_FOR_PERIOD = 30_000  # characters in which an interim report tells its period
_A_DAY = len("2017-08-31")
_FILE_PARTS = re.compile(r"[^\w]+|_+")
_YEAR_AND_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_]?(0[1-9]|1[0-2])(?!\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LEADERS = regex.compile(r"\.{4,}|…{2,}|(?:\. ){4,}|\t\d+\s*$")


class Mention(NamedTuple):
    """A word for a kind of document that stands where titles stand."""

    doc_type: str
    start: int
    end: int
    dated: bool
    weight: float


def find_facts(report: Report, vocabulary: Vocabulary) -> Facts:
    """Facts of a segmented report; a field that the document does not support is None."""
    text = _outside_tables(report)
    title = _title(report, text, vocabulary)
    near = "" if title is None else _around(text, title)
    year = _year(report, near)
    kommun = _kommun(report, vocabulary)
    doc_type = title.doc_type if title else _type_in_file_name(report.source, vocabulary)
    return Facts(
        kommun=kommun[1] if kommun else None,
        kommun_code=kommun[0] if kommun else None,
        body=_body(report, text, near, doc_type, vocabulary),
        doc_type=doc_type,
        year=year,
        period=_period(report, near, doc_type, year, vocabulary),
        title=" ".join(near.split())[:160] or None,
    )


def vocabulary_for(report: Report, vocabulary: Vocabulary) -> Vocabulary:
    """The vocabulary for a report, segmented or not: with what was added for its kommun alone."""
    kommun = _kommun(report, vocabulary) if vocabulary.kommuner else None
    return vocabulary.of_kommun(kommun[1]) if kommun else vocabulary


def _outside_tables(report: Report) -> str:
    """The text with its tables blanked out: their heads and rows name budgets and nämnder that did not issue the report."""
    parts, at = [], 0
    for table in report.tables:
        if table.start >= at:
            parts += [report.text[at : table.start], " " * (table.end - table.start)]
            at = table.end
    return "".join([*parts, report.text[at:]])


def _years(text: str) -> list[int]:
    return [int(year.value) for year in find_years(text)]


def _line(text: str, start: int, end: int) -> str:
    """The line around a place, which may be one paragraph of a transcript."""
    stop = text.find("\n", end)
    return text[text.rfind("\n", 0, start) + 1 : stop if stop != -1 else len(text)]


def _title(report: Report, text: str, vocabulary: Vocabulary) -> Mention | None:
    """The mention that names the document: the best placed one of the kind with the most evidence."""
    kinds = vocabulary["documents", "type"]
    mentions = []
    for i, page in enumerate(report.pages[:_FIRST_PAGES]):
        start, end = page.start, min(page.end, page.start + _TITLE_ZONE)
        place = 8.0 if i == 0 else 3.0
        for doc_type, a, b in kinds.finditer(text, start, end):
            line = _line(text, a, b)
            if _LEADERS.search(line) and len(line) < 200:  # a line of the contents list
                continue
            alone = 1.5 if len(line) < 90 else 1.0
            dated = bool(_years(text[a : b + 60]))
            capital = 1.0 if text[a].isupper() or len(line) < 60 else 0.4
            mentions.append(Mention(doc_type, a, b, dated, place * alone * (1.5 if dated else 1.0) * capital))
        mentions += _misspelt(text, start, end, place, kinds)
    evidence: dict[str, float] = defaultdict(float)
    for mention in mentions:  # the best place decides, more of the same kind add a little
        best = max(m.weight for m in mentions if m.doc_type == mention.doc_type)
        evidence[mention.doc_type] = best + 0.1 * sum(m.weight for m in mentions if m.doc_type == mention.doc_type)
    reports = [kind for kind in evidence if kind != _WRAPPER]
    for start, end in _before_years(text) if len(reports) > 1 else ():  # a report goes on naming itself, with its year
        for doc_type, a, b in kinds.finditer(text, start, end):
            if doc_type in evidence and text[a].isupper() and _years(text[b : b + _YEAR_WITHIN]):
                evidence[doc_type] += 0.2
    chosen = max(reports, key=lambda kind: evidence[kind], default=_WRAPPER)
    named = [m for m in mentions if m.doc_type == chosen]
    return max(named, key=lambda m: (m.dated, m.weight), default=None)


def _before_years(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of text in which the name of a kind may stand before a year."""
    start = end = 0
    for year in _YEAR.finditer(text):
        if year.start() - _NAME_WITHIN > end:
            if end:
                yield start, end
            start = year.start() - _NAME_WITHIN
        end = year.start() + 1
    if end:
        yield start, end


class _Squeezed(NamedTuple):
    """The long forms of the kinds of documents without their spaces, their kinds, and which forms hold three letters in a row."""

    forms: tuple[str, ...]
    kinds: tuple[str, ...]
    holding: dict[str, tuple[int, ...]]


@lru_cache(maxsize=2)
def _squeezed(kinds: Terms) -> _Squeezed:
    long = [(form.replace(" ", ""), kind) for kind, forms in kinds.items() for form in forms if len(form) >= 9]
    holding: dict[str, list[int]] = defaultdict(list)
    for i, (form, _) in enumerate(long):
        for three in set(_threes(form)):
            holding[three].append(i)
    return _Squeezed(tuple(f for f, _ in long), tuple(k for _, k in long), {three: tuple(at) for three, at in holding.items()})


def _threes(word: str) -> list[str]:
    return [word[i : i + 3] for i in range(len(word) - 2)]


def _misspelt(text: str, start: int, end: int, weight: float, kinds: Terms) -> Iterator[Mention]:
    """Kinds whose word is broken or misspelt in a short first line (``Års boksslut``)."""
    at = start
    for line in text[start:end].split("\n"):
        squeezed = fold(line).replace(" ", "")
        if 8 <= len(squeezed) <= 60:
            forms, codes, holding = _squeezed(kinds)
            # what is so near has at least two threes in common: cheap to ask, and seldom so
            shared = [holding[three] for three in _threes(squeezed) if three in holding]
            common = Counter(i for held in shared for i in held) if len(shared) > 1 else {}
            likely = sorted(i for i, n in common.items() if n > 1)
            near = (i for i in likely if fuzz.partial_ratio(squeezed, forms[i], score_cutoff=_NEAR))
            first = next(near, None)
            if first is not None and not _LEADERS.search(line) and kinds.search(line) is None:
                yield Mention(codes[first], at, at + len(line), bool(_years(line)), weight * 0.9)
        at += len(line) + 1


def _around(text: str, mention: Mention) -> str:
    """The title: the paragraph of the mention as far as it is short, since a title may be broken over lines."""
    start = mention.start
    paragraph = text.rfind("\n\n", 0, mention.start)
    before = text[paragraph + 2 if paragraph != -1 else 0 : mention.start]
    if len(before) <= 60:
        start -= len(before)
    stop = text.find("\n\n", mention.end)
    return text[start : min(stop if stop != -1 else len(text), mention.end + 110)]


def _year(report: Report, title: str) -> int | None:
    """The first year of the title, else the year that clearly leads in the text; the only one in the file's name counts as some more."""
    if years := _years(title):
        return years[0]
    counts = Counter(_years(report.text))
    named = set(_years(_file_name(report.source)))
    counts.update(dict.fromkeys(named, _IN_FILE_NAME) if len(named) == 1 else {})
    for page in report.pages[:2]:
        counts.update(2 * _years(report.text[page.start : min(page.end, page.start + _TITLE_ZONE)]))
    (year, count), (_, second) = [*counts.most_common(2), (None, 0), (None, 0)][:2]
    return year if count >= 3 and count >= 1.5 * second else None


def _file_name(source: str) -> str:
    """The words of the file's name."""
    return " ".join(_FILE_PARTS.split(PurePath(source).stem))


def _type_in_file_name(source: str, vocabulary: Vocabulary) -> str:
    """The kind of document that a file is named after, where its text has no title."""
    words = f" {_ascii(_file_name(source)).replace('-', ' ')} "
    named = [
        (len(plain), code)
        for code, forms in vocabulary["documents", "type"].items()
        for form in forms
        if len(plain := _ascii(form).replace("-", " ")) > _SHORT_NAME and f" {plain} " in words
    ]
    return max(named)[1] if named else "other"


def _period(report: Report, title: str, doc_type: str, year: int | None, vocabulary: Vocabulary) -> str | None:
    """The year, and for an interim report from January to the month or day that its title names, its file's name or its text."""
    if year is None:
        return None
    if doc_type != "interim_report":
        return str(year)
    found = find_period(title, default_year=year)
    if found and found.period and len(found.period) > 4:
        month = found.period[5:7]
        to_date = len(found.period) == 10 and month != "01"
        return f"{year}-01/{year}-{month}" if to_date else found.period if "/" in found.period else found.period[:7]
    tertial = vocabulary["documents", "tertial"].search(title)
    last = tertial[0] if tertial else _month_of(report, year)
    return f"{year}-01/{year}-{last}" if last else None


def _month_of(report: Report, year: int) -> str | None:
    """The last month of an interim report: that of its file's name, or that up to which most periods and days of its text go."""
    if (named := _YEAR_AND_MONTH.search(PurePath(report.source).stem)) is not None and int(named[1]) == year:
        return named[2]
    months: Counter[str] = Counter()
    for found in find_periods(report.text[:_READ_FOR_PERIOD], default_year=year):
        told = found.period or ""
        if told.startswith(f"{year}-01/{year}-") or (len(told) == _A_DAY and told.startswith(f"{year}-") and told[-2:] in ("30", "31")):
            months[told[5:7] if len(told) == _A_DAY else told[-2:]] += 1
    (month, count), (_, second) = [*months.most_common(2), ("", 0), ("", 0)][:2]
    return month if count > 1 and count >= 2 * second else None


class Names(NamedTuple):
    """The kommuner by the ways they are written."""

    by_word: dict[str, tuple[tuple[str, str], ...]]  # folded first word, with and without genitive s → (folded rest, code)
    by_domain: dict[str, str]
    ambiguous: frozenset[str]  # codes of names that are everyday words


@lru_cache(maxsize=2)
def _names(vocabulary: Vocabulary) -> Names:
    by_word: dict[str, list[tuple[str, str]]] = defaultdict(list)
    by_domain = {}
    for code, written in vocabulary["kommuner", "kommun"].items():
        for name in written:
            first, _, rest = fold(name).partition(" ")
            by_word[first].append((rest, code))
            if not rest and not first.endswith("s"):
                by_word[first + "s"].append(("", code))
            by_domain[_ascii(name)] = code
    everyday = {fold(name) for name in vocabulary["kommuner", "ambiguous"]["name"]}
    ambiguous = frozenset(code for word in everyday for rest, code in by_word[word] if not rest)
    longest_first = {word: tuple(sorted(found, reverse=True)) for word, found in by_word.items()}
    return Names(longest_first, by_domain, ambiguous)


_CAPITALISED = re.compile(r"[A-ZÅÄÖ](?<![\w-].)[^\W\d_]+")  # as the names of kommuner begin
_NEXT_WORD = re.compile(r"\s+([^\W\d_]+)")
_DOMAIN = re.compile(r"\.se(?!\w)")
_HOST = regex.compile(r"[\w-]+$")
_FILE_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=2)
def _suffixes(vocabulary: Vocabulary) -> tuple[frozenset[str], tuple[str, ...]]:
    """The forms of the words kommun and stad, and those that no other begins."""
    forms = vocabulary["kommuner", "suffix"]["kommun"]
    return frozenset(forms), stems(forms)


def _called(text: str, vocabulary: Vocabulary) -> Iterator[tuple[str, int]]:
    """A name before the word kommun or stad, and where it stands."""
    forms, begin = _suffixes(vocabulary)
    for at in places(text, begin):
        if at < 2 or not text[at - 1].isspace() or not text[at - 2].isalpha():
            continue
        end, start = at, at - 2
        while end < len(text) and text[end].isalpha():
            end += 1
        while start and text[start - 1].isalpha():
            start -= 1
        name = text[start : at - 1]
        written = name[:1].isupper() and (name[1:].islower() or (len(name) > 2 and name.isupper()))
        if written and text[at:end].lower() in forms and not (start and (text[start - 1].isalnum() or text[start - 1] in "_-")):
            yield name, start


def _ascii(name: str) -> str:
    return fold(name).translate(str.maketrans("åäöéü ", "aaoeu-")).removeprefix("region-")


def _kommuner(text: str, vocabulary: Vocabulary) -> Iterator[tuple[str, int, int, bool]]:
    """Code, start, end of every kommun named in a text, and whether the word kommun or stad follows."""
    names = _names(vocabulary)
    for found in _CAPITALISED.finditer(text):
        for rest, code in names.by_word.get(found.group().casefold(), ()):
            end = found.end()
            if rest:
                if not fold(text[end : end + len(rest) + 2]).startswith(rest):
                    continue
                end += len(rest) + 1
            after = _NEXT_WORD.match(text, end)
            called = after is not None and vocabulary["kommuner", "suffix"].code(after[1]) is not None
            if called or code not in names.ambiguous:
                yield code, found.start(), end, called
            break


def _kommun(report: Report, vocabulary: Vocabulary) -> tuple[str | None, str] | None:
    """Code and name of the kommun with the most evidence; the code is None for a name that is no kommun of today."""
    first = min(4000, sum(page.end - page.start for page in report.pages[:3]))
    scores: dict[str, float] = defaultdict(float)
    for code, start, _, called in _kommuner(report.text, vocabulary):
        scores[code] += (2.0 if called else 1.0) * (2.0 if start < first else 1.0)
    furniture = "\n".join(f.text for page in report.pages[:_FIRST_PAGES] for f in page.furniture)
    margin = "\n".join((furniture, report.metadata.get("title", ""), report.metadata.get("author", "")))
    for code, *_ in _kommuner(margin, vocabulary):
        scores[code] += 3.0
    everywhere = f"{report.text}\n{furniture}"
    for name, score in _unlisted(everywhere, vocabulary).items():
        scores[name] += score
    for found in _DOMAIN.finditer(everywhere):
        host = _HOST.search(everywhere, max(0, found.start() - 40), found.start())
        site = _names(vocabulary).by_domain.get(_ascii(host.group())) if host else None
        if site:
            scores[site] += 5.0
    named = _in_file_name(report.source, vocabulary)
    if not scores:  # on many first pages the name stands in a picture only
        return (named, vocabulary["kommuner", "kommun"][named][0]) if named else None
    if named in scores:  # where two kommuner are spoken of as often
        scores[named] += 3.0
    best = max(sorted(scores), key=lambda c: scores[c])
    listed = vocabulary["kommuner", "kommun"].get(best)
    return (best, listed[0]) if listed else (None, best)


def _in_file_name(source: str, vocabulary: Vocabulary) -> str | None:
    """The code of the kommun after which a file is named; None where it may be another word, or where there are two."""
    names = _names(vocabulary)
    words = "-".join(_FILE_WORD.findall(_ascii(PurePath(source).stem)))
    found = [name for name in names.by_domain if f"-{name}-" in f"-{words}-" and names.by_domain[name] not in names.ambiguous]
    longest = [name for name in found if not any(name in other and name != other for other in found)]
    return names.by_domain[longest[0]] if len(longest) == 1 else None


def _unlisted(text: str, vocabulary: Vocabulary) -> dict[str, float]:
    """Names that stand before the word kommun and are no kommun of today: former ones, and those of examples."""
    names = _names(vocabulary)
    called: Counter[str] = Counter()
    for name, at in _called(text, vocabulary):
        called[name.capitalize()] += 2 if at < _TITLE_ZONE else 1
    found: dict[str, float] = defaultdict(float)
    for name, count in called.items():
        if fold(name) in names.by_word or vocabulary["kommuner", "not_a_name"].code(name) is not None:
            continue
        bare = name.removesuffix("s")
        found[bare if _mentions(text, bare) > _mentions(text, name) else name] += 2.0 * count
    return {name: score for name, score in found.items() if score >= 4.0}


def _mentions(text: str, name: str) -> int:
    return len(regex.findall(rf"(?<!\w){regex.escape(name)}(?!\w)", text))


class _BodyWords(NamedTuple):
    """How names of bodies are written: the last part in the forms of ``base``, ``before`` it words that end on one of ``joins``."""

    base: dict[str, str]
    stems: tuple[str, ...]
    last: regex.Pattern[str]
    before: regex.Pattern[str]
    joins: tuple[str, ...]


@lru_cache(maxsize=2)
def _body_words(vocabulary: Vocabulary) -> _BodyWords:
    base = {fold(form): code for code, forms in vocabulary["bodies", "base"].items() for form in forms}
    ends = "|".join(map(regex.escape, sorted(base, key=len, reverse=True)))
    words = vocabulary["bodies", "adjective"]["words"]
    adjectives = "|".join(regex.escape(a) for a in words)
    before = regex.compile(
        rf"(?<![\w-])(?:\p{{L}}{{2,24}}(?:-,?\s(?:och\s)?|och\s)){{0,3}}(?:(?:{adjectives})\s)?\p{{L}}*$", regex.IGNORECASE
    )
    last = regex.compile(rf"(?:{ends})(?![\w-])", regex.IGNORECASE)
    return _BodyWords(base, stems(base), last, before, ("-", "-,", "och", *map(fold, words)))


_LOST_HYPHEN = regex.compile(r"(?<=\p{L}{2})(\p{L})och ", regex.IGNORECASE)  # transcripts print "Miljöoch byggnämnden"


def _bodies(text: str, vocabulary: Vocabulary) -> Counter[str]:
    """The bodies that a text names, in their base form, and how often."""
    words = _body_words(vocabulary)
    written: Counter[tuple[str, str]] = Counter()
    for stem in places(text, words.stems):
        last = words.last.match(text, stem)
        if last is None:
            continue
        at = stem
        while at and text[at - 1].isalpha():
            at -= 1
        if text[max(0, at - 30) : at].rstrip().lower().endswith(words.joins):
            lead = words.before.search(text, max(0, stem - 90), stem)
            first = lead.group() if lead else ""
        else:
            first = "" if at and (text[at - 1].isalnum() or text[at - 1] in "_-") else text[at:stem]
        if first:
            written[first, last.group()] += 1
    found: Counter[str] = Counter()
    for (first, end), count in written.items():
        name = _LOST_HYPHEN.sub(r"\1- och ", " ".join(first.split(" ")).replace("\n", " ")) + words.base[fold(end)]
        found[name[0].upper() + name[1:].lower()] += count
    return found


def _body(report: Report, text: str, title: str, doc_type: str, vocabulary: Vocabulary) -> str | None:
    """The issuing body in its base form: the one that the title names, else the one that the report clearly speaks of most.

    The nämnder of an audit are those that it is about: only auditors issue one.
    """
    common = {fold(w) for w in vocabulary["bodies", "common"]["words"]}
    scores: dict[str, float] = defaultdict(float)
    for name, count in _bodies(text, vocabulary).items():
        weight = 1.0 if fold(name).endswith("nämnden") else 0.5
        scores[name] += weight * count * (0.1 if fold(name) in common else 1.0)
    first = text[: report.pages[0].end if report.pages else 0][:600]
    furniture = "\n".join(f.text for page in report.pages[:_FIRST_PAGES] for f in page.furniture)
    for name, count in (_bodies(first, vocabulary) + _bodies(furniture, vocabulary)).items():
        scores[name] += 3.0 * min(count, 5) * (0.3 if fold(name) in common else 1.0)
    for name in _bodies(title, vocabulary):
        scores[name] += _NAMED
    unit = _unit(title, text, vocabulary)
    if unit and not _bodies(unit, vocabulary):
        scores[unit] += 4.0 + text.count(unit)
    if doc_type == "audit":
        scores = {name: score for name, score in scores.items() if fold(name).endswith(vocabulary["bodies", "base"]["revisionen"])}
    ranked = sorted(scores, key=lambda name: (-scores[name], name))
    if not ranked:
        return None
    most, own = scores[ranked[0]], _offices(ranked[0], vocabulary)
    rival = next((scores[name] for name in ranked[1:] if name not in own), 0.0)
    return ranked[0] if most >= _NAMED or (most >= _SPOKEN_OF and most >= _LEADS * rival) else None


def _offices(body: str, vocabulary: Vocabulary) -> frozenset[str]:
    """The offices that work for a body and share its name, which speak for it rather than against it."""
    ends = vocabulary["bodies", "office"].items()
    return frozenset(body.removesuffix(end) + office for end, offices in ends if body.endswith(end) for office in offices)


_NAME = regex.compile(r"\p{Lu}\p{Ll}+(?: \p{Ll}{3,}| \p{Lu}\p{Ll}+){1,2}")


def _unit(title: str, text: str, vocabulary: Vocabulary) -> str | None:
    """A name in the title that is no nämnd, kommun or kind of document, and that the text goes on using (``Produktion skola``)."""
    for line in title.split("\n"):
        rest = vocabulary["documents", "type"].pattern.sub("|", line)
        for _, start, end, _ in reversed(list(_kommuner(rest, vocabulary))):
            rest = f"{rest[:start]}|{rest[end:]}"
        rest = regex.sub(r"[\d:.–-]+", "|", rest)
        if rest.isupper():  # a title in capitals names it as the text does: find that spelling there
            words = regex.escape(" ".join(rest.strip("| ").split()), literal_spaces=True)
            spelt = regex.search(rf"(?<!\w){words}(?!\w)", text.replace(title, ""), regex.IGNORECASE) if words else None
            rest = spelt.group() if spelt else rest.capitalize()
        for found in _NAME.finditer(rest):
            if text.count(found.group()) - title.count(found.group()) >= 2:
                return found.group()
    return None
