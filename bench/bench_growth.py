"""How the second month, a comparison of two reports and a check of faulty data grow with the number of patients.

Run: python bench/bench_growth.py [most patients, 25000 by default]. Of each seeded, synthetic registry: the report of
one month and of the next, when more is known and a number of one patient in fifty was corrected (HTML; CPU seconds of
the second as a multiple of the first); `diff` of the two; `check` of the registry as it is and where every patient has
two faults (last seen before the start, a relapse that is no date); the size of the queries.xlsx that asks about them.
The last lines are exponents: how the CPU seconds beyond those of the smallest registry grow between the two largest.
Goals: exponents up to 1.1, second month 1.2 times the first, faulty check 3 times the clean one, queries.xlsx 3 MB.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
from bench_size import REPORTGEN
from make_registry import write

SIZES = (1_000, 10_000, 25_000, 100_000)


class Grown(NamedTuple):
    """CPU seconds of each command, and the megabytes of queries.xlsx."""

    first: float
    second: float
    diff: float
    clean: float
    faulty: float
    queries: float


def cost(*arguments: str) -> float:
    """The CPU seconds of a command that ends with 0, or with 3 (data are refused)."""
    process = subprocess.Popen((*REPORTGEN, *arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        raise subprocess.CalledProcessError(process.returncode, arguments)
    return usage.ru_utime + usage.ru_stime


def changed(source: Path, **columns) -> None:
    """The table of patients with other columns. columns: name → function of the column's values and a generator."""
    path, draw = source / "patients.parquet", np.random.default_rng(7)
    table = parquet.read_table(path)
    for name, make in columns.items():
        values = pa.array(make(table[name].to_numpy(), draw), from_pandas=True)
        table = table.set_column(table.column_names.index(name), name, values)
    parquet.write_table(table, path)


def measured(folder: Path, patients: int) -> Grown:
    source, output = folder / f"registry-{patients}", folder / f"output-{patients}"
    write(source, patients)
    build = ("build", str(source), "--quiet", "--format", "html", "--output", str(output), "--period")
    faulty = folder / f"faulty-{patients}"
    shutil.copytree(source, faulty)
    first = cost(*build, "2024-05")
    changed(source, ldh=lambda ldh, draw: np.where(draw.random(len(ldh)) < 0.02, ldh + 1, ldh))
    second = cost(*build, "2024-06")
    runs = [str(output / source.name / month) for month in ("2024-05", "2024-06")]
    changed(
        faulty,
        last_contact=lambda days, draw: days - np.timedelta64(9_000, "D"),
        relapse_date=lambda days, draw: np.full(len(days), "soon", object),
    )
    spent = (
        cost("check", str(source), "--output", str(folder / "clean")),
        cost("check", str(faulty), "--output", str(folder / "asked")),
    )
    asked = sum(path.stat().st_size for path in (folder / "asked" / faulty.name).glob("queries.xlsx"))
    return Grown(first, second, cost("diff", *runs), *spent, asked / 1e6)


def main(most: int = 25_000) -> None:
    sizes = [size for size in SIZES if size <= most]
    print("patients  first s  second s   ratio  diff s  clean s  faulty s   ratio  queries MB")
    found: list[Grown] = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            found.append(grown := measured(Path(folder), size))
            print(f"{size:8,} {grown.first:8.1f} {grown.second:9.1f} {grown.second / grown.first:7.2f}"
                  f" {grown.diff:7.1f} {grown.clean:8.1f} {grown.faulty:9.1f} {grown.faulty / grown.clean:7.2f}"
                  f" {grown.queries:11.2f}",
                  flush=True)  # fmt: skip
    if len(sizes) > 2:
        start, before, last = found[0], found[-2], found[-1]
        for name in ("second", "diff", "faulty"):
            least = getattr(start, name)
            more = [max(getattr(one, name) - least, 0.01) for one in (before, last)]
            grew = math.log(more[1] / more[0]) / math.log(sizes[-1] / sizes[-2])
            print(f"{name}: exponent {grew:.2f} from {sizes[-2]:,} to {sizes[-1]:,}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
