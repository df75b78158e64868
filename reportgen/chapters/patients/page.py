"""Patients as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from reportgen.chapters.patients.facts import KEY, MOST_SWIMS, TITLE, PatientFacts
from reportgen.chapters.patients.listing import listing
from reportgen.chapters.patients.measurement_figure import measurement_figure
from reportgen.chapters.patients.oncoprint_figure import oncoprint_figures
from reportgen.chapters.shared.patient_figures import patient_figure
from reportgen.report import Block, Notice, Paragraph, Section, Text
from reportgen.stats.results import Results
from reportgen.writing.language import _
from reportgen.writing.narrative import counted, paragraph, say


def present(results: Results) -> Section:
    """The course of every patient as one figure; the listing and the measurements in the supplement."""
    told: PatientFacts = results.facts[KEY]
    drawn = patient_figure("figure-patients", told.courses, told)
    said = _sentences(results, told)
    further: list[Block] = [
        *([Paragraph(said)] if said else []),
        listing(results, told) if told.rows else Notice(say("The cohort holds no patient.")),
        *measurement_figure(results),
    ]
    blocks = (*oncoprint_figures(results, told), *((drawn,) if drawn else ()))
    return Section(KEY, _(TITLE), blocks, results.select(section=KEY), (), tuple(further))


def _sentences(results: Results, told: PatientFacts) -> Text:
    """What the figure lacks; empty where nothing is to be said."""
    n, undrawn = results["patients.all.all.count"].count, told.courses.undrawn
    return paragraph(
        say("The patients’ courses are not drawn: there are more than {most}.", most=str(MOST_SWIMS))
        if n > MOST_SWIMS
        else None,
        say("The data hold no end of treatment, so that no bar shows how long treatment lasted.")
        if not told.courses.stops_known
        else None,
        say("{n} without a last contact cannot be drawn.", n=counted(undrawn, "patient")) if undrawn else None,
    )  # fmt: skip
