"""Many cohorts by `reportgen batch`, against one `reportgen build` at a time: CPU seconds and reports per second.

Run: python bench/bench_many.py [cohorts, 20 by default]. Copies of the synthetic sample of eight patients under
other names, HTML and PDF; together in one process, by two, and each by a build of its own (of five, for the
seconds of each).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from bench_build import REPORTGEN, SAMPLE
from bench_size import cost

ALONE = 5


def main(count: int = 20) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = [folder / f"centre_{number:03d}.xlsx" for number in range(1, count + 1)]
        for source in sources:
            shutil.copy(SAMPLE, source)
        manifest = folder / "manifest.toml"
        manifest.write_text('[[cohort]]\nsource = "centre_*.xlsx"\n', encoding="utf-8")
        build = (*REPORTGEN, "build", "--quiet", "--output", str(folder / "alone"))
        alone = [cost((*build, str(source))) for source in sources[:ALONE]]
        single = sum(spent.cpu for spent in alone) / len(alone)
        print(
            f"{count} reports; one by itself: {single:.2f} CPU s, {max(one.memory for one in alone):.0f} MB"
        )
        for workers in (1, 2):
            output = folder / f"by-{workers}"
            batch = ("batch", str(manifest), "--quiet", "--output", str(output), "--workers", str(workers))
            spent = cost((*REPORTGEN, *batch))
            made = len(list(output.glob("*/report.pdf")))
            if made != count:
                raise SystemExit(f"{made} of {count} reports were made")
            print(f"{workers} process{'es' if workers > 1 else ''}: {spent.cpu / count:.2f} CPU s each, "
                  f"{count / spent.elapsed:.2f} reports per second, {spent.memory:.0f} MB at most, "
                  f"{single * count / spent.cpu:.1f} x one at a time", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
