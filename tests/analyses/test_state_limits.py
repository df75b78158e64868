"""Where states over time begin and end: how few patients are enough, which day counts, what is one state."""

from __future__ import annotations

import pytest

from reportgen.analyses.response_states import cut, merged
from reportgen.chapters import survival
from tests.chapters.chapters import chapter, patient


def patients(n: int, **arms) -> list[dict]:
    return [
        patient(f"P{k}", best_response="SD", treatment_stop=50 + k, relapse_date=None,
                **{name: levels[k] for name, levels in arms.items()})
        for k in range(n)
    ]  # fmt: skip


def groups_drawn(told) -> set:
    return {curve.group for curve in told.results.select_curves(section="survival", kind="state_occupancy")}


@pytest.mark.parametrize("n, drawn", [(2, set()), (3, {"all"})])
def test_three_patients_are_enough(tmp_path, n, drawn):
    assert groups_drawn(chapter(survival, tmp_path, patients=patients(n))) == drawn


def test_three_of_a_group_are_enough(tmp_path):
    told = chapter(survival, tmp_path, patients=patients(5, arm="XXXYY"), overrides={"report.group": "arm"})
    assert groups_drawn(told) == {"all", "X"}


@pytest.mark.parametrize("next_line, events", [(100, 1), (101, 0)])
def test_a_next_line_on_the_day_of_the_landmark_counts(tmp_path, next_line, events):
    rows = patients(4)
    lines = [{"patient_id": row["patient_id"], "line": 1, "treatment": "x", "start_date": row["treatment_start"]}
             for row in rows]  # fmt: skip
    second = patient("P0", start_date=None, treatment_stop=next_line)["treatment_stop"]
    lines.append({"patient_id": "P0", "line": 2, "treatment": "y", "start_date": second})
    told = chapter(survival, tmp_path, patients=rows, treatments=lines,
                   overrides={"report.time_unit": "days", "report.landmarks": "100"})  # fmt: skip
    assert told.results["survival.treatment_free_survival.all.rmst@100"].events == events


def test_a_state_that_does_not_change_is_one(tmp_path):
    assert merged([]) == ()
    assert merged([(10, "PR"), (20, "PR"), (30, "CR"), (40, "PR")]) == ((10, "PR"), (30, "CR"), (40, "PR"))
    assert merged([(10, "PR"), (10, "PD")]) == ((10, "PD"),)
    assert cut(0, 100, ((0, "SD"), (40, "CR"), (100, "PD"))) == [(0, 40, "SD"), (40, 100, "CR")]
