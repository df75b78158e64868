"""Patients: the course of each, drawn and listed."""

from __future__ import annotations

import numpy as np

from reportgen.analyses import columns, courses, given, outcomes
from reportgen.cohort.cohort import Cohort
from reportgen.language import N_, NC_, _, _c
from reportgen.present import numbers
from reportgen.present.narrative import capital, counted, paragraph, say, say_n
from reportgen.present.shares import group_name, state
from reportgen.present.swims import in_words, swimmer_figures
from reportgen.present.tables import row, text_column
from reportgen.report import Block, Column, Link, Note, Notice, Paragraph, Section, Table, Text, plain
from reportgen.stats.results import Estimate, Results

KEY = "patients"
TITLE = N_("Patients")
REQUIRES = ("endpoints.os|endpoints.relapse|endpoints.pfs|patients.last_contact",)

MOST_ROWS = 200
MOST_ATTACHED = 1_000  # in the CSV file inside the PDF; whoever wants all asks for patients.csv
MOST_SWIMS = 240
HEADS = {
    "age": N_("Age"),
    "sex": N_("Sex"),
    "best_response": N_("Best response"),
    "on_treatment": N_("On treatment"),
    "stop_reason": NC_("narrow column", "Reason for stopping"),
    "relapse": N_("Relapse at"),
    "follow_up": NC_("narrow column", "Follow-up"),
    "status": N_("Status"),
}
SIGNS = {"NE": N_("NE, not evaluable."), "–": N_("–, none or not recorded.")}
TIMES = ("on_treatment", "relapse", "follow_up")
SOURCES = {"age": "age_at_start", "on_treatment": "treatment_stop", "relapse": "relapse_date"}


def analyse(cohort: Cohort) -> Results:
    """The course and the main facts of every patient, as plain rows in printed order."""
    external = cohort.settings.privacy.profile == "external"
    order = courses.printed_order(cohort)
    names = courses.labels(cohort, order[:MOST_ATTACHED])
    drawn = courses.swims(cohort, order, names) if cohort.n <= MOST_SWIMS else []
    facts = outcomes.context(cohort) | {
        "swims": drawn,
        "rows": _rows(cohort, order[:MOST_ATTACHED], names),
        "columns": _columns(cohort),
        "reviews": dict(cohort.reviews),
        "stops_known": not cohort.lacks(("patients.treatment_stop",)),
        "undrawn": cohort.n - len(drawn) if cohort.n <= MOST_SWIMS else 0,
        "cutoff": cohort.cutoff.isoformat() if cohort.cutoff and not external else None,
    }
    count = Estimate("count", section=KEY, value=cohort.n, n=cohort.n, method="patients analysed")
    return Results((count,), facts={KEY: facts})


def _columns(cohort: Cohort) -> list[str]:
    """Those columns of the listing that the data have and the profile lets out."""
    absent = {name for name in HEADS if cohort.lacks((f"patients.{SOURCES.get(name, name)}",))}
    absent -= {"follow_up", "status"}
    if given.given(cohort, "relapse") is not None:
        absent -= {"relapse"}
    if cohort.settings.privacy.profile != "internal":
        absent.add("age")
    return [name for name in HEADS if name not in absent]


def _rows(cohort: Cohort, order: np.ndarray, names: list[str]) -> list[dict]:
    patients = cohort.patients
    cells = {
        "age": columns.amounts(patients, "age_at_start"),
        "sex": columns.words(patients, "sex"),
        "best_response": columns.words(patients, "best_response"),
        "on_treatment": columns.exposure_days(cohort),
        "stop_reason": columns.words(patients, "stop_reason"),
        "relapse": columns.relapse_days(cohort),
        "follow_up": columns.end_of_observation(cohort),
        "status": courses.status(cohort),
        "group": courses.group_names(cohort),
        "continuing": courses.continuing(cohort),
    }
    return [
        {"patient": name} | {column: _plain(values[i]) for column, values in cells.items()}
        for i, name in zip(order, names, strict=False)
    ]


def _plain(cell: object) -> str | float | bool | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, np.bool_):
        return bool(cell)
    return float(cell) if np.isfinite(cell) else None


def present(results: Results) -> Section:
    facts = results.facts[KEY]
    blocks: list[Block] = [
        Note(
            _("Time"),
            _(
                "Every time is counted from the start of treatment; observation ends at death or last contact."
            ),
        ),
        Paragraph(_sentences(results, facts)),
        *swimmer_figures("figure-swimmer", in_words(facts["swims"], facts), facts["unit"], facts["cutoff"]),
        _listing(results, facts) if facts["rows"] else Notice(say("The cohort holds no patient.")),
    ]
    return Section(KEY, _(TITLE), tuple(blocks), results.select(section=KEY))


def _sentences(results: Results, facts: dict) -> Text:
    n, undrawn = int(results["patients.all.all.count"].value), facts["undrawn"]
    grouped = any(patient["group"] for patient in facts["rows"])
    said = {"n": counted(n, "patient"), "group": facts["group_label"]}
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
        if not facts["stops_known"]
        else None,
        say("{n} without a last contact cannot be drawn.", n=counted(undrawn, "patient")) if undrawn else None,
    )  # fmt: skip


def _listing(results: Results, facts: dict) -> Table:
    unit, shown = facts["unit"], facts["columns"]
    grouped = any(patient["group"] for patient in facts["rows"])
    fractions = any(patient["age"] is not None and patient["age"] % 1 for patient in facts["rows"])
    rows, more, group = [], [], None
    for place, patient in enumerate(facts["rows"]):
        into = rows if place < MOST_ROWS else more
        if grouped and patient["group"] != group:
            group = patient["group"]
            who = group_name(facts, group) if group else group_name(facts, _("not recorded"))
            into.append(row(capital((who,)), *[""] * len(shown), head=True))
        cells = (_cell(patient, name, unit, fractions) for name in shown)
        into.append(row(_name(patient["patient"], facts["reviews"]), *cells, indent=int(grouped)))
    n = int(results["patients.all.all.count"].value)
    notes: list[Text] = []
    if more:
        notes.append(
            say(
                "The first {k} of {n} patients are listed; the CSV file of this table inside the PDF holds {m}.",
                k=numbers.whole(MOST_ROWS),
                n=numbers.whole(n),
                m=numbers.whole(len(facts["rows"])),
            )
        )
        notes.append(say("With --format csv all of them are in the file patients.csv."))
    if "on_treatment" in shown and any(patient["continuing"] for patient in facts["rows"][:MOST_ROWS]):
        notes.append((_("+, treatment continued at the last contact."),))
    heads = [
        Column(_c("narrow column", HEADS[name]), numbers.unit_name(unit)) if name in TIMES else _head(name)
        for name in shown
    ]
    cells = {plain(cell) for one in rows for cell in one.cells}
    notes += [(_(words),) for sign, words in SIGNS.items() if sign in cells]
    caption = say(
        "One row per patient; times in {unit} from the start of treatment.", unit=numbers.unit_name(unit)
    )
    listed = (text_column(_("Patient")), *heads)
    return Table("table-patients", caption, listed, tuple(rows), tuple(notes), tuple(more))


def _name(patient: str, reviews: dict[str, str]) -> Text:
    """The patient's name; it leads to the case review, where one lies beside the report."""
    return (Link(patient, reviews[patient]),) if patient in reviews else (patient,)


def _head(name: str) -> Column:
    return (
        Column(_c("narrow column", HEADS[name]), numbers.unit_name("years"))
        if name == "age"
        else text_column(_c("narrow column", HEADS[name]))
    )


def _cell(patient: dict, name: str, unit: str, fractions: bool) -> str:
    value = patient[name]
    if value is None:
        return numbers.MISSING
    if name == "age":
        return numbers.decimal(value, 1 if fractions else 0)
    if name == "on_treatment":
        return numbers.time(value, unit) + ("+" if patient["continuing"] else "")
    return numbers.time(value, unit) if name in TIMES else state(str(value))
