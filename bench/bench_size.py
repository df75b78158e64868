"""How time, memory and files grow from 10³ to 10⁶ patients, with five rows of toxicities for each.

Run: python bench/bench_size.py [most patients, 100000 by default] [csv]. Each registry is made (seeded,
synthetic), then its whole report is built, HTML and PDF, in a process of its own: CPU seconds, the highest
resident memory, and the sizes of what it leaves. A tenfold registry may cost less than ten times as much. With
`csv`, the largest is built from CSV too, HTML alone, beside the same numbers computed by base R with its
package survival and no document (bench/same_numbers.R), if R is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from make_registry import write

SIZES = (1_000, 10_000, 100_000, 1_000_000)
HERE = Path(__file__).resolve().parent
REPORTGEN = (sys.executable, "-c", "from reportgen.cli.main import main; main()")


class Cost(NamedTuple):
    """CPU and elapsed seconds, and the peak of resident memory in MB."""

    cpu: float
    elapsed: float
    memory: float


def cost(command: tuple[str, ...]) -> Cost:
    """What a process costs. CalledProcessError where it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - began, usage.ru_maxrss / unit)


def main(most: int = 100_000, csv: bool = False) -> None:
    sizes = [size for size in SIZES if size <= most]
    print("patients       CPU s   elapsed s   peak MB   HTML MB   PDF MB   results.json MB")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            source, output = Path(folder, f"registry-{size}"), Path(folder, "output")
            write(source, size)
            spent = cost((*REPORTGEN, "build", str(source), "--quiet", "--output", str(output)))
            files = {path.name: path.stat().st_size / 1e6 for path in (output / source.name).iterdir()}
            print(f"{size:9,} {spent.cpu:10.1f} {spent.elapsed:11.1f} {spent.memory:9.0f}"
                  f" {files['report.html']:9.2f} {files['report.pdf']:8.2f} {files['results.json']:17.2f}",
                  flush=True)  # fmt: skip
        if csv:
            source = Path(folder, "csv")
            write(source, sizes[-1], csv=True)
            ours = cost((*REPORTGEN, "build", str(source), "--quiet", "--output", folder, "--format", "html"))
            print(f"{sizes[-1]:,} from CSV, HTML: {ours.cpu:.1f} s, {ours.memory:.0f} MB")
            if shutil.which("Rscript"):
                theirs = cost(("Rscript", str(HERE / "same_numbers.R"), str(source)))
                print(
                    f"base R, no document: {theirs.cpu:.1f} s, {theirs.memory:.0f} MB: {theirs.cpu / ours.cpu:.1f} x"
                )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]), csv="csv" in sys.argv[2:])
