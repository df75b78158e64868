"""What was found by looking at every page at reading size, each fault once."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.analyses.measurement_medians import medians
from reportgen.analyses.measurement_series import measured
from reportgen.chapters import cohort, exposure, follow_up, patients, relapse, survival, toxicity
from reportgen.figures import style
from reportgen.report import Paragraph, plain
from reportgen.stats.rates import rate_ratio
from tests.chapters.chapters import chapter, day, patient

ARMS = {"report.group": "arm", "report.time_unit": "months", "report.landmarks": [6, 12]}


def cohort_of(n: int, **columns) -> list[dict]:
    """n patients in two arms, A and B in turn, followed for 500 days and more."""
    return [
        patient(f"p{i:02}", arm="AB"[i % 2], last_contact=500 + i, relapse_date=None, **columns)
        for i in range(n)
    ]


def said(told) -> str:
    blocks = (*told.section.blocks, *told.section.further)
    return " ".join(plain(b.text) for b in blocks if isinstance(b, Paragraph)).replace("\xa0", " ")


def notes(told, id: str) -> str:
    table = next(b for b in (*told.section.blocks, *told.section.further) if getattr(b, "id", "") == id)
    return " ".join(map(plain, table.notes)).replace("\xa0", " ")


def test_bounds_under_extreme_censoring_stand_by_group(tmp_path):
    rows = cohort_of(6)
    rows[0] |= patient("p00", vital_status="dead", death_date=100, last_contact=100) | {"arm": "A"}
    rows[1]["last_contact"] = day(90)
    told = chapter(follow_up, tmp_path, patients=rows, overrides=ARMS)
    lines = told.table("table-maturity")
    assert [line[0] for line in lines] == ["All patients", "6 months", "12 months", "A", "6 months", "12 months",
                                           "B", "6 months", "12 months"]  # fmt: skip
    # Of A nobody was lost, of B one of three on day 90: overall survival 67%, and between 67 and 100%.
    assert lines[4][4:] == ["3/3 (100%)", "67%", "67%"]
    assert lines[7][4:] == ["2/3 (67%)", "67%", "100%"]
    known = told.results["follow_up.os.B.known_status@182.625"]
    assert (known.events, known.n) == (2, 3)


def test_a_group_without_the_competing_event_has_its_row(tmp_path):
    rows = cohort_of(8)
    for i in (0, 1, 2, 3):
        rows[i]["relapse_date"] = day(60 + i)
    rows[4] |= patient("p04", vital_status="dead", death_date=100, last_contact=100) | {"arm": "A"}
    told = chapter(relapse, tmp_path, patients=rows, overrides=ARMS)
    of_b = told.table("table-relapse")[-1]
    assert of_b[0] == "12 months" and of_b[5:8] == ["2 †", "0", "0%"]


def test_who_is_named_by_arm_is_named_once(tmp_path):
    rows = cohort_of(8, toxicity_assessed="yes")
    events = [
        {"patient_id": f"p{i:02}", "term": "Nausea", "grade": 3, "onset_date": day(10)} for i in (0, 1, 2)
    ]
    told = chapter(toxicity, tmp_path, patients=rows, toxicities=events, overrides=ARMS)
    text = said(told)
    assert "in A and in 1 of 4" in text and "in B, of grade 5 in none." in text
    assert "in arm: A" not in text


def test_events_of_ones_own_are_not_missing_where_they_did_not_happen(tmp_path):
    rows = cohort_of(6, surgery_date=None, biopsy_date=None)
    rows[0]["surgery_date"], rows[0]["biopsy_date"] = day(30), day(3)
    told = chapter(cohort, tmp_path, patients=rows, overrides={"patients.marks": ["surgery_date"]})
    found = {line[0].casefold(): line for line in told.table("table-completeness")}
    assert found["surgery date"][1:] == ["all patients; empty: none observed", "1/6 (17%)", "–"]
    assert found["biopsy date"][1:] == ["all patients", "1/6 (17%)", "5"]
    assert "surgery" not in said(told).partition("least often recorded")[2]


def test_why_a_mean_has_no_interval_is_said(tmp_path):
    rows = cohort_of(6)
    for i in range(4):
        rows[i] |= {"relapse_date": day(60 + i)}
    told = chapter(survival, tmp_path, patients=rows, overrides=ARMS)
    assert "No interval with fewer than 10 events." in notes(told, "table-survival")


def test_of_two_patients_no_interval_is_said(tmp_path):
    rows = cohort_of(8, stage="I")
    rows[0]["stage"] = rows[1]["stage"] = "II"
    for i in (2, 3, 5):
        rows[i]["relapse_date"] = day(60 + i)
    told = chapter(relapse, tmp_path, patients=rows)
    assert "No interval of one or two patients." in notes(told, "table-relapse-features")


def test_bounds_that_are_printed_alike_are_one_number(tmp_path):
    rows = cohort_of(8, stage="I")
    for i in range(8):
        rows[i]["relapse_date"] = day(60 + i)
    rows[0]["stage"], rows[1]["stage"], rows[2]["stage"] = "II", "II", None
    rows[7]["relapse_date"] = None
    told = chapter(relapse, tmp_path, patients=rows)
    text = notes(told, "table-relapse-features")
    assert "II 100%" in text and "100–100" not in text


def test_the_cause_of_a_single_death_has_no_count(tmp_path):
    rows = cohort_of(6)
    for i in (1, 2, 3):
        rows[i]["relapse_date"] = day(60 + i)
    dead = patient("p00", vital_status="dead", death_date=100, last_contact=100, cause_of_death="infection")
    rows[0] |= dead | {"arm": "A"}
    told = chapter(relapse, tmp_path, patients=rows)
    assert "Cause of this death: infection." in said(told)


def test_the_group_without_events_is_named():
    assert str(rate_ratio((2, 0), (100.0, 100.0), against="A").note) == "NE: no events in A"


def test_states_of_ones_own_share_no_colour_with_responses():
    others = {*style.RESPONSES.values(), *style.GROUPS, *style.GRADES}
    assert not others & set(style.OWN_STATES)
    light = [style.luminance(colour) for colour in style.OWN_STATES]
    assert all(a - b > 0.08 for a, b in zip(light, light[1:], strict=False))


def test_nobody_in_response_leaves_no_otherwise(tmp_path):
    rows = cohort_of(8, best_response="SD", response_date=None, treatment_stop=100)
    told = chapter(survival, tmp_path, patients=rows)
    (figure,) = [b for b in told.section.further if getattr(b, "id", "") == "figure-survival-states"]
    assert "otherwise" not in figure.alt and "Off treatment" in figure.alt


def test_short_times_are_months_where_the_report_speaks_in_years(tmp_path):
    rows = cohort_of(12, toxicity_assessed="yes")
    events = [
        {"patient_id": f"p{i:02}", "term": "Nausea", "grade": 3, "onset_date": day(30)} for i in range(6)
    ]
    told = chapter(toxicity, tmp_path, patients=rows, toxicities=events)
    (table,) = [b for b in told.section.further if getattr(b, "id", "") == "table-toxicity-onset"]
    assert table.columns[-1].unit == "months"
    assert told.table("table-toxicity-onset")[0][-1] == "1.0 (1.0–1.0)"


@pytest.fixture(scope="module")
def many_measured(tmp_path_factory):
    rows = cohort_of(14)
    values = [
        {"patient_id": f"p{i:02}", "date": day(at), "name": "ALT", "value": 10 + i + at / 10, "unit": "U/L",
         "lower": None, "upper": None}
        for i in range(14) for at in (0, 28, 58 if i else 300)
    ]  # fmt: skip
    folder = tmp_path_factory.mktemp("measured")
    return chapter(patients, folder, patients=rows, measurements=values, overrides=ARMS)


def test_the_median_of_many_lines_is_drawn_by_group(many_measured):
    """Usual interval 29 days: values of day 0, 28 and 58 are those of 0, 1 and 2 intervals."""
    found = many_measured.results.select(
        section="patients", variable="measurement: ALT (U/L)", statistic="median"
    )
    of_a = [e for e in found if e.group == "A"]
    # Patients 0, 2 … 12 are of A: 10, 12 … 22 on day 0; on day 58 without the first.
    assert [(e.time, e.value, e.n) for e in of_a] == [(0, 16.0, 7), (29, 18.8, 7), (58, 22.8, 6)]
    (figure,) = [b for b in many_measured.section.further if getattr(b, "id", "") == "figure-measurements"]
    assert "the median by arm" in " ".join(map(plain, figure.notes)).replace("\xa0", " ")
    assert "ALT in 14 patients" in plain(figure.caption).replace("\xa0", " ")


def test_medians_of_few_patients_are_not_made(many_measured):
    (one,) = measured(many_measured.cohort)
    assert np.isclose(medians(many_measured.cohort, one)[0].value, 16.5)
    few = type(one)(one.name, one.unit, {k: v for k, v in one.tracks.items() if k < 12})
    assert medians(many_measured.cohort, few) == ()


def test_treatment_stopped_for_toxicity_names_its_groups_once(tmp_path):
    rows = cohort_of(8, treatment_stop=100, stop_reason="completed")
    rows[0]["stop_reason"] = "toxicity"
    told = chapter(exposure, tmp_path, patients=rows, overrides=ARMS)
    assert "By arm these were 1 of 4 in A" in said(told) and "arm: A and" not in said(told)


def test_the_upper_limit_of_a_median_ratio_is_not_reached_but_estimable(tmp_path):
    rows = cohort_of(4)
    lines = []
    for i, row in enumerate(rows):
        row["relapse_date"] = day(100 + 40 * i) if i < 3 else None
        lines += [
            {"patient_id": row["patient_id"], "line": 1, "treatment": "x", "start_date": day(-300),
             "stop_date": day(-100), "stop_reason": "progression"},
            {"patient_id": row["patient_id"], "line": 2, "treatment": "y", "start_date": day(0), "stop_date": None,
             "stop_reason": None},
        ]  # fmt: skip
    told = chapter(survival, tmp_path, patients=rows, treatments=lines)
    text = said(told).partition("growth modulation index")[2].partition(". ")[0]
    assert "–NR)" in text and "NE" not in text
