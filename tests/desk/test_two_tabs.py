"""Two tabs of one desk on one source do not mix; a build whose process is killed leaves the last good report."""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.conftest import SAMPLE
from tests.desk.conftest import Running, start, stop
from tests.workbooks import minimal_patients, write_workbook

PATIENCE = 120


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ward")
    _written(folder, {1: "lives", 3: "gone"})
    shutil.copy(SAMPLE, folder / "cohort.xlsx")
    running = start(folder)
    yield running
    assert stop(running) == 0


def _written(folder: Path, words: dict[int, str]) -> None:
    rows = minimal_patients(6, sex="female", death_date=None)
    for number, word in words.items():
        rows[number] |= {"vital_status": word}
    write_workbook(folder / "ward.xlsx", patients=rows)


def _source(ward: Running, name: str) -> str:
    page = ward.ask("GET", "/")[1].decode()
    return re.search(rf'(/s/\w+)/map">{re.escape(name)}<', page)[1]  # type: ignore[index]


def _checked(ward: Running, address: str) -> list[str]:
    page = ward.ask("GET", f"{address}/check?part=1")[1].decode()
    return re.findall(rf'href="({address}/rows/[^"]+)"', page)


def _shown(ward: Running, address: str) -> str:
    """The word that is marked on the page of a cell."""
    page = ward.ask("GET", address)[1].decode()
    return re.search(r'id="cell">([^<]*)<', page)[1]  # type: ignore[index]


def _fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def test_what_a_tab_shows_stays_what_it_showed_when_another_checks_again(ward):
    address = _source(ward, "ward.xlsx")
    first = _checked(ward, address)
    assert [_shown(ward, one) for one in first] == ["lives", "gone"]
    said = _fields(ward.ask("GET", first[1])[1].decode())
    _written(ward.folder, {3: "gone"})
    other = _checked(ward, address)  # another tab: what was the second finding is the first one now
    assert [_shown(ward, one) for one in other] == ["gone"] and _shown(ward, first[1]) == "gone"
    # And what was said of a word is never said of another that has come into its cell.
    _written(ward.folder, {3: "moved"})
    for sent in (said, _fields(ward.ask("GET", other[0])[1].decode()) | {"word": "gone"}):
        answer, page = ward.ask("POST", f"{address}/means", urlencode(sent | {"meaning": "dead"}).encode())
        assert answer.status == 422 and b"something else" in page
    assert not (ward.folder / "report.toml").exists()
    sent = _fields(ward.ask("GET", _checked(ward, address)[0])[1].decode())
    assert ward.post(f"{address}/means", **sent, meaning="dead")[0].status == 303
    assert '"moved"' in (ward.folder / "report.toml").read_text()
    (ward.folder / "report.toml").unlink()


def _begun(ward: Running, address: str) -> str:
    return ward.post(f"{address}/build", format="html")[0].getheader("Location")


def _ended(ward: Running, job: str) -> str:
    end = time.monotonic() + PATIENCE
    while "data-job" in (page := ward.ask("GET", job)[1].decode()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return page


def _children(process: int) -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue  # it ended just now
        if parent == process:
            found.add(int(stat.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
def test_a_build_that_is_killed_leaves_the_last_good_report(ward):
    address = _source(ward, "cohort.xlsx")
    assert "iframe" in _ended(ward, _begun(ward, address))
    folder = ward.folder / "output" / "cohort"
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    idle = _children(ward.process.pid)
    job = _begun(ward, address)
    (working,) = _children(ward.process.pid) - idle
    end = time.monotonic() + PATIENCE
    while b'"said":""' in ward.ask("GET", f"{job}/state")[1]:  # until it is at work
        assert time.monotonic() < end
        time.sleep(0.05)
    os.kill(working, signal.SIGKILL)
    page = _ended(ward, job)
    assert "The program ended unexpectedly." in page and 'role="alert"' in page
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    assert "iframe" in _ended(ward, _begun(ward, address))  # and the next one is made as ever
