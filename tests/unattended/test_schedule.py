"""The monthly run as systemd, cron and Windows have it: every word arrives as it was, and nothing else is touched."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reportgen.base.errors import MachineFailed, UsageError
from reportgen.run.pipeline import Request
from reportgen.settings.choices import last_month
from reportgen.unattended.process import this_process
from reportgen.unattended.schedule import Wanted, cron, files_of, plan_of, systemd, windows
from reportgen.unattended.status import read_status, write_status
from tests.base.test_exits import run
from tests.chapters.test_every_chapter import patients
from tests.unattended.test_unattended import heard, listening
from tests.workbooks import write_workbook

ODD = "50% of $HOME 'and' \"ä\" \\x;&|`id`"
LAST = last_month(date.today())


@pytest.fixture
def odd(tmp_path) -> Path:
    """A cohort in a folder whose name holds all that a scheduler could misread."""
    folder = tmp_path / ODD
    folder.mkdir()
    return write_workbook(folder / "Ko'hort %n.xlsx", patients=patients({}, {}, {}))


def planned(source, output="output", **wanted):
    return plan_of(Wanted(Request(source, output=Path(source).parent / output), **wanted))


def words(line: str, command: bool = True) -> list[str]:
    """A line of a unit as systemd splits it, in its double quotes; specifiers and variables must be escaped.

    Unlike a shell it drops every backslash that is not doubled (seen with `systemd --user --test` of version 252).
    """
    assert "\\" not in re.sub(r'\\[\\"]', "", line)
    found = shlex.split(line.replace("'", "\0"))
    text = [word.replace("\0", "'") for word in found]
    assert all("%" not in word.replace("%%", "") for word in text)
    assert not command or all("$" not in word.replace("$$", "") for word in text)
    return [(word.replace("$$", "$") if command else word).replace("%%", "%") for word in text]


def keys(unit: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in unit.splitlines() if line and line[0] not in "#[")


# ---- systemd -------------------------------------------------------------------------------------------


def test_systemd_gets_every_word_as_it_was_and_the_command_runs(odd, tmp_path):
    plan = planned(odd, options=("--format", "html"))
    service = keys(systemd.units(plan)[f"{plan.name}.service"])
    command = words(service["ExecStart"])
    assert tuple(command) == plan.command and str(odd) in command and command[-2:] == ["--format", "html"]
    assert tuple(words(service["ExecStopPost"])) == plan.closing
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (odd.parent / "output" / odd.stem / LAST / "report.html").exists()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
@pytest.mark.parametrize("named", [ODD, "plain"])
def test_systemd_itself_finds_nothing_wrong(tmp_path, named):
    (tmp_path / named).mkdir()
    source = write_workbook(tmp_path / named / "cohort.xlsx", patients=patients({}, {}))
    for name, text in systemd.units(planned(source)).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    units = sorted([*tmp_path.glob("*.service"), *tmp_path.glob("*.timer")])
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)  # noqa: S603
    ours = [line for line in done.stderr.splitlines() if "reportgen-" in line]
    assert len(units) == 2 and done.returncode == 0 and ours == []


def test_the_service_can_do_no_more_than_it_must(odd, tmp_path, monkeypatch):
    plan = planned(odd)
    units = systemd.units(plan)
    service = keys(units[f"{plan.name}.service"])
    writable = [
        line.split("=", 1)[1] for line in units[f"{plan.name}.service"].splitlines() if "WritePaths" in line
    ]
    assert words(writable[0], command=False) == [str(odd.parent / "output")]
    for key in (
        "NoNewPrivileges",
        "PrivateNetwork",
        "PrivateUsers",
        "MemoryDenyWriteExecute",
        "RestrictNamespaces",
    ):
        assert service[key] == "yes"
    assert (service["ProtectSystem"], service["ProtectHome"], service["UMask"]) == (
        "strict",
        "read-only",
        "0077",
    )
    timer = keys(units[f"{plan.name}.timer"])
    assert (timer["OnCalendar"], timer["Persistent"]) == ("*-*-01 06:00:00", "true") and timer[
        "RandomizedDelaySec"
    ]


@pytest.mark.parametrize(
    ("settings", "source", "open_"),
    [
        ("", "", False),
        ("", "sqlite:////srv/cohort.db", False),
        ("", "postgresql+psycopg://reader@db.example/registry", True),
        ("[history]\nurl = 'postgresql://h/reports'", "", True),
        ("[history]\nurl = 'sqlite:////srv/history.db'", "", False),
        ("[notify]\nsmtp = 'mail.example:587'", "", True),
        ("[notify]\ncommand = 'tell'", "", True),
    ],
)
def test_the_network_is_there_only_for_those_who_need_it(odd, settings, source, open_):
    config = odd.parent / "other.toml"
    config.write_text(settings)
    plan = plan_of(Wanted(Request(source or odd, config, odd.parent / "output")))
    service = systemd.units(plan)[f"{plan.name}.service"]
    assert ("PrivateNetwork=yes" not in service) is open_ and ("AF_INET" in service) is open_
    if "sqlite" in settings:
        assert Path("/srv") in plan.writable


def fake(folder: Path, name: str, code: str) -> None:
    """A program of the system that says what it was asked, and does it to files of the test alone."""
    folder.mkdir(exist_ok=True)
    log = f"with (here / 'asked').open('a') as log: print('{name}', *sys.argv[1:], file=log)"
    start = f"#!{sys.executable}\nimport pathlib, sys\nhere = pathlib.Path({str(folder)!r})"
    (folder / name).write_text(f"{start}\n{log}\n{code}\n")
    (folder / name).chmod(0o700)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no systemd")
def test_systemd_is_given_the_units_once_and_gives_them_back(odd, tmp_path, monkeypatch):
    programs, home = tmp_path / "programs", tmp_path / "home"
    fake(programs, "systemctl", "")
    fake(programs, "loginctl", "print('Linger=no')")
    here = {"PATH": f"{programs}:{os.environ['PATH']}", "XDG_CONFIG_HOME": str(home)}
    wanted = ("schedule", odd, "--monthly", "--kind", "systemd", "--output", odd.parent / "output")
    first = run(*wanted, "--install", cwd=tmp_path, **here)
    assert first.returncode == 0 and "enable-linger" in first.stdout and "--remove" in first.stdout, (
        first.stderr
    )
    units = sorted((home / "systemd" / "user").iterdir())
    assert [path.suffix for path in units] == [".service", ".timer"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in units} == {0o600}
    again = run(*wanted, "--install", cwd=tmp_path, **here)
    assert again.stdout.count("unchanged: ") == 2 and (odd.parent / "output").is_dir()
    assert f"systemctl --user enable --now {units[1].name}" in (programs / "asked").read_text()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    assert systemd.installed(plan_of(Wanted(Request(odd, output=odd.parent / "output")))) == (1, "06:00")
    assert run(*wanted, "--remove", cwd=tmp_path, **here).returncode == 0
    assert list((home / "systemd" / "user").iterdir()) == []
    assert "there is no" in run(*wanted, "--remove", cwd=tmp_path, **here).stdout
    fake(programs, "systemctl", "print('Failed to connect to bus', file=sys.stderr); sys.exit(1)")
    failed = run(*wanted, "--install", "--json", cwd=tmp_path, **here)
    assert failed.returncode == 4 and "Failed to connect to bus" in json.loads(failed.stdout)["what_failed"]


# ---- cron ----------------------------------------------------------------------------------------------

CRONTAB = """
table = here / 'table'
if sys.argv[1] == '-l':
    if not table.exists():
        print('no crontab for you', file=sys.stderr); sys.exit(1)
    sys.stdout.write(table.read_text())
else:
    table.write_text(sys.stdin.read())
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no cron")
def test_a_line_of_cron_runs_as_cron_runs_it_with_the_passwords_of_the_file(odd, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    config = listening(odd.parent, "always")
    (tmp_path / "config" / "reportgen").mkdir(parents=True)
    (tmp_path / "config" / "reportgen" / "environment").write_text("REPORTGEN_LOUD='a $b \"c'\n")
    plan = plan_of(Wanted(Request(odd, output=odd.parent / "output"), ("--format", "html"), 3, "05:07"))
    line = cron.block(plan).splitlines()[1]
    minute, hour, day, month, weekday, command = line.split(" ", 5)
    assert (minute, hour, day, month, weekday) == ("7", "5", "3", "*", "*") and config.exists()
    assert "%" not in command.replace("\\%", "")
    done = subprocess.run(["/bin/sh", "-c", command.replace("\\%", "%")], capture_output=True, text=True,
                          env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}, timeout=300, check=False)  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (odd.parent / "output" / odd.stem / LAST / "report.html").exists() and len(heard(odd.parent)) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no cron")
def test_the_lines_of_others_stay_as_they_are(odd, tmp_path, monkeypatch):
    programs = tmp_path / "programs"
    fake(programs, "crontab", CRONTAB)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    table, plan = programs / "table", planned(odd)
    others = "MAILTO=me\n0 1 * * * backup # 100\\% \n"
    table.write_text(others)
    assert cron.installed(plan) is None
    cron.install(plan)
    once = table.read_text()
    assert cron.installed(plan) == (plan.day, plan.time)
    assert once == others + cron.block(plan)
    assert "unchanged" in cron.install(plan)[0] and table.read_text() == once
    later = plan_of(Wanted(Request(odd, output=odd.parent / "output"), day=2))
    cron.install(later)
    assert table.read_text() == others + cron.block(later)
    cron.remove(plan)
    assert table.read_text() == others and "there is no" in cron.remove(plan)[0]
    table.write_text("0 1 * * * no end of line")
    cron.install(plan)
    assert table.read_text() == "0 1 * * * no end of line\n" + cron.block(plan)
    table.write_text(once.replace("# END", "# end"))
    with pytest.raises(MachineFailed, match="crontab -e"):
        cron.install(plan)
    table.unlink()
    cron.install(plan)
    assert table.read_text() == cron.block(plan)
    fake(programs, "crontab", "print('permission denied', file=sys.stderr); sys.exit(1)")
    with pytest.raises(MachineFailed, match="permission denied"):
        cron.install(plan)
    assert table.read_text() == cron.block(plan)


# ---- Windows -------------------------------------------------------------------------------------------


def test_windows_gets_a_task_in_the_order_of_its_schema(odd, tmp_path, monkeypatch):
    plan = planned(odd, day=5, time="23:30")
    text = windows.task(plan)
    fake(tmp_path / "programs", "schtasks", f"sys.stdout.buffer.write({text!r}.encode('utf-16'))")
    monkeypatch.setenv("PATH", f"{tmp_path / 'programs'}:{os.environ['PATH']}")
    assert windows.installed(plan) == (5, "23:30")
    assert text.startswith('<?xml version="1.0" encoding="UTF-16"?>')
    root = ElementTree.fromstring(text.encode("utf-16"))
    space = f"{{{windows.SPACE}}}"
    assert root.tag == f"{space}Task" and root.get("version") == "1.2"
    assert [part.tag.removeprefix(space) for part in root] == [
        "RegistrationInfo",
        "Triggers",
        "Settings",
        "Actions",
    ]
    trigger = root.find(f"{space}Triggers/{space}CalendarTrigger")
    parts = [part.tag.removeprefix(space) for part in trigger]
    assert parts == ["StartBoundary", "Enabled", "RandomDelay", "ScheduleByMonth"]
    assert trigger.findtext(f"{space}StartBoundary") == "2026-01-05T23:30:00"
    assert len(trigger.find(f".//{space}Months")) == 12 and trigger.findtext(f".//{space}Day") == "5"
    assert root.findtext(f".//{space}StartWhenAvailable") == "true"
    exec_ = root.find(f".//{space}Exec")
    assert exec_.findtext(f"{space}Command") == plan.command[0]
    assert exec_.findtext(f"{space}Arguments") == subprocess.list2cmdline(plan.command[1:])


# ---- the command ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["systemd", "cron", "windows"])
def test_it_is_shown_before_it_is_installed(odd, tmp_path, monkeypatch, kind):
    passed = (
        "--format",
        "html",
        "--profile",
        "board",
        "--language",
        "en",
        "--on-invalid",
        "exclude",
        "--strict",
    )
    output = odd.parent / "output"
    done = run("schedule", odd, "--monthly", "--kind", kind, "--output", output, "--config", _config(odd), *passed,
               cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0 and done.stderr == ""
    monkeypatch.chdir(tmp_path)
    plan = plan_of(Wanted(Request(odd, _config(odd), output), passed))
    assert plan.command[-len(passed) :] == passed
    for text in files_of(plan, kind).values():
        assert text in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == [ODD] and not output.exists()


def _config(odd: Path) -> Path:
    config = odd.parent / "own.toml"
    config.touch()
    return config


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("{source}",), "--monthly"),
        (("{source}", "--monthly", "--day", "31"), "between 1 and 28"),
        (("{source}", "--monthly", "--time", "6am"), "06:00"),
        (("{source}", "--monthly", "--kind", "at"), "--kind must be"),
        (("{source}", "--monthly", "--install", "--remove"), "one of them"),
        (("{source}", "--status"), "No run has left"),
        (("absent.xlsx", "--monthly"), "absent.xlsx"),
        (("postgresql://reader:s3cret@db.example/registry", "--monthly"), "holds a password"),
        (("sqlite:///relative.db", "--monthly"), "absolute"),
    ],
)
def test_what_can_not_be_scheduled_is_said(tmp_path, arguments, said):
    source = write_workbook(tmp_path / "cohort.xlsx", patients=patients({}, {}))
    done = run("schedule", *(part.format(source=source) for part in arguments), cwd=tmp_path)
    assert done.returncode == 2 and said in done.stderr and done.stdout == "" and "s3cret" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["cohort.xlsx"]


def test_no_path_can_begin_a_line(tmp_path):
    if os.name != "nt":
        folder = tmp_path / "a\nExecStart=evil"
        folder.mkdir()
        source = write_workbook(folder / "cohort.xlsx", patients=patients({}, {}))
        with pytest.raises(UsageError, match="line break"):
            planned(source)


def test_status_is_said_and_a_death_is_settled(tmp_path):
    listening(tmp_path)
    source = write_workbook(tmp_path / "cohort.xlsx", patients=patients({}, {}))
    root = tmp_path / "output" / "cohort"
    assert (
        run("build", source, "--period", "2026-09", "--format", "html", "--quiet", cwd=tmp_path).returncode
        == 0
    )
    told = run("schedule", source, "--status", cwd=tmp_path)
    assert "state: done" in told.stdout and "last good report: 2026-09" in told.stdout
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    dead = replace(read_status(root), state="running", process=replace(this_process(), pid=int(ended.stdout)))
    write_status(root, dead)
    said = json.loads(run("schedule", source, "--status", "--json", cwd=tmp_path).stdout)
    assert said["state"] == "died" and said["last_good"]["period"] == "2026-09"
    for _ in range(2):
        assert run("schedule", source, "--settle", cwd=tmp_path).returncode == 0
    assert len(heard(tmp_path)) == 1 and "it was killed" in heard(tmp_path)[0]
    assert read_status(root).state == "failed" and read_status(root).exit is None
