"""Panels: every figure is the truth, leads to its row, and is never made of two that differ."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from generator import Series, make_series

import docmine
from docmine import compare
from docmine.errors import UsageError
from docmine.result import Result
from docmine.schema import TABLES

PLACE = ["kommun", "body", "year"]


def tables(**rows: list[dict[str, Any]]) -> Result:
    """Tables of rows that name only the columns that matter."""
    frames = {}
    for name, fields in TABLES.items():
        frame = pd.DataFrame(rows.get(name, []), columns=[field.name for field in fields], dtype=object)
        frames[name] = frame.astype({field.name: field.dtype for field in fields})
    return Result(frames)


def document(doc_id: str, year: int, kommun: str = "Kalmar", code: str | None = "0880", **more: Any) -> dict[str, Any]:
    place = {"doc_id": doc_id, "kommun": kommun, "kommun_code": code, "body": "Socialnämnden", "year": year, "period": str(year)}
    return place | {"doc_type": "annual_report", "state": "ok"} | more


def amount(doc_id: str, line: str | None, kind: str, year: int, value: float, **more: Any) -> dict[str, Any]:
    """An amount of a table, in tkr."""
    label = more.get("label", line or "")
    row = {"doc_id": doc_id, "line": line, "kind": kind, "year": year, "period": str(year), "value": value, "unit": "tkr", "label": label}
    row |= {"value_sek": value * 1e3, "table_id": f"{doc_id}-t1", "page": 3, "quote": f"{label} {value:.0f}", "confidence": 0.9, "start": 1}
    return row | {"end": 9, "amount_id": f"{doc_id}-m{abs(hash((line, kind, year, value))) % 9999}", "approximate": False} | more


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> tuple[Series, Result]:
    """Three made-up kommuner over two years, as PDF of two producers and as text."""
    made = make_series(3, kommuner=3, years=2)
    folder = tmp_path_factory.mktemp("series")
    for report in made.reports:
        (folder / (report.name + report.suffix)).write_bytes(report.data)
    return made, docmine.mine(folder)


def test_every_amount_of_a_made_up_series_is_the_truth(series: tuple[Series, Result]) -> None:
    made, mined = series
    panel = compare.amounts(mined, population=pd.DataFrame(made.population), signs="uniform")
    key = [*PLACE, "line", "kind"]
    both = panel.merge(pd.DataFrame(made.amounts), on=key, how="outer", suffixes=("", "_true"), indicator=True)
    assert (both["_merge"] == "both").all(), both.loc[both["_merge"] != "both", [*key, "value_sek", "value_sek_true"]]
    assert (both["value_sek"] == both["value_sek_true"]).all()
    assert not panel["conflict"].any() and panel["part"].isna().all()
    own = panel.merge(pd.DataFrame(made.population), on=["kommun", "year"], suffixes=("", "_true"))
    assert (own["per_inhabitant"] == own["value_sek"] / own["population_true"]).all()


def test_every_indicator_of_a_made_up_series_is_the_truth_under_one_name(series: tuple[Series, Result]) -> None:
    made, mined = series
    panel = compare.indicators(mined, kolada=False)
    truth = pd.DataFrame(made.indicators)
    key = [*PLACE, "original_name", "measure"]
    both = panel.merge(truth, on=key, how="outer", suffixes=("", "_true"), indicator=True)
    assert (both["_merge"] == "both").all(), both.loc[both["_merge"] != "both", key]
    assert (both["value"] == both["value_true"]).all() and not panel["conflict"].any()
    assert (both.groupby("name_true")["name"].nunique() == 1).all() and both["name"].nunique() == truth["name"].nunique()
    assert both["original_name"].nunique() > truth["name"].nunique()


def test_goal_attainment_of_a_made_up_series_is_the_truth(series: tuple[Series, Result]) -> None:
    made, mined = series
    shares = compare.goals(mined).merge(pd.DataFrame(made.goals), on=PLACE, suffixes=("", "_true"))
    assert len(shares) == len(made.goals)
    for status in ("achieved", "partly_achieved", "not_achieved"):
        assert (shares[status] == shares[f"{status}_true"]).all()
    assert (shares["share_achieved"] == shares["achieved_true"] / 5).all()


def test_every_figure_leads_back_to_its_row(series: tuple[Series, Result]) -> None:
    _, mined = series
    panel = compare.amounts(mined)
    rows = mined.amounts.set_index("amount_id").loc[panel["amount_id"]]
    for name in ("doc_id", "page", "quote", "confidence", "value_sek"):
        assert rows[name].reset_index(drop=True).equals(panel[name].reset_index(drop=True)), name
    assert panel["doc_id"].notna().all() and panel["quote"].notna().all()


def test_the_same_value_again_is_one_figure_and_another_value_is_a_conflict() -> None:
    first = [amount("a", "net_cost", "outcome", 2019, 500.0), amount("a", "revenue", "outcome", 2019, 90.0)]
    later = [amount("b", "net_cost", "outcome", 2019, 500.0), amount("b", "revenue", "outcome", 2019, 91.0)]
    mined = tables(documents=[document("a", 2019), document("b", 2020)], amounts=first + later)
    panel = compare.amounts(mined).set_index("line")
    assert panel.loc["net_cost", "restated"] == 1 and not panel.loc["net_cost", "conflict"]
    assert panel.loc["net_cost", "doc_id"] == "a"  # the year's own report
    assert panel.loc["revenue", "value_sek"].tolist() == [90e3, 91e3] and panel.loc["revenue", "conflict"].all()
    spread = compare.wide(compare.amounts(mined))
    assert spread["net_cost_outcome"].item() == 500e3
    assert spread["revenue_outcome"].isna().item() and spread["conflicts"].item() == "revenue_outcome: 90000 | 91000"


def test_a_rounded_sentence_restates_the_table() -> None:
    said = amount("a", None, "deviation", 2019, -4.1, label="Socialnämnden, underskott", table_id=None) | {
        "unit": "mnkr",
        "value_sek": -4.1e6,
    }
    rows = [amount("a", "net_cost", "deviation", 2019, -4128.0), said | {"quote": "ett underskott om -4,1 mnkr"}]
    rows.append(amount("a", "net_cost", "outcome", 2019, 90000.0))
    panel = compare.amounts(tables(documents=[document("a", 2019)], amounts=rows)).set_index(["line", "kind"])
    assert panel.loc[("net_cost", "deviation"), "value_sek"] == -4128e3 and panel.loc[("net_cost", "deviation"), "restated"] == 1
    assert len(panel) == 2


@pytest.mark.parametrize("label", ["Socialnämnden exklusive flyktingar, underskott", "Placeringar, underskott", "underskott"])
def test_a_sentence_on_less_than_the_body_is_no_figure_of_the_body(label: str) -> None:
    rows = [amount("a", None, "deviation", 2019, -4.0, label=label, table_id=None)]
    assert compare.amounts(tables(documents=[document("a", 2019)], amounts=rows)).empty


def test_a_total_comes_before_its_parts() -> None:
    rows = [
        amount("a", "revenue", "outcome", 2019, 20.0, label="Intäkter"),
        amount("a", "revenue", "outcome", 2019, 70.0, label="Summa intäkter"),
    ]
    panel = compare.amounts(tables(documents=[document("a", 2019)], amounts=rows))
    assert panel["value_sek"].tolist() == [70e3] and not panel["conflict"].any()


def statements(*values: float) -> Result:
    """A report with a statement of net cost and revenue under each of some headings."""
    names = [f"Verksamhet {chr(65 + i)}" for i in range(len(values))]
    sections = [{"section_id": name, "doc_id": "a", "title": name, "type": "other"} for name in names]
    rows = []
    for name, value in zip(names, values, strict=True):
        place = {"section_id": name, "table_id": f"a-{name}"}
        rows += [amount("a", line, "outcome", 2019, value * share, **place) for line, share in (("net_cost", 1.0), ("total_cost", 1.5))]
    return tables(documents=[document("a", 2019)], amounts=rows, sections=sections)


def test_statements_that_differ_are_of_parts() -> None:
    panel = compare.amounts(statements(400.0, 700.0))
    assert set(panel["part"]) == {"Verksamhet A", "Verksamhet B"} and not panel["conflict"].any()
    shown = compare.overview(statements(400.0, 700.0))
    assert shown["net_sek"].tolist() == [pd.NA, 400e3, 700e3] and pd.isna(shown["part"].iloc[0])


def test_the_statement_that_sums_up_the_others_is_the_whole() -> None:
    shown = compare.overview(statements(400.0, 1100.0, 700.0))
    assert len(shown) == 1 and shown["net_sek"].item() == 1100e3 and pd.isna(shown["part"].item())


def test_uniform_signs_show_costs_and_income_as_positive() -> None:
    negative = [("staff_cost", -800.0), ("revenue", 100.0), ("net_cost", -700.0), ("result", 5.0)]
    positive = [("staff_cost", 800.0), ("revenue", -100.0), ("net_cost", 700.0), ("result", -5.0)]
    for printed in (negative, positive):
        rows = [amount("a", line, "outcome", 2019, value) for line, value in printed]
        panel = compare.amounts(tables(documents=[document("a", 2019)], amounts=rows), signs="uniform").set_index("line")["value_sek"]
        assert panel.to_dict() == {"staff_cost": 800e3, "revenue": 100e3, "net_cost": 700e3, "result": 5e3}


def test_per_inhabitant_names_the_year_and_source_of_its_population() -> None:
    mined = tables(documents=[document("a", 2019)], amounts=[amount("a", "net_cost", "outcome", 2019, 66571.0)])
    row = compare.amounts(mined).iloc[0]
    assert (row["population"], row["population_year"]) == (66571, 2016) and row["per_inhabitant"] == 1000.0
    assert "2016" in row["population_source"] and "Statistics Sweden" in row["population_source"]
    own = pd.DataFrame({"kommun_code": ["0880"] * 2, "year": [2010, 2018], "population": [50000, 66571 * 2]})
    row = compare.amounts(mined, population=own).iloc[0]
    assert row["per_inhabitant"] == 500.0 and row["population_year"] == 2018
    other = compare.amounts(
        tables(documents=[document("a", 2019, "Exby", None)], amounts=[amount("a", "net_cost", "outcome", 2019, 1.0)])
    ).iloc[0]
    assert pd.isna(other["per_inhabitant"]) and pd.isna(other["population_source"])


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (pd.DataFrame({"kommun_code": ["0880"], "population": [1]}), "year"),
        (pd.DataFrame({"year": [2016], "population": [1]}), "kommun_code"),
        (pd.DataFrame({"kommun_code": ["0880"] * 2, "year": [2016] * 2, "population": [1, 2]}), "0880"),
    ],
)
def test_a_table_of_population_that_cannot_be_used_is_refused(frame: pd.DataFrame, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        compare.amounts(tables(), population=frame)


def goal(doc_id: str, text: str, status: str | None, page: int = 2) -> dict[str, Any]:
    return {
        "doc_id": doc_id,
        "text": text,
        "status": status,
        "level": "board",
        "page": page,
        "confidence": 0.8,
        "quote": text,
        "goal_id": text,
    }


def test_goals_are_counted_once_and_those_with_two_verdicts_apart() -> None:
    stated = [
        ("A", "achieved"),
        ("A", "achieved"),
        ("A", None),
        ("B", "achieved"),
        ("B", "not_achieved"),
        ("C", None),
        ("D", "not_achieved"),
    ]
    mined = tables(documents=[document("a", 2019), document("b", 2020)], goals=[goal("a", text, status) for text, status in stated])
    shares = compare.goals(mined)
    assert len(shares) == 1  # a report without goals has no shares
    row = shares.iloc[0]
    assert (row["achieved"], row["not_achieved"], row["no_status"], row["contradictory"], row["goals"]) == (1, 1, 1, 1, 4)
    assert row["share_achieved"] == 0.5
    listed = compare.goals(mined, form="rows")
    assert listed.loc[listed["conflict"], "text"].tolist() == ["B", "B"] and listed["quote"].notna().all()


def test_two_reports_of_one_year_that_count_differently_are_a_conflict_not_a_sum() -> None:
    mined = tables(
        documents=[document("a", 2019), document("b", 2019), document("c", 2020)],
        goals=[goal("a", "A", "achieved"), goal("b", "A", "not_achieved"), goal("c", "A", None)],
    )
    shares = compare.goals(mined)
    assert shares["conflict"].tolist() == [True, True, False] and shares["goals"].tolist() == [1, 1, 1]
    assert pd.isna(shares["share_achieved"].iloc[2])
