"""The vocabulary: what its files may hold, and how its forms match."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docmine.errors import DocmineError, VocabularyError
from docmine.vocabulary import CODES, Terms, _read, load_vocabulary


def test_everything_shipped_is_valid_and_read_once() -> None:
    assert load_vocabulary() is load_vocabulary()
    names = {file for file, _ in load_vocabulary().groups}
    assert {"kommuner", "bodies", "documents"} <= names


def test_all_290_kommuner_have_a_code_of_four_digits() -> None:
    kommuner = load_vocabulary()["kommuner", "kommun"]
    assert len(kommuner) == 290 and all(len(code) == 4 and code.isdigit() for code in kommuner)
    assert kommuner["0114"] == ("Upplands Väsby",)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"type": {}}, "empty"),
        ({"type": {"goals": []}}, "list of words"),
        ({"type": {"goals": ["mål", ""]}}, "list of words"),
        ({"type": {"goals": "mål"}}, "list of words"),
        ({"type": {"goals": ["mål"], "finance": ["Mål"]}}, "goals and finance"),
        ({"type": {"poems": ["dikt"]}}, "unknown key 'poems'"),
    ],
)
def test_a_bad_file_is_refused_by_name(data: dict[str, object], complaint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CODES, ("sections", "type"), frozenset({"goals", "finance"}))
    with pytest.raises(VocabularyError, match=complaint) as caught:
        _read("sections", data)
    assert "sections.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        ("mål", "Nämndens mål för året", "mål"),
        ("mål", "målet", None),
        ("mål*", "Målet nåddes", "Målet"),
        ("*uppföljning", "Verksamhetsuppföljning 2021", "Verksamhetsuppföljning"),
        ("mål och resultat", "Mål  och\nresultat", "Mål  och\nresultat"),
    ],
)
def test_forms_match_whole_words_unless_starred(form: str, text: str, found: str | None) -> None:
    terms = Terms("t", {"goals": (form,)})
    hit = terms.search(text)
    assert (None if hit is None else text[hit[1] : hit[2]]) == found


def test_the_longest_form_wins() -> None:
    terms = Terms("t", {"finance": ("resultat",), "goals": ("mål och resultat",)})
    assert terms.search("Mål och resultat") == ("goals", 0, 16)
    assert terms.code("  RESULTAT ") == "finance"


@given(st.text(alphabet="målen och*-.\n", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_a_long_text_is_read_as_a_short_one(text: str, pos: int, length: int) -> None:
    terms = Terms("t", {"a": ("mål", "mål och mål", "delmål*"), "b": ("*mål", "*ena*"), "c": ("och", "en", "mål-en")})
    long, end = text + " ." * 4000, min(pos + length, len(text))
    assert list(terms.finditer(long)) == list(terms.finditer(text))  # a short text is looked through, a long one looked up
    assert list(terms.finditer(long, pos, end)) == list(terms.finditer(text, pos, end))


@given(st.text(alphabet="målenochSÅ*-.\n ", max_size=60))
def test_a_text_is_passed_over_only_where_no_form_stands(text: str) -> None:
    terms = Terms("t", {"a": ("mål", "mål och mål", "delmål*"), "b": ("*mål", "*ena*"), "c": ("och", "en", "så")})
    assert [text[a:b] for _, a, b in terms.finditer(text)] == [found.group() for found in terms.pattern.finditer(text)]


def test_a_word_that_the_end_cuts_is_no_form() -> None:
    terms = Terms("t", {"goals": ("mål",)})
    assert terms.search("vi har målen", 0, 10) is None
    assert terms.search("vi har mål nu", 0, 10) == ("goals", 7, 10)


def test_errors_survive_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(VocabularyError("wrong", "do this")))
    assert isinstance(error, DocmineError) and error.hint == "do this" and str(error) == "wrong (do this)"
