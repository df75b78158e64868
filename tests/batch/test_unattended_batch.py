"""A batch that nobody watches: months made up for, one status.json, one message, one timer."""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reportgen.base.errors import UsageError
from reportgen.base.exits import status_of
from reportgen.batch import BatchRequest, SomeFailed, batch
from reportgen.batch.manifest import Asked
from reportgen.cli.app import app
from reportgen.settings.choices import last_month
from reportgen.unattended.process import this_process
from reportgen.unattended.status import Status, read_status, write_status
from tests.history.series import workbook
from tests.schemas.test_schemas import faults

LAST = last_month(date.today())


@pytest.fixture
def network(tmp_path) -> Path:
    """A manifest of two centres and one whose file is broken, which tells a program how it ended."""
    for name in ("Graz", "Wien"):
        (tmp_path / name).mkdir()
        (tmp_path / "centres").mkdir(exist_ok=True)
        workbook(tmp_path / name, "2025-06", 12).rename(tmp_path / "centres" / f"{name}.xlsx")
    (tmp_path / "centres" / "Oslo\x1b[2J.xlsx").write_bytes(b"no workbook")
    program = tmp_path / "hear.py"
    program.write_text(f"import sys; open({str(tmp_path / 'heard.txt')!r}, 'a').write(sys.stdin.read())\n")
    command = json.dumps(shlex.join((sys.executable, str(program))))
    (tmp_path / "m.toml").write_text(
        f'[notify]\nname = "The network"\nwhen = "always"\ncommand = {command}\n[defaults]\nformat = "csv"\n'
        f'output = {json.dumps(str(tmp_path / "out"))}\n[[cohort]]\nsource = "centres/*.xlsx"\n'
    )
    return tmp_path / "m.toml"


def test_one_status_and_one_message_name_cohorts_and_no_patient(network):
    folder = network.parent
    with pytest.raises(SomeFailed):
        batch(BatchRequest(network, Asked(), workers=1, catch_up=True))
    status = read_status(folder / "out")
    assert status is not None
    assert (status.state, status.exit, status.command) == ("refused", 3, "batch")
    states = {one.cohort: (one.state, one.period) for one in status.reports}
    assert faults("status.json", json.loads((folder / "out" / "status.json").read_bytes())) == []
    assert states == {"Graz": ("done", LAST), "Wien": ("done", LAST), "Oslo\x1b[2J": ("refused", LAST)}
    assert status.missing == (f"Oslo\x1b[2J/{LAST}",) and [n.sent for n in status.notices] == [True]
    heard = (folder / "heard.txt").read_text()
    assert heard.count("reportgen: batch") == 1 and "(The network)" in heard
    assert f"Graz {LAST}: made" in heard and "NOT_XLSX" in heard
    assert "P001" not in heard and "\x1b" not in heard
    for name in ("Graz", "Wien"):
        assert (folder / "out" / name / LAST / "results.json").is_file()
    # Only what is missing is made again; the index still has everybody.
    (folder / "centres" / "Oslo\x1b[2J.xlsx").write_bytes((folder / "centres" / "Graz.xlsx").read_bytes())
    done = batch(BatchRequest(network, Asked(), workers=1, catch_up=True))
    assert [row.name for row in done.rows] == ["Oslo\x1b[2J"]
    names = [row["name"] for row in json.loads((folder / "out" / "batch.json").read_text())["cohorts"]]
    assert names == ["Graz", "Oslo\x1b[2J", "Wien"]
    assert faults("batch.json", json.loads((folder / "out" / "batch.json").read_bytes())) == []
    index = (folder / "out" / "index.html").read_bytes()
    assert batch(BatchRequest(network, Asked(), workers=1, catch_up=True)).rows == ()
    assert (folder / "out" / "index.html").read_bytes() == index


def test_months_are_found_by_the_program_alone(network):
    network.write_text(network.read_text().replace("[defaults]", '[defaults]\nperiod = "2025-06"'))
    with pytest.raises(UsageError, match="leave period and cutoff out"):
        batch(BatchRequest(network, Asked(), catch_up=True))
    done = CliRunner().invoke(app, ["batch", str(network), "--catch-up", "--period", "2025-06"])
    assert status_of(done.exception) == 2


def test_one_timer_for_the_network_and_none_where_a_source_cannot_be_read(network, monkeypatch):
    monkeypatch.chdir(network.parent)
    wanted = ["schedule", "m.toml", "--monthly", "--kind", "cron", "--profile", "board"]
    refused = CliRunner().invoke(app, wanted)
    assert status_of(refused.exception) == 2 and "can't be read" in str(refused.exception)
    (network.parent / "centres" / "Oslo\x1b[2J.xlsx").unlink()
    shown = CliRunner().invoke(app, wanted).stdout
    (run,) = (line for line in shown.splitlines() if line.startswith("0 6 1"))
    assert f"batch {network} --output {network.parent / 'out'} --catch-up --quiet --profile board" in run
    assert not (network.parent / "out").exists()


def test_a_batch_that_was_killed_is_told_by_the_scheduler(network, monkeypatch):
    monkeypatch.chdir(network.parent)
    nobody = replace(this_process(), pid=2**22 + 1)
    write_status(network.parent / "out", Status("running", "batch", started="then", process=nobody))
    assert CliRunner().invoke(app, ["schedule", "m.toml", "--settle"]).exit_code == 0
    status = read_status(network.parent / "out")
    assert status is not None and status.state == "failed" and "killed" in status.what_failed
    assert "ended without a word" in (network.parent / "heard.txt").read_text()
    shown = CliRunner().invoke(app, ["schedule", "m.toml", "--status"]).stdout
    assert shown.startswith("state: failed") and "last good" not in shown


def test_a_wrong_notify_is_said_before_anything_is_made(network):
    network.write_text(network.read_text().replace('when = "always"', 'when = "sometimes"'))
    with pytest.raises(UsageError, match=r"notify\.when"):
        batch(BatchRequest(network, Asked()))
    assert not (network.parent / "out").exists()
