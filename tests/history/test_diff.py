"""reportgen diff: two published runs side by side."""

from __future__ import annotations

import json
import shutil
from datetime import date

import pytest
from openpyxl import load_workbook

from tests.cli.test_cli import run
from tests.conftest import SAMPLE

STEM = "ap_imt_crizotinib"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two periods in one output, and a run without a period in each of two others, after a value was mended."""
    folder = tmp_path_factory.mktemp("runs")
    source = shutil.copy(SAMPLE, folder)
    for period in ("2016-12", "2018-06"):
        assert run("build", source, "--period", period, "--format", "html", cwd=folder).returncode == 0
    assert run("build", source, "--format", "html", "--output", "a", cwd=folder).returncode == 0
    book = load_workbook(source)
    sheet = book["patients"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, heads["relapse_date"]).value = None
    sheet.cell(2, heads["relapse_site"]).value = None
    book.save(source)
    assert run("build", source, "--format", "html", "--output", "b", cwd=folder).returncode == 0
    return folder


def diff(*arguments, cwd):
    return run("diff", *arguments, cwd=cwd)


def test_two_periods(runs):
    done = diff(f"output/{STEM}/2016-12", f"output/{STEM}/2018-06", "--exit-code", cwd=runs)
    assert done.returncode == 5 and done.stderr == ""
    assert "Since the report for December 2016" in done.stdout
    assert "\nS04: new\n" in done.stdout and "\nS01\n" in done.stdout
    assert "death_date – → 2017-05-26" in done.stdout
    assert "  os.all.survival@1095.75: 1 → 0.8333\n" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_without_exit_code_a_difference_is_no_failure(runs):
    assert diff(f"output/{STEM}/2016-12", f"output/{STEM}/2018-06", cwd=runs).returncode == 0


def test_a_run_does_not_differ_from_itself(runs):
    same = f"output/{STEM}/2018-06"
    done = diff(same, same, "--exit-code", cwd=runs)
    assert done.returncode == 0 and done.stdout.endswith("\nNothing differs.\n")
    said = json.loads(diff(same, same, "--json", cwd=runs).stdout)
    assert not said["different"]
    assert not any(said[name] for name in ("corrections", "patients", "settings", "estimates", "curves"))


def test_runs_without_a_period_are_compared_cell_by_cell(runs):
    done = diff(f"a/{STEM}", f"b/{STEM}", "--json", "--exit-code", cwd=runs)
    assert done.returncode == 5, done.stderr
    said = json.loads(done.stdout, parse_constant=pytest.fail)
    assert said["schema"] == "reportgen/diff/1" and said["values_compared"] and said["different"]
    assert {(c["column"], c["kind"]) for c in said["corrections"]} == {
        ("relapse_date", "deleted"), ("relapse_site", "deleted"),
    }  # fmt: skip
    (gone,) = next(kind for kind in said["events"] if kind["key"] == "relapses")["gone"]
    (who,) = said["patients"]
    assert who["patient"] == said["corrections"][0]["patient"] == gone["patient"] and who["state"] == "known"
    assert {(v["column"], v["kind"]) for v in who["values"]} == {
        ("relapse_date", "deleted"), ("relapse_site", "deleted"),
    }  # fmt: skip
    assert [(e["kind"], e["state"]) for e in who["events"]] == [("relapses", "gone")]
    moved = next(e for e in said["estimates"] if e["id"] == "survival.pfs.all.survival@365.25")
    assert moved["parts"]["corrections"] == pytest.approx(moved["now"]["value"] - moved["then"]["value"])
    assert moved["parts"]["follow_up"] == moved["parts"]["new_patients"] == moved["parts"]["settings"] == 0


def test_without_history_the_published_files_are_compared_and_it_is_said(runs, tmp_path):
    for name in ("a", "b"):
        shutil.copytree(runs / name / STEM, tmp_path / name)
    done = diff("a", "b", "--exit-code", cwd=tmp_path)
    assert done.returncode == 5
    assert (
        "the history does not hold it" in done.stdout and "  pfs.all.survival@365.25: 0.75 → " in done.stdout
    )
    said = json.loads(diff("a", "b", "--json", cwd=tmp_path).stdout)
    assert not said["values_compared"] and said["corrections"] == [] and said["estimates"]


def test_queries_are_read_from_the_folder_where_there_is_no_history(tmp_path):
    from tests.chapters.test_every_chapter import patients
    from tests.workbooks import write_workbook

    doubtful = patients({"relapse_date": date(2023, 1, 1)}, {}, {})
    for name, rows in (("a", patients({}, {}, {})), ("b", doubtful)):
        source = write_workbook(tmp_path / "cohort.xlsx", patients=rows)
        assert run("build", source, "--format", "html", "--output", name, cwd=tmp_path).returncode == 0
        (tmp_path / name / "cohort.history.sqlite").unlink()
    done = diff("a/cohort", "b/cohort", cwd=tmp_path)
    assert "Query opened: patients!" in done.stdout and "P1" in done.stdout


def test_a_run_made_anew_is_not_taken_for_the_folder(runs, tmp_path):
    """A folder whose results are not those that the history holds is compared by its files alone."""
    shutil.copytree(runs / "a", tmp_path / "a")
    results = tmp_path / "a" / STEM / "results.json"
    results.write_text(results.read_text() + "\n")
    said = json.loads(diff(f"a/{STEM}", runs / "b" / STEM, "--json", cwd=tmp_path).stdout)
    assert not said["old"]["in_history"] and said["new"]["in_history"] and not said["values_compared"]


@pytest.mark.parametrize("content", [None, "{}", "not JSON"])
def test_a_folder_without_a_run_is_wrong_usage(runs, tmp_path, content):
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
        (tmp_path / "results.json").write_text(content)
    done = diff(tmp_path, runs / "a" / STEM, cwd=tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_formats_are_no_difference(runs):
    source = next(runs.glob("*.xlsx"))
    assert run("build", source, "--format", "pdf", "--output", "c", cwd=runs).returncode == 0
    done = diff(f"b/{STEM}", f"c/{STEM}", "--exit-code", cwd=runs)
    assert done.returncode == 0 and "Nothing differs." in done.stdout


def test_reports_for_others_are_compared_by_what_they_print(runs):
    """A board's report has the numbers of the ward's, but no history, no ids and no values."""
    source = next(runs.glob("*.xlsx"))
    done = run("build", source, "--profile", "board", "--format", "html", "--output", "d", cwd=runs)
    assert done.returncode == 0
    done = diff(f"b/{STEM}", f"d/{STEM}/board", "--json", "--exit-code", cwd=runs)
    said = json.loads(done.stdout)
    assert done.returncode == 5 and not said["values_compared"] and said["patients"] == []
    assert said["new"]["profile"] == "board" and "no values are kept" in said["reason"]
    assert {"kind": "setting", "name": "privacy.profile", "before": "internal", "after": "board"} in said[
        "settings"
    ]
    moved = {row["id"] for row in said["estimates"] if row["then"] and row["now"]}
    assert not any(id.startswith("survival.") and id.endswith("@365.25") for id in moved)


def test_sources_of_other_names_are_compared_by_the_ids_of_patients(runs):
    """Who renames the workbook every month still learns what changed."""
    source = next(runs.glob("*.xlsx"))
    copy = shutil.copy(source, runs / "renamed.xlsx")
    assert run("build", copy, "--format", "html", "--output", "b", cwd=runs).returncode == 0
    done = diff(f"b/{STEM}", "b/renamed", "--exit-code", cwd=runs)
    assert done.returncode == 0
    assert "different names" in done.stdout and "Nothing differs." in done.stdout


def test_two_cut_offs_that_tell_the_same_do_not_differ(tmp_path):
    from tests.chapters.test_every_chapter import patients
    from tests.workbooks import write_workbook

    source = write_workbook(tmp_path / "cohort.xlsx", patients=patients({}, {}, {}))
    for day in ("2030-01-01", "2030-01-02"):
        done = run("build", source, "--cutoff", day, "--format", "html", "--output", day, cwd=tmp_path)
        assert done.returncode == 0
    said = json.loads(diff("2030-01-01/cohort", "2030-01-02/cohort", "--json", cwd=tmp_path).stdout)
    assert said["patients"] == [] and said["corrections"] == [] and said["settings"] == []


def test_what_the_settings_moved_is_told_apart_from_what_the_data_did(tmp_path):
    from tests.history.series import workbook

    source = workbook(tmp_path, "2025-05", 30)
    common = ("build", source, "--format", "csv", "--output")
    assert run(*common, "a", cwd=tmp_path).returncode == 0
    (tmp_path / "report.toml").write_text("[gates]\nbeta_product_below = 5\n")
    assert run(*common, "b", cwd=tmp_path).returncode == 0
    said = json.loads(diff("a/cohort", "b/cohort", "--json", cwd=tmp_path).stdout)
    assert said["estimates"] and {tuple(e["moved_by"]) for e in said["estimates"] if e["moved_by"]} == {
        ("program",)
    }
    workbook(tmp_path, "2025-07", 30)
    assert run(*common, "c", cwd=tmp_path).returncode == 0
    by_data = json.loads(diff("b/cohort", "c/cohort", "--json", cwd=tmp_path).stdout)
    assert {tuple(e["moved_by"]) for e in by_data["estimates"]} == {("data",)}
    both = json.loads(diff("a/cohort", "c/cohort", "--json", cwd=tmp_path).stdout)
    kinds = {tuple(e["moved_by"] or ()) for e in both["estimates"]}
    assert {("data",), ("program", "data")} <= kinds
    text = diff("a/cohort", "c/cohort", cwd=tmp_path).stdout
    assert "On the same data, the settings moved" in text and "(not by the data alone)" in text
