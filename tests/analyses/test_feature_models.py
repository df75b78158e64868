"""The models of features as a paper's table has them, against R (tests/golden/feature_models.R)."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from reportgen.analyses.feature_models import feature_models
from reportgen.base.message import codes
from reportgen.cohort.load import load_cohort
from tests.golden_data import FOLDER, load

SETTINGS = """
[features]
include = ["celltype", "karno", "trt"]
known_at_start = true
of_interest = ["celltype", "karno", "trt"]
[source]
row_ids = true
[[endpoint]]
key = "os"
time = "time"
event = "event"
"""
ANSWERS = load("feature_models")[1]


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    folder = tmp_path_factory.mktemp("veteran")
    shutil.copy(FOLDER / "veteran.csv", folder)
    (folder / "report.toml").write_text(SETTINGS)
    cohort = load_cohort(folder / "veteran.csv", config=folder / "report.toml")
    return feature_models("survival", cohort, cohort.endpoints["os"])


def test_each_alone_and_those_named_beforehand_together(rows):
    ratios = {e.group: e for e in rows if e.statistic == "hazard_ratio"}
    for name, answer in ANSWERS["alone"].items():
        column = "age_at_start" if name == "age" else name
        found = [e for group, e in ratios.items() if group.split("=")[0] == column]
        for field, key in (("value", "ratio"), ("low", "low"), ("high", "high")):
            np.testing.assert_allclose([getattr(e, field) for e in found], answer[key], rtol=1e-7)
    together = [e for e in rows if e.statistic == "hazard_ratio_adjusted" and e.exists]
    for field, key in (("value", "ratio"), ("low", "low"), ("high", "high")):
        np.testing.assert_allclose([getattr(e, field) for e in together], ANSWERS["together"][key], rtol=1e-7)
    assert [e.group.split("=")[0] for e in together] == ["trt", *["celltype"] * 3, "karno"]
    (other,) = [e for e in rows if e.statistic == "hazard_ratio_adjusted" and not e.exists]
    assert other.group == "age_at_start" and codes(other.note) >= {"not_named"}


def test_the_p_values_alone_are_adjusted_by_holm(rows):
    adjusted = [e.value for e in rows if e.statistic == "p_value_model_holm"]
    np.testing.assert_allclose(adjusted, ANSWERS["holm"], rtol=1e-6)
    together = [e.value for e in rows if e.statistic == "p_value_adjusted" and e.exists]
    np.testing.assert_allclose(together, ANSWERS["together"]["p"], rtol=1e-6)
