"""The wheel is whole: installed alone, it makes the sample's report from an empty directory."""

import os
import runpy
import shutil
import subprocess
import sys
import tarfile
from email import message_from_bytes
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import pytest

from reportgen import __version__
from reportgen.writing import catalogues

PROJECT = Path(__file__).parents[1]
SAMPLE = PROJECT / "sample_data" / "ap_imt_crizotinib.xlsx"


def run(*command, **options) -> str:
    done = subprocess.run(command, capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, PROJECT)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> dict[str, str]:
    """The environment in which the installed wheel, not the checkout, is what Python finds."""
    target = tmp_path_factory.mktemp("site")
    run(
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        target,
        wheel,
    )
    return os.environ | {"PYTHONPATH": str(target)}


def test_everything_that_is_not_code_is_inside(wheel):
    inside = set(ZipFile(wheel).namelist())
    wanted = {
        f"reportgen/{path.relative_to(PROJECT).as_posix()}"
        for path in (PROJECT / "templates").rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    assert {".html", ".css", ".ttf", ".txt"} <= {Path(name).suffix for name in wanted}
    assert wanted <= inside


def test_every_language_is_inside_as_it_is_read_and_of_the_text_of_today(wheel):
    written = sorted((PROJECT / "reportgen").rglob("*.po"))
    with ZipFile(wheel) as files:
        inside = {name for name in files.namelist() if Path(name).suffix in (".po", ".mo")}
        names = {path: path.with_suffix(".mo").relative_to(PROJECT).as_posix() for path in written}
        assert inside == set(names.values()) and inside
        for path, name in names.items():
            assert files.read(name) == catalogues.compiled(path.read_bytes())


def test_it_says_what_it_is(wheel):
    with ZipFile(wheel) as files:
        (name,) = [name for name in files.namelist() if name.endswith(".dist-info/METADATA")]
        said = message_from_bytes(files.read(name))
        kept = {Path(name).name for name in files.namelist() if ".dist-info/licenses/" in name}
    assert said["Name"] == "clinical-reportgen" and said["License-Expression"] == "MIT"
    assert {"LICENSE", "THIRD_PARTY.md", "LICENSE-SourceSans.txt"} <= kept
    assert "# reportgen" in str(said.get_payload())


def test_the_source_distribution_builds_the_same_wheel(wheel, tmp_path):
    run(sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", tmp_path, PROJECT)
    (path,) = tmp_path.glob("clinical_reportgen-*.tar.gz")
    with tarfile.open(path) as files:
        files.extractall(tmp_path / "out", filter="data")
    (folder,) = (tmp_path / "out").iterdir()
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, folder)
    assert ZipFile(tmp_path / wheel.name).namelist() == ZipFile(wheel).namelist()


def test_the_version_is_said_in_one_way(wheel):
    assert wheel.name.split("-")[1] == __version__


def test_nothing_else_is_inside(wheel):
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith((".dist-info", ".data"))} == {"reportgen"}
    tables = [name for name in ZipFile(wheel).namelist() if name.endswith((".xlsx", ".csv"))]
    assert tables == [f"reportgen/sample_data/{SAMPLE.name}"]  # synthetic, for the button of the desk
    assert not [name for name in ZipFile(wheel).namelist() if "__pycache__" in name]


def test_the_desk_has_its_sample(installed, tmp_path):
    said = "from reportgen.desk.sample import sample; print(sample().read_bytes()[:2])"
    assert run(sys.executable, "-c", said, cwd=tmp_path, env=installed) == "b'PK'\n"


def test_every_command_has_its_man_page(wheel):
    from reportgen.cli.app import PLACES

    commands = {"reportgen", *(f"reportgen-{name}" for name in PLACES)}
    with ZipFile(wheel) as files:
        pages = {Path(name).stem: files.read(name) for name in files.namelist() if "/share/man/man1/" in name}
    assert set(pages) == commands and pages["reportgen"].startswith(b'.TH "REPORTGEN" "1"')


def test_it_makes_a_report_from_an_empty_directory(installed, tmp_path):
    shutil.copy(SAMPLE, tmp_path)
    where = run(
        sys.executable, "-c", "import reportgen; print(reportgen.__file__)", cwd=tmp_path, env=installed
    )
    assert where.startswith(installed["PYTHONPATH"])
    run(sys.executable, "-m", "reportgen", "build", SAMPLE.name, cwd=tmp_path, env=installed)
    made = {path.name: path for path in (tmp_path / "output" / SAMPLE.stem).iterdir()}
    run_files = {"report.html", "report.pdf", "results.json", "queries.xlsx", "manifest.json"}
    assert set(made) == run_files | {"status.json"}
    assert made["report.pdf"].read_bytes().startswith(b"%PDF-")
    assert "@font-face" in made["report.html"].read_text(encoding="utf-8")
    said = "from reportgen.writing.language import *; print(languages())"
    assert run(sys.executable, "-c", said, cwd=tmp_path, env=installed) == "('en', 'de')\n"


def test_the_command_is_installed(installed, tmp_path):
    command = Path(installed["PYTHONPATH"], "bin", "reportgen")
    assert (
        run(sys.executable, command, "--version", cwd=tmp_path, env=installed) == f"reportgen {__version__}\n"
    )


def test_what_pip_hands_a_build_on_reaches_the_man_pages(tmp_path, monkeypatch):
    """pip names the folder of what a build needs in the path of its process alone: a sdist could not be installed."""
    hook = runpy.run_path(str(PROJECT / "hatch_build.py"))["Made"]
    made, told = SimpleNamespace(root=str(PROJECT)), {}
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "overlay")])
    monkeypatch.setattr(subprocess, "run", lambda *_, **options: told.update(options["env"]))
    assert hook._man_pages(made, tmp_path) == []
    assert {str(PROJECT), str(tmp_path / "overlay")} <= set(told["PYTHONPATH"].split(os.pathsep))
