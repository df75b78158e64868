"""What a report for readers outside masks is said before it is made."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner

from reportgen.cli.app import app
from reportgen.run import pipeline
from tests.conftest import TWO_GROUPS
from tests.workbooks import minimal_patients, write_workbook


@pytest.mark.parametrize("few", [True, False])
def test_it_is_said_before_anything_is_made(tmp_path, monkeypatch, few):
    source = TWO_GROUPS
    if few:
        source = write_workbook(tmp_path / "few.xlsx", patients=minimal_patients(23))
    monkeypatch.setattr(pipeline, "produce", _stopped)
    asked = ["build", str(source), "--profile", "external", "--output", str(tmp_path / "out")]
    said = CliRunner().invoke(app, asked).stderr
    if few:
        assert "numbers will be masked" in said and "for readers outside, all" in said
    else:
        assert "for readers outside" in said and "toxicity" in said and "all" not in said
    assert "for readers outside" not in CliRunner().invoke(app, [*asked, "--quiet"]).stderr


def _stopped(*_args, **_more):
    raise KeyboardInterrupt


def test_it_is_as_many_as_the_report_masks(tmp_path):
    told: list[str] = []
    request = pipeline.Request(TWO_GROUPS, None, tmp_path, "", ("html",), {"privacy.profile": "external"})
    folder = pipeline.build(request, before=told.append).folder
    results = json.loads((folder / "results.json").read_text())
    # Rows whose very name is withheld are masked, too, and stand in no table.
    for section in ("baseline", "response", "toxicity"):
        rows = [row for row in results["estimates"] if row["section"] == section]
        masked, of = map(int, re.findall(rf"{section} (\d+) of (\d+)", told[0])[0])
        assert 0 < sum(row["value"] is not None for row in rows if row["statistic"] != "count") == of - masked
