import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.stats.events import event_table
from reportgen.stats.product_limit import (
    TRANSFORMS,
    crossing_time,
    cumulative_hazard,
    log_survival_se,
    survival_function,
    survival_interval,
    survival_se,
)
from reportgen.stats.reverse_kaplan_meier import reverse_kaplan_meier, reverse_median
from reportgen.stats.survival import (
    IntervalRule,
    kaplan_meier,
    median_time,
    nelson_aalen,
    survival_at,
)
from tests.golden_data import endpoint, floats, load

ENDPOINTS = [
    ("aml", "rfs"), ("colon_wide", "os"), ("colon_wide", "pfs"), ("freireich_6mp", "remission"),
    ("gbsg", "rfs"), ("lung", "os"), ("mgus2", "os"), ("myeloma_late_entry", "os"), ("ovarian", "os"),
    ("tiny8", "os"), ("tiny8", "pfs"), ("veteran", "os"),
]  # fmt: skip
CLOSED_FORM = {"rtol": 0, "atol": 1e-12}
ALWAYS_LOG_LOG = IntervalRule(0, 0)


def cohorts():
    """Every golden cohort: overall and by group, with R's answer."""
    for name, key in ENDPOINTS:
        block, duration, status, entry, group = endpoint(name, key)
        yield f"{name}.{key}", event_table(duration, status, entry=entry), block["km_overall"]
        for level, answer in block.get("km_by_group", {}).items():
            mine = group == level
            yield f"{name}.{key}.{level}", event_table(duration[mine], status[mine]), answer


COHORTS = [pytest.param(table, answer, id=name) for name, table, answer in cohorts()]


@pytest.mark.parametrize(("table", "answer"), COHORTS)
def test_curve_standard_error_and_intervals_equal_r(table, answer):
    """R: survfit(Surv(time, event) ~ 1, conf.type = …)$surv, $std.err, $lower, $upper, $cumhaz, $std.chaz."""
    rows = np.searchsorted(table.time, floats(answer["time"]))
    survival, log_se = survival_function(table), log_survival_se(table)
    se = survival_se(survival, log_se)
    hazard, hazard_se = cumulative_hazard(table)
    np.testing.assert_allclose(survival[rows], answer["surv"], **CLOSED_FORM)
    expected = floats(answer["std_err_surv"])  # R has none where the curve is at 0
    np.testing.assert_allclose(se[rows], np.where(np.isnan(expected), 0, expected), **CLOSED_FORM)
    np.testing.assert_allclose(hazard[rows], answer["cumhaz_nelson_aalen"], **CLOSED_FORM)
    np.testing.assert_allclose(hazard_se[rows], answer["std_err_cumhaz"], **CLOSED_FORM)
    for transform in TRANSFORMS:
        low, high = survival_interval(survival, se, transform=transform)
        between = (survival > 0) & (survival < 1)
        for limit, side in ((low, "lower"), (high, "upper")):
            theirs = floats(answer["ci"][transform][side])
            inner = between[rows]
            np.testing.assert_allclose(limit[rows][inner], theirs[inner], **CLOSED_FORM)


@pytest.mark.parametrize(("table", "answer"), COHORTS)
@pytest.mark.parametrize("transform", TRANSFORMS)
def test_quantiles_equal_r(table, answer, transform):
    """R: quantile(survfit(Surv(time, event) ~ 1, conf.type = …), c(.25, .5, .75)), exactly."""
    survival = survival_function(table)
    limits = survival_interval(survival, survival_se(survival, log_survival_se(table)), transform=transform)
    theirs = answer["quantiles"][transform]
    for curve, side in zip((survival, *limits), ("quantile", "lower", "upper"), strict=True):
        mine = [crossing_time(table.time, curve, 1 - p) for p in theirs["prob"]]
        np.testing.assert_array_equal(mine, floats(theirs[side]))


@pytest.mark.parametrize(("table", "answer"), COHORTS)
def test_landmarks_equal_r_and_are_refused_beyond_the_last_follow_up(table, answer):
    """R: summary(survfit(…, conf.type = "log-log"), times = …, extend = TRUE)."""
    marks = answer["landmarks"]
    for i, time in enumerate(marks["time"]):
        row = survival_at(table, time, rule=ALWAYS_LOG_LOG)
        assert row.at_risk == marks["n_risk"][i]
        if marks["beyond_last_observed_time"][i]:
            assert not row.exists
            assert row.note == f"NE: beyond the last follow-up ({table.last_time:g} days)"
            continue
        np.testing.assert_allclose(row.value, marks["surv"][i], **CLOSED_FORM)
        if 0 < row.value < 1:
            ci = marks["ci"]["log-log"]
            np.testing.assert_allclose(row.se, marks["std_err_surv"][i], **CLOSED_FORM)
            np.testing.assert_allclose([row.low, row.high], [ci["lower"][i], ci["upper"][i]], **CLOSED_FORM)
            late = "; late entry" if table.late else ""
            assert row.method == f"Kaplan–Meier{late}; log-log 95% CI"
        else:
            assert row.method == "Kaplan–Meier; beta product 95% CI"
            assert row.low < row.high


@pytest.mark.parametrize(("table", "answer"), COHORTS)
def test_median_equals_r(table, answer):
    """R: quantile(survfit(…, conf.type = "log-log"), 0.5)."""
    theirs = answer["quantiles"]["log-log"]
    row = median_time(table, rule=ALWAYS_LOG_LOG)
    at = theirs["prob"].index(0.5)
    assert (row.value, row.low, row.high) == (
        theirs["quantile"][at],
        theirs["lower"][at],
        theirs["upper"][at],
    )
    assert row.note == ("" if row.exists else "NR")


@pytest.mark.parametrize(("name", "key"), [row for row in ENDPOINTS if row[0] != "myeloma_late_entry"])
def test_reverse_median_equals_r(name, key):
    """R: quantile(survfit(Surv(time, 1 - event) ~ 1), 0.5), with R's default interval (log)."""
    block, duration, status, _, _ = endpoint(name, key)
    theirs = block["reverse_km"]["survfit_flipped_event"]["log"]
    row, at = reverse_median(duration, status), theirs["prob"].index(0.5)
    assert (row.value, row.low, row.high) == (
        theirs["quantile"][at],
        theirs["lower"][at],
        theirs["upper"][at],
    )
    assert row.method == "reverse Kaplan–Meier; log 95% CI"


@pytest.mark.parametrize(
    ("name", "key"), [("tiny8", "pfs"), ("tiny8", "os"), ("ovarian", "os"), ("aml", "rfs")]
)
def test_small_cohorts_have_the_beta_product(name, key):
    """R: bpcp::bpcp(time, event) at the landmarks, and its median."""
    block, duration, status, _, _ = endpoint(name, key)
    table, answer = event_table(duration, status), block["bpcp_overall"]["standard"]
    marks = answer["landmarks"]
    for time, low, high in zip(marks["time"], marks["lower"], marks["upper"], strict=True):
        row = survival_at(table, time)
        if row.exists:
            np.testing.assert_allclose([row.low, row.high], [low, high], rtol=0, atol=1e-10)
            assert row.method == "Kaplan–Meier; beta product 95% CI"
    median = median_time(table)
    assert median.value == answer["median"]["q"]
    assert (median.low, median.high or np.inf) == (answer["median"]["lower"], answer["median"]["upper"])


def test_the_published_eight_patients():
    """PFS 0.75 (SE 0.15), OS 0.83 (SE 0.15) at 24 months; PFS at 12 months 0.320 to 0.968."""
    columns, _ = load("tiny8")
    pfs = event_table(columns["pfs_time"], columns["pfs"])
    os = event_table(columns["os_time"], columns["os"])
    row = survival_at(pfs, 12)
    assert [round(x, 3) for x in (row.value, row.low, row.high, row.se)] == [0.75, 0.320, 0.968, 0.153]
    assert (row.n, row.events, row.at_risk) == (8, 2, 6)
    assert [round(x, 2) for x in (survival_at(os, 24).value, survival_at(os, 24).se)] == [0.83, 0.15]


def test_a_curve_by_hand():
    """5 patients: events at 2 and 4 (tied with a censoring), 1 - 1/5 = 0.8, 0.8 · (1 - 1/3) = 0.5333."""
    curve = kaplan_meier(event_table([2, 3, 4, 4, 6], [1, 0, 1, 0, 0]))
    steps = curve.steps
    assert steps.time.tolist() == [0, 2, 3, 4, 6]
    assert steps.at_risk.tolist() == [5, 5, 4, 3, 1]
    assert steps.events.tolist() == [0, 1, 0, 1, 0]
    assert steps.censored.tolist() == [0, 0, 1, 1, 1]
    np.testing.assert_allclose(steps.estimate, [1, 0.8, 0.8, 0.8 * 2 / 3, 0.8 * 2 / 3])
    assert (curve.kind, curve.n, curve.method) == ("kaplan_meier", 5, "Kaplan–Meier; beta product 95% CI")
    assert survival_at(event_table([2, 3, 4, 4, 6], [1, 0, 1, 0, 0]), 3.9).events == 1


def test_cumulative_hazard_by_hand():
    """1/5 + 1/3, standard error sqrt(1/25 + 1/9); interval H · exp(±1.96 se / H)."""
    steps = nelson_aalen(event_table([2, 3, 4, 4, 6], [1, 0, 1, 0, 0])).steps
    hazard, se = 8 / 15, np.sqrt(1 / 25 + 1 / 9)
    np.testing.assert_allclose(steps.estimate, [0, 0.2, 0.2, hazard, hazard])
    np.testing.assert_allclose(steps.high[-1], hazard * np.exp(1.959963984540054 * se / hazard))
    assert np.isnan(steps.low[0])


@pytest.mark.parametrize(
    ("duration", "status", "median"),
    [
        ([1, 2, 3, 4], [1, 1, 1, 1], 2.5),  # at 0.5 from 2 to 3: the middle
        ([1, 2, 3, 4], [1, 1, 0, 0], 3.0),  # at 0.5 from 2 to the end, which is 4
        ([1, 2, 3], [1, 1, 1], 2.0),
        ([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 1], 4.5),  # held as 0.5000000000000001
    ],
)
def test_the_median_on_a_plateau_is_its_middle(duration, status, median):
    """R: quantile(survfit(Surv(time, event) ~ 1), 0.5)."""
    assert median_time(event_table(duration, status)).value == median


def test_with_late_entry_an_interval_holds_its_quantile():
    """One of three at risk has the event on day 129; sixty come on day 200, and the lower limit rises."""
    late = event_table(
        [129, 700, 700, *range(300, 900, 10)], [1, 0, 0] + [1, 0] * 30, entry=[0, 0, 0] + [200] * 60
    )
    row = median_time(late, p=0.25)
    assert (row.value, row.low) == (129, 129) and row.high is not None and row.high > 129


def test_the_curve_and_its_landmarks_agree():
    """The interval of a step is that of survival_at anywhere on it, whatever the rule."""
    for name, key in [("tiny8", "pfs"), ("lung", "os"), ("gbsg", "rfs")]:
        _, duration, status, _, _ = endpoint(name, key)
        table = event_table(duration, status)
        steps = kaplan_meier(table).steps
        for i in (0, 1, len(steps.time) // 2, len(steps.time) - 1):
            row = survival_at(table, steps.time[i])
            assert (row.value, row.low, row.high) == (steps.estimate[i], steps.low[i], steps.high[i])


def test_large_cohorts_are_log_log_but_not_at_one():
    _, duration, status, _, _ = endpoint("gbsg", "rfs")
    curve = kaplan_meier(event_table(duration, status))
    assert curve.method == "Kaplan–Meier; log-log 95% CI (beta product where the estimate is 0 or 1)"
    np.testing.assert_allclose(curve.steps.low[0], 0.025 ** (1 / 686))


def test_few_events_in_a_large_cohort_are_beta_product():
    table = event_table(np.arange(1, 41), np.arange(40) < 9)
    assert survival_at(table, 20).method == "Kaplan–Meier; beta product 95% CI"
    assert survival_at(table, 20, rule=IntervalRule(30, 9)).method == "Kaplan–Meier; log-log 95% CI"


def test_reverse_curve_of_the_eight():
    columns, answers = load("tiny8")
    curve = reverse_kaplan_meier(columns["pfs_time"], columns["pfs"])
    answer = answers["pfs"]["reverse_km"]["prodlim_reverse"]  # no ties between events and censorings here
    assert curve.kind == "reverse_kaplan_meier"
    np.testing.assert_allclose(curve.steps.estimate[1:], answer["surv"], atol=1e-15)
    assert curve.method == "reverse Kaplan–Meier; beta product 95% CI"


EDGES = {
    "no events": ([3, 5, 7], [0, 0, 0]),
    "all events": ([3, 5, 7], [1, 1, 1]),
    "one patient, event": ([3], [1]),
    "one patient, censored": ([3], [0]),
    "two patients": ([3, 9], [1, 0]),
    "all tied": ([4, 4, 4, 4], [1, 1, 0, 1]),
    "event at time zero": ([0, 5, 6], [1, 0, 1]),
    "all at time zero": ([0, 0], [1, 0]),
    "last observation an event": ([2, 4, 8], [0, 0, 1]),
    "all censored before the first event": ([1, 2, 3, 9], [0, 0, 0, 1]),
    "a millionth and a million days": ([1e-6, 1e6, 3e-6], [1, 1, 0]),
    "forty, no events": (np.arange(40), np.zeros(40)),
    "forty, all events at once": (np.ones(40), np.ones(40)),
    "nobody": ([], []),
}


@pytest.mark.parametrize("rule", [IntervalRule(), ALWAYS_LOG_LOG], ids=["rule", "log-log"])
@pytest.mark.parametrize(("duration", "status"), EDGES.values(), ids=EDGES.keys())
def test_every_edge_has_a_proper_answer_or_a_reason(duration, status, rule):
    table = event_table(duration, status)
    for time in (0.0, 3.0, 1e6, 2e6):
        row = survival_at(table, time, rule=rule)
        assert row.exists == (table.n > 0 and time <= table.last_time)
        if row.exists:
            assert 0 <= row.low <= row.value <= row.high <= 1
            assert row.low < row.high
        else:
            assert row.note.startswith("NE: ")
    for p in (0.1, 0.5, 0.9):
        row = median_time(table, p=p, rule=rule)
        assert row.exists or row.note in ("NR", "NE: no patients")
        if None not in (row.value, row.low, row.high):
            assert row.low <= row.value <= row.high
    for curve in (kaplan_meier(table, rule=rule), reverse_kaplan_meier(duration, status, rule=rule)):
        steps = curve.steps
        assert steps.time[0] == 0
        assert (np.diff(steps.time) > 0).all()
        assert ((steps.low >= 0) & (steps.low <= steps.estimate) & (steps.estimate <= steps.high)).all()
        assert ((steps.high <= 1) & (steps.low < steps.high)).all()
        assert steps.at_risk[0] == table.n
        assert (steps.events + steps.censored).sum() == table.n
    assert nelson_aalen(table).steps.estimate[0] >= 0
    assert reverse_median(duration, status).method.startswith("reverse")


def test_an_event_at_time_zero_counts():
    """R: survfit(Surv(c(0, 5, 6), c(1, 0, 1)) ~ 1)$surv is 2/3, 2/3, 0."""
    steps = kaplan_meier(event_table([0, 5, 6], [1, 0, 1])).steps
    np.testing.assert_allclose(steps.estimate, [2 / 3, 2 / 3, 0], atol=1e-15)
    assert steps.time.tolist() == [0, 5, 6]


PATIENTS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 1)), min_size=1, max_size=25)


@settings(max_examples=50, deadline=None)
@given(patients=PATIENTS, power=st.integers(-6, 6))
def test_scaling_time_scales_times_and_nothing_else(patients, power):
    duration, status = (np.array(column, dtype=float) for column in zip(*patients, strict=True))
    scale = 2.0**power
    one, other = event_table(duration, status), event_table(duration * scale, status)
    for mine, scaled in ((median_time(one), median_time(other)),):
        for side in ("value", "low", "high"):
            assert getattr(scaled, side) == (
                None if getattr(mine, side) is None else getattr(mine, side) * scale
            )
    assert kaplan_meier(one).steps.low.tolist() == kaplan_meier(other).steps.low.tolist()


@settings(max_examples=50, deadline=None)
@given(patients=PATIENTS)
def test_doubling_the_cohort_keeps_the_curve_and_halves_the_variance_of_the_hazard(patients):
    """Greenwood's d / (n (n - d)) and Aalen's d / n² both halve when all counts double."""
    one = event_table(*zip(*patients, strict=True))
    two = one + one
    np.testing.assert_allclose(survival_function(two), survival_function(one), atol=1e-14)
    np.testing.assert_allclose(log_survival_se(two) ** 2 * 2, log_survival_se(one) ** 2, rtol=1e-12)
    np.testing.assert_allclose(cumulative_hazard(two)[1] ** 2 * 2, cumulative_hazard(one)[1] ** 2, rtol=1e-12)
    assert median_time(two).value == median_time(one).value


@settings(max_examples=50, deadline=None)
@given(patients=PATIENTS)
def test_what_is_said_is_within_its_interval(patients):
    table = event_table(*zip(*patients, strict=True))
    for time in {0, *table.time.tolist()}:
        for rule in (IntervalRule(), ALWAYS_LOG_LOG):
            row = survival_at(table, time, rule=rule)
            assert 0 <= row.low <= row.value <= row.high <= 1
            assert row.low < row.high


def test_lifelines_draws_the_same_curve():
    """A second implementation: KaplanMeierFitter's estimate, and its log-log interval where 0 < S < 1."""
    _, duration, status, _, _ = endpoint("lung", "os")
    from lifelines import KaplanMeierFitter

    fit = KaplanMeierFitter().fit(duration, status)
    steps = kaplan_meier(event_table(duration, status), rule=ALWAYS_LOG_LOG).steps
    theirs = fit.survival_function_["KM_estimate"].reindex(steps.time).to_numpy()
    np.testing.assert_allclose(steps.estimate, theirs, rtol=1e-11)
    low, high = fit.confidence_interval_.reindex(steps.time).to_numpy().T
    np.testing.assert_allclose(steps.low[1:], low[1:], rtol=1e-9)
    np.testing.assert_allclose(steps.high[1:], high[1:], rtol=1e-9)


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (lambda table: survival_at(table, -1), "time must be days"),
        (lambda table: survival_at(table, np.nan), "time must be days"),
        (lambda table: survival_at(table, 1, level=95), "level must be within"),
        (lambda table: median_time(table, p=1), "p must be within"),
        (lambda table: survival_interval(0.5, 0.1, transform="loglog"), "transform must be one of"),
    ],
)
def test_nonsense_is_refused(call, fault):
    with pytest.raises(ValueError, match=fault):
        call(event_table([1, 2], [1, 0]))
