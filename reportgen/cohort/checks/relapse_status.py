"""Dates of relapse against what another column says of who relapsed."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reportgen.base.errors import ERROR, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.rule import Tables, days_of, each, values_of
from reportgen.cohort.cohort import Table
from reportgen.cohort.endpoints.event_values import distinct
from reportgen.cohort.mapping.event_coding import read_codes
from reportgen.cohort.mapping.pair_names import says_who_relapsed
from reportgen.cohort.mapping.relapse_times import MOST_CODES, filled_whatever_is_said
from reportgen.cohort.mapping.schema import columns_of
from reportgen.settings.model import Settings


def relapse_denied(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """RELAPSE_DENIED: a date of relapse in a patient of whom another column says that there was none.

    Where that is so of most, the column is a time that ends at the relapse or at the last visit: one error, for each
    of them would count as relapsed.
    """
    patients = tables["patients"]
    dated = _dated(patients)
    if "relapse_observed" in patients.frame or not dated.any():
        return
    for name in patients.frame.columns.difference([*columns_of("patients")]):
        if not says_who_relapsed(name) or patients.frame[name].nunique() > MOST_CODES:
            continue
        said = patients.frame[name].map(_written, na_action="ignore")
        cell = patients.address(int(patients.frame.index[0]), "relapse_date")
        if filled_whatever_is_said(said, dated):
            yield Issue(
                ERROR, "RELAPSE_DENIED", patients.sheet, cell, None,
                message(
                    "relapse_date is filled in whatever {name} says: it ends at the relapse or at the last visit, and "
                    "all {n} patients would count as relapsed",
                    name=name, n=int(dated.sum()),
                ),
                message(
                    'Write relapse_observed = "{name}" under [columns.patients] in report.toml, if {name} says who '
                    "relapsed; or let `reportgen map SOURCE` ask",
                    name=name,
                ),
            )  # fmt: skip
            continue
        codes = read_codes(name, distinct(said))
        if codes.open:
            continue
        denied = said.isin([str(value) for value in codes.censored])
        yield from each(
            patients, denied & dated, "relapse_date", WARNING, "RELAPSE_DENIED",
            message("There is a date of relapse, but {name} says that there was none", name=name),
            message("Correct one of the two; until then the relapse counts"),
        )  # fmt: skip


def relapse_unsaid(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """RELAPSE_UNSAID: nothing says whether a patient relapsed, or a relapse without its date."""
    patients = tables["patients"]
    if "relapse_observed" not in patients.frame:
        return
    said = values_of(patients, "relapse_observed")
    yield from each(
        patients, said.isna(), "relapse_observed", WARNING, "RELAPSE_UNSAID",
        message("Nothing says whether the patient relapsed"),
        message("Enter yes or no; until then no relapse counts"),
    )  # fmt: skip
    yield from each(
        patients, said.eq("yes") & ~_dated(patients), "relapse_date", WARNING, "RELAPSE_UNSAID",
        message("The patient relapsed, but there is no date of relapse"),
        message("Enter the date; until then no relapse counts"),
    )  # fmt: skip


def _dated(patients: Table) -> pd.Series:
    return values_of(patients, "relapse_date").notna() | days_of(patients, "relapse_date").notna()


def _written(value: object) -> str:
    """A cell as a value of settings: a code is a whole number.

    >>> _written(1.0), _written("no")
    ('1', 'no')
    """
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
