"""The results of a report for readers outside: protected counts, and what is computed from them alone.

Nothing of the ordinary results is taken over. Every count is that of the ledger after masking; every
proportion, interval and curve is computed from printed counts, so that it tells nothing more than they do.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from reportgen.analyses import outcomes, toxicities, toxicity_estimates
from reportgen.analyses.counting import grades_of
from reportgen.base.described import DescribedFeature
from reportgen.base.errors import ERROR, DataRefused, Issue, UsageError
from reportgen.base.message import Message, joined, message
from reportgen.cohort.cohort import Cohort
from reportgen.privacy.counts_in_text import refuse_told_counts, texts_that_tell_all
from reportgen.privacy.curves import courses_drawn, curves_tell, survival_in_steps
from reportgen.privacy.disclosure_plan import ENDPOINTS, SUPPRESSED, Release
from reportgen.privacy.facts import ExternalFacts, NamedTerm
from reportgen.privacy.joint_attack import Told, curves_fit, safe_together, told_by
from reportgen.privacy.ledger import ALL, Share
from reportgen.privacy.masking import Ranges, printed_counts, step_of
from reportgen.privacy.printed_counts import (
    FEWEST,
    features_shown,
    groups_shown,
    is_open,
    ledger_of,
    levels_of,
)
from reportgen.stats.proportions import proportion
from reportgen.stats.results import Estimate, Results

LEAST_CELL = 3
KEY = "external"


def refuse_small(cohort: Cohort) -> None:
    """Fewer than 20 patients can't be made anonymous by masking: refused, unless release was agreed.

    Raises DataRefused with COHORT_TOO_SMALL, and UsageError where min_cell protects nobody.
    """
    privacy = cohort.settings.privacy
    if privacy.min_cell < LEAST_CELL:
        raise UsageError(
            message(
                "privacy.min_cell must be at least {least_cell} under the profile external.",
                least_cell=LEAST_CELL,
            )
        )
    if cohort.n < FEWEST and not privacy.release_agreed:
        problem = message(
            "A report for readers outside needs {n} patients; masking can't make fewer anonymous", n=FEWEST
        )
        hint = message("Use the profile board; or, if release was agreed, set privacy.release_agreed = true")
        raise DataRefused((Issue(ERROR, "COHORT_TOO_SMALL", None, None, None, problem, hint),))


def released(cohort: Cohort) -> Results:
    """All that a report under "external" may hold of a protected cohort (see docs/privacy.md).

    A masked Estimate has no value and the note "suppressed". facts: under "external", the words of the
    report; they name no level or term that is too rare to be counted.
    """
    refuse_small(cohort)
    release = release_of(cohort)
    ledger = release.ledger
    refuse_told_counts(cohort, ledger, release.printed)
    counted = Results((*_sizes(release), *(_share(release, s) for s in ledger.shares if release.names(s))))
    return counted + survival_in_steps(release) + Results(facts={KEY: _facts(release)})


def release_of(cohort: Cohort) -> Release:
    """What may be said of a protected cohort, with all that was said of it before."""
    return cohort.once("release", lambda: _release_of(cohort))


def _release_of(cohort: Cohort) -> Release:
    least = cohort.settings.privacy.min_cell
    groups = groups_shown(cohort, step_of(least))
    ledger = ledger_of(cohort, groups)
    printed = printed_counts(ledger, least)
    earlier = cast(tuple[Told, ...], cohort.releases)
    _refuse_told_changes(cohort, earlier)
    release = Release(cohort, groups, ledger, safe_together(ledger, printed, least, cohort.moment, earlier))
    return replace(
        release, drawn=courses_drawn(release, lambda told: curves_fit(_told(release, told), earlier))
    )


def _refuse_told_changes(cohort: Cohort, earlier: tuple[Told, ...]) -> None:
    """UsageError where a text says how many patients there are in all, after a report on other data: beside that one
    it tells how many came, and no change of any count is larger."""
    texts = texts_that_tell_all(cohort) if any(one.moment != cohort.moment for one in earlier) else []
    if texts:
        raise UsageError(
            message(
                "{a}: the text says how many patients there are, and there are earlier reports for readers outside: "
                "who knows how many came in between knows what happened to them. Leave the number out.",
                a=" and ".join(texts),
            )
        )


def _told(release: Release, drawn: Ranges) -> Told:
    cohort = release.cohort
    whole = {ALL: (cohort.n, cohort.n)} if texts_that_tell_all(cohort) else {}
    return told_by(
        release.ledger, release.printed, cohort.settings.privacy.min_cell, cohort.moment, {**drawn, **whole}
    )


def told(cohort: Cohort) -> Told:
    """What the report of a protected cohort tells, for the ledger."""
    release = release_of(cohort)
    return _told(release, curves_tell(release, release.drawn))


def _sizes(release: Release) -> list[Estimate]:
    rows = [("patients", "all", release.printed.get(ALL))]
    rows += [("baseline", group, release.printed.get(f"n|{group}")) for group in release.groups]
    return [
        Estimate("count", section=section, group=group, value=n, n=n, method=_rounded(message("patients"), release),
                 note="" if n else SUPPRESSED)
        for section, group, n in rows
    ]  # fmt: skip


def _rounded(method: str, release: Release) -> Message:
    return joined([method, message("counts rounded to the middle of steps of {n}", n=release.step)])


def _share(release: Release, share: Share) -> Estimate:
    names: dict[str, Any] = {"section": share.section, "group": share.group, "statistic": share.statistic}
    names["endpoint" if share.statistic.endswith("count") else "variable"] = share.variable
    if not release.shows(share):
        return Estimate(**names, method=share.method, note=SUPPRESSED)
    k, n = release.printed[share.count], release.printed[share.among]
    if share.statistic.endswith("count"):
        return Estimate(**names, value=k, n=n, events=k, method=_rounded(share.method, release))
    found = proportion(k, n, level=release.cohort.settings.confidence_level)
    return replace(found, **names, method=_rounded(joined([share.method, found.method]), release))


def _facts(release: Release) -> ExternalFacts:
    cohort, printed = release.cohort, release.printed
    shown = {(s.section, s.variable, s.group) for s in release.ledger.shares if release.shows(s)}
    features = [
        DescribedFeature(
            f.name,
            f.label,
            unit=f.unit,
            known_at_start=f.known_at_start,
            asked=f.asked,
            words={} if is_open(f) else {level: level for level in levels_of(f)},
            levels=tuple(
                level for level in levels_of(f) if ("baseline", f.name, level.replace("|", "¦")) in shown
            ),
        )
        for f in features_shown(cohort, release.groups)
    ]
    return ExternalFacts(
        **vars(outcomes.context(cohort)),
        n=printed.get(ALL),
        step=release.step,
        diagnosis=cohort.settings.diagnosis,
        treatment=cohort.settings.treatment,
        groups=[group for group in release.groups if group != "all"],
        features=features,
        endpoints=[
            replace(outcomes.describe(cohort.endpoints[key]), n=None, left_out=())
            for key in (*ENDPOINTS, "relapse")
            if key in cohort.endpoints
        ],
        terms=_terms(release),
        ctcae_version=cohort.settings.ctcae_version,
        agreed=cohort.settings.privacy.release_agreed,
        small=cohort.n < FEWEST,
        min_cell=cohort.settings.privacy.min_cell,
    )


def _terms(release: Release) -> list[NamedTerm]:
    """The toxicities that may be named, in the order of what is printed of them."""
    if release.cohort.lacks(("toxicities.term", "toxicities.grade")):
        return []
    events = toxicities.read(release.cohort)
    found = [
        NamedTerm(term.key, term.name, term.category, events.names[f"category: {term.category}"])
        for term in toxicity_estimates.terms(events, grades_of(release.cohort))
        if f"term|{term.key}" in release.named
    ]  # fmt: skip

    def rank(term: NamedTerm) -> tuple:
        counts = (release.printed.get(f"toxicity|{term.key}|{s}", 0) for s in ("grade_3_plus", "any_grade"))
        return (*(-count for count in counts), term.key)

    return sorted(found, key=rank)
