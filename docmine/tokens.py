"""The tokenizer of docmine's own pipeline, whose texts are bags of cues."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

__all__ = ["CueTokenizer", "make_cue_tokenizer"]


class CueTokenizer:
    """The tokenizer of docmine's own model: its texts are cues with a space between."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The cues as tokens."""
        return Doc(self.vocab, words=text.split())

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing: there is no state."""
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> CueTokenizer:
        """Itself."""
        return self

    def to_disk(self, _path: Any, **_: Any) -> None:
        """Write nothing."""

    def from_disk(self, _path: Any, **_: Any) -> CueTokenizer:
        """Itself."""
        return self


def make_cue_tokenizer() -> Callable[[Language], CueTokenizer]:
    """What makes the tokenizer of docmine's model."""
    return lambda nlp: CueTokenizer(nlp.vocab)


registry.tokenizers("docmine.cues.v1", func=make_cue_tokenizer)
