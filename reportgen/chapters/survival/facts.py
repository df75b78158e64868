"""Survival: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.base.described import (
    Context,
    DescribedEndpoint,
    DescribedFeature,
    DescribedLandmark,
    DescribedStates,
)
from reportgen.base.message import N_

KEY = "survival"


TITLE = N_("Survival")


REQUIRES = ()


@dataclass(frozen=True)
class SurvivalFacts(Context):
    """endpoints: with a part of their own; further: a row each. absent: name and missing columns of those that cannot
    be derived. landmark: the day from which `later`, what became known after the start, is compared. model_events: of
    fewer no model is made. features: those known at the start. states: that the settings name.
    """

    landmark: float
    later: Sequence[DescribedLandmark]
    model_events: int
    endpoints: Sequence[DescribedEndpoint]
    further: Sequence[DescribedEndpoint]
    features: Sequence[DescribedFeature]
    absent: Sequence[tuple[str, str]]
    states: Sequence[DescribedStates] = ()
