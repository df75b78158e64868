"""A drawing as SVG: one plain element, without styles, definitions or opacity.

Colours and widths are presentation attributes, so that a style sheet can turn them for a dark ground.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from xml.sax.saxutils import escape

from reportgen.base.drawing import Circle, Drawing, Mark, Path, PatientBox, Point, Words
from reportgen.render.html import fonts

NAMESPACE = "http://www.w3.org/2000/svg"
QUOTED = {'"': "&quot;"}
SHARP = ' shape-rendering="crispEdges"'  # so that no seam shows where two boxes meet


def page_svg(drawing: Drawing, groups: Mapping[str, int], alt: str, id: str) -> str:
    """The drawing as an element of a page, as wide as its place, with the boxes that the page lights up.

    groups: the numbers of those groups of patients whose marks the page can tell apart; alt: what it shows.
    """
    boxes = "".join(map(_patient_box, drawing.patient_boxes))
    told = _attributes({"role": "img", "aria-label": alt, "focusable": "false"})
    return _element(drawing, id, "", boxes + _grouped(drawing, groups, _mark), told)


def print_svg(drawing: Drawing) -> str:
    """The drawing as a file of its own size, its text as text."""
    content = _written(drawing.marks, _mark)
    return _element(drawing, f"{drawing.id}-svg", _size(drawing), content, f' xmlns="{NAMESPACE}"')


def lettered_svg(drawing: Drawing, id: str, letters: Callable[[Words], str], sharp: bool = False) -> str:
    """The drawing as a file of its own size, its letters as paths.

    letters: the path data of a line of text; sharp: for a picture, upright boxes exactly on its dots.
    """

    def lines(mark: Mark) -> str:
        if isinstance(mark, Words):
            return f"<path{_attributes({'fill': mark.colour, 'd': letters(mark)})} />"
        return _mark(mark, SHARP if sharp and isinstance(mark, Path) and mark.is_upright else "")

    return _element(drawing, id, _size(drawing), _written(drawing.marks, lines), f' xmlns="{NAMESPACE}"')


def font_family(drawing: Drawing) -> str:
    """The family that its text is set in: ours, and those for letters that ours lacks where it has such."""
    lacking = any(fonts.lacking(text) for text in drawing.texts)
    return ",".join((fonts.SANS, *(face.family for face in fonts.FURTHER))) if lacking else fonts.SANS


def number(x: float) -> str:
    """A length, as short as it can be written.

    >>> number(12.0), number(0.25)
    ('12', '0.25')
    """
    return f"{x:.2f}".rstrip("0").rstrip(".")


def _size(drawing: Drawing) -> str:
    return f' width="{number(drawing.width)}pt" height="{number(drawing.height)}pt"'


def _element(drawing: Drawing, id: str, size: str, content: str, told: str) -> str:
    box = f"0 0 {number(drawing.width)} {number(drawing.height)}"
    family = escape(font_family(drawing), QUOTED)
    return (
        f'<svg id="{escape(id, QUOTED)}"{size} viewBox="{box}" font-family="{family}" '
        f'stroke-linejoin="miter"{told}>{content}</svg>'
    )


def _grouped(drawing: Drawing, groups: Mapping[str, int], written: Callable[[Mark], str]) -> str:
    """The marks; those of known groups in one element that names their numbers."""

    def key(mark: Mark) -> str:
        known = mark.groups if all(name in groups for name in mark.groups) else ()
        return " ".join(str(groups[name]) for name in known)

    parts = ((name, _written(marks, written)) for name, marks in groupby(drawing.marks, key))
    return "".join(f'<g data-group="{name}">{marks}</g>' if name else marks for name, marks in parts)


def _written(marks: Iterable[Mark], written: Callable[[Mark], str]) -> str:
    """The marks in their order; circles of one colour without a rim that follow one another are one path, for a figure
    of a year holds hundreds.
    """

    def kind(numbered: tuple[int, Mark]) -> tuple[int, str]:
        place, mark = numbered
        if isinstance(mark, Circle) and mark.fill and not mark.edge:
            return -1, mark.fill
        return place, ""

    def one(fill: str, alike: list[Mark]) -> str:
        if not fill:
            return written(alike[0])
        data = "".join(_circle(mark) for mark in alike if isinstance(mark, Circle))
        return f"<path{_attributes({'d': data, 'fill': fill})} />"

    runs = groupby(enumerate(marks), kind)
    return "".join(one(fill, [mark for _, mark in alike]) for (_, fill), alike in runs)


def _mark(mark: Mark, told: str = "") -> str:
    if isinstance(mark, Words):
        written = {
            "x": number(mark.x), "y": number(mark.y), "font-size": f"{mark.size:g}",
            "font-weight": "" if mark.weight == 400 else str(mark.weight),
            "text-anchor": "" if mark.anchor == "start" else mark.anchor, "fill": mark.colour,
        }  # fmt: skip
        return f"<text{_attributes(written)}>{escape(mark.text)}</text>"
    dash = mark.dash if isinstance(mark, Path) else ()
    written = {
        "d": _circle(mark) if isinstance(mark, Circle) else _data(mark),
        "fill": mark.fill or "none",
        "stroke-dasharray": ",".join(f"{part:g}" for part in dash),
        "stroke": mark.edge,
        "stroke-width": f"{mark.width:g}" if mark.edge and mark.width != 1 else "",
    }
    return f"<path{_attributes(written)}{told} />"


def _patient_box(box: PatientBox) -> str:
    left, top, right, bottom = map(number, (box.left, box.top, box.right, box.bottom))
    written = {
        "d": f"M{left} {top}H{right}V{bottom}H{left}z",
        "fill": "none",
        "data-patient": box.patient,
    }
    return f"<path{_attributes(written)} />"


def _attributes(written: Mapping[str, str]) -> str:
    return "".join(f' {name}="{escape(value, QUOTED)}"' for name, value in written.items() if value)


def _data(path: Path) -> str:
    return "".join(_line(line) + ("z" if path.closed else "") for line in path.lines)


def _line(points: tuple[Point, ...]) -> str:
    """Level and upright pieces as such: half as long for steps."""
    if not points:
        return ""
    x, y = points[0]
    written = [f"M{number(x)} {number(y)}"]
    for to, down in points[1:]:
        if to == x:
            written.append(f"V{number(down)}")
        else:
            written.append(f"H{number(to)}" if down == y else f"L{number(to)} {number(down)}")
        x, y = to, down
    return "".join(written)


def _circle(circle: Circle) -> str:
    """As two arcs: a fifth as long as the cubic curves that other media draw."""
    radius, across = number(circle.radius), number(2 * circle.radius)
    arc = f"a{radius} {radius} 0 0 1"
    return f"M{number(circle.x - circle.radius)} {number(circle.y)}{arc} {across} 0{arc}-{across} 0z"
