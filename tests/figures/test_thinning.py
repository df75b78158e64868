"""Thinned curves: how far from the whole curve they may be, on the sheet and under the pointer."""

import numpy as np

from reportgen.figures.axes import Axis
from reportgen.figures.step_functions import Line, Plot
from reportgen.stats.results import Curve, Steps
from reportgen.writing.readouts import read_lines

N = 50_000
PLOT = Plot(Axis(0.0, 1_000.0, 40.0, 440.0), Axis(0.0, 1.0, 300.0, 20.0), 1.0)  # 400 points across


def long_curve(censored=None):
    random = np.random.default_rng(8)
    time = np.sort(random.uniform(0, 1_000, N))
    estimate = np.cumprod(np.full(N, 1 - 2 / N))
    none = np.zeros(N, int)
    return Curve(
        "kaplan_meier",
        Steps(
            time,
            np.arange(N, 0, -1),
            none,
            censored if censored is not None else none,
            estimate,
            estimate / 2,
            estimate,
        ),  # fmt: skip
    )


def test_no_step_is_drawn_half_a_point_from_where_it_is_nor_at_another_height():
    curve = long_curve()
    line = Line.of(curve, PLOT)
    x, y = PLOT.x(curve.steps.time), PLOT.up(curve.steps.estimate)
    assert len(line.x) <= 2 * (2 * 400 + 1) < N
    after = np.searchsorted(line.x, x)
    before = np.searchsorted(line.x, x, side="right") - 1
    # Each step lies between two that are drawn, no more than half a point apart.
    assert (line.x[after] - x <= 0.5).all() and (x - line.x[before] <= 0.5).all()
    at = np.searchsorted(x, line.x)
    assert (
        (x[at] == line.x).all()
        and (y[at] == line.y).all()
        and (curve.steps.at_risk[at] == line.at_risk).all()
    )
    assert line.end == (x[-1], y[-1]) and line.x[0] == x[0]


def test_censor_marks_are_left_out_only_where_another_is_within_two_points():
    censored = np.zeros(N, int)
    censored[: N // 2 : 7] = 1
    curve = long_curve(censored)
    line = Line.of(curve, PLOT)
    marked = PLOT.x(curve.steps.time[censored > 0])
    gaps = np.abs(marked[:, None] - line.censored[None, :, 0]).min(axis=1)
    assert 0.5 < gaps.max() <= 2
    assert 0 < len(line.censored) <= 101


def test_censor_marks_that_would_make_a_rope_of_the_curve_are_left_out():
    censored = np.zeros(N, int)
    censored[::7] = 1
    assert not len(Line.of(long_curve(censored), PLOT).censored)


def test_a_reading_is_off_by_no_more_than_an_eight_hundredth_of_the_axis():
    curve = long_curve()
    (line,) = read_lines([curve], ["all"], "days", "95% CI")
    times = np.array(line.times)
    nearest = np.searchsorted(times, curve.steps.time).clip(max=len(times) - 1)
    assert (np.abs(times[nearest] - curve.steps.time) <= 1_000 / 800 + 1e-3).all()
    assert 800 <= len(times) <= 1_602
