"""Ids that are not what they seem: changed by a spreadsheet, holding what can't be seen, or looking alike."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time, timedelta

import numpy as np
import pandas as pd

from reportgen.base.errors import ERROR, NOTE, WARNING, Issue
from reportgen.base.message import Message, message
from reportgen.cohort.checks.view import View
from reportgen.cohort.clean import cells
from reportgen.cohort.coded import factorized
from reportgen.cohort.mapping.keys import INVISIBLE
from reportgen.cohort.rows import filled
from reportgen.cohort.whole_columns import in_pieces, inferred, surely

# What a spreadsheet makes of 120000; a plain 1E5 may be a place on a plate.
SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+\d{1,3}|\d[.,]\d+E\d{1,3}", re.IGNORECASE)
# What it makes of 3-1, 3/2019 or 1.5.2019, as it stands in a text file; among ids of this form it is none.
DAY_OF_MONTH = r"(?:0?[1-9]|[12]\d|3[01])"
MONTH = r"(?:jan|feb|mar|mär|mrz|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)"
MONTH_NAME = rf"{MONTH}[a-zä]{{0,6}}\.?"
DATE_SHOWN = re.compile(
    rf"{DAY_OF_MONTH}[-. ]{{1,2}}{MONTH_NAME}(?:[- ]\d{{2,4}})?|{MONTH_NAME}[- ]\d{{2,4}}"
    r"|\d{4}-\d{2}-\d{2}(?:[ T]00:00(?::00)?)?|\d{1,2}[./]\d{1,2}[./]\d{4}",
    re.IGNORECASE,
)
MOSTLY = 0.5
PATH = re.compile(r"(?:^|[/\\])\.\.?(?:[/\\]|$)|^[/~\\]|^[A-Za-z]:[/\\]|\\|://")
FORMULA = re.compile(r"^[=@]|^[+-](?!\d)")
DOUBTFUL = re.compile(
    rf"[^A-Za-z0-9_ \n-]|^\s*-|\d[-. ]{{1,2}}{MONTH}|{MONTH}[a-z]*[- ]\d|^\d{{4}}-\d\d-\d\d",
    re.MULTILINE | re.IGNORECASE,
)
WORDS = (string.ascii_letters + string.digits + "_\n").encode()
# Letters of other scripts, and dashes, that look like Latin ones.
ALIKE = str.maketrans(
    "АВЕІЈКМНОРСТУХЅасеоріјѕухԁһӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαικνρυχ‐‒–—−",
    "ABEIJKMHOPCTYXSaceopijsyxdhlABEZHIKMNOPTYXoaikvpux-----",
)
ONE_SPELLING = message(
    "If it is the same patient, use one spelling of the id, or write alike_ids = true under [source] in report.toml"
)
# A letter at less than this share of the ids of one length may be a digit that was mistyped.
RARE = 0.1
LOOSE = str.maketrans("oil", "011")


def not_as_written(view: View) -> Iterator[Issue]:
    """Ids with characters that can't be seen, ids that are paths or formulas, dates that were once ids."""
    position = view.id_position
    if position is None or surely(view.sheet.frame[position], "words", _all_are_words):
        return
    raw = filled(view.sheet.frame[position])
    if inferred(raw) == "string" and _are_words("\n".join(raw.unique())):
        return
    dates = raw.map(lambda cell: isinstance(cell, str) and DATE_SHOWN.fullmatch(cell.strip()) is not None)
    few_dates = dates.sum() <= MOSTLY * len(raw)
    for row, cell in raw.items():
        said = WAS_A_TEXT if dates[row] and few_dates else _doubt(cell)
        if said:
            yield view.issue(position, row, *said)


def _are_words(together: str) -> bool:
    """Whether none of the ids, one a line, is doubtful: a million are looked at in one go."""
    letters = together.isascii() and not together.encode().translate(None, WORDS)
    return letters or not DOUBTFUL.search(together)


def _all_are_words(ids: np.ndarray) -> bool:
    return in_pieces(ids, _are_words)


WAS_A_TEXT = (
    WARNING,
    "SUSPICIOUS_ID",
    message("The id is a date, a time or a truth value, into which spreadsheets turn text such as 1-2"),
    message("Format the column as text and enter the ids again"),
)


def _doubt(cell: object) -> tuple[str, str, Message, Message] | None:
    if isinstance(cell, (date, time, timedelta, bool)):
        return WAS_A_TEXT
    if isinstance(cell, float):
        if cell.is_integer():
            return None
        return (
            WARNING,
            "ID_TYPE_MISMATCH",
            message("The id is a number with decimals, of which spreadsheets drop zeros at the end"),
            message("Format the column as text and enter the ids again"),
        )
    if not isinstance(cell, str) or cell.isalnum() and cell.isascii():
        return None
    shown = cell.strip()
    if SCIENTIFIC.fullmatch(shown):
        return (ERROR, "ID_PRECISION", message("The id was shortened by a spreadsheet to powers of ten"),
                message("Format the column as text and enter the ids again"))  # fmt: skip
    if INVISIBLE.search(shown) or len(shown) > cells.MAX_TEXT:
        return (WARNING, "SUSPICIOUS_ID", message("The id holds characters that can't be seen or turn the direction of "
                "writing; they were left out"), message("Enter the id again"))  # fmt: skip
    if PATH.search(shown):
        return (
            WARNING,
            "SUSPICIOUS_ID",
            message("The id looks like the path of a file"),
            message("Correct the id"),
        )
    if FORMULA.search(shown):
        return WARNING, "SUSPICIOUS_ID", message("The id looks like a formula"), message("Correct the id")
    if not shown.isascii() and len(_scripts(shown)) > 1:
        return (WARNING, "SUSPICIOUS_ID", message("The id mixes letters of several scripts that look alike"),
                message("Enter the id again"))  # fmt: skip
    return None


def _scripts(text: str) -> set[str]:
    return {unicodedata.name(c, "?").split(" ")[0] for c in text if c.isalpha()}


def of_two_types(view: View) -> Iterator[Issue]:
    """Numbers beside numbers as text: they are compared as text, so that 7 and 007 are two patients."""
    position = view.id_position
    if position is None or not view.sheet.typed:
        return
    raw = filled(view.sheet.frame[position])
    if inferred(raw) in ("string", "floating", "integer", "empty"):
        return
    as_text = raw.map(lambda cell: isinstance(cell, str) and cell.strip().isdigit())
    numbers = raw.map(lambda cell: isinstance(cell, (int, float)) and not isinstance(cell, bool))
    if as_text.any() and numbers.any():
        row, count = raw.index[as_text][0], (int(as_text.sum()), int(numbers.sum()))
        yield view.issue(position, row, NOTE, "ID_TYPE_MISMATCH",
                         message("{n} of the ids are numbers written as text, {k} are numbers", n=count[0], k=count[1]),
                         message("Nothing to do, or format the column as text"))  # fmt: skip


def alike(views: Mapping[str, View]) -> Iterator[Issue]:
    """Ids that differ only in leading zeros, or in letters that look the same, on any of the sheets."""
    names: set[str] = set()
    for severity, code, problem, look, sign in (
        (
            ERROR,
            "ID_TYPE_MISMATCH",
            message("The id differs from another one only in leading zeros"),
            _without_zeros,
            r"^0[0-9]+$",
        ),
        (
            ERROR,
            "SUSPICIOUS_ID",
            message("The id differs from another one only in letters of another script that look the same"),
            _in_latin,
            r"[^\x00-\x7f]",
        ),
        (
            WARNING,
            "SUSPICIOUS_ID",
            message("The id differs from another one only in what looks alike (0 and O, 1 and l)"),
            _loose,
            "[oilOIL]",
        ),
    ):
        found = any(_some_like(re.compile(sign, re.MULTILINE), view.ids) for view in views.values())
        names = names or ({name for view in views.values() for name in _texts(view)} if found else set())
        strange = set(_strange(names, look)) if found else set()
        strange = _unusual(strange, names) if look is _loose and strange else strange
        for view in views.values() if strange else ():
            for row in view.ids.index[view.ids.isin(strange)]:
                yield view.issue(view.id_position or 0, row, severity, code,
                                 problem,
                                 ONE_SPELLING)  # fmt: skip


def _texts(view: View) -> np.ndarray:
    return factorized(filled(view.ids))[1]


def _some_like(sign: re.Pattern, ids: pd.Series) -> bool:
    """Whether one of the ids is like a pattern. They may be millions, of which no set is made."""

    def none(texts: np.ndarray) -> bool:
        return in_pieces(texts, lambda lines: not sign.search(lines))

    return not surely(ids, f"none like {sign.pattern}", none) and not none(factorized(filled(ids))[1])


def written_otherwise(name: str) -> str:
    """An id in the spelling in which `alike` finds it an error to differ: without leading zeros, in Latin letters.

    >>> written_otherwise("007"), written_otherwise("7"), written_otherwise("Р1")
    ('7', '7', 'p1')
    """
    return _without_zeros(name) or _in_latin(name) or _spelling(name)


def _strange(names: set[str], look: Callable[[str], str | None]) -> Iterator[str]:
    """Names that look like another one which is no mere spelling of them; the stranger of the two."""
    looks: dict[str, set[str]] = {}
    candidates = {name: look(name) for name in names}
    candidates = {name: key for name, key in candidates.items() if key is not None}
    wanted = set(candidates.values())
    for name in names if wanted else ():
        key = candidates.get(name) or _spelling(name)
        if key in wanted:
            looks.setdefault(key, set()).add(name)
    for group in looks.values():
        if len({_spelling(name) for name in group}) > 1:
            yield from (name for name in group if name in candidates)


def _unusual(strange: set[str], names: set[str]) -> set[str]:
    """Those that have an O, I or l where hardly any id of their length has a letter.

    Where both stand at a place (TCGA-A5LI, TCGA-A5L1) the letter is as usual as the digit.
    """
    kinds: dict[tuple[int, int], Counter[str]] = {}
    for name in names:
        for place, character in enumerate(name):
            if character.isalnum() and character.casefold() not in "oil01":
                kinds.setdefault((len(name), place), Counter())[_kind(character)] += 1
    return {name for name in strange if any(_out_of_place(c, kinds.get((len(name), place)))
                                            for place, c in enumerate(name) if c.casefold() in "oil")}  # fmt: skip


def _out_of_place(character: str, kinds: Counter[str] | None) -> bool:
    """Whether hardly any id has a letter at the place of this one; also where the ids there say nothing of it."""
    return not kinds or kinds[_kind(character)] < RARE * kinds.total()


def _kind(character: str) -> str:
    return "digit" if character.isdigit() else "letter"


def _spelling(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _without_zeros(name: str) -> str | None:
    """What is left of 007, or of 1e3 zeros; None where there are no leading zeros.

    >>> _without_zeros("007"), _without_zeros("7")
    ('7', None)
    """
    return (name.lstrip("0") or "0") if name.isdecimal() and name.isascii() and name[0] == "0" else None


def _in_latin(name: str) -> str | None:
    """A name in the Latin letters and digits that it looks like; None where it is written in them."""
    if name.isascii():
        return None
    digits = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in name)
    return _spelling(digits.translate(ALIKE))


def _loose(name: str) -> str | None:
    look = _spelling(name).translate(LOOSE) if name.isascii() else None
    return look if look != name.casefold() else None
