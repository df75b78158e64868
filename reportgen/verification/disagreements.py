"""Our survival curves, tests, models and restricted means against the second implementation, on the same patients."""

from __future__ import annotations

import numpy as np

from reportgen.analyses.feature_models import term_of
from reportgen.analyses.groups import compared_groups
from reportgen.analyses.models import model_design
from reportgen.analyses.outcomes import tested_groups
from reportgen.base.message import codes, message
from reportgen.cohort.cohort import Cohort, EndpointData, Feature
from reportgen.stats.hazards import COX
from reportgen.stats.logrank import LOG_RANK
from reportgen.stats.results import Curve, Estimate, Results
from reportgen.stats.survival import LOG_LOG, LOG_LOG_OF_CURVE
from reportgen.verification import second_opinion
from reportgen.verification.verdict import Finding

CLOSE = 1e-8
ITERATED = 1e-5  # both stop when a step is small
COX_TEST = COX[1].code
KIND = "second implementation"


def disagreements(cohort: Cohort, results: Results) -> tuple[list[Finding], int]:
    """What lifelines computes differently, and how many curves and numbers it was asked about.

    Kaplan–Meier estimates of every curve, with their interval where it is the log-log one; log-rank tests
    where the asymptotic one was made; restricted means; Cox models of a feature alone. results: ours, as computed,
    before any masking.
    """
    findings, count = [], 0
    for key, endpoint in cohort.endpoints.items():
        if endpoint.entry is not None:
            continue  # the second implementation counts who comes in on the day of an event as at risk of it
        groups = compared_groups(cohort, endpoint.rows)
        everyone = np.ones(len(endpoint.rows), bool)
        for name, mask in {"all": everyone, **groups}.items():
            names = {"endpoint": key, "group": name}
            for curve in results.select_curves(kind="kaplan_meier", **names):
                findings += _check_curve(curve, endpoint, mask)
                count += 1
            for mean in results.select(statistic="rmst", **names):
                findings += _check_mean(mean, endpoint, mask)
                count += 1
        for test in results.select(statistic="p_value", endpoint=key, group=cohort.settings.group):
            if groups and test.exists and LOG_RANK in codes(test.method):
                tested = tested_groups({name: int(mask.sum()) for name, mask in groups.items()})
                findings += _check_test(test, endpoint, {name: groups[name] for name in tested})
                count += 1
        for feature in cohort.features:
            models = _models_of(feature, cohort, endpoint, results)
            findings += [finding for model in models for finding in model]
            count += len(models)
    return findings, count


def _patients(endpoint: EndpointData, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return endpoint.duration[mask], (endpoint.status[mask] == 1).astype(int)


def _check_curve(curve: Curve, endpoint: EndpointData, mask: np.ndarray) -> list[Finding]:
    duration, status = _patients(endpoint, mask)
    if not len(duration):
        return []
    steps = curve.steps
    found = _compared(curve.id, message("survival curve"), steps.estimate,
                      second_opinion.survival(duration, status, steps.time))  # fmt: skip
    if codes(curve.method) & {LOG_LOG, LOG_LOG_OF_CURVE}:
        theirs = second_opinion.log_log_interval(duration, status, steps.time)
        limits = (
            (message("lower limit"), steps.low, theirs[:, 0]),
            (message("upper limit"), steps.high, theirs[:, 1]),
        )
        for word, ours, limit in limits:
            known = np.isfinite(limit) & np.isfinite(ours)
            found += _compared(curve.id, word, ours[known], limit[known])
    return found


def _check_mean(mean: Estimate, endpoint: EndpointData, mask: np.ndarray) -> list[Finding]:
    if not mean.exists or mean.time is None:
        return []
    theirs = second_opinion.restricted_mean(*_patients(endpoint, mask), mean.time)
    return _compared(mean.id, message("mean"), np.array([mean.value]), np.array([theirs]))


def _check_test(test: Estimate, endpoint: EndpointData, groups: dict[str, np.ndarray]) -> list[Finding]:
    kept = np.logical_or.reduce(list(groups.values()))
    codes = np.select(list(groups.values()), range(len(groups)), -1)[kept]
    theirs = second_opinion.logrank_p(*_patients(endpoint, kept), codes)
    return _compared(test.id, message("p-value"), np.array([test.value]), np.array([theirs]))


def _models_of(
    feature: Feature, cohort: Cohort, endpoint: EndpointData, results: Results
) -> list[list[Finding]]:
    """Of the Cox model of a feature alone, if one was fitted: what they find otherwise."""
    tests = results.select(statistic="p_value_model", endpoint=endpoint.key)
    fitted = {test.group for test in tests if test.exists and COX_TEST in codes(test.method)}
    term = term_of(cohort, endpoint, feature) if feature.known_at_start else None
    if term is None or not fitted.issuperset(c.group for c in term.coefficients):
        return []
    theirs = second_opinion.hazard_ratios(model_design(endpoint, (term,)))
    if theirs is None:
        return []
    ours = {row.group: row for row in results.select(statistic="hazard_ratio", endpoint=endpoint.key)}
    rows = [ours[c.group] for c in term.coefficients]
    return [
        _compared(
            rows[0].id, message("hazard ratio"), np.array([row.value for row in rows]), theirs, ITERATED
        )
    ]


def _compared(
    name: str, what: str, ours: np.ndarray, theirs: np.ndarray, close: float = CLOSE
) -> list[Finding]:
    """At most one finding: where the two are furthest apart."""
    apart = np.abs(ours - theirs) / np.maximum(1, np.abs(theirs))
    if not apart.size or not (apart.max() > close or np.isnan(apart).any()):
        return []
    worst = int(np.nanargmax(np.where(np.isnan(apart), np.inf, apart)))
    problem = message("lifelines has another value: {what}", what=what)
    return [Finding(KIND, name, problem, float(ours[worst]), float(theirs[worst]))]
