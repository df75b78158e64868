"""What became known after the start, from a landmark on: who is counted there, and who cannot be placed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reportgen.analyses.known_later import landmark_analysis, landmark_day, later_features
from reportgen.cohort.load import load_cohort
from tests.chapters.chapters import day, patient
from tests.workbooks import write_workbook

SAMPLE = Path(__file__).parents[2] / "sample_data" / "two_groups.xlsx"


def test_who_died_just_before_the_landmark_is_not_counted_as_not_to_be_placed(tmp_path):
    # The landmark is day 182.6. Nobody but P0 and P1 was assessed: of the others P2 was last seen alive on day 182
    # and P4 lived on; P3 died on day 182.
    rows = [patient(f"P{i}", toxicity_assessed="yes" if i < 2 else "no") for i in range(5)]
    rows[2] |= {"last_contact": day(182)}
    rows[3] |= {"vital_status": "dead", "death_date": day(182), "last_contact": day(182)}
    path = write_workbook(
        tmp_path / "c.xlsx",
        patients=rows,
        toxicities=[{"patient_id": "P0", "term": "rash", "grade": 3, "onset_date": day(9)}],
    )
    cohort = load_cohort(path)
    feature = next(f for f in later_features(cohort) if f.name == "severe_toxicity")
    _results, facts = landmark_analysis("survival", cohort, cohort.endpoints["os"], feature)
    assert (facts.n, facts.untold) == (2, 2)


@pytest.mark.parametrize("key", ["os", "pfs"])
def test_the_table_and_who_is_not_placed_are_all_at_risk_at_the_landmark(key):
    cohort = load_cohort(SAMPLE)
    endpoint, landmark = cohort.endpoints[key], landmark_day(cohort.settings)
    lived = endpoint.duration >= landmark
    seen = (endpoint.status == 0) & (endpoint.duration >= np.floor(landmark - 2))
    for feature in later_features(cohort):
        _results, facts = landmark_analysis("survival", cohort, endpoint, feature)
        assert facts.n + facts.untold == int((lived | seen).sum()), feature.name
