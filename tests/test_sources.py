"""The examples of docs/sources.md: each is built as it is written there, from files of its kind."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from reportgen.run.pipeline import Request, build
from tests.adam_files import ADAE, ADSL, ADTTE
from tests.cohort.test_columnar import write_parquet
from tests.cohort.test_opendocument import table, write_ods
from tests.redcap_files import write_project
from tests.sas_files import write_xpt
from tests.tables import PATIENTS, TOXICITIES, write_csv

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "sources.md").read_text(encoding="utf-8")
EXAMPLES = {
    title: (
        re.findall(r"```console\nreportgen build (.+)\n```", text),
        re.findall(r"```toml\n(.*?)```", text, re.DOTALL),
    )
    for title, text in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
}


def workbook(folder):
    german = {"alive": "lebt", "dead": "verst."}
    rows = [{"Pat.-Nr." if name == "patient_id" else name: german.get(cell, cell) for name, cell in row.items()}
            for row in PATIENTS]  # fmt: skip
    write_ods(folder / "cohort.ods", table("Tabelle1", rows), table("Tabelle2", TOXICITIES))


def delimited(folder):
    (folder / "registry").mkdir()
    rows = [row | {"stage": "på sjukhus"} for row in PATIENTS]
    write_csv(folder / "registry" / "tbl_subjects.csv", rows, delimiter=";", encoding="cp1252")
    write_csv(folder / "registry" / "tbl_events.csv", TOXICITIES, delimiter=";", encoding="cp1252")


def parquet(folder):
    (folder / "registry").mkdir()
    write_parquet(folder / "registry" / "patients.parquet", PATIENTS)
    write_parquet(folder / "registry" / "toxicities.parquet", TOXICITIES)


def adam(folder):
    (folder / "adam").mkdir()
    bare = [row | {"PARAM": row["PARAM"].replace("(days)", "").strip()} for row in ADTTE]
    for name, rows in (("adsl", ADSL), ("adtte", bare), ("adae", ADAE)):
        write_xpt(folder / "adam" / f"{name}.xpt", rows)


def sdtm(folder):
    (folder / "sdtm").mkdir()
    names = {
        "patient_id": "USUBJID",
        "treatment_start": "RFXSTDTC",
        "death_date": "DTHDTC",
        "last_contact": "RFENDTC",
    }
    subjects = [{"DOMAIN": "DM", **{theirs: row[ours] for ours, theirs in names.items()}} for row in PATIENTS]
    events = [
        {"DOMAIN": "AE", "USUBJID": row["patient_id"], "AEDECOD": row["term"], "AETOXGR": row["grade"]}
        for row in TOXICITIES
    ]
    responses = [
        {"DOMAIN": "RS", "USUBJID": row["patient_id"], "RSTESTCD": "OVRLRESP", "RSSTRESC": "PD",
         "RSDTC": row["relapse_date"]}
        for row in PATIENTS if row["relapse_date"]
    ]  # fmt: skip
    for name, rows in (("dm", subjects), ("ae", events), ("rs", responses)):
        write_csv(folder / "sdtm" / f"{name}.csv", rows)


def statistical(folder):
    pyreadstat = pytest.importorskip("pyreadstat")
    pyreadstat.write_sav(pd.DataFrame(PATIENTS), str(folder / "cohort.sav"))


def cbioportal(folder):
    (folder / "brca_study").mkdir()
    rows = [{"PATIENT_ID": f"P{k}", "AGE": 50 + k, "OS_STATUS": state, "OS_MONTHS": days / 30.4375}
            for k, (days, state) in enumerate([(419, "1:DECEASED"), (731, "0:LIVING"), (731, "0:LIVING"),
                                               (731, "0:LIVING")])]  # fmt: skip
    write_csv(folder / "brca_study" / "data_clinical_patient.txt", rows, delimiter="\t")


def gdc(folder):
    (folder / "tcga_brca").mkdir()
    rows = [{"case_id": f"u{k}", "case_submitter_id": f"TCGA-{k}", "vital_status": "Alive" if k else "Dead",
             "days_to_death": "'--" if k else 419, "days_to_last_follow_up": 731 if k else "'--"}
            for k in range(4)]  # fmt: skip
    write_csv(folder / "tcga_brca" / "clinical.tsv", rows, delimiter="\t")


def oncore(folder):
    names = {"patient_id": "sequence_no", "treatment_start": "on_treatment_date", "relapse_date": "date_of_progression",
             "vital_status": "last_known_survival_status", "death_date": "expired_date",
             "last_contact": "last_followup_date", "term": "cdus_ctcae_toxicity_type_code"}  # fmt: skip
    (folder / "oncore").mkdir()
    for name, rows in (("subjects", PATIENTS), ("adverse_events", TOXICITIES)):
        theirs = [{names.get(column, column): cell for column, cell in row.items()} for row in rows]
        write_csv(folder / "oncore" / f"{name}.csv", theirs)


def database(folder):
    status = ("vital_status", "death_date", "last_contact")
    parts = {
        "persons": [{name: cell for name, cell in row.items() if name not in status} for row in PATIENTS],
        "status": [{name: row[name] for name in ("patient_id", *status)} for row in PATIENTS],
        "events": list(TOXICITIES),
    }
    connection = sqlite3.connect(folder / "registry.db")
    with connection:
        for name, rows in parts.items():
            connection.execute(f"CREATE TABLE {name} ({', '.join(rows[0])})")
            marks = ", ".join("?" * len(rows[0]))
            cells = [
                [str(c) if c is not None and not isinstance(c, (int, float)) else c for c in row.values()]
                for row in rows
            ]
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", cells)
    connection.close()


def wide(folder):
    grades = {"P1": {"tox_nausea": 2, "tox_neutropenia": 3}, "P2": {"tox_nausea": 0}, "P3": {"tox_nausea": 1},
              "P4": {"tox_neutropenia": 0}}  # fmt: skip
    empty = {"tox_nausea": None, "tox_neutropenia": None}
    write_csv(folder / "wide.csv", [row | empty | grades[row["patient_id"]] for row in PATIENTS])


def durations(folder):
    rows = [{"id": k, "futime": days, "fustat": died, "age": 50 + k} for k, (days, died) in
            enumerate([(419, 1), (731, 0), (731, 0), (731, 0)])]  # fmt: skip
    write_csv(folder / "ovarian.csv", rows)


# Chapter → what writes its files, and whether they hold toxicities.
WRITERS = {
    "A workbook": (workbook, True),
    "CSV and TSV": (delimited, True),
    "Parquet": (parquet, True),
    "Stata, SPSS and R": (statistical, False),
    "REDCap": (lambda folder: write_project(folder / "trial"), True),
    "CDISC SDTM": (sdtm, True),
    "CDISC ADaM": (adam, True),
    "cBioPortal": (cbioportal, False),
    "GDC (TCGA)": (gdc, False),
    "OnCore": (oncore, True),
    "A database": (database, True),
    "One column per toxicity": (wide, True),
    "Durations in place of dates": (durations, False),
}


def test_every_chapter_of_the_page_is_tried():
    assert set(EXAMPLES) == set(WRITERS)
    assert all(len(commands) >= 1 for commands, _ in EXAMPLES.values())


@pytest.mark.parametrize("chapter", WRITERS)
def test_an_example_is_built_as_it_is_written(tmp_path, monkeypatch, chapter):
    monkeypatch.chdir(tmp_path)
    write, has_toxicities = WRITERS[chapter]
    write(tmp_path)
    (command, *_), settings = EXAMPLES[chapter]
    source, _, config = command.partition(" --config ")
    text = "\n".join(settings)
    beside = Path(source) / "report.toml" if Path(source).is_dir() else Path("report.toml")
    (Path(config) if config else beside).write_text(text, encoding="utf-8")
    outcome = build(Request(source, Path(config) if config else None, formats=("html",)))
    assert outcome.patients == 4 and outcome.folder == Path("output") / Path(source).stem
    results = json.loads((outcome.folder / "results.json").read_text())
    rows = {row["id"]: row for row in results["estimates"]}
    assert rows["survival.os.all.survival@365.25"]["value"] == 1.0
    (curve,) = [
        c for c in results["curves"] if c["id"].startswith("survival.os.all") and c["kind"] == "kaplan_meier"
    ]
    assert sum(curve["steps"]["events"]) == 1 and max(curve["steps"]["time"]) == 731
    assert ("toxicity.nausea.all.any_grade" in {name.casefold() for name in rows}) == has_toxicities
