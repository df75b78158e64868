"""The worst toxicities of the patient: grade, what was done, and whether it resolved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from reportgen.base.message import N_
from reportgen.casereview.case import Case, Moment, amount, moment, word
from reportgen.casereview.fact_words import half_open, missing, recorded, when, worded
from reportgen.report import Notice, Paragraph, Section, Table, Text
from reportgen.stats.results import Results
from reportgen.writing import numbers
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, counted, join, paragraph, say
from reportgen.writing.tables import row, text_column

KEY = "toxicity"
TITLE = N_("Worst toxicities")

MOST, DENSE, NAMED = 8, 4, 6


@dataclass(frozen=True)
class Event:
    """A toxicity as recorded. related: to the treatment; action: what was done; episodes: how often it occurred."""

    term: str | None
    grade: float | None
    onset: Moment
    resolved: Moment
    related: str | None
    serious: bool
    action: str | None
    episodes: int = 1


@dataclass(frozen=True)
class ToxicityFacts:
    """unit: of printed times. terms: the worst event of each term that has a row; others: of those that have none.
    dense: as the Case has it. events: of any term; has_sheet: whether the source tells of them; assessed: whether the
    patient was, as recorded; ctcae: the version of the grades.
    """

    unit: str
    terms: tuple[Event, ...]
    others: tuple[Event, ...]
    dense: bool
    events: int
    has_sheet: bool
    assessed: str | None
    ctcae: str | None


def analyse(case: Case) -> Results:
    """The worst event of each term, by grade; the others are counted."""
    terms, most = _worst(case), DENSE if case.dense else MOST
    shown = most if len(terms) > most + 1 else len(terms)
    facts = ToxicityFacts(
        unit=case.cohort.settings.time_unit,
        terms=terms[:shown],
        others=terms[shown:],
        dense=case.dense,
        events=len(case.rows("toxicities")),
        has_sheet=case.cohort.toxicities is not None,
        assessed=case.word("toxicity_assessed"),
        ctcae=case.cohort.settings.ctcae_version,
    )
    return Results(facts={KEY: facts})


def _worst(case: Case) -> tuple[Event, ...]:
    """Per term the event of the highest grade, of several the first; the gravest terms first."""
    table = case.cohort.toxicities
    by_term: dict[str, list[Event]] = {}
    for i in case.rows("toxicities"):
        name = word(table, i, "term")
        event = Event(
            name,
            amount(table, i, "grade"),
            moment(table, i, "onset_date"),
            moment(table, i, "resolved_date"),
            word(table, i, "attribution"),
            word(table, i, "serious") == "yes",
            word(table, i, "action"),
        )
        by_term.setdefault(" ".join((name or "").split()).casefold(), []).append(event)
    worst = [replace(min(events, key=_gravest_first), episodes=len(events)) for events in by_term.values()]
    return tuple(sorted(worst, key=lambda event: (*_gravest_first(event), event.term or "")))


def _gravest_first(event: Event) -> tuple[float, bool, float]:
    day = event.onset.day
    return (-(event.grade or 0), not event.serious, np.inf if day is None else day)


def present(results: Results) -> Section:
    """A row per term, the others counted beneath; a notice of its own where none occurred or nobody looked."""
    facts: ToxicityFacts = results.facts[KEY]
    if not facts.terms:
        return Section(KEY, _(TITLE), (Notice(_nothing(facts)),))
    columns = (
        text_column(_("Toxicity"), 0.3),
        text_column(_("Grade"), 0.1),
        text_column(_("Onset"), 0.13),
        text_column(_("Related"), 0.12),
        text_column(_("Action"), 0.2),
        text_column(_("Resolved"), 0.15),
    )
    rows = [row(*_cells(event, facts.unit)) for event in facts.terms]
    terms = len(facts.terms) + len(facts.others)
    version = f"CTCAE {facts.ctcae}" if facts.ctcae else _("CTCAE version not recorded")
    caption = say(
        "The worst of each toxicity: {events} of {terms} recorded; grades by {version}.",
        events=counted(facts.events, "event"),
        terms=counted(terms, "toxicity", "toxicities"),
        version=version,
    )
    blocks: list = [Table("toxicity", caption, columns, tuple(rows))]
    if facts.others:
        blocks.append(Paragraph(_others(facts.others, facts.dense), _("Also")))
    if facts.assessed == "no":
        blocks.append(
            Notice(say("The patient is recorded as not assessed for toxicity, yet has these events."))
        )
    return Section(KEY, _(TITLE), tuple(blocks))


def _nothing(facts: ToxicityFacts) -> Text:
    if not facts.has_sheet:
        return say("Toxicities: {missing}; the data have no sheet of them.", missing=missing())
    assessed = {
        "yes": say("The patient was assessed for toxicity."),
        "no": say("The patient was not assessed for toxicity, so that none can be ruled out."),
        None: say("Whether the patient was assessed for toxicity: {missing}.", missing=missing()),
    }[facts.assessed]
    return paragraph(say("No toxicity is recorded."), assessed)


def _cells(event: Event, unit: str) -> tuple[Text, ...]:
    name = capital(recorded(event.term))
    if event.episodes > 1:
        name = (*name, " " + _("({n} episodes)", n=str(event.episodes)))
    grade = recorded(numbers.whole(event.grade) if event.grade is not None else None)
    if event.serious:
        grade = (*grade, _(", serious"))
    return (
        name,
        grade,
        when(event.onset, unit),
        worded(event.related),
        half_open(event.action),
        when(event.resolved, unit),
    )


def _others(events: Sequence[Event], dense: bool) -> Text:
    """The toxicities beyond the table by their worst grade; a dense review names the gravest and counts the rest."""
    by_grade: dict[str, list[str]] = {}
    for event in events:
        grade = _("grade not recorded")
        if event.grade is not None:
            grade = _("worst grade {grade}", grade=numbers.whole(event.grade))
        by_grade.setdefault(grade, []).append(event.term or _("term not recorded"))
    left, parts = NAMED if dense else len(events), []
    for grade, terms in by_grade.items():
        named, unnamed = terms[:left], len(terms[left:])
        left -= len(named)
        more = counted(unnamed, "other", "others") if named else counted(unnamed, "toxicity", "toxicities")
        parts.append(say("{grade}: {terms}", grade=grade, terms=join([*named, *([more] if unnamed else [])])))
    return capital(say("{parts}.", parts=join(parts, between="; ", last="; ")))
