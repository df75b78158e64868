"""What is given as a duration, and what is refused, is counted so in what chapters share."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from reportgen.analyses import given_durations
from reportgen.analyses.features import compare_features
from reportgen.analyses.states import states_analysis
from reportgen.cohort.load import load_cohort
from tests.workbooks import minimal_patients, write_workbook

GIVEN = """
[[endpoint]]
key = "os"
time = "t"
event = "s"
event_values = [1]
censor_values = [0]
"""


def cohort_of(folder, rows: list[dict], toml: str = ""):
    (folder / "report.toml").write_text(toml)
    return load_cohort(write_workbook(folder / "c.xlsx", patients=rows), config=folder / "report.toml")


def treated(n: int, **columns) -> list[dict]:
    """Patients who stopped treatment, every third of whom relapsed later."""
    rows = minimal_patients(n, death_date=None, **columns)
    for k, row in enumerate(rows):
        stop = row["treatment_start"] + timedelta(days=100 + k)
        row |= {"treatment_stop": stop, "relapse_date": stop + timedelta(days=50) if k % 3 == 0 else None}
    return rows


def test_days_of_death_are_those_of_a_given_survival(tmp_path):
    rows = [{"patient_id": f"P{k}", "t": 100 + k, "s": k % 2} for k in range(6)]
    found = given_durations.deaths(cohort_of(tmp_path, rows, GIVEN))
    assert np.array_equal(found, [np.nan, 101, np.nan, 103, np.nan, 105], equal_nan=True)


def test_states_are_none_of_given_times_and_of_few(tmp_path):
    assert states_analysis("survival", cohort_of(tmp_path, treated(6))).curves
    assert not states_analysis("survival", cohort_of(tmp_path, treated(2))).curves
    rows = [{**row, "t": 1000, "s": 0} for row in treated(6)]
    assert not states_analysis("survival", cohort_of(tmp_path, rows, GIVEN)).curves
    undated = [{name: cell for name, cell in row.items() if name != "treatment_stop"} for row in treated(6)]
    assert not states_analysis("survival", cohort_of(tmp_path, undated)).curves


def test_a_feature_that_cannot_be_tested_says_so_once_and_not_of_its_levels(tmp_path):
    rows = [{**row, "relapse_date": None} for row in treated(9, stage=["I", "II", "III"] * 3)]
    cohort = cohort_of(tmp_path, rows)
    (stage,) = (
        one
        for one in compare_features("relapse", cohort, cohort.endpoints["relapse"])
        if one.feature.name == "stage"
    )
    (told,) = (e for e in stage.estimates if e.statistic == "p_value")
    assert (told.group, told.value, told.code) == ("stage", None, "no_events")
