"""What an operator is told of refused data."""

from __future__ import annotations

import pytest

from reportgen.base.errors import ERROR, NOTE, DataRefused, Issue
from reportgen.base.exits import ALIKE, told_of
from reportgen.base.message import message


def issue(cell: str, column: str, severity: str = ERROR) -> Issue:
    problem = message("{column}: the value is not known", column=column)
    return Issue(severity, "UNKNOWN_VALUE", "patients", cell, f"P{cell[1:]}", problem, message("Correct it"))


@pytest.mark.parametrize("cells", [ALIKE, ALIKE + 1, 12])
def test_a_fault_of_a_column_is_told_once_with_its_cells_and_any_other_by_itself(cells):
    alike = [issue(f"C{row}", "sex") for row in range(2, 2 + cells)]
    told = told_of(DataRefused((*alike, issue("D3", "arm"), issue("E9", "stage", NOTE)))).split("\n")
    of_sex = [line for line in told if "sex" in line]
    assert told[0] == f"{cells + 1} errors in the data; nothing was published."
    assert len(of_sex) == (cells if cells <= ALIKE else 1)
    rest = f" and {cells - 5} more" if cells > 5 else ""
    assert cells <= ALIKE or of_sex == [
        f"  error UNKNOWN_VALUE patients!{', '.join(f'C{row}' for row in range(2, 2 + min(cells, 5)))}{rest}: "
        "sex: the value is not known. Correct it"
    ]
    assert [line for line in told if "arm" in line] == [
        "  error UNKNOWN_VALUE patients!D3 (patient P3): arm: the value is not known. Correct it"
    ]
    assert "1 note besides" in told[-1]
