"""Response: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.base.described import Context, DescribedEndpoint
from reportgen.base.message import N_

KEY = "response"


TITLE = N_("Response")


REQUIRES = ("patients.best_response",)


ENDPOINT = "duration_of_response"


@dataclass(frozen=True)
class TumourTrack:
    """How the tumour of a patient changed. times: days since the baseline; changes: fractions of it, both from 0 on.

    best: the smallest change. response: the best one, a word of RECIST.
    """

    label: str
    times: tuple[float, ...]
    changes: tuple[float, ...]
    best: float
    response: str


@dataclass(frozen=True)
class ResponseFacts(Context):
    """levels: of the best response, in printed order. groups: without "all". endpoint: the duration of response, None
    where there is no curve of it; duration_lacks: the columns for want of which it is not derived. until: the rule of
    the settings for which responses count. disease_control_weeks: 0 where it is not counted. later_responses: that do
    not count. size_thresholds, confirmation_days: as in the settings. sizes: whether the data hold
    sizes of tumours; tracks: the course of each; undrawn: reasons for none.
    """

    levels: Sequence[str]
    groups: Sequence[str]
    endpoint: DescribedEndpoint | None
    until: str
    disease_control_weeks: float
    size_thresholds: tuple[float, ...]
    confirmation_days: int
    later_responses: int
    duration_lacks: str
    sizes: bool
    tracks: Sequence[TumourTrack]
    undrawn: Sequence[str]
