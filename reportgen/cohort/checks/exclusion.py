"""What errors do to a report: they refuse it, or the patients who have one are left out and counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping

import pandas as pd

from reportgen.base.errors import ERROR, WARNING, Issue
from reportgen.cohort.checks.rule import others
from reportgen.cohort.clean.cutoff import drop_patients
from reportgen.cohort.clean.timing import id_key
from reportgen.cohort.cohort import FlowStep, Table

REASONS = {
    "DUPLICATE_ID": "patient id not unique",
    "MISSING_ID": "no patient id",
    "MISSING_VALUE": "start of treatment or last contact missing",
    "DATE_ORDER": "dates in an impossible order",
    "NEGATIVE_DURATION": "negative time",
    "STATUS_CONFLICT": "contradictory status",
    "UNKNOWN_VALUE": "value outside its vocabulary",
    "GRADE_INVALID": "invalid toxicity grade",
    "ERROR_CELL": "error in a cell",
    "FORMULA_NO_VALUE": "formula without a value",
    "BAD_NUMBER": "unreadable number",
    "ID_PRECISION": "rounded patient id",
    "ID_TYPE_MISMATCH": "patient id in doubt",
    "SUSPICIOUS_ID": "patient id in doubt",
    "MERGED_CELLS": "merged cells",
}
UNREADABLE_DATE = "unreadable date"
BEYOND = "event after the last contact"


def excluded(
    tables: Mapping[str, Table], issues: tuple[Issue, ...], flow: list[FlowStep], beyond: Collection[str] = ()
) -> tuple[Mapping[str, Table], list[FlowStep]]:
    """Without the patients who have an error, and those of `beyond`, who have an event after their last contact.

    One step of the flow per reason; the reason of a patient with several is the first.
    """
    reasons: dict[str, str] = {}
    wrong = [issue for issue in issues if issue.severity == ERROR and issue.patient is not None]
    # Rows of other sheets may spell the id in another way than that of the patients.
    for issue, key in zip(wrong, id_key(pd.Series([i.patient for i in wrong], dtype=object)), strict=True):
        dated = "DATE" in issue.code and issue.code != "DATE_ORDER"
        words = UNREADABLE_DATE if dated else REASONS.get(issue.code, issue.code.lower().replace("_", " "))
        reasons.setdefault(key, words)
    for key in id_key(pd.Series(list(beyond), dtype=object)):
        reasons.setdefault(key, BEYOND)
    names = tables["patients"].frame["patient_id"]
    keys = id_key(names)
    out = Counter(keys.map(reasons).dropna())
    if names.isna().any():
        out[REASONS["MISSING_ID"]] += int(names.isna().sum())
    left = len(names)
    for reason, count in out.items():
        left -= count
        flow.append(FlowStep("Without errors in the data", left, count, reason))
    out_of_it = {issue.patient for issue in wrong} | set(names[keys.isin(reasons)]) | _nobody(tables, keys)
    return drop_patients(tables, out_of_it), flow


def _nobody(tables: Mapping[str, Table], known: pd.Series) -> set[str]:
    """Ids of rows on other sheets that are of no patient: their own error, or that of an id written otherwise."""
    found: set[str] = set()
    for table in others(tables):
        ids = table.frame["patient_id"].dropna()
        found |= set(ids[~id_key(ids).isin(known)])
    return found


def refused(issues: tuple[Issue, ...], on_invalid: str, strict: bool) -> bool:
    """Errors refuse the report; with "exclude" only those that no patient can be blamed for."""
    if strict and any(issue.severity == WARNING for issue in issues):
        return True
    errors = [issue for issue in issues if issue.severity == ERROR]
    if on_invalid != "exclude":
        return bool(errors)
    nameless = {_row_of(issue) for issue in errors if issue.code == "MISSING_ID"}
    return any(issue.patient is None and _row_of(issue) not in nameless for issue in errors)


def leaves_some(issues: tuple[Issue, ...]) -> bool:
    """Whether there are errors, and each is a patient's: without these a report can be made. Never of a file that
    could not be read."""
    return refused(issues, "refuse", False) and not refused(issues, "exclude", False)


def _row_of(issue: Issue) -> tuple[str | None, str]:
    row = re.search("[0-9]+$", issue.cell or "")
    return issue.sheet, row[0] if row else ""
