"""The program as a library: what docs/api.md promises, and what it costs."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
import warnings
from pathlib import Path

import pandas as pd
import pytest

import reportgen
from reportgen.api.made_report import FORMS
from reportgen.report import Report
from reportgen.run.pipeline import Request, build
from tests.conftest import ROOT, SAMPLE, TWO_GROUPS


@pytest.fixture(scope="module")
def cohort():
    return reportgen.load(SAMPLE)


@pytest.fixture(scope="module")
def document(cohort):
    return reportgen.report(cohort)


def fresh(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_to_import_it_loads_nothing():
    loaded = fresh("import sys, reportgen\nprint(*sys.modules)").split()
    assert not [name for name in loaded if name.startswith("reportgen.")]
    assert not {"numpy", "pandas", "typer", "jinja2"} & set(loaded)


def test_the_function_report_and_the_module_of_that_name_are_one():
    """`reportgen.report` is a function to who uses the library, and a module to who writes a chapter."""
    assert reportgen.report(reportgen.load(SAMPLE)).title
    assert (
        fresh(
            "from reportgen.report import Report\nimport reportgen\nimport reportgen.report as module\n"
            f"document = reportgen.report(reportgen.load({str(SAMPLE)!r}))\n"
            "print(type(document.content) is Report is module.Report)"
        )
        == "True\n"
    )


def test_what_is_not_public_is_said_to_be_not():
    assert set(reportgen.__all__) < set(dir(reportgen))
    with pytest.raises(AttributeError, match="it has .*load"):
        _ = reportgen.lode


def test_the_numbers_are_those_of_the_command(cohort, document, tmp_path):
    made = build(Request(SAMPLE, output=tmp_path, formats=("html",)))
    written = json.loads((made.folder / "results.json").read_bytes())
    results = reportgen.analyse(cohort)
    assert [row.to_row() for row in results.estimates] == written["estimates"]
    assert document.to_bytes(".html") == (made.folder / "report.html").read_bytes()
    assert json.loads(document.to_bytes(".json")) == written


def test_the_frame_is_tidy_and_typed(cohort):
    results = reportgen.analyse(cohort)
    frame = results.to_frame()
    assert len(frame) == len(results.estimates) and frame["id"].is_unique
    kinds = {name: str(kind) for name, kind in frame.dtypes.items()}
    assert kinds["id"] == "string" and kinds["value"] == "float64" and kinds["events"] == "Int64"
    assert not [name for name, kind in kinds.items() if kind == "object"]
    row = frame.set_index("id").loc["survival.os.all.median_time"]
    assert row["status"] == "not_reached" and pd.isna(row["value"])
    curve = results["survival.pfs.all.kaplan_meier"].to_frame()
    assert curve["at_risk"].is_monotonic_decreasing and len(curve) == len(
        results["survival.pfs.all.kaplan_meier"].steps.time
    )


def test_settings_of_other_sections_are_mappings(cohort):
    strict = reportgen.load(SAMPLE, gates={"few_at_risk": 2}, landmarks=[1], language="de")
    assert strict.settings.gates.few_at_risk == 2 and strict.settings.landmarks == (1,)
    assert 'lang="de"' in reportgen.report(strict).html[:200]
    with pytest.raises(reportgen.UsageError, match="did you mean 'cox'"):
        reportgen.load(SAMPLE, gates={"kox": 1})


def test_data_with_errors_are_refused_with_all_of_them(tmp_path):
    import openpyxl

    book = openpyxl.load_workbook(SAMPLE)
    sheet = book["patients"]
    sheet["A3"].value = sheet["A2"].value
    book.save(tmp_path / "wrong.xlsx")
    with pytest.raises(reportgen.DataRefused) as refused:
        reportgen.load(tmp_path / "wrong.xlsx")
    assert "DUPLICATE_ID" in {issue.code for issue in refused.value.issues}
    assert any("DUPLICATE_ID patients!A3" in note for note in refused.value.__notes__)  # in the traceback
    with pytest.raises(reportgen.UsageError, match="refuse or exclude"):
        reportgen.load(SAMPLE, on_invalid="ignore")


def test_under_the_profile_board_nobody_is_named(tmp_path):
    cohort = reportgen.load(SAMPLE, profile="board", output=tmp_path)
    ids = set(reportgen.load(SAMPLE).patients.frame["patient_id"])
    assert not ids & set(cohort.patients.frame["patient_id"])
    page = reportgen.report(cohort).html
    assert not [name for name in ids if re.search(rf"\b{re.escape(name)}\b", page)]
    assert not [issue for issue in cohort.issues if issue.patient in ids]


@pytest.mark.parametrize("profile", ["external", "partner"])
def test_what_leaves_the_house_is_published_by_the_command(profile):
    with pytest.raises(reportgen.UsageError, match=f"reportgen build --profile {profile}"):
        reportgen.load(TWO_GROUPS, profile=profile)


@pytest.mark.parametrize("form", FORMS)
def test_it_is_saved_in_every_form_whole_and_for_the_owner_only(document, form, tmp_path):
    path = tmp_path / f"report{form}"
    path.write_bytes(b"what was there")
    assert document.save(path) == path and path.read_bytes() == document.to_bytes(form)
    assert path.stat().st_size > 10_000 and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_its_figures_are_those_of_the_command(cohort, document, tmp_path):
    made = build(Request(SAMPLE, output=tmp_path, formats=("figures",)))
    written = {path.name: path.read_bytes() for path in (made.folder / "figures").iterdir()}
    figures = document.figures
    assert {f"{name}.{form}" for name in figures for form in ("svg", "pdf", "png")} == set(written)
    one = figures["summary-os"]
    assert one.svg.encode() == written["summary-os.svg"] and one.pdf == written["summary-os.pdf"]
    assert one.png == written["summary-os.png"]
    assert one._repr_svg_().startswith("<svg") and "Overall survival" in one.caption and one.alt


def test_what_cannot_be_written_leaves_what_was_there(document, tmp_path):
    with pytest.raises(reportgen.MachineFailed, match="could not be written"):
        document.save(tmp_path / "none" / "report.html")
    with pytest.raises(reportgen.UsageError, match=r"\.html, \.pdf"):
        document.save(tmp_path / "report.odt")


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(document):
    shown = document._repr_html_()
    assert shown.startswith("<iframe") and shown.count("<iframe") == 1 and "<script" not in shown
    assert isinstance(document.content, Report)


def test_the_example_notebook_runs(monkeypatch, tmp_path):
    """Its cells, one after the other, in one namespace; nothing is warned of."""
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.chdir(tmp_path)
    cells = json.loads((ROOT / "docs" / "example.ipynb").read_text("utf-8"))["cells"]
    names: dict[str, object] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for cell in cells:
            if cell["cell_type"] == "code":
                assert cell["outputs"] == []
                exec(compile("".join(cell["source"]), "example.ipynb", "exec"), names)  # noqa: S102
    assert Path("report.html").is_file() and len(cells) >= 8


def test_every_name_of_the_page_exists_and_every_name_is_on_the_page():
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    for name in reportgen.__all__:
        assert f"`{name}" in page or f"reportgen.{name}" in page, name
        assert getattr(reportgen, name).__doc__
    for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        compile(block, "api.md", "exec")
