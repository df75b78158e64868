"""Which questions of `reportgen map` nobody has answered yet, of a source that has settings already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import ERROR, FIRST_CELLS, DataRefused, ReportError
from reportgen.base.exits import ESSENTIALS
from reportgen.base.message import message
from reportgen.cohort.mapping.proposal.types import Question

if TYPE_CHECKING:
    from reportgen.cohort.cohort import Cohort

# Words that a question of map makes known, beside what a report can't be made without.
ASKED = (*ESSENTIALS, "UNKNOWN_VALUE")


def still_open(source: Path | str, config: Path | None) -> tuple[Question, ...]:
    """The questions that stay open; none of a source that can't be read, or that has no settings: of it all is still to
    be said.
    """
    from reportgen.cohort.source import beside
    from reportgen.run.mapping import map_source

    used = config or beside(source)
    if used is None or not used.is_file():
        return ()
    try:
        return map_source(source, config).open
    except ReportError:
        return ()


def cells_of(questions: Iterable[Question]) -> tuple[str, ...]:
    """Where the questions are asked, each cell once: none of their words, which may be of patients."""
    return tuple(dict.fromkeys(f"{one.sheet}!{one.cell}" for one in questions))


def still_doubtful(cohort: Cohort, source: Path | str, config: Path | None) -> Iterator[str]:
    """What is said beside a report that lacks endpoints, where a question of `map` may be why."""
    if not cohort.unavailable or cohort.settings.privacy.profile != "internal":
        return
    cells = cells_of(still_open(source, config))
    if cells:
        yield message(
            "reportgen map has asked about {cells}, and nobody has answered: the report may lack what it would tell.",
            cells=", ".join(cells[:FIRST_CELLS]),
        )


@contextmanager
def naming_open_questions(source: Path | str, config: Path | None) -> Iterator[None]:
    """Where data are refused for what a question of `map` would tell, the refusal names the cells of those open."""
    try:
        yield
    except DataRefused as refused:
        wanted = any(issue.severity == ERROR and issue.code in ASKED for issue in refused.issues)
        if wanted and refused.profile != "external":
            refused.open_at = cells_of(still_open(source, config))
        raise
