"""Blocks as they were laid out: how high they are, where a page break may divide them, how empty it left the pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reportgen.render.pdf import flow
from reportgen.render.pdf.flow import Block

FIRST, LAST = 3, 2  # lines or rows that stay together where a block begins and ends


INSIDE = "_page_box"  # what the library keeps to itself; without it pages stay as it lays them out


def readable(document) -> bool:
    """Whether the library still keeps its boxes where this module finds them; else nothing is moved on its pages."""
    return all(hasattr(page, INSIDE) for page in document.pages)


def _box(page):
    return getattr(page, INSIDE)


def emptiness(document) -> list[float]:
    """Which part of each page is empty at its foot; what counts of it on the last one and before the supplement."""
    pages = document.pages
    found = [1 - low / room for low, room in map(_depth, pages)]
    ends = [*map(_opens, pages[1:]), True]
    return [flow.last(part) if end else part for part, end in zip(found, ends, strict=True)]


def last_page(document) -> float:
    """Which part of the last page is empty at its foot."""
    low, room = _depth(document.pages[-1])
    return 1 - low / room


def spills(document) -> bool:
    """Whether the chapter of the first page, beside which nothing else stands there, goes on on the next."""
    first = next(_box(document.pages[0]).children[0].element.iter("section"), None)
    begins = next(_blocks_in(_box(document.pages[1])), None) if len(document.pages) > 1 else None
    return first is not None and begins is not None and any(begins.element is child for child in first)


def lone_heads(document) -> list[Any]:
    """Headings at the foot of a page whose matter begins on the next one: the library leaves an empty piece of it."""
    feet = [[box for box in _blocks_in(_box(page)) if _holds(box)][-1:] for page in document.pages[:-1]]
    return [box.element for foot in feet for box in foot if box.element_tag in flow.HEADS]


def _holds(box) -> bool:
    """Whether anything can be seen of it."""
    return any(_is_line(part) or part.element_tag == "img" for part in box.descendants())


def _opens(page) -> bool:
    box = next(_blocks_in(_box(page)), None)
    return box is not None and _class(box) == flow.PART


def _depth(page) -> tuple[float, float]:
    box = _box(page)
    bottoms = [b.position_y + b.margin_height() - b.margin_bottom for b in _blocks_in(box)]
    return max(bottoms, default=0.0) - box.content_box_y(), box.height


def _blocks_in(box) -> Iterator:
    for child in box.children:
        if child.element_tag in ("html", "body", "main", "section"):
            yield from _blocks_in(child)
        elif child.element is not None and child.is_in_normal_flow():
            yield child


def blocks(document) -> tuple[list[Block], float]:
    """The blocks from the first on that begins a page, but the first page, and the height of a page."""
    pieces: dict[object, list] = {}
    begins: set[object] = set()
    for page in document.pages:
        for n, box in enumerate(_blocks_in(_box(page))):
            if n == 0 and pieces and box.element not in pieces:
                begins.add(box.element)
            pieces.setdefault(box.element, []).append(box)
    sections = _box(document.pages[0]).children[0].element.iter("section")
    chapters = {element: section for section in sections for element in section}
    found = [_block(element, boxes, chapters.get(element)) for element, boxes in pieces.items()]
    first = next((i for i, block in enumerate(found) if block.element in begins), len(found))
    return found[first:], _box(document.pages[-1]).height


def _block(element, boxes: list, chapter) -> Block:
    parts, repeated = _parts(boxes)
    floats = [
        float_.margin_height() - float_.margin_bottom
        for box in boxes[:1]
        for float_ in box.descendants()
        if float_.is_floated()
    ]
    drawn = [image.height for image in boxes[0].descendants() if image.element_tag == "img"]
    margins = _margin_above(boxes[0]), boxes[-1].margin_bottom
    return Block(
        element, chapter, parts, repeated, *margins, max(floats, default=0.0), max(drawn, default=0.0)
    )


def _margin_above(box) -> float:
    """The margin that it has below other blocks, also where it came to begin a page."""
    margin = box.style["margin_top"]
    return max(box.margin_top, margin.value if margin != "auto" and margin.unit == "px" else 0.0)


def _parts(boxes: list) -> tuple[tuple[float, ...], float]:
    """Heights of what is not divided, and of the head that is repeated."""
    whole = [box.margin_height() - box.margin_top - box.margin_bottom for box in boxes]
    if boxes[0].style["break_inside"] != "auto":
        return (sum(whole),), 0.0
    repeated, heights, held = 0.0, [], []
    for box in boxes:
        leaves = list(_leaves(box))
        repeated, head = max([repeated, *(leaf.height for leaf, _ in leaves if _is_head(leaf))]), repeated
        leaves = [(leaf, holds) for leaf, holds in leaves if not (head and _is_head(leaf))]
        ends = [leaf.position_y for leaf, _ in leaves[1:]]
        if box is boxes[-1]:
            ends.append(box.position_y + box.margin_height() - box.margin_bottom)
        else:  # it goes on: its own height is that of the page
            ends += [leaf.position_y + leaf.height for leaf, _ in leaves[-1:]]
        for (leaf, holds), end in zip(leaves, ends[: len(leaves)], strict=True):
            if _class(leaf) == "remarks" and held:
                held[-1] = True
            heights.append(end - leaf.position_y)
            held.append(holds)
    parts = [0.0]
    for height, holds in zip(heights, held, strict=True):
        parts[-1] += height
        if not holds:
            parts.append(0.0)
    return tuple(part for part in parts if part) or (sum(whole),), repeated


def _leaves(box) -> Iterator[tuple[Any, bool]]:
    """Lines, rows and groups of rows, and whether the next must be on the same page."""
    if box.element_tag in ("thead", "caption", "img") or _class(box) in ("kept", "remarks"):
        yield box, box.element_tag in ("thead", "caption")
        return
    rows = box.element_tag == "tbody"
    children = [child for child in box.children if _is_line(child) or child.is_in_normal_flow()]
    for i, child in enumerate(children):
        if rows or _is_line(child):
            left = len(children) - 1 - i
            yield child, left > 0 and (i < FIRST - 1 or left < (FIRST if rows else LAST))
        else:
            yield from _leaves(child)


def _class(box) -> str | None:
    return box.element.get("class") if box.element is not None else None


def _is_head(box) -> bool:
    return box.element_tag == "thead"


def _is_line(box) -> bool:
    return type(box).__name__ == "LineBox"
