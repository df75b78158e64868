"""A machine whose battery is flat begins in 1970: to it all data lie in the future."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from reportgen.base import clock
from reportgen.base.errors import MachineFailed
from reportgen.cohort.load import load_cohort
from tests.conftest import TWO_GROUPS


def test_a_report_is_not_made_by_a_clock_that_cannot_be_right(monkeypatch):
    monkeypatch.setattr(clock, "date", SimpleNamespace(today=lambda: date(1970, 1, 2)))
    with pytest.raises(MachineFailed, match="1970-01-02.*set it") as failed:
        load_cohort(TWO_GROUPS)
    assert failed.value.status == 4
