"""One cell at a time: what it holds as a date, number, id, word or text, and what is wrong with it.

Every function takes a non-empty cell and returns (value, code): value None where the cell counts as
missing, code None where nothing is to be said. Nothing is guessed: a cell that can be read in two ways is
not read.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from reportgen.cohort.schema import INVISIBLE, MISSING_IN_TEXT, MISSING_WORDS, word_key

MAX_TEXT = 1_000
MISSING_WORD = "MISSING_WORD"
ERROR_CELL = "ERROR_CELL"
# What spreadsheets show in place of a value that they can't work out; exports hold these as text.
ERRORS = frozenset(
    ("#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!", "#getting_data", "#spill!", "#calc!")
)
FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)
YEARS = range(1900, 2101)

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]([\d:.]+)(?:Z|[+-]\d{2}:?\d{2})?)?")
_YEAR_FIRST = re.compile(r"\d{4}\s*[./ -]\s*\d{1,2}\s*[./ -]\s*\d{1,2}|\d{8}")
_NUMERIC = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(?:\d{4}|\d{2})")
_NAMED_MONTH = re.compile(r"(?=.*\d{4})(?=.*[^\W\d_]{3})[\w\s.,-]{8,25}")
_UNKNOWN = r"(?:XX|UN|UNK|UK|NK|\?\?|00|--)"
_PARTIAL = re.compile(
    rf"\d{{4}}|\d{{4}}-\d{{1,2}}|\d{{1,2}}[./]\d{{4}}|[^\W\d_]{{3,12}}\.?[ -]?\d{{4}}"
    rf"|\d{{4}}-{_UNKNOWN}-(?:{_UNKNOWN}|\d{{2}})|\d{{4}}-\d{{2}}-{_UNKNOWN}"
    rf"|{_UNKNOWN}[-./ ](?:{_UNKNOWN}|\d{{1,2}}|[^\W\d_]{{3,12}})[-./ ]\d{{4}}",
    re.IGNORECASE,
)
_COMMA_NUMBER = re.compile(r"[+-]?\d+(,(\d+))?")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")


def text(cell: object) -> tuple[str, str | None]:
    """Readable text: NFC, blanks collapsed, control characters gone, at most MAX_TEXT characters.

    >>> text("RANBP2 "), text("a\\x00b\\n c"), text(1.0)
    (('RANBP2', None), ('ab c', None), ('1', None))
    """
    if not isinstance(cell, str):
        return _plain(cell), None
    code = "CELL_TOO_LONG" if len(cell) > MAX_TEXT else None
    if cell.isascii() and cell.isprintable() and "  " not in cell:
        return cell[:MAX_TEXT].strip(), code
    shown = INVISIBLE.sub("", " ".join(cell[: 4 * MAX_TEXT].split()))
    return unicodedata.normalize("NFC", " ".join(shown.split()))[:MAX_TEXT], code


def free_text(cell: object) -> tuple[str | None, str | None]:
    """Text in which "unknown" or "none" are words, and only signs such as "-" and "n/a" mean nothing."""
    shown, code = text(cell)
    if is_error(shown):
        return None, ERROR_CELL
    if shown.casefold() in MISSING_IN_TEXT:
        return None, code if not shown else MISSING_WORD
    return shown, code


def category(cell: object) -> tuple[str | None, str | None]:
    """A category: as text, but "unknown" and its like are missing; "none" stays a category."""
    shown, code = text(cell)
    if is_error(shown):
        return None, ERROR_CELL
    if shown.casefold() in MISSING_WORDS:
        return None, code if not shown else MISSING_WORD
    return shown, code


def identifier(cell: object) -> tuple[str | None, str | None]:
    """An id; numbers lose their ".0", and none above 15 digits is trusted, for Excel rounds them."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= 1e15:
        return _plain(cell), "ID_PRECISION"
    shown, code = text(cell)
    return (None, ERROR_CELL) if is_error(shown) else (shown or None, code)


def number(cell: object) -> tuple[float | None, str | None]:
    """A finite number; "12" is accepted and said, "1,5" and "<5" are not read.

    >>> number(3), number("12"), number("1,5"), number("n/a")
    ((3.0, None), (12.0, 'NUMBER_AS_TEXT'), (None, 'BAD_NUMBER'), (None, 'MISSING_WORD'))
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return (float(cell), None) if math.isfinite(cell) else (None, "BAD_NUMBER")
    if not isinstance(cell, str):
        return None, "BAD_NUMBER"
    shown, _ = text(cell)
    if is_error(shown):
        return None, ERROR_CELL
    if missing(shown):
        return None, MISSING_WORD if shown else None
    if not _NUMBER.fullmatch(shown):
        return None, "BAD_NUMBER"
    value = float(shown)
    return (value, "NUMBER_AS_TEXT") if math.isfinite(value) else (None, "BAD_NUMBER")


def comma_number(cell: object) -> tuple[float | None, str | None]:
    """A number of a column for which `decimal_commas` holds.

    >>> comma_number("1,5"), comma_number("2")
    ((1.5, 'DECIMAL_COMMA'), (2.0, 'NUMBER_AS_TEXT'))
    """
    value, code = number(cell.replace(",", ".") if isinstance(cell, str) else cell)
    return value, "DECIMAL_COMMA" if value is not None and "," in str(cell) else code


def decimal_commas(column: Iterable[object]) -> bool:
    """Whether the commas in a column of numbers can mean nothing else.

    There is no decimal point, never more than one comma, and not each has three digits behind it as thousands do.

    >>> decimal_commas(["1,5", "12"]), decimal_commas(["1,500"]), decimal_commas(["1,5", "2.5"])
    (True, False, False)
    """
    found = False
    for cell in column:
        shown = text(cell)[0] if isinstance(cell, str) else ""
        if not shown or missing(shown):
            continue
        parts = _COMMA_NUMBER.fullmatch(shown)
        if not parts:
            return False
        found = found or (
            parts[2] is not None and (len(parts[2]) != 3 or shown.lstrip("+-").startswith("0,"))
        )
    return found


def day(cell: object) -> tuple[date | None, str | None]:
    """A calendar day: a true date, or text in the form 2015-04-20; anything else is named, not guessed.

    >>> day("2015-04-20"), day("01/02/2019"), day(42114.0)
    ((datetime.date(2015, 4, 20), None), (None, 'AMBIGUOUS_DATE'), (None, 'DATE_AS_NUMBER'))
    """
    code = None
    if isinstance(cell, datetime):
        code = "DATE_HAS_TIME" if cell.time() != time() else None
        cell = cell.date()
    if isinstance(cell, str):
        cell, code = _day_from_text(cell)
    if cell is None:
        return None, code
    if isinstance(cell, date):
        return (cell, code) if FIRST <= cell <= LAST else (None, "DATE_RANGE")
    if not isinstance(cell, (int, float)) or isinstance(cell, bool):
        return None, "BAD_DATE"
    return None, "PARTIAL_DATE" if cell in YEARS else "DATE_AS_NUMBER"


def word(cell: object, lookup: Mapping[str, str]) -> tuple[str | None, str | None]:
    """A word of a closed vocabulary; `lookup` holds every accepted spelling."""
    key = word_key(text(cell)[0] if isinstance(cell, str) else cell)
    if key in lookup:
        return lookup[key], None
    if key in MISSING_WORDS:
        return None, MISSING_WORD if key else None
    return None, ERROR_CELL if key in ERRORS else "UNKNOWN_VALUE"


def is_error(shown: str) -> bool:
    """Whether a text is an error of a spreadsheet that was exported as text."""
    return shown[:1] == "#" and shown.casefold() in ERRORS


def missing(shown: str) -> bool:
    """Whether a text in a column of numbers or dates says that there is no value."""
    key = shown.casefold()
    return key in MISSING_WORDS or key == "none"


def _day_from_text(cell: str) -> tuple[date | None, str | None]:
    shown, _ = text(cell)
    if is_error(shown):
        return None, ERROR_CELL
    if missing(shown):
        return None, MISSING_WORD if shown else None
    iso = _ISO.fullmatch(shown)
    if iso:
        try:
            found = date(int(iso[1]), int(iso[2]), int(iso[3]))
        except ValueError:
            return None, "PARTIAL_DATE" if _PARTIAL.fullmatch(shown) else "BAD_DATE"
        return found, "DATE_HAS_TIME" if (iso[4] or "0").strip("0:.") else None
    if _PARTIAL.fullmatch(shown):
        return None, "PARTIAL_DATE"
    numeric = _NUMERIC.fullmatch(shown)
    if numeric:
        first, second = int(numeric[1]), int(numeric[2])
        if first == second or first > 12 or second > 12:
            return None, "DATE_AS_TEXT" if min(first, second) <= 12 else "BAD_DATE"
        return None, "AMBIGUOUS_DATE"
    if _YEAR_FIRST.fullmatch(shown) or _NAMED_MONTH.fullmatch(shown):
        return None, "DATE_AS_TEXT"
    return None, "BAD_DATE"


def _plain(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e18 else repr(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, (date, datetime, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return f"{cell.total_seconds():.0f} s"
    return str(cell)
