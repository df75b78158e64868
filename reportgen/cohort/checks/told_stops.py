"""Ends of treatment against what another column says of who is still treated."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.base.errors import ERROR, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.rule import Tables, days_of, each, values_of
from reportgen.cohort.mapping.dates_of_all import (
    MOST_CODES,
    dated_all_the_same,
    says_treatment_ended,
    says_treatment_goes_on,
    who_goes_on,
    written,
)
from reportgen.cohort.mapping.schema import columns_of
from reportgen.settings.model import Settings

STOP = "treatment_stop"


def stop_denied(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """STOP_DENIED: an end of treatment in a patient of whom another column says that treatment goes on.

    Where a date stands whatever is said, it is the last visit of who is still treated: one error, for all of them would
    count as stopped.
    """
    patients = tables["patients"]
    if STOP not in patients.frame or "treatment_ongoing" in patients.frame:
        return
    dated = values_of(patients, STOP).notna() | days_of(patients, STOP).notna()
    for name in patients.frame.columns.difference([*columns_of("patients")]):
        if (
            not (says_treatment_goes_on(name) or says_treatment_ended(name))
            or patients.frame[name].nunique() > MOST_CODES
        ):
            continue
        goes_on = who_goes_on(name, patients.frame[name].map(written, na_action="ignore"))
        if dated_all_the_same(goes_on, dated):
            problem = message(
                "treatment_stop is filled in whatever {name} says: it is the last visit of who is still treated, "
                "and all {n} patients would count as stopped",
                name=name, n=int(dated.sum()),
            )  # fmt: skip
            hint = message(
                'Write treatment_ongoing = "{name}" under [columns.patients] in report.toml, if {name} says whose '
                "treatment goes on; or let `reportgen map SOURCE` ask",
                name=name,
            )
            if says_treatment_ended(name):
                hint = message(
                    'Write treatment_ongoing = "{name}" under [columns.patients] in report.toml, and yes = ["no"] and '
                    'no = ["yes"] under [values.treatment_ongoing], if {name} says whose treatment ended',
                    name=name,
                )
            cell = patients.address(int(patients.frame.index[0]), STOP)
            yield Issue(ERROR, "STOP_DENIED", patients.sheet, cell, None, problem, hint)
            continue
        yield from each(
            patients, goes_on & dated, STOP, WARNING, "STOP_DENIED",
            message("There is an end of treatment, but {name} says that treatment goes on", name=name),
            message("Correct one of the two; until then the treatment counts as stopped"),
        )  # fmt: skip


def stop_unsaid(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """STOP_UNSAID: nothing says whether a treatment with a date of its end goes on."""
    patients = tables["patients"]
    if "treatment_ongoing" not in patients.frame:
        return
    dated = values_of(patients, STOP).notna() | days_of(patients, STOP).notna()
    yield from each(
        patients, patients.frame["treatment_ongoing"].isna() & dated, "treatment_ongoing", WARNING, "STOP_UNSAID",
        message("Nothing says whether the treatment goes on"),
        message("Enter yes or no; until then it counts as stopped"),
    )  # fmt: skip
