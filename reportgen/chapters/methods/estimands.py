"""The estimand of each endpoint (ICH E9(R1)), from its rule: who, what, what comes between and how it is dealt with."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from reportgen.base.message import N_
from reportgen.chapters.methods.facts import Estimand, Handled
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.cohort.endpoints.next_lines import NEXT_LINE, SECOND_PROGRESSION
from reportgen.cohort.mapping.keys import name_key
from reportgen.settings.model import EndpointRule

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
UNKNOWN = N_("as in the column of the source, which the data do not tell")
MEANT = {
    COMPOSITE: N_("composite, it counts as an event"),
    COMPETING: N_("while alive, it is a competing event, after which the event cannot come"),
    CENSORED: N_("hypothetical, patients are censored there, as if it had not happened"),
    POLICY: N_("treatment policy, observation goes on"),
}
CURVE = N_("Kaplan–Meier estimate at the landmarks, and median")
INCIDENCE = N_("cumulative incidence (Aalen–Johansen) at the landmarks")


def estimands(cohort: Cohort) -> tuple[Estimand, ...]:
    """One per endpoint, in their order. Of intercurrent events those that the source records."""
    recorded = _recorded(cohort)
    return tuple(_estimand(one, recorded) for one in cohort.endpoints.values())


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
