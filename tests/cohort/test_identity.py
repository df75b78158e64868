"""The same question has the same id next month: rows and columns may be inserted, other faults be mended."""

from datetime import date

from reportgen.base.errors import NOTE
from reportgen.cohort.load import check_tables, read_source
from reportgen.publish.queries import query_ids
from reportgen.settings.model import Settings
from tests.workbooks import minimal_patients, write_workbook

SEEN = date(2015, 6, 1)


def ids(tmp_path, rows, **sheets):
    path = write_workbook(tmp_path / "a.xlsx", patients=rows, **sheets)
    _, issues = check_tables(read_source(path), Settings())
    asked = [issue for issue in issues if issue.severity != NOTE]
    return {(issue.code, issue.cell): name for issue, name in zip(asked, query_ids(asked), strict=True)}


def patients():
    return minimal_patients(
        3, age_at_start=["old", 4, 5], score=[1, 2, 3], relapse_date=[None, "5/6/2016", None]
    )


def test_inserting_a_row_or_a_column_changes_no_id(tmp_path):
    before = ids(tmp_path, patients())
    rows = [dict(row) for row in minimal_patients(1, patient_id="P99")] + patients()
    wider = [{"comment": "x", **row} for row in rows]
    after = ids(tmp_path, wider)
    assert set(before) == {("BAD_NUMBER", "E2"), ("AMBIGUOUS_DATE", "G3")}
    assert set(after) == {("BAD_NUMBER", "F3"), ("AMBIGUOUS_DATE", "H4")}
    assert sorted(before.values()) == sorted(after.values())


def test_mending_one_of_two_like_faults_leaves_the_other_its_id(tmp_path):
    rows = minimal_patients(1, birth_date="5/6/2010", relapse_date="5/6/2016")
    both = ids(tmp_path, rows)
    assert len(set(both.values())) == 2
    rows[0]["birth_date"] = date(2010, 6, 5)
    assert ids(tmp_path, rows) == {("AMBIGUOUS_DATE", "F2"): both["AMBIGUOUS_DATE", "F2"]}


def test_events_of_one_patient_are_told_apart_by_what_they_are(tmp_path):
    events = [
        {"patient_id": "P01", "term": term, "grade": 9, "onset_date": SEEN} for term in ("Rash", "Nausea")
    ]
    both = ids(tmp_path, minimal_patients(1), toxicities=events)
    rest = ids(tmp_path, minimal_patients(1), toxicities=events[1:])
    assert rest["GRADE_INVALID", "C2"] == both["GRADE_INVALID", "C3"] != both["GRADE_INVALID", "C2"]


def test_an_id_outlives_the_spelling_of_the_patient(tmp_path):
    first = ids(tmp_path, minimal_patients(1, sex="x"))
    assert ids(tmp_path, minimal_patients(1, sex="x", patient_id=" p01 ")) == first


def test_columns_between_which_nobody_chose_hide_no_other_problem(tmp_path):
    rows = minimal_patients(1, sex="x")
    alone = ids(tmp_path, rows)["UNKNOWN_VALUE", "E2"]
    rows[0] |= {"diagnosis": "a", "histology": "b"}
    found = ids(tmp_path, rows)
    assert found["UNKNOWN_VALUE", "E2"] == alone and ("AMBIGUOUS_COLUMN", "G1") in found
