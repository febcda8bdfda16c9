"""Tables of texts that keep columns apart by spaces, as programs print the pages of a PDF."""

from __future__ import annotations

import io

import docmine

REPORT = """Tallnäset kommun
Årsredovisning 2019

                                                                 4 (9)
4.1 Driftredovisning
Tkr                                      Bokslut    Budget    Bokslut
                                            2018      2019       2019
Avgifter                                  -9 214    -8 600     -9 905
Övriga intäkter                           -1 655                -1 310
Personal                                  24 108    25 760     26 340
Hyror och städ av
lokaler                                    1 790     1 840      1 850
Netto                                     15 029    19 000     16 975

Nämnden följer budgeten.  Personalen har   ökat  under året, och hyrorna  med  den.
Det finns  skäl att  tro att avgifterna  ökar.  Fler  ärenden  kommer  in.

                                          Utfall  Målvärde
                                            2019      2019
Handläggningstid, veckor                     6,8         5
Andel nöjda sökande                         82 %      90 %
"""


def test_columns_that_spaces_keep_apart_are_a_table() -> None:
    result = docmine.mine(io.BytesIO(REPORT.encode()))
    found = {(a.label, a.kind, a.year): a.value_sek for a in result.amounts.itertuples() if isinstance(a.table_id, str)}
    assert found["Avgifter", "outcome", 2018] == -9_214_000
    assert found["Övriga intäkter", "outcome", 2019] == -1_310_000
    assert ("Övriga intäkter", "budget", 2019) not in found
    assert found["Hyror och städ av lokaler", "budget", 2019] == 1_840_000
    assert found["Netto", "outcome", 2019] == 16_975_000
    assert len(found) == 14
    indicators = {(i.name, i.measure): (i.value, i.unit) for i in result.indicators.itertuples()}
    assert indicators["Handläggningstid, veckor", "target"] == (5.0, "weeks")
    assert indicators["Andel nöjda sökande", "outcome"] == (82.0, "percent")
    assert len(result.tables) == 2


def test_rows_of_such_tables_stand_where_they_say_and_have_no_boxes() -> None:
    report = docmine.read(io.BytesIO(REPORT.encode()))
    result = docmine.mine(io.BytesIO(REPORT.encode()))
    for row in result.cells.itertuples():
        assert report.text[row.start : row.end] == row.quote
    assert result.cells["x0"].isna().all()


def test_justified_prose_and_contents_are_no_tables() -> None:
    prose = (
        "Nämnden  har  under  2019  tagit  emot  340  ärenden  om  bygglov.\nAv  dem  var  12  sådana  som  nämnden  själv  beslutar  om.\n"
        * 8
    )
    contents = "".join(f"{n}. {title} {'.' * 30} {n + 2}\n" for n, title in enumerate(("Inledning", "Mål", "Ekonomi", "Personal"), 1))
    assert not docmine.read(io.BytesIO(f"Exby kommun\n\n{contents}\n{prose}".encode())).tables
