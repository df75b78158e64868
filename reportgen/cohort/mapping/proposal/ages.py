"""An age at diagnosis where times count from the start of treatment, which may have begun years later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from reportgen.base.message import message
from reportgen.cohort.clean import dates
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.names.words import spoken
from reportgen.cohort.mapping.proposal.types import FEATURE, Choice, Column, Line, Question, Sheet
from reportgen.cohort.mapping.word_lists import plain_words
from reportgen.cohort.raw import RawSheet
from reportgen.settings.model import Settings

AGE, START, DIAGNOSIS = "patients.age_at_start", "patients.treatment_start", "patients.diagnosis_date"
ORIGIN = "treatment_start"
A_YEAR = 365


def is_of_diagnosis(header: str) -> bool:
    """Whether a header speaks of the diagnosis.

    >>> is_of_diagnosis("Age at diagnosis"), is_of_diagnosis("Alter bei ED"), is_of_diagnosis("Age at start")
    (True, True, False)
    """
    return any("diagnosis" in meaning for meaning in spoken(plain_words(header)))


def with_asked_ages(
    sheet: RawSheet, proposed: Sheet, settings: Settings
) -> tuple[Sheet, tuple[Question, ...]]:
    """The proposal without an age at diagnosis as the age at the start, and the question whether it is that.

    It is proposed as a characteristic of its own where the dates of the source say that somebody waited a year for the
    treatment; where they don't tell, a note says what it was taken for (see checks.plausibility).
    """
    places = {name: column for column in proposed.columns for name in column.takes.split("+")}
    age = places.get(AGE)
    asked = age is not None and age.how != "settings" and is_of_diagnosis(age.header)
    if age is None or not asked or settings.origin != ORIGIN or START not in places:
        return proposed, ()
    waited = _waited(sheet, places, settings)
    why = message("nothing says how long before the treatment the diagnosis was made")
    if waited is not None:
        why = message("the longest time from diagnosis to treatment is {n} days", n=waited)
    text = message(
        "{header}: is it the age at the start of treatment, too? ({why})", header=age.header, why=why
    )
    choices = (
        Choice(
            "y",
            message("yes, {what}", what="age_at_start"),
            (_line(("columns", "patients", "age_at_start"), age),),
        ),
        Choice("s", message("known at the start"), (_line(("features", "at_start"), age, adds=True),)),
        Choice("n", message("leave it out"), (_line(("features", "exclude"), age, adds=True),)),
    )
    late = waited is not None and waited >= A_YEAR
    shown = replace(age, sure=False, lines=(), **({"takes": FEATURE, "reason": why} if late else {}))
    columns = tuple(shown if column is age else column for column in proposed.columns)
    question = Question(sheet.name, age.cell, text, choices, "s" if late else "y")
    return replace(proposed, columns=columns), (question,)


def _line(path: tuple[str, ...], column: Column, adds: bool = False) -> Line:
    return Line(path, name_key(column.header) if adds else column.header, "as answered", adds=adds)


def _waited(sheet: RawSheet, places: Mapping[str, Column], settings: Settings) -> int | None:
    """The most days from diagnosis to treatment; None where no patient has both."""
    found = [*_days(sheet, places, settings)]
    return max(found) if found else None


def _days(sheet: RawSheet, places: Mapping[str, Column], settings: Settings) -> Iterator[int]:
    if DIAGNOSIS not in places:
        return
    begun, made = (sheet.frame[sheet.header.index(places[name].header)] for name in (START, DIAGNOSIS)
                   if places[name].header in sheet.header)  # fmt: skip
    told = settings.source
    for cells in zip(begun, made, strict=True):
        days = [
            dates.day(cell, told.date_order, told.two_digit_years, told.date_serials)[0] for cell in cells
        ]
        if days[0] is not None and days[1] is not None:
            yield (days[0] - days[1]).days
