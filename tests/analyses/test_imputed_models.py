"""When the model of several features is made with what is missing imputed, and when it is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reportgen.analyses import imputed_models, models
from reportgen.analyses.imputed_models import fit_imputed
from reportgen.base.errors import MachineFailed
from reportgen.base.gate_limits import GateLimits
from reportgen.base.message import message
from reportgen.cohort.cohort import EndpointData

RNG = np.random.default_rng(11)
N = 120
ENDPOINT = EndpointData(
    "os", "Overall survival", message("death"), np.arange(N), np.ceil(RNG.exponential(300, N)), RNG.integers(0, 2, N),
    "death", "", (),
)  # fmt: skip
VALUES = RNG.normal(60, 10, N)


def terms(missing: int):
    holes = np.where(np.arange(N) < missing, np.nan, VALUES)
    half = np.arange(N) % 2 == 0
    return models.number("age", holes), models.category("arm", {"A": half, "B": ~half})


def test_nothing_where_nothing_is_missing():
    assert fit_imputed(ENDPOINT, terms(0), GateLimits(), 0.95) == ()


def test_late_entry_and_too_few_missing_are_refused_with_their_reason():
    late = replace(ENDPOINT, entry=np.zeros(N))
    assert {e.code for e in fit_imputed(late, terms(20), GateLimits(), 0.95)} == {"late_entry"}
    rows = fit_imputed(ENDPOINT, terms(5), GateLimits(), 0.95)
    assert {(e.statistic, e.code) for e in rows} == {
        ("hazard_ratio_imputed", "little_missing"),
        ("p_value_imputed", "little_missing"),
    }
    assert {(e.group, e.n, e.events) for e in rows} == {
        (group, N, int(ENDPOINT.status.sum())) for group in ("age", "arm")
    }


def test_without_the_library_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(imputed_models, "find_spec", lambda name: None)
    with pytest.raises(MachineFailed, match=r"pip install 'clinical-reportgen\[impute\]'"):
        fit_imputed(ENDPOINT, terms(20), GateLimits(), 0.95)
