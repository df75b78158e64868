"""After relapse: the clock starts at relapse; who was treated again, who responded, how they are now."""

from __future__ import annotations

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
        lines=[RelapsedPatient(**row) for row in _records(lines.head(MOST_LINES))],
        paths=_paths(lines),
        treatments=sorted(set(lines["next"].dropna())),
        has_lines=cohort.treatments is not None,
    )
    return Results((*results.estimates, *estimates), results.curves, {KEY: facts})


def _lines(cohort: Cohort) -> pd.DataFrame:
    """One row per relapsed patient, in order of relapse. Times are days; text is None where not recorded."""
    endpoint = cohort.endpoints[ENDPOINT]
    asked = [c for c in ("patient_id", "cause_of_death") if c in cohort.patients.frame]
    frame, days = cohort.patients.frame.loc[endpoint.rows, asked], cohort.patients.days.loc[endpoint.rows]
    relapse = days["relapse_date"].to_numpy()
    stop = days["treatment_stop"].to_numpy() if "treatment_stop" in days else np.full(len(frame), np.nan)
    here = cohort.patients.frame.index.get_indexer(endpoint.rows)
    dead, undated = columns.dead(cohort)[here], np.isnan(stop) & columns.stopped(cohort)[here]
    on = np.where(np.isnan(stop) | (stop >= relapse), 1, 0)
    on = np.array(["off treatment", "on treatment", "not recorded"], object)[np.where(undated, 2, on)]
    lines = pd.DataFrame(
        {
            "patient_id": frame["patient_id"].astype(str),
            "relapse": relapse,
            "on_treatment": on if "treatment_stop" in days else "not recorded",
            "status": np.array(["alive", "dead"], object)[dead.astype(int)],
            "since": endpoint.duration,
            "cause": frame.get("cause_of_death"),
        },
        index=frame.index,
    )
    return lines.join(next_treatments(cohort, lines)).sort_values(["relapse", "patient_id"])


def _records(lines: pd.DataFrame) -> list[dict[str, Any]]:
    return lines.to_dict("records")


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
    steps.loc[lines["next"].isna(), "response"] = NOTHING_TO_ANSWER
    return tuple(
        (tuple(key), int(count)) for key, count in steps.value_counts(sort=False).sort_index().items()
    )


def _status(lines: pd.DataFrame) -> pd.Series:
    dead = lines["cause"].where(lines["cause"].notna(), "cause not recorded").map("dead ({})".format)
    alive = np.array(["alive", "alive on treatment"], object)[lines["on_next"].to_numpy(int)]
    return pd.Series(np.where(lines["status"] == "dead", dead, alive), index=lines.index)
