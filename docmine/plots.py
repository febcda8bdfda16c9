"""Plots of what reports say, each with its sources beneath it (the extra ``plots``).

Each function takes a frame, a panel of `docmine.compare` or a table of docmine's own, and gives a matplotlib figure that belongs
to nobody else: pyplot and its settings are left alone, and nothing is shown. A notebook shows the figure by itself;
``figure.savefig("plot.pdf")`` writes it, and ``figure.axes[0]`` is there to be changed.

What is missing stays a gap. Where rows disagree (``conflict``, or two values for one place in the plot), the one with the highest
confidence is drawn, and all of them are marked with a hollow diamond.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from docmine import plotted
from docmine.errors import UsageError
from docmine.evaluate import KINDS, Evaluation
from docmine.sample import wilson
from docmine.schema import LINES, STATUSES
from docmine.wording import wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["budget_against_outcome", "goal_attainment", "indicator_over_years", "reliability"]

#: told apart by colour-blind readers (Okabe and Ito), and by marker and line in grey
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9")
_MARKERS = ("o", "s", "^", "v", "D", "P", "X", "*")
_LINES = ("-", (0, (5, 1)), "-.", (0, (3, 1, 1, 1, 1, 1)))
#: from good to bad, with a hatching each, so that they are told apart in grey
_STATUS = {
    "achieved": ("#009E73", ""), "completed": ("#0072B2", "--"), "on_track": ("#56B4E9", ""), "in_progress": ("#A6D5F2", ".."),
    "partly_achieved": ("#F0C05A", "//"), "off_track": ("#E69F00", "\\\\"), "not_started": ("#DDDDDD", ".."),
    "not_achieved": ("#D55E00", "xx"), "discontinued": ("#777777", "||"), "no_status": ("#FFFFFF", ""),
    "contradictory": ("#FFFFFF", "oo"),
}  # fmt: skip
_FRONT = 5
_BOUNDS = {">=": " ≥", "<=": " ≤", ">": " >", "<": " <"}
_BUDGET, _OUTCOME, _INK, _FAINT = "#C9D3DC", "#1F4E79", "#222222", "#666666"
_SMALL = 7.5


def budget_against_outcome(
    panel: pd.DataFrame,
    *,
    documents: pd.DataFrame | None = None,
    per_inhabitant: bool = False,
    title: str | None = None,
    language: str = "sv",
) -> Figure:
    """Budget and outcome as pairs of bars, a pair for each line.

    Parameters
    ----------
    panel : pandas.DataFrame
        Amounts: columns kind (`budget` and `outcome` are drawn), value_sek in kronor, line or label, and, as far as they are there,
        kommun, body, part, year, period, per_inhabitant, conflict, confidence, doc_id and page. Kommuner, bodies, parts, years
        or periods that differ have bars of their own.
    documents : pandas.DataFrame, optional
        The table of that name: says whose a row of the table ``amounts`` is, and gives the sources their titles.
    per_inhabitant : bool
        Draw kronor per inhabitant instead of kronor.
    title : str, optional
        Instead of the one that is made.
    language : {"sv", "en"}
        Of the labels.

    Raises
    ------
    UsageError
        If a column is lacking, there is nothing to draw, there are more than 60 pairs, or matplotlib is not installed.
    """
    value = "per_inhabitant" if per_inhabitant else "value_sek"
    words, frame = wording("plot", language), plotted.placed(panel, documents)
    plotted.need(frame, "kind", value)
    lines = {code: at for at, code in enumerate(LINES)}
    names = plotted.first(frame, "line", "label")
    rows = frame.assign(name=names, order=names.map(lines).astype("Float64").fillna(len(lines)))
    rows = rows[rows["kind"].isin(["budget", "outcome"]) & names.notna()].sort_values("order", kind="stable")
    points = plotted.points(rows, ["name", *plotted.varying(rows, plotted.PLACE)], "kind", value)
    places = list(dict.fromkeys(point.place for point in points))
    plotted.check(len(places), rows, "budget or outcome")
    scale, unit = (1.0, words["per_inhabitant"]) if per_inhabitant else plotted.money([v for p in points for v in p.values], language)
    line_names = wording("line", language)
    labels = _wrapped(
        " – ".join([line_names.get(name, name), *([", ".join(rest)] if rest else [])])
        for name, *rest in ((p[0], *filter(plotted.known, p[1:])) for p in places)
    )
    figure, ax = _figure(8.5, 1.7 + _row(labels) * len(places))
    for kind, shift, colour in (("budget", -0.2, _BUDGET), ("outcome", 0.2, _OUTCOME)):
        drawn = {places.index(p.place) + shift: p for p in points if p.series == kind}
        widths = [p.value / scale for p in drawn.values()]
        ax.barh(list(drawn), widths, height=0.38, color=colour, edgecolor=_OUTCOME, linewidth=0.6, label=words[kind])
        for (at, point), width in zip(drawn.items(), widths, strict=True):
            _beside(ax, width, at, plotted.number(width, plotted.decimals(width, scale), language), 12 if point.conflict else 4)
        for at in {place + shift for place in range(len(places))} - set(drawn):
            _beside(ax, 0, at, words["missing"], 4, color=_FAINT)
        _mark_conflicts(ax, [(v / scale, at) for at, point in drawn.items() if point.conflict for v in point.values], words)
    ax.set_yticks(range(len(places)), labels, fontsize=8.5)
    ax.set_ylim(len(places) - 0.4, -0.6)
    ax.set_xlabel(unit)
    ax.axvline(0, color=_INK, linewidth=0.8)
    ax.margins(x=0.12)
    _dress(ax, "x", language)
    return _finish(
        figure,
        title or plotted.titled(words["budget_against_outcome"], rows, plotted.PLACE),
        plotted.sources(rows, documents, words, per_inhabitant),
    )


def indicator_over_years(
    panel: pd.DataFrame,
    *,
    documents: pd.DataFrame | None = None,
    target: str = "target",
    title: str | None = None,
    language: str = "sv",
) -> Figure:
    """An indicator over years, a line for each kommun, with its target.

    Parameters
    ----------
    panel : pandas.DataFrame
        Values of one indicator in one unit: columns measure (`outcome` and one other are drawn), year, value, name, unit, and, as far
        as they are there, kommun, body, part, group, period, comparator, conflict, confidence, doc_id and page. Kommuner, bodies,
        parts, groups and parts of a year have lines of their own; a year without a value breaks the line.
    target : str
        What the outcome is held against, among `docmine.schema.MEASURES`: some reports have a budget or a plan for it.
    documents, title, language
        As for `budget_against_outcome`.

    Raises
    ------
    UsageError
        If a column is lacking, there is nothing to draw, there are several indicators or units, or matplotlib is not installed.
    """
    words, measures, frame = wording("plot", language), wording("measure", language), plotted.placed(panel, documents)
    plotted.need(frame, "measure", "year", "value", "name", "unit")
    bound = frame["comparator"].map(_BOUNDS).fillna("") if "comparator" in frame else ""
    frame = frame.assign(series=frame["measure"].where(frame["measure"] != target, target + bound))
    rows = frame[frame["measure"].isin(["outcome", target]) & frame["value"].notna()]
    undated = int(rows["year"].isna().sum())
    rows = rows[rows["year"].notna()]
    if target not in measures:
        raise UsageError(f"unknown measure {target!r}", f"known are {', '.join(measures)}")
    for column in ("name", "unit"):
        if len(several := rows[column].astype("string").fillna(plotted.NONE).unique()) > 1:
            raise UsageError(f"rows of several {column}s: {', '.join(several[:5])}", "keep the rows of one")
    points = plotted.points(rows, plotted.varying(rows, plotted.LINE), "series", "value", by="year")
    plotted.check(len(points), rows, f"outcome or {target} with a year", most=None)
    years = list(range(min(p.at for p in points), max(p.at for p in points) + 1))
    places = list(dict.fromkeys(point.place for point in points))
    figure, ax = _figure(8.5, 4.6)
    targets: dict[tuple[str, tuple[tuple[int, float], ...]], list[tuple[str, ...]]] = {}
    for place, colour, marker, line in zip(places, cycle(_COLOURS), cycle(_MARKERS), cycle(_LINES), strict=False):
        found: dict[str, dict[int, float]] = {}
        for point in (p for p in points if p.place == place):
            found.setdefault(point.series, {})[point.at] = point.value
        if outcome := found.pop("outcome", {}):
            label = textwrap.fill(", ".join(filter(plotted.known, place)) or measures["outcome"], 26)
            ax.plot(years, [outcome.get(year, math.nan) for year in years], color=colour, marker=marker, linestyle=line, label=label)
        for series, aim in found.items():
            targets.setdefault((series.removeprefix(target), tuple(aim.items())), []).append(place)
    for (bound, wanted), whose in targets.items():
        colour = _COLOURS[places.index(whose[0]) % len(_COLOURS)] if len(whose) == 1 else _INK
        of = "; ".join(", ".join(filter(plotted.known, place)) for place in whose) if len(whose) < len(places) else ""
        label = textwrap.fill(f"{of}: {measures[target]}{bound}" if of else measures[target] + bound, 26)
        values = [dict(wanted).get(year, math.nan) for year in years]
        ax.plot(years, values, color=colour, linestyle=":", linewidth=1.4, marker="_", markersize=16, markeredgewidth=2, label=label)
    _mark_conflicts(ax, [(p.at, v) for p in points if p.conflict for v in p.values], words)
    unit = rows["unit"].iloc[0]
    ax.set_ylabel("" if pd.isna(unit) else wording("unit", language).get(str(unit), str(unit)))
    step = math.ceil(len(years) / 15)
    ax.set_xticks(years[::step], [str(year) for year in years[::step]])
    ax.set_xlim(years[0] - 0.4, years[-1] + 0.4)
    ax.margins(y=0.12)
    _dress(ax, "y", language)
    note = plotted.sources(rows, documents, words)
    if undated:
        note += f" {words['undated'].format(undated)}"
    return _finish(figure, title or plotted.titled(str(rows["name"].iloc[0]), rows, plotted.LINE), note, right=len(places) > 1)


def goal_attainment(
    shares: pd.DataFrame, *, documents: pd.DataFrame | None = None, title: str | None = None, language: str = "sv"
) -> Figure:
    """How many goals were reached, as stacked bars that end at 100 percent.

    Parameters
    ----------
    shares : pandas.DataFrame
        A row for each bar: columns kommun, body, year, the number of goals with each verdict (`docmine.schema.STATUSES`,
        ``no_status`` and ``contradictory``), and their sum ``goals``. Or the table ``goals``, whose verdicts are then counted by report.
    documents, title, language
        As for `budget_against_outcome`.

    Raises
    ------
    UsageError
        If there is no column of verdicts, there are no rows or more than 60, or matplotlib is not installed.
    """
    words, read = wording("plot", language), plotted.counted if "status" in shares else plotted.placed
    frame = read(shares, documents)
    plotted.check(len(frame), frame, "goals")
    codes = [code for code in _STATUS if code in frame]
    if not codes:
        raise UsageError("no column counts verdicts", f"they are called {', '.join([*STATUSES, 'no_status'])}")
    counts = frame[codes].astype("Float64").astype(float)
    totals = frame["goals"].astype("Float64").astype(float) if "goals" in frame else counts.sum(axis=1)
    varying = plotted.varying(frame, plotted.PLACE) or [c for c in plotted.PLACE if c in frame]
    labels = _wrapped(", ".join(filter(plotted.known, plotted.texts(row))) for row in frame[varying].itertuples(index=False))
    figure, ax = _figure(8.5, 1.9 + _row(labels) * len(frame))
    at, left = list(range(len(frame))), np.zeros(len(frame))
    for code in (code for code in codes if counts[code].fillna(0).any()):
        colour, hatch = _STATUS[code]
        width = (counts[code] / totals.where(totals > 0) * 100).fillna(0).to_numpy()
        label = wording("status", language)[code]
        bars = ax.barh(at, width, left=left, height=0.62, color=colour, hatch=hatch, edgecolor=_INK, linewidth=0.6, label=label)
        for bar, count in zip(bars, counts[code], strict=True):
            if bar.get_width() >= 3:
                middle = (bar.get_x() + bar.get_width() / 2, bar.get_y() + bar.get_height() / 2)
                ax.text(*middle, f"{count:.0f}", ha="center", va="center", fontsize=8, color=_INK,
                        bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85})  # fmt: skip
        left += width
    for y, total in zip(at, totals, strict=True):
        text = words["missing"] if math.isnan(total) else f"n = {plotted.number(total, 0, language)}" if total else words["no_goals"]
        _beside(ax, 100, y, text, 4)
    _mark_conflicts(ax, [(112, y) for y, marked in zip(at, plotted.flagged(frame), strict=True) if marked], words)
    ax.set_yticks(at, labels, fontsize=8.5)
    ax.set_ylim(len(frame) - 0.4, -0.6)
    ax.set_xlim(0, 114)
    ax.set_xticks(range(0, 101, 20))
    ax.set_xlabel(words["share_of_goals"])
    _dress(ax, "x", language)
    return _finish(
        figure, title or plotted.titled(words["goal_attainment"], frame, plotted.PLACE), plotted.sources(frame, documents, words)
    )


def reliability(
    evaluation: Evaluation | pd.DataFrame, *, kinds: Sequence[str] = ("all",), title: str | None = None, language: str = "sv"
) -> Figure:
    """How often rows are right against how sure docmine said that it was; on the dashed line the two are the same.

    Parameters
    ----------
    evaluation : Evaluation or pandas.DataFrame
        What `docmine.evaluate.evaluate` gave, or its ``reliability``: columns kind, rows, confidence and right.
    kinds : sequence of str
        Which to draw, among `all`, `section`, `goal`, `action`, `indicator`, `amount`.
    title, language
        As for `budget_against_outcome`.

    Raises
    ------
    UsageError
        If a column is lacking, there is nothing to draw, or matplotlib is not installed.
    """
    words = wording("plot", language)
    frame = evaluation.reliability if isinstance(evaluation, Evaluation) else evaluation
    plotted.need(frame, "kind", "rows", "confidence", "right")
    unknown = [kind for kind in kinds if kind not in ("all", *KINDS)]
    frame = frame[frame["kind"].isin(kinds) & (frame["rows"] > 0)].dropna(subset=["confidence", "right"])
    if unknown or frame.empty:
        raise UsageError(f"no rows of the kinds {', '.join(kinds)} were judged", f"kinds are {', '.join(['all', *KINDS])}")
    figure, ax = _figure(6.2, 6.4)
    ax.plot([0, 100], [0, 100], color=_FAINT, linestyle="--", linewidth=1, label=words["honest"])
    for turn, (kind, colour, marker) in enumerate(zip(kinds, cycle(_COLOURS), cycle(_MARKERS))):
        part = frame[frame["kind"] == kind].astype({"rows": float, "confidence": float, "right": float})
        x, y = part["confidence"].to_numpy() * 100, part["right"].to_numpy() * 100
        bounds = np.array([wilson(r, n) for r, n in zip(part["right"], part["rows"], strict=True)]).reshape(-1, 2) * 100
        error = np.clip([y - bounds[:, 0], bounds[:, 1] - y], 0, None)
        ax.errorbar(
            x, y, error, color=colour, marker=marker, markersize=7, linestyle="none", capsize=3, label=wording("record", language)[kind]
        )
        for spot, n in zip(zip(x, y, strict=True), part["rows"], strict=True):
            way, align = ((8, -9), "left") if turn % 2 else ((-8, 2), "right")
            text = f"n = {plotted.number(n, 0, language)}"
            ax.annotate(text, spot, way, textcoords="offset points", ha=align, fontsize=_SMALL, color=colour)
    ax.set(xlim=(-4, 104), ylim=(-4, 104), xlabel=words["confidence"], ylabel=words["right"], aspect="equal")
    _dress(ax, "both", language)
    return _finish(figure, title or words["reliability"], words["interval"])


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError("matplotlib is not installed", 'pip install "docmine[plots]"') from None
    figure = Figure(figsize=(width, height), layout="constrained", dpi=110)
    # IPython shows figures of pyplot only, unless they say how
    figure._repr_png_ = lambda: _png(figure)  # type: ignore[attr-defined]
    return figure, figure.subplots()


def _png(figure: Figure) -> bytes:
    buffer = BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _dress(ax: Axes, axis: str, language: str) -> None:
    """Numbers in the language's way, a faint grid along the values, no frame."""
    from matplotlib.ticker import Formatter

    class Numbers(Formatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            return self.format_ticks([x])[0]

        def format_ticks(self, values: Any) -> list[str]:
            decimals = max((len(f"{v:.6f}".rstrip("0").partition(".")[2]) for v in values), default=0)
            return [plotted.number(v, min(decimals, 3), language) for v in values]

    for letter in "xy" if axis == "both" else axis:
        (ax.xaxis if letter == "x" else ax.yaxis).set_major_formatter(Numbers())
    ax.grid(axis=axis, color="#E3E3E3", linewidth=0.8)  # type: ignore[arg-type]
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(length=0)


def _wrapped(labels: Iterable[str]) -> list[str]:
    return [textwrap.fill(label, 38) for label in labels]


def _row(labels: Iterable[str]) -> float:
    """How high a row must be, in inches, for the labels not to meet."""
    return max(0.46, 0.17 * (1 + max((label.count("\n") + 1 for label in labels), default=1)))


def _beside(ax: Axes, x: float, y: float, text: str, gap: float, color: str = _INK) -> None:
    """A text past the end of a bar."""
    way, align = (-gap, "right") if x < 0 else (gap, "left")
    ax.annotate(text, (x, y), (way, 0), textcoords="offset points", va="center", ha=align, fontsize=_SMALL, color=color)


def _mark_conflicts(ax: Axes, spots: Sequence[tuple[float, float]], words: Mapping[str, str]) -> None:
    if spots:
        known = words["conflict"] in ax.get_legend_handles_labels()[1]
        x, y = zip(*spots, strict=True)
        label = None if known else words["conflict"]
        ax.plot(
            x,
            y,
            linestyle="none",
            marker="D",
            markersize=8,
            fillstyle="none",
            color=_COLOURS[1],
            markeredgewidth=1.6,
            label=label,
            zorder=_FRONT,
        )


def _finish(figure: Figure, title: str, note: str, *, right: bool = False) -> Figure:
    """Title, legend and sources, in the margins, where they hide nothing."""
    width = figure.get_figwidth()
    figure.suptitle(textwrap.fill(title, int(width * 8.5)), x=0.01, ha="left", fontsize=12, fontweight="bold")
    ax = figure.axes[0]
    told = sorted(
        zip(*ax.get_legend_handles_labels(), strict=True), key=lambda h: getattr(h[0], "get_zorder", int)() == _FRONT
    )  # conflicts come last
    place: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1, 1)}
    if not right:
        place = {"loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": 3 if width > 8 else 2}
    ax.legend(*zip(*told, strict=True), frameon=False, fontsize=8.5, **place)
    figure.supxlabel(textwrap.fill(note, int(width * 17)), x=0.01, ha="left", fontsize=_SMALL, color=_FAINT)
    return figure
