"""Arguments in, exit status out."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from datetime import date

import pytest
import typer.main
from typer.core import TyperGroup

from reportgen.cli.app import PLACES, app
from tests.chapters.test_every_chapter import patients
from tests.commands import command
from tests.conftest import SAMPLE
from tests.workbooks import write_workbook


def run(*arguments, cwd):
    return command(*arguments, cwd=cwd, strict=True)


def test_build_publishes_the_report_and_says_where(tmp_path):
    done = run("build", SAMPLE, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    said = json.loads(done.stdout)
    folder = tmp_path / said["folder"]
    assert folder == tmp_path / "output" / "ap_imt_crizotinib"
    names = {"report.html", "report.pdf", "results.json", "queries.xlsx", "manifest.json"}
    assert {path.name for path in folder.iterdir()} >= names and set(said["files"]) == names
    if os.name == "posix":
        assert {stat.S_IMODE((folder / name).stat().st_mode) for name in names} == {0o600}
    results = json.loads((folder / "results.json").read_text(), parse_constant=pytest.fail)
    assert results["schema"] == "reportgen/results/1"
    assert {"provenance", "estimates", "curves"} <= set(results)
    row = next(e for e in results["estimates"] if e["id"] == "survival.pfs.all.survival@365.25")
    assert row["value"] == pytest.approx(0.75) and row["at_risk"] == 5


def test_refused_data_say_everything_and_leave_the_last_good_report(tmp_path):
    good = write_workbook(tmp_path / "cohort.xlsx", patients=patients({}, {}, {}))
    assert run("build", good, "--format", "html", cwd=tmp_path).returncode == 0
    before = (tmp_path / "output" / "cohort" / "report.html").read_bytes()
    bad = patients({"sex": "banana"}, {"patient_id": "P1"}, {"death_date": date(2019, 1, 1)})
    write_workbook(good, patients=bad)
    done = run("build", good, "--format", "html", cwd=tmp_path)
    assert done.returncode == 3
    assert "DUPLICATE_ID" in done.stderr and "UNKNOWN_VALUE" in done.stderr and "patients!" in done.stderr
    assert (tmp_path / "output" / "cohort" / "report.html").read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("--format", "odt"),
        ("--cutoff", "30.06.2018"),
        ("--period", "2018-13"),
        ("--profile", "public"),
        ("--language", "xx"),
        ("--on-invalid", "ignore"),
        ("--no-such-option",),
    ],
)
def test_wrong_usage_is_status_2(tmp_path, arguments):
    done = run("build", SAMPLE, *arguments, cwd=tmp_path)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert not (tmp_path / "output").exists()


def test_a_missing_file_is_said(tmp_path):
    done = run("build", "absent.xlsx", cwd=tmp_path)
    assert done.returncode in (2, 3) and "absent.xlsx" in done.stderr


def test_an_output_that_cannot_be_written_is_status_4(tmp_path):
    (tmp_path / "output").write_text("a file stands where the folder should be")
    done = run("build", SAMPLE, "--format", "html", cwd=tmp_path)
    assert done.returncode == 4, done.stderr
    assert "Traceback" not in done.stderr


def test_period_is_the_cut_off_and_the_folder(tmp_path):
    done = run("build", SAMPLE, "--period", "2016-12", "--format", "html", "--quiet", cwd=tmp_path)
    assert done.returncode == 0 and done.stdout == "" and done.stderr == ""
    folder = tmp_path / "output" / "ap_imt_crizotinib" / "2016-12"
    provenance = json.loads((folder / "results.json").read_text())["provenance"]
    assert provenance["cutoff"] == "2016-12-31"


def test_command_line_wins_over_report_toml_over_the_report_sheet(tmp_path):
    report = [{"key": "title", "value": "from the sheet"}, {"key": "cutoff", "value": date(2021, 1, 1)},
              {"key": "time_unit", "value": "months"}]  # fmt: skip
    source = write_workbook(tmp_path / "cohort.xlsx", patients=patients({}, {}), report=report)
    (tmp_path / "report.toml").write_text('[report]\ntitle = "from the file"\ncutoff = 2021-02-01\n')
    done = run("build", source, "--cutoff", "2021-03-01", "--format", "html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    provenance = json.loads((tmp_path / "output/cohort/results.json").read_text())["provenance"]
    assert provenance["cutoff"] == "2021-03-01"
    assert provenance["settings"]["title"] == "from the file"
    assert provenance["settings"]["time_unit"] == "months"


def test_help_is_cheap(tmp_path):
    program = (
        "import sys; sys.argv = ['reportgen', '--help']\n"
        "from reportgen.cli.app import app\n"
        "from reportgen.base.exits import run\n"
        "assert run(app) == 0\n"
        "heavy = {'pandas', 'numpy', 'matplotlib', 'weasyprint', 'lifelines', 'scipy', 'jinja2', 'openpyxl'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path, capture_output=True)


def on_a_terminal(*arguments: str) -> str:
    """What a user sees of a command in a terminal."""
    import pty

    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "reportgen", *arguments]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=follower, stderr=follower) as process:
        os.close(follower)
        shown = b""
        while True:
            try:
                piece = os.read(leader, 4096)
            except OSError:  # nobody has it open any more
                break
            if not piece:
                break
            shown += piece
        os.close(leader)
    assert process.returncode in (0, 3)
    return shown.decode()


def test_a_terminal_shows_how_far_the_run_is_and_in_the_end_only_what_was_made(tmp_path):
    shown = on_a_terminal("build", str(SAMPLE), "--output", str(tmp_path), "--format", "html,csv")
    lines = shown.split("\r\x1b[K")
    shares = [int(share) for share in re.findall(r"(\d+)% ", shown)]
    assert shares == sorted(shares) and len(set(shares)) > 8 and shares[0] == 0 and shares[-1] < 100
    for said in ("reading and checking the data", "computing", "setting the page", "publishing"):
        assert any(f" {said} …" in line for line in lines), said
    assert (
        lines[-1].splitlines()[-1].endswith("results.json") and "█" not in lines[-1] and "░" not in lines[-1]
    )


def test_a_refusal_in_a_terminal_stands_on_a_line_of_its_own(tmp_path):
    (tmp_path / "bad.xlsx").write_bytes(b"no workbook")
    shown = on_a_terminal("build", str(tmp_path / "bad.xlsx"), "--output", str(tmp_path / "out"))
    assert shown.split("\r\x1b[K")[-1].lstrip().startswith("reportgen: ")


def test_every_command_of_the_help_is_there_and_its_line_is_whole(tmp_path):
    program = typer.main.get_command(app)
    assert isinstance(program, TyperGroup)
    shown = run("--help", cwd=tmp_path).stdout.splitlines()
    for name, place in PLACES.items():
        assert program.commands[name].name == name
        assert f"  {name:<10}  {place.line}" in shown
