"""Survival for readers outside: estimates and curves from steps of patients, where these tell no small number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace

import numpy as np

from reportgen.analyses import outcomes
from reportgen.privacy.masking import narrowest, span
from reportgen.privacy.plan import ENDPOINTS, SUPPRESSED, Release
from reportgen.privacy.steps import EARLY, LATE, Course, Stepped, exposure, stepped, table_of
from reportgen.stats import survival
from reportgen.stats.events import EventTable
from reportgen.stats.results import Estimate, Results, Steps, label


def survival_in_steps(release: Release) -> Results:
    """Progression-free and overall survival in steps, and the follow-up that overall survival has.

    Both for every group, or else less of it: the most that tells no small count of the ledger, and no
    running number, too closely.
    """
    parts = tuple(group for group in release.groups if group != "all")
    if sum(release.groups[group].sum() for group in parts) < release.cohort.n:
        parts = ()
    for keys, groups in ((ENDPOINTS, parts), (ENDPOINTS, ()), (ENDPOINTS[1:], parts), (ENDPOINTS[1:], ())):
        courses = _courses(release, keys, groups or ("all",))
        if courses and _is_safe(release, courses):
            drawn = _drawn(release, courses, release.step)
            missing = [key for key in ENDPOINTS if key not in next(iter(courses.values()))]
            return drawn + _without_curves(release, missing)
    return _without_curves(release, ENDPOINTS)


def _courses(
    release: Release, keys: tuple[str, ...], groups: tuple[str, ...]
) -> dict[str, dict[str, Course]]:
    """By group and endpoint, of those that the data have; nothing where a number of events is masked."""
    cohort, found = release.cohort, {}
    keys = tuple(key for key in keys if key in cohort.endpoints)
    if any(f"{key}|{group}" not in release.printed for key in keys for group in groups):
        return {}
    for group in groups:
        found[group] = {}
        for key in keys:
            endpoint = cohort.endpoints[key]
            mask = release.groups[group][cohort.patients.frame.index.get_indexer(endpoint.rows)]
            found[group][key] = Course(endpoint.duration[mask], (endpoint.status[mask] == 1).astype(int))
    return found if keys else {}


def _is_safe(release: Release, courses: Mapping[str, Mapping[str, Course]]) -> bool:
    """Whether curves of these courses tell neither a running number nor a count of the ledger too closely."""
    told, most, min_cell = {}, release.step - 1, release.cohort.settings.privacy.min_cell
    for group, found in courses.items():
        if len({len(course.duration) for course in found.values()}) > 1:
            return False
        names = {"n": f"n|{group}"} | {key: f"{key}|{group}" for key in found}
        totals = {
            key: span(release.printed[name], release.step) if name in release.printed else (0, np.inf)
            for key, name in names.items()
        }
        if exposure(found, totals, release.step, min_cell) < min_cell:
            return False
        for key, course in found.items():
            ends = stepped(course, release.step)
            for name, full in ((f"{key}|{group}", ends.events), (f"{key}|{group}|censored", ends.censored)):
                told[name] = (len(full) * ends.size, len(full) * ends.size + most)
    return not narrowest(release.ledger, release.printed, min_cell, told)


def _drawn(release: Release, courses: Mapping[str, Mapping[str, Course]], size: int) -> Results:
    total = Results()
    for key in next(iter(courses.values())):
        steps = {group: [stepped(found[key], size)] for group, found in courses.items()}
        # What all have is added up from the groups: a curve of its own would tell more of each of them.
        steps = {"all": [one for some in steps.values() for one in some]} | steps
        for group, some in steps.items():
            total += _curve(release, key, group, some)
        if key == "os":
            total += _follow_up(table_of(steps["all"]), size)
    return total


def _curve(release: Release, key: str, group: str, steps: list[Stepped]) -> Results:
    """Estimates from the middle of the steps; their limits hold wherever in a step its patients were."""
    rule = outcomes.interval_rule(release.cohort.settings)
    times = outcomes.landmark_days(release.cohort.settings)
    table = table_of(steps)
    bounds = [survival.kaplan_meier(table_of(steps, where), rule=rule).steps for where in (EARLY, LATE)]
    curve = survival.kaplan_meier(table, rule=rule)
    low, high = _limits(bounds, curve.steps.time, curve.steps)
    how = f"in steps of {release.step} patients, which the limits include"
    rows = []
    for time in times:
        e = survival.survival_at(table, time, rule=rule)
        if e.exists:
            place = np.searchsorted(curve.steps.time, time, side="right") - 1
            at = [bound[0] for bound in _limits(bounds, np.array([time]), _only(curve.steps, place))]
            e = replace(e, low=at[0], high=at[1], se=None)
        rows.append(replace(e, method=f"{e.method}, {how}"))
    rows.append(replace(_median(steps, table, rule), method=f"Kaplan–Meier, {how}"))
    names = {"section": "survival", "endpoint": key, "group": group}
    drawn = replace(curve, steps=replace(curve.steps, low=low, high=high), method=f"{curve.method}, {how}")
    return Results(label(rows, **names), label((drawn,), **names))


def _only(steps: Steps, place: int) -> Steps:
    return Steps(*(getattr(steps, part.name)[place : place + 1] for part in fields(Steps)))


def _limits(bounds: list[Steps], times: np.ndarray, steps: Steps) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest limit of three curves at some times; steps: of the middle one, at these."""
    lows, highs = [steps.low], [steps.high]
    for bound in bounds:
        at = np.searchsorted(bound.time, times, side="right") - 1
        # Where a curve has no interval, its estimate is the limit.
        lows.append(np.where(np.isnan(bound.low[at]), bound.estimate[at], bound.low[at]))
        highs.append(np.where(np.isnan(bound.high[at]), bound.estimate[at], bound.high[at]))
    return np.nanmin(lows, axis=0), np.nanmax(highs, axis=0)


def _median(steps: list[Stepped], table: EventTable, rule) -> Estimate:
    found = survival.median_time(table, rule=rule)
    early, late = (survival.median_time(table_of(steps, where), rule=rule) for where in (EARLY, LATE))
    lows = [e.low for e in (found, early, late) if e.low is not None]
    highs = [e.high for e in (found, early, late)]
    return replace(found, low=min(lows, default=None), high=None if None in highs else max(highs))


def _follow_up(table: EventTable, size: int) -> Results:
    duration = np.r_[np.repeat(table.time, table.events[0]), np.repeat(table.time, table.censored)]
    status = np.r_[np.ones(table.total_events, int), np.zeros(int(table.censored.sum()), int)]
    found = survival.reverse_median(duration, status)
    row = replace(
        found, section="follow_up", endpoint="reverse", method=f"{found.method}, in steps of {size} patients"
    )
    return Results((row,))


def _without_curves(release: Release, keys: Iterable[str]) -> Results:
    """Where a curve would tell too much, its median is masked as well."""
    absent = [
        Estimate("median_time", section="survival", endpoint=key, method="Kaplan–Meier", note=SUPPRESSED)
        for key in keys
        if key in release.cohort.endpoints
    ]
    return Results(tuple(absent))
