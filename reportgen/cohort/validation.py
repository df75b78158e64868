"""What is wrong with the rows: one short function per rule, all of them in CHECKS.

A rule sees the tables before anything is derived from them, and yields one Issue per cell. Rules on
single cells (unreadable dates, unknown words, error cells) are in `cleaning`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from reportgen.cohort.cohort import Table
from reportgen.cohort.schema import ONGOING, name_key
from reportgen.cohort.timing import id_key
from reportgen.errors import ERROR, WARNING, Issue
from reportgen.settings import Settings

Tables = Mapping[str, Table]

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
AFTER_LAST = {
    "patients": ("relapse_date", "treatment_stop", "response_date"),
    "toxicities": ("onset_date",),
    "treatments": ("start_date",),
    "assessments": ("date",),
}
SAME_ROW = {
    "toxicities": ("patient_id", "term", "grade", "onset_date"),
    "treatments": ("patient_id", "line"),
    "assessments": ("patient_id", "date"),
}
DAY = 0.5


def validate(tables: Tables, settings: Settings) -> list[Issue]:
    """All that is wrong, in the order of CHECKS."""
    return [issue for check in CHECKS for issue in check(tables, settings)]


def missing_ids(tables: Tables, settings: Settings) -> Iterator[Issue]:
    for table in tables.values():
        yield from _each(table, _column(table, "patient_id").isna(), "patient_id", ERROR, "MISSING_ID",
                         "The row has no patient_id", "Enter the id, or delete the row")  # fmt: skip


def duplicate_ids(tables: Tables, settings: Settings) -> Iterator[Issue]:
    patients = tables["patients"]
    keys = id_key(_column(patients, "patient_id"))
    again = keys.notna() & keys.duplicated(keep=False)
    yield from _each(patients, again, "patient_id", ERROR, "DUPLICATE_ID",
                     "The id occurs more than once (upper and lower case and blanks do not count)",
                     "One row per patient: join the rows, or correct the id")  # fmt: skip


def orphan_rows(tables: Tables, settings: Settings) -> Iterator[Issue]:
    known = set(id_key(_column(tables["patients"], "patient_id")).dropna())
    for table in _others(tables):
        keys = id_key(_column(table, "patient_id"))
        yield from _each(table, keys.notna() & ~keys.isin(known), "patient_id", ERROR, "ORPHAN_ROW",
                         "The patient is not on the sheet of patients",
                         "Add the patient, correct the id, or delete the row")  # fmt: skip


def required_values(tables: Tables, settings: Settings) -> Iterator[Issue]:
    patients = tables["patients"]
    days = patients.days
    if any(rule.time for rule in settings.endpoint):
        return
    if "treatment_start" in days:
        yield from _each(patients, days["treatment_start"].isna(), "treatment_start", ERROR, "MISSING_VALUE",
                         "The start of treatment is missing", "Enter it, or remove the patient")  # fmt: skip
    if "last_contact" in days:
        lacking = days["last_contact"].isna() & _days(patients, "death_date").isna()
        lacking &= ~_unreadable_start(patients)
        yield from _each(
            patients,
            lacking,
            "last_contact",
            ERROR,
            "MISSING_VALUE",
            "The last contact is missing",
            "Enter the last date on which the patient was seen",
        )


def vital_status_missing(tables: Tables, settings: Settings) -> Iterator[Issue]:
    patients = tables["patients"]
    if "vital_status" in patients.frame:
        unknown = patients.frame["vital_status"].isna() & _days(patients, "death_date").isna()
        yield from _each(patients, unknown, "vital_status", WARNING, "MISSING_VALUE",
                         "The vital status is missing; the patient is left out of survival",
                         "Enter alive or dead")  # fmt: skip


def date_order(tables: Tables, settings: Settings) -> Iterator[Issue]:
    patients = tables["patients"]
    for first, second in IN_ORDER:
        if first in patients.days and second in patients.days:
            wrong = patients.days[second] < patients.days[first] - DAY
            elapsed = wrong & patients.frame[second].isna()
            yield from _each(patients, wrong & ~elapsed, second, ERROR, "DATE_ORDER",
                             f"{second} is before {first}", "Correct one of the two dates")  # fmt: skip
            yield from _each(patients, elapsed, second, ERROR, "NEGATIVE_DURATION",
                             f"{second} is before {first}", "Correct the elapsed time")  # fmt: skip
    for name, (first, second) in ROW_ORDER.items():
        table = tables.get(name)
        if table is not None and first in table.days and second in table.days:
            yield from _each(table, table.days[second] < table.days[first] - DAY, second, ERROR, "DATE_ORDER",
                             f"{second} is before {first}", "Correct one of the two dates")  # fmt: skip


def toxicity_before_start(tables: Tables, settings: Settings) -> Iterator[Issue]:
    table = tables.get("toxicities")
    if table is not None and "onset_date" in table.days:
        yield from _each(table, table.days["onset_date"] < -DAY, "onset_date", WARNING, "DATE_ORDER",
                         "The toxicity began before the treatment",
                         "Correct the date, or remove what was present before")  # fmt: skip


def after_last_contact(tables: Tables, settings: Settings) -> Iterator[Issue]:
    patients = tables["patients"]
    last = _days(patients, "death_date").fillna(_days(patients, "last_contact"))
    ids = _column(patients, "patient_id")
    by_id = last[~ids.duplicated() & ids.notna()].set_axis(ids[~ids.duplicated() & ids.notna()])
    for name, columns in AFTER_LAST.items():
        table = tables.get(name)
        for column in columns if table is not None else ():
            limit = last if name == "patients" else _column(table, "patient_id").map(by_id).astype(float)
            yield from _each(table, _days(table, column) > limit + DAY, column, WARNING, "AFTER_LAST_CONTACT",
                             f"{column} is after the death or last contact of the patient",
                             "Correct the date, or the last contact")  # fmt: skip


def status_and_death(tables: Tables, settings: Settings) -> Iterator[Issue]:
    patients = tables["patients"]
    if "vital_status" not in patients.frame or "death_date" not in patients.frame:
        return
    status, died = patients.frame["vital_status"], patients.days["death_date"].notna()
    died |= patients.frame["death_date"].notna()
    yield from _each(
        patients,
        status.eq("dead") & ~died,
        "death_date",
        ERROR,
        "STATUS_CONFLICT",
        "The patient is dead, but there is no date of death",
        "Enter the date of death",
    )
    yield from _each(patients, ~status.eq("dead") & died, "vital_status", ERROR, "STATUS_CONFLICT",
                     "There is a date of death, but the patient is not said to be dead",
                     "Correct vital_status or the date")  # fmt: skip


def death_is_last_contact(tables: Tables, settings: Settings) -> Iterator[Issue]:
    patients = tables["patients"]
    apart = (_days(patients, "death_date") - _days(patients, "last_contact")).abs() > DAY
    yield from _each(
        patients,
        apart,
        "last_contact",
        WARNING,
        "DEATH_NOT_LAST_CONTACT",
        "The last contact is not the day of death",
        "Enter the day of death as last contact",
    )


def fatal_toxicity(tables: Tables, settings: Settings) -> Iterator[Issue]:
    table, patients = tables.get("toxicities"), tables["patients"]
    if table is None or "grade" not in table.frame or "vital_status" not in patients.frame:
        return
    alive = set(patients.frame.loc[patients.frame["vital_status"].eq("alive"), "patient_id"].dropna())
    wrong = table.frame["grade"].eq(5) & _column(table, "patient_id").isin(alive)
    yield from _each(
        table,
        wrong,
        "grade",
        ERROR,
        "STATUS_CONFLICT",
        "Grade 5 means death, but the patient is alive",
        "Correct the grade or vital_status",
    )


def grades(tables: Tables, settings: Settings) -> Iterator[Issue]:
    table = tables.get("toxicities")
    if table is not None and "grade" in table.frame:
        grade = table.frame["grade"]
        yield from _each(table, grade.notna() & ~grade.isin((1, 2, 3, 4, 5)), "grade", ERROR, "GRADE_INVALID",
                         "The grade is not one of 1, 2, 3, 4, 5",
                         "Correct it; a toxicity that did not occur has no row")  # fmt: skip


def reasons_for_stopping(tables: Tables, settings: Settings) -> Iterator[Issue]:
    for table in (tables["patients"], tables.get("treatments")):
        if table is None or "stop_reason" not in table.frame:
            continue
        stop = "treatment_stop" if table.name == "patients" else "stop_date"
        if stop not in table.days:
            continue
        reason, stopped = table.frame["stop_reason"], table.days[stop].notna() | table.frame[stop].notna()
        ongoing = reason.eq(ONGOING[0])
        yield from _each(table, ongoing & stopped, "stop_reason", ERROR, "STATUS_CONFLICT",
                         "The treatment is said to be ongoing, but it has a date of stopping",
                         "Remove the date, or give the reason for stopping")  # fmt: skip
        yield from _each(table, reason.notna() & ~ongoing & ~stopped, stop, WARNING, "STOP_DATE_MISSING",
                         "There is a reason for stopping, but no date",
                         "Enter the date; without it the time on treatment is not known")  # fmt: skip


def stopped_for_progression(tables: Tables, settings: Settings) -> Iterator[Issue]:
    patients = tables["patients"]
    if "stop_reason" in patients.frame and "relapse_date" in patients.frame:
        reason = patients.frame["stop_reason"]
        lacking = _days(patients, "relapse_date").isna() & patients.frame["relapse_date"].isna()
        yield from _each(patients, reason.eq("progression") & lacking, "relapse_date", WARNING,
                         "PROGRESSION_WITHOUT_DATE", "The treatment was stopped for progression, but there is no "
                         "date of relapse", "Enter the date of relapse or progression")  # fmt: skip


def stopped_by_death(tables: Tables, settings: Settings) -> Iterator[Issue]:
    patients = tables["patients"]
    if "stop_reason" in patients.frame and "vital_status" in patients.frame:
        wrong = patients.frame["stop_reason"].eq("death") & patients.frame["vital_status"].eq("alive")
        yield from _each(patients, wrong, "stop_reason", ERROR, "STATUS_CONFLICT",
                         "The treatment ended by death, but the patient is alive",
                         "Correct stop_reason or vital_status")  # fmt: skip


def response_dates(tables: Tables, settings: Settings) -> Iterator[Issue]:
    patients = tables["patients"]
    if "best_response" in patients.frame and "response_date" in patients.frame:
        dated = patients.days["response_date"].notna()
        responder = patients.frame["best_response"].isin(("CR", "PR"))
        yield from _each(patients, dated & ~responder, "best_response", WARNING, "STATUS_CONFLICT",
                         "There is a date of response, but the best response is neither CR nor PR",
                         "Correct the response, or remove the date")  # fmt: skip


def assessed_for_toxicity(tables: Tables, settings: Settings) -> Iterator[Issue]:
    patients, table = tables["patients"], tables.get("toxicities")
    if table is not None and "toxicity_assessed" in patients.frame:
        wrong = patients.frame["toxicity_assessed"].eq("no")
        wrong &= patients.frame["patient_id"].isin(set(_column(table, "patient_id").dropna()))
        yield from _each(patients, wrong, "toxicity_assessed", WARNING, "STATUS_CONFLICT",
                         "The patient was not assessed for toxicity, but has toxicities",
                         "Correct one of the two")  # fmt: skip


def ages(tables: Tables, settings: Settings) -> Iterator[Issue]:
    patients = tables["patients"]
    if "age_at_start" not in patients.frame:
        return
    age = patients.frame["age_at_start"]
    yield from _each(patients, (age < 0) | (age > 120), "age_at_start", WARNING, "VALUE_RANGE",
                     "The age is not between 0 and 120 years", "Correct the age")  # fmt: skip
    born = -_days(patients, "birth_date") / 365.25
    yield from _each(
        patients,
        (age - born).abs() > 1.01,
        "age_at_start",
        WARNING,
        "VALUE_CONFLICT",
        "The age differs from the date of birth by more than a year",
        "Correct one of the two",
    )


def same_rows(tables: Tables, settings: Settings) -> Iterator[Issue]:
    for name, columns in SAME_ROW.items():
        table = tables.get(name)
        present = [c for c in columns if table is not None and c in table.frame]
        if table is None or "patient_id" not in present or len(present) < 2:
            continue
        parts = pd.DataFrame({c: table.days[c] if c in table.days else table.frame[c] for c in present})
        known = parts.notna().all(axis=1) if name != "toxicities" else parts["patient_id"].notna()
        yield from _each(table, known & parts.duplicated(), "patient_id", WARNING, "DUPLICATE_ROW",
                         f"The row repeats an earlier one (same {', '.join(present)})",
                         "Delete it, or correct what differs")  # fmt: skip


def given_durations(tables: Tables, settings: Settings) -> Iterator[Issue]:
    patients = tables["patients"]
    for column in dict.fromkeys(name_key(rule.time) for rule in settings.endpoint if rule.time):
        if column in patients.frame:
            yield from _each(patients, patients.frame[column] < 0, column, ERROR, "NEGATIVE_DURATION",
                             "The duration is negative", "Correct it")  # fmt: skip


CHECKS = (
    missing_ids,
    duplicate_ids,
    orphan_rows,
    required_values,
    vital_status_missing,
    date_order,
    toxicity_before_start,
    after_last_contact,
    status_and_death,
    death_is_last_contact,
    fatal_toxicity,
    grades,
    reasons_for_stopping,
    stopped_for_progression,
    stopped_by_death,
    response_dates,
    assessed_for_toxicity,
    ages,
    same_rows,
    given_durations,
)


def _each(table: Table, wrong: pd.Series, column: str, *said: str) -> Iterator[Issue]:
    """One Issue (severity, code, problem, hint) per row in which `wrong` holds, at the cell of `column`."""
    severity, code, problem, hint = said
    for row in table.frame.index[wrong.fillna(False).to_numpy(bool)]:
        patient = table.frame.at[row, "patient_id"]
        yield Issue(severity, code, table.sheet, table.address(row, column), patient, problem, hint)


def _column(table: Table, name: str) -> pd.Series:
    return table.frame.get(name, pd.Series(None, index=table.frame.index, dtype=object))


def _days(table: Table, name: str) -> pd.Series:
    return table.days.get(name, pd.Series(float("nan"), index=table.frame.index))


def _others(tables: Tables) -> Iterator[Table]:
    return (table for name, table in tables.items() if name != "patients")


def _unreadable_start(patients: Table) -> pd.Series:
    """Rows whose last contact is a date, but which have no start to count from: one issue is enough."""
    return patients.frame["last_contact"].notna() & patients.days["last_contact"].isna()
