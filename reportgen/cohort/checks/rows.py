"""What is wrong with the rows: one short function per rule, all of them in CHECKS.

A rule sees the tables before anything is derived from them, and yields one Issue per cell. Rules on
single cells (unreadable dates, unknown words, error cells) are in `cleaning`; here are those on ids,
required values and the order of dates, and in `consistency` those on what contradicts itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reportgen.base import aside
from reportgen.base.errors import ERROR, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks import (
    consistency,
    course_rules,
    free_of_progression,
    given_endpoints,
    measurement_rules,
    plausibility,
    same_patient,
    told_deaths,
    told_relapses,
    told_stops,
    units,
)
from reportgen.cohort.checks import (
    event_codes as event_checks,
)
from reportgen.cohort.checks.ids import written_otherwise
from reportgen.cohort.checks.rule import DAY, Tables, days_of, each, others, values_of
from reportgen.cohort.clean.timing import id_key
from reportgen.cohort.cohort import Table
from reportgen.cohort.endpoints import assessed, observed, responded
from reportgen.cohort.mapping.event_words import names_only_deaths
from reportgen.cohort.mapping.keys import loose_key
from reportgen.cohort.readers.joining import SPELLED_OTHERWISE
from reportgen.cohort.rows import where
from reportgen.settings.model import Settings

IN_ORDER = (
    ("birth_date", "diagnosis_date"),
    ("birth_date", "treatment_start"),
    ("diagnosis_date", "treatment_start"),
    ("treatment_start", "treatment_stop"),
    ("treatment_start", "response_date"),
    ("treatment_start", "relapse_date"),
    ("treatment_start", "death_date"),
    ("treatment_start", "last_contact"),
)
ROW_ORDER = {"toxicities": ("onset_date", "resolved_date"), "treatments": ("start_date", "stop_date")}

FEWEST_UNTOLD = 2  # patients without a vital status, among none who is alive


def validate(tables: Tables, settings: Settings) -> list[Issue]:
    """All that is wrong, in the order of CHECKS."""
    issues = []
    for check in CHECKS:
        issues.extend(check(tables, settings))
        aside.rest()
    return issues


def missing_ids(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """MISSING_ID: a row of any table without patient_id."""
    for table in tables.values():
        yield from each(table, values_of(table, "patient_id").isna(), "patient_id", ERROR, "MISSING_ID",
                         message("The row has no patient_id"), message("Enter the id, or delete the row"))  # fmt: skip


def duplicate_ids(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """DUPLICATE_ID: an id of several rows of patients, case and blanks apart."""
    patients = tables["patients"]
    keys = id_key(values_of(patients, "patient_id"))
    again = keys.notna() & keys.duplicated(keep=False)
    yield from each(patients, again, "patient_id", ERROR, "DUPLICATE_ID",
                     message("The id occurs more than once (upper and lower case and blanks do not count)"),
                     message("One row per patient: join the rows, or correct the id"))  # fmt: skip


def orphan_rows(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """Rows of nobody. Of ids that are only written otherwise than a patient's, `ids.alike` has said so already."""
    known = id_key(values_of(tables["patients"], "patient_id")).dropna()
    problem = message("The patient is not on the sheet of patients")
    for table in others(tables):
        keys = id_key(values_of(table, "patient_id"))
        nobody = keys.notna() & ~keys.isin(known)
        if not nobody.any():
            continue
        nobody &= ~keys.map(written_otherwise, na_action="ignore").isin(set(known.map(written_otherwise)))
        spelled = nobody & keys.map(loose_key, na_action="ignore").isin(set(known.map(loose_key)))
        yield from each(table, spelled, "patient_id", ERROR, "ORPHAN_ROW", problem, SPELLED_OTHERWISE)
        yield from each(table, nobody & ~spelled, "patient_id", ERROR, "ORPHAN_ROW", problem,
                         message("Add the patient, correct the id, or delete the row"))  # fmt: skip


def required_values(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """MISSING_VALUE: no time zero, or neither last contact nor death; not asked where an endpoint has its own time."""
    patients = tables["patients"]
    days = patients.days
    if any(rule.time for rule in settings.endpoint):
        return
    origin = patients.origin
    if origin in days:
        problem = message("The start of treatment is missing")
        if origin != "treatment_start":
            problem = message("{a} is missing, from which all times count", a=origin)
        yield from each(patients, days[origin].isna(), origin, ERROR, "MISSING_VALUE", problem,
                         message("Enter it, or remove the patient"))  # fmt: skip
    if "last_contact" in days:
        lacking = days["last_contact"].isna() & days_of(patients, "death_date").isna()
        lacking &= ~_unreadable_start(patients)
        yield from each(
            patients,
            lacking,
            "last_contact",
            ERROR,
            "MISSING_VALUE",
            message("The last contact is missing"),
            message("Enter the last date on which the patient was seen"),
        )


def vital_status_missing(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """Who has none is left out; where it is told of the dead alone, that would leave nobody but them."""
    patients = tables["patients"]
    if "vital_status" in patients.frame:
        status = patients.frame["vital_status"]
        unknown = status.isna() & days_of(patients, "death_date").isna()
        if (status == "dead").any() and not (status == "alive").any() and unknown.sum() >= FEWEST_UNTOLD:
            where = patients.address(unknown.index[unknown][0], "vital_status")
            yield Issue(ERROR, "ONLY_THE_DEAD", patients.sheet, where, None,
                        message("vital_status says of nobody that he is alive, and nothing of {n} patients, without "
                                "whom only the dead would be counted", n=int(unknown.sum())),
                        message("Enter alive for who was at the last contact; or leave the column out, so that who has "
                                "no date of death counts as alive"))  # fmt: skip
            return
        yield from each(patients, unknown, "vital_status", WARNING, "MISSING_VALUE",
                         message("The vital status is missing; the patient is left out of all analyses of time"),
                         message("Enter alive or dead"))  # fmt: skip


def who_died(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """One column for death and last contact, and none that says who died, unless it holds days of death by its name."""
    patients = tables["patients"]
    if names_only_deaths(settings.columns.get("patients", {}).get("death_date", "")):
        return
    death, contact = (patients.letters.get(name) for name in ("death_date", "last_contact"))
    if "vital_status" in patients.frame or death is None or death != contact:
        return
    if patients.days["death_date"].equals(patients.days["last_contact"]):
        problem = message(
            "death_date and last_contact are one column, and no column says who died: all would be dead"
        )
        hint = message(
            "Name the column that says who died as vital_status under [columns.patients] in report.toml"
        )
        yield Issue(ERROR, "ONLY_THE_DEAD", patients.sheet, None, None, problem, hint)


def no_late_entry(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """Patients without a start of treatment in a cohort whose clock starts before it."""
    patients, late = tables["patients"], "treatment_start"
    needed = {late, patients.origin} <= set(patients.days)
    if patients.origin == late or not needed or not settings.late_entry:
        return
    unknown = patients.days[late].isna() & patients.days[patients.origin].notna()
    if unknown.any() and (patients.days[late] > 0).any():
        problem = message("{n} patients have no start of treatment, so all are taken as at risk from {a} on",
                          n=int(unknown.sum()), a=patients.origin)  # fmt: skip
        hint = message("Enter it; or write late_entry = false under [report] in report.toml if that is right")
        where = patients.address(unknown.index[unknown][0], late)
        yield Issue(WARNING, "NO_LATE_ENTRY", patients.sheet, where, None, problem, hint)


def _in_order(origin: str) -> Iterator[tuple[str, str]]:
    """The columns of which the first can't be later. A clock that starts elsewhere may see a relapse be treated."""
    if origin == "treatment_start":
        yield from IN_ORDER
        return
    known = [pair for pair in IN_ORDER if pair not in (("treatment_start", "relapse_date"),
                                                       ("treatment_start", "response_date"))]  # fmt: skip
    after = [(origin, second) for second in ("relapse_date", "response_date", "death_date", "last_contact")]
    yield from dict.fromkeys((*known, ("birth_date", origin), *after))


def date_order(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """DATE_ORDER, NEGATIVE_DURATION: a date, or an elapsed time, more than a day before what it must follow."""
    patients = tables["patients"]
    for first, second in _in_order(patients.origin):
        if first in patients.days and second in patients.days:
            wrong = patients.days[second] < patients.days[first] - DAY
            elapsed = wrong & patients.frame[second].isna()
            yield from each(patients, wrong & ~elapsed, second, ERROR, "DATE_ORDER",
                             message("{a} is before {b}", a=second, b=first),
                             message("Correct one of the two dates"))  # fmt: skip
            yield from each(patients, elapsed, second, ERROR, "NEGATIVE_DURATION",
                             message("{a} is before {b}", a=second, b=first),
                             message("Correct the elapsed time"))  # fmt: skip
    for name, (first, second) in ROW_ORDER.items():
        table = tables.get(name)
        if table is not None and first in table.days and second in table.days:
            wrong = where(table, lambda part, a=first, b=second: part.days[b] < part.days[a] - DAY)
            yield from each(table, wrong, second, ERROR, "DATE_ORDER",
                             message("{a} is before {b}", a=second, b=first),
                             message("Correct one of the two dates"))  # fmt: skip


def _unreadable_start(patients: Table) -> pd.Series:
    """Rows whose last contact is a date, but which have no start to count from: one issue is enough."""
    return patients.frame["last_contact"].notna() & patients.days["last_contact"].isna()


CHECKS = (
    missing_ids,
    duplicate_ids,
    same_patient.same_patient,
    orphan_rows,
    required_values,
    vital_status_missing,
    who_died,
    no_late_entry,
    date_order,
    observed.after_last_contact,
    assessed.progression_without_date,
    assessed.never_assessed,
    assessed.missed_assessments,
    course_rules.after_death,
    course_rules.toxicity_outside_treatment,
    course_rules.stopped_for_toxicity,
    course_rules.best_response_fits,
    course_rules.responses_of_one_day,
    responded.response_after,
    consistency.status_and_death,
    told_relapses.relapse_denied,
    told_relapses.relapse_unsaid,
    told_relapses.relapse_of_all,
    told_stops.stop_denied,
    told_stops.stop_unsaid,
    consistency.death_is_last_contact,
    consistency.fatal_toxicity,
    consistency.death_of_toxicity,
    consistency.grades,
    consistency.reasons_for_stopping,
    consistency.stopped_for_progression,
    told_deaths.death_without_date,
    told_relapses.relapse_without_date,
    consistency.stopped_by_death,
    consistency.response_dates,
    consistency.assessed_for_toxicity,
    consistency.in_no_group,
    plausibility.ages,
    plausibility.limits,
    plausibility.future_dates,
    units.in_two_units,
    measurement_rules.units_differ,
    measurement_rules.limits_crossed,
    measurement_rules.incomplete,
    same_patient.relapse_at_start,
    event_checks.given_columns,
    event_checks.given_durations,
    event_checks.event_values,
    given_endpoints.endpoint_meaning,
    given_endpoints.unit_of_the_name,
    given_endpoints.without_the_dead,
    given_endpoints.status_of_the_dead,
    given_endpoints.given_time_differs,
    free_of_progression.pfs_within_os,
    free_of_progression.os_is_death,
)
