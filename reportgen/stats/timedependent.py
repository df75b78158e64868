"""Features that become known only after time zero: response, toxicity, stopping, a transplant.

Compared as if known at the start, they favour whoever lived long enough to show them (immortal time;
Anderson, Cain & Gelber 1983). Two ways are right: start the clock at a landmark, or let the feature
change during follow-up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reportgen.base.message import message
from reportgen.stats.counted_episodes import counted_episodes
from reportgen.stats.design import Design, design
from reportgen.stats.events import DECIMALS, rounded
from reportgen.stats.hazards import estimates, fit_cox
from reportgen.stats.landmarks import at_landmark
from reportgen.stats.results import Estimate

CHANGING = (
    message("time-dependent Cox (Efron ties)", "cox_time_dependent"),
    message("Wald test (time-dependent Cox)", "cox_time_dependent_wald"),
)


@dataclass(frozen=True)
class Landmark:
    """Those at risk at the landmark, in the order given.

    duration: days from the landmark; status as given; known: whether the feature was known by then;
    kept: for all patients, who they are; the rest had the event or were censored before.
    """

    duration: np.ndarray
    status: np.ndarray
    known: np.ndarray
    kept: np.ndarray


@dataclass(frozen=True)
class Episodes:
    """Follow-up cut where the feature becomes known: one or two rows (entry, exit] per patient.

    patient: index of the patient; status: of the last row the patient's, before it 0; known: 0 or 1.
    """

    patient: np.ndarray
    entry: np.ndarray
    exit: np.ndarray
    status: np.ndarray
    known: np.ndarray


def landmark(
    duration: Sequence[float] | np.ndarray,
    status: Sequence | np.ndarray,
    becomes_known_at: Sequence[float] | np.ndarray,
    landmark_time: float,
) -> Landmark:
    """Follow-up from landmark_time on, split by what was known at that time.

    becomes_known_at is nan for a feature that never did. Kept is whoever is at risk at the landmark, with
    a duration of landmark_time or more, or without the event on its anniversary (see landmarks); known by
    then means at or before it; what becomes known later is ignored.
    """
    time, event, known_at = _checked(duration, status, becomes_known_at)
    landmark_time = float(rounded(landmark_time))
    kept = at_landmark(time, event, landmark_time)
    with np.errstate(invalid="ignore"):
        known = known_at <= landmark_time
    return Landmark(np.maximum(time[kept] - landmark_time, 0), event[kept], known[kept], kept)


def episodes(
    duration: Sequence[float] | np.ndarray,
    status: Sequence | np.ndarray,
    becomes_known_at: Sequence[float] | np.ndarray,
    *,
    same_day_known: bool = True,
) -> Episodes:
    """Follow-up in rows, the feature counting at event times after it became known (R tmerge, tdc).

    At the patient's own event of the same day it counts as known: a transplant precedes the death of that
    day (Crowley & Hu 1977). same_day_known=False is R's tmerge to the letter, where it does not.
    becomes_known_at is nan for a feature that never became known.
    """
    time, event, known_at = _checked(duration, status, becomes_known_at)
    if same_day_known:
        known_at = np.where(known_at == time, time - 10.0**-DECIMALS, known_at)
    # Follow-up must begin before an event at time zero, or nobody would be at risk of it.
    start = -1.0 if (time == 0).any() else 0.0
    from_start = known_at <= start
    cut = (known_at > start) & (known_at < time)
    patient = np.repeat(np.arange(len(time), dtype=np.int32), 1 + cut)
    second = 1 + np.flatnonzero(patient[1:] == patient[:-1])
    entry, end = np.full(len(patient), start), np.where(cut, known_at, time)[patient]
    happened = np.where(cut, event.dtype.type(0), event)[patient]
    known = from_start.astype(np.int8)[patient]
    entry[second], end[second] = known_at[cut], time[cut]
    happened[second], known[second] = event[cut], 1
    return Episodes(patient, entry, end, happened, known)


def time_dependent_cox(
    duration: Sequence[float] | np.ndarray,
    status: Sequence[int] | np.ndarray,
    changing: Mapping[str, Sequence[float] | np.ndarray],
    fixed: Mapping[str, Sequence[float] | np.ndarray] | None = None,
    *,
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Cox model in which one feature changes from 0 to 1 when it becomes known; estimates as of `cox`.

    changing: name → when it becomes known, exactly one; fixed: covariates known at time zero.
    n counts patients, not rows (R coxph(Surv(entry, exit, status) ~ …), ties by Efron).
    """
    if len(changing) != 1:
        raise ValueError(f"changing must hold one feature, but held {len(changing)}")
    (name, known_at) = next(iter(changing.items()))
    found = None if fixed else counted_episodes(name, duration, status, known_at)
    data, patients = found or _of_episodes(name, episodes(duration, status, known_at), fixed or {})
    return tuple(replace(row, n=patients) for row in estimates(data, fit_cox(data), level, CHANGING))


def _of_episodes(
    name: str, rows: Episodes, fixed: Mapping[str, Sequence[float] | np.ndarray]
) -> tuple[Design, int]:
    """The rows of a model, and how many patients they are of. Of the episodes nothing is held while it is fitted."""
    covariates = {name: rows.known} | {
        key: np.asarray(column, dtype=float)[rows.patient] for key, column in fixed.items()
    }
    complete = np.logical_and.reduce([np.isfinite(column) for column in covariates.values()])
    patients = int(np.count_nonzero(np.bincount(rows.patient[complete])))
    return design(rows.exit, rows.status, covariates, entry=rows.entry), patients


def _checked(
    duration: Sequence[float] | np.ndarray,
    status: Sequence | np.ndarray,
    known_at: Sequence[float] | np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    time, event, known = rounded(duration), np.asarray(status), rounded(known_at)
    if not len(time) == len(event) == len(known):
        raise ValueError(f"all must have one length, but had {len(time)}, {len(event)} and {len(known)}")
    if not np.isfinite(time).all() or (time < 0).any():
        raise ValueError("durations must be finite and not negative")
    return time, event, known
