"""What may be said of a cohort to readers outside: its counts, and which of them are printed as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from reportgen.cohort.cohort import Cohort
from reportgen.privacy.ledger import Ledger, Share
from reportgen.privacy.masking import step_of
from reportgen.privacy.steps import Course
from reportgen.stats.notes import suppressed

SUPPRESSED = suppressed()
ENDPOINTS = ("pfs", "os")


@dataclass(frozen=True)
class Release:
    """What is needed to say what may be said. printed: name in the ledger → count as it is printed; drawn: the courses
    of which there are curves, by group and endpoint."""

    cohort: Cohort
    groups: Mapping[str, np.ndarray]
    ledger: Ledger
    printed: Mapping[str, int]
    drawn: Mapping[str, Mapping[str, Course]] = field(default_factory=dict)

    @property
    def step(self) -> int:
        """The step by which counts and curves are coarsened, in patients (see step_of)."""
        return step_of(self.cohort.settings.privacy.min_cell)

    def shows(self, share: Share) -> bool:
        """Whether a count is printed as part of another: both are."""
        return share.count in self.printed and share.among in self.printed

    def names(self, share: Share) -> bool:
        """Whether the value of the data after which the group is called may be seen."""
        return not share.open or share.open in self.named

    @cached_property
    def named(self) -> set[str]:
        """The values of the data after which a group that is shown is called."""
        return {share.open for share in self.ledger.shares if share.open and self.shows(share)}
