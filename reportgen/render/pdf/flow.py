"""What just does not fit on a page has its figures made a little smaller; or what follows a figure comes before it.

That is, where less of the paper is left empty so. All figures of the page give way alike. Figures keep their order
and their chapter. None comes to stand on a later page than the one it had to go to anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

WORTH = 0.25  # of a page: no layout is made again for less that is empty
LEAST = 0.12  # of a page: no figure lets anything pass for less
FARTHEST, AHEAD = 3, 8  # blocks: that may pass a figure; that are looked at to judge what is gained
PAGES = 2  # that are looked at
SMALLEST = 0.94  # of its size: its smallest letters then have 7 points
SPARE = 8.0  # pixels: what fits by less may not
HEADS = ("h2", "h3")


@dataclass(frozen=True)
class Block:
    """A child of a chapter, as it was laid out. Lengths are in CSS pixels.

    parts: heights of what no page break divides, in order. repeated: height of the head that a table bears again on
    its next page. before, after: margins. need: what must be free below it, if that is more, as for a note beside it.
    drawn: how high its drawing is.
    """

    element: Any
    chapter: Any
    parts: tuple[float, ...]
    repeated: float = 0.0
    before: float = 0.0
    after: float = 0.0
    need: float = 0.0
    drawn: float = 0.0

    @property
    def head(self) -> bool:
        return self.element.tag in HEADS

    @property
    def figure(self) -> bool:
        names = [node.get("class", "") for node in self.element.iter() if node.tag in ("figure", "div")]
        return self.element.tag == "figure" or "pair" in names or "full" in names


@dataclass(frozen=True)
class Place:
    """Where a block ends: on which page, how far down, and the margin below it; emptied: of the pages left behind."""

    page: int = 0
    down: float = 0.0
    margin: float = 0.0
    emptied: tuple[float, ...] = ()


@dataclass(frozen=True)
class Change:
    """What should be done to a figure: it goes after another block, or has another size."""

    figure: Block
    after: Block | None = None
    size: float = 1.0


def changes(blocks: Sequence[Block], room: float) -> list[Change]:
    """What should be done to the figures. The first of the blocks begins a page; room: the height of a page."""
    order, found, i, place = list(blocks), [], 0, Place()
    on_page: list[Block] = []  # the figures that stand on the page so far, in their own size
    while i < len(order):
        block = order[i]
        free = room - place.down
        worth = LEAST if block.figure else WORTH
        if block.chapter is not None and free > worth * room and not _fits(order[i:], place, room):
            yielding = [*on_page, block] if block.figure else on_page
            drawn, lacking = sum(figure.drawn for figure in yielding), _lacking(order[i:], place, room)
            if lacking <= (1 - SMALLEST) * drawn:
                size = 1 - lacking / drawn
                found += [Change(figure, size=size) for figure in yielding]
                place = replace(place, down=place.down - (1 - size) * sum(figure.drawn for figure in on_page))
                on_page = []  # they have given what they can
                if block.figure:
                    given = (1 - size) * block.drawn
                    order[i] = replace(
                        block, parts=(block.parts[0] - given,), need=block.need - given, drawn=0.0
                    )
            elif passing := _best(order[i : i + AHEAD], place, room):
                k = i + _over(order[i:])
                found.append(Change(order[k], after=order[k + passing]))
                order[k : k + passing + 1] = [*order[k + 1 : k + passing + 1], order[k]]
        before, place = place, _placed(order[i:], place, room)
        on_page = on_page if place.page == before.page else []
        on_page += [order[i]] if order[i].figure else []
        i += 1
    return found


def _lacking(order: list[Block], place: Place, room: float) -> float:
    """How much more room the first block needs here, and a little more, for lines are not cut."""
    return _needed(order, place) - room + SPARE


def _best(ahead: list[Block], place: Place, room: float) -> int:
    """How many blocks should pass the first figure: none unless a good part of a page is gained."""
    k = _over(ahead)
    if not ahead[k : k + 1] or not ahead[k].figure:
        return 0
    plain = _cost(ahead, place, room)
    best, cheapest = 0, plain - LEAST**2
    for passing in range(1, FARTHEST + 1):
        others = ahead[k + 1 : k + passing + 1]
        if len(others) < passing or any(o.figure or o.chapter is not ahead[0].chapter for o in others):
            break
        if others[-1].head or (len(others) > 1 and others[0].head and others[0].element.tag == "h2"):
            continue
        order = [*ahead[:k], *others, ahead[k], *ahead[k + passing + 1 :]]
        if _end(order[: k + passing + 1], place, room).page > place.page + 1:
            break
        cost = _cost(order, place, room)
        if cost < cheapest:
            best, cheapest = passing, cost
    return best


def _over(ahead: Sequence[Block]) -> int:
    """Where the figure stands that may be passed: first, or right under the heading that comes first."""
    return 1 if ahead[0].head else 0


def cost(empty: Iterable[float]) -> float:
    """Of pages so far empty: one that is half empty is worse than two of which a quarter is."""
    return sum(part**2 for part in empty)


def _cost(order: list[Block], place: Place, room: float) -> float:
    emptied = _end(order, place, room).emptied[len(place.emptied) :]
    return cost(left / room for left in emptied[:PAGES])


def _end(order: list[Block], place: Place, room: float) -> Place:
    for i in range(len(order)):
        place = _placed(order[i:], place, room)
    return place


def _placed(order: list[Block], place: Place, room: float) -> Place:
    """Where the first block ends. It goes to the next page if its first part, or what must follow it, does not fit."""
    block = order[0]
    page, emptied = place.page, place.emptied
    down = place.down + max(place.margin, block.before) if place.down else 0.0
    if place.down and not _fits(order, place, room):
        page, emptied, down = page + 1, (*emptied, room - place.down), 0.0
    for k, part in enumerate(block.parts):
        if k and down + part > room - (SPARE if block.repeated else 0):
            page, emptied, down = page + 1, (*emptied, room - down), block.repeated
        down += part
    return Place(page, down, block.after, emptied)


def _fits(order: list[Block], place: Place, room: float) -> bool:
    """Whether the first block can begin here: heads together with the begin of what they are over."""
    return _needed(order, place) <= room


def _needed(order: list[Block], place: Place) -> float:
    """How far down the page the first block comes, if it begins here, or what must follow it."""
    down, margin, deepest = place.down, place.margin, 0.0
    for block in order:
        down += max(margin, block.before) if down else 0.0
        deepest = max(deepest, down + max(block.parts[0], block.need))
        if not block.head:
            break
        down, margin = down + sum(block.parts), block.after
    return deepest
