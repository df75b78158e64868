"""Cohorts on either side of every gate: few events, a group without any, enough for Cox, three groups."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np

from tests.chapters.chapters import patient
from tests.conftest import Made, make
from tests.workbooks import write_workbook

BY_ARM = [{"key": "group", "value": "arm"}, {"key": "landmarks", "value": "1, 2"}]
NAMED = [*BY_ARM, {"key": "features.of_interest", "value": "stage, age_at_start"}]


def arm(name: str, n: int, relapses: int, deaths: int = 0, seed: int = 1, pace: float = 1.0) -> list[dict]:
    """n patients of one arm: so many relapse, so many die without, the others are seen until day 700 to 1000.

    pace: how fast the events come, a hazard ratio as it were.
    """
    rng = np.random.default_rng(seed)
    days = np.sort(np.rint(20 + rng.exponential(300 / pace, n)).astype(int) % 690)
    rows = []
    for i in range(n):
        day = int(days[i]) + 1
        row = {"arm": name, "stage": ("I", "II")[i % 2], "age_at_start": float(40 + 3 * (i % 11))}
        row |= {"relapse_date": None, "death_date": None, "last_contact": int(700 + rng.integers(300))}
        row |= {"best_response": ("CR", "PR", "SD")[i % 3], "response_date": 40 + i if i % 3 < 2 else None}
        if i < relapses:
            row["relapse_date"] = day + 60
            row["last_contact"] = max(row["last_contact"], day + 60)
            row["response_date"] = min(40 + i, day) if i % 3 < 2 else None
        elif i < relapses + deaths:
            row |= {"death_date": day + 60, "last_contact": day + 60, "vital_status": "dead"}
            row["response_date"] = min(40 + i, day) if i % 3 < 2 else None
        rows.append(row)
    return rows


def patients(*arms: list[dict]) -> list[dict]:
    rows = [row for one in arms for row in one]
    return [patient(f"P{i:03}", **row) for i, row in enumerate(rows, 1)]


COHORTS: dict[str, list[dict]] = {
    "four events": patients(arm("A", 12, 1), arm("B", 12, 3, seed=2)),
    "seven events": patients(arm("A", 12, 2), arm("B", 12, 5, seed=2, pace=3)),
    "twelve events, one group without": patients(arm("A", 15, 0), arm("B", 15, 12, seed=2)),
    "fifteen events": patients(arm("A", 15, 6), arm("B", 15, 9, seed=2)),
    "fifty events": patients(arm("A", 40, 18, 4), arm("B", 40, 24, 4, seed=2, pace=3)),
    "three arms": patients(arm("A", 30, 14, 3), arm("B", 30, 18, 3, seed=2), arm("C", 30, 20, 3, seed=3)),
    "three against three": patients(arm("A", 3, 1), arm("B", 3, 2, seed=2)),
    "one against nine": patients(arm("A", 1, 1), arm("B", 9, 6, seed=2)),
    "no events": patients(arm("A", 6, 0), arm("B", 6, 0, seed=2)),
    "everybody relapses at once": patients(
        [row | {"relapse_date": 100, "response_date": None} for row in arm("A", 8, 8)],
        [row | {"relapse_date": 100, "response_date": None} for row in arm("B", 8, 8)],
    ),
}


def lines(rows: list[dict]) -> list[dict]:
    """The line that each patient began with, and for every second one a line before it that ended in progression."""
    found = []
    for i, row in enumerate(rows):
        start = row["treatment_start"]
        one = {"patient_id": row["patient_id"], "treatment": "x", "stop_date": None, "stop_reason": None}
        found.append(one | {"line": 2, "start_date": start})
        if i % 2:
            before = {
                "start_date": start - timedelta(days=100 + 7 * i),
                "stop_date": start - timedelta(days=20),
            }
            found.append(one | before | {"line": 1, "stop_reason": "progression"})
    return found


def report(folder: Path, rows: list[dict], settings: list[dict] | None = None, **sheets) -> Made:
    """The whole report of these patients, as data."""
    sheets = {"patients": rows, "report": BY_ARM if settings is None else settings} | sheets
    return make(write_workbook(folder / "cohort.xlsx", **sheets))
