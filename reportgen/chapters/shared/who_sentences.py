"""Who the patients were, in one breath: "Four girls and four boys, median age 10 (2–16)"."""

from __future__ import annotations

from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.report import Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, counted, join, say

ADULT = 18  # years
SEXES = ("female", "male")


def who(results: Results) -> Text | None:
    """Sex and age of all patients, as far as they are recorded of all; None where neither is."""
    sexes, age = _sexes(results), _ages(results)
    parts = [part for part in (sexes, age) if part]
    return capital(join(parts, ", ", N_(", "))) if parts else None


def _sexes(results: Results) -> Text | None:
    missing = results.get("baseline.sex.all.missing")
    found = [e for e in results.select(section="baseline", variable="sex", statistic="proportion")
             if e.group in SEXES and e.events]  # fmt: skip
    if missing is None or missing.value or not found or sum(required(e.events) for e in found) != found[0].n:
        return None
    oldest, youngest = (results.get(f"baseline.age_at_start.all.{s}") for s in ("maximum", "minimum"))
    young = oldest is not None and oldest.exists and required(oldest.value) < ADULT
    adult = youngest is not None and youngest.exists and required(youngest.value) >= ADULT
    return join([(phrases.value(_counted(e, young, adult), e),) for e in found])


def _counted(e: Estimate, young: bool, adult: bool) -> str:
    """ "four girls", "53 women"; of all ages together "four female"."""
    n, female = required(e.events), e.group == "female"
    if young:
        return counted(n, "girl") if female else counted(n, "boy")
    if adult:
        return counted(n, "woman", "women") if female else counted(n, "man", "men")
    return f"{numbers.spelled(n)} {_('female') if female else _('male')}"


def _ages(results: Results) -> Text | None:
    median, low, high = (
        results.get(f"baseline.age_at_start.all.{s}") for s in ("median", "minimum", "maximum")
    )
    if median is None or low is None or high is None or not median.exists:
        return None
    said = {name: _years(e) for name, e in (("m", median), ("low", low), ("high", high))}
    if median.n == 1 or low.value == high.value:
        return say("age {m}", m=said["m"])
    return say("median age {m} ({low}–{high})", **said)


def _years(e: Estimate) -> Text:
    """Years of age; halves of children only."""
    value = required(e.value)
    return (phrases.value(numbers.decimal(value, 0 if value >= ADULT or value == round(value) else 1), e),)
