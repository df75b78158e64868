"""One patient within the cohort, and what the reviews of all its patients share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reportgen.analyses import patient_columns as columns
from reportgen.base.described import Spoken
from reportgen.cohort.cohort import Cohort, Feature, Table
from reportgen.cohort.endpoints.rules import unasked
from reportgen.stats.events import EventTable, event_table

ENDPOINTS = ("pfs", "os")
# Endpoints of some patients alone, and those whose clock starts later: these are no course from the start.
OF_SOME = (
    "duration_of_response",
    "survival_after_relapse",
    "relapse_free_after_stopping",
    "time_on_treatment",
)
TABLES = ("toxicities", "treatments", "assessments", "measurements")


@dataclass(frozen=True)
class Moment:
    """A date of a patient: date in ISO form, day from the start of treatment; each None where it is not known."""

    date: str | None = None
    day: float | None = None


@dataclass(frozen=True)
class PatientFeature(Spoken):
    """What is recorded of a patient under a label: a word, a number, or None. name, kind: of a Feature of the cohort.

    ours: whether the word is one of ours, which the report says in its language.
    """

    label: str
    value: str | float | None
    unit: str = ""
    name: str = ""
    kind: str = ""
    ours: bool = False


@dataclass(frozen=True)
class Shared:
    """What is counted once for all case reviews of a cohort.

    rows: table → patient id → positions of the patient's rows in it. tables, places: endpoint → the events and
    competing events of all patients, and per row label of the patients the position within the endpoint. codes:
    (patients, features) the level of each feature that was known at the start and is no number; −1 where not recorded.
    beyond: positions of the patients who were seen after the cut-off too (see seen_later).
    """

    cohort: Cohort
    rows: Mapping[str, Mapping[str, np.ndarray]]
    tables: Mapping[str, EventTable]
    places: Mapping[str, Mapping[int, int]]
    codes: np.ndarray
    beyond: frozenset[int]

    @classmethod
    def of(cls, cohort: Cohort, beyond: frozenset[int] = frozenset()) -> Shared:
        """Of a cohort. beyond: positions of the patients seen after the cut-off too (see seen_later)."""
        rows = {name: _rows_by_patient(getattr(cohort, name)) for name in TABLES}
        tables, places = {}, {}
        for key in reviewed(cohort):
            endpoint = cohort.endpoints[key]
            tables[key] = event_table(endpoint.duration, endpoint.status, entry=endpoint.entry, causes=2)
            places[key] = {int(row): place for place, row in enumerate(endpoint.rows)}
        return cls(cohort, rows, tables, places, _codes(cohort), beyond)


@dataclass(frozen=True)
class Case:
    """The patient at a position of the cohort. name: the pseudonym; question: to the board, or "".

    dense: whether long lists are cut shorter, so that two pages hold the review.
    """

    shared: Shared
    position: int
    name: str
    question: str = ""
    dense: bool = False

    @property
    def cohort(self) -> Cohort:
        """The cohort, with the patient in it."""
        return self.shared.cohort

    @property
    def id(self) -> str:
        """The patient's own id; printed only where `identified`."""
        return str(self.cohort.patients.frame["patient_id"].iloc[self.position])

    @property
    def row(self) -> int:
        """The label of the patient's row."""
        return int(self.cohort.patients.frame.index[self.position])

    @property
    def identified(self) -> bool:
        """Whether the patient's own id may be printed."""
        return self.cohort.settings.privacy.profile == "internal"

    @property
    def beyond(self) -> bool:
        """Whether the patient was seen after the cut-off too: what has no date may then be of later."""
        return self.position in self.shared.beyond

    def word(self, column: str) -> str | None:
        """A word of the patient's row as recorded; None where it is not."""
        return word(self.cohort.patients, self.position, column)

    def amount(self, column: str) -> float | None:
        """A number of the patient's row as recorded; None where it is not."""
        return amount(self.cohort.patients, self.position, column)

    def moment(self, column: str) -> Moment:
        """A date of the patient's row."""
        return moment(self.cohort.patients, self.position, column)

    def day(self, column: str) -> float | None:
        """A date of the patient's row in days from the start of treatment; None where it is not known."""
        return self.moment(column).day

    @property
    def started(self) -> float:
        """The day on which treatment began, or may be taken to have begun."""
        return float(self.cohort.patients.treated.iloc[self.position])

    @property
    def dead(self) -> bool:
        """Whether the patient is recorded as dead, or has a date of death."""
        return self.word("vital_status") == "dead" or self.day("death_date") is not None

    @property
    def alive(self) -> bool:
        """Whether the patient is recorded as alive; who is neither alive nor dead is not recorded."""
        return not self.dead and self.word("vital_status") == "alive"

    @property
    def vital(self) -> str | None:
        """Alive or dead, as a word; None where neither is recorded."""
        return "dead" if self.dead else self.word("vital_status")

    @property
    def diagnosis(self) -> str | None:
        """The diagnosis, of the patient or else of the settings."""
        return self.word("diagnosis") or self.cohort.settings.diagnosis or None

    @property
    def treatment(self) -> str | None:
        """What the index treatment is called, by the patient's row or else by the settings."""
        return self.word("treatment") or self.cohort.settings.treatment or None

    @property
    def end(self) -> float | None:
        """The day of death or of last contact, whichever was recorded later."""
        days = [day for day in (self.day("last_contact"), self.day("death_date")) if day is not None]
        return max(days, default=None)

    def rows(self, table: str) -> np.ndarray:
        """Positions of the patient's rows in another table; none where the source lacks it."""
        return self.shared.rows[table].get(self.id, np.empty(0, int))


def reviewed(cohort: Cohort) -> tuple[str, ...]:
    """The endpoints of a case review: PFS and OS, or, where the data give neither, the first two that they give."""
    found = [key for key in ENDPOINTS if key in cohort.endpoints]
    others = (*OF_SOME, *unasked(cohort.settings))
    return tuple(found or [key for key in cohort.endpoints if key not in others][:2])


def seen_later(cohort: Cohort) -> frozenset[int]:
    """Positions of the patients whose rows in the source go beyond the cut-off, as far as can be told.

    Their last contact was moved to the cut-off. Asked of the cohort before its dates are taken away.
    """
    if cohort.cutoff is None or not any(issue.code == "AFTER_CUTOFF" for issue in cohort.issues):
        return frozenset()
    seen = cohort.patients.frame["last_contact"]
    return frozenset(np.flatnonzero(seen.dt.date.eq(cohort.cutoff)).tolist())


def word(table: Table | None, position: int, column: str) -> str | None:
    """A word as recorded; None where it is not."""
    if table is None or column not in table.frame:
        return None
    cell = table.frame[column].iloc[position]
    return cell if isinstance(cell, str) and cell.strip() else None


def amount(table: Table | None, position: int, column: str) -> float | None:
    """A number as recorded; None where it is not."""
    if table is None or column not in table.frame:
        return None
    cell = table.frame[column].iloc[position]
    return None if cell is None or isinstance(cell, str) or not np.isfinite(cell) else float(cell)


def moment(table: Table | None, position: int, column: str) -> Moment:
    """A date as recorded."""
    if table is None or column not in table.days:
        return Moment()
    day, stamp = float(table.days[column].iloc[position]), table.frame[column].iloc[position]
    date = stamp.date().isoformat() if stamp == stamp else None  # NaT is not equal to itself
    return Moment(date, day if np.isfinite(day) else None)


def _rows_by_patient(table: Table | None) -> dict[str, np.ndarray]:
    if table is None:
        return {}
    groups = table.frame.groupby("patient_id", sort=False).indices
    return {str(who): np.asarray(rows) for who, rows in groups.items()}


def _codes(cohort: Cohort) -> np.ndarray:
    found = []
    for feature in shown_features(cohort):
        if feature.kind != "number":
            levels = {level: code for code, level in enumerate(feature.levels)}
            values = columns.words(cohort.patients, feature.name)
            found.append([levels.get(value, -1) for value in values])
    return np.array(found, int).reshape(len(found), cohort.n).T


def shown_features(cohort: Cohort) -> tuple[Feature, ...]:
    """The features that were known at the start, in the order of the report."""
    return tuple(feature for feature in cohort.features if feature.known_at_start)
