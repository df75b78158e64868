"""From how many patients and events on a statistic may be shown: the limits, which settings may change."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GateLimits:
    """What stats.gates asks of.

    model: events for any model. cox: events per coefficient for Cox without penalty, and of a cause for Gray's test or
    a normal interval. asymptotic: events for tests by large-sample theory. small_group: patients a group needs for
    them. beta_product_below: patients below which intervals of curves are beta product. few_at_risk: below this a
    curve is drawn lighter.
    """

    model: int = 5
    cox: int = 10
    asymptotic: int = 20
    beta_product_below: int = 30
    small_group: int = 10
    few_at_risk: int = 5
