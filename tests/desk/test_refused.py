"""What is offered of refused data: the report without some patients only where each error is a patient's."""

from __future__ import annotations

import time
from urllib.parse import quote

import pytest

from tests.conftest import SAMPLE
from tests.desk.conftest import start, stop
from tests.workbooks import minimal_patients, write_workbook

PATIENCE = 120
WITHOUT = b"build?exclude=1"


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    running = start(tmp_path_factory.mktemp("ward"))
    yield running
    assert stop(running) == 0


def _dropped(ward, name: str, content: bytes) -> str:
    answer, body = ward.ask("POST", "/upload", content, X_File_Name=quote(name))
    assert answer.status == 200
    return body.decode().partition('"to":"')[2].partition("/map")[0]


def _built(ward, address: str) -> bytes:
    """The page of a build that has ended."""
    answer, _body = ward.post(f"{address}/build", format="html")
    end = time.monotonic() + PATIENCE
    while b"data-job" in (page := ward.ask("GET", answer.getheader("Location"))[1]):
        assert time.monotonic() < end
        time.sleep(0.1)
    return page


def test_a_file_that_cannot_be_read_is_not_offered_without_patients(ward, tmp_path):
    broken = _dropped(ward, "broken.xlsx", SAMPLE.read_bytes()[:4000])
    checked = ward.ask("GET", f"{broken}/check?part=1")[1]
    assert (
        b"There are errors" in checked and WITHOUT not in checked and b"without these patients" not in checked
    )
    built = _built(ward, broken)
    assert b"nothing was published" in built and WITHOUT not in built and b"See the findings" in built


def test_errors_of_patients_are_offered_without_them(ward, tmp_path):
    rows = minimal_patients(6, sex="female", death_date=None)
    rows[2] |= {"vital_status": "dead", "death_date": None}
    write_workbook(tmp_path / "ward.xlsx", patients=rows)
    faulty = _dropped(ward, "ward.xlsx", (tmp_path / "ward.xlsx").read_bytes())
    checked = ward.ask("GET", f"{faulty}/check?part=1")[1]
    assert WITHOUT in checked and b"without these patients" in checked
    assert WITHOUT in _built(ward, faulty)
