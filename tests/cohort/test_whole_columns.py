"""What is asked of the distinct cells of a column, once for all tables that hold them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from reportgen.cohort import distinct
from reportgen.cohort.coded import Coded
from reportgen.cohort.whole_columns import in_pieces, inferred, surely
from tests.cohort.test_coded import same

IDS = np.array(["P1", "P2", "P3"], object)


def column(codes, cells=IDS) -> pd.Series:
    return pd.Series(Coded(np.array(codes), cells))


def test_an_answer_is_kept_for_every_column_of_the_same_cells_and_holds_of_no_empty_one():
    asked = []

    def digits(cells: np.ndarray) -> bool:
        asked.append(len(cells))
        return in_pieces(cells, lambda lines: "X" not in lines)

    assert surely(column([0, 2, -1]), "no X", digits) and surely(column([1, 1]), "no X", digits)
    assert asked == [3]
    assert not surely(column([-1, -1]), "no X", digits)
    assert not surely(pd.Series(["P1"]), "no X", digits)
    assert not surely(column([0], np.array(["X", "Y"], object)), "no X", digits)


def test_a_cell_that_stands_in_no_row_only_makes_the_answer_unsure():
    cells = np.array(["P1", 7.0], object)
    assert not surely(column([0], cells), "text", lambda some: in_pieces(some, lambda lines: True))
    assert inferred(column([0], cells)) == "string"


@pytest.mark.parametrize(
    ("cells", "kind"),
    [(["a", "b"], "string"), ([1.5, 2.0], "floating"), ([1, 2], "integer"), ([date(2020, 1, 1)], "date")],
)
def test_what_cells_are_is_what_pandas_says_of_them(cells, kind):
    some = np.empty(len(cells), object)
    some[:] = cells
    assert inferred(column([0, -1], some)) == kind == pd.api.types.infer_dtype(cells)
    assert inferred(column([0, -1], some), skipna=False) == pd.api.types.infer_dtype(
        np.array([cells[0], None], object), skipna=False
    )


@pytest.mark.parametrize("part", [2, 1_000_000])
@pytest.mark.parametrize("codes", [[0, 1, 2], [2, 0, 1]])
@pytest.mark.parametrize(
    "values",
    [[1.5, np.nan, 3.5], ["x", None, "y"], [True, False, True], [pd.Timestamp("2020-01-01"), pd.NaT, pd.NaT]],
)
def test_rows_find_those_of_the_same_cells_whether_these_stand_in_order_or_not(
    values, codes, part, monkeypatch
):
    monkeypatch.setattr(distinct, "PART", part)
    by_id = pd.Series(values, index=pd.Index(Coded(np.array(codes), IDS)))
    for rows in ([2, 0, -1, 1, 0], [1, 1, 2]):
        names = pd.Series([None if row < 0 else IDS[row] for row in rows], dtype=object)
        assert same(column(rows).map(by_id), names.map(pd.Series(values, index=IDS[codes])))
