"""CDISC ADaM: event is CNSR = 0, each PARAMCD is an endpoint, SAFFL decides who was assessed for toxicity."""

from __future__ import annotations

from datetime import date

import pytest

from reportgen.base.errors import ERROR, DataRefused
from reportgen.cohort.load import check_cohort, load_cohort, read_source, settings_for
from reportgen.cohort.mapping.source_settings import settings_before
from tests.adam_files import ADAE, ADSL, ADTTE, subject
from tests.cohort.test_columnar import write_json
from tests.sas_files import write_sas7bdat, write_xpt
from tests.tables import write_csv

WRITERS = {"xpt": write_xpt, "sas7bdat": write_sas7bdat, "json": write_json, "csv": write_csv}


def study(tmp_path, ending="xpt", adsl=ADSL, adtte=ADTTE, adae=ADAE, toml=""):
    folder = tmp_path / "adam"
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("adsl", adsl), ("adtte", adtte), ("adae", adae)):
        if rows:
            WRITERS[ending](folder / f"{name}.{ending}", rows)
    (folder / "report.toml").write_text(toml)
    return folder


def issues_of(source):
    book = read_source(source)
    return check_cohort(book, settings_for(book, source))[1]


def changed(rows, number, **cells):
    return [row | cells if place == number else row for place, row in enumerate(rows)]


@pytest.mark.parametrize("ending", WRITERS)
def test_a_study_in_each_kind_of_file(tmp_path, ending):
    cohort = load_cohort(study(tmp_path, ending))
    frame = cohort.patients.frame
    assert frame["patient_id"].tolist() == [subject(k) for k in (1, 2, 3, 4)]
    assert frame["sex"].tolist() == ["female", "male", None, "male"]
    assert frame["treatment"].tolist() == ["Drug A", "Placebo"] * 2
    assert frame["stop_reason"].tolist() == ["progression", "completed", "toxicity", "patient choice"]
    assert frame["toxicity_assessed"].tolist() == ["yes", "yes", "yes", "no"]
    assert frame["vital_status"].tolist() == ["dead", "alive", "alive", "alive"]
    assert cohort.patients.days["last_contact"].tolist() == [419, 731, 731, 731]
    assert cohort.patients.days["relapse_date"].tolist()[0::2] == [238, 366]
    assert cohort.toxicities.frame["term"].tolist() == ["Nausea", "Neutropenia", "Nausea"]
    assert cohort.toxicities.frame["grade"].tolist() == [2, 3, 1]
    assert cohort.toxicities.frame["attribution"].tolist() == ["probable", "unrelated", "unlikely"]
    assert cohort.toxicities.days["onset_date"].tolist() == [13, 25, 12]


def test_the_event_is_cnsr_0_and_every_parameter_is_an_endpoint(tmp_path):
    endpoints = load_cohort(study(tmp_path)).endpoints
    assert endpoints["os"].duration.tolist() == [419, 731, 731, 731]
    assert endpoints["os"].status.tolist() == [1, 0, 0, 0] and endpoints["os"].label == "Overall Survival"
    assert endpoints["pfs"].duration == pytest.approx([238, 731, 366, 731])
    assert endpoints["pfs"].status.tolist() == [1, 0, 1, 0]
    assert endpoints["ttdeter"].duration.tolist() == [101, 201]
    assert endpoints["ttdeter"].left_out == ((2, "duration not recorded"),)
    assert "CNSR of OS in adtte is 0" in endpoints["os"].definition


def test_subjects_who_were_never_treated_are_left_out_and_counted(tmp_path):
    cohort = load_cohort(study(tmp_path))
    (issue,) = [issue for issue in cohort.issues if issue.code == "NOT_TREATED"]
    assert issue.problem.startswith("1 subjects")
    (issue,) = [issue for issue in cohort.issues if issue.code == "NOT_TREATMENT_EMERGENT"]
    assert issue.problem.startswith("1 events")
    assert not [issue for issue in cohort.issues if issue.severity == ERROR]


def test_what_is_no_characteristic_is_no_feature(tmp_path):
    cohort = load_cohort(study(tmp_path))
    assert {feature.name for feature in cohort.features} == {"sex", "age_at_start", "agegr1", "race", "bmibl"}
    how = {match.header: match.how for match in cohort.matches if match.table == "patients"}
    assert (how["TRTSDT"], how["SAFFL"], how["STUDYID"], how["AGEGR1N"]) == (
        "dictionary", "dictionary", "ignored", "ignored",
    )  # fmt: skip


def test_issues_name_the_data_set_the_variable_and_the_row(tmp_path):
    adtte = changed(ADTTE, 3, CNSR=-1.0)
    adae = changed(ADAE, 1, AETOXGR="9", AEREL="PERHAPS")
    adsl = changed(ADSL, 1, DCSREAS="BORED", AGEU="MONTHS")
    found = {
        (i.code, i.sheet, i.cell, i.patient) for i in issues_of(study(tmp_path, "xpt", adsl, adtte, adae))
    }
    assert found >= {
        ("UNKNOWN_VALUE", "adtte", "CNSR, row 4", subject(4)),
        ("GRADE_INVALID", "adae", "AETOXGR, row 2", subject(1)),
        ("UNKNOWN_VALUE", "adae", "AEREL, row 2", subject(1)),
        ("UNKNOWN_REASON", "adsl", "DCSREAS, row 2", subject(2)),
        ("UNKNOWN_UNIT", "adsl", "AGEU, row 2", subject(2)),
    }


def test_records_that_stand_twice_or_belong_to_nobody_are_errors(tmp_path):
    extra = [*ADTTE, ADTTE[0], ADTTE[1] | {"USUBJID": "NOBODY"}]
    found = {
        (i.code, i.cell, i.patient) for i in issues_of(study(tmp_path, adtte=extra)) if i.severity == ERROR
    }
    assert found == {
        ("DUPLICATE_ROW", "PARAMCD, row 11", subject(1)),
        ("ORPHAN_ROW", "USUBJID, row 12", "NOBODY"),
    }


def test_a_unit_that_is_not_given_must_follow_from_the_dates(tmp_path):
    bare = [{**row, "PARAM": "Overall Survival"} for row in ADTTE[:4]]
    assert load_cohort(study(tmp_path, adtte=bare)).endpoints["os"].duration.tolist() == [419, 731, 731, 731]
    months = [{**row, "AVAL": row["AVAL"] / 30.4375} for row in bare]
    source = study(tmp_path, adtte=months)
    (issue,) = [issue for issue in issues_of(source) if issue.severity == ERROR]
    assert (issue.code, issue.sheet, issue.cell) == ("UNKNOWN_UNIT", "adtte", "AVAL")
    source = study(tmp_path, adtte=months, toml="""
[[endpoint]]
key = "os"
label = "Survival"
time = "AVAL of OS in adtte"
unit = "months"
event = "CNSR of OS in adtte"
event_values = [0]
competing_values = [2]
""")  # fmt: skip
    endpoint = load_cohort(source).endpoints["os"]
    assert endpoint.duration == pytest.approx([419, 731, 731, 731]) and endpoint.status.tolist() == [
        1,
        0,
        2,
        0,
    ]
    named = [{**row, "AVALU": "MONTHS"} for row in months]
    assert load_cohort(study(tmp_path, adtte=named)).endpoints["os"].duration[0] == pytest.approx(419)
    mixed = [{**row, "AVALU": "MONTHS" if k else "DAYS"} for k, row in enumerate(months)]
    assert "UNKNOWN_UNIT" in {issue.code for issue in issues_of(study(tmp_path, adtte=mixed))}


def test_relapse_is_taken_only_where_the_description_leaves_no_doubt(tmp_path):
    doubtful = changed(ADTTE, 4, EVNTDESC="SOMETHING ELSE")
    assert "relapse_date" not in load_cohort(study(tmp_path, adtte=doubtful)).patients.frame
    ttp = [
        row | {"PARAMCD": "TTP", "PARAM": "Time to progression (days)", "AVAL": 5.0} for row in doubtful[4:8]
    ]
    cohort = load_cohort(study(tmp_path, adtte=[*doubtful, *ttp]))
    assert cohort.patients.days["relapse_date"].tolist()[0::2] == [238, 366]


def test_last_contact_comes_from_overall_survival_where_adsl_does_not_know_it(tmp_path):
    bare = [{name: cell for name, cell in row.items() if name != "LSTALVDT"} for row in ADSL]
    cohort = load_cohort(study(tmp_path, adsl=bare))
    assert cohort.patients.days["last_contact"].tolist() == [419, 731, 731, 731]
    assert {m.column: (m.header, m.cell) for m in cohort.matches}["last_contact"] == ("last_contact", "ADT")
    ended = [row | {"EOSDT": date(2021, 1, 1)} for row in bare]
    cohort = load_cohort(study(tmp_path, adsl=ended, adtte=()))
    assert cohort.patients.frame["last_contact"].dt.year.tolist() == [2020, 2021, 2021, 2021]
    mapped = study(tmp_path, adsl=ended, toml='[columns.patients]\nlast_contact = "EOSDT"\n')
    assert {m.column: m.how for m in load_cohort(mapped).matches}["last_contact"] == "settings"


def test_study_days_stand_in_for_dates_that_are_not_there(tmp_path):
    bare = [{name: cell for name, cell in row.items() if name not in ("ASTDT", "AENDT")} for row in ADAE]
    cohort = load_cohort(study(tmp_path, adae=bare))
    assert cohort.toxicities.days["onset_date"].tolist() == [13, 25, 12]


def test_a_study_without_adsl_or_with_two_is_refused(tmp_path):
    with pytest.raises(DataRefused) as caught:
        read_source(study(tmp_path, adsl=()))
    assert caught.value.issues[0].code == "MISSING_SHEET"
    folder = study(tmp_path)
    write_xpt(folder / "adsl2.xpt", ADSL)
    with pytest.raises(DataRefused) as caught:
        read_source(folder)
    assert caught.value.issues[0].code == "AMBIGUOUS_SHEET"


def test_the_subjects_of_adtte_alone_are_the_patients(tmp_path):
    adtte = [row | {"ARM": "A", "SEX": "F" if row["USUBJID"] == subject(1) else "M"} for row in ADTTE]
    cohort = load_cohort(study(tmp_path, "csv", adsl=(), adae=(), adtte=adtte))
    whole = load_cohort(study(tmp_path / "whole", "csv"))
    theirs, known = cohort.endpoints["os"], whole.endpoints["os"]
    assert sorted(zip(theirs.duration, theirs.status, strict=True)) == sorted(
        zip(known.duration, known.status, strict=True)
    )
    assert "NO_ADSL" in {issue.code for issue in cohort.issues}
    assert (cohort.patients.frame["sex"] == "female").sum() == 1 and "param" not in cohort.patients.frame


def test_other_data_sets_are_not_used_and_said(tmp_path):
    folder = study(tmp_path)
    write_xpt(folder / "adlb.xpt", [{"STUDYID": "X", "USUBJID": subject(1), "PARAMCD": "ALT", "AVAL": 1.0}])
    notes = [issue.sheet for issue in load_cohort(folder).issues if issue.code == "SHEET_NOT_USED"]
    assert notes == ["adlb"] and settings_before(folder).endpoint == ()


def test_blank_reasons_flags_and_severity_are_read_as_studies_write_them(tmp_path):
    done = [row["DCSREAS"] == "COMPLETED" for row in ADSL]
    adsl = [
        row
        | {
            "DCSREAS": "" if completed else row["DCSREAS"].title(),
            "SAFFL": "Y" if row["SAFFL"] == "Y" else "",
            "EOSSTT": "COMPLETED" if completed else "DISCONTINUED",
        }
        for row, completed in zip(ADSL, done, strict=True)
    ]
    adsl = changed(adsl, 3, DCSREAS="Withdrew Consent")
    adsl = changed(adsl, 2, DCSREAS="Moon phase")
    words = {"1": "MILD", "2": "MODERATE", "3": "SEVERE"}
    adae = [
        {name: cell for name, cell in row.items() if name != "AETOXGR"} | {"AESEV": words[row["AETOXGR"]]}
        for row in ADAE
    ]
    cohort = load_cohort(study(tmp_path, "csv", adsl=adsl, adae=adae))
    frame = cohort.patients.frame
    assert frame["stop_reason"].tolist() == ["progression", "completed", "other", "patient choice"]
    assert frame["toxicity_assessed"].tolist() == ["yes", "yes", "yes", "no"]
    assert cohort.toxicities.frame["grade"].tolist() == [2, 3, 1]
    said = {issue.code: (issue.sheet, issue.cell) for issue in cohort.issues}
    assert said["SEVERITY_AS_GRADE"][0] == "adae" and said["UNKNOWN_REASON"] == ("adsl", "Q4")


def test_responses_and_assessments_of_adrs(tmp_path):
    def record(number, code, answer, day):
        return {"STUDYID": "TRIAL", "USUBJID": subject(number), "PARAMCD": code, "PARAM": code, "AVALC": answer,
                "ADT": date(2019, 3, day), "AVISIT": "V"}  # fmt: skip

    folder = study(tmp_path, "csv")
    write_csv(folder / "adrs.csv", [
        record(1, "BOR", "PR", 1), record(2, "BOR", "NON-CR/NON-PD", 1), record(3, "BOR", "MISSING", 1),
        record(1, "RSP", "Y", 2), record(2, "RSP", "N", 2), record(1, "OVR", "PR", 2), record(2, "OVR", "SD", 5),
    ])  # fmt: skip
    cohort = load_cohort(folder)
    assert cohort.patients.frame["best_response"].tolist() == ["PR", "SD", None, None]
    assert cohort.patients.frame["response_date"].iloc[0].date() == date(2019, 3, 2)
    assert cohort.assessments.frame["response"].tolist() == ["PR", "SD"]


def test_the_settings_choose_parameters(tmp_path):
    endpoints = load_cohort(study(tmp_path, toml='[adam]\nparams = ["OS"]\n')).endpoints
    assert "ttdeter" not in endpoints and endpoints["os"].definition.startswith("Time as given")
    assert not endpoints["pfs"].definition.startswith("Time as given")
