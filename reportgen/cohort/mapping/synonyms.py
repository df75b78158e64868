"""Further names of columns: short forms and those of German registries. As `schema.name_key` gives them."""

from __future__ import annotations

PATIENT_ID = ("pat_nr", "patnr", "pat_id", "patient_nr", "patienten_nr", "patienten_id", "patientennummer")
FURTHER = {
    "patients": {
        "patient_id": PATIENT_ID,
        "sex": ("geschlecht",),
        "birth_date": ("geburtsdatum",),
        "age_at_start": ("alter", "alter_bei_therapiebeginn"),
        "diagnosis": ("diagnose", "histologie"),
        "diagnosis_date": ("date_of_dx", "date_dx", "diagnosedatum", "erstdiagnose", "datum_der_diagnose"),
        "treatment": ("therapie", "behandlung"),
        "treatment_start": ("therapiebeginn", "therapiestart", "behandlungsbeginn", "beginn_der_therapie", "c1d1"),
        "treatment_stop": ("date_off_treatment", "therapieende", "behandlungsende", "ende_der_therapie"),
        "stop_reason": ("abbruchgrund", "grund_des_therapieendes"),
        "best_response": ("best_response_recist", "best_response_recist_1_1", "bor_recist_1_1", "bestes_ansprechen"),
        "relapse_date": ("pd_date", "date_pd", "rezidivdatum", "progressdatum", "progressionsdatum",
                         "datum_des_rezidivs"),
        "vital_status": ("alive_dead", "vitalstatus", "status_lebt_tot"),
        "death_date": ("date_death", "death_dt", "todesdatum", "sterbedatum"),
        "last_contact": ("last_fu", "last_fu_date", "date_last_fu", "date_of_last_fu", "letzter_kontakt",
                         "datum_letzter_kontakt", "letzte_nachsorge"),
    },
    "toxicities": {"patient_id": PATIENT_ID},
    "treatments": {"patient_id": PATIENT_ID},
    "assessments": {"patient_id": PATIENT_ID},
}  # fmt: skip
