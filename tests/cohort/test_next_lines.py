"""Time to next treatment, PFS2 and the index of growth modulation follow from the sheet of treatments."""

from datetime import date, timedelta

import pytest

from reportgen.chapters import response, survival
from reportgen.cohort.load import load_cohort
from tests.chapters.chapters import chapter, of
from tests.workbooks import write_workbook

START = date(2020, 1, 1)


def on(day):
    return None if day is None else START + timedelta(days=day)


def patient(name, relapse=None, death=None, last=1000):
    return {
        "patient_id": name, "treatment_start": START, "relapse_date": on(relapse), "death_date": on(death),
        "vital_status": "dead" if death else "alive", "last_contact": on(death or last),
    }  # fmt: skip


def line(name, number, start, stop=None, reason=None):
    return {"patient_id": name, "line": number, "treatment": "x", "start_date": on(start),
            "stop_date": on(stop), "stop_reason": reason}  # fmt: skip


def visit(name, day, response):
    return {"patient_id": name, "date": on(day), "response": response}


PATIENTS = [patient("A", 100), patient("B", 200, death=500), patient("C"), patient("D", death=300),
            patient("E", 150), patient("F", 120)]  # fmt: skip
LINES = [
    *(line(name, 2, 0) for name in "ABCDE"),
    line("A", 1, -200, -20, "progression"), line("B", 1, -400, -100, "completed"),
    line("A", 3, 110, 260, "progression"), line("A", 4, 300),
    line("B", 3, 210, 400, "toxicity"),
    line("E", 3, 160), line("E", 4, 350),
]  # fmt: skip


def times(cohort, key):
    endpoint = cohort.endpoints[key]
    who = cohort.patients.frame.loc[endpoint.rows, "patient_id"]
    values = zip(endpoint.duration.tolist(), endpoint.status.tolist(), strict=True)
    return dict(zip(who, values, strict=True))


def load(folder, **sheets):
    return load_cohort(write_workbook(folder / "a.xlsx", **sheets))


def test_next_treatment_and_second_progression(tmp_path):
    cohort = load(tmp_path, patients=PATIENTS, treatments=LINES)
    assert times(cohort, "ttnt") == {
        "A": (110, 1),
        "B": (210, 1),
        "C": (1000, 0),
        "D": (300, 1),
        "E": (160, 1),
    }
    assert times(cohort, "pfs2") == {
        "A": (260, 1),
        "B": (500, 1),
        "C": (1000, 0),
        "D": (300, 1),
        "E": (350, 1),
    }
    # F has no line at all, where the others have the one that they began with.
    assert cohort.endpoints["ttnt"].left_out == ((1, "lines of treatment not recorded"),)
    assert times(cohort, "ttp")["D"] == (300, 0) and times(cohort, "ttp")["B"] == (200, 1)


def test_an_assessment_that_says_progression_on_the_next_line_comes_first(tmp_path):
    visits = [visit("A", 100, "PD"), visit("A", 180, "PR"), visit("A", 240, "PD"), visit("B", 200, "PD")]
    cohort = load(tmp_path, patients=PATIENTS, treatments=LINES, assessments=visits)
    assert times(cohort, "pfs2")["A"] == (240, 1)
    assert times(cohort, "pfs2")["B"] == (500, 1)


def test_a_sheet_of_later_lines_alone_says_that_the_others_had_none(tmp_path):
    later = [row for row in LINES if row["start_date"] > START]
    cohort = load(tmp_path, patients=PATIENTS, treatments=later)
    assert times(cohort, "ttnt")["F"] == (1000, 0) and not cohort.endpoints["ttnt"].left_out


def test_a_next_line_without_its_start_is_not_taken_for_none(tmp_path):
    lines = [line("A", 1, 0), line("A", 2, None), *(line(n, 1, 0) for n in "BCDEF")]
    cohort = load(tmp_path, patients=PATIENTS, treatments=lines)
    assert "A" not in times(cohort, "ttnt")
    assert cohort.endpoints["ttnt"].left_out == ((1, "start of the next line not recorded"),)


def test_what_the_settings_define_is_theirs_and_without_lines_nothing_is_said(tmp_path):
    cohort = load(tmp_path, patients=PATIENTS)
    assert not {"ttnt", "pfs2"} & {*cohort.endpoints, *cohort.unavailable}
    (tmp_path / "report.toml").write_text(
        '[[endpoint]]\nkey = "ttnt"\nlabel = "Own"\nevents = ["relapse_date"]\n'
    )
    cohort = load(tmp_path, patients=PATIENTS, treatments=LINES)
    assert times(cohort, "ttnt")["A"] == (100, 1) and cohort.endpoints["ttnt"].label == "Own"


def test_the_chapter_says_them_in_one_table(tmp_path):
    told = chapter(survival, tmp_path, patients=PATIENTS, treatments=LINES)
    rows = {row[0]: row[1:3] for row in told.table("table-further")}
    assert rows["Time to next treatment"][0] == "4/5"
    assert rows["Progression-free survival 2 (PFS2)"][0] == "4/5"
    assert rows["Time to progression"][0] == "4/6"
    # The one line before that ended in progression: 180 days, against 100 on this treatment.
    index = told.results["survival.pfs.all.growth_modulation_index"]
    assert (index.n, index.value, index.status.value) == (1, None, "refused")
    assert told.results["survival.pfs.all.growth_modulation_unpaired"].value == 1


def test_growth_modulation_sets_this_treatment_against_the_line_before(tmp_path):
    people = [patient(name, relapse) for name, relapse in zip("ABCD", (100, 300, None, 50), strict=True)]
    lines = [*(line(n, 2, 0) for n in "ABCD"), *(line(n, 1, -200, -100, "progression") for n in "ABCD")]
    told = chapter(survival, tmp_path, patients=people, treatments=lines)
    index = told.results["survival.pfs.all.growth_modulation_index"]
    assert (index.n, index.events, index.value) == (4, 3, 2.0)  # 0.5, 1, 3, 10+: the middle of 1 and 3
    share = told.results["survival.pfs.all.growth_modulation_share"]
    assert share.value == 0.5 and 0 < share.low < 0.5 < share.high < 1
    assert "The growth modulation index" in told.text and "had a median of 2.0" in told.text


@pytest.fixture
def responding(tmp_path):
    best = {"A": "CR", "B": "SD", "C": "SD", "D": "PD", "E": "PR"}
    days = {"A": 50, "E": 90}
    people = [patient("A"), patient("B", 30), patient("C", 200), patient("D", 20), patient("E", last=1000)]
    rows = [p | {"best_response": best[p["patient_id"]], "response_date": on(days.get(p["patient_id"]))}
            for p in people]  # fmt: skip
    return chapter(response, tmp_path, patients=rows)


def test_disease_control_asks_for_its_least_duration(responding):
    control = responding.results["response.response.all.disease_control"]
    assert (control.events, control.n) == (3, 5)  # B progressed within six weeks
    assert "Disease control (CR, PR, or SD for 6 weeks)" in [r[0] for r in responding.table("table-response")]


def test_response_by_a_time_point_counts_what_is_dated_until_then(responding):
    by = responding.results["response.response.all.response_by@56"]
    assert (by.events, by.n, by.value) == (1, 5, 0.2)


def test_the_settings_change_both(responding):
    from dataclasses import replace

    settings = replace(responding.cohort.settings, disease_control_weeks=0, response_by_weeks=(8, 16))
    told = of(response, replace(responding.cohort, settings=settings))
    assert told.results["response.response.all.disease_control"].events == 4
    assert told.results["response.response.all.response_by@112"].events == 2
