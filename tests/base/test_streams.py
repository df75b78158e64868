"""Standard streams that are closed: the run ends as it would, and nothing is written into a file of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.workbooks import minimal_patients, write_workbook


@pytest.mark.skipif(os.name == "nt", reason="a shell is needed")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_bug(tmp_path, closed):
    write_workbook(tmp_path / "c.xlsx", patients=minimal_patients(3))
    command = f'"{sys.executable}" -m reportgen check c.xlsx {closed}'
    done = subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, stdout=subprocess.DEVNULL, check=False)  # noqa: S603
    assert done.returncode == 0
    assert (tmp_path / "output" / "c" / "queries.xlsx").read_bytes().startswith(b"PK")
    assert (tmp_path / "output" / "c.history.sqlite").read_bytes().startswith(b"SQLite")
