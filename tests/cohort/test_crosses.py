"""A cross beside a date says that the patient died on that day."""

from __future__ import annotations

from datetime import date

import pytest

from reportgen.cohort.load import load_cohort
from reportgen.cohort.readers.crosses import day_of_death
from tests.workbooks import write_workbook

HEAD = ["patient_id", "treatment_start", "last_contact"]


def rows(*last):
    return [[f"p{k}", date(2015, 1, 5), cell] for k, cell in enumerate(last)]


@pytest.mark.parametrize("cell", ["† 22.12.2018", "22.12.2018 †", "22.12.2018 (tot)", "verst. 22.12.2018",
                                  "gestorben am 22.12.2018", "Exitus 2018-12-22", "décédé le 22.12.2018",
                                  "died on 22.12.2018", "deceduto il 22.12.2018", "(†22.12.2018)"])  # fmt: skip
def test_who_has_a_cross_died_on_that_day(tmp_path, cell):
    source = write_workbook(
        tmp_path / "c.xlsx", patients=[HEAD, *rows("13.01.2019", cell, "14.02.2019", "15.03.2019")]
    )
    cohort = load_cohort(source)
    frame = cohort.patients.frame
    assert frame["death_date"].dropna().dt.date.tolist() == [date(2018, 12, 22)]
    assert frame["last_contact"].dt.date.tolist()[1] == date(2018, 12, 22)
    assert frame["vital_status"].tolist() == ["alive", "dead", "alive", "alive"]
    (said,) = [issue for issue in cohort.issues if issue.code == "DEATH_BY_SIGN"]
    assert (said.sheet, said.cell) == ("patients", "C3")


def test_in_the_column_of_deaths_it_says_nothing_new(tmp_path):
    table = [[*HEAD, "death_date"], *rows(*["13.01.2019"] * 3)]
    for row, day in zip(table[1:], ("† 13.01.2019", None, "02.01.2019"), strict=True):
        row.append(day)
    frame = load_cohort(write_workbook(tmp_path / "c.xlsx", patients=table)).patients.frame
    assert frame["death_date"].dropna().dt.date.tolist() == [date(2019, 1, 13), date(2019, 1, 2)]
    assert [*frame.columns].count("death_date") == 1


@pytest.mark.parametrize(
    "cell",
    [
        "12.03.2018",
        "+ 3 cm",
        "died of relapse 2",
        "†",
        "verstorben",
        "+49 30 12345",
        "+12.03.2018",
        "12.03.2018+",
    ],
)
def test_nothing_else_is_a_day_of_death(cell):
    assert day_of_death(cell) is None
