"""Years of two digits: asked once, and read as the settings say."""

from __future__ import annotations

from datetime import date

import pytest

from reportgen.cohort.clean import dates
from reportgen.cohort.load import load_cohort
from reportgen.run import mapping


@pytest.mark.parametrize(
    ("cell", "day"),
    [("27.4.19", date(2019, 4, 27)), ("27/04/31", date(1931, 4, 27)), ("12-Mar-19", date(2019, 3, 12)),
     ("3. Mai 26", date(2026, 5, 3)), ("4 déc 18", date(2018, 12, 4)), ("27.4.2019", date(2019, 4, 27))],
)  # fmt: skip
def test_two_digits_stand_for_one_of_the_hundred_years_that_are_told(cell, day):
    assert dates.day(cell, "dmy", 2026)[0] == day


@pytest.mark.parametrize("cell", ["27.4.19", "12-Mar-19"])
def test_untold_they_are_no_year(cell):
    assert dates.day(cell, "dmy") == (None, "SHORT_YEAR")


@pytest.mark.parametrize(
    ("cell", "month"),
    [("3 mars 2019", 3), ("3 janv. 2019", 1), ("3 sett 2019", 9),
     ("3 août 2019", 8), ("3 juil. 2019", 7), ("3 juin 2019", 6), ("3 ene 2019", 1),
     ("3 gennaio 2019", 1), ("3 dic. 2019", 12), ("3 Mai 2019", 5), ("3 giu 2019", 6), ("3 sept 2019", 9)],
)  # fmt: skip
def test_months_are_known_in_five_languages(cell, month):
    assert dates.day(cell)[0] == date(2019, month, 3)


def test_map_asks_once_and_then_all_dates_are_read(tmp_path):
    rows = [f"{n};{13 + n}.04.1{n};{13 + n}.05.2{n % 4};lebt" for n in range(1, 9)]
    source = tmp_path / "station.csv"
    source.write_text(
        "\n".join(["Pat-Nr;Therapiebeginn;Letzter Kontakt;Vitalstatus", *rows]), encoding="utf-8"
    )
    asked = []
    mapped = mapping.map_source(source, ask=lambda q: asked.append(q.text) or q.choices[0])
    mapping.write(mapped)
    assert [text for text in asked if "two digits" in text] and len(asked) == 1
    start = load_cohort(source).patients.frame["treatment_start"]
    assert [day.year for day in start] == [2011, 2012, 2013, 2014, 2015, 2016, 2017, 2018]
    assert mapping.map_source(source).settings == mapped.settings
