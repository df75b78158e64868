"""Patients as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.base.message import N_
from reportgen.chapters.patients.facts import HEADS, KEY, MOST_SWIMS, TITLE, PatientFacts
from reportgen.chapters.shared.patient_courses import Listed
from reportgen.chapters.shared.patient_figures import patient_figure
from reportgen.report import Block, Column, Link, Note, Notice, Paragraph, Section, Table, Text, plain
from reportgen.stats.results import Results
from reportgen.writing import numbers
from reportgen.writing.language import _, _c
from reportgen.writing.narrative import capital, counted, paragraph, say, say_n
from reportgen.writing.shares import group_name, state
from reportgen.writing.tables import row, text_column

MOST_ROWS = 200


SIGNS = {"NE": N_("NE, not evaluable."), "–": N_("–, none or not recorded.")}


TIMES = ("on_treatment", "relapse", "follow_up")


def present(results: Results) -> Section:
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
        _listing(results, told) if told.rows else Notice(say("The cohort holds no patient.")),
    ]
    blocks = (drawn,) if drawn else ()
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


def _listing(results: Results, told: PatientFacts) -> Table:
    shown = told.columns
    unit = told.unit
    grouped = any(patient.group for patient in told.rows)
    fractions = any(patient.age is not None and patient.age % 1 for patient in told.rows)
    rows, more, group = [], [], None
    for place, patient in enumerate(told.rows):
        into = rows if place < MOST_ROWS else more
        if grouped and patient.group != group:
            group = patient.group
            who = group_name(told, group) if group else group_name(told, _("not recorded"))
            into.append(row(capital((who,)), *[""] * len(shown), head=True))
        cells = (_cell(patient, name, unit, fractions) for name in shown)
        into.append(row(_name(patient.patient, told.reviews), *cells, indent=int(grouped)))
    n = results["patients.all.all.count"].count
    notes: list[Text] = []
    if more:
        notes.append(
            say(
                "The first {k} of {n} patients are listed; the CSV file of this table inside the PDF holds {m}.",
                k=numbers.whole(MOST_ROWS),
                n=numbers.whole(n),
                m=numbers.whole(len(told.rows)),
            )
        )
        notes.append(say("With --format csv all of them are in the file patients.csv."))
    if "on_treatment" in shown and any(patient.continuing for patient in told.rows[:MOST_ROWS]):
        notes.append((_("+, treatment continued at the last contact."),))
    heads = [
        Column(_c("narrow column", HEADS[name]), numbers.unit_name(unit)) if name in TIMES else _head(name)
        for name in shown
    ]
    cells = {plain(cell) for one in rows for cell in one.cells}
    notes += [(_(words),) for sign, words in SIGNS.items() if sign in cells]
    named = {"unit": numbers.unit_name(unit), "origin": _(told.origin)}
    caption = say("One row per patient; times in {unit} from the start of treatment.", unit=named["unit"])
    if told.origin:
        caption = say("One row per patient; times in {unit} from the {origin}.", **named)
    listed = (text_column(_("Patient")), *heads)
    return Table("table-patients", caption, listed, tuple(rows), tuple(notes), tuple(more))


def _name(patient: str, reviews: Mapping[str, str]) -> Text:
    """The patient's name; it leads to the case review, where one lies beside the report."""
    return (Link(patient, reviews[patient]),) if patient in reviews else (patient,)


def _head(name: str) -> Column:
    return (
        Column(_c("narrow column", HEADS[name]), numbers.unit_name("years"))
        if name == "age"
        else text_column(_c("narrow column", HEADS[name]))
    )


def _cell(patient: Listed, name: str, unit: str, fractions: bool) -> str:
    value = getattr(patient, name)
    if value is None:
        return numbers.MISSING
    if name == "age":
        return numbers.decimal(value, 1 if fractions else 0)
    if name == "on_treatment":
        return numbers.time(value, unit) + ("+" if patient.continuing else "")
    return numbers.time(value, unit) if name in TIMES else state(str(value))
