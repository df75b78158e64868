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
OF_AGE = {"female": N_("woman"), "male": N_("man")}
MANY_OF_AGE = {"female": N_("women"), "male": N_("men")}
YOUNG = {"female": N_("girl"), "male": N_("boy")}
MANY_YOUNG = {"female": N_("girls"), "male": N_("boys")}


def who(results: Results) -> Text | None:
    """Sex and age of all patients, as far as they are recorded of all; None where neither is."""
    sexes, age = _sexes(results), _ages(results)
    parts = [part for part in (sexes, age) if part]
    return capital(join(parts, ", ", N_(", "))) if parts else None


def _sexes(results: Results) -> Text | None:
    missing = results.get("baseline.sex.all.missing")
    found = [e for e in results.select(section="baseline", variable="sex", statistic="proportion")
             if e.group in OF_AGE and e.events]  # fmt: skip
    if missing is None or missing.value or not found or sum(required(e.events) for e in found) != found[0].n:
        return None
    oldest, youngest = (results.get(f"baseline.age_at_start.all.{s}") for s in ("maximum", "minimum"))
    young = oldest is not None and oldest.exists and required(oldest.value) < ADULT
    adult = youngest is not None and youngest.exists and required(youngest.value) >= ADULT
    if not (young or adult):
        return join([_named(e, _("female") if e.group == "female" else _("male")) for e in found])
    one, many = (YOUNG, MANY_YOUNG) if young else (OF_AGE, MANY_OF_AGE)
    return join([_named(e, counted(required(e.events), one[e.group], many[e.group]), False) for e in found])


def _named(e: Estimate, words: str, with_count: bool = True) -> Text:
    said = f"{numbers.spelled(required(e.events))} {words}" if with_count else words
    return (phrases.value(said, e),)


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
