"""Days and months as a reader sees them, in the active language."""

from __future__ import annotations

from datetime import date as day

from reportgen.writing.language import rules


def date(iso: str) -> str:
    """An ISO date in words.

    >>> date("2018-06-30")
    '30 June 2018'
    """
    return rules().date(day.fromisoformat(iso))


def short_date(iso: str) -> str:
    """An ISO date in figures, for a table.

    >>> short_date("2018-06-30")
    '2018-06-30'
    """
    return rules().short_date(day.fromisoformat(iso))


def period(name: str, short: bool = False) -> str:
    """A month in words; any other name as it is.

    >>> period("2016-12"), period("2016-12", short=True), period("then")
    ('December 2016', 'Dec 2016', 'then')
    """
    year, _, month = name.partition("-")
    known = year.isdigit() and month.isdigit() and 1 <= int(month) <= 12
    if not known:
        return name
    first = day(int(year), int(month), 1)
    return rules().short_month(first) if short else rules().month(first)
