"""What figures on a Figure and Axes of matplotlib would cost: one figure, and a report of eight patients.

Run: python bench/bench_figures.py [pairs], or with the name of a folder, into which it draws both pictures side by
side at 200 dpi. Both ways print the same curves in the same size and type; the report is built in processes of their
own, alternating, with its curves drawn either way and all its other figures as they are.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.bench_build import PAIRS, REPORTGEN, compared

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = {"eight": ("ap_imt_crizotinib", "pfs"), "many": ("two_groups", "os")}
LANDMARKS = (365.25, 1095.75)
DPI, BETWEEN = 200, 60  # dots
ON_AXES = """
import sys
sys.path.insert(0, {root!r})
import reportgen.figures.survival_curves as ours
from bench import axes_figure
def figure(name, curves, labels, *, unit, ylabel, landmarks=(), few_at_risk=5, width_mm=axes_figure.FULL, **_rest):
    axes_figure.ready()
    drawn = axes_figure.survival_figure(curves, labels, unit=unit, ylabel=ylabel, landmarks=landmarks,
                                        few_at_risk=few_at_risk, width_mm=width_mm)
    return axes_figure.as_svg(drawn)
ours.survival_figure = figure
"""


def arguments(sample: str):
    """The curves of a sample, their names, and what else both functions are told."""
    from reportgen.cohort.load import load_cohort
    from reportgen.run.composing import analyse

    source, endpoint = SAMPLES[sample]
    results, _notices = analyse(load_cohort(ROOT / "sample_data" / f"{source}.xlsx"))
    curves = list(results.select_curves(section="survival", endpoint=endpoint, kind="kaplan_meier"))
    curves = [curve for curve in curves if curve.group != "all"] or curves[:1]
    return (
        curves,
        [curve.group for curve in curves],
        {"unit": "years", "ylabel": "Survival", "landmarks": LANDMARKS},
    )


def seconds(draw, times: int = 9) -> float:
    """CPU seconds of a call, the median of several."""
    took = []
    for _turn in range(times):
        start = process_time()
        draw()
        took.append(process_time() - start)
    return median(took)


def one_figure(sample: str) -> None:
    from bench import axes_figure
    from reportgen.figures.survival_curves import survival_figure

    curves, labels, told = arguments(sample)
    axes_figure.ready()
    ours = seconds(lambda: survival_figure("f", curves, labels, **told))
    theirs = seconds(lambda: axes_figure.as_svg(axes_figure.survival_figure(curves, labels, **told)))
    size = len(axes_figure.as_svg(axes_figure.survival_figure(curves, labels, **told)))
    print(f"one figure, {len(curves)} curve(s): marks {1000 * ours:.0f} ms, Axes {1000 * theirs:.0f} ms; "
          f"{len(survival_figure('f', curves, labels, **told)):,} and {size:,} bytes")  # fmt: skip


def report(pairs: int) -> None:
    python, _c, program = REPORTGEN
    with tempfile.TemporaryDirectory() as folder:
        arguments = (
            "build",
            str(ROOT / "sample_data" / "ap_imt_crizotinib.xlsx"),
            "--quiet",
            "--output",
            folder,
        )
        for formats in ("html,pdf", "html"):
            ours = (python, "-c", program, *arguments, "--format", formats)
            theirs = (python, "-c", ON_AXES.format(root=str(ROOT)) + program, *arguments, "--format", formats)
            ratio, there, here = compared(theirs, ours, pairs)
            print(f"report, {formats}: marks {here:.2f} s, its curves on Axes {there:.2f} s, {ratio:.2f} x")


def pictures(folder: Path) -> None:
    """Marks left, Axes right."""
    import resvg_py
    from PIL import Image

    from bench import axes_figure
    from reportgen.figures.survival_curves import survival_figure
    from reportgen.render.html import svg
    from reportgen.render.lines import NAMESPACE, in_lines

    for sample in SAMPLES:
        curves, labels, told = arguments(sample)
        tree = svg.checked(survival_figure("f", curves, labels, **told), "")
        in_lines(tree)
        dots = resvg_py.svg_to_bytes(
            svg_string=svg.markup(tree, xmlns=NAMESPACE), dpi=DPI, background="#ffffff"
        )
        axes_figure.ready()
        theirs = io.BytesIO()
        axes_figure.survival_figure(curves, labels, **told).savefig(theirs, format="png", dpi=DPI)
        both = [Image.open(io.BytesIO(bytes(dots))).convert("RGB"), Image.open(theirs).convert("RGB")]
        sheet = Image.new(
            "RGB", (sum(each.width for each in both) + BETWEEN, max(each.height for each in both)), "white"
        )
        sheet.paste(both[0], (0, 0))
        sheet.paste(both[1], (both[0].width + BETWEEN, 0))
        sheet.quantize(48, dither=Image.Dither.NONE).save(
            folder / f"figure-marks-axes-{sample}.png", optimize=True
        )


def main(argument: str = str(PAIRS)) -> None:
    if not argument.isdigit():
        pictures(Path(argument))
        return
    for sample in SAMPLES:
        one_figure(sample)
    report(int(argument))


if __name__ == "__main__":
    main(*sys.argv[1:2])
