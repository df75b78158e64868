"""The course of each patient as plain rows, from which swimmer figures and listings are made."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.analyses import given_durations as given
from reportgen.analyses import patient_columns as columns
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.endpoints.responded import later_lines as further_lines

MARKS = {
    "response": "response_date",
    "relapse": "relapse_date",
    "stop": "treatment_stop",
    "death": "death_date",
}


def printed_order(cohort: Cohort) -> np.ndarray:
    """Positions of the patients: by group, then the longest observed first, then as in the source."""
    end = columns.end_of_observation(cohort)
    rank = np.full(cohort.n, np.inf)
    for place, mask in enumerate(_groups(cohort).values()):
        rank[mask] = place
    return np.lexsort((np.where(np.isfinite(end), -end, np.inf), rank))


def labels(cohort: Cohort, order: np.ndarray) -> list[str]:
    """Patient ids in printed order; where the report leaves the house pseudonyms, or else plain numbers."""
    if cohort.settings.privacy.profile != "internal" and not cohort.pseudonymous:
        return [f"Patient {place}" for place in range(1, len(order) + 1)]
    return [str(who) for who in cohort.patients.frame["patient_id"].to_numpy()[order]]


def phases(stop: float, end: float, lines, begun: float = 0.0) -> list[tuple[float, float, str]]:
    """Treatment to its stop (nan: to the end), then the next lines, and off treatment between and after them.

    Lines are (start, stop) pairs in order, stop nan while they last; what overlaps is drawn from where the
    phase before it ends.

    >>> phases(10, 100, [(20, 50)])
    [(0.0, 10, 'treatment'), (10, 20, 'off'), (20, 50, 'next_line'), (50, 100, 'off')]
    """
    here = end if np.isnan(stop) else min(stop, end)
    found = [(0.0, begun, "off")] if 0 < begun < here else []
    found.append((min(max(begun, 0.0), here), here, "treatment"))
    for start, until in lines:
        start, until = max(start, here), end if np.isnan(until) else min(until, end)
        if until > start:
            found += [(here, start, "off")] if start > here else []
            found.append((start, until, "next_line"))
            here = until
    return [*found, (here, end, "off")] if here < end else found


def group_names(cohort: Cohort) -> np.ndarray:
    """Per patient the group that the settings compare; "" where there are none or it is not recorded."""
    names = np.full(cohort.n, "", object)
    for name, mask in _groups(cohort).items():
        names[mask] = name
    return names


def status(cohort: Cohort) -> np.ndarray:
    """Per patient "alive", "dead", "dead (cause)", or None where it is not recorded."""
    cause = columns.words(cohort.patients, "cause_of_death")
    codes, causes = pd.factorize(cause)
    words = np.array([*(f"dead ({why})" if why else "dead" for why in causes), "dead"], object)
    told = not cohort.lacks(("patients.vital_status",)) or np.isfinite(given.last_seen(cohort)).any()
    living = np.where(columns.alive(cohort) & told, np.array("alive", object), np.array(None))
    return np.where(columns.dead(cohort), words[codes], living)


def continuing(cohort: Cohort) -> np.ndarray:
    """Per patient, whether treatment continued at the last contact: no stop recorded, and alive."""
    return ~columns.stopped(cohort) & columns.alive(cohort)


def _groups(cohort: Cohort) -> dict[str, np.ndarray]:
    return {name: mask for name, mask in columns.groups(cohort).items() if name != "all"}


def later_lines(cohort: Cohort) -> dict[str, list[tuple[float, float]]]:
    """Per patient id, begin and end of the treatments that began after the index treatment, in order."""
    lines: dict[str, list[tuple[float, float]]] = {}
    if cohort.treatments is None or "start_date" not in cohort.treatments.days:
        return lines
    start, stop = columns.days(cohort.treatments, "start_date"), columns.days(cohort.treatments, "stop_date")
    ids = cohort.treatments.frame["patient_id"].tolist()
    later = further_lines(cohort.patients, cohort.treatments).to_numpy(bool) & ~np.isnan(start)
    for i in sorted(np.flatnonzero(later), key=lambda i: start[i]):
        lines.setdefault(ids[i], []).append((float(start[i]), float(stop[i])))
    return lines
