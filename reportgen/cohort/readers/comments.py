"""Lines of a text file that are no data: cBioPortal and others put labels and types above the header, behind a #."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.schema import known_names

USUAL = "#"
LINE = re.compile(r"[^\n]*\n|[^\n]+")
FIELD = re.compile(r"[,;\t|]")


def without_comments(text: str, sheet: str, told: str) -> tuple[str, int, list[Issue]]:
    """(the text without its lines of comment, how many of these stood at its beginning, what is said of them).

    told: what [source] comment names: lines that begin with it become empty wherever they stand outside quotation
    marks. Else lines above the header that begin with # are comments, unless a single one of them names more columns
    that are known than the line below it and so is the header itself.
    """
    sign = told or USUAL
    if "\n" not in text or not (text.startswith(sign) or (told and f"\n{told}" in text)):
        return text, 0, []
    above, rest = _above(text, sign)
    if not told and len(above) == 1 and _known(above[0][len(USUAL) :]) > _known(rest.partition("\n")[0]):
        return text, 0, []
    below = list(_emptied(rest, told)) if told else [rest]
    count = len(above) + sum(kept == "" for kept in below)
    said = Issue(
        NOTE,
        "COMMENT_LINES",
        sheet,
        None,
        None,
        message("Rows that begin with {a} were left out: {n}", a=sign, n=count),
        message("Nothing to do"),
    )
    return "".join(line or "\n" for line in below), len(above), [said]


def _above(text: str, sign: str) -> tuple[list[str], str]:
    above = []
    while text.startswith(sign):
        line, end, text = text.partition("\n")
        above.append(line)
        if not end:
            break
    return above, text


def _emptied(text: str, sign: str) -> Iterator[str]:
    within = False
    for line in LINE.findall(text):
        comment = not within and line.startswith(sign)
        within = within != bool(line.count('"') % 2) if not comment else within
        yield "" if comment else line


def _known(line: str) -> int:
    known = known_names()
    return sum(name_key(part.strip(' "\r')) in known for part in FIELD.split(line))
