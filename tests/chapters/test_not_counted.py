"""Who is in none of the numbers is said where they stand: on page one, and beside the flow of the patients."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from reportgen.base.errors import DataRefused
from reportgen.report import Table, plain
from tests.conftest import make
from tests.reading import chapter
from tests.workbooks import minimal_patients, write_workbook

CASES = Path(__file__).parent.parent / "cases"


def page_one(name: str) -> str:
    made = make(CASES / name / "cohort.xlsx", config=CASES / name / "report.toml")
    return chapter(made.report, "summary")


def test_patients_without_a_vital_status():
    said = page_one("vital_missing")
    assert "Two relapsed; nobody died. 10 of 20 patients are not counted" in said
    assert "After relapse, two are alive." in said and "\nTwo are alive" not in said
    assert "Left out of overall survival: 10 of 20 (vital status not recorded)." in said


def test_a_status_of_the_dead_alone_is_refused_for_the_others_would_leave(tmp_path):
    rows = minimal_patients(6, vital_status=["dead", None, "dead", None, None, None])
    for row in rows:
        row["death_date"] = row["last_contact"] if row["vital_status"] else None
    with pytest.raises(DataRefused) as refused:
        make(write_workbook(tmp_path / "a.xlsx", patients=rows))
    (issue,) = refused.value.issues
    assert (issue.code, issue.cell) == ("ONLY_THE_DEAD", "D3") and "nothing of 4 patients" in issue.problem
    rows[1]["vital_status"] = "alive"
    counts = make(write_workbook(tmp_path / "b.xlsx", patients=rows)).results["survival.os.all.count"]
    assert (counts.events, counts.n) == (2, 3)


def test_patients_without_a_group():
    assert "8 of 24 patients are in no group, eight of them with relapse." in page_one("missing_groups")


def test_relapses_of_patients_whose_vital_status_nobody_recorded():
    said = page_one("crash_no_vital_columns")
    assert "Eight patients: relapses were recorded, but not who died, so that nothing is estimated." in said
    assert "nor relapse" not in said


def test_where_everybody_is_counted_nothing_is_said_of_it():
    said = page_one("competing_dates")
    assert "not counted" not in said and "no group" not in said and "Left out of" not in said
    assert "33% with arm B, 58% with arm A at 3 years" in said


def key_results(folder: Path, **sheets) -> dict[str, list[str]]:
    made = make(write_workbook(folder / "a.xlsx", **sheets))
    summary = next(section for section in made.report.sections if section.key == "summary")
    table = next(block for block in summary.every if isinstance(block, Table))
    return {plain(row.cells[0]): [plain(cell) for cell in row.cells[1:4]] for row in table.rows}


def test_events_that_were_counted_are_not_called_not_recorded(tmp_path):
    rows = minimal_patients(6)
    for k, row in enumerate(rows):
        row["relapse_date"] = row["treatment_start"] + timedelta(days=100 + 10 * k)
    rows = [{**row, "last_contact": row["relapse_date"], "relapse_observed": "yes"} for row in rows]
    found = key_results(tmp_path, patients=rows)
    assert found["Relapse"][1] == found["Relapse, progression or death"][1] == "6/6, not estimable"


def test_a_share_with_the_event_is_not_named_after_those_who_are_free_of_it(tmp_path):
    (row,) = minimal_patients(1)
    row |= {"relapse_date": row["treatment_start"] + timedelta(days=100)}
    row |= {"last_contact": row["treatment_start"] + timedelta(days=1500), "vital_status": "alive"}
    found = key_results(tmp_path, patients=[row])
    assert found["Relapse, progression or death"] == ["yes"]
    assert not any("free" in label and "Median" not in label for label in found)


def test_a_sheet_of_none_is_not_read_as_no_toxicity(tmp_path):
    none = [{"patient_id": f"P{k + 1:02}", "term": "None", "grade": None} for k in range(6)]
    found = key_results(tmp_path, patients=minimal_patients(6), toxicities=none)
    assert found["Toxicity of grade ≥ 3"][1] == "not recorded"
    found = key_results(tmp_path, patients=minimal_patients(6, toxicity_assessed="yes"), toxicities=none)
    assert found["Toxicity of grade ≥ 3"][1] == "0%" or "0/6" in found["Toxicity of grade ≥ 3"][0]
