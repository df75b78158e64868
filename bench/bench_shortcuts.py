"""What each way through the inside of the PDF library is worth: off to on, report of eight patients as PDF.

Run: python bench/bench_shortcuts.py [pairs]. CPU of processes of their own, alternating; the size of the file.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench_build import PAIRS, REPORTGEN, SAMPLE, compared

SWITCHED = """
import reportgen.render.pdf.shortcuts as ways
ways.shortcuts = lambda: ways.Shortcuts(drawn={drawn}, packed={packed})
"""


def main(pairs: int = PAIRS) -> None:
    python, _c, program = REPORTGEN
    with tempfile.TemporaryDirectory() as folder:

        def build(drawn: bool, packed: bool) -> tuple[str, ...]:
            place = f"{folder}/{drawn:d}{packed:d}"
            return (python, "-c", SWITCHED.format(drawn=drawn, packed=packed) + program,
                    "build", str(SAMPLE), "--quiet", "--format", "pdf", "--output", place)  # fmt: skip

        def size(drawn: bool, packed: bool) -> int:
            return (Path(folder) / f"{drawn:d}{packed:d}" / SAMPLE.stem / "report.pdf").stat().st_size // 1000

        for name, off in (("drawn", (False, True)), ("packed", (True, False)), ("both", (False, False))):
            ratio, without, with_it = compared(build(*off), build(True, True), pairs)
            print(f"{name:7} off to on {ratio:5.2f} x   {without:.2f} to {with_it:.2f} s   "
                  f"{size(*off)} to {size(True, True)} kB", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
