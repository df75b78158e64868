"""Words of the command line that name a day or a month."""

from datetime import date, timedelta

import pytest

from reportgen.base.errors import UsageError
from reportgen.settings.choices import cutoff_of, last_month, unfinished

TODAY = date.today()


def test_what_is_still_to_come_is_said_and_what_is_past_is_not():
    this_month, last = f"{TODAY:%Y-%m}", last_month(TODAY)
    assert "is not over" in unfinished(this_month) and unfinished(last) == ""
    assert "has not come yet" in unfinished("", str(TODAY + timedelta(days=1)))
    assert unfinished("", str(TODAY)) == unfinished("") == unfinished(last, str(TODAY)) == ""


@pytest.mark.parametrize(
    ("cutoff", "period"),
    [("2026-02-30", ""), ("30.06.2018", ""), ("", "2026-13"), ("", "26-1"), ("2026-10-30", "2026-10")],
)
def test_days_and_months_that_are_none_are_refused(cutoff, period):
    with pytest.raises(UsageError, match="--cutoff|--period"):
        cutoff_of(cutoff, period)


def test_a_month_ends_on_its_last_day():
    assert cutoff_of("", "2024-02") == cutoff_of("2024-02-29", "2024-02") == date(2024, 2, 29)
    assert cutoff_of("", "2025-02") == date(2025, 2, 28)


def test_a_month_that_has_not_begun_is_refused():
    following = (TODAY.replace(day=28) + timedelta(days=4)).replace(day=1)
    with pytest.raises(UsageError, match="has not begun"):
        cutoff_of("", f"{following:%Y-%m}")
    assert cutoff_of("", f"{TODAY:%Y-%m}") == following - timedelta(days=1)
