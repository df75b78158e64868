"""States over time: everybody is in one of them, and each change shows on its day."""

import numpy as np

from reportgen.chapters import survival
from tests.chapters.chapters import chapter, day, patient

PATIENTS = [
    patient("A", best_response="CR", response_date=50, treatment_stop=100, relapse_date=300, death_date=600,
            last_contact=600, vital_status="dead"),
    patient("B", best_response="SD", treatment_stop=200, relapse_date=None),
    patient("C", best_response="PR", response_date=50, treatment_stop=None, relapse_date=None),
    patient("D", best_response="PD", treatment_stop=80, relapse_date=80),
    patient("E", best_response="CR", response_date=100, treatment_stop=100, relapse_date=None),
]  # fmt: skip


def shares(told, day):
    curves = told.results.select_curves(section="survival", kind="state_occupancy")
    at = np.searchsorted(curves[0].steps.time, day, side="right") - 1
    return {c.state: round(float(c.steps.estimate[at]), 6) for c in curves}


def test_each_change_shows_on_its_day(tmp_path):
    told = chapter(survival, tmp_path, patients=PATIENTS)
    assert shares(told, 0)["on_treatment"] == 1
    assert shares(told, 60) == {"response_on_treatment": 0.4, "on_treatment": 0.6, "response_off_treatment": 0,
                                "off_treatment": 0, "relapsed": 0, "dead": 0}  # fmt: skip
    assert shares(told, 100) == {"response_on_treatment": 0.2, "on_treatment": 0.2, "response_off_treatment": 0.4,
                                 "off_treatment": 0, "relapsed": 0.2, "dead": 0}  # fmt: skip
    assert shares(told, 700) == {"response_on_treatment": 0.2, "on_treatment": 0, "response_off_treatment": 0.2,
                                 "off_treatment": 0.2, "relapsed": 0.2, "dead": 0.2}  # fmt: skip
    curve = told.results["survival.states.all.state_occupancy.dead"]
    assert (curve.state, curve.n, curve.to_row()["state"]) == ("dead", 5, "dead")


def test_they_stand_in_the_supplement_and_nowhere_without_their_dates(tmp_path):
    told = chapter(survival, tmp_path, patients=PATIENTS)
    assert "figure-survival-states" in {getattr(b, "id", "") for b in told.section.further}
    rows = [{k: v for k, v in row.items() if k != "treatment_stop"} for row in PATIENTS]
    (tmp_path / "without").mkdir()
    bare = chapter(survival, tmp_path / "without", patients=rows)
    assert not bare.results.select_curves(kind="state_occupancy")
    assert "figure-survival-states" not in {getattr(b, "id", "") for b in bare.section.further}


def test_time_free_of_treatment_is_the_area_between_stop_and_next_line(tmp_path):
    start = PATIENTS[0]["treatment_start"]
    lines = [{"patient_id": name, "line": 1, "treatment": "x", "start_date": start} for name in "ABCDE"]
    told = chapter(survival, tmp_path, patients=PATIENTS, treatments=lines)
    mean = told.results["survival.treatment_free_survival.all.rmst@365.25"]
    # Days to one year off treatment: A 265.25, B 165.25, C none, D 285.25, E 265.25; nobody had a next line.
    assert np.isclose(mean.value, (265.25 + 165.25 + 0 + 285.25 + 265.25) / 5)
    assert mean.low is None and mean.se > 0


def test_toxicity_parts_the_time_free_of_treatment(tmp_path):
    """A: severe from day 90 to 120, off treatment from 100 on: 20 days; E: from 150 on without an end, to 365.25."""
    start = PATIENTS[0]["treatment_start"]
    lines = [{"patient_id": name, "line": 1, "treatment": "x", "start_date": start} for name in "ABCDE"]
    events = [("A", 3, 90, 120), ("A", 4, 110, 115), ("B", 2, 250, 400), ("E", 3, 150, None)]
    rows = [
        {
            "patient_id": who,
            "term": "rash",
            "grade": grade,
            "onset_date": day(begun),
            "resolved_date": day(ended),
        }
        for who, grade, begun, ended in events
    ]
    told = chapter(survival, tmp_path, patients=PATIENTS, treatments=lines, toxicities=rows)
    mean = {
        which: told.results[f"survival.treatment_free_survival{which}.all.rmst@365.25"].value
        for which in ("", "_with_toxicity", "_without_toxicity")
    }
    assert np.isclose(mean["_with_toxicity"], (20 + 215.25) / 5)
    assert np.isclose(mean["_without_toxicity"], mean[""] - mean["_with_toxicity"])
    assert told.table("table-survival-treatment-free")[0] == ["1 year", "0.5", "0.1", "0.4"]
