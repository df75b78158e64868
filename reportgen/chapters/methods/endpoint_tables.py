"""What each endpoint is and what it estimates, as tables."""

from __future__ import annotations

from reportgen.chapters.methods.estimands import CURVE, MEANT
from reportgen.chapters.methods.facts import Estimand, Handled, MethodsFacts
from reportgen.report import Table, Text
from reportgen.writing import numbers
from reportgen.writing.language import _, _c
from reportgen.writing.narrative import capital, join, lower, say
from reportgen.writing.tables import row, table, text_column
from reportgen.writing.translation import words_of


def definitions(facts: MethodsFacts) -> Table:
    """A row per endpoint: its definition, and whom it leaves out; those that the data lack columns for last."""
    rows = [
        row(
            capital((words_of(fact.label),)),
            words_of(fact.definition),
            "; ".join(f"{_(why)} ({numbers.whole(n)})" for n, why in fact.left_out) or _("none"),
        )
        for fact in facts.definitions
    ]
    rows += [
        row(key, _("not derived: the data lack {columns}", columns=why), _c("patients", "all"))
        for key, why in facts.unavailable
    ]
    columns = (
        text_column(_("Endpoint"), 0.16),
        text_column(_("Definition"), 0.6),
        text_column(_("Left out"), 0.24),
    )
    note = say("A year is 365.25 days, a month 30.4375 days. All times are counted in days.")
    return table("table-definitions", (_("How each endpoint was derived."),), columns, rows, (note,))


def estimands(found: tuple[Estimand, ...]) -> Table:
    """A row per endpoint: of whom, which event, and what comes between; measures and strategies once, below."""
    rows = [
        row(
            capital((words_of(one.label),)),
            say(
                "{who} (n = {n})",
                who=words_of(one.population) if one.population else _c("population", "all patients"),
                n=numbers.whole(one.n),
            ),
            words_of(one.event),
            _between(one.handled) or _("none recorded"),
        )
        for one in found
    ]
    columns = (
        text_column(_("Endpoint"), 0.2),
        text_column(_("Population"), 0.24),
        text_column(_("Event"), 0.18),
        text_column(_("Intercurrent events and their strategy"), 0.38),
    )
    used = {handled.strategy for one in found for handled in one.handled}
    meant = [_(words) for strategy, words in MEANT.items() if strategy in used]
    notes = [
        say(
            "By ICH E9(R1). n: patients of whom it is estimated. Leaving observation is no intercurrent event: it is "
            "censored as the definition says."
        ),
        _measures(found),
    ]
    if meant:
        notes.append(say("Strategies: {meant}.", meant="; ".join(meant)))
    return table("table-estimands", (_("What each endpoint estimates."),), columns, rows, notes)


def _measures(found: tuple[Estimand, ...]) -> Text:
    """The summary measure of most, and of which endpoints it is another."""
    usual, *others = dict.fromkeys(one.measure for one in sorted(found, key=lambda one: one.measure != CURVE))
    said = say("Summary measure: {measure}", measure=_(usual))
    for other in others:
        labels = join([lower(words_of(one.label)) for one in found if one.measure == other])
        said += ("; ", *say("of {labels}: {measure}", labels=labels, measure=_(other)))
    return (*said, ".")


def _between(found: tuple[Handled, ...]) -> Text:
    said: Text = ()
    for one in found:
        what = join([words_of(event) for event in one.events])
        said += (*(("; ",) if said else ()), *say("{what}: {how}", what=what, how=_(one.strategy)))
    return said
