"""What a built-in endpoint tells of each patient where the settings give it as a duration, in place of dates.

The clock of such an endpoint is that of the treatment. Who relapsed is known no longer than to the relapse.
"""

from __future__ import annotations

import numpy as np

from reportgen.cohort.cohort import Cohort, EndpointData

FROM_START = ("os", "pfs", "relapse")


def given(cohort: Cohort, key: str) -> EndpointData | None:
    """A built-in endpoint that the settings redefine by a duration; None where dates define it."""
    redefined = any(rule.key == key and rule.time for rule in cohort.settings.endpoint)
    return cohort.endpoints.get(key) if redefined else None


def relapses(cohort: Cohort) -> np.ndarray | None:
    """Per patient the day of relapse, nan where none is known; None where relapse is not given as a duration."""
    endpoint = given(cohort, "relapse")
    return None if endpoint is None else _days(cohort, endpoint, endpoint.status == 1)


def deaths(cohort: Cohort) -> np.ndarray:
    """Per patient the day of death by a given overall survival, else that of death without a given relapse."""
    for key, status in (("os", 1), ("relapse", 2)):
        endpoint = given(cohort, key)
        if endpoint is not None:
            return _days(cohort, endpoint, endpoint.status == status)
    return np.full(cohort.n, np.nan)


def last_seen(cohort: Cohort) -> np.ndarray:
    """Per patient the last day that a given duration reaches; nan where none is given."""
    seen = np.full(cohort.n, np.nan)
    for key in FROM_START:
        endpoint = given(cohort, key)
        if endpoint is not None:
            seen = np.fmax(seen, _days(cohort, endpoint, np.ones(len(endpoint.rows), bool)))
    return seen


def lost_at_relapse(cohort: Cohort) -> np.ndarray:
    """Per patient, whether he relapsed and nothing given tells how he was later."""
    at = relapses(cohort)
    if at is None or given(cohort, "os") is not None:
        return np.zeros(cohort.n, bool)
    return ~np.isnan(at)


def _days(cohort: Cohort, endpoint: EndpointData, which: np.ndarray) -> np.ndarray:
    found = np.full(cohort.n, np.nan)
    place = cohort.patients.frame.index.get_indexer(endpoint.rows[which])
    found[place] = endpoint.duration[which]
    return found
