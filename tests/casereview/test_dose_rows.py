"""Rows of the index treatment that say its dose are the index treatment in a case review, too."""

from __future__ import annotations

from datetime import date

from reportgen.casereview.case import Case, Shared
from reportgen.casereview.therapy_lines import lines, listed_lines
from reportgen.cohort.load import load_cohort
from tests.workbooks import write_workbook

START = date(2020, 11, 1)


def rows(*found: tuple[int, str, date | None, date | None, str | None]) -> list[dict]:
    names = ("line", "treatment", "start_date", "stop_date", "dose")
    return [{"patient_id": "P1"} | dict(zip(names, one, strict=True)) for one in found]


def case_of(tmp_path, treatments: list[dict]) -> Case:
    patients = [
        {"patient_id": f"P{k}", "treatment_start": START, "treatment_stop": date(2021, 9, 17),
         "vital_status": "alive", "last_contact": date(2022, 6, 1)}
        for k in range(1, 5)
    ]  # fmt: skip
    cohort = load_cohort(write_workbook(tmp_path / "c.xlsx", patients=patients, treatments=treatments))
    return Case(Shared.of(cohort), 0, "P-TEST")


def test_each_level_of_the_dose_is_the_index_treatment_and_no_other_line(tmp_path):
    case = case_of(tmp_path, rows(
        (1, "doxorubicin", date(2020, 3, 5), date(2020, 9, 14), None),
        (2, "entrectinib", START, None, "600 mg"),
        (2, "entrectinib", date(2020, 12, 4), date(2021, 9, 17), "400 mg"),
        (3, "lorlatinib", date(2021, 10, 21), None, None),
    ))  # fmt: skip
    found = lines(case)
    assert [line.index for line in found] == [False, True, True, False]
    assert [line.continues for line in found] == [False, False, False, True]
    # A level without a stop lasts until the next one.
    assert found[1].stop == found[2].start and found[2].stop.day == 320


def test_what_begins_later_without_a_number_is_another_line(tmp_path):
    treatments = rows((2, "entrectinib", START, date(2021, 9, 17), None))
    treatments += rows((2, "lorlatinib", date(2021, 10, 21), date(2021, 12, 1), None))
    for row in treatments:
        del row["line"]
    assert [line.index for line in lines(case_of(tmp_path, treatments))] == [True, False]


def test_of_many_levels_the_first_is_listed(tmp_path):
    levels = [(1, "entrectinib", date(2020, 11, 1 + k), None, f"{600 - k} mg") for k in range(20)]
    found = lines(case_of(tmp_path, rows(*levels)))
    listed = listed_lines(found, dense=True)
    assert all(line.index for line in found) and listed[0] and sum(listed) == 7
    assert [line.continues for line in found] == [False] * 20


def test_lines_without_dates_are_of_no_treatment_known(tmp_path):
    found = lines(case_of(tmp_path, [{"patient_id": "P1", "line": 1, "treatment": "entrectinib"}]))
    assert [line.index for line in found] == [False]
