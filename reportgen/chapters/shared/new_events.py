"""How many of each kind are new since the report before, in words: "two relapses"."""

from __future__ import annotations

from reportgen.report import Text
from reportgen.stats.results import Results
from reportgen.writing import phrases
from reportgen.writing.narrative import counted


def events_counted(results: Results, key: str, group: str = "new") -> Text:
    """key: a kind of event of the chapter `changes`; group: "new" or "gone"."""
    found = results[f"changes.{key}.{group}.count"]
    n = found.count
    words = {
        "patients": counted(n, "patient" if group == "gone" else "new patient"),
        "relapses": counted(n, "relapse"),
        "deaths": counted(n, "death"),
        "stops": counted(n, "stop of treatment", "stops of treatment"),
        "severe": counted(n, "event of grade ≥ 3", "events of grade ≥ 3"),
    }
    return (phrases.value(words[key], found),)
