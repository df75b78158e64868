"""What a transaction of the history can do, whatever the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Session(Protocol):
    """A transaction. Statements name their parameters (:name); long_text is the database's type for long text."""

    long_text: str

    def do(self, sql: str) -> None:
        """Run a statement that gives nothing back."""
        ...

    def rows(self, sql: str, **parameters) -> list[tuple]:
        """The rows that a query finds."""
        ...

    def write(self, sql: str, rows: Sequence[Mapping]) -> None:
        """Run a statement once for each row of parameters."""
        ...
