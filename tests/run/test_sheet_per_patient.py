"""A sheet per patient: each a row, or a form with names in the first column; read as one table, a new one too."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.load import check_cohort, load_cohort, read_source, settings_for
from reportgen.run import mapping
from tests.workbooks import ErrorValue, write_workbook

NAMES = (
    "Patient ID",
    "Sex",
    "Start of treatment",
    "Progression date",
    "Status",
    "Date of death",
    "Last follow-up",
)


def patient(k: int) -> list:
    start = date(2018, 1, 10) + timedelta(days=40 * k)
    last = start + timedelta(days=300 + 80 * k)
    dead = k % 3 == 0
    progressed = start + timedelta(days=150) if k % 2 else None
    return [
        f"A{k:02}",
        "FM"[k % 2],
        start,
        progressed,
        "dead" if dead else "alive",
        last if dead else None,
        last,
    ]


def sheets(n: int, form: bool, ids: bool) -> dict[str, list[list]]:
    found = {}
    for k in range(n):
        names, cells = (NAMES, patient(k)) if ids else (NAMES[1:], patient(k)[1:])
        found[f"Pat {k + 1}"] = (
            [list(pair) for pair in zip(names, cells, strict=True)] if form else [names, cells]
        )
    return found


def mapped(source: Path) -> tuple:
    found = mapping.map_source(source)
    mapping.write(found)
    return found.open


@pytest.mark.parametrize("form", [True, False])
@pytest.mark.parametrize("ids", [True, False])
def test_sheets_of_one_patient_are_one_table(tmp_path, form, ids):
    source = write_workbook(tmp_path / "ward.xlsx", **sheets(8, form, ids))
    assert mapped(source) == ()
    cohort = load_cohort(source)
    frame = cohort.patients.frame
    assert frame["patient_id"].tolist() == [f"A{k:02}" if ids else f"Pat {k + 1}" for k in range(8)]
    assert [day.date() for day in frame["last_contact"]] == [patient(k)[6] for k in range(8)]
    assert frame["vital_status"].eq("dead").sum() == 3 and frame["relapse_date"].notna().sum() == 4


@pytest.mark.parametrize("form", [True, False])
def test_who_comes_later_is_asked_about_and_added_by_the_next_map(tmp_path, form):
    source = write_workbook(tmp_path / "ward.xlsx", **sheets(7, form, True))
    mapped(source)
    write_workbook(source, **sheets(8, form, True))
    lost = [issue for issue in load_cohort(source).issues if issue.code == "SHEET_LEFT_OUT"]
    assert [(issue.severity, issue.sheet) for issue in lost] == [("warning", "Pat 8")]
    assert mapped(source) == ()
    assert load_cohort(source).n == 8
    told = tomllib.loads((tmp_path / "report.toml").read_text(encoding="utf-8"))
    assert told["tables"]["stack"][-1] == "Pat 8" and "ignore" not in told["tables"]


def test_an_error_on_a_form_is_an_error(tmp_path):
    """Turned over, its cell was empty: a date of death that is #N/A made the patient live on."""
    book = sheets(7, True, True)
    book["Pat 1"][5][1] = ErrorValue("#N/A")
    source = write_workbook(tmp_path / "ward.xlsx", **book)
    mapped(source)
    with pytest.raises(DataRefused) as refused:
        load_cohort(source)
    assert ("ERROR_CELL", "Pat 1", "B6") in {(i.code, i.sheet, i.cell) for i in refused.value.issues}


def test_a_table_that_is_turned_over_is_named_as_its_sheet_is(tmp_path):
    rows = [list(cells) for cells in zip(NAMES, *(patient(k) for k in range(5)), strict=True)]
    source = write_workbook(tmp_path / "ward.xlsx", Data=rows, Legend=[["a", "b"], ["c", "d"]])
    for named in ("Data", "Data (turned)"):
        (tmp_path / "report.toml").write_text(
            f'[source]\ntransposed = ["Data"]\n[tables]\npatients = "{named}"\n'
            '[columns.patients]\nvital_status = "Status"\n', encoding="utf-8"
        )  # fmt: skip
        book = read_source(source)
        cohort, issues = check_cohort(book, settings_for(book, source))
        assert cohort is not None and cohort.n == 5, issues
