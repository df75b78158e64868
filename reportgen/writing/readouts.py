"""A curve as it is read at a time: what holds from each of its times on, in the words of a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.report import ReadLine
from reportgen.stats.results import Curve
from reportgen.writing import numbers
from reportgen.writing.language import _

PLACES = 800  # along the axis: more cannot be told apart by a pointer
INCIDENCE = "cumulative_incidence"


def read_lines(curves: Sequence[Curve], labels: Sequence[str], unit: str, ci: str) -> tuple[ReadLine, ...]:
    """One line per curve, each thinned to the first and last time of each of PLACES parts of the axis.

    ci: what the intervals are called, such as "95% CI".
    """
    longest = max((float(c.steps.time[-1]) for c in curves if len(c.steps.time)), default=0.0)
    if not longest:
        return ()
    names = labels if len(curves) > 1 else [""]
    return tuple(_line(curve, name, unit, longest, ci) for curve, name in zip(curves, names, strict=True))


def _line(curve: Curve, name: str, unit: str, longest: float, ci: str) -> ReadLine:
    steps = curve.steps
    part = np.floor(steps.time * PLACES / longest)
    first = np.r_[True, np.diff(part) > 0][: len(part)]
    kept = np.flatnonzero(first | np.r_[first[1:], True][: len(part)])
    times = (float(f"{steps.time[i] / numbers.DAYS_PER[unit]:.6g}") for i in kept)
    said = (_said(steps.estimate[i], steps.low[i], steps.high[i], ci, curve.n) for i in kept)
    first = 0.0 if curve.kind == INCIDENCE else 1.0
    heights = (first, *(float(f"{steps.estimate[i]:.4g}") for i in kept))
    at_risk = tuple(steps.at_risk[kept].tolist())
    return ReadLine(name, numbers.percent(first), tuple(times), tuple(said), at_risk, heights)


def _said(estimate: float, low: float, high: float, ci: str, n: int) -> str:
    """ "75% (95% CI 32–97)"; without an interval where there is none."""
    shown = numbers.percent(float(estimate), n)
    if not (np.isfinite(low) and np.isfinite(high)):
        return shown
    return _(
        "{estimate} ({ci} {interval})",
        ci=ci,
        estimate=shown,
        interval=numbers.percent_interval(float(low), float(high), n),
    )
