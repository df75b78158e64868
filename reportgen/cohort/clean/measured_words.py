"""Words among measured numbers, such as "<0.5" or "haemolytic": asked about, and no reason to refuse a cohort."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reportgen.base.errors import Issue
from reportgen.cohort.clean.cleaning import softened
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.raw import letter

MEASURED = ("value", "lower", "upper")


def without_words(issues: Iterable[Issue], headers: Iterable[Header]) -> list[Issue]:
    """The issues of the sheet of measurements; what can't be read as a number counts as missing, and that is said."""
    letters = {letter(header.position) for header in headers if header.name in MEASURED}
    found: list[Issue] = []
    for issue in issues:
        column = re.match("[A-Z]+", issue.cell or "")
        found += softened([issue]) if column and column[0] in letters else [issue]
    return found
