"""Sections: headings of every kind of text, their types and levels, and the tree that tiles the text."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docmine.headings import find_contents
from docmine.records import Box, Cell, Column, Line, Page, Report, Section, Style, Table, Word
from docmine.runin import is_flattened, runin_headings
from docmine.schema import SECTION_TYPES
from docmine.segment import find_sections
from docmine.titles import lexicon, section_type, split_number
from docmine.vocabulary import load_vocabulary

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads((Path(__file__).parent / "cases" / "sections.toml").read_text(encoding="utf-8"))
VOCABULARY = load_vocabulary()
LEXICON = lexicon(VOCABULARY)
BODY, LARGE, BOLD, SANS = (
    Style("Serif", 11.0, False, False, "#000000"),
    Style("Sans", 16.0, True, False, "#000000"),
    Style("Serif", 11.0, True, False, "#000000"),
    Style("Sans", 11.0, False, False, "#000000"),
)
MIDDLE = Style("Sans", 13.0, True, False, "#000000")
SENTENCE = "Nämnden har under året arbetat med att förbättra skötseln av gator och parker i Exby."


def report_of(*pages: str) -> Report:
    made, at = [], 0
    for number, page in enumerate(pages, 1):
        made.append(Page(number, at, at + len(page) + 2))
        at += len(page) + 2
    return Report("exby.txt", "0" * 64, "".join(p + "\n\n" for p in pages), tuple(made))


def pdf_of(*pages: Sequence[tuple[str, Style, float]], styles: tuple[Style, ...] = (BODY, LARGE, BOLD, SANS)) -> Report:
    """A report of pages; each row is a line's text, its style and the space above it in points."""
    text, made = "", []
    for number, rows in enumerate(pages, 1):
        lines, words, top, page_start = [], [], 60.0, len(text)
        for row, style, space in rows:
            top += space
            start, first, x = len(text), len(words), 70.0
            for token in row.split(" "):
                words.append(Word(len(text), len(text) + len(token), x, top, x + 5 * len(token), top + style.size, styles.index(style)))
                text += token + " "
                x += 5 * (len(token) + 1)
            text = text[:-1] + "\n"
            box = Box(70.0, top, x - 5, top + style.size)
            lines.append(Line(start, len(text) - 1, box, styles.index(style), (first, len(words))))
            top += 1.2 * style.size
        made.append(Page(number, page_start, len(text), 595.0, 842.0, lines=tuple(lines), words=tuple(words)))
    return Report("exby.pdf", "0" * 64, text, tuple(made), "digital", styles)


def headed(report: Report) -> list[Section]:
    return [s for s in find_sections(report, VOCABULARY) if s.rule != "preamble"]


def ids(case: dict[str, Any]) -> str:
    return str(case.get("name") or case.get("title") or case.get("text"))


@pytest.mark.parametrize("case", CASES["type"], ids=ids)
def test_type(case: dict[str, Any]) -> None:
    assert section_type(case["title"], VOCABULARY) == case["type"]


@pytest.mark.parametrize("case", CASES["number"], ids=ids)
def test_number(case: dict[str, Any]) -> None:
    assert split_number(case["text"]) == (case.get("number"), case["title"])


@pytest.mark.parametrize("case", CASES["contents"], ids=ids)
def test_contents(case: dict[str, Any]) -> None:
    lists = find_contents(report_of(case["text"].strip()), LEXICON)
    assert [e.title for contents in lists for e in contents.entries] == case["titles"]


@pytest.mark.parametrize("case", CASES["runin"], ids=ids)
def test_headings_that_run_into_their_sentence(case: dict[str, Any]) -> None:
    report = report_of("Inledande text om året som gick.", case["text"])
    found = list(runin_headings(report, LEXICON, {}, []))
    assert [h.title for h in found] == case["titles"]
    assert all(report.text[h.start : h.end].rstrip(":").endswith(h.title) for h in found)


@pytest.mark.parametrize("case", CASES["lines"], ids=ids)
def test_headings_on_lines(case: dict[str, Any]) -> None:
    sections = headed(report_of(case["text"].strip()))
    assert [s.title for s in sections] == case["titles"]
    if "levels" in case:
        assert [s.level for s in sections] == case["levels"]
    if "types" in case:
        assert [s.type for s in sections] == case["types"]


def test_contents_list_is_one_section() -> None:
    report = report_of(CASES["contents"][0]["text"].strip())
    sections = headed(report)
    assert [(s.title, s.type) for s in sections] == [("Innehållsförteckning", "contents"), ("Sammanfattning", "summary")]
    assert "Ekonomi" in sections[0].text


def test_contents_titles_are_found_where_they_stand() -> None:
    report = report_of(
        "Innehåll Sammanfattning... 2 Omställning i Exby... 3 Ekonomi... 4",
        "Sammanfattning Nämnden har haft ett gott år. Nämnden har arbetat med mycket",
        "Omställning i Exby Exby växer och behöver fler bostäder. Bostäder byggs",
    )
    assert is_flattened(report)
    assert [(s.title, s.pages[0]) for s in headed(report)] == [("Innehåll", 1), ("Sammanfattning", 2), ("Omställning i Exby", 3)]


def test_pdf_headings_by_size_and_weight() -> None:
    report = pdf_of(
        [
            ("Årsbokslut för tekniska nämnden", LARGE, 0),
            ("Gatuenheten", BOLD, 20),
            (SENTENCE, BODY, 2),
            (SENTENCE, BODY, 0),
            ("Ekonomi och framtid för en verksamhet som", LARGE, 30),
            ("växer", LARGE, 0),
            (SENTENCE, BODY, 6),
            ("Detta är viktigt för oss och ska läsas.", BOLD, 6),
            (SENTENCE, BODY, 6),
            ("• Parker", BOLD, 6),
        ]
    )
    assert [(s.title, s.level) for s in headed(report)] == [
        ("Årsbokslut för tekniska nämnden", 1),
        ("Gatuenheten", 2),
        ("Ekonomi och framtid för en verksamhet som växer", 1),
    ]


def test_pdf_sentence_is_a_heading_in_the_type_of_headings() -> None:
    usual = [row for name in ("Gator", "Parker", "Avfall") for row in ((name, BOLD, 14), (SENTENCE, BODY, 4))]
    sentence = [("Besluten var olagliga enligt domstolen", BOLD, 14), (SENTENCE, BODY, 4)]
    quoted = [("Besluten var olagliga enligt", BOLD, 4), ("domstolen, som nämnden har följt.", BODY, 0)]
    names = ["Gator", "Parker", "Avfall"]
    assert [s.title for s in headed(pdf_of([*usual, *sentence]))] == [*names, "Besluten var olagliga enligt domstolen"]
    assert [s.title for s in headed(pdf_of([*usual, *quoted]))] == names
    assert [s.title for s in headed(pdf_of([*usual[:2], *sentence]))] == ["Gator"]


def test_pdf_cover_and_covering_letter_make_no_sections() -> None:
    cover = [("Delårsrapport", LARGE, 200), ("Tekniska nämnden", LARGE, 40)]
    letter = [("Till Exby kommunfullmäktige", SANS, 20), *[(SENTENCE, SANS, 8 if i % 2 else 0) for i in range(4)]]
    text = [("Ekonomi", LARGE, 20), *[(SENTENCE, BODY, 2)] * 9]
    assert [s.title for s in headed(pdf_of(cover, letter, text))] == ["Ekonomi"]
    assert [s.title for s in headed(pdf_of([*cover, *text]))] == ["Delårsrapport", "Ekonomi"]


def test_running_header_hides_no_heading_and_is_none() -> None:
    header = "Exby kommun Samhällsförvaltningen Verksamhetsplan 2023"
    pages = [
        f"{header} Inledning Planen beskriver hur nämnden ska arbeta under året. {SENTENCE} 2",
        f"{header} Vision Kommunen ska vara en plats där alla trivs. {SENTENCE} 3",
        f"{header} Ekonomi Nämndens ram är oförändrad jämfört med året innan. {SENTENCE} 4",
    ]
    assert [s.title for s in headed(report_of(*pages))] == ["Inledning", "Vision", "Ekonomi"]


def test_name_before_a_table_is_a_heading_only_where_a_page_begins() -> None:
    text = "Nyckeltal 2014 2015 Antal elever 780 745\n\nUtfallet blev bra. Verksamhet (tkr) 2014 2015 Förskola 120 130"
    report = report_of("Inledande text.", text)
    spans = [(text.index("2014 2015 A"), text.index("\n")), (text.index("2014 2015 F"), len(text))]
    first = report.pages[1].start
    found = runin_headings(report, LEXICON, {}, [(first + a, first + b) for a, b in spans])
    assert [h.title for h in found] == ["Nyckeltal"]


def test_bookmark_names_a_heading_in_plain_type() -> None:
    report = pdf_of([("Årsbokslut", LARGE, 0), (SENTENCE, BODY, 9), ("Vinterväghållning", BODY, 9), (SENTENCE, BODY, 2)])
    assert [s.title for s in headed(report)] == ["Årsbokslut"]
    marked = replace(report, bookmarks=((1, "Årsbokslut", 1), (2, "Vinterväghållning", 1)))
    assert [(s.title, s.rule) for s in headed(marked)] == [("Årsbokslut", "bookmark"), ("Vinterväghållning", "bookmark")]


def test_levels_of_bookmarks_numbering_and_type_agree() -> None:
    def under(title: str, style: Style) -> list[tuple[str, Style, float]]:
        return [(title, style, 14), (SENTENCE, BODY, 4)]

    report = pdf_of(
        [
            *under("Årsbokslut 2031", LARGE),
            *under("1 Uppdrag", MIDDLE),
            *under("Ramar", BOLD),
            *under("2 Måluppföljning", MIDDLE),
            *under("2.1 Parker", MIDDLE),
            *under("Måluppföljning", BOLD),
            *under("Framtid", MIDDLE),
        ],
        styles=(BODY, LARGE, BOLD, MIDDLE),
    )
    outline = ((1, "Årsbokslut 2031", 1), (2, "1 Uppdrag", 1), (2, "2 Måluppföljning", 1), (3, "2.1 Parker", 1), (2, "Framtid", 1))
    found = [(s.title, s.level) for s in headed(replace(report, bookmarks=outline))]
    assert found == [
        ("Årsbokslut 2031", 1),
        ("Uppdrag", 1),
        ("Ramar", 2),
        ("Måluppföljning", 1),
        ("Parker", 2),
        ("Måluppföljning", 3),
        ("Framtid", 1),
    ]
    few = [(s.title, s.level) for s in headed(replace(report, bookmarks=((1, "Ramar", 1),)))]
    assert ("Ramar", 2) in few


MARKED = ((1, "Årsrapport för gatunämnden", None), (2, "Året som gick", None), (3, "Ny gång i parken", None), (2, "Ekonomi", None))


def test_marked_headings_of_a_text_have_their_levels() -> None:
    """As Word files, web pages and Markdown give them: what stands alone beside them is no heading."""
    lines = ["Årsrapport för gatunämnden", "Exby kommun", "Året som gick", SENTENCE, "Ny gång i parken", SENTENCE, "Ekonomi", SENTENCE]
    report = report_of("\n\n".join(lines))
    assert {s.level for s in headed(report)} == {1}
    found = [(s.level, s.title, s.rule, s.type) for s in headed(replace(report, bookmarks=MARKED))]
    kinds = ("other", "other", "other", "finance")
    assert found == [(level, name, "bookmark", kind) for (level, name, _), kind in zip(MARKED, kinds, strict=True)]


def test_a_lost_mark_does_not_lose_those_after_it() -> None:
    report = report_of("\n\n".join(["Årsrapport för gatunämnden", SENTENCE, "Ny gång i parken", SENTENCE, "Ekonomi", SENTENCE]))
    found = headed(replace(report, bookmarks=MARKED))
    assert [(s.level, s.title) for s in found] == [(1, "Årsrapport för gatunämnden"), (2, "Ny gång i parken"), (2, "Ekonomi")]


def test_numbered_labels_keep_their_levels() -> None:
    text = (
        "Fokusområde 1: Livet i byn\n\nStrategi 1.1 Nära till allt\n\nNämnden har öppnat två lekplatser.\n\n"
        "Fokusområde 2: Pengar som räcker\n\nStrategi 2.1 Rätt pris\n\nAvgifterna är oförändrade.\n\nEkonomi\n\nNämnden gick med vinst.\n"
    )
    assert [s.level for s in headed(report_of(text))] == [1, 2, 1, 2, 1]


def test_sections_of_an_unlikely_size_are_noted() -> None:
    def notes(*rows: str) -> dict[str, str | None]:
        return {s.title: s.note for s in headed(report_of("\n\n".join(rows)))}

    said = notes("Sammanfattning", SENTENCE, "Personal", SENTENCE, "Ekonomi", *[SENTENCE] * 3, "Investeringar")
    assert said == {"Sammanfattning": None, "Personal": None, "Ekonomi": None, "Investeringar": "empty"}
    said = notes("Sammanfattning", SENTENCE, "Personal", *[SENTENCE] * 8, "Ekonomi", SENTENCE)
    assert said == {"Sammanfattning": None, "Personal": "most of the document", "Ekonomi": None}
    assert notes("Sammanfattning", *[SENTENCE] * 8) == {"Sammanfattning": None}, "alone it holds all"
    assert notes("Ekonomi", SENTENCE, "Vägar", SENTENCE, "Broar") == {"Ekonomi": None, "Vägar": None, "Broar": None}, "no type"


def test_no_heading_inside_a_table() -> None:
    text = "Sammanfattning\n\nNämnden når målen.\n\nPersonal\n\n120\n\nEkonomi\n\nÖverskott."
    report = report_of(text)
    start, end = text.index("Personal"), text.index("120") + 3
    cells = (Cell(0, 0, "Personal", start, start + 8), Cell(0, 1, "120", end - 3, end, 120.0))
    table = Table(0, 1, start, end, None, None, "aligned", 1, 2, 0, (Column(""), Column("")), ("Personal",), cells, 0.9)
    assert [s.title for s in headed(report)] == ["Sammanfattning", "Personal", "Ekonomi"]
    assert [s.title for s in headed(replace(report, tables=(table,)))] == ["Sammanfattning", "Ekonomi"]


def check(report: Report) -> None:
    sections = find_sections(report, VOCABULARY)
    n = len(report.text)
    assert sections[0].start == 0
    assert sections[-1].end == n
    for i, section in enumerate(sections):
        assert section.index == i
        assert section.start <= section.body_start <= section.end <= section.subtree_end <= n
        assert section.end == (sections[i + 1].start if i + 1 < len(sections) else n)
        assert section.type in SECTION_TYPES
        assert 0.0 < section.confidence <= 1.0
        assert section.level >= 1
        assert section.text == report.text[section.body_start : section.subtree_end]
        if section.parent is not None:
            parent = sections[section.parent]
            assert parent.index < section.index
            assert parent.level < section.level
            assert section.subtree_end <= parent.subtree_end
        if section.rule != "preamble":
            assert section.title
            assert section.start < section.end or n == 0
    starts = [s.start for s in sections if s.rule != "preamble"]
    assert starts == sorted(set(starts))


PHRASES = st.sampled_from(
    [
        *(
            "Sammanfattning",
            "Innehåll",
            "Ekonomi",
            "1.1 Mål",
            "… 4",
            "....... 12",
            "\n",
            "\n\n",
            ". ",
            " ",
            "\t",
            "• ",
            "- ",
            "(",
            ")",
            ":",
        ),
        *("Nämnden har ökat", "i Exby", "12 400", "BILAGA 2", "Väsentliga händelser", "Arbetet ska fortsätta", "det", "Se sidan 4."),
        *("\u00ad", "å", "Ökad trygghet"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PHRASES, st.text(max_size=8)), max_size=60), st.integers(1, 4))
def test_sections_tile_any_text(parts: list[str], pages: int) -> None:
    size = max(1, len(parts) // pages)
    check(report_of(*("".join(parts[i : i + size]) for i in range(0, max(len(parts), 1), size))))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Ekonomi", "1 Mål", "Vi ska bli bättre", "text om året.", "• punkt", "12 400", "ÖKAD TRYGGHET"]),
            st.sampled_from([BODY, LARGE, BOLD]),
            st.floats(0, 30),
        ),
        max_size=30,
    )
)
def test_sections_tile_any_pdf(rows: list[tuple[str, Style, float]]) -> None:
    check(pdf_of(rows))


@pytest.mark.parametrize("text", ["", "\n\n", "Exby"])
def test_empty(text: str) -> None:
    check(Report("x", "0" * 64, text, (Page(None, 0, len(text)),)))
    check(Report("x", "0" * 64, text, ()))


@pytest.mark.parametrize(
    "unit",
    [
        "A ",
        "Aa ",
        ".",
        ". ",
        "… ",
        " ",
        "\t",
        "1.1 ",
        "Innehåll ",
        "Innehåll\n",
        "Ekonomi Ekonomi ",
        "• ",
        "Nämnden ",
        "(",
        "1 Mål ",
        "Mål... 3 ",
        "\n\n",
        "- Aa",
        "Vi ska bli Vi ska bli ",
    ],
)
def test_time_is_linear_in_adversarial_text(unit: str) -> None:
    def seconds(size: int) -> float:
        report = report_of((unit * (size // len(unit) + 1))[:size])
        start = time.process_time()
        check(report)
        return time.process_time() - start

    seconds(1_000)
    assert seconds(100_000) < 5.0
