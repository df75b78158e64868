"""Summary: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.base.described import Context
from reportgen.base.message import N_

KEY = "summary"


TITLE = N_("Summary")


REQUIRES = ()


@dataclass(frozen=True)
class SummaryFacts(Context):
    """n: patients. years: of the first and the last start, None without dates. cutoff: as an ISO date, None without it.

    diagnosis, treatment: "" where they are not the same for all.
    """

    n: int
    diagnosis: str
    treatment: str
    years: tuple[int, int] | None
    cutoff: str | None
    has_relapses: bool
    has_toxicities: bool
