"""patients.csv: every patient, as the report has them, and no more than its profile shows."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from reportgen.base.errors import UsageError
from reportgen.run.listings import patients_csv
from reportgen.run.pipeline import Request, build
from reportgen.verification import verify
from tests.conftest import SAMPLE, TWO_GROUPS, make
from tests.workbooks import minimal_patients, write_workbook


def rows_of(content: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def test_the_sample_patient_by_patient(sample):
    rows = {row["patient_id"]: row for row in rows_of(patients_csv(sample.cohort))}
    assert len(rows) == 8
    first = rows["S01"]
    assert (first["fusion_partner"], first["best_response"], first["age_at_start (years)"]) == (
        "RANBP2",
        "CR",
        "12",
    )
    assert (first["treatment_start"], first["death_date"]) == ("2015-04-20", "2017-05-26")
    assert (first["os_days"], first["os_status"], first["pfs_days"], first["pfs_status"]) == (
        "767",
        "1",
        "183",
        "1",
    )
    assert (first["worst_grade"], rows["S04"]["worst_grade"], rows["S04"]["treatment_stop"]) == ("4", "0", "")
    assert (rows["S04"]["relapse_free_after_stopping_days"], "birth_date" in first) == ("", False)


def test_numbers_of_the_report_can_be_computed_from_it(two_groups):
    """Events, person-time and worst grades, added up anew."""
    rows = rows_of(patients_csv(two_groups.cohort))
    value = {e.id: e.value for e in two_groups.results.estimates}
    events = {key: sum(row[f"{key}_status"] == "1" for row in rows) for key in ("os", "pfs", "relapse")}
    assert events["os"] == value["survival.os.all.count"]
    assert events["pfs"] == value["survival.pfs.all.count"]
    assert events["relapse"] == value["relapse.relapse.all.count"]
    graded = np.array([int(row["worst_grade"]) for row in rows if row["worst_grade"]])
    assert (graded >= 3).mean() == pytest.approx(value["toxicity.any.all.grade_3_plus"])
    arm = [row for row in rows if row["arm"] == "regimen A"]
    assert sum(row["os_status"] == "1" for row in arm) == value["survival.os.regimen A.count"]


def test_all_are_listed_where_the_report_lists_the_first_200(tmp_path):
    many = minimal_patients(260, patient_id=[f"N{k:04}" for k in range(260)])
    made = make(write_workbook(tmp_path / "many.xlsx", patients=many))
    rows = rows_of(patients_csv(made.cohort))
    table = next(b for s in made.report.sections for b in s.every if getattr(b, "id", "") == "table-patients")
    assert len(rows) == 260 > len(table.rows)
    assert [row["patient_id"] for row in rows[:200]] == [str(row.cells[0][0]) for row in table.rows]
    assert any("patients.csv" in str(note) for note in table.notes)


def test_no_cell_is_a_formula_and_none_breaks_its_line(tmp_path):
    ward = ["=1+1", "+SUM(A1)", "@x", 'a "b", c', "-3", "plain"] * 2
    people = minimal_patients(12, ward=ward, death_date=[date(2016, 3, 1)] + [None] * 11)
    people[0] |= {"vital_status": "dead", "cause_of_death": "=cmd|' /C calc'!A0"}
    people[0]["last_contact"] = people[0]["death_date"]
    rows = rows_of(patients_csv(make(write_workbook(tmp_path / "c.xlsx", patients=people)).cohort))
    by_id = {row["patient_id"]: row for row in rows}
    assert [by_id[f"P{k:02}"]["ward"] for k in range(1, 7)] == [
        "'=1+1", "'+SUM(A1)", "'@x", 'a "b", c', "-3", "plain",
    ]  # fmt: skip
    assert by_id["P01"]["cause_of_death"].startswith("'=cmd")
    assert {len(row) for row in rows} == {len(rows[0])}


def test_the_board_sees_pseudonyms_and_neither_dates_nor_ages_nor_features(tmp_path):
    run = build(Request(SAMPLE, output=tmp_path, formats=("csv",), overrides={"privacy.profile": "board"}))
    content = (run.folder / "patients.csv").read_bytes()
    rows = rows_of(content)
    assert all(row["patient_id"].count("-") == 2 for row in rows) and b"S01" not in content
    assert not any(f"{year}-" in content.decode() for year in range(1990, 2030))
    assert not {"age_at_start (years)", "fusion_partner", "treatment_start"} & set(rows[0])
    assert {row["relapse_date_days"] for row in rows} >= {"183", "292"}


def test_outside_nobody_is_listed_and_nothing_is_published(tmp_path):
    with pytest.raises(UsageError, match="external"):
        build(Request(TWO_GROUPS, output=tmp_path, formats=("html", "csv"),
                      overrides={"privacy.profile": "external"}))  # fmt: skip
    assert not (tmp_path / "two_groups").exists()


def test_a_cohort_that_was_not_protected_is_not_listed(sample):
    privacy = replace(sample.cohort.settings.privacy, profile="board")
    with pytest.raises(ValueError, match="board"):
        patients_csv(replace(sample.cohort, settings=replace(sample.cohort.settings, privacy=privacy)))


def test_it_is_in_the_manifest_and_made_again_by_verify(tmp_path):
    run = build(Request(SAMPLE, output=tmp_path, formats=("csv",)))
    assert run.files == ("results.json", "patients.csv", "queries.xlsx", "manifest.json")
    listing = run.folder / "patients.csv"
    assert listing.stat().st_mode & 0o777 == 0o600
    assert verify(run.folder, SAMPLE).findings == ()
    listing.write_bytes(listing.read_bytes().replace(b"RANBP2", b"RANBP3"))
    assert [finding.name for finding in verify(run.folder).findings] == ["patients.csv"]


def test_two_columns_of_one_name_are_both_there(tmp_path):
    people = minimal_patients(6, os_days=[5, 6, 7, 8, 9, 9.5])
    rows = rows_of(patients_csv(make(write_workbook(tmp_path / "c.xlsx", patients=people)).cohort))
    assert {row["os_days"] for row in rows} == {"5", "6", "7", "8", "9", "9.5"}
    assert {row["os_days (2)"] for row in rows} == {"1000"}
