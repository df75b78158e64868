"""Treatment: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reportgen.base.described import Context, DescribedEndpoint
from reportgen.base.message import N_

KEY = "exposure"


TITLE = N_("Treatment")


REQUIRES = ("patients.treatment_stop",)


ENDPOINT = "time_on_treatment"


@dataclass(frozen=True)
class ExposureFacts(Context):
    """endpoint: of the time on treatment, None where there is no curve of it. reasons: for stopping, the most frequent
    first. groups: that are compared. unknown: patients of whom neither a stop nor life nor death is recorded. actions:
    taken for toxicity, each as most rows spell it. lines: of treatment, as groups of the results.
    """

    endpoint: DescribedEndpoint | None
    reasons: tuple[str, ...]
    groups: tuple[str, ...]
    unknown: int
    actions: Mapping[str, str]
    lines: tuple[str, ...]
