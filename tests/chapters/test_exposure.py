"""Treatment: who stopped and why, how long, what was changed for toxicity, and what came next."""

from __future__ import annotations

import pytest

from reportgen.chapters import exposure
from tests.chapters.chapters import HOSTILE, chapter, day, of, patient


def made(folder, patients, **sheets):
    return chapter(exposure, folder, patients=patients, **sheets)


def stopped(name: str, at: int | None, why: str | None = "completed", **more) -> dict:
    return patient(name, treatment_stop=day(at), stop_reason=why if at is not None else None, **more)


def test_the_sample(sample):
    told = of(exposure, sample.cohort)
    assert (
        "Seven of eight patients stopped treatment: five as planned and two for progression; one continued at the "
        "last contact."
    ) in told.text
    assert "1.0 years (range 0.2–3.0) of those who stopped as planned" in told.text
    planned = told.results["exposure.treatment_duration.completed.median"]
    assert planned.n == 5 and planned.value / 365.25 == pytest.approx(1, abs=0.01)
    assert told.results["exposure.on_treatment.all.proportion"].events == 1
    assert told.results["exposure.lines.2.proportion"].events == 2


def test_nobody_stopped(tmp_path):
    told = made(tmp_path, [stopped("P1", None), stopped("P2", None)])
    assert "No patient stopped treatment; two continued at the last contact." in told.text
    assert not told.figures()
    assert told.results["exposure.time_on_treatment.all.count"].value == 0


def test_all_stopped(tmp_path):
    told = made(tmp_path, [stopped("P1", 100), stopped("P2", 200, "toxicity"), stopped("P3", 300, None)])
    assert "All three patients stopped treatment" in told.text
    assert "one for a reason not recorded; none continued at the last contact" in told.text
    assert "Treatment was stopped for toxicity in 1 of 3 (33%; 95% CI 1–91)." in told.text


def test_a_death_without_a_stop_is_neither_stopped_nor_going_on(tmp_path):
    died = {"vital_status": "dead", "death_date": day(300), "last_contact": day(300)}
    told = made(tmp_path, [stopped("P1", 100), stopped("P2", None) | died, stopped("P3", None)])
    assert told.results["exposure.on_treatment.all.proportion"].events == 1
    assert "one died without a recorded stop" in told.text
    assert told.results["exposure.all.all.person_time"].value == 100 + 300 + 1000


def test_dose_changes_are_patients_not_events(tmp_path):
    rows = [{"patient_id": "P1", "term": "Nausea", "grade": 2, "action": action}
            for action in ("dose reduced", "Dose reduced ", "none", None, "dose interrupted")]  # fmt: skip
    told = made(tmp_path, [stopped("P1", 100), stopped("P2", 200)], toxicities=rows)
    assert told.results["exposure.action.dose reduced.proportion"].events == 1
    assert told.results.facts["exposure"].actions == {
        "dose interrupted": "dose interrupted",
        "dose reduced": "dose reduced",
    }
    lines = {line[0]: line[1] for line in told.table("table-exposure")}
    assert lines["dose interrupted"] == lines["dose reduced"] == "1/2 (50%)"
    assert "dose reduced" not in told.text  # the table says it


def test_a_column_of_actions_in_which_nobody_wrote_anything(tmp_path):
    rows = [{"patient_id": "P1", "term": "Nausea", "grade": 2, "action": None}]
    told = made(tmp_path, [stopped("P1", 100)], toxicities=rows)
    assert told.results.facts["exposure"].actions == {} and "dose" not in told.text


def test_lines_of_treatment(tmp_path):
    given = (("P1", 1, 0), ("P1", 2, 400), ("P2", 1, 0))
    lines = [{"patient_id": who, "line": line, "start_date": day(on)} for who, line, on in given]
    told = made(tmp_path, [stopped(f"P{i}", 100) for i in (1, 2, 3)], treatments=lines)
    lines = {line[0]: line[1] for line in told.table("table-exposure")}
    assert (lines["1"], lines["2"], lines["not recorded"]) == ("1/3 (33%)", "1/3 (33%)", "1/3 (33%)")


def test_one_patient(tmp_path):
    told = made(tmp_path, [stopped("P1", 400)])
    assert "The one patient stopped treatment as planned. The time on treatment was 1.1 years." in told.text
    assert "%" not in told.text and "median" not in told.text


def test_groups_have_their_curves(two_groups):
    told = of(exposure, two_groups.cohort)
    assert len(told.results.select_curves(section="exposure")) == 3
    assert "In regimen B the median time to the stop was 11.4 months" in told.text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_actions_stay_text(tmp_path, text):
    rows = [{"patient_id": "P1", "term": "Nausea", "grade": 2, "action": text}]
    told = made(tmp_path, [stopped("P1", 100), stopped("P2", 200)], toxicities=rows)
    shown = " ".join(text.split())
    assert (shown, "1/2 (50%)") in [(line[0], line[1]) for line in told.table("table-exposure")]


def test_a_group_in_which_nobody_stopped_is_left_out_of_the_reasons(tmp_path):
    """Two of three groups are said with their stops for toxicity: it was a bug."""
    rows = [
        patient(f"P{k}", arm="ABC"[k % 3], treatment_stop=100 if k % 3 else None,
                stop_reason="toxicity" if k % 3 else None)
        for k in range(9)
    ]  # fmt: skip
    told = chapter(exposure, tmp_path, patients=rows, overrides={"report.group": "arm"})
    assert "By arm these were 3 of 3 in B and 3 of 3 in C." in told.text


def test_actions_lines_and_doses_stand_by_group(tmp_path):
    """Of the patients of each group that are assessed, treated, and of known doses."""
    people = [
        patient(f"P{k}", arm="AB"[k % 2], toxicity_assessed="no" if k == 5 else "yes") for k in range(6)
    ]
    told = made(
        tmp_path,
        people,
        toxicities=[{"patient_id": who, "term": "Nausea", "grade": 2, "action": "dose reduced"}
                    for who in ("P0", "P0", "P1", "P3", "P5")],
        treatments=[{"patient_id": f"P{k}", "line": 1, "treatment": "x", "start_date": day(0), "dose": "10 mg"}
                    for k in range(4)]
        + [{"patient_id": "P1", "line": 1, "treatment": "x", "start_date": day(50), "dose": "5 mg"},
           {"patient_id": "P2", "line": 2, "treatment": "y", "start_date": day(90), "dose": None}],
        overrides={"group": "arm"},
    )  # fmt: skip
    cells = {row[0]: row[1:4] for row in told.table("table-exposure")}
    assert cells["dose reduced"] == ["3/5 (60%)", "1/3 (33%)", "2/2 (100%)"]
    assert cells["On treatment at the last contact"] == ["6/6 (100%)", "3/3 (100%)", "3/3 (100%)"]
    assert cells["1"] == ["3/6 (50%)", "1/3 (33%)", "2/3 (67%)"]
    assert cells["reduced below the first one"] == ["1/4 (25%)", "0/2 (0%)", "1/2 (50%)"]
    assert told.results["exposure.dose_of.B|reduced.proportion"].n == 2


def test_why_who_had_an_event_that_ended_treatment_stopped(two_groups):
    # Of the four that completed treatment every toxicity that is said to have ended it began after the stop.
    told = of(exposure, two_groups.cohort)
    assert (
        "the reason given for stopping was toxicity in 12, death in 2 and “completed” in 4. In 4 of the 18 it began"
        in told.text
    )
