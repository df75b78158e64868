"""Changes as a reader gets them who subtracts one printed number from another."""

from __future__ import annotations

from math import floor

from reportgen.writing.numbers import half_up


def printed_change(then: float, now: float, places: int) -> float:
    """What a reader who subtracts two printed numbers gets.

    >>> printed_change(0.714, 0.746, 2)
    0.04
    """
    before, after = (half_up(x, places) for x in (then, now))
    return round(after - before, places)


def adding_up(parts: list[float], total: float, places: int) -> list[float]:
    """The parts, rounded so that as printed they add up to the total as printed.

    The last digit of those nearest to the next one gives way; a part that needs no rounding is never touched first.

    >>> adding_up([0.004, 0.004, 0.004], 0.012, 2)
    [0.01, 0.0, 0.0]
    """
    scale = 10**places
    units = [x * scale for x in parts]
    rounded = [floor(x + 0.5) for x in units]
    missing = floor(total * scale + 0.5) - sum(rounded)
    step = 1 if missing > 0 else -1
    order = sorted(range(len(parts)), key=lambda i: step * (rounded[i] - units[i]))
    for i in order[: abs(missing)]:
        rounded[i] += step
    return [round(x / scale, places) for x in rounded]
