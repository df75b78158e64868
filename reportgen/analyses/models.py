"""Hazard ratios: which model the numbers allow, what is set against what, and whether the ratio is constant.

The gates decide between Cox, Firth's penalised Cox and none. A Cox model that separates or does not
converge gives way to Firth's; whatever has no finite answer then is refused, with its reason. Of an
endpoint with a competing event these are cause-specific hazards: the competing event censors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from pandas import factorize

from reportgen.analyses.small_levels import refuse_small_levels
from reportgen.base import aside
from reportgen.base.gate_limits import GateLimits
from reportgen.base.message import Message, joined, message
from reportgen.base.required import required
from reportgen.cohort.cohort import EndpointData, Feature
from reportgen.cohort.distinct import chosen, narrow
from reportgen.stats import gates as gate
from reportgen.stats.design import Design, counted_design, design, no_ratios
from reportgen.stats.fine_gray import STATISTIC, fine_gray, of_design
from reportgen.stats.firth import firth_cox
from reportgen.stats.hazards import CoxFit, estimates, fit_cox, separated
from reportgen.stats.notes import CAUSE_SPECIFIC, compared, not_estimable, refused
from reportgen.stats.notes import number as number_of
from reportgen.stats.proportional_hazards import GLOBAL, proportional_hazards_test
from reportgen.stats.results import Estimate
from reportgen.stats.testing import Test

NO_MODEL = message("no model", "no_model")
STATISTICS = {"hazard_ratio": "hazard_ratio", "p_value": "p_value_model"}
ADJUSTED = {"hazard_ratio": "hazard_ratio_adjusted", "p_value": "p_value_adjusted"}
SUBDISTRIBUTION = {"p_value": "p_value_subdistribution"}
LARGEST = 1e4
NOT_NAMED = message("it was not named beforehand (of_interest under [features])", "not_named")
NO_LATE = message("Fine and Gray’s model takes no late entry here", "late_entry")
FIRTH_LATE = message("Firth’s penalised model takes no late entry here", "late_entry")


@dataclass(frozen=True)
class Coefficient:
    """One hazard ratio. group: its name in ids; words: what against what."""

    group: str
    words: Message


@dataclass(frozen=True)
class Term:
    """A feature as a model takes it. kind: per patient which line of x (kinds × coefficients) are his covariates, -1
    where they are not known. levels: whether the kinds are the levels of a category, the reference first."""

    coefficients: tuple[Coefficient, ...]
    kind: np.ndarray
    x: np.ndarray
    levels: bool

    @property
    def known(self) -> np.ndarray:
        """Who has a value."""
        return self.kind >= 0

    @property
    def columns(self) -> list[np.ndarray]:
        """Of each coefficient a number per patient; nan where it is not known."""
        return [chosen(np.append(column, np.nan), self.kind) for column in self.x.T]

    def happened(self, event: np.ndarray) -> list[int]:
        """Of each level of a category how many of its patients have the event; nothing of a number."""
        kinds = self.kind[event & self.known]
        return np.bincount(kinds, minlength=len(self.x)).tolist() if self.levels else []

    def sizes(self, known: np.ndarray) -> dict[str, int]:
        """Of each ratio of a category the patients at its level among those known, or at the reference, if fewer."""
        kinds = self.happened(known)
        return (
            {c.group: min(kinds[0], n) for c, n in zip(self.coefficients, kinds[1:], strict=True)}
            if kinds
            else {}
        )


@dataclass(frozen=True)
class Model:
    """Its rows of results, and the Cox fit behind them where there is one."""

    estimates: tuple[Estimate, ...]
    cox: CoxFit | None = None


def category(name: str, levels: Mapping[str, np.ndarray]) -> Term:
    """Every level against the first: `name` in ids where there are two levels, else `name=level`."""
    reference, *others = levels
    kind = np.full(len(levels[reference]), -1, np.int8 if len(levels) < np.iinfo(np.int8).max else np.int32)
    for place, mask in enumerate(levels.values()):
        kind[mask] = place
    found = tuple(
        Coefficient(
            name if len(others) == 1 else f"{name}={level}", message("{a} against {b}", a=level, b=reference)
        )
        for level in others
    )
    return Term(found, kind, np.eye(len(levels))[:, 1:], True)


def reference_first(feature: Feature, levels: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The levels in printed order, but "no" before "yes": a ratio speaks of those who have the feature."""
    return dict(reversed(list(levels.items()))) if feature.kind == "yes/no" else dict(levels)


def number(name: str, values: np.ndarray, unit: str = "") -> Term:
    """A number per step of 1, 10, 100 …: the power of ten nearest to its standard deviation.

    So that a ratio speaks of a step that patients differ by; the step is named in the method.
    """
    known = values[np.isfinite(values)]
    spread = float(known.std()) if len(known) else 0.0
    step = 10.0 ** round(np.log10(spread)) if spread > 0 else 1.0
    words = message("per {n} {unit}", n=number_of(step), unit=unit or message("units"))
    kind, distinct = factorize(np.where(np.isfinite(values), values, np.nan))
    return Term((Coefficient(name, words),), narrow(kind, len(distinct)), (distinct / step)[:, None], False)


def fit_alone(endpoint: EndpointData, term: Term, gates: GateLimits, level: float) -> Model:
    """The one model of one feature that the gates allow; hazard_ratio and p_value_model per coefficient."""
    allowed = _permission(endpoint, (term,), gates)
    if not allowed.allowed:
        return Model(_refused(endpoint, (term,), allowed.reason, STATISTICS))
    counted = _counted(endpoint, term) if allowed.method == "cox" else None
    data = counted[0] if counted else model_design(endpoint, (term,))
    fitted = fit_cox(data) if allowed.method == "cox" else None
    if counted and not isinstance(fitted, CoxFit):
        data = data.of_patients()
    if isinstance(fitted, CoxFit):
        return Model(labelled(finite(estimates(data, fitted, level)), endpoint, (term,), STATISTICS), fitted)
    if data.entry is not None:
        return Model(_refused(endpoint, (term,), FIRTH_LATE, STATISTICS))
    columns = dict(zip(data.names, data.x.T, strict=True))
    rows = firth_cox(data.duration, data.status, columns, level=level)
    return Model(labelled(finite(rows), endpoint, (term,), STATISTICS))


def fit_together(endpoint: EndpointData, terms: Sequence[Term], gates: GateLimits, level: float) -> Model:
    """All features in one Cox model of the complete cases: hazard_ratio_adjusted and p_value_adjusted.

    Nothing is selected. Refused unless every coefficient has its events and every level has one.
    """
    # Fewer events than Cox's model needs are no reason for Firth's here: it takes one feature at a time.
    allowed = _permission(endpoint, terms, replace(gates, model=max(gates.model, gates.cox)))
    if allowed.method != "cox":
        return Model(_refused(endpoint, terms, allowed.reason, ADJUSTED))
    data = model_design(endpoint, terms)
    fitted = fit_cox(data)
    rows = labelled(finite(estimates(data, fitted, level)), endpoint, terms, ADJUSTED)
    return Model(rows, fitted if isinstance(fitted, CoxFit) else None)


def not_named(endpoint: EndpointData, terms: Sequence[Term], named: Sequence[Term]) -> tuple[Estimate, ...]:
    """Of the terms that are not among the named ones: hazard_ratio_adjusted and p_value_adjusted, refused."""
    groups = {c.group for c in _coefficients(named)}
    return tuple(row for row in _refused(endpoint, terms, NOT_NAMED, ADJUSTED) if row.group not in groups)


def fit_subdistribution(
    endpoint: EndpointData, term: Term, gates: GateLimits, level: float
) -> tuple[Estimate, ...]:
    """Fine and Gray's model of one feature: subdistribution_hazard_ratio and p_value_subdistribution.

    Allowed where Cox's model is, and not with late entry; nothing where the competing event was never observed, for
    then it is Cox's model.
    """
    if not (endpoint.status == 2).any():
        return ()
    allowed = _permission(endpoint, (term,), gates)
    facts = {"n": int(term.known.sum()), "events": int((endpoint.status[term.known] == 1).sum())}
    if allowed.method != "cox" or endpoint.entry is not None:
        reason = NO_LATE if allowed.method == "cox" else allowed.reason
        rows = no_ratios(unlike_names((term,)), STATISTIC, refused(reason), (NO_MODEL, NO_MODEL), facts)
    else:
        counted = _counted(endpoint, term)
        columns = {} if counted else dict(zip(unlike_names((term,)), term.columns, strict=True))
        rows = (
            of_design(*counted, level=level)
            if counted
            else fine_gray(endpoint.duration, endpoint.status, columns, level=level)
        )
        rows = finite(rows, STATISTIC)
    twice = [c for c in term.coefficients for _ in range(2)]
    found = tuple(
        replace(
            row, statistic=SUBDISTRIBUTION.get(row.statistic, row.statistic), endpoint=endpoint.key, variable=None,
            group=c.group, method=compared(row.method, c.words),
        )
        for row, c in zip(rows, twice, strict=True)
    )  # fmt: skip
    return refuse_small_levels(found, term.sizes(term.known))


def proportionality(model: Model, group: str, endpoint: EndpointData, gates: GateLimits) -> Estimate:
    """Score test that the hazard ratios of a model are constant over time, for all of them together."""
    events = int((endpoint.status == 1).sum()) if model.cox is None else model.cox.data.events
    allowed = gate.proportional_hazards(events, gates)
    if model.cox is None:
        test = Test(NO_MODEL, None, None, None, not_estimable(message("no Cox model was fitted", "no_model")))
    elif not allowed.allowed:
        test = Test(NO_MODEL, None, None, None, refused(allowed.reason))
    else:
        test = proportional_hazards_test(model.cox)[GLOBAL]
    row = test.estimate(endpoint=endpoint.key, group=group, n=len(endpoint.rows), events=events)
    return replace(row, statistic="p_value_proportional_hazards")


def _permission(endpoint: EndpointData, terms: Sequence[Term], gates: GateLimits) -> gate.Permission:
    known = _known(terms)
    event = (endpoint.status == 1) & known
    enough = gate.interval(int(known.sum()))
    if event.any() and not enough.allowed:
        return enough
    happened = [number for term in terms for number in term.happened(event)]
    return gate.model(int(event.sum()), len(_coefficients(terms)), happened, gates)


def _known(terms: Sequence[Term]) -> np.ndarray:
    return np.logical_and.reduce([term.known for term in terms])


def _coefficients(terms: Sequence[Term]) -> list[Coefficient]:
    return [c for term in terms for c in term.coefficients]


def unlike_names(terms: Sequence[Term]) -> list[str]:
    """Words are unique within a feature and read well in a reason; across features only the ids are unique."""
    return [c.words if len(terms) == 1 else c.group for c in _coefficients(terms)]


def model_design(endpoint: EndpointData, terms: Sequence[Term]) -> Design:
    """The complete cases as a model takes them: a column per coefficient; whatever is not the event censors."""
    aside.rest()
    values = (column for term in terms for column in term.columns)
    columns = dict(zip(unlike_names(terms), values, strict=True))
    return design(endpoint.duration, (endpoint.status == 1).astype(int), columns, entry=endpoint.entry)


def _counted(endpoint: EndpointData, term: Term) -> tuple[Design, np.ndarray] | None:
    """The complete cases of one feature, counted, and the cause of each row; None where they are not very many."""
    if endpoint.entry is not None:
        return None
    aside.rest()
    return counted_design(unlike_names((term,)), endpoint.duration, endpoint.status, term.kind, term.x)


def _refused(
    endpoint: EndpointData, terms: Sequence[Term], reason: Message, names: Mapping[str, str]
) -> tuple[Estimate, ...]:
    known = _known(terms)
    facts = {"n": int(known.sum()), "events": int((endpoint.status[known] == 1).sum())}
    rows = no_ratios(unlike_names(terms), "hazard_ratio", refused(reason), (NO_MODEL, NO_MODEL), facts)
    return labelled(rows, endpoint, terms, names)


def finite(rows: Sequence[Estimate], ratio: str = "hazard_ratio") -> list[Estimate]:
    """A ratio so far from 1 that no cohort could show it is separation, and refused with its p-value."""
    beyond = {
        row.variable
        for row in rows
        if row.statistic == ratio and row.exists and not 1 / LARGEST < required(row.value) < LARGEST
    }
    nothing = {"value": None, "low": None, "high": None, "se": None}
    return [
        replace(row, note=not_estimable(separated(required(row.variable))), **nothing)
        if row.variable in beyond
        else row
        for row in rows
    ]


def labelled(
    rows: Sequence[Estimate], endpoint: EndpointData, terms: Sequence[Term], names: Mapping[str, str]
) -> tuple[Estimate, ...]:
    """Of the endpoint, with what against what. Rows come in pairs, a ratio and its p-value, as the coefficients do."""
    kind = [CAUSE_SPECIFIC] if endpoint.competing_label else []
    twice = [c for c in _coefficients(terms) for _ in names]
    sizes = {group: n for term in terms for group, n in term.sizes(_known(terms)).items()}
    found = tuple(
        replace(
            row,
            statistic=names[row.statistic],
            endpoint=endpoint.key,
            variable=None,
            group=c.group,
            method=compared(joined([*([] if row.method is NO_MODEL else kind), row.method]), c.words),
        )
        for row, c in zip(rows, twice, strict=True)
    )
    return refuse_small_levels(found, sizes)
