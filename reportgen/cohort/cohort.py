"""Cohort: the checked patients of one source at one cut-off, every cell with its address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypeVar, cast

from reportgen.base.errors import Issue
from reportgen.base.message import Message
from reportgen.cohort.changes.previous_report import Earlier
from reportgen.settings.model import EndpointRule, Settings

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

# More curves in one figure, or columns in one table, than anybody can tell apart.
MOST_GROUPS = 12


T = TypeVar("T")


@dataclass(frozen=True)
class Table:
    """One canonical table after cleaning.

    frame: canonical columns; the index is the row number in the source sheet. Dates are datetime64
    (NaT where absent or where the source gives only elapsed time), closed vocabularies and text are str
    or None, numbers float. days: the same rows; one column per date column, in days (float, nan where
    absent) from the patient's time zero, which is the date in the column `origin`. letters: canonical column →
    column letter in the sheet.
    """

    name: str
    sheet: str
    frame: pd.DataFrame
    days: pd.DataFrame
    letters: Mapping[str, str]
    origin: str = "treatment_start"

    @property
    def start(self) -> pd.Series:
        """The day of each patient's time zero; NaT where only elapsed times are given, or durations."""
        import pandas as pd

        unknown = pd.Series(pd.NaT, index=self.frame.index, dtype="datetime64[ns]")
        return self.frame.get(self.origin, unknown)

    @property
    def treated(self) -> pd.Series:
        """Of the patients, the day on which treatment began: 0 where times count from it, or where it is not known."""
        import pandas as pd

        if self.origin == "treatment_start" or "treatment_start" not in self.days:
            return pd.Series(0.0, index=self.frame.index)
        return self.days["treatment_start"].fillna(0.0)

    def address(self, row: int, column: str) -> str:
        """The cell of a value: "C7"; that of the patient's id where the column was derived and has no cell itself."""
        return f"{self.letters.get(column) or self.letters.get('patient_id', '')}{row}"

    def __len__(self) -> int:
        return len(self.frame)


@dataclass(frozen=True)
class Feature:
    """A column examined as a characteristic of the patients.

    kind: "category", "yes/no" or "number". levels: in printed order (empty for numbers; ("yes", "no")
    for yes/no). known_at_start: False for what is known only after time zero. of_interest: named beforehand.
    asked: by its name alone it may have become known later; until that is said it counts as not known at the start.
    by_alphabet: nobody said in which order its levels stand, of which the first is the reference.
    """

    name: str
    label: str
    kind: str
    unit: str = ""
    levels: tuple[str, ...] = ()
    known_at_start: bool = True
    of_interest: bool = False
    asked: bool = False
    by_alphabet: bool = False


@dataclass(frozen=True)
class Match:
    """How a column of the source was understood. how: name, dictionary, settings,
    synonym, feature or ignored."""

    table: str
    column: str
    header: str
    how: str
    cell: str


@dataclass(frozen=True)
class FlowStep:
    """One step from the rows read to the patients analysed. n: left after the step; out: those who left."""

    label: str
    n: int
    out: int = 0
    reason: str = ""


@dataclass(frozen=True)
class EndpointData:
    """One endpoint of the patients to whom it applies.

    rows: index labels into cohort.patients.frame. duration: days from the origin, ≥ 0. status: 0
    censored, 1 the event, 2 a competing event. definition: the rule in words, printed beside the
    numbers. left_out: (number, reason) pairs for patients to whom it does not apply or who lack a date.
    entry: where the clock starts before the treatment, days from the origin to the start of treatment, from
    which on the patient is at risk (entry < t ≤ duration); None where all are at risk from the origin on.
    by_assessment: without an event it ends at the last adequate assessment; never_assessed: how many had none and
    end on day 0; missed: how many had the event after two or more missed assessments. rule: how it was derived, its
    columns by name; population: the patients to whom it applies, in words, "" for all. only_death_competes: whether
    nothing but death is a competing event.
    """

    key: str
    label: str
    definition: Message
    rows: np.ndarray
    duration: np.ndarray
    status: np.ndarray
    event_label: str = "event"
    competing_label: str = ""
    left_out: tuple[tuple[int, str], ...] = ()
    entry: np.ndarray | None = None
    by_assessment: bool = False
    never_assessed: int = 0
    missed: int = 0
    rule: EndpointRule | None = None
    population: str = ""
    only_death_competes: bool = False

    def entry_of(self, mask: np.ndarray) -> np.ndarray | None:
        """The entries of some of the patients."""
        return None if self.entry is None else self.entry[mask]

    @property
    def competes(self) -> bool:
        """Whether a competing event is defined, though nobody may have had it: then it is an incidence."""
        return bool(self.competing_label)


@dataclass(frozen=True)
class Input:
    """What was read. name: of the file, folder or database, without its path; sha256: of its bytes; saved: the day on
    which it says that it was last saved, ISO 8601, "" where it does not; rows: by table, as they were found.
    """

    name: str = ""
    sha256: str = ""
    saved: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)

    def to_row(self) -> dict[str, object]:
        """As results.json and the manifest have it, without what is not known; the name always."""
        known = {"sha256": self.sha256, "saved": self.saved, "rows": dict(self.rows)}
        return {"name": self.name, **{key: value for key, value in known.items() if value}}


@dataclass(frozen=True)
class Cohort:
    """Everything the chapters work from. A table that the source lacks is None.

    endpoints by key; unavailable: endpoint key → the columns it lacks, in words. labels: canonical or
    feature name → label for readers. cutoff: None where the data have no dates at all; cutoff_given:
    whether a user chose it. source: what was read. earlier: the report
    before this one, where the run has one. reviews: patient id → the address of the patient's case review,
    for those that lie beside the report. pseudonymous: ids were replaced and dates removed, for a reader
    outside the ward. releases: what earlier reports for readers outside tell (privacy.joint_attack.Told); told_in: the
    hashes of these; moment: what tells apart the source and the cut-off. findings: column of the patients that says
    who has a finding → the column whose cells list several of them ([features] lists).
    """

    patients: Table
    settings: Settings
    toxicities: Table | None = None
    treatments: Table | None = None
    assessments: Table | None = None
    measurements: Table | None = None
    features: tuple[Feature, ...] = ()
    endpoints: Mapping[str, EndpointData] = field(default_factory=dict)
    unavailable: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    cutoff: date | None = None
    cutoff_given: bool = False
    flow: tuple[FlowStep, ...] = ()
    issues: tuple[Issue, ...] = ()
    matches: tuple[Match, ...] = ()
    source: Input = Input()
    earlier: Earlier | None = None
    reviews: Mapping[str, str] = field(default_factory=dict)
    pseudonymous: bool = False
    releases: tuple[object, ...] = ()
    told_in: tuple[str, ...] = ()
    moment: str = ""
    findings: Mapping[str, str] = field(default_factory=dict)
    _known: dict[str, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def n(self) -> int:
        """How many patients there are."""
        return len(self.patients)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What make gives, made when it is first asked for by this name; a copy that differs makes its own.

        For what several chapters need of all patients. Nobody may change what is given.
        """
        if name not in self._known:
            self._known[name] = make()
        return cast(T, self._known[name])

    def __getstate__(self) -> dict[str, object]:
        """Without what can be made again: a cohort is sent to other processes."""
        return {**self.__dict__, "_known": {}}

    def lacks(self, requires: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the required tables ("toxicities") and columns ("patients.relapse_date") not present.

        A column counts as present when the source has it, even with every cell empty. Of an endpoint
        ("endpoints.relapse") the columns that it lacks are named. Of alternatives
        ("endpoints.os|patients.last_contact") one is enough; what the last of them lacks is named.
        """
        missing: list[str] = []
        for need in requires:
            lacking = [self._lacks(one) for one in need.split("|")]
            missing += lacking[-1] if all(lacking) else []
        return tuple(missing)

    def _lacks(self, need: str) -> list[str]:
        name, _, column = need.partition(".")
        if name == "endpoints":
            return [self.unavailable[column]] if column in self.unavailable else []
        table = getattr(self, name)
        return [need] if table is None or (column and column not in table.frame.columns) else []
