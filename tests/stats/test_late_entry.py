"""Left truncation: who comes under observation late is at risk only from then on (R: Surv(entry, time, event))."""

import csv
from pathlib import Path

import numpy as np
import pytest

from reportgen.stats.events import event_table, event_tables
from reportgen.stats.gray import gray
from reportgen.stats.incidence import cumulative_incidence_at
from reportgen.stats.reverse_kaplan_meier import reverse_median
from reportgen.stats.rmst import rmst
from reportgen.stats.survival import kaplan_meier, logrank, median_time, survival_at

FILE = Path(__file__).parent.parent / "golden" / "late_competing.csv"


@pytest.fixture(scope="module")
def late():
    """40 simulated patients: R set.seed(1); e <- round(runif(40, 0, 100)); t <- e + 1 + round(rexp(40, 1/120))."""
    with FILE.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([int(row[name]) for row in rows]) for name in rows[0]}


@pytest.mark.parametrize(
    ("day", "one", "two"),
    [
        (50, 0.111111111111, 0.0888888888889),
        (150, 0.268723798208, 0.2186220600217),
        (300, 0.457596376755, 0.4344764355038),
    ],
)
def test_incidence_equals_r(late, day, one, two):
    """summary(survfit(Surv(entry, time, factor(status)) ~ 1, id = 1:40), times)$pstate; its standard errors are
    infinitesimal jackknife ones with late entry, ours stay of the Greenwood type."""
    table = event_table(late["time"], late["status"], entry=late["entry"], causes=2)
    rows = [cumulative_incidence_at(table, cause, day) for cause in (1, 2)]
    np.testing.assert_allclose([row.value for row in rows], [one, two], rtol=0, atol=1e-12)
    assert all(row.method == "Aalen–Johansen; late entry; log-log 95% CI" for row in rows)


def test_medians_equal_r(late):
    """quantile(survfit(Surv(entry, time, status == 1) ~ 1), 0.5); and of status != 1, with its log interval."""
    died = (late["status"] == 1).astype(int)
    assert median_time(event_table(late["time"], died, entry=late["entry"])).value == 195
    reverse = reverse_median(late["time"], died, entry=late["entry"])
    assert (reverse.value, reverse.low, reverse.high) == (145, 87, 216)


def test_the_log_rank_test_equals_r(late):
    """summary(coxph(Surv(entry, time, status == 1) ~ group))$sctest, there being no ties."""
    tables = event_tables(late["time"], late["status"] == 1, late["group"], entry=late["entry"])
    test = logrank(tables)
    np.testing.assert_allclose([test.statistic, test.p], [0.9406997240, 0.3320979555], atol=1e-9)
    assert gray(tables, 1).note == "NE: the test is not defined with late entry"


# Two enter early and both die; the others come later and live: counted by hand.
COLLAPSED = event_table([10, 20, 90, 95], [1, 1, 0, 1], entry=[5, 5, 30, 40])


@pytest.mark.parametrize(
    "statistic", [lambda t: survival_at(t, 15), lambda t: survival_at(t, 50), median_time, lambda t: rmst(t, 60)]
)  # fmt: skip
def test_a_curve_that_fell_to_0_before_others_came_says_nothing(statistic):
    assert COLLAPSED.collapse == 20
    row = statistic(COLLAPSED)
    assert not row.exists and "before others came under observation" in row.note


def test_a_curve_that_ends_at_0_is_no_collapse():
    table = event_table([10, 20, 30], [1, 1, 1], entry=[0, 5, 8])
    assert table.collapse is None and kaplan_meier(table).steps.estimate[-1] == 0


def test_before_anybody_entered_and_in_a_gap_there_is_no_estimate():
    table = event_table([100, 110, 300, 310], [1, 0, 1, 0], entry=[40, 50, 200, 210])
    notes = [survival_at(table, day).note for day in (30, 150)]
    assert notes == ["NE: nobody was under observation"] * 2
    assert survival_at(table, 90).note == "no interval: none is known at 0 or 1 with late entry"
