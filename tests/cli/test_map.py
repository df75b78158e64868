"""`reportgen map` at a terminal, and for a machine."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reportgen.cli.app import app

ASPS = Path(__file__).parents[1] / "cases" / "messy" / "asps.xlsx"


def test_a_session_in_which_every_answer_is_enter_but_one(tmp_path):
    source = shutil.copy(ASPS, tmp_path)
    done = CliRunner().invoke(app, ["map", str(source)], input="z\n" + "\n" * 12)
    assert done.exit_code == 0
    assert "One of " in done.stdout
    written = tomllib.loads((tmp_path / "report.toml").read_text(encoding="utf-8"))
    assert "LTFU" in written["values"]["vital_status"]["alive"]
    assert written["columns"]["patients"]["patient_id"] == "No."


@pytest.mark.parametrize("yes", [False, True])
def test_json_alone_writes_nothing(tmp_path, yes):
    source = shutil.copy(ASPS, tmp_path)
    done = CliRunner().invoke(app, ["map", str(source), "--json", *(["--yes"] if yes else [])])
    assert done.exit_code == 3
    assert set(json.loads(done.stdout)) == {"sheets", "open", "chapters", "settings"}
    assert (tmp_path / "report.toml").exists() == yes
