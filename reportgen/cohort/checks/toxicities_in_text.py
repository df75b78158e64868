"""Toxicities that stand in the words of a column of the patients, and are counted nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reportgen.base.errors import WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.view import View
from reportgen.cohort.clean import cells
from reportgen.cohort.coded import factorized
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.matching import UNUSED
from reportgen.cohort.mapping.toxicity_names import SPEAKS, TERMS
from reportgen.cohort.mapping.word_lists import plain_words
from reportgen.cohort.raw import letter

# Beyond these it is a text for each patient of a registry.
MOST_DISTINCT = 2_000
GRADE = re.compile(r"(?<!\w)(?:grades?|grad|grado|gr|g)[\s.:=-]*(?:[1-5]|iv|v|i{1,3})(?!\w)", re.IGNORECASE)
PARTS = re.compile(r"[,;.\n]\s")


def toxicities_in_text(views: Mapping[str, View]) -> Iterator[Issue]:
    """TOXICITY_IN_WORDS: a column of the patients names toxicities in words, and there is no table of toxicities."""
    patients = views.get("patients")
    if patients is None or "toxicities" in views:
        return
    for header in patients.headers:
        if header.how not in UNUSED:
            continue
        codes, distinct = factorized(patients.sheet.frame[header.position])
        if len(distinct) > MOST_DISTINCT:
            continue
        called = SPEAKS.search(name_key(header.text)) is not None
        named = [isinstance(cell, str) and _names(cell, called) for cell in distinct]
        held = int(sum(named[code] for code in codes if code >= 0))
        if not held:
            continue
        problem = message("{a} holds toxicities in words, which are not counted: {n}", a=header.text, n=held)
        quoted = f'"{header.text}"'
        hint = message(
            "Write toxicity_text = [{a}] under [source] in report.toml, where each has its grade behind it "
            '("rash g2"); '
            "or give them as a sheet toxicities, a row each",
            a=quoted,
        )
        cell = f"{letter(header.position)}{patients.sheet.header_row}"
        yield Issue(WARNING, "TOXICITY_IN_WORDS", patients.sheet.name, cell, None, problem, hint)


def _names(cell: str, called: bool) -> bool:
    """Whether a text names a toxicity: with its grade, or in a column that is called so, without."""
    parts = PARTS.split(cells.text(cell)[0])
    return any((called or GRADE.search(part)) and TERMS.search(" ".join(plain_words(part))) for part in parts)
