"""Whether bench/same_numbers.R computed what results.json holds.

    Rscript bench/same_numbers.R FOLDER > numbers.csv
    python bench/same_numbers.py RESULTS.json numbers.csv

Prints how many of our estimates R has under the same id, the largest differences of value and limits, relative
to their size, by statistic, and the first of those that differ.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from pathlib import Path

SAME = 1e-6


def compare(results: Path, numbers: Path) -> None:
    ours = {row["id"]: row for row in json.loads(results.read_text(encoding="utf-8"))["estimates"]}
    with numbers.open(encoding="utf-8", newline="") as lines:
        theirs = {row["id"]: row for row in csv.DictReader(lines)}
    both = [key for key in theirs if key in ours and ours[key]["value"] is not None]
    print(f"{len(both)} of our {len(ours)} estimates are R's too; R has {len(theirs) - len(both)} of its own")
    worst: dict[str, tuple[float, str]] = {}
    for key in both:
        for part in ("value", "low", "high"):
            one, other = ours[key][part], theirs[key][part]
            if one is None or other in ("", "NA"):
                continue
            apart = abs(one - float(other)) / max(abs(one), abs(float(other)), 1e-300)
            name = f"{ours[key]['statistic']} {part}"
            if not math.isnan(apart):
                worst[name] = max(worst.get(name, (0.0, "")), (apart, f"{key}: {one} / {other}"))
    for name, (apart, where) in sorted(worst.items()):
        print(f"{apart:9.1e}  {name}" + (f"   {where}" if apart > SAME else ""))


if __name__ == "__main__":
    compare(Path(sys.argv[1]), Path(sys.argv[2]))
