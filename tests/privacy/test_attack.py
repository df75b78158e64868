"""What is masked can't be computed: not from one report, not from two in a row."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest

from reportgen.cohort.load import load_cohort
from reportgen.publish.run_files import results_json
from reportgen.run.composing import analyse, compose
from reportgen.run.pipeline import protected
from tests.conftest import TWO_GROUPS
from tests.privacy.attacker import MONTH, Attack, Layout, inside, read

MIN_CELL, STEP = 5, 8
GROUPS = ["regimen A", "regimen B"]
EXTERNAL = {"privacy.profile": "external"}
# What ends progression-free survival without an event: the source has a sheet of assessments.
ASSESSED, SEEN = "last_assessment", "last_contact"


def settings(cutoff: str, censor: str) -> dict[str, str]:
    return {"pfs_censor": censor} | ({"cutoff": cutoff} if cutoff else {})


@cache
def published(cutoff: str = "", censor: str = ASSESSED) -> dict:
    cohort = load_cohort(TWO_GROUPS, overrides=EXTERNAL | settings(cutoff, censor))
    cohort = protected(cohort, TWO_GROUPS.parent)
    results, notices = analyse(cohort)
    report = compose(cohort, results, notices)
    return json.loads(results_json(results, report.provenance)) | {"step": STEP}


@cache
def truth(cutoff: str = "") -> tuple[dict, dict]:
    """By the attacker's names the true numbers, and the levels of each variable."""
    cohort = load_cohort(TWO_GROUPS, overrides={"cutoff": cutoff} if cutoff else {})
    exact = {e.id: e for e in analyse(cohort)[0].estimates}
    age = cohort.patients.frame["age_at_start"]
    true, levels = {}, {"best_response": ["CR", "PR", "SD", "PD", "NE"]}
    everyone = ["all", *GROUPS]
    for feature in cohort.features:
        if feature.kind != "number" and feature.name != "arm":
            levels[feature.name] = list(feature.levels)
    for variable, names in levels.items():
        section = "response" if variable == "best_response" else "baseline"
        for group in everyone:
            n = int(exact[f"baseline.all.{group}.count"].value)
            true[f"n {group}"], rest = n, n
            for name in names:
                e = exact.get(f"{section}.{variable}.{inside(group, name)}.proportion")
                if e is None:
                    continue
                true[f"{variable} {group} {name}"] = e.events
                true[f"{variable} {group} {name}: others"] = n - e.events
                rest -= e.events
            if names != ["yes", "no"] and rest:
                true[f"{variable} {group} missing"] = rest
    assert age.notna().all()
    for group in everyone:
        true[f"competing {group}"] = exact[f"relapse.relapse.{group}.competing_count"].events
        for key, section in (("os", "survival"), ("pfs", "survival"), ("relapse", "relapse")):
            true[f"{key} {group}"] = exact[f"{section}.{key}.{group}.count"].events
    for variable, names in levels.items():
        for name in names:
            e = exact.get(f"relapse.{variable}.{name}.proportion")
            if e is not None and e.events is not None:
                true[f"relapsed {variable} {name}"] = e.events
                true[f"relapsed {variable} {name}: others"] = e.n - e.events
    for id, e in exact.items():
        if id.startswith("toxicity.") and e.group == "all" and e.statistic in ("any_grade", "grade_3_plus"):
            true[f"{e.variable} {e.statistic}"] = e.events
            true[f"{e.variable} {e.statistic}: others"] = e.n - e.events
    for variable in {e.variable for id, e in exact.items() if id.startswith("toxicity.")}:
        if f"{variable} any_grade" in true:
            true[f"{variable} lower"] = true[f"{variable} any_grade"] - true[f"{variable} grade_3_plus"]
    return true, levels


def true_courses(censor: str) -> dict[str, int]:
    """The running numbers at the end of every month, by the attacker's names."""
    cohort, true = load_cohort(TWO_GROUPS, overrides=settings("", censor)), {}
    for key in ("os", "pfs"):
        endpoint = cohort.endpoints[key]
        arm = cohort.patients.frame["arm"].loc[endpoint.rows].to_numpy()
        for group in GROUPS:
            for kind, happened in (("events", endpoint.status == 1), ("censored", endpoint.status != 1)):
                days = endpoint.duration[happened & (arm == group)]
                for month in range(int(np.ceil(endpoint.duration.max() / MONTH)) + 1):
                    true[f"{key} {group} {kind} {month}"] = int((days <= month * MONTH + 1e-6).sum())
    return true


def attack_on(*reports: tuple[str, dict, dict, dict], running: bool = True, censor: str = ASSESSED) -> Attack:
    attack = Attack()
    for when, report, levels, true in reports:
        small = frozenset(name for name, count in true.items() if count < STEP)
        assert report["provenance"]["settings"]["pfs_censor"] == censor
        read(attack, report, Layout(levels, GROUPS, when, running, small, assessed=censor == ASSESSED))
    return attack


@pytest.mark.parametrize("censor", [ASSESSED, SEEN])
def test_what_the_attacker_takes_for_granted_is_true(censor):
    """Every true number lies within what the attacker believes, so that no bound is made of false beliefs."""
    true, levels = truth()
    attack = attack_on(("", published(censor=censor), levels, true), censor=censor)
    courses = true_courses(censor)
    assert {name for name in attack.names if " events " in name or " censored " in name} <= set(courses)
    for name, value in (true | courses).items():
        if name in attack.names:
            attack.known(name, value, value)
    attack.bounds({"n all": 1})


def test_no_small_number_is_bounded_more_closely_than_min_cell():
    true, levels = truth()
    attack = attack_on(("", published(), levels, true))
    small = [name for name, value in true.items() if value <= MIN_CELL and name in attack.names]
    assert len(small) > 50
    assert attack.allows(true)
    told = attack.narrow([{name: 1} for name in small], MIN_CELL)
    assert not told, [(small[place], true[small[place]], low, high) for place, low, high in told]


@pytest.mark.parametrize("censor", [ASSESSED, SEEN])
def test_no_running_number_behind_a_curve_is_bounded_more_closely(censor):
    true, levels = truth()
    attack, courses = (
        attack_on(("", published(censor=censor), levels, true), censor=censor),
        true_courses(censor),
    )
    running = [name for name in attack.names if " events " in name or " censored " in name]
    small = [name for name in running if attack.high[attack.names[name]] < STEP]
    assert len(small) > 10
    assert attack.allows(true | courses)
    told = attack.narrow([{name: 1} for name in small], MIN_CELL)
    assert not told, [(small[place], low, high) for place, low, high in told]


@pytest.mark.parametrize("before", ["2024-05-31", "2023-12-31"])
def test_two_reports_in_a_row_do_not_tell_what_happened_to_a_few(before):
    true, levels = truth()
    then, _ = truth(before)
    now, earlier = ("", published(), levels, true), ("then ", published(before), levels, then)
    attack = attack_on(now, earlier, running=False)
    growing = [name for name in then if name in true and name in attack.names and f"then {name}" in attack.names
               and not name.endswith((": others", "missing", "lower")) and "response" not in name]  # fmt: skip
    for name in growing:
        attack.at_most(f"then {name}", [name])
    few = [name for name in growing if 0 <= true[name] - then[name] <= MIN_CELL]
    assert len(few) > 50 and any(true[name] != then[name] for name in few)
    assert attack.allows(true | {f"then {name}": count for name, count in then.items()})
    told = attack.narrow([{name: 1, f"then {name}": -1} for name in few], MIN_CELL)
    assert not told, [(few[place], low, high) for place, low, high in told]


def test_the_attacker_succeeds_where_small_numbers_alone_are_masked():
    """The same file with exact counts, those below min_cell masked: most of these are found."""
    true, levels = truth()
    cohort = load_cohort(TWO_GROUPS)
    exact = {e.id: e for e in analyse(cohort)[0].estimates}
    naive = json.loads(json.dumps(published()))
    naive["curves"] = []
    naive["step"] = 1
    naive["estimates"] = [row for row in naive["estimates"] if row["id"] in exact]
    for row in naive["estimates"]:
        e = exact[row["id"]]
        n = len(cohort.patients) if row["section"] == "baseline" and "|" not in row["group"] else e.n
        n = 60 if row["section"] == "baseline" and "|" in row["group"] else n
        row |= {"value": e.value, "events": e.events, "n": n}
        if e.events is not None and e.events < MIN_CELL:
            row |= {"events": None, "n": None}
    attack = attack_on(("", naive, levels, {}))
    small = [name for name, value in true.items() if value < MIN_CELL and name in attack.names]
    found = [name for name in small if attack.bounds({name: 1}) == (true[name], true[name])]
    assert len(found) > 10
