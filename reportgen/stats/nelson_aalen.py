"""The cumulative hazard of one group.

Nelson W. Technometrics 1972;14:945–66. Aalen O. Ann Stat 1978;6:701–26. R: survival::survfit.
"""

from __future__ import annotations

import numpy as np

from reportgen.base.message import joined, message
from reportgen.stats.events import EventTable
from reportgen.stats.notes import percent
from reportgen.stats.product_limit import cumulative_hazard, from_zero, z_value
from reportgen.stats.results import Curve, Steps


def nelson_aalen(table: EventTable, *, level: float = 0.95) -> Curve:
    """The cumulative hazard Σ d/n with the log-transformed interval H · exp(±z se/H); nan where H is 0.

    One step at time zero and at each distinct time. R: survfit(Surv(time, event) ~ 1)$cumhaz.
    """
    z = z_value(level)
    first = int(table.time.size > 0 and table.time[0] == 0)
    hazard, se = (np.concatenate([[0.0], column])[first:] for column in cumulative_hazard(table))
    factor = np.exp(z * se / np.where(hazard > 0, hazard, np.nan))
    counts = (table.at_risk, table.any_event, table.censored)
    at_risk, events, censored = (from_zero(column, 0, first) for column in counts)
    at_risk[0] = table.at_risk_at(0.0)
    time = from_zero(table.time, 0.0, first)
    steps = Steps(time, at_risk, events, censored, hazard, hazard / factor, hazard * factor)
    return Curve(
        "nelson_aalen",
        steps,
        n=table.n,
        method=joined([message("Nelson–Aalen"), message("log {n}% CI", n=percent(level))]),
    )
