"""What is drawn of single patients, from the analysis of their chapter to whatever page shows them.

All times are days from the time zero of the cohort, mostly the start of the index treatment.
"""

from __future__ import annotations

from dataclasses import dataclass

RELAPSED, DIED, STOPPED, TREATED, OTHERS = "relapsed", "died", "stopped", "treated", "others"
OWN = "own "
OUTCOMES = (RELAPSED, DIED, STOPPED, TREATED, OTHERS)


@dataclass(frozen=True)
class Stretch:
    """A time of one state. state: "CR", "PR", "SD", "PD" or "NE" as last assessed, "" before the first assessment.

    phase: "treatment", "next_line" or "off". line: the number of a later line, where this stretch begins it. dose: of
    the index treatment, as a share of the first one, 0 while it was interrupted; 1 where it is not known.
    """

    start: float
    stop: float
    state: str
    phase: str
    line: int = 0
    dose: float = 1.0


@dataclass(frozen=True)
class Event:
    """kind: "response", "relapse", "stop" or "death"; OWN and a number: the event of one's own at that place."""

    time: float
    kind: str


@dataclass(frozen=True)
class Course:
    """What happened to one patient.

    group: of those that are compared, "" where there are none. outcome: RELAPSED … OTHERS, by which patients are
    put together where there are no groups. end: last seen; ongoing: alive then. severe: day and grade of each
    toxicity of grade 3 or more. sizes: day and size of the tumour as a share of the baseline. cells: per Trait
    whether the patient has it, None where that is not recorded. status: at the last contact, as the data have it.
    """

    label: str
    group: str
    outcome: str
    end: float
    ongoing: bool
    stretches: tuple[Stretch, ...]
    events: tuple[Event, ...]
    severe: tuple[tuple[float, int], ...] = ()
    sizes: tuple[tuple[float, float], ...] = ()
    cells: tuple[bool | None, ...] = ()
    status: str = ""

    @property
    def phases(self) -> tuple[tuple[float, float, str], ...]:
        """The stretches without their states: (start, stop, phase), none beside its like but a new line."""
        found: list[tuple[float, float, str]] = []
        for part in self.stretches:
            if found and found[-1][1:] == (part.start, part.phase) and not part.line:
                found[-1] = (found[-1][0], part.stop, part.phase)
            else:
                found.append((part.start, part.stop, part.phase))
        return tuple(found)


@dataclass(frozen=True)
class Trait:
    """A feature that patients have or not: one level of it.

    words: of ours for its levels. having, others: (with the event, all) among those who have it and those who do
    not; (0, 0) where no event sets them apart. tied: whether it sets them as far apart as the first trait does.
    """

    name: str
    label: str
    level: str
    yes_no: bool
    ours: bool
    having: tuple[int, int] = (0, 0)
    others: tuple[int, int] = (0, 0)
    tied: bool = False


@dataclass(frozen=True)
class Courses:
    """All patients that can be drawn, in printed order, and how they are to be read.

    traits: those that set the patients with the event apart, the clearest first; examined: among how many.
    event: "relapse", "death" or "",
    of the traits. undrawn: patients without a last contact. stops_known: whether the data tell the end of
    treatment. undated: whether a response without a date is drawn from the start on. sizes, severe: whether the
    data hold any. own: the names of events of one's own. cutoff: ISO date, or None where it is not to be printed.
    unrecorded: the kinds of event that the data do not tell of, so that none drawn is not none that happened.
    """

    patients: tuple[Course, ...]
    traits: tuple[Trait, ...] = ()
    examined: int = 0
    event: str = ""
    undrawn: int = 0
    stops_known: bool = True
    undated: bool = False
    cutoff: str | None = None
    own: tuple[str, ...] = ()
    unrecorded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listed:
    """The main facts of one patient, None where not recorded; age in years, the times in days. after_relapse: the next
    treatment and the response to it.
    """

    patient: str
    group: str
    age: float | None
    sex: str | None
    best_response: str | None
    on_treatment: float | None
    stop_reason: str | None
    relapse: float | None
    follow_up: float | None
    status: str | None
    continuing: bool
    after_relapse: tuple[str, str | None] | None = None
