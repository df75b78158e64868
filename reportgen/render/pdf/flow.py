"""What just does not fit on a page has its figures made a little smaller; or what follows a figure comes before it.

That is, where less of the paper is left empty so. All figures of the page give way alike. Figures keep their order
and their chapter. None comes to stand on a later page than the one it had to go to anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

WORTH = 0.25  # of a page: no layout is made again for less that is empty
LEAST = 0.12  # of a page: no figure lets anything pass for less
HALF = 0.55  # of a page: of the last of the findings no more counts as empty
FARTHEST = 3  # blocks that may pass a figure
KEPT = 12  # layouts that are gone on with
SMALLEST = 0.935  # of its size: its smallest letters then have 7 points
SPARE = 8.0  # pixels: what fits by less may not
BETWEEN = 8.0  # pixels between two notes of the margin
HEADS = ("h2", "h3")
PART = "part"  # the class of the heading over the supplement


@dataclass(frozen=True)
class Block:
    """A child of a chapter, as it was laid out. Lengths are in CSS pixels.

    parts: heights of what no page break divides, in order. repeated: height of the head that a table bears again on
    its next page. before, after: margins. need: how high the note beside it is, which stands below the notes before.
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
        """Whether it is a heading, which must not stand alone at the foot of a page."""
        return self.element.tag in HEADS

    @property
    def opens(self) -> bool:
        """Whether it begins a page in any case, as the supplement does."""
        return self.element.tag == "h2" and self.element.get("class") == PART

    @property
    def figure(self) -> bool:
        """Whether it is a figure, or a pair of them."""
        names = [node.get("class", "") for node in self.element.iter() if node.tag in ("figure", "div")]
        return self.element.tag == "figure" or "pair" in names or "full" in names


@dataclass(frozen=True)
class Place:
    """Where a block ends: on which page, how far down, and the margin below it; emptied: of the pages left behind;
    noted: how far down the notes beside the text of its page come."""

    page: int = 0
    down: float = 0.0
    margin: float = 0.0
    emptied: tuple[float, ...] = ()
    noted: float = 0.0


@dataclass(frozen=True)
class Change:
    """What should be done to a figure: it goes after another block, or has another size."""

    figure: Block
    after: Block | None = None
    size: float = 1.0


@dataclass(frozen=True)
class Layout:
    """The blocks before one of them as they could stand. on_page: the figures of the last page in their own size."""

    place: Place = Place()
    on_page: tuple[Block, ...] = ()
    found: tuple[Change, ...] = ()
    spent: float = 0.0

    def costs(self, room: float) -> float:
        """What it costs: emptied pages and changed figures. room: the height of a page."""
        return self.spent + cost(left / room for left in self.place.emptied)


def changes(blocks: Sequence[Block], room: float) -> list[Change]:
    """What should be done to the figures. The first of the blocks begins a page; room: the height of a page.

    Of all ways to place the first blocks the best few are gone on with (a beam search).
    """
    steps: list[list[Layout]] = [[Layout()], *([] for _ in blocks)]
    for i in range(len(blocks)):
        for layout in _best(steps[i], room):
            for passed, further in _ways(blocks[i : i + FARTHEST + 5], layout, room):
                steps[i + passed].append(further)
    return list(min(steps[-1], key=lambda layout: _ended(layout, room).costs(room)).found)


def _ended(layout: Layout, room: float) -> Layout:
    """With its last page."""
    left = last((room - layout.place.down) / room) * room
    return replace(layout, place=replace(layout.place, emptied=(*layout.place.emptied, left)))


def _best(layouts: list[Layout], room: float) -> list[Layout]:
    """The cheapest that differ in where they end."""
    best: dict[tuple[int, int], Layout] = {}
    for layout in sorted(layouts, key=lambda layout: (layout.costs(room), layout.place.page)):
        best.setdefault((layout.place.page, round(layout.place.down)), layout)
    return list(best.values())[:KEPT]


def _ways(ahead: Sequence[Block], layout: Layout, room: float) -> Iterator[tuple[int, Layout]]:
    """How the next blocks can be placed: how many, and what comes of it."""
    block, place = ahead[0], layout.place
    plain = _went_on(layout, ahead, room)
    yield 1, plain
    if block.chapter is None or block.opens or plain.place.page == place.page:
        return
    begins = _fits(ahead, place, room)
    end = place.down + max(place.margin, block.before) + sum(block.parts) if begins else _needed(ahead, place)
    if smaller := _smaller(layout, ahead, end + SPARE + 1 - room, room):
        yield 1, smaller
    if begins:
        return
    k = 1 if block.head else 0  # the figure may be first, or right under the heading that comes first
    if ahead[k:] and ahead[k].figure:
        yield from _passed(ahead, k, layout, room)


def _passed(ahead: Sequence[Block], k: int, layout: Layout, room: float) -> Iterator[tuple[int, Layout]]:
    """With what follows the figure before it: text of its chapter, heads never alone."""
    for passing in range(1, FARTHEST + 1):
        others = ahead[k + 1 : k + passing + 1]
        if len(others) < passing or any(o.figure or o.chapter is not ahead[k].chapter for o in others):
            return
        if others[-1].head or (len(others) > 1 and others[0].head and others[0].element.tag == "h2"):
            continue
        order = [*ahead[:k], *others, ahead[k], *ahead[k + passing + 1 :]]
        further = layout
        for n in range(k + passing + 1):
            further = _went_on(further, order[n:], room)
        if further.place.page > layout.place.page + 1:
            return
        found = (*further.found, Change(ahead[k], after=others[-1]))
        yield k + passing + 1, replace(further, found=found, spent=further.spent + LEAST**2)


def _went_on(layout: Layout, order: Sequence[Block], room: float) -> Layout:
    """With the first of the blocks placed as it is."""
    place = _placed(order, layout.place, room)
    kept = layout.on_page if place.page == layout.place.page else ()
    return replace(layout, place=place, on_page=(*kept, order[0]) if order[0].figure else kept)


def _smaller(layout: Layout, order: Sequence[Block], lacking: float, room: float) -> Layout | None:
    """With all figures of the page so much smaller that there is room for what lacks; None where that is too much."""
    block = order[0]
    yielding = [*layout.on_page, block] if block.figure else list(layout.on_page)
    drawn = sum(figure.drawn for figure in yielding)
    if lacking > (1 - SMALLEST) * drawn:
        return None
    size = 1 - lacking / drawn
    given = (1 - size) * sum(figure.drawn for figure in layout.on_page)
    place = replace(layout.place, down=layout.place.down - given)
    if block.figure:
        own = (1 - size) * block.drawn
        order = [replace(block, parts=(block.parts[0] - own,), need=block.need - own), *order[1:]]
    found = (*layout.found, *(Change(figure, size=size) for figure in yielding))
    further = _went_on(replace(layout, place=place), order, room)
    return replace(further, on_page=(), found=found, spent=layout.spent + LEAST**2 / 2)


def cost(empty: Iterable[float]) -> float:
    """Of pages so far empty: one that is half empty is worse than two of which a quarter is."""
    return sum(part**2 + max(0.0, part - WORTH) for part in empty)


def last(part: float) -> float:
    """What counts of the empty part of a page after which a page begins in any case: nothing up to a half."""
    return part if part > HALF else 0.0


def _placed(order: Sequence[Block], place: Place, room: float) -> Place:
    """Where the first block ends. It goes to the next page if its first part, or what must follow it, does not fit."""
    block = order[0]
    page, emptied, noted = place.page, place.emptied, place.noted
    down = place.down + max(place.margin, block.before) if place.down else 0.0
    if place.down and (block.opens or not _fits(order, place, room)):
        left = room - place.down
        page, emptied, down = page + 1, (*emptied, last(left / room) * room if block.opens else left), 0.0
        noted = 0.0
    noted = _beside(block, down, noted)
    for k, part in enumerate(block.parts):
        if k and down + part > room - (SPARE if block.repeated else 0):
            page, emptied, down, noted = page + 1, (*emptied, room - down), block.repeated, 0.0
        down += part
    return Place(page, down, block.after, emptied, noted)


def _beside(block: Block, down: float, noted: float) -> float:
    """How far down the notes of the page come with that of a block, which begins at down."""
    return max(down, noted + BETWEEN if noted else 0.0) + block.need if block.need else noted


def _fits(order: Sequence[Block], place: Place, room: float) -> bool:
    """Whether the first block can begin here: heads together with the begin of what they are over."""
    return _needed(order, place) <= room


def _needed(order: Sequence[Block], place: Place) -> float:
    """How far down the page the first block comes, if it begins here, or what must follow it."""
    down, margin, deepest, noted = place.down, place.margin, 0.0, place.noted
    for block in order:
        down += max(margin, block.before) if down else 0.0
        noted = _beside(block, down, noted)
        deepest = max(deepest, down + block.parts[0], noted if block.need else 0.0)
        if not block.head:
            break
        down, margin = down + sum(block.parts), block.after
    return deepest
