"""Which column a missing one may be: proposed by its name and by what it holds; never taken for it unasked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reportgen.cohort.clean import cells, dates
from reportgen.cohort.mapping.event_headers import is_event
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.schema import columns_of, spellings
from reportgen.cohort.raw import RawSheet

LIKELY = {
    "patient_id": re.compile(r"(?:^|_)(?:id|no|nr|number|code|case|pat\w*|subj\w*|record)(?:_|$|\d)"),
    "treatment_start": re.compile(
        r"enrol|entry|start|beg[ai]n|random|inclusion|baseline|registr|day_?[01]$|aufnahme"
    ),
    "last_contact": re.compile(r"last|final|follow|(?:^|_)fu(?:_|$)|censor|letzt|nachsorge|end_of_study"),
    "relapse_date": re.compile(r"relaps|progres|recur|(?:^|_)pd(?:_|$)|rezidiv|r(?:ü|ue)ckfall"),
    "death_date": re.compile(r"death|dead|died|dying|deceas|demise|expired|exitus|(?:^|_)tod|sterbe|verst[oa]rb"),
    "treatment_stop": re.compile(r"stop|(?:^|_)off(?:_|$)|(?:^|_)end|discont|last_dose|abbruch|ende(?:_|$)"),
    "response_date": re.compile(r"respon|remission|(?:^|_)(?:cr|pr)(?:_|$)|ansprech"),
    "diagnosis_date": re.compile(r"diagn|(?:^|_)dx(?:_|$)"),
    "onset_date": re.compile(r"onset|start|beg[ai]n|beginn"),
    "start_date": re.compile(r"start|beg[ai]n|beginn"),
    "date": re.compile(r"date|visit|scan|datum"),
    "term": re.compile(r"term|event|toxic|adverse|(?:^|_)ae(?:_|$)|reaction|nebenwirkung"),
    "grade": re.compile(r"grad|sever|ctc|schwere"),
}  # fmt: skip
# Columns of words of which most cells must be known words: their names say little.
BY_WORDS = ("vital_status", "best_response", "stop_reason", "sex", "response")
LOOKED_AT = 200


@dataclass(frozen=True)
class Offer:
    """A column that may be one that is missing. line: what makes it so under [columns.<table>] of report.toml."""

    table: str
    column: str
    header: str
    cell: str

    @property
    def line(self) -> str:
        """The line for report.toml, quoted as TOML wants it."""
        quoted = self.header.replace("\\", "\\\\").replace('"', '\\"')
        return f'[columns.{self.table}] {self.column} = "{quoted}"'


def offers(table: str, sheet: RawSheet, present: Collection[str], free: Sequence[int]) -> Iterator[Offer]:
    """For each missing column those that may be it. present: the columns there are; free: positions without a use."""
    unread = [(position, name_key(sheet.header[position])) for position in free]
    known = columns_of(table)
    for name, column in known.items():
        if name in present:
            continue
        if name in BY_WORDS:
            words = set(spellings(column.words))
            others = [
                set(spellings(known[other].words)) for other in BY_WORDS if other in known and other != name
            ]
            found = [position for position, _ in unread if _holds_words(sheet, position, words, others)]
            if name == "stop_reason":  # why something happened is not said by what did
                found = [position for position in found if not is_event(sheet.header[position])]
        else:
            found = likely(name, sheet, unread)
        for position in found:
            place = sheet.cell(sheet.header_row, position)[1]
            yield Offer(table, name, cells.text(sheet.header[position])[0], place)


def likely(name: str, sheet: RawSheet, unread: Sequence[tuple[int, str]]) -> list[int]:
    """The positions of the columns that may be `name`. unread: position and normalised name of each without a use."""
    pattern = LIKELY.get(name)
    if pattern is None:
        return []
    dated = name not in ("patient_id", "term", "grade")
    return [position for position, key in unread
            if pattern.search(key) and (not dated or _holds_dates(sheet, position))]  # fmt: skip


def _known(sheet: RawSheet, position: int) -> list:
    filled = sheet.frame[position].dropna().iloc[:LOOKED_AT].tolist()
    return [cell for cell in filled if not (isinstance(cell, str) and cells.missing(cells.text(cell)[0]))]


def _holds_words(
    sheet: RawSheet, position: int, words: Collection[str], others: Sequence[Collection[str]]
) -> bool:
    """Whether most cells are words of the vocabulary, in text: codes and yes or no may mean anything.

    others: vocabularies none of which knows more of them. PD is a response, and beside "completed" a reason to stop.
    """
    known = [word_key(cells.text(cell)[0]) for cell in _known(sheet, position) if isinstance(cell, str)]
    read, *best = (sum(word in one for word in known) for one in (words, *others))
    return bool(known) and 2 * read > len(known) and read >= max(best, default=0)


def _holds_dates(sheet: RawSheet, position: int) -> bool:
    known = _known(sheet, position)
    doubtful = ("AMBIGUOUS_DATE", "DATE_AS_TEXT", "SHORT_YEAR")
    found = [cell for cell in known if isinstance(cell, date) or _is_date(dates.day(cell), doubtful)]
    return bool(known) and 2 * len(found) > len(known)


def _is_date(read: tuple, doubtful: tuple[str, ...]) -> bool:
    return read[0] is not None or read[1] in doubtful
