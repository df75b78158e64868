"""What may be absent in general and is there in a particular place, as the code around it has made sure."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def required(thing: T | None) -> T:
    """The thing itself, of which the caller knows that it is there, as an Estimate's value where it exists.

    ValueError where it is absent: that is a bug of the caller.

    >>> required(0)
    0
    """
    if thing is None:
        raise ValueError("what must be known here is absent")
    return thing
