"""Quicker ways that lean on the inside of the PDF library, each taken only where that inside is the known one.

Both give the same pages; without them the library goes its plain way. `make bench PROGRAMS=bench/bench_shortcuts.py`
measures what each is worth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from inspect import signature
from typing import Any

from reportgen.base.drawing import Drawing
from reportgen.render.html.page import Asset

# The releases that the inside was read of. A later one is held to the names and parameters below.
KNOWN = {"weasyprint": ("70",), "pydyf": ("0.12", "0.13")}
DRAWN = {
    ("weasyprint.draw.text", "draw_first_line"): ("stream", "textbox", "text_overflow", "block_ellipsis", "matrix"),
    ("weasyprint.text.line_break", "create_layout"): (
        "text", "style", "context", "max_width", "justification_spacing"),
    ("weasyprint.text.line_break", "line_size"): ("line", "style"),
}  # fmt: skip
PACKED = {"number", "generation", "free", "stream", "extra", "compress"}


@dataclass(frozen=True)
class Shortcuts:
    """drawn: figures are drawn straight into the PDF (drawn.py). packed: each object is packed once (packed.py)."""

    drawn: bool
    packed: bool


@cache
def shortcuts() -> Shortcuts:
    """Those that the installed library allows; asked once in a process."""
    drawn = _is_known("weasyprint") and all(map(_has, DRAWN, DRAWN.values()))
    return Shortcuts(drawn, _is_known("weasyprint") and _is_known("pydyf") and _objects_are_known())


def drawings(assets: Mapping[str, Asset], configuration, shared: bool) -> dict[str, Any]:
    """The figures, which we draw ourselves, by the address that the page calls them; {}: they are to be fetched.

    configuration: the fonts; shared: that other documents have them too.
    """
    if not shortcuts().drawn:
        return {}
    from reportgen.render.pdf.drawn import DrawnFigure

    return {
        f"asset:{name}": DrawnFigure(asset, configuration, shared)
        for name, asset in assets.items()
        if isinstance(asset, Drawing)
    }


def finisher() -> Callable[[Any, Any], None] | None:
    """What the library calls when all objects of a PDF are made."""
    if not shortcuts().packed:
        return None
    from reportgen.render.pdf.packed import write_once

    return write_once


def _is_known(package: str) -> bool:
    return any(f"{version(package)}.".startswith(f"{known}.") for known in KNOWN[package])


def _has(place: tuple[str, str], parameters: tuple[str, ...]) -> bool:
    module, name = place
    try:
        return tuple(signature(getattr(import_module(module), name)).parameters) == parameters
    except (ImportError, AttributeError):
        return False


def _objects_are_known() -> bool:
    import pydyf

    offered = all(hasattr(pydyf.Object, name) for name in ("data", "compressible"))
    return offered and set(vars(pydyf.Stream())) >= PACKED
