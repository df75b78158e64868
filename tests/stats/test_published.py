"""Published cohorts give their published figures.

The real cohorts come from public packages and are not part of the project: they are read from the folder that
REPORTGEN_CASES names, or from one beside the project (shared/cases), where there is one.
"""

import csv
import os
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from reportgen.stats.events import event_table
from reportgen.stats.fine_gray import fine_gray
from reportgen.stats.gray import gray
from reportgen.stats.hazards import cox
from reportgen.stats.incidence import cumulative_incidence_at
from reportgen.stats.logrank import stratified_logrank
from reportgen.stats.reverse_kaplan_meier import reverse_median
from reportgen.stats.stratified import stratified_cox
from reportgen.stats.survival import (
    IntervalRule,
    logrank,
    median_time,
    survival_at,
    survival_interval,
)
from tests.golden_data import load

CASES = Path(os.environ.get("REPORTGEN_CASES", "") or Path(__file__).parents[3] / "shared" / "cases")
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


def test_survminer_lung():
    """survminer's ggsurvplot and surv_median of survfit(Surv(time, status) ~ sex, data = lung): p = 0.0013.

    Medians 270 (212–310) and 426 (348–550) with R's default interval, on the log scale.
    """
    columns, _answers = load("lung")
    time, dead = columns["time"], columns["event"].astype(int)
    men, women = (event_table(time[m], dead[m]) for m in (columns["sex"] == 1, columns["sex"] == 2))
    log = IntervalRule(kind="log")
    assert limits(median_time(men, rule=log), digits=0) == (270, 212, 310)
    assert limits(median_time(women, rule=log), digits=0) == (426, 348, 550)
    assert round(logrank([men, women]).p, 4) == 0.0013


def test_camis_survival():
    """CAMIS, "Survival Analysis Using R" and "R vs SAS": whas500, lenfol in years of two decimals, by afb.

    Medians, landmarks, the log-rank p-values and the hazard ratios of no against yes, stratified by gender and not.
    """
    table = rows("whas500")
    years, dead = np.round(column(table, "LENFOL") / 365.25, 2), column(table, "FSTAT")
    fibrillation, gender = column(table, "AFB") == 1, column(table, "GENDER")
    yes, no = (event_table(years[m], dead[m]) for m in (fibrillation, ~fibrillation))
    log = IntervalRule(kind="log")
    assert limits(median_time(yes, rule=log)) == (2.37, 1.27, 4.24)
    assert limits(median_time(no, rule=log)) == (5.91, 4.32, None)
    shown = {1: (0.641, 0.543, 0.757), 3: (0.455, 0.351, 0.589), 5: (0.315, 0.211, 0.470)}
    assert {t: limits(survival_at(yes, t, rule=log), digits=3) for t in shown} == shown
    assert logrank([yes, no]).p == pytest.approx(0.0009646027, rel=1e-6)
    strata = [[event_table(years[m & (gender == g)], dead[m & (gender == g)]) for m in (fibrillation, ~fibrillation)]
              for g in (0, 1)]  # fmt: skip
    assert stratified_logrank(strata).p == pytest.approx(0.001506607, rel=1e-6)
    without = {"afb": (~fibrillation).astype(float)}
    assert limits(cox(years, dead, without)[0], digits=3) == (0.583, 0.421, 0.806)
    assert limits(stratified_cox(years, dead, without, gender.astype(int))[0], digits=3) == (
        0.594,
        0.430,
        0.823,
    )


def test_camis_cumulative_incidence():
    """CAMIS, "Estimating Cumulative Incidence Functions Using R": bmt, Gray's tests; relapse after AML of low risk.

    Its standard errors and limits are tidycmprsk's, of cmprsk's Poisson-type variance; ours are of Greenwood's type.
    """
    table = rows("bmt")
    years, status = column(table, "T") / 365.25, column(table, "Status").astype(int)
    group = column(table, "Group")  # 1 ALL, 2 AML of low risk, 3 of high risk
    tables = [event_table(years[group == g], status[group == g], causes=2) for g in (1, 2, 3)]
    tests = [gray(tables, cause) for cause in (1, 2)]
    assert [round(test.statistic, 7) for test in tests] == [11.9228820, 0.1374108]
    assert [round(test.p, 7) for test in tests] == [0.0025762, 0.9336017]
    shown = {1: 0.0741, 1.5: 0.1296, 2: 0.1481, 3: 0.1667}
    assert {t: round(cumulative_incidence_at(tables[1], 1, t).value, 4) for t in shown} == shown


def test_tidycmprsk_readme():
    """The README of tidycmprsk, data trial: cuminc(Surv(ttdeath, death_cr) ~ 1) and crr(… ~ age + trt).

    One limit differs in the third decimal (0.079 there), by the type of the variance.
    """
    table = rows("tidycmprsk_trial")
    time, status = column(table, "ttdeath"), column(table, "status").astype(int)
    all_of = event_table(time, status, causes=2)
    months = {10: (0.030, 0.012, 0.061), 15: (0.120, 0.080, 0.169), 20: (0.215, 0.161, 0.274)}
    assert {
        t: limits(cumulative_incidence_at(all_of, 1, t, rule=LOG_LOG), digits=3) for t in months
    } == months
    others = {5: 0.005, 10: 0.025, 15: 0.090, 20: 0.205}
    assert {t: round(cumulative_incidence_at(all_of, 2, t).value, 3) for t in others} == others
    age = np.array([float(row["age"] or "nan") for row in table])
    arm = np.array([row["trt"] == "Drug B" for row in table], float)
    ratios = fine_gray(time, status, {"age": age, "arm": arm})
    assert [limits(row) for row in ratios[::2]] == [(1.01, 0.99, 1.03), (1.52, 0.88, 2.62)]
    assert [round(row.value, 2) for row in ratios[1::2]] == [0.56, 0.13]
