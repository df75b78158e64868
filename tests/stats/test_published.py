"""Published cohorts give their published figures.

The real cohorts come from public packages and are not part of the project: they are read from a folder
beside it (shared/cases) where there is one.
"""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from reportgen.stats.events import event_table
from reportgen.stats.reverse import reverse_median
from reportgen.stats.survival import (
    IntervalRule,
    logrank,
    median_time,
    survival_at,
    survival_interval,
)

CASES = Path(__file__).parents[3] / "shared" / "cases"
MONTH = 30.4375
LOG_LOG = IntervalRule(0, 0)


def rows(name):
    path = CASES / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"the cohort {name}.csv is not on this machine")
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def column(table, key):
    return np.array([float(row[key]) for row in table])


def limits(row, unit=1.0, digits=2):
    return tuple(None if x is None else round(x / unit, digits) for x in (row.value, row.low, row.high))


def test_freireich_1963():
    """Blood 1963;21:699. R: survfit(Surv(time, status) ~ treatment), bpcp, survdiff: 16.79."""
    table = rows("freireich1963_6mp")
    time, status = column(table, "time"), column(table, "status")
    treated = np.array([row["treatment"] == "6-MP" for row in table])
    a, b = (event_table(time[m], status[m]) for m in (treated, ~treated))
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {t: round(survival_at(a, t).value, 3) for t in published} == published
    assert limits(median_time(a, rule=LOG_LOG)) == (23, 13, None)
    assert limits(median_time(a)) == (23, 11, None)
    assert limits(median_time(b, rule=LOG_LOG)) == (8, 4, 11)
    assert round(logrank([a, b]).statistic, 2) == 16.79
    beta = {10: (0.501, 0.915), 20: (0.331, 0.838), 23: (0.176, 0.726), 30: (0.157, 0.726)}
    assert {t: limits(survival_at(a, t), digits=3)[1:] for t in beta} == beta


def test_moss_2012():
    """Gastrointest Cancer Res 2012;5:77–83: median PFS 3.9 and OS 6.3 months, from the open data of 41 of 44."""
    table = rows("moss2012_pancreatic")
    start, death = ([date.fromisoformat(row[key]) for row in table] for key in ("onstudy", "death"))
    progressed = [date.fromisoformat(row["progression"] or row["death"]) for row in table]
    everyone = np.ones(len(table))
    os = np.array([(end - begin).days for begin, end in zip(start, death, strict=True)])
    pfs = np.array([(end - begin).days for begin, end in zip(start, progressed, strict=True)])
    assert limits(median_time(event_table(os, everyone)), MONTH) == (6.31, 4.70, 8.48)
    assert limits(median_time(event_table(pfs, everyone)), MONTH) == (3.91, 2.00, 5.16)
    assert limits(survival_at(event_table(os, everyone), 365.25), digits=3) == (0.244, 0.127, 0.382)
    local = np.array([row["stage"] == "LA" for row in table])
    groups = [event_table(pfs[m], everyone[m]) for m in (local, ~local)]
    assert [round(median_time(group).value) for group in groups] == [202, 69]
    test, weighted = logrank(groups), logrank(groups, rho=1)
    assert (round(test.statistic, 2), round(test.p, 3)) == (2.25, 0.134)
    assert (round(weighted.statistic, 2), round(weighted.p, 3)) == (4.71, 0.030)


def test_sobecks_2011():
    """Exp Clin Transplant 2011;9:7–13: 3 of 16 against 23 of 48, P = .029, which is the log-rank P."""
    table = rows("sobecks2011_cmv")
    time, status = column(table, "time_to_cmv"), column(table, "cmv")
    many = column(table, "akirs") >= 5
    few_table, many_table = (event_table(time[m], status[m]) for m in (~many, many))
    assert [(t.total_events, t.n) for t in (many_table, few_table)] == [(3, 16), (23, 48)]
    test = logrank([few_table, many_table])
    assert (round(test.statistic, 2), round(test.p, 4)) == (4.78, 0.0288)
    assert limits(median_time(few_table, rule=LOG_LOG), digits=1) == (12.0, 3.9, None)
    assert limits(median_time(many_table, rule=LOG_LOG), digits=1) == (None, 9.7, None)


@pytest.mark.parametrize(
    ("k", "n", "published"),
    [(10, 12, (0.833, 0.482, 0.956)), (9, 11, (0.818, 0.447, 0.951)), (11, 43, (0.256, 0.138, 0.391))],
)
def test_published_log_log_intervals(k, n, published):
    """CREATE (Schöffski 2018, 2021): overall survival at 3 and 2 years; Moss 2012: at 1 year."""
    share = k / n
    low, high = survival_interval(share, np.sqrt(share * (1 - share) / n))
    assert (round(share, 3), round(float(low), 3), round(float(high), 3)) == published


def test_trahair_2019_as_reconstructed():
    """JCO Precis Oncol 2019: PFS 0.75 ± 0.15, OS 0.83 ± 0.15, 8 patients (a synthetic reconstruction, in days).

    R: survfit, bpcp 1.4.2; reverse Kaplan–Meier 3.20 years (2.80–NE).
    """
    os_days, dead = [767, 1169, 1424, 329, 584, 1023, 1680, 2009], [1, 0, 0, 0, 0, 0, 0, 0]
    pfs_days, failed = [183, 292, 1424, 329, 584, 1023, 1680, 2009], [1, 1, 0, 0, 0, 0, 0, 0]
    os, pfs = event_table(os_days, dead), event_table(pfs_days, failed)
    row = survival_at(pfs, 365.25)
    assert (*limits(row, digits=3), round(row.se, 3)) == (0.75, 0.320, 0.968, 0.153)
    assert limits(survival_at(pfs, 2 * 365.25), digits=3) == (0.75, 0.278, 0.968)
    assert limits(survival_at(pfs, 3 * 365.25), digits=3) == (0.75, 0.218, 0.968)
    assert limits(survival_at(os, 2 * 365.25), digits=3) == (1.0, 0.541, 1.0)
    assert limits(survival_at(os, 3 * 365.25), digits=3) == (0.833, 0.309, 0.996)
    assert (median_time(os).note, median_time(pfs).note) == ("NR", "NR")
    assert limits(reverse_median(os_days, dead), 365.25) == (3.2, 2.8, None)
