"""Small pieces of HTML for notebooks: tables and trees of plain text, escaped, without scripts or outside styles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["card", "table", "tree"]

_CELL = "padding:2px 10px 2px 0;text-align:left;vertical-align:top"


def shorten(text: object, width: int = 90) -> str:
    """One line of at most ``width`` characters."""
    line = " ".join(str(text).split())
    return line if len(line) <= width else line[: width - 1] + "…"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """An HTML table with one header row."""
    top = "".join(f'<th style="{_CELL}">{escape(h)}</th>' for h in head)
    body = "".join("<tr>" + "".join(f'<td style="{_CELL}">{escape(shorten(v))}</td>' for v in row) + "</tr>" for row in rows)
    return f'<table style="border-collapse:collapse"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'


def tree(items: Iterable[tuple[int, str, str]]) -> str:
    """Indented lines of (level, text, remark)."""
    return "".join(
        f'<div style="padding-left:{1.2 * (level - 1):.1f}em">{escape(shorten(text, 110))} '
        f'<span style="opacity:.6">{escape(remark)}</span></div>'
        for level, text, remark in items
    )


def card(title: str, *parts: str) -> str:
    """A titled block of the given pieces of HTML."""
    return f'<div style="font-family:sans-serif;font-size:13px"><b>{escape(title)}</b>{"".join(parts)}</div>'
