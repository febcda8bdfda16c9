"""Indicators under one name for all kommuner, linked to Kolada where that is clear, as a table to review and to correct."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from docmine.additions import open_vocabulary, synonym
from docmine.compare.figures import records
from docmine.compare.kolada import KOLADA, Linker, linker
from docmine.compare.names import Name, coverage, named, parallel
from docmine.compare.panel import frame_of, merged
from docmine.desk import Source
from docmine.errors import UsageError
from docmine.pipeline import Words
from docmine.records import fold
from docmine.result import Result
from docmine.vocabulary import Vocabulary

__all__ = ["MATCHES", "Overrides", "matches", "matches_of"]

#: the columns of the table of matches and their types
MATCHES = {
    "kommun": "string", "kommun_code": "string", "original_name": "string", "unit": "string", "group": "string", "rows": "Int64",
    "name": "string", "match_score": "Float64", "kolada_id": "string", "kolada_title": "string", "kolada_score": "Float64",
    "candidate_id": "string", "candidate_title": "string", "candidate_score": "Float64", "decided_by": "string", "kolada_source": "string",
}  # fmt: skip
#: names are one indicator's where they share this much of the weight of their words
_ALIKE = 0.85
_NONE = frozenset({"none", "-", "–", "ingen"})

Overrides = pd.DataFrame | str | os.PathLike[str]
Key = tuple[str | None, str, str | None]  # kommun, printed name, unit


def matches(
    source: Source | Iterable[Source], *, overrides: Overrides | None = None, kolada: bool = True, vocabulary: Words | None = None
) -> pd.DataFrame:
    """Which printed names of indicators are taken for the same, and for which of Kolada's key figures; a row a kommun and name.

    Parameters
    ----------
    source : Result, Store, path, or several of them
        Anything `docmine.desk.tables_of` takes.
    overrides : pandas.DataFrame or path, optional
        This table, corrected (CSV): ``original_name``, if need be ``kommun`` and ``unit``, and ``name`` or ``kolada_id`` (an id, or
        ``none``). A row without ``kommun`` or ``unit`` holds for all; an empty ``name`` or ``kolada_id`` leaves the matter to the rules,
        and so does a row whose ``decided_by`` still says ``rule``.
    kolada : bool
        Whether names are linked to Kolada.
    vocabulary : str, path or Vocabulary, optional
        Words of one's own (``docs/vocabulary.md``), of which ``indicators.synonym`` counts here; ``overrides`` go before them.

    Returns
    -------
    pandas.DataFrame
        ``kommun``, ``kommun_code``, ``original_name``, ``unit``, ``group`` (women, men, girls or boys), ``rows`` (how many of the table of
        indicators); ``name`` (the one that stands for all) and ``match_score`` (the share of the weight of both names' words that the
        other has, too; 0 to 1); ``kolada_id``, ``kolada_title`` and ``kolada_score`` of a link; ``candidate_*``, the likeliest key
        figure even where it is not linked; ``decided_by`` (rule or user) and ``kolada_source``, to be named where links are used.

    Raises
    ------
    UsageError
        If a source or the table of overrides is not there, or it names a key figure that Kolada does not have.
    """
    return matches_of(merged(source), overrides=overrides, kolada=kolada, vocabulary=vocabulary)


def matches_of(tables: Result, *, overrides: Overrides | None = None, kolada: bool = True, vocabulary: Words | None = None) -> pd.DataFrame:
    """The same, of tables at hand."""
    kommuner = {row["doc_id"]: (row["kommun"], row["kommun_code"]) for row in records(tables.documents)}
    counted: Counter[Key] = Counter()
    found_in: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for row in records(tables.indicators[["doc_id", "name", "unit"]]):
        counted[kommuner.get(row["doc_id"], (None, None))[0], row["name"], row["unit"]] += 1
        found_in[row["name"], row["unit"]].add(row["doc_id"])
    codes = dict(kommuner.values())
    ruled = _Overrides(overrides, open_vocabulary(vocabulary))
    same = _clusters(found_in)
    rows = [_row(key, codes.get(key[0]), count, same[key[1:]], linker() if kolada else None, ruled) for key, count in counted.items()]
    _agreed(rows)
    return frame_of(rows, MATCHES).sort_values(["name", "kommun", "original_name"], ignore_index=True)


def _row(key: Key, code: str | None, count: int, shared: Name, kolada: Linker | None, ruled: _Overrides) -> dict[str, Any]:
    """What the rules say of a name, and what the user says against it."""
    kommun, text, unit = key
    name = named(text, unit)
    told = ruled.of(key)
    harmonised = told.get("name") or shared.text
    score = 1.0 if text == harmonised else round(coverage(name, named(harmonised, unit), linker().weights), 4)
    row = {
        "kommun": kommun, "kommun_code": code, "original_name": text, "unit": unit, "group": name.group, "rows": count,
        "name": harmonised, "match_score": score, "decided_by": "user" if told else "rule",
    }  # fmt: skip
    if kolada is None:
        return row
    likely = next(iter(kolada.candidates(text, unit)), None)
    link = kolada.link(text, unit)
    if likely is not None:
        row |= {"candidate_id": likely.id, "candidate_title": likely.title, "candidate_score": likely.coverage}
    row["kolada_source"] = KOLADA
    if "kolada_id" not in told:
        return row | ({"kolada_id": link.id, "kolada_title": link.title, "kolada_score": link.coverage} if link else {})
    if told["kolada_id"] in _NONE:
        return row
    title = kolada.title(told["kolada_id"])
    return row | {"kolada_id": told["kolada_id"], "kolada_title": title, "kolada_score": coverage(name, named(title), kolada.weights)}


def _agreed(rows: list[dict[str, Any]]) -> None:
    """One name has one key figure: where the rules link some of its forms to different ones, none is linked."""
    linked: dict[tuple[Any, Any], set[str]] = defaultdict(set)
    for row in rows:
        if row.get("kolada_id"):
            linked[row["name"], row["group"]].add(row["kolada_id"])
    for row in rows:
        if row["decided_by"] == "rule" and len(linked[row["name"], row["group"]]) > 1:
            row.update(kolada_id=None, kolada_title=None, kolada_score=None)


def _clusters(found_in: Mapping[tuple[str, str | None], set[str]]) -> dict[tuple[str, str | None], Name]:
    """For each printed name and unit the name that stands for it and its like.

    Names of one document are told apart there on purpose, so they are one only where they differ in order, endings and signs alone.
    """
    spelt: dict[tuple[object, ...], list[tuple[str, str | None]]] = defaultdict(list)
    for item in found_in:
        spelt[named(*item).key].append(item)
    groups = [(_leader(items, found_in), items, set[str]().union(*(found_in[item] for item in items))) for items in spelt.values()]
    groups.sort(key=lambda group: (-len(group[2]), len(group[0][0]), group[0]))
    clusters: list[tuple[list[Name], set[str]]] = []
    by_word: dict[str, list[int]] = defaultdict(list)
    chosen: dict[tuple[str, str | None], Name] = {}
    weights = linker().weights
    for leader, items, documents in groups:
        name = named(*leader)
        near = sorted({i for word in name.words for i in by_word[word[:4]]})
        best, place = _ALIKE, -1
        for i in near:
            members, seen = clusters[i]
            if seen & documents or not all(parallel(name, member) and name.chosen == member.chosen for member in members):
                continue
            alike = min(coverage(name, member, weights) for member in members)
            if alike >= best and (place < 0 or alike > best):
                best, place = alike, i
        if place < 0:
            place = len(clusters)
            clusters.append(([], set()))
        clusters[place][0].append(name)
        clusters[place][1].update(documents)
        for word in name.words:
            by_word[word[:4]].append(place)
        chosen |= dict.fromkeys(items, clusters[place][0][0])
    return chosen


def _leader(items: list[tuple[str, str | None]], found_in: Mapping[tuple[str, str | None], set[str]]) -> tuple[str, str | None]:
    """The spelling that most documents have."""
    return min(items, key=lambda item: (-len(found_in[item]), len(item[0]), item[0], item[1] or ""))


class _Overrides:
    """What a user decided on names."""

    def __init__(self, table: Overrides | None, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._told: dict[tuple[str | None, str, str | None], dict[str, str]] = {}
        if table is None:
            return
        frame = table if isinstance(table, pd.DataFrame) else _read(Path(table))
        if "original_name" not in frame or not {"name", "kolada_id"} & set(frame.columns):
            raise UsageError(
                "the table of matches lacks original_name, or both name and kolada_id", "begin with the table that matches gives"
            )
        for row in records(frame):
            if row.get("decided_by") == "rule":
                continue  # an unchanged row of the table that was given out
            said = {key: str(row[key]).strip() for key in ("name", "kolada_id") if row.get(key) not in (None, "")}
            if said:
                self._told[row.get("kommun"), fold(row["original_name"]), row.get("unit")] = said

    def of(self, key: Key) -> dict[str, str]:
        """The user's word on a name, the most particular first."""
        kommun, text, unit = key[0], fold(key[1]), key[2]
        places = ((kommun, text, unit), (kommun, text, None), (None, text, unit), (None, text, None))
        own = synonym(key[1], self._vocabulary, kommun)
        return ({} if own is None else {"name": own}) | next((self._told[place] for place in places if place in self._told), {})


def _read(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise UsageError(f"{path}: there is no such table of matches", "write one with docmine compare --matches")
    return pd.read_csv(path, dtype="string")
