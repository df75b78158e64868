"""Headers that speak of an event, and say not which: "Event", "Date of first event", "Ereignis am"."""

from __future__ import annotations

from reportgen.cohort.mapping.word_lists import heard

EVENT = frozenset(
    ("event", "events", "ereignis", "ereignisse", "evenement", "evenements", "evento", "eventi", "eventos")
)
BESIDE = frozenset(
    ("date", "datum", "fecha", "data", "of", "de", "del", "dell", "des", "the", "first", "erstes", "premier", "primer",
     "primo", "type", "art", "kind", "tipo", "last", "status", "or", "oder", "ou", "o", "fu", "letztes", "am", "vom")
)  # fmt: skip


def is_event(header: str) -> bool:
    """Whether a header speaks of an event, and of nothing else that tells which."""
    words = {*heard(header).words}
    return bool(words & EVENT) and words <= EVENT | BESIDE
