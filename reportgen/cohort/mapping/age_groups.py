"""A column "age" that holds groups of age ("20-40", ">40") in place of numbers: a feature, and no age at the start."""

from __future__ import annotations

import re

from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.raw import RawSheet

CODE = "AGE_GROUPS"
LOOKED_AT = 2000
_NUMBER = r"\d{1,3}(?:[.,]\d+)?"
_GROUP = re.compile(
    rf"(?:[<>≤≥]\s*=?|under|over|above|below|unter|über|ab|bis)\s*{_NUMBER}\D*|{_NUMBER}\s*(?:-|–|—|to|bis)\s*"
    rf"<?\s*{_NUMBER}\D*|{_NUMBER}\s*(?:\+|y|yrs|years)?\s*(?:\+|and (?:over|older|above)|or (?:more|older))",
    re.IGNORECASE,
)


def holds_age_groups(sheet: RawSheet, position: int) -> bool:
    """Whether all that a column knows are groups of age, two of them or more."""
    known = {cells.text(cell)[0] for cell in sheet.frame[position].iloc[:LOOKED_AT].dropna()}
    known = {text for text in known if not cells.missing(text)}
    return len(known) > 1 and all(_GROUP.fullmatch(text) for text in known)


def age_groups(sheet: RawSheet, header: str, cell: str) -> Issue:
    """What is said of such a column."""
    problem = message("{a} holds groups of age and was read as a feature", a=header)
    hint = message("If there are ages in years, give them as a column age_at_start")
    return Issue(NOTE, CODE, sheet.name, cell, None, problem, hint)
