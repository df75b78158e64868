"""cBioPortal: patients and samples are one table, states are coded 0: and 1:, timelines hold treatments."""

from __future__ import annotations

import zipfile

from reportgen.base.errors import ERROR
from reportgen.cohort.load import check_cohort, load_cohort, read_source, settings_for
from reportgen.run.mapping import map_source, write

ABOVE = "#Patient\tx\n#Patient\tx\n#STRING\tx\n#1\t1\n"
PATIENTS = ABOVE + (
    "PATIENT_ID\tSEX\tAGE\tOS_STATUS\tOS_MONTHS\tDFS_STATUS\tDFS_MONTHS\n"
    "P1\tMale\t50\t1:DECEASED\t12\t1:Recurred/Progressed\t6\n"
    "P2\tFemale\t61\t0:LIVING\t24\t0:DiseaseFree\t24\n"
    "P3\tFemale\t72\t0:LIVING\t30.5\t[Not Available]\t[Not Available]\n"
)
SAMPLES = ABOVE + (
    "PATIENT_ID\tSAMPLE_ID\tTMB_NONSYNONYMOUS\tSAMPLE_TYPE\tSEX\n"
    "P1\tP1-T1\t3.5\tPrimary\tMale\nP1\tP1-T2\t3.5\tMetastasis\tMale\n"
    "P2\tP2-T1\t7\tPrimary\tFemale\nP3\tP3-T1\t1\tPrimary\tMale\nP9\tP9-T1\t1\tPrimary\tMale\n"
)
TREATMENTS = (
    "PATIENT_ID\tSTART_DATE\tSTOP_DATE\tEVENT_TYPE\tTREATMENT_TYPE\tAGENT\n"
    "P1\t10\t70\tTREATMENT\tMedical Therapy\tCISPLATIN\nP2\t15\t\tTREATMENT\tMedical Therapy\tTAXOL\n"
)
FILES = {
    "data_clinical_patient.txt": PATIENTS,
    "data_clinical_sample.txt": SAMPLES,
    "data_timeline_treatment.txt": TREATMENTS,
    "data_mutations.txt": "Hugo_Symbol\tTumor_Sample_Barcode\nTP53\tP1-T1\n",
    "meta_study.txt": "cancer_study_identifier: study\n",
}


def folder(tmp_path, files=None):
    place = tmp_path / "study"
    place.mkdir()
    for name, text in (files or FILES).items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def issues_of(source):
    book = read_source(source)
    return check_cohort(book, settings_for(book, source))[1]


def test_a_study_needs_no_settings(tmp_path):
    files = FILES | {
        "data_clinical_sample.txt": SAMPLES.replace("P3-T1\t1\tPrimary\tMale", "P3-T1\t1\tPrimary\tFemale")
    }
    source = folder(tmp_path, files)
    cohort = load_cohort(source)
    assert cohort.patients.frame["patient_id"].tolist() == ["P1", "P2", "P3"]
    assert cohort.endpoints["os"].status.tolist() == [1, 0, 0]
    assert cohort.endpoints["os"].duration.tolist() == [12 * 30.4375, 24 * 30.4375, 30.5 * 30.4375]
    assert cohort.endpoints["dfs"].status.tolist() == [1, 0]
    assert cohort.patients.frame["tmb_nonsynonymous"].tolist() == [3.5, 7, 1]
    assert cohort.treatments.frame["treatment"].tolist() == ["CISPLATIN", "TAXOL"]
    assert cohort.treatments.days["start_date"].tolist() == [10, 15]
    said = [(issue.code, issue.sheet) for issue in cohort.issues]
    assert ("ENDPOINT_READ", "data_clinical_patient") in said and ("FILE_NOT_USED", "study") in said


def test_what_samples_say_otherwise_is_named_by_its_cell(tmp_path):
    found = {issue.code: issue for issue in issues_of(folder(tmp_path))}
    differs = found["JOIN_CONFLICT"]
    assert (differs.severity, differs.sheet, differs.cell) == (ERROR, "data_clinical_sample", "E9")
    assert "B8 on data_clinical_patient" in str(differs.problem)
    assert (found["ORPHAN_ROW"].sheet, found["ORPHAN_ROW"].cell) == ("data_clinical_sample", "A10")
    assert found["VISIT_COLUMN"].cell == "D5"


def test_a_zip_archive_is_the_same_study(tmp_path):
    archive = tmp_path / "study.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for name, text in FILES.items():
            packed.writestr(f"study/{name}", text)
    book = read_source(archive)
    assert [sheet.table for sheet in book.sheets] == ["patients", "treatments"]


def test_the_settings_redefine_an_endpoint(tmp_path):
    source = folder(tmp_path, {"data_clinical_patient.txt": PATIENTS})
    (tmp_path / "report.toml").write_text(
        '[[endpoint]]\nkey = "os"\nlabel = "Survival"\ntime = "OS_MONTHS"\nunit = "weeks"\nevent = "OS_STATUS"\n'
        'event_values = ["1:DECEASED"]\ncensor_values = ["0:LIVING"]\n'
    )
    endpoints = load_cohort(source).endpoints
    assert endpoints["os"].duration.tolist() == [84, 168, 213.5] and endpoints["dfs"].status.tolist() == [
        1,
        0,
    ]


def test_all_alive_is_no_fault(tmp_path):
    alive = PATIENTS.replace("1:DECEASED", "0:LIVING")
    cohort = load_cohort(folder(tmp_path, {"data_clinical_patient.txt": alive}))
    assert cohort.endpoints["os"].status.tolist() == [0, 0, 0]


def test_what_map_writes_is_read_again(tmp_path):
    source = folder(tmp_path, FILES | {"data_clinical_sample.txt": SAMPLES.replace("\tSEX", "").replace("\tMale", "")
                                       .replace("\tFemale", "")})  # fmt: skip
    mapped = map_source(source)
    write(mapped)
    assert not mapped.open and mapped.proposals.chapters["survival"].made
    assert load_cohort(source).endpoints["os"].status.tolist() == [1, 0, 0]


def test_a_pfs_that_counts_no_deaths_is_called_the_progression_free_interval(tmp_path):
    rows = ["PATIENT_ID\tOS_STATUS\tOS_MONTHS\tPFS_STATUS\tPFS_MONTHS"]
    for k in range(12):
        dead, progressed = k % 3 == 0, k % 4 == 1
        rows.append(f"P{k}\t{'1:DECEASED' if dead else '0:LIVING'}\t{20 + k}\t"
                    f"{'1:PROGRESSION' if progressed else '0:CENSORED'}\t{8 if progressed else 20 + k}")  # fmt: skip
    source = tmp_path / "data_clinical_patient.txt"
    source.write_text("\n".join(rows))
    endpoints = load_cohort(source).endpoints
    assert "pfs" not in endpoints and endpoints["pfi"].status.sum() == 3 and endpoints["os"].status.sum() == 4
    (said,) = [issue for issue in load_cohort(source).issues if issue.code == "ENDPOINT_READ"]
    assert "progression-free interval" in str(said.problem)
    source.write_text(
        "\n".join(row.replace("0:CENSORED", "1:DEATH") if "DECEASED" in row else row for row in rows)
    )
    assert load_cohort(source).endpoints["pfs"].status.sum() == 6
