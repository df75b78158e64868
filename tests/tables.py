"""A small cohort in every shape that a source may have: the same patients, so that the same report follows."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

PATIENTS = (
    {"patient_id": "P1", "sex": "female", "age_at_start": 34.5, "treatment_start": date(2019, 1, 7),
     "relapse_date": date(2019, 9, 2), "vital_status": "dead", "death_date": date(2020, 3, 1),
     "last_contact": date(2020, 3, 1), "stage": "II"},
    {"patient_id": "P2", "sex": "male", "age_at_start": 51.0, "treatment_start": date(2019, 2, 4),
     "relapse_date": None, "vital_status": "alive", "death_date": None,
     "last_contact": date(2021, 2, 4), "stage": "III"},
    {"patient_id": "P3", "sex": "female", "age_at_start": 46.25, "treatment_start": date(2019, 5, 20),
     "relapse_date": date(2020, 5, 20), "vital_status": "alive", "death_date": None,
     "last_contact": date(2021, 5, 20), "stage": "II"},
    {"patient_id": "P4", "sex": "male", "age_at_start": 60.0, "treatment_start": date(2019, 8, 1),
     "relapse_date": None, "vital_status": "alive", "death_date": None,
     "last_contact": date(2021, 8, 1), "stage": "II"},
)  # fmt: skip
TOXICITIES = (
    {"patient_id": "P1", "term": "Nausea", "grade": 2, "onset_date": date(2019, 1, 20), "serious": "no"},
    {"patient_id": "P1", "term": "Neutropenia", "grade": 3, "onset_date": date(2019, 2, 1), "serious": "yes"},
    {"patient_id": "P3", "term": "Nausea", "grade": 1, "onset_date": date(2019, 6, 1), "serious": "no"},
)


def write_csv(path: Path, rows: Iterable[Mapping], *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """Rows → a text file with a header; None is an empty field."""
    rows = list(rows)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(
            file, list(dict.fromkeys(key for row in rows for key in row)), delimiter=delimiter
        )
        writer.writeheader()
        writer.writerows(rows)
    return path


def assert_the_cohort(cohort) -> None:
    """The four patients and their three toxicities, by whatever way they came."""
    frame = cohort.patients.frame.set_index("patient_id")
    assert list(frame.index) == ["P1", "P2", "P3", "P4"]
    assert frame["sex"].tolist() == ["female", "male", "female", "male"]
    assert frame["age_at_start"].tolist() == [34.5, 51.0, 46.25, 60.0]
    assert cohort.patients.days["last_contact"].tolist() == [419, 731, 731, 731]
    assert cohort.endpoints["os"].status.tolist() == [1, 0, 0, 0]
    assert cohort.endpoints["pfs"].duration.tolist() == [238, 731, 366, 731]
    assert cohort.toxicities.frame["term"].tolist() == ["Nausea", "Neutropenia", "Nausea"]
    assert cohort.toxicities.frame["grade"].tolist() == [2, 3, 1]
    assert cohort.toxicities.days["onset_date"].tolist() == [13, 25, 12]
    assert cohort.toxicities.frame["serious"].tolist() == ["no", "yes", "no"]
