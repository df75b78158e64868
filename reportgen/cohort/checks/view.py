"""A table's sheet as it was found, for the rules that look at raw cells."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reportgen.base.errors import Issue
from reportgen.base.message import Message
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.raw import RawSheet, letter


@dataclass(frozen=True)
class View:
    """A table's sheet as found, what its columns are, and its ids as cleaned. left_out: columns that nobody wants."""

    table: str
    sheet: RawSheet
    headers: tuple[Header, ...]
    ids: pd.Series
    left_out: frozenset[str] = frozenset()

    @property
    def id_position(self) -> int | None:
        """The position of the column patient_id in the sheet; None where there is none."""
        return next((h.position for h in self.headers if h.name == "patient_id"), None)

    def issue(
        self, position: int, row: int, severity: str, code: str, problem: Message, hint: Message
    ) -> Issue:
        """An Issue at a cell."""
        patient = self.ids.get(row)
        return Issue(severity, code, self.sheet.name, f"{letter(position)}{row}",
                     patient if isinstance(patient, str) else None, problem, hint)  # fmt: skip
