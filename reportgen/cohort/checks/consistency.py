"""Rules on what contradicts itself: status and death, stopping, response, toxicity, repeated rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from reportgen.base.errors import ERROR, NOTE, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.rule import DAY, Tables, days_of, each, values_of
from reportgen.cohort.coded import factorized
from reportgen.cohort.cohort import Table
from reportgen.cohort.distinct import chosen
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.schema import ONGOING
from reportgen.cohort.rows import filled, where
from reportgen.settings.model import Settings

GRADES = (1, 2, 3, 4, 5)
TOXICITY = re.compile(r"\btoxi[czk]", re.IGNORECASE)
MAP_GRADES = message(
    'Enter the grades, or say in report.toml which column holds them and what its words mean: grade = "severity" under '
    '[columns.toxicities], and 1 = ["mild"], 2 = ["moderate"], 3 = ["severe"] under [values.grade]'
)


def status_and_death(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """STATUS_CONFLICT: dead without a date of death, or a date of death in a patient who is not said to be dead."""
    patients = tables["patients"]
    if "vital_status" not in patients.frame or "death_date" not in patients.frame:
        return
    status, died = patients.frame["vital_status"], patients.days["death_date"].notna()
    died |= patients.frame["death_date"].notna()
    yield from each(
        patients,
        status.eq("dead") & ~died,
        "death_date",
        ERROR,
        "STATUS_CONFLICT",
        message("The patient is dead, but there is no date of death"),
        message("Enter the date of death"),
    )
    yield from each(patients, ~status.eq("dead") & died, "vital_status", ERROR, "STATUS_CONFLICT",
                     message("There is a date of death, but the patient is not said to be dead"),
                     message("Correct vital_status or the date"))  # fmt: skip


def death_is_last_contact(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """DEATH_NOT_LAST_CONTACT: more than a day between death and last contact."""
    patients = tables["patients"]
    apart = (days_of(patients, "death_date") - days_of(patients, "last_contact")).abs() > DAY
    yield from each(
        patients,
        apart,
        "last_contact",
        WARNING,
        "DEATH_NOT_LAST_CONTACT",
        message("The last contact is not the day of death"),
        message("Enter the day of death as last contact"),
    )


def fatal_toxicity(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """STATUS_CONFLICT: a toxicity of grade 5, which is death, in a patient who is alive."""
    table, patients = tables.get("toxicities"), tables["patients"]
    if table is None or "grade" not in table.frame or "vital_status" not in patients.frame:
        return
    alive = patients.frame.loc[patients.frame["vital_status"].eq("alive"), "patient_id"].dropna()
    wrong = where(table, lambda part: part.frame["grade"].eq(5) & values_of(part, "patient_id").isin(alive))
    yield from each(
        table,
        wrong,
        "grade",
        ERROR,
        "STATUS_CONFLICT",
        message("Grade 5 means death, but the patient is alive"),
        message("Correct the grade or vital_status"),
    )


def death_of_toxicity(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """GRADE_5_LACKS: a patient who died of toxicity, and no toxicity of grade 5 says of which; where toxicities are
    recorded at all, and not of who was not assessed for them."""
    table, patients = tables.get("toxicities"), tables["patients"]
    if table is None or "grade" not in table.frame or "cause_of_death" not in patients.frame:
        return
    # The array, not the series: of millions of rows no index is written out for the few.
    fatal = values_of(table, "patient_id").array[table.frame["grade"].eq(5).to_numpy(bool)]
    unassessed = values_of(patients, "toxicity_assessed").eq("no")
    wrong = where(
        patients,
        lambda part: (
            _names_toxicity(part.frame["cause_of_death"]) & ~values_of(part, "patient_id").isin(fatal)
        ),
    )
    yield from each(
        patients,
        wrong & ~unassessed.fillna(False),
        "cause_of_death",
        WARNING,
        "GRADE_5_LACKS",
        message("Died of toxicity, but no toxicity of grade 5 is recorded"),
        message("Enter the toxicity with grade 5 and its attribution, or correct the cause of death"),
    )


def _names_toxicity(cause: pd.Series) -> pd.Series:
    """Whether a cause of death is toxicity, in whatever words: "drug toxicity", "Toxizität", no "intoxication"."""
    codes, distinct = factorized(cause)
    says = [TOXICITY.search(str(word)) is not None for word in distinct]
    return pd.Series(chosen(np.array([*says, False]), codes), index=cause.index)


def grades(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """GRADE_INVALID: a grade that is none of CTCAE's 1–5; and rows without a grade."""
    table = tables.get("toxicities")
    if table is not None and "grade" in table.frame:
        none_such = where(table, lambda part: part.frame["grade"].notna() & ~part.frame["grade"].isin(GRADES))
        yield from each(table, none_such, "grade", ERROR, "GRADE_INVALID",
                         message("The grade is not one of 1, 2, 3, 4, 5"),
                         message("Correct it; a toxicity that did not occur has no row"))  # fmt: skip
    if table is not None:
        yield from _without_grade(table)


def _without_grade(table: Table) -> Iterator[Issue]:
    def told(part: Table) -> pd.Series:
        named = values_of(part, "term").notna() | values_of(part, "category").notna()
        return named | days_of(part, "onset_date").notna()

    lacking, says = values_of(table, "grade").isna(), where(table, told)
    missing = int((lacking & says).sum())  # a row that says nothing at all does not count
    if missing and lacking.all():
        yield Issue(
            WARNING,
            "GRADES_MISSING",
            table.sheet,
            None,
            None,
            message("No toxicity has a grade, so patients are counted whatever the grade"),
            MAP_GRADES,
        )
    elif missing:
        one = message("1 of the toxicities has no grade and counts for any grade only")
        many = message("{n} of the toxicities have no grade and count for any grade only", n=missing)
        yield Issue(NOTE, "GRADES_MISSING", table.sheet, None, None, one if missing == 1 else many,
                    message("Enter the grade where it is known"))  # fmt: skip


def reasons_for_stopping(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """STATUS_CONFLICT, STOP_DATE_MISSING: a reason for stopping against its date, of the patient and of each line."""
    for table in (tables["patients"], tables.get("treatments")):
        if table is None or "stop_reason" not in table.frame:
            continue
        stop = "treatment_stop" if table.name == "patients" else "stop_date"
        if stop not in table.days:
            continue
        reason, stopped = table.frame["stop_reason"], table.days[stop].notna() | table.frame[stop].notna()
        ongoing = reason.eq(ONGOING[0])
        yield from each(table, ongoing & stopped, "stop_reason", ERROR, "STATUS_CONFLICT",
                         message("The treatment is said to be ongoing, but it has a date of stopping", "ongoing"),
                         message("Remove the date, or give the reason for stopping"))  # fmt: skip
        yield from each(table, reason.notna() & ~ongoing & ~stopped, stop, WARNING, "STOP_DATE_MISSING",
                         message("There is a reason for stopping, but no date"),
                         message("Enter the date; without it the time on treatment is not known"))  # fmt: skip


def stopped_for_progression(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """PROGRESSION_WITHOUT_DATE: stopped for progression, and no date of relapse."""
    patients = tables["patients"]
    if "stop_reason" in patients.frame and "relapse_date" in patients.frame:
        reason = patients.frame["stop_reason"]
        lacking = days_of(patients, "relapse_date").isna() & patients.frame["relapse_date"].isna()
        yield from each(
            patients,
            reason.eq("progression") & lacking,
            "relapse_date",
            WARNING,
            "PROGRESSION_WITHOUT_DATE",
            message("The treatment was stopped for progression, but there is no date of relapse"),
            message(
                "Enter the date of relapse or progression; until then the patient "
                "counts as free of it up to the stop"
            ),
        )


def stopped_by_death(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """STATUS_CONFLICT: the treatment ended by death, and the patient is alive."""
    patients = tables["patients"]
    if "stop_reason" in patients.frame and "vital_status" in patients.frame:
        wrong = patients.frame["stop_reason"].eq("death") & patients.frame["vital_status"].eq("alive")
        yield from each(patients, wrong, "stop_reason", ERROR, "STATUS_CONFLICT",
                         message("The treatment ended by death, but the patient is alive", "ended_by_death"),
                         message("Correct stop_reason or vital_status"))  # fmt: skip


def response_dates(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """STATUS_CONFLICT: a date of response, and the best response is neither CR nor PR."""
    patients = tables["patients"]
    if "best_response" in patients.frame and "response_date" in patients.frame:
        dated = patients.days["response_date"].notna()
        responder = patients.frame["best_response"].isin(("CR", "PR"))
        yield from each(patients, dated & ~responder, "best_response", WARNING, "STATUS_CONFLICT",
                         message("There is a date of response, but the best response is neither CR nor PR"),
                         message("Correct the response, or remove the date"))  # fmt: skip


def assessed_for_toxicity(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """STATUS_CONFLICT: not assessed for toxicity, yet with toxicities."""
    patients, table = tables["patients"], tables.get("toxicities")
    if table is not None and "toxicity_assessed" in patients.frame:
        wrong = patients.frame["toxicity_assessed"].eq("no")
        if wrong.any():
            wrong &= patients.frame["patient_id"].isin(filled(values_of(table, "patient_id")))
        yield from each(patients, wrong, "toxicity_assessed", WARNING, "STATUS_CONFLICT",
                         message("The patient was not assessed for toxicity, but has toxicities"),
                         message("Correct one of the two"))  # fmt: skip


def in_no_group(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """Who has no group where the settings name one: the patient is in none of those compared."""
    patients, group = tables["patients"], name_key(settings.group)
    if group not in patients.frame or not len(patients):
        return
    levels = patients.frame[group].nunique()
    if levels < 2:
        problem = (
            message("All patients with a {group} have the same, so that no groups are compared", group=group)
            if levels
            else message("No patient has a {group}, by which groups were to be compared", group=group)
        )
        hint = message("Name another column as group in report.toml, or enter the groups")
        cell = patients.address(int(patients.frame.index[0]), group)
        yield Issue(NOTE if levels else WARNING, "GROUP_MISSING", patients.sheet, cell, None, problem, hint)
    else:
        yield from each(patients, patients.frame[group].isna(), group, WARNING, "GROUP_MISSING",
                         message("The patient has no {group}, by which groups are compared, and is in none of them",
                                 group=group),
                         message("Enter the group"))  # fmt: skip
