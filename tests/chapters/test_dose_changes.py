"""First changes of the dose against R (tests/golden/dose_changes.R), from workbook to sentence."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.chapters import exposure
from tests.chapters.chapters import chapter, day, patient
from tests.golden_data import load

DATA, ANSWERS = load("dose_changes")


def sheets(doses: bool = True) -> dict[str, list[dict]]:
    """Each patient with rows of line 1: 500 mg, half of it from the reduction on, a gap of 20 days as interruption."""
    patients, lines = [], []
    for i in range(len(DATA["id"])):
        who, end, why = f"P{i}", int(DATA["end"][i]), DATA["why"][i]
        last = end if why != "stop" else end + 50
        patients.append(patient(
            who, last_contact=last, treatment_stop=end if why == "stop" else None,
            vital_status="dead" if why == "death" else "alive", death_date=end if why == "death" else None,
        ))  # fmt: skip
        reduced, paused = DATA["reduced"][i], DATA["paused"][i]
        cuts = sorted({0.0, *(x for x in (reduced, paused + 20) if np.isfinite(x))})
        for k, start in enumerate(cuts):
            stop = cuts[k + 1] - 1 if k + 1 < len(cuts) else None
            if np.isfinite(paused) and start < paused and (stop is None or stop > paused):
                stop = paused
            dose = "250 mg" if start >= reduced else "500 mg"
            lines.append({"patient_id": who, "line": 1, "treatment": "x", "start_date": day(int(start)),
                          "stop_date": None if stop is None else day(int(stop)),
                          "dose": dose if doses else None})  # fmt: skip
    return {"patients": patients, "treatments": lines}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return chapter(exposure, tmp_path_factory.mktemp("doses"), **sheets())


@pytest.mark.parametrize("kind", ["reduction", "interruption"])
def test_it_equals_r(told, kind):
    stem = f"exposure.dose_{kind}.all"
    assert told.results[f"{stem}.count"].events == ANSWERS[kind]["events"]
    at = [told.results[f"{stem}.cumulative_incidence@{k * 30.4375:.10g}"].value for k in (3, 6, 12)]
    np.testing.assert_allclose(at, ANSWERS[kind]["at"], atol=1e-12)


def test_it_is_a_sentence_and_a_table_of_the_supplement(told):
    assert "The cumulative incidence of a first dose reduction was 38% (95% CI " in told.text
    assert "at 12 months (36 patients whose doses are known)." in told.text
    row = told.table("table-dose-time")[0]
    assert (row[:2], row[6]) == (["First reduction of the dose", "13/36"], "38%")


def test_without_doses_nothing_is_said(tmp_path):
    bare = chapter(exposure, tmp_path, **sheets(doses=False))
    assert not bare.results.select(endpoint="dose_reduction") and not bare.has("table-dose-time")
