"""Case reviews: CPU seconds warm, with start-up, one at a time and by a pool of two; memory; and the bare library.

Run: python bench/bench_cases.py [patients, 20 by default], of a synthetic registry of so many (make_registry.py).
Warm: in one process, after the first five; what a review leaves of memory is counted after the first tenth, for the
first fill the caches. The floor: WeasyPrint alone makes PDF/A of the same page with the same styles and fonts, once
reading them, and looks for garbage as Python does by itself; both sides in turn, patient by patient.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import warnings
from pathlib import Path
from subprocess import run

from bench_build import REPORTGEN
from bench_size import cost
from make_registry import write

ALONE, FIRST, TURNS = 5, 5, 60


def maker(source: str):
    from reportgen.casereview.case import Shared, seen_later
    from reportgen.casereview.one_review import Maker
    from reportgen.cohort.load import load_cohort

    cohort = load_cohort(Path(source))
    names = tuple(f"P{place:05}" for place in range(cohort.n))
    return Maker(Shared.of(cohort, seen_later(cohort)), names, "", "")


def resident() -> float:
    """MB of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1e3


def warm(source: str) -> None:
    from reportgen.parallel.pool import sweeping

    make = maker(source)
    count, held, spent = len(make.names), {}, 0.0
    with sweeping() as sweep:
        for place in range(count):
            began = time.process_time()
            make(place)
            sweep()
            spent += time.process_time() - began if place >= FIRST else 0.0
            held[place] = resident()
    begun = max(FIRST, count // 10)
    growth = (held[count - 1] - held[begun]) / max(1, count - 1 - begun)
    print(json.dumps({"each": spent / (count - FIRST), "growth": growth * 1e3, "peak": max(held.values())}))


def floor(source: str) -> None:
    import gc

    from reportgen.casereview.case import Case
    from reportgen.casereview.one_review import compose
    from reportgen.render.html.document import PRINT, render_page
    from reportgen.render.pdf import document as pdf
    from reportgen.render.pdf.library import weasyprint_library

    make = maker(source)
    weasyprint, fonts = weasyprint_library(), pdf._font_config()
    options = {"font_config": fonts, "stylesheets": [pdf._sheet("case", fonts)], "pdf_variant": "pdf/a-3a"}
    warnings.simplefilter("ignore", ResourceWarning)  # the library leaves its colour profile's file open

    def bare(place: int) -> float:
        html, assets = render_page(compose(Case(make.shared, place, make.names[place])), PRINT)
        began = time.process_time()
        page = weasyprint.HTML(string=html, base_url="asset:", url_fetcher=pdf._fetcher(assets))
        page.write_pdf(**options)
        return time.process_time() - began

    def whole(place: int) -> float:
        began = time.process_time()
        make(place)
        return time.process_time() - began

    sides = {"bare": 0.0, "whole": 0.0}
    places = range(min(len(make.names), FIRST + TURNS))
    for place in places:
        alone = bare(place)
        gc.collect()
        gc.disable()  # as in a run, where it is looked for between documents; that is counted in `warm`
        ours = whole(place)
        gc.enable()
        if place >= FIRST:
            sides = {"bare": sides["bare"] + alone, "whole": sides["whole"] + ours}
    print(json.dumps({side: seconds / (len(places) - FIRST) for side, seconds in sides.items()}))


def main(count: int = 20) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = str(Path(folder, "registry"))
        write(Path(source), count)
        case = (*REPORTGEN, "case", source, "--quiet", "--output", folder)
        alone = [cost((*case, f"R{who:07}", "--jobs", "1")).cpu for who in range(1, ALONE + 1)]
        single = sum(alone) / len(alone)
        print(f"{count} case reviews; one by itself: {single:.2f} CPU s", flush=True)
        asked = lambda what: json.loads(  # noqa: E731
            run((sys.executable, __file__, what, source), check=True, capture_output=True, text=True).stdout
        )
        found = asked("floor")
        print(f"without garbage {found['whole']:.3f} CPU s each, the bare library {found['bare']:.3f}: "
              f"{found['whole'] / found['bare']:.2f} x", flush=True)  # fmt: skip
        found = asked("warm")
        print(f"warm: {found['each']:.3f} CPU s each, {found['growth']:.0f} KB more for each, "
              f"{found['peak']:.0f} MB at most", flush=True)  # fmt: skip
        for jobs in (1, 2):
            spent = cost((*case, "--all", "--jobs", str(jobs)))
            each = spent.cpu / count
            print(f"{jobs} process{'es' if jobs > 1 else ''}: {each:.3f} CPU s each with start-up, "
                  f"{each / found['each']:.2f} x warm, {spent.memory:.0f} MB at most, "
                  f"{single / each:.1f} x one at a time", flush=True)  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] in (["warm"], ["floor"]):
        {"warm": warm, "floor": floor}[sys.argv[1]](sys.argv[2])
    else:
        main(*(int(argument) for argument in sys.argv[1:2]))
