"""A calendar day from a cell, and the order of day, month and year in which a column of texts can be read.

As in `cells`, (value, code) comes back and nothing is guessed: a text that two orders fit is not read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from reportgen.cohort.clean.cells import ERROR_CELL, MISSING_WORD, is_error, no_date, text

FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)
YEARS = range(1900, 2101)
READ_AS = {"dmy": "DATE_DAY_FIRST", "mdy": "DATE_MONTH_FIRST"}
# In a column of true dates none of which has a day above 12, day and month may have been taken for one another.
MONTHS_IN_A_YEAR = 12
FEWEST_SWAPPED = 3

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]([\d:.]+)(?:Z|[+-]\d{2}:?\d{2})?)?")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[./ -]\s*(\d{1,2})\s*[./ -]\s*(\d{1,2})|(\d{4})(\d{2})(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4}|\d{2})")
# Behind a date: 00:00, T23:59:59.5, :12:30:00 (SAS), 12:00:00 AM.
_TIME = re.compile(r"[ T:,]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AP]\.?M\.?)?$", re.IGNORECASE)
_NAMED_MONTH = re.compile(
    r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.|º)?[ /-]*(?:de )?(?P<m>[^\W\d_]{3,10})\.?,?[ /-]*(?:del? )?(?P<y>\d{4})"
    r"|(?P<m2>[^\W\d_]{3,10})\.?[ /-]*(?P<d2>\d{1,2})(?:st|nd|rd|th)?(?:, *| +|-|/)(?P<y2>\d{4})"
    r"|(?P<y3>\d{4})[ /-]*(?P<m3>[^\W\d_]{3,10})\.?[ /-]*(?P<d3>\d{1,2})",
    re.IGNORECASE,
)
_UNKNOWN = r"(?:XX|UN|UNK|UK|NK|\?\?|00|--)"
# A year of our time, and a month: 0.0427 is a number.
_YEAR, _MONTH = r"(?:19|20|21)\d{2}", r"(?:0?[1-9]|1[0-2]|00)"
_PARTIAL = re.compile(
    rf"{_YEAR}|{_YEAR}-\d{{1,2}}|{_MONTH}[./]{_YEAR}|[^\W\d_]{{3,12}}\.?[ -]?\d{{4}}"
    rf"|\d{{4}}-{_UNKNOWN}-(?:{_UNKNOWN}|\d{{2}})|\d{{4}}-\d{{2}}-{_UNKNOWN}"
    rf"|{_UNKNOWN}[-./ ](?:{_UNKNOWN}|\d{{1,2}}|[^\W\d_]{{3,12}})[-./ ]\d{{4}}",
    re.IGNORECASE,
)
# As spreadsheets count days: from the first year of [source] date_serials on; of 1927 to 2099, five digits.
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_BEFORE_DAY_ONE = {1900: date(1899, 12, 30), 1904: date(1904, 1, 1)}
_SERIALS = range(10_000, 73_051)
_SHORT = re.compile(
    r"(\d{1,2}\s*[./-]\s*\d{1,2}\s*[./-]\s*|\d{1,2}(?:st|nd|rd|th|\.)?[ /-]*[^\W\d_]{3,10}\.?,?[ /-]*)(\d{2})"
)
# In English, German, French, Spanish and Italian.
_NAMES = (
    ("january", "januar", "jänner", "janvier", "enero", "gennaio"),
    ("february", "februar", "février", "fevrier", "febrero", "febbraio", "févr", "fevr"),
    ("march", "märz", "maerz", "mrz", "mars", "marzo"),
    ("april", "avril", "abril", "aprile"),
    ("may", "mai", "mayo", "maggio"),
    ("june", "juni", "juin", "junio", "giugno"),
    ("july", "juli", "juillet", "juil", "julio", "luglio"),
    ("august", "août", "aout", "agosto"),
    ("september", "septembre", "septiembre", "settembre", "sept"),
    ("october", "oktober", "octobre", "octubre", "ottobre"),
    ("november", "novembre", "noviembre"),
    ("december", "dezember", "décembre", "decembre", "diciembre", "dicembre"),
)
# Abbreviated to any length: three letters are enough, but for June and July in French.
MONTHS = {
    spelling: number
    for number, names in enumerate(_NAMES, 1)
    for name in names
    for spelling in (name[:letters] for letters in range(4 if name.startswith("jui") else 3, len(name) + 1))
}


def day(cell: object, order: str = "", until: int = 0, serials: int = 0) -> tuple[date | None, str | None]:
    """A calendar day: a true date, or a text that can be read in one way only. order: of numbers such as 1/2/2019.

    The month may be a word. Two digits are no year, unless it is told until which year they go: until 2026, 26 is
    2026 and 27 is 1927. serials: the year from which a spreadsheet counts its days, 0 where none does.

    >>> day("42114", serials=1900), day("42114")
    ((datetime.date(2015, 4, 20), 'DATE_FROM_SERIAL'), (None, 'DATE_AS_NUMBER'))
    >>> day("2015-04-20"), day("01/02/2019"), day("01/02/2019", "mdy"), day(42114.0)
    ((datetime.date(2015, 4, 20), None), (None, 'AMBIGUOUS_DATE'), (datetime.date(2019, 1, 2), 'DATE_MONTH_FIRST'), \
(None, 'DATE_AS_NUMBER'))
    """
    code, serial = None, serial_of(cell)
    if serial is not None:
        if not serials:
            return None, "DATE_AS_NUMBER"
        return _BEFORE_DAY_ONE[serials] + timedelta(days=serial), "DATE_FROM_SERIAL"
    if isinstance(cell, datetime):
        code = "DATE_HAS_TIME" if cell.time() != time() else None
        cell = cell.date()
    if isinstance(cell, str):
        cell, code = _from_text(with_century(cell, until), order)
    if cell is None:
        return None, code
    if isinstance(cell, date):
        if cell.year == FIRST.year:
            return None, "DATE_OF_1900"
        return (cell, code) if FIRST <= cell <= LAST else (None, "DATE_RANGE")
    if not isinstance(cell, (int, float)) or isinstance(cell, bool):
        return None, "BAD_DATE"
    if 19000101 <= cell <= 21001231:  # as a serial number of a spreadsheet it would lie in the year 57000
        return _from_text(f"{cell:.0f}", order)
    return None, "PARTIAL_DATE" if cell in YEARS else "DATE_AS_NUMBER"


def serial_of(cell: object) -> int | None:
    """The days of a number, or of its text, by which a spreadsheet may count a day of a patient's life.

    >>> serial_of(42114.0), serial_of("42114"), serial_of("42114,75"), serial_of(2015), serial_of("123456")
    (42114, 42114, 42114, None, None)
    """
    if isinstance(cell, str):
        shown = text(cell)[0]
        cell = float(shown.replace(",", ".")) if _SERIAL.fullmatch(shown) else None
    if not isinstance(cell, (int, float)) or isinstance(cell, bool) or cell != cell:
        return None
    return int(cell) if _SERIALS.start <= cell < _SERIALS.stop else None


def are_days(distinct: Collection[object]) -> bool:
    """Whether all of several cells are days without anything between year, month and day: 20190427.

    >>> are_days([20190427, "20180101"]), are_days([20190427, 20191345]), are_days([20190427])
    (True, False, False)
    """
    return len(distinct) > 1 and all(_is_compact(cell) for cell in distinct)


def _is_compact(cell: object) -> bool:
    if isinstance(cell, float) and not cell.is_integer() or isinstance(cell, (bool, date)):
        return False
    shown = f"{cell:.0f}" if isinstance(cell, (int, float)) else cell.strip() if isinstance(cell, str) else ""
    return len(shown) == len("20190427") and shown.isdigit() and day(shown)[0] is not None


def with_century(cell: str, until: int) -> str:
    """A text of a date with its year in full, where two digits stand for one of the hundred years up to `until`.

    >>> with_century("1.2.26", 2026), with_century("1-Feb-27", 2026), with_century("1.2.26", 0)
    ('1.2.2026', '1-Feb-1927', '1.2.26')
    """
    short = _SHORT.fullmatch(_without_time(text(cell)[0])) if until else None
    return f"{short[1]}{until - (until - int(short[2])) % 100}" if short else cell


def order_of(column: Iterable[object], until: int = 0) -> str:
    """The only order ("dmy", "mdy") that some of a column's texts such as 27/4/2019 can have; "" if not one.

    Also "" where a spreadsheet may have turned the other texts into true dates with day and month exchanged:
    what remained a text has a number above 12, and no true date has a day above 12. until: as in `day`.

    >>> order_of(["27/4/2019", "1/2/2019"]), order_of(["1/2/2019"]), order_of(["27/4/2019", "4/27/2019"])
    ('dmy', '', '')
    """
    found, doubtful, true = set(), False, []
    for cell in column:
        if isinstance(cell, date):
            true.append(cell.day)
        match = (
            _NUMERIC.fullmatch(_without_time(text(with_century(cell, until))[0]))
            if isinstance(cell, str)
            else None
        )
        if match:
            fits = {order for order in READ_AS if _in_order(match, order)}
            found |= fits if len(fits) == 1 else set()
            doubtful = doubtful or len(fits) > 1
    exchanged = len(true) >= FEWEST_SWAPPED and max(true) <= MONTHS_IN_A_YEAR and not doubtful
    return found.pop() if len(found) == 1 and not exchanged else ""


def _from_text(cell: str, order: str) -> tuple[date | None, str | None]:
    shown, _ = text(cell)
    if is_error(shown):
        return None, ERROR_CELL
    if no_date(shown):
        return None, MISSING_WORD if shown else None
    iso = _ISO.fullmatch(shown)
    if iso:
        found = _date(iso[1], iso[2], iso[3])
        if found is None:
            return None, "PARTIAL_DATE" if _PARTIAL.fullmatch(shown) else "BAD_DATE"
        return found, "DATE_HAS_TIME" if (iso[4] or "0").strip("0:.") else None
    shown = _without_time(shown)
    if _PARTIAL.fullmatch(shown):
        return None, "PARTIAL_DATE"
    numeric = _NUMERIC.fullmatch(shown)
    if numeric:
        return _of_numbers(numeric, order)
    written = _NAMED_MONTH.fullmatch(shown)
    if written:
        year, name, number = (written[k] or written[f"{k}2"] or written[f"{k}3"] for k in "ymd")
        found = _date(year, MONTHS.get(name.casefold(), 0), number)
    else:
        first = _YEAR_FIRST.fullmatch(shown)
        found = _date(*(first[1], first[2], first[3]) if first[1] else first.groups()[3:]) if first else None
    if (
        not found
        and _SHORT.fullmatch(shown)
        and any(name in MONTHS for name in re.findall(r"[^\W\d_]+", shown.casefold()))
    ):
        return None, "SHORT_YEAR"
    return (found, "DATE_IN_WORDS") if found else (None, "BAD_DATE")


def _without_time(shown: str) -> str:
    """A text of a date without the time of day behind it."""
    time_of_day = _TIME.search(shown) if ":" in shown else None
    return shown[: time_of_day.start()] if time_of_day and time_of_day.start() else shown


def _of_numbers(numeric: re.Match, order: str) -> tuple[date | None, str | None]:
    fits = [known for known in READ_AS if _in_order(numeric, known)]
    if order in READ_AS:
        found = _in_order(numeric, order)
        if found:
            return found, READ_AS[order]
    if not fits:
        short = len(numeric[3]) == len("19") and min(int(numeric[1]), int(numeric[2])) <= MONTHS_IN_A_YEAR
        return None, "SHORT_YEAR" if short else "BAD_DATE"
    if len(fits) > 1 and int(numeric[1]) == int(numeric[2]):
        return _in_order(numeric, fits[0]), "DATE_IN_WORDS"
    return None, "AMBIGUOUS_DATE" if len(fits) > 1 else "DATE_AS_TEXT"


def _in_order(numeric: re.Match, order: str) -> date | None:
    if len(numeric[3]) < len("2019"):
        return None
    first, second = numeric[1], numeric[2]
    return _date(numeric[3], *((second, first) if order == "dmy" else (first, second)))


def _date(year: str, month: str | int, number: str) -> date | None:
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        return None
