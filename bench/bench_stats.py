"""The survival estimators at 10⁶ patients and 3,650 distinct days, as ratios to numpy's sort of the durations.

Run: python bench/bench_stats.py [patients]. The sort and the estimator alternate in the same process, and
the median of the ratios is printed, as this machine's speed may drift; memory is the peak of numpy's own
allocations above the inputs, per patient.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable
from statistics import median

import numpy as np

from reportgen.stats.events import event_table, event_tables
from reportgen.stats.incidence import cumulative_incidence, gray_test
from reportgen.stats.survival import kaplan_meier, logrank

PATIENTS, DAYS, PAIRS = 1_000_000, 3_650, 9
GOALS = {"Kaplan–Meier with interval": 3.5, "log-rank, two groups": 4.0}


def cohort(patients: int = PATIENTS) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Durations in whole days, status 0 / 1 / 2, and two groups."""
    rng = np.random.default_rng(2026)
    duration = rng.integers(1, DAYS + 1, patients).astype(float)
    return duration, rng.integers(0, 3, patients), rng.integers(0, 2, patients)


def estimators(duration, status, group) -> dict[str, Callable[[], object]]:
    """What is measured, each from arrays of patients to its answer."""
    relapse, fractions = (status == 1).astype(int), duration + 0.25
    return {
        "EventTable": lambda: event_table(duration, relapse),
        "EventTable, fractions of days": lambda: event_table(fractions, relapse),
        "Kaplan–Meier with interval": lambda: kaplan_meier(event_table(duration, relapse)),
        "log-rank, two groups": lambda: logrank(event_tables(duration, relapse, group)),
        "Aalen–Johansen with interval": lambda: cumulative_incidence(
            event_table(duration, status, causes=2), 1
        ),
        "Gray's test, two groups": lambda: gray_test(duration, status, group),
    }


def ratio_to_sort(
    function: Callable[[], object], duration: np.ndarray, pairs: int = PAIRS
) -> tuple[float, float]:
    """(median ratio to np.sort, median CPU seconds) over alternating pairs, after one run to warm up."""
    function()
    ratios, costs = [], []
    for _ in range(pairs):
        start = time.process_time()
        np.sort(duration)
        middle = time.process_time()
        function()
        end = time.process_time()
        ratios.append((end - middle) / (middle - start))
        costs.append(end - middle)
    return median(ratios), median(costs)


def peak_bytes(function: Callable[[], object]) -> int:
    tracemalloc.start()
    function()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def main(patients: int = PATIENTS) -> None:
    duration, status, group = cohort(patients)
    print(f"{patients:,} patients, {DAYS:,} days; np.sort = 1")
    for name, function in estimators(duration, status, group).items():
        ratio, cost = ratio_to_sort(function, duration)
        memory = peak_bytes(function) / patients
        goal = f"   goal {GOALS[name]:.1f}" if name in GOALS else ""
        print(
            f"{name:32} {ratio:6.2f} x sort   {1000 * cost:7.1f} ms   {memory:5.1f} bytes per patient{goal}"
        )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
