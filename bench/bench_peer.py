"""The report of eight patients against a like-for-like R Markdown report with survminer, where R is installed.

Run: python bench/bench_peer.py [pairs]. Both read the same workbook and make one page with the same chapters,
figures and tables (peer_report.Rmd says which); theirs is printed by Chromium. Pairs alternate in processes of
their own, and the median of the ratios of CPU time, with that of every process started, is printed.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench_build import PAIRS, REPORTGEN, SAMPLE, compared

HERE = Path(__file__).resolve().parent
LACKING = "R, or its packages {packages}, or pandoc are not installed: nothing to compare with"
PACKAGES = ("rmarkdown", "survival", "survminer", "readxl")
PRINT = "--headless --disable-gpu --no-pdf-header-footer --log-level=3"


def installed() -> bool:
    """Whether the peer can be run here."""
    if not shutil.which("Rscript") or not shutil.which("pandoc"):
        return False
    loaded = "; ".join(f"library({package})" for package in PACKAGES)
    return not subprocess.run(("Rscript", "-e", loaded), capture_output=True).returncode


def browser() -> str | None:
    """Chromium, as it is called here."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next(filter(None, found), None)


def main(pairs: int = PAIRS) -> None:
    if not installed():
        print(LACKING.format(packages=", ".join(PACKAGES)))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        shutil.copy(HERE / "peer_report.Rmd", folder)
        shutil.copy(SAMPLE, folder)
        page, printed = folder / "peer_report.html", folder / "peer_report.pdf"
        render = ("Rscript", "-e", f'rmarkdown::render("{folder}/peer_report.Rmd", quiet = TRUE)')
        build = (*REPORTGEN, "build", str(SAMPLE), "--quiet", "--output", made)
        cases = [("HTML alone", render, (*build, "--format", "html"), 6.0)]
        if chromium := browser():
            root = " --no-sandbox" if hasattr(os, "geteuid") and not os.geteuid() else ""
            printing = f"{shlex.quote(chromium)} {PRINT}{root} --print-to-pdf={printed} {page} 2>{os.devnull}"
            cases.append(("HTML and PDF", ("sh", "-c", f"{shlex.join(render)} && {printing}"), build, 3.5))
        print(f"{pairs} pairs; CPU seconds, medians")
        for name, theirs, ours, goal in cases:
            ratio, peer, mine = compared(theirs, ours, pairs)
            print(
                f"R Markdown, to ours: {name:12} {ratio:5.2f} x   {peer:6.3f} s to {mine:6.3f} s   goal {goal:.1f}",
                flush=True,
            )
        if chromium and not printed.exists():
            raise SystemExit("Chromium printed nothing")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
