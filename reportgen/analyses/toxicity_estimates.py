"""Estimates of toxicity: patients by worst grade, of any cause and related, and events per patient-year."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from reportgen.analyses import grades
from reportgen.analyses.exact_shares import described, share
from reportgen.analyses.grades import OVERALL
from reportgen.analyses.toxicities import (
    GRADES,
    NO_TERM,
    Events,
    after_treatment,
    before_treatment,
    unknown_of,
    variables,
)
from reportgen.base.described import DescribedTerm
from reportgen.base.message import joined, message
from reportgen.stats.notes import not_estimable, percent
from reportgen.stats.rates import rate
from reportgen.stats.results import Estimate

NO_ATTRIBUTION = not_estimable(
    message("the data lack {columns}", "not_recorded", columns="toxicities.attribution")
)
NO_GRADES = not_estimable(message("no grade is recorded", "not_recorded"))
NO_ONSET = not_estimable(message("no onset is recorded", "not_recorded"))
NO_EXPOSURE = not_estimable(message("the time on treatment of a patient is not known", "not_recorded"))


def terms(events: Events, tables: Mapping) -> list[DescribedTerm]:
    """Every term with its category (the most frequent one), by frequency: grade ≥ 3, then any, then name;
    at the end the events without a term.

    tables: as `grades.counted` gives them.
    """
    found = []
    graded = bool(events.facts["has_grade"])
    for term, rows in zip(events.terms, tables["categories",], strict=True):
        worst = grades.totals(tables, term, slice(None))
        found.append(
            DescribedTerm(
                key=term,
                name=events.names[term],
                category=events.categories[rows.argmax()],
                named=term != NO_TERM,
                any=int(worst[grades.UNGRADED :].sum()),
                high=int(worst[_from_grade(3)].sum()) if graded else 0,
            )
        )
    return sorted(found, key=lambda t: (not t.named, -t.high, -t.any, t.key))


def estimates(
    section: str, events: Events, groups: Mapping[str, np.ndarray], tables: Mapping, level: float,
    frequent: Collection[str] = (),
) -> tuple[Estimate, ...]:  # fmt: skip
    """For the total, each category and each term, for all and per group: patients by worst grade, and rate.

    groups: "all", and masks of the patients. tables: as `grades.counted` gives them, with these groups in this order.
    frequent: the terms of which every worst grade is counted per group, too, as it is of the total.
    """
    found = [replace(e, section=section) for e in (*_left_out_of_rate(events), *_not_known(events))]
    lines = {name: slice(None) if name == "all" else number for number, name in enumerate(groups)}
    times = {name: exposure(events, mask) for name, mask in groups.items()}
    known = events.facts
    for variable in (OVERALL, *(f"category: {category}" for category in events.categories), *events.terms):
        for group, line in lines.items():
            worst, related = (grades.totals(tables, variable, line, only) for only in (False, True))
            rows = [*_patients(worst, "", level), *_related(related, bool(known["has_attribution"]), level)]
            rows += _by_grade(worst, related) if group == "all" or variable in (OVERALL, *frequent) else []
            rows = rows if known["has_grade"] else [*map(_ungraded, rows)]
            rows.append(
                _rate(
                    int(tables["during", variable][line].sum()), bool(known["has_onset"]), times[group], level
                )
            )
            found += [replace(e, section=section, variable=variable, group=group) for e in rows]
    return tuple(found)


def _left_out_of_rate(events: Events) -> list[Estimate]:
    """Events that are in no rate, for they began before or after the treatment, or on a day that is not known."""
    masks = {
        "began_after_treatment": (
            after_treatment(events),
            message("events that began after the end of treatment"),
        ),
        "began_before_treatment": (
            before_treatment(events),
            message("events that began before the start of treatment"),
        ),
        "without_onset": (np.isnan(events.onset), message("events whose onset is not recorded")),
    }
    return [
        Estimate(name, variable=OVERALL, value=int(mask.sum()), n=len(events), method=method)
        for name, (mask, method) in masks.items()
    ]


def _not_known(events: Events) -> list[Estimate]:
    """Patients who were not assessed, and per term those of whom it is not known; nothing of terms known of all."""
    n = len(events.assessed)
    found = [Estimate("not_assessed", variable=OVERALL, value=n - int(events.assessed.sum()), n=n,
                      method=message("patients not recorded as assessed for toxicity"))]  # fmt: skip
    method = message("patients of whom it is not known")
    for place, (variable, mine) in enumerate(variables(events)):
        missing = int(unknown_of(events, place, mine).sum())
        if missing:
            found.append(Estimate("not_known", variable=variable, value=missing, n=n, method=method))
    return found


def _ungraded(estimate: Estimate) -> Estimate:
    """The estimate where no event has a grade: that of any grade exists, no other."""
    if estimate.statistic.endswith("any_grade") or not estimate.exists:
        return estimate
    return replace(estimate, value=None, low=None, high=None, events=None, note=NO_GRADES)


@cache
def _share(k: int, n: int, level: float) -> Estimate:
    return share(k, n, level)


def _from_grade(grade: int) -> slice:
    return slice(grades.FIRST_GRADE + grade - 1, None)


def _patients(worst: np.ndarray, prefix: str, level: float) -> list[Estimate]:
    n = int(worst.sum())
    counts = {"any_grade": worst[grades.UNGRADED :], "grade_3_plus": worst[_from_grade(3)]}
    counts |= {} if prefix else {"grade_5": worst[_from_grade(5)]}
    return [replace(_share(int(k.sum()), n, level), statistic=prefix + name) for name, k in counts.items()]


def _related(worst: np.ndarray, known: bool, level: float) -> list[Estimate]:
    rows = _patients(worst, "related_", level)
    if known:
        return rows
    return [replace(e, value=None, low=None, high=None, events=None, note=NO_ATTRIBUTION) for e in rows]


def _by_grade(worst: np.ndarray, related: np.ndarray) -> list[Estimate]:
    """How many patients have each grade as their worst: the parts of a bar, so without intervals."""
    n, rows = int(worst.sum()), []
    for prefix, values in (("", worst), ("related_", related)):
        counts = {f"worst_grade_{g}": int(k) for g, k in zip(GRADES, values[_from_grade(1)], strict=True)}
        counts["worst_grade_missing"] = int(values[grades.UNGRADED])
        rows += [
            Estimate(prefix + name, value=k / n if n else None, n=n, events=k,
                     method=message("worst grade per patient"),
                     note="" if n else not_estimable(message("no patients", "no_patients")))
            for name, k in counts.items()
        ]  # fmt: skip
    return rows


def exposure(events: Events, mask: np.ndarray) -> tuple[float, int]:
    """Days on treatment of the assessed patients among some, nan where those of one are not known; their number."""
    days = events.exposure[events.assessed & mask]
    return float(days.sum()), len(days)


def _rate(number: int, dated: bool, time: tuple[float, int], level: float) -> Estimate:
    """Events per patient-year on treatment; only those known to have begun then. dated: an onset is known.
    time: days on treatment, and of how many patients."""
    days, patients = time
    method = joined(
        [
            message("events that began on treatment"),
            message(
                "exact Poisson (Garwood) {n}% CI, taking events as independent", "garwood", n=percent(level)
            ),
        ]
    )
    if not dated:
        return Estimate("rate", method=method, note=NO_ONSET)
    if not patients or np.isnan(days):
        return Estimate(
            "rate",
            method=method,
            note=NO_EXPOSURE if patients else not_estimable(message("no patients", "no_patients")),
        )
    if not days:
        return Estimate(
            "rate", method=method, note=not_estimable(message("no person-time", "no_person_time"))
        )
    return replace(described(rate(number, days, level=level), patients), method=method, n=patients)
