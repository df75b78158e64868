"""Which outcomes are rows of page one's table, and by which ids their estimates are found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reportgen.base.described import DescribedEndpoint
from reportgen.base.required import required
from reportgen.chapters.shared.endpoint_blocks import short_at
from reportgen.chapters.shared.incidence_blocks import short_by
from reportgen.chapters.summary.facts import SummaryFacts
from reportgen.chapters.toxicity.facts import ToxicityFacts
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers
from reportgen.writing.language import _
from reportgen.writing.narrative import head


@dataclass(frozen=True)
class Outcome:
    """A row. stem, statistic: of the ids of its estimates. difference: what sets two groups apart; test: what
    compares more.
    """

    label: str
    stem: str
    statistic: str
    difference: str = ""
    test: str = ""

    def of(self, results: Results, group: str = "all") -> Estimate | None:
        """Its Estimate in a group; None where no chapter made it."""
        return results.get(f"{self.stem}.{group}.{self.statistic}")


def outcomes(
    results: Results, facts: SummaryFacts, endpoints: Sequence[DescribedEndpoint]
) -> Iterator[Outcome]:
    """The rows of page one, in print order. endpoints: those that stand on it."""
    unit = facts.unit
    yield Outcome(_("Response (CR or PR)"), "response.response", "proportion", "difference", "p_value")
    for fact in endpoints:
        yield from _endpoint(results, f"survival.{fact.key}", fact, unit)
    if "relapse" in results.facts:
        yield from _endpoint(
            results, "relapse.relapse", replace(results.facts["relapse"].endpoint, competing="x"), unit
        )
    else:
        yield Outcome(_("Relapse"), "relapse.relapse", "cumulative_incidence")
    # Without a row, and without a word of who was assessed, nobody without toxicity is known.
    known: ToxicityFacts | None = results.facts.get("toxicity")
    toxicity = "toxicity.any" if known and (known.rows or known.declared) else "toxicity.nothing known"
    yield Outcome(_("Toxicity of grade ≥ 3"), toxicity, "grade_3_plus", "grade_3_plus_difference")
    yield Outcome(_("Toxicity of grade 5"), toxicity, "grade_5", "grade_5_difference")
    name = _("Median follow-up ({unit}) ‡", unit=numbers.unit_name(unit))
    yield Outcome(name, "follow_up.reverse", "median_time")


def _endpoint(results: Results, stem: str, fact: DescribedEndpoint, unit: str) -> Iterator[Outcome]:
    """The median, and the estimate at the last landmark that was reached; or the share with the event."""
    section, _dot, key = stem.partition(".")
    competing = bool(fact.competing)
    statistic = "cumulative_incidence" if competing else "survival"
    at = [
        e for e in results.select(section=section, endpoint=key, group="all", statistic=statistic) if e.exists
    ]
    if not competing:
        name = _("Median {name} ({unit})", name=short(fact), unit=numbers.unit_name(unit))
        yield Outcome(name, stem, "median_time", "hazard_ratio", "p_value")
    if at:
        when = numbers.time_point(required(at[-1].time), unit)
        name = short_by(fact, when) if competing else short_at(fact, when)
        timed = f"@{required(at[-1].time):.10g}"
        yield Outcome(head(name), stem, f"{statistic}{timed}", f"landmark_difference{timed}", "p_value")
    else:
        # A share with the event is never named after those who are free of it.
        event = fact.label if competing else fact.event
        yield Outcome(head(event), stem, "proportion", "", "p_value")


def short(fact: DescribedEndpoint) -> str:
    """ "PFS"."""
    return {"pfs": _("PFS"), "os": _("OS")}.get(fact.key, str(fact.label))
