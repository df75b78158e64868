"""CDISC SDTM: what DM, EX, AE, RS, TR and DS say of the subjects, as CSV and as SAS transport files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from reportgen.cohort.load import load_cohort
from reportgen.run import mapping

DM = """STUDYID,DOMAIN,USUBJID,SUBJID,RFSTDTC,RFXSTDTC,RFXENDTC,DTHDTC,DTHFL,AGE,AGEU,SEX,RACE,ARM
S,DM,S-1,1,2020-01-01,2020-01-10,2020-06-01,2021-03-01,Y,60,YEARS,F,WHITE,A
S,DM,S-2,2,2020-02-01,,,,,50,YEARS,M,ASIAN,A
S,DM,S-3,3,2020-03-01,,,,,70,YEARS,M,WHITE,Screen Failure
"""
EX = """DOMAIN,USUBJID,EXSEQ,EXTRT,EXSTDTC,EXENDTC
EX,S-2,2,DRUG,2020-03-05,2020-03-20
EX,S-2,1,DRUG,2020-02-10,2020-02-25
"""
AE = """DOMAIN,USUBJID,AESEQ,AETERM,AEDECOD,AESEV,AESTDTC
AE,S-1,1,sick,Nausea,SEVERE,2020-01-20
AE,S-3,1,sick,Nausea,MILD,2020-03-02
"""
RS = """DOMAIN,USUBJID,RSSEQ,RSTESTCD,RSSTRESC,RSEVAL,RSDTC
RS,S-1,1,OVRLRESP,PR,INVESTIGATOR,2020-03-10
RS,S-1,2,OVRLRESP,PD,INDEPENDENT ASSESSOR,2020-03-11
RS,S-1,3,OVRLRESP,PD,INVESTIGATOR,2020-09-10T08:00
RS,S-2,4,OVRLRESP,SD,INVESTIGATOR,2020-05-01
RS,S-2,5,TRGRESP,PD,INVESTIGATOR,2020-04-01
"""
TR = """DOMAIN,USUBJID,TRSEQ,TRTESTCD,TRSTRESN,TRDTC
TR,S-1,1,LDIAM,20,2020-03-10
TR,S-1,2,SUMDIAM,35,2020-03-10
"""
DS = """DOMAIN,USUBJID,DSSEQ,DSDECOD,DSCAT,EPOCH,DSSTDTC
DS,S-1,1,INFORMED CONSENT OBTAINED,PROTOCOL MILESTONE,SCREENING,2020-01-01
DS,S-1,2,PROGRESSIVE DISEASE,DISPOSITION EVENT,TREATMENT,2020-06-01
DS,S-1,3,DEATH,DISPOSITION EVENT,FOLLOW-UP,2021-03-01
"""
VS = "DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSSTRESN,VSDTC\nVS,S-2,1,WEIGHT,70,2021-07-15\nVS,S-2,2,WEIGHT,70,2022-01\n"
DOMAINS = {"dm": DM, "ex": EX, "ae": AE, "rs": RS, "tr": TR, "ds": DS, "vs": VS}


@pytest.fixture(params=["csv", "xpt"])
def study(request, tmp_path) -> Path:
    folder = tmp_path / "sdtm"
    folder.mkdir()
    for name, text in DOMAINS.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        if request.param == "xpt":
            pyreadstat = pytest.importorskip("pyreadstat")
            frame = pd.read_csv(folder / f"{name}.csv")
            pyreadstat.write_xport(
                frame, str(folder / f"{name}.xpt"), file_format_version=5, table_name=name.upper()
            )
            (folder / f"{name}.csv").unlink()
    return folder


def test_domains_become_our_tables(study):
    assert mapping.map_source(study).open == ()
    cohort = load_cohort(study)
    patients = cohort.patients
    assert patients.frame["patient_id"].tolist() == ["S-1", "S-2"]
    shown = patients.frame[
        ["treatment_start", "treatment_stop", "relapse_date", "death_date", "last_contact"]
    ]
    assert shown.map(lambda day: None if pd.isna(day) else f"{day:%Y-%m-%d}").to_numpy().tolist() == [
        ["2020-01-10", "2020-06-01", "2020-09-10", "2021-03-01", "2021-03-01"],
        ["2020-02-10", "2020-03-20", None, None, "2021-07-15"],
    ]
    assert patients.frame["vital_status"].tolist() == ["dead", "alive"]
    assert patients.frame["stop_reason"].tolist()[0] == "progression"
    assert cohort.toxicities.frame[["patient_id", "term", "grade"]].to_numpy().tolist() == [
        ["S-1", "Nausea", 3]
    ]
    read = cohort.assessments.frame
    assert read["response"].tolist() == ["PR", "PD", "SD"]
    assert read["tumour_size"].tolist()[0] == 35
    said = {issue.code: str(issue.problem) for issue in cohort.issues}
    assert said["NOT_TREATED"] == "1 subject without a start of treatment is left out"


def test_cells_are_those_of_the_domain_that_holds_them(tmp_path):
    for name, text in DOMAINS.items():
        (tmp_path / f"{name}.csv").write_text(
            text.replace("2021-07-15", "2019-07-15").replace("2022-01", "2019-01")
        )
    (tmp_path / "rs.csv").write_text(
        RS.replace("S-2,4,OVRLRESP,SD,INVESTIGATOR,2020-05-01", "S-2,4,OVRLRESP,XX,,2020-05-01")
    )
    found = [i for i in load_cohort(tmp_path, on_invalid="exclude").issues if i.code == "UNKNOWN_VALUE"]
    assert [(i.sheet, i.cell) for i in found] == [("rs", "E5")]
