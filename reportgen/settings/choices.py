"""What is asked for in words, on the command line or in a manifest: formats, a day, a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base.errors import UsageError
from reportgen.base.message import message

if TYPE_CHECKING:
    from datetime import date

FORMATS = ("html", "pdf", "docx", "pptx", "xlsx", "figures", "text", "ard", "csv", "data")


def formats(text: str) -> tuple[str, ...]:
    """The formats of --format, each once, in the order given. UsageError where one is unknown, or none is given."""
    wanted = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown or not wanted:
        raise UsageError(
            message("--format takes {a}, but was {text}.", a=", ".join(FORMATS), text=repr(text))
        )
    return wanted


def day(text: str) -> date:
    """The day of --cutoff, YYYY-MM-DD. UsageError where it is none."""
    from datetime import datetime

    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise UsageError(
            message("--cutoff must be a day as YYYY-MM-DD, but was {text}.", text=repr(text))
        ) from error


def month(period: str) -> str:
    """A period as the folder of its report is named; "last" is the month before this one."""
    from datetime import date

    return last_month(date.today()) if period == "last" else period


def last_month(today: date) -> str:
    """The last complete month.

    >>> from datetime import date
    >>> last_month(date(2026, 11, 1)), last_month(date(2026, 1, 31))
    ('2026-10', '2025-12')
    """
    from datetime import timedelta

    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


def month_end(text: str) -> date:
    """The last day of a month. UsageError for what is no month, or one that has not begun."""
    from calendar import monthrange
    from datetime import date, datetime

    try:
        first = datetime.strptime(text, "%Y-%m").date()
    except ValueError as error:
        raise UsageError(
            message("--period must be a month as YYYY-MM, or last, but was {text}.", text=repr(text))
        ) from error
    if text != f"{first:%Y-%m}":
        raise UsageError(
            message("--period must be a month as YYYY-MM, or last, but was {text}.", text=repr(text))
        )
    if first > date.today():
        raise UsageError(
            message(
                "--period {text} has not begun: this machine's clock says {b}. Give a month that is "
                "over, or set the clock.",
                text=text,
                b=date.today(),
            )
        )
    return first.replace(day=monthrange(first.year, first.month)[1])


def cutoff_of(cutoff: str, period: str) -> date | None:
    """The day that a cut-off or a period names; UsageError where they name different ones."""
    given, end = day(cutoff) if cutoff else None, month_end(period) if period else None
    if given and end and given != end:
        raise UsageError(
            message(
                "--period {period} is what was known on {end}, but --cutoff says {given}. Leave one of "
                "them away.",
                period=period,
                end=end,
                given=given,
            )
        )
    return end or given


def unfinished(period: str, cutoff: str = "") -> str:
    """What there is to say of a month that is not over or a cut-off that has not come; "" where there is nothing."""
    from datetime import date

    if not period and cutoff and day(cutoff) > date.today():
        return f"the cut-off {cutoff} has not come yet: all follow-up until then counts as missing."
    end = month_end(period) if period else date.min
    if end < date.today():
        return ""
    return f"{period} ends on {end}, which is not over: make this report again then."
