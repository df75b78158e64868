"""A figure drawn for the width that it has in print, and once more for a narrow screen."""

from __future__ import annotations

from collections.abc import Callable

from reportgen.base.drawing import Drawing


def drawings(draw: Callable[..., Drawing], width: str = "full") -> tuple[Drawing, Drawing | None]:
    """The drawing, and the same as wide as a phone, None where it is narrow already: see Figure.

    draw: takes width_mm. width: "full", "wide" or "half".
    """
    from reportgen.figures.style import NARROW, WIDTHS

    return draw(width_mm=WIDTHS[width]), None if width == "half" else draw(width_mm=NARROW)
