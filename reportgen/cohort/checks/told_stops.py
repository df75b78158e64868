"""Ends of treatment against what another column says of who is still treated."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.base.errors import ERROR, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.rule import Tables, days_of, each, values_of
from reportgen.cohort.mapping.dates_of_all import filled_whatever_is_said, says_treatment_goes_on
from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.mapping.schema import YES_NO, columns_of, spellings
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
    answers = {"1": "yes", "0": "no", **spellings(YES_NO)}
    for name in patients.frame.columns.difference([*columns_of("patients")]):
        filled = patients.frame[name].dropna()
        if not says_treatment_goes_on(name) or not {word_key(cell) for cell in filled.unique()} <= set(
            answers
        ):
            continue
        said = patients.frame[name].map(lambda cell: answers[word_key(cell)], na_action="ignore")
        if filled_whatever_is_said(said, dated):
            yield Issue(
                ERROR, "STOP_DENIED", patients.sheet, patients.address(int(patients.frame.index[0]), STOP), None,
                message(
                    "treatment_stop is filled in whatever {name} says: it is the last visit of who is still treated, "
                    "and all {n} patients would count as stopped",
                    name=name, n=int(dated.sum()),
                ),
                message(
                    'Write treatment_ongoing = "{name}" under [columns.patients] in report.toml, if {name} says whose '
                    "treatment goes on; or let `reportgen map SOURCE` ask",
                    name=name,
                ),
            )  # fmt: skip
            continue
        yield from each(
            patients, said.eq("yes") & dated, STOP, WARNING, "STOP_DENIED",
            message("There is an end of treatment, but {name} says that treatment goes on", name=name),
            message("Correct one of the two; until then the treatment counts as stopped"),
        )  # fmt: skip
