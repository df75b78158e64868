"""The number of a line of treatment as it is written: 2, "2L", "Line 2", "2nd line", "Zweitlinie"."""

from __future__ import annotations

import re
import unicodedata

from reportgen.cohort.clean import cells

LINE_AS_TEXT = "LINE_AS_TEXT"
_WORD = r"(?:lines?|linien?|lignes?|lineas?|linee|therapielinie|lot|l)"
_NUMBER = re.compile(
    rf"(?:{_WORD}\s*[-:#.]?\s*)?(?:no\.?|nr\.?|n°)?\s*(?P<number>[1-9]\d?)\s*(?:st|nd|rd|th|ere?|er|eme|e|[aoª°.])?\s*[-.]?\s*"
    rf"(?:{_WORD})?(?:\s+(?:of )?(?:therapy|treatment|therapie|traitement))?\.?",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    rf"(?P<word>first|second|third|fourth|fifth|erst|zweit|dritt|viert|funft|premiere|deuxieme|troisieme|quatrieme|"
    rf"primera|segunda|tercera|cuarta|prima|seconda|terza|quarta)[es]?[nr]?\s*[-.]?\s*{_WORD}?",
    re.IGNORECASE,
)
_COUNT = {
    word: number
    for number, words in enumerate(
        ("first erst premiere primera prima", "second zweit deuxieme segunda seconda",
         "third dritt troisieme tercera terza", "fourth viert quatrieme cuarta quarta", "fifth funft"), 1
    )
    for word in words.split()
}  # fmt: skip


def line(cell: object) -> tuple[float | None, str | None]:
    """The number of a line, as the functions of `cells` read. Two numbers ("1-2") are not read.

    >>> line(2), line("2L"), line("2nd line"), line("Erstlinie"), line("1-2")
    ((2.0, None), (2.0, 'LINE_AS_TEXT'), (2.0, 'LINE_AS_TEXT'), (1.0, 'LINE_AS_TEXT'), (None, 'BAD_NUMBER'))
    """
    value, code = cells.number(cell)
    if code != "BAD_NUMBER" or not isinstance(cell, str):
        return value, code
    shown = unicodedata.normalize("NFKD", cells.text(cell)[0])
    shown = "".join(sign for sign in shown if not unicodedata.combining(sign)).casefold()
    found, counted = _NUMBER.fullmatch(shown), _COUNTED.fullmatch(shown)
    number = int(found["number"]) if found else _COUNT[counted["word"]] if counted else None
    return (None, "BAD_NUMBER") if number is None else (float(number), LINE_AS_TEXT)
