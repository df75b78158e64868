"""Times that differ by less than a millisecond are one time for every estimator, as R's survival (timefix) has it."""

import numpy as np
import pytest

from reportgen.stats.comparison import logrank_scores, permutation_logrank
from reportgen.stats.design import design
from reportgen.stats.events import event_table, rounded
from reportgen.stats.firth import firth_cox
from reportgen.stats.followup import censored_before
from reportgen.stats.hazards import cox, fit_cox
from reportgen.stats.proportional_hazards import proportional_hazards_test
from reportgen.stats.timedependent import episodes, landmark, time_dependent_cox

# The same months, once multiplied and once added up: 1.1 × 30.4375 twice, 0.1 + 0.2 and 0.3, and so on.
STATUS = [1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1]
X = [0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 1]
NEAR = np.array([0.1 + 0.2, 0.3, 0.3, 1.1 * 3, 3.3, 3.3, 7 * 0.1, 0.7, 4.35 * 100, 435, 435, 9.0]) * 30.4375
EXACT = np.array([0.3, 0.3, 0.3, 3.3, 3.3, 3.3, 0.7, 0.7, 435, 435, 435, 9.0]) * 30.4375


def test_the_times_are_near_ties():
    assert len(np.unique(NEAR)) > len(np.unique(EXACT)) == 5
    assert event_table(NEAR, STATUS) == event_table(EXACT, STATUS)
    assert rounded(NEAR).tolist() == rounded(EXACT).tolist()


def test_regression_models_share_the_ties_of_the_curves():
    for model in (cox, firth_cox):
        near, exact = (model(times, STATUS, {"x": X}) for times in (NEAR, EXACT))
        assert [e.value for e in near] == [e.value for e in exact]
    # R: coxph(Surv(time, status) ~ x, ties = "efron") of the exact times
    assert cox(NEAR, STATUS, {"x": X})[0].value == pytest.approx(1.04734664938, rel=1e-9)


def test_the_check_of_proportional_hazards_shares_them():
    for transform in ("km", "rank", "identity"):
        near, exact = (
            proportional_hazards_test(fit_cox(design(times, STATUS, {"x": X})), transform)["x"]
            for times in (NEAR, EXACT)
        )
        assert near.p == exact.p


def test_the_permutation_test_shares_them():
    assert logrank_scores(NEAR, STATUS).tolist() == logrank_scores(EXACT, STATUS).tolist()
    near, exact = (permutation_logrank(times, STATUS, X) for times in (NEAR, EXACT))
    assert (near.statistic, near.p) == (exact.statistic, exact.p)


def test_landmarks_and_features_that_change_share_them():
    point = 3.3 * 30.4375
    near, exact = (landmark(times, STATUS, [np.nan] * 12, point) for times in (NEAR, EXACT))
    assert near.kept.tolist() == exact.kept.tolist() and near.kept.sum() == 7
    known = np.where(np.arange(12) % 2, EXACT, np.nan)
    near, exact = (time_dependent_cox(times, STATUS, {"x": known}, {"z": X}) for times in (NEAR, EXACT))
    assert [e.value for e in near] == [e.value for e in exact]
    cut = episodes([5.0], [1], [5.0])
    assert cut.known.tolist() == [0, 1] and cut.entry[1] == pytest.approx(5) and cut.entry[1] < 5


def test_lost_before_a_time_means_before_it_after_rounding():
    assert censored_before([0.1 + 0.2], [0], 0.3).events == 0
    assert censored_before([0.3], [0], 0.1 + 0.2).events == 0
