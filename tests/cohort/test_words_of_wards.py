"""What a first user's tables held: groups over "ja/nein", sums of diameters, regimens in full, forms of REDCap."""

from __future__ import annotations

from datetime import date, timedelta

import openpyxl
import pandas as pd
import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.clean.kind_of_column import infer
from reportgen.cohort.load import load_cohort
from reportgen.cohort.mapping.proposal.propose import propose
from reportgen.cohort.readers import read
from reportgen.settings.model import Settings

START = date(2019, 1, 7)


def proposed_of(book: openpyxl.Workbook, folder) -> dict[str, str]:
    """Header → what it is taken for."""
    book.save(folder / "ward.xlsx")
    found = propose(read(folder / "ward.xlsx", Settings()), Settings())
    return {column.header: column.takes for sheet in found.sheets for column in sheet.columns}


def columns_of(folder, *rows: list) -> dict[str, str]:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return proposed_of(book, folder)


@pytest.mark.parametrize(
    ("group", "answer", "day", "words"),
    [("Rezidiv", "ja/nein", "am", ("ja", "nein")), ("Rezidiv", "j/n", "Datum", ("j", "n")),
     ("Rechute", "Oui/Non", "Date", ("oui", "non")), ("Recaída", "Sí/No", "Fecha", ("sí", "no")),
     ("Ricaduta", "Sì/No", "Data", ("sì", "no")), ("Relapse", "Yes/No", "Date", ("yes", "no"))],
)  # fmt: skip
def test_yes_and_no_below_a_group_are_of_that_group_and_known_later(tmp_path, group, answer, day, words):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["ID", "Sex", "Start of treatment", group, None, "Last contact"])
    sheet.append([None, None, None, answer, day, None])
    for k in range(12):
        began = START + timedelta(days=30 * k)
        relapsed = k % 3 == 0
        sheet.append([f"P{k:02}", "mf"[k % 2], began, words[not relapsed], began + timedelta(200) if relapsed else None,
                      began + timedelta(days=900)])  # fmt: skip
    takes = proposed_of(book, tmp_path)
    assert takes[f"{group} {answer}"] == "patients.later"
    assert takes[f"{group} {day}"] == "patients.relapse_date"


def test_a_sum_of_diameters_makes_no_pivot_of_a_sheet_of_visits(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Patients"
    book.active.append(["Patient ID", "Start of treatment", "Last contact", "Vital status"])
    visits, pivot = book.create_sheet("Visits"), book.create_sheet("Pivot")
    visits.append(["Patient ID", "Visit date", "Sum of diameters (mm)", "Response"])
    for k in range(4):
        book.active.append([f"P{k}", START, START + timedelta(days=500 + k), "alive"])
        for visit in range(3):
            visits.append([f"P{k}", START + timedelta(days=40 * visit), 50 - k - visit, "SD"])
    for row in (["Row Labels", "Count of Response"], ["SD", 12], ["PD", 3]):
        pivot.append(row)
    found = proposed_of(book, tmp_path)
    assert found["Sum of diameters (mm)"] == "assessments.tumour_size" and "Count of Response" not in found


@pytest.mark.parametrize(("times", "kind"), [(6, "category"), (1, "text")])
def test_a_few_regimens_in_full_are_levels_and_remarks_are_text(times, kind):
    long = "cisplatin 75 mg/m² on day 1 and pemetrexed 500 mg/m² on day 1, every three weeks, "
    cells = [f"{long}{end}" for end in ("with pembrolizumab", "without")] * times
    assert (
        infer(pd.Series([*cells, *([] if times > 1 else [f"{long}seen by us once"])], dtype=object)) == kind
    )


def test_whether_a_form_is_complete_is_no_grade(tmp_path):
    rows = [[f"P{k}", START + timedelta(days=k), k % 3, (k + 1) % 3] for k in range(12)]
    found = columns_of(tmp_path, ["record_id", "treatment_start", "ae_complete", "ae_nausea_grade"], *rows)
    assert "toxicities" not in found["ae_complete"]


def test_one_column_for_death_and_last_contact_is_asked_who_died(tmp_path):
    """Everybody was dead, without a word."""
    rows = [f"P{k},2020-01-0{k + 1},2021-05-0{k + 1}" for k in range(6)]
    (tmp_path / "ward.csv").write_text("patient_id,treatment_start,last seen or death\n" + "\n".join(rows))
    both = '[columns.patients]\ndeath_date = "last seen or death"\nlast_contact = "last seen or death"\n'
    (tmp_path / "report.toml").write_text(both)
    with pytest.raises(DataRefused) as refused:
        load_cohort(tmp_path / "ward.csv")
    found = [issue for issue in refused.value.issues if issue.code == "ONLY_THE_DEAD"]
    assert ["who died" in str(issue.problem) for issue in found] == [True]


def test_one_column_of_days_of_death_says_that_all_died(tmp_path):
    """As of 41 patients of a published trial of pancreatic cancer, none of whom was censored."""
    rows = [f"P{k},2020-01-0{k + 1},2021-05-0{k + 1}" for k in range(6)]
    (tmp_path / "ward.csv").write_text("patient_id,treatment_start,Date of death\n" + "\n".join(rows))
    both = '[columns.patients]\ndeath_date = "Date of death"\nlast_contact = "Date of death"\n'
    (tmp_path / "report.toml").write_text(both)
    cohort = load_cohort(tmp_path / "ward.csv")
    assert cohort.endpoints["os"].status.tolist() == [1] * 6


def test_the_line_that_an_unknown_word_asks_for_is_one_that_helps(tmp_path):
    rows = [f"P{k},2020-01-0{k + 1},2021-05-0{k + 1},{'yes' if k % 2 else 'alive'}" for k in range(6)]
    (tmp_path / "ward.csv").write_text(
        "patient_id,treatment_start,last_contact,vital_status\n" + "\n".join(rows)
    )
    with pytest.raises(DataRefused) as refused:
        load_cohort(tmp_path / "ward.csv")
    hints = {str(issue.hint) for issue in refused.value.issues if issue.code == "UNKNOWN_VALUE"}
    line = 'dead = ["the word of the cell"] under [values.vital_status]'
    assert len(hints) == 1 and hints.pop().endswith(line)
    (tmp_path / "report.toml").write_text('[values.vital_status]\ndead = ["yes"]\n')
    cohort = load_cohort(tmp_path / "ward.csv", config=tmp_path / "report.toml")
    assert cohort.patients.frame["vital_status"].eq("dead").sum() == 3
