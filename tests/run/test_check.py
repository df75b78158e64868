"""`reportgen check`: everything at once, on the screen, as JSON and in queries.xlsx."""

import json
import os
import stat
import tomllib
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from reportgen.base.errors import Issue, MachineFailed, UsageError
from reportgen.base.message import message
from reportgen.publish.folder import publish
from reportgen.publish.queries import queries_xlsx
from reportgen.publish.run_files import sha256
from reportgen.publish.single_file import amend
from reportgen.run import checking
from tests.cli.test_cli import run
from tests.conftest import SAMPLE
from tests.workbooks import minimal_patients, write_workbook


def doubtful(tmp_path, **columns):
    rows = minimal_patients(3, sex=["x", "y", "F"], relapse_site=["y" * 2_000, None, None], **columns)
    return write_workbook(tmp_path / "cohort.xlsx", patients=rows)


def questions(folder):
    sheet = openpyxl.load_workbook(folder / "queries.xlsx")["queries"]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_sound_data_are_status_0_and_leave_queries(tmp_path):
    done = run("check", SAMPLE, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "8 rows of patients" in done.stdout and "1 note" in done.stdout
    folder = tmp_path / "output" / "ap_imt_crizotinib"
    assert [path.name for path in folder.iterdir()] == ["queries.xlsx"]
    if os.name == "posix":
        assert stat.S_IMODE((folder / "queries.xlsx").stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_errors_are_status_3_and_said_together_with_their_cells(tmp_path):
    done = run("check", doubtful(tmp_path), "--output", "out", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (3, "")
    assert "2 errors, 1 warning" in done.stdout
    assert "E2 (P01), E3 (P02)" in done.stdout and done.stdout.count("UNKNOWN_VALUE") == 1
    assert "F2 (P01)" in done.stdout and "→" in done.stdout
    assert [row["code"] for row in questions(tmp_path / "out" / "cohort")] == [
        "UNKNOWN_VALUE", "UNKNOWN_VALUE", "CELL_TOO_LONG",
    ]  # fmt: skip


def test_json_is_the_contract(tmp_path):
    done = run("check", doubtful(tmp_path), "--json", cwd=tmp_path)
    said = json.loads(done.stdout, parse_constant=pytest.fail)
    assert done.returncode == 3
    assert set(said) == {"issues", "rows", "matched", "columns", "chapters", "offers", "open"}
    assert set(said["issues"][0]) == {"severity", "code", "sheet", "cell", "patient", "problem", "hint"}
    assert said["issues"][0] | {"problem": "", "hint": ""} == {
        "severity": "error", "code": "UNKNOWN_VALUE", "sheet": "patients", "cell": "E2", "patient": "P01",
        "problem": "", "hint": "",
    }  # fmt: skip
    assert said["rows"] == {"patients": 3}
    assert said["matched"]["patients"]["sex"] == {"header": "sex", "how": "name", "cell": "E1"}


def test_warnings_alone_are_status_0_unless_strict(tmp_path):
    path = write_workbook(
        tmp_path / "cohort.xlsx", patients=minimal_patients(2, relapse_site=["y" * 2_000, None])
    )
    assert run("check", path, cwd=tmp_path).returncode == 0
    assert run("check", path, "--strict", "--quiet", cwd=tmp_path).returncode == 3
    assert run("check", path, "--quiet", cwd=tmp_path).stdout == ""


def test_what_is_no_workbook_is_a_finding_too(tmp_path):
    path = tmp_path / "cohort.xlsx"
    path.write_bytes(b"%PDF-1.7 nothing of ours\x00\xff")
    done = run("check", path, "--json", cwd=tmp_path)
    said = json.loads(done.stdout)
    assert done.returncode == 3 and [issue["code"] for issue in said["issues"]] == ["NOT_XLSX"]
    assert (said["rows"], said["matched"]) == ({}, {})
    assert len(questions(tmp_path / "output" / "cohort")) == 1


def test_a_missing_source_or_a_wrong_setting_is_status_2(tmp_path):
    assert run("check", "none.xlsx", cwd=tmp_path).returncode == 2
    assert run("check", doubtful(tmp_path), "--cutoff", "soon", cwd=tmp_path).returncode == 2
    (tmp_path / "report.toml").write_text("[report]\ntitel = 'x'\n")
    with pytest.raises(UsageError, match="did you mean 'title'"):
        checking.check(doubtful(tmp_path), output=tmp_path / "out")


def test_columns_that_were_matched_are_said_even_where_the_id_is_missing(tmp_path):
    rows = [{"Start date": date(2020, 1, 1), "last_contact": date(2021, 1, 1)}]
    checked = checking.check(write_workbook(tmp_path / "a.xlsx", patients=rows), output=tmp_path)
    assert checked.refused and checked.matched["patients"]["treatment_start"]["how"] == "synonym"


def test_the_last_good_report_stays_and_its_manifest_follows(tmp_path):
    folder = tmp_path / "out" / "cohort"
    made = {"report.html": b"page", "queries.xlsx": queries_xlsx([])}
    outputs = {name: {"sha256": sha256(data), "bytes": len(data)} for name, data in made.items()}
    publish({**made, "manifest.json": json.dumps({"outputs": outputs, "made": "x"}).encode()}, folder)
    before = (folder / "report.html").stat()
    checking.check(doubtful(tmp_path), output=tmp_path / "out")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (folder / "report.html").stat() == before and manifest["made"] == "x"
    assert {path.name for path in folder.iterdir()} == {"report.html", "queries.xlsx", "manifest.json"}
    for name, entry in manifest["outputs"].items():
        assert entry["sha256"] == sha256((folder / name).read_bytes())


def test_a_failing_disk_leaves_the_last_questions(tmp_path, monkeypatch):
    folder = tmp_path / "out"
    amend({"queries.xlsx": b"old"}, folder)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MachineFailed, match="disk is full"):
        amend({"queries.xlsx": b"new"}, folder)
    assert [path.name for path in folder.iterdir()] == ["queries.xlsx"]
    assert (folder / "queries.xlsx").read_bytes() == b"old"


def test_a_question_keeps_its_day_and_its_answer(tmp_path):
    folder = tmp_path / "cohort"
    checking.check(doubtful(tmp_path), output=tmp_path)
    first = questions(folder)
    book = openpyxl.load_workbook(folder / "queries.xlsx")
    sheet = book["queries"]
    sheet["I2"], sheet["J2"], sheet["J3"] = date(2020, 5, 1), "=asked the ward", 7
    book.save(folder / "queries.xlsx")
    checking.check(doubtful(tmp_path), output=tmp_path)
    again = questions(folder)
    assert [row["id"] for row in again] == [row["id"] for row in first]
    assert again[0]["open since"].date() == date(2020, 5, 1)
    assert again[1]["open since"].date() == date.today()
    assert [row["answer"] for row in again] == [None, "7", None]


def test_an_answer_in_text_comes_back_as_text(tmp_path):
    folder = tmp_path / "cohort"
    checking.check(doubtful(tmp_path), output=tmp_path)
    book = openpyxl.load_workbook(folder / "queries.xlsx")
    cell = book["queries"]["J2"]
    cell.value = "=asked the ward"
    cell.data_type = "s"
    book.save(folder / "queries.xlsx")
    checking.check(doubtful(tmp_path), output=tmp_path)
    cell = openpyxl.load_workbook(folder / "queries.xlsx")["queries"]["J2"]
    assert (cell.value, cell.data_type) == ("=asked the ward", "s")


def test_a_damaged_queries_file_is_replaced(tmp_path):
    amend({"queries.xlsx": b"PK\x03\x04 broken"}, tmp_path / "cohort")
    checking.check(doubtful(tmp_path), output=tmp_path)
    assert len(questions(tmp_path / "cohort")) == 3


def test_each_question_links_to_its_cell(tmp_path):
    rows = minimal_patients(1, sex="x")
    path = write_workbook(tmp_path / "my cohort.xlsx", **{"it's patients": rows})
    checking.check(path, output=tmp_path)
    cell = openpyxl.load_workbook(tmp_path / "my cohort" / "queries.xlsx")["queries"]["E2"]
    assert cell.value == "E2"
    assert cell.hyperlink.target == "my%20cohort.xlsx"
    assert cell.hyperlink.location == "'it''s patients'!E2"


def test_no_patient_is_named_where_the_profile_is_external(tmp_path):
    path = doubtful(tmp_path)
    overrides = {"privacy.profile": "external"}
    checked = checking.check(path, output=tmp_path / "out", overrides=overrides)
    assert "P01" not in "\n".join(checking.as_text(checked))
    assert {issue["patient"] for issue in checking.as_json(checked)["issues"]} == {None}


def test_long_lists_are_cut_and_hostile_text_is_made_harmless(tmp_path):
    rows = minimal_patients(40, sex="x", patient_id=[f"P\u202e{k}" for k in range(40)])
    checked = checking.check(write_workbook(tmp_path / "a.xlsx", **{"a\u202eb": rows}), output=tmp_path)
    text = "\n".join(checking.as_text(checked))
    assert "and 35 more (40 cells)" in text and "\u202e" not in text


def test_lines_to_write_can_be_copied_as_they_stand(tmp_path):
    rows = [f"x{i},{100 + 30 * i},{i % 2}" for i in range(8)]
    (tmp_path / "c.csv").write_text("\n".join(("id,os_time,os_status", *rows)) + "\n")
    printed = run("check", "c.csv", cwd=tmp_path).stdout
    assert "\ufffd" not in printed
    _, lines = printed.split("if this is what they are:\n")
    (endpoint,) = tomllib.loads(lines.split("\n\n")[0])["endpoint"]
    assert (endpoint["key"], endpoint["time"], endpoint["event"]) == ("os", "os_time", "os_status")


def test_excluded_patients_are_counted_in_the_flow_of_the_report(tmp_path):
    rows = minimal_patients(
        5, last_contact=["1/2/2020", *[date(2020, 1, 1)] * 4], sex=["F", "x", "F", "F", "F"]
    )
    rows[2]["patient_id"] = None
    path = write_workbook(tmp_path / "cohort.xlsx", patients=rows)
    assert run("build", path, "--format", "html", cwd=tmp_path).returncode == 3
    assert [file.name for file in (tmp_path / "output" / "cohort").iterdir()] == ["status.json"]
    done = run("build", path, "--format", "html", "--on-invalid", "exclude", "--json", cwd=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["patients"]) == (0, 2)
    folder = tmp_path / "output" / "cohort"
    estimates = json.loads((folder / "results.json").read_text())["estimates"]
    flow = [e["value"] for e in estimates if e["id"].startswith("cohort.flow") and e["id"].endswith("count")]
    assert flow == [5, 4, 3, 2, 2]
    page = (folder / "report.html").read_text(encoding="utf-8")
    for reason in ("unreadable date", "value outside its vocabulary", "no patient id"):
        assert reason in page
    assert {row["patient"] for row in questions(folder)} == {"P01", "P02", None}


def test_the_questions_are_asked_in_the_language_of_the_settings(tmp_path):
    path = doubtful(tmp_path)
    checking.check(path, output=tmp_path / "output")
    folder = tmp_path / "output" / "cohort"
    book = openpyxl.load_workbook(folder / "queries.xlsx")
    book["queries"]["J2"] = "unclear"
    book.save(folder / "queries.xlsx")
    (english, *_rest) = questions(folder)
    (tmp_path / "report.toml").write_text('[report]\nlanguage = "de"\n')
    checked = checking.check(path, output=tmp_path / "output")
    (german, *_rest) = questions(folder)
    assert german["Schwere"] == "Fehler" and german["Problem"].startswith("sex: Der Wert ist keiner von")
    assert (
        list(german.values())[0] == english["id"]
        and list(german.values())[-1] == english["answer"] == "unclear"
    )
    assert "sex: the value is not one of" in "\n".join(checking.as_text(checked))


def test_of_a_source_that_cannot_be_opened_too(tmp_path):
    path = tmp_path / "cohort.xlsx"
    path.write_bytes(b"%PDF-1.7 nothing of ours")
    (tmp_path / "report.toml").write_text('[report]\nlanguage = "de"\n')
    checking.check(path, output=tmp_path / "output")
    (asked,) = questions(tmp_path / "output" / "cohort")
    assert asked["Problem"] == "Die Datei ist keine Excel-Arbeitsmappe (.xlsx)"


def test_a_cell_of_several_faults_of_a_kind_is_named_once():
    issue = Issue("error", "GRADE_INVALID", "ae", "T13", "P1", message("No grade"), message("Enter it"))
    other = replace(issue, cell="T14")
    assert list(checking._where([issue, issue, other], named=False)) == ["    T13, T14"]
