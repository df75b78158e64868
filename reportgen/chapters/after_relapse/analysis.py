"""After relapse: the clock starts at relapse; who was treated again, who responded, how they are now."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from reportgen.analyses import incidences, outcomes
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.next_treatments import next_treatments
from reportgen.chapters.after_relapse.facts import (
    ENDPOINT,
    KEY,
    MOST_LINES,
    NOTHING_TO_ANSWER,
    AfterRelapseFacts,
    RelapsedPatient,
)
from reportgen.cohort.cohort import Cohort
from reportgen.stats.descriptive import summarise
from reportgen.stats.results import Results

RESPONDED = ("CR", "PR")
NOT_TREATED = ("no further treatment recorded", NOTHING_TO_ANSWER)


def analyse(cohort: Cohort) -> Results:
    """Survival from relapse, and per relapsed patient the next treatment, its response and the status."""
    context = vars(outcomes.context(cohort))
    if ENDPOINT not in cohort.endpoints:
        return Results(facts={KEY: AfterRelapseFacts(**context, lacks=cohort.unavailable[ENDPOINT])})
    endpoint = cohort.endpoints[ENDPOINT]
    n = len(endpoint.rows)
    if not n:
        return Results(facts={KEY: AfterRelapseFacts(**context)})
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
    estimates = list(outcomes.shares(KEY, "relapsed", counts, n, cohort.settings.confidence_level))
    if treated.any():
        responded = {"responded": int(lines.loc[treated, "response"].isin(RESPONDED).sum())}
        estimates += outcomes.shares(
            KEY, "next_treatment", responded, int(treated.sum()), cohort.settings.confidence_level
        )
    estimates += [
        replace(e, section=KEY, variable="time_since_relapse")
        for e in summarise(endpoint.duration, statistics=("count", "median", "minimum", "maximum"))
    ]
    facts = AfterRelapseFacts(
        **context,
        n=n,
        endpoint=outcomes.describe(endpoint),
        lines=[RelapsedPatient(**row) for row in _records(lines)],
        paths=_paths(lines),
        treatments=sorted(set(lines["next"].dropna())),
        has_lines=cohort.treatments is not None,
    )
    return Results((*results.estimates, *estimates), results.curves, {KEY: facts})


def _lines(cohort: Cohort) -> pd.DataFrame:
    """One row per relapsed patient. Times are days; text is None where not recorded."""
    endpoint = cohort.endpoints[ENDPOINT]
    asked = [c for c in ("patient_id", "cause_of_death") if c in cohort.patients.frame]
    frame, days = cohort.patients.frame.loc[endpoint.rows, asked], cohort.patients.days
    here = cohort.patients.frame.index.get_indexer(endpoint.rows)
    relapse, stop = (
        columns.days(cohort.patients, name, copy=False)[here] for name in ("relapse_date", "treatment_stop")
    )
    dead, undated = columns.dead(cohort)[here], np.isnan(stop) & columns.stopped(cohort)[here]
    on = (np.isnan(stop) | (stop >= relapse)).astype(np.int8)
    on[undated | ("treatment_stop" not in days)] = 2
    at = ("off treatment", "on treatment", "not recorded")
    lines = pd.DataFrame(
        {
            "patient_id": frame["patient_id"],
            "relapse": relapse,
            "on_treatment": pd.Categorical.from_codes(on, at),
            "status": pd.Categorical.from_codes(dead.astype(np.int8), ("alive", "dead")),
            "since": endpoint.duration,
            "cause": frame.get("cause_of_death"),
        },
        index=frame.index,
    )
    return lines.join(next_treatments(cohort, lines))


def _records(lines: pd.DataFrame) -> list[dict[str, Any]]:
    """The first of them, in order of relapse."""
    relapse = lines["relapse"].to_numpy()
    last = np.partition(relapse, MOST_LINES - 1)[MOST_LINES - 1] if len(lines) > MOST_LINES else np.inf
    first = lines[~(relapse > last)].astype({"patient_id": str, "on_treatment": str, "status": str})
    return first.sort_values(["relapse", "patient_id"]).head(MOST_LINES).to_dict("records")


def _paths(lines: pd.DataFrame) -> tuple:
    """How many took each way from relapse to the present status."""
    asked = ["next", "response", "cause", "on_treatment", "status", "on_next"]
    counts: Counter[tuple[str, ...]] = Counter()
    for way, n in lines.groupby(asked, dropna=False, sort=False, observed=True).size().items():
        following, response, cause = (None if pd.isna(part) else str(part) for part in way[:3])
        at, status, on_next = way[3:]
        if status == "dead":
            now = f"dead ({cause or 'cause not recorded'})"
        else:
            now = "alive on treatment" if on_next else "alive"
        then = (following, response or "response not recorded") if following else NOT_TREATED
        counts[(at, *then, now)] += int(n)
    return tuple(sorted(counts.items()))
