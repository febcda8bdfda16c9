"""Of which year and period a figure in running text is: told behind it, before it, or only compared with."""

from __future__ import annotations

import regex

from docmine.extract.figures import Cut
from docmine.extract.phrases import Words
from docmine.swedish import Period, find_periods

__all__ = ["period_of", "year_of", "years_between"]

_I = regex.IGNORECASE
_PREVIOUS = regex.compile(r"(?<!\w)(?:föregående|förra|fjol\w*|jämfört\s+med|i\s+jämförelse\s+med)(?!\w)", _I)
_LAST_YEARS = regex.compile(r"(?<!\w)(?:föregående\s+års|förra\s+årets|fjolårets)(?!\w)", _I)
_YEAR_BEGAN = regex.compile(
    r"(?<!\w)(?:året\s+(?:inleddes|började)|årets\s+(?:början|inledning|ingång)|ingången\s+av\s+året|årsskiftet)(?!\w)", _I
)
_BETWEEN_YEARS = regex.compile(r"(?<!\w)mellan\s+(?:åren\s+)?((?:19|20)\d\d)\s+och\s+((?:19|20)\d\d)", _I)
_SAME_TIME = regex.compile(r"\s*(?:(?:samma|motsvarande)\s+(?:period|tid|tidpunkt|månad)\s*)?(?:under\s+|i\s+|år\s+)?", _I)
_THEN = regex.compile(r"\W*(?:då|när|var|låg)(?!\w)", _I)


def years_between(text: str) -> tuple[int, int] | None:
    """The two years of "från 4 till 5 mellan 2016 och 2017".

    Examples
    --------
    >>> years_between("har ökat från 4 till 5 mellan åren 2016 och 2017")
    (2016, 2017)
    """
    found = _BETWEEN_YEARS.search(text)
    return (int(found[1]), int(found[2])) if found is not None else None


def period_of(cut: Cut, year: int | None, words: Words) -> Period | None:
    """The period told nearest to the figure: the first of its tail, else the last of its head that is not only compared with."""
    after = [p for p in find_periods(cut.tail, default_year=year) if not _follows_comparison(cut.tail, p, words)]
    if after:
        return after[-1] if cut.tail.lstrip().startswith("mellan") else after[0]
    head = cut.lead + cut.head
    told = list(find_periods(head, default_year=year))
    if cut.parenthesis:
        inside = [p for p in told if p.year is not None and p.start >= head.rfind("(")]
        return inside[-1] if inside else Period(year - 1, str(year - 1), 0, 0) if year is not None else None
    if year is not None and _LAST_YEARS.search(cut.head):
        return Period(year - 1, str(year - 1), 0, 0)
    return next((p for p in reversed(told) if cut.paired == "from" or not _only_compared(head, p, words)), None)


def _only_compared(head: str, period: Period, words: Words) -> bool:
    """Whether the figure is of another time than the period, with which it only compares: "jämfört med 2016 har andelen ökat till"."""
    if _THEN.match(head, period.end):
        return False
    return _follows_comparison(head, period, words) and words.verb.search(head, period.end) is not None


def _follows_comparison(text: str, period: Period, words: Words) -> bool:
    before = words.comparing.finditer(text, max(0, period.start - 40), period.start)
    return any(_SAME_TIME.fullmatch(text, m.end(), period.start) for m in before)


def year_of(cut: Cut, pair: list[Cut], period: Period | None, year: int | None) -> int | None:
    """The year of a figure; the first of "från … till …" is the year before where the sentence compares years."""
    if not cut.paired:
        return period.year if period is not None and period.year is not None else year
    both = years_between(" ".join(f"{c.lead} {c.head} {c.tail}" for c in pair))
    if both is not None:
        return both[cut.paired == "to"]
    own = next(find_periods(cut.tail, default_year=year), None)
    if own is not None and own.year is not None:
        return own.year
    if cut.paired == "to" or _YEAR_BEGAN.search(cut.tail):
        return year
    told = period.year if period is not None else None
    if told is None and not _PREVIOUS.search(cut.head):
        return None
    return told if told is not None and told != year else year - 1 if year is not None else None
