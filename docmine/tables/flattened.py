"""Tables that have run into the text: a head, then label and figures, again and again, all in one line.

Notes for a newcomer
--------------------
1. `lex` cuts a stretch of text into runs of figures; `_blocks` chains runs with short labels between them.
2. `read_heads` reads the words before a block from its end: kinds, years and periods make columns.
3. `settle` decides how many columns the block has and how each row is read: by the head, by what the columns have in common
   and by what adds up.
4. `_build` makes the `Table`, if enough speaks for its being one; `docmine.tables.naming` tells the labels of its rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import regex

from docmine.records import Cell, Column, Page, Report, Table, fold
from docmine.schema import MONEY_UNITS
from docmine.tables.codes import codes_after, numbers_before
from docmine.tables.edges import cut_run, loose_digits, signs_before, signs_behind
from docmine.tables.forms import Form, form_of, runs_of, together
from docmine.tables.heads import Head, borne_out, head_options, read_heads, settle_years
from docmine.tables.layout import Layout, Row, settle
from docmine.tables.meaning import WORDS_ONLY, read_unit, table_unit
from docmine.tables.naming import LONG, Name, divides, is_prose, labels_of, names_of, strip
from docmine.tables.packed import columns_run_together, decimals_of, may_be_packed, packed_readings
from docmine.tables.readings import MAX_CELLS, Reading, Run, named_by_number, readings, style_of
from docmine.vocabulary import Vocabulary

__all__ = ["find_flattened"]

_MAX_LABEL = 150
_MAX_WORDS = 18
_LOOK_BACK = 420
_AFTER_HEAD = 60  # characters of a group's name and a page's number behind a head that ends a page
_MAX_ROWS = 400
_UNLIKELY = 2.2  # more that speaks against a number of cells than against another
_LINES_BETWEEN = 4  # two rows that have lines of their own
_HEADED = 2.5  # what a head with as many columns as the rows is worth of it
_ENOUGH = 3.0  # evidence for a table
_MAX_DIGITS = 5  # in a label, years apart
_NUMBERED = 5  # rows that have numbers of their own
_ALONE = 1.5  # against a row's having run together where others have not
_CODE_LEFT = 2.0  # of what speaks against a code at the end of a row: so little it is where most rows have one
_YEAR = regex.compile(r"\b(?:19|20)\d\d\b")
_YEARS_AND_CODE = regex.compile(r"(?:((?:19|20)\d\d)\s++)++\d{1,5}")  # the last heads and the code of the first label
_BARE = regex.compile(r"(?<![\d,.])\d{7}")  # so many digits have neither groups of thousands nor run together with others
_TAIL = regex.compile(r"(?<=\d,)\d++(?!\s?%)")
_FEWER = 6  # one in so many figures has fewer decimals, which proves that all have
_YEARS_APART = 15  # the most from the first year of a head to the last
_MONTH_AND_YEARS = regex.compile(r"[0-3]\d(?:\s++(?:19|20)\d\d)*+")
_LAST_WORD = regex.compile(r"[-–/\s](\p{L}++\.?+)\s++$")
_SMALL_WORD = regex.compile(r"(?<![\p{L}-])\p{Ll}++\s$")
_LONGEST_MONTH = 16
_YEARS_ONLY = regex.compile(r"(?:(?:19|20)\d\d\s*+)++")
_SENTENCE_END = regex.compile(r"(?<!\b\p{L}{1,2}|\b(?:exkl|inkl|resp|avv|tot|kap|bil))[.!?](?=\s+[\p{Lu}\d])")
_NEXT_WORD = regex.compile(r"\s*([\p{L}§]+)")
_INK = regex.compile(r"\S")
_LETTER = regex.compile(r"\p{L}{2}")
_FOOTNOTE = regex.compile(r"\s*+(?:\*{1,3}|\d\))\s")
_UNIT_IN_LABEL = regex.compile(r"\(\s?(?:%|\p{L}{2,7})\s?\)|%\s*$")
_LINE = regex.compile(r"[^\n]*\n?")
_UNIT_AFTER = regex.compile(r"(?<=\b[Ee]nhet\s?:\s?|\b[Bb]elopp\s+i\s+)\p{L}+")
_CODE = regex.compile(r"\d{1,5}\s+\p{Lu}")
_NOTES = regex.compile(r"\bNot(?:er)?\b")
_CODED = regex.compile(r"(?<!\S)(\d{1,5})\s+\p{Lu}")


class Block(NamedTuple):
    """Runs with short labels between them; ``opens`` is where the text before the first label may begin.

    No label begins before ``begins``: the page, where the head stands last on the one before.
    """

    opens: int
    runs: tuple[Run, ...]
    form: Form = "running"
    begins: int = 0


def find_flattened(report: Report, vocabulary: Vocabulary) -> tuple[Table, ...]:
    """The tables inside the running text of a report; pages that have words with boxes and lines with tabs are left alone.

    Parameters
    ----------
    report : Report
        Its ``text`` and ``pages`` are read.
    vocabulary : Vocabulary
        With the files ``columns`` and ``flattened``.

    Returns
    -------
    tuple of Table
        In reading order, each with index 0, to be replaced by the caller.
    """
    pages = report.pages or (Page(None, 0, len(report.text)),)
    found: list[Table] = []
    for before, page in zip((None, *pages), pages, strict=False):
        if page.words:
            continue
        for start, end in together(report.text, _stretches(report.text, page.start, page.end), vocabulary):
            for block in _blocks(report.text, start, end, vocabulary):
                block = _headed_before(report.text, block, before, page, vocabulary)
                table = _read_block(report.text, block, page.number, found[-1] if found else None, vocabulary)
                if table is not None:
                    found.append(table)
    return tuple(found)


def _headed_before(text: str, block: Block, before: Page | None, page: Page, vocabulary: Vocabulary) -> Block:
    """A block that opens a page, with the head that stands last on the page before, if there is one."""
    first = block.runs[0].start
    if before is None or before.words or _INK.search(text, page.start, block.opens) or read_heads(text, block.opens, first, vocabulary):
        return block
    opens = max(before.start, before.end - _LOOK_BACK)
    heads = read_heads(text, opens, before.end, vocabulary, range(2, MAX_CELLS))
    last = len(heads) > 1 and before.end - heads[-1].end < _AFTER_HEAD and _SENTENCE_END.search(text, heads[0].start, before.end) is None
    return block._replace(opens=opens, begins=page.start) if last else block


def _stretches(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The text between blank lines and lines with tabs."""
    at = start
    for line in _LINE.finditer(text, start, end):
        if "\t" in line.group() or not line.group().strip():
            if at < line.start():
                yield at, line.start()
            at = line.end()
    if at < end:
        yield at, end


def _blocks(text: str, start: int, end: int, vocabulary: Vocabulary) -> Iterator[Block]:
    rows: list[Run] = []
    opens = floor = start
    form = form_of(text, start, end)
    for whole in runs_of(text, start, end, form):
        cut = cut_run(text, whole, end, vocabulary)
        if cut is None or (cut.run is whole and not _is_row(text, whole, end, vocabulary)):
            continue
        run = cut.run
        if rows and not _links(text, rows[-1], run, form, vocabulary):
            yield Block(opens, tuple(rows), form)
            floor = rows[-1].end
            rows = []
        if not rows:
            opens = max(floor, run.start - _LOOK_BACK)
        elif _opens_head(text, rows[-1].end, run.start, vocabulary):
            if any(len(r.atoms) > 1 for r in rows):
                yield Block(opens, tuple(rows), form)
                opens = floor = rows[-1].end
            rows = []
        rows.append(run)
        if len(rows) == _MAX_ROWS or cut.headed:
            yield Block(opens, tuple(rows), form)
            opens = floor = run.end
            rows = []
    if rows:
        yield Block(opens, tuple(rows), form)


def _is_row(text: str, run: Run, end: int, vocabulary: Vocabulary) -> bool:
    """Whether a run can be the figures of a row: not the year of a head, not a figure in a sentence or a label."""
    if _is_dated(text, run, vocabulary) or _ends_head(text, run, end):
        return False
    if run.end < end and text[run.end] in ".,;:)!?" and not (text[run.end] == ")" and len(run.atoms) > 2):
        return False
    after = _NEXT_WORD.match(text, run.end, end)
    if len(run.atoms) == 1 and after is not None and _goes_through(text, run, after.group(1), vocabulary):
        return False
    return (
        after is None
        or after.group(1)[0].isupper()
        or len(run.atoms) > 4
        or vocabulary["flattened", "after_figure"].code(after.group(1)) is None
    )


def _ends_head(text: str, run: Run, end: int) -> bool:
    """Whether a run is the years of a head and the code of the first label."""
    found = _YEARS_AND_CODE.fullmatch(text, run.start, run.end)
    if found is None or "\n" in text[run.end : end][:1] or not _CODE.match(text, run.atoms[-1].start, end):
        return False
    years = [int(year) for year in found.captures(1)]
    return max(years) - min(years) <= _YEARS_APART


def _goes_through(text: str, run: Run, after: str, vocabulary: Vocabulary) -> bool:
    """Whether a number of one or two digits stands within a label ("Elever i åk 9 som når målen")."""
    short = run.end - run.start < 3 and text[run.start : run.end].isdigit()
    before = _SMALL_WORD.search(text, max(0, run.start - _LONGEST_MONTH), run.start) if short and after.islower() else None
    return before is not None and vocabulary["columns", "part"].code(after) is None


def _is_dated(text: str, run: Run, vocabulary: Vocabulary) -> bool:
    """Whether a run is years, the first of which may have two digits behind a month ("jan-okt 17 2018")."""
    if _YEARS_ONLY.fullmatch(text, run.start, run.end):
        return True
    if _MONTH_AND_YEARS.fullmatch(text, run.start, run.end) is None:
        return False
    month = _LAST_WORD.search(text, max(0, run.start - _LONGEST_MONTH), run.start)
    return month is not None and vocabulary["time", "month"].code(month.group(1)) is not None


def _links(text: str, last: Run, run: Run, form: Form, vocabulary: Vocabulary) -> bool:
    """Whether the text between two runs can be the label of a row (with a new head before it at most).

    Words of a sentence speak against it, but not between two long rows: there a goal may stand before its indicator.
    """
    gap = text[last.end : run.start]
    if form != "running" and gap.count("\n") <= _LINES_BETWEEN:
        return _LETTER.search(gap) is not None
    if len(gap) > _MAX_LABEL or len(gap.split()) > _MAX_WORDS or _LETTER.search(gap) is None:
        return False
    if (
        loose_digits(_YEAR.sub("", gap), vocabulary) > _MAX_DIGITS
        or gap.rstrip().endswith((":", ";", ",", "..", "…"))
        or _SENTENCE_END.search(gap)
    ):
        return False
    return min(len(last.atoms), len(run.atoms)) > 2 or not is_prose(gap, vocabulary)


def _opens_head(text: str, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Whether a new head stands before the label: two columns or more, or one over a row that divides a total."""
    heads = read_heads(text, start, end, vocabulary)
    if len(heads) >= 2:
        return heads[-1].end < end
    return len(heads) == 1 and divides(text[heads[0].end : end], vocabulary)


def _sums_up(label: str) -> bool:
    """Whether a label says for certain that its row is a sum."""
    return fold(label).startswith(("summa", "total", "delsumma"))


class _Arranged(NamedTuple):
    """A block as it may be read: its runs from the first row, where its head and its title may begin, and the layout."""

    opens: int
    titled: int
    heads: tuple[Head, ...]
    labels: list[tuple[int, int]]
    layout: Layout
    goes_on: Table | None  # the table of the page before, if this is the rest of it


def _read_block(text: str, block: Block, page: int | None, last: Table | None, vocabulary: Vocabulary) -> Table | None:
    bare = 2 * sum(_BARE.search(text, run.start, run.end) is not None for run in block.runs) > len(block.runs)
    together = False if bare else columns_run_together(text, block.runs)
    ways = (False, True) if together is None else (together,)
    arranged = [found for packed in ways if (found := _arrange(text, block, last, vocabulary, packed=packed)) is not None]
    if not arranged:
        return None
    best = min(arranged, key=lambda a: a.layout.score)
    return _build(text, best, page, block.form, vocabulary)


def _arrange(text: str, block: Block, last: Table | None, vocabulary: Vocabulary, *, packed: bool) -> _Arranged | None:
    opens, runs = block.opens, signs_before(text, signs_behind(text, block.runs))
    options = _options(text, runs, packed=packed)
    at = 0
    while at < len(runs) and (len(runs[at].atoms) < 2 or max(options[at], default=0) < 2):  # a figure of the text before, or a label's code
        if block.form == "cells" and len(read_heads(text, opens, runs[at].start, vocabulary, range(2, MAX_CELLS))) > 1:
            break  # the first row has but one figure
        if not (_CODE.match(text, runs[at].start) and runs[at + 1 :] and runs[at + 1].start - runs[at].end < _MAX_LABEL // 2):
            opens = runs[at].end
        at += 1
    runs, options = runs[at:], options[at:]
    if not runs or _LETTER.search(text, opens, runs[0].start) is None:
        return None
    codes = codes_after(text, runs) if block.form != "rows" else []  # there a code stands on the line of its label
    if alone := {r for r in codes if len(runs[r].atoms) == 1}:  # the code of the first label under the name of a group
        kept = [r for r in range(len(runs)) if r not in alone]
        runs, options = tuple([runs[r] for r in kept]), [options[r] for r in kept]
    opens = _after_sentence(text, opens, runs[0].start)
    titled = _after_sentence(text, block.opens, runs[0].start)
    counts = Counter(k for option in options for k in _likely(option) if k > 1)
    possible = Counter(k for option in options for k in option)
    best = Counter(k for option in options if option and (k := min(option, key=lambda k: option[k][0].cost)) > 1)
    likely, may_be = ({k for k, n in each.items() if 2 * n >= len(runs)} for each in (counts, possible))
    likely |= set(sorted(k for k, n in best.items() if n > 1)[-1:])  # most rows may lack figures
    ways = head_options(text, opens, runs[0].start, vocabulary, likely, may_be)
    heads = ways[0] if ways else ()
    labels = labels_of(text, opens, heads, runs, block.form, block.begins, vocabulary)
    goes_on = last if not heads and last is not None and not text[last.end : labels[0][0]].strip() else None
    columns = [[h.column for h in way] for way in ways] if goes_on is None else [goes_on.columns[1:]]
    measures = [[_meant(column, vocabulary) for column in way] for way in columns]
    total, part = vocabulary["columns", "total"], vocabulary["columns", "part"]
    totals = [None if part.search(text[a:b]) is not None else total.search(text[a:b]) is not None for a, b in labels]
    about = text[opens : labels[0][1]]
    unit = read_unit(text[labels[0][0] : labels[0][1]], vocabulary) or read_unit(about, vocabulary)
    noted = bool(heads) and _NOTES.search(text, opens, heads[-1].end) is not None
    coded = _CODED.search(text, *labels[0]) if block.form != "rows" else None
    counting = codes_after(text, runs, int(coded[1])) if coded is not None else []
    layout = settle(
        options,
        measures,
        totals,
        nonnegative=unit in ("percent", "index", "count"),
        coded=coded is not None or bool(codes),
        codes=[r for r in counting if totals[r + 1 : r + 2] != [True]],
        noted=noted,
        counted=numbers_before(text, runs, [_sums_up(text[a:b]) for a, b in labels], noted=noted),
    )
    if layout is None:
        return None
    read = [row.cells for row in layout.rows if row is not None]
    fitting = [way for way in ways if len(way) == layout.n_cols]
    if fitting and (likely_way := max(fitting, key=lambda way: borne_out(way, read))) != heads:
        heads = likely_way
        labels = labels_of(text, opens, heads, runs, block.form, block.begins, vocabulary)
    return _Arranged(opens, titled, heads, labels, layout, goes_on)


def _meant(column: Column, vocabulary: Vocabulary) -> str | None:
    """The measure of a column; one that only says that it is the total of those before it has none."""
    own = column.head.rpartition("/")[2].strip()
    return "total" if column.measure is None and vocabulary["columns", "total"].code(own) is not None else column.measure


def _options(text: str, runs: Sequence[Run], *, packed: bool) -> list[dict[int, list[Reading]]]:
    """The readings of each run: sign by sign where the columns of the table have run together, else by groups of digits."""
    style = style_of(text, runs)
    decimals = decimals_of(text, runs)
    if packed:
        return packed_readings(text, runs, _least_decimals(text, runs, decimals), style)
    found = [readings(text, run, style) for run in runs]
    for run, option in zip(runs, found, strict=True):
        if may_be_packed(text, run):  # this row alone
            for k, some in packed_readings(text, [run], decimals, style)[0].items():
                option[k] = sorted([*option.get(k, []), *(r._replace(cost=r.cost + _ALONE) for r in some)], key=lambda r: r.cost)
    return found


def _least_decimals(text: str, runs: Sequence[Run], decimals: int) -> int:
    """So many decimals or fewer: where many figures have fewer, more digits belong to the figures behind them ("-1,35 052")."""
    tails = [len(tail.group()) for run in runs for tail in _TAIL.finditer(text, run.start, run.end)]
    while decimals > 1 and _FEWER * sum(n < decimals for n in tails) >= len(tails):
        decimals -= 1
    return decimals


def _likely(option: Mapping[int, Sequence[Reading]]) -> list[int]:
    """The numbers of cells as which a run can be read without much against it."""
    costs = {k: min(r.cost - _CODE_LEFT * r.coded for r in found) for k, found in option.items()}
    least = min(costs.values(), default=0.0)
    return [k for k, cost in costs.items() if cost < least + _UNLIKELY]


def _after_sentence(text: str, start: int, end: int) -> int:
    last = start
    for found in _SENTENCE_END.finditer(text, start, end):
        last = found.end()
    return last


def _build(text: str, arranged: _Arranged, page: int | None, form: Form, vocabulary: Vocabulary) -> Table | None:
    opens, titled, _, labels, layout, goes_on = arranged
    heads: Sequence[Head] = arranged.heads
    n_cols = layout.n_cols
    if goes_on is not None and goes_on.n_cols != n_cols + 1:
        goes_on = None
    if len(heads) > 1 and labels[0][0] >= labels[0][1]:  # the last word of the head is the first label
        heads, labels = heads[:-1], [strip(text, heads[-1].start, labels[0][1]), *labels[1:]]
    fitting = tuple(heads[-n_cols:]) if len(heads) >= n_cols else ()
    if not fitting:  # only the head of the last column can be told from its place
        heads = [h for h in heads[-1:] if h.column.measure == "target"]
        labels = [strip(text, heads[0].end if heads else opens, labels[0][1]), *labels[1:]]
    kept = _kept(text, labels, layout, form)
    if not kept:
        return None
    rows = [row for _, row in kept]
    title, names = names_of(text, titled, heads, [label for label, _ in kept], form, vocabulary)
    if _evidence(text, names, rows, layout, fitting, heads, vocabulary) + (_HEADED if goes_on else 0.0) < _ENOUGH:
        return None
    top = 1 if fitting else 0
    cells = [Cell(0, c, text[h.start : h.end], h.start, h.end, header=True) for c, h in enumerate(fitting, 1)]
    for r, (row, name) in enumerate(zip(rows, names, strict=True), top):
        if name.start < name.end:
            cells.append(Cell(r, 0, text[name.start : name.end], name.start, name.end))
        for c, figure in enumerate(row.cells, 1):
            if figure is not None:
                shown, sure = text[figure.start : figure.end], row.sure(c - 1)
                cells.append(Cell(r, c, shown, figure.start, figure.end, figure.value, False, sure, _alternative(text, row, c - 1)))
    columns = [h.column for h in fitting] or [Column("")] * n_cols
    if goes_on is not None:
        title, columns = goes_on.title, list(goes_on.columns[1:])
    if heads and not fitting:
        columns[-1] = heads[0].column
    before = f"{text[opens : labels[0][0]]} {_unit_after(text, rows[-1].end)}"
    told = _UNIT_IN_LABEL.search(text[names[0].start : names[0].end])
    figured = {cell.col for cell in cells if cell.value is not None}
    shared = {c.unit for n, c in enumerate(columns, 1) if n in figured and c.measure not in WORDS_ONLY}
    unit = goes_on.unit if goes_on is not None else table_unit("", title or "", before, shared, vocabulary)
    unit = unit or (_shared_unit(text, names, vocabulary) if told else _money(text[titled : labels[0][0]], vocabulary))
    return Table(
        index=0,
        page=page,
        start=min(c.start for c in cells),
        end=max(c.end for c in cells),
        title=title,
        unit=unit,
        origin="flattened",
        n_rows=len(rows) + top,
        n_cols=n_cols + 1,
        head_rows=top,
        columns=(Column(" ".join((title or "").split()), "label"), *settle_years(columns, vocabulary)),
        rows=(*[""] * top, *(name.full for name in names)),
        cells=tuple(cells),
        confidence=round(sum(r.confidence for r in rows) / len(rows), 3),
    )


def _alternative(text: str, row: Row, c: int) -> str | None:
    other = row.others[c] if row.others else None
    return None if other is None else "–" if other.figure is None else text[other.figure.start : other.figure.end]


def _shared_unit(text: str, names: Sequence[Name], vocabulary: Vocabulary) -> str | None:
    """The unit that the first label tells and no other label contradicts: else it is only that of its row."""
    labels = [text[name.start : name.end] for name in names]
    told = {read_unit(found.group(), vocabulary) for label in labels if (found := _UNIT_IN_LABEL.search(label)) is not None}
    told |= {vocabulary["columns", "unit"].code(end.strip()) for label in labels if (end := label.rpartition(",")[2]) != label} - {None}
    return next(iter(told)) if len(told) == 1 else None


def _money(words: str, vocabulary: Vocabulary) -> str | None:
    """The last money unit that the words before a table tell."""
    return next((code for code, *_ in reversed(list(vocabulary["columns", "unit"].finditer(words))) if code in MONEY_UNITS), None)


def _unit_after(text: str, end: int) -> str:
    found = _UNIT_AFTER.search(text, end, min(len(text), end + 120))
    return found.group() if found else ""


def _kept(text: str, labels: Sequence[tuple[int, int]], layout: Layout, form: Form) -> list[tuple[tuple[int, int], Row]]:
    """The rows that could be read, each with its label, up to the last that is surely a row.

    A figure between label and cells is the number of a note where many rows have one, the end of the label ("Område 3") where few or
    nearly all do.
    """
    kept: list[tuple[tuple[int, int], Row]] = []
    last = None
    led = sum(row is not None and row.start > b for (_, b), row in zip(labels, layout.rows, strict=True))
    numbered = form != "cells" and led >= _NUMBERED and 4 * led >= 3 * len(labels)
    noted = led > 1 and 3 * led >= len(labels) and not numbered
    for label, row in zip(labels, layout.rows, strict=True):
        start = label[0] if last is None or form != "running" else last
        if row is not None and not (form == "running" and layout.n_cols > 2 and _inside_label(text, row)):
            lead = text[label[1] : row.start].strip()
            if last is not None and (mark := _FOOTNOTE.match(text, start, label[1])) is not None:  # of the last figure
                start = mark.end()
            note = row.start > label[1] and noted and len(lead) < 3 and not named_by_number(text, label[1])
            kept.append((strip(text, start, label[1] if note else row.start), row))
            last = row.end
    while kept and sum(f is not None for f in kept[-1][1].cells) < 2:
        (a, b), row = kept[-1]
        figure = next((f for f in row.cells if f is not None), None)
        formed = figure is not None and (
            figure.decimals > 0 or figure.signed or figure.kind == "lost" or " " in text[figure.start : figure.end]
        )
        after = _NEXT_WORD.match(text, row.end)
        if formed and len(text[a:b].split()) <= 6 and (after is None or after.group(1)[0].isupper()):
            break
        kept.pop()
    return kept


def _inside_label(text: str, row: Row) -> bool:
    """Whether the only figure of a row is a digit inside a label ("Etapp 2 Norra skolan")."""
    figures = [f for f in row.cells if f is not None]
    after = _NEXT_WORD.match(text, row.end)
    return len(figures) == 1 and text[figures[0].start : figures[0].end].isdigit() and row.end - row.start == 1 and after is not None


def _evidence(
    text: str,
    names: Sequence[Name],
    rows: Sequence[Row],
    layout: Layout,
    fitting: Sequence[Head],
    heads: Sequence[Head],
    vocabulary: Vocabulary,
) -> float:
    """How much speaks for a table: head, rows, form of the figures, labels, what adds up."""
    figures = [f for row in rows for f in row.cells if f is not None and f.kind != "empty"]
    several = sum(
        sum(f is not None for f in row.cells) > 1 and any(f is not None and f.value is not None for f in row.cells) for row in rows
    )
    if not several:
        return 0.0
    formed = sum(f.decimals > 0 or f.percent or f.kind == "ratio" or len(text[f.start : f.end]) > 4 for f in figures)
    first = text[names[0].start : names[0].end]
    words = sum(len(text[n.start : n.end].split()) for n in names) / len(names)
    evidence = min(several - 1, 3) + min(layout.relations, 3) + (_HEADED if fitting else 1.0 if heads else 0.0)
    evidence += 1.0 if formed >= 2 and formed > len(figures) / 2 else 0.0
    evidence += 0.5 if layout.n_cols > 2 else 0.0
    measured = _UNIT_IN_LABEL.search(first) is not None
    evidence += 2.0 if measured else 0.0
    evidence += 1.0 if divides(first, vocabulary) else 0.0
    evidence -= 1.5 if words > LONG else 0.0
    evidence -= max(0.0, layout.score / len(rows) - 1.0)
    evidence -= sum(n.start >= n.end for n in names)
    evidence -= 1.0 if first[:1].islower() and not fitting else 0.0
    evidence -= 1.5 if not formed and not fitting and not measured else 0.0
    return evidence
