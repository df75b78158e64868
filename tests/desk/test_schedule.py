"""The monthly run, set and taken away at the desk, in its language."""

from __future__ import annotations

import re
import shutil
import sys
import time

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


@pytest.fixture
def ward(tmp_path, monkeypatch):
    programs = tmp_path / "programs"
    programs.mkdir()
    (tmp_path / "table").write_text("")
    (programs / "crontab").write_text(CRONTAB.format(table=tmp_path / "table"))
    (programs / "crontab").chmod(0o755)
    shutil.copy(SAMPLE, tmp_path / "cohort.xlsx")
    monkeypatch.setenv(
        "PATH", str(programs)
    )  # nothing else that starts programs is found, so nothing of ours stays
    running = start(tmp_path)
    yield running
    assert stop(running) == 0


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
