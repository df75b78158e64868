"""Patients: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reportgen.base.described import Context
from reportgen.base.message import N_, NC_
from reportgen.chapters.shared.patient_courses import Courses, Listed

KEY = "patients"


TITLE = N_("Patients")


REQUIRES = ("endpoints.os|endpoints.relapse|endpoints.pfs|patients.last_contact",)


MOST_SWIMS = 500  # of more, no bar would be seen
MOST_PANELS = 9
MOST_COLUMNS, MOST_FINDINGS = 60, 24  # of an oncoprint


HEADS = {
    "age": N_("Age"),
    "sex": N_("Sex"),
    "best_response": N_("Best response"),
    "on_treatment": N_("On treatment"),
    "stop_reason": NC_("narrow column", "Reason for stopping"),
    "relapse": N_("Relapse at"),
    "after_relapse": NC_("narrow column", "After relapse"),
    "follow_up": NC_("narrow column", "Follow-up"),
    "status": N_("Status"),
}


WORDS, AMOUNT, TIME, GRADE = "words", "amount", "time", "grade"


@dataclass(frozen=True)
class OwnColumn:
    """A column that the settings ask for. kind: WORDS, AMOUNT (in unit), TIME (days) or GRADE.

    cells: one per patient listed, None where not recorded. ended: of an endpoint the status behind each time (0
    censored, 1 the event, 2 a competing event); empty of other columns.
    """

    name: str
    label: str
    kind: str
    cells: tuple[str | float | None, ...]
    unit: str = ""
    ended: tuple[int, ...] = ()


@dataclass(frozen=True)
class Series:
    """All values of a name in one unit. tracks: per patient days from time zero and values; empty of too many patients.

    lower, upper: of the reference range where all values have the same one.
    """

    name: str
    unit: str
    tracks: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Measurements:
    """series: those of most patients, to be drawn. further: the names of the others."""

    series: tuple[Series, ...] = ()
    further: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    """A patient as a column of the oncoprint. events: "relapse" and "death", as far as they happened."""

    label: str
    group: str
    events: tuple[str, ...]


@dataclass(frozen=True)
class Oncoprint:
    """The findings of a column of lists. name: by which its shares are found; rows: finding → per person whether it was
    found, None where nobody looked, the most frequent first. further: how many rarer ones are not drawn.
    """

    name: str
    label: str
    people: tuple[Person, ...]
    rows: Mapping[str, tuple[bool | None, ...]]
    further: int = 0


@dataclass(frozen=True)
class PatientFacts(Context):
    """courses: empty where there are too many patients to draw.

    columns: of the listing in order, by their names in HEADS or in own. withheld: how many that the settings ask for
    the profile does not let out. reviews: patient → address of the case review that lies beside
    the report.
    """

    courses: Courses
    rows: tuple[Listed, ...]
    columns: tuple[str, ...]
    own: tuple[OwnColumn, ...]
    withheld: int
    measurements: Measurements
    oncoprints: tuple[Oncoprint, ...]
    reviews: Mapping[str, str]
