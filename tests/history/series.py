"""A year of one cohort, month by month: what a data manager sends on the first of each month, with his mistakes.

Patients start in 2024, so that a report for each month of 2025 has more of them, more of their course, and the
corrections of the month. Everything follows from the number of a patient, so that nothing is left to chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from tests.history.reports import month_end
from tests.workbooks import write_workbook

PERIODS = tuple(f"2025-{month:02}" for month in range(1, 13))
SITES, SUBTYPES = ("lung", "liver", "bone"), ("A", "B")
TERMS = ("nausea", "neutrophil count decreased", "alanine aminotransferase increased", "visual disturbance")

CORRECTIONS: Mapping[str, Mapping[str, Mapping[str, object]]] = {
    "2025-03": {"P001": {"best_response": "SD", "response_date": None}},
    "2025-04": {"P005": {"subtype": None}, "P006": {"subtype": "A"}},
    "2025-06": {"P002": {"treatment_start": date(2024, 1, 10)}},
    "2025-09": {f"P{k:03}": {"subtype": "C"} for k in range(1, 8)},
}
"""From which month on which cells read otherwise."""
REMOVED = {"2025-07": ("P004",)}
SETTINGS = {"2025-08": {"landmarks": "0.5, 1"}}
"""From which month on a setting is another one."""


def workbook(folder: Path, period: str, patients: int = 40) -> Path:
    """The workbook as it was sent after that month. patients: how many have started by the end of the year."""
    day = month_end(period)
    rows = [row for k in range(1, patients + 1) if (row := _patient(k, day, patients))]
    gone = {name for month, names in REMOVED.items() if month <= period for name in names}
    rows = [row for row in rows if row["patient_id"] not in gone]
    for month, cells in CORRECTIONS.items():
        if month <= period:
            for row in rows:
                row.update(cells.get(row["patient_id"], {}))
    toxicities = [event for row in rows for event in _toxicities(row)]
    return write_workbook(folder / "cohort.xlsx", patients=rows, toxicities=toxicities)


def settings(period: str) -> dict:
    """The settings of that month, as overrides."""
    found: dict = {}
    for month, changed in SETTINGS.items():
        if month <= period:
            found |= changed
    return found


def _patient(k: int, day: date, patients: int) -> dict | None:
    """One patient as he was known on a day; None before his start. The 5th, 10th … query a missing reason."""
    start = date(2024, 1, 8) + timedelta(days=round(700 * (k - 1) / patients))
    if start > day:
        return None
    relapse = start + timedelta(days=150 + 37 * (k % 9)) if k % 3 == 0 else None
    death = start + timedelta(days=300 + 29 * (k % 7)) if k % 4 == 0 else None
    stop = min(filter(None, (relapse, start + timedelta(days=420))))
    response = start + timedelta(days=56)

    def known(when: date | None) -> date | None:
        return when if when is not None and when <= day and (death is None or when <= death) else None

    died, stopped = known(death), known(stop)
    seen = died or day - timedelta(days=(k * 7 + day.month * 3) % 60)
    late = known(response) and k % 5 < 3
    return {
        "patient_id": f"P{k:03}",
        "sex": "F" if k % 2 else "M",
        "age_at_start": 30 + (k * 11) % 45,
        "treatment_start": start,
        "treatment_stop": stopped if stopped and stopped <= max(seen, start) else None,
        "stop_reason": ("progression" if stopped == relapse else "completed")
        if stopped and stopped <= max(seen, start) and (k % 5 or day.month > 8)
        else None,
        "best_response": ("CR" if k % 2 else "PR") if late and response <= max(seen, start) else "SD",
        "response_date": response if late and response <= max(seen, start) else None,
        "relapse_date": known(relapse) if known(relapse) and relapse <= max(seen, start) else None,
        "relapse_site": SITES[k % 3] if known(relapse) and relapse <= max(seen, start) else None,
        "vital_status": "dead" if died else "alive",
        "death_date": died,
        "cause_of_death": "disease" if died else None,
        "last_contact": max(seen, start),
        "toxicity_assessed": "yes",
        "subtype": SUBTYPES[k % 2],
    }


def _toxicities(row: Mapping) -> list[dict]:
    k = int(row["patient_id"][1:])
    events = [(30 + 50 * n, TERMS[(k + n) % 4], 1 + (k + 2 * n) % 4) for n in range(k % 4)]
    return [
        {"patient_id": row["patient_id"], "term": term, "grade": grade,
         "onset_date": row["treatment_start"] + timedelta(days=after), "attribution": "probable"}
        for after, term, grade in events
        if row["treatment_start"] + timedelta(days=after) <= row["last_contact"]
    ]  # fmt: skip
