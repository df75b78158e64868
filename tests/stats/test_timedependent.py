import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.stats.design import design
from reportgen.stats.hazards import cox, fit_cox
from reportgen.stats.timedependent import episodes, landmark, time_dependent_cox
from tests.golden_data import load

HEART = Path(__file__).parents[3] / "shared" / "cases" / "crowley1977_heart.csv"


def colon():
    columns, answers = load("colon_wide")
    relapse = np.where(columns["rec"] == 1, columns["rec_time"], np.nan)
    return columns, answers, relapse


def assert_equals(fitted, answer):
    error = np.array(answer["se"])
    assert (np.abs(fitted.beta - answer["coef"]) < 1e-6 * error).all()
    assert (np.abs(np.sqrt(np.diag(fitted.covariance)) - error) < 1e-6 * error).all()


def test_relapse_as_a_time_dependent_covariate_equals_r():
    """R: coxph(Surv(tstart, tstop, death) ~ rel + age), rows by tmerge(…, rel = tdc(rec_time))."""
    columns, answers, relapse = colon()
    answer = answers["relapse_as_time_dependent_covariate"]
    rows = episodes(columns["os_time"], columns["os"], relapse, same_day_known=False)
    assert len(rows.entry) == answer["n_rows"]
    covariates = {"rel": rows.known, "age": columns["age"][rows.patient]}
    assert_equals(fit_cox(design(rows.exit, rows.status, covariates, entry=rows.entry)), answer["cox"])


def test_a_landmark_analysis_equals_r():
    """R: coxph(Surv(os_time - 365, os) ~ rel365, subset = os_time > 365); a death on day 365 is out there."""
    columns, answers, relapse = colon()
    answer = answers["landmark_365_by_relapse"]
    at = landmark(columns["os_time"], columns["os"], relapse, 365.5)
    assert [len(at.known), (~at.known).sum(), at.known.sum()] == [answer["n"], *answer["n_by_group"]]
    assert_equals(fit_cox(design(at.duration, at.status, {"rel365": at.known})), answer["cox"])


def test_stanford_hearts_are_not_saved_by_immortal_time():
    """Crowley & Hu 1977: naive hazard ratio 0.27, time-dependent 1.14 (p 0.67), landmark 30 days 0.92 (p 0.75)."""
    if not HEART.exists():
        pytest.skip("the cohort crowley1977_heart.csv is not on this machine")
    with HEART.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    duration, status = (np.array([float(row[name]) for row in rows]) for name in ("futime", "fustat"))
    transplant = np.array([float(row["wait.time"] or "nan") for row in rows])

    naive, _ = cox(duration, status, {"transplant": np.isfinite(transplant)})
    assert round(naive.value, 2) == 0.27

    right, p = time_dependent_cox(duration, status, {"transplant": transplant})
    assert (round(np.log(right.value), 3), round(right.value, 2), round(p.value, 2)) == (0.127, 1.14, 0.67)
    assert (right.n, right.events) == (103, 75)
    assert right.method == "time-dependent Cox (Efron ties); Wald 95% CI"

    at = landmark(duration, status, transplant, 30)
    assert (len(at.known), at.known.sum()) == (79, 35)
    ratio, p = cox(at.duration, at.status, {"transplant": at.known})
    assert (round(ratio.value, 2), round(p.value, 2)) == (0.92, 0.75)


def test_episodes_by_hand():
    """Known on day 3 of 5; never; on the day of the end; at time zero; after the end (as good as never)."""
    rows = episodes([5, 4, 6, 2, 1], [1, 0, 1, 0, 1], [3, np.nan, 6, 0, 9])
    assert rows.patient.tolist() == [0, 0, 1, 2, 2, 3, 4]
    np.testing.assert_allclose(rows.entry, [0, 3, 0, 0, 6, 0, 0])
    np.testing.assert_allclose(rows.exit, [3, 5, 4, 6, 6, 2, 1])
    assert rows.status.tolist() == [0, 1, 0, 0, 1, 0, 1]
    assert rows.known.tolist() == [0, 1, 0, 0, 1, 1, 0]
    assert (rows.entry < rows.exit).all()
    to_the_letter = episodes([5, 4, 6], [1, 0, 1], [3, np.nan, 6], same_day_known=False)
    assert to_the_letter.known.tolist() == [0, 1, 0, 0]


def test_an_event_at_time_zero_has_someone_at_risk():
    rows = episodes([0, 5], [1, 1], [np.nan, 0])
    assert rows.entry.tolist() == [-1, -1, 0]
    assert rows.exit.tolist() == [0, 0, 5]


def test_a_landmark_by_hand():
    """At day 10: one gone before, one at risk on the day itself, one known, one known only later."""
    at = landmark([9, 10, 20, 30], [1, 1, 0, 1], [5, np.nan, 10, 11], 10)
    assert at.kept.tolist() == [False, True, True, True]
    assert at.duration.tolist() == [0, 10, 20]
    assert at.status.tolist() == [1, 0, 1]
    assert at.known.tolist() == [False, True, False]


def test_nobody_is_left_at_a_late_landmark():
    assert len(landmark([1, 2], [1, 0], [np.nan, 1], 5).duration) == 0


def test_a_feature_that_nobody_got_has_a_reason():
    ratio, p = time_dependent_cox([1, 2, 3], [1, 0, 1], {"response": [np.nan] * 3})
    assert (ratio.value, ratio.note) == (None, "NE: response does not vary")
    assert p.value is None


def test_patients_are_counted_and_not_rows():
    ratio, *_ = time_dependent_cox(
        [3, 5, 6, 7, 8],
        [1, 1, 0, 1, 1],
        {"response": [1, np.nan, 2, 4, np.nan]},
        {"age": [50, 61, 70, np.nan, 44]},
    )
    assert (ratio.n, ratio.events) == (4, 3)


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        (([1, 2], [1], [1, 1]), "one length"),
        (([1, -2], [1, 0], [1, 1]), "not negative"),
        (([1, np.inf], [1, 0], [1, 1]), "finite"),
    ],
)
def test_wrong_columns_are_refused(columns, fault):
    with pytest.raises(ValueError, match=fault):
        landmark(*columns, 1)
    with pytest.raises(ValueError, match=fault):
        episodes(*columns)


def test_one_changing_feature_at_a_time():
    with pytest.raises(ValueError, match="held 2"):
        time_dependent_cox([1], [1], {"a": [1], "b": [1]})


patients = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 1), st.one_of(st.none(), st.integers(-2, 25))),
    min_size=1,
    max_size=20,
)


@given(patients, st.booleans())
@settings(max_examples=60, deadline=None)
def test_episodes_keep_every_patient_day_and_event(rows, same_day):
    duration, status, known = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    cut = episodes(duration, status, known, same_day_known=same_day)
    start = cut.entry.min()
    followed = np.bincount(cut.patient, weights=cut.exit - cut.entry)
    np.testing.assert_allclose(followed, duration - min(start, 0), atol=1e-12)
    assert np.bincount(cut.patient, weights=cut.status).tolist() == status.tolist()
    assert (np.diff(cut.patient) >= 0).all()
    assert (cut.entry < cut.exit).all()


@given(patients)
@settings(max_examples=20, deadline=None)
def test_a_time_dependent_model_is_a_number_or_a_reason(rows):
    duration, status, known = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    ratio, p = time_dependent_cox(duration, status, {"response": known})
    assert (ratio.value is None) == (p.value is None) == ratio.note.startswith("NE: ")
