"""Counts of some patients that add up to those of all: event tables, and whole numbers in tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reportgen.stats.events import EventTable


@dataclass(frozen=True)
class Counts:
    """What was counted of some patients. Of a key that is absent nothing was counted.

    patients: how many they are. events: key → event table. tables: key → whole numbers, in an array of any shape.
    """

    patients: int
    events: Mapping[tuple, EventTable]
    tables: Mapping[tuple, np.ndarray]

    def __add__(self, other: Counts) -> Counts:
        """The counts of both together; exactly those that their patients would give at once.

        ValueError where not the same was counted of both, for a sum would then be that of some of them.
        """
        if self.events.keys() != other.events.keys() or self.tables.keys() != other.tables.keys():
            raise ValueError("counts of different things cannot be added")
        return Counts(
            self.patients + other.patients,
            {key: table + other.events[key] for key, table in self.events.items()},
            {key: table + other.tables[key] for key, table in self.tables.items()},
        )
