"""Patients at the start: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.base.described import Context, DescribedFeature
from reportgen.base.message import N_

KEY = "baseline"


TITLE = N_("Patients at the start")


REQUIRES = ()


@dataclass(frozen=True)
class BaselineFacts(Context):
    """features: in printed order. groups: without "all". ungrouped:
    patients in none of them. treatment: as the settings name it.
    """

    features: Sequence[DescribedFeature]
    groups: Sequence[str]
    treatment: str
    ungrouped: int
