"""Real cohorts whose published counts are known; skipped where the folder with them is absent."""

import csv
from datetime import date
from pathlib import Path

import pytest

from reportgen.cohort.load import load_cohort
from tests.workbooks import write_workbook

FOLDER = Path(__file__).parents[2].parent / "shared" / "cases"


def load(tmp_path, name, toml):
    source = FOLDER / f"{name}.csv"
    if not source.exists():
        pytest.skip(f"the folder with {name} is not beside the project")
    with source.open(encoding="utf-8", newline="") as handle:
        rows = [{key: typed(value) for key, value in row.items()} for row in csv.DictReader(handle)]
    (tmp_path / "report.toml").write_text(toml)
    return load_cohort(write_workbook(tmp_path / f"{name}.xlsx", patients=rows))


def typed(cell):
    for kind in (float, date.fromisoformat):
        try:
            return kind(cell)
        except ValueError:
            continue
    return cell or None


def events(cohort, key):
    status = cohort.endpoints[key].status
    return int((status == 1).sum()), int((status == 2).sum())


def test_moss_2012_death_is_the_event_where_no_progression_was_seen(tmp_path):
    cohort = load(tmp_path, "moss2012_pancreatic", """
        [columns.patients]
        treatment_start = "onstudy"
        relapse_date = "progression"
        death_date = "death"
        last_contact = "death"
        """)  # fmt: skip
    assert cohort.n == 41
    assert events(cohort, "os") == (41, 0)
    assert events(cohort, "pfs") == (41, 0)
    assert events(cohort, "relapse")[0] + events(cohort, "relapse")[1] == 41
    assert {feature.name: feature.levels for feature in cohort.features} == {"stage": ("LA", "M")}


def test_sobecks_2011_durations_in_months_and_missing_cells(tmp_path):
    cohort = load(tmp_path, "sobecks2011_cmv", """
        [report]
        group = "c1_c2"
        [columns.patients]
        sex = "sex"
        [values.sex]
        male = [1]
        female = [0]
        [[endpoint]]
        key = "cmv"
        label = "CMV reactivation"
        time = "time_to_cmv"
        unit = "months"
        event = "cmv"
        """)  # fmt: skip
    kirs = cohort.patients.frame["akirs"]
    status = cohort.endpoints["cmv"].status
    assert cohort.n == 64 and len(status) == 64
    assert (int(status[kirs >= 5].sum()), int((kirs >= 5).sum())) == (3, 16)
    assert (int(status[kirs < 5].sum()), int((kirs < 5).sum())) == (23, 48)
    assert cohort.patients.frame["cd3_dose"].isna().any()
    assert not {feature.name: feature.known_at_start for feature in cohort.features}["time_to_agvhd"]


def test_crowley_1977_a_transplant_is_not_known_at_the_start(tmp_path):
    cohort = load(tmp_path, "crowley1977_heart", """
        [columns.patients]
        treatment_start = "accept.dt"
        last_contact = "fu.date"
        vital_status = "fustat"
        [values.vital_status]
        dead = [1]
        alive = [0]
        """)  # fmt: skip
    assert (cohort.n, events(cohort, "os")) == (103, (75, 0))
    known = {feature.name: feature.known_at_start for feature in cohort.features}
    assert known["age_at_start"] and not known["transplant"]
