"""Decisions made on the review page, folded back into the tables."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import regex

from docmine.accounts import line_code
from docmine.archive.store import is_store
from docmine.desk import Source, tables_of
from docmine.errors import UsageError
from docmine.result import Result
from docmine.review.rows import DECISIONS, REVIEWED, row_keys
from docmine.schema import MONEY_UNITS, Field
from docmine.vocabulary import load_vocabulary

__all__ = ["NAME", "apply_decisions", "earlier_decisions", "read_decisions"]

#: the file of decisions beside tables that they were applied to
NAME = "decisions.jsonl"
_PERIOD = regex.compile(r"\d{4}(?:-\d\d(?:-\d\d|/\d{4}-\d\d)?)?")
_YEARS = range(1800, 2200)
_AGAIN = "export the decisions again from the review page"

Decision = dict[str, Any]


def apply_decisions(
    source: Source, decisions: str | os.PathLike[str], output: str | os.PathLike[str] | None = None, *, format: str = "parquet"
) -> Result:
    """Fold decisions into the tables that the review page was made from.

    An accepted row keeps its values, a corrected one takes the new ones (and ``value_sek`` anew); of both ``method`` becomes
    "human" and ``confidence`` 1. A rejected row is taken out, and what pointed at it points at nothing; what belonged to a
    rejected section belongs to the section around it. The tables of cells and checks keep what was read, as a correction is no other print.

    Parameters
    ----------
    source : Result, Store, str or path
        What the page was made from, or tables to which decisions were applied before; it is not altered.
    decisions : str or path
        The JSONL that the page exports; of several lines about a row the last one holds.
    output : str or path, optional
        Folder for the tables and for ``decisions.jsonl``, which holds the decisions and, as ``was``, the values that they replaced.
    format : {"parquet", "csv", "xlsx"}
        As for `Result.write`.

    Returns
    -------
    Result
        The tables with the decisions in them.

    Raises
    ------
    UsageError
        If a line of the decisions is not as it must be or its row is not in the tables, or the output would overwrite the source.
    """
    _keep_apart(source, output)
    given = read_decisions(decisions)
    tables = tables_of(source, duplicates=True)
    earlier = earlier_decisions(source)
    frames = dict(tables.frames)
    gone = {key for key, decision in earlier.items() if decision["decision"] == "reject"}
    for name in REVIEWED:
        lines = [d for d in given if d["table"] == name]
        if lines:
            frames[name] = _decided(name, frames[name], lines, earlier, gone)
    _release(frames, tables.frames)
    result = Result(frames)
    if output is not None:
        result.write(Path(output), format=format)
        kept = sorted(({k: v for k, v in d.items() if k != "line"} for d in earlier.values()), key=lambda d: str(d["key"]))
        text = "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in kept)
        (Path(output) / NAME).write_text(text, encoding="utf-8", newline="\n")
    return result


def read_decisions(path: str | os.PathLike[str]) -> list[Decision]:
    """The decisions of a file, each checked, with ``line`` saying where it stands.

    Raises
    ------
    UsageError
        Naming file and line, if one is not as it must be.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}", "name the file that the review page exported") from None
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            found.append(_parsed(line, f"{path}, line {number}"))
    return found


def _parsed(line: str, where: str) -> Decision:
    try:
        decision = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{where}: is not JSON: {error}", _AGAIN) from None
    if not isinstance(decision, dict) or not isinstance(decision.get("key"), str):
        raise UsageError(f"{where}: names no row by its key", _AGAIN)
    table, verdict, changes = decision.get("table"), decision.get("decision"), decision.get("changes") or {}
    if table not in REVIEWED:
        raise UsageError(f"{where}: the table {table!r} is not reviewed", f"known are {', '.join(REVIEWED)}")
    if verdict not in DECISIONS:
        raise UsageError(f"{where}: the decision {verdict!r} is unknown", f"known are {', '.join(DECISIONS)}")
    if not isinstance(changes, dict) or bool(changes) != (verdict == "correct"):
        raise UsageError(f"{where}: the decision {verdict!r} has the changes {changes!r}", "only a correction has changes, at least one")
    fields = {field.name: field for field in REVIEWED[table].fields(table)}
    if unknown := sorted(changes.keys() - fields.keys()):
        raise UsageError(f"{where}: {table}.{unknown[0]} cannot be corrected", f"in {table} these can: {', '.join(fields)}")
    required = REVIEWED[table].required
    checked = {name: _value(fields[name], value, name in required, f"{where}: {table}.{name}") for name, value in changes.items()}
    if table == "indicators" and checked.get("unit") in MONEY_UNITS and "value" not in checked:
        raise UsageError(f"{where}: the unit {checked['unit']!r} comes without a value", "give the value that is told in it")
    return decision | {"changes": checked, "line": where}


def _value(field: Field, given: Any, required: bool, where: str) -> Any:
    """The value in its column's type."""
    value = given.strip() or None if isinstance(given, str) else given
    if value is None:
        if required:
            raise UsageError(f"{where}: may not be empty", "give a value, or reject the row")
        return None
    if field.codes:
        if value not in field.codes:
            raise UsageError(f"{where}: the code {value!r} is unknown", f"known are {', '.join(field.codes)}")
        return value
    if field.dtype == "string":
        if not isinstance(value, str):
            raise UsageError(f"{where}: {value!r} is no text", "put it in quotation marks")
        if field.name == "period" and not _PERIOD.fullmatch(value):
            raise UsageError(f"{where}: {value!r} is no period", "write 2017, 2017-08, 2017-01/2017-08 or 2017-08-31")
        return value
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    if field.dtype == "Int64":
        if number not in _YEARS:
            raise UsageError(f"{where}: {value!r} is no year", "write it with four digits and no quotation marks, as 2017")
        return int(number)
    if not math.isfinite(number):
        raise UsageError(f"{where}: {value!r} is no number", "write it without quotation marks, and with a point, as 4.6")
    return number


def _keep_apart(source: Source, output: str | os.PathLike[str] | None) -> None:
    if output is None:
        return
    folder = Path(output)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file", "name a folder for the tables")
    held = getattr(source, "path", source)
    if is_store(folder) or (isinstance(held, str | os.PathLike) and folder.resolve() == Path(held).resolve()):
        raise UsageError(f"{folder} holds the tables as they were mined", "name another folder, so that they are kept")


def earlier_decisions(source: Source) -> dict[str, Decision]:
    """The decisions that were applied to the source before, by key."""
    path = Path(source) / NAME if isinstance(source, str | os.PathLike) else None
    return {} if path is None or not path.is_file() else {d["key"]: d for d in read_decisions(path)}


def _decided(name: str, frame: pd.DataFrame, lines: Iterable[Decision], earlier: dict[str, Decision], gone: set[str]) -> pd.DataFrame:
    """A table with its decisions in it; they are noted in ``earlier`` with the values that they replace."""
    frame = frame.reset_index(drop=True)
    documents = {d["key"].partition(":")[0] for d in lines}
    part = frame[frame["doc_id"].isin(documents)]
    rows = dict(zip(row_keys(name, part, gone), part.index, strict=True))
    rejected, last = [], {d["key"]: d for d in lines}
    for key, decision in last.items():
        verdict, row = decision["decision"], rows.get(key)
        if row is None and key in gone and verdict == "reject":
            continue
        if row is None and key in gone:
            raise UsageError(f"{decision['line']}: the row {key} was rejected before", "apply to the tables as they were mined")
        if row is None or decision.get("quote") not in (None, frame.at[row, "quote"]):
            odd = f"{name} has no row {key}" if row is None else f"the row {key} of {name} has another quote"
            raise UsageError(f"{decision['line']}: {odd}", "apply to the tables that the page was made from")
        before = earlier.get(key, {}).get("was", {})
        earlier[key] = decision
        if verdict == "reject":
            rejected.append(row)
            continue
        changes = _completed(name, frame.loc[row], decision["changes"])
        if changes or before:
            decision["was"] = {column: _plain(frame.at[row, column]) for column in changes} | before
        for column, value in (changes | {"method": "human", "confidence": 1.0}).items():
            frame.at[row, column] = pd.NA if value is None else value
    return frame.drop(index=rejected).reset_index(drop=True)


def _plain(value: Any) -> Any:
    """A value of a frame as JSON has it."""
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _completed(name: str, row: Any, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes and what follows from them."""
    done = dict(changes)
    if name == "amounts" and {"value", "unit"} & done.keys():
        value, unit = done.get("value", row["value"]), done.get("unit", row["unit"])
        done["value_sek"] = round(value * MONEY_UNITS[unit], 2)
    if name == "amounts" and "label" in done and not pd.isna(row["line"]):
        done["line"] = line_code(done["label"], load_vocabulary())
    if name == "indicators" and done.get("unit") in MONEY_UNITS:
        scale = MONEY_UNITS[done["unit"]]
        done["value"] = None if done["value"] is None else round(done["value"] * scale, 6)
        done["unit"] = "SEK"
    return done


def _release(frames: dict[str, pd.DataFrame], before: Mapping[str, pd.DataFrame]) -> None:
    """Let nothing point at goals and sections that are gone."""
    for name, pointing in (("goals", ("parent_id", "goal_id")), ("sections", ("parent_id", "section_id"))):
        own = REVIEWED[name].id
        kept = set(frames[name][own])
        lost = set(before[name][own]) - kept
        if not lost:
            continue
        parents = dict(zip(before[name][own], before[name]["parent_id"], strict=True)) if name == "sections" else {}
        homes = {one: _home(one, parents, kept) for one in lost}
        for table, frame in frames.items():
            for column in pointing:
                if column in frame and (column != "parent_id" or table == name) and (astray := frame[column].isin(lost)).any():
                    frames[table] = frame = frame.assign(**{column: frame[column].mask(astray, frame[column].map(homes).astype("string"))})


def _home(lost: str, parents: Mapping[str, Any], kept: Container[str]) -> str | None:
    """The nearest of the parents that is kept."""
    at: Any = lost
    while at in parents:
        at = parents[at]
        if pd.isna(at):
            return None
        if at in kept:
            return str(at)
    return None
