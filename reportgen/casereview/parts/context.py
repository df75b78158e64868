"""The patient against the other patients of the cohort: who is like this one, and how the others fared.

Every number is of the cohort without the patient. It describes the others; it predicts nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.analyses import outcomes
from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.casereview.case import ENDPOINTS, Case, shown_features
from reportgen.casereview.comparable import (
    KEY,
    OTHERS,
    ContextFacts,
    EndpointOfOthers,
    endpoint,
    feature_counts,
    nearest,
)
from reportgen.casereview.fact_words import missing, span
from reportgen.casereview.parts.comparable_table import comparable_table, k_of_n, most_alike
from reportgen.casereview.parts.patient_features import of_patient
from reportgen.report import Block, Column, Figure, Notice, Paragraph, Section, Table, Text, plain
from reportgen.stats.results import Curve, Estimate, Results
from reportgen.writing import estimate_words, numbers, phrases
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, counted, join, lower, paragraph, say
from reportgen.writing.tables import row, table, text_column
from reportgen.writing.translation import words_of

TITLE = N_("Among the other patients")

MOST_FEATURES, DENSE = 9, 5
FEWEST = 3
HALF_MM = 42.0


def analyse(case: Case) -> Results:
    """Survival and features of the others, and those nearest to the patient; all without the patient."""
    cohort = case.cohort
    endpoints = [endpoint(case, key) for key in case.shared.tables]
    results = Results()
    for rows, curve, _described in endpoints:
        results += Results(tuple(rows), (curve,) if curve else ())
    features, most = shown_features(cohort), DENSE if case.dense else MOST_FEATURES
    results += Results(tuple(row for feature in features for row in feature_counts(case, feature)))
    results += Results(nearest(case))
    facts = ContextFacts(
        unit=cohort.settings.time_unit,
        few_at_risk=cohort.settings.gates.few_at_risk,
        times=outcomes.landmark_days(cohort.settings),
        others=cohort.n - 1,
        shown=most if len(features) > most + 1 else len(features),
        endpoints=tuple(described for _rows, _curve, described in endpoints),
        features=tuple(of_patient(case, feature) for feature in features),
        absent=tuple((key.upper(), why) for key, why in cohort.unavailable.items() if key in ENDPOINTS),
    )
    return Results(results.estimates, results.curves, {KEY: facts})


def present(results: Results) -> Section:
    """Sentences, a table of how the others fared, one of the features, and a curve per endpoint."""
    facts: ContextFacts = results.facts[KEY]
    if not facts.others:
        return Section(KEY, _(TITLE), (Notice(say("The cohort holds no other patient.")),))
    blocks: list[Block] = [Paragraph(_sentences(results, facts))]
    blocks += [_fared(results, facts)] if facts.endpoints else []
    blocks += [comparable_table(results, facts)] if facts.features else []
    blocks += [figure for fact in facts.endpoints if (figure := _figure(results, fact, facts))]
    blocks += [
        Notice(
            say(
                "{key} of the others cannot be derived: the data lack {columns}.",
                key=_(key),
                columns=join([words_of(column) for column in columns.split(", ")], last=", "),
            )
        )
        for key, columns in facts.absent
    ]
    return Section(
        KEY, _(TITLE), tuple(blocks), results.select(section=KEY), results.select_curves(section=KEY)
    )


def _sentences(results: Results, facts: ContextFacts) -> Text:
    lost = [lower(fact.label) for fact in facts.endpoints if fact.own is None]
    return paragraph(
        say("All numbers are of the other {n} of the cohort, without this one.",
            n=counted(facts.others, "patient")),
        most_alike(results, facts),
        say("{labels} of this patient: {missing}.", labels=join(lost), missing=missing()) if lost else None,
        say("This is not an individual prognosis: it says how the others fared, and no more."),
    )  # fmt: skip


def _fared(results: Results, facts: ContextFacts) -> Table:
    """Per endpoint: this patient, how many others had the event, and their curve at the landmarks and at this time."""
    times = sorted({*facts.times[:1], *facts.times[-1:]})
    rows = [
        row(capital((fact.label,)), *_fared_cells(results, fact, times, facts.unit))
        for fact in facts.endpoints
    ]
    at_risk = _("{ci}, at risk", ci=phrases.intervals(results))
    columns = [
        text_column(_("Endpoint")),
        text_column(_("This patient")),
        text_column(_("Others with event")),
        *(
            Column(_("Others at {when}", when=numbers.time_point(day, facts.unit)), at_risk, "left")
            for day in times
        ),
        Column(_("At this patient’s time"), at_risk, "left"),
    ]
    caption = say(
        "How the others fared: the Kaplan–Meier estimate of them, its {ci}, and how many were at risk.",
        ci=phrases.intervals(results),
    )
    competing = [fact for fact in facts.endpoints if fact.competing]
    if len(competing) == len(facts.endpoints):
        caption = say(
            "How the others fared: the share of them with the event, its {ci}, and how many were at risk.",
            ci=phrases.intervals(results),
        )
    notes = [
        say(
            "{label}: the cumulative incidence of the event by then (Aalen–Johansen), with {competing} competing.",
            label=capital((fact.label,)),
            competing=lower(fact.competing),
        )
        for fact in competing
    ]
    return table("fared", caption, columns, rows, notes)


def _fared_cells(results: Results, fact: EndpointOfOthers, times: Sequence[float], unit: str) -> list[Text]:
    key, own = fact.key, fact.own
    here: Text = missing()
    if own:
        said = N_("event after {time}") if own.event else N_("no event in {time}")
        said = N_("competing event after {time}") if own.competing else said
        here = say(said, time=span(own.time, unit))
    count = results.get(f"{KEY}.{key}.{OTHERS}.count")
    limit = results.get(f"{KEY}.{key}.{OTHERS}.proportion")
    happened: Text = (numbers.MISSING,)
    if count is not None:
        happened = k_of_n(count, required(count.value))
        if limit is not None and limit.low is not None:
            happened = say(
                "{k} ({interval}{percent})",
                k=happened,
                interval=phrases.share_interval(limit),
                percent=numbers.percent_sign(),
            )
    at = [*times, own.time] if own else [*times]
    statistic = "cumulative_incidence" if fact.competing else "survival"
    cells = [_estimate(results.get(f"{KEY}.{key}.{OTHERS}.{statistic}@{day:.10g}")) for day in at]
    return [here, happened, *cells, *([] if own else [(numbers.MISSING,)])]


def _estimate(survival: Estimate | None) -> Text:
    """ "86% (38 to >99), 5": the estimate, its interval, and how many were at risk."""
    if survival is None or not survival.exists:
        return (numbers.MISSING,) if survival is None else phrases.absent(survival)
    return say(
        "{estimate} ({interval}), {at_risk}",
        estimate=phrases.value(numbers.percent(required(survival.value), survival.n or 0), survival),
        interval=phrases.share_interval(survival),
        at_risk=phrases.value(numbers.whole(survival.at_risk or 0), survival, quiet=True),
    )


def _figure(results: Results, fact: EndpointOfOthers, facts: ContextFacts) -> Figure | None:
    """None for so few others that their curve would be a list of them."""
    curves = results.select_curves(section=KEY, endpoint=fact.key)
    if not curves or not fact.n or fact.n < FEWEST:
        return None
    from reportgen.figures.patient_against_cohort import Own, against_figure

    own, unit = fact.own, facts.unit
    mark = None
    if own:
        words = N_("this patient: event") if own.event else N_("this patient: no event so far")
        words = _(N_("this patient: competing event") if own.competing else words)
        mark = Own(own.time, own.event, words)
    id = f"others-{fact.key}"
    drawing = against_figure(
        id,
        curves[0],
        mark,
        unit=unit,
        ylabel=_("{label}, cumulative incidence", label=plain(capital((fact.label,))))
        if fact.competing
        else plain(capital((fact.label,))),
        few_at_risk=facts.few_at_risk,
        width_mm=HALF_MM,
    )
    caption = say(
        "The others, n = {n}. {method}.",
        n=numbers.whole(fact.n),
        method=estimate_words.method(curves[0].method),
    )
    return Figure(id, drawing, caption, _alternative(fact, curves[0], unit), "half")


def _alternative(fact: EndpointOfOthers, curve: Curve, unit: str) -> str:
    said = _(
        "Curve of {label} of {n}, {events}",
        label=lower(fact.label),
        n=counted(curve.n, "other patient"),
        events=counted(int(curve.steps.events.sum()), "event"),
    )
    if fact.own:
        time = span(fact.own.time, unit)
        if fact.own.competing:
            said += _("; this patient is marked at {time} with the competing event", time=time)
        elif fact.own.event:
            said += _("; this patient is marked at {time} with the event", time=time)
        else:
            said += _("; this patient is marked at {time} with no event until then", time=time)
    return f"{said}."
