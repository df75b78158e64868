"""After relapse: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.base.described import Context, DescribedEndpoint
from reportgen.base.message import N_

KEY = "after_relapse"


TITLE = N_("After relapse")


REQUIRES = ("patients.relapse_date", "patients.last_contact")


ENDPOINT = "survival_after_relapse"


# Relapsed patients that are listed by themselves: more stand with their next treatment in the listing of all.
MOST_LINES = 30
MOST_WAYS = 12

# Of who had no further treatment: there is none that could have had a response.
NOTHING_TO_ANSWER = N_("not treated")


@dataclass(frozen=True)
class RelapsedPatient:
    """One patient who relapsed. relapse, since: days to relapse, and from it to death or the last contact.

    on_treatment: "on treatment", "off treatment" or "not recorded". next: the next treatment; response: to it; None
    where none is recorded. on_next: whether that goes on. status: "alive" or "dead"; cause: of the death.
    """

    patient_id: str
    relapse: float
    on_treatment: str
    status: str
    since: float
    cause: str | None
    next: str | None
    response: str | None
    on_next: bool


@dataclass(frozen=True)
class AfterRelapseFacts(Context):
    """n: patients who relapsed. lacks: the columns for want of which nothing can be said. lines: a row per patient, in
    order of relapse. paths: the steps from relapse to the present status, and how many took them. treatments: the
    names of the next ones. has_lines: whether lines of treatment are recorded.
    """

    n: int = 0
    lacks: str = ""
    endpoint: DescribedEndpoint | None = None
    lines: Sequence[RelapsedPatient] = ()
    paths: tuple[tuple[tuple[str, ...], int], ...] = ()
    treatments: Sequence[str] = ()
    has_lines: bool = False
