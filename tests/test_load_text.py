"""Text files and transcripts: encodings, what is cut away, pages that tile the text."""

from __future__ import annotations

import io
import time
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docmine.errors import DamagedError, EmptyFileError, InputError, LimitError, NotFoundError, UnsupportedError
from docmine.load import Limits, load
from docmine.load.text import tidy
from docmine.records import Report

PROSE = "Nämnden i Exby redovisar ett överskott om 3,2 mnkr för året och verksamheten har följt den plan som beslutades i början av året. "
OTHERS = ["Delårsrapport för Norrvik", "Mål och budget i Sjöholma", "Så mår våra äldre", "Ekonomisk rapport efter maj"]


def loaded(tmp_path: Path, text: str, encoding: str = "utf-8") -> Report:
    path = tmp_path / "rapport.txt"
    path.write_bytes(text.encode(encoding))
    return load(path)


def check(report: Report) -> None:
    """What holds for every report."""
    assert report.text == unicodedata.normalize("NFC", report.text)
    assert report.pages[0].start == 0
    assert report.pages[-1].end == len(report.text)
    assert all(a.end == b.start for a, b in pairwise(report.pages))
    for page in report.pages:
        assert all(page.start <= line.start < line.end <= page.end for line in page.lines)
        assert all(report.text[line.start : line.end].strip() for line in page.lines)
        assert all(a.end <= b.start for a, b in pairwise(page.lines))


def ends_with_numbers(pages: dict[int, str]) -> str:
    return "\n\n".join(f"{text} {number}" for number, text in pages.items())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
def test_encodings_give_the_same_text(tmp_path: Path, encoding: str) -> None:
    text = "Årsrapport för Exby\n\nÖverskott 1 234,5 tkr på rad två, före åtgärder"
    report = loaded(tmp_path, text, encoding)
    assert report.text == text
    check(report)


def test_decomposed_letters_are_composed_and_line_ends_unified(tmp_path: Path) -> None:
    report = loaded(tmp_path, "A\u030arsrapport fo\u0308r Exby\r\nrad tv\u00ad\u00e5\rrad tre")
    assert report.text == "Årsrapport för Exby\nrad två\nrad tre"


def test_words_and_gaps_without_end_are_broken(tmp_path: Path) -> None:
    report = loaded(tmp_path, "Exby" + " " * 500 + "\n" * 3 + "x" * 2_500 + " slut")
    assert report.text == "Exby" + " " * 80 + "\n\n" + "\n".join(["x" * 1_000, "x" * 1_000, "x" * 500]) + " slut"


def test_plain_text_loses_nothing_and_has_one_page_without_number(tmp_path: Path) -> None:
    text = "\nEXBY\n\nEkonomi\t3\n\nInvesteringar, mnkr\tBudget\tBokslut\nNetto\t3,0\t2,7\n"
    report = loaded(tmp_path, text)
    assert report.text == text
    assert [p.number for p in report.pages] == [None]
    assert report.notes == ()
    assert [report.text[line.start : line.end] for line in report.lines][-1] == "Netto\t3,0\t2,7"


def test_pages_that_end_with_their_number(tmp_path: Path) -> None:
    pages = {n: f"Avsnitt {n * 7} om ekonomin. {PROSE}" for n in range(1, 8)}
    text = (
        "Årsrapport Exby\n\nRelevanta dokument\n"
        + "\n\n".join(OTHERS)
        + "\n\nTranskript:\n\nÅrsrapport Exby\n\n"
        + ends_with_numbers(pages)
    )
    report = loaded(tmp_path, text)
    check(report)
    assert [p.number for p in report.pages] == list(range(1, 8))
    assert [p.label for p in report.pages] == [str(n) for n in range(1, 8)]
    assert report.text.startswith("Årsrapport Exby\n\nAvsnitt 7")
    assert "Norrvik" not in report.text
    assert report.notes == ("cut 5 lines before the transcript: the web page and titles of other documents",)
    assert report.metadata["title"] == "Årsrapport Exby"
    assert all(p.furniture[0].role == "page_number" for p in report.pages)
    assert not report.text.rstrip().endswith("7")


def test_a_page_whose_number_was_lost_gets_the_one_between(tmp_path: Path) -> None:
    pages = [f"Avsnitt om ekonomin. {PROSE} {n}" for n in range(1, 8)]
    pages[3] = pages[3].removesuffix(" 4")
    report = loaded(tmp_path, "Rapport\n\nTranskript:\n\n" + "\n\n".join(pages))
    check(report)
    assert [p.number for p in report.pages] == list(range(1, 8))
    assert report.pages[3].label is None
    assert report.pages[4].label == "5"


def test_a_figure_at_a_page_end_is_no_page_number(tmp_path: Path) -> None:
    pages = [f"Avsnitt om ekonomin. {PROSE} {n}" for n in range(1, 7)]
    pages[2] = f"{PROSE} Antal platser 45"
    report = loaded(tmp_path, "Rapport\n\nTranskript:\n\n" + "\n\n".join(pages))
    assert [p.number for p in report.pages] == list(range(1, 7))
    assert "Antal platser 45" in report.text


def test_pages_that_begin_with_their_number_and_teasers_after_them(tmp_path: Path) -> None:
    pages = [f"{n} Avsnitt om vården. {PROSE}{n - 2 if n > 3 else ''}" for n in range(1, 10)]
    after = "\n\n".join(f"{title}\n\n{title} och mera text om detta\n\nLäs mer" for title in OTHERS)
    text = 'Kallelse\n\nStorlek: px\n\nDownload "Kallelse"\n\nTranskript\n\n' + "\n\n".join(pages) + "\n\n" + after
    report = loaded(tmp_path, text)
    check(report)
    assert [p.number for p in report.pages] == list(range(1, 10))
    assert [p.label for p in report.pages] == [None, None, None, "2", "3", "4", "5", "6", "7"]
    assert "Läs mer" not in report.text
    assert "Sjöholma" not in report.text
    assert report.notes[1] == "cut 4 titles of other documents after the last page"
    assert report.text.startswith("Avsnitt om vården.")


def test_numbers_of_bundled_papers_are_labels(tmp_path: Path) -> None:
    pages = [f"{n} {n - 1} (5) Åtgärder i Norrvik. {PROSE}" for n in range(2, 7)]
    report = loaded(tmp_path, "Rapport\n\nTranskript\n\n1 Framsida\n\n" + "\n\n".join(pages))
    assert [p.label for p in report.pages] == [None, "1", "2", "3", "4", "5"]
    assert report.text.count("(5)") == 0


def test_words_and_sentences_run_over_page_breaks(tmp_path: Path) -> None:
    pages = [
        f"1 {PROSE}Det gäller bistånd-",
        "2 kansliet och dess arbete med hälso-",
        f"3 och sjukvård samt boende för {80}",
        f"4 personer. {PROSE}",
    ]
    report = loaded(tmp_path, "Rapport\n\nTranskript\n\n" + "\n\n".join(pages))
    check(report)
    assert "biståndkansliet" in report.text
    assert "hälso-\noch sjukvård" in report.text
    assert "boende för 80\npersoner" in report.text


def test_numbered_headings_are_no_pages(tmp_path: Path) -> None:
    text = "\n\n".join(f"{n} Avsnitt\n\n{PROSE * 4}\n\n{PROSE * 3}" for n in range(1, 9))
    report = loaded(tmp_path, text)
    assert report.text == text
    assert [p.number for p in report.pages] == [None]


def test_form_feeds_part_pages(tmp_path: Path) -> None:
    report = loaded(tmp_path, "Sida ett\n\fSida två\nmera\n\f\fSida fyra\n\f")
    check(report)
    assert [p.number for p in report.pages] == [1, 2, 3, 4]
    assert [p.state for p in report.pages] == ["ok", "ok", "empty", "ok"]


@pytest.mark.parametrize("text", ["class Räknare:\n    def värde(self) -> int:\n        return 1\n", "Det var en gång en kommun. " * 50])
def test_what_is_no_report_loads_as_text(tmp_path: Path, text: str) -> None:
    assert loaded(tmp_path, text).text == text


def test_open_files_load(tmp_path: Path) -> None:
    path = tmp_path / "öppen.txt"
    path.write_text(PROSE, encoding="utf-8")
    with path.open("rb") as file:
        assert load(file).source == str(path)
    assert load(io.BytesIO(PROSE.encode())).source == "<file>"
    with path.open(encoding="utf-8") as file, pytest.raises(UnsupportedError, match='mode "rb"'):
        load(file)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"", EmptyFileError, "empty"),
        (b" \n\t\n", EmptyFileError, "empty"),
        ("\ufeff \n".encode(), EmptyFileError, "white space"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20, UnsupportedError, "JPEG"),
        (b"PK\x03\x04" + bytes(range(256)) * 20, DamagedError, "Office"),
        (bytes(range(256)) * 40, UnsupportedError, "not a text"),
    ],
)
@pytest.mark.parametrize("name", ["rapport.txt", "rapport.pdf"])
def test_bad_files_say_what_they_are(tmp_path: Path, name: str, data: bytes, error: type[InputError], says: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(error, match=says) as caught:
        load(path)
    assert name in caught.value.message
    assert caught.value.hint
    assert "\n" not in str(caught.value)


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no such file"):
        load(tmp_path / "saknas.pdf")
    with pytest.raises(UnsupportedError, match="folder"):
        load(tmp_path)
    with pytest.raises(UnsupportedError, match="download"):
        load("https://exby.example/rapport.pdf")
    for name in ["a\0b.txt", "x" * 5000]:
        with pytest.raises(InputError):
            load(name)


def test_limits(tmp_path: Path) -> None:
    path = tmp_path / "stor.txt"
    path.write_bytes(b"1 234,5 " * 1000)
    with pytest.raises(LimitError, match="characters"):
        load(path, limits=Limits(characters=1000))
    with pytest.raises(LimitError, match="bytes"):
        load(path, limits=Limits(bytes=1000))


@pytest.mark.parametrize("unit", ["1 ", "1", "1 (2) ", "\n\n1", "a\n\n", "Läs mer\n\n", "Transkript\n\n", "-\n", "\t"])
def test_time_stays_linear(tmp_path: Path, unit: str) -> None:
    path = tmp_path / "svår.txt"
    path.write_text((unit * (200_000 // len(unit))) + "x", encoding="utf-8")
    begun = time.process_time()
    check(load(path))
    assert time.process_time() - begun < 15


_PARAGRAPH = st.text(alphabet="abå 12\n-.()\u0308\t", max_size=40)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 30)), _PARAGRAPH, st.booleans()), max_size=25),
    st.sampled_from(["", "Transkript:\n\n", "Rapport\n\nAnnat\n\nTranskript\n\n"]),
    st.sampled_from(["", "\n\nTitel\n\nText\n\nLäs mer\n\nTitel\n\nText\n\nLäs mer"]),
)
def test_pages_tile_any_text(pages: list[tuple[int | None, str, bool]], before: str, after: str) -> None:
    body = "\n\n".join(text if n is None else f"{n} {text}" if first else f"{text} {n}" for n, text, first in pages)
    text = before + body + after
    try:
        report = load(io.BytesIO(text.encode()))
    except EmptyFileError:
        assert not text.strip()
    else:
        check(report)


@pytest.mark.parametrize("before", range(0, 12, 3))
@pytest.mark.parametrize("run", [79, 80, 81, 89, 300])
def test_long_gaps_are_shortened_wherever_they_stand(before: int, run: int) -> None:
    text = "a" * before + " " * run + "\n\n\nb"
    assert tidy(text) == (text if run < 80 else "a" * before + " " * 80 + "\n\nb")


@pytest.mark.parametrize("before", range(0, 12, 3))
@pytest.mark.parametrize("run", [999, 1000, 1001, 1009, 2500])
def test_long_words_are_broken_wherever_they_stand(before: int, run: int) -> None:
    words = tidy(" " * before + "a" * run + " b").split()
    assert "".join(words) == "a" * run + "b" and max(map(len, words)) == min(run, 1000)
