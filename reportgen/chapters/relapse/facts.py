"""Relapse: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.base.described import Context, DescribedEndpoint, DescribedFeature
from reportgen.base.message import N_

KEY = "relapse"


TITLE = N_("Relapse")


REQUIRES = (
    "endpoints.relapse|patients.relapse_date",
    "endpoints.relapse|patients.last_contact",
    "endpoints.relapse",
)


@dataclass(frozen=True)
class RelapseFeature(DescribedFeature):
    """A feature that was set against relapse. of_interest: named beforehand. shared: the level of all who relapsed, ""
    where there is none; followed: whether the others were observed for long enough. recorded: of all who relapsed.
    """

    of_interest: bool = False
    shared: str = ""
    followed: bool = False
    recorded: bool = False


@dataclass(frozen=True)
class RelapseFacts(Context):
    """groups: that are compared. model_events: of fewer no model is made. features: that were set against
    relapse.
    """

    endpoint: DescribedEndpoint
    groups: Sequence[str]
    model_events: int
    features: Sequence[RelapseFeature]
