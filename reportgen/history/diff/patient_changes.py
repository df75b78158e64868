"""What differs between two runs, patient by patient: every cell, not only what was corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from reportgen.chapters.changes.facts import ChangesFacts
from reportgen.cohort.changes.as_of import of_patients
from reportgen.cohort.changes.corrections import Correction, corrections
from reportgen.cohort.changes.new_events import Happening
from reportgen.cohort.changes.previous_report import Question, Questions
from reportgen.cohort.cohort import Table

FOLLOW_UP = "follow-up"
NEW, GONE, KNOWN = "new", "gone", "known"


@dataclass(frozen=True)
class PatientEvent:
    """An event of one patient. kind: the key of its `Happenings`; state: "new" or "gone"; when, what: in words."""

    kind: str
    state: str
    when: str
    what: str


@dataclass(frozen=True)
class PatientQuery:
    """A question about one patient, and what became of it: "opened" or "closed"."""

    state: str
    question: Question


@dataclass(frozen=True)
class Patient:
    """One patient of whom something differs. state: "new", "gone", or "known" to both runs.

    values: cells and rows, each of a kind of `Correction`, or "follow-up" where the value is of a day that the
    earlier run did not know yet; none of who is new or gone.
    """

    patient: str
    state: str = KNOWN
    values: tuple[Correction, ...] = ()
    events: tuple[PatientEvent, ...] = ()
    queries: tuple[PatientQuery, ...] = ()


def by_patient(
    facts: ChangesFacts | None,
    then: Mapping[str, Table] | None,
    now: Mapping[str, Table] | None,
    asked: Questions,
) -> tuple[Patient, ...]:
    """Everybody of whom something differs, in the order of ids. facts: of the chapter `changes`.

    Without tables, what the queries tell.
    """
    found: dict[str, Patient] = {}

    def of(name: str) -> Patient:
        return found.setdefault(name, Patient(name))

    for kind in facts.happened if facts else ():
        for state, events in ((NEW, kind.new), (GONE, kind.gone)):
            for event in events:
                who = of(event.patient)
                if kind.key == "patients":
                    found[who.patient] = replace(who, state=state)
                else:
                    said = PatientEvent(kind.key, state, event.when, _what(event))
                    found[who.patient] = replace(who, events=(*who.events, said))
    known = _values(facts.corrections, then, now) if facts and then is not None and now is not None else ()
    for value in known:
        # A column that came or went is nobody's; who is gone took all rows along.
        if value.patient and of(value.patient).state != GONE:
            who = found[value.patient]
            found[who.patient] = replace(who, values=(*who.values, value))
    for state, questions in (("opened", asked.opened), ("closed", asked.closed)):
        for question in questions:
            if question.patient:
                who = of(question.patient)
                found[who.patient] = replace(who, queries=(*who.queries, PatientQuery(state, question)))
    return tuple(sorted(found.values(), key=lambda patient: patient.patient))


def _what(event: Happening) -> str:
    """ "rash, grade 4", "toxicity"."""
    return ", ".join(filter(None, (event.what, event.grade and f"grade {event.grade}")))


def _values(
    corrected: Iterable[Correction], then: Mapping[str, Table], now: Mapping[str, Table]
) -> list[Correction]:
    """Every cell and row of the earlier run's patients that differs: the corrections, and the rest as follow-up."""
    mended = list(corrected)
    said = {_place(c) for c in mended}
    mine = of_patients(now, then["patients"])
    later = [c for c in corrections(then, mine) if _place(c) not in said]
    return [*mended, *(replace(c, kind=FOLLOW_UP) for c in later if c.patient)]


def _place(found: Correction) -> tuple[str, str, str, str]:
    """Where a difference is. Rows are told apart by what became of them: one may stand where another did."""
    return ("" if found.column else found.kind, found.table, found.cell, found.column)
