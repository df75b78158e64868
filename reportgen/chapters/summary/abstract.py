"""The structured abstract: purpose, methods, results, course."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.described import DescribedEndpoint
from reportgen.base.message import pieces
from reportgen.chapters.after_relapse.facts import AfterRelapseFacts
from reportgen.chapters.shared import (
    common_features,
)
from reportgen.chapters.shared import (
    course_sentences as course,
)
from reportgen.chapters.shared import (
    incidence_blocks as incidences,
)
from reportgen.chapters.shared import (
    response_sentences as response,
)
from reportgen.chapters.shared import (
    stopping_sentences as stopping,
)
from reportgen.chapters.shared import (
    toxicity_sentences as toxicity,
)
from reportgen.chapters.summary.facts import SummaryFacts
from reportgen.chapters.survival.facts import SurvivalFacts
from reportgen.report import Text
from reportgen.stats.notes import Status
from reportgen.stats.results import Results
from reportgen.writing import dates, estimate_words, numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import join, lower, paragraph, say


def purpose(diagnosis: str, treatment: str, patients: Text | str) -> Text:
    """What the report is about, in one sentence. patients: how many, as exactly as that may be said."""
    said = {"diagnosis": diagnosis, "treatment": treatment, "patients": patients}
    if diagnosis and treatment:
        return say("To describe the outcome of {patients} with {diagnosis} treated with {treatment}.", **said)
    if diagnosis:
        return say("To describe the outcome of {patients} with {diagnosis}.", **said)
    if treatment:
        return say("To describe the outcome of {patients} treated with {treatment}.", **said)
    return say("To describe the outcome of {patients}.", **said)


def methods(results: Results, facts: SummaryFacts) -> Text:
    """Who was included, until when they were followed, and how outcome was measured."""
    return paragraph(
        _who(facts), _left_out(results, facts), _follow_up(results, facts), counted_from(facts), _how(results)
    )


def counted_from(facts: SummaryFacts) -> Text | None:
    """What outcomes count from, where it is not the start of treatment."""
    if not facts.origin:
        return None
    return say("Survival and relapse count from the {origin}.", origin=_(facts.origin))


def _who(facts: SummaryFacts) -> Text | None:
    if not facts.years:
        return None
    first, last = map(str, facts.years)
    said = {"first": first, "last": last, "cutoff": dates.date(facts.cutoff) if facts.cutoff else ""}
    if first == last:
        if facts.cutoff:
            return say("Treatment was started in {first}, with data to {cutoff}.", **said)
        return say("Treatment was started in {first}.", **said)
    if facts.cutoff:
        return say("Treatment was started between {first} and {last}, with data to {cutoff}.", **said)
    return say("Treatment was started between {first} and {last}.", **said)


def _left_out(results: Results, facts: SummaryFacts) -> Text | None:
    """Who is in none of the analyses of time, for want of a status or a date."""
    found = endpoints_of(results)
    survival = next((endpoint for endpoint in found if endpoint.key == "os"), None)
    if survival is None or not survival.left_out:
        return None
    n = sum(k for k, _reason in survival.left_out)
    return say(
        "Left out of overall survival: {n} of {all} ({reasons}).",
        n=numbers.whole(n),
        all=numbers.whole(facts.n),
        reasons="; ".join(_(reason) for _k, reason in survival.left_out),
    )


def _follow_up(results: Results, facts: SummaryFacts) -> Text | None:
    median = results.get("follow_up.all.all.median")
    if median is None or not median.exists:
        return None
    said = {
        "median": phrases.duration(median, facts.unit),
        "unit": numbers.unit_name(facts.unit),
        "low": phrases.duration(results["follow_up.all.all.minimum"], facts.unit),
        "high": phrases.duration(results["follow_up.all.all.maximum"], facts.unit),
    }
    if median.n == 1:
        return say("Follow-up was {median} {unit}.", **said)
    reverse = results.get("follow_up.reverse.all.median_time")
    return paragraph(
        say("Median follow-up was {median} {unit} (range {low}–{high}).", **said),
        say("That is the plain median of the times observed; by reverse Kaplan–Meier it is {reverse} {unit}.",
            reverse=phrases.duration(reverse, facts.unit), unit=said["unit"])
        if reverse is not None and reverse.exists
        else say("That is the plain median of the times observed."),
    )  # fmt: skip


def _how(results: Results) -> Text | None:
    at_times = results.select(section="survival", statistic="survival", group="all")
    if not at_times:
        if not results.select_curves(kind="cumulative_incidence"):
            return None
        return say("Events that others compete with are estimated as cumulative incidence by Aalen–Johansen.")
    methods = [pieces(e.method) for e in at_times if e.exists]
    if not methods and any(e.status is Status.REFUSED for e in at_times):
        return None  # of one patient or two nothing is estimated
    kinds = sorted({parts[-1] for parts in methods if len(parts) > 1})
    intervals = _(" or ").join(map(estimate_words.method, kinds))
    if not results.select(section="relapse", statistic="cumulative_incidence"):
        if not kinds:
            return say("Survival is estimated by Kaplan–Meier.")
        return say("Survival is estimated by Kaplan–Meier, with {intervals}.", intervals=intervals)
    if not kinds:
        return say(
            "Survival is estimated by Kaplan–Meier; relapse as cumulative incidence with death competing."
        )
    return say(
        "Survival is estimated by Kaplan–Meier, with {intervals}; relapse as cumulative incidence with death "
        "competing.",
        intervals=intervals,
    )


def findings(results: Results, facts: SummaryFacts) -> Text:
    """Response, toxicity and survival."""
    return paragraph(
        response.rate_sentence(results) if "response.response.all.proportion" in results else None,
        _toxicity(results, facts),
        *_survival(results, facts),
    )


def _toxicity(results: Results, facts: SummaryFacts) -> Text | None:
    """The leading terms; or that nothing is known, which is not the same as no toxicity."""
    if not facts.has_toxicities:
        return say("Toxicity is not recorded in these data.")
    if "toxicity" not in results.facts:
        return None
    return (
        toxicity.major_sentence(results)
        if results.facts["toxicity"].rows
        else toxicity.nothing_recorded(results)
    )


def endpoints_of(results: Results) -> Sequence[DescribedEndpoint]:
    """Those that the chapter on survival has, none without it."""
    survival: SurvivalFacts | None = results.facts.get("survival")
    return survival.endpoints if survival else ()


def headline(results: Results) -> list[DescribedEndpoint]:
    """The endpoints of page one: PFS and OS where they could be derived, else the first two there are."""
    found = endpoints_of(results)
    return [e for e in found if e.key in ("pfs", "os")] or list(found[:2])


def _survival(results: Results, facts: SummaryFacts) -> list[Text | None]:
    said = []
    for endpoint in headline(results):
        if endpoint.competing:
            said.append(incidences.incidence_sentence(results, "survival", endpoint, facts, ends=True))
            continue
        at_times = results.select(
            section="survival", endpoint=endpoint.key, group="all", statistic="survival"
        )
        # The landmarks between the first and the last stand in the chapter on survival.
        existing = [e for e in at_times if e.exists]
        parts = [
            phrases.survival(e, facts.unit, se=True) for e in dict.fromkeys((*existing[:1], *existing[-1:]))
        ]
        if parts:
            sentence = say("{label} was {parts}.", label=lower(endpoint.label), parts=join(parts))
            said.append(sentence)
    return said


def has_relapsed(results: Results) -> bool:
    """Whether the chapter on what followed a relapse says something."""
    told: AfterRelapseFacts | None = results.facts.get("after_relapse")
    return told is not None and told.n > 0


def course_of_patients(results: Results) -> Text:
    """Relapse, after relapse, after stopping; only what occurred."""
    said: list[Text | None] = []
    count = results.get("relapse.relapse.all.count")
    if count is not None:
        said.append(say("{who} relapsed.", who=shares.first_words(count)))
        if count.value:
            said += [course.circumstances(results), common_features.common(results)]
    if has_relapsed(results):
        said += course.after_relapse(results)
    if "after_stopping.stopped.event.proportion" in results:
        said += [stopping.stopped(results), stopping.without_event(results)]
    return paragraph(*said)
