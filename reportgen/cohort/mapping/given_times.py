"""A source whose patients have no dates but times and statuses: what to write into report.toml for them."""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.base.errors import ERROR, Issue
from reportgen.base.message import message
from reportgen.cohort.mapping.intervals import interval_issue
from reportgen.cohort.mapping.pairs import endpoint_lines, quoted, time_status_pairs
from reportgen.cohort.raw import RawSheet

CODE = "GIVEN_TIMES"


def given_times(sheet: RawSheet, missing: list[str]) -> Issue | None:
    """The error in place of those for missing dates where pairs of a time and a status are there, or intervals of time;
    else None.
    """
    apart = interval_issue(sheet)
    if apart is not None:
        return apart
    pairs = time_status_pairs(sheet)
    if not pairs:
        return None
    problem = message(
        "There is no {missing}, but there are times with a status: {pairs}",
        missing=" or ".join(missing), pairs=", ".join(f"{pair.time} / {pair.event}" for pair in pairs),
    )  # fmt: skip
    hint = message(
        "Let `reportgen map SOURCE` ask and write report.toml, or write into it, if this is what they are:\n{lines}",
        lines="\n".join(map(endpoint_lines, pairs)),
    )
    return Issue(ERROR, CODE, sheet.name, None, None, problem, hint)


def elapsed_lines(table: str, name: str, headers: Iterable[str]) -> list[str]:
    """Lines that make a time elapsed of a column that may be one: last_contact_days = "days_to_last_follow_up"."""
    from reportgen.cohort.mapping.names import takes_of

    return [
        f"{candidate.column} = {quoted(header)}"
        for header in headers
        for candidate in takes_of(header)
        if candidate.table == table and candidate.column in (f"{name}_days", f"{name}_months")
    ]
