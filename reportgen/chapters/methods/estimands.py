"""The estimand of each endpoint (ICH E9(R1)), from its rule: who, what, what comes between and how it is dealt with."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from reportgen.base.message import N_
from reportgen.chapters.methods.facts import Estimand, Handled
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.cohort.endpoints.next_lines import NEXT_LINE, SECOND_PROGRESSION
from reportgen.cohort.mapping.keys import name_key
from reportgen.settings.model import EndpointRule
from reportgen.stats.results import Results

DEATH = "death_date"
# What can come between the start and the event, by its column.
BETWEEN = {
    "relapse_date": N_("relapse or progression"),
    "treatment_stop": N_("end of treatment"),
    NEXT_LINE: N_("next line of treatment"),
}
# An event that itself lies after others: these are then no intercurrent events.
AFTER = {SECOND_PROGRESSION: {"relapse_date", NEXT_LINE}}

COMPOSITE = N_("composite")
COMPETING = N_("while alive")
CENSORED = N_("hypothetical")
POLICY = N_("treatment policy")
COMPETES = N_("competing event")
ON_TREATMENT = N_("while on treatment")
UNKNOWN = N_("as in the column of the source, which the data do not tell")
MEANT = {
    COMPOSITE: N_("composite, it counts as an event"),
    COMPETING: N_("while alive, it is a competing event, after which the event cannot come"),
    ON_TREATMENT: N_("while on treatment, it is a competing event, after which the event is not counted"),
    CENSORED: N_("hypothetical, patients are censored there, as if it had not happened"),
    POLICY: N_("treatment policy, observation goes on"),
}
CURVE = N_("Kaplan–Meier estimate at the landmarks, and median")
INCIDENCE = N_("cumulative incidence (Aalen–Johansen) at the landmarks")
MONTHS = N_("cumulative incidence (Aalen–Johansen) by month")
MEAN = N_("restricted mean time to the landmarks")
_DEATH, _STOP = N_("death"), N_("end of treatment")
_DIES, _STOPS = Handled((_DEATH,), COMPETING), Handled((_STOP,), ON_TREATMENT)
# What other chapters estimate of patients: (chapter, endpoint, statistic) → its estimand, without n.
FURTHER = {
    ("survival", "treatment_free_survival", "rmst"): Estimand(
        N_("Treatment-free survival"), "", 0, N_("end of treatment, then the next line or death"),
        (Handled((_DEATH,), COMPOSITE), Handled((N_("relapse or progression"),), POLICY)), MEAN,
    ),
    ("toxicity", "toxicity_grade_3_plus", "count"): Estimand(
        N_("First toxicity of grade ≥ 3"), N_("patients assessed for toxicity"), 0, N_("toxicity of grade ≥ 3"),
        (_DIES, _STOPS), MONTHS,
    ),
    ("toxicity", "toxicity_resolution", "count"): Estimand(
        N_("Resolution of the first toxicity"), N_("patients with a toxicity of known onset"), 0, N_("its resolution"),
        (_DIES, Handled((_STOP,), POLICY)), MONTHS,
    ),
    ("exposure", "dose_reduction", "count"): Estimand(
        N_("First reduction of the dose"), N_("patients whose doses are known"), 0, N_("dose below the first one"),
        (_DIES, _STOPS), MONTHS,
    ),
    ("exposure", "dose_interruption", "count"): Estimand(
        N_("First interruption of treatment"), N_("patients whose doses are known"), 0, N_("interruption"),
        (_DIES, _STOPS), MONTHS,
    ),
}  # fmt: skip


def estimands(cohort: Cohort) -> tuple[Estimand, ...]:
    """One per endpoint, in their order. Of intercurrent events those that the source records."""
    recorded = _recorded(cohort)
    return tuple(_estimand(one, recorded) for one in cohort.endpoints.values())


def of_other_chapters(results: Results) -> Iterator[Estimand]:
    """Those of FURTHER that this report estimates, each with the number of its patients."""
    for (section, endpoint, statistic), estimand in FURTHER.items():
        found = results.select(section=section, endpoint=endpoint, statistic=statistic, group="all")
        if found and found[0].n:
            yield replace(estimand, n=found[0].n)


def _recorded(cohort: Cohort) -> tuple[str, ...]:
    found = [column for column in ("relapse_date", "treatment_stop") if column in cohort.patients.days]
    lines = cohort.treatments
    if lines is not None and "start_date" in lines.days and lines.days["start_date"].notna().any():
        found.append(NEXT_LINE)
    return tuple(found)


def _estimand(endpoint: EndpointData, recorded: Collection[str]) -> Estimand:
    rule = endpoint.rule
    handled: tuple[Handled, ...] = ()
    if rule is not None:
        handled = tuple(_given(endpoint) if rule.time else _by_dates(rule, recorded))
    return Estimand(
        label=endpoint.label,
        population=endpoint.population,
        n=len(endpoint.rows),
        event=endpoint.event_label,
        handled=handled,
        measure=INCIDENCE if endpoint.competes else CURVE,
    )


def _given(endpoint: EndpointData) -> Iterator[Handled]:
    """Of a given duration only the competing event is known."""
    if endpoint.competes:
        yield Handled((endpoint.competing_label,), COMPETES)
    yield Handled((N_("others"),), UNKNOWN)


def _by_dates(rule: EndpointRule, recorded: Collection[str]) -> Iterator[Handled]:
    events, competing = set(map(name_key, rule.events)), set(map(name_key, rule.competing))
    if DEATH in events:
        if len(events) > 1:
            yield Handled((N_("death"),), COMPOSITE)
    else:
        yield Handled((N_("death"),), COMPETING if DEATH in competing else CENSORED)
    rivals = tuple(words for column, words in BETWEEN.items() if column in competing)
    if rivals:
        yield Handled(rivals, COMPETES)
    own = events | competing | {name_key(rule.origin)}
    own = own.union(*(AFTER.get(column, set()) for column in events))
    later = tuple(words for column, words in BETWEEN.items() if column in recorded and column not in own)
    if later:
        yield Handled(later, POLICY)
