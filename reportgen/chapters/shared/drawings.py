"""A figure drawn for the width that it has in print, and once more for a narrow screen."""

from __future__ import annotations

from collections.abc import Callable


def drawings(draw: Callable[..., str], width: str = "full") -> tuple[str, str]:
    """The drawing, and the same as wide as a phone, "" where it is narrow already: see Figure.

    draw: takes width_mm. width: "full", "wide" or "half".
    """
    from reportgen.figures.style import NARROW, WIDTHS

    return draw(width_mm=WIDTHS[width]), "" if width == "half" else draw(width_mm=NARROW)
