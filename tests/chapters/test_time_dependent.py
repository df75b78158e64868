"""What became known later as a covariate that changes: beside the landmark, and never as if known at the start."""

from __future__ import annotations

import re
from datetime import timedelta

import numpy as np
import pytest

from reportgen.chapters import survival
from reportgen.report import plain
from reportgen.stats.timedependent import time_dependent_cox
from tests.chapters.chapters import START, chapter, patient


def patients(n: int = 80) -> list[dict]:
    """Death does not depend on the response, which only who lives until its day can have."""
    rows, rng = [], np.random.default_rng(7)
    for k in range(n):
        death = round(float(rng.exponential(500))) + 1
        response = round(float(rng.uniform(30, 400)))
        answered = k % 4 != 0 and response < min(death, 1000)
        rows.append(
            patient(
                f"P{k:03}",
                best_response="PR" if answered else "SD",
                response_date=response if answered else None,
                vital_status="dead" if death < 1000 else "alive",
                death_date=death if death < 1000 else None,
                last_contact=min(death, 1000),
            )
        )
    return rows


def test_the_ratio_stands_below_the_landmark(tmp_path):
    told = chapter(survival, tmp_path, patients=patients())
    ratio = told.results["survival.os.response.hazard_ratio_time_dependent"]
    p = told.results["survival.os.response.p_value_time_dependent"]
    assert ratio.n == 80 and 0 < p.value < 1
    assert str(ratio.method).startswith("time-dependent Cox (Efron ties); Wald 95% CI")
    assert str(ratio.method).endswith("once known against before or never")
    (line,) = [
        row
        for row in told.table("table-survival-landmark")
        if row[0].startswith("Hazard ratio from the start")
    ][:1]
    assert line[2] == f"{ratio.value:.2f}"


def test_it_is_free_of_immortal_time(tmp_path):
    rows = patients()
    ratio = chapter(survival, tmp_path, patients=rows).results[
        "survival.os.response.hazard_ratio_time_dependent"
    ]
    days = [(row["last_contact"] - row["treatment_start"]).days for row in rows]
    known = [
        (row["response_date"] - row["treatment_start"]).days if row["response_date"] else np.nan
        for row in rows
    ]
    died = [int(row["vital_status"] == "dead") for row in rows]
    expected, _p = time_dependent_cox(days, died, {"x": known})
    assert (ratio.value, ratio.low) == pytest.approx((expected.value, expected.low), rel=1e-9)
    # As if known at the start, a response that does nothing would seem to protect.
    at_start, _p = time_dependent_cox(days, died, {"x": np.where(np.isnan(known), np.nan, -1)})
    assert at_start.high < 1 < ratio.high


def test_few_events_are_refused_and_print_no_row(tmp_path):
    told = chapter(survival, tmp_path, patients=patients(10))
    ratio = told.results["survival.os.response.hazard_ratio_time_dependent"]
    assert ratio.value is None and ratio.status.value == "refused"


def test_the_curves_move_with_what_is_known(tmp_path):
    told = chapter(survival, tmp_path, patients=patients())
    curves = told.results.select_curves(kind="simon_makuch", endpoint="os_after_landmark_by_response")
    assert [curve.group for curve in curves] == ["response", "no response"]
    landmark = told.results.select_curves(kind="kaplan_meier", endpoint="os_after_landmark_by_response")
    # Who responds after the landmark is in both curves, in one after the other; the events are the same ones.
    assert sum(curve.n for curve in curves) > sum(curve.n for curve in landmark)
    events = [sum(int(c.steps.events.sum()) for c in found) for found in (curves, landmark)]
    assert events[0] == events[1]
    (figure,) = [
        f for f in told.figures() if f.id == "figure-survival-os_after_landmark_by_response-changing"
    ]
    assert "moves from one curve to the other" in str(figure.caption)
    fixed = next(f for f in told.figures() if f.id == "figure-survival-os_after_landmark_by_response")
    told_of = "overall survival by response"
    shares = r"the event in \d+ of \d+ with response by then and in \d+ of \d+ without\."
    assert re.fullmatch(rf"From 6 months on: {told_of} \(n = \d+\): {shares}", plain(fixed.caption))
    assert plain(figure.caption).startswith(f"From 6 months on: {told_of} at each time (n = ")


def test_where_the_ratio_is_refused_no_curve_moves(tmp_path):
    told = chapter(survival, tmp_path, patients=patients(10))
    assert not told.results.select_curves(kind="simon_makuch")


def test_with_late_entry_who_is_not_treated_yet_is_not_at_risk_at_the_landmark(tmp_path):
    """Of nine patients one is treated a year after diagnosis, and one a month: after half a year eight are at risk."""
    rows = []
    for k in range(9):
        treated = 365 if k == 0 else 30
        dies = 100 + 50 * k  # days since the start of treatment; all but P0 and P1 outlive the landmark
        rows.append(
            patient(
                f"P{k}",
                diagnosis_date=START - timedelta(days=treated),
                best_response="PR" if k % 2 else "SD",
                response_date=20 if k % 2 else None,
                vital_status="dead",
                death_date=dies,
                last_contact=dies,
            )
        )
    told = chapter(survival, tmp_path, patients=rows, overrides={"origin": "diagnosis_date"})
    key = "survival.os_after_landmark_by_response"
    # P1 died 180 days after diagnosis, before the landmark of 182.6; P3, P5, P7 had answered, P2, P4, P6, P8 not.
    assert told.results[f"{key}.response.count"].n == 3
    assert told.results[f"{key}.no response.count"].n == 4
    late = told.cohort.endpoints["os"].entry
    assert late is not None and late.max() == 365
    # Nobody enters later, so that the numbers under the curves begin with all who are at risk.
    curves = told.results.select_curves(kind="kaplan_meier", endpoint="os_after_landmark_by_response")
    assert sorted(int(curve.steps.at_risk.max()) for curve in curves) == [3, 4]
