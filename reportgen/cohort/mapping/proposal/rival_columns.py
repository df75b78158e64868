"""Columns of which each may be one of ours: which of them is it?"""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.message import joined, message
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.mapping.proposal.columns import BOTH, canonical_of
from reportgen.cohort.mapping.proposal.samples import header_cell
from reportgen.cohort.mapping.proposal.told_apart import OBSERVED
from reportgen.cohort.mapping.proposal.types import Choice, Line, Question
from reportgen.cohort.mapping.schema import columns_of
from reportgen.cohort.raw import RawSheet

# On these all else hangs: a similar name alone is not enough to take them without a question.
PIVOTAL = ("patient_id", "treatment_start", "vital_status", BOTH, OBSERVED)


def rivals_question(table: str, name: str, sheet: RawSheet, positions: tuple[int, ...]) -> Question:
    """Which of several columns is one of ours; never answered unasked where all hangs on it, or where dates differ."""
    choices = [
        Choice(str(number), cells.text(sheet.header[p])[0],
               tuple(Line(("columns", table, part), cells.text(sheet.header[p])[0], "as answered")
                     for part in name.split("+")))
        for number, p in enumerate(positions, 1)
    ]  # fmt: skip
    text = message("Which column is {what}?", what=all_of(name.split("+")))
    return Question(
        sheet.name,
        header_cell(sheet, positions[0]),
        text,
        tuple(choices),
        "1",
        open=name in PIVOTAL or _say_different(sheet, table, name, positions),
    )


def _say_different(sheet: RawSheet, table: str, name: str, positions: tuple[int, ...]) -> bool:
    """Whether columns that may each be one of dates tell different ones, or of different patients."""
    if not all(columns_of(table)[canonical_of(table, part)].kind == "date" for part in name.split("+")):
        return False
    first, *others = (sheet.frame[position].map(word_key, na_action="ignore") for position in positions)
    return any((other.notna() & (other != first)).any() for other in others)


def all_of(names: Sequence[str]) -> str:
    """Canonical names as they are said: one, or both."""
    return message("{a} and {b}", a=names[0], b=names[1]) if len(names) == 2 else joined(names, " and ")
