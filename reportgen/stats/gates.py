"""What may be computed, and said, with so many patients and events.

The limits are conventions of this project, chosen from simulation; a report says when they were changed.
Reasons are short phrases ("2 events are fewer than 5") that stand behind "because".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, factorial, lgamma, prod

from reportgen.base.gate_limits import GateLimits
from reportgen.base.message import Message, message
from reportgen.stats.notes import against, number


@dataclass(frozen=True)
class Permission:
    """allowed: whether anything may be shown; method: what, or ""; reason: why not, or why not more."""

    allowed: bool
    method: str
    reason: Message = Message("")


DEFAULT = GateLimits()
# The smallest p that a test must be able to reach for its groups.
SMALLEST_P = 0.05
EXACT_INTEGERS = 2000
# Multiple imputation: patients, and the share of them that lack a value.
FEWEST_IMPUTED, MOST_IMPUTED = 100, 100_000
LEAST_MISSING, MOST_MISSING = 0.05, 0.5


def curve(n: int, events: int, gates: GateLimits = DEFAULT) -> Permission:
    """A survival curve with its interval: "beta product" or "log-log"; none without events or with n ≤ 2."""
    if n <= 2:
        return Permission(False, "", too_few(n))
    if events == 0:
        return Permission(False, "", message("there are no events", "no_events"))
    if n < gates.beta_product_below:
        return Permission(True, "beta product", _fewer_patients(n, gates.beta_product_below))
    if events < gates.cox:
        return Permission(True, "beta product", _fewer(events, gates.cox))
    return Permission(True, "log-log")


def interval(n: int) -> Permission:
    """The interval of a share, or of an effect in a group of n: none with n ≤ 2."""
    return Permission(False, "", too_few(n)) if n <= 2 else Permission(True, "exact")


def comparison_test(
    group_sizes: Sequence[int], group_events: Sequence[int], gates: GateLimits = DEFAULT
) -> Permission:
    """The log-rank test that may be shown: "exact" (permutation) or "asymptotic"; empty groups do not count.

    None where there are no events, fewer than two groups, or groups so small that not even the most
    extreme outcome reaches SMALLEST_P. The asymptotic test needs enough events and no small group.
    """
    if len(group_sizes) != len(group_events):
        raise ValueError(f"{len(group_sizes)} group sizes, but {len(group_events)} counts of events")
    sizes = [size for size in group_sizes if size]
    events = sum(group_events)
    if len(sizes) < 2:
        return Permission(
            False, "", message("there are fewer than two groups with patients", "too_few_groups")
        )
    if sum(sizes) <= 2:
        return Permission(False, "", too_few(sum(sizes)))
    if events == 0:
        return Permission(False, "", message("there are no events", "no_events"))
    reachable = smallest_p(sizes)
    if reachable > SMALLEST_P:
        against_each_other = against(sizes)
        reason = message(
            "{text} patient cannot reach a p below {n}"
            if sizes[-1] == 1
            else "{text} patients cannot reach a p below {n}",
            "p_out_of_reach",
            text=against_each_other,
            n=number(reachable, 2),
        )
        return Permission(False, "", reason)
    if events < gates.asymptotic:
        return Permission(True, "exact", _fewer(events, gates.asymptotic))
    if min(sizes) < gates.small_group:
        reason = message(
            "a group of {n} is smaller than {limit}",
            "too_few_patients",
            n=min(sizes),
            limit=gates.small_group,
        )
        return Permission(True, "exact", reason)
    return Permission(True, "asymptotic")


def smallest_p(group_sizes: Sequence[int]) -> float:
    """Smallest two-sided p that any permutation test of groups of these sizes can reach.

    One relabelling in all, times the ways to exchange groups of one size, which no two-sided statistic
    tells apart.

    >>> smallest_p([3, 3]), round(smallest_p([3, 5]), 4)
    (0.1, 0.0179)
    """
    alike = [list(group_sizes).count(size) for size in set(group_sizes)]
    n = sum(group_sizes)
    if n > EXACT_INTEGERS:
        logarithm = sum(lgamma(k + 1) for k in [*group_sizes, *alike]) - lgamma(n + 1)
        return min(1.0, exp(logarithm))
    ways = prod(factorial(k) for k in [*group_sizes, *alike])
    return min(1.0, ways / factorial(n))


def model(
    events: int, coefficients: int, group_events: Sequence[int] = (), gates: GateLimits = DEFAULT
) -> Permission:
    """The regression that may be fitted: "cox", "firth", or none.

    group_events: events in each level of the features, as far as they are categories. Below `model`
    events: none. From `cox` events per coefficient on, and with events in every group: Cox. Between:
    Firth's penalty, for as many coefficients as have `model` events each: one feature at a time.
    """
    if coefficients < 1:
        raise ValueError(f"coefficients must be at least 1, but was {coefficients!r}")
    if events < gates.model:
        return Permission(False, "", _fewer(events, gates.model))
    if events < gates.model * coefficients:
        return Permission(False, "", _per_coefficient(events, gates.model, coefficients))
    if events < gates.cox * coefficients:
        return Permission(True, "firth", _per_coefficient(events, gates.cox, coefficients))
    if len(group_events) and min(group_events) == 0:
        return Permission(True, "firth", message("a group has no events", "no_events"))
    return Permission(True, "cox")


def imputation(
    n: int,
    incomplete: int,
    events: int,
    coefficients: int,
    group_events: Sequence[int] = (),
    gates: GateLimits = DEFAULT,
) -> Permission:
    """Whether missing values of the features of one model may be imputed: patients and events enough for Cox's model
    and for those that the values come from; of so few incomplete patients nothing would change, of so many more would
    be assumed than is known."""
    if n < FEWEST_IMPUTED:
        return Permission(False, "", _fewer_patients(n, FEWEST_IMPUTED))
    if n > MOST_IMPUTED:
        reason = message("{n} patients are more than {limit}", "too_many_patients", n=n, limit=MOST_IMPUTED)
        return Permission(False, "", reason)
    allowed = model(events, coefficients, group_events, gates)
    if allowed.method != "cox":
        return Permission(False, "", allowed.reason)
    share = {"n": incomplete, "of": n, "percent": 5 if 2 * incomplete < n else 50}
    if incomplete < LEAST_MISSING * n:
        return Permission(
            False,
            "",
            message("{n} of {of} patients lack a value, fewer than {percent}%", "little_missing", **share),
        )
    if incomplete > MOST_MISSING * n:
        return Permission(
            False,
            "",
            message("{n} of {of} patients lack a value, more than {percent}%", "too_much_missing", **share),
        )
    return Permission(True, "imputation")


def gray(events_of_cause: int, gates: GateLimits = DEFAULT) -> Permission:
    """Gray's test of cumulative incidences, and the normal interval of an RMST: enough events of the cause."""
    if events_of_cause < gates.cox:
        return Permission(False, "", _fewer(events_of_cause, gates.cox))
    return Permission(True, "asymptotic")


def proportional_hazards(events: int, gates: GateLimits = DEFAULT) -> Permission:
    """The check of proportional hazards: with few events its silence would say nothing."""
    if events < gates.asymptotic:
        return Permission(False, "", _fewer(events, gates.asymptotic))
    return Permission(True, "asymptotic")


def _fewer(count: int, limit: int) -> Message:
    """
    >>> print(_fewer(2, 5)), print(_fewer(1, 5))
    2 events are fewer than 5
    1 event is fewer than 5
    (None, None)
    """
    return message(
        "{n} event is fewer than {limit}" if count == 1 else "{n} events are fewer than {limit}",
        "too_few_events",
        n=count,
        limit=limit,
    )


def _fewer_patients(count: int, limit: int) -> Message:
    return message(
        "{n} patient is fewer than {limit}" if count == 1 else "{n} patients are fewer than {limit}",
        "too_few_patients",
        n=count,
        limit=limit,
    )


def _per_coefficient(events: int, each: int, coefficients: int) -> Message:
    reason = _fewer(events, each * coefficients)
    if coefficients == 1:
        return reason
    return message(
        "{text} ({n} for each of {k} coefficients)", reason.code, text=reason, n=each, k=coefficients
    )


def too_few(n: int) -> Message:
    """So many patients are too few for a number."""
    if n == 0:
        return message("no patient is too few", "too_few_patients")
    return message(
        "{n} patient is too few" if n == 1 else "{n} patients are too few", "too_few_patients", n=n
    )
