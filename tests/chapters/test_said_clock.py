"""What outcomes count from is said on page one and in the abstract, where it is not the start of treatment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reportgen.report import plain
from tests.conftest import make
from tests.reading import chapter
from tests.workbooks import minimal_patients, write_workbook


@pytest.mark.parametrize("origin", ["diagnosis_date", ""])
def test_the_clock_of_outcomes_is_said(tmp_path, origin):
    rows = minimal_patients(12)
    for k, row in enumerate(rows):
        row["diagnosis_date"] = row["treatment_start"] - timedelta(days=20 + k)
    source = write_workbook(tmp_path / "c.xlsx", patients=rows)
    report = make(source, overrides={"origin": origin} if origin else {}).report
    said = chapter(report, "summary").replace("\xa0", " ")
    assert said.count("Survival and relapse count from the date of diagnosis.") == (2 if origin else 0)
    assert plain(report.title)
