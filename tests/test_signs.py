"""Signs are found where extractors would find something, in texts long and short, and nowhere else."""

from __future__ import annotations

import pytest

from docmine.extract.signs import Signs, signs_of
from docmine.vocabulary import load_vocabulary

PLAIN = "Nämnden i Exby har följt arbetet under hösten. "
LONG = 60  # sentences, so many that the words of the text are indexed


def kinds(text: str, at: int) -> set[str]:
    signs = signs_of(text, load_vocabulary())
    return {kind for kind in Signs._fields if getattr(signs, kind).meet(at, len(text))}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Vi anställde tjugofem lärare.", {"numbers"}),
        ("Bara En procent svarade.", {"numbers"}),
        ("En elev slutade.", set()),
        ("Det kostade 5 miljoner.", {"money"}),
        ("Det kostade 300kr.", {"money"}),
        ("Det kostade 300:-.", {"money"}),
        ("SEX MKR", {"numbers", "money"}),
        ("Antalet besök följs.", {"measures"}),
        ("Brukarenkäten är gjord.", {"measures"}),
        ("Skrivelsen om krav lades fram 2031.", set()),
    ],
)
@pytest.mark.parametrize("before", [0, LONG])
def test_signs_of_a_sentence(sentence: str, expected: set[str], before: int) -> None:
    text = PLAIN * before
    assert kinds(text + sentence, len(text)) == expected
    assert not kinds(text, 0)
