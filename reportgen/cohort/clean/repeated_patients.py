"""Rows of the patients that repeat an earlier one in every cell: the same patient, entered or joined twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reportgen.base.errors import WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.same_rows import repeated
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.raw import RawSheet, letter


def without_repeated_patients(
    sheets: Mapping[str, RawSheet], headers: Mapping[str, tuple[Header, ...]]
) -> tuple[dict[str, RawSheet], list[Issue]]:
    """The sheets, that of the patients with each row once. Rows of one id that differ in any cell are both kept, and
    are an error elsewhere.
    """
    known = headers.get("patients", ())
    position = next((header.position for header in known if header.name == "patient_id"), None)
    sheet = sheets.get("patients")
    if sheet is None or position is None or not sheet.frame[position].dropna().duplicated().any():
        return dict(sheets), []
    ids = sheet.frame[position]
    several = sheet.frame[ids.notna() & ids.duplicated(keep=False)]
    again = several.index[repeated(several)]
    issues = [
        Issue(WARNING, "DUPLICATE_ROW", sheet.name, f"{letter(position)}{row}", cells.identifier(ids[row])[0],
              message("The row repeats an earlier one in every cell, and counts once"),
              message("Delete it; if these are two patients, correct the id"))
        for row in again
    ]  # fmt: skip
    return {**sheets, "patients": replace(sheet, frame=sheet.frame.drop(index=again))}, issues
