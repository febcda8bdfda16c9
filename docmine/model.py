"""The trained model: a spaCy pipeline that is loaded when it is first asked, and what it says of bags of cues.

Importing this module costs nothing; the first question imports spaCy (about half a second and 50 MB). ``models/README.md``
says what the pipeline was trained on and how right it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docmine.errors import UsageError

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["HEADINGS", "load_model", "score_headings"]

NAME = "docmine_sv"
HEADINGS = "headings"


def model_path() -> Path:
    """The folder of the pipeline: inside the installed package, or beside it in a checkout.

    Raises
    ------
    UsageError
        If it is in neither place.
    """
    here = Path(__file__).resolve().parent
    for folder in (here / "models", here.parent / "models"):
        if (folder / NAME / "meta.json").is_file():
            return folder / NAME
    raise UsageError(f"the model {NAME} is not beside the package", "install docmine anew, or train it with models/training/train.py")


@lru_cache(maxsize=1)
def load_model() -> Language:
    """The pipeline, loaded once.

    Returns
    -------
    spacy.language.Language
        With one text classifier for each kind of question; its tokens are cues.
    """
    import spacy

    import docmine.tokens  # noqa: F401  registers the pipeline's tokenizer

    return spacy.load(model_path())


@lru_cache(maxsize=8)
def _classifier(name: str) -> Any:
    return load_model().get_pipe(name)


def score_headings(bags: Sequence[Sequence[str]]) -> list[float]:
    """How likely each bag of cues (`docmine.cues.HeadingCues`) is that of a heading.

    Parameters
    ----------
    bags : sequence of sequence of str
        One for each piece of text.

    Returns
    -------
    list of float
        Between 0 and 1.
    """
    if not bags:
        return []
    from spacy.tokens import Doc

    vocab, classifier = load_model().vocab, _classifier(HEADINGS)
    column = classifier.labels.index("heading")
    scores = classifier.predict([Doc(vocab, words=list(bag)) for bag in bags])
    return [float(row[column]) for row in scores]
