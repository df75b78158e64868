"""The table with a row per patient: the program's own columns, or those that the settings name."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.base.message import N_
from reportgen.chapters.patients.facts import AMOUNT, GRADE, HEADS, TIME, WORDS, OwnColumn, PatientFacts
from reportgen.chapters.shared.patient_courses import Listed
from reportgen.report import Column, Link, Table, Text, plain
from reportgen.stats.results import Results
from reportgen.writing import numbers
from reportgen.writing.language import _, _c
from reportgen.writing.narrative import capital, say, say_n
from reportgen.writing.shares import group_name, state
from reportgen.writing.tables import row, text_column

MOST_ROWS = 200
SIGNS = {"NE": N_("NE, not evaluable."), "–": N_("–, none or not recorded.")}
TIMES = ("on_treatment", "relapse", "follow_up")
COMPETING = "‡"


def listing(results: Results, told: PatientFacts) -> Table:
    """The first MOST_ROWS patients, by group, and the further ones for the CSV file of the table."""
    own = {column.name: column for column in told.own}
    grouped = any(patient.group for patient in told.rows)
    fractions = any(patient.age is not None and patient.age % 1 for patient in told.rows)
    rows, more, group = [], [], None
    for place, patient in enumerate(told.rows):
        into = rows if place < MOST_ROWS else more
        if grouped and patient.group != group:
            group = patient.group
            who = group_name(told, group) if group else group_name(told, _("not recorded"))
            into.append(row(capital((who,)), *[""] * len(told.columns), head=True))
        cells = (
            _own_cell(own[name], place, told.unit)
            if name in own
            else _cell(patient, name, told.unit, fractions)
            for name in told.columns
        )
        into.append(row(_name(patient.patient, told.reviews), *cells, indent=int(grouped)))
    heads = [
        _own_head(own[name], told.unit) if name in own else _head(name, told.unit) for name in told.columns
    ]
    named = {"unit": numbers.unit_name(told.unit), "origin": _(told.origin)}
    caption = say(
        "One row per patient, the longest observed first; times in {unit} from the start of treatment.",
        unit=named["unit"],
    )
    if told.origin:
        caption = say(
            "One row per patient, the longest observed first; times in {unit} from the {origin}.", **named
        )
    cells = {plain(cell) for one in rows for cell in one.cells}
    notes = [*_of_rows(results, told, bool(more)), *_of_columns(told)]
    notes += [
        (_(words),)
        for sign, words in SIGNS.items()
        if any(sign in (cell, cell.rpartition(": ")[2]) for cell in cells)
    ]
    return Table(
        "table-patients", caption, (text_column(_("Patient")), *heads), tuple(rows), tuple(notes), tuple(more)
    )


def _of_rows(results: Results, told: PatientFacts, more: bool) -> list[Text]:
    if not more:
        return []
    return [
        say(
            "The first {k} of {n} patients are listed; the CSV file of this table inside the PDF holds {m}.",
            k=numbers.whole(MOST_ROWS),
            n=numbers.whole(results["patients.all.all.count"].count),
            m=numbers.whole(len(told.rows)),
        ),
        say("With --format csv all of them are in the file patients.csv."),
    ]


def _of_columns(told: PatientFacts) -> list[Text]:
    """What the signs beside times mean, and that columns are missing which were asked for."""
    notes: list[Text] = []
    if "follow_up" in told.columns:
        notes.append((_("Follow-up ends at death or last contact."),))
    if "on_treatment" in told.columns and any(patient.continuing for patient in told.rows[:MOST_ROWS]):
        notes.append((_("+, treatment continued at the last contact."),))
    ended = {status for column in told.own for status in column.ended[:MOST_ROWS]}
    if 0 in ended:
        notes.append((_("+ beside the time of an endpoint, without its event until then."),))
    if 2 in ended:
        notes.append((_("‡, a competing event came first."),))
    if told.withheld:
        notes.append(
            say_n(
                "{n} column that was asked for is left out: it tells more of a patient than may be shown here.",
                "{n} columns that were asked for are left out: they tell more of a patient than may be shown here.",
                told.withheld,
                n=numbers.whole(told.withheld),
            )
        )
    return notes


def _name(patient: str, reviews: Mapping[str, str]) -> Text:
    """The patient's name; it leads to the case review, where one lies beside the report."""
    return (Link(patient, reviews[patient]),) if patient in reviews else (patient,)


def _head(name: str, unit: str) -> Column:
    if name in TIMES:
        return Column(_c("narrow column", HEADS[name]), numbers.unit_name(unit))
    if name == "age":
        return Column(_c("narrow column", HEADS[name]), numbers.unit_name("years"))
    return text_column(_c("narrow column", HEADS[name]))


def _own_head(column: OwnColumn, unit: str) -> Column:
    name = plain(capital((_(column.label),)))
    if column.kind == WORDS:
        return text_column(name)
    return Column(name, numbers.unit_name(unit) if column.kind == TIME else column.unit)


def _cell(patient: Listed, name: str, unit: str, fractions: bool) -> str:
    value = getattr(patient, name)
    if name == "after_relapse":
        return _after_relapse(patient)
    if value is None:
        return numbers.MISSING
    if name == "age":
        return numbers.decimal(value, 1 if fractions else 0)
    if name == "on_treatment":
        return numbers.time(value, unit) + ("+" if patient.continuing else "")
    return numbers.time(value, unit) if name in TIMES else state(str(value))


def _after_relapse(patient: Listed) -> str:
    """ "docetaxel: PD": the next treatment and the response to it."""
    if patient.after_relapse is None:
        return numbers.MISSING if patient.relapse is None else _("none recorded")
    treatment, response = patient.after_relapse
    return f"{state(treatment)}: {response}" if response else state(treatment)


def _own_cell(column: OwnColumn, place: int, unit: str) -> str:
    value = column.cells[place]
    if value is None:
        return numbers.MISSING
    if column.kind == TIME and isinstance(value, float):
        sign = {0: "+", 2: COMPETING}.get(column.ended[place], "") if column.ended else ""
        return numbers.time(value, unit) + sign
    if column.kind in (AMOUNT, GRADE) and isinstance(value, float):
        return numbers.as_written(f"{value:.10g}")
    return state(str(value))
