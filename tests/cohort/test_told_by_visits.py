"""What visits tell of the patients: the best response, the relapse and the last contact."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta

import pytest

from reportgen.base.errors import UsageError
from reportgen.chapters import response
from reportgen.cohort.load import load_cohort
from tests.chapters.chapters import of
from tests.workbooks import mapped, write_workbook

FIRST = date(2019, 1, 7)


def on(number):
    return FIRST + timedelta(days=number)


# Patient k began on day k. V1 responds and progresses, V2 was PD before the start and is SD, V3 progresses at once, V4
# only responds; a CR after the PD of V1 is none of this treatment.
SAID = {
    "V1": [(60, "PR"), (30, "SD"), (120, "PD"), (200, "CR")],
    "V2": [(-20, "PD"), (50, "SD"), (90, "SD")],
    "V3": [(40, "PD"), (41, "SD"), (80, "PD")],
    "V4": [(70, "CR"), (95, "NE")],
}
BEST = {"V1": "PR", "V2": "SD", "V3": "PD", "V4": "CR"}
RELAPSES = {"V1": on(120), "V3": on(40)}
LAST = {"V1": on(200), "V2": on(90), "V3": on(80), "V4": on(95)}
PATIENTS = [["Pat-ID", "First dose", "Status"], *([who, on(k), "alive"] for k, who in enumerate(SAID, 1))]
VISITS = [["Pat-ID", "Visit date", "RECIST"],
          *([who, on(day), said] for who, visits in SAID.items() for day, said in visits)]  # fmt: skip


def told(source):
    frame = load_cohort(source).patients.frame.set_index("patient_id")
    last = frame["last_contact"].dt.date.to_dict()
    relapses = frame["relapse_date"].dropna().dt.date.to_dict() if "relapse_date" in frame else {}
    return frame["best_response"].to_dict(), relapses, last


def test_what_the_patients_lack_is_taken_from_their_visits(tmp_path):
    source = write_workbook(tmp_path / "c.xlsx", Basis=PATIENTS, Visiten=VISITS)
    found = mapped(source)
    assert found.open == ()
    assert tomllib.loads(found.settings)["source"]["from_assessments"] == [*LACKING]
    assert mapped(source).settings == found.settings  # nothing new the next time
    assert told(source) == (BEST, RELAPSES, LAST)
    issues = load_cohort(source).issues
    assert [(i.sheet, i.cell) for i in issues if i.code == "FROM_ASSESSMENTS"] == [("Visiten", "C1")]


LACKING = ("best_response", "response_date", "relapse_date", "last_contact")


def test_an_id_of_a_name_that_is_only_similar_is_found_at_once(tmp_path):
    rows, visits = ([["Pat", *table[0][1:]], *table[1:]] for table in (PATIENTS, VISITS))
    source = write_workbook(tmp_path / "c.xlsx", Basis=rows, Visiten=visits)
    assert mapped(source).open == () and told(source) == (BEST, RELAPSES, LAST)


def test_what_the_patients_have_stays_as_it_is(tmp_path):
    rows = [[*row, extra] for row, extra in zip(PATIENTS, ["Best response", *["SD"] * 4], strict=True)]
    source = write_workbook(tmp_path / "c.xlsx", Basis=rows, Visiten=VISITS)
    assert tomllib.loads(mapped(source).settings)["source"]["from_assessments"] == [*LACKING[2:]]
    best, relapses, _ = told(source)
    assert (set(best.values()), relapses) == ({"SD"}, RELAPSES)


def test_the_first_response_at_a_visit_is_its_date(tmp_path):
    source = write_workbook(tmp_path / "c.xlsx", Basis=PATIENTS, Visiten=VISITS)
    mapped(source)
    cohort = load_cohort(source)
    dates = cohort.patients.frame.set_index("patient_id")["response_date"].dropna().dt.date.to_dict()
    assert dates == {"V1": on(60), "V4": on(70)}
    times = of(response, cohort).results["response.time_to_response.all.median"]
    assert (times.n, times.value) == (2, (60 - 1 + 70 - 4) / 2)


@pytest.mark.parametrize("column", ["Best response", "Date of response"])
def test_a_date_of_response_that_the_patients_have_stays(tmp_path, column):
    rows = [[*row, extra] for row, extra in zip(PATIENTS, [column, *["SD"] * 4], strict=True)]
    source = write_workbook(tmp_path / "c.xlsx", Basis=rows, Visiten=VISITS)
    assert "response_date" not in tomllib.loads(mapped(source).settings)["source"]["from_assessments"]


def test_on_the_day_of_progression_nobody_is_in_response(tmp_path):
    visits = [*VISITS, ["V3", on(40), "PR"], ["V4", on(70), "PR"]]
    source = write_workbook(tmp_path / "c.xlsx", Basis=PATIENTS, Visiten=visits)
    mapped(source)
    cohort = load_cohort(source)
    assert cohort.patients.frame.set_index("patient_id")["best_response"].to_dict() == BEST
    found = [issue for issue in cohort.issues if issue.code == "RESPONSES_DIFFER"]
    assert [(i.severity, i.sheet, i.cell, i.patient) for i in found] == [
        ("warning", "Visiten", "C14", "V3"), ("warning", "Visiten", "C15", "V4")]  # fmt: skip
    assert "C9 of Visiten" in str(found[0].problem)


def test_where_no_visit_says_pd_nobody_is_said_to_be_free_of_relapse(tmp_path):
    calm = [row for row in VISITS if row[2] != "PD"]
    source = write_workbook(tmp_path / "c.xlsx", Basis=PATIENTS, Visiten=calm)
    assert "relapse_date" not in tomllib.loads(mapped(source).settings)["source"]["from_assessments"]
    assert "relapse_date" not in load_cohort(source).patients.frame


def test_rows_of_visits_are_patients_and_assessments(tmp_path):
    starts = {row[0]: row[1] for row in PATIENTS[1:]}
    rows = [["Patient", "Visit date", "Treatment start", "Response at visit", "Status at visit"],
            *([who, day, starts[who], said, "alive"] for who, day, said in VISITS[1:])]  # fmt: skip
    source = write_workbook(tmp_path / "c.xlsx", Data=rows)
    found = mapped(source)
    assert found.open == () and mapped(source).settings == found.settings
    assert told(source) == (BEST, RELAPSES, LAST)
    assert len(load_cohort(source).assessments) == len(VISITS) - 1


@pytest.mark.parametrize(
    "status, differs",
    [(["alive", "dead", "alive", "alive"], True), (["dead", "alive", "alive", "dead"], True),
     (["alive", "alive", "alive", "dead"], False), (["dead", "alive", "alive", "alive"], False)],
)  # fmt: skip
def test_who_is_dead_and_then_seen_alive_is_asked_about(tmp_path, status, differs):
    starts = {row[0]: row[1] for row in PATIENTS[1:]}
    said = {"V1": iter(status)}
    rows = [["Patient", "Visit date", "Treatment start", "Response at visit", "Status at visit"],
            *([who, day, starts[who], response, next(said.get(who, iter(())), "alive")]
              for who, day, response in VISITS[1:])]  # fmt: skip
    codes = {issue.code for issue in mapping_issues(write_workbook(tmp_path / "c.xlsx", Data=rows))}
    assert ("ROWS_DIFFER" in codes) is differs


def test_a_patient_entered_twice_is_still_said(tmp_path):
    source = write_workbook(tmp_path / "c.xlsx", Basis=[*PATIENTS, ["V1", on(9), "alive"]], Visiten=VISITS)
    codes = {issue.code for issue in mapping_issues(source)}
    assert "DUPLICATE_ID" in codes


def mapping_issues(source):
    from reportgen.cohort.load import check_cohort, read_source
    from reportgen.cohort.mapping.source_settings import settings_for

    mapped(source)
    book = read_source(source)
    return check_cohort(book, settings_for(book, source))[1]


def test_another_column_is_refused(tmp_path):
    source = write_workbook(tmp_path / "c.xlsx", Basis=PATIENTS, Visiten=VISITS)
    (tmp_path / "report.toml").write_text('[source]\nfrom_assessments = ["death_date"]\n')
    with pytest.raises(UsageError, match="best_response, response_date, relapse_date, last_contact"):
        load_cohort(source)
