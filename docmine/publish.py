"""Tables that others can use and cite: a Frictionless data package, with a citation file beside it.

The package is a folder of CSV files and ``datapackage.json``, which says what every column means, in which unit, to which codes
it is closed, how the tables hang together, and which reports it all comes from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version as version_of
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from docmine.errors import UsageError
from docmine.schema import TABLES, Field

__all__ = ["IDS", "LICENSES", "About", "Reference", "Table", "package_of_frames", "references", "write_package"]

#: names by the Open Definition, which are SPDX's, too
LICENSES = {
    "CC0-1.0": ("Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": ("Creative Commons Attribution-ShareAlike 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "ODC-BY-1.0": ("Open Data Commons Attribution License 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
    "ODbL-1.0": ("Open Data Commons Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
    "PDDL-1.0": ("Open Data Commons Public Domain Dedication and Licence 1.0", "https://opendatacommons.org/licenses/pddl/1-0/"),
}

#: the column by which a row of each table is called; several rows share an indicator_id
IDS = {
    "documents": "doc_id", "sections": "section_id", "goals": "goal_id", "actions": "action_id", "indicators": "indicator_id",
    "amounts": "amount_id", "tables": "table_id",
}  # fmt: skip
_KEYS: dict[str, tuple[str, ...]] = {
    **{name: (column,) for name, column in IDS.items() if name not in ("documents", "indicators")},
    "documents": ("source",),  # the same file under two names has one doc_id, and one that is not there has none
    "cells": ("table_id", "row", "col"),
}
#: column → the table that it leads to
_LINKS: dict[str, dict[str, str]] = {
    "documents": {"duplicate_of": "documents"},
    "sections": {"doc_id": "documents", "parent_id": "sections"},
    "goals": {"doc_id": "documents", "section_id": "sections", "parent_id": "goals"},
    "actions": {"doc_id": "documents", "section_id": "sections", "goal_id": "goals"},
    "indicators": {"doc_id": "documents", "section_id": "sections", "table_id": "tables", "goal_id": "goals"},
    "amounts": {"doc_id": "documents", "section_id": "sections", "table_id": "tables"},
    "tables": {"doc_id": "documents", "section_id": "sections"},
    "cells": {"doc_id": "documents", "table_id": "tables"},
    "checks": {"doc_id": "documents", "table_id": "tables"},
}
_ROWS = {
    "documents": "One row per file.", "sections": "One row per heading's section, a tree.", "goals": "One row per stated goal.",
    "actions": "One row per thing to be done.", "indicators": "One row per value of an indicator.",
    "amounts": "One row per amount of money.", "tables": "One row per table found.", "cells": "One row per filled table cell.",
    "checks": "One row per recomputed relation between a table's figures.",
}  # fmt: skip
_UNITS = {
    "value_sek": "SEK", "x0": "pt", "top": "pt", "x1": "pt", "bottom": "pt", "start": "character", "end": "character", "pages": "page",
    "confidence": "1",
}  # fmt: skip
_BOUNDS: dict[str, dict[str, Any]] = {"confidence": {"minimum": 0, "maximum": 1}, "kommun_code": {"pattern": "[0-9]{4}"}}
#: columns that a store has and the contract has not
_MORE = {
    "duplicate_of": "doc_id of the report that this one repeats; null where it repeats none",
    "report_year": "the year that the document is about",
}
_KINDS = {"string": "string", "Int64": "integer", "Float64": "number", "boolean": "boolean"}
_DIALECT = {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "skipInitialSpace": False, "header": True}


class About(NamedTuple):
    """What a package says of itself: a title, the name of a licence (one of `LICENSES`), and who answers for it."""

    title: str | None = None
    license: str | None = None
    authors: tuple[str, ...] = ()


class Table(NamedTuple):
    """A table to be written, piece by piece."""

    schema: pa.Schema
    batches: Iterable[pa.RecordBatch]


class Reference(NamedTuple):
    """A report as a source: who issued it, what it is called, what year it is about, where it lay, and its fingerprint."""

    doc_id: str | None
    kommun: str | None
    kommun_code: str | None
    body: str | None
    title: str | None
    year: int | None
    path: str
    sha256: str | None

    @property
    def author(self) -> str | None:
        """The kommun and the body, as far as they are known."""
        return ", ".join(filter(None, (self.kommun, self.body))) or None

    @property
    def name(self) -> str:
        """The title, or the file's name where the report has none."""
        return self.title or PurePosixPath(self.path).name


def references(documents: pd.DataFrame) -> list[Reference]:
    """The reports of a table ``documents`` that could be read, in its order."""
    columns = ["doc_id", "kommun", "kommun_code", "body", "title", "year", "source", "sha256"]
    rows = documents.loc[documents["state"] != "failed", columns].astype(object)
    found = []
    for row in rows.where(rows.notna(), None).itertuples(index=False):
        year = None if row.year is None else int(row.year)  # type: ignore[arg-type]
        title = " ".join(str(row.title).split()) if row.title else None
        found.append(Reference(row.doc_id, row.kommun, row.kommun_code, row.body, title, year, _inside(str(row.source)), row.sha256))  # type: ignore[arg-type]
    return found


def _inside(path: str) -> str:
    """A path that says nothing of the machine it lay on: as given where that is relative, else the file's name."""
    plain = PureWindowsPath(path).as_posix() if "\\" in path else path
    away = plain.startswith(("/", "~")) or ".." in PurePosixPath(plain).parts or ":" in plain.partition("/")[0]
    return PurePosixPath(plain).name if away else PurePosixPath(plain).as_posix()


def _without_machine(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Documents without the folders of the machine that they lay on, in their names and in what is said of those that failed."""
    rows = zip(batch["source"].to_pylist(), batch["error"].to_pylist(), strict=True)
    told = [(source and _inside(source), error and error.replace(source or "", _inside(source or ""))) for source, error in rows]
    for name, values in zip(("source", "error"), zip(*told, strict=True), strict=False):
        at = batch.schema.get_field_index(name)
        batch = batch.set_column(at, batch.schema.field(at), pa.array(values, batch.schema.field(at).type))
    return batch


def package_of_frames(frames: Mapping[str, pd.DataFrame], folder: Path, about: About | None = None) -> list[Path]:
    """As `write_package`, of frames; keys that their rows do not keep, after rows were taken out by hand, are not promised."""
    tables = {}
    for name, frame in frames.items():
        whole = pa.Table.from_pandas(frame, preserve_index=False)
        tables[name] = Table(whole.schema.remove_metadata(), whole.replace_schema_metadata(None).to_batches())
    return write_package(tables, frames["documents"], folder, about, unkept=frozenset(_unkept(frames)))


def write_package(
    tables: Mapping[str, Table],
    documents: pd.DataFrame,
    folder: Path,
    about: About | None = None,
    *,
    version: str | None = None,
    unkept: Collection[tuple[str, str]] = (),
) -> list[Path]:
    """Write a data package.

    Parameters
    ----------
    tables : mapping of str to Table
        One for each name in `docmine.schema.TABLES`, with its columns and perhaps more.
    documents : pandas.DataFrame
        The table of that name, for the sources.
    folder : Path
        Where to write; it is there.
    about : About, optional
        Title, licence and authors.
    version : str, optional
        Of the docmine that mined; the one that runs if left out.
    unkept : collection of (str, str)
        Table and column of keys that do not hold.

    Returns
    -------
    list of Path
        A CSV file a table, ``datapackage.json`` and ``CITATION.cff``.

    Raises
    ------
    UsageError
        If the licence is unknown.
    """
    about, version = about or About(), version or version_of("docmine")
    if about.license is not None and about.license not in LICENSES:
        raise UsageError(f"unknown licence {about.license!r}", f"known are {', '.join(LICENSES)}")
    reports = references(documents)
    paths, resources = [], []
    for name, table in tables.items():
        path = folder / f"{name}.csv"
        with pa.csv.CSVWriter(path, table.schema) as writer:
            for batch in table.batches:
                writer.write_batch(_without_machine(batch) if name == "documents" else batch)
        paths.append(path)
        resources.append(_resource(name, table.schema, path, unkept))
    package, citation = folder / "datapackage.json", folder / "CITATION.cff"
    content = _descriptor(about, reports, version) | {"resources": resources}
    package.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    citation.write_text("".join(_citation(about, reports, version)), encoding="utf-8")
    return [*paths, package, citation]


def _unkept(frames: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str]]:
    for name, frame in frames.items():
        key = list(_KEYS.get(name, ()))
        if key and (frame.duplicated(key).any() or frame[key].isna().any(axis=None)):
            yield name, key[0]
        for column, to in _LINKS[name].items():
            if column in frame and not frame[column].dropna().isin(frames[to][IDS[to]]).all():
                yield name, f"{column}→"


def _resource(name: str, schema: pa.Schema, path: Path, unkept: Collection[tuple[str, str]]) -> dict[str, Any]:
    known = {field.name: field for field in TABLES[name]}
    key = _KEYS.get(name)
    keyed = key is not None and (name, key[0]) not in unkept
    fields = [_field(column, known.get(column.name), keyed and key is not None and column.name in key) for column in schema]
    described: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if keyed and key is not None:
        described["primaryKey"] = list(key) if len(key) > 1 else key[0]
    links = [
        {"fields": column, "reference": {"resource": "" if to == name else to, "fields": IDS[to]}}
        for column, to in _LINKS[name].items()
        if column in schema.names and (name, f"{column}→") not in unkept
    ]
    if links:
        described["foreignKeys"] = links
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": name, "path": path.name, "profile": "tabular-data-resource", "title": name.capitalize(), "description": _ROWS[name],
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "bytes": path.stat().st_size, "hash": f"sha256:{digest}",
        "dialect": _DIALECT, "schema": described,
    }  # fmt: skip


def _field(column: pa.Field, field: Field | None, in_key: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, "type": _KINDS[field.dtype] if field else _kind(column.type)}
    if meaning := field.meaning if field else _MORE.get(column.name):
        told["description"] = meaning
    if column.name in _UNITS:
        told["unit"] = _UNITS[column.name]
    limits = dict(_BOUNDS.get(column.name, {}))
    if field and field.codes:
        limits["enum"] = list(field.codes)
    if in_key:
        limits["required"] = True
    if limits:
        told["constraints"] = limits
    return told


def _kind(type_: pa.DataType) -> str:
    if pa.types.is_boolean(type_):
        return "boolean"
    if pa.types.is_integer(type_):
        return "integer"
    return "number" if pa.types.is_floating(type_) else "string"


def _descriptor(about: About, reports: Sequence[Reference], version: str) -> dict[str, Any]:
    license_: dict[str, str] = {"name": "notspecified", "title": "Not specified; the reports are public records of their kommuner"}
    if about.license:
        title, path = LICENSES[about.license]
        license_ = {"name": about.license, "title": title, "path": path}
    return {
        "profile": "tabular-data-package",
        "name": "docmine-tables",
        "title": about.title or _title(reports),
        "description": "Goals, indicators, amounts, actions and sections found in reports of Swedish kommuner. "
        "Each row says where it stands (doc_id, page, quote) and how sure it is (confidence, 0 to 1).",
        "keywords": ["Swedish municipalities", "kommuner", "annual reports", "budget", "goal attainment"],
        "docmine_version": version,
        "licenses": [license_],
        "contributors": [{"title": author, "role": "author"} for author in about.authors]
        + [{"title": f"docmine {version}", "role": "wrangler"}],
        "sources": [_source(report) for report in reports],
    }


def _title(reports: Sequence[Reference]) -> str:
    years = sorted({report.year for report in reports if report.year is not None})
    kommuner = len({report.kommun for report in reports if report.kommun})
    span = f", {years[0]}–{years[-1]}" if len(years) > 1 else f", {years[0]}" if years else ""
    counted = f"{len(reports)} report{'s' * (len(reports) != 1)} of {kommuner} kommun{'er' * (kommuner != 1)}"
    return f"Tables from {counted}{span}"


def _source(report: Reference) -> dict[str, Any]:
    year = "" if report.year is None else f" ({report.year})"
    title = f"{report.author}{year}: {report.name}" if report.author else f"{report.name}{year}"
    told = {
        "title": title, "path": report.path, "kommun": report.kommun, "kommun_code": report.kommun_code, "body": report.body,
        "year": report.year, "doc_id": report.doc_id, "sha256": report.sha256,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}


def _citation(about: About, reports: Sequence[Reference], version: str) -> Iterator[str]:
    """The lines of a citation file by the Citation File Format 1.2.0; a scalar of JSON is one of YAML."""
    yield "cff-version: 1.2.0\n"
    yield "message: If you use these tables, cite them and the reports that you quote.\n"
    yield f"type: dataset\ntitle: {_scalar(about.title or _title(reports))}\n"
    yield f"abstract: {_scalar(f'Mined from the reports below by docmine {version}; every row names its report, page and quote.')}\n"
    yield "authors:\n"
    for author in about.authors or ("docmine",):
        yield f"  - name: {_scalar(author)}\n"
    if about.license:
        yield f"license: {about.license}\n"
    if reports:
        yield "references:\n"
    for report in reports:
        yield f"  - type: report\n    title: {_scalar(report.name)}\n    authors:\n      - name: {_scalar(report.author or 'anonymous')}\n"
        if report.year is not None:
            yield f"    year: {report.year}\n"
        yield f"    filename: {_scalar(report.path)}\n    languages:\n      - sv\n"
        if report.sha256:
            yield f'    identifiers:\n      - type: other\n        value: "sha256:{report.sha256}"\n'


def _scalar(text: str) -> str:
    """A text in quotation marks, without the letters that YAML does not take."""
    return json.dumps("".join(letter if letter.isprintable() else " " for letter in text), ensure_ascii=False)
