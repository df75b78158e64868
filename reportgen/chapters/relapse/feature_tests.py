"""Which tests were made of features against an event."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.chapters.relapse.facts import RelapseFeature
from reportgen.stats.results import Estimate, Results


def tested(
    results: Results, section: str, features: Sequence[RelapseFeature], endpoint: str
) -> list[Estimate]:
    """Every p-value of the table, of proportions and of times: what is counted, and adjusted together."""
    found = []
    for feature in features:
        name = feature.name
        found += results.select(section=section, variable=name, statistic="p_value")
        groups = (name, *(f"{name}={level}" for level in feature.levels))
        found += [p_of(results, section, endpoint, group) for group in groups]
    return [e for e in found if e is not None and e.exists]


def p_of(
    results: Results, section: str, name: str, group: str, statistic: str = "p_value"
) -> Estimate | None:
    """A p-value of the table, where there is one."""
    return results.get(f"{section}.{name}.{group}.{statistic}")
