"""Intervals of other levels and kinds than those a report has by itself, as R has them (tests/golden/levels.R)."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.stats.events import event_table
from reportgen.stats.incidence import cumulative_incidence, cumulative_incidence_at
from reportgen.stats.survival import IntervalRule, kaplan_meier, median_time, survival_at
from reportgen.stats.survival_difference import survival_difference
from tests.golden_data import load

ANSWERS = load("levels")[1]
KINDS = {"loglog": "log-log", "log": "log"}
BOTH = pytest.mark.parametrize(("percent", "name"), [(p, k) for p in ("90", "99") for k in KINDS])


def of(data: str, time: str, status: str, causes: int = 1):
    columns = load(data)[0]
    return event_table(columns[time], columns[status], causes=causes)


@BOTH
def test_survival_and_its_median(percent, name):
    answer, table = ANSWERS[percent][name], of("gbsg", "time", "event")
    level, rule = int(percent) / 100, IntervalRule(kind=KINDS[name])
    for place, time in enumerate(ANSWERS["at"]):
        row = survival_at(table, time, level=level, rule=rule)
        assert (row.low, row.high) == pytest.approx((answer["low"][place], answer["high"][place]), abs=1e-12)
        assert row.level == level and str(row.method) == f"Kaplan–Meier; {KINDS[name]} {percent}% CI"
    row = median_time(table, level=level, rule=rule)
    assert [row.value, row.low, row.high] == answer["median"]


@BOTH
def test_cumulative_incidence(percent, name):
    row = cumulative_incidence_at(
        of("mgus2", "cr_time", "cr_status", 2),
        1,
        120,
        level=int(percent) / 100,
        rule=IntervalRule(kind=KINDS[name]),
    )
    assert (row.value, row.low, row.high) == pytest.approx(ANSWERS[percent][name]["incidence"], abs=1e-10)


@pytest.mark.parametrize("kind", ["log-log", "log", "beta product"])
def test_a_kind_holds_in_cohorts_of_any_size_and_has_a_width(kind):
    small = event_table([100, 200, 300, 400, 500, 600], [1, 0, 1, 0, 0, 1])
    large = of("gbsg", "time", "event")
    for table in (small, large):
        rule = IntervalRule(kind=kind)
        row = survival_at(table, 350, rule=rule)
        assert kind in str(row.method)
        assert 0 <= row.low < row.value < row.high <= 1
        curve = kaplan_meier(table, rule=rule)
        assert np.all(curve.steps.low < curve.steps.high)
    first = survival_at(small, 50, rule=IntervalRule(kind=kind))
    assert first.value == 1 and first.low < 1 and "beta product" in str(first.method)


def test_with_late_entry_no_interval_has_no_width():
    table = event_table([100, 200, 300, 400], [0, 1, 0, 1], entry=[10, 20, 30, 40])
    for kind in ("log", "log-log", "beta product"):
        row = survival_at(table, 150, rule=IntervalRule(kind=kind))
        assert (row.value, row.low, row.high) == (1, None, None)
    competing = event_table([100, 200, 300], [1, 1, 1], entry=[1, 2, 3], causes=2)
    curve = cumulative_incidence(competing, 1, rule=IntervalRule(kind="log"))
    assert np.isnan(curve.steps.low[-1]) and curve.steps.estimate[-1] == 1


def test_a_difference_says_its_scale():
    columns = load("gbsg")[0]
    a, b = (
        event_table(columns["time"][columns["hormon"] == k], columns["event"][columns["hormon"] == k])
        for k in (1, 0)
    )
    row = survival_difference(a, b, 1000, level=0.9, rule=IntervalRule(kind="log"))
    assert str(row.method).endswith("square-and-add of log intervals, 90% CI")


def test_a_wider_level_holds_the_narrower():
    table = of("gbsg", "time", "event")
    rows = [survival_at(table, 1000, level=level) for level in (0.9, 0.95, 0.99)]
    lows, highs = [row.low for row in rows], [row.high for row in rows]
    assert lows == sorted(lows, reverse=True) and highs == sorted(highs) and lows[0] > lows[2]
