"""Cohorts of every shape are attacked: rare levels, tiny groups, few events, missing values, any min_cell."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pytest

from reportgen.cohort.load import load_cohort
from reportgen.publish.run_files import results_json
from reportgen.run.composing import analyse, compose
from reportgen.run.pipeline import protected
from tests.privacy.attacker import Attack, Layout, read
from tests.workbooks import write_workbook

RESPONSES = ["CR", "PR", "SD", "PD", "NE"]
LEVELS = {
    "best_response": RESPONSES,
    "sex": ["female", "male"],
    "stage": ["I", "II", "III", "IV"],
    "hospital": ["Ahausen", "Bestadt", "Cedorf"],
    "smoker": ["yes", "no"],
}
TOXICITIES = {
    "Nausea": ("Gut", 0.5),
    "Vomiting": ("Gut", 0.08),
    "Anaemia": ("Blood", 0.3),
    "Pain": ("Other", 0.02),
}


def random_cohort(seed: int) -> tuple[list[dict], list[dict]]:
    """(patients, toxicities). How many, how rare and how often they die or relapse is drawn as well."""
    draw = np.random.default_rng(seed)
    n, groups = int(draw.integers(30, 300)), int(draw.integers(1, 4))
    shares = draw.dirichlet(np.full(groups, draw.choice([5.0, 50.0])))
    dying, relapsing = draw.choice([0.04, 0.3, 0.6]), draw.choice([0.05, 0.4])
    spared = draw.integers(groups) if groups > 1 and draw.random() < 0.5 else -1

    def one_of(words, *weights, known: float = 0.94):
        return None if draw.random() > known else words[draw.choice(len(words), p=weights)]

    rows, toxicities = [], []
    for i in range(n):
        start = date(2018, 1, 1) + timedelta(days=int(draw.integers(0, 900)))
        end, arm = int(draw.integers(30, 1500)), int(draw.choice(groups, p=shares))
        dead, relapsed = draw.random() < dying and arm != spared, draw.random() < relapsing and arm != spared
        last = start + timedelta(days=end)
        row = {
            "patient_id": f"P{i}",
            "arm": "ABC"[arm],
            "sex": one_of(["female", "male"], 0.5, 0.5),
            "stage": one_of(LEVELS["stage"], 0.5, 0.35, 0.12, 0.03),
            "hospital": one_of(LEVELS["hospital"], 0.5, 0.46, 0.04, known=1),
            "smoker": one_of(["yes", "no"], 0.05, 0.95),
            "best_response": one_of(RESPONSES, 0.1, 0.45, 0.3, 0.12, 0.03),
            "treatment_start": start,
            "relapse_date": start + timedelta(days=int(draw.integers(1, end + 1))) if relapsed else None,
            "vital_status": "dead" if dead else "alive",
            "death_date": last if dead else None,
            "last_contact": last,
        }
        rows.append(row)
        toxicities += [
            {"patient_id": f"P{i}", "term": term, "category": category, "grade": int(draw.integers(1, 5)),
             "onset_date": start}
            for term, (category, often) in TOXICITIES.items() if draw.random() < often
        ]  # fmt: skip
    return rows, toxicities


def truth(rows: list[dict], toxicities: list[dict], groups: list[str]) -> dict[str, int]:
    """Every number by the attacker's name, counted from the rows themselves."""
    true: dict[str, int] = {}

    def cell(name: str, mine: list[dict], of: list[dict]) -> None:
        true[name], true[f"{name}: others"] = len(mine), len(of) - len(mine)

    for group in ("all", *groups):
        of = [row for row in rows if group in ("all", row["arm"])]
        true[f"n {group}"] = len(of)
        for variable, levels in LEVELS.items():
            for level in levels:
                cell(f"{variable} {group} {level}", [r for r in of if r[variable] == level], of)
            if variable != "smoker":
                true[f"{variable} {group} missing"] = sum(row[variable] is None for row in of)
        cell(f"response {group}", [r for r in of if r["best_response"] in ("CR", "PR")], of)
        cell(f"os {group}", [r for r in of if r["death_date"]], of)
        cell(f"relapse {group}", [r for r in of if r["relapse_date"]], of)
        cell(f"pfs {group}", [r for r in of if r["death_date"] or r["relapse_date"]], of)
        cell(f"competing {group}", [r for r in of if r["death_date"] and not r["relapse_date"]], of)
    for variable, levels in LEVELS.items():
        for level in levels if variable != "best_response" else ():
            of = [row for row in rows if row[variable] == level]
            cell(f"relapsed {variable} {level}", [r for r in of if r["relapse_date"]], of)
    names = {"any": lambda t: True}
    names |= {term.lower(): lambda t, term=term: t["term"] == term for term in TOXICITIES}
    names |= {f"category: {c.lower()}": lambda t, c=c: t["category"] == c for c, _ in TOXICITIES.values()}
    for name, mine in names.items():
        who = [{t["patient_id"] for t in toxicities if mine(t) and t["grade"] >= least} for least in (1, 3)]
        cell(f"{name} any_grade", who[0], rows)
        cell(f"{name} grade_3_plus", who[1], rows)
        true[f"{name} lower"] = len(who[0]) - len(who[1])
    return true


def external(source, **settings) -> tuple[dict, list[str]]:
    """results.json of a report for readers outside, and the groups that it shows."""
    cohort = load_cohort(source, overrides={"privacy.profile": "external", "group": "arm"} | settings)
    cohort = protected(cohort, source.parent)
    results, notices = analyse(cohort)
    report = compose(cohort, results, notices)
    groups = results.facts["external"].groups
    return json.loads(results_json(results, report.provenance)), groups


# The last four were given away while the attack took no masked number for a small one.
COHORTS = [(1, 3), (2, 5), (4, 10), (5, 5), (26, 10), (31, 5), (46, 3), (47, 3)]


@pytest.mark.parametrize(("seed", "min_cell"), COHORTS)
def test_no_small_number_of_any_cohort_is_bounded_more_closely_than_min_cell(tmp_path, seed, min_cell):
    rows, toxicities = random_cohort(seed)
    source = write_workbook(tmp_path / "cohort.xlsx", patients=rows, toxicities=toxicities)
    published, groups = external(source, **{"privacy.min_cell": min_cell})
    step = min_cell + 3
    true = truth(rows, toxicities, groups)
    small = frozenset(name for name, count in true.items() if count < step)
    attack = Attack()
    read(attack, published | {"step": step}, Layout(LEVELS, groups, "", running=False, guessed=small))
    believed = [(name, count) for name, count in true.items() if name in attack.names]
    for name, count in believed:
        assert attack.low[attack.names[name]] <= count <= attack.high[attack.names[name]], name
    few = [name for name, count in believed if count <= min_cell]
    assert few
    assert attack.allows(true)
    told = attack.narrow([{name: 1} for name in few], min_cell)
    assert not told, [(few[place], true[few[place]], low, high) for place, low, high in told]


@pytest.mark.parametrize(
    ("key", "event"), [("pfs", "death_date"), ("os", "relapse_date"), ("relapse", "death_date")]
)
def test_endpoints_may_be_redefined(tmp_path, key, event):
    """A relapse is then no part of "pfs", or none of the deaths: nothing may be taken for granted."""
    rows, toxicities = random_cohort(7)
    source = write_workbook(tmp_path / "cohort.xlsx", patients=rows, toxicities=toxicities)
    rule = f'[[endpoint]]\nkey = "{key}"\norigin = "treatment_start"\nevents = ["{event}"]\n'
    (tmp_path / "report.toml").write_text(f'{rule}censor = "last_contact"\n')
    published, _ = external(source)
    counts = {e["endpoint"]: e["events"] for e in published["estimates"] if e["statistic"] == "count"}
    assert counts[key]


def test_a_status_that_is_not_recorded_leaves_patients_out(tmp_path):
    rows, toxicities = random_cohort(7)
    for row in rows[::9]:
        row |= {"vital_status": None, "death_date": None}
    source = write_workbook(tmp_path / "cohort.xlsx", patients=rows, toxicities=toxicities)
    published, groups = external(source)
    n = {e["id"]: e["n"] for e in published["estimates"]}
    assert n["survival.os.all.count"] < n["baseline.all.all.count"]
    assert len(groups) > 1


def test_levels_and_groups_may_be_called_whatever_they_like(tmp_path):
    rows, toxicities = random_cohort(7)
    words = ("left out", "others", "A", "no group", "all", None)
    for i, row in enumerate(rows):
        row |= {"stage": words[i % 6], "arm": ("A", "assessed", "stage|others")[i % 3]}
    toxicities += [{**toxicities[0], "patient_id": f"P{i}", "term": "a|any_grade|others"} for i in range(20)]
    source = write_workbook(tmp_path / "cohort.xlsx", patients=rows, toxicities=toxicities)
    published, groups = external(source)
    assert len(groups) == 3
    assert {"left out", "others", "all"} <= {e["group"] for e in published["estimates"]}


def test_groups_that_became_known_later_have_no_curves(tmp_path):
    """Who responds must live until then: outcomes of such groups are never set side by side."""
    rows, toxicities = random_cohort(7)
    source = write_workbook(tmp_path / "cohort.xlsx", patients=rows, toxicities=toxicities)
    for group, shown in (("best_response", {"all"}), ("smoker", {"all"})):
        published, _ = external(source, group=group)
        outcomes = [
            e for e in published["estimates"] if e["section"] in ("survival", "relapse") and e["endpoint"]
        ]
        assert {e["group"] for e in [*outcomes, *published["curves"]]} == shown


def test_a_level_that_nobody_has_looks_like_a_rare_one(tmp_path):
    """Of columns whose words everybody knows, a row that is absent would say that the number is 0."""
    rows, toxicities = random_cohort(7)
    for i, row in enumerate(rows):
        row |= {"sex": "female", "treatment_stop": row["last_contact"]}
        row |= {"stop_reason": ("completed", "progression")[i % 2]}
    source = write_workbook(tmp_path / "cohort.xlsx", patients=rows, toxicities=toxicities)
    published, _ = external(source, **{"features.include": ["sex", "stop_reason"]})
    rows_of = {
        e["group"]: e
        for e in published["estimates"]
        if e["variable"] == "stop_reason" and e["section"] == "baseline"
    }
    assert {"toxicity", "other"} <= set(rows_of)
    sexes = [e for e in published["estimates"] if e["variable"] == "sex" and e["section"] == "baseline"]
    assert {e["group"] for e in sexes if "|" not in e["group"]} >= {"female", "male"}
    assert all(e["events"] is None for e in sexes)
