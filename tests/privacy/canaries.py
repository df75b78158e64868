"""A workbook whose every identifying cell is a canary: a string, date or number that occurs nowhere else."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from tests.workbooks import write_workbook

BIRD = "Zaunkoenig"
STEM = f"{BIRD}Akte"
OLD = 97.6138
# Everyday numbers such as 4.5 occur in any report; these do not.
AGES = {0: 41.2379, 1: OLD}


def workbook(folder: Path, n: int = 48, spoiled: bool = False, **report: object) -> Path:
    """n patients in two arms; text to be searched for begins with BIRD, dates lie between 1904 and 1976.

    spoiled: the first patient died before the start, so that the data are refused.
    """
    rows = [_patient(i) for i in range(n)]
    if spoiled:
        rows[0] |= {"death_date": date(1966, 1, 1)}
    toxicities = [
        {"patient_id": rows[i]["Nr"], "term": "Fatigue", "category": "General", "grade": 1 + i % 3,
         "onset_date": rows[i]["treatment_start"] + timedelta(days=9 + i),
         "action": "dose reduced" if i % 4 else f"{BIRD} reduced"}
        for i in range(0, n, 2)
    ]  # fmt: skip
    treatments = [
        {"patient_id": rows[i]["Nr"], "line": 2, "treatment": "docetaxel",
         "start_date": rows[i]["relapse_date"] + timedelta(days=20)}
        for i in range(n) if rows[i]["relapse_date"]
    ]  # fmt: skip
    settings = {"group": "arm", "title": "An outcome report"} | report
    return write_workbook(
        folder / f"{STEM}.xlsx",
        **{f"{BIRD}Blatt": rows, "toxicities": toxicities, "treatments": treatments},
        **{f"{BIRD}Notizen": [[f"{BIRD}Kopf"], [f"{BIRD}Zelle"]]},
        report=[{"key": key, "value": value} for key, value in settings.items()]
        + [{"key": "tables.patients", "value": f"{BIRD}Blatt"}, {"key": "columns.patients.patient_id", "value": "Nr"}],
    )  # fmt: skip


def _patient(i: int) -> dict:
    start = date(1967, 3, 1) + timedelta(days=37 * i)
    relapsed, dead = i % 3 != 2, i % 4 < 2
    stop = start + timedelta(days=100 + 11 * (i % 17))
    relapse = start + timedelta(days=150 + 23 * (i % 19)) if relapsed else None
    end = start + timedelta(days=700 + 31 * (i % 23))
    return {
        "Nr": f"{BIRD}-{i:03}",
        "sex": "female" if i % 2 else "male",
        "birth_date": None if i in AGES else start - timedelta(days=round(365.25 * (20 + 7 * i % 45))),
        "age_at_start": AGES.get(i),
        "arm": "A" if i % 2 else "B",
        "treatment_start": start,
        "treatment_stop": stop,
        "stop_reason": "progression" if relapsed else "completed",
        "best_response": ("PR", "SD", "CR", "PD")[i % 4],
        "response_date": start + timedelta(days=50) if i % 4 in (0, 2) else None,
        "relapse_date": relapse,
        "relapse_site": f"{BIRD}Ort{i}" if relapsed else None,
        "vital_status": "dead" if dead else "alive",
        "disease_status": f"{BIRD}Stand{i}",
        "death_date": end if dead else None,
        "cause_of_death": (f"{BIRD}Ursache{i}" if i % 3 else "disease") if dead else None,
        "last_contact": end,
        "remark": f"{BIRD} wrote on {start.isoformat()} that all is well, number {i}",
        "surname": f"{BIRD}Name{i}",
        "examined_on": start + timedelta(days=3),
    }


def forbidden() -> set[str]:
    """What must not be found: every date in the ways in which dates are written, and the odd ages."""
    days = {cell for row in map(_patient, range(48)) for cell in row.values() if isinstance(cell, date)}
    styles = ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y")
    written = {f"{day:{style}}" for day in days for style in styles}
    return written | {f"{day.day} {day:%B %Y}" for day in days} | {str(age) for age in AGES.values()}
