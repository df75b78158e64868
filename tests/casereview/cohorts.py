"""Patients that a case review must do justice to: with next to nothing, with far too much, just begun."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from tests.workbooks import write_workbook

CUTOFF = date(2024, 6, 30)
START = date(2019, 3, 4)
RECENT = CUTOFF - timedelta(days=6)
DRUGS = ("vincristine, actinomycin D and cyclophosphamide", "crizotinib", "lorlatinib", "ceritinib", "imatinib",
         "high-dose chemotherapy with autologous stem cell rescue", "entrectinib", "alectinib", "radiotherapy",
         "brigatinib", "best supportive care", "ibrutinib")  # fmt: skip
TERMS = ("neutrophil count decreased", "platelet count decreased", "nausea", "vomiting", "diarrhea", "fatigue",
         "alanine aminotransferase increased", "aspartate aminotransferase increased", "peripheral sensory neuropathy",
         "mucositis oral", "febrile neutropenia", "anemia", "weight loss", "blurred vision", "rash maculo-papular",
         "electrocardiogram QT corrected interval prolonged", "hypertension", "upper respiratory infection",
         "constipation", "edema limbs")  # fmt: skip


def day(number: int) -> date:
    return START + timedelta(days=number)


def bare(name: str = "BARE") -> dict:
    """Nothing but the required columns."""
    return {"patient_id": name, "treatment_start": day(30), "last_contact": day(900)}


def heavy() -> dict:
    """Everything recorded; see the lines, toxicities and assessments below."""
    return {
        "patient_id": "HEAVY", "sex": "female", "age_at_start": 41.7, "diagnosis": "epithelioid inflammatory sarcoma",
        "diagnosis_date": day(-1500), "treatment": "crizotinib", "treatment_start": START, "treatment_stop": day(210),
        "stop_reason": "progression", "best_response": "PR", "response_date": day(45), "relapse_date": day(205),
        "relapse_site": "liver, lung and peritoneum", "vital_status": "alive", "disease_status": "alive with disease",
        "last_contact": day(1940), "toxicity_assessed": "yes", "fusion_partner": "RANBP2", "tp53_mutation": "yes",
        "ki_67": 35.0, "pd_l1_expression": "low", "stage": "IV", "performance_status": "1", "surgery": "yes",
    }  # fmt: skip


def recent() -> dict:
    """Started last week."""
    return {
        "patient_id": "RECENT", "sex": "male", "age_at_start": 0.8, "treatment": "crizotinib",
        "treatment_start": RECENT, "last_contact": CUTOFF - timedelta(days=1), "vital_status": "alive",
        "fusion_partner": "TPM3", "stage": "II", "performance_status": "0", "toxicity_assessed": "yes",
    }  # fmt: skip


def other(place: int) -> dict:
    relapsed = place % 3 == 0
    return {
        "patient_id": f"O{place:02}", "sex": ("female", "male")[place % 2], "age_at_start": 20 + 4 * place,
        "treatment": "crizotinib", "treatment_start": day(40 * place), "treatment_stop": day(40 * place + 400),
        "stop_reason": "completed", "best_response": ("CR", "PR", "SD")[place % 3],
        "response_date": day(40 * place + 60) if place % 3 != 2 else None,
        "relapse_date": day(40 * place + 500) if relapsed else None, "vital_status": "alive",
        "last_contact": day(40 * place + 900), "toxicity_assessed": "yes",
        "fusion_partner": ("RANBP2", "TPM3", "CLTC")[place % 3], "stage": ("II", "III", "IV")[place % 3],
        "tp53_mutation": ("yes", "no")[place % 2], "ki_67": 5.0 * place, "pd_l1_expression": ("low", "high")[place % 2],
        "performance_status": str(place % 2), "surgery": ("yes", "no")[place % 2],
    }  # fmt: skip


def lines() -> list[dict]:
    """Twelve lines of therapy of HEAVY: one before the index treatment, ten after it, the last one lasting."""
    starts = [-800, 0, 220, 400, 520, 700, 860, 1000, 1150, 1300, 1500, 1700]
    stops = [-500, 210, 390, 500, 690, 850, 980, 1140, 1290, 1480, 1690, None]
    reasons = ["completed", "progression", "toxicity", "progression"] + ["progression"] * 7 + [None]
    responses = ["PR", "PR", "SD", "PD", None, "SD", "PR", "PD", "SD", "NE", "PD", "SD"]
    return [
        {"patient_id": "HEAVY", "line": place, "treatment": drug, "start_date": day(start),
         "stop_date": None if stop is None else day(stop), "stop_reason": reason, "best_response": response}
        for place, (drug, start, stop, reason, response) in enumerate(
            zip(DRUGS, starts, stops, reasons, responses, strict=True), 1)
    ]  # fmt: skip


def toxicities() -> list[dict]:
    """Sixty toxicities of HEAVY, of twenty kinds; and one of RECENT, on the second day."""
    found = [
        {"patient_id": "HEAVY", "term": TERMS[k % 20], "grade": 1 + (k * 7 + k // 20) % 4,
         "category": "investigations", "onset_date": day(5 + 30 * k),
         "resolved_date": None if k % 5 == 0 else day(20 + 30 * k),
         "attribution": ("probable", "unrelated", None)[k % 3], "serious": "yes" if k % 9 == 0 else "no",
         "action": ("none", "dose reduced", "drug interrupted", None)[k % 4]}
        for k in range(60)
    ]  # fmt: skip
    return [
        *found,
        {"patient_id": "RECENT", "term": "nausea", "grade": 1, "onset_date": RECENT + timedelta(days=1)},
    ]


def assessments() -> list[dict]:
    """Twenty-six visits of HEAVY, every ten weeks."""
    sizes = [
        96,
        71,
        48,
        52,
        66,
        88,
        90,
        74,
        70,
        81,
        99,
        104,
        92,
        60,
        55,
        58,
        73,
        85,
        91,
        97,
        110,
        118,
        101,
        95,
        99,
        108,
    ]
    return [
        {"patient_id": "HEAVY", "date": day(-10 + 70 * k), "tumour_size": size,
         "response": None if k == 0 else ("PR" if size < 67 else "SD" if size < 95 else "PD")}
        for k, size in enumerate(sizes)
    ]  # fmt: skip


def write(folder: Path) -> Path:
    """A workbook with all of them and nine others."""
    patients = [heavy(), bare(), recent(), *(other(place) for place in range(1, 10))]
    dictionary = [
        {"column": "surgery", "label": "surgery", "role": "later"},
        {"column": "ki_67", "label": "Ki-67", "unit": "%", "role": "feature"},
        {"column": "performance_status", "type": "category"},
    ]
    report = [{"key": "cutoff", "value": CUTOFF}, {"key": "title", "value": "Outcome on crizotinib"},
              {"key": "ctcae_version", "value": "5.0"}]  # fmt: skip
    return write_workbook(
        folder / "cases.xlsx", patients=patients, toxicities=toxicities(), treatments=lines(),
        assessments=assessments(), dictionary=dictionary, report=report,
    )  # fmt: skip


def write_required_only(folder: Path) -> Path:
    """A workbook with nothing but the required columns."""
    return write_workbook(folder / "bare.xlsx", patients=[bare(f"B{place}") for place in range(1, 5)])
