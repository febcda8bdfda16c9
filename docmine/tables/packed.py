"""How a run of figures can be read whose columns have run together ("5 7725 772-2193 975"): sign by sign rather than word by word.

Where a column is full, nothing parts its figures from those beside them. Thousands are grouped there, or it could not be read at all:
so a figure has one to three digits, groups of three, and as many decimals as the rest of the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

import regex

from docmine.swedish import parse_number
from docmine.tables.readings import MAX_CELLS, Figure, Partial, Reading, Run, Style, figures_of, lengthen, named_by_number, size_of

__all__ = ["columns_run_together", "decimals_of", "may_be_packed", "packed_readings"]

_BEAM, _KEPT = 6, 24  # readings that are gone on with, and those of the whole run that are told
_HOPELESS = 4.0  # a reading that costs so much more than another up to the same place is not gone on with
_LACKS, _UNFIT = 1.0, 6.0  # against a row for each column that it lacks, and against one that has too many
_FAR = 16.0  # more against a number of columns than head and sums can outweigh
_SHORT = 5  # characters of a figure that leave no room in its column
_LEAD_CUT = 1.2  # "4-79 355" is rather a number before a figure with a minus than a range
_ENOUGH = 3  # one row of so many shows that columns have run together
_GLUED = 1.0  # against a shorter figure that stands close to the one before it
_APART = 0.15  # against a longer one that does not
_LEAD, _LEAD_YEAR, _LEAD_GLUED, _TRAIL, _TRAIL_DASH = 1.5, 0.5, 2.0, 2.5, 0.7  # what belongs to the labels, as in `readings`
_DASH, _DASH_CLOSE, _MINUS_APART = 0.4, 2.2, 0.2  # a dash for a missing cell, one right before a digit, a minus apart from its digits
_MINUS_ODD = 0.8  # the same where other minus signs stand close
_LEAD_NAMED = 2.0  # less after a word that a number follows
_LOST, _MARKED, _NOTED, _OTHER_DECIMALS = 0.5, 0.3, 0.8, 0.8
_SPACES = " \u00a0\u2007\u2009\u202f"
_MINUS = "-\u2010\u2011\u2212\u2013\u2014"
_TOGETHER = regex.compile(rf"\d[{_SPACES}.]\d{{3}}[1-9]|\d,\d+,\d|,\d{{2,}}\.\d|\d[{_SPACES}]\d{{3}},\d{{3}}|(?<!\d)0\d[{_SPACES}]\d{{3}}")
_BARE = regex.compile(rf"(?<!\d)\d{{4,6}}(?!\d|[{_SPACES}.]\d{{3}}|,\d)")  # where columns have run together, a group of thousands follows
_GROUP = regex.compile(rf"[{_SPACES}.]\d{{3}}")
_DECIMALS = regex.compile(r",(\d{1,2})(?!\d)")
_PERCENT = regex.compile(r"\s?%")
_LOST_PART = regex.compile(r",\d{1,2}(?!\d)")
_MARK = regex.compile(r"(?<=\d)(?:\*{1,3}|\d\))")
_NOTE = regex.compile(rf"[1-9](?=[{_SPACES}]|$)")  # of a footnote, right behind the decimals
_NUMBER = regex.compile(rf"(?:\d{{1,2}}|(?:19|20)\d\d)[{_SPACES}]")
_RANGE = regex.compile(rf"\d{{1,2}}[{_MINUS}]\d{{1,2}}[{_SPACES}]")
_THREE = regex.compile(r"\d{3}(?!\d)")
_CODE = regex.compile(rf"[{_SPACES}][1-9]\d{{0,4}}$")

Step = tuple[int, Figure, float]
_Steps = dict[int, tuple[Step, ...]]  # by the offset at which they begin


def columns_run_together(text: str, runs: Sequence[Run]) -> bool | None:
    """Whether figures show that columns have run together; None where they may as well be told without groups of thousands."""
    together = sum(may_be_packed(text, run) for run in runs)
    if not together or _ENOUGH * together < len(runs):
        return False
    return None if any(_BARE.search(text, run.start, run.end) for run in runs) else True


def may_be_packed(text: str, run: Run) -> bool:
    """Whether the figures of a run show that columns have run together."""
    return _TOGETHER.search(text, run.start, run.end) is not None


def decimals_of(text: str, runs: Sequence[Run]) -> int:
    """How many decimals the figures of most runs have."""
    last = [m for run in runs if (m := _last(text, run)) is not None]
    return Counter(last).most_common(1)[0][0] if last else 0


def _last(text: str, run: Run) -> int | None:
    """The decimals of a run's last figure that has no percent sign."""
    told = [m for m in _DECIMALS.finditer(text, run.start, run.end) if _PERCENT.match(text, m.end()) is None]
    return len(told[-1].group(1)) if told else 0


def packed_readings(text: str, runs: Sequence[Run], decimals: int, style: Style) -> list[dict[int, list[Reading]]]:
    """The cheapest readings of each run for each number of cells that it can have, best first.

    How many cells the runs have together is told by the cheapest reading of each; of more cells none but that is kept.
    """
    steps: list[_Steps] = [{} for _ in runs]
    first = [_read(text, run, decimals, style, known, MAX_CELLS, 1) for run, known in zip(runs, steps, strict=True)]
    most = _most_cells(first)
    found = [_read(text, run, decimals, style, known, most, _KEPT) for run, known in zip(runs, steps, strict=True)]
    return [{k: all_.get(k, one[k]) for k in sorted(one)} for one, all_ in zip(first, found, strict=True)]


def _most_cells(options: Sequence[Mapping[int, Sequence[Reading]]]) -> int:
    """The largest number of columns that the rows can have without far more against it than against another."""
    counts = {k for option in options for k in option}
    against = {k: sum(min([o[c][0].cost + _LACKS * (k - c) for c in o if c <= k], default=_UNFIT) for o in options) for k in counts}
    least = min(against.values(), default=0.0)
    return max((k for k in counts if against[k] <= least + _FAR), default=MAX_CELLS)


def _read(text: str, run: Run, decimals: int, style: Style, known: _Steps, most: int, kept: int) -> dict[int, list[Reading]]:
    """The readings of a run as at most so many cells; ``known`` remembers which cells can begin where."""
    found: dict[int, list[Reading]] = {}
    for start, cost in _starts(text, run):
        for k, some in _from(text, start, run.end, cost, decimals, style, known, most, kept).items():
            found.setdefault(k, []).extend(some)
    return {k: sorted(found[k], key=lambda r: (r.cost, r.start, r.end)) for k in sorted(found)}


def _starts(text: str, run: Run) -> Iterator[tuple[int, float]]:
    """Where the first cell may begin, and what that costs: before it may stand a number or a year that belongs to the label."""
    yield run.start, 0.0
    if run.glued:
        return
    named = _LEAD_NAMED if named_by_number(text, run.start) else 0.0
    if (number := _NUMBER.match(text, run.start, run.end)) is not None:
        yield number.end(), _LEAD - named if len(number.group()) < 4 else _LEAD_YEAR
    if (ages := _RANGE.match(text, run.start, run.end)) is not None:
        yield ages.end(), _LEAD_YEAR - named + (_LEAD_CUT if _THREE.match(text, ages.end(), run.end) else 0.0)
    for at in (run.start + 1, run.start + 2):  # a note's number may have run into the first figure
        if at < run.end and text[run.start : at].isdigit() and (text[at].isdigit() or text[at] in _MINUS):
            yield at, _LEAD_GLUED if text[at].isdigit() else _LEAD


def _from(
    text: str, start: int, end: int, lead: float, decimals: int, style: Style, known: _Steps, most: int, kept: int
) -> dict[int, list[Reading]]:
    """The cheapest readings from an offset."""
    # best[at][k]: the cheapest readings of the text before ``at`` as k cells, the cheapest first
    best: dict[int, dict[int, list[Partial]]] = {start: {0: [(lead, None, None, None)]}}
    stops = _stops(text, start, end)
    fewest = _fewest(known, stops) if known else {}  # cells from an offset on
    beam = min(_BEAM, kept)
    found: dict[int, list[Reading]] = {}
    for at in range(start, end + 1):
        if not (partial := best.pop(at, {})):
            continue
        if at in stops:
            cost, coded = stops[at]
            for k, some in partial.items():
                if k:
                    found.setdefault(k, []).extend([Reading(figures_of(r), r[0] + cost, start, _trimmed(text, at), coded) for r in some])
        if at not in known:
            known[at] = tuple(_steps(text, at, end, decimals, style))
        dearest = min(some[0][0] for some in partial.values()) + _HOPELESS
        partial = {k: hopeful for k, some in partial.items() if k < most and (hopeful := [r for r in some if r[0] <= dearest])}
        for stop, figure, cost in known[at]:
            into = best.setdefault(stop, {})
            size = None if figure.value is None else size_of(figure.value)
            room = kept if stop == end else beam
            left = most - fewest.get(stop, 0)
            for k, some in partial.items():
                if k >= left or cost + some[0][0] > dearest:
                    continue
                lengthen(into.setdefault(k + 1, []), some, figure, size, cost, room)
    return found


def _stops(text: str, start: int, end: int) -> dict[int, tuple[float, bool]]:
    """Where the last cell may end, what that costs, and whether a code follows."""
    stops = {end: (0.0, False)}
    if (code := _CODE.search(text, start, end)) is not None:
        stops[code.start() + 1] = (_TRAIL, True)
    if text[end - 1] in _MINUS:
        stops[end - 1] = (_TRAIL_DASH, False)
    return stops


def _fewest(known: _Steps, stops: Collection[int]) -> dict[int, int]:
    """How many cells there are at least from each offset to where the last may end."""
    fewest = dict.fromkeys(stops, 0)
    for at in sorted(known, reverse=True):
        if at not in fewest:
            fewest[at] = 1 + min([fewest.get(stop, 0) for stop, *_ in known[at]], default=MAX_CELLS)
    return fewest


def _trimmed(text: str, end: int) -> int:
    return end - 1 if text[end - 1] in _SPACES else end


def _steps(text: str, at: int, end: int, decimals: int, style: Style) -> Iterator[Step]:
    """The cells that can begin at an offset: where the next begins, what they are, what they cost."""
    apart = text[at - 1] in _SPACES
    lost = _LOST_PART.match(text, at, end)
    if lost is not None:
        yield _after(text, lost.end(), end), Figure("lost", at, lost.end(), None, 0, False, False), _LOST
        return
    begin, sign = at, text[at] in _MINUS or text[at] == "+" if at < end else False
    if sign:
        begin = at + 1
        spaced = begin < end and text[begin] in _SPACES
        cost = _DASH if spaced or begin == end else _DASH_CLOSE
        if text[at] != "+":
            yield _after(text, begin, end), Figure("empty", at, begin, None, 0, False, False), cost
        begin += spaced
    for stop, value, cost in _figures(text, begin, end, decimals):
        shown = text[begin:stop]
        minus = sign and text[at] != "+"
        figure = Figure("value", at, stop, -value if minus and value else value, _printed(shown), shown.endswith("%"), sign)
        if sign:
            cost += (_MINUS_APART + _MINUS_ODD * style.close) if begin > at + 1 else 0.0
        else:
            cost += _APART * (stop - at >= _SHORT) if apart else _GLUED * (stop - at < _SHORT) * text[at - 1].isdigit()
        yield _after(text, stop, end), figure, cost
        if (mark := _MARK.match(text, stop, end)) is not None:
            yield _after(text, mark.end(), end), figure, cost + _MARKED
        elif figure.decimals == decimals > 0 and _NOTE.match(text, stop, end) is not None:
            yield _after(text, stop + 1, end), figure, cost + _NOTED


def _after(text: str, at: int, end: int) -> int:
    """Where the next figure begins: after a space, if there is one."""
    return at + 1 if at < end and text[at] in _SPACES else at


def _figures(text: str, begin: int, end: int, decimals: int) -> Iterator[tuple[int, float, float]]:
    """The unsigned figures that can begin at an offset: where they end, their values, what they cost."""
    for n in (1, 2, 3):
        stop = begin + n
        if stop > end or not text[begin:stop].isdigit() or (n > 1 and text[begin] == "0"):
            return
        while True:
            yield from _finished(text, begin, stop, end, decimals)
            group = _GROUP.match(text, stop, end) if text[begin] != "0" else None
            if group is None:
                break
            stop = group.end()


def _finished(text: str, begin: int, stop: int, end: int, decimals: int) -> Iterator[tuple[int, float, float]]:
    """A figure whose whole digits end at ``stop``, with its decimals and percent sign."""
    if text[stop : stop + 1] == "," and text[stop + 1 : stop + 2].isdigit():
        for n in sorted({decimals, 1, 2} - {0}):
            last = stop + 1 + n
            if last > end or not text[stop + 1 : last].isdigit():
                continue
            percent = _PERCENT.match(text, last, end)
            if n != decimals and percent is None and last < end and text[last].isdigit():
                continue
            last = percent.end() if percent is not None else last
            yield from _valued(text, begin, last, 0.0 if n == decimals or percent is not None else _OTHER_DECIMALS)
        return
    percent = _PERCENT.match(text, stop, end)
    stop = percent.end() if percent is not None else stop
    yield from _valued(text, begin, stop, 0.0 if not decimals or percent is not None else _OTHER_DECIMALS)


def _valued(text: str, begin: int, stop: int, cost: float) -> Iterator[tuple[int, float, float]]:
    value = parse_number(text[begin:stop], percent=True)
    if value is not None:
        yield stop, value, cost


def _printed(shown: str) -> int:
    """How many decimals a figure is printed with."""
    return len(shown.rstrip("% ").rpartition(",")[2]) if "," in shown else 0
