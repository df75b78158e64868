"""A grade as it is written: 3, "Grade 3", "G3", "3 - severe"; and which words mean no toxicity, or nothing known."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.mapping.schema import MISSING_WORDS, NOT_MEASURED, YES_NO

GRADE_AS_TEXT = "GRADE_AS_TEXT"
# The words of CTCAE (and of German forms) that may stand beside a grade; each must fit it.
SEVERITY = {
    "mild": 1, "moderate": 2, "severe": 3, "life-threatening": 4, "fatal": 5, "death": 5,
    "leicht": 1, "mäßig": 2, "mittel": 2, "schwer": 3, "lebensbedrohlich": 4, "tödlich": 5, "tod": 5,
}  # fmt: skip
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_NAMED = r"(?:(?:nci[ -]?)?ctc(?:ae)?\s*)?(?:grado|grade|grad|gr|g)?[.: ]?\s*°?"
_SEVERITY = "|".join(SEVERITY).replace("-", "[- ]")
_AFTER = re.compile(
    rf"{_NAMED}(?P<grade>[0-5])(?:[.,]0+)?\s*°?\s*(?:[-–—=:,(]?\s*(?P<word>{_SEVERITY})\s*\)?)?",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?P<word>{_SEVERITY})\s*[-–—=:,(]\s*{_NAMED}(?P<grade>[0-5])\s*°?\s*\)?", re.IGNORECASE
)
_ROMAN = re.compile(
    r"(?:(?:nci[ -]?)?ctc(?:ae)?\s*)?(?:grado|grade|grad|gr)[.: ]?\s*(?P<roman>iv|v|i{1,3})", re.IGNORECASE
)
OCCURRED = frozenset(("yes", *YES_NO["yes"], "sí", "sì")) - {"1"}
DENIED = frozenset(
    ("no", *YES_NO["no"], "kein", "keine", "aucun", "aucune", "ninguno", "ninguna", "nessuno", "nessuna")
)


def grade(cell: object) -> tuple[float | None, str | None]:
    """A grade, as the functions of `cells` read: a number, or one with the words that go with it.

    A word alone, two grades ("2-3") and a word that contradicts its number are not read.

    >>> grade(2), grade("Grade 2"), grade("3 - severe"), grade("2 - severe")
    ((2.0, None), (2.0, 'GRADE_AS_TEXT'), (3.0, 'GRADE_AS_TEXT'), (None, 'BAD_NUMBER'))
    """
    value, code = cells.number(cell)
    if code != "BAD_NUMBER" or not isinstance(cell, str):
        return value, code
    shown, _ = cells.text(cell)
    roman = _ROMAN.fullmatch(shown)
    if roman:
        return float(ROMAN[roman["roman"].casefold()]), GRADE_AS_TEXT
    found = _AFTER.fullmatch(shown) or _BEFORE.fullmatch(shown)
    if not found or SEVERITY.get((found["word"] or "").casefold(), int(found["grade"])) != int(
        found["grade"]
    ):
        return None, "BAD_NUMBER"
    return float(found["grade"]), GRADE_AS_TEXT


class Answers:
    """What the cells of a column of one toxicity say beside a grade.

    none, unknown: the settings' own words ("" is an empty cell). Grade 0 is none, and what means missing
    everywhere is not known, unless the settings say otherwise.
    """

    NONE, UNKNOWN, OCCURRED, GRADE = "none", "unknown", "occurred", "grade"

    def __init__(self, none: Iterable[str], unknown: Iterable[str]):
        self._none = {word_key(word) for word in none}
        self._unknown = {word_key(word) for word in unknown}

    def of(self, cell: object) -> str:
        """Whether a cell says that there was none, that it is not known, that there was one, or a grade."""
        key = "" if cell is None else word_key(cells.text(cell)[0] if isinstance(cell, str) else cell)
        if key in self._none:
            return self.NONE
        if key in self._unknown or key in MISSING_WORDS or key in NOT_MEASURED:
            return self.UNKNOWN
        if key in DENIED or cell is False or (not isinstance(cell, bool) and grade(cell)[0] == 0):
            return self.NONE
        return self.OCCURRED if cell is True or key in OCCURRED else self.GRADE
