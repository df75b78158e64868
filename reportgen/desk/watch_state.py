"""What the page that follows a report shows now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass
class Shown:
    """The report that the page shows. version: another with each that is made; wrong: why the last one was not."""

    page: Path | None = None
    version: int = 0
    wrong: str = ""
