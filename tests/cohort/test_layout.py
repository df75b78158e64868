"""Tables that lie otherwise: groups over the names, turned over, several rows for a patient, several sheets for all."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta

import openpyxl
import pytest

from reportgen.cohort.load import check_cohort, load_cohort, read_source, settings_for
from reportgen.cohort.mapping.proposal.sheet_layout import layout_lines
from reportgen.cohort.raw import RawWorkbook, from_grid
from reportgen.cohort.readers.layout import id_position
from reportgen.run import mapping
from reportgen.settings.model import Settings

FIRST = date(2015, 1, 5)


def day(number):
    return FIRST + timedelta(days=number)


PATIENTS = [
    (f"P{k:02}", "FM"[k % 2], day(40 * k), day(40 * k + 300) if k % 3 == 0 else None, "Dead" if k % 4 == 0 else "Alive",
     day(40 * k + 500 + k))
    for k in range(1, 13)
]  # fmt: skip
TIMES = [500 + k for k in range(1, 13)]
DEAD = [k % 4 == 0 for k in range(1, 13)]


def workbook(tmp_path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(list(row))
    book.save(tmp_path / "c.xlsx")
    return tmp_path / "c.xlsx"


def mapped(source):
    found = mapping.map_source(source)
    assert found.open == ()
    mapping.write(found)
    return found


def check(source):
    cohort = load_cohort(source)
    assert sorted(cohort.patients.frame["patient_id"]) == [row[0] for row in PATIENTS]
    os = cohort.endpoints["os"]
    order = cohort.patients.frame.loc[os.rows, "patient_id"].argsort()
    assert os.duration[order].tolist() == TIMES and os.status[order].astype(bool).tolist() == DEAD
    return cohort


def test_groups_over_the_names_are_joined_with_them(tmp_path):
    head = [
        ["Sarcoma registry"], [],
        ["Patient ID", "Sex", "Treatment", "Relapse", None, "Last FU", None],
        [None, None, "Start", "Date", "Site", "Date", "Status"],
    ]  # fmt: skip
    rows = [[who, sex, start, relapse, "lung" if relapse else None, last, vital]
            for who, sex, start, relapse, vital, last in PATIENTS]  # fmt: skip
    source = workbook(tmp_path, Data=[*head, *rows])
    (sheet,) = read_source(source).sheets
    assert sheet.header_row == 4 and sheet.header[3:5] == ("Relapse Date", "Relapse Site")
    mapped(source)
    assert check(source).patients.address(5, "relapse_date") == "D5"


def test_groups_over_names_of_another_language_are_no_names(tmp_path):
    head = ["Lfd. Nr.", "m/w", "Beginn", "Ende", "Status", "Datum Tod / letzter Kontakt"]
    rows = [
        [k, "mw"[k % 2], day(k), day(k + 90), "verstorben" if k % 4 == 1 else "lebt", day(k + 300)]
        for k in range(1, 9)
    ]
    above = [None, None, "Therapie", None, "Verlauf", None]
    source = workbook(tmp_path, Patienten=[["Register der Klinik"], above, head, *rows, ["Summe", 8]])
    assert {s.sheet: s.header_row for s in mapped(source).proposals.sheets} == {"Patienten": 3}
    assert load_cohort(source).endpoints["os"].status.tolist() == [1, 0, 0, 0, 1, 0, 0, 0]


def test_groups_over_groups(tmp_path):
    head = [
        ["Patient", None, "Disease", None, "Outcome", None],
        [None, None, "Treatment", None, "Last contact", None],
        ["ID", "Sex", "Date", "Site", "Date", "Status"],
    ]
    rows = [[who, sex, start, "lung", last, vital] for who, sex, start, _, vital, last in PATIENTS]
    (sheet,) = read_source(workbook(tmp_path, Data=[*head, *rows])).sheets
    assert sheet.header_row == 3
    assert sheet.header[2] == "Disease Treatment Date" or sheet.header[2] == "Treatment Date"


def test_a_table_that_is_turned_over(tmp_path):
    names = ("Patient ID", "Sex", "Treatment start", "Date of relapse", "Vital status", "Last contact")
    source = workbook(
        tmp_path,
        Data=[[name, *cells] for name, cells in zip(names, zip(*PATIENTS, strict=True), strict=True)],
    )
    found = mapped(source)
    assert tomllib.loads(found.settings)["source"]["transposed"] == ["Data"]
    check(source)
    book = read_source(source)
    assert book.sheets[0].cell(2, 5) == ("Data", "B6")


def sheets(tmp_path, *, wrong=False):
    therapy = [
        [row[0], row[2], "X" if wrong and k == 3 else row[1]] for k, row in enumerate(reversed(PATIENTS))
    ]
    return workbook(
        tmp_path,
        Demographics=[["Patient ID", "Sex", "Age"], *([row[0], row[1], 50] for row in PATIENTS)],
        Therapy_data=[["Patient ID", "Treatment start", "Sex"], *therapy],
        Outcome=[["Patient ID", "Vital status", "Last contact"], *([row[0], row[4], row[5]] for row in PATIENTS)],
        Pivot=[["Row Labels", "Count of Sex"], ["F", 6], ["M", 6]],
    )  # fmt: skip


def test_patients_in_several_sheets_are_joined_by_their_ids(tmp_path):
    source = sheets(tmp_path)
    found = mapped(source)
    assert len(tomllib.loads(found.settings)["source"]["join"]) == 2
    cohort = check(source)
    assert cohort.patients.frame["sex"].notna().all() and cohort.patients.frame["age_at_start"].eq(50).all()


def test_cells_that_contradict_each_other_are_both_named(tmp_path):
    source = sheets(tmp_path, wrong=True)
    mapping.write(mapping.map_source(source))
    book = read_source(source)
    (issue,) = [i for i in check_cohort(book, settings_for(book, source))[1] if i.code == "JOIN_CONFLICT"]
    places = {
        (issue.sheet, issue.cell),
        *[tuple(reversed(str(issue.problem).split("what ")[1][:-5].split(" on ")))],
    }
    assert ("Demographics", "B10") in places and ("Therapy data", "C5") in places


def test_several_rows_of_a_patient_are_one(tmp_path):
    rows = []
    for who, sex, start, _, vital, last in PATIENTS:
        rows += [
            [who, sex, start, day(9000 + visit), 60 + visit, "Alive" if visit < 2 else vital,
             start + timedelta(days=90 * visit) if visit < 2 else last]
            for visit in range(3)
        ]  # fmt: skip
    head = ["Patient ID", "Sex", "Treatment start", "Visit date", "Weight", "Vital status", "Last contact"]
    source = workbook(tmp_path, Data=[head, *rows])
    found = mapped(source)
    assert tomllib.loads(found.settings)["source"]["join_rows"] is True
    cohort = check(source)
    assert {i.cell for i in cohort.issues if i.code == "VISIT_COLUMN"} == {"D1", "E1"}
    assert [i.code for i in cohort.issues if i.code == "ROWS_JOINED"] == ["ROWS_JOINED"]


@pytest.mark.parametrize("header", ["record_id,redcap_event_name,age", "record_id,age,demographics_complete"])
def test_redcap_without_its_dictionary_is_named(tmp_path, header):
    source = tmp_path / "export.csv"
    source.write_text(f"{header}\n1,x,2\n2,x,2\n")
    assert "REDCAP_WITHOUT_DICTIONARY" in [issue.code for issue in read_source(source).issues]


def test_a_study_is_no_patient_and_its_samples_are_joined():
    """The table of samples that cBioPortal hands out: Study ID is the same in all rows, and few have two samples."""
    states = ("0:LIVING", "1:DECEASED")
    rows = [["brca_2020", f"P-{n}", f"P-{n}-T01", 10.5 + n, states[n % 2]] for n in range(9)]
    rows.append(["brca_2020", "P-8", "P-8-T02", 18.5, "0:LIVING"])
    header = ["Study ID", "Patient ID", "Sample ID", "Overall Survival (Months)", "Overall Survival Status"]
    book = RawWorkbook("s", "", (from_grid("s", [header, *rows]),))
    assert id_position(book.sheets[0], Settings()) == 1
    assert "join_rows" in {line.path[-1] for line in layout_lines(book, Settings())}
