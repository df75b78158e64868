"""Each thing that a machine may lack is named, with the command that mends it."""

from __future__ import annotations

import ctypes
import errno
import json
import locale
import os
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple
from datetime import date
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from reportgen import doctor
from reportgen.base.errors import MachineFailed
from reportgen.doctor import environment, finding, libraries, trial_report
from reportgen.doctor.finding import DOUBTFUL, OK, WRONG, Check

Usage = namedtuple("Usage", "total used free")


def only(checks: list[Check], name: str) -> Check:
    return next(check for check in checks if check.name == name)


def with_manager(monkeypatch, *managers):
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in managers else None)


def test_this_machine_makes_reports(tmp_path):
    checks = doctor.examine(tmp_path / "not yet" / "there")
    wrong = [check for check in checks if check.state == WRONG]
    assert wrong == [] and doctor.healthy(checks)
    assert all(check.remedy for check in checks if check.state != OK)
    lines = list(doctor.as_text(checks))
    assert lines[-1] == "This machine can make reports."
    assert "Chromium: not needed" in lines[-2]
    assert only(checks, "a PDF").found.startswith("made, ")
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_says_it_and_ends_with_4_where_something_is_wrong(tmp_path):
    (tmp_path / "output").write_text("a file")
    command = [sys.executable, "-m", "reportgen", "doctor", "--json"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    said = json.loads(run.stdout)
    assert run.returncode == 4 and said["healthy"] is False
    wrong = [check for check in said["checks"] if check["state"] == "wrong"]
    assert [check["name"] for check in wrong] == ["output folder"]
    assert wrong[0]["remedy"].startswith("mv ")


def test_an_old_python_is_named(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with_manager(monkeypatch, "apt-get")
    check = libraries.check_python()
    assert check.state == WRONG and check.remedy == "sudo apt install python3.11"


@pytest.mark.parametrize("name", libraries.LIBRARIES)
@pytest.mark.parametrize(
    ("manager", "command"),
    [("apt-get", "sudo apt install lib"), ("brew", "brew install "), ("choco", "choco install msys2 && "),
     ("apk", "sudo apk add ")],
)  # fmt: skip
def test_a_missing_library_is_named_with_its_package(monkeypatch, name, manager, command):
    files = libraries.LIBRARIES[name][0]
    real = ctypes.CDLL

    def load(file, *args, **kwargs):
        if Path(file).name in files:
            raise OSError("no such library")
        return real(file, *args, **kwargs)

    monkeypatch.setattr(ctypes, "CDLL", load)
    with_manager(monkeypatch, manager)
    wrong = [check for check in libraries.check_libraries() if check.state == WRONG]
    assert [check.name for check in wrong] == [name]
    assert [*doctor.as_text(wrong)][-1].endswith("build --format html,docx")
    assert wrong[0].remedy.startswith(command) or name == "fontconfig"
    assert "fontconfig" in wrong[0].remedy or name != "fontconfig"


def test_libraries_that_are_missing_are_one_command(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda *args: (_ for _ in ()).throw(OSError()))
    monkeypatch.setattr(libraries.platform, "system", lambda: "Linux")
    with_manager(monkeypatch, "apt-get")
    said = [*doctor.as_text(libraries.check_libraries())]
    assert said[-2] == (
        "All libraries at once: sudo apt install fontconfig libharfbuzz-subset0 libharfbuzz0b "
        "libpango-1.0-0 libpangoft2-1.0-0"
    )
    assert not any("at once" in line for line in doctor.as_text(libraries.check_libraries()[:1]))


def test_a_pdf_that_can_not_be_made_says_what_is_missing_and_no_name_of_the_program(monkeypatch):
    """It said "reportgen.base.errors.MachineFailed: A PDF needs …": the last line of a traceback."""
    run = subprocess.run

    def without(command, **options):
        lost = "import sys; sys.modules['weasyprint'] = None; import builtins; real = builtins.__import__\n"
        lost += "def load(name, *rest):\n    if name == 'weasyprint': raise OSError('libpango')\n"
        lost += "    return real(name, *rest)\nbuiltins.__import__ = load\n"
        return run([*command[:2], lost + command[2]], **options)

    monkeypatch.setattr(trial_report.subprocess, "run", without)
    found = trial_report.check_proof().found
    assert found.startswith("not made: A PDF needs the system libraries Pango")


def test_macos_and_windows_are_told_where_to_look(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda *args: (_ for _ in ()).throw(OSError()))
    for system, word in (("Darwin", "DYLD_FALLBACK_LIBRARY_PATH"), ("Windows", "WEASYPRINT_DLL_DIRECTORIES")):
        monkeypatch.setattr(libraries.platform, "system", lambda system=system: system)
        assert all(word in check.remedy for check in libraries.check_libraries())


def test_a_system_without_a_known_manager_gets_the_names(monkeypatch):
    with_manager(monkeypatch)
    assert "libpango-1.0-0 (as Debian names it)" in finding.install(libraries.PANGO)


def test_a_missing_package_is_named(monkeypatch):
    real = metadata.version

    def version(name):
        if name == "lifelines":
            raise metadata.PackageNotFoundError(name)
        return "1.0" if name == "weasyprint" else real(name)

    monkeypatch.setattr(libraries.metadata, "version", version)
    (check,) = libraries.check_packages()
    assert check.state == WRONG
    assert check.found == "missing: lifelines, weasyprint ≥ 70 (found 1.0)"
    assert "pip install --require-hashes" in check.remedy


def test_a_package_unlike_the_lock_is_doubtful(monkeypatch, tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.write_text("numpy==9.9.9 ; python_full_version < '3.12' \\\n    --hash=sha256:00\nnumpy==9.9.8\n")
    monkeypatch.setattr(libraries, "LOCK", lock)
    (check,) = libraries.check_packages()
    assert check.state == DOUBTFUL and "(locked: 9.9.8 or 9.9.9)" in check.found
    monkeypatch.setattr(libraries, "LOCK", tmp_path / "none")
    (check,) = libraries.check_packages()
    assert check == Check("Python packages", OK, "all there; no lock file to compare with")


def test_a_program_that_was_never_installed_is_checked_by_its_lock(monkeypatch, tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.write_text("no-such-package==1.0\n")
    monkeypatch.setattr(libraries, "LOCK", lock)

    def requires(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(libraries.metadata, "requires", requires)
    assert "no-such-package" in libraries.check_packages()[0].found


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (FileNotFoundError(2, "No such file or directory"), "No such file"),
        (MachineFailed("The page templates are missing."), "templates are missing"),
        (ImportError("no", name="uharfbuzz"), "without the package uharfbuzz"),
    ],
)
def test_missing_fonts_are_named(monkeypatch, failure, words):
    def font_bytes(face):
        raise failure

    monkeypatch.setattr("reportgen.render.html.fonts.font_bytes", font_bytes)
    check = environment.check_fonts()
    assert check.state == WRONG and words in check.found and "pip install" in check.remedy


def test_a_folder_that_cannot_be_written_is_named(monkeypatch, tmp_path):
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    for check in (environment.check_output(tmp_path / "output")[0], environment.check_temporary()[0]):
        assert check.state == WRONG and "there is no permission" in check.found
        assert "chown" in check.remedy


@pytest.mark.skipif(os.name == "nt", reason="Windows has no owner, group and others")
@pytest.mark.parametrize(
    ("number", "command"),
    [
        (errno.EROFS, "sudo mount -o remount,rw "),
        (errno.ENOSPC, "make room: "),
        (errno.EACCES, "sudo chown "),
    ],
)
def test_the_command_mends_what_is_wrong_with_the_folder(monkeypatch, tmp_path, number, command):
    def refuse(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    check = only(environment.check_output(tmp_path), "output folder")
    assert check.state == WRONG and check.remedy.startswith(command)


def test_a_disk_that_keeps_nothing_private_is_doubtful(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "stat", SimpleNamespace(S_IMODE=lambda mode: 0o777))
    check = environment.check_output(tmp_path)[0]
    assert check.state == DOUBTFUL and "others can read" in check.found and "--output" in check.remedy


@pytest.mark.parametrize(("free", "state"), [(1_000_000, WRONG), (100_000_000, DOUBTFUL), (10**12, OK)])
def test_a_disk_without_room_is_named(monkeypatch, tmp_path, free, state):
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(0, 0, free))
    check = environment.check_output(tmp_path)[1]
    assert check.state == state and (state == OK) == (check.remedy == "")


def test_no_temporary_folder_is_named(monkeypatch):
    def none():
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    (check,) = environment.check_temporary()
    assert check.state == WRONG and "TMPDIR" in check.remedy


@pytest.mark.parametrize("year", [1970, 2019, 2099])
def test_a_clock_that_is_wrong_is_named(monkeypatch, year):
    monkeypatch.setattr(environment, "date", SimpleNamespace(today=lambda: date(year, 1, 1)))
    check = environment.check_clock()
    assert check.state == WRONG and str(year) in check.found and check.remedy


def test_an_encoding_without_all_letters_is_doubtful(monkeypatch):
    monkeypatch.setattr(locale, "getpreferredencoding", lambda do: "ANSI_X3.4-1968")
    check = environment.check_encoding()
    assert check.state == DOUBTFUL and "ANSI_X3.4-1968" in check.found and check.remedy


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "killed by signal 11"),
        ("raise OSError('cannot load library pango')", "cannot load library pango"),
        ("pass", "no reason was given"),
        ("import time; time.sleep(30)", "not made within 1 seconds"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals")
def test_a_pdf_that_does_not_come_out_is_named(monkeypatch, program, words):
    real = subprocess.run

    def run(command, **options):
        return real([sys.executable, "-c", program], **options)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(trial_report, "SECONDS", 1)
    check = trial_report.check_proof()
    assert check.state == WRONG and words in check.found and check.remedy


def test_a_pdf_without_the_subsetter_is_refused_as_a_machine_that_failed(monkeypatch):
    from reportgen.render.pdf import library as pdf

    pdf.weasyprint_library()
    monkeypatch.setattr("weasyprint.text.ffi.harfbuzz_subset", None)
    pdf.weasyprint_library.cache_clear()
    with pytest.raises(MachineFailed, match="HarfBuzz-Subset"):
        pdf.weasyprint_library()
    pdf.weasyprint_library.cache_clear()


def test_the_doctor_needs_none_of_what_it_looks_for():
    program = "import sys\nimport reportgen.doctor\nprint(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.split()
    assert not {"numpy", "jinja2", "weasyprint", "uharfbuzz", "pandas", "typer"} & set(loaded)
