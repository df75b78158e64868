"""When the first toxicity of each patient began, how long it lasted, and who has one that is not resolved.

Of each patient with an event of known onset the first one, of any grade and of grade ≥ 3; of several that began on one
day the one that lasts longest. The clock starts at its onset, whether treatment goes on or not; death competes, for
what is not resolved then never is, and who lives with it is censored at the last contact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from reportgen.analyses import incidences, toxicities
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.exact_shares import share
from reportgen.analyses.groups import comparable
from reportgen.base import aside
from reportgen.base.message import joined, message
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.distinct import chosen, slices
from reportgen.stats.descriptive import summarise
from reportgen.stats.events import event_table
from reportgen.stats.results import Estimate, Results, label

ANY, SEVERE = "toxicity_resolution", "toxicity_grade_3_plus_resolution"
MONTH = 30.4375
TIMES = tuple(k * MONTH for k in (1, 3, 6))
FEWEST = 3
UNRESOLVED = message(
    "patients with an event not resolved at the last contact, of those with one of known onset"
)


@dataclass(frozen=True)
class _Events:
    """Events of known onset: patient, onset and day of resolution (inf: not resolved), grade ≥ 3 or not."""

    patient: np.ndarray
    onset: np.ndarray
    resolved: np.ndarray
    severe: np.ndarray


def resolution(section: str, cohort: Cohort) -> Results:
    """Of any grade and of grade ≥ 3, for all and per group known at the start: the onset, and, where any day of
    resolution is recorded, the resolution; nothing where no onset is."""
    if cohort.lacks(("toxicities.onset_date",)):
        return Results()
    read = toxicities.read(cohort)
    if not len(read) or not read.facts["has_onset"]:
        return Results()
    end, found = columns.end_of_observation(cohort), _dated(cohort, read)
    ends = bool(np.isfinite(found.resolved).any())
    groups = columns.groups(cohort) if comparable(cohort) else {"all": np.ones(cohort.n, bool)}
    kinds = {ANY: np.ones(len(found.onset), bool)}
    kinds |= {SEVERE: found.severe} if read.facts["has_grade"] else {}
    results = Results()
    for key, which in kinds.items():
        everybody = _first(found, which, end)
        for name, mask in groups.items():
            first = everybody.of(mask)
            if len(first.who) >= FEWEST:
                names = {"section": section, "endpoint": key, "group": name}
                results += Results(label(_onsets(first, columns.treatment_days(cohort)), **names))
                results += _of_group(cohort, first, end, names) if ends else Results()
    return results


def _dated(cohort: Cohort, read: toxicities.Events) -> _Events:
    onset = chosen(columns.days(cohort.toxicities, "onset_date", copy=False), read.place)
    known = ~np.isnan(onset) & ~toxicities.before_treatment(read)
    (onset,) = aside.put([onset])
    (onset,) = aside.put([onset[known]])
    if cohort.lacks(("toxicities.resolved_date",)):
        resolved = np.full(len(onset), np.inf)
    else:
        resolved = toxicities.resolved(cohort, read)[known]
        resolved[np.isnan(resolved)] = np.inf
    (patient,), (resolved,) = aside.put([read.patient[known]]), aside.put([resolved])
    return _Events(patient, onset, resolved, (read.grade >= toxicities.SEVERE)[known])


@dataclass(frozen=True)
class _First:
    """Per patient of the cohort: begun, the day of the first event, inf for none; over, the day on which the longest of
    those that began on it was resolved; unresolved: whether one is not at the last contact."""

    begun: np.ndarray
    over: np.ndarray
    unresolved: np.ndarray

    @property
    def who(self) -> np.ndarray:
        """The positions of the patients with an event."""
        return np.flatnonzero(self.begun < np.inf)

    def of(self, mask: np.ndarray) -> _First:
        """Of some of the patients."""
        begun, over = np.where(mask, self.begun, np.inf), np.where(mask, self.over, -np.inf)
        return _First(begun, over, self.unresolved & mask)


def _first(found: _Events, which: np.ndarray, end: np.ndarray) -> _First:
    """Of some of the events; those that began by the last contact."""
    begun, over = np.full(len(end), np.inf), np.full(len(end), -np.inf)
    unresolved = np.zeros(len(end), bool)

    def rows() -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        for part in slices(len(which)):
            patient, onset = found.patient[part], found.onset[part]
            mine = which[part] & (end[patient] >= onset)
            yield patient[mine], onset[mine], found.resolved[part][mine]

    for patient, onset, resolved in rows():
        np.minimum.at(begun, patient, onset)
        unresolved[patient[resolved > end[patient]]] = True
    for patient, onset, resolved in rows():
        first = onset == begun[patient]
        np.maximum.at(over, patient[first], resolved[first])
    return _First(begun, over, unresolved)


def _onsets(first: _First, begun: np.ndarray) -> list[Estimate]:
    """Median and range of the days from the start of treatment, begun, to the first event of each patient."""
    method = message("time from the start of treatment to the onset")
    return [
        replace(e, statistic=f"onset_{e.statistic}", method=method)
        for e in summarise((first.begun - begun)[first.who], statistics=("median", "minimum", "maximum"))
    ]


def _of_group(cohort: Cohort, first: _First, end: np.ndarray, names: dict) -> Results:
    """Incidence of the resolution of the first event, and the share with one that is not resolved."""
    begun, over, who = first.begun, first.over, first.who
    died = columns.death_days(cohort)[who] <= end[who]
    done = over[who] <= end[who]
    status = np.where(done, 1, np.where(died, 2, 0))
    lasted = np.where(done, over[who], end[who]) - begun[who]
    table = event_table(np.maximum(lasted, 0.0), status, causes=2)
    estimates, curve = incidences.of_incidence(table, TIMES, cohort.settings)
    still = np.flatnonzero(first.unresolved)
    row = share(len(still), len(who), cohort.settings.confidence_level)
    unresolved = replace(row, statistic="unresolved", method=joined([UNRESOLVED, row.method]))
    dead = Estimate(
        "unresolved_at_death", value=int(columns.dead(cohort)[still].sum()), n=len(who),
        method=message("patients who died with an event not resolved"),
    )  # fmt: skip
    return Results(label((*estimates, unresolved, dead), **names), label((curve,), **names))
