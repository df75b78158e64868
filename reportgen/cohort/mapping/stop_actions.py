"""Actions for a toxicity that end a treatment, as forms and clinics write them."""

from __future__ import annotations

from functools import lru_cache

STOPS = ("stop", "discontinu", "withdrawn", "terminat", "abgesetzt", "abgebrochen", "beendet")


@lru_cache(maxsize=1_000)  # millions of toxicities share a few of them
def is_stop(action: str | None) -> bool:
    """Whether an action says that the treatment was ended for good.

    >>> is_stop("Drug withdrawn"), is_stop("dose interrupted"), is_stop("not discontinued"), is_stop(None)
    (True, False, False, False)
    """
    words = (action or "").casefold()
    denied = any(no in words for no in ("not ", "temporar", "nicht "))
    return any(stop in words for stop in STOPS) and not denied
