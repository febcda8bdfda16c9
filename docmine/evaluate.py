"""How right mined tables are, measured against answers made by hand.

Answers ("gold") are records in the columns of the tables: JSON lines or CSV, with ``record`` (`document`, `section`, `goal`,
`action`, `indicator`, `amount`) saying the kind and ``doc_id`` or ``document`` (its path or file name) the report; where neither
stands there, the answers' own file name is the report's. A field that is left out or null is not judged. Two marks are understood besides:

- ``optional`` true: careful readers may leave the record out, so that missing it costs nothing and finding it gains nothing;
- a record ``scope`` with ``pages`` [first, last] and ``records``: only these kinds, and these pages, were annotated.

A mined row and an answer are paired one to one, the best pairs first. The pair itself is the *soft* score: the right thing was
seen. The *strict* score also wants every code, unit, year and sign that the answer states.
"""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import regex
from rapidfuzz import fuzz

from docmine import markup
from docmine.errors import UsageError
from docmine.schema import TABLES

__all__ = ["KINDS", "Evaluation", "evaluate", "read_gold", "read_tables"]

#: what is scored, and the table that holds it
KINDS = {"section": "sections", "goal": "goals", "action": "actions", "indicator": "indicators", "amount": "amounts"}
_FACTS = ("kommun", "kommun_code", "body", "doc_type", "year", "period")
_NAMED = {"section": "title", "goal": "text", "action": "text", "indicator": "name", "amount": "label"}
_SAME_WORDS = 85
_BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)

Record = Mapping[str, Any]


class Match(NamedTuple):
    """How well a mined row meets an answer: a rank among the candidates, and whether all that is stated agrees."""

    rank: float
    strict: bool


@dataclass(frozen=True)
class Evaluation:
    """The outcome of `evaluate`.

    Attributes
    ----------
    scores : pandas.DataFrame
        Columns document ("all" for the sum), kind, support (answers), mined, and precision, recall and F1 of ``soft`` and
        ``strict``; ``status`` is judged on the goals and actions that were paired.
    facts : pandas.DataFrame
        Columns field, right, asked: the document facts.
    misses : pandas.DataFrame
        Columns document, kind, what (`missed`, `false`, `inexact`), page, wanted, mined, fields: all that was not right.
    reliability : pandas.DataFrame
        Columns kind, low, high, rows, confidence (mean), right (share that is strictly right): is ``confidence`` honest?
    """

    scores: pd.DataFrame
    facts: pd.DataFrame
    misses: pd.DataFrame
    reliability: pd.DataFrame

    @property
    def headline(self) -> dict[str, float]:
        """The mean F1 over the kinds that have answers, soft and strict."""
        total = self.scores[(self.scores["document"] == "all") & (self.scores["support"] > 0)]
        return {name: float(total[f"{name}_f1"].mean()) if len(total) else 0.0 for name in ("soft", "strict")}

    def _repr_html_(self) -> str:
        total = self.scores[self.scores["document"] == "all"].drop(columns="document")
        shown = total.round(3).astype(object).where(total.notna(), "–")
        return markup.card("docmine evaluation", markup.table(list(shown.columns), shown.to_numpy().tolist()))


def evaluate(tables: str | Path | Mapping[str, pd.DataFrame], gold: str | Path | pd.DataFrame) -> Evaluation:
    """Score mined tables against answers made by hand.

    Parameters
    ----------
    tables : path or mapping of str to pandas.DataFrame
        A folder that `Result.write` wrote (parquet or csv), or the frames themselves (`Result.frames`).
    gold : path or pandas.DataFrame
        A .jsonl or .csv file of answers, a folder of them, or a frame from `read_gold`.

    Returns
    -------
    Evaluation
        Strict and soft scores per kind of record and document, all misses, and the reliability of ``confidence``.

    Raises
    ------
    UsageError
        If a file is not as described above, or names no report of the tables.
    """
    frames = tables if isinstance(tables, Mapping) else read_tables(tables)
    answers = gold if isinstance(gold, pd.DataFrame) else read_gold(gold)
    documents = _documents(frames["documents"], answers)
    tally = _Tally()
    for name, doc_id in documents.items():
        records: dict[str, list[Record]] = defaultdict(list)
        for record in answers.loc[answers["document"] == name, "fields"]:
            records[record["record"]].append(record)
        tally.facts(records["document"], _rows(frames["documents"], doc_id)[0])
        for kind, table in KINDS.items():
            tally.kind(name, kind, records, _rows(frames[table], doc_id))
    return tally.evaluation()


def read_gold(path: str | Path) -> pd.DataFrame:
    """Read answers made by hand.

    Parameters
    ----------
    path : str or Path
        A .jsonl or .csv file, or a folder of them.

    Returns
    -------
    pandas.DataFrame
        Columns document (what the report is called in the answers) and fields (the record).

    Raises
    ------
    UsageError
        If the path is neither, a line is not a record, or its kind is unknown; the message names file and line.
    """
    path = Path(path)
    files = sorted(p for p in path.iterdir() if p.suffix.lower() in (".jsonl", ".csv")) if path.is_dir() else [path]
    if not files:
        raise UsageError(f"{path} holds no answers", "put .jsonl or .csv files there")
    rows = [(_document_of(record, file), record) for file in files for record in _records(file)]
    return pd.DataFrame(rows, columns=["document", "fields"])


def _records(file: Path) -> Iterator[dict[str, Any]]:
    known = ("document", "scope", *KINDS)
    for line, record in _lines(file):
        kind = record.get("record")
        if kind not in known:
            raise UsageError(f"{file}, line {line}: record is {kind!r}", f"known are {', '.join(known)}")
        needed = "value" if kind in ("amount", "indicator") else _NAMED.get(str(kind))
        if needed and _is_missing(record.get(needed)):
            raise UsageError(f"{file}, line {line}: a record of kind {kind} needs {needed}")
        yield record


def _lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        if file.suffix.lower() == ".csv":
            frame = pd.read_csv(file, dtype={"doc_id": str, "kommun_code": str, "number": str, "period": str})
            for at, row in enumerate(frame.to_dict("records"), start=2):
                yield at, {str(k): None if _is_missing(v) else v for k, v in row.items()}
            return
        for at, text in enumerate(file.read_text(encoding="utf-8-sig").splitlines(), start=1):
            if text.strip():
                try:
                    record = json.loads(text)
                except json.JSONDecodeError as error:
                    raise UsageError(f"{file}, line {at}: {error}", "one JSON object a line") from None
                if not isinstance(record, dict):
                    raise UsageError(f"{file}, line {at}: not a JSON object")
                yield at, record
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise UsageError(f"{file} cannot be read: {error}", "answers are .jsonl or .csv files in UTF-8") from None


def _document_of(record: Record, file: Path) -> str:
    given = record.get("doc_id") or record.get("document")
    return str(given) if given else file.stem


def read_tables(folder: str | Path) -> dict[str, pd.DataFrame]:
    """The tables that were written into a folder as parquet or csv, in the types of the contract.

    Raises
    ------
    UsageError
        If the folder does not hold them all.
    """
    frames = {}
    for name, fields in TABLES.items():
        path = next((p for suffix in ("parquet", "csv") if (p := Path(folder) / f"{name}.{suffix}").exists()), None)
        if path is None:
            raise UsageError(f"{folder} holds no table {name}", "name a folder that docmine mine wrote as parquet or csv")
        dtypes = {field.name: field.dtype for field in fields}
        binary = path.name.endswith(".parquet")
        frames[name] = pd.read_parquet(path) if binary else pd.read_csv(path, dtype=dtypes)
    return frames


def _documents(mined: pd.DataFrame, answers: pd.DataFrame) -> dict[str, str]:
    """doc_id of every document of the answers: by id, by path, by file name with or without its ending."""
    ids: dict[str, str] = {}
    for doc_id, source in zip(mined["doc_id"], mined["source"], strict=True):
        path = Path(str(source))
        for name in (str(doc_id), str(source), path.name, path.stem):
            ids.setdefault(name, str(doc_id))
    names = list(dict.fromkeys(answers["document"]))
    unknown = [name for name in names if name not in ids]
    if unknown:
        raise UsageError(f"the tables hold no report called {', '.join(map(repr, unknown[:3]))}", "mine it, or name its doc_id")
    return {name: ids[name] for name in names}


def _rows(frame: pd.DataFrame, doc_id: str) -> list[Record]:
    return [{str(k): v for k, v in row.items()} for row in frame[frame["doc_id"] == doc_id].to_dict("records")]


class _Tally:
    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])  # support, mined, soft, strict
        self._facts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._misses: list[tuple[Any, ...]] = []
        self._sure: list[tuple[str, float, bool]] = []

    def facts(self, answers: Sequence[Record], row: Record) -> None:
        for record in answers:
            for field in _FACTS:
                if not _is_missing(record.get(field)):
                    self._facts[field][0] += _agrees(record, row, field)
                    self._facts[field][1] += 1

    def kind(self, name: str, kind: str, records: Mapping[str, list[Record]], mined: list[Record]) -> None:
        scopes = records["scope"]
        if scopes and not any(kind in s.get("records", KINDS) for s in scopes):
            return
        mined = [row for row in mined if _in_scope(kind, row, scopes)]
        wanted = [r for r in records[kind] if not _true(r.get("optional"))]
        pairs = _pair(kind, wanted, mined)
        taken = {pair[1] for pair in pairs}
        rest = [at for at in range(len(mined)) if at not in taken]
        spare = [r for r in records[kind] if _true(r.get("optional"))]
        free = {rest[pair[1]] for pair in _pair(kind, spare, [mined[at] for at in rest])}
        self._count(name, kind, len(wanted), len(mined) - len(free), len(pairs), sum(m.strict for *_, m in pairs))
        if kind in ("goal", "action"):
            given = sum(not _is_missing(row.get("status")) for j, row in enumerate(mined) if j not in free)
            stated = sum(not _is_missing(r.get("status")) for r in wanted)
            judged = [(wanted[pair[0]].get("status"), mined[pair[1]].get("status")) for pair in pairs]
            both = [(want, got) for want, got in judged if not _is_missing(want) and not _is_missing(got)]
            self._count(name, "status", stated, given, len(both), sum(want == got for want, got in both))
        met = {i for i, *_ in pairs}
        right = {j for _, j, m in pairs if m.strict}
        self._sure += [(kind, float(row["confidence"]), j in right) for j, row in enumerate(mined) if j not in free]
        self._misses += [
            (name, kind, "missed", r.get("page"), r.get(_NAMED[kind]), None, _told(r)) for i, r in enumerate(wanted) if i not in met
        ]
        for i, j, match in pairs:
            if not match.strict:
                told = f"{_told(wanted[i])} / {_told(mined[j])}"
                page = mined[j].get("page")
                self._misses.append((name, kind, "inexact", page, wanted[i].get(_NAMED[kind]), mined[j][_NAMED[kind]], told))
        for j, row in enumerate(mined):
            if j not in taken and j not in free:
                self._misses.append((name, kind, "false", row.get("page"), None, row[_NAMED[kind]], _told(row)))

    def _count(self, name: str, kind: str, *figures: int) -> None:
        for document in (name, "all"):
            counts = self._counts[document, kind]
            counts[:] = [a + b for a, b in zip(counts, figures, strict=True)]

    def evaluation(self) -> Evaluation:
        scores = []
        order = [*KINDS, "status"]
        for (document, kind), (support, mined, soft, strict) in sorted(self._counts.items(), key=lambda c: (c[0][0], order.index(c[0][1]))):
            row: list[Any] = [document, kind, support, mined]
            for hits in (soft, strict):
                row += [hits / mined if mined else None, hits / support if support else None]
                row.append(2 * hits / (support + mined) if support + mined else None)
            scores.append(row)
        columns = [f"{how}_{what}" for how in ("soft", "strict") for what in ("precision", "recall", "f1")]
        return Evaluation(
            scores=pd.DataFrame(scores, columns=["document", "kind", "support", "mined", *columns]),
            facts=pd.DataFrame([(f, *counts) for f, counts in self._facts.items()], columns=["field", "right", "asked"]),
            misses=pd.DataFrame(self._misses, columns=["document", "kind", "what", "page", "wanted", "mined", "fields"]),
            reliability=_reliability(self._sure),
        )


def _reliability(sure: Sequence[tuple[str, float, bool]]) -> pd.DataFrame:
    rows = []
    for kind in ("all", *KINDS):
        mine = [(c, r) for k, c, r in sure if kind in ("all", k)]
        for low, high in pairwise(_BANDS):
            band = [(c, r) for c, r in mine if low <= c < high or c == high == 1.0]
            if band:
                n = len(band)
                rows.append((kind, low, high, n, sum(c for c, _ in band) / n, sum(r for _, r in band) / n))
    return pd.DataFrame(rows, columns=["kind", "low", "high", "rows", "confidence", "right"])


def _pair(kind: str, wanted: Sequence[Record], mined: Sequence[Record]) -> list[tuple[int, int, Match]]:
    """Answers and rows that are the same thing, one to one, best pairs first."""
    keyed: dict[float | None, list[int]] = defaultdict(list)
    key, match = _KEYS[kind], _MATCHES[kind]
    for j, row in enumerate(mined):
        keyed[key(row)].append(j)
    found = [(m, i, j) for i, r in enumerate(wanted) for j in keyed[key(r)] if (m := match(r, mined[j])) is not None]
    found.sort(key=lambda f: (-f[0].rank, f[1], f[2]))
    used_i: set[int] = set()
    used_j: set[int] = set()
    pairs = []
    for m, i, j in found:
        if i not in used_i and j not in used_j:
            used_i.add(i)
            used_j.add(j)
            pairs.append((i, j, m))
    return pairs


def _same_section(want: Record, row: Record) -> Match | None:
    alike = fuzz.ratio(_plain(want["title"]), _plain(row["title"]))
    return Match(alike, _agrees(want, row, "type")) if alike >= 85 and _same_page(want, row) else None


def _same_wording(field: str) -> Callable[[Record, Record], Match | None]:
    def match(want: Record, row: Record) -> Match | None:
        asked, given = _plain(want["text"]), _plain(row["text"])
        alike = max(measure(asked, given) for measure in (fuzz.ratio, fuzz.token_sort_ratio))
        return Match(alike, alike >= 90 and _agrees(want, row, field)) if alike >= 80 else None

    return match


def _same_indicator(want: Record, row: Record) -> Match | None:
    alike = fuzz.token_set_ratio(_plain(want.get("name")), _plain(row["name"]))
    if alike < 60 or not _same_page(want, row):
        return None
    bound = (want.get("comparator") or "=") == ("=" if _is_missing(row.get("comparator")) else row["comparator"])
    strict = bound and alike >= 75 and all(_agrees(want, row, f) for f in ("measure", "unit", "year"))
    return Match(alike + 50 * strict + 10 * _quotes_meet(want, row), strict)


def _same_amount(want: Record, row: Record) -> Match | None:
    alike, quoted = fuzz.token_set_ratio(_plain(want.get("label")), _plain(row["label"])), _quotes_meet(want, row)
    if (alike < 50 and not quoted) or not _same_page(want, row):
        return None
    signed = _agrees(want, row, "value_sek")
    strict = signed and alike >= 60 and all(_agrees(want, row, f) for f in ("kind", "year"))
    return Match(alike + 50 * strict + 20 * signed + 10 * quoted, strict)


def _any(_: Record) -> float | None:
    return None


def _amount_key(record: Record) -> float | None:
    return _rounded(abs(float(record["value"] if _is_missing(record.get("value_sek")) else record["value_sek"])))


_MATCHES: dict[str, Callable[[Record, Record], Match | None]] = {
    "section": _same_section,
    "goal": _same_wording("level"),
    "action": _same_wording("type"),
    "indicator": _same_indicator,
    "amount": _same_amount,
}
# rows can only be the same thing where these are equal: saves comparing every figure with every other
_KEYS: dict[str, Callable[[Record], float | None]] = {
    "section": _any,
    "goal": _any,
    "action": _any,
    "indicator": lambda r: _rounded(r["value"]),
    "amount": _amount_key,
}


def _rounded(value: Any) -> float | None:
    return None if _is_missing(value) else float(f"{float(value):.9g}")


def _agrees(want: Record, row: Record, field: str) -> bool:
    """Whether the row says what the answer states; what it does not state agrees with anything."""
    a, b = want.get(field), row.get(field)
    if _is_missing(a):
        return True
    if _is_missing(b):
        return False
    try:
        return _rounded(a) == _rounded(b)
    except (TypeError, ValueError):
        return _plain(a) == _plain(b)


def _same_page(want: Record, row: Record) -> bool:
    a, b = want.get("page"), row.get("page")
    return _is_missing(a) or _is_missing(b) or int(a) == int(b)  # type: ignore[arg-type]


def _quotes_meet(want: Record, row: Record) -> bool:
    """Whether both point at the same words: one quote lies within the other, but for a few letters."""
    short, long = sorted((_plain(want.get("quote")), _plain(row.get("quote"))), key=len)
    return bool(short) and (short in long or fuzz.partial_ratio(short, long) >= _SAME_WORDS)


def _in_scope(kind: str, row: Record, scopes: Sequence[Record]) -> bool:
    pages = [s["pages"] for s in scopes if kind in s.get("records", KINDS) and s.get("pages")]
    page = row.get("page")
    return not pages or _is_missing(page) or any(first <= page <= last for first, last in pages)


def _is_missing(value: Any) -> bool:
    """Nothing is stated: None, an empty text, or one of pandas' marks for it."""
    return value == "" if isinstance(value, str) else bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _true(value: Any) -> bool:
    return not _is_missing(value) and str(value).casefold() in ("true", "1", "1.0")


_MARKS = regex.compile(r"[^\w%<>]+")


def _plain(value: Any) -> str:
    """Letters and figures only, case and spacing levelled."""
    return "" if _is_missing(value) else str(_MARKS.sub(" ", unicodedata.normalize("NFKC", str(value)).casefold())).strip()


def _told(record: Record) -> str:
    shown = ("kind", "type", "level", "measure", "comparator", "value", "value_sek", "unit", "year", "status")
    return ", ".join(f"{name} {record[name]}" for name in shown if not _is_missing(record.get(name)))
