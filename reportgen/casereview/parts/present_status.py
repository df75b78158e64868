"""Present status and last contact, relapse and death, and what became known only after the start."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.base.message import N_
from reportgen.casereview.case import Case, Moment, PatientFeature
from reportgen.casereview.current_state import Going, relapse_known, relapsed, treatment
from reportgen.casereview.fact_words import (
    dated,
    fact_blocks,
    feature_value,
    half_open,
    missing,
    span,
    undated,
    worded,
)
from reportgen.casereview.parts.patient_features import of_patient
from reportgen.cohort.mapping.schema import columns_of
from reportgen.report import Section, Text
from reportgen.stats.results import Results
from reportgen.writing.language import _, _c
from reportgen.writing.narrative import say
from reportgen.writing.translation import words_of

KEY = "status"
TITLE = N_("Present status")


@dataclass(frozen=True)
class StatusFacts:
    """The latest of every fact; None for what is not recorded. unit: of printed times; dense, beyond: as the Case has
    them. treatment: whether it goes on, stopped: since when not, reason: why. relapse_known: whether the data tell of
    relapses; site: of it. died, cause: of death. observed: the day last seen. later: features, and columns that no
    other part shows; dates: those that are dates, by their labels.
    """

    unit: str
    dense: bool
    beyond: bool
    vital: str | None
    disease: str | None
    response: str | None
    response_date: Moment
    treatment: Going
    stopped: Moment
    reason: str | None
    relapse: Moment
    relapse_known: bool
    site: str | None
    dead: bool
    died: Moment
    cause: str | None
    last_contact: Moment
    observed: float | None
    later: tuple[PatientFeature, ...]
    dates: tuple[tuple[str, Moment], ...]


def analyse(case: Case) -> Results:
    """The latest of every fact, and the columns of the patient's row that no other part shows."""
    later, dates = _further(case)
    facts = StatusFacts(
        dense=case.dense,
        unit=case.cohort.settings.time_unit,
        vital=case.vital,
        disease=case.word("disease_status"),
        response=case.word("best_response"),
        response_date=case.moment("response_date"),
        treatment=treatment(case),
        stopped=case.moment("treatment_stop"),
        reason=case.word("stop_reason"),
        relapse=relapsed(case),
        relapse_known=relapse_known(case.cohort),
        site=case.word("relapse_site"),
        died=case.moment("death_date"),
        cause=case.word("cause_of_death"),
        last_contact=case.moment("last_contact"),
        observed=case.end,
        dead=case.dead,
        beyond=case.beyond,
        later=later,
        dates=dates,
    )
    return Results(facts={KEY: facts})


def _further(case: Case) -> tuple[tuple[PatientFeature, ...], tuple[tuple[str, Moment], ...]]:
    """What became known after the start, in words or numbers, and in dates."""
    cohort, own = case.cohort, columns_of("patients")
    later = [of_patient(case, f) for f in cohort.features if not f.known_at_start and f.name not in own]
    examined = {feature.name for feature in cohort.features}
    further = [
        c for c in cohort.patients.frame if c not in own and c not in examined and c not in cohort.findings
    ]
    dates = [c for c in further if c in cohort.patients.days]
    later += [
        PatientFeature(cohort.labels.get(c, c), case.word(c) or case.amount(c))
        for c in further
        if c not in dates
    ]
    return tuple(later), tuple((cohort.labels.get(c, c), case.moment(c)) for c in dates)


def present(results: Results) -> Section:
    """A row per fact; what has no date is not told of a patient who was seen after the cut-off too."""
    facts: StatusFacts = results.facts[KEY]
    unit, beyond = facts.unit, facts.beyond
    rows: list[tuple[str, Text]] = [
        (_("vital status"), worded(facts.vital)),
        (_("last contact"), dated(facts.last_contact, unit)),
        (_("disease status"), undated() if beyond else half_open(facts.disease)),
        (_("best response"), _response(facts)),
        (_("index treatment"), _treated(facts)),
        (_("relapse or progression"), _relapse(facts)),
    ]
    if facts.dead:
        rows.append(
            (
                _("death"),
                say("{date}; cause: {cause}", date=dated(facts.died, unit), cause=half_open(facts.cause)),
            )
        )
    rows += [
        (feature.label, undated() if beyond and feature.value is not None else feature_value(feature))
        for feature in facts.later
    ]
    rows += [(words_of(label), dated(moment, unit)) for label, moment in facts.dates]
    return Section(
        KEY,
        _(TITLE),
        tuple(fact_blocks("status", _("Present status and last contact"), rows, facts.dense)),
    )


def _response(facts: StatusFacts) -> Text:
    if not facts.response:
        return missing()
    no_date = facts.response_date.day is None
    if no_date and facts.beyond:
        return undated()
    responded = facts.response in ("CR", "PR")
    if no_date and not responded:
        return worded(facts.response)
    return say(
        "{response}; first response {date}",
        response=worded(facts.response),
        date=dated(facts.response_date, facts.unit),
    )


def _treated(facts: StatusFacts) -> Text:
    if facts.treatment == "continues":
        return (
            say("continues, after {time}", time=span(facts.observed, facts.unit))
            if facts.observed is not None
            else (_("continues"),)
        )
    if facts.treatment == "unknown":
        return say("end {missing}", missing=missing())
    return say(
        "stopped {date}; reason: {reason}",
        date=dated(facts.stopped, facts.unit),
        reason=worded(facts.reason),
    )


def _relapse(facts: StatusFacts) -> Text:
    if facts.relapse.day is not None or facts.relapse.date:
        return say("{date}; site: {site}", date=dated(facts.relapse, facts.unit), site=half_open(facts.site))
    return (_c("relapse", "none recorded"),) if facts.relapse_known else missing()
