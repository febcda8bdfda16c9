from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docmine.extract.table_rows import find_table_rows
from docmine.records import Amount, Facts, Indicator, Page, Report
from docmine.tables import find_tables
from docmine.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
FACTS = Facts(kommun="Exby", doc_type="annual_report", year=2020)


def read(text: str) -> Report:
    report = Report("made-up.txt", "0" * 64, text, (Page(None, 0, len(text)),))
    return replace(report, tables=find_tables(report, VOCABULARY))


def rows(text: str, facts: Facts = FACTS) -> list[Amount | Indicator]:
    return list(find_table_rows(read(text), facts, VOCABULARY))


def amounts(text: str, facts: Facts = FACTS) -> list[tuple[str, str, int | None, float, str]]:
    return [(a.label, a.kind, a.year, a.value, a.unit) for a in rows(text, facts) if isinstance(a, Amount)]


def indicators(text: str, facts: Facts = FACTS) -> list[tuple[str, str | None, int | None, float | None, str | None, str | None]]:
    return [(i.name, i.measure, i.year, i.value, i.unit, i.comparator) for i in rows(text, facts) if isinstance(i, Indicator)]


def test_money_cells_are_amounts() -> None:
    text = "Resultat, tkr\tBokslut 2019\tInternbudget 2020\nIntäkter\t1 200\t0\nKostnader\t-1 300\t-\n"
    assert amounts(text) == [
        ("Intäkter", "outcome", 2019, 1200.0, "tkr"),
        ("Intäkter", "budget", 2020, 0.0, "tkr"),
        ("Kostnader", "outcome", 2019, -1300.0, "tkr"),
    ]
    assert indicators(text) == []


def test_a_column_subject_follows_the_label() -> None:
    text = "Verksamhet, tkr\tUtfall 2020\t\t\n\tIntäkter\tKostnader\tNetto\n910 Norra skolan\t10\t-12\t-2\n"
    assert [a[0] for a in amounts(text)] == ["910 Norra skolan, Intäkter", "910 Norra skolan, Kostnader", "910 Norra skolan, Netto"]


def test_a_year_is_inherited_only_where_nothing_else_can_be_meant() -> None:
    once = "Enhet, tkr\tUtfall\tBudget\tAvvikelse\nSimhall\t1\t2\t1\n"
    assert [a[2] for a in amounts(once)] == [2020, 2020, 2020]
    lost = "Enhet, tkr\tBokslut\tBokslut\tBudget 2020\nSimhall\t1\t2\t3\n"
    assert [a[2] for a in amounts(lost)] == [None, None, 2020]
    assert [a[2] for a in amounts(once, Facts())] == [None, None, None]


def test_the_corner_of_the_head_tells_the_year_of_all_columns() -> None:
    text = "Nämnd 2027, tkr\tBudget\tStatsbidrag\tBudget\nSkolnämnden\t411 013\t9 459\t420 472\nVårdnämnden\t5\t1\t6\n"
    assert [a[2] for a in amounts(text)] == [2027] * 6
    assert [a[2] for a in amounts(text.replace(" 2027", ""))] == [None, 2020, None] * 2


def test_a_row_on_the_change_of_the_others_tells_their_unit() -> None:
    text = "Nämnd\t2020\t2021\nSkolnämnden\t411 013\t427 087\nVårdnämnden\t85 354\t88 170\nÖkning mot fg år (tkr)\t9 343\t18 890\n"
    assert amounts(text) == [
        ("Skolnämnden", "outcome", 2020, 411013.0, "tkr"),
        ("Skolnämnden", "plan", 2021, 427087.0, "tkr"),
        ("Vårdnämnden", "outcome", 2020, 85354.0, "tkr"),
        ("Vårdnämnden", "plan", 2021, 88170.0, "tkr"),
        ("Ökning mot fg år (tkr)", "change", 2020, 9343.0, "tkr"),
        ("Ökning mot fg år (tkr)", "change", 2021, 18890.0, "tkr"),
    ]
    assert amounts(text.replace("Ökning mot fg år (tkr)", "Kostnad per elev (tkr)"))[:1] != amounts(text)[:1]


def test_plain_years_are_outcomes_up_to_the_report_and_plans_after() -> None:
    text = "(tkr)\t2019\t2020\t2021\nFordon\t1\t2\t3\n"
    assert [(a[1], a[2]) for a in amounts(text)] == [("outcome", 2019), ("outcome", 2020), ("plan", 2021)]
    # when a budget is made, the year before is not over
    budget = replace(FACTS, doc_type="budget")
    assert [a[1] for a in amounts(text, budget)] == ["budget", "budget", "plan"]
    assert [a[1] for a in amounts(text.replace("2019", "2018"), budget)] == ["outcome", "budget", "plan"]
    assert [i[1] for i in indicators(text.replace("(tkr)", "Antal"), budget)] == ["outcome", "budget", "plan"]


def test_a_report_on_needs_dates_what_it_asks_for() -> None:
    text = "Tkr\tEnheter\t2020\nHyror\t4\t1 200\nBussar\t12\t900\n"
    needs = Facts(kommun="Exby", doc_type="needs", year=2020)
    assert {a[1] for a in amounts(text, needs)} >= {"budget"}
    text = "Beläggning\tPlatser\tBeläggningsgrad, %\nSolgården\t40\t91\nBjörken\t24\t88\n"
    assert {i[1] for i in indicators(text, needs)} == {"outcome"}


def test_heads_of_one_kind_that_differ_are_of_one_year() -> None:
    text = "Enhet, tkr\tUtfall jan–aug\tBudget jan–aug\tÅrsbudget netto\nNorra skolan\t-4\t-5\t-9\n"
    assert [(a[1], a[2]) for a in amounts(text)] == [("outcome", 2020), ("budget", 2020), ("budget", 2020)]


def test_rows_that_tell_kind_and_year_hold_for_the_rows_under_them() -> None:
    text = "Belopp i tkr\tBudget 2021\nMedlemsbidrag\t10\nRam 2022\t\nMedlemsbidrag\t12\n"
    assert amounts(text) == [("Medlemsbidrag", "budget", 2021, 10.0, "tkr"), ("Medlemsbidrag", "budget", 2022, 12.0, "tkr")]


def test_a_goal_table_gives_its_indicator_rows() -> None:
    text = (
        "Nämndens mål\tMätetal\tUtfall 2019\tUtfall 2020\tMålvärde\n"
        "Alla ska känna sig trygga\tAndel trygga\t80 %\t\tMinst 85 %\n"
        "\tNöjd kund-index (NKI)\tNKI 70\tNKI 71\tMinst NKI 75\n"
        "\tHandläggningstid\t\t31 dagar\tHögst 30 dagar\n"
        "\tAntal uppdrag\t1 200\t1 250\t1 300\n"
    )
    assert indicators(text) == [
        ("Andel trygga", "outcome", 2019, 80.0, "percent", None),
        ("Andel trygga", "target", 2020, 85.0, "percent", ">="),
        ("Nöjd kund-index (NKI)", "outcome", 2019, 70.0, "index", None),
        ("Nöjd kund-index (NKI)", "outcome", 2020, 71.0, "index", None),
        ("Nöjd kund-index (NKI)", "target", 2020, 75.0, "index", ">="),
        ("Handläggningstid", "outcome", 2020, 31.0, "days", None),
        ("Handläggningstid", "target", 2020, 30.0, "days", "<="),
        ("Antal uppdrag", "outcome", 2019, 1200.0, "count", None),
        ("Antal uppdrag", "outcome", 2020, 1250.0, "count", None),
        ("Antal uppdrag", "target", 2020, 1300.0, "count", None),
    ]


def test_outcomes_in_parentheses_and_ranks() -> None:
    text = "Indikator\tMål (utfall) 2019\tMål 2020\nAndel nöjda\t96 (93,7)\t97\nPlacering\tTopp 10 (3)\tTopp 10\n"
    text += "Resultat mot budget\t0 eller bättre (-25)\t0\n"
    found = indicators(text)
    assert found[:3] == [
        ("Andel nöjda", "target", 2019, 96.0, "percent", None),
        ("Andel nöjda", "outcome", 2019, 93.7, "percent", None),
        ("Andel nöjda", "target", 2020, 97.0, "percent", None),
    ]
    assert [(f[1], f[3], f[5]) for f in found[3:5]] == [("target", 10.0, "<="), ("outcome", 3.0, None)]
    assert [(f[1], f[3], f[5]) for f in found[6:8]] == [("target", 0.0, ">="), ("outcome", -25.0, None)]


def test_a_year_in_parentheses_and_a_range() -> None:
    text = "Nyckeltal\tExby 2020\tLiknande kommuner 2020\nKvalitetsindex\t74 (2019)\t51\nAndel nöjda, %\t70–80\t75\n"
    found = indicators(text)
    assert found[0] == ("Kvalitetsindex", "outcome", 2019, 74.0, "index", None)
    assert [(f[1], f[3], f[5]) for f in found[2:]] == [("outcome", 70.0, ">="), ("outcome", 80.0, "<="), ("benchmark", 75.0, None)]


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("Nettokostnad kultur, kr/inv", "SEK/inhabitant"),
        ("Kostnad per vårddygn, kr", "SEK/day"),
        ("Kostnad per utförd hemtjänsttimme, kr", "SEK/hour"),
        ("Hållbart medarbetarengagemang", "index"),
        ("Öppettimmar per vecka", "hours"),
        ("Antal utförda timmar", "count"),
        ("Sjukfrånvaro (%)", "percent"),
        ("Medelålder, år", "years"),
        ("Handläggningstid, veckor", "weeks"),
        ("Betygspoäng", None),
    ],
)
def test_units_from_labels(label: str, unit: str | None) -> None:
    assert [i[4] for i in indicators(f"Mått\tUtfall 2019\tUtfall 2020\n{label}\t1 200\t1 250\nBetygspoäng\t14\t15\n")][:2] == [unit, unit]


def test_money_by_head_is_an_indicator_in_kronor() -> None:
    text = "Nyckeltal, tkr\tUtfall 2019\tUtfall 2020\nKostnad per elev\t95\t98\nLokaler\t10\t11\n"
    assert indicators(text)[0] == ("Kostnad per elev", "outcome", 2019, 95000.0, "SEK/person", None)
    assert [a[0] for a in amounts(text)] == ["Lokaler", "Lokaler"]


def test_a_deviation_for_the_worse_is_negative() -> None:
    text = "Belopp i tkr\tBudget 2020\tUtfall 2020\tAvvikelse\nPersonalkostnader\t100\t110\t10\nIntäkter\t50\t40\t-10\n"
    assert [a[3] for a in amounts(text) if a[1] == "deviation"] == [-10.0, -10.0]
    printed = "Belopp i tkr\tBudget 2020\tUtfall 2020\tAvvikelse\nPersonalkostnader\t-100\t-110\t-10\nIntäkter\t50\t60\t10\n"
    assert [a[3] for a in amounts(printed) if a[1] == "deviation"] == [-10.0, 10.0]


def test_another_kommun_is_a_benchmark() -> None:
    text = "Nyckeltal\tGävle 2020\tExby 2020\nAndel nöjda\t81\t80\n"
    assert [(i[0], i[1]) for i in indicators(text)] == [("Andel nöjda, Gävle", "benchmark"), ("Andel nöjda", "outcome")]


def test_what_the_caption_counts_belongs_to_the_name() -> None:
    text = "Antal barn och elever 2020\nVerksamhet\tVT 20\tHT 20\nFörskola\t3 004\t2 838\n"
    found = indicators(text)
    assert [(f[2], f[3], f[4]) for f in found] == [(2020, 3004.0, "count"), (2020, 2838.0, "count")]
    assert all(f[0].startswith("Antal barn och elever") and "Förskola" in f[0] for f in found)


PIECES = st.sampled_from(
    ["Utfall 2020", "Budget", "tkr", "Andel", "1 200", "-3,5", "96 (93,7)", "–", "<7", "70–80 %", "Mål (utfall)", "", "Summa", "(", "2020"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(PIECES, min_size=2, max_size=5), min_size=2, max_size=8))
def test_every_row_quotes_its_source_and_keeps_the_codes(grid: list[list[str]]) -> None:
    report = read("\n".join("\t".join(row) for row in grid) + "\n")
    for row in find_table_rows(report, FACTS, VOCABULARY):
        assert 0 <= row.start < row.end <= len(report.text)
        assert row.method == "table"
        assert 0 <= row.confidence <= 1
        assert row.value is not None
        assert (row.label if isinstance(row, Amount) else row.name).strip()


def test_a_row_tells_its_kind_where_the_columns_tell_years_only() -> None:
    text = "Belopp i mnkr\t2019\t2020\nBudget, netto\t10\t11\nUtfall i förhållande till budget\t-1\t-2\nBudget- och skuldrådgivning\t1\t2\n"
    assert [a[1] for a in amounts(text)] == ["budget", "budget", "deviation", "deviation", "outcome", "outcome"]


UNITLESS = (
    "Enhet\tUtfall 2020\tBudget 2020\tAvvikelse\n"
    "Intäkter\t18 412\t18 000\t412\nKostnader\t-21 377\t-20 000\t-1 377\nNetto\t-2 965\t-2 000\t-965\n"
)


@pytest.mark.parametrize(
    ("prose", "unit"),
    [
        ("Intäkterna blev 18,4 miljoner kronor, kostnaderna 21,4 miljoner kronor.", "tkr"),  # two figures told again
        ("Intäkterna blev 18 412 000 kr.", "tkr"),  # one, exactly
        ("Intäkterna blev 18 412 kr.", "kr"),
        ("Kostnaderna blev 21 miljoner kronor.", None),  # one, roughly
        ("Intäkterna blev 18,4 miljoner kronor, kostnaderna 21 377 kr.", None),  # proofs that contradict each other
        ("Enheten fick 96 kr per elev.", None),
    ],
)
def test_prose_proves_the_unit_of_a_table_of_money(prose: str, unit: str | None) -> None:
    found = rows(f"{prose}\n\n{UNITLESS}")
    assert [a.unit for a in found if isinstance(a, Amount)] == ([unit] * 9 if unit else [])
    assert not any(isinstance(i, Indicator) for i in found)  # undecided money is no key figure
    assert all(a.confidence < 0.8 for a in found)


def test_a_table_that_shares_figures_proves_the_unit() -> None:
    stated = "Belopp i tkr\tUtfall 2020\nIntäkter\t18 412\nKostnader\t-21 377\n"
    assert {a.unit for a in rows(f"{stated}\nText däremellan.\n\n{UNITLESS}") if isinstance(a, Amount)} == {"tkr"}


def test_key_figures_without_a_unit_stay_indicators() -> None:
    text = "Mått\tUtfall 2020\tBudget 2020\tAvvikelse\nÖppettimmar per vecka\t47\t46\t1\nNettokostnad per elev\t98\t97\t1\n"
    assert [i[3] for i in indicators(text)] == [47.0, 46.0, 1.0, 98.0, 97.0, 1.0]


PROJECTS = (
    "Projekt\tBudget 2020\tUtfall maj\tPrognos 2020\nGångbro\t12 400\t310\t13 000\nLekpark\t1 900\t0\t1 900\nTotalt\t14 300\t310\t14 900\n"
)


def test_the_only_other_table_of_money_tells_the_unit_least_surely() -> None:
    stated = (
        "tkr\tBudget 2020\tUtfall 2020\tAvvikelse\nPark\t21 300\t20 950\t350\nGata\t40 010\t41 020\t-1 010\nSumma\t61 310\t61 970\t-660\n"
    )
    projects = [a for a in rows(f"{stated}\nText däremellan.\n\n{PROJECTS}") if isinstance(a, Amount) and a.table == 1]
    assert {a.unit for a in projects} == {"tkr"}
    assert all(a.confidence <= 0.5 for a in projects)
    small = PROJECTS.replace("12 400", "12,4").replace("13 000", "13,0").replace("14 300", "14,3").replace("14 900", "14,9")
    assert not [a for a in rows(f"{stated}\nText däremellan.\n\n{small}") if isinstance(a, Amount) and a.table == 1]


def test_what_shares_differ_by_is_told_in_points() -> None:
    text = "Andel som röstar\t2019\t2020\tFörändring\nNorr\t81,2\t80,5\t-0,7\nSöder\t70,0\t77,0\t10,0\n"
    assert [i[4] for i in indicators(text)] == ["percent", "percent", "percentage_points", "percent", "percent", "percent"]


def test_a_caption_that_labels_repeat_is_named_once() -> None:
    text = "Sjukfrånvaro i procent 2019 2020 Totalt 6,1 5,8 Kvinnor 6,9 6,4 Män 4,4 4,6 Arbetet går vidare."
    assert [i[0] for i in indicators(text)][::2] == [f"Sjukfrånvaro i procent, {part}" for part in ("Totalt", "Kvinnor", "Män")]


def test_the_unit_of_the_first_label_is_that_of_its_row_where_others_tell_their_own() -> None:
    mixed = "Mått Utfall 2019 Utfall 2020 Nöjda gäster, % 71 74 Svarstid, dagar 12 14 Fall per tusen boende 61,5 62,0 Framåt"
    assert [i[4] for i in indicators(mixed)] == ["percent", "percent", "days", "days", None, None]
    shares = "Mått Utfall 2019 Utfall 2020 Nöjda gäster (%) 71 74 Nöjda kunder (%) 62 64 Trygga resenärer 61,5 62,0 Framåt"
    assert {i[4] for i in indicators(shares)} == {"percent"}


def test_what_a_row_counts_tells_its_unit() -> None:
    text = "Mått\t2019\t2020\nPlatser på simskola\t431\t419\nElever per klass\t21\t22,5\n"
    text += "Besök per dag\t40\t45\nElever som är nöjda\t81\t83\nTrygga barn\t88%\t90%\n"
    assert [i[4] for i in indicators(text)][::2] == ["count", "ratio", None, None, "percent"]


def test_a_minus_behind_the_figure_of_a_cell() -> None:
    text = "Enhet, tkr\tBudget 2020\tUtfall 2020\tAvvikelse\nSimhall\t6 100-\t6 320-\t220-\nBibliotek\t500-\t495-\t5\n"
    assert [a[3] for a in amounts(text)] == [-6100.0, -6320.0, -220.0, -500.0, -495.0, 5.0]
