"""Patients as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from reportgen.chapters.patients.facts import KEY, MOST_SWIMS, TITLE, PatientFacts
from reportgen.chapters.patients.listing import listing
from reportgen.chapters.patients.measurement_figure import measurement_figure
from reportgen.chapters.patients.oncoprint_figure import oncoprint_figures
from reportgen.chapters.shared.patient_figures import patient_figure
from reportgen.report import Block, Note, Notice, Paragraph, Section, Text
from reportgen.stats.results import Results
from reportgen.writing.language import _
from reportgen.writing.narrative import counted, paragraph, say, say_n


def present(results: Results) -> Section:
    """The course of every patient as one figure; the listing and the measurements in the supplement."""
    told: PatientFacts = results.facts[KEY]
    origin = told.origin
    drawn = patient_figure("figure-patients", told.courses, told)
    further: list[Block] = [
        Note(
            _("Time"),
            _(
                "Every time is counted from the {origin}; observation ends at death or last contact.",
                origin=_(origin),
            )
            if origin
            else _(
                "Every time is counted from the start of treatment; observation ends at death or last contact."
            ),
        ),
        Paragraph(_sentences(results, told)),
        listing(results, told) if told.rows else Notice(say("The cohort holds no patient.")),
        *measurement_figure(told),
    ]
    blocks = (*oncoprint_figures(results, told), *((drawn,) if drawn else ()))
    return Section(KEY, _(TITLE), blocks, results.select(section=KEY), (), tuple(further))


def _sentences(results: Results, told: PatientFacts) -> Text:
    n, undrawn = results["patients.all.all.count"].count, told.courses.undrawn
    grouped = any(patient.group for patient in told.rows)
    said = {"n": counted(n, "patient"), "group": told.group_label}
    return paragraph(
        say_n(
            "{n} is listed by {group}, the longest observed first.",
            "{n} are listed by {group}, the longest observed first.",
            n,
            **said,
        )
        if grouped
        else say_n(
            "{n} is listed, the longest observed first.", "{n} are listed, the longest observed first.", n, **said
        ),
        say("Their courses are not drawn: there are more than {most}.", most=str(MOST_SWIMS))
        if n > MOST_SWIMS
        else None,
        say("The data hold no end of treatment, so that no bar shows how long treatment lasted.")
        if not told.courses.stops_known
        else None,
        say("{n} without a last contact cannot be drawn.", n=counted(undrawn, "patient")) if undrawn else None,
    )  # fmt: skip
