"""Sheets of one table, one per year or per arm: read as one, each cell where it stands; asked where ids are shared."""

from __future__ import annotations

from datetime import date, timedelta

from reportgen.base.errors import DataRefused
from reportgen.cohort.load import load_cohort
from reportgen.run import mapping
from tests.workbooks import write_workbook

HEAD = ["Patient", "Sex", "Start of treatment", "Vital status", "Last contact"]
EVENTS = ["Patient", "Adverse event", "Grade", "Onset"]


def patients(first, count, year, head=HEAD):
    start = [date(year, 1, 7) + timedelta(days=20 * k) for k in range(count)]
    rows = [[first + k, "mf"[k % 2], day, "alive", day + timedelta(days=300)] for k, day in enumerate(start)]
    return [head, *rows]


def events(first, count, year):
    return [
        EVENTS,
        *([first + k, "Rash", 1 + k % 3, date(year, 3, 1) + timedelta(days=20 * k)] for k in range(count)),
    ]


def mapped(source, **answers):
    ask = (lambda question: next((c for c in question.choices if c.key == "a"), None)) if answers else None
    found = mapping.map_source(source, ask=ask)
    mapping.write(found)
    return found


def test_sheets_of_years_are_one_table_whose_cells_stay_where_they_are(tmp_path):
    new = patients(4, 3, 2020, ["Patient ", "Sex", "Start of Treatment", "Vital status", "Last contact"])
    source = write_workbook(tmp_path / "c.xlsx", **{"2019": patients(1, 3, 2019), "2020": new})
    found = mapped(source)
    assert found.open == () and "group" not in found.settings
    assert mapped(source).settings == found.settings
    cohort = load_cohort(source)
    assert cohort.patients.frame["patient_id"].tolist() == ["1", "2", "3", "4", "5", "6"]
    assert "sheet" not in [feature.name for feature in cohort.features]
    new[2][4] = date(2019, 1, 1)
    write_workbook(source, **{"2019": patients(1, 3, 2019), "2020": new})
    try:
        load_cohort(source)
        raise AssertionError("a last contact before the start is an error")
    except DataRefused as refused:
        assert {(issue.sheet, issue.cell) for issue in refused.issues if issue.severity == "error"} == {
            ("2020", "E3")
        }


def test_arms_are_the_groups_and_their_toxicities_one_table(tmp_path):
    sheets = {"Arm A": patients(1, 4, 2019), "Arm B": patients(5, 3, 2019)}
    source = write_workbook(
        tmp_path / "c.xlsx", **sheets, **{"AE A": events(1, 4, 2019), "AE B": events(5, 3, 2019)}
    )
    assert mapped(source).open == ()
    cohort = load_cohort(source)
    assert cohort.settings.group == "sheet" and len(cohort.toxicities) == 7
    assert cohort.patients.frame["sheet"].tolist() == ["Arm A"] * 4 + ["Arm B"] * 3


def test_sheets_that_count_their_patients_anew_are_asked_about(tmp_path):
    sheets = {"Arm A": patients(1, 4, 2019), "Arm B": patients(1, 3, 2020)}
    source = write_workbook(
        tmp_path / "c.xlsx", **sheets, **{"AE A": events(1, 4, 2019), "AE B": events(1, 3, 2020)}
    )
    (left,) = mapped(source).open
    assert [choice.label for choice in left.choices][2:] == [
        "all of them; each counts its patients anew (7 rows)"
    ]
    mapped(source, all=True)
    cohort = load_cohort(source)
    assert cohort.patients.frame["patient_id"].tolist() == ["A-1", "A-2", "A-3", "A-4", "B-1", "B-2", "B-3"]
    assert cohort.toxicities.frame["patient_id"].nunique() == 7


def test_those_of_whom_no_report_speaks_are_never_stacked_unasked(tmp_path):
    source = write_workbook(
        tmp_path / "c.xlsx", Treated=patients(1, 4, 2019), Screening_failures=patients(5, 3, 2019)
    )
    assert len(mapped(source).open) == 1
