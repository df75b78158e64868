"""Stratified Cox and log-rank against R (tests/golden/strata.R), and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.stats.events import event_table
from reportgen.stats.hazards import cox
from reportgen.stats.logrank import stratified_logrank
from reportgen.stats.stratified import stratified_cox
from tests.golden_data import load

ANSWERS = load("strata")[1]


def veteran():
    v = load("veteran")[0]
    exposed = (v["trt"] == v["trt"].max()).astype(float)
    cell = np.unique(v["celltype"], return_inverse=True)[1]
    return v, exposed, cell


def against(row, p, answer):
    assert (row.value, row.low, row.high, row.se) == pytest.approx(
        [answer[key] for key in ("hr", "low", "high", "se")], rel=1e-7
    )
    assert p.value == pytest.approx(answer["p"], rel=1e-7)
    assert (row.n, row.events) == (answer["n"], answer["events"])


@pytest.mark.parametrize(("name", "level"), [("cox", 0.95), ("cox_90", 0.9)])
def test_one_stratifying_column(name, level):
    v, exposed, cell = veteran()
    row, p = stratified_cox(v["time"], v["event"], {"exposed": exposed}, cell, level=level)
    against(row, p, ANSWERS[name])


def test_two_stratifying_columns():
    v, exposed, cell = veteran()
    both = cell * 2 + (v["prior"] > 0)
    against(*stratified_cox(v["time"], v["event"], {"exposed": exposed}, both), ANSWERS["two"])


def test_late_entry():
    v, exposed, cell = veteran()
    entry = np.minimum(v["karno"] / 2, v["time"] - 1)
    rows = stratified_cox(v["time"], v["event"], {"exposed": exposed}, cell, entry=entry)
    against(*rows, ANSWERS["late"])


def test_the_log_rank_test():
    v, exposed, cell = veteran()
    tables = [
        [event_table(v["time"][mine & (exposed == g)], v["event"][mine & (exposed == g)]) for g in (0, 1)]
        for mine in (cell == k for k in range(4))
    ]
    found = stratified_logrank(tables)
    assert found.statistic == pytest.approx(ANSWERS["logrank"]["chisq"], rel=1e-10)
    assert found.p == pytest.approx(ANSWERS["logrank"]["p"], rel=1e-10)


def test_one_stratum_is_the_plain_model():
    time, event, x = [3, 1, 4, 1, 5, 9, 2, 6], [1, 1, 0, 1, 1, 0, 1, 1], [0, 1, 0, 1, 1, 0, 0, 1]
    plain, split = cox(time, event, {"x": x}), stratified_cox(time, event, {"x": x}, [0] * 8)
    assert split[0].value == pytest.approx(plain[0].value, rel=1e-9)
    assert split[0].se == pytest.approx(plain[0].se, rel=1e-9)


def test_nobody_is_compared_across_strata():
    """By hand: in each stratum one event with two at risk, one of each kind: exp(β) to 1, once for and once against."""
    row, _p = stratified_cox([0, 9, 0, 9], [1, 0, 1, 0], {"x": [1, 0, 0, 1]}, [0, 0, 1, 1])
    assert row.value == pytest.approx(1, abs=1e-9)
    # Information ¼ + ¼.
    assert row.se == pytest.approx(np.sqrt(2), rel=1e-6)


def test_strata_that_tell_nothing_are_refused_with_the_reason():
    row, p = stratified_cox([1, 2, 3, 4], [1, 1, 1, 1], {"x": [0, 0, 1, 1]}, [0, 0, 1, 1])
    assert row.value is None and "does not vary among those at risk" in row.note
    assert p.value is None
