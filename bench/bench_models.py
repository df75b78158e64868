"""Cox's model with five categorical features at 10⁶ patients, as a ratio to numpy's sort of the durations.

Run: python bench/bench_models.py [patients]. Sort and model alternate in one process; the median of the
ratios is printed, with the CPU seconds and the peak of numpy's allocations above the inputs, per patient.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from statistics import median

import numpy as np

from reportgen.stats.hazards import cox

PATIENTS, DAYS, PAIRS = 1_000_000, 3_650, 3
LEVELS = (2, 2, 3, 3, 4)


def cohort(patients: int = PATIENTS) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Durations in whole days, status, and an indicator for each level but the first of five features."""
    random = np.random.default_rng(2026)
    features = [random.integers(0, levels, patients) for levels in LEVELS]
    indicators = {
        f"feature {j}, level {level}": (feature == level).astype(float)
        for j, feature in enumerate(features)
        for level in range(1, LEVELS[j])
    }
    hazard = np.exp(0.3 * features[0] - 0.2 * features[3])
    duration = np.clip(np.ceil(random.exponential(1500 / hazard)), 1, DAYS)
    return duration, (duration < DAYS).astype(int) * random.integers(0, 2, patients), indicators


def main(patients: int = PATIENTS) -> None:
    duration, status, covariates = cohort(patients)
    ratios, costs = [], []
    cox(duration, status, covariates)
    for _ in range(PAIRS):
        start = time.process_time()
        np.sort(duration)
        middle = time.process_time()
        rows = cox(duration, status, covariates)
        end = time.process_time()
        ratios.append((end - middle) / (middle - start))
        costs.append(end - middle)
    tracemalloc.start()
    cox(duration, status, covariates)
    memory = tracemalloc.get_traced_memory()[1] / patients
    tracemalloc.stop()
    print(f"{patients:,} patients, {DAYS:,} days; np.sort = 1")
    print(
        f"Cox, {len(LEVELS)} features, {len(covariates)} coefficients   ratio {median(ratios):5.1f}   "
        f"CPU {median(costs):.2f} s   peak {memory:.0f} bytes per patient"
    )
    print(f"hazard ratio of the first {rows[0].value:.4f} (true {np.exp(0.3):.4f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PATIENTS)
