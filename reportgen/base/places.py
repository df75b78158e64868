"""Where another cell stands, as part of what is said: rows move, and the question stays the same."""

from __future__ import annotations

from reportgen.base.message import Message, message

PLACE = "place"


def placed(sheet: str, cell: str) -> Message:
    """Another cell than that of which something is said.

    >>> str(placed("visits", "C7"))
    'C7 of visits'
    """
    return message("{cell} of {sheet}", PLACE, cell=cell, sheet=sheet)


def is_place(part: object) -> bool:
    """Whether a part of a Message says where another cell stands."""
    return isinstance(part, Message) and part.code == PLACE
