"""Case reviews made together, against one at a time: CPU seconds and peak memory.

Run: python bench/bench_cases.py [patients, 20 by default]. Patients of the synthetic sample of two groups;
together in one process, by a pool of two, and each in a process of its own (of five, for the seconds of each).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench_build import REPORTGEN
from bench_size import cost

SOURCE = Path(__file__).resolve().parents[1] / "sample_data" / "two_groups.xlsx"
ALONE = 5


def ids(count: int) -> list[str]:
    from reportgen.cohort.load import load_cohort

    return load_cohort(SOURCE).patients.frame["patient_id"].tolist()[:count]


def main(count: int = 20) -> None:
    people = ids(count)
    with tempfile.TemporaryDirectory() as folder:
        case = (*REPORTGEN, "case", str(SOURCE), "--quiet", "--output", folder)
        alone = [cost((*case, who, "--jobs", "1")).cpu for who in people[:ALONE]]
        single = sum(alone) / len(alone)
        print(f"{len(people)} case reviews; one by itself: {single:.2f} CPU s")
        for jobs in (1, 2):
            spent = cost((*case, *people, "--jobs", str(jobs)))
            each = spent.cpu / len(people)
            print(f"{jobs} process{'es' if jobs > 1 else ''}: {each:.3f} CPU s each, {1 / each:.1f} per CPU second, "
                  f"{spent.memory:.0f} MB at most, {single / each:.1f} x one at a time", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
