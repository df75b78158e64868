"""What a report for readers outside hands from its protected counts to its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.base.described import Context, DescribedEndpoint, DescribedFeature


@dataclass(frozen=True)
class NamedTerm:
    """A toxicity that may be named, without any count. key, category: as ids have them."""

    key: str
    name: str
    category: str
    category_name: str


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
    features: Sequence[DescribedFeature]
    endpoints: Sequence[DescribedEndpoint]
    terms: Sequence[NamedTerm]
    ctcae_version: str
    agreed: bool
    small: bool
    min_cell: int
