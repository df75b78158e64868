"""Which questions of `reportgen map` nobody has answered yet, of a source that has settings already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen.base.errors import ERROR, DataRefused, ReportError
from reportgen.base.exits import ESSENTIALS
from reportgen.cohort.mapping.proposal.types import Question

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


@contextmanager
def naming_open_questions(source: Path | str, config: Path | None) -> Iterator[None]:
    """Where data are refused for what a question of `map` would tell, the refusal names the cells of those open."""
    try:
        yield
    except DataRefused as refused:
        wanted = any(issue.severity == ERROR and issue.code in ASKED for issue in refused.issues)
        if wanted and refused.profile != "external":
            cells = (f"{one.sheet}!{one.cell}" for one in still_open(source, config))
            refused.open_at = tuple(dict.fromkeys(cells))
        raise
