"""Make two_groups.xlsx: 120 synthetic patients with lung cancer in two treatment groups.

    python sample_data/make_two_groups.py [FOLDER]

No row is a patient and no figure stands for a real drug. The cohort holds what a real one holds: missing
values, deaths without relapse, patients lost from sight, up to four lines of therapy, tumour sizes at
visits, toxicities of every grade. Regimen B was given a lower hazard of relapse and more immune toxicity.
Seeded: the same bytes come out every time.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from reportgen.publish.workbook import Sheet, workbook_bytes

NAME = "two_groups.xlsx"
HERE = Path(__file__).resolve().parent
SEED = 1
FIRST, CUTOFF = date(2018, 1, 8), date(2024, 6, 30)
ENROLMENT_DAYS, MONTH = 2180, 30.4375
ARMS = ("regimen A", "regimen B")
PLANNED_DAYS = {"regimen A": 183, "regimen B": 731}
LATER_LINES = ("docetaxel", "pemetrexed", "gemcitabine", "vinorelbine", "trial drug")
DAY = timedelta(days=1)

# category → term: (probability under regimen A, under regimen B, weights of grades 1–4)
TERMS = {
    "Blood and lymphatic system disorders": {
        "Anaemia": (0.42, 0.30, (4, 4, 2, 0)),
        "Febrile neutropenia": (0.08, 0.05, (0, 0, 5, 1)),
    },
    "Investigations": {
        "Neutrophil count decreased": (0.40, 0.28, (1, 3, 4, 2)),
        "Platelet count decreased": (0.20, 0.14, (4, 2, 1, 1)),
        "Alanine aminotransferase increased": (0.12, 0.22, (4, 3, 2, 0)),
        "Lipase increased": (0.03, 0.09, (1, 2, 3, 1)),
        "Weight decreased": (0.15, 0.12, (4, 3, 0, 0)),
        "Creatinine increased": (0.10, 0.10, (4, 2, 0, 0)),
    },
    "Gastrointestinal disorders": {
        "Nausea": (0.50, 0.38, (5, 3, 1, 0)),
        "Vomiting": (0.26, 0.20, (4, 3, 1, 0)),
        "Diarrhoea": (0.16, 0.27, (5, 3, 2, 0)),
        "Constipation": (0.28, 0.25, (5, 3, 0, 0)),
        "Mucositis oral": (0.12, 0.09, (4, 3, 1, 0)),
        "Colitis": (0.00, 0.08, (0, 3, 4, 1)),
    },
    "General disorders": {
        "Fatigue": (0.48, 0.50, (4, 4, 1, 0)),
        "Fever": (0.14, 0.18, (5, 2, 0, 0)),
        "Oedema limbs": (0.10, 0.09, (5, 2, 0, 0)),
        "Infusion related reaction": (0.04, 0.08, (2, 4, 1, 0)),
    },
    "Skin and subcutaneous tissue disorders": {
        "Rash maculo-papular": (0.10, 0.26, (4, 3, 1, 0)),
        "Pruritus": (0.06, 0.22, (5, 2, 0, 0)),
        "Alopecia": (0.22, 0.15, (3, 3, 0, 0)),
    },
    "Nervous system disorders": {
        "Peripheral sensory neuropathy": (0.24, 0.18, (4, 3, 1, 0)),
        "Headache": (0.10, 0.12, (5, 2, 0, 0)),
        "Dysgeusia": (0.12, 0.10, (5, 2, 0, 0)),
    },
    "Respiratory, thoracic and mediastinal disorders": {
        "Pneumonitis": (0.02, 0.09, (2, 3, 3, 1)),
        "Cough": (0.20, 0.20, (5, 2, 0, 0)),
        "Dyspnoea": (0.16, 0.15, (4, 3, 2, 0)),
    },
    "Infections and infestations": {
        "Lung infection": (0.12, 0.10, (0, 4, 4, 1)),
        "Urinary tract infection": (0.08, 0.07, (0, 5, 1, 0)),
        "Sepsis": (0.03, 0.03, (0, 0, 3, 3)),
    },
    "Endocrine disorders": {
        "Hypothyroidism": (0.01, 0.16, (3, 5, 0, 0)),
        "Hyperthyroidism": (0.01, 0.07, (4, 2, 0, 0)),
        "Adrenal insufficiency": (0.00, 0.04, (0, 3, 2, 0)),
    },
    "Musculoskeletal and connective tissue disorders": {
        "Arthralgia": (0.10, 0.20, (5, 3, 0, 0)),
        "Myalgia": (0.10, 0.11, (5, 2, 0, 0)),
    },
}
FATAL = (("Infections and infestations", "Sepsis"),
         ("Respiratory, thoracic and mediastinal disorders", "Pneumonitis"))  # fmt: skip

PATIENT_COLUMNS = (
    "patient_id", "arm", "sex", "age_at_start", "stage", "performance_status", "histology", "site",
    "biomarker", "ldh", "smoking", "diagnosis_date", "treatment", "treatment_start", "treatment_stop",
    "stop_reason", "best_response", "response_date", "relapse_date", "relapse_site", "vital_status",
    "death_date", "cause_of_death", "last_contact", "toxicity_assessed", "radiotherapy", "remark",
)  # fmt: skip

ABOUT = (
    "SYNTHETIC DATA. No row of this workbook is a real patient; no figure in it stands for a real drug.",
    "120 patients in two groups (column arm), made by a seeded script for demonstration and for tests.",
    "Regimen B was given a lower hazard of relapse and more immune toxicity than regimen A.",
)

DICTIONARY = (
    ("arm", "regimen", "", "category", "regimen A | regimen B", "feature"),
    ("stage", "stage at the start", "", "category", "III | IVA | IVB", "feature"),
    ("performance_status", "performance status (ECOG)", "", "category", "0 | 1 | 2", "feature"),
    ("histology", "histology", "", "category", "adenocarcinoma | squamous | other", "feature"),
    ("site", "site of the primary tumour", "", "category", "upper lobe | lower lobe | middle lobe | central",
     "feature"),
    ("biomarker", "biomarker positive", "", "yes/no", "", "feature"),
    ("ldh", "lactate dehydrogenase at the start", "U/L", "number", "", "feature"),
    ("smoking", "smoking", "", "category", "never | former | current", "feature"),
    ("radiotherapy", "radiotherapy to the chest", "", "yes/no", "", "later"),
    ("remark", "remark", "", "text", "", "text"),
)  # fmt: skip

REPORT = (
    ("title", "Outcome of advanced lung cancer treated with regimen A or regimen B"),
    ("subtitle", "A synthetic cohort of 120 patients in two treatment groups"),
    ("notice", "Synthetic data: every row of this cohort is invented and no figure stands for a real drug."),
    ("diagnosis", "advanced non-small-cell lung cancer"),
    ("treatment", "regimen A or regimen B"),
    ("cutoff", CUTOFF),
    ("time_unit", "months"),
    ("landmarks", "12, 24, 36"),
    ("group", "arm"),
    ("ctcae_version", "5.0"),
    ("features.of_interest", "stage, performance_status, biomarker"),
)


@dataclass
class Course:
    """One patient's story; times are whole days from the start, None where it did not happen."""

    id: str
    facts: dict
    start: date
    end: int = 0
    relapse: int | None = None
    death: int | None = None
    cause: str | None = None
    stop: int | None = None
    stop_reason: str | None = None
    best: str = "NE"
    response: int | None = None
    visits: list[tuple[int, str | None, int | None]] = field(default_factory=list)
    assessed: bool = True
    toxicities: list[list] = field(default_factory=list)
    lines: list[list] = field(default_factory=list)

    def on(self, day: int | None) -> date | None:
        return None if day is None else self.start + day * DAY


def pick(rng, options, weights) -> str:
    return str(rng.choice(options, p=np.asarray(weights) / np.sum(weights)))


def enrol(rng, number: int) -> Course:
    facts = {
        "arm": ARMS[number % 2],
        "sex": pick(rng, ("F", "M"), (45, 55)),
        "age_at_start": round(float(np.clip(rng.normal(64, 9), 34, 86)), 1),
        "stage": pick(rng, ("III", "IVA", "IVB"), (25, 45, 30)),
        "performance_status": pick(rng, ("0", "1", "2"), (35, 50, 15)),
        "histology": pick(rng, ("adenocarcinoma", "squamous", "other"), (62, 28, 10)),
        "site": pick(rng, ("upper lobe", "lower lobe", "middle lobe", "central"), (48, 30, 7, 15)),
        "biomarker": pick(rng, ("yes", "no"), (40, 60)),
        "ldh": round(float(np.exp(rng.normal(5.4, 0.35)))),
        "smoking": pick(rng, ("never", "former", "current"), (20, 50, 30)),
    }
    start = FIRST + int(rng.integers(0, ENROLMENT_DAYS)) * DAY
    return Course(f"L{number + 1:03d}", facts, start)


def live(rng, course: Course) -> None:
    """Relapse, death and the last day seen, with the hazards that the facts give."""
    facts = course.facts
    risk = (
        -0.55 * (facts["arm"] == ARMS[1])
        + 0.45 * (facts["stage"] == "IVB")
        - 0.35 * (facts["stage"] == "III")
        + 0.5 * (facts["performance_status"] == "2")
        - 0.4 * (facts["biomarker"] == "yes")
        + 0.5 * np.log(facts["ldh"] / 220)
    )
    relapse = int(rng.weibull(0.95) * 22 * MONTH * np.exp(-risk)) + 35
    other_death = int(rng.exponential(150 * MONTH * np.exp(-0.6 * (facts["age_at_start"] > 70)))) + 12
    death = min(relapse + int(rng.exponential(13 * MONTH)) + 14, other_death)
    seen = (CUTOFF - course.start).days - int(rng.integers(0, 100))
    if rng.random() < 0.1:
        seen = int(seen * rng.uniform(0.3, 0.75))
    course.end = min(seen, death)
    course.relapse = relapse if relapse <= course.end and relapse < death else None
    if death <= seen:
        course.death = death
        course.cause = "disease" if course.relapse is not None else pick(
            rng, ("toxicity", "cardiac", "infection", "accident"), (3, 3, 2, 1))  # fmt: skip


def assess(rng, course: Course) -> None:
    """Visits with a sum of diameters and the response that RECIST reads from it."""
    baseline = int(np.clip(rng.normal(78, 28), 22, 160))
    course.visits.append((-int(rng.integers(1, 21)), None, baseline))
    depth = {"CR": 1.0, "PR": rng.uniform(0.34, 0.85), "SD": rng.uniform(-0.1, 0.27)}
    fate = pick(rng, tuple(depth), (8, 42, 50) if course.facts["arm"] == ARMS[0] else (15, 47, 38))
    last = course.relapse if course.relapse is not None else course.end
    day, nadir = int(rng.integers(49, 64)), baseline
    missed = rng.random() < 0.04
    while not missed and day <= last - (21 if course.relapse is not None else 0):
        share = depth[fate] * (0.6 if len(course.visits) == 1 and fate == "CR" else 1)
        size = round(baseline * (1 - share)) if share < 1 else 0
        nadir = min(nadir, size)
        response = "CR" if size == 0 else "PR" if size <= 0.7 * baseline else "SD"
        course.visits.append((day, response, None if rng.random() < 0.06 else size))
        day += int(rng.integers(50, 64)) if day < 200 else int(rng.integers(84, 105))
    if course.relapse is not None:
        grown = max(round(nadir * rng.uniform(1.25, 1.7)), nadir + 8)
        course.visits.append((course.relapse, "PD", None if rng.random() < 0.1 else grown))
    said = [response for _, response, _ in course.visits[1:]]
    course.best = next((word for word in ("CR", "PR", "SD", "PD") if word in said), "NE")
    course.response = next((day for day, word, _ in course.visits if word in ("CR", "PR")), None)


def treat(rng, course: Course) -> None:
    """When and why the index treatment stopped, and the lines that followed a relapse."""
    planned = PLANNED_DAYS[course.facts["arm"]] + int(rng.integers(-10, 11))
    ways = [(planned, "completed")]
    if course.relapse is not None:
        ways.append((course.relapse, "progression"))
    if course.death is not None:
        ways.append((course.death, "death"))
    draw = rng.random()
    if draw < 0.16:
        ways.append((int(rng.integers(40, 240)), "toxicity"))
    elif draw < 0.21:
        ways.append((int(rng.integers(30, 300)), "patient choice" if draw < 0.19 else "other"))
    day, reason = min(ways)
    if day <= course.end:
        course.stop, course.stop_reason = day, reason
    course.lines.append([1, course.facts["arm"], 0, course.stop, course.stop_reason, course.best])
    drugs = list(rng.permutation(LATER_LINES))
    begin = None if course.relapse is None else course.relapse + int(rng.integers(7, 36))
    for line in (2, 3, 4):
        if begin is None or begin >= course.end or rng.random() > (0.82, 0.6, 0.5)[line - 2]:
            return
        finish = begin + int(rng.exponential(140)) + 20
        reason = pick(rng, ("progression", "toxicity", "completed"), (70, 15, 15))
        if finish >= course.end:
            finish, reason = (course.end, "death") if course.death is not None else (None, None)
        best = pick(rng, ("CR", "PR", "SD", "PD", "NE"), (1, 14, 38, 39, 8))
        course.lines.append([line, str(drugs[line - 2]), begin, finish, reason, best])
        begin = None if finish is None else finish + int(rng.integers(7, 43))


def suffer(rng, course: Course) -> None:
    """Toxicities from the start to 30 days after the stop; a death of toxicity is an event of grade 5."""
    course.assessed = rng.random() > 0.04 or course.cause == "toxicity"
    if not course.assessed:
        return
    arm = ARMS.index(course.facts["arm"])
    window = min(course.end, (course.stop if course.stop is not None else course.end) + 30)
    for category, terms in TERMS.items():
        for term, (*chances, weights) in terms.items():
            times = 1 + (rng.random() < 0.25)
            if rng.random() >= chances[arm]:
                continue
            for onset in sorted({int(day) for day in rng.integers(1, max(window, 2), size=times)}):
                grade = 1 + int(rng.choice(4, p=np.asarray(weights) / sum(weights)))
                resolved = onset + int(rng.exponential(24)) + 2
                resolved = resolved if resolved <= course.end and rng.random() < 0.88 else None
                course.toxicities.append([category, term, grade, onset, resolved, *blame(rng, grade)])
    if course.cause == "toxicity":
        onset = max(course.death - int(rng.integers(2, 15)), 1)
        category, term = FATAL[int(rng.integers(0, 2))]
        course.toxicities.append([category, term, 5, onset, None, "probable", "yes", "stopped"])
    if course.stop_reason == "toxicity":
        grave = [event for event in course.toxicities if event[3] <= course.stop]
        if grave:
            max(grave, key=lambda event: event[2])[-1] = "stopped"


def blame(rng, grade: int) -> tuple[str | None, str, str]:
    words = ("unrelated", "unlikely", "possible", "probable", "definite")
    attribution = None if rng.random() < 0.02 else pick(rng, words, (12, 12, 34, 32, 10))
    serious = "yes" if grade >= 4 or (grade == 3 and rng.random() < 0.3) else "no"
    action = "none" if grade < 3 else pick(rng, ("none", "dose interrupted", "dose reduced"), (4, 4, 3))
    return attribution, serious, action


def patient_row(rng, course: Course) -> list:
    """The row of the patients sheet, with the holes of a real one."""
    row = dict.fromkeys(PATIENT_COLUMNS) | {"patient_id": course.id} | course.facts
    for column, share in (("stage", 0.03), ("performance_status", 0.04), ("biomarker", 0.12), ("ldh", 0.10),
                          ("smoking", 0.06), ("histology", 0.02)):  # fmt: skip
        if rng.random() < share:
            row[column] = None
    row |= {
        "diagnosis_date": course.on(-int(rng.integers(14, 75))),
        "treatment": course.facts["arm"],
        "treatment_start": course.start,
        "treatment_stop": course.on(course.stop),
        "stop_reason": course.stop_reason,
        "best_response": course.best,
        "response_date": course.on(course.response),
        "relapse_date": course.on(course.relapse),
        "vital_status": "alive" if course.death is None else "dead",
        "death_date": course.on(course.death),
        "cause_of_death": course.cause,
        "last_contact": course.on(course.end),
        "toxicity_assessed": "yes" if course.assessed else "no",
        "radiotherapy": "yes" if rng.random() < 0.3 else "no",
        "remark": "moved to another hospital" if rng.random() < 0.05 else None,
    }
    if course.relapse is not None:
        row["relapse_site"] = pick(
            rng, ("lung", "lymph node", "brain", "bone", "liver"), (35, 20, 18, 15, 12)
        )
    return [row[column] for column in PATIENT_COLUMNS]


def sheets() -> list[Sheet]:
    rng = np.random.default_rng(SEED)
    courses = [enrol(rng, number) for number in range(120)]
    for course in courses:
        for chapter in (live, assess, treat, suffer):
            chapter(rng, course)
    return [
        Sheet("about", ("SYNTHETIC",), [[line] for line in ABOUT], {"SYNTHETIC": 120}),
        Sheet("patients", PATIENT_COLUMNS, [patient_row(rng, course) for course in courses]),
        Sheet("toxicities",
              ("patient_id", "category", "term", "grade", "onset_date", "resolved_date", "attribution",
               "serious", "action"),
              [[c.id, category, term, grade, c.on(onset), c.on(resolved), *rest]
               for c in courses for category, term, grade, onset, resolved, *rest in c.toxicities]),
        Sheet("treatments",
              ("patient_id", "line", "treatment", "start_date", "stop_date", "stop_reason", "best_response"),
              [[c.id, line, drug, c.on(begin), c.on(finish), reason, best]
               for c in courses for line, drug, begin, finish, reason, best in c.lines]),
        Sheet("assessments", ("patient_id", "date", "response", "tumour_size"),
              [[c.id, c.on(day), response, size] for c in courses for day, response, size in c.visits]),
        Sheet("dictionary", ("column", "label", "unit", "type", "levels", "role"), DICTIONARY),
        Sheet("report", ("key", "value"), REPORT),
    ]  # fmt: skip


def main(folder: Path = HERE) -> Path:
    path = folder / NAME
    path.write_bytes(workbook_bytes(sheets()))
    return path


if __name__ == "__main__":
    print(main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE))
