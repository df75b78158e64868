"""What a report for readers outside hands from its protected counts to its pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen.base.described import Context, DescribedEndpoint


@dataclass(frozen=True)
class ExternalFacts(Context):
    """n: patients, None where masked. step: to the middle of whose multiples counts are rounded. small, agreed: whether
    the cohort is too small to be anonymous, and its release was agreed. groups: without "all". features, terms: that
    may be named, as the chapters on patients and on toxicity have them. endpoints: without those left out.
    """

    n: int | None
    step: int
    diagnosis: str
    treatment: str
    groups: Sequence[str]
    features: Sequence[Mapping[str, Any]]
    endpoints: Sequence[DescribedEndpoint]
    terms: Sequence[Mapping[str, Any]]
    ctcae_version: str
    agreed: bool
    small: bool
    min_cell: int
