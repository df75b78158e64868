"""Make a synthetic registry of any size: patients and five rows of toxicities for each, as Parquet or CSV.

    python bench/make_registry.py FOLDER PATIENTS [--parts N] [--csv]

No row is a patient and no figure stands for a real drug. Two groups, seven features with missing values,
relapses, deaths with and without relapse, stops and their reasons, responses, patients lost from sight.
Seeded: the same rows every time, and the same in one file, in many parts and as CSV. The first patients of
a larger registry are not those of a smaller one.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

SEED, ROWS_PER_PATIENT = 2026, 5
FIRST, CUTOFF = np.datetime64("2008-01-01"), np.datetime64("2024-06-30")
ENROLMENT_DAYS = 5_400
# What pyarrow writes as one group of rows.
ROWS_TOGETHER = 1024 * 1024
NEVER = 10.0**7
LEVELS = {
    "sex": (("female", "male"), (0.46, 0.54)),
    "stage": (("II", "III", "IVA", "IVB", None), (0.2, 0.3, 0.25, 0.2, 0.05)),
    "performance_status": (("ECOG 0", "ECOG 1", "ECOG 2", None), (0.45, 0.4, 0.12, 0.03)),
    "histology": (("adenocarcinoma", "squamous", "other", None), (0.55, 0.3, 0.13, 0.02)),
    "smoking": (("never", "former", "current", None), (0.2, 0.45, 0.3, 0.05)),
    "biomarker": (("yes", "no", None), (0.35, 0.55, 0.1)),
}
ARMS = ("regimen A", "regimen B")
REASONS = ("completed", "toxicity", "patient choice", "progression", "death")
SITES = ("local", "lung", "liver", "brain", "bone")
ATTRIBUTIONS = ("unrelated", "unlikely", "possible", "probable", "definite")
ACTIONS = ("none", "dose reduced", "interrupted")
CAUSES = ("other", "infection", "heart", "disease")
TERMS = {
    "Blood and lymphatic system disorders": ("Anaemia", "Febrile neutropenia"),
    "Investigations": ("Neutrophil count decreased", "Platelet count decreased", "Lipase increased",
                       "Alanine aminotransferase increased", "Creatinine increased", "Weight decreased"),
    "Gastrointestinal disorders": ("Nausea", "Vomiting", "Diarrhoea", "Constipation", "Colitis", "Mucositis oral"),
    "General disorders": ("Fatigue", "Fever", "Oedema limbs", "Infusion related reaction"),
    "Skin and subcutaneous tissue disorders": ("Rash maculo-papular", "Pruritus", "Alopecia"),
    "Nervous system disorders": ("Peripheral sensory neuropathy", "Headache", "Dysgeusia"),
    "Respiratory, thoracic and mediastinal disorders": ("Pneumonitis", "Cough", "Dyspnoea"),
    "Infections and infestations": ("Lung infection", "Urinary tract infection", "Sepsis"),
    "Endocrine disorders": ("Hypothyroidism", "Hyperthyroidism", "Adrenal insufficiency"),
    "Musculoskeletal and connective tissue disorders": ("Arthralgia", "Myalgia"),
}  # fmt: skip
ABOUT = "SYNTHETIC DATA. No row is a real patient; no figure stands for a real drug."
REPORT = """[report]
title = "A synthetic registry"
notice = "Synthetic data. No row is a real patient."
treatment = "regimen A or regimen B"
cutoff = 2024-06-30
landmarks = [1, 3, 5]
group = "arm"
"""


def registry(patients: int) -> dict[str, dict[str, np.ndarray]]:
    """Table → column → values: datetime64[D], floats and texts; NaT, nan and None where nothing is known."""
    random = np.random.default_rng(SEED)
    people = _patients(random, patients)
    return {"patients": people, "toxicities": dict(_toxicities(random, people))}


def _patients(random: np.random.Generator, count: int) -> dict[str, np.ndarray]:
    table = {
        "patient_id": np.char.add("R", np.char.zfill(np.arange(1, count + 1).astype(str), 7)).astype(object)
    }
    arm = random.integers(0, 2, count)
    table["arm"] = np.array(ARMS, object)[arm]
    for name, (levels, shares) in LEVELS.items():
        table[name] = np.array(levels, object)[random.choice(len(levels), count, p=shares)]
    table["age_at_start"] = np.round(np.clip(random.normal(63, 10, count), 18, 95))
    table["ldh"] = _some(random, np.round(random.lognormal(5.4, 0.4, count)), 0.08, np.nan)
    start = FIRST + random.integers(0, ENROLMENT_DAYS, count)
    to_cutoff = (CUTOFF - start).astype(int).astype(float)
    hazard = np.exp(0.35 * (arm == 0) + 0.5 * np.isin(table["stage"], ("IVA", "IVB")))
    relapse = np.ceil(random.weibull(0.9, count) * 1_900 / hazard)
    death = np.where(random.random(count) < 0.35, np.ceil(random.exponential(5_500, count)), NEVER)
    death = np.minimum(death, relapse + np.ceil(random.exponential(900, count)))
    seen = np.minimum(to_cutoff, np.where(random.random(count) < 0.08, np.ceil(random.uniform(30, 4_000, count)),
                                          to_cutoff - random.integers(0, 120, count)))  # fmt: skip
    seen = np.maximum(seen, 1)
    dead = death <= seen
    end = np.where(dead, death, seen)
    relapsed = (relapse < end) & (relapse <= end)
    stop = np.ceil(random.exponential(np.where(arm == 0, 200, 420), count))
    until = np.where(relapsed, relapse, end)
    stopped = (stop <= until) | relapsed | dead
    early = stop <= until
    stop = np.where(early, stop, until)
    why = np.where(early, random.choice(3, count, p=(0.6, 0.3, 0.1)), np.where(relapsed, 3, 4))
    best = random.choice(4, count, p=(0.15, 0.35, 0.3, 0.2))
    answered = best < 2
    response = np.minimum(np.ceil(random.uniform(30, 200, count)), np.floor(until / 2))
    table["treatment"] = table["arm"]
    table["treatment_start"] = start
    table["treatment_stop"] = _days(start, stop, stopped)
    table["stop_reason"] = _words(REASONS, np.where(stopped, why, -1))
    table["best_response"] = np.array(("CR", "PR", "SD", "PD"), object)[best]
    table["response_date"] = _days(start, response, answered)
    table["relapse_date"] = _days(start, relapse, relapsed)
    table["relapse_site"] = _words(SITES, np.where(relapsed, random.choice(len(SITES), count), -1))
    table["vital_status"] = _words(("alive", "dead"), dead.astype(int))
    table["death_date"] = _days(start, end, dead)
    cause = np.where(relapsed, 3, random.choice(3, count))
    table["cause_of_death"] = _words(CAUSES, np.where(dead, cause, -1))
    table["last_contact"] = _days(start, end, np.ones(count, bool))
    table["toxicity_assessed"] = np.full(count, "yes", object)
    return table


def _toxicities(
    random: np.random.Generator, people: dict[str, np.ndarray]
) -> Iterator[tuple[str, np.ndarray]]:
    """The columns one after the other: fifty million rows of all of them are more than a machine should hold."""
    count = len(people["patient_id"])
    rows = ROWS_PER_PATIENT * count
    who = np.sort(random.integers(0, count, rows))
    yield "patient_id", people["patient_id"][who]
    terms = [term for names in TERMS.values() for term in names]
    categories = [category for category, names in TERMS.items() for _ in names]
    weights = 1 / np.arange(2, len(terms) + 2)
    term = random.choice(len(terms), rows, p=weights / weights.sum()).astype(np.int8)
    yield "term", _words(terms, term)
    yield "category", _words(categories, term)
    start = people["treatment_start"][who]
    seen = (people["last_contact"][who] - start).astype(int)
    del who, term
    onset = np.floor(random.beta(1, 4, rows) * np.minimum(seen, 700)).astype(int)
    resolved = onset + np.ceil(random.exponential(30, rows)).astype(int)
    grade = random.choice(4, rows, p=(0.45, 0.33, 0.18, 0.04)) + 1.0
    yield "grade", grade
    yield "onset_date", start + onset
    del onset
    yield "resolved_date", _days(start, resolved, resolved <= seen)
    del resolved, seen, start
    said = random.choice(5, rows)
    yield "attribution", _some(random, _words(ATTRIBUTIONS, said), 0.03)
    yield "serious", _words(("no", "yes"), (random.random(rows) < 0.02 * grade**2).astype(int))
    del grade
    yield "action", _words(ACTIONS, random.choice(3, rows, p=(0.7, 0.1, 0.2)))


def _words(words: Sequence[str], places: np.ndarray) -> np.ndarray:
    """The word of each place, None for -1."""
    return np.array([*words, None], object)[places]


def _days(start: np.ndarray, days: np.ndarray, known: np.ndarray) -> np.ndarray:
    return np.where(known, start + np.where(known, days, 0).astype(int), np.datetime64("NaT"))


def _some(random: np.random.Generator, values: np.ndarray, missing: float, none: object = None) -> np.ndarray:
    values[random.random(len(values)) < missing] = none
    return values


def write(folder: Path, patients: int, parts: int = 1, csv: bool = False) -> None:
    """One file per table, or, with parts, a folder of so many files per table; and a report.toml."""
    import pyarrow.csv

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.toml").write_text(f"# {ABOUT}\n{REPORT}", encoding="utf-8")
    random = np.random.default_rng(SEED)
    people = _patients(random, patients)
    needed = {name: people[name] for name in ("patient_id", "treatment_start", "last_contact")}
    for name in ("patients", "toxicities"):
        columns = _taken(people) if name == "patients" else _toxicities(random, needed)
        table = _table(columns)
        if csv:
            pyarrow.csv.write_csv(_unpacked(table), folder / f"{name}.csv")
        elif parts == 1:
            _write_parquet(table, folder / f"{name}.parquet")
        else:
            (folder / name).mkdir(exist_ok=True)
            edges = np.linspace(0, len(table), parts + 1).astype(int)
            for part, (low, high) in enumerate(zip(edges, edges[1:], strict=False)):
                _write_parquet(table.slice(low, high - low), folder / name / f"part-{part}.parquet")


def _taken(columns: dict[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """The columns, each of which goes when it is taken."""
    for name in list(columns):
        yield name, columns.pop(name)


def _table(columns: Iterator[tuple[str, np.ndarray]]):
    """The columns as Arrow has them, each text once."""
    import pyarrow as pa

    found = {}
    for name, values in columns:
        column = pa.array(values, from_pandas=True)
        found[name] = column.dictionary_encode() if pa.types.is_string(column.type) else column
        del values, column
    return pa.table(found)


def _unpacked(table):
    """The same rows, every text in its row."""
    import pyarrow as pa

    return table.cast(
        pa.schema(
            [(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]
        )
    )


def _write_parquet(table, path: Path) -> None:
    import pyarrow.parquet

    with pyarrow.parquet.ParquetWriter(path, _unpacked(table.slice(0, 0)).schema) as file:
        for start in range(0, len(table), ROWS_TOGETHER):
            file.write_table(_unpacked(table.slice(start, ROWS_TOGETHER)))


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("patients", type=int)
    asked.add_argument("--parts", type=int, default=1)
    asked.add_argument("--csv", action="store_true")
    given = asked.parse_args()
    write(given.folder, given.patients, given.parts, given.csv)
