"""The tables docmine produces: columns, types and closed codes, as in the contract, and the check that a frame keeps them."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "ACTION_TYPES",
    "AMOUNT_KINDS",
    "DOC_TYPES",
    "GOAL_LEVELS",
    "LINES",
    "MEASURES",
    "SECTION_NOTES",
    "SECTION_TYPES",
    "STATUSES",
    "TABLES",
    "UNITS",
    "Field",
]

DOC_TYPES = ("annual_report", "interim_report", "budget", "plan", "needs", "quality_report", "audit", "scorecard", "minutes", "other")
SECTION_TYPES = (
    "summary", "mission", "events", "activity", "environment", "goals", "finance", "operating_statement", "income_statement",
    "balance_sheet", "cash_flow", "investments", "staff", "key_figures", "internal_control", "measures", "outlook", "follow_up",
    "sources", "appendix", "contents", "other",
)  # fmt: skip
SECTION_NOTES = ("empty", "most of the document")
GOAL_LEVELS = ("vision", "council", "focus_area", "board", "sub_goal", "milestone", "other")
STATUSES = (
    "achieved",
    "partly_achieved",
    "not_achieved",
    "on_track",
    "off_track",
    "completed",
    "in_progress",
    "not_started",
    "discontinued",
)
ACTION_TYPES = ("assignment", "activity", "measure", "undertaking", "other")
MEASURES = ("outcome", "target", "forecast", "budget", "plan", "benchmark", "change")
AMOUNT_KINDS = ("outcome", "budget", "forecast", "plan", "deviation", "forecast_deviation", "change", "effect", "request", "other")
UNITS = (
    "percent", "percentage_points", "index", "count", "days", "weeks", "hours", "months", "years", "fte", "SEK", "SEK/day",
    "SEK/hour", "SEK/inhabitant", "SEK/person", "ratio",
)  # fmt: skip
MONEY_UNITS = {"kr": 1.0, "tkr": 1e3, "mnkr": 1e6, "mdkr": 1e9}
LINES = (
    "revenue", "fees", "grants", "staff_cost", "premises_cost", "capital_cost", "purchases", "other_cost", "depreciation", "total_cost",
    "net_cost", "appropriation", "tax_revenue", "equalisation", "financial_income", "financial_cost", "operating_result",
    "result_after_financial", "extraordinary_items", "result", "intangible_assets", "tangible_assets", "financial_assets", "fixed_assets",
    "inventories", "receivables", "cash", "current_assets", "total_assets", "equity", "provisions", "long_term_debt", "short_term_debt",
    "total_debt", "total_equity_and_debt", "operating_cash_flow", "investing_cash_flow", "financing_cash_flow", "cash_flow",
    "opening_cash", "investment_expenditure", "investment_income", "net_investment",
)  # fmt: skip
COMPARATORS = (">=", "<=", ">", "<", "=")


class Field(NamedTuple):
    """A column: name, pandas dtype, what it means, and the codes it is closed to (empty: open)."""

    name: str
    dtype: str
    meaning: str
    codes: tuple[str, ...] = ()


_TEXT, _INT, _FLOAT, _BOOL = "string", "Int64", "Float64", "boolean"
_SOURCE = (
    Field("doc_id", _TEXT, "first 16 hex digits of the file's SHA-256"),
    Field("page", _INT, "1-based page of the file, or the transcript's own page; null where it has no page marks"),
    Field("start", _INT, "first character in Report.text"),
    Field("end", _INT, "one past the last character in Report.text"),
    Field("x0", _FLOAT, "left edge, PDF points"),
    Field("top", _FLOAT, "upper edge, PDF points from the top"),
    Field("x1", _FLOAT, "right edge, PDF points"),
    Field("bottom", _FLOAT, "lower edge, PDF points from the top"),
    Field("quote", _TEXT, "the source text, verbatim"),
    Field("method", _TEXT, "how it was found", ("table", "rule", "model", "human")),
    Field("confidence", _FLOAT, "how sure, 0 to 1"),
)
_STATUS = (
    Field("status", _TEXT, "verdict", STATUSES),
    Field("status_text", _TEXT, "the verdict's own words"),
)
#: cells, and the amounts and indicators that stand in them, keep the runner-up of a reading that is not decided
_ALTERNATIVE = Field(
    "alternative",
    _TEXT,
    "the figure's text as the next best reading has it, where columns have run together; – for none; null where no other reading has it",
)

TABLES: dict[str, tuple[Field, ...]] = {
    "documents": (
        Field("doc_id", _TEXT, "first 16 hex digits of the file's SHA-256"),
        Field("source", _TEXT, "path as given"),
        Field("sha256", _TEXT, "of the file's bytes"),
        Field("kommun", _TEXT, "name of the kommun"),
        Field("kommun_code", _TEXT, "SCB's code, 4 digits"),
        Field("body", _TEXT, "issuing nämnd, styrelse or förvaltning"),
        Field("doc_type", _TEXT, "kind of document", DOC_TYPES),
        Field("year", _INT, "the year that the document is about"),
        Field("period", _TEXT, "2017, 2017-08, 2017-01/2017-08 or 2017-08-31"),
        Field("title", _TEXT, "title as printed"),
        Field("pages", _INT, "number of pages; null where the transcript has no page marks"),
        Field("text_layer", _TEXT, "where the characters come from", ("digital", "ocr", "text")),
        Field("state", _TEXT, "whether it could be read", ("ok", "partial", "failed")),
        Field("error", _TEXT, "what was cut away, missing or failed, in one line"),
    ),
    "sections": (
        *_SOURCE,
        Field("section_id", _TEXT, "doc_id and a running number"),
        Field("parent_id", _TEXT, "section_id of the parent"),
        Field("order", _INT, "reading order, from 0"),
        Field("level", _INT, "1 is top"),
        Field("number", _TEXT, "printed number of the heading"),
        Field("title", _TEXT, "the heading"),
        Field("type", _TEXT, "canonical type", SECTION_TYPES),
        Field("page_start", _INT, "page of the heading"),
        Field("page_end", _INT, "page of the last character"),
        Field("note", _TEXT, "an unlikely size, as a lost or a false heading gives it", SECTION_NOTES),
    ),
    "goals": (
        *_SOURCE,
        Field("goal_id", _TEXT, "doc_id and a running number"),
        Field("parent_id", _TEXT, "goal_id of the parent goal"),
        Field("section_id", _TEXT, "the section that states it"),
        Field("text", _TEXT, "the goal's own wording"),
        Field("level", _TEXT, "whose goal it is", GOAL_LEVELS),
        Field("level_text", _TEXT, "the words that say the level"),
        *_STATUS,
    ),
    "actions": (
        *_SOURCE,
        Field("action_id", _TEXT, "doc_id and a running number"),
        Field("goal_id", _TEXT, "the goal that it serves"),
        Field("section_id", _TEXT, "the section that states it"),
        Field("number", _TEXT, "printed number"),
        Field("text", _TEXT, "what is to be done"),
        Field("type", _TEXT, "kind of action", ACTION_TYPES),
        *_STATUS,
        Field("responsible", _TEXT, "who is to do it"),
    ),
    "indicators": (
        *_SOURCE,
        Field("indicator_id", _TEXT, "the same for all rows of one indicator in a document"),
        Field("goal_id", _TEXT, "the goal that it measures"),
        Field("section_id", _TEXT, "the section that states it"),
        Field("table_id", _TEXT, "the table that it stands in; null in prose"),
        Field("name", _TEXT, "what is measured"),
        Field("measure", _TEXT, "what the value is", MEASURES),
        Field("year", _INT, "the year that the value is about"),
        Field("period", _TEXT, "the period that the value is about"),
        Field("value", _FLOAT, "the number, in unit"),
        Field("value_text", _TEXT, "the number as printed"),
        Field("unit", _TEXT, "unit code", UNITS),
        Field("comparator", _TEXT, "at least, at most …", COMPARATORS),
        *_STATUS,
        _ALTERNATIVE,
    ),
    "amounts": (
        *_SOURCE,
        Field("amount_id", _TEXT, "doc_id and a running number"),
        Field("section_id", _TEXT, "the section that states it"),
        Field("table_id", _TEXT, "the table that it stands in; null in prose"),
        Field("row", _INT, "grid row"),
        Field("col", _INT, "grid column"),
        Field("label", _TEXT, "the line, or the noun phrase that the amount is about"),
        Field("kind", _TEXT, "what the amount is", AMOUNT_KINDS),
        Field("year", _INT, "the year that it is about"),
        Field("period", _TEXT, "the period that it is about"),
        Field("value", _FLOAT, "as printed, in unit"),
        Field("unit", _TEXT, "printed unit", tuple(MONEY_UNITS)),
        Field("value_sek", _FLOAT, "in kronor"),
        Field("approximate", _BOOL, "cirka, drygt, knappt, närmare"),
        Field("line", _TEXT, "the line of a statement that the row is, under the same name for all kommuner", LINES),
        _ALTERNATIVE,
    ),
    "tables": (
        *_SOURCE,
        Field("table_id", _TEXT, "doc_id and a running number"),
        Field("section_id", _TEXT, "the section that holds it"),
        Field("title", _TEXT, "caption"),
        Field("unit", _TEXT, "unit that holds for the whole table"),
        Field("n_rows", _INT, "grid rows, head included"),
        Field("n_cols", _INT, "grid columns, label column included"),
        Field("origin", _TEXT, "how the grid was found", ("ruled", "aligned", "tabbed", "flattened")),
    ),
    "cells": (
        *_SOURCE,
        Field("table_id", _TEXT, "the table"),
        Field("row", _INT, "grid row, from 0"),
        Field("col", _INT, "grid column, from 0"),
        Field("row_label", _TEXT, "label of the row with the parents that it needs"),
        Field("col_label", _TEXT, "head of the column"),
        Field("text", _TEXT, "the cell's text"),
        Field("value", _FLOAT, "its number, as printed"),
        _ALTERNATIVE,
        Field("line", _TEXT, "the line of a statement that the row is, under the same name for all kommuner", LINES),
    ),
    "checks": (
        *_SOURCE,
        Field("table_id", _TEXT, "the table"),
        Field("rule", _TEXT, "the relation", ("row_sum", "column_difference", "restated")),
        Field("row", _INT, "grid row of the figure that was checked"),
        Field("col", _INT, "its grid column"),
        Field("expected", _FLOAT, "recomputed"),
        Field("found", _FLOAT, "printed"),
        Field("difference", _FLOAT, "found less expected"),
        Field("passed", _BOOL, "within rounding"),
    ),
}
