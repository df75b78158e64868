"""Small cohorts drawn at random, as raw workbooks in memory: rare things are frequent in them, and cells lack."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from reportgen.cohort.raw import RawWorkbook, from_grid

RESPONSES = ("CR", "PR", "SD", "PD", "NE", None)
REASONS = ("completed", "toxicity", "progression", "patient choice", None)
TERMS = (("Nausea", "Gut"), ("Vomiting", "Gut"), ("Anaemia", "Blood"), (None, "Blood"))
COLUMNS = (
    "sex",
    "treatment_stop",
    "stop_reason",
    "best_response",
    "response_date",
    "relapse_site",
    "cause_of_death",
)


def random_book(seed: int) -> tuple[RawWorkbook, dict]:
    """A workbook and the settings to read it with. How many patients, groups and events there are is drawn too."""
    draw = np.random.default_rng(seed)
    n = int(draw.choice([1, 2, 3, 4, 6, 8, 12]))
    shares = {
        name: draw.choice([0.0, 0.1, 0.4, 0.8]) for name in ("dead", "relapsed", "stopped", "toxic", "no arm")
    }
    lacking = {name for name in COLUMNS if draw.random() < 0.1}
    rows = [{k: v for k, v in _patient(draw, i, shares).items() if k not in lacking} for i in range(n)]
    sheets = [_sheet("patients", rows)]
    if draw.random() < 0.85:
        sheets.append(_sheet("toxicities", _toxicities(draw, rows, shares["toxic"])))
    if draw.random() < 0.5:
        sheets.append(_sheet("treatments", _lines(draw, rows)))
    settings: dict = {"landmarks": (1.0, 3.0)}
    if draw.random() < 0.6:
        settings["group"] = "arm"
    return RawWorkbook(f"cohort {seed}", f"{seed:064}", tuple(sheets)), settings


def _patient(draw: np.random.Generator, i: int, shares: dict) -> dict:
    start = date(2015, 1, 1) + timedelta(days=int(draw.integers(0, 900)))
    end = int(draw.integers(2, 2000))
    dead, relapsed, stopped = (draw.random() < shares[name] for name in ("dead", "relapsed", "stopped"))
    response = RESPONSES[draw.integers(len(RESPONSES))]
    stop = int(draw.integers(1, end)) if stopped else None
    relapse = int(draw.integers(1, end)) if relapsed else None
    answered = response in ("CR", "PR") and (relapse is None or relapse > 1)
    first = int(draw.integers(1, relapse or end)) if answered else None

    def day(number: int | None) -> date | None:
        return None if number is None else start + timedelta(days=number)

    return {
        "patient_id": f"P{i + 1:02}", "sex": ("female", "male", None)[draw.choice(3, p=[0.5, 0.4, 0.1])],
        "arm": None if draw.random() < shares["no arm"] else "AB"[draw.integers(2)],
        "fusion": ("ALK", "ROS1", None)[draw.choice(3, p=[0.6, 0.3, 0.1])], "age_at_start": int(draw.integers(1, 89)),
        "treatment_start": start, "treatment_stop": day(stop),
        "stop_reason": REASONS[draw.integers(len(REASONS))] if stopped else None,
        "best_response": response, "response_date": day(first), "relapse_date": day(relapse),
        "relapse_site": ("lung", "liver", None)[draw.integers(3)] if relapsed else None,
        "vital_status": "dead" if dead else "alive", "death_date": day(end) if dead else None,
        "cause_of_death": ("disease", "infection", None)[draw.integers(3)] if dead else None,
        "last_contact": day(end), "toxicity_assessed": ("yes", "no", None)[draw.choice(3, p=[0.8, 0.1, 0.1])],
    }  # fmt: skip


def _toxicities(draw: np.random.Generator, rows: list[dict], often: float) -> list[dict]:
    found = []
    for row in rows:
        for term, category in TERMS:
            if draw.random() < often:
                onset = row["treatment_start"] + timedelta(days=int(draw.integers(0, 300)))
                last = row["last_contact"]
                found.append({
                    "patient_id": row["patient_id"], "term": term, "category": category,
                    "grade": None if draw.random() < 0.1 else int(draw.integers(1, 5)),
                    "onset_date": None if draw.random() < 0.2 else min(onset, last),
                    "attribution": ("possible", "unrelated", None)[draw.integers(3)],
                })  # fmt: skip
    return found or [dict.fromkeys(("patient_id", "term", "category", "grade", "onset_date", "attribution"))]


def _lines(draw: np.random.Generator, rows: list[dict]) -> list[dict]:
    return [
        {"patient_id": row["patient_id"], "line": line, "treatment": ("chemo", "drug")[line - 1],
         "start_date": row["treatment_start"] if line == 1 else row["relapse_date"],
         "best_response": RESPONSES[draw.integers(4)]}
        for row in rows for line in (1, 2) if line == 1 or row["relapse_date"] and draw.random() < 0.6
    ]  # fmt: skip


def _sheet(name: str, rows: list[dict]):
    header = list(rows[0])
    return from_grid(name, [header, *([row.get(key) for key in header] for row in rows)])
