"""The table of all patients but one, without counting the others again."""

from __future__ import annotations

import numpy as np

from reportgen.stats.events import EventTable, rounded


def without_one(table: EventTable, duration: float, status: int) -> EventTable:
    """The table that the other patients would give: event_table without one patient of this duration and status.

    duration: days. status: 0 censored, or the cause of the event, 1 … causes. Costs one pass over the distinct
    times, whatever the number of patients.
    ValueError: nobody in the table has this time and status, or the table has late entries.
    """
    if table.late_time.size:
        raise ValueError("one patient can't be taken out of a table with late entries")
    time = float(rounded(duration))
    at = int(np.searchsorted(table.time, time))
    events, censored = table.events.copy(), table.censored.copy()
    counts = censored if status == 0 else events[status - 1]
    if at == table.time.size or table.time[at] != time or counts[at] < 1:
        raise ValueError(f"nobody in the table has the status {status} at the time {time:g}")
    counts[at] -= 1
    kept = (events.sum(axis=0) + censored) > 0
    at_risk = table.at_risk - (table.time <= time)
    return EventTable(
        table.time[kept], at_risk[kept], np.ascontiguousarray(events[:, kept]), censored[kept], table.n - 1
    )
