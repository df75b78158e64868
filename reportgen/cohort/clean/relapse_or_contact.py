"""Dates of relapse that are the last visit of who did not relapse, told apart by a column that says who did."""

from __future__ import annotations

from dataclasses import replace

from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.clean.cleaning import Cleaned
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.raw import RawSheet, letter

DATE, OBSERVED = "relapse_date", "relapse_observed"


def relapse_or_contact(
    patients: Cleaned, sheet: RawSheet, headers: tuple[Header, ...]
) -> tuple[Cleaned, list[Issue]]:
    """The patients without a date of relapse for those of whom relapse_observed does not say yes; and what was done,
    as a note. Where nothing is said the date may be either; a check asks for it.
    """
    place = {header.name: header for header in headers}
    if OBSERVED not in patients.frame or not {DATE, OBSERVED} <= set(place):
        return patients, []
    relapsed = patients.frame[OBSERVED].eq("yes").fillna(False).astype(bool)
    frame, elapsed = patients.frame.copy(), dict(patients.elapsed)
    if DATE in frame:
        frame[DATE] = frame[DATE].where(relapsed)
    if DATE in elapsed:
        elapsed[DATE] = elapsed[DATE].where(relapsed)
    cell = f"{letter(place[DATE].position)}{sheet.header_row}"
    problem = message(
        "{column} is the relapse or progression of those of whom {said} says yes; of the others it was not taken",
        column=place[DATE].text, said=place[OBSERVED].text,
    )  # fmt: skip
    note = Issue(NOTE, "RELAPSE_OR_CONTACT", sheet.name, cell, None, problem, message("Nothing to do"))
    return replace(patients, frame=frame, elapsed=elapsed), [note]
