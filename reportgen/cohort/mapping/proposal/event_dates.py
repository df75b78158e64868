"""Dates that end at an event or at the last visit: which column says which of the two, and which event it was."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from reportgen.base.message import joined, message
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.event_headers import is_event
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.names.words import spoken
from reportgen.cohort.mapping.proposal.required_columns import required_questions
from reportgen.cohort.mapping.proposal.samples import header_cell, holds_dates, known_cells
from reportgen.cohort.mapping.proposal.types import (
    FEATURE,
    IGNORED,
    LATER,
    TEXT,
    Choice,
    Column,
    Line,
    Question,
    Sheet,
)
from reportgen.cohort.mapping.proposal.values import told
from reportgen.cohort.mapping.schema import columns_of
from reportgen.cohort.mapping.word_lists import plain_words
from reportgen.cohort.raw import RawSheet
from reportgen.settings.model import Settings

# In a column of measurements they may mean that nothing is known; in one of events they say that there was none.
NONE = frozenset(
    ("none", "no", "no event", "nein", "kein", "keine", "keines", "aucun", "aucune", "ninguno", "nessuno")
)
MOST_WORDS, FEWEST, SHARE = 8, 5, 0.25
COLUMNS, VALUES = ("columns", "patients"), "values"
EXCLUDE = ("features", "exclude")
LAST_CONTACT = (*COLUMNS, "last_contact")
OTHERS = (LATER, FEATURE, TEXT)
OBSERVED, STATUS = "relapse_observed", "vital_status"


def unclaimed(sheet: RawSheet, proposed: Sheet) -> Sheet:
    """The proposal without the date of an event that is asked about: it is no relapse by its name alone."""
    asked = event_date_question(sheet, proposed)
    if asked is None:
        return proposed
    columns = (
        replace(column, takes=LATER, sure=False, lines=()) if column.cell == asked.cell else column
        for column in proposed.columns
    )
    return replace(proposed, columns=tuple(columns))


def clock_questions(sheet: RawSheet, proposed: Sheet, settings: Settings) -> Iterator[Question]:
    """What is asked about the dates from which and until which times count."""
    event = event_date_question(sheet, proposed)
    for question in (event, relapse_of_all_question(sheet, proposed)):
        if question is not None:
            yield question
    for question in required_questions(sheet, proposed, settings):
        lines = [line for choice in question.choices for line in choice.lines]
        if event is None or all(line.path not in (LAST_CONTACT, (*COLUMNS, STATUS)) for line in lines):
            yield question


def date_of_event(sheet: RawSheet, taken: Collection[str]) -> tuple[int, int, dict[str, str]] | None:
    """The column of the dates of events, that of their words, and what each word says: "dead", "relapse" or "".

    taken: the columns of the patients that are known from others. None where one of these tells of deaths or relapses
    already, or where no word beside the date says either.
    """
    if {*taken} & {"death_date", "relapse_date", OBSERVED}:
        return None
    named = [p for p, text in enumerate(sheet.header) if text and is_event(text)]
    days = [p for p in named if holds_dates(known_cells(sheet, p))]
    words = [p for p in named if p not in days and 1 < len(_words(sheet, p)) <= MOST_WORDS]
    if len(days) != 1 or len(words) != 1:
        return None
    said = {word: _meaning(word) for word in _words(sheet, words[0])}
    if not {"dead", "relapse"} & {*said.values()} or all(word_key(word).isdigit() for word in said):
        return None
    return days[0], words[0], said


def event_date_question(sheet: RawSheet, proposed: Sheet) -> Question | None:
    """The question whether a date of an event is death, relapse or last contact, as the words beside it say."""
    named = {header_cell(sheet, p) for p, text in enumerate(sheet.header) if text and is_event(text)}
    names = (c.takes.split("+") for c in proposed.columns if c.cell not in named or c.how == "settings")
    told = date_of_event(sheet, [name.removeprefix("patients.") for each in names for name in each])
    if told is None:
        return None
    date, event = (cells.text(sheet.header[p])[0] for p in told[:2])
    said, cell = told[2], header_cell(sheet, told[0])
    if any(c.how == "settings" and c.takes == IGNORED for c in proposed.columns if c.cell == cell):
        return None
    text = message(
        "{date}: is it the day of what {event} says, and the last contact of the others?",
        date=date,
        event=event,
    )
    if {"dead", "relapse"} <= {*said.values()}:
        text = message(
            "{date}: is it the day of what {event} says, and the last contact of the others? Who relapsed then counts "
            "as alive on that day and as not seen later: deaths after a relapse are not known, and survival looks "
            "better than it was.",
            date=date,
            event=event,
        )
    reading = joined(
        [message('"{word}" is {ours}', word=word, ours=_OURS[meaning]) for word, meaning in said.items()],
        ", ",
    )
    nothing = tuple(Line(EXCLUDE, name_key(name), "as answered", adds=True) for name in (date, event))
    choices = (
        Choice("y", reading, tuple(_lines(date, event, said))),
        Choice("n", message("no; leave them out"), nothing),
    )
    return Question(sheet.name, cell, text, choices, "y", open=True)


_OURS = {
    "dead": message("the death"),
    "relapse": message("a relapse or progression"),
    "": message("neither"),
}


def _words(sheet: RawSheet, position: int) -> list[str]:
    denied = [cell for cell in sheet.frame[position].dropna() if word_key(cell) in NONE]
    return [*dict.fromkeys(cells.text(str(cell))[0] for cell in (*known_cells(sheet, position), *denied))]


def _meaning(word: str) -> str:
    """ "dead", "relapse" or "" for a word of events; one that says both, or denies something, says neither."""
    meanings = set().union(*spoken(plain_words(word))) if spoken(plain_words(word)) else set()
    dead = told(columns_of("patients")[STATUS], word) == "dead"
    relapse = "relapse" in meanings or told(columns_of("patients")["best_response"], word) == "PD"
    return "" if dead == relapse else "dead" if dead else "relapse"


def _lines(date: str, event: str, said: Mapping[str, str]) -> Iterator[Line]:
    kinds = {*said.values()}
    yield Line(LAST_CONTACT, date, "as answered")
    if "relapse" in kinds:
        yield Line((*COLUMNS, "relapse_date"), date, "as answered")
        yield Line((*COLUMNS, OBSERVED), event, "as answered")
    yield Line((*COLUMNS, STATUS), event, "as answered")
    for word, meaning in said.items():
        yield Line((VALUES, STATUS, "dead" if meaning == "dead" else "alive"), word, "as answered", adds=True)
        if "relapse" in kinds:
            yield Line(
                (VALUES, OBSERVED, "yes" if meaning == "relapse" else "no"), word, "as answered", adds=True
            )


def relapse_of_all_question(sheet: RawSheet, proposed: Sheet) -> Question | None:
    """The question who relapsed, where all have a date of it, and that of many of the living is the last contact."""
    place = {column.takes: _position(sheet, column) for column in proposed.columns}
    relapse, last = place.get("patients.relapse_date"), place.get("patients.last_contact")
    if relapse is None or last is None or f"patients.{OBSERVED}" in place or len(sheet.frame) < FEWEST:
        return None
    dated, seen = (sheet.frame[p].map(word_key, na_action="ignore") for p in (relapse, last))
    status = place.get("patients.vital_status")
    word = columns_of("patients")[STATUS]
    dead = (
        dated.isna()
        if status is None
        else sheet.frame[status].map(lambda cell: cell is not None and told(word, cell) == "dead")
    )
    same = ~dead.astype(bool) & (dated == seen)
    if dated.isna().any() or same.sum() <= SHARE * (~dead.astype(bool)).sum():
        return None
    header = cells.text(sheet.header[relapse])[0]
    free = [
        column
        for column in proposed.columns
        if column.takes in OTHERS and 1 < len(_words(sheet, _position(sheet, column) or 0)) <= MOST_WORDS
    ]
    choices = tuple(
        Choice(
            str(number),
            f"{column.header} ({column.cell})",
            (Line((*COLUMNS, OBSERVED), column.header, "as answered"),),
        )
        for number, column in enumerate(free, 1)
    )
    none = Choice(
        "n",
        message("none: I shall empty it of who had no relapse, or add a column relapse_observed (yes, no)"),
    )
    text = message(
        "{header}: all have a date, and that of {n} of the living is the last contact. Which column says who relapsed?",
        header=header, n=int(same.sum()),
    )  # fmt: skip
    return Question(sheet.name, header_cell(sheet, relapse), text, (*choices, none), open=True)


def _position(sheet: RawSheet, column: Column) -> int | None:
    """Where a column stands: by its cell and its name, for a table made of several sheets has cells of each."""
    found = (p for p, text in enumerate(sheet.header) if text and cells.text(text)[0] == column.header)
    return next((p for p in found if header_cell(sheet, p) == column.cell), None)
