"""Gray's test and Fine and Gray's model within strata, against R (tests/golden/strata_incidence.R)."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.stats.events import event_table
from reportgen.stats.fine_gray import fine_gray
from reportgen.stats.gray import gray_test, stratified_gray
from tests.golden_data import load

DATA, ANSWERS = load("strata_incidence")
BOTH = pytest.mark.parametrize("name", ["mgus2", "simulated"])


def cohort(name: str) -> tuple[np.ndarray, ...]:
    mine = DATA["cohort"] == name
    return tuple(DATA[key][mine] for key in ("time", "status", "x", "s"))


def tables(time, status, x, s):
    return [
        [
            event_table(time[mine], status[mine], causes=2)
            for mine in ((s == k) & (x == 0), (s == k) & (x == 1))
        ]
        for k in np.unique(s)
    ]


@BOTH
def test_grays_test_within_strata_equals_r(name):
    test = stratified_gray(tables(*cohort(name)), 1)
    found = test.statistic, test.p, test.df
    assert found == pytest.approx(ANSWERS[name]["gray"], rel=1e-7)


@BOTH
def test_the_ratio_within_strata_equals_r(name):
    time, status, x, s = cohort(name)
    ratio, _p = fine_gray(time, status, {"x": x}, stratum=s)
    assert np.log(ratio.value) == pytest.approx(ANSWERS[name]["beta"], abs=1e-6)
    assert ratio.se == pytest.approx(ANSWERS[name]["se"], rel=1e-6)
    assert str(ratio.method).startswith("stratified Fine–Gray")
    whole, _p = fine_gray(time, status, {"x": x})
    assert np.log(whole.value) == pytest.approx(ANSWERS[name]["one_beta"], abs=1e-4)


def test_one_stratum_is_none():
    time, status, x, _s = cohort("simulated")
    one = fine_gray(time, status, {"x": x}, stratum=np.zeros(len(x)))
    none = fine_gray(time, status, {"x": x})
    assert [(e.value, e.low, e.se) for e in one] == [(e.value, e.low, e.se) for e in none]
    test = stratified_gray(tables(time, status, x, np.zeros(len(x))), 1)
    assert test.statistic == gray_test(time, status, x).statistic


def test_a_stratum_without_the_event_adds_nothing():
    time, status, x, s = cohort("simulated")
    more = np.append(s, [9, 9]), np.append(x, [0, 1]), np.append(status, [0, 2]), np.append(time, [4, 5])
    ratio = fine_gray(more[3], more[2], {"x": more[1]}, stratum=more[0])[0]
    assert ratio.n == len(s) + 2
    assert np.log(ratio.value) == pytest.approx(ANSWERS["simulated"]["beta"], abs=1e-6)
