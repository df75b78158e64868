"""How good the follow-up is: completeness, person-time, who was censored early."""

from __future__ import annotations

import numpy as np

from reportgen.base.message import message
from reportgen.stats.events import DECIMALS, rounded
from reportgen.stats.landmarks import seen_from
from reportgen.stats.notes import not_estimable
from reportgen.stats.results import Estimate

NOBODY = not_estimable(message("no patients", "no_patients"))


def completeness(observed_days, possible_days) -> Estimate:
    """Clark's C: person-time observed as a share of the person-time that could have been observed.

    observed_days: (n,) from time zero to the event or the last contact. possible_days: (n,) from time zero
    to the event, or to the cut-off for those without one. A description of this cohort, so without an
    interval. NE where nobody could yet have been observed. ValueError: observed beyond the possible.
    Clark TG, Altman DG, De Stavola BL. Lancet 2002;359:1309–10.
    """
    observed, possible = _days(observed_days, "observed_days"), _days(possible_days, "possible_days")
    if observed.shape != possible.shape:
        raise ValueError(f"{observed.size} observed_days do not go with {possible.size} possible_days")
    if np.any(observed > possible + 10.0**-DECIMALS):
        raise ValueError("observed_days must not be more than possible_days, but are for some patients")
    found = {"n": observed.size, "method": message("Clark's completeness index", "completeness")}
    if not possible.sum():
        note = (
            not_estimable(message("no follow-up was possible yet", "no_follow_up"))
            if observed.size
            else NOBODY
        )
        return Estimate("proportion", note=note, **found)
    return Estimate("proportion", value=min(observed.sum() / possible.sum(), 1.0), **found)


def person_time(duration, *, entry=None) -> float:
    """Days under observation, added over the patients: Σ (duration - entry); 0 for nobody."""
    days = _days(duration, "duration")
    if entry is not None:
        entry = _days(entry, "entry")
        if entry.shape != days.shape or np.any(entry > days):
            raise ValueError("entry must be known for each patient and not after the end of observation")
        days = days - entry
    return float(days.sum())


def censored_before(duration, status, time: float) -> Estimate:
    """The share of patients censored before a time, of whom it is unknown whether they were still event-free.

    time: days from time zero; who was censored at it, or on its anniversary (see landmarks), was seen there and
    doesn't count. status 0 is censored. value: their share of all patients, NE where there are none. events: how
    many they are.
    """
    days, status = _days(duration, "duration"), np.asarray(status)
    if days.shape != status.shape:
        raise ValueError(f"duration and status must be of one length, but are {days.size} and {status.size}")
    if not 0 <= time < np.inf:
        raise ValueError(f"time must be days, 0 or more, but was {time!r}")
    time = float(rounded(time))
    early = (status == 0) & (rounded(days) < seen_from(time))
    found = {
        "time": time,
        "n": days.size,
        "events": early.sum(),
        "method": message("share censored before the time"),
    }
    if not days.size:
        return Estimate("proportion", note=NOBODY, **found)
    return Estimate("proportion", value=early.mean(), **found)


def _days(values, name: str) -> np.ndarray:
    days = np.asarray(values, dtype=float)
    if days.ndim != 1 or not np.all((days >= 0) & (days < np.inf)):
        raise ValueError(f"{name} must be one known number of days per patient, 0 or more")
    return days
