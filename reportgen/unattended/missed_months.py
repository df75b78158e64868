"""The months that were missed: which they are, and their reports, each of which may fail without the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from reportgen.base.errors import ReportError
from reportgen.base.exits import BY_HAND, summary_of
from reportgen.cohort.load import read_source
from reportgen.cohort.mapping.source_settings import settings_before, settings_for
from reportgen.publish.report_folders import INTERNAL, within
from reportgen.run.pipeline import Request
from reportgen.settings.choices import last_month
from reportgen.unattended.followed import Outcome, Run, worst
from reportgen.unattended.made_reports import published
from reportgen.unattended.notices.event import Ended
from reportgen.unattended.status import DONE, read_status

T = TypeVar("T", bound=Outcome)


class MonthsFailed(ReportError):
    """Some of the months that were to be made up for have no report; those of the others were published."""

    answered = True
    named = False

    def __init__(self, reports: tuple[Ended, ...], made: tuple, lines: tuple[str, ...]):
        """made: what the months that did not fail have given."""
        failed = [report for report in reports if report.state != DONE]
        said = (
            f"{len(failed)} of {len(reports)} months have no report: {', '.join(r.period for r in failed)}."
        )
        super().__init__("\n".join((said, *lines)), said)
        self.made, self.state, self.status = made, worst(reports).state, worst(reports).exit


def missing(root: Path, today: date, profile: str = INTERNAL) -> tuple[str, ...]:
    """The complete months without a report of the profile, in order: those since the last kept, and those that failed
    before.

    A report that was made before its month had ended does not count. Where no month was kept, only the last
    complete one is missing.
    """
    last = last_month(today)
    kept = {
        report.period
        for report in published(root)
        if report.period and report.profile == profile and report.in_time
    }
    known = read_status(root)
    noted = set(known.missing if known else ())
    tried = {
        place.rpartition("/")[2] for place in noted if place == within(profile, place.rpartition("/")[2])
    }
    month, found = last, {month for month in tried if month <= last}
    while month > max(kept, default=month) or (not kept and month == last):
        found.add(month)
        month = last_month(date.fromisoformat(f"{month}-01"))
    return tuple(sorted(found - kept))


def profile_of(request: Request) -> str:
    """Who is to read the reports: it decides where they lie. Only the data themselves may ask for more protection.

    Where settings or data can't be read, what is known without them; each month then says what is wrong.
    """
    asked = (request.source, request.config, request.overrides, request.found)
    try:
        profile = settings_before(*asked).privacy.profile
        if profile != INTERNAL or request.overrides.get("privacy.profile"):
            return profile
        return settings_for(read_source(*asked), *asked).privacy.profile
    except ReportError:
        return str(request.overrides.get("privacy.profile") or INTERNAL)


def caught_up(
    run: Run, make: Callable[[Request], T], for_period: Callable[[str], Request], today: date
) -> list[T]:
    """Make every missing month, in order; one that fails keeps none of the others from being made.

    Raises MonthsFailed at the end if any failed.
    """
    made, lines = [], []
    run.profile = profile_of(for_period(""))
    for period in missing(run.root, today, run.profile):
        try:
            made.append(run.attempt(for_period(period), make))
        except Exception as error:
            # The log of a scheduler keeps it, and sheets may be called as patients are.
            lines.append(f"{period}: {summary_of(error)}")
    if lines:
        raise MonthsFailed(tuple(run.reports), tuple(made), (*lines, BY_HAND))
    return made
