"""The median of measured values over time: of all patients and of each group, where many lines hide each other."""

from __future__ import annotations

import numpy as np

from reportgen.analyses import patient_columns as columns
from reportgen.analyses.measurement_series import Measured
from reportgen.base.message import message
from reportgen.cohort.cohort import Cohort
from reportgen.stats.results import Estimate

FEW = 12  # patients: the lines of so many are told apart
MOST_GROUPS = 3


def medians(cohort: Cohort, one: Measured) -> tuple[Estimate, ...]:
    """The median at 0, 1, 2 … usual intervals from time zero, in the unit of the values; none of few patients.

    The usual interval is the median, over the patients with two or more, of the median days between their values.
    At each multiple every patient counts with the value that is nearest to it in time, at most half an interval away,
    the earlier of two as near; n patients have one, and where they are fewer than `few_at_risk` there is no median.
    Whoever is no longer measured is not in it. R: median(value) of those values.
    """
    step = _usual_interval(one)
    if len(one.tracks) <= FEW or not step:
        return ()
    least = max(1, cohort.settings.gates.few_at_risk)
    nearest = {patient: _nearest(*track, step) for patient, track in one.tracks.items()}
    masks = columns.groups(cohort)
    names = ("all", *(name for name in masks if name != "all" and 1 < len(masks) <= MOST_GROUPS + 1))
    found = []
    for group in names:
        mine = [values for patient, values in nearest.items() if masks[group][patient]]
        for place in sorted({place for values in mine for place in values}):
            values = [each[place] for each in mine if place in each]
            if len(values) >= least:
                found.append(
                    Estimate("median", group=group, value=float(np.median(values)), n=len(values),
                             time=place * step, method=message("median of the values nearest to the time"))
                )  # fmt: skip
    return tuple(found)


def _usual_interval(one: Measured) -> float:
    """In days; 0 where nobody has two values on different days."""
    gaps = [float(np.median(np.diff(days))) for days, _values in one.tracks.values() if len(days) > 1]
    return float(np.median(gaps)) if gaps else 0.0


def _nearest(days: tuple[float, ...], values: tuple[float, ...], step: float) -> dict[int, float]:
    """Place among the multiples of the interval → the value that is nearest to it in time."""
    found: dict[int, tuple[float, float]] = {}
    for day, value in zip(days, values, strict=True):
        place = int(np.floor(day / step + 0.5))
        away = abs(day - place * step)
        if place >= 0 and (place not in found or away < found[place][0]):
            found[place] = (away, value)
    return {place: value for place, (_away, value) in found.items()}
