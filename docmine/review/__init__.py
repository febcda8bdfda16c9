"""Reports checked by eye: a page that shows each row beside the place it was read from, and the way back of what was decided.

rows → page (pictures, review.html) → decisions.jsonl → apply
"""

from __future__ import annotations

from docmine.review.apply import apply_decisions
from docmine.review.page import Review, write_review

__all__ = ["Review", "apply_decisions", "write_review"]
