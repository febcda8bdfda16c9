"""Swedish strings to values: numbers, periods, years and comparators.

Pure functions of text. Places are offsets into the text that was given, so ``text[n.start:n.end] == n.text``.

>>> parse_number("- 4 321,5")
-4321.5
>>> [n.value for n in find_numbers("Under 2017 kostade 12 500 tkr, minus 3,5 procent")]
[2017.0, 12500.0, -3.5]
>>> find_period("per den 31 augusti 2017").period
'2017-08-31'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex

from docmine.records import fold
from docmine.vocabulary import Terms, load_vocabulary, pattern_of

__all__ = [
    "ARTICLES",
    "Number",
    "Period",
    "find_comparator",
    "find_numbers",
    "find_period",
    "find_periods",
    "find_years",
    "format_number",
    "number_words",
    "parse_number",
]

_SPACE = r"[ \u00a0\u2007\u2009\u202f]"  # the spaces that group thousands
_MINUS = r"[-\u2010\u2011\u2212\u2013]"
_FIGURE = (
    rf"(?:[1-9]\d{{0,2}}(?:{_SPACE}\d{{3}}){{1,9}}(?!\d)(?:[.,]\d+)?"
    r"|[1-9]\d{0,2}(?:\.\d{3}){1,9}(?!\d)(?:,\d+)?"
    r"|\d+(?:[.,]\d+)?)"
)
_WHOLE = regex.compile(
    rf"(?P<zero>±|\+{_SPACE}?/?{_SPACE}?{_MINUS})?(?P<sign>{_MINUS}|\+|minus|plus)?\s?(?P<figure>{_FIGURE})(?P<percent>\s?(?:%|procent))?",
    regex.IGNORECASE,
)
#: a letter for `re`, which has no \\p{L} and takes half the time of `regex`; its \\w has raised figures and fractions too
_LETTER = r"[^\W\d_\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2089\u2150-\u218b\u2460-\u249b]"
_WORD = rf"(?:[\d_]|{_LETTER})"
_IN_TEXT = re.compile(
    rf"(?<![\w§])(?<!§\s)(?<!_{_MINUS})(?<!{_LETTER}{_MINUS})(?<!\d[.,:/])"
    rf"(?P<sign>±|\+/?{_MINUS}|(?:minus|plus)\s|{_MINUS}|\+)?(?P<figure>{_FIGURE})"
    rf"(?!(?!(?:(?:t|k|mn?|md)?kr|msek)(?!{_WORD})){_WORD}|[.,:/]\d|:{_LETTER}|[-\u2010\u2011\u2013\u2212]{_LETTER})",
    re.IGNORECASE,
)


def _may_be_number(letters: str, signs: str) -> re.Pattern[str]:
    """Finds where a number may begin; starts with a set of characters, which are looked for twice as fast as what stands before them."""
    return re.compile(
        rf"[0-9±+{letters}\-\u2010\u2011\u2212\u2013](?<![\w§].)"
        rf"(?:(?<=[0-9])|(?:(?<=[±+])/?{_MINUS}?|(?<={_MINUS}){signs})[0-9])",
        re.DOTALL,
    )


_MAY_BE_NUMBER = _may_be_number("", "")
_MAY_BE_SIGNED = _may_be_number("mMpP", r"|(?<=[mM])(?i:inus\s)|(?<=[pP])(?i:lus\s)")  # stops at far more places
_DIGIT = re.compile(r"\d")
_LATER_YEAR = re.compile(r"[12](?<=\s.)(?:9|0)[0-9]{2}")
_GROUPED = regex.compile(rf"{_SPACE}")
_YEAR = r"(?:19|20)\d\d"
_LONGEST = 100  # characters of a cell that can be one number
#: number words that are mostly none
ARTICLES = frozenset({"en", "ett"})
_SHORT = 100  # heads and cells come again and again; texts longer than this do not
_YEARS = regex.compile(
    rf"(?<![\w.,]|\d[-/]){_YEAR}(?!\d|[.,]\d|-\d\d-\d\d|{_SPACE}?(?:%|procent\b|t?kr\b|kkr\b|mn?kr\b|mdkr\b|msek\b|kronor\b|miljon))",
    regex.IGNORECASE,
)
_SYMBOL = regex.compile(r">\s?=|<\s?=|≥|≤|>|<")
_SYMBOLS = {"≥": ">=", "≤": "<=", ">=": ">=", "<=": "<=", ">": ">", "<": "<"}


class _Guarded(NamedTuple):
    """A pattern that is dear to try, and one that cheaply finds every place where it may match."""

    may_begin: re.Pattern[str]
    pattern: regex.Pattern[str]

    def finditer(self, text: str, pos: int, endpos: int) -> Iterator[regex.Match[str]]:
        """The matches of the dear pattern, from left to right."""
        may_begin, match = self.may_begin.search, self.pattern.match
        while (place := may_begin(text, pos, endpos)) is not None:
            found = match(text, place.start(), endpos)
            if found is not None:
                yield found
                pos = found.end()
            else:
                pos = place.start() + 1


class Number(NamedTuple):
    """A number at ``start:end`` of a text; ``decimals`` is how many it is printed with."""

    start: int
    end: int
    text: str
    value: float
    decimals: int


class Period(NamedTuple):
    """A year or a part of one at ``start:end`` of a text.

    ``period`` is in the notation of the tables (``2017``, ``2017-08``, ``2017-01/2017-08``, ``2017-08-31``), None where the
    words do not tell it. ``year`` is the year in which it ends, None where it spans years without being about one.
    """

    year: int | None
    period: str | None
    start: int
    end: int


def _figure(text: str) -> tuple[float, int]:
    """Value and decimals of the digits of a number, without its sign."""
    text = _GROUPED.sub("", text)
    if "," not in text and "." in text:
        head, *groups = text.split(".")
        if all(len(g) == 3 for g in groups) and 0 < len(head) <= 3 and head[0] != "0":
            return float(head + "".join(groups)), 0
    elif "," in text:
        text = text.replace(".", "").replace(",", ".")
    _, _, decimals = text.partition(".")
    return float(text), len(decimals)


def parse_number(text: str, *, percent: bool = False) -> float | None:
    """The value of a text that is, as a whole, one Swedish number; None of any other text.

    Parameters
    ----------
    text : str
        Such as the text of a cell. White space around it does not count.
    percent : bool
        Whether a percent sign or the word may follow the number.

    Examples
    --------
    >>> parse_number("1 004,4"), parse_number("1.234"), parse_number("6.9"), parse_number("±0")
    (1004.4, 1234.0, 6.9, 0.0)
    >>> parse_number("minus 12,3 %", percent=True)
    -12.3
    >>> parse_number("2018-08") is None and parse_number("1 23 456") is None
    True
    """
    text = text.strip()
    found = _WHOLE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or (found["percent"] and not percent) or (found["zero"] and found["sign"]):
        return None
    value, _ = _figure(found["figure"])
    if found["zero"]:
        return value if value == 0 else None
    return -value if _negative(found["sign"]) and value else value


def _negative(sign: str | None) -> bool:
    return sign is not None and sign.strip().casefold() not in ("+", "plus", "±") and not sign.startswith("+")


def find_numbers(text: str, pos: int = 0, endpos: int | None = None, *, words: bool = False) -> Iterator[Number]:
    """Yield the numbers in running text, from left to right.

    Digits inside words, dates and outline numbers are no numbers; a bare year is one (leave it out with `find_years`). A
    sign counts where it stands right before the figure, so that a dash between words does not.

    Parameters
    ----------
    text : str
        The text.
    pos, endpos : int, optional
        Where to begin and stop.
    words : bool
        Whether number words (``sex``, ``tolv``, ``tjugofem``) count too. ``en`` and ``ett`` are among them: the caller must
        see from the unit that follows whether they are articles.

    Examples
    --------
    >>> [n.text for n in find_numbers("Av 1 250 elever i årskurs F-9 nådde 87,5 procent målet den 31 maj 2018")]
    ['1 250', '87,5']
    >>> [(n.text, n.value) for n in find_numbers("ökade med tolv procent", words=True)]
    [('tolv', 12.0)]
    """
    end = len(text) if endpos is None else min(endpos, len(text))
    numbers = _figures(text, pos, end) if _DIGIT.search(text, pos, end) else []
    if words:
        numbers = sorted([*numbers, *_worded(text, pos, end)])
    dates = _dates().finditer(text, pos, end) if numbers and _may_hold_date(text, pos, end) else None
    date = next(dates, None) if dates else None
    if date is None or dates is None:
        yield from numbers
        return
    for number in numbers:
        while date is not None and date.end() <= number.start:
            date = next(dates, None)
        if date is None or date.start() >= number.end:
            yield number


def _figures(text: str, pos: int, end: int) -> list[Number]:
    """The numbers in digits, those of dates among them."""
    found = []
    small = text[pos:end].lower()
    may_begin = (_MAY_BE_SIGNED if "minus" in small or "plus" in small else _MAY_BE_NUMBER).search
    while (place := may_begin(text, pos, end)) is not None:
        hit = _IN_TEXT.match(text, place.start(), end)
        if hit is None:
            pos = place.start() + 1
            continue
        pos = hit.end()
        printed, sign, figure = hit.group(0, "sign", "figure")
        value, decimals = (float(figure), 0) if figure.isdigit() else _figure(figure)
        found.append(Number(hit.start(), pos, printed, -value if value and _negative(sign) else value, decimals))
    return found


def _worded(text: str, pos: int, end: int) -> Iterator[Number]:
    """The numbers in words, articles among them."""
    values = number_words()
    for found in _number_word().finditer(text, pos, end):
        yield Number(*found.span(), found.group(), values[fold(found.group())], 0)


def format_number(value: float, decimals: int = 0, *, group: str = " ", minus: str = "-") -> str:
    """A number as Swedish reports print it.

    Examples
    --------
    >>> format_number(-1234567.5, 1)
    '-1 234 567,5'
    """
    digits = f"{abs(value):,.{decimals}f}".replace(",", "\0").replace(".", ",").replace("\0", group)
    return f"{minus}{digits}" if value < 0 and parse_number(digits) != 0 else digits


def find_years(text: str, pos: int = 0, endpos: int | None = None) -> Iterator[Number]:
    """Yield the bare years of a text; not those in numbers, amounts or dates written in digits.

    Examples
    --------
    >>> [int(y.value) for y in find_years("Utfall 2016, budget 2017 och 2018 tkr")]
    [2016, 2017]
    """
    for found in _YEARS.finditer(text, pos, len(text) if endpos is None else endpos):
        yield Number(found.start(), found.end(), found.group(), float(found.group()), 0)


def find_comparator(text: str) -> tuple[str, int, int] | None:
    """The first word or sign that compares with the figure at hand, as ``>=``, ``<=``, ``>`` or ``<``, with its place.

    Examples
    --------
    >>> find_comparator("minst 80 procent")
    ('>=', 0, 5)
    >>> find_comparator("under 5 dagar"), find_comparator("under 2018")
    (('<', 0, 5), None)
    """
    vocabulary = load_vocabulary()
    found = vocabulary["numbers", "comparator"].search(text)
    sign = _SYMBOL.search(text)
    if sign is not None and (found is None or sign.start() < found[1]):
        found = (_SYMBOLS[sign.group().replace(" ", "")], sign.start(), sign.end())
    for code, start, end in vocabulary["numbers", "comparator_before_figure"].finditer(text):
        if found is not None and found[1] <= start:
            break
        number = next(find_numbers(text, end, end + 40), None)
        year = next(find_years(text, end, end + 40), None)
        if number is not None and not text[end : number.start].strip() and (year is None or year.start != number.start):
            return code, start, end
    return found


def find_period(text: str, *, default_year: int | None = None) -> Period | None:
    """The first year, date or stretch of months that a text tells; None where it tells none.

    Parameters
    ----------
    text : str
        Such as a column's head or a sentence.
    default_year : int, optional
        The year that a month, a tertial or "föregående år" without a year of its own is counted from. Without it they have
        neither year nor period.

    Examples
    --------
    >>> find_period("utfall jan–aug 2017")[:2], find_period("föregående år", default_year=2018)[:2]
    ((2017, '2017-01/2017-08'), (2017, '2017'))
    >>> find_period("12/31/2030")[:2], find_period("2019-2021")[:2]
    ((2030, '2030-12-31'), (None, '2019-01/2021-12'))

    Notes
    -----
    A tertial is the year up to its end, as tertial reports count, except the third; a quarter is its three months.
    """
    return next(find_periods(text, default_year=default_year), None)


def find_periods(text: str, *, default_year: int | None = None) -> Iterator[Period]:
    """Yield all periods of a text from left to right; see `find_period`."""
    return _periods_in(text, default_year) if len(text) > _SHORT else iter(_periods_in_short(text, default_year))


@lru_cache(maxsize=4096)
def _periods_in_short(text: str, default_year: int | None) -> tuple[Period, ...]:
    return tuple(_periods_in(text, default_year))


def _periods_in(text: str, default_year: int | None) -> Iterator[Period]:
    for found in _periods().finditer(text, 0, len(text)):
        told = _read_period(found, default_year)
        if told is not None:
            yield Period(*told, found.start(), found.end())


def _read_period(g: regex.Match[str], default: int | None) -> tuple[int | None, str | None] | None:
    vocabulary = load_vocabulary()

    def month(name: str) -> int:
        return int(vocabulary["time", "month"].code(g[name]) or 0)

    def year(*names: str) -> int | None:
        return next((int(g[n]) for n in names if g[n]), default)

    def span(y1: int | None, m1: int, y2: int | None, m2: int) -> tuple[int | None, str | None]:
        if y1 is None or y2 is None:
            return y2, None
        if (y1, m1) == (y2, m2):
            return y2, f"{y2}-{m2:02d}"
        return y2, str(y2) if (y1, m1, m2) == (y2, 1, 12) else f"{y1}-{m1:02d}/{y2}-{m2:02d}"

    def day(y: int | None, m: int, d: int) -> tuple[int | None, str | None] | None:
        if not (1 <= m <= 12 and 1 <= d <= 31):
            return None
        return y, f"{y}-{m:02d}-{d:02d}" if y is not None else None

    if g["iso_y2"]:
        return span(int(g["iso_y1"]), int(g["iso_m1"]), int(g["iso_y2"]), int(g["iso_m2"]))
    if g["iso_y"]:
        if g["iso_d"]:
            return day(int(g["iso_y"]), int(g["iso_m"]), int(g["iso_d"]))
        return int(g["iso_y"]), f"{g['iso_y']}-{g['iso_m']}"
    if g["us_y"]:
        m, d = int(g["us_m"]), int(g["us_d"])
        return day(int(g["us_y"]), *((m, d) if m <= 12 else (d, m)))
    if g["dm_y"]:
        return day(int(g["dm_y"]), int(g["dm_m"]), int(g["dm_d"]))
    if g["r_m2"]:
        y2 = 2000 + int(g["r_yy"]) if g["r_yy"] else year("r_y2", "r_y1")
        y1 = int(g["r_y1"]) if g["r_y1"] else y2
        m1, m2 = month("r_m1"), month("r_m2")
        if m1 > m2 and not g["r_y1"] and y1 is not None:
            y1 -= 1
        return span(y1, m1, y2, m2)
    if g["g_m2"]:
        m1, m2 = month("g_m1"), month("g_m2")
        return span(int(g["g_y"]), m1, int(g["g_y"]), m2) if m1 < m2 else (int(g["g_y"]), None)
    if g["d_m"]:
        return day(year("d_y"), month("d_m"), int(g["d_d"]))
    if g["u_m"]:
        y = year("u_y")
        return span(y, 1, y, month("u_m"))
    if g["m_m"]:
        y = year("m_y")
        return span(y, month("m_m"), y, month("m_m"))
    if g["p_w"]:
        y = year("p_y1", "p_y2")
        first, last = (vocabulary["time", "part"].code(g["p_w"]) or "01-12").split("-")
        return span(y, int(first), y, int(last))
    if g["l_y2"]:
        from_year = int(g["l_y1"])
        to_year = int(g["l_y2"]) if len(g["l_y2"]) == 4 else int(g["l_y1"][:2] + g["l_y2"])
        if g["l_sep"] == "/":  # a school year
            return (None, f"{from_year}-07/{to_year}-06") if to_year == from_year + 1 else None
        return (None, f"{from_year}-01/{to_year}-12") if from_year < to_year else None
    if g["y"]:
        return int(g["y"]), g["y"]
    if g["rel"]:
        shift = int(vocabulary["time", "relative"].code(g["rel"]) or 0)
        return (None, None) if default is None else (default + shift, str(default + shift))
    return default, None


def _any(terms: Terms) -> str:
    forms = sorted((f for fs in terms.values() for f in fs), key=len, reverse=True)
    return "(?:" + pattern_of(*forms) + ")"


@lru_cache(maxsize=1)
def _periods() -> _Guarded:
    vocabulary = load_vocabulary()
    month, part = _any(vocabulary["time", "month"]), _any(vocabulary["time", "part"])
    dash, year = r"\s?[-\u2010\u2011\u2012\u2013\u2014/]\s?", rf"(?<!\d){_YEAR}(?!\d)"
    mm, dd = r"(?:0[1-9]|1[0-2])", r"(?:[12]\d|3[01]|0?[1-9])"
    day = rf"(?:(?:den\s+)?(?<!\d){dd}\.?\s+)?"
    # the year of a head in two digits ("jan-okt 18"): nothing stands behind it, another date or the next head
    short = rf"\s+[’']?(?P<r_yy>[0-3]\d)(?=\s*+(?:$|[|)\t]|{_YEAR}(?!\d)|{month}|(?-i:\p{{Lu}})))"
    to = rf"(?:{dash}|\s+(?:till\s+och\s+med|t\.?\s?o\.?\s?m\.?|till)\s+)"
    forms = (
        rf"(?<!\d)(?P<iso_y1>{_YEAR})-?(?P<iso_m1>{mm})(?:-{dd})?(?:\s?[/–]\s?|\s-\s|\s+till\s+)(?P<iso_y2>{_YEAR})-?(?P<iso_m2>{mm})(?:-{dd})?(?!\d)",
        rf"(?<![\d,.])(?P<iso_y>{_YEAR})(?:-(?P<iso_m>{mm})(?:-(?P<iso_d>{dd}))?|(?P<iso_m>{mm}))(?![\d,]|-\d)",
        rf"(?<![\d/])(?P<us_m>\d\d?)/(?P<us_d>\d\d?)/(?P<us_y>{_YEAR})(?!\d)",
        rf"(?<![\d/])(?P<dm_d>\d\d?)/(?P<dm_m>1[0-2]|0?[1-9])[\s,-]+(?P<dm_y>{_YEAR})(?!\d)",
        rf"{day}(?P<r_m1>{month})(?:\s+(?P<r_y1>{year}))?{to}{day}(?P<r_m2>{month})(?:\s+(?P<r_y2>{year})|{short})?",
        # a transcript lost the dash between two months
        rf"(?P<g_m1>{month})\s+(?P<g_m2>{month})\s+(?P<g_y>{year})",
        rf"(?:\bper\s+)?(?:\bden\s+)?(?<![\d.,])(?P<d_d>{dd}):?e?\.?\s+(?P<d_m>{month})(?:\s+(?P<d_y>{year}))?",
        rf"\b(?:till\s+och\s+med|t\.?\s?o\.?\s?m\.?)\s+(?:utgången\s+av\s+)?(?P<u_m>{month})(?:\s+(?P<u_y>{year}))?",
        rf"(?P<m_m>{month})(?:\s+(?P<m_y>{year}))?",
        rf"(?:(?P<p_y1>{year})[\s,]{{1,3}})?(?P<p_w>{part})(?:[\s,]{{1,3}}(?:år\s+)?(?P<p_y2>{year}))?",
        rf"(?<![\w.,])(?P<l_y1>{_YEAR})\s?(?P<l_sep>[-\u2010\u2011\u2013\u2014/])\s?(?P<l_y2>{_YEAR}|\d\d)(?![\d,])",
        rf"(?P<y>{_YEARS.pattern})",
        rf"(?P<rel>{_any(vocabulary['time', 'relative'])})",
        _any(vocabulary["time", "vague"]),
    )
    words = pattern_of(*(f for g in ("month", "part", "relative", "vague") for fs in vocabulary["time", g].values() for f in fs))
    day = rf"(?:(?:per\s+)?den\s+|per\s+)?\d\d?:?e?\.?\s+{month}"
    may_begin = rf"(?<![^\W\d_])(?:{_YEAR}|\d\d?/\d|{day}|den\s+\d|till\s+och|t\.?\s?o|{words})"
    return _Guarded(re.compile(may_begin, re.IGNORECASE), regex.compile(f"(?<!\\p{{L}})(?:{'|'.join(forms)})", regex.IGNORECASE))


@lru_cache(maxsize=1)
def _dates() -> _Guarded:
    """Dates whose digits are no numbers: with a month's name or in digits alone."""
    month = _any(load_vocabulary()["time", "month"])
    dash = r"[-\u2010\u2011\u2013]"
    dates = (
        rf"(?<!\d)(?:(?:\d\d?[.:]?e?\s?)?{month}\s+{_YEAR}(?!\d)|\d\d?[.:]?e?\s{month}"
        rf"|{_YEAR}{dash}(?:0[1-9]|1[0-2])(?:{dash}\d\d)?(?!\d)|\d\d?/\d\d?(?:(?:/|\s|{dash})\d\d(?:\d\d)?(?!\d))?)"
    )
    initials = "".join(sorted({form[0] for forms in load_vocabulary()["time", "month"].values() for form in forms}))
    day = rf"(?<=[0-9])(?<!\d.)(?:[0-9]{{3}}{dash}\d|\d?(?:/\d|[.:]?[eE]?\s?(?i:{month})))"
    # begins with a set of characters, which the engine looks for much faster than for the names of the months
    may_begin = rf"[0-9{initials}{initials.upper()}](?:{day}|(?<=(?=(?i:{month})\s+\d).))"
    return _Guarded(re.compile(may_begin, re.DOTALL), regex.compile(dates, regex.IGNORECASE))


def _may_hold_date(text: str, pos: int, end: int) -> bool:
    """Whether two figures are joined as in a date, or the beginning of a month's name stands beside a figure."""
    month, beside = _month_begins()
    if beside.search(text, pos, end) is not None:
        return True
    return _LATER_YEAR.search(text, pos, end) is not None and month.search(text[pos:end].casefold()) is not None


@lru_cache(maxsize=1)
def _month_begins() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The beginnings of the months' names, and a figure before one of them or joined to another figure."""
    begins = "|".join(sorted({fold(form)[:3] for forms in load_vocabulary()["time", "month"].values() for form in forms}))
    return re.compile(begins), re.compile(rf"[0-9](?:[-\u2010\u2011\u2013/][0-9]|[.:]?[eE]?\s?(?i:{begins}))")


@lru_cache(maxsize=1)
def _number_word() -> re.Pattern[str]:
    return re.compile(pattern_of(*number_words()), re.IGNORECASE)


@lru_cache(maxsize=1)
def number_words() -> dict[str, float]:
    """Number words and their values, the longest word first: those of the vocabulary and tens with units (``tjugofem``)."""
    plain = {fold(form): int(code) for code, forms in load_vocabulary()["numbers", "word"].items() for form in forms}
    units = {w: v for w, v in plain.items() if 1 <= v <= 9}
    tens = {w: v for w, v in plain.items() if v in range(20, 100, 10)}
    every = plain | {ten + unit: t + u for ten, t in tens.items() for unit, u in units.items()}
    return {w: float(every[w]) for w in sorted(every, key=lambda w: (-len(w), w))}
