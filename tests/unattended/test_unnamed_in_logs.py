"""What a scheduler keeps of a run that nobody watched: no name of a sheet, which may be a patient's, and no cell."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from tests.commands import command
from tests.workbooks import write_workbook

NAMES = ("Mueller Hans", "Schulze Greta")
START = date(2019, 3, 4)
STACKED = f"[source]\nstack = {json.dumps(NAMES)}\n"
# What ends a run: a date before another, a sheet that is not there, and settings that quote a sheet's name.
WRONG = {
    "a cell": STACKED,
    "no sheet": "",
    "a renamed sheet": '[source]\nstack = ["Mueller Hans", "Schulze G."]\n',
    "a setting": '[source]\nstack = "Mueller Hans"\n',
    "a table": '[tables]\n"Mueller Hans" = "patients"\n',
    "a column": '[columns."Mueller Hans"]\npatient_id = "no"\n',
}


@pytest.mark.parametrize("told", WRONG.values(), ids=WRONG)
def test_a_log_names_no_sheet_and_no_cell(tmp_path, told):
    sheets = {
        name: [{"patient_id": f"P{k}", "treatment_start": START, "vital_status": "alive",
                "last_contact": START + timedelta(days=900 if k else -9)}]
        for k, name in enumerate(NAMES)
    }  # fmt: skip
    write_workbook(tmp_path / "c.xlsx", **sheets)
    (tmp_path / "report.toml").write_text(told)
    for options in (("--catch-up", "--quiet"), ("--catch-up",)):
        done = command("build", "c.xlsx", "--output", "out", "--format", "html", *options, cwd=tmp_path)
        status = tmp_path / "out" / "c" / "status.json"
        kept = done.stdout + done.stderr + (status.read_text() if status.exists() else "")
        assert done.returncode in (2, 3) and "by hand" in done.stderr
        assert not [word for word in ("Mueller", "Schulze", "P0", "D2") if word in kept], kept
    for options in ((), ("--quiet",)):
        told_all = command("build", "c.xlsx", "--output", "out", "--format", "html", *options, cwd=tmp_path)
        assert "Mueller Hans" in told_all.stderr
