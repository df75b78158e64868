"""Relapse: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen.base.described import Context, DescribedEndpoint
from reportgen.base.message import N_

KEY = "relapse"


TITLE = N_("Relapse")


REQUIRES = (
    "endpoints.relapse|patients.relapse_date",
    "endpoints.relapse|patients.last_contact",
    "endpoints.relapse",
)


@dataclass(frozen=True)
class RelapseFacts(Context):
    """groups: that are compared. model_events: of fewer no model is made. features: name, label, kind, levels and more
    of each that was set against relapse.
    """

    endpoint: DescribedEndpoint
    groups: Sequence[str]
    model_events: int
    features: Sequence[Mapping[str, Any]]
