"""A sample of mined rows to check by hand, and what the check says about all rows.

Rows are drawn from strata, kommun by band of confidence, as evenly as the strata allow: rare kommuner and doubtful rows are met
too. ``weight`` says for how many rows of the tables a drawn row stands, so that shares hold for all of them.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from docmine.errors import UsageError
from docmine.evaluate import KINDS, read_tables

__all__ = ["checked", "draw_sample", "wilson"]

_BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 1.01)
_SHOWN = {
    "section": ("title", "type", "level"),
    "goal": ("text", "level", "status"),
    "action": ("number", "text", "type", "status"),
    "indicator": ("name", "measure", "year", "comparator", "value", "unit"),
    "amount": ("label", "kind", "year", "value", "unit", "value_sek"),
}
_PLACE = ["record", "doc_id", "document", "kommun", "page", "start", "end", "quote", "confidence"]
_YES, _NO = {"1", "true", "y", "yes", "j", "ja", "right", "rätt"}, {"0", "false", "n", "no", "nej", "wrong", "fel"}


def draw_sample(
    tables: str | Path | Mapping[str, pd.DataFrame], n: int = 200, *, kinds: Sequence[str] = tuple(KINDS), seed: int = 0
) -> pd.DataFrame:
    """Draw rows to check by hand.

    Parameters
    ----------
    tables : path or mapping of str to pandas.DataFrame
        A folder that `Result.write` wrote (parquet or csv), or the frames themselves.
    n : int
        How many rows, over all kinds; fewer where the tables hold fewer.
    kinds : sequence of str
        Among `section`, `goal`, `action`, `indicator`, `amount`.
    seed : int
        The same seed draws the same rows.

    Returns
    -------
    pandas.DataFrame
        One row a drawn row: where it stands, what was read, ``weight``, and an empty column ``right`` to be filled with yes or
        no (or ja or nej, 1 or 0). Written as CSV and filled, it goes back into `checked`.

    Raises
    ------
    UsageError
        If a kind is unknown or ``n`` is not positive.
    """
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown or n < 1:
        raise UsageError(f"cannot sample {n} rows of {', '.join(kinds)}", f"kinds are {', '.join(KINDS)}")
    frames = tables if isinstance(tables, Mapping) else read_tables(tables)
    documents = frames["documents"].drop_duplicates("doc_id").set_index("doc_id")
    parts = []
    for kind in kinds:
        frame = frames[KINDS[kind]]
        part = frame.assign(record=kind, document=frame["doc_id"].map(documents["source"]), kommun=frame["doc_id"].map(documents["kommun"]))
        parts.append(part[[*_PLACE, *_SHOWN[kind]]].astype(object))
    rows = pd.concat(parts, ignore_index=True)
    shown = list(dict.fromkeys(column for kind in kinds for column in _SHOWN[kind]))
    band = pd.cut(rows["confidence"].astype(float), _BANDS, right=False)
    strata = rows.groupby([rows["record"], rows["kommun"].fillna(""), band], sort=True, observed=True).indices.items()
    groups = _interleaved([(key, np.asarray(members)) for key, members in strata], seed)
    drawn = []
    for size, members in zip(_shares([len(m) for m in groups], n), groups, strict=True):
        picked = rows.iloc[members].sample(size, random_state=seed).sort_index() if size else rows.iloc[:0]
        drawn.append(picked.assign(weight=len(members) / size if size else 0.0))
    sample = pd.concat(drawn).sort_index() if drawn else rows.assign(weight=0.0)
    return sample[[*_PLACE, *shown, "weight"]].assign(right="").reset_index(drop=True)


def _interleaved(strata: list[tuple[Any, np.ndarray]], seed: int) -> list[np.ndarray]:
    """The strata in an order in which the kinds take turns, so that a small sample meets them all."""
    random.Random(seed).shuffle(strata)
    turns: Counter[str] = Counter()
    placed = []
    for at, ((kind, *_), members) in enumerate(strata):
        turns[kind] += 1
        placed.append((turns[kind], at, members))
    return [members for *_, members in sorted(placed, key=lambda p: p[:2])]


def _shares(sizes: Sequence[int], n: int) -> list[int]:
    """How many to draw from each stratum: the same from each, what small ones cannot give from the others."""
    shares = [0] * len(sizes)
    left = min(n, sum(sizes))
    while left:
        open_ = [i for i, size in enumerate(sizes) if shares[i] < size]
        for i in open_[:left] if left < len(open_) else open_:
            step = min(max(left // len(open_), 1), sizes[i] - shares[i])
            shares[i] += step
        left = min(n, sum(sizes)) - sum(shares)
    return shares


def checked(sample: str | Path | pd.DataFrame) -> pd.DataFrame:
    """The share of rows that are right, from a sample whose column ``right`` was filled.

    Parameters
    ----------
    sample : path or pandas.DataFrame
        What `draw_sample` gave, filled. Rows left empty are not counted.

    Returns
    -------
    pandas.DataFrame
        Columns kind, checked (rows), right (share, weighted to all rows), low, high: Wilson's 95 % interval on the rows that
        the weights leave (Kish's effective number).

    Raises
    ------
    UsageError
        If the file has no column ``right``, or a word in it that is neither yes nor no.
    """
    frame = sample if isinstance(sample, pd.DataFrame) else pd.read_csv(sample, dtype={"right": str})
    if missing := {"record", "weight", "right"} - set(frame.columns):
        raise UsageError(f"no column {', '.join(sorted(missing))} in the sample", "it must come from docmine sample")
    words = frame["right"].fillna("").astype(str).str.strip().str.casefold().str.removesuffix(".0")
    if len(odd := words[~words.isin(_YES | _NO | {""})]):
        raise UsageError(f"row {odd.index[0] + 2}: right is {odd.iloc[0]!r}", "write yes or no")
    filled = frame.assign(yes=words.isin(_YES).astype(float))[words != ""]
    rows = []
    for kind in ("all", *KINDS):
        part = filled if kind == "all" else filled[filled["record"] == kind]
        if len(part):
            weight = part["weight"].astype(float)
            share = float((part["yes"] * weight).sum() / weight.sum())
            rows.append((kind, len(part), share, *wilson(share, float(weight.sum() ** 2 / (weight**2).sum()))))
    return pd.DataFrame(rows, columns=["kind", "checked", "right", "low", "high"])


def wilson(share: float, n: float, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval of a share that was seen in ``n`` rows."""
    middle, spread = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max((middle - spread) / (1 + z * z / n), 0.0), min((middle + spread) / (1 + z * z / n), 1.0)
