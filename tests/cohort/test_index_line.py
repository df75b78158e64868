"""Patients whose start of treatment stands with their lines of treatment, a row each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reportgen.cohort.clean.written_lines import line
from reportgen.cohort.load import check_cohort, load_cohort, read_source
from reportgen.settings.model import Settings
from tests.workbooks import mapped, write_workbook

FIRST = date(2019, 1, 7)


def on(number):
    return FIRST + timedelta(days=number)


# Patient k began on day 10 k; all but the fourth had a second line 100 days later, the second of them the only relapse.
PATIENTS = [
    ["Pat-Nr", "Status", "Last follow-up"],
    *([f"M{k}", "alive", on(10 * k + 400)] for k in range(1, 5)),
]
LINES = [
    ["Pat-Nr", "Linie", "Schema", "Beginn", "Ende", "Progress am", "Ansprechen"],
    *([f"M{k}", "1L", "A", on(10 * k), on(10 * k + 80), None, "SD"] for k in range(1, 5)),
    *([f"M{k}", "2. Linie", "B", on(10 * k + 100), None, on(170) if k == 2 else None, "CR"] for k in range(1, 4)),
]  # fmt: skip


def patients_of(source):
    frame = load_cohort(source).patients.frame.set_index("patient_id")
    assert [*frame.index] == ["M1", "M2", "M3", "M4"]
    assert frame["treatment_start"].dt.date.tolist() == [on(10 * k) for k in range(1, 5)]
    assert frame["best_response"].tolist() == ["SD"] * 4 and frame["treatment"].tolist() == ["A"] * 4
    assert frame["treatment_stop"].notna().all()
    assert frame["relapse_date"].dropna().dt.date.to_dict() == {"M2": on(170)}
    return frame


def test_the_first_line_is_the_start_of_patients_who_have_none(tmp_path):
    source = write_workbook(tmp_path / "c.xlsx", Stammdaten=PATIENTS, Systemtherapie=LINES)
    found = mapped(source)
    assert found.open == () and "index_line = 1" in found.settings
    assert mapped(source).settings == found.settings  # nothing new the next time
    patients_of(source)
    cohort = load_cohort(source)
    assert len(cohort.treatments) == 7 and cohort.endpoints["ttnt"].status.sum() == 3
    (said,) = [issue for issue in cohort.issues if issue.code == "INDEX_LINE"]
    assert (said.sheet, said.cell) == ("Systemtherapie", "D1")


def test_lines_that_stand_alone_are_the_patients_too(tmp_path):
    last = {row[0]: row[1:] for row in PATIENTS}
    source = write_workbook(tmp_path / "c.xlsx", Tabelle1=[[*row, *last[row[0]]] for row in LINES])
    assert mapped(source).open == ()
    patients_of(source)


def test_without_a_last_contact_the_lines_stay_open(tmp_path):
    found = mapped(write_workbook(tmp_path / "c.xlsx", Lines=LINES))
    assert [question.text for question in found.open] == [
        "No column was recognised as the last contact. Which is it?"
    ]


def test_a_line_that_no_sheet_tells_is_an_error(tmp_path):
    source = write_workbook(tmp_path / "c.xlsx", patients=PATIENTS)
    (tmp_path / "report.toml").write_text("[source]\nindex_line = 1\n")
    assert "MISSING_SHEET" in {issue.code for issue in check_cohort(read_source(source), Settings())[1]}


@pytest.mark.parametrize(
    ("written", "number"),
    [("2. Linie", 2), ("1ère ligne", 1), ("Line 3", 3), ("Zweitlinie", 2), ("1/2", None)],
)
def test_the_number_of_a_line_may_have_words(written, number):
    assert line(written)[0] == number
