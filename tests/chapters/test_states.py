"""States over time: everybody is in one of them, and each change shows on its day."""

import numpy as np
import pytest

from reportgen.base.errors import DataRefused, UsageError
from reportgen.chapters import survival
from reportgen.report import Paragraph, plain
from tests.chapters.chapters import chapter, day, patient
from tests.golden_data import load

PATIENTS = [
    patient("A", best_response="CR", response_date=50, treatment_stop=100, relapse_date=300, death_date=600,
            last_contact=600, vital_status="dead"),
    patient("B", best_response="SD", treatment_stop=200, relapse_date=None),
    patient("C", best_response="PR", response_date=50, treatment_stop=None, relapse_date=None),
    patient("D", best_response="PD", treatment_stop=80, relapse_date=80),
    patient("E", best_response="CR", response_date=100, treatment_stop=100, relapse_date=None),
]  # fmt: skip


def shares(told, day):
    return shares_of(told, "states", day)


def shares_of(told, endpoint, day):
    curves = told.results.select_curves(section="survival", endpoint=endpoint, kind="state_occupancy")
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
    (tmp_path / "arms").mkdir()
    rows = [row | {"arm": "X" if row["patient_id"] in "ABD" else "Y"} for row in PATIENTS]
    told = chapter(
        survival, tmp_path / "arms", patients=rows, treatments=lines, overrides={"report.group": "arm"}
    )
    # In X 265.25, 165.25 and 285.25 days: 7.8 months; the two of Y have no mean.
    of_x = told.results["survival.treatment_free_survival.X.rmst@365.25"]
    assert np.isclose(of_x.value, (265.25 + 165.25 + 285.25) / 3)
    assert told.table("table-survival-treatment-free") == [["1 year", "6.4"], ["X", "7.8"]]


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
    assert told.table("table-survival-treatment-free")[0] == ["1 year", "6.4", "1.5", "4.9"]


def golden_patients() -> tuple[list[dict], dict]:
    """The patients of tests/golden/states.csv by their dates."""
    columns, answers = load("states")
    rows: dict[int, dict] = {}
    for who, at, to in zip(columns["patient"].astype(int), columns["to_day"], columns["to"], strict=True):
        row = rows.setdefault(int(who), {"last": 0})
        row |= {to: day(int(at)), "last": max(row["last"], int(at))}
    return [
        patient(f"P{who}", seen_date=row.get("response"), back_date=row.get("relapsed"),
                death_date=row.get("dead"), vital_status="dead" if "dead" in row else "alive",
                last_contact=row["last"] + (row.get("dead") is None and "censored" not in row))
        for who, row in rows.items()
    ], answers  # fmt: skip


STATES = 'key = "course"\nlabel = "Course"\nstates = ["seen_date", "back_date"]'


def with_states(folder, rows, rule=STATES):
    (folder / "report.toml").write_text(f"[[endpoint]]\n{rule}\n")
    return chapter(survival, folder, patients=rows)


def test_states_of_the_settings_equal_r(tmp_path):
    """R: survfit with states (tests/golden/states.R)."""
    rows, answers = golden_patients()
    told = with_states(tmp_path, rows)
    names = {"start": "start", "response": "seen_date", "relapsed": "back_date", "dead": "dead"}
    for theirs, ours in names.items():
        curve = told.results[f"survival.course.all.state_occupancy.{ours}"]
        at = np.searchsorted(curve.steps.time, answers["time"], side="right") - 1
        np.testing.assert_allclose(curve.steps.estimate[at], answers[theirs], atol=1e-12)
    (figure,) = [b for b in told.section.further if getattr(b, "id", "") == "figure-survival-course"]
    assert plain(figure.caption).endswith(" back; and 81% dead.") and "; Seen 0%; " in figure.alt


def test_a_state_named_earlier_is_never_gone_back_to(tmp_path):
    rows = [patient(f"P{k}", seen_date=day(200), back_date=day(100)) for k in range(5)]
    told = with_states(tmp_path, rows)
    assert shares_of(told, "course", 150) == {"start": 0, "seen_date": 0, "back_date": 1, "dead": 0}
    assert shares_of(told, "course", 250) == {"start": 0, "seen_date": 0, "back_date": 1, "dead": 0}


def test_states_have_a_key_of_their_own_and_columns_that_exist(tmp_path):
    rows = [patient(f"P{k}", seen_date=day(200)) for k in range(5)]
    with pytest.raises(UsageError, match="a key of its own"):
        with_states(tmp_path, rows, 'key = "os"\nstates = ["seen_date"]')
    with pytest.raises(UsageError, match="has states, expected none of event, time"):
        with_states(tmp_path, rows, 'key = "x"\nstates = ["seen_date"]\ntime = "t"\nevent = "e"')
    with pytest.raises(DataRefused) as refused:
        with_states(tmp_path, rows)
    assert "back_date" in str(refused.value.issues[0].problem)


def test_why_states_are_not_drawn_is_said(tmp_path):
    told = with_states(tmp_path, [patient(f"P{k}", seen_date=day(200), back_date=day(300)) for k in range(2)])
    said = [plain(b.text) for b in told.section.further if isinstance(b, Paragraph)]
    assert [text for text in said if text.startswith("Not drawn: the states need days of all their dates")]
