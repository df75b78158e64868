"""A table whose last line has no end may be cut off within its last cell: it is asked about, and nothing else is."""

from __future__ import annotations

import pytest

from reportgen.cohort.load import read_source
from reportgen.cohort.readers import regular

TABLE = "patient_id,treatment_start,last_contact\n1,2020-01-01,2021-01-01\n2,2020-01-02,2021-01-0"


@pytest.mark.parametrize("from_bytes", [regular.FROM_BYTES, 1])
@pytest.mark.parametrize("end, asked", [("", ["C3"]), ("\n", []), ("\r\n", [])])
def test_a_last_line_without_its_end_is_asked_about(tmp_path, monkeypatch, from_bytes, end, asked):
    monkeypatch.setattr(regular, "FROM_BYTES", from_bytes)
    path = tmp_path / "cohort.csv"
    path.write_bytes((TABLE + end).encode())
    issues = [issue for issue in read_source(path).issues if issue.code == "LAST_LINE"]
    assert [issue.cell for issue in issues] == asked
    assert all(issue.sheet == "cohort" and issue.severity == "warning" for issue in issues)


@pytest.mark.parametrize("text", ['patient_id,"word"\n1,"whole"', "patient_id,treatment_start"])
def test_a_cell_in_quotes_and_a_header_alone_are_not(tmp_path, text):
    path = tmp_path / "cohort.csv"
    path.write_text(text)
    assert not [issue for issue in read_source(path).issues if issue.code == "LAST_LINE"]
