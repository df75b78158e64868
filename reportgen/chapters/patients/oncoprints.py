"""Findings of which a cell holds several, by patients: who is drawn in which order, and the share of each finding."""

from __future__ import annotations

import numpy as np

from reportgen.analyses import courses
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.findings import Findings, findings, shares_of_tested, side_by_side
from reportgen.chapters.patients.facts import KEY, MOST_COLUMNS, MOST_FINDINGS, Oncoprint, Person
from reportgen.cohort.cohort import Cohort
from reportgen.stats.results import Estimate

LEAST = 2  # findings, and patients: of one a figure says no more than its line in the table


def drawn_findings(cohort: Cohort) -> tuple[Oncoprint, ...]:
    """A figure for each column of lists; none of more patients than can be told apart."""
    if not LEAST <= cohort.n <= MOST_COLUMNS:
        return ()
    return tuple(_drawn(cohort, found) for found in findings(cohort) if len(found.labels) >= LEAST)


def finding_shares(cohort: Cohort) -> tuple[Estimate, ...]:
    """The share of those tested with each of the most frequent findings."""
    level = cohort.settings.confidence_level
    return tuple(
        row for found in findings(cohort) for row in shares_of_tested(KEY, found, MOST_FINDINGS, level)
    )


def _drawn(cohort: Cohort, found: Findings) -> Oncoprint:
    printed = courses.printed_order(cohort)
    names = dict(zip(printed.tolist(), courses.labels(cohort, printed), strict=True))
    groups = courses.group_names(cohort)
    ranks = {name: rank for rank, name in enumerate(columns.groups(cohort))}
    rank = np.array([ranks.get(name, len(ranks)) for name in groups])
    shown = found.has[:, :MOST_FINDINGS]
    order = side_by_side(shown, rank)
    relapsed, dead = np.isfinite(columns.relapse_days(cohort)), columns.dead(cohort)
    people = tuple(
        Person(names[i], str(groups[i]), tuple(kind for kind, had in (("relapse", relapsed[i]), ("death", dead[i]))
                                               if had))
        for i in order.tolist()
    )  # fmt: skip
    rows = {
        label: tuple(None if np.isnan(one) else bool(one) for one in shown[order, k])
        for k, label in enumerate(found.labels[:MOST_FINDINGS])
    }
    return Oncoprint(found.name, found.label, people, rows, len(found.labels) - len(rows))
