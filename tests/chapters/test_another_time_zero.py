"""What counts from the start of treatment does so, whatever day survival counts from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from reportgen.cohort.load import load_cohort
from reportgen.publish.workbook import workbook_bytes
from reportgen.run.composing import analyse
from sample_data import make_two_groups

WAIT = timedelta(days=100)
# Of these chapters all numbers count from the start of treatment, its end, a response or a relapse.
OF_TREATMENT = ("response", "exposure", "toxicity", "after_stopping", "after_relapse", "patients")
# Of the chapters on the endpoints themselves these do.
KEYS = ("states", "treatment_free", "growth_modulation", "response_by", "disease_control")


def results(path, sheets, **overrides):
    path.write_bytes(workbook_bytes(sheets))
    return analyse(load_cohort(path, overrides={f"report.{k}": v for k, v in overrides.items()}))[0]


def earlier(cell):
    assert isinstance(cell, date)
    return cell - WAIT


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder, sheets = tmp_path_factory.mktemp("clock"), []
    for sheet in make_two_groups.sheets():
        if sheet.name == "patients":
            start, found = (sheet.head.index(name) for name in ("treatment_start", "diagnosis_date"))
            rows = [[*row[:found], earlier(row[start]), *row[found + 1 :]] for row in sheet.rows]
            sheet = replace(sheet, rows=rows)
        sheets.append(sheet)
    return results(folder / "a.xlsx", sheets), results(folder / "b.xlsx", sheets, origin="diagnosis_date")


def of_treatment(one):
    return one.section in OF_TREATMENT or any(key in one.id for key in KEYS)


def test_no_time_of_treatment_moves_with_the_origin_of_survival(both):
    there, here = ({e.id: e for e in found.estimates if of_treatment(e)} for found in both)
    assert set(there) == set(here) and len(there) > 100
    moved = {
        id: (e.value, here[id].value)
        for id, e in there.items()
        if here[id].value != pytest.approx(e.value, abs=1e-9, nan_ok=True)
    }
    assert not moved


def test_the_states_over_time_are_the_same(both):
    there, here = (found.select_curves(kind="state_occupancy") for found in both)
    assert there and [(c.id, list(c.steps.estimate)) for c in there] == [
        (c.id, list(c.steps.estimate)) for c in here
    ]


def test_survival_does_count_from_it(both):
    there, here = (found["survival.os.all.median_time"] for found in both)
    assert here.value == pytest.approx(there.value + WAIT.days)


def test_incidences_are_compared_where_grays_test_is_not_defined(both):
    there, here = (found["relapse.relapse.arm.p_value"] for found in both)
    assert there.method.code == "gray" and here.method.code == "log_rank"
    assert here.exists and here.value < 0.05
