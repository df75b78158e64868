"""Several reports of one source for readers outside, solved together: months, groupings, values of min_cell.

REPORTGEN_FUZZ sets how many more chains are tried.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from reportgen.base.errors import UsageError
from reportgen.base.exits import status_of
from reportgen.cli.app import app
from reportgen.cohort.load import load_cohort
from reportgen.history.releases import forget, releases
from reportgen.privacy.joint_attack import Told, _holding, _Joint, _masked, curves_fit, told_from
from reportgen.privacy.ledger import ALL, Ledger
from reportgen.privacy.release import told
from reportgen.publish.run_files import results_json
from reportgen.run.composing import analyse, compose
from reportgen.run.pipeline import Request, build, protected
from reportgen.stats.disclosure import Knowledge, Programme, Relation, width
from reportgen.verification import verify
from tests.conftest import TWO_GROUPS
from tests.privacy.attacker import Attack, Layout, read
from tests.privacy.test_random_cohorts import LEVELS, random_cohort, truth
from tests.workbooks import write_workbook

MORE = int(os.environ.get("REPORTGEN_FUZZ", "0")) // 200
STEP = 8


def published(source: Path, moment: str, earlier: tuple, **settings):
    """results.json of a report that knows the earlier ones, its groups, and what it tells."""
    wanted = {"privacy.profile": "external", "privacy.release_agreed": True, "group": "arm"} | settings
    cohort = protected(load_cohort(source, overrides=wanted), source.parent)
    cohort = replace(cohort, releases=earlier, moment=moment)
    results, notices = analyse(cohort)
    report = compose(cohort, results, notices)
    content = json.loads(results_json(results, report.provenance))
    return content, results.facts["external"].groups, told(cohort)


def chain(folder: Path, seed: int, months: int) -> tuple[list[tuple], int]:
    """Months of a cohort to which two or three patients come each: what is bounded too closely, and how many numbers
    are still printed in the last one."""
    rows, toxicities = random_cohort(seed)
    draw = np.random.default_rng(seed)
    order = list(draw.permutation([row["patient_id"] for row in rows]))
    attack, true, earlier, left = Attack(), [], (), 0
    for month in range(months):
        known = set(order[: len(order) - 3 * (months - 1 - month)])
        mine = [row for row in rows if row["patient_id"] in known]
        events = [event for event in toxicities if event["patient_id"] in known]
        source = write_workbook(folder / "cohort.xlsx", patients=mine, toxicities=events)
        content, groups, tells = published(source, str(month), earlier)
        earlier = (*earlier, tells)
        true.append(truth(mine, events, groups))
        small = frozenset(name for name, count in true[-1].items() if count < STEP)
        read(attack, content | {"step": STEP}, Layout(LEVELS, groups, f"{month} ", False, small))
        left = len(tells.printed)
    targets, numbers = [], []
    for month, counts in enumerate(true):
        for name, count in counts.items():
            here, before = f"{month} {name}", f"{month - 1} {name}"
            if here in attack.names and count <= 5:
                targets.append({here: 1.0})
                numbers.append((here, count))
            if month and here in attack.names and before in attack.names:
                more = count - true[month - 1][name]
                attack.at_most(before, [here])
                if more <= 5:
                    targets.append({here: 1.0, before: -1.0})
                    numbers.append((f"more {here}", more))
    found = [(*numbers[place], low, high) for place, low, high in attack.narrow(targets, 5)]
    return found, left


@pytest.mark.parametrize("seed", [2, 5, *range(200, 200 + MORE)])
def test_a_chain_of_months_tells_no_small_number_and_still_something(tmp_path, seed):
    found, left = chain(tmp_path, seed, 3 if not MORE else 12)
    assert all(high > low for _, _, low, high in found), found
    assert not found and left > 10


def test_two_groupings_of_one_day_are_attacked_together(tmp_path):
    rows, toxicities = random_cohort(5)
    source = write_workbook(tmp_path / "cohort.xlsx", patients=rows, toxicities=toxicities)
    attack, earlier = Attack(), ()
    for group in ("arm", ""):
        content, groups, tells = published(source, "one", earlier, group=group)
        earlier = (*earlier, tells)
        true = truth(rows, toxicities, groups)
        small = frozenset(name for name, count in true.items() if count < STEP)
        # The same names stand for the same counts.
        read(attack, content | {"step": STEP}, Layout(LEVELS, groups, "", False, small))
    known = [(name, count) for name, count in true.items() if name in attack.names and count <= 5]
    assert known and not attack.narrow([{name: 1.0} for name, _ in known], 5)
    assert len(earlier[-1].printed) > 10


def test_another_min_cell_is_refused_and_what_is_kept_tells_no_true_count(tmp_path):
    rows, toxicities = random_cohort(5)
    source = write_workbook(tmp_path / "cohort.xlsx", patients=rows, toxicities=toxicities)
    _, _, tells = published(source, "one", ())
    with pytest.raises(UsageError, match="min_cell = 5.*--forget-release"):
        published(source, "one", (tells,), **{"privacy.min_cell": 6})
    small = [
        name
        for name in tells.names
        if name not in tells.printed and tells.high[tells.names.index(name)] < STEP
    ]
    assert small and all(tells.low[tells.names.index(name)] == 0 for name in small)
    again = told_from(json.loads(json.dumps(tells.__dict__)))
    assert again == tells


def test_releases_are_listed_verified_and_forgotten_with_a_reason(tmp_path):
    out = tmp_path / "out"
    wanted = {"privacy.profile": "external"}
    for day in (date(2020, 1, 31), date(2020, 6, 30)):
        request = Request(TWO_GROUPS, None, out, f"{day:%Y-%m}", ("html",), wanted | {"cutoff": day})
        last = build(request).folder
    place = out / f"{TWO_GROUPS.stem}.history.sqlite"
    assert [(one.number, one.period) for one in releases(place, TWO_GROUPS.stem)] == [
        (1, "2020-01"),
        (2, "2020-06"),
    ]
    build(request)
    assert len(releases(place, TWO_GROUPS.stem)) == 2
    verdict = verify(last, TWO_GROUPS)
    assert verdict.findings == () and verdict.notes == ()
    command = ["releases", str(TWO_GROUPS), "--output", str(out)]
    listed = CliRunner().invoke(app, command).stdout
    assert listed.startswith("2 reports for readers outside.") and "period 2020-06" in listed
    with pytest.raises(UsageError, match="needs a reason"):
        forget(place, TWO_GROUPS.stem, " ")
    empty = CliRunner().invoke(app, [*command, "--forget-release", ""])
    assert status_of(empty.exception) == 2 and "needs a reason" in str(empty.exception)
    told = CliRunner().invoke(app, [*command, "--forget-release", "never sent", "--number", "1", "--json"])
    assert json.loads(told.stdout)["releases"][0]["forgotten"] == "never sent"
    place.rename(place.with_suffix(".elsewhere"))
    assert "ledger is not in reach" in CliRunner().invoke(app, command).stdout
    place.with_suffix(".elsewhere").rename(place)
    gone = CliRunner().invoke(app, [*command, "--forget-release", "never sent", "--number", "1"])
    assert status_of(gone.exception) == 2
    assert verify(last, TWO_GROUPS).findings == ()
    place.unlink()
    assert "not in reach" in build(request).doubts[0]


def _told(moment: str, printed: dict[str, int], **known: tuple[float, float]) -> Told:
    """A report that prints nothing but the bounds that are given."""
    low, high = zip(*known.values(), strict=True)
    return Told(moment, 5, tuple(known), low, high, (), printed)


def _exposed(reports: list[Told], enough: int) -> set:
    """What all reports together bound to a range narrower than enough."""
    joint = _Joint(*_holding(reports))
    programme = Programme(joint.knowledge)
    return {target for place, target in joint.targets.items() if width(programme, place) < enough}


def test_a_corrected_count_does_not_end_the_watch_over_the_others():
    """One count became less, which no growth explains; of another, 20 to 23 patients grew to at most 24."""
    first = _told("one", {}, **{"os|all": (20, 30), "toxicity|a": (20, 30)})
    second = _told("two", {}, **{"os|all": (0, 10), "toxicity|a": (10, 24)})
    assert {target.name for target in _exposed([first, second], 5)} == {"toxicity|a"}


def test_two_answers_of_one_day_are_attacked_each_by_itself():
    """Endpoints that were told anew: the counts of one name are no longer the same."""
    first = _told("one", {}, **{"os|all": (20, 30), "toxicity|a": (20, 23)})
    second = _told("one", {}, **{"os|all": (0, 10), "toxicity|a": (10, 30)})
    assert "toxicity|a" in {target.name for target in _exposed([first, second], 5)}


def test_who_is_left_may_be_taken_to_have_become_no_less():
    """Of 30 patients 10 to 15 had relapsed, and 15 to 20 had not; of 31, these are 18 to 20: 11 to 13 have."""
    relations = ((0, (1, 2), False),)
    first, second = (
        Told(moment, 5, ("n|a", "relapse|a", "censored|relapse|a"), low, high, relations, {})
        for moment, low, high in (("one", (30, 0, 18), (30, 15, np.inf)), ("two", (31, 0, 0), (31, 30, 31)))
    )
    assert "relapse|a" in {target.name for target in _exposed([first, second], 5) if target.then}


def test_a_text_that_tells_how_many_patients_there_are_is_refused_after_another_report(tmp_path):
    rows, toxicities = random_cohort(5)
    source = write_workbook(tmp_path / "cohort.xlsx", patients=rows, toxicities=toxicities)
    title = {"title": f"A study of {len(rows)} patients"}
    _, _, tells = published(source, "one", (), **title)
    everyone = tells.names.index(ALL)
    assert tells.low[everyone] == tells.high[everyone] == len(rows)
    assert published(source, "one", (tells,), **title)[2] == tells
    with pytest.raises(UsageError, match=r"report\.title: the text says how many patients"):
        published(source, "two", (tells,), **title)
    assert published(source, "two", (tells,))[2].printed


def test_what_curves_end_with_is_attacked_together_with_earlier_reports():
    """20 to 30 patients had the event, and never fewer than before: curves that end with 16 to 23 leave 20 to 23."""
    first, second = (_told(moment, {}, **{"os|all": (20, 30)}) for moment in ("one", "two"))
    drawn = _told("two", {}, **{"os|all": (16, 23)})
    assert curves_fit(second, [first]) and curves_fit(drawn, [])
    assert not curves_fit(drawn, [first])


def test_what_hides_a_count_alone_is_masked_before_what_only_helps():
    ledger = Ledger()
    for name, count in ((ALL, 60), ("a", 10), ("b", 20), ("c", 30)):
        ledger.count(name, count)
    ledger.equal(ALL, ("a", "b", "c"))
    printed = dict(ledger.counts)
    held = {ALL, "a", "b"}
    assert _masked(ledger, printed, held, "c", lambda less: "b" not in less) == "b"
    assert _masked(ledger, printed, held, "c", lambda less: ALL not in less) == ALL
    assert _masked(ledger, printed, held, "c", lambda less: False) == "a"
    assert _masked(ledger, printed, set(), "c", lambda less: False) == "c"


def test_a_count_is_held_by_those_without_which_it_could_be_another():
    """x = a + b: b's own limits are narrower than what x and a leave it."""
    limits = np.array([[10.0, 19.0], [3.0, 12.0], [0.0, 5.0], [0.0, 9.0]])
    programme = Programme(Knowledge(limits[:, 0], limits[:, 1], (Relation(0, (1, 2)),)))
    assert programme.held_by(2) == {2} and width(programme, 2) == 5
    assert programme.held_by(0) == {0, 1, 2} and width(programme, 0) == 7
    assert programme.held_by(3) == {3}
