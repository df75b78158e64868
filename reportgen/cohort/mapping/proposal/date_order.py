"""In which order the dates of a source are written, where they are texts such as 1/2/2019."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from reportgen.base.message import Message, message
from reportgen.cohort.clean import dates
from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.mapping.proposal.types import Choice, Line, Question

YEAR = re.compile(r"\d{4}")
NO_DAY, FIRST_OF_NOBODY, FEWEST_ALIKE = ("DATE_OF_1900", "DATE_RANGE"), 2090, 3
SPARE = ("diagnosis_date", "birth_date")
ORDER, YEARS = ("source", "date_order"), ("source", "two_digit_years")
SERIALS = ("source", "date_serials")
FORMS = {"dmy": ("d", message("day, month, year")), "mdy": ("m", message("month, day, year"))}
Column = tuple[str, str, str, list[object]]


def order_lines(columns: Iterable[Column]) -> tuple[list[Line], list[Question]]:
    """The order of all dates of a source, or the question about it. columns: sheet, cell, header, cells.

    One column that can be read in one order only speaks for all the others; if two speak against each other, or
    none speaks, nothing is taken.
    """
    spoken: dict[str, list[Column]] = {}
    doubtful: list[Column] = []
    for column in columns:
        content = column[3]
        alone = {
            order
            for order in FORMS
            if any(dates.day(cell)[1] == "DATE_AS_TEXT" and _fits(cell, order) for cell in _texts(content))
        }
        for order in alone:
            spoken.setdefault(order, []).append(column)
        if not alone and any(dates.day(cell)[1] == "AMBIGUOUS_DATE" for cell in _texts(content)):
            doubtful.append(column)
    if not spoken and not doubtful:
        return [], []
    if len(spoken) == 1:
        order = next(iter(spoken))
        said = spoken[order][0]
        if not _exchanged(spoken[order], doubtful):
            return [Line(ORDER, order, f"content: {said[2]!r} can be read in no other order")], []
    sheet, cell, header, content = (doubtful or next(iter(spoken.values())))[0]
    shown = next(
        (text for text in _texts(content) if dates.day(text)[1] in ("AMBIGUOUS_DATE", "DATE_AS_TEXT")), ""
    )
    choices = tuple(
        Choice(key, _both_ways(words, shown, order), (Line(ORDER, order, "as answered"),))
        for order, (key, words) in FORMS.items()
    )
    text = message(
        "{header}: dates such as {shown} can be read in two orders. Which is it?", header=header, shown=shown
    )
    return [], [Question(sheet, cell, text, choices, open=True)]


def _both_ways(words: Message, shown: str, order: str) -> Message:
    """An order of day and month, with the day that a date is by it, where it is one."""
    day = dates.day(shown, order)[0] if shown else None
    parts = {"words": words, "order": order, "shown": shown, "day": day.isoformat() if day else ""}
    return Message("{shown} is {day}: {words} ({order})" if day else "{words} ({order})", parts)


def short_years(columns: Sequence[Column], today: int) -> tuple[list[Column], list[Question]]:
    """Dates whose years have two digits: the columns with these years in full, and the question that says how.

    today: the year until which they go, for no date of a table lies ahead.
    """
    found = [
        (column, cell)
        for column in columns
        for cell in _texts(column[3])
        if dates.day(cell)[1] == "SHORT_YEAR"
    ]
    if not found:
        return list(columns), []
    (sheet, place, header, _), shown = found[0]
    full = dates.with_century(shown, today)
    line = Line(YEARS, today, f"years of two digits: {shown} in {header!r} is {full}")
    text = message(
        "{header}: years have two digits. Is {shown} the date {day}?", header=header, shown=shown, day=full
    )
    question = Question(
        sheet, place, text,
        (Choice("y", _centuries(today), (line,)),
         Choice("n", message("no; leave them unread"))), "y",
    )  # fmt: skip
    widened = [
        (
            *column[:3],
            [dates.with_century(cell, today) if isinstance(cell, str) else cell for cell in column[3]],
        )
        for column in columns
    ]
    return widened, [question]


def _centuries(today: int) -> Message:
    """How far years of two digits go, as texts: a number would be written with its thousands marked."""
    years = {"last": today % 100, "first": (today + 1) % 100}
    parts = {name: f"{year:02}" for name, year in years.items()}
    return Message("yes; {last} is {today}, {first} is {begin}",
                   {**parts, "today": str(today), "begin": str(today - 99)})  # fmt: skip


def serial_question(column: Column) -> Question:
    """The question whether the numbers of a column of dates are days as a spreadsheet counts them, and from when on."""
    sheet, place, header, content = column
    shown = next(cell for cell in content if dates.serial_of(cell) is not None)
    days = {year: dates.day(shown, serials=year)[0] for year in (1900, 1904)}
    number = dates.serial_of(shown)
    lines = {
        year: (Line(SERIALS, year, f"numbers in place of dates: {number} in {header!r} is {day}"),)
        for year, day in days.items()
    }
    text = message(
        "{header}: numbers such as {number} stand in place of dates. Is that {day}, as a spreadsheet counts?",
        header=header, number=str(number), day=str(days[1900]),
    )  # fmt: skip
    choices = (
        Choice("y", message("yes, {what}", what=str(days[1900])), lines[1900]),
        Choice("m", message("it is {day}, of an old Mac", day=str(days[1904])), lines[1904]),
        Choice("n", message("no; leave them unread")),
    )
    return Question(sheet, place, text, choices, "y")


def _texts(content: Iterable[object]) -> list[str]:
    return [cell for cell in content if isinstance(cell, str)]


def _fits(cell: str, order: str) -> bool:
    return dates.day(cell, order)[1] == dates.READ_AS[order]


def _exchanged(spoken: list[Column], doubtful: list[Column]) -> bool:
    """Whether a spreadsheet may have turned the other texts into true dates with day and month exchanged."""
    content = [cell for column in (*spoken, *doubtful) for cell in column[3]]
    true = [cell.day for cell in content if isinstance(cell, date)]
    ambiguous = any(dates.day(cell)[1] == "AMBIGUOUS_DATE" for cell in _texts(content))
    return len(true) >= dates.FEWEST_SWAPPED and max(true) <= dates.MONTHS_IN_A_YEAR and not ambiguous


def partial_dates(name: str, said: Mapping[str, tuple], column: Column) -> list[Question]:
    """The question about dates without their day or month ("2018"): missing, or the middle of what is given.

    said: what [values] of the settings already says of this column. Only what no survival hangs on may be left out
    unasked.
    """
    sheet, cell, header, content = column
    answered = {word_key(value) for others in said.values() for value in others}
    found = dict.fromkeys(value for value in content if dates.day(value)[1] == "PARTIAL_DATE"
                          and word_key(value) not in answered)  # fmt: skip
    if not found:
        return []
    missing = tuple(
        Line(("values", name, "missing"), _written(v), "a date without its day", adds=True) for v in found
    )
    choices = [Choice("m", message("missing"), missing)]
    if all(YEAR.fullmatch(word_key(value)) for value in found):
        middle = tuple(Line(("values", name, f"{word_key(v)}-07-01"), _written(v), "the middle of its year", adds=True)
                       for v in found)  # fmt: skip
        choices.append(Choice("y", message("the middle of the year"), middle))
    text = message(
        "{header}: dates lack their day or month ({n}). What are they?", header=header, n=len(found)
    )
    return [Question(sheet, cell, text, tuple(choices), "m", open=name not in SPARE)]


def no_dates(name: str, said: Mapping[str, tuple], content: Sequence[object]) -> list[Line]:
    """The lines that say which days, each of several cells, stand for no date: 1900-01-01, 31.12.9999.

    They lie before 1901 or after 2089, where no patient's do; who is dead without a date is asked about all the same.
    """
    answered = {word_key(value) for others in said.values() for value in others}
    counted = Counter(str(cell).strip() if isinstance(cell, str) else str(cell) for cell in content)
    return [Line(("values", name, "missing"), shown, "a day that stands for no date", adds=True)
            for shown, many in counted.items()
            if many >= FEWEST_ALIKE and word_key(shown) not in answered and _stands_for_none(shown)]  # fmt: skip


def _stands_for_none(shown: str) -> bool:
    read = [dates.day(shown, order) for order in FORMS]
    return any(code in NO_DAY or (day is not None and day.year >= FIRST_OF_NOBODY) for day, code in read)


def _written(value: object) -> object:
    return int(value) if isinstance(value, float) else str(value).strip() if isinstance(value, str) else value
