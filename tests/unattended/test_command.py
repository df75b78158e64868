"""A program that hears how a run ended: without a shell, without passwords, and not for ever."""

from __future__ import annotations

import shlex
import sys
import time

import pytest

import reportgen.unattended.notices.command
from reportgen.settings.model import Notify
from reportgen.unattended.notices import tell
from reportgen.unattended.status import Told
from tests.unattended.test_mail import REFUSED


def python(code: str, *arguments: str) -> Notify:
    return Notify(command=shlex.join([sys.executable, "-c", code, *arguments]))


def test_it_gets_the_message_and_what_machines_read(tmp_path, monkeypatch):
    monkeypatch.setenv("REPORTGEN_SMTP_PASSWORD", "secret-a")
    monkeypatch.setenv("REPORTGEN_PASSWORD", "secret-b")
    monkeypatch.setenv("PGPASSWORD", "secret-c")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-d")
    code = ("import os, sys; print(sys.stdin.read(), *sys.argv[1:], *(f'{k}={v}' for k, v in os.environ.items()), "
            "sep='\\n', file=open('heard', 'w', encoding='utf-8'))")  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert tell(python(code, "$(id); `id` | x"), REFUSED) == (Told("command", True),)
    heard = (tmp_path / "heard").read_text(encoding="utf-8")
    assert (
        heard.startswith("reportgen: report 2026-10: refused data\n")
        and "What to do: Run `reportgen check`" in heard
    )
    lines = heard.splitlines()
    assert "$(id); `id` | x" in lines
    assert {
        "REPORTGEN_STATE=refused",
        "REPORTGEN_EXIT=3",
        "REPORTGEN_PERIOD=2026-10",
        "REPORTGEN_ERRORS=2",
    } <= set(lines)
    assert "secret" not in heard and "Müller" not in heard


@pytest.mark.parametrize(
    ("notify", "why"),
    [
        (python("raise SystemExit(9)"), "ended with 9"),
        (python("import sys; sys.stdin.close()"), ""),
        (Notify(command="/no/such/program"), "can't be run"),
    ],
)
def test_how_it_failed_is_said(notify, why):
    (told,) = tell(notify, REFUSED)
    assert told.sent is (not why) and why in told.why


def test_what_it_prints_goes_nowhere(capfd):
    tell(python("import sys; print('noise'); print('noise', file=sys.stderr)"), REFUSED)
    assert capfd.readouterr() == ("", "")


def test_one_that_does_not_end_is_ended_with_all_it_started(tmp_path, monkeypatch):
    monkeypatch.setattr(reportgen.unattended.notices.command, "SECONDS", 1)
    late = tmp_path / "late"
    child = f"import time, pathlib; time.sleep(3); pathlib.Path({str(late)!r}).touch()"
    code = (
        f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)"
    )
    (told,) = tell(python(code), REFUSED)
    assert "had not ended after 1 s" in told.why
    time.sleep(3.5)
    assert not late.exists()
