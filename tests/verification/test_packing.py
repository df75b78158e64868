"""What may be given away of a run, and nothing else, in one zip whose names tell nothing."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from reportgen.base.errors import MachineFailed, UsageError
from reportgen.base.exits import status_of
from reportgen.cli.app import app
from reportgen.run.pipeline import Request, build
from reportgen.verification.packing import pack
from tests.conftest import TWO_GROUPS


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> Path:
    """An internal, a board and an external report of a source whose name tells something."""
    folder = tmp_path_factory.mktemp("packed")
    source = shutil.copy(TWO_GROUPS, folder / "ward-7-mueller.xlsx")
    for profile in ("internal", "board", "external"):
        formats = ("html",) if profile == "external" else ("html", "csv")
        build(Request(source, None, folder / "out", "", formats, {"privacy.profile": profile}))
    return folder / "out" / "ward-7-mueller"


def inside(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as packed:
        assert packed.testzip() is None and {i.date_time for i in packed.infolist()} == {
            (1980, 1, 1, 0, 0, 0)
        }
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.mark.parametrize(
    ("profile", "names"),
    [
        ("external", {"report.html", "results.json"}),
        ("board", {"report.html", "results.json", "patients.csv"}),
    ],
)
def test_only_what_may_be_given_away_is_in_it(runs, tmp_path, profile, names):
    (runs / profile / "my notes on Mueller.txt").write_text("private")
    pack(runs / profile, tmp_path / "a.zip")
    found = inside(tmp_path / "a.zip")
    assert set(found) == names
    assert not any(b"mueller" in content.lower() for content in found.values())
    assert b"mueller" not in (tmp_path / "a.zip").read_bytes().lower()
    assert stat.S_IMODE((tmp_path / "a.zip").stat().st_mode) == 0o600
    pack(runs / profile / "manifest.json", tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_an_internal_run_is_refused_unless_it_was_told(runs, tmp_path):
    with pytest.raises(UsageError, match="--internal"):
        pack(runs, tmp_path / "a.zip")
    assert not list(tmp_path.iterdir())
    pack(runs, tmp_path / "a.zip", internal=True)
    assert set(inside(tmp_path / "a.zip")) == {"report.html", "results.json", "patients.csv"}


def test_nothing_is_replaced_and_nothing_changed_is_packed(runs, tmp_path):
    run = shutil.copytree(runs / "external", tmp_path / "run")
    (tmp_path / "a.zip").write_bytes(b"mine")
    with pytest.raises(UsageError, match="there already"):
        pack(run, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == b"mine"
    with pytest.raises(MachineFailed, match="--to"):
        pack(run, tmp_path / "nowhere" / "a.zip")
    (run / "report.html").write_text("another page")
    with pytest.raises(UsageError, match="not as it was published"):
        pack(run, tmp_path / "b.zip")
    manifest = (run / "manifest.json").read_bytes().replace(b'"external"', b'"internal"')
    (run / "manifest.json").write_bytes(manifest)
    with pytest.raises(UsageError, match="reportgen verify"):
        pack(run, tmp_path / "b.zip")


def test_the_command(runs, tmp_path):
    done = CliRunner().invoke(app, ["pack", str(runs / "external"), "--to", str(tmp_path / "a.zip")])
    assert done.exit_code == 0 and "report.html, results.json" in done.stdout
    done = CliRunner().invoke(app, ["pack", str(runs), "--to", str(tmp_path / "b.zip")])
    assert status_of(done.exception) == 2 and not os.path.lexists(tmp_path / "b.zip")
