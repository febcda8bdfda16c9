"""Tables of PDF pages: ruled ones from their lines, the others from words that stand in columns.

Notes for a newcomer
--------------------
A page becomes `_Piece` values, each a raw grid with its place: `_ruled` reads the lattices of `docmine.tables.rulings`,
`docmine.tables.aligned` the text lines whose figures stand under one another. `find_pdf` joins pieces that go on over a page
break and hands each to `build_table`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Literal

import regex

from docmine.records import Box, Page, Report, Table, Word, fold
from docmine.tables.aligned import find_aligned
from docmine.tables.lines import Line, Row, cell_of, figure_like, join_cells, may_hold_figures, rows_of, visual_lines
from docmine.tables.meaning import RawCell, build_table, find_head_rows, is_figure, reads_as_head
from docmine.tables.rulings import Lattice, find_lattices
from docmine.vocabulary import Vocabulary

__all__ = ["find_pdf"]

_LEADER = regex.compile(r"(?:[.…_]\s?){4}")
_PAGE_NUMBER = regex.compile(r"\d{1,3}")
_CONTINUES = regex.compile(r"[\p{Ll}(&/+]")
#: words in the label of a row that asks something or says what was done
_SENTENCE = 5

Grid = list[list[RawCell | None]]


@dataclass
class _Piece:
    """A raw grid on a page. ``spread`` is the grid with merged cells repeated over the columns that they cover."""

    page: Page
    box: Box
    origin: Literal["ruled", "aligned"]
    grid: Grid
    spread: Grid
    edges: list[float]
    confidence: float
    heads: list[str] | None = None
    head_rows: int | None = None
    title: str | None = None
    before: str = ""
    opens_page: bool = False
    closes_page: bool = False
    parts: list[Page] = field(default_factory=list)
    banner: list[RawCell | None] | None = None


def find_pdf(report: Report, vocabulary: Vocabulary) -> Iterator[Table]:
    """Yield the tables of the pages that have words with boxes, in reading order."""
    pieces: list[_Piece] = []
    for page in report.pages:
        if page.words:
            for piece in (part for whole in _of_page(report.text, page, vocabulary) for part in _split(whole, vocabulary)):
                if pieces and _continues(pieces[-1], piece, vocabulary):
                    _join(pieces[-1], piece, vocabulary)
                else:
                    pieces.append(piece)
    for piece in pieces:
        _trim(piece)
        if _is_table(piece, vocabulary):
            yield _table(report, piece, vocabulary)


def _table(report: Report, piece: _Piece, vocabulary: Vocabulary) -> Table:
    top = find_head_rows(piece.grid, vocabulary) if piece.head_rows is None else piece.head_rows
    heads = piece.heads
    if heads is None and top:
        heads = [_path([row[c] for row in piece.spread[:top]]) for c in range(len(piece.grid[0]))]
    page = report.page_at(min(cell.start for row in piece.grid for cell in row if cell is not None))
    return build_table(
        piece.grid,
        vocabulary,
        page=page.number if page is not None else None,
        origin=piece.origin,
        title=piece.title,
        before=piece.before,
        heads=heads,
        head_rows=top,
        indents=_indents(report, piece),
        confidence=piece.confidence,
    )


def _path(cells: Sequence[RawCell | None]) -> str:
    said: list[str] = []
    for cell in cells:
        if cell is not None and (text := " ".join(cell.text.split())) not in said:
            said.append(text)
    return " / ".join(said)


# -- pages ------------------------------------------------------------------------------------------------------------------


def _of_page(text: str, page: Page, vocabulary: Vocabulary) -> list[_Piece]:
    pieces: list[_Piece] = []
    free = list(page.words)
    loose: list[Box] = []
    for lattice in _largest(find_lattices(page.rules, page.width, page.height)):
        box = lattice.box
        inside = _within(free, box)
        piece = _ruled(text, page, lattice, inside) if inside else None
        if piece is None or _under_ruled(visual_lines(text, inside), piece.edges):
            loose.append(box)
            continue
        pieces.append(piece)
        taken = {w.start for w in inside}
        free = [w for w in free if w.start not in taken]
    lines = visual_lines(text, free) if loose or _may_align(text, free) else None
    found = _aligned(text, page, lines, vocabulary, framed=False) if lines else []
    for box in loose:  # rulings that frame a table without parting its columns
        if not any(min(p.box.bottom, box.bottom) - max(p.box.top, box.top) > 0.5 * (box.bottom - box.top) for p in found):
            framed = _aligned(text, page, visual_lines(text, _within(free, box)), vocabulary, framed=True)
            found = [p for p in found if not any(p.box.top < f.box.bottom and f.box.top < p.box.bottom for f in framed)] + framed
    pieces += found
    pieces.sort(key=lambda p: p.box.top)
    if pieces:
        everything = lines if lines and len(free) == len(page.words) else visual_lines(text, page.words)
        for piece in pieces:
            _caption(text, piece, everything, pieces)
    return pieces


def _may_align(text: str, words: Sequence[Word]) -> bool:
    """Whether at least two figures stand apart from the word before them: the cheap question before the dear one."""
    apart = 0
    before: Word | None = None
    for word in words:
        start, end, *_ = word
        first = text[start]
        if first.isalpha():
            pass
        elif first.isdigit() or (first in "-–−+±(<" and text[start + 1 : end][:1].isdigit()):
            height = word.bottom - word.top
            near = before is not None and abs(word.bottom - before.bottom) <= 0.3 * height and 0 <= word.x0 - before.x1 <= 0.62 * height
            apart += not near
            if apart > 1:
                return True
        elif end - start == 1:
            continue  # a minus, or a bullet
        before = word
    return False


def _within(words: Sequence[Word], box: Box) -> list[Word]:
    """The words whose middle lies in a box, or on its edge."""
    left, top, right, bottom = 2 * box.x0 - 4, 2 * box.top - 4, 2 * box.x1 + 4, 2 * box.bottom + 4
    return [w for w in words if top <= w.top + w.bottom <= bottom and left <= w.x0 + w.x1 <= right]


def _largest(lattices: list[Lattice]) -> list[Lattice]:
    """Lattices without those that lie within another."""

    def within(a: Box, b: Box) -> bool:
        return a != b and b.x0 - 2 <= a.x0 and a.x1 <= b.x1 + 2 and b.top - 2 <= a.top and a.bottom <= b.bottom + 2

    return [a for a in lattices if not any(within(a.box, b.box) for b in lattices)]


def _caption(text: str, piece: _Piece, lines: Sequence[Line], others: Sequence[_Piece]) -> None:
    """Find the caption above a piece and whether it opens or closes its page."""
    above = [line for line in lines if line.bottom <= piece.box.top + 1]
    below = [line for line in lines if line.top >= piece.box.bottom - 1]
    within = [line.height for line in lines if piece.box.top - 1 <= line.top <= piece.box.bottom]
    notes = 0.9 * median(within) if within else 0.0  # what stands below in smaller type are footnotes
    if len(above) == 1 and piece.banner is None and _is_ruled_off(above[0], piece):
        piece.banner = [cell_of(text, [w for chunk in above[0].chunks for w in chunk.words]), *[None] * (len(piece.grid[0]) - 1)]
    piece.opens_page = not above or (len(above) == 1 and piece.banner is not None)
    piece.closes_page = sum(line.height > notes for line in below) <= 1
    near: list[Line] = []
    edge = piece.box.top
    for line in reversed(above[-3:]):
        if edge - line.bottom > 3.2 * line.height or any(p is not piece and p.box.top - 1 <= line.top <= p.box.bottom + 1 for p in others):
            break
        near.append(line)
        edge = line.top
    piece.before = "\n".join(line.text for line in reversed(near))
    if piece.title is None and near:
        piece.title = _title(near, piece.page)


def _is_ruled_off(line: Line, piece: _Piece) -> bool:
    """Whether a line right above a ruled table is its first row, all of one cell: a rule as wide as the table stands over it."""
    if piece.origin != "ruled" or piece.box.top - line.bottom > line.height:
        return False
    return any(
        rule.x0 <= piece.box.x0 + 3
        and piece.box.x1 - 3 <= rule.x1
        and rule.bottom - rule.top < 3
        and 0 <= line.top - rule.bottom < 2 * line.height
        for rule in piece.page.rules
    )


def _title(near: Sequence[Line], page: Page) -> str | None:
    """The caption among the lines above a table, the nearest first: a heading with its other lines, or a line of its own."""
    usual = Counter(w.style for w in page.words).most_common(1)[0][0]
    style = near[0].chunks[0].words[0].style
    lines = [near[0]]
    for below, line in pairwise(near):
        if below.top - line.bottom > 0.6 * line.height or line.chunks[0].words[0].style != style:
            break
        lines.insert(0, line)
    if style == usual and len(lines) > 1:
        if len(lines[-2].text) > 60:  # the last line of a paragraph
            return None
        lines = lines[-1:]
    title = " ".join(line.text for line in lines)
    return None if len(title) > 140 or title.rstrip().endswith((".", ",", "-")) else title


def _aligned(text: str, page: Page, lines: Sequence[Line], vocabulary: Vocabulary, *, framed: bool) -> list[_Piece]:
    return [
        _Piece(
            page, found.box, "ruled" if framed else "aligned", found.grid, list(found.grid), found.edges, 0.9 if framed else 0.85,
            heads=found.heads, head_rows=found.head_rows,
        )
        for found in find_aligned(text, lines, vocabulary, framed=framed)
    ]  # fmt: skip


# -- ruled tables -----------------------------------------------------------------------------------------------------------


def _ruled(text: str, page: Page, lattice: Lattice, words: Sequence[Word]) -> _Piece | None:
    """The grid of a lattice; None where it has but one column."""
    n_rows, n_cols = len(lattice.ys) - 1, len(lattice.xs) - 1
    if n_cols < 2:
        return None
    group = _merged_cells(lattice)
    first_row: dict[int, int] = {}
    cols_of: dict[int, set[int]] = {}
    for r in range(n_rows):
        for c in range(n_cols):
            first_row.setdefault(group[r][c], r)
            cols_of.setdefault(group[r][c], set()).add(c)
    held: dict[int, list[Word]] = {}
    across, down = lattice.xs[1:-1], lattice.ys[1:-1]
    for word in words:
        _, _, x0, top, x1, bottom, _ = word
        held.setdefault(group[bisect_right(down, (top + bottom) / 2)][bisect_right(across, (x0 + x1) / 2)], []).append(word)
    bands: list[Row] = [{} for _ in range(n_rows)]
    for g, inside in held.items():
        cols = cols_of[g]
        parted = _by_column(text, inside, lattice.xs) if len(cols) > 1 else None
        for c, some in (parted or {min(cols): inside}).items():
            bands[first_row[g]].setdefault(c, []).extend(some)
    piece = _Piece(page, lattice.box, "ruled", [], [], list(lattice.xs), 0.95)
    for r, band in enumerate(bands):
        if not band and any(first_row[group[r][c]] < r for c in range(n_cols)):
            continue
        for part in _split_band(text, band):
            row = [cell_of(text, part[c]) if c in part else None for c in range(n_cols)]
            piece.grid.append(row)
            piece.spread.append([row[c] or row[min(cols_of[group[r][c]])] for c in range(n_cols)])
    while piece.grid and not any(piece.grid[0]):
        del piece.grid[0], piece.spread[0]
    if len(piece.grid) > 2 and (banner := piece.spread[0][0]) is not None and len(set(piece.spread[0])) == 1 and not is_figure(banner.text):
        piece.title = " ".join(banner.text.split())
        piece.banner = piece.grid.pop(0)
        del piece.spread[0]
    return piece if piece.grid else None


def _band(edges: Sequence[float], at: float) -> int:
    return bisect_right(edges, at, 1, len(edges) - 1) - 1


def _merged_cells(lattice: Lattice) -> list[list[int]]:
    """The group of each cell of the lattice: cells that no line parts are one."""
    n_rows, n_cols = len(lattice.ys) - 1, len(lattice.xs) - 1
    parent = list(range(n_rows * n_cols))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for r in range(n_rows):
        for c in range(n_cols):
            if c + 1 < n_cols and not lattice.wall_right(r, c):
                parent[root(r * n_cols + c)] = root(r * n_cols + c + 1)
            if r + 1 < n_rows and not lattice.wall_below(r, c):
                parent[root(r * n_cols + c)] = root((r + 1) * n_cols + c)
    return [[root(r * n_cols + c) for c in range(n_cols)] for r in range(n_rows)]


def _by_column(text: str, words: Sequence[Word], xs: Sequence[float]) -> Row | None:
    """The words of a cell merged over columns by the columns in which they still stand; None where they cross them."""
    parted: Row = {}
    figures = False
    for line in visual_lines(text, words):
        for chunk in line.chunks:
            c = _band(xs, (chunk.x0 + chunk.x1) / 2)
            if chunk.x0 < xs[c] - 2 or chunk.x1 > xs[c + 1] + 2:
                return None
            figures = figures or figure_like(chunk.text)
            parted.setdefault(c, []).extend(chunk.words)
    return parted if figures and len(parted) > 1 else None


def _split_band(text: str, band: Row) -> list[Row]:
    """The rows of a band between two rulings: more than one where its columns of figures have several under one another."""
    bottoms = [w.bottom for words in band.values() for w in words]
    if bottoms and max(bottoms) - min(bottoms) < 1.0:
        return [band]  # one line
    stacked, single = [], []
    for c, words in band.items():
        if not may_hold_figures(text, words):
            continue
        lines = visual_lines(text, words)
        n = sum(len(line.chunks) == 1 and figure_like(line.text) for line in lines)
        if (n > 1 and n == len(lines)) or n > 2:
            stacked.append(c)
        elif n:
            single.append(c)
    if not stacked or len(single) > len(stacked):
        return [band]
    everything = sorted((w for words in band.values() for w in words), key=lambda w: w.bottom)
    column = {w.start: c for c, words in band.items() for w in words}
    lines_of: list[tuple[float, float, Row]] = []
    for line in visual_lines(text, everything):
        row: Row = {}
        for chunk in line.chunks:
            for word in chunk.words:
                row.setdefault(column[word.start], []).append(word)
        lines_of.append((line.top, line.bottom, row))
    return rows_of(text, lines_of, set(stacked) | set(single))


def _under_ruled(lines: Sequence[Line], edges: Sequence[float]) -> bool:
    """Whether the rulings leave several figures of a line in one column."""
    crowded = 0
    for line in lines:
        if not line.may_hold_figures():
            continue
        cols = [_band(edges, (c.x0 + c.x1) / 2) for c in line.chunks if figure_like(c.text)]
        crowded += len(cols) > len(set(cols))
    return crowded > 1 and crowded * 4 >= len(lines)


# -- joining and judging pieces ---------------------------------------------------------------------------------------------


def _continues(before: _Piece, piece: _Piece, vocabulary: Vocabulary) -> bool:
    """Whether a piece at the top of a page goes on with the one at the bottom of the page before."""
    if not (before.closes_page and piece.opens_page) or len(before.edges) != len(piece.edges) or before.page is piece.page:
        return False
    shift = before.edges[0] - piece.edges[0]
    if any(abs(a - b - shift) > 9 for a, b in zip(before.edges, piece.edges, strict=True)):
        return False
    rows = _head_rows(piece, vocabulary)
    above = before.grid[: _head_rows(before, vocabulary)][-rows:] if rows else []
    return [_said(row[1:]) for row in piece.grid[:rows]] == [_said(row[1:]) for row in above]


def _said(row: Sequence[RawCell | None]) -> list[str]:
    return [fold(cell.text) if cell else "" for cell in row]


def _head_rows(piece: _Piece, vocabulary: Vocabulary) -> int:
    if piece.head_rows is not None:
        return piece.head_rows
    rows = find_head_rows(piece.grid, vocabulary)
    texts = [c.text for row in piece.grid[:rows] for c in row[1:] if c is not None]
    return rows if texts and reads_as_head(texts, vocabulary) else 0


def _join(before: _Piece, piece: _Piece, vocabulary: Vocabulary) -> None:
    """Append a continuation, without its repeated head; a row cut by the page break is made whole."""
    if before.head_rows is None:
        before.head_rows = find_head_rows(before.grid, vocabulary)
        before.heads = [_path([row[c] for row in before.spread[: before.head_rows]]) for c in range(len(before.grid[0]))]
    skip = _head_rows(piece, vocabulary)
    grid, spread = piece.grid[skip:], piece.spread[skip:]
    if piece.banner is not None:
        grid, spread = [piece.banner, *grid], [piece.banner, *spread]
    if grid and not any(c is not None and figure_like(c.text) for c in grid[0]):
        words = [c for c in grid[0] if c is not None]
        if words and all(_CONTINUES.match(c.text) for c in words):
            last = before.grid[-1]
            before.grid[-1] = [join_cells(a, b) for a, b in zip(last, grid[0], strict=True)]
            grid, spread = grid[1:], spread[1:]
    if grid:
        _mend(before.grid, grid[0])
    before.grid += grid
    before.spread += spread
    before.closes_page = piece.closes_page
    before.page = replace(before.page)
    before.parts.append(piece.page)


def _mend(above: Grid, row: list[RawCell | None]) -> None:
    """Give the text of a cell over several rows that the page break cut back to its first part."""
    texts = [c for c, cell in enumerate(row) if cell is not None and not figure_like(cell.text)]
    for c in texts[:-1]:
        cell = row[c]
        held = next((r for r in range(len(above) - 1, -1, -1) if above[r][c] is not None), None)
        if cell is not None and held is not None and _CONTINUES.match(cell.text):
            above[held][c] = join_cells(above[held][c], cell)
            row[c] = None


def _split(piece: _Piece, vocabulary: Vocabulary) -> Iterator[_Piece]:
    """Part a piece where a new head begins under rows with figures, or under rows of questions and answers; a row of words alone
    before it is the caption of the new part.
    """
    cuts: list[int] = []
    figures = worded = False
    for r, row in enumerate(piece.grid):
        texts = [cell.text for cell in row[1:] if cell is not None]
        head = len(texts) > 1 and reads_as_head(texts, vocabulary)
        if head and (figures or (worded and row[0] is not None)):
            cuts.append(r)
            figures = False
        figures = figures or (any(map(is_figure, texts)) and not reads_as_head(texts, vocabulary))
        if any(row):
            worded = not head and bool(texts) and row[0] is not None and len(row[0].text.split()) >= _SENTENCE
    rest, first = piece, 0
    for cut in cuts:
        captions = [c for c in rest.grid[cut - first - 1] if c is not None]
        caption = captions[0] if len(captions) == 1 and cut - first > 1 and not is_figure(captions[0].text) else None
        end = cut - first - (caption is not None)
        yield _trim(replace(rest, grid=rest.grid[:end], spread=rest.spread[:end], closes_page=False))
        rest = replace(
            rest,
            grid=rest.grid[cut - first :],
            spread=rest.spread[cut - first :],
            heads=None,
            head_rows=None,
            title=caption.text if caption else None,
            opens_page=False,
        )
        first = cut
    yield _trim(rest) if cuts else rest


def _trim(piece: _Piece) -> _Piece:
    """Leave out empty columns and rows."""
    width = len(piece.grid[0]) if piece.grid else 0
    keep = [c for c in range(width) if any(row[c] is not None for row in piece.grid)]
    rows = [r for r, row in enumerate(piece.grid) if any(row)]
    above = piece.head_rows or 0
    piece.head_rows = None if piece.head_rows is None else sum(r < above for r in rows)
    piece.grid = [[piece.grid[r][c] for c in keep] for r in rows]
    piece.spread = [[piece.spread[r][c] for c in keep] for r in rows]
    piece.edges = [*(piece.edges[c] for c in keep), *piece.edges[width:]]
    if piece.heads is not None:
        piece.heads = [piece.heads[c] for c in keep]
    return piece


def _is_table(piece: _Piece, vocabulary: Vocabulary) -> bool:
    """Whether a grid holds a table: not a list, an address block, a table of contents, a box around prose or a chart's axis."""
    grid = piece.grid
    if len(grid) < 2 or len(grid[0]) < 2:
        return False
    top = _head_rows(piece, vocabulary)
    headed = top > 0 and any(c is not None for c in grid[0][1:])
    body = grid[top:]
    figures = sum(c is not None and is_figure(c.text) for row in body for c in row[1:])
    labelled = sum(any(c is not None and any(ch.isalpha() for ch in c.text) for c in row) for row in body)
    filled = sum(c is not None for row in grid for c in row)
    if not body or labelled * 2 < len(body) or _contents(body):
        return False
    longest = max(len(c.text) for row in grid for c in row if c is not None)
    if piece.origin == "aligned":
        return figures > 1 and longest < 400
    words = filled >= 0.4 * len(grid) * len(grid[0]) and longest < 1500
    return (figures > 1 or words) and (headed or figures > 1 or (len(grid[0]) > 2 and words) or (words and len(grid) > 2))


def _contents(body: Sequence[Sequence[RawCell | None]]) -> bool:
    """Whether rows are those of a table of contents: the last cell of each a page number, never falling, or with dot leaders."""
    lasts = [row[-1].text if row[-1] is not None else "" for row in body]
    pages = [int(t) for t in lasts if _PAGE_NUMBER.fullmatch(t)]
    if len(pages) * 4 < len(lasts) * 3 or any(sum(c is not None for c in row) > 3 for row in body):
        return False
    if any(c is not None and _LEADER.search(c.text) for row in body for c in row):
        return True
    return len(pages) > 3 and pages == sorted(pages) and pages[-1] - pages[0] >= len(pages) // 2 and pages[0] < 12


def _indents(report: Report, piece: _Piece) -> list[float] | None:
    """How far the first words of the rows are set in; None where they are centred or the table has no indents to tell."""
    pages = [piece.page, *piece.parts]
    found: list[float | None] = []
    for row in piece.grid:
        cell = row[0]
        words = report.words_in(cell.start, cell.end) if cell is not None else ()
        found.append(words[0].x0 if words else None)
    if len(pages) > 1:
        return None
    known = [x for x in found if x is not None]
    if not known:
        return None
    least = min(known)
    levels = {round((x - least) / 3) for x in known}
    if len(levels) > 5 or sum(x - least < 3 for x in known) < min(2, len(known)):
        return None
    return [0.0 if x is None else x - least for x in found]
