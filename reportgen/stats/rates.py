"""Events per patient-year, with exact Poisson intervals, and the ratio of two rates."""

from __future__ import annotations

from reportgen.base.message import message
from reportgen.base.required import required
from reportgen.stats.notes import not_estimable, percent
from reportgen.stats.proportions import proportion
from reportgen.stats.results import Estimate

DAYS_PER_YEAR = 365.25


def rate(events: int, person_days: float, *, level: float = 0.95) -> Estimate:
    """Events per patient-year of 365.25 days, with Garwood's exact interval (Garwood 1936).

    Limits: χ²(α/2; 2k) / 2 and χ²(1 − α/2; 2k + 2) / 2 over the patient-years (R poisson.test). With no
    event the lower limit is 0 and the upper one is still two-sided. No person-time: no value, noted.

    >>> round(rate(0, 4273).high, 3)
    0.315
    """
    from scipy.special import gammaincinv

    _check(events, person_days, level)
    method = message("exact Poisson (Garwood) {n}% CI", "garwood", n=percent(level))
    if person_days == 0:
        return Estimate(
            "rate",
            events=events,
            level=level,
            method=method,
            note=not_estimable(message("no person-time", "no_person_time")),
        )
    years = person_days / DAYS_PER_YEAR
    tail = (1 - level) / 2
    low = gammaincinv(events, tail) / years if events else 0.0
    high = gammaincinv(events + 1, 1 - tail) / years
    return Estimate(
        "rate", value=events / years, low=low, high=high, level=level, events=events, method=method
    )


def rate_ratio(
    events: tuple[int, int],
    person_days: tuple[float, float],
    *,
    level: float = 0.95,
    against: str = "the second group",
) -> Estimate:
    """First rate over second, with the exact conditional interval.

    Given the sum of events, those of the first group are binomial; the Clopper–Pearson limits of that
    proportion π become limits of the ratio, π / (1 − π) · T₂ / T₁ (R poisson.test with two counts).
    No event in the second group: no value and no upper limit, noted by its name, `against`; the lower limit stands.
    No event in either, or no person-time: nothing, noted.
    """
    for count, days in zip(events, person_days, strict=True):
        _check(count, days, level)
    facts = {
        "level": level,
        "events": sum(events),
        "method": message("exact conditional {n}% CI", n=percent(level)),
    }
    if min(person_days) == 0:
        return Estimate(
            "rate_ratio",
            note=not_estimable(message("a group without person-time", "no_person_time")),
            **facts,
        )
    if sum(events) == 0:
        return Estimate("rate_ratio", note=not_estimable(message("no events", "no_events")), **facts)
    share = proportion(events[0], sum(events), level=level)
    time = person_days[1] / person_days[0]
    low = _odds(required(share.low)) * time
    if events[1] == 0:
        return Estimate(
            "rate_ratio",
            low=low,
            note=not_estimable(message("no events in {group}", "no_events", group=against)),
            **facts,
        )
    high = _odds(required(share.high)) * time
    return Estimate("rate_ratio", value=events[0] / events[1] * time, low=low, high=high, **facts)


def _odds(share: float) -> float:
    return share / (1 - share)


def _check(events: int, person_days: float, level: float) -> None:
    if events < 0:
        raise ValueError(f"events must not be negative, but was {events!r}")
    if not person_days >= 0:
        raise ValueError(f"person_days must not be negative, but was {person_days!r}")
    if person_days == 0 and events:
        raise ValueError(f"{events} events in no person-time")
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, but was {level!r}")
