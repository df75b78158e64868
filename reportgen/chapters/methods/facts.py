"""Methods: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reportgen.base.gate_limits import GateLimits
from reportgen.base.message import N_, Message

KEY = "methods"


TITLE = N_("Methods")


REQUIRES = ()


@dataclass(frozen=True)
class Defined:
    """An endpoint as it was derived. left_out: number and reason of the patients to whom it does not apply."""

    label: str
    definition: Message
    left_out: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Handled:
    """Intercurrent events, in words, and the strategy by which all of them are dealt with."""

    events: tuple[str, ...]
    strategy: str


@dataclass(frozen=True)
class Estimand:
    """What an endpoint estimates. population: who it is about, "" for all patients; n: of how many it is estimated."""

    label: str
    population: str
    n: int
    event: str
    handled: tuple[Handled, ...]
    measure: str


@dataclass(frozen=True)
class Declared:
    """The settings that the chapter names. cutoff: as an ISO date, "" where there is none; cutoff_given: by somebody.

    survival_interval: as the settings call its kind. reference: "column: level", as set. of_interest: labels of
    the features named beforehand.
    landmarks: ascending, in `unit`. related: the attributions that count as related.
    """

    cutoff: str
    cutoff_given: bool
    landmarks: tuple[float, ...]
    unit: str
    group: str
    related: tuple[str, ...]
    ctcae_version: str
    overdue_days: int
    profile: str
    survival_interval: str
    confidence_level: float
    strata: tuple[str, ...]
    reference: tuple[str, ...]
    of_interest: tuple[str, ...]


@dataclass(frozen=True)
class MethodsFacts:
    """unavailable: endpoint → the columns that it lacks. versions: library → number."""

    definitions: tuple[Defined, ...]
    estimands: tuple[Estimand, ...]
    unavailable: tuple[tuple[str, str], ...]
    gates: GateLimits
    settings: Declared
    versions: Mapping[str, str]
