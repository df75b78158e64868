"""One line that says it all: who, what was given, what happened, and how the patient is now."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.base.message import N_
from reportgen.casereview.case import Case, Moment
from reportgen.casereview.current_state import Going, relapse_known, relapsed, treatment
from reportgen.casereview.fact_words import HIDDEN, age, half_open, since_start, span, worded
from reportgen.report import Headline, Section, Text
from reportgen.stats.results import Results
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, join, say
from reportgen.writing.shares import state

KEY = "line"
TITLE = N_("At a glance")


@dataclass(frozen=True)
class LineFacts:
    """What the line is made of; None for what is not recorded. unit: of printed times; drug: the index treatment;
    relapse_known: whether the data tell of relapses; observed: the day last seen; treatment: whether it goes on;
    beyond: as the Case has it."""

    unit: str
    sex: str | None
    age: float | None
    diagnosis: str | None
    drug: str | None
    response: str | None
    relapse: Moment
    relapse_known: bool
    vital: str | None
    disease: str | None
    cause: str | None
    observed: float | None
    treatment: Going
    beyond: bool


def analyse(case: Case) -> Results:
    """What the parts below say in full."""
    facts = LineFacts(
        unit=case.cohort.settings.time_unit,
        sex=case.word("sex"),
        age=case.amount("age_at_start"),
        diagnosis=case.diagnosis,
        drug=case.treatment,
        response=case.word("best_response"),
        relapse=relapsed(case),
        relapse_known=relapse_known(case.cohort),
        vital=case.vital,
        disease=case.word("disease_status"),
        cause=case.word("cause_of_death"),
        observed=case.end,
        treatment=treatment(case),
        beyond=case.beyond,
    )
    return Results(facts={KEY: facts})


def present(results: Results) -> Section:
    """One headline; what is not recorded is left out of it."""
    facts: LineFacts = results.facts[KEY]
    parts = [part for part in (_who(facts), _what(facts), _then(facts), _now(facts)) if part]
    return Section(KEY, _(TITLE), (Headline(capital(say("{parts}.", parts=join(parts, "; ", "; ")))),))


def _who(facts: LineFacts) -> Text | None:
    """ "female, 12 years, ALK-positive tumour"."""
    found: list[Text | str] = []
    if facts.sex:
        found.append(worded(facts.sex))
    if facts.age is not None:
        found.append(age(facts.age))
    if facts.diagnosis:
        found.append(facts.diagnosis)
    return join(found, ", ", ", ") if found else None


def _what(facts: LineFacts) -> Text | None:
    drug, response = facts.drug, facts.response
    if response and not facts.beyond:
        best = worded(response)
        if drug:
            return say("{drug}, best response {response}", drug=drug, response=best)
        return say("best response {response}", response=best)
    return (drug,) if drug else None


def _then(facts: LineFacts) -> Text | None:
    if facts.relapse.day is not None:
        return say("relapse or progression {time}", time=since_start(facts.relapse.day, facts.unit))
    if facts.relapse.date:
        return say("relapse or progression on record")
    return say("no relapse recorded") if facts.relapse_known else None


def _vital(facts: LineFacts) -> Text:
    """ "alive", "dead", "dead (disease)"."""
    if facts.vital == "dead" and facts.cause:
        return (state(f"dead ({facts.cause})"),)
    return worded(facts.vital)


def _now(facts: LineFacts) -> Text:
    """How the patient is, as last seen."""
    how = _vital(facts) if facts.vital else say("vital status not recorded")
    seen = facts.observed
    if seen is None:
        return how
    time = span(seen, facts.unit)
    if facts.vital == "dead":
        return say("{how} after {time}", how=how, time=time)
    if facts.disease and facts.disease != HIDDEN and not facts.beyond:
        if facts.vital == "alive" and facts.disease.casefold().startswith("alive "):
            # "alive (alive with disease)" would say it twice.
            how = half_open(facts.disease)
            if facts.treatment == "continues":
                return say("{how} on treatment, last seen after {time}", how=how, time=time)
            return say("{how}, last seen after {time}", how=how, time=time)
        said = {"how": how, "disease": half_open(facts.disease), "time": time}
        if facts.treatment == "continues":
            return say("{how} on treatment ({disease}), last seen after {time}", **said)
        return say("{how} ({disease}), last seen after {time}", **said)
    return say("{how}, last seen after {time}", how=how, time=time)
