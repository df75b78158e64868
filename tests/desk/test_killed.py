"""A desk that is killed and can say nothing: none of its processes outlives it, whatever they are at."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import SAMPLE
from tests.desk.conftest import start

PATIENCE = 60


def of(parent: int) -> set[int]:
    """The processes that a process has begun, and those that these have begun."""
    begun = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, above = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            begun.setdefault(int(above), set()).add(int(stat.parent.name))
    found, asked = set(), [parent]
    while asked:
        new = begun.get(asked.pop(), set()) - found
        found |= new
        asked += new
    return found


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel is asked for processes by /proc")
@pytest.mark.parametrize("at", ["rest", "work"])
def test_what_a_killed_desk_had_begun_ends_by_itself(tmp_path, at):
    shutil.copy(SAMPLE, tmp_path / "cohort.xlsx")
    desk = start(tmp_path)
    _, home = desk.ask("GET", "/")
    source = home.decode().partition('href="/s/')[2].partition("/")[0]
    assert desk.ask("GET", f"/s/{source}/check?part=1")[0].status == 200  # by the process that reads
    if at == "work":
        assert desk.post(f"/s/{source}/build", format="html", follow="yes")[0].status == 303
    begun = of(desk.process.pid)
    assert len(begun) >= 2
    desk.process.kill()
    desk.process.communicate()
    end = time.monotonic() + PATIENCE
    while left := {process for process in begun if alive(process)}:
        assert time.monotonic() < end, f"{len(left)} of {len(begun)} processes are left"
        time.sleep(0.2)
