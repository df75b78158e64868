"""One column of the source that is the date of death of who died, and the last contact of who lives."""

from __future__ import annotations

from dataclasses import replace

from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.clean.cleaning import Cleaned
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.raw import RawSheet, letter


def death_or_contact(
    patients: Cleaned, sheet: RawSheet, headers: tuple[Header, ...]
) -> tuple[Cleaned, list[Issue]]:
    """The patients without a date of death for those whose status is not dead, where the settings name one column
    as both death_date and last_contact; and what was done, as a note.
    """
    place = {header.name: header for header in headers if header.how == "settings"}
    death, contact = place.get("death_date"), place.get("last_contact")
    if death is None or contact is None or death.position != contact.position:
        return patients, []
    if not {"death_date", "vital_status"} <= set(patients.frame):
        return patients, []
    dead = patients.frame["vital_status"] == "dead"
    frame = patients.frame.copy()
    frame["death_date"] = frame["death_date"].where(dead)
    cell = f"{letter(death.position)}{sheet.header_row}"
    problem = message(
        "{column} is the date of death of who is dead by the vital status, and the last contact of the others",
        column=death.text,
    )
    return replace(patients, frame=frame), [
        Issue(NOTE, "DEATH_OR_CONTACT", sheet.name, cell, None, problem, message("Nothing to do"))
    ]
