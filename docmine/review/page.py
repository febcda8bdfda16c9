"""The review page: one HTML file with the rows, the pictures or texts of the pages, and the script that goes through them."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tomllib
from collections.abc import Collection, Sequence
from html import escape
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

from docmine.desk import Source
from docmine.errors import UsageError
from docmine.review.apply import earlier_decisions
from docmine.review.gather import Shown, gather
from docmine.review.pictures import QUALITIES, Quality, pictures
from docmine.review.rows import REVIEWED

__all__ = ["LANGUAGES", "Review", "write_review"]

LANGUAGES = ("sv", "en")
_MEGABYTE = 1_000_000
#: of so many reports so many pages each are drawn to see how much all would take
_SAMPLED, _PAGES = 6, 4


class Review(NamedTuple):
    """What was written: where, how many reports, pages and rows it shows, its bytes, and which reports it shows by quotes alone."""

    path: Path
    documents: int
    pages: int
    rows: int
    bytes: int
    without_pages: tuple[str, ...]


def write_review(
    source: Source,
    output: str | os.PathLike[str],
    *,
    language: str = "sv",
    doc_ids: Collection[str] = (),
    documents: int | None = None,
    megabytes: float = 25.0,
    password: str | None = None,
) -> Review:
    """Write a page on which rows are checked by eye, each beside the place that it was read from.

    The page needs no network and no other file. What is decided on it is exported as JSONL, for `apply_decisions`.

    Parameters
    ----------
    source : Result, Store, str or path
        A report, a folder of tables, a store, or what `docmine.mine` gave. The reports themselves are looked for where ``source``
        in ``documents`` says; of one that is not there or has changed only the quotes are shown.
    output : str or path
        The HTML file to write.
    language : {"sv", "en"}
        Of the page's own words when it opens; it can be switched on the page.
    doc_ids : collection of str
        Only these reports, by their doc_id or the name of their file.
    documents : int, optional
        Only the first so many reports.
    megabytes : float
        What the file may weigh, in 10^6 bytes; many pages are drawn less finely to keep to it.
    password : str, optional
        For encrypted PDFs.

    Returns
    -------
    Review
        What the page holds.

    Raises
    ------
    UsageError
        If there is nothing to review, a report is not in the tables, or the page would be too large.
    InputError
        If ``source`` is a report that cannot be read.
    """
    if language not in LANGUAGES:
        raise UsageError(f"unknown language {language!r}", f"known are {', '.join(LANGUAGES)}")
    gone = {key for key, decision in earlier_decisions(source).items() if decision["decision"] == "reject"}
    shown = gather(source, doc_ids=doc_ids, documents=documents, password=password, gone=gone)
    data = _json({
        "language": language,
        "words": tomllib.loads(_asset("words.toml")),
        "tables": {name: _form(name) for name in REVIEWED},
        "documents": [report.data for report in shown],
    })  # fmt: skip
    room = int(megabytes * _MEGABYTE) - len(data)
    path = Path(output)
    if path.is_dir():
        raise UsageError(f"{path} is a folder", "name the HTML file to write")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_html(shown, data, _drawn(shown, room, megabytes), language))
    pages, rows = (sum(len(report.data[part]) for report in shown) for part in ("pages", "rows"))
    bare = tuple(report.data["name"] for report in shown if report.data["note"])
    return Review(path, len(shown), pages, rows, path.stat().st_size, bare)


def _form(table: str) -> list[dict[str, Any]]:
    """What the page asks for when a row of the table is corrected."""
    reviewed = REVIEWED[table]
    return [
        {"name": field.name, "dtype": field.dtype, "codes": field.codes, "required": field.name in reviewed.required}
        for field in reviewed.fields(table)
    ]


def _json(data: Any) -> bytes:
    """JSON that may stand within a script: no text of a report can end it."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").encode("utf-8", "replace")


def _asset(name: str) -> str:
    return resources.files("docmine.review").joinpath(name).read_text(encoding="utf-8")


def _html(shown: Sequence[Shown], data: bytes, drawn: Sequence[Sequence[str | None]], language: str) -> bytes:
    style, script = _asset("review.css"), _asset("draw.js") + _asset("review.js")
    # nothing but the page's own script and style is obeyed, and nothing is fetched, whatever a report says
    obeyed = f"img-src data:; script-src '{_digest(script)}'; style-src '{_digest(style)}'"
    policy = f"default-src 'none'; {obeyed}; base-uri 'none'; form-action 'none'"
    head, _, tail = _asset("review.html").partition("<!-- data -->")
    titles = ", ".join(dict.fromkeys(report.data["name"] for report in shown[:3]))
    top = Template(head).substitute(policy=policy, language=language, title=escape(titles), style=style)
    parts = [top.encode(), b'<script type="application/json" id="data">', data, b"</script>\n"]
    images = {f"{i}-{j}": image for i, images in enumerate(drawn) for j, image in enumerate(images) if image}
    pictures = {at: f'<script type="text/plain" id="image-{at}">{image}</script>\n' for at, image in images.items()}
    # the script begins before all pictures have come: the one that it shows first must stand before it
    first = pictures.pop(f"0-{next((row['leaf'] for row in shown[0].data['rows']), 0)}", "")
    parts += [piece.encode() for piece in (first, f"<script>{script}</script>\n", *pictures.values())]
    return b"".join([*parts, tail.encode()])


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _drawn(shown: Sequence[Shown], room: int, megabytes: float) -> list[list[str | None]]:
    """The pictures of all pages, as fine as there is room for."""
    pages = sum(len(report.pages) for report in shown)
    for quality in QUALITIES if room > 0 else ():
        if _estimate(shown, quality) * pages <= room and (drawn := _within(shown, quality, room)) is not None:
            return drawn
    raise UsageError(
        f"{len(shown)} reports with {pages} pages do not fit into {megabytes:g} MB",
        "choose fewer with --doc-id or --documents, or allow more with --megabytes",
    )


def _estimate(shown: Sequence[Shown], quality: Quality) -> float:
    """The bytes that a page takes, from some pages of some reports."""
    drawable = [report for report in shown if report.handle is not None]
    sizes = [
        len(image or "")
        for report in drawable[:: max(1, len(drawable) // _SAMPLED)]
        if report.handle is not None
        for image in pictures(report.handle, report.pages[:: max(1, len(report.pages) // _PAGES)], quality)
    ]
    return sum(sizes) / len(sizes) if sizes else 0.0


def _within(shown: Sequence[Shown], quality: Quality, room: int) -> list[list[str | None]] | None:
    """The pictures in one quality; None if they take more than there is room for."""
    drawn: list[list[str | None]] = []
    for report in shown:
        drawn.append([])
        for image in pictures(report.handle, report.pages, quality) if report.handle is not None else ():
            drawn[-1].append(image)
            room -= len(image or "")
            if room < 0:
                return None
    return drawn
