"""A given time to relapse beside survival: who died without relapse is known by both, and is not censored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from reportgen.base.message import N_, joined, message
from reportgen.cohort.cohort import EndpointData
from reportgen.cohort.mapping.schema import DAYS_PER
from reportgen.settings.model import EndpointRule

RELAPSES = ("ttr", "cir")
DEATH = N_("death without relapse")
ROUNDED, DAY = 0.05, 1.0  # of its unit: a time in months has one decimal


def with_deaths_apart(endpoints: Mapping[str, EndpointData]) -> dict[str, EndpointData]:
    """The endpoints, of a given time to relapse those with a competing event who died when it ended, without relapse.

    Their time ends at the death, as survival tells, so that they were under observation to their death: to censor them
    would take them for patients who may still relapse (1−KM overstates the incidence). A coding that names competing
    events by itself stays as it is, and so does one of whose patients nobody died so.
    """
    found, alive = dict(endpoints), endpoints.get("os")
    for key in RELAPSES:
        data = endpoints.get(key)
        if alive is None or data is None or data.rule is None or not data.rule.time or data.competes:
            continue
        died = pd.Series(np.where(alive.status == 1, alive.duration, np.nan), index=alive.rows).reindex(
            data.rows
        )
        near = DAY + sum(_rounded(one.rule) for one in (data, alive))
        apart = np.abs(died.to_numpy(float) - data.duration)
        competed = (data.status == 0) & (apart <= near)
        if competed.any():
            said = message(
                "Death without relapse, as {label} tells it, is a competing event.", label=alive.label
            )
            found[key] = replace(
                data, status=np.where(competed, 2, data.status), competing_label=DEATH,
                definition=joined([data.definition, said], " "),
            )  # fmt: skip
    return found


def _rounded(rule: EndpointRule | None) -> float:
    return ROUNDED * DAYS_PER[rule.unit] if rule is not None and rule.time else 0.0
