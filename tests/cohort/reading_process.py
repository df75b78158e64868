"""Reading files in a process of its own, where an abort, a hang or a greedy library is seen and hurts nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).parents[2]
# A fuzzer of hours shares its machine: how long a file may take is asked of its CPU time.
PATIENCE = 600 if "REPORTGEN_FUZZ" in os.environ else 30

PROGRAM = """
import json, sys, time
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (4_000_000_000, 4_000_000_000))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except ImportError:
    resource = None
from pathlib import Path
import pandas, python_calamine
from reportgen.cohort.load import check_tables, cohort_of, read_source
from reportgen.base.errors import DataRefused
from reportgen.settings.model import Settings

def plain(value):
    if pandas.isna(value):
        return None
    return value.date().isoformat() if hasattr(value, "date") else value

for line in sys.stdin:
    began = time.process_time()
    patients = None
    try:
        book = read_source(Path(json.loads(line)))
        draft, issues = check_tables(book, Settings())
        cohort, issues = cohort_of(book, draft, issues, Settings())
        if cohort:
            frame = cohort.patients.frame
            patients = {str(row): {c: plain(v) for c, v in values.items()}
                        for row, values in zip(frame.index, frame.to_dict("records"))}
    except DataRefused as refused:
        issues = refused.issues
    said = [[i.severity, i.code, i.sheet, i.cell, i.patient] for i in issues]
    assert all(i.problem and i.hint and i.code.isupper() for i in issues)
    seconds = time.process_time() - began
    # Not ru_maxrss: a child inherits the peak of the process that started it.
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    peak = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0)
    answer = {"patients": patients, "issues": said, "seconds": seconds, "megabytes": peak}
    print(json.dumps(answer, allow_nan=False), flush=True)
"""


class ReadingProcess:
    """A process that reads one file after the other. Its peak of memory is that of all files so far."""

    def __init__(self):
        self.process = None

    def read(self, path: Path) -> dict:
        """What it says of a file: patients (row → column → value) or None, issues, seconds, megabytes.

        AssertionError where the process dies (with how it ended) or is not done after PATIENCE seconds.
        """
        if self.process is None:
            self._start()
        process = self.process
        hurry = threading.Timer(PATIENCE, process.kill)
        hurry.start()
        try:
            process.stdin.write(json.dumps(str(path)) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        finally:
            hurry.cancel()
        if not line:
            self.process = None
            _, errors = process.communicate()
            raise AssertionError(f"the process ended with {process.returncode}: {errors[-2000:]}")
        return json.loads(line)

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip

    def close(self) -> None:
        if self.process is not None:
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.stderr.close()
            self.process.wait(PATIENCE)
            self.process = None
