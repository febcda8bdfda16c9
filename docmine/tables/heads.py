"""Read the columns of a flattened table from the words before its first row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from itertools import combinations, combinations_with_replacement
from math import comb
from typing import NamedTuple

import regex

from docmine.records import Column
from docmine.schema import MONEY_UNITS
from docmine.swedish import find_periods
from docmine.tables.meaning import read_head, settle_kinds
from docmine.tables.sums import Cells, value_of
from docmine.vocabulary import Vocabulary

__all__ = ["Head", "borne_out", "head_options", "read_heads", "settle_years"]

_WORD = regex.compile(r"[^\s,;()/]+")
_JOINED = regex.compile(r"\s*(?:mot|jmf\.?|jämfört\s+med|av|mellan|vs\.?|enl\.?)\s*|\s?[/–-]\s?")


_NAME = regex.compile(r"(?<![\p{L}-])\p{Lu}\p{L}+(?:-\s\p{Ll}+)?\s*$")
_BROKEN = regex.compile(r"-\s+")
_YEAR = regex.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_UNDATED = ("deviation", "forecast_deviation", "change", "difference", "share")  # kinds that often have no year of their own
_MOST_SPREADS = 60  # ways of spreading years over kinds that are tried
_SUBJECTS_BEFORE = 60  # characters in which columns may stand that only say what they are about
_SPREADS = {"outcome": 0, "plan": 1}  # kinds that stand over several years rather than others


class Head(NamedTuple):
    """The head of a column at ``start:end`` and what it means; ``over`` is where the heads over it begin, if there are such."""

    start: int
    end: int
    column: Column
    over: int | None = None


class _Item(NamedTuple):
    kind: str  # measure or period
    start: int
    end: int
    code: str = ""


def read_heads(text: str, start: int, end: int, vocabulary: Vocabulary, wanted: Container[int] = ()) -> tuple[Head, ...]:
    """The most likely of `head_options`; empty where there is none."""
    options = head_options(text, start, end, vocabulary, wanted)
    return options[0] if options else ()


def head_options(
    text: str, start: int, end: int, vocabulary: Vocabulary, wanted: Container[int] = (), possible: Container[int] = ()
) -> list[tuple[Head, ...]]:
    """The heads that may stand one after another in ``text[start:end]``, before the label of the first row, the most likely first.

    There may be several with as many columns, of which figures tell the right one (`borne_out`).

    Kinds (``Utfall``), years and months make columns; a kind that is told once for several years holds for them all, and a
    row of kinds over a row of years is read together. Where the head begins after the caption and ends before the first label is
    not always plain, so that there may be options of several sizes.

    Parameters
    ----------
    text : str
        The report's text.
    start, end : int
        From where the head may begin to where the figures of the first row do.
    vocabulary : Vocabulary
        With the file ``columns``.
    wanted : container of int
        The numbers of columns that the rows can have: the last group of heads of that size is taken, for the first label
        may hold words of heads too; where there is none, simply the last group.
    possible : container of int
        The numbers of columns that the rows may have, likely or not: enough for a head of two rows.
    """
    zones = _zones(text, start, end, vocabulary)
    for zone in zones:
        for whole in (_over_turns(text, zone, end, vocabulary), _two_rows(text, zone, vocabulary)):
            if len(whole) in wanted:
                return [whole]
        groups = _cells(text, zone)
        if all(item.code == "benchmark" for item in zone) and (own := _own(text, start, zone[0].start, vocabulary)) is not None:
            groups = [[own], *groups]
        first_label = groups[:-1] if _bare_kind(groups[-1]) else []
        captions = next((n for n, group in enumerate(groups) if not _bare_kind(group)), 0)
        under_caption = [groups[n:] for n in range(1, captions + 1)]
        dated = len(groups) > 2 and all(any(item.kind == "period" for item in group) for group in groups[1:])
        titled = captions > 0 and all(item.code == "result" for group in groups[:captions] for item in group)  # "Årets resultat"
        if dated and titled and captions == 1:
            orders = [*under_caption, groups]
        else:
            orders = [groups, *under_caption, first_label] if titled else [groups, first_label, *under_caption]
        told = [heads for cells in orders if cells for heads in _heads(text, cells, end, vocabulary)]
        told += [led for heads in told if (led := _led_by_subjects(text, start, heads, vocabulary))]
        options = [heads for heads in told if len(heads) > 1 and len(heads) in wanted]
        for heads in told:
            nested = _over_subjects(text, heads, end, wanted, vocabulary) or _over_subjects(text, heads, end, possible, vocabulary)
            if nested:
                options.append(nested)
        if options:
            return list(dict.fromkeys(options))
    subjects = _subjects(text, start, end, vocabulary)
    if not zones and len(subjects) in wanted and subjects[-1][1] < end:
        return [tuple(Head(a, b, read_head(text[a:b], vocabulary)) for a, b in subjects)]
    return _heads(text, _cells(text, zones[0]), end, vocabulary)[:1] if zones else []


def _subjects(text: str, start: int, end: int, vocabulary: Vocabulary) -> list[tuple[int, int]]:
    """The words at the beginning of a text that say what columns are about ("Intäkter Kostnader Netto"); what follows is no such word."""
    terms = vocabulary["columns", "subject"]
    label = vocabulary["columns", "head"]
    found: list[tuple[int, int]] = []
    for word in _WORD.finditer(text, start, end):
        if word.group()[0].isupper() and terms.code(word.group()) is not None:
            found.append(word.span())
        elif found or label.code(word.group()) is None:
            break
    return found


def _over_subjects(text: str, heads: Sequence[Head], end: int, wanted: Container[int], vocabulary: Vocabulary) -> tuple[Head, ...]:
    """Heads over a second row that says what their columns are about; empty where it is not plain which stands over which.

    A subject does not come twice under one head, and the heads that have none (deviations) stand last.
    """
    if not heads:
        return ()
    subjects = _subjects(text, heads[-1].end, end, vocabulary)
    while len(subjects) > 1:
        groups: list[list[tuple[int, int]]] = [[]]
        for a, b in subjects:
            if any(text[a:b] == text[c:d] for c, d in groups[-1]):
                groups.append([])
            groups[-1].append((a, b))
        bare = len(heads) - len(groups)
        if bare >= 0 and len(subjects) + bare in wanted and len(groups) > 0 and len(groups[0]) > 1:
            told = [
                Head(a, b, read_head(f"{head.column.head} / {text[a:b]}", vocabulary), heads[0].start)
                for head, group in zip(heads, groups, strict=False)
                for a, b in group
            ]
            last = subjects[-1][1]
            return (*told, *(h._replace(end=last) if n == bare - 1 else h for n, h in enumerate(heads[len(groups) :])))
        subjects = subjects[:-1]
    return ()


def _own(text: str, start: int, end: int, vocabulary: Vocabulary) -> _Item | None:
    """The kommun whose own figures stand before those that they are compared with ("Exby Länet Riket")."""
    found = _NAME.search(text, max(start, end - _SUBJECTS_BEFORE), end)
    if found is None:
        return None
    name = _BROKEN.sub("", found.group().strip())
    known = vocabulary["kommuner", "kommun"].code(name) is not None or vocabulary["columns", "own"].code(name) is not None
    return _Item("measure", *_stripped(text, *found.span()), "own") if known else None


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    return start, start + len(text[start:end].rstrip())


def _led_by_subjects(text: str, start: int, heads: Sequence[Head], vocabulary: Vocabulary) -> tuple[Head, ...]:
    """Heads with those before them that only say what their columns are about ("Intäkter Kostnader Netto Budget"); empty without such."""
    at = max(start, heads[0].start - _SUBJECTS_BEFORE)
    words = list(_WORD.finditer(text, at, heads[0].start))
    terms = vocabulary["columns", "subject"]
    found: list[Head] = []
    for word in reversed(words):
        following = found[0].start if found else heads[0].start
        if not word.group()[0].isupper() or terms.code(word.group()) is None or text[word.end() : following].strip():
            break
        found.insert(0, Head(*word.span(), read_head(word.group(), vocabulary)))
    return (*found, *heads) if len(found) > 1 else ()


def _over_turns(text: str, zone: Sequence[_Item], end: int, vocabulary: Vocabulary) -> tuple[Head, ...]:
    """Heads of years and groups by turns ("2021 Kvinnor 2021 Män"), each year with the groups that follow it; empty where it has none."""
    if len(zone) < 2 or any(item.kind != "period" for item in zone):
        return ()
    terms = vocabulary["columns", "subject"]
    heads: list[Head] = []
    most = 0
    for item, after in zip(zone, (*zone[1:], None), strict=True):
        found = 0
        for word in _WORD.finditer(text, item.end, end if after is None else after.start):
            if terms.code(word.group()) is None or (after is None and found == most):
                break
            found += 1
            told = f"{text[item.start : item.end]} {word.group()}"
            heads.append(Head(word.start() if found > 1 else item.start, word.end(), read_head(told, vocabulary)))
        if not found or (most and found != most):
            return ()
        most = found
    return tuple(heads)


def _two_rows(text: str, zone: Sequence[_Item], vocabulary: Vocabulary) -> tuple[Head, ...]:
    """Heads of two rows, kinds over what dates them or says more of them; empty where they are not.

    "Utfall Utfall Budget Avvikelse jan-aug 18 jan-aug 17 2018 prognos" are an outcome of each year, a budget and what the
    forecast differs by.
    """
    kinds = next((n for n, item in enumerate(zone) if item.kind == "period"), len(zone))
    dates = next((n for n, item in enumerate(zone[kinds:]) if item.kind != "period"), len(zone) - kinds)
    told = zone[kinds:]
    more = told[dates:]
    if kinds < 3 or len(told) != kinds or dates < 2 or not more:
        return ()
    if any(text[item.start].isupper() for item in more) or any(item.code not in _UNDATED for item in zone[dates:kinds]):
        return ()
    end = told[-1].end
    return tuple(
        Head(
            over.start, end if n == kinds - 1 else over.end, read_head(f"{text[over.start : over.end]} {text[a.start : a.end]}", vocabulary)
        )
        for n, (over, a) in enumerate(zip(zone[:kinds], told, strict=True))
    )


def _bare_kind(group: Sequence[_Item]) -> bool:
    return all(item.kind == "measure" for item in group)


def _heads(text: str, cells: Sequence[Sequence[_Item]], end: int, vocabulary: Vocabulary) -> list[tuple[Head, ...]]:
    firsts = [group[0].start for group in cells]
    spans = [
        (group[0].start, _tail(text, group[-1].end, after, end, vocabulary))
        for group, after in zip(cells, [*firsts[1:], None], strict=True)
    ]
    told = [" ".join(text[a:b].split()) for a, b in spans]
    kinds = [n for n, group in enumerate(cells) if any(i.kind == "measure" for i in group)]
    bare = [n for n, group in enumerate(cells) if not any(i.kind == "measure" for i in group)]
    if len(kinds) > 1 and bare and kinds == list(range(len(kinds))) and cells[kinds[-1]][-1].kind == "period":
        return list(_kinds_over_years(text, cells, kinds, told, spans[-1][1], vocabulary))
    heads = []
    kind = ""
    for n, (a, b) in enumerate(spans):
        column = read_head(told[n], vocabulary)
        if n in kinds:
            kind = text[cells[n][0].start : cells[n][0].end] if cells[n][0].kind == "measure" else ""
        elif kind and kinds[0] == 0:
            column = read_head(f"{kind} {told[n]}", vocabulary)
        heads.append(Head(a, b, column))
    return [tuple(heads)]


def _kinds_over_years(
    text: str, cells: Sequence[Sequence[_Item]], kinds: Sequence[int], told: Sequence[str], end: int, vocabulary: Vocabulary
) -> Iterator[tuple[Head, ...]]:
    """A row of kinds over a row of years: the first year stands in the cell of the last kind. The likelier way comes first.

    Differences may have years of their own or none. Where there are more years than kinds, a kind stands over several different
    years, outcomes and then plans first; the last kind may have no year of its own.
    """
    last = cells[kinds[-1]]
    dates = [item for item in last if item.kind == "period"]
    names = [*(told[n] for n in kinds[:-1]), " ".join(text[last[0].start : dates[0].start].split())]
    periods = [*(text[item.start : item.end] for item in dates), *told[len(kinds) :]]
    years = [told for told in periods if _YEAR.search(told) is not None] or periods
    dated = [n for n in kinds if cells[n][0].code not in _UNDATED]
    ways = [kinds, dated] if len(years) == len(kinds) or len(dated) == len(kinds) else [dated, kinds]
    for having in ways if dated else [kinds]:
        padded = [*years, ""] if len(having) == len(kinds) == len(years) + 1 else years
        for spread in _spreads([cells[n][0].code for n in kinds], [kinds.index(n) for n in having], padded):
            rest = iter(padded)
            paired = [(n, next(rest) if n in having else "") for k, n in enumerate(kinds) for _ in range(spread.get(k, 1))]
            spans = [(cells[n][0].start, cells[n][0].end) for n, _ in paired]
            spans[-1] = (spans[-1][0], end)
            yield tuple(
                Head(a, b, read_head(f"{names[n]} {year}".strip(), vocabulary)) for (a, b), (n, year) in zip(spans, paired, strict=True)
            )


def _spreads(codes: Sequence[str], having: Sequence[int], years: Sequence[str]) -> Iterator[dict[int, int]]:
    """Over how many years each of the kinds ``having`` years of its own may stand, the likeliest way first.

    A change stands rather behind two columns of one kind, whose difference it is.
    """
    spread = dict.fromkeys(having, 1)
    for n in sorted(having, key=lambda n: (_SPREADS.get(codes[n], 2), n)):
        at = sum(spread[m] for m in having if m < n)
        while sum(spread.values()) < len(years) and years[at + spread[n] - 1] != years[at + spread[n]]:
            spread[n] += 1
    if sum(spread.values()) == len(years):
        yield spread
    changed = [n for n in having if n + 1 < len(codes) and codes[n + 1] == "change"]
    more = len(years) - len(having)
    if not changed or more < 1 or len(having) == len(codes) or comb(more + len(having) - 1, more) > _MOST_SPREADS:
        return
    ways = [Counter(extra) for extra in combinations_with_replacement(having, more)]
    for extra in sorted(ways, key=lambda extra: (sum(abs(extra[n] - 1) for n in changed), -extra[having[-1]])):
        yield {n: 1 + extra[n] for n in having}


def borne_out(heads: Sequence[Head], rows: Sequence[Cells]) -> int:
    """How many of the differences that heads tell the figures bear out, less those that they do not."""
    count = 0
    for k, head in enumerate(heads):
        if head.column.measure in ("deviation", "forecast_deviation", "change", "difference") and head.column.unit != "percent":
            others = [c for c in range(len(heads)) if c != k and (c < k or head.column.measure != "change")]
            count += 1 if any(_differ(rows, i, j, k) for i, j in combinations(others, 2)) else -1
    return count


def _differ(rows: Sequence[Cells], i: int, j: int, k: int) -> bool:
    """Whether a column is the difference of two others in most rows."""
    held = failed = 0
    for cells in rows:
        a, b, c = (value_of(cells, n) for n in (i, j, k))
        if a is None or b is None or c is None or not (a[0] and b[0]):
            continue
        if abs(abs(a[0] - b[0]) - abs(c[0])) <= 1.01 * 10.0 ** -min(a[1], b[1], c[1]):
            held += 1
        else:
            failed += 1
    return held > 2 * failed


def _zones(text: str, start: int, end: int, vocabulary: Vocabulary) -> list[list[_Item]]:
    """Groups of kinds and periods with nothing but small words of heads between them, the last first."""
    window = text[start:end]
    items = [_Item("measure", start + a, start + b, code) for code, a, b in vocabulary["columns", "measure"].finditer(window)]
    shares = [_Item("measure", start + a, start + b, "share") for _, a, b in vocabulary["columns", "share"].finditer(window)]
    items = [*shares, *(i for i in items if not any(s.start < i.end and i.start < s.end for s in shares))]
    periods = [_Item("period", start + p.start, start + p.end) for p in find_periods(window)]
    apart = (i for i in items if not any(p.start < i.end and i.start < p.end for p in periods))
    zones: list[list[_Item]] = []
    for item in sorted([*apart, *periods], key=lambda i: i.start):
        dated = bool(zones) and zones[-1][-1].kind == item.kind == "period"
        if zones and _filler(text[zones[-1][-1].end : item.start], vocabulary, subjects=dated):
            zones[-1].append(item)
        else:
            zones.append([item])
    return zones[::-1]


def _filler(between: str, vocabulary: Vocabulary, *, subjects: bool) -> bool:
    """Whether the text between two words of a head is no more than small words, units and marks.

    What a column is about may stand there too: after a kind in small letters ("Budget netto"), between years as it is (``subjects``).
    """
    if any(mark in between for mark in ".;:!?") and not between.strip(" .").isalpha():
        return False
    noise, unit, subject = vocabulary["columns", "noise"], vocabulary["columns", "unit"], vocabulary["columns", "subject"]
    words = _WORD.findall(between)
    return len(words) <= 4 and all(
        noise.code(w) is not None
        or unit.code(w.strip("().")) is not None
        or not w[0].isalnum()
        or ((subjects or w.islower()) and subject.code(w) is not None)
        for w in words
    )


def _cells(text: str, items: Sequence[_Item]) -> list[list[_Item]]:
    cells: list[list[_Item]] = []
    for n, item in enumerate(items):
        if not cells:
            cells.append([item])
            continue
        has = {i.kind for i in cells[-1]}
        between = text[items[n - 1].end : item.start]
        both = item.kind == "measure" and items[n - 1].kind == "measure"
        joined = both and (_JOINED.fullmatch(between) is not None or _compares(text, items, n) or _told_closer(text, items, n))
        leads = item.kind == "measure" and has == {"period"} and (len(cells) > 1 or (n + 1 < len(items) and items[n + 1].kind == "period"))
        if joined or (item.kind not in has and not leads):
            cells[-1].append(item)
        else:
            cells.append([item])
    return cells


def _told_closer(text: str, items: Sequence[_Item], n: int) -> bool:
    """Whether an item in small letters says of which kind the deviation before it is ("Avvikelse prognos")."""
    deviation, kind = items[n - 1], items[n]
    small = text[kind.start].islower() and text[deviation.start].isupper()
    return small and deviation.code == "deviation" and kind.code in ("forecast", "budget") and not text[deviation.end : kind.start].strip()


def _compares(text: str, items: Sequence[_Item], n: int) -> bool:
    """Whether an item is the first of two that a deviation before it compares ("Avvikelse prognos/budget")."""
    if n + 1 == len(items) or items[n - 1].code not in ("deviation", "forecast_deviation", "difference", "change"):
        return False
    apart = text[items[n - 1].end : items[n].start].strip(" .")
    return not apart and items[n + 1].kind == "measure" and text[items[n].end : items[n + 1].start].strip() in ("/", "-", "–", "mot")


def _tail(text: str, start: int, until: int | None, end: int, vocabulary: Vocabulary) -> int:
    """Where a head ends whose last word of meaning ends at ``start``: after the small words and units that still belong to it."""
    stop = end if until is None else until
    at = start
    noise, unit, divides = vocabulary["columns", "noise"], vocabulary["columns", "unit"], vocabulary["flattened", "divides"]
    for word in _WORD.finditer(text, start, stop):
        plain = word.group().strip("().")
        money = unit.code(plain)
        small = noise.code(plain) is not None and not (plain[:1].isupper() and divides.code(plain) is not None)
        belongs = small or money in MONEY_UNITS or plain in ("", "%") or (money is not None and plain[0].islower())
        if until is None and not belongs:
            break
        at = word.end()
    while at < stop and text[at] in "%)":
        at += 1
    return at


def settle_years(columns: Sequence[Column], vocabulary: Vocabulary) -> list[Column]:
    """Columns without a year get that of the others where no other can be meant, and a deviation behind a forecast is that of the forecast.

    Budget, forecast and deviations are about the year of the report: the only year of the other heads or the latest of their
    outcomes. Where an outcome has no year and those that have are of years before the budget's, it is of the budget's.
    """
    columns = settle_kinds(columns, vocabulary)
    years = {c.year for c in columns if c.year is not None}
    if not years:
        return columns
    outcomes = {c.year for c in columns if c.year is not None and c.measure == "outcome"}
    ahead = {c.year for c in columns if c.year is not None and c.measure in ("budget", "forecast")}
    current = any(c.year is None and c.measure == "outcome" for c in columns) and len(ahead) == 1 and max(ahead) > max(outcomes, default=0)
    main = max(ahead) if current else years.pop() if len(years) == 1 else max(outcomes, default=None)
    inherits = {"budget", "forecast", "deviation", "forecast_deviation"}
    if current or len({c.year for c in columns} - {None}) == 1:
        inherits.add("outcome")
    return [
        c._replace(year=main, period=str(main) if c.measure in ("budget", "forecast", "forecast_deviation") else c.period)
        if c.year is None and c.measure in inherits and main is not None
        else c
        for c in columns
    ]
