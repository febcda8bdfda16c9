"""What plots draw: the data, its gaps, its conflicts and its sources."""

from __future__ import annotations

import math
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import docmine
from docmine import plots
from docmine.errors import UsageError
from docmine.evaluate import Evaluation
from docmine.schema import LINES, MEASURES, STATUSES, UNITS
from docmine.wording import LANGUAGES, wording

REPORT = Path(__file__).resolve().parent.parent / "corpus" / "reports" / "exby-annual-2015-reportlab-101.pdf"


def amounts(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {
        "kommun": "Exby", "body": "Tekniska nämnden", "year": 2015, "line": "net_cost", "kind": "budget", "value_sek": 1e6, "doc_id": "d1",
        "page": 3, "confidence": 0.9, "conflict": False, "per_inhabitant": 50.0, "population_year": 2016, "population_source": "SCB",
    }  # fmt: skip
    return pd.DataFrame([usual | row for row in rows])


def indicators(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {
        "kommun": "Exby", "body": "Socialnämnden", "year": 2015, "name": "Andel nöjda", "measure": "outcome", "value": 80.0,
        "unit": "percent", "doc_id": "d1", "page": 3, "confidence": 0.9, "conflict": False,
    }  # fmt: skip
    return pd.DataFrame([usual | row for row in rows])


def bars(figure: Figure, label: str) -> dict[float, float]:
    """Width of each bar of a series by its place on the y axis."""
    ax = figure.axes[0]
    container = next(c for c in ax.containers if c.get_label() == label)
    return {round(bar.get_y() + bar.get_height() / 2, 3): round(bar.get_width(), 9) for bar in container}


def lines(figure: Figure) -> dict[str, dict[int, float]]:
    """The values of each line by year; a gap is not among them."""
    return {
        str(line.get_label()): {int(x): float(y) for x, y in zip(*line.get_data(), strict=True) if not math.isnan(float(y))}
        for line in figure.axes[0].get_lines()
        if not str(line.get_label()).startswith("_")
    }


def words(figure: Figure) -> str:
    """All that can be read, once drawn."""
    figure.draw_without_rendering()
    ax = figure.axes[0]
    legend = ax.get_legend()
    told = [figure.get_suptitle(), figure.get_supxlabel(), ax.get_xlabel(), ax.get_ylabel(), *(t.get_text() for t in ax.texts)]
    told += [t.get_text() for t in (*ax.get_xticklabels(), *ax.get_yticklabels(), *(legend.get_texts() if legend else ()))]
    return "\n".join(told)


def test_bars_are_as_long_as_the_figures() -> None:
    figure = plots.budget_against_outcome(
        amounts(
            {"value_sek": 12_500_000.0},
            {"kind": "outcome", "value_sek": 12_900_000.0, "page": 5},
            {"line": "result", "value_sek": 0.0, "page": 4},
            {"line": "result", "kind": "outcome", "value_sek": -1_234_500_000.0, "page": 9},
            {"kind": "forecast", "value_sek": 9e9},
        )
    )
    assert bars(figure, "budget") == {-0.2: 12.5, 0.8: 0.0}
    assert bars(figure, "utfall") == {0.2: 12.9, 1.2: -1234.5}
    told = words(figure)
    assert "Budget och utfall, Exby, Tekniska nämnden, 2015" in told and "mnkr" in told
    assert "Nettokostnad" in told and "Årets resultat" in told
    assert "12,5" in told and "−1\u2009234,5" in told, "decimal comma, thin space, minus sign"
    assert "Källa: Exby, Tekniska nämnden: 2015, s.\u00a03–5, 9." in told


def test_what_is_missing_is_no_bar() -> None:
    figure = plots.budget_against_outcome(amounts({}, {"line": "result", "kind": "outcome"}, {"line": "result", "value_sek": None}))
    assert bars(figure, "budget") == {-0.2: 1.0} and bars(figure, "utfall") == {1.2: 1.0}
    assert words(figure).count("uppgift saknas") == 2


def test_kommuner_and_years_have_bars_of_their_own() -> None:
    figure = plots.budget_against_outcome(amounts({}, {"kommun": "Norrvik", "year": 2016, "value_sek": 2e6, "doc_id": "d2"}), language="en")
    assert bars(figure, "budget") == {-0.2: 1.0, 0.8: 2.0}
    told = words(figure)
    assert "Net cost – Exby, 2015" in told and "Net cost – Norrvik, 2016" in told and "Budget and outcome, Tekniska nämnden" in told
    assert "SEK million" in told and "Source: Exby, Tekniska nämnden: 2015, p.\u00a03. Norrvik, Tekniska nämnden: 2016, p.\u00a03." in told


def marks(ax: Axes) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for line in ax.get_lines() if line.get_marker() == "D" and line.get_fillstyle() == "none"
            for x, y in zip(*line.get_data(), strict=True)]  # fmt: skip


@pytest.mark.parametrize("flag", [True, False])
def test_conflicts_are_marked_and_the_surest_is_drawn(flag: bool) -> None:
    rows = amounts({"value_sek": 2e6, "confidence": 0.5, "conflict": flag}, {"conflict": flag}, {"line": "result"})
    figure = plots.budget_against_outcome(rows)
    assert bars(figure, "budget") == {-0.2: 1.0, 0.8: 1.0}
    assert sorted(marks(figure.axes[0])) == [(1.0, -0.2), (2.0, -0.2)]
    assert "motstridiga uppgifter" in words(figure)
    assert "motstridiga uppgifter" not in words(plots.budget_against_outcome(amounts({}, {})))


def test_per_inhabitant_names_the_population() -> None:
    figure = plots.budget_against_outcome(
        amounts({"per_inhabitant": 51234.4}, {"kind": "outcome", "per_inhabitant": None}), per_inhabitant=True
    )
    assert bars(figure, "budget") == {-0.2: 51234.4} and bars(figure, "utfall") == {}
    assert "kr per invånare" in words(figure) and "Folkmängd: SCB 2016." in words(figure) and "51\u2009234" in words(figure)


def test_the_table_amounts_will_do() -> None:
    result = docmine.mine(REPORT)
    rows = result.amounts[result.amounts["year"] == 2015].dropna(subset=["table_id"])
    rows = rows[rows["table_id"] == rows["table_id"].iloc[0]]
    figure = plots.budget_against_outcome(rows, documents=result.documents)
    wanted = rows.set_index(["label", "kind"])["value_sek"] / 1e6
    labels = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert len(labels) == rows["label"].nunique() > 3
    for series, kind in (("budget", "budget"), ("utfall", "outcome")):
        drawn = list(bars(figure, series).values())
        assert sorted(drawn) == sorted(float(v) for v in wanted.xs(kind, level="kind"))
    assert "Källa: Exby, Tekniska nämnden: Verksamhetsberättelse 2015" in words(figure)


def test_too_much_or_nothing_is_named() -> None:
    with pytest.raises(UsageError, match=r"61 bars .*61 of kommun"):
        plots.budget_against_outcome(amounts(*({"kommun": f"K{n}"} for n in range(61))))
    with pytest.raises(UsageError, match="no budget or outcome"):
        plots.budget_against_outcome(amounts({"kind": "forecast"}))
    with pytest.raises(UsageError, match="value_sek"):
        plots.budget_against_outcome(amounts({}).drop(columns="value_sek"))
    with pytest.raises(UsageError, match="line or label"):
        plots.budget_against_outcome(amounts({}).drop(columns="line"))


def test_an_indicator_has_a_line_a_kommun_and_its_gaps() -> None:
    rows = [{"year": 2012, "value": 70.5}, {"year": 2013, "value": 71.0}, {"year": 2015}, {"year": 2016, "value": None},
            {"kommun": "Norrvik", "year": 2014, "value": 60.0, "doc_id": "d2", "page": None}, {"measure": "forecast", "value": 1.0},
            {"year": 2015, "measure": "target", "value": 85.0},
            {"year": 2015, "measure": "target", "value": 90.0, "kommun": "Norrvik"}]  # fmt: skip
    figure = plots.indicator_over_years(indicators(*rows))
    assert lines(figure) == {
        "Exby": {2012: 70.5, 2013: 71.0, 2015: 80.0}, "Norrvik": {2014: 60.0}, "Exby: mål": {2015: 85.0}, "Norrvik: mål": {2015: 90.0},
    }  # fmt: skip
    exby = next(line for line in figure.axes[0].get_lines() if line.get_label() == "Exby")
    assert [math.isnan(y) for y in exby.get_ydata()] == [False, False, True, False], "a year without a value breaks the line"
    told = words(figure)
    assert "Andel nöjda, Socialnämnden" in told and "procent" in told and "2014" in told
    assert "Exby, Socialnämnden: 2012–2015, s.\u00a03" in told and "Norrvik, Socialnämnden: 2014" in told


def test_a_target_that_all_share_is_drawn_once() -> None:
    rows = [{"kommun": k, "year": y, "measure": m} for k in ("Exby", "Norrvik") for y in (2015, 2016) for m in ("outcome", "target")]
    assert list(lines(plots.indicator_over_years(indicators(*rows)))) == ["Exby", "Norrvik", "mål"]
    rows[-1]["value"] = 90.0
    assert list(lines(plots.indicator_over_years(indicators(*rows)))) == ["Exby", "Norrvik", "Exby: mål", "Norrvik: mål"]


def test_an_outcome_may_be_held_against_a_budget() -> None:
    rows = indicators({}, {"measure": "budget", "value": 82.0}, {"measure": "target", "value": 90.0})
    assert lines(plots.indicator_over_years(rows, target="budget")) == {"utfall": {2015: 80.0}, "budget": {2015: 82.0}}
    with pytest.raises(UsageError, match="'hopes'"):
        plots.indicator_over_years(rows, target="hopes")


def test_values_that_disagree_are_marked() -> None:
    figure = plots.indicator_over_years(indicators({}, {"value": 60.0, "confidence": 0.4}, {"year": 2016, "conflict": True}))
    assert sorted(marks(figure.axes[0])) == [(2015.0, 60.0), (2015.0, 80.0), (2016.0, 80.0)]
    assert lines(figure)["utfall"] == {2015: 80.0, 2016: 80.0}


def test_parts_of_a_year_and_bounds_are_told_apart() -> None:
    rows = [{"period": "2015"}, {"period": "2015-01/2015-08", "value": 60.0}]
    rows += [{"measure": "target", "period": "2015", "comparator": c, "value": v} for c, v in ((">=", 70.0), ("<=", 90.0))]
    figure = plots.indicator_over_years(indicators(*rows))
    assert lines(figure) == {"utfall": {2015: 80.0}, "01–08": {2015: 60.0}, "mål ≥": {2015: 70.0}, "mål ≤": {2015: 90.0}}
    assert marks(figure.axes[0]) == []
    figure = plots.budget_against_outcome(amounts({"period": "2015"}, {"period": "2015-08", "value_sek": 2e6, "part": "Förskola"}))
    assert bars(figure, "budget") == {-0.2: 1.0, 0.8: 2.0}
    assert "Nettokostnad – 2015\n" in words(figure) and "Nettokostnad – Förskola, 2015-08" in words(figure)


def test_what_has_no_year_is_told() -> None:
    assert "Värden utan år visas inte: 2." in words(plots.indicator_over_years(indicators({}, {"year": None}, {"year": None})))


@pytest.mark.parametrize(("column", "other"), [("name", "Antal platser"), ("unit", "count"), ("unit", None)])
def test_several_indicators_or_units_are_not_mixed(column: str, other: str | None) -> None:
    with pytest.raises(UsageError, match=f"several {column}s: .*{other or '–'}"):
        plots.indicator_over_years(indicators({}, {"year": 2016, column: other}))


def shares(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {"kommun": "Exby", "body": "Socialnämnden", "year": 2015, "achieved": 3, "partly_achieved": 0, "not_achieved": 1,
             "no_status": 4, "goals": 8, "share_achieved": 0.75}  # fmt: skip
    return pd.DataFrame([usual | row for row in rows])


def test_goals_stack_to_a_hundred() -> None:
    figure = plots.goal_attainment(shares({}, {"year": 2016, "achieved": 8, "not_achieved": 0, "no_status": 0}))
    assert list(bars(figure, "uppfyllt").values()) == [37.5, 100.0]
    assert list(bars(figure, "ej uppfyllt").values()) == [12.5, 0.0]
    assert list(bars(figure, "ingen bedömning").values()) == [50.0, 0.0]
    stacks = [[bar for c in figure.axes[0].containers for bar in [c[at]]] for at in (0, 1)]
    for stack in stacks:
        assert all(isinstance(bar, Rectangle) for bar in stack)
        for one, other in pairwise(stack):
            assert other.get_x() == pytest.approx(one.get_x() + one.get_width())
        assert stack[-1].get_x() + stack[-1].get_width() == pytest.approx(100)
    told = words(figure)
    assert "n = 8" in told and "andel av målen, procent" in told and "Måluppfyllelse, Exby, Socialnämnden" in told
    assert "delvis uppfyllt" not in told, "what no bar shows needs no key"
    assert {c[0].get_hatch() for c in figure.axes[0].containers} == {"", "xx"}


def test_no_goals_and_no_figures_differ() -> None:
    none = dict.fromkeys(("achieved", "partly_achieved", "not_achieved", "no_status", "goals"))
    zero = dict.fromkeys(none, 0)
    told = words(plots.goal_attainment(shares({}, {"year": 2016, **zero}, {"year": 2017, **none, "conflict": True})))
    assert told.count("inga mål") == 1 and told.count("uppgift saknas") == 1 and "motstridiga uppgifter" in told


def test_the_table_goals_will_do() -> None:
    result = docmine.mine(REPORT)
    figure = plots.goal_attainment(result.goals, documents=result.documents, language="en")
    achieved = (result.goals["status"] == "achieved").fillna(False).mean() * 100
    assert achieved > 0 and list(bars(figure, "achieved").values()) == [pytest.approx(achieved)]
    assert f"n = {len(result.goals)}" in words(figure) and "Exby, Tekniska nämnden, 2015" in words(figure)
    with pytest.raises(UsageError, match="counts verdicts"):
        plots.goal_attainment(pd.DataFrame({"kommun": ["Exby"]}))


RELIABILITY = pd.DataFrame(
    [("all", 0.5, 0.7, 1_040, 0.62, 0.70), ("all", 0.9, 1.0, 500, 0.97, 0.985), ("goal", 0.7, 0.8, 20, 0.75, 0.6)],
    columns=["kind", "low", "high", "rows", "confidence", "right"],
)


@pytest.mark.parametrize("held", ["frame", "evaluation"])
def test_reliability_draws_share_right_by_confidence(held: str) -> None:
    given = RELIABILITY if held == "frame" else Evaluation(pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), RELIABILITY)
    figure = plots.reliability(given)
    ax = figure.axes[0]
    drawn = ax.containers[0][0]
    assert drawn.get_xydata().round(6).tolist() == [[62.0, 70.0], [97.0, 98.5]]
    (error,) = (c for c in ax.collections if isinstance(c, LineCollection))
    for (_, low), (_, high) in error.get_segments():
        assert low < high
    assert lines(figure)["lika rätt som säker"] == {0: 0.0, 100: 100.0}
    assert "n = 1\u2009040" in words(figure) and "procent" in words(figure)
    assert len(plots.reliability(given, kinds=("all", "goal")).axes[0].containers) == 2
    with pytest.raises(UsageError, match="amount"):
        plots.reliability(given, kinds=("amount",))


def test_nothing_outside_the_figure_is_touched() -> None:
    import matplotlib
    import matplotlib.pyplot as plt

    before, open_ = dict(matplotlib.rcParams), plt.get_fignums()
    for figure in (plots.budget_against_outcome(amounts({})), plots.indicator_over_years(indicators({})), plots.goal_attainment(shares({})),
                   plots.reliability(RELIABILITY)):  # fmt: skip
        assert figure._repr_png_().startswith(b"\x89PNG"), "a notebook shows it"  # type: ignore[attr-defined]
    assert dict(matplotlib.rcParams) == before and plt.get_fignums() == open_


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(UsageError, match=r"docmine\[plots\]"):
        plots.goal_attainment(shares({}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_words(language: str) -> None:
    assert list(wording("line", language)) == list(LINES)
    assert set(wording("status", language)) == {*STATUSES, "no_status", "contradictory"} == set(plots._STATUS)
    assert set(MEASURES) == set(wording("measure", language))
    assert set(UNITS) <= set(wording("unit", language))
    with pytest.raises(UsageError, match="'fi'"):
        wording("line", "fi")


def test_long_names_do_not_meet() -> None:
    name = "Gemensamma verksamheter inom vård och omsorg samt ordinärt boende, hemtjänst och annat, summa kostnader"
    figure = plots.budget_against_outcome(amounts(*({"line": None, "label": f"{n} {name}"} for n in range(12))))
    figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in figure.axes[0].get_yticklabels()]
    assert all(not one.overlaps(other) for one, other in pairwise(boxes))
    assert min(box.x0 for box in boxes) >= 0, "no label is cut"
