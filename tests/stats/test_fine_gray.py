"""Fine and Gray's model against R's cmprsk::crr (tests/golden/fine_gray.R), and where there is no answer."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.stats import fine_gray as module
from reportgen.stats.fine_gray import _influence as influence
from reportgen.stats.fine_gray import fine_gray
from reportgen.stats.hazards import cox
from tests.golden_data import load

ANSWERS = load("fine_gray")[1]


def mgus(cause: int):
    m = load("mgus2")[0]
    known = (
        np.isfinite(m["cr_time"])
        & np.isfinite(m["cr_status"])
        & np.isfinite(m["age"])
        & np.isfinite(m["male"])
    )
    status = m["cr_status"][known]
    status = status if cause == 1 else np.where(status == 0, 0, 3 - status)
    return m["cr_time"][known], status, {"male": m["male"][known], "age": m["age"][known] / 10}


def tiny():
    t = load("tiny_cr12")[0]
    return t["time"], t["status"], {"B": t["B"]}


@pytest.mark.parametrize(("name", "data"), [("tiny", tiny()), ("mgus_1", mgus(1)), ("mgus_2", mgus(2))])
def test_it_equals_r(name, data):
    rows, answer = fine_gray(*data), ANSWERS[name]
    ratios, tests = rows[::2], rows[1::2]
    for field, key in (("value", "ratio"), ("se", "se"), ("low", "low"), ("high", "high")):
        np.testing.assert_allclose([getattr(e, field) for e in ratios], answer[key], rtol=1e-6)
    np.testing.assert_allclose([e.value for e in tests], answer["p"], rtol=1e-5)
    assert {e.statistic for e in ratios} == {"subdistribution_hazard_ratio"}


def test_equal_patients_as_one_row_give_what_they_give_one_by_one(monkeypatch):
    time, status, covariates = mgus(1)
    data = np.tile(time, 9), np.tile(status, 9), {"male": np.tile(covariates["male"], 9)}
    one_by_one = fine_gray(*data)
    rows = []
    monkeypatch.setattr(module, "MANY", 1)
    monkeypatch.setattr(module, "_influence", lambda w, beta: rows.append(w.n) or influence(w, beta))
    counted = fine_gray(*data)
    assert rows[0].sum() == len(data[0]) and rows[0].min() >= 9
    for field in ("value", "low", "high", "se"):
        found, expected = ([getattr(e, field) or 0 for e in part] for part in (counted, one_by_one))
        np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_without_another_cause_it_is_coxs_model():
    """Without ties, too, the variance apart, which is that of the influences."""
    random = np.random.default_rng(3)
    time, status, x = (
        random.exponential(10, 60),
        (random.random(60) < 0.7).astype(int),
        random.normal(size=60),
    )
    assert fine_gray(time, status, {"x": x})[0].value == pytest.approx(cox(time, status, {"x": x})[0].value)


def test_without_an_answer_it_says_why():
    alike = fine_gray([1, 2, 3], [1, 2, 0], {"x": [1, 1, 1]})
    apart = fine_gray([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0], {"x": [1, 1, 1, 0, 0, 0]})
    assert [e.code for e in (alike[0], apart[0])] == ["no_variation", "separation"]
    assert all(e.value is None for e in (*alike, *apart))


def test_at_its_gate_the_interval_covers_what_it_promises():
    """150 seeded cohorts of 30 without a true difference, about twelve events each; 95% is promised."""
    random = np.random.default_rng(11)
    held = []
    for _ in range(150):
        event, other, censor = (random.exponential(scale, 30) for scale in (20, 40, 25))
        time = np.minimum(np.minimum(event, other), censor)
        status = np.where(censor == time, 0, np.where(event == time, 1, 2))
        row = fine_gray(time, status, {"x": np.arange(30) % 2})[0]
        if row.exists and row.events >= 10:
            held.append(row.low <= 1 <= row.high)
    assert len(held) > 100 and np.mean(held) >= 0.93
