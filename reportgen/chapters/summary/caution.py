"""What the headline warns of: how little may be concluded from so few, or so early."""

from __future__ import annotations

from reportgen.base.required import required
from reportgen.chapters.summary.facts import SummaryFacts
from reportgen.report import Text
from reportgen.stats.landmarks import seen_from
from reportgen.stats.notes import Status
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases
from reportgen.writing.narrative import capital, counted, say

SMALL = 30  # patients: of no more, they are counted in words, and every estimate is imprecise


def patients(facts: SummaryFacts) -> str:
    """How many they are, in words where they are few."""
    return counted(facts.n, "patient")


def _early(median: Estimate, reverse: Estimate | None, times: tuple[float, ...]) -> bool:
    """Whether half were not followed to the first landmark though they could have been: death ends observation, too,
    so that the reverse median, where there is one or it is not reached, must be as short as the plain one."""
    if not times or not median.exists or required(median.value) >= seen_from(times[0]):
        return False
    if reverse is None or reverse.status not in (Status.OK, Status.NOT_REACHED):
        return True
    return reverse.exists and required(reverse.value) < seen_from(times[0])


def tail(results: Results, facts: SummaryFacts) -> Text | None:
    """How little may be concluded from so few, or so early."""
    follow_up = results.get("follow_up.all.all.median")
    if follow_up is not None and _early(
        follow_up, results.get("follow_up.reverse.all.median_time"), facts.times
    ):
        said = {"x": phrases.duration(follow_up, facts.unit), "unit": numbers.unit_name(facts.unit)}
        if facts.n == 1:
            return say("Too early to tell: follow-up is {x} {unit}.", **said)
        return say("Too early to tell: median follow-up is {x} {unit}.", **said)
    if 1 < facts.n <= SMALL:
        return capital(say("{patients}: estimates are imprecise.", patients=patients(facts)))
    return None
