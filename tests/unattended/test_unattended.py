"""Runs that nobody watches: how they ended stands in status.json, those who care hear of it, no month is lost."""

from __future__ import annotations

import json
import os
import shlex
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reportgen.base.errors import DataRefused, MachineFailed
from reportgen.doctor.silent_runs import check_runs
from reportgen.publish.run_files import sha256
from reportgen.run.pipeline import Outcome, Request, build
from reportgen.unattended.followed import followed
from reportgen.unattended.last_run import settle
from reportgen.unattended.missed_months import MonthsFailed, caught_up, missing
from reportgen.unattended.status import NAME, read_status, write_status
from reportgen.verification import verify
from tests.base.test_exits import CANARY, canary_cohort, run
from tests.chapters.test_every_chapter import patients
from tests.mailserver import mail_server
from tests.workbooks import write_workbook

BAD = {"patient_id": "P-77", "sex": CANARY, "best_response": CANARY}


@pytest.fixture
def cohort(tmp_path) -> Path:
    return write_workbook(tmp_path / "cohort.xlsx", patients=patients({}, {}, {}))


def listening(tmp_path: Path, when: str = "failure", then: str = "") -> Path:
    """report.toml with a command that writes what it hears into files named heard.1, heard.2, …"""
    code = ("import os, pathlib, sys; here = pathlib.Path(sys.argv[1]); n = len(list(here.glob('heard.*'))) + 1; "
            "(here / f'heard.{n}').write_text(os.environ['REPORTGEN_STATE'] + '\\n' + sys.stdin.read()); "
            + then)  # fmt: skip
    command = shlex.join([sys.executable, "-c", code, str(tmp_path)])
    config = tmp_path / "report.toml"
    config.write_text(f"[notify]\nwhen = '{when}'\ncommand = {json.dumps(command)}\n")
    return config


def heard(tmp_path: Path) -> list[str]:
    return [path.read_text() for path in sorted(tmp_path.glob("heard.*"))]


def status(tmp_path: Path) -> dict:
    return json.loads((tmp_path / "output" / "cohort" / NAME).read_text())


def test_a_good_run_is_described_and_no_part_of_its_report(tmp_path, cohort):
    done = run("build", cohort, "--period", "2026-10", "--format", "html", "--quiet", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    root = tmp_path / "output" / "cohort"
    found = status(tmp_path)
    assert found["schema"] == "reportgen/status/1"
    assert (found["state"], found["exit"], found["period"], found["what_failed"]) == (
        "done",
        0,
        "2026-10",
        "",
    )
    assert found["started"] <= found["ended"] and found["changed"] is True
    manifest = (root / "2026-10" / "manifest.json").read_bytes()
    assert found["last_good"] == {
        "ended": json.loads(manifest)["made"], "cutoff": "2026-10-31", "period": "2026-10", "folder": "2026-10",
        "profile": "internal", "manifest_sha256": sha256(manifest),
    }  # fmt: skip
    assert stat.S_IMODE((root / NAME).stat().st_mode) == 0o600 or os.name == "nt"
    assert NAME not in manifest.decode()
    assert run("build", cohort, "--format", "html", cwd=tmp_path).returncode == 0
    assert status(tmp_path)["last_good"]["folder"] == "."
    assert verify(root).intact and verify(root / "2026-10").intact
    (root / "status.txt").write_text("foreign")
    assert not verify(root).intact


def test_refused_data_are_told_without_patients_and_the_last_good_report_stays(tmp_path, cohort):
    listening(tmp_path)
    assert run("build", cohort, "--period", "2026-09", "--format", "html", cwd=tmp_path).returncode == 0
    good = (tmp_path / "output/cohort/2026-09/report.html").read_bytes()
    write_workbook(cohort, patients=patients(BAD, {}, {}))
    done = run("build", cohort, "--period", "2026-09", "--quiet", cwd=tmp_path)
    assert done.returncode == 3 and done.stdout == ""
    found = status(tmp_path)
    assert (found["state"], found["exit"], found["errors"]) == ("refused", 3, 2)
    assert found["what_failed"] == "2 errors in the data (UNKNOWN_VALUE); nothing was published."
    assert found["last_good"]["folder"] == "2026-09" and found["notices"] == [{"by": "command", "sent": True}]
    assert (tmp_path / "output/cohort/2026-09/report.html").read_bytes() == good
    (said,) = heard(tmp_path)
    assert said.startswith("refused\n") and "exit status 3, 2 errors" in said and "that of 2026-09" in said
    for text in (said, json.dumps(found)):
        assert CANARY not in text and "P-77" not in text


@pytest.mark.parametrize("profile", ["internal", "board", "external", "unknown"])
def test_a_message_names_the_source_only_to_those_inside(tmp_path, profile):
    listening(tmp_path)
    source = write_workbook(tmp_path / "cohort.xlsx", patients=patients(BAD, {}))
    if profile == "unknown":
        source.write_bytes(b"no workbook")
    options = ("--profile", profile) if profile != "unknown" else ()
    assert run("build", source, *options, cwd=tmp_path).returncode == 3
    (said,) = heard(tmp_path)
    assert ("cohort" in said.replace("cohort of", "")) is (profile == "internal")
    (tmp_path / "report.toml").write_text((tmp_path / "report.toml").read_text() + "name = 'ALK in Bern'\n")
    run("build", source, *options, cwd=tmp_path)
    assert "(ALK in Bern)" in heard(tmp_path)[1] and str(tmp_path) not in heard(tmp_path)[1]


@pytest.mark.parametrize("then", ["sys.exit(7)", "import time; time.sleep(0)"])
def test_a_message_that_is_not_taken_changes_nothing_about_the_run(tmp_path, cohort, then):
    listening(tmp_path, "always", then)
    done = run("build", cohort, "--format", "html", "--quiet", cwd=tmp_path)
    assert done.returncode == 0
    (told,) = status(tmp_path)["notices"]
    assert told["sent"] is ("exit" not in then)
    assert ("nobody was told by command: the command of [notify] ended with 7." in done.stderr) is (
        "exit" in then
    )


def test_refused_data_are_told_by_mail(tmp_path):
    source = write_workbook(tmp_path / "cohort.xlsx", patients=patients(BAD, {}))
    settings = "[notify]\nsmtp = 'localhost:{}'\nfrom = 'r@clinic.example'\nto = ['data@clinic.example']\n"
    with mail_server(tmp_path) as post:
        (tmp_path / "report.toml").write_text(settings.format(post.port))
        done = run("build", source, "--profile", "external", cwd=tmp_path, SSL_CERT_FILE=str(post.authority))
        assert done.returncode == 3 and "nobody was told" not in done.stderr
        assert status(tmp_path)["notices"] == [{"by": "mail", "sent": True}]
    (mail,) = post.mails
    text = str(mail["Subject"]) + mail.get_content()
    assert "2 errors" in text and not any(word in text for word in (CANARY, "P-77", "cohort"))
    down = run("build", source, "--quiet", cwd=tmp_path)
    assert down.returncode == 3 and "nobody was told by mail: the mail server can't be reached" in down.stderr
    assert status(tmp_path)["notices"][0]["sent"] is False


def test_a_wrong_setting_elsewhere_does_not_keep_notices_from_going_out(tmp_path, cohort):
    (tmp_path / "output" / "cohort").mkdir(parents=True)
    config = listening(tmp_path)
    config.write_text(config.read_text() + "[reprot]\ntitle = 'x'\n")
    done = run("build", cohort, "--json", cwd=tmp_path)
    assert done.returncode == 2
    answer = json.loads(done.stdout)
    assert (answer["status"], answer["exit"]) == ("failed", 2) and "unknown section 'reprot'" in answer[
        "what_failed"
    ]
    assert status(tmp_path)["state"] == "failed" and "exit status 2" in heard(tmp_path)[0]
    assert status(tmp_path)["errors"] is None and "errors" not in heard(tmp_path)[0]


def test_a_slip_of_the_hand_leaves_nothing(tmp_path):
    assert run("build", "absent.xlsx", cwd=tmp_path).returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_settings_that_cannot_be_read_are_said_once(tmp_path, cohort):
    (tmp_path / "report.toml").write_text("[report\n")
    done = run("build", cohort, cwd=tmp_path)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "not valid TOML" in done.stderr


def test_failures_of_every_kind_are_json_where_a_machine_reads(tmp_path, cohort):
    (tmp_path / "file").write_text("in the way")
    for arguments, exit in ((("build", cohort, "--output", "file"), 4), (("build", "none.xlsx"), 2),
                            (("verify", "none"), 2), (("case", cohort, "P-99"), 2), (("build", ""), 2),
                            (("build", cohort, "--fromat", "pdf"), 2), (("build",), 2)):  # fmt: skip
        done = run(*arguments, "--json", cwd=tmp_path)
        answer = json.loads(done.stdout)
        assert (done.returncode, answer["exit"], answer["status"]) == (exit, exit, "failed"), done.stderr
        assert "P-99" not in answer["what_failed"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_run_that_was_killed_is_known_to_have_died_and_is_told_by_the_next(tmp_path, cohort):
    listening(tmp_path)
    waits = (
        "import time\nfrom reportgen.run import pipeline\n"
        "pipeline.analyse = lambda cohort, progress: (print('there', flush=True), time.sleep(600))\n"
        "from reportgen.cli.main import main\nmain()\n"
    )
    killed = subprocess.Popen(
        [sys.executable, "-c", waits, "build", str(cohort)], cwd=tmp_path, stdout=subprocess.PIPE
    )
    with killed:
        killed.stdout.readline()
        root = tmp_path / "output" / "cohort"
        running = read_status(root)
        assert running.state == "running" and running.process.pid == killed.pid and running.started
        killed.send_signal(signal.SIGKILL)
    assert json.loads((root / NAME).read_text())["state"] == "running" and read_status(root).died
    done = run("build", cohort, "--format", "html", "--quiet", cwd=tmp_path)
    assert done.returncode == 0 and "ended without a word" in done.stderr
    assert status(tmp_path)["state"] == "done"
    assert check_runs(root.parent).state == "ok"
    (said,) = heard(tmp_path)
    assert said.startswith("failed\n") and "it was killed" in said


def test_a_process_number_that_was_given_anew_is_not_taken_for_the_run(tmp_path):
    request = Request(tmp_path / "cohort.xlsx", output=tmp_path / "output")
    with followed(request, "build"):
        root = tmp_path / "output" / "cohort"
        mine = read_status(root)
        assert mine.state == "running" and not settle(request)
        write_status(root, replace(mine, process=replace(mine.process, birth="another boot 1")))
        assert read_status(root).died == (sys.platform == "linux")
        write_status(root, replace(mine, process=replace(mine.process, host="elsewhere", pid=2**22 + 1)))
        assert read_status(root).state == "running"


def test_again_gives_the_same_bytes_and_is_no_news(tmp_path, cohort):
    config = listening(tmp_path, "always")
    request = Request(cohort, config, tmp_path / "output", "2026-10", ("html",), {"cutoff": "2026-10-31"})
    folder, seen = tmp_path / "output/cohort/2026-10", []
    for _ in range(2):
        with followed(request, "build") as one:
            one.attempt(request, build)
        seen.append(
            {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"}
        )
    assert seen[0] == seen[1] and set(seen[0]) == {"report.html", "results.json", "queries.xlsx"}
    assert len(heard(tmp_path)) == 1 and status(tmp_path)["changed"] is False


# ---- months --------------------------------------------------------------------------------------------


def fake_report(root: Path, period: str, made: str) -> None:
    (root / period).mkdir(parents=True)
    manifest = {
        "made": made,
        "cutoff": None,
        "request": {"period": period},
        "settings": {"privacy": {"profile": "internal"}},
        "outputs": {"results.json": period},
    }
    (root / period / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ({}, ("2026-10",)),
        ({"2026-07": "2026-08-02"}, ("2026-08", "2026-09", "2026-10")),
        ({"2026-07": "2026-08-02", "2026-10": "2026-11-01"}, ()),
        ({"2026-09": "2026-10-02", "2026-10": "2026-10-20"}, ("2026-10",)),  # made before its month had ended
        (
            {"2025-11": "2025-12-02"},
            tuple(f"{y}-{m:02}" for y, m in [(2025, 12), *((2026, m) for m in range(1, 11))]),
        ),
    ],
)
def test_the_months_that_are_missing(tmp_path, kept, expected):
    for period, day in kept.items():
        fake_report(tmp_path, period, f"{day}T12:00:00+00:00")
    assert missing(tmp_path, date(2026, 11, 15)) == expected


def test_a_month_that_fails_hides_none_and_is_tried_again(tmp_path):
    listening(tmp_path)
    request = Request(tmp_path / "cohort.xlsx", output=tmp_path / "output")
    root = tmp_path / "output" / "cohort"
    fake_report(root, "2026-07", "2026-08-01T12:00:00+00:00")
    bad, asked = {"2026-08": DataRefused(()), "2026-09": ValueError(CANARY)}, []

    def make(one: Request) -> Outcome:
        asked.append(one.period)
        if one.period in bad:
            raise bad[one.period]
        fake_report(root, one.period, "2026-11-01T12:00:00+00:00")
        return Outcome(root / one.period, (), 3, (), "internal")

    def catch_up() -> list:
        with followed(request, "build") as one:
            return caught_up(one, make, lambda period: replace(request, period=period), date(2026, 11, 1))

    with pytest.raises(MonthsFailed, match="2 of 3 months have no report: 2026-08, 2026-09") as failed:
        catch_up()
    assert failed.value.status == 1 and CANARY not in str(failed.value)
    found = status(tmp_path)
    assert found["missing"] == ["2026-08", "2026-09"] and found["state"] == "failed"
    assert [(r["period"], r["state"]) for r in found["reports"]] == [
        ("2026-08", "refused"), ("2026-09", "failed"), ("2026-10", "done"),
    ]  # fmt: skip
    assert found["last_good"]["period"] == "2026-10"
    (said,) = heard(tmp_path)
    assert "2026-08:  refused data" in said and "2026-10:  made" in said
    bad.pop("2026-08")
    bad["2026-09"] = MachineFailed("the disk is full")
    with pytest.raises(MonthsFailed) as failed:
        catch_up()
    assert failed.value.status == 4 and status(tmp_path)["missing"] == ["2026-09"]
    bad.clear()
    assert len(catch_up()) == 1 and catch_up() == []
    assert asked == ["2026-08", "2026-09", "2026-10", "2026-08", "2026-09", "2026-09"]
    assert status(tmp_path)["state"] == "done" and status(tmp_path)["missing"] == []


def test_missed_months_are_made_by_the_command(tmp_path, cohort):
    last = date.today().replace(day=1)
    months = []
    for _ in range(3):
        last = (last.replace(day=1) - date.resolution).replace(day=1)
        months.append(f"{last:%Y-%m}")
    *missed, kept = months
    assert run("build", cohort, "--period", kept, "--format", "html", cwd=tmp_path).returncode == 0
    done = run("build", cohort, "--catch-up", "--format", "html", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert [month["period"] for month in answer["months"]] == sorted(missed)
    assert all((Path(tmp_path, report["folder"]) / "report.html").exists() for report in answer["reports"])
    again = run("build", cohort, "--catch-up", "--format", "html", cwd=tmp_path)
    assert again.returncode == 0 and again.stdout == "No month is missing.\n"
    assert (
        run("build", cohort, "--period", "last", "--format", "html", "--quiet", cwd=tmp_path).returncode == 0
    )
    assert status(tmp_path)["period"] == months[0]
    assert run("build", cohort, "--catch-up", "--period", "last", cwd=tmp_path).returncode == 2


def test_what_a_workbook_says_in_its_settings_is_not_told_on(tmp_path):
    (tmp_path / "output" / "cohort").mkdir(parents=True)
    report = [{"key": CANARY, "value": "x"}]
    source = write_workbook(tmp_path / "cohort.xlsx", patients=patients({}, {}), report=report)
    assert run("build", source, cwd=tmp_path).returncode == 2
    assert CANARY not in json.dumps(status(tmp_path)) and status(tmp_path)["what_failed"]


def test_a_case_review_is_followed_too(tmp_path):
    source = canary_cohort(tmp_path)
    assert run("case", source, "--all", "--jobs", "1", "--quiet", cwd=tmp_path).returncode == 0
    found = status(tmp_path)
    assert (found["command"], found["state"], found["last_good"]) == ("case", "done", None)
