"""What pages take from elsewhere, so that nothing is written twice: parts of the README, and tables and codes from the schema.

A line ``<!-- README: accuracy -->`` becomes what stands between the README's marks of that name, or else under its heading of that
name; ``<!-- schema: tables -->`` and ``<!-- schema: codes -->`` become the tables' columns and the codes in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError

from docmine import Result
from docmine.schema import TABLES, Field
from docmine.vocabulary import load_vocabulary

README = Path(__file__).resolve().parent.parent / "README.md"

_PART = re.compile(r"^<!-- (README|schema): (.+) -->$", re.MULTILINE)
_TYPES = {"string": "text", "Int64": "integer", "Float64": "number", "boolean": "boolean"}
#: so many codes still fit into the line of their column
_FEW = 5
#: where the Swedish words stand that a code stands for
_WORDS = {
    "doc_type": ("documents", "type"),
    "sections-type": ("sections", "name"),
    "level": ("goals", "noun"),
    "status": ("status", "cell"),
    "actions-type": ("actions", "noun"),
    "measure": ("columns", "measure"),
    "indicators-unit": ("units", "unit"),
    "kind": ("columns", "measure"),
    "line": ("lines", "line"),
}


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put in what the page asks for."""
    return _PART.sub(lambda asked: _readme(asked[2]) if asked[1] == "README" else "\n".join(_SCHEMA[asked[2]]()), markdown)


def _readme(name: str) -> str:
    text = README.read_text(encoding="utf-8")
    found = re.search(rf"<!-- {re.escape(name)} -->\n(.*?)<!-- /", text, re.DOTALL) or re.search(
        rf"^#+ {re.escape(name)}\n(.*?)(?=^#|\Z)", text, re.DOTALL | re.MULTILINE
    )
    if found is None:
        raise PluginError(f"README.md has neither marks nor a heading {name!r}")
    return found[1].strip().replace("](docs/", "](")


def _tables() -> Iterator[str]:
    others = [fields for name, fields in TABLES.items() if name != "documents"]
    common = [field for field in others[0] if all(field in fields for fields in others)]
    yield "## Columns of all tables but `documents`\n"
    yield from _columns("", common)
    for name, fields in TABLES.items():
        yield f"## `{name}`\n\n{getattr(Result, name).__doc__}\n"
        yield from _columns(name, fields if name == "documents" else [field for field in fields if field not in common])


def _columns(table: str, fields: Iterable[Field]) -> Iterator[str]:
    yield "| column | type | meaning |\n| --- | --- | --- |"
    for field in fields:
        codes = ", ".join(f"`{code}`" for code in field.codes)
        if len(field.codes) > _FEW:
            codes = f"[codes](#{_anchor(table, field)})"
        yield f"| `{field.name}` | {_TYPES[field.dtype]} | {field.meaning}{codes and ': ' + codes} |"
    yield ""


def _codes() -> Iterator[str]:
    vocabulary = load_vocabulary()
    listed = {_anchor(table, f): f for table, fields in TABLES.items() for f in fields if len(f.codes) > _FEW}
    for anchor, field in listed.items():
        where = ", ".join(f"`{table}`" for table, fields in TABLES.items() if field in fields)
        yield f"### `{field.name}` of {where} {{ #{anchor} }}\n"
        words = vocabulary[_WORDS[anchor]]
        yield "| code | some of its words |\n| --- | --- |"
        yield from (f"| `{code}` | {', '.join(_some(words.get(code, ())))} |" for code in field.codes)
        yield ""


def _anchor(table: str, field: Field) -> str:
    """Columns of the same name share their codes, but for two."""
    return f"{table}-{field.name}" if field.name in ("type", "unit") else field.name


def _some(forms: Iterable[str]) -> list[str]:
    """A few forms, one of each word."""
    found: list[str] = []
    for form in (form.replace("*", "…") for form in forms):
        if not any(form[:5] == other[:5] for other in found):
            found.append(form)
    return found[:4]


_SCHEMA = {"tables": _tables, "codes": _codes}
