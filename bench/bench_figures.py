"""What a figure on a Figure and Axes of matplotlib costs, and what the same as marks.

Run: python bench/bench_figures.py, or with the name of a folder, into which it draws both pictures side by side at
200 dpi. Both ways print the same curves in the same size and type.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from statistics import median
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = {"eight": ("ap_imt_crizotinib", "pfs"), "many": ("two_groups", "os")}
LANDMARKS = (365.25, 1095.75)
DPI, BETWEEN = 200, 60  # dots


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
    from reportgen.render.svg import print_svg

    curves, labels, told = arguments(sample)
    axes_figure.ready()
    ours = seconds(lambda: print_svg(survival_figure("f", curves, labels, **told)))
    theirs = seconds(lambda: axes_figure.as_svg(axes_figure.survival_figure(curves, labels, **told)))
    size = len(axes_figure.as_svg(axes_figure.survival_figure(curves, labels, **told)))
    print(f"one figure, {len(curves)} curve(s): marks {1000 * ours:.0f} ms, Axes {1000 * theirs:.0f} ms; "
          f"{len(print_svg(survival_figure('f', curves, labels, **told))):,} and {size:,} bytes")  # fmt: skip


def pictures(folder: Path) -> None:
    """Marks left, Axes right."""
    import resvg_py
    from PIL import Image

    from bench import axes_figure
    from reportgen.figures.survival_curves import survival_figure
    from reportgen.render.lines import in_lines

    for sample in SAMPLES:
        curves, labels, told = arguments(sample)
        lines = in_lines(survival_figure("f", curves, labels, **told), "f")
        dots = resvg_py.svg_to_bytes(svg_string=lines.svg, dpi=DPI, background="#ffffff")
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


def main(folder: str = "") -> None:
    if folder:
        pictures(Path(folder))
        return
    for sample in SAMPLES:
        one_figure(sample)


if __name__ == "__main__":
    main(*sys.argv[1:2])
