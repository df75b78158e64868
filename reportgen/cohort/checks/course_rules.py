"""Rules on the course of a patient: responses against assessments, toxicities against the time on treatment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from reportgen.base.errors import ERROR, NOTE, WARNING, Issue
from reportgen.base.message import Message, message
from reportgen.base.places import placed
from reportgen.base.repeated import MOST
from reportgen.cohort.checks.rule import DAY, Tables, days_of, each, each_beside, values_of
from reportgen.cohort.clean.timing import id_key, rows_of
from reportgen.cohort.cohort import Table
from reportgen.cohort.endpoints.responded import counted
from reportgen.cohort.mapping.stop_actions import is_stop
from reportgen.cohort.rows import where
from reportgen.settings.model import Settings

RANK = {"CR": 0, "PR": 1, "SD": 2, "PD": 3}
# What is wrong of a best response: said without the assessment, and with it; and what to do.
NONE_AS_GOOD = (
    message("No assessment is as good as the best response", "none_as_good"),
    lambda b: message(
        "No assessment is as good as the best response; the best of them is {b}", "none_as_good", b=b
    ),
    message("Correct the response, or add the assessment"),
)
ONE_BETTER = (
    message("An assessment is better than the best response", "one_better"),
    lambda b: message("An assessment is better than the best response: {b}", "one_better", b=b),
    message("Correct the response, or the assessment (NE where it was not confirmed)"),
)
# What can't be after death, and what is often recorded as ending a little later.
AFTER_DEATH = {
    "patients": {
        "relapse_date": ERROR,
        "response_date": ERROR,
        "diagnosis_date": ERROR,
        "treatment_stop": WARNING,
    },
    "toxicities": {"onset_date": ERROR, "resolved_date": WARNING},
    "treatments": {"start_date": ERROR, "stop_date": WARNING},
    "assessments": {"date": ERROR},
    "measurements": {"date": WARNING},
}


def by_patient(tables: Tables, days: pd.Series) -> pd.Series:
    """Days of the patients by their id as it is compared; of ids that occur once."""
    keys = id_key(values_of(tables["patients"], "patient_id"))
    once = keys.notna() & ~keys.duplicated(keep=False)
    return days[once].set_axis(keys[once])


def _of_each(part: Table, by_id: pd.Series) -> pd.Series:
    """Days of the patients, by their ids as they are compared, row by row."""
    return id_key(values_of(part, "patient_id")).map(by_id).astype(float, copy=False)


def best_response_fits(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """The best response is the best of the assessments from the start until relapse, the next line or the stop.

    A response that deepened after the stop, before relapse and the next line, is no contradiction. Of whom all
    assessments are later than that, the best of these may not be worse, either.
    """
    patients, table = tables["patients"], tables.get("assessments")
    if table is None or "response" not in table.frame or "best_response" not in patients.frame:
        return
    found = counted(tables, settings)
    wider = replace(settings, response_until=settings.response_until.replace("stop", "next_line"))
    whose, answers = _answers(patients, table)
    ever = answers.groupby(whose).min().reindex(patients.frame.index)
    within, longer = (one.best.map(RANK) for one in (found, counted(tables, wider)))
    shown, stated = longer.fillna(ever), patients.frame["best_response"].map(RANK)
    for wrong, best, problem, named, hint in (
        (stated < shown, shown, *NONE_AS_GOOD), (stated > within, within, *ONE_BETTER),
    ):  # fmt: skip
        rows = patients.frame.index[wrong & ~found.after]
        others = dict.fromkeys(rows, problem)
        if len(rows) <= MOST:
            others = {row: _place(table, answers[(whose == row) & (answers == best[row])]) for row in rows}
        yield from each_beside(
            patients, others, "best_response", WARNING, "RESPONSE_CONFLICT", problem, named, hint
        )


def _answers(patients: Table, table: Table) -> tuple[pd.Series, pd.Series]:
    """By the rows of the assessments after the start that show a response: the patient's row, and the rank of it."""
    whose, day = rows_of(patients, table), days_of(table, "date")
    rank = values_of(table, "response").map(RANK).astype(float)
    here = whose.notna() & rank.notna() & (day > whose.map(patients.treated).astype(float) - DAY)
    order = day[here].sort_values(kind="stable").index
    return whose[order], rank[order]


def _place(table: Table, answers: pd.Series) -> Message:
    return placed(table.sheet, table.address(answers.index[0], "response"))


def responses_of_one_day(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """RESPONSES_DIFFER: assessments of one patient and day that say different things: the later row names the first."""
    patients, table = tables["patients"], tables.get("assessments")
    if table is None or "response" not in table.frame or "date" not in table.days:
        return
    said = pd.DataFrame(
        {
            "who": rows_of(patients, table),
            "day": table.days["date"],
            "response": values_of(table, "response").map(RANK),
        }
    ).dropna()
    said = said[said.duplicated(["who", "day"], keep=False)].drop_duplicates()
    again = said[said.duplicated(["who", "day"])]
    first = said.drop_duplicates(["who", "day"])
    cell = {(who, day): row for row, who, day in first[["who", "day"]].itertuples()}
    others = {
        row: placed(table.sheet, table.address(cell[who, day], "response"))
        for row, who, day in again[["who", "day"]].itertuples()
    }
    yield from each_beside(
        table, others, "response", WARNING, "RESPONSES_DIFFER",
        message("Another assessment of the same day says otherwise"),
        lambda b: message("Another assessment of the same day says otherwise: {b}", b=b),
        message("Correct one of them; until then progression counts, and else the best of them"),
    )  # fmt: skip


def toxicity_outside_treatment(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """DATE_ORDER, AFTER_TREATMENT: begun before the treatment, or later after it than settings.toxicity_window days."""
    table = tables.get("toxicities")
    if table is None or "onset_date" not in table.days:
        return
    patients, window = tables["patients"], settings.toxicity_window
    begun = by_patient(tables, patients.treated)
    stop = by_patient(tables, days_of(patients, "treatment_stop") - patients.treated)

    def onset(part: Table) -> pd.Series:
        return part.days["onset_date"] - _of_each(part, begun)

    def afterwards(part: Table) -> pd.Series:
        related = ~values_of(part, "attribution").isin(("unrelated", "unlikely", "no"))
        return (onset(part) > _of_each(part, stop) + window + DAY) & related

    yield from each(table, where(table, lambda part: onset(part) < -DAY), "onset_date", WARNING, "DATE_ORDER",
                     message("The toxicity began before the treatment"),
                     message("Correct the date, or remove what was present before"))  # fmt: skip
    yield from each(table, where(table, afterwards), "onset_date", NOTE, "AFTER_TREATMENT",
                     message("The toxicity began more than {n} days after the end of treatment", n=window),
                     message("Correct the date, or leave it if it may still be due to the treatment"))  # fmt: skip


def stopped_for_toxicity(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """STOP_REASON_DIFFERS: an event that ended the treatment, by its action, against another reason for stopping.

    Who died is left aside: a fatal event ends a treatment by death. So are events after the end of the treatment.
    """
    table, patients = tables.get("toxicities"), tables["patients"]
    if table is None or "action" not in table.frame or "stop_reason" not in patients.frame:
        return
    ended = values_of(table, "action").map(is_stop)
    if not ended.any():
        return
    reason = by_patient(tables, values_of(patients, "stop_reason"))
    stop = by_patient(tables, days_of(patients, "treatment_stop"))
    everybody = id_key(values_of(patients, "patient_id"))

    def otherwise(part: Table) -> pd.Series:
        ids = id_key(values_of(part, "patient_id"))
        during = ~(days_of(part, "onset_date") > _of_each(part, stop) + settings.toxicity_window + DAY)
        told = ~ids.map(reason).isin(("toxicity", "death"))
        return values_of(part, "action").map(is_stop) & ids.isin(everybody) & during & told

    yield from each(
        table,
        where(table, otherwise),
        "action",
        WARNING,
        "STOP_REASON_DIFFERS",
        message("The treatment was stopped for this toxicity, but toxicity is not the reason for stopping"),
        message("Correct one of the two, or leave it if another treatment was stopped"),
    )


def after_death(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """Nothing begins, and nobody is seen, after the day of death."""
    died = days_of(tables["patients"], "death_date")
    of = by_patient(tables, died) if len(tables) > 1 else None
    for name, columns in AFTER_DEATH.items():
        table = tables.get(name)
        if table is None:
            continue
        for column, severity in columns.items():
            if name == "patients":
                late = days_of(table, column) > died + DAY
            elif column in table.days:
                late = where(table, lambda part, column=column: part.days[column] > _of_each(part, of) + DAY)
            else:
                continue
            yield from each(table, late, column, severity, "DATE_ORDER",
                             message("{a} is after the death of the patient", a=column),
                             message("Correct one of the two dates"))  # fmt: skip
