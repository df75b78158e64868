"""From a workbook to a Cohort: refusing, excluding, the cut-off, the flow."""

from datetime import date, timedelta

import pandas as pd
import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.load import check_cohort, load_cohort, read_source, settings_for
from reportgen.settings.model import Settings
from tests.workbooks import minimal_patients, write_workbook

CUTOFF = date(2016, 1, 1)


def save(tmp_path, rows, **sheets):
    return write_workbook(tmp_path / "cohort.xlsx", patients=rows, **sheets)


def flow(cohort):
    return [(step.n, step.out, step.reason) for step in cohort.flow]


def test_the_smallest_workbook(tmp_path):
    cohort = load_cohort(save(tmp_path, minimal_patients(3)))
    assert cohort.n == 3
    assert (cohort.cutoff, cohort.cutoff_given) == (date(2017, 11, 30), False)
    assert cohort.source.name == "cohort.xlsx" and cohort.source.rows == {"patients": 3}
    assert cohort.toxicities is None and cohort.lacks(("toxicities", "patients.sex", "patients.vital_status")) == (
        "toxicities", "patients.sex",
    )  # fmt: skip
    assert cohort.patients.address(2, "last_contact") == "C2"
    assert flow(cohort) == [(3, 0, ""), (3, 0, "")]
    assert cohort.issues == ()


def test_ids_of_other_sheets_are_spelled_as_among_the_patients(tmp_path):
    rows = minimal_patients(2, patient_id=["S1", 2])
    tox = [{"patient_id": "s1 ", "term": "nausea"}, {"patient_id": "2", "term": "Nausea"},
           {"patient_id": 2, "term": "Nausea"}]  # fmt: skip
    cohort = load_cohort(save(tmp_path, rows, toxicities=tox))
    assert cohort.toxicities.frame["patient_id"].tolist() == ["S1", "2", "2"]
    assert cohort.toxicities.frame["term"].tolist() == ["Nausea"] * 3


def test_blank_rows_are_nobody(tmp_path):
    rows = minimal_patients(3)
    rows[1] = dict.fromkeys(rows[1], " ")
    rows += [dict.fromkeys(rows[0]), dict.fromkeys(rows[0], "\u00a0")]
    cohort = load_cohort(save(tmp_path, rows))
    assert cohort.patients.frame.index.tolist() == [2, 4]


def test_a_sheet_without_rows_is_a_table_without_rows(tmp_path):
    cohort = load_cohort(save(tmp_path, minimal_patients(2), toxicities=[["patient_id", "term", "grade"]]))
    assert len(cohort.toxicities) == 0 and cohort.lacks(("toxicities.grade",)) == ()


def test_a_sheet_without_a_cell_is_no_table(tmp_path):
    cohort = load_cohort(save(tmp_path, minimal_patients(2), toxicities=[], dictionary=[], report=[]))
    assert cohort.toxicities is None
    assert {issue.code for issue in cohort.issues} == {"SHEET_NOT_USED"}


def test_nobody_at_all_is_refused(tmp_path):
    path = save(tmp_path, [["patient_id", "treatment_start", "last_contact"]])
    with pytest.raises(DataRefused) as caught:
        load_cohort(path)
    assert [issue.code for issue in caught.value.issues] == ["NO_PATIENTS"]


def test_excluding_drops_the_patients_with_errors_and_says_why(tmp_path):
    rows = minimal_patients(6, relapse_date=["01/02/2016", None, None, None, None, None])
    rows[1]["last_contact"] = date(2000, 1, 1)
    rows[2]["patient_id"] = None
    rows[3]["patient_id"] = rows[4]["patient_id"] = "twin"
    tox = [
        {"patient_id": "P01", "term": "a"},
        {"patient_id": "P06", "term": "b"},
        {"patient_id": "P99", "term": "c"},
    ]
    path = save(tmp_path, rows, toxicities=tox)
    with pytest.raises(DataRefused):
        load_cohort(path)
    cohort = load_cohort(path, on_invalid="exclude")
    assert cohort.patients.frame["patient_id"].tolist() == ["P06"]
    assert cohort.toxicities.frame["term"].tolist() == ["b"]
    steps = flow(cohort)
    assert steps[0] == (6, 0, "") and steps[-1] == (1, 0, "")
    assert {step[1:] for step in steps[1:-1]} == {
        (1, "unreadable date"), (1, "dates in an impossible order"), (1, "no patient id"),
        (2, "patient id not unique"),
    }  # fmt: skip
    assert "ORPHAN_ROW" in {issue.code for issue in cohort.issues}


def test_excluding_does_not_mend_a_missing_column(tmp_path):
    with pytest.raises(DataRefused):
        load_cohort(save(tmp_path, [{"patient_id": "a", "treatment_start": CUTOFF}]), on_invalid="exclude")


def test_strict_refuses_warnings(tmp_path):
    path = save(tmp_path, minimal_patients(2, relapse_site=["y" * 2_000, None]))
    assert load_cohort(path).n == 2
    with pytest.raises(DataRefused):
        load_cohort(path, strict=True)


def test_issues_can_be_had_without_a_cohort(tmp_path):
    path = save(tmp_path, minimal_patients(2, sex="x"))
    book = read_source(path)
    cohort, issues = check_cohort(book, settings_for(book, path))
    assert cohort is None and [issue.code for issue in issues] == ["UNKNOWN_VALUE"] * 2


def test_settings_beside_the_source_and_in_the_report_sheet(tmp_path):
    sheet = [["key", "value"], ["title", "From the sheet"], ["landmarks", 2], ["gates.cox", 12], ["notice", None],
             ["cutoff", date(2017, 10, 15)]]  # fmt: skip
    path = save(tmp_path, minimal_patients(2), report=sheet)
    settings = load_cohort(path).settings
    assert (settings.title, settings.landmarks, settings.gates.cox) == ("From the sheet", (2,), 12)
    assert settings.cutoff == date(2017, 10, 15)
    (tmp_path / "report.toml").write_text('[report]\ntitle = "From the file"\n')
    assert load_cohort(path).settings.title == "From the file"
    other = tmp_path / "other.toml"
    other.write_text('[report]\ntitle = "Other"\n')
    assert load_cohort(path, config=other).settings.title == "Other"
    assert load_cohort(path, config=other, overrides={"title": "Line"}).settings.title == "Line"


def at_cutoff(tmp_path, cutoff=CUTOFF):
    late, early = date(2016, 6, 1), date(2015, 6, 1)
    rows = minimal_patients(4, relapse_date=None, treatment_stop=None, stop_reason=None, best_response="SD",
                            response_date=None, death_date=None, cause_of_death=None)  # fmt: skip
    rows[0] |= {"relapse_date": late, "treatment_stop": late, "stop_reason": "progression"}
    rows[1] |= {"vital_status": "dead", "death_date": late, "last_contact": late, "cause_of_death": "disease"}
    rows[2] |= {"last_contact": early, "best_response": "CR", "response_date": late}
    rows[3] |= {"treatment_start": late}
    tox = [
        {"patient_id": "P01", "term": "a", "onset_date": early, "resolved_date": late},
        {"patient_id": "P01", "term": "b", "onset_date": late, "resolved_date": None},
        {"patient_id": "P02", "term": "c", "onset_date": None, "resolved_date": None},
        {"patient_id": "P04", "term": "d", "onset_date": late, "resolved_date": None},
    ]
    lines = [
        {
            "patient_id": "P01",
            "treatment": "x",
            "start_date": early,
            "stop_date": late,
            "stop_reason": "other",
        },
        {"patient_id": "P01", "treatment": "y", "start_date": late, "stop_date": None, "stop_reason": None},
    ]
    path = save(tmp_path, rows, toxicities=tox, treatments=lines)
    return load_cohort(path, overrides={"cutoff": cutoff})


def test_what_came_after_the_cutoff_is_not_yet_known(tmp_path):
    cohort = at_cutoff(tmp_path)
    frame, days = cohort.patients.frame.set_index("patient_id"), cohort.patients.days
    assert (cohort.cutoff, cohort.cutoff_given) == (CUTOFF, True)
    assert list(frame.index) == ["P01", "P02", "P03"]
    assert flow(cohort) == [(4, 0, ""), (3, 1, "treatment started after the cut-off"), (3, 0, "")]
    assert frame[["relapse_date", "treatment_stop", "death_date"]].isna().all(axis=None)
    assert frame["stop_reason"].isna().all() and frame["cause_of_death"].isna().all()
    assert frame["vital_status"].tolist() == ["alive"] * 3
    assert pd.isna(frame.loc["P03", "best_response"]) and frame.loc["P01", "best_response"] == "SD"
    assert frame["last_contact"].dt.date.tolist() == [CUTOFF, CUTOFF, date(2015, 6, 1)]
    assert days["last_contact"].tolist() == [361, 331, 87]
    assert cohort.endpoints["os"].status.sum() == 0
    assert cohort.toxicities.frame["term"].tolist() == ["a", "c"]
    assert cohort.toxicities.frame["resolved_date"].isna().all()
    assert cohort.treatments.frame["treatment"].tolist() == ["x"]
    assert cohort.treatments.frame["stop_reason"].isna().all()
    said = [issue.problem for issue in cohort.issues if issue.code == "AFTER_CUTOFF"]
    assert any(problem.startswith("1 × relapse_date") for problem in said) and len(said) == 10


def test_the_day_of_the_cutoff_still_counts(tmp_path):
    cohort = at_cutoff(tmp_path, cutoff=date(2016, 6, 1))
    assert cohort.n == 4
    assert cohort.endpoints["os"].status.tolist() == [0, 1, 0, 0]
    assert cohort.endpoints["pfs"].status.tolist() == [1, 1, 0, 0]


def test_a_cutoff_before_everybody_leaves_nobody(tmp_path):
    with pytest.raises(DataRefused) as caught:
        at_cutoff(tmp_path, cutoff=date(2000, 1, 1))
    assert caught.value.issues[0].code == "NO_PATIENTS"


def test_a_cutoff_on_elapsed_times_is_said_to_be_idle(tmp_path):
    rows = [{"patient_id": k, "last_contact_days": 10 * k} for k in (1, 2)]
    cohort = load_cohort(save(tmp_path, rows), overrides={"cutoff": CUTOFF})
    assert (cohort.cutoff, cohort.cutoff_given) == (None, False)
    assert "CUTOFF_NOT_APPLIED" in {issue.code for issue in cohort.issues}


def test_a_cutoff_on_given_durations_is_said_to_be_idle(tmp_path):
    rows = [
        {"patient_id": k, "os_days": 10 * k, "os_event": k - 1, "death_date": date(2019, 1, k)}
        for k in (1, 2)
    ]
    (tmp_path / "report.toml").write_text(
        '[[endpoint]]\nkey = "os"\nlabel = "OS"\ntime = "os_days"\nunit = "days"\nevent = "os_event"\n'
        "event_values = [1]\ncensor_values = [0]\n", encoding="utf-8"
    )  # fmt: skip
    cohort = load_cohort(save(tmp_path, rows), overrides={"cutoff": CUTOFF})
    assert (cohort.cutoff, cohort.cutoff_given) == (None, False)
    assert "CUTOFF_NOT_APPLIED" in {issue.code for issue in cohort.issues}


def test_mixed_dates_and_elapsed_times_follow_the_cutoff(tmp_path):
    start = CUTOFF - timedelta(days=100)
    rows = [
        {"patient_id": "a", "treatment_start": start, "last_contact_days": 300, "relapse_days": 200},
        {"patient_id": "b", "treatment_start": start, "last_contact_days": 50, "relapse_days": None},
    ]
    cohort = load_cohort(save(tmp_path, rows), overrides={"cutoff": CUTOFF})
    assert cohort.patients.days["last_contact"].tolist() == [100, 50]
    assert cohort.patients.days["relapse_date"].isna().all()


def test_true_and_false_are_not_one_and_zero(tmp_path):
    cohort = load_cohort(
        save(tmp_path, minimal_patients(4, fever=[True, False, True, None], dose=[1, True, 3, 4]))
    )
    assert cohort.patients.frame["fever"].tolist() == ["yes", "no", "yes", None]


def test_a_numeric_column_with_a_true_in_it_is_doubted(tmp_path):
    path = save(tmp_path, minimal_patients(2, age_at_start=[True, 5]))
    _, issues = check_cohort(read_source(path), Settings())
    assert [(issue.code, issue.cell) for issue in issues] == [("BAD_NUMBER", "E2")]


def test_excluding_finds_the_patient_whatever_the_spelling_on_other_sheets(tmp_path):
    tox = [{"patient_id": " p01", "term": "a", "grade": "bad"}, {"patient_id": "P02", "term": "b", "grade": 1},
           {"patient_id": "P77", "term": "c", "grade": 1}]  # fmt: skip
    cohort = load_cohort(save(tmp_path, minimal_patients(3), toxicities=tox), on_invalid="exclude")
    assert cohort.patients.frame["patient_id"].tolist() == ["P02", "P03"]
    assert cohort.toxicities.frame["term"].tolist() == ["b"]
    assert flow(cohort)[1] == (2, 1, "unreadable number")


def test_a_rounded_id_is_excluded_and_not_kept_under_another_name(tmp_path):
    path = save(tmp_path, minimal_patients(3, patient_id=["a", 12345678901234567, "c"]))
    cohort = load_cohort(path, on_invalid="exclude")
    assert cohort.patients.frame["patient_id"].tolist() == ["a", "c"]
    assert flow(cohort)[1] == (2, 1, "rounded patient id")


def test_more_faults_than_can_be_named_exclude_nobody_in_part(tmp_path, monkeypatch):
    monkeypatch.setattr("reportgen.cohort.clean.cleaning.MAX_SAID", 2)
    path = save(tmp_path, minimal_patients(5, relapse_date="1/2/2016"))
    with pytest.raises(DataRefused) as caught:
        load_cohort(path, on_invalid="exclude")
    assert [issue.patient for issue in caught.value.issues] == ["P01", "P02", None]
    assert "3 more rows" in caught.value.issues[-1].problem


def test_the_source_counts_what_was_read_and_not_what_was_left(tmp_path):
    rows = minimal_patients(3, sex=["x", "F", "F"])
    tox = [{"patient_id": "P01", "term": "a"}, {"patient_id": "P02", "term": "b"}]
    cohort = load_cohort(save(tmp_path, rows, toxicities=tox), on_invalid="exclude")
    assert cohort.source.rows == {"patients": 3, "toxicities": 2} and cohort.n == 2
