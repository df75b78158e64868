"""What the cohorts of a batch say, as results of their own: each cohort a group, and all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reportgen.base.message import message
from reportgen.base.required import required
from reportgen.batch.cohort_rows import CohortRow, Reported
from reportgen.stats.funnel_limits import funnel_limits
from reportgen.stats.notes import suppressed
from reportgen.stats.proportions import proportion
from reportgen.stats.results import Estimate, Results

SECTION = "centres"
# What is compared, under its own name: the proportion in results.json that it is.
PROPORTIONS = {"response": "response.response.all.proportion", "toxicity": "toxicity.any.all.grade_3_plus"}
ENDPOINTS = ("pfs", "os")
LEVELS = (0.95, 0.998)
USUAL = 0.95  # of the interval of all together, where the cohorts chose different ones
FEWEST = 3
FINE = 120


@dataclass(frozen=True)
class Funnel:
    """The limits of a proportion by the size of a cohort. groups: the cohorts that have one.

    limits: level → lower and upper limit at each size.
    """

    sizes: tuple[int, ...]
    limits: Mapping[float, tuple[Sequence[float], Sequence[float]]]
    groups: tuple[str, ...]


@dataclass(frozen=True)
class CentresFacts:
    """What the page of a batch knows besides estimates. rows: of the index. times: endpoint → landmark in days.

    unit: of times; funnels: by proportion; diseases: that the cohorts name; levels: of their intervals.
    """

    rows: tuple[CohortRow, ...]
    times: Mapping[str, float | None]
    unit: str
    funnels: Mapping[str, Funnel]
    diseases: tuple[str, ...]
    levels: tuple[float, ...]


def centre_results(rows: Sequence[CohortRow]) -> Results:
    """The estimates of every cohort that was reported, of all together, and the limits of the funnels.

    rows: of the index, in order. A masked or absent estimate is
    kept with its note. Only counts are added up: a survival curve of all would hide how the centres differ.
    """
    reported = [(row.name, row.reported) for row in rows if row.reported]
    reports = [report for _name, report in reported]
    found = [Estimate("count", section=SECTION, variable="cohorts", value=len(rows), n=len(rows)),
             Estimate("count", section=SECTION, variable="reported", value=len(reported), n=len(rows))]  # fmt: skip
    found.append(Estimate("count", section=SECTION, variable="not_reported", value=len(rows) - len(reported),
                          n=len(rows)))  # fmt: skip
    known = [report.patients for report in reports if report.patients is not None]
    found.append(Estimate("count", section=SECTION, variable="patients", value=sum(known), n=sum(known)))
    times = {endpoint: _shared_time(reports, endpoint) for endpoint in ENDPOINTS}
    for name, report in reported:
        n = report.patients
        found.append(Estimate("count", section=SECTION, variable="patients", group=name, value=n, n=n,
                              note="" if n is not None else suppressed()))  # fmt: skip
        by_id = {estimate["id"]: estimate for estimate in report.estimates}
        wanted = PROPORTIONS | {"follow_up": "follow_up.all.all.median"}
        found += [_renamed(by_id[id], variable, name) for variable, id in wanted.items() if id in by_id]
        for endpoint, time in times.items():
            at = [f"{stem}@{time:.10g}" for stem in stems(endpoint) if time]
            found += [_renamed(by_id[id], endpoint, name) for id in at if id in by_id]
    funnels = {}
    diseases = diagnoses(reports)
    levels = tuple(sorted({e.level for e in found if e.level is not None}))
    for name in PROPORTIONS if len(diseases) < 2 else ():
        more, fact = _funnel(found, name, levels[0] if len(levels) == 1 else USUAL)
        found += more
        funnels |= {name: fact} if fact else {}
    units = Counter(report.unit for report in reports)
    unit = units.most_common(1)[0][0] if units else "years"
    facts = CentresFacts(tuple(rows), times, unit, funnels, diseases, levels)
    return Results(tuple(found), (), {SECTION: facts})


def diagnoses(reports: Sequence[Reported]) -> tuple[str, ...]:
    """The diagnoses that the cohorts name, as first written: patients of several are never added up."""
    named = {}
    for report in reports:
        said = " ".join(report.diagnosis.split())
        if said:
            named.setdefault(said.casefold(), said)
    return tuple(named.values())


def stems(endpoint: str) -> tuple[str, str]:
    """What an endpoint is estimated as, as its ids begin: free of the event, or, where another competes, with it."""
    return f"survival.{endpoint}.all.survival", f"survival.{endpoint}.all.cumulative_incidence"


def _shared_time(reports: Sequence[Reported], endpoint: str) -> float | None:
    """The landmark (days) that most cohorts have, the earliest of several."""
    found = tuple(f"{stem}@" for stem in stems(endpoint))
    times = Counter(e["time"] for report in reports for e in report.estimates if e["id"].startswith(found))
    return min(times, key=lambda time: (-times[time], time)) if times else None


def _renamed(row: Mapping, name: str, group: str) -> Estimate:
    """An estimate of a cohort's results.json under the name that it has among the others."""
    kept = Estimate.from_row(row)
    names = (
        {"endpoint": name, "variable": None} if name in ENDPOINTS else {"endpoint": None, "variable": name}
    )
    return replace(kept, section=SECTION, group=group, **names)


def _funnel(found: Sequence[Estimate], name: str, level: float) -> tuple[list[Estimate], Funnel | None]:
    """The proportion of all together, limits of each cohort around it, and the curves of these limits.

    level: of the interval of all together.
    """
    mine = [e for e in found if e.variable == name and e.exists and e.n]
    if len(mine) < FEWEST:
        return [], None
    total = proportion(sum(required(e.events) for e in mine), sum(required(e.n) for e in mine), level=level)
    rows = [replace(total, section=SECTION, variable=name)]
    for width in LEVELS:
        for e in mine:
            low, high = funnel_limits(required(e.n), required(total.value), width)
            rows.append(
                Estimate(
                    f"funnel_limits_{100 * width:g}", section=SECTION, variable=name, group=e.group, n=e.n,
                    value=total.value, low=float(low), high=float(high), level=width,
                    method=message("exact binomial limits around the proportion of all; Spiegelhalter"),
                )
            )  # fmt: skip
    most = max(required(e.n) for e in mine)
    sizes = np.unique(np.round(np.geomspace(1, max(most * 1.05, 10), FINE)).astype(int))
    limits: dict[float, tuple[Sequence[float], Sequence[float]]] = {}
    for width in LEVELS:
        lowest, highest = funnel_limits(sizes, required(total.value), width)
        limits[width] = (lowest.tolist(), highest.tolist())
    return rows, Funnel(tuple(sizes.tolist()), limits, tuple(e.group for e in mine))
