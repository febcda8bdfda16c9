"""What the figures of a table say about each other: sums over rows, sums, differences and shares over columns, recomputed.

Only relations that the source means are asserted: a total is said to be the sum of certain rows, a deviation the difference of
certain columns, where that holds for so much of the table that it is no chance. Then every figure that the relation covers is
checked, and what fails is kept as printed and flagged.

How much a relation that holds proves is counted in powers of ten: a sum of four digits that is right by chance is one in ten
thousand; of many relations that are tried, one is right the sooner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations, permutations
from math import comb, log10, sqrt
from statistics import median
from typing import NamedTuple

from docmine.records import Check, Report, Table, fold
from docmine.tables.restated import check_restated
from docmine.vocabulary import Vocabulary

__all__ = ["check_tables"]

_DIFFERENCES = ("deviation", "forecast_deviation", "change", "difference")
_KINDS = ("outcome", "budget", "forecast", "plan")  # of which a total is the sum, unless all columns are prices
_SHARES = ("percent", "percentage_points", "index", "ratio")
_MAX_COLUMNS = 16
_MOST = 0.6  # the share of rows for which a relation of columns must hold to be meant
_MOST_TOLD = 0.5  # the same where heads tell of which columns
_MOST_UNANNOUNCED = 0.75  # and of what its rows would prove, where the head tells of no difference
_ANNOUNCED, _UNANNOUNCED = 0.5, 4.0  # what must be proved for a relation of columns, where the head tells of a difference or not
_WINDOW = log10(3)  # a difference of one last digit either way is no error, so that a figure proves less
_CERTAIN, _TOLD, _UNTOLD = 0.5, 2.0, 5.0  # and for a total, where the label says so, or may say so, or does not
_MISPRINTED = 2  # digits of a difference that tells of one wrong digit
_FEW_SHARES = 3  # fewer prove nothing
_UNPROVED = (0.0, 0.0)
_DIGITS = 4.0  # that one figure proves at most
_OTHERWISE = 1.0  # what the rows must prove that take a difference in the other order than most rows do
_ALIKE = 1.6  # columns of one kind of figures differ by at most this factor from row to row
_NEAR = 0.1  # a total that is off by less is meant as one
_MOST_PLACES = 36  # of the figures of a row that lacks some, that are tried
_BESIDE = "% )*\u00b9\u00b2\u00b3"  # behind the digits of a figure
_RUN, _MOST_PARTS = 15, 200  # rows that a total may sum up, without such a label and with it
_SLACK = [min(0.5 * (n + 1), 1.2 * sqrt(n + 1)) + 0.01 for n in range(_MOST_PARTS + 1)]  # units by which a sum of n figures may be off


class _Value(NamedTuple):
    value: float
    decimals: int


_Grid = Mapping[int, Mapping[int, _Value]]  # by column, then by row


class _Sum(NamedTuple):
    """A total in row t as a signed sum of other rows."""

    t: int
    parts: tuple[tuple[int, int], ...]


class _Verdict(NamedTuple):
    """What a figure should be, what it is, whether rounding explains the difference, and what it proves if it is right."""

    expected: float
    found: float
    passed: bool
    proof: float


def check_tables(report: Report, vocabulary: Vocabulary) -> tuple[Check, ...]:
    """The relations that the figures of the report's tables should satisfy, recomputed.

    Parameters
    ----------
    report : Report
        With its tables, whatever their origin.
    vocabulary : Vocabulary
        With the file ``columns``.

    Returns
    -------
    tuple of Check
        In the order of tables, rows and columns; passed or not. The tolerance follows from the printed decimals.
    """
    checks: list[Check] = []
    restated: dict[int, list[Check]] = {}
    for check in check_restated(report, vocabulary):
        restated.setdefault(check.table, []).append(check)
    for table in report.tables:
        grid, shares = _grid(table)
        found = [*_column_relations(table, grid, shares, vocabulary), *_row_sums(table, grid, vocabulary), *restated.get(table.index, ())]
        checks += sorted(found, key=lambda c: (c.row, c.col, c.rule))
    return tuple(checks)


def _grid(table: Table) -> tuple[_Grid, _Grid]:
    """The figures by column and row: those that can be added up, and shares; a column holds either."""
    shares = {c for c, column in enumerate(table.columns) if column.unit in _SHARES}
    shares |= {c for c, column in enumerate(table.columns) if "%" in column.head and column.measure in _DIFFERENCES}
    shares |= {cell.col for cell in table.cells if cell.value is not None and cell.text.rstrip().endswith("%")}
    figures: dict[int, dict[int, _Value]] = {}
    parts: dict[int, dict[int, _Value]] = {}
    for cell in table.cells:
        if cell.value is not None and not cell.header:
            into = parts if cell.col in shares or table.unit in _SHARES else figures
            into.setdefault(cell.col, {})[cell.row] = _Value(cell.value, _decimals(cell.text))
    for c in _unmarked_shares(figures):
        parts[c] = figures.pop(c)
    return figures, parts


def _unmarked_shares(grid: _Grid) -> list[int]:
    """The columns that prove to be shares of others although neither head nor cells say so: their decimals are unlike those of the rest."""
    decimals = {c: max(v.decimals for v in column.values()) for c, column in grid.items()}
    found = []
    for k, column in grid.items():
        rest = {c: other for c, other in grid.items() if c != k and decimals[c] != decimals[k]}
        if len(rest) < 2 or len(rest) < len(grid) - 2 or len(column) < _FEW_SHARES or max(abs(v.value) for v in column.values()) >= 1000:
            continue
        pairs = [(i, j) for i, j in permutations(sorted(rest), 2)]
        ways = (
            [v for r in column if (v := _shared(rest, {k: column}, r, i, j, k, way)) is not None] for i, j in pairs for way in (1, -1, 0)
        )
        if any(_proved(way, _ANNOUNCED, log10(3 * len(pairs))) > _UNPROVED for way in ways):
            found.append(k)
    return found


def _decimals(text: str) -> int:
    digits = text.strip().rstrip(_BESIDE)
    _, mark, tail = digits.rpartition(",")
    if not mark:
        _, mark, tail = digits.rpartition(".")
        if len(tail) == 3:
            return 0
    tail = tail.partition(" ")[0]
    return len(tail) if mark and tail.isdigit() else 0


def _slack(figures: int, unit: float) -> float:
    """By how much a sum of rounded figures may be off: half a unit each at most, and hardly ever more than some of them together."""
    return unit * _SLACK[figures]


def _proof(value: float, unit: float) -> float:
    return min(log10(abs(value) / unit + 1), _DIGITS)


# Columns


class _Triple(NamedTuple):
    """Columns of which the last is the sum of the others, or the difference in one order, the other, or either."""

    i: int
    j: int
    k: int
    sign: int | None  # 1: i + j, -1: i - j, -2: j - i, None: a difference in either order


def _column_relations(table: Table, grid: _Grid, shares: _Grid, vocabulary: Vocabulary) -> Iterator[Check]:
    both = {**grid, **shares}
    columns, rows = sorted(both), _rows(both)
    if not 3 <= len(columns) <= _MAX_COLUMNS:
        return
    announced = {c for c in columns if table.columns[c].measure in _DIFFERENCES and (c in grid or table.unit in _SHARES)}
    sums = {c for c in columns if vocabulary["columns", "total"].code(table.columns[c].head.rpartition("/")[2].strip()) is not None}
    best = _best_triples(table, both, columns, announced, sums)
    for k in (announced | sums) - best.keys():
        told = [
            (triple, verdicts) for triple, verdicts in _told(table, both, columns, k) if _bears_out(both, triple, verdicts, k in announced)
        ]
        best |= {k: max(told, key=lambda t: sum(v.passed for _, v in t[1]))} if told else {}
    shifting = _loose(table)
    for triple, verdicts in best.values():
        if triple.sign is None and (settled := _one_order(both, rows, triple)) is not None:
            verdicts = [(r, v) for r, _ in verdicts if (v := _made(both, r, settled)) is not None]
        yield from (Check(table.index, "column_difference", r, triple.k, v.expected, v.found, v.passed) for r, v in verdicts)
        if shifting and triple.k in announced and all(v.passed for _, v in verdicts):
            yield from (check for r in sorted(shifting) if (check := _nowhere(table, both, r, triple)) is not None)
    compared = {pair for triple, _ in best.values() if triple.k in announced for pair in ((triple.i, triple.j), (triple.j, triple.i))}
    yield from _share_relations(table, grid, shares, compared)


_Verdicts = list[tuple[int, _Verdict]]


def _best_triples(
    table: Table, grid: _Grid, columns: Sequence[int], announced: Collection[int], sums: Collection[int]
) -> dict[int, tuple[_Triple, _Verdicts]]:
    """For each column that is proved to be made of two others the likeliest way in which it is, with what that makes of its rows."""
    best: dict[int, tuple[tuple[bool, float, float], _Triple, _Verdicts]] = {}
    tried = log10(len(columns) ** 2)
    changes = {triple for k in announced for triple in _told_change(table, columns, k)}
    for three in combinations(columns, 3):
        last = next((c for told in (announced, sums) for c in three[::-1] if c in told), three[2])
        i, j = (c for c in three if c != last)
        change = table.columns[last].measure == "change"  # has one sign, as deviations of revenue and costs may not
        signs: tuple[int | None, ...] = (1, -1, -2) if last not in announced else (-1, -2) if change else (None,)
        for triple in (_Triple(i, j, last, sign) for sign in signs):
            if not _holds_twice(grid, triple):
                continue
            verdicts = [(r, v) for r in _rows(grid) if (v := _made(grid, r, triple)) is not None]
            needed = _ANNOUNCED if last in announced or last in sums else _UNANNOUNCED
            most = _MOST_TOLD if not changes.isdisjoint(_turned(triple)) else _MOST
            share, proof = _proved([v for _, v in verdicts], needed, tried, most)
            behind = last in announced and j < last  # what a difference is of stands before it
            likely = behind, share + _MOST_TOLD * (most < _MOST), proof
            if proof and (last not in best or likely > best[last][0]):
                best[last] = (likely, triple, verdicts)
    return {k: (triple, verdicts) for k, (_, triple, verdicts) in best.items()}


def _turned(triple: _Triple) -> tuple[_Triple, _Triple]:
    """A difference, and the same with its columns in the other order."""
    sign = {-1: -2, -2: -1}.get(triple.sign or 0, triple.sign)
    return triple, _Triple(triple.j, triple.i, triple.k, sign)


def _bears_out(grid: _Grid, triple: _Triple, verdicts: Sequence[tuple[int, _Verdict]], announced: bool) -> bool:
    """Whether so many rows obey a relation of which heads tell, or all do but one in which a digit is wrong."""
    held = sum(v.passed for _, v in verdicts)
    wrong = [(r, v) for r, v in verdicts if not v.passed]
    misprinted = len(wrong) == 1 and _misprinted(grid, triple, *wrong[0])
    return held >= (0 if announced else 1) if misprinted else 2 * held >= len(verdicts) and held >= (1 if announced else 2)


def _share_relations(table: Table, grid: _Grid, shares: _Grid, compared: Collection[tuple[int, int]]) -> Iterator[Check]:
    """Columns that are shares, of one figure in another or of their difference; that of ``compared`` columns has a column of its own."""
    rows = _rows({**grid, **shares})
    pairs = list(permutations(sorted(grid), 2))
    for k in sorted(shares):
        ways: list[tuple[tuple[float, float], dict[int, _Verdict]]] = []
        for i, j in pairs:
            few = (i, j) in compared  # what is told as a difference is told in per cent, too
            for way in (1, -1, 0):
                verdicts = {r: v for r in rows if (v := _shared(grid, shares, r, i, j, k, way)) is not None}
                proof = _proved([*verdicts.values()], 0.0 if few else _ANNOUNCED, log10(3 if few else 3 * len(pairs)))
                if proof > _UNPROVED:
                    ways.append((proof, verdicts))
        ways.sort(key=lambda way: way[0], reverse=True)
        for r, v in ways[0][1].items() if ways else ():
            # of the change and of what changed: rounding spoils one of them rather than the other
            v = next((other for _, verdicts in ways if (other := verdicts.get(r)) is not None and other.passed), v)
            yield Check(table.index, "column_difference", r, k, v.expected, v.found, v.passed)


def _one_order(grid: _Grid, rows: Sequence[int], triple: _Triple) -> _Triple | None:
    """A difference in the one order in which all rows take it but some that prove nothing; None where they take it in either.

    Deviations of revenue and of costs may be taken in either order. A figure of a few last digits holds in either by chance.
    """
    orders = [triple._replace(sign=sign) for sign in (-1, -2)]
    proofs = [0.0, 0.0]
    for r in rows:
        one, other = (_made(grid, r, order) for order in orders)
        if one is not None and other is not None and one.passed != other.passed:
            unit = 10.0 ** -min(grid[c][r].decimals for c in (triple.i, triple.j, triple.k))
            proofs[other.passed] += log10(abs(one.found) / unit + 1)
    return None if min(proofs) >= _OTHERWISE or max(proofs) < _OTHERWISE else orders[proofs[1] > proofs[0]]


def _nowhere(table: Table, grid: _Grid, r: int, triple: _Triple) -> Check | None:
    """The relation of a row that lacks figures, where it fails in whichever columns they stand; what is missing counts as nought."""
    figures = [(c, v) for c in range(1, table.n_cols) if (v := grid.get(c, {}).get(r)) is not None]
    if len(figures) < 2 or comb(table.n_cols - 1, len(figures)) > _MOST_PLACES:
        return None
    nearest: tuple[float, int, float, float] | None = None  # by how much it fails, the figure that it is of, what that should be and is
    for places in combinations(range(1, table.n_cols), len(figures)):
        placed = dict(zip(places, figures, strict=True))
        three = [placed.get(k) for k in (triple.i, triple.j, triple.k)]
        if three[0] is None and three[1] is None:
            return None
        x, y, z = (0.0 if each is None else each[1].value for each in three)
        unit = 10.0 ** -min(each[1].decimals for each in three if each is not None)
        ways = (x + y,) if triple.sign == 1 else (x - y,) if triple.sign == -1 else (y - x,) if triple.sign == -2 else (x - y, y - x)
        way = min(ways, key=lambda way: abs(way - z))
        if abs(way - z) <= 1.01 * unit:
            return None
        if three[2] is not None and (nearest is None or abs(way - z) < nearest[0]):
            nearest = abs(way - z), three[2][0], way, z
    return None if nearest is None else Check(table.index, "column_difference", r, nearest[1], round(nearest[2], 6), nearest[3], False)


def _told(table: Table, grid: _Grid, columns: Sequence[int], k: int) -> Iterator[tuple[_Triple, list[tuple[int, _Verdict]]]]:
    """The relations of which heads tell that a column has them, with what they make of its rows: a change from the year before,
    a total of the two other columns under the same head.
    """
    for triple in (*_told_change(table, columns, k), *_told_deviation(table, columns, k), *_told_sum(table, columns, k)):
        yield triple, [(r, v) for r in _rows(grid) if (v := _made(grid, r, triple)) is not None]


def _misprinted(grid: _Grid, triple: _Triple, r: int, verdict: _Verdict) -> bool:
    """Whether a relation that fails holds with one digit changed, which so large a difference hardly does by chance."""
    unit = 10.0 ** -min(grid[c][r].decimals for c in (triple.i, triple.j, triple.k))
    off = str(round(abs(verdict.expected - verdict.found) / unit))
    return len(off) >= _MISPRINTED and not off[1:].strip("0")


def _told_change(table: Table, columns: Sequence[int], k: int) -> Iterator[_Triple]:
    """A change from one year to the next: of the last year of one kind and the year before."""
    if table.columns[k].measure != "change":
        return
    by_kind: dict[tuple[str | None, str | None], dict[int, int]] = {}
    for c in columns:
        column = table.columns[c]
        if c < k and column.measure in _KINDS and column.year is not None:
            by_kind.setdefault((column.measure, column.subject), {})[column.year] = c
    several = [years for years in by_kind.values() if len(years) > 1]
    if len(several) == 1 and max(several[0]) - 1 in several[0]:
        last = max(several[0])
        yield _Triple(several[0][last], several[0][last - 1], k, -1)


def _told_deviation(table: Table, columns: Sequence[int], k: int) -> Iterator[_Triple]:
    """A deviation of the two columns that stand right before it, which are of two kinds."""
    beside = [c for c in columns if c < k][-2:]
    kinds = {table.columns[c].measure for c in beside}
    if table.columns[k].measure in ("deviation", "forecast_deviation") and len(kinds) == 2 and kinds <= {*_KINDS}:
        yield _Triple(beside[0], beside[1], k, None)


def _told_sum(table: Table, columns: Sequence[int], k: int) -> Iterator[_Triple]:
    """What two columns under a head make ("2020 / Netto" of "2020 / Intäkter" and "2020 / Kostnader")."""
    over, _, own = table.columns[k].head.rpartition("/")
    beside = [c for c in columns if c != k and table.columns[c].head.rpartition("/")[0] == over]
    if over and own and len(beside) == 2:
        yield from (_Triple(beside[0], beside[1], k, sign) for sign in (1, -1, -2))


def _proved(verdicts: Sequence[_Verdict], needed: float, tried: float, most: float = _MOST) -> tuple[float, float]:
    """For which share of the rows a relation holds, and what they prove together, where that is enough."""
    telling = [v for v in verdicts if v.proof > 0]
    held = [v.proof for v in telling if v.passed]
    weight = _MOST_UNANNOUNCED if needed == _UNANNOUNCED else most
    weighty = sum(held) >= weight * sum(v.proof for v in telling)  # small figures agree by chance
    by_chance = _WINDOW * len(held) if needed == _UNANNOUNCED else 0.0
    if len(held) < 2 or len(held) < most * len(telling) or sum(held) - by_chance < tried + needed or not weighty:
        return _UNPROVED
    return len(held) / len(telling), sum(held)


def _rows(grid: _Grid) -> list[int]:
    return sorted({r for column in grid.values() for r in column})


def _holds_twice(grid: _Grid, triple: _Triple) -> bool:
    """Whether two rows satisfy a relation, less than which proves nothing: most triples of columns are none."""
    i, j, k, sign = triple
    second, third = grid[j], grid[k]
    held = 0
    for r, (x, fine) in grid[i].items():
        if (b := second.get(r)) is None or (c := third.get(r)) is None:
            continue
        y, z = b.value, c.value
        off = abs(x + y - z) if sign == 1 else abs(y - x - z) if sign == -2 else abs(x - y - z)
        if sign is None:
            off = min(off, abs(y - x - z))
        # no unit is larger than one, so that few figures need their own
        if off <= 1.01 and off <= 1.01 * 10.0 ** -min(fine, b.decimals, c.decimals):
            held += 1
            if held == 2:
                return True
    return False


def _made(grid: _Grid, r: int, triple: _Triple) -> _Verdict | None:
    """Whether a figure of a row is made of two others; None where one is not printed. A nought beside equal figures proves nothing."""
    a, b, c = grid[triple.i].get(r), grid[triple.j].get(r), grid[triple.k].get(r)
    if a is None or b is None or c is None:
        return None
    expected = a.value + b.value if triple.sign == 1 else b.value - a.value if triple.sign == -2 else a.value - b.value
    if triple.sign is None and abs(-expected - c.value) < abs(expected - c.value):
        expected = -expected
    unit = 10.0 ** -min(a.decimals, b.decimals, c.decimals)
    made = (a, b) if triple.sign is None else (a, b, c)  # an announced difference may well be nought
    proof = _proof(min(abs(v.value) for v in made), unit)
    return _Verdict(round(expected, 6), c.value, abs(expected - c.value) <= 1.01 * unit, proof)


def _shared(grid: _Grid, shares: _Grid, r: int, i: int, j: int, k: int, way: int) -> _Verdict | None:
    """Whether a share is what one figure is of another (way 0), or their difference with a sign of the second."""
    a, b, share = grid[i].get(r), grid[j].get(r), shares[k].get(r)
    if a is None or b is None or share is None or not a.value or not b.value:
        return None
    expected = way * 100 * (a.value - b.value) / abs(b.value) if way else 100 * a.value / b.value
    if b.value < 0 and abs(-expected - share.value) < abs(expected - share.value):  # less of a deficit is more, or less
        expected = -expected
    unit = 10.0 ** -min(a.decimals, b.decimals)
    slack = 0.51 * 10.0**-share.decimals + 50 * unit * (1 + abs(a.value / b.value)) / max(abs(b.value) - unit / 2, unit / 2)
    telling = abs(expected) if way else min(abs(expected), abs(expected - 100))  # by how much it is no mere nought or whole
    proof = log10(1 + telling / slack) / 2 if slack < 5 else 0.0
    return _Verdict(round(expected, 6), share.value, abs(expected - share.value) <= slack, proof)


# Rows


def _row_sums(table: Table, grid: _Grid, vocabulary: Vocabulary) -> Iterator[Check]:
    """Totals over the rows that no total before them has taken up."""
    rows, columns = _rows(grid), sorted(grid)
    own = {r: fold(table.rows[r].rpartition(", ")[2]) for r in rows}
    total, part = vocabulary["columns", "total"], vocabulary["columns", "part"]
    loose = _loose(table)
    asserted: list[tuple[_Sum, dict[int, _Verdict]]] = []
    doubtful: list[_Sum] = []
    units: list[int] = []
    plain: list[int] = []
    for t in rows:
        if part.search(own[t]) is not None:
            continue
        labels = {own[t], fold(table.rows[t])}
        told = any((found := total.search(label)) is not None and (found[1] == 0 or found[2] == len(label)) for label in labels)
        certain = any(label.startswith(("summa", "total", "delsumma", "sammanlagt")) for label in labels)
        best: tuple[float, _Sum, dict[int, _Verdict]] | None = None
        tried = min(len(units), _MOST_PARTS if told else _RUN) + (1 if told else -1) if len(units) > 1 else 0
        fresh = set(units[next((n + 1 for n in range(len(units) - 1, -1, -1) if units[n] not in plain), 0) :])
        over_all = _Sum(t, tuple((r, 1) for r in plain[-_MOST_PARTS:])) if told and len(plain) > 1 else None
        for meant in (*_meanings(grid, columns, t, units, told), over_all):
            if meant is None or (meant is over_all and best is not None):
                break
            verdicts = {c: v for c in columns if (v := _verdict(table, grid, meant, c, told)) is not None}
            held = [v.proof for v in verdicts.values() if v.passed]
            failed = len(verdicts) - len(held)
            if failed > 1 and told and _lacks(meant, loose) and _holds_as_a_whole(grid, meant):
                held, failed = [*held, _DIGITS], 0  # its figures only stand in other columns
                verdicts = {c: v for c, v in verdicts.items() if v.passed}
            ways = 1 if {r for r, _ in meant.parts} == fresh else tried
            proved = sum(held) if told else max(held, default=0.0) / 2 + sum(held) / 2  # columns are much alike, so that one says most
            proof = proved - log10(ways + 1) - (_CERTAIN if certain else _TOLD if told else _UNTOLD)
            enough = len(held) >= failed if told else len(held) > 1 and 3 * failed <= len(held)
            if held and enough and proof > 0 and (best is None or proof / (1 + failed) > best[0]):
                best = (proof / (1 + failed), meant, verdicts)
        if best is None and certain and not loose.isdisjoint({t, *units}):
            meant = _as_a_whole(grid, t, units, len(fresh))
            if meant is not None:
                verdicts = {c: v for c in columns if (v := _verdict(table, grid, meant, c, told)) is not None}
                whole = sum(not v.passed for v in verdicts.values()) > 1 and _holds_as_a_whole(grid, meant)
                best = (0.0, meant, {c: v for c, v in verdicts.items() if v.passed or not whole})
        if best is not None:
            asserted.append(best[1:])
            units = [r for r in units if r not in {p for p, _ in best[1].parts}]
        elif told:
            if certain and len(fresh) > 1 and len(columns) == 1:
                doubtful.append(_Sum(t, tuple((r, 1) for r in sorted(fresh))))
            if certain:
                units = units[: len(units) - len(fresh)]
        if best is None and (not told or (not certain and len(units) < 2)):  # where there is nothing to sum up it is no total
            plain.append(t)
        units.append(t)
    if asserted:  # a total that holds nowhere is an error where the table's other totals do hold
        asserted += [(meant, {c: v for c in columns if (v := _verdict(table, grid, meant, c, told=True))}) for meant in doubtful]
    sound = {c for _, verdicts in asserted for c, v in verdicts.items() if v.passed}
    for meant, verdicts in sorted(asserted):
        right = [c for c, v in verdicts.items() if v.passed]
        for c, v in verdicts.items():
            lone = len(right) > 1 and len(right) == len(verdicts) - 1 and table.columns[c].measure in _KINDS
            if not v.passed and _averages(grid, meant, c) and not (lone or c in sound or _alike(grid, meant, c, right)):
                continue
            yield Check(table.index, "row_sum", meant.t, c, round(v.expected, 6), v.found, v.passed)


def _loose(table: Table) -> set[int]:
    """The rows of running text that lack figures, which may stand in other columns than those in which they were read."""
    if table.origin != "flattened":
        return set()
    filled = Counter(cell.row for cell in table.cells if cell.col and not cell.header)
    return {r for r, n in filled.items() if n < table.n_cols - 1}


def _lacks(meant: _Sum, loose: Collection[int]) -> bool:
    return meant.t in loose or any(r in loose for r, _ in meant.parts)


def _as_a_whole(grid: _Grid, t: int, units: Sequence[int], fresh: int) -> _Sum | None:
    """What a total sums up where rows lack figures: the rows whose figures in all columns make up its own, whichever column they are in.

    It is rather those since the total before, also where they only come near: then the source has an error.
    """
    last = units[-1 : -_MOST_PARTS - 1 : -1]
    total, figures, unit = _over_columns(grid, [t])
    parts, n_parts = 0.0, 0
    best: tuple[float, int] | None = None
    for n, r in enumerate(last, start=1):
        more, count, step = _over_columns(grid, [r])
        parts, n_parts, unit = parts + more, n_parts + count, min(unit, step)
        off = abs(total - parts)
        held = off <= _slack_of_all(figures + n_parts, unit) and _proof(total, unit) > log10(len(last) + 1) + _CERTAIN
        if n > 1 and n == fresh and (held or off <= _NEAR * abs(total)):
            return _Sum(t, tuple((r, 1) for r in units[-n:]))
        if n > 1 and held and (best is None or off < best[0]):
            best = off, n
    return None if best is None else _Sum(t, tuple((r, 1) for r in units[-best[1] :]))


def _holds_as_a_whole(grid: _Grid, meant: _Sum) -> bool:
    """Whether the figures of a total are, over all columns, those of its parts."""
    total, n, unit = _over_columns(grid, [meant.t])
    off, known = total, n
    for r, sign in meant.parts:
        part, n, step = _over_columns(grid, [r])
        off, known, unit = off - sign * part, known + n, min(unit, step)
    return abs(off) <= _slack_of_all(known, unit)


def _over_columns(grid: _Grid, rows: Sequence[int]) -> tuple[float, int, float]:
    """The sum of all figures of some rows, how many they are, and the step of their last digit."""
    values = [v for column in grid.values() for r in rows if (v := column.get(r)) is not None]
    return sum(v.value for v in values), len(values), 10.0 ** -min((v.decimals for v in values), default=0)


def _slack_of_all(figures: int, unit: float) -> float:
    return unit * (0.5 + 0.9 * sqrt(figures))


def _meanings(grid: _Grid, columns: Sequence[int], t: int, units: Sequence[int], told: bool) -> Iterator[_Sum]:
    """The sums that a total may be: of the last rows that are not summed up yet, or the difference of the last two.

    Only those that hold in a column at least, in two where no label tells: the rows are added up once, from the last to the first.
    """
    backwards = units[-1 : -(_MOST_PARTS if told else _RUN) - 1 : -1]
    found: Counter[int] = Counter()  # in how many columns a sum of so many rows holds
    for c in columns:
        column = grid[c]
        if (printed := column.get(t)) is None:
            continue
        total, known, decimals, holds = 0.0, 0, printed.decimals, False
        for n, r in enumerate(backwards, start=1):
            if (v := column.get(r)) is not None:
                total += v.value
                known += 1
                if v.decimals < decimals:
                    decimals = v.decimals
                holds = known > 1 and abs(printed.value - total) <= 1.001 * _SLACK[known] * 10.0**-decimals
            if holds:
                found[n] += 1
    for n in sorted(n for n, count in found.items() if told or count > 1):
        yield _Sum(t, tuple((part, 1) for part in units[-n:]))
    if told and len(units) > 1:
        a, b = units[-2:]
        yield _Sum(t, ((a, 1), (b, -1)))
        yield _Sum(t, ((a, -1), (b, 1)))


def _verdict(table: Table, grid: _Grid, meant: _Sum, c: int, told: bool) -> _Verdict | None:
    """What a total should be in a column, what it is, and whether they agree; None where too little is printed."""
    column = grid[c]
    printed = column.get(meant.t)
    if printed is None:
        return None
    known = [(*v, sign) for r, sign in meant.parts if (v := column.get(r)) is not None]
    filled = len([True for value, _, _ in known if value])
    if len(known) < 2 or not filled:
        return None
    unit = 10.0 ** -min(printed.decimals, min([decimals for _, decimals, _ in known]))
    expected = sum([sign * value for value, _, sign in known])
    if table.columns[c].measure in _DIFFERENCES and any(sign < 0 for _, _, sign in known):
        added = sum(value for value, _, _ in known)  # better is better on both sides, so that deviations of revenue and costs add up
        expected = min(expected, added, key=lambda e: abs(e - printed.value))
    several = filled > 1  # to be the same as one figure beside noughts proves less
    proof = _proof(printed.value, unit) * (1.0 if several else 0.5 if told else 0.0)
    return _Verdict(expected, printed.value, abs(printed.value - expected) <= _slack(len(known), unit), proof)


def _averages(grid: _Grid, meant: _Sum, c: int) -> bool:
    """Whether the figures of a column look like prices or shares, whose total lies among its parts."""
    values = [grid[c][r].value for r, _ in meant.parts if r in grid[c]]
    return min(values) > 0 and min(values) <= grid[c][meant.t].value <= max(values)


def _alike(grid: _Grid, meant: _Sum, c: int, held: Collection[int]) -> bool:
    """Whether the parts have about the same proportions as in a column in which they add up: then they should here, too."""
    for h in held:
        mine, other = grid[c], grid[h]
        ratios = [mine[r].value / other[r].value for r, _ in meant.parts if r in mine and r in other and other[r].value]
        if len(ratios) > 1 and min(ratios) > 0 and max(ratios) / median(ratios) < _ALIKE and median(ratios) / min(ratios) < _ALIKE:
            return True
    return False
