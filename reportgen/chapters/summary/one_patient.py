"""The course of the one patient on page one: what happened when, in one table."""

from __future__ import annotations

from reportgen.chapters.shared.patient_courses import OWN, Courses
from reportgen.chapters.shared.response_sentences import LABELS
from reportgen.chapters.summary.facts import SummaryFacts
from reportgen.report import Column, Table, Text
from reportgen.stats.results import Results
from reportgen.writing import numbers
from reportgen.writing.language import _
from reportgen.writing.narrative import head, join, say
from reportgen.writing.tables import row, table, text_column


def course_table(results: Results, facts: SummaryFacts) -> Table | None:
    """A row per day on which something is recorded, in order; None of more patients, and of one who cannot be drawn."""
    told = results.facts.get("patients")
    if facts.n != 1 or told is None or not told.courses.patients:
        return None
    happened: dict[float, list[Text]] = {}
    for day, what in sorted(_happened(told.courses), key=lambda one: one[0]):
        happened.setdefault(day, []).append(what)
    rows = [row(numbers.time(day, facts.unit), join(said, "; ", "; ")) for day, said in happened.items()]
    columns = (Column(head(numbers.unit_name(facts.unit))), text_column(_("What happened"), 0.86))
    return table("table-course", say("The course of the one patient."), columns, rows)


def _happened(courses: Courses) -> list[tuple[float, Text]]:
    """(day, words), unsorted. A response is told where it changes; it is the one last assessed."""
    (one,) = courses.patients
    words = {"stop": _("Treatment stopped"), "relapse": _("Relapse or progression"), "death": _("Death")}
    words |= {f"{OWN}{k}": head(name) for k, name in enumerate(courses.own)}
    found: list[tuple[float, Text]] = [(0.0, (_("Start of treatment"),))]
    found += [(event.time, (words[event.kind],)) for event in one.events if event.kind in words]
    before = ""
    for part in one.stretches:
        if part.line:
            found.append((part.start, say("Line {n} of treatment", n=numbers.whole(part.line))))
        if part.state and part.state != before:
            found.append((part.start, (_(LABELS[part.state]),)))
        before = part.state or before
    found += [(day, say("Toxicity of grade {n}", n=numbers.whole(grade))) for day, grade in one.severe]
    return [*found, (one.end, (_("Last contact"),))] if one.ongoing else found
