"""Dates that all patients have, and that are the event of some alone: told apart by a column that says of whom."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from reportgen.base.errors import ERROR, NOTE, Issue
from reportgen.base.message import Message, message
from reportgen.cohort.clean.cleaning import Cleaned
from reportgen.cohort.mapping.dates_of_all import values_that_deny, written
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.raw import RawSheet, letter
from reportgen.settings.model import Settings

Headers = tuple[Header, ...]


def relapse_or_contact(
    patients: Cleaned, sheet: RawSheet, headers: Headers, settings: Settings
) -> tuple[Cleaned, list[Issue]]:
    """The patients without a date of relapse for those of whom relapse_observed does not say yes; and what was done,
    as a note. Where nothing is said the date may be either; a check asks for it. An error where its codes may mean the
    opposite, and the settings do not say which is which.
    """
    place = {header.name: header for header in headers}
    if "relapse_observed" not in patients.frame or "relapse_date" not in place:
        return patients, []
    told = place["relapse_observed"]
    codes = sheet.frame[told.position].map(written, na_action="ignore")
    if values_that_deny(told.text, codes) is None and "relapse_observed" not in settings.values:
        problem = message("The codes of {name} may mean a relapse or none", name=told.text)
        hint = message(
            "Write yes = […] and no = […] under [values.relapse_observed] in report.toml: its values for a relapse and "
            "for none"
        )
        cell = f"{letter(told.position)}{sheet.header_row}"
        return patients, [Issue(ERROR, "RELAPSE_DENIED", sheet.name, cell, None, problem, hint)]
    relapsed = patients.frame["relapse_observed"].eq("yes").fillna(False).astype(bool)
    problem = message(
        "{column} is the relapse or progression of those of whom {said} says yes; of the others it was not taken",
        column=place["relapse_date"].text, said=place["relapse_observed"].text,
    )  # fmt: skip
    return _kept(patients, "relapse_date", relapsed), [_note(sheet, place["relapse_date"], problem)]


def stop_or_contact(patients: Cleaned, sheet: RawSheet, headers: Headers) -> tuple[Cleaned, list[Issue]]:
    """The patients without an end of treatment for those of whom treatment_ongoing says yes; and what was done."""
    place = {header.name: header for header in headers}
    if "treatment_ongoing" not in patients.frame or "treatment_stop" not in place:
        return patients, []
    ended = ~patients.frame["treatment_ongoing"].eq("yes").fillna(False).astype(bool)
    problem = message(
        "{column} is the end of treatment, but not of those of whom {said} says that it goes on",
        column=place["treatment_stop"].text, said=place["treatment_ongoing"].text,
    )  # fmt: skip
    return _kept(patients, "treatment_stop", ended), [_note(sheet, place["treatment_stop"], problem)]


def _kept(patients: Cleaned, date: str, rows: pd.Series) -> Cleaned:
    """The patients with the date, or the time to it, in these rows alone."""
    frame, elapsed = patients.frame.copy(), dict(patients.elapsed)
    if date in frame:
        frame[date] = frame[date].where(rows)
    if date in elapsed:
        elapsed[date] = elapsed[date].where(rows)
    return replace(patients, frame=frame, elapsed=elapsed)


def _note(sheet: RawSheet, date: Header, problem: Message) -> Issue:
    cell = f"{letter(date.position)}{sheet.header_row}"
    return Issue(NOTE, "DATE_TOLD_APART", sheet.name, cell, None, problem, message("Nothing to do"))
