"""Groups compared within strata: the stratified log-rank test and Cox's model with a baseline hazard for each stratum.

Beside the comparison without strata, never in its place, and only where that is asymptotic: relabelling and Firth's
penalty take no strata here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from reportgen.analyses.groups import feature, masks
from reportgen.analyses.models import Term, category
from reportgen.analyses.outcomes import KNOWN_LATER
from reportgen.base.message import Message, joined, message
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.cohort.mapping.keys import name_key
from reportgen.stats import gates as gate
from reportgen.stats.design import no_ratios
from reportgen.stats.events import EventTable, event_table
from reportgen.stats.fine_gray import STATISTIC as SUBDISTRIBUTION
from reportgen.stats.fine_gray import fine_gray
from reportgen.stats.gray import STRATIFIED as STRATIFIED_GRAY
from reportgen.stats.gray import stratified_gray
from reportgen.stats.logrank import stratified_logrank
from reportgen.stats.notes import CAUSE_SPECIFIC, compared, refused
from reportgen.stats.results import Estimate
from reportgen.stats.stratified import STRATIFIED, stratified_cox

STATISTICS = {
    "hazard_ratio": "hazard_ratio_stratified",
    "p_value": "p_value_model_stratified",
    SUBDISTRIBUTION: "subdistribution_hazard_ratio_stratified",
}
OF_INCIDENCE = STATISTICS | {"p_value": "p_value_subdistribution_stratified"}
NO_STRATA = message("relabelling takes no strata here", "no_strata")
PENALISED = message("Firth’s penalised model takes no strata here", "no_strata")


def stratified(cohort: Cohort, endpoint: EndpointData, groups: Mapping[str, np.ndarray]) -> list[Estimate]:
    """p_value_stratified of the groups; hazard_ratio_stratified and p_value_model_stratified of each against the first.
    Of an endpoint with a competing event these are of the cause-specific hazard, and beside them stand those of the
    incidence: p_value_gray_stratified, subdistribution_hazard_ratio_stratified, p_value_subdistribution_stratified.

    groups: masks of the endpoint's patients, the reference first. Patients of whom a stratifying column is not known
    are left out of these, as n says. Nothing without strata in the settings; those of an endpoint's own rule go first.
    """
    own = endpoint.rule.strata if endpoint.rule is not None else ()
    names = tuple(map(name_key, own or cohort.settings.strata))
    if not names or not groups:
        return []
    stratum = _strata(cohort, endpoint, names)
    kept = (stratum >= 0) & np.logical_or.reduce(list(groups.values()))
    by = message("strata: {a}", "strata", a=", ".join(cohort.labels.get(name, name) for name in names))
    later = any(not chosen.known_at_start for chosen in (feature(cohort, name) for name in names) if chosen)
    test = _test(cohort, endpoint, groups, stratum, kept, later)
    rows = [replace(test, group=cohort.settings.group, method=_method(endpoint, test.method, by))]
    term = category(cohort.settings.group, groups)
    ratios = _ratios(cohort, endpoint, term, stratum, kept, later)
    coefficients = [c for c in term.coefficients for _pair in range(2)]
    for row, c in zip(ratios, coefficients, strict=True):
        method = compared(_method(endpoint, row.method, by), c.words)
        rows.append(
            replace(row, statistic=STATISTICS[row.statistic], group=c.group, variable=None, method=method)
        )
    if test.exists and (endpoint.status == 2).any() and endpoint.entry is None:
        gray = _gray(cohort, endpoint, groups, stratum, kept)
        rows.append(replace(gray, group=cohort.settings.group, method=joined([gray.method, by])))
        columns = {
            str(c.words): column[kept] for c, column in zip(term.coefficients, term.columns, strict=True)
        }
        fitted = fine_gray(
            endpoint.duration[kept], endpoint.status[kept], columns, stratum=stratum[kept],
            level=cohort.settings.confidence_level,
        ) if all(row.exists for row in ratios) else ()  # fmt: skip
        rows += [
            replace(
                row, statistic=OF_INCIDENCE[row.statistic], group=c.group, variable=None,
                method=compared(joined([row.method, by]), c.words),
            )
            for row, c in zip(fitted, coefficients if fitted else (), strict=True)
        ]  # fmt: skip
    return [replace(row, endpoint=endpoint.key) for row in rows]


def _strata(cohort: Cohort, endpoint: EndpointData, names: tuple[str, ...]) -> np.ndarray:
    """Per patient of the endpoint the number of the stratum, every combination of levels being one; -1 not known."""
    levels = []
    for name in names:
        code = np.full(len(endpoint.rows), -1)
        for place, mask in enumerate(masks(cohort, name, endpoint.rows).values()):
            code[mask] = place
        levels.append(code)
    known = np.all(np.array(levels) >= 0, axis=0)
    found = np.full(len(endpoint.rows), -1)
    if known.any():
        found[known] = np.unique(np.array(levels)[:, known], axis=1, return_inverse=True)[1].ravel()
    return found


def _test(
    cohort: Cohort, endpoint: EndpointData, groups: Mapping[str, np.ndarray], stratum: np.ndarray,
    kept: np.ndarray, later: bool,
) -> Estimate:  # fmt: skip
    event = endpoint.status == 1
    mine = [mask & kept for mask in groups.values()]
    facts: dict[str, Any] = {"n": int(kept.sum()), "events": int(event[kept].sum())}
    name = message("stratified {test}", test=message("log-rank test", "log_rank"))
    sizes, happened = [int(m.sum()) for m in mine], [int(event[m].sum()) for m in mine]
    allowed = gate.comparison_test(sizes, happened, cohort.settings.gates)
    if later or allowed.method != "asymptotic":
        reason = NO_STRATA if allowed.allowed else allowed.reason
        return Estimate(
            "p_value_stratified", method=name, note=KNOWN_LATER if later else refused(reason), **facts
        )
    tables = [[_table(endpoint, mask & (stratum == k)) for mask in mine] for k in np.unique(stratum[kept])]
    return replace(stratified_logrank(tables).estimate(**facts), statistic="p_value_stratified")


def _gray(
    cohort: Cohort,
    endpoint: EndpointData,
    groups: Mapping[str, np.ndarray],
    stratum: np.ndarray,
    kept: np.ndarray,
) -> Estimate:
    """Gray's test within strata; refused where a group has fewer events than it needs."""
    mine = [mask & kept for mask in groups.values()]
    fewest = min(int((endpoint.status[mask] == 1).sum()) for mask in mine)
    facts: dict[str, Any] = {"n": int(kept.sum()), "events": int((endpoint.status[kept] == 1).sum())}
    allowed = gate.gray(fewest, cohort.settings.gates)
    if not allowed.allowed:
        return Estimate(
            "p_value_gray_stratified", method=STRATIFIED_GRAY, note=refused(allowed.reason), **facts
        )
    tables = [
        [
            event_table(
                endpoint.duration[mask & (stratum == k)], endpoint.status[mask & (stratum == k)], causes=2
            )
            for mask in mine
        ]
        for k in np.unique(stratum[kept])
    ]
    return replace(stratified_gray(tables, 1).estimate(**facts), statistic="p_value_gray_stratified")


def _table(endpoint: EndpointData, mask: np.ndarray) -> EventTable:
    return event_table(
        endpoint.duration[mask], (endpoint.status[mask] == 1).astype(int), entry=endpoint.entry_of(mask)
    )


def _ratios(
    cohort: Cohort, endpoint: EndpointData, term: Term, stratum: np.ndarray, kept: np.ndarray, later: bool
) -> tuple[Estimate, ...]:
    """The ratio and the p-value of each group against the reference, in one model."""
    event = ((endpoint.status == 1) & kept).astype(int)
    happened = term.happened(event == 1)
    allowed = gate.model(int(event.sum()), len(term.coefficients), happened, cohort.settings.gates)
    names = [c.words for c in term.coefficients]
    if later or allowed.method != "cox":
        facts = {"n": int(kept.sum()), "events": int(event.sum())}
        reason = PENALISED if allowed.allowed else allowed.reason
        return no_ratios(names, "hazard_ratio", KNOWN_LATER if later else refused(reason), STRATIFIED, facts)
    columns: dict[str, np.ndarray] = {
        c.words: column[kept] for c, column in zip(term.coefficients, term.columns, strict=True)
    }
    return stratified_cox(
        endpoint.duration[kept], event[kept], columns, stratum[kept], entry=endpoint.entry_of(kept),
        level=cohort.settings.confidence_level,
    )  # fmt: skip


def _method(endpoint: EndpointData, method: str, by: Message) -> Message:
    cause = [CAUSE_SPECIFIC] if endpoint.competing_label else []
    return joined([*cause, method, by])
