"""The same input, settings and lock file give the same bytes, wherever and whenever."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

from tests.conftest import SAMPLE

FILES = ("report.html", "report.pdf", "results.json", "queries.xlsx")


def build(folder, seed: str, zone: str) -> dict[str, str]:
    folder.mkdir()
    environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "reportgen", "build", str(SAMPLE), "--output", "here", "--quiet"]
    subprocess.run(command, cwd=folder, env=environment, check=True, timeout=300)
    made = folder / "here" / SAMPLE.stem
    return {name: hashlib.sha256((made / name).read_bytes()).hexdigest() for name in FILES}


def test_two_processes_make_the_same_bytes(tmp_path):
    first = build(tmp_path / "a", "1", "UTC")
    second = build(tmp_path / "b", "4242", "Pacific/Auckland")
    assert first == second
