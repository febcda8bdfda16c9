"""Names of files as they can be shown: on one line, in letters that every output can hold."""

from __future__ import annotations

import regex

__all__ = ["shown"]

# line ends and other controls, marks that turn the direction of writing, and bytes of names that are no text
_UNSHOWN = regex.compile(r"[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def shown(name: str) -> str:
    r"""The name with what cannot be shown written as an escape.

    Examples
    --------
    >>> shown("rapport\n2018.pdf")
    'rapport\\n2018.pdf'
    """
    return _UNSHOWN.sub(lambda m: m.group().encode("unicode_escape").decode("ascii"), name)
