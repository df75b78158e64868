"""What report.toml leaves out is not asked about again."""

from __future__ import annotations

from reportgen.cohort.load import load_cohort


def test_columns_that_the_settings_leave_out_raise_no_question(tmp_path):
    rows = [
        f"P{n},2019-01-{n:02},2021-01-{n:02},alive,Anna{n} Meier{n},note {n} on the course"
        for n in range(1, 25)
    ]
    source = tmp_path / "c.csv"
    head = "patient_id,treatment_start,last_contact,vital_status,Surname,Remark"
    source.write_text("\n".join([head, *rows]), encoding="utf-8")
    codes = {issue.code for issue in load_cohort(source).issues}
    assert {"DIRECT_IDENTIFIER", "COLUMN_NOT_USED"} <= codes
    (tmp_path / "report.toml").write_text('[features]\nexclude = ["surname", "remark"]\n', encoding="utf-8")
    cohort = load_cohort(source)
    asked = {issue.code for issue in cohort.issues}
    assert not asked & {"DIRECT_IDENTIFIER", "COLUMN_NOT_USED", "MANY_LEVELS"}
    assert not {"surname", "remark"} & set(cohort.patients.frame)
