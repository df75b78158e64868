"""A cohort counted in parts gives, to the last digit, what it gives as a whole."""

from __future__ import annotations

from functools import reduce
from operator import add

import numpy as np
import pytest

from bench.make_registry import write
from reportgen.analyses import columns, outcomes, toxicities
from reportgen.analyses.partitions import counted, part_of
from reportgen.cohort.load import load_cohort
from reportgen.stats.incidence import cumulative_incidence
from reportgen.stats.survival import kaplan_meier, logrank
from tests.conftest import SAMPLE, TWO_GROUPS


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registry") / "registry"
    write(folder, 400)
    return load_cohort(folder)


@pytest.fixture(params=["sample", "two groups", "registry"])
def cohort(request):
    sources = {"sample": SAMPLE, "two groups": TWO_GROUPS}
    return (
        load_cohort(sources[request.param])
        if request.param in sources
        else request.getfixturevalue("registry")
    )


def parts(cohort, number: int):
    """Random parts, one of which is a single patient."""
    part = np.random.default_rng(1).integers(1, number, cohort.n)
    part[0] = 0
    return [part_of(cohort, part == k) for k in range(number) if (part == k).any()]


@pytest.mark.parametrize("number", [2, 5])
def test_the_counts_of_the_parts_add_up_to_those_of_the_whole(cohort, number):
    whole, divided = counted(cohort), parts(cohort, number)
    total = reduce(add, map(counted, divided))
    assert len(divided) > 1 and total.patients == whole.patients == cohort.n
    assert total.events == whole.events and whole.events
    assert total.levels == whole.levels and whole.levels
    assert total.worst == whole.worst and whole.worst
    assert reduce(add, map(counted, reversed(divided))) == total


def test_groups_that_a_part_holds_alone_are_counted(registry):
    arms = [registry.patients.frame["arm"].to_numpy() == arm for arm in ("regimen A", "regimen B")]
    assert counted(part_of(registry, arms[0])) + counted(part_of(registry, arms[1])) == counted(registry)


def test_estimates_from_the_sum_are_those_of_the_report(registry):
    total = reduce(add, map(counted, parts(registry, 4)))
    times = outcomes.landmark_days(registry.settings)
    rule = outcomes.interval_rule(registry.settings)
    results = outcomes.survival_analysis("survival", registry, "os", times)
    arms = ("regimen A", "regimen B")
    for group in ("all", *arms):
        (curve,) = results.select_curves(endpoint="os", group=group)
        ours = kaplan_meier(total.events["os", group], rule=rule)
        for name in ("time", "at_risk", "events", "censored", "estimate", "low", "high"):
            assert getattr(ours.steps, name).tolist() == getattr(curve.steps, name).tolist()
    test = logrank([total.events["os", arm] for arm in arms])
    assert test.p == results["survival.os.arm.p_value"].value
    incidence = outcomes.incidence_analysis("relapse", registry, "relapse", times)
    (curve,) = incidence.select_curves(group="all")
    ours = cumulative_incidence(total.events["relapse", "all"], 1, rule=rule)
    assert ours.steps.estimate.tolist() == curve.steps.estimate.tolist()
    rows = toxicities.estimates("toxicity", toxicities.read(registry), columns.groups(registry))
    for row in rows:
        if row.statistic == "grade_3_plus":
            severe = (total.worst.get((row.variable, row.group, False, float(g)), 0) for g in (3, 4, 5))
            assert sum(severe) == row.events
