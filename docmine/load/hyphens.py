"""Whether the hyphen at the end of a line belongs to the word or to the line."""

from __future__ import annotations

from docmine.vocabulary import load_vocabulary

__all__ = ["SOFT_HYPHEN", "joined"]

SOFT_HYPHEN = "\u00ad"
_AROUND = ".,;:()\"”'"


def joined(before: str, after: str, hyphenated: frozenset[str] = frozenset()) -> int | None:
    """How many characters to take from the end of a line's last word so that the next line's first goes straight on.

    0 keeps the hyphen (``VA-`` ``taxa``), None keeps the line break too (``hälso-`` ``och``). ``hyphenated`` holds words that
    the document elsewhere writes with a hyphen inside.
    """
    if before.endswith(SOFT_HYPHEN):
        return 1
    if not before.endswith("-") or len(before) < 2 or not before[-2].isalnum() or not after[:1].isalnum():
        return None
    first = after.strip(_AROUND)
    if load_vocabulary()["layout", "hyphen"].code(first) is not None:
        return None
    stem = before[:-1].lstrip(_AROUND)
    if not after[0].islower() or stem.isupper() or len(stem) < 2 or any(c.isdigit() for c in stem):
        return 0
    return 0 if f"{stem}-{first}".casefold() in hyphenated else 1
