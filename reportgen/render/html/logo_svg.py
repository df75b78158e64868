"""A house's logo made fit for a page: its SVG checked against a list of what is allowed, and self-contained.

Styles become attributes, so that a page can forbid inline styles; ids get a prefix, so that no other element
has one; translucent colours become the lighter colour itself, as an archival PDF wants them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element, tostring

from defusedxml.ElementTree import fromstring

from reportgen.render.html.fonts import SANS, SERIF


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS = _names("svg g path rect circle ellipse line polyline polygon text tspan defs clipPath use pattern")
DROPPED = _names("metadata title desc style")  # the page gives the title; for style see _declarations
GEOMETRY = _names(
    "id class x y x1 y1 x2 y2 cx cy r rx ry width height d points transform viewBox href dx dy rotate "
    "clipPathUnits patternUnits patternContentUnits patternTransform preserveAspectRatio"
)
PRESENTATION = _names(
    "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin "
    "stroke-miterlimit stroke-dasharray stroke-dashoffset opacity clip-path clip-rule text-anchor "
    "font-family font-size font-weight font-style dominant-baseline letter-spacing"
)
IGNORED = frozenset(("version", "style", "font", "{http://www.w3.org/XML/1998/namespace}space"))
FONT = re.compile(
    r"(?:(?P<style>normal|italic|oblique)\s+)?(?:(?P<weight>normal|bold|\d00)\s+)?"
    r"(?P<size>[\d.]+(?:px|pt)?)(?:/\S+)?\s+(?P<family>.+)"
)
HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def checked(svg: str, prefix: str, writable: Callable[[str], str] = str) -> Element:
    """The logo as an element tree without namespaces. ValueError if it holds what no logo may hold.

    prefix: put before every id. writable: applied to every text in it.
    """
    source = fromstring(svg)
    root = _copy(source, prefix, writable)
    if root is None or root.tag != "svg" or "viewBox" not in root.attrib:
        raise ValueError("a logo must be one <svg> element with a viewBox")
    root.attrib.setdefault("stroke-linejoin", "round")
    root.attrib.setdefault("fill", "#000000")  # said, so that a stylesheet can turn it for a dark ground
    _flatten(root, 1.0)
    return root


def markup(root: Element, **attributes: str) -> str:
    """The tree as text, with further attributes on its root (role, aria_label …)."""
    for name, value in attributes.items():
        root.set(name.replace("_", "-"), value)
    return tostring(root, encoding="unicode")


def _copy(source: Element, prefix: str, writable: Callable[[str], str]) -> Element | None:
    tag = _local(source.tag)
    if tag in DROPPED:
        return None
    if tag not in ELEMENTS:
        raise ValueError(f"a logo may not hold the element <{tag}>")
    target = Element(tag)
    for name, value in (*source.attrib.items(), *_declarations(source)):
        name = "href" if name.endswith("}href") else name
        if name in IGNORED:
            continue
        if name not in GEOMETRY | PRESENTATION and not re.fullmatch(r"data-[a-z-]+", name):
            raise ValueError(f"a logo may not hold the attribute {name!r}")
        target.set(name, _value(name, value.strip(), prefix))
    target.text = writable(source.text) if source.text and tag in ("text", "tspan") else None
    for child in source:
        copied = _copy(child, prefix, writable)
        if copied is not None:
            target.append(copied)
            if child.tail and tag in ("text", "tspan"):
                copied.tail = writable(child.tail)
    return target


def _local(tag) -> str:
    """The name of an SVG element; of anything else (another namespace, a comment) its whole name."""
    return str(tag).removeprefix("{http://www.w3.org/2000/svg}")


def _declarations(element: Element) -> list[tuple[str, str]]:
    """The style attribute as attributes. A <style> element is dropped: matplotlib's says only how lines join."""
    declared = []
    for declaration in element.get("style", "").split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "font":
            match = FONT.fullmatch(value)
            if match is None:
                raise ValueError(f"a logo may not hold the font {value!r}")
            declared += [(f"font-{key}", part) for key, part in match.groupdict().items() if part]
        elif name in PRESENTATION:
            declared.append((name, value))
        elif name and not name.startswith(("font-variant", "font-stretch", "white-space", "image-rendering")):
            raise ValueError(f"a logo may not hold the style {name!r}")
    return declared


def _value(name: str, value: str, prefix: str) -> str:
    if name == "id":
        return prefix + value
    if name == "href":
        if not value.startswith("#"):
            raise ValueError("a logo may not refer to anything outside itself")
        return f"#{prefix}{value[1:]}"
    if name == "font-family":
        return SERIF if SERIF in value else SANS
    if "url(" in value:
        if not re.fullmatch(r"url\(#[\w.-]+\)", value):
            raise ValueError("a logo may not refer to anything outside itself")
        return value.replace("#", f"#{prefix}")
    if name in ("fill", "stroke") and (match := HEX.fullmatch(value)):
        digits = match[1].lower()
        return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))
    return value


def _flatten(element: Element, opacity: float) -> None:
    """Replace opacity by the colour that it gives on white paper."""
    opacity *= float(element.attrib.pop("opacity", 1))
    for name in ("fill", "stroke"):
        alpha = opacity * float(element.attrib.pop(f"{name}-opacity", 1))
        colour = element.get(name, "")
        if alpha < 1 and HEX.fullmatch(colour):
            channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
            mixed = "".join(f"{round(alpha * channel + (1 - alpha) * 255):02x}" for channel in channels)
            element.set(name, f"#{mixed}" if alpha > 0 else "none")
    for child in element:
        _flatten(child, opacity)
