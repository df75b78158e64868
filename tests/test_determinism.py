"""The same input, settings and lock file give the same bytes, wherever and whenever."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

from tests.conftest import SAMPLE

FILES = ("report.html", "report.pdf", "report.docx", "results.json", "queries.xlsx")


def build(folder, seed: str, zone: str, words: str, mask: int) -> dict[str, str]:
    """A report made in a home, folder, time zone and language of its own. words: the locale."""
    folder.mkdir()
    own = {"PYTHONHASHSEED": seed, "TZ": zone, "HOME": str(folder), "TMPDIR": str(folder), "COLUMNS": seed}
    environment = os.environ | own | {"LC_ALL": words, "LANG": words, "LANGUAGE": words}
    options = ("--format", "html,pdf,docx", "--output", "here", "--quiet")
    command = [sys.executable, "-m", "reportgen", "build", str(SAMPLE), *options]
    subprocess.run(command, cwd=folder, env=environment, check=True, timeout=300, umask=mask)
    made = folder / "here" / SAMPLE.stem
    return {name: hashlib.sha256((made / name).read_bytes()).hexdigest() for name in FILES}


def test_two_processes_make_the_same_bytes(tmp_path):
    first = build(tmp_path / "a", "1", "UTC", "C.UTF-8", 0o022)
    second = build(tmp_path / "größer b", "4242", "Pacific/Auckland", "C", 0o077)
    assert first == second
