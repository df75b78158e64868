"""After relapse: the clock starts at relapse; who was treated again, who responded, how they are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from reportgen.analyses import columns, incidences, outcomes
from reportgen.cohort.cohort import Cohort
from reportgen.language import N_, _
from reportgen.present import course, endpoints, numbers, phrases
from reportgen.present.incidences import estimate_sentence
from reportgen.present.narrative import capital, counted, paragraph, say
from reportgen.present.shares import state
from reportgen.present.tables import row, table, text_column
from reportgen.report import Block, Column, Figure, Note, Paragraph, Section, Table, Text
from reportgen.stats.descriptive import summarise
from reportgen.stats.results import Results

KEY = "after_relapse"
TITLE = N_("After relapse")
REQUIRES = ("patients.relapse_date", "patients.last_contact")

ENDPOINT = "survival_after_relapse"
MOST_LINES, MOST_WAYS = 60, 12
RESPONDED = ("CR", "PR")


def analyse(cohort: Cohort) -> Results:
    """Survival from relapse, and per relapsed patient the next treatment, its response and the status."""
    if ENDPOINT not in cohort.endpoints:
        return Results(facts={KEY: {"n": 0, "lacks": cohort.unavailable[ENDPOINT]}})
    endpoint = cohort.endpoints[ENDPOINT]
    n = len(endpoint.rows)
    if not n:
        return Results(facts={KEY: {"n": 0, "lacks": ""}})
    lines = _lines(cohort)
    results = incidences.endpoint_analysis(
        KEY, cohort, ENDPOINT, outcomes.landmark_days(cohort.settings), by_group=False
    )
    counts = {"on treatment at relapse": int((lines["on_treatment"] == "on treatment").sum())}
    counts["died"] = int((lines["status"] == "dead").sum())
    counts["alive"] = n - counts["died"]
    counts["died of the disease"] = int(((lines["status"] == "dead") & (lines["cause"] == "disease")).sum())
    treated = lines["next"].notna()
    if cohort.treatments is not None:
        counts["treated again"] = int(treated.sum())
        counts["alive on treatment"] = int(((lines["status"] != "dead") & lines["on_next"]).sum())
    estimates = list(outcomes.shares(KEY, "relapsed", counts, n))
    if treated.any():
        responded = {"responded": int(lines.loc[treated, "response"].isin(RESPONDED).sum())}
        estimates += outcomes.shares(KEY, "next_treatment", responded, int(treated.sum()))
    estimates += [
        replace(e, section=KEY, variable="time_since_relapse")
        for e in summarise(endpoint.duration, statistics=("count", "median", "minimum", "maximum"))
    ]
    facts = outcomes.context(cohort) | {
        "n": n,
        "endpoint": outcomes.describe(endpoint),
        "lines": lines.head(MOST_LINES).to_dict("records"),
        "paths": _paths(lines),
        "treatments": sorted(set(lines["next"].dropna())),
        "has_lines": cohort.treatments is not None,
    }
    return Results((*results.estimates, *estimates), results.curves, {KEY: facts})


def _lines(cohort: Cohort) -> pd.DataFrame:
    """One row per relapsed patient, in order of relapse. Times are days; text is None where not recorded."""
    endpoint = cohort.endpoints[ENDPOINT]
    frame, days = cohort.patients.frame.loc[endpoint.rows], cohort.patients.days.loc[endpoint.rows]
    relapse = days["relapse_date"].to_numpy()
    stop = days["treatment_stop"].to_numpy() if "treatment_stop" in days else np.full(len(frame), np.nan)
    here = cohort.patients.frame.index.get_indexer(endpoint.rows)
    dead, undated = columns.dead(cohort)[here], np.isnan(stop) & columns.stopped(cohort)[here]
    on = np.where(np.isnan(stop) | (stop >= relapse), "on treatment", "off treatment")
    on = np.where(undated, "not recorded", on)
    lines = pd.DataFrame(
        {
            "patient_id": frame["patient_id"].astype(str),
            "relapse": relapse,
            "on_treatment": on if "treatment_stop" in days else "not recorded",
            "status": np.where(dead, "dead", "alive"),
            "since": endpoint.duration,
            "cause": frame.get("cause_of_death"),
        },
        index=frame.index,
    )
    return lines.join(_next_lines(cohort, lines)).sort_values(["relapse", "patient_id"])


def _next_lines(cohort: Cohort, lines: pd.DataFrame) -> pd.DataFrame:
    """The first line of therapy begun on or after the day of relapse, other than one that was running."""
    empty = pd.DataFrame({"next": None, "response": None, "on_next": False}, index=lines.index)
    if cohort.treatments is None:
        return empty
    frame = cohort.treatments.frame.assign(start=cohort.treatments.days["start_date"])
    frame["ended"] = (
        cohort.treatments.days["stop_date"].notna() if "stop_date" in cohort.treatments.days else False
    )
    merged = lines.reset_index(names="row").merge(frame, on="patient_id", suffixes=("", "_line"))
    later = merged[merged["start"] >= merged["relapse"]].sort_values(["row", "start"]).drop_duplicates("row")
    later = later.set_index("row")
    named = later["treatment"].fillna("not recorded") if "treatment" in later else "not recorded"
    empty.loc[later.index, "next"] = named
    if "best_response" in later:
        empty.loc[later.index, "response"] = later["best_response"]
    empty.loc[later.index, "on_next"] = ~later["ended"].astype(bool)
    return empty


def _paths(lines: pd.DataFrame) -> tuple:
    """How many took each way from relapse to the present status."""
    steps = pd.DataFrame(
        {
            "at": lines["on_treatment"],
            "next": lines["next"].fillna("no further treatment recorded"),
            "response": lines["response"].where(lines["response"].notna(), "response not recorded"),
            "status": _status(lines),
        }
    )
    steps.loc[lines["next"].isna(), "response"] = numbers.MISSING
    return tuple(
        (tuple(key), int(count)) for key, count in steps.value_counts(sort=False).sort_index().items()
    )


def _status(lines: pd.DataFrame) -> pd.Series:
    dead = lines["cause"].where(lines["cause"].notna(), "cause not recorded").map("dead ({})".format)
    alive = np.where(lines["on_next"], "alive on treatment", "alive")
    return pd.Series(np.where(lines["status"] == "dead", dead, alive), index=lines.index)


def present(results: Results) -> Section:
    facts = results.facts[KEY]
    if not facts["n"]:
        text = (
            say("Nothing is reported after relapse: the data lack {columns}.", columns=facts["lacks"])
            if facts["lacks"]
            else say("Nothing is reported after relapse: no relapse was observed.")
        )
        return Section(KEY, _(TITLE), (Paragraph(text),))
    blocks: list[Block] = [
        Note(capital((facts["endpoint"]["label"],))[0], facts["endpoint"]["definition"]),
        Paragraph(paragraph(*course.after_relapse(results), _times(results, facts))),
    ]
    figure = _figure(facts)
    if figure:
        blocks.append(figure)
    if results[f"{KEY}.{ENDPOINT}.all.count"].value:
        curve = endpoints.curve_figure(results, KEY, facts["endpoint"], facts)
        if curve and facts["n"] > 2:
            blocks.append(curve)
    blocks.append(_listing(facts))
    return Section(
        KEY, _(TITLE), tuple(blocks), results.select(section=KEY), results.select_curves(section=KEY)
    )


def _times(results: Results, facts: dict) -> Text:
    unit = facts["unit"]
    low, high, median = (
        results[f"{KEY}.time_since_relapse.all.{s}"] for s in ("minimum", "maximum", "median")
    )
    curve = estimate_sentence(results, KEY, facts["endpoint"], facts)
    return paragraph(
        say(
            "Time from relapse to death or last contact was {median} {unit} (median; range {low}–{high}; "
            "{n}).",
            median=phrases.duration(median, unit),
            unit=numbers.unit_name(unit),
            low=phrases.duration(low, unit),
            high=phrases.duration(high, unit),
            n=counted(facts["n"], "patient"),
        ),
        curve if facts["n"] > 2 else None,
    )


def _figure(facts: dict) -> Figure | None:
    if not facts["has_lines"]:
        return None
    from reportgen.present.figures.after_relapse import Path, paths

    svg = paths("figure-after-relapse", [Path(tuple(map(state, steps)), n) for steps, n in facts["paths"]])
    caption = say("From relapse to the present status (n = {n}).", n=numbers.whole(facts["n"]))
    return Figure("figure-after-relapse", svg, caption, _alternative(facts["paths"]))


def _alternative(paths: Sequence[tuple[tuple[str, ...], int]]) -> str:
    """The ways in words; of many ways, how many patients took each step."""
    if len(paths) <= MOST_WAYS:
        ways = "; ".join(f"{numbers.whole(n)}: {' → '.join(map(state, steps))}" for steps, n in paths)
        return _("Ways from relapse to present status. {ways}.", ways=ways)
    from reportgen.present.figures.after_relapse import HEADS

    said = []
    for place, head in enumerate(HEADS):
        sizes: dict[str, int] = {}
        for steps, n in paths:
            sizes[steps[place]] = sizes.get(steps[place], 0) + n
        most_first = sorted(sizes, key=lambda step: (-sizes[step], step))
        steps = ", ".join(f"{state(step)} {numbers.whole(sizes[step])}" for step in most_first)
        said.append(f"{_(head)}: {steps}")
    return _("Ways from relapse to present status, patients per step. {steps}.", steps="; ".join(said))


def _listing(facts: dict) -> Table:
    unit = facts["unit"]
    rows = [
        row(
            line["patient_id"],
            numbers.time(line["relapse"], unit),
            _(line["on_treatment"]),
            line["next"] or _("none recorded"),
            line["response"] or numbers.MISSING,
            _now(line),
            numbers.time(line["since"], unit),
        )
        for line in facts["lines"]
    ]
    columns = (
        text_column(_("Patient"), 0.1),
        Column(_("Relapse at"), numbers.unit_name(unit)),
        text_column(_("At relapse"), 0.14),
        text_column(_("Next treatment"), 0.24),
        text_column(_("Response"), 0.1),
        text_column(_("Status"), 0.18),
        Column(_("Since relapse"), numbers.unit_name(unit)),
    )
    more = facts["n"] - len(rows)
    notes = [say("{more} further patients are not listed.", more=numbers.whole(more))] if more else []
    caption = say("Every patient who relapsed, in order of the time to relapse.")
    return table("table-after-relapse", caption, columns, rows, notes)


def _now(line: dict) -> str:
    if line["status"] == "dead":
        return state(f"dead ({line['cause'] or 'cause not recorded'})")
    return _("alive on treatment") if line["on_next"] else _("alive")
