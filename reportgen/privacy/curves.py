"""Survival for readers outside: estimates and curves from steps of patients, where these tell no small number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from reportgen.analyses import outcomes
from reportgen.base.message import joined, message, pieces
from reportgen.privacy.disclosure_plan import ENDPOINTS, SUPPRESSED, Release
from reportgen.privacy.masking import Ranges, narrowest, span
from reportgen.privacy.printed_counts import among_of, outcome_groups
from reportgen.privacy.steps import (
    EARLY,
    EVEN,
    LATE,
    MONTH,
    Course,
    Stepped,
    exposure,
    nested,
    stepped,
    table_of,
)
from reportgen.stats import reverse_kaplan_meier, survival
from reportgen.stats.events import EventTable
from reportgen.stats.notes import not_estimable, percent
from reportgen.stats.results import Curve, Estimate, Results, Steps, label

BEYOND = not_estimable(message("beyond the part of the follow-up that is published", "beyond_follow_up"))


def survival_in_steps(release: Release) -> Results:
    """Progression-free and overall survival in steps, and the follow-up that overall survival has."""
    found = _drawn(release, release.drawn, release.step) if release.drawn else Results()
    shown = next(iter(release.drawn.values()), {})
    return found + _without_curves(release, [key for key in _may_be_drawn(release) if key not in shown])


def courses_drawn(release: Release, fits: Callable[[Ranges], bool]) -> dict[str, dict[str, Course]]:
    """The courses of which curves may be drawn: both for every group, or else less of it; the most that tells no
    small count of the ledger, and no running number, too closely.

    fits: whether what the curves tell of the ledger's counts holds together with earlier reports.
    """
    parts = tuple(group for group in outcome_groups(release.cohort, release.groups) if group != "all")
    if sum(release.groups[group].sum() for group in parts) < release.cohort.n:
        parts = ()
    both = _may_be_drawn(release)
    last = tuple(key for key in both if key in ENDPOINTS[1:])
    for keys, groups in dict.fromkeys(((both, parts), (both, ()), (last, parts), (last, ()))):
        courses = _courses(release, keys, groups or ("all",))
        if courses and _is_safe(release, courses) and fits(curves_tell(release, courses)):
            return courses
    return {}


def curves_tell(release: Release, courses: Mapping[str, Mapping[str, Course]]) -> Ranges:
    """The ranges in which the curves leave counts of the ledger: with how many events, and without one, they end."""
    told: dict[str, tuple[float, float]] = {}
    for group, found in courses.items():
        for key, course in found.items():
            ends = stepped(course, release.step)
            for name, full in ((f"{key}|{group}", ends.events), (f"censored|{key}|{group}", ends.censored)):
                told[name] = (len(full) * ends.size, (len(full) + 1) * ends.size - 1)
    return told


def _may_be_drawn(release: Release) -> tuple[str, ...]:
    # With a competing event it would be no survival, and is not drawn.
    return tuple(key for key in ENDPOINTS if not _competes(release, key))


def _competes(release: Release, key: str) -> bool:
    return key in release.cohort.endpoints and release.cohort.endpoints[key].competes


def _courses(
    release: Release, keys: tuple[str, ...], groups: tuple[str, ...]
) -> dict[str, dict[str, Course]]:
    """By group and endpoint, of those that the data have; nothing where a number of events is masked."""
    cohort, found = release.cohort, {}
    keys = tuple(key for key in keys if key in cohort.endpoints)
    if any(cohort.endpoints[key].entry is not None for key in keys):
        return {}  # steps of several patients say nothing of who came late
    if any(f"{key}|{group}" not in release.printed for key in keys for group in groups):
        return {}
    for group in groups:
        found[group] = {}
        for key in keys:
            endpoint = cohort.endpoints[key]
            mask = release.groups[group][cohort.patients.frame.index.get_indexer(endpoint.rows)]
            found[group][key] = Course(
                endpoint.duration[mask], (endpoint.status[mask] == 1).astype(int), endpoint.rows[mask]
            )
    return found if keys else {}


def _is_safe(release: Release, courses: Mapping[str, Mapping[str, Course]]) -> bool:
    """Whether curves of these courses tell neither a running number nor a count of the ledger too closely."""
    min_cell = release.cohort.settings.privacy.min_cell
    for group, found in courses.items():
        if len(found) > 1 and not nested(found["os"], found["pfs"]):
            return False
        names = {"n": _among(release, next(iter(found)), group)} | {key: f"{key}|{group}" for key in found}
        totals = {
            key: span(release.printed[name], release.step) if name in release.printed else (0, np.inf)
            for key, name in names.items()
        }
        if exposure(found, totals, release.step, min_cell) < min_cell:
            return False
    return not narrowest(release.ledger, release.printed, min_cell, curves_tell(release, courses))


def _among(release: Release, key: str, group: str) -> str:
    """The name of those whose course is told."""
    name = among_of(key, group)
    return name if name in release.ledger.counts else f"n|{group}"


def _drawn(release: Release, courses: Mapping[str, Mapping[str, Course]], size: int) -> Results:
    total = Results()
    for key in next(iter(courses.values())):
        steps = {group: [stepped(found[key], size)] for group, found in courses.items()}
        # What all have is added up from the groups: a curve of its own would tell more of each of them.
        steps = {"all": [one for some in steps.values() for one in some]} | steps
        for group, some in steps.items():
            total += _curve(release, key, group, some)
        if key == "os":
            total += _follow_up(table_of(steps["all"]), size, release.cohort.settings.confidence_level)
    return total


def _curve(release: Release, key: str, group: str, steps: list[Stepped]) -> Results:
    """Estimates with limits that hold wherever in a step its patients were; counts are of full steps."""
    rule, level = outcomes.interval_rule(release.cohort.settings), release.cohort.settings.confidence_level
    table = table_of(steps)
    curves = [
        survival.kaplan_meier(table_of(steps, where), level=level, rule=rule).steps
        for where in (EVEN, EARLY, LATE)
    ]
    how = joined(
        [
            message("Kaplan–Meier in steps of {n} patients", n=release.step),
            message("{n}% CI with what the steps leave open", n=percent(level)),
        ]
    )
    end = min(course.end for course in steps)
    rows: list[Estimate] = []
    for time in outcomes.landmark_days(release.cohort.settings):
        e = survival.survival_at(table, time, level=level, rule=rule)
        low, high = (float(limit[0]) if e.exists else None for limit in _limits(curves, np.array([time])))
        counts = {
            "events": _known(steps, 1, min(time, end)),
            "at_risk": _at_risk(steps, time) if e.exists else None,
        }
        note = "" if e.exists else BEYOND
        rows.append(replace(e, low=low, high=high, se=None, method=how, note=note, n=_size(steps), **counts))
    rows.append(
        replace(_median(steps, table, rule, level), method=how, n=_size(steps), events=_known(steps, 1, end))
    )
    times = np.r_[np.arange(0.0, end - 1e-6, MONTH), end]
    low, high = _limits(curves, times)
    events, censored = (np.diff(_known(steps, status, times), prepend=0) for status in (1, 0))
    at_risk = _size(steps) - np.r_[0, np.cumsum(events + censored)[:-1]]
    censored[-1] = at_risk[-1] - events[-1]
    estimate = curves[0].estimate[_at(curves[0], times)]
    drawn = Steps(times, at_risk, events, censored, estimate, low, high)
    names = {"section": "survival", "endpoint": key, "group": group}
    curve = Curve("kaplan_meier", drawn, n=_size(steps), method=how)
    return Results(label(rows, **names), label((curve,), **names))


def _size(steps: Sequence[Stepped]) -> int:
    return sum(course.n for course in steps)


def _known(steps: Sequence[Stepped], status: int, time):
    return sum(course.known(status, time) for course in steps)


def _at_risk(steps: Sequence[Stepped], time: float) -> int:
    before = time - 1e-3
    return _size(steps) - int(_known(steps, 1, before)) - int(_known(steps, 0, before))


def _at(steps: Steps, times: np.ndarray) -> np.ndarray:
    return np.searchsorted(steps.time, times, side="right") - 1


def _limits(curves: Sequence[Steps], times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest limit of the curves at some times; without an interval, the estimate."""
    lows, highs = [], []
    for steps in curves:
        at = _at(steps, times)
        lows.append(np.where(np.isnan(steps.low[at]), steps.estimate[at], steps.low[at]))
        highs.append(np.where(np.isnan(steps.high[at]), steps.estimate[at], steps.high[at]))
    return np.min(lows, axis=0), np.max(highs, axis=0)


def _median(steps: list[Stepped], table: EventTable, rule, level: float) -> Estimate:
    found = survival.median_time(table, level=level, rule=rule)
    early, late = (
        survival.median_time(table_of(steps, where), level=level, rule=rule) for where in (EARLY, LATE)
    )
    lows = [e.low for e in (found, early, late) if e.low is not None]
    highs = [e.high for e in (found, early, late) if e.high is not None]
    return replace(found, low=min(lows, default=None), high=max(highs) if len(highs) == 3 else None)


def _follow_up(table: EventTable, size: int, level: float) -> Results:
    duration = np.r_[np.repeat(table.time, table.events[0]), np.repeat(table.time, table.censored)]
    status = np.r_[np.ones(table.total_events, int), np.zeros(int(table.censored.sum()), int)]
    found = reverse_kaplan_meier.reverse_median(duration, status, level=level)
    *others, _log = pieces(found.method)
    within = message("log {n}% CI, in steps of {k} patients", n=percent(level), k=size)
    row = replace(found, section="follow_up", endpoint="reverse", method=joined([*others, within]))
    return Results((row,))


def _without_curves(release: Release, keys: Iterable[str]) -> Results:
    """Where a curve would tell too much, its median is masked as well."""
    absent = [
        Estimate(
            "median_time", section="survival", endpoint=key, method=survival.KAPLAN_MEIER, note=SUPPRESSED
        )
        for key in keys
        if key in release.cohort.endpoints
    ]
    return Results(tuple(absent))
