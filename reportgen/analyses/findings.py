"""Findings of which a cell holds several, such as altered genes: how many have each, of those tested for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reportgen.analyses.exact_shares import share
from reportgen.base.message import joined, message
from reportgen.cohort.cohort import Cohort
from reportgen.stats.results import Estimate


@dataclass(frozen=True)
class Findings:
    """A column of lists. labels: of its findings, the most frequent first. has: (patients, findings), 1 found, 0 tested
    and not found, nan not tested."""

    name: str
    label: str
    labels: tuple[str, ...]
    has: np.ndarray

    @property
    def tested(self) -> np.ndarray:
        """Per finding how many were tested for it."""
        return np.isfinite(self.has).sum(axis=0)

    @property
    def found(self) -> np.ndarray:
        """Per finding how many have it."""
        return np.nansum(self.has, axis=0).astype(int)


def findings(cohort: Cohort) -> tuple[Findings, ...]:
    """The columns of lists in the order of the source, with what their cells hold; those that the profile lets out."""
    frame = cohort.patients.frame
    told = []
    for of in dict.fromkeys(cohort.findings.values()):
        names = [name for name, whose in cohort.findings.items() if whose == of and name in frame]
        if not names:
            continue
        has = np.column_stack([frame[name].map({"yes": 1.0, "no": 0.0}).to_numpy(float) for name in names])
        found = Findings(of, cohort.labels[of], tuple(cohort.labels[name] for name in names), has)
        order = np.lexsort((np.arange(len(names)), -found.found))
        order = order[found.found[order] > 0]
        told.append(replace(found, labels=tuple(found.labels[k] for k in order), has=has[:, order]))
    return tuple(told)


def shares_of_tested(section: str, found: Findings, most: int, level: float) -> tuple[Estimate, ...]:
    """Of the most frequent findings the share with it of those tested for it (Clopper–Pearson).

    R: binom.test(found, tested)
    """
    counts = zip(found.labels[:most], found.found.tolist(), found.tested.tolist(), strict=False)
    rows = [(name, share(k, n, level)) for name, k, n in counts]
    return tuple(
        replace(row, section=section, variable=found.name, group=name,
                method=joined([row.method, message("of those tested")]))
        for name, row in rows
    )  # fmt: skip


def side_by_side(has: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """The order of patients in which those with the same findings stand together: by rank, then the first finding, the
    second …; who has it before who was tested without, and before who was not tested.
    """
    keys = np.where(np.isnan(has), 2.0, 1.0 - has)
    return np.lexsort((*keys.T[::-1], rank))
