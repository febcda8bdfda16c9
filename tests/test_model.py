"""The model is found, loaded late, holds no text and answers as it should; docmine's spaCy components find what they should."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import spacy

import docmine.factories
from docmine.cues import HeadingCues, Piece
from docmine.model import load_model, model_path, score_headings
from docmine.records import Page, Report
from docmine.runin import THRESHOLD, weigh
from docmine.titles import lexicon
from docmine.vocabulary import load_vocabulary

CLEAR = ["rule", "score>2.5", "score>3.0", "before=stop", "after=capital", "size=2", "verb=0", "verbs=0", "known", "typed", "next_sentence"]
DOUBTFUL = ["before=capital", "after=capital", "size=1", "last=name", "row=5", "tail=digit", "next=name", "dangles", "head"]


def report(text: str) -> Report:
    return Report("x", "", text, (Page(None, 0, len(text)),))


def test_importing_docmine_does_not_load_spacy() -> None:
    code = "import sys, docmine, docmine.model; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_pipeline_is_small_and_holds_no_text() -> None:
    files = [p for p in model_path().rglob("*") if p.is_file()]
    assert sum(p.stat().st_size for p in files) < 5_000_000
    assert json.loads((model_path() / "vocab" / "strings.json").read_text(encoding="utf-8")) == []
    written = "".join(p.read_text(encoding="utf-8") for p in files if p.suffix in (".json", ".cfg"))
    assert "/tmp" not in written
    assert str(Path.home()) not in written


def test_a_clear_heading_is_likelier_than_a_doubtful_one() -> None:
    clear, doubtful = score_headings([CLEAR, DOUBTFUL])
    assert 0 <= doubtful < 0.5 < clear <= 1


def test_nothing_asked_nothing_answered() -> None:
    assert score_headings([]) == []
    assert len(score_headings([[]])) == 1


def test_an_answer_does_not_depend_on_its_neighbours() -> None:
    together = score_headings([CLEAR, DOUBTFUL, ["unheard_of"]])
    assert together == pytest.approx([score_headings([bag])[0] for bag in (CLEAR, DOUBTFUL, ["unheard_of"])], abs=1e-6)


def test_cues_hold_no_word_of_the_text() -> None:
    text = "Arbetet i Sjöholma är klart. Viktiga händelser Under våren öppnade förskolan Kastanjen i Norrvik. Alla barn trivs. " * 3
    scorer, blocks = weigh(report(text), lexicon(load_vocabulary()), {}, [])
    cues = HeadingCues(scorer)
    bags = [cues.of(b.pieces, i, b.scores) for b in blocks for i in range(len(b.pieces))]
    assert any(score >= THRESHOLD for b in blocks for score in b.scores)
    told = {part.casefold() for bag in bags for cue in bag for part in cue.replace("=", " ").replace("_", " ").split()}
    assert told.isdisjoint({"sjöholma", "norrvik", "kastanjen", "förskolan", "händelser", "viktiga", "våren"})


def test_a_piece_alone_has_cues() -> None:
    scorer, _ = weigh(report("Ekonomi"), lexicon(load_vocabulary()), {}, [])
    bag = HeadingCues(scorer).of([Piece(0, 7, ("Ekonomi",), "block", "block")], 0, [0.0])
    assert {"opens", "closes", "size=1"} <= set(bag)


def test_the_pipeline_takes_cues_as_its_text() -> None:
    doc = load_model()(" ".join(CLEAR))
    assert [t.text for t in doc] == CLEAR
    assert doc.cats["heading"] == pytest.approx(score_headings([CLEAR])[0])


SENTENCES = {
    "docmine_amounts": ("Nämnden redovisar ett underskott om 3,5 miljoner kronor.", {"value": -3.5, "unit": "mnkr", "kind": "deviation"}),
    "docmine_indicators": ("Andelen nöjda brukare var 85 procent.", {"value": 85.0, "unit": "percent", "measure": "outcome"}),
    "docmine_goals": ("Målet är att sjukfrånvaron ska minska.", {"text": "sjukfrånvaron ska minska"}),
    "docmine_actions": ("Åtgärd: Ta fram en plan för lekplatserna.", {}),
    "docmine_status": ("Målet är inte uppnått.", {"status": "not_achieved", "about": "goal"}),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_component_finds_spans_with_values(name: str) -> None:
    text, wanted = SENTENCES[name]
    nlp = spacy.blank("sv")
    nlp.add_pipe(name)
    doc = nlp(text)
    spans = list(doc.spans[name])
    if wanted:
        assert [{key: span._.docmine[key] for key in wanted} for span in spans] == [wanted]


def test_components_work_together_and_under_other_names() -> None:
    nlp = spacy.blank("sv")
    for name in SENTENCES:
        nlp.add_pipe(name, name=name.removeprefix("docmine_"))
    text = " ".join(text for text, _ in SENTENCES.values())
    first, second = nlp.pipe([text, ""])
    assert set(first.spans) == {"amounts", "indicators", "goals", "actions", "status"}
    assert first.spans["amounts"][0].text in text
    assert all(len(group) == 0 for group in second.spans.values())
    assert docmine.factories.__all__ == sorted(docmine.factories.__all__)
