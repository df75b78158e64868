"""Make ap_imt_crizotinib.xlsx: eight synthetic patients with an ALK-positive sarcoma.

    python sample_data/make_ap_imt_crizotinib.py [FOLDER]

Only aggregate figures of the study are published (Trahair et al., JCO Precision Oncology 2019,
doi 10.1200/PO.18.00297). The rows below were invented so that they add up to those figures; no row is a
patient. The same bytes come out every time.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from reportgen.publish.workbook import Sheet, workbook_bytes

NAME = "ap_imt_crizotinib.xlsx"
HERE = Path(__file__).resolve().parent
CUTOFF = date(2018, 6, 30)
DIAGNOSIS = "ALK-positive inflammatory myofibroblastic tumour"
DRUG = "crizotinib"
NEXT_DRUG = "alternative ALK inhibitor"
NOTICE = (
    "Synthetic data: every row of this cohort is invented; only the published aggregate figures are real "
    "(Trahair et al. 2019, doi 10.1200/PO.18.00297)."
)

ABOUT = (
    "SYNTHETIC DATA. No row of this workbook is a real patient.",
    "Only the published aggregate figures are real: Trahair et al., JCO Precision Oncology 2019, "
    "doi 10.1200/PO.18.00297.",
    "Real: 8 patients; 2 relapses; 1 death; median follow-up 3 years (range 0.9–5.5); "
    "PFS 0.75 (SE 0.15); OS 0.83 (SE 0.15).",
    "Real: all responded; the major toxicity was neutropenia; 5 stopped without recurrence after a median "
    "of 1 year of treatment (range 0.2–3.0); 1 continues.",
    "Real: 2 patients, critically ill at the start and in initial complete response, relapsed on treatment; "
    "both had RANBP2 fusions (2 of 3 such patients relapsed).",
    "Real: both responded to another ALK inhibitor; 1 died of the disease, 1 is alive on treatment.",
    "Invented: age, sex, site, earlier treatment, surgery, fusion partners other than RANBP2, all dates, "
    "all sizes, the course of the next treatment, every adverse event.",
    "Sheets: patients (one row each), toxicities (one row per event), treatments (one row per line of "
    "therapy), assessments (one row per visit), dictionary (what the columns mean), report (settings).",
)

# Lines of the tables below: values separated by commas, an empty value is an empty cell.
PATIENTS = """\
patient_id,sex,age_at_start,critically_ill,site,fusion_partner,prior_therapy,surgery,treatment_start,treatment_stop,\
stop_reason,best_response,response_date,relapse_date,relapse_site,vital_status,disease_status,death_date,\
cause_of_death,last_contact
S01,F,12,yes,abdomen,RANBP2,none,no,2015-04-20,2015-10-20,progression,CR,2015-06-01,2015-10-20,abdomen,dead,\
dead of disease,2017-05-26,disease,2017-05-26
S02,M,9,yes,abdomen,RANBP2,chemotherapy,no,2015-03-29,2016-01-15,progression,CR,2015-05-27,2016-01-15,abdomen,alive,\
alive with disease,,,2018-06-10
S03,M,14,no,pelvis,RANBP2,surgery,yes,2014-07-02,2015-07-02,completed,CR,2014-08-27,,,alive,\
no evidence of disease,,,2018-05-26
S04,F,7,no,lung,TPM3,none,no,2017-08-02,,,PR,2017-09-27,,,alive,stable residual disease,,,2018-06-27
S05,M,4,no,bladder,FN1,none,no,2016-09-23,2016-12-05,completed,PR,2016-11-14,,,alive,\
stable residual disease,,,2018-04-30
S06,F,16,no,lung,TPM4,NSAID,yes,2015-08-28,2016-05-10,completed,CR,2015-10-26,,,alive,\
no evidence of disease,,,2018-06-16
S07,F,2,no,retroperitoneum,CLTC,chemotherapy,yes,2013-03-18,2016-03-18,completed,CR,2013-05-13,,,alive,\
no evidence of disease,,,2017-10-23
S08,M,11,no,head and neck,TPM3,surgery,yes,2012-12-01,2014-09-19,completed,CR,2013-01-28,,,alive,\
no evidence of disease,,,2018-06-02"""

TOXICITIES = """\
patient_id,category,term,grade,attribution,onset_date,resolved_date,serious,action
S01,Gastrointestinal disorders,Nausea,1,possible,2015-04-25,2015-05-11,no,none
S01,Investigations,Neutrophil count decreased,3,probable,2015-05-20,2015-06-08,no,dose interrupted
S01,Investigations,Neutrophil count decreased,4,probable,2015-07-04,2015-07-27,yes,dose reduced
S02,Investigations,Neutrophil count decreased,3,probable,2015-05-08,2015-05-26,no,dose interrupted
S02,Investigations,Alanine aminotransferase increased,2,probable,2015-05-28,2015-07-02,no,none
S02,Gastrointestinal disorders,Vomiting,2,unrelated,2015-06-27,2015-06-30,no,none
S03,Eye disorders,Blurred vision,1,definite,2014-07-16,2014-09-10,no,none
S03,Investigations,Neutrophil count decreased,2,probable,2014-08-27,2014-09-24,no,none
S05,Gastrointestinal disorders,Nausea,1,possible,2016-09-26,2016-10-03,no,none
S05,Gastrointestinal disorders,Nausea,2,possible,2016-10-13,2016-10-24,no,none
S06,Investigations,Neutrophil count decreased,3,probable,2015-10-12,2015-11-02,no,dose reduced
S06,Investigations,Neutrophil count decreased,1,possible,2015-12-16,,no,none
S07,Investigations,Neutrophil count decreased,2,possible,2013-10-04,2013-10-25,no,none
S07,Infections and infestations,Upper respiratory infection,2,unrelated,2014-01-12,2014-01-21,no,none
S08,Gastrointestinal disorders,Diarrhea,1,possible,2012-12-11,2013-01-07,no,none
S08,Eye disorders,Blurred vision,1,definite,2012-12-13,,no,none"""

TREATMENTS = f"""\
patient_id,line,treatment,start_date,stop_date,stop_reason,best_response
S01,1,{DRUG},2015-04-20,2015-10-20,progression,CR
S01,2,{NEXT_DRUG},2015-10-27,2017-05-26,death,PR
S02,1,{DRUG},2015-03-29,2016-01-15,progression,CR
S02,2,{NEXT_DRUG},2016-01-22,,,PR
S03,1,{DRUG},2014-07-02,2015-07-02,completed,CR
S04,1,{DRUG},2017-08-02,,,PR
S05,1,{DRUG},2016-09-23,2016-12-05,completed,PR
S06,1,{DRUG},2015-08-28,2016-05-10,completed,CR
S07,1,{DRUG},2013-03-18,2016-03-18,completed,CR
S08,1,{DRUG},2012-12-01,2014-09-19,completed,CR"""

ASSESSMENTS = """\
patient_id,date,response,tumour_size
S01,2015-04-15,,84
S01,2015-06-01,CR,0
S01,2015-08-24,CR,0
S01,2015-10-20,PD,31
S01,2016-01-19,PR,17
S01,2016-07-12,PR,15
S01,2017-03-14,PD,46
S02,2015-03-26,,112
S02,2015-05-27,CR,0
S02,2015-09-21,CR,0
S02,2016-01-15,PD,27
S02,2016-04-18,PR,12
S02,2017-05-22,PR,10
S02,2018-06-10,PR,10
S03,2014-06-25,,61
S03,2014-08-27,PR,24
S03,2014-12-03,CR,0
S03,2015-07-02,CR,0
S03,2016-08-24,CR,0
S03,2018-05-26,CR,0
S04,2017-07-28,,47
S04,2017-09-27,PR,28
S04,2018-01-24,PR,21
S04,2018-06-27,PR,19
S05,2016-09-19,,35
S05,2016-11-14,PR,19
S05,2016-12-05,PR,16
S05,2017-10-16,PR,14
S05,2018-04-30,PR,14
S06,2015-08-24,,40
S06,2015-10-26,PR,18
S06,2016-02-15,CR,0
S06,2016-05-10,CR,0
S06,2017-06-12,CR,0
S06,2018-06-16,CR,0
S07,2013-03-11,,96
S07,2013-05-13,PR,58
S07,2013-11-18,PR,22
S07,2014-09-15,CR,0
S07,2016-03-18,CR,0
S07,2017-10-23,CR,0
S08,2012-11-27,,53
S08,2013-01-28,PR,30
S08,2013-07-15,CR,0
S08,2014-09-19,CR,0
S08,2016-10-03,CR,0
S08,2018-06-02,CR,0"""

DICTIONARY = (
    ("patient_id", "patient", "", "text", "", "patient_id"),
    ("sex", "sex", "", "category", "F | M", "sex"),
    ("age_at_start", "age at the start", "years", "number", "", "age_at_start"),
    ("critically_ill", "critically ill at the start", "", "yes/no", "", "feature"),
    ("site", "site of the primary tumour", "", "category",
     "abdomen | pelvis | lung | bladder | retroperitoneum | head and neck", "feature"),
    ("fusion_partner", "fusion partner", "", "category", "RANBP2 | TPM3 | TPM4 | FN1 | CLTC", "feature"),
    ("prior_therapy", "treatment before crizotinib", "", "category",
     "none | surgery | chemotherapy | NSAID", "feature"),
    ("surgery", "surgery", "", "yes/no", "", "later"),
    ("diagnosis", "diagnosis", "", "text", "", "diagnosis"),
    ("treatment", "treatment", "", "text", "", "treatment"),
    ("treatment_start", "start of crizotinib", "", "date", "", "treatment_start"),
    ("treatment_stop", "stop of crizotinib", "", "date", "", "treatment_stop"),
    ("stop_reason", "reason for stopping", "", "category", "", "stop_reason"),
    ("best_response", "best response", "", "category", "CR | PR | SD | PD | NE", "best_response"),
    ("response_date", "first response", "", "date", "", "response_date"),
    ("relapse_date", "relapse", "", "date", "", "relapse_date"),
    ("relapse_site", "site of relapse", "", "text", "", "relapse_site"),
    ("vital_status", "vital status", "", "category", "alive | dead", "vital_status"),
    ("disease_status", "disease status at last contact", "", "text", "", "disease_status"),
    ("death_date", "death", "", "date", "", "death_date"),
    ("cause_of_death", "cause of death", "", "text", "", "cause_of_death"),
    ("last_contact", "last contact", "", "date", "", "last_contact"),
    ("toxicity_assessed", "assessed for toxicity", "", "yes/no", "", "toxicity_assessed"),
)  # fmt: skip

REPORT = (
    ("title", "Outcome of ALK-positive inflammatory myofibroblastic tumour treated with crizotinib"),
    ("subtitle", "Eight children and adolescents treated with crizotinib and surgery"),
    ("notice", NOTICE),
    ("diagnosis", DIAGNOSIS),
    ("treatment", "crizotinib and surgery"),
    ("cutoff", CUTOFF),
    ("time_unit", "years"),
    ("landmarks", "1, 2, 3"),
    ("ctcae_version", "4.0"),
    ("features.of_interest", "fusion_partner"),
)


def table(name: str, text: str) -> Sheet:
    head, *rows = (line.split(",") for line in text.splitlines())
    return Sheet(name, tuple(head), [[cell(column, text) for column, text in zip(head, row, strict=True)]
                                     for row in rows])  # fmt: skip


def cell(column: str, text: str):
    if not text:
        return None
    if column.endswith("date") or column in ("treatment_start", "treatment_stop", "last_contact"):
        return date.fromisoformat(text)
    return int(text) if column in ("age_at_start", "grade", "line", "tumour_size") else text


def with_constants(patients: Sheet, **constants: str) -> Sheet:
    """The sheet with further columns that hold the same value in every row."""
    rows = [[*row, *constants.values()] for row in patients.rows]
    return Sheet(patients.name, (*patients.head, *constants), rows)


def sheets() -> list[Sheet]:
    patients = table("patients", PATIENTS)
    return [
        Sheet("about", ("SYNTHETIC",), [[line] for line in ABOUT], {"SYNTHETIC": 120}),
        with_constants(patients, diagnosis=DIAGNOSIS, treatment=DRUG, toxicity_assessed="yes"),
        table("toxicities", TOXICITIES),
        table("treatments", TREATMENTS),
        table("assessments", ASSESSMENTS),
        Sheet("dictionary", ("column", "label", "unit", "type", "levels", "role"), DICTIONARY),
        Sheet("report", ("key", "value"), REPORT),
    ]


def main(folder: Path = HERE) -> Path:
    path = folder / NAME
    path.write_bytes(workbook_bytes(sheets()))
    return path


if __name__ == "__main__":
    print(main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE))
