"""Incidence of every cause of death, against R (tests/golden/causes_of_death.R), and where nothing is said of it."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.analyses.causes_of_death import MOST, causes_of_death
from reportgen.chapters import survival
from tests.chapters.chapters import chapter, patient
from tests.golden_data import load

DATA, ANSWERS = load("causes_of_death")
REPORT = [{"key": "landmarks", "value": "1, 2"}, {"key": "group", "value": "centre"}]


def people(cohort: str) -> list[dict]:
    found = []
    for k in np.flatnonzero(DATA["cohort"] == cohort):
        day, dead = int(DATA["time"][k]), DATA["dead"][k] == 1
        died = (
            {"vital_status": "dead", "death_date": day}
            if dead
            else {"vital_status": "alive", "death_date": None}
        )
        found.append(
            patient(
                f"P{k}",
                last_contact=day,
                centre=DATA["centre"][k],
                cause_of_death=DATA["cause"][k] or None,
                **died,
            )
        )
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return {
        name: chapter(survival, tmp_path_factory.mktemp(name), patients=people(name), report=REPORT)
        for name in ("n150", "n60")
    }


@pytest.mark.parametrize(
    ("cohort", "name", "before"), [("n150", "n150", ""), ("n60", "n60", ""), ("n150", "A", "A|")]
)
def test_it_equals_r(told, cohort, name, before):
    compared = 0
    for cause, answer in ANSWERS[name].items():
        stem = f"survival.cause_of_death.{before}{cause}"
        assert told[cohort].results[f"{stem}.count"].value == answer["deaths"]
        for place, time in enumerate((365.25, 730.5)):
            row = told[cohort].results[f"{stem}.cumulative_incidence@{time:.10g}"]
            assert (row.value, row.se) == pytest.approx(
                (answer["value"][place], answer["se"][place]), abs=1e-12
            )
            if "log-log" in str(row.method):
                limits = answer["low"][place], answer["high"][place]
                assert (row.low, row.high) == pytest.approx(limits, abs=1e-12)
                compared += 1
    assert compared


def test_the_causes_add_up_to_all_deaths(told):
    results = told["n150"].results
    for time in (365.25, 730.5):
        rows = results.select(
            section="survival", variable="cause_of_death", statistic="cumulative_incidence", time=time
        )
        whole = [e.value for e in rows if "|" not in e.group]
        assert len(whole) == 4
        assert sum(whole) == pytest.approx(
            1 - results[f"survival.os.all.survival@{time:.10g}"].value, abs=1e-12
        )


def test_it_is_a_table_of_the_supplement(told):
    rows = told["n150"].table("table-causes-of-death")
    assert [row[0] for row in rows if row[0] not in "AB"][-1] == "Cause not recorded"
    most = max(answer["deaths"] for answer in ANSWERS["n150"].values())
    assert len(rows) == 12 and rows[0][1] == f"{most}/150 ({100 * most / 150:.0f}%)"


def test_one_cause_alone_or_none_is_not_told_apart(tmp_path):
    rows = [row | {"cause_of_death": "disease" if row["death_date"] else None} for row in people("n60")]
    one = chapter(survival, tmp_path, patients=rows, report=REPORT)
    assert not one.results.select(variable="cause_of_death") and not one.has("table-causes-of-death")
    bare = chapter(
        survival, tmp_path, patients=[row | {"cause_of_death": None} for row in rows], report=REPORT
    )
    assert not bare.results.select(variable="cause_of_death")


def test_of_many_causes_the_rare_ones_are_one(tmp_path):
    rows = people("n150")
    died = [row for row in rows if row["death_date"]]
    for k, row in enumerate(died):
        row["cause_of_death"] = f"cause {min(k % 11, k // 5)}" if k else None
    made = chapter(survival, tmp_path, patients=rows, report=REPORT)
    found = [
        e for e in causes_of_death("survival", made.cohort) if e.statistic == "count" and "|" not in e.group
    ]
    assert len(found) == MOST + 1 and [e.group for e in found[-2:]] == ["other cause", "cause not recorded"]
    assert sum(e.value for e in found) == len(died)
