"""Reports made of a few lines of text: a line ``# title | type`` is a heading with its section type."""

from __future__ import annotations

from docmine.records import Page, Report, Section, Sections, Table

__all__ = ["made"]


def made(text: str, *, tables: tuple[Table, ...] = ()) -> Report:
    """A report of one page; headings of type ``other`` lie under the last of another type; tables have their own offsets."""
    body = ""
    heads: list[tuple[int, int, str, str]] = []
    for line in text.strip("\n").split("\n"):
        if line.startswith("#"):
            title, kind = (part.strip() for part in line.lstrip("# ").split("|"))
            heads.append((len(body), len(body) + len(title) + 1, title, kind))
            line = title
        body += line + "\n"
    if not heads or heads[0][0] > 0:
        heads.insert(0, (0, 0, "", "preamble"))
    ends = [h[0] for h in heads[1:]] + [len(body)]
    tops = [i for i, h in enumerate(heads) if h[3] != "other"]
    sections = []
    for i, (start, body_start, title, kind) in enumerate(heads):
        top = max((t for t in tops if t <= i), default=None)
        below = top is not None and top != i
        subtree = ends[i] if below else next((heads[t][0] for t in tops if t > i), len(body))
        rule = "preamble" if kind == "preamble" else "line"
        sections.append(
            Section(
                i,
                top if below else None,
                2 if below else 1,
                None,
                title,
                "other" if kind == "preamble" else kind,
                start,
                body_start,
                ends[i],
                subtree,
                rule,
                1.0,
            )
        )
    return Report("exby.txt", "0" * 64, body, (Page(1, 0, len(body)),), sections=Sections(tuple(sections)), tables=tables)
