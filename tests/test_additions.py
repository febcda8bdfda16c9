"""Words of one's own: each group that can be added to tells in the tables, and what is wrong is named with file and line."""

from __future__ import annotations

import io
import threading
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import spacy

import docmine
import docmine.factories
from docmine import compare
from docmine.__main__ import main
from docmine.additions import ADDABLE, open_vocabulary, parse_vocabulary, synonym
from docmine.errors import VocabularyError
from docmine.records import Amount, Facts, Report
from docmine.vocabulary import Vocabulary, load_vocabulary

CASES = tomllib.loads((Path(__file__).parent / "cases" / "additions.toml").read_text(encoding="utf-8"))["case"]
GOALS = "Uppföljning\n\nLedstjärna 1: Alla elever kan simma\nDet gick bra.\n\nLedstjärna 2: Trygga vägar till skolan\nDet gick bra.\n"
EXBY = '[kommuner.kommun]\n"9901" = ["Exby"]\n"9902" = ["Norrvik"]\n'


def report(text: str, title: str = "Årsredovisning 2030") -> io.BytesIO:
    rows = text.replace("\n| ", "\n").replace(" | ", "\t")
    return io.BytesIO(f"{title}\nExby kommun\n\n{rows}\n".encode())


def holds(case: dict[str, Any], vocabulary: Vocabulary | None) -> bool:
    """Whether the row that a case tells is among those of its text."""
    row = dict(case["row"])
    frame = docmine.mine(report(case["text"], case.get("title", "Årsredovisning 2030")), vocabulary=vocabulary).frames[row.pop("table")]
    absent = row.pop("not", False)
    return absent != any(all(found[name] == value for name, value in row.items()) for found in frame.astype(object).to_dict("records"))


@pytest.mark.parametrize("case", CASES, ids=[case["group"] for case in CASES])
def test_a_word_of_ones_own_is_told_by_the_tables(case: dict[str, Any]) -> None:
    words = f"[{case['group']}]\n{case['words']}"
    assert holds(case, parse_vocabulary(words)) and not holds(case, None)
    if not case["group"].startswith("kommuner"):
        assert holds(case, parse_vocabulary(f"{EXBY}[kommun.exby.{case['group']}]\n{case['words']}"))
        assert not holds(case, parse_vocabulary(f"{EXBY}[kommun.9902.{case['group']}]\n{case['words']}"))


def test_every_group_that_can_be_added_to_has_a_case() -> None:
    assert {case["group"] for case in CASES} | {"indicators.synonym"} == {".".join(key) for key in ADDABLE}
    assert set(ADDABLE) - {("indicators", "synonym")} <= set(load_vocabulary().groups)


def test_the_documentation_lists_every_group() -> None:
    page = Path(__file__).parent.parent / "docs" / "vocabulary.md"
    rows = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert rows == [f"| `{'.'.join(key)}` | {meaning} |" for key, meaning in ADDABLE.items()]


def texts(vocabulary: Any, text: str = GOALS) -> list[str]:
    return docmine.mine(report(text), vocabulary=vocabulary).goals["text"].tolist()


def test_vocabularies_are_used_one_after_the_other_and_at_the_same_time(tmp_path: Path) -> None:
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    one.write_text('[goals.noun]\nboard = ["ledstjärna 1"]\n', encoding="utf-8-sig")
    two.write_text('[goals.noun]\nboard = ["ledstjärna 2"]\n', encoding="utf-8")
    expected = {one: texts(one), two: texts(str(two)), None: texts(None)}
    assert len({tuple(found) for found in expected.values()}) == 3
    assert {words: texts(words) for words in (None, two, one)} == expected
    wrong: list[Any] = []

    def check(words: Path | None) -> None:
        wrong.extend(words for _ in range(5) if texts(words) != expected[words])

    threads = [threading.Thread(target=check, args=(words,)) for words in (one, two, None, one)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    two.write_text('[goals.noun]\nboard = ["ledstjärna 1"]\n', encoding="utf-8")
    assert texts(two) == expected[one]  # the file is read anew


def test_letters_may_be_written_in_two_signs() -> None:
    words = '[goals.noun]\nboard = ["ledstjärna"]'
    assert texts(parse_vocabulary(unicodedata.normalize("NFD", words))) == texts(parse_vocabulary(words)) != texts(None)


def test_a_form_of_ones_own_goes_before_that_of_the_package() -> None:
    text = "Mål\n\n| Mål | Bedömning\n| Alla elever ska kunna simma. | Påbörjad\n| Köerna ska bli kortare. | Uppfyllt"
    own = parse_vocabulary('[status.cell]\npartly_achieved = ["påbörjad"]')
    assert docmine.mine(report(text)).goals["status"].tolist() == ["in_progress", "achieved"]
    assert docmine.mine(report(text), vocabulary=own).goals["status"].tolist() == ["partly_achieved", "achieved"]
    assert "påbörjad" not in own["status", "cell"]["in_progress"] and "påbörjad" in load_vocabulary()["status", "cell"]["in_progress"]
    assert own["status", "grade"] is load_vocabulary()["status", "grade"]  # what is not added to is not compiled twice


def test_indicators_have_one_name_for_comparison() -> None:
    words = parse_vocabulary(
        f'{EXBY}[indicators.synonym]\n"Sjukfrånvaro" = ["Sjukskrivningstal*"]\n[kommun.Norrvik.indicators.synonym]\n"Ohälsa" = ["sjuktal"]'
    )
    assert synonym("sjukskrivningstalet", words) == synonym("Sjukskrivningstal", words, "Norrvik") == "Sjukfrånvaro"
    assert (synonym("Sjuktal", words), synonym("Sjuktal", words, "Norrvik")) == (None, "Ohälsa")
    assert synonym("Sjukskrivningstal", load_vocabulary()) is None
    sick = "Nyckeltal\n\n| Nyckeltal | Utfall 2030\n| {} | 6,5 %\n| Trivsel | 4,5 %"
    result = docmine.mine(
        [report(sick.format(name), title) for name, title in (("Sjukskrivningstalet", "Årsredovisning"), ("Sjukfrånvaro", "Bokslut"))]
    )
    plain, own = (compare.indicators(result, kolada=False, vocabulary=given)["name"].unique().tolist() for given in (None, words))
    assert (plain, own) == (["Sjukfrånvaro", "Sjukskrivningstalet", "Trivsel"], ["Sjukfrånvaro", "Trivsel"])
    matches = compare.matches(result, kolada=False, vocabulary=words).set_index("original_name")
    assert matches.loc["Sjukskrivningstalet", ["name", "decided_by"]].tolist() == ["Sjukfrånvaro", "user"]


WRONG = [
    ("[sections.name]\n\n# so\ngoals = så gick det\n", 4, "is no TOML: Invalid"),
    ('[sections.name]\ngoals = ["så gick det"\n\n', 3, "is no TOML: Unclosed"),
    ('[kommun.Alingsås.sections.name]\ngoals = ["så gick det"]', 1, "in quotation marks"),
    ('[section.name]\ngoals = ["så gick det"]', 1, "did you mean 'sections'"),
    ('\n[sections.title]\ngoals = ["så gick det"]', 2, "'title' cannot be added to"),
    ('[sections.ending]\nverb = ["ade"]', 1, "these can: name, word"),
    ('[sections.name]\nfinance = ["pengar"]\ngoal = ["så gick det"]', 3, "no code 'goal'"),
    ('[sections]\nname.goal = ["så gick det"]', 2, "did you mean 'goals'"),
    ('[sections.name]\ngoals = "så gick det"', 2, "must be a list"),
    ("[sections.name]\ngoals = []", 2, "must be a list"),
    ('[sections.name]\ngoals = ["så"]\nfinance = [\n  "pengar",\n  7,\n]', 5, "7 is no word"),
    ('[sections.name]\ngoals = [\n  "så",\n  " ",\n]', 4, "empty form"),
    ('[sections.name]\ngoals = [\n  "så",\n  "gick*",\n]', 4, "stand for themselves"),
    ('[status.cell]\nachieved = ["klart"]\npartly_achieved = ["hal*ägs"]', 3, "star"),
    ('[status.cell]\nachieved = ["klart"]\npartly_achieved = [\n  "på väg",\n  "Klart",\n]', 5, "achieved and partly_achieved"),
    ("[sections.name]", 1, "empty"),
    ("x = 3\n", 1, "[x] is empty or no table"),
    ("kommun = 3\n", 1, "[kommun] is empty or no table"),
    ("[sections]\nname = 3\n", 2, "[sections.name] is empty or no table"),
    ('[sections.name]\ngoals = ["så"]\n[kommun."Kalma".sections.name]\ngoals = ["det"]', 3, "did you mean 'Kalmar'"),
    ('[kommun.Kalmar.kommuner.kommun]\n"9901" = ["Exby"]', 1, "cannot depend on it"),
    ('[kommun.Kalmar]\nsections.name.goal = ["så"]', 2, "no code 'goal'"),
    ('[kommun.Kalmar.sections.name]\ngoals = ["så"]\n[kommun.0880.sections.name]\nevents = ["nu"]', 3, "under another name"),
    ('[kommuner.kommun]\nexby = ["Exby"]', 2, "four digits"),
    ('[kommuner.kommun]\n"9901" = ["Exby"]\n"9902" = ["Kalmar"]', 3, "is all that [kommuner.kommun] 0880 has"),
]


@pytest.mark.parametrize(("words", "line", "complaint"), WRONG, ids=[complaint for _, _, complaint in WRONG])
def test_what_is_wrong_is_named_with_file_and_line(words: str, line: int, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "egna.toml"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(VocabularyError) as caught:
        docmine.read(report("Mål"), vocabulary=path)
    assert f"{path}, line {line}: " in str(caught.value) and complaint in str(caught.value) and caught.value.hint


@pytest.mark.parametrize(
    ("data", "complaint"),
    [(None, "cannot be opened"), ("[sections.name]\ngoals = ['så']".encode("utf-16"), "UTF-8")],
    ids=["missing", "UTF-16"],
)
def test_a_file_that_cannot_be_read_is_named(
    data: bytes | None, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "egna.toml"
    (tmp_path / "exby.txt").write_bytes(report("Mål").read())
    if data is not None:
        path.write_bytes(data)
    assert main(["mine", str(tmp_path), "-o", str(tmp_path / "out"), "--vocabulary", str(path)]) == 2
    assert complaint in (said := capsys.readouterr().err) and str(path) in said


def test_the_command_line_uses_words_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words, text = tmp_path / "egna.toml", tmp_path / "exby.txt"
    words.write_text('[sections.name]\nevents = ["vårt år i backspegeln"]\n', encoding="utf-8")
    text.write_bytes(report("Vårt år i backspegeln\n\nVi har byggt en bro och lagat tre vägar.\n\nEkonomi\n\nHyran var 5 tkr.").read())
    for command in ("sections", "show"):
        assert main([command, str(text)]) == main([command, str(text), "--vocabulary", str(words)]) == 0
        plain, own = capsys.readouterr().out.split("Vårt år i backspegeln")[1:]
        assert "events" not in plain and "events" in own
    main(["mine", str(text), "-o", str(tmp_path / "out"), "--format", "csv", "--vocabulary", str(words)])
    assert "events" in (tmp_path / "out" / "sections.csv").read_text(encoding="utf-8")


def test_the_command_line_compares_under_names_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words, text, panel = tmp_path / "egna.toml", tmp_path / "exby.txt", tmp_path / "panel.csv"
    words.write_text('[indicators.synonym]\n"Sjukfrånvaro" = ["sjuktalet"]\n', encoding="utf-8")
    text.write_bytes(report("Nyckeltal\n\n| Nyckeltal | Utfall 2030\n| Sjuktalet | 6,5 %\n| Trivsel | 4,5 %").read())
    command = ["compare", str(text), "--no-kolada", "-o", str(panel), "--vocabulary", str(words)]
    assert main([*command, "--what", "indicators"]) == 0 and "Sjukfrånvaro" in panel.read_text(encoding="utf-8-sig")
    assert main([*command, "--what", "goals"]) == 2 and "do not count for goals" in capsys.readouterr().err


def test_an_archive_is_mined_again_when_the_words_change(tmp_path: Path) -> None:
    words, store = tmp_path / "egna.toml", tmp_path / "store"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "exby.txt").write_bytes(report(GOALS).read())

    def run(given: Path | None) -> tuple[int, list[str]]:
        mined = docmine.mine_archive(tmp_path / "in", store, workers=1, vocabulary=given).mined
        return mined, docmine.open_store(store).table("goals")["text"].tolist()

    note = f"# {'so ' * 70_000}\n"  # what is too long for a command line reaches the workers, too
    words.write_text(f'{note}[goals.noun]\nboard = ["ledstjärna"]\n', encoding="utf-8")
    assert run(words) == (1, ["Alla elever kan simma", "Trygga vägar till skolan"])
    assert run(words)[0] == 0
    words.write_text('[goals.noun]\nboard = ["ledstjärnan"]\n', encoding="utf-8")
    assert run(words) == (1, [])
    with pytest.raises(VocabularyError, match="line 1"):
        words.write_text("[goals.noun]", encoding="utf-8")
        run(words)


def test_components_of_spacy_use_words_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "egna.toml"
    path.write_text('[goals.noun]\nboard = ["ledstjärna"]\n', encoding="utf-8")
    found = {}
    for words in (None, str(path)):
        nlp = spacy.blank("sv")
        nlp.add_pipe("docmine_goals", config={"vocabulary": words})
        doc = nlp(GOALS)
        found[words] = [span._.docmine["text"] for span in doc.spans["docmine_goals"]]
    assert found == {None: [], str(path): ["Alla elever kan simma", "Trygga vägar till skolan"]}


def test_an_extractor_of_ones_own_stands_beside_the_others() -> None:
    def find_rent(read: Report, facts: Facts, vocabulary: Vocabulary) -> list[Amount]:
        at = read.text.index("Hyra")
        return [Amount(start=at, end=at + 4, label="hyra", kind="outcome", value=5.0, unit="tkr", year=facts.year, confidence=0.8)]

    text = "Ekonomi\n\nHyra, ospecificerat. Kostnaden för bron uppgick till 7,5 mnkr."
    amounts = docmine.mine(report(text), extractors=[find_rent]).amounts
    assert amounts[["label", "year", "value_sek", "quote"]].to_numpy().tolist() == [
        ["hyra", 2030, 5000.0, "Hyra"],
        ["Kostnaden för bron", 2030, 7_500_000.0, "Kostnaden för bron uppgick till 7,5 mnkr."],
    ]


@pytest.mark.parametrize(
    ("yielded", "complaint"),
    [
        (Amount(start=0, end=4, label="hyra", kind="outcome", value=5.0, unit="euro"), "unit 'euro'"),
        (Amount(start=2, end=2, label="hyra", kind="outcome", value=5.0, unit="tkr"), "Amount at 2:2"),
        (Amount(start=2, end=9999, label="hyra", kind="outcome", value=5.0, unit="tkr"), "Amount at 2:9999"),
        (Amount(start=0, end=4, label="hyra", kind="rent", value=5.0, unit="tkr"), "'rent'"),
        ("Hyra", "yields a str"),
    ],
)
def test_what_an_extractor_of_ones_own_may_not_yield_is_named(yielded: Any, complaint: str) -> None:
    with pytest.raises(docmine.DocmineError, match=complaint):
        docmine.mine(report("Hyra"), extractors=[lambda *_: [yielded]])


def test_a_vocabulary_that_is_open_is_given_back() -> None:
    words = parse_vocabulary(EXBY)
    assert open_vocabulary(words) is words and open_vocabulary() is load_vocabulary() and parse_vocabulary("")["sections", "name"]
