"""States over time and treatment-free survival as a reader meets them: one stacked figure and a table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.chapters.shared.drawings import drawings
from reportgen.chapters.survival.facts import KEY, SurvivalFacts
from reportgen.report import Block, Column, Figure, Heading, Note, Paragraph, Table, Text
from reportgen.stats.results import Curve, Estimate, Results
from reportgen.writing import estimate_words, not_given, numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import head, join, lower, say
from reportgen.writing.tables import row, table, text_column

ENDPOINT, TREATMENT_FREE = "states", "treatment_free_survival"
STATES = {
    "response_on_treatment": N_("on treatment, in response"),
    "on_treatment": N_("on treatment, otherwise"),
    "response_off_treatment": N_("off treatment, in response"),
    "off_treatment": N_("off treatment, otherwise"),
    "relapsed": N_("relapsed"),
    "dead": N_("dead"),
}


# The same where nobody is ever seen in response: there is nothing else that "otherwise" could mean.
PLAIN = {"on_treatment": N_("on treatment"), "off_treatment": N_("off treatment")}


def own_blocks(results: Results) -> list[Block]:
    """A figure of the states of each endpoint of the settings that has them, with what they mean, or why none is."""
    facts: SurvivalFacts = results.facts[KEY]
    found: list[Block] = []
    for one in facts.states:
        curves = results.select_curves(section=KEY, endpoint=one.key, group="all")
        last = _drawn_to(curves, facts.few_at_risk) if curves else 0.0
        label = head(_(one.label))
        if not last:
            found += [Heading(label), Paragraph(_not_drawn(facts))]
            continue
        names = {state: lower(_(words)) for state, words in one.names.items()}
        said = _(
            "A patient is in the state named last of those whose date has come: {states}. Death ends all.",
            states=", ".join([*names.values()][1:-1]),
        )
        found += [Heading(label), Note(label, said), _figure(curves, last, facts, one.key, names)]
    return found


def _not_drawn(facts: SurvivalFacts) -> Text:
    return say(
        "Not drawn: the states need days of all their dates, overall survival as the report defines it, without late "
        "entry, and {few} patients or more under observation.",
        few=numbers.whole(facts.few_at_risk),
    )


def blocks(results: Results) -> list[Block]:
    """Nothing where the dates of response, stop, relapse and death are not there."""
    facts: SurvivalFacts = results.facts[KEY]
    curves = results.select_curves(section=KEY, endpoint=ENDPOINT, group="all")
    free = results.select(section=KEY, endpoint=TREATMENT_FREE, group="all", statistic="rmst")
    given = [e for e in free if e.exists]
    last = _drawn_to(curves, facts.few_at_risk) if curves else 0.0
    if not last and not given:
        return []
    found: list[Block] = [Heading(_("States over time"))]
    if given:
        found += [
            Note(
                _("Treatment-free survival"),
                _(
                    "Mean time alive, off treatment and without a next one, within a time from the start of treatment: "
                    "the restricted mean to the next line of treatment or death minus that to the stop or death."
                ),
            ),
            _free_table(results, given, facts),
        ]
    names = {state: _(words) for state, words in (STATES if _responded(curves) else STATES | PLAIN).items()}
    return [*found, _figure(curves, last, facts, ENDPOINT, names)] if last else found


def _responded(curves: tuple[Curve, ...]) -> bool:
    return any(c.steps.estimate.any() for c in curves if c.state.startswith("response"))


def _drawn_to(curves: tuple[Curve, ...], few: int) -> float:
    """The day to which the figure is drawn: as long as so many living patients are under observation."""
    living = np.sum([c.steps.at_risk for c in curves if c.state != "dead"], axis=0)
    enough = np.flatnonzero(living >= few)
    return float(curves[0].steps.time[enough[-1]]) if enough.size else 0.0


def _free_table(results: Results, given: list[Estimate], facts: SurvivalFacts) -> Table:
    """The mean within each landmark, for all and, below them, per group, and how much of it was with a toxicity of
    grade ≥ 3, where its days are known."""
    unit, level = numbers.finer(facts.unit), phrases.intervals(results)
    shown = [one for e in given for one in (e, *_of_groups(results, e))]
    parts = {e.id: _by_toxicity(results, e) for e in shown}
    parted = [part for pair in parts.values() if pair for part in pair]
    spread = any(e.low is not None for e in (*shown, *parted))

    def cells(*told: Estimate | None) -> list[Text]:
        pairs = [
            (phrases.duration(e, unit), phrases.duration_interval(e, unit)) if e else ((), ()) for e in told
        ]
        return [one for pair in pairs for one in (pair if spread else pair[:1])]

    rows, none = [], (None, None) if parted else ()
    for e in shown:
        whole, pair, same = e.group == "all", parts[e.id], _of_known(results, e)
        words = numbers.time_point(required(e.time), facts.unit) if whole else shares.group(facts, e.group)
        beside = none if same else pair or none
        rows.append(row(words, *cells(e, *beside), indent=int(not whole)))
        if same and pair:
            words = say("toxicity known, n = {n}", n=numbers.whole(required(same.n)))
            rows.append(row(words, *cells(same, *pair), indent=1 + int(not whole)))
    names = [_("Mean"), _("With toxicity"), _("Without it")] if parted else [_("Mean")]
    columns = [text_column(_("Within"), 0.2)]
    for name in names:
        columns += [Column(name, numbers.unit_name(unit)), *([Column(level)] if spread else [])]
    last = given[-1]
    caption = say(
        "Within {time} a patient was alive off treatment, and before a next one, for a mean of {mean} {unit}.",
        time=numbers.time_point(required(last.time), facts.unit),
        mean=phrases.duration(last, unit),
        unit=numbers.unit_name(unit),
    )
    return table("table-survival-treatment-free", caption, columns, rows, _notes(shown, parted))


def _of_groups(results: Results, whole: Estimate) -> list[Estimate]:
    """The same mean of each group."""
    found = results.select(section=KEY, endpoint=TREATMENT_FREE, statistic="rmst")
    return [e for e in found if e.group != "all" and e.time == whole.time]


def _by_toxicity(results: Results, whole: Estimate) -> tuple[Estimate, Estimate] | None:
    """The two parts of a mean; None where the days of toxicities are not there."""
    pair = [
        results.get(f"{KEY}.{TREATMENT_FREE}_{which}_toxicity.{whole.group}.rmst@{whole.time:.10g}")
        for which in ("with", "without")
    ]
    toxic, free = (e if e is not None and e.exists else None for e in pair)
    return (toxic, free) if toxic is not None and free is not None else None


def _of_known(results: Results, whole: Estimate) -> Estimate | None:
    """The mean of the patients of whom the two parts are, where these are fewer: a part is never above its whole."""
    found = results.get(f"{KEY}.{TREATMENT_FREE}_of_known_toxicity.{whole.group}.rmst@{whole.time:.10g}")
    return found if found is not None and found.exists else None


def _notes(given: list[Estimate], parted: list[Estimate]) -> list[Text]:
    notes: list[Text] = []
    if parted:
        n = required(parted[0].n)
        notes.append(
            say("Toxicity: of grade ≥ 3, in the {n} patients of whom its days are known.", n=numbers.whole(n))
            if n < required(given[0].n)
            else say("Toxicity: of grade ≥ 3.")
        )
    gated = not_given.no_interval((*given, *parted))
    spread = [e for e in given if e.low is not None or not gated]
    remarks = {estimate_words.note(e.note): e for e in spread if e.note and e.exists}
    if remarks:
        notes.append(say("For part of it, {remark}.", remark=join(list(remarks))))
    return notes + gated + not_given.not_estimable(given)


def _figure(
    curves: tuple[Curve, ...], last: float, facts: SurvivalFacts, endpoint: str, names: Mapping[str, str]
) -> Figure:
    """The states stacked. names: state → what it is called."""
    from reportgen.figures.state_stack import state_stack

    unit, name = facts.unit, f"figure-{KEY}-{endpoint}"
    labels = [head(names[c.state]) for c in curves]
    drawing, narrow = drawings(partial(state_stack, name, curves, labels, unit=unit, last=last))
    how = say(
        "{method} (n = {n}). Drawn while {few} patients or more were alive and under observation; below, how many were "
        "seen in each state.",
        n=numbers.whole(curves[0].n),
        method=head(estimate_words.method(curves[0].method)),
        few=str(facts.few_at_risk),
    )
    at = [float(c.steps.estimate[np.searchsorted(c.steps.time, last, side="right") - 1]) for c in curves]
    said = "; ".join(f"{label} {numbers.percent(max(x, 0.0))}" for label, x in zip(labels, at, strict=True))
    alt = _(
        "Shares of patients in each state, stacked. At {time} {unit}: {shares}.",
        time=numbers.time(last, unit),
        unit=numbers.unit_name(unit),
        shares=said,
    )
    parts = [
        say("{percent} {state}", percent=numbers.percent(x), state=names[c.state])
        for c, x in zip(curves, at, strict=True)
        if x > 0
    ]
    caption = say(
        "After {time} {unit}: {parts}.",
        time=numbers.time(last, unit),
        unit=numbers.unit_name(unit),
        parts=join(parts, between="; ", last=N_("; and ")),
    )
    return Figure(name, drawing, caption, alt, notes=(how,), narrow=narrow)
