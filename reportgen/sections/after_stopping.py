"""After stopping: those who stopped while in response, and how long they have stayed free of relapse."""

from __future__ import annotations

from dataclasses import replace

from reportgen.analyses import courses, incidences, outcomes
from reportgen.cohort.cohort import Cohort
from reportgen.language import N_, _
from reportgen.present import censoring, course, endpoints, numbers, phrases
from reportgen.present.incidences import estimate_sentence
from reportgen.present.narrative import capital, paragraph, say
from reportgen.present.tables import row, table, text_column
from reportgen.report import Block, Column, Note, Paragraph, Section, Table, Text
from reportgen.stats.descriptive import summarise
from reportgen.stats.proportions import proportion
from reportgen.stats.rates import rate
from reportgen.stats.results import Estimate, Results

KEY = "after_stopping"
TITLE = N_("After stopping treatment")
REQUIRES = ("patients.treatment_stop", "patients.last_contact")

ENDPOINT = "relapse_free_after_stopping"
SPREAD = ("count", "median", "minimum", "maximum")


def analyse(cohort: Cohort) -> Results:
    """Relapses off treatment: their number with its exact limit, their rate, and the curve from the stop."""
    if ENDPOINT not in cohort.endpoints:
        return Results(facts={KEY: {"n": 0, "lacks": cohort.unavailable[ENDPOINT], "left_out": ()}})
    endpoint = cohort.endpoints[ENDPOINT]
    facts = outcomes.context(cohort) | outcomes.describe(endpoint) | {"lacks": ""}
    continuing = _continuing(cohort)
    if not len(endpoint.rows):
        return Results((continuing,), facts={KEY: facts})
    results = incidences.endpoint_analysis(
        KEY, cohort, ENDPOINT, outcomes.landmark_days(cohort.settings), by_group=False
    )
    events, n = int((endpoint.status == 1).sum()), len(endpoint.rows)
    before = cohort.patients.days.loc[endpoint.rows, "treatment_stop"].to_numpy()
    estimates: list[Estimate] = [
        continuing,
        replace(proportion(events, n), section=KEY, variable="stopped", group="event"),
        replace(rate(events, float(endpoint.duration.sum())), section=KEY, variable="stopped", group="event"),
        Estimate(
            "person_time",
            section=KEY,
            variable="stopped",
            value=float(endpoint.duration.sum()),
            n=n,
            method="sum of the times from stop to event or last contact, in days",
        ),
    ]
    for variable, values in (("treatment_duration", before), ("time_off_treatment", endpoint.duration)):
        estimates += [
            replace(e, section=KEY, variable=variable) for e in summarise(values, statistics=SPREAD)
        ]
    return Results((*results.estimates, *estimates), results.curves, {KEY: facts})


def _continuing(cohort: Cohort) -> Estimate:
    """How many are alive and have not stopped the treatment."""
    on = courses.continuing(cohort)
    return replace(proportion(int(on.sum()), len(on)), section=KEY, variable="continuing")


def present(results: Results) -> Section:
    facts = results.facts[KEY]
    if facts["lacks"] or not facts["n"]:
        text = (
            say("Nothing is reported after stopping: the data lack {columns}.", columns=facts["lacks"])
            if facts["lacks"]
            else say("Nothing is reported after stopping: no patient stopped while in response.")
        )
        return Section(KEY, _(TITLE), (Paragraph(text),), results.select(section=KEY))
    blocks: list[Block] = [
        Note(capital((facts["label"],))[0], facts["definition"]),
        Paragraph(
            paragraph(
                course.stopped(results),
                course.without_event(results),
                *_times(results),
                censoring.sentence(facts),
            )
        ),
        Paragraph(_selection(facts)),
    ]
    # A curve without a step would say less than the sentence with the exact limit does.
    if facts["n"] > 2 and results[f"{KEY}.{ENDPOINT}.all.count"].value:
        figure = endpoints.curve_figure(results, KEY, _as_fact(facts), facts)
        blocks += [figure] if figure else []
    blocks.append(_table(results, facts))
    return Section(
        KEY, _(TITLE), tuple(blocks), results.select(section=KEY), results.select_curves(section=KEY)
    )


def _as_fact(facts: dict) -> dict:
    return {name: facts[name] for name in ("key", "label", "event", "competing", "by_assessment")}


def _times(results: Results) -> list[Text]:
    facts = results.facts[KEY]
    unit = facts["unit"]
    median, low, high = (
        results[f"{KEY}.time_off_treatment.all.{s}"] for s in ("median", "minimum", "maximum")
    )
    said = [
        say(
            "They have been observed for a median of {median} {unit} after the stop (range {low}–{high}).",
            median=phrases.duration(median, unit),
            unit=numbers.unit_name(unit),
            low=phrases.duration(low, unit),
            high=phrases.duration(high, unit),
        )
    ]
    if results[f"{KEY}.{ENDPOINT}.all.count"].value and facts["n"] > 2:
        said.append(estimate_sentence(results, KEY, _as_fact(facts), facts))
    return said


def _selection(facts: dict) -> Text:
    left_out = "; ".join(f"{_(reason)} ({numbers.whole(n)})" for n, reason in facts["left_out"])
    return paragraph(
        say(
            "Those who stop while in response are chosen by their response: what is seen in them does not "
            "hold for all patients, and says nothing of whether stopping is safe for others."
        ),
        say("Not counted here: {left_out}.", left_out=left_out) if left_out else None,
    )


def _table(results: Results, facts: dict) -> Table:
    unit = facts["unit"]
    rows = []
    for name, variable in (
        (_("Treatment before the stop"), "treatment_duration"),
        (_("Observed after the stop"), "time_off_treatment"),
    ):
        count, median, low, high = (results[f"{KEY}.{variable}.all.{s}"] for s in SPREAD)
        spread = (*phrases.duration(low, unit), numbers.EN_DASH, *phrases.duration(high, unit))
        rows.append(row(name, phrases.count(count), phrases.duration(median, unit), spread))
    columns = (
        text_column(_("Time"), 0.5),
        Column(_("Patients")),
        Column(_("Median"), numbers.unit_name(unit)),
        Column(_("Range"), numbers.unit_name(unit)),
    )
    caption = say("Patients who stopped while in response: time on and off treatment.")
    return table("table-after-stopping", caption, columns, rows)
