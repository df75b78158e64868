"""One setting's value: of the type of its default, or an error that says what was expected."""

from __future__ import annotations

import re
import shlex
from datetime import date, datetime

from reportgen.base.colours import READABLE, WHITE, contrast
from reportgen.base.message import N_, Message, message
from reportgen.writing.language import languages

ALLOWED = {
    "report.time_unit": ("days", "weeks", "months", "years"),
    "report.pfs_censor": ("last_assessment", "last_contact"),
    "report.response_until": ("stop", "next_line", "relapse"),
    "report.language": languages(),
    "report.confidence_level": (0.9, 0.95, 0.99),
    "report.survival_interval": ("by size", "log-log", "log", "beta product"),
    "privacy.profile": ("internal", "board", "partner", "external"),
    "notify.when": ("failure", "always"),
    "source.date_order": ("", "dmy", "mdy", "ymd"),
    "source.decimal": ("", ",", "."),
    "source.date_serials": (0, 1900, 1904),
    "endpoint.unit": ("days", "weeks", "months", "years"),
}
# What a list may hold.
MEMBERS = {"source.from_assessments": ("best_response", "response_date", "relapse_date", "last_contact")}
# Beyond these a limit protects nobody, or shows nothing ever.
MOST = 100_000
RANGES = {
    "privacy.min_cell": (1, 1_000),
    "privacy.rare_below": (0, 1_000),
    "report.overdue_days": (1, 36_525),
    "source.two_digit_years": (0, 2_200),
    "report.disease_control_weeks": (0, 520),
    "report.confirmation_days": (0, 366),
}
ONCE = (
    "report.chapters",
    "report.strata",
    "endpoint.strata",
    "endpoint.states",
    "privacy.quasi_identifiers",
    "patients.columns",
    "patients.marks",
    "features.include",
    "features.exclude",
    "features.lists",
    "report.related",
)
# Signs, and colours, that are told apart; columns that fit a page.
AT_MOST = {"patients.marks": 3, "patients.columns": 12, "endpoint.states": 4}
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
SERVER = re.compile(r"(smtps://)?([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}")
# Landmarks, in their unit: from one day to 150 years, longer than anybody lives.
DOMAIN = {
    "days": (1, 54_787),
    "weeks": (1 / 7, 7_826),
    "months": (1 / 30.4375, 1_800),
    "years": (1 / 365.25, 150),
}
# What lies outside is a slip of the hand, and beyond 2262 no day that pandas can count.
FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
TIMES = ("report.landmarks", "report.response_by_weeks")
VALUES = ("event_values", "competing_values", "censor_values")
ELEMENTS = {
    "report.landmarks": float,
    "report.response_by_weeks": float,
    "report.size_thresholds": float,
    **{f"endpoint.{name}": object for name in VALUES},
    "source.missing": object,
}
FALSE, TRUE = ("false", "no", "0"), ("true", "yes", "1")


# Whole numbers up to this one are what they were as floating-point numbers.
LARGEST = 2**53


def as_type(where: str, value, default, text: bool):
    """The value of the setting `where` ("report.cutoff") in the type of its default.

    text: the source has no types of its own, so that numbers, lists and dates may be written as text.
    Raises TypeError or ValueError with what was expected.
    """
    if where in ("report.cutoff", "report.extracted"):
        return _date(value)
    if where == "source.header_rows":
        return _rows(value, text)
    if isinstance(default, bool):
        word = str(value).strip().casefold()
        if text and word in TRUE + FALSE:
            return word in TRUE
        return _instance(value, bool, message("true or false"))
    if isinstance(default, tuple):
        return as_list(value, ELEMENTS.get(where, str), text)
    if isinstance(default, float):
        return _fraction(value, text)
    if isinstance(default, int):
        if text and isinstance(value, (str, float)):
            value = _number(value)
        return _instance(value, int, message("a whole number"))
    if text and isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:g}"
    return _instance(value, str, message("text"))


def _rows(value, text: bool) -> dict[str, int]:
    """Sheet → row: { Sheet1 = 3 }."""
    if not isinstance(value, dict):
        raise TypeError(message("the row of each sheet, such as { Sheet1 = 3 }"))
    rows = {name: _number(row) if text else row for name, row in value.items()}
    whole = {
        name: row
        for name, row in rows.items()
        if isinstance(row, int) and not isinstance(row, bool) and row > 0
    }
    if len(whole) < len(rows):
        raise TypeError(message("the row of each sheet as a number from 1 on, such as { Sheet1 = 3 }"))
    return whole


def _instance(value, kind: type, expected: Message):
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(expected)
    return value.strip() if kind is str else value


def _fraction(value, text: bool) -> float:
    if text and isinstance(value, str):
        value = _number(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(message("a number, such as 0.95"))
    if _endless(value):
        raise ValueError(message("a number of ordinary size, such as 0.95"))
    return float(value)


def _endless(value: object) -> bool:
    """Whether a whole number is larger than what can be reckoned with: TOML's have no end."""
    return isinstance(value, int) and abs(value) > LARGEST


def _number(value):
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() else number


def as_list(value, element: type, text: bool) -> tuple:
    """A list of texts, of numbers (element float) or of anything (element object); see `as_type`."""
    if text and not isinstance(value, (list, tuple)):
        value = [part.strip() for part in value.split(",")] if isinstance(value, str) else [value]
        value = [part for part in value if part != ""]
    if not isinstance(value, (list, tuple)):
        raise TypeError(message("a list"))
    if element is float:
        value = [_number(part) if text and isinstance(part, str) else part for part in value]
        if not all(isinstance(part, (int, float)) and not isinstance(part, bool) for part in value):
            raise TypeError(message("a list of numbers"))
        if any(map(_endless, value)):
            raise ValueError(message("a list of numbers of ordinary size"))
    elif element is str and not all(isinstance(part, str) for part in value):
        if not text:
            raise TypeError(message("a list of texts"))
        value = [f"{part:g}" if isinstance(part, float) else str(part) for part in value]
    return tuple(value)


def _date(value) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise TypeError(message("a date such as 2018-06-30"))
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(message("a date such as 2018-06-30")) from None


def check_value(where: str, value) -> None:
    """Raises ValueError with what was expected where a value lies outside its range."""
    if where in ("branding.accent", "branding.second") and value:
        _check_colour(value)
    if where.startswith("notify.") and value:
        _check_notify(where, value)
    allowed = ALLOWED.get(where)
    if allowed and value not in allowed:
        raise ValueError(message("one of {a}", a=", ".join(map(str, allowed))))
    members = MEMBERS.get(where)
    if members and not {*value} <= {*members}:
        raise ValueError(message("a list of {a}", a=", ".join(members)))
    if where in ("report.cutoff", "report.extracted") and not FIRST <= value <= LAST:
        raise ValueError(message("a day from {first} to {last}", first=str(FIRST), last=str(LAST)))
    if where == "report.size_thresholds" and not (
        len(value) == 2 and -100 <= value[0] < 0 < value[1] <= 1_000 and all(x % 1 == 0 for x in value)
    ):
        raise ValueError(
            message(
                "the decrease of a response and the increase of progression in whole percent, such as [-30, 20]"
            )
        )
    if where in TIMES and not all(0 < number < float("inf") for number in value):
        raise ValueError(message("times above 0"))
    if where in TIMES and len(set(value)) < len(value):
        raise ValueError(message("each time once"))
    if isinstance(value, tuple) and where in ONCE and len(set(value)) < len(value):
        raise ValueError(message("each of them once"))
    if where in AT_MOST and len(value) > AT_MOST[where]:
        raise ValueError(message("at most {n}", n=AT_MOST[where]))
    if isinstance(value, int) and not isinstance(value, bool):
        least, most = RANGES.get(where, (0, MOST))
        if value < least:
            raise ValueError(message("a number of at least {n}", n=least))
        if value > most:
            raise ValueError(message("a number of at most {n:,}", n=most))


def outside_domain(landmarks: tuple[float, ...], unit: str) -> str:
    """What is wrong with the first landmark that nobody could be followed to; empty where all are well."""
    shortest, longest = DOMAIN[unit]
    wrong = [t for t in landmarks if not shortest * (1 - 1e-9) <= t <= longest]
    if not wrong:
        return ""
    return message(
        "report.landmarks holds {time} {unit}, expected times from 1 day to 150 years ({longest:,} {unit})",
        time=f"{wrong[0]:g}", unit=Message(unit), longest=longest,
    )  # fmt: skip


def _check_notify(where: str, value) -> None:
    """Nothing that could end a header or begin another, and nothing that a mail would be lost by."""
    texts = value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
    if any(not character.isprintable() for text in texts for character in text):
        raise ValueError(message("text without line breaks and control characters"))
    if where in ("notify.sender", "notify.to") and not all(ADDRESS.fullmatch(text) for text in texts):
        raise ValueError(message("plain addresses such as reports@clinic.example"))
    if where == "notify.smtp" and not SERVER.fullmatch(str(value)):
        raise ValueError(message("host:port, such as mail.clinic.example:587"))
    if where == "notify.command":
        try:
            shlex.split(str(value))
        except ValueError:
            raise ValueError(message("a command whose quotation marks are closed")) from None


def _check_colour(value: str) -> None:
    if not re.fullmatch("#[0-9a-fA-F]{6}", value):
        raise ValueError(message("a colour such as #0b5c6b"))
    found = contrast(value, WHITE)
    if found < READABLE:
        raise ValueError(
            message(
                "a darker one: its contrast with white is {found} : 1, text needs {needed} : 1",
                found=round(found, 1),
                needed=READABLE,
            )  # fmt: skip
        )


KINDS = {bool: N_("true or false"), int: N_("a whole number"), float: N_("a number"), str: N_("text"),
         list: N_("a list"), dict: N_("a section"), date: N_("a date"), datetime: N_("a date")}  # fmt: skip


def name_of(value) -> Message:
    """A value and its type, as an error names them."""
    kind = Message(KINDS.get(type(value), type(value).__name__))
    plain = isinstance(value, (bool, int, float, str)) or (isinstance(value, list) and len(repr(value)) <= 60)
    return message("{value} ({kind})", value=repr(value), kind=kind) if plain else kind
