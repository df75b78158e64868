"""What tables, canonical columns and the kinds of other columns are called on the page."""

from __future__ import annotations

from reportgen.base.message import N_
from reportgen.cohort.mapping.proposal import types
from reportgen.cohort.mapping.schema import TABLES, columns_of
from reportgen.writing.language import _

CALLED = {
    "patients": N_("patients"),
    "toxicities": N_("toxicities"),
    "treatments": N_("treatments"),
    "assessments": N_("assessments"),
    "measurements": N_("measurements"),
    "dictionary": N_("dictionary"),
    "report": N_("settings"),
    types.FEATURE: N_("feature, known at the start"),
    types.LATER: N_("known only later"),
    types.FINDINGS: N_("several findings in a cell"),
    types.IDENTIFIER: N_("identifies a person"),
    types.TEXT: N_("free text"),
}
IGNORED = N_("not used")
ELAPSED = {
    "days": N_("{date}, in days from the start of treatment"),
    "months": N_("{date}, in months from the start of treatment"),
}
IDS = N_("patient id")


def called(name: str) -> str:
    """What a table, or what a column is taken for, is called in the active language; another name as it is.

    >>> called("patients.treatment_start"), called("toxicities.term+toxicities.grade")
    ('start of treatment', 'toxicity + grade')
    >>> called("patients.relapse_days")
    'date of relapse or progression, in days from the start of treatment'
    """
    if name in CALLED:
        return _(CALLED[name])
    table, _dot, column = name.partition(".")
    if "+" in name:
        return " + ".join(called(part if "." in part else f"{table}.{part}") for part in name.split("+"))
    if column == "ignored":
        return _(IGNORED)
    if column == "patient_id":
        return _(IDS)
    if table in TABLES and column in columns_of(table):
        return _(columns_of(table)[column].label)
    stem, _low, unit = column.rpartition("_")
    dated = next(
        (name for name in (f"{stem}_date", stem) if table in TABLES and name in columns_of(table)), ""
    )
    if dated and unit in ELAPSED:
        return _(ELAPSED[unit], date=called(f"{table}.{dated}"))
    return (column if table in TABLES else name).replace("_", " ")
