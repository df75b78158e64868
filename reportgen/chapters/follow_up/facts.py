"""Follow-up: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from reportgen.base.described import Context
from reportgen.base.message import N_

KEY = "follow_up"


TITLE = N_("Follow-up")


REQUIRES = ()


@dataclass(frozen=True)
class FollowUpFacts(Context):
    """absent: the columns without which no follow-up can be computed; "" where it is.

    labels: of the endpoints whose maturity is shown, by key. groups: with a reverse Kaplan–Meier median of their own.
    cutoff: None where there is none.
    """

    absent: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    cutoff: date | None = None
