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
    relapsed = relapsed.assign(patient_id=relapsed["patient_id"].astype(str))
    merged = relapsed.reset_index(names="row").merge(frame, on="patient_id", suffixes=("", "_line"))
    later = merged[merged["start"] >= merged["relapse"]].sort_values(["row", "start"]).drop_duplicates("row")
    later = later.set_index("row")
    named = later["treatment"].fillna("not recorded") if "treatment" in later else "not recorded"
    empty.loc[later.index, "next"] = named
    if "best_response" in later:
        empty.loc[later.index, "response"] = later["best_response"]
    empty.loc[later.index, "on_next"] = ~later["ended"].astype(bool)
    return empty


def told_after_relapse(
    cohort: Cohort, relapse_days: np.ndarray, listed: np.ndarray
) -> dict[int, tuple[str, str | None]]:
    """Of the patients at the listed rows of the cohort: row → the next treatment after relapse and the response to it,
    where one is recorded. relapse_days: of all patients, from time zero, NaN without relapse.
    """
    rows = np.asarray(listed, dtype=np.intp)
    rows = rows[~np.isnan(relapse_days[rows])]
    ids = cohort.patients.frame["patient_id"].iloc[rows].to_numpy()
    relapsed = pd.DataFrame({"patient_id": ids, "relapse": relapse_days[rows]}, index=rows)
    lines = next_treatments(cohort, relapsed)
    named = lines[lines["next"].notna()]
    return {
        row: (str(name), response)
        for row, name, response in zip(named.index.tolist(), named["next"], named["response"], strict=True)
    }
