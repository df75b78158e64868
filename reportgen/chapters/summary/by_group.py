"""The groups in the abstract: each outcome in every one of them, and the test by its name."""

from __future__ import annotations

from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.chapters.shared import start_differences
from reportgen.chapters.shared.incidence_blocks import competing_sentence
from reportgen.chapters.summary import contrasts
from reportgen.chapters.summary.facts import SummaryFacts
from reportgen.report import Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, join, paragraph, say


def by_group(results: Results, facts: SummaryFacts) -> Text | None:
    """Response, relapse and survival of each group; of more than can be told one by one their range. None without."""
    names = contrasts.groups(results, facts)
    if not names:
        return None
    if not shares.told(names):
        said = contrasts.compared(results, facts)
        return (
            paragraph(capital(say("{what}. Exploratory.", what=join(said, "; ", N_("; "))))) if said else None
        )
    found = [
        c for c in (contrasts.contrast_of(results, stem, facts.group) for stem in contrasts.OUTCOMES) if c
    ]
    parts = [
        part
        for part in (_response(results, facts, names), *(_outcome(results, facts, c) for c in found))
        if part
    ]
    relapse = results.facts.get("relapse")
    return paragraph(
        say(
            "By {label}, exploratory: {parts}.",
            label=facts.group_label,
            parts=join(parts, "; ", N_("; and ")),
        ),
        competing_sentence(results, "relapse", relapse.endpoint, facts, names) if relapse else None,
        start_differences.sentence(results),
    )


def _response(results: Results, facts: SummaryFacts, names: tuple[str, ...]) -> Text | None:
    found = [results.get(f"response.response.{name}.proportion") for name in names]
    rates = [e for e in found if e is not None and e.exists]
    if len(rates) < len(names):
        return None
    test = results.get(f"response.response.{facts.group}.p_value")
    tested = say(" ({p})", p=phrases.p_value(test)) if test is not None and test.exists else ""
    return say("response in {parts}{test}", parts=join([_share(e, facts) for e in rates]), test=tested)


def _share(e: Estimate, facts: SummaryFacts) -> Text:
    return say(
        "{k} of {n} in {group}",
        k=shares.listed(e),
        n=numbers.whole(required(e.n)),
        group=shares.group(facts, e.group),
    )


def _outcome(results: Results, facts: SummaryFacts, contrast: contrasts.Contrast) -> Text:
    """ "relapse at 36 months in 71% in A and 48% in B (Gray’s p = 0.007)"; without a landmark by counts."""
    if not contrast.at:
        told = contrasts.counted(contrast, results, facts)
        return say("{name} in {parts}", name=_(contrasts.EVENTS[contrast.stem]), parts=told)
    parts = [
        say("{x}{sign} in {group}", x=contrasts.percent(e), sign=numbers.percent_sign(),
            group=shares.group(facts, e.group))
        for e in contrast.at
    ]  # fmt: skip
    tested = say(" ({p})", p=contrasts.named_p(contrast.test)) if contrast.test.exists else ""
    return say(
        "{name} at {when} {parts}{test}",
        name=_(contrasts.NAMES[contrast.stem]),
        when=numbers.time_point(required(contrast.at[0].time), facts.unit),
        parts=join(parts),
        test=tested,
    )
