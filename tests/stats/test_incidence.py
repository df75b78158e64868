import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reportgen.stats.events import event_table
from reportgen.stats.incidence import (
    aalen_johansen,
    cumulative_incidence,
    cumulative_incidence_at,
    gray,
    gray_test,
    incidence_limits,
)
from reportgen.stats.survival import IntervalRule, kaplan_meier, logrank, survival_at
from tests.golden_data import floats, load

DATA = {  # time, status and group columns
    "tiny_cr12": ("time", "status", "group"),
    "mgus2": ("cr_time", "cr_status", "sex"),
    "colon_wide": ("cr_time", "cr_status", "rx"),
}
CLOSED_FORM = {"rtol": 0, "atol": 1e-12}
ALWAYS_LOG_LOG = IntervalRule(0, 0)


def cohorts():
    for name, keys in DATA.items():
        columns, answers = load(name)
        time, status, group = (columns[key] for key in keys)
        block = answers["competing_risks"]
        yield pytest.param(time, status, block["overall"], block["landmarks"], id=name)
        for level, answer in block["by_group"].items():
            mine = group == level
            yield pytest.param(time[mine], status[mine], answer, block["landmarks"], id=f"{name}.{level}")


@pytest.mark.parametrize(("time", "status", "answer", "landmarks"), list(cohorts()))
def test_incidence_and_intervals_equal_r(time, status, answer, landmarks):
    """R: survfit(Surv(time, factor(status)) ~ 1)$pstate, $std.err, and conf.type = "log-log"."""
    table, answer = event_table(time, status, causes=2), answer["survfit_aalen_johansen"]
    rows = np.searchsorted(table.time, floats(answer["time"]))
    for cause in (1, 2):
        theirs = answer["cause"][str(cause)]
        incidence, se = aalen_johansen(table, cause)
        np.testing.assert_allclose(incidence[rows], theirs["est"], **CLOSED_FORM)
        np.testing.assert_allclose(se[rows], theirs["std_err"], **CLOSED_FORM)
        marks = theirs["landmark"]
        for i, day in enumerate(landmarks):
            row = cumulative_incidence_at(table, cause, day, rule=ALWAYS_LOG_LOG)
            if not row.exists:
                assert day > table.last_time
                continue
            np.testing.assert_allclose(
                [row.value, row.se], [marks["est"][i], marks["std_err"][i]], **CLOSED_FORM
            )
            if 0 < row.value < 1:
                limits = [marks["lower_loglog"][i], marks["upper_loglog"][i]]
                np.testing.assert_allclose([row.low, row.high], limits, **CLOSED_FORM)


@pytest.mark.parametrize(("time", "status", "answer", "landmarks"), list(cohorts()))
def test_incidence_equals_cmprsk(time, status, answer, landmarks):
    """R: cmprsk::timepoints(cuminc(time, status), landmarks)$est; its variance is of another type."""
    table = event_table(time, status, causes=2)
    for cause in (1, 2):
        theirs = floats(answer["cuminc_cmprsk"][str(cause)]["landmark_est"])
        for day, value in zip(landmarks, theirs, strict=True):
            row = cumulative_incidence_at(table, cause, day)
            if row.exists:
                np.testing.assert_allclose(row.value, value, **CLOSED_FORM)


@pytest.mark.parametrize("name", DATA)
def test_grays_test_equals_r(name):
    """R: cmprsk::cuminc(time, status, group)$Tests."""
    columns, answers = load(name)
    answer = answers["competing_risks"]["gray"]
    for i, cause in enumerate(answer["cause"]):
        test = gray_test(*(columns[key] for key in DATA[name]), cause)
        np.testing.assert_allclose([test.statistic, test.p], [answer["stat"][i], answer["p"][i]], rtol=1e-6)
        assert (test.df, test.name) == (answer["df"][i], "Gray's test")


def test_incidence_by_hand():
    """4 patients: relapse at 1 (1/4), death at 2 (S = 1/2), relapse at 3: 1/4 + 1/2 · 1/2, then censored."""
    table = event_table([1, 2, 3, 4], [1, 2, 1, 0], causes=2)
    np.testing.assert_allclose(aalen_johansen(table, 1)[0], [1 / 4, 1 / 4, 1 / 2, 1 / 2])
    np.testing.assert_allclose(aalen_johansen(table, 2)[0], [0, 1 / 4, 1 / 4, 1 / 4])
    row = cumulative_incidence_at(table, 1, 3)
    assert (row.statistic, row.value, row.n, row.events, row.at_risk) == (
        "cumulative_incidence",
        0.5,
        4,
        2,
        2,
    )
    assert row.method == "Aalen–Johansen; beta product 95% CI"
    steps = cumulative_incidence(table, 1).steps
    assert steps.time.tolist() == [0, 1, 2, 3, 4]
    assert steps.at_risk.tolist() == [4, 4, 3, 2, 1]
    assert steps.events.tolist() == [0, 1, 0, 1, 0]


def test_without_censoring_the_interval_is_clopper_pearson():
    """3 of 10 had the event, 4 died of something else before the end. R: binom.test(3, 10)$conf.int."""
    table = event_table(np.arange(1, 11), [1, 2, 2, 1, 2, 1, 2, 0, 0, 0], causes=2)
    low, high = incidence_limits(table, 1)
    np.testing.assert_allclose([low[7], high[7]], [0.06673951117773447, 0.6524528500599972], rtol=1e-10)


def test_competing_events_that_end_the_cohort():
    """All 5 have an event, 2 of the cause: still R's binom.test(2, 5)$conf.int at the end."""
    table = event_table([1, 2, 3, 4, 5], [1, 2, 2, 1, 2], causes=2)
    low, high = incidence_limits(table, 1)
    np.testing.assert_allclose([low[-1], high[-1]], [0.05274495, 0.85336720], rtol=1e-7)


def test_where_patients_are_followed_on_an_incidence_is_final_once_nobody_is_left():
    """R: summary(survfit(Surv(1:5, factor(c(1, 2, 0, 1, 2))) ~ 1), times = 9, extend = TRUE)$pstate: 0.5, 0.5."""
    left = event_table([1, 2, 3, 4, 5], [1, 2, 2, 1, 0], causes=2)
    assert cumulative_incidence_at(left, 1, 9, followed_on=True).code == "beyond_follow_up"
    gone = event_table([1, 2, 3, 4, 5], [1, 2, 0, 1, 2], causes=2)
    assert cumulative_incidence_at(gone, 1, 9).code == "beyond_follow_up"
    row, at_the_end = (
        cumulative_incidence_at(gone, 1, 9, followed_on=True),
        cumulative_incidence_at(gone, 1, 5),
    )
    np.testing.assert_allclose(row.value, 0.5)
    assert (row.low, row.high, row.at_risk) == (at_the_end.low, at_the_end.high, 0)
    assert (
        cumulative_incidence_at(event_table([], [], causes=2), 1, 9, followed_on=True).code == "no_patients"
    )


def test_one_cause_is_one_minus_survival():
    table = event_table([2, 3, 5, 5, 8, 9, 11], [1, 0, 1, 0, 1, 0, 0])
    km, cif = kaplan_meier(table).steps, cumulative_incidence(table, 1).steps
    for mine, survival in ((cif.estimate, km.estimate), (cif.low, km.high), (cif.high, km.low)):
        np.testing.assert_allclose(mine, 1 - survival, atol=1e-14)
    row, other = cumulative_incidence_at(table, 1, 6), survival_at(table, 6)
    np.testing.assert_allclose(row.se, other.se, rtol=1e-12)


def test_an_incidence_of_one_is_not_certain():
    """All of 49 have the event, one by one, and the sum of the steps is 1 but for rounding; 0.025^(1/n) below."""
    table = event_table(np.arange(1, 50), np.ones(49), causes=2)
    row = cumulative_incidence_at(table, 1, 49)
    assert row.method == "Aalen–Johansen; beta product 95% CI"
    np.testing.assert_allclose([row.value, row.low, row.high], [1, 0.025 ** (1 / 49), 1], rtol=1e-9)


def test_no_event_yet_has_an_upper_limit():
    """None of 8 with the event: up to 1 - 0.025^(1/8), 37%."""
    row = cumulative_incidence_at(event_table(np.full(8, 9.0), np.zeros(8), causes=2), 1, 5)
    np.testing.assert_allclose([row.value, row.low, row.high], [0, 0, 1 - 0.025 ** (1 / 8)], atol=1e-12)


EDGES = {
    "no events": ([3, 5, 7], [0, 0, 0]),
    "competing only": ([3, 5, 7], [2, 2, 2]),
    "all of the cause": ([3, 5, 7], [1, 1, 1]),
    "one patient": ([3], [1]),
    "two patients": ([3, 9], [2, 1]),
    "all tied": ([4, 4, 4, 4], [1, 2, 0, 1]),
    "event at time zero": ([0, 5, 6], [1, 0, 2]),
    "last an event": ([2, 4, 8], [0, 2, 1]),
    "a millionth and a million days": ([1e-6, 1e6, 3e-6], [1, 2, 0]),
    "nobody": ([], []),
}


@pytest.mark.parametrize("rule", [IntervalRule(), ALWAYS_LOG_LOG], ids=["rule", "log-log"])
@pytest.mark.parametrize(("duration", "status"), EDGES.values(), ids=EDGES.keys())
def test_every_edge_has_a_proper_answer_or_a_reason(duration, status, rule):
    table = event_table(duration, status, causes=2)
    for time in (0.0, 4.0, 2e6):
        row = cumulative_incidence_at(table, 1, time, rule=rule)
        assert row.exists == (table.n > 0 and time <= table.last_time)
        assert row.exists or row.note.startswith("NE: ")
        if row.exists:
            assert 0 <= row.low <= row.value <= row.high <= 1
            assert row.low < row.high
    steps = cumulative_incidence(table, 1, rule=rule).steps
    assert steps.time[0] == 0
    assert ((steps.low >= 0) & (steps.low <= steps.estimate) & (steps.estimate <= steps.high)).all()
    assert ((steps.high <= 1) & (steps.low < steps.high)).all()
    gray_test(np.tile(duration, 2), np.tile(status, 2), np.repeat(["a", "b"], len(duration)))


PATIENTS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=25
)


@settings(max_examples=60, deadline=None)
@given(patients=PATIENTS)
def test_the_causes_and_survival_add_up_to_one(patients):
    duration, status, _ = (np.array(column) for column in zip(*patients, strict=True))
    table = event_table(duration, status, causes=2)
    total = aalen_johansen(table, 1)[0] + aalen_johansen(table, 2)[0]
    free = kaplan_meier(table).steps
    np.testing.assert_allclose(total, 1 - free.estimate[-table.time.size :], atol=1e-12)
    for cause in (1, 2):
        for rule in (IntervalRule(), ALWAYS_LOG_LOG):
            steps = cumulative_incidence(table, cause, rule=rule).steps
            assert ((steps.low >= 0) & (steps.low <= steps.estimate)).all()
            assert ((steps.estimate <= steps.high) & (steps.high <= 1) & (steps.low < steps.high)).all()


@settings(max_examples=60, deadline=None)
@given(patients=PATIENTS, seed=st.integers(0, 9))
@example(patients=[(0, 1, 1), (0, 1, 1), (1, 1, 0), (2, 1, 0)], seed=0)
def test_grays_test_does_not_depend_on_order_names_or_scale(patients, seed):
    duration, status, group = (np.array(column) for column in zip(*patients, strict=True))
    test = gray_test(duration, status, group)
    order = np.random.default_rng(seed).permutation(duration.size)
    for other in (
        gray_test(duration[order], status[order], group[order]),
        gray_test(duration * 0.25, status, 9 - group),
    ):
        assert other.df == test.df
        if test.p is not None:
            np.testing.assert_allclose(other.statistic, test.statistic, rtol=1e-6, atol=1e-9)


def test_grays_test_is_close_to_the_log_rank_test_where_there_is_one_cause():
    """Both weigh events against those at risk; they differ in the variance only."""
    rng = np.random.default_rng(8)
    duration, group = rng.exponential(200, 400), np.repeat(["a", "b"], 200)
    duration[:200] *= 1.3
    ours = gray_test(duration, np.ones(400), group)
    other = logrank([event_table(duration[group == g], np.ones(200)) for g in "ab"])
    np.testing.assert_allclose(ours.statistic, other.statistic, rtol=0.1)


@pytest.mark.parametrize(
    ("status", "group", "reason"),
    [
        ([0, 2, 0, 2], list("aabb"), "NE: no events of this cause"),
        ([1, 2, 0, 1], list("aaaa"), "NE: variance 0, no two groups were at risk at an event"),
    ],
)
def test_what_cannot_be_tested_is_a_reason(status, group, reason):
    test = gray_test([1, 2, 3, 4], status, group)
    assert (test.p, test.note) == (None, reason)


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (lambda table: cumulative_incidence_at(table, 3, 1), "cause must be 1 … 2"),
        (lambda table: cumulative_incidence_at(table, 0, 1), "cause must be 1 … 2"),
        (lambda table: cumulative_incidence_at(table, 1, -1), "time must be days"),
        (lambda table: gray([table, table], 3), "cause must be 1 … 2"),
    ],
)
def test_nonsense_is_refused(call, fault):
    with pytest.raises(ValueError, match=fault):
        call(event_table([1, 2], [1, 2], causes=2))


def test_an_incidence_that_rounds_to_one_overflows_nowhere():
    """At the last time all who are left have the competing event; 1 − 10⁻¹⁶ has no log-log interval."""
    status = np.tile([2, 0, 2, 2], 15)
    status[-1] = 2
    steps = cumulative_incidence(event_table(np.arange(1.0, 61.0), status, causes=2), 2).steps
    assert steps.estimate[-1] == pytest.approx(1.0) and steps.high[-1] == pytest.approx(1.0)
    assert np.isfinite(steps.low).all() and (steps.low <= steps.estimate + 1e-12).all()


def test_a_curve_says_which_interval_it_has():
    table = event_table(np.arange(1.0, 41), np.tile([1, 2, 0, 1], 10), causes=2)
    large = cumulative_incidence(table, 1)
    assert large.method == "Aalen–Johansen; log-log 95% CI (beta product where the estimate is 0 or 1)"
    assert cumulative_incidence(table, 2, level=0.9, rule=IntervalRule(41)).method == (
        "Aalen–Johansen; beta product 90% CI"
    )
    # The interval is log-log of F itself, as in R's survfit with conf.type = "log-log", not of 1 − F.
    at = cumulative_incidence_at(table, 1, 20)
    reach = np.exp(1.959963984540054 * at.se / (at.value * np.log(at.value)) * np.array([-1, 1]))
    np.testing.assert_allclose([at.low, at.high], at.value**reach, rtol=1e-12)
