"""Follow-up: how long, by which measure, and how completely the patients were observed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.analyses import columns, outcomes
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.cohort.schema import name_key
from reportgen.language import N_, _, _c, _n
from reportgen.present import numbers, phrases, stated
from reportgen.present.narrative import counted, filled, head, paragraph, say
from reportgen.present.tables import row, table, text_column
from reportgen.report import Block, Column, Figure, Note, Paragraph, Section, Table, Text
from reportgen.stats import followup, survival
from reportgen.stats.descriptive import summarise
from reportgen.stats.results import Estimate, Results, label

KEY = "follow_up"
TITLE = N_("Follow-up")
REQUIRES = ()

REVERSE = "reverse"
MOST_BARS = 40


def analyse(cohort: Cohort) -> Results:
    """Observation times (plain, reverse Kaplan–Meier), person-time, completeness, early censoring."""
    os = _observed(cohort)
    if os is None:
        return Results(facts={KEY: outcomes.context(cohort) | {"absent": cohort.unavailable["os"]}})
    observed, died = os.duration, _ended(cohort, os).astype(int)
    alive = observed[died == 0]
    estimates: list[Estimate] = [
        *label(
            (
                replace(e, method="plain distribution of the time to last contact or death")
                for e in summarise(observed)
            ),
            section=KEY,
        ),
        *label(
            (
                replace(e, method="time to last contact of patients alive at last contact")
                for e in summarise(alive, statistics=("count", "median", "minimum", "maximum"))
            ),
            section=KEY,
            variable="survivors",
        ),
        replace(survival.reverse_median(observed, died, entry=os.entry), section=KEY, endpoint=REVERSE),
        Estimate(
            "person_time",
            section=KEY,
            value=followup.person_time(observed, entry=os.entry),
            n=len(observed),
            method="sum of the times to last contact or death, in days",
        ),
    ]
    estimates += [
        replace(followup.censored_before(observed, died, t), section=KEY, variable="censored", time=t)
        for t in outcomes.landmark_days(cohort.settings)
    ]
    possible = _possible(cohort)
    if possible is not None:
        estimates.append(
            replace(followup.completeness(_seen(os), possible), section=KEY, variable="completeness")
        )
    curve = survival.reverse_kaplan_meier(observed, died, entry=os.entry)
    curve = replace(curve, section=KEY, endpoint=REVERSE)
    return Results(tuple(estimates), (curve,), {KEY: outcomes.context(cohort) | _bars(cohort, possible)})


def _observed(cohort: Cohort) -> EndpointData | None:
    """Overall survival; where it cannot be derived, the first endpoint given as a duration; else None."""
    given = [cohort.endpoints[rule.key] for rule in cohort.settings.endpoint if rule.time]
    return cohort.endpoints.get("os") or next(iter(given), None)


def _seen(os: EndpointData) -> np.ndarray:
    """Days under observation: from the origin, or with late entry from the start of treatment on."""
    return os.duration if os.entry is None else os.duration - os.entry


def _possible(cohort: Cohort) -> np.ndarray | None:
    """Days until the cut-off, or until death, that could have been observed (see _seen); None without dates."""
    if cohort.cutoff is None or "treatment_start" not in cohort.patients.frame.columns:
        return None
    os = _observed(cohort)
    start = cohort.patients.frame.loc[os.rows, "treatment_start"].to_numpy("datetime64[D]")
    if np.isnat(start).any():
        return None
    days = (np.datetime64(cohort.cutoff) - start).astype(float)
    origin = next(
        (rule.origin for rule in cohort.settings.endpoint if rule.key == os.key and not rule.time), ""
    )
    if os.entry is None and name_key(origin) in cohort.patients.days:
        days -= cohort.patients.days.loc[os.rows, name_key(origin)].to_numpy()
    return np.where(_ended(cohort, os), _seen(os), np.maximum(days, _seen(os)))


def _ended(cohort: Cohort, endpoint: EndpointData) -> np.ndarray:
    """Whose observation ended by an event or by death, whatever code ended the endpoint: none of them is alive."""
    here = cohort.patients.frame.index.get_indexer(endpoint.rows)
    return (endpoint.status != 0) | columns.dead(cohort)[here]


def _bars(cohort: Cohort, possible: np.ndarray | None) -> dict:
    os = _observed(cohort)
    if possible is None or len(os.rows) > MOST_BARS:
        return {"bars": ()}
    who = cohort.patients.frame.loc[os.rows, "patient_id"]
    status = np.where(_ended(cohort, os), "dead", "alive")
    rows = sorted(
        zip(who, _seen(os).tolist(), possible.tolist(), status.tolist(), strict=True), key=lambda r: -r[2]
    )
    return {"bars": tuple((str(name), seen, could, state) for name, seen, could, state in rows)}


def present(results: Results) -> Section:
    facts = results.facts[KEY]
    if "absent" in facts:
        text = say("Follow-up cannot be computed: the data lack {columns}.", columns=facts["absent"])
        return Section(KEY, _(TITLE), (Paragraph(text),))
    blocks: list[Block] = [
        Note(
            head(_("Median follow-up")),
            _(
                "Two measures, never mixed: the plain median of the time to last contact or death, and the "
                "reverse Kaplan–Meier median (Schemper and Smith 1996), in which death ends the possibility to observe."
            ),
        ),
        Paragraph(_sentences(results, facts)),
        _table(results, facts),
    ]
    figure = _figure(results, facts)
    if figure:
        blocks.append(figure)
    return Section(
        KEY, _(TITLE), tuple(blocks), results.select(section=KEY), results.select_curves(section=KEY)
    )


def _sentences(results: Results, facts: dict):
    unit = facts["unit"]
    median = results["follow_up.all.all.median"]
    low, high = results["follow_up.all.all.minimum"], results["follow_up.all.all.maximum"]
    reverse = results["follow_up.reverse.all.median_time"]
    person_time = results["follow_up.all.all.person_time"]
    complete = results.get("follow_up.completeness.all.proportion")
    return paragraph(
        say(
            "Median follow-up was {median} {unit} (range {low}–{high}; plain median of the time to last "
            "contact or death in {n}).",
            median=phrases.duration(median, unit),
            unit=numbers.unit_name(unit),
            low=phrases.duration(low, unit),
            high=phrases.duration(high, unit),
            n=counted(median.n or 0, "patient"),
        ),
        _reverse(reverse, unit),
        say(
            "Together the patients were observed for {years} patient-years.",
            years=phrases.value(numbers.time(person_time.value, "years"), person_time),
        ),
        say(
            "Completeness of follow-up (Clark’s C: observed over possible person-time) was {c}.",
            c=phrases.value(numbers.percent(complete.value), complete),
        )
        if complete is not None and complete.exists
        else None,
    )


def _reverse(reverse: Estimate, unit: str) -> Text:
    said = {"median": phrases.median_of(reverse, unit)}
    if reverse.exists:
        return say("By reverse Kaplan–Meier the median was {median}.", **said)
    return filled(
        _c("not reached or not estimable", "By reverse Kaplan–Meier the median was {median}."), said
    )


def _table(results: Results, facts: dict) -> Table:
    unit = facts["unit"]
    rows = []
    for name, variable in (
        (_("All patients, plain"), "all"),
        (_("Alive at last contact, plain"), "survivors"),
    ):
        median, low, high = (
            results[f"follow_up.{variable}.all.{statistic}"] for statistic in ("median", "minimum", "maximum")
        )
        limits = (*phrases.duration(low, unit), "–", *phrases.duration(high, unit)) if low.exists else ("–",)
        rows.append(row(name, _patients(median), phrases.duration(median, unit), limits, (numbers.MISSING,)))
    reverse = results["follow_up.reverse.all.median_time"]
    rows.append(
        row(
            _("All patients, reverse Kaplan–Meier"),
            _patients(reverse),
            phrases.duration(reverse, unit),
            (numbers.MISSING,),
            phrases.duration_interval(reverse, unit),
        )
    )
    for e in results.select(section=KEY, variable="censored"):
        rows.append(
            row(
                _("Censored before {time}", time=numbers.time_point(e.time, unit)),
                phrases.share(e),
                *((numbers.MISSING,),) * 3,
            )
        )
    columns = (
        text_column(_("Measure"), 0.4),
        Column(_("Patients")),
        Column(_("Median"), numbers.unit_name(unit)),
        Column(_("Range"), numbers.unit_name(unit)),
        Column(_("95% CI"), numbers.unit_name(unit)),
    )
    interval = reverse.method.partition("; ")[2] or reverse.method
    note = say("Reverse Kaplan–Meier: {method}.", method=stated.method(interval))
    return table("table-follow-up", (_("Follow-up by each measure."),), columns, rows, (note,))


def _patients(estimate: Estimate):
    return (phrases.value(numbers.whole(estimate.n), estimate),) if estimate.n is not None else ("–",)


def _figure(results: Results, facts: dict) -> Figure | None:
    if not facts["bars"]:
        return None
    from reportgen.present.figures.followup import followup_figure

    svg = followup_figure("figure-follow-up", facts["bars"], unit=facts["unit"])
    n = numbers.whole(len(facts["bars"]))
    caption = say("Observed against possible follow-up to the cut-off, per patient (n = {n}).", n=n)
    complete = results.get("follow_up.completeness.all.proportion")
    if complete is not None and complete.exists:
        alt = _n(
            "Bars of observed and possible follow-up of {n} patient; completeness {c}.",
            "Bars of observed and possible follow-up of {n} patients; completeness {c}.",
            len(facts["bars"]),
            n=n,
            c=numbers.percent(complete.value),
        )
    else:
        alt = _("Bars of observed and possible follow-up of {n} patients.", n=n)
    return Figure("figure-follow-up", svg, caption, alt)
