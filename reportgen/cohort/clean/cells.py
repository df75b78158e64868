"""One cell at a time: what it holds as a date, number, id, word or text, and what is wrong with it.

Every function takes a non-empty cell and returns (value, code): value None where the cell counts as
missing, code None where nothing is to be said. Nothing is guessed: a cell that can be read in two ways is
not read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from reportgen.cohort.mapping.keys import INVISIBLE, NUL_SHOWN, word_key
from reportgen.cohort.mapping.schema import MISSING_IN_TEXT, MISSING_WORDS, NO_DATE, NOT_MEASURED

MAX_TEXT = 1_000
MISSING_WORD = "MISSING_WORD"
ERROR_CELL = "ERROR_CELL"
# What spreadsheets show in place of a value that they can't work out; exports hold these as text.
ERRORS = frozenset(
    ("#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!", "#getting_data", "#spill!", "#calc!")
)
_COMMA_NUMBER = re.compile(r"[+-]?\d+(,(\d+))?")
# 1E5 is an id, such as of a place on a plate; what programs write has a sign or a point: 1e+05, 1.0e5.
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]\d{1,3})?|[+-]?(\d+\.\d*|\.\d+)[eE]\d{1,3}")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
NOT_A_NUMBER = "nan"
# Controls but those that are blanks; U+2400 stands for U+0000 (see readers), which pandas takes for a text's end.
_EXCHANGED = str.maketrans(".,", ",.")
CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u2400]")


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


def unseen(cell: object) -> str | None:
    """The code of a cell that holds what can't be seen: two texts may differ in nothing else."""
    if not isinstance(cell, str) or (cell.isascii() and cell.isprintable()):
        return None
    if CONTROL.search(cell):
        return "CONTROL_CHARACTER"
    return "INVISIBLE_CHARACTER" if INVISIBLE.search(" ".join(cell.split())) else None


def free_text(cell: object) -> tuple[str | None, str | None]:
    """Text in which "unknown" or "none" are words, and only signs such as "-" and "n/a" mean nothing.

    Control characters are written out, so that texts which differ in them alone stay two.

    >>> free_text("a\\x00b")
    ('a\\\\x00b', None)
    """
    shown, code = text(_written_out(cell))
    if is_error(shown):
        return None, ERROR_CELL
    if shown.casefold() in MISSING_IN_TEXT:
        return None, code if not shown else MISSING_WORD
    return shown, code


def terms(cell: object) -> tuple[str | None, str | None]:
    """Texts with "|" between them, as one text of any length.

    >>> terms("rash |  fatigue")
    ('rash | fatigue', None)
    """
    parts = [text(part)[0] for part in str(cell).split("|")]
    return " | ".join(part for part in parts if part) or None, None


def category(cell: object) -> tuple[str | None, str | None]:
    """A category: as free text, but "unknown" and its like are missing; "none" stays a category."""
    shown, code = text(_written_out(cell))
    if is_error(shown):
        return None, ERROR_CELL
    if shown.casefold() in MISSING_WORDS:
        return None, code if not shown else MISSING_WORD
    return shown, code


TOO_LARGE = 1e100


def identifier(cell: object) -> tuple[str | None, str | None]:
    """An id; numbers lose their ".0", and none above 15 digits is trusted, for Excel rounds them."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= 1e15:
        return _plain(cell), "ID_PRECISION"
    shown, code = text(cell)
    return (None, ERROR_CELL) if is_error(shown) else (shown or None, code)


def number(cell: object, decimal: str = "") -> tuple[float | None, str | None]:
    """A finite number; "12" is accepted and said, "1,5" and "<5" are not read. decimal: the sign that is told.

    With a sign told, the other one may part thousands. NaN and infinity are no numbers, and not missing either; nor is
    what nobody measures, and whose square no computer holds.

    >>> number(3), number("12"), number("1,5"), number("n/a"), number("1E5")
    ((3.0, None), (12.0, 'NUMBER_AS_TEXT'), (None, 'BAD_NUMBER'), (None, 'MISSING_WORD'), (None, 'BAD_NUMBER'))
    >>> number("1.234,5", ","), number("1,234.5", ".")
    ((1234.5, 'NUMBER_AS_TEXT'), (1234.5, 'NUMBER_AS_TEXT'))
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return (float(cell), None) if abs(cell) < TOO_LARGE else (None, "BAD_NUMBER")
    if not isinstance(cell, str):
        return None, "BAD_NUMBER"
    shown, _ = text(cell)
    if is_error(shown):
        return None, ERROR_CELL
    if (missing(shown) and shown.casefold() != NOT_A_NUMBER) or shown.casefold() in NOT_MEASURED:
        return None, MISSING_WORD if shown else None
    shown = _with_point(shown, decimal)
    if not _NUMBER.fullmatch(shown):
        return None, "BAD_NUMBER"
    value = float(shown)
    return (value, "NUMBER_AS_TEXT") if abs(value) < TOO_LARGE else (None, "BAD_NUMBER")


def comma_number(cell: object) -> tuple[float | None, str | None]:
    """A number of a column for which `decimal_commas` holds.

    >>> comma_number("1,5"), comma_number("2"), comma_number("1.050,5")
    ((1.5, 'DECIMAL_COMMA'), (2.0, 'NUMBER_AS_TEXT'), (1050.5, 'DECIMAL_COMMA'))
    """
    value, code = number(cell, ",")
    return value, "DECIMAL_COMMA" if value is not None and "," in str(cell) else code


def decimal_commas(column: Iterable[object]) -> bool:
    """Whether the commas in a column of numbers can mean nothing else.

    There is no decimal point, never more than one comma, and not each has three digits behind it as thousands do. A
    point may part thousands.

    >>> decimal_commas(["1,5", "12"]), decimal_commas(["1,500"]), decimal_commas(["1,5", "2.5"])
    (True, False, False)
    >>> decimal_commas(["1.050,5", "950"]), decimal_commas(["1.050", "950"])
    (True, False)
    """
    found = False
    for cell in column:
        shown = text(cell)[0] if isinstance(cell, str) else ""
        if not shown or missing(shown):
            continue
        parts = _COMMA_NUMBER.fullmatch(shown.replace(".", "") if _THOUSANDS.fullmatch(shown) else shown)
        if not parts:
            return False
        found = found or (
            parts[2] is not None and (len(parts[2]) != 3 or shown.lstrip("+-").startswith("0,"))
        )
    return found


def word(cell: object, lookup: Mapping[str, str | None]) -> tuple[str | None, str | None]:
    """A word of a closed vocabulary; `lookup` holds every accepted spelling."""
    key = word_key(text(cell)[0] if isinstance(cell, str) else cell)
    if key in lookup:
        return lookup[key], None
    if missing(key):
        return None, MISSING_WORD if key else None
    return None, ERROR_CELL if key in ERRORS else "UNKNOWN_VALUE"


def is_error(shown: str) -> bool:
    """Whether a text is an error of a spreadsheet that was exported as text."""
    return shown[:1] == "#" and shown.casefold() in ERRORS


def missing(shown: str) -> bool:
    """Whether a text in a column of numbers or dates says that there is no value."""
    key = shown.casefold()
    return key in MISSING_WORDS or key == "none"


# Of no calendar: what databases and forms write where there is no date.
_ZEROS_OR_NINES = re.compile(r"(?:0+|9+)([./-])(?:0+|9+)\1(?:0+|9+)(?: 00:00(?::00)?)?")


def no_date(shown: str) -> bool:
    """Whether a text in a column of dates says that there is none, or that nothing is known."""
    key = shown.casefold()
    return (
        missing(shown) or key in NOT_MEASURED or key in NO_DATE or _ZEROS_OR_NINES.fullmatch(key) is not None
    )


def _with_point(shown: str, decimal: str) -> str:
    """A number with the told decimal sign as one with a point and without signs between thousands."""
    if decimal == ",":
        if _THOUSANDS.fullmatch(shown):
            shown = shown.replace(".", "")
        return shown.replace(",", ".") if "." not in shown else ""
    if decimal == "." and _THOUSANDS.fullmatch(shown.translate(_EXCHANGED)):
        return shown.replace(",", "")
    return shown


def _written_out(cell: object) -> object:
    if not isinstance(cell, str) or (cell.isascii() and cell.isprintable()):
        return cell
    return CONTROL.sub(lambda found: f"\\x{ord(found[0]) % ord(NUL_SHOWN):02x}", cell)


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
