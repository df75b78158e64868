"""A given duration is never read in another unit than its column names."""

from __future__ import annotations

import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.load import load_cohort
from tests.workbooks import write_workbook


def loaded(folder, column: str, unit: str):
    lines = (
        f'[[endpoint]]\nkey = "os"\ntime = "{column}"\nevent = "s"\nevent_values = [1]\ncensor_values = [0]\n'
    )
    (folder / "report.toml").write_text(lines + (f'unit = "{unit}"\n' if unit else ""))
    rows = [{"patient_id": f"P{k}", column: 10 + k, "s": k % 2} for k in range(6)]
    return load_cohort(write_workbook(folder / "c.xlsx", patients=rows), config=folder / "report.toml")


@pytest.mark.parametrize(
    "column, unit", [("os_months", ""), ("OS_MONTHS", "days"), ("Überleben (Monate)", ""), ("fu_weeks", "")]
)
def test_another_unit_is_an_error(tmp_path, column, unit):
    with pytest.raises(DataRefused) as refused:
        loaded(tmp_path, column, unit)
    (issue,) = (issue for issue in refused.value.issues if issue.code == "ENDPOINT_UNIT")
    assert issue.severity == "error" and issue.cell == "B2" and "unit = " in issue.hint


@pytest.mark.parametrize("column, unit, days", [("os_months", "months", 30.4375), ("rectime", "", 1), ("days", "", 1),
                                                ("os_time", "weeks", 7)])  # fmt: skip
def test_the_same_unit_or_a_name_without_one_is_read(tmp_path, column, unit, days):
    assert loaded(tmp_path, column, unit).endpoints["os"].duration[0] == pytest.approx(10 * days)


def test_another_unit_that_the_settings_name_is_a_doubt(tmp_path):
    (issue,) = (one for one in loaded(tmp_path, "days", "months").issues if one.code == "ENDPOINT_UNIT")
    assert issue.severity == "warning"
