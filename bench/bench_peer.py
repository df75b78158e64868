"""The report of eight patients against a like-for-like R Markdown report with survminer, where R is installed.

Run: python bench/bench_peer.py [pairs]. Both read the same tables and make one HTML page with survival and
risk tables, competing risks, toxicities by worst grade and a bar per patient; ours says a good deal more. Pairs
alternate in processes of their own, and the median of the ratios of CPU time is printed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench_build import PAIRS, REPORTGEN, SAMPLE, compared

HERE = Path(__file__).resolve().parent
LACKING = "R, or its packages rmarkdown, survival and survminer, or pandoc are not installed: nothing to compare with"
NEEDED = 'for (p in c("rmarkdown", "survival", "survminer")) library(p, character.only = TRUE)'


def tables(folder: Path) -> Path:
    """The sheets of the sample as CSV files."""
    import pandas

    for name, sheet in pandas.read_excel(SAMPLE, sheet_name=None, engine="calamine").items():
        sheet.to_csv(folder / f"{name}.csv", index=False)
    return folder


def installed() -> bool:
    """Whether the peer can be run here."""
    if not shutil.which("Rscript") or not shutil.which("pandoc"):
        return False
    return not subprocess.run(("Rscript", "-e", NEEDED), capture_output=True).returncode


def main(pairs: int = PAIRS) -> None:
    if not installed():
        print(LACKING)
        return
    with tempfile.TemporaryDirectory() as made:
        folder = tables(Path(made))
        shutil.copy(HERE / "peer_report.Rmd", folder)
        render = (
            f'rmarkdown::render("{folder}/peer_report.Rmd", quiet = TRUE, params = list(folder = "{folder}"))'
        )
        build = (*REPORTGEN, "build", str(SAMPLE), "--quiet", "--output", made)
        print(f"{pairs} pairs; CPU seconds, medians")
        for name, ours, goal in (
            ("HTML alone", (*build, "--format", "html"), 6.0),
            ("HTML and PDF, to HTML alone", build, None),
        ):
            ratio, theirs, mine = compared(("Rscript", "-e", render), ours, pairs)
            said = f"   goal {goal:.1f}" if goal else ""
            print(
                f"R Markdown, to ours: {name:28} {ratio:5.2f} x   {theirs:6.3f} s to {mine:6.3f} s{said}",
                flush=True,
            )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
