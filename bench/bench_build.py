"""A whole report of eight patients and of 120, and `reportgen --help`, as ratios to what they can't do without.

Run: python bench/bench_build.py [pairs]. Each pair runs the command and its floor in processes of their own,
alternating which goes first, and the median of the ratios of CPU time is printed, as this machine's speed
may drift. The floor of a report is to import the libraries that it needs and, with a PDF, to let WeasyPrint
print the same page; no garbage is collected meanwhile, and numpy has one thread, as in our own process.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from make_registry import write

PAIRS = 7
ADOPT = 36  # PR_SET_CHILD_SUBREAPER
SAMPLE = Path(__file__).resolve().parents[1] / "sample_data" / "ap_imt_crizotinib.xlsx"
REPORTGEN = (
    sys.executable,
    "-c",
    "from reportgen.cli.main import main; main()",
)  # as the installed command does

# An installed program comes translated into bytecode; one in a checkout keeps it from the run that warms up.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

BARE = "pass"
IMPORTS = """
import gc, os
gc.disable()
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import typer._adapters
import pandas, scipy.special, python_calamine, openpyxl.writer.excel, jinja2, uharfbuzz
import matplotlib.ft2font
"""
PRINTED = (
    IMPORTS
    + """
import pickle, sys
import weasyprint
from weasyprint.urls import URLFetcher, URLFetcherResponse
with open(sys.argv[1], "rb") as stream:
    page, assets = pickle.load(stream)
class Fetcher(URLFetcher):
    def fetch(self, url, headers=None):
        scheme, _, name = url.partition(":")
        if scheme != "asset":
            return super().fetch(url, headers)
        kind = {"svg": "image/svg+xml", "ttf": "font/ttf"}[name.rpartition(".")[2]]
        return URLFetcherResponse(url, assets[name], {"Content-Type": kind})
weasyprint.HTML(string=page, base_url="asset:", url_fetcher=Fetcher()).write_pdf(pdf_variant="pdf/a-3a")
"""
)


def cpu_seconds(command: tuple[str, ...]) -> float:
    """CPU seconds of a process and of all that it started. CalledProcessError where it fails.

    A browser leaves processes behind for which it does not wait; on Linux they become ours, and are counted.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(ADOPT, 1, 0, 0, 0)
    process, seconds = subprocess.Popen(command, stdout=subprocess.DEVNULL), 0.0
    while True:
        try:
            ended, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            break
        seconds += usage.ru_utime + usage.ru_stime
        if ended == process.pid:
            process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return seconds


def compared(command: tuple[str, ...], floor: tuple[str, ...], pairs: int) -> tuple[float, float, float]:
    """(median ratio, median seconds of the command, of its floor), after one run of each to warm up."""
    cpu_seconds(command), cpu_seconds(floor)
    ours, theirs = [], []
    for turn in range(pairs):
        for kind in ("command", "floor") if turn % 2 else ("floor", "command"):
            (ours if kind == "command" else theirs).append(
                cpu_seconds(command if kind == "command" else floor)
            )
    return median(one / other for one, other in zip(ours, theirs, strict=True)), median(ours), median(theirs)


def page_of(source: Path, folder: Path, name: str) -> Path:
    """The page of a source's report that is printed, with its fonts and figures, in a file."""
    from reportgen.base.drawing import Drawing
    from reportgen.cohort.load import load_cohort
    from reportgen.render.html.document import PRINT, render_page
    from reportgen.render.svg import print_svg
    from reportgen.run.composing import analyse, compose

    cohort = load_cohort(source)
    html, assets = render_page(compose(cohort, *analyse(cohort)), PRINT)
    files = {
        name: print_svg(asset).encode() if isinstance(asset, Drawing) else asset
        for name, asset in assets.items()
    }
    place = folder / name
    place.write_bytes(pickle.dumps((html, files)))
    return place


def main(pairs: int = PAIRS) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cases = {"--help, to a bare interpreter": ((*REPORTGEN, "--help"), (BARE,), 6.0)}
        write(Path(folder, "120"), 120, csv=True)
        for patients, source in ((8, SAMPLE), (120, Path(folder, "120"))):
            page = page_of(source, Path(folder), f"page-{patients}")
            output = str(Path(folder, "output"))  # not beside the source, whose folder it would be taken for
            build = (*REPORTGEN, "build", str(source), "--quiet", "--output", output)
            cases[f"{patients}: HTML and PDF, to imports and WeasyPrint"] = build, (PRINTED, str(page)), 1.3
            cases[f"{patients}: HTML alone, to imports"] = (*build, "--format", "html"), (IMPORTS,), None
        print(f"{pairs} pairs; CPU seconds, medians")
        for name, (command, floor, goal) in cases.items():
            ratio, ours, theirs = compared(command, (sys.executable, "-c", *floor), pairs)
            said = f"   goal {goal:.1f}" if goal else ""
            print(f"{name:48} {ratio:5.2f} x   {ours:6.3f} s to {theirs:6.3f} s{said}", flush=True)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
