"""Items on lines of their own: what a label brings in (``Mål 1: …``, ``Uppdrag – …``), and lists under a line that names them.

This is how reports with lines print goals and actions; reports whose lines are lost are read by the extractors themselves.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from docmine.extract.labels import SIGN, find_labels, label_after
from docmine.extract.spans import CAPITAL, SENTENCE_END, letters, runs_on
from docmine.extract.status import opening_at, stated, unstated
from docmine.records import Report
from docmine.vocabulary import Terms, Vocabulary, load_vocabulary

__all__ = ["Lined", "lined_items"]

#: a longer line is running text
_LONGEST_LINE = 400
_FEWEST_LETTERS = 6
_LONGEST_TITLE, _MOST_UNMARKED, _TITLE_WORDS = 25, 12, 5
_MARK = re.compile(
    r"[ \t]*(?P<sign>[-–—•*▪●○◦·■□➢►→✓✔✅❌✗✘\u2600-\u26ff\U0001f300-\U0001faff\ue000-\uf8ff]"
    r"|\d{1,2}[.)]|\d{1,2}(?:\.\d{1,2}){1,2}\.?|[a-h]\))[ \t]+(?=[^\W_]|[”\"(])"
)
#: what may stand before the noun of a label: whose it is, a grade, a number
_LEAD = re.compile(r"(?:\d+(?:\.\d+)*\.?\s+)?(?:[^\W\d_][\w:&-]*\s+){0,3}")
#: what follows the noun of a label: a number, whose it is in parentheses, a year, then its mark or the end of the line
_TAIL = re.compile(
    r"(?:\s+(?P<number>\d{1,2}(?:\.\d{1,2})*|[A-ZÅÄÖ](?![^\W_])))?(?:\s*\([^()\n]{1,40}\))?(?:\s+(?:för|inför|under|år)?\s*(?:19|20)\d\d(?:\s?[-–]\s?(?:20)?\d\d)?)?"
    r"\s*(?:(?P<mark>:|\s[-–]|(?<=\d)\.)\s*|(?P<title>(?<=[\dA-ZÅÄÖ])\s+(?=[A-ZÅÄÖ][a-zåäö]))|(?P<about>\s(?:från|av|för|till|i|inom|under|per)\s[^.;!?\n]{2,50}$)|(?P<and>\s(?:och|samt)\s(?:status|måluppfyllelse|bedömning|uppföljning|målvärden|resultat)$)|(?P<alone>$))"
)
#: before a noun that a list only serves: "gjorts för att nå målen:"
_SERVED = re.compile(r"(?<!\w)(?:nå|uppnå|uppfylla|mot|till)\s+(?:\w+\s)?$")
_NEAR = 60
#: a count before the noun that closes a sentence announces a list, too: "… med tre mål."
_COUNTED = re.compile(r"(?<!\w)(?:två|tre|fyra|fem|sex|sju|åtta|nio|tio|följande)\s+(?:\w+\s+)?$")
_QUOTES = '”"“»'
#: a wording is no figure, no reference and no question
_NO_WORDING = re.compile(r"[\d\s.,%–-]+$|(?:se(?!\s+(?:över|till))|jfr|sid|sidan)\s|[^\n]*(?:\.{4}|…)\s*\d*$", re.IGNORECASE | re.MULTILINE)
#: of so many lines at most one may begin with a space where the others that do are items
_FEW = 3
#: how many lines may tell of an item of a numbered list before the next one
_MOST_TOLD, _FEW_TOLD = 12, 4
#: how many lines of text may stand between a heading and its numbered list
_LONGEST_LEAD = 5
#: how a line begins that goes on with an item under which it is set in: a bracket, a number that its noun stands before
_SET_IN = re.compile(r"\(|\d{1,4}\b(?![.)])")


#: whose labels bring in something
_GROUPS = ("goals", "actions")
#: what labels are made of
_NOUNS = (("goals", "noun"), ("actions", "noun"), ("goals", "measure"))


@lru_cache(maxsize=1)
def _period_pattern() -> re.Pattern[str]:
    """The time that may close a sentence which counts what is listed under it: "… fyra mål för mandatperioden."."""
    words = load_vocabulary()["goals", "period"]
    lead, noun = ("|".join(map(re.escape, words[code])) for code in ("lead", "noun"))
    return re.compile(rf"(?:\s(?:{lead})(?:\s(?:{noun}|(?:19|20)\d\d(?:\s?[-–]\s?(?:20)?\d\d)?))+)?[.:]?")


class Lined(NamedTuple):
    """An item at ``start:end``; its label or its list begins at ``begin``, and what is said of it lies before ``stop``.

    ``code`` is what the noun of its label stands for, ``label`` the label's words, ``number`` its printed number, ``sign`` the
    bullet, and ``rule`` "label" where the label stands on the item's own line or alone above it, "list" where above several,
    "announced" where a sentence with the noun does.
    """

    code: str
    label: str
    number: str | None
    sign: str
    begin: int
    start: int
    end: int
    stop: int
    rule: str


class _Line(NamedTuple):
    start: int
    end: int
    sign: str  # its bullet, if any; a space where only the space after it is left
    body: int  # where its text begins, after the bullet
    named: bool  # whether it holds a noun of things looked for, or of others


def lined_items(report: Report, nouns: Terms, others: Sequence[Terms], vocabulary: Vocabulary) -> Iterator[Lined]:
    """Yield the items that a noun of `nouns` labels or announces, in reading order.

    Parameters
    ----------
    report : Report
        With its sections and tables; lines in tables are passed over.
    nouns : Terms
        The nouns of the things looked for.
    others : sequence of Terms
        Those of other things, whose labels end a list.
    vocabulary : Vocabulary
        With the files ``status`` and ``actions``: leads such as "Bedömning: …" and grades are no items.
    """
    text = report.text
    lines = _lines(text, tuple((t.start, t.end) for t in report.tables), vocabulary)
    labels = find_labels(text, vocabulary)
    heads = {s.start for s in report.sections}
    edges = sorted(heads | {t.start for t in report.tables})
    i = 0
    while i < len(lines):
        line = lines[i]
        told = _label(text, line, nouns, others)
        if told is None:
            i += 1
            continue
        code, label, number, start, announced = told
        if announced and line.sign and text[line.end - 1] != ":" and lines[i + 1 : i + 2] and lines[i + 1].sign == line.sign:
            i += 1  # one of a list of names
            continue
        if start < line.end:
            end, after = _wording(text, lines, i, start, heads, nouns, others)
            if any(label_after(labels, start - 1, line.end, group) < line.end for group in _GROUPS):
                i += 1  # one label after the other in a line: running text
                continue
            end = unstated(text, start, _clause(text, start, end, vocabulary), vocabulary)
            if _is_wording(text, start, end, vocabulary):
                stop = _stop(text, lines, after, edges, nouns)
                yield Lined(code, label, number, line.sign, line.start, start, end, stop, "label")
            i = max(after, i + 1)
            continue
        items = list(_list(text, lines, i + 1, heads, nouns, others, titled=not announced and text[line.end - 1] != ":"))
        if not items and not announced:
            items = list(_unmarked(text, lines, i + 1, heads, nouns, others, vocabulary))
        if not items and line.start in heads and (first := _past_lead(text, lines, i + 1, heads)) is not None:
            items = list(_list(text, lines, first, heads, nouns, others))
        rule = "announced" if announced else "list" if len(items) > 1 else "label"
        for k, (at, close, after) in enumerate(items):
            end = unstated(text, lines[at].body, close, vocabulary)
            begin = line.start if k == 0 else lines[at].start
            stop = lines[items[k + 1][0]].start if k + 1 < len(items) else _stop(text, lines, after, edges, nouns)
            if _is_wording(text, lines[at].body, end, vocabulary):
                yield Lined(code, label, number or _number(lines[at].sign), lines[at].sign, begin, lines[at].body, end, stop, rule)
        i = max([i + 1, *(after for *_, after in items)])


@lru_cache(maxsize=2)  # goals and actions ask for the same lines
def _lines(text: str, tables: tuple[tuple[int, int], ...], vocabulary: Vocabulary) -> list[_Line]:
    nouns = sorted(a for key in _NOUNS for _, a, _ in vocabulary[key].finditer(text))
    starts = [start for start, _ in tables]
    found, at = [], 0
    pieces = text.split("\n")
    # lists that lost their bullets keep the space after them; where many lines begin with one it tells nothing
    indents = sum(piece[:1] == " " for piece in pieces) * _FEW < len(pieces)
    for piece in pieces:
        end = at + len(piece.rstrip())
        start = at + len(piece) - len(piece.lstrip())
        i = bisect_right(starts, at) - 1
        if start < end and not (i >= 0 and start < tables[i][1]):
            mark = _MARK.match(text, at, end)
            found.append(
                _Line(
                    start,
                    end,
                    mark["sign"] if mark else " " if indents and piece[0] == " " and "\t" not in piece else "",
                    mark.end() if mark else start,
                    bisect_left(nouns, end) > bisect_left(nouns, start),
                )
            )
        at += len(piece) + 1
    return found


def _label(text: str, line: _Line, nouns: Terms, others: Sequence[Terms] = ()) -> tuple[str, str, str | None, int, bool] | None:
    """Code, words, number and end of the label that a line begins with or is, and whether it is a sentence that announces a list.

    A noun beside one of the others is no label: "Aktiviteter under målet", "utifrån sitt uppdrag har nämnden valt dessa mål:".
    """
    if not line.named or line.end - line.start > _LONGEST_LINE or "\t" in text[line.start : line.end]:
        return None
    lead = _LEAD.match(text, line.body, line.end)
    reach = lead.end() if lead else line.body
    last = None
    for code, a, b in nouns.finditer(text, line.body, line.end):
        if _SERVED.search(text, line.body, a):
            return None
        last = (code, a, b)
        if a > reach or any(terms.search(text, line.body, a) for terms in others):
            continue
        tail = _TAIL.match(text, b, line.end)
        if (
            tail is None
            or (tail["title"] is not None and tail["number"] is None)
            or (a > line.body and not text[line.body].isupper() and not text[line.body].isdigit())
        ):
            continue
        if tail["alone"] is not None and line.sign and not text[line.body].isupper():
            continue
        return code, text[line.body : b], tail["number"], tail.end(), tail["about"] is not None
    counted = (
        last is not None and _COUNTED.search(text, line.body, last[1]) is not None and _period_pattern().fullmatch(text, last[2], line.end)
    )
    if (
        last is not None
        and (text[line.end - 1] == ":" or counted)
        and text[last[2] : line.end].lstrip()[:1] not in tuple(_QUOTES)
        and line.end - last[2] < _NEAR
        and not _SERVED.search(text, line.body, last[1])
        and not any(terms.search(text, last[2], line.end) for terms in others)
    ):
        return last[0], text[line.body : last[2]], None, line.end, True
    return None


def _labels(text: str, line: _Line, *terms: Terms) -> bool:
    return any(_label(text, line, t) for t in terms)


def _list(
    text: str, lines: list[_Line], at: int, heads: set[int], nouns: Terms, others: Sequence[Terms], titled: bool = False
) -> Iterator[tuple[int, int, int]]:
    """Line, end and line after of every item of the list that begins at a line; under a heading it may go on under titles of its parts."""
    if titled and _is_title(text, lines, at, nouns, others):
        at += 1
    bulleted = at < len(lines) and not lines[at].sign[:1].isdigit()
    while at < len(lines) and lines[at].sign and lines[at].start not in heads:
        if _labels(text, lines[at], nouns, *others) or (bulleted and lines[at].sign[0].isdigit()):
            return
        end, after = _wording(text, lines, at, lines[at].body, heads, nouns, others)
        yield at, end, after
        at = _next_item(text, lines, at, after, heads, nouns, others)
        if titled and _is_title(text, lines, at, nouns, others):
            at += 1


def _past_lead(text: str, lines: list[_Line], at: int, heads: set[int]) -> int | None:
    """The line of the first item of a numbered list that a few lines of text part from its heading."""
    for i in range(at, min(at + _LONGEST_LEAD, len(lines))):
        if lines[i].sign:
            return i if i > at and _number(lines[i].sign) == "1" and text[lines[i - 1].end - 1] in ".:" else None
        if lines[i].start in heads:
            return None
    return None


def _is_title(text: str, lines: list[_Line], at: int, nouns: Terms, others: Sequence[Terms]) -> bool:
    """Whether a line is the title of a part of a list: a few words without a stop, items right under it."""
    if at + 1 >= len(lines) or lines[at].sign or not lines[at + 1].sign or "\n\n" in text[lines[at].end : lines[at + 1].start]:
        return False
    words = text[lines[at].start : lines[at].end]
    return (
        words[0].isupper() and words[-1].isalpha() and len(words.split()) <= _TITLE_WORDS and not _labels(text, lines[at], nouns, *others)
    )


def _lower(text: str, lines: list[_Line], at: int) -> list[tuple[int, int, int]]:
    """Items of a list that lost its bullets: a block of lines that begin with a small letter and end without a stop."""
    found = []
    for i in range(at, min(at + _MOST_UNMARKED, len(lines))):
        start, end = lines[i].start, lines[i].end
        if not text[start].islower() or text[end - 1] in ".!?:,-":
            return []
        found.append((i, end, i + 1))
        if i + 1 == len(lines) or "\n\n" in text[end : lines[i + 1].start]:
            break
    return found if len(found) > 1 else []


def _next_item(text: str, lines: list[_Line], at: int, after: int, heads: set[int], nouns: Terms, others: Sequence[Terms]) -> int:
    """The line of the next item: the one after the last item, or the one with the next number where lines tell of an item."""
    number, sign = _number(lines[at].sign), lines[at].sign
    if after >= len(lines) or lines[after].sign:
        return after
    reach = _MOST_TOLD if number is not None else _FEW_TOLD
    for i in range(after, min(after + reach, len(lines))):
        if lines[i].start in heads or (_labels(text, lines[i], nouns, *others) and not text[lines[i].start : lines[i].end].endswith(".")):
            break
        if _number(lines[i].sign) == _following(number) if number is not None else _same_sign(sign, lines[i].sign):
            return i
        if number is None and "\n\n" in text[lines[i - 1].end : lines[i].start]:
            break
    return after


def _same_sign(sign: str, other: str) -> bool:
    """Whether two bullets are of one list: the same, or both signs that grade their items."""
    return sign == other or all(SIGN.search(f" {one} ") is not None for one in (sign, other))


def _unmarked(
    text: str, lines: list[_Line], at: int, heads: set[int], nouns: Terms, others: Sequence[Terms], vocabulary: Vocabulary
) -> Iterator[tuple[int, int, int]]:
    """Items under a label that have no bullet: lines that begin with a capital and end without a stop, as titles do."""
    first = at
    if at < len(lines) and text[lines[at].start].islower():
        yield from _lower(text, lines, at)
        return
    while at < len(lines) and at - first < _MOST_UNMARKED and text[lines[at].start].isupper():
        if (
            (lines[at].start in heads and at > first)
            or _labels(text, lines[at], nouns, *others)
            or _follows_up(text, lines[at], vocabulary)
        ):
            return
        end, after = _wording(text, lines, at, lines[at].body, heads, nouns, others)
        if stated(text, end, lines[after - 1].end, vocabulary) is None and (end < lines[after - 1].end or text[end - 1] in ".!?:"):
            return
        if len(text[lines[at].start : end].split()) > _LONGEST_TITLE:
            return
        yield at, end, after
        if "\n\n" in text[end : lines[after].start if after < len(lines) else len(text)]:
            return
        at = after


def _follows_up(text: str, line: _Line, vocabulary: Vocabulary) -> bool:
    """Whether a line is a grade or the head of what is told of an item."""
    words = text[line.start : line.end].rstrip(" :.")
    return vocabulary["status", "cell"].code(words) is not None or vocabulary["actions", "after"].code(words) is not None


def _wording(text: str, lines: list[_Line], at: int, start: int, heads: set[int], nouns: Terms, others: Sequence[Terms]) -> tuple[int, int]:
    """Where the wording that begins in a line ends, and the line after it: at its first stop, or where no line goes on with it."""
    end, after = lines[at].end, at + 1
    column = _column(text, lines[at].body)
    while True:
        stop = SENTENCE_END.search(text, start, end)
        if (stop is not None and stop.end() < end) or text[end - 1] in ".!?":
            break
        if after >= len(lines) or lines[after].start in heads or lines[after].end - start > _LONGEST_LINE:
            break
        following = lines[after]
        set_in = bool(lines[at].sign.strip()) and following.sign in ("", " ") and _column(text, following.start) == column
        if following.sign and not set_in:
            break
        goes_on = (
            text[following.start].islower()
            or text[end - 1] in ",-"
            or runs_on(text, start, end)
            or (set_in and _SET_IN.match(text, following.start) is not None)
        )
        if not goes_on or "\n\n" in text[end : following.start] or _labels(text, following, nouns, *others):
            break
        end, after = following.end, after + 1
    return (stop.start() + (text[stop.start()] in ".!?") if stop is not None else end), after


def _clause(text: str, start: int, end: int, vocabulary: Vocabulary) -> int:
    """Where the clause begins in a wording that tells how it fares, without a stop before it; its end where none does."""
    gaps = (gap for gap in CAPITAL.finditer(text, start, end) if opening_at(text, gap.end(), end, vocabulary) is not None)
    return next((gap.start() for gap in gaps if len(text[start : gap.start()].split()) > 1), end)


def _column(text: str, at: int) -> int:
    """How far into its line an offset lies."""
    return at - text.rfind("\n", 0, at)


def _is_wording(text: str, start: int, end: int, vocabulary: Vocabulary) -> bool:
    if letters(text[start:end]) < _FEWEST_LETTERS or _NO_WORDING.match(text, start, end):
        return False
    lead = vocabulary["status", "lead"].pattern.match(text, start)
    return lead is None or text[lead.end() : lead.end() + 1] != ":"


def _stop(text: str, lines: list[_Line], after: int, edges: list[int], nouns: Terms) -> int:
    """Where what is said of an item ends at the latest: at the next heading, table or label."""
    if after >= len(lines):
        return len(text)
    floor = lines[after].start
    i = bisect_right(edges, floor - 1)
    limit = edges[i] if i < len(edges) else len(text)
    for line in lines[after : after + 40]:
        if line.start >= limit:
            break
        if _label(text, line, nouns):
            return line.start
    return limit


def _number(sign: str) -> str | None:
    return sign.rstrip(".)") if sign[:1].isdigit() else None


def _following(number: str) -> str:
    """The number after a number: 3 after 2, 2.3 after 2.2."""
    parent, dot, last = number.rpartition(".")
    return f"{parent}{dot}{int(last) + 1}"
