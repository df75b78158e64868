"""How time, memory and files grow from 10³ to 10⁷ patients, with five rows of toxicities for each.

Run: python bench/bench_size.py [most patients, 100000 by default] [csv | parquet]. Each registry is made (seeded,
synthetic), then its whole report is built, HTML and PDF, in a process of its own: CPU seconds, the highest
memory of all its processes together, and the sizes of what it leaves. A tenfold registry may cost less than ten times
as much. With `csv`, the largest is built from CSV too, HTML alone, beside the same numbers computed by base R with its
package survival and no document (bench/same_numbers.R), if R is installed. With `parquet`, HTML alone from 100,000
patients on, in part files of a million or so, and by which power of the patients the CPU seconds grow.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from math import log
from pathlib import Path
from typing import NamedTuple

from make_registry import write

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
PART, LARGE = 1_250_000, 100_000
SAMPLED = 0.2  # seconds
HERE = Path(__file__).resolve().parent
REPORTGEN = (sys.executable, "-c", "from reportgen.cli.main import main; main()")


class Cost(NamedTuple):
    """CPU and elapsed seconds, and the peak of memory in MB: what all processes hold together, a page that several
    hold counted once (Linux); elsewhere what the first of them holds."""

    cpu: float
    elapsed: float
    memory: float


def cost(command: tuple[str, ...]) -> Cost:
    """What a process costs. CalledProcessError where it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak, over = [0.0], threading.Event()
    sampler = threading.Thread(target=_sample, args=(process.pid, peak, over), daemon=True)
    sampler.start()
    _, status, usage = os.wait4(process.pid, 0)
    over.set()
    sampler.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    unit = 1e6 if sys.platform == "darwin" else 1e3
    memory = peak[0] or usage.ru_maxrss / unit
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - began, memory)


def _sample(pid: int, peak: list[float], over: threading.Event) -> None:
    while not over.wait(SAMPLED):
        peak[0] = max(peak[0], sum(map(_held, _family(pid))))


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for one in found:
        with suppress(OSError):
            for children in Path(f"/proc/{one}/task").glob("*/children"):
                found += map(int, children.read_text().split())
    return found


def _held(pid: int) -> float:
    """MB in memory, a page that several processes share in part (PSS); 0 where the process is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1e3
    return 0.0


def growth(most: int) -> None:
    """HTML of registries in Parquet: CPU seconds, memory, and the exponent of growth."""
    print("patients       CPU s   elapsed s   peak MB")
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for size in (size for size in SIZES if LARGE <= size <= most):
            source = Path(folder, f"registry-{size}")
            write(source, size, max(1, size // PART))
            spent = cost(
                (*REPORTGEN, "build", str(source), "--quiet", "--output", folder, "--format", "html")
            )
            print(f"{size:10,} {spent.cpu:9.1f} {spent.elapsed:11.1f} {spent.memory:9.0f}", flush=True)
            found.append((size, spent.cpu))
            shutil.rmtree(source)
    (first, least), (last, largest) = found[0], found[-1]
    if last > first:
        print(f"CPU seconds grow by the power {log(largest / least) / log(last / first):.2f} of the patients")


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
    if "parquet" in sys.argv[2:]:
        growth(int(sys.argv[1]))
        raise SystemExit
    main(*(int(argument) for argument in sys.argv[1:2]), csv="csv" in sys.argv[2:])
