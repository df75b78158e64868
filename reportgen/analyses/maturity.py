"""How mature the curves are: their bounds under extreme censoring, and the follow-up of each group."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.analyses import outcomes
from reportgen.analyses.counting import group_events
from reportgen.analyses.exact_shares import counted_only
from reportgen.analyses.groups import compared_groups
from reportgen.base.message import message
from reportgen.cohort.cohort import Cohort
from reportgen.stats.extreme_censoring import extremes
from reportgen.stats.landmarks import seen_from
from reportgen.stats.results import Estimate

BOUNDED = ("pfs", "os")
KNOWN = (*BOUNDED, "relapse")


def known_at_landmarks(cohort: Cohort) -> tuple[Estimate, ...]:
    """known_status: of how many at each landmark it is known whether they had the event by then, or were free of it.

    For all and per group. Of endpoints with a competing event, too: who had that is known; and who was seen on the
    anniversary of a landmark (see stats.landmarks). The others were lost to follow-up before.
    """
    found = []
    for key in KNOWN:
        if key in cohort.endpoints:
            endpoint = cohort.endpoints[key]
            everybody = {"all": np.ones(len(endpoint.rows), bool)}
            for group, mask in (everybody | compared_groups(cohort, endpoint.rows)).items():
                status, duration = endpoint.status[mask], endpoint.duration[mask]
                for time in outcomes.landmark_days(cohort.settings) if mask.any() else ():
                    known = (status != 0) | (duration >= seen_from(time))
                    found.append(
                        Estimate("known_status", endpoint=key, group=group, value=float(known.mean()),
                                 n=len(known), events=int(known.sum()), time=time,
                                 method=message("patients with the event by the time, or followed up to it"))
                    )  # fmt: skip
    return tuple(found)


def mature_after(cohort: Cohort) -> tuple[Estimate, ...]:
    """mature_after: days from the cut-off until the last who is free of the event could have reached each landmark.

    Of overall survival; n: those alive who have not reached it, all of whom are taken to be followed on. None where
    the landmark is reached already, and where dates or the cut-off are not known.
    """
    os = cohort.endpoints.get("os")
    if cohort.cutoff is None or os is None or not len(os.rows):
        return ()
    began = cohort.patients.start.loc[os.rows].to_numpy("datetime64[D]")
    if np.isnat(began).any():
        return ()
    since = (np.datetime64(cohort.cutoff) - began).astype(float)
    found = []
    for time in outcomes.landmark_days(cohort.settings):
        waiting = (os.status == 0) & (os.duration < seen_from(time)) & (since < seen_from(time))
        if waiting.any():
            last = float((time - since[waiting]).max())
            method = message("until the last of them could have reached it")
            row = Estimate(
                "mature_after", endpoint="os", value=last, n=int(waiting.sum()), time=time, method=method
            )
            found.append(row)
    return tuple(found)


def extreme_bounds(cohort: Cohort) -> tuple[Estimate, ...]:
    """extreme_low and extreme_high of survival at the landmarks, for all and per group; none of an incidence, and no
    value where they are of no more than two patients."""
    found = []
    for key in BOUNDED:
        if key in cohort.endpoints and not cohort.endpoints[key].competes:
            for group, table in group_events(cohort, key).items():
                for time in outcomes.landmark_days(cohort.settings):
                    bounds = counted_only(extremes(table.of_cause(1), time), table.n)
                    found += [replace(e, endpoint=key, group=group) for e in bounds]
    return tuple(found)
