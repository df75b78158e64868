"""The patient against the other patients of the cohort: who is like this one, and how the others fared.

Every number is of the cohort without the patient. It describes the others; it predicts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen.analyses import outcomes
from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.casereview.case import Case, shown_features
from reportgen.casereview.comparable import ALIKE, KEY, OTHERS, endpoint, feature_counts, nearest
from reportgen.casereview.parts.features import feature_fact
from reportgen.casereview.recorded import feature_value, missing, span
from reportgen.report import Block, Column, Figure, Notice, Paragraph, Section, Table, Text, plain
from reportgen.stats.results import Curve, Estimate, Results
from reportgen.writing import estimate_words, numbers, phrases
from reportgen.writing.language import _, _c
from reportgen.writing.narrative import capital, counted, head, join, lower, paragraph, say, say_n
from reportgen.writing.tables import row, table, text_column
from reportgen.writing.translation import words_of

TITLE = N_("Among the other patients")

MOST_FEATURES, DENSE, NAMED = 9, 5, 8
FEWEST = 3
HALF_MM = 42.0


def analyse(case: Case) -> Results:
    """Survival and features of the others, and those nearest to the patient; all without the patient."""
    cohort = case.cohort
    endpoints = [endpoint(case, key) for key in case.shared.tables]
    results = Results()
    for rows, curve, _fact in endpoints:
        results += Results(tuple(rows), (curve,) if curve else ())
    features, most = shown_features(cohort), DENSE if case.dense else MOST_FEATURES
    results += Results(tuple(row for feature in features for row in feature_counts(case, feature)))
    results += Results(nearest(case))
    facts = {
        "unit": cohort.settings.time_unit,
        "few_at_risk": cohort.settings.gates.few_at_risk,
        "times": outcomes.landmark_days(cohort.settings),
        "others": cohort.n - 1,
        "shown": most if len(features) > most + 1 else len(features),
        "endpoints": [fact for _rows, _curve, fact in endpoints],
        "features": [feature_fact(case, f) | {"kind": f.kind} for f in features],
        "absent": [(key.upper(), why) for key, why in cohort.unavailable.items() if key in ("pfs", "os")],
    }
    return Results(results.estimates, results.curves, {KEY: facts})


def present(results: Results) -> Section:
    """Sentences, a table of how the others fared, one of the features, and a curve per endpoint."""
    facts = results.facts[KEY]
    if not facts["others"]:
        return Section(KEY, _(TITLE), (Notice(say("The cohort holds no other patient.")),))
    blocks: list[Block] = [Paragraph(_sentences(results, facts))]
    blocks += [_fared(results, facts)] if facts["endpoints"] else []
    blocks += [_features(results, facts)] if facts["features"] else []
    blocks += [figure for fact in facts["endpoints"] if (figure := _figure(results, fact, facts))]
    blocks += [
        Notice(
            say(
                "{key} of the others cannot be derived: the data lack {columns}.",
                key=_(key),
                columns=join([words_of(column) for column in columns.split(", ")], last=", "),
            )
        )
        for key, columns in facts["absent"]
    ]
    return Section(
        KEY, _(TITLE), tuple(blocks), results.select(section=KEY), results.select_curves(section=KEY)
    )


def _sentences(results: Results, facts: Mapping) -> Text:
    lost = [lower(fact["label"]) for fact in facts["endpoints"] if fact["own"] is None]
    return paragraph(
        say("All numbers are of the other {n} of the cohort, without this one.",
            n=counted(facts["others"], "patient")),
        _comparable(results, facts),
        say("{labels} of this patient: {missing}.", labels=join(lost), missing=missing()) if lost else None,
        say("This is not an individual prognosis: it says how the others fared, and no more."),
    )  # fmt: skip


def _fared(results: Results, facts: Mapping) -> Table:
    """Per endpoint: this patient, how many others had the event, and their curve at the landmarks and at this time."""
    times = sorted({*facts["times"][:1], *facts["times"][-1:]})
    rows = [
        row(capital((fact["label"],)), *_fared_cells(results, fact, times, facts["unit"]))
        for fact in facts["endpoints"]
    ]
    at_risk = _("{ci}, at risk", ci=phrases.intervals(results))
    columns = [
        text_column(_("Endpoint")),
        text_column(_("This patient")),
        text_column(_("Others with event")),
        *(
            Column(_("Others at {when}", when=numbers.time_point(day, facts["unit"])), at_risk, "left")
            for day in times
        ),
        Column(_("At this patient’s time"), at_risk, "left"),
    ]
    caption = say(
        "How the others fared: the Kaplan–Meier estimate of them, its {ci}, and how many were at risk.",
        ci=phrases.intervals(results),
    )
    competing = [fact for fact in facts["endpoints"] if fact["competing"]]
    if len(competing) == len(facts["endpoints"]):
        caption = say(
            "How the others fared: the share of them with the event, its {ci}, and how many were at risk.",
            ci=phrases.intervals(results),
        )
    notes = [
        say(
            "{label}: the cumulative incidence of the event by then (Aalen–Johansen), with {competing} competing.",
            label=capital((fact["label"],)),
            competing=lower(fact["competing"]),
        )
        for fact in competing
    ]
    return table("fared", caption, columns, rows, notes)


def _fared_cells(results: Results, fact: Mapping, times: Sequence[float], unit: str) -> list[Text]:
    key, own = fact["key"], fact["own"]
    here: Text = missing()
    if own:
        said = N_("event after {time}") if own["event"] else N_("no event in {time}")
        said = N_("competing event after {time}") if own["competing"] else said
        here = say(said, time=span(own["time"], unit))
    count = results.get(f"{KEY}.{key}.{OTHERS}.count")
    limit = results.get(f"{KEY}.{key}.{OTHERS}.proportion")
    happened: Text = (numbers.MISSING,)
    if count is not None:
        happened = _of(count, required(count.value))
        if limit is not None and limit.low is not None:
            happened = say("{k} ({interval}%)", k=happened, interval=phrases.share_interval(limit))
    at = [*times, own["time"]] if own else [*times]
    statistic = "cumulative_incidence" if fact["competing"] else "survival"
    cells = [_estimate(results.get(f"{KEY}.{key}.{OTHERS}.{statistic}@{day:.10g}")) for day in at]
    return [here, happened, *cells, *([] if own else [(numbers.MISSING,)])]


def _estimate(survival: Estimate | None) -> Text:
    """ "0.86 (0.38–0.996), 5": the estimate, its interval, and how many were at risk."""
    if survival is None or not survival.exists:
        return (numbers.MISSING,) if survival is None else phrases.absent(survival)
    return say(
        "{estimate} ({interval}), {at_risk}",
        estimate=phrases.probability(survival),
        interval=phrases.probability_interval(survival),
        at_risk=phrases.value(numbers.whole(survival.at_risk or 0), survival, quiet=True),
    )


def _comparable(results: Results, facts: Mapping) -> Text | None:
    recorded = results.get(f"{KEY}.features.recorded.count")
    if recorded is None:
        return None
    most, alike = results[f"{KEY}.features.shared.count"], results[f"{KEY}.features.{ALIKE}.count"]
    features = (
        counted(recorded.count, "categorical characteristic")
        if any(feature["kind"] == "number" for feature in facts["features"])
        else counted(recorded.count, "characteristic")
    )
    if not most.value:
        return say("No other patient shares any of the {features} below.", features=features)
    n = alike.count
    said = {
        "n": phrases.value(counted(n, "other patient"), alike),
        "features": features,
    }
    if most.value == recorded.value:
        every = phrases.value(_c("of the characteristics", "all"), most)
        return say_n(
            "Most alike: {n}, who shares {all} of the {features} below.",
            "Most alike: {n}, who share {all} of the {features} below.",
            n,
            all=every,
            **said,
        )
    return say_n(
        "Most alike: {n}, who shares {k} of the {features} below.",
        "Most alike: {n}, who share {k} of the {features} below.",
        n,
        k=phrases.value(numbers.spelled(int(most.value)), most),
        **said,
    )


def _features(results: Results, facts: Mapping) -> Table:
    """Per characteristic: the patient, how many others have the same, and how many of these had the event."""
    first = facts["endpoints"][0] if facts["endpoints"] else None
    rows = []
    for fact in facts["features"][: facts["shown"]]:
        alike = results.get(f"{KEY}.{fact['name']}.{ALIKE}.count")
        happened = results.get(f"{KEY}.{fact['name']}.{ALIKE}.events")
        cells: tuple[Text, Text] = ((), ())
        if fact["kind"] == "number":
            cells = (_range(results, fact["name"]), ())
        elif alike is not None:
            cells = (
                _of(alike, required(alike.value)),
                _of(happened, required(happened.events)) if happened else (numbers.MISSING,),
            )
        rows.append(row(head(fact["label"]), feature_value(fact), *cells))
    columns = [
        text_column(_("Known at the start")),
        text_column(_("This patient")),
        text_column(_("Others alike")),
        text_column(_("With event")),
    ]
    notes: list[Text] = []
    if first:
        notes.append(
            say("With event: {event}, of those alike. Numbers: the others’ median (range). Nothing is tested.",
                event=first["event"])
        )  # fmt: skip
    left_out = facts["features"][facts["shown"] :]
    if left_out:
        names = [fact["label"] for fact in left_out[:NAMED]]
        more = [_("{n} others", n=numbers.whole(len(left_out) - NAMED))] if len(left_out) > NAMED else []
        notes.append(say("Not counted here: {names}.", names=join([*names, *more])))
    caption = say("Who is comparable, and why: the same at the start.")
    return Table("comparable", caption, tuple(columns), tuple(rows), tuple(notes))


def _of(estimate: Estimate, count: float) -> Text:
    if not estimate.n:
        return (numbers.MISSING,)
    return (phrases.value(f"{numbers.whole(count)}/{numbers.whole(estimate.n)}", estimate),)


def _range(results: Results, name: str) -> Text:
    median, low, high = (results[f"{KEY}.{name}.{OTHERS}.{s}"] for s in ("median", "minimum", "maximum"))
    if not median.exists:
        return phrases.absent(median)
    spread = required(high.value) - required(low.value)
    shown = [(phrases.value(numbers.measure(required(e.value), spread), e),) for e in (median, low, high)]
    return say("{median} ({low}–{high})", median=shown[0], low=shown[1], high=shown[2])


def _figure(results: Results, fact: Mapping, facts: Mapping) -> Figure | None:
    """None for so few others that their curve would be a list of them."""
    curves = results.select_curves(section=KEY, endpoint=fact["key"])
    if not curves or fact["n"] < FEWEST:
        return None
    from reportgen.figures.patient_against_cohort import Own, against_figure

    own, unit = fact["own"], facts["unit"]
    mark = None
    if own:
        words = N_("this patient: event") if own["event"] else N_("this patient: no event so far")
        words = _(N_("this patient: competing event") if own["competing"] else words)
        mark = Own(own["time"], own["event"], words)
    id = f"others-{fact['key']}"
    drawing = against_figure(
        id,
        curves[0],
        mark,
        unit=unit,
        ylabel=_("{label}, cumulative incidence", label=plain(capital((fact["label"],))))
        if fact["competing"]
        else plain(capital((fact["label"],))),
        few_at_risk=facts["few_at_risk"],
        width_mm=HALF_MM,
    )
    caption = say(
        "The others, n = {n}. {method}.",
        n=numbers.whole(fact["n"]),
        method=estimate_words.method(curves[0].method),
    )
    return Figure(id, drawing, caption, _alternative(fact, curves[0], unit), "half")


def _alternative(fact: Mapping, curve: Curve, unit: str) -> str:
    said = _(
        "Curve of {label} of {n}, {events}",
        label=lower(fact["label"]),
        n=counted(fact["n"], "other patient"),
        events=counted(int(curve.steps.events.sum()), "event"),
    )
    if fact["own"]:
        time = span(fact["own"]["time"], unit)
        if fact["own"]["competing"]:
            said += _("; this patient is marked at {time} with the competing event", time=time)
        elif fact["own"]["event"]:
            said += _("; this patient is marked at {time} with the event", time=time)
        else:
            said += _("; this patient is marked at {time} with no event until then", time=time)
    return f"{said}."
