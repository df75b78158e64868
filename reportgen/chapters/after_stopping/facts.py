"""After stopping treatment: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.base.described import Context, DescribedEndpoint
from reportgen.base.message import N_

KEY = "after_stopping"


TITLE = N_("After stopping treatment")


REQUIRES = ("patients.treatment_stop", "patients.last_contact")


ENDPOINT = "relapse_free_after_stopping"


SPREAD = ("count", "median", "minimum", "maximum")


@dataclass(frozen=True)
class AfterStoppingFacts(Context):
    """endpoint: None where it cannot be derived; lacks: then the columns for want of which. n: patients who stopped in
    response. others_stopped: whether others stopped without a relapse, too.
    """

    endpoint: DescribedEndpoint | None = None
    n: int = 0
    lacks: str = ""
    others_stopped: bool = False
