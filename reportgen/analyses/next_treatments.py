"""Which treatment followed relapse: the next line of therapy of each relapsed patient."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.cohort.cohort import Cohort


def next_treatments(cohort: Cohort, relapsed: pd.DataFrame) -> pd.DataFrame:
    """The first line of therapy begun on or after the day of relapse, other than one that was running.

    relapsed: patient_id and relapse (days from time zero), a row per patient. A row for each of them, with the same
    index: next (its name, None where none is recorded), response (to it), on_next (whether it goes on).
    """
    empty = pd.DataFrame({"next": None, "response": None, "on_next": False}, index=relapsed.index)
    if cohort.treatments is None:
        return empty
    frame = cohort.treatments.frame.assign(start=cohort.treatments.days["start_date"])
    frame["ended"] = (
        cohort.treatments.days["stop_date"].notna() if "stop_date" in cohort.treatments.days else False
    )
    merged = relapsed.reset_index(names="row").merge(frame, on="patient_id", suffixes=("", "_line"))
    later = merged[merged["start"] >= merged["relapse"]].sort_values(["row", "start"]).drop_duplicates("row")
    later = later.set_index("row")
    named = later["treatment"].fillna("not recorded") if "treatment" in later else "not recorded"
    empty.loc[later.index, "next"] = named
    if "best_response" in later:
        empty.loc[later.index, "response"] = later["best_response"]
    empty.loc[later.index, "on_next"] = ~later["ended"].astype(bool)
    return empty


def told_after_relapse(cohort: Cohort, relapse_days: np.ndarray) -> list[tuple[str, str | None] | None]:
    """Of each patient of the cohort, in its order, the next treatment after relapse and the response to it; None where
    none is recorded. relapse_days: from time zero, NaN without relapse.
    """
    frame = cohort.patients.frame
    told: list[tuple[str, str | None] | None] = [None] * len(frame)
    happened = np.flatnonzero(~np.isnan(relapse_days))
    relapsed = pd.DataFrame(
        {
            "patient_id": frame["patient_id"].astype(str).to_numpy()[happened],
            "relapse": relapse_days[happened],
        },
        index=happened,
    )
    for place, line in next_treatments(cohort, relapsed).iterrows():
        if line["next"] is not None:
            told[int(str(place))] = (str(line["next"]), line["response"])
    return told
