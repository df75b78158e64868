"""The model of the features named beforehand once more, of all patients: what is missing imputed many times.

Only where the settings ask for it (`impute` under [features]), and beside the complete cases, never in their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np

from reportgen.analyses.models import NO_MODEL, Term, finite, labelled, unlike_names
from reportgen.base import aside
from reportgen.base.errors import MachineFailed
from reportgen.base.gate_limits import GateLimits
from reportgen.base.message import message
from reportgen.cohort.cohort import EndpointData
from reportgen.stats import gates as gate
from reportgen.stats.design import no_ratios
from reportgen.stats.multiple_imputation import imputed_cox
from reportgen.stats.notes import refused
from reportgen.stats.results import Estimate

IMPUTED = {"hazard_ratio": "hazard_ratio_imputed", "p_value": "p_value_imputed"}
NOT_INSTALLED = "impute = true needs statsmodels: pip install 'clinical-reportgen[impute]'."
LATE = message("nothing is imputed with late entry", "late_entry")


def fit_imputed(
    endpoint: EndpointData, terms: Sequence[Term], gates: GateLimits, level: float
) -> tuple[Estimate, ...]:
    """hazard_ratio_imputed and p_value_imputed of each coefficient; nothing where every patient has all values.

    Raises MachineFailed where the library that imputes is not installed.
    """
    known = np.logical_and.reduce([term.known for term in terms])
    if known.all():
        return ()
    names = unlike_names(terms)
    event = endpoint.status == 1
    facts = {"n": len(known), "events": int(event.sum())}
    happened = [number for term in terms for number in term.happened(event)]
    allowed = gate.imputation(len(known), int((~known).sum()), facts["events"], len(names), happened, gates)
    if not allowed.allowed or endpoint.entry is not None:
        reason = allowed.reason if not allowed.allowed else LATE
        rows = no_ratios(names, "hazard_ratio", refused(reason), (NO_MODEL, NO_MODEL), facts)
        return labelled(rows, endpoint, terms, IMPUTED)
    if find_spec("statsmodels") is None:
        raise MachineFailed(NOT_INSTALLED)
    aside.rest()
    named = iter(names)
    columns = [{next(named): column for column in term.columns} for term in terms]
    rows = imputed_cox(endpoint.duration, endpoint.status, columns, level=level)
    return labelled(finite(rows), endpoint, terms, IMPUTED)
