"""The ledger of reports that were made for readers outside: what each tells, and no patient.

Written before a report is published, so that one that is killed in between is in it, too.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from reportgen.base.errors import UsageError
from reportgen.history.shared_texts import packed, unpacked
from reportgen.history.store import reading, writing

WHERE = "WHERE cohort = :cohort"


@dataclass(frozen=True)
class Kept:
    """A release. number: from 1 on; results: SHA-256 of its results.json; reason: why it was forgotten, "" while it
    counts; content: what it tells, as plain data."""

    number: int
    made: str
    period: str
    results: str
    reason: str
    content: dict


def releases(place: Path | str, cohort: str) -> tuple[Kept, ...]:
    """All releases of a source, the first one first, forgotten ones among them."""
    with reading(place) as session:
        if session is None:
            return ()
        rows = session.rows(
            f"SELECT number, made, period, results, reason, content FROM reportgen_release {WHERE} ORDER BY number",
            cohort=cohort,
        )
        return tuple(
            Kept(number, made, period, results, reason, json.loads(unpacked(content)))
            for number, made, period, results, reason, content in rows
        )


def keep_release(place: Path | str, cohort: str, period: str, results: str, told: object) -> None:
    """Write down what a report tells that is about to be published; the same one again is no other release."""
    content = json.loads(json.dumps(asdict(told)))  # type: ignore[call-overload]
    known = releases(place, cohort)
    if any(not one.reason and one.content == content and one.results == results for one in known):
        return
    row = {"cohort": cohort, "number": len(known) + 1, "made": date.today().isoformat(), "period": period,
           "results": results, "reason": "", "content": packed(json.dumps(content))}  # fmt: skip
    with writing(place) as session:
        session.write(
            "INSERT INTO reportgen_release (cohort, number, made, period, results, reason, content) "
            "VALUES (:cohort, :number, :made, :period, :results, :reason, :content)",
            [row],
        )


def forget(place: Path | str, cohort: str, reason: str, number: int | None = None) -> Kept:
    """Let a release count no more, as one that was never given away; the reason is kept. number: None for the last.

    UsageError without a reason, or where there is no such release.
    """
    if not reason.strip():
        raise UsageError("--forget-release needs a reason, which is kept, such as 'never given to anybody'.")
    known = [one for one in releases(place, cohort) if not one.reason]
    found = [one for one in known if number in (None, one.number)]
    if not found:
        raise UsageError("There is no such release; reportgen releases SOURCE lists them.")
    with writing(place) as session:
        session.write(
            f"UPDATE reportgen_release SET reason = :reason {WHERE} AND number = :number",
            [{"cohort": cohort, "number": found[-1].number, "reason": reason.strip()}],
        )
    return found[-1]
