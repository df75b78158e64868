"""How far each main estimate moved since the last report, and how much of that each kind of change explains.

The estimate is made again on the cohorts in between, in a fixed order: the earlier data under today's settings
and program; the same patients and days with the corrections made since; the same patients as known today; all
patients. The differences between neighbours add up to the whole move. Their order matters where they interact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

from reportgen.analyses.main_estimates import main_estimates
from reportgen.base.message import message
from reportgen.base.required import required
from reportgen.cohort.changes.as_of import of_patients
from reportgen.cohort.changes.corrections import Correction, corrections
from reportgen.cohort.changes.new_events import Happenings, happened
from reportgen.cohort.changes.previous_report import Earlier, Past
from reportgen.cohort.changes.stepwise import Ladder, ladder, tables_of
from reportgen.cohort.cohort import Cohort
from reportgen.stats.notes import Status, not_estimable
from reportgen.stats.results import Estimate

PARTS = ("settings", "corrections", "follow_up", "new_patients")
WHOLE = "all"
METHOD = message(
    "estimated again on each cohort in between, in the order settings, corrections, follow-up, new patients"
)


@dataclass(frozen=True)
class MainEstimate:
    """Which of the main estimates a row of the comparison is of. id: of the estimate in its own chapter."""

    id: str
    section: str
    endpoint: str | None
    variable: str | None
    statistic: str
    time: float | None


@dataclass(frozen=True)
class ChangedMethod:
    """A main estimate that settings or program make in another way. id: as of MainEstimate."""

    id: str
    then: str
    now: str


@dataclass(frozen=True)
class Comparison:
    """What the rows of the comparison do not tell. kept: whether the earlier values are known; without them nothing is
    known to have happened or been corrected. same: whether every cell is what it was.

    missing: the months (YYYY-MM) between the two reports that have none. trend: the name of the last reports, as
    ids have it; cutoffs: of each, as ISO dates, None where it has none.
    """

    main: tuple[MainEstimate, ...]
    happened: tuple[Happenings, ...]
    corrections: tuple[Correction, ...]
    kept: bool
    methods: tuple[ChangedMethod, ...]
    same: bool
    missing: tuple[str, ...]
    trend: tuple[str, ...]
    cutoffs: tuple[str | None, ...]


def names(earlier: Earlier) -> tuple[str, str]:
    """What the two reports are called in ids: their periods, or "then" and "now" where these can't tell them apart."""
    then, now = earlier.last.name, earlier.name
    return (then, now) if then and now and then != now else ("then", "now")


def estimates(section: str, cohort: Cohort) -> tuple[tuple[Estimate, ...], Comparison]:
    """Every row of the comparison, and what is no number. cohort.earlier must be there."""
    earlier = required(cohort.earlier)
    then, now = names(earlier)
    today = {e.id: e for e in main_estimates(cohort)}
    before = {id: _estimate(row) for id, row in earlier.last.estimates.items()}
    steps = ladder(cohort) if earlier.tables is not None else None
    rungs = _rungs(steps)
    rows: list[Estimate] = []
    main = []
    for id, estimate in today.items():
        rows += _over_time(section, id, earlier.trend, then)
        rows.append(replace(estimate, section=section, group=now))
        if steps is not None:
            rows += _parts(section, [before.get(id), *(rung.get(id) for rung in rungs), estimate])
        main.append(
            MainEstimate(
                id,
                estimate.section,
                estimate.endpoint,
                estimate.variable,
                estimate.statistic,
                estimate.time,
            )
        )
    kinds = happened(required(earlier.tables), tables_of(cohort)) if steps is not None else ()
    for kind in kinds:
        rows += _counts(section, kind, (then, now), cohort.n)
    rows += _totals(section, cohort, steps)
    days = [*(past.cutoff for past in earlier.trend), cohort.cutoff]
    return tuple(rows), Comparison(
        main=tuple(main),
        happened=kinds,
        corrections=tuple(steps.corrections) if steps else (),
        kept=steps is not None,
        methods=_methods(before, today, rungs, earlier),
        same=_same_data(cohort, earlier),
        missing=tuple(_months_between(earlier.last.name, earlier.name)),
        trend=(*(_group(past, earlier, then) for past in earlier.trend), now),
        cutoffs=tuple(day.isoformat() if day else None for day in days),
    )


def _months_between(then: str, now: str) -> list[str]:
    """The months after one and before another, both as YYYY-MM; none where either is no month.

    >>> _months_between("2019-11", "2020-02"), _months_between("", "2020-02")
    (['2019-12', '2020-01'], [])
    """
    if not then or not now:
        return []
    first, last = (12 * int(name[:4]) + int(name[5:]) for name in (then, now))
    return [f"{(month - 1) // 12}-{(month - 1) % 12 + 1:02}" for month in range(first + 1, last)]


def _rungs(steps: Ladder | None) -> list[dict[str, Estimate]]:
    if steps is None:
        return []
    cohorts = (steps.as_it_was, steps.corrected, steps.followed)
    return [{e.id: e for e in main_estimates(cohort)} for cohort in cohorts]


def _over_time(section: str, id: str, trend: tuple[Past, ...], then: str) -> list[Estimate]:
    rows = []
    for place, past in enumerate(trend, start=1):
        if id in past.estimates:
            group = then if place == len(trend) else past.name
            rows.append(replace(_estimate(past.estimates[id]), section=section, group=group))
    return rows


def _group(past: Past, earlier: Earlier, then: str) -> str:
    return then if past.name == earlier.last.name else past.name


def _parts(section: str, ladder: list[Estimate | None]) -> list[Estimate]:
    """The steps from one estimate to the next, and the whole; all of them NE where one of the estimates is missing."""
    last = required(ladder[-1])
    known: dict[str, Any] = {"section": section, "endpoint": last.endpoint, "variable": last.variable,
                             "time": last.time, "statistic": f"{last.statistic}_change", "method": METHOD}  # fmt: skip
    lost = next((e for e in ladder if e is None or not e.exists), ...)
    if lost is not ...:
        missed = lost is not None and lost.status is Status.NOT_REACHED
        reason = (
            message("not reached in one of the steps", "not_reached_in_a_step")
            if missed
            else message("not estimable in one of the steps", "not_estimable_in_a_step")
        )
        return [Estimate(group=group, note=not_estimable(reason), **known) for group in (*PARTS, WHOLE)]
    values = [required(required(e).value) for e in ladder]
    steps = [after - before for before, after in pairwise(values)]
    return [
        *(Estimate(group=part, value=step, **known) for part, step in zip(PARTS, steps, strict=True)),
        Estimate(group=WHOLE, value=values[-1] - values[0], **known),
    ]


def _counts(section: str, kind: Happenings, groups: tuple[str, str], n: int) -> list[Estimate]:
    how = message("compared with the cleaned data of the earlier report")
    rows = {groups[0]: kind.then, groups[1]: kind.now, "new": len(kind.new), "gone": len(kind.gone)}
    return [
        Estimate("count", section=section, variable=kind.key, group=group, value=count, n=n, method=how)
        for group, count in rows.items()
    ]


def _totals(section: str, cohort: Cohort, steps: Ladder | None) -> list[Estimate]:
    earlier = required(cohort.earlier)
    counts = {f"questions.{name}": len(found) for name, found in asdict(earlier.questions).items()}
    if steps is not None:
        counts["corrections"] = len(steps.corrections)
        counts["followed"] = len(_followed(cohort, steps))
    return [
        Estimate("count", section=section, variable=name.split(".")[0], group=name.partition(".")[2] or WHOLE,
                 value=count, method=message("compared with the earlier report"))
        for name, count in counts.items()
    ]  # fmt: skip


def _followed(cohort: Cohort, steps: Ladder) -> set[str]:
    """The patients known then of whom the data say more now: later days, not corrections."""
    then = required(required(cohort.earlier).tables)
    differing = corrections(then, of_patients(tables_of(cohort), then["patients"]))
    mended = {(c.table, c.cell, c.column, c.kind if not c.column else "") for c in steps.corrections}
    return {
        c.patient
        for c in differing
        if c.patient and (c.table, c.cell, c.column, c.kind if not c.column else "") not in mended
    }


def _same_data(cohort: Cohort, earlier: Earlier) -> bool:
    """Whether every cell is what it was; no where that is not known."""
    return earlier.tables is not None and not corrections(earlier.tables, tables_of(cohort))


def _methods(
    before: Mapping[str, Estimate],
    today: Mapping[str, Estimate],
    rungs: list[dict[str, Estimate]],
    earlier: Earlier,
) -> tuple[ChangedMethod, ...]:
    """Main estimates that settings or program make in another way.

    What more data made possible is no other method: the earlier data are estimated anew, and where they are not
    kept nothing is said unless settings or program differ.
    """
    if not earlier.changes:
        return ()
    now = rungs[0] if rungs else today
    return tuple(
        ChangedMethod(id, before[id].method, estimate.method)
        for id, estimate in now.items()
        if id in before and id in today and before[id].method != estimate.method
    )


def _estimate(row: Mapping) -> Estimate:
    return Estimate.from_row(row)
