"""The monthly run, set and taken away at the desk, in its language."""

from __future__ import annotations

import re
import shutil
import sys
import time
from contextlib import contextmanager

import pytest

from tests.conftest import SAMPLE
from tests.desk.conftest import Running, start, stop

PATIENCE = 120
# The system's command, with a table of its own.
CRONTAB = """#!/bin/sh
case "$1" in
-l) /bin/cat "{table}" ;;
*) /bin/cat > "{table}" ;;
esac
"""


SYSTEMCTL = """#!/bin/sh
echo "$*" >> "{table}"
"""
LOGINCTL = """#!/bin/sh
echo Linger=no
"""


@contextmanager
def _desk(tmp_path, monkeypatch, **programs: str):
    """A desk on a machine where nothing else starts programs, so that nothing of ours stays."""
    folder = tmp_path / "programs"
    folder.mkdir()
    (tmp_path / "table").write_text("")
    for name, text in programs.items():
        (folder / name).write_text(text.format(table=tmp_path / "table"))
        (folder / name).chmod(0o755)
    shutil.copy(SAMPLE, tmp_path / "cohort.xlsx")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    running = start(tmp_path)
    yield running
    assert stop(running) == 0


@pytest.fixture
def ward(tmp_path, monkeypatch):
    with _desk(tmp_path, monkeypatch, crontab=CRONTAB) as running:
        yield running


def _done(ward: Running, address: str, **fields: str) -> str:
    job = ward.post(f"{address}/schedule", **fields)[0].getheader("Location")
    end = time.monotonic() + PATIENCE
    while "data-job" in (page := ward.ask("GET", job)[1].decode()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return page


@pytest.mark.skipif(sys.platform != "linux", reason="the command is one of cron")
def test_the_monthly_run_is_set_and_taken_away_in_german(ward):
    ward.post("/language", language="de")
    page = ward.ask("GET", "/")[1].decode()
    address = re.search(r'(/s/\w+)/map">cohort.xlsx<', page)[1]  # type: ignore[index]
    table = ward.folder / "table"
    said = _done(ward, address, day="3", time="05:30", do="install")
    assert "geschrieben: die Zeilen von reportgen-cohort-" in said and "jeden Monat am 3. um 05:30" in said
    assert "30 5 3 * * " in table.read_text() and "crontab -l" in said
    shown = ward.ask("GET", f"{address}/history")[1].decode()
    assert (
        'value="3"' in shown
        and 'value="05:30"' in shown
        and "Der monatliche Bericht ist eingerichtet" in shown
    )
    said = _done(ward, address, day="3", time="05:30", do="remove")
    assert "entfernt: die Zeilen von reportgen-cohort-" in said and not table.read_text().strip()
    assert "Es ist kein monatlicher Bericht eingerichtet" in ward.ask("GET", f"{address}/history")[1].decode()


@pytest.mark.skipif(sys.platform != "linux", reason="the command is one of systemd")
def test_the_timer_of_systemd_is_set_changed_and_taken_away(tmp_path, monkeypatch):
    with _desk(tmp_path, monkeypatch, systemctl=SYSTEMCTL, loginctl=LOGINCTL) as ward:
        page = ward.ask("GET", "/")[1].decode()
        address = re.search(r'(/s/\w+)/map">cohort.xlsx<', page)[1]  # type: ignore[index]
        said = _done(ward, address, day="3", time="05:30", do="install")
        timer, service = sorted((tmp_path / "config" / "systemd" / "user").iterdir(), reverse=True)
        assert (
            f"enabled: {timer.name}, every month on day 3 at 05:30" in said
            and "loginctl enable-linger" in said
        )
        assert "not in this window" not in said  # --user is an option of systemctl, not of ours
        assert "OnCalendar=*-*-03 05:30:00" in timer.read_text() and "--catch-up" in service.read_text()
        shown = ward.ask("GET", f"{address}/history")[1].decode()
        assert 'value="3"' in shown and "The monthly report is set" in shown
        _done(ward, address, day="28", time="23:59", do="install")
        assert "OnCalendar=*-*-28 23:59:00" in timer.read_text()
        asked = (tmp_path / "table").read_text()
        assert asked.count("--user daemon-reload") == 2 and f"enable --now {timer.name}" in asked
        assert "removed" in _done(ward, address, day="28", time="23:59", do="remove")
        assert not timer.exists() and not service.exists()
        assert "No monthly report is set" in ward.ask("GET", f"{address}/history")[1].decode()
